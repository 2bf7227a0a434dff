//! A primary refresh token that is used as its owner's machine would not.
//!
//! # What it looks for
//! Five things, each a variant. *new-device*: a primary refresh token on a device that this user had
//! not used before, its session not bound, the device neither managed nor hybrid joined. *two-keys*:
//! a session opened with Windows Hello for Business begins while another on the same device goes on; high where
//! the two are used in turn, each from networks and countries where the other never was.
//! *broker*: the Authentication Broker gets a token for a resource that it is hardly ever asked for, or
//! by an agent that no system's broker has. *no-token*: a policy that demands a compliant device
//! was satisfied and the session is bound, yet no primary refresh token came in it. *exchanged*: a
//! refresh token, and within the hour a primary refresh token of the same joined device that is not
//! managed, unbound.
//!
//! Where no sign-in of these exports tells the type of the token (Defender's tables), *broker* is asked in
//! full, and of the others the first alone, by the stream (*new-device-by-stream*): a client's success on a
//! joined device that the user had not used before and that is not managed; low, and medium from a country
//! that is new for the user. The others make no sense there: what tells them apart from every day is the
//! token, its binding, or the method.
//!
//! # Why it matters
//! A primary refresh token opens every application without asking again. Tools that steal or forge one
//! do not behave as Windows, iOS or Android do.
//!
//! # Evidence it needs
//! Interactive and non-interactive sign-ins with incoming token type (or the stream), device, token protection, session
//! id and agent; authentication steps for Windows Hello; policies for the fourth.
//!
//! # Benign causes
//! * A new phone or laptop of the user's own, not yet managed.
//! * Two people or profiles share one machine and switch between them.
//! * A rare application signs in through the broker.
//!
//! # Tuning
//! `new-device-days` is how long a device is new, `exchange-minutes` how soon the exchange follows.
//!
//! # What to ask
//! * Is the device the user's, and since when?
//! * Did the user work at this machine at this time?
//!
//! # What to do
//! * Revoke the user's sessions; disable the device if it is not known.
//! * Remove Windows Hello keys of the device and let the user enrol anew.
//! * Require token protection for sign-in sessions.
//!
//! # References
//! * ATT&CK T1550.001
//! * HybridBrothers, multiple Windows Hello for Business tokens used at once for one device
//! * Elastic, Entra ID broker to unusual resource, broker with unusual agent
//! * Thomas Naunheim, suspicious token requests under a device policy

use crate::order::{Gather, Map, Set};

use serde::Deserialize;
use serde_json::{Value, json};

use crate::order::Arrange;
use crate::events::field::Field;
use crate::events::guid::Guid;
use crate::events::vocabulary::{Protection, Stream};
use crate::events::{Id, SignIn, Store, TextId};
use crate::knowledge::apps;
use crate::sessions::{Familiarity, Grounds, HISTORY_DAYS, SessionKind, View};
use crate::tenant::same_network;

use super::device::{
    brings_primary_token, brings_refresh_token, has_trust, is_enrolled, is_unbound, is_windows_sign_in, resource,
};
use super::evidence::{duration, facts, in_order, moment, place, sign_ins, who};
use super::tokens::{Tokens, weakened};
use super::{Ask, Confidence, Detection, Finding, Group, Records, Severity, Subject, Tunable, Tuning};

const ID: &str = "unusual-prt";
const MINUTE: i64 = 60_000_000;
const DAY: i64 = 24 * 60 * MINUTE;
/// Days of history without which no device can be called new.
const HISTORY: i64 = 3 * DAY;
/// Sign-ins that a finding lists.
const LISTED: usize = 50;
/// Changes between two sessions that make it *in turn*: there, back and there again.
const TURNS: usize = 3;
/// Resources that the broker is asked for every day.
const USUAL: [Guid; 6] = [
    apps::AZURE_AD_GRAPH,
    Guid::from_u128(0x90a2e5d2_fd7a_4a2e_bc90_3dc50ae8e3ee),
    apps::DEVICE_REGISTRATION_SERVICE,
    Guid::from_u128(0xd4ebce55_015a_49b5_a083_c84d1797ae8c),
    apps::MICROSOFT_GRAPH,
    Guid::from_u128(0x0a5f63c0_b750_4f38_a71c_4fc0d58b89e2),
];

pub(super) static DETECTION: Detection = Detection {
    id: ID,
    title: "Primary refresh token in unusual use",
    group: Group::Device,
    records: &[Records::UserSignIns],
    helped_by: &[(Records::NonInteractive, "most primary refresh tokens are presented there")],
    // What the broker is asked for is told without the token, too.
    needs: &[&[Field::IncomingToken, Field::ResourceId, Field::Stream], &[Field::Result]],
    wants: &[Field::DeviceId, Field::Protection, Field::Agent, Field::SessionId, Field::Steps, Field::Policies],
    history_days: HISTORY_DAYS,
    tunables: &[
        Tunable::number("new-device-days", "7", "how long a device is new for a user"),
        Tunable::number("exchange-minutes", "60", "how soon a primary refresh token follows a refresh token"),
    ],
    prepare,
    kql: include_str!("unusual_prt.kql"),
    file: "unusual_prt",
};

fn prepare<'a>(_: &'a Store, tuning: &'a Tuning) -> Ask<'a> {
    let new = tuning.number(ID, "new-device-days").unwrap_or(7).saturating_mul(DAY);
    let soon = tuning.number(ID, "exchange-minutes").unwrap_or(60).saturating_mul(MINUTE);
    Box::new(move |subject, found| {
        let mut told: Map<(usize, &'static str), Matched> = Map::new();
        new_devices(subject, new, &mut told);
        two_keys(subject.view, &mut told);
        broker(subject, &mut told);
        no_token(subject, &mut told);
        exchanged(subject.view, soon, &mut told);
        found.extend(told.into_iter().map(|((session, variant), matched)| finding(subject.view, session, variant, matched)));
    })
}

/// What was found of one variant in one session.
struct Matched {
    severity: Severity,
    confidence: Confidence,
    why: String,
    facts: Value,
    sign_ins: Vec<u32>,
}

type Told = Map<(usize, &'static str), Matched>;

/// Adds sign-ins to what is told of a session: the worst, the earliest of equals, is put in words.
fn tell(told: &mut Told, view: &View<'_>, variant: &'static str, numbers: &[u32], weight: (Severity, Confidence), say: impl FnOnce() -> (String, Value)) {
    let Some(session) = numbers.last().and_then(|&number| view.session_of(number)) else { return };
    let fresh = Matched { severity: Severity::Info, confidence: Confidence::Low, why: String::new(), facts: Value::Null, sign_ins: Vec::new() };
    let known = told.entry((session, variant)).or_insert(fresh);
    if known.sign_ins.is_empty() || weight > (known.severity, known.confidence) {
        (known.severity, known.confidence) = weight;
        (known.why, known.facts) = say();
    }
    if known.sign_ins.len() < LISTED {
        known.sign_ins.extend(numbers);
    }
}

/// Successes of a person.
fn successes<'a>(view: &View<'a>) -> impl Iterator<Item = (u32, &'a SignIn)> {
    view.sign_ins().filter(|(_, row)| row.stream().is_user() && view.succeeded(row))
}

fn is_hosted(subject: &Subject<'_>, row: &SignIn) -> bool {
    let view = subject.view;
    view.network(row).is_some_and(|network| network.is_hosting())
        && subject.familiar.network(view, row) != Familiarity::Familiar
}

/// Facts: `device`; `days`, since when the user has it.
fn new_devices(subject: &Subject<'_>, new: i64, told: &mut Told) {
    let view = subject.view;
    let tokens = Tokens::of(view);
    let mut begins = None;
    let mut since: Map<Id, i64> = Map::new();
    for (number, row) in successes(view) {
        let begins = *begins.get_or_insert(row.time);
        let Some(device) = view.device(row).and_then(Id::value) else { continue };
        let first = *since.entry(device).or_insert(row.time);
        let primary = match tokens.is_typed() {
            true => brings_primary_token(row) && is_unbound(row) && !has_trust(view, row, &["hybrid azure ad joined"]),
            // A registered phone is not told from a stranger's by less.
            false => tokens.some(row) && has_trust(view, row, &["azure ad joined"]),
        };
        let strange = primary && !is_enrolled(view, row) && !is_windows_sign_in(view, row);
        if !strange || row.time - first >= new || first - begins < HISTORY {
            continue;
        }
        // A new phone at home is what it looks like.
        let at_home = subject.familiar.network(view, row) == Familiarity::Familiar;
        let severity = if at_home { Severity::Low } else { Severity::Medium };
        let abroad = || subject.familiar.country(view, row) == Familiarity::Unfamiliar;
        let (variant, weight) = match tokens.is_typed() {
            true => ("new-device", (severity, Confidence::Medium)),
            false if abroad() => ("new-device-by-stream", (severity, Confidence::Low)),
            false => ("new-device-by-stream", weakened(severity)),
        };
        tell(told, view, variant, &[number], weight, || {
            let device = view.store.device(row.device);
            let name = view.store.texts.value(device.name).map_or_else(|| device.id.display(&view.store.texts), str::to_owned);
            let why = format!(
                "{} {} from {} at {}, on the device {name}, which the user has had for {}. It is not managed{}",
                who(view),
                if tokens.is_typed() { "presented a primary refresh token" } else { "had a client sign in" },
                place(view.network(row)),
                moment(row.time),
                duration(row.time - first),
                if tokens.is_typed() { ", and the session is not bound to it." } else { "." },
            ) + tokens.words();
            (why, json!({"device": name, "days": (row.time - first) / DAY}))
        });
    }
}

/// Facts: `device`; `in_turn`, whether the two were used in turn in two countries.
fn two_keys(view: &View<'_>, told: &mut Told) {
    struct Use {
        first: i64,
        last: i64,
        sign_ins: Vec<u32>,
        windows: bool,
    }
    let mut uses: Map<(Id, usize), Use> = Map::new();
    for (number, row) in successes(view) {
        let by_key = || {
            let steps = view.store.texts.get(row.steps).as_bytes();
            let method = b"windows hello for business";
            steps.windows(method.len()).any(|part| part.eq_ignore_ascii_case(method))
        };
        let device = view.device(row).and_then(Id::value);
        let session = view.session_of(number);
        let own = |&session: &usize| view.sessions.get(session).is_some_and(|found| found.kind == SessionKind::Session);
        let Some((device, session)) = device.zip(session.filter(own)) else { continue };
        if row.stream() != Stream::Interactive || !brings_primary_token(row) || !by_key() {
            continue;
        }
        let windows = view.app(row) == Some(apps::WINDOWS_SIGN_IN);
        let known = uses.entry((device, session)).or_insert(Use { first: row.time, last: row.time, sign_ins: Vec::new(), windows });
        known.last = row.time;
        known.sign_ins.push(number);
    }
    // Of each device, sessions by their first use: one that begins before the latest end so far overlaps.
    let mut by_device: Map<Id, Vec<Use>> = Map::new();
    for ((device, _), own) in uses {
        by_device.entry(device).or_default().push(own);
    }
    for (device, mut own) in by_device {
        own.arrange_by_key(|item| (item.first, item.last));
        let mut open: Option<&Use> = None;
        for item in &own {
            if let Some(other) = open.filter(|other| item.first < other.last && item.first > other.first && !item.windows) {
                let numbers: Vec<u32> = other.sign_ins.iter().take(LISTED / 2).chain(item.sign_ins.iter().take(LISTED / 2)).copied().collect();
                let turns = in_turn(view, &other.sign_ins, &item.sign_ins);
                let severity = if turns { Severity::High } else { Severity::Medium };
                tell(told, view, "two-keys", &numbers, (severity, Confidence::Medium), || {
                    let id = device.display(&view.store.texts);
                    let why = format!(
                        "Two sessions of {} were opened with Windows Hello for Business on the device {id}, and the second began at {} while the first went on until {}. A machine has one such session at a time; a copied key makes another.{}",
                        who(view),
                        moment(item.first),
                        moment(other.last),
                        if turns { " The two were used in turn, each in a country of its own: no machine is in both." } else { "" },
                    );
                    (why, json!({"device": id, "in_turn": turns}))
                });
            }
            if open.is_none_or(|other| item.last > other.last) {
                open = Some(item);
            }
        }
    }
}

/// Whether two sessions of one device were used in turn, more than once, and from networks and countries that the
/// other never was in: a machine that changes places takes all its sessions along.
fn in_turn(view: &View<'_>, left: &[u32], right: &[u32]) -> bool {
    let networks = [left, right].map(|rows| Grounds::all(view, rows));
    let [lefts, rights] = &networks;
    let mut pairs = lefts.iter().flat_map(|left| rights.iter().map(move |right| (left, right)));
    let apart = pairs.all(|(left, right)| same_network(Some(*left), Some(*right)) == Some(false));
    let [here, there] = [left, right].map(|rows| -> Set<TextId> {
        view.rows(rows).filter_map(|(_, row)| view.country(row)).gather()
    });
    let abroad = !here.is_empty() && !there.is_empty() && here.is_disjoint(&there);
    let mut all: Vec<(i64, bool)> = view.rows(left).map(|(_, row)| (row.time, false)).collect();
    all.extend(view.rows(right).map(|(_, row)| (row.time, true)));
    all.arrange();
    let turns = all.windows(2).filter(|pair| matches!(pair, [(_, one), (_, other)] if one != other)).count();
    apart && abroad && !lefts.is_empty() && !rights.is_empty() && turns >= TURNS
}

/// Facts: `resource`; `agent`.
fn broker(subject: &Subject<'_>, told: &mut Told) {
    let view = subject.view;
    for (number, row) in successes(view).filter(|(_, row)| view.app(row) == Some(apps::AUTHENTICATION_BROKER)) {
        let agent = view.store.texts.get(row.agent).trim();
        let strange_agent = !agent.is_empty() && !is_broker_agent(agent);
        let rare = || view.tenant.rarity.is_rare(row, view.store, 3, 1);
        let strange_resource = resource(view, row).is_some_and(|id| !USUAL.contains(&id)) && rare();
        if !strange_agent && !strange_resource {
            continue;
        }
        let hosted = is_hosted(subject, row);
        let severity = if hosted { Severity::High } else { Severity::Medium };
        tell(told, view, "broker", &[number], (severity, if strange_agent { Confidence::High } else { Confidence::Medium }), || {
            let what = match strange_agent {
                true => format!("by the agent {agent}, which no system's broker has"),
                false => "which few users ask it for".to_owned(),
            };
            let why = format!(
                "The Authentication Broker got a token of {} for {} from {} at {}, {what}.{}",
                who(view),
                view.app_name(row.resource),
                place(view.network(row)),
                moment(row.time),
                if hosted { " That is a hosting or VPN network." } else { "" }
            );
            (why, json!({"resource": view.app_name(row.resource), "agent": agent}))
        });
    }
}

/// Whether an agent is one of a system's broker.
fn is_broker_agent(agent: &str) -> bool {
    let agent = agent.to_ascii_lowercase();
    let starts = ["mozilla", "dalvik", "windows-azuread-authentication-provider"];
    starts.iter().any(|known| agent.starts_with(known))
        || agent.contains("cfnetwork")
        || (agent.starts_with("java") && agent.contains("thinkpad"))
}

/// Facts: `policy`, which was satisfied.
fn no_token(subject: &Subject<'_>, told: &mut Told) {
    let view = subject.view;
    for session in view.sessions.iter().filter(|session| session.kind == SessionKind::Session && session.starts_in_export) {
        let mut token: Option<i64> = None;
        for (number, row) in view.rows(&session.sign_ins) {
            if brings_primary_token(row) {
                token = Some(row.time);
            }
            let strange = row.incoming.is_none() && row.protection == Protection::BOUND && row.stream().is_user() && view.succeeded(row);
            if !strange || token.is_some_and(|time| row.time - time <= 14 * DAY) {
                continue;
            }
            let Some(policy) = device_policy(view, row) else { continue };
            // A browser on the user's own machine may do without the broker.
            let weight = match subject.familiar.device(view, row) {
                Familiarity::Familiar => (Severity::Low, Confidence::Medium),
                Familiarity::Unfamiliar => (Severity::Medium, Confidence::Medium),
                // Whether the broker had been there before the export is not known.
                Familiarity::Unknown => (Severity::Low, Confidence::Low),
            };
            tell(told, view, "no-token", &[number], weight, || {
                let why = format!(
                    "{} got a token for {} from {} at {}. The session is bound to a device and the policy {policy}, which demands a compliant device, was satisfied, yet no primary refresh token came in before: it was made outside the broker.",
                    who(view),
                    view.app_name(row.app),
                    place(view.network(row)),
                    moment(row.time)
                );
                (why, json!({"policy": policy}))
            });
        }
    }
}

/// The name of a policy that demands a compliant device and was satisfied.
fn device_policy(view: &View<'_>, row: &SignIn) -> Option<String> {
    #[derive(Deserialize)]
    struct Policy {
        name: String,
        result: String,
        grants: Vec<String>,
    }
    let text = view.store.texts.get(row.policies);
    if !text.contains("RequireCompliantDevice") {
        return None;
    }
    let policies: Vec<Policy> = serde_json::from_str(text).unwrap_or_default();
    let demands = |policy: &Policy| policy.grants.iter().any(|grant| grant == "RequireCompliantDevice");
    policies.into_iter().find(|policy| policy.result == "success" && demands(policy)).map(|policy| policy.name)
}

/// Facts: `minutes`, from the refresh token to the primary one.
fn exchanged(view: &View<'_>, soon: i64, told: &mut Told) {
    let mut refreshed: Map<Id, (u32, i64)> = Map::new();
    for (number, row) in successes(view).filter(|(_, row)| is_unbound(row) && !is_enrolled(view, row)) {
        let Some(device) = view.device(row).and_then(Id::value) else { continue };
        if row.stream() == Stream::NonInteractive
            && view.app(row) == Some(apps::AUTHENTICATION_BROKER)
            && brings_refresh_token(row)
            && has_trust(view, row, &["azure ad joined"])
        {
            refreshed.insert(device, (number, row.time));
        }
        let primary = brings_primary_token(row)
            && resource(view, row) != Some(apps::DEVICE_REGISTRATION_SERVICE)
            && !is_windows_sign_in(view, row);
        let Some(&(first, time)) = refreshed.get(&device).filter(|(_, time)| primary && row.time - time <= soon) else { continue };
        tell(told, view, "exchanged", &[first, number], (Severity::Medium, Confidence::Medium), || {
            let why = format!(
                "The broker of {} presented a refresh token from {} at {}, and {} later a primary refresh token of the same device was presented. The device is joined and not managed, and neither session is bound to it: tools exchange one for the other.",
                who(view),
                place(view.network(row)),
                moment(time),
                duration(row.time - time)
            );
            (why, json!({"minutes": (row.time - time) / MINUTE}))
        });
    }
}

fn finding(view: &View<'_>, session: usize, variant: &'static str, matched: Matched) -> Finding {
    Finding {
        detection: ID,
        variant,
        strand: variant,
        severity: matched.severity,
        confidence: matched.confidence,
        session: Some(session),
        anchor: view.sessions.get(session).map_or(Id::EMPTY, |session| session.anchor),
        title: DETECTION.title.to_owned(),
        why: matched.why,
        what: "Unusual primary refresh token",
        evidence: in_order(view, sign_ins("unusual token", matched.sign_ins).collect()),
        facts: facts(matched.facts),
    }
}
