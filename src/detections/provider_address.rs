//! The part of *one token in two places* that shows in the sign-in itself: the address that the resource's provider
//! saw, where the record names it, is in another network and country, or rented.

use serde_json::json;

use crate::events::SignIn;
use crate::order::{Gather, Map, Set};
use crate::sessions::{Familiarity, View};
use crate::tenant::{Network, same_network};

use super::evidence::{moment, place, sign_ins, who};
use super::single::{LISTED, successes};
use super::token_replay::DETECTION;
use super::told::{Told, of_session};
use super::{Confidence, Finding, Severity, Subject};

/// A success, and the network that the provider saw.
type Seen<'a> = (u32, &'a SignIn, Network);

pub(super) fn look(subject: &Subject<'_>, found: &mut Vec<Finding>) {
    let view = subject.view;
    let mut by_session: Map<usize, Vec<Seen<'_>>> = Map::new();
    for (number, row) in successes(view) {
        let elsewhere = seen_elsewhere(subject, row);
        if let Some((network, session)) = elsewhere.and_then(|network| Some((network, view.session_of(number)?))) {
            by_session.entry(session).or_default().push((number, row, network));
        }
    }
    found.extend(by_session.into_iter().filter_map(|(index, seen)| finding(view, index, &seen)));
}

/// The network that the provider saw, where it says that somebody else asked.
fn seen_elsewhere(subject: &Subject<'_>, row: &SignIn) -> Option<Network> {
    let view = subject.view;
    let address = view.store.location(row.location).provider;
    if !address.has_value() || address == row.address {
        return None;
    }
    let network = view.tenant.network(view.store, address, 0).filter(|network| !network.is_microsoft())?;
    // Its country, and whether the user knows it, are those of sign-ins from there.
    let near = view.nearest(address, row.time).and_then(|number| view.store.sign_in(number));
    if near.is_some_and(|near| subject.familiar.network(view, near) == Familiarity::Familiar) {
        return None;
    }
    let countries = near.and_then(|near| view.country(near)).zip(view.country(row));
    let strange = countries.is_some_and(|(there, here)| there != here) || network.is_hosting();
    let apart = || same_network(Some(network), view.network(row)) == Some(false);
    (strange && !view.own.has(&network) && apart()).then_some(network)
}

/// Facts: `sign_ins`, how many; `addresses`, that providers saw; `hosting`, whether one is rented.
fn finding(view: &View<'_>, index: usize, seen: &[Seen<'_>]) -> Option<Finding> {
    let (_, row, network) = seen.first()?;
    let addresses: Set<String> = seen.iter().map(|(_, _, network)| network.address.to_string()).gather();
    let told = Told {
        variant: "resource-provider",
        weight: (Severity::Medium, Confidence::Medium),
        why: format!(
            "{} got a token for {} from {} at {}; the resource's provider saw the request come from {}.",
            who(view),
            view.app_name(row.resource),
            place(view.network(row)),
            moment(row.time),
            place(Some(*network)),
        ),
        what: "Resource saw another address",
        evidence: sign_ins("sign-in", seen.iter().take(LISTED).map(|(number, ..)| *number)).collect(),
        facts: json!({
            "sign_ins": seen.len(),
            "addresses": addresses,
            "hosting": seen.iter().any(|(_, _, network)| network.is_hosting()),
        }),
    };
    let title = "The resource saw another address than the sign-in".to_owned();
    Some(Finding { title, ..of_session(&DETECTION, view, index, told) })
}
