use super::*;

fn micros(text: &str) -> Option<i64> {
    parse(text, DayOrder::Unknown).map(|stamp| stamp.micros)
}

#[test]
fn reads_every_spelling_of_one_moment() {
    let expected = micros("2007-01-09T09:41:00Z");
    assert!(expected.is_some());
    for text in [
        "2007-01-09T09:41:00",
        "2007-01-09 09:41:00Z",
        "2007-01-09T09:41:00.0000000+00:00",
        "2007-01-09T10:41:00+01:00",
        "2007-01-09T04:41:00-0500",
        "2007-01-09T09:41:00.0000000Z ",
        "1/9/2007 9:41:00 AM",
        "01/09/2007 09:41:00",
        "1/9/2007 10:41:00 AM +01:00",
        "1/9/2007, 9:41:00.000 AM",
        "/Date(1168335660000)/",
    ] {
        assert_eq!(micros(text), expected, "{text}");
    }
}
