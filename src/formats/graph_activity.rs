//! Calls of Microsoft Graph: records of Azure Monitor, rows of Log Analytics, and Defender's table.
//!
//! `SignInActivityId` is the unique token id of the token that the call came with. The operation of a
//! call is its method, its object the address that was called.

use super::{Column, Export, Format, Holds, Kind, Row, Table, export};

pub(super) static MONITOR: Format = Format {
    name: "azure-monitor-graph-activity",
    export: Export {
        what: "Calls of Microsoft Graph",
        from: "diagnostic setting",
        holds: &[Holds::Calls],
        ways: &[export::DIAGNOSTIC],
        lacks: &[],
        worth: Some(75),
        note: export::CALLS,
    },
    marks: &["category", "properties"],
    any: &[],
    kind: of_category,
    table: IN_PROPERTIES,
    is_utc: true,
    ..Format::PLAIN
};

/// Where a record of Azure Monitor keeps its fields.
pub(super) static IN_PROPERTIES: Table = &[
    (Column::Created, &["time", "properties.timeGenerated"]),
    (Column::Id, &["properties.requestId", "properties.id"]),
    (Column::Session, &["properties.sessionId", "properties.C_Sid"]),
    (Column::Token, &["properties.signInActivityId", "properties.uniqueTokenId"]),
    (Column::UserId, &["properties.userId", "properties.UserPrincipalObjectID"]),
    (Column::AppId, &["properties.appId"]),
    (Column::PrincipalId, &["properties.servicePrincipalId"]),
    (Column::LogTenant, &["tenantId", "properties.tenantId"]),
    (Column::Address, &["properties.ipAddress", "callerIpAddress"]),
    (Column::Agent, &["properties.userAgent"]),
    (Column::Operation, &["properties.requestMethod", "operationName"]),
    (Column::Object, &["properties.requestUri"]),
    (Column::AuditResult, &["properties.responseStatusCode", "resultSignature"]),
    (Column::Scopes, &["properties.scopes"]),
    (Column::Roles, &["properties.roles", "properties.wids"]),
    (Column::DeviceId, &["properties.deviceId"]),
    (Column::Protocol, &["properties.authenticationProtocol"]),
    (Column::Category, &["category"]),
];

/// Categories of calls.
pub(super) const CATEGORIES: [&str; 2] = ["MicrosoftGraphActivityLogs", "AADGraphActivityLogs"];

fn of_category(row: &Row<'_>) -> Option<Kind> {
    row.one_of(Column::Category, &CATEGORIES).map(|_| Kind::Activity)
}

pub(super) static TABLE: Format = Format {
    name: "graph-activity",
    export: Export {
        what: "Calls of Microsoft Graph",
        from: "Log Analytics, Sentinel or Defender",
        holds: &[Holds::Calls],
        ways: &[export::LOG_ANALYTICS],
        lacks: &[],
        worth: Some(76),
        note: export::CALLS,
    },
    marks: &["RequestMethod", "RequestUri"],
    any: &["TimeGenerated", "Timestamp"],
    kind: of_row,
    table: &[
        (Column::Created, &["TimeGenerated", "Timestamp"]),
        (Column::Id, &["RequestId"]),
        (Column::Session, &["SessionId", "C_Sid"]),
        (Column::Token, &["SignInActivityId", "UniqueTokenIdentifier", "UniqueTokenId"]),
        (Column::UserId, &["UserId", "AccountObjectId"]),
        (Column::AppId, &["AppId", "ApplicationId"]),
        (Column::PrincipalId, &["ServicePrincipalId"]),
        (Column::LogTenant, &["AadTenantId"]),
        (Column::Address, &["IPAddress"]),
        (Column::Agent, &["UserAgent"]),
        (Column::Operation, &["RequestMethod"]),
        (Column::Object, &["RequestUri"]),
        (Column::AuditResult, &["ResponseStatusCode"]),
        (Column::Scopes, &["Scopes"]),
        (Column::Roles, &["Roles", "Wids"]),
        (Column::DeviceId, &["DeviceId"]),
        (Column::Category, &["Type"]),
    ],
    limits: super::WORKSPACE,
    ..Format::PLAIN
};

fn of_row(row: &Row<'_>) -> Option<Kind> {
    (row.has_value(Column::Operation) && row.has_value(Column::Object)).then_some(Kind::Activity)
}
