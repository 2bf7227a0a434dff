//! How the page says numbers, times and places.

use chrono::{DateTime, Timelike as _};

pub(super) use crate::words::list;
pub(in crate::report) use crate::words::{capital, figure};

/// Milliseconds UTC from microseconds, as JavaScript counts time.
pub(super) const fn millis(micros: i64) -> i64 {
    micros.div_euclid(1_000)
}

/// A count as sentences write it: words below ten, figures with groups of three from there.
pub(in crate::report) fn count(number: usize) -> String {
    const WORDS: [&str; 10] = ["no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"];
    WORDS.get(number).map_or_else(|| figure(number as u64), |word| (*word).to_owned())
}

/// `12 November at 15:41`.
pub(super) fn day_and_minute(micros: i64) -> String {
    at(micros).map_or_else(|| "an unknown time".to_owned(), |time| time.format("%-d %B at %H:%M").to_string())
}

/// `15:41:08`, with the day in front where it is not the day of `near`.
pub(super) fn clock(micros: i64, near: i64) -> String {
    match (at(micros), at(near)) {
        (Some(time), Some(other)) if time.date_naive() == other.date_naive() => time.format("%H:%M:%S").to_string(),
        (Some(time), _) => time.format("%-d %b %H:%M:%S").to_string(),
        _ => String::new(),
    }
}

fn at(micros: i64) -> Option<DateTime<chrono::Utc>> {
    DateTime::from_timestamp_micros(micros).and_then(|time| time.with_nanosecond(0))
}

/// A length of time in one unit, in words: `11 minutes`.
pub(super) fn span(micros: i64) -> String {
    let seconds = micros.unsigned_abs() / 1_000_000;
    let (number, unit) = match seconds {
        0..120 => (seconds, "second"),
        120..7_200 => (seconds / 60, "minute"),
        7_200..172_800 => (seconds / 3_600, "hour"),
        _ => (seconds / 86_400, "day"),
    };
    format!("{} {unit}{}", count(usize::try_from(number).unwrap_or(usize::MAX)), plural(number))
}

/// The `s` of a plural.
pub(super) const fn plural(number: u64) -> &'static str {
    if number == 1 { "" } else { "s" }
}

/// A user's name without what follows the `@`.
pub(in crate::report) fn short_name(name: &str) -> &str {
    match name.split_once('@') {
        Some((short, _)) if !short.is_empty() => short,
        _ => name,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers() {
        assert_eq!(count(0), "no");
        assert_eq!(count(9), "nine");
        assert_eq!(count(61_204), "61,204");
        assert_eq!(figure(7), "7");
        assert_eq!(figure(1_000), "1,000");
        assert_eq!(figure(999_999), "999,999");
        assert_eq!(capital("nine"), "Nine");
        assert_eq!(capital(""), "");
    }

    #[test]
    fn times() {
        let noon = 1_794_484_800_000_000; // 2026-11-12T12:00:00Z
        assert_eq!(day_and_minute(noon), "12 November at 12:00");
        assert_eq!(clock(noon + 8_000_000, noon), "12:00:08");
        assert_eq!(clock(noon + 86_400_000_000, noon), "13 Nov 12:00:00");
        assert_eq!(clock(i64::MAX, noon), "");
        assert_eq!(span(59_000_000), "59 seconds");
        assert_eq!(span(683_000_000), "11 minutes");
        assert_eq!(span(3 * 3_600_000_000), "three hours");
        assert_eq!(span(-86_400_000_000 * 3), "three days");
    }

    #[test]
    fn names_and_lists() {
        assert_eq!(short_name("nora.lind@example.com"), "nora.lind");
        assert_eq!(short_name("@odd"), "@odd");
        assert_eq!(list(&["a".to_owned(), "b".to_owned(), "c".to_owned()]), "a, b and c");
        assert_eq!(list(&["a".to_owned()]), "a");
    }
}
