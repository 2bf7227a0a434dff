//! How bad it is that a token was presented at one event after sign-ins at others, of one session:
//! by whose machine it may have been.

use crate::order::{Map, Set};
use std::net::IpAddr;

use serde_json::{Value, json};

use crate::events::{Id, SignIn};
use crate::order::Arrange;
use crate::sessions::{Familiarity, Holder, Likeness, Session, View};
use crate::tenant::Network;

use super::evidence::{facts, id_text, roles_in_token};
use super::pairs::{Pairs, Point};
use super::places::RENTED;
use super::{Confidence, Severity, Subject};

/// Pairs that the facts list one by one; all are counted.
const LISTED: usize = 1_000;

/// What decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reason {
    /// A hosting or VPN network that is not the user's.
    Hosting,
    /// Another network, and another country, device or agent family.
    Handover,
    /// Network and device are those of a sign-in.
    SamePlace,
    /// The device is that of a sign-in, and the network one that the user often uses, or the organisation's own.
    FamiliarPlace,
    /// No device is named, as brokers do now and then; program and network are the sign-in's device's own.
    Unnamed,
    /// The user has used the application before.
    FamiliarApp,
    /// It cannot be told.
    Unclear,
}

impl Reason {
    /// As facts name it.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Hosting => "hosting",
            Self::Handover => "handover",
            Self::SamePlace => "same network and device",
            Self::FamiliarPlace => "same device, familiar network",
            Self::Unnamed => "device unnamed, in its own network",
            Self::FamiliarApp => "familiar application",
            Self::Unclear => "unclear",
        }
    }
}

/// How bad, how sure, and why.
#[derive(Clone, Copy, Debug)]
pub(super) struct Bearing {
    pub(super) severity: Severity,
    pub(super) confidence: Confidence,
    pub(super) reason: Reason,
    /// The earlier sign-in that decided.
    pub(super) first: u32,
    /// What the two have in common.
    pub(super) likeness: Likeness,
}

impl Bearing {
    /// What findings of pairs have as facts: `pair_count`; `smallest_gap_minutes`; `pairs`, the ids of first and
    /// second of up to 1,000 of them by time; `first` and `second`, the pair that decided; `changed`, what differs
    /// between these two; `reason`, what decided.
    pub(super) fn facts(&self, view: &View<'_>, pairs: &Pairs<'_>, second: u32) -> serde_json::Map<String, Value> {
        let ids = |(first, second)| (id_text(view, first), id_text(view, second));
        let listed: Vec<(String, String)> = pairs.numbers().take(LISTED).map(ids).collect();
        facts(json!({
            "pair_count": pairs.count(),
            "smallest_gap_minutes": pairs.smallest_gap(),
            "pairs": listed,
            "first": id_text(view, self.first),
            "second": id_text(view, second),
            "changed": self.likeness.changed(),
            "reason": self.reason.name(),
        }))
    }

    /// What decided, for the end of a sentence that told the two.
    pub(super) fn words(&self) -> &'static str {
        match self.reason {
            Reason::Hosting => RENTED,
            Reason::Handover if self.likeness.device == Some(false) => {
                " Network and device both differ from those of the sign-in."
            }
            Reason::Handover if self.likeness.country == Some(false) => {
                " Network and country both differ from those of the sign-in."
            }
            Reason::Handover => " Network and program both differ from those of the sign-in.",
            Reason::SamePlace => " Network and device are those of the sign-in.",
            Reason::FamiliarPlace => {
                " The device is that of the sign-in, and the network one that the user or the organisation often uses."
            }
            Reason::Unnamed => {
                " No device is named; the sign-in's own was in this network in the same session, with a program of the same system."
            }
            Reason::FamiliarApp => " The user has used this tool before.",
            Reason::Unclear if self.likeness.device == Some(false) && self.likeness.network == Some(true) => {
                " The network is that of the sign-in; the device is another, or none."
            }
            Reason::Unclear if self.likeness.device == Some(true) && self.likeness.network == Some(false) => {
                " The device looks the same; the network is another."
            }
            Reason::Unclear => " Whether it was the user's own machine cannot be told from these exports.",
        }
    }
}

/// From where each device with an id was in a session: there it is the owner's, whoever else was.
#[derive(Debug)]
struct Homes {
    addresses: Set<(Id, IpAddr)>,
    systems: Set<(Id, u32)>,
}

impl Homes {
    fn of(view: &View<'_>, session: &Session) -> Self {
        let mut homes = Self { addresses: Set::new(), systems: Set::new() };
        for (_, row) in view.rows(&session.sign_ins) {
            let device = view.device(row).and_then(Id::value);
            if let Some((device, network)) = device.zip(view.network(row)) {
                homes.addresses.insert((device, network.address));
                homes.systems.extend(network.asn.map(|asn| (device, asn)));
            }
        }
        homes
    }

    fn has(&self, device: Option<Id>, network: Option<Network>) -> bool {
        device.and_then(Id::value).zip(network).is_some_and(|(device, network)| {
            self.addresses.contains(&(device, network.address))
                || network.asn.is_some_and(|asn| self.systems.contains(&(device, asn)))
        })
    }
}

/// Places of first sign-ins that a second is compared with; more are none of a real session.
const PLACES: usize = 64;

/// Of the later events that are in a pair, the one that weighs most, the earliest of equals.
pub(super) fn worst(
    subject: &Subject<'_>,
    session: &Session,
    pairs: &Pairs<'_>,
    most_minutes: Option<i64>,
) -> Option<(u32, Bearing)> {
    let store = subject.view.store;
    pairs.seconds().next()?;
    // Firsts of one place weigh the same: each second is compared with its nearest of each place.
    let mut places: Map<_, (Holder, Vec<Point>)> = Map::new();
    for point in pairs.all_firsts() {
        let Some(row) = store.sign_in(point.number) else { continue };
        let place = (row.address, row.location, row.device, row.agent);
        if places.len() < PLACES || places.contains_key(&place) {
            let holder = || (Holder::of(subject.view, row), Vec::new());
            places.entry(place).or_insert_with(holder).1.push(*point);
        }
    }
    let places: Vec<(Holder, Pairs<'_>)> = places
        .values()
        .map(|(holder, firsts)| (*holder, Pairs::new(firsts, pairs.all_seconds(), most_minutes)))
        .collect();
    let homes = Homes::of(subject.view, session);
    let mut worst: Option<(u32, Bearing)> = None;
    for (place, second) in pairs.seconds() {
        let nearest = places.iter().filter_map(|(holder, pairs)| Some((pairs.of(place).next()?.number, *holder)));
        let mut earlier: Vec<(u32, Holder)> = nearest.collect();
        earlier.arrange_by_key(|(number, _)| std::cmp::Reverse(store.sign_in(*number).map(SignIn::order)));
        let Some(later) = store.sign_in(second.number) else { continue };
        let Some(bearing) = bearing(subject, &homes, later, &earlier) else { continue };
        let bearing = weigh(subject.view, later, bearing);
        let rank = |bearing: &Bearing| (bearing.severity, bearing.confidence);
        if worst.as_ref().is_none_or(|(_, known)| rank(&bearing) > rank(known)) {
            worst = Some((second.number, bearing));
        }
    }
    worst
}

/// An administrator's role raises only together with another sign, for every administrator's command
/// line carries one; a refused second lowers; a tenant id that is missing makes it less sure.
fn weigh(view: &View<'_>, second: &SignIn, bearing: Bearing) -> Bearing {
    let mut severity = bearing.severity;
    if severity == Severity::High && !roles_in_token(view, second).is_empty() {
        severity = Severity::Critical;
    }
    if !view.succeeded(second) {
        severity = severity.lower();
    }
    let told = |row: &SignIn| {
        let tenants = view.store.tenants_of(row.tenants);
        tenants.home.has_value() && tenants.resource.has_value()
    };
    let told = told(second) && view.store.sign_in(bearing.first).is_some_and(told);
    Bearing { severity, confidence: if told { bearing.confidence } else { Confidence::Low }, ..bearing }
}

/// Judges an event by the earlier sign-ins that it is paired with, the nearest first.
fn bearing(subject: &Subject<'_>, homes: &Homes, later: &SignIn, earlier: &[(u32, Holder)]) -> Option<Bearing> {
    let view = subject.view;
    let here = Holder::of(view, later);
    let compared: Vec<(u32, Likeness, Holder)> =
        earlier.iter().map(|(number, there)| (*number, here.compare(there), *there)).collect();
    let nearest = compared.first()?;
    let device = here.device.and_then(Id::value);
    let same_device = |likeness: &Likeness| likeness.device == Some(true) && device.is_some();
    // A tool on the user's own machine is another agent by nature: there only the place counts.
    let differences = |likeness: &Likeness| match same_device(likeness) {
        true => u32::from(likeness.country == Some(false)),
        false => likeness.differences(),
    };
    let familiar = subject.familiar.network(view, later) == Familiarity::Familiar;
    let own = here.network.is_some_and(|network| view.own.has(&network));
    let microsoft = here.network.is_some_and(|network| network.is_microsoft());
    let same = compared.iter().find(|(_, likeness, _)| likeness.network == Some(true) && same_device(likeness));
    // Ties go to the nearest.
    let moved = compared
        .iter()
        .rev()
        .filter(|_| !familiar && !microsoft)
        .filter(|(_, likeness, _)| likeness.network == Some(false) && differences(likeness) > 0)
        .filter(|(_, likeness, there)| same_device(likeness) || !homes.has(there.device, here.network))
        .max_by_key(|(_, likeness, _)| differences(likeness));
    let at_home = |(_, likeness, there): &(u32, Likeness, Holder)| {
        likeness.agent == Some(true) && homes.has(there.device, here.network)
    };
    let hosting = here.network.is_some_and(|network| network.is_hosting()) && !familiar && same.is_none();
    let most = compared.iter().map(|(_, likeness, _)| differences(likeness)).max().unwrap_or(0);
    let by_count = |sure: u32, count: u32| if count >= sure { Confidence::High } else { Confidence::Medium };

    let (severity, confidence, reason, shown) = match (moved, same) {
        _ if hosting => (Severity::High, by_count(1, most), Reason::Hosting, moved.unwrap_or(nearest)),
        (Some(moved), _) if !same_device(&moved.1) => {
            (Severity::High, by_count(2, differences(&moved.1)), Reason::Handover, moved)
        }
        (_, Some(same)) => (Severity::Low, Confidence::Medium, Reason::SamePlace, same),
        (Some(moved), None) => (Severity::High, Confidence::Medium, Reason::Handover, moved),
        _ if (familiar || own) && compared.iter().any(|(_, likeness, _)| same_device(likeness)) => {
            (Severity::Low, Confidence::Medium, Reason::FamiliarPlace, nearest)
        }
        _ if here.device.is_some_and(|device| !device.has_value()) && compared.iter().any(at_home) => {
            (Severity::Low, Confidence::Medium, Reason::Unnamed, nearest)
        }
        _ if subject.familiar.app(view, later) == Familiarity::Familiar => {
            (Severity::Low, Confidence::Medium, Reason::FamiliarApp, nearest)
        }
        _ => {
            let told = nearest.1.network.is_some() && nearest.1.device.is_some();
            let confidence = if told { Confidence::Medium } else { Confidence::Low };
            (Severity::Medium, confidence, Reason::Unclear, nearest)
        }
    };
    Some(Bearing { severity, confidence, reason, first: shown.0, likeness: shown.1 })
}
