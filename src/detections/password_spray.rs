//! One source that tried the passwords of many users, and whose it found.
//!
//! # What it looks for
//! From one address, or one network and one family of agents, wrong passwords, unknown or locked
//! accounts, or passwords that seamless single sign-on refused (81016), of many users within a window, few tries a
//! user. Most users seen from there in the
//! window failed, and for most of them the source was new. The distributed form comes from many
//! networks and has only the family of agents or the application in common. Then, for each user: a
//! sign-in from that source that succeeded, or whose code only comes after the right password,
//! up to a day after, where the user was not at home before.
//!
//! Interrupts are not failures: an office whose people are all asked for a second factor on a Monday
//! is none. Nor is an office where a few mistype, nor what comes from the organisation's own networks.
//!
//! # Why it matters
//! A few common passwords tried on every account stay below each account's lock. Of a thousand
//! accounts one or two open. Where the password was right and a second factor stood in the way, the
//! next step is to wear the user down or to find an application without it.
//!
//! # Evidence it needs
//! Interactive and non-interactive sign-ins with result code and address; the number of the network
//! and the agent for sources that change their address. What seamless single sign-on refuses does not tell whether the
//! password was right, and makes a burst less sure.
//!
//! # Benign causes
//! * A gateway or proxy of the organisation's own, through which many people sign in after a forced
//!   change of passwords.
//! * A migration or test tool that signs in for many accounts with old passwords.
//! * A tester that the organisation has hired.
//!
//! # Tuning
//! `users`, `window-minutes`, `tries` and `percent` make a burst of one source; `distributed-users`
//! and `networks` one of many.
//!
//! # What to ask
//! * Is the source an address of the organisation's own, or of a tester?
//! * Did the users whose password was right sign in from there?
//!
//! # What to do
//! * Reset the passwords that were found, then revoke those users' sessions.
//! * Look at what the sessions that were opened did, and at methods registered since.
//! * Block the source, and demand a second factor for every application.
//!
//! # References
//! * ATT&CK T1110.003, T1078.004
//! * Microsoft Sentinel, Password spray attack against Microsoft Entra ID application
//! * Microsoft Sentinel, Password spray attack against Microsoft Entra ID Seamless SSO
//! * Elastic, Entra ID user sign-in brute force

use std::cell::RefCell;

use serde_json::json;

use crate::events::Store;
use crate::events::field::Field;
use crate::order::Map;
use crate::tenant::{Ended, Network, OwnNetworks, Summary};

use super::evidence::{moment, sign_ins};
use super::sprays::{Burst, BySource, Rule, Source, SourceKind, bursts_apart, by_source};
use super::told::{Told, of_whole};
use super::{Ask, Confidence, Detection, Finding, Group, Records, Severity, Tunable, Tuning, Whole, sprayed_into};

const ID: &str = "password-spray";
const MINUTE: i64 = 60_000_000;

pub(super) static DETECTION: Detection = Detection {
    id: ID,
    title: "One source tried the passwords of many users",
    group: Group::Password,
    records: &[Records::UserSignIns],
    helped_by: &[(Records::NonInteractive, "programs that send the password themselves show only there")],
    needs: &[&[Field::Result], &[Field::Address]],
    wants: &[Field::Asn, Field::Agent],
    history_days: 0,
    tunables: &[
        Tunable::number("users", "10", "least users who failed within the window"),
        Tunable::number("window-minutes", "30", "length of the window, inclusive"),
        Tunable::number("tries", "3", "most tries a user, on average"),
        Tunable::number("percent", "60", "least share of the users seen from the source who failed"),
        Tunable::number("distributed-users", "20", "least users where only agent or application are the same"),
        Tunable::number("networks", "5", "least networks where only agent or application are the same"),
    ],
    prepare,
    kql: include_str!("password_spray.kql"),
    file: "password_spray",
};

/// Attempts and users that a finding lists; all are counted.
const LISTED: usize = 500;
/// Share in per cent of the users tried for whom the source must be new.
const NEW: usize = 80;
/// The same of those who failed where only agent or application are the same.
const DISTRIBUTED: usize = 80;

/// The bursts of a tenant, the finest source first: what is explained by one is not told again.
fn sprays(tenant: &Summary, own: &OwnNetworks, tuning: &Tuning) -> Vec<Burst> {
    let number = |name| usize::try_from(tuning.number(ID, name).unwrap_or(0)).unwrap_or(usize::MAX);
    let one = Rule {
        counts: Ended::is_try,
        users: number("users").max(1),
        window: tuning.number(ID, "window-minutes").unwrap_or(30).saturating_mul(MINUTE),
        tries: Some(number("tries")),
        percent: number("percent"),
        networks: 1,
    };
    let many = Rule {
        counts: Ended::is_guess,
        users: number("distributed-users").max(1),
        networks: number("networks"),
        percent: one.percent.max(DISTRIBUTED),
        ..one
    };
    let kinds =
        [(SourceKind::Address, one), (SourceKind::System, one), (SourceKind::Agent, many), (SourceKind::App, many)];
    bursts_apart(&tenant.attempts, &kinds, |burst| {
        let new = burst.users.len() - burst.at_home;
        let known = |network: Network| network.is_microsoft() || own.has(&network);
        let ours = burst.tries.iter().all(|attempt| attempt.network().is_some_and(known));
        new * 100 >= NEW * burst.users.len() && !ours
    })
}

/// Facts: `source`; `users`, who was tried, up to 500; `user_count`; `tries`; `unsaid`, how many of them were refused
/// without saying whether the password was right; `at_home`, users who had
/// often been there before; `entered` and `proven`, users who succeeded from there or whose password
/// was right up to a day after; `spans`, from when to when.
pub(super) fn whole(whole: &Whole<'_>, found: &mut Vec<Finding>) {
    for mut burst in sprays(whole.tenant, whole.own, whole.tuning) {
        whole.in_order(&mut burst.tries);
        let one = !matches!(burst.source, Source::Agent(_) | Source::App(_));
        let unsaid = burst.tries.iter().filter(|attempt| attempt.ended == Ended::Unsaid).count();
        let sure = one && unsaid * 2 <= burst.tries.len();
        let severity =
            if burst.entered.is_empty() && burst.proven.is_empty() { Severity::Medium } else { Severity::High };
        let weight = (severity, if sure { Confidence::High } else { Confidence::Medium });
        let because = match unsaid {
            0 => String::new(),
            some => format!(
                " Seamless single sign-on refused {some} of them: it does not say whether the password was right."
            ),
        };
        let label = burst.label(whole.store);
        let told = Told {
            variant: if one { "one-source" } else { "distributed" },
            weight,
            why: format!(
                "{} attempts at {} users failed from {label} between {} and {}; {} of them had often been there before. \
                 {} users signed in from there up to a day after, and the password of {} was right without getting in.{because}",
                burst.tries.len(),
                burst.users.len(),
                moment(burst.begins()),
                moment(burst.ends()),
                burst.at_home,
                burst.entered.len(),
                burst.proven.len(),
            ),
            what: "Passwords of many users tried",
            evidence: sign_ins("attempt", burst.tries.iter().take(LISTED).map(|attempt| attempt.row)).collect(),
            facts: json!({
                "source": label,
                "user_count": burst.users.len(),
                "users": whole.names(&burst.users, LISTED),
                "tries": burst.tries.len(),
                "unsaid": unsaid,
                "at_home": burst.at_home,
                "entered": burst.entered.len(),
                "proven": burst.proven.len(),
                "spans": burst.moments(),
            }),
        };
        let title = format!("The passwords of {} users were tried from {label}", burst.users.len());
        found.push(Finding { strand: "source", title, ..of_whole(&DETECTION, burst.anchor, told) });
    }
}

fn prepare<'a>(_: &'a Store, tuning: &'a Tuning) -> Ask<'a> {
    let known: RefCell<Map<u32, BySource>> = RefCell::default();
    Box::new(move |subject, found| {
        let mut known = known.borrow_mut();
        let realm = subject.view.realm;
        let sprays =
            known.entry(realm).or_insert_with(|| by_source(sprays(subject.view.tenant, subject.view.own, tuning)));
        if !sprays.is_empty() {
            found.extend(sprayed_into::look(subject, sprays));
        }
    })
}
