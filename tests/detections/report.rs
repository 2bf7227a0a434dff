//! The report, schema 1: its keys in their order, and texts that only stay texts.

use serde_json::{Value, json};
use signin_sleuth::detections::{ALL, Tuning};
use signin_sleuth::report::{Reporter, evidence_csv, findings_csv};

use crate::ordered::Ordered;
use crate::support::{case, fixture, lines, merged, report, sign_in, with};

const KEYS: &[(&str, &str)] = &[
    ("", "schema tool tuning inputs notices coverage holds incidents sessions_total sessions findings next suppressed"),
    ("/tool", "name version commit knowledge"),
    (
        "/inputs/0",
        "name sha256 bytes format marks records events merged duplicates rejected rejected_total other enrichment first last",
    ),
    ("/inputs/1/rejected/0", "record offset reason"),
    ("/notices/0", "kind input text next"),
    ("/coverage/0", "detection question status missing history note needs exports"),
    ("/coverage/0/missing/0", "field records of"),
    ("/holds/0", "kind events export"),
    ("/coverage/0/exports/0", "kind holds why how also"),
    ("/incidents/0", "id severity title users sessions findings first last initial_access links exposure story"),
    ("/incidents/0/initial_access", "kind confidence evidence"),
    ("/incidents/0/story/0", "time until kind step side user session count finding"),
    (
        "/sessions/0",
        "key session kind user first last starts_in_export events score severity incident findings holders",
    ),
    ("/sessions/0/user", "id name kind tenant classes"),
    ("/sessions/0/holders/0", "side network country device agent first last events"),
    (
        "/findings/0",
        "id detection variant severity confidence group user session incident first last title why benign ask next evidence facts",
    ),
    ("/findings/0/user", "id name kind tenant classes"),
    ("/findings/0/evidence/0", "role event time input record offset also"),
    ("/findings/0/evidence/0/also/0", "input record offset"),
];

fn pivot(user: &str) -> Vec<Value> {
    let away = json!({"appId": "04b07795-8ddb-461a-bbee-02f9e1bf7b46", "appDisplayName": "Microsoft Azure CLI", "isInteractive": false,
        "incomingTokenType": "refreshToken", "userAgent": "python-requests/2.32.3", "ipAddress": "192.0.2.30",
        "autonomousSystemNumber": 64502, "location": {"countryOrRegion": "NL"}, "deviceDetail": {"deviceId": ""}});
    vec![
        sign_in(user, &format!("{user}-first"), "2026-11-12T10:00:00Z", json!({})),
        sign_in(user, &format!("{user}-second"), "2026-11-12T10:11:23Z", away),
    ]
}

#[test]
fn a_finding_says_where_exports_disagree_and_names_both_places() {
    let rich = pivot("ann");
    let poor: Vec<Value> = rich
        .iter()
        .map(|record| {
            with(record.clone(), json!({"ipAddress": "198.51.100.7", "userAgent": null, "deviceDetail": null}))
        })
        .collect();
    for (names, input) in [(["a.ndjson", "b.ndjson"], 0), (["b.ndjson", "a.ndjson"], 1)] {
        let case = case(&[(names[0], lines(&rich)), (names[1], lines(&poor))]);
        let value = report(&case, &Tuning::default());
        let findings = value["findings"].as_array().expect("a list");
        let pivot = findings.iter().find(|finding| finding["detection"] == "foci-pivot").expect("it fires");
        for evidence in pivot["evidence"].as_array().expect("a list") {
            assert_eq!((&evidence["input"], &evidence["also"][0]["input"]), (&json!(input), &json!(1 - input)));
        }
        let expected =
            json!([{"event": "ann-first", "column": "ip_address"}, {"event": "ann-second", "column": "ip_address"}]);
        assert_eq!(pivot["facts"]["conflicts"], expected);
    }
}

#[test]
fn keys_stand_in_the_order_of_the_schema() {
    let mut records = pivot("ann");
    records.push(sign_in("ann", "lacking", "2026-11-12T12:00:00Z", json!({"sessionId": null})));
    let again = format!("{}{{\"createdDateTime\":\"never\",\"status\":{{}},\"appId\":\"x\"}}\n", lines(&records[..1]));
    let case = case(&[("a.ndjson", lines(&records)), ("b.ndjson", again)]);
    let merged = merged(&case, &Tuning::default());
    let report = Reporter { case: &case, merged: &merged, tuning: &Tuning::default() }.report();
    let text = serde_json::to_string(&report).expect("JSON");
    let ordered: Ordered = serde_json::from_str(&text).expect("JSON");
    for (place, keys) in KEYS {
        let found = ordered.at(place).unwrap_or_else(|| panic!("{place} is missing")).keys();
        assert_eq!(found.join(" "), *keys, "{place}");
    }
    let value: Value = serde_json::from_str(&text).expect("JSON");
    assert_eq!(value["schema"], 1);
    assert_eq!(value["inputs"][0]["sha256"], Value::Null);
    assert_eq!(value["findings"][0]["first"], "2026-11-12T10:00:00.000000Z");
    assert_eq!(value["inputs"][1]["rejected_total"], 1);
    assert_eq!(value["findings"][0]["evidence"][0]["also"][0]["input"], 1);
}

#[test]
fn every_record_is_accounted_for() {
    let records: Vec<Value> = ALL.iter().flat_map(|detection| fixture(detection.file, "fires")).collect();
    let twice = records.iter().chain(&records).cloned().collect::<Vec<_>>();
    let report = report(&case(&[("a.ndjson", lines(&twice)), ("b.ndjson", lines(&records))]), &Tuning::default());
    for input in report["inputs"].as_array().expect("inputs") {
        let count = |key: &str| input[key].as_u64().expect("a number");
        let other: u64 = input["other"].as_object().expect("an object").values().filter_map(Value::as_u64).sum();
        let sum =
            ["events", "merged", "duplicates", "rejected_total", "enrichment"].map(count).iter().sum::<u64>() + other;
        assert_eq!(count("records"), sum, "{input}");
    }
}

#[test]
fn findings_are_ordered_by_severity_time_and_id() {
    let records: Vec<Value> = ALL.iter().flat_map(|detection| fixture(detection.file, "fires")).collect();
    let report = report(&case(&[("a.ndjson", lines(&records))]), &Tuning::default());
    let rank = |value: &Value| {
        let names = ["critical", "high", "medium", "low", "info"];
        names.iter().position(|name| value == name).expect("a severity")
    };
    let order: Vec<_> = report["findings"]
        .as_array()
        .expect("findings")
        .iter()
        .map(|finding| (rank(&finding["severity"]), finding["first"].to_string(), finding["id"].to_string()))
        .collect();
    assert!(order.len() > 50 && order.is_sorted());
    for finding in report["findings"].as_array().expect("findings") {
        for key in ["title", "why"] {
            assert!(finding[key].as_str().is_some_and(|text| !text.is_empty()), "{key}: {finding}");
        }
        assert!(finding["why"].as_str().is_some_and(|why| why.ends_with('.') && !why.contains("  ")), "{finding}");
        let ids = ["id", "session"].map(|key| finding[key].as_str().unwrap_or("0123456789abcdef").len());
        assert_eq!(ids, [16, 16]);
    }
}

#[test]
fn what_happened_fits_its_column() {
    let records: Vec<Value> = ALL.iter().flat_map(|detection| fixture(detection.file, "fires")).collect();
    let case = case(&[("a.ndjson", lines(&records))]);
    let merged = merged(&case, &Tuning::default());
    assert!(!merged.sessions.is_empty());
    for session in &merged.sessions {
        assert!((1..=34).contains(&session.what.chars().count()), "{}", session.what);
    }
}

#[test]
fn where_exports_disagree_on_evidence_the_facts_say_so() {
    let records = pivot("ann");
    let other: Vec<Value> =
        records.iter().map(|record| with(record.clone(), json!({"userAgent": "curl/8.0"}))).collect();
    let report = report(&case(&[("a.ndjson", lines(&records)), ("b.ndjson", lines(&other))]), &Tuning::default());
    let conflicts = report["findings"][0]["facts"]["conflicts"].as_array().expect("conflicts");
    assert_eq!(conflicts.len(), 2);
    assert_eq!(conflicts[0], json!({"event": "ann-first", "column": "user_agent"}));
    assert!(report["notices"].as_array().expect("notices").iter().any(|notice| notice["kind"] == "conflict"));
}

#[test]
fn hostile_names_stay_texts_in_tables() {
    for name in ["=cmd|'/c calc'!a1", "+1", "-1", "@sum(a1)", "\t=1", "\u{ff1d}1", "a\r\nb,\"c\"", "\u{202e}gnp.exe"] {
        let records: Vec<Value> = pivot("ann")
            .into_iter()
            .map(|record| with(record, json!({"userPrincipalName": name, "appDisplayName": name})))
            .collect();
        let case = case(&[(name, lines(&records))]);
        let merged = merged(&case, &Tuning::default());
        let report = Reporter { case: &case, merged: &merged, tuning: &Tuning::default() }.report();
        assert!(!report.findings.is_empty(), "{name:?}");
        let evidence: usize = report.findings.iter().map(|finding| finding.evidence.len()).sum();
        for (csv, rows) in [(findings_csv(&report), report.findings.len() + 1), (evidence_csv(&report), evidence + 1)] {
            assert_eq!(csv.split("\r\n").filter(|row| !row.is_empty()).count(), rows, "{name:?}");
            assert!(!csv.contains('\u{202e}') && !csv.contains('\t'), "{name:?}");
            let mut reader = csv.split("\r\n").flat_map(cells);
            assert!(reader.all(|cell| !cell.trim_start().starts_with(['=', '+', '-', '@', '\u{ff1d}'])), "{csv}");
        }
    }
}

/// Cells of a row of CSV.
fn cells(row: &str) -> Vec<String> {
    let (mut cells, mut quoted) = (vec![String::new()], false);
    for letter in row.chars() {
        match letter {
            '"' => quoted = !quoted,
            ',' if !quoted => cells.push(String::new()),
            other => cells.last_mut().expect("a cell").push(other),
        }
    }
    cells
}
