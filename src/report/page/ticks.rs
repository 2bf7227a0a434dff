//! When something was, in a row of a chart: which parts of a time have records.

use crate::order::Map;

use super::dense::{Dense, Index};
use super::picked::Picked;
use super::tally::TalliedRow;
use super::within::Within;
use super::words::millis;

/// Parts of a time of which it is told whether they have records.
pub(super) const TICKS: i64 = 256;

/// Tells of rows of users when the records were that are picked: those of a user stand together, and nobody else's are
/// looked at.
pub(super) fn tell(
    (index, users): (&Index, &Dense),
    picked: &Picked,
    within: Within,
    between: [i64; 2],
    rows: &mut [TalliedRow],
) {
    let number = |row: &TalliedRow| users.values.number(row.values.first()?.value.as_deref());
    let of: Map<u32, usize> =
        rows.iter().enumerate().filter_map(|(place, row)| number(row).map(|number| (number, place))).collect();
    let mut all: Vec<Ticks> = rows.iter().map(|_| Ticks::new(between)).collect();
    let times = within.times();
    for share in &index.shares {
        let user = users.cell(share.start).and_then(|user| of.get(&user));
        let Some(ticks) = user.and_then(|place| all.get_mut(*place)) else { continue };
        for place in share.clone().filter(|place| picked.takes(*place)) {
            let record = index.time.get(place).zip(index.refused.get(place));
            if let Some((time, refused)) = record.filter(|(time, _)| times.contains(time)) {
                ticks.add(millis(*time), *refused);
            }
        }
    }
    rows.iter_mut().zip(all).for_each(|(row, ticks)| row.ticks = ticks.told());
}

/// Parts of a time, a bit each: those with records that were not refused, and those with ones that were.
#[derive(Default)]
pub(super) struct Ticks {
    between: [i64; 2],
    taken: [[u64; 4]; 2],
}

impl Ticks {
    /// Between two times, milliseconds UTC.
    pub(super) fn new(between: [i64; 2]) -> Self {
        Self { between, ..Self::default() }
    }

    pub(super) fn add(&mut self, time: i64, refused: bool) {
        let [from, to] = self.between;
        let part = (time - from).saturating_mul(TICKS) / (to - from + 1).max(1);
        let Ok(part) = usize::try_from(part.clamp(0, TICKS - 1)) else { return };
        let [taken, turned_away] = &mut self.taken;
        let words = if refused { turned_away } else { taken };
        if let Some(word) = words.get_mut(part / 64) {
            *word |= 1 << (part % 64);
        }
    }

    pub(super) fn told(&self) -> Vec<(u8, bool)> {
        let [taken, turned_away] = &self.taken;
        let has = |words: &[u64; 4], part: u8| {
            words.get(usize::from(part / 64)).is_some_and(|word| word >> (part % 64) & 1 == 1)
        };
        let told = |part: u8| match (has(taken, part), has(turned_away, part)) {
            (false, false) => None,
            (taken, _) => Some((part, !taken)),
        };
        (0..=u8::MAX).filter_map(told).collect()
    }
}
