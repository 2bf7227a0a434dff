//! Applications came into the tenant.
//!
//! # What it looks for
//! Identities of applications that a person or a program made, as information; `created` or more of them
//! within `window-minutes` by one; and one that was made, given a key, and removed again within about an hour.
//!
//! # Why it matters
//! An application is an account without a person. Many at once, or one that comes and goes, are made by a
//! tool; the second leaves nothing to look at.
//!
//! # Evidence it needs
//! The directory audit log.
//!
//! # Benign causes
//! * The first use of any product makes its identity; pipelines make and remove them for tests.
//!
//! # Tuning
//! `created` and `window-minutes` say how many within how long are many.
//!
//! # What to ask
//! * Which pipeline or person made them, and what for?
//!
//! # What to do
//! * Look for keys, roles and sign-ins of each; deleted ones can be restored for 30 days.
//!
//! # References
//! * ATT&CK T1136.003, T1098.001
//! * Splunk, Azure AD multiple service principals created by user; Microsoft Sentinel, Suspicious service principal creation activity

use crate::events::{Store, Target};

use super::act::{Act, any};
use super::asked::{self, Asked, Burst, Question, Spec, Told, Whose};
use super::service_principal_credential::changes_keys;
use super::{Ask, Detection, Severity, Tunable, Tuning};

const MINUTE: i64 = 60_000_000;

pub(super) static DETECTION: Detection = Detection {
    tunables: &[
        Tunable::number("created", "4", "so many applications are many"),
        Tunable::number("window-minutes", "10", "minutes within which they are many, inclusive"),
    ],
    prepare,
    ..asked::detection(
        "service-principal-created",
        "Applications made in the tenant",
        "service_principal_created",
        include_str!("service_principal_created.kql"),
    )
};

static SPEC: Spec = Spec {
    detection: &DETECTION,
    whose: Whose::Doer,
    questions: &[
        Question { variant: "many", what: "Many applications made at once", is: creates, ask: many },
        Question { variant: "single", what: "Application made", is: creates, ask: single },
        Question { variant: "come-and-gone", what: "Application made, used and removed", is: removes, ask: gone },
    ],
};

fn prepare<'a>(_: &'a Store, tuning: &'a Tuning) -> Ask<'a> {
    asked::ask(&SPEC, tuning)
}

fn creates(operation: &str) -> bool {
    any(operation, &["Add service principal"])
}

fn removes(operation: &str) -> bool {
    any(operation, &["Remove service principal", "Delete application", "Hard Delete application"])
}

static BURST: Burst = Burst {
    is: creates,
    counts: |_, _| true,
    name: |act| act.app(),
    least: "created",
    window: "window-minutes",
    unit: MINUTE,
};

fn many(asked: &Asked<'_, '_>, act: &Act<'_>) -> Option<Told> {
    if !act.succeeded() || asked.is_by_service(act) || !asked.is_in_burst(act, &BURST) {
        return None;
    }
    Told::new(Severity::Medium, format!("made the application {}", act.app()))
}

fn single(asked: &Asked<'_, '_>, act: &Act<'_>) -> Option<Told> {
    if !act.succeeded() || asked.is_by_service(act) || asked.is_in_burst(act, &BURST) {
        return None;
    }
    Told::new(Severity::Info, format!("made the application {}", act.app()))
}

/// Made, given a key and removed, each within ten minutes of the one before or an hour in all.
fn gone(asked: &Asked<'_, '_>, act: &Act<'_>) -> Option<Told> {
    let from = act.row.time - 70 * MINUTE;
    let same = |other: &Act<'_>| {
        let is = |one: &Target<'_>| act.targets.iter().any(|target| !one.id.is_empty() && one.id == target.id);
        other.targets.iter().any(is)
    };
    let made = asked.acts(creates, from, act.row.time).into_iter().find(same)?;
    let keyed = asked.acts(changes_keys, made.row.time, act.row.time).into_iter();
    let keyed = keyed.filter(|other| !creates(other.operation())).find(same)?;
    if !act.succeeded() {
        return None;
    }
    let told = Told::new(Severity::Critical, format!("removed the application {}", act.app()))?;
    Some(told.because("It had been made and given a key just before.").beside([keyed.number]))
}
