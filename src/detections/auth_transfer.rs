//! A session that was handed over to another device by a QR code.
//!
//! # What it looks for
//! A success whose protocol or original transfer method is authentication transfer. It is compared with
//! the sign-in it came from: the user's last success of another session within `window-minutes` before.
//! One finding a session.
//!
//! # Why it matters
//! Whoever scans the code that a signed-in program shows is signed in as that user, without password
//! and second factor. Shown to somebody else, or fetched by a thief on the user's computer, it is a
//! session given away.
//!
//! # Evidence it needs
//! User sign-ins with authentication protocol or original transfer method; addresses and countries of
//! both sides make it a matter of who holds the other device.
//!
//! # Benign causes
//! * Outlook or Teams set up on the user's own phone: often in another network, the carrier's, and in
//!   the same country.
//!
//! # Tuning
//! `window-minutes` between the sign-in that the code came from and the one it made.
//!
//! # What to ask
//! * Did the user set up a phone by scanning a code at that time?
//!
//! # What to do
//! * Revoke the session if nobody knows the device.
//! * Block authentication transfer by conditional access where nobody needs it.
//!
//! # References
//! * ATT&CK T1550
//! * Microsoft, Authentication flows as a condition

use serde_json::json;

use crate::events::field::Field;
use crate::events::vocabulary::{Protocol, Transfer};
use crate::events::{SignIn, Store};
use crate::sessions::{Holder, Session, View};

use super::evidence::{duration, facts, in_order, moment, place, sign_ins, who};
use super::{Ask, Confidence, Detection, Finding, Group, Records, Severity, Tunable, Tuning};

const ID: &str = "auth-transfer";
/// Sign-ins that a finding shows; all are counted.
const LISTED: usize = 200;

pub(super) static DETECTION: Detection = Detection {
    id: ID,
    title: "Session handed over by QR code",
    group: Group::Token,
    records: &[Records::UserSignIns],
    helped_by: &[(Records::NonInteractive, "the sign-in that the code came from may show only there")],
    needs: &[&[Field::Protocol, Field::Transfer], &[Field::Result]],
    wants: &[Field::Address, Field::Asn, Field::Country, Field::SessionId],
    history_days: 0,
    tunables: &[Tunable::number("window-minutes", "15", "longest time between the two sign-ins, inclusive")],
    prepare,
    kql: include_str!("auth_transfer.kql"),
    file: "auth_transfer",
};

fn prepare<'a>(_: &'a Store, tuning: &'a Tuning) -> Ask<'a> {
    let window = tuning.number(ID, "window-minutes").unwrap_or(15).saturating_mul(60_000_000);
    Box::new(move |subject, found| {
        for (index, session) in subject.view.sessions.iter().enumerate() {
            found.extend(look(subject.view, index, session, window));
        }
    })
}

fn is_transfer(row: &SignIn) -> bool {
    row.protocol == Protocol::AUTHENTICATION_TRANSFER || row.transfer == Transfer::AUTHENTICATION_TRANSFER
}

/// The user's last success of another session before, which was no transfer itself.
fn sender<'a>(view: &View<'a>, index: usize, received: &SignIn, window: i64) -> Option<(u32, &'a SignIn)> {
    let before = view.sign_ins.partition_point(|number| {
        view.store.sign_in(*number).is_some_and(|row| row.time < received.time.saturating_sub(window))
    });
    view.rows(view.sign_ins.get(before..).unwrap_or_default())
        .take_while(|(_, row)| row.order() < received.order())
        .filter(|(_, row)| row.stream().is_user() && view.succeeded(row) && !is_transfer(row))
        .filter(|(number, _)| view.session_of(*number) != Some(index))
        .last()
}

/// Facts: `changed`, what differs from the sign-in it came from, empty where that is not in the export; `sign_ins`, how many
/// the received session has; `seconds`, between the two.
fn look(view: &View<'_>, index: usize, session: &Session, window: i64) -> Option<Finding> {
    let received: Vec<(u32, &SignIn)> = view
        .rows(&session.sign_ins)
        .filter(|(_, row)| row.stream().is_user() && view.succeeded(row) && is_transfer(row))
        .collect();
    let &(_, first) = received.first()?;
    let sender = sender(view, index, first, window);
    let likeness = sender.map(|(_, row)| Holder::of(view, first).compare(&Holder::of(view, row)));
    let elsewhere = likeness.is_some_and(|likeness| likeness.network == Some(false) && likeness.country == Some(false))
        && !view.network(first).is_some_and(|network| network.is_microsoft());
    let from = sender.map_or_else(
        || " The sign-in that the code came from is not in these exports.".to_owned(),
        |(_, row)| {
            format!(
                " {} before, the user was signed in from {}{}.",
                duration(first.time - row.time),
                place(view.network(row)),
                if elsewhere { ", in another country" } else { "" },
            )
        },
    );
    let evidence = sign_ins("received", received.iter().take(LISTED).map(|(number, _)| *number))
        .chain(sign_ins("sender", sender.map(|(number, _)| number)));
    Some(Finding {
        detection: ID,
        variant: "transfer",
        strand: "transfer",
        severity: if elsewhere { Severity::High } else { Severity::Low },
        confidence: match likeness {
            None => Confidence::Low,
            Some(_) => Confidence::Medium,
        },
        session: Some(index),
        anchor: session.anchor,
        title: DETECTION.title.to_owned(),
        why: format!(
            "{} was signed in to {} by authentication transfer from {} at {}.{from}",
            who(view),
            view.app_name(first.app),
            place(view.network(first)),
            moment(first.time),
        ),
        what: "Session handed over by QR code",
        evidence: in_order(view, evidence.collect()),
        facts: facts(json!({
            "changed": likeness.map(|likeness| likeness.changed()).unwrap_or_default(),
            "sign_ins": received.len(),
            "seconds": sender.map(|(_, row)| (first.time - row.time) / 1_000_000),
        })),
    })
}
