//! Own networks are learned without flagged sessions, so that an intruder who holds several accounts does not
//! make an address of theirs the organisation's own.
//!
//! Only blocks that few sign in from are looked at again: what half of the people use is no intruder's.

use crate::detections::{Tuning, own_rule};
use crate::events::address::{self, Block};
use crate::events::vocabulary::Stream;
use crate::order::{Gather, Map, Set};
use crate::tenant::{OwnNetworks, OwnRule, Ownership, mark};

use super::Case;
use super::detect::flagged_at_first;

/// The own networks of each realm, all by one rule.
#[derive(Clone, Debug, Default)]
pub struct Own {
    realms: Vec<OwnNetworks>,
    nowhere: OwnNetworks,
}

impl Own {
    /// Those of a realm.
    #[must_use]
    pub fn of(&self, realm: u32) -> &OwnNetworks {
        self.realms.get(realm as usize).unwrap_or(&self.nowhere)
    }

    /// Those of all realms, in their order.
    pub fn realms(&self) -> impl Iterator<Item = &OwnNetworks> {
        self.realms.iter()
    }

    /// Whether they are those that a tuning asks for.
    #[must_use]
    pub fn is_by(&self, tuning: &Tuning) -> bool {
        *self.nowhere.rule() == own_rule(tuning)
    }

    /// Learns them as a tuning asks for.
    #[must_use]
    pub fn learn(case: &Case, tuning: &Tuning) -> Self {
        let rule = own_rule(tuning);
        let realms = (0..case.realms.len() as u32).map(|realm| learn(case, realm, &rule)).collect();
        Self { realms, nowhere: OwnNetworks::new(rule, Vec::new()) }
    }
}

fn learn(case: &Case, realm: u32, rule: &OwnRule) -> OwnNetworks {
    let egress = &case.summary_of(realm).egress;
    let mut used = egress.blocks(rule, &Map::new());
    let few = |users: u64| users * 2 < egress.active();
    let thin: Set<Block> =
        used.iter().filter(|used| used.ownership == Ownership::Own && few(used.users)).map(|used| used.block).gather();
    if thin.is_empty() {
        return OwnNetworks::new(rule.clone(), used);
    }
    // While they are asked about, none of these is own: what came from there would not be looked at.
    used.retain(|used| !thin.contains(&used.block));
    let flagged = flagged(case, realm, &thin, &OwnNetworks::new(rule.clone(), used));
    OwnNetworks::new(rule.clone(), egress.blocks(rule, &flagged))
}

/// Of each block, marks of the people all whose interactive successes there are in flagged sessions.
fn flagged(case: &Case, realm: u32, thin: &Set<Block>, own: &OwnNetworks) -> Map<Block, Set<u64>> {
    let store = &case.store;
    let mut there: Map<usize, Vec<(Block, u32, u64)>> = Map::new();
    for (number, bucket) in case.buckets.iter().enumerate().filter(|(_, bucket)| bucket.realm == realm) {
        for (sign_in, row) in bucket.sign_ins.iter().filter_map(|&sign_in| Some((sign_in, store.sign_in(sign_in)?))) {
            if row.stream() != Stream::Interactive || store.outcome(row.outcome).code() != Some(0) {
                continue;
            }
            let block = store.texts.value(row.address).and_then(address::parse_address).map(address::block);
            let known = block.filter(|block| thin.contains(block)).zip(mark(store, &store.user(row.user)));
            if let Some((block, mark)) = known {
                there.entry(number).or_default().push((block, sign_in, mark));
            }
        }
    }
    let buckets: Vec<usize> = there.keys().copied().collect();
    let flagged = flagged_at_first(case, &buckets, own);
    let mut left_out: Map<Block, Set<u64>> = Map::new();
    let mut stay: Set<(Block, u64)> = Set::new();
    for (block, sign_in, mark) in there.into_values().flatten() {
        if flagged.contains(&sign_in) {
            left_out.entry(block).or_default().insert(mark);
        } else {
            stay.insert((block, mark));
        }
    }
    for (block, people) in left_out.iter_mut() {
        people.retain(|mark| !stay.contains(&(*block, *mark)));
    }
    left_out
}
