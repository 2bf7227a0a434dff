//! A service of Microsoft's acted in a person's name.
//!
//! # What it looks for
//! Acts in the directory whose initiator has a person's user name and the display name of Exchange Online,
//! SharePoint Online, Skype for Business, Dataverse or Dynamics. Groups are left out: services change those on
//! behalf of people every day.
//!
//! # Why it matters
//! Services pass tokens among each other that stand for any user and are checked by nobody. Who can make
//! one acts as a Global Administrator, with no sign-in; this mismatch of names is the one trace it leaves.
//!
//! # Evidence it needs
//! The directory audit log with the initiator's display name; the unified audit log does not have it.
//!
//! # Benign causes
//! * A migration or an integration of such a service that acts for the user who set it up.
//!
//! # Tuning
//! Nothing.
//!
//! # What to ask
//! * Was a migration or an integration running, and did the user do this themselves?
//!
//! # What to do
//! * Undo the act, and ask Microsoft what made the token.
//!
//! # References
//! * ATT&CK T1550.001, T1606
//! * Elastic, Entra ID actor token user impersonation

use crate::events::Store;

use super::act::{Act, any};
use super::asked::{self, Asked, Question, Spec, Told, Whose};
use super::{Ask, Detection, Severity, Tuning};

pub(super) static DETECTION: Detection = Detection {
    prepare,
    ..asked::detection(
        "actor-token",
        "Service acted in a person's name",
        "actor_token",
        include_str!("actor_token.kql"),
    )
};

static SPEC: Spec = Spec {
    detection: &DETECTION,
    whose: Whose::Doer,
    questions: &[Question { variant: "service", what: "Service acted in a person's name", is: matters, ask: acted }],
};

fn prepare<'a>(_: &'a Store, tuning: &'a Tuning) -> Ask<'a> {
    asked::ask(&SPEC, tuning)
}

/// Display names of services that are given such tokens.
const SERVICES: [&str; 5] = [
    "Office 365 Exchange Online",
    "Skype for Business Online",
    "Dataverse",
    "Office 365 SharePoint Online",
    "Microsoft Dynamics ERP",
];

fn matters(operation: &str) -> bool {
    !operation.to_ascii_lowercase().contains("group") && !any(operation, &["Set directory feature on tenant"])
}

fn acted(_: &Asked<'_, '_>, act: &Act<'_>) -> Option<Told> {
    let user = act.store.user(act.row.user);
    let texts = &act.store.texts;
    let (name, display) = (texts.get(user.name), texts.get(user.display));
    if !act.succeeded() || !name.contains('@') || !SERVICES.iter().any(|service| service.eq_ignore_ascii_case(display))
    {
        return None;
    }
    let told = Told::new(Severity::High, format!("did {} to {}", act.operation(), act.on()))?;
    Some(told.because(format!("The record calls this user {display}, which is a service.")))
}
