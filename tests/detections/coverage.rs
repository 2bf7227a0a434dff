//! What is said of what could not be looked for.

use serde_json::{Value, json};

use crate::support::{audit, guid, report_of, sign_in, with};

const ANN: &str = "ann";
const KINDS: [&str; 3] = [
    "interactive and non-interactive sign-ins, admin center JSON or Graph beta",
    "non-interactive sign-ins, admin center JSON or Graph beta",
    "directory audit log, admin center JSON or Graph",
];

/// Status, missing fields as `field records/of`, kinds of exports, note.
type Told = (String, Vec<String>, Vec<&'static str>, String);

fn told(records: &[Value], detection: &str) -> Told {
    let report = report_of(records);
    let all = report["coverage"].as_array().expect("a list");
    let item = all.iter().find(|item| item["detection"] == detection).expect("each detection is told of");
    let text = |value: &Value| value.as_str().expect("a text").to_owned();
    let missing = item["missing"].as_array().expect("a list");
    let exports = item["exports"].as_array().expect("a list");
    for export in exports {
        assert!(!text(&export["why"]).is_empty() && !text(&export["how"]).is_empty());
    }
    (
        text(&item["status"]),
        missing.iter().map(|field| format!("{} {}/{}", text(&field["field"]), field["records"], field["of"])).collect(),
        exports
            .iter()
            .map(|export| *KINDS.iter().find(|kind| **kind == text(&export["kind"])).expect("a kind"))
            .collect(),
        text(&item["note"]),
    )
}

fn interactive(number: u32) -> Value {
    sign_in(ANN, &format!("i{number}"), &format!("2026-11-12T08:{number:02}:00Z"), json!({}))
}

fn non_interactive(number: u32) -> Value {
    let change = json!({"isInteractive": false, "incomingTokenType": "refreshToken"});
    sign_in(ANN, &format!("n{number}"), &format!("2026-11-12T09:{number:02}:00Z"), change)
}

fn registered() -> Value {
    audit(ANN, "registered", "2026-11-12T12:00:00Z", json!({}))
}

fn full() -> Vec<Value> {
    vec![interactive(1), interactive(2), non_interactive(1), registered()]
}

/// The same records with fields taken away or changed in the sign-ins.
fn changed(records: Vec<Value>, changes: &Value) -> Vec<Value> {
    let change =
        |record: Value| if record["createdDateTime"].is_string() { with(record, changes.clone()) } else { record };
    records.into_iter().map(change).collect()
}

#[test]
fn what_could_be_looked_for_in_full_says_at_how_much() {
    for (detection, note) in [
        ("foci-pivot", "Looked at all 3 user sign-ins."),
        ("device-code-broker", "Looked at all 3 user sign-ins."),
        ("device-code-then-credential", "Looked at all 3 user sign-ins and 1 directory audit events."),
    ] {
        assert_eq!(told(&full(), detection), ("ran".to_owned(), vec![], vec![], note.to_owned()));
    }
}

/// The one export that a detection waits for.
fn hint(records: &[Value], detection: &str) -> Value {
    let report = report_of(records);
    let all = report["coverage"].as_array().expect("a list");
    let item = all.iter().find(|item| item["detection"] == detection).expect("each detection is told of");
    assert_eq!(item["exports"].as_array().map(Vec::len), Some(1), "{item}");
    item["exports"][0].clone()
}

#[test]
fn a_hint_names_the_records_the_way_and_other_ways() {
    let hint = hint(&[interactive(1), registered()], "foci-pivot");
    assert_eq!(hint["holds"], json!(["non-interactive"]));
    assert_eq!(
        hint["how"],
        "Entra admin center: Monitoring & health › Sign-in logs › User sign-ins (non-interactive) › Download › JSON"
    );
    let also: Vec<(&str, &str)> = hint["also"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|other| (other["kind"].as_str().expect("a text"), other["how"].as_str().expect("a text")))
        .collect();
    let kinds: Vec<&str> = also.iter().map(|(kind, _)| *kind).collect();
    assert_eq!(kinds[..3], ["admin center JSON or Graph beta", "PowerShell beta", "diagnostic setting"]);
    for (kind, name) in [
        ("PowerShell beta", "t eq 'nonInteractiveUser'"),
        ("diagnostic setting", "› NonInteractiveUserSignInLogs ›"),
        ("Log Analytics or Sentinel", "KQL: AADNonInteractiveUserSignInLogs |"),
    ] {
        assert!(also.iter().any(|(is, how)| *is == kind && how.contains(name)), "{kind}: {also:?}");
    }
    assert!(!kinds.iter().any(|kind| kind.contains("v1.0")), "it holds no such records: {kinds:?}");
}

#[test]
fn a_hint_for_fields_names_them_and_no_export_that_lacks_one() {
    let records =
        changed(full(), &json!({"sessionId": null, "authenticationProcessingDetails": null, "deviceDetail": null}));
    let hint = hint(&records, "foci-pivot");
    assert_eq!(hint["holds"], json!(["interactive", "non-interactive"]));
    let why = hint["why"].as_str().expect("a text");
    assert!(why.contains("session id") && why.ends_with(", which records here lack"), "{why}");
    let also = hint["also"].to_string();
    assert!(also.contains("PowerShell beta") && also.contains("Log Analytics"), "{also}");
    // The CSV of the admin center has the session id, and no policies.
    assert!(why.contains("conditional access policies") && !also.contains("admin center CSV"), "{why}: {also}");
}

#[test]
fn without_sign_ins_all_are_blind() {
    for detection in ["foci-pivot", "device-code-broker", "device-code-then-credential"] {
        let (status, missing, exports, note) = told(&[registered()], detection);
        assert_eq!((status.as_str(), missing.len(), exports), ("blind", 0, vec![KINDS[0]]));
        assert_eq!(note, "There are no sign-ins of users in these exports.");
    }
}

#[test]
fn graph_version_1_has_no_session_id_and_no_token_type() {
    let lacking = json!({"sessionId": null, "incomingTokenType": null, "authenticationProtocol": null, "originalTransferMethod": null,
        "userAgent": null, "autonomousSystemNumber": null, "homeTenantId": null, "resourceTenantId": null, "conditionalAccessAudiences": null});
    let records = changed(full(), &lacking);
    let (status, missing, exports, note) = told(&records, "foci-pivot");
    assert_eq!((status.as_str(), exports), ("blind", vec![KINDS[0]]));
    assert_eq!(missing[..2], ["session_id 3/3", "incoming_token_type 3/3"]);
    assert_eq!(
        note,
        "None of the 3 user sign-ins has the field session id. None of the 3 user sign-ins has incoming token type. Where one is missing, only the other could be asked."
    );
    let (status, missing, exports, note) = told(&records, "device-code-broker");
    assert_eq!((status.as_str(), exports), ("blind", vec![KINDS[0]]));
    assert_eq!(missing[..2], ["authentication_protocol 3/3", "original_transfer_method 3/3"]);
    assert_eq!(note, "None of the 3 user sign-ins has the field authentication protocol or original transfer method.");
}

#[test]
fn session_ids_that_are_empty_everywhere_are_as_good_as_none_and_told_apart() {
    for empty in ["", "00000000-0000-0000-0000-000000000000"] {
        let (status, missing, _, note) = told(&changed(full(), &json!({"sessionId": empty})), "foci-pivot");
        assert_eq!((status.as_str(), missing), ("blind", vec!["session_id 3/3".to_owned()]));
        assert_eq!(note, "In all 3 user sign-ins the session id is empty.");
    }
}

#[test]
fn a_field_that_some_records_lack_is_counted() {
    let mut records = full();
    records.push(with(interactive(7), json!({"sessionId": null})));
    records.push(with(interactive(8), json!({"sessionId": ""})));
    let (status, missing, exports, note) = told(&records, "foci-pivot");
    assert_eq!((status.as_str(), exports), ("partial", vec![KINDS[0]]));
    assert_eq!(missing, ["session_id 2/5"]);
    assert_eq!(note, "2 of 5 user sign-ins have no session id. They were left out.");
    // A device id that is empty says that there is none: nothing is missing.
    let (status, ..) = told(&changed(full(), &json!({"deviceDetail": {"deviceId": ""}})), "foci-pivot");
    assert_eq!(status, "ran");
}

#[test]
fn a_field_that_only_weighs_makes_it_partial() {
    let (status, missing, exports, note) = told(&changed(full(), &json!({"homeTenantId": null})), "foci-pivot");
    assert_eq!((status.as_str(), missing, exports), ("partial", vec!["home_tenant_id 3/3".to_owned()], vec![KINDS[0]]));
    assert_eq!(note, "It is less sure of what it finds, for fields are missing: home tenant id in all user sign-ins.");
}

#[test]
fn of_two_fields_either_of_which_would_do_one_is_enough_to_look_in_part() {
    let (status, missing, _, note) =
        told(&changed(full(), &json!({"authenticationProtocol": null})), "device-code-broker");
    assert_eq!((status.as_str(), missing), ("partial", vec!["authentication_protocol 3/3".to_owned()]));
    assert_eq!(
        note,
        "None of the 3 user sign-ins has authentication protocol. Where one is missing, only the other could be asked."
    );
}

#[test]
fn the_interactive_log_alone_is_a_part() {
    let (status, missing, exports, note) = told(&[interactive(1), registered()], "foci-pivot");
    assert_eq!((status.as_str(), missing.len(), exports), ("partial", 0, vec![KINDS[1]]));
    assert!(note.starts_with("Non-interactive sign-ins are missing: "), "{note}");
    let notices = report_of(&[interactive(1)])["notices"].clone();
    assert_eq!(notices[0]["kind"], "interactive-only");
}

#[test]
fn without_the_audit_log_nothing_is_known_of_registrations() {
    let (status, missing, exports, note) = told(&[interactive(1), non_interactive(1)], "device-code-then-credential");
    assert_eq!((status.as_str(), missing.len(), exports), ("blind", 0, vec![KINDS[2]]));
    assert_eq!(note, "There is no directory audit log in these exports.");
}

#[test]
fn an_audit_log_of_other_days_is_as_good_as_none() {
    for (time, status) in [
        ("2026-11-01T00:00:00Z", "blind"),
        ("2026-11-12T08:30:00Z", "ran"),
        ("2026-11-14T09:00:00Z", "ran"),
        ("2026-11-14T10:00:00Z", "blind"),
    ] {
        let records = [interactive(1), non_interactive(1), audit(ANN, "a", time, json!({}))];
        assert_eq!(told(&records, "device-code-then-credential").0, status, "{time}");
    }
}

#[test]
fn applications_that_sign_in_are_no_user_sign_ins() {
    let principal = with(
        interactive(1),
        json!({"signInEventTypes": ["servicePrincipal"], "servicePrincipalId": guid("sp"), "userId": null, "userPrincipalName": null}),
    );
    assert_eq!(told(std::slice::from_ref(&principal), "foci-pivot").0, "blind");
    let report = report_of(&[principal]);
    assert_eq!(report["sessions_total"], 0);
}

#[test]
fn users_with_too_short_a_history_are_counted_where_a_detection_needs_one() {
    let later = |user: &str, day: u32| {
        let change = json!({"isInteractive": false, "incomingTokenType": "refreshToken"});
        sign_in(user, &format!("{user}-{day}"), &format!("2026-11-{day}T09:00:00Z"), change)
    };
    let of = |records: &[Value], detection: &str| {
        let report = report_of(records);
        let all = report["coverage"].as_array().expect("a list");
        all.iter().find(|item| item["detection"] == detection).expect("each detection is told of").clone()
    };
    // Three users with four days each, and one with one.
    let mut records: Vec<Value> =
        ["ben", "cem", "dan"].iter().flat_map(|user| [later(user, 12), later(user, 16)]).collect();
    records.push(interactive(1));
    let told = of(&records, "refresh-from-new-place");
    assert_eq!(told["history"], json!({"users": 1, "of": 4, "days": 3}));
    assert_eq!(told["status"], "partial");
    assert!(told["note"].as_str().expect("a text").contains("For 1 of 4 users"), "{told}");
    assert!(told["exports"].to_string().contains("what a user did before"), "{told}");
    // One of five is the few that every organisation has.
    records.extend([later("eve", 12), later("eve", 15)]);
    let told = of(&records, "refresh-from-new-place");
    assert_eq!(told["history"], json!({"users": 1, "of": 5, "days": 3}));
    assert!(!told["note"].as_str().expect("a text").contains("days of sign-ins"), "{told}");
    assert_eq!(of(&records, "foci-pivot")["history"], Value::Null, "it compares with nothing earlier");
}

#[test]
fn kinds_of_records_that_are_missing_are_told_with_the_export_that_holds_them() {
    let risk = json!({"id": "r1", "requestId": "i1", "riskEventType": "anomalousToken", "riskState": "atRisk",
        "riskLevel": "high", "detectionTimingType": "realtime", "activity": "signin", "userId": guid(ANN),
        "activityDateTime": "2026-11-12T08:01:00Z", "detectedDateTime": "2026-11-12T08:01:00Z",
        "userPrincipalName": "ann@contoso.example"});
    let held = |records: &[Value]| -> Vec<(String, u64, bool)> {
        let report = report_of(records);
        let of = |kind: &Value| {
            let told = kind["export"].is_null() || kind["export"]["how"].as_str().is_some_and(|how| !how.is_empty());
            assert!(told, "{kind}");
            let name = kind["kind"].as_str().expect("a kind").to_owned();
            (name, kind["events"].as_u64().expect("a number"), kind["export"].is_null())
        };
        report["holds"].as_array().expect("a list").iter().map(of).collect()
    };
    let all = held(&[full(), vec![risk]].concat());
    let expected = [
        ("interactive", 2, true),
        ("non-interactive", 1, true),
        ("service-principal", 0, false),
        ("managed-identity", 0, false),
        ("directory", 1, true),
        ("activity", 0, false),
        ("risk", 1, true),
    ];
    assert_eq!(all, expected.map(|(kind, events, there)| (kind.to_owned(), events, there)));
    assert!(!held(&full()).last().expect("a kind").2, "without risk detections the export is named");
}
