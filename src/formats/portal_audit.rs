//! The admin center's audit log as CSV: up to three targets with five changed properties each, six
//! details. It has no event id, no kind of operation, and says nothing of what is beyond.

use serde_json::{Value, json};

use super::{Column, Export, Flat, Format, Holds, Kind, Row, Way};

pub(super) static FORMAT: Format = Format {
    name: "portal-audit-csv",
    export: Export {
        what: "Audit log",
        from: "admin center CSV",
        holds: &[Holds::Directory],
        ways: &[Way { by: "Entra admin center", how: "Monitoring & health › Audit logs › Download › CSV" }],
        lacks: &[],
        worth: Some(50),
        note: "no ids of events; three targets, five changes and six details at most.",
    },
    marks: &["Activity", "CorrelationId", "ActorType", "Target1Type"],
    any: &["Date (UTC)", "Date"],
    rows_only: true,
    is_utc: true,
    kind,
    table: &[
        (Column::Created, &["Date (UTC)", "Date"]),
        (Column::Correlation, &["CorrelationId"]),
        (Column::Operation, &["Activity"]),
        (Column::AuditCategory, &["Category"]),
        (Column::Service, &["Service"]),
        (Column::AuditResult, &["Result"]),
        (Column::AuditReason, &["ResultReason"]),
        (Column::Agent, &["User Agent", "UserAgent"]),
    ],
    flat: &[ACTOR, &TARGETS[0], &TARGETS[1], &TARGETS[2], DETAILS],
    compose: Some(compose),
    limits: super::PORTAL,
};

const ACTOR: &[&str] = &[
    "ActorType",
    "ActorDisplayName",
    "ActorObjectId",
    "ActorUserPrincipalName",
    "IPAddress",
    "ActorHomeTenantId",
    "ActorServicePrincipalId",
    "ActorServicePrincipalName",
];

macro_rules! target {
    ($number:literal) => {
        target!(
            $number, "Type" "DisplayName" "ObjectId" "UserPrincipalName"
            "ModifiedProperty1Name" "ModifiedProperty1OldValue" "ModifiedProperty1NewValue"
            "ModifiedProperty2Name" "ModifiedProperty2OldValue" "ModifiedProperty2NewValue"
            "ModifiedProperty3Name" "ModifiedProperty3OldValue" "ModifiedProperty3NewValue"
            "ModifiedProperty4Name" "ModifiedProperty4OldValue" "ModifiedProperty4NewValue"
            "ModifiedProperty5Name" "ModifiedProperty5OldValue" "ModifiedProperty5NewValue"
        )
    };
    ($number:literal, $($name:literal)*) => { [$(concat!("Target", $number, $name)),*] };
}

/// Type, name, id and user of each target; then name, old and new value of each change.
pub(super) const TARGETS: [[&str; 19]; 3] = [target!("1"), target!("2"), target!("3")];

const DETAILS: &[&str] = &[
    "AdditionalDetail1Key",
    "AdditionalDetail1Value",
    "AdditionalDetail2Key",
    "AdditionalDetail2Value",
    "AdditionalDetail3Key",
    "AdditionalDetail3Value",
    "AdditionalDetail4Key",
    "AdditionalDetail4Value",
    "AdditionalDetail5Key",
    "AdditionalDetail5Value",
    "AdditionalDetail6Key",
    "AdditionalDetail6Value",
];

fn kind(_row: &Row<'_>) -> Option<Kind> {
    Some(Kind::Audit)
}

fn compose(flat: &Flat<'_>) -> Vec<(Column, String)> {
    let targets: Vec<Value> = (1..=3).filter_map(|group| target(flat, group)).collect();
    let details: Vec<Value> = (0..6)
        .map(|place| [flat.text(4, 2 * place), flat.text(4, 2 * place + 1)])
        .filter(|[key, _]| !key.is_empty())
        .map(|[key, value]| json!({"key": key, "value": value}))
        .collect();
    vec![
        (Column::InitiatedBy, actor(flat).to_string()),
        (Column::Targets, Value::from(targets).to_string()),
        (Column::Details, Value::from(details).to_string()),
    ]
}

/// Who did it, as Graph says it: the side that did not is null.
fn actor(flat: &Flat<'_>) -> Value {
    let [kind, name, id, user, address, home, principal, principal_name] =
        [0, 1, 2, 3, 4, 5, 6, 7].map(|column| flat.text(0, column));
    if kind.eq_ignore_ascii_case("application") || (user.is_empty() && !principal.is_empty()) {
        let principal = if principal.is_empty() { id } else { principal };
        return json!({"user": null, "app": {
            "displayName": name, "servicePrincipalId": principal, "servicePrincipalName": principal_name,
        }});
    }
    let mut actor = json!({"id": id, "displayName": name, "userPrincipalName": user, "ipAddress": address});
    if flat.has(0, 5)
        && let Some(actor) = actor.as_object_mut()
    {
        actor.insert("homeTenantId".to_owned(), home.into());
    }
    json!({"user": actor, "app": null})
}

/// A target, where its group says anything.
pub(super) fn target(flat: &Flat<'_>, group: usize) -> Option<Value> {
    let [kind, name, id, user] = [0, 1, 2, 3].map(|column| flat.text(group, column));
    if [&kind, &name, &id, &user].iter().all(|text| text.is_empty()) {
        return None;
    }
    let changes: Vec<Value> = (0..5)
        .map(|place| [4, 5, 6].map(|column| flat.text(group, column + 3 * place)))
        .filter(|[name, _, _]| !name.is_empty())
        .map(|[name, old, new]| json!({"displayName": name, "oldValue": old, "newValue": new}))
        .collect();
    Some(json!({
        "type": kind, "displayName": name, "id": id, "userPrincipalName": user, "modifiedProperties": changes,
    }))
}
