//! Passwords were reset by somebody else.
//!
//! # What it looks for
//! `resets` or more users whose passwords one account or application reset within `window-hours`; a disabled
//! account that was enabled and got another password within two minutes. A single reset by an administrator is
//! told as information.
//!
//! # Why it matters
//! A reset is the shortest way from an administrator's session to somebody else's account. Sleeping accounts
//! that are woken up have owners who notice nothing.
//!
//! # Evidence it needs
//! The directory audit log, and sign-ins to know familiar networks.
//!
//! # Benign causes
//! * The service desk at work, the first day of a school year, or the recovery after an incident.
//!
//! # Tuning
//! `resets` and `window-hours` say how many users within how long are many.
//!
//! # What to ask
//! * Did the users ask for the resets, and is the account one that resets passwords by trade?
//!
//! # What to do
//! * Reset once more by a safe way, revoke the sessions, and look at what the accounts did since.
//!
//! # References
//! * ATT&CK T1098, T1531
//! * Splunk, Azure AD user enabled and password reset; Microsoft Sentinel, Multiple password resets by user

use crate::events::Store;
use crate::events::change::Target;
use crate::sessions::Familiarity;

use super::act::{Act, any};
use super::asked::{self, Asked, Burst, Question, Spec, Told, Whose};
use super::{Ask, Detection, Severity, Tunable, Tuning};

const MINUTE: i64 = 60_000_000;

pub(super) static DETECTION: Detection = Detection {
    tunables: &[
        Tunable::number("resets", "5", "so many users are many"),
        Tunable::number("window-hours", "24", "hours within which they are many, inclusive"),
    ],
    prepare,
    ..asked::detection(
        "password-reset-by-admin",
        "Password reset by somebody else",
        "password_reset_by_admin",
        include_str!("password_reset_by_admin.kql"),
    )
};

static SPEC: Spec = Spec {
    detection: &DETECTION,
    whose: Whose::Doer,
    questions: &[
        Question { variant: "many", what: "Many passwords reset", is: resets, ask: many },
        Question { variant: "woken", what: "Account enabled and password reset", is: resets, ask: woken },
        Question { variant: "single", what: "Password reset by somebody else", is: resets, ask: single },
    ],
};

fn prepare<'a>(_: &'a Store, tuning: &'a Tuning) -> Ask<'a> {
    asked::ask(&SPEC, tuning)
}

fn resets(operation: &str) -> bool {
    any(operation, &["Reset password (by admin)", "Reset user password"])
}

fn enables(operation: &str) -> bool {
    any(operation, &["Enable account"])
}

fn said(act: &Act<'_>) -> String {
    format!("reset the password of {}", act.on())
}

static BURST: Burst = Burst {
    is: resets,
    counts: |_, _| true,
    name: |act| act.on(),
    least: "resets",
    window: "window-hours",
    unit: 60 * MINUTE,
};

fn many(asked: &Asked<'_, '_>, act: &Act<'_>) -> Option<Told> {
    if !act.succeeded() || !asked.is_in_burst(act, &BURST) {
        return None;
    }
    Some(Told::new(Severity::Medium, said(act))?.because("It is one of many resets by the same account."))
}

fn enabled(asked: &Asked<'_, '_>, act: &Act<'_>) -> Option<u32> {
    let is_same = |one: &Target<'_>| act.targets.iter().any(|other| !one.id.is_empty() && one.id == other.id);
    let before = asked.acts(enables, act.row.time - 2 * MINUTE, act.row.time);
    before.iter().find(|other| other.targets.iter().any(is_same)).map(|other| other.number)
}

fn woken(asked: &Asked<'_, '_>, act: &Act<'_>) -> Option<Told> {
    let enabled = enabled(asked, act)?;
    if !act.succeeded() {
        return None;
    }
    let told =
        Told::new(Severity::Medium, said(act))?.because("The account had been enabled within two minutes before.");
    Some(told.beside([enabled]))
}

fn single(asked: &Asked<'_, '_>, act: &Act<'_>) -> Option<Told> {
    if !act.succeeded() || asked.is_in_burst(act, &BURST) || enabled(asked, act).is_some() {
        return None;
    }
    let strange = asked.place(act) == Familiarity::Unfamiliar;
    Some(Told::new(if strange { Severity::Low } else { Severity::Info }, said(act))?.placed())
}
