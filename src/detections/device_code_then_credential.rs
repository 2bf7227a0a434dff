//! A credential or device registered soon after a device-code sign-in.
//!
//! # What it looks for
//! A successful device-code sign-in, then within a window a successful registration by or for the
//! same user: security info, Windows Hello for Business, a passkey, passwordless phone sign-in, a
//! Temporary Access Pass, or a device. The transfer method sticks to a session, so its later tokens
//! are the same sign-in's: the earliest stands for all, and there is one finding a session.
//!
//! # Why it matters
//! A phished device code gives a session that ends when it is revoked. A method or device of the
//! thief's own outlives the password reset: registering one is what they do first.
//!
//! # Evidence it needs
//! Sign-ins with authentication protocol or original transfer method, and the directory audit log.
//! The networks of both decide how bad it is: high where they differ, low where they are the same,
//! medium where it cannot be told (the audit log often has no address, or that of a server of
//! Microsoft's), and where the user is often seen in both. Two machines on one hosting network are medium too.
//!
//! # Benign causes
//! * A new phone or laptop is set up: its first sign-in is by device code, then it registers.
//! * A technician enrols a device for the user from the organisation's network.
//!
//! # Tuning
//! `window-hours` is how long after the sign-in a registration counts.
//!
//! # What to ask
//! * Did the user register a new method or device at this time?
//! * Do they know the device or phone that was registered?
//!
//! # What to do
//! * Remove the method or device, then revoke sessions and reset the password, in this order.
//! * Look for sign-ins that used what was registered.
//!
//! # References
//! * ATT&CK T1098.005, T1556.006
//! * Microsoft, Storm-2372 conducts device code phishing campaign

use crate::order::Set;

use serde::Serialize;
use serde_json::json;

use crate::events::field::Field;
use crate::events::vocabulary::Protocol;
use crate::events::{Audit, SignIn, Store};
use crate::order::Gather;
use crate::sessions::{Familiarity, Session, SessionKind, View};
use crate::tenant::same_network;

use super::device::is_by_device_code;
use super::evidence::{audits, duration, facts, id_text, in_order, moment, place, sign_ins, who};
use super::registrations::{Registered, registered};
use super::windows::within;
use super::{Ask, Confidence, Detection, Finding, Group, Records, Severity, Subject, Tunable, Tuning};

const ID: &str = "device-code-then-credential";
const HOUR: i64 = 3_600_000_000;

pub(super) static DETECTION: Detection = Detection {
    id: ID,
    title: "Credential or device registered after a device code",
    group: Group::Token,
    records: &[Records::UserSignIns, Records::Audits],
    helped_by: &[(Records::NonInteractive, "the machine that polls for the code may show only there")],
    needs: &[&[Field::Protocol, Field::Transfer], &[Field::Result]],
    wants: &[Field::Address, Field::Asn, Field::SessionId],
    history_days: 0,
    tunables: &[Tunable::number("window-hours", "48", "how long after the sign-in a registration counts, inclusive")],
    prepare,
    kql: include_str!("device_code_then_credential.kql"),
    file: "device_code_then_credential",
};

/// Registrations that a finding lists; all are counted.
const LISTED: usize = 100;

/// How the registration's network compares with that of the device-code sign-in.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
enum Networks {
    Same,
    /// Two, and the user is known in both.
    Known,
    Unknown,
    Different,
}

/// The sign-in that a session of device code began with, as far as the export shows it, and its number.
type Origin<'a> = (u32, &'a SignIn);

fn prepare<'a>(_: &'a Store, tuning: &'a Tuning) -> Ask<'a> {
    let window = tuning.number(ID, "window-hours").unwrap_or(48).saturating_mul(HOUR);
    Box::new(move |subject, found| {
        let view = subject.view;
        if view.sessions.is_empty() {
            return;
        }
        let registered: Vec<Registered<'_>> = registered(view).collect();
        if registered.is_empty() {
            return;
        }
        let mut begun = false;
        for (index, session) in view.sessions.iter().enumerate() {
            let Some(origin) = origin(view, session) else { continue };
            if session.kind == SessionKind::Inferred && std::mem::replace(&mut begun, true) && is_later_token(origin.1)
            {
                // Without session ids a refresh cannot be tied to its sign-in; it begins no story of its own.
                continue;
            }
            let span = origin.1.time..=origin.1.time.saturating_add(window);
            let after = within(&registered, span, |item| item.row.time);
            if !after.is_empty() {
                found.push(finding(subject, index, session, origin, after));
            }
        }
    })
}

fn origin<'a>(view: &View<'a>, session: &Session) -> Option<Origin<'a>> {
    let mut rows = view.rows(&session.sign_ins);
    rows.find(|(_, row)| is_by_device_code(row) && row.stream().is_user() && view.succeeded(row))
}

/// Whether a token came in: then the device code itself was typed before.
fn is_later_token(row: &SignIn) -> bool {
    row.protocol != Protocol::DEVICE_CODE && row.incoming.is_token()
}

/// The record that tells where a registration came from. One act writes several, of which the first alone does.
fn telling<'a>(view: &View<'_>, item: &Registered<'a>, all: &[Registered<'a>]) -> &'a Audit {
    let act = item.row.correlation;
    let tells = |row: &&Audit| view.network_of_audit(row).is_some();
    let of_act = all.iter().map(|other| other.row).filter(|row| act.has_value() && row.correlation == act);
    std::iter::once(item.row).chain(of_act).find(tells).unwrap_or(item.row)
}

/// Microsoft's own addresses say nothing of where a person was, on either side.
fn compare(subject: &Subject<'_>, sign_in: &SignIn, registered: &Audit) -> Networks {
    let view = subject.view;
    let known = |row: &SignIn| {
        view.network(row).is_some_and(|network| view.own.has(&network))
            || subject.familiar.network(view, row) == Familiarity::Familiar
    };
    let near = || view.nearest(registered.address, registered.time).and_then(|number| view.store.sign_in(number));
    let from = view.network(sign_in).filter(|network| network.microsoft().is_none());
    match same_network(from, view.network_of_audit(registered)) {
        Some(true) => Networks::Same,
        Some(false) if known(sign_in) && near().is_some_and(known) => Networks::Known,
        Some(false) => Networks::Different,
        None => Networks::Unknown,
    }
}

/// Facts: `networks`, how those of sign-in and registrations compare at worst; `pairs`, the ids of
/// the sign-in and each registration, up to 100; `registrations`, how many; `registered`, what;
/// `begins_in_export`, whether the sign-in itself is there or only a later token of it.
fn finding(
    subject: &Subject<'_>,
    index: usize,
    session: &Session,
    origin: Origin<'_>,
    after: &[Registered<'_>],
) -> Finding {
    let view = subject.view;
    let compared = after.iter().map(|item| (compare(subject, origin.1, telling(view, item, after)), item));
    let compared: Vec<(Networks, &Registered<'_>)> = compared.collect();
    // The earliest of the worst is told.
    let worst = compared.iter().rev().max_by_key(|(networks, _)| *networks);
    let networks = worst.map_or(Networks::Unknown, |(networks, _)| *networks);
    let hosted = |network: Option<crate::tenant::Network>| network.is_some_and(|network| network.is_hosting());
    let hosting = hosted(view.network(origin.1)) || after.iter().any(|item| hosted(view.network_of_audit(item.row)));
    let begins = !is_later_token(origin.1);
    let (severity, confidence) = match networks {
        Networks::Different if hosting && begins => (Severity::High, Confidence::High),
        Networks::Different => (Severity::High, Confidence::Medium),
        Networks::Unknown => (Severity::Medium, Confidence::Low),
        Networks::Known => (Severity::Medium, Confidence::Medium),
        Networks::Same if hosting => (Severity::Medium, Confidence::Medium),
        Networks::Same => (Severity::Low, Confidence::Medium),
    };
    let listed = after.get(..LISTED).unwrap_or(after);
    let evidence =
        sign_ins("device-code", [origin.0]).chain(audits("registration", listed.iter().map(|item| item.number)));
    let id = id_text(view, origin.0);
    let pairs: Vec<(&str, String)> =
        listed.iter().map(|item| (id.as_str(), item.row.id.display(&view.store.texts))).collect();
    let registered: Set<&str> = after.iter().map(|item| item.what.label).gather();
    let what = worst.map_or("a credential", |(_, item)| item.what.label);
    Finding {
        detection: ID,
        variant: "exact",
        strand: "exact",
        severity,
        confidence,
        session: Some(index),
        anchor: session.anchor,
        title: format!("Device code, then {what} registered"),
        why: worst.map_or_else(String::new, |(_, item)| explain(view, origin, item, after.len(), networks)),
        what: "Registered after device code",
        evidence: in_order(view, evidence.collect()),
        facts: facts(json!({
            "networks": networks,
            "pairs": pairs,
            "registrations": after.len(),
            "registered": registered,
            "begins_in_export": begins,
        })),
    }
}

fn explain(view: &View<'_>, origin: Origin<'_>, told: &Registered<'_>, count: usize, networks: Networks) -> String {
    let verb = if is_later_token(origin.1) { "used a device-code session" } else { "signed in by device code" };
    let from = view.network_of_audit(told.row).map(|network| network.label());
    let mut text = format!(
        "{} {verb} from {} at {}. {} later {} was registered for the user, from {}.",
        who(view),
        place(view.network(origin.1)),
        moment(origin.1.time),
        duration(told.row.time - origin.1.time),
        told.what.label,
        from.unwrap_or_else(|| "an address that the audit log does not tell".to_owned()),
    );
    match count {
        0 | 1 => {}
        2 => text.push_str(" One more registration followed within the window."),
        more => text.push_str(&format!(" {} more registrations followed within the window.", more - 1)),
    }
    text.push_str(match networks {
        Networks::Same => " Both came from the same network.",
        Networks::Known => " The two networks differ, and the user is often seen in both.",
        Networks::Unknown => " Whether both came from one network cannot be told.",
        Networks::Different => " The two networks differ: whoever registered it was not where the code was redeemed.",
    });
    text
}
