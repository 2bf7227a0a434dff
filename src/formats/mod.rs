//! Export formats: how each is recognised, and a table from its fields to ours.
//!
//! One file a format. Adding one is a file and a line in [`ALL`].

mod address_list;
mod azure_ad_graph;
mod azure_monitor;
mod build_activity;
mod build_audit;
mod build_flat;
mod build_nested;
mod build_risk_event;
mod build_sign_in;
mod build_unified;
mod cloud_app_events;
mod collector_analyzer_suite;
mod collector_script;
mod column;
mod defender_sign_in;
mod elastic;
mod elastic_office;
mod export;
mod file_name;
mod flattened;
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
mod portal_audit;
mod portal_header;
mod portal_sign_in;
mod portal_steps;
mod powershell;
mod reader;
mod row;
mod scalar;
mod seen;
mod splunk;
mod tally;
mod unified_audit;
mod unified_methods;
mod unwrap;
mod user_list;
mod values;
mod wrapper;
mod zone;

pub use column::Column;
pub use export::{Export, Holds, Way, best, exports_table, formats_list};
pub use layout::Layout;
pub use reader::{Outcome, Reader, Refusal};
pub use row::{Flat, Row};
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
    /// A step of authentication of a sign-in that another record tells.
    Step,
    /// A sign-in of the unified audit log.
    UnifiedSignIn,
    /// An act in the directory, of the unified audit log.
    UnifiedAudit,
    /// A place of the organisation, with its networks.
    NamedLocation,
    /// A user and what they are.
    Identity,
    /// A directory role that somebody holds.
    RoleAssignment,
    /// A directory role with all who hold it.
    DirectoryRole,
    /// A record of a table that is known and not used; its name is taken from the record.
    Other,
}

/// Sign-ins of Microsoft's own service principals: a table and a category of this name. They are of the
/// stream of service principals, and the input is marked with the name.
const MICROSOFT_PRINCIPALS: &str = "MicrosoftServicePrincipalSignInLogs";

/// A table from our columns to the paths where a format keeps them, the preferred path first.
pub type Table = &'static [(Column, &'static [&'static str])];

/// Composes nested values, as JSON, of columns that hold their parts.
pub type Compose = fn(&Flat<'_>) -> Vec<(Column, String)>;

/// Records after which a way to export a format gives no more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limit {
    /// How many.
    pub rows: u64,
    /// What stops there, for a sentence.
    pub of: &'static str,
    /// Whether it gives so many at once, and then the next so many where they are asked for.
    pub is_page: bool,
}

impl Limit {
    /// A limit after which nothing more comes.
    const fn end(rows: u64, of: &'static str) -> Self {
        Self { rows, of, is_page: false }
    }
}

/// Where the tables of a workspace stop: the portal's CSV, and a query of the API.
const WORKSPACE: &[Limit] = &[
    Limit::end(30_000, "the portal's CSV of a query"),
    Limit::end(50_000, "a query of Azure Data Explorer's or Sentinel's API"),
    Limit::end(500_000, "a query of the Log Analytics API"),
];
/// Where Defender's hunting stops: its page, and its API.
const HUNTING: &[Limit] =
    &[Limit::end(10_000, "the page of advanced hunting"), Limit::end(100_000, "the API of advanced hunting")];
/// Where a search of Elasticsearch stops, unless its index allows for more.
const SEARCH: &[Limit] = &[Limit { rows: 10_000, of: "a search of Elasticsearch", is_page: true }];
/// Where a download of the admin center stops.
const PORTAL: &[Limit] = &[Limit::end(250_000, "a download of the admin center")];
/// Where a search of the unified audit log stops: a page, a session of pages, and the portal's CSV.
const AUDIT_SEARCH: &[Limit] = &[
    Limit { rows: 5_000, of: "Search-UnifiedAuditLog", is_page: true },
    Limit::end(50_000, "a search session of Search-UnifiedAuditLog, or the portal's CSV,"),
];

/// An export format.
#[derive(Debug)]
pub struct Format {
    /// As the report names it.
    pub name: &'static str,
    /// What an export of it holds, and how to make it.
    pub export: Export,
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
    /// Columns from which a nested value is composed, in groups.
    pub flat: &'static [&'static [&'static str]],
    /// Composes nested values of the columns of `flat`.
    pub compose: Option<Compose>,
    /// Whether a time that names no zone is UTC, by the format's own word.
    pub is_utc: bool,
    /// Records after which ways to export it give no more.
    pub limits: &'static [Limit],
}

impl Format {
    /// What a format has that says nothing else.
    pub const PLAIN: Self = Self {
        name: "",
        export: Export::UNTOLD,
        marks: &[],
        any: &[],
        table: &[],
        kind: |_| None,
        rows_only: false,
        flat: &[],
        compose: None,
        is_utc: false,
        limits: &[],
    };
}

/// Name of the format of a list of users.
pub const USER_LIST: &str = "user-list";

/// Name of the format of a database of addresses.
pub const DATABASE: &str = "ip-database";

/// Names of files beside the exports that are no records of a [`Format`], and their titles.
pub const BESIDE: &[(&str, &str)] = &[
    ("known-good-list", "Known-good networks, list"),
    ("tor-list", "Exits of Tor, list"),
    ("vpn-list", "Exits of VPN services, list"),
    ("proxy-list", "Proxies, list"),
    ("hosting-list", "Hosting networks, list"),
    ("relay-list", "Relays, list"),
    (USER_LIST, "Users and what they are, list"),
    (DATABASE, "Database of addresses, MaxMind format"),
];

/// All formats, in the order they are tried: where a record bears the marks of two, the first counts.
pub static ALL: &[&Format] = &[
    &azure_monitor::FORMAT,
    &portal_steps::FORMAT,
    &graph_activity::MONITOR,
    &identity_protection::MONITOR,
    &portal_sign_in::FORMAT,
    &portal_audit::FORMAT,
    &collector_analyzer_suite::SIGN_IN,
    &collector_analyzer_suite::AUDIT,
    &collector_script::FORMAT,
    &log_analytics_audit::FORMAT,
    &log_analytics_sign_in::FORMAT,
    &powershell::BETA,
    &powershell::V1,
    &powershell::AUDIT,
    &graph_sign_in::BETA,
    &graph_sign_in::V1,
    &graph_audit::FORMAT,
    &identity_protection::GRAPH,
    &azure_ad_graph::SIGN_IN,
    &azure_ad_graph::AUDIT,
    &graph_activity::TABLE,
    &office_activity::FORMAT,
    &defender_sign_in::FORMAT,
    &splunk::OFFICE,
    &unified_audit::FORMAT,
    &cloud_app_events::FORMAT,
    &splunk::CALLS,
    &splunk::MONITOR,
    &splunk::SIGN_IN,
    &splunk::AUDIT,
    &elastic::SIGN_IN,
    &elastic::AUDIT,
    &elastic::RISK,
    &elastic::CALLS,
    &elastic_office::FORMAT,
    &address_list::NAMED_LOCATION,
    &user_list::IDENTITY_INFO,
    &user_list::ROLE_ASSIGNMENT,
    &user_list::DIRECTORY_ROLE,
];
