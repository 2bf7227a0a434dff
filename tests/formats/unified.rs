//! The unified audit log: what its workloads say, and the forms in which collectors hand it over.

use serde_json::{Value, json};
use signin_sleuth::analysis::Case;
use signin_sleuth::events::Activity;
use signin_sleuth::report::notices;

use crate::support::{assert_told, audit, csv, read, read_csv, read_json, sign_in, sign_ins, with};

const SESSION: &str = "008b57fa-8d12-7c5c-9e1f-aa0000000001";
const TOKEN: &str = "0f94f5fb-3583-4c46-9bfa-0390c1988800";

/// A record with what all of them have.
fn record(members: Value) -> Value {
    with(
        json!({"CreationTime": "2026-09-13T01:30:00", "Id": "aaaaaaaa-0000-4000-8000-000000000001", "Version": 1,
            "OrganizationId": "22222222-0000-0000-0000-000000000002", "UserKey": "10032000AAAA", "UserType": 0,
            "UserId": "ada@contoso.example", "ClientIP": "192.0.2.9:50123", "ResultStatus": "Succeeded",
            "AppAccessContext": {"AADSessionId": SESSION, "UniqueTokenId": "-_WUD4M1Rkyb-gOQwZiIAA"}}),
        members,
    )
}

fn activity(case: &Case) -> &Activity {
    assert_eq!(case.inputs[0].events, 1, "{:?}", case.inputs);
    case.store.activity(0).unwrap()
}

/// Operation, category, object and parameters, and the number of items.
fn told(case: &Case) -> ([&str; 4], u32) {
    let (row, texts) = (activity(case), &case.store.texts);
    assert_eq!(row.session_id(&case.store).display(texts), SESSION, "{:?}", case.inputs);
    assert_eq!(row.token_id(&case.store).display(texts), TOKEN);
    ([row.operation, row.category, row.object, row.parameters].map(|id| texts.get(id)), row.items)
}

#[test]
fn acts_in_mailboxes_files_and_teams_say_what_was_done_to_what() {
    let exchange = |kind: u32, operation: &str, members: Value| {
        with(record(json!({"Workload": "Exchange", "RecordType": kind, "Operation": operation})), members)
    };
    let files = |operation: &str, members: Value| {
        with(record(json!({"Workload": "OneDrive", "RecordType": 6, "Operation": operation})), members)
    };
    let subjects = json!([{"Subject": "Invoice", "InternetMessageId": "<1@x>"}, {"Subject": "Payroll"}]);
    for (record, expected, items) in [
        (
            exchange(
                1,
                "New-InboxRule",
                json!({"ObjectId": "ada\\.", "Parameters": [
                {"Name": "ForwardTo", "Value": "eve@example.com"}, {"Name": "DeleteMessage", "Value": "True"}]}),
            ),
            ["New-InboxRule", "Exchange", "ada\\.", r#"[["ForwardTo","eve@example.com"],["DeleteMessage","True"]]"#],
            0,
        ),
        (
            exchange(
                1,
                "Set-Mailbox",
                json!({"ObjectId": "ada", "Parameters": [
                {"Name": "ForwardingSmtpAddress", "Value": "smtp:eve@example.com"}]}),
            ),
            ["Set-Mailbox", "Exchange", "ada", r#"[["ForwardingSmtpAddress","smtp:eve@example.com"]]"#],
            0,
        ),
        (
            exchange(1, "Add-MailboxPermission", json!({"ObjectId": "boss", "Parameters": "AccessRights FullAccess"})),
            ["Add-MailboxPermission", "Exchange", "boss", r#"[["","AccessRights FullAccess"]]"#],
            0,
        ),
        (
            exchange(
                2,
                "UpdateInboxRules",
                json!({"ObjectId": "", "OperationProperties": [
                {"Name": "RuleOperation", "Value": "AddMailboxRule"}, {"Name": "RuleName", "Value": "."}]}),
            ),
            ["UpdateInboxRules", "Exchange", "", r#"[["RuleOperation","AddMailboxRule"],["RuleName","."]]"#],
            0,
        ),
        (
            exchange(
                50,
                "MailItemsAccessed",
                json!({"OperationCount": 1, "Folders": [{"Path": "\\Inbox",
                "FolderItems": [{"InternetMessageId": "<1@x>"}]}], "OperationProperties": [
                {"Name": "MailAccessType", "Value": "Sync"}]}),
            ),
            ["MailItemsAccessed", "Exchange", "\\Inbox", r#"[["MailAccessType","Sync"]]"#],
            1,
        ),
        (
            exchange(
                50,
                "MailItemsAccessed",
                json!({"Folders": [
                {"Path": "\\Inbox", "FolderItems": [{"Id": "1"}, {"Id": "2"}]}, {"Path": "\\Sent", "FolderItems": [{"Id": "3"}]}]}),
            ),
            ["MailItemsAccessed", "Exchange", "\\Inbox; \\Sent", ""],
            3,
        ),
        (
            exchange(2, "Send", json!({"Item": {"Subject": "Invoice", "InternetMessageId": "<1@x>"}})),
            ["Send", "Exchange", "Invoice", ""],
            0,
        ),
        (
            exchange(3, "HardDelete", json!({"AffectedItems": subjects})),
            ["HardDelete", "Exchange", "Invoice; Payroll", ""],
            2,
        ),
        (
            exchange(3, "MoveToDeletedItems", json!({"AffectedItems": [{"Subject": "Invoice"}]})),
            ["MoveToDeletedItems", "Exchange", "Invoice", ""],
            1,
        ),
        (
            files("FileDownloaded", json!({"ObjectId": "https://contoso.example/a.docx"})),
            ["FileDownloaded", "OneDrive", "https://contoso.example/a.docx", ""],
            0,
        ),
        (
            files("FileSyncDownloadedFull", json!({"ObjectId": "https://contoso.example/b"})),
            ["FileSyncDownloadedFull", "OneDrive", "https://contoso.example/b", ""],
            0,
        ),
        (
            files("AnonymousLinkCreated", json!({"RecordType": 14, "ObjectId": "https://contoso.example/c"})),
            ["AnonymousLinkCreated", "OneDrive", "https://contoso.example/c", ""],
            0,
        ),
        (
            record(
                json!({"Workload": "MicrosoftTeams", "RecordType": 25, "Operation": "MemberAdded", "ObjectId": "team"}),
            ),
            ["MemberAdded", "MicrosoftTeams", "team", ""],
            0,
        ),
    ] {
        let case = read_json(std::slice::from_ref(&record));
        assert_eq!(told(&case), (expected, items), "{record}");
    }
}

#[test]
fn office_activity_counts_items_as_the_audit_log_does() {
    let case = read_csv(&csv(&[
        ("TimeGenerated", "2026-09-13T01:30:00Z"),
        ("OfficeWorkload", "Exchange"),
        ("Operation", "HardDelete"),
        ("RecordType", "ExchangeItemGroup"),
        ("UserId", "ada@contoso.example"),
        ("AffectedItems", r#"[{"Subject":"Invoice"},{"Subject":"Payroll"}]"#),
        ("AppAccessContext", &json!({"AADSessionId": SESSION, "UniqueTokenId": TOKEN}).to_string()),
        ("Type", "OfficeActivity"),
    ]));
    assert_eq!(told(&case), (["HardDelete", "Exchange", "Invoice; Payroll", ""], 2));
}

#[test]
fn collectors_hand_the_record_over_in_cells_of_their_own() {
    let record =
        record(json!({"Workload": "SharePoint", "RecordType": 6, "Operation": "FileAccessed", "ObjectId": "x"}));
    let text = record.to_string();
    let expected = (["FileAccessed", "SharePoint", "x", ""], 0);
    let triage = csv(&[
        ("RecordType", "SharePointFileOperation"),
        ("CreationDate", "9/13/2026 1:30:00 AM"),
        ("UserIds", "ada@contoso.example"),
        ("AuditData_UserId", "ada@contoso.example"),
        ("AuditData_ClientIP", "192.0.2.9"),
        ("AuditData_Raw", &text),
        ("OperationQueried", "FileAccessed"),
    ]);
    let classic = csv(&[
        ("CreationDate", "2026-09-13T01:30:00.0000000Z"),
        ("UserIds", "ada@contoso.example"),
        ("Operations", "FileAccessed"),
        ("AuditData", &text),
    ]);
    let typed = format!(
        "#TYPE Selected.System.Object\r\n{}",
        csv(&[("CreationDate", "6/18/2023 12:26:59 PM"), ("AuditData", &text)])
    );
    // One array a page, appended; PowerShell puts a mark of its encoding in the middle.
    let pages = format!("[{text}]\r\n\u{feff}[]\r\n\r\n");
    for (name, text) in
        [("triage.csv", &triage), ("classic.csv", &classic), ("typed.csv", &typed), ("pages.json", &pages)]
    {
        let case = read(&[(name, text.as_bytes())]);
        assert_eq!(told(&case), expected, "{name}");
    }
}

#[test]
fn extractors_write_the_record_as_object_as_indented_text_and_as_its_own_columns() {
    let record =
        record(json!({"Workload": "SharePoint", "RecordType": 6, "Operation": "FileAccessed", "ObjectId": "x"}));
    let expected = (["FileAccessed", "SharePoint", "x", ""], 0);
    let pretty = serde_json::to_string_pretty(&record).unwrap().replace('\n', "\r\n");
    let objects = serde_json::to_string_pretty(&json!([{"RecordType": 6, "CreationDate": "2026-09-13T01:30:00Z",
        "UserIds": "ada@contoso.example", "Operations": "FileAccessed", "AuditData": record}]))
    .unwrap();
    let graph = csv(&[
        ("id", "aaaaaaaa-0000-4000-8000-000000000001"),
        ("createdDateTime", "2026-09-13T01:30:00Z"),
        ("auditLogRecordType", "sharePointFileOperation"),
        ("operation", "FileAccessed"),
        ("userPrincipalName", "ada@contoso.example"),
        ("auditData", &pretty),
    ]);
    for (name, text) in [
        ("UAL-1.json", format!("{objects}\r\n\r\n\r\n")),
        ("UAL.jsonl", format!("{record}\r\n")),
        ("ual_2026-09.json", format!("{record}\n\n")),
        ("1-UnifiedAuditLog.csv", graph),
    ] {
        let case = read(&[(name, text.as_bytes())]);
        assert_eq!(told(&case), expected, "{name}");
    }
    // Of the record's own keys as columns what was nested is lost, and said to be.
    let case = read_csv(&csv(&[
        ("CreationTime", "2026-09-13T01:30:00"),
        ("Id", "aaaaaaaa-0000-4000-8000-000000000001"),
        ("Operation", "New-InboxRule"),
        ("RecordType", "1"),
        ("Workload", "Exchange"),
        ("UserId", "ada@contoso.example"),
        ("Parameters", "System.Object[]"),
        ("AppAccessContext", "@{AADSessionId=008b57fa; UniqueTokenId=x}"),
        ("SessionId", SESSION),
    ]));
    assert_eq!(activity(&case).session_id(&case.store).display(&case.store.texts), SESSION);
    assert_eq!(case.inputs[0].flattened.get("parameters"), Some(&1), "{:?}", case.inputs);
}

#[test]
fn what_the_analyzer_suite_makes_of_logons_keeps_device_and_session() {
    let case = read_csv(&csv(&[
        ("CreationTime", "2026-09-13 01:22:28"),
        ("UserId", "ada@contoso.example"),
        ("RecordType", "AzureActiveDirectoryStsLogon"),
        ("Operation", "UserLoggedIn"),
        ("ObjectId", "00000003-0000-0000-c000-000000000000"),
        ("ClientIP", "192.0.2.9"),
        ("UserAgent", "Mozilla/5.0"),
        ("SessionId", SESSION),
        ("InterSystemsId", "33333333-0000-4000-8000-000000000003"),
        ("RequestType", "OAuth2:Authorize"),
        ("DeviceName", "LAPTOP"),
        ("DeviceId", "44444444-0000-0000-0000-000000000004"),
        ("OS", "Windows10"),
        ("BrowserType", "Edge"),
        ("TrustType", "1"),
        ("IsCompliant", "True"),
        ("Workload", "AzureActiveDirectory"),
    ]));
    assert_told(
        &sign_in(&case),
        &[
            ("time", "2026-09-13T01:22:28.000000Z"),
            ("session", SESSION),
            ("device", "LAPTOP"),
            ("device_id", "44444444-0000-0000-0000-000000000004"),
            ("system", "Windows10"),
            ("browser", "Edge"),
            ("trust", "Azure AD joined"),
            ("compliant", "true"),
            ("resource_id", "00000003-0000-0000-c000-000000000000"),
        ],
    );
}

#[test]
fn a_logon_tells_its_status_and_the_methods_that_were_used() {
    let logged_in = |properties: Value| {
        let record = json!({"CreationTime": "2026-09-13T01:22:28", "Id": TOKEN, "Operation": "UserLoggedIn",
            "RecordType": 15, "Workload": "AzureActiveDirectory", "UserId": "ada@contoso.example", "ErrorNumber": "0",
            "ExtendedProperties": properties});
        sign_in(&read_json(&[record]))["details"].clone()
    };
    let status = json!({"Name": "ResultStatusDetail", "Value": "Redirect"});
    let method = json!({"Name": "UserAuthenticationMethod", "Value": "1048592"});
    assert_eq!(logged_in(json!([status, method])), "Redirect; methods: password hash sync, text message");
    assert_eq!(logged_in(json!([status])), "Redirect");
    assert_eq!(logged_in(json!([])), crate::support::ABSENT);
}

#[test]
fn hawk_writes_logons_as_a_table() {
    let case = read_csv(&csv(&[
        ("CreationTime", "9/13/2026 1:22 AM"),
        ("Id", TOKEN),
        ("Operation", "UserLoggedIn"),
        ("RecordType", "15"),
        ("Workload", "AzureActiveDirectory"),
        ("UserId", "ada@contoso.example"),
        ("UserKey", "10032000AAAA"),
        ("ClientIP", "192.0.2.9"),
        ("ApplicationId", "29d9ed98-a469-4536-ade2-f981bc1d605e"),
        ("Actor", "11111111-0000-0000-0000-000000000001:0,ada@contoso.example:5"),
        ("UserAgent", "Mozilla/5.0"),
        ("RequestType", "Cmsi:Cmsi"),
        ("ErrorNumber", "0"),
    ]));
    assert_told(
        &sign_in(&case),
        &[
            ("time", "2026-09-13T01:22:00.000000Z"),
            ("user_id", "11111111-0000-0000-0000-000000000001"),
            ("protocol", "deviceCode"),
            ("agent", "Mozilla/5.0"),
            ("code", "0"),
        ],
    );
}

#[test]
fn a_time_that_is_told_to_the_minute_is_of_the_event_of_its_id_in_that_minute() {
    let row = |id: &str, time: &str| {
        csv(&[
            ("CreationTime", time),
            ("Id", id),
            ("Operation", "UserLoggedIn"),
            ("RecordType", "15"),
            ("Workload", "AzureActiveDirectory"),
            ("UserId", "ada@contoso.example"),
            ("ErrorNumber", "0"),
            ("UserAgent", "Mozilla/5.0"),
        ])
    };
    let record = |time: &str| {
        json!({"CreationTime": time, "Id": TOKEN, "Operation": "UserLoggedIn", "RecordType": 15,
            "Workload": "AzureActiveDirectory", "UserId": "ada@contoso.example", "ErrorNumber": "0", "ClientIP": "192.0.2.9",
            "OrganizationId": "99999999-0000-0000-0000-000000000009"})
    };
    let other = "44444444-0000-0000-0000-00000000000f";
    let lines = |records: &[Value]| records.iter().map(|record| format!("{record}\n")).collect::<String>();
    let one = lines(&[record("2026-09-13T01:22:28")]);
    let two = lines(&[record("2026-09-13T01:22:28"), record("2026-09-13T01:22:41")]);
    // In either order of the files: which events there are, whether the times are those that tell the second.
    for (time, id, precise, times) in [
        ("9/13/2026 1:22 AM", TOKEN, &one, &["01:22:28"][..]),
        ("13.09.2026 01:22", TOKEN, &one, &["01:22:28"]),
        ("2026-09-13 01:22", TOKEN, &one, &["01:22:28"]),
        ("9/13/2026 1:21 AM", TOKEN, &one, &["01:21:00", "01:22:28"]),
        ("9/13/2026 1:22 AM", other, &one, &["01:22:00", "01:22:28"]),
        // Of two candidates neither is taken.
        ("9/13/2026 1:22 AM", TOKEN, &two, &["01:22:00", "01:22:28", "01:22:41"]),
        ("9/13/2026 1:22:00 AM", TOKEN, &one, &["01:22:00", "01:22:28"]),
    ] {
        let hawk = row(id, time);
        for names in [["a.csv", "b.json"], ["b.csv", "a.json"]] {
            let case = read(&[(names[0], hawk.as_bytes()), (names[1], precise.as_bytes())]);
            let mut found: Vec<String> = sign_ins(&case).iter().map(|event| event["time"][11..19].to_owned()).collect();
            found.sort();
            assert_eq!(found, times, "{time} {names:?}");
            let told = notices(&case).iter().any(|notice| notice.kind == "to-the-minute");
            let is_coarse = !time.contains("1:22:00") && times.len() > 1;
            assert_eq!(told, is_coarse, "{time} {names:?}");
        }
    }
}

#[test]
fn fields_that_splunk_extracted_are_put_together_again() {
    let logged_in = json!({"CreationTime": "2026-09-13T01:22:28", "Id": TOKEN, "Operation": "UserLoggedIn", "RecordType": "15",
        "Workload": "AzureActiveDirectory", "UserId": "ada@contoso.example", "UserKey": "10032000AAAA", "ErrorNumber": "0",
        "ExtendedProperties{}.Name": ["UserAgent", "RequestType"], "ExtendedProperties{}.Value": ["Mozilla/5.0", "Cmsi:Cmsi"],
        "DeviceProperties{}.Name": ["OS", "SessionId"], "DeviceProperties{}.Value": ["Windows10", SESSION],
        "Actor{}.ID": ["11111111-0000-0000-0000-000000000001", "ada@contoso.example"], "Actor{}.Type": ["0", "5"]});
    let case = read_json(&[json!({"preview": false, "result": logged_in})]);
    assert_eq!(case.inputs[0].format, "splunk-unified-audit-log");
    assert_told(
        &sign_in(&case),
        &[
            ("session", SESSION),
            ("protocol", "deviceCode"),
            ("agent", "Mozilla/5.0"),
            ("user_id", "11111111-0000-0000-0000-000000000001"),
            ("system", "Windows10"),
        ],
    );
    let updated = json!({"CreationTime": "2026-09-13T01:22:28", "Id": "a", "Operation": "Update user.", "RecordType": "8",
        "Workload": "AzureActiveDirectory", "UserId": "ada@contoso.example", "UserKey": "x", "ObjectId": "bob@contoso.example",
        "ModifiedProperties{}.Name": "Department", "ModifiedProperties{}.OldValue": "[]", "ModifiedProperties{}.NewValue": "[7]"});
    let told = audit(&read_json(&[json!({"result": updated})]));
    assert!(told["targets"].contains(r#"["Department","[]","[7]"]"#), "{told:?}");
    let rule = csv(&[
        ("CreationTime", "2026-09-13T01:30:00"),
        ("Operation", "New-InboxRule"),
        ("Workload", "Exchange"),
        ("RecordType", "1"),
        ("UserId", "ada@contoso.example"),
        ("AppAccessContext.AADSessionId", SESSION),
        ("AppAccessContext.UniqueTokenId", TOKEN),
        ("ObjectId", "rule"),
        ("Parameters{}.Name", "ForwardTo\nName"),
        ("Parameters{}.Value", "eve@example.com\n."),
    ]);
    let rule = read_csv(&rule);
    let (row, texts) = (activity(&rule), &rule.store.texts);
    assert_eq!(texts.get(row.parameters), r#"[["ForwardTo","eve@example.com"],["Name","."]]"#);
    assert_eq!(row.session_id(&rule.store).display(texts), SESSION);
}

#[test]
fn context_of_collectors_is_counted_by_its_name() {
    let risk = csv(&[
        ("Activity", "signin"),
        ("ActivityDateTime", "9/13/2026 1:22:28 AM"),
        ("DetectedDateTime", "9/13/2026 5:00:00 AM"),
        ("Id", "r-1"),
        ("RequestId", TOKEN),
        ("IPAddress", "192.0.2.9"),
        ("City", "Lyon\r\n"),
        ("CountryOrRegion", "FR\r\n"),
        ("State", "Rhone\r\n"),
        ("RiskEventType", "anomalousToken"),
        ("RiskLevel", "high"),
        ("RiskState", "atRisk"),
        ("UserId", "11111111-0000-0000-0000-000000000001"),
        ("UserPrincipalName", "ada@contoso.example"),
    ]);
    let case = read_csv(&risk);
    let row = case.store.risk_event(0).unwrap_or_else(|| panic!("{:?}", case.inputs));
    let place = case.store.location(row.location);
    let told = [row.kind, row.level, place.country, place.state, place.city].map(|id| case.store.texts.get(id));
    assert_eq!(told, ["anomalousToken", "high", "FR", "Rhone", "Lyon"]);
    let users = csv(&[
        ("Id", "11111111-0000-0000-0000-000000000001"),
        ("RiskLastUpdatedDateTime", "9/13/2026 5:00:00 AM"),
        ("RiskLevel", "high"),
        ("RiskState", "atRisk"),
        ("UserPrincipalName", "ada@contoso.example"),
        ("AdditionalProperties", ""),
    ]);
    let case = read_csv(&users);
    assert!(case.store.risk_event(0).is_some_and(signin_sleuth::events::RiskEvent::is_state), "{:?}", case.inputs);
    for (name, cells) in [
        ("AuthenticationMethods", vec![("user", "a@b.example"), ("MFAstatus", "Enabled"), ("hellobusiness", "-")]),
        (
            "AuthenticationMethods",
            vec![("UserPrincipalName", "a@b.example"), ("IsMfaRegistered", "True"), ("MethodsRegistered", "x")],
        ),
        (
            "Devices",
            vec![
                ("DeviceId", "d"),
                ("DisplayName", "pc"),
                ("TrustType", "AzureAd"),
                ("OperatingSystem", "Windows"),
                ("AccountEnabled", "True"),
            ],
        ),
        (
            "Users",
            vec![("Id", "u"), ("UserPrincipalName", "a@b.example"), ("DisplayName", "A"), ("AccountEnabled", "True")],
        ),
        (
            "OAuthPermissions",
            vec![("PermissionType", "Delegated"), ("AppDisplayName", "x"), ("Permission", "Mail.Read")],
        ),
    ] {
        let case = read_csv(&csv(&cells));
        assert_eq!(case.inputs[0].other.get(name), Some(&1), "{:?}", case.inputs);
    }
    // A table of sign-ins of somebody's own making has devices too.
    let own =
        csv(&[("When", "2026-09-13"), ("DeviceId", "d"), ("TrustType", "AzureAd"), ("OperatingSystem", "Windows")]);
    assert_eq!(read_csv(&own).inputs[0].format, "unknown");
}
