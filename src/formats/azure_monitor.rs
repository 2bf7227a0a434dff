//! Azure Monitor diagnostic records of Entra ID: blob lines and Event Hub bodies.
//!
//! `time` is when the record was written and can trail the event by minutes; the event's own time is
//! inside `properties`. Forwarders write the keys in lower case: they are matched ignoring case.

use super::{Column, Format, Kind, Row};

pub(super) static FORMAT: Format = Format {
    name: "azure-monitor",
    marks: &["category", "properties"],
    any: &["time", "operationName", "resourceId"],
    kind,
    table: &[
        (Column::Created, &["properties.createdDateTime", "properties.activityDateTime"]),
        (Column::Id, &["properties.id"]),
        (Column::Correlation, &["properties.correlationId", "correlationId"]),
        (Column::OriginalRequest, &["properties.originalRequestId"]),
        (Column::Session, &["properties.sessionId", "properties.C_Sid"]),
        (Column::Token, &["properties.uniqueTokenIdentifier"]),
        (Column::UserId, &["properties.userId"]),
        (Column::UserName, &["properties.userPrincipalName"]),
        (Column::UserDisplay, &["properties.userDisplayName"]),
        (Column::UserType, &["properties.userType"]),
        (Column::AppId, &["properties.appId", "appId"]),
        (Column::AppName, &["properties.appDisplayName"]),
        (Column::ResourceId, &["properties.resourceId"]),
        (Column::ResourceName, &["properties.resourceDisplayName"]),
        (Column::LogTenant, &["tenantId", "properties.tenantId"]),
        (Column::HomeTenant, &["properties.homeTenantId"]),
        (Column::ResourceTenant, &["properties.resourceTenantId"]),
        (Column::Address, &["properties.ipAddress", "callerIpAddress"]),
        (Column::Asn, &["properties.autonomousSystemNumber"]),
        (Column::Location, &["properties.location", "location"]),
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
        (Column::Policies, &["properties.appliedConditionalAccessPolicies"]),
        (Column::Requirement, &["properties.authenticationRequirement"]),
        (Column::Steps, &["properties.authenticationDetails"]),
        (Column::Processing, &["properties.authenticationProcessingDetails"]),
        (Column::RiskDuring, &["properties.riskLevelDuringSignIn"]),
        (Column::RiskAggregated, &["properties.riskLevelAggregated"]),
        (Column::RiskState, &["properties.riskState"]),
        (Column::RiskDetail, &["properties.riskDetail"]),
        (Column::RiskEvents, &["properties.riskEventTypes_v2", "properties.riskEventTypes"]),
        (Column::Latency, &["properties.processingTimeInMilliseconds"]),
        (Column::PrincipalId, &["properties.servicePrincipalId"]),
        (Column::PrincipalName, &["properties.servicePrincipalName"]),
        (Column::CredentialKey, &["properties.servicePrincipalCredentialKeyId"]),
        (Column::ManagedIdentity, &["properties.managedServiceIdentity"]),
        (Column::IsInteractive, &["properties.isInteractive"]),
        (Column::EventTypes, &["properties.signInEventTypes"]),
        (Column::Emitted, &["time"]),
        (Column::ResultCode, &["resultType"]),
        (Column::ResultReason, &["resultDescription"]),
        (Column::Category, &["category"]),
        (Column::Operation, &["properties.activityDisplayName", "operationName"]),
        (Column::Service, &["properties.loggedByService"]),
        (Column::AuditResult, &["properties.result"]),
        (Column::AuditReason, &["properties.resultReason"]),
        (Column::InitiatedBy, &["properties.initiatedBy"]),
        (Column::Targets, &["properties.targetResources"]),
        (Column::Details, &["properties.additionalDetails"]),
    ],
};

fn kind(row: &Row<'_>) -> Option<Kind> {
    let category = row.text(Column::Category).to_ascii_lowercase();
    Some(match category.as_str() {
        "signinlogs" | "noninteractiveusersigninlogs" | "serviceprincipalsigninlogs" | "managedidentitysigninlogs" => {
            Kind::SignIn
        }
        "auditlogs" => Kind::Audit,
        // Everything else is counted by its category; where it says how the caller signed in,
        // detections look at it.
        _ if row.has(Column::Protocol) && row.has(Column::AppId) => Kind::Activity,
        _ => Kind::Other,
    })
}
