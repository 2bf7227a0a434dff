//! The report as text for a terminal.

use std::fmt::Write as _;

use crate::analysis::Status;
use crate::detections::Severity;

use super::Report;

/// The report as a person reads it in a terminal. No control sequence of a log gets through.
#[must_use]
pub fn text(report: &Report) -> String {
    let mut out = String::new();
    let above = report.sessions.iter().filter(|session| session.severity >= Severity::High).count();
    let below = report.sessions.len() - above;
    let headline = match above {
        0 => format!("No session of {} is above the line.", report.sessions_total),
        1 => format!("One of {} sessions was very likely stolen.", report.sessions_total),
        many => format!("{many} of {} sessions were very likely stolen.", report.sessions_total),
    };
    let _ = writeln!(out, "{headline}");
    if below > 0 {
        let _ = writeln!(out, "{below} more show weaker signs.");
    }
    for session in &report.sessions {
        let _ = writeln!(
            out,
            "\n{:<8} {:>3}  {}  {}",
            session.severity.name().to_uppercase(),
            session.score,
            visible(&session.user.name),
            session.session.as_deref().map_or_else(|| "no session id".to_owned(), visible)
        );
        for finding in report.findings.iter().filter(|finding| finding.session.as_deref() == Some(&session.key)) {
            tell(&mut out, report, finding);
        }
    }
    let loose: Vec<_> = report.findings.iter().filter(|finding| finding.session.is_none()).collect();
    if !loose.is_empty() {
        let _ = writeln!(out, "\nFindings that belong to no session");
        for finding in loose {
            tell(&mut out, report, finding);
        }
    }
    inputs(&mut out, report);
    let full = report.coverage.iter().filter(|item| item.status == Status::Ran).count();
    let _ = writeln!(out, "\nLooked for {full} of {} behaviours in full.", report.coverage.len());
    for item in report.coverage.iter().filter(|item| item.status != Status::Ran) {
        let how = if item.status == Status::Blind { "not at all" } else { "in part" };
        let _ = writeln!(out, "  {} {how}: {}", item.detection, item.note);
        for export in &item.exports {
            let _ = writeln!(out, "    {}: {}", export.kind, export.how);
        }
    }
    for notice in &report.notices {
        let name = notice
            .input
            .and_then(|input| report.inputs.get(input))
            .map_or(String::new(), |input| format!("{}: ", visible(&input.name)));
        let _ = writeln!(out, "\n{name}{} {}", notice.text, notice.next);
    }
    out
}

fn tell(out: &mut String, report: &Report, finding: &super::schema::FindingReport) {
    let _ =
        writeln!(out, "  {} · {} · confidence {:?}", visible(&finding.title), finding.detection, finding.confidence);
    let _ = writeln!(out, "    {}", visible(&finding.why));
    for item in finding.evidence.iter().take(12) {
        let name = report.inputs.get(item.input as usize).map_or("", |input| input.name.as_str());
        let _ = writeln!(
            out,
            "    {}  {:<13} {}  record {} of {}",
            item.time,
            item.role,
            visible(&item.event),
            item.record,
            visible(name)
        );
    }
    if finding.evidence.len() > 12 {
        let _ = writeln!(out, "    … and {} records more", finding.evidence.len() - 12);
    }
}

fn inputs(out: &mut String, report: &Report) {
    let _ = writeln!(out, "\nRead");
    for input in &report.inputs {
        let other: u64 = input.other.values().sum();
        let _ = writeln!(
            out,
            "  {}  {}  {} records: {} events, {} merged, {} duplicates, {} rejected, {} of other tables",
            visible(&input.name),
            input.format,
            input.records,
            input.events,
            input.merged,
            input.duplicates,
            input.rejected_total,
            other
        );
        for rejected in input.rejected.iter().take(3) {
            let _ = writeln!(out, "    record {} at byte {}: {}", rejected.record, rejected.offset, rejected.reason);
        }
    }
}

/// A text of a log with its control, invisible and direction-changing characters spelled out.
#[must_use]
pub fn visible(text: &str) -> String {
    let hidden = |letter: char| {
        letter.is_control()
            || matches!(letter, '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
    };
    let mut shown = String::with_capacity(text.len());
    for letter in text.chars() {
        if hidden(letter) {
            let _ = write!(shown, "U+{:04X}", u32::from(letter));
        } else {
            shown.push(letter);
        }
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::visible;

    #[test]
    fn control_and_direction_characters_are_spelled_out() {
        assert_eq!(visible("a\u{1b}[31mb"), "aU+001B[31mb");
        assert_eq!(visible("\u{202e}txt.exe"), "U+202Etxt.exe");
        assert_eq!(visible("Grüße, 世界"), "Grüße, 世界");
    }
}
