//! All lists together, and what they say of an address.

use crate::order::Arrange;
use crate::order::Map;
use std::net::IpAddr;

use serde::{Deserialize, Serialize};

use super::span::number;
use super::{Kinds, NetworkKind, Span};

/// A network of a list.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Entry {
    /// The network.
    pub span: Span,
    /// What it is.
    pub kind: NetworkKind,
    /// What the list calls it; empty where it has no name.
    pub name: Box<str>,
}

/// What the lists say of an address.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Listed {
    /// The kinds under which it is listed.
    pub kinds: Kinds,
    /// Number of the entry that says the first of them, for [`Lists::entry`].
    entry: u32,
}

impl Listed {
    /// What a person says to be the organisation's own, which is no entry of a list.
    #[must_use]
    pub const fn own() -> Self {
        Self { kinds: Kinds::NONE.with(NetworkKind::KnownGood), entry: u32::MAX }
    }

    /// The kind that counts.
    #[must_use]
    pub fn kind(self) -> Option<NetworkKind> {
        self.kinds.first()
    }

    /// Whether it is listed as the organisation's own.
    #[must_use]
    pub const fn is_known_good(self) -> bool {
        self.kinds.has(NetworkKind::KnownGood)
    }
}

/// All lists, to be asked about addresses.
#[derive(Clone, Debug, Default)]
pub struct Lists {
    /// Of each entry the number of its input.
    entries: Vec<(u32, Entry)>,
    systems: Vec<(u32, u32)>,
    /// First addresses and entries by the length of the prefix, the longest first.
    prefixes: Vec<(u32, Vec<(u128, u32)>)>,
}

impl Lists {
    /// Of the entries of all inputs, by the number of the input; their order does not matter.
    #[must_use]
    pub fn new(mut entries: Vec<(u32, Entry)>) -> Self {
        entries.arrange();
        entries.dedup();
        let mut systems = Vec::new();
        let mut prefixes: Map<u32, Vec<(u128, u32)>> = Map::new();
        for ((_, entry), index) in entries.iter().zip(0..) {
            match entry.span {
                Span::System(system) => systems.push((system, index)),
                Span::Addresses { .. } => entry.span.prefixes(&mut |first, length| {
                    prefixes.entry(length).or_default().push((first, index));
                }),
            }
        }
        systems.arrange();
        prefixes.values_mut().for_each(|some| some.arrange());
        Self { entries, systems, prefixes: prefixes.into_iter().rev().collect() }
    }

    /// The entries it was made of, each with the number of its input.
    #[must_use]
    pub fn into_entries(self) -> Vec<(u32, Entry)> {
        self.entries
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Whether any of them names networks that hide who uses them, or rent out machines.
    #[must_use]
    pub fn names_others(&self) -> bool {
        self.entries.iter().any(|(_, entry)| entry.kind != NetworkKind::KnownGood)
    }

    /// What is said of an address that lies in this system, if that is known. `said` is told the
    /// number of each input that says something, once for each of its entries.
    pub fn find(&self, address: IpAddr, system: Option<u32>, said: &mut dyn FnMut(u32)) -> Listed {
        let address = number(address);
        let mut listed = Listed::default();
        let mut take = |index: u32| {
            let Some((input, entry)) = self.entries.get(index as usize) else { return };
            // The narrowest network comes first: its word stays.
            if listed.kind().is_none_or(|known| entry.kind < known) {
                listed.entry = index;
            }
            listed.kinds = listed.kinds.with(entry.kind);
            said(*input);
        };
        for (length, some) in &self.prefixes {
            let first = address & !u128::MAX.checked_shr(*length).unwrap_or(0);
            matches(some, first).for_each(&mut take);
        }
        if let Some(system) = system {
            matches(&self.systems, system).for_each(&mut take);
        }
        listed
    }

    /// The entry that says what an address is first of all: the number of its input, and itself.
    #[must_use]
    pub fn entry(&self, listed: Listed) -> Option<(u32, &Entry)> {
        listed.kind()?;
        self.entries.get(listed.entry as usize).map(|(input, entry)| (*input, entry))
    }
}

/// Entries under a key in a sorted list.
fn matches<K: Ord + Copy>(sorted: &[(K, u32)], key: K) -> impl Iterator<Item = u32> {
    let from = sorted.partition_point(|(other, _)| *other < key);
    let rest = sorted.get(from..).unwrap_or_default();
    rest.iter().take_while(move |(other, _)| *other == key).map(|(_, index)| *index)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lists(entries: &[(u32, &str, NetworkKind)]) -> Lists {
        let entry = |&(input, span, kind): &(u32, &str, NetworkKind)| {
            (input, Entry { span: Span::parse(span).expect("a span"), kind, name: span.into() })
        };
        Lists::new(entries.iter().map(entry).collect())
    }

    fn find(lists: &Lists, address: &str, system: Option<u32>) -> (Option<NetworkKind>, String, Vec<u32>) {
        let mut inputs = Vec::new();
        let listed = lists.find(address.parse().expect("an address"), system, &mut |input| inputs.push(input));
        let name = lists.entry(listed).map(|(_, entry)| entry.name.to_string());
        (listed.kind(), name.unwrap_or_default(), inputs)
    }

    #[test]
    fn an_address_is_found_in_every_network_that_holds_it() {
        use NetworkKind::{Hosting, KnownGood, Tor};
        let lists = lists(&[
            (0, "203.0.113.0/24", Hosting),
            (0, "203.0.113.64/26", Hosting),
            (1, "203.0.113.70-203.0.113.79", KnownGood),
            (2, "203.0.113.77", Tor),
            (2, "AS64500", Hosting),
            (2, "2001:db8::/32", Tor),
        ]);
        let found = |address| find(&lists, address, None);
        assert_eq!(found("203.0.113.1"), (Some(Hosting), "203.0.113.0/24".to_owned(), vec![0]));
        assert_eq!(found("203.0.113.65"), (Some(Hosting), "203.0.113.64/26".to_owned(), vec![0, 0]));
        let (kind, name, inputs) = found("203.0.113.77");
        assert_eq!((kind, name.as_str()), (Some(KnownGood), "203.0.113.70-203.0.113.79"));
        assert_eq!(inputs, [2, 1, 0, 0]);
        assert_eq!(found("2001:db8:1::1").0, Some(Tor));
        assert_eq!(found("203.0.112.255"), (None, String::new(), vec![]));
        assert_eq!(find(&lists, "198.51.100.1", Some(64500)).0, Some(Hosting));
        assert_eq!(find(&lists, "198.51.100.1", Some(64501)).0, None);
    }

    #[test]
    fn the_tree_of_prefixes_says_what_a_look_at_every_entry_says() {
        let mut state = 7_u64;
        let mut below = |bound: u64| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 33) % bound
        };
        let base = number("203.0.113.0".parse().expect("an address"));
        for _ in 0..50 {
            let entries: Vec<(u32, Entry)> = (0..below(20))
                .map(|_| {
                    let first = base + u128::from(below(250));
                    let span = Span::Addresses { first, last: first + u128::from(below(40)) };
                    let kind = NetworkKind::ALL[below(6) as usize];
                    (below(3) as u32, Entry { span, kind, name: Box::default() })
                })
                .collect();
            let lists = Lists::new(entries.clone());
            for host in 0..=255_u8 {
                let address = IpAddr::from([203, 0, 113, host]);
                let holds = |span: &Span| matches!(span, Span::Addresses { first, last } if (first..=last).contains(&&number(address)));
                let kinds = entries.iter().filter(|(_, entry)| holds(&entry.span));
                let kinds = kinds.fold(Kinds::NONE, |kinds, (_, entry)| kinds.with(entry.kind));
                let listed = lists.find(address, None, &mut |_| {});
                assert_eq!(listed.kinds, kinds, "{address} in {entries:?}");
                let said = lists.entry(listed).map(|(_, entry)| (entry.kind, holds(&entry.span)));
                assert_eq!(said, kinds.first().map(|kind| (kind, true)), "{address} in {entries:?}");
            }
        }
    }

    #[test]
    fn the_order_of_entries_does_not_matter() {
        let mut entries = vec![
            (1, "203.0.113.0/24", NetworkKind::Tor),
            (0, "203.0.113.0/24", NetworkKind::Tor),
            (0, "AS64500", NetworkKind::Tor),
        ];
        let one = find(&lists(&entries), "203.0.113.1", Some(64500));
        entries.reverse();
        entries.push((1, "203.0.113.0/24", NetworkKind::Tor));
        assert_eq!(find(&lists(&entries), "203.0.113.1", Some(64500)), one);
    }
}
