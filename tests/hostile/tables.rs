//! CSV that is broken or meant to do harm.

use crate::support::read;

const HEADER: &str = "CreatedDateTime,Id,ResultType,UserPrincipalName,AppDisplayName,DeviceDetail";

fn row(number: u32, device: &str) -> String {
    format!("2026-09-13T01:22:28Z,00000000-0000-0000-0000-{number:012},0,ada@contoso.example,Portal,{device}")
}

fn table(rows: &[String]) -> String {
    format!("{HEADER}\r\n{}\r\n", rows.join("\r\n"))
}

#[test]
fn rows_of_wrong_length_cost_nobody_else() {
    let long = format!("{},more,and,more", row(2, ""));
    let short = "2026-09-13T01:22:28Z,00000000-0000-0000-0000-000000000003,0,ada@contoso.example,Portal".to_owned();
    let case = read(table(&[row(1, ""), long, short, row(4, "")]).as_bytes());
    // Whether the longer one is shifted, nothing tells.
    assert_eq!((case.inputs[0].records, case.inputs[0].events, case.inputs[0].refused_total), (4, 3, 1));
    let case = read(table(&[row(1, ""), "x".to_owned(), ",,,,,".to_owned(), row(4, "")]).as_bytes());
    assert_eq!((case.inputs[0].records, case.inputs[0].events, case.inputs[0].refused_total), (4, 2, 2));
}

#[test]
fn quotes_hold_line_breaks_separators_and_quotes() {
    let device = "\"{\"\"browser\"\":\"\"a,\r\nb\"\",\"\"displayName\"\":\"\"\u{fc}\"\"}\"";
    let case = read(table(&[row(1, device), row(2, "")]).as_bytes());
    assert_eq!((case.inputs[0].records, case.inputs[0].events), (2, 2));
    // A line break inside of a JSON text is not JSON: the field is damaged, the row stays.
    assert_eq!(case.inputs[0].damaged.get("device_detail"), Some(&1));
}

#[test]
fn a_quote_that_never_closes_is_one_rejected_row() {
    let case = read(table(&[row(1, ""), row(2, "\"{"), row(3, ""), row(4, "")]).as_bytes());
    assert_eq!(case.inputs[0].events + case.inputs[0].refused_total, case.inputs[0].records);
    assert!(case.inputs[0].events >= 1 && case.inputs[0].refused_total == 1, "{:?}", case.inputs[0]);
}

#[test]
fn nul_bytes_and_bytes_that_are_no_utf_8_stay_inside_their_cell() {
    let mut bytes = table(&[row(1, "NUL"), row(2, "BAD"), row(3, "")]).into_bytes();
    for (name, with) in [(b"NUL", [0, 0, 0]), (b"BAD", [0xC3, 0x28, 0xFF])] {
        let at = bytes.windows(3).position(|window| window == name).expect("the mark is there");
        bytes[at..at + 3].copy_from_slice(&with);
    }
    let case = read(&bytes);
    assert_eq!((case.inputs[0].records, case.inputs[0].events), (3, 3));
    assert_eq!(case.inputs[0].damaged.get("text"), Some(&1));
}

#[test]
fn a_header_alone_twice_or_very_wide_is_no_record() {
    for text in [HEADER.to_owned(), format!("{HEADER}\r\n"), format!("{HEADER}\r\n\r\n\r\n")] {
        let case = read(text.as_bytes());
        assert_eq!((case.inputs[0].records, case.inputs[0].events), (0, 0));
        assert!(case.inputs[0].failure.is_some());
    }
    // Two exports pasted together: the second header is a row without a time.
    let case = read(format!("{}{}", table(&[row(1, "")]), table(&[row(2, "")])).as_bytes());
    assert_eq!((case.inputs[0].events, case.inputs[0].refused_total), (2, 1));
    let wide: Vec<String> = (0..20_000).map(|number| format!("Column{number}")).collect();
    let cells = vec!["x"; 20_000].join(",");
    let text = format!("{HEADER},{}\n{},{cells}\n", wide.join(","), row(1, ""));
    assert_eq!(read(text.as_bytes()).inputs[0].events, 1);
}

#[test]
fn a_formula_in_a_cell_is_text() {
    for formula in ["=1+1", "+1", "-1", "@SUM(A1)", "=cmd|' /C calc'!A0", "'=1"] {
        let case = read(table(&[row(1, ""), row(2, "").replace("Portal", formula)]).as_bytes());
        assert_eq!(case.inputs[0].events, 2, "{formula}");
    }
}

#[test]
fn a_table_of_something_else_is_unknown_or_counted() {
    for text in [
        "Id,Name\n1,a\n",
        "CreatedDateTime,Title\n2026-09-13T01:22:28Z,x\n",
        "ResultType,Status\n0,ok\n",
        "Category,Time\nSignInLogs,now\n",
    ] {
        let case = read(text.as_bytes());
        assert_eq!((case.inputs[0].format.as_str(), case.inputs[0].events), ("unknown", 0), "{text}");
    }
    let rows =
        "Type,TimeGenerated,SourceSystem\nHeartbeat,2026-09-13T01:22:28Z,OMS\nHeartbeat,2026-09-13T01:23:28Z,OMS\n";
    let case = read(rows.as_bytes());
    assert_eq!(case.inputs[0].other.get("Heartbeat"), Some(&2));
}
