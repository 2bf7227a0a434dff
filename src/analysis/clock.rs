//! Times whose zone or order of day and month their file leaves open: what a person tells of them, and
//! what the same records in other files say.
//!
//! What stays open after that is a guess (UTC, month first): such an event is looked at beside those of
//! its own file only; see [`super::realms`].

mod infer;

use crate::order::Map;

use chrono::{DateTime, Datelike as _};
use foldhash::quality::FixedState;
use hashbrown::HashMap;

use crate::events::offsets::Offsets;
use crate::events::vocabulary::Doubts;
use crate::events::{Id, Store};

use super::Input;
use infer::{Match, Runs};

/// Open records whose ids are looked for in other inputs; they stand for all others of theirs.
const SOUGHT: usize = 1 << 19;
/// Rounds of learning: what one input teaches another, that may teach a third.
const ROUNDS: usize = 4;
/// Microseconds in a minute.
const MINUTE: i64 = 60_000_000;

/// What a person tells of the times of inputs.
#[derive(Clone, Debug, Default)]
pub struct Times {
    /// Of every input that is not named.
    pub all: Told,
    /// By the name of the input, or the end of its path.
    pub by_name: Map<String, Told>,
    /// Whether only whole names count, not ends of paths.
    pub whole_names: bool,
}

/// What a person tells of the times of an input. It counts only where the input itself leaves it open.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Told {
    /// The zone of times that name none.
    pub zone: Option<Offsets>,
    /// Whether the day comes before the month.
    pub day_first: Option<bool>,
}

impl Times {
    /// Names that are those of none of these inputs: nothing comes of what was told of them.
    pub fn of_none<'a>(&'a self, inputs: impl Iterator<Item = &'a str> + Clone) -> impl Iterator<Item = &'a str> {
        let named = move |key: &str| inputs.clone().any(|name| is_named(name, key));
        self.by_name.keys().map(String::as_str).filter(move |key| !named(key))
    }

    /// What is told of an input of this name: by the longest name that it has or ends with, else of all.
    #[must_use]
    pub fn of(&self, name: &str) -> Told {
        let is_named = |key: &str| if self.whole_names { name == key } else { is_named(name, key) };
        let own = self.by_name.iter().filter(|(key, _)| is_named(key)).max_by_key(|(key, _)| key.len());
        let own = own.map(|(_, told)| told.clone()).unwrap_or_default();
        Told { zone: own.zone.or_else(|| self.all.zone.clone()), day_first: own.day_first.or(self.all.day_first) }
    }
}

/// Whether an input is meant by a name: its own, or the end of its path.
fn is_named(input: &str, name: &str) -> bool {
    input.strip_suffix(name).is_some_and(|before| before.is_empty() || before.ends_with(['/', '\\']))
}

/// How the open times of an input were settled.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Clock {
    /// Events whose zone stayed open.
    pub open_zone: u64,
    /// Events whose order of day and month stayed open.
    pub open_order: u64,
    /// Events whose time is told to the minute.
    pub to_the_minute: u64,
    /// The zone that was told and used.
    pub told_zone: Option<String>,
    /// The order that was told and used: whether the day comes first.
    pub told_day_first: Option<bool>,
    /// How far ahead of UTC its clocks were found to be, in microseconds, and by how many records.
    pub found_zone: Option<(Vec<i64>, u64)>,
    /// The order that was found, day first or not, and by how many records.
    pub found_day_first: Option<(bool, u64)>,
}

impl Clock {
    /// Events that are joined with no other input's.
    #[must_use]
    pub fn open(&self) -> u64 {
        self.open_zone.max(self.open_order)
    }
}

/// The doubts that keep an event away from those of other inputs.
pub(super) const OPEN: Doubts = Doubts::ZONE.with(Doubts::ORDER);

/// Settles what can be settled of the open times of all inputs: as told, else by records that stand in
/// another input, too, whose time is certain. `seed` keys the hash of ids, which come from the logs.
pub(super) fn settle(store: &mut Store, inputs: &mut [Input], times: &Times, seed: u64) {
    if !inputs.iter().any(|input| input.without_zone > 0 || input.ambiguous_days > 0) {
        return;
    }
    store.sign_ins.remember(|row| row.doubts.has(OPEN));
    store.audits.remember(|row| row.doubts.has(OPEN));
    store.activities.remember(|row| row.doubts.has(OPEN));
    store.risk_events.remember(|row| row.doubts.has(OPEN));
    let told: Vec<Told> = inputs.iter().map(|input| times.of(&input.name)).collect();
    let mut used: Vec<(bool, bool)> = vec![(false, false); inputs.len()];
    each(store, &mut |input, time, doubts| {
        let (Some(told), Some(used)) = (told.get(input as usize), used.get_mut(input as usize)) else { return };
        used.1 |= order(time, doubts, told.day_first);
        used.0 |= zone(time, doubts, &|local| told.zone.as_ref()?.utc(local));
    });
    for ((input, told), (zone, order)) in inputs.iter_mut().zip(told).zip(used) {
        input.clock.told_zone = told.zone.filter(|_| zone).map(|zone| zone.name);
        input.clock.told_day_first = told.day_first.filter(|_| order);
    }
    for _ in 0..ROUNDS {
        if !learn(store, inputs, seed) {
            return;
        }
    }
}

/// Turns day and month of the times that left the order open, now that it is known.
pub(super) fn settle_days(store: &mut Store, day_first: bool) {
    each(store, &mut |_, time, doubts| {
        order(time, doubts, Some(day_first));
    });
}

/// Settles the order of day and month of one time; whether it did.
fn order(time: &mut i64, doubts: &mut Doubts, day_first: Option<bool>) -> bool {
    let Some(day_first) = day_first.filter(|_| doubts.has(Doubts::ORDER)) else { return false };
    *doubts = doubts.without(Doubts::ORDER);
    if day_first {
        *time = swap_day_and_month(*time);
    }
    true
}

/// Settles the zone of one time whose order is known; whether it did.
fn zone(time: &mut i64, doubts: &mut Doubts, utc: &dyn Fn(i64) -> Option<i64>) -> bool {
    if !doubts.has(Doubts::ZONE) || doubts.has(Doubts::ORDER) {
        return false;
    }
    let Some(utc) = utc(*time) else { return false };
    (*time, *doubts) = (utc, doubts.without(Doubts::ZONE));
    true
}

/// Calls with the input, time and doubts of every row.
fn each(store: &mut Store, act: &mut dyn FnMut(u32, &mut i64, &mut Doubts)) {
    store.sign_ins.iter_mut().for_each(|row| act(row.input, &mut row.time, &mut row.doubts));
    store.audits.iter_mut().for_each(|row| act(row.input, &mut row.time, &mut row.doubts));
    store.activities.iter_mut().for_each(|row| act(row.input, &mut row.time, &mut row.doubts));
    store.risk_events.iter_mut().for_each(|row| act(row.input, &mut row.time, &mut row.doubts));
}

/// Calls with the input, id, time and doubts of every row.
fn each_id(store: &Store, act: &mut dyn FnMut(u32, Id, i64, Doubts)) {
    store.sign_ins.iter().for_each(|row| act(row.input, row.id, row.time, row.doubts));
    store.audits.iter().for_each(|row| act(row.input, row.id, row.time, row.doubts));
    store.activities.iter().for_each(|row| act(row.input, row.id, row.time, row.doubts));
    // A state of risk is told anew whenever it changes, under one id.
    store.risk_events.iter().filter(|row| !row.is_state()).for_each(|row| act(row.input, row.id, row.time, row.doubts));
}

/// Learns from records that stand in an open input and in one of certain time; whether anything was new.
fn learn(store: &mut Store, inputs: &mut [Input], seed: u64) -> bool {
    let matches = matches(store, inputs.len(), seed);
    let mut news = false;
    let orders: Vec<Option<(bool, u64)>> = matches.iter().map(|own| infer::order(own)).collect();
    let runs: Vec<Option<Runs>> = matches
        .into_iter()
        .zip(&orders)
        .map(|(mut own, known)| {
            own.iter_mut().for_each(|one| {
                order(&mut one.local, &mut one.doubts, known.map(|(day_first, _)| day_first));
            });
            Runs::find(&own)
        })
        .collect();
    each(store, &mut |input, time, doubts| {
        let input = input as usize;
        news |= order(time, doubts, orders.get(input).copied().flatten().map(|(day_first, _)| day_first));
        if let Some(Some(runs)) = runs.get(input) {
            news |= zone(time, doubts, &|local| runs.utc(local));
        }
    });
    for ((input, found), runs) in inputs.iter_mut().zip(orders).zip(runs) {
        let clock = &mut input.clock;
        clock.found_day_first = clock.found_day_first.or(found);
        clock.found_zone = clock.found_zone.take().or_else(|| runs.map(|runs| (runs.offsets(), runs.records())));
    }
    news
}

/// By input, its open records that stand in another input whose time is certain.
fn matches(store: &Store, inputs: usize, seed: u64) -> Vec<Vec<Match>> {
    let mut sought: Vec<(Id, u32, i64, Doubts)> = Vec::new();
    each_id(store, &mut |input, id, time, doubts| {
        if doubts.has(OPEN) && id.has_value() && sought.len() < SOUGHT {
            sought.push((id, input, time, doubts));
        }
    });
    // By id; of one id the certain time that is least, so that the order of inputs does not matter.
    let mut certain: HashMap<Id, Option<i64>, FixedState> = HashMap::with_hasher(FixedState::with_seed(seed));
    certain.extend(sought.iter().map(|(id, ..)| (*id, None)));
    each_id(store, &mut |_, id, time, doubts| {
        if doubts.time_is_certain()
            && let Some(known) = certain.get_mut(&id)
        {
            *known = Some(known.map_or(time, |known| known.min(time)));
        }
    });
    let mut matches: Vec<Vec<Match>> = vec![Vec::new(); inputs];
    for (id, input, local, doubts) in sought {
        if let (Some(Some(utc)), Some(own)) = (certain.get(&id), matches.get_mut(input as usize)) {
            // What an open time does not tell, the other must not either.
            let utc = if doubts.has(Doubts::MINUTE) { utc.div_euclid(MINUTE) * MINUTE } else { *utc };
            own.push(Match { local, doubts, utc });
        }
    }
    matches
}

/// The same time with day and month turned round, where that is a day.
fn swap_day_and_month(micros: i64) -> i64 {
    let Some(time) = DateTime::from_timestamp_micros(micros) else { return micros };
    let swapped =
        time.with_day(1).and_then(|first| first.with_month(time.day())).and_then(|first| first.with_day(time.month()));
    swapped.map_or(micros, |time| time.timestamp_micros())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_told_of_a_file_goes_before_what_is_told_of_all() {
        let zone = |text| Offsets::fixed(text);
        let told = |text, day_first| Told { zone: zone(text), day_first };
        let times = Times {
            all: told("+1", Some(true)),
            by_name: [("a.csv", told("+2", None)), ("deep/a.csv", told("+3", Some(false)))]
                .map(|(name, told)| (name.to_owned(), told))
                .into(),
            whole_names: false,
        };
        assert_eq!(times.of("a.csv"), told("+2", Some(true)));
        assert_eq!(times.of("case/a.csv"), told("+2", Some(true)));
        assert_eq!(times.of("case.zip!/deep/a.csv"), told("+3", Some(false)));
        assert_eq!(times.of("data.csv"), told("+1", Some(true)), "the end of a word is no file name");
        let whole = Times { whole_names: true, ..times };
        assert_eq!(whole.of("a.csv"), told("+2", Some(true)));
        assert_eq!(whole.of("case/a.csv"), told("+1", Some(true)));
    }

    #[test]
    fn days_and_months_are_turned_round_where_that_is_a_day() {
        let at = |text: &str| crate::events::time::parse_iso(text.as_bytes()).expect("a time").micros;
        assert_eq!(swap_day_and_month(at("2026-03-02T10:00:00Z")), at("2026-02-03T10:00:00Z"));
        assert_eq!(swap_day_and_month(at("2026-03-13T10:00:00Z")), at("2026-03-13T10:00:00Z"));
        assert_eq!(swap_day_and_month(i64::MAX), i64::MAX);
    }
}
