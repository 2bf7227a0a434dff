//! An event in one line.

use crate::events::vocabulary::{Protocol, Stream, Transfer};
use crate::events::{Audit, Place, SignIn};
use crate::knowledge::results::{self, ResultClass};
use crate::report::visible;
use crate::sessions::{EventRef, View};

use super::super::Report;
use super::words::{number, spaced};

/// What happened, in words that are safe to show.
pub(super) fn what(view: &View<'_>, event: EventRef) -> String {
    let text = match event {
        EventRef::SignIn(number) => view.store.sign_in(number).map(|row| sign_in(view, row)),
        EventRef::Audit(number) => view.store.audit(number).map(|row| audit(view, row)),
        EventRef::Activity(number) => view.store.activities.get(number as usize).map(|row| {
            let category = view.store.texts.get(row.category);
            format!("{} in {category}", view.app_name(row.app))
        }),
    };
    visible(&text.unwrap_or_default())
}

/// Where it came from, in words that are safe to show; empty where the record does not say.
pub(super) fn whence(view: &View<'_>, event: EventRef) -> String {
    let text = match event {
        EventRef::SignIn(number) => view.store.sign_in(number).map(|row| {
            let network = view.network(row).map(|network| network.label());
            let country = view.country(row).map(|country| view.store.texts.get(country).to_owned());
            let device = view.store.texts.value(view.store.device(row.device).name).map(str::to_owned);
            [network, country, device, Some(view.agent(row).label())]
                .into_iter()
                .flatten()
                .collect::<Vec<_>>()
                .join(", ")
        }),
        EventRef::Audit(number) => view.store.audit(number).map(|row| address(view, row.address)),
        EventRef::Activity(number) => view.store.activities.get(number as usize).map(|row| address(view, row.address)),
    };
    visible(&text.unwrap_or_default())
}

/// Where its record stands: input, number of the record, byte.
pub(super) fn place(report: &Report, place: Place) -> String {
    let name = report.inputs.get(place.input as usize).map_or("", |input| input.name.as_str());
    format!("{}, record {}, byte {}", visible(name), number(place.record), number(place.offset))
}

fn address(view: &View<'_>, address: crate::events::TextId) -> String {
    let network = view.tenant.network(view.store, address, 0);
    network.map_or_else(|| view.store.texts.get(address).to_owned(), |network| network.label())
}

fn sign_in(view: &View<'_>, row: &SignIn) -> String {
    let app = view.app_name(row.app);
    let token = row.incoming.is_token().then(|| spaced(&row.incoming.text()));
    let mut text = match (row.stream(), token) {
        (Stream::Interactive, None) => format!("signed in to {app}"),
        (Stream::Interactive, Some(token)) => format!("signed in to {app} with a {token}"),
        (Stream::NonInteractive, None) => format!("{app} signed in without a token"),
        (Stream::NonInteractive, Some(token)) => format!("{app} presented a {token}"),
        (Stream::ServicePrincipal | Stream::ManagedIdentity, _) => format!("{app} signed in by itself"),
    };
    if row.protocol == Protocol::DEVICE_CODE {
        text.push_str(" by device code");
    } else if row.transfer == Transfer::DEVICE_CODE_FLOW {
        text.push_str(" in a session begun by device code");
    }
    let resource = view.app_name(row.resource);
    if !resource.is_empty() && resource != app {
        text.push_str(&format!(" for {resource}"));
    }
    match view.code(row) {
        None | Some(0) => {}
        Some(code) => {
            let how = if view.class(row) == ResultClass::Interrupt { "interrupted" } else { "refused" };
            let meaning = results::meaning(code).map_or(String::new(), |meaning| format!(", {meaning}"));
            text.push_str(&format!("; {how}: {code}{meaning}"));
        }
    }
    text
}

fn audit(view: &View<'_>, row: &Audit) -> String {
    let texts = &view.store.texts;
    let user = view.store.user(row.user);
    let principal = view.store.principal(row.principal);
    let who = [user.name, principal.name].into_iter().find_map(|name| texts.value(name));
    let mut text = texts.get(row.operation).to_owned();
    if let Some(who) = who {
        text.push_str(&format!(" by {who}"));
    }
    let result = texts.get(row.result);
    if result != "success" && !result.is_empty() {
        text.push_str(&format!("; {result}"));
    }
    text
}
