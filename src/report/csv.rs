//! The report as CSV: one row a finding, or one row a record of evidence.
//!
//! A cell that a spreadsheet would run as a formula gets an apostrophe in front, and control
//! characters become blanks, invisible and direction-changing ones are spelled out: texts come from
//! a log that an attacker has written to.

use crate::order::Gather;
use crate::order::Map;

use super::{Report, visible};

/// One row a finding.
#[must_use]
pub fn findings_csv(report: &Report) -> String {
    let mut csv =
        String::from("severity,confidence,detection,variant,user,user_id,session,first,last,title,why,records,id\r\n");
    let ids: Map<&str, &str> = report
        .sessions
        .iter()
        .map(|session| (session.key.as_str(), session.session.as_deref().unwrap_or_default()))
        .gather();
    for finding in &report.findings {
        let session = finding.session.as_deref().and_then(|key| ids.get(key)).copied().unwrap_or_default();
        row(
            &mut csv,
            &[
                finding.severity.name(),
                finding.confidence.name(),
                finding.detection,
                finding.variant,
                &finding.user.name,
                finding.user.id.as_deref().unwrap_or_default(),
                session,
                &finding.first,
                &finding.last,
                &finding.title,
                &finding.why,
                &finding.evidence.len().to_string(),
                &finding.id,
            ],
        );
    }
    csv
}

/// One row a record of evidence.
#[must_use]
pub fn evidence_csv(report: &Report) -> String {
    let mut csv = String::from("finding,detection,user,role,time,event,input,record,offset,sheet,row\r\n");
    for finding in &report.findings {
        for item in &finding.evidence {
            let name = report.inputs.get(item.input as usize).map_or("", |input| input.name.as_str());
            row(
                &mut csv,
                &[
                    &finding.id,
                    finding.detection,
                    &finding.user.name,
                    item.role,
                    &item.time,
                    &item.event,
                    name,
                    &item.record.to_string(),
                    &item.spot.offset.map(|offset| offset.to_string()).unwrap_or_default(),
                    item.spot.sheet.as_deref().unwrap_or_default(),
                    &item.spot.row.map(|row| row.to_string()).unwrap_or_default(),
                ],
            );
        }
    }
    csv
}

pub(super) fn row(csv: &mut String, cells: &[&str]) {
    for (index, text) in cells.iter().enumerate() {
        if index > 0 {
            csv.push(',');
        }
        csv.push_str(&cell(text));
    }
    csv.push_str("\r\n");
}

fn cell(text: &str) -> String {
    let blanked: String = text.chars().map(|letter| if letter.is_control() { ' ' } else { letter }).collect();
    let mut safe = visible(&blanked);
    let padded = safe.starts_with(' ') || safe.ends_with(' ');
    // Full-width signs are formulas too to some spreadsheets.
    if safe.trim_start().starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠']) {
        safe.insert(0, '\'');
    }
    if safe.contains([',', '"', ';']) || padded {
        safe = format!("\"{}\"", safe.replace('"', "\"\""));
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::cell;

    #[test]
    fn a_formula_is_only_text() {
        assert_eq!(cell("=1+1"), "'=1+1");
        assert_eq!(cell("@SUM(A1)"), "'@SUM(A1)");
        assert_eq!(cell(" =1+1"), "\"' =1+1\"");
        assert_eq!(cell("\t=1+1"), "\"' =1+1\"");
        assert_eq!(cell("＝1"), "'＝1");
        assert_eq!(cell("-2"), "'-2");
    }

    #[test]
    fn quotes_and_commas_are_quoted_and_line_breaks_do_not_break_rows() {
        assert_eq!(cell("a,\"b\""), "\"a,\"\"b\"\"\"");
        assert_eq!(cell("a\r\nb"), "a  b");
    }

    #[test]
    fn what_turns_text_around_is_spelled_out() {
        assert_eq!(cell("\u{202e}txt.exe"), "U+202Etxt.exe");
    }
}
