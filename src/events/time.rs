//! Times: every spelling that exports use, to microseconds since 1970 UTC, and back.

use std::fmt::Write as _;

/// Microseconds in a second.
const SECOND: i64 = 1_000_000;
/// Microseconds in a day.
const DAY: i64 = 86_400 * SECOND;
/// 0000-01-01T00:00:00Z.
const EARLIEST: i64 = days_from_civil(0, 1, 1) * DAY;
/// 10000-01-01T00:00:00Z, the first instant that is out of range.
const TOO_LATE: i64 = days_from_civil(10_000, 1, 1) * DAY;

/// A time as read from a record.
///
/// A time whose zone or day order is not known is a guess (UTC, month first): it may be shown and
/// ordered within its own file, but joins nothing across files.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stamp {
    /// Microseconds since 1970-01-01T00:00:00Z; further digits of the text are cut off.
    pub micros: i64,
    /// Whether the text names its zone; without, it was read as UTC.
    pub zone_known: bool,
    /// Whether day and month are certain; where not, the first number was read as the month.
    pub order_known: bool,
}

/// Which of the first two numbers of a date such as `2/3/2025` is the day. Decided once for a
/// column of a file, from all its values: see [`DayOrderEvidence`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum DayOrder {
    /// 2 March.
    DayFirst,
    /// 3 February.
    MonthFirst,
    /// Nothing tells.
    #[default]
    Unknown,
}

/// What the values of a column prove about its day order; the parts of a file merge in any order.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DayOrderEvidence {
    /// Some value makes sense only with the day first.
    pub day_first: bool,
    /// Some value makes sense only with the month first.
    pub month_first: bool,
    /// Some value is written as in the United States, which counts where no value proves anything.
    pub american: bool,
}

impl DayOrderEvidence {
    /// Adds what one value proves.
    pub fn observe(&mut self, text: &str) {
        match evidence(text) {
            DayOrder::DayFirst => self.day_first = true,
            DayOrder::MonthFirst => self.month_first = true,
            DayOrder::Unknown => self.american |= is_american(text),
        }
    }

    /// The evidence of both parts.
    #[must_use]
    pub const fn merge(self, other: Self) -> Self {
        Self {
            day_first: self.day_first || other.day_first,
            month_first: self.month_first || other.month_first,
            american: self.american || other.american,
        }
    }

    /// The order, if the values agree on one.
    #[must_use]
    pub const fn decide(self) -> DayOrder {
        match (self.day_first, self.month_first) {
            (true, false) => DayOrder::DayFirst,
            (false, true) => DayOrder::MonthFirst,
            (false, false) if self.american => DayOrder::MonthFirst,
            (false, false) | (true, true) => DayOrder::Unknown,
        }
    }

    /// Whether the values prove both orders: the column mixes them.
    #[must_use]
    pub const fn is_contradictory(self) -> bool {
        self.day_first && self.month_first
    }
}

/// What one value proves about the day order of its column: a first number above twelve is a day,
/// and so is a second one. Dates with dots are day-first everywhere they are used.
#[must_use]
pub fn evidence(text: &str) -> DayOrder {
    match Numbered::read(text.trim()) {
        Some((date, _)) => date.order(),
        None => DayOrder::Unknown,
    }
}

/// Whether a time is written as browsers do for the United States: `2/5/2025, 9:19:25.391 AM`. English that
/// puts the day first writes a small `am`, or counts the hours to 24.
fn is_american(text: &str) -> bool {
    let text = text.trim();
    let time = Numbered::read(text).and_then(|(date, rest)| rest.strip_prefix(", ").filter(|_| !date.dotted));
    time.is_some() && (text.ends_with(" AM") || text.ends_with(" PM"))
}

/// Reads a time in any known form; `order` is the day order of its column, which only the forms
/// with slashes need. `None` when the text is no time, or lies outside the years 0 to 9999.
///
/// Forms: ISO 8601 (see [`parse_iso`]), `2/25/2025, 9:19:25.391 AM`, `01/09/2007 09:41:00`, either
/// with an offset behind it, `/Date(1700000000000)/`, names of months (`Feb 25, 2025 @ 09:19:25.391`), Splunk's
/// seconds since 1970, and ISO 8601 without seconds. Blanks around it are ignored.
#[must_use]
pub fn parse(text: &str, order: DayOrder) -> Option<Stamp> {
    let text = text.trim();
    parse_iso(text.as_bytes())
        .or_else(|| parse_numbered(text, order))
        .or_else(|| parse_wcf(text))
        .or_else(|| parse_named(text))
        .or_else(|| parse_seconds(text))
        .or_else(|| parse_iso(with_seconds(text)?.as_bytes()))
}

/// Whether a time is told to the minute, as `9/13/2026 1:22 AM` or `2026-09-13 01:22` is: PowerShell's short form
/// of a date, and what spreadsheets make of times with seconds.
#[must_use]
pub fn is_to_the_minute(text: &str) -> bool {
    let text = text.trim();
    match Numbered::read(text) {
        Some((_, rest)) => {
            let hour = number(rest.trim_start_matches(',').trim_start(), 2);
            let minute = hour.and_then(|(_, rest)| number(rest.strip_prefix(':')?, 2));
            minute.is_some_and(|(_, rest)| !rest.starts_with(':'))
        }
        None => with_seconds(text).is_some(),
    }
}

/// An ISO time that ends in its minute, with the seconds that it lacks.
fn with_seconds(text: &str) -> Option<String> {
    let (minute, zone) = text.split_at_checked(16)?;
    let is_minute = matches!(minute.as_bytes().get(13), Some(b':')) && !zone.starts_with(':');
    is_minute.then(|| format!("{minute}:00{zone}"))
}

/// Reads `2026-09-13T01:22:28Z` and its kin: `T` or a blank in the middle, any number of digits
/// behind the second, then `Z`, an offset (`+01:00`, `-0500`, `+01`) or nothing. Blanks behind it
/// are ignored.
#[must_use]
pub fn parse_iso(text: &[u8]) -> Option<Stamp> {
    let &[
        y1,
        y2,
        y3,
        y4,
        b'-',
        o1,
        o2,
        b'-',
        d1,
        d2,
        b'T' | b't' | b' ',
        h1,
        h2,
        b':',
        m1,
        m2,
        b':',
        s1,
        s2,
        ref rest @ ..,
    ] = text.trim_ascii_end()
    else {
        return None;
    };
    let year = pair(y1, y2)? * 100 + pair(y3, y4)?;
    let date = days(year, pair(o1, o2)?, pair(d1, d2)?)?;
    let time = clock(pair(h1, h2)?, pair(m1, m2)?, pair(s1, s2)?)?;
    let (fraction, rest) = fraction(rest)?;
    let offset = zone(rest)?;
    stamp(date * DAY + time + fraction, offset, true)
}

/// Adds the offset and checks the range.
fn stamp(local: i64, offset: Option<i64>, order_known: bool) -> Option<Stamp> {
    let micros = local.checked_sub(offset.unwrap_or(0))?;
    (EARLIEST..TOO_LATE).contains(&micros).then_some(Stamp { micros, zone_known: offset.is_some(), order_known })
}

/// Two ASCII digits as a number.
fn pair(tens: u8, ones: u8) -> Option<i64> {
    (tens.is_ascii_digit() && ones.is_ascii_digit()).then(|| i64::from(tens - b'0') * 10 + i64::from(ones - b'0'))
}

/// Microseconds since midnight.
const fn clock(hour: i64, minute: i64, second: i64) -> Option<i64> {
    if hour > 23 || minute > 59 || second > 59 {
        return None;
    }
    Some(((hour * 60 + minute) * 60 + second) * SECOND)
}

/// Days since 1970-01-01 of a date that exists.
const fn days(year: i64, month: i64, day: i64) -> Option<i64> {
    let longest = match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        _ => return None,
    };
    if day < 1 || day > longest {
        return None;
    }
    Some(days_from_civil(year, month, day))
}

/// Days since 1970-01-01 in the Gregorian calendar, after Howard Hinnant's algorithm: years start
/// in March, so that the leap day is the last one.
const fn days_from_civil(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    era * 146_097 + day_of_era - 719_468
}

/// The inverse of [`days_from_civil`].
const fn civil_from_days(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let era = days.div_euclid(146_097);
    let day_of_era = days.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let march_based = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * march_based + 2) / 5 + 1;
    let month = (march_based + 2) % 12 + 1;
    let year = year_of_era + era * 400 + if month <= 2 { 1 } else { 0 };
    (year, month, day)
}

/// A fraction of a second, if there is one: its microseconds, and what follows it.
fn fraction(text: &[u8]) -> Option<(i64, &[u8])> {
    let [b'.' | b',', digits @ ..] = text else {
        return Some((0, text));
    };
    let length = digits.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let (digits, rest) = digits.split_at_checked(length)?;
    if digits.is_empty() {
        return None;
    }
    let micros = digits
        .iter()
        .map(|&digit| i64::from(digit - b'0'))
        .chain(std::iter::repeat(0))
        .take(6)
        .fold(0, |value, digit| value * 10 + digit);
    Some((micros, rest))
}

/// A zone as microseconds east of UTC; the inner `None` when the text names none.
#[expect(clippy::option_option, reason = "no zone and no time are different answers")]
fn zone(text: &[u8]) -> Option<Option<i64>> {
    let (sign, hours, minutes) = match text.trim_ascii_start() {
        [] => return Some(None),
        [b'Z' | b'z'] => return Some(Some(0)),
        utc if utc.eq_ignore_ascii_case(b"utc") || utc.eq_ignore_ascii_case(b"gmt") => {
            return Some(Some(0));
        }
        &[sign, h1, h2, b':', m1, m2] | &[sign, h1, h2, m1, m2] => (sign, pair(h1, h2)?, pair(m1, m2)?),
        &[sign, h1, h2] => (sign, pair(h1, h2)?, 0),
        _ => return None,
    };
    let offset = clock(hours, minutes, 0)?;
    match sign {
        b'+' => Some(Some(offset)),
        b'-' => Some(Some(-offset)),
        _ => None,
    }
}

/// The date part of a form whose day order its text may leave open.
#[derive(Clone, Copy)]
struct Numbered {
    first: i64,
    second: i64,
    year: i64,
    dotted: bool,
}

impl Numbered {
    /// Reads `2/25/2025`, `25.02.2025` or `25-02-2025`; also returns what follows it.
    fn read(text: &str) -> Option<(Self, &str)> {
        let (first, rest) = number(text, 2)?;
        let mark = rest.chars().next().filter(|mark| matches!(mark, '/' | '.' | '-'))?;
        let (second, rest) = number(rest.strip_prefix(mark)?, 2)?;
        let rest = rest.strip_prefix(mark)?;
        let (year, after) = number(rest, 4)?;
        let four_digits = rest.len() - after.len() == 4;
        let date = Self { first, second, year, dotted: mark == '.' };
        four_digits.then_some((date, after))
    }

    /// The order that the calendar, or else the dots, leave no doubt about.
    const fn order(self) -> DayOrder {
        let day_first = days(self.year, self.second, self.first).is_some();
        let month_first = days(self.year, self.first, self.second).is_some();
        match (day_first, month_first) {
            (true, false) => DayOrder::DayFirst,
            (false, true) => DayOrder::MonthFirst,
            (true, true) if self.dotted => DayOrder::DayFirst,
            (true, true) | (false, false) => DayOrder::Unknown,
        }
    }
}

/// A number of one to `digits` digits at the start of the text, and what follows it.
fn number(text: &str, digits: usize) -> Option<(i64, &str)> {
    let length = text.bytes().take(digits).take_while(u8::is_ascii_digit).count();
    let (number, rest) = text.split_at_checked(length)?;
    Some((number.parse().ok()?, rest))
}

/// Reads `M/D/YYYY[,] h:mm[:ss[.fff]] [AM|PM] [offset]`.
fn parse_numbered(text: &str, order: DayOrder) -> Option<Stamp> {
    let (date, rest) = Numbered::read(text)?;
    let own = date.order();
    let decided = if own == DayOrder::Unknown { order } else { own };
    let (day, month) = match decided {
        DayOrder::DayFirst => (date.first, date.second),
        DayOrder::MonthFirst | DayOrder::Unknown => (date.second, date.first),
    };
    let order_known = decided != DayOrder::Unknown || date.first == date.second;
    let midnight = days(date.year, month, day)? * DAY;

    let rest = rest.strip_prefix(',').unwrap_or(rest);
    let blank = rest.chars().next().is_some_and(char::is_whitespace);
    let (hour, rest) = number(rest.trim_start(), 2).filter(|_| blank)?;
    let (minute, rest) = number(rest.strip_prefix(':')?, 2)?;
    let (second, rest) = match rest.strip_prefix(':') {
        Some(rest) => number(rest, 2)?,
        None => (0, rest),
    };
    let (fraction, rest) = fraction(rest.as_bytes())?;
    let rest = std::str::from_utf8(rest).ok()?.trim_start();
    let (hour, rest) = match half_of_day(rest) {
        Some((afternoon, rest)) if (1..=12).contains(&hour) => (hour % 12 + if afternoon { 12 } else { 0 }, rest),
        Some(_) => return None,
        None => (hour, rest),
    };
    let time = clock(hour, minute, second)?;
    stamp(midnight + time + fraction, zone(rest.as_bytes())?, order_known)
}

/// Whether the text starts with a mark of the afternoon (`PM`) or the morning, and what follows.
fn half_of_day(text: &str) -> Option<(bool, &str)> {
    let (mark, rest) = text.split_at_checked(2)?;
    let afternoon = mark.eq_ignore_ascii_case("pm");
    (afternoon || mark.eq_ignore_ascii_case("am")).then_some((afternoon, rest))
}

/// Reads `/Date(1700000000000)/`: milliseconds UTC, as PowerShell 5.1 writes a date to JSON. An
/// offset behind the number only tells the writer's zone and changes nothing.
fn parse_wcf(text: &str) -> Option<Stamp> {
    let inner = text.strip_prefix("/Date(")?.strip_suffix(")/")?;
    let millis = match inner.get(1..).and_then(|tail| tail.find(['+', '-'])) {
        Some(at) => {
            let (millis, offset) = inner.split_at_checked(at + 1)?;
            zone(offset.as_bytes())??;
            millis
        }
        None => inner,
    };
    stamp(millis.parse::<i64>().ok()?.checked_mul(1_000)?, Some(0), true)
}

/// Reads dates with the English name of a month: `Feb 25, 2025 @ 09:19:25.391` of Kibana, in the zone of
/// whoever exported it, `Feb 25, 2025 9:19:25 AM` and `25 February 2025 09:19:25` of other portals.
fn parse_named(text: &str) -> Option<Stamp> {
    let (first, rest) = text.split_once(' ')?;
    let (month, day, rest) = match month(first) {
        Some(month) => {
            let (day, rest) = number(rest, 2)?;
            (month, day, rest.strip_prefix(',').unwrap_or(rest).strip_prefix(' ')?)
        }
        None => {
            let (name, rest) = rest.split_once(' ')?;
            (month(name)?, first.parse().ok()?, rest)
        }
    };
    let (year, rest) = rest.split_at_checked(4)?;
    let rest = rest.strip_prefix(" @").unwrap_or(rest);
    parse_numbered(&format!("{month}/{day}/{year}{rest}"), DayOrder::MonthFirst)
}

/// The number of a month by its English name, whole or its first letters.
fn month(name: &str) -> Option<usize> {
    const MONTHS: [&str; 12] = [
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
    ];
    let name = name.trim_end_matches('.').to_ascii_lowercase();
    let place = MONTHS.iter().position(|known| known.starts_with(&name));
    place.filter(|_| name.len() >= 3).map(|place| place + 1)
}

/// Reads `1789262548.123`: seconds since 1970, of the years 2001 to 2286.
fn parse_seconds(text: &str) -> Option<Stamp> {
    let (seconds, rest) = number(text, 10)?;
    if seconds < 1_000_000_000 {
        return None;
    }
    let (fraction, rest) = fraction(rest.as_bytes())?;
    if !rest.is_empty() {
        return None;
    }
    stamp(seconds.checked_mul(SECOND)? + fraction, Some(0), true)
}

/// RFC 3339 in UTC with six digits: `2026-09-13T01:22:28.000000Z`. A year of more than four
/// digits carries its sign.
#[must_use]
pub fn format_rfc3339(micros: i64) -> String {
    let (year, month, day) = civil_from_days(micros.div_euclid(DAY));
    let time = micros.rem_euclid(DAY);
    let (seconds, fraction) = (time / SECOND, time % SECOND);
    let (hour, minute, second) = (seconds / 3_600, seconds / 60 % 60, seconds % 60);
    let mut text = String::with_capacity(27);
    // Writing to a string cannot fail.
    let _ = if (0..=9_999).contains(&year) { write!(text, "{year:04}") } else { write!(text, "{year:+05}") };
    let _ = write!(text, "-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{fraction:06}Z");
    text
}

/// Whole minute boundaries between `first` and `second` (microseconds), as Kusto's
/// `datetime_diff('minute', second, first)` counts them: from 09:41:59 to 09:42:01 is one,
/// although two seconds passed. Negative when `second` is the earlier one.
#[must_use]
pub const fn datetime_diff_minutes(first: i64, second: i64) -> i64 {
    second.div_euclid(60 * SECOND) - first.div_euclid(60 * SECOND)
}

#[cfg(test)]
#[path = "time_tests.rs"]
mod tests;
