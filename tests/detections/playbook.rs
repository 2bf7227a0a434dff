//! The triggers and queries of Microsoft's token theft playbook and the views of its sign-in workbooks, and
//! what answers each: a detection or a question by name. `tests/playbook.csv` lists them; `playbook.md` is made
//! of it.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use serde::Deserialize;
use signin_sleuth::detections::find;
use signin_sleuth::report::ask::{QUESTIONS, question_named};

#[derive(Deserialize)]
struct Row {
    source: String,
    kind: String,
    what: String,
    answers: String,
}

/// An answer: a detection, or a question of `signin-sleuth ask`.
enum Answer<'a> {
    Detection(&'a str),
    Question(&'a str),
}

impl Row {
    fn answers(&self) -> Vec<Answer<'_>> {
        self.answers
            .split("; ")
            .map(|text| match text.split_once(' ') {
                Some(("detection", name)) => Answer::Detection(name),
                Some(("ask", name)) => Answer::Question(name),
                _ => panic!("{}: {text} is neither a detection nor a question", self.what),
            })
            .collect()
    }
}

fn rows() -> Vec<Row> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/playbook.csv");
    let mut reader = csv::Reader::from_path(path).expect("the list");
    reader.deserialize().map(|row| row.expect("a row")).collect()
}

#[test]
fn every_trigger_query_and_view_is_answered_by_something_that_exists() {
    let rows = rows();
    let mut asked = BTreeSet::new();
    let mut seen = BTreeSet::new();
    for row in &rows {
        assert!(seen.insert(&row.what), "{} is there twice", row.what);
        for answer in row.answers() {
            match answer {
                Answer::Detection(name) => assert!(find(name).is_some(), "{}: there is no {name}", row.what),
                Answer::Question(name) => {
                    asked.insert(
                        question_named(name).unwrap_or_else(|| panic!("{}: there is no {name}", row.what)).name,
                    );
                }
            }
        }
        let questions = row.answers().iter().filter(|answer| matches!(answer, Answer::Question(_))).count();
        assert!(row.kind == "trigger" || questions > 0, "{}: a {} is asked for by a question", row.what, row.kind);
    }
    let all: BTreeSet<&str> = QUESTIONS.iter().map(|question| question.name).collect();
    assert_eq!(asked, all, "every question answers something");
    for kind in ["trigger", "query", "view"] {
        assert!(rows.iter().filter(|row| row.kind == kind).count() >= 12, "{kind}");
    }
}

#[test]
fn the_table_of_the_playbook_is_up_to_date() {
    let mut text = "# The token theft playbook, and what answers it\n\nWritten by `WRITE_PEERS=1 cargo test --test detections playbook` from `tests/playbook.csv`. A name in the column\n*question* is asked by `signin-sleuth ask NAME`; the page has the same as pivots of *Tenant* and of each user, address,\ndevice and application.\n".to_owned();
    for (source, title) in
        [("playbook", "Microsoft, Token theft playbook"), ("workbook", "Microsoft Sentinel, workbooks of sign-ins")]
    {
        let _ = write!(text, "\n## {title}\n\n| | | detections | question |\n|---|---|---|---|\n");
        for row in rows().iter().filter(|row| row.source == source) {
            let (mut detections, mut questions) = (Vec::new(), Vec::new());
            for answer in row.answers() {
                match answer {
                    Answer::Detection(name) => detections.push(format!("`{name}`")),
                    Answer::Question(name) => questions.push(format!("`{name}`")),
                }
            }
            let _ =
                writeln!(text, "| {} | {} | {} | {} |", row.kind, row.what, detections.join(" "), questions.join(" "));
        }
    }
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/detections/playbook.md");
    if std::env::var_os("WRITE_PEERS").is_some() {
        fs::write(&path, &text).expect("the table can be written");
    }
    let written = fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(written, text, "stale: WRITE_PEERS=1 cargo test --test detections playbook");
}
