//! Scores, severities and ids of the report.

use serde_json::{Value, json};

use crate::support::{audit, guid, report_of, sign_in, with};

const ANN: &str = "ann";
const BROKER: &str = "29d9ed98-a469-4536-ade2-f981bc1d605e";

fn pivot(place: Value) -> Vec<Value> {
    let tool = json!({"appId": "04b07795-8ddb-461a-bbee-02f9e1bf7b46", "appDisplayName": "Microsoft Azure CLI",
        "isInteractive": false, "incomingTokenType": "refreshToken", "userAgent": "python-requests/2.32.3"});
    vec![
        sign_in(ANN, "first", "2026-11-12T10:00:00Z", json!({})),
        sign_in(ANN, "second", "2026-11-12T10:11:23Z", with(tool, place)),
    ]
}

fn abroad() -> Value {
    json!({"ipAddress": "192.0.2.30", "autonomousSystemNumber": 64502, "location": {"countryOrRegion": "NL"}, "deviceDetail": {"deviceId": ""}})
}

fn device_code(id: &str, time: &str, change: Value) -> Value {
    let base = json!({"appId": BROKER, "authenticationProtocol": "deviceCode", "conditionalAccessAudiences": [{"applicationId": BROKER}]});
    sign_in(ANN, id, time, with(base, change))
}

#[test]
fn a_sure_finding_carries_its_session_above_the_line() {
    let report = report_of(&pivot(abroad()));
    let session = &report["sessions"][0];
    assert_eq!((&session["severity"], &session["score"]), (&json!("high"), &json!(65)));
    assert_eq!(session["findings"][0], report["findings"][0]["id"]);
    assert_eq!(report["findings"][0]["session"], session["key"]);
    assert_eq!(report["sessions_total"], 1);
}

#[test]
fn an_unsure_one_leaves_it_at_medium() {
    let travelled =
        json!({"ipAddress": "192.0.2.30", "autonomousSystemNumber": 64502, "location": {"countryOrRegion": "NL"}});
    let report = report_of(&pivot(travelled));
    assert_eq!(
        (&report["findings"][0]["severity"], &report["findings"][0]["confidence"]),
        (&json!("high"), &json!("medium"))
    );
    // 100 × 0.65 × 0.75, rounded.
    assert_eq!((&report["sessions"][0]["severity"], &report["sessions"][0]["score"]), (&json!("medium"), &json!(49)));
}

#[test]
fn two_detections_on_different_records_add_up() {
    let mut records = pivot(abroad());
    records.push(device_code("code", "2026-11-12T09:00:00Z", json!({})));
    let report = report_of(&records);
    let found = report["findings"].as_array().expect("findings");
    for detection in ["foci-pivot", "device-code-broker"] {
        assert!(found.iter().any(|finding| finding["detection"] == detection), "{detection}");
    }
    // What else is found of these records is of the same kind of evidence and adds nothing. 1 − (1 − 0.65) × (1 − 0.35).
    assert_eq!((&report["sessions"][0]["severity"], &report["sessions"][0]["score"]), (&json!("high"), &json!(77)));
}

#[test]
fn ids_do_not_change_with_evidence_that_arrives_later() {
    let ids = |records: &[Value]| -> Vec<(String, String)> {
        let report = report_of(records);
        let text = |value: &Value| value.as_str().expect("a text").to_owned();
        let findings = report["findings"].as_array().expect("findings");
        let mut ids: Vec<_> =
            findings.iter().map(|finding| (text(&finding["detection"]), text(&finding["id"]))).collect();
        ids.sort();
        ids
    };
    // A wider match, then the exact one of the same session, then more of everything.
    let sticky = json!({"authenticationProtocol": "none", "originalTransferMethod": "deviceCodeFlow", "conditionalAccessAudiences": []});
    let wider = device_code("wider", "2026-11-12T11:00:00Z", sticky);
    let registered = audit(ANN, "registered", "2026-11-12T12:00:00Z", json!({}));
    let few = vec![wider.clone(), registered.clone()];
    let many = vec![
        wider,
        registered,
        device_code("exact", "2026-11-12T10:30:00Z", json!({})),
        audit(ANN, "registered-too", "2026-11-12T12:30:00Z", json!({"activityDisplayName": "Add FIDO2 security key"})),
        sign_in(ANN, "unrelated", "2026-11-12T07:00:00Z", json!({"sessionId": guid("another session")})),
    ];
    assert_eq!(ids(&few).len(), 4);
    assert_eq!(ids(&few), ids(&many));
    let report = report_of(&many);
    let broker = report["findings"]
        .as_array()
        .expect("findings")
        .iter()
        .find(|finding| finding["detection"] == "device-code-broker");
    assert_eq!(broker.expect("a finding")["variant"], "exact");
}

#[test]
fn what_names_no_session_is_attached_by_address_and_time_or_stays_loose() {
    let activity = |id: &str, time: &str, address: &str| {
        json!({"time": time, "category": "MicrosoftGraphActivityLogs", "tenantId": "11111111-1111-4111-8111-111111111111",
            "operationName": "Microsoft Graph Activity", "properties": {"id": id, "createdDateTime": time, "appId": BROKER,
            "userId": guid(ANN), "authenticationProtocol": "deviceCode", "ipAddress": address}})
    };
    let start = sign_in(ANN, "start", "2026-11-12T10:00:00Z", json!({}));
    for (record, attached) in [
        (activity("near", "2026-11-12T10:29:00Z", "203.0.113.10"), true),
        (activity("too-late", "2026-11-12T10:31:00Z", "203.0.113.10"), false),
        (activity("elsewhere", "2026-11-12T10:01:00Z", "203.0.113.11"), false),
    ] {
        let report = report_of(&[start.clone(), record.clone()]);
        let session = &report["findings"][0]["session"];
        assert_eq!(session.is_string(), attached, "{record}");
        assert_eq!(report["sessions"].as_array().map(Vec::len), Some(usize::from(attached)));
        assert_eq!(
            report["findings"][0]["id"],
            report_of(&[record])["findings"][0]["id"],
            "attached or not, the id is the same"
        );
    }
}

#[test]
fn a_forged_session_costs_no_more_than_its_length() {
    // 5,000 firsts and 5,000 seconds from 500 places: 25 million pairs, all counted.
    let mut records = Vec::new();
    for number in 0..5_000_u32 {
        let time = format!("2026-11-12T{:02}:{:02}:{:02}Z", number / 3600, number / 60 % 60, number % 60);
        let place =
            json!({"ipAddress": format!("192.0.2.{}", number % 250), "autonomousSystemNumber": 70_000 + number % 500});
        let [first, second] = pivot(place.clone()).try_into().expect("two records");
        records.push(with(with(first, place), json!({"id": format!("first-{number}"), "createdDateTime": time})));
        records.push(with(
            second,
            json!({"id": format!("second-{number}"), "createdDateTime": format!("2026-11-13{}", &time[10..])}),
        ));
    }
    let report = report_of(&records);
    let finding = &report["findings"][0];
    assert_eq!(finding["facts"]["pair_count"], 25_000_000_u64);
    assert_eq!(finding["facts"]["pairs"].as_array().map(Vec::len), Some(1_000));
    assert_eq!(finding["evidence"].as_array().map(Vec::len), Some(10_000));
}
