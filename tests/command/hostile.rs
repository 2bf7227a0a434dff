//! Texts that an attacker has written into the log, or into the name of a file.

use serde_json::{Value, json};

use super::fixtures::{folder, lines, stolen, write};
use super::running::{Ran, finish, run};

/// Clears a screen, sets a title, rings, turns text around, hides, and calculates.
const NASTY: &str = "=cmd|' /C calc'!A1\u{1b}[2J\u{1b}]0;owned\u{7}\u{9b}31m\u{202e}gpj.exe\u{200b}\u{e0041}\r\n\t";

fn nasty() -> Vec<Value> {
    let mut records = stolen();
    for key in ["appDisplayName", "userAgent", "resourceDisplayName", "userPrincipalName"] {
        for record in &mut records {
            record[key] = json!(NASTY);
        }
    }
    for record in &mut records {
        record["deviceDetail"]["displayName"] = json!(NASTY);
        record["location"]["countryOrRegion"] = json!("\u{202e}ON");
        record["sessionId"] = json!(format!("\u{1b}[31m{}", record["sessionId"].as_str().unwrap()));
    }
    records
}

fn hidden(text: &str) -> Option<char> {
    let acts = |letter: &char| {
        (letter.is_control() && *letter != '\n')
            || matches!(letter, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{e0000}'..='\u{e007f}')
    };
    text.chars().find(acts)
}

fn analyze(more: &[&str]) -> Ran {
    let folder = folder();
    write(folder.path(), "a.ndjson", lines(&nasty()));
    let ran = run(folder.path(), &[&["analyze", "a.ndjson"], more].concat());
    assert_eq!(ran.code, 0, "{ran:?}");
    ran
}

#[test]
fn text_spells_out_what_would_act_on_the_terminal() {
    let ran = analyze(&["--all"]);
    assert_eq!(hidden(&ran.out), None, "{}", ran.out);
    for shown in ["U+001B[2J", "U+009B31m", "U+202Egpj.exe", "U+200B", "U+E0041", "U+202EON"] {
        assert!(ran.out.contains(shown), "{shown}: {}", ran.out);
    }
}

#[test]
fn json_escapes_it_and_keeps_it() {
    let ran = analyze(&["--output", "json"]);
    assert_eq!(hidden(&ran.out), None);
    let title = ran.json()["findings"][0]["title"].as_str().unwrap().to_owned();
    assert!(title.contains("\u{1b}[2J") && title.contains('\u{202e}'), "{title:?}");
}

#[test]
fn csv_runs_nothing_and_keeps_its_rows() {
    for form in [&["--output", "csv"] as &[&str], &["--output", "csv", "--evidence"]] {
        let out = analyze(form).out;
        assert_eq!(hidden(&out.replace("\r\n", "\n")), None, "{out}");
        let mut rows = csv_core::Reader::new();
        let (mut cells, mut ends) = ([0; 1 << 16], [0; 64]);
        let mut rest = out.as_bytes();
        let mut widths = Vec::new();
        while !rest.is_empty() {
            let (result, read, _, count) = rows.read_record(rest, &mut cells, &mut ends);
            rest = &rest[read..];
            if rest.is_empty() && count == 0 {
                break;
            }
            assert!(matches!(result, csv_core::ReadRecordResult::Record), "{result:?}");
            let mut start = 0;
            for end in &ends[..count] {
                let cell = std::str::from_utf8(&cells[start..*end]).unwrap();
                assert!(!cell.trim_start().starts_with(['=', '+', '-', '@', '\t']), "{cell:?}");
                start = *end;
            }
            widths.push(count);
        }
        assert!(widths.len() >= 2 && widths.iter().all(|width| *width == widths[0]), "{widths:?}");
    }
}

#[cfg(unix)]
#[test]
fn a_name_of_a_file_is_text_too() {
    let folder = folder();
    let name = "a\u{1b}[31m\u{202e}=b.ndjson";
    write(folder.path(), name, lines(&stolen()));
    for form in ["text", "json", "csv"] {
        let ran = run(folder.path(), &["analyze", ".", "--output", form]);
        assert_eq!(hidden(&ran.out.replace("\r\n", "\n")), None, "{form}: {}", ran.out);
        assert!(ran.out.contains("foci-pivot"), "{form}");
    }
    let gone = run(folder.path(), &["analyze", "\u{1b}[31mgone\u{202e}"]);
    assert_eq!((gone.code, hidden(&gone.err)), (3, None), "{gone:?}");
    let tune = run(folder.path(), &["explain", "foci-pivot", "--tune", "\u{1b}[31m.x=1"]);
    assert_eq!((tune.code, hidden(&tune.err)), (2, None), "{tune:?}");
    let raw = run(folder.path(), &["analyze", ".", "--raw", "\u{1b}[31m"]);
    assert_eq!((raw.code, hidden(&raw.err)), (2, None), "{raw:?}");
}

#[test]
fn colour_only_where_it_is_wanted() {
    let folder = folder();
    write(folder.path(), "a.ndjson", lines(&nasty()));
    let arguments = ["analyze", "a.ndjson"];
    let plain = run(folder.path(), &arguments).out;
    let forced = finish(super::running::command(folder.path(), &arguments).env("CLICOLOR_FORCE", "1"), &[]).out;
    let refused =
        finish(super::running::command(folder.path(), &arguments).env("CLICOLOR_FORCE", "1").env("NO_COLOR", "1"), &[])
            .out;
    assert!(!plain.contains('\u{1b}') && !refused.contains('\u{1b}'));
    // Only our own colours: what the log brings stays spelled out.
    let mut rest = forced.as_str();
    let mut colours = 0;
    while let Some(at) = rest.find('\u{1b}') {
        rest = &rest[at + 1..];
        let end = rest.find('m').expect("a colour ends");
        assert!(rest[1..end].chars().all(|letter| letter.is_ascii_digit() || letter == ';'), "{:?}", &rest[..end]);
        colours += 1;
    }
    assert!(colours > 10);
}
