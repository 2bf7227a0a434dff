//! Exports: the same tenant as each format spells it.

mod acts;
mod azure_monitor;
#[cfg(not(target_arch = "wasm32"))]
mod beside;
#[cfg(not(target_arch = "wasm32"))]
mod calls;
#[cfg(not(target_arch = "wasm32"))]
mod carried;
mod csv;
#[cfg(not(target_arch = "wasm32"))]
mod defender;
mod encode;
mod graph;
mod json;
mod log_analytics;
mod nested;
#[cfg(not(target_arch = "wasm32"))]
mod portal;
#[cfg(not(target_arch = "wasm32"))]
mod powershell;
mod risk;
mod tables;
#[cfg(not(target_arch = "wasm32"))]
mod tables_beside;
#[cfg(not(target_arch = "wasm32"))]
mod unified;

use json::{Json, Object};

use super::time::DAY;
use super::{Detail, File, SignIn, Tenant};
use crate::events::vocabulary::Stream;

macro_rules! formats {
    ($($(#[$doc:meta])* $name:ident = $text:literal;)*) => {
        /// A format that the tenant can be written in.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Format { $($(#[$doc])* $name,)* }

        impl Format {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$name),*];

            /// Its name on the command line.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Self::$name => $text,)* }
            }
        }
    };
}

formats! {
    /// Graph beta, a file a tab of the portal, and the audit log; the first two days of interactive
    /// sign-ins by version 1.0.
    GraphTabs = "graph-tabs";
    /// Graph beta, one sign-in a line, and directory audits, one a line.
    GraphNdjson = "graph-ndjson";
    /// Graph beta in pages of 1,000, as the service answers: `{"@odata.context":…,"value":[…]}`.
    GraphPages = "graph-pages";
    /// Graph beta as one indented array, as the admin center's download.
    GraphArray = "graph-array";
    /// Graph version 1.0: interactive sign-ins without session and tokens.
    GraphV1 = "graph-v1";
    /// Azure Monitor diagnostic records, one a line: a file a category.
    AzureMonitor = "azure-monitor";
    /// Event Hub bodies, one a line: `{"records":[…]}`.
    EventHub = "event-hub";
    /// Event Hub bodies as strings in one array.
    EventHubStrings = "event-hub-strings";
    /// Log Analytics tables as the portal's CSV: UTF-8 with byte order mark.
    LogAnalyticsCsv = "log-analytics-csv";
    /// The same as UTF-16, as Windows PowerShell redirects it.
    LogAnalyticsUtf16 = "log-analytics-utf16";
    /// Log Analytics tables as an array of rows, one a line, dynamic columns as objects.
    LogAnalyticsJson = "log-analytics-json";
    /// Log Analytics tables as the query service answers: columns once, rows as lists, nested values as text.
    LogAnalyticsRest = "log-analytics-rest";
    /// The same as frames of Kusto, version 2, with what they tell of the query.
    KustoFrames = "kusto-frames";
    /// Azure Monitor lines, compressed with gzip.
    AzureMonitorGzip = "azure-monitor-gzip";
    /// Graph beta lines, compressed with gzip.
    GraphGzip = "graph-gzip";
    /// A zip archive of Graph beta lines, the audit log in an archive of its own.
    Zip = "zip";
    /// The admin center's CSV: a file a tab, steps beside the user tabs, the audit log.
    PortalCsv = "portal-csv";
    /// The admin center's JSON: an array a tab, the audit log.
    PortalJson = "portal-json";
    /// Objects of Graph PowerShell beta as `ConvertTo-Json` writes them.
    PowershellJson = "powershell-json";
    /// The same of version 1.0: interactive sign-ins.
    PowershellV1 = "powershell-v1";
    /// The same of beta as `Export-Csv` writes them: nested values are lost.
    PowershellCsv = "powershell-csv";
    /// Log Analytics tables as a rule of data export writes them, one row a line.
    DataExport = "data-export";
    /// Defender's sign-in tables as its portal exports them.
    DefenderCsv = "defender-csv";
    /// The same as its APIs answer.
    DefenderApi = "defender-api";
    /// Azure Monitor records in a dump of Elastic, each as it came in.
    Elastic = "elastic";
    /// Azure Monitor records in an export of Splunk, each as it came in.
    Splunk = "splunk";
    /// The same as a table.
    SplunkCsv = "splunk-csv";
    /// Unified audit log as Purview exports it: interactive sign-ins, acts in the directory, mailboxes and files.
    UalPurview = "ual-purview";
    /// The same as `Search-UnifiedAuditLog | Export-Csv` writes it.
    UalSearch = "ual-search";
    /// The same as the Management API answers.
    UalManagement = "ual-management";
    /// The same as a query of Graph answers, one record a line.
    UalQuery = "ual-query";
    /// Acts in the directory, mailboxes and files as Defender's `CloudAppEvents` carries them.
    CloudAppEvents = "cloud-app-events";
    /// What one collects for a case: sign-ins, directory audits and risk by Graph, the unified audit log of
    /// mailboxes, files and Teams, and the log of Graph calls.
    Collection = "collection";
    /// Acts in mailboxes and files, calls of Graph, and risk: tables of Log Analytics as the portal's CSV.
    ActsCsv = "acts-csv";
    /// The same as the query service answers.
    ActsRest = "acts-rest";
    /// Calls of Graph and risk as Azure Monitor diagnostic records, one a line.
    ActsMonitor = "acts-azure-monitor";
    /// Calls of Graph as Defender's portal exports them.
    CallsDefender = "calls-defender";
    /// Risk detections and risky users as Graph answers.
    RiskGraph = "risk-graph";
}

impl Format {
    /// The format of this name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|format| format.name() == name)
    }
}

pub(super) fn files(tenant: &Tenant, format: Format) -> Vec<File> {
    match format {
        Format::GraphTabs => tabs(tenant),
        Format::GraphNdjson => vec![
            lines("SignIns.ndjson", graph::user_sign_ins(tenant).chain(programs(tenant))),
            lines("DirectoryAudits.ndjson", audits(tenant)),
        ],
        Format::GraphPages => {
            let mut files = pages("auditLogs/signIns", "SignIns", graph::user_sign_ins(tenant).chain(programs(tenant)));
            files.extend(pages("auditLogs/directoryAudits", "DirectoryAudits", audits(tenant)));
            files
        }
        Format::GraphArray => vec![
            file(
                "SignIns.json",
                Json::from(graph::user_sign_ins(tenant).chain(programs(tenant)).collect::<Vec<_>>()).pretty(),
            ),
            file("DirectoryAudits.json", Json::from(audits(tenant).collect::<Vec<_>>()).pretty()),
        ],
        Format::GraphV1 => {
            let rows = tenant.sign_ins.iter().filter(|row| row.stream == Stream::Interactive).map(graph::v1);
            vec![
                file("SignIns-v1.json", graph::page("auditLogs/signIns", "v1.0", rows.collect()).line()),
                file(
                    "DirectoryAudits-v1.json",
                    graph::page("auditLogs/directoryAudits", "v1.0", audits(tenant).collect()).line(),
                ),
            ]
        }
        Format::AzureMonitor => azure_monitor::lines(tenant),
        Format::EventHub => vec![azure_monitor::bodies(tenant)],
        Format::EventHubStrings => vec![azure_monitor::body_strings(tenant)],
        Format::LogAnalyticsCsv => log_analytics::csv_files(tenant, &tables::ALL),
        Format::LogAnalyticsUtf16 => {
            log_analytics::csv_files(tenant, &tables::ALL).into_iter().map(encode::utf16).collect()
        }
        Format::LogAnalyticsJson => log_analytics::json_files(tenant),
        Format::LogAnalyticsRest => log_analytics::answers(tenant, &tables::ALL),
        Format::KustoFrames => log_analytics::frames(tenant),
        Format::AzureMonitorGzip => azure_monitor::lines(tenant).into_iter().map(encode::gzip).collect(),
        Format::GraphGzip => files(tenant, Format::GraphNdjson).into_iter().map(encode::gzip).collect(),
        Format::Zip => {
            let mut files = files(tenant, Format::GraphNdjson);
            let inner = encode::zip("DirectoryAudits.zip", &files.split_off(1));
            files.push(inner);
            vec![encode::zip("Export.zip", &files)]
        }
        #[cfg(not(target_arch = "wasm32"))]
        format => native(tenant, format),
        // The page writes its sample only.
        #[cfg(target_arch = "wasm32")]
        _ => Vec::new(),
    }
}

/// Formats that only the command and the tests write.
#[cfg(not(target_arch = "wasm32"))]
fn native(tenant: &Tenant, format: Format) -> Vec<File> {
    match format {
        Format::PortalCsv => portal::files(tenant),
        Format::PortalJson => portal_json(tenant),
        Format::PowershellJson => powershell::beta(tenant),
        Format::PowershellV1 => powershell::v1(tenant),
        Format::PowershellCsv => powershell::flattened(tenant),
        Format::DataExport => log_analytics::data_export(tenant),
        Format::DefenderCsv => defender::csv_files(tenant),
        Format::DefenderApi => defender::answers(tenant),
        Format::Elastic => carried::elastic(tenant),
        Format::Splunk => carried::splunk(tenant),
        Format::SplunkCsv => carried::splunk_csv(tenant),
        Format::UalPurview => unified::purview(tenant),
        Format::UalSearch => unified::search(tenant),
        Format::UalManagement => unified::management(tenant),
        Format::UalQuery => unified::query(tenant),
        Format::CloudAppEvents => unified::cloud_app_events(tenant),
        Format::Collection => {
            let mut files = files(tenant, Format::GraphNdjson);
            files.push(acts(tenant));
            files.push(calls::monitor(tenant));
            files.extend(risk::files(tenant));
            files
        }
        Format::ActsCsv => log_analytics::csv_files(tenant, &tables_beside::ALL),
        Format::ActsRest => log_analytics::answers(tenant, &tables_beside::ALL),
        Format::ActsMonitor => {
            let mut files = vec![calls::monitor(tenant)];
            files.extend(beside::monitor(tenant));
            files
        }
        Format::CallsDefender => vec![calls::defender(tenant)],
        Format::RiskGraph => risk::files(tenant),
        _ => Vec::new(),
    }
}

/// An array a tab of the admin center, and the audit log.
#[cfg(not(target_arch = "wasm32"))]
fn portal_json(tenant: &Tenant) -> Vec<File> {
    let tab = |name: &str, stream: Stream| {
        let rows = tenant.sign_ins.iter().filter(|row| row.stream == stream).map(|row| graph::beta(row, tenant.detail));
        file(&format!("{name}_2026-11-02_2026-11-16.json"), Json::from(rows.collect::<Vec<_>>()).pretty())
    };
    vec![
        tab("InteractiveSignIns", Stream::Interactive),
        tab("NonInteractiveSignIns", Stream::NonInteractive),
        tab("ApplicationSignIns", Stream::ServicePrincipal),
        tab("MSISignIns", Stream::ManagedIdentity),
        file("AuditLogs_2026-11-16.json", Json::from(audits(tenant).collect::<Vec<_>>()).pretty()),
    ]
}

/// The first two days of the interactive tab were exported by version 1.0, which lacks what matters
/// most: that is for the coverage to say.
fn tabs(tenant: &Tenant) -> Vec<File> {
    let first = tenant.sign_ins.first().map_or(0, |row| row.time.div_euclid(DAY));
    let old = move |row: &&SignIn| row.stream == Stream::Interactive && row.time.div_euclid(DAY) < first + 2;
    let tab = |stream: Stream| {
        let rows = tenant.sign_ins.iter().filter(move |row| row.stream == stream && !old(row));
        rows.map(|row| graph::beta(row, tenant.detail))
    };
    let v1 = tenant.sign_ins.iter().filter(old).map(graph::v1).collect();
    vec![
        file("SignIns-interactive-first-days.json", graph::page("auditLogs/signIns", "v1.0", v1).line()),
        lines("SignIns-interactive.ndjson", tab(Stream::Interactive)),
        lines("SignIns-non-interactive.ndjson", tab(Stream::NonInteractive)),
        file("DirectoryAudits.json", graph::page("auditLogs/directoryAudits", "v1.0", audits(tenant).collect()).line()),
    ]
}

/// Sign-ins of programs, beta.
fn programs(tenant: &Tenant) -> impl Iterator<Item = Object> {
    tenant.sign_ins.iter().filter(|row| !graph::is_person(row)).map(|row| graph::beta(row, tenant.detail))
}

fn audits(tenant: &Tenant) -> impl Iterator<Item = Object> {
    tenant.audits.iter().map(graph::audit)
}

fn pages(entity: &'static str, name: &str, rows: impl Iterator<Item = Object>) -> Vec<File> {
    let rows: Vec<Object> = rows.collect();
    rows.chunks(1_000)
        .enumerate()
        .map(|(number, rows)| {
            file(&format!("{name}-{:03}.json", number + 1), graph::page(entity, "beta", rows.to_vec()).line())
        })
        .collect()
}

fn lines(name: &str, rows: impl Iterator<Item = Object>) -> File {
    let mut text = String::new();
    for row in rows {
        text.push_str(&Json::from(row).line());
        text.push('\n');
    }
    file(name, text)
}

fn file(name: &str, text: String) -> File {
    File { name: name.to_owned(), bytes: text.into_bytes() }
}

/// The unified audit log of mailboxes, files and Teams, as a query of Graph answers.
pub(super) fn acts(tenant: &Tenant) -> File {
    acts::query(tenant, acts::entries(tenant))
}

/// A sign-in of Graph beta on a line of its own.
pub(super) fn line(row: &SignIn, detail: Detail, out: &mut Vec<u8>) {
    out.extend_from_slice(Json::from(graph::beta(row, detail)).line().as_bytes());
    out.push(b'\n');
}
