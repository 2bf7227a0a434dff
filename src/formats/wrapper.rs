//! Records that stand as JSON text, or as an object, in one cell of another record.
//!
//! The unified audit log comes as `AuditData` in the rows of its exports, Defender carries it as
//! `RawEventData`. Such a record is read from that cell as if it stood alone. What the wrapper says
//! beside it is kept only where it is named here, and never over what the record itself says.

/// A wrapper of records.
#[derive(Debug)]
pub(super) struct Wrapper {
    /// The path of the cell that holds the record.
    pub(super) cell: &'static str,
    /// Paths of the wrapper that are kept beside the record, under their own names.
    pub(super) keeps: &'static [&'static str],
}

/// All wrappers, the preferred first: a record may carry another one in two ways.
pub(super) static ALL: &[Wrapper] = &[
    Wrapper {
        cell: "AuditData",
        keeps: &["CreationDate", "RecordId", "RecordType", "Operation", "Operations", "UserId", "UserIds"],
    },
    Wrapper { cell: "RawEventData", keeps: &["Timestamp", "IPAddress", "UserAgent"] },
];

/// How often a record may stand inside a record.
pub(super) const DEEPEST: u32 = 4;
