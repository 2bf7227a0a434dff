//! Moments, in microseconds UTC, and how formats write them.

use chrono::{DateTime, Datelike as _, Timelike as _};

pub(super) const SECOND: i64 = 1_000_000;
pub(super) const MINUTE: i64 = 60 * SECOND;
pub(super) const HOUR: i64 = 60 * MINUTE;
pub(super) const DAY: i64 = 24 * HOUR;

/// The day of the week, Monday first.
pub(super) const fn weekday(micros: i64) -> i64 {
    // 1970-01-01 was a Thursday.
    (micros.div_euclid(DAY) + 3).rem_euclid(7)
}

/// The same time, or a day or two earlier where that falls on a weekend.
pub(super) fn on_a_working_day(micros: i64) -> i64 {
    micros - (weekday(micros) - 4).max(0) * DAY
}

/// Whole seconds, as Graph writes sign-ins: `2026-11-02T08:13:22Z`.
pub(super) fn seconds(micros: i64) -> String {
    moment(micros).format("%Y-%m-%dT%H:%M:%SZ").to_string()
}

/// Seven digits, as Azure Monitor and the audit log write: `2026-11-02T08:13:22.3747700Z`.
pub(super) fn digits(micros: i64) -> String {
    format!("{}0Z", moment(micros).format("%Y-%m-%dT%H:%M:%S%.6f"))
}

/// Seven digits and an offset, as `createdDateTime` of a diagnostic record has it.
pub(super) fn with_offset(micros: i64) -> String {
    format!("{}0+00:00", moment(micros).format("%Y-%m-%dT%H:%M:%S%.6f"))
}

/// As the portal of Log Analytics exports it: `11/2/2026, 8:13:22.374 AM`.
pub(super) fn american(micros: i64) -> String {
    let time = moment(micros);
    let (afternoon, hour) = time.hour12();
    format!(
        "{}/{}/{}, {}:{:02}:{:02}.{:03} {}",
        time.month(),
        time.day(),
        time.year(),
        hour,
        time.minute(),
        time.second(),
        time.nanosecond() / 1_000_000,
        if afternoon { "PM" } else { "AM" },
    )
}

/// Whole seconds as PowerShell writes them in American English: `11/2/2026 8:13:22 AM`.
#[cfg(not(target_arch = "wasm32"))]
pub(super) fn american_seconds(micros: i64) -> String {
    moment(micros).format("%-m/%-d/%Y %-I:%M:%S %p").to_string()
}

fn moment(micros: i64) -> DateTime<chrono::Utc> {
    DateTime::from_timestamp_micros(micros).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::events::time::{DayOrder, parse};

    #[test]
    fn weekends_give_way_to_friday() {
        let monday = crate::generate::START;
        let moved: Vec<i64> = (0..8).map(|day| (on_a_working_day(monday + day * DAY + HOUR) - monday) / DAY).collect();
        assert_eq!(moved, [0, 1, 2, 3, 4, 4, 4, 7]);
        assert_eq!((weekday(monday), weekday(monday - 1)), (0, 6));
    }

    #[test]
    fn each_spelling_reads_back() {
        let time = 1_793_607_202_374_770;
        assert_eq!(seconds(time), "2026-11-02T08:13:22Z");
        assert_eq!(digits(time), "2026-11-02T08:13:22.3747700Z");
        assert_eq!(with_offset(time), "2026-11-02T08:13:22.3747700+00:00");
        assert_eq!(american(time), "11/2/2026, 8:13:22.374 AM");
        assert_eq!(american(time + 5 * HOUR), "11/2/2026, 1:13:22.374 PM");
        for (text, lost) in [
            (seconds(time), SECOND),
            (american_seconds(time), SECOND),
            (digits(time), 1),
            (with_offset(time), 1),
            (american(time), 1_000),
        ] {
            let read = parse(&text, DayOrder::MonthFirst).map(|stamp| stamp.micros);
            assert_eq!(read, Some(time.div_euclid(lost) * lost), "{text}");
        }
    }
}
