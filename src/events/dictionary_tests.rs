use std::collections::BTreeMap;

use super::*;

#[test]
fn each_text_has_one_number_and_each_number_one_text() {
    for seed in [0, 1, u64::MAX] {
        let mut texts = Texts::new(seed);
        let mut known = BTreeMap::new();
        for round in 0..3 {
            for number in 0..5_000_u32 {
                let text = format!("text {}", number % 1_999);
                let id = texts.intern(&text);
                assert_eq!(*known.entry(text).or_insert(id), id, "round {round}");
            }
        }
        assert_eq!(texts.len(), 2 + 1_999);
        for (text, id) in &known {
            assert_eq!(
                (texts.get(*id), texts.find(text), texts.value(*id)),
                (text.as_str(), Some(*id), Some(text.as_str()))
            );
        }
        // Numbers are given out in the order in which texts come, whatever keys the hash.
        assert_eq!(texts.iter().next(), Some((TextId(2), "text 0")));
        assert!(texts.iter().zip(2..).all(|((id, _), number)| id == TextId(number)));
    }
}

#[test]
fn absent_and_empty_are_no_texts() {
    let mut texts = Texts::new(1);
    assert!(texts.is_empty());
    assert_eq!(texts.intern(""), TextId::EMPTY);
    assert!(texts.is_empty());
    for id in [TextId::ABSENT, TextId::EMPTY, TextId(99)] {
        assert_eq!(texts.get(id), "");
    }
    assert_eq!((texts.value(TextId::ABSENT), texts.value(TextId::EMPTY)), (None, None));
    assert!(!TextId::ABSENT.is_present() && TextId::EMPTY.is_present() && !TextId::EMPTY.has_value());
    assert_eq!(texts.find("nobody"), None);
}

#[test]
fn texts_that_begin_alike_or_hold_anything_are_kept_apart() {
    let mut texts = Texts::new(1);
    let all = ["a", "ab", "abc", "\0", "\0\0", "\u{fffd}", "a\u{301}", "\u{e1}", " ", "  "];
    let ids: Vec<TextId> = all.iter().map(|text| texts.intern(text)).collect();
    assert!(all.iter().zip(&ids).all(|(text, id)| texts.get(*id) == *text));
    assert_eq!(texts.len(), 2 + all.len());
}

#[test]
fn a_dictionary_is_restored_from_its_texts_and_from_nothing_else() {
    let mut texts = Texts::new(1);
    let ids = ["one", "two", "dr\u{fc}i"].map(|text| texts.intern(text));
    let (bytes, ends) = texts.raw();
    let mut again = Texts::restore(7, bytes.to_owned(), ends.to_vec()).expect("these are its texts");
    assert_eq!(["one", "two", "dr\u{fc}i"].map(|text| again.intern(text)), ids);
    for (bytes, ends) in [
        ("ab", vec![0, 0, 1]),
        ("ab", vec![0, 0, 1, 3]),
        ("ab", vec![0, 0, 2, 2]),
        ("aa", vec![0, 0, 1, 2]),
        ("\u{fc}", vec![0, 0, 1, 2]),
        ("ab", vec![0, 0, 2, 1]),
        ("a", vec![0, 1]),
        ("", vec![]),
    ] {
        assert!(Texts::restore(7, bytes.to_owned(), ends.clone()).is_none(), "{bytes:?} {ends:?}");
    }
}

#[test]
fn each_tuple_has_one_number_and_the_absent_one_is_the_first() {
    let mut tuples = Tuples::new(1, (0_u32, 0_u64));
    assert_eq!(tuples.intern((0, 0)), 0);
    for number in 1..5_000_u32 {
        assert_eq!(tuples.intern((number, u64::from(number) << 32)), number);
    }
    for number in 0..5_000_u32 {
        assert_eq!(tuples.find(number), Some(&(number, u64::from(number) << 32)));
        assert_eq!(tuples.intern((number, u64::from(number) << 32)), number);
    }
    assert_eq!((tuples.find(5_000), tuples.rows().len()), (None, 5_000));
    assert!(Tuples::restore(1, tuples.rows().to_vec()).is_some());
    assert!(Tuples::restore(1, vec![(1, 2), (1, 2)]).is_none());
}
