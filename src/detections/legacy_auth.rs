//! A sign-in by a protocol that knows no second factor.
//!
//! # What it looks for
//! A successful sign-in whose client app is neither a browser nor a mobile or desktop client: IMAP,
//! POP, SMTP, Exchange ActiveSync, Exchange Web Services and other clients that send the password.
//! One with a certificate is none. One finding a session.
//!
//! # Why it matters
//! These protocols cannot ask for a second factor: a password that was guessed or bought is enough,
//! and mailboxes are read by them for months.
//!
//! # Evidence it needs
//! Sign-ins with client app and result code. It is high from a network that the user does not know,
//! low otherwise.
//!
//! # Benign causes
//! * A printer, scanner or ticket system sends mail with its account.
//! * An old mail client of the user's own.
//!
//! # Tuning
//! Nothing can be tuned: the client app says it or does not.
//!
//! # What to ask
//! * Which program or device signs in like this, and is it still needed?
//! * Is the network the user's?
//!
//! # What to do
//! * Block legacy authentication by conditional access; move what still needs it.
//! * From a strange network: reset the password and look at what the mailbox was asked for.
//!
//! # References
//! * ATT&CK T1078.004, T1114.002
//! * Microsoft Sentinel, legacy authentication workbook
//! * Panther, Azure legacy authentication

use crate::order::Set;

use serde_json::json;

use crate::events::field::Field;
use crate::events::{SignIn, Store};
use crate::knowledge::clients;
use crate::order::Gather;
use crate::sessions::{Familiarity, Session, View};

use super::evidence::{facts, in_order, moment, place, sign_ins, who};
use super::{Ask, Confidence, Detection, Finding, Group, Records, Severity, Subject, Tuning};

const ID: &str = "legacy-auth";
/// Sign-ins that a finding shows; all are counted.
const LISTED: usize = 200;

pub(super) static DETECTION: Detection = Detection {
    id: ID,
    title: "Sign-in by a protocol without second factor",
    group: Group::Password,
    records: &[Records::UserSignIns],
    helped_by: &[],
    needs: &[&[Field::Client], &[Field::Result]],
    wants: &[Field::Address, Field::Asn],
    history_days: 0,
    tunables: &[],
    prepare,
    kql: include_str!("legacy_auth.kql"),
    file: "legacy_auth",
};

fn prepare<'a>(_: &'a Store, _: &'a Tuning) -> Ask<'a> {
    Box::new(|subject, found| {
        let view = subject.view;
        for (index, session) in view.sessions.iter().enumerate() {
            let own: Vec<(u32, &SignIn)> =
                view.rows(&session.sign_ins).filter(|(_, row)| is_legacy(view, row)).collect();
            found.extend(finding(subject, index, session, &own));
        }
    })
}

fn is_legacy(view: &View<'_>, row: &SignIn) -> bool {
    row.stream().is_user() && clients::is_legacy(view.store.texts.get(row.client))
}

/// A client certificate stands for a second factor.
fn has_certificate(view: &View<'_>, row: &SignIn) -> bool {
    view.store.texts.get(row.steps).to_ascii_lowercase().contains("certificate")
}

/// Facts: `clients`, which; `succeeded` and `failed`, how many sign-ins of the session; `network`, how it
/// stands with the user.
fn finding(subject: &Subject<'_>, index: usize, session: &Session, own: &[(u32, &SignIn)]) -> Option<Finding> {
    let view = subject.view;
    let through: Vec<(u32, &SignIn)> =
        own.iter().copied().filter(|(_, row)| view.succeeded(row) && !has_certificate(view, row)).collect();
    let judged = through.iter().rev().map(|(_, row)| {
        let familiarity = subject.familiar.network(view, row);
        let hosting = view.network(row).is_some_and(|network| network.is_hosting());
        let (severity, confidence) = match familiarity {
            Familiarity::Unfamiliar if hosting => (Severity::High, Confidence::High),
            Familiarity::Unfamiliar => (Severity::High, Confidence::Medium),
            Familiarity::Familiar => (Severity::Low, Confidence::High),
            Familiarity::Unknown => (Severity::Low, Confidence::Low),
        };
        (severity, confidence, familiarity, *row)
    });
    let (severity, confidence, familiarity, told) =
        judged.max_by_key(|(severity, confidence, _, _)| (*severity, *confidence))?;
    let (network, because) = match familiarity {
        Familiarity::Unfamiliar => ("unfamiliar", " The user had never been there."),
        Familiarity::Familiar => ("familiar", " The user often is there."),
        Familiarity::Unknown => ("unknown", " Whether the user knows it cannot be told."),
    };
    let client = view.store.texts.get(told.client);
    let clients: Set<&str> = through.iter().map(|(_, row)| view.store.texts.get(row.client)).gather();
    let failed = own.iter().filter(|(_, row)| !view.succeeded(row)).count();
    Some(Finding {
        detection: ID,
        variant: "success",
        strand: "success",
        severity,
        confidence,
        session: Some(index),
        anchor: session.anchor,
        title: format!("Signed in by {client}, which knows no second factor"),
        why: format!(
            "{} signed in by {client} from {} at {}. The protocol cannot ask for a second factor.{because}",
            who(view),
            place(view.network(told)),
            moment(told.time),
        ),
        what: "Sign-in without second factor",
        evidence: in_order(view, sign_ins("success", through.iter().take(LISTED).map(|(number, _)| *number)).collect()),
        facts: facts(json!({
            "clients": clients,
            "succeeded": through.len(),
            "failed": failed,
            "network": network,
        })),
    })
}
