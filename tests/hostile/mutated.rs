//! Any byte flipped, cut out or put in, in every format: nothing panics, everything is accounted for,
//! and what lies elsewhere is unaffected.

use proptest::prelude::*;
use proptest::sample::Index;
use proptest::test_runner::RngSeed;

use crate::support::{exports, ids, line_files, read, way};

/// A change of one place.
#[derive(Clone, Debug)]
enum Change {
    Flip(u8),
    Set(u8),
    Cut(usize),
    Insert(Vec<u8>),
}

fn change() -> impl Strategy<Value = Change> {
    let piece = prop_oneof![
        proptest::collection::vec(any::<u8>(), 1..8),
        proptest::sample::select(vec![
            "\"", "\\", "{", "}", "[", "]", ",", ":", "\n", "\r\n", "\u{feff}", "][", "\0", "\\u", "\\ud800", "null",
            "1e999", "\"\"", "'", ";", "\t",
        ])
        .prop_map(|text| text.as_bytes().to_vec()),
    ];
    prop_oneof![
        (1..=255_u8).prop_map(Change::Flip),
        any::<u8>().prop_map(Change::Set),
        (1..200_usize).prop_map(Change::Cut),
        piece.prop_map(Change::Insert),
    ]
}

fn changed(bytes: &[u8], at: usize, change: &Change) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    if bytes.is_empty() {
        return bytes;
    }
    let at = at % bytes.len();
    match change {
        Change::Flip(bits) => bytes[at] ^= bits,
        Change::Set(byte) => bytes[at] = *byte,
        Change::Cut(length) => {
            let end = (at + length).min(bytes.len());
            bytes.drain(at..end);
        }
        Change::Insert(piece) => {
            bytes.splice(at..at, piece.iter().copied());
        }
    }
    bytes
}

fn cases(count: u32) -> ProptestConfig {
    ProptestConfig { failure_persistence: None, max_shrink_iters: 200, ..ProptestConfig::with_cases(count) }
}

/// The same cases each time, unless `SLEUTH_HOSTILE_SEED` says otherwise: what fails is the change, not chance. The
/// fuzzer goes on from there.
fn seed() -> u64 {
    let Ok(text) = std::env::var("SLEUTH_HOSTILE_SEED") else { return 7 };
    text.parse().unwrap_or_else(|_| panic!("SLEUTH_HOSTILE_SEED is no number: {text}"))
}

proptest! {
    #![proptest_config(ProptestConfig { rng_seed: RngSeed::Fixed(seed()), ..cases(300) })]

    #[test]
    fn a_change_in_one_line_leaves_the_other_lines_alone(
        file in any::<Index>(),
        line in any::<Index>(),
        at in any::<usize>(),
        change in change(),
    ) {
        let file = file.get(line_files());
        let line = line.index(file.lines.len());
        // A line break put in or taken out makes lines of its own, but never touches others.
        let broken = changed(file.lines[line].as_bytes(), at, &change);
        let case = read(&file.with(line, Some(&broken)));
        // A quote that opens a cell of a table takes in rows behind it, never one before.
        let spared = if file.is_table && is_left_open(&broken) {
            ids(&read(&file.before(line)))
        } else {
            ids(&read(&file.with(line, None)))
        };
        let found = ids(&case);
        let lost: Vec<&String> = spared.difference(&found).take(3).collect();
        prop_assert!(lost.is_empty(), "seed {}, {}: {lost:?} are lost: {:?}", seed(), file.name, case.inputs[0]);
    }

    #[test]
    fn a_line_that_is_dropped_takes_its_own_records_and_no_others(file in any::<Index>(), line in any::<Index>()) {
        let file = file.get(line_files());
        let line = line.index(file.lines.len());
        let (whole, rest) = (ids(&read(&file.whole())), ids(&read(&file.with(line, None))));
        let own = ids(&read(&file.alone(line)));
        prop_assert!(rest.is_subset(&whole) && own.is_subset(&whole), "seed {}, {}", seed(), file.name);
        let both: std::collections::BTreeSet<String> = rest.union(&own).cloned().collect();
        prop_assert_eq!(both, whole, "seed {}, {}", seed(), &file.name);
    }
}

/// Whether a row of a table takes in the row behind it.
fn is_left_open(row: &[u8]) -> bool {
    let text = [row, b"\r\nmark\r\n"].concat();
    let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text.as_slice());
    let last = reader.byte_records().last();
    last.is_none_or(|last| last.is_err() || last.is_ok_and(|last| last != vec!["mark"]))
}

proptest! {
    #![proptest_config(ProptestConfig { rng_seed: RngSeed::Fixed(seed()), ..cases(200) })]

    #[test]
    fn changes_in_any_format_are_accounted_for_and_read_alike_in_any_chunks(
        file in any::<Index>(),
        changes in proptest::collection::vec((any::<usize>(), change()), 1..4),
        chunk in prop_oneof![Just(1_usize), Just(7), 2..5_000_usize],
    ) {
        let files = exports();
        let (name, bytes) = &files[file.index(files.len())];
        let mut bytes = bytes.clone();
        for (at, change) in &changes {
            bytes = changed(&bytes, *at, change);
        }
        let whole = way(&[(name, &bytes)], usize::MAX).report;
        let pieces = way(&[(name, &bytes)], chunk).report;
        prop_assert_eq!(whole, pieces, "seed {}, {}", seed(), name);
    }

    #[test]
    fn bytes_of_chance_are_no_log(bytes in proptest::collection::vec(any::<u8>(), 0..2_000)) {
        let outcome = way(&[("chance", &bytes)], 7);
        prop_assert_eq!(outcome.case.inputs[0].events, 0);
    }
}
