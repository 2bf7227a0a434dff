//! The on-demand reader and `serde_json` agree: on values of what is valid, and on what is not.

use std::collections::BTreeMap;

use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use serde_json::Value;

use crate::generate::{change, changed, record, value};
use crate::taken::{PATHS, Taken, read, read_every_way};

/// What `serde_json` sees at the paths of an object.
fn values(object: &Value) -> BTreeMap<&'static str, Value> {
    let mut found = BTreeMap::new();
    for path in PATHS {
        let mut at = Some(object);
        for step in path.split('.') {
            let member = |object: &Value| Some(object.as_object()?.get(step)?.clone());
            let next = at.and_then(member);
            match next {
                Some(next) => at = Some(Box::leak(Box::new(next))),
                None => at = None,
            }
        }
        if let Some(value) = at {
            found.insert(*path, value.clone());
        }
    }
    found
}

/// Whether `serde_json` refuses a text only for what the reader marks and keeps.
fn is_kept_on_purpose(bytes: &[u8], why: &serde_json::Error) -> bool {
    let why = why.to_string();
    std::str::from_utf8(bytes).is_err()
        || why.contains("surrogate")
        || why.contains("unexpected end of hex escape")
        || why.contains("number out of range")
}

/// The same cases every time, so that a red run means a change; `SLEUTH_LONG` tries many new ones.
fn cases() -> ProptestConfig {
    let long = std::env::var_os("SLEUTH_LONG").is_some();
    ProptestConfig {
        failure_persistence: None,
        max_shrink_iters: 200,
        rng_seed: if long { RngSeed::Random } else { RngSeed::Fixed(7) },
        ..ProptestConfig::with_cases(if long { 20_000 } else { 150 })
    }
}

proptest! {
    #![proptest_config(cases())]

    #[test]
    fn a_valid_record_has_equal_values(text in record()) {
        // Keys that are there twice are left to the readers' own tests.
        let parsed: Value = serde_json::from_str(&text).expect("generated texts are valid");
        let all = read(text.as_bytes(), &[usize::MAX]);
        prop_assert_eq!(all.rejected(), vec![]);
        prop_assert_eq!(all.records().len(), 1);
        let mut expected = values(&parsed);
        let mut found = all.records()[0].clone();
        // Inside of an object that is there twice the last one counts for each key on its own.
        if text.matches("\"properties\"").count() > 1 {
            for map in [&mut expected, &mut found] {
                map.retain(|path, _| !path.starts_with("properties."));
            }
        }
        prop_assert_eq!(&found, &expected);
        prop_assert!(all.is_whole);
    }

    #[test]
    fn chunks_make_no_difference(texts in prop::collection::vec(record(), 1..4), change in change()) {
        read_every_way(texts.join("\n").as_bytes());
        read_every_way(format!("[{}]", texts.join(" ,\n ")).as_bytes());
        read_every_way(&changed(&texts.join("\n"), &change));
        read_every_way(&changed(&format!("{{\"value\":[{}]}}", texts.join(",")), &change));
    }

    #[test]
    fn an_invalid_record_is_never_lost_silently(text in record(), change in change()) {
        let bytes = changed(&text, &change);
        let all = read(&bytes, &[usize::MAX]);
        match serde_json::from_slice::<Value>(&bytes) {
            Ok(Value::Object(_)) => {
                prop_assert_eq!(all.records().len() , 1);
                prop_assert_eq!(all.rejected(), vec![]);
            }
            Ok(_) => {}
            Err(_) if bytes.trim_ascii().is_empty() => {}
            Err(why) => {
                // Several values one behind the other are a stream, not an error.
                let stream: Result<Vec<Value>, _> = serde_json::Deserializer::from_slice(&bytes).into_iter().collect();
                let kept = is_kept_on_purpose(&bytes, &why) || stream.is_ok();
                let said = !all.rejected().is_empty() || all.damaged > 0 || all.taken.iter().any(|taken| matches!(taken, Taken::Failed(_)));
                prop_assert!(kept || said || is_tolerated(&bytes), "{:?}: {why}", String::from_utf8_lossy(&bytes));
            }
        }
    }

    #[test]
    fn any_value_that_is_skipped_is_checked(value in value(), change in change()) {
        let bytes = changed(&value, &change);
        let document = [b"{\"other\":", bytes.as_slice(), b",\"id\":\"last\"}"].concat();
        let all = read(&document, &[usize::MAX]);
        match serde_json::from_slice::<Value>(&document) {
            Ok(_) => prop_assert_eq!(all.records().len(), 1),
            Err(why) => prop_assert!(
                is_kept_on_purpose(&document, &why) || !all.rejected().is_empty(),
                "{:?}: {why}", String::from_utf8_lossy(&document)
            ),
        }
    }

    #[test]
    fn a_value_is_checked_whatever_stood_in_its_place_before(value in value(), change in change()) {
        let record = |value: &[u8]| [b"{\"other\":", value, b",\"id\":\"last\"}"].concat();
        let (whole, document) = (record(value.as_bytes()), record(&changed(&value, &change)));
        let all = read(&[whole.clone(), whole, document.clone()].join(&b'\n'), &[usize::MAX]);
        match serde_json::from_slice::<Value>(&document) {
            Ok(_) => {
                prop_assert_eq!(all.rejected(), vec![]);
                prop_assert_eq!(all.records().len(), 3);
            }
            Err(why) => prop_assert!(
                is_kept_on_purpose(&document, &why) || !all.rejected().is_empty(),
                "{:?}: {why}", String::from_utf8_lossy(&document)
            ),
        }
    }

    #[test]
    fn damage_stays_in_its_line(texts in prop::collection::vec(record(), 3..6), which in 1..3_usize, change in change()) {
        let lines: Vec<String> = texts.iter().map(|text| text.replace(['\n', '\r'], " ")).collect();
        let whole = read(lines.join("\n").as_bytes(), &[usize::MAX]);
        let damaged = changed(&lines[which], &change);
        // A bracket or a line break too many changes what the lines around are part of.
        prop_assume!(!damaged.iter().any(|byte| matches!(byte, b'\n' | b'\r')));
        let bytes: Vec<Vec<u8>> =
            lines.iter().enumerate().map(|(line, text)| if line == which { damaged.clone() } else { text.clone().into_bytes() }).collect();
        let all = read(&bytes.join(&b'\n'), &[usize::MAX]);
        let records = all.records();
        for (line, expected) in whole.records().into_iter().enumerate() {
            if line != which {
                prop_assert!(records.contains(&expected), "line {line} of {:?}", String::from_utf8_lossy(&bytes.join(&b'\n')));
            }
        }
    }
}

/// Between values anything that separates is taken: files are glued together in practice.
fn is_tolerated(bytes: &[u8]) -> bool {
    let all = read(bytes, &[usize::MAX]);
    let outside = |byte: &u8| matches!(byte, b',' | b']' | b'[' | b' ' | b'\t' | b'\r' | b'\n');
    let mut rest = bytes;
    while let Some((byte, after)) = rest.split_first().filter(|(byte, _)| outside(byte)) {
        let _ = byte;
        rest = after;
    }
    while let Some((_, before)) = rest.split_last().filter(|(byte, _)| outside(byte)) {
        rest = before;
    }
    !all.records().is_empty()
        && serde_json::Deserializer::from_slice(rest).into_iter::<Value>().all(|value| value.is_ok())
}
