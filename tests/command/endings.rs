//! Exit codes, and what is said on standard error with them.

use std::process::Stdio;

use super::fixtures::{folder, lines, stolen, write};
use super::running::{command, run};

#[test]
fn it_ran() {
    let folder = folder();
    write(folder.path(), "a.ndjson", lines(&stolen()));
    let ran = run(folder.path(), &["analyze", "a.ndjson"]);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""), "{ran:?}");
}

#[test]
fn findings_at_or_above_fail_on() {
    let folder = folder();
    write(folder.path(), "a.ndjson", lines(&stolen()));
    let code = |severity: &str| run(folder.path(), &["analyze", "a.ndjson", "--fail-on", severity]).code;
    assert_eq!([code("info"), code("medium"), code("high"), code("critical")], [1, 1, 1, 0]);
}

#[test]
fn nothing_found_is_no_failure() {
    let folder = folder();
    write(folder.path(), "a.ndjson", lines(&stolen()[2..]));
    assert_eq!(run(folder.path(), &["analyze", "a.ndjson", "--fail-on", "info"]).code, 0);
}

#[test]
fn called_wrongly() {
    let folder = folder();
    write(folder.path(), "a.ndjson", lines(&stolen()));
    for (arguments, says) in [
        (&["analyze"] as &[&str], "<PATH>"),
        (&["analyse", "a.ndjson"], "analyze"),
        (&["analyze", "a.ndjson", "--fail-on", "severe"], "critical"),
        (&["analyze", "a.ndjson", "--output", "yaml"], "json"),
        (&["analyze", "a.ndjson", "--threads", "0"], "--threads"),
        (&["analyze", "a.ndjson", "--evidence"], "--output csv"),
        (&["analyze", "a.ndjson", "--all", "--output", "json"], "--output text"),
        (&["analyze", "a.ndjson", "--raw", "0123456789abcdef", "--output", "csv"], "--raw"),
        (&["explain", "foci-pivto"], "foci-pivot"),
        (&["explain"], "<ID>"),
    ] {
        let ran = run(folder.path(), arguments);
        assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{arguments:?}: {ran:?}");
        assert!(ran.err.contains(says), "{arguments:?}: {ran:?}");
    }
}

#[test]
fn no_input_could_be_read() {
    let folder = folder();
    write(folder.path(), "letter.txt", "Dear customer,\nplease find attached nothing.\n");
    std::fs::create_dir(folder.path().join("empty")).unwrap();
    for paths in [&["gone.json"] as &[&str], &["letter.txt"], &["empty"], &["gone.json", "letter.txt", "empty"]] {
        let ran = run(folder.path(), &[&["analyze", "--fail-on", "info"], paths].concat());
        assert_eq!(ran.code, 3, "{paths:?}: {ran:?}");
        assert!(ran.err.contains("read"), "{paths:?}: {ran:?}");
        assert!(ran.out.starts_with("Nothing could be read."), "{paths:?}: {ran:?}");
        let json = run(folder.path(), &[&["analyze", "--output", "json"], paths].concat());
        assert_eq!(json.code, 3);
        for input in json.json()["inputs"].as_array().unwrap() {
            assert_eq!((&input["format"], &input["records"]), (&"unknown".into(), &0.into()), "{input}");
        }
    }
}

#[test]
fn a_bad_input_does_not_stop_the_others_and_is_named() {
    let folder = folder();
    write(folder.path(), "a.ndjson", lines(&stolen()));
    let ran = run(folder.path(), &["analyze", "gone.json", "a.ndjson", "--fail-on", "high", "--output", "json"]);
    assert_eq!(ran.code, 1);
    assert!(ran.err.contains("gone.json: there is no such file"), "{ran:?}");
    let report = ran.json();
    assert_eq!(report["inputs"][1]["name"], "gone.json");
    assert!(report["notices"].as_array().unwrap().iter().any(|notice| notice["input"] == 1), "{report}");
}

#[test]
fn a_reader_that_goes_away_is_no_error() {
    let folder = folder();
    write(folder.path(), "a.ndjson", lines(&super::fixtures::many()));
    let mut child = command(folder.path(), &["analyze", "a.ndjson", "--output", "json"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!((output.status.code(), String::from_utf8_lossy(&output.stderr).as_ref()), (Some(0), ""));
}
