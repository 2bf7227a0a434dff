//! Exports: the same tenant as each format spells it.

mod azure_monitor;
mod csv;
mod encode;
mod graph;
mod json;
mod log_analytics;
mod nested;
mod tables;

use json::{Json, Object};

use super::time::DAY;
use super::{Detail, File, SignIn, Tenant};
use crate::events::vocabulary::Stream;

/// A format that the tenant can be written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Graph beta, a file a tab of the portal, and the audit log; the first two days of interactive
    /// sign-ins by version 1.0.
    GraphTabs,
    /// Graph beta, one sign-in a line, and directory audits, one a line.
    GraphNdjson,
    /// Graph beta in pages of 1,000, as the service answers: `{"@odata.context":…,"value":[…]}`.
    GraphPages,
    /// Graph beta as one indented array, as the admin center's download.
    GraphArray,
    /// Graph version 1.0: interactive sign-ins without session and tokens.
    GraphV1,
    /// Azure Monitor diagnostic records, one a line: a file a category.
    AzureMonitor,
    /// Event Hub bodies, one a line: `{"records":[…]}`.
    EventHub,
    /// Event Hub bodies as strings in one array.
    EventHubStrings,
    /// Log Analytics tables as the portal's CSV: UTF-8 with byte order mark.
    LogAnalyticsCsv,
    /// The same as UTF-16, as Windows PowerShell redirects it.
    LogAnalyticsUtf16,
    /// Log Analytics tables as an array of rows, one a line, dynamic columns as objects.
    LogAnalyticsJson,
    /// Log Analytics tables as the query service answers: columns once, rows as lists, nested values as text.
    LogAnalyticsRest,
    /// The same as frames of Kusto, version 2, with what they tell of the query.
    KustoFrames,
    /// Azure Monitor lines, compressed with gzip.
    AzureMonitorGzip,
    /// Graph beta lines, compressed with gzip.
    GraphGzip,
    /// A zip archive of Graph beta lines, the audit log in an archive of its own.
    Zip,
}

impl Format {
    /// All of them.
    pub const ALL: [Self; 16] = [
        Self::GraphTabs,
        Self::GraphNdjson,
        Self::GraphPages,
        Self::GraphArray,
        Self::GraphV1,
        Self::AzureMonitor,
        Self::EventHub,
        Self::EventHubStrings,
        Self::LogAnalyticsCsv,
        Self::LogAnalyticsUtf16,
        Self::LogAnalyticsJson,
        Self::LogAnalyticsRest,
        Self::KustoFrames,
        Self::AzureMonitorGzip,
        Self::GraphGzip,
        Self::Zip,
    ];

    /// Its name on the command line.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::GraphTabs => "graph-tabs",
            Self::GraphNdjson => "graph-ndjson",
            Self::GraphPages => "graph-pages",
            Self::GraphArray => "graph-array",
            Self::GraphV1 => "graph-v1",
            Self::AzureMonitor => "azure-monitor",
            Self::EventHub => "event-hub",
            Self::EventHubStrings => "event-hub-strings",
            Self::LogAnalyticsCsv => "log-analytics-csv",
            Self::LogAnalyticsUtf16 => "log-analytics-utf16",
            Self::LogAnalyticsJson => "log-analytics-json",
            Self::LogAnalyticsRest => "log-analytics-rest",
            Self::KustoFrames => "kusto-frames",
            Self::AzureMonitorGzip => "azure-monitor-gzip",
            Self::GraphGzip => "graph-gzip",
            Self::Zip => "zip",
        }
    }

    /// The format of this name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|format| format.name() == name)
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
            let mut files = pages("signIns", "SignIns", graph::user_sign_ins(tenant).chain(programs(tenant)));
            files.extend(pages("directoryAudits", "DirectoryAudits", audits(tenant)));
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
                file("SignIns-v1.json", graph::page("signIns", "v1.0", rows.collect()).line()),
                file(
                    "DirectoryAudits-v1.json",
                    graph::page("directoryAudits", "v1.0", audits(tenant).collect()).line(),
                ),
            ]
        }
        Format::AzureMonitor => azure_monitor::lines(tenant),
        Format::EventHub => vec![azure_monitor::bodies(tenant)],
        Format::EventHubStrings => vec![azure_monitor::body_strings(tenant)],
        Format::LogAnalyticsCsv => log_analytics::csv_files(tenant),
        Format::LogAnalyticsUtf16 => log_analytics::csv_files(tenant).into_iter().map(encode::utf16).collect(),
        Format::LogAnalyticsJson => log_analytics::json_files(tenant),
        Format::LogAnalyticsRest => log_analytics::answers(tenant),
        Format::KustoFrames => log_analytics::frames(tenant),
        Format::AzureMonitorGzip => azure_monitor::lines(tenant).into_iter().map(encode::gzip).collect(),
        Format::GraphGzip => files(tenant, Format::GraphNdjson).into_iter().map(encode::gzip).collect(),
        Format::Zip => {
            let mut files = files(tenant, Format::GraphNdjson);
            let inner = encode::zip("DirectoryAudits.zip", &files.split_off(1));
            files.push(inner);
            vec![encode::zip("Export.zip", &files)]
        }
    }
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
        file("SignIns-interactive-first-days.json", graph::page("signIns", "v1.0", v1).line()),
        lines("SignIns-interactive.ndjson", tab(Stream::Interactive)),
        lines("SignIns-non-interactive.ndjson", tab(Stream::NonInteractive)),
        file("DirectoryAudits.json", graph::page("directoryAudits", "v1.0", audits(tenant).collect()).line()),
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

/// A sign-in of Graph beta on a line of its own.
pub(super) fn line(row: &SignIn, detail: Detail, out: &mut Vec<u8>) {
    out.extend_from_slice(Json::from(graph::beta(row, detail)).line().as_bytes());
    out.push(b'\n');
}
