//! Microsoft Graph `auditLogs/signIns`, beta and v1.0, and the admin center's JSON download (as beta).
//!
//! Version 1.0 has no session id, token types, protocol, user agent, tenants or authentication
//! details, and does not say the stream. It is told apart because detections are blind on it.

use crate::events::field::Field;

use super::{Column, Export, Format, Holds, Kind, Row, Table, Way};

pub(super) static BETA: Format = Format {
    name: "graph-sign-in",
    export: Export {
        what: "Sign-ins",
        from: "admin center JSON or Graph beta",
        holds: Holds::SIGN_INS,
        ways: &[
            Way {
                by: "Entra admin center", how: "Monitoring & health › Sign-in logs › {tab} › Download › JSON"
            },
            Way { by: "Graph", how: "GET /beta/auditLogs/signIns?$filter={filter}" },
        ],
        lacks: &[],
        worth: Some(10),
        note: "a download of the admin center stops at about 250,000 rows: take shorter times.",
    },
    marks: &["createdDateTime", "status"],
    // Any of the keys that version 1.0 does not have.
    any: &[
        "signInEventTypes",
        "sessionId",
        "incomingTokenType",
        "uniqueTokenIdentifier",
        "originalTransferMethod",
        "authenticationProtocol",
        "authenticationDetails",
        "authenticationProcessingDetails",
        "authenticationRequirement",
        "conditionalAccessAudiences",
        "signInTokenProtectionStatus",
        "tokenProtectionStatusDetails",
        "originalRequestId",
        "processingTimeInMilliseconds",
        "userType",
        "userAgent",
        "autonomousSystemNumber",
        "homeTenantId",
        "resourceTenantId",
        "servicePrincipalId",
    ],
    kind,
    table: TABLE,
    is_utc: true,
    limits: super::PORTAL,
    ..Format::PLAIN
};

pub(super) static V1: Format = Format {
    name: "graph-sign-in-v1",
    export: Export {
        what: "Sign-ins",
        from: "Graph v1.0",
        holds: &[Holds::Interactive],
        ways: &[Way { by: "Graph", how: "GET /v1.0/auditLogs/signIns" }],
        lacks: V1_LACKS,
        worth: Some(90),
        note: "most detections are blind on it; policies are there only for who may read them.",
    },
    marks: &["createdDateTime", "status"],
    any: &["appId", "userPrincipalName", "userId"],
    kind,
    table: TABLE,
    is_utc: true,
    ..Format::PLAIN
};

/// Fields that no sign-in of version 1.0 has.
pub(super) static V1_LACKS: &[Field] = &[
    Field::HomeTenant,
    Field::ResourceTenant,
    Field::Asn,
    Field::Agent,
    Field::SessionId,
    Field::TokenId,
    Field::IncomingToken,
    Field::Protocol,
    Field::Transfer,
    Field::Protection,
    Field::Audiences,
    Field::Steps,
    Field::Processing,
    Field::Requirement,
];

pub(super) fn kind(row: &Row<'_>) -> Option<Kind> {
    let named =
        [Column::AppId, Column::UserName, Column::UserId, Column::PrincipalId].iter().any(|column| row.has(*column));
    named.then_some(Kind::SignIn)
}

/// Where a record keeps its fields.
pub(super) static TABLE: Table = &[
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
    (Column::CrossTenant, &["crossTenantAccessType"]),
    (Column::AppId, &["appId"]),
    (Column::AppName, &["appDisplayName"]),
    (Column::AppOwner, &["appOwnerTenantId"]),
    (Column::IssuerName, &["tokenIssuerName"]),
    (Column::ResourceId, &["resourceId"]),
    (Column::ResourceName, &["resourceDisplayName"]),
    (Column::LogTenant, &["tenantId"]),
    (Column::HomeTenant, &["homeTenantId"]),
    (Column::ResourceTenant, &["resourceTenantId"]),
    (Column::Address, &["ipAddress"]),
    (Column::ProviderAddress, &["ipAddressFromResourceProvider"]),
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
    (Column::NamedLocations, &["networkLocationDetails"]),
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
];
