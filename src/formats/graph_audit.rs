//! Microsoft Graph `auditLogs/directoryAudits`, beta and v1.0, and the admin center's JSON download.

use super::{Column, Export, Format, Holds, Kind, Row, Table, Way};

pub(super) static FORMAT: Format = Format {
    name: "graph-directory-audit",
    export: Export {
        what: "Audit log",
        from: "admin center JSON or Graph",
        holds: &[Holds::Directory],
        ways: &[
            Way { by: "Entra admin center", how: "Monitoring & health › Audit logs › Download › JSON" },
            Way { by: "Graph", how: "GET /v1.0/auditLogs/directoryAudits" },
        ],
        lacks: &[],
        worth: Some(10),
        note: "",
    },
    marks: &["activityDateTime", "activityDisplayName"],
    any: &["initiatedBy", "targetResources"],
    kind,
    table: TABLE,
    is_utc: true,
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
