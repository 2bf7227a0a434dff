//! Somebody opens the page for sign-in methods from a strange network, and a method changes.
//!
//! # What it looks for
//! A success at *My Signins*, the page where people see to their sign-in methods, from a network that is
//! not familiar for the user, and within `window-minutes` a method or device that was registered for the
//! user. One finding a session.
//!
//! # Why it matters
//! After a phished session, the first thing many intruders do by hand is to add a method of their own, so
//! that a new password does not lock them out.
//!
//! # Evidence it needs
//! User sign-ins with applications and addresses, and the directory audit log.
//!
//! # Benign causes
//! * A new phone that is set up on a journey or at a new home.
//!
//! # Tuning
//! `window-minutes` from the page to the registration.
//!
//! # What to ask
//! * Did the user add this method, and where was the user then?
//!
//! # What to do
//! * Remove the method, revoke the sessions, reset the password.
//! * Ask for a known place or device when methods are registered.
//!
//! # References
//! * ATT&CK T1556.006, T1098.005
//! * Microsoft Sentinel, Registration in bulk at My Signins

use serde_json::json;

use crate::events::field::Field;
use crate::events::{SignIn, Store};
use crate::knowledge::apps;
use crate::order::{Gather, Set};
use crate::sessions::{HISTORY_DAYS, Session, View};

use super::evidence::{audits, duration, facts, in_order, moment, place, sign_ins, who};
use super::places::{is_hosting, strange};
use super::registrations::{Registered, registered};
use super::windows::within;
use super::{Ask, Confidence, Detection, Finding, Group, Records, Severity, Subject, Tunable, Tuning};

const ID: &str = "my-signins-bulk-registration";
/// Registrations that a finding shows; all are counted.
const LISTED: usize = 100;

pub(super) static DETECTION: Detection = Detection {
    id: ID,
    title: "Method registered from a strange network",
    group: Group::Directory,
    records: &[Records::UserSignIns, Records::Audits],
    helped_by: &[],
    needs: &[&[Field::AppId], &[Field::Address], &[Field::Result]],
    wants: &[Field::Asn],
    history_days: HISTORY_DAYS,
    tunables: &[Tunable::number("window-minutes", "15", "minutes from the page to the registration, inclusive")],
    prepare,
    kql: include_str!("my_signins_bulk_registration.kql"),
    file: "my_signins_bulk_registration",
};

fn prepare<'a>(_: &'a Store, tuning: &'a Tuning) -> Ask<'a> {
    let window = tuning.number(ID, "window-minutes").unwrap_or(15).saturating_mul(60_000_000);
    Box::new(move |subject, found| {
        let view = subject.view;
        if view.sessions.is_empty() {
            return;
        }
        let registered: Vec<Registered<'_>> = registered(view).collect();
        if !registered.is_empty() {
            for (index, session) in view.sessions.iter().enumerate() {
                found.extend(look(subject, index, session, &registered, window));
            }
        }
    })
}

/// The page, from a network where the user is a stranger.
fn is_strange(subject: &Subject<'_>, row: &SignIn) -> bool {
    let view = subject.view;
    row.stream().is_user()
        && view.succeeded(row)
        && view.app(row) == Some(apps::MY_SIGNINS)
        && strange(subject, row).is_some()
}

/// Facts: `registered`, what; `seconds`, from the page to the first registration.
fn look(
    subject: &Subject<'_>,
    index: usize,
    session: &Session,
    registered: &[Registered<'_>],
    window: i64,
) -> Option<Finding> {
    let view: &View<'_> = subject.view;
    let pages = view.rows(&session.sign_ins).filter(|(_, row)| is_strange(subject, row));
    let followed = pages.map(|(number, row)| {
        let span = row.time..=row.time.saturating_add(window);
        (number, row, within(registered, span, |item| item.row.time))
    });
    let (number, row, after) = { followed }.find(|(_, _, after)| !after.is_empty())?;
    let first = after.first()?;
    let labels: Set<&str> = after.iter().map(|item| item.what.label).gather();
    let evidence =
        sign_ins("page", [number]).chain(audits("registration", after.iter().take(LISTED).map(|item| item.number)));
    Some(Finding {
        detection: ID,
        variant: "registered",
        strand: "registered",
        severity: if is_hosting(view, row) { Severity::High } else { Severity::Medium },
        confidence: Confidence::Medium,
        session: Some(index),
        anchor: session.anchor,
        title: DETECTION.title.to_owned(),
        why: format!(
            "{} opened the page for sign-in methods from {} at {}, where the user had never been; {} later {} was registered.",
            who(view),
            place(view.network(row)),
            moment(row.time),
            duration(first.row.time - row.time),
            first.what.label,
        ),
        what: "Method registered from elsewhere",
        evidence: in_order(view, evidence.collect()),
        facts: facts(json!({"registered": labels, "seconds": (first.row.time - row.time) / 1_000_000})),
    })
}
