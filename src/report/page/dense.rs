//! Columns of the sign-ins, worked out once: what the page counts again and again is then read in one go.

use std::cell::RefCell;
use std::ops::Range;
use std::rc::Rc;

use crate::analysis::Case;
use crate::order::Arrange;
use crate::order::cells::{Cells, Wanted};
use crate::order::count::{self, Lists, Rows};
use crate::order::number::NONE;

use crate::report::inspection::is_program;

use super::column::{Column, Named, Record, is_called, named};
use super::describe::turned_away;
use super::making::Making;
use super::reader::{Names, Values};
use super::within::Within;

/// Bytes of kept columns at most, but for a few; the column that was asked for longest ago goes first.
const BYTES: usize = 128_000_000;
const FEW: usize = 3;

/// The sign-ins of a case, those of one person after the other, and the columns asked for so far.
#[derive(Debug)]
pub(in crate::report) struct Index {
    /// Their numbers.
    pub(super) order: Vec<u32>,
    /// Whose each is.
    pub(super) person: Vec<u32>,
    /// When, in microseconds.
    pub(super) time: Vec<i64>,
    /// Whether it was turned away.
    pub(super) refused: Vec<bool>,
    /// How many people they are of.
    pub(super) people: u64,
    /// Where each share of the case stands: one person in one tenant, in order of time.
    pub(super) shares: Vec<Range<usize>>,
    /// Of each input how many people signed in, and how many applications and identities without a person.
    pub(super) by_input: Vec<[u64; 2]>,
    /// Where each sign-in stands, by its number, [`NONE`] where nobody has it; then where those of `again` do.
    pub(super) places: Vec<u32>,
    /// Sign-ins that several people have, once for each after the first.
    again: Vec<u32>,
    columns: RefCell<Vec<Rc<Dense>>>,
    /// The column that is worked out a part at a time.
    making: RefCell<Option<Making>>,
    /// The time that was asked for last, and what lies in it.
    spans: RefCell<Option<(Within, Rc<Spans>)>>,
    /// The user that was asked for last, and where their sign-ins stand.
    user: RefCell<Option<Known>>,
}

/// A user, and where their sign-ins stand.
type Known = (Option<String>, Vec<Range<usize>>);

/// The places of a time: a few ranges, for what is in order of time stands together.
#[derive(Debug)]
pub(super) struct Spans {
    ranges: Vec<Range<usize>>,
    /// Records in them.
    pub(super) records: u64,
    /// People whose records they are.
    pub(super) people: u64,
}

impl Spans {
    /// All places, in order.
    pub(super) fn places(&self) -> impl Iterator<Item = usize> {
        self.ranges.iter().cloned().flatten()
    }
}

/// A column: of each place the value, or values.
#[derive(Debug)]
pub(super) struct Dense {
    pub(super) column: Column,
    pub(super) cells: Cells,
    /// Where a cell is no value but the beginning of several: the values, and where those of a cell end.
    pub(super) lists: Option<(Vec<u32>, Vec<u32>)>,
    /// All values, by number.
    pub(super) values: Values,
    /// Sign-ins that they were learnt from, and whose each is.
    pub(super) lessons: Vec<(u32, u32)>,
}

impl Dense {
    /// Numbers of the values at a place; `alone` is room for one.
    pub(super) fn at<'a>(&'a self, place: usize, alone: &'a mut u32) -> &'a [u32] {
        let Some(cell) = self.cells.get(place) else { return &[] };
        if let Some(lists) = self.several() {
            return lists.of(cell);
        }
        *alone = cell;
        std::slice::from_ref(alone)
    }

    /// The cells where each place has one value.
    pub(super) fn single(&self) -> Option<count::Column<'_>> {
        self.lists.is_none().then_some(count::Column { cells: &self.cells, width: self.values.width() })
    }

    /// The cells where a place may have several.
    pub(super) fn several(&self) -> Option<Lists<'_>> {
        let (values, ends) = self.lists.as_ref()?;
        Some(Lists { cells: &self.cells, values, ends, width: self.values.width() })
    }

    /// Of each number that a cell may be, whether its values are wanted.
    pub(super) fn wanted(&self, is: impl Fn(&[u32]) -> bool) -> Wanted {
        Wanted::new(match &self.lists {
            None => (0..self.values.width() as u32).map(|number| is(&[number])).collect(),
            Some((values, ends)) => {
                let own = |(from, end): (usize, &u32)| values.get(from..*end as usize).unwrap_or_default();
                ends.iter().enumerate().map(|ends| is(own(ends))).collect()
            }
        })
    }

    /// Says which places from one on have a cell that is wanted.
    pub(super) fn keep(&self, wanted: &Wanted, from: usize, taken: &mut [bool]) {
        self.cells.keep(from, wanted, taken);
    }

    /// The cell at a place.
    pub(super) fn cell(&self, place: usize) -> Option<u32> {
        self.cells.get(place)
    }
}

impl Names for Dense {
    fn column(&self) -> Column {
        self.column
    }

    fn value(&self, number: u32) -> Option<&str> {
        self.values.value(number)
    }

    fn named(&self, case: &Case, number: u32) -> Named {
        let first = self.values.first(number, &self.lessons);
        let record = first.and_then(|(row, person)| Some(Record::SignIn(case.store.sign_in(row)?, person)));
        named(case, self.column, record, self.values.value(number))
    }
}

impl Index {
    pub(in crate::report) fn of(case: &Case) -> Self {
        let mut buckets: Vec<(u32, usize)> =
            case.buckets.iter().zip(0..).map(|(bucket, place)| (bucket.person, place)).collect();
        buckets.arrange();
        let mut order: Vec<u32> = Vec::with_capacity(case.store.sign_ins.len());
        let mut person: Vec<u32> = Vec::with_capacity(case.store.sign_ins.len());
        let mut shares = Vec::with_capacity(buckets.len());
        for (one, place) in buckets {
            let own = case.buckets.get(place).map(|bucket| bucket.sign_ins.as_slice()).unwrap_or_default();
            shares.push(order.len()..order.len() + own.len());
            order.extend_from_slice(own);
            person.resize(order.len(), one);
        }
        let mut places = vec![NONE; case.store.sign_ins.len()];
        let mut again = Vec::new();
        for (number, place) in order.iter().zip(0_u32..) {
            match places.get_mut(*number as usize) {
                Some(slot) if *slot == NONE => *slot = place,
                _ => again.push((*number, place)),
            }
        }
        places.extend(again.iter().map(|(_, place)| *place));
        let people = person.chunk_by(PartialEq::eq).count() as u64;
        let (mut time, mut refused) = (vec![0; order.len()], vec![false; order.len()]);
        let mut known: Vec<Option<bool>> = vec![None; case.store.outcomes.rows().len()];
        let of_program = |person| case.people.get(person).is_some_and(|person| is_program(person.kind));
        let programs: Vec<bool> = (0..).zip(0..case.people.len()).map(|(person, _)| of_program(person)).collect();
        let words = programs.len().div_ceil(64);
        let mut seen: Vec<Vec<u64>> = vec![vec![0; words]; case.inputs.len()];
        // In the order in which memory holds them.
        let more = again.iter().filter_map(|(number, _)| case.store.sign_in(*number));
        for (row, place) in case.store.sign_ins.iter().chain(more).zip(&places) {
            let place = *place as usize;
            let Some(&person) = person.get(place) else { continue };
            if let Some(word) = seen.get_mut(row.input as usize).and_then(|seen| seen.get_mut(person as usize / 64)) {
                *word |= 1 << (person % 64);
            }
            if let Some(time) = time.get_mut(place) {
                *time = row.time;
            }
            if let Some((slot, known)) = refused.get_mut(place).zip(known.get_mut(row.outcome as usize)) {
                *slot = *known.get_or_insert_with(|| turned_away(case, row));
            }
        }
        let mut by_input = vec![[0; 2]; case.inputs.len()];
        for (counts, seen) in by_input.iter_mut().zip(seen) {
            let is_seen = |person: usize| seen.get(person / 64).is_some_and(|word| word >> (person % 64) & 1 == 1);
            for (_, is_program) in programs.iter().enumerate().filter(|(person, _)| is_seen(*person)) {
                let [users, others] = counts;
                *(if *is_program { others } else { users }) += 1;
            }
        }
        Self {
            order,
            person,
            time,
            refused,
            people,
            shares,
            by_input,
            places,
            again: again.into_iter().map(|(number, _)| number).collect(),
            columns: RefCell::default(),
            making: RefCell::default(),
            spans: RefCell::default(),
            user: RefCell::default(),
        }
    }

    /// What is counted of the sign-ins.
    pub(super) fn rows(&self) -> Rows<'_> {
        Rows { users: &self.person, times: &self.time, refused: &self.refused }
    }

    /// Where the sign-ins of the people of this name stand.
    pub(super) fn of_user(&self, case: &Case, value: Option<&str>) -> Vec<Range<usize>> {
        if let Some((known, ranges)) = &*self.user.borrow()
            && known.as_deref() == value
        {
            return ranges.clone();
        }
        let ranges = self.find_user(case, value);
        *self.user.borrow_mut() = Some((value.map(str::to_owned), ranges.clone()));
        ranges
    }

    fn find_user(&self, case: &Case, value: Option<&str>) -> Vec<Range<usize>> {
        let own = |person: &u32| is_called(case, *person, value);
        let people = (0..).zip(0..case.people.len()).map(|(person, _)| person).filter(own);
        let range = |person: u32| {
            let from = self.person.partition_point(|other| *other < person);
            from..from + self.person.get(from..).unwrap_or_default().partition_point(|other| *other == person)
        };
        people.map(range).filter(|range| !range.is_empty()).collect()
    }

    /// What lies in a time.
    pub(super) fn spans(&self, within: Within) -> Rc<Spans> {
        if let Some((known, spans)) = &*self.spans.borrow()
            && *known == within
        {
            return Rc::clone(spans);
        }
        let spans = Rc::new(self.find_spans(within));
        *self.spans.borrow_mut() = Some((within, Rc::clone(&spans)));
        spans
    }

    fn find_spans(&self, within: Within) -> Spans {
        if within == Within::default() {
            // One range, so that the whole is read in one go.
            let whole = 0..self.order.len();
            return Spans { records: whole.len() as u64, people: self.people, ranges: vec![whole] };
        }
        let times = within.times();
        let mut spans = Spans { ranges: Vec::new(), records: 0, people: 0 };
        let mut last = None;
        for share in &self.shares {
            let own = self.time.get(share.clone()).unwrap_or_default();
            let before = |end: i64| share.start + own.partition_point(|time| *time < end);
            let range = before(times.start)..before(times.end);
            if range.is_empty() {
                continue;
            }
            let person = self.person.get(range.start).copied();
            spans.people += u64::from(last.replace(person) != Some(person));
            spans.records += range.len() as u64;
            spans.ranges.push(range);
        }
        spans
    }

    /// A column, worked out where it is not kept.
    pub(super) fn column(&self, case: &Case, column: Column) -> Rc<Dense> {
        let known = self.columns.borrow().iter().position(|dense| dense.column == column);
        let dense = match known {
            Some(place) => self.columns.borrow_mut().remove(place),
            None => {
                let mut making = self.begun(column).unwrap_or_else(|| Making::new(case, column));
                loop {
                    if let Some(dense) = making.go_on(case, self) {
                        break Rc::new(dense);
                    }
                }
            }
        };
        self.keep(Rc::clone(&dense));
        dense
    }

    /// Does a part of what a column needs to be worked out; whether it is.
    pub(super) fn prepare(&self, case: &Case, column: Column) -> bool {
        if self.columns.borrow().iter().any(|dense| dense.column == column) {
            return true;
        }
        let mut making = self.begun(column).unwrap_or_else(|| Making::new(case, column));
        let made = making.go_on(case, self);
        let is_made = made.is_some();
        match made {
            Some(dense) => self.keep(Rc::new(dense)),
            None => *self.making.borrow_mut() = Some(making),
        }
        is_made
    }

    /// What is done of a column.
    fn begun(&self, column: Column) -> Option<Making> {
        self.making.borrow_mut().take_if(|making| making.column == column)
    }

    fn keep(&self, dense: Rc<Dense>) {
        let mut kept = self.columns.borrow_mut();
        kept.push(dense);
        while kept.len() > FEW && kept.iter().map(|dense| dense.cells.bytes()).sum::<usize>() > BYTES {
            kept.remove(0);
        }
    }

    /// Number of the sign-in that stands at an entry of [`Index::places`], and whose it is there; nothing where nobody
    /// has it.
    pub(super) fn sign_in(&self, entry: usize) -> Option<(u32, u32)> {
        let all = self.places.len() - self.again.len();
        let number = entry.checked_sub(all).map_or(Some(entry as u32), |at| self.again.get(at).copied())?;
        Some((number, *self.person.get(*self.places.get(entry)? as usize)?))
    }
}
