//! What to know of the times of an input.

use crate::analysis::Input;
use crate::events::time::DayOrderEvidence;
use crate::words::{figure, list};

use super::NoticeKind;

/// How a person tells a zone, here and there.
const TELL_ZONE: &str = "Say in which zone it was written (beside the file on the page, or --zone FILE=Europe/Berlin), or export it in UTC.";
/// How a person tells an order of day and month.
const TELL_ORDER: &str =
    "Say which comes first (beside the file on the page, or --day-order FILE=day-first), or export dates in ISO 8601.";

/// Where seconds are to be had.
const TELL_SECONDS: &str =
    "Use the file as it was exported, not one saved by a spreadsheet; of Hawk's files its raw ones or its JSON.";

pub(super) fn of_input(input: &Input, add: &mut dyn FnMut(NoticeKind, String, &str)) {
    let clock = &input.clock;
    let joined = "they are shown as if they were UTC, and compared with no other file's";
    if clock.open_zone > 0 && input.local_times > 0 {
        let text = format!(
            "{} events have times in a local zone, and nothing says in which: {joined}.",
            figure(clock.open_zone)
        );
        add(NoticeKind::LocalTime, text, TELL_ZONE);
    } else if clock.open_zone > 0 {
        let text = format!("{} events have times that name no zone: {joined}.", figure(clock.open_zone));
        add(NoticeKind::NoZone, text, TELL_ZONE);
    }
    if clock.open_order > 0 {
        let why = if input.days.is_contradictory() {
            "some can only be day first and others only month first"
        } else if input.days == DayOrderEvidence::default() {
            "none of them tells"
        } else {
            "they do not say the same"
        };
        let text = format!(
            "{} dates could be day first or month first, and {why}. They are read month first, and compared with no other file's.",
            figure(clock.open_order)
        );
        add(NoticeKind::DayOrder, text, TELL_ORDER);
    }
    if clock.to_the_minute > 0 {
        let text = format!(
            "{} events have times that are told to the minute: which of two came first within one minute cannot be \
             known. Records of other files that tell the second were joined where only one of their id fits.",
            figure(clock.to_the_minute)
        );
        add(NoticeKind::ToTheMinute, text, TELL_SECONDS);
    }
    told(input, add);
    found(input, add);
}

fn told(input: &Input, add: &mut dyn FnMut(NoticeKind, String, &str)) {
    let zone = input.clock.told_zone.as_ref().map(|zone| format!("in the zone {zone}"));
    let order = input.clock.told_day_first.map(|day_first| first(day_first).to_owned());
    let parts: Vec<String> = zone.into_iter().chain(order).collect();
    if !parts.is_empty() {
        let text = format!("As you said, its times are read {}.", list(&parts));
        add(NoticeKind::TimesTold, text, "Check that its first and last time are right.");
    }
}

fn found(input: &Input, add: &mut dyn FnMut(NoticeKind, String, &str)) {
    if let Some((offsets, records)) = &input.clock.found_zone {
        let offsets: Vec<String> = offsets.iter().map(|east| offset(*east)).collect();
        let text = format!(
            "Its times name no zone. {} of its records stand in another file, too, and show that its clock was at {}; \
             it was read so as far as they prove it.",
            figure(*records),
            list(&offsets)
        );
        add(NoticeKind::TimesFound, text, "Tell the zone yourself where that is wrong.");
    }
    if let Some((day_first, records)) = input.clock.found_day_first {
        let text = format!(
            "{} of its records stand in another file, too, and show that its dates are {}.",
            figure(records),
            first(day_first)
        );
        add(NoticeKind::TimesFound, text, "Tell the order yourself where that is wrong.");
    }
}

const fn first(day_first: bool) -> &'static str {
    if day_first { "day first" } else { "month first" }
}

/// `UTC+5:30`.
fn offset(east: i64) -> String {
    let minutes = east.abs() / 60_000_000;
    let sign = if east < 0 { '\u{2212}' } else { '+' };
    match (minutes / 60, minutes % 60) {
        (0, 0) => "UTC".to_owned(),
        (hours, 0) => format!("UTC{sign}{hours}"),
        (hours, minutes) => format!("UTC{sign}{hours}:{minutes:02}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn offsets_are_written_as_people_do() {
        const MINUTE: i64 = 60_000_000;
        for (minutes, text) in [(0, "UTC"), (120, "UTC+2"), (330, "UTC+5:30"), (-210, "UTC\u{2212}3:30")] {
            assert_eq!(offset(minutes * MINUTE), text);
        }
    }
}
