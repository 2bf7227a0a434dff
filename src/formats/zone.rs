//! The zone of display that a CSV header names behind its column: `TimeGenerated [UTC]`.

/// What a header says of the zone of its column's times.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Zone {
    /// Nothing.
    #[default]
    Unnamed,
    /// They are so many microseconds ahead of UTC.
    Ahead(i64),
    /// A zone whose distance from UTC is not known here, such as `Local Time`.
    Other,
}

/// The column's name: no blanks at its ends, no doubled blanks, no suffix in brackets.
pub(super) fn without_suffix(header: &str) -> String {
    let (name, _) = split(header);
    name.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The zone that a header names.
pub(super) fn of_header(header: &str) -> Zone {
    match split(header).1 {
        None => Zone::Unnamed,
        Some(zone) => offset(zone.trim()).map_or(Zone::Other, Zone::Ahead),
    }
}

fn split(header: &str) -> (&str, Option<&str>) {
    let header = header.trim();
    let inner = header.strip_suffix(']').and_then(|rest| rest.rsplit_once(" ["));
    inner.map_or((header, None), |(name, zone)| (name, Some(zone)))
}

/// Microseconds ahead of UTC of `UTC`, `GMT`, `Z`, `UTC+01:00`, `UTC-5`.
fn offset(zone: &str) -> Option<i64> {
    if zone.eq_ignore_ascii_case("z") {
        return Some(0);
    }
    let (name, rest) = zone.split_at_checked(3)?;
    if !name.eq_ignore_ascii_case("utc") && !name.eq_ignore_ascii_case("gmt") {
        return None;
    }
    let rest = rest.trim();
    if rest.is_empty() {
        return Some(0);
    }
    let (sign, rest) = match rest.split_at_checked(1)? {
        ("+", rest) => (1, rest),
        ("-" | "\u{2212}", rest) => (-1, rest),
        _ => return None,
    };
    let (hours, minutes) = rest.split_once(':').unwrap_or((rest, "0"));
    let number = |text: &str, below: i64| text.parse::<u8>().ok().map(i64::from).filter(|number| *number < below);
    let minutes = number(hours, 15)? * 60 + number(minutes, 60)?;
    Some(sign * minutes * 60_000_000)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_the_zone_that_a_header_names() {
        const HOUR: i64 = 3_600_000_000;
        for (header, expected) in [
            ("TimeGenerated", Zone::Unnamed),
            ("TimeGenerated [UTC]", Zone::Ahead(0)),
            ("TimeGenerated [utc] ", Zone::Ahead(0)),
            ("TimeGenerated [UTC+01:00]", Zone::Ahead(HOUR)),
            ("TimeGenerated [UTC-5]", Zone::Ahead(-5 * HOUR)),
            ("TimeGenerated [GMT+5:30]", Zone::Ahead(5 * HOUR + HOUR / 2)),
            ("TimeGenerated [Local Time]", Zone::Other),
            ("TimeGenerated [UTC+99:00]", Zone::Other),
            ("TimeGenerated []", Zone::Other),
            ("Date (UTC)", Zone::Unnamed),
        ] {
            assert_eq!(of_header(header), expected, "{header}");
        }
        assert_eq!(without_suffix(" TimeGenerated  [UTC] "), "TimeGenerated");
        assert_eq!(without_suffix("Date (UTC)"), "Date (UTC)");
    }
}
