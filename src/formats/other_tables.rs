//! Tables that are known by their keys and not read yet: counted by name, never called unknown.

use crate::intake::Cell;

use super::Layout;

/// Keys that tell the tables apart.
pub(super) static PATHS: &[&str] = &[
    "riskEventType",
    "detectedDateTime",
    "riskLastUpdatedDateTime",
    "CreationTime",
    "Workload",
    "RecordType",
    "AuditData",
    "OfficeWorkload",
    "OfficeObjectId",
    "CategoryValue",
    "Type",
    "ActionType",
    "RawEventData",
    "provisioningAction",
];

/// A known table and the keys that a row of it has, all of them.
static TABLES: &[(&str, &[&str])] = &[
    ("riskDetections", &["riskEventType", "detectedDateTime"]),
    ("riskyUsers", &["riskLastUpdatedDateTime"]),
    ("provisioning", &["provisioningAction"]),
    ("UnifiedAuditLog", &["AuditData"]),
    ("UnifiedAuditLog", &["CreationTime", "Workload", "RecordType"]),
    ("OfficeActivity", &["OfficeWorkload"]),
    ("OfficeActivity", &["OfficeObjectId", "RecordType"]),
    ("AzureActivity", &["CategoryValue"]),
    ("CloudAppEvents", &["ActionType", "RawEventData"]),
];

/// The known table that a record is of, if any.
pub(super) fn name(layout: &Layout, cells: &[Cell<'_>]) -> Option<&'static str> {
    let has = |path: &&str| layout.slot(path).and_then(|slot| cells.get(slot)).is_some_and(|cell| !cell.is_absent());
    TABLES.iter().find(|(_, marks)| marks.iter().all(has)).map(|(name, _)| *name)
}
