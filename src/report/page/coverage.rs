//! What the Coverage place shows: what could be looked for, and what was read.

use serde::Serialize;

use crate::analysis::{Case, Coverage, ExportHint, Merged, Missing, Status};
use crate::detections::{ALL, Group, Tuning};
use crate::report::schema::{InputSummary, Notice};
use crate::report::{Reporter, notices};

use super::overview::{CoverageSums, sums};
use super::timeline::{Bins, Counts, RecordKind, Timeline};

const SIX_HOURS: i64 = 6 * 3_600_000;

/// What could be looked for, and what was read.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct CoverageView {
    /// How many behaviours.
    pub sums: CoverageSums,
    /// How time is cut; nothing where there is no event.
    pub bins: Option<Bins>,
    /// What the exports hold, kind by kind.
    pub holds: Vec<Counts>,
    /// Exports that would show more, those that the most behaviours wait for first.
    pub open: Vec<OpenQuestion>,
    /// Behaviours, in the order of the registry.
    pub behaviours: Vec<Behaviour>,
    /// What was read.
    pub inputs: Vec<InputView>,
    /// What to know.
    pub notices: Vec<Notice>,
}

/// An export that is missing, and what it would show.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct OpenQuestion {
    /// The export.
    pub export: ExportHint,
    /// Ids of behaviours that could not be looked for without it.
    pub blind: Vec<String>,
    /// Ids of those that could be in part.
    pub partial: Vec<String>,
}

/// A behaviour and whether it could be looked for.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Behaviour {
    /// The detection.
    pub detection: String,
    /// Its title.
    pub title: String,
    /// What it looks for.
    pub looks_for: String,
    /// Why it matters.
    pub why: String,
    /// Kind of evidence.
    pub group: Group,
    /// Whether it could look.
    pub status: Status,
    /// Fields it lacked.
    pub missing: Vec<Missing>,
    /// In words.
    pub note: String,
    /// Exports that would show more.
    pub exports: Vec<ExportHint>,
    /// Findings.
    pub hits: usize,
    /// Tunables that differ from their defaults, as `name value`.
    pub tuned: Vec<String>,
    /// References.
    pub references: Vec<String>,
}

/// An input and what became of it.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct InputView {
    /// Its accounting.
    pub summary: InputSummary,
    /// Why nothing was read.
    pub failure: Option<String>,
}

/// Makes the view.
pub(super) fn view(
    case: &Case,
    merged: &Merged,
    tuning: &Tuning,
    timeline: &Timeline,
    coverage: Vec<Coverage>,
) -> CoverageView {
    let bins = timeline.bins(240, SIX_HOURS);
    let kinds = RecordKind::EXPORTED.into_iter();
    let beside = [RecordKind::Activity, RecordKind::Risk].into_iter().filter(|kind| timeline.total(*kind) > 0);
    let holds = bins.map(|bins| kinds.chain(beside).map(|kind| timeline.counts(kind, bins)).collect());
    let reporter = Reporter { case, merged, tuning };
    let failures = case.inputs.iter().map(|input| input.failure.clone());
    CoverageView {
        sums: sums(&coverage),
        bins,
        holds: holds.unwrap_or_default(),
        open: open(&coverage),
        inputs: reporter
            .inputs()
            .into_iter()
            .zip(failures)
            .map(|(summary, failure)| InputView { summary, failure })
            .collect(),
        notices: notices(case),
        behaviours: behaviours(merged, tuning, coverage),
    }
}

fn behaviours(merged: &Merged, tuning: &Tuning, coverage: Vec<Coverage>) -> Vec<Behaviour> {
    let of = |detection: &crate::detections::Detection| {
        let item = coverage.iter().find(|item| item.detection == detection.id)?.clone();
        let doc = detection.doc();
        let prefix = format!("{}.", detection.id);
        let tuned =
            tuning.changes().iter().filter_map(|(key, value)| Some(format!("{} {value}", key.strip_prefix(&prefix)?)));
        Some(Behaviour {
            detection: detection.id.to_owned(),
            title: detection.title.to_owned(),
            looks_for: doc.looks_for,
            why: doc.why,
            group: detection.group,
            status: item.status,
            missing: item.missing,
            note: item.note,
            exports: item.exports,
            hits: merged.findings.iter().filter(|flagged| flagged.finding.detection == detection.id).count(),
            tuned: tuned.collect(),
            references: doc.references,
        })
    };
    ALL.iter().filter_map(|detection| of(detection)).collect()
}

fn open(coverage: &[Coverage]) -> Vec<OpenQuestion> {
    let mut open: Vec<OpenQuestion> = Vec::new();
    for item in coverage.iter().filter(|item| item.status != Status::Ran) {
        for export in &item.exports {
            let known = open.iter().position(|question| question.export.kind == export.kind);
            let place = known.unwrap_or_else(|| {
                open.push(OpenQuestion { export: export.clone(), blind: Vec::new(), partial: Vec::new() });
                open.len() - 1
            });
            if let Some(question) = open.get_mut(place) {
                let list = if item.status == Status::Blind { &mut question.blind } else { &mut question.partial };
                list.push(item.detection.to_owned());
            }
        }
    }
    open.sort_by_key(|question| std::cmp::Reverse((question.blind.len(), question.partial.len())));
    open
}
