//! As much of XML as a workbook needs, fed any chunk sizes: elements, attributes, text.
//!
//! A document type and entities of its own are refused; namespaces are passed over.

use std::borrow::Cow;

use super::Damage;

/// The longest tag, comment or run of verbatim text, in bytes.
const LONGEST: usize = 1 << 20;
/// Elements in each other: a workbook has ten.
const DEEPEST: usize = 64;
/// The longest entity, such as `&#x10FFFF;`.
const LONGEST_ENTITY: usize = 12;

/// What is met on the way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Token<'a> {
    /// An element begins.
    Open(Tag<'a>),
    /// A piece of text, entities undone.
    Text(&'a [u8]),
    /// An element ends; its name without prefix.
    Close(&'a [u8]),
}

/// The first tag of an element.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Tag<'a> {
    /// Its name without prefix.
    pub(super) name: &'a [u8],
    attributes: &'a [u8],
}

impl<'a> Tag<'a> {
    /// An attribute by its name without prefix, entities undone.
    pub(super) fn attribute(&self, name: &[u8]) -> Option<Cow<'a, [u8]>> {
        let mut rest = self.attributes.trim_ascii_start();
        while let Some(equals) = memchr::memchr(b'=', rest) {
            let (key, value) = rest.split_at(equals);
            let value = value.get(1..)?.trim_ascii_start();
            let quote = value.first().copied().filter(|quote| matches!(quote, b'"' | b'\''))?;
            let end = memchr::memchr(quote, value.get(1..)?)?;
            if local(key.trim_ascii()) == name {
                let raw = value.get(1..=end)?;
                return match memchr::memchr(b'&', raw) {
                    None => Some(Cow::Borrowed(raw)),
                    Some(_) => undo(raw).map(Cow::Owned),
                };
            }
            rest = value.get(end + 2..)?.trim_ascii_start();
        }
        None
    }

    /// An attribute as text.
    pub(super) fn text(&self, name: &[u8]) -> Option<String> {
        self.attribute(name).map(|value| String::from_utf8_lossy(&value).into_owned())
    }

    /// An attribute as a number.
    pub(super) fn number(&self, name: &[u8]) -> Option<u32> {
        std::str::from_utf8(&self.attribute(name)?).ok()?.trim().parse().ok()
    }
}

/// Takes what is met; says what is wrong with it.
pub(super) type Take<'t> = dyn FnMut(Token<'_>) -> Result<(), &'static str> + 't;

/// Reads a document.
#[derive(Debug, Default)]
pub(super) struct Xml {
    /// Bytes of what is not complete yet.
    held: Vec<u8>,
    /// Bytes before those.
    passed: u64,
    /// The elements that are open, each by the beginning of its name.
    open: Vec<u64>,
    is_begun: bool,
}

impl Xml {
    /// Takes the next bytes.
    ///
    /// # Errors
    /// When they are no XML that is read, or `take` does not want it.
    pub(super) fn feed(&mut self, bytes: &[u8], take: &mut Take<'_>) -> Result<(), Damage> {
        if self.held.is_empty() {
            let used = self.read(bytes, take)?;
            self.held.extend_from_slice(bytes.get(used..).unwrap_or_default());
        } else {
            let mut held = std::mem::take(&mut self.held);
            held.extend_from_slice(bytes);
            let used = self.read(&held, take)?;
            held.drain(..used);
            self.held = held;
        }
        Ok(())
    }

    /// Ends the document.
    ///
    /// # Errors
    /// When it breaks off.
    pub(super) fn finish(self) -> Result<(), Damage> {
        let is_whole = self.is_begun && self.open.is_empty() && self.held.trim_ascii().is_empty();
        if is_whole { Ok(()) } else { Err(Damage { at: self.passed, what: "it breaks off" }) }
    }

    /// Reads what is complete; how many bytes that is.
    fn read(&mut self, bytes: &[u8], take: &mut Take<'_>) -> Result<usize, Damage> {
        let start = self.passed;
        let mut used = 0;
        while let Some(rest) = bytes.get(used..).filter(|rest| !rest.is_empty()) {
            let wrong = |what| Damage { at: start + used as u64, what };
            let length = if rest.starts_with(b"<") {
                let Some(length) = length_of_markup(rest).map_err(wrong)? else {
                    if rest.len() > LONGEST {
                        return Err(wrong("a tag that does not end"));
                    }
                    break;
                };
                self.markup(rest.get(..length).unwrap_or_default(), take).map_err(wrong)?;
                length
            } else {
                let length = memchr::memchr(b'<', rest).unwrap_or_else(|| length_of_text(rest));
                if length == 0 {
                    break;
                }
                self.text(rest.get(..length).unwrap_or_default(), take).map_err(wrong)?;
                length
            };
            used += length;
            self.passed = start + used as u64;
        }
        Ok(used)
    }

    fn text(&self, raw: &[u8], take: &mut Take<'_>) -> Result<(), &'static str> {
        if self.open.is_empty() {
            // Blanks, and a byte order mark that may come in pieces.
            let is_blank = |byte: &u8| byte.is_ascii_whitespace() || b"\xEF\xBB\xBF".contains(byte);
            return if raw.iter().all(is_blank) { Ok(()) } else { Err("it is no XML in UTF-8") };
        }
        match memchr::memchr(b'&', raw) {
            None => take(Token::Text(raw)),
            Some(_) => take(Token::Text(&undo(raw).ok_or("an entity that is not known")?)),
        }
    }

    /// A tag, a comment or the like, complete.
    fn markup(&mut self, markup: &[u8], take: &mut Take<'_>) -> Result<(), &'static str> {
        match markup {
            [b'<', b'?', ..] | [b'<', b'!', b'-', ..] => Ok(()),
            [b'<', b'!', ..] => {
                let text = markup.strip_prefix(VERBATIM).and_then(|rest| rest.strip_suffix(b"]]>"));
                if self.open.is_empty() {
                    return Err("text outside of its elements");
                }
                take(Token::Text(text.unwrap_or_default()))
            }
            [b'<', b'/', name @ .., b'>'] => {
                let name = name.trim_ascii();
                if self.open.pop() != Some(short(name)) {
                    return Err("an element ends that did not begin");
                }
                take(Token::Close(local(name)))
            }
            [b'<', inner @ .., b'>'] => {
                let (inner, is_closed) = inner.strip_suffix(b"/").map_or((inner, false), |inner| (inner, true));
                let end = inner.iter().position(u8::is_ascii_whitespace).unwrap_or(inner.len());
                let (name, attributes) = inner.split_at(end);
                if name.is_empty() || (self.is_begun && self.open.is_empty()) {
                    return Err("it is no XML");
                }
                if self.open.len() == DEEPEST {
                    return Err("too many elements in each other");
                }
                self.is_begun = true;
                let name = if is_closed { name } else { self.opened(name) };
                take(Token::Open(Tag { name: local(name), attributes }))?;
                if is_closed { take(Token::Close(local(name))) } else { Ok(()) }
            }
            _ => Err("it is no XML"),
        }
    }

    fn opened<'a>(&mut self, name: &'a [u8]) -> &'a [u8] {
        self.open.push(short(name));
        name
    }
}

/// How text begins that is taken as it is.
const VERBATIM: &[u8] = b"<![CDATA[";

/// How long a tag, a comment or the like is; nothing while it does not end.
fn length_of_markup(bytes: &[u8]) -> Result<Option<usize>, &'static str> {
    let until = |end: &[u8], from: usize| {
        let found = memchr::memmem::find(bytes.get(from..).unwrap_or_default(), end);
        found.map(|place| from + place + end.len())
    };
    match bytes {
        [b'<'] => return Ok(None),
        [b'<', b'?', ..] => return Ok(until(b"?>", 2)),
        [b'<', b'!', ..] if bytes.starts_with(b"<!--") => return Ok(until(b"-->", 4)),
        [b'<', b'!', ..] if bytes.starts_with(VERBATIM) => return Ok(until(b"]]>", VERBATIM.len())),
        [b'<', b'!', ..] if b"<!--".starts_with(bytes) || VERBATIM.starts_with(bytes) => return Ok(None),
        [b'<', b'!', ..] => return Err("a document type, which no workbook has"),
        _ => {}
    }
    let mut from = 1;
    while let Some(place) = memchr::memchr3(b'>', b'"', b'\'', bytes.get(from..).unwrap_or_default()) {
        let at = from + place;
        match bytes.get(at) {
            Some(b'>') => return Ok(Some(at + 1)),
            Some(quote) => {
                let Some(end) = memchr::memchr(*quote, bytes.get(at + 1..).unwrap_or_default()) else {
                    return Ok(None);
                };
                from = at + end + 2;
            }
            None => return Ok(None),
        }
    }
    Ok(None)
}

/// How much of a text that goes on can be taken: up to an entity that is not complete.
fn length_of_text(text: &[u8]) -> usize {
    let from = text.len().saturating_sub(LONGEST_ENTITY);
    let tail = text.get(from..).unwrap_or_default();
    match memchr::memrchr(b'&', tail) {
        Some(place) if memchr::memchr(b';', tail.get(place..).unwrap_or_default()).is_none() => from + place,
        _ => text.len(),
    }
}

/// Text whose entities are undone; nothing where one is not known.
fn undo(raw: &[u8]) -> Option<Vec<u8>> {
    let mut text = Vec::with_capacity(raw.len());
    let mut rest = raw;
    while let Some(place) = memchr::memchr(b'&', rest) {
        text.extend_from_slice(rest.get(..place)?);
        rest = rest.get(place + 1..)?;
        let end = memchr::memchr(b';', rest.get(..rest.len().min(LONGEST_ENTITY))?)?;
        let letter = match rest.get(..end)? {
            b"amp" => '&',
            b"lt" => '<',
            b"gt" => '>',
            b"quot" => '"',
            b"apos" => '\'',
            [b'#', b'x' | b'X', digits @ ..] => number(digits, 16)?,
            [b'#', digits @ ..] => number(digits, 10)?,
            _ => return None,
        };
        text.extend_from_slice(letter.encode_utf8(&mut [0; 4]).as_bytes());
        rest = rest.get(end + 1..)?;
    }
    text.extend_from_slice(rest);
    Some(text)
}

fn number(digits: &[u8], radix: u32) -> Option<char> {
    let number = u32::from_str_radix(std::str::from_utf8(digits).ok()?, radix).ok()?;
    Some(char::from_u32(number).unwrap_or(char::REPLACEMENT_CHARACTER))
}

/// A name without its prefix.
fn local(name: &[u8]) -> &[u8] {
    memchr::memrchr(b':', name).and_then(|place| name.get(place + 1..)).unwrap_or(name)
}

/// The beginning of a name and its length, to compare it by.
fn short(name: &[u8]) -> u64 {
    let head = name.iter().take(7).fold(0, |sum, byte| sum << 8 | u64::from(*byte));
    head << 8 | (name.len() as u64 & 0xFF)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(text: &str, chunk: usize) -> Result<String, &'static str> {
        let mut xml = Xml::default();
        // A letter may come in pieces.
        let mut told: Vec<u8> = Vec::new();
        for piece in text.as_bytes().chunks(chunk) {
            let mut take = |token: Token<'_>| {
                match token {
                    Token::Open(tag) => {
                        told.extend_from_slice(&[b"(", tag.name].concat());
                        for name in ["a", "id"] {
                            if let Some(value) = tag.text(name.as_bytes()) {
                                told.extend_from_slice(format!(" {name}={value}").as_bytes());
                            }
                        }
                        told.push(b' ');
                    }
                    Token::Text(text) => told.extend_from_slice(text),
                    Token::Close(_) => told.push(b')'),
                }
                Ok(())
            };
            xml.feed(piece, &mut take).map_err(|damage| damage.what)?;
        }
        xml.finish().map_err(|damage| damage.what)?;
        Ok(String::from_utf8(told).unwrap())
    }

    #[test]
    fn elements_attributes_and_text_come_out_at_any_chunk_size() {
        let text = "\u{feff}<?xml version=\"1.0\"?>\n<!-- <x> --><x:r xmlns:x='u' b=\">\" a=\"1&amp;2\">t&lt;\u{e9}&#233;&#xE9;\
                    <![CDATA[<&]]><x:c r:id = 'q\"'/><v/></x:r>\n";
        for chunk in 1..40 {
            assert_eq!(told(text, chunk).as_deref(), Ok("(r a=1&2 t<\u{e9}\u{e9}\u{e9}<&(c id=q\" )(v ))"), "{chunk}");
        }
    }

    #[test]
    fn what_is_no_xml_or_more_than_is_read_is_said() {
        for (text, what) in [
            ("<!DOCTYPE r [<!ENTITY e \"x\">]><r>&e;</r>", "a document type, which no workbook has"),
            ("<r>&e;</r>", "an entity that is not known"),
            ("<r>&#x110000000;</r>", "an entity that is not known"),
            ("<r><v></r>", "an element ends that did not begin"),
            ("</r>", "an element ends that did not begin"),
            ("<r>", "it breaks off"),
            ("<r></r><", "it breaks off"),
            ("", "it breaks off"),
            ("<r/><r/>", "it is no XML"),
            ("hello", "it is no XML in UTF-8"),
            ("<>", "it is no XML"),
            ("<![CDATA[x]]>", "text outside of its elements"),
        ] {
            assert_eq!(told(text, usize::MAX), Err(what), "{text}");
        }
        assert_eq!(told(&"<a>".repeat(65), 1_000), Err("too many elements in each other"));
        assert_eq!(told(&format!("<r a=\"{}", "x".repeat(2 << 20)), 1 << 16), Err("a tag that does not end"));
    }
}
