//! Own networks are learned without flagged sessions, so that an intruder who holds several accounts does not
//! make an address of theirs the organisation's own.
//!
//! Only blocks that few sign in from are looked at again: what half of the people use is no intruder's.

use crate::events::address::{self, Block};
use crate::events::vocabulary::Stream;
use crate::order::{Map, Set};
use crate::tenant::{Egress, Summary, mark};

use super::Case;
use super::detect::flagged_at_first;

/// Leaves flagged sessions out of what is known of own networks.
pub(super) fn learn(case: &mut Case) {
    for realm in 0..case.realms.len() as u32 {
        let thin = case.summary_of(realm).egress.thin();
        if thin.is_empty() {
            continue;
        }
        // While they are asked about, none of these is own: what came from there would not be looked at.
        egress(case, realm).doubt(thin.clone());
        let flagged = flagged(case, realm, &thin);
        egress(case, realm).settle(&flagged);
    }
}

fn egress(case: &mut Case, realm: u32) -> &mut Egress {
    let known = case.realms.get_mut(realm as usize).and_then(|known| known.summary.as_mut());
    let Summary { egress, .. } = known.unwrap_or(&mut case.summary);
    egress
}

/// Of each block, marks of the people all whose interactive successes there are in flagged sessions.
fn flagged(case: &Case, realm: u32, thin: &Set<Block>) -> Map<Block, Set<u64>> {
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
    let flagged = flagged_at_first(case, &buckets);
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
