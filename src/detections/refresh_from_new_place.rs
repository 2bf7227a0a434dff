//! A refresh token redeemed from a place that is new for the user.
//!
//! # What it looks for
//! A non-interactive success with a refresh token or primary refresh token from a network and a country
//! that are both unfamiliar for the user, while the interactive start of the session, or else the
//! user's last interactive success within `window-hours`, was in another network and country. Across
//! sessions only programs of one system are compared, and tools with any: a phone abroad and the laptop
//! at home are two machines of one person.
//!
//! Where no sign-in of these exports tells the type of the token (Defender's tables), any success that
//! a client made for the user counts (*by-stream*): one level milder, and hardly sure. Networks without
//! a number are told apart by address and country.
//!
//! # Why it matters
//! This is the blind spot of the interactive log: whoever holds a refresh token never signs in, and
//! the interactive log of the user stays clean. In many exports only these records show the thief.
//!
//! # Evidence it needs
//! Both streams of user sign-ins with incoming token type (or at least the stream), address, network number and country, over
//! enough days to say what is familiar. Medium for mail, files, Microsoft Graph or Azure management,
//! low for others and on the user's own familiar device; high from a hosting network, or with another
//! agent and without the managed device of before. Through a VPN service medium, where the same program on the
//! same device had the session before.
//!
//! # Benign causes
//! * A traveller whose laptop or phone refreshes its tokens on arrival.
//! * A private VPN that is switched on in the middle of the day.
//!
//! # Tuning
//! `window-hours` is how far back the user's last interactive sign-in counts.
//!
//! # What to ask
//! * Where was the user at this time, and did they travel or use a VPN?
//! * Does the user have a program or service that signs in for them elsewhere?
//!
//! # What to do
//! * Revoke the user's sessions: refresh tokens outlive a new password on some clients.
//! * Look through what was reached from that address by this user and by others.
//!
//! # References
//! * ATT&CK T1550.001
//! * Microsoft, Token theft playbook
//! * Cloud-Architekt, Token replay and refresh from unfamiliar places

use serde_json::json;

use crate::events::field::Field;
use crate::events::vocabulary::{IncomingToken, Stream};
use crate::events::{Guid, SignIn, Store};
use crate::knowledge::apps;
use crate::order::Gather;
use crate::sessions::{Familiarity, HISTORY_DAYS, Holder, Session, SessionKind, View};
use crate::tenant::same_network;

use super::evidence::{duration, facts, id_text, in_order, moment, place, sign_ins, token, who};
use super::places::outside;
use super::tokens::Tokens;
use super::{Ask, Confidence, Detection, Finding, Group, Records, Severity, Subject, Tunable, Tuning};

const ID: &str = "refresh-from-new-place";

pub(super) static DETECTION: Detection = Detection {
    id: ID,
    title: "Token refreshed from a place that is new",
    group: Group::Token,
    records: &[Records::NonInteractive],
    helped_by: &[],
    needs: &[&[Field::IncomingToken, Field::Stream], &[Field::Address], &[Field::Country], &[Field::Result]],
    wants: &[Field::Asn, Field::SessionId, Field::DeviceId, Field::ResourceId],
    history_days: HISTORY_DAYS,
    tunables: &[Tunable::number("window-hours", "24", "hours in which the last interactive sign-in counts")],
    prepare,
    kql: include_str!("refresh_from_new_place.kql"),
    file: "refresh_from_new_place",
};

const HOUR: i64 = 3_600_000_000;
/// Where mail, files and the directory are.
const SENSITIVE: [Guid; 5] = [
    apps::MICROSOFT_GRAPH,
    apps::AZURE_MANAGEMENT,
    apps::EXCHANGE_ONLINE,
    apps::SHAREPOINT_ONLINE,
    apps::AZURE_AD_GRAPH,
];

fn prepare<'a>(_: &'a Store, tuning: &'a Tuning) -> Ask<'a> {
    let window = tuning.number(ID, "window-hours").unwrap_or(24).saturating_mul(HOUR);
    Box::new(move |subject, found| {
        let interactive: Vec<(u32, &SignIn)> = subject
            .view
            .sign_ins()
            .filter(|(_, row)| row.stream() == Stream::Interactive && subject.view.succeeded(row))
            .collect();
        if !interactive.is_empty() {
            let sessions = subject.view.sessions.iter().enumerate();
            let rule = (Tokens::of(subject.view), window);
            found.extend(sessions.filter_map(|(index, session)| look(subject, index, session, &interactive, rule)));
        }
    })
}

/// A refresh from elsewhere, how bad it is, and the interactive sign-in it is compared with.
struct Refresh<'a> {
    number: u32,
    row: &'a SignIn,
    start: u32,
    severity: Severity,
    confidence: Confidence,
    reason: &'static str,
}

/// Facts: `reason`, what decided; `start`, the interactive sign-in compared with; `refreshes`, how many
/// from new places; `hours_after`, between the two.
fn look(
    subject: &Subject<'_>,
    index: usize,
    session: &Session,
    interactive: &[(u32, &SignIn)],
    (tokens, window): (Tokens, i64),
) -> Option<Finding> {
    let view = subject.view;
    let mut rows = view.rows(&session.sign_ins).filter(|(_, row)| row.stream() == Stream::Interactive);
    let own = rows.find(|(_, row)| session.id.has_value() && tokens.none(row) && view.succeeded(row));
    let refreshes: Vec<Refresh<'_>> = view
        .rows(&session.sign_ins)
        .filter(|(_, row)| is_refresh(tokens, view, row))
        .filter_map(|(number, row)| {
            let last = interactive.partition_point(|(_, other)| other.time <= row.time).checked_sub(1);
            let last =
                last.and_then(|place| interactive.get(place)).filter(|(_, other)| row.time - other.time <= window);
            let own = own.filter(|(_, start)| start.time <= row.time);
            let start = own.or_else(|| last.copied())?;
            judge(tokens, subject, session, number, row, start, own.is_some())
        })
        .collect();
    let worst = refreshes.iter().rev().max_by_key(|refresh| (refresh.severity, refresh.confidence))?;
    let start = view.store.sign_in(worst.start)?;
    let because = match worst.reason {
        "vpn" => {
            " That is the exit of a VPN service, which people turn on in the midst of a session; that it was another machine is not to be seen."
        }
        "hosting" => " That is a hosting or VPN network, where people seldom sit.",
        "device lost" => " The managed device of the sign-in did not come along.",
        "familiar device" => " It is a device that the user often uses.",
        _ => "",
    };
    let evidence = sign_ins("refresh", refreshes.iter().map(|refresh| refresh.number))
        .chain(sign_ins("sign-in", refreshes.iter().map(|refresh| refresh.start)));
    Some(Finding {
        detection: ID,
        variant: tokens.variant("refresh"),
        strand: "refresh",
        severity: worst.severity,
        confidence: worst.confidence,
        session: Some(index),
        anchor: session.anchor,
        title: DETECTION.title.to_owned(),
        why: format!(
            "{} presented {} of {} from {} at {}, in a network and a country where the user was never seen before. They had signed in from {} {} earlier. The interactive log does not show it.{because}{}",
            view.app_name(worst.row.app),
            token(worst.row.incoming),
            who(view),
            place(view.network(worst.row)),
            moment(worst.row.time),
            place(view.network(start)),
            duration(worst.row.time - start.time),
            tokens.words(),
        ),
        what: "Token refreshed from a new place",
        evidence: in_order(view, evidence.collect()),
        facts: facts(json!({
            "reason": worst.reason,
            "start": id_text(view, worst.start),
            "refreshes": refreshes.len(),
            "hours_after": (worst.row.time - start.time) / HOUR,
        })),
    })
}

fn is_refresh(tokens: Tokens, view: &View<'_>, row: &SignIn) -> bool {
    let wanted = IncomingToken(IncomingToken::REFRESH_TOKEN.0 | IncomingToken::PRIMARY_REFRESH_TOKEN.0);
    row.stream() == Stream::NonInteractive && tokens.any_of(row, wanted) && view.succeeded(row) && !view.by_server(row)
}

/// Whether the session came to this network on the machine that had it before, by program and device: it is what
/// turning a VPN on looks like. Brokers leave a device's id out now and then; one sign-in from there tells it.
fn went_on(view: &View<'_>, session: &Session, row: &SignIn) -> bool {
    let there = view.network(row);
    let all = || view.rows(&session.sign_ins).filter(|(_, other)| view.succeeded(other));
    let before: Vec<Holder> =
        all().take_while(|(_, other)| other.order() < row.order()).map(|(_, other)| Holder::of(view, other)).gather();
    let here = all().map(|(_, other)| Holder::of(view, other));
    here.filter(|holder| same_network(holder.network, there) == Some(true)).any(|now| {
        before.iter().map(|holder| now.compare(holder)).any(|likeness| {
            [likeness.network, likeness.agent, likeness.device] == [Some(false), Some(true), Some(true)]
        })
    })
}

fn judge<'a>(
    tokens: Tokens,
    subject: &Subject<'_>,
    session: &Session,
    number: u32,
    row: &'a SignIn,
    (start, started): (u32, &SignIn),
    one_session: bool,
) -> Option<Refresh<'a>> {
    let (view, familiar) = (subject.view, subject.familiar);
    if row.address == started.address {
        return None;
    }
    let likeness = Holder::of(view, row).compare(&Holder::of(view, started));
    let elsewhere = tokens.are_apart(&likeness) && likeness.country == Some(false);
    if !elsewhere {
        return None;
    }
    let network = outside(view, row)?;
    let unfamiliar = [familiar.network(view, row), familiar.country(view, row)] == [Familiarity::Unfamiliar; 2];
    let other_machine = likeness.agent == Some(false) && view.agent(row).tool().is_none() && !network.is_hosting();
    if !unfamiliar || (other_machine && !one_session) {
        return None;
    }
    let texts = &view.store.texts;
    let managed = |row: &SignIn| view.store.device(row.device).is_managed(texts);
    // Brokers often leave the device id out: only with another agent is the device lost.
    let lost = managed(started) && !managed(row) && likeness.device == Some(false) && likeness.agent == Some(false);
    let resource = view.store.app(row.resource).id.as_guid();
    let (severity, confidence, reason) = if familiar.device(view, row) == Familiarity::Familiar {
        (Severity::Low, Confidence::Medium, "familiar device")
    } else if network.is_vpn() && (session.kind != SessionKind::Session || went_on(view, session, row)) {
        (Severity::Medium, Confidence::Medium, "vpn")
    } else if network.is_hosting() {
        (Severity::High, Confidence::High, "hosting")
    } else if lost {
        (Severity::High, Confidence::High, "device lost")
    } else if resource.is_some_and(|id| SENSITIVE.contains(&id)) {
        (Severity::Medium, Confidence::Medium, "sensitive resource")
    } else {
        (Severity::Low, Confidence::Medium, "new place")
    };
    let (severity, confidence) = tokens.weigh(severity, confidence);
    Some(Refresh { number, row, start, severity, confidence, reason })
}
