//! Which records are one event.
//!
//! Same tenant, stream and id is one event; it is two only if time or result differ. Records are
//! gone through in the order of (input, record): the first of an event is its primary source,
//! equal ones are duplicates, others complete it.

use std::collections::BTreeMap;
use std::hash::BuildHasher as _;

use chrono::{DateTime, Datelike as _};
use foldhash::quality::FixedState;
use hashbrown::HashTable;
use serde::Deserialize;

use crate::events::dictionary::TextId;
use crate::events::tuples::{Tuple as _, User};
use crate::events::vocabulary::Doubts;
use crate::events::{Activity, Audit, Id, Place, RiskEvent, SignIn, Store};
use crate::sessions::EventRef;

use super::complete::{complete, complete_activity, complete_audit, complete_risk_event, same_moment};
use super::gather::Live;
use super::tenancy::Tenancy;
use super::{Also, Conflict, Input};

/// Events of one id that a record is compared with; an id has hardly ever more than one.
const COMPARED: usize = 64;

/// What came of putting records together.
#[derive(Debug, Default)]
pub(super) struct United {
    pub(super) also: Also,
    pub(super) conflicts: Vec<Conflict>,
    pub(super) live: Live,
}

/// What became of a record that belongs to an event begun by another.
enum Joined {
    Duplicate,
    Merged(Vec<&'static str>),
}

impl United {
    fn note(&mut self, primary: EventRef, place: Place, joined: Joined, inputs: &mut [Input]) {
        self.also.entry(primary).or_default().push(place);
        let input = inputs.get_mut(place.input as usize);
        match (joined, input) {
            (Joined::Duplicate, Some(input)) => input.duplicates += 1,
            (Joined::Merged(_), Some(input)) => input.merged += 1,
            (_, None) => {}
        }
    }

    fn conflict(&mut self, event: EventRef, joined: &Joined) {
        if let Joined::Merged(columns) = joined {
            self.conflicts.extend(columns.iter().map(|column| Conflict { event, column }));
        }
    }
}

/// Finds records of one event. `seed` keys the hash of ids, which come from the logs.
pub(super) fn unite(store: &mut Store, tenancy: &Tenancy, inputs: &mut [Input], seed: u64) -> United {
    let mut united = United::default();
    united.live.sign_ins = sign_ins(store, tenancy, inputs, seed, &mut united);
    united.live.audits = audits(store, tenancy, inputs, seed, &mut united);
    united.live.activities = activities(store, tenancy, inputs, seed, &mut united);
    united.live.risk_events = risk_events(store, tenancy, inputs, seed, &mut united);
    for places in united.also.values_mut() {
        places.sort_unstable();
    }
    united.conflicts.sort();
    united.conflicts.dedup();
    united
}

fn sign_ins(store: &mut Store, tenancy: &Tenancy, inputs: &mut [Input], seed: u64, united: &mut United) -> Vec<u32> {
    let count = store.sign_ins.len() as u32;
    let key = |store: &Store, number: u32| {
        let row = store.sign_in(number).filter(|row| row.id.has_value())?;
        Some((tenancy.of_sign_in(store, row), row.id))
    };
    let mut sources: BTreeMap<u32, Vec<SignIn>> = BTreeMap::new();
    sort_out(store, count, seed, key, |store, first, number| {
        let (Some(mut known), Some(row)) = (store.sign_in(first).copied(), store.sign_in(number).copied()) else {
            return false;
        };
        if !same_sign_in(store, &known, &row) {
            return false;
        }
        let sources = sources.entry(first).or_insert_with(|| vec![known]);
        let here = |source: &SignIn| SignIn { input: row.input, record: row.record, offset: row.offset, ..*source };
        let joined = if sources.iter().any(|source| here(source) == row) || here(&known) == row {
            Joined::Duplicate
        } else {
            if sources.len() < COMPARED {
                sources.push(row);
            }
            Joined::Merged(complete(store, &mut known, &row))
        };
        if let Some(kept) = store.sign_ins.get_mut(first as usize) {
            *kept = known;
        }
        united.conflict(EventRef::SignIn(first), &joined);
        let place = Place { input: row.input, record: u64::from(row.record), offset: row.offset };
        united.note(EventRef::SignIn(first), place, joined, inputs);
        true
    })
}

/// Whether two sign-ins of one tenant and id are one event. A stream or a result that a record does
/// not say says nothing against it.
fn same_sign_in(store: &Store, known: &SignIn, row: &SignIn) -> bool {
    let stream = known.stream == row.stream || known.doubts.has(Doubts::STREAM) || row.doubts.has(Doubts::STREAM);
    let result = match (store.outcome(known.outcome).code(), store.outcome(row.outcome).code()) {
        (Some(known), Some(row)) => known == row,
        _ => true,
    };
    stream && result && same_moment((known.time, known.doubts, known.input), (row.time, row.doubts, row.input))
}

fn audits(store: &mut Store, tenancy: &Tenancy, inputs: &mut [Input], seed: u64, united: &mut United) -> Vec<u32> {
    let count = store.audits.len() as u32;
    let key = |store: &Store, number: u32| {
        let row = store.audit(number).filter(|row| row.id.has_value())?;
        Some((tenancy.of_audit(store, row), row.id))
    };
    let mut sources: BTreeMap<u32, Vec<Audit>> = BTreeMap::new();
    sort_out(store, count, seed, key, |store, first, number| {
        let (Some(mut known), Some(row)) = (store.audit(first).copied(), store.audit(number).copied()) else {
            return false;
        };
        let result = !known.result.has_value() || !row.result.has_value() || known.result == row.result;
        let moment = same_moment((known.time, known.doubts, known.input), (row.time, row.doubts, row.input));
        if !result || !moment {
            return false;
        }
        let sources = sources.entry(first).or_insert_with(|| vec![known]);
        let here = |source: &Audit| Audit { input: row.input, record: row.record, offset: row.offset, ..*source };
        let joined = if sources.iter().any(|source| here(source) == row) || here(&known) == row {
            Joined::Duplicate
        } else {
            if sources.len() < COMPARED {
                sources.push(row);
            }
            Joined::Merged(complete_audit(store, &mut known, &row))
        };
        if let Some(kept) = store.audits.get_mut(first as usize) {
            *kept = known;
        }
        united.conflict(EventRef::Audit(first), &joined);
        let place = Place { input: row.input, record: u64::from(row.record), offset: row.offset };
        united.note(EventRef::Audit(first), place, joined, inputs);
        true
    })
}

fn activities(store: &mut Store, tenancy: &Tenancy, inputs: &mut [Input], seed: u64, united: &mut United) -> Vec<u32> {
    let count = store.activities.len() as u32;
    let key = |store: &Store, number: u32| {
        let row = store.activity(number).filter(|row| row.id.has_value())?;
        Some((tenancy.of_activity(store, row), row.id))
    };
    let mut sources: BTreeMap<u32, Vec<Activity>> = BTreeMap::new();
    sort_out(store, count, seed, key, |store, first, number| {
        let (Some(mut known), Some(row)) = (store.activity(first).copied(), store.activity(number).copied()) else {
            return false;
        };
        let texts = |mine: TextId, theirs: TextId| !mine.has_value() || !theirs.has_value() || mine == theirs;
        let same = texts(known.operation, row.operation) && texts(known.result, row.result);
        if !same || !same_moment((known.time, known.doubts, known.input), (row.time, row.doubts, row.input)) {
            return false;
        }
        let sources = sources.entry(first).or_insert_with(|| vec![known]);
        let here = |source: &Activity| Activity { input: row.input, record: row.record, offset: row.offset, ..*source };
        let joined = if sources.iter().any(|source| here(source) == row) || here(&known) == row {
            Joined::Duplicate
        } else {
            if sources.len() < COMPARED {
                sources.push(row);
            }
            Joined::Merged(complete_activity(store, &mut known, &row))
        };
        if let Some(kept) = store.activities.get_mut(first as usize) {
            *kept = known;
        }
        united.conflict(EventRef::Activity(first), &joined);
        let place = Place { input: row.input, record: u64::from(row.record), offset: row.offset };
        united.note(EventRef::Activity(first), place, joined, inputs);
        true
    })
}

fn risk_events(store: &mut Store, tenancy: &Tenancy, inputs: &mut [Input], seed: u64, united: &mut United) -> Vec<u32> {
    let count = store.risk_events.len() as u32;
    let key = |store: &Store, number: u32| {
        let row = store.risk_event(number).filter(|row| row.id.has_value())?;
        Some((tenancy.of_risk_event(store, row), row.id))
    };
    let mut sources: BTreeMap<u32, Vec<RiskEvent>> = BTreeMap::new();
    sort_out(store, count, seed, key, |store, first, number| {
        let (Some(mut known), Some(row)) = (store.risk_event(first).copied(), store.risk_event(number).copied()) else {
            return false;
        };
        // A detection whose state changed later is told again: that is another event.
        let same = known.is_state() == row.is_state() && known.state == row.state && known.level == row.level;
        if !same || !same_moment((known.time, known.doubts, known.input), (row.time, row.doubts, row.input)) {
            return false;
        }
        let sources = sources.entry(first).or_insert_with(|| vec![known]);
        let here =
            |source: &RiskEvent| RiskEvent { input: row.input, record: row.record, offset: row.offset, ..*source };
        let joined = if sources.iter().any(|source| here(source) == row) || here(&known) == row {
            Joined::Duplicate
        } else {
            if sources.len() < COMPARED {
                sources.push(row);
            }
            Joined::Merged(complete_risk_event(store, &mut known, &row))
        };
        if let Some(kept) = store.risk_events.get_mut(first as usize) {
            *kept = known;
        }
        united.conflict(EventRef::Risk(first), &joined);
        let place = Place { input: row.input, record: u64::from(row.record), offset: row.offset };
        united.note(EventRef::Risk(first), place, joined, inputs);
        true
    })
}

/// Goes through `count` rows in order and returns those that are events of their own. Rows of one
/// key are offered to `join` with each event of that key so far, until it takes one in; rows without
/// key are events of their own. The time is linear in the number of rows.
fn sort_out<K: PartialEq + std::hash::Hash>(
    store: &mut Store,
    count: u32,
    seed: u64,
    key: impl Fn(&Store, u32) -> Option<K>,
    mut join: impl FnMut(&mut Store, u32, u32) -> bool,
) -> Vec<u32> {
    let hasher = FixedState::with_seed(seed);
    let mut live = Vec::new();
    // The first row of each key; further events of a key are rare.
    let mut firsts: HashTable<u32> = HashTable::with_capacity(count as usize);
    let mut further: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
    for number in 0..count {
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
        let taken = join(store, first, number) || others.iter().take(COMPARED).any(|&other| join(store, other, number));
        if !taken {
            further.entry(first).or_default().push(number);
            live.push(number);
        }
    }
    live
}

/// The users an audit event was done to.
pub(super) fn target_users(store: &Store, targets: TextId) -> Vec<User> {
    #[derive(Deserialize)]
    struct Target {
        kind: String,
        id: String,
        user: String,
    }
    let targets: Vec<Target> = serde_json::from_str(store.texts.get(targets)).unwrap_or_default();
    targets
        .into_iter()
        .filter(|target| target.kind.eq_ignore_ascii_case("user"))
        .map(|target| User {
            id: known_id(store, &target.id),
            name: store.texts.find(&target.user).unwrap_or(TextId::ABSENT),
            ..User::ABSENT
        })
        .collect()
}

/// The identifier of this text: a GUID, or another text that some record has.
fn known_id(store: &Store, text: &str) -> Id {
    Id::parse_known(text).value().or_else(|| store.texts.find(text).map(Id::text)).unwrap_or(Id::EMPTY)
}

/// Settles the order of day and month of the times that left it open, now that all times of the
/// input were seen: where the day comes first, the two are turned round.
pub(super) fn settle_days(store: &mut Store, day_first: bool) {
    let settle = |time: &mut i64, doubts: &mut Doubts| {
        if doubts.has(Doubts::ORDER) {
            *doubts = doubts.without(Doubts::ORDER);
            if day_first {
                *time = swap_day_and_month(*time);
            }
        }
    };
    store.sign_ins.iter_mut().for_each(|row| settle(&mut row.time, &mut row.doubts));
    store.audits.iter_mut().for_each(|row| settle(&mut row.time, &mut row.doubts));
    store.activities.iter_mut().for_each(|row| settle(&mut row.time, &mut row.doubts));
    store.risk_events.iter_mut().for_each(|row| settle(&mut row.time, &mut row.doubts));
}

fn swap_day_and_month(micros: i64) -> i64 {
    let Some(time) = DateTime::from_timestamp_micros(micros) else { return micros };
    let swapped =
        time.with_day(1).and_then(|first| first.with_month(time.day())).and_then(|first| first.with_day(time.month()));
    swapped.map_or(micros, |time| time.timestamp_micros())
}
