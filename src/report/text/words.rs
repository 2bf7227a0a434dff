//! Numbers and times as sentences write them.

use std::fmt::Display;

use chrono::{DateTime, Datelike as _, Utc};

use crate::events::time::format_rfc3339;

/// A number with comma groups: `499,684`.
pub(super) fn number(value: impl Display) -> String {
    let digits = value.to_string();
    let mut grouped = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

/// A number in a sentence: a word below ten.
pub(super) fn word(value: usize) -> String {
    const WORDS: [&str; 10] = ["no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"];
    WORDS.get(value).map_or_else(|| number(value), |word| (*word).to_owned())
}

/// The first letter as a capital.
pub(super) fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// How many of something: `1 record`, `2 records`.
pub(super) fn counted(count: impl Display, one: &str) -> String {
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

/// `primaryRefreshToken` as a person says it: `primary refresh token`.
pub(super) fn spaced(camel: &str) -> String {
    let mut words = String::with_capacity(camel.len() + 4);
    for letter in camel.chars() {
        match letter {
            ',' => words.push_str(" and "),
            'A'..='Z' => {
                words.push(' ');
                words.push(letter.to_ascii_lowercase());
            }
            _ => words.push(letter),
        }
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_grouped_and_small_ones_are_words() {
        assert_eq!(number(7_u64), "7");
        assert_eq!(number(499_684), "499,684");
        assert_eq!(number(1_234_567), "1,234,567");
        assert_eq!((word(9), word(10)), ("nine".to_owned(), "10".to_owned()));
        assert_eq!((counted(1, "record"), counted(0, "record")), ("1 record".to_owned(), "0 records".to_owned()));
    }

    #[test]
    fn a_span_says_its_day_once() {
        let first = 1_794_498_068_000_000;
        assert_eq!(span(first, first + 132_000_000), "12 Nov 15:41:08 to 15:43:20");
        assert_eq!(span(first, first + 86_400_000_000), "12 Nov 15:41:08 to 13 Nov 15:41:08");
        assert_eq!(span(first, first), "12 Nov 15:41:08");
        assert_eq!(moment_with_year(first), "12 Nov 2026 15:41");
    }

    #[test]
    fn token_types_read_as_words() {
        assert_eq!(spaced("primaryRefreshToken,saml11"), "primary refresh token and saml11");
    }
}
