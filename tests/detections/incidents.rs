//! Incidents: what belongs together, what must not, how it began, and the story in order.

use serde_json::{Value, json};

use crate::support::{Random, audit, case, fixture, guid, id_of, lines, report, report_of, sign_in, tuning, with};

const BROKER: &str = "29d9ed98-a469-4536-ade2-f981bc1d605e";
const STOLEN: &str = "d0000000-0000-4000-8000-0000000000ff";

/// A sign-in at home and a pivot from a rented machine, on a day of November.
fn pivot(user: &str, day: u32, place: Value) -> Vec<Value> {
    let session = guid(&format!("session of {user} on day {day}"));
    let tool = json!({"appId": "04b07795-8ddb-461a-bbee-02f9e1bf7b46", "appDisplayName": "Microsoft Azure CLI", "isInteractive": false,
        "incomingTokenType": "refreshToken", "userAgent": "python-requests/2.32.3", "ipAddress": "192.0.2.30",
        "autonomousSystemNumber": 64502, "location": {"countryOrRegion": "NL"}, "deviceDetail": {"deviceId": ""}, "sessionId": session});
    let at = |hour: u32| format!("2026-11-{day:02}T{hour:02}:11:23Z");
    vec![
        sign_in(user, &format!("{user}-{day}-first"), &at(9), json!({"sessionId": session})),
        sign_in(user, &format!("{user}-{day}-second"), &at(10), with(tool, place)),
    ]
}

/// A device code for the broker, redeemed from an address, by a browser for mail: high.
fn device_code(user: &str, time: &str, address: &str) -> Value {
    let change = json!({"appId": BROKER, "authenticationProtocol": "deviceCode", "conditionalAccessAudiences": [{"applicationId": BROKER}],
        "resourceId": "00000002-0000-0ff1-ce00-000000000000", "ipAddress": address, "autonomousSystemNumber": 64510,
        "deviceDetail": {"deviceId": ""}});
    sign_in(user, &format!("{user}-code"), time, change)
}

/// Somebody who works from an address and is not flagged.
fn colleague(number: u32, address: &str) -> Value {
    let user = format!("colleague{number}");
    sign_in(&user, &user, "2026-11-12T08:00:00Z", json!({"ipAddress": address, "autonomousSystemNumber": 64502}))
}

fn incidents(records: &[Value]) -> Vec<Value> {
    report_of(records)["incidents"].as_array().expect("incidents").clone()
}

fn kinds(incident: &Value) -> Vec<String> {
    let links = incident["links"].as_array().expect("links");
    let mut kinds: Vec<String> = links.iter().map(|link| link["kind"].as_str().expect("a kind").to_owned()).collect();
    kinds.dedup();
    kinds
}

/// Name, records, sessions of each incident, what ties the first.
type Together<'a> = (&'a str, Vec<Value>, Vec<usize>, &'a [&'a str]);

#[test]
fn what_belongs_together_and_what_does_not() {
    let stolen =
        json!({"deviceDetail": {"deviceId": STOLEN}, "ipAddress": "198.51.100.7", "autonomousSystemNumber": 64503});
    let elsewhere = json!({"ipAddress": "198.51.100.7", "autonomousSystemNumber": 64503, "userAgent": "curl/8.5"});
    let crowd = |address: &str| -> Vec<Value> { (0..3).map(|number| colleague(number, address)).collect() };
    let two = |first: Vec<Value>, second: Vec<Value>| -> Vec<Value> { first.into_iter().chain(second).collect() };
    let cases: Vec<Together<'_>> = vec![
        ("one session is one incident", pivot("ann", 12, json!({})), vec![1], &[]),
        (
            "two users, one rented machine",
            two(pivot("ann", 4, json!({})), pivot("bob", 12, json!({}))),
            vec![2],
            &["network"],
        ),
        (
            "the same block, another address",
            two(pivot("ann", 4, json!({})), pivot("bob", 12, json!({"ipAddress": "192.0.2.31"}))),
            vec![2],
            &["network"],
        ),
        (
            "the same block, another program",
            two(
                pivot("ann", 4, json!({})),
                pivot("bob", 12, json!({"ipAddress": "192.0.2.31", "userAgent": "curl/8.5"})),
            ),
            vec![1, 1],
            &[],
        ),
        ("another network", two(pivot("ann", 4, json!({})), pivot("bob", 12, elsewhere.clone())), vec![1, 1], &[]),
        (
            "the same device elsewhere",
            two(pivot("ann", 4, json!({"deviceDetail": {"deviceId": STOLEN}})), pivot("bob", 12, stolen)),
            vec![2],
            &["device"],
        ),
        (
            "a network that three others use joins no two users",
            [pivot("ann", 4, json!({})), pivot("bob", 12, json!({})), crowd("192.0.2.77")].concat(),
            vec![1, 1],
            &[],
        ),
        (
            "two others are no crowd",
            [pivot("ann", 4, json!({})), pivot("bob", 12, json!({})), crowd("192.0.2.77")[..2].to_vec()].concat(),
            vec![2],
            &["network"],
        ),
        (
            "one user through a crowded network",
            [pivot("ann", 4, json!({})), pivot("ann", 12, json!({})), crowd("192.0.2.77")].concat(),
            vec![2],
            &["network"],
        ),
        (
            "one user within a day",
            two(pivot("ann", 11, json!({})), pivot("ann", 12, elsewhere.clone())),
            vec![2],
            &["user"],
        ),
        (
            "one user days apart, nothing in common",
            two(pivot("ann", 9, json!({})), pivot("ann", 12, elsewhere)),
            vec![1, 1],
            &[],
        ),
        (
            "one polling address",
            vec![
                device_code("ann", "2026-11-04T10:00:00Z", "192.0.2.99"),
                device_code("bob", "2026-11-12T10:00:00Z", "192.0.2.99"),
            ],
            vec![2],
            &["network", "polling-address"],
        ),
        (
            "an address of Microsoft's own joins nobody",
            vec![
                device_code("ann", "2026-11-04T10:00:00Z", "20.190.128.1"),
                device_code("bob", "2026-11-12T10:00:00Z", "20.190.128.1"),
            ],
            vec![1, 1],
            &[],
        ),
    ];
    for (name, records, sizes, links) in cases {
        let found = incidents(&records);
        let of = |incident: &Value| incident["sessions"].as_array().map(Vec::len).unwrap_or_default();
        assert_eq!(found.iter().map(of).collect::<Vec<_>>(), sizes, "{name}");
        assert_eq!(found.first().map(kinds).unwrap_or_default(), links, "{name}");
    }
}

#[test]
fn what_was_registered_in_one_session_ties_the_one_that_uses_it() {
    let bound = |device: &str| json!({"deviceDetail": {"deviceId": device}, "ipAddress": "198.51.100.7", "autonomousSystemNumber": 64503});
    let code = device_code("ann", "2026-11-04T10:00:00Z", "192.0.2.99");
    let registered = |id: &str, time: &str| {
        let details = json!({"activityDisplayName": "Register device", "additionalDetails": [{"key": "Device Id", "value": STOLEN}]});
        audit("ann", id, time, details)
    };
    for (name, audit, device, sizes) in [
        ("used later", registered("reg", "2026-11-04T11:00:00Z"), STOLEN, vec![2]),
        (
            "another device",
            registered("reg", "2026-11-04T11:00:00Z"),
            "d0000000-0000-4000-8000-0000000000aa",
            vec![1, 1],
        ),
    ] {
        let records = [vec![code.clone(), audit], pivot("ann", 12, bound(device))].concat();
        let found = incidents(&records);
        let of = |incident: &Value| incident["sessions"].as_array().map(Vec::len).unwrap_or_default();
        assert_eq!(found.iter().map(of).collect::<Vec<_>>(), sizes, "{name}");
    }
}

#[test]
fn the_way_in_is_named_where_the_evidence_carries_it() {
    let taken = pivot("ann", 12, json!({}));
    let code = device_code("ann", "2026-11-12T09:30:00Z", "192.0.2.99");
    for (records, kind, confidence, told) in [
        (taken.clone(), "token", "medium", &["foci-pivot", "session-handover"][..]),
        (vec![code.clone()], "device-code", "high", &["device-code-broker", "device-code-sign-in"]),
        // Both within an hour: the more particular way.
        ([taken.clone(), vec![code]].concat(), "device-code", "high", &["device-code-broker", "device-code-sign-in"]),
        // The code came a day after the token.
        (
            [taken, vec![device_code("ann", "2026-11-13T09:30:00Z", "192.0.2.99")]].concat(),
            "token",
            "medium",
            &["foci-pivot", "session-handover"],
        ),
    ] {
        let report = report_of(&records);
        let access = &report["incidents"][0]["initial_access"];
        assert_eq!((&access["kind"], &access["confidence"]), (&json!(kind), &json!(confidence)));
        let findings = report["findings"].as_array().expect("findings");
        let evidence = access["evidence"].as_array().expect("ids").iter();
        let mut named: Vec<&str> = evidence
            .map(|id| findings.iter().find(|finding| finding["id"] == *id).expect("a finding of the report"))
            .map(|finding| finding["detection"].as_str().expect("a name"))
            .collect();
        named.sort_unstable();
        assert_eq!(named, told, "{kind}");
    }
}

#[test]
fn the_story_is_told_in_order_and_each_step_names_its_finding() {
    let mut records = pivot("ann", 12, json!({}));
    let more = pivot("ann", 12, json!({})).pop().expect("a record");
    for minute in 12..15 {
        let change = json!({"id": format!("more-{minute}"), "createdDateTime": format!("2026-11-12T10:{minute}:00Z")});
        records.push(with(more.clone(), change));
    }
    Random(7).shuffle(&mut records);
    let report = report_of(&records);
    let incident = &report["incidents"][0];
    let story = incident["story"].as_array().expect("a story");
    let told: Vec<_> =
        story.iter().map(|step| (step["kind"].as_str(), step["count"].as_u64(), step["side"].as_str())).collect();
    assert_eq!(told, [(Some("sign-in"), Some(1), Some("first")), (Some("refresh-token"), Some(4), Some("later"))]);
    assert_eq!(story[1]["until"], "2026-11-12T10:14:00.000000Z");
    assert!(
        story[1]["step"]
            .as_str()
            .is_some_and(|text| text.contains("ann") && text.contains("192.0.2.30") && text.contains("four times"))
    );
    assert_eq!(story[1]["finding"], report["findings"][0]["id"]);
    assert_eq!(
        (&incident["id"], &incident["users"]),
        (&report["sessions"][0]["incident"], &json!(["ann@contoso.example"]))
    );
    assert_eq!(report["findings"][0]["incident"], incident["id"]);
}

#[test]
fn ids_and_parts_do_not_depend_on_order_or_on_what_comes_later() {
    let first = [pivot("ann", 4, json!({})), pivot("bob", 12, json!({}))].concat();
    let id = incidents(&first)[0]["id"].clone();
    let mut more = [first.clone(), pivot("cay", 13, json!({}))].concat();
    assert_eq!(
        (incidents(&more)[0]["id"].clone(), incidents(&more)[0]["users"].as_array().map(Vec::len)),
        (id, Some(3))
    );
    let once = report(&case(&[("a.ndjson", lines(&more))]), &tuning(""))["incidents"].clone();
    Random(3).shuffle(&mut more);
    let (left, right) = more.split_at(2);
    let again =
        report(&case(&[("b.ndjson", lines(right)), ("a.ndjson", lines(left))]), &tuning(""))["incidents"].clone();
    assert_eq!(once, again);
}

#[test]
fn below_the_line_and_alone_is_no_incident() {
    let travelled = json!({"deviceDetail": {"deviceId": "d0000000-0000-4000-8000-000000000001", "isCompliant": true}, "userAgent": null});
    let report = report_of(&pivot("ann", 12, travelled));
    assert_eq!(report["sessions"][0]["severity"], "medium");
    assert_eq!((&report["incidents"], &report["sessions"][0]["incident"]), (&json!([]), &Value::Null));
}

/// A record of a detection's fixture, as somebody's own at a time.
fn of_fixture(file: &str, id: &str, user: &str, time: &str) -> Value {
    let all = fixture(file, "fires");
    let mut record = all.into_iter().find(|record| id_of(record) == id).expect("a record of the fixture");
    if record["UserId"].is_string() {
        record["UserId"] = json!(format!("{user}@contoso.example"));
        record["CreationTime"] = json!(time.trim_end_matches('Z'));
    } else {
        record["initiatedBy"]["user"] = json!({"id": guid(user), "userPrincipalName": format!("{user}@contoso.example"),
            "ipAddress": "203.0.113.10"});
        record["activityDateTime"] = json!(time);
    }
    record
}

#[test]
fn findings_without_session_are_one_incident_where_two_kinds_of_evidence_meet_within_a_day() {
    let policy = || of_fixture("conditional_access_weakened", "off-1", "two", "2026-11-12T10:00:00Z");
    let rule = |user: &str, time: &str| of_fixture("inbox_rule", "ir-rss-a", user, time);
    let found = |records: &[Value]| {
        let found = incidents(records);
        let parts = |incident: &Value| incident["findings"].as_array().expect("findings").len();
        found.iter().map(|incident| (incident["severity"].clone(), parts(incident))).collect::<Vec<_>>()
    };
    assert_eq!(found(&[policy(), rule("two", "2026-11-13T09:00:00Z")]), [(json!("high"), 2)]);
    assert_eq!(found(&[policy()]), [], "one alone");
    assert_eq!(found(&[policy(), rule("two", "2026-11-13T11:00:00Z")]), [], "more than a day");
    assert_eq!(found(&[policy(), rule("another", "2026-11-12T11:00:00Z")]), [], "of another user");
    let again = of_fixture("conditional_access_weakened", "deleted-1", "two", "2026-11-12T11:30:00Z");
    assert_eq!(found(&[policy(), again]), [], "one kind of evidence");
}
