//! Findings that rest on one event, or on a few: what they have in common, said once.

use serde_json::Value;

use crate::events::{Audit, Guid, SignIn};
use crate::knowledge::apps;
use crate::order::Arrange;
use crate::sessions::{EventRef, View};
use crate::tenant::Thing;

use super::told::{self, of};
use super::{Confidence, Detection, Evidence, Finding, Severity};

/// A day, in microseconds.
pub(super) const DAY: i64 = 86_400_000_000;
/// Records of one kind that a finding shows; all are counted.
pub(super) const LISTED: usize = 200;

/// What a detection says of an event.
pub(super) struct Told {
    pub(super) variant: &'static str,
    pub(super) severity: Severity,
    pub(super) confidence: Confidence,
    /// The event, whose session the finding belongs to, and its part.
    pub(super) event: EventRef,
    pub(super) role: &'static str,
    /// Other records that it rests on.
    pub(super) beside: Vec<Evidence>,
    pub(super) why: String,
    pub(super) what: &'static str,
    pub(super) facts: Value,
}

/// The finding: of the session of its event, and named by that or by the event itself.
pub(super) fn finding(detection: &Detection, view: &View<'_>, mut told: Told) -> Finding {
    told.beside.push(Evidence { role: told.role, event: told.event });
    let session = match told.event {
        EventRef::SignIn(number) => view.session_of(number),
        EventRef::Audit(_) | EventRef::Activity(_) | EventRef::Risk(_) => None,
    };
    let own = told.event.head(view.store).map_or(crate::events::Id::EMPTY, |head| head.id);
    let Told { variant, severity, confidence, why, what, facts, beside: evidence, .. } = told;
    of(
        detection,
        view,
        session,
        own,
        told::Told { variant, weight: (severity, confidence), why, what, evidence, facts },
    )
}

/// Of findings of one session and strand the worst, the earliest of equals; those without session stay.
pub(super) fn worst(mut all: Vec<Finding>) -> Vec<Finding> {
    all.arrange_by_key(|finding| {
        (finding.session, finding.strand, std::cmp::Reverse((finding.severity, finding.confidence)))
    });
    all.dedup_by(|next, kept| next.session.is_some() && (next.session, next.strand) == (kept.session, kept.strand));
    all
}

/// Successes of a user, in order of time.
pub(super) fn successes<'a>(view: &View<'a>) -> impl Iterator<Item = (u32, &'a SignIn)> {
    view.sign_ins().filter(|(_, row)| row.stream().is_user() && view.succeeded(row))
}

/// Whether the user holds power over others, as far as that is known.
pub(super) fn is_privileged(view: &View<'_>) -> bool {
    view.person.classes.has(crate::enrichment::UserClass::Privileged)
}

/// One step more severe for a privileged user.
pub(super) fn weighed(view: &View<'_>, severity: Severity) -> Severity {
    let next = Severity::ALL.into_iter().find(|other| *other > severity).unwrap_or(severity);
    if is_privileged(view) { next } else { severity }
}

/// The day of a moment, counted from 1970.
pub(super) fn day(time: i64) -> i64 {
    time.div_euclid(DAY)
}

/// Whether the user did what an audit event tells, and not only had it done to them.
pub(super) fn did(view: &View<'_>, row: &Audit) -> bool {
    let user = view.store.user(row.user);
    let by_id = user.id.value().map(|id| id == view.person.id);
    by_id.unwrap_or(user.name.has_value() && user.name == view.person.name)
}

/// Whether a sign-in is one of the first day that a tenant of others is seen with this one, once the exports reach
/// back so long: whether the user came in from there. Microsoft's own tenants do not count.
pub(super) fn new_tenant(view: &View<'_>, row: &SignIn, history: i64) -> Option<bool> {
    let firsts = &view.tenant.firsts;
    let (inbound, key) = firsts.foreign(view.store, row)?;
    if Guid::parse(&key).is_some_and(apps::is_microsoft_first_party) {
        return None;
    }
    let first = firsts.since(if inbound { Thing::HomeTenant } else { Thing::ResourceTenant }, &key)?;
    let begins = view.tenant.sign_in_span?.first;
    (first - begins >= history && row.time - first <= DAY).then_some(inbound)
}

/// Applications in which a tenant is looked after: the Azure portal, its part for Entra, and the admin centers.
const PORTALS: [Guid; 4] = [
    Guid::from_u128(0x00000006_0000_0ff1_ce00_000000000000),
    Guid::from_u128(0x497effe9_df71_4043_a8bb_14cf78c4b63b),
    Guid::from_u128(0x74658136_14ec_4630_ad9b_26e160ff0fc6),
    Guid::from_u128(0xc44b4083_3bb0_49c1_b47d_974e53cbdf3c),
];

/// Whether the application is a portal in which a tenant is looked after.
pub(super) fn is_portal(view: &View<'_>, row: &SignIn) -> bool {
    view.app(row).is_some_and(|app| PORTALS.contains(&app))
}

/// Whether a portal, a command line or the management of Azure was reached.
pub(super) fn is_management(view: &View<'_>, row: &SignIn) -> bool {
    let resource = view.store.app(row.resource).id.as_guid();
    is_portal(view, row)
        || resource == Some(apps::AZURE_MANAGEMENT)
        || matches!(
            view.app(row),
            Some(
                apps::AZURE_CLI
                    | apps::AZURE_POWERSHELL
                    | apps::AZURE_AD_POWERSHELL
                    | apps::GRAPH_COMMAND_LINE
                    | apps::GRAPH_EXPLORER
            )
        )
}
