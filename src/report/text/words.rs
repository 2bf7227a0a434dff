//! Numbers and times as sentences write them.

use chrono::{DateTime, Datelike as _, Utc};

use crate::events::time::format_rfc3339;
use crate::report::page::words::figure;

/// A number with comma groups: `499,684`.
pub(super) fn number(value: impl TryInto<u64>) -> String {
    figure(value.try_into().unwrap_or(u64::MAX))
}

/// How many of something: `1 record`, `2 records`.
pub(super) fn counted(count: impl TryInto<u64>, one: &str) -> String {
    let count = number(count);
    let end = if count == "1" { "" } else { "s" };
    format!("{count} {one}{end}")
}

/// `12 Nov 15:52:31`.
pub(super) fn moment(micros: i64) -> String {
    format(micros, "%-d %b %H:%M:%S")
}

/// `12 Nov 2026 15:52`.
pub(super) fn moment_with_year(micros: i64) -> String {
    format(micros, "%-d %b %Y %H:%M")
}

/// `12 Nov 15:41:08 to 15:43:20`, the day said once.
pub(super) fn span(first: i64, last: i64) -> String {
    let (Some(from), Some(to)) = (date(first), date(last)) else { return moment(first) };
    if first == last {
        moment(first)
    } else if (from.year(), from.ordinal()) == (to.year(), to.ordinal()) {
        format!("{} to {}", moment(first), format(last, "%H:%M:%S"))
    } else {
        format!("{} to {}", moment(first), moment(last))
    }
}

/// `2 Nov 2026 08:00 to 15 Nov 2026 17:12`.
pub(super) fn years(first: i64, last: i64) -> String {
    if first == last {
        moment_with_year(first)
    } else {
        format!("{} to {}", moment_with_year(first), moment_with_year(last))
    }
}

fn date(micros: i64) -> Option<DateTime<Utc>> {
    DateTime::from_timestamp_micros(micros)
}

fn format(micros: i64, pattern: &str) -> String {
    date(micros).map_or_else(|| format_rfc3339(micros), |date| date.format(pattern).to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_is_no_plural() {
        assert_eq!((counted(1, "record"), counted(0, "record")), ("1 record".to_owned(), "0 records".to_owned()));
        assert_eq!(counted(499_684_u64, "event"), "499,684 events");
    }

    #[test]
    fn a_span_says_its_day_once() {
        let first = 1_794_498_068_000_000;
        assert_eq!(span(first, first + 132_000_000), "12 Nov 15:41:08 to 15:43:20");
        assert_eq!(span(first, first + 86_400_000_000), "12 Nov 15:41:08 to 13 Nov 15:41:08");
        assert_eq!(span(first, first), "12 Nov 15:41:08");
        assert_eq!(moment_with_year(first), "12 Nov 2026 15:41");
    }
}
