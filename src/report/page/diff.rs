//! What the owner's side and the other side differ in, property by property.

use crate::order::Set;

use serde::Serialize;

use crate::analysis::Case;
use crate::events::SignIn;
use crate::events::vocabulary::{Flag, IncomingToken, Protection};
use crate::knowledge::agents::{Agent, Class};
use crate::order::Gather;
use crate::sessions::View;
use crate::tenant::same_network;

use super::words::{clock, figure, plural};
use super::{describe, hand};

/// Whether two sides agree in a property.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "kebab-case")]
pub enum Agreement {
    /// Both sides have the same.
    Same,
    /// They differ.
    Differ,
    /// The exports do not say, on one side at least.
    Unknown,
    /// Not a property that is compared.
    Beside,
}

/// A property of both sides.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct DiffRow {
    /// Which.
    pub label: &'static str,
    /// The owner's side; nothing where the exports lack it.
    pub owner: Option<String>,
    /// The other side.
    pub other: Option<String>,
    /// Whether they agree.
    pub agreement: Agreement,
}

type Property = fn(&Case, &SignIn) -> Option<String>;

const PROPERTIES: [(&str, Property); 9] = [
    ("Address", address),
    ("Network", network),
    ("Place", place),
    ("Device", device),
    ("Agent", agent),
    ("Incoming token", incoming),
    ("Application", application),
    ("Policies", policies),
    ("Token protection", protection),
];

/// Compares two sides by their sign-ins, in order of time.
pub(super) fn diff(view: &View<'_>, case: &Case, owner: &[u32], other: &[u32]) -> Vec<DiffRow> {
    let rows = |numbers: &[u32]| -> Vec<SignIn> {
        numbers.iter().filter_map(|&number| case.store.sign_in(number).copied()).collect()
    };
    let (owner, other) = (rows(owner), rows(other));
    let mut table: Vec<DiffRow> = PROPERTIES
        .iter()
        .map(|(label, property)| {
            let (left, right) = (values(case, &owner, *property), values(case, &other, *property));
            let agreement = match (&left, &right) {
                (Some(left), Some(right)) if set(left) == set(right) => Agreement::Same,
                (Some(_), Some(_)) => Agreement::Differ,
                _ => Agreement::Unknown,
            };
            DiffRow { label, owner: left.map(|left| few(&left)), other: right.map(|right| few(&right)), agreement }
        })
        .collect();
    table.push(seen(view, &owner, &other));
    table.push(DiffRow {
        label: "Events",
        owner: Some(extent(&owner)),
        other: Some(extent(&other)),
        agreement: Agreement::Beside,
    });
    table
}

/// The properties of one side alone.
pub(super) fn alone(view: &View<'_>, case: &Case, numbers: &[u32]) -> Vec<DiffRow> {
    let mut table = diff(view, case, numbers, &[]);
    for row in &mut table {
        row.other = None;
        row.agreement = Agreement::Beside;
    }
    table
}

fn set(values: &[String]) -> Set<&str> {
    values.iter().map(String::as_str).gather()
}

/// The values of a property in order of their first record, each once; nothing where no record has it.
fn values(case: &Case, rows: &[SignIn], property: Property) -> Option<Vec<String>> {
    let mut found: Vec<String> = Vec::new();
    for value in rows.iter().filter_map(|row| property(case, row)) {
        if !found.contains(&value) {
            found.push(value);
        }
        // More are not told apart: no row shows them.
        if found.len() >= 50 {
            break;
        }
    }
    (!found.is_empty()).then_some(found)
}

/// `a, then b, 3 more`.
fn few(values: &[String]) -> String {
    match values {
        [] => String::new(),
        [one] => one.clone(),
        [one, two] => format!("{one}, then {two}"),
        [one, two, rest @ ..] => format!("{one}, then {two}, {} more", rest.len()),
    }
}

fn address(case: &Case, row: &SignIn) -> Option<String> {
    row.address.is_present().then(|| or_none(case.store.texts.get(row.address)))
}

fn network(case: &Case, row: &SignIn) -> Option<String> {
    let network = hand::network(case, row)?;
    let listed = network.listed.kind().map(|kind| format!("listed as {}", kind.words()));
    let rented = hand::rented(network).filter(|_| listed.is_none()).map(str::to_owned);
    let name = network.hosting().map(|hosting| hosting.name.to_owned());
    let words: Vec<String> =
        name.into_iter().chain(network.asn.map(|asn| format!("AS{asn}"))).chain(rented).chain(listed).collect();
    (!words.is_empty()).then(|| words.join(", "))
}

fn place(case: &Case, row: &SignIn) -> Option<String> {
    match hand::place(case, row) {
        (city, country) if city.is_empty() && country.is_empty() => None,
        (city, country) if city.is_empty() => Some(country),
        (city, country) if country.is_empty() => Some(city),
        (city, country) => Some(format!("{city}, {country}")),
    }
}

fn device(case: &Case, row: &SignIn) -> Option<String> {
    let device = case.store.device(row.device);
    if !device.id.is_present() && !device.name.is_present() {
        return None;
    }
    let texts = &case.store.texts;
    let name = texts.value(device.name).map(str::to_owned);
    let Some(name) = name.or_else(|| device.id.has_value().then(|| device.id.display(texts))) else {
        return Some("none".to_owned());
    };
    let mut parts = vec![name];
    parts.extend(texts.value(device.system).map(str::to_owned));
    match device.compliant {
        Flag::TRUE => parts.push("compliant".to_owned()),
        Flag::FALSE => parts.push("not compliant".to_owned()),
        _ => {}
    }
    Some(parts.join(", "))
}

fn agent(case: &Case, row: &SignIn) -> Option<String> {
    let device = case.store.device(row.device);
    let texts = &case.store.texts;
    let raw = texts.get(row.agent);
    // Device details speak only where the agent is silent: one that is not recognised is shown as it is.
    let agent = match raw {
        "" => Agent::read("", texts.get(device.system), texts.get(device.browser)),
        raw => Agent::read(raw, "", ""),
    };
    match agent.class {
        Class::Unknown if raw.is_empty() => row.agent.is_present().then(|| "none".to_owned()),
        Class::Unknown => Some(raw.chars().take(200).collect()),
        _ => Some(agent.label()),
    }
}

fn incoming(_: &Case, row: &SignIn) -> Option<String> {
    if !row.incoming.is_present() || row.incoming == IncomingToken::EMPTY {
        return None;
    }
    let words = row.incoming.text().replace("primaryRefreshToken", "primary refresh token");
    let words = words.replace("refreshToken", "refresh token").replace(',', " and ");
    Some(if row.incoming.is_none() { "none, signed in".to_owned() } else { words })
}

fn application(case: &Case, row: &SignIn) -> Option<String> {
    let app = case.store.app(row.app);
    (app.id.is_present() || app.name.is_present()).then(|| describe::app(case, row.app))
}

fn policies(_: &Case, row: &SignIn) -> Option<String> {
    use crate::events::vocabulary::PolicyStatus;
    match row.policy_status {
        PolicyStatus::SUCCESS => Some("passed".to_owned()),
        PolicyStatus::FAILURE => Some("failed".to_owned()),
        PolicyStatus::NOT_APPLIED => Some("none applied".to_owned()),
        _ => None,
    }
}

fn protection(_: &Case, row: &SignIn) -> Option<String> {
    let known = row.protection != Protection::ABSENT && row.protection != Protection::EMPTY;
    known.then(|| row.protection.text().to_owned())
}

fn or_none(text: &str) -> String {
    if text.is_empty() { "none".to_owned() } else { text.to_owned() }
}

/// How often the user had succeeded from these networks before. Where nothing was before the user's own other
/// sessions, they are it.
fn seen(view: &View<'_>, owner: &[SignIn], other: &[SignIn]) -> DiffRow {
    let began = |rows: &[SignIn]| rows.first().map_or(i64::MAX, |row| row.time);
    let left = before(view, owner, began(owner));
    let left = left.filter(|(times, _)| *times > 0 || other.is_empty()).or_else(|| before(view, owner, began(other)));
    let right = before(view, other, began(other));
    let agreement = match (&left, &right) {
        (Some((0, _)), Some((0, _))) => Agreement::Same,
        (Some((left, _)), Some((right, _))) if *left > 0 && *right > 0 => Agreement::Same,
        (Some(_), Some(_)) => Agreement::Differ,
        _ => Agreement::Unknown,
    };
    let words = |seen: Option<(usize, usize)>| {
        seen.map(|(times, days)| match (times, days) {
            (0, _) => "never, by this user".to_owned(),
            (times, days) => {
                format!("{} sign-in{} on {days} day{}", figure(times as u64), plural(times as u64), plural(days as u64))
            }
        })
    };
    DiffRow { label: "Network seen before", owner: words(left), other: words(right), agreement }
}

const DAY: i64 = 86_400_000_000;

/// Successes and days from the network of the first of these sign-ins, before a time.
fn before(view: &View<'_>, rows: &[SignIn], time: i64) -> Option<(usize, usize)> {
    let first = rows.first()?;
    let here = view.network(first)?;
    let mut times = 0;
    let mut days: Set<i64> = Set::new();
    for (_, row) in view.sign_ins().take_while(|(_, row)| row.time < time) {
        if view.succeeded(row) && same_network(view.network(row), Some(here)) == Some(true) {
            times += 1;
            days.insert(row.time.div_euclid(DAY));
        }
    }
    Some((times, days.len()))
}

/// `148, from 15:52:31 to 17:12:06`.
fn extent(rows: &[SignIn]) -> String {
    match (rows.first(), rows.last()) {
        (Some(first), Some(last)) if rows.len() > 1 => format!(
            "{}, from {} to {}",
            figure(rows.len() as u64),
            clock(first.time, i64::MIN),
            clock(last.time, first.time)
        ),
        (Some(first), _) => format!("1, at {}", clock(first.time, i64::MIN)),
        _ => "none".to_owned(),
    }
}
