//! Records counted by what they have: what the Tenant place and the entities show.

use serde::{Deserialize, Serialize};

use crate::analysis::{Bucket, Case};
use crate::order::Arrange;
use crate::sessions::EventRef;

use super::column::{Column, Named, Numbers, Reader, Record};
use super::describe::{refused, turned_away};
use super::words::millis;

/// Columns counted by together, at most.
const COLUMNS: usize = 3;
/// Combinations counted at most; what comes after is counted in none.
const GROUPS: usize = 200_000;
/// Rows of an answer, at most.
const ROWS: usize = 1_000;

/// Which records.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "kebab-case")]
pub enum Counted {
    /// Sign-ins of all streams.
    #[default]
    SignIns,
    /// Acts in and outside the directory.
    Acts,
}

/// In which order.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "kebab-case")]
pub enum TallyOrder {
    /// The most records first.
    #[default]
    Most,
    /// The fewest users first.
    Rarest,
    /// By the values.
    Value,
}

/// A value that records must have, or must not.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Match {
    /// The column.
    pub column: Column,
    /// The value, as an answer gave it.
    pub value: Option<String>,
    /// Whether they must not have it.
    pub not: bool,
}

/// What is counted, and by what.
#[derive(Clone, Debug, Default, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(default)]
pub struct Tally {
    /// Which records.
    pub of: Counted,
    /// By which columns, three at most.
    pub by: Vec<Column>,
    /// Only these: values of one column are alternatives, columns all hold.
    pub only: Vec<Match>,
    /// In which order.
    pub order: TallyOrder,
    /// How many rows.
    pub limit: usize,
}

/// Records counted.
#[derive(Clone, Debug, Default, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Tallied {
    /// Records that match.
    pub records: u64,
    /// Those of them that were refused.
    pub refused: u64,
    /// All records of the kind.
    pub all: u64,
    /// Users of the records that match; applications without a user count too.
    pub users: u64,
    /// Users of all.
    pub all_users: u64,
    /// The first and the last that match, milliseconds UTC.
    pub span: Option<[i64; 2]>,
    /// Combinations of values.
    pub groups: usize,
    /// Records of the largest.
    pub most: u64,
    /// The first of them.
    pub rows: Vec<TalliedRow>,
}

/// A combination of values, and the records that have it.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct TalliedRow {
    /// A value of each column.
    pub values: Vec<Named>,
    /// Records.
    pub records: u64,
    /// Those of them that were refused.
    pub refused: u64,
    /// Users.
    pub users: u64,
    /// The first, milliseconds UTC.
    pub first: i64,
    /// The last.
    pub last: i64,
}

#[derive(Default)]
struct Group {
    key: [u32; COLUMNS],
    records: u64,
    refused: u64,
    users: u64,
    last_user: Option<u32>,
    first: i64,
    last: i64,
}

/// Counts.
pub(super) fn tally(case: &Case, asked: &Tally) -> Tallied {
    counted(case, asked, asked.limit.clamp(1, ROWS), &|_| true)
}

/// Counts the records that are to be kept; the answer has so many rows at most.
pub(in crate::report) fn counted(
    case: &Case,
    asked: &Tally,
    most: usize,
    keep: &dyn Fn(Record<'_>) -> bool,
) -> Tallied {
    let mut counting = Counting::new(case, asked, keep);
    match asked.of {
        Counted::SignIns => counting.sign_ins(),
        Counted::Acts => counting.acts(),
    }
    counting.answer(asked, most)
}

/// Acts of these people, each once, however many of them it is of.
pub(in crate::report) fn acts<'a>(buckets: impl Iterator<Item = &'a Bucket>) -> Vec<EventRef> {
    let mut acts: Vec<EventRef> = Vec::new();
    for bucket in buckets {
        acts.extend(bucket.audits.iter().map(|number| EventRef::Audit(*number)));
        acts.extend(bucket.activities.iter().map(|number| EventRef::Activity(*number)));
    }
    acts.arrange();
    acts.dedup();
    acts
}

struct Counting<'a> {
    case: &'a Case,
    keep: &'a dyn Fn(Record<'_>) -> bool,
    by: Vec<Reader<'a>>,
    filters: Vec<Filter<'a>>,
    /// Who each act is of.
    actors: Reader<'a>,
    numbers: Numbers,
    groups: Vec<Group>,
    /// Users that a group has had before the last, with the group's number.
    seen: Numbers,
    /// All records, and those that match.
    all: Group,
    matching: Group,
}

/// Numbers of the two that are no combination.
const ALL: u32 = u32::MAX;
const MATCHING: u32 = u32::MAX - 1;

impl<'a> Counting<'a> {
    fn new(case: &'a Case, asked: &Tally, keep: &'a dyn Fn(Record<'_>) -> bool) -> Self {
        Self {
            case,
            keep,
            by: asked.by.iter().take(COLUMNS).map(|column| Reader::new(case, *column)).collect(),
            filters: filters(case, &asked.only),
            actors: Reader::new(case, Column::User),
            numbers: Numbers::default(),
            groups: Vec::new(),
            seen: Numbers::default(),
            all: Group::default(),
            matching: Group::default(),
        }
    }

    fn sign_ins(&mut self) {
        // One person after the other: so that most are told from those before without a look-up.
        let mut order: Vec<(u32, usize)> =
            self.case.buckets.iter().zip(0..).map(|(bucket, place)| (bucket.person, place)).collect();
        order.arrange();
        let case = self.case;
        let mut refusals: Vec<Option<bool>> = vec![None; case.store.outcomes.rows().len()];
        for (person, place) in order {
            let Some(bucket) = case.buckets.get(place) else { continue };
            for &number in &bucket.sign_ins {
                let Some(row) = case.store.sign_in(number) else { continue };
                let known = refusals.get_mut(row.outcome as usize);
                let refused = known.is_some_and(|known| *known.get_or_insert_with(|| turned_away(case, row)));
                self.count(Record::SignIn(row, person), person, refused, row.time);
            }
        }
    }

    fn acts(&mut self) {
        let case = self.case;
        for event in acts(case.buckets.iter()) {
            match event {
                EventRef::Audit(number) => {
                    if let Some(row) = case.store.audit(number) {
                        self.act(Record::Audit(row), refused(case, event), row.time);
                    }
                }
                EventRef::Activity(number) => {
                    if let Some(row) = case.store.activity(number) {
                        self.act(Record::Activity(row), false, row.time);
                    }
                }
                EventRef::SignIn(_) | EventRef::Risk(_) => {}
            }
        }
    }

    fn act(&mut self, record: Record<'_>, refused: bool, time: i64) {
        let user = self.actors.read(record).first().copied().unwrap_or(u32::MAX);
        self.count(record, user, refused, time);
    }

    fn count(&mut self, record: Record<'_>, user: u32, refused: bool, time: i64) {
        add(&mut self.all, &mut self.seen, ALL, user, refused, time);
        if !(self.keep)(record) || !self.filters.iter_mut().all(|filter| filter.takes(record)) {
            return;
        }
        add(&mut self.matching, &mut self.seen, MATCHING, user, refused, time);
        let mut key = [0; COLUMNS];
        let mut several = false;
        for (reader, slot) in self.by.iter_mut().zip(&mut key) {
            let numbers = reader.read(record);
            several |= numbers.len() > 1;
            *slot = numbers.first().copied().unwrap_or(0);
        }
        if !several {
            return self.enter(key, user, refused, time);
        }
        let mut keys = vec![key];
        for place in 0..self.by.len() {
            let numbers = self.by.get_mut(place).map(|reader| reader.read(record).to_vec()).unwrap_or_default();
            let mut next = Vec::with_capacity(keys.len() * numbers.len());
            for key in keys {
                for &number in &numbers {
                    let mut key = key;
                    key.iter_mut().skip(place).take(1).for_each(|slot| *slot = number);
                    next.push(key);
                }
            }
            keys = next;
        }
        for key in keys {
            self.enter(key, user, refused, time);
        }
    }

    fn enter(&mut self, key: [u32; COLUMNS], user: u32, refused: bool, time: i64) {
        let packed = key.iter().fold(0_u128, |packed, number| packed << 32 | u128::from(*number));
        let next = self.groups.len();
        let number = match self.numbers.get(&packed) {
            Some(number) => *number as usize,
            None if next >= GROUPS => return,
            None => {
                self.numbers.insert(packed, next as u64);
                self.groups.push(Group { key, ..Group::default() });
                next
            }
        };
        if let Some(group) = self.groups.get_mut(number) {
            add(group, &mut self.seen, number as u32, user, refused, time);
        }
    }

    fn answer(self, asked: &Tally, most: usize) -> Tallied {
        let name = |group: &Group| -> Vec<Named> {
            let named = self.by.iter().zip(group.key).map(|(reader, number)| reader.named.get(number as usize));
            named.map(|named| named.cloned().unwrap_or_default()).collect()
        };
        let mut order: Vec<usize> = (0..self.groups.len()).collect();
        let key = |place: &usize| {
            let group = self.groups.get(*place);
            let (records, users) = group.map_or((0, 0), |group| (group.records, group.users));
            match asked.order {
                TallyOrder::Most => (0, u64::MAX - records),
                TallyOrder::Rarest => (users, records),
                TallyOrder::Value => (0, 0),
            }
        };
        let labels = |place: &usize| {
            let of = |named: Named| (named.label, named.value);
            self.groups.get(*place).map(|group| name(group).into_iter().map(of).collect::<Vec<_>>())
        };
        // Labels are made for the rows of the answer alone, unless they decide which those are.
        match asked.order {
            TallyOrder::Value => order.arrange_by_cached_key(labels),
            _ => order.arrange_by_key(key),
        }
        order.truncate(most);
        order.arrange_by_cached_key(|place| (key(place), labels(place)));
        let rows = order.iter().filter_map(|place| self.groups.get(*place));
        Tallied {
            records: self.matching.records,
            refused: self.matching.refused,
            all: self.all.records,
            users: self.matching.users,
            all_users: self.all.users,
            span: (self.matching.records > 0).then(|| [millis(self.matching.first), millis(self.matching.last)]),
            groups: self.groups.len(),
            most: self.groups.iter().map(|group| group.records).max().unwrap_or(0),
            rows: rows
                .map(|group| TalliedRow {
                    values: name(group),
                    records: group.records,
                    refused: group.refused,
                    users: group.users,
                    first: millis(group.first),
                    last: millis(group.last),
                })
                .collect(),
        }
    }
}

fn add(group: &mut Group, seen: &mut Numbers, number: u32, user: u32, refused: bool, time: i64) {
    if group.last_user != Some(user) {
        group.last_user = Some(user);
        let pair = u128::from(number) << 32 | u128::from(user);
        group.users += u64::from(seen.insert(pair, 0).is_none());
    }
    group.first = if group.records == 0 { time } else { group.first.min(time) };
    group.last = if group.records == 0 { time } else { group.last.max(time) };
    group.records += 1;
    group.refused += u64::from(refused);
}

/// Values wanted of one column.
pub(super) struct Filter<'a> {
    reader: Reader<'a>,
    wanted: Vec<Match>,
    /// Of each value met: what it says.
    said: Vec<Said>,
}

#[derive(Clone, Copy, Default)]
struct Said {
    takes: bool,
    refuses: bool,
}

/// One filter a column.
pub(super) fn filters<'a>(case: &'a Case, only: &[Match]) -> Vec<Filter<'a>> {
    let mut filters: Vec<(Column, Filter<'a>)> = Vec::new();
    for wanted in only {
        let known = filters.iter_mut().find(|(column, _)| *column == wanted.column);
        match known {
            Some((_, filter)) => filter.wanted.push(wanted.clone()),
            None => {
                let reader = Reader::new(case, wanted.column);
                filters.push((wanted.column, Filter { reader, wanted: vec![wanted.clone()], said: Vec::new() }));
            }
        }
    }
    filters.into_iter().map(|(_, filter)| filter).collect()
}

impl Filter<'_> {
    /// Whether a record has one of the values that it may have, and none that it must not.
    pub(super) fn takes(&mut self, record: Record<'_>) -> bool {
        // A reader keeps what it learnt: the second time it only looks up.
        let known = self.reader.read(record).iter().max().is_none_or(|most| (*most as usize) < self.said.len());
        if !known {
            let wanted = &self.wanted;
            let new = self.reader.named.iter().skip(self.said.len()).map(|named| {
                let says = |not: bool| wanted.iter().any(|one| one.not == not && one.value == named.value);
                Said { takes: says(false) || wanted.iter().all(|one| one.not), refuses: says(true) }
            });
            self.said.extend(new.collect::<Vec<_>>());
        }
        let said = &self.said;
        let numbers = self.reader.read(record);
        let says = |number: &u32| said.get(*number as usize).copied().unwrap_or_default();
        numbers.iter().any(|number| says(number).takes) && !numbers.iter().any(|number| says(number).refuses)
    }
}
