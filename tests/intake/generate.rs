//! JSON texts of every spelling, made by chance.

use proptest::prelude::*;

/// Blanks between tokens.
fn blanks() -> impl Strategy<Value = String> {
    prop_oneof![6 => Just(String::new()), 2 => Just(" ".to_owned()), 1 => "[ \t]{1,70}", 1 => "[ \r\n]{1,3}"]
}

/// The inside of a string: plain letters, escapes, letters outside of ASCII.
fn inside() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        6 => "[a-zA-Z0-9 .:@{}\\[\\],/-]{0,20}",
        1 => Just("\\\"".to_owned()),
        1 => Just("\\\\".to_owned()),
        1 => Just("\\n\\t\\/".to_owned()),
        1 => Just("\\u00e9\\ud83d\\ude00".to_owned()),
        1 => "[é世😀]{1,4}",
        1 => "[a-z]{60,140}",
    ];
    prop::collection::vec(piece, 0..4).prop_map(|pieces| pieces.concat())
}

fn string() -> impl Strategy<Value = String> {
    inside().prop_map(|inside| format!("\"{inside}\""))
}

fn scalar() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => string(),
        1 => Just("null".to_owned()),
        1 => Just("true".to_owned()),
        1 => Just("false".to_owned()),
        1 => "-?(0|[1-9][0-9]{0,6})",
        1 => "-?(0|[1-9][0-9]{0,3})\\.[0-9]{1,5}([eE][+-]?[0-9]{1,2})?",
    ]
}

/// Any value.
pub(crate) fn value() -> impl Strategy<Value = String> {
    scalar().prop_recursive(5, 40, 6, |inner| {
        let element =
            (blanks(), inner.clone(), blanks()).prop_map(|(before, value, after)| format!("{before}{value}{after}"));
        let member = (blanks(), string(), blanks(), blanks(), inner, blanks())
            .prop_map(|(a, key, b, c, value, d)| format!("{a}{key}{b}:{c}{value}{d}"));
        prop_oneof![
            prop::collection::vec(element, 0..6).prop_map(|elements| format!("[{}]", elements.join(","))),
            prop::collection::vec(member, 0..6).prop_map(|members| format!("{{{}}}", members.join(","))),
        ]
    })
}

/// An object whose keys are those that are looked for, and others.
pub(crate) fn record() -> impl Strategy<Value = String> {
    let key = prop_oneof![
        Just("id".to_owned()),
        Just("time".to_owned()),
        Just("name".to_owned()),
        Just("list".to_owned()),
        Just("\\u0069d".to_owned()),
        inside(),
    ];
    let properties = prop::collection::vec((prop_oneof![Just("id"), Just("status"), Just("other")], value()), 0..4)
        .prop_map(|members| {
            let members: Vec<String> = members.into_iter().map(|(key, value)| format!("\"{key}\":{value}")).collect();
            ("properties".to_owned(), format!("{{{}}}", members.join(",")))
        });
    let member = prop_oneof![5 => (key, value()), 1 => properties];
    prop::collection::vec((blanks(), member, blanks()), 0..10).prop_map(|members| {
        let members: Vec<String> = members
            .into_iter()
            .map(|(before, (key, value), after)| format!("{before}\"{key}\":{after}{value}"))
            .collect();
        format!("{{{}}}", members.join(","))
    })
}

/// What is done to one byte of a text.
#[derive(Clone, Debug)]
pub(crate) enum Change {
    /// Another byte in its place.
    Flip(u8),
    /// A byte before it.
    Insert(u8),
    /// It goes.
    Remove,
    /// Everything from it on goes.
    Cut,
}

/// A change and where, as a share of the text.
pub(crate) fn change() -> impl Strategy<Value = (f64, Change)> {
    let byte = prop_oneof![
        Just(b'"'),
        Just(b'\\'),
        Just(b'{'),
        Just(b'}'),
        Just(b','),
        Just(b':'),
        Just(b'['),
        Just(b'0'),
        Just(b'x'),
        any::<u8>()
    ];
    let change = prop_oneof![
        byte.clone().prop_map(Change::Flip),
        byte.prop_map(Change::Insert),
        Just(Change::Remove),
        Just(Change::Cut),
    ];
    (0.0..1.0, change)
}

/// The text with the change made.
pub(crate) fn changed(text: &str, (share, change): &(f64, Change)) -> Vec<u8> {
    let mut bytes = text.as_bytes().to_vec();
    let at = (bytes.len() as f64 * share) as usize;
    match change {
        Change::Flip(byte) => bytes[at] = *byte,
        Change::Insert(byte) => bytes.insert(at, *byte),
        Change::Remove => {
            bytes.remove(at);
        }
        Change::Cut => bytes.truncate(at),
    }
    bytes
}
