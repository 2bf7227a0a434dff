//! Counts by columns, and the entities: what they count, whom they name, and what they cannot say.

use serde_json::{Value, json};
use signin_sleuth::report::page::Desk;

use crate::exports::{HOSTING, OSLO, STOLEN, ask, desk, history, ndjson, session, sign_in, stolen, whole};

const OFFICE: (&str, &str) = ("Microsoft Office", "d3590ed6-52b3-4102-aeff-aad2292ab01c");

fn tally(desk: &Desk, tally: Value) -> Value {
    ask(desk, json!({"ask": "tally", "tally": tally}))
}

/// Labels and counts of the rows.
fn rows(counted: &Value) -> Vec<(String, u64)> {
    let row = |row: &Value| {
        let labels =
            row["values"].as_array().expect("values").iter().map(|named| named["label"].as_str().expect("a label"));
        (labels.collect::<Vec<_>>().join(" / "), row["records"].as_u64().expect("a count"))
    };
    counted["rows"].as_array().expect("rows").iter().map(row).collect()
}

fn pairs(wanted: &[(&str, u64)]) -> Vec<(String, u64)> {
    wanted.iter().map(|(label, count)| ((*label).to_owned(), *count)).collect()
}

#[test]
fn sign_ins_are_counted_by_columns_alone_and_together() {
    let desk = whole();
    let by_city = tally(&desk, json!({"by": ["city"], "limit": 9}));
    assert_eq!(rows(&by_city), pairs(&[("Oslo", 14), ("Amsterdam", 4)]));
    assert_eq!((&by_city["records"], &by_city["all"], &by_city["users"]), (&json!(18), &json!(18), &json!(1)));
    let both = tally(&desk, json!({"by": ["city", "app"], "limit": 9}));
    assert_eq!(
        rows(&both),
        pairs(&[
            ("Oslo / Microsoft Office", 13),
            ("Amsterdam / Microsoft Azure CLI", 2),
            ("Amsterdam / Microsoft Authentication Broker", 1),
            ("Amsterdam / Microsoft Office", 1),
            ("Oslo / Microsoft Azure CLI", 1),
        ])
    );
    let acts = tally(&desk, json!({"of": "acts", "by": ["user", "operation"], "limit": 9}));
    assert_eq!(rows(&acts), pairs(&[("nora.lind@example.com / User registered security info", 1)]));
}

#[test]
fn filters_of_one_column_are_alternatives_and_columns_all_hold() {
    let desk = whole();
    let count = |only: Value| tally(&desk, json!({"by": ["app"], "only": only, "limit": 9}))["records"].clone();
    let is = |column: &str, value: &str| json!({"column": column, "value": value, "not": false});
    assert_eq!(count(json!([is("city", "Oslo, NO"), is("city", "Amsterdam, NL")])), 18);
    assert_eq!(count(json!([is("city", "Amsterdam, NL"), is("agent", "Edge on Windows")])), 0);
    assert_eq!(count(json!([is("city", "Amsterdam, NL"), is("protocol", "deviceCode")])), 1);
    assert_eq!(count(json!([{"column": "city", "value": "Oslo, NO", "not": true}])), 4);
    assert_eq!(count(json!([is("address", "192.0.2.1")])), 0);
}

#[test]
fn what_the_export_lacks_is_not_what_is_empty() {
    let mut without = sign_in(1, "2026-11-02T08:00:00Z", OSLO, OFFICE, "none", STOLEN);
    without.as_object_mut().expect("a record").remove("deviceDetail");
    let empty = sign_in(2, "2026-11-03T08:00:00Z", HOSTING, OFFICE, "none", STOLEN);
    let counted = tally(&desk(&[("some.ndjson", ndjson(&[without, empty]))]), json!({"by": ["device"], "limit": 9}));
    let values: Vec<&Value> =
        counted["rows"].as_array().expect("rows").iter().map(|row| &row["values"][0]["value"]).collect();
    assert_eq!(values.len(), 2);
    assert!(values.contains(&&json!(null)) && values.contains(&&json!("")), "{values:?}");
}

#[test]
fn a_sign_in_counts_under_each_of_its_policies_and_what_they_did() {
    let mut record = sign_in(1, "2026-11-02T08:00:00Z", OSLO, OFFICE, "none", STOLEN);
    record["appliedConditionalAccessPolicies"] = json!([
        {"id": "1", "displayName": "Require MFA", "result": "success", "enforcedGrantControls": ["Mfa"]},
        {"id": "2", "displayName": "Block\u{202e}legacy", "result": "notApplied", "enforcedGrantControls": ["Block"]},
    ]);
    let mut refused = sign_in(2, "2026-11-03T08:00:00Z", OSLO, OFFICE, "none", STOLEN);
    refused["appliedConditionalAccessPolicies"] =
        json!([{"id": "1", "displayName": "Require MFA", "result": "failure", "enforcedGrantControls": ["Mfa"]}]);
    refused["status"]["errorCode"] = json!(53003);
    let desk = desk(&[("some.ndjson", ndjson(&[record, refused]))]);
    let counted = tally(&desk, json!({"by": ["policy"], "order": "value", "limit": 9}));
    let told: Vec<(Value, Value, Value)> = counted["rows"]
        .as_array()
        .expect("rows")
        .iter()
        .map(|row| (row["values"][0]["label"].clone(), row["values"][0]["more"].clone(), row["refused"].clone()))
        .collect();
    assert_eq!(
        told,
        [
            (json!("BlockU+202Elegacy"), json!("notApplied"), json!(0)),
            (json!("Require MFA"), json!("failure"), json!(1)),
            (json!("Require MFA"), json!("success"), json!(0)),
        ]
    );
    // What an answer gave finds it again, hidden letters and all.
    let value = &counted["rows"][0]["values"][0]["value"];
    let again =
        tally(&desk, json!({"by": ["app"], "only": [{"column": "policy", "value": value, "not": false}], "limit": 9}));
    assert_eq!(again["records"], 1);
}

#[test]
fn the_rarest_come_first_and_users_count_once() {
    let mut other = sign_in(50, "2026-11-02T08:00:00Z", OSLO, OFFICE, "none", "aaaaaaaa-0000-4000-8000-000000000050");
    other["userId"] = json!("cccccccc-0000-4000-8000-000000000002");
    other["userPrincipalName"] = json!("ola@example.com");
    let records = [history(), stolen(), vec![other]].concat();
    let desk = desk(&[("some.ndjson", ndjson(&records))]);
    let counted = tally(&desk, json!({"by": ["app", "resource"], "order": "rarest", "limit": 1}));
    assert_eq!(counted["groups"], 2);
    assert_eq!(counted["rows"].as_array().map(Vec::len), Some(1));
    assert_eq!(
        (&counted["rows"][0]["values"][0]["label"], &counted["rows"][0]["users"]),
        (&json!("Microsoft Azure CLI"), &json!(1))
    );
    assert_eq!((&counted["users"], &counted["all_users"]), (&json!(2), &json!(2)));
}

#[test]
fn an_address_says_whose_sessions_it_held() {
    let desk = whole();
    let entity = |column: &str, value: &str| ask(&desk, json!({"ask": "entity", "column": column, "value": value}));
    let taker = entity("address", "203.0.113.77");
    assert_eq!(taker["headline"], "203.0.113.77 held two sessions of one user.");
    assert_eq!(taker["sums"]["records"], 4);
    assert_eq!(taker["acts_total"], 1);
    assert_eq!(taker["sessions_total"], 2);
    let facts = taker["facts"].to_string();
    assert!(facts.contains("hosting") && facts.contains("Amsterdam, Netherlands"), "{facts}");
    let home = entity("address", "198.51.100.24");
    assert_eq!(home["headline"], "No session above the line was in other hands at 198.51.100.24.");
    assert_eq!(entity("address", "192.0.2.1"), Value::Null);
}

#[test]
fn a_user_says_how_many_sessions_were_stolen_and_what_is_usual() {
    let view = ask(&whole(), json!({"ask": "entity", "column": "user", "value": "nora.lind@example.com"}));
    assert_eq!(view["headline"], "Two of 13 sessions of nora.lind@example.com were very likely stolen.");
    let lead = view["lead"].as_str().expect("a text");
    assert!(lead.starts_with("Usual are Oslo") && lead.contains("Edge on Windows"), "{lead}");
    assert!(view["facts"].to_string().contains("cccccccc-0000-4000-8000-000000000001"));
    let app = ask(&whole(), json!({"ask": "entity", "column": "app", "value": "04b07795-8ddb-461a-bbee-02f9e1bf7b46"}));
    assert_eq!(app["headline"], "Microsoft Azure CLI: one of its sessions is above the line.");
    assert!(app["facts"].to_string().contains("anybody can ask for tokens in its name"));
}

#[test]
fn a_session_leads_to_its_addresses_devices_and_applications() {
    let view = session(&whole(), STOLEN);
    let links: Vec<(&str, &str)> = view["entities"]
        .as_array()
        .expect("links")
        .iter()
        .map(|link| (link["column"].as_str().expect("a column"), link["named"]["label"].as_str().expect("a label")))
        .collect();
    assert_eq!(
        links,
        [
            ("address", "198.51.100.24"),
            ("address", "203.0.113.77"),
            ("device", "NB-0412"),
            ("app", "Microsoft Office"),
            ("app", "Microsoft Azure CLI"),
        ]
    );
}
