//! Rows of the sign-in tables of Log Analytics and Sentinel: CSV and JSON.
//!
//! `TenantId` is the workspace, not the tenant; `ResourceId` is a path, the resource's application
//! id is `ResourceIdentity`. Nested columns come as objects or as JSON text. Header suffixes such as
//! ` [UTC]` and the `_dynamic`/`_string` pairs that a union of tables makes are the same column.

use super::{Column, Export, Format, Holds, Kind, Row, export};

pub(super) static FORMAT: Format = Format {
    name: "log-analytics-sign-in",
    export: Export {
        what: "Sign-ins",
        from: "Log Analytics or Sentinel",
        holds: Holds::SIGN_INS,
        ways: &[export::LOG_ANALYTICS],
        lacks: &[],
        worth: Some(40),
        note: "CSV, JSON, REST tables, Kusto frames and lines of a data-export rule. The portal stops at 30,000 rows.",
    },
    // Graph has neither of these: a row has a result beside its status, the time of its writing, or
    // the name of its table.
    marks: &[],
    any: &["ResultType", "TimeGenerated", "Type"],
    kind,
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
        (Column::AppOwner, &["AppOwnerTenantId"]),
        (Column::IssuerName, &["TokenIssuerName"]),
        (Column::ResourceId, &["ResourceIdentity"]),
        (Column::ResourceName, &["ResourceDisplayName"]),
        (Column::LogTenant, &["AADTenantId"]),
        (Column::HomeTenant, &["HomeTenantId"]),
        (Column::ResourceTenant, &["ResourceTenantId"]),
        (Column::Address, &["IPAddress"]),
        (Column::ProviderAddress, &["IPAddressFromResourceProvider"]),
        (Column::Asn, &["AutonomousSystemNumber"]),
        (Column::Location, &["LocationDetails", "LocationDetails_dynamic", "LocationDetails_string"]),
        (Column::ClientApp, &["ClientAppUsed"]),
        (Column::Agent, &["UserAgent"]),
        (Column::Device, &["DeviceDetail", "DeviceDetail_dynamic", "DeviceDetail_string"]),
        (Column::Incoming, &["IncomingTokenType"]),
        (Column::Protocol, &["AuthenticationProtocol"]),
        (Column::Transfer, &["OriginalTransferMethod"]),
        (Column::Protection, &["SignInTokenProtectionStatus"]),
        (
            Column::ProtectionDetails,
            &[
                "TokenProtectionStatusDetails",
                "TokenProtectionStatusDetails_dynamic",
                "TokenProtectionStatusDetails_string",
            ],
        ),
        (Column::Status, &["Status", "Status_dynamic", "Status_string"]),
        (Column::PolicyStatus, &["ConditionalAccessStatus"]),
        (Column::Audiences, &["ConditionalAccessAudiences"]),
        (Column::NamedLocations, &["NetworkLocationDetails"]),
        (
            Column::Policies,
            &[
                "ConditionalAccessPolicies",
                "ConditionalAccessPolicies_dynamic",
                "ConditionalAccessPolicies_string",
                "AppliedConditionalAccessPolicies",
            ],
        ),
        (Column::Requirement, &["AuthenticationRequirement"]),
        (Column::Steps, &["AuthenticationDetails"]),
        (Column::Processing, &["AuthenticationProcessingDetails"]),
        (Column::RiskDuring, &["RiskLevelDuringSignIn"]),
        (Column::RiskAggregated, &["RiskLevelAggregated"]),
        (Column::RiskState, &["RiskState"]),
        (Column::RiskDetail, &["RiskDetail"]),
        (Column::RiskEvents, &["RiskEventTypes_V2", "RiskEventTypes"]),
        (Column::Latency, &["ProcessingTimeInMilliseconds", "ProcessingTimeInMs"]),
        (Column::PrincipalId, &["ServicePrincipalId"]),
        (Column::PrincipalName, &["ServicePrincipalName"]),
        (Column::CredentialKey, &["ServicePrincipalCredentialKeyId"]),
        (Column::ManagedIdentity, &["ManagedServiceIdentity"]),
        (Column::IsInteractive, &["IsInteractive"]),
        (Column::EventTypes, &["SignInEventTypes"]),
        (Column::Emitted, &["TimeGenerated"]),
        (Column::Country, &["Location"]),
        (Column::ResultCode, &["ResultType"]),
        (Column::ResultReason, &["ResultDescription"]),
        (Column::Category, &["Category"]),
        (Column::Table, &["Type"]),
        // Whose presence tells a row of a union that is none of a sign-in.
        (Column::InitiatedBy, &["InitiatedBy"]),
    ],
    limits: super::WORKSPACE,
    ..Format::PLAIN
};

/// The tables that are read.
pub(super) const TABLES: [&str; 6] = [
    "SigninLogs",
    "AADNonInteractiveUserSignInLogs",
    "AADServicePrincipalSignInLogs",
    "AADManagedIdentitySignInLogs",
    "ADFSSignInLogs",
    super::MICROSOFT_PRINCIPALS,
];

fn kind(row: &Row<'_>) -> Option<Kind> {
    let is = |names: &[&str]| row.one_of(Column::Table, names).is_some();
    if is(&TABLES) {
        return Some(Kind::SignIn);
    }
    if is(&super::other_tables::NAMES) {
        return None;
    }
    if row.one_of(Column::Category, &super::other_tables::NAMES).is_some() {
        return Some(Kind::Other);
    }
    // Without its table's name: a result, somebody who signed in, and what they signed in to.
    let any = |columns: &[Column]| columns.iter().any(|column| row.has_value(*column));
    let result = any(&[Column::ResultCode, Column::Status]);
    let who = any(&[Column::UserName, Column::UserId, Column::PrincipalId]);
    let what = any(&[Column::AppId, Column::AppName, Column::PrincipalName, Column::ResourceId, Column::ResourceName]);
    (result && who && what && !row.has_value(Column::InitiatedBy)).then_some(Kind::SignIn)
}
