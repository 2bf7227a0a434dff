//! How people have to sign in was changed for the whole tenant.
//!
//! # What it looks for
//! Security defaults that are switched off; another provider of sign-ins or second factors, or another
//! address under which its keys are found; another certificate authority whose certificates sign people in;
//! and changes of the policies for authentication methods, for risk and registration, and for who may
//! register devices.
//!
//! # Why it matters
//! One change opens a way around the second factor for everybody, or lets the intruder's own provider vouch
//! for anybody.
//!
//! # Evidence it needs
//! The directory audit log with modified properties.
//!
//! # Benign causes
//! * A move to passkeys or certificates; a new provider; security defaults make room for policies.
//!
//! # Tuning
//! Nothing.
//!
//! # What to ask
//! * Is there a change request, and whose is the provider or the authority?
//!
//! # What to do
//! * Set the policy back, then look for sign-ins by the way that was opened.
//!
//! # References
//! * ATT&CK T1556, T1484.002
//! * Panther, Authentication methods policy OIDC change; Sigma, New root certificate authority added

use crate::events::Store;
use crate::events::change::{Change, plain};

use super::act::{Act, any};
use super::asked::{self, Asked, Question, Spec, Told, Whose};
use super::{Ask, Detection, Severity, Tuning};

pub(super) static DETECTION: Detection = Detection {
    prepare,
    ..asked::detection(
        "authentication-policy-changed",
        "Rules for signing in changed",
        "authentication_policy_changed",
        include_str!("authentication_policy_changed.kql"),
    )
};

static SPEC: Spec = Spec {
    detection: &DETECTION,
    whose: Whose::Doer,
    questions: &[
        Question { variant: "opened", what: "Way of signing in opened to all", is: matters, ask: opened },
        Question { variant: "changed", what: "Rules for signing in changed", is: changes, ask: changed },
    ],
};

fn prepare<'a>(_: &'a Store, tuning: &'a Tuning) -> Ask<'a> {
    asked::ask(&SPEC, tuning)
}

fn changes(operation: &str) -> bool {
    const OPERATIONS: [&str; 6] = [
        "Authentication Methods Policy Update",
        "Authentication Methods Policy Reset",
        "Update authentication methods policy",
        "Update User Risk and MFA Registration Policy",
        "Set device registration policies",
        "Update external identity provider",
    ];
    any(operation, &OPERATIONS)
}

fn matters(operation: &str) -> bool {
    const OPERATIONS: [&str; 5] = [
        "Set Company Information",
        "Disable security defaults",
        "Update security defaults",
        "Update policy",
        "Create external authentication method",
    ];
    changes(operation) || any(operation, &OPERATIONS)
}

/// The addresses under which providers publish their keys.
fn discovery(value: &str) -> Option<&str> {
    let (_, rest) = value.split_once("iscoveryUrl")?;
    let start = rest.trim_start_matches(['"', '\\', ':', '=', ' ']);
    start.split(['"', '\\', ',', ' ']).next().filter(|text| !text.is_empty())
}

/// The way that a change opens, in words.
fn way(change: &Change<'_>) -> Option<String> {
    if change.old == change.new {
        return None;
    }
    if let Some(address) = discovery(&change.new).filter(|address| discovery(&change.old) != Some(address)) {
        return Some(format!("the provider at {address} vouches for sign-ins"));
    }
    if change.is("TrustedCAsForPasswordlessAuth") && change.new.len() > change.old.len() {
        return Some("another certificate authority signs people in".to_owned());
    }
    let enabled = |value: &str| {
        plain(value).eq_ignore_ascii_case("true")
            || value.replace(' ', "").to_ascii_lowercase().contains("isenabled\":true")
    };
    let defaults = change.name.to_ascii_lowercase();
    let off = (defaults.contains("securitydefaults") || defaults == "isenabled")
        && enabled(&change.old)
        && !enabled(&change.new);
    off.then(|| "security defaults are off".to_owned())
}

fn ways(act: &Act<'_>) -> Option<String> {
    let named = any(act.operation(), &["Disable security defaults"]).then(|| "security defaults are off".to_owned());
    let method = any(act.operation(), &["Create external authentication method"]);
    // `Update policy` is written for policies of all kinds.
    let any_policy =
        any(act.operation(), &["Update policy"]) && !act.on().to_ascii_lowercase().contains("security defaults");
    let found = act.changes().find_map(way).filter(|_| !any_policy);
    named.or(found).or_else(|| method.then(|| format!("{} vouches for second factors", act.on())))
}

fn opened(_: &Asked<'_, '_>, act: &Act<'_>) -> Option<Told> {
    let way = ways(act).filter(|_| act.succeeded())?;
    Told::new(Severity::High, format!("changed how people sign in: {way}"))
}

fn changed(_: &Asked<'_, '_>, act: &Act<'_>) -> Option<Told> {
    if !act.succeeded() || ways(act).is_some() {
        return None;
    }
    Told::new(Severity::Medium, format!("changed {} ({})", act.on(), act.operation()))
}
