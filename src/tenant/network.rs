//! Networks, and when two are the same.

use std::net::IpAddr;

use crate::enrichment::{Listed, NetworkKind};
use crate::knowledge::{hosting, microsoft};

/// Where a request came from: an address, and the autonomous system it belongs to where known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Network {
    /// The address.
    pub address: IpAddr,
    /// Number of the autonomous system.
    pub asn: Option<u32>,
    /// What lists say of it that were put beside the exports.
    pub listed: Listed,
}

impl Network {
    /// The name of the hosting, cloud or VPN network it belongs to, with its kind.
    #[must_use]
    pub fn hosting(&self) -> Option<hosting::Hosting> {
        self.asn.and_then(hosting::hosting)
    }

    /// Whether it is a hosting or VPN network: where people seldom sit. The organisation's own exit is
    /// none, wherever it stands.
    #[must_use]
    pub fn is_hosting(&self) -> bool {
        match self.listed.kind() {
            Some(NetworkKind::KnownGood) => return false,
            Some(kind) if kind.weighs() => return true,
            _ => {}
        }
        self.hosting().is_some_and(|network| network.kind.weighs())
    }

    /// Whether it is an exit of a VPN service: people turn one on, and intruders hide behind one.
    #[must_use]
    pub fn is_vpn(&self) -> bool {
        let known = || self.hosting().is_some_and(|network| network.kind == hosting::HostingKind::Vpn);
        self.listed.kind().map_or_else(known, |kind| kind == NetworkKind::Vpn)
    }

    /// Whether it is one of Microsoft's own services: never evidence of an attacker. A machine
    /// rented in Microsoft's cloud is not meant.
    #[must_use]
    pub fn is_microsoft(&self) -> bool {
        self.microsoft() == Some(microsoft::Range::Service)
    }

    /// Which part of Microsoft's network it lies in, its cloud with customers' machines included.
    #[must_use]
    pub fn microsoft(&self) -> Option<microsoft::Range> {
        microsoft::range(self.address, self.asn)
    }

    /// As a person reads it.
    #[must_use]
    pub fn label(&self) -> String {
        let mut words: Vec<String> = match (self.hosting(), self.asn) {
            (Some(network), Some(asn)) => vec![format!("AS{asn} {}", network.name)],
            (None, Some(asn)) => vec![format!("AS{asn}")],
            (_, None) => Vec::new(),
        };
        words.extend(self.listed.kind().map(|kind| format!("listed as {}", kind.words())));
        if words.is_empty() { self.address.to_string() } else { format!("{} ({})", self.address, words.join(", ")) }
    }
}

/// Whether two networks are the same, compared at the finest level that both sides have: the same
/// address is the same; else by autonomous system. Different address families, or a side without a
/// system, cannot be told apart or together: nothing.
#[must_use]
pub fn same_network(left: Option<Network>, right: Option<Network>) -> Option<bool> {
    let (left, right) = (left?, right?);
    if left.address == right.address {
        return Some(true);
    }
    match (left.asn, right.asn) {
        (Some(left), Some(right)) => Some(left == right),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn network(address: &str, asn: Option<u32>) -> Option<Network> {
        Some(Network { address: address.parse().unwrap(), asn, listed: Listed::default() })
    }

    #[test]
    fn compares_at_the_finest_level_both_sides_have() {
        assert_eq!(same_network(network("192.0.2.1", Some(1)), network("192.0.2.1", None)), Some(true));
        assert_eq!(same_network(network("192.0.2.1", Some(1)), network("192.0.2.9", Some(1))), Some(true));
        assert_eq!(same_network(network("192.0.2.1", Some(1)), network("198.51.100.9", Some(2))), Some(false));
        assert_eq!(same_network(network("192.0.2.1", Some(1)), network("2001:db8::1", Some(1))), Some(true));
    }

    #[test]
    fn a_side_without_a_system_is_unknown_and_never_different() {
        assert_eq!(same_network(network("192.0.2.1", None), network("198.51.100.9", Some(2))), None);
        assert_eq!(same_network(network("192.0.2.1", None), network("2001:db8::1", None)), None);
        assert_eq!(same_network(None, network("198.51.100.9", Some(2))), None);
    }
}
