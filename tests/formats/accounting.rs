//! Every record of every kind of input is counted once:
//! `records = events + merged + duplicates + rejected + other + enrichment`.

use serde_json::{Value, json};

use crate::support::{graph, monitor, read, with};

/// Records, events, merged, duplicates, rejected, of other tables, enrichment.
type Counts = [u64; 7];

/// Reads inputs, which also holds each of them to the equation, and counts.
fn counts(inputs: &[(&str, String)]) -> Vec<Counts> {
    let inputs: Vec<(&str, &[u8])> = inputs.iter().map(|(name, text)| (*name, text.as_bytes())).collect();
    let of = |input: &signin_sleuth::analysis::Input| {
        let other = input.other.values().sum();
        let (records, rejected) = (input.records, input.refused_total);
        [records, input.events, input.merged, input.duplicates, rejected, other, input.enrichment]
    };
    read(&inputs).inputs.iter().map(of).collect()
}

fn lines(records: &[Value]) -> String {
    records.iter().map(|record| format!("{record}\n")).collect()
}

fn numbered(number: u32) -> Value {
    graph(json!({"id": format!("0f94f5fb-3583-4c46-9bfa-{number:012}")}))
}

#[test]
fn records_of_tables_that_are_not_used_are_other() {
    let provisioned = json!({"id": "p", "provisioningAction": "create", "activityDateTime": "2026-09-13T01:22:28Z"});
    let of_workspace = json!({"Type": "AADProvisioningLogs", "TimeGenerated": "2026-09-13T01:22:28Z"});
    let monitored = with(monitor(json!({})), json!({"category": "ProvisioningLogs"}));
    let text = lines(&[provisioned.clone(), of_workspace, monitored, provisioned, numbered(1)]);
    assert_eq!(counts(&[("a.json", text)]), [[5, 1, 0, 0, 0, 4, 0]]);
}

#[test]
fn rows_that_only_say_more_of_a_sign_in_are_enrichment() {
    let steps = "Request ID,Date,Authentication method,Authentication method detail,Succeeded,Result detail,Requirement\r\n\
        0f94f5fb-3583-4c46-9bfa-000000000001,2025-12-04T08:19:40Z,Password,,true,Correct password,Primary authentication\r\n\
        0f94f5fb-3583-4c46-9bfa-000000000009,2025-12-04T08:19:40Z,Password,,true,Correct password,Primary authentication\r\n\
        ,2025-12-04T08:19:40Z,Password,,true,Correct password,Primary authentication\r\n";
    let found = counts(&[("a.json", lines(&[numbered(1)])), ("b.csv", steps.to_owned())]);
    assert_eq!(found, [[1, 1, 0, 0, 0, 0, 0], [3, 0, 0, 0, 1, 0, 2]], "a step of nobody's sign-in is rejected");
}

#[test]
fn the_same_record_again_is_a_duplicate_and_another_source_of_it_is_merged() {
    let fuller = monitor(json!({"id": "0f94f5fb-3583-4c46-9bfa-000000000001", "userAgent": "curl/8"}));
    let files = [
        ("a.json", lines(&[numbered(1), numbered(2), numbered(1)])),
        ("b.json", lines(&[numbered(1)])),
        ("c.json", lines(&[fuller.clone(), fuller])),
    ];
    // The record that says the most begins the event.
    assert_eq!(counts(&files), [[3, 1, 1, 1, 0, 0, 0], [1, 0, 0, 1, 0, 0, 0], [2, 1, 0, 1, 0, 0, 0]]);
}

#[test]
fn an_event_that_is_of_several_people_counts_once() {
    let audit = json!({"id": "Directory_1", "activityDateTime": "2026-09-13T01:30:00Z", "activityDisplayName": "Add member to role",
        "result": "success", "initiatedBy": {"user": {"id": "11111111-0000-0000-0000-000000000001"}, "app": null},
        "targetResources": [
            {"id": "11111111-0000-0000-0000-00000000000b", "type": "User", "userPrincipalName": "bob@contoso.example"},
            {"id": "11111111-0000-0000-0000-00000000000c", "type": "User", "userPrincipalName": "cem@contoso.example"}]});
    let found = counts(&[("a.json", lines(std::slice::from_ref(&audit))), ("b.json", lines(&[audit]))]);
    assert_eq!(found, [[1, 1, 0, 0, 0, 0, 0], [1, 0, 0, 1, 0, 0, 0]]);
}

#[test]
fn acts_and_risks_are_counted_like_sign_ins() {
    let act = json!({"CreationTime": "2026-09-13T01:22:28", "Id": "a1", "Operation": "MailItemsAccessed", "Workload": "Exchange",
        "RecordType": 50, "UserId": "ada@contoso.example", "OrganizationId": "99999999-0000-0000-0000-000000000009"});
    let risk = json!({"id": "r1", "requestId": "0f94f5fb-3583-4c46-9bfa-000000000001", "riskEventType": "anomalousToken",
        "riskState": "atRisk", "riskLevel": "high", "detectionTimingType": "realtime", "activity": "signin",
        "activityDateTime": "2026-09-13T01:22:28Z", "detectedDateTime": "2026-09-13T01:22:28Z",
        "userId": "11111111-0000-0000-0000-000000000001", "userPrincipalName": "ada@contoso.example"});
    let found = counts(&[("a.json", lines(&[act.clone(), act, risk.clone(), risk]))]);
    assert_eq!(found, [[4, 2, 0, 2, 0, 0, 0]]);
}

#[test]
fn cells_that_are_damaged_leave_the_record_an_event() {
    let text = "Type,CreatedDateTime [UTC],Id,UserPrincipalName,AppDisplayName,ResultType,DeviceDetail\r\n\
        SigninLogs,2026-09-13T01:22:28Z,0f94f5fb-3583-4c46-9bfa-000000000001,ada@contoso.example,Teams,0,\"{\"\"deviceId\"\": \"\"ab\"\r\n\
        SigninLogs,soon,0f94f5fb-3583-4c46-9bfa-000000000002,ada@contoso.example,Teams,0,{}\r\n\
        SigninLogs\r\n";
    let inputs = [("a.csv", text.as_bytes())];
    let case = read(&inputs);
    assert!(!case.inputs[0].damaged.is_empty(), "the damage is told");
    let found = counts(&[("a.csv", text.to_owned())]);
    assert_eq!(found, [[3, 1, 0, 0, 2, 0, 0]], "no time, and a row that is cut: rejected");
}

#[test]
fn what_is_no_object_and_a_tail_that_is_cut_are_rejected() {
    let whole = numbered(1).to_string();
    let cut = numbered(2).to_string();
    let array = format!("[{whole},7,null,\"x\"]");
    assert_eq!(counts(&[("a.json", array)]), [[4, 1, 0, 0, 3, 0, 0]]);
    let tail = format!("{whole}\n{}", &cut[..cut.len() / 2]);
    assert_eq!(counts(&[("a.json", tail)]), [[2, 1, 0, 0, 1, 0, 0]]);
}
