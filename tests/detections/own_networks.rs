//! Own networks are learned without flagged sessions: an intruder who holds several accounts must not become the
//! organisation's own exit, and an office must stay it.

use serde_json::{Value, json};
use signin_sleuth::analysis::{detect, merge};
use signin_sleuth::detections::Tuning;

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
    is_own_by(records, address, &[])
}

/// Whether an address is the tenant's own, where the rule is tuned.
fn is_own_by(records: &[Value], address: &str, tuned: &[(&str, &str)]) -> bool {
    let mut tuning = Tuning::default();
    tuned.iter().for_each(|(name, value)| tuning.set(&format!("own-networks.{name}"), value).expect("a tunable"));
    let mut case = case(&[("records.ndjson", lines(records))]);
    case.tune(&tuning);
    let bucket = case.buckets.first().expect("a person");
    let view = case.view(bucket);
    let mut rows = case.buckets.iter().flat_map(|bucket| &bucket.sign_ins).filter_map(|&row| case.store.sign_in(row));
    let row = rows.find(|row| case.store.texts.get(row.address) == address).expect("a sign-in from there");
    view.own.has(&view.network(row).expect("a network"))
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

#[test]
fn the_rule_can_be_tuned() {
    let office = json!({"ipAddress": THERE, "autonomousSystemNumber": 64_999});
    let few = days(&office, 4);
    assert!(!is_own_by(&few, THERE, &[("users", "4")]), "four of 25 are less than a fifth");
    assert!(is_own_by(&few, THERE, &[("users", "4"), ("percent", "16")]));
    assert!(is_own_by(&few, THERE, &[("ours", "198.51.100.0/24")]));
    let enough = days(&office, 6);
    assert!(!is_own_by(&enough, THERE, &[("days", "4")]));
    assert!(!is_own_by(&enough, THERE, &[("not-ours", "AS64999")]));
    assert!(!is_own_by(&days(&intruder(), 6), THERE, &[("users", "2")]), "an intruder's is none by any number");
}

#[test]
fn what_is_told_to_be_ours_is_no_handover() {
    let records = days(&intruder(), 6);
    let handovers = |tuned: Option<&str>| {
        let mut tuning = Tuning::default();
        tuned.iter().for_each(|value| tuning.set("own-networks.ours", value).expect("a tunable"));
        let mut case = case(&[("records.ndjson", lines(&records))]);
        case.tune(&tuning);
        let merged = merge(&case, detect(&case, 0..case.buckets.len(), &tuning));
        let found = merged.findings.iter().filter(|flagged| flagged.finding.detection == "session-handover");
        found.filter(|flagged| flagged.finding.variant == "handover").count()
    };
    assert_ne!(handovers(None), 0);
    assert_eq!(handovers(Some("198.51.100.7")), 0);
}
