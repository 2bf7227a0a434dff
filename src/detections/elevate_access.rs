//! Somebody took access to all Azure subscriptions.
//!
//! # What it looks for
//! The act by which a Global Administrator becomes User Access Administrator over everything in Azure.
//!
//! # Why it matters
//! The directory role alone gives no rights in Azure: this is the bridge to every machine, store and key of
//! the organisation. It is needed once in years.
//!
//! # Evidence it needs
//! The directory audit log.
//!
//! # Benign causes
//! * An orphaned subscription is recovered, or a new tenant set up.
//!
//! # Tuning
//! Nothing.
//!
//! # What to ask
//! * Why was it needed, and was it taken back?
//!
//! # What to do
//! * Remove the assignment at the root, then read the activity logs of the subscriptions.
//!
//! # References
//! * ATT&CK T1098.003, T1548
//! * Elastic, Entra ID elevated access to User Access Administrator; Panther, Elevated to User Access Administrator

use crate::events::Store;

use super::act::{Act, any};
use super::asked::{self, Asked, Question, Spec, Told, Whose};
use super::{Ask, Detection, Severity, Tuning};

pub(super) static DETECTION: Detection = Detection {
    prepare,
    ..asked::detection(
        "elevate-access",
        "Access to all of Azure taken",
        "elevate_access",
        include_str!("elevate_access.kql"),
    )
};

static SPEC: Spec = Spec {
    detection: &DETECTION,
    whose: Whose::Doer,
    questions: &[Question { variant: "elevated", what: "Access to all of Azure taken", is: elevates, ask: elevated }],
};

fn prepare<'a>(_: &'a Store, tuning: &'a Tuning) -> Ask<'a> {
    asked::ask(&SPEC, tuning)
}

fn elevates(operation: &str) -> bool {
    const OPERATIONS: [&str; 3] = [
        "User has elevated their access to User Access Administrator for their Azure Resources",
        "Microsoft.Authorization/elevateAccess/action",
        "Assigns the caller to user access admin",
    ];
    any(operation, &OPERATIONS)
}

fn elevated(_: &Asked<'_, '_>, act: &Act<'_>) -> Option<Told> {
    if act.succeeded() { Told::new(Severity::High, "took access to all Azure subscriptions") } else { None }
}
