//! The report as JSON, schema 1: the same bytes for the same report.

use std::io;

use serde::Serialize;
use serde_json::Serializer;
use serde_json::ser::{CompactFormatter, Formatter, PrettyFormatter};

use super::visible::is_hidden;

/// A value as indented JSON with a line end behind it. Characters that act on a terminal, change
/// the direction of text or cannot be seen are escaped, so that printing the JSON is harmless.
#[must_use]
pub fn json<T: Serialize + ?Sized>(value: &T) -> String {
    write(value, PrettyFormatter::with_indent(b"  "))
}

/// The same on one line.
#[must_use]
pub fn json_line<T: Serialize + ?Sized>(value: &T) -> String {
    write(value, CompactFormatter)
}

fn write<T: Serialize + ?Sized>(value: &T, inner: impl Formatter) -> String {
    let mut bytes = Vec::new();
    let mut serializer = Serializer::with_formatter(&mut bytes, Harmless(inner));
    // A report holds nothing that JSON cannot: its keys are texts, and it writes to memory.
    let _ = value.serialize(&mut serializer);
    bytes.push(b'\n');
    String::from_utf8(bytes).unwrap_or_default()
}

/// Writes as the inner formatter does, hidden characters escaped.
struct Harmless<F>(F);

macro_rules! pass_on {
    ($($name:ident($($argument:ident: $type:ty),*));* $(;)?) => {
        $(fn $name<W: ?Sized + io::Write>(&mut self, writer: &mut W $(, $argument: $type)*) -> io::Result<()> {
            self.0.$name(writer $(, $argument)*)
        })*
    };
}

impl<F: Formatter> Formatter for Harmless<F> {
    pass_on! {
        begin_array();
        end_array();
        begin_array_value(first: bool);
        end_array_value();
        begin_object();
        end_object();
        begin_object_key(first: bool);
        begin_object_value();
        end_object_value();
    }

    fn write_string_fragment<W: ?Sized + io::Write>(&mut self, writer: &mut W, fragment: &str) -> io::Result<()> {
        let mut rest = fragment;
        while let Some((at, letter)) = rest.char_indices().find(|(_, letter)| is_hidden(*letter)) {
            let (plain, tail) = rest.split_at(at);
            writer.write_all(plain.as_bytes())?;
            for unit in letter.encode_utf16(&mut [0; 2]) {
                write!(writer, "\\u{unit:04x}")?;
            }
            rest = tail.get(letter.len_utf8()..).unwrap_or_default();
        }
        writer.write_all(rest.as_bytes())
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    #[test]
    fn hidden_characters_are_escaped_and_nothing_is_lost() {
        let value = json!({"a": "\u{1b}[31m \u{9b}2J \u{7f} \u{202e}exe \u{e0041} 世界 \"\\", "b": [1, {}]});
        let text = super::json(&value);
        assert!(text.ends_with("}\n"));
        assert!(!text.chars().any(|letter| letter != '\n' && super::is_hidden(letter)), "{text:?}");
        assert_eq!(serde_json::from_str::<Value>(&text).expect("valid"), value);
        assert!(text.contains("世界") && text.contains("\\u202e") && text.contains("\\udb40\\udc41"));
    }
}
