//! A credential or device registered soon after a device-code sign-in.
//!
//! # What it looks for
//! A successful device-code sign-in, then within a window a successful registration for the same
//! user: security info, Windows Hello for Business, a passkey, passwordless phone sign-in, a
//! Temporary Access Pass, or a device.
//!
//! # Why it matters
//! A phished device code gives a session that ends when it is revoked. A method or device of the
//! thief's own outlives the password reset: registering one is what they do first.
//!
//! # Evidence it needs
//! Sign-ins with authentication protocol or original transfer method, and the directory audit log.
//! The addresses of both decide how bad it is.
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

use serde_json::{Map, json};

use crate::events::field::Field;
use crate::events::vocabulary::{Protocol, Transfer};
use crate::events::{Audit, Id, SignIn};
use crate::knowledge::operations::{self, Registration};
use crate::sessions::{EventRef, View};
use crate::tenant::same_network;

use super::evidence::{duration, in_order, moment, sign_ins};
use super::{Confidence, Detection, Evidence, Finding, Group, Kind, Records, Severity, Subject, Tunable, Tuning};

const ID: &str = "device-code-then-credential";
const HOUR: i64 = 3_600_000_000;

pub(super) static DETECTION: Detection = Detection {
    id: ID,
    title: "Credential or device registered after a device code",
    group: Group::Token,
    records: &[Records::UserSignIns, Records::Audits],
    needs: &[&[Field::Protocol, Field::Transfer], &[Field::Result]],
    wants: &[Field::Address, Field::Asn, Field::SessionId],
    tunables: &[Tunable { name: "window-hours", kind: Kind::Number, default: "48", what: "how long after the sign-in a registration counts" }],
    run,
    note: |_| None,
    kql: include_str!("device_code_then_credential.kql"),
    file: "device_code_then_credential",
};

/// How the registration's network compares with that of the device-code sign-in.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Networks {
    Same,
    Unknown,
    Different,
}

fn run(subject: &Subject<'_>, tuning: &Tuning, found: &mut Vec<Finding>) {
    let view = subject.view;
    let registrations: Vec<(u32, &Audit, Registration)> = view
        .audits()
        .filter(|(_, row)| view.store.texts.get(row.result) == "success")
        .filter_map(|(number, row)| Some((number, row, operations::registration(view.store.texts.get(row.operation))?)))
        .collect();
    if registrations.is_empty() {
        return;
    }
    let window = tuning.number(ID, "window-hours").unwrap_or(48) * HOUR;
    for (index, session) in view.sessions.iter().enumerate() {
        // The transfer method sticks to a session: later refreshes are the same sign-in's, so its
        // earliest success stands for all.
        let origin = view.rows(&session.sign_ins).find(|(_, row)| {
            let device_code = row.protocol == Protocol::DEVICE_CODE || row.transfer == Transfer::DEVICE_CODE_FLOW;
            device_code && row.stream().is_user() && view.succeeded(row)
        });
        let Some((origin, sign_in)) = origin else { continue };
        let after: Vec<&(u32, &Audit, Registration)> =
            registrations.iter().filter(|(_, row, _)| (0..=window).contains(&(row.time - sign_in.time))).collect();
        if !after.is_empty() {
            found.push(finding(view, index, origin, sign_in, &after));
        }
    }
}

fn compare(view: &View<'_>, sign_in: &SignIn, audit: &Audit) -> Networks {
    match same_network(view.network(sign_in), view.network_of_audit(audit)) {
        Some(true) => Networks::Same,
        Some(false) => Networks::Different,
        None => Networks::Unknown,
    }
}

fn finding(view: &View<'_>, session: usize, origin: u32, sign_in: &SignIn, after: &[&(u32, &Audit, Registration)]) -> Finding {
    let compared: Vec<(Networks, &Audit, &Registration)> =
        after.iter().map(|(_, audit, registration)| (compare(view, sign_in, audit), *audit, registration)).collect();
    let worst = compared.iter().map(|(networks, _, _)| *networks).max().unwrap_or(Networks::Unknown);
    let hosting = view.network(sign_in).is_some_and(|network| network.is_hosting())
        || compared.iter().any(|(_, audit, _)| view.network_of_audit(audit).is_some_and(|network| network.is_hosting()));
    let (severity, confidence) = match worst {
        Networks::Different => (Severity::High, if hosting { Confidence::High } else { Confidence::Medium }),
        Networks::Unknown => (Severity::Medium, Confidence::Low),
        Networks::Same => (Severity::Low, Confidence::Medium),
    };
    let mut evidence: Vec<Evidence> = sign_ins("device-code", [origin]).collect();
    evidence.extend(after.iter().map(|(number, _, _)| Evidence { role: "registration", event: EventRef::Audit(*number) }));
    let texts = &view.store.texts;
    let id = sign_in.id.display(texts);
    let mut pairs: Vec<(String, String)> = after.iter().map(|(_, audit, _)| (id.clone(), audit.id.display(texts))).collect();
    pairs.sort();
    let mut facts = Map::new();
    facts.insert("networks".to_owned(), json!(networks_word(worst)));
    facts.insert("pairs".to_owned(), json!(pairs));
    facts.insert("registrations".to_owned(), json!(after.len()));
    facts.insert("registered".to_owned(), json!(after.iter().map(|(_, _, registration)| registration.label).collect::<std::collections::BTreeSet<_>>()));
    let what = after.first().map_or("a credential", |(_, _, registration)| registration.label);
    Finding {
        detection: ID,
        variant: "exact",
        severity,
        confidence,
        session: Some(session),
        anchor: view.sessions.get(session).map_or(Id::EMPTY, |session| session.anchor),
        title: format!("Device code, then {what} registered"),
        why: explain(view, sign_in, &compared, worst),
        what: "Registered after device code",
        evidence: in_order(view, evidence),
        facts,
    }
}

const fn networks_word(networks: Networks) -> &'static str {
    match networks {
        Networks::Same => "same",
        Networks::Unknown => "unknown",
        Networks::Different => "different",
    }
}

fn explain(view: &View<'_>, sign_in: &SignIn, compared: &[(Networks, &Audit, &Registration)], worst: Networks) -> String {
    let texts = &view.store.texts;
    let from = view.network(sign_in).map_or_else(|| "an unknown address".to_owned(), |network| network.label());
    let mut text = format!("{} signed in by device code from {from} at {}.", texts.get(view.person.name), moment(sign_in.time));
    // The registration that decided the severity is told; the rest are counted.
    if let Some((_, audit, registration)) = compared.iter().find(|(networks, _, _)| *networks == worst) {
        let place = view.network_of_audit(audit).map(|network| network.label());
        let place = place.map_or_else(|| "an address the audit log does not tell".to_owned(), |place| place);
        text.push_str(&format!(
            " {} later {} was registered for the user, from {place}.",
            duration(audit.time - sign_in.time),
            registration.label
        ));
    }
    match compared.len() {
        0 | 1 => {}
        2 => text.push_str(" One more registration followed within the window."),
        more => text.push_str(&format!(" {} more registrations followed within the window.", more - 1)),
    }
    text.push_str(match worst {
        Networks::Same => " Both came from the same network.",
        Networks::Unknown => " Whether both came from one network cannot be told.",
        Networks::Different => " The two networks differ: whoever registered it was not where the code was redeemed.",
    });
    text
}
