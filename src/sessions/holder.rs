//! From where a session was used: network, country, device and agent, and how two of them compare.

use crate::events::dictionary::TextId;
use crate::events::{Id, SignIn};
use crate::knowledge::agents::{self, Agent};
use crate::tenant::{Network, same_network};

use super::View;

/// The properties that tell holders apart. What a record does not say is unknown.
#[derive(Clone, Copy, Debug)]
pub struct Holder {
    /// Network.
    pub network: Option<Network>,
    /// Country.
    pub country: Option<TextId>,
    /// Device: its id, or the empty id where the record says that there is none.
    pub device: Option<Id>,
    /// Agent.
    pub agent: Agent,
}

impl Holder {
    /// The holder at an event.
    #[must_use]
    pub fn of(view: &View<'_>, row: &SignIn) -> Self {
        Self {
            network: view.network(row),
            country: view.country(row),
            device: view.device(row),
            agent: view.agent(row),
        }
    }

    /// Compares two holders property by property.
    #[must_use]
    pub fn compare(&self, other: &Self) -> Likeness {
        fn same<T: PartialEq>(left: Option<T>, right: Option<T>) -> Option<bool> {
            left.zip(right).map(|(left, right)| left == right)
        }
        Likeness {
            agent: agents::same_family(self.agent, other.agent),
            country: same(self.country, other.country),
            device: same(self.device, other.device),
            network: same_network(self.network, other.network),
        }
    }

    /// Takes over what the other knows and this one does not.
    pub(super) fn learn(&mut self, other: &Self) {
        self.network = self.network.or(other.network);
        self.country = self.country.or(other.country);
        self.device = self.device.or(other.device);
        if self.agent == Agent::UNKNOWN {
            self.agent = other.agent;
        }
    }
}

/// Which properties two holders share. Nothing where either is unknown: unknown is never different.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Likeness {
    /// Agent family.
    pub agent: Option<bool>,
    /// Country.
    pub country: Option<bool>,
    /// Device; two holders without any are alike.
    pub device: Option<bool>,
    /// Network.
    pub network: Option<bool>,
}

impl Likeness {
    /// How many of country, device and agent family differ.
    #[must_use]
    pub fn differences(&self) -> u32 {
        [self.agent, self.country, self.device].into_iter().map(|same| u32::from(same == Some(false))).sum()
    }

    /// Whether it is another hand: another network, and a known part of country, device and agent
    /// family differs. A network alone never says so, for phones roam.
    #[must_use]
    pub fn is_other_hand(&self) -> bool {
        self.network == Some(false) && self.differences() > 0
    }

    /// Names of what differs, sorted.
    #[must_use]
    pub fn changed(&self) -> Vec<&'static str> {
        let all =
            [("agent", self.agent), ("country", self.country), ("device", self.device), ("network", self.network)];
        all.into_iter().filter(|(_, same)| *same == Some(false)).map(|(name, _)| name).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::enrichment::Listed;

    fn holder(address: &str, asn: u32, country: u32, device: Option<Id>, agent: &str) -> Holder {
        Holder {
            network: Some(Network {
                address: address.parse().expect("an address"),
                asn: Some(asn),
                listed: Listed::default(),
            }),
            country: (country > 0).then_some(TextId(country)),
            device,
            agent: Agent::read(agent, "", ""),
        }
    }

    #[test]
    fn a_hand_is_another_only_with_a_network_and_something_else() {
        const EDGE: &str = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/120 Edg/120";
        let laptop = Some(Id::guid(crate::events::Guid::from_u128(7)));
        let home = holder("192.0.2.1", 64500, 10, laptop, EDGE);
        for (other, differences, hand) in [
            (holder("192.0.2.9", 64500, 10, laptop, EDGE), 0, false),
            (holder("198.51.100.1", 64501, 10, laptop, EDGE), 0, false),
            (holder("198.51.100.1", 64501, 11, laptop, EDGE), 1, true),
            (holder("198.51.100.1", 64501, 10, Some(Id::EMPTY), EDGE), 1, true),
            (holder("198.51.100.1", 64501, 10, None, EDGE), 0, false),
            (holder("198.51.100.1", 64501, 0, None, ""), 0, false),
            (holder("198.51.100.1", 64501, 10, laptop, "python-requests/2"), 1, true),
            (holder("192.0.2.9", 64500, 11, Some(Id::EMPTY), "python-requests/2"), 3, false),
        ] {
            let likeness = other.compare(&home);
            assert_eq!((likeness.differences(), likeness.is_other_hand()), (differences, hand), "{other:?}");
        }
    }
}
