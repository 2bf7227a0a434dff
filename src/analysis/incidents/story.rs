//! What happened in an incident, as typed steps; the report makes sentences of them.

use crate::order::Map;

use serde::Serialize;

use crate::detections::Severity;
use crate::events::SignIn;
use crate::events::vocabulary::{IncomingToken, Protocol, Stream, Transfer};
use crate::knowledge::operations;
use crate::knowledge::results::{self, ResultClass};
use crate::sessions::{EventRef, Side};

use super::super::{Case, Flagged};
use super::Member;

/// Steps that are told; of a longer story the last one ends it, and those between are left out.
const STEPS: usize = 200;
/// Roles of what the owner did, which a finding holds what is new against: before the session it is no part of what
/// happened.
const COMPARED: [&str; 4] = ["bound", "with the device", "before", "departure"];

/// What a step is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "kebab-case")]
pub enum StepKind {
    /// A sign-in without a token.
    SignIn,
    /// A sign-in by device code.
    DeviceCode,
    /// A step of a sign-in that went on.
    Interrupted,
    /// A sign-in that failed.
    Refused,
    /// A refresh token was redeemed.
    RefreshToken,
    /// A primary refresh token was presented.
    PrimaryRefreshToken,
    /// Another token was presented.
    Token,
    /// A method or device was registered.
    Registration,
    /// Another act in the directory.
    DirectoryAct,
    /// A call to a service.
    Activity,
    /// Identity Protection detected something.
    Risk,
}

/// A step: one event, or several of one kind by one hand in a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// When it began.
    pub time: i64,
    /// When it ended; the same for a single event.
    pub until: i64,
    /// What it is.
    pub kind: StepKind,
    /// Its first event.
    pub event: EventRef,
    /// How many events.
    pub count: usize,
    /// In whose hands the session was, where it is known.
    pub side: Option<Side>,
    /// Number of the bucket of whom it happened to.
    pub bucket: usize,
    /// Key of the session.
    pub session: Option<String>,
    /// Id of the strongest finding that rests on it.
    pub finding: String,
}

/// Tells the story of these parts.
pub(super) fn tell(case: &Case, parts: &[&Member<'_>]) -> Vec<Step> {
    let mut events: Map<(i64, bool, EventRef), (&Flagged, &Member<'_>)> = Map::new();
    for member in parts {
        for flagged in member.findings.iter().filter(|flagged| flagged.finding.severity >= Severity::Low) {
            for item in &flagged.finding.evidence {
                let Some(place) = place(case, item.event) else { continue };
                if COMPARED.contains(&item.role) && member.session.is_some_and(|session| place.0 < session.first) {
                    continue;
                }
                let known = events.entry(place).or_insert((flagged, member));
                let rank = |flagged: &Flagged| (flagged.finding.severity, flagged.finding.confidence);
                if rank(flagged) > rank(known.0) {
                    *known = (flagged, member);
                }
            }
        }
    }
    let mut sides: Map<u32, Side> = Map::new();
    for session in parts.iter().filter_map(|member| member.session) {
        for holding in &session.holders {
            sides.extend(holding.sign_ins.iter().map(|&number| (number, holding.side)));
        }
    }
    let mut story: Vec<Step> = Vec::new();
    for ((time, _, event), (flagged, member)) in events {
        let step = Step {
            time,
            until: time,
            kind: kind(case, event),
            event,
            count: 1,
            side: match event {
                EventRef::SignIn(number) => sides.get(&number).copied(),
                EventRef::Audit(_) | EventRef::Activity(_) | EventRef::Risk(_) => None,
            },
            bucket: member.bucket,
            session: flagged.session.clone(),
            finding: flagged.id.clone(),
        };
        match story.last_mut().filter(|last| goes_on(last, &step)) {
            Some(last) => (last.until, last.count) = (step.time, last.count + 1),
            None => story.push(step),
        }
    }
    if story.len() > STEPS {
        story.drain(STEPS - 1..story.len() - 1);
    }
    story
}

/// Whether a step only goes on with the one before.
fn goes_on(last: &Step, step: &Step) -> bool {
    let by = |step: &Step| (step.kind, step.side, step.bucket);
    by(last) == by(step) && last.session == step.session
}

/// By time; ties: interactive sign-ins first.
fn place(case: &Case, event: EventRef) -> Option<(i64, bool, EventRef)> {
    match event {
        EventRef::SignIn(number) => {
            case.store.sign_in(number).map(|row| (row.time, row.stream() != Stream::Interactive, event))
        }
        EventRef::Audit(_) | EventRef::Activity(_) | EventRef::Risk(_) => {
            event.head(&case.store).map(|head| (head.time, true, event))
        }
    }
}

fn kind(case: &Case, event: EventRef) -> StepKind {
    match event {
        EventRef::SignIn(number) => case.store.sign_in(number).map_or(StepKind::SignIn, |row| sign_in(case, row)),
        EventRef::Audit(number) => {
            let operation = case.store.audit(number).map_or("", |row| case.store.texts.get(row.operation));
            if operations::registration(operation).is_some() { StepKind::Registration } else { StepKind::DirectoryAct }
        }
        EventRef::Activity(_) => StepKind::Activity,
        EventRef::Risk(_) => StepKind::Risk,
    }
}

fn sign_in(case: &Case, row: &SignIn) -> StepKind {
    match case.store.outcome(row.outcome).code() {
        Some(0) | None => {}
        Some(code) if results::class(code) == ResultClass::Interrupt => return StepKind::Interrupted,
        Some(_) => return StepKind::Refused,
    }
    let has = |kind: IncomingToken| row.incoming.is_token() && row.incoming.0 & kind.0 != 0;
    if row.protocol == Protocol::DEVICE_CODE {
        StepKind::DeviceCode
    } else if has(IncomingToken::PRIMARY_REFRESH_TOKEN) {
        StepKind::PrimaryRefreshToken
    } else if has(IncomingToken::REFRESH_TOKEN) {
        StepKind::RefreshToken
    } else if row.incoming.is_token() {
        StepKind::Token
    } else if row.transfer == Transfer::DEVICE_CODE_FLOW {
        StepKind::DeviceCode
    } else {
        StepKind::SignIn
    }
}
