//! What records say of their file's clock that also stand in a file of certain time.

use crate::events::offsets::FURTHEST;
use crate::events::vocabulary::Doubts;
use crate::order::Arrange;

use super::swap_day_and_month;

const SECOND: i64 = 1_000_000;
const DAY: i64 = 86_400 * SECOND;
const QUARTER: i64 = 900 * SECOND;
const HOUR: i64 = 4 * QUARTER;

/// Records that must agree: fewer prove nothing.
const LEAST: usize = 3;
/// Of ten records that could be compared, how many must agree.
const OF_TEN: usize = 9;
/// Between two records of the same offset so close together, clocks were not changed to and fro.
const CLOSE: i64 = 28 * DAY;

/// A record of an open file that has a certain time elsewhere.
#[derive(Clone, Copy, Debug)]
pub(super) struct Match {
    /// As the open file has it.
    pub(super) local: i64,
    /// What the open file leaves open.
    pub(super) doubts: Doubts,
    /// As the other file has it, in UTC.
    pub(super) utc: i64,
}

/// Which comes first in the dates of a file, day (`true`) or month, and how many records say so.
pub(super) fn order(matches: &[Match]) -> Option<(bool, u64)> {
    let mut votes = [0_usize; 2];
    for one in matches.iter().filter(|one| one.doubts.has(Doubts::ORDER)) {
        let furthest = if one.doubts.has(Doubts::ZONE) { FURTHEST } else { SECOND };
        let fits = |local: i64| local.abs_diff(one.utc) <= furthest.unsigned_abs();
        match (fits(one.local), fits(swap_day_and_month(one.local))) {
            (true, false) => votes[0] += 1,
            (false, true) => votes[1] += 1,
            _ => {}
        }
    }
    let [month, day] = votes;
    let most = month.max(day);
    (most >= LEAST && most * 10 >= (month + day) * OF_TEN).then_some((day > month, most as u64))
}

/// A run of records, one after the other by their local time, that agree on the offset.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Run {
    first: i64,
    last: i64,
    east: i64,
    records: usize,
}

/// How far ahead of UTC the clock of a file was, as far as its records prove it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Runs(Vec<Run>);

impl Runs {
    /// From records whose zone is open and whose order of day and month is not. Nothing unless nearly all
    /// are off by whole quarters of an hour, and by one number of them, or by two that an hour lies between,
    /// as where clocks are changed.
    pub(super) fn find(matches: &[Match]) -> Option<Self> {
        let open = |one: &&Match| one.doubts.has(Doubts::ZONE) && !one.doubts.has(Doubts::ORDER);
        let mut points: Vec<(i64, Option<i64>)> =
            matches.iter().filter(open).map(|one| (one.local, quarters(one.local.saturating_sub(one.utc)))).collect();
        points.arrange();
        let mut runs: Vec<Run> = Vec::new();
        for (local, east) in points.iter().filter_map(|(local, east)| Some((*local, (*east)?))) {
            let goes_on = |run: &&mut Run| {
                run.east == east && (local.saturating_sub(run.last) <= CLOSE || !may_change(run.last, local))
            };
            match runs.last_mut().filter(goes_on) {
                Some(run) => (run.last, run.records) = (local, run.records + 1),
                None => runs.push(Run { first: local, last: local, east, records: 1 }),
            }
        }
        runs.retain(|run| run.records >= LEAST);
        let agree: usize = runs.iter().map(|run| run.records).sum();
        let (least, most) = (runs.iter().map(|run| run.east).min()?, runs.iter().map(|run| run.east).max()?);
        let like_one = most - least == 0 || most - least == HOUR;
        let two = runs.iter().all(|run| run.east == least || run.east == most);
        (like_one && two && agree * 10 >= points.len() * OF_TEN).then_some(Self(runs))
    }

    /// The moment at which the file's clock showed this time; nothing where it may have been changed
    /// between the time and the records that are known.
    pub(super) fn utc(&self, local: i64) -> Option<i64> {
        let place = self.0.partition_point(|run| run.first <= local);
        let before = place.checked_sub(1).and_then(|place| self.0.get(place));
        let after = self.0.get(place);
        let of_before = before.filter(|run| local <= run.last || !may_change(run.last, local));
        let of_after = after.filter(|run| !may_change(local, run.first));
        let east = match (of_before, of_after) {
            (Some(before), Some(after)) => (before.east == after.east).then_some(before.east),
            (run, other) => run.or(other).map(|run| run.east),
        };
        local.checked_sub(east?)
    }

    /// The offsets, in microseconds ahead of UTC.
    pub(super) fn offsets(&self) -> Vec<i64> {
        let mut offsets: Vec<i64> = self.0.iter().map(|run| run.east).collect();
        offsets.arrange();
        offsets.dedup();
        offsets
    }

    /// How many records say so.
    pub(super) fn records(&self) -> u64 {
        self.0.iter().map(|run| run.records as u64).sum()
    }
}

/// A distance as whole quarters of an hour, where it is: exports cut off fractions of a second.
fn quarters(distance: i64) -> Option<i64> {
    let whole = distance.saturating_add(QUARTER / 2).div_euclid(QUARTER).checked_mul(QUARTER)?;
    let near = distance.abs_diff(whole) < SECOND.unsigned_abs();
    (near && whole.abs() <= FURTHEST).then_some(whole)
}

/// Whether clocks may have been changed from one local time to a later one. All over the world that is
/// done between a Friday and a Sunday of March, April, September, October or November.
fn may_change(from: i64, to: i64) -> bool {
    let (from, to) = (from.div_euclid(DAY), to.div_euclid(DAY));
    // A longer time holds such a day for sure.
    to.saturating_sub(from) > 200 || (from..=to).any(is_day_of_change)
}

fn is_day_of_change(day: i64) -> bool {
    use chrono::{DateTime, Datelike as _, Weekday};
    let date = day.checked_mul(86_400).and_then(|seconds| DateTime::from_timestamp(seconds, 0));
    date.is_none_or(|date| {
        matches!(date.weekday(), Weekday::Fri | Weekday::Sat | Weekday::Sun) && matches!(date.month(), 3 | 4 | 9..=11)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::events::time::{format_rfc3339, parse_iso};

    fn at(text: &str) -> i64 {
        parse_iso(text.as_bytes()).expect("a time").micros
    }

    fn zoned(local: &str, utc: &str) -> Match {
        Match { local: at(local), doubts: Doubts::ZONE, utc: at(utc) }
    }

    fn told(runs: &Runs, local: &str) -> Option<String> {
        runs.utc(at(local)).map(|utc| format_rfc3339(utc)[..16].to_owned())
    }

    #[test]
    fn three_records_that_agree_are_a_zone() {
        let three = [
            zoned("2026-06-01T10:00:00Z", "2026-06-01T04:30:00.25Z"),
            zoned("2026-06-01T11:00:00Z", "2026-06-01T05:30:00Z"),
            zoned("2026-06-02T00:10:00Z", "2026-06-01T18:40:00Z"),
        ];
        let runs = Runs::find(&three).expect("a zone");
        assert_eq!((runs.offsets(), runs.records()), (vec![HOUR * 11 / 2], 3));
        assert_eq!(told(&runs, "2026-06-20T00:00:00Z").as_deref(), Some("2026-06-19T18:30"));
        assert_eq!(Runs::find(&three[..2]), None, "two are not enough");
        let off = zoned("2026-06-01T10:05:00Z", "2026-06-01T04:30:00Z");
        assert_eq!(Runs::find(&[three[0], three[1], three[2], off]), None, "one in four disagrees");
        let far = [1, 2, 3].map(|_| zoned("2026-06-03T10:00:00Z", "2026-06-01T10:00:00Z"));
        assert_eq!(Runs::find(&far), None, "two days are no zone");
    }

    #[test]
    fn clocks_that_are_changed_are_followed_and_the_hours_between_stay_open() {
        let mut records = vec![];
        for day in 12..=22 {
            records.push(zoned(&format!("2026-10-{day}T10:00:00Z"), &format!("2026-10-{day}T08:00:00Z")));
        }
        for day in 27..=31 {
            records.push(zoned(&format!("2026-10-{day}T10:00:00Z"), &format!("2026-10-{day}T09:00:00Z")));
        }
        let runs = Runs::find(&records).expect("a zone");
        assert_eq!(runs.offsets(), [HOUR, 2 * HOUR]);
        for (local, utc) in [
            ("2026-10-15T12:00:00Z", Some("2026-10-15T10:00")),
            ("2026-10-22T23:00:00Z", Some("2026-10-22T21:00")),
            ("2026-10-24T12:00:00Z", None),
            ("2026-10-25T12:00:00Z", None),
            ("2026-10-26T12:00:00Z", Some("2026-10-26T11:00")),
            ("2026-10-28T12:00:00Z", Some("2026-10-28T11:00")),
            // From one weekend on, nobody knows.
            ("2026-10-11T12:00:00Z", None),
            ("2026-12-11T12:00:00Z", None),
        ] {
            assert_eq!(told(&runs, local).as_deref(), utc, "{local}");
        }
    }

    #[test]
    fn the_order_of_day_and_month_is_that_which_fits() {
        let both = Doubts::ZONE.with(Doubts::ORDER);
        let read = |local: &str, utc: &str| Match { local: at(local), doubts: both, utc: at(utc) };
        let day_first = [
            read("2026-02-03T10:00:00Z", "2026-03-02T09:00:00Z"),
            read("2026-04-03T10:00:00Z", "2026-03-04T09:00:00Z"),
            read("2026-05-03T23:50:00Z", "2026-03-05T22:50:00Z"),
        ];
        assert_eq!(order(&day_first), Some((true, 3)));
        assert_eq!(order(&day_first[1..]), None);
        let month_first = day_first.map(|one| Match { utc: one.local - HOUR, ..one });
        assert_eq!(order(&month_first), Some((false, 3)));
        assert_eq!(order(&[day_first, month_first].concat()), None, "they disagree");
    }
}
