//! Text encodings: UTF-16 is turned into UTF-8 on the way, and offsets are counted in the bytes of
//! the file all the same.

/// How the text of an input is encoded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Encoding {
    /// UTF-8, or something like it: bytes pass as they are.
    Utf8,
    /// UTF-16, low byte first.
    Utf16Le,
    /// UTF-16, high byte first.
    Utf16Be,
}

impl Encoding {
    /// Tells the encoding from the first bytes, and how long their byte order mark is.
    pub(super) fn of(first: &[u8]) -> (Self, usize) {
        match first {
            [0xEF, 0xBB, 0xBF, ..] => (Self::Utf8, 3),
            [0xFF, 0xFE, ..] => (Self::Utf16Le, 2),
            [0xFE, 0xFF, ..] => (Self::Utf16Be, 2),
            [low, 0, high, 0, ..] if *low != 0 && *high != 0 => (Self::Utf16Le, 0),
            [0, low, 0, high, ..] if *low != 0 && *high != 0 => (Self::Utf16Be, 0),
            _ => (Self::Utf8, 0),
        }
    }
}

/// Turns UTF-16 into UTF-8, fed any chunk sizes. A half of a surrogate pair becomes U+FFFD.
#[derive(Debug)]
pub(super) struct Utf16 {
    is_big_endian: bool,
    half: Option<u8>,
    high: Option<u16>,
}

impl Utf16 {
    pub(super) fn new(is_big_endian: bool) -> Self {
        Self { is_big_endian, half: None, high: None }
    }

    /// Appends the text of the next bytes.
    pub(super) fn feed(&mut self, bytes: &[u8], out: &mut Vec<u8>) {
        for &byte in bytes {
            let Some(first) = self.half.take() else {
                self.half = Some(byte);
                continue;
            };
            let pair = [first, byte];
            self.unit(if self.is_big_endian { u16::from_be_bytes(pair) } else { u16::from_le_bytes(pair) }, out);
        }
    }

    fn unit(&mut self, unit: u16, out: &mut Vec<u8>) {
        match (self.high.take(), unit) {
            (Some(high), 0xDC00..=0xDFFF) => {
                let code = 0x1_0000 + (u32::from(high - 0xD800) << 10) + u32::from(unit - 0xDC00);
                push(code, out);
            }
            (high, unit) => {
                if high.is_some() {
                    push(0xFFFD, out);
                }
                match unit {
                    0xD800..=0xDBFF => self.high = Some(unit),
                    _ => push(u32::from(unit), out),
                }
            }
        }
    }

    /// Ends the text.
    pub(super) fn finish(&mut self, out: &mut Vec<u8>) {
        if self.high.take().is_some() | self.half.take().is_some() {
            push(0xFFFD, out);
        }
    }
}

fn push(code: u32, out: &mut Vec<u8>) {
    let letter = char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER);
    out.extend_from_slice(letter.encode_utf8(&mut [0; 4]).as_bytes());
}

/// Turns places in a buffer of decoded text into byte offsets of the undecoded input.
#[derive(Clone, Debug)]
pub(super) struct Position {
    unit: Unit,
    /// Offset of the buffer's first byte.
    base: u64,
    /// A place whose offset is known: places are asked for in rising order.
    known: (usize, u64),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Unit {
    /// A byte is a byte.
    Byte,
    /// A letter is one or two units of two bytes.
    Utf16,
    /// All of it stands at one offset.
    Fixed,
}

impl Position {
    pub(super) fn new(encoding: Encoding, offset: u64) -> Self {
        let unit = if encoding == Encoding::Utf8 { Unit::Byte } else { Unit::Utf16 };
        Self { unit, base: offset, known: (0, offset) }
    }

    /// For a text that stands at one offset as a whole.
    pub(super) fn fixed(offset: u64) -> Self {
        Self { unit: Unit::Fixed, base: offset, known: (0, offset) }
    }

    /// The offset of a place in the buffer.
    #[inline]
    pub(super) fn offset(&mut self, buffer: &[u8], place: usize) -> u64 {
        match self.unit {
            Unit::Byte => self.base + place as u64,
            Unit::Fixed => self.base,
            Unit::Utf16 => {
                let (from, offset) = if place >= self.known.0 { self.known } else { (0, self.base) };
                let text = buffer.get(from..place.min(buffer.len())).unwrap_or_default();
                self.known = (place, offset + 2 * units(text));
                self.known.1
            }
        }
    }

    /// The buffer begins anew, at this offset.
    pub(super) fn begin(&mut self, offset: u64) {
        self.base = offset;
        self.known = (0, offset);
    }

    /// Bytes went by that never were in the buffer.
    pub(super) fn pass(&mut self, bytes: &[u8]) {
        let length = match self.unit {
            Unit::Byte => bytes.len() as u64,
            Unit::Utf16 => 2 * units(bytes),
            Unit::Fixed => 0,
        };
        self.begin(self.base + length);
    }
}

/// UTF-16 units of a text in UTF-8: one for each first byte, two where four bytes make a letter.
fn units(text: &[u8]) -> u64 {
    text.iter().map(|byte| u64::from(byte & 0xC0 != 0x80) + u64::from(*byte >= 0xF0)).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decoded(text: &str, is_big_endian: bool, chunk: usize) -> String {
        let units = text.encode_utf16();
        let bytes: Vec<u8> =
            units.flat_map(|unit| if is_big_endian { unit.to_be_bytes() } else { unit.to_le_bytes() }).collect();
        let mut decoder = Utf16::new(is_big_endian);
        let mut out = Vec::new();
        bytes.chunks(chunk).for_each(|part| decoder.feed(part, &mut out));
        decoder.finish(&mut out);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn decodes_both_orders_at_any_chunk_size() {
        for chunk in 1..6 {
            assert_eq!(decoded("Grüße, 世界 😀", false, chunk), "Grüße, 世界 😀");
            assert_eq!(decoded("Grüße, 世界 😀", true, chunk), "Grüße, 世界 😀");
        }
    }

    #[test]
    fn halves_of_pairs_are_marked() {
        let mut decoder = Utf16::new(false);
        let mut out = Vec::new();
        decoder.feed(&[0x3D, 0xD8, b'a', 0, 0x00, 0xDE, 0x3D, 0xD8, 1], &mut out);
        decoder.finish(&mut out);
        assert_eq!(String::from_utf8(out).unwrap(), "\u{fffd}a\u{fffd}\u{fffd}");
    }

    #[test]
    fn offsets_count_units_of_two_bytes() {
        let text = "aü世😀b".as_bytes();
        let mut position = Position::new(Encoding::Utf16Le, 2);
        assert_eq!(position.offset(text, 1), 4);
        assert_eq!(position.offset(text, text.len() - 1), 2 + 2 * 5);
        assert_eq!(position.offset(text, 1), 4);
    }

    #[test]
    fn encodings_are_told_by_their_first_bytes() {
        assert_eq!(Encoding::of(b"\xEF\xBB\xBF{"), (Encoding::Utf8, 3));
        assert_eq!(Encoding::of(b"\xFF\xFE{\0"), (Encoding::Utf16Le, 2));
        assert_eq!(Encoding::of(b"\xFE\xFF\0{"), (Encoding::Utf16Be, 2));
        assert_eq!(Encoding::of(b"{\0\"\0"), (Encoding::Utf16Le, 0));
        assert_eq!(Encoding::of(b"\0{\0\""), (Encoding::Utf16Be, 0));
        assert_eq!(Encoding::of(b"{\"id\""), (Encoding::Utf8, 0));
        assert_eq!(Encoding::of(b"\0\0\0\0"), (Encoding::Utf8, 0));
    }
}
