//! A guest of a tenant that had sent nobody reaches what the tenant is looked after with.
//!
//! # What it looks for
//! Successes of users who are at home in another tenant, at portals, command lines or the management of Azure: on the
//! first day that anybody of that tenant is seen here (`new-tenant`), or at a portal from a machine in Microsoft's cloud
//! (`from-cloud`). One finding a session.
//!
//! # Why it matters
//! An intruder who may invite guests keeps a way in that no password reset closes. A machine rented in Azure is
//! no place where a guest sits.
//!
//! # Evidence it needs
//! User sign-ins with home tenant, resource tenant, application and result, and at least three days of them.
//!
//! # Benign causes
//! * A new service provider begins its work.
//! * A guest works on a virtual desktop in Azure.
//!
//! # Tuning
//! `history-days` that the exports must reach back before a tenant is new.
//!
//! # What to ask
//! * Who invited the guest, and what for?
//!
//! # What to do
//! * Look up the invitation, and the roles that the guest holds.
//! * Remove the guest, and revoke the sessions, where nobody answers for it.
//!
//! # References
//! * ATT&CK T1078.004, T1199
//! * Microsoft Sentinel, Azure portal sign-in from another Azure tenant

use serde_json::json;

use crate::events::Store;
use crate::events::field::Field;
use crate::knowledge::microsoft::Range;
use crate::sessions::{EventRef, HISTORY_DAYS};

use super::evidence::{moment, place, who};
use super::single::{DAY, Told, finding, is_management, is_portal, new_tenant, successes, worst};
use super::{Ask, Confidence, Detection, Group, Records, Severity, Tunable, Tuning};

const ID: &str = "guest-from-new-tenant";

pub(super) static DETECTION: Detection = Detection {
    id: ID,
    title: "Guest of a new tenant at the tools of administrators",
    group: Group::Network,
    records: &[Records::UserSignIns],
    helped_by: &[],
    needs: &[&[Field::HomeTenant], &[Field::ResourceTenant], &[Field::AppId], &[Field::Result]],
    wants: &[Field::Address, Field::Asn],
    history_days: HISTORY_DAYS,
    tunables: &[Tunable::number("history-days", "3", "days of sign-ins before a tenant is new")],
    prepare,
    kql: include_str!("guest_from_new_tenant.kql"),
    file: "guest_from_new_tenant",
};

fn prepare<'a>(_: &'a Store, tuning: &'a Tuning) -> Ask<'a> {
    let history = tuning.number(ID, "history-days").unwrap_or(HISTORY_DAYS).saturating_mul(DAY);
    Box::new(move |subject, found| {
        let view = subject.view;
        let mut all = Vec::new();
        for (number, row) in successes(view).filter(|(_, row)| is_management(view, row)) {
            let Some((true, home)) = view.tenant.firsts.foreign(view.store, row) else { continue };
            let new = new_tenant(view, row, history) == Some(true);
            let network = view.network(row);
            let rented = network.is_some_and(|network| network.microsoft() == Some(Range::Cloud));
            let (variant, severity, words) = match (new, rented && is_portal(view, row)) {
                (true, true) => (
                    "from-cloud",
                    Severity::Medium,
                    "a tenant that had sent nobody, from a machine in Microsoft's cloud",
                ),
                (false, true) => ("from-cloud", Severity::Low, "another tenant, from a machine in Microsoft's cloud"),
                (true, false) => ("new-tenant", Severity::Low, "a tenant that had sent nobody"),
                (false, false) => continue,
            };
            // Facts: `tenant`, where the guest is at home; `app`.
            all.push(finding(
                &DETECTION,
                view,
                Told {
                    variant,
                    severity,
                    confidence: Confidence::Medium,
                    event: EventRef::SignIn(number),
                    role: "guest",
                    beside: Vec::new(),
                    why: format!(
                        "{}, of {words} ({home}), signed in to {} from {} at {}.",
                        who(view),
                        view.app_name(row.app),
                        place(network),
                        moment(row.time),
                    ),
                    what: "Guest at administrators' tools",
                    facts: json!({"tenant": home, "app": view.app_name(row.app)}),
                },
            ));
        }
        found.extend(worst(all));
    })
}
