//! A domain of the tenant was made to trust another issuer of tokens.
//!
//! # What it looks for
//! A domain that becomes federated, federation settings that are set or changed, and domains that are added
//! or verified. An issuer or a second signing certificate that is new is told, and so is an issuer as a public
//! tool writes it.
//!
//! # Why it matters
//! Who holds the signing key of a trusted issuer makes tokens for any user, second factor included. Nothing
//! on the users' side shows it, and resetting passwords changes nothing.
//!
//! # Evidence it needs
//! The directory audit log.
//!
//! # Benign causes
//! * A move to or from an identity provider, or the yearly roll-over of its certificate.
//! * A domain is added for a new brand or after a merger.
//!
//! # Tuning
//! Nothing.
//!
//! # What to ask
//! * Is there a federation project, and who has the signing key of the issuer that is named?
//!
//! # What to do
//! * Make the domain managed again, or set issuer and certificate back; revoke all sessions of its users.
//! * Look for sign-ins whose token issuer is the new one.
//!
//! # References
//! * ATT&CK T1484.002, T1606.002
//! * Microsoft Sentinel, Modified domain federation trust settings; Elastic, Entra ID domain federation configuration change

use crate::events::Store;
use crate::events::change::plain;

use super::act::{Act, any};
use super::asked::{self, Asked, Question, Spec, Told, Whose};
use super::{Ask, Detection, Severity, Tuning};

pub(super) static DETECTION: Detection = Detection {
    prepare,
    ..asked::detection(
        "federation-changed",
        "Trust in an issuer of tokens changed",
        "federation_changed",
        include_str!("federation_changed.kql"),
    )
};

static SPEC: Spec = Spec {
    detection: &DETECTION,
    whose: Whose::Doer,
    questions: &[
        Question { variant: "federated", what: "Domain trusts another issuer", is: federates, ask: federated },
        Question { variant: "domain", what: "Domain added to the tenant", is: adds, ask: added },
    ],
};

fn prepare<'a>(_: &'a Store, tuning: &'a Tuning) -> Ask<'a> {
    asked::ask(&SPEC, tuning)
}

fn federates(operation: &str) -> bool {
    any(operation, &["Set domain authentication", "Set federation settings on domain"])
}

fn adds(operation: &str) -> bool {
    any(operation, &["Add unverified domain", "Add verified domain", "Verify domain"])
}

/// Whether an issuer looks as a public tool writes it: `…/any.sts`, with or without eight letters or digits behind.
fn is_made_up(issuer: &str) -> bool {
    let last = issuer.trim_end_matches('/').rsplit('/').next().unwrap_or_default();
    let random = last.len() == 8 && last.bytes().all(|byte| byte.is_ascii_alphanumeric());
    issuer.contains("any.sts") || (random && last.bytes().any(|byte| byte.is_ascii_digit()))
}

fn federated(_: &Asked<'_, '_>, act: &Act<'_>) -> Option<Told> {
    let live = act.change("LiveType");
    let becomes = live.is_some_and(|live| live.new.contains("Federated") && !live.old.contains("Federated"));
    let settings = any(act.operation(), &["Set federation settings on domain"]);
    // The other direction, or another property of the domain, opens nothing.
    if !becomes && !settings && act.changes().next().is_some() {
        return None;
    }
    let issuer = ["IssuerUri", "Issuer", "IssuerURI"].iter().find_map(|name| act.change(name)).filter(|change| change.old != change.new);
    let certificate = act.change("NextSigningCertificate").is_some_and(|change| !plain(&change.new).is_empty() && change.old != change.new);
    let because = match issuer.map(|change| plain(&change.new)).filter(|issuer| !issuer.is_empty()) {
        Some(issuer) if is_made_up(issuer) => format!("The issuer {issuer} is as AADInternals writes it."),
        Some(issuer) => format!("The issuer is now {issuer}."),
        None if certificate => "A second signing certificate is trusted now.".to_owned(),
        None => String::new(),
    };
    let severity = if act.succeeded() { Severity::Critical } else { Severity::Medium };
    let verb = if act.succeeded() { "changed" } else { "tried to change" };
    let domain = if act.targets.is_empty() { "that the record does not name" } else { act.on() };
    Some(Told::new(severity, format!("{verb} whom the domain {domain} trusts for sign-ins"))?.because(because))
}

fn added(_: &Asked<'_, '_>, act: &Act<'_>) -> Option<Told> {
    if !act.succeeded() {
        return None;
    }
    let own = act.on().to_ascii_lowercase().ends_with(".onmicrosoft.com");
    let told = Told::new(if own { Severity::Medium } else { Severity::Low }, format!("added or verified the domain {}", act.on()))?;
    Some(told.because(if own { "Another domain under onmicrosoft.com is seldom needed." } else { "" }))
}
