//! Counts by columns, and the entities: what they count, whom they name, and what they cannot say.

use serde_json::{Value, json};
use signin_sleuth::report::page::Desk;

use crate::exports::{
    HOSTING, OSLO, STOLEN, ask, desk, history, ndjson, registration, session, sign_in, stolen, whole,
};

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
    assert!(lead.starts_with("Usually in Oslo, with ") && lead.contains("Edge on Windows"), "{lead}");
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

/// Milliseconds UTC.
fn at(time: &str) -> i64 {
    time.parse::<chrono::DateTime<chrono::Utc>>().expect("a time").timestamp_millis()
}

#[test]
fn a_time_narrows_what_is_counted_and_what_it_is_counted_of() {
    let desk = whole();
    let day = json!({"from": at("2026-11-12T00:00:00Z"), "to": at("2026-11-13T00:00:00Z")});
    let narrowed = tally(&desk, json!({"by": ["city"], "within": day, "limit": 9}));
    let all = tally(&desk, json!({"by": ["city"], "limit": 9}));
    let of_day = |row: &Value| row["first"].as_i64().expect("a time") >= at("2026-11-12T00:00:00Z");
    assert!(narrowed["rows"].as_array().expect("rows").iter().all(of_day), "{narrowed}");
    assert!(narrowed["all"].as_u64() < all["all"].as_u64());
    assert_eq!(narrowed["records"], narrowed["all"]);
    // A user's own records are counted in another way, and to the same sum.
    let user = json!([{"column": "user", "value": "nora.lind@example.com", "not": false}]);
    let own = tally(&desk, json!({"by": ["city"], "only": user, "within": day, "limit": 9}));
    assert_eq!((&own["records"], &own["all"]), (&narrowed["records"], &narrowed["all"]));
    // The end is not in it, the beginning is.
    let first = narrowed["span"][0].as_i64().expect("a time");
    let until = |to: i64| tally(&desk, json!({"by": ["city"], "within": {"to": to}, "limit": 9}))["records"].clone();
    assert_eq!(until(first + 1).as_u64(), until(first).as_u64().map(|before| before + 1));
    let acts = |within: Value| tally(&desk, json!({"of": "acts", "by": ["user"], "within": within}))["all"].clone();
    assert_eq!((acts(json!({})), acts(json!({"to": at("2026-11-01T00:00:00Z")}))), (json!(1), json!(0)));
    let none = tally(&desk, json!({"by": ["city"], "within": {"from": at("2027-01-01T00:00:00Z")}}));
    assert_eq!((&none["all"], &none["all_users"], &none["rows"]), (&json!(0), &json!(0), &json!([])));
}

#[test]
fn ticks_tell_when_records_of_a_row_were() {
    let mut records = history();
    let mut refused = sign_in(60, "2026-11-10T07:00:00Z", HOSTING, OFFICE, "none", STOLEN);
    refused["status"]["errorCode"] = json!(50126);
    records.push(refused);
    let desk = desk(&[("some.ndjson", ndjson(&records))]);
    let ticks = [at("2026-11-01T00:00:00Z"), at("2026-11-11T00:00:00Z")];
    let counted = tally(&desk, json!({"by": ["address"], "ticks": ticks, "limit": 9}));
    let of = |address: &str| {
        let rows = counted["rows"].as_array().expect("rows");
        rows.iter().find(|row| row["values"][0]["label"] == address).expect("a row")["ticks"].clone()
    };
    assert_eq!(of("198.51.100.24").as_array().map(Vec::len), Some(10));
    // In the last of ten days: part 237 of 256, and all of it refused.
    assert_eq!(of("203.0.113.77"), json!([[237, true]]));
    assert_eq!(tally(&desk, json!({"by": ["address"]}))["rows"][0]["ticks"], json!([]));
}

#[test]
fn an_entity_of_a_time_says_what_it_is_of_that_time() {
    let desk = whole();
    let entity = |within: Value| {
        ask(&desk, json!({"ask": "entity", "column": "user", "value": "nora.lind@example.com", "within": within}))
    };
    let before = entity(json!({"to": at("2026-11-12T00:00:00Z")}));
    let headline = before["headline"].as_str().expect("a text");
    assert!(headline.starts_with("None of ") && !headline.contains(" 13 "), "{headline}");
    assert_eq!((&before["sessions_total"], &before["acts_total"]), (&json!(0), &json!(0)));
    let whole = entity(json!({}));
    assert_eq!(before["user"]["usual"], whole["user"]["usual"], "what is usual is so at any time");
    // Where it did nothing it still is who it is.
    let never = entity(json!({"from": at("2027-01-01T00:00:00Z")}));
    assert_eq!((&never["named"], &never["sums"]["records"]), (&whole["named"], &json!(0)));
}

#[test]
fn a_user_tells_risk_roles_methods_and_what_is_usual() {
    let mut records = [history(), stolen()].concat();
    for (number, level) in [(0, "none"), (1, "high"), (2, "high")] {
        records[number]["riskLevelDuringSignIn"] = json!(level);
        records[number]["riskEventTypes_v2"] =
            json!(if level == "none" { vec![] } else { vec!["anonymizedIPAddress"] });
    }
    let role = |number: u32, operation: &str| {
        json!({
            "id": format!("99999999-0000-4000-8000-00000000010{number}"),
            "category": "RoleManagement",
            "correlationId": format!("99999999-0000-4000-8000-00000000020{number}"),
            "result": "success",
            "activityDisplayName": operation,
            "activityDateTime": format!("2026-11-0{number}T08:00:00Z"),
            "loggedByService": "Core Directory",
            "initiatedBy": {"user": {"id": "cccccccc-0000-4000-8000-000000000009", "userPrincipalName": "admin@example.com"}},
            "targetResources": [{
                "id": "cccccccc-0000-4000-8000-000000000001", "displayName": null, "type": "User",
                "userPrincipalName": "nora.lind@example.com",
                "modifiedProperties": [{"displayName": "Role.DisplayName", "oldValue": null, "newValue": "\"Exchange Administrator\""}],
            }],
            "additionalDetails": []
        })
    };
    let audits = [
        role(2, "Add member to role"),
        role(3, "Remove member from role"),
        role(4, "Add member to role requested"),
        registration("2026-11-12T16:20:00Z"),
    ];
    let desk = desk(&[("some.ndjson", ndjson(&records)), ("audit.ndjson", ndjson(&audits))]);
    let view = ask(&desk, json!({"ask": "entity", "column": "user", "value": "nora.lind@example.com"}));
    let user = &view["user"];
    let risk = &user["risks"][0];
    assert_eq!((&user["risks_total"], &user["risk_exports"]), (&json!(1), &json!(false)), "{user}");
    assert_eq!((&risk["source"], &risk["level"], &risk["count"]), (&json!("sign-in"), &json!("high"), &json!(2)));
    let roles: Vec<&str> =
        user["roles"].as_array().expect("roles").iter().map(|role| role["text"].as_str().expect("a text")).collect();
    assert_eq!(
        roles,
        ["given by admin@example.com: Add member to role", "taken away by admin@example.com: Remove member from role"]
    );
    assert_eq!(user["roles"][0]["privileged"], true);
    assert_eq!(user["methods"].as_array().map(Vec::len), Some(1));
    let networks = user["usual"].as_array().expect("usual").iter().find(|usual| usual["column"] == "network");
    let names: Vec<&Value> = networks.expect("networks")["rows"].as_array().expect("rows").iter().collect();
    assert_eq!(names.len(), 1, "what another did in the user's name is not usual: {names:?}");
}

#[test]
fn a_tuning_is_tried_without_being_taken() {
    let desk = whole();
    let hits = |answer: &Value| {
        let found = answer.as_array().expect("hits").iter().find(|hits| hits["detection"] == "foci-pivot");
        found.expect("the detection")["findings"].clone()
    };
    let before = ask(&desk, json!({"ask": "hits"}));
    let changes = json!({"foci-pivot.max-gap-minutes": "1"});
    let tried = ask(&desk, json!({"ask": "preview", "changes": changes}));
    assert_eq!(tried["done"], 1.0);
    assert_ne!(hits(&tried["hits"]), hits(&before));
    assert_eq!(ask(&desk, json!({"ask": "hits"})), before, "nothing changed");
    let same = ask(&desk, json!({"ask": "preview", "changes": {}}));
    assert_eq!(same["hits"], before);
    // What was tried is what tuning makes of it.
    let mut desk = desk;
    desk.answer(json!({"ask": "preview", "changes": changes}).to_string().as_bytes()).expect("an answer");
    let wanted = [("foci-pivot.max-gap-minutes".to_owned(), "1".to_owned())].into_iter().collect();
    desk.tune(&wanted).expect("a tuning");
    assert_eq!(ask(&desk, json!({"ask": "hits"})), tried["hits"]);
    let wrong = desk.answer(br#"{"ask":"preview","changes":{"foci-pivot.max-gap-minutes":"soon"}}"#);
    assert!(wrong.is_err_and(|said| said.contains("a whole number")));
}

#[test]
fn steps_stand_once_for_all_sessions() {
    let desk = whole();
    let keys: Vec<String> = ask(&desk, json!({"ask": "keys", "filter": {}, "sort": "severity", "descending": true}))
        .as_array()
        .expect("keys")
        .iter()
        .map(|key| key.as_str().expect("a key").to_owned())
        .collect();
    let steps = |keys: &[String]| ask(&desk, json!({"ask": "steps", "keys": keys}));
    let both = steps(&keys[..2]);
    let both = both.as_array().expect("steps");
    let phases: Vec<&str> = both.iter().map(|step| step["phase"].as_str().expect("a phase")).collect();
    let rank = |phase: &&str| ["contain", "evidence", "ask", "recover"].iter().position(|known| known == phase);
    assert!(phases.is_sorted_by_key(rank), "{phases:?}");
    let revoke: Vec<&Value> =
        both.iter().filter(|step| step["text"].as_str().is_some_and(|text| text.starts_with("Revoke"))).collect();
    assert_eq!(revoke.len(), 1, "{both:?}");
    assert_eq!((&revoke[0]["sessions"], &revoke[0]["users"]), (&json!(keys[..2]), &json!(["nora.lind@example.com"])));
    assert_eq!(steps(&[]), json!([]));
}

#[test]
fn questions_by_name_are_those_of_the_command_and_of_the_time() {
    let desk = whole();
    let names = |column: &str| {
        let asked = ask(&desk, json!({"ask": "questions", "column": column}));
        asked
            .as_array()
            .expect("questions")
            .iter()
            .map(|one| one["name"].as_str().expect("a name").to_owned())
            .collect::<Vec<_>>()
    };
    assert!(
        names("user").contains(&"changes-by".to_owned()) && !names("user").contains(&"users-of-address".to_owned())
    );
    assert!(names("address").contains(&"users-of-address".to_owned()));
    assert_eq!(names("device"), Vec::<String>::new());
    let named = |name: &str, subject: &str, within: Value| {
        ask(&desk, json!({"ask": "named", "name": name, "subject": subject, "within": within}))
    };
    let users = named("users-of-address", "203.0.113.77", json!({}));
    assert_eq!(users["columns"], json!(["user", "sign-ins", "refused", "acts", "first", "last"]));
    assert_eq!((&users["rows"][0][0], &users["rows"][0][1]), (&json!("nora.lind@example.com"), &json!(4)));
    assert!(users["rows"][0][4]["time"].is_i64(), "{users}");
    assert_eq!(users["lacks"], json!(["acts in mailboxes and files"]));
    let before = json!({"to": at("2026-11-12T00:00:00Z")});
    assert_eq!(named("users-of-address", "203.0.113.77", before)["total"], 0);
    let changes = named("changes-by", "Nora.Lind@example.com", json!({}));
    assert_eq!((&changes["total"], &changes["rows"][0][1]), (&json!(1), &json!("User registered security info")));
    assert_eq!(named("of-no-such-name", "nora.lind@example.com", json!({})), Value::Null);
    assert_eq!(named("users-of-address", "nobody", json!({})), Value::Null);
}

#[test]
fn as_many_rows_come_as_are_asked_for() {
    let user = |number: u32| {
        let mut record = sign_in(number, "2026-11-02T08:00:00Z", OSLO, OFFICE, "none", STOLEN);
        record["userId"] = json!(format!("cccccccc-0000-4000-8000-{number:012}"));
        record["userPrincipalName"] = json!(format!("user.{number}@example.com"));
        record["sessionId"] = json!(format!("aaaaaaaa-0000-4000-8000-{number:012}"));
        record
    };
    let records: Vec<Value> = (1..=1_100).map(user).collect();
    let desk = desk(&[("some.ndjson", ndjson(&records))]);
    let rows = |limit: u32| tally(&desk, json!({"by": ["user"], "limit": limit}))["rows"].as_array().map(Vec::len);
    assert_eq!((rows(1_000_000), rows(7), rows(0)), (Some(1_100), Some(7), Some(1)));
}
