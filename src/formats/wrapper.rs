//! Records that stand as JSON text, or as an object, in one cell of another record.
//!
//! Splunk carries a record as `_raw` and Elastic as `event.original`: what they made of it beside that is
//! looked at only where that is not there. The unified audit log comes as `AuditData` in the rows of its exports, Defender carries it as
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
    // Splunk: a line of an export, then the record as it came in.
    Wrapper { cell: "result", keeps: &[] },
    Wrapper { cell: "_raw", keeps: &[] },
    // Elastic: a hit of a search, then the record as it came in; Filebeat without a pipeline has it as message.
    Wrapper { cell: "_source", keeps: &[] },
    Wrapper { cell: "event.original", keeps: &[] },
    Wrapper { cell: LISTS, keeps: &[] },
    Wrapper { cell: "message", keeps: &[] },
    Wrapper { cell: "AuditData", keeps: OF_AUDIT_DATA },
    // Microsoft-Extractor-Suite's tables of one operation.
    Wrapper { cell: "AuditData_Raw", keeps: OF_AUDIT_DATA },
    Wrapper { cell: PROPERTIES, keeps: &[] },
    Wrapper { cell: "RawEventData", keeps: &["Timestamp", "IPAddress", "UserAgent"] },
];

/// What an export of the unified audit log says beside `AuditData`.
const OF_AUDIT_DATA: &[&str] =
    &["CreationDate", "RecordId", "RecordType", "Operation", "Operations", "UserId", "UserIds"];

/// A record of Azure Monitor keeps the event in here, in a table as text: the rest of the row belongs to it.
pub(super) const PROPERTIES: &str = "properties";

/// Splunk says beside a result whether its search was still under way.
pub(super) const PREVIEW: &str = "preview";

/// A message of an Event Hub has its records in here, which the reader of JSON takes out.
pub(super) const BODY: &str = "Body";

/// Kibana's answer keeps the fields of a document each as a list, mostly of one value.
pub(super) const LISTS: &str = "fields";

/// How often a record may stand inside a record.
pub(super) const DEEPEST: u32 = 4;
