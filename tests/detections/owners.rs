//! Whose the client is that asks for rare scopes.

use serde_json::{Value, json};

use crate::support::{fixture, report_of, with};

const OWN: &str = "11111111-1111-4111-8111-111111111111";

/// The owner and the sentence of the finding of rare scopes, where all records name this owner of the client.
fn told(owner: &Value) -> (Value, String) {
    let records = fixture("rare_app_user_resource_scope", "fires");
    let records: Vec<Value> = records
        .into_iter()
        .filter(|record| record["_tune"].is_null())
        .map(|record| with(record, json!({"appOwnerTenantId": owner})))
        .collect();
    let report = report_of(&records);
    let mut findings = report["findings"].as_array().expect("a list").iter();
    let found = findings
        .find(|finding| finding["detection"] == "rare-app-user-resource-scope" && finding["variant"] == "scopes");
    let found = found.expect("scopes that are rare");
    (found["facts"]["owner"].clone(), found["why"].as_str().expect("a text").to_owned())
}

#[test]
fn rare_scopes_say_whose_the_client_is() {
    for (owner, expected) in [
        (json!("f8cdef31-a31e-4b4a-93e4-5f571e91255a"), json!("microsoft")),
        (json!("72f988bf-86f1-41af-91ab-2d7cd011db47"), json!("microsoft")),
        (json!(OWN), json!("this-tenant")),
        (json!("5c3b7c1e-6d0f-4f5e-9f5a-1d2c3b4a5e6f"), json!("another-tenant")),
        (Value::Null, Value::Null),
        (json!(""), Value::Null),
    ] {
        let (is, why) = told(&owner);
        assert_eq!(is, expected, "{owner}");
        assert_eq!(why.contains("belongs to another organisation"), expected == "another-tenant", "{why}");
    }
}
