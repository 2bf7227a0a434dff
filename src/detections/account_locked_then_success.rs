//! An account was locked again and again, and then somebody got in from a place new to its user.
//!
//! # What it looks for
//! At least `locked` sign-ins of a user within `window-minutes` that ended with the account locked or the address refused
//! (50053), and then, within `hours`, a success from a network that is unfamiliar for the user. One finding a session.
//!
//! # Why it matters
//! Smart lockout stops guesses, and not the one who waits. It counts familiar places apart, so that the user hardly
//! notices.
//!
//! # Evidence it needs
//! User sign-ins with address and result, and at least three days of the user's history.
//!
//! # Benign causes
//! * A traveller mistypes, is locked out, and gets in an hour later.
//! * A phone with an old password locks its owner out.
//!
//! # Tuning
//! `locked` within `window-minutes`; `hours` from the last of them to the success.
//!
//! # What to ask
//! * Was the user there at that time, and had they been locked out?
//!
//! # What to do
//! * Reset the password, and revoke the sessions, where the network is not the user's.
//! * Look at where the guesses came from, and whom else they met.
//!
//! # References
//! * ATT&CK T1110, T1078.004
//! * Microsoft Sentinel, User accounts blocked and then successful

use serde_json::json;

use crate::events::field::Field;
use crate::events::{SignIn, Store};
use crate::knowledge::results::is_locked;
use crate::sessions::{EventRef, HISTORY_DAYS};
use crate::tenant::same_network;

use super::evidence::{duration, moment, place, sign_ins, who};
use super::places::strange;
use super::single::{LISTED, Told, finding, successes, worst};
use super::windows::runs;
use super::{Ask, Confidence, Detection, Group, Records, Severity, Tunable, Tuning};

const ID: &str = "account-locked-then-success";
const MINUTE: i64 = 60_000_000;

pub(super) static DETECTION: Detection = Detection {
    id: ID,
    title: "Locked out, then a sign-in from a new place",
    group: Group::Password,
    records: &[Records::UserSignIns],
    helped_by: &[],
    needs: &[&[Field::Address], &[Field::Result]],
    wants: &[Field::Asn],
    history_days: HISTORY_DAYS,
    tunables: &[
        Tunable::number("locked", "3", "sign-ins that met a locked account"),
        Tunable::number("window-minutes", "60", "minutes within which they come, inclusive"),
        Tunable::number("hours", "24", "hours from the last of them to the success, inclusive"),
    ],
    prepare,
    kql: include_str!("account_locked_then_success.kql"),
    file: "account_locked_then_success",
};

fn prepare<'a>(_: &'a Store, tuning: &'a Tuning) -> Ask<'a> {
    let number = |name: &str, otherwise: i64| tuning.number(ID, name).unwrap_or(otherwise).max(1);
    let least = usize::try_from(number("locked", 3)).unwrap_or(usize::MAX);
    let window = number("window-minutes", 60).saturating_mul(MINUTE);
    let after = number("hours", 24).saturating_mul(60 * MINUTE);
    Box::new(move |subject, found| {
        let view = subject.view;
        let is_it = |row: &SignIn| row.stream().is_user() && view.code(row).is_some_and(is_locked);
        let locked: Vec<(u32, &SignIn)> = view.sign_ins().filter(|(_, row)| is_it(row)).collect();
        let times: Vec<i64> = locked.iter().map(|(_, row)| row.time).collect();
        let mut all = Vec::new();
        for run in runs(&times, least, window) {
            let run = locked.get(run).unwrap_or_default();
            let Some((_, last)) = run.last() else { continue };
            let later = successes(view).filter(|(_, row)| row.time >= last.time && row.time - last.time <= after);
            for (number, row) in later {
                let Some(network) = strange(subject, row) else { continue };
                let same = run.iter().any(|(_, other)| same_network(view.network(other), Some(network)) == Some(true));
                // Facts: `locked`, how many; `same_network`, whether one of them came from where the success did.
                all.push(finding(
                    &DETECTION,
                    view,
                    Told {
                        variant: "entered",
                        severity: if same && network.is_hosting() { Severity::High } else { Severity::Medium },
                        confidence: Confidence::Medium,
                        event: EventRef::SignIn(number),
                        role: "success",
                        beside: sign_ins("locked", run.iter().take(LISTED).map(|(number, _)| *number)).collect(),
                        why: format!(
                            "{} was locked out {} times until {}; {} later a sign-in succeeded from {}, which is new to the user.{}",
                            who(view),
                            run.len(),
                            moment(last.time),
                            duration(row.time - last.time),
                            place(Some(network)),
                            if same { " Some of those that were locked out came from there." } else { "" },
                        ),
                        what: "Locked out, then a sign-in",
                        facts: json!({"locked": run.len(), "same_network": same}),
                    },
                ));
            }
        }
        found.extend(worst(all));
    })
}
