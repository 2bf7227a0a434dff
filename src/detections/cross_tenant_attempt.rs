//! A user of the tenant signs in to a tenant of others that nobody had been to.
//!
//! # What it looks for
//! Sign-ins of the tenant's own users to another tenant, on the first day that anybody of this one is seen there, that
//! succeeded or that a policy stopped. Microsoft's own tenants do not count. One finding a session.
//!
//! # Why it matters
//! A stolen session also opens the doors to which its owner is invited; and data leave to a tenant that an
//! intruder prepared.
//!
//! # Evidence it needs
//! User sign-ins with home tenant, resource tenant and result, and at least three days of them.
//!
//! # Benign causes
//! * Work with a new partner: every first invitation looks like this.
//!
//! # Tuning
//! `history-days` that the exports must reach back before a tenant is new.
//!
//! # What to ask
//! * Whose tenant is it, and who asked the user there?
//!
//! # What to do
//! * Read it beside the other findings of the session.
//! * Name the partners in the settings for access across tenants, and close the rest.
//!
//! # References
//! * ATT&CK T1078.004, T1199
//! * Sigma, Users authenticating to other Azure AD tenants

use serde_json::json;

use crate::events::Store;
use crate::events::field::Field;
use crate::knowledge::results::ResultClass;
use crate::sessions::{EventRef, HISTORY_DAYS};

use super::evidence::{failure, moment, place, who};
use super::places::strange;
use super::single::{DAY, Told, finding, is_management, new_tenant, worst};
use super::{Ask, Confidence, Detection, Group, Records, Severity, Tunable, Tuning};

const ID: &str = "cross-tenant-attempt";

pub(super) static DETECTION: Detection = Detection {
    id: ID,
    title: "Sign-in to a tenant of others that is new",
    group: Group::Network,
    records: &[Records::UserSignIns],
    helped_by: &[],
    needs: &[&[Field::HomeTenant], &[Field::ResourceTenant], &[Field::Result]],
    wants: &[Field::Address, Field::Asn],
    history_days: HISTORY_DAYS,
    tunables: &[Tunable::number("history-days", "3", "days of sign-ins before a tenant is new")],
    prepare,
    kql: include_str!("cross_tenant_attempt.kql"),
    file: "cross_tenant_attempt",
};

fn prepare<'a>(_: &'a Store, tuning: &'a Tuning) -> Ask<'a> {
    let history = tuning.number(ID, "history-days").unwrap_or(HISTORY_DAYS).saturating_mul(DAY);
    Box::new(move |subject, found| {
        let view = subject.view;
        let mut all = Vec::new();
        for (number, row) in view.sign_ins().filter(|(_, row)| row.stream().is_user()) {
            let entered = view.succeeded(row);
            let told = entered || view.class(row) == ResultClass::Policy;
            if !told || new_tenant(view, row, history) != Some(false) {
                continue;
            }
            let tenant = view.store.tenants_of(row.tenants).resource.display(&view.store.texts);
            let strange = strange(subject, row).is_some();
            // Facts: `tenant`, that was signed in to; `app`; `entered`, or a policy stopped it.
            all.push(finding(
                &DETECTION,
                view,
                Told {
                    variant: "abroad",
                    severity: if entered && strange && is_management(view, row) { Severity::Medium } else { Severity::Low },
                    confidence: Confidence::Medium,
                    event: EventRef::SignIn(number),
                    role: "abroad",
                    beside: Vec::new(),
                    why: format!(
                        "{} signed in to {} of the tenant {tenant} from {} at {}{}. Nobody of this tenant had been there.{}",
                        who(view),
                        view.app_name(row.app),
                        place(view.network(row)),
                        moment(row.time),
                        failure(view.code(row)),
                        if strange { " The network is new to the user." } else { "" },
                    ),
                    what: "Sign-in to a new foreign tenant",
                    facts: json!({"tenant": tenant, "app": view.app_name(row.app), "entered": entered}),
                },
            ));
        }
        found.extend(worst(all));
    })
}
