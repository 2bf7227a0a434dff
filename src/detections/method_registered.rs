//! A sign-in method was added to a user.
//!
//! # What it looks for
//! Security info, a passkey, a Windows Hello for Business key or phone sign-in that was registered for a
//! user, by whomever; and changes of a user that leave more methods than before. Registrations within an hour
//! are one finding. A Temporary Access Pass and devices are detections of their own.
//!
//! # Why it matters
//! A method of the intruder's own outlives a new password: whoever took over a session adds one first. On
//! its own a registration is daily work; it is bad from a strange network, in a session that other findings
//! speak of, and for users with power over others.
//!
//! # Evidence it needs
//! The directory audit log, and sign-ins to know the user's networks.
//!
//! # Benign causes
//! * A new phone or key, or the first method of a new account.
//! * The service desk registers a method for somebody.
//!
//! # Tuning
//! `new-account-days`: within how long of its creation an account's registrations are its first ones.
//!
//! # What to ask
//! * Did the user add this method, and do they have the phone or key?
//!
//! # What to do
//! * Remove the method, revoke the sessions, reset the password, in this order.
//! * Ask for a known device or place, or a Temporary Access Pass, when methods are registered.
//!
//! # References
//! * ATT&CK T1098.005, T1556.006
//! * Microsoft, Token theft playbook; Sentinel, Authentication method changed for a privileged account

use serde_json::Value;

use crate::events::Store;
use crate::knowledge::operations::{self, RegistrationKind};
use crate::sessions::Familiarity;

use super::act::{Act, any};
use super::asked::{self, Asked, Question, Spec, Told, Whose};
use super::{Ask, Detection, Severity, Tunable, Tuning};

const DAY: i64 = 86_400_000_000;
const MINUTE: i64 = 60_000_000;

pub(super) static DETECTION: Detection = Detection {
    tunables: &[Tunable::number(
        "new-account-days",
        "7",
        "days after its creation in which an account gets its first methods",
    )],
    prepare,
    ..asked::detection(
        "method-registered",
        "Sign-in method registered",
        "method_registered",
        include_str!("method_registered.kql"),
    )
};

static SPEC: Spec = Spec {
    detection: &DETECTION,
    whose: Whose::Done,
    questions: &[
        Question { variant: "registered", what: "Sign-in method registered", is: registers, ask: registered },
        Question { variant: "added", what: "Sign-in method added", is: updates, ask: added },
    ],
};

fn prepare<'a>(_: &'a Store, tuning: &'a Tuning) -> Ask<'a> {
    asked::ask(&SPEC, tuning)
}

/// Whether an operation registers a sign-in method.
pub(super) fn registers(operation: &str) -> bool {
    let kind = operations::registration(operation).map(|found| found.kind);
    kind.is_some_and(|kind| !matches!(kind, RegistrationKind::Device | RegistrationKind::TemporaryAccessPass))
}

fn updates(operation: &str) -> bool {
    any(operation, &["Update user"])
}

fn registered(asked: &Asked<'_, '_>, act: &Act<'_>) -> Option<Told> {
    let what = operations::registration(act.operation())?;
    // A pass is told of by a detection of its own.
    if !act.succeeded() || act.reason().to_ascii_lowercase().contains("temporary access pass") {
        return None;
    }
    weigh(asked, act, what.label)
}

/// More methods after the change than before; the page where users see to their methods writes both records.
fn added(asked: &Asked<'_, '_>, act: &Act<'_>) -> Option<Told> {
    let [before, after] = act.change("StrongAuthenticationMethod")?.json().map(|value| methods(&value));
    let time = act.row.time;
    if !act.succeeded() || after <= before || !asked.acts(registers, time - 10 * MINUTE, time + 10 * MINUTE).is_empty()
    {
        return None;
    }
    weigh(asked, act, "a sign-in method")
}

/// How many methods a value of `StrongAuthenticationMethod` lists.
pub(super) fn methods(value: &Value) -> usize {
    value.as_array().map_or(0, |list| list.iter().filter(|method| method.get("MethodType").is_some()).count())
}

fn weigh(asked: &Asked<'_, '_>, act: &Act<'_>, what: &str) -> Option<Told> {
    let for_whom = if act.is_for_another() { format!(" for {}", act.on()) } else { String::new() };
    let said = format!("registered {what}{for_whom}");
    let days = asked.number("new-account-days").saturating_mul(DAY);
    let born = asked.acts(creates, act.row.time.saturating_sub(days), act.row.time);
    if born.iter().any(|made| made.targets.iter().any(|target| asked.is_person(target))) {
        return Some(Told::new(Severity::Info, said)?.because("The account is new: it has to get its first methods."));
    }
    if !asked.is_privileged() {
        return Told::new(Severity::Low, said);
    }
    let severity = match asked.place(act) {
        Familiarity::Unfamiliar => Severity::High,
        Familiarity::Unknown if act.is_for_another() => Severity::High,
        // What is not known of the place makes no finding worse.
        Familiarity::Familiar | Familiarity::Unknown => Severity::Low,
    };
    Some(Told::new(severity, said)?.because("Whoever has this method has power over others.").placed())
}

fn creates(operation: &str) -> bool {
    any(operation, &["Add user", "Invite external user"])
}
