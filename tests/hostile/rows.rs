//! Answers of a query service whose rows are lists: broken anywhere.

use std::collections::BTreeSet;

use proptest::prelude::*;

use crate::support::{exports, ids, read, way};

/// The answer with the most rows.
fn answer(format: &str) -> &'static [u8] {
    let files = exports().iter().filter(|(name, _)| name.starts_with(format));
    &files.max_by_key(|(_, bytes)| bytes.len()).expect("an answer").1
}

/// Places at which rows begin.
fn rows(text: &str) -> Vec<usize> {
    let first = text.find("ows\":[[").expect("rows") + 6;
    let next = text.match_indices("],[").map(|(at, _)| at + 2).filter(|at| *at > first);
    std::iter::once(first).chain(next).collect()
}

#[test]
fn a_quote_too_many_costs_its_row_and_no_other() {
    for format in ["log-analytics-rest", "kusto-frames"] {
        let text = std::str::from_utf8(answer(format)).expect("UTF-8");
        let all = ids(&read(text.as_bytes()));
        let starts = rows(text);
        assert!(starts.len() >= 4 && all.len() == starts.len(), "{format}");
        for piece in ["\"", "\\", "[", "]", "{", "}", "\u{0}", "[\"", "]]"] {
            let mut broken = text.to_owned();
            broken.insert_str(starts[1] + 40, piece);
            for chunk in [1, 900, usize::MAX] {
                let outcome = way(&[("a", broken.as_bytes())], chunk);
                let left = ids(&outcome.case);
                let lost: BTreeSet<&String> = all.difference(&left).collect();
                assert!(lost.len() <= 1, "{format} {piece:?}: {lost:?} of {}", all.len());
                let input = &outcome.case.inputs[0];
                assert!(lost.is_empty() || input.refused_total > 0, "{format} {piece:?}: {input:?}");
            }
        }
    }
}

#[test]
fn an_answer_that_breaks_off_says_so_and_keeps_its_rows() {
    let text = std::str::from_utf8(answer("log-analytics-rest")).expect("UTF-8");
    let starts = rows(text);
    for (count, at) in starts.iter().enumerate().skip(1) {
        for cut in [*at, at + 1, at + 100] {
            let case = read(&text.as_bytes()[..cut]);
            assert_eq!(ids(&case).len(), count);
            assert_eq!(case.inputs[0].refused_total, 1, "{:?}", case.inputs[0]);
        }
    }
}

#[test]
fn tables_of_nothing_known_have_one_reason() {
    for text in [
        r#"{"tables":[]}"#,
        r#"{"tables":[{"name":"PrimaryResult","columns":[{"name":"a"},{"name":"b"}],"rows":[[1,2],[3,4]]}]}"#,
        r#"{"tables":[{"columns":"none","rows":"none"}]}"#,
        r#"{"tables":[{"rows":[[1,2]],"columns":[{"name":"Id"}]}]}"#,
        r#"{"tables":{"tables":{"tables":1}}}"#,
        r#"{"tables""#,
        r#"[{"FrameType":"DataSetHeader"}]"#,
    ] {
        let case = read(text.as_bytes());
        assert_eq!((case.inputs[0].format.as_str(), case.inputs[0].records), ("unknown", 0), "{text}");
    }
    let deep = format!("{{\"tables\":{}", "[".repeat(3_000_000));
    assert_eq!(read(deep.as_bytes()).inputs[0].events, 0);
}

#[test]
fn rows_of_hostile_nesting_take_bounded_time_and_room() {
    let head = r#"{"tables":[{"columns":[{"name":"CreatedDateTime"},{"name":"ResultType"}],"rows":["#;
    for piece in ["[1 [x],", "[\"", "[1,", "[[", "],[1", "\"],[\""] {
        let text = format!("{head}{}", piece.repeat((1 << 20) / piece.len()));
        let case = read(text.as_bytes());
        assert_eq!(case.inputs[0].events, 0, "{piece}");
        assert_eq!(read(format!("{text}]]}}]}}").as_bytes()).inputs[0].events, 0, "{piece}");
    }
}

#[test]
fn a_row_longer_than_anything_read_is_passed_over() {
    let head = r#"{"tables":[{"columns":[{"name":"CreatedDateTime"},{"name":"Id"},{"name":"ResultType"},{"name":"UserId"},{"name":"AppId"}],"rows":["#;
    let row = |id: u32, pad: usize| format!("[\"2026-09-13T01:22:28Z\",\"{id}\",\"0\",\"u\",\"{}\"]", "x".repeat(pad));
    let text = format!("{head}{},{},{}]}}]}}", row(1, 1), row(2, 17 << 20), row(3, 1));
    for chunk in [100_000, usize::MAX] {
        let case = way(&[("a", text.as_bytes())], chunk).case;
        assert_eq!((case.inputs[0].records, case.inputs[0].events, case.inputs[0].refused_total), (3, 2, 1));
        assert!(case.inputs[0].refused[0].reason.contains("longer than"), "{:?}", case.inputs[0].refused);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(60) })]

    #[test]
    fn any_byte_changed_reads_alike_in_any_chunks(
        at in any::<usize>(),
        byte in any::<u8>(),
        cut in 0..3_usize,
        chunk in 1..3_000_usize,
    ) {
        let mut bytes = answer("kusto-frames").to_vec();
        // Any place in the rows but the last.
        let starts = rows(std::str::from_utf8(&bytes).expect("UTF-8"));
        let (first, last) = (starts[0], starts[starts.len() - 2]);
        let at = first + at % (last - first);
        bytes[at] = byte;
        bytes.drain(at..(at + cut).min(bytes.len()));
        let whole = way(&[("a", &bytes)], usize::MAX);
        prop_assert_eq!(&way(&[("a", &bytes)], chunk).report, &whole.report);
        prop_assert!(ids(&read(answer("kusto-frames"))).len() <= ids(&whole.case).len() + 2);
    }
}
