//! One session, whole.

use crate::order::Set;

use serde::Serialize;

use crate::analysis::{Case, Flagged, FlaggedSession, Merged};
use crate::detections::{Group, Tuning};
use crate::order::{Arrange, Gather};
use crate::sessions::{EventRef, Side, View};
use crate::tenant::PersonKind;

use super::diff::{Agreement, DiffRow, alone, diff};
use super::distance::{self, DistanceView};
use super::entity::{EntityLink, links};
use super::finding::{FindingView, view as finding_view};
use super::hand::{Hand, Sides, hand, holdings};
use super::incident::IncidentView;
use super::lineage::{LineageView, view as lineage_view};
use super::rows::Row;
use super::trace::{Step, Trace};
use super::verdict::{self, Verdict};

/// Steps of the story that are told; more are counted.
const STEPS: usize = 200;
/// Sign-ins of the user's other sessions that stand for the owner where a session has no owner's part.
const USUAL: usize = 20;

/// One session, or a finding that belongs to none.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct SessionView {
    /// Its row.
    pub row: Row,
    /// Object id of the user.
    pub user_id: Option<String>,
    /// What kind of identity.
    pub user_kind: PersonKind,
    /// Tenant.
    pub tenant: String,
    /// The verdict.
    pub verdict: Verdict,
    /// Who held it, in order of their first event.
    pub hands: Vec<Hand>,
    /// What owner's and other side differ in; one side alone where there is no other.
    pub diff: Vec<DiffRow>,
    /// What the owner's column shows.
    pub owner_is: OwnerIs,
    /// Number of the holder in the other column.
    pub other_hand: Option<usize>,
    /// Properties that differ.
    pub differ: usize,
    /// Properties that are compared.
    pub compared: usize,
    /// Properties of which the exports do not say enough.
    pub unknown: usize,
    /// What happened, in order of time.
    pub story: Vec<Step>,
    /// How many steps there are in all.
    pub steps: usize,
    /// What came of it: its tokens, what used them, devices, what ended it.
    pub lineage: LineageView,
    /// How far it was from the user's usual place; nothing where no place is known.
    pub distance: Option<DistanceView>,
    /// Findings, the strongest first.
    pub findings: Vec<FindingView>,
    /// Kinds of evidence that the findings rest on.
    pub groups: Vec<Group>,
    /// The incident it is part of, with its story.
    pub incident: Option<IncidentView>,
    /// Addresses, devices and applications in it, each kind in order of its first sign-in.
    pub entities: Vec<EntityLink>,
}

/// What the owner's column of the comparison shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "kebab-case")]
pub enum OwnerIs {
    /// The owner's part of this session.
    Owner,
    /// Whoever was seen first: history cannot tell whose side that is.
    First,
    /// The user's other sessions: this one has no owner's part.
    Usual,
    /// Nobody: nothing is known of the owner.
    Nobody,
}

/// Makes the view of a session with its findings, the strongest first.
pub(super) fn session(
    case: &Case,
    merged: &Merged,
    flagged: &FlaggedSession,
    findings: &[&Flagged],
    row: Row,
    tuning: &Tuning,
) -> Option<SessionView> {
    let bucket = case.bucket(flagged.bucket)?;
    let view = case.view(bucket);
    let holdings = holdings(flagged);
    let trace = Trace::new(case, &view, holdings, &flagged.session.sign_ins, findings);
    let sides = Sides::of(flagged);
    let numbers = |place: Option<usize>| {
        place.and_then(|place| holdings.get(place)).map(|holding| holding.sign_ins.clone()).unwrap_or_default()
    };
    let (mut owner, other) = (numbers(sides.owner), numbers(sides.other));
    let mut owner_is = match sides.owner.and_then(|place| holdings.get(place)).map(|holding| holding.side) {
        Some(Side::First) => OwnerIs::First,
        Some(_) => OwnerIs::Owner,
        None => OwnerIs::Nobody,
    };
    if owner.is_empty() {
        owner = usual(&view, merged, flagged);
        owner_is = if owner.is_empty() { OwnerIs::Nobody } else { OwnerIs::Usual };
    }
    let table = match (owner.is_empty(), other.is_empty()) {
        (false, false) => diff(&view, case, &owner, &other),
        (false, true) => alone(&view, case, &owner),
        (true, _) => alone(&view, case, &other),
    };
    let mut told = tell(case, row, &view, &trace, findings, tuning);
    told.lineage = lineage_view(case, &view, &trace, &flagged.session.sign_ins, holdings);
    told.distance = distance::view(case, merged, &view, &trace, flagged.bucket, &flagged.session.sign_ins);
    told.verdict = verdict::session(case, flagged, findings);
    told.hands = holdings.iter().map(|holding| hand(case, holding)).collect();
    told.owner_is = owner_is;
    told.other_hand = sides.other;
    let of = |wanted: Agreement| table.iter().filter(|row| row.agreement == wanted).count();
    told.differ = of(Agreement::Differ);
    told.unknown = of(Agreement::Unknown);
    told.compared = of(Agreement::Same) + told.differ + told.unknown;
    told.diff = table;
    told.entities = links(case, bucket.person, &flagged.session.sign_ins);
    Some(told)
}

/// Makes the view of a finding that belongs to no session.
pub(super) fn loose(case: &Case, flagged: &Flagged, row: Row, tuning: &Tuning) -> Option<SessionView> {
    let bucket = case.bucket(flagged.bucket)?;
    let view = case.view(bucket);
    let sign_ins: Vec<u32> = flagged.finding.evidence.iter().filter_map(|item| sign_in(item.event)).collect();
    let findings = [flagged];
    let trace = Trace::new(case, &view, &[], &sign_ins, &findings);
    let verdict = verdict::finding(flagged, row.severity);
    let mut told = tell(case, row, &view, &trace, &findings, tuning);
    told.verdict = verdict;
    told.entities = links(case, bucket.person, &sign_ins);
    Some(told)
}

fn sign_in(event: EventRef) -> Option<u32> {
    match event {
        EventRef::SignIn(number) => Some(number),
        EventRef::Audit(_) | EventRef::Activity(_) | EventRef::Risk(_) => None,
    }
}

fn tell(
    case: &Case,
    row: Row,
    view: &View<'_>,
    trace: &Trace<'_>,
    findings: &[&Flagged],
    tuning: &Tuning,
) -> SessionView {
    let (story, steps) = trace.steps(STEPS);
    let findings: Vec<FindingView> =
        findings.iter().map(|flagged| finding_view(case, trace, flagged, tuning)).collect();
    let mut groups: Vec<Group> = findings.iter().map(|finding| finding.group).collect();
    groups.arrange();
    groups.dedup();
    SessionView {
        row,
        user_id: view.person.id.as_guid().map(|id| id.to_string()),
        user_kind: view.person.kind,
        tenant: view.person.tenant.display(&case.store.texts),
        verdict: Verdict::default(),
        hands: Vec::new(),
        diff: Vec::new(),
        owner_is: OwnerIs::Nobody,
        other_hand: None,
        differ: 0,
        compared: 0,
        unknown: 0,
        story,
        steps,
        lineage: LineageView::default(),
        distance: None,
        findings,
        groups,
        incident: None,
        entities: Vec::new(),
    }
}

/// The user's last successes before this session ended, in sessions that show no sign.
fn usual(view: &View<'_>, merged: &Merged, flagged: &FlaggedSession) -> Vec<u32> {
    let of_user = merged.sessions.iter().filter(|other| other.bucket == flagged.bucket);
    let signs: Set<u32> = of_user.flat_map(|other| other.session.sign_ins.iter().copied()).gather();
    let other = |number: &u32| !signs.contains(number);
    let mut numbers: Vec<u32> = view
        .sign_ins()
        .filter(|(number, row)| view.succeeded(row) && row.time <= flagged.last && other(number))
        .map(|(number, _)| number)
        .collect();
    numbers.drain(..numbers.len().saturating_sub(USUAL));
    numbers
}
