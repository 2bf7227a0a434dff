//! What several detections say in the same way.

use crate::events::time;
use crate::knowledge::results;
use crate::sessions::{EventRef, View};

use super::{Evidence, Role};

/// Evidence in order of time, each event once.
pub(super) fn in_order(view: &View<'_>, mut evidence: Vec<Evidence>) -> Vec<Evidence> {
    evidence.sort_by_key(|item| (time_of(view, item.event), item.event));
    evidence.dedup_by_key(|item| item.event);
    evidence
}

/// Evidence of one role from sign-ins.
pub(super) fn sign_ins(role: Role, numbers: impl IntoIterator<Item = u32>) -> impl Iterator<Item = Evidence> {
    numbers.into_iter().map(move |number| Evidence { role, event: EventRef::SignIn(number) })
}

/// When an event happened, in microseconds UTC.
pub(super) fn time_of(view: &View<'_>, event: EventRef) -> i64 {
    match event {
        EventRef::SignIn(number) => view.store.sign_in(number).map(|row| row.time),
        EventRef::Audit(number) => view.store.audit(number).map(|row| row.time),
        EventRef::Activity(number) => view.store.activities.get(number as usize).map(|row| row.time),
    }
    .unwrap_or(0)
}

/// A length of time in its two largest units, in words.
pub(super) fn duration(micros: i64) -> String {
    let seconds = micros.abs() / 1_000_000;
    let (days, hours, minutes) = (seconds / 86_400, seconds / 3_600 % 24, seconds / 60 % 60);
    match (days, hours, minutes) {
        (0, 0, 0) => format!("{} s", seconds % 60),
        (0, 0, minutes) if seconds % 60 == 0 => format!("{minutes} min"),
        (0, 0, minutes) => format!("{minutes} min {} s", seconds % 60),
        (0, hours, 0) => format!("{hours} h"),
        (0, hours, minutes) => format!("{hours} h {minutes} min"),
        (days, 0, _) => format!("{days} d"),
        (days, hours, _) => format!("{days} d {hours} h"),
    }
}

/// A moment as sentences write it: `12 Nov 15:52:31`.
pub(super) fn moment(micros: i64) -> String {
    chrono::DateTime::from_timestamp_micros(micros)
        .map_or_else(|| time::format_rfc3339(micros), |at| at.format("%-d %b %H:%M:%S").to_string())
}

/// What a failed result means, for a sentence; empty on success.
pub(super) fn failure(code: Option<u32>) -> String {
    match code {
        None | Some(0) => String::new(),
        Some(code) => match results::meaning(code) {
            Some(meaning) => format!(" (refused: {code}, {meaning})"),
            None => format!(" (refused: {code})"),
        },
    }
}
