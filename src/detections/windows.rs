//! Windows over the events of one person: where enough of them come close together.

use std::ops::{Range, RangeInclusive};

/// Runs of events of which every one lies in a window that begins with an event, is so long
/// (inclusive) and holds at least so many. `times` ascend.
pub(super) fn runs(times: &[i64], least: usize, window: i64) -> Vec<Range<usize>> {
    let mut found: Vec<Range<usize>> = Vec::new();
    let mut end = 0;
    for (start, from) in times.iter().enumerate() {
        while times.get(end).is_some_and(|time| *time <= from.saturating_add(window)) {
            end += 1;
        }
        // Of one moment, the first stands for all.
        let first = start.checked_sub(1).and_then(|before| times.get(before)).is_none_or(|before| before != from);
        if first && end - start >= least.max(1) {
            match found.last_mut() {
                Some(last) if start < last.end => last.end = end,
                _ => found.push(start..end),
            }
        }
    }
    found
}

/// The items of a span of time, both ends included. `items` ascend by `time`.
pub(super) fn within<T>(items: &[T], span: RangeInclusive<i64>, time: impl Fn(&T) -> i64) -> &[T] {
    let from = items.partition_point(|item| time(item) < *span.start());
    let rest = items.get(from..).unwrap_or_default();
    rest.get(..rest.partition_point(|item| time(item) <= *span.end())).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_are_what_two_loops_find() {
        let mut state = 5_u64;
        let mut random = |below: u64| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 33) % below
        };
        let mut total = 0;
        for _ in 0..2_000 {
            let mut times: Vec<i64> = (0..random(20)).map(|_| random(50) as i64).collect();
            times.sort_unstable();
            let inside = |time: i64| {
                times.iter().any(|&from| {
                    let window = || times.iter().filter(|other| (from..=from + 6).contains(other));
                    window().count() >= 4 && (from..=from + 6).contains(&time)
                })
            };
            let expected: Vec<i64> = times.iter().copied().filter(|time| inside(*time)).collect();
            let found: Vec<i64> = runs(&times, 4, 6).into_iter().flatten().map(|place| times[place]).collect();
            assert_eq!(found, expected, "{times:?}");
            total += found.len();
        }
        assert!(total > 1_000);
    }

    #[test]
    fn runs_that_do_not_touch_are_two() {
        assert_eq!(runs(&[0, 1, 2, 50, 51, 52], 3, 2), [0..3, 3..6]);
        assert_eq!(runs(&[0, 1, 2, 3, 4, 50, 51, 52], 3, 2), [0..5, 5..8]);
        assert!(runs(&[0, 1, 3], 3, 2).is_empty());
        assert!(runs(&[], 0, 2).is_empty());
    }

    #[test]
    fn both_ends_are_within() {
        let times = [1, 3, 3, 5];
        let of = |span: RangeInclusive<i64>| within(&times, span, |time| *time).to_vec();
        assert_eq!(of(3..=5), [3, 3, 5]);
        assert_eq!(of(2..=4), [3, 3]);
        assert!(of(4..=4).is_empty() && of(6..=9).is_empty());
        assert_eq!(of(i64::MIN..=i64::MAX), times);
    }
}
