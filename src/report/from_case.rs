//! Makes the report from a case and what was found in it.

use serde_json::{Map, Value, json};

use crate::analysis::{Case, Flagged, FlaggedSession, Input, Merged, coverage, held};
use crate::detections::{Finding, Tuning, find};
use crate::enrichment::UserClass;
use crate::events::time;
use crate::events::{Id, Place};
use crate::sessions::{EventRef, Holding};
use crate::tenant::Person;

use super::incident;
use super::notices::notices;
use super::schema::{
    EvidenceReport, FindingReport, HolderSummary, InputSummary, PlaceReport, Rejected, Report, SessionSummary, Spot,
    Tool, UserRef,
};

/// Version of the crate.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");
/// Commit it was built from, or `unknown`.
pub(super) const COMMIT: &str = match option_env!("SLEUTH_COMMIT") {
    Some(commit) => commit,
    None => "unknown",
};

/// Stands for the user of a finding that is about many.
pub(super) const SEVERAL: &str = "several users";

/// The benign cause of whatever a service account does.
pub(super) const SERVICE_ACCOUNT: &str =
    "It is a service account: its program signs in by itself, from wherever it runs.";

/// Makes reports of one case.
#[derive(Debug)]
pub struct Reporter<'a> {
    /// What was read.
    pub case: &'a Case,
    /// What was found.
    pub merged: &'a Merged,
    /// With which tuning.
    pub tuning: &'a Tuning,
}

impl Reporter<'_> {
    /// The whole report.
    #[must_use]
    pub fn report(&self) -> Report {
        let mut report = Report {
            schema: 1,
            tool: Self::tool(),
            tuning: self.tuning.changes().clone(),
            inputs: self.inputs(),
            notices: notices(self.case),
            coverage: coverage(self.case),
            holds: held(self.case),
            incidents: self.merged.incidents.iter().map(|incident| incident::report(self.case, incident)).collect(),
            sessions_total: self.merged.sessions_total,
            sessions: self.merged.sessions.iter().map(|session| self.session(session)).collect(),
            findings: self.merged.findings.iter().map(|flagged| self.finding(flagged)).collect(),
            next: Vec::new(),
            suppressed: Vec::new(),
        };
        report.advise();
        report
    }

    /// What made the report.
    #[must_use]
    pub fn tool() -> Tool {
        Tool { name: "signin-sleuth", version: VERSION, commit: COMMIT, knowledge: crate::knowledge::DATE }
    }

    /// The inputs, in their order.
    #[must_use]
    pub fn inputs(&self) -> Vec<InputSummary> {
        self.case.inputs.iter().map(input).collect()
    }

    /// A flagged session.
    #[must_use]
    pub fn session(&self, flagged: &FlaggedSession) -> SessionSummary {
        let session = &flagged.session;
        SessionSummary {
            key: flagged.key.clone(),
            session: session.id.value().map(|id| id.display(&self.case.store.texts)),
            kind: session.kind,
            user: self.user(flagged.bucket),
            first: time::format_rfc3339(flagged.first),
            last: time::format_rfc3339(flagged.last),
            starts_in_export: session.starts_in_export,
            events: session.sign_ins.len(),
            score: flagged.score,
            severity: flagged.severity,
            incident: flagged.incident.clone(),
            findings: flagged.findings.clone(),
            holders: flagged.holders.iter().map(|holding| self.holder(holding)).collect(),
        }
    }

    fn holder(&self, holding: &Holding) -> HolderSummary {
        let store = &self.case.store;
        let rows = || holding.sign_ins.iter().filter_map(|&number| store.sign_in(number));
        let device = rows().next().map(|row| store.device(row.device));
        let device = device.map(|device| {
            store.texts.value(device.name).map_or_else(|| device.id.display(&store.texts), str::to_owned)
        });
        HolderSummary {
            side: holding.side,
            network: holding.holder.network.map(|network| network.label()).unwrap_or_default(),
            country: holding.holder.country.map(|country| store.texts.get(country).to_owned()).unwrap_or_default(),
            device: device.unwrap_or_default(),
            agent: holding.holder.agent.label(),
            first: rows().next().map(|row| time::format_rfc3339(row.time)).unwrap_or_default(),
            last: rows().next_back().map(|row| time::format_rfc3339(row.time)).unwrap_or_default(),
            events: holding.sign_ins.len(),
        }
    }

    /// The person of a bucket.
    #[must_use]
    pub fn user(&self, bucket: usize) -> UserRef {
        let person = self.case.bucket(bucket).and_then(|bucket| self.case.people.get(bucket.person));
        person.map_or_else(
            || UserRef {
                id: None,
                name: SEVERAL.to_owned(),
                kind: crate::tenant::PersonKind::Unknown,
                tenant: String::new(),
                classes: Vec::new(),
            },
            |person| self.person(person),
        )
    }

    fn person(&self, person: &Person) -> UserRef {
        let texts = &self.case.store.texts;
        let name = texts.get(person.name);
        UserRef {
            id: person.id.as_guid().map(|id| id.to_string()),
            name: if name.is_empty() { person.id.display(texts) } else { name.to_owned() },
            kind: person.kind,
            tenant: person.tenant.display(texts),
            classes: person.classes.iter().collect(),
        }
    }

    /// A finding, whole.
    #[must_use]
    pub fn finding(&self, flagged: &Flagged) -> FindingReport {
        let finding = &flagged.finding;
        let detection = find(finding.detection);
        let mut doc = detection.map(crate::detections::Detection::doc).unwrap_or_default();
        let user = self.user(flagged.bucket);
        if user.classes.contains(&UserClass::ServiceAccount) {
            doc.benign.insert(0, SERVICE_ACCOUNT.to_owned());
        }
        FindingReport {
            id: flagged.id.clone(),
            detection: finding.detection,
            variant: finding.variant,
            severity: finding.severity,
            confidence: finding.confidence,
            group: detection.map_or(crate::detections::Group::Token, |detection| detection.group),
            user,
            session: flagged.session.clone(),
            incident: flagged.incident.clone(),
            first: time::format_rfc3339(flagged.first),
            last: time::format_rfc3339(flagged.last),
            title: finding.title.clone(),
            why: finding.why.clone(),
            benign: doc.benign,
            ask: doc.ask,
            next: doc.next,
            evidence: finding.evidence.iter().map(|item| self.evidence(item.role, item.event)).collect(),
            facts: self.facts(finding),
        }
    }

    /// A finding's own facts, and where exports disagree on a record that it rests on.
    fn facts(&self, finding: &Finding) -> Map<String, Value> {
        let mut facts = finding.facts.clone();
        let conflicts: Vec<Value> = finding
            .evidence
            .iter()
            .flat_map(|item| {
                let all = &self.case.conflicts;
                let from = all.partition_point(|conflict| conflict.event < item.event);
                let own = all.iter().skip(from).take_while(|conflict| conflict.event == item.event);
                own.map(|conflict| json!({"event": self.row(item.event).0.display(&self.case.store.texts), "column": conflict.column}))
            })
            .collect();
        if !conflicts.is_empty() {
            facts.insert("conflicts".to_owned(), Value::Array(conflicts));
        }
        facts
    }

    fn evidence(&self, role: &'static str, event: EventRef) -> EvidenceReport {
        let (id, time, place) = self.row(event);
        let also = self.case.also.get(&event).map(Vec::as_slice).unwrap_or_default();
        EvidenceReport {
            role,
            event: id.display(&self.case.store.texts),
            time: time::format_rfc3339(time),
            input: place.input,
            record: place.record,
            spot: self.spot(place),
            also: also
                .iter()
                .map(|place| PlaceReport { input: place.input, record: place.record, spot: self.spot(*place) })
                .collect(),
        }
    }

    fn spot(&self, place: Place) -> Spot {
        Spot::new(self.case.inputs.get(place.input as usize), place.offset)
    }

    /// Id, time and place of an event.
    #[must_use]
    pub fn row(&self, event: EventRef) -> (Id, i64, Place) {
        let head = event.head(&self.case.store);
        head.map_or((Id::EMPTY, 0, Place::default()), |head| (head.id, head.time, head.place))
    }
}

fn input(input: &Input) -> InputSummary {
    InputSummary {
        name: input.name.clone(),
        sha256: None,
        bytes: input.bytes,
        format: input.format.clone(),
        marks: input.marks.clone(),
        records: input.records,
        events: input.events,
        merged: input.merged,
        duplicates: input.duplicates,
        rejected: input
            .refused
            .iter()
            .map(|refused| Rejected {
                record: refused.record,
                spot: Spot::new(Some(input), refused.offset),
                reason: refused.reason.clone(),
            })
            .collect(),
        rejected_total: input.refused_total,
        other: input.other.clone(),
        enrichment: input.enrichment,
        first: input.first.map(time::format_rfc3339),
        last: input.last.map(time::format_rfc3339),
    }
}
