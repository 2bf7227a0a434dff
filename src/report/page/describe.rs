//! An event in a few words.

use crate::analysis::Case;
use crate::events::vocabulary::{IncomingToken, Protocol, Requirement, Stream, Transfer};
use crate::events::{Activity, Audit, RiskEvent, SignIn};
use crate::knowledge::results::ResultClass;
use crate::knowledge::{apps, results};
use crate::sessions::EventRef;

/// `Device code, Microsoft Authentication Broker, with second factor`.
pub(in crate::report) fn event(case: &Case, event: EventRef) -> String {
    match event {
        EventRef::SignIn(number) => case.store.sign_in(number).map(|row| sign_in(case, row)),
        EventRef::Audit(number) => case.store.audit(number).map(|row| audit(case, row)),
        EventRef::Activity(number) => case.store.activity(number).map(|row| activity(case, row)),
        EventRef::Risk(number) => case.store.risk_event(number).map(|row| risk(case, row)),
    }
    .unwrap_or_default()
}

/// A sign-in: how, to what, and how it ended.
pub(super) fn sign_in(case: &Case, row: &SignIn) -> String {
    let mut text = format!("{}, {}", how(row), app(case, row.app));
    let resource = app(case, row.resource);
    if row.app != row.resource && resource != UNKNOWN_APP {
        text.push_str(&format!(" for {resource}"));
    }
    if row.stream() == Stream::Interactive && row.requirement == Requirement::MULTI_FACTOR && succeeded(case, row) {
        text.push_str(", with second factor");
    }
    if let Some(code) = failure(case, row) {
        // A step of a sign-in that goes on is no refusal.
        let how = if results::class(code) == ResultClass::Interrupt { "interrupted" } else { "refused" };
        text.push_str(&match results::meaning(code) {
            Some(meaning) => format!(", {how}: {code} {meaning}"),
            None => format!(", {how}: {code}"),
        });
    }
    text
}

/// What kind of sign-in it was.
pub(super) fn how(row: &SignIn) -> &'static str {
    if row.protocol == Protocol::DEVICE_CODE {
        "Device code"
    } else if row.incoming.0 != IncomingToken::ABSENT.0 && row.incoming.0 & IncomingToken::PRIMARY_REFRESH_TOKEN.0 != 0
    {
        "Primary refresh token"
    } else if row.incoming.is_token() {
        if row.incoming == IncomingToken::REFRESH_TOKEN { "Refresh token" } else { "Token" }
    } else if row.transfer == Transfer::DEVICE_CODE_FLOW {
        "Device code"
    } else {
        match row.stream() {
            Stream::Interactive => "Signed in",
            Stream::NonInteractive => "Signed in by a client",
            Stream::ServicePrincipal => "Service principal",
            Stream::ManagedIdentity => "Managed identity",
        }
    }
}

/// A directory act.
pub(super) fn audit(case: &Case, row: &Audit) -> String {
    let texts = &case.store.texts;
    let operation = texts.get(row.operation);
    let result = texts.get(row.result);
    if result.is_empty() || result == "success" { operation.to_owned() } else { format!("{operation}, {result}") }
}

/// An act outside the directory: what, to what, by which application.
fn activity(case: &Case, row: &Activity) -> String {
    let texts = &case.store.texts;
    let first = texts.value(row.operation).unwrap_or_else(|| texts.get(row.category));
    let mut text = first.to_owned();
    let client = app(case, row.app);
    for part in [texts.get(row.object), if client == UNKNOWN_APP { "" } else { &client }] {
        if !part.is_empty() {
            text.push_str(", ");
            text.push_str(&shortened(part));
        }
    }
    if row.items > 1 {
        text.push_str(&format!(", {} items", super::words::figure(u64::from(row.items))));
    }
    text
}

/// The most letters of an object that a line shows: request addresses can be very long.
const SHOWN: usize = 120;

fn shortened(text: &str) -> String {
    match text.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text.to_owned(),
    }
}

/// A risk detection or a state of risk.
fn risk(case: &Case, row: &RiskEvent) -> String {
    let texts = &case.store.texts;
    let first = if row.is_state() { "Risk state" } else { texts.get(row.kind) };
    let rest = [row.level, row.state, row.detail].into_iter().filter_map(|text| texts.value(text));
    std::iter::once(first).chain(rest.filter(|word| *word != "none")).collect::<Vec<_>>().join(", ")
}

const UNKNOWN_APP: &str = "an unknown application";

/// An application by name.
pub(in crate::report) fn app(case: &Case, number: u32) -> String {
    let app = case.store.app(number);
    let texts = &case.store.texts;
    let known = || app.id.as_guid().and_then(apps::app_name).map(str::to_owned);
    let id = || app.id.has_value().then(|| app.id.display(texts));
    texts.value(app.name).map(str::to_owned).or_else(known).or_else(id).unwrap_or_else(|| UNKNOWN_APP.to_owned())
}

/// The result code of a sign-in that did not succeed.
pub(super) fn failure(case: &Case, row: &SignIn) -> Option<u32> {
    let outcome = case.store.outcome(row.outcome);
    (outcome.known == 1 && outcome.code != 0).then_some(outcome.code)
}

/// Whether a sign-in was refused: a step of one that goes on was not.
pub(super) fn turned_away(case: &Case, row: &SignIn) -> bool {
    failure(case, row).is_some_and(|code| results::class(code) != ResultClass::Interrupt)
}

/// Whether a sign-in succeeded.
pub(super) fn succeeded(case: &Case, row: &SignIn) -> bool {
    let outcome = case.store.outcome(row.outcome);
    outcome.known == 1 && outcome.code == 0
}

/// Whether an event was refused or failed.
pub(super) fn refused(case: &Case, event: EventRef) -> bool {
    match event {
        EventRef::SignIn(number) => case.store.sign_in(number).is_some_and(|row| failure(case, row).is_some()),
        EventRef::Audit(number) => case.store.audit(number).is_some_and(|row| {
            let result = case.store.texts.get(row.result);
            !result.is_empty() && result != "success"
        }),
        EventRef::Activity(_) | EventRef::Risk(_) => false,
    }
}
