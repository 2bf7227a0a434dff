//! Several tenants in one drop are looked at each on its own.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use signin_sleuth::analysis::{Case, Part, Reading};
use signin_sleuth::detections::Tuning;
use signin_sleuth::generate::{File, Format, Settings, tenant};

use crate::support::{audit, case, fixture, lines, report, report_of, sign_in, tuning, with};

const OTHER: &str = "22222222-2222-4222-8222-222222222222";

fn files(seed: u64, folder: &str) -> Vec<File> {
    let settings = Settings { seed, users: 30, days: 5, near_misses: true, ..Settings::default() };
    let named = |file: File| File { name: format!("{folder}/{}", file.name), ..file };
    tenant(&settings).write(Format::GraphNdjson).into_iter().map(named).collect()
}

fn read(files: &[&File]) -> Value {
    let part = |(number, file): (usize, &&File)| -> Part {
        let mut reading = Reading::new(&file.name, number as u32, 0);
        reading.feed(&file.bytes);
        reading.finish()
    };
    report(&Case::gather(files.iter().enumerate().map(part).collect()), &Tuning::default())
}

/// By id what each finding says, where its records stand left out.
fn findings(report: &Value) -> BTreeMap<String, String> {
    let told = |finding: &Value| {
        let mut events: Vec<String> = finding["evidence"]
            .as_array()
            .expect("a list")
            .iter()
            .map(|item| format!("{} {}", item["role"], item["event"]))
            .collect();
        events.sort();
        let kept =
            ["detection", "variant", "severity", "confidence", "session", "title", "why", "facts", "first", "last"];
        (finding["id"].as_str().expect("an id").to_owned(), format!("{:?} {events:?}", kept.map(|key| &finding[key])))
    };
    report["findings"].as_array().expect("a list").iter().map(told).collect()
}

fn incidents(report: &Value) -> Vec<String> {
    let all = report["incidents"].as_array().expect("a list").iter();
    let mut all: Vec<String> = all.map(|one| format!("{} {} {}", one["id"], one["users"], one["sessions"])).collect();
    all.sort();
    all
}

#[test]
fn two_tenants_in_one_drop_give_what_each_gives_alone() {
    let (one, two) = (files(3, "one"), files(8, "two"));
    let (left, right) = (read(&one.iter().collect::<Vec<_>>()), read(&two.iter().collect::<Vec<_>>()));
    let both = read(&one.iter().chain(&two).collect::<Vec<_>>());
    let mut alone = findings(&left);
    alone.extend(findings(&right));
    assert!(alone.len() > 20, "the tenants have incidents");
    let together = findings(&both);
    for (id, told) in &alone {
        assert_eq!(together.get(id), Some(told), "{id}");
    }
    assert_eq!(together.len(), alone.len(), "nothing is found that neither has");
    let mut apart = [incidents(&left), incidents(&right)].concat();
    apart.sort();
    assert_eq!(incidents(&both), apart);
    assert!(both["notices"].as_array().expect("a list").iter().any(|notice| notice["kind"] == "mixed-tenants"));
    let total = |report: &Value| report["sessions_total"].as_u64().expect("a number");
    assert_eq!(total(&both), total(&left) + total(&right));
}

/// The same record in the log of another tenant.
fn elsewhere(record: Value) -> Value {
    with(record, json!({"homeTenantId": OTHER, "resourceTenantId": OTHER}))
}

#[test]
fn a_source_that_tries_users_of_two_tenants_is_no_spray_of_either() {
    let tries = |count: u32, change: fn(Value) -> Value| -> Vec<Value> {
        let one = |user: u32| {
            let changes =
                json!({"status": {"errorCode": 50126}, "ipAddress": "198.51.100.66", "autonomousSystemNumber": 64666});
            change(sign_in(
                &format!("user{user}"),
                &format!("try-{user}"),
                &format!("2026-11-12T10:{user:02}:00Z"),
                changes,
            ))
        };
        (0..count).map(one).collect()
    };
    let sprays = |records: &[Value]| {
        let report = report_of(records);
        let all = report["findings"].as_array().expect("a list").iter();
        all.filter(|finding| finding["detection"] == "password-spray").count()
    };
    let ten = tries(10, |record| record);
    assert_eq!(sprays(&ten), 1);
    let halves = [ten[..5].to_vec(), ten[5..].iter().cloned().map(elsewhere).collect()].concat();
    assert_eq!(sprays(&halves), 0);
    let each = [ten.clone(), ten.iter().cloned().map(elsewhere).collect()].concat();
    assert_eq!(sprays(&each), 2, "each tenant has its own");
}

#[test]
fn an_audit_log_that_names_no_tenant_is_of_the_one_that_knows_its_users() {
    let ann = sign_in("ann", "a", "2026-11-12T08:00:00Z", json!({}));
    let bob = elsewhere(sign_in("bob", "b", "2026-11-12T08:00:00Z", json!({})));
    let did = audit("bob", "c", "2026-11-12T09:00:00Z", json!({}));
    let case = case(&[("a.ndjson", lines(&[ann])), ("b.ndjson", lines(&[bob])), ("c.ndjson", lines(&[did]))]);
    let texts = &case.store.texts;
    let shares: Vec<(String, usize, usize)> = case
        .buckets
        .iter()
        .map(|share| {
            let person = case.people.get(share.person).expect("a person");
            (person.tenant.display(texts), share.sign_ins.len(), share.audits.len())
        })
        .collect();
    let home = "11111111-1111-4111-8111-111111111111".to_owned();
    assert_eq!(shares, [(home, 1, 0), (OTHER.to_owned(), 1, 1)]);
}

#[test]
fn who_looks_after_the_tenant_for_a_partner_is_neither_member_nor_guest() {
    let fires = fixture("device_code_broker", "fires");
    let broker = fires.first().expect("a record");
    let own = sign_in("ann", "own", "2026-11-12T07:00:00Z", json!({}));
    let home = own["homeTenantId"].as_str().expect("a tenant");
    for (access, kind, tenant) in [("serviceProvider", "partner", OTHER), ("none", "member", home)] {
        let changes = json!({"homeTenantId": OTHER, "resourceTenantId": home, "crossTenantAccessType": access, "userType": "member"});
        let report = report_of(&[own.clone(), with(broker.clone(), changes)]);
        let found = report["findings"].as_array().expect("a list");
        let finding = found.iter().find(|finding| finding["detection"] == "device-code-broker").expect("a finding");
        assert_eq!((&finding["user"]["kind"], &finding["user"]["tenant"]), (&json!(kind), &json!(tenant)), "{access}");
        assert_eq!(finding["user"]["id"], broker["userId"]);
    }
}

#[test]
fn what_is_new_for_people_of_a_partner_may_be_old_at_home() {
    let pair: Vec<Value> = fixture("foci_pivot", "fires")
        .into_iter()
        .filter(|record| ["handover-first", "handover-second"].contains(&record["id"].as_str().unwrap_or_default()))
        .collect();
    let user = |id: &str, time: &str| sign_in("tech", id, time, json!({}));
    let before: Vec<Value> =
        [5, 6, 7, 8].map(|day| user(&format!("day-{day}"), &format!("2026-11-0{day}T09:00:00Z"))).to_vec();
    let sides = |access: &str| -> Vec<String> {
        let of = |record: &Value| {
            let known = user("x", "2026-11-12T09:00:00Z");
            let changes = json!({"userId": known["userId"], "userPrincipalName": known["userPrincipalName"],
                "homeTenantId": OTHER, "crossTenantAccessType": access, "userType": "member"});
            with(record.clone(), changes)
        };
        // Somebody who is at home here tells whose log it is.
        let mut records = vec![sign_in("ann", "own", "2026-11-12T07:00:00Z", json!({}))];
        records.extend([before.clone(), pair.clone()].concat().iter().map(of));
        let case = case(&[("records.ndjson", lines(&records))]);
        let report = report(&case, &tuning("foci-pivot.home-tenant-only=false"));
        let holders = report["sessions"][0]["holders"].as_array().expect("holders");
        holders.iter().map(|holder| holder["side"].as_str().expect("a side").to_owned()).collect()
    };
    assert_eq!(sides("none"), ["owner", "other"]);
    assert_eq!(sides("serviceProvider"), ["owner", "later"]);
}
