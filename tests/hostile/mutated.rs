//! Any byte flipped, cut out or put in, in every format: nothing panics, everything is accounted for,
//! and what lies elsewhere is unaffected.

use proptest::prelude::*;

use crate::support::{exports, ids, lines, read, way};

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

proptest! {
    #![proptest_config(cases(300))]

    #[test]
    fn a_change_in_one_line_leaves_the_other_lines_alone(line in 0..10_usize, at in any::<usize>(), change in change()) {
        let all = lines();
        let line = line % all.len();
        // A line break put in or taken out makes lines of its own, but never touches others.
        let broken = changed(all[line].as_bytes(), at, &change);
        let mut bytes = Vec::new();
        for (number, text) in all.iter().enumerate() {
            bytes.extend_from_slice(if number == line { &broken } else { text.as_bytes() });
            bytes.push(b'\n');
        }
        let case = read(&bytes);
        let mut others = all.clone();
        others.remove(line);
        let expected = ids(&read(others.join("\n").as_bytes()));
        prop_assert!(expected.is_subset(&ids(&case)), "{:?}", case.inputs[0]);
        prop_assert!(case.inputs[0].records >= expected.len() as u64);
    }
}

proptest! {
    #![proptest_config(cases(200))]

    #[test]
    fn changes_in_any_format_are_accounted_for_and_read_alike_in_any_chunks(
        file in any::<proptest::sample::Index>(),
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
        prop_assert_eq!(whole, pieces);
    }

    #[test]
    fn bytes_of_chance_are_no_log(bytes in proptest::collection::vec(any::<u8>(), 0..2_000)) {
        let outcome = way(&[("chance", &bytes)], 7);
        prop_assert_eq!(outcome.case.inputs[0].events, 0);
    }
}
