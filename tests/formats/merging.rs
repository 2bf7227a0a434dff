//! Records of one event from exports of different richness: the richest is completed by the others, and
//! what they disagree on is told, in whatever order they come.

use serde_json::{Value, json};
use signin_sleuth::analysis::clock::{self, Times};
use signin_sleuth::analysis::{Case, Reading};
use signin_sleuth::events::offsets::Offsets;

use crate::formats::{as_row, whole};
use crate::portal_audit::audit_row;
use crate::support::{Told, assert_told, audits, csv, read, sign_in, with};

const SESSION: &str = "008b57fa-8d12-7c5c-a000-000000000001";
const ID: &str = "0f94f5fb-3583-4c46-9bfa-0390c1988800";

/// One export: its file's ending and its text.
type Export = (&'static str, String);

fn line(record: &Value) -> Export {
    ("json", format!("{record}\n"))
}

/// Reads the exports in both orders of their names; what is told must be the same. Of the first order, the
/// counts of events and merged records are in the order in which the exports are given.
fn in_both_orders<T: PartialEq + std::fmt::Debug>(
    exports: &[Export],
    told: impl Fn(&Case) -> T,
) -> (T, Vec<(u64, u64)>, Vec<&'static str>) {
    let run = |turned: bool| {
        let named: Vec<(String, &Export)> = exports
            .iter()
            .enumerate()
            .map(|(place, export)| {
                let place = if turned { exports.len() - place } else { place };
                (format!("{place}_InteractiveSignIns.{}", export.0), export)
            })
            .collect();
        let inputs: Vec<(&str, &[u8])> =
            named.iter().map(|(name, export)| (name.as_str(), export.1.as_bytes())).collect();
        let case = read(&inputs);
        let counts = named
            .iter()
            .map(|(name, _)| {
                let input = case.inputs.iter().find(|input| input.name == *name).unwrap();
                assert_eq!((input.duplicates, input.refused_total), (0, 0), "{input:?}");
                (input.events, input.merged)
            })
            .collect();
        let mut conflicts: Vec<&'static str> = case.conflicts.iter().map(|conflict| conflict.column).collect();
        conflicts.sort_unstable();
        let places: usize = case.also.values().map(Vec::len).sum();
        assert_eq!(places, exports.len() - 1, "evidence names the other places");
        (told(&case), counts, conflicts)
    };
    let first: (T, Vec<(u64, u64)>, Vec<&'static str>) = run(false);
    assert_eq!(first, run(true));
    first
}

/// The sign-in as the admin center's CSV has it, from another address.
fn portal() -> Export {
    let row = csv(&[
        ("Date (UTC)", "2026-09-13T01:22:28Z"),
        ("Request ID", ID),
        ("User ID", "11111111-0000-0000-0000-000000000001"),
        ("User", "Ada"),
        ("Username", "ada@contoso.example"),
        ("Application", "Azure Portal"),
        ("Application ID ", "22222222-0000-0000-0000-000000000002"),
        ("IP address", "198.51.100.7"),
        ("Location", "Berlin, Berlin, DE"),
        ("Status", "Interrupted"),
        ("Sign-in error code", "50076"),
        ("Client credential type", "none"),
        ("Session ID", ""),
    ]);
    ("csv", row)
}

#[test]
fn a_csv_of_the_admin_center_and_graph_are_one_event() {
    let graph = with(whole(), json!({"appDisplayName": ""}));
    let (told, counts, conflicts) = in_both_orders(&[portal(), line(&graph)], sign_in);
    assert_eq!(counts, [(0, 1), (1, 0)], "Graph says more");
    assert_told(&told, &[("ip", "192.0.2.1"), ("session", SESSION), ("app", "Azure Portal"), ("doubts", "0")]);
    assert_eq!(conflicts, ["ip_address"]);
}

#[test]
fn log_analytics_and_the_unified_audit_log_are_one_event_by_its_request_id() {
    let unified = |result: &str| {
        json!({"CreationTime": "2026-09-13T01:22:28", "Id": "bbbbbbbb-0000-4000-8000-000000000001",
            "Operation": "UserLoginFailed", "RecordType": 15, "Workload": "AzureActiveDirectory",
            "OrganizationId": "99999999-0000-0000-0000-000000000009", "ResultStatus": "Failed", "ErrorNumber": result,
            "UserKey": "11111111-0000-0000-0000-000000000001", "UserId": "ada@contoso.example", "UserType": 0,
            "ClientIP": "192.0.2.1", "ApplicationId": "22222222-0000-0000-0000-000000000002",
            "ObjectId": "00000003-0000-0000-c000-000000000000", "IntraSystemId": ID,
            "InterSystemsId": "66666666-0000-0000-0000-000000000006",
            "ExtendedProperties": [{"Name": "UserAgent", "Value": "Another/1.0"}],
            "DeviceProperties": [{"Name": "SessionId", "Value": SESSION}]})
    };
    let row = as_row();
    let (told, counts, conflicts) = in_both_orders(&[line(&unified("50076")), line(&row)], sign_in);
    assert_eq!(counts, [(0, 1), (1, 0)]);
    assert_told(&told, &[("id", ID), ("agent", "Mozilla/5.0"), ("incoming", "primaryRefreshToken")]);
    assert_eq!(conflicts, ["user_agent"]);
    // What only the poorer source has is taken in.
    let bare = with(row, json!({"SessionId": "", "UserAgent": ""}));
    let (told, _, conflicts) = in_both_orders(&[line(&unified("50076")), line(&bare)], sign_in);
    assert_told(&told, &[("session", SESSION), ("agent", "Another/1.0")]);
    assert!(conflicts.is_empty(), "{conflicts:?}");
    // Another result is another event.
    let other = unified("50126");
    let case = read(&[("a.json", other.to_string().as_bytes()), ("b.json", as_row().to_string().as_bytes())]);
    assert_eq!(case.inputs.iter().map(|input| input.events).collect::<Vec<_>>(), [1, 1]);
}

const CORRELATION: &str = "c0ffee00-0000-0000-0000-00000000c0de";
const TENANT: &str = "99999999-0000-0000-0000-000000000009";

/// A change of Bob's methods by Ada, as the directory's log tells it.
fn directory(members: Value) -> Value {
    with(
        json!({"id": "Directory_1", "activityDateTime": "2026-09-13T01:59:00.5123456Z",
            "activityDisplayName": "Update user", "category": "UserManagement", "correlationId": CORRELATION,
            "loggedByService": "Core Directory", "result": "success", "resultReason": "", "tenantId": TENANT,
            "initiatedBy": {"app": null, "user": {"id": "11111111-0000-0000-0000-000000000001", "displayName": "Ada",
                "userPrincipalName": "ada@contoso.example", "ipAddress": "203.0.113.7"}},
            "targetResources": [{"type": "User", "id": "44444444-0000-0000-0000-000000000004", "displayName": "Bob",
                "userPrincipalName": "bob@contoso.example", "modifiedProperties": [
                    {"displayName": "StrongAuthenticationMethod", "oldValue": "[]", "newValue": "[6]"}]}],
            "additionalDetails": []}),
        members,
    )
}

/// The same in the unified audit log.
fn unified(members: Value) -> Value {
    with(
        json!({"CreationTime": "2026-09-13T01:59:01", "Id": "bbbbbbbb-0000-4000-8000-000000000002",
            "Operation": "Update user.", "OrganizationId": TENANT, "RecordType": 8, "ResultStatus": "Success",
            "UserKey": "10032000AAAA", "UserType": 0, "Workload": "AzureActiveDirectory",
            "UserId": "ada@contoso.example", "ClientIP": "198.51.100.9", "ObjectId": "bob@contoso.example",
            "InterSystemsId": CORRELATION, "Target": [{"ID": "bob@contoso.example", "Type": 5}],
            "ModifiedProperties": [{"Name": "StrongAuthenticationMethod", "OldValue": "[]", "NewValue": "[6]"}],
            "ExtendedProperties": [{"Name": "additionalDetails", "Value": "{\"User-Agent\":\"curl/8\"}"}]}),
        members,
    )
}

fn only_audit(case: &Case) -> Told {
    let all = audits(case);
    assert_eq!(all.len(), 1, "{all:#?}");
    all.into_iter().next().unwrap()
}

#[test]
fn an_act_in_the_directory_is_one_event_of_three_logs() {
    let portal = audit_row(&[
        ("Date (UTC)", "2026-09-13T01:59:00.5123456+00:00"),
        ("User Agent", "curl/8"),
        ("IPAddress", "203.0.113.7"),
        ("Target1Type", "User"),
        ("Target1ObjectId", "44444444-0000-0000-0000-000000000004"),
        ("Target1UserPrincipalName", "bob@contoso.example"),
    ]);
    let exports = [line(&directory(json!({}))), line(&unified(json!({}))), ("csv", portal)];
    let (told, counts, conflicts) = in_both_orders(&exports, only_audit);
    assert_eq!(counts.iter().map(|(events, _)| events).sum::<u64>(), 1);
    assert_eq!(counts.iter().map(|(_, merged)| merged).sum::<u64>(), 2);
    assert_told(
        &told,
        &[
            ("correlation", CORRELATION),
            ("operation", "Update user"),
            ("result", "success"),
            ("ip", "203.0.113.7"),
            ("agent", "curl/8"),
        ],
    );
    assert_eq!(conflicts, ["ip_address"]);
}

#[test]
fn acts_that_differ_in_what_tells_acts_apart_are_several() {
    let other_target = json!({"ObjectId": "eve@contoso.example", "Target": [{"ID": "eve@contoso.example", "Type": 5}]});
    for (unlike, why) in [
        (json!({"InterSystemsId": "c0ffee00-0000-0000-0000-00000000beef"}), "correlation id"),
        (json!({"Operation": "Delete user."}), "operation"),
        (json!({"CreationTime": "2026-09-13T01:59:09"}), "time"),
        (json!({"ResultStatus": "Failed"}), "result"),
        (other_target, "target"),
        (json!({"OrganizationId": "77777777-0000-0000-0000-000000000007"}), "tenant"),
    ] {
        let (mine, theirs) = (directory(json!({})).to_string(), unified(unlike).to_string());
        let case = read(&[("a.json", mine.as_bytes()), ("b.json", theirs.as_bytes())]);
        assert_eq!(case.inputs.iter().map(|input| input.events).collect::<Vec<_>>(), [1, 1], "{why}");
    }
    // One log tells an act once: two records of it are two acts, each with its own in the other log.
    let again = json!({"id": "Directory_2", "activityDateTime": "2026-09-13T01:59:01.5Z"});
    let mine = format!("{}\n{}\n", directory(json!({})), directory(again));
    let later = json!({"Id": "bbbbbbbb-0000-4000-8000-000000000003", "CreationTime": "2026-09-13T01:59:02"});
    let theirs = format!("{}\n{}\n", unified(json!({})), unified(later));
    let case = read(&[("a.json", mine.as_bytes()), ("b.json", theirs.as_bytes())]);
    let events: u64 = case.inputs.iter().map(|input| input.events).sum();
    let merged: u64 = case.inputs.iter().map(|input| input.merged).sum();
    assert_eq!((events, merged), (2, 2));
}

#[test]
fn one_id_in_three_tables_of_office_counts_once() {
    let id = "aaaaaaaa-0000-4000-8000-000000000009";
    let record = json!({"CreationTime": "2026-09-13T01:30:00", "Id": id, "Operation": "New-InboxRule", "RecordType": 1,
        "OrganizationId": TENANT, "ResultStatus": "True", "UserKey": "10032000AAAA", "UserType": 2, "Workload": "Exchange",
        "UserId": "ada@contoso.example", "ClientIP": "192.0.2.1:50123", "ObjectId": "ada\\rule",
        "Parameters": [{"Name": "ForwardTo", "Value": "eve@example.com"}], "AppAccessContext": {"AADSessionId": SESSION}});
    let defender = csv(&[
        ("Timestamp", "2026-09-13T01:30:00Z"),
        ("ActionType", "New-InboxRule"),
        ("AccountObjectId", "11111111-0000-0000-0000-000000000001"),
        ("IPAddress", "192.0.2.1"),
        ("UserAgent", "Mozilla/5.0"),
        ("RawEventData", &record.to_string()),
    ]);
    let office = csv(&[
        ("TimeGenerated", "2026-09-13T01:30:00Z"),
        ("OfficeWorkload", "Exchange"),
        ("Operation", "New-InboxRule"),
        ("RecordType", "ExchangeAdmin"),
        ("OfficeId", id),
        ("OrganizationId", TENANT),
        ("UserId", "ada@contoso.example"),
        ("ClientIP", "198.51.100.7:50123"),
        ("ResultStatus", "True"),
        ("Type", "OfficeActivity"),
    ]);
    let exports = [line(&record), ("csv", defender), ("csv", office)];
    let told = |case: &Case| {
        let numbers: Vec<u32> = case.buckets.iter().flat_map(|bucket| bucket.activities.iter().copied()).collect();
        assert_eq!(numbers.len(), 1, "{:#?}", case.inputs);
        let (row, store) = (case.store.activity(numbers[0]).unwrap(), &case.store);
        let texts = [row.operation, row.address, row.agent, row.parameters].map(|id| store.texts.get(id).to_owned());
        (texts, row.session_id(store).display(&store.texts))
    };
    let (told, counts, conflicts) = in_both_orders(&exports, told);
    assert_eq!(counts, [(0, 1), (1, 0), (0, 1)], "the row with the record and a user agent says most");
    assert_eq!(
        told.0,
        ["New-InboxRule", "192.0.2.1", "Mozilla/5.0", r#"[["ForwardTo","eve@example.com"]]"#].map(str::to_owned),
    );
    assert_eq!((told.1.as_str(), conflicts), (SESSION, vec!["ip_address"]));
}

#[test]
fn an_act_whose_time_is_open_is_joined_with_none_of_another_file_until_it_is_known() {
    // A script's CSV of PowerShell's objects: its times name no zone. The other log is hours away.
    let open = |time: &str| {
        csv(&[
            ("AdditionalProperties", ""),
            ("ActivityDateTime", time),
            ("ActivityDisplayName", "Update user"),
            ("Category", "UserManagement"),
            ("CorrelationId", CORRELATION),
            ("Id", "Directory_1"),
            ("InitiatedBy", &json!({"User": {"UserPrincipalName": "ada@contoso.example"}}).to_string()),
            ("LoggedByService", "Core Directory"),
            ("Result", "success"),
            ("TargetResources", &json!([{"Type": "User", "UserPrincipalName": "bob@contoso.example"}]).to_string()),
        ])
    };
    let theirs = unified(json!({})).to_string();
    let counts = |time: &str, zone: Option<&str>| {
        let inputs: [(&str, &[u8]); 2] = [("a.csv", &open(time).into_bytes()), ("b.json", theirs.as_bytes())];
        let parts = inputs.iter().zip(0..).map(|((name, bytes), input)| {
            let mut reading = Reading::new(name, input, 0);
            reading.feed(bytes);
            reading.finish()
        });
        let all = clock::Told { zone: zone.and_then(Offsets::fixed), day_first: None };
        let case = Case::gather_told(parts.collect(), &Times { all, ..Times::default() });
        assert_eq!(case.inputs[0].format, "powershell-directory-audit");
        case.inputs.iter().map(|input| input.events).sum::<u64>()
    };
    assert_eq!(counts("9/13/2026 3:59:00 AM", None), 2, "nobody knows which came first");
    assert_eq!(counts("9/13/2026 1:59:00 AM", None), 2, "that it reads alike is chance");
    assert_eq!(counts("9/13/2026 3:59:00 AM", Some("+2")), 1, "now it is known");
    assert_eq!(counts("9/13/2026 3:59:00 AM", Some("+1")), 2, "an hour apart");
}

#[test]
fn an_act_that_is_told_to_the_minute_is_the_one_act_of_that_minute() {
    // The admin center's CSV, saved by a spreadsheet.
    let coarse = audit_row(&[
        ("Date (UTC)", "9/13/2026 1:59"),
        ("IPAddress", "203.0.113.7"),
        ("Target1Type", "User"),
        ("Target1ObjectId", "44444444-0000-0000-0000-000000000004"),
        ("Target1UserPrincipalName", "bob@contoso.example"),
    ]);
    let at = |id: &str, second: u32| {
        directory(json!({"id": id, "activityDateTime": format!("2026-09-13T01:59:{second:02}Z")}))
    };
    let events = |records: &[Value]| {
        let text: String = records.iter().map(|record| format!("{record}\n")).collect();
        let case = read(&[("a.csv", coarse.as_bytes()), ("b.json", text.as_bytes())]);
        case.inputs.iter().map(|input| input.events).collect::<Vec<_>>()
    };
    assert_eq!(events(&[at("Directory_1", 47)]).iter().sum::<u64>(), 1);
    assert_eq!(events(&[at("Directory_1", 7), at("Directory_2", 47)]), [1, 2], "which of the two is not told");
    assert_eq!(events(&[directory(json!({"activityDateTime": "2026-09-13T02:00:03Z"}))]), [1, 1]);
}
