//! More addresses count as trusted.
//!
//! # What it looks for
//! A named location that is made trusted, or a trusted one that holds more addresses than before; and
//! addresses that are new in the tenant's old list of those from which no second factor is asked for. Other
//! changes of named locations are told as information.
//!
//! # Why it matters
//! Policies ask for less from trusted places, and risk is counted less there. An intruder who adds their own
//! address is waved through.
//!
//! # Evidence it needs
//! The directory audit log with modified properties.
//!
//! # Benign causes
//! * A new office or provider; the exits of a VPN change.
//!
//! # Tuning
//! Nothing.
//!
//! # What to ask
//! * Whose are the addresses that were added?
//!
//! # What to do
//! * Take the addresses out, then look for sign-ins from there.
//!
//! # References
//! * ATT&CK T1556.009, T1562.007
//! * Splunk, O365 bypass MFA via trusted IP; Microsoft Sentinel, Named location deleted or modified

use crate::events::Store;
use crate::events::change::Change;
use crate::words::list;

use super::act::{Act, any, distinct};
use super::asked::{self, Asked, Question, Spec, Told, Whose};
use super::{Ask, Detection, Severity, Tuning};

/// Blocks of addresses that a sentence names.
const NAMED: usize = 5;

pub(super) static DETECTION: Detection = Detection {
    prepare,
    ..asked::detection(
        "trusted-location-changed",
        "More addresses are trusted",
        "trusted_location_changed",
        include_str!("trusted_location_changed.kql"),
    )
};

static SPEC: Spec = Spec {
    detection: &DETECTION,
    whose: Whose::Doer,
    questions: &[
        Question { variant: "trusted", what: "More addresses are trusted", is: places, ask: trusted },
        Question { variant: "changed", what: "Named location changed", is: names, ask: changed },
    ],
};

fn prepare<'a>(_: &'a Store, tuning: &'a Tuning) -> Ask<'a> {
    asked::ask(&SPEC, tuning)
}

fn names(operation: &str) -> bool {
    any(operation, &["Add named location", "Update named location", "Delete named location"])
}

fn places(operation: &str) -> bool {
    names(operation) || any(operation, &["Set Company Information"])
}

/// Blocks of addresses in a value, as `203.0.113.0/24`.
fn blocks(value: &str) -> Vec<&str> {
    let parts = value.split(|letter: char| !(letter.is_ascii_hexdigit() || ".:/".contains(letter)));
    distinct(
        parts.filter(|part| {
            part.split_once('/').is_some_and(|(address, _)| address.parse::<std::net::IpAddr>().is_ok())
        }),
    )
}

fn is_trusted(value: &str) -> bool {
    let letters: String = value.chars().filter(|letter| letter.is_ascii_alphanumeric()).collect();
    letters.to_ascii_lowercase().contains("istrustedtrue")
}

/// What a change makes trusted: new blocks of addresses, and whether the location as a whole is so only now.
fn gained<'c>(change: &'c Change<'_>, list: bool) -> Option<(Vec<&'c str>, bool)> {
    let now = list || is_trusted(&change.new);
    let newly = !list && !is_trusted(&change.old);
    let before = blocks(&change.old);
    let new: Vec<&str> = blocks(&change.new).into_iter().filter(|block| newly || !before.contains(block)).collect();
    (now && (newly || !new.is_empty())).then_some((new, newly))
}

fn found<'c>(act: &'c Act<'_>) -> Option<(Vec<&'c str>, bool)> {
    if names(act.operation()) {
        return act.changes().find_map(|change| gained(change, false));
    }
    act.change("StrongAuthenticationPolicy").and_then(|change| gained(change, true))
}

fn trusted(_: &Asked<'_, '_>, act: &Act<'_>) -> Option<Told> {
    let (blocks, newly) = found(act).filter(|_| act.succeeded())?;
    let which = match blocks.get(..NAMED.min(blocks.len())).unwrap_or_default() {
        [] => String::new(),
        some => format!(": {}", list(some)),
    };
    let verb = if newly { "made" } else { "added addresses to" };
    let place = if names(act.operation()) { act.on() } else { "the list of addresses without second factor" };
    let end = if newly { " trusted" } else { "" };
    Told::new(Severity::High, format!("{verb} {place}{end}{which}"))
}

fn changed(_: &Asked<'_, '_>, act: &Act<'_>) -> Option<Told> {
    if !act.succeeded() || found(act).is_some() {
        return None;
    }
    Told::new(Severity::Info, format!("changed the named location {}", act.on()))
}
