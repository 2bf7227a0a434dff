//! An application was made to trust tokens of another issuer.
//!
//! # What it looks for
//! Federated identity credentials of an application whose issuer is new, or points elsewhere than before.
//! The issuers of well-known platforms for deployments weigh less.
//!
//! # Why it matters
//! Whoever runs the issuer signs in as the application, with no secret that anybody could find or renew.
//!
//! # Evidence it needs
//! The directory audit log with modified properties.
//!
//! # Benign causes
//! * A pipeline of GitHub, Azure DevOps or Kubernetes is set up without secrets.
//!
//! # Tuning
//! Nothing.
//!
//! # What to ask
//! * Whose is the issuer and the subject, and which pipeline uses them?
//!
//! # What to do
//! * Remove the credential, then look for sign-ins of the application by federated identity.
//!
//! # References
//! * ATT&CK T1098.001
//! * Elastic, Entra ID federated identity credential issuer modified

use crate::events::Store;

use super::act::{Act, any, distinct};
use super::asked::{self, Asked, Question, Spec, Told, Whose};
use super::{Ask, Detection, Severity, Tuning};

pub(super) static DETECTION: Detection = Detection {
    prepare,
    ..asked::detection(
        "federated-credential",
        "Application trusts another issuer",
        "federated_credential",
        include_str!("federated_credential.kql"),
    )
};

static SPEC: Spec = Spec {
    detection: &DETECTION,
    whose: Whose::Doer,
    questions: &[Question { variant: "issuer", what: "Application trusts another issuer", is: updates, ask: trusts }],
};

fn prepare<'a>(_: &'a Store, tuning: &'a Tuning) -> Ask<'a> {
    asked::ask(&SPEC, tuning)
}

fn updates(operation: &str) -> bool {
    any(operation, &["Update application", "Update service principal"])
}

/// How the hosts of issuers end that platforms for deployments have.
const PLATFORMS: [&str; 4] =
    ["token.actions.githubusercontent.com", "vstoken.dev.azure.com", "oic.prod-aks.azure.com", "app.terraform.io"];

/// The issuers in a value, which is JSON or a notation of its own: what follows the word *Issuer*.
fn issuers(value: &str) -> Vec<&str> {
    let rest = value.match_indices("ssuer").filter_map(|(place, _)| value.get(place + 5..));
    let texts = rest.map(|rest| rest.trim_start_matches(['"', '\\', ':', '=', ' ']));
    let ends = |mark: char| matches!(mark, '"' | '\\' | ',' | ']' | '}' | ' ');
    distinct(texts.filter_map(|text| text.split(ends).next()).filter(|text| text.starts_with("http")))
}

fn trusts(_: &Asked<'_, '_>, act: &Act<'_>) -> Option<Told> {
    let change = act.change("FederatedIdentityCredentials")?;
    let before = issuers(&change.old);
    let new = issuers(&change.new).into_iter().find(|issuer| !before.contains(issuer)).filter(|_| act.succeeded())?;
    let host = new.split('/').nth(2).unwrap_or_default();
    let known =
        PLATFORMS.iter().any(|end| host == *end || host.strip_suffix(end).is_some_and(|rest| rest.ends_with('.')));
    let severity = if known { Severity::Medium } else { Severity::High };
    let told = Told::new(severity, format!("made {} trust tokens of {new}", act.app()))?;
    Some(told.because(if before.is_empty() { "" } else { "It trusted another issuer before." }))
}
