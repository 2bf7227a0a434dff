//! Users may consent to applications, or register them, where they could not before.
//!
//! # What it looks for
//! Changes of the authorization policy that allow consent to risky applications, that let users consent to
//! any application, or that let them register applications.
//!
//! # Why it matters
//! Consent is how applications of thieves come in. Whoever loosens the rule for all opens the tenant for
//! phishing that needs no password.
//!
//! # Evidence it needs
//! The directory audit log with modified properties.
//!
//! # Benign causes
//! * Administrators rework who may consent; a trial of a product asks for it.
//!
//! # Tuning
//! Nothing.
//!
//! # What to ask
//! * Is there a change request?
//!
//! # What to do
//! * Set the policy back, then go through the consents that were given since.
//!
//! # References
//! * ATT&CK T1562.001, T1528
//! * Splunk, Azure AD block user consent for risky apps disabled

use crate::events::Store;
use crate::events::change::{Change, plain};

use super::act::{Act, any};
use super::asked::{self, Asked, Question, Spec, Told, Whose};
use super::{Ask, Detection, Severity, Tuning};

pub(super) static DETECTION: Detection = Detection {
    prepare,
    ..asked::detection(
        "consent-policy-weakened",
        "Rule for consents loosened",
        "consent_policy_weakened",
        include_str!("consent_policy_weakened.kql"),
    )
};

static SPEC: Spec = Spec {
    detection: &DETECTION,
    whose: Whose::Doer,
    questions: &[Question { variant: "loosened", what: "Rule for consents loosened", is: updates, ask: loosened }],
};

fn prepare<'a>(_: &'a Store, tuning: &'a Tuning) -> Ask<'a> {
    asked::ask(&SPEC, tuning)
}

fn updates(operation: &str) -> bool {
    any(operation, &["Update authorization policy"])
}

fn loosened(_: &Asked<'_, '_>, act: &Act<'_>) -> Option<Told> {
    let on = |change: &Change<'_>| {
        plain(&change.new).eq_ignore_ascii_case("true") && !plain(&change.old).eq_ignore_ascii_case("true")
    };
    let gained = |change: &Change<'_>, word: &str| change.new.contains(word) && !change.old.contains(word);
    let found = act.changes().find_map(|change| {
        let name = change.name.to_ascii_lowercase();
        if name.ends_with("allowuserconsentforriskyapps") && on(change) {
            Some((Severity::High, "users may consent to risky applications"))
        } else if name.contains("permissiongrantpolicyid") && gained(change, "microsoft-user-default-legacy") {
            Some((Severity::High, "users may consent to any application"))
        } else if name.ends_with("allowedtocreateapps") && on(change) {
            Some((Severity::Medium, "users may register applications"))
        } else {
            None
        }
    });
    let (severity, what) = found.filter(|_| act.succeeded())?;
    Told::new(severity, format!("changed the authorization policy: {what}"))
}
