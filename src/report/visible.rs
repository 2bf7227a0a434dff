//! Text of a log, made safe to show.

use std::borrow::Cow;
use std::fmt::Write as _;

/// Whether a character acts on a terminal, changes the direction of text, or cannot be seen.
#[must_use]
pub(crate) fn is_hidden(letter: char) -> bool {
    letter.is_control()
        || matches!(
            letter,
            '\u{ad}'
                | '\u{34f}'
                | '\u{61c}'
                | '\u{115f}'
                | '\u{1160}'
                | '\u{17b4}'
                | '\u{17b5}'
                | '\u{180b}'..='\u{180f}'
                | '\u{200b}'..='\u{200f}'
                | '\u{2028}'..='\u{202e}'
                | '\u{2060}'..='\u{206f}'
                | '\u{3164}'
                | '\u{feff}'
                | '\u{ffa0}'
                | '\u{fff9}'..='\u{fffb}'
                | '\u{e0000}'..='\u{e0fff}'
        )
}

/// A text of a log with its control, invisible and direction-changing characters spelled out, as
/// in `U+202E`.
#[must_use]
pub fn visible(text: &str) -> String {
    shown(text).into_owned()
}

/// As [`visible`]; a text that nothing is spelled out of stays where it is.
#[must_use]
pub(crate) fn shown(text: &str) -> Cow<'_, str> {
    if text.bytes().all(|byte| matches!(byte, b' '..=b'~')) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len());
    for letter in text.chars() {
        if is_hidden(letter) {
            // Writing to a string cannot fail.
            let _ = write!(shown, "U+{:04X}", u32::from(letter));
        } else {
            shown.push(letter);
        }
    }
    Cow::Owned(shown)
}

#[cfg(test)]
mod tests {
    use super::visible;

    #[test]
    fn control_and_direction_characters_are_spelled_out() {
        assert_eq!(visible("a\u{1b}[31mb\u{9b}c"), "aU+001B[31mbU+009Bc");
        assert_eq!(visible("\u{202e}txt.exe"), "U+202Etxt.exe");
        assert_eq!(visible("a\r\nb\u{200b}\u{e0041}"), "aU+000DU+000AbU+200BU+E0041");
        assert_eq!(visible("Grüße, 世界"), "Grüße, 世界");
    }
}
