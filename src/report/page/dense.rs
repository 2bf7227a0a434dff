//! Columns of the sign-ins, worked out once: what the page counts again and again is then read in one go.

use std::cell::RefCell;
use std::ops::Range;
use std::rc::Rc;

use crate::analysis::Case;
use crate::order::Arrange;
use crate::order::count::{Cells, Rows, keep};

use crate::report::inspection::is_program;

use super::column::{Column, Named, Reader, Record, who};
use super::describe::turned_away;
use super::within::Within;

/// Cells of kept columns at most, of four bytes each; the column that was asked for longest ago goes first.
const CELLS: usize = 32_000_000;
/// The place of a sign-in that nobody has.
const NOWHERE: u32 = u32::MAX;

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
    shares: Vec<Range<usize>>,
    /// Of each input how many people signed in, and how many applications and identities without a person.
    pub(super) by_input: Vec<[u64; 2]>,
    /// Where each sign-in stands, by its number.
    places: Vec<u32>,
    /// Places of those that several people have, after the first.
    again: Vec<(u32, u32)>,
    columns: RefCell<Vec<(Column, Rc<Dense>)>>,
    /// The time that was asked for last, and what lies in it.
    spans: RefCell<Option<(Within, Rc<Spans>)>>,
}

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
    cells: Vec<u32>,
    /// Where a cell is no value but the beginning of several: the values, and where those of a cell end.
    lists: Option<(Vec<u32>, Vec<u32>)>,
    /// All values, by number.
    pub(super) named: Vec<Named>,
}

/// Cells that begin lists: the values of all, and where those that begin at a place end.
type Several<'a> = (Cells<'a>, (&'a [u32], &'a [u32]));

impl Dense {
    /// Numbers of the values at a place.
    pub(super) fn at(&self, place: usize) -> &[u32] {
        let Some(cell) = self.cells.get(place) else { return &[] };
        match &self.lists {
            None => std::slice::from_ref(cell),
            Some((values, ends)) => {
                let from = *cell as usize;
                let to = ends.get(from).map_or(from, |end| *end as usize);
                values.get(from..to).unwrap_or_default()
            }
        }
    }

    /// The cells where each place has one value.
    pub(super) fn single(&self) -> Option<Cells<'_>> {
        self.lists.is_none().then_some(Cells { cells: &self.cells, width: self.named.len() })
    }

    /// The cells where a place may have several, with their values and where those end.
    pub(super) fn several(&self) -> Option<Several<'_>> {
        let (values, ends) = self.lists.as_ref()?;
        Some((Cells { cells: &self.cells, width: self.named.len() }, (values, ends)))
    }

    /// Of each number that a cell may be, whether its values are wanted.
    pub(super) fn wanted(&self, is: impl Fn(&[u32]) -> bool) -> Vec<bool> {
        match &self.lists {
            None => (0..self.named.len() as u32).map(|number| is(&[number])).collect(),
            Some((values, ends)) => {
                let own = |(from, end): (usize, &u32)| values.get(from..*end as usize).unwrap_or_default();
                ends.iter().enumerate().map(|ends| is(own(ends))).collect()
            }
        }
    }

    /// Says which places from one on have a cell that is wanted.
    pub(super) fn keep(&self, wanted: &[bool], from: usize, taken: &mut [bool]) {
        keep(&self.cells, from, wanted, taken);
    }

    /// The cell at a place.
    pub(super) fn cell(&self, place: usize) -> Option<u32> {
        self.cells.get(place).copied()
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
        let mut places = vec![NOWHERE; case.store.sign_ins.len()];
        let mut again = Vec::new();
        for (number, place) in order.iter().zip(0_u32..) {
            match places.get_mut(*number as usize) {
                Some(slot) if *slot == NOWHERE => *slot = place,
                _ => again.push((*number, place)),
            }
        }
        let people = person.chunk_by(PartialEq::eq).count() as u64;
        let mut index = Self {
            time: vec![0; order.len()],
            refused: vec![false; order.len()],
            order,
            person,
            people,
            shares,
            by_input: vec![[0; 2]; case.inputs.len()],
            places,
            again,
            columns: RefCell::default(),
            spans: RefCell::default(),
        };
        let mut known: Vec<Option<bool>> = vec![None; case.store.outcomes.rows().len()];
        let of_program = |person| case.people.get(person).is_some_and(|person| is_program(person.kind));
        let programs: Vec<bool> = (0..).zip(0..case.people.len()).map(|(person, _)| of_program(person)).collect();
        let words = programs.len().div_ceil(64);
        let mut seen: Vec<Vec<u64>> = vec![vec![0; words]; case.inputs.len()];
        let (mut times, mut refusals) = (std::mem::take(&mut index.time), std::mem::take(&mut index.refused));
        index.each(case, |place, record| {
            let Record::SignIn(row, person) = record else { return };
            if let Some(word) = seen.get_mut(row.input as usize).and_then(|seen| seen.get_mut(person as usize / 64)) {
                *word |= 1 << (person % 64);
            }
            let refused = known.get_mut(row.outcome as usize);
            let refused = refused.is_some_and(|known| *known.get_or_insert_with(|| turned_away(case, row)));
            times.iter_mut().skip(place).take(1).for_each(|time| *time = row.time);
            refusals.iter_mut().skip(place).take(1).for_each(|slot| *slot = refused);
        });
        (index.time, index.refused) = (times, refusals);
        for (counts, seen) in index.by_input.iter_mut().zip(seen) {
            let is_seen = |person: usize| seen.get(person / 64).is_some_and(|word| word >> (person % 64) & 1 == 1);
            for (_, is_program) in programs.iter().enumerate().filter(|(person, _)| is_seen(*person)) {
                let [users, others] = counts;
                *(if *is_program { others } else { users }) += 1;
            }
        }
        index
    }

    /// What is counted of the sign-ins.
    pub(super) fn rows(&self) -> Rows<'_> {
        Rows { users: &self.person, times: &self.time, refused: &self.refused }
    }

    /// Each sign-in with its place, in the order in which memory holds them.
    fn each(&self, case: &Case, mut tell: impl FnMut(usize, Record<'_>)) {
        for (row, place) in case.store.sign_ins.iter().zip(&self.places) {
            if let Some(person) = self.person.get(*place as usize) {
                tell(*place as usize, Record::SignIn(row, *person));
            }
        }
        for (number, place) in &self.again {
            if let Some((row, person)) = case.store.sign_in(*number).zip(self.person.get(*place as usize)) {
                tell(*place as usize, Record::SignIn(row, *person));
            }
        }
    }

    /// Where the sign-ins of the people of this name stand.
    pub(super) fn of_user(&self, case: &Case, value: Option<&str>) -> Vec<Range<usize>> {
        let own = |person: &u32| who(case, *person).first().is_some_and(|named| named.value.as_deref() == value);
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
        let mut kept = self.columns.borrow_mut();
        let known = kept.iter().position(|(one, _)| *one == column);
        let dense = match known {
            Some(place) => kept.remove(place).1,
            None => Rc::new(self.work_out(case, column)),
        };
        kept.push((column, Rc::clone(&dense)));
        let most = (CELLS / self.order.len().max(1)).max(3);
        let over = kept.len().saturating_sub(most);
        kept.drain(..over);
        dense
    }

    fn work_out(&self, case: &Case, column: Column) -> Dense {
        let mut reader = Reader::new(case, column);
        let mut cells = vec![0_u32; self.order.len()];
        self.each(case, |place, record| {
            let from = reader.list(record);
            cells.iter_mut().skip(place).take(1).for_each(|cell| *cell = from);
        });
        let Reader { lists, ends, named, .. } = reader;
        let single = ends.iter().zip(1..).all(|(end, next)| *end == next);
        if !single {
            return Dense { cells, lists: Some((lists, ends)), named };
        }
        for cell in &mut cells {
            *cell = lists.get(*cell as usize).copied().unwrap_or(0);
        }
        Dense { cells, lists: None, named }
    }
}
