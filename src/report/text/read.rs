//! What was read, what became of it, and what could not be looked for.

use crate::order::{Map, Set};

use crate::analysis::{Coverage, ExportHint, Held, Status, unanswered};
use crate::report::schema::{InputSummary, Notice};
use crate::report::visible;
use crate::words::{capital, list};

use super::super::{Report, Reporter};
use super::paper::{Paper, Tone};
use super::words::{counted, number, years};

/// Inputs listed one by one; of more, only those with something to say.
const LISTED: usize = 20;
/// Rejected records listed for an input.
const REJECTED: usize = 3;

/// What an allow list put aside, by entry.
pub(super) fn aside(paper: &mut Paper, report: &Report) {
    let mut counts: Map<&str, (u64, Set<&str>)> = Map::new();
    for one in &report.suppressed {
        let known = counts.entry(one.entry.as_str()).or_default();
        known.0 += 1;
        known.1.insert(one.finding.session.as_deref().unwrap_or(&one.finding.id));
    }
    if counts.is_empty() {
        return;
    }
    paper.head(0, "Put aside by the allow list");
    for (entry, (findings, sessions)) in counts {
        let (findings, sessions) = (counted(findings, "finding"), counted(sessions.len() as u64, "session"));
        paper.paragraph(0, &visible(&format!("{findings} of {sessions}: {entry}")));
    }
}

/// Questions that were not asked of all records, the most telling first, and the exports that would answer them.
pub(super) fn blind_spots(paper: &mut Paper, report: &Report) {
    let lacking = unanswered(&report.coverage);
    if lacking.is_empty() {
        return;
    }
    // Where nothing was read at all, only the exports are worth a line.
    let nothing_read = report.inputs.iter().all(|input| input.format == "unknown");
    if !nothing_read {
        paper.head(0, "Open questions");
        let mut groups: Vec<(Status, &str, Vec<&Coverage>)> = Vec::new();
        for item in &lacking {
            let of = groups.iter_mut().find(|(status, needs, _)| (*status, *needs) == (item.status, &*item.needs));
            match of {
                Some((_, _, items)) => items.push(item),
                None => groups.push((item.status, &item.needs, vec![item])),
            }
        }
        for (status, needs, items) in groups {
            let how = if status == Status::Blind { "Not asked." } else { "Asked of a part of the records." };
            paper.paragraph(0, &visible(format!("{how} {needs}").trim_end()));
            for item in items {
                paper.paragraph(2, &visible(&format!("{} ({})", item.question, item.detection)));
            }
        }
    }
    let mut exports: Vec<&ExportHint> = Vec::new();
    for export in lacking.iter().flat_map(|item| &item.exports) {
        if !exports.contains(&export) {
            exports.push(export);
        }
    }
    if !exports.is_empty() {
        paper.head(0, if nothing_read { "Exports to make" } else { "Exports that would answer them" });
    }
    for export in exports {
        paper.paragraph(0, &format!("{}: {}.", capital(&export.kind), export.why));
        paper.paragraph(2, &export.how);
        for other in &export.also {
            paper.paragraph(2, &format!("or {}: {}", other.kind, other.how));
        }
    }
}

/// Kinds of records that no detection waits for and that a story would be fuller with.
pub(super) fn absent(paper: &mut Paper, report: &Report) {
    let nothing_read = report.inputs.iter().all(|input| input.format == "unknown");
    let asked = |held: &Held| {
        let mut exports = report.coverage.iter().flat_map(|item| &item.exports);
        exports.any(|export| export.holds.contains(&held.kind))
    };
    let absent = report.holds.iter().filter(|held| held.events == 0 && !asked(held));
    let names: Vec<&str> = absent.map(|held| held.kind.words()).collect();
    if !names.is_empty() && !nothing_read {
        paper.gap();
        paper.paragraph(
            0,
            &format!(
                "Not in these exports, and no behaviour waits for them: {}. What an intruder did there is in no story; \
                 --output json says how to make them.",
                list(&names)
            ),
        );
    }
}

/// The inputs with what became of their records, and the notices.
pub(super) fn inputs(paper: &mut Paper, reporter: &Reporter<'_>, report: &Report) {
    for notice in report.notices.iter().filter(|notice| notice.input.is_none()) {
        paper.gap();
        paper.paragraph(0, &said(notice));
    }
    let notices = |index: usize| report.notices.iter().filter(move |notice| notice.input == Some(index));
    let all = report.inputs.iter().zip(&reporter.case.inputs).enumerate();
    let (unread, read): (Vec<_>, Vec<_>) = all.partition(|(_, (input, _))| input.format == "unknown");
    if !read.is_empty() {
        paper.head(0, "Inputs");
    }
    let mut left_out = 0;
    for (count, (index, (input, source))) in read.iter().enumerate() {
        let notices: Vec<&Notice> = notices(*index).collect();
        if count >= LISTED && notices.is_empty() {
            left_out += 1;
            continue;
        }
        let when =
            source.first.zip(source.last).map_or(String::new(), |(first, last)| format!(", {}", years(first, last)));
        let name = paper.tone(Tone::Strong, &visible(&input.name));
        paper.paragraph(0, &format!("{name}  {}, {}{when}", input.format, counted(input.bytes, "byte")));
        account(paper, input);
        for notice in notices {
            paper.paragraph(2, &said(notice));
        }
        rejected(paper, input);
    }
    if left_out > 0 {
        let left_out = counted(left_out, "input");
        paper
            .paragraph(0, &format!("… and {left_out} more of which there is nothing to say; --output json lists them"));
    }
    let mut by_reason: Map<String, Vec<String>> = Map::new();
    for (index, (input, _)) in unread {
        let reasons: Vec<String> = notices(index).map(said).collect();
        by_reason.entry(reasons.join(" ")).or_default().push(visible(&input.name));
    }
    if !by_reason.is_empty() {
        paper.head(0, "Inputs that could not be read");
    }
    for (reason, names) in by_reason {
        paper.paragraph(0, &reason);
        for name in names {
            paper.paragraph(2, &name);
        }
    }
}

/// The equation that accounts for every record; terms of nothing are left out.
fn account(paper: &mut Paper, input: &InputSummary) {
    let other: u64 = input.other.values().sum();
    let mut terms = Vec::new();
    for (count, words) in [
        (input.events, if input.events == 1 { "event" } else { "events" }),
        (input.merged, "merged into an event of another record"),
        (input.duplicates, "seen before"),
        (input.rejected_total, "rejected"),
        (input.enrichment, "that say more about an event"),
    ] {
        if count > 0 {
            terms.push(format!("{} {words}", number(count)));
        }
    }
    if other > 0 {
        let tables: Vec<String> = input.other.keys().map(|name| visible(name)).collect();
        terms.push(format!("{} of tables that are not used ({})", number(other), tables.join(", ")));
    }
    paper.paragraph(2, &format!("{} = {}", counted(input.records, "record"), terms.join(" + ")));
    if let Some(hash) = &input.sha256 {
        paper.paragraph(2, &paper.tone(Tone::Dim, &format!("SHA-256 {hash}")));
    }
}

/// The first rejected records, with place and reason.
fn rejected(paper: &mut Paper, input: &InputSummary) {
    for rejected in input.rejected.iter().take(REJECTED) {
        let (record, spot) = (number(rejected.record), visible(&rejected.spot.words()));
        paper.paragraph(4, &format!("record {record} at {spot}: {}", visible(&rejected.reason)));
    }
    if input.rejected_total > REJECTED as u64 {
        let total = number(input.rejected_total);
        paper.paragraph(4, &format!("… {total} in all; --output json lists the first 100"));
    }
}

fn said(notice: &Notice) -> String {
    visible(&format!("{} {}", notice.text, notice.next)).trim_end().to_owned()
}
