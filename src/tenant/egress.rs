//! Own networks: blocks of addresses from which many people of the tenant sign in, day after day.
//!
//! Blocks (/24, /48), not autonomous systems: a national provider would hide thieves. A single
//! stolen session adds one user to a block and so cannot make it the tenant's own; several that are flagged
//! are left out.

use crate::order::{Gather, Map, Set};

use foldhash::quality::FixedState;
use hashbrown::HashSet;
use twox_hash::XxHash3_64;

use crate::events::Store;
use crate::events::address::{self, Block};
use crate::events::dictionary::TextId;
use crate::events::tuples::User;
use crate::events::vocabulary::Stream;

use super::Network;

/// Different days on which people must have signed in from a block.
const DAYS: usize = 3;
/// People who must have.
const USERS: u64 = 5;
/// One in so many of the people who sign in at all: 20 %.
const ONE_IN: u64 = 5;

/// How much a block is the tenant's own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Ownership {
    /// A good part of the people work from there: at least five and one in five, on three days.
    Own,
    /// Quite some do: at least ten and three in a hundred. To be confirmed by a person.
    Proposed,
}

/// Where people sign in from. Merges in any order.
#[derive(Clone, Debug, Default)]
pub struct Egress {
    blocks: Map<Block, Use>,
    /// People with an interactive success.
    active: People,
    /// Blocks that are nobody's own until it is known who of their people is flagged.
    doubted: Set<Block>,
}

/// The use of a block.
#[derive(Clone, Debug, Default)]
struct Use {
    users: People,
    /// The first days, as many as matter.
    days: Set<i64>,
}

impl Egress {
    /// Counts the interactive successes among these sign-ins.
    #[must_use]
    pub fn of(store: &Store, sign_ins: &[u32]) -> Self {
        let mut egress = Self::default();
        // Numbers of texts and tuples are given out by this program: nobody can prepare ones that collide.
        let mut seen: HashSet<(TextId, u32, i64), FixedState> = HashSet::default();
        for row in sign_ins.iter().filter_map(|&number| store.sign_in(number)) {
            if row.stream() == Stream::Interactive && store.outcome(row.outcome).code() == Some(0) {
                seen.insert((row.address, row.user, row.time.div_euclid(86_400_000_000)));
            }
        }
        let mut seen: Vec<_> = seen.into_iter().collect();
        seen.sort_unstable();
        for rows in seen.chunk_by(|left, right| left.0 == right.0) {
            let text = rows.first().and_then(|(text, _, _)| store.texts.value(*text));
            let block = text.and_then(address::parse_address).map(address::block);
            for &(_, user, day) in rows {
                let Some(user) = mark(store, &store.user(user)) else { continue };
                egress.active.add(user);
                if let Some(block) = block {
                    egress.blocks.entry(block).or_default().add(user, day);
                }
            }
        }
        egress
    }

    /// Takes another's counts in.
    pub fn merge(&mut self, other: Self) {
        self.active.merge(other.active);
        for (block, other) in other.blocks {
            let known = self.blocks.entry(block).or_default();
            known.users.merge(other.users);
            known.days.extend(other.days);
            known.shorten();
        }
    }

    /// Whether nobody is known to have signed in.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.active.0.is_empty()
    }

    /// Whether the block of a network is the tenant's own. A hosting network never is; one that a list
    /// says to be known good always is.
    #[must_use]
    pub fn ownership(&self, network: &Network) -> Option<Ownership> {
        if network.listed.is_known_good() {
            return Some(Ownership::Own);
        }
        let block = address::block(network.address);
        let used = self.blocks.get(&block).filter(|_| !network.is_hosting() && !self.doubted.contains(&block))?;
        used.ownership(self.active.count())
    }

    /// Own blocks that less than half of the people sign in from: so many could be one intruder's.
    #[must_use]
    pub(crate) fn thin(&self) -> Set<Block> {
        let active = self.active.count();
        let thin = self
            .blocks
            .iter()
            .filter(|(_, used)| used.ownership(active) == Some(Ownership::Own) && used.users.count() * 2 < active);
        thin.map(|(block, _)| *block).gather()
    }

    /// Calls none of these blocks own, until [`Egress::settle`].
    pub(crate) fn doubt(&mut self, blocks: Set<Block>) {
        self.doubted = blocks;
    }

    /// Leaves people out of a block all whose interactive successes there are in flagged sessions; what is own
    /// then is.
    pub(crate) fn settle(&mut self, flagged: &Map<Block, Set<u64>>) {
        for (block, people) in flagged {
            if let Some(used) = self.blocks.get_mut(block) {
                for mark in people {
                    used.users.0.remove(mark);
                }
            }
        }
        self.doubted.clear();
    }

    /// All blocks that are the tenant's own or may be, with how many people sign in from each.
    pub fn blocks(&self) -> impl Iterator<Item = (Block, Ownership, u64)> {
        let active = self.active.count();
        self.blocks.iter().filter_map(move |(block, used)| Some((*block, used.ownership(active)?, used.users.count())))
    }
}

impl Use {
    fn add(&mut self, user: u64, day: i64) {
        self.users.add(user);
        self.days.insert(day);
        self.shorten();
    }

    fn shorten(&mut self) {
        while self.days.len() > DAYS {
            self.days.pop_last();
        }
    }

    fn ownership(&self, active: u64) -> Option<Ownership> {
        let users = self.users.count();
        if self.days.len() < DAYS {
            None
        } else if users >= USERS && users * ONE_IN >= active {
            Some(Ownership::Own)
        } else {
            (users >= 10 && users * 100 >= active * 3).then_some(Ownership::Proposed)
        }
    }
}

/// A set of people of bounded size: the smallest marks, from which the number of all follows.
/// Exact up to [`People::MOST`], within some percent beyond.
#[derive(Clone, Debug, Default)]
struct People(Set<u64>);

impl People {
    const MOST: usize = 1_024;

    fn add(&mut self, mark: u64) {
        self.0.insert(mark);
        self.shorten();
    }

    fn merge(&mut self, other: Self) {
        self.0.extend(other.0);
        self.shorten();
    }

    fn shorten(&mut self) {
        while self.0.len() > Self::MOST {
            self.0.pop_last();
        }
    }

    fn count(&self) -> u64 {
        match self.0.last() {
            // Of evenly spread marks so many lie below the largest one kept.
            Some(&largest) if self.0.len() == Self::MOST => {
                (u128::from(u64::MAX) * (Self::MOST as u128 - 1) / u128::from(largest.max(1))) as u64
            }
            _ => self.0.len() as u64,
        }
    }
}

/// What stands for a user, the same in every store: of the object id, or of the name where a record has none.
pub(crate) fn mark(store: &Store, user: &User) -> Option<u64> {
    match user.id.value() {
        Some(id) => Some(XxHash3_64::oneshot(id.display(&store.texts).as_bytes())),
        None => store.texts.value(user.name).map(|name| XxHash3_64::oneshot(name.as_bytes())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::enrichment::Listed;

    const BLOCK: Block = Block::V4([192, 0, 2]);

    fn network(asn: u32) -> Network {
        Network { address: "192.0.2.77".parse().expect("an address"), asn: Some(asn), listed: Listed::default() }
    }

    /// So many people from the block on so many days, and so many elsewhere.
    fn egress(users: u64, days: i64, elsewhere: u64) -> Egress {
        let mut egress = Egress::default();
        let mark = |number: u64| XxHash3_64::oneshot(&number.to_le_bytes());
        for user in 0..users {
            egress.active.add(mark(user));
            for day in 0..days {
                egress.blocks.entry(BLOCK).or_default().add(mark(user), day);
            }
        }
        for user in users..users + elsewhere {
            egress.active.add(mark(user));
        }
        egress
    }

    #[test]
    fn own_is_where_a_good_part_of_the_people_sign_in_for_days() {
        use Ownership::{Own, Proposed};
        for (users, days, elsewhere, expected) in [
            (5, 3, 20, Some(Own)),
            (4, 3, 0, None),
            (5, 2, 0, None),
            (5, 3, 21, None),
            (10, 3, 41, Some(Proposed)),
            (10, 3, 323, Some(Proposed)),
            (10, 3, 324, None),
            (9, 3, 40, None),
        ] {
            let found = egress(users, days, elsewhere);
            assert_eq!(found.ownership(&network(64500)), expected, "{users} {days} {elsewhere}");
            assert_eq!(found.blocks().next().map(|(_, ownership, _)| ownership), expected);
        }
        assert_eq!(egress(5, 3, 0).ownership(&network(14061)), None, "hosting");
        let other =
            Network { address: "192.0.3.77".parse().expect("an address"), asn: Some(64500), listed: Listed::default() };
        assert_eq!(egress(5, 3, 0).ownership(&other), None, "another block");
    }

    #[test]
    fn merging_in_any_order_says_the_same() {
        let mut whole = egress(9, 4, 3);
        let (mut left, mut right) = (egress(5, 4, 0), egress(9, 4, 3));
        left.merge(egress(9, 4, 3));
        right.merge(egress(5, 4, 0));
        whole.merge(Egress::default());
        for other in [left, right] {
            assert_eq!(other.blocks().collect::<Vec<_>>(), whole.blocks().collect::<Vec<_>>());
            assert_eq!(other.active.count(), whole.active.count());
        }
    }

    #[test]
    fn large_numbers_of_people_are_estimated_in_bounded_space() {
        let mut people = People::default();
        for number in 0..100_000_u64 {
            people.add(XxHash3_64::oneshot(&number.to_le_bytes()));
        }
        assert_eq!(people.0.len(), People::MOST);
        assert!((90_000..110_000).contains(&people.count()), "{}", people.count());
    }
}
