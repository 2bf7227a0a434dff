//! Works columns out, a part at a time: whoever asks something else meanwhile is not waited for.

use crate::analysis::Case;
use crate::events::tuples::Device;
use crate::order::cells::Cells;
use crate::order::number::{NONE, Pairs, anew};

use super::column::{Column, Record, raw};
use super::dense::{Dense, Index};
use super::reader::Learnt;

/// Sign-ins looked at in one part.
const LOOKED_AT: usize = 150_000;
/// Of those whose values differ, how many are learnt from in one part.
const LEARNT: usize = 8_000;

/// A column as far as it is worked out.
#[derive(Debug)]
pub(super) struct Making {
    pub(super) column: Column,
    /// What decides the values of each sign-in in the order of [`Index::places`], as [`raw`] has it; then a number of
    /// its own for all that have the same.
    numbers: Vec<u32>,
    /// The second of what decides, where one is not enough.
    seconds: Vec<u32>,
    /// The first sign-in of each number, once all are looked at.
    firsts: Option<Vec<u32>>,
    learnt: Learnt,
    /// Sign-ins that were learnt from, and whose each is.
    lessons: Vec<(u32, u32)>,
    /// Where the values of each number begin.
    begins: Vec<u32>,
}

impl Making {
    pub(super) fn new(case: &Case, column: Column) -> Self {
        let (numbers, seconds, lessons, begins) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        Self { column, numbers, seconds, firsts: None, learnt: Learnt::new(case, column), lessons, begins }
    }

    /// Does a part; the column, once it is whole.
    pub(super) fn go_on(&mut self, case: &Case, index: &Index) -> Option<Dense> {
        let Some(firsts) = &self.firsts else {
            self.look(case, index);
            if self.numbers.len() == index.places.len() {
                self.number(case, index);
            }
            return None;
        };
        let left = firsts.get(self.begins.len()..).unwrap_or_default();
        for first in left.iter().take(LEARNT) {
            let found = index.sign_in(*first as usize).and_then(|found| Some((case.store.sign_in(found.0)?, found)));
            self.begins
                .push(found.map_or(0, |(row, (_, person))| self.learnt.learn(case, Record::SignIn(row, person)).0));
            self.lessons.extend(found.map(|(_, found)| found));
        }
        (left.len() <= LEARNT).then(|| self.finish(case, index))
    }

    /// Looks at some more sign-ins.
    fn look(&mut self, case: &Case, index: &Index) {
        let from = self.numbers.len();
        let to = index.places.len().min(from + LOOKED_AT);
        let is_double = matches!(self.column, Column::Network | Column::Agent | Column::Session);
        self.numbers.reserve_exact(index.places.len() - from);
        for entry in from..to {
            let found = index.sign_in(entry).and_then(|(number, person)| Some((case.store.sign_in(number)?, person)));
            let (one, two) = found.map_or((0, 0), |(row, person)| raw(case, self.column, Record::SignIn(row, person)));
            self.numbers.push(one);
            if is_double {
                self.seconds.push(two);
            }
        }
    }

    /// Gives what decides numbers of its own.
    fn number(&mut self, case: &Case, index: &Index) {
        if self.column == Column::Agent {
            // Of a device only its system and browser matter.
            let mut pairs = Pairs::new(case.store.texts.seed());
            let mut kind = |device: &Device| pairs.number(device.system.0, device.browser.0, NONE);
            let kinds: Vec<u32> = case.store.devices.rows().iter().map(&mut kind).collect();
            for two in &mut self.seconds {
                *two = kinds.get((*two as usize).saturating_sub(1)).copied().unwrap_or(NONE);
            }
        }
        self.firsts = Some(anew(&mut self.numbers, &self.seconds, &index.places, case.store.texts.seed()));
        self.seconds = Vec::new();
    }

    fn finish(&mut self, case: &Case, index: &Index) -> Dense {
        let learnt = std::mem::replace(&mut self.learnt, Learnt::new(case, self.column));
        let Learnt { lists, ends, values, .. } = learnt;
        let is_single = ends.iter().zip(1..).all(|(end, next)| *end == next);
        if is_single {
            for begin in &mut self.begins {
                *begin = lists.get(*begin as usize).copied().unwrap_or(0);
            }
        }
        let width = self.begins.iter().max().map_or(0, |most| *most as usize + 1);
        let mut cells = Cells::new(index.order.len(), width);
        cells.put(&self.numbers, &index.places, &self.begins);
        let lists = (!is_single).then_some((lists, ends));
        Dense { column: self.column, cells, lists, values, lessons: std::mem::take(&mut self.lessons) }
    }
}
