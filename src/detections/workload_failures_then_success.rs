//! Somebody tried an application's secrets until one fitted.
//!
//! # What it looks for
//! At least `failures` sign-ins of a service principal within `window-hours` that failed for a wrong or expired secret or an
//! unknown application, and then, within the same time, a success from a network that none of them came from and
//! that the principal had not been in. One finding a run. And an identity that failed for a wrong or expired secret
//! `only-failures` times or more, and never succeeded in these exports (*stale*).
//!
//! # Why it matters
//! Old secrets lie in repositories and backups. Whoever finds several tries them all. A secret that only fails is a job
//! that was forgotten, or one that somebody found; from several networks it is hardly a job.
//!
//! # Evidence it needs
//! Sign-ins of service principals with address and result.
//!
//! # Benign causes
//! * A secret expired; the program that fails is one, and the administrator who mends it from elsewhere the other.
//!
//! # Tuning
//! `failures` within `window-hours`; `only-failures` of an identity that never succeeds.
//!
//! # What to ask
//! * Did a secret expire, and who mended it from where?
//!
//! # What to do
//! * Replace the secret, and search for where it is kept.
//!
//! # References
//! * ATT&CK T1110, T1552.001
//! * reprise99, Service principal sign-in errors, and service principals with only an expired secret

use serde_json::json;

use crate::events::field::Field;
use crate::events::{SignIn, Store, TextId};
use crate::order::{Gather, Set};
use crate::sessions::{EventRef, View};
use crate::tenant::same_network;

use super::evidence::{duration, moment, place, sign_ins};
use super::single::{LISTED, Told, finding};
use super::windows::runs;
use super::workload::{named, network, rows, successes};
use super::{Ask, Confidence, Detection, Finding, Group, Records, Severity, Tunable, Tuning};

const ID: &str = "workload-failures-then-success";

pub(super) static DETECTION: Detection = Detection {
    id: ID,
    title: "An application's secrets tried until one fitted",
    group: Group::Workload,
    records: &[Records::Workloads],
    helped_by: &[],
    needs: &[],
    wants: &[Field::Address, Field::Asn],
    history_days: 0,
    tunables: &[
        Tunable::number("failures", "10", "failures for wrong or expired secrets"),
        Tunable::number("only-failures", "3", "failures of an identity that never succeeds"),
        Tunable::number("window-hours", "24", "hours within which they come, and from the last to the success"),
    ],
    prepare,
    kql: include_str!("workload_failures_then_success.kql"),
    file: "workload_failures_then_success",
};

fn prepare<'a>(_: &'a Store, tuning: &'a Tuning) -> Ask<'a> {
    let least = usize::try_from(tuning.number(ID, "failures").unwrap_or(10)).unwrap_or(usize::MAX).max(1);
    let window = tuning.number(ID, "window-hours").unwrap_or(24).saturating_mul(3_600_000_000);
    let stale = usize::try_from(tuning.number(ID, "only-failures").unwrap_or(3)).unwrap_or(usize::MAX).max(1);
    Box::new(move |subject, found| {
        let view = subject.view;
        found.extend(only_fails(view, stale));
        // Wrong secret, expired secret, unknown application.
        let is_it = |row: &SignIn| matches!(view.code(row), Some(7_000_215 | 7_000_222 | 700_016));
        let failed: Vec<(u32, &SignIn)> = rows(view).filter(|(_, row)| is_it(row)).collect();
        let times: Vec<i64> = failed.iter().map(|(_, row)| row.time).collect();
        for run in runs(&times, least, window) {
            let run = failed.get(run).unwrap_or_default();
            let Some(((_, first), (_, last))) = run.first().zip(run.last()) else { continue };
            let elsewhere =
                |row: &SignIn, other: &SignIn| same_network(network(view, row), network(view, other)) == Some(false);
            let new = |row: &SignIn| {
                run.iter().all(|(_, other)| elsewhere(row, other))
                    && successes(view)
                        .take_while(|(_, other)| other.time < first.time)
                        .all(|(_, other)| elsewhere(row, other))
            };
            let after = |row: &SignIn| row.time > first.time && row.time <= last.time.saturating_add(window);
            let Some((number, row)) = successes(view).find(|(_, row)| after(row) && new(row)) else { continue };
            // Facts: `failures`, how many.
            found.push(finding(
                &DETECTION,
                view,
                Told {
                    variant: "fitted",
                    severity: Severity::Medium,
                    confidence: Confidence::Medium,
                    event: EventRef::SignIn(number),
                    role: "success",
                    beside: sign_ins("failure", run.iter().take(LISTED).map(|(number, _)| *number)).collect(),
                    why: format!(
                        "{} failed {} times within {} for its secret; at {} it succeeded from {}, where it had not been.",
                        named(view),
                        run.len(),
                        duration(last.time - first.time),
                        moment(row.time),
                        place(view.network(row)),
                    ),
                    what: "Secrets tried until one fitted",
                    facts: json!({"failures": run.len()}),
                },
            ));
        }
    })
}

/// An identity whose secret only fails. Facts: `failures`, how many; `addresses`, from how many.
fn only_fails(view: &View<'_>, least: usize) -> Option<Finding> {
    // The secret was there once: it is wrong, or has expired.
    let is_it = |row: &SignIn| matches!(view.code(row), Some(7_000_215 | 7_000_222));
    let failed: Vec<(u32, &SignIn)> = rows(view).filter(|(_, row)| is_it(row)).collect();
    let (&(number, first), (_, last)) = failed.first().zip(failed.last())?;
    if failed.len() < least || successes(view).next().is_some() {
        return None;
    }
    let addresses: Set<TextId> = failed.iter().map(|(_, row)| row.address).gather();
    let apart = failed.iter().any(|(_, row)| same_network(network(view, first), network(view, row)) == Some(false));
    let told = Told {
        variant: "stale",
        severity: if apart { Severity::Low } else { Severity::Info },
        confidence: Confidence::Medium,
        event: EventRef::SignIn(number),
        role: "failure",
        beside: sign_ins("failure", failed.iter().take(LISTED).map(|(number, _)| *number)).collect(),
        why: format!(
            "{} failed {} times for its secret from {} to {}, first from {}, and never succeeded in these exports.{}",
            named(view),
            failed.len(),
            moment(first.time),
            moment(last.time),
            place(view.network(first)),
            if apart { " It was tried from several networks." } else { "" },
        ),
        what: "Secret that only fails",
        facts: json!({"failures": failed.len(), "addresses": addresses.len()}),
    };
    Some(Finding { title: "An application's secret only fails".to_owned(), ..finding(&DETECTION, view, told) })
}
