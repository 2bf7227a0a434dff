//! Privileged Identity Management was used, or set, in an unusual way.
//!
//! # What it looks for
//! The first activation of a privileged role by a user, where the log reaches `history-days` back; requests
//! that were refused; settings of roles that were changed; alerts that were raised or switched off.
//!
//! # Why it matters
//! An eligible role is one step from being held. An intruder in the session of somebody eligible activates
//! what the owner never uses, and loosens the setting that asks for approval.
//!
//! # Evidence it needs
//! The directory audit log.
//!
//! # Benign causes
//! * A new duty, a colleague on leave, a role that is needed once a year.
//!
//! # Tuning
//! `history-days` without an activation of the role before.
//!
//! # What to ask
//! * What was the role needed for, and what was given as the reason?
//!
//! # What to do
//! * End the activation and look at what was done with the role.
//!
//! # References
//! * ATT&CK T1098.003, T1078.004
//! * Microsoft Sentinel, Account elevated to new role; Elastic, Entra ID PIM role settings modified

use crate::events::Store;
use crate::knowledge::roles::Tier;
use crate::sessions::Familiarity;

use super::act::{Act, any};
use super::asked::{self, Asked, Question, Spec, Told, Whose};
use super::role_assigned::{activates, role};
use super::{Ask, Detection, Severity, Tunable, Tuning};

const DAY: i64 = 86_400_000_000;

pub(super) static DETECTION: Detection = Detection {
    tunables: &[Tunable::number("history-days", "7", "days without an activation of the role that make it the first")],
    prepare,
    ..asked::detection(
        "role-activation-unusual",
        "Privileged role activated unusually",
        "role_activation_unusual",
        include_str!("role_activation_unusual.kql"),
    )
};

static SPEC: Spec = Spec {
    detection: &DETECTION,
    whose: Whose::Doer,
    questions: &[
        Question { variant: "first", what: "Role activated for the first time", is: activates, ask: first },
        Question { variant: "denied", what: "Activation of a role refused", is: denies, ask: denied },
        Question { variant: "settings", what: "Settings of a role changed", is: sets, ask: set },
        Question { variant: "alert", what: "Alert of role management", is: alerts, ask: alerted },
    ],
};

fn prepare<'a>(_: &'a Store, tuning: &'a Tuning) -> Ask<'a> {
    asked::ask(&SPEC, tuning)
}

fn denies(operation: &str) -> bool {
    let operation = operation.to_ascii_lowercase();
    operation.starts_with("add member to role request denied") || operation.starts_with("request denied")
}

fn sets(operation: &str) -> bool {
    any(operation, &["Update role setting in PIM", "Disable PIM Alert"])
}

fn alerts(operation: &str) -> bool {
    any(operation, &["Triggered PIM alert"])
}

fn first(asked: &Asked<'_, '_>, act: &Act<'_>) -> Option<Told> {
    let own = role(act).filter(|role| role.tier <= Tier::High)?;
    let since = act.row.time.saturating_sub(asked.number("history-days").saturating_mul(DAY));
    let long = asked.view().tenant.audit_span.is_some_and(|span| span.first <= since);
    let before = asked.acts(activates, i64::MIN, act.row.time.saturating_sub(1));
    if !act.succeeded() || !long || before.iter().any(|other| role(other) == Some(own)) {
        return None;
    }
    let strange = asked.place(act) == Familiarity::Unfamiliar;
    let told =
        Told::new(if strange { Severity::Medium } else { Severity::Low }, format!("activated the role {}", own.name))?;
    Some(told.because("They had not activated this role before.").placed())
}

fn denied(_: &Asked<'_, '_>, act: &Act<'_>) -> Option<Told> {
    Told::new(Severity::Low, format!("refused the activation of a role ({})", act.on()))
}

fn set(_: &Asked<'_, '_>, act: &Act<'_>) -> Option<Told> {
    if !act.succeeded() {
        return None;
    }
    let alert = any(act.operation(), &["Disable PIM Alert"]);
    let said = if alert { "switched an alert of role management off" } else { "changed the settings of a role" };
    Told::new(Severity::Medium, format!("{said} ({})", act.on()))
}

fn alerted(_: &Asked<'_, '_>, act: &Act<'_>) -> Option<Told> {
    Told::new(Severity::Low, format!("raised an alert ({})", act.on()))
}
