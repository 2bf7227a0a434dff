//! One phone number, or one authenticator app, answers for several users.
//!
//! # What it looks for
//! Phone numbers and authenticator apps that the directory audit log shows at one user and that at least `users` users have. One
//! finding a user and factor.
//!
//! # Why it matters
//! Whoever takes over several accounts registers the same phone with all of them.
//!
//! # Evidence it needs
//! The directory audit log with the changed properties `StrongAuthenticationUserDetails` and
//! `StrongAuthenticationPhoneAppDetail` of `Update user`.
//!
//! # Benign causes
//! * An administrator's two accounts with one phone: with two users, an app alone is low.
//! * A shared phone of a desk, a family, or a shift.
//!
//! # Tuning
//! `users` that have one factor.
//!
//! # What to ask
//! * Whose number or phone is it?
//!
//! # What to do
//! * Remove it from all who do not know it, and revoke their sessions.
//! * Look at who registered it, and from where.
//!
//! # References
//! * ATT&CK T1098.005, T1556.006
//! * reprise99, Multiple users with the same MFA number

use crate::order::Set;

use serde_json::json;

use crate::events::Store;
use crate::sessions::{EventRef, View};
use crate::tenant::Thing;
use crate::tenant::firsts::factors;

use super::evidence::{moment, who};
use super::single::{Told, finding};
use super::{Ask, Confidence, Detection, Group, Records, Severity, Tunable, Tuning};

const ID: &str = "shared-second-factor";

pub(super) static DETECTION: Detection = Detection {
    id: ID,
    title: "One second factor of several users",
    group: Group::Directory,
    records: &[Records::Audits],
    helped_by: &[],
    needs: &[],
    wants: &[],
    history_days: 0,
    tunables: &[Tunable::number("users", "2", "users that have one factor")],
    prepare,
    kql: include_str!("shared_second_factor.kql"),
    file: "shared_second_factor",
};

fn prepare<'a>(_: &'a Store, tuning: &'a Tuning) -> Ask<'a> {
    let least = usize::try_from(tuning.number(ID, "users").unwrap_or(2)).unwrap_or(usize::MAX).max(2);
    Box::new(move |subject, found| {
        let view = subject.view;
        let mut told = Set::new();
        for (number, row) in view.audits() {
            for (user, factor) in factors(view.store, row.targets) {
                let users = view.tenant.firsts.users(Thing::Factor, &factor);
                if users < least || !is_own(view, &user) || !told.insert(factor.clone()) {
                    continue;
                }
                let app = factor.starts_with("app:");
                let ending: String = factor.chars().rev().take(2).collect::<Vec<_>>().into_iter().rev().collect();
                let what = if app {
                    "An authenticator app".to_owned()
                } else {
                    format!("A phone number that ends in {ending}")
                };
                // Facts: `users`, how many have it; `factor`, `phone` or `app`.
                found.push(finding(
                    &DETECTION,
                    view,
                    Told {
                        variant: if app { "app" } else { "phone" },
                        severity: if app && users == 2 { Severity::Low } else { Severity::Medium },
                        confidence: Confidence::High,
                        event: EventRef::Audit(number),
                        role: "factor",
                        beside: Vec::new(),
                        why: format!(
                            "{what} that {} has since {} at the latest answers for {users} users in these exports.",
                            who(view),
                            moment(row.time)
                        ),
                        what: "Second factor of several users",
                        facts: json!({"users": users, "factor": if app { "app" } else { "phone" }}),
                    },
                ));
            }
        }
    })
}

/// Whether the person has this id or name, in lower case.
fn is_own(view: &View<'_>, user: &str) -> bool {
    let texts = &view.store.texts;
    view.person.id.display(texts).to_lowercase() == user || texts.get(view.person.name).to_lowercase() == user
}
