//! Records counted by what they have: what the Tenant place and the entities show.

use std::rc::Rc;

use serde::{Deserialize, Serialize};

use crate::analysis::{Bucket, Case};
use crate::order::Arrange;
use crate::order::count::{self, Count, Lists};
use crate::order::number::{NONE, Pairs};
use crate::sessions::EventRef;

use super::column::{Column, Named, Reader, Record};
use super::dense::{Dense, Index, Spans};
use super::describe::refused;
use super::picked::{Picked, filters};
use super::reader::Names;
use super::ticks::{self, Ticks};
use super::within::Within;
use super::words::millis;

/// Columns counted by together, at most.
const COLUMNS: usize = 3;
/// Combinations counted at most; what comes after is counted in none.
const GROUPS: usize = 200_000;
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
    /// Only records of this time; what they are counted of is of this time, too.
    pub within: Within,
    /// In which order.
    pub order: TallyOrder,
    /// How many rows.
    pub limit: usize,
    /// Between which times it is told when the records of each row were, milliseconds UTC.
    pub ticks: Option<[i64; 2]>,
}

/// Records counted.
#[derive(Clone, Debug, Default, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Tallied {
    /// Records that match.
    pub records: u64,
    /// Those of them that were refused.
    pub refused: u64,
    /// All records of the kind in this time.
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
    /// Where asked for: parts of the time in which there are any, of 256, in order; true where all
    /// of a part were refused.
    pub ticks: Vec<(u8, bool)>,
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
    ticks: Option<Box<Ticks>>,
}

impl Group {
    fn of(key: [u32; COLUMNS], Count { records, refused, users, first, last, .. }: Count) -> Self {
        Self { key, records, refused, users, first, last, last_user: None, ticks: None }
    }
}

/// Counts.
pub(super) fn tally(case: &Case, index: &Index, asked: &Tally) -> Tallied {
    count(case, index, asked, (asked.limit.clamp(1, GROUPS), None))
}

/// Counts the records that are to be kept; the answer has so many rows at most.
pub(in crate::report) fn counted(
    case: &Case,
    index: &Index,
    asked: &Tally,
    most: usize,
    keep: &dyn Fn(Record<'_>) -> bool,
) -> Tallied {
    count(case, index, asked, (most, Some(keep)))
}

/// Rows of the answer at most, and which records are kept of those that match.
type Limits<'a> = (usize, Option<&'a dyn Fn(Record<'_>) -> bool>);

fn count(case: &Case, index: &Index, asked: &Tally, limits: Limits<'_>) -> Tallied {
    match asked.of {
        Counted::SignIns => sign_ins(case, index, asked, limits),
        Counted::Acts => counted_acts(case, asked, limits),
    }
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

/// Sign-ins of one user are read from their records, where they are no more than this.
const FEW: usize = 50_000;

fn sign_ins(case: &Case, index: &Index, asked: &Tally, (most, keep): Limits<'_>) -> Tallied {
    let user = asked.only.iter().find(|one| one.column == Column::User && !one.not);
    let own = user.map(|user| index.of_user(case, user.value.as_deref())).filter(|own| {
        // Who else is wanted stands elsewhere.
        let alone = asked.only.iter().filter(|one| one.column == Column::User).count() == 1;
        alone && own.iter().map(ExactSizeIterator::len).sum::<usize>() <= FEW
    });
    if let Some(own) = own {
        return of_user(case, index, asked, own.into_iter().flatten(), (most, keep));
    }
    let by: Vec<Rc<Dense>> = asked.by.iter().take(COLUMNS).map(|column| index.column(case, *column)).collect();
    let names: Vec<&dyn Names> = by.iter().map(|column| &**column as &dyn Names).collect();
    let picked = Picked::of(case, index, &asked.only);
    if keep.is_none()
        && let Some(counting) = straight(case, index, asked, &by, &picked)
    {
        let mut told = counting.answer(case, asked, most, &names);
        if let (Some(between), [users]) = (asked.ticks, by.as_slice()) {
            ticks::tell((index, users), &picked, asked.within, between, &mut told.rows);
        }
        return told;
    }
    let spans = index.spans(asked.within);
    let mut counting = Counting::of(case, &spans, asked.ticks);
    for place in spans.places() {
        if !picked.takes(place) {
            continue;
        }
        let known = index.person.get(place).zip(index.time.get(place)).zip(index.refused.get(place));
        let Some(((&user, &time), &refused)) = known else { continue };
        let row = || case.store.sign_in(*index.order.get(place)?);
        if keep.is_some_and(|keep| !row().is_some_and(|row| keep(Record::SignIn(row, user)))) {
            continue;
        }
        counting.add(MATCHING, user, refused, time);
        let (mut lists, mut alone) = ([&[0_u32] as &[u32]; COLUMNS], [0; COLUMNS]);
        for ((list, column), alone) in lists.iter_mut().zip(&by).zip(&mut alone) {
            *list = column.at(place, alone);
        }
        counting.enter(lists, user, refused, time);
    }
    counting.answer(case, asked, most, &names)
}

/// Counts in one go, where no more than one column has several values a place. When records were is told of users
/// afterwards, and not of anything else.
fn straight(case: &Case, index: &Index, asked: &Tally, by: &[Rc<Dense>], picked: &Picked) -> Option<Counting> {
    let lists: Vec<Lists<'_>> = by.iter().filter_map(|column| column.several()).collect();
    if asked.ticks.is_some() && asked.by != [Column::User] || lists.len() > 1 {
        return None;
    }
    let times = (asked.within != Within::default()).then(|| asked.within.times());
    let rows = index.rows();
    let mut takes = |from: usize, taken: &mut [bool]| {
        if let Some(times) = &times {
            let own = rows.times.get(from..).unwrap_or_default();
            taken.iter_mut().zip(own).for_each(|(taken, time)| *taken = times.contains(time));
        }
        picked.keep(from, taken);
    };
    let cells: Vec<count::Column<'_>> = by.iter().filter_map(|column| column.single()).collect();
    let limits = (GROUPS as u32, case.store.texts.seed());
    let counted = count::count(rows, &cells, lists.first().copied(), limits, &mut takes);
    let key = |(row, value): (u32, u32)| -> [u32; COLUMNS] {
        let of = |column: &Rc<Dense>| column.single().map_or(Some(value), |_| column.cell(row as usize));
        std::array::from_fn(|column| by.get(column).and_then(of).unwrap_or(0))
    };
    let mut counting = Counting::of(case, &index.spans(asked.within), None);
    counting.matching = Group::of([0; COLUMNS], counted.all);
    counting.groups = counted.rows.iter().zip(counted.groups).map(|(row, count)| Group::of(key(*row), count)).collect();
    Some(counting)
}

fn of_user(
    case: &Case,
    index: &Index,
    asked: &Tally,
    places: impl Iterator<Item = usize>,
    (most, keep): Limits<'_>,
) -> Tallied {
    let mut by: Vec<Reader<'_>> = asked.by.iter().take(COLUMNS).map(|column| Reader::new(case, *column)).collect();
    let mut filters = filters(case, &asked.only);
    let mut counting = Counting::of(case, &index.spans(asked.within), asked.ticks);
    let times = asked.within.times();
    for place in places {
        let row = index.order.get(place).and_then(|number| case.store.sign_in(*number));
        let known = row.zip(index.person.get(place)).zip(index.refused.get(place));
        let Some(((row, &user), &refused)) = known else { continue };
        let record = Record::SignIn(row, user);
        if !times.contains(&row.time) {
            continue;
        }
        if keep.is_some_and(|keep| !keep(record)) || !filters.iter_mut().all(|filter| filter.takes(record)) {
            continue;
        }
        counting.add(MATCHING, user, refused, row.time);
        let mut lists = [&[0_u32] as &[u32]; COLUMNS];
        for (list, reader) in lists.iter_mut().zip(&mut by) {
            *list = reader.read(record);
        }
        counting.enter(lists, user, refused, row.time);
    }
    let names: Vec<&dyn Names> = by.iter().map(|reader| reader as &dyn Names).collect();
    counting.answer(case, asked, most, &names)
}

fn counted_acts(case: &Case, asked: &Tally, (most, keep): Limits<'_>) -> Tallied {
    let mut by: Vec<Reader<'_>> = asked.by.iter().take(COLUMNS).map(|column| Reader::new(case, *column)).collect();
    let mut filters = filters(case, &asked.only);
    // Who each act is of.
    let mut actors = Reader::new(case, Column::User);
    let mut counting = Counting::new(case, asked.ticks);
    let times = asked.within.times();
    for event in acts(case.buckets.iter()) {
        let found = match event {
            EventRef::Audit(number) => {
                case.store.audit(number).map(|row| (Record::Audit(row), refused(case, event), row.time))
            }
            EventRef::Activity(number) => {
                case.store.activity(number).map(|row| (Record::Activity(row), false, row.time))
            }
            EventRef::SignIn(_) | EventRef::Risk(_) => None,
        };
        let Some((record, refused, time)) = found.filter(|(_, _, time)| times.contains(time)) else { continue };
        let user = actors.read(record).first().copied().unwrap_or(u32::MAX);
        counting.add(ALL, user, refused, time);
        if keep.is_some_and(|keep| !keep(record)) || !filters.iter_mut().all(|filter| filter.takes(record)) {
            continue;
        }
        counting.add(MATCHING, user, refused, time);
        let mut lists = [&[0_u32] as &[u32]; COLUMNS];
        for (list, reader) in lists.iter_mut().zip(&mut by) {
            *list = reader.read(record);
        }
        counting.enter(lists, user, refused, time);
    }
    let names: Vec<&dyn Names> = by.iter().map(|reader| reader as &dyn Names).collect();
    counting.answer(case, asked, most, &names)
}

/// Groups and their numbers.
struct Counting {
    /// Whether all records of a user come one after the other.
    is_sorted: bool,
    /// Numbers of the first two values together, and those of groups.
    pairs: Pairs,
    numbers: Pairs,
    groups: Vec<Group>,
    /// Users that a group has had before the last, with the group's number.
    seen: Pairs,
    /// All records, and those that match.
    all: Group,
    matching: Group,
    /// Between which times it is told when records were.
    ticks: Option<[i64; 2]>,
}

/// Numbers of the two that are no combination.
const ALL: u32 = NONE - 1;
const MATCHING: u32 = NONE - 2;

impl Counting {
    fn new(case: &Case, ticks: Option<[i64; 2]>) -> Self {
        let pairs = Pairs::new(case.store.texts.seed());
        let (numbers, seen, groups) = (pairs.clone(), pairs.clone(), Vec::new());
        let (all, matching) = (Group::default(), Group::default());
        Self { is_sorted: false, pairs, numbers, groups, seen, all, matching, ticks }
    }

    /// Of sign-ins: how many there are in all is known.
    fn of(case: &Case, spans: &Spans, ticks: Option<[i64; 2]>) -> Self {
        let all = Group { records: spans.records, users: spans.people, ..Group::default() };
        Self { is_sorted: true, all, ..Self::new(case, ticks) }
    }

    fn add(&mut self, number: u32, user: u32, refused: bool, time: i64) {
        let group = match number {
            ALL => Some(&mut self.all),
            MATCHING => Some(&mut self.matching),
            _ => self.groups.get_mut(number as usize),
        };
        let Some(group) = group else { return };
        if group.last_user != Some(user) {
            group.last_user = Some(user);
            group.users += u64::from(
                self.is_sorted || {
                    let known = self.seen.len();
                    self.seen.number(number, user, NONE) as usize == known
                },
            );
        }
        group.first = if group.records == 0 { time } else { group.first.min(time) };
        group.last = if group.records == 0 { time } else { group.last.max(time) };
        if let Some(ticks) = &mut group.ticks {
            ticks.add(millis(time), refused);
        }
        group.records += 1;
        group.refused += u64::from(refused);
    }

    /// Counts a record in each combination of its values, unless there are too many of those.
    fn enter(&mut self, [first, second, third]: [&[u32]; COLUMNS], user: u32, refused: bool, time: i64) {
        for &one in first {
            for &two in second {
                let pair = self.pairs.number(one, two, NONE);
                for &three in third {
                    let number = self.numbers.number(pair, three, GROUPS as u32);
                    if number as usize == self.groups.len() {
                        let ticks = self.ticks.map(|between| Box::new(Ticks::new(between)));
                        self.groups.push(Group { key: [one, two, three], ticks, ..Group::default() });
                    }
                    self.add(number, user, refused, time);
                }
            }
        }
    }

    /// How the label of each group's first value begins, as a number of the same order.
    fn begins(&self, case: &Case, first: Option<&&dyn Names>) -> Vec<u64> {
        let mut known: Vec<Option<u64>> = Vec::new();
        let mut begin = |group: &Group| {
            let [number, ..] = group.key;
            if known.len() <= number as usize {
                known.resize(number as usize + 1, None);
            }
            let make = || first.map_or(0, |column| beginning(&column.label(case, number)));
            known.get_mut(number as usize).map_or(0, |known| *known.get_or_insert_with(make))
        };
        self.groups.iter().map(&mut begin).collect()
    }

    /// The groups as `by` names their numbers.
    fn answer(self, case: &Case, asked: &Tally, most: usize, by: &[&dyn Names]) -> Tallied {
        let name = |group: &Group| -> Vec<Named> {
            by.iter().zip(group.key).map(|(column, number)| column.named(case, number)).collect()
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
        // The first of the order, without bringing all others into it. Whole labels are made for the rows of the answer
        // alone, unless they decide which those are.
        if order.len() > most {
            let begins = if asked.order == TallyOrder::Value { self.begins(case, by.first()) } else { Vec::new() };
            let begin = |place: &usize| begins.get(*place).map_or_else(|| key(place), |begin| (*begin, 0));
            let mut ranked: Vec<((u64, u64), usize)> = order.iter().map(|place| (begin(place), *place)).collect();
            let (_, &mut (last, _), rest) = ranked.select_nth_unstable(most.saturating_sub(1));
            // Of labels only the beginning is known here: those that begin alike may come before.
            let alike = rest.iter().filter(|(begin, _)| asked.order == TallyOrder::Value && *begin == last).copied();
            let alike: Vec<((u64, u64), usize)> = alike.collect();
            ranked.truncate(most);
            order = ranked.into_iter().chain(alike).map(|(_, place)| place).collect();
            order.sort_unstable();
        }
        order.arrange_by_cached_key(|place| (key(place), labels(place)));
        order.truncate(most);
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
                    ticks: group.ticks.as_ref().map(|ticks| ticks.told()).unwrap_or_default(),
                })
                .collect(),
        }
    }
}

/// The first eight bytes of a text, as a number.
fn beginning(text: &str) -> u64 {
    text.bytes().chain(std::iter::repeat(0)).take(8).fold(0, |begin, byte| begin << 8 | u64::from(byte))
}
