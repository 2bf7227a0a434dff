//! Acts in mailboxes and with files: what real records show, what is exposed, and what is blind without
//! sign-ins.

use std::fs;
use std::path::PathBuf;

use serde_json::{Value, json};
use signin_sleuth::detections::Tuning;

use crate::support::{case, guid, report, report_of, sign_in, with};

/// A record of the unified audit log, by the user.
fn act(user: &str, id: &str, time: &str, operation: &str, changes: Value) -> Value {
    with(
        json!({
            "Id": id,
            "CreationTime": format!("2026-11-{time}"),
            "Operation": operation,
            "OrganizationId": "11111111-1111-4111-8111-111111111111",
            "RecordType": 50,
            "ResultStatus": "Succeeded",
            "UserKey": "k",
            "Workload": "Exchange",
            "UserId": format!("{user}@contoso.example"),
            "MailboxOwnerUPN": format!("{user}@contoso.example"),
            "ClientIP": "203.0.113.10",
        }),
        changes,
    )
}

fn findings<'a>(report: &'a Value, detection: &str) -> Vec<&'a Value> {
    let all = report["findings"].as_array().expect("findings");
    all.iter().filter(|finding| finding["detection"] == detection).collect()
}

/// A file of the folder of samples; nothing where the folder is not there.
fn sample(path: &str) -> Option<(String, String)> {
    let folder = std::env::var_os("SLEUTH_SAMPLES").map_or_else(|| PathBuf::from("../shared/data"), PathBuf::from);
    let text = fs::read_to_string(folder.join(path)).ok();
    if text.is_none() {
        println!("skipped: there is no {path} in {}", folder.display());
    }
    text.map(|text| (path.to_owned(), text))
}

#[test]
fn real_rules_of_a_training_lab_are_told() {
    let Some((name, text)) = sample("sentinel-training-lab/office_activity_inbox_rule.csv") else { return };
    let report = report(&case(&[(&name, text)]), &Tuning::default());
    let told: Vec<(&str, &str, &Value)> = findings(&report, "inbox-rule")
        .into_iter()
        .map(|finding| {
            let word = |key: &str| finding[key].as_str().expect("a word");
            (word("variant"), word("severity"), &finding["facts"]["rules"])
        })
        .collect();
    // One moves warnings (`do not open`) to the junk mail, the other deletes mail about a virus.
    assert_eq!(told, [("hides", "high", &json!(["rule2"])), ("moves", "info", &json!(["my_rule1"]))]);
}

#[test]
fn a_real_rule_that_copies_to_the_outside_is_no_surprise_among_real_acts() {
    let Some((name, text)) = sample("sentinel-training-lab/office_activity.csv") else { return };
    let report = report(&case(&[(&name, text)]), &Tuning::default());
    let all = report["findings"].as_array().expect("findings");
    let worse =
        all.iter().filter(|finding| ["high", "critical"].contains(&finding["severity"].as_str().expect("a word")));
    let worse: Vec<&Value> = worse.map(|finding| &finding["detection"]).collect();
    println!("{} findings, {worse:?} of them high", all.len());
    assert!(all.len() < 30, "{}", all.len());
}

#[test]
fn what_was_read_in_a_flagged_session_is_listed() {
    let session = guid("session of ada");
    let context = json!({"AADSessionId": session});
    let broker = json!({
        "authenticationProtocol": "deviceCode",
        "appId": "29d9ed98-a469-4536-ade2-f981bc1d605e",
        "conditionalAccessAudiences": [{"applicationId": "29d9ed98-a469-4536-ade2-f981bc1d605e"}],
    });
    let mail = |id: &str, time: &str, kind: &str, throttled: &str, folder: &str| {
        let properties =
            json!([{"Name": "MailAccessType", "Value": kind}, {"Name": "IsThrottled", "Value": throttled}]);
        let items = json!([{"InternetMessageId": format!("<{id}@m.example>")}]);
        let folders = json!([{"Path": folder, "FolderItems": items}]);
        let changes = json!({"OperationProperties": properties, "Folders": folders, "AppAccessContext": context, "OperationCount": 3});
        act("ada", id, time, "MailItemsAccessed", changes)
    };
    let records = [
        sign_in("ada", "in", "2026-11-10T09:00:00Z", broker),
        mail("m1", "10T09:10:00", "Bind", "False", "\\Inbox"),
        mail("m2", "10T09:11:00", "Bind", "False", "\\Sent Items"),
        mail("m3", "10T09:12:00", "Sync", "True", "\\Inbox"),
        // Another session's mail is not exposed.
        with(
            mail("m4", "10T09:13:00", "Bind", "False", "\\Inbox"),
            json!({"AppAccessContext": {"AADSessionId": guid("other")}}),
        ),
    ];
    let report = report_of(&records);
    let found = findings(&report, "mail-access");
    let [exposed] = found.as_slice() else { panic!("{found:?}") };
    let ids: Vec<&str> =
        exposed["evidence"].as_array().expect("evidence").iter().filter_map(|item| item["event"].as_str()).collect();
    assert_eq!(ids, ["m1", "m2", "m3"]);
    let facts = &exposed["facts"];
    assert_eq!(facts["linked_by"], "session id");
    assert_eq!(
        facts["exposure"],
        json!({
            "mails": 9, "bind": 2, "sync": 1, "throttled": true,
            "mailboxes": ["ada@contoso.example"],
            "folders_total": 2,
            "folders": [{"folder": "\\Inbox", "mails": 6}, {"folder": "\\Sent Items", "mails": 3}],
            "messages_listed": 3,
            "messages": ["<m1@m.example>", "<m2@m.example>", "<m3@m.example>"],
        })
    );
    assert_eq!(exposed["session"], findings(&report, "device-code-broker")[0]["session"]);
}

#[test]
fn a_purge_in_a_session_in_other_hands_is_told() {
    let broker = json!({
        "authenticationProtocol": "deviceCode",
        "appId": "29d9ed98-a469-4536-ade2-f981bc1d605e",
        "conditionalAccessAudiences": [{"applicationId": "29d9ed98-a469-4536-ade2-f981bc1d605e"}],
    });
    let mut records = vec![sign_in("ada", "in", "2026-11-10T09:00:00Z", broker)];
    for number in 0..30 {
        let subject = json!([{"Subject": format!("Re: plan {number}")}]);
        let changes = json!({"AffectedItems": subject, "AppAccessContext": {"AADSessionId": guid("session of ada")}});
        let time = format!("10T09:1{}:{:02}", number / 6, number % 6 * 10);
        records.push(act("ada", &format!("p{number}"), &time, "HardDelete", changes));
    }
    let report = report_of(&records);
    let found = findings(&report, "traces-removed");
    let [purge] = found.as_slice() else { panic!("{found:?}") };
    assert_eq!((&purge["variant"], &purge["severity"]), (&json!("purge"), &json!("high")));
    assert_eq!(purge["facts"]["acts"], 30);
    assert_eq!(purge["facts"]["tainted"]["detection"], "device-code-broker");
}

#[test]
fn a_flood_of_files_is_told_and_bounded() {
    let file = |number: usize| {
        let address =
            format!("https://contoso.sharepoint.com/sites/sales/Docs/{}/Password {number}.docx", number % 500);
        let time = format!("10T09:{:02}:{:02}", number / 60 / 6, number / 6 % 60);
        act(
            "ada",
            &format!("f{number}"),
            &time,
            "FileSyncDownloadedFull",
            json!({"Workload": "OneDrive", "ObjectId": address}),
        )
    };
    let records: Vec<Value> = (0..5_000).map(file).collect();
    let report = report_of(&records);
    let found = findings(&report, "mass-download");
    let [flood] = found.as_slice() else { panic!("{}", found.len()) };
    assert_eq!((&flood["variant"], &flood["severity"]), (&json!("flood"), &json!("medium")));
    let exposure = &flood["facts"]["exposure"];
    assert_eq!(exposure["files"], 5_000);
    assert_eq!(exposure["sites"], json!([{"site": "https://contoso.sharepoint.com/sites/sales", "files": 5_000}]));
    assert_eq!(exposure["sensitive_total"], 5_000);
    assert_eq!(exposure["sensitive"][0]["words"], json!(["password"]));
    assert!(exposure["names"].as_array().expect("names").len() <= 200);
    assert!(flood.to_string().len() < 200_000);
}

#[test]
fn without_sign_ins_acts_are_looked_at_and_the_rest_is_blind() {
    let rule = json!({"Parameters": [{"Name": "Name", "Value": "."}, {"Name": "DeleteMessage", "Value": "True"}]});
    let report = report_of(&[act("ada", "r", "10T09:00:00", "New-InboxRule", rule)]);
    let found = findings(&report, "inbox-rule");
    assert_eq!(found.len(), 1);
    assert_eq!((&found[0]["session"], &found[0]["facts"]["linked_by"]), (&Value::Null, &Value::Null));
    let coverage = report["coverage"].as_array().expect("coverage");
    let of = |detection: &str| coverage.iter().find(|entry| entry["detection"] == detection).expect("an entry");
    assert_eq!(of("inbox-rule")["status"], "partial");
    assert!(
        of("inbox-rule")["note"].as_str().expect("a note").contains("User sign-ins are missing"),
        "{}",
        of("inbox-rule")
    );
    assert_eq!(of("mass-download")["status"], "blind");
    assert_eq!(of("foci-pivot")["status"], "blind");
    assert_eq!(of("device-code-then-credential")["status"], "blind");
}

#[test]
fn hostile_names_stay_text_and_are_bounded() {
    let name = format!("\u{202e}<script>alert(1)</script>=cmd|' /C calc'!A0{}", "x".repeat(5_000));
    let rule = json!({"Parameters": [{"Name": "Name", "Value": name}, {"Name": "DeleteMessage", "Value": "True"}]});
    let report = report_of(&[act("ada", "r", "10T09:00:00", "New-InboxRule", rule)]);
    let found = findings(&report, "inbox-rule");
    let [finding] = found.as_slice() else { panic!("{found:?}") };
    assert!(finding.to_string().len() < 4_000, "{}", finding.to_string().len());
}
