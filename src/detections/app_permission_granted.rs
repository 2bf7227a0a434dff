//! An application was given a strong permission of its own.
//!
//! # What it looks for
//! Permissions that an application has without a user: to all mail, files or sites, or to rule the
//! directory. *Granted* where it was assigned; *requested* where a registration asks for it and the consent
//! may follow. One that another application granted weighs more.
//!
//! # Why it matters
//! Such an application reads every mailbox or makes its owner an administrator, with no user, no second
//! factor and no session to revoke.
//!
//! # Evidence it needs
//! The directory audit log with modified properties.
//!
//! # Benign causes
//! * A backup, archive or security product is set up by the people who look after the tenant.
//! * A deployment pipeline grants what its templates list.
//!
//! # Tuning
//! Nothing: the list of permissions is that of `src/knowledge/permissions.rs`.
//!
//! # What to ask
//! * Which product is it, who asked for it, and is there a change request?
//!
//! # What to do
//! * Take the permission away, then look at the application's calls and sign-ins since.
//! * Restrict mail permissions to named mailboxes.
//!
//! # References
//! * ATT&CK T1098.003
//! * Splunk, Azure AD privileged Graph API permission assigned; Microsoft Sentinel, Service principal assigned app role with sensitive access

use crate::events::Store;
use crate::events::guid::Guid;
use crate::knowledge::permissions;
use crate::words::list;

use super::act::{Act, any, distinct};
use super::asked::{self, Asked, Question, Spec, Told, Whose};
use super::{Ask, Detection, Severity, Tuning};

pub(super) static DETECTION: Detection = Detection {
    prepare,
    ..asked::detection(
        "app-permission-granted",
        "Application given a strong permission",
        "app_permission_granted",
        include_str!("app_permission_granted.kql"),
    )
};

static SPEC: Spec = Spec {
    detection: &DETECTION,
    whose: Whose::Doer,
    questions: &[
        Question { variant: "granted", what: "Strong permission granted to app", is: assigns, ask: granted },
        Question { variant: "requested", what: "Strong permission asked for by app", is: updates, ask: requested },
    ],
};

fn prepare<'a>(_: &'a Store, tuning: &'a Tuning) -> Ask<'a> {
    asked::ask(&SPEC, tuning)
}

fn assigns(operation: &str) -> bool {
    any(operation, &["Add app role assignment to service principal", "Add app role assignment grant to user"])
}

fn updates(operation: &str) -> bool {
    any(operation, &["Update application", "Add application"])
}

/// Names of strong permissions that a text has as ids.
fn by_id(text: &str) -> Vec<&'static str> {
    let parts = text.split(|letter: char| !(letter.is_ascii_hexdigit() || letter == '-'));
    parts.filter(|part| part.len() == 36).filter_map(Guid::parse).filter_map(permissions::role).collect()
}

fn granted(_: &Asked<'_, '_>, act: &Act<'_>) -> Option<Told> {
    let named = act.value(&["AppRole.Value"]);
    let by_id = by_id(act.value(&["AppRole.Id"]));
    let strong = distinct(by_id.into_iter().chain(Some(named).filter(|name| permissions::is_strong(name))));
    if !act.succeeded() || strong.is_empty() {
        return None;
    }
    let names = [act.value(&["ServicePrincipal.DisplayName"]), act.value(&["ServicePrincipal.ObjectID"])];
    let app = names.into_iter().find(|name| !name.is_empty()).unwrap_or_else(|| act.app());
    let severity = if act.is_by_user() { Severity::High } else { Severity::Critical };
    let because = if act.is_by_user() { "" } else { "An application gave it, not a person." };
    Some(Told::new(severity, format!("gave {app} the permission {}", list(&strong)))?.because(because))
}

/// Permissions that a registration asks for now and did not before.
fn requested(_: &Asked<'_, '_>, act: &Act<'_>) -> Option<Told> {
    let change = act.change("RequiredResourceAccess")?;
    let before = by_id(&change.old);
    let strong = distinct(by_id(&change.new).into_iter().filter(|name| !before.contains(name)));
    if !act.succeeded() || strong.is_empty() {
        return None;
    }
    let told = Told::new(Severity::Medium, format!("made {} ask for {}", act.app(), list(&strong)))?;
    Some(told.because("It holds once somebody consents for the organisation."))
}
