//! Somebody guesses a password at the portal of administrators.
//!
//! # What it looks for
//! Wrong passwords of a user at the Azure portal, its part for Entra, or an admin center, from networks that are not familiar
//! for the user: `wrong` of them from `networks` addresses, or `alone` from one, within `window-hours`. A success there
//! from such a network, up to an hour after, makes it high. One finding a run.
//!
//! # Why it matters
//! Whoever guesses at the portal is after an administrator, and takes care to stay below what is counted elsewhere.
//!
//! # Evidence it needs
//! User sign-ins with application, address and result.
//!
//! # Benign causes
//! * An administrator mistypes on a journey.
//! * A test of one's own defence.
//!
//! # Tuning
//! `wrong` from `networks` addresses, or `alone`, within `window-hours`.
//!
//! # What to ask
//! * Was that the administrator?
//!
//! # What to do
//! * Reset the password and revoke the sessions after a success.
//! * Restrict the portal to administrators, and those to managed devices.
//!
//! # References
//! * ATT&CK T1110.001
//! * Microsoft Sentinel, Brute force attack against Azure Portal
//! * Microsoft Sentinel, Failed login attempts to Azure Portal

use crate::order::Set;

use serde_json::json;

use crate::events::dictionary::TextId;
use crate::events::field::Field;
use crate::events::{SignIn, Store};
use crate::knowledge::results::ResultClass;
use crate::order::Gather;
use crate::sessions::{EventRef, Familiarity};

use super::evidence::{duration, moment, place, sign_ins, who};
use super::places::outside;
use super::single::{LISTED, Told, finding, is_portal, successes};
use super::windows::runs;
use super::{Ask, Confidence, Detection, Finding, Group, Records, Severity, Subject, Tunable, Tuning};

const ID: &str = "portal-brute-force";
const HOUR: i64 = 3_600_000_000;

pub(super) static DETECTION: Detection = Detection {
    id: ID,
    title: "Passwords guessed at the administrators' portal",
    group: Group::Password,
    records: &[Records::UserSignIns],
    helped_by: &[],
    needs: &[&[Field::AppId], &[Field::Address], &[Field::Result]],
    wants: &[Field::Asn],
    history_days: 0,
    tunables: &[
        Tunable::number("wrong", "5", "wrong passwords from several addresses"),
        Tunable::number("networks", "2", "addresses that are several"),
        Tunable::number("alone", "20", "wrong passwords from one address"),
        Tunable::number("window-hours", "24", "hours within which they come, inclusive"),
    ],
    prepare,
    kql: include_str!("portal_brute_force.kql"),
    file: "portal_brute_force",
};

struct Rule {
    wrong: usize,
    networks: usize,
    alone: usize,
    window: i64,
}

fn prepare<'a>(_: &'a Store, tuning: &'a Tuning) -> Ask<'a> {
    let number = |name: &str, otherwise: i64| tuning.number(ID, name).unwrap_or(otherwise).max(1);
    let size = |name: &str, otherwise: i64| usize::try_from(number(name, otherwise)).unwrap_or(usize::MAX);
    let rule = Rule {
        wrong: size("wrong", 5),
        networks: size("networks", 2),
        alone: size("alone", 20),
        window: number("window-hours", 24).saturating_mul(HOUR),
    };
    Box::new(move |subject, found| {
        let view = subject.view;
        let wrong: Vec<(u32, &SignIn)> = view
            .sign_ins()
            .filter(|(_, row)| row.stream().is_user() && view.class(row) == ResultClass::WrongSecret)
            .filter(|(_, row)| is_portal(view, row) && is_strange(subject, row))
            .collect();
        let times: Vec<i64> = wrong.iter().map(|(_, row)| row.time).collect();
        for run in runs(&times, rule.wrong.min(rule.alone), rule.window) {
            found.extend(told(&rule, subject, wrong.get(run).unwrap_or_default()));
        }
    })
}

/// Not a network where the user is known to be.
fn is_strange(subject: &Subject<'_>, row: &SignIn) -> bool {
    outside(subject.view, row).is_some() && subject.familiar.network(subject.view, row) != Familiarity::Familiar
}

/// Facts: `wrong` and `addresses`, how many; `entered`, whether a success followed.
fn told(rule: &Rule, subject: &Subject<'_>, run: &[(u32, &SignIn)]) -> Option<Finding> {
    let view = subject.view;
    let addresses: Set<TextId> = run.iter().map(|(_, row)| row.address).gather();
    let several = run.len() >= rule.wrong && addresses.len() >= rule.networks;
    if !several && run.len() < rule.alone {
        return None;
    }
    let (&(number, first), (_, last)) = run.first().zip(run.last())?;
    let after = |row: &SignIn| row.time >= first.time && row.time <= last.time.saturating_add(HOUR);
    let entered = successes(view).find(|(_, row)| after(row) && is_portal(view, row) && is_strange(subject, row));
    let known = entered.is_some_and(|(_, row)| subject.familiar.network(view, row) == Familiarity::Unfamiliar);
    let (event, role) = entered.map_or((number, "wrong"), |(number, _)| (number, "success"));
    let listed = run.iter().take(LISTED).map(|(number, _)| *number).filter(|number| *number != event);
    Some(finding(
        &DETECTION,
        view,
        Told {
            variant: if entered.is_some() { "entered" } else { "in-vain" },
            severity: match (entered.is_some(), known) {
                (true, true) => Severity::High,
                (true, false) => Severity::Medium,
                (false, _) => Severity::Low,
            },
            confidence: if known || entered.is_none() { Confidence::Medium } else { Confidence::Low },
            event: EventRef::SignIn(event),
            role,
            beside: sign_ins("wrong", listed).collect(),
            why: format!(
                "{} wrong passwords for {} at {} from {} addresses within {}, from {} on.{}",
                run.len(),
                who(view),
                view.app_name(first.app),
                addresses.len(),
                duration(last.time - first.time),
                moment(first.time),
                match entered {
                    Some((_, row)) =>
                        format!(" At {} somebody got in from {}.", moment(row.time), place(view.network(row))),
                    None => String::new(),
                },
            ),
            what: "Passwords guessed at the portal",
            facts: json!({"wrong": run.len(), "addresses": addresses.len(), "entered": entered.is_some()}),
        },
    ))
}
