//! A user without any role opens the portal of administrators for the first time.
//!
//! # What it looks for
//! The first success of a user, of whom no role is known, at the Azure portal, its part for Entra, or an admin center of
//! Microsoft 365, when their history reaches back `history-days`. One finding a user.
//!
//! # Why it matters
//! Everybody may open the portal unless that is switched off, and read users, groups and devices there. An intruder
//! looks around in it first.
//!
//! # Evidence it needs
//! User sign-ins with application and result, and the user's history. Who holds a role, changes of roles in the
//! directory audit log, a file beside the exports or roles in tokens show: where nobody is known to hold one, this is
//! less sure.
//!
//! # Benign causes
//! * A developer who got a subscription.
//! * An administrator whose role is older than the exports.
//!
//! # Tuning
//! `history-days` of the user's sign-ins before the portal is new for them.
//!
//! # What to ask
//! * What did the user want there?
//!
//! # What to do
//! * Restrict the portal to those who hold a role.
//! * Read it beside the other findings of the session.
//!
//! # References
//! * ATT&CK T1087.004, T1538
//! * HybridBrothers, first sign-in to an admin portal

use serde_json::json;

use crate::enrichment::UserClass;
use crate::events::Store;
use crate::events::field::Field;
use crate::sessions::{EventRef, HISTORY_DAYS};
use crate::tenant::Thing;

use super::evidence::{moment, place, who};
use super::places::strange;
use super::single::{DAY, Told, finding, is_portal, successes};
use super::{Ask, Confidence, Detection, Group, Records, Severity, Tunable, Tuning};

const ID: &str = "admin-portal-by-user";

pub(super) static DETECTION: Detection = Detection {
    id: ID,
    title: "Administrators' portal opened by a user without role",
    group: Group::Token,
    records: &[Records::UserSignIns],
    helped_by: &[(Records::Audits, "changes of roles show who is an administrator")],
    needs: &[&[Field::AppId], &[Field::Result]],
    // The processing details name the roles in a token.
    wants: &[Field::Address, Field::Asn, Field::Processing],
    history_days: HISTORY_DAYS,
    tunables: &[Tunable::number("history-days", "3", "days of the user's sign-ins before the portal is new for them")],
    prepare,
    kql: include_str!("admin_portal_by_user.kql"),
    file: "admin_portal_by_user",
};

fn prepare<'a>(_: &'a Store, tuning: &'a Tuning) -> Ask<'a> {
    let history = tuning.number(ID, "history-days").unwrap_or(HISTORY_DAYS).saturating_mul(DAY);
    Box::new(move |subject, found| {
        let view = subject.view;
        let classes = view.person.classes;
        if classes.has(UserClass::Privileged) || classes.has(UserClass::BreakGlass) {
            return;
        }
        let mut rows = successes(view);
        let Some((begin, first)) = rows.next() else { return };
        let Some((number, row)) = std::iter::once((begin, first)).chain(rows).find(|(_, row)| is_portal(view, row))
        else {
            return;
        };
        if row.time - first.time < history {
            return;
        }
        let roles_known = view.tenant.firsts.since(Thing::OfAdmins, "").is_some();
        let strange = strange(subject, row).is_some();
        // Facts: `app`; `roles_known`, whether anybody is known to hold a role.
        found.push(finding(
            &DETECTION,
            view,
            Told {
                variant: "first",
                severity: Severity::Low,
                confidence: if roles_known { Confidence::Medium } else { Confidence::Low },
                event: EventRef::SignIn(number),
                role: "portal",
                beside: Vec::new(),
                why: format!(
                    "{}, of whom no role is known, opened {} from {} at {} for the first time.{}",
                    who(view),
                    view.app_name(row.app),
                    place(view.network(row)),
                    moment(row.time),
                    if strange { " The network is new to the user." } else { "" },
                ),
                what: "Portal opened by a plain user",
                facts: json!({"app": view.app_name(row.app), "roles_known": roles_known}),
            },
        ));
    })
}
