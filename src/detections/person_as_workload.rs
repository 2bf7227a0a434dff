//! An application's identity signs in from where somebody else's account was abused.
//!
//! # What it looks for
//! Successes of service principals and managed identities from an address of a session, or an act, that a finding of high severity
//! rests on, when the network is not familiar for that user, and the identity had not been there more than a day
//! before. One finding an identity and address.
//!
//! # Why it matters
//! The same hand, in another glove: whoever came in as a person goes on as an application, which no reset of passwords
//! and no second factor stops.
//!
//! # Evidence it needs
//! User sign-ins and sign-ins of applications' identities with addresses. It is decided once all users have been looked
//! at.
//!
//! # Benign causes
//! * A large VPN or a provider's shared address, behind which both happen to be.
//!
//! # Tuning
//! None.
//!
//! # What to ask
//! * Does the application run at that address?
//!
//! # What to do
//! * Treat the application as taken over: replace its credentials, and look at what it reached.
//! * Look up who added the credential that it used.
//!
//! # References
//! * ATT&CK T1078.004, T1098.001
//! * Microsoft, Non-interactive sign-ins and what follows on them

use serde_json::json;

use crate::events::{SignIn, Store};
use crate::sessions::{EventRef, View};

use super::evidence::{moment, place, who};
use super::single::{Told, finding};
use super::workload::{credential, named};
use super::{Ask, Confidence, Detection, Evidence, Finding, Group, Records, Severity, Tuning};

pub(super) static DETECTION: Detection = Detection {
    id: "person-as-workload",
    title: "An abused account's address, used as an application",
    group: Group::Workload,
    records: &[Records::UserSignIns, Records::Workloads],
    helped_by: &[],
    needs: &[],
    wants: &[crate::events::field::Field::Address],
    history_days: 0,
    tunables: &[],
    prepare,
    kql: include_str!("person_as_workload.kql"),
    file: "person_as_workload",
};

/// No person's events say it: see [`told`].
fn prepare<'a>(_: &'a Store, _: &'a Tuning) -> Ask<'a> {
    Box::new(|_, _| {})
}

/// What is found of an identity, once it is known whose address it shares: the first sign-in from there, the person and
/// the event of theirs. Facts: `person`; `credential`, that was used.
pub(crate) fn told(view: &View<'_>, (number, row): (u32, &SignIn), person: &View<'_>, event: EventRef) -> Finding {
    let name = who(person);
    let time = person.time_of(event).unwrap_or(row.time);
    finding(
        &DETECTION,
        view,
        Told {
            variant: "address",
            severity: Severity::High,
            confidence: Confidence::Medium,
            event: EventRef::SignIn(number),
            role: "application",
            beside: vec![Evidence { role: "person", event }],
            why: format!(
                "{} signed in from {} at {}: from there the account of {name} had been used at {}, in a way that speaks of another hand.",
                named(view),
                place(view.network(row)),
                moment(row.time),
                moment(time),
            ),
            what: "Application used from abused place",
            facts: json!({"person": name, "credential": credential(view.store, row)}),
        },
    )
}
