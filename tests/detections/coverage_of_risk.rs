//! What coverage says of risk, of networks that hide, and of records of which one kind or the other will do.

use serde_json::{Value, json};
use signin_sleuth::detections::Tuning;

use crate::support::{audit, case, guid, lines, report, sign_in, with};

const ANN: &str = "ann";

/// Two sign-ins of each stream, with these fields changed.
fn sign_ins(changes: &Value) -> Vec<Value> {
    let rows = (0..4).map(|number| {
        let time = format!("2026-11-12T08:0{number}:00Z");
        let stream = json!({"isInteractive": number % 2 == 0});
        with(with(sign_in(ANN, &format!("s{number}"), &time, stream), risk("none", json!([]))), changes.clone())
    });
    rows.collect()
}

/// The risk that a sign-in carries.
fn risk(level: &str, types: Value) -> Value {
    json!({"riskLevelDuringSignIn": level, "riskLevelAggregated": level, "riskState": "none", "riskEventTypes_v2": types})
}

/// A record of Identity Protection.
fn detected() -> Value {
    json!({"id": "r1", "requestId": "s1", "riskEventType": "anomalousToken", "riskState": "atRisk", "riskLevel": "high",
        "detectionTimingType": "offline", "activity": "signin", "userId": guid(ANN),
        "activityDateTime": "2026-11-12T08:01:00Z", "detectedDateTime": "2026-11-12T20:01:00Z",
        "userPrincipalName": "ann@contoso.example"})
}

fn registered() -> Value {
    audit(ANN, "registered", "2026-11-12T12:00:00Z", json!({}))
}

/// An act in a mailbox.
fn act() -> Value {
    json!({"CreationTime": "2026-11-12T09:00:00", "Id": "m1", "Operation": "New-InboxRule", "RecordType": 1,
        "Workload": "Exchange", "UserId": "ann@contoso.example", "ObjectId": "rule", "Parameters": []})
}

/// Status, missing fields and note of a detection.
fn told(files: &[(&str, String)], detection: &str) -> (String, Vec<String>, String) {
    let report = report(&case(files), &Tuning::default());
    let all = report["coverage"].as_array().expect("a list");
    let item = all.iter().find(|item| item["detection"] == detection).expect("each detection is told of");
    let text = |value: &Value| value.as_str().expect("a text").to_owned();
    let missing = item["missing"].as_array().expect("a list");
    (text(&item["status"]), missing.iter().map(|field| text(&field["field"])).collect(), text(&item["note"]))
}

fn of(records: &[Value], detection: &str) -> (String, Vec<String>, String) {
    told(&[("records.ndjson", lines(records))], detection)
}

#[test]
fn risk_that_a_tenant_may_not_see_is_none() {
    let hidden = sign_ins(&risk("hidden", json!([])));
    let (status, _, note) = of(&hidden, "identity-protection");
    assert_eq!(status, "blind");
    assert!(note.contains("There are no risk detections, and no sign-ins that carry a level of risk,"), "{note}");
    assert!(note.contains("Microsoft hides the risk of 4 of 4 user sign-ins"), "{note}");
    // Where some is hidden, the rest was looked at.
    let mut some = hidden;
    some.truncate(1);
    some.extend(sign_ins(&json!({"userPrincipalName": "bob@contoso.example"})).into_iter().map(|row| {
        let id = format!("b-{}", row["id"].as_str().expect("an id"));
        with(row, json!({"id": id}))
    }));
    let (status, missing, note) = of(&some, "identity-protection");
    assert_eq!(
        (status.as_str(), missing),
        ("partial", vec!["risk_level_during_signin".to_owned(), "risk_event_types".to_owned()])
    );
    assert!(note.contains("1 of 5"), "{note}");
    // None is an answer, and nothing is hidden.
    assert!(!of(&sign_ins(&json!({})), "identity-protection").2.contains("hides"));
}

#[test]
fn sign_ins_alone_show_a_part_of_what_identity_protection_detects() {
    let (status, missing, note) = of(&sign_ins(&json!({})), "identity-protection");
    assert_eq!((status.as_str(), missing.len()), ("partial", 0));
    assert!(note.starts_with("Risk detections of their own are missing: most detections come hours after"), "{note}");
    let (status, _, note) = of(&[sign_ins(&json!({})), vec![detected()]].concat(), "identity-protection");
    assert_eq!((status.as_str(), note.as_str()), ("ran", "Looked at all 5 risk detections."));
    // A level without types is the half of it.
    let untyped = sign_ins(&json!({"riskEventTypes_v2": null}));
    let (status, missing, note) = of(&[untyped, vec![detected()]].concat(), "identity-protection");
    assert_eq!((status.as_str(), missing), ("partial", vec!["risk_event_types".to_owned()]));
    assert!(note.contains("risk event types in all user sign-ins"), "{note}");
    // Detections alone are all that there is.
    assert_eq!(of(&[detected()], "identity-protection").0, "ran");
    let nothing = json!({"riskLevelDuringSignIn": null, "riskEventTypes_v2": null});
    assert_eq!(of(&sign_ins(&nothing), "identity-protection").0, "blind");
}

#[test]
fn of_the_audit_log_and_acts_in_mailboxes_either_will_do() {
    let with_risk = |more: &[Value]| {
        let records = [sign_ins(&json!({})), vec![detected()], more.to_vec()].concat();
        of(&records, "risk-then-action")
    };
    let (status, _, note) = with_risk(&[act(), registered()]);
    assert_eq!(status, "ran", "{note}");
    for (more, lacks) in [
        (act(), "The directory audit log is missing: methods, devices, consents and roles show there."),
        (registered(), "Acts in mailboxes, files and Teams are missing: inbox rules and downloads show there."),
    ] {
        let (status, _, note) = with_risk(&[more]);
        assert_eq!(status, "partial", "{note}");
        assert!(note.contains(lacks), "{note}");
    }
    // Without anything that says who is at risk there is nothing to follow from.
    let (status, _, note) = of(&[act(), registered()], "risk-then-action");
    assert_eq!(status, "blind");
    assert_eq!(note, "There are no risk detections, and no sign-ins of users, in these exports.");
    let (status, _, note) = of(&[act(), registered(), detected()], "risk-then-action");
    assert_eq!(status, "partial");
    assert!(note.contains("whose hands a session is in shows there"), "{note}");
    let (status, _, note) = with_risk(&[]);
    assert_eq!(status, "blind");
    assert_eq!(
        note,
        "There is no directory audit log, and are no acts in mailboxes, files or Teams, in these exports."
    );
}

#[test]
fn networks_that_hide_are_seen_by_their_number_by_risk_or_by_a_list() {
    let bare = json!({"autonomousSystemNumber": null, "riskEventTypes_v2": null});
    let file = |changes: &Value| ("a.ndjson", lines(&sign_ins(changes)));
    let status = |changes: &Value, lists: &[(&'static str, String)]| {
        let files: Vec<(&str, String)> = std::iter::once(file(changes)).chain(lists.iter().cloned()).collect();
        told(&files, "anonymising-network")
    };
    let (is, missing, note) = status(&bare, &[]);
    assert_eq!((is.as_str(), missing), ("blind", vec!["asn".to_owned(), "risk_event_types".to_owned()]));
    assert!(note.contains("network number (ASN) or risk event types"), "{note}");
    // A list says what it says, of whatever address; the organisation's own says nothing of others.
    let tor = ("tor.txt", "198.51.100.7\n".to_owned());
    let (is, _, note) = status(&bare, &[tor]);
    assert_eq!(is, "partial");
    assert!(note.contains("only networks that your lists name by their addresses"), "{note}");
    assert_eq!(status(&bare, &[("known-good.txt", "203.0.113.0/24\n".to_owned())]).0, "blind");
    // Either of the fields sees a part, both all.
    assert_eq!(status(&json!({"autonomousSystemNumber": null}), &[]).0, "partial");
    assert_eq!(status(&json!({"riskEventTypes_v2": null}), &[]).0, "partial");
    assert_eq!(status(&json!({}), &[]).0, "ran");
}

#[test]
fn what_rests_on_other_records_says_at_how_many_it_looked() {
    let call = json!({"TimeGenerated": "2026-11-12T09:00:00Z", "Type": "MicrosoftGraphActivityLogs", "RequestId": "c1",
        "RequestMethod": "GET", "RequestUri": "https://graph.microsoft.com/v1.0/me", "ResponseStatusCode": 200,
        "AppId": "1fec8e78-bce4-4aaf-ab1b-5451cc387264", "UserId": guid(ANN), "IPAddress": "203.0.113.10"});
    let (status, _, note) = of(&[call], "directory-enumeration");
    assert_eq!((status.as_str(), note.as_str()), ("ran", "Looked at all 1 calls of Microsoft Graph."));
}

#[test]
fn what_is_detected_of_applications_is_in_no_sign_in_and_in_no_detection_of_users() {
    let application = json!({"id": "r2", "riskEventType": "leakedCredentials", "riskState": "atRisk", "riskLevel": "high",
        "servicePrincipalId": guid("backup"), "servicePrincipalDisplayName": "Backup", "appId": guid("app"),
        "activityDateTime": "2026-11-12T08:01:00Z", "detectedDateTime": "2026-11-12T08:01:00Z"});
    let (status, _, note) = of(&[sign_ins(&json!({})), vec![detected()]].concat(), "workload-identity-risk");
    assert_eq!(
        (status.as_str(), note.as_str()),
        ("blind", "There are no risk detections of applications in these exports.")
    );
    let (status, _, note) = of(&[detected(), application], "workload-identity-risk");
    assert_eq!((status.as_str(), note.as_str()), ("ran", "Looked at all 1 risk detections of applications."));
}

/// What the list of formats says of exports that show little holds by coverage.
#[test]
fn exports_that_are_said_to_show_little_do() {
    use signin_sleuth::formats::ALL;
    use signin_sleuth::generate::{Format, Settings, tenant};
    let says = |name: &str, words: &str| {
        let format = ALL.iter().find(|format| format.name == name).expect("a format");
        assert!(format.export.note.contains(words), "{name}: {}", format.export.note);
    };
    let counts = |files: &[(&str, String)]| {
        let report = report(&case(files), &Tuning::default());
        let all = report["coverage"].as_array().expect("a list").clone();
        let with = |status: &str| all.iter().filter(|item| item["status"] == status).count();
        (with("blind"), with("ran"), all.len())
    };
    says("graph-sign-in-v1", "most detections are blind");
    let made = tenant(&Settings { users: 4, days: 3, pace: 4, ..Settings::default() }).write(Format::GraphV1);
    let sign_ins = made.iter().find(|file| file.name.contains("SignIns")).expect("sign-ins");
    let text = String::from_utf8(sign_ins.bytes.clone()).expect("UTF-8");
    let (blind, ran, all) = counts(&[("v1.json", text)]);
    assert!(blind * 2 > all && ran * 20 < all, "{blind} blind and {ran} in full of {all}");
    says("script-sign-in-csv", "almost nothing can be looked for");
    let script = "CreatedDateTime,UserPrincipalName,AppDisplayName,IPAddress,City,Country,Device,Browser,OS,Status\n\
        2026-11-12T08:00:00Z,ann@contoso.example,Office,203.0.113.10,Berlin,DE,PC,Edge,Windows,Success\n";
    let (blind, ran, all) = counts(&[("a.csv", script.to_owned())]);
    assert!(blind * 4 > all * 3 && ran * 20 < all, "{blind} blind and {ran} in full of {all}");
}
