//! Where device codes are redeemed, and by how many people: a campaign shows only across people.

use crate::order::{Map, Set};

use twox_hash::XxHash3_64;

use crate::events::address::{self, Block};
use crate::events::vocabulary::{Protocol, Transfer};
use crate::events::{SignIn, Store};
use crate::order::Gather;

use super::Network;

const HOUR: i64 = 3_600_000_000;

/// People who redeemed a device code, by block (/24, /48) and hour. Merges in any order.
#[derive(Clone, Debug, Default)]
pub struct DeviceCodes {
    people: Map<(Block, i64), Set<u64>>,
}

/// People kept of one block and hour: as many as any threshold needs.
const MOST: usize = 64;

impl DeviceCodes {
    /// Counts the redemptions among these sign-ins.
    #[must_use]
    pub fn of(store: &Store, sign_ins: &[u32]) -> Self {
        let mut codes = Self::default();
        for row in sign_ins.iter().filter_map(|&number| store.sign_in(number)).filter(|row| is_redemption(store, row)) {
            let block = store.texts.value(row.address).and_then(address::parse_address).map(address::block);
            let user = store.user(row.user);
            let name = user.id.value().map(|id| id.display(&store.texts));
            let name = name.or_else(|| store.texts.value(user.name).map(str::to_owned));
            if let Some((block, name)) = block.zip(name) {
                codes.add(block, row.time, XxHash3_64::oneshot(name.as_bytes()));
            }
        }
        codes
    }

    fn add(&mut self, block: Block, time: i64, user: u64) {
        let people = self.people.entry((block, time.div_euclid(HOUR))).or_default();
        people.insert(user);
        shorten(people);
    }

    /// Takes another's counts in.
    pub fn merge(&mut self, other: Self) {
        for (key, people) in other.people {
            let known = self.people.entry(key).or_default();
            known.extend(people);
            shorten(known);
        }
    }

    /// How many people redeemed a code in the network's block within so many hours around a moment:
    /// the most in any span of that length that holds the moment.
    #[must_use]
    pub fn people(&self, network: &Network, time: i64, hours: i64) -> usize {
        let (block, hour) = (address::block(network.address), time.div_euclid(HOUR));
        let around = (block, hour.saturating_sub(hours))..=(block, hour.saturating_add(hours));
        let used: Vec<(i64, &Set<u64>)> = self.people.range(around).map(|((_, at), people)| (*at, people)).collect();
        let starts = used.iter().map(|(at, _)| *at).filter(|at| *at <= hour).take(STARTS);
        let within = |start: i64| {
            let span = used.iter().filter(|(at, _)| *at >= start && *at - start <= hours && start + hours >= hour);
            span.flat_map(|(_, people)| people.iter().copied()).gather::<Set<u64>>().len()
        };
        starts.map(within).max().unwrap_or(0)
    }
}

/// Spans looked at for one moment.
const STARTS: usize = 256;

fn shorten(people: &mut Set<u64>) {
    while people.len() > MOST {
        people.pop_last();
    }
}

/// A success by device code in which no token came in: later tokens of such a session keep the transfer method.
#[must_use]
pub fn is_redemption(store: &Store, row: &SignIn) -> bool {
    let by_code = row.protocol == Protocol::DEVICE_CODE
        || (row.transfer == Transfer::DEVICE_CODE_FLOW && !row.incoming.is_token());
    by_code && row.stream().is_user() && store.outcome(row.outcome).code() == Some(0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::enrichment::Listed;

    const BLOCK: Block = Block::V4([192, 0, 2]);

    fn network() -> Network {
        Network { address: "192.0.2.9".parse().expect("an address"), asn: None, listed: Listed::default() }
    }

    fn codes(uses: &[(i64, u64)]) -> DeviceCodes {
        let mut codes = DeviceCodes::default();
        for (hour, user) in uses {
            codes.add(BLOCK, hour * HOUR, *user);
        }
        codes
    }

    #[test]
    fn people_are_counted_within_one_span() {
        for (uses, at, people) in [
            (&[][..], 0, 0),
            (&[(0, 1), (1, 2), (24, 3)], 1, 3),
            (&[(0, 1), (1, 2), (25, 3)], 1, 2),
            (&[(0, 1), (24, 2), (48, 3)], 24, 2),
            (&[(0, 1), (1, 1), (2, 1)], 0, 1),
            (&[(0, 1), (100, 2), (101, 3)], 100, 2),
        ] {
            assert_eq!(codes(uses).people(&network(), at * HOUR, 24), people, "{uses:?}");
        }
        let other = Network { address: "192.0.3.9".parse().expect("an address"), asn: None, listed: Listed::default() };
        assert_eq!(codes(&[(0, 1)]).people(&other, 0, 24), 0);
    }

    #[test]
    fn merging_in_any_order_says_the_same_and_stays_bounded() {
        let (first, second) = (codes(&[(0, 1), (3, 2)]), codes(&[(0, 3), (3, 2)]));
        let (mut left, mut right) = (first.clone(), second.clone());
        left.merge(second);
        right.merge(first);
        assert_eq!(left.people, right.people);
        assert_eq!(left.people(&network(), 0, 24), 3);
        let many: Vec<(i64, u64)> = (0..1_000).map(|user| (0, user)).collect();
        assert_eq!(codes(&many).people(&network(), 0, 24), MOST);
    }
}
