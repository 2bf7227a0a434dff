//! Objects of the Microsoft Graph PowerShell SDK (`Get-MgAuditLogSignIn`, `Get-MgBetaAuditLogSignIn`,
//! `Get-MgAuditLogDirectoryAudit`), as JSON or CSV, and Hawk's files, which hold the same.
//!
//! Keys are Pascal case; what the module's version does not know is under `AdditionalProperties`.
//! `Export-Csv`, and `ConvertTo-Json` beyond its depth, write the name of a type in place of a nested
//! value: what it held is lost. Times may be in the collector's culture, without a zone.

use super::{Column, Export, Format, Holds, Kind, Row, Table, Way, graph_audit, graph_sign_in};

pub(super) static BETA: Format = Format {
    name: "powershell-sign-in",
    export: Export {
        what: "Sign-ins",
        from: "PowerShell beta",
        holds: Holds::SIGN_INS,
        ways: &[Way {
            by: "PowerShell",
            how: "Get-MgBetaAuditLogSignIn -All -Filter \"{filter}\" | ForEach-Object { $_ | ConvertTo-Json -Depth 9 -Compress } | Set-Content {file}.ndjson -Encoding utf8",
        }],
        lacks: &[],
        worth: Some(20),
        note: "Export-Csv and a smaller depth write the name of a type in place of nested values.",
    },
    marks: &["AdditionalProperties", "createdDateTime", "status"],
    any: graph_sign_in::BETA.any,
    kind,
    table: TABLE,
    ..Format::PLAIN
};

pub(super) static V1: Format = Format {
    name: "powershell-sign-in-v1",
    export: Export {
        what: "Sign-ins",
        from: "PowerShell v1.0 or Hawk",
        holds: &[Holds::Interactive],
        ways: &[Way {
            by: "PowerShell",
            how: "Get-MgAuditLogSignIn -All | ForEach-Object { $_ | ConvertTo-Json -Depth 9 -Compress } | Set-Content {file}.ndjson -Encoding utf8",
        }],
        lacks: graph_sign_in::V1_LACKS,
        worth: Some(90),
        note: "as Graph v1.0.",
    },
    marks: &["AdditionalProperties", "createdDateTime", "status"],
    any: graph_sign_in::V1.any,
    kind,
    table: TABLE,
    ..Format::PLAIN
};

pub(super) static AUDIT: Format = Format {
    name: "powershell-directory-audit",
    export: Export {
        what: "Audit log",
        from: "PowerShell",
        holds: &[Holds::Directory],
        ways: &[Way {
            by: "PowerShell",
            how: "Get-MgAuditLogDirectoryAudit -All | ForEach-Object { $_ | ConvertTo-Json -Depth 9 -Compress } | Set-Content {file}.ndjson -Encoding utf8",
        }],
        lacks: &[],
        worth: Some(20),
        note: "",
    },
    marks: &["AdditionalProperties", "activityDateTime", "activityDisplayName"],
    any: graph_audit::FORMAT.any,
    kind: |_| Some(Kind::Audit),
    table: graph_audit::FORMAT.table,
    ..Format::PLAIN
};

fn kind(row: &Row<'_>) -> Option<Kind> {
    (graph_sign_in::V1.kind)(row)
}

static TABLE: Table = &[
    (Column::Created, &["createdDateTime"]),
    (Column::Id, &["id"]),
    (Column::Correlation, &["correlationId"]),
    (Column::OriginalRequest, &["originalRequestId", "AdditionalProperties.originalRequestId"]),
    (Column::Session, &["sessionId", "AdditionalProperties.sessionId"]),
    (Column::Token, &["uniqueTokenIdentifier", "AdditionalProperties.uniqueTokenIdentifier"]),
    (Column::UserId, &["userId"]),
    (Column::UserName, &["userPrincipalName"]),
    (Column::UserDisplay, &["userDisplayName"]),
    (Column::UserType, &["userType", "AdditionalProperties.userType"]),
    (Column::CrossTenant, &["crossTenantAccessType", "AdditionalProperties.crossTenantAccessType"]),
    (Column::AppId, &["appId"]),
    (Column::AppName, &["appDisplayName"]),
    (Column::AppOwner, &["appOwnerTenantId", "AdditionalProperties.appOwnerTenantId"]),
    (Column::IssuerName, &["tokenIssuerName", "AdditionalProperties.tokenIssuerName"]),
    (Column::ResourceId, &["resourceId"]),
    (Column::ResourceName, &["resourceDisplayName"]),
    (Column::LogTenant, &["tenantId", "AdditionalProperties.tenantId"]),
    (Column::HomeTenant, &["homeTenantId", "AdditionalProperties.homeTenantId"]),
    (Column::ResourceTenant, &["resourceTenantId", "AdditionalProperties.resourceTenantId"]),
    (Column::Address, &["ipAddress"]),
    (Column::ProviderAddress, &["ipAddressFromResourceProvider", "AdditionalProperties.ipAddressFromResourceProvider"]),
    (Column::Asn, &["autonomousSystemNumber", "AdditionalProperties.autonomousSystemNumber"]),
    (Column::Location, &["location"]),
    (Column::ClientApp, &["clientAppUsed"]),
    (Column::Agent, &["userAgent", "AdditionalProperties.userAgent"]),
    (Column::Device, &["deviceDetail"]),
    (Column::Incoming, &["incomingTokenType", "AdditionalProperties.incomingTokenType"]),
    (Column::Protocol, &["authenticationProtocol", "AdditionalProperties.authenticationProtocol"]),
    (Column::Transfer, &["originalTransferMethod", "AdditionalProperties.originalTransferMethod"]),
    (Column::Protection, &["signInTokenProtectionStatus", "AdditionalProperties.signInTokenProtectionStatus"]),
    (Column::ProtectionDetails, &["tokenProtectionStatusDetails", "AdditionalProperties.tokenProtectionStatusDetails"]),
    (Column::Status, &["status"]),
    (Column::PolicyStatus, &["conditionalAccessStatus"]),
    (Column::Audiences, &["conditionalAccessAudiences", "AdditionalProperties.conditionalAccessAudiences"]),
    (Column::NamedLocations, &["networkLocationDetails", "AdditionalProperties.networkLocationDetails"]),
    (Column::Policies, &["appliedConditionalAccessPolicies"]),
    (Column::Requirement, &["authenticationRequirement", "AdditionalProperties.authenticationRequirement"]),
    (Column::Steps, &["authenticationDetails", "AdditionalProperties.authenticationDetails"]),
    (Column::Processing, &["authenticationProcessingDetails", "AdditionalProperties.authenticationProcessingDetails"]),
    (Column::RiskDuring, &["riskLevelDuringSignIn"]),
    (Column::RiskAggregated, &["riskLevelAggregated"]),
    (Column::RiskState, &["riskState"]),
    (Column::RiskDetail, &["riskDetail"]),
    (Column::RiskEvents, &["RiskEventTypesV2", "riskEventTypes_v2", "riskEventTypes"]),
    (Column::Latency, &["processingTimeInMilliseconds", "AdditionalProperties.processingTimeInMilliseconds"]),
    (Column::PrincipalId, &["servicePrincipalId", "AdditionalProperties.servicePrincipalId"]),
    (Column::PrincipalName, &["servicePrincipalName", "AdditionalProperties.servicePrincipalName"]),
    (
        Column::CredentialKey,
        &["servicePrincipalCredentialKeyId", "AdditionalProperties.servicePrincipalCredentialKeyId"],
    ),
    (Column::ManagedIdentity, &["managedServiceIdentity", "AdditionalProperties.managedServiceIdentity"]),
    (Column::IsInteractive, &["isInteractive"]),
    (Column::EventTypes, &["signInEventTypes", "AdditionalProperties.signInEventTypes"]),
];
