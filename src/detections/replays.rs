//! Replays: uses of an access token in another network than the one it was issued to, within its life. Of a user's
//! tokens and of an application's they are told alike.

use serde_json::json;

use crate::events::processing::Processing;
use crate::events::{Activity, Id, SignIn};
use crate::knowledge::agents::{self, Agent};
use crate::order::{Gather, Map, Set};
use crate::sessions::{EventRef, View};
use crate::tenant::{Network, same_network};

use super::evidence::{activities, duration, moment, place, who};
use super::places::RENTED;
use super::single::LISTED;
use super::told::{Told, of};
use super::workload::is_workload;
use super::{Ask, Confidence, Detection, Evidence, Finding, Severity, Subject, Tunable, Tuning};

const MINUTE: i64 = 60_000_000;

/// What can be tuned of a detection that asks for them.
pub(super) const TUNABLES: &[Tunable] = &[
    Tunable::number("life-minutes", "90", "longest life of an access token, inclusive"),
    Tunable::number("life-hours-cae", "28", "the same in hours with continuous access evaluation"),
];

struct Rule {
    life: i64,
    evaluated: i64,
}

/// The question of a detection that is tuned by `life-minutes` and `life-hours-cae`.
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
    let tokened =
        || view.activities().filter_map(|(number, row)| Some((number, row, row.token_id(view.store).value()?)));
    let issue = |token: Id| view.issue_of(token).and_then(|number| Some((number, view.store.sign_in(number)?)));
    // Hardly any token leaves the address that it was issued to: those that do are looked at.
    let away =
        tokened().filter(|(_, row, token)| issue(*token).is_none_or(|(_, issued)| issued.address != row.address));
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
    let (number, row, network) =
        acts.iter().find_map(|(number, row)| Some((*number, *row, network(view, *number)?)))?;
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
                let signs = [
                    ("agent", agents::same_family(view.agent_of_act(row), origin.agent) == Some(false)),
                    ("device", device.zip(origin.device).is_some_and(|(here, there)| here != there)),
                    ("hosting", network.is_hosting() && !view.own.has(&network)),
                ];
                let signs = signs.into_iter().filter(|(_, differs)| *differs).map(|(name, _)| name).gather();
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
    let mut ending = String::new();
    for (sign, words) in [
        ("both at a time", " The token was used here and there in turn."),
        ("hosting", RENTED),
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
    let issued = Evidence { role: "issued", event: origin.event };
    let tokens: Set<Id> = uses.iter().map(|item| item.token).gather();
    let severity = if sure || program { Severity::High } else { Severity::Low };
    let told = Told {
        variant: "replay",
        weight: (severity, if sure { Confidence::High } else { Confidence::Medium }),
        why: format!(
            "A token that {} got from {} at {} was used from {} {} later.{ending}",
            who(view),
            place(Some(origin.network)),
            moment(origin.time),
            place(Some(told.network)),
            duration(told.time - origin.time),
        ),
        what: "One token in two places",
        evidence: std::iter::once(issued)
            .chain(activities("used elsewhere", uses.iter().take(LISTED).map(|item| item.number)))
            .collect(),
        facts: json!({
            "tokens": tokens.len(),
            "uses": uses.len(),
            "signs": signs,
            "seconds": (first.time - origin.time) / 1_000_000,
        }),
    };
    Some(of(detection, view, origin.session, token.unwrap_or(Id::EMPTY), told))
}
