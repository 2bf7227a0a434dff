//! `--tune`, `detections`, `explain`.

use super::fixtures::{folder, lines, pivots, stolen, write};
use super::running::run;

#[test]
fn a_tuning_changes_what_is_found_and_stands_in_the_report() {
    let folder = folder();
    write(folder.path(), "a.ndjson", lines(&stolen()));
    write(folder.path(), "t.json", r#"{"foci-pivot.max-gap-minutes": 10, "foci-pivot.home-tenant-only": false}"#);
    let found = |tune: &[&str]| {
        let mut arguments = vec!["analyze", "a.ndjson", "--output", "json"];
        for value in tune {
            arguments.extend(["--tune", value]);
        }
        let ran = run(folder.path(), &arguments);
        assert_eq!(ran.code, 0, "{ran:?}");
        (pivots(&ran.json()).len(), ran.json()["tuning"].to_string())
    };
    assert_eq!(found(&[]), (1, "{}".to_owned()));
    assert_eq!(found(&["foci-pivot.max-gap-minutes=10"]).0, 0);
    assert_eq!(found(&["foci-pivot.max-gap-minutes=11"]).0, 1);
    let (from_file, tuning) = found(&["t.json"]);
    assert_eq!((from_file, tuning.contains(r#""foci-pivot.home-tenant-only":"false""#)), (0, true), "{tuning}");
    // The last value counts, wherever it comes from.
    assert_eq!(found(&["t.json", "foci-pivot.max-gap-minutes=none"]).0, 1);
    assert_eq!(found(&["foci-pivot.max-gap-minutes=none", "t.json"]).0, 0);
    // An earlier report carries its tuning.
    let report = run(folder.path(), &["analyze", "a.ndjson", "--output", "json", "--tune", "t.json"]).out;
    write(folder.path(), "report.json", report);
    assert_eq!(found(&["report.json"]), (0, tuning));
}

#[test]
fn a_wrong_tuning_is_refused_with_what_would_be_right() {
    let folder = folder();
    write(folder.path(), "a.ndjson", lines(&stolen()));
    write(folder.path(), "list.json", "[1]");
    write(folder.path(), "deep.json", r#"{"foci-pivot.streams": {"a": 1}}"#);
    for (value, says) in [
        ("foci-pivot=3", "foci-pivot.max-gap-minutes"),
        ("foci-pivo.streams=all", "signin-sleuth detections"),
        ("foci-pivot.gap=3", "max-gap-minutes"),
        ("foci-pivot.max-gap-minutes=soon", "a whole number or none"),
        ("foci-pivot.streams=some", "all, non-interactive"),
        ("gone.json", "no such file"),
        ("list.json", "JSON"),
        ("deep.json", "foci-pivot.streams"),
        ("a.ndjson", "JSON"),
    ] {
        for subcommand in [&["analyze", "a.ndjson"] as &[&str], &["explain", "foci-pivot"]] {
            let ran = run(folder.path(), &[subcommand, &["--tune", value]].concat());
            assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{value}: {ran:?}");
            assert!(ran.err.contains(says), "{value}: {ran:?}");
        }
    }
}

#[test]
fn explain_shows_the_doc_and_the_kql_with_the_tuning_filled_in() {
    let folder = folder();
    let tune = ["--tune", "foci-pivot.max-gap-minutes=90"];
    let text = run(folder.path(), &[&["explain", "foci-pivot"] as &[&str], &tune].concat());
    assert_eq!(text.code, 0);
    let heads = [
        "What it looks for",
        "Why it matters",
        "Evidence it needs",
        "Could it be harmless?",
        "Ask the customer",
        "Do now",
        "References",
        "Tuning",
        "KQL",
    ];
    let places: Vec<usize> = heads.iter().map(|head| text.out.find(&format!("\n{head}\n")).expect(head)).collect();
    assert!(places.is_sorted(), "{places:?}");
    assert!(text.out.contains("foci-pivot.max-gap-minutes=90\n"));
    let kql = run(folder.path(), &[&["explain", "foci-pivot", "--kql"] as &[&str], &tune].concat());
    assert!(kql.out.contains("let max_gap_minutes = 90;"), "{}", kql.out);
    assert!(text.out.ends_with(&kql.out));
    let json = run(folder.path(), &[&["explain", "foci-pivot", "--output", "json"] as &[&str], &tune].concat()).json();
    assert_eq!(json["kql"], kql.out.as_str());
    assert!(json["doc"]["next"].as_array().is_some_and(|steps| !steps.is_empty()));
    let gap = json["tunables"].as_array().unwrap().iter().find(|tunable| tunable["name"] == "max-gap-minutes").unwrap();
    assert_eq!((&gap["value"], &gap["default"], &gap["kind"]), (&"90".into(), &"none".into(), &"number".into()));
}

#[test]
fn detections_lists_every_detection_with_its_tunables() {
    let folder = folder();
    let text = run(folder.path(), &["detections"]).out;
    let json = run(folder.path(), &["detections", "--output", "json"]).json();
    let detections = json.as_array().unwrap();
    assert_eq!(detections.len(), signin_sleuth::detections::ALL.len());
    for detection in detections {
        let id = detection["id"].as_str().unwrap();
        assert!(text.contains(&format!("{id}  {}", detection["title"].as_str().unwrap())), "{id}");
        for tunable in detection["tunables"].as_array().unwrap() {
            let line = format!("{id}.{}={}", tunable["name"].as_str().unwrap(), tunable["default"].as_str().unwrap());
            assert!(text.contains(&line), "{line}");
            // What the list shows can be given back.
            assert_eq!(run(folder.path(), &["explain", id, "--kql", "--tune", &line]).code, 0, "{line}");
        }
        assert_eq!(run(folder.path(), &["explain", id]).code, 0, "{id}");
    }
}

#[test]
fn what_is_allowed_is_counted_and_named_and_no_longer_ends_with_one() {
    let folder = folder();
    write(folder.path(), "a.ndjson", lines(&stolen()));
    let entry = r#"{"all": [{"field": "user", "value": "user1@example.com"}], "note": "our own test"}"#;
    write(
        folder.path(),
        "allow.json",
        format!(r#"{{"kind": "signin-sleuth-allow-list", "schema": 1, "allowed": [{entry}]}}"#),
    );
    write(
        folder.path(),
        "case.json",
        format!(r#"{{"kind": "signin-sleuth-case", "schema": 1, "marks": [], "allowed": [{entry}]}}"#),
    );
    write(folder.path(), "other.json", r#"[{"all": [{"field": "user", "value": "somebody.else@example.com"}]}]"#);
    let analyze = |more: &[&str]| run(folder.path(), &[&["analyze", "a.ndjson"] as &[&str], more].concat());
    let whole = analyze(&["--output", "json"]).json();
    let count = |report: &serde_json::Value, key: &str| report[key].as_array().map_or(0, Vec::len);
    assert!(count(&whole, "findings") > 0);
    assert_eq!(count(&whole, "suppressed"), 0);
    for file in ["allow.json", "case.json"] {
        let report = analyze(&["--output", "json", "--allow", file]).json();
        assert_eq!(
            (count(&report, "findings"), count(&report, "suppressed")),
            (0, count(&whole, "findings")),
            "{file}"
        );
        assert_eq!(report["sessions"], whole["sessions"], "{file}");
        assert_eq!(report["suppressed"][0]["entry"], "user user1@example.com: our own test");
        assert_eq!(report["suppressed"][0]["finding"], whole["findings"][0]);
    }
    let none = analyze(&["--output", "json", "--allow", "other.json"]).json();
    assert_eq!((&none["findings"], count(&none, "suppressed")), (&whole["findings"], 0));
    // Text and CSV are about the rest; text says what was put aside.
    let text = analyze(&["--allow", "allow.json"]).out;
    assert!(text.starts_with("No session of 3 is above the line."), "{text}");
    assert!(
        text.contains("Put aside by the allow list") && text.contains("user user1@example.com: our own test"),
        "{text}"
    );
    assert_eq!(analyze(&["--output", "csv", "--allow", "allow.json"]).out.lines().count(), 1);
    assert_eq!(analyze(&["--fail-on", "low"]).code, 1);
    assert_eq!(analyze(&["--fail-on", "low", "--allow", "allow.json"]).code, 0);
    // A record is shown whoever put its finding aside.
    let id = whole["findings"][0]["id"].as_str().expect("an id");
    assert_eq!(analyze(&["--allow", "allow.json", "--raw", id]).code, 0);
}

#[test]
fn a_file_that_is_no_allow_list_is_refused_with_what_would_be_one() {
    let folder = folder();
    write(folder.path(), "a.ndjson", lines(&stolen()));
    write(folder.path(), "moon.json", r#"[{"all": [{"field": "moon", "value": "1"}]}]"#);
    write(folder.path(), "empty.json", r#"{"allowed": [{"all": []}]}"#);
    write(folder.path(), "tuning.json", r#"{"foci-pivot.max-gap-minutes": 10}"#);
    for (file, says) in [
        ("gone.json", "no such file"),
        ("a.ndjson", "not JSON"),
        ("moon.json", "unknown variant `moon`"),
        ("empty.json", "entry 1 names nothing"),
        ("tuning.json", "no list \"allowed\""),
    ] {
        let ran = run(folder.path(), &["analyze", "a.ndjson", "--allow", file]);
        assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{file}: {ran:?}");
        assert!(ran.err.contains(says) && ran.err.contains(r#"{"allowed":"#), "{file}: {ran:?}");
    }
}
