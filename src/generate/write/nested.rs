//! The nested values of a sign-in, which Graph, Azure Monitor and Log Analytics share.

use crate::generate::record::{SignIn, Step};
use crate::generate::time::{SECOND, digits, seconds};
use crate::generate::{Detail, Policy};
use crate::knowledge::results;

use super::json::{Json, Object, object};

/// How conditions of a policy are written.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Spelling {
    /// Microsoft Graph: words, whole seconds.
    Graph,
    /// Azure Monitor and Log Analytics: flags in a number, seven digits.
    Monitor,
}

/// Result in words, as Entra words it where a sign-in did not go through.
pub(super) fn reason(code: u32) -> String {
    if code == 0 {
        return "Other.".to_owned();
    }
    let meaning = results::meaning(code).unwrap_or("the sign-in did not go through");
    let mut letters = meaning.chars();
    let first = letters.next().map(|letter| letter.to_uppercase().to_string()).unwrap_or_default();
    format!("{first}{}.", letters.as_str())
}

pub(super) fn status(row: &SignIn) -> Object {
    let mut status = object! { "errorCode": row.code, "failureReason": reason(row.code) };
    status.put("additionalDetails", Json::text_or_null(row.details));
    status
}

pub(super) fn location(row: &SignIn) -> Object {
    let city = &row.place.city;
    object! {
        "city": city.name,
        "state": city.state,
        "countryOrRegion": city.country,
        "geoCoordinates": object! {
            "altitude": Json::Null,
            "latitude": Json::Fraction(city.latitude),
            "longitude": Json::Fraction(city.longitude),
        },
    }
}

/// Graph says *false* and null where diagnostic records leave out what they do not know.
pub(super) fn device(row: &SignIn, spelling: Spelling) -> Object {
    let device = row.device.as_deref();
    let mut object = object! {
        "deviceId": device.map_or("", |device| device.id.as_str()),
        "displayName": device.map_or("", |device| device.name.as_str()),
        "operatingSystem": row.client.system,
        "browser": row.client.browser.as_str(),
    };
    for (key, flag) in [
        ("isCompliant", device.and_then(|device| device.compliant)),
        ("isManaged", device.and_then(|device| device.managed)),
    ] {
        if flag.is_some() || spelling == Spelling::Graph {
            object.put(key, flag);
        }
    }
    object.put("trustType", device.map_or("", |device| device.trust));
    object
}

pub(super) fn policies(row: &SignIn, detail: Detail, spelling: Spelling) -> Vec<Object> {
    row.policies.iter().map(|(policy, result)| applied(policy, result, detail, spelling)).collect()
}

fn applied(policy: &Policy, result: &str, detail: Detail, spelling: Spelling) -> Object {
    let mut object = object! {
        "id": policy.id,
        "displayName": policy.name,
        "enforcedGrantControls": policy.grants.to_vec(),
        "enforcedSessionControls": policy.sessions.to_vec(),
        "result": result,
    };
    if detail == Detail::Brief {
        return object;
    }
    let applies = !matches!(result, "notApplied" | "notEnabled" | "reportOnlyNotApplied");
    let unmet = if applies { "" } else { policy.unmet };
    let word = |conditions: &'static str| if conditions.is_empty() { "none" } else { conditions };
    match spelling {
        Spelling::Graph => {
            object.put("conditionsSatisfied", word(policy.met));
            object.put("conditionsNotSatisfied", word(unmet));
        }
        Spelling::Monitor => {
            object.put("conditionsSatisfied", flags(policy.met));
            object.put("conditionsNotSatisfied", flags(unmet));
        }
    }
    if detail == Detail::Long && applies {
        let rules = policy.met.split(',').map(|condition| {
            object! { "conditionalAccessCondition": condition, "ruleSatisfied": rule(condition) }
        });
        object.put("includeRulesSatisfied", rules.collect::<Vec<_>>());
        object.put("excludeRulesSatisfied", Json::List(Vec::new()));
    }
    object
}

fn rule(condition: &str) -> &'static str {
    match condition {
        "application" => "allApps",
        "users" => "allUsers",
        _ => "allDevices",
    }
}

/// Conditions as flags of a number.
fn flags(conditions: &str) -> i64 {
    const NAMES: [&str; 12] = [
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
    let named = conditions.split(',').filter_map(|word| NAMES.iter().position(|name| *name == word));
    named.fold(0, |sum, place| sum | 1 << place)
}

pub(super) fn audiences(row: &SignIn) -> Vec<Object> {
    row.audiences.iter().map(|id| object! { "applicationId": *id, "audienceReasons": "none" }).collect()
}

pub(super) fn steps(row: &SignIn, spelling: Spelling) -> Vec<Object> {
    row.steps.iter().enumerate().map(|(number, taken)| step(row.time, number as i64, taken, spelling)).collect()
}

fn step(time: i64, number: i64, step: &Step, spelling: Spelling) -> Object {
    let time = time + number * 9 * SECOND;
    let mut object = object! {
        "authenticationStepDateTime": if spelling == Spelling::Graph { seconds(time) } else { digits(time) },
        "authenticationMethod": step.method,
        "authenticationMethodDetail": Json::text_or_null(step.detail),
        "succeeded": step.succeeded,
        "authenticationStepResultDetail": step.result,
        "authenticationStepRequirement": step.requirement,
    };
    if spelling == Spelling::Monitor {
        object.put("StatusSequence", 0_i64);
        object.put("RequestSequence", i64::from(number == 0));
    }
    object
}

/// What Entra noted while it worked.
pub(super) fn processing(row: &SignIn, detail: Detail) -> Vec<Object> {
    let pair = |key: &str, value: String| object! { "key": key, "value": value };
    let list = |items: Vec<&str>| serde_json::to_string(&items).unwrap_or_default();
    let mut details = Vec::new();
    if detail != Detail::Brief {
        details.push(pair("Domain Hint Present", "True".to_owned()));
        details.push(pair("Login Hint Present", "True".to_owned()));
        details.push(pair("Legacy TLS (TLS 1.0, 1.1, 3DES)", "False".to_owned()));
    }
    details
        .push(pair("Is CAE Token", (if row.resource.name.contains("Exchange") { "True" } else { "False" }).to_owned()));
    if !row.library.is_empty() {
        details.push(pair("Azure AD App Authentication Library", row.library.to_owned()));
    }
    if !row.scopes.is_empty() {
        details.push(pair("Oauth Scope Info", list(row.scopes.split(' ').collect())));
    }
    if !row.roles.is_empty() {
        details.push(pair("wids", list(row.roles.iter().map(String::as_str).collect())));
    }
    if detail == Detail::Long {
        details.push(pair("Root Key Type", "Unknown".to_owned()));
        details.push(pair("Is Legacy Store Used", "0".to_owned()));
        details.push(pair("Legacy Store Use Information", String::new()));
    }
    details
}

/// Policies of authentication: why more than one factor was asked for.
pub(super) fn requirement_policies(row: &SignIn) -> Vec<Object> {
    if !row.multi_factor {
        return Vec::new();
    }
    vec![object! { "requirementProvider": "multiConditionalAccess", "detail": "Conditional Access" }]
}

pub(super) fn policy_status(row: &SignIn) -> &'static str {
    match row.code {
        _ if row.policies.is_empty() => "notApplied",
        50074 | 50076 | 53000..=53004 | 530_031..=530_036 => "failure",
        _ => "success",
    }
}

pub(super) const fn requirement(row: &SignIn) -> &'static str {
    if row.multi_factor { "multiFactorAuthentication" } else { "singleFactorAuthentication" }
}

pub(super) fn issuer_type() -> &'static str {
    "AzureAD"
}
