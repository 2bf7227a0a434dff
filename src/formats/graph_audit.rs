//! Microsoft Graph `auditLogs/directoryAudits`, beta and v1.0, and the admin center's JSON download.

use super::{Column, Format, Kind, Row, Table};

pub(super) static FORMAT: Format = Format {
    name: "graph-directory-audit",
    marks: &["activityDateTime", "activityDisplayName"],
    any: &["initiatedBy", "targetResources"],
    kind,
    table: TABLE,
    ..Format::PLAIN
};

/// Where a record keeps its fields.
pub(super) static TABLE: Table = &[
    (Column::Created, &["activityDateTime"]),
    (Column::Id, &["id"]),
    (Column::Correlation, &["correlationId"]),
    (Column::LogTenant, &["tenantId"]),
    (Column::Operation, &["activityDisplayName"]),
    (Column::AuditCategory, &["category"]),
    (Column::Service, &["loggedByService"]),
    (Column::AuditResult, &["result"]),
    (Column::AuditReason, &["resultReason"]),
    (Column::InitiatedBy, &["initiatedBy"]),
    (Column::Targets, &["targetResources"]),
    (Column::Details, &["additionalDetails"]),
    (Column::Agent, &["userAgent"]),
];

fn kind(_row: &Row<'_>) -> Option<Kind> {
    Some(Kind::Audit)
}
