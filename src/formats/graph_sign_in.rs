//! Microsoft Graph `auditLogs/signIns`, beta and v1.0, and the admin center's JSON download.
//!
//! Version 1.0 lacks session id, token types, protocol and user agent: see the coverage.

use super::{Column, Format, Kind, Row};

pub(super) static FORMAT: Format = Format {
    name: "graph-sign-in",
    marks: &["createdDateTime", "status"],
    any: &["appId", "userPrincipalName", "servicePrincipalId"],
    kind,
    table: &[
        (Column::Created, &["createdDateTime"]),
        (Column::Id, &["id"]),
        (Column::Correlation, &["correlationId"]),
        (Column::OriginalRequest, &["originalRequestId"]),
        (Column::Session, &["sessionId"]),
        (Column::Token, &["uniqueTokenIdentifier"]),
        (Column::UserId, &["userId"]),
        (Column::UserName, &["userPrincipalName"]),
        (Column::UserDisplay, &["userDisplayName"]),
        (Column::UserType, &["userType"]),
        (Column::AppId, &["appId"]),
        (Column::AppName, &["appDisplayName"]),
        (Column::ResourceId, &["resourceId"]),
        (Column::ResourceName, &["resourceDisplayName"]),
        (Column::LogTenant, &["tenantId"]),
        (Column::HomeTenant, &["homeTenantId"]),
        (Column::ResourceTenant, &["resourceTenantId"]),
        (Column::Address, &["ipAddress"]),
        (Column::Asn, &["autonomousSystemNumber"]),
        (Column::Location, &["location"]),
        (Column::ClientApp, &["clientAppUsed"]),
        (Column::Agent, &["userAgent"]),
        (Column::Device, &["deviceDetail"]),
        (Column::Incoming, &["incomingTokenType"]),
        (Column::Protocol, &["authenticationProtocol"]),
        (Column::Transfer, &["originalTransferMethod"]),
        (Column::Protection, &["signInTokenProtectionStatus"]),
        (Column::ProtectionDetails, &["tokenProtectionStatusDetails"]),
        (Column::Status, &["status"]),
        (Column::PolicyStatus, &["conditionalAccessStatus"]),
        (Column::Audiences, &["conditionalAccessAudiences"]),
        (Column::Policies, &["appliedConditionalAccessPolicies"]),
        (Column::Requirement, &["authenticationRequirement"]),
        (Column::Steps, &["authenticationDetails"]),
        (Column::Processing, &["authenticationProcessingDetails"]),
        (Column::RiskDuring, &["riskLevelDuringSignIn"]),
        (Column::RiskAggregated, &["riskLevelAggregated"]),
        (Column::RiskState, &["riskState"]),
        (Column::RiskDetail, &["riskDetail"]),
        (Column::RiskEvents, &["riskEventTypes_v2", "riskEventTypes"]),
        (Column::Latency, &["processingTimeInMilliseconds"]),
        (Column::PrincipalId, &["servicePrincipalId"]),
        (Column::PrincipalName, &["servicePrincipalName"]),
        (Column::CredentialKey, &["servicePrincipalCredentialKeyId"]),
        (Column::ManagedIdentity, &["managedServiceIdentity"]),
        (Column::IsInteractive, &["isInteractive"]),
        (Column::EventTypes, &["signInEventTypes"]),
    ],
};

fn kind(row: &Row<'_>) -> Option<Kind> {
    // A Log Analytics row has `Status` and `CreatedDateTime` too, and is told apart by these.
    (!row.has(Column::Table)).then_some(Kind::SignIn)
}
