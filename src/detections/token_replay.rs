//! One access token that was used in two places.
//!
//! # What it looks for
//! Acts in mailbox, files or calls of Microsoft Graph that carry the unique token id of a sign-in, from
//! another network than the one the token was issued to, within the life of the token: `life-minutes`,
//! or `life-hours-cae` where it takes part in continuous access evaluation. Where the sign-in is not in
//! the exports, the place of the first act stands for it. One finding a session.
//!
//! Beside it, a success whose record names the address that the resource's provider saw, where that is in
//! another network and another country than the sign-in, or a hosting network, and not one that the
//! user often uses (*resource-provider*).
//!
//! # Why it matters
//! An access token is good for whoever holds it. One that is used in two places at a time, by two
//! programs, or from rented machines was copied: out of the browser, a log, or the memory of a program.
//!
//! # Evidence it needs
//! Sign-ins with unique token id, and the log that shows what was done with the token: unified audit log
//! (`AppAccessContext`), OfficeActivity, or Microsoft Graph activity. Sign-ins seldom name the provider's
//! address: silence says nothing. Its network and country are those of sign-ins from there. Medium.
//!
//! # Benign causes
//! * A laptop that goes from the office home keeps its token: another network alone is low.
//! * Programs whose requests partly go through a proxy or VPN.
//!
//! # Tuning
//! `life-minutes` and `life-hours-cae`, after which an equal id is no use of the same token.
//!
//! # What to ask
//! * Did the user change networks at that time, or use a VPN for a part of the traffic?
//!
//! # What to do
//! * Revoke the user's sessions; an access token lives on for an hour, block the address meanwhile.
//! * Look at all that was done with the token from the other place.
//!
//! # References
//! * ATT&CK T1550.001
//! * Microsoft, Token theft playbook
//! * Cloud-Architekt, Verdicts of tokens and sessions in sign-in logs

use crate::order::{Map, Set};

use serde_json::json;

use crate::order::Gather;
use crate::events::field::Field;
use crate::events::processing::Processing;
use crate::events::{Activity, Id, SignIn, Store};
use crate::knowledge::agents::{self, Agent};
use crate::sessions::{EventRef, Familiarity, View};
use crate::tenant::{Network, same_network};

use super::evidence::{duration, facts, in_order, moment, place, sign_ins, who};
use super::workload::is_workload;
use super::{Ask, Confidence, Detection, Evidence, Finding, Group, Records, Severity, Subject, Tunable, Tuning};

const ID: &str = "token-replay";
const MINUTE: i64 = 60_000_000;
/// Records that a finding shows; all are counted.
const LISTED: usize = 200;

pub(super) static DETECTION: Detection = Detection {
    id: ID,
    title: "One token in two places",
    group: Group::Token,
    records: &[Records::UserSignIns],
    helped_by: &[(Records::Activities, "what was done with a token shows there, and where from")],
    needs: &[&[Field::TokenId]],
    wants: &[Field::Address, Field::Asn, Field::Agent, Field::DeviceId, Field::Processing],
    history_days: 0,
    tunables: &[
        Tunable::number("life-minutes", "90", "longest life of an access token, inclusive"),
        Tunable::number("life-hours-cae", "28", "the same in hours with continuous access evaluation"),
    ],
    prepare,
    kql: include_str!("token_replay.kql"),
    file: "token_replay",
};

struct Rule {
    life: i64,
    evaluated: i64,
}

fn prepare<'a>(_: &'a Store, tuning: &'a Tuning) -> Ask<'a> {
    let ask = ask(&DETECTION, tuning);
    Box::new(move |subject, found| {
        if !is_workload(subject.view) {
            ask(subject, found);
            seen_by_providers(subject, found);
        }
    })
}

/// The question, asked for a detection that is tuned as this one.
pub(super) fn ask<'a>(detection: &'static Detection, tuning: &Tuning) -> Ask<'a> {
    let number = |name: &str, otherwise: i64| tuning.number(detection.id, name).unwrap_or(otherwise);
    let rule = Rule {
        life: number("life-minutes", 90).saturating_mul(MINUTE),
        evaluated: number("life-hours-cae", 28).saturating_mul(60 * MINUTE),
    };
    Box::new(move |subject, found| look(&rule, detection, subject, found))
}

/// Where a token was issued, or first seen.
struct Origin {
    event: EventRef,
    time: i64,
    network: Network,
    agent: Agent,
    device: Option<Id>,
    life: i64,
    session: Option<usize>,
}

/// A use of a token elsewhere.
struct Use {
    token: Id,
    number: u32,
    time: i64,
    network: Network,
    /// What differs besides the network, or what its network says.
    signs: Set<&'static str>,
}

fn look(rule: &Rule, detection: &Detection, subject: &Subject<'_>, found: &mut Vec<Finding>) {
    let view = subject.view;
    let tokened = || view.activities().filter_map(|(number, row)| Some((number, row, row.token_id(view.store).value()?)));
    let issue = |token: Id| view.issue_of(token).and_then(|number| Some((number, view.store.sign_in(number)?)));
    // Hardly any token leaves the address that it was issued to: those that do are looked at.
    let away = tokened().filter(|(_, row, token)| issue(*token).is_none_or(|(_, issued)| issued.address != row.address));
    let away: Set<Id> = away.map(|(_, _, token)| token).gather();
    if away.is_empty() {
        return;
    }
    let mut acts: Map<Id, Vec<(u32, &Activity)>> = Map::new();
    for (number, row, token) in tokened().filter(|(_, _, token)| away.contains(token)) {
        acts.entry(token).or_default().push((number, row));
    }
    // By session, or by token where its session is not known.
    let mut replays: Map<Result<usize, Id>, (Origin, Vec<Use>)> = Map::new();
    for (token, acts) in acts {
        let Some(origin) = origin(rule, view, issue(token), &acts) else { continue };
        let uses = elsewhere(view, &origin, token, &acts);
        if !uses.is_empty() {
            let key = origin.session.ok_or(token);
            replays.entry(key).or_insert_with(|| (origin, Vec::new())).1.extend(uses);
        }
    }
    found.extend(replays.iter().filter_map(|(key, (origin, uses))| finding(detection, view, key.err(), origin, uses)));
}

/// Facts: `sign_ins`, how many; `addresses`, that providers saw; `hosting`, whether one is rented.
fn seen_by_providers(subject: &Subject<'_>, found: &mut Vec<Finding>) {
    let view = subject.view;
    let mut by_session: Map<usize, Vec<(u32, &SignIn, Network)>> = Map::new();
    for (number, row) in view.sign_ins().filter(|(_, row)| row.stream().is_user() && view.succeeded(row)) {
        let address = view.store.location(row.location).provider;
        if !address.has_value() || address == row.address {
            continue;
        }
        let network = view.tenant.network(view.store, address, 0).filter(|network| !network.is_microsoft());
        let near = view.nearest(address, row.time).and_then(|number| view.store.sign_in(number));
        let known = near.is_some_and(|near| subject.familiar.network(view, near) == Familiarity::Familiar);
        let (Some(network), Some(session)) = (network.filter(|_| !known), view.session_of(number)) else { continue };
        let country = near.and_then(|near| view.country(near)).zip(view.country(row)).is_some_and(|(there, here)| there != here);
        let strange = (country || network.is_hosting()) && !view.tenant.is_own(&network);
        if strange && same_network(Some(network), view.network(row)) == Some(false) {
            by_session.entry(session).or_default().push((number, row, network));
        }
    }
    for (index, items) in by_session {
        let (Some((_, row, network)), Some(session)) = (items.first(), view.sessions.get(index)) else { continue };
        let addresses: Set<String> = items.iter().map(|(_, _, network)| network.address.to_string()).gather();
        found.push(Finding {
            detection: ID,
            variant: "resource-provider",
            strand: "resource-provider",
            severity: Severity::Medium,
            confidence: Confidence::Medium,
            session: Some(index),
            anchor: session.anchor,
            title: "The resource saw another address than the sign-in".to_owned(),
            why: format!(
                "{} got a token for {} from {} at {}; the resource's provider saw the request come from {}.",
                who(view),
                view.app_name(row.resource),
                place(view.network(row)),
                moment(row.time),
                place(Some(*network)),
            ),
            what: "Resource saw another address",
            evidence: in_order(view, sign_ins("sign-in", items.iter().take(LISTED).map(|(number, ..)| *number)).collect()),
            facts: facts(json!({
                "sign_ins": items.len(),
                "addresses": addresses,
                "hosting": items.iter().any(|(_, _, network)| network.is_hosting()),
            })),
        });
    }
}

fn origin(rule: &Rule, view: &View<'_>, issued: Option<(u32, &SignIn)>, acts: &[(u32, &Activity)]) -> Option<Origin> {
    if let Some((number, row)) = issued {
        let details = Processing::read(view.store.texts.get(row.processing));
        let evaluated = details.is_evaluated() == Some(true);
        return Some(Origin {
            event: EventRef::SignIn(number),
            time: row.time,
            network: view.network(row).filter(|network| !network.is_microsoft())?,
            agent: view.agent(row),
            device: view.device(row).and_then(Id::value),
            life: if evaluated { rule.evaluated } else { rule.life },
            session: view.session_of(number),
        });
    }
    let (number, row, network) = acts.iter().find_map(|(number, row)| Some((*number, *row, network(view, *number)?)))?;
    let session = row.session_id(view.store).value();
    Some(Origin {
        event: EventRef::Activity(number),
        time: row.time,
        network,
        agent: view.agent_of_act(row),
        device: view.store.device(row.device).id.value(),
        life: rule.life,
        session: session.and_then(|id| view.sessions.iter().position(|session| session.id == id)),
    })
}

/// The network of an act, unless it is Microsoft's.
fn network(view: &View<'_>, number: u32) -> Option<Network> {
    view.network_of(EventRef::Activity(number)).filter(|network| !network.is_microsoft())
}

/// Uses of a token in other networks than the one it was issued to.
fn elsewhere(view: &View<'_>, origin: &Origin, token: Id, acts: &[(u32, &Activity)]) -> Vec<Use> {
    let mut uses: Vec<Use> = Vec::new();
    let mut returned = false;
    for (number, row) in acts {
        let in_life = (origin.time..=origin.time.saturating_add(origin.life)).contains(&row.time);
        let Some(network) = network(view, *number).filter(|_| in_life) else { continue };
        match same_network(Some(network), Some(origin.network)) {
            Some(true) => returned |= !uses.is_empty(),
            None => {}
            Some(false) => {
                let device = view.store.device(row.device).id.value();
                let differs = |signs: &mut Set<&'static str>, name, is: bool| if is { signs.insert(name); };
                let mut signs = Set::new();
                differs(&mut signs, "agent", agents::same_family(view.agent_of_act(row), origin.agent) == Some(false));
                differs(&mut signs, "device", device.zip(origin.device).is_some_and(|(here, there)| here != there));
                differs(&mut signs, "hosting", network.is_hosting() && !view.tenant.is_own(&network));
                uses.push(Use { token, number: *number, time: row.time, network, signs });
            }
        }
    }
    if returned {
        uses.iter_mut().for_each(|item| {
            item.signs.insert("both at a time");
        });
    }
    uses
}

/// Facts: `tokens`, how many; `uses`, how many acts elsewhere; `signs`, what says that it was another hand; `seconds`, from the
/// token's issue to the first use elsewhere.
fn finding(
    detection: &Detection,
    view: &View<'_>,
    token: Option<Id>,
    origin: &Origin,
    uses: &[Use],
) -> Option<Finding> {
    let first = uses.iter().min_by_key(|item| (item.time, item.number))?;
    let told = uses.iter().max_by_key(|item| (item.signs.len(), std::cmp::Reverse(item.time))).unwrap_or(first);
    let signs: Set<&str> = uses.iter().flat_map(|item| item.signs.iter().copied()).gather();
    let session = origin.session.and_then(|index| view.sessions.get(index));
    let mut ending = String::new();
    for (sign, words) in [
        ("both at a time", " The token was used here and there in turn."),
        ("hosting", " That is a hosting or VPN network, where people seldom sit."),
        ("agent", " The programs differ."),
        ("device", " The devices differ."),
    ] {
        if signs.contains(sign) {
            ending.push_str(words);
        }
    }
    let program = is_workload(view);
    if ending.is_empty() {
        ending.push_str(match program {
            true => " A program uses its token where it got it.",
            false => " A laptop that is carried from one network to another keeps its token.",
        });
    }
    let sure = !signs.is_empty();
    let evidence = [Evidence { role: "issued", event: origin.event }]
        .into_iter()
        .chain(uses.iter().take(LISTED).map(|item| Evidence { role: "used elsewhere", event: EventRef::Activity(item.number) }));
    let tokens: Set<Id> = uses.iter().map(|item| item.token).gather();
    Some(Finding {
        detection: detection.id,
        variant: "replay",
        strand: "replay",
        severity: if sure || program { Severity::High } else { Severity::Low },
        confidence: if sure { Confidence::High } else { Confidence::Medium },
        session: origin.session,
        anchor: session.map_or(token.unwrap_or(Id::EMPTY), |session| session.anchor),
        title: detection.title.to_owned(),
        why: format!(
            "A token that {} got from {} at {} was used from {} {} later.{ending}",
            who(view),
            place(Some(origin.network)),
            moment(origin.time),
            place(Some(told.network)),
            duration(told.time - origin.time),
        ),
        what: "One token in two places",
        evidence: in_order(view, evidence.collect()),
        facts: facts(json!({
            "tokens": tokens.len(),
            "uses": uses.len(),
            "signs": signs,
            "seconds": (first.time - origin.time) / 1_000_000,
        })),
    })
}
