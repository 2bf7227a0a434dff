//! Own networks are learned without flagged sessions: an intruder who holds several accounts must not become the
//! organisation's own exit, and an office must stay it.

use serde_json::{Value, json};

use crate::support::{case, guid, lines, report_of, sign_in};

/// Who of 25 people signed in from a place on three days, in sessions that begin at home, and how.
fn days(place: &Value, people: usize) -> Vec<Value> {
    let mut records = Vec::new();
    for person in 0..25 {
        let user = format!("person{person}");
        for day in [9, 10, 11] {
            let session = guid(&format!("{user} on {day}"));
            let home = json!({"sessionId": session, "ipAddress": format!("203.0.{person}.10"),
                "autonomousSystemNumber": 64_500 + person, "deviceDetail": {"deviceId": guid(&format!("laptop of {user}")), "isCompliant": true}});
            let id = |part: &str| format!("{user}-{day}-{part}");
            records.push(sign_in(&user, &id("home"), &format!("2026-11-{day:02}T08:00:00Z"), home.clone()));
            if person < people {
                let mut there = home;
                for (key, value) in place.as_object().expect("an object") {
                    there[key] = value.clone();
                }
                records.push(sign_in(&user, &id("there"), &format!("2026-11-{day:02}T12:00:00Z"), there));
            }
        }
    }
    records
}

fn is_own(records: &[Value], address: &str) -> bool {
    let case = case(&[("records.ndjson", lines(records))]);
    let bucket = case.buckets.first().expect("a person");
    let view = case.view(bucket);
    let mut rows = case.buckets.iter().flat_map(|bucket| &bucket.sign_ins).filter_map(|&row| case.store.sign_in(row));
    let row = rows.find(|row| case.store.texts.get(row.address) == address).expect("a sign-in from there");
    view.tenant.is_own(&view.network(row).expect("a network"))
}

/// The address of the intruder; an ordinary network, and no hosting one.
const THERE: &str = "198.51.100.7";

fn intruder() -> Value {
    json!({"ipAddress": THERE, "autonomousSystemNumber": 64_999, "location": {"countryOrRegion": "BR"},
        "deviceDetail": {"deviceId": ""}, "userAgent": "Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Gecko/20100101 Firefox/130.0"})
}

#[test]
fn an_intruder_with_a_fifth_of_the_accounts_is_no_own_network() {
    let records = days(&intruder(), 6);
    assert!(!is_own(&records, THERE));
    let report = report_of(&records);
    let findings = report["findings"].as_array().expect("findings").iter();
    let told = findings.filter(|finding| finding["detection"] == "session-handover" && finding["severity"] == "high");
    assert_eq!(told.count(), 18, "six people on three days");
}

#[test]
fn an_office_that_as_many_go_to_is_one() {
    let office = json!({"ipAddress": THERE, "autonomousSystemNumber": 64_999});
    assert!(is_own(&days(&office, 6), THERE));
    assert!(!is_own(&days(&office, 4), THERE), "four are too few");
}

#[test]
fn an_office_stays_own_where_one_session_in_it_is_flagged() {
    // One of seven comes with another machine: the other six are enough.
    let mut records = days(&json!({"ipAddress": THERE, "autonomousSystemNumber": 64_999}), 7);
    for record in &mut records {
        let id = record["id"].as_str().expect("an id");
        if id.starts_with("person0-") && id.ends_with("-there") {
            for (key, value) in intruder().as_object().expect("an object") {
                record[key] = value.clone();
            }
        }
    }
    assert!(is_own(&records, THERE));
}
