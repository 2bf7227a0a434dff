//! Own networks: blocks of addresses from which many people of the tenant sign in, day after day.
//!
//! Blocks (/24, /48), not autonomous systems: a national provider would hide thieves. A single
//! stolen session adds one user to a block and so cannot make it the tenant's own; several that are flagged
//! are left out.

use crate::order::{Map, Set};

use foldhash::quality::FixedState;
use hashbrown::HashSet;
use twox_hash::XxHash3_64;

use crate::events::Store;
use crate::events::address::{self, Block};
use crate::events::dictionary::TextId;
use crate::events::tuples::User;
use crate::events::vocabulary::Stream;

use super::own::{OwnRule, Ownership};

/// Where people sign in from. Merges in any order.
#[derive(Clone, Debug, Default)]
pub struct Egress {
    blocks: Map<Block, Use>,
    /// People with an interactive success.
    active: People,
}

/// The use of a block.
#[derive(Clone, Debug, Default)]
struct Use {
    users: People,
    days: Days,
}

/// A block that many use, as [`Egress::blocks`] tells of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UsedBlock {
    /// The block.
    pub block: Block,
    /// What it is by how many use it.
    pub ownership: Ownership,
    /// People who sign in from there, those of flagged sessions left out.
    pub users: u64,
    /// Days on which they did, up to 64.
    pub days: u64,
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
            known.days.merge(other.days);
        }
    }

    /// Whether nobody is known to have signed in.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.active.0.is_empty()
    }

    /// People who sign in at all, about.
    #[must_use]
    pub fn active(&self) -> u64 {
        self.active.count()
    }

    /// All blocks that the rule calls the tenant's own or proposes, people of flagged sessions left out.
    #[must_use]
    pub fn blocks(&self, rule: &OwnRule, flagged: &Map<Block, Set<u64>>) -> Vec<UsedBlock> {
        let active = self.active.count();
        let told = |(block, used): (&Block, &Use)| {
            let users = used.users.count().saturating_sub(flagged.get(block).map_or(0, |marks| marks.len() as u64));
            let days = used.days.count();
            let ownership = rule.ownership(users, days, active)?;
            Some(UsedBlock { block: *block, ownership, users, days })
        };
        self.blocks.iter().filter_map(told).collect()
    }
}

impl Use {
    fn add(&mut self, user: u64, day: i64) {
        self.users.add(user);
        self.days.merge(Days { first: day, seen: 1 });
    }
}

/// Days on which something happened: the first, and which of the 63 behind it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Days {
    /// Counted from 1970.
    first: i64,
    /// A bit a day, the first lowest.
    seen: u64,
}

impl Days {
    fn merge(&mut self, other: Self) {
        *self = match (self.seen, other.seen) {
            (0, _) => other,
            (_, 0) => *self,
            _ => {
                let first = self.first.min(other.first);
                // Days too far behind the first are left out, whichever came first.
                let moved = |days: Self| {
                    let by = u32::try_from(days.first.abs_diff(first)).unwrap_or(u32::MAX);
                    if by < u64::BITS { days.seen << by } else { 0 }
                };
                Self { first, seen: moved(*self) | moved(other) }
            }
        };
    }

    fn count(self) -> u64 {
        u64::from(self.seen.count_ones())
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
pub(super) mod tests {
    use super::*;

    pub(in super::super) const BLOCK: Block = Block::V4([192, 0, 2]);

    pub(in super::super) fn mark_of(number: u64) -> u64 {
        XxHash3_64::oneshot(&number.to_le_bytes())
    }

    /// So many people from the block on so many days, and so many elsewhere.
    pub(in super::super) fn egress(users: u64, days: i64, elsewhere: u64) -> Egress {
        let mut egress = Egress::default();
        for user in 0..users {
            egress.active.add(mark_of(user));
            for day in 0..days {
                egress.blocks.entry(BLOCK).or_default().add(mark_of(user), day);
            }
        }
        for user in users..users + elsewhere {
            egress.active.add(mark_of(user));
        }
        egress
    }

    #[test]
    fn merging_in_any_order_says_the_same() {
        let rule = OwnRule::default();
        let mut whole = egress(9, 4, 3);
        let (mut left, mut right) = (egress(5, 4, 0), egress(9, 4, 3));
        left.merge(egress(9, 4, 3));
        right.merge(egress(5, 4, 0));
        whole.merge(Egress::default());
        for other in [left, right] {
            assert_eq!(other.blocks(&rule, &Map::new()), whole.blocks(&rule, &Map::new()));
            assert_eq!(other.active(), whole.active());
        }
    }

    #[test]
    fn days_are_counted_whichever_comes_first() {
        let days = |numbers: &[i64]| {
            let mut days = Days::default();
            numbers.iter().for_each(|&first| days.merge(Days { first, seen: 1 }));
            days
        };
        let days_of = [20_000, 20_003, 20_003, 20_063, 20_064, 40_000, 20_001];
        let mut turned = days_of;
        turned.reverse();
        assert_eq!(days(&days_of), days(&turned));
        assert_eq!(days(&days_of).count(), 4, "the first and what lies within 63 days behind it");
        assert_eq!(days(&[-2, 3]).count(), 2, "before 1970");
        assert_eq!(days(&[]).count(), 0);
    }

    #[test]
    fn large_numbers_of_people_are_estimated_in_bounded_space() {
        let mut people = People::default();
        for number in 0..100_000_u64 {
            people.add(mark_of(number));
        }
        assert_eq!(people.0.len(), People::MOST);
        assert!((90_000..110_000).contains(&people.count()), "{}", people.count());
    }

    #[test]
    fn of_many_people_some_are_left_out_and_the_rest_counts() {
        let large = egress(3_000, 4, 0);
        let flagged: Map<Block, Set<u64>> = [(BLOCK, (0..7).map(mark_of).collect())].into_iter().collect();
        let users = |flagged| large.blocks(&OwnRule::default(), flagged).first().map(|used| used.users);
        assert_eq!(users(&flagged), users(&Map::new()).map(|users| users - 7));
    }
}
