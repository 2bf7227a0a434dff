//! Rows of the AuditLogs table of Log Analytics and Sentinel: CSV and JSON.

use super::{Column, Export, Format, Holds, Kind, Row, export};

pub(super) static FORMAT: Format = Format {
    name: "log-analytics-audit",
    export: Export {
        what: "Audit log",
        from: "Log Analytics or Sentinel",
        holds: &[Holds::Directory],
        ways: &[export::LOG_ANALYTICS],
        lacks: &[],
        worth: Some(40),
        note: "",
    },
    marks: &[],
    // Graph has none of these.
    any: &["OperationName", "TimeGenerated", "AADOperationType", "Type"],
    kind,
    table: &[
        (Column::Created, &["ActivityDateTime"]),
        (Column::Emitted, &["TimeGenerated"]),
        (Column::Id, &["Id"]),
        (Column::Correlation, &["CorrelationId"]),
        (Column::LogTenant, &["AADTenantId"]),
        (Column::Operation, &["ActivityDisplayName", "OperationName"]),
        (Column::AuditCategory, &["Category"]),
        (Column::Service, &["LoggedByService"]),
        (Column::AuditResult, &["Result"]),
        (Column::AuditReason, &["ResultReason", "ResultDescription"]),
        (Column::InitiatedBy, &["InitiatedBy", "InitiatedBy_dynamic", "InitiatedBy_string"]),
        (Column::Targets, &["TargetResources", "TargetResources_dynamic", "TargetResources_string"]),
        (Column::Details, &["AdditionalDetails", "AdditionalDetails_dynamic", "AdditionalDetails_string"]),
        (Column::Table, &["Type"]),
    ],
    limits: super::WORKSPACE,
    ..Format::PLAIN
};

fn kind(row: &Row<'_>) -> Option<Kind> {
    let is = |names: &[&str]| row.one_of(Column::Table, names).is_some();
    if is(&["AuditLogs"]) {
        return Some(Kind::Audit);
    }
    if is(&super::log_analytics_sign_in::TABLES) || is(&super::other_tables::NAMES) {
        return None;
    }
    // Without its table's name: somebody did something to something. In a union of tables the
    // columns are there and empty for rows of the others.
    let acted = row.has_value(Column::InitiatedBy) || row.has_value(Column::Targets);
    let known = row.has(Column::Targets) || row.has(Column::Service);
    (acted && known && row.has(Column::Operation)).then_some(Kind::Audit)
}
