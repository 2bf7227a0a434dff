//! What several detections ask of Microsoft's risk events: records of Identity Protection, and what sign-ins
//! themselves carry.

use crate::events::dictionary::TextId;
use crate::events::vocabulary::Stream;
use crate::events::{Id, RiskEvent, SignIn, Store};
use crate::knowledge::risks::{self, Risk, Weight};
use crate::order::Arrange;
use crate::sessions::{EventRef, Link, View};

use crate::tenant::PersonKind;

use super::{Confidence, Severity};

/// A risk that an event tells of.
#[derive(Clone, Copy, Debug)]
pub(super) struct Told {
    pub(super) kind: &'static Risk,
    pub(super) event: EventRef,
    pub(super) time: i64,
    pub(super) severity: Severity,
    pub(super) confidence: Confidence,
    /// By what it leads to a sign-in, if it does.
    pub(super) link: Option<Link>,
    /// The sign-in it is about.
    pub(super) sign_in: Option<u32>,
    pub(super) session: Option<usize>,
    pub(super) address: TextId,
    pub(super) level: TextId,
    pub(super) state: TextId,
}

impl Told {
    /// What names an equal one, whatever the order of files.
    fn order(&self, view: &View<'_>) -> (i64, EventRef, Option<Id>) {
        (self.time, self.event, self.event.head(view.store).map(|head| head.id))
    }
}

/// Whether the person is an application's identity.
pub(super) fn is_application(view: &View<'_>) -> bool {
    matches!(view.person.kind, PersonKind::ServicePrincipal | PersonKind::ManagedIdentity)
}

/// All risk of a person, in order of time.
pub(super) fn told(view: &View<'_>, kinds: &'static [Risk]) -> Vec<Told> {
    let mut told: Vec<Told> = Vec::new();
    told.extend(view.risk_events().filter_map(|(number, row)| of_record(view, kinds, number, row)));
    // Of an application a refused sign-in counts, too: its risk is that of the identity.
    let application = is_application(view);
    // Most sign-ins carry the same risk, which is none.
    let mut silent: Option<u32> = None;
    for (number, row) in view.sign_ins().filter(|(_, row)| application || view.succeeded(row)) {
        if silent != Some(row.risk) {
            let before = told.len();
            of_sign_in(view, kinds, number, row, &mut told);
            if told.len() == before {
                silent = Some(row.risk);
            }
        }
    }
    told.arrange_by_key(|item| item.order(view));
    told
}

fn is(text: &str, words: &[&str]) -> bool {
    words.iter().any(|word| word.eq_ignore_ascii_case(text))
}

/// Whether a state says that the risk is over, or was none.
pub(super) fn is_settled(store: &Store, state: TextId) -> bool {
    is(store.texts.get(state), &["remediated", "dismissed", "confirmedSafe"])
}

/// How bad a kind is, by level and state: what is low, or settled, is milder, and what is confirmed worse.
fn severity(store: &Store, kind: &Risk, level: TextId, state: TextId) -> Severity {
    let base = match kind.weight {
        Weight::Weak => Severity::Low,
        Weight::Sign => Severity::Medium,
        Weight::Strong => Severity::High,
    };
    let (level, state) = (store.texts.get(level), store.texts.get(state));
    if is(state, &["confirmedSafe"]) {
        Severity::Info
    } else if is(state, &["confirmedCompromised"]) {
        base.raised()
    } else if is(state, &["remediated", "dismissed"]) || is(level, &["low", "none"]) {
        base.lower()
    } else {
        base
    }
}

fn of_record(view: &View<'_>, kinds: &'static [Risk], number: u32, row: &RiskEvent) -> Option<Told> {
    let (store, texts) = (view.store, &view.store.texts);
    let state = texts.get(row.state);
    let name = match row.is_state() {
        // How a user stands says no more than its events, but for an administrator's word.
        true if is(state, &["confirmedCompromised"]) => kinds.first()?.name,
        true => return None,
        false => texts.get(row.kind),
    };
    let kind = risks::find(kinds, name)?;
    let linked = view.linked(EventRef::Risk(number));
    let sign_in = linked.and_then(|linked| linked.sign_in);
    let mut severity = severity(store, kind, row.level, row.state);
    let client = sign_in.and_then(|number| store.sign_in(number)).filter(|row| row.stream() == Stream::NonInteractive);
    if kind.name == "unfamiliarFeatures" && client.is_some() {
        severity = severity.raised();
    }
    Some(Told {
        kind,
        event: EventRef::Risk(number),
        time: row.time,
        severity,
        confidence: match linked.map(|linked| linked.link) {
            None | Some(Link::Place) => Confidence::Medium,
            Some(_) => Confidence::High,
        },
        link: linked.map(|linked| linked.link),
        sign_in,
        session: linked.map(|linked| linked.session),
        address: row.address,
        level: row.level,
        state: row.state,
    })
}

/// What a success itself says: the types of its risk, or only how high it is.
fn of_sign_in(view: &View<'_>, kinds: &'static [Risk], number: u32, row: &SignIn, told: &mut Vec<Told>) {
    let store = view.store;
    let risk = store.risk(row.risk);
    let carries = |level: TextId| is(store.texts.get(level), &["medium", "high"]);
    let standing = is_application(view) && !carries(risk.during);
    let level = if standing { risk.aggregated } else { risk.during };
    let high = is(store.texts.get(level), &["high"]);
    let types = store.texts.get(risk.events);
    // What has no name is *generic* of users, and *other* of applications.
    let unnamed =
        (types.is_empty() && carries(level)).then_some(if is_application(view) { "other" } else { "generic" });
    for name in types.split(' ').filter(|name| !name.is_empty()).chain(unnamed) {
        let Some(kind) = risks::find(kinds, name) else { continue };
        let mut severity = severity(store, kind, level, risk.state);
        let unfamiliar = kind.name == "unfamiliarFeatures" && row.stream() == Stream::NonInteractive;
        if unfamiliar || unnamed.is_some() && high {
            severity = severity.raised();
        }
        told.push(Told {
            kind,
            event: EventRef::SignIn(number),
            time: row.time,
            severity,
            confidence: Confidence::High,
            link: Some(Link::Own),
            sign_in: Some(number),
            session: view.session_of(number),
            address: row.address,
            level,
            state: risk.state,
        });
    }
}
