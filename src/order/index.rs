//! The places of things in the order of the things: what maps and sets keep beside their entries. None of it
//! depends on what the things are, so all share this code.

use std::cmp::Ordering;

/// As many places stand in one run at most: short enough to move, long enough to be few.
const LONG: usize = 512;

/// Places in order, in runs.
#[derive(Clone, Debug, Default)]
pub(super) struct Index {
    /// None is empty.
    runs: Vec<Vec<u32>>,
}

/// Where a place stands, or would.
#[derive(Clone, Copy)]
pub(super) struct At {
    run: usize,
    within: usize,
}

/// Places in order, from both ends.
pub(super) type Places<'a> = std::iter::Copied<std::iter::Flatten<std::slice::Iter<'a, Vec<u32>>>>;

impl Index {
    /// No places.
    pub(super) const fn new() -> Self {
        Self { runs: Vec::new() }
    }

    /// Where stands what `compare` calls equal, or else where it belongs. `compare` says how the thing at a
    /// place stands to what is looked for.
    pub(super) fn find(&self, compare: &mut dyn FnMut(usize) -> Ordering) -> Result<At, At> {
        let is_before = |run: &Vec<u32>| run.last().is_some_and(|place| compare(*place as usize).is_lt());
        let run = self.runs.partition_point(is_before);
        let Some(places) = self.runs.get(run) else {
            let within = self.runs.last().map_or(0, Vec::len);
            return Err(At { run: run.saturating_sub(1), within });
        };
        match places.binary_search_by(|place| compare(*place as usize)) {
            Ok(within) => Ok(At { run, within }),
            Err(within) => Err(At { run, within }),
        }
    }

    /// The place that stands there.
    pub(super) fn at(&self, at: At) -> Option<usize> {
        self.runs.get(at.run)?.get(at.within).map(|place| *place as usize)
    }

    /// Puts a place where [`Index::find`] said that it belongs.
    pub(super) fn insert(&mut self, at: At, place: usize) {
        let place = u32::try_from(place).unwrap_or(u32::MAX);
        let Some(run) = self.runs.get_mut(at.run) else {
            self.runs.push(vec![place]);
            return;
        };
        if run.len() < LONG {
            run.insert(at.within, place);
            return;
        }
        // What comes in order leaves full runs behind.
        let mut tail = if at.within == run.len() { Vec::new() } else { run.split_off(LONG / 2) };
        match at.within.checked_sub(run.len()) {
            Some(within) => tail.insert(within, place),
            None => run.insert(at.within, place),
        }
        self.runs.insert(at.run + 1, tail);
    }

    /// Takes a place out. The things after it keep their places.
    pub(super) fn remove(&mut self, at: At) {
        if let Some(run) = self.runs.get_mut(at.run) {
            run.remove(at.within);
            if run.is_empty() {
                self.runs.remove(at.run);
            }
        }
    }

    /// Has another place stand there.
    pub(super) fn set(&mut self, at: At, place: usize) {
        if let Some(here) = self.runs.get_mut(at.run).and_then(|run| run.get_mut(at.within)) {
            *here = u32::try_from(place).unwrap_or(u32::MAX);
        }
    }

    /// The first.
    pub(super) fn first(&self) -> At {
        At { run: 0, within: 0 }
    }

    /// The last.
    pub(super) fn last(&self) -> At {
        At {
            run: self.runs.len().saturating_sub(1),
            within: self.runs.last().map_or(0, |run| run.len().saturating_sub(1)),
        }
    }

    /// All places in order.
    pub(super) fn places(&self) -> Places<'_> {
        self.runs.iter().flatten().copied()
    }

    /// The places from there on, in order.
    pub(super) fn places_from(&self, at: At) -> impl Iterator<Item = usize> + '_ {
        self.runs.get(at.run..).unwrap_or_default().iter().flatten().skip(at.within).map(|place| *place as usize)
    }

    /// Places as they are when things stand in order themselves.
    pub(super) fn straight(len: usize) -> Self {
        let all: Vec<u32> = (0..len).map(|place| u32::try_from(place).unwrap_or(u32::MAX)).collect();
        Self { runs: all.chunks(LONG).map(<[u32]>::to_vec).collect() }
    }

    /// Brings things into order with `swap`, after which places are straight.
    pub(super) fn settle(&mut self, len: usize, swap: &mut dyn FnMut(usize, usize)) {
        let mut places: Vec<usize> = self.places().map(|place| place as usize).collect();
        if !places.is_sorted() {
            super::follow(&mut places, swap);
            *self = Self::straight(len);
        }
    }
}
