//! Messages of an Event Hub: a dump of them has records in the body of each, as JSON, as text or in
//! base64.

use std::borrow::Cow;

use crate::Cell;
use crate::text::unescape;

/// The path of a message's body.
pub(crate) const BODY: &str = "body";

/// The JSON in a message's body; nothing where it is none that Azure Monitor writes.
pub(super) fn body<'a>(cell: Cell<'a>) -> Option<Cow<'a, [u8]>> {
    let text = match cell {
        Cell::Json(json @ [b'{' | b'[', ..]) => Cow::Borrowed(json),
        Cell::Json([b'"', inner @ .., b'"']) => {
            Cow::Owned(carried(inner).or_else(|text| base64(text.trim().as_bytes()).ok_or(())).ok()?)
        }
        _ => return None,
    };
    is_log(&text).then_some(text)
}

/// The JSON that a string carries, by what stands between its quotes; its text where it is none.
pub(super) fn carried(inner: &[u8]) -> Result<Vec<u8>, String> {
    let mut text = String::new();
    unescape(inner, &mut text);
    if text.trim_start().starts_with(['{', '[']) { Ok(text.into_bytes()) } else { Err(text) }
}

/// The log that a text holds in base64; nothing where it holds none.
pub(super) fn packed(text: &str) -> Option<Vec<u8>> {
    base64(text.trim().as_bytes()).filter(|json| is_log(json))
}

/// Whether JSON may be what Azure Monitor writes.
fn is_log(text: &[u8]) -> bool {
    let json = text.trim_ascii_start();
    let json = json.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(json);
    let has = |key: &[u8]| memchr::memmem::find(json, key).is_some();
    (json.starts_with(b"{") || json.starts_with(b"[")) && (has(b"\"records\"") || has(b"\"category\""))
}

/// Undoes base64 in either alphabet; nothing where it is none.
fn base64(text: &[u8]) -> Option<Vec<u8>> {
    let digits = text.trim_ascii_end();
    let digits = digits.strip_suffix(b"==").or(digits.strip_suffix(b"=")).unwrap_or(digits);
    let mut bytes = Vec::with_capacity(digits.len() / 4 * 3 + 3);
    let (mut held, mut bits) = (0_u32, 0);
    for digit in digits {
        let value = match digit {
            b'A'..=b'Z' => digit - b'A',
            b'a'..=b'z' => digit - b'a' + 26,
            b'0'..=b'9' => digit - b'0' + 52,
            b'+' | b'-' => 62,
            b'/' | b'_' => 63,
            _ => return None,
        };
        held = held << 6 | u32::from(value);
        bits += 6;
        if bits >= 8 {
            bits -= 8;
            bytes.push((held >> bits) as u8);
            held &= (1 << bits) - 1;
        }
    }
    // What is left of the last digit is nothing.
    (held == 0 && bits < 6).then_some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(json: &str) -> Option<String> {
        body(Cell::Json(json.as_bytes())).map(|text| String::from_utf8(text.into_owned()).unwrap())
    }

    #[test]
    fn a_body_is_json_text_or_base64_and_must_hold_a_log() {
        for (json, expected) in [
            (r#"{"records":[]}"#, Some(r#"{"records":[]}"#)),
            (r#""{\"records\":[]}""#, Some(r#"{"records":[]}"#)),
            (r#""eyJyZWNvcmRzIjpbXX0=""#, Some(r#"{"records":[]}"#)),
            (r#""eyJyZWNvcmRzIjpbXX0""#, Some(r#"{"records":[]}"#)),
            (r#""eyJyZWNvcmRzIjpbXX1=""#, None),
            (r#""eyJ yZWNv""#, None),
            (r#""A""#, None),
            (r#""hello""#, None),
            (r#"{"content":"a letter"}"#, None),
            ("null", None),
        ] {
            assert_eq!(told(json).as_deref(), expected, "{json}");
        }
        assert_eq!(base64(b"+/-_"), Some(vec![0xFB, 0xFF, 0xBF]));
        assert_eq!(body(Cell::Absent), None);
    }
}
