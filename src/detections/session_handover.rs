//! A session that went on from another hand.
//!
//! # What it looks for
//! One session of one user, used with success from another network than ever before in it, where
//! country, device or agent family is another, too, than with every earlier holder. The network is
//! neither Microsoft's nor the tenant's own. Beside it, whatever the network: an application whose
//! sign-ins carried a device id in this session goes on without it, or with another, from another
//! agent family (*device-lost*). And acts in mailbox, files or Microsoft Graph that carry the session's id,
//! from a network that none of its sign-ins came from, by another program or device (*acts*); what
//! applications do from servers on the user's behalf is left out. Where no sign-in of these exports has
//! a network number (Defender's tables), a later success of the session from another address in another
//! country by another machine stands for a handover (*by-country*): medium, and hardly sure.
//!
//! # Why it matters
//! A session belongs to one browser or device. Cookies and tokens that are copied carry the session
//! with them: password and second factor were given long before, and nobody is asked again.
//!
//! # Evidence it needs
//! Sign-ins with session id, address and network number; country, device and agent say whose hands
//! they are. High where country and machine changed, device and agent both, or machine and a hosting
//! network; medium where one of them did; low on a device or network that is familiar for the user.
//! A network alone never counts, for phones roam. Sessions guessed from other ids are not asked.
//!
//! # Benign causes
//! * A traveller: the same device and agent in another country. That is medium at most.
//! * A private VPN on the user's own device. That is medium at most, low where both name the device and the network
//!   is a VPN service's.
//! * A virtual desktop or remote browser that takes the user's sign-in over.
//!
//! # Tuning
//! Nothing to tune. There is no window, for a stolen session can sleep: the facts say how long this
//! one had been silent.
//!
//! # What to ask
//! * Where was the user at the time of the handover, and on which machine?
//! * Does the user work through a VPN or a virtual desktop?
//!
//! # What to do
//! * Revoke the user's sessions: a new password alone does not end this one.
//! * Look through what the other hand reached, in this session and from its address.
//! * Require token protection, or sign-in frequency with a compliant device.
//!
//! # References
//! * ATT&CK T1539, T1550.004
//! * Elastic, Panther, Microsoft Sentinel: one session from several addresses
//! * Microsoft, Token theft playbook

use serde_json::json;

use crate::events::field::Field;
use crate::events::{Id, Store};
use crate::order::{Gather, Set};
use crate::sessions::{Hands, Holder, Holding, Likeness, Session, SessionKind, Side, View, hands};

use super::evidence::{changed, duration, hand, id_text, moment, sign_ins, who};
use super::places::RENTED;
use super::tokens::is_nowhere;
use super::told::{Told, Weight, of_session};
use super::{Ask, Confidence, Detection, Finding, Group, Records, Severity, Subject, Tuning};
use super::{device_lost, handover_acts, handover_by_country};

pub(super) static DETECTION: Detection = Detection {
    id: "session-handover",
    title: "Session went on from another hand",
    group: Group::Token,
    records: &[Records::UserSignIns],
    helped_by: &[
        (Records::NonInteractive, "a copied session goes on there, and the interactive log stays clean"),
        (Records::Activities, "what a copied session was used for may show there only, without any sign-in"),
    ],
    needs: &[&[Field::SessionId], &[Field::Address], &[Field::Result]],
    wants: &[Field::Asn, Field::Country, Field::DeviceId, Field::Agent],
    history_days: 0,
    tunables: &[],
    prepare,
    kql: include_str!("session_handover.kql"),
    file: "session_handover",
};

fn prepare<'a>(_: &'a Store, _: &'a Tuning) -> Ask<'a> {
    Box::new(move |subject, found| {
        let acts = handover_acts::by_session(subject.view);
        let sessions = subject.view.sessions.iter().enumerate();
        for (index, session) in sessions.filter(|(_, session)| session.kind == SessionKind::Session) {
            let acts = acts.get(&index);
            let two_places = has_two_places(subject.view, session);
            if acts.is_none() && !two_places {
                continue;
            }
            // Most sessions stay in one hand: what is familiar is asked only of the others.
            let hands = (acts.is_some() || subject.view.changes_hands(session))
                .then(|| hands(subject.view, session, subject.familiar));
            let looked_at = acts.zip(hands.as_ref());
            found.extend(looked_at.and_then(|(acts, hands)| handover_acts::look(subject, index, session, hands, acts)));
            if !two_places {
                continue;
            }
            let moves: Vec<Move> = hands.map_or_else(Vec::new, |hands| moves(subject, &hands));
            let told: Set<u32> = moves.iter().flat_map(|step| step.other.iter().copied()).gather();
            found.extend(handover(subject.view, index, &moves));
            if moves.is_empty() && is_nowhere(subject.view, Field::Asn) {
                found.extend(handover_by_country::look(subject, index, session));
            }
            found.extend(device_lost::look(subject, index, session, &told));
        }
    })
}

/// Most sessions know one place: they are not looked at further.
fn has_two_places(view: &View<'_>, session: &Session) -> bool {
    let mut profiles = view.rows(&session.sign_ins).map(|(_, row)| (row.address, row.location, row.device, row.agent));
    let first = profiles.next();
    profiles.any(|profile| Some(profile) != first)
}

/// A session went from one hand to another.
struct Move {
    weight: Weight,
    reason: &'static str,
    /// The last sign-in of the earlier holder who is most alike.
    before: u32,
    /// The first success of the new holder.
    at: u32,
    likeness: Likeness,
    /// Between the session's sign-in before the handover and the handover, in microseconds.
    silence: i64,
    /// Sign-ins of the new holder from then on.
    other: Vec<u32>,
    /// The session came to the user's own hand: another had it before.
    returned: bool,
}

fn moves(subject: &Subject<'_>, hands: &Hands) -> Vec<Move> {
    let changes: Set<u32> = hands.changes.iter().copied().gather();
    let later = hands.holdings.iter().enumerate();
    let changed = later.filter(|(_, new)| new.sign_ins.first().is_some_and(|first| changes.contains(first)));
    changed.filter_map(|(place, new)| step(subject, &hands.holdings, place, new)).collect()
}

fn step(subject: &Subject<'_>, all: &[Holding], place: usize, new: &Holding) -> Option<Move> {
    let (view, earlier) = (subject.view, all.get(..place)?);
    let (at, row) = view.rows(&new.sign_ins).find(|(_, row)| view.succeeded(row))?;
    // The holder who is most alike decides, of equals the one who came last.
    let compared = earlier.iter().map(|holding| (new.holder.compare(&holding.holder), holding));
    let (mut likeness, alike) = compared.rev().min_by_key(|(likeness, _)| likeness.differences())?;
    // A managed device in a session that had none is a machine that was enrolled, not another's. And brokers leave
    // the id out now and then: the device is there all the same where others of this network name it.
    let is_unnamed = |holder: &Holder| holder.device.is_some_and(|device| !device.has_value());
    let gained = is_unnamed(&alike.holder) && view.store.device(row.device).is_managed(&view.store.texts);
    let named = |holding: &Holding| {
        let holder = &holding.holder;
        holder.device == alike.holder.device && new.holder.compare(holder).network == Some(true)
    };
    if gained || is_unnamed(&new.holder) && likeness.agent == Some(true) && all.iter().any(named) {
        likeness.device = None;
    }
    let returned = new.side == Side::Owner && alike.side == Side::Other;
    // Whose place is judged: that of the hand which is not the user's.
    let other = if returned { &alike.holder } else { &new.holder };
    let network = other.network.filter(|network| !network.is_microsoft() && !view.own.has(network))?;
    let (severity, confidence, reason) = weigh(&likeness, &new.holder, network.is_hosting())?;
    let familiar = new.side == Side::Owner && !returned;
    let same_device = likeness.device == Some(true) && new.holder.device.is_some_and(Id::has_value);
    let (severity, reason) = if familiar {
        (Severity::Low, "familiar for the user")
    } else if reason == "country" && same_device && network.is_vpn() {
        (Severity::Low, "VPN on the same device")
    } else {
        (severity, reason)
    };
    let last = |holding: &Holding| {
        let before = view.rows(&holding.sign_ins).take_while(|(_, other)| other.order() < row.order());
        before.last().map(|(number, other)| (number, other.time))
    };
    let (before, _) = last(alike)?;
    let latest = earlier.iter().filter_map(last).map(|(_, time)| time).max()?;
    let after = view.rows(&new.sign_ins).filter(|(_, other)| other.order() >= row.order());
    let other = after.map(|(number, _)| number).collect();
    let (weight, silence) = ((severity, confidence), row.time - latest);
    Some(Move { weight, reason, before, at, likeness, silence, other, returned })
}

/// How bad it is by what differs; nothing where only the network does. A tool on the user's own
/// device is another agent by nature: there it is less sure.
pub(super) fn weigh(likeness: &Likeness, new: &Holder, hosting: bool) -> Option<(Severity, Confidence, &'static str)> {
    let same_device = likeness.device == Some(true) && new.device.is_some_and(Id::has_value);
    let sure = if same_device { Confidence::Medium } else { Confidence::High };
    let [country, device, agent] = [likeness.country, likeness.device, likeness.agent].map(|same| same == Some(false));
    let machine = device || agent;
    Some(match likeness.differences() {
        0 => return None,
        2.. if country => (Severity::High, sure, "country and machine"),
        2.. => (Severity::High, Confidence::High, "device and agent"),
        1 if machine && hosting => (Severity::High, sure, "machine, from a hosting network"),
        1 if device => (Severity::Medium, Confidence::Medium, "device"),
        1 if agent => (Severity::Medium, Confidence::Medium, "agent"),
        _ => (Severity::Medium, Confidence::Medium, "country"),
    })
}

/// Facts: `reason`, what decided; `changed`, what differs from the earlier holder; `silence_minutes`,
/// how long the session had been silent; `before` and `at`, the two sign-ins; `handovers`, how many;
/// `returned`, whether the user's own hand came after the other.
fn handover(view: &View<'_>, index: usize, moves: &[Move]) -> Option<Finding> {
    let worst = moves.iter().rev().max_by_key(|step| step.weight)?;
    let (first, second) = view.store.sign_in(worst.before).zip(view.store.sign_in(worst.at))?;
    let ending = match (worst.returned, worst.reason) {
        (true, _) => " The later place is one that the user knows: another hand seems to have had the session before.",
        (_, "familiar for the user") => " The user has often used the later device or network.",
        (_, "machine, from a hosting network") => RENTED,
        (_, "VPN on the same device") => " It is the same device, behind a VPN service.",
        (_, "country") => " Device and program look the same: it may be a traveller or a VPN.",
        _ => " A session belongs to one machine; a copied one goes on like this.",
    };
    let told = Told {
        variant: "handover",
        weight: worst.weight,
        why: format!(
            "The session of {} was used from {}; from {} on it was used from {}, after {} of silence. {}{ending}",
            who(view),
            hand(view, first),
            moment(second.time),
            hand(view, second),
            duration(worst.silence),
            changed(&worst.likeness),
        ),
        what: "Session in another hand",
        evidence: sign_ins("handover", moves.iter().map(|step| step.at))
            .chain(sign_ins("other hand", moves.iter().flat_map(|step| step.other.iter().copied())))
            .chain(sign_ins("before", moves.iter().map(|step| step.before)))
            .collect(),
        facts: json!({
            "reason": worst.reason,
            "changed": worst.likeness.changed(),
            "silence_minutes": worst.silence / 60_000_000,
            "before": id_text(view, worst.before),
            "at": id_text(view, worst.at),
            "handovers": moves.len(),
            "returned": worst.returned,
        }),
    };
    Some(of_session(&DETECTION, view, index, told))
}
