//! A zone as the page and the command tell it: how far ahead of UTC its clocks were, and since when.

/// Microseconds in a day.
const DAY: i64 = 86_400_000_000;
/// No clock on earth is further from UTC.
pub const FURTHEST: i64 = 14 * 3_600_000_000;

/// How far ahead of UTC the clocks of a place are, by time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offsets {
    /// The zone as it was told: `Europe/Berlin`, `+02:00`.
    pub name: String,
    /// Since which moment (microseconds UTC) clocks are how many microseconds ahead of UTC, in order of
    /// time. The first holds before it, too.
    steps: Vec<(i64, i64)>,
}

impl Offsets {
    /// A zone by its steps: since when (microseconds UTC), how far ahead. Nothing where there are none,
    /// they are not in order, or one is further from UTC than any place on earth.
    #[must_use]
    pub fn new(name: &str, steps: Vec<(i64, i64)>) -> Option<Self> {
        let ordered = steps.is_sorted_by(|left, right| left.0 < right.0);
        let near = steps.iter().all(|(_, east)| east.abs() <= FURTHEST);
        (ordered && near && !steps.is_empty()).then(|| Self { name: name.to_owned(), steps })
    }

    /// A zone whose clocks are never changed, from `UTC`, `Z`, `+02:00`, `-0530` or `+2`.
    #[must_use]
    pub fn fixed(text: &str) -> Option<Self> {
        let text = text.trim();
        if text.eq_ignore_ascii_case("utc") || text.eq_ignore_ascii_case("z") {
            return Self::new("UTC", vec![(0, 0)]);
        }
        let east = text.strip_prefix('+').map(|digits| (1, digits));
        let west = text.strip_prefix(['-', '\u{2212}']).map(|digits| (-1, digits));
        let (sign, digits) = east.or(west)?;
        let (hours, minutes) = match digits.split_once(':') {
            Some(parts) => parts,
            None if digits.len() == 4 => digits.split_at_checked(2)?,
            None => (digits, "0"),
        };
        let number = |text: &str, below: u8| {
            let plain = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
            text.parse::<u8>().ok().filter(|number| plain && *number < below).map(i64::from)
        };
        let minutes = number(hours, 15)? * 60 + number(minutes, 60)?;
        Self::new(text, vec![(0, sign * minutes * 60_000_000)])
    }

    /// How far ahead of UTC the clocks are at a moment, in microseconds.
    #[must_use]
    pub fn at(&self, utc: i64) -> i64 {
        let place = self.steps.partition_point(|(from, _)| *from <= utc).saturating_sub(1);
        self.steps.get(place).map_or(0, |(_, east)| *east)
    }

    /// The moment at which the clocks showed this time. Nothing where they showed it twice, in the hour
    /// that comes again in autumn, or never, in the one that is left out in spring.
    #[must_use]
    pub fn utc(&self, local: i64) -> Option<i64> {
        let mut found = None;
        let mut tried = Vec::new();
        // Whatever the moment is, it lies within a day of the local time: its offset is among those.
        for (place, (from, east)) in self.steps.iter().enumerate() {
            let until = self.steps.get(place + 1).map_or(i64::MAX, |(until, _)| *until);
            let begins = if place == 0 { i64::MIN } else { *from };
            if until < local.saturating_sub(DAY) || begins > local.saturating_add(DAY) || tried.contains(east) {
                continue;
            }
            tried.push(*east);
            let utc = local.checked_sub(*east)?;
            if self.at(utc) == *east && found.replace(utc).is_some_and(|other| other != utc) {
                return None;
            }
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR: i64 = 3_600_000_000;

    /// Clocks go one hour ahead at 100 h and back at 200 h.
    fn summer() -> Offsets {
        Offsets::new("summer", vec![(0, HOUR), (100 * HOUR, 2 * HOUR), (200 * HOUR, HOUR)]).expect("a zone")
    }

    #[test]
    fn a_local_time_is_a_moment_unless_clocks_showed_it_twice_or_never() {
        let zone = summer();
        let utc = |quarters: i64| zone.utc(quarters * HOUR / 4).map(|utc| utc * 4 / HOUR);
        assert_eq!(utc(4 * 11), Some(4 * 10));
        assert_eq!(utc(4 * 101 - 1), Some(4 * 100 - 1), "the last quarter before");
        assert_eq!(utc(4 * 101), None, "left out");
        assert_eq!(utc(4 * 102 - 1), None, "left out");
        assert_eq!(utc(4 * 102), Some(4 * 100));
        assert_eq!(utc(4 * 201 - 1), Some(4 * 199 - 1));
        assert_eq!(utc(4 * 201), None, "twice");
        assert_eq!(utc(4 * 202 - 1), None, "twice");
        assert_eq!(utc(4 * 202), Some(4 * 201));
        assert_eq!(utc(-40_000), Some(-40_004), "before the first step");
        assert_eq!(zone.utc(i64::MIN), None);
    }

    #[test]
    fn fixed_zones_are_read_as_people_write_them() {
        for (text, minutes) in [
            ("UTC", Some(0)),
            ("z", Some(0)),
            ("+02:00", Some(120)),
            ("-0530", Some(-330)),
            ("+2", Some(120)),
            ("\u{2212}3", Some(-180)),
            ("+14", Some(840)),
            ("+14:15", None),
            ("+15", None),
            ("+2:60", None),
            ("++2", None),
            ("2", None),
            ("", None),
            ("Europe/Berlin", None),
        ] {
            assert_eq!(Offsets::fixed(text).map(|zone| zone.at(0) / 60_000_000), minutes, "{text}");
        }
    }

    #[test]
    fn steps_that_are_none_make_no_zone() {
        for steps in [vec![], vec![(5, 0), (5, 1)], vec![(6, 0), (5, 0)], vec![(0, FURTHEST + 1)]] {
            assert_eq!(Offsets::new("x", steps.clone()), None, "{steps:?}");
        }
    }
}
