//! Every record of every kind of input is counted once:
//! `records = events + merged + duplicates + rejected + other + enrichment`.

use serde_json::{Value, json};

use crate::support::{graph, monitor, read, sign_ins, with};

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

#[test]
fn elements_that_are_no_object_are_rejected_with_their_place_in_every_container() {
    let (one, two) = (numbered(1).to_string(), numbered(2).to_string());
    let row = |number: u32| {
        format!(
            r#"["2026-09-13T01:22:28Z","0f94f5fb-3583-4c46-9bfa-{number:012}","ada@contoso.example","Teams","0","SigninLogs"]"#
        )
    };
    let columns: Vec<Value> = ["CreatedDateTime", "Id", "UserPrincipalName", "AppDisplayName", "ResultType", "Type"]
        .map(|name| json!({"name": name}))
        .to_vec();
    let columns = Value::Array(columns);
    // Each is an element between two records, and `|` marks where it begins.
    for odd in ["[]", "[ ]", "7", "-1.5e3", "true", "null", "\"text\"", "\"\"", "[1]", "\"eyJhIjoxfQ==\""] {
        for (container, text) in [
            ("list", format!("[{one}, |{odd} ,{two}]")),
            ("value", format!(r#"{{"@odata.context":"x","value":[{one},|{odd},{two}]}}"#)),
            ("records", format!(r#"{{"records":[{one},|{odd}, {two}]}}"#)),
            ("results", format!(r#"{{"Results":[{one}, |{odd},{two}],"more":1}}"#)),
            ("hits", format!(r#"{{"hits":{{"total":2,"hits":[{one},|{odd},{two}]}}}}"#)),
            ("pages", format!("[{one}]\n[|{odd}]\n[{two}]\n")),
            ("pages", format!("[[{one}],[{two},|{odd}]]")),
            (
                "rows",
                format!(r#"{{"tables":[{{"name":"P","columns":{columns},"rows":[{},|{odd}, {}]}}]}}"#, row(1), row(2)),
            ),
        ] {
            // A page without records is none; a list in a list of pages is a page.
            if container == "pages" && odd.starts_with('[') && text.starts_with("[{") {
                continue;
            }
            let at = text.find('|').unwrap()
                + usize::from(odd == "[1]" && !["value", "records", "results", "hits", "rows"].contains(&container));
            let text = text.replace('|', "");
            for chunk in [1, 2, text.len()] {
                let mut reading = signin_sleuth::analysis::Reading::new("a.json", 0, 0);
                text.as_bytes().chunks(chunk).for_each(|bytes| reading.feed(bytes));
                let case = signin_sleuth::analysis::Case::gather(vec![reading.finish()]);
                let input = &case.inputs[0];
                let is = (input.records, input.events, input.refused_total);
                assert_eq!(is, (3, 2, 1), "{odd} in {container}, {chunk} at a time: {text} {input:?}");
                assert_eq!(input.refused[0].offset, at as u64, "{odd} in {container}: {text}");
                assert!(input.refused[0].reason.contains("no object") || odd == "[1]", "{:?}", input.refused);
                assert_eq!(sign_ins(&case).len(), 2);
            }
        }
    }
    // Pages that hold nothing are no records, and say nothing.
    assert_eq!(counts(&[("a.json", format!("[]\n[{one}]\n[]\n"))]), [[1, 1, 0, 0, 0, 0, 0]]);
}
