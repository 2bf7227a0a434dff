//! Dates of a workbook: numbers of days that a format of numbers makes dates.

use chrono::DateTime;

/// Whether a built-in format of numbers shows dates or times, by its number.
pub(super) fn is_built_in(number: u32) -> bool {
    matches!(number, 14..=22 | 27..=36 | 45..=47 | 50..=58 | 71..=81)
}

/// Whether a format of numbers, as a workbook writes it, shows dates: it has a letter of a date outside
/// of quoted text. A span of time, such as `[h]:mm`, is none.
pub(super) fn is_date(format: &str) -> bool {
    let mut has_letter = false;
    let mut letters = format.chars();
    while let Some(letter) = letters.next() {
        match letter {
            '"' => while letters.next().is_some_and(|next| next != '"') {},
            '\\' | '_' | '*' => {
                letters.next();
            }
            '[' => {
                let inner: String = letters.by_ref().take_while(|next| *next != ']').collect();
                let is_span = !inner.is_empty() && inner.chars().all(|next| "hHmMsS".contains(next));
                if is_span {
                    return false;
                }
            }
            // Only the first section counts: that of positive numbers.
            ';' => break,
            other => has_letter |= "yYmMdDhHsS".contains(other),
        }
    }
    has_letter
}

/// A number of days as a time without zone, to the millisecond; nothing where it is none.
///
/// Day 1 is 1 January 1900, and there was a 29 February 1900 for Excel, so that from 1 March of that
/// year on the first day seems to be 31 December 1899. A workbook that counts from 1904 begins with
/// day 0.
pub(super) fn text(days: &str, from_1904: bool) -> Option<String> {
    const MILLIS: f64 = 86_400_000.0;
    let days: f64 = days.trim().parse().ok()?;
    if !(0.0..2_958_466.0).contains(&days) {
        return None;
    }
    // Days from the one that is zero to 1 January 1970.
    let before = match (from_1904, days < 61.0) {
        (true, _) => 24_107,
        (false, true) => 25_568,
        (false, false) => 25_569,
    };
    #[expect(clippy::cast_possible_truncation, reason = "less than three million days")]
    let millis = (days * MILLIS).round() as i64 - before * 86_400_000;
    let time = DateTime::from_timestamp_millis(millis)?;
    let written =
        if millis % 1_000 == 0 { time.format("%Y-%m-%dT%H:%M:%S") } else { time.format("%Y-%m-%dT%H:%M:%S%.3f") };
    Some(written.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats_of_dates_are_told_from_those_of_numbers() {
        for date in ["m/d/yyyy h:mm", "yyyy\\-mm\\-dd", "[$-409]m/d/yy h:mm AM/PM;@", "[Red]dd.mm.", "ss.000", "d"] {
            assert!(is_date(date), "{date}");
        }
        for number in
            ["General", "0", "0.00E+00", "#,##0;[Red]-#,##0", "\"day\" 0", "[h]:mm", "@", "_d0", "0;d", "0\\d"]
        {
            assert!(!is_date(number), "{number}");
        }
        assert!(is_built_in(22) && is_built_in(14) && !is_built_in(0) && !is_built_in(49));
    }

    #[test]
    fn days_are_counted_as_excel_does() {
        for (days, expected) in [
            ("1", "1900-01-01T00:00:00"),
            ("59", "1900-02-28T00:00:00"),
            ("61", "1900-03-01T00:00:00"),
            ("25569", "1970-01-01T00:00:00"),
            // 5 November 2026, 09:19:25.391, as Excel writes it.
            ("46331.388488321761", "2026-11-05T09:19:25.391"),
            ("46331.836458333331", "2026-11-05T20:04:30"),
        ] {
            assert_eq!(text(days, false).as_deref(), Some(expected), "{days}");
        }
        assert_eq!(text("0", true).as_deref(), Some("1904-01-01T00:00:00"));
        assert_eq!(text("44869.5", true).as_deref(), Some("2026-11-05T12:00:00"));
        for none in ["-1", "2958466", "1e300", "NaN", "inf", "x", ""] {
            assert_eq!(text(none, false), None, "{none}");
        }
    }
}
