//! Files as they are found: pages, lists, lines, bodies, documents glued together, and damage.

use signin_sleuth::intake::{LONGEST_RECORD, Problem};

use crate::taken::{All, Taken, read, read_every_way};

fn ids(all: &All) -> Vec<String> {
    all.records().iter().filter_map(|values| Some(values.get("id")?.as_str()?.to_owned())).collect()
}

#[test]
fn a_page_a_list_lines_and_bodies_hold_the_same_records() {
    for text in [
        r#"{"id":"a"}{"id":"b"}"#,
        "{\"id\":\"a\"}\n{\"id\":\"b\"}\n",
        "{\"id\":\"a\"}\r\n\r\n{\"id\":\"b\"}",
        r#"[{"id":"a"},{"id":"b"}]"#,
        "[\n  {\n    \"id\": \"a\"\n  },\n  {\n    \"id\": \"b\"\n  }\n]\n",
        r#"{"@odata.context":"x","value":[{"id":"a"},{"id":"b"}]}"#,
        r#"{"value":[{"id":"a"},{"id":"b"}],"@odata.nextLink":"x","count":{"a":[1]}}"#,
        r#"{"records":[{"id":"a"},{"id":"b"}]}"#,
        "{\"records\":[{\"id\":\"a\"}]}\n{\"records\":[{\"id\":\"b\"}]}",
        r#"[{"records":[{"id":"a"}]},{"records":[{"id":"b"}]}]"#,
        r#"["{\"records\":[{\"id\":\"a\"}]}","{\"records\":[{\"id\":\"b\"}]}"]"#,
        "\u{feff}[{\"id\":\"a\"}]\n\u{feff}[{\"id\":\"b\"}]",
        "[{\"id\":\"a\"}]\n[{\"id\":\"b\"}]",
        "{\"id\":\"a\"}\n]\n[\n{\"id\":\"b\"}",
        "[{\"id\":\"a\"}][{\"id\":\"b\"}]",
        "{\"id\":\"a\"},\n{\"id\":\"b\"},\n",
        r#"[[{"id":"a"}],[{"id":"b"}]]"#,
        r#"{"value":[{"id":"a"}]}{"value":[{"id":"b"}]}"#,
        r#"{"value":[],"x":1,"records":[{"id":"a"},{"id":"b"}]}"#,
    ] {
        let all = read_every_way(text.as_bytes());
        assert_eq!(ids(&all), ["a", "b"], "{text}");
        assert_eq!(all.rejected(), [], "{text}");
        let utf16: Vec<u8> = [0xFEFF_u16].into_iter().chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect();
        assert_eq!(ids(&read_every_way(&utf16)), ["a", "b"], "{text} in UTF-16");
        assert_eq!(ids(&read_every_way(&gzip(text.as_bytes()))), ["a", "b"], "{text} in gzip");
    }
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    use std::io::Write as _;
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

#[test]
fn offsets_point_at_the_first_byte_in_the_file() {
    let text = "[{\"id\":\"ä\"},\n {\"id\":\"😀\"}, {\"id\":\"c\"}]";
    let places: Vec<u64> = text.match_indices('{').map(|(at, _)| at as u64).collect();
    assert_eq!(read_every_way(text.as_bytes()).offsets(), places);
    let marked = format!("\u{feff}{text}");
    assert_eq!(read_every_way(marked.as_bytes()).offsets(), places.iter().map(|at| at + 3).collect::<Vec<_>>());
    for big in [false, true] {
        let units: Vec<u16> = marked.encode_utf16().collect();
        let bytes: Vec<u8> =
            units.iter().flat_map(|unit| if big { unit.to_be_bytes() } else { unit.to_le_bytes() }).collect();
        let places: Vec<u64> =
            (0..units.len()).filter(|at| units[*at] == u16::from(b'{')).map(|at| 2 * at as u64).collect();
        assert_eq!(read_every_way(&bytes).offsets(), places);
    }
    let bodies = r#"["{\"records\":[{\"id\":\"a\"},{\"id\":\"b\"}]}","{\"id\":\"c\"}"]"#;
    let second = bodies.find(r#""{\"id\":\"c"#).unwrap() as u64;
    assert_eq!(read_every_way(bodies.as_bytes()).offsets(), [1, 1, second]);
}

#[test]
fn keys_beside_the_list_are_marks() {
    let all = read_every_way(br#"{"@odata.context":"c","value":[{"id":"a"}],"@odata.nextLink":"n"}"#);
    assert_eq!(all.marks, ["@odata.context", "value", "@odata.nextLink"]);
}

#[test]
fn keys_compare_ignoring_case_and_the_last_of_two_counts() {
    let all = read_every_way(br#"{"ID":"a","id":"b","Properties":{"STATUS":1}}"#);
    assert_eq!(all.records()[0]["id"], "b");
    assert_eq!(all.records()[0]["properties.status"], 1);
}

#[test]
fn an_element_that_is_no_object_is_one_rejected_record() {
    let all = read_every_way(br#"[{"id":"a"},null,7,"text",{"id":"b"}]"#);
    assert_eq!(ids(&all), ["a", "b"]);
    assert_eq!(all.rejected().len(), 3);
    let all = read_every_way(br#"{"value":[[1,2],{"id":"a"}]}"#);
    assert_eq!((ids(&all), all.rejected().len()), (vec!["a".to_owned()], 1));
}

#[test]
fn a_cut_tail_is_one_rejected_record_with_its_place() {
    let text = "{\"id\":\"a\"}\n{\"id\":\"b\",\"name\":\"cut off he";
    let all = read_every_way(text.as_bytes());
    assert_eq!(ids(&all), ["a"]);
    assert_eq!(all.rejected(), [(11, &Problem::BrokenOff { at: text.len() as u64 })]);
    assert!(!all.is_whole);
    let list = "[{\"id\":\"a\"},";
    let all = read_every_way(list.as_bytes());
    assert_eq!(all.rejected(), [(12, &Problem::ListBrokenOff { at: 12 })]);
}

#[test]
fn damage_in_one_record_leaves_the_others() {
    for (bad, what) in [
        (r#"{"id":"x","name":tru}"#, "a word"),
        (r#"{"id":"x" "name":1}"#, "a comma missing"),
        (r#"{"id":"x","name":"a"b"}"#, "a quote too many"),
        (r#"{"id":"x","name":"a}"#, "a quote missing"),
        (r#"{"id":"x","name":01}"#, "a number"),
        (r#"{"id":"x","list":[1,}"#, "a bracket"),
        (r#"{"id":"x","list":{"a":1]}"#, "a brace that closes a bracket"),
        (r#"{"id":"x","name":"\x"}"#, "an escape"),
        (r#"{"id":"x","name":"\u12g4"}"#, "a code"),
        ("{\"id\":\"x\",\"name\":\"a\u{1}\"}", "a control character"),
        (r#"{"id":"x",}"#, "a comma too many"),
        (r#"{id:"x"}"#, "a key without quotes"),
        (r#"{"id":"x"}}"#, "a brace too many"),
    ] {
        for (before, between, after) in [
            ("", "\n", "\n"),
            ("[", ",\n", "]"),
            ("[\n  ", ",\n  ", "\n]"),
            ("{\"value\":[\n", ",\n", "\n]}"),
            ("[", ",", "]"),
        ] {
            let text = format!(
                "{before}{{\"id\":\"a\"}}{between}{bad}{between}{{\"id\":\"b\"}}{between}{{\"id\":\"c\"}}{after}"
            );
            let all = read_every_way(text.as_bytes());
            let found: Vec<String> = ids(&all).into_iter().filter(|id| id != "x").collect();
            assert_eq!(found, ["a", "b", "c"], "{what} in {text:?}: {:?}", all.taken);
            assert!(!all.rejected().is_empty(), "{what} in {text:?}");
        }
    }
}

#[test]
fn nesting_is_bounded_as_serde_json_bounds_it() {
    for (depth, is_valid) in [(126, true), (127, false), (100_000, false)] {
        let text = format!("{{\"other\":{}{}}}\n{{\"id\":\"a\"}}", "[".repeat(depth), "]".repeat(depth));
        let all = read(text.as_bytes(), &[usize::MAX]);
        let first = text.lines().next().unwrap();
        assert_eq!(serde_json::from_str::<serde_json::Value>(first).is_ok(), is_valid, "{depth}");
        assert_eq!(all.rejected().is_empty(), is_valid, "{depth}");
        assert!(ids(&all).contains(&"a".to_owned()), "{depth}");
    }
}

#[test]
fn a_record_that_is_too_long_is_passed_over() {
    let long = "x".repeat(LONGEST_RECORD + 10);
    let text = format!("{{\"id\":\"a\"}}\n{{\"id\":\"long\",\"name\":\"{long}\"}}\n{{\"id\":\"b\"}}\n");
    for size in [usize::MAX, 1 << 20, 12_345] {
        let all = read(text.as_bytes(), &[size]);
        assert_eq!(ids(&all), ["a", "b"], "{size}");
        assert_eq!(all.rejected(), [(11, &Problem::TooLong)], "{size}");
        assert_eq!(all.offsets(), [0, (text.len() - 11) as u64], "{size}");
    }
}

#[test]
fn junk_between_records_is_one_rejected_record() {
    let text = "{\"id\":\"a\"}\0\0\0\0hello : }\n{\"id\":\"b\"}\n\0\0\0";
    let all = read_every_way(text.as_bytes());
    assert_eq!(ids(&all), ["a", "b"]);
    assert_eq!(all.rejected().len(), 2, "{:?}", all.rejected());
}

#[test]
fn bytes_that_are_no_utf8_and_halves_of_pairs_are_kept_and_marked() {
    let all = read_every_way(b"{\"id\":\"a\",\"name\":\"M\xFCller\"}\n{\"id\":\"b\"}");
    assert_eq!((ids(&all), all.damaged), (vec!["a".to_owned(), "b".to_owned()], 1));
    assert_eq!(all.records()[0]["name"], "M\u{fffd}ller");
    let all = read_every_way(br#"{"id":"a","name":"\ud83d!"}"#);
    assert_eq!(all.records()[0]["name"], "\u{fffd}!");
}

#[test]
fn files_of_other_kinds_are_named() {
    for (bytes, word) in [
        (&b"PK\x03\x04\x14\0\0\0\x08\0aaaaaaaaaaaa"[..], "archive"),
        (b"PAR1aaaaaaaaaaaaaaaaaa", "Parquet"),
        (b"Obj\x01aaaaaaaaaaaaaaaaaaaa", "Avro"),
        (b"%PDF-1.7 aaaaaaaaaaaaaaaaaa", "PDF"),
        (b"hello, this is a letter to nobody", "column"),
        (b"", "empty"),
        (b"  \n", "empty"),
    ] {
        let all = read_every_way(bytes);
        let [Taken::Failed(problem)] = all.taken.as_slice() else { panic!("{word}: {:?}", all.taken) };
        assert!(problem.to_string().contains(word), "{problem}");
    }
}

#[test]
fn a_damaged_gzip_keeps_what_came_out() {
    let text: String =
        (0..4_000).map(|number| format!("{{\"id\":\"{number}\",\"name\":\"{}\"}}\n", number * 7_919)).collect();
    let packed = gzip(text.as_bytes());
    let all = read(&packed[..packed.len() / 2], &[1_000]);
    assert!(ids(&all).len() > 100);
    assert!(
        all.rejected().iter().any(|(_, problem)| matches!(problem, Problem::Packed { .. })),
        "{:?}",
        all.rejected()
    );
    let mut trailing = packed.clone();
    trailing.extend_from_slice(b"trailing bytes that are none of its");
    let all = read(&trailing, &[usize::MAX]);
    assert_eq!(ids(&all).len(), 4_000);
    let two = [packed.clone(), packed].concat();
    assert_eq!(ids(&read(&two, &[7])).len(), 8_000);
}
