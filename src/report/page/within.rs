//! The time that is looked at, where that is not all of it.

use std::ops::Range;

use serde::Deserialize;

/// A stretch of time, milliseconds UTC.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(default)]
pub struct Within {
    /// From here on; null is from the first record on.
    pub from: Option<i64>,
    /// Before this; null is to the last record.
    pub to: Option<i64>,
}

impl Within {
    /// The same in microseconds.
    pub(super) fn times(self) -> Range<i64> {
        let micros = |time: i64| time.saturating_mul(1_000);
        self.from.map_or(i64::MIN, micros)..self.to.map_or(i64::MAX, micros)
    }

    /// Whether a time in milliseconds lies in it.
    pub(super) fn has(self, time: i64) -> bool {
        self.from.is_none_or(|from| time >= from) && self.to.is_none_or(|to| time < to)
    }

    /// Whether a stretch of time, its ends in milliseconds, lies in it at least in part.
    pub(super) fn meets(self, first: i64, last: i64) -> bool {
        self.from.is_none_or(|from| last >= from) && self.to.is_none_or(|to| first < to)
    }
}
