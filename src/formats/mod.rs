//! Export formats: how each is recognised, and a table from its fields to ours.
//!
//! One file a format. Adding one is a file and a line in [`ALL`].

mod azure_monitor;
mod build_activity;
mod build_audit;
mod build_flat;
mod build_nested;
mod build_risk_event;
mod build_sign_in;
mod build_unified;
mod column;
mod defender_sign_in;
mod file_name;
mod graph_activity;
mod graph_audit;
mod graph_sign_in;
mod identity_protection;
mod layout;
mod log_analytics_audit;
mod log_analytics_sign_in;
mod nested;
mod office_activity;
mod other_tables;
mod portal_sign_in;
mod reader;
mod row;
mod scalar;
mod seen;
mod tally;
mod unified_audit;
mod unwrap;
mod values;
mod wrapper;
mod zone;

pub use column::Column;
pub use layout::Layout;
pub use reader::{Outcome, Reader, Refusal};
pub use row::Row;
pub use tally::Tally;

/// What a record turned out to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A sign-in.
    SignIn,
    /// A directory audit event.
    Audit,
    /// An act outside the directory: in a mailbox, with a file, a call of Graph.
    Activity,
    /// A risk detection, or a state of risk.
    Risk,
    /// A sign-in of the unified audit log.
    UnifiedSignIn,
    /// An act in the directory, of the unified audit log.
    UnifiedAudit,
    /// A record of a table that is known and not used; its name is taken from the record.
    Other,
}

/// A table from our columns to the paths where a format keeps them, the preferred path first.
pub type Table = &'static [(Column, &'static [&'static str])];

/// An export format.
#[derive(Debug)]
pub struct Format {
    /// As the report names it.
    pub name: &'static str,
    /// A record must have all of these keys or columns to be of this format.
    pub marks: &'static [&'static str],
    /// A record must have one of these too, unless the list is empty.
    pub any: &'static [&'static str],
    /// Our columns, each with the paths where this format keeps it, the preferred first.
    pub table: Table,
    /// What a record of this format is, or nothing if it is none after all.
    pub kind: fn(&Row<'_>) -> Option<Kind>,
    /// Whether its records are rows of a table only: its columns are not looked for in JSON.
    pub rows_only: bool,
    /// Whether a time that names no zone is UTC, by the format's own word.
    pub is_utc: bool,
}

impl Format {
    /// What a format has that says nothing else.
    pub const PLAIN: Self =
        Self { name: "", marks: &[], any: &[], table: &[], kind: |_| None, rows_only: false, is_utc: false };
}

/// All formats, in the order they are tried: where a record bears the marks of two, the first counts.
pub static ALL: &[&Format] = &[
    &azure_monitor::FORMAT,
    &graph_activity::MONITOR,
    &identity_protection::MONITOR,
    &portal_sign_in::FORMAT,
    &log_analytics_audit::FORMAT,
    &log_analytics_sign_in::FORMAT,
    &graph_sign_in::BETA,
    &graph_sign_in::V1,
    &graph_audit::FORMAT,
    &identity_protection::GRAPH,
    &graph_activity::TABLE,
    &office_activity::FORMAT,
    &defender_sign_in::FORMAT,
    &unified_audit::FORMAT,
];
