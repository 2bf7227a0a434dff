//! How many records of each kind fall into each stretch of time.

use crate::order::Map;

use serde::Serialize;

use crate::analysis::Case;
use crate::events::Place;
use crate::events::vocabulary::Stream;
use crate::order::Arrange;
use crate::sessions::EventRef;

use super::words::millis;

const MINUTE: i64 = 60_000;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;
/// Lengths that a bin can have, in milliseconds.
const STEPS: [i64; 9] = [MINUTE, 5 * MINUTE, 15 * MINUTE, HOUR, 6 * HOUR, DAY, 7 * DAY, 28 * DAY, 364 * DAY];

/// A kind of record, as an analyst exports them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "kebab-case")]
pub enum RecordKind {
    /// A person signed in.
    Interactive,
    /// A client signed in for a person.
    NonInteractive,
    /// Sign-ins of people that did not succeed; of both streams, not an export of its own.
    Failed,
    /// Directory audit.
    Directory,
    /// An application signed in.
    ServicePrincipal,
    /// A managed identity signed in.
    ManagedIdentity,
    /// What was done with mailboxes, files and Graph, and other records that are no sign-ins.
    Activity,
    /// What Identity Protection detected.
    Risk,
}

impl RecordKind {
    /// The kinds that are exported, in the order they are shown.
    pub(super) const EXPORTED: [Self; 5] =
        [Self::Interactive, Self::NonInteractive, Self::Directory, Self::ServicePrincipal, Self::ManagedIdentity];
}

/// Records of one kind in each bin.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Counts {
    /// Which kind.
    pub kind: RecordKind,
    /// How many there are in all.
    pub total: u64,
    /// How many fall in each bin.
    pub counts: Vec<u32>,
    /// Stretches of which the exports hold nothing, from and to in milliseconds: not looked at.
    pub gaps: Vec<[i64; 2]>,
}

/// A stretch of time cut into bins of equal length.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Bins {
    /// Where the first bin begins, in milliseconds UTC.
    pub from: i64,
    /// How long each is, in milliseconds.
    pub step: i64,
    /// How many there are.
    pub bins: usize,
}

#[derive(Debug, Default)]
struct Kind {
    minutes: Map<i64, u32>,
    total: u64,
}

/// All records of the case by kind and minute.
#[derive(Debug, Default)]
pub(super) struct Timeline {
    kinds: Map<RecordKind, Kind>,
}

impl Timeline {
    /// Counts the events of a case. Records that only repeat or complete an event count once.
    pub(super) fn of(case: &Case) -> Self {
        let mut timeline = Self::default();
        let repeats = |of: fn(&EventRef) -> bool| {
            let places = case.also.iter().filter(|(event, _)| of(event)).flat_map(|(_, places)| places);
            let mut places: Vec<(u32, u64)> = places.map(|place: &Place| (place.input, place.record)).collect();
            places.arrange();
            places
        };
        let sign_ins = repeats(|event| matches!(event, EventRef::SignIn(_)));
        for row in case.store.sign_ins.iter() {
            if sign_ins.binary_search(&(row.input, u64::from(row.record))).is_ok() {
                continue;
            }
            let stream = row.stream();
            timeline.add(
                match stream {
                    Stream::Interactive => RecordKind::Interactive,
                    Stream::NonInteractive => RecordKind::NonInteractive,
                    Stream::ServicePrincipal => RecordKind::ServicePrincipal,
                    Stream::ManagedIdentity => RecordKind::ManagedIdentity,
                },
                row.time,
            );
            let outcome = case.store.outcome(row.outcome);
            if stream.is_user() && outcome.known == 1 && outcome.code != 0 {
                timeline.add(RecordKind::Failed, row.time);
            }
        }
        let audits = repeats(|event| matches!(event, EventRef::Audit(_)));
        for row in case.store.audits.iter() {
            if audits.binary_search(&(row.input, u64::from(row.record))).is_err() {
                timeline.add(RecordKind::Directory, row.time);
            }
        }
        let activities = repeats(|event| matches!(event, EventRef::Activity(_)));
        for row in case.store.activities.iter() {
            if activities.binary_search(&(row.input, u64::from(row.record))).is_err() {
                timeline.add(RecordKind::Activity, row.time);
            }
        }
        let risks = repeats(|event| matches!(event, EventRef::Risk(_)));
        for row in case.store.risk_events.iter() {
            if risks.binary_search(&(row.input, u64::from(row.record))).is_err() {
                timeline.add(RecordKind::Risk, row.time);
            }
        }
        timeline
    }

    fn add(&mut self, kind: RecordKind, micros: i64) {
        let kind = self.kinds.entry(kind).or_default();
        *kind.minutes.entry(millis(micros).div_euclid(MINUTE)).or_default() += 1;
        kind.total += 1;
    }

    pub(super) fn total(&self, kind: RecordKind) -> u64 {
        self.kinds.get(&kind).map_or(0, |kind| kind.total)
    }

    /// Whether there is no record of a kind from one moment to another, milliseconds UTC.
    pub(super) fn is_silent(&self, kind: RecordKind, from: i64, to: i64) -> bool {
        let minutes = from.div_euclid(MINUTE)..=to.max(from).div_euclid(MINUTE);
        self.kinds.get(&kind).is_none_or(|kind| kind.minutes.range(minutes).next().is_none())
    }

    /// The kinds that a person would call the log: records of other kinds do not stretch it.
    fn span(&self) -> Option<(i64, i64)> {
        let kinds = || self.kinds.values().filter(|kind| kind.total > 0);
        let first = kinds().filter_map(|kind| kind.minutes.keys().next()).min()?;
        let last = kinds().filter_map(|kind| kind.minutes.keys().next_back()).max()?;
        Some((*first * MINUTE, (*last + 1) * MINUTE))
    }

    /// The span without the one record in a thousand at either end where those stretch it more than
    /// tenfold: a clock that was wrong must not squeeze the rest into one bin.
    fn bulk(&self) -> Option<(i64, i64)> {
        let (first, last) = self.span()?;
        let mut minutes: Map<i64, u64> = Map::new();
        for (kind, counted) in &self.kinds {
            if *kind != RecordKind::Failed {
                for (minute, count) in &counted.minutes {
                    *minutes.entry(*minute).or_default() += u64::from(*count);
                }
            }
        }
        let total: u64 = minutes.values().sum();
        let at = |wanted: u64| {
            let mut seen = 0;
            minutes.iter().find(|(_, count)| {
                seen += **count;
                seen > wanted
            })
        };
        let low = at(total / 1_000).map_or(first, |(minute, _)| minute * MINUTE);
        let high = at(total - 1 - total / 1_000).map_or(last, |(minute, _)| (minute + 1) * MINUTE);
        let stretched = last - first > 10 * (high - low).max(DAY);
        Some(if stretched { (low, high) } else { (first, last) })
    }

    /// Cuts the time of the records into at most `most` bins, none shorter than `least`.
    pub(super) fn bins(&self, most: usize, least: i64) -> Option<Bins> {
        let (first, last) = self.bulk()?;
        let most = i64::try_from(most.max(1)).unwrap_or(i64::MAX);
        let fits = |step: &i64| last.div_euclid(*step) - first.div_euclid(*step) < most;
        let step = STEPS.into_iter().filter(|step| *step >= least).find(fits).unwrap_or(364 * DAY);
        let from = first.div_euclid(step) * step;
        let bins = (last - 1).div_euclid(step) - first.div_euclid(step) + 1;
        Some(Bins { from, step, bins: usize::try_from(bins.clamp(1, 4_000)).unwrap_or(1) })
    }

    /// The records of a kind in each bin. Those outside count in the total only.
    pub(super) fn counts(&self, kind: RecordKind, cut: Bins) -> Counts {
        let mut counts = vec![0_u32; cut.bins];
        let end = cut.from + cut.step * i64::try_from(cut.bins).unwrap_or(0);
        let Some(counted) = self.kinds.get(&kind) else {
            return Counts { kind, total: 0, counts, gaps: vec![[cut.from, end]] };
        };
        for (minute, count) in &counted.minutes {
            let bin = (minute * MINUTE - cut.from).div_euclid(cut.step);
            if let Some(bin) = usize::try_from(bin).ok().and_then(|bin| counts.get_mut(bin)) {
                *bin += count;
            }
        }
        Counts { kind, total: counted.total, counts, gaps: counted.gaps(cut.from, end) }
    }
}

impl Kind {
    /// Ends of the time that these records do not reach: longer than half a day, and more than twice
    /// as long as their longest silence, so that a quiet weekend is not called a gap.
    fn gaps(&self, from: i64, to: i64) -> Vec<[i64; 2]> {
        let (Some(first), Some(last)) = (self.minutes.keys().next(), self.minutes.keys().next_back()) else {
            return vec![[from, to]];
        };
        let minutes: Vec<i64> = self.minutes.keys().copied().collect();
        let silence =
            minutes.windows(2).map(|pair| pair.iter().rev().copied().reduce(|later, earlier| later - earlier));
        let silence = silence.flatten().max().unwrap_or(i64::MAX / MINUTE / 4) * MINUTE;
        let long = |length: i64| length > HOUR * 12 && length > silence.saturating_mul(2);
        let (first, last) = (first * MINUTE, (last + 1) * MINUTE);
        let mut gaps = Vec::new();
        if long(first - from) {
            gaps.push([from, first]);
        }
        if long(to - last) {
            gaps.push([last, to]);
        }
        gaps
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn timeline(kind: RecordKind, hours: impl IntoIterator<Item = i64>) -> Timeline {
        let mut timeline = Timeline::default();
        for hour in hours {
            timeline.add(kind, hour * HOUR * 1_000);
        }
        timeline
    }

    #[test]
    fn bins_are_as_fine_as_fits() {
        let day = timeline(RecordKind::Interactive, 0..24);
        assert_eq!(day.bins(400, MINUTE), Some(Bins { from: 0, step: 5 * MINUTE, bins: 277 }));
        assert_eq!(day.bins(24, MINUTE), Some(Bins { from: 0, step: HOUR, bins: 24 }));
        assert_eq!(day.bins(1, MINUTE), Some(Bins { from: 0, step: DAY, bins: 1 }));
        assert_eq!(day.bins(400, 6 * HOUR), Some(Bins { from: 0, step: 6 * HOUR, bins: 4 }));
        assert_eq!(Timeline::default().bins(400, MINUTE), None);
    }

    #[test]
    fn counts_agree_with_the_total() {
        let day = timeline(RecordKind::Interactive, (0..24).chain(0..24));
        let counts = day.counts(RecordKind::Interactive, day.bins(4, MINUTE).expect("bins"));
        assert_eq!((counts.total, counts.counts.as_slice()), (48, [12, 12, 12, 12].as_slice()));
        assert!(counts.gaps.is_empty());
    }

    #[test]
    fn a_kind_without_records_is_one_gap() {
        let day = timeline(RecordKind::Interactive, 0..24);
        let counts = day.counts(RecordKind::Directory, day.bins(24, MINUTE).expect("bins"));
        assert_eq!((counts.total, counts.gaps.as_slice()), (0, [[0, DAY]].as_slice()));
    }

    #[test]
    fn an_export_that_ends_early_leaves_a_gap_and_a_weekend_does_not() {
        let mut both = timeline(RecordKind::Interactive, 0..240);
        both.add(RecordKind::Directory, 0);
        both.add(RecordKind::Directory, 24 * HOUR * 1_000);
        both.add(RecordKind::Directory, 30 * HOUR * 1_000);
        let cut = both.bins(400, HOUR).expect("bins");
        assert_eq!(both.counts(RecordKind::Directory, cut).gaps, [[30 * HOUR + MINUTE, 240 * HOUR]]);
        both.add(RecordKind::Directory, 140 * HOUR * 1_000);
        assert!(both.counts(RecordKind::Directory, cut).gaps.is_empty());
    }

    #[test]
    fn one_wrong_clock_does_not_squeeze_the_rest() {
        let mut fortnight = timeline(RecordKind::Interactive, 500_000..502_000);
        fortnight.add(RecordKind::Interactive, 0);
        let cut = fortnight.bins(400, HOUR).expect("bins");
        assert_eq!(cut.step, 6 * HOUR);
        assert_eq!(fortnight.counts(RecordKind::Interactive, cut).total, 2_001);
    }
}
