//! Which records are one event.

use serde_json::{Value, json};
use signin_sleuth::analysis::Case;

use crate::formats::{as_monitor, as_row, whole};
use crate::support::{ABSENT, EMPTY, assert_told, read, sign_in, sign_ins, with};

/// Reads inputs by name, each of one record a line.
fn inputs(inputs: &[(&str, &[Value])]) -> Case {
    let texts: Vec<(String, String)> = inputs
        .iter()
        .map(|(name, records)| ((*name).to_owned(), records.iter().map(|record| format!("{record}\n")).collect()))
        .collect();
    read(&texts.iter().map(|(name, text)| (name.as_str(), text.as_bytes())).collect::<Vec<_>>())
}

/// Events, merged, duplicates of each input.
fn counts(case: &Case) -> Vec<(u64, u64, u64)> {
    case.inputs.iter().map(|input| (input.events, input.merged, input.duplicates)).collect()
}

fn v1() -> Value {
    let mut record = whole();
    record.as_object_mut().unwrap().retain(|key, _| {
        [
            "id",
            "createdDateTime",
            "userPrincipalName",
            "userId",
            "appId",
            "ipAddress",
            "status",
            "deviceDetail",
            "location",
        ]
        .contains(&key.as_str())
    });
    record
}

#[test]
fn the_same_record_in_two_inputs_is_a_duplicate() {
    let case = inputs(&[("a.json", &[whole()]), ("b.json", &[whole()])]);
    assert_eq!(counts(&case), [(1, 0, 0), (0, 0, 1)]);
    assert!(case.conflicts.is_empty());
}

#[test]
fn formats_that_say_the_same_are_duplicates_and_others_are_merged() {
    let case = inputs(&[("a.json", &[whole()]), ("b.json", &[as_monitor()]), ("c.json", &[as_row()])]);
    assert_eq!(counts(&case), [(1, 0, 0), (0, 0, 1), (0, 0, 1)]);
    let more = with(as_monitor(), json!({"location": "DE"}));
    let more = with(
        more.clone(),
        json!({"properties": with(more["properties"].clone(), json!({"userDisplayName": "Ada L."}))}),
    );
    let case = inputs(&[("a.json", &[whole()]), ("b.json", &[more])]);
    assert_eq!(counts(&case), [(1, 0, 0), (0, 1, 0)]);
    assert!(case.conflicts.is_empty(), "a display name is no conflict");
    assert_told(&sign_in(&case), &[("user_display", "Ada")]);
}

#[test]
fn whole_seconds_of_graph_meet_the_digits_of_azure_monitor() {
    let precise = |time: &str| {
        let record = as_monitor();
        with(
            record.clone(),
            json!({"properties": with(record["properties"].clone(), json!({"createdDateTime": time}))}),
        )
    };
    for (first, second) in [
        (whole(), precise("2026-09-13T01:22:28.9876543+00:00")),
        (precise("2026-09-13T01:22:28.9876543+00:00"), whole()),
    ] {
        let case = inputs(&[("a.json", &[first]), ("b.json", &[second])]);
        assert_eq!(counts(&case), [(1, 0, 0), (0, 1, 0)]);
        assert_told(&sign_in(&case), &[("time", "2026-09-13T01:22:28.987654Z")]);
    }
    // Two times with digits that differ are two events, and so are two different seconds.
    let two = inputs(&[
        ("a.json", &[precise("2026-09-13T01:22:28.9876543+00:00")]),
        ("b.json", &[precise("2026-09-13T01:22:28.1876544+00:00")]),
    ]);
    assert_eq!(counts(&two), [(1, 0, 0), (1, 0, 0)]);
    let two = inputs(&[("a.json", &[whole()]), ("b.json", &[precise("2026-09-13T01:22:29.0000001+00:00")])]);
    assert_eq!(counts(&two), [(1, 0, 0), (1, 0, 0)]);
}

#[test]
fn another_result_is_another_event_and_an_unsaid_result_is_none() {
    let failed = with(whole(), json!({"status": {"errorCode": 50074}}));
    let case = inputs(&[("a.json", &[whole(), failed.clone()]), ("b.json", &[failed])]);
    assert_eq!(counts(&case), [(2, 0, 0), (0, 0, 1)]);
    let unsaid = with(whole(), json!({"status": {"errorCode": null}}));
    for (first, second, expected) in
        [(whole(), unsaid.clone(), [(1, 0, 0), (0, 1, 0)]), (unsaid, whole(), [(0, 1, 0), (1, 0, 0)])]
    {
        let case = inputs(&[("a.json", &[first]), ("b.json", &[second])]);
        assert_eq!(counts(&case), expected);
        assert_told(&sign_in(&case), &[("code", "50076"), ("reason", "MFA required")]);
    }
}

#[test]
fn records_of_one_id_that_alternate_are_sorted_into_their_events() {
    let failed = with(whole(), json!({"status": {"errorCode": 50074}}));
    let records = [whole(), failed.clone(), whole(), failed.clone(), whole(), failed];
    let case = inputs(&[("a.json", &records)]);
    assert_eq!(counts(&case), [(2, 0, 4)]);
}

#[test]
fn another_stream_is_another_event_and_an_unsaid_stream_is_none() {
    let other = with(whole(), json!({"signInEventTypes": ["nonInteractiveUser"], "isInteractive": false}));
    let case = inputs(&[("a.json", &[whole()]), ("b.json", std::slice::from_ref(&other))]);
    assert_eq!(counts(&case), [(1, 0, 0), (1, 0, 0)]);
    // Version 1.0 does not say the stream.
    for (first, second, expected) in
        [(v1(), other.clone(), [(0, 1, 0), (1, 0, 0)]), (other, v1(), [(1, 0, 0), (0, 1, 0)])]
    {
        let case = inputs(&[("a.json", &[first]), ("b.json", &[second])]);
        assert_eq!(counts(&case), expected);
        assert_told(
            &sign_in(&case),
            &[
                ("stream", "non-interactive"),
                ("doubts", "0"),
                ("session", "008b57fa-8d12-7c5c-a000-000000000001"),
                ("incoming", "primaryRefreshToken"),
                ("agent", "Mozilla/5.0"),
                ("user_type", "member"),
                ("asn", "3320"),
            ],
        );
        assert!(case.conflicts.is_empty());
    }
}

#[test]
fn a_record_that_completes_nothing_new_after_others_did_is_a_duplicate_of_its_like() {
    let case = inputs(&[("a.json", &[v1()]), ("b.json", &[whole()]), ("c.json", &[v1(), whole()])]);
    assert_eq!(counts(&case), [(0, 1, 0), (1, 0, 0), (0, 0, 2)]);
    let places: Vec<(u32, u64)> = case.also.values().flatten().map(|place| (place.input, place.record)).collect();
    assert_eq!(places, [(0, 0), (2, 0), (2, 1)]);
}

#[test]
fn the_richest_source_stands_and_disagreements_are_told() {
    let other = with(
        whole(),
        json!({"ipAddress": "198.51.100.7", "incomingTokenType": "none", "sessionId": "008b57fa-8d12-7c5c-a000-000000000002",
            "deviceDetail": with(whole()["deviceDetail"].clone(), json!({"isCompliant": false})),
            "location": with(whole()["location"].clone(), json!({"countryOrRegion": "FR"})),
            "userAgent": ABSENT, "clientAppUsed": null}),
    );
    let case = inputs(&[("a.json", std::slice::from_ref(&other)), ("b.json", &[whole()])]);
    assert_told(
        &sign_in(&case),
        &[
            ("ip", "192.0.2.1"),
            ("incoming", "primaryRefreshToken"),
            ("session", "008b57fa-8d12-7c5c-a000-000000000001"),
            ("agent", "Mozilla/5.0"),
            ("client", "Browser"),
            ("country", "DE"),
            ("compliant", "true"),
        ],
    );
    let columns: Vec<&str> = case.conflicts.iter().map(|conflict| conflict.column).collect();
    assert_eq!(columns, ["country", "device_is_compliant", "incoming_token_type", "ip_address", "session_id"]);
    let turned = inputs(&[("a.json", &[whole()]), ("b.json", &[other])]);
    assert_eq!(sign_in(&turned), sign_in(&case));
    // Of two that say as much the first in order of the names of their inputs stands.
    let other = with(whole(), json!({"ipAddress": "198.51.100.7"}));
    let case = inputs(&[("b.json", &[whole()]), ("a.json", &[other])]);
    assert_eq!((counts(&case), sign_in(&case)["ip"].as_str()), (vec![(1, 0, 0), (0, 1, 0)], "198.51.100.7"));
}

#[test]
fn records_without_id_are_events_of_their_own() {
    let nameless = with(whole(), json!({"id": null}));
    let case = inputs(&[("a.json", &[nameless.clone(), nameless])]);
    assert_eq!(counts(&case), [(2, 0, 0)]);
    assert!(sign_ins(&case).iter().all(|told| told["id"] == EMPTY));
}

#[test]
fn the_same_id_in_two_tenants_is_two_events() {
    let elsewhere = with(whole(), json!({"tenantId": "bbbbbbbb-0000-0000-0000-00000000000b"}));
    let case = inputs(&[("a.json", &[whole()]), ("b.json", &[elsewhere])]);
    assert_eq!(counts(&case), [(1, 0, 0), (1, 0, 0)]);
    assert_eq!(case.tenancy.count(), 2);
}

#[test]
fn a_time_in_an_unknown_zone_is_no_reason_for_two_events() {
    let local = "CreatedDateTime [Local Time],Id,ResultType,UserPrincipalName,AppDisplayName,SessionId,Type\n\
        \"9/13/2026, 3:22:28.000 AM\",0f94f5fb-3583-4c46-9bfa-0390c1988800,50076,ada@contoso.example,Azure Portal,,SigninLogs\n";
    let graph = format!("{}\n", whole());
    for names in [["a.csv", "b.json"], ["b.csv", "a.json"]] {
        let case = read(&[(names[0], local.as_bytes()), (names[1], graph.as_bytes())]);
        assert_eq!(case.inputs.iter().map(|input| input.events).sum::<u64>(), 1);
        assert_told(&sign_in(&case), &[("time", "2026-09-13T01:22:28.000000Z"), ("doubts", "0")]);
    }
}

#[test]
fn inputs_are_ordered_by_name_and_content_however_they_come() {
    let (a, b) = (whole(), with(whole(), json!({"id": "0f94f5fb-3583-4c46-9bfa-0390c1988801"})));
    let texts =
        [("same.json", format!("{a}\n")), ("same.json", format!("{b}\n")), ("early.json", format!("{a}\n{b}\n"))];
    let told = |order: [usize; 3]| {
        let case = read(&order.map(|number| (texts[number].0, texts[number].1.as_bytes())));
        let inputs: Vec<_> =
            case.inputs.iter().map(|input| (input.name.clone(), input.bytes, input.events, input.duplicates)).collect();
        (inputs, sign_ins(&case), format!("{:?}", case.also))
    };
    let first = told([0, 1, 2]);
    for order in [[0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]] {
        assert_eq!(told(order), first);
    }
    assert_eq!(first.0[0].0, "early.json");
    assert_eq!((first.0[0].2, first.0[1].3, first.0[2].3), (2, 1, 1));
}

#[test]
fn an_audit_event_of_two_exports_is_one_event() {
    let graph = json!({
        "id": "Directory_1", "activityDateTime": "2026-09-13T01:07:39Z", "activityDisplayName": "Add user", "result": "success",
        "initiatedBy": {"user": {"id": "11111111-0000-0000-0000-000000000001"}, "app": null}, "targetResources": [],
    });
    let more = with(
        graph.clone(),
        json!({"activityDateTime": "2026-09-13T01:07:39.3747702Z", "loggedByService": "Core Directory",
            "initiatedBy": {"user": {"id": "11111111-0000-0000-0000-000000000001", "ipAddress": "192.0.2.1"}}}),
    );
    let failed = with(graph.clone(), json!({"result": "failure"}));
    let case =
        inputs(&[("a.json", std::slice::from_ref(&graph)), ("b.json", &[more]), ("c.json", &[graph.clone(), failed])]);
    assert_eq!(counts(&case), [(0, 1, 0), (1, 0, 0), (1, 0, 1)]);
    let told = crate::support::audits(&case);
    assert_told(
        &told[0],
        &[
            ("time", "2026-09-13T01:07:39.374770Z"),
            ("service", "Core Directory"),
            ("ip", "192.0.2.1"),
            ("category", ABSENT),
        ],
    );
}

#[test]
fn an_id_that_thousands_share_is_gone_through_in_linear_time() {
    let records: String = (0..20_000)
        .map(|number| {
            let time = format!("2026-09-13T01:{:02}:{:02}.{:06}1Z", number / 60 % 60, number % 60, number + 1);
            format!("{}\n", with(v1(), json!({"createdDateTime": time})))
        })
        .collect();
    let case = read(&[("a.json", records.as_bytes())]);
    assert_eq!(counts(&case), [(20_000, 0, 0)]);
}
