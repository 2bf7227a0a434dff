//! The report, schema 1. The order of the fields is the order of the keys.

use crate::order::{Gather, Map, Set};

use serde::Serialize;
use serde_json::Value;

use crate::analysis::{AccessKind, Coverage, Held, StepKind, TieKind};
use crate::detections::{Confidence, Exposure, Group, Severity};
use crate::enrichment::UserClass;
use crate::sessions::{SessionKind, Side};
use crate::tenant::PersonKind;

use super::notices::NoticeKind;
use super::page::allow::Allowed;
pub use super::spot::Spot;
use super::steps::{Advice, NextStep, next_steps};

/// The whole report.
#[derive(Clone, Debug, Serialize)]
pub struct Report {
    /// Always 1.
    pub schema: u32,
    /// What made it.
    pub tool: Tool,
    /// What was tuned away from the defaults.
    pub tuning: Map<String, String>,
    /// What was read.
    pub inputs: Vec<InputSummary>,
    /// What to know before reading on.
    pub notices: Vec<Notice>,
    /// What could be looked for.
    pub coverage: Vec<Coverage>,
    /// Which kinds of records the exports hold.
    pub holds: Vec<Held>,
    /// Sessions that belong together.
    pub incidents: Vec<IncidentReport>,
    /// Sessions of all users, flagged or not.
    pub sessions_total: usize,
    /// Sessions with findings.
    pub sessions: Vec<SessionSummary>,
    /// Findings.
    pub findings: Vec<FindingReport>,
    /// What to do next for the sessions and findings above the line, the same step once.
    pub next: Vec<NextStep>,
    /// Findings that an allow-list hid.
    pub suppressed: Vec<Suppressed>,
}

/// A finding that an allow-list hid.
#[derive(Clone, Debug, Serialize)]
pub struct Suppressed {
    /// The finding.
    pub finding: FindingReport,
    /// The entry that hid it.
    pub entry: String,
}

impl Report {
    /// Moves findings of what an allow list puts aside from the findings to the suppressed ones. `aside` is the
    /// number of the entry by the session's key or the finding's id.
    pub fn put_aside(&mut self, entries: &[Allowed], aside: &Map<String, usize>) {
        let entry = |finding: &FindingReport| {
            let number = aside.get(finding.session.as_ref().unwrap_or(&finding.id))?;
            entries.get(*number).map(Allowed::words)
        };
        let mut kept = Vec::new();
        for finding in std::mem::take(&mut self.findings) {
            match entry(&finding) {
                Some(entry) => self.suppressed.push(Suppressed { finding, entry }),
                None => kept.push(finding),
            }
        }
        self.findings = kept;
        self.advise();
    }

    /// Says what to do next for what is above the line.
    pub(super) fn advise(&mut self) {
        let above: Set<&str> = self
            .sessions
            .iter()
            .filter(|session| session.severity >= Severity::High)
            .map(|session| session.key.as_str())
            .gather();
        let is_above = |finding: &&FindingReport| match &finding.session {
            Some(key) => above.contains(key.as_str()),
            None => finding.severity >= Severity::High,
        };
        let advice: Vec<Advice<'_>> = self.findings.iter().filter(is_above).map(FindingReport::advice).collect();
        self.next = next_steps(&advice);
    }
}

/// What made the report.
#[derive(Clone, Debug, Serialize)]
pub struct Tool {
    /// Always `signin-sleuth`.
    pub name: &'static str,
    /// Version of the crate.
    pub version: &'static str,
    /// Commit it was built from.
    pub commit: &'static str,
    /// Day of the facts it carries.
    pub knowledge: &'static str,
}

/// An input and what became of its records:
/// `records = events + merged + duplicates + rejected_total + other + enrichment`.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct InputSummary {
    /// Name; inside an archive after `!/`.
    pub name: String,
    /// SHA-256, where it was asked for.
    pub sha256: Option<String>,
    /// Bytes as the file has them.
    pub bytes: u64,
    /// What it was recognised as.
    pub format: String,
    /// By which keys.
    pub marks: Vec<String>,
    /// Records of any kind.
    pub records: u64,
    /// Records that are the primary source of an event.
    pub events: u64,
    /// Records that completed an event of another source.
    pub merged: u64,
    /// Records equal to one before.
    pub duplicates: u64,
    /// The first rejected records.
    pub rejected: Vec<Rejected>,
    /// How many were rejected.
    pub rejected_total: u64,
    /// Records of known tables that are not used.
    #[cfg_attr(test, ts(as = "std::collections::BTreeMap<String, u64>"))]
    pub other: Map<String, u64>,
    /// Records that only say more about an event or a person.
    pub enrichment: u64,
    /// Time of the first event.
    pub first: Option<String>,
    /// Time of the last event.
    pub last: Option<String>,
}

/// A record that became no event.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Rejected {
    /// Number of the record, from zero.
    pub record: u64,
    /// Where it begins.
    #[serde(flatten)]
    pub spot: Spot,
    /// Why.
    pub reason: String,
}

/// Something to know before reading on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Notice {
    /// What kind.
    #[cfg_attr(test, ts(type = "string"))]
    pub kind: NoticeKind,
    /// The input it is about.
    pub input: Option<usize>,
    /// In words.
    pub text: String,
    /// What to do about it.
    pub next: String,
}

/// Who a session or finding is of.
#[derive(Clone, Debug, Serialize)]
pub struct UserRef {
    /// Object id.
    pub id: Option<String>,
    /// User principal name, lower-case, or the application's name.
    pub name: String,
    /// What kind of identity.
    pub kind: PersonKind,
    /// Tenant.
    pub tenant: String,
    /// What they are besides, as far as that is known.
    pub classes: Vec<UserClass>,
}

/// Sessions and findings that belong together.
#[derive(Clone, Debug, Serialize)]
pub struct IncidentReport {
    /// Stable id.
    pub id: String,
    /// How bad.
    pub severity: Severity,
    /// In a sentence.
    pub title: String,
    /// Names of those it happened to.
    pub users: Vec<String>,
    /// Keys of its sessions, in order of time.
    pub sessions: Vec<String>,
    /// Ids of its findings, in order of time.
    pub findings: Vec<String>,
    /// Time of its first record.
    pub first: String,
    /// Time of its last record.
    pub last: String,
    /// How the intruder got in.
    pub initial_access: InitialAccess,
    /// What ties its parts together.
    pub links: Vec<LinkReport>,
    /// Mails and files that must count as known to the intruder; null where none is known.
    pub exposure: Exposure,
    /// What happened, in order of time.
    pub story: Vec<StepReport>,
}

/// How an intruder got in.
#[derive(Clone, Debug, Serialize)]
pub struct InitialAccess {
    /// The way.
    pub kind: AccessKind,
    /// How sure.
    pub confidence: Confidence,
    /// Ids of the findings that say so.
    pub evidence: Vec<String>,
}

/// What ties parts of an incident together.
#[derive(Clone, Debug, Serialize)]
pub struct LinkReport {
    /// What kind of thing.
    pub kind: TieKind,
    /// The thing.
    pub on: String,
    /// In words.
    pub text: String,
    /// Keys of the sessions and ids of the findings that it ties.
    pub parts: Vec<String>,
}

/// A step of an incident.
#[derive(Clone, Debug, Serialize)]
pub struct StepReport {
    /// When it began.
    pub time: String,
    /// When it ended; the same for a single event.
    pub until: String,
    /// What it is.
    pub kind: StepKind,
    /// In a sentence.
    pub step: String,
    /// Whose hands, where known.
    pub side: Option<Side>,
    /// Name of whom it happened to.
    pub user: String,
    /// Key of the session.
    pub session: Option<String>,
    /// How many events.
    pub count: usize,
    /// Id of the finding that rests on it.
    pub finding: String,
}

/// A flagged session.
#[derive(Clone, Debug, Serialize)]
pub struct SessionSummary {
    /// Stable key.
    pub key: String,
    /// Session id.
    pub session: Option<String>,
    /// By id, or inferred.
    pub kind: SessionKind,
    /// Whose it is.
    pub user: UserRef,
    /// Time of the first event.
    pub first: String,
    /// Time of the last event.
    pub last: String,
    /// Whether it began in the export.
    pub starts_in_export: bool,
    /// How many events.
    pub events: usize,
    /// Score, 0 to 100.
    pub score: u32,
    /// Severity.
    pub severity: Severity,
    /// The incident it belongs to.
    pub incident: Option<String>,
    /// Ids of its findings.
    pub findings: Vec<String>,
    /// Who held it.
    pub holders: Vec<HolderSummary>,
}

/// A holder of a session.
#[derive(Clone, Debug, Serialize)]
pub struct HolderSummary {
    /// Whose side.
    pub side: Side,
    /// Network; empty where unknown.
    pub network: String,
    /// Country; empty where unknown.
    pub country: String,
    /// Device; empty where there is none or it is unknown.
    pub device: String,
    /// Agent.
    pub agent: String,
    /// Time of the first event.
    pub first: String,
    /// Time of the last event.
    pub last: String,
    /// How many events.
    pub events: usize,
}

/// A finding.
#[derive(Clone, Debug, Serialize)]
pub struct FindingReport {
    /// Stable id.
    pub id: String,
    /// The detection.
    pub detection: &'static str,
    /// Which of its questions.
    pub variant: &'static str,
    /// How bad.
    pub severity: Severity,
    /// How sure.
    pub confidence: Confidence,
    /// Kind of evidence.
    pub group: Group,
    /// Whose.
    pub user: UserRef,
    /// Key of its session.
    pub session: Option<String>,
    /// Its incident.
    pub incident: Option<String>,
    /// Time of its first record.
    pub first: String,
    /// Time of its last record.
    pub last: String,
    /// One line.
    pub title: String,
    /// Why.
    pub why: String,
    /// Benign causes.
    pub benign: Vec<String>,
    /// What to ask.
    pub ask: Vec<String>,
    /// What to do.
    pub next: Vec<String>,
    /// Records it rests on.
    pub evidence: Vec<EvidenceReport>,
    /// What the detection knows beside.
    pub facts: serde_json::Map<String, Value>,
}

impl FindingReport {
    /// What it advises.
    pub(super) fn advice(&self) -> Advice<'_> {
        Advice {
            session: self.session.as_ref().unwrap_or(&self.id),
            user: &self.user.name,
            severity: self.severity,
            next: &self.next,
            ask: &self.ask,
        }
    }
}

/// A record that a finding rests on.
#[derive(Clone, Debug, Serialize)]
pub struct EvidenceReport {
    /// Its part.
    pub role: &'static str,
    /// The record's own id.
    pub event: String,
    /// When it happened.
    pub time: String,
    /// Number of the input.
    pub input: u32,
    /// Number of the record.
    pub record: u64,
    /// Where it begins.
    #[serde(flatten)]
    pub spot: Spot,
    /// Other records of the same event.
    pub also: Vec<PlaceReport>,
}

/// Where a record stands.
#[derive(Clone, Debug, Serialize)]
pub struct PlaceReport {
    /// Number of the input.
    pub input: u32,
    /// Number of the record.
    pub record: u64,
    /// Where it begins.
    #[serde(flatten)]
    pub spot: Spot,
}
