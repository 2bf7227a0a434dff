//! Microsoft-Analyzer-Suite's own CSV (`Untouched.csv`, `Hunt.csv`): Graph's records flattened to
//! columns, times in UTC without saying so, of the processing details those that it knows.

use serde_json::{Value, json};

use crate::events::field::Field;

use super::portal_audit::{TARGETS, target};
use super::{Column, Export, Flat, Format, Holds, Kind};

pub(super) static SIGN_IN: Format = Format {
    name: "analyzer-suite-sign-in-csv",
    export: Export {
        what: "Sign-ins",
        from: "CSV of Microsoft-Analyzer-Suite",
        holds: Holds::SIGN_INS,
        ways: &[],
        lacks: &[Field::Audiences, Field::Policies, Field::Steps],
        worth: None,
        note: "take the JSON that it was made of, where there is one.",
    },
    marks: &["CreatedDateTime", "ErrorCode", "CountryOrRegion"],
    any: &["UserPrincipalName", "ServicePrincipalId"],
    rows_only: true,
    is_utc: true,
    kind: |_| Some(Kind::SignIn),
    table: &[
        (Column::Created, &["CreatedDateTime"]),
        (Column::Id, &["Id"]),
        (Column::Correlation, &["CorrelationId"]),
        (Column::OriginalRequest, &["OriginalRequestId"]),
        (Column::Session, &["SessionId"]),
        (Column::Token, &["UniqueTokenIdentifier"]),
        (Column::UserId, &["UserId"]),
        (Column::UserName, &["UserPrincipalName"]),
        (Column::UserDisplay, &["UserDisplayName"]),
        (Column::UserType, &["UserType"]),
        (Column::CrossTenant, &["CrossTenantAccessType"]),
        (Column::AppId, &["AppId"]),
        (Column::AppName, &["AppDisplayName"]),
        (Column::ResourceId, &["ResourceId"]),
        (Column::ResourceName, &["ResourceDisplayName"]),
        (Column::HomeTenant, &["HomeTenantId"]),
        (Column::ResourceTenant, &["ResourceTenantId"]),
        (Column::Address, &["IpAddress"]),
        (Column::Asn, &["ASN"]),
        (Column::Country, &["CountryOrRegion"]),
        (Column::State, &["State"]),
        (Column::City, &["City"]),
        (Column::Latitude, &["Latitude"]),
        (Column::Longitude, &["Longitude"]),
        (Column::ClientApp, &["ClientAppUsed"]),
        (Column::Agent, &["UserAgent"]),
        (Column::DeviceId, &["DeviceId"]),
        (Column::DeviceName, &["DisplayName"]),
        (Column::DeviceSystem, &["OperatingSystem"]),
        (Column::DeviceBrowser, &["Browser"]),
        (Column::DeviceTrust, &["TrustType"]),
        (Column::DeviceCompliant, &["IsCompliant"]),
        (Column::DeviceManaged, &["IsManaged"]),
        (Column::Incoming, &["IncomingTokenType"]),
        (Column::Protocol, &["AuthenticationProtocol"]),
        (Column::Transfer, &["OriginalTransferMethod"]),
        (Column::Protection, &["SignInTokenProtectionStatus"]),
        (Column::ResultCode, &["ErrorCode"]),
        (Column::ResultReason, &["FailureReason"]),
        (Column::StatusDetails, &["AdditionalDetails"]),
        (Column::PolicyStatus, &["ConditionalAccessStatus"]),
        (Column::Requirement, &["AuthenticationRequirement"]),
        (Column::RiskDuring, &["RiskLevelDuringSignIn"]),
        (Column::RiskAggregated, &["RiskLevelAggregated"]),
        (Column::RiskState, &["RiskState"]),
        (Column::RiskDetail, &["RiskDetail"]),
        (Column::RiskEvents, &["RiskEventTypesV2"]),
        (Column::PrincipalId, &["ServicePrincipalId"]),
        (Column::PrincipalName, &["ServicePrincipalName"]),
        (Column::CredentialKey, &["ServicePrincipalCredentialKeyId"]),
        (Column::IsInteractive, &["IsInteractive"]),
        (Column::EventTypes, &["SignInEventTypes"]),
    ],
    flat: &[DETAILS],
    compose: Some(|flat| vec![(Column::Processing, pairs(flat, 0, DETAILS).to_string())]),
    ..Format::PLAIN
};

/// Processing details, each named as its column.
const DETAILS: &[&str] =
    &["Domain Hint Present", "Is CAE Token", "Login Hint Present", "Oauth Scope Info", "Root Key Type"];

pub(super) static AUDIT: Format = Format {
    name: "analyzer-suite-audit-csv",
    export: Export {
        what: "Audit log",
        from: "CSV of Microsoft-Analyzer-Suite",
        holds: &[Holds::Directory],
        ways: &[],
        lacks: &[],
        worth: None,
        note: "take the JSON that it was made of, where there is one.",
    },
    marks: &["ActivityDateTime", "ActivityDisplayName", "Target1Type", "OperationType"],
    rows_only: true,
    is_utc: true,
    kind: |_| Some(Kind::Audit),
    table: &[
        (Column::Created, &["ActivityDateTime"]),
        (Column::Id, &["Id"]),
        (Column::Correlation, &["CorrelationId"]),
        (Column::Operation, &["ActivityDisplayName"]),
        (Column::AuditCategory, &["Category"]),
        (Column::Service, &["LoggedByService"]),
        (Column::AuditResult, &["Result"]),
        (Column::AuditReason, &["ResultReason"]),
        (Column::Agent, &["UserAgent"]),
    ],
    flat: &[ACTOR, &FIRST, &SECOND, &THIRD, AUDIT_DETAILS],
    compose: Some(compose_audit),
    ..Format::PLAIN
};

const ACTOR: &[&str] = &[
    "InitiatedBy",
    "UserId",
    "UserDisplayName",
    "IPAddress",
    "AppDisplayName",
    "AppId",
    "ServicePrincipalId",
    "ServicePrincipalName",
];

const FIRST: [&str; 19] = with_id(TARGETS[0], "Target1Id");
const SECOND: [&str; 19] = with_id(TARGETS[1], "Target2Id");
const THIRD: [&str; 19] = with_id(TARGETS[2], "Target3Id");

/// The columns of a target as the admin center names them, but for its id.
const fn with_id(mut target: [&'static str; 19], id: &'static str) -> [&'static str; 19] {
    target[2] = id;
    target
}

const AUDIT_DETAILS: &[&str] = &["GroupType", "UserType", "DeviceId", "DeviceOSType", "DeviceTrustType"];

fn compose_audit(flat: &Flat<'_>) -> Vec<(Column, String)> {
    let [user, id, display, address, app, app_id, principal, principal_name] =
        [0, 1, 2, 3, 4, 5, 6, 7].map(|column| flat.text(0, column));
    let by = if user.is_empty() && id.is_empty() {
        json!({"user": null, "app": {
            "appId": app_id, "displayName": app, "servicePrincipalId": principal,
            "servicePrincipalName": principal_name,
        }})
    } else {
        json!({"user": {"id": id, "displayName": display, "userPrincipalName": user, "ipAddress": address}, "app": null})
    };
    let targets: Vec<Value> = (1..=3).filter_map(|group| target(flat, group)).collect();
    vec![
        (Column::InitiatedBy, by.to_string()),
        (Column::Targets, Value::from(targets).to_string()),
        (Column::Details, pairs(flat, 4, AUDIT_DETAILS).to_string()),
    ]
}

/// Columns that hold something, as a list of keys and values.
fn pairs(flat: &Flat<'_>, group: usize, names: &[&str]) -> Value {
    let pairs = names.iter().enumerate().map(|(place, name)| (name, flat.text(group, place)));
    pairs.filter(|(_, value)| !value.is_empty()).map(|(key, value)| json!({"key": key, "value": value})).collect()
}
