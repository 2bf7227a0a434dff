//! An application's identity signs in from many networks at one time.
//!
//! # What it looks for
//! Successes of a service principal or managed identity from at least `networks` networks within `window-minutes`. One
//! finding a run.
//!
//! # Why it matters
//! A secret that was published is used by many. A program runs in one place, or in a few.
//!
//! # Evidence it needs
//! Sign-ins of applications' identities with address; networks are told apart by their system where that is known.
//!
//! # Benign causes
//! * A tool that is rolled out to many machines with one secret, which is a bad habit of its own.
//! * Runners of several clouds.
//!
//! # Tuning
//! `networks` within `window-minutes`.
//!
//! # What to ask
//! * On how many machines does the program run?
//!
//! # What to do
//! * Replace the secret, and give each place a credential of its own.
//!
//! # References
//! * ATT&CK T1078.004, T1552
//! * reprise99, Service principals from multiple locations

use crate::order::Set;

use serde_json::json;

use crate::events::field::Field;
use crate::events::{SignIn, Store};
use crate::order::Gather;
use crate::sessions::EventRef;
use crate::tenant::Network;

use super::evidence::{duration, moment, sign_ins};
use super::single::{LISTED, Told, finding};
use super::windows::runs;
use super::workload::{named, network, successes};
use super::{Ask, Confidence, Detection, Group, Records, Severity, Tunable, Tuning};

const ID: &str = "workload-many-networks";

pub(super) static DETECTION: Detection = Detection {
    id: ID,
    title: "One application identity in many networks",
    group: Group::Workload,
    records: &[Records::Workloads],
    helped_by: &[],
    needs: &[],
    wants: &[Field::Address, Field::Asn],
    history_days: 0,
    tunables: &[
        Tunable::number("networks", "4", "networks that are many"),
        Tunable::number("window-minutes", "60", "minutes within which they are used, inclusive"),
    ],
    prepare,
    kql: include_str!("workload_many_networks.kql"),
    file: "workload_many_networks",
};

/// What tells networks apart: the system, or the address where that is not known.
fn key(network: Network) -> (u32, Option<std::net::IpAddr>) {
    network.asn.map_or((0, Some(network.address)), |asn| (asn, None))
}

fn prepare<'a>(_: &'a Store, tuning: &'a Tuning) -> Ask<'a> {
    let least = usize::try_from(tuning.number(ID, "networks").unwrap_or(4)).unwrap_or(usize::MAX).max(2);
    let window = tuning.number(ID, "window-minutes").unwrap_or(60).saturating_mul(60_000_000);
    Box::new(move |subject, found| {
        let view = subject.view;
        // Only where the network changes: a busy program is one.
        let mut last = None;
        let changes: Vec<(u32, &SignIn, _)> = successes(view)
            .filter_map(|(number, row)| Some((number, row, key(network(view, row)?))))
            .filter(|(.., key)| last.replace(*key) != Some(*key))
            .collect();
        let times: Vec<i64> = changes.iter().map(|(_, row, _)| row.time).collect();
        for run in runs(&times, least, window) {
            let run = changes.get(run).unwrap_or_default();
            // Within one window of the run, not over all of it.
            let networks = run.iter().map(|(_, from, _)| {
                let within = |time: i64| time >= from.time && time <= from.time.saturating_add(window);
                run.iter().filter(|(_, row, _)| within(row.time)).map(|(.., key)| *key).gather::<Set<_>>().len()
            });
            let networks = networks.max().unwrap_or(0);
            let Some(((number, first, _), (_, end, _))) = run.first().zip(run.last()).filter(|_| networks >= least)
            else {
                continue;
            };
            // Facts: `networks`, how many within one window.
            found.push(finding(
                &DETECTION,
                view,
                Told {
                    variant: "many",
                    severity: Severity::Low,
                    confidence: Confidence::Medium,
                    event: EventRef::SignIn(*number),
                    role: "sign-in",
                    beside: sign_ins("sign-in", run.iter().take(LISTED).map(|(number, ..)| *number)).collect(),
                    why: format!(
                        "{} signed in from {networks} networks at one time, within {} from {} on.",
                        named(view),
                        duration(end.time - first.time),
                        moment(first.time),
                    ),
                    what: "Application in many networks",
                    facts: json!({"networks": networks}),
                },
            ));
        }
    })
}
