//! What several detections ask of the identities of applications.

use crate::events::change::Change;
use crate::events::vocabulary::Stream;
use crate::events::{SignIn, Store};
use crate::sessions::View;
use crate::tenant::{Network, PersonKind};

use super::act::Act;
use super::evidence::who;
use super::service_principal_credential::keys;

/// Whether the identity is one of an application.
pub(super) fn is_workload(view: &View<'_>) -> bool {
    matches!(view.person.kind, PersonKind::ServicePrincipal | PersonKind::ManagedIdentity)
}

/// Sign-ins of an application's identity, in order of time; none of a person's.
pub(super) fn rows<'a>(view: &View<'a>) -> impl Iterator<Item = (u32, &'a SignIn)> {
    let own = is_workload(view);
    view.sign_ins().filter(move |(_, row)| own && !row.stream().is_user())
}

/// Those that succeeded.
pub(super) fn successes<'a>(view: &View<'a>) -> impl Iterator<Item = (u32, &'a SignIn)> {
    rows(view).filter(|(_, row)| view.succeeded(row))
}

/// The network of a sign-in, unless it is one that Microsoft's services alone use.
pub(super) fn network(view: &View<'_>, row: &SignIn) -> Option<Network> {
    view.network(row).filter(|network| !network.is_microsoft())
}

/// The id of the credential that was used; empty where the record has none.
pub(super) fn credential<'a>(store: &'a Store, row: &SignIn) -> &'a str {
    store.texts.get(store.principal(row.principal).credential)
}

/// Days of a stream between two moments on which anything signed in.
pub(super) fn days_between(view: &View<'_>, stream: Stream, since: i64, until: i64) -> i64 {
    let hour = |time: i64| time.div_euclid(3_600_000_000);
    if hour(until) <= hour(since) + 1 {
        return 0;
    }
    let hours = view.tenant.hours.range((stream, hour(since) + 1)..(stream, hour(until)));
    let mut last = None;
    hours.filter(|((_, hour), _)| last.replace(hour.div_euclid(24)) != Some(hour.div_euclid(24))).count() as i64
}

/// When the first sign-in of a stream is, to the hour.
pub(super) fn begins(view: &View<'_>, stream: Stream) -> Option<i64> {
    let first = view.tenant.hours.range((stream, i64::MIN)..=(stream, i64::MAX)).next();
    first.map(|((_, hour), _)| hour.saturating_mul(3_600_000_000))
}

/// A credential that somebody gave the identity, as the audit log tells it.
pub(super) struct Added {
    /// Number of the audit event.
    pub(super) number: u32,
    /// When, in microseconds UTC.
    pub(super) time: i64,
    /// Who did it.
    pub(super) by: String,
    /// From where, as far as the record says.
    pub(super) network: Option<Network>,
    /// Ids of the credentials that are there since, in small letters.
    keys: String,
}

impl Added {
    /// Whether this is the credential.
    pub(super) fn is(&self, credential: &str) -> bool {
        !credential.is_empty() && self.keys.contains(&credential.to_ascii_lowercase())
    }
}

/// Credentials that were given to the identity, in order of time.
pub(super) fn added(view: &View<'_>) -> Vec<Added> {
    let (store, texts) = (view.store, &view.store.texts);
    let mut found = Vec::new();
    let gives = |operation: &str| {
        let operation = operation.to_ascii_lowercase();
        operation.starts_with("add service principal credentials")
            || (operation.starts_with("update application") && operation.contains("certificates and secrets"))
    };
    for (number, row) in view.audits_of(&gives) {
        let act = Act::read(store, number, row);
        if !act.succeeded() {
            continue;
        }
        let fresh = |change: &Change<'_>| {
            // What was there before was not added.
            let old = keys(&change.old);
            keys(&change.new).into_iter().filter(|key| !old.contains(key)).collect::<Vec<_>>().join(" ")
        };
        let keys = act.change("KeyDescription").map(fresh).unwrap_or_default().to_ascii_lowercase();
        let (user, principal) = (store.user(row.user), store.principal(row.principal));
        let by = texts.value(user.name).or_else(|| texts.value(principal.name)).unwrap_or("somebody").to_owned();
        found.push(Added { number, time: row.time, by, network: view.network_of_audit(row), keys });
    }
    found
}

/// The identity for a sentence.
pub(super) fn named(view: &View<'_>) -> String {
    let what = match view.person.kind {
        PersonKind::ManagedIdentity => "The managed identity",
        _ => "The service principal",
    };
    format!("{what} {}", who(view))
}
