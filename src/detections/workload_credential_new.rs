//! An application's identity signs in with a credential that it had not used.
//!
//! # What it looks for
//! The first success of a service principal with a credential whose id was not seen of it before, when it had used others over at least
//! three days. Where the audit log shows that this credential was added within `added-days` before, it says by whom.
//! One finding a credential.
//!
//! # Why it matters
//! Whoever may change an application adds a secret of their own beside the old one, and comes in as the
//! application: without second factor, and after every reset of passwords.
//!
//! # Evidence it needs
//! Sign-ins of service principals with the id of the credential; the directory audit log shows who added it.
//!
//! # Benign causes
//! * Secrets and certificates are replaced before they expire: low, as long as the program stays where it is.
//!
//! # Tuning
//! `added-days` from the addition to the use.
//!
//! # What to ask
//! * Did the owner replace the credential, and who holds it?
//!
//! # What to do
//! * Remove the credential where nobody answers for it; look at who added it, and at their session.
//! * Look at what the identity did with it.
//!
//! # References
//! * ATT&CK T1098.001, T1078.004
//! * Microsoft Sentinel, Service principal credential added then signed in

use crate::order::Set;

use serde_json::json;

use crate::events::Store;
use crate::events::field::Field;
use crate::sessions::{EventRef, HISTORY_DAYS};
use crate::tenant::{Network, same_network};

use super::evidence::{duration, moment, place};
use super::single::{DAY, Told, finding};
use super::workload::{Added, added, credential, named, network, successes};
use super::{Ask, Confidence, Detection, Evidence, Group, Records, Severity, Tunable, Tuning};

const ID: &str = "workload-credential-new";

pub(super) static DETECTION: Detection = Detection {
    id: ID,
    title: "Application signs in with a new credential",
    group: Group::Workload,
    records: &[Records::Workloads],
    helped_by: &[(Records::Audits, "who added the credential shows there")],
    needs: &[],
    wants: &[Field::Address, Field::Asn],
    history_days: HISTORY_DAYS,
    tunables: &[Tunable::number("added-days", "7", "days from the addition to the use, inclusive")],
    prepare,
    kql: include_str!("workload_credential_new.kql"),
    file: "workload_credential_new",
};

fn prepare<'a>(_: &'a Store, tuning: &'a Tuning) -> Ask<'a> {
    let after = tuning.number(ID, "added-days").unwrap_or(7).saturating_mul(DAY);
    Box::new(move |subject, found| {
        let view = subject.view;
        let mut used: Set<&str> = Set::new();
        let mut been: Vec<Network> = Vec::new();
        let mut begins: Option<i64> = None;
        for (number, row) in successes(view) {
            let key = credential(view.store, row);
            let here = network(view, row);
            let long = begins.is_some_and(|begins| row.time - begins >= HISTORY_DAYS * DAY);
            let known =
                here.is_none_or(|here| been.iter().any(|there| same_network(Some(*there), Some(here)) != Some(false)));
            if !key.is_empty() && used.insert(key) && used.len() > 1 && long {
                let near = |given: &Added| given.time <= row.time && row.time - given.time <= after;
                let given = added(view).into_iter().rfind(|given| near(given) && given.is(key));
                let severity = match (&given, known) {
                    (Some(_), false) => Severity::High,
                    (Some(_), true) | (None, false) => Severity::Medium,
                    (None, true) => Severity::Low,
                };
                let by = given.as_ref().map_or_else(String::new, |given| {
                    let from = given.network.map_or_else(String::new, |network| format!(" from {}", network.label()));
                    format!(" {} had added it{from} {} before.", given.by, duration(row.time - given.time))
                });
                // Facts: `credential`; `added_by`, or null; `new_network`, whether it came from where it had never been.
                found.push(finding(
                    &DETECTION,
                    view,
                    Told {
                        variant: if given.is_some() { "added" } else { "new" },
                        severity,
                        confidence: if given.is_some() { Confidence::High } else { Confidence::Medium },
                        event: EventRef::SignIn(number),
                        role: "new credential",
                        beside: given
                            .as_ref()
                            .map(|given| Evidence { role: "added", event: EventRef::Audit(given.number) })
                            .into_iter()
                            .collect(),
                        why: format!(
                            "{} signed in with the credential {key}, which it had not used, from {} at {}.{by}{}",
                            named(view),
                            place(here),
                            moment(row.time),
                            if known { "" } else { " It had never been in that network." },
                        ),
                        what: "Application uses a new credential",
                        facts: json!({
                            "credential": key,
                            "added_by": given.as_ref().map(|given| given.by.as_str()),
                            "new_network": !known,
                        }),
                    },
                ));
            }
            begins.get_or_insert(row.time);
            been.extend(here.filter(|here| !been.iter().any(|there| there.address == here.address)));
        }
    })
}
