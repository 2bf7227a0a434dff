//! What records are counted by, and what a record has in each.

use serde::{Deserialize, Serialize};

use crate::analysis::Case;
use crate::events::processing::Processing;
use crate::events::sign_in::IdRef;
use crate::events::vocabulary::Stream;
use crate::events::{Activity, Audit, Id, SignIn, TextId};
use crate::knowledge::agents::Agent;
use crate::knowledge::results::{self, ResultClass};
use crate::knowledge::{apps, clients, countries};
use crate::report::{shown, visible};
use crate::tenant::PersonKind;

use super::hand::{network_name, rented};
pub use super::property::Column;
pub(in crate::report) use super::reader::Reader;

/// A value of a column.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Named {
    /// What it is found by; empty where the field is there and holds nothing, null where the export has no
    /// such field.
    pub value: Option<String>,
    /// As a person reads it.
    pub label: String,
    /// What there is to say besides: the id of an application, the meaning of a code.
    pub more: String,
}

impl Named {
    fn new(value: &str, label: &str, more: &str) -> Self {
        Self { value: Some(visible(value)), label: visible(label), more: visible(more) }
    }

    fn plain(value: &str) -> Self {
        Self::new(value, value, "")
    }
}

/// A record that is counted.
#[derive(Clone, Copy)]
pub(in crate::report) enum Record<'a> {
    /// A sign-in, and the number of the person it is of.
    SignIn(&'a SignIn, u32),
    /// A directory act.
    Audit(&'a Audit),
    /// An act outside the directory.
    Activity(&'a Activity),
}

impl Record<'_> {
    /// When it was, in microseconds UTC.
    pub(in crate::report) const fn time(self) -> i64 {
        match self {
            Self::SignIn(row, _) => row.time,
            Self::Audit(row) => row.time,
            Self::Activity(row) => row.time,
        }
    }

    /// Whence it came.
    pub(in crate::report) const fn address(self) -> TextId {
        match self {
            Self::SignIn(row, _) => row.address,
            Self::Audit(row) => row.address,
            Self::Activity(row) => row.address,
        }
    }
}

/// What decides a record's values in a column: numbers that this program gave out. The second is zero where
/// one is enough.
pub(super) fn raw(case: &Case, column: Column, record: Record<'_>) -> (u32, u32) {
    let (row, person) = match record {
        Record::SignIn(row, person) => (row, person),
        Record::Audit(row) => {
            return raw_act(column, row.user, row.principal, [row.operation, row.category, row.address]);
        }
        Record::Activity(row) if column == Column::App => return (row.app, 0),
        Record::Activity(row) => {
            return raw_act(column, row.user, row.principal, [row.operation, row.category, row.address]);
        }
    };
    let one = match column {
        Column::User => person,
        Column::App => row.app,
        Column::Resource => row.resource,
        Column::Scope => row.processing.0,
        Column::Country | Column::City => row.location,
        Column::Network => return (row.address.0, case.store.location(row.location).asn.saturating_add(1)),
        Column::Address => row.address.0,
        Column::Device => row.device,
        Column::Agent => return (row.agent.0, row.device.saturating_add(1)),
        Column::Result | Column::Ended => row.outcome,
        Column::Stream => u32::from(row.stream),
        Column::Client | Column::Legacy => row.client.0,
        Column::Protocol => u32::from(row.protocol.0),
        Column::Transfer => u32::from(row.transfer.0),
        Column::Access => u32::from(row.policy_status.0),
        Column::Policy => row.policies.0,
        Column::Requirement => u32::from(row.requirement.0),
        Column::Protection => u32::from(row.protection.0),
        Column::Token => u32::from(row.incoming.0),
        Column::Method => row.steps.0,
        Column::Risk => row.risk,
        Column::Session if row.session == IdRef::OWN => return (row.record, row.input.saturating_add(1)),
        Column::Session => row.session.0,
        Column::Hour => u32::try_from(row.time.div_euclid(3_600_000_000).rem_euclid(24)).unwrap_or(0),
        Column::Credential => row.principal,
        Column::Operation | Column::Category => 0,
    };
    (one, 0)
}

fn raw_act(column: Column, user: u32, principal: u32, [operation, category, address]: [TextId; 3]) -> (u32, u32) {
    match column {
        Column::User => (user, principal.saturating_add(1)),
        Column::Operation => (operation.0, 0),
        Column::Category => (category.0, 0),
        Column::Address => (address.0, 0),
        _ => (0, 0),
    }
}

/// A record's values in a column; none where the field is there and holds nothing.
pub(super) fn values(case: &Case, column: Column, record: Record<'_>) -> Vec<Named> {
    match record {
        Record::SignIn(row, person) => of_sign_in(case, column, row, person),
        Record::Audit(row) => {
            of_act(case, column, (row.user, row.principal), [row.operation, row.category, row.address])
        }
        Record::Activity(row) if column == Column::App => app(case, row.app),
        Record::Activity(row) => {
            of_act(case, column, (row.user, row.principal), [row.operation, row.category, row.address])
        }
    }
}

/// The first of a record's values in a column.
pub(in crate::report) fn first(case: &Case, column: Column, record: Record<'_>) -> Option<Named> {
    values(case, column, record).into_iter().next()
}

/// The record's value of this name, as a person reads it.
pub(super) fn named(case: &Case, column: Column, record: Option<Record<'_>>, value: Option<&str>) -> Named {
    let all = record.map(|record| values(case, column, record)).unwrap_or_default();
    let own = all.into_iter().find(|named| named.value.as_deref() == value);
    own.unwrap_or_else(|| Named { value: value.map(str::to_owned), ..Named::default() })
}

/// Tells each of a record's values alone, as [`Named::value`] has it: where there are many, naming them takes long.
pub(super) fn tell(case: &Case, column: Column, record: Record<'_>, told: &mut dyn FnMut(Option<&str>)) {
    let texts = &case.store.texts;
    let Record::SignIn(row, person) = record else {
        return match column {
            Column::Address => tell_text(case, record.address(), told),
            _ => values(case, column, record).iter().for_each(|named| told(named.value.as_deref())),
        };
    };
    match (column, case.people.get(person)) {
        (Column::Address, _) => tell_text(case, row.address, told),
        (Column::Client, _) => tell_text(case, row.client, told),
        (Column::Country, _) => tell_text(case, case.store.location(row.location).country, told),
        (Column::Credential, _) => tell_text(case, case.store.principal(row.principal).credential, told),
        (Column::Device, _) => tell_id(case, case.store.device(row.device).id, told),
        (Column::Session, _) => tell_id(case, row.session_id(&case.store), told),
        (Column::User, Some(person)) => match (texts.value(person.name), person.kind) {
            (None, _) | (_, PersonKind::ServicePrincipal | PersonKind::ManagedIdentity) => {
                told(Some(&shown(&person.id.display(texts))));
            }
            (Some(name), _) => told(Some(&shown(name))),
        },
        _ => values(case, column, record).iter().for_each(|named| told(named.value.as_deref())),
    }
}

fn tell_text(case: &Case, text: TextId, told: &mut dyn FnMut(Option<&str>)) {
    match case.store.texts.value(text) {
        Some(text) => told(Some(&shown(text))),
        None if text.is_present() => {}
        None => told(None),
    }
}

fn tell_id(case: &Case, id: Id, told: &mut dyn FnMut(Option<&str>)) {
    match id.value() {
        Some(id) => told(Some(&shown(&id.display(&case.store.texts)))),
        None if id.is_present() => {}
        None => told(None),
    }
}

fn of_act(
    case: &Case,
    column: Column,
    (user, principal): (u32, u32),
    [operation, category, address]: [TextId; 3],
) -> Vec<Named> {
    match column {
        Column::User => {
            let (user, principal) = (case.store.user(user), case.store.principal(principal));
            let texts = &case.store.texts;
            match (texts.value(user.name), texts.value(principal.name)) {
                (Some(name), _) => vec![Named::plain(name)],
                (None, _) if user.id.has_value() => vec![Named::plain(&user.id.display(texts))],
                (None, name) if principal.id.has_value() => {
                    let id = principal.id.display(texts);
                    vec![Named::new(&id, name.unwrap_or(&id), name.map_or("", |_| &id))]
                }
                (None, Some(name)) => vec![Named::plain(name)],
                (None, None) => Vec::new(),
            }
        }
        Column::Operation => text(case, operation),
        Column::Category => text(case, category),
        Column::Address => text(case, address),
        _ => absent(),
    }
}

fn of_sign_in(case: &Case, column: Column, row: &SignIn, person: u32) -> Vec<Named> {
    let texts = &case.store.texts;
    let location = case.store.location(row.location);
    match column {
        Column::User => who(case, person),
        Column::App => app(case, row.app),
        Column::Resource => app(case, row.resource),
        Column::Scope if row.processing.has_value() => {
            Processing::read(texts.get(row.processing)).scopes().iter().map(|scope| Named::plain(scope)).collect()
        }
        Column::Scope => text(case, row.processing),
        Column::Country => match texts.value(location.country) {
            Some(code) => vec![Named::new(code, countries::name(code).unwrap_or(code), code)],
            None => text(case, location.country),
        },
        Column::City => match texts.value(location.city) {
            Some(city) => {
                let code = texts.get(location.country);
                let country = countries::name(code).unwrap_or(code);
                vec![Named::new(&format!("{city}, {code}"), city, country)]
            }
            None => text(case, location.city),
        },
        Column::Network => match case.summary.network(&case.store, row.address, location.asn) {
            Some(network) => {
                vec![Named::new(&network_name(network), &network_name(network), rented(network).unwrap_or_default())]
            }
            None => text(case, row.address),
        },
        Column::Address => text(case, row.address),
        Column::Device => device(case, row.device),
        Column::Agent => {
            let device = case.store.device(row.device);
            let agent = Agent::read(texts.get(row.agent), texts.get(device.system), texts.get(device.browser));
            if agent == Agent::UNKNOWN && !row.agent.has_value() {
                text(case, row.agent)
            } else {
                vec![Named::plain(&agent.label())]
            }
        }
        Column::Result | Column::Ended => ended(case, column, row.outcome),
        Column::Stream => vec![Named::plain(match row.stream() {
            Stream::Interactive => "interactive",
            Stream::NonInteractive => "non-interactive",
            Stream::ServicePrincipal => "service principal",
            Stream::ManagedIdentity => "managed identity",
        })],
        Column::Client => text(case, row.client),
        Column::Legacy => match texts.value(row.client) {
            Some(client) => vec![Named::plain(if clients::is_legacy(client) { "legacy" } else { "modern" })],
            None => text(case, row.client),
        },
        Column::Protocol => word(row.protocol.is_present(), row.protocol.text()),
        Column::Transfer => word(row.transfer.is_present(), row.transfer.text()),
        Column::Access => word(row.policy_status.is_present(), row.policy_status.text()),
        Column::Requirement => word(row.requirement.is_present(), row.requirement.text()),
        Column::Protection => word(row.protection.is_present(), row.protection.text()),
        Column::Token => word(row.incoming.is_present(), &row.incoming.text()),
        Column::Policy => listed(case, row.policies, |policy| {
            let (name, result) = (visible(&policy.name), visible(&policy.result));
            Named { value: Some(format!("{name}\n{result}")), label: name, more: result }
        }),
        Column::Method => listed(case, row.steps, |step| Named::plain(&step.method)),
        Column::Risk => text(case, case.store.risk(row.risk).during),
        Column::Session => id(case, row.session_id(&case.store)),
        Column::Hour => {
            let hour = row.time.div_euclid(3_600_000_000).rem_euclid(24);
            vec![Named::new(&format!("{hour:02}"), &format!("{hour:02}:00"), "")]
        }
        Column::Credential => text(case, case.store.principal(row.principal).credential),
        Column::Operation | Column::Category => absent(),
    }
}

fn absent() -> Vec<Named> {
    vec![Named::default()]
}

fn text(case: &Case, text: TextId) -> Vec<Named> {
    match case.store.texts.value(text) {
        Some(text) => vec![Named::plain(text)],
        None if text.is_present() => Vec::new(),
        None => absent(),
    }
}

fn word(is_present: bool, word: &str) -> Vec<Named> {
    match (is_present, word) {
        (false, _) => absent(),
        (true, "") => Vec::new(),
        (true, word) => vec![Named::plain(word)],
    }
}

fn id(case: &Case, id: Id) -> Vec<Named> {
    match (id.value(), id.is_present()) {
        (Some(id), _) => vec![Named::plain(&id.display(&case.store.texts))],
        (None, true) => Vec::new(),
        (None, false) => absent(),
    }
}

/// A person; those without one are told apart by their id, for anybody can call an application anything.
pub(in crate::report) fn who(case: &Case, person: u32) -> Vec<Named> {
    let texts = &case.store.texts;
    let Some(person) = case.people.get(person) else { return Vec::new() };
    let id = person.id.display(texts);
    match (texts.value(person.name), person.kind) {
        (Some(name), PersonKind::ServicePrincipal | PersonKind::ManagedIdentity) => vec![Named::new(&id, name, &id)],
        (Some(name), _) => vec![Named::plain(name)],
        (None, _) => vec![Named::plain(&id)],
    }
}

/// Whether [`who`] gives a person this value. Nobody is named for it: it is asked of all people.
pub(super) fn is_called(case: &Case, person: u32, value: Option<&str>) -> bool {
    let Some((person, value)) = case.people.get(person).zip(value) else { return false };
    match case.store.texts.value(person.name) {
        Some(name) if !matches!(person.kind, PersonKind::ServicePrincipal | PersonKind::ManagedIdentity) => {
            // Spelling out only makes longer.
            name.len() <= value.len() && shown(name) == value
        }
        _ => shown(&person.id.display(&case.store.texts)) == value,
    }
}

fn app(case: &Case, number: u32) -> Vec<Named> {
    let app = case.store.app(number);
    let texts = &case.store.texts;
    let known = app.id.as_guid().and_then(apps::app_name);
    match (app.id.value(), texts.value(app.name).or(known)) {
        (Some(id), name) => {
            let id = id.display(texts);
            vec![Named::new(&id, name.unwrap_or(&id), name.map_or("", |_| &id))]
        }
        (None, Some(name)) => vec![Named::plain(name)],
        (None, None) if app.id.is_present() || app.name.is_present() => Vec::new(),
        (None, None) => absent(),
    }
}

fn device(case: &Case, number: u32) -> Vec<Named> {
    let device = case.store.device(number);
    let texts = &case.store.texts;
    let name = texts.value(device.name);
    let mut more = vec![texts.get(device.system)];
    if device.is_managed(texts) {
        more.push("managed");
    }
    more.retain(|word| !word.is_empty());
    match device.id.value() {
        Some(id) => {
            let id = id.display(texts);
            vec![Named::new(&id, name.unwrap_or(&id), &more.join(", "))]
        }
        None if device.id.is_present() => Vec::new(),
        None => absent(),
    }
}

fn ended(case: &Case, column: Column, outcome: u32) -> Vec<Named> {
    let outcome = case.store.outcome(outcome);
    let Some(code) = outcome.code() else {
        return word(outcome.known != crate::events::tuples::Outcome::ABSENT_CODE, "");
    };
    if column == Column::Result {
        let meaning = if code == 0 { Some("success") } else { results::meaning(code) };
        return vec![Named::new(&code.to_string(), &code.to_string(), meaning.unwrap_or_default())];
    }
    vec![Named::plain(match (code, results::class(code)) {
        (0, _) => "success",
        (_, ResultClass::Interrupt) => "interrupted",
        _ => "refused",
    })]
}

/// A policy or a step, as a sign-in keeps it.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Item {
    name: String,
    result: String,
    method: String,
}

fn listed(case: &Case, list: TextId, of: impl Fn(&Item) -> Named) -> Vec<Named> {
    if !list.has_value() {
        return text(case, list);
    }
    let items: Vec<Item> = serde_json::from_str(case.store.texts.get(list)).unwrap_or_default();
    items.iter().map(of).filter(|named| named.value.as_deref() != Some("")).collect()
}
