//! Incidents: what ties sessions together, how it began, and the story in order.

use crate::analysis::{AccessKind, Incident};
use crate::report::incident::exposed;
use crate::report::schema::IncidentReport;
use crate::report::visible;

use super::super::{Report, Reporter};
use super::paper::{Paper, Tone};
use super::words::{counted, moment};

/// Incidents that are told; the JSON has them all.
const FULL: usize = 10;
/// Steps told of one.
const TOLD: usize = 15;

/// Incidents of several parts: one of a single session is told with the session.
pub(super) fn all(paper: &mut Paper, reporter: &Reporter<'_>, report: &Report) {
    let several = |(report, _): &(&IncidentReport, &Incident)| report.sessions.len() > 1 || report.users.len() > 1;
    let told: Vec<(&IncidentReport, &Incident)> =
        report.incidents.iter().zip(&reporter.merged.incidents).filter(several).collect();
    let full = if paper.layout().all { told.len() } else { told.len().min(FULL) };
    for (report, incident) in told.iter().take(full) {
        paper.gap();
        let title = paper.tone(Tone::Strong, &visible(&report.title));
        paper.paragraph(
            0,
            &format!("INCIDENT, {}  {title}  {}", report.severity.name(), paper.tone(Tone::Dim, &report.id)),
        );
        paper.paragraph(3, &visible(&report.users.join(", ")));
        for link in &report.links {
            paper.hang(3, "=", 2, &visible(&link.text));
        }
        for told in exposed(&report.exposure) {
            paper.hang(3, "exposed", 9, &visible(&told));
        }
        for (number, (step, data)) in report.story.iter().zip(&incident.story).enumerate() {
            let last = number + 1 == report.story.len();
            if number < TOLD - 1 || last || paper.layout().all {
                paper.hang(3, &moment(data.time), 17, &visible(&step.step));
            } else if number == TOLD - 1 {
                let left = counted(report.story.len() - TOLD, "step");
                paper.paragraph(3, &format!("… {left} between are left out here; --output json has them"));
            }
        }
    }
    if told.len() > full {
        paper.paragraph(0, &format!("{} more; --all tells each", counted(told.len() - full, "incident")));
    }
}

/// What the incident exposed, for a session of it that is all there is of the incident.
pub(super) fn alone(report: &Report, id: &str) -> Vec<String> {
    let incident = report.incidents.iter().find(|incident| incident.id == id);
    let alone = incident.filter(|incident| incident.sessions.len() <= 1 && incident.users.len() <= 1);
    alone.map(|incident| exposed(&incident.exposure)).unwrap_or_default()
}

/// How an intruder got in, where that is known, for a session of the incident.
pub(super) fn way_in(report: &Report, id: &str) -> Option<String> {
    let incident = report.incidents.iter().find(|incident| incident.id == id)?;
    let access = &incident.initial_access;
    let way = super::super::incident::access(access.kind);
    (access.kind != AccessKind::Unknown)
        .then(|| format!("Way in: {way} ({} confidence); incident {id}.", access.confidence.name()))
}
