//! Rows of the AuditLogs table of Log Analytics and Sentinel: CSV and JSON.

use super::{Column, Format, Kind, Row};

pub(super) static FORMAT: Format = Format {
    name: "log-analytics-audit",
    marks: &["OperationName", "InitiatedBy", "TargetResources"],
    any: &["TimeGenerated", "ActivityDateTime"],
    kind,
    table: &[
        (Column::Created, &["ActivityDateTime"]),
        (Column::Emitted, &["TimeGenerated"]),
        (Column::Id, &["Id"]),
        (Column::Correlation, &["CorrelationId"]),
        (Column::LogTenant, &["AADTenantId"]),
        (Column::Operation, &["ActivityDisplayName", "OperationName"]),
        (Column::Category, &["Category"]),
        (Column::Service, &["LoggedByService"]),
        (Column::AuditResult, &["Result"]),
        (Column::AuditReason, &["ResultReason"]),
        (Column::InitiatedBy, &["InitiatedBy"]),
        (Column::Targets, &["TargetResources"]),
        (Column::Details, &["AdditionalDetails"]),
    ],
};

fn kind(_row: &Row<'_>) -> Option<Kind> {
    Some(Kind::Audit)
}
