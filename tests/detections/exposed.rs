//! What an incident exposed, and what is found where only mailboxes and the directory are in the exports.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use signin_sleuth::analysis::{detect, merge};
use signin_sleuth::detections::{ALL, Records, Tuning};
use signin_sleuth::generate::{Detail, Format, Kind, Settings, tenant};
use signin_sleuth::report::page::Desk;
use signin_sleuth::report::{Layout, Reporter, text};

use crate::support::{case, guid, lines, report, sign_in, with};

const THIEF: &str = "192.0.2.30";

/// A sign-in at home, and a tool on a rented machine that goes on with the session.
fn stolen(user: &str, time: &str) -> Vec<Value> {
    let tool = json!({"appId": "04b07795-8ddb-461a-bbee-02f9e1bf7b46", "appDisplayName": "Microsoft Azure CLI", "isInteractive": false,
        "incomingTokenType": "refreshToken", "userAgent": "python-requests/2.32.3", "ipAddress": THIEF,
        "autonomousSystemNumber": 64502, "location": {"countryOrRegion": "NL"}, "deviceDetail": {"deviceId": ""}});
    vec![
        sign_in(user, &format!("{user}-first"), &format!("2026-11-12T09:{time}:00Z"), json!({})),
        sign_in(user, &format!("{user}-second"), &format!("2026-11-12T10:{time}:00Z"), tool),
    ]
}

/// An act of a user in their session, from an address.
fn act(user: &str, id: &str, address: &str, operation: &str, changes: Value) -> Value {
    with(
        json!({
            "Id": guid(id), "CreationTime": "2026-11-12T10:40:00", "Operation": operation, "ResultStatus": "Succeeded",
            "OrganizationId": "11111111-1111-4111-8111-111111111111", "RecordType": 50, "UserKey": "k", "Workload": "Exchange",
            "UserId": format!("{user}@contoso.example"), "MailboxOwnerUPN": format!("{user}@contoso.example"), "ClientIP": address,
            "AppAccessContext": {"AADSessionId": guid(&format!("session of {user}"))},
        }),
        changes,
    )
}

fn mail(user: &str, id: &str, address: &str, count: u32, throttled: &str) -> Value {
    act(
        user,
        id,
        address,
        "MailItemsAccessed",
        json!({
            "OperationCount": count,
            "OperationProperties": [{"Name": "MailAccessType", "Value": "Bind"}, {"Name": "IsThrottled", "Value": throttled}],
            "Folders": [{"Path": "\\Inbox", "FolderItems": [{"InternetMessageId": format!("<{id}@m.example>")}]}],
        }),
    )
}

fn file(user: &str, id: &str, address: &str, name: &str) -> Value {
    let object = format!("https://contoso.sharepoint.com/sites/sales/Docs/{name}");
    act(user, id, address, "FileDownloaded", json!({"Workload": "SharePoint", "RecordType": 6, "ObjectId": object}))
}

fn records() -> Vec<Value> {
    // Ann is known to work at home.
    let home = |day: u32| {
        sign_in(
            "ann",
            &format!("ann-{day}"),
            &format!("2026-11-{day:02}T08:00:00Z"),
            json!({"sessionId": guid(&day.to_string())}),
        )
    };
    let mut records: Vec<Value> = (2..9).map(home).collect();
    records.extend(stolen("ann", "11"));
    records.extend(stolen("bob", "21"));
    records.extend([
        mail("ann", "a1", THIEF, 3, "False"),
        mail("ann", "a2", THIEF, 4, "True"),
        // What the owner read at home in the same session was not exposed by it.
        mail("ann", "a3", "203.0.113.10", 20, "False"),
        mail("bob", "b1", THIEF, 5, "False"),
        file("bob", "f1", THIEF, "Payroll.xlsx"),
        file("bob", "f2", THIEF, "Plan.docx"),
        file("bob", "f3", THIEF, "Plan.docx"),
        // Another session's acts are of no incident.
        with(mail("ann", "a4", THIEF, 30, "False"), json!({"AppAccessContext": {"AADSessionId": guid("elsewhere")}})),
    ]);
    records
}

#[test]
fn an_incident_lists_what_was_exposed_in_all_its_sessions() {
    let report = report(&case(&[("records.ndjson", lines(&records()))]), &Tuning::default());
    let incidents = report["incidents"].as_array().expect("incidents");
    assert_eq!(incidents.len(), 1, "{incidents:#?}");
    assert_eq!(
        incidents[0]["exposure"],
        json!({
            "mail": {
                "mails": 12, "bind": 3, "sync": 0, "throttled": true,
                "mailboxes": ["ann@contoso.example", "bob@contoso.example"],
                "folders_total": 1, "folders": [{"folder": "\\Inbox", "mails": 12}],
                "messages_listed": 3, "messages": ["<a1@m.example>", "<a2@m.example>", "<b1@m.example>"],
            },
            "files": {
                "files": 2, "sites_total": 1,
                "sites": [{"site": "https://contoso.sharepoint.com/sites/sales", "files": 2}],
                "names": ["Payroll.xlsx", "Plan.docx"],
                "sensitive_total": 1, "sensitive": [{"name": "Payroll.xlsx", "words": ["payroll"]}],
            },
        })
    );
}

#[test]
fn text_and_page_tell_the_same_of_it() {
    let case = case(&[("records.ndjson", lines(&records()))]);
    let tuning = Tuning::default();
    let merged = merge(&case, detect(&case, 0..case.buckets.len(), &tuning));
    let reporter = Reporter { case: &case, merged: &merged, tuning: &tuning };
    let told = text(&reporter, &reporter.report(), Layout { width: 100, colour: false, all: false });
    let told = told.split_whitespace().collect::<Vec<_>>().join(" ");
    let mails = "12 mails read in 1 folder of ann@contoso.example and bob@contoso.example; ids of 3 mails are known; \
                 Exchange stopped writing down, so that more was read than is listed.";
    let files = "2 files opened or taken from https://contoso.sharepoint.com/sites/sales; 1 name speaks of secrets, money or \
                 people: Payroll.xlsx.";
    assert!(told.contains(&format!("exposed {mails}")) && told.contains(&format!("exposed {files}")), "{told}");
    let key = merged.sessions.first().expect("a session").key.clone();
    let desk = Desk::with(case, tuning, merged);
    let question = json!({"ask": "session", "key": key}).to_string();
    let view: Value = serde_json::from_slice(&desk.answer(question.as_bytes()).expect("an answer")).expect("JSON");
    assert_eq!(view["incident"]["exposed"], json!([mails, files]));
    assert_eq!(view["incident"]["exposure"]["mail"]["mails"], 12);
    assert_eq!(view["incident"]["exposure"]["files"]["sensitive"][0]["name"], "Payroll.xlsx");
}

#[test]
fn an_incident_without_acts_exposes_nothing_that_is_known() {
    let report = report(&case(&[("records.ndjson", lines(&stolen("ann", "11")))]), &Tuning::default());
    assert_eq!(report["incidents"][0]["exposure"], json!({"mail": null, "files": null}));
}

/// The acts that a made-up tenant's intruders did, in an export without sign-ins.
#[test]
fn mailboxes_and_directory_alone_are_looked_at_and_the_rest_is_blind() {
    let made = tenant(&Settings {
        seed: 4,
        users: 60,
        pace: 3,
        detail: Detail::Brief,
        incidents: vec![Kind::ProxyReplay, Kind::DeviceCodeDevice, Kind::ConsentPhish, Kind::PolicyWeakened],
        ..Settings::default()
    });
    let files = made.write(Format::Collection);
    let text = |file: &signin_sleuth::generate::File| String::from_utf8(file.bytes.clone()).expect("UTF-8");
    let all: Vec<(&str, String)> = files.iter().map(|file| (file.name.as_str(), text(file))).collect();
    let holds = |(name, text): &(&str, String)| {
        let held = case(&[(name, text.clone())]);
        (held.summary.audits > 0 || held.summary.activities > 0) && held.summary.streams.is_empty()
    };
    let acts: Vec<(&str, String)> = all.iter().filter(|file| holds(file)).cloned().collect();
    assert!(!acts.is_empty() && acts.len() < all.len(), "{:?}", all.iter().map(|(name, _)| name).collect::<Vec<_>>());
    let report = report(&case(&acts), &Tuning::default());
    let found: BTreeSet<&str> = report["findings"]
        .as_array()
        .expect("findings")
        .iter()
        .filter(|finding| !matches!(finding["severity"].as_str(), Some("info" | "low")))
        .filter_map(|finding| finding["detection"].as_str())
        .collect();
    for detection in
        ["inbox-rule", "mailbox-forwarding", "traces-removed", "application-consent", "conditional-access-weakened"]
    {
        assert!(found.contains(detection), "{detection} is not among {found:?}");
    }
    assert_eq!((&report["sessions_total"], &report["sessions"]), (&json!(0), &json!([])));
    for entry in report["coverage"].as_array().expect("coverage") {
        let name = entry["detection"].as_str().expect("a name");
        let detection = ALL.iter().find(|detection| detection.id == name).expect("a detection");
        let signs_in = |records: &Records| {
            use Records::{NonInteractive, Risks, UserSignIns, WorkloadRisks, Workloads};
            matches!(records, UserSignIns | NonInteractive | Workloads | Risks | WorkloadRisks)
        };
        // What follows on a risk waits for one, which sign-ins and risk detections alone tell.
        if name == "risk-then-action" || detection.records.iter().any(signs_in) {
            assert_eq!(entry["status"], "blind", "{name}");
            assert!(!entry["exports"].as_array().expect("exports").is_empty(), "{name} names no export");
        } else if !detection.records.contains(&Records::Calls) && !detection.records.contains(&Records::Activities) {
            assert_ne!(entry["status"], "blind", "{name}");
        }
    }
}
