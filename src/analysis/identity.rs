//! Which records are one event.
//!
//! Same tenant, stream and id is one event; it is two only if time or result differ. The richest of its
//! records is its primary source, equal ones are duplicates, the others complete it. A record whose time is told
//! to the minute is of an event only where no other one of its id lies in that minute.

use crate::order::Map;
use std::hash::BuildHasher as _;

use foldhash::quality::FixedState;
use hashbrown::HashTable;

use crate::events::change::{self, TargetKind};
use crate::events::dictionary::TextId;
use crate::events::tuples::{Tuple as _, User};
use crate::events::{Activity, Audit, Id, RiskEvent, SignIn, Store};
use crate::order::Arrange;

use super::gather::Live;
use super::source::{Joins, Source};
use super::tenancy::Tenancy;
use super::{Also, Conflict, Input, acts};

/// Events of one id, and sources of one event, that a record is compared with; hardly ever are there more
/// than one.
const COMPARED: usize = 64;

/// What came of putting records together.
#[derive(Debug, Default)]
pub(super) struct United {
    pub(super) also: Also,
    pub(super) conflicts: Vec<Conflict>,
    pub(super) live: Live,
}

/// Finds records of one event. `seed` keys the hash of ids, which come from the logs.
pub(super) fn unite(store: &mut Store, tenancy: &Tenancy, inputs: &mut [Input], seed: u64) -> United {
    let mut joins = Joins::default();
    let counts = [store.sign_ins.len(), store.audits.len(), store.activities.len(), store.risk_events.len()];
    let [sign_ins, audits, activities, risk_events] = counts.map(|count| count as u32);
    let mut rows = Rows { store, tenancy, inputs, seed, joins: &mut joins };
    let sign_ins = rows.unite::<SignIn>(sign_ins);
    let audits = rows.unite::<Audit>(audits);
    let activities = rows.unite::<Activity>(activities);
    let risk_events = rows.unite::<RiskEvent>(risk_events);
    let audits = acts::unite(store, tenancy, inputs, audits, &mut joins);
    let Joins { mut also, mut conflicts } = joins;
    for places in also.values_mut() {
        places.sort_unstable();
    }
    conflicts.arrange();
    conflicts.dedup();
    United { also, conflicts, live: Live { sign_ins, audits, activities, risk_events } }
}

/// All rows, and what is known of them.
struct Rows<'a> {
    store: &'a mut Store,
    tenancy: &'a Tenancy,
    inputs: &'a mut [Input],
    seed: u64,
    joins: &'a mut Joins,
}

/// The rows of one event.
#[derive(Default)]
struct Sources {
    /// Those that differ, in order.
    distinct: Vec<u32>,
    /// Those that are equal to one of them.
    duplicates: Vec<u32>,
}

impl Rows<'_> {
    /// Makes one event of the rows that are one; the numbers of their primary rows in order.
    fn unite<S: Source>(&mut self, count: u32) -> Vec<u32> {
        let Self { store, tenancy, inputs, seed, joins } = self;
        let key = |store: &Store, number: u32| {
            let row = S::get(store, number).filter(|row| row.id().has_value())?;
            Some((row.tenant(store, tenancy), row.id()))
        };
        let mut events: Map<u32, Sources> = Map::new();
        let coarse = |store: &Store, number: u32| S::get(store, number).is_some_and(|row| row.is_coarse());
        let mut live = sort_out(store, count, *seed, key, coarse, |store, first, number, is_asked| {
            take_in::<S>(store, &mut events, first, number, is_asked).is_some()
        });
        let mut moved: Map<u32, u32> = Map::new();
        for (first, sources) in events {
            let primary = joins.settle::<S>(store, &sources.distinct, inputs).unwrap_or(first);
            if primary != first {
                moved.insert(first, primary);
            }
            for row in sources.duplicates.iter().filter_map(|&number| S::get(store, number)) {
                joins.duplicate(S::event(primary), row.place(), inputs);
            }
        }
        if !moved.is_empty() {
            live.iter_mut().for_each(|number| *number = moved.get(number).copied().unwrap_or(*number));
            live.sort_unstable();
        }
        live
    }
}

/// Takes a row in among the sources of the event that another row began, if it is one of them; where it is only
/// asked whether it is, nothing is taken.
fn take_in<S: Source>(
    store: &Store,
    events: &mut Map<u32, Sources>,
    first: u32,
    number: u32,
    is_asked: bool,
) -> Option<()> {
    let row = S::get(store, number)?;
    let sources = events.get(&first).map_or(std::slice::from_ref(&first), |sources| sources.distinct.as_slice());
    let mut is_duplicate = false;
    for source in sources.iter().take(COMPARED).filter_map(|&source| S::get(store, source)) {
        if !source.is_same(store, &row) {
            return None;
        }
        is_duplicate |= source.at(&row) == row;
    }
    if is_asked {
        return Some(());
    }
    let sources = events.entry(first).or_insert_with(|| Sources { distinct: vec![first], duplicates: Vec::new() });
    if is_duplicate {
        sources.duplicates.push(number)
    } else {
        sources.distinct.push(number)
    }
    Some(())
}

/// Goes through `count` rows in order and returns those that are events of their own. Rows of one
/// key are offered to `join` with each event of that key so far, until it takes one in; rows without
/// key are events of their own. Rows that are `coarse` come last, and only one event may take them in. The time is
/// linear in the number of rows.
fn sort_out<K: PartialEq + std::hash::Hash>(
    store: &Store,
    count: u32,
    seed: u64,
    key: impl Fn(&Store, u32) -> Option<K>,
    coarse: impl Fn(&Store, u32) -> bool,
    mut join: impl FnMut(&Store, u32, u32, bool) -> bool,
) -> Vec<u32> {
    let hasher = FixedState::with_seed(seed);
    let mut live = Vec::new();
    // The first row of each key; further events of a key are rare.
    let mut firsts: HashTable<u32> = HashTable::with_capacity(count as usize);
    let mut further: Map<u32, Vec<u32>> = Map::new();
    let fine = (0..count).filter(|number| !coarse(store, *number));
    for number in fine.chain((0..count).filter(|number| coarse(store, *number))) {
        let Some(own) = key(store, number) else {
            live.push(number);
            continue;
        };
        let hash = hasher.hash_one(&own);
        let first = firsts.find(hash, |&other| key(store, other).as_ref() == Some(&own)).copied();
        let Some(first) = first else {
            firsts.insert_unique(hash, number, |&other| key(store, other).map_or(0, |key| hasher.hash_one(key)));
            live.push(number);
            continue;
        };
        let others = further.get(&first).map(Vec::as_slice).unwrap_or_default();
        let mut known = std::iter::once(first).chain(others.iter().copied().take(COMPARED));
        let taken = if coarse(store, number) {
            let mut fitting = known.filter(|&other| join(store, other, number, true));
            let only = fitting.next().filter(|_| fitting.next().is_none());
            only.is_some_and(|other| join(store, other, number, false))
        } else {
            known.any(|other| join(store, other, number, false))
        };
        if !taken {
            further.entry(first).or_default().push(number);
            live.push(number);
        }
    }
    live.sort_unstable();
    live
}

/// The users an audit event was done to.
pub(super) fn target_users(store: &Store, targets: TextId) -> Vec<User> {
    change::targets(store.texts.get(targets))
        .into_iter()
        .filter(|target| target.kind() == TargetKind::User)
        .map(|target| User {
            id: target.object(store),
            name: store.texts.find(&target.user).unwrap_or(TextId::ABSENT),
            ..User::ABSENT
        })
        .collect()
}

/// Service principals and applications that an audit event was done to, as far as it names them.
pub(super) fn target_identities(store: &Store, row: &Audit) -> Vec<Id> {
    let targets = change::targets(store.texts.get(row.targets));
    let of_programs =
        targets.iter().filter(|target| matches!(target.kind(), TargetKind::Application | TargetKind::ServicePrincipal));
    let mut ids: Vec<Id> = of_programs.map(|target| target.object(store)).collect();
    if !ids.is_empty() {
        ids.extend(row.detail(store, "AppId").map(|app| Id::parse_known(&app)));
    }
    ids.retain(|id| id.has_value());
    ids
}
