//! The part of *a session that went on from another hand* that shows only in what was done: acts in
//! mailbox, files or Microsoft Graph that carry the session's id, from a hand that none of its sign-ins is of.

use crate::order::{Gather, Map, Set};

use serde_json::json;

use crate::events::sign_in::IdRef;
use crate::events::{Activity, TextId};
use crate::knowledge::apps;
use crate::sessions::{EventRef, Familiarity, Grounds, Hands, Holder, Likeness, Session, SessionKind, View};
use crate::tenant::{Network, same_network};

use super::evidence::{activities, changed, duration, hand, id_text, moment, place, sign_ins, who};
use super::session_handover::{DETECTION, weigh};
use super::told::{Told, Weight, of_session};
use super::{Finding, Severity, Subject};

/// Acts that a finding shows; all are counted.
const LISTED: usize = 200;

/// Addresses of a session that are looked through one by one.
const FEW: usize = 16;

/// Acts by the number of the session whose id they carry, in order of time.
pub(super) type Acts<'a> = Map<usize, Vec<(u32, &'a Activity)>>;

/// Those of sessions of which some came from an address that none of the session's sign-ins did.
pub(super) fn by_session<'a>(view: &View<'a>) -> Acts<'a> {
    let mut acts: Acts<'a> = Map::new();
    // Acts that follow each other mostly carry the same id.
    let mut last: Option<(IdRef, Option<usize>)> = None;
    for (number, row) in view.activities() {
        let named = match last {
            Some((id, named)) if id == row.session => named,
            _ => view.session_named(row.session_id(view.store)),
        };
        last = Some((row.session, named));
        if let Some(session) = named.filter(|_| !is_by_server(view, row)) {
            acts.entry(session).or_default().push((number, row));
        }
    }
    acts.retain(|session, acts| view.sessions.get(*session).is_some_and(|session| is_away(view, session, acts)));
    acts
}

/// Whether an act came from an address that none of a session's sign-ins came from.
fn is_away(view: &View<'_>, session: &Session, acts: &[(u32, &Activity)]) -> bool {
    let mut here: Vec<TextId> = Vec::new();
    for (_, row) in view.rows(&session.sign_ins) {
        if !here.contains(&row.address) {
            here.push(row.address);
        }
        if here.len() > FEW {
            return true;
        }
    }
    acts.iter().any(|(_, row)| !here.contains(&row.address))
}

fn is_by_server(view: &View<'_>, row: &Activity) -> bool {
    view.store.app(row.app).id.as_guid().is_some_and(apps::is_server_side)
}

/// Who did an act, as far as its record says: an act has no country, and a device only where it is named.
fn holder(view: &View<'_>, number: u32, row: &Activity) -> Holder {
    Holder {
        network: view.network_of(EventRef::Activity(number)),
        country: None,
        device: view.store.device(row.device).id.value(),
        agent: view.agent_of_act(row),
    }
}

/// An act of another hand.
struct Elsewhere {
    number: u32,
    time: i64,
    holder: Holder,
    likeness: Likeness,
    weight: Weight,
    reason: &'static str,
    /// Last sign-in of the holder who is most alike, before the act.
    before: u32,
}

/// Facts: `reason`, what decided; `changed`, what differs from the most alike holder of the sign-ins;
/// `acts`, how many from another hand; `of`, how many acts carry the session's id; `before`, the sign-in
/// compared with; `minutes_after`, between the two.
pub(super) fn look(
    subject: &Subject<'_>,
    index: usize,
    session: &Session,
    hands: &Hands,
    acts: &[(u32, &Activity)],
) -> Option<Finding> {
    let view = subject.view;
    if session.kind != SessionKind::Session {
        return None;
    }
    let grounds = Grounds::all(view, &session.sign_ins);
    // Most acts are done where the session's sign-ins come from.
    let here: Set<TextId> = view.rows(&session.sign_ins).map(|(_, row)| row.address).gather();
    let away = acts.iter().filter(|(_, row)| !here.contains(&row.address));
    let found: Vec<Elsewhere> =
        away.filter_map(|(number, row)| judge(subject, &grounds, hands, *number, row)).collect();
    let worst = found.iter().rev().max_by_key(|act| act.weight)?;
    let before = view.store.sign_in(worst.before)?;
    let listed = || found.iter().take(LISTED);
    let told = Told {
        variant: "acts",
        weight: worst.weight,
        why: format!(
            "The session of {} was opened and kept up from {}; at {}, {} after its last sign-in there, it was used from {} by {}, where none of its sign-ins came from. {}",
            who(view),
            hand(view, before),
            moment(worst.time),
            duration(worst.time - before.time),
            place(worst.holder.network),
            worst.holder.agent.label(),
            changed(&worst.likeness),
        ),
        what: "Session used from another hand",
        evidence: activities("act", listed().map(|act| act.number))
            .chain(sign_ins("before", listed().map(|act| act.before)))
            .collect(),
        facts: json!({
            "reason": worst.reason,
            "changed": worst.likeness.changed(),
            "acts": found.len(),
            "of": acts.len(),
            "before": id_text(view, worst.before),
            "minutes_after": (worst.time - before.time) / 60_000_000,
        }),
    };
    let title = "Acts of a session from another hand".to_owned();
    Some(Finding { title, ..of_session(&DETECTION, view, index, told) })
}

fn judge(subject: &Subject<'_>, grounds: &[Network], hands: &Hands, number: u32, row: &Activity) -> Option<Elsewhere> {
    let view = subject.view;
    let here = holder(view, number, row);
    let network = here.network.filter(|network| !network.is_microsoft() && !view.own.has(network))?;
    // No sign-in of the session is from this network, nor from one that cannot be told from it.
    if grounds.is_empty() || !grounds.iter().all(|other| same_network(Some(*other), Some(network)) == Some(false)) {
        return None;
    }
    let until = |number: &u32| view.store.sign_in(*number).is_some_and(|other| other.time <= row.time);
    let before = |rows: &[u32]| rows.get(rows.partition_point(until).checked_sub(1)?).copied();
    let earlier = hands.holdings.iter().filter_map(|holding| Some((holding, before(&holding.sign_ins)?)));
    let compared = earlier.map(|(holding, before)| (here.compare(&holding.holder), before));
    let (likeness, before) = compared.rev().min_by_key(|(likeness, _)| likeness.differences())?;
    let (severity, confidence, reason) = weigh(&likeness, &here, network.is_hosting())?;
    // The user may have signed in from there in another session, often.
    let near = view.nearest(row.address, row.time).and_then(|number| view.store.sign_in(number));
    let known = near.is_some_and(|near| subject.familiar.network(view, near) == Familiarity::Familiar);
    let (severity, reason) = if known { (Severity::Low, "familiar for the user") } else { (severity, reason) };
    Some(Elsewhere { number, time: row.time, holder: here, likeness, weight: (severity, confidence), reason, before })
}
