//! An application got a new secret or certificate.
//!
//! # What it looks for
//! Keys that are on an application or its identity after a change and were not before it. The first key
//! ever weighs more, and so does one on an application of Microsoft's, of Entra Connect or of another organisation, one
//! within `consent-hours` of a consent to the application, one on an application that holds a strong permission, and
//! one on an application that had not signed in for `silent-days`. An exchange of an old key for a new one, and the
//! first key of an application that the same person registered within `new-app-hours`, weigh less.
//!
//! # Why it matters
//! A key lets whoever has it sign in as the application, without a user, a second factor or most policies,
//! and with all permissions that it has. It is the way from one administrator's session to lasting access.
//!
//! # Evidence it needs
//! The directory audit log with modified properties.
//!
//! # Benign causes
//! * Keys are renewed before they end; a developer sets a new application up; a pipeline deploys one.
//!
//! # Tuning
//! `new-app-hours` and `consent-hours`, from the registration of the application or a consent to the key; `silent-days`.
//!
//! # What to ask
//! * Who owns the application, and is the key in the list of those that were planned?
//!
//! # What to do
//! * Remove the key, then look for sign-ins of the application since, with the id of that key.
//! * See which permissions the application has, and what it read or changed.
//!
//! # References
//! * ATT&CK T1098.001
//! * Microsoft Sentinel, New access credential added to application or service principal
//! * Panther, Service principal credentials added

use crate::events::Store;
use crate::events::change::Change;
use crate::events::guid::Guid;
use crate::knowledge::apps;

use super::act::{Act, any};
use super::asked::{self, Asked, Question, Spec, Told, Whose};
use super::{Ask, Detection, Severity, Tunable, Tuning};

const HOUR: i64 = 3_600_000_000;
/// How the application of Entra Connect is named.
const CONNECT: &str = "ConnectSyncProvisioning_";

pub(super) static DETECTION: Detection = Detection {
    tunables: &[
        Tunable::number(
            "new-app-hours",
            "24",
            "hours after its registration in which an application gets its first key",
        ),
        Tunable::number("consent-hours", "24", "hours from a consent to a key that make it worse"),
        Tunable::number("silent-days", "30", "days without a sign-in of the application that make a key worse"),
    ],
    prepare,
    ..asked::detection(
        "service-principal-credential",
        "Application given a new key",
        "service_principal_credential",
        include_str!("service_principal_credential.kql"),
    )
};

static SPEC: Spec = Spec {
    detection: &DETECTION,
    whose: Whose::Doer,
    questions: &[Question { variant: "key", what: "Application given a new key", is: changes_keys, ask: added }],
};

fn prepare<'a>(_: &'a Store, tuning: &'a Tuning) -> Ask<'a> {
    asked::ask(&SPEC, tuning)
}

const ADDS: &str = "Add service principal credentials";

/// Whether an operation may change the keys of an application.
pub(super) fn changes_keys(operation: &str) -> bool {
    const OPERATIONS: [&str; 5] = [
        ADDS,
        "Update application - Certificates and secrets management",
        "Add service principal",
        "Update application",
        "Update service principal",
    ];
    any(operation, &OPERATIONS)
}

fn creates(operation: &str) -> bool {
    any(operation, &["Add application", "Add service principal"])
}

fn consents(operation: &str) -> bool {
    any(operation, &["Consent to application"])
}

/// The ids of keys in a list of their descriptions: `[KeyIdentifier=…,KeyType=Password,KeyUsage=Verify,…]`.
/// Keys of other uses prove nothing about who signs in.
pub(super) fn keys(value: &str) -> Vec<&str> {
    let entries = value.split("KeyIdentifier=").skip(1);
    let proving = entries.filter(|entry| !entry.contains("KeyUsage=") || entry.contains("KeyUsage=Verify"));
    proving.filter_map(|entry| entry.split([',', ']']).next()).map(str::trim).collect()
}

/// Keys that came and went by a change: how many, and whether there was none before.
fn counted(change: &Change<'_>) -> (usize, usize, bool) {
    let (old, new) = (keys(&change.old), keys(&change.new));
    let missing = |from: &[&str], of: &[&str]| of.iter().filter(|key| !from.contains(key)).count();
    (missing(&old, &new), missing(&new, &old), old.is_empty())
}

/// Whether two acts are about one application: by id or name of any target.
fn is_same_app(left: &Act<'_>, right: &Act<'_>) -> bool {
    left.targets.iter().any(|one| {
        right
            .targets
            .iter()
            .any(|other| (!one.id.is_empty() && one.id == other.id) || (!one.name.is_empty() && one.name == other.name))
    })
}

fn added(asked: &Asked<'_, '_>, act: &Act<'_>) -> Option<Told> {
    let change = act.change("KeyDescription");
    let (came, went, first) = match change {
        Some(change) => counted(change),
        // The operation says it, the record does not list the keys.
        None if any(act.operation(), &[ADDS]) => (1, 0, false),
        None => return None,
    };
    if !act.succeeded() || came == 0 {
        return None;
    }
    let before = |name: &str| act.row.time.saturating_sub(asked.number(name).saturating_mul(HOUR));
    let near = |is: fn(&str) -> bool, name: &str| {
        let found = asked.acts(is, before(name), act.row.time).into_iter();
        found.filter(|other| other.number != act.number && is_same_app(other, act)).map(|other| other.number).collect()
    };
    let app = act.app();
    let own: Vec<u32> = near(creates, "new-app-hours");
    let consented: Vec<u32> = near(consents, "consent-hours");
    let id = act.row.detail(act.store, "AppId").and_then(|text| Guid::parse(text.trim()));
    let named = act.row.detail(act.store, "AppId").unwrap_or_default();
    let ids = || act.targets.iter().map(|target| &*target.id).chain([named.as_str()]).filter(|id| !id.is_empty());
    let (tenant, silent) = (asked.view().tenant, asked.number("silent-days"));
    let said = format!("added {} to {app}", if came == 1 { "a key".to_owned() } else { format!("{came} keys") });
    let connect = app.get(..CONNECT.len()).is_some_and(|start| start.eq_ignore_ascii_case(CONNECT));
    let (severity, because, beside) = if went >= came {
        (Severity::Low, "As many keys or more were taken away: it looks like a renewal.", Vec::new())
    } else if connect {
        (Severity::High, "It is the application of Entra Connect, which renews its keys itself.", Vec::new())
    } else if id.is_some_and(|id| apps::app_name(id).is_some()) {
        (Severity::High, "The application is Microsoft's: nobody else gives it keys.", Vec::new())
    } else if !consented.is_empty() {
        (Severity::High, "Consent to the application had been given shortly before.", consented)
    } else if tenant.programs.is_foreign(ids()) {
        (Severity::High, "The application belongs to another organisation, which gives it its keys.", Vec::new())
    } else if tenant.programs.is_strong(ids(), act.row.time) {
        (Severity::High, "The application holds a strong permission.", Vec::new())
    } else if own.is_empty() && tenant.programs.silence(ids(), act.row.time).is_some_and(|days| days >= silent) {
        (Severity::High, "The application had not signed in for a long time.", Vec::new())
    } else if !own.is_empty() {
        (Severity::Low, "The same person had registered it shortly before.", own)
    } else if first {
        (Severity::High, "It had no key before: whoever has this one can sign in as the application.", Vec::new())
    } else {
        (Severity::Medium, "Its other keys stay valid.", Vec::new())
    };
    Some(Told::new(severity, said)?.because(because).beside(beside))
}
