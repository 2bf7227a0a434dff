//! Answers as JSON in which no character is hidden.

use std::fmt::Write as _;
use std::io;

use serde::Serialize;
use serde_json::ser::{CharEscape, Formatter, Serializer};

use crate::report::visible;

/// An answer as JSON. Control, invisible and direction-changing characters in its texts are spelled
/// out, as in `U+202E`; line breaks stay.
pub(super) fn json(answer: &impl Serialize) -> Result<Vec<u8>, String> {
    let mut bytes = Vec::with_capacity(4_096);
    let mut serializer = Serializer::with_formatter(&mut bytes, Visible);
    answer.serialize(&mut serializer).map_err(|error| format!("no answer: {error}"))?;
    Ok(bytes)
}

struct Visible;

impl Formatter for Visible {
    fn write_string_fragment<W: ?Sized + io::Write>(&mut self, writer: &mut W, fragment: &str) -> io::Result<()> {
        // What is hidden and not ASCII comes in fragments; the rest is escaped below.
        if fragment.is_ascii() && !fragment.contains('\u{7f}') {
            writer.write_all(fragment.as_bytes())
        } else {
            writer.write_all(visible(fragment).as_bytes())
        }
    }

    fn write_char_escape<W: ?Sized + io::Write>(&mut self, writer: &mut W, escape: CharEscape) -> io::Result<()> {
        let code = match escape {
            CharEscape::Quote => return writer.write_all(b"\\\""),
            CharEscape::ReverseSolidus => return writer.write_all(b"\\\\"),
            CharEscape::Solidus => return writer.write_all(b"/"),
            CharEscape::LineFeed => return writer.write_all(b"\\n"),
            CharEscape::Backspace => 0x08,
            CharEscape::FormFeed => 0x0C,
            CharEscape::CarriageReturn => 0x0D,
            CharEscape::Tab => 0x09,
            CharEscape::AsciiControl(code) => code,
        };
        let mut text = String::new();
        // Writing to a string cannot fail.
        let _ = write!(text, "U+{code:04X}");
        writer.write_all(text.as_bytes())
    }
}

#[cfg(test)]
mod tests {
    use super::json;

    #[test]
    fn hidden_characters_are_spelled_out_and_the_rest_stays() {
        let text = "a\u{202e}\u{0}\t\u{7f}\u{200b}\"\\/\nGrüße";
        let bytes = json(&text).expect("JSON");
        let back: String = serde_json::from_slice(&bytes).expect("a text");
        assert_eq!(back, "aU+202EU+0000U+0009U+007FU+200B\"\\/\nGrüße");
    }
}
