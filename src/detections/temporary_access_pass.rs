//! A Temporary Access Pass was made for a user.
//!
//! # What it looks for
//! A pass that was made or registered for a user, by an operation of its own or as security info whose
//! reason names it. It weighs more for a user with power over others, and where a sign-in with a pass follows
//! within `window-hours` from a network that is not familiar for the user.
//!
//! # Why it matters
//! Whoever knows the pass signs in without password and second factor, and registers methods of their own:
//! it is how an intruder with an administrator's rights takes other accounts, and what callers ask the
//! service desk for.
//!
//! # Evidence it needs
//! The directory audit log; sign-ins with authentication steps to see the pass used.
//!
//! # Benign causes
//! * The service desk helps a user who lost phone or key, or a new colleague gets their first method.
//!
//! # Tuning
//! `window-hours` from the pass to its use.
//!
//! # What to ask
//! * Who asked for the pass, how were they recognised, and did the user get it?
//!
//! # What to do
//! * Delete the pass, remove what was registered with it, revoke the sessions.
//!
//! # References
//! * ATT&CK T1556.006, T1098
//! * Elastic, Entra ID Temporary Access Pass created; Sigma, Temporary access pass added to an account

use crate::events::Store;
use crate::knowledge::operations::{self, RegistrationKind};
use crate::sessions::Familiarity;

use super::act::{Act, any};
use super::asked::{self, Asked, Question, Spec, Told, Whose};
use super::{Ask, Detection, Severity, Tunable, Tuning};

const HOUR: i64 = 3_600_000_000;
const DAY: i64 = 24 * HOUR;

pub(super) static DETECTION: Detection = Detection {
    tunables: &[Tunable::number("window-hours", "24", "hours from the pass to its use, inclusive")],
    prepare,
    ..asked::detection(
        "temporary-access-pass",
        "Temporary Access Pass made for a user",
        "temporary_access_pass",
        include_str!("temporary_access_pass.kql"),
    )
};

static SPEC: Spec = Spec {
    detection: &DETECTION,
    whose: Whose::Done,
    questions: &[Question { variant: "made", what: "Temporary Access Pass made", is: makes, ask: made }],
};

fn prepare<'a>(_: &'a Store, tuning: &'a Tuning) -> Ask<'a> {
    asked::ask(&SPEC, tuning)
}

fn makes(operation: &str) -> bool {
    operations::registration(operation).is_some_and(|found| {
        matches!(found.kind, RegistrationKind::TemporaryAccessPass | RegistrationKind::SecurityInfo)
    })
}

fn is_pass(act: &Act<'_>) -> bool {
    let kind = operations::registration(act.operation()).map(|found| found.kind);
    kind == Some(RegistrationKind::TemporaryAccessPass)
        || act.reason().to_ascii_lowercase().contains("temporary access pass")
        || act.change("TemporaryAccessPass").is_some()
}

fn creates(operation: &str) -> bool {
    any(operation, &["Add user", "Invite external user"])
}

fn made(asked: &Asked<'_, '_>, act: &Act<'_>) -> Option<Told> {
    if !act.succeeded() || !is_pass(act) {
        return None;
    }
    let (view, time) = (asked.view(), act.row.time);
    let window = time..=time.saturating_add(asked.number("window-hours").saturating_mul(HOUR));
    let used = view.sign_ins().find(|(_, row)| {
        window.contains(&row.time)
            && view.succeeded(row)
            && view.store.texts.get(row.steps).to_ascii_lowercase().contains("temporary access pass")
            && asked.subject.familiar.network(view, row) == Familiarity::Unfamiliar
    });
    let new = asked.acts(creates, time.saturating_sub(7 * DAY), time);
    let said = format!("made a Temporary Access Pass for {}", act.on());
    let told = if used.is_some() {
        Told::new(Severity::High, said)?.because("It was used from a network where the user had never been.")
    } else if asked.is_privileged() {
        Told::new(Severity::High, said)?.because("The user has power over others.")
    } else if new.iter().any(|made| made.targets.iter().any(|target| asked.is_person(target))) {
        Told::new(Severity::Info, said)?.because("The account is new: it has to get its first method.")
    } else {
        Told::new(Severity::Medium, said)?
    };
    Some(told.sign_ins(used.map(|(number, _)| number)))
}
