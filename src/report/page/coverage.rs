//! What the Coverage place shows: what could be looked for, and what was read.

use serde::Serialize;

use crate::analysis::{Case, Coverage, ExportHint, Gave, History, Merged, Missing, Status, good_for};
use crate::detections::{ALL, Group, Tuning};
use crate::formats::Holds;
use crate::order::Arrange;
use crate::report::Reporter;
use crate::report::inspection::stream;
use crate::report::schema::{InputSummary, Notice};
use crate::tenant::InputFields;

use super::dense::Index;
use super::overview::{CoverageSums, sums};
use super::rows::Indexed;
use super::timeline::{Bins, Counts, RecordKind, Timeline};
use super::words::{day_and_minute, figure, list};

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
    /// What is open: what concerns the most sessions above the line first, then what the most behaviours wait for.
    pub open: Vec<OpenQuestion>,
    /// Behaviours, in the order of the registry.
    pub behaviours: Vec<Behaviour>,
    /// What was read.
    pub inputs: Vec<InputView>,
    /// What to know.
    pub notices: Vec<Notice>,
}

/// A question that is open, and the export that would answer it.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct OpenQuestion {
    /// The question, as an analyst asks it.
    pub question: String,
    /// Sessions above the line that it is about: the exports hold no such records of their time.
    pub sessions: usize,
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
    /// Users whose history is too short, where it needs any.
    pub history: Option<History>,
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
    /// Fields of its user sign-ins, best filled first.
    pub fields: Vec<FieldFilled>,
    /// Behaviours that could be looked for with it alone.
    pub good_for: Vec<String>,
    /// Those that could be in part.
    pub in_part: Vec<String>,
    /// Its events by kind, in words.
    pub kinds: Vec<(String, u64)>,
    /// People who signed in.
    pub users: u64,
    /// Applications and identities without a person that did.
    pub programs: u64,
    /// What it gave that says more about events and people of other inputs, in words.
    pub gave: Option<String>,
}

/// How well a field of an input is filled.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct FieldFilled {
    /// The field.
    pub field: String,
    /// User sign-ins in which it says something.
    pub filled: u64,
    /// All user sign-ins.
    pub of: u64,
}

/// What an input gave, in words.
fn gave(gave: &Gave) -> Option<String> {
    let counted =
        |count: u64, one: &str, many: &str| format!("{} {}", figure(count), if count == 1 { one } else { many });
    let mut words = Vec::new();
    if gave.networks > 0 {
        words.push(counted(gave.networks, "network", "networks"));
    }
    if gave.users > 0 {
        words.push(counted(gave.users, "user", "users"));
        words.push(format!("{} of them in the records", figure(gave.named)));
    }
    if gave.networks > 0 || gave.database.is_some() {
        words.push(counted(gave.addresses, "address answered", "addresses answered"));
    }
    (!words.is_empty()).then(|| words.join(", "))
}

/// Makes the view.
pub(super) fn view(
    case: &Case,
    merged: &Merged,
    tuning: &Tuning,
    timeline: &Timeline,
    (rows, index): (&[Indexed], &Index),
    coverage: Vec<Coverage>,
    notices: Vec<Notice>,
) -> CoverageView {
    let bins = timeline.bins(240, SIX_HOURS);
    let kinds = RecordKind::EXPORTED.into_iter();
    let beside = [RecordKind::Activity, RecordKind::Risk].into_iter().filter(|kind| timeline.total(*kind) > 0);
    let holds = bins.map(|bins| kinds.chain(beside).map(|kind| timeline.counts(kind, bins)).collect());
    let reporter = Reporter { case, merged, tuning };
    let beside = case.inputs.iter().map(|input| (input.failure.clone(), gave(&input.gave)));
    let mut people = index.by_input.iter().copied();
    CoverageView {
        sums: sums(&coverage),
        bins,
        holds: holds.unwrap_or_default(),
        open: open(&coverage, timeline, rows),
        inputs: reporter
            .inputs()
            .into_iter()
            .zip(beside)
            .zip(0..)
            .map(|((summary, beside), input)| {
                let own = people.next().unwrap_or_default();
                input_view(summary, beside, case.summary.by_input.get(&input), own)
            })
            .collect(),
        notices,
        behaviours: behaviours(merged, tuning, coverage),
    }
}

fn input_view(
    summary: InputSummary,
    (failure, gave): (Option<String>, Option<String>),
    holds: Option<&InputFields>,
    [users, programs]: [u64; 2],
) -> InputView {
    let mut kinds: Vec<(String, u64)> = Vec::new();
    if let Some(holds) = holds {
        kinds.extend(holds.streams.iter().map(|(kind, count)| (stream(*kind).to_owned(), *count)));
        kinds.extend((holds.audits > 0).then(|| ("audit events".to_owned(), holds.audits)));
    }
    let told: u64 = kinds.iter().map(|(_, count)| count).sum();
    let rest = summary.events.saturating_sub(told);
    kinds.extend((rest > 0).then(|| (if told == 0 { "events" } else { "other events" }.to_owned(), rest)));
    let of = holds.map_or(0, InputFields::user_sign_ins);
    let lacking = holds.map(|holds| holds.lacking().collect::<Vec<_>>()).unwrap_or_default();
    let filled = lacking.into_iter().map(|(field, absent, empty)| FieldFilled {
        field: field.words(),
        filled: of.saturating_sub(absent + empty),
        of,
    });
    let mut fields: Vec<FieldFilled> = filled.filter(|field| field.of > 0).collect();
    fields.arrange_by(|left, right| right.filled.cmp(&left.filled).then_with(|| left.field.cmp(&right.field)));
    let all = holds.map(good_for).unwrap_or_default();
    let with = |status: Status| {
        let own = all.iter().filter(|(_, known)| *known == status);
        own.map(|(detection, _)| (*detection).to_owned()).collect()
    };
    InputView {
        summary,
        failure,
        fields,
        good_for: with(Status::Ran),
        in_part: with(Status::Partial),
        kinds,
        users,
        programs,
        gave,
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
            history: item.history,
            note: item.note,
            exports: item.exports,
            hits: merged.findings.iter().filter(|flagged| flagged.finding.detection == detection.id).count(),
            tuned: tuned.collect(),
            references: doc.references,
        })
    };
    ALL.iter().filter_map(|detection| of(detection)).collect()
}

fn open(coverage: &[Coverage], timeline: &Timeline, rows: &[Indexed]) -> Vec<OpenQuestion> {
    let mut open: Vec<OpenQuestion> = Vec::new();
    for item in coverage.iter().filter(|item| item.status != Status::Ran) {
        for export in &item.exports {
            let known = open.iter().position(|question| question.export.kind == export.kind);
            let place = known.unwrap_or_else(|| {
                let (question, sessions) = ask(export, coverage, timeline, rows);
                let export = export.clone();
                open.push(OpenQuestion { question, sessions, export, blind: Vec::new(), partial: Vec::new() });
                open.len() - 1
            });
            if let Some(question) = open.get_mut(place) {
                let list = if item.status == Status::Blind { &mut question.blind } else { &mut question.partial };
                list.push(item.detection.to_owned());
            }
        }
    }
    open.arrange_by_key(|question| {
        std::cmp::Reverse((question.sessions, question.blind.len(), question.partial.len()))
    });
    open
}

/// What an export would answer, and how many sessions above the line that is about.
fn ask(export: &ExportHint, coverage: &[Coverage], timeline: &Timeline, rows: &[Indexed]) -> (String, usize) {
    let (kind, asks) = match export.holds {
        [Holds::Directory, ..] => (RecordKind::Directory, "Which methods, devices and applications were registered"),
        [Holds::Activity, ..] => (RecordKind::Activity, "Which mails, files and rules were touched"),
        [Holds::Calls, ..] => (RecordKind::Activity, "What was read through Microsoft Graph"),
        [Holds::NonInteractive] => (RecordKind::NonInteractive, "Where else were refresh tokens redeemed"),
        [Holds::ServicePrincipal | Holds::ManagedIdentity, ..]
            if timeline.total(RecordKind::ServicePrincipal) + timeline.total(RecordKind::ManagedIdentity) == 0 =>
        {
            return ("Where did applications sign in, and with which credential?".to_owned(), 0);
        }
        [Holds::Risk, ..] if timeline.total(RecordKind::Risk) == 0 => {
            return ("What did Identity Protection detect?".to_owned(), 0);
        }
        _ => return (lacks(export, coverage, timeline), 0),
    };
    let unseen = |indexed: &&Indexed| {
        let row = &indexed.row;
        row.above && (timeline.total(kind) == 0 || timeline.is_silent(kind, row.marked, row.last))
    };
    let about: Vec<&Indexed> = rows.iter().filter(unseen).collect();
    let first = about.iter().map(|indexed| indexed.row.marked).min();
    let text = match first {
        Some(first) => format!("{asks} after {}?", day_and_minute(first.saturating_mul(1_000))),
        None => format!("{asks}?"),
    };
    (text, about.len())
}

/// The question of an export whose records are there, and lack something.
fn lacks(export: &ExportHint, coverage: &[Coverage], timeline: &Timeline) -> String {
    if timeline.total(RecordKind::Interactive) + timeline.total(RecordKind::NonInteractive) == 0 {
        return "Who signed in, from where, and in which session?".to_owned();
    }
    let mut fields: Vec<String> = Vec::new();
    for item in coverage.iter().filter(|item| item.exports.contains(export)) {
        for missing in &item.missing {
            let name = missing.field.replace('_', " ");
            if !fields.contains(&name) {
                fields.push(name);
            }
        }
    }
    if fields.iter().any(|field| field == "session id") {
        return "In which session was each sign-in, and with which token?".to_owned();
    }
    match fields.len() {
        0 => "What was usual for these users before?".to_owned(),
        1 | 2 => format!("Which {} do all sign-ins have?", list(&fields)),
        many => format!("What do the {} fields say that sign-ins here lack?", figure(many as u64)),
    }
}
