use super::*;

/// 2007-01-09T09:41:00Z.
const MOMENT: i64 = 1_168_335_660_000_000;

fn micros(text: &str) -> Option<i64> {
    parse(text, DayOrder::Unknown).map(|stamp| stamp.micros)
}

#[test]
fn reads_every_spelling_of_one_moment() {
    for text in [
        "2007-01-09T09:41:00Z",
        "2007-01-09t09:41:00z",
        "2007-01-09T09:41:00",
        "2007-01-09 09:41:00Z",
        "2007-01-09 09:41:00 UTC",
        "2007-01-09T09:41:00.0000000+00:00",
        "2007-01-09T10:41:00+01:00",
        "2007-01-09T04:41:00-0500",
        "2007-01-09T04:41:00-05",
        "2007-01-09T15:26:00+05:45",
        "2007-01-09T09:41:00.0000000Z ",
        " 2007-01-09T09:41:00Z",
        "1/9/2007 9:41:00 AM",
        "01/09/2007 09:41:00 AM",
        "01/09/2007 09:41:00",
        "1/9/2007 09:41",
        "1/9/2007 10:41:00 AM +01:00",
        "1/9/2007, 9:41:00.000 AM",
        "1/9/2007, 9:41:00.000\u{202f}AM",
        "/Date(1168335660000)/",
        "/Date(1168335660000+0100)/",
        "/Date(1168335660000-0500)/",
    ] {
        assert_eq!(micros(text), Some(MOMENT), "{text}");
    }
}

#[test]
fn further_digits_are_cut_off_and_never_rounded() {
    for (fraction, expected) in [
        ("", 0),
        (".2", 200_000),
        (".22", 220_000),
        (".123456", 123_456),
        (".3747702", 374_770),
        (".9999999", 999_999),
        (".535404056", 535_404),
        (".000000999999999999999", 0),
        (",25", 250_000),
    ] {
        assert_eq!(micros(&format!("2007-01-09T09:41:00{fraction}Z")), Some(MOMENT + expected), "{fraction}");
    }
}

#[test]
fn morning_and_afternoon_are_told_apart() {
    for (text, hour) in [("12:00:00 AM", 0), ("1:00:00 AM", 1), ("12:00:00 PM", 12), ("11:00:00 pm", 23)] {
        let expected = micros(&format!("2007-01-09T{hour:02}:00:00Z"));
        assert_eq!(micros(&format!("1/9/2007 {text}")), expected, "{text}");
    }
    assert_eq!(micros("1/9/2007 13:00:00 PM"), None);
    assert_eq!(micros("1/9/2007 0:00:00 AM"), None);
}

#[test]
fn what_is_no_time_is_none() {
    for text in [
        "",
        " ",
        "null",
        "2007",
        "2007-01-09",
        "2007-13-09T09:41:00Z",
        "2007-02-29T09:41:00Z",
        "2007-01-00T09:41:00Z",
        "2007-01-09T24:00:00Z",
        "2007-01-09T09:60:00Z",
        "2007-01-09T09:41:60Z",
        "2007-01-09T09:41:00.Z",
        "2007-01-09T09:41:00 Z extra",
        "2007-01-09T09:41:00+25:00",
        "2007-01-09T09:41:00X",
        "20\u{661}7-01-09T09:41:00Z",
        "13/13/2007 09:41:00",
        "1/9/07 09:41:00",
        "1/9/2007",
        "1/9/2007T09:41:00",
        "/Date()/",
        "/Date(9223372036854775807)/",
        "/Date(12x)/",
        "yesterday",
    ] {
        assert_eq!(micros(text), None, "{text}");
    }
}

#[test]
fn leap_days_exist_where_the_calendar_has_them() {
    assert!(micros("2024-02-29T00:00:00Z").is_some());
    assert!(micros("2000-02-29T00:00:00Z").is_some());
    assert!(micros("1900-02-29T00:00:00Z").is_none());
    assert_eq!(micros("1970-01-01T00:00:00Z"), Some(0));
    assert_eq!(micros("1969-12-31T23:59:59.999999Z"), Some(-1));
}

#[test]
fn the_range_is_the_years_0_to_9999() {
    assert!(micros("0000-01-01T00:00:00Z").is_some());
    assert!(micros("9999-12-31T23:59:59.999999Z").is_some());
    assert!(micros("0000-01-01T00:00:00+01:00").is_none());
    assert!(micros("9999-12-31T23:59:59-01:00").is_none());
}

#[test]
fn a_time_says_whether_its_zone_and_day_order_are_known() {
    let known = |text: &str| parse(text, DayOrder::Unknown).map(|stamp| (stamp.zone_known, stamp.order_known));
    assert_eq!(known("2007-01-09T09:41:00Z"), Some((true, true)));
    assert_eq!(known("2007-01-09T09:41:00"), Some((false, true)));
    assert_eq!(known("1/9/2007 9:41:00 AM"), Some((false, false)));
    assert_eq!(known("1/9/2007 9:41:00 AM +00:00"), Some((true, false)));
    assert_eq!(known("1/25/2007 9:41:00 AM"), Some((false, true)));
    assert_eq!(known("25.1.2007 9:41:00"), Some((false, true)));
    // The same day either way round.
    assert_eq!(known("5/5/2007 9:41:00 AM"), Some((false, true)));
}

#[test]
fn the_day_order_is_that_of_the_column() {
    let read = |text: &str, order| parse(text, order).map(|stamp| (stamp.micros, stamp.order_known));
    let second_of_march = micros("2025-03-02T00:00:00Z").unwrap();
    let third_of_february = micros("2025-02-03T00:00:00Z").unwrap();
    assert_eq!(read("2/3/2025 0:00:00", DayOrder::DayFirst), Some((second_of_march, true)));
    assert_eq!(read("2/3/2025 0:00:00", DayOrder::MonthFirst), Some((third_of_february, true)));
    assert_eq!(read("2/3/2025 0:00:00", DayOrder::Unknown), Some((third_of_february, false)));
    // The calendar outweighs the column.
    let value = micros("2025-02-25T00:00:00Z").unwrap();
    assert_eq!(read("25/2/2025 0:00:00", DayOrder::MonthFirst), Some((value, true)));
    assert_eq!(read("2/25/2025 0:00:00", DayOrder::DayFirst), Some((value, true)));
}

#[test]
fn evidence_of_the_day_order_merges_in_any_order() {
    let of = |texts: &[&str]| {
        let mut evidence = DayOrderEvidence::default();
        texts.iter().for_each(|text| evidence.observe(text));
        evidence
    };
    let nothing = of(&["1/9/2007 9:41:00 AM", "2007-01-09T09:41:00Z", "no time"]);
    let (days, months) = (of(&["25/2/2025 1:00:00"]), of(&["2/25/2025 1:00:00"]));
    assert_eq!(nothing.decide(), DayOrder::Unknown);
    assert_eq!(days.merge(nothing).decide(), DayOrder::DayFirst);
    assert_eq!(nothing.merge(months).decide(), DayOrder::MonthFirst);
    let mixed = days.merge(months);
    assert_eq!(mixed, months.merge(days));
    assert!(mixed.is_contradictory());
    assert_eq!(mixed.decide(), DayOrder::Unknown);
    // Dots are written day first, whatever the numbers.
    assert_eq!(of(&["2.3.2025 1:00:00"]).decide(), DayOrder::DayFirst);
}

#[test]
fn formats_in_utc_with_six_digits() {
    assert_eq!(format_rfc3339(MOMENT), "2007-01-09T09:41:00.000000Z");
    assert_eq!(format_rfc3339(0), "1970-01-01T00:00:00.000000Z");
    assert_eq!(format_rfc3339(-1), "1969-12-31T23:59:59.999999Z");
    assert_eq!(format_rfc3339(MOMENT + 374_770), "2007-01-09T09:41:00.374770Z");
}

#[test]
fn what_is_written_is_read_again_over_all_days() {
    // Every day of four centuries and more, at a time that moves through the day.
    for day in -200_000..200_000_i64 {
        let at = day * DAY + day.rem_euclid(86_400) * SECOND + day.rem_euclid(1_000_000);
        assert_eq!(micros(&format_rfc3339(at)), Some(at));
    }
}

#[test]
fn agrees_with_an_independent_calendar() {
    use chrono::{DateTime, NaiveDateTime};
    for step in 0..20_000_i64 {
        let at = -62_135_596_800_000_000 + step * 15_000_000_007_777;
        let Some(time) = DateTime::from_timestamp_micros(at) else { continue };
        let text = time.naive_utc().format("%Y-%m-%dT%H:%M:%S%.6fZ").to_string();
        assert_eq!(micros(&text), Some(at), "{text}");
        assert_eq!(format_rfc3339(at), text);
        let american = time.naive_utc().format("%-m/%-d/%Y, %-I:%M:%S%.3f %p").to_string();
        if (1_000..=9_999).contains(&chrono::Datelike::year(&time)) {
            let expected = NaiveDateTime::parse_from_str(&american, "%m/%d/%Y, %I:%M:%S%.3f %p").unwrap();
            let read = parse(&american, DayOrder::MonthFirst).map(|stamp| stamp.micros);
            assert_eq!(read, Some(expected.and_utc().timestamp_micros()), "{american}");
        }
    }
}

#[test]
fn minutes_are_counted_by_their_boundaries() {
    let at = |text: &str| micros(text).unwrap();
    for (first, second, minutes) in [
        ("2026-01-01T09:41:59Z", "2026-01-01T09:42:01Z", 1),
        ("2026-01-01T09:41:00Z", "2026-01-01T09:41:59Z", 0),
        ("2026-01-01T09:41:00Z", "2026-01-01T09:42:00Z", 1),
        ("2026-01-01T09:42:01Z", "2026-01-01T09:41:59Z", -1),
        ("1969-12-31T23:59:59Z", "1970-01-01T00:00:00Z", 1),
        ("2026-01-01T00:00:00Z", "2026-01-01T01:31:00Z", 91),
    ] {
        assert_eq!(datetime_diff_minutes(at(first), at(second)), minutes, "{first} {second}");
    }
}
