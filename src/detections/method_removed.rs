//! A sign-in method was taken from a user, or exchanged for another.
//!
//! # What it looks for
//! Security info, a passkey, a Windows Hello for Business key or phone sign-in that was deleted; multifactor
//! authentication that was switched off for a user; and a method deleted and another registered for the same
//! user within `swap-minutes`, in any order: swapped.
//!
//! # Why it matters
//! An intruder who has added a method removes the owner's, so that the owner neither sees requests nor gets
//! back in; an intruder with an administrator's rights switches the second factor off.
//!
//! # Evidence it needs
//! The directory audit log, and sign-ins to know the user's networks.
//!
//! # Benign causes
//! * A lost or new phone: the old method is removed, by the user or the service desk.
//! * Old methods are cleared away, also by a move to the policy for authentication methods.
//!
//! # Tuning
//! `swap-minutes`: how far apart a removal and a registration are one exchange.
//!
//! # What to ask
//! * Did the user lose or change their phone or key, and who removed the method?
//!
//! # What to do
//! * Restore the owner's method, remove the other, revoke the sessions, reset the password.
//!
//! # References
//! * ATT&CK T1556.006, T1531
//! * Elastic, Entra ID MFA disabled for user; Sigma, MFA disabled

use crate::events::Store;
use crate::events::change::plain;
use crate::sessions::Familiarity;

use super::act::{Act, any};
use super::asked::{self, Asked, Question, Spec, Told, Whose};
use super::method_registered::{methods, registers};
use super::{Ask, Detection, Severity, Tunable, Tuning};

const MINUTE: i64 = 60_000_000;

pub(super) static DETECTION: Detection = Detection {
    tunables: &[Tunable::number(
        "swap-minutes",
        "60",
        "minutes between removal and registration that make an exchange, inclusive",
    )],
    prepare,
    ..asked::detection("method-removed", "Sign-in method removed", "method_removed", include_str!("method_removed.kql"))
};

static SPEC: Spec = Spec {
    detection: &DETECTION,
    whose: Whose::Done,
    questions: &[
        Question { variant: "removed", what: "Sign-in method removed", is: removes, ask: removed },
        Question { variant: "swapped", what: "Sign-in method exchanged", is: removes, ask: swapped },
        Question { variant: "disabled", what: "Second factor switched off", is: disables, ask: disabled },
    ],
};

fn prepare<'a>(_: &'a Store, tuning: &'a Tuning) -> Ask<'a> {
    asked::ask(&SPEC, tuning)
}

fn removes(operation: &str) -> bool {
    const OPERATIONS: [&str; 9] = [
        "User deleted security info",
        "Admin deleted security info",
        "Delete Windows Hello for Business credential",
        "Delete FIDO2 security key",
        "Delete Passkey",
        "Delete Passkey (device-bound)",
        "Delete Passkey (synced)",
        "Delete passwordless phone sign-in credential",
        "Delete platform credential",
    ];
    any(operation, &OPERATIONS)
}

fn disables(operation: &str) -> bool {
    any(operation, &["Disable Strong Authentication", "Update user"])
}

/// Registrations that make the removal an exchange.
fn registrations(asked: &Asked<'_, '_>, act: &Act<'_>) -> Vec<u32> {
    let window = asked.number("swap-minutes").saturating_mul(MINUTE);
    let (from, to) = (act.row.time.saturating_sub(window), act.row.time.saturating_add(window));
    asked.acts(registers, from, to).iter().map(|act| act.number).collect()
}

fn said(act: &Act<'_>) -> String {
    if act.is_for_another() {
        format!("removed a sign-in method of {}", act.on())
    } else {
        "removed a sign-in method".to_owned()
    }
}

fn removed(asked: &Asked<'_, '_>, act: &Act<'_>) -> Option<Told> {
    if !act.succeeded() || !registrations(asked, act).is_empty() {
        return None;
    }
    let own = asked.did(act) && asked.place(act) == Familiarity::Familiar;
    Some(Told::new(if own { Severity::Info } else { Severity::Medium }, said(act))?.placed())
}

fn swapped(asked: &Asked<'_, '_>, act: &Act<'_>) -> Option<Told> {
    let registered = registrations(asked, act);
    if !act.succeeded() || registered.is_empty() {
        return None;
    }
    let severity = match asked.place(act) {
        Familiarity::Familiar => Severity::Low,
        Familiarity::Unknown => Severity::Medium,
        Familiarity::Unfamiliar => Severity::High,
    };
    let told = Told::new(severity, said(act))?.because("Another method was registered within the same hour or so.");
    Some(told.placed().beside(registered))
}

/// Per-user authentication that no longer asks, or a user who is left without any method.
fn disabled(_: &Asked<'_, '_>, act: &Act<'_>) -> Option<Told> {
    let state = |value: &str| {
        value.split_once("\"State\"").and_then(|(_, rest)| plain(rest.trim_start_matches(':')).chars().next())
    };
    let off = act.change("StrongAuthenticationRequirement").is_some_and(|change| {
        let (old, new) = (state(&change.old), state(&change.new));
        old.is_some_and(|old| old != '0') && new.is_none_or(|new| new == '0')
    });
    let emptied = act.change("StrongAuthenticationMethod").is_some_and(|change| {
        let [old, new] = change.json();
        methods(&old) > 0 && methods(&new) == 0
    });
    let named = any(act.operation(), &["Disable Strong Authentication"]);
    if !act.succeeded() || !(off || emptied || named) {
        return None;
    }
    Told::new(Severity::Medium, format!("switched the second factor off for {}", act.on()))
}
