//! The whole way from bytes to the report, and small inputs to break.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use signin_sleuth::analysis::{Case, Reading, detect, merge};
use signin_sleuth::detections::Tuning;
use signin_sleuth::generate::{Format, Settings, Tenant, tenant};
use signin_sleuth::report::Reporter;

/// A case and its report.
pub(crate) struct Outcome {
    pub(crate) case: Case,
    pub(crate) report: String,
}

/// Takes inputs the whole way, each fed in chunks of this size. Every record is accounted for.
pub(crate) fn way(inputs: &[(&str, &[u8])], chunk: usize) -> Outcome {
    let parts = inputs.iter().zip(0..).map(|((name, bytes), input)| {
        let mut reading = Reading::new(name, input, 0);
        bytes.chunks(chunk.max(1)).for_each(|bytes| reading.feed(bytes));
        reading.finish()
    });
    let case = Case::gather(parts.collect());
    for input in &case.inputs {
        let other: u64 = input.other.values().sum();
        let sum = input.events + input.merged + input.duplicates + input.refused_total + other + input.enrichment;
        assert_eq!(input.records, sum, "records are not accounted for: {input:?}");
        if input.format == "unknown" {
            assert!(input.records == 0 && input.failure.is_some(), "an unknown input has one reason: {input:?}");
        }
        assert_eq!(input.refused.len() as u64, input.refused_total.min(100), "{input:?}");
    }
    let tuning = Tuning::default();
    let people = detect(&case, 0..case.buckets.len(), &tuning);
    let merged = merge(&case, people);
    let report = Reporter { case: &case, merged: &merged, tuning: &tuning }.report();
    let report = serde_json::to_string(&report).expect("a report can be written");
    Outcome { case, report }
}

/// One input in one piece.
pub(crate) fn read(bytes: &[u8]) -> Case {
    way(&[("input", bytes)], usize::MAX).case
}

/// Ids of the events of a case.
pub(crate) fn ids(case: &Case) -> BTreeSet<String> {
    let store = &case.store;
    let sign_ins = store.sign_ins.iter().map(|row| row.id);
    let audits = store.audits.iter().map(|row| row.id);
    sign_ins.chain(audits).map(|id| id.display(&store.texts)).collect()
}

/// A tenant of a few records.
fn few() -> Tenant {
    let settings = Settings { users: 3, days: 2, pace: 4, ..Settings::default() };
    let mut tenant = tenant(&settings);
    tenant.sign_ins.truncate(10);
    tenant.audits.truncate(3);
    // One act of each workload.
    let mut seen = BTreeSet::new();
    tenant.acts.retain(|row| seen.insert(row.workload));
    tenant.risks.truncate(1);
    tenant
}

static EXPORTS: LazyLock<Vec<(String, Vec<u8>)>> = LazyLock::new(|| {
    let tenant = few();
    let files = Format::ALL.iter().flat_map(|&format| {
        tenant.write(format).into_iter().map(move |file| (format!("{}-{}", format.name(), file.name), file.bytes))
    });
    let files: Vec<(String, Vec<u8>)> = files.filter(|(_, bytes)| !bytes.is_empty()).collect();
    assert!(files.len() > 20, "{}", files.len());
    files
});

static LINES: LazyLock<Vec<String>> = LazyLock::new(|| {
    let files = few().write(Format::GraphNdjson);
    let text = String::from_utf8(files[0].bytes.clone()).expect("an export is UTF-8");
    text.lines().map(str::to_owned).collect()
});

/// An export that holds a record, or a body of some, a line.
pub(crate) struct LineFile {
    pub(crate) name: String,
    /// Whether it is a table: its rows stand behind a header.
    pub(crate) is_table: bool,
    head: String,
    pub(crate) lines: Vec<String>,
}

impl LineFile {
    fn new(name: &str, bytes: &[u8]) -> Option<Self> {
        let ending = name.rsplit_once('.')?.1;
        let is_table = ending == "csv";
        let is_lines =
            ["ndjson", "jsonl"].contains(&ending) || name.contains("insights-logs") || name.contains("PT05M");
        let text = std::str::from_utf8(bytes).ok().filter(|text| (is_table || is_lines) && !text.contains('\0'))?;
        let heads = if !is_table { 0 } else { 1 + usize::from(text.starts_with("#TYPE")) };
        let mut lines: Vec<String> = text.lines().map(|line| format!("{line}\n")).collect();
        let head = lines.drain(..heads.min(lines.len())).collect();
        // Of some kinds of records the tenant has none.
        let file = Self { name: name.to_owned(), is_table, head, lines };
        (!file.lines.is_empty() && !ids(&read(bytes)).is_empty()).then_some(file)
    }

    /// The file with another line in the place of one, or without it.
    pub(crate) fn with(&self, line: usize, other: Option<&[u8]>) -> Vec<u8> {
        let mut bytes = self.before(line);
        if let Some(other) = other {
            bytes.extend_from_slice(other);
            // What ends a line is not part of what is changed.
            bytes.extend_from_slice(if other.ends_with(b"\n") { b"" } else { b"\n" });
        }
        self.lines[line + 1..].iter().for_each(|line| bytes.extend_from_slice(line.as_bytes()));
        bytes
    }

    /// The lines before one.
    pub(crate) fn before(&self, line: usize) -> Vec<u8> {
        (self.head.clone() + &self.lines[..line].concat()).into_bytes()
    }

    /// One line.
    pub(crate) fn alone(&self, line: usize) -> Vec<u8> {
        (self.head.clone() + &self.lines[line]).into_bytes()
    }

    /// All of it.
    pub(crate) fn whole(&self) -> Vec<u8> {
        self.before(self.lines.len())
    }
}

static LINE_FILES: LazyLock<Vec<LineFile>> = LazyLock::new(|| {
    let files: Vec<LineFile> = exports().iter().filter_map(|(name, bytes)| LineFile::new(name, bytes)).collect();
    for format in
        ["graph-ndjson", "azure-monitor", "event-hub", "log-analytics-csv", "portal-csv", "ual-search", "splunk-csv"]
    {
        assert!(files.iter().any(|file| file.name.starts_with(format)), "{format} has lines");
    }
    files
});

/// The exports that hold a record, or a body of some, a line.
pub(crate) fn line_files() -> &'static [LineFile] {
    &LINE_FILES
}

/// The exports of a tenant of a few records, by name; each has records.
pub(crate) fn exports() -> &'static [(String, Vec<u8>)] {
    &EXPORTS
}

/// Lines of Graph records, one sign-in a line.
pub(crate) fn lines() -> Vec<String> {
    LINES.clone()
}
