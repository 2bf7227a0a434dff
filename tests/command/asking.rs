//! `ask`: questions by name, over records whose answers are known.

use std::path::Path;

use serde_json::{Value, json};
use signin_sleuth::report::ask::{QUESTIONS, Takes};
use tempfile::TempDir;

use super::fixtures::{folder, guid, lines, redeemed, sign_in, stolen, write};
use super::running::{Ran, run};

/// A change of the directory by user `by` of user `on`.
fn change(number: u64, by: u64, on: u64, time: &str, operation: &str) -> Value {
    json!({
        "id": format!("Directory_{number}"), "activityDateTime": time, "activityDisplayName": operation,
        "category": "UserManagement", "loggedByService": "Core Directory", "result": "success",
        "correlationId": guid(0x8005, number),
        "initiatedBy": {"user": {"id": guid(0x8001, by), "userPrincipalName": format!("user{by}@example.com"),
            "ipAddress": "203.0.113.77"}, "app": null},
        "targetResources": [{"id": guid(0x8001, on), "type": "User", "userPrincipalName": format!("user{on}@example.com"),
            "modifiedProperties": [{"displayName": "AccountEnabled", "oldValue": "[false]", "newValue": "[true]"}]}],
        "additionalDetails": [],
    })
}

/// A role given to user `on`.
fn role(number: u64, on: u64, time: &str) -> Value {
    let mut record = change(number, 2, on, time, "Add member to role");
    record["targetResources"][0]["modifiedProperties"] = json!([
        {"displayName": "Role.DisplayName", "oldValue": null, "newValue": "\"Global Administrator\""},
        {"displayName": "Role.TemplateId", "oldValue": null, "newValue": "\"62e90394-69f5-4237-9190-012177145e10\""},
    ]);
    record
}

/// An act of user `user`.
fn act(number: u64, user: u64, time: &str, workload: &str, operation: &str, object: &str) -> Value {
    json!({
        "Id": guid(0x8006, number), "CreationTime": time, "Operation": operation, "Workload": workload,
        "OrganizationId": guid(0x8004, 1), "RecordType": if workload == "Exchange" { 2 } else { 6 }, "UserKey": "k",
        "ResultStatus": "Succeeded", "UserId": format!("user{user}@example.com"), "ObjectId": object,
        "ClientIP": "203.0.113.77",
    })
}

/// A risk of user 1.
fn risk() -> Value {
    json!({
        "id": "r1", "riskEventType": "unfamiliarFeatures", "riskLevel": "high", "riskState": "atRisk", "riskDetail": "none",
        "userPrincipalName": "user1@example.com", "userId": guid(0x8001, 1), "ipAddress": "203.0.113.77",
        "activityDateTime": "2026-11-12T15:52:31Z", "detectedDateTime": "2026-11-12T15:55:00Z", "activity": "signin",
        "detectionTimingType": "realtime", "source": "IdentityProtection", "tokenIssuerType": "AzureAD",
    })
}

/// Exports of all kinds.
fn exports() -> TempDir {
    let folder = folder();
    let mut sign_ins = stolen();
    let mut legacy = sign_in(5, 2, 9, "2026-11-11T10:00:00Z");
    (legacy["clientAppUsed"], legacy["ipAddress"]) = (json!("IMAP4"), json!("203.0.113.80"));
    let mut refused = redeemed(6, 2, 8, "2026-11-12T16:00:00Z");
    (refused["status"]["errorCode"], refused["userAgent"]) = (json!(50_126), json!("python-requests/2.31"));
    sign_ins.extend([legacy, refused]);
    write(folder.path(), "x/sign-ins.ndjson", lines(&sign_ins));
    let audits = [
        role(10, 2, "2026-10-01T09:00:00Z"),
        change(11, 1, 2, "2026-11-12T16:10:00Z", "Enable account"),
        change(12, 2, 2, "2026-11-12T16:20:00Z", "User registered security info"),
        change(13, 1, 1, "2026-11-12T16:30:00Z", "User registered security info"),
        change(14, 2, 2, "2026-10-02T09:00:00Z", "User deleted security info"),
    ];
    write(folder.path(), "x/audit.ndjson", lines(&audits));
    let site = "https://contoso.sharepoint.com/sites/sales/Docs";
    let acts = [
        act(20, 1, "2026-11-12T16:40:00", "SharePoint", "FileDownloaded", &format!("{site}/Plan.docx")),
        act(21, 1, "2026-11-12T16:41:00", "SharePoint", "FileAccessed", &format!("{site}/Plan.docx")),
        act(22, 1, "2026-11-12T16:42:00", "Exchange", "HardDelete", "Re: invoice"),
    ];
    write(folder.path(), "x/unified.ndjson", lines(&acts));
    write(folder.path(), "x/risk.ndjson", lines(&[risk()]));
    folder
}

fn asked(folder: &Path, arguments: &[&str]) -> Value {
    let ran = run(folder, &[&["ask"], arguments, &["x", "--output", "json"]].concat());
    assert_eq!((ran.code, ran.err.as_str()), (0, ""), "{ran:?}");
    ran.json()
}

/// Values of columns, row by row.
fn rows(answer: &Value, columns: &[&str]) -> Vec<Vec<Value>> {
    let rows = answer["rows"].as_array().expect("rows").iter();
    let cell = |row: &Value, column: &str| row.get(column).unwrap_or_else(|| panic!("{column}: {row}")).clone();
    rows.map(|row| columns.iter().map(|column| cell(row, column)).collect()).collect()
}

#[test]
fn who_was_at_an_address() {
    let folder = exports();
    let answer = asked(folder.path(), &["users-of-address", "203.0.113.77"]);
    let told = rows(&answer, &["user", "sign-ins", "refused", "acts"]);
    let expected = [json!(["user1@example.com", 1, 0, 5]), json!(["user2@example.com", 1, 1, 3])]
        .map(|row| row.as_array().unwrap().clone());
    assert_eq!(told, expected, "{answer:#}");
    assert_eq!((&answer["subject"], &answer["total"]), (&json!("203.0.113.77"), &json!(2)));
    assert_eq!(answer["rows"][0]["first"], "2026-11-12T15:52:31.000000Z");
    let network =
        asked(folder.path(), &["users-of-address", "203.0.113.0/24", "--from", "2026-11-11", "--to", "2026-11-11"]);
    assert_eq!(rows(&network, &["user", "sign-ins"]), [[json!("user2@example.com"), json!(1)]]);
    assert_eq!(asked(folder.path(), &["users-of-address", "192.0.2.1"])["total"], 0);
}

#[test]
fn who_used_an_agent() {
    let answer = asked(exports().path(), &["users-of-agent", "PYTHON-requests"]);
    assert_eq!(
        rows(&answer, &["user", "address", "records", "refused"]),
        [[json!("user2@example.com"), json!("203.0.113.77"), json!(1), json!(1)]]
    );
}

#[test]
fn what_was_changed_by_and_of_a_user() {
    let folder = exports();
    let by = asked(
        folder.path(),
        &["changes-by", "USER1@example.com", "--from", "2026-11-12T16:00:00Z", "--to", "2026-11-12T16:15:00Z"],
    );
    assert_eq!(
        rows(&by, &["operation", "on", "changes", "address", "input", "record"]),
        [[
            json!("Enable account"),
            json!("user2@example.com"),
            json!("AccountEnabled: [false] → [true]"),
            json!("203.0.113.77"),
            json!("x/audit.ndjson"),
            json!(1)
        ]]
    );
    assert_eq!(asked(folder.path(), &["changes-by", &guid(0x8001, 1)])["total"], 2);
    let on = asked(folder.path(), &["changes-on", "user2@example.com"]);
    let operations: Vec<Value> = rows(&on, &["operation"]).concat();
    let expected =
        ["Add member to role", "User deleted security info", "Enable account", "User registered security info"];
    assert_eq!(operations, expected);
}

#[test]
fn which_methods_of_privileged_users_changed_in_14_days() {
    let folder = exports();
    let all = asked(folder.path(), &["registrations"]);
    assert_eq!(all["total"], 3);
    let recent = asked(folder.path(), &["registrations", "--privileged", "--days", "14"]);
    assert_eq!(
        rows(&recent, &["operation", "by"]),
        [[json!("User registered security info"), json!("user2@example.com")]]
    );
    assert_eq!(recent["from"], "2026-10-29T16:42:00.000000Z");
}

#[test]
fn who_is_at_risk() {
    let folder = exports();
    for arguments in [&["risky-users"] as &[&str], &["risks-of-address", "203.0.113.77"]] {
        let answer = asked(folder.path(), arguments);
        assert_eq!(
            rows(&answer, &["user", "level", "state"]),
            [[json!("user1@example.com"), json!("high"), json!("atRisk")]]
        );
    }
    assert_eq!(asked(folder.path(), &["risky-users"])["rows"][0]["kinds"], "unfamiliarFeatures");
}

#[test]
fn sign_ins_of_a_user_are_told_apart() {
    let answer = asked(exports().path(), &["sign-ins-of-user", "user1@example.com"]);
    let told = rows(&answer, &["address", "result", "device", "country", "app", "records"]);
    assert_eq!(told.len(), 2, "{answer:#}");
    assert_eq!(told[0][0], "198.51.100.24");
    assert_eq!(told[0][5], 2);
    assert_eq!(
        (&told[1][0], &told[1][2], &told[1][3]),
        (&json!("203.0.113.77"), &json!("none"), &json!("Netherlands (NL)"))
    );
    assert_eq!(told[1][4], "Microsoft Azure CLI (04b07795-8ddb-461a-bbee-02f9e1bf7b46)");
}

#[test]
fn acts_of_a_user_and_of_an_address() {
    let folder = exports();
    assert_eq!(asked(folder.path(), &["acts-of-user", "user1@example.com"])["total"], 3);
    let mail = asked(folder.path(), &["acts-of-address", "203.0.113.77", "--workload", "exchange"]);
    assert_eq!(
        rows(&mail, &["user", "operation", "workload"]),
        [[json!("user1@example.com"), json!("HardDelete"), json!("Exchange")]]
    );
    let objects = asked(folder.path(), &["objects-of-address", "203.0.113.77"]);
    assert_eq!(
        rows(&objects, &["object", "operations", "users", "records"]),
        [[
            json!("https://contoso.sharepoint.com/sites/sales/Docs/Plan.docx"),
            json!("FileAccessed, FileDownloaded"),
            json!("user1@example.com"),
            json!(2)
        ]]
    );
    let all = asked(folder.path(), &["cloud-app-events", "user1@example.com"]);
    let counts: u64 = all["rows"].as_array().unwrap().iter().map(|row| row["records"].as_u64().unwrap()).sum();
    assert_eq!((counts, &all["total"]), (5, &json!(5)), "{all:#}");
}

#[test]
fn every_view_counts_the_sign_ins_that_it_is_about() {
    let folder = exports();
    for question in QUESTIONS.iter().filter(|question| question.takes == Takes::Nothing) {
        let answer = asked(folder.path(), &[question.name]);
        let expected = match question.name {
            name if name.starts_with("sign-ins-by") || name.starts_with("conditional-access") => 6,
            name if name.starts_with("legacy") => 1,
            "service-principals" | "managed-identities" => 0,
            _ => continue,
        };
        let rows = answer["rows"].as_array().unwrap().iter();
        assert_eq!(rows.map(|row| row["records"].as_u64().unwrap()).sum::<u64>(), expected, "{}", question.name);
    }
    let results = asked(folder.path(), &["sign-ins-by-result"]);
    assert_eq!(
        rows(&results, &["ended", "records", "refused"]),
        [[json!("success"), json!(5), json!(0)], [json!("refused"), json!(1), json!(1)]]
    );
    assert_eq!(
        rows(&asked(folder.path(), &["legacy-by-protocol"]), &["protocol", "user"]),
        [[json!("IMAP4"), json!("user2@example.com")]]
    );
}

#[test]
fn service_principals_are_counted_by_address() {
    let folder = folder();
    let mut program = sign_in(1, 1, 1, "2026-11-12T15:41:08Z");
    for (key, value) in json!({
        "userPrincipalName": null, "userId": null, "servicePrincipalId": guid(0x8010, 1), "servicePrincipalName": "Payroll",
        "signInEventTypes": ["servicePrincipal"], "sessionId": null,
    })
    .as_object()
    .unwrap()
    {
        program[key] = value.clone();
    }
    write(folder.path(), "x/programs.ndjson", lines(&[program]));
    let answer = asked(folder.path(), &["service-principals"]);
    let identity = format!("Payroll ({})", guid(0x8010, 1));
    assert_eq!(
        rows(&answer, &["identity", "address", "records"]),
        [[json!(identity), json!("198.51.100.24"), json!(1)]]
    );
    assert_eq!(asked(folder.path(), &["managed-identities"])["total"], 0);
}

#[test]
fn what_the_exports_lack_is_said() {
    let folder = folder();
    write(folder.path(), "x/a.ndjson", lines(&stolen()));
    let answer = asked(folder.path(), &["users-of-address", "203.0.113.77"]);
    assert_eq!(answer["lacks"], json!(["directory audit log", "acts in mailboxes and files"]));
    let text = run(folder.path(), &["ask", "changes-by", "user1@example.com", "x"]);
    assert!(text.out.contains("hold none of this") && text.out.contains("directory audit log"), "{text:?}");
    assert!(text.out.contains("No record answers."), "{text:?}");
}

#[test]
fn text_is_a_table_that_says_what_it_leaves_out() {
    let folder = exports();
    let ran = run(folder.path(), &["ask", "acts-of-user", "user1@example.com", "x", "--limit", "2"]);
    assert_eq!(ran.code, 0, "{ran:?}");
    assert!(
        ran.out.starts_with("What a user did in mailboxes, with files and elsewhere: user1@example.com\n"),
        "{ran:?}"
    );
    assert!(ran.out.contains("2 of 3 rows; --limit shows more"), "{ran:?}");
    assert!(ran.out.contains("2026-11-12 16:40:00  user1@example.com  SharePoint"), "{}", ran.out);
    assert!(!ran.out.contains("HardDelete"), "{}", ran.out);
}

fn nasty(ran: &Ran) -> bool {
    let acts = |letter: char| letter.is_control() && letter != '\n' && letter != '\r';
    ran.out.chars().chain(ran.err.chars()).any(|letter| acts(letter) || letter == '\u{202e}')
}

#[test]
fn hostile_subjects_and_records_stay_text() {
    let folder = folder();
    let hostile = "=cmd|' /C calc'!A1\u{1b}[2J\u{202e}x";
    let mut records = stolen();
    for record in &mut records {
        (record["userAgent"], record["appDisplayName"]) = (json!(hostile), json!(hostile));
        record["userPrincipalName"] = json!("=\u{1b}[31m@example.com");
    }
    write(folder.path(), "x/a.ndjson", lines(&records));
    for form in ["text", "json", "csv"] {
        for arguments in [["users-of-agent", "\u{1b}[2J\u{202e}"], ["sign-ins-of-user", "=\u{1b}[31m@example.com"]] {
            let ran = run(folder.path(), &[&["ask"], &arguments[..], &["x", "-o", form]].concat());
            assert_eq!((ran.code, nasty(&ran)), (0, false), "{form}: {ran:?}");
            let answered =
                if form == "csv" { ran.out.lines().count() > 1 } else { !ran.out.contains("No record answers") };
            assert!(answered, "{ran:?}");
        }
    }
    let csv = run(folder.path(), &["ask", "users-of-address", "203.0.113.77", "x", "-o", "csv"]).out;
    assert!(csv.contains("\r\n'=U+001B") || csv.contains("\r\n'= "), "{csv:?}");
}

#[test]
fn what_is_called_wrongly_is_said() {
    let folder = exports();
    for (arguments, says) in [
        (&["users-of-address", "x"] as &[&str], "give an address or a network"),
        (&["users-of-address", "\u{1b}[31mhere", "x"], "it is no address"),
        (&["changes-by", " ", "x"], "it is empty"),
        (&["users-of-agent", "a", "x", "--privileged"], "--privileged does not go with it"),
        (&["registrations", "x", "--workload", "Exchange"], "--workload does not go with it"),
        (&["registrations", "x", "--from", "yesterday"], "give a day such as"),
        (&["who-knows", "x"], "possible values"),
        (&["registrations"], "required"),
    ] {
        let ran = run(folder.path(), &[&["ask"], arguments].concat());
        assert_eq!((ran.code, nasty(&ran)), (2, false), "{ran:?}");
        assert!(ran.err.contains(says), "{says}: {ran:?}");
    }
    let gone = run(folder.path(), &["ask", "registrations", "nowhere"]);
    assert_eq!(gone.code, 3, "{gone:?}");
}
