//! Flagged sessions, ranked: who held each, what happened in it, why it is here, what to do.

use crate::order::Map;

use crate::analysis::{Bucket, Case, Flagged, FlaggedSession};

use crate::detections::{Confidence, Severity};
use crate::report::page::{describe, verdict};
use crate::report::visible;
use crate::sessions::{EventRef, Side, View};

use super::super::schema::{EvidenceReport, FindingReport, HolderSummary, SessionSummary};
use super::super::{Report, Reporter};
use super::paper::{Paper, Tone};
use super::words::{counted, moment, span};
use super::{event, incident, next};

/// Sessions above the line that are told in full; weaker ones get a line each.
const FULL: usize = 20;
/// Events told of one story; the CSV of the evidence has them all.
const TOLD: usize = 12;

/// All flagged sessions, then the findings that belong to none.
pub(super) fn all(paper: &mut Paper, reporter: &Reporter<'_>, report: &Report) {
    let sessions: Vec<_> = report.sessions.iter().zip(&reporter.merged.sessions).collect();
    let above = report.sessions.iter().filter(|session| session.severity >= Severity::High).count();
    let full = if paper.layout().all { sessions.len() } else { above.min(FULL) };
    for (rank, (summary, flagged)) in sessions.iter().take(full).enumerate() {
        paper.gap();
        let Some(bucket) = reporter.case.bucket(flagged.bucket) else { continue };
        tell(paper, reporter, report, (rank + 1, summary, flagged), bucket);
    }
    if sessions.len() > full {
        let head = format!("{} in short; --all tells each in full", counted(sessions.len() - full, "session"));
        paper.head(0, &head);
        for (summary, flagged) in sessions.iter().skip(full) {
            brief(paper, report, summary, flagged);
        }
    }
    let loose: Vec<_> = report
        .findings
        .iter()
        .zip(&reporter.merged.findings)
        .filter(|(finding, _)| finding.session.is_none())
        .collect();
    if !loose.is_empty() {
        paper.head(0, "Findings that belong to no session");
    }
    for (finding, flagged) in loose {
        paper.gap();
        let Some(bucket) = reporter.case.bucket(flagged.bucket) else { continue };
        let user = visible(&finding.user.name);
        paper.paragraph(0, &format!("{}  {user}", severity(paper, finding.severity)));
        story(paper, (reporter.case, report), &reporter.case.view(bucket), &[], &[(finding, flagged)]);
        why(paper, 1, finding);
        advice(paper, report, &[(finding, flagged)]);
    }
}

type Ranked<'a> = (usize, &'a SessionSummary, &'a FlaggedSession);

fn tell(paper: &mut Paper, reporter: &Reporter<'_>, report: &Report, ranked: Ranked<'_>, bucket: &Bucket) {
    let (rank, summary, flagged) = ranked;
    let view = reporter.case.view(bucket);
    let findings: Vec<(&FindingReport, &Flagged)> = report
        .findings
        .iter()
        .zip(&reporter.merged.findings)
        .filter(|(finding, _)| finding.session.as_deref() == Some(summary.key.as_str()))
        .collect();
    let id = summary.session.as_deref().map_or_else(|| "no session id".to_owned(), visible);
    let user = paper.tone(Tone::Strong, &visible(&summary.user.name));
    paper.hang(
        0,
        &rank.to_string(),
        3,
        &format!(
            "{}  score {}  {user}  {}",
            severity(paper, summary.severity),
            summary.score,
            paper.tone(Tone::Dim, &id)
        ),
    );
    let flags: Vec<&Flagged> = findings.iter().map(|(_, flagged)| *flagged).collect();
    let verdict = verdict::session(reporter.case, flagged, &flags);
    paper.paragraph(3, &visible(&format!("{} {}", verdict.lead, verdict.text)));
    if let Some(way_in) = summary.incident.as_deref().and_then(|id| incident::way_in(report, id)) {
        paper.paragraph(3, &way_in);
    }
    for told in summary.incident.as_deref().map(|id| incident::alone(report, id)).unwrap_or_default() {
        paper.hang(3, "exposed", 9, &visible(&told));
    }
    if !summary.holders.is_empty() {
        paper.head(3, "Held by");
        for (holder, holding) in summary.holders.iter().zip(&flagged.holders) {
            let times: Vec<i64> = view.rows(&holding.sign_ins).map(|(_, row)| row.time).collect();
            let when = times.first().zip(times.last()).map(|(first, last)| span(*first, *last)).unwrap_or_default();
            let label = side(paper, holder.side);
            paper.hang(3, &label, 7, &format!("{}; {}, {when}", holder_words(holder), counted(holder.events, "event")));
        }
    }
    story(paper, (reporter.case, report), &view, &flagged.holders, &findings);
    for (index, (finding, _)) in findings.iter().enumerate() {
        why(paper, index + 1, finding);
    }
    advice(paper, report, &findings);
}

/// The records that the findings rest on, in order of time, each with the numbers of the findings.
fn story(
    paper: &mut Paper,
    (case, report): (&Case, &Report),
    view: &View<'_>,
    holders: &[crate::sessions::Holding],
    findings: &[(&FindingReport, &Flagged)],
) {
    struct Step<'a> {
        marks: Vec<String>,
        item: &'a EvidenceReport,
        time: i64,
    }
    let mut steps: Map<(i64, EventRef), Step<'_>> = Map::new();
    for (index, (finding, flagged)) in findings.iter().enumerate() {
        for (item, evidence) in finding.evidence.iter().zip(&flagged.finding.evidence) {
            let time = time_of(view, evidence.event);
            let step = steps.entry((time, evidence.event)).or_insert_with(|| Step { marks: Vec::new(), item, time });
            step.marks.push(format!("{}:{}", index + 1, item.role));
        }
    }
    if steps.is_empty() {
        return;
    }
    paper.head(3, "What happened, and the records that say so");
    let total = steps.len();
    let mut last_whence = String::new();
    for (told, ((_, event), step)) in steps.into_iter().enumerate() {
        // The last one is always told: it is where the story ends.
        if total > TOLD && told >= TOLD - 1 && told + 1 < total {
            if told == TOLD - 1 {
                let left = counted(total - TOLD, "record");
                paper.paragraph(
                    3,
                    &format!("… {left} between are left out here; --output csv --evidence lists them all"),
                );
            }
            continue;
        }
        let whose = match event {
            EventRef::SignIn(number) => holders.iter().find(|holding| holding.sign_ins.contains(&number)),
            _ => None,
        };
        let what = visible(&describe::event(case, event));
        let marks = paper.tone(Tone::Dim, &format!("[{}]", step.marks.join(", ")));
        let what = match whose {
            Some(holding) => format!("{}: {what} {marks}", side(paper, holding.side)),
            None => format!("{what} {marks}"),
        };
        paper.hang(3, &moment(step.time), 17, &what);
        let whence = event::whence(view, event);
        if !whence.is_empty() && whence != last_whence {
            paper.paragraph(20, &format!("from {whence}"));
        }
        last_whence = whence;
        let mut places = event::place(report, step.item.input, step.item.record, &step.item.spot);
        for place in &step.item.also {
            let also = event::place(report, place.input, place.record, &place.spot);
            places.push_str(&format!("; also {also}"));
        }
        paper.paragraph(20, &paper.tone(Tone::Dim, &places));
    }
}

/// Why a finding is here, and what would make it harmless.
fn why(paper: &mut Paper, index: usize, finding: &FindingReport) {
    paper.gap();
    let label = format!("[{index}]");
    paper.hang(3, &label, 4, &paper.tone(Tone::Strong, &visible(&finding.title)));
    let confidence = match finding.confidence {
        Confidence::Low => "low",
        Confidence::Medium => "medium",
        Confidence::High => "high",
    };
    let details = format!(
        "{}, {} severity, {confidence} confidence, {}, finding {}",
        finding.detection,
        finding.severity.name(),
        counted(finding.evidence.len(), "record"),
        finding.id
    );
    paper.paragraph(7, &paper.tone(Tone::Dim, &details));
    paper.paragraph(7, &visible(&finding.why));
    if !finding.benign.is_empty() {
        paper.paragraph(7, "Could it be harmless?");
    }
    for cause in &finding.benign {
        paper.hang(7, "-", 2, cause);
    }
}

/// What to ask and what to do, each said once for all findings of a session; where several sessions are above the
/// line, that stands once for all of them.
fn advice(paper: &mut Paper, report: &Report, findings: &[(&FindingReport, &Flagged)]) {
    let lists = [
        ("Ask the customer", findings.iter().flat_map(|(finding, _)| &finding.ask).collect::<Vec<_>>()),
        ("Do now", findings.iter().flat_map(|(finding, _)| &finding.next).collect()),
    ];
    for (head, list) in lists.into_iter().filter(|_| !next::is_told(report)) {
        let mut said: Vec<&str> = Vec::new();
        for item in list {
            if !said.contains(&item.as_str()) {
                said.push(item);
            }
        }
        if !said.is_empty() {
            paper.head(3, head);
        }
        for (index, item) in said.iter().enumerate() {
            let label = if head == "Do now" { format!("{}.", index + 1) } else { "?".to_owned() };
            paper.hang(3, &label, 3, item);
        }
    }
    if let Some((finding, _)) = findings.first() {
        paper.gap();
        let line = format!(
            "To see these records as they stand in the files: the same command with --raw {}. As KQL: signin-sleuth explain {} --kql.",
            finding.id, finding.detection
        );
        paper.paragraph(3, &paper.tone(Tone::Dim, &line));
    }
}

/// A session in a line or two.
fn brief(paper: &mut Paper, report: &Report, summary: &SessionSummary, flagged: &FlaggedSession) {
    let ids: Vec<&str> = summary.findings.iter().map(String::as_str).collect();
    let detections: Vec<&str> = report
        .findings
        .iter()
        .filter(|finding| ids.contains(&finding.id.as_str()))
        .map(|finding| finding.detection)
        .collect();
    let line = format!(
        "score {}, {}, {}: {} {}",
        summary.score,
        moment(flagged.first),
        visible(&summary.user.name),
        lower_first(flagged.what),
        paper.tone(Tone::Dim, &format!("({}; finding {})", detections.join(", "), ids.join(", ")))
    );
    paper.hang(0, &severity(paper, summary.severity), 10, &line);
}

fn severity(paper: &Paper, severity: Severity) -> String {
    let word = severity.name().to_uppercase();
    match severity {
        Severity::Critical | Severity::High => paper.tone(Tone::Severe, &word),
        Severity::Medium => paper.tone(Tone::Other, &word),
        Severity::Low | Severity::Info => word,
    }
}

fn side(paper: &Paper, side: Side) -> String {
    match side {
        Side::Owner => paper.tone(Tone::Owner, "owner"),
        Side::Other => paper.tone(Tone::Other, "other"),
        Side::First => "first".to_owned(),
        Side::Later => "later".to_owned(),
    }
}

fn holder_words(holder: &HolderSummary) -> String {
    let network = if holder.network.is_empty() { "network not in these exports" } else { &holder.network };
    let parts = [network, &holder.country, &holder.device, &holder.agent];
    visible(&parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", "))
}

fn lower_first(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_lowercase().chain(letters).collect())
}

fn time_of(view: &View<'_>, event: EventRef) -> i64 {
    view.time_of(event).unwrap_or(0)
}
