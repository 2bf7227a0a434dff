//! Texts of cells: those that cells share, and how letters are written that XML cannot hold.

use super::xml::Token;

/// Text that cells share, in bytes.
const LONGEST: usize = 256 << 20;
/// How many texts cells share at most.
const MOST: usize = 16 << 20;

/// The texts that cells share.
#[derive(Debug, Default)]
pub(super) struct Strings {
    text: Vec<u8>,
    ends: Vec<u32>,
    /// Text of the one under way, which may be in several runs.
    under_way: Vec<u8>,
    is_text: bool,
    /// How to read it aloud, as East Asian texts have it: no part of the text.
    is_phonetic: bool,
}

impl Strings {
    /// Takes a piece of `sharedStrings.xml`.
    pub(super) fn take(&mut self, token: Token<'_>) -> Result<(), &'static str> {
        match token {
            Token::Open(tag) => match tag.name {
                b"rPh" => self.is_phonetic = true,
                b"t" => self.is_text = !self.is_phonetic,
                _ => {}
            },
            Token::Text(text) if self.is_text => {
                self.under_way.extend_from_slice(text);
                if self.text.len() + self.under_way.len() > LONGEST {
                    return Err("more than 256 MiB of text");
                }
            }
            Token::Text(_) => {}
            Token::Close(name) => match name {
                b"rPh" => self.is_phonetic = false,
                b"t" => self.is_text = false,
                b"si" => {
                    unescape(&self.under_way, &mut self.text);
                    self.under_way.clear();
                    if self.ends.len() == MOST {
                        return Err("more than 16 million texts");
                    }
                    // At most LONGEST, which fits.
                    self.ends.push(self.text.len() as u32);
                }
                _ => {}
            },
        }
        Ok(())
    }

    /// The text of this number.
    pub(super) fn get(&self, number: usize) -> Option<&[u8]> {
        let end = *self.ends.get(number)?;
        let start = number.checked_sub(1).and_then(|before| self.ends.get(before)).map_or(0, |start| *start);
        self.text.get(start as usize..end as usize)
    }
}

/// Undoes `_x000D_`: a letter that XML cannot hold by its number.
pub(super) fn unescape(raw: &[u8], text: &mut Vec<u8>) {
    let mut rest = raw;
    while let Some(place) = memchr::memmem::find(rest, b"_x") {
        let (before, escape) = rest.split_at(place);
        text.extend_from_slice(before);
        let letter = match escape {
            [b'_', b'x', a, b, c, d, b'_', ..] => std::str::from_utf8(&[*a, *b, *c, *d])
                .ok()
                .and_then(|digits| u32::from_str_radix(digits, 16).ok())
                .and_then(char::from_u32),
            _ => None,
        };
        let used = match letter {
            Some(letter) => {
                text.extend_from_slice(letter.encode_utf8(&mut [0; 4]).as_bytes());
                7
            }
            None => {
                text.extend_from_slice(b"_x");
                2
            }
        };
        rest = escape.get(used..).unwrap_or_default();
    }
    text.extend_from_slice(rest);
}

#[cfg(test)]
mod tests {
    use super::super::xml::Xml;
    use super::*;

    #[test]
    fn runs_are_joined_and_how_they_sound_is_left_out() {
        let text = b"<sst><si><t>a</t></si><si><r><rPr><b/></rPr><t xml:space=\"preserve\"> b </t></r><r><t>c</t></r>\
                     <rPh sb=\"0\" eb=\"1\"><t>x</t></rPh></si><si/><si><t/></si><si><t>d_x000D__x005F_x_xZ_</t></si></sst>";
        let mut strings = Strings::default();
        Xml::default().feed(text, &mut |token| strings.take(token)).unwrap();
        let got: Vec<&[u8]> = (0..6).map_while(|number| strings.get(number)).collect();
        assert_eq!(got, [b"a".as_slice(), b" b c", b"", b"", b"d\r_x_xZ_"]);
        assert_eq!(strings.get(5), None);
    }
}
