//! The allow list: what the analyst knows to be harmless. What it hides is counted, and shown apart.

use serde::{Deserialize, Serialize};

use super::filter::Picked;
use super::rows::Indexed;

/// An entry: rows that have all of this are put aside.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Allowed {
    /// What they have; an entry of nothing puts nothing aside.
    pub all: Vec<Picked>,
    /// Why it is harmless, in the analyst's words.
    pub note: String,
}

/// An entry and what it hides.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct AllowedCount {
    /// The entry.
    pub entry: Allowed,
    /// Rows it puts aside that no entry before it does.
    pub hidden: usize,
    /// Of them those that would stand above the line.
    pub above: usize,
}

/// Puts rows aside, each by the first entry that fits; says what each entry hides.
pub(super) fn apply(rows: &mut [Indexed], list: &[Allowed]) -> Vec<AllowedCount> {
    let mut counts: Vec<AllowedCount> =
        list.iter().map(|entry| AllowedCount { entry: entry.clone(), hidden: 0, above: 0 }).collect();
    for indexed in rows {
        let has = |picked: &Picked| indexed.values.get(picked.field).iter().any(|(value, _)| *value == picked.value);
        let fits = |entry: &Allowed| !entry.all.is_empty() && entry.all.iter().all(has);
        let Some(place) = list.iter().position(fits) else { continue };
        if let Some(count) = counts.get_mut(place) {
            count.hidden += 1;
            count.above += usize::from(indexed.row.above);
        }
        indexed.row.allowed = Some(place);
        indexed.row.above = false;
    }
    counts
}
