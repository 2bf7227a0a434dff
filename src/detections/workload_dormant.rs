//! An application's identity that was silent wakes up.
//!
//! # What it looks for
//! The first success of a service principal or managed identity after `silent-days` that the exports cover (`awake`), or its first
//! success of all, within `added-days` of a credential that it was given (`credential`), unless it was made in that time.
//!
//! # Why it matters
//! Forgotten applications keep their rights. An intruder gives one a secret of their own, and nobody misses it.
//!
//! # Evidence it needs
//! Sign-ins of applications' identities over the time in question; the directory audit log for the second.
//!
//! # Benign causes
//! * A job that runs once a quarter or once a year.
//! * An application that goes live long after it was registered.
//!
//! # Tuning
//! `silent-days` without a success; `added-days` from a credential to the first success.
//!
//! # What to ask
//! * Whose application is it, and what woke it?
//!
//! # What to do
//! * Look up who gave it the credential, and what it may do.
//! * Disable the identity until its owner answers.
//!
//! # References
//! * ATT&CK T1078.004, T1098.001
//! * Microsoft Sentinel, Dormant service principal update creds and logs in

use serde_json::json;

use crate::events::{SignIn, Store};
use crate::sessions::{EventRef, View};

use super::evidence::{duration, moment, place};
use super::single::{DAY, Told, finding};
use super::workload::{Added, added, begins, days_between, named, successes};
use super::{Ask, Confidence, Detection, Evidence, Finding, Group, Records, Severity, Tunable, Tuning};

const ID: &str = "workload-dormant";

pub(super) static DETECTION: Detection = Detection {
    id: ID,
    title: "A silent application wakes up",
    group: Group::Workload,
    records: &[Records::Workloads],
    helped_by: &[(Records::Audits, "credentials that were given to an application show there")],
    needs: &[],
    wants: &[],
    history_days: 0,
    tunables: &[
        Tunable::number("silent-days", "30", "days without a success, inclusive"),
        Tunable::number("added-days", "7", "days from a new credential to the first success, inclusive"),
    ],
    prepare,
    kql: include_str!("workload_dormant.kql"),
    file: "workload_dormant",
};

fn prepare<'a>(_: &'a Store, tuning: &'a Tuning) -> Ask<'a> {
    let number = |name: &str, otherwise: i64| tuning.number(ID, name).unwrap_or(otherwise).max(1);
    let (silent, after) = (number("silent-days", 30), number("added-days", 7).saturating_mul(DAY));
    Box::new(move |subject, found| {
        let view = subject.view;
        if view.sign_ins.is_empty() {
            return;
        }
        let all = added(view);
        let mut before: Option<i64> = None;
        for (number, row) in successes(view) {
            let Some(from) = before.or_else(|| begins(view, row.stream())) else { continue };
            let long = before.is_some()
                && row.time - from >= silent.saturating_mul(DAY)
                && days_between(view, row.stream(), from, row.time) * 2 >= silent - 1;
            let near = |given: &&Added| given.time > from && given.time <= row.time && row.time - given.time <= after;
            let given = all.iter().rfind(near);
            // The first of all says something only where the exports reach further back.
            let first = before.is_none() && given.is_some_and(|given| given.time - from >= 3 * DAY);
            if (long || first) && !is_made(view, from, row.time) {
                found.push(told(view, number, row, from, given, long));
            }
            before = Some(row.time);
        }
    })
}

/// Whether the identity was made in this time.
fn is_made(view: &View<'_>, from: i64, until: i64) -> bool {
    view.audits().any(|(_, row)| {
        let operation = view.store.texts.get(row.operation).to_ascii_lowercase();
        (from..=until).contains(&row.time)
            && ["add service principal", "add application"].iter().any(|made| operation.trim_end_matches('.') == *made)
    })
}

/// Facts: `silence`, in days; `credential_by`, who gave it a credential shortly before, or null.
fn told(view: &View<'_>, number: u32, row: &SignIn, from: i64, given: Option<&Added>, long: bool) -> Finding {
    let ending = given.map_or_else(String::new, |given| {
        format!(" {} gave it a credential {} before.", given.by, duration(row.time - given.time))
    });
    finding(
        &DETECTION,
        view,
        Told {
            variant: if given.is_some() { "credential" } else { "awake" },
            severity: if given.is_some() { Severity::High } else { Severity::Medium },
            confidence: Confidence::Medium,
            event: EventRef::SignIn(number),
            role: "awake",
            beside: given
                .map(|given| Evidence { role: "credential", event: EventRef::Audit(given.number) })
                .into_iter()
                .collect(),
            why: format!(
                "{} signed in from {} at {}, after {} without a success{}.{ending}",
                named(view),
                place(view.network(row)),
                moment(row.time),
                duration(row.time - from),
                if long { "" } else { ", as far back as the exports reach" },
            ),
            what: "Silent application wakes up",
            facts: json!({"silence": (row.time - from) / DAY, "credential_by": given.map(|given| given.by.as_str())}),
        },
    )
}
