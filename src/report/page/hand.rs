//! A holder of a session as the page shows it.

use serde::Serialize;

use crate::analysis::{Case, FlaggedSession};
use crate::enrichment::NetworkKind;
use crate::events::SignIn;
use crate::knowledge::agents::Class;
use crate::knowledge::countries;
use crate::knowledge::hosting::HostingKind;
use crate::sessions::{Holding, Side};
use crate::tenant::Network;

/// A holder of a session, in the words of a row.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Hand {
    /// Whose side.
    pub side: Side,
    /// City, else country; empty where unknown.
    pub place: String,
    /// Country; empty where unknown.
    pub country: String,
    /// Network without the address: `AS64502 Polder Hosting`; the address where nothing else is known.
    pub network: String,
    /// `hosting`, `VPN`, `Tor` or `proxy` where the network is one.
    pub rented: Option<&'static str>,
    /// Agent in words.
    pub agent: String,
}

/// The two sides of a session: who it is of, and in whose other hands it was.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Sides {
    /// The owner's side, or the first holder where history cannot tell; by its number.
    pub(super) owner: Option<usize>,
    /// The other side, or a later holder; by its number.
    pub(super) other: Option<usize>,
    /// The sign-in at which it changed hands.
    pub(super) changed: Option<u32>,
    /// Whether the other side opened the session itself.
    pub(super) opened: bool,
}

impl Sides {
    pub(super) fn of(flagged: &FlaggedSession) -> Self {
        let holdings = holdings(flagged);
        let changed = change(flagged);
        let strange = |holding: &Holding| matches!(holding.side, Side::Other | Side::Later);
        let taker = changed.and_then(|number| holdings.iter().position(|holding| holding.sign_ins.contains(&number)));
        let opened = holdings.first().is_some_and(|holding| holding.side == Side::Other);
        let other = if opened {
            Some(0)
        } else {
            taker.filter(|place| *place > 0).or_else(|| holdings.iter().position(strange))
        };
        let owner = holdings
            .iter()
            .position(|holding| matches!(holding.side, Side::Owner | Side::First))
            .filter(|place| Some(*place) != other);
        Self { owner, other, changed, opened }
    }
}

/// The holders of a flagged session, in order of their first event.
pub(super) fn holdings(flagged: &FlaggedSession) -> &[Holding] {
    &flagged.holders
}

/// The first sign-in at which a flagged session changed hands.
pub(super) fn change(flagged: &FlaggedSession) -> Option<u32> {
    flagged.handover
}

/// A holder in the words of a row.
pub(super) fn hand(case: &Case, holding: &Holding) -> Hand {
    let rows = || holding.sign_ins.iter().filter_map(|&number| case.store.sign_in(number));
    let located = rows().map(|row| place(case, row)).find(|(city, country)| !city.is_empty() || !country.is_empty());
    let (city, country) = located.unwrap_or_default();
    let network = rows().find_map(|row| network(case, row));
    Hand {
        side: holding.side,
        place: if city.is_empty() { country.clone() } else { city },
        country,
        network: network.map(network_name).unwrap_or_default(),
        rented: network.and_then(rented),
        agent: if holding.holder.agent.class == Class::Unknown { String::new() } else { holding.holder.agent.label() },
    }
}

/// City and country of a sign-in, each empty where unknown.
pub(super) fn place(case: &Case, row: &SignIn) -> (String, String) {
    place_of(case, row.location)
}

/// City and country of a [`crate::events::tuples::Location`], each empty where unknown.
pub(super) fn place_of(case: &Case, location: u32) -> (String, String) {
    let location = case.store.location(location);
    let text = |id| case.store.texts.value(id).unwrap_or_default();
    let code = text(location.country);
    (text(location.city).to_owned(), countries::name(code).map_or_else(|| code.to_owned(), str::to_owned))
}

/// The network of a sign-in.
pub(super) fn network(case: &Case, row: &SignIn) -> Option<Network> {
    case.summary.network(&case.store, row.address, case.store.location(row.location).asn)
}

/// A network without its address, where its system is known.
pub(super) fn network_name(network: Network) -> String {
    let listed = network.listed.kind().map_or_else(String::new, |kind| format!(", listed as {}", kind.words()));
    let name = match (network.asn, network.hosting()) {
        (Some(asn), Some(hosting)) => format!("AS{asn} {}", hosting.name),
        (Some(asn), None) => format!("AS{asn}"),
        (None, _) => network.address.to_string(),
    };
    name + &listed
}

/// What a network rents out, where that weighs.
pub(super) fn rented(network: Network) -> Option<&'static str> {
    match network.listed.kind() {
        Some(NetworkKind::KnownGood) => return None,
        Some(kind) if kind.weighs() => return Some(kind.words()),
        _ => {}
    }
    network.hosting().and_then(|hosting| match hosting.kind {
        HostingKind::Hosting => Some("hosting"),
        HostingKind::Vpn => Some("VPN"),
        HostingKind::Cloud | HostingKind::Proxy => None,
    })
}
