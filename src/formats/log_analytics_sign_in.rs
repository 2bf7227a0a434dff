//! Rows of the sign-in tables of Log Analytics and Sentinel: CSV and JSON.
//!
//! `TenantId` is the workspace, not the tenant; `ResourceId` is a path, the resource's application
//! id is `ResourceIdentity`. Nested columns come as objects or as JSON text. Header suffixes such as
//! ` [UTC]` and the `_dynamic`/`_string` pairs that a union of tables makes are the same column.

use super::{Column, Format, Kind, Row};

pub(super) static FORMAT: Format = Format {
    name: "log-analytics-sign-in",
    marks: &["ResultType"],
    any: &["AppDisplayName", "AppId", "UserPrincipalName", "ServicePrincipalId"],
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
        (Column::UserDisplay, &["UserDisplayName", "Identity"]),
        (Column::UserType, &["UserType"]),
        (Column::AppId, &["AppId"]),
        (Column::AppName, &["AppDisplayName"]),
        (Column::ResourceId, &["ResourceIdentity"]),
        (Column::ResourceName, &["ResourceDisplayName"]),
        (Column::LogTenant, &["AADTenantId"]),
        (Column::HomeTenant, &["HomeTenantId"]),
        (Column::ResourceTenant, &["ResourceTenantId"]),
        (Column::Address, &["IPAddress"]),
        (Column::Asn, &["AutonomousSystemNumber"]),
        (Column::Location, &["LocationDetails", "LocationDetails_dynamic", "LocationDetails_string"]),
        (Column::ClientApp, &["ClientAppUsed"]),
        (Column::Agent, &["UserAgent"]),
        (Column::Device, &["DeviceDetail", "DeviceDetail_dynamic", "DeviceDetail_string"]),
        (Column::Incoming, &["IncomingTokenType"]),
        (Column::Protocol, &["AuthenticationProtocol"]),
        (Column::Transfer, &["OriginalTransferMethod"]),
        (Column::Protection, &["SignInTokenProtectionStatus"]),
        (Column::ProtectionDetails, &["TokenProtectionStatusDetails"]),
        (Column::Status, &["Status", "Status_dynamic", "Status_string"]),
        (Column::PolicyStatus, &["ConditionalAccessStatus"]),
        (Column::Audiences, &["ConditionalAccessAudiences"]),
        (
            Column::Policies,
            &["ConditionalAccessPolicies", "ConditionalAccessPolicies_dynamic", "ConditionalAccessPolicies_string"],
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
    ],
};

fn kind(row: &Row<'_>) -> Option<Kind> {
    // A diagnostic record and an Azure activity row carry `resultType` too; a sign-in row has a
    // time of its own and an identity.
    let has_time = row.has(Column::Created) || row.has(Column::Emitted);
    let named = row.has(Column::UserName) || row.has(Column::UserId) || row.has(Column::PrincipalId);
    if !has_time || !named {
        return None;
    }
    let table = row.text(Column::Table).to_ascii_lowercase();
    Some(match table.as_str() {
        ""
        | "signinlogs"
        | "aadnoninteractiveusersigninlogs"
        | "aadserviceprincipalsigninlogs"
        | "aadmanagedidentitysigninlogs" => Kind::SignIn,
        _ => Kind::Other,
    })
}
