//! A GUID as sixteen bytes, and the spellings that exports use for it.

use std::fmt;
use std::str::FromStr;

/// A GUID as the number that its digits write, so that comparing two values gives the same order as
/// comparing their lower-case text. In WebAssembly bytes would be compared one by one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Guid(u128);

/// The text is not a GUID.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a GUID")]
pub struct NotAGuid;

impl Guid {
    /// Sixteen zero bytes: what logs write for *none* or *not found*.
    pub const ZERO: Self = Self(0);

    /// The GUID whose digits, without dashes, are those of `value` in base sixteen.
    #[must_use]
    pub const fn from_u128(value: u128) -> Self {
        Self(value)
    }

    /// The digits as one number.
    #[must_use]
    pub const fn to_u128(self) -> u128 {
        self.0
    }

    /// The GUID of sixteen bytes in the order in which they are written.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; 16]) -> Self {
        Self(u128::from_be_bytes(bytes))
    }

    /// Sixteen bytes in the order in which they are written.
    #[must_use]
    pub const fn to_bytes(self) -> [u8; 16] {
        self.0.to_be_bytes()
    }

    /// Whether all bytes are zero.
    #[must_use]
    pub const fn is_zero(self) -> bool {
        self.0 == 0
    }

    /// Reads 32 digits, or 36 characters with dashes after the 8th, 12th, 16th and 20th digit;
    /// in any case, with or without braces or parentheses. `None` for anything else, blanks
    /// around it included.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::parse_bytes(text.as_bytes())
    }

    /// [`Guid::parse`] on bytes that need not be UTF-8.
    #[must_use]
    pub fn parse_bytes(text: &[u8]) -> Option<Self> {
        let text = match text {
            [b'{', inner @ .., b'}'] | [b'(', inner @ .., b')'] => inner,
            bare => bare,
        };
        if let Ok(dashed) = <&[u8; 36]>::try_from(text) {
            let [_, _, _, _, _, _, _, _, a, _, _, _, _, b, _, _, _, _, c, _, _, _, _, d, ..] = *dashed;
            return if [a, b, c, d] == [b'-'; 4] { hex(dashed, &DASHED) } else { None };
        }
        hex(<&[u8; 32]>::try_from(text).ok()?, &BARE)
    }

    /// The GUID behind a unique token identifier, in any of the forms that logs use:
    ///
    /// * 22 characters of base64 (either alphabet, padding optional): the sixteen bytes as .NET
    ///   keeps them in memory, the first three groups little-endian;
    /// * base64 of the GUID's text;
    /// * the text itself.
    ///
    /// One leading apostrophe, which spreadsheet exports put before a sign, is dropped. Base64 is
    /// told apart by case and must be canonical, so two different identifiers of one form never
    /// give the same GUID.
    #[must_use]
    pub fn from_token_id(text: &str) -> Option<Self> {
        Self::from_token_bytes(text.as_bytes())
    }

    /// [`Guid::from_token_id`] on bytes that need not be UTF-8.
    #[must_use]
    pub fn from_token_bytes(text: &[u8]) -> Option<Self> {
        let text = text.strip_prefix(b"'").unwrap_or(text);
        if let Some(guid) = Self::parse_bytes(text) {
            return Some(guid);
        }
        let padding = text.iter().rev().take_while(|byte| **byte == b'=').count();
        if padding > 2 || (padding > 0 && !text.len().is_multiple_of(4)) {
            return None;
        }
        let digits = text.get(..text.len() - padding)?;
        match digits.len() {
            22 => Some(Self::from_dotnet(decode_base64(digits)?)),
            // 32 or 36 characters of text.
            43 => Self::parse_bytes(&decode_base64::<32>(digits)?),
            48 => Self::parse_bytes(&decode_base64::<36>(digits)?),
            _ => None,
        }
    }

    /// The GUID whose bytes lie in memory as .NET's `Guid.ToByteArray` gives them.
    #[must_use]
    pub const fn from_dotnet(memory: [u8; 16]) -> Self {
        let [a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p] = memory;
        Self::from_bytes([d, c, b, a, f, e, h, g, i, j, k, l, m, n, o, p])
    }
}

impl fmt::Display for Guid {
    /// Lower case, with dashes, without braces.
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut text = [b'-'; 36];
        for (byte, place) in self.to_bytes().iter().zip(DASHED) {
            let rest = text.get_mut(usize::from(place)..).and_then(<[u8]>::first_chunk_mut);
            if let Some(digits) = rest {
                *digits = [digit(byte >> 4), digit(byte & 15)];
            }
        }
        out.write_str(std::str::from_utf8(&text).unwrap_or_default())
    }
}

impl FromStr for Guid {
    type Err = NotAGuid;

    fn from_str(text: &str) -> Result<Self, NotAGuid> {
        Self::parse(text).ok_or(NotAGuid)
    }
}

impl serde::Serialize for Guid {
    /// As its text.
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// A hexadecimal digit, lower case.
const fn digit(value: u8) -> u8 {
    if value < 10 { b'0' + value } else { b'a' - 10 + value }
}

/// Where the digits of each byte begin, with dashes and without.
const DASHED: [u8; 16] = [0, 2, 4, 6, 9, 11, 14, 16, 19, 21, 24, 26, 28, 30, 32, 34];
const BARE: [u8; 16] = [0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30];

/// The value of each hexadecimal digit; `0xFF` for every other byte.
const DIGITS: [u8; 256] = {
    let mut digits = [0xFF; 256];
    let mut byte = 0_usize;
    while byte < 256 {
        #[expect(clippy::indexing_slicing, reason = "checked by the compiler: the index is below 256")]
        #[expect(clippy::cast_possible_truncation, reason = "below 256")]
        {
            digits[byte] = match byte as u8 {
                digit @ b'0'..=b'9' => digit - b'0',
                digit @ b'a'..=b'f' => digit - b'a' + 10,
                digit @ b'A'..=b'F' => digit - b'A' + 10,
                _ => 0xFF,
            };
        }
        byte += 1;
    }
    digits
};

/// Sixteen bytes from the digits at these places; `None` if one is no digit.
#[expect(clippy::indexing_slicing, reason = "the places are constants below N - 1, and a byte indexes 256 entries")]
fn hex<const N: usize>(text: &[u8; N], places: &[u8; 16]) -> Option<Guid> {
    let (mut bytes, mut wrong) = ([0_u8; 16], 0_u8);
    for (byte, &place) in bytes.iter_mut().zip(places) {
        let place = usize::from(place) % (N - 1);
        let (high, low) = (DIGITS[usize::from(text[place])], DIGITS[usize::from(text[place + 1])]);
        wrong |= high | low;
        *byte = (high << 4) | (low & 0x0F);
    }
    (wrong < 0x10).then_some(Guid::from_bytes(bytes))
}

/// Decodes unpadded base64 in either alphabet to exactly `N` bytes; `None` for another character or
/// length, or unused bits that are not zero.
fn decode_base64<const N: usize>(digits: &[u8]) -> Option<[u8; N]> {
    if digits.len() != (N * 4).div_ceil(3) {
        return None;
    }
    let mut bytes = [0; N];
    let mut wrong = 0;
    // Four digits are three bytes; at the end, three are two and two are one.
    for (three, four) in bytes.chunks_mut(3).zip(digits.chunks(4)) {
        let mut held = 0_u32;
        for digit in four {
            let value = SEXTETS.get(usize::from(*digit)).copied().unwrap_or(0xFF);
            wrong |= value;
            held = (held << 6) | u32::from(value & 63);
        }
        held <<= 6 * (4 - four.len());
        let [_, first, second, third] = held.to_be_bytes();
        let all = [first, second, third];
        let (used, unused) = all.split_at(three.len());
        three.copy_from_slice(used);
        wrong |= if unused.iter().all(|byte| *byte == 0) { 0 } else { 0xFF };
    }
    (wrong < 64).then_some(bytes)
}

/// The value of each digit of base64 in either alphabet; `0xFF` for every other byte.
const SEXTETS: [u8; 256] = {
    let mut sextets = [0xFF; 256];
    let mut byte = 0_usize;
    while byte < 256 {
        #[expect(clippy::indexing_slicing, reason = "checked by the compiler: the index is below 256")]
        #[expect(clippy::cast_possible_truncation, reason = "below 256")]
        {
            sextets[byte] = match byte as u8 {
                letter @ b'A'..=b'Z' => letter - b'A',
                letter @ b'a'..=b'z' => letter - b'a' + 26,
                digit @ b'0'..=b'9' => digit - b'0' + 52,
                b'-' | b'+' => 62,
                b'_' | b'/' => 63,
                _ => 0xFF,
            };
        }
        byte += 1;
    }
    sextets
};

#[cfg(test)]
mod tests {
    use super::*;

    const REQUEST: &str = "0f94f5fb-3583-4c46-9bfa-0390c1988800";

    #[test]
    fn reads_every_spelling_and_writes_one() {
        for text in [
            REQUEST.to_owned(),
            REQUEST.to_uppercase(),
            REQUEST.replace('-', ""),
            format!("{{{REQUEST}}}"),
            format!("({REQUEST})"),
        ] {
            let guid = Guid::parse(&text).unwrap_or_else(|| panic!("{text}"));
            assert_eq!(guid.to_string(), REQUEST);
        }
        assert_eq!(Guid::from_u128(0x0f94f5fb_3583_4c46_9bfa_0390c1988800).to_string(), REQUEST);
        assert_eq!(serde_json::to_string(&Guid::ZERO).expect("text"), "\"00000000-0000-0000-0000-000000000000\"");
        assert!(Guid::ZERO.is_zero());
    }

    #[test]
    fn refuses_what_is_no_guid() {
        for text in [
            "",
            "0f94f5fb",
            "0f94f5fb-3583-4c46-9bfa-0390c198880",
            "0f94f5fb-3583-4c46-9bfa-0390c19888000",
            "0f94f5fb35-83-4c46-9bfa-0390c1988800",
            "0f94f5fb-3583-4c46-9bfa-0390c198880g",
            "{0f94f5fb-3583-4c46-9bfa-0390c1988800",
            " 0f94f5fb-3583-4c46-9bfa-0390c1988800",
            "user@contoso.example",
        ] {
            assert_eq!(text.parse::<Guid>(), Err(NotAGuid), "{text}");
        }
    }

    #[test]
    fn a_token_id_in_any_form_is_the_same_guid() {
        let expected = Guid::parse(REQUEST);
        for text in [
            "-_WUD4M1Rkyb-gOQwZiIAA",
            "'-_WUD4M1Rkyb-gOQwZiIAA",
            "+/WUD4M1Rkyb+gOQwZiIAA==",
            REQUEST,
            // The text of the GUID in base64, as records of 2022 carry it.
            "MGY5NGY1ZmItMzU4My00YzQ2LTliZmEtMDM5MGMxOTg4ODAw",
            "MGY5NGY1ZmIzNTgzNGM0NjliZmEwMzkwYzE5ODg4MDA=",
        ] {
            assert_eq!(Guid::from_token_id(text), expected, "{text}");
        }
    }

    #[test]
    fn a_token_id_is_told_apart_by_case_and_must_be_canonical() {
        assert_ne!(Guid::from_token_id("-_wUD4M1Rkyb-gOQwZiIAA"), Guid::parse(REQUEST));
        for text in [
            "",
            "'",
            "-_WUD4M1Rkyb-gOQwZiIAB",
            "-_WUD4M1Rkyb-gOQwZiIA",
            "-_WUD4M1Rkyb-gOQwZiIAA=",
            "-_WUD4M1Rkyb gOQwZiIAA",
            "not available",
        ] {
            assert_eq!(Guid::from_token_id(text), None, "{text}");
        }
    }

    #[test]
    fn order_is_the_order_of_the_text() {
        let mut guids = [
            "b0000000-0000-0000-0000-000000000000",
            "0a000000-0000-0000-0000-000000000001",
            "0a000000-0000-0000-0000-000000000000",
        ]
        .map(|text| Guid::parse(text).expect("a GUID"));
        guids.sort();
        assert!(guids.map(|guid| guid.to_string()).is_sorted());
    }
}
