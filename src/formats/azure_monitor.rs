//! Azure Monitor diagnostic records of Entra ID: blob lines and Event Hub bodies.
//!
//! `time` is when the record was written and can trail the event by minutes; the event's own time is
//! inside `properties`. The `resourceId` beside the record is the directory's path; the resource that
//! was asked for is inside `properties`. Forwarders write keys in lower case: they match in any case.

use super::{Column, Export, Format, Holds, Kind, Row, Table, export};

pub(super) static FORMAT: Format = Format {
    name: "azure-monitor",
    export: Export {
        what: "Sign-ins and audit log",
        from: "diagnostic setting",
        holds: HOLDS,
        ways: &[export::DIAGNOSTIC],
        lacks: &[],
        worth: Some(30),
        note: "blob lines and Event Hub bodies, also as strings or in dumped messages (text or base64); as Splunk and Elastic carry them too. Holds what came in after the setting was made, as long as you keep it.",
    },
    marks: &["category", "properties"],
    any: &["time", "operationName", "resourceId"],
    kind,
    table: TABLE,
    is_utc: true,
    ..Format::PLAIN
};

/// Where a record keeps its fields.
pub(super) static TABLE: Table = &[
    (Column::Created, &["properties.createdDateTime", "properties.activityDateTime"]),
    (Column::Id, &["properties.id", "properties.requestId"]),
    (Column::Correlation, &["properties.correlationId", "correlationId"]),
    (Column::OriginalRequest, &["properties.originalRequestId"]),
    (Column::Session, &["properties.sessionId", "properties.C_Sid"]),
    (Column::Token, &["properties.uniqueTokenIdentifier"]),
    (Column::UserId, &["properties.userId"]),
    (Column::UserName, &["properties.userPrincipalName"]),
    (Column::UserDisplay, &["properties.userDisplayName"]),
    (Column::UserType, &["properties.userType"]),
    (Column::CrossTenant, &["properties.crossTenantAccessType"]),
    (Column::AppId, &["properties.appId", "appId"]),
    (Column::AppName, &["properties.appDisplayName"]),
    (Column::AppOwner, &["properties.appOwnerTenantId"]),
    (Column::IssuerName, &["properties.tokenIssuerName"]),
    (Column::ResourceId, &["properties.resourceId"]),
    (Column::ResourceName, &["properties.resourceDisplayName"]),
    (Column::LogTenant, &["tenantId", "properties.tenantId"]),
    (Column::HomeTenant, &["properties.homeTenantId"]),
    (Column::ResourceTenant, &["properties.resourceTenantId"]),
    (Column::Address, &["properties.ipAddress", "callerIpAddress"]),
    (Column::ProviderAddress, &["properties.ipAddressFromResourceProvider"]),
    (Column::Asn, &["properties.autonomousSystemNumber"]),
    (Column::Location, &["properties.location"]),
    (Column::ClientApp, &["properties.clientAppUsed"]),
    (Column::Agent, &["properties.userAgent"]),
    (Column::Device, &["properties.deviceDetail"]),
    (Column::Incoming, &["properties.incomingTokenType"]),
    (Column::Protocol, &["properties.authenticationProtocol", "authenticationProtocol"]),
    (Column::Transfer, &["properties.originalTransferMethod"]),
    (Column::Protection, &["properties.signInTokenProtectionStatus"]),
    (Column::ProtectionDetails, &["properties.tokenProtectionStatusDetails"]),
    (Column::Status, &["properties.status"]),
    (Column::PolicyStatus, &["properties.conditionalAccessStatus"]),
    (Column::Audiences, &["properties.conditionalAccessAudiences"]),
    (Column::NamedLocations, &["properties.networkLocationDetails"]),
    (Column::Policies, &["properties.appliedConditionalAccessPolicies"]),
    (Column::Requirement, &["properties.authenticationRequirement"]),
    (Column::Steps, &["properties.authenticationDetails"]),
    (Column::Processing, &["properties.authenticationProcessingDetails"]),
    (Column::RiskDuring, &["properties.riskLevelDuringSignIn"]),
    (Column::RiskAggregated, &["properties.riskLevelAggregated"]),
    (Column::RiskState, &["properties.riskState"]),
    (Column::RiskDetail, &["properties.riskDetail"]),
    (Column::RiskEvents, &["properties.riskEventTypes_v2", "properties.riskEventTypes"]),
    (Column::Latency, &["properties.processingTimeInMilliseconds", "properties.processingTimeInMs"]),
    (Column::PrincipalId, &["properties.servicePrincipalId"]),
    (Column::PrincipalName, &["properties.servicePrincipalName"]),
    (Column::CredentialKey, &["properties.servicePrincipalCredentialKeyId"]),
    (Column::ManagedIdentity, &["properties.managedServiceIdentity"]),
    (Column::IsInteractive, &["properties.isInteractive"]),
    (Column::EventTypes, &["properties.signInEventTypes"]),
    (Column::Emitted, &["time", "_time"]),
    (Column::Country, &["location"]),
    (Column::ResultCode, &["resultType"]),
    (Column::ResultReason, &["resultDescription"]),
    (Column::Category, &["category"]),
    (Column::Record, &["properties"]),
    (Column::Operation, &["properties.activityDisplayName", "operationName"]),
    (Column::AuditCategory, &["properties.category"]),
    (Column::Service, &["properties.loggedByService"]),
    (Column::AuditResult, &["properties.result"]),
    (Column::AuditReason, &["properties.resultReason"]),
    (Column::InitiatedBy, &["properties.initiatedBy"]),
    (Column::Targets, &["properties.targetResources"]),
    (Column::Details, &["properties.additionalDetails"]),
];

/// What it holds.
pub(super) const HOLDS: &[Holds] =
    &[Holds::Interactive, Holds::NonInteractive, Holds::ServicePrincipal, Holds::ManagedIdentity, Holds::Directory];

/// The categories that are read as sign-ins.
const SIGN_INS: [&str; 6] = [
    "SignInLogs",
    "NonInteractiveUserSignInLogs",
    "ServicePrincipalSignInLogs",
    "ManagedIdentitySignInLogs",
    "ADFSSignInLogs",
    super::MICROSOFT_PRINCIPALS,
];

pub(super) fn kind(row: &Row<'_>) -> Option<Kind> {
    if !row.has_value(Column::Category) {
        return None;
    }
    let is = |names: &[&str]| row.one_of(Column::Category, names).is_some();
    if is(&super::graph_activity::CATEGORIES) || is(&super::identity_protection::CATEGORIES) {
        return None;
    }
    // Some forwarders put the audit event's own category in place of the log's.
    let acted = || row.has_value(Column::InitiatedBy) && (row.has(Column::Targets) || row.has(Column::Service));
    Some(if is(&SIGN_INS) {
        Kind::SignIn
    } else if is(&["AuditLogs"]) || acted() {
        Kind::Audit
    } else if row.has_value(Column::Protocol) && row.has_value(Column::AppId) {
        // A call that says how its caller signed in: detections look at it.
        Kind::Activity
    } else {
        Kind::Other
    })
}
