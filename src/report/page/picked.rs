//! Which records have the values that are wanted: those that stand in columns, and those that are read.

use std::borrow::Borrow;
use std::rc::Rc;

use crate::analysis::Case;
use crate::order::cells::Wanted;

use super::column::{Column, Reader, Record};
use super::dense::{Dense, Index};
use super::tally::Match;

/// Which places have the values that are wanted.
pub(super) struct Picked(Vec<(Rc<Dense>, Wanted)>);

impl Picked {
    pub(super) fn of(case: &Case, index: &Index, only: &[Match]) -> Self {
        let mut columns: Vec<(Column, Vec<&Match>)> = Vec::new();
        for wanted in only {
            match columns.iter_mut().find(|(column, _)| *column == wanted.column) {
                Some((_, all)) => all.push(wanted),
                None => columns.push((wanted.column, vec![wanted])),
            }
        }
        let said = |(column, wanted): (Column, Vec<&Match>)| {
            let dense = index.column(case, column);
            let mut said = vec![Said::of(None, &wanted); dense.values.width()];
            for one in &wanted {
                let number = dense.values.number(one.value.as_deref());
                if let Some(said) = number.and_then(|number| said.get_mut(number as usize)) {
                    *said = Said::of(Some(one.value.as_deref()), &wanted);
                }
            }
            let wanted = dense.wanted(|numbers| takes(&said, numbers));
            (dense, wanted)
        };
        Self(columns.into_iter().map(said).collect())
    }

    pub(super) fn takes(&self, place: usize) -> bool {
        let is = |(column, wanted): &(Rc<Dense>, Wanted)| column.cell(place).is_some_and(|cell| wanted.has(cell));
        self.0.iter().all(is)
    }

    /// Says which places from one on have them.
    pub(super) fn keep(&self, from: usize, taken: &mut [bool]) {
        for (column, wanted) in &self.0 {
            column.keep(wanted, from, taken);
        }
    }
}

/// Values wanted of one column.
pub(super) struct Filter<'a> {
    reader: Reader<'a>,
    wanted: Vec<Match>,
    /// Of each value met: what it says.
    said: Vec<Said>,
}

/// What is wanted of a value.
#[derive(Clone, Copy, Default)]
pub(super) struct Said {
    takes: bool,
    refuses: bool,
}

impl Said {
    /// Of a value; nothing is one that is not named.
    fn of(value: Option<Option<&str>>, wanted: &[impl Borrow<Match>]) -> Self {
        let mut wanted = wanted.iter().map(Borrow::borrow);
        let says = |not: bool| move |one: &Match| one.not == not && Some(one.value.as_deref()) == value;
        let is_not = wanted.clone().all(|one| one.not);
        Self { takes: is_not || wanted.clone().any(says(false)), refuses: wanted.any(says(true)) }
    }
}

/// Whether one of the values may be, and none must not.
fn takes(said: &[Said], numbers: &[u32]) -> bool {
    let says = |number: &u32| said.get(*number as usize).copied().unwrap_or_default();
    numbers.iter().any(|number| says(number).takes) && !numbers.iter().any(|number| says(number).refuses)
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

impl<'a> Filter<'a> {
    /// Whether a record has one of the values that it may have, and none that it must not.
    pub(super) fn takes(&mut self, record: Record<'a>) -> bool {
        // A reader keeps what it learnt: the second time it only looks up.
        let known = self.reader.read(record).iter().max().is_none_or(|most| (*most as usize) < self.said.len());
        if !known {
            let values = self.reader.values();
            let numbers = self.said.len() as u32..values.width() as u32;
            self.said.extend(numbers.map(|number| Said::of(Some(values.value(number)), &self.wanted)));
        }
        takes(&self.said, self.reader.read(record))
    }
}
