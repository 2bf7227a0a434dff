//! What to do next for all sessions above the line, each step once.

use crate::detections::Severity;
use crate::order::{Arrange, Map};
use crate::report::visible;

use super::super::steps::Phase;
use super::super::{NextStep, Report};
use super::paper::Paper;
use super::words::counted;

/// Steps of one kind that are told, unless all are asked for.
const TOLD: usize = 5;
/// Sessions that a step names by their number; of more their count.
const NAMED: usize = 8;

/// Whether it is told: one session alone has its own steps beside it.
pub(super) fn is_told(report: &Report) -> bool {
    let sessions = report.sessions.iter().filter(|session| session.severity >= Severity::High).count();
    let loose = report.findings.iter().filter(|finding| finding.session.is_none());
    sessions + loose.filter(|finding| finding.severity >= Severity::High).count() > 1
}

/// The steps, by what they are for.
pub(super) fn all(paper: &mut Paper, report: &Report) {
    if !is_told(report) || report.next.is_empty() {
        return;
    }
    let ranks: Map<&str, usize> =
        report.sessions.iter().zip(1..).map(|(session, rank)| (session.key.as_str(), rank)).collect();
    paper.head(0, "Next steps, for all of them");
    for phase in Phase::ALL {
        let steps: Vec<&NextStep> = report.next.iter().filter(|step| step.phase == phase).collect();
        if steps.is_empty() {
            continue;
        }
        paper.head(0, phase.words());
        let told = if paper.layout().all { steps.len() } else { steps.len().min(TOLD) };
        for (number, step) in steps.iter().take(told).enumerate() {
            let label = if phase == Phase::Ask { "?".to_owned() } else { format!("{}.", number + 1) };
            paper.hang(0, &label, 3, &format!("{} {}", step.text, whose(step, &ranks)));
        }
        if told < steps.len() {
            paper.paragraph(3, &format!("… and {} more; --all lists them", steps.len() - told));
        }
    }
}

/// `(sessions 1, 3 of nora.lind@example.com)`
fn whose(step: &NextStep, ranks: &Map<&str, usize>) -> String {
    let mut known: Vec<usize> = step.sessions.iter().filter_map(|key| ranks.get(key.as_str()).copied()).collect();
    known.arrange();
    let loose = step.sessions.len() - known.len();
    let numbers: Vec<String> = known.iter().map(usize::to_string).collect();
    let sessions = match known.as_slice() {
        [] => String::new(),
        [one] => format!("session {one}"),
        several if several.len() <= NAMED => format!("sessions {}", numbers.join(", ")),
        several => counted(several.len(), "session"),
    };
    let loose = match loose {
        0 => String::new(),
        some => format!("{} in no session", counted(some, "finding")),
    };
    let parts: Vec<String> = [sessions, loose].into_iter().filter(|part| !part.is_empty()).collect();
    let users = match step.users.as_slice() {
        [one] => format!(" of {}", visible(one)),
        _ => String::new(),
    };
    format!("({}{users})", parts.join(", "))
}
