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

use serde_json::json;

use crate::events::field::Field;
use crate::events::processing::Processing;
use crate::events::vocabulary::{IncomingToken, Protection};
use crate::events::{Id, SignIn, Store};
use crate::knowledge::apps;
use crate::order::{Arrange, Gather, Map, Set};
use crate::sessions::{DeviceRecord, EventRef, View};

use super::chains::{Chain, Link, chains};
use super::device::{
    brings_primary_token, has_trust, is_by_device_code, is_enrolled, is_unbound, is_windows_sign_in, resource,
};
use super::evidence::{duration, moment, place, who};
use super::registrations::registered;
use super::signs::{Sign, Signs};
use super::tokens::Tokens;
use super::told::{Told, Weight, of_session};
use super::{Ask, Confidence, Detection, Evidence, Finding, Group, Records, Severity, Tunable, Tuning};

const ID: &str = "broker-device-prt";
const MINUTE: i64 = 60_000_000;

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

fn prepare<'a>(_: &'a Store, tuning: &'a Tuning) -> Ask<'a> {
    let window = tuning.number(ID, "window-minutes").unwrap_or(60).saturating_mul(MINUTE);
    Box::new(move |subject, found| {
        let tokens = Tokens::of(subject.view);
        let links = links(tokens, subject.view, window);
        let mut signs = Signs::of(subject);
        let mut by_session: Map<usize, Vec<Chain<Step>>> = Map::new();
        for chain in chains(&links, window) {
            if let Some(session) = session(subject.view, &chain) {
                by_session.entry(session).or_default().push(chain);
            }
        }
        for (session, chains) in by_session {
            found.extend(finding(subject.view, &mut signs, session, &chains));
        }
    })
}

/// All steps of a person, in order of time.
fn links(tokens: Tokens, view: &View<'_>, window: i64) -> Vec<Link<Step>> {
    let mut since: Map<Id, i64> = Map::new();
    let sign_ins = view.sign_ins().filter_map(|(number, row)| {
        let device = view.device(row).and_then(Id::value).filter(|_| !tokens.is_typed());
        let fresh = device.is_some_and(|device| row.time - *since.entry(device).or_insert(row.time) <= window);
        Some(Link { time: row.time, step: step(tokens, view, row, fresh)?, event: EventRef::SignIn(number) })
    });
    let devices = registered(view).filter(|item| item.is_device());
    let step = Step::Registration;
    let devices = devices.map(|item| Link { time: item.row.time, step, event: EventRef::Audit(item.number) });
    let mut links: Vec<Link<Step>> = sign_ins.chain(devices).collect();
    links.arrange_by_key(|link| (link.time, link.step));
    links
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

/// What the audit log says of the devices that a chain registers.
fn devices(view: &View<'_>, chain: &Chain<Step>) -> Vec<DeviceRecord> {
    let read = |link: &Link<Step>| match link.event {
        EventRef::Audit(number) => Some(DeviceRecord::read(view.store, view.store.audit(number)?)),
        EventRef::SignIn(_) | EventRef::Activity(_) | EventRef::Risk(_) => None,
    };
    chain.links.iter().filter_map(read).collect()
}

/// Whether a device that a chain registers is, by its id, that of a later sign-in of it.
fn uses_registered(view: &View<'_>, chain: &Chain<Step>) -> bool {
    let registered = devices(view, chain);
    let mut used = chain.sign_ins().filter_map(|number| view.device(view.store.sign_in(number)?)?.value());
    used.any(|device| registered.iter().any(|record| record.ids.contains(&device)))
}

/// The session of the last sign-in of a chain.
fn session(view: &View<'_>, chain: &Chain<Step>) -> Option<usize> {
    chain.sign_ins().filter_map(|number| view.session_of(number)).last()
}

/// How bad a chain is, and how sure: without a sign it is an enrolment.
fn weigh(view: &View<'_>, chain: &Chain<Step>, sign: Option<Sign>) -> Weight {
    let severity = match (chain.steps().len(), sign) {
        (3, Some(_)) => Severity::Critical,
        (3, None) => Severity::Medium,
        (_, Some(_)) => Severity::High,
        (_, None) => Severity::Low,
    };
    let confidence = sign.map_or(Confidence::Medium, Sign::confidence);
    let (milder, unsure) = Tokens::of(view).weigh(severity, confidence);
    let own = sign.is_some() && uses_registered(view, chain);
    (if own { severity.min(Severity::High).max(milder) } else { milder }, unsure)
}

/// Facts: `steps`, which of the three there are; `minutes`, from the first record to the last; `reason`,
/// what makes it more than an enrolment; `devices`, names that were registered; `default_name`, whether
/// one is as Windows gives them.
fn finding(view: &View<'_>, signs: &mut Signs<'_, '_>, session: usize, chains: &[Chain<Step>]) -> Option<Finding> {
    let weighed = chains.iter().map(|chain| {
        let sign = signs.surest(chain.sign_ins());
        (weigh(view, chain, sign), sign, chain)
    });
    let weighed: Vec<_> = weighed.collect();
    // The earliest of the worst is told.
    let &(weight, sign, chain) = weighed.iter().rev().max_by_key(|(weight, ..)| *weight)?;
    let tokens = Tokens::of(view);
    let records = devices(view, chain);
    let names: Set<&str> = records.iter().flat_map(|record| record.names.iter().map(String::as_str)).gather();
    let (first, last) = chain.span();
    let links = chains.iter().flat_map(|chain| &chain.links);
    let told = Told {
        variant: tokens.variant(if chain.steps().len() == 3 { "three-of-three" } else { "two-of-three" }),
        weight,
        why: explain(view, chain, sign, &names) + tokens.words(),
        what: "Device and primary token obtained",
        evidence: links.map(|link| Evidence { role: link.step.role(), event: link.event }).collect(),
        facts: json!({
            "steps": chain.steps().iter().map(|step| step.role()).collect::<Vec<_>>(),
            "minutes": (last - first) / MINUTE,
            "reason": sign.map_or("enrolment", Sign::name),
            "devices": names,
            "default_name": records.iter().any(DeviceRecord::has_default_name),
        }),
    };
    Some(Finding { strand: "chain", ..of_session(&DETECTION, view, session, told) })
}

fn explain(view: &View<'_>, chain: &Chain<Step>, sign: Option<Sign>, names: &Set<&str>) -> String {
    let (first, last) = chain.span();
    let device = names.first().map_or_else(|| "a device".to_owned(), |name| format!("the device {name}"));
    let parts = chain.steps().into_iter().map(|step| match step {
        Step::Broker => "the broker asked for a token to register a device".to_owned(),
        Step::Registration => format!("{device} was registered"),
        Step::Primary => "a primary refresh token came from a device that is not managed".to_owned(),
    });
    let parts: Vec<String> = parts.collect();
    let from = chain.sign_ins().find_map(|number| view.store.sign_in(number)).and_then(|row| view.network(row));
    let because = sign.map_or(" Enrolling a phone or laptop looks the same.", Sign::words);
    format!(
        "For {} within {} from {}: {}. The first came from {}.{because}",
        who(view),
        duration(last - first),
        moment(first),
        parts.join("; then "),
        place(from),
    )
}
