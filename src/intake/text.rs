//! Strings of JSON: undoing their escapes.

/// Appends the text that a string's inner bytes stand for. Halves of surrogate pairs, bytes that are
/// no UTF-8 and unknown escapes become U+FFFD: nothing is lost silently and nothing fails.
pub(crate) fn unescape(inner: &[u8], out: &mut String) {
    let mut rest = inner;
    while let Some(at) = memchr::memchr(b'\\', rest) {
        let (plain, escape) = rest.split_at(at);
        out.push_str(&String::from_utf8_lossy(plain));
        let (letter, length) = escaped(escape);
        out.push(letter);
        rest = escape.get(length..).unwrap_or_default();
    }
    out.push_str(&String::from_utf8_lossy(rest));
}

/// The letter that an escape at the start of `bytes` stands for, and the escape's length.
fn escaped(bytes: &[u8]) -> (char, usize) {
    let letter = match bytes.get(1) {
        Some(b'n') => '\n',
        Some(b't') => '\t',
        Some(b'r') => '\r',
        Some(b'b') => '\u{8}',
        Some(b'f') => '\u{c}',
        Some(&letter @ (b'"' | b'\\' | b'/')) => char::from(letter),
        Some(b'u') => return unit(bytes),
        Some(_) => char::REPLACEMENT_CHARACTER,
        None => return (char::REPLACEMENT_CHARACTER, 1),
    };
    (letter, 2)
}

fn unit(bytes: &[u8]) -> (char, usize) {
    let Some(first) = hex(bytes.get(2..6)) else { return (char::REPLACEMENT_CHARACTER, 2) };
    let second = bytes.get(6..8).filter(|next| *next == b"\\u").and_then(|_| hex(bytes.get(8..12)));
    if let (0xD800..0xDC00, Some(second @ 0xDC00..0xE000)) = (first, second) {
        let code = 0x1_0000 + ((first - 0xD800) << 10) + (second - 0xDC00);
        return (char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER), 12);
    }
    (char::from_u32(first).unwrap_or(char::REPLACEMENT_CHARACTER), 6)
}

/// Four hexadecimal digits.
fn hex(digits: Option<&[u8]>) -> Option<u32> {
    let digits: &[u8; 4] = digits?.try_into().ok()?;
    let mut value = 0;
    for &digit in digits {
        value = value * 16 + char::from(digit).to_digit(16)?;
    }
    Some(value)
}

/// Whether an escape at the start of `bytes` is one of JSON's; nothing where `bytes` ends within it.
pub(super) fn is_escape(bytes: &[u8]) -> Option<bool> {
    match bytes.get(1)? {
        b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't' => Some(true),
        b'u' => {
            let digits = bytes.get(2..bytes.len().min(6)).unwrap_or_default();
            let valid = digits.iter().all(u8::is_ascii_hexdigit);
            if valid && digits.len() < 4 { None } else { Some(valid) }
        }
        _ => Some(false),
    }
}

#[cfg(test)]
mod tests {
    use super::unescape;

    fn undone(inner: &str) -> String {
        let mut out = String::new();
        unescape(inner.as_bytes(), &mut out);
        out
    }

    #[test]
    fn undoes_every_escape() {
        assert_eq!(undone(r#"a\n\t\r\b\f\"\\\/b"#), "a\n\t\r\u{8}\u{c}\"\\/b");
        assert_eq!(undone(r"Gr\u00fc\u00DFe \ud83d\ude00"), "Grüße 😀");
        assert_eq!(undone("plain"), "plain");
    }

    #[test]
    fn halves_of_pairs_and_unknown_escapes_are_marked() {
        assert_eq!(undone(r"\ud83d"), "\u{fffd}");
        assert_eq!(undone(r"\ude00x"), "\u{fffd}x");
        assert_eq!(undone(r"\ud83d\u0041"), "\u{fffd}A");
        assert_eq!(undone(r"\ud83d\ud83d\ude00"), "\u{fffd}😀");
        assert_eq!(undone(r"\x41"), "\u{fffd}41");
        assert_eq!(undone(r"\u12"), "\u{fffd}12");
        assert_eq!(undone("\\"), "\u{fffd}");
    }
}
