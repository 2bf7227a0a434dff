//! A password was reset, or an account unlocked, by its user's own means, and it does not look like the user.
//!
//! # What it looks for
//! Self-service resets and unlocks that succeeded, with at least one sign: from a network in which the user has no
//! success within `history-days`, though they have some elsewhere (`strange`); a sign-in method registered up to
//! `registered-hours` before; a sign-in with medium or high risk up to `risky-hours` after; at least `tries` attempts that
//! failed within a day before. One finding a reset.
//!
//! # Why it matters
//! Whoever holds the second factor, or registered one, makes the password their own, and locks the owner out.
//!
//! # Evidence it needs
//! The directory audit log with the address of who did it, and user sign-ins with address and result.
//!
//! # Benign causes
//! * Somebody forgot the password on a journey, or over the holidays.
//! * A new colleague registers a method and chooses a password.
//!
//! # Tuning
//! `history-days`, `registered-hours`, `risky-hours` and `tries`.
//!
//! # What to ask
//! * Did the user reset the password, and where?
//!
//! # What to do
//! * Call the user on a number that is known from elsewhere; reset the password again.
//! * Look at the methods registered for the user, and remove those that are not theirs.
//!
//! # References
//! * ATT&CK T1098, T1556.006
//! * Cloud-Architekt, Suspicious SSPR activity
//! * reprise99, SSPR from an address unknown for the user

use serde_json::json;

use crate::events::field::Field;
use crate::events::{Audit, Store};
use crate::knowledge::operations::{RegistrationKind, registration};
use crate::sessions::{EventRef, View};
use crate::tenant::same_network;

use super::evidence::{moment, who};
use super::single::{DAY, LISTED, Told, finding, successes, weighed};
use super::{Ask, Confidence, Detection, Evidence, Finding, Group, Records, Severity, Tunable, Tuning};

const ID: &str = "self-service-reset";
const HOUR: i64 = 3_600_000_000;
/// Records of one reset come within so long.
const ONE: i64 = HOUR / 6;

pub(super) static DETECTION: Detection = Detection {
    id: ID,
    title: "Self-service reset that does not look like the user",
    group: Group::Password,
    records: &[Records::Audits],
    helped_by: &[(Records::UserSignIns, "from where the user signs in shows whether the reset came from there")],
    needs: &[],
    wants: &[Field::Address, Field::Asn, Field::Risk],
    history_days: 0,
    tunables: &[
        Tunable::number("history-days", "7", "days of sign-ins before the reset to compare with"),
        Tunable::number("registered-hours", "4", "hours from a registration to the reset, inclusive"),
        Tunable::number("risky-hours", "2", "hours from the reset to a risky sign-in, inclusive"),
        Tunable::number("tries", "3", "failed attempts within a day before"),
    ],
    prepare,
    kql: include_str!("self_service_reset.kql"),
    file: "self_service_reset",
};

struct Rule {
    history: i64,
    registered: i64,
    risky: i64,
    tries: usize,
}

fn prepare<'a>(_: &'a Store, tuning: &'a Tuning) -> Ask<'a> {
    let number = |name: &str, otherwise: i64| tuning.number(ID, name).unwrap_or(otherwise).max(1);
    let rule = Rule {
        history: number("history-days", 7).saturating_mul(DAY),
        registered: number("registered-hours", 4).saturating_mul(HOUR),
        risky: number("risky-hours", 2).saturating_mul(HOUR),
        tries: usize::try_from(number("tries", 3)).unwrap_or(usize::MAX),
    };
    Box::new(move |subject, found| {
        let view = subject.view;
        let mut before: Option<i64> = None;
        let is = |operation: &str| DONE.iter().any(|name| operation.to_ascii_lowercase().starts_with(name));
        for (number, row) in view.audits_of(&is) {
            if is_done(view, row) && before.is_none_or(|before| row.time - before > ONE) {
                before = Some(row.time);
                found.extend(told(&rule, view, number, row));
            }
        }
    })
}

/// How operations begin, in lower case, that are a reset or unlock, or a step of one.
const DONE: [&str; 3] =
    ["self-service password reset flow", "reset password (self-service)", "unlock user account (self-service)"];

/// What an audit event is called, in lower case.
fn name(view: &View<'_>, row: &Audit) -> String {
    view.store.texts.get(row.operation).to_ascii_lowercase()
}

/// A reset or unlock that succeeded: by its own record, or by the last of its steps.
fn is_done(view: &View<'_>, row: &Audit) -> bool {
    let name = name(view, row);
    let texts = &view.store.texts;
    let [flow, reset, unlock] = DONE;
    let step =
        name.starts_with(flow) && texts.get(row.reason).to_ascii_lowercase().contains("successfully completed reset");
    let own = name.starts_with(reset) || name.starts_with(unlock);
    (own || step) && texts.get(row.result) == "success"
}

/// An attempt that led nowhere.
fn is_try(view: &View<'_>, row: &Audit) -> bool {
    let name = name(view, row);
    name.starts_with("blocked from self-service password reset")
        || (name.contains("self-service") && view.store.texts.get(row.result) == "failure")
}

/// Facts: `signs`, which.
fn told(rule: &Rule, view: &View<'_>, number: u32, row: &Audit) -> Option<Finding> {
    let texts = &view.store.texts;
    let mut signs: Vec<&str> = Vec::new();
    let mut beside: Vec<Evidence> = Vec::new();
    let here = view.network_of_audit(row).filter(|network| !view.own.has(network));
    let likeness: Vec<Option<bool>> = successes(view)
        .filter(|(_, other)| other.time < row.time && row.time - other.time <= rule.history)
        .map(|(_, other)| same_network(here, view.network(other)))
        .collect();
    let strange = likeness.contains(&Some(false)) && !likeness.contains(&Some(true));
    if strange {
        signs.push("strange");
    }
    let near = |from: i64, until: i64| view.audits().filter(move |(_, other)| (from..=until).contains(&other.time));
    let registered = near(row.time.saturating_sub(rule.registered), row.time).find(|(_, other)| {
        let what = registration(texts.get(other.operation));
        texts.get(other.result) == "success" && what.is_some_and(|what| what.kind != RegistrationKind::Device)
    });
    if let Some((number, _)) = registered {
        signs.push("registered");
        beside.push(Evidence { role: "registration", event: EventRef::Audit(number) });
    }
    let risky = view.sign_ins().find(|(_, other)| {
        let during = texts.get(view.store.risk(other.risk).during);
        (row.time..=row.time.saturating_add(rule.risky)).contains(&other.time)
            && other.stream().is_user()
            && ["medium", "high"].iter().any(|level| during.eq_ignore_ascii_case(level))
    });
    if let Some((number, _)) = risky {
        signs.push("risky");
        beside.push(Evidence { role: "risky", event: EventRef::SignIn(number) });
    }
    let tries: Vec<u32> = near(row.time.saturating_sub(DAY), row.time)
        .filter(|(_, other)| is_try(view, other))
        .map(|(number, _)| number)
        .collect();
    if tries.len() >= rule.tries {
        signs.push("tries");
        beside
            .extend(tries.iter().take(LISTED).map(|number| Evidence { role: "try", event: EventRef::Audit(*number) }));
    }
    if signs.is_empty() {
        return None;
    }
    let severity = if strange || risky.is_some() { Severity::Medium } else { Severity::Low };
    let words = signs.iter().map(|sign| match *sign {
        "strange" => "the user had not signed in from there for days",
        "registered" => "a sign-in method was registered shortly before",
        "risky" => "a risky sign-in followed",
        _ => "several attempts had failed before",
    });
    Some(finding(
        &DETECTION,
        view,
        Told {
            variant: "reset",
            severity: weighed(view, severity),
            confidence: Confidence::Medium,
            event: EventRef::Audit(number),
            role: "reset",
            beside,
            why: format!(
                "{} had the password reset or the account unlocked by self-service from {} at {}: {}.",
                who(view),
                here.map_or_else(|| "an address that says nothing".to_owned(), |network| network.label()),
                moment(row.time),
                words.collect::<Vec<_>>().join("; "),
            ),
            what: "Self-service reset from elsewhere",
            facts: json!({"signs": signs}),
        },
    ))
}
