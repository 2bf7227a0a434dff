//! The third step on threads: people are shared out, range by range.

use std::ops::Range;

use signin_sleuth::analysis::{Case, PersonFindings, detect};
use signin_sleuth::detections::Tuning;

use super::read::work;

/// Ranges for each thread: people differ in how much they did.
const RANGES: usize = 8;

/// Runs all detections on all people.
pub(crate) fn detect_all(case: &Case, tuning: &Tuning, threads: usize) -> Vec<PersonFindings> {
    let people = case.buckets.len();
    let step = people.div_ceil(threads.max(1) * RANGES).max(1);
    let ranges: Vec<Range<usize>> = (0..people).step_by(step).map(|from| from..(from + step).min(people)).collect();
    work(&ranges, threads, |range| detect(case, range.clone(), tuning)).into_iter().flatten().collect()
}
