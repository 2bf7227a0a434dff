//! Through whose hands a session went.

use crate::order::Set;
use std::net::IpAddr;

use foldhash::quality::FixedState;
use hashbrown::HashMap;
use serde::Serialize;

use crate::events::{SignIn, TextId};
use crate::tenant::{Network, PersonKind, same_network};

use super::{Familiar, Familiarity, Holder, Session, SessionKind, View};

/// Whose hands a session is in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "kebab-case")]
pub enum Side {
    /// The device or the network is familiar for the user.
    Owner,
    /// Neither is. Of a partner's people this is never said: most of their sign-ins are in their own
    /// tenant's log, and what is new here may be old there.
    Other,
    /// History cannot tell; this one was seen first.
    First,
    /// History cannot tell; this one came later.
    Later,
}

/// A holder of a session, from when to when.
#[derive(Clone, Debug)]
pub struct Holding {
    /// What is known of the holder; the network is that of the first event which has one.
    pub holder: Holder,
    /// Whose side.
    pub side: Side,
    /// Numbers of the sign-ins, in order of time.
    pub sign_ins: Vec<u32>,
}

/// The holders of a session, and when it went from one to another.
#[derive(Clone, Debug, Default)]
pub struct Hands {
    /// In order of their first event.
    pub holdings: Vec<Holding>,
    /// The sign-ins at which the session changed hands, in order of time: those whose network
    /// differs from every earlier one and whose country, device or agent family differs, in a known
    /// part, from every earlier holder. Never in an inferred session.
    pub changes: Vec<u32>,
}

/// Holders told apart in one session. Real sessions have a few; the bound keeps the cost of a
/// forged one in proportion to its size.
const MOST: usize = 64;

/// Follows a session from hand to hand.
#[must_use]
pub fn hands(view: &View<'_>, session: &Session, familiar: &Familiar<'_>) -> Hands {
    let mut hands = view.outline(session);
    for (place, holding) in hands.holdings.iter_mut().enumerate() {
        let first = holding.sign_ins.first().and_then(|&number| view.store.sign_in(number));
        if let Some(row) = first {
            holding.side = side(view, row, familiar, place == 0);
        }
    }
    hands
}

/// The same without saying whose hands they are: that rests on what is familiar.
pub(super) fn outline(view: &View<'_>, session: &Session) -> Hands {
    let mut hands = Hands::default();
    let mut earlier = Networks::default();
    // Numbers that this program gave out: nobody can prepare ones that collide.
    let mut known: HashMap<_, usize, FixedState> = HashMap::default();
    for (number, row) in view.rows(&session.sign_ins) {
        let profile = [row.address.0, row.location, row.device, row.agent.0];
        // Nothing is new about a place, device and agent that were there before.
        if let Some(holding) = known.get(&profile).and_then(|place| hands.holdings.get_mut(*place)) {
            holding.sign_ins.push(number);
            continue;
        }
        let holder = Holder::of(view, row);
        let place = hands.find(view, row, &holder).unwrap_or_else(|| {
            let changes = session.kind == SessionKind::Session && !hands.holdings.is_empty();
            if changes && earlier.all_differ(holder.network) {
                hands.changes.push(number);
            }
            hands.holdings.push(Holding { holder, side: Side::First, sign_ins: Vec::new() });
            hands.holdings.len() - 1
        });
        if let Some(holding) = hands.holdings.get_mut(place) {
            holding.holder.learn(&holder);
            holding.sign_ins.push(number);
        }
        known.insert(profile, place);
        earlier.add(holder.network);
    }
    hands
}

impl Hands {
    /// The holding that an event belongs to, if it is one of those known: nothing, or nothing but
    /// the network, tells them apart. What Microsoft's servers did for the user is context of the
    /// holding before, not a hand of its own.
    fn find(&self, view: &View<'_>, row: &SignIn, holder: &Holder) -> Option<usize> {
        let last = self.holdings.len().checked_sub(1)?;
        let by_server = view.by_server(row);
        let alike = self.holdings.iter().position(|known| known.holder.compare(holder).differences() == 0);
        alike.or_else(|| (by_server || self.holdings.len() >= MOST).then_some(last))
    }
}

/// Where each holder of a session was.
#[derive(Clone, Debug, Default)]
pub struct Grounds(Vec<Vec<Network>>);

impl Grounds {
    /// Of holders in their order; each address once.
    #[must_use]
    pub fn of(view: &View<'_>, holdings: &[Holding]) -> Self {
        Self(holdings.iter().map(|holding| Self::all(view, &holding.sign_ins)).collect())
    }

    /// The networks that sign-ins came from, each address once.
    #[must_use]
    pub fn all(view: &View<'_>, sign_ins: &[u32]) -> Vec<Network> {
        let mut seen = Set::new();
        let mut last = TextId::EMPTY;
        let new = view.rows(sign_ins).filter(|(_, row)| std::mem::replace(&mut last, row.address) != row.address);
        let networks = new.filter_map(|(_, row)| view.network(row));
        networks.filter(|network| seen.insert(network.address)).collect()
    }

    /// Number of the first holder who was at this address, else of the first who was in this network.
    #[must_use]
    pub fn hand(&self, network: Option<Network>) -> Option<usize> {
        let network = network?;
        let find = |is: &dyn Fn(&Network) -> bool| self.0.iter().position(|own| own.iter().any(is));
        let there = find(&|own| own.address == network.address);
        there.or_else(|| find(&|own| same_network(Some(*own), Some(network)) == Some(true)))
    }
}

/// Networks of earlier events.
#[derive(Default)]
struct Networks {
    addresses: Set<IpAddr>,
    systems: Set<u32>,
    /// The system of one of them is unknown: then no other can be told from it.
    vague: bool,
}

impl Networks {
    fn add(&mut self, network: Option<Network>) {
        let Some(network) = network else { return };
        self.addresses.insert(network.address);
        self.vague |= network.asn.is_none();
        self.systems.extend(network.asn);
    }

    /// Whether a network is known to differ from all of them.
    fn all_differ(&self, network: Option<Network>) -> bool {
        network.is_some_and(|network| {
            !self.vague
                && !self.addresses.contains(&network.address)
                && network.asn.is_some_and(|asn| !self.systems.contains(&asn))
        })
    }
}

fn side(view: &View<'_>, row: &SignIn, familiar: &Familiar<'_>, is_first: bool) -> Side {
    let seen = [familiar.network(view, row), familiar.device(view, row)];
    if seen.contains(&Familiarity::Familiar) {
        Side::Owner
    } else if seen.contains(&Familiarity::Unfamiliar) && view.person.kind != PersonKind::Partner {
        Side::Other
    } else if is_first {
        Side::First
    } else {
        Side::Later
    }
}
