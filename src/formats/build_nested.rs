//! The nested lists of a record in the one form in which they are kept, whatever export they came in.

use serde::Serialize;
use serde_json::Value;

use crate::events::guid::Guid;
use crate::events::processing;
use crate::order::Arrange;

use super::nested;

/// A conditional-access policy as it is kept.
#[derive(Serialize)]
struct Policy {
    id: String,
    name: String,
    result: String,
    grants: Vec<String>,
    sessions: Vec<String>,
    satisfied: Vec<String>,
    missed: Vec<String>,
}

/// Applied conditional-access policies.
pub(super) fn policies(value: &Value) -> Option<String> {
    let policies: Vec<Policy> = nested::entries(value)
        .into_iter()
        .map(|policy| Policy {
            id: nested::text(policy, "id").unwrap_or_default(),
            name: nested::text(policy, "displayName").unwrap_or_default(),
            result: nested::text(policy, "result").unwrap_or_default(),
            grants: nested::texts(policy, "enforcedGrantControls"),
            sessions: nested::texts(policy, "enforcedSessionControls"),
            satisfied: conditions(policy, "conditionsSatisfied"),
            missed: conditions(policy, "conditionsNotSatisfied"),
        })
        .collect();
    serde_json::to_string(&policies).ok()
}

/// Conditions of a policy in the order of their bits. Azure Monitor and Log Analytics write the bits
/// as a number, Graph writes the words; which bit is which word is derived from Graph's order.
const CONDITIONS: [&str; 12] = [
    "application",
    "users",
    "devicePlatform",
    "location",
    "clientType",
    "signInRisk",
    "userRisk",
    "time",
    "deviceState",
    "client",
    "ipAddressSeenByAzureAD",
    "ipAddressSeenByResourceProvider",
];

fn conditions(policy: &Value, name: &str) -> Vec<String> {
    let text = match nested::member(policy, name) {
        Some(Value::Array(list)) => list.iter().map(nested::scalar_text).collect::<Vec<_>>().join(","),
        Some(other) => nested::scalar_text(other),
        None => return Vec::new(),
    };
    if let Ok(bits) = text.parse::<u32>() {
        let known = CONDITIONS.iter().enumerate().filter(|(bit, _)| bits & (1 << bit) != 0);
        let unknown = (CONDITIONS.len()..32).map(|bit| 1_u32 << bit).filter(|bit| bits & bit != 0);
        return known.map(|(_, word)| (*word).to_owned()).chain(unknown.map(|bit| bit.to_string())).collect();
    }
    let mut words: Vec<(usize, String)> = text
        .split(',')
        .map(str::trim)
        .filter(|word| !word.is_empty() && !word.eq_ignore_ascii_case("none"))
        .map(|word| match CONDITIONS.iter().position(|known| known.eq_ignore_ascii_case(word)) {
            Some(place) => (place, CONDITIONS.get(place).map_or_else(String::new, |known| (*known).to_owned())),
            None => (CONDITIONS.len(), word.to_owned()),
        })
        .collect();
    words.arrange();
    words.into_iter().map(|(_, word)| word).collect()
}

/// Conditional-access audiences: application ids in order, joined by blanks.
pub(super) fn audiences(value: &Value) -> Option<String> {
    let single = std::slice::from_ref(value);
    let mut ids: Vec<String> = value
        .as_array()
        .map_or(single, Vec::as_slice)
        .iter()
        .map(|entry| match entry {
            Value::Object(_) => nested::text(entry, "applicationId").unwrap_or_default(),
            other => nested::scalar_text(other),
        })
        .filter(|id| !id.is_empty())
        .map(|id| Guid::parse(&id).map_or(id, |guid| guid.to_string()))
        .collect();
    ids.arrange();
    ids.dedup();
    Some(ids.join(" "))
}

/// The names of the trusted named locations that an address lies in: nothing where it lies in none.
pub(super) fn trusted_locations(value: &Value) -> Option<String> {
    let trusted = |location: &&Value| {
        let kind = nested::text(location, "networkType").unwrap_or_default();
        kind.eq_ignore_ascii_case("trustedNamedLocation")
    };
    let mut entries = nested::entries(value).into_iter().filter(trusted).peekable();
    entries.peek()?;
    Some(entries.flat_map(|location| nested::texts(location, "networkNames")).collect::<Vec<_>>().join(", "))
}

/// The words of a list, joined by blanks.
pub(super) fn words(value: &Value) -> Option<String> {
    Some(value.as_array()?.iter().map(nested::scalar_text).collect::<Vec<_>>().join(" "))
}

/// An authentication step as it is kept: without its time, which is read again on demand.
#[derive(Serialize)]
struct Step {
    method: String,
    detail: String,
    succeeded: String,
    result: String,
    requirement: String,
}

/// Authentication steps.
pub(super) fn steps(value: &Value) -> Option<String> {
    let steps: Vec<Step> = nested::entries(value)
        .into_iter()
        .map(|step| Step {
            method: nested::text(step, "authenticationMethod").unwrap_or_default(),
            detail: nested::text(step, "authenticationMethodDetail").unwrap_or_default(),
            succeeded: nested::text(step, "succeeded").unwrap_or_default().to_ascii_lowercase(),
            result: nested::text(step, "authenticationStepResultDetail").unwrap_or_default(),
            requirement: nested::text(step, "authenticationStepRequirement").unwrap_or_default(),
        })
        .collect();
    serde_json::to_string(&steps).ok()
}

/// Pairs of key and value: a list of objects, or one object keyed by the key. Elastic takes the dots of a
/// key for steps: they are put back.
pub(super) fn pairs(value: &Value) -> Option<String> {
    let pairs: Vec<[String; 2]> = match value {
        Value::Array(list) => list
            .iter()
            .map(|pair| {
                [nested::text(pair, "key").unwrap_or_default(), nested::text(pair, "value").unwrap_or_default()]
            })
            .collect(),
        Value::Object(_) => {
            let mut pairs = Vec::new();
            leaves(value, String::new(), &mut pairs);
            pairs
        }
        _ => return None,
    };
    serde_json::to_string(&pairs).ok()
}

/// The values of an object that are none themselves, each with the names that lead to it.
fn leaves(value: &Value, name: String, pairs: &mut Vec<[String; 2]>) {
    match value {
        Value::Object(map) if !map.is_empty() => {
            for (key, inner) in map {
                let name = if name.is_empty() { key.trim().to_owned() } else { format!("{name}.{key}") };
                leaves(inner, name, pairs);
            }
        }
        _ => pairs.push([name, as_text(value)]),
    }
}

/// Processing details: pairs, the scopes among them in one spelling.
pub(super) fn processing(value: &Value) -> Option<String> {
    let mut kept: Vec<[String; 2]> = serde_json::from_str(&pairs(value)?).ok()?;
    for [key, value] in &mut kept {
        if key.eq_ignore_ascii_case(processing::SCOPES) && !value.is_empty() {
            *value = serde_json::to_string(&processing::split(value)).ok()?;
        }
    }
    serde_json::to_string(&kept).ok()
}

/// What an audit event was done to, as it is kept.
#[derive(Serialize)]
struct Target {
    kind: String,
    id: String,
    name: String,
    user: String,
    changes: Vec<[String; 3]>,
}

/// Targets of an audit event with their modified properties.
pub(super) fn targets(value: &Value) -> Option<String> {
    let targets: Vec<Target> = nested::entries(value)
        .into_iter()
        .map(|target| Target {
            kind: nested::text(target, "type").unwrap_or_default(),
            id: nested::text(target, "id").unwrap_or_default(),
            name: nested::text(target, "displayName").unwrap_or_default(),
            user: nested::text(target, "userPrincipalName").unwrap_or_default().to_lowercase(),
            changes: changes(target),
        })
        .collect();
    serde_json::to_string(&targets).ok()
}

/// Modified properties as name, old and new value.
fn changes(target: &Value) -> Vec<[String; 3]> {
    let list = nested::member(target, "modifiedProperties").map(nested::entries).unwrap_or_default();
    let value = |change: &Value, name: &str| nested::member(change, name).map(decoded_once).unwrap_or_default();
    list.into_iter()
        .map(|change| {
            let name = nested::text(change, "displayName").unwrap_or_default();
            [name, value(change, "oldValue"), value(change, "newValue")]
        })
        .collect()
}

/// The value of a modified property is JSON in a string: a string in it is decoded once, everything
/// else is kept as it stands.
pub(super) fn decoded_once(value: &Value) -> String {
    let text = as_text(value);
    match serde_json::from_str::<Value>(&text) {
        Ok(Value::String(inner)) => inner.trim().to_owned(),
        Ok(Value::Null) => String::new(),
        _ => text,
    }
}

/// A scalar as text, anything else as JSON.
pub(super) fn as_text(value: &Value) -> String {
    match value {
        Value::Array(_) | Value::Object(_) => value.to_string(),
        scalar => nested::scalar_text(scalar),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn conditions_are_the_same_as_bits_and_as_words() {
        for value in
            [json!(19), json!("19"), json!("application,users,clientType"), json!("clientType, users,application")]
        {
            let policy = json!({"conditionsSatisfied": value});
            assert_eq!(conditions(&policy, "conditionsSatisfied"), ["application", "users", "clientType"]);
        }
        for value in [json!(0), json!("none"), json!(""), json!(null)] {
            assert!(conditions(&json!({"c": value}), "c").is_empty());
        }
        assert!(conditions(&json!({}), "c").is_empty());
        assert_eq!(
            conditions(&json!({"c": 1035}), "c"),
            ["application", "users", "location", "ipAddressSeenByAzureAD"]
        );
        assert_eq!(conditions(&json!({"c": 4097}), "c"), ["application", "4096"]);
        assert_eq!(conditions(&json!({"c": "users,servicePrincipals"}), "c"), ["users", "servicePrincipals"]);
    }

    #[test]
    fn audiences_are_ids_in_order_in_any_shape() {
        let expected = Some("00000002-0000-0000-c000-000000000000 29d9ed98-a469-4536-ade2-f981bc1d605e".to_owned());
        for value in [
            json!(["29D9ED98-A469-4536-ADE2-F981BC1D605E", "00000002-0000-0000-c000-000000000000"]),
            json!([{"applicationId": "29d9ed98-a469-4536-ade2-f981bc1d605e", "audienceReasons": "none"},
                   {"applicationId": "00000002-0000-0000-c000-000000000000"}]),
        ] {
            assert_eq!(audiences(&value), expected);
        }
    }

    #[test]
    fn processing_details_are_the_same_as_list_and_as_object() {
        let list = json!([
            {"key": "Is CAE Token", "value": "False"},
            {"key": "Oauth Scope Info", "value": "[User.Read,Userinfo.ReadWrite]"},
        ]);
        let object = json!({"Is CAE Token": "False", "Oauth Scope Info": "[\"User.Read\",\"Userinfo.ReadWrite\"]"});
        let expected = r#"[["Is CAE Token","False"],["Oauth Scope Info","[\"User.Read\",\"Userinfo.ReadWrite\"]"]]"#;
        assert_eq!(processing(&list).as_deref(), Some(expected));
        assert_eq!(processing(&object).as_deref(), Some(expected));
    }

    #[test]
    fn values_of_modified_properties_are_decoded_once() {
        for (value, expected) in [
            (json!("\"StrongAuthenticationMethod\""), "StrongAuthenticationMethod"),
            (json!("[{\"MethodType\":6}]"), "[{\"MethodType\":6}]"),
            (json!([{"MethodType": 6}]), "[{\"MethodType\":6}]"),
            (json!(" User.Read"), "User.Read"),
            (json!("\" User.Read\""), "User.Read"),
            (json!("plain"), "plain"),
            (json!("\"\\\"twice\\\"\""), "\"twice\""),
            (json!("null"), ""),
            (json!(null), ""),
            (json!(true), "true"),
        ] {
            assert_eq!(decoded_once(&value), expected, "{value}");
        }
    }
}
