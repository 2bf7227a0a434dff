//! Administrators lost their roles to one of them.
//!
//! # What it looks for
//! `removed` or more others whose privileged roles one account takes within `window-minutes`; worst where that
//! account had got its own role only in the `new-days` before.
//!
//! # Why it matters
//! It is the last act of a takeover: whoever is left alone with the tenant cannot be stopped from inside.
//!
//! # Evidence it needs
//! The directory audit log with modified properties.
//!
//! # Benign causes
//! * A review of roles, a change of provider, the end of a project.
//!
//! # Tuning
//! `removed` and `window-minutes` say how many within how long are many; `new-days` how young a role is new.
//!
//! # What to ask
//! * Was there a review of roles?
//!
//! # What to do
//! * Use a break-glass account to give the roles back and to block the other account.
//!
//! # References
//! * ATT&CK T1531, T1098.003
//! * Microsoft Sentinel, Multiple admin membership removals from newly created admin

use crate::events::Store;

use super::act::Act;
use super::asked::{self, Asked, Burst, Question, Spec, Told, Whose};
use super::role_assigned::{gives, role};
use super::{Ask, Detection, Severity, Tunable, Tuning};

const MINUTE: i64 = 60_000_000;
const DAY: i64 = 1_440 * MINUTE;

pub(super) static DETECTION: Detection = Detection {
    tunables: &[
        Tunable::number("removed", "2", "so many others who lose a privileged role are many"),
        Tunable::number("window-minutes", "60", "minutes within which they are many, inclusive"),
        Tunable::number("new-days", "7", "how long a role is new"),
    ],
    prepare,
    ..asked::detection(
        "admins-removed",
        "Administrators lost their roles",
        "admins_removed",
        include_str!("admins_removed.kql"),
    )
};

static SPEC: Spec = Spec {
    detection: &DETECTION,
    whose: Whose::Doer,
    questions: &[
        Question { variant: "by-new", what: "New admin removed the others", is: takes, ask: by_new },
        Question { variant: "many", what: "Administrators lost their roles", is: takes, ask: many },
    ],
};

fn prepare<'a>(_: &'a Store, tuning: &'a Tuning) -> Ask<'a> {
    asked::ask(&SPEC, tuning)
}

fn takes(operation: &str) -> bool {
    let operation = operation.trim().to_ascii_lowercase();
    ["remove member from role", "remove eligible member", "remove scoped member from role"]
        .iter()
        .any(|begin| operation.starts_with(begin))
        && !operation.contains("request")
        && !operation.contains("expired")
}

static BURST: Burst = Burst {
    is: takes,
    counts: takes_from_other,
    name: |act| act.on(),
    least: "removed",
    window: "window-minutes",
    unit: MINUTE,
};

/// Whether an act takes a privileged role from somebody else.
fn takes_from_other(asked: &Asked<'_, '_>, act: &Act<'_>) -> bool {
    role(act).is_some() && !act.targets.iter().any(|target| asked.is_person(target)) && !asked.is_by_service(act)
}

/// Acts by which the person got a privileged role, not long before.
fn own_role(asked: &Asked<'_, '_>, act: &Act<'_>) -> Option<u32> {
    let since = act.row.time.saturating_sub(asked.number("new-days").saturating_mul(DAY));
    let got = asked.acts(gives, since, act.row.time).into_iter();
    let mut own =
        got.filter(|other| other.targets.iter().any(|target| asked.is_person(target)) && role(other).is_some());
    own.next().map(|other| other.number)
}

fn by_new(asked: &Asked<'_, '_>, act: &Act<'_>) -> Option<Told> {
    let own = own_role(asked, act).filter(|_| asked.is_in_burst(act, &BURST))?;
    let told = Told::new(Severity::Critical, format!("took a role from {}", act.on()))?;
    Some(told.because("They had got their own role only days before.").beside([own]))
}

fn many(asked: &Asked<'_, '_>, act: &Act<'_>) -> Option<Told> {
    if own_role(asked, act).is_some() || !asked.is_in_burst(act, &BURST) {
        return None;
    }
    Told::new(Severity::Medium, format!("took a role from {}", act.on()))
}
