//! Pairs of events of one session: an earlier and a later one of different kinds, within so many
//! minutes. Counted in one sweep: a session of 100,000 events costs no more than its length.

use crate::order::Map;
use std::ops::Range;

use crate::events::SignIn;

use super::Evidence;
use super::evidence::sign_ins;

/// An event as pairing sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Point {
    /// Number of the sign-in.
    pub(super) number: u32,
    /// Minute it falls in. Their difference is what Kusto's `datetime_diff('minute', …)` counts:
    /// boundaries of minutes, not elapsed minutes.
    pub(super) minute: i64,
    /// The two of a pair are of different kinds.
    pub(super) kind: u32,
}

impl Point {
    /// A sign-in of a kind.
    pub(super) fn new(number: u32, row: &SignIn, kind: u32) -> Self {
        Self { number, minute: row.time.div_euclid(60_000_000), kind }
    }
}

/// Pairs of earlier and later events, each in order of time: the later is in the same minute or a
/// following one, at most so many minutes on, and of another kind.
#[derive(Debug)]
pub(super) struct Pairs<'a> {
    firsts: &'a [Point],
    seconds: &'a [Point],
    /// Of each second: how many firsts it is paired with, and between which they stand.
    partners: Vec<(u64, Range<usize>)>,
    /// Of each first, how many seconds.
    followers: Vec<(u64, Range<usize>)>,
    /// Of each first, the one before it that is of another kind.
    before: Vec<Option<usize>>,
}

impl<'a> Pairs<'a> {
    pub(super) fn new(firsts: &'a [Point], seconds: &'a [Point], most_minutes: Option<i64>) -> Self {
        let most = most_minutes.unwrap_or(i64::MAX / 4);
        let mut before: Vec<Option<usize>> = Vec::with_capacity(firsts.len());
        for (index, first) in firsts.iter().enumerate() {
            let previous = index.checked_sub(1);
            let kind = previous.and_then(|previous| firsts.get(previous)).map(|point| point.kind);
            let same = kind == Some(first.kind);
            before.push(if same { before.last().copied().flatten() } else { previous });
        }
        Self {
            firsts,
            seconds,
            partners: sweep(seconds, firsts, -most, 0),
            followers: sweep(firsts, seconds, 0, most),
            before,
        }
    }

    /// What was given as firsts, in a pair or not.
    pub(super) fn all_firsts(&self) -> &'a [Point] {
        self.firsts
    }

    /// What was given as seconds, in a pair or not.
    pub(super) fn all_seconds(&self) -> &'a [Point] {
        self.seconds
    }

    /// How many pairs there are.
    pub(super) fn count(&self) -> u64 {
        self.partners.iter().map(|(count, _)| count).sum()
    }

    /// Numbers of the firsts that are in a pair.
    pub(super) fn firsts(&self) -> impl Iterator<Item = u32> {
        self.firsts.iter().zip(&self.followers).filter(|(_, (count, _))| *count > 0).map(|(point, _)| point.number)
    }

    /// Seconds that are in a pair, by their place.
    pub(super) fn seconds(&self) -> impl Iterator<Item = (usize, Point)> {
        self.seconds
            .iter()
            .copied()
            .enumerate()
            .filter(|(place, _)| self.partners.get(*place).is_some_and(|(count, _)| *count > 0))
    }

    /// Firsts that the second at this place is paired with, the nearest first.
    pub(super) fn of(&self, place: usize) -> impl Iterator<Item = Point> {
        let kind = self.seconds.get(place).map(|point| point.kind);
        let (start, end) = self.partners.get(place).map_or((0, 0), |(_, window)| (window.start, window.end));
        // The first at or before an index that is of another kind.
        let other = move |from: Option<usize>| {
            let index = from?;
            let same = self.firsts.get(index).map(|point| point.kind) == kind;
            let found = if same { self.before.get(index).copied().flatten()? } else { index };
            (found >= start).then_some(found)
        };
        std::iter::successors(other(end.checked_sub(1)), move |index| other(index.checked_sub(1)))
            .filter_map(|index| self.firsts.get(index).copied())
    }

    /// Numbers of the two of each pair, by the second and then the nearest first.
    pub(super) fn numbers(&self) -> impl Iterator<Item = (u32, u32)> {
        self.seconds().flat_map(|(place, second)| self.of(place).map(move |first| (first.number, second.number)))
    }

    /// All that are in a pair, as evidence.
    pub(super) fn evidence(&self) -> impl Iterator<Item = Evidence> {
        sign_ins("first", self.firsts()).chain(sign_ins("second", self.seconds().map(|(_, second)| second.number)))
    }

    /// The fewest minutes between the two of a pair.
    pub(super) fn smallest_gap(&self) -> Option<i64> {
        self.seconds().filter_map(|(place, second)| Some(second.minute - self.of(place).next()?.minute)).min()
    }
}

/// Of each point, how many of the others are of another kind and lie from `from` to `to` minutes
/// after it, and the range of all others that do, whatever their kind.
fn sweep(points: &[Point], others: &[Point], from: i64, to: i64) -> Vec<(u64, Range<usize>)> {
    let mut kinds: Map<u32, u64> = Map::new();
    let mut window = 0..0;
    let mut found = Vec::with_capacity(points.len());
    for point in points {
        while let Some(other) = others.get(window.end).filter(|other| other.minute - point.minute <= to) {
            *kinds.entry(other.kind).or_default() += 1;
            window.end += 1;
        }
        while let Some(other) = others.get(window.start).filter(|other| other.minute - point.minute < from) {
            kinds.entry(other.kind).and_modify(|count| *count = count.saturating_sub(1));
            window.start += 1;
        }
        let same = kinds.get(&point.kind).copied().unwrap_or(0);
        found.push((window.len() as u64 - same, window.clone()));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The definition, by two loops.
    fn plain(firsts: &[Point], seconds: &[Point], most: Option<i64>) -> Vec<(u32, u32)> {
        let mut pairs = Vec::new();
        for second in seconds {
            for first in firsts.iter().rev() {
                let gap = second.minute - first.minute;
                if gap >= 0 && most.is_none_or(|most| gap <= most) && first.kind != second.kind {
                    pairs.push((first.number, second.number));
                }
            }
        }
        pairs
    }

    fn points(random: &mut impl FnMut(u32) -> u32, base: u32) -> Vec<Point> {
        let mut minute = i64::from(random(5)) - 3;
        (0..random(14))
            .map(|index| {
                minute += i64::from(random(4));
                Point { number: base + index, minute, kind: random(3) }
            })
            .collect()
    }

    #[test]
    fn the_sweep_finds_what_two_loops_find() {
        let mut state = 7_u64;
        let mut random = |below: u32| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            ((state >> 33) % u64::from(below)) as u32
        };
        let mut total = 0;
        for _ in 0..3_000 {
            let (firsts, seconds) = (points(&mut random, 0), points(&mut random, 100));
            for most in [None, Some(0), Some(1), Some(5)] {
                let pairs = Pairs::new(&firsts, &seconds, most);
                let expected = plain(&firsts, &seconds, most);
                assert_eq!(pairs.numbers().collect::<Vec<_>>(), expected);
                assert_eq!(pairs.count(), expected.len() as u64);
                let mut taking_part: Vec<u32> = expected.iter().map(|(first, _)| *first).collect();
                taking_part.sort_unstable();
                taking_part.dedup();
                assert_eq!(pairs.firsts().collect::<Vec<_>>(), taking_part);
                let minute = |all: &[Point], number| all.iter().find(|p| p.number == number).map_or(0, |p| p.minute);
                let gaps = expected.iter().map(|(first, second)| minute(&seconds, *second) - minute(&firsts, *first));
                assert_eq!(pairs.smallest_gap(), gaps.min());
                total += expected.len();
            }
        }
        assert!(total > 10_000);
    }
}
