//! Scalar cells: identifiers, texts, words, numbers, truth values.

use crate::events::vocabulary::Flag;
use crate::intake::Cell;

/// What a cell holds that should be a scalar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Scalar<'a> {
    /// No such field.
    Absent,
    /// The field is there and holds nothing: null, `""`, or a word that exports write for nothing.
    Empty,
    /// Its text, blanks around it cut off; a number or truth value as written.
    Value(&'a [u8]),
}

impl<'a> Scalar<'a> {
    /// Its text, where it has one.
    pub(super) fn value(self) -> Option<&'a [u8]> {
        match self {
            Self::Value(text) => Some(text),
            Self::Absent | Self::Empty => None,
        }
    }
}

/// Reads a cell. `scratch` lends its memory where an escape must be undone. An object or a list
/// where a scalar belongs holds nothing.
pub(super) fn scalar<'a>(cell: Cell<'a>, scratch: &'a mut String) -> Scalar<'a> {
    let text = match cell {
        Cell::Absent => return Scalar::Absent,
        Cell::Text(text) => {
            let text = without_guard(text.trim_ascii());
            if is_nothing(text) {
                return Scalar::Empty;
            }
            text
        }
        Cell::Json(raw) => match raw {
            [b'"', inner @ .., b'"'] if memchr::memchr(b'\\', inner).is_none() => inner.trim_ascii(),
            [b'"', ..] => {
                // Undone in the caller's memory, so that the text lives as long as that.
                let Some(text) = cell.text(scratch).map(std::borrow::Cow::into_owned) else { return Scalar::Empty };
                *scratch = text;
                scratch.as_bytes().trim_ascii()
            }
            [b'{' | b'[', ..] | b"null" => return Scalar::Empty,
            number_or_truth => number_or_truth.trim_ascii(),
        },
    };
    if text.is_empty() { Scalar::Empty } else { Scalar::Value(text) }
}

/// Spreadsheet exports put an apostrophe before a cell that a spreadsheet would compute.
fn without_guard(text: &[u8]) -> &[u8] {
    match text {
        [b'\'', rest @ ..] if matches!(rest, [b'-' | b'+' | b'=' | b'@', ..]) => rest,
        _ => text,
    }
}

/// Words that a CSV holds in place of nothing.
fn is_nothing(text: &[u8]) -> bool {
    const WORDS: [&[u8]; 5] = [b"null", b"<null>", b"N/A", b"Unknown", b"-"];
    text.len() <= 7 && WORDS.iter().any(|word| text.eq_ignore_ascii_case(word))
}

/// Whether a text is Python's word for nothing, which the Azure CLI writes for null.
pub(super) fn is_python_none(text: &[u8]) -> bool {
    text == b"None"
}

/// Whether a cell holds something.
pub(super) fn has_value(cell: Cell<'_>) -> bool {
    !cell.is_absent() && !cell.is_empty()
}

/// A yes or no in any spelling. Defender writes -1 where it says neither.
pub(super) fn flag(cell: Cell<'_>, scratch: &mut String) -> Flag {
    match scalar(cell, scratch) {
        Scalar::Absent => Flag::ABSENT,
        Scalar::Empty | Scalar::Value(b"-1") => Flag::EMPTY,
        Scalar::Value(text) => Flag::parse(&String::from_utf8_lossy(text)),
    }
}

/// A whole number: as written, with a fraction of zeros, or as a spreadsheet shows it (`1.23E+05`).
pub(super) fn whole(text: &[u8]) -> Option<u32> {
    let text = std::str::from_utf8(text).ok()?.trim();
    if let Ok(number) = text.parse() {
        return Some(number);
    }
    let number: f64 = text.parse().ok()?;
    let fits = number.fract() == 0.0 && (0.0..=f64::from(u32::MAX)).contains(&number);
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "whole and within u32")]
    fits.then_some(number as u32)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(cell: Cell<'_>) -> Option<String> {
        let mut scratch = String::new();
        match scalar(cell, &mut scratch) {
            Scalar::Absent => None,
            Scalar::Empty => Some(String::new()),
            Scalar::Value(text) => Some(String::from_utf8_lossy(text).into_owned()),
        }
    }

    #[test]
    fn tells_absent_empty_and_value_apart() {
        assert_eq!(read(Cell::Absent), None);
        for nothing in ["null", "\"\"", "\"  \"", "[]", "{}", "{\"a\":1}", "\"\\u0020\""] {
            assert_eq!(read(Cell::Json(nothing.as_bytes())).as_deref(), Some(""), "{nothing}");
        }
        for nothing in ["", "  ", "null", "NULL", "N/A", "Unknown", "-", "<null>"] {
            assert_eq!(read(Cell::Text(nothing.as_bytes())).as_deref(), Some(""), "{nothing}");
        }
        for (raw, text) in [("\"a b\"", "a b"), ("\" a\\tb \"", "a\tb"), ("17", "17"), ("true", "true")] {
            assert_eq!(read(Cell::Json(raw.as_bytes())).as_deref(), Some(text), "{raw}");
        }
        assert_eq!(read(Cell::Json(b"\"Unknown\"")).as_deref(), Some("Unknown"));
    }

    #[test]
    fn a_guard_against_formulas_is_no_part_of_the_text() {
        assert_eq!(read(Cell::Text(b"'-_WUD4M1Rkyb-gOQwZiIAA")).as_deref(), Some("-_WUD4M1Rkyb-gOQwZiIAA"));
        assert_eq!(read(Cell::Text(b"'=1+1")).as_deref(), Some("=1+1"));
        assert_eq!(read(Cell::Text(b"'quoted'")).as_deref(), Some("'quoted'"));
        assert_eq!(read(Cell::Json(b"\"'-x\"")).as_deref(), Some("'-x"));
    }

    #[test]
    fn truth_is_read_in_every_spelling() {
        let mut scratch = String::new();
        for (raw, expected) in [
            ("true", Flag::TRUE),
            ("\"True\"", Flag::TRUE),
            ("\"TRUE\"", Flag::TRUE),
            ("\"Yes\"", Flag::TRUE),
            ("1", Flag::TRUE),
            ("false", Flag::FALSE),
            ("\"False\"", Flag::FALSE),
            ("\"no\"", Flag::FALSE),
            ("0", Flag::FALSE),
            ("null", Flag::EMPTY),
            ("\"\"", Flag::EMPTY),
            ("-1", Flag::EMPTY),
            ("\"perhaps\"", Flag::OTHER),
        ] {
            assert_eq!(flag(Cell::Json(raw.as_bytes()), &mut scratch), expected, "{raw}");
        }
        assert_eq!(flag(Cell::Absent, &mut scratch), Flag::ABSENT);
    }

    #[test]
    fn whole_numbers_are_read_as_exports_and_spreadsheets_write_them() {
        for (text, expected) in [
            ("50126", Some(50_126)),
            ("50126.0", Some(50_126)),
            ("5.0126E+04", Some(50_126)),
            (" 7 ", Some(7)),
            ("0", Some(0)),
            ("-1", None),
            ("1.5", None),
            ("AADSTS50126", None),
            ("99999999999", None),
            ("NaN", None),
            ("", None),
        ] {
            assert_eq!(whole(text.as_bytes()), expected, "{text}");
        }
    }
}
