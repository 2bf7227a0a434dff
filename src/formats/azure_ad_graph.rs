//! What the reporting API of Azure AD Graph gave until it was shut down in 2020: sign-ins and directory audits,
//! as Splunk keeps them under its first source types (`ms:aad:signin`, `ms:aad:audit`).
//!
//! A device is a text of three parts, `name;system;browser;`; who acted and on what have names of their own.

use serde_json::{Value, json};

use crate::events::field::Field;

use super::{Column, Export, Flat, Format, Holds, Kind, nested};

pub(super) static SIGN_IN: Format = Format {
    name: "azure-ad-graph-sign-in",
    export: Export {
        what: "Sign-ins",
        from: "Azure AD Graph, or Splunk's ms:aad:signin",
        holds: &[Holds::Interactive],
        lacks: &[
            Field::Stream,
            Field::ResourceId,
            Field::HomeTenant,
            Field::ResourceTenant,
            Field::Asn,
            Field::Agent,
            Field::DeviceId,
            Field::DeviceCompliant,
            Field::SessionId,
            Field::TokenId,
            Field::IncomingToken,
            Field::Protocol,
            Field::Transfer,
            Field::Protection,
            Field::Audiences,
            Field::Policies,
            Field::Steps,
            Field::Client,
            Field::PolicyStatus,
            Field::Requirement,
            Field::Risk,
            Field::RiskTypes,
        ],
        note: "logs of before 2020, in which most detections are blind.",
        ..Export::UNTOLD
    },
    marks: &["signinDateTime"],
    any: &["loginStatus", "signinErrorCode"],
    kind: |_| Some(Kind::SignIn),
    table: &[
        (Column::Created, &["signinDateTime"]),
        (Column::Id, &["id"]),
        (Column::Correlation, &["correlationId"]),
        (Column::LogTenant, &["tenantId"]),
        (Column::UserId, &["userId"]),
        (Column::UserName, &["userPrincipalName"]),
        (Column::UserDisplay, &["userDisplayName"]),
        (Column::AppId, &["appId"]),
        (Column::AppName, &["appDisplayName"]),
        (Column::Address, &["ipAddress"]),
        (Column::Country, &["geoCoordinates.country"]),
        (Column::State, &["geoCoordinates.state"]),
        (Column::City, &["geoCoordinates.city"]),
        (Column::Latitude, &["geoCoordinates.latitude"]),
        (Column::Longitude, &["geoCoordinates.longitude"]),
        (Column::StatusWord, &["loginStatus"]),
        (Column::StatusDetails, &["mfaResult"]),
        (Column::ResultCode, &["signinErrorCode"]),
        (Column::ResultReason, &["failureReason"]),
    ],
    is_utc: true,
    flat: &[&["deviceInformation"]],
    compose: Some(device),
    ..Format::PLAIN
};

pub(super) static AUDIT: Format = Format {
    name: "azure-ad-graph-audit",
    export: Export {
        what: "Audit log",
        from: "Azure AD Graph, or Splunk's ms:aad:audit",
        holds: &[Holds::Directory],
        lacks: &[],
        note: "logs of before 2020.",
        ..Export::UNTOLD
    },
    marks: &["activityDate", "activity"],
    any: &["activityResultStatus", "activityOperationType", "activityType"],
    kind: |_| Some(Kind::Audit),
    table: &[
        (Column::Created, &["activityDate"]),
        (Column::Id, &["id"]),
        (Column::Correlation, &["correlationId"]),
        (Column::LogTenant, &["tenantId"]),
        (Column::Operation, &["activity"]),
        (Column::AuditCategory, &["activityType"]),
        (Column::Service, &["componentOrSource", "category"]),
        (Column::AuditResult, &["activityResultStatus"]),
        (Column::AuditReason, &["activityResultDescription"]),
    ],
    is_utc: true,
    flat: &[&["actor", "targets"]],
    compose: Some(acted),
    ..Format::PLAIN
};

/// The parts of a device.
fn device(flat: &Flat<'_>) -> Vec<(Column, String)> {
    if !flat.has(0, 0) {
        return Vec::new();
    }
    let text = flat.text(0, 0);
    let columns = [Column::DeviceName, Column::DeviceSystem, Column::DeviceBrowser];
    columns.into_iter().zip(text.split(';')).map(|(column, part)| (column, part.trim().to_owned())).collect()
}

/// Who acted and on what, in the shapes of Microsoft Graph.
fn acted(flat: &Flat<'_>) -> Vec<(Column, String)> {
    let actor = flat.value(0, 0).map(|actor| {
        let text = |name| nested::text(&actor, name);
        let side = if text("userPrincipalName").is_some_and(|name| !name.is_empty()) { "user" } else { "app" };
        let who = json!({"id": text("objectId"), "servicePrincipalId": text("objectId"), "displayName": text("name"),
            "userPrincipalName": text("userPrincipalName"), "servicePrincipalName": text("servicePrincipalName"),
            "ipAddress": text("ipAddress")});
        (Column::InitiatedBy, json!({side: who}).to_string())
    });
    let targets = flat.value(0, 1).map(|targets| {
        let all: Vec<Value> = nested::entries(&targets).into_iter().map(target).collect();
        (Column::Targets, Value::Array(all).to_string())
    });
    actor.into_iter().chain(targets).collect()
}

fn target(target: &Value) -> Value {
    let text = |name| nested::text(target, name);
    let changes = nested::member(target, "modifiedProperties").map(nested::entries).unwrap_or_default();
    let changes = changes.into_iter().map(|change| {
        let own = |name| nested::member(change, name);
        json!({"displayName": own("name"), "oldValue": own("oldValue"), "newValue": own("newValue")})
    });
    json!({"id": text("objectId"), "displayName": text("name"), "type": text("targetResourceType"),
        "userPrincipalName": text("userPrincipalName"), "modifiedProperties": changes.collect::<Vec<_>>()})
}
