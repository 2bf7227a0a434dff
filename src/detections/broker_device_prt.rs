//! A device registered through the broker, and a primary refresh token of it: the chain that tools make.
//!
//! # What it looks for
//! Three steps of one user, in this order, within a window: the Authentication Broker gets a token for
//! the Device Registration Service with a refresh token or the scope `adrs_access`, its session not
//! bound to a device; a device is registered; a primary refresh token is presented for another resource
//! on a device that is neither compliant nor managed, its transfer method device code or its session
//! unbound. Two of the three are enough to be told; Windows' own sign-in is left out.
//!
//! Where no sign-in of these exports tells the type of the token (Defender's tables), the stream stands in
//! (*by-stream*): the broker asks as a client, and the third step is a client's success on a joined
//! device that the user is first seen with in this window. That is one level milder, at most medium,
//! and hardly sure; where the device that was registered is that of the third step by its id, high.
//!
//! # Why it matters
//! Whoever holds a refresh token of the broker can register a device of their own and turn the token
//! into a primary refresh token. That outlives the phished session, passes for a single sign-on
//! on every application, and may satisfy policies that ask for a device.
//!
//! # Evidence it needs
//! Interactive and non-interactive sign-ins with application, resource, incoming token type (or the stream), token
//! protection and transfer method; the audit log for the registration. Every phone enrolment makes
//! the first two steps: two alone are low. With a device code behind it, in other hands, from a
//! hosting network or one that is unfamiliar, two are high and three critical; three alone are medium.
//!
//! # Benign causes
//! * A person enrols a phone or joins a laptop: broker, registration and first token follow each other.
//! * A technician prepares a device for the user.
//!
//! # Tuning
//! `window-minutes` is the longest time from the first step to the last.
//!
//! # What to ask
//! * Did the user set up a phone or laptop at this time, and does its name look right?
//! * Did they type a code on a page of Microsoft's shortly before?
//!
//! # What to do
//! * Disable and then delete the device, revoke the user's sessions, reset the password, in this order.
//! * Look for what the primary refresh token reached since.
//! * Allow joining and registering devices only with a second factor and from known places.
//!
//! # References
//! * ATT&CK T1098.005
//! * Elastic, Entra ID device registration to primary refresh token chain
//! * Dirk-jan Mollema, Phishing for primary refresh tokens and Windows Hello keys

use crate::order::{Map, Set};

use serde_json::json;

use crate::order::{Arrange, Gather};
use crate::events::field::Field;
use crate::events::processing::Processing;
use crate::events::vocabulary::{IncomingToken, Protection};
use crate::events::{Id, SignIn, Store};
use crate::knowledge::apps;
use crate::knowledge::operations::{self, RegistrationKind};
use crate::sessions::{DeviceRecord, EventRef, Familiarity, View, hands};

use super::device::{
    brings_primary_token, has_trust, is_by_device_code, is_enrolled, is_unbound,
    is_windows_sign_in, resource,
};
use super::evidence::{duration, facts, in_order, moment, place, who};
use super::tokens::Tokens;
use super::{Ask, Confidence, Detection, Evidence, Finding, Group, Records, Severity, Subject, Tunable, Tuning};

const ID: &str = "broker-device-prt";
const MINUTE: i64 = 60_000_000;
/// Records of one step that a finding lists.
const LISTED: usize = 50;

pub(super) static DETECTION: Detection = Detection {
    id: ID,
    title: "Device registered, then its primary refresh token",
    group: Group::Device,
    records: &[Records::UserSignIns],
    helped_by: &[
        (Records::NonInteractive, "the broker asks for its tokens there"),
        (Records::Audits, "the registration itself shows there"),
    ],
    needs: &[&[Field::IncomingToken, Field::Stream], &[Field::Result]],
    wants: &[Field::Protection, Field::Transfer, Field::AppId, Field::ResourceId, Field::DeviceId, Field::Asn],
    history_days: 0,
    tunables: &[Tunable::number("window-minutes", "60", "longest time from the first step to the last, inclusive")],
    prepare,
    kql: include_str!("broker_device_prt.kql"),
    file: "broker_device_prt",
};

/// A step of the chain.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Step {
    Broker,
    Registration,
    Primary,
}

impl Step {
    const fn role(self) -> &'static str {
        match self {
            Self::Broker => "broker token",
            Self::Registration => "registration",
            Self::Primary => "primary refresh token",
        }
    }
}

#[derive(Clone, Copy, Debug)]
struct Event {
    time: i64,
    step: Step,
    event: EventRef,
}

fn prepare<'a>(_: &'a Store, tuning: &'a Tuning) -> Ask<'a> {
    let window = tuning.number(ID, "window-minutes").unwrap_or(60).saturating_mul(MINUTE);
    Box::new(move |subject, found| {
        let tokens = Tokens::of(subject.view);
        let events = events(tokens, subject.view, window);
        let mut signs = Signs { subject, tokens, codes: Map::new(), changed: Map::new() };
        let mut by_session: Map<usize, Vec<Chain>> = Map::new();
        for chain in chains(&events, window) {
            if let Some(session) = session(subject.view, &chain) {
                by_session.entry(session).or_default().push(chain);
            }
        }
        for (session, chains) in by_session {
            found.extend(finding(&mut signs, session, &chains));
        }
    })
}

/// All steps of a person, in order of time.
fn events(tokens: Tokens, view: &View<'_>, window: i64) -> Vec<Event> {
    let mut since: Map<Id, i64> = Map::new();
    let sign_ins = view.sign_ins().filter_map(|(number, row)| {
        let device = view.device(row).and_then(Id::value).filter(|_| !tokens.is_typed());
        let fresh = device.is_some_and(|device| row.time - *since.entry(device).or_insert(row.time) <= window);
        Some(Event { time: row.time, step: step(tokens, view, row, fresh)?, event: EventRef::SignIn(number) })
    });
    let audits = view.audits().filter(|(_, row)| {
        let texts = &view.store.texts;
        let kind = operations::registration(texts.get(row.operation)).map(|found| found.kind);
        kind == Some(RegistrationKind::Device) && texts.get(row.result) == "success"
    });
    let audits = audits.map(|(number, row)| Event {
        time: row.time,
        step: Step::Registration,
        event: EventRef::Audit(number),
    });
    let mut events: Vec<Event> = sign_ins.chain(audits).collect();
    events.arrange_by_key(|item| (item.time, item.step));
    events
}

/// `fresh` says of an untyped sign-in that the user had its device for no longer than the window.
fn step(tokens: Tokens, view: &View<'_>, row: &SignIn, fresh: bool) -> Option<Step> {
    if !row.stream().is_user() || !view.succeeded(row) {
        return None;
    }
    let registers = resource(view, row) == Some(apps::DEVICE_REGISTRATION_SERVICE);
    if registers && view.app(row) == Some(apps::AUTHENTICATION_BROKER) {
        let scoped = || {
            let scopes = Processing::read(view.store.texts.get(row.processing)).scopes();
            scopes.iter().any(|scope| scope.to_ascii_lowercase().contains("adrs_access"))
        };
        let loose = row.protection != Protection::BOUND;
        return (loose && (tokens.any_of(row, IncomingToken::REFRESH_TOKEN) || scoped())).then_some(Step::Broker);
    }
    let strange = is_by_device_code(row) || is_unbound(row);
    let primary = match tokens.is_typed() {
        true => brings_primary_token(row) && strange && !registers,
        false => tokens.some(row) && fresh && has_trust(view, row, &["azure ad joined"]) && !registers,
    };
    (primary && !is_enrolled(view, row) && !is_windows_sign_in(view, row)).then_some(Step::Primary)
}

/// Steps in order within a window, at least two kinds of them.
#[derive(Debug)]
struct Chain {
    events: Vec<Event>,
}

impl Chain {
    fn steps(&self) -> Set<Step> {
        self.events.iter().map(|item| item.step).gather()
    }

    fn sign_ins(&self) -> impl Iterator<Item = u32> {
        self.events.iter().filter_map(|item| match item.event {
            EventRef::SignIn(number) => Some(number),
            EventRef::Audit(_) | EventRef::Activity(_) | EventRef::Risk(_) => None,
        })
    }

    fn span(&self) -> (i64, i64) {
        let times = self.events.iter().map(|item| item.time);
        times.fold((i64::MAX, i64::MIN), |(first, last), time| (first.min(time), last.max(time)))
    }
}

/// Chains, none of which begins inside another.
fn chains(events: &[Event], window: i64) -> Vec<Chain> {
    let later = later(events);
    let mut chains = Vec::new();
    let mut from = 0;
    while let Some(first) = events.get(from) {
        let end = first.time.saturating_add(window);
        let follows = later.get(from).copied().flatten().and_then(|place| events.get(place));
        if follows.is_none_or(|item| item.time > end) {
            from += 1;
            continue;
        }
        let rest = events.get(from..).unwrap_or_default();
        let within = rest.get(..rest.partition_point(|item| item.time <= end)).unwrap_or_default();
        let mut reached = first.step;
        let mut taken: Map<Step, usize> = Map::new();
        let mut own = Vec::new();
        for item in within {
            // A step that comes before the one that should follow it belongs to another chain.
            if item.step >= reached {
                reached = item.step;
                let count = taken.entry(item.step).or_default();
                *count += 1;
                if *count <= LISTED {
                    own.push(*item);
                }
            }
        }
        from += within.len();
        chains.push(Chain { events: own });
    }
    chains
}

/// Of each event, the place of the next that is a later step.
fn later(events: &[Event]) -> Vec<Option<usize>> {
    let mut found = vec![None; events.len()];
    let mut next: [Option<usize>; 3] = [None; 3];
    for (place, item) in events.iter().enumerate().rev() {
        let after = next.iter().skip(item.step as usize + 1).copied().flatten().min();
        if let Some(slot) = found.get_mut(place) {
            *slot = after;
        }
        if let Some(slot) = next.get_mut(item.step as usize) {
            *slot = Some(place);
        }
    }
    found
}

/// Whether a device that a chain registers is, by its id, that of a later sign-in of it.
fn uses_registered(view: &View<'_>, chain: &Chain) -> bool {
    let audits = chain.events.iter().filter_map(|item| match item.event {
        EventRef::Audit(number) => view.store.audit(number),
        EventRef::SignIn(_) | EventRef::Activity(_) | EventRef::Risk(_) => None,
    });
    let registered: Vec<DeviceRecord> = audits.map(|row| DeviceRecord::read(view.store, row)).collect();
    let mut devices = chain.sign_ins().filter_map(|number| view.device(view.store.sign_in(number)?)?.value());
    devices.any(|device| registered.iter().any(|record| record.ids.contains(&device)))
}

/// The session of the last sign-in of a chain.
fn session(view: &View<'_>, chain: &Chain) -> Option<usize> {
    chain.sign_ins().collect::<Vec<_>>().into_iter().rev().find_map(|number| view.session_of(number))
}

/// What makes a chain more than an enrolment. Answers of a session are found once.
struct Signs<'a, 'b> {
    subject: &'a Subject<'b>,
    tokens: Tokens,
    codes: Map<usize, bool>,
    changed: Map<usize, Option<i64>>,
}

impl Signs<'_, '_> {
    fn of(&mut self, chain: &Chain) -> Option<(&'static str, Confidence)> {
        let (subject, view) = (self.subject, self.subject.view);
        let rows: Vec<(u32, &SignIn)> = view.rows(&chain.sign_ins().collect::<Vec<_>>()).collect();
        let unfamiliar = |row: &SignIn| subject.familiar.network(view, row) != Familiarity::Familiar;
        let hosted = |row: &SignIn| view.network(row).is_some_and(|network| network.is_hosting()) && unfamiliar(row);
        if rows.iter().any(|(_, row)| hosted(row)) {
            return Some(("hosting", Confidence::High));
        }
        if rows.iter().any(|(number, row)| is_by_device_code(row) || self.by_code(*number)) {
            return Some(("device code", Confidence::High));
        }
        if rows.iter().any(|(number, row)| self.change(*number).is_some_and(|since| row.time >= since)) {
            return Some(("other hands", Confidence::Medium));
        }
        // Without a network number every new address would be one.
        let abroad = |row: &SignIn| {
            self.tokens.is_typed() || subject.familiar.country(view, row) == Familiarity::Unfamiliar
        };
        let strange = |row: &SignIn| {
            subject.familiar.network(view, row) == Familiarity::Unfamiliar
                && abroad(row)
                && !view.network(row).is_some_and(|network| network.is_microsoft())
        };
        rows.iter().any(|(_, row)| strange(row)).then_some(("unfamiliar network", Confidence::Medium))
    }

    fn by_code(&mut self, sign_in: u32) -> bool {
        let view = self.subject.view;
        let Some(session) = view.session_of(sign_in) else { return false };
        *self.codes.entry(session).or_insert_with(|| {
            let rows = view.sessions.get(session).map(|session| session.sign_ins.as_slice()).unwrap_or_default();
            view.rows(rows).any(|(_, row)| is_by_device_code(row))
        })
    }

    /// When the session of a sign-in first changed hands.
    fn change(&mut self, sign_in: u32) -> Option<i64> {
        let view = self.subject.view;
        let session = view.session_of(sign_in)?;
        *self.changed.entry(session).or_insert_with(|| {
            let changes = hands(view, view.sessions.get(session)?, self.subject.familiar).changes;
            changes.first().and_then(|&number| view.store.sign_in(number)).map(|row| row.time)
        })
    }
}

/// Facts: `steps`, which of the three there are; `minutes`, from the first record to the last; `reason`,
/// what makes it more than an enrolment; `devices`, names that were registered; `default_name`, whether
/// one is as Windows gives them.
fn finding(signs: &mut Signs<'_, '_>, session: usize, chains: &[Chain]) -> Option<Finding> {
    let view = signs.subject.view;
    let weighed = chains.iter().map(|chain| {
        let sign = signs.of(chain);
        let severity = match (chain.steps().len(), sign) {
            (3, Some(_)) => Severity::Critical,
            (3, None) => Severity::Medium,
            (_, Some(_)) => Severity::High,
            (_, None) => Severity::Low,
        };
        let confidence = sign.map_or(Confidence::Medium, |(_, confidence)| confidence);
        let (milder, unsure) = signs.tokens.weigh(severity, confidence);
        let (severity, confidence) = match sign.is_some() && uses_registered(view, chain) {
            true => (severity.min(Severity::High).max(milder), unsure),
            false => (milder, unsure),
        };
        (severity, confidence, sign.map_or("enrolment", |(reason, _)| reason), chain)
    });
    let weighed: Vec<_> = weighed.collect();
    // The earliest of the worst is told.
    let worst = weighed.iter().rev().max_by_key(|(severity, confidence, _, _)| (*severity, *confidence))?;
    let (severity, confidence, reason, chain) = *worst;
    let events = chains.iter().flat_map(|chain| &chain.events);
    let evidence = events.map(|item| Evidence { role: item.step.role(), event: item.event }).collect();
    let records = chain.events.iter().filter_map(|item| match item.event {
        EventRef::Audit(number) => Some(DeviceRecord::read(view.store, view.store.audit(number)?)),
        EventRef::SignIn(_) | EventRef::Activity(_) | EventRef::Risk(_) => None,
    });
    let records: Vec<DeviceRecord> = records.collect();
    let names: Set<&str> = records.iter().flat_map(|record| record.names.iter().map(String::as_str)).gather();
    let (first, last) = chain.span();
    Some(Finding {
        detection: ID,
        variant: signs.tokens.variant(if chain.steps().len() == 3 { "three-of-three" } else { "two-of-three" }),
        strand: "chain",
        severity,
        confidence,
        session: Some(session),
        anchor: view.sessions.get(session).map_or(crate::events::Id::EMPTY, |session| session.anchor),
        title: DETECTION.title.to_owned(),
        why: explain(view, chain, reason, &names) + signs.tokens.words(),
        what: "Device and primary token obtained",
        evidence: in_order(view, evidence),
        facts: facts(json!({
            "steps": chain.steps().iter().map(|step| step.role()).collect::<Vec<_>>(),
            "minutes": (last - first) / MINUTE,
            "reason": reason,
            "devices": names,
            "default_name": records.iter().any(DeviceRecord::has_default_name),
        })),
    })
}

fn explain(view: &View<'_>, chain: &Chain, reason: &str, names: &Set<&str>) -> String {
    let (first, last) = chain.span();
    let mut parts = Vec::new();
    for step in chain.steps() {
        parts.push(match step {
            Step::Broker => "the broker asked for a token to register a device".to_owned(),
            Step::Registration => match names.first() {
                Some(name) => format!("the device {name} was registered"),
                None => "a device was registered".to_owned(),
            },
            Step::Primary => "a primary refresh token came from a device that is not managed".to_owned(),
        });
    }
    let from = chain.sign_ins().find_map(|number| view.store.sign_in(number)).and_then(|row| view.network(row));
    let because = match reason {
        "hosting" => " It came from a hosting or VPN network, where people seldom sit.",
        "device code" => " The session was opened by device code, as phishing for devices does.",
        "other hands" => " The session had gone into other hands before.",
        "unfamiliar network" => " The user has not signed in from this network before.",
        _ => " Enrolling a phone or laptop looks the same.",
    };
    format!(
        "For {} within {} from {}: {}. The first came from {}.{because}",
        who(view),
        duration(last - first),
        moment(first),
        parts.join("; then "),
        place(from),
    )
}
