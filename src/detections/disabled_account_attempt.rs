//! Somebody tries accounts that are disabled.
//!
//! # What it looks for
//! One address from which at least `accounts` disabled accounts are tried within `hours` (`accounts`), and
//! who else got in from it in that time (`success`). For one disabled account, attempts at `apps` applications from
//! one address within a day (`apps`).
//!
//! # Why it matters
//! Nobody who belongs to the tenant signs in with accounts that were closed. Whoever does works through a list, and got the list
//! from somewhere.
//!
//! # Evidence it needs
//! User sign-ins with address and result code. The organisation's own exits are left out: devices of people who
//! left go on trying there.
//!
//! # Benign causes
//! * Phones and programs of people who left, behind one address of a branch.
//! * Accounts that were disabled by mistake.
//!
//! # Tuning
//! `accounts` within `hours`; `apps` of one account within a day.
//!
//! # What to ask
//! * What is at that address?
//! * Why are the accounts disabled?
//!
//! # What to do
//! * Look at who succeeded from the address, and reset those passwords first.
//!
//! # References
//! * ATT&CK T1110.004, T1078.004
//! * Microsoft Sentinel, Sign-in attempts by IP via disabled accounts
//! * Microsoft Sentinel, Attempts to sign in to disabled accounts

use crate::order::{Map, Set};
use std::net::IpAddr;

use serde_json::json;

use crate::events::dictionary::TextId;
use crate::events::field::Field;
use crate::events::{SignIn, Store};
use crate::knowledge::results::is_disabled;
use crate::order::Gather;
use crate::sessions::EventRef;
use crate::tenant::{Attempt, Ended, Network};

use super::evidence::{facts, moment, place, sign_ins, who};
use super::places::outside;
use super::single::{DAY, LISTED, Told, finding};
use super::windows::runs;
use super::{Ask, Confidence, Detection, Finding, Group, Records, Severity, Tunable, Tuning, Whole};

const ID: &str = "disabled-account-attempt";
const HOUR: i64 = 3_600_000_000;
/// So many other people at one address are an office, not one hand.
const OFFICE: usize = 50;

pub(super) static DETECTION: Detection = Detection {
    id: ID,
    title: "Disabled accounts tried",
    group: Group::Password,
    records: &[Records::UserSignIns],
    helped_by: &[],
    needs: &[&[Field::Address], &[Field::Result]],
    wants: &[Field::Asn, Field::AppId],
    history_days: 0,
    tunables: &[
        Tunable::number("accounts", "3", "disabled accounts from one address"),
        Tunable::number("hours", "24", "hours within which they are tried, inclusive"),
        Tunable::number("apps", "3", "applications at which one account is tried within a day"),
    ],
    prepare,
    kql: include_str!("disabled_account_attempt.kql"),
    file: "disabled_account_attempt",
};

fn prepare<'a>(_: &'a Store, tuning: &'a Tuning) -> Ask<'a> {
    let least = usize::try_from(tuning.number(ID, "apps").unwrap_or(3)).unwrap_or(usize::MAX).max(1);
    Box::new(move |subject, found| {
        let view = subject.view;
        let mut by_address: Map<TextId, Vec<(u32, &SignIn)>> = Map::new();
        for (number, row) in view.sign_ins().filter(|(_, row)| row.stream().is_user()) {
            if view.code(row).is_some_and(is_disabled) && outside(view, row).is_some() {
                by_address.entry(row.address).or_default().push((number, row));
            }
        }
        for tried in by_address.values() {
            let times: Vec<i64> = tried.iter().map(|(_, row)| row.time).collect();
            for run in runs(&times, least, DAY) {
                let run = tried.get(run).unwrap_or_default();
                let apps: Set<u32> = run.iter().map(|(_, row)| row.app).gather();
                let Some(&(number, first)) = run.first().filter(|_| apps.len() >= least) else { continue };
                // Facts: `attempts` and `apps`, how many.
                found.push(finding(
                    &DETECTION,
                    view,
                    Told {
                        variant: "apps",
                        severity: Severity::Low,
                        confidence: Confidence::Medium,
                        event: EventRef::SignIn(number),
                        role: "attempt",
                        beside: sign_ins("attempt", run.iter().skip(1).take(LISTED).map(|(number, _)| *number))
                            .collect(),
                        why: format!(
                            "{}, whose account is disabled, was tried {} times at {} applications from {} from {} on.",
                            who(view),
                            run.len(),
                            apps.len(),
                            place(view.network(first)),
                            moment(first.time),
                        ),
                        what: "Disabled account tried",
                        facts: json!({"attempts": run.len(), "apps": apps.len()}),
                    },
                ));
            }
        }
    })
}

/// Facts: `accounts`, their names, 20 at most; `attempts`, how many; `entered`, who else got in from there.
pub(super) fn whole(whole: &Whole<'_>, found: &mut Vec<Finding>) {
    let number = |name: &str, otherwise: i64| whole.tuning.number(ID, name).unwrap_or(otherwise).max(1);
    let least = usize::try_from(number("accounts", 3)).unwrap_or(usize::MAX);
    let window = number("hours", 24).saturating_mul(HOUR);
    // Of the others nothing is looked at: most attempts are from addresses where no account is disabled.
    let disabled = whole.tenant.attempts.all().iter().filter(|attempt| attempt.ended == Ended::Disabled);
    let mut by_address: Map<IpAddr, Vec<Attempt>> =
        disabled.filter_map(|attempt| Some((attempt.network()?.address, Vec::new()))).gather();
    if by_address.is_empty() {
        return;
    }
    for attempt in whole.tenant.attempts.all() {
        let outside = |network: &Network| !network.is_microsoft() && !whole.own.has(network);
        let Some(network) = attempt.network() else { continue };
        if let Some(own) = by_address.get_mut(&network.address).filter(|_| outside(&network)) {
            own.push(*attempt);
        }
    }
    for all in by_address.values() {
        let (tried, others): (Vec<Attempt>, Vec<Attempt>) =
            all.iter().copied().partition(|attempt| attempt.ended == Ended::Disabled);
        let times: Vec<i64> = tried.iter().map(|attempt| attempt.time).collect();
        for run in runs(&times, least, window) {
            let mut run = tried.get(run).unwrap_or_default().to_vec();
            whole.in_order(&mut run);
            let accounts: Set<u32> = run.iter().map(|attempt| attempt.person).gather();
            let Some((first, last)) = run.first().zip(run.last()).filter(|_| accounts.len() >= least) else { continue };
            let span = first.time.saturating_sub(window)..=last.time.saturating_add(window);
            let mut entered: Vec<Attempt> =
                others.iter().filter(|other| other.ended.is_success() && span.contains(&other.time)).copied().collect();
            whole.in_order(&mut entered);
            let who: Set<u32> = entered.iter().map(|attempt| attempt.person).gather();
            if who.len() >= OFFICE {
                continue;
            }
            let Some(id) = whole.store.sign_in(first.row).map(|row| row.id) else { continue };
            let names = whole.names(&who, 20);
            let evidence = sign_ins("attempt", run.iter().take(LISTED).map(|attempt| attempt.row));
            let evidence = evidence.chain(sign_ins("success", entered.iter().take(LISTED).map(|attempt| attempt.row)));
            found.push(Finding {
                detection: ID,
                variant: if who.is_empty() { "accounts" } else { "success" },
                strand: "accounts",
                severity: Severity::Medium,
                confidence: Confidence::Medium,
                session: None,
                anchor: id,
                title: format!("{} disabled accounts tried from one address", accounts.len()),
                why: format!(
                    "{} disabled accounts were tried {} times from {} from {} on.{}",
                    accounts.len(),
                    run.len(),
                    place(first.network()),
                    moment(first.time),
                    match names.as_slice() {
                        [] => String::new(),
                        names => format!(" From there these got in: {}.", names.join(", ")),
                    },
                ),
                what: "Disabled accounts tried",
                evidence: evidence.collect(),
                facts: facts(json!({
                    "accounts": whole.names(&accounts, 20),
                    "attempts": run.len(),
                    "entered": names,
                })),
            });
        }
    }
}
