//! An account that nobody used for a long time signs in again.
//!
//! # What it looks for
//! A success of a user `silent-days` or more after the one before, when the exports cover the time between. An account
//! that the audit log shows as restored or invited anew in that time is none. A sign-in method registered within a
//! day, a hosting network, or a privileged user makes it stronger. Accounts that the exports do not show before the silence
//! are left out: new ones look alike.
//!
//! # Why it matters
//! Forgotten accounts keep old passwords and old rights, and nobody misses their second factor. Intruders
//! look for them, and register a method of their own first.
//!
//! # Evidence it needs
//! User sign-ins over more than `silent-days`; at least every other day of the silence must have sign-ins of somebody. The
//! directory audit log shows what was registered, and accounts that were restored.
//!
//! # Benign causes
//! * Somebody comes back from leave, or an external from another assignment.
//! * An account that is used once a quarter: for a report, or in an emergency.
//!
//! # Tuning
//! `silent-days` without a success.
//!
//! # What to ask
//! * Is the person back, and did they sign in at that time?
//! * Should the account exist?
//!
//! # What to do
//! * Disable the account where nobody answers for it, and revoke its sessions.
//! * Look at what it did since, and which method it registered.
//!
//! # References
//! * ATT&CK T1078.004
//! * Microsoft Sentinel, User accounts that signed in after inactivity
//! * Microsoft Sentinel, Dormant user updates MFA and logs in

use serde_json::json;

use crate::events::field::Field;
use crate::events::{SignIn, Store};
use crate::sessions::{EventRef, View};

use super::evidence::{audits, duration, moment, place, sign_ins, who};
use super::places::outside;
use super::registrations::registered;
use super::single::{DAY, Told, day, finding, is_privileged, successes};
use super::{Ask, Confidence, Detection, Evidence, Finding, Group, Records, Severity, Tunable, Tuning};

const ID: &str = "dormant-account";

pub(super) static DETECTION: Detection = Detection {
    id: ID,
    title: "A forgotten account signs in again",
    group: Group::Password,
    records: &[Records::UserSignIns],
    helped_by: &[(Records::Audits, "accounts that were restored, and methods that were registered, show there")],
    needs: &[&[Field::Result]],
    wants: &[Field::Address, Field::Asn],
    history_days: 30,
    tunables: &[Tunable::number("silent-days", "30", "days without a success of the user, inclusive")],
    prepare,
    kql: include_str!("dormant_account.kql"),
    file: "dormant_account",
};

fn prepare<'a>(_: &'a Store, tuning: &'a Tuning) -> Ask<'a> {
    let silent = tuning.number(ID, "silent-days").unwrap_or(30).max(1);
    Box::new(move |subject, found| {
        let view = subject.view;
        let mut before: Option<(u32, i64)> = None;
        for (number, row) in successes(view) {
            if let Some((last, since)) = before
                && row.time - since >= silent.saturating_mul(DAY)
                && is_covered(view, since, row.time, silent)
            {
                found.extend(told(view, (number, row), (last, since)));
            }
            before = Some((number, row.time));
        }
    })
}

/// Whether the exports hold sign-ins of every other day of a silence: a gap in them is none of the user's.
fn is_covered(view: &View<'_>, since: i64, until: i64, silent: i64) -> bool {
    view.tenant.days.range(day(since) + 1..day(until)).count() as i64 * 2 >= silent - 1
}

/// Whether an operation makes an account, or lets one in.
fn makes_account(operation: &str) -> bool {
    let operation = operation.to_ascii_lowercase();
    ["add user", "invite external user", "redeem external user", "restore user", "enable account"]
        .iter()
        .any(|begin| operation.starts_with(begin))
}

/// Facts: `silence`, in days; `registered`, how many methods or devices within a day.
fn told(view: &View<'_>, (number, row): (u32, &SignIn), (last, since): (u32, i64)) -> Option<Finding> {
    let texts = &view.store.texts;
    let within = |time: i64| time <= row.time && time >= since;
    if view.audits().any(|(_, act)| within(act.time) && makes_account(texts.get(act.operation))) {
        return None;
    }
    let soon = row.time - DAY..=row.time.saturating_add(DAY);
    let registered: Vec<u32> =
        registered(view).filter(|item| soon.contains(&item.row.time)).map(|item| item.number).collect();
    let hosting = outside(view, row).is_some_and(|network| network.is_hosting());
    let stronger = !registered.is_empty() || is_privileged(view) || hosting;
    let mut beside: Vec<Evidence> = sign_ins("before", [last]).collect();
    beside.extend(audits("registration", registered.iter().copied()));
    Some(finding(
        &DETECTION,
        view,
        Told {
            variant: "awake",
            severity: if stronger { Severity::Medium } else { Severity::Low },
            confidence: Confidence::Medium,
            event: EventRef::SignIn(number),
            role: "awake",
            beside,
            why: format!(
                "{} signed in from {} at {}, after {} without a sign-in.{}",
                who(view),
                place(view.network(row)),
                moment(row.time),
                duration(row.time - since),
                match registered.len() {
                    0 => "",
                    _ => " Within a day a sign-in method or device was registered for it.",
                },
            ),
            what: "Forgotten account signs in",
            facts: json!({"silence": (row.time - since) / DAY, "registered": registered.len()}),
        },
    ))
}
