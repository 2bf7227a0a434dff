//! Follows the structure of JSON text through one value, checking all of it.
//!
//! What a person would call valid is what `serde_json` calls valid, with three exceptions that lose
//! nothing: bytes that are no UTF-8 and halves of surrogate pairs are kept (and marked), and numbers
//! may be too large for a float.

use super::scan::Marks;
use crate::keys::Memory;
use crate::text::is_escape;
use crate::{Keys, same};

/// Containers that may be open at once: as many as `serde_json` allows.
const DEEPEST: u32 = 127;

/// Why a walk stopped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stop {
    /// The bytes end inside the value.
    Ends,
    /// The byte at this place does not fit.
    Wrong(usize, &'static str),
}

/// What an object turned out to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    /// An object that ends before this place.
    Object(usize),
    /// An envelope of records.
    Envelope {
        /// Place behind the opening bracket of its list.
        list: usize,
        /// Whether the list stands in an object of the envelope.
        is_inner: bool,
    },
}

/// Places of values by slot, and which slots are filled.
#[derive(Debug, Default)]
pub(super) struct Spans {
    spans: Vec<(u32, u32)>,
    filled: Vec<u16>,
}

impl Spans {
    pub(super) fn new(slots: usize) -> Self {
        Self { spans: vec![(0, 0); slots], filled: Vec::new() }
    }

    /// A key that is there twice counts with its last value, as in most readers.
    #[inline]
    fn set(&mut self, slot: u16, from: usize, to: usize) {
        if let Some(span) = self.spans.get_mut(usize::from(slot)) {
            if span.1 == 0 {
                self.filled.push(slot);
            }
            *span = (from as u32, to as u32);
        }
    }

    pub(super) fn clear(&mut self) {
        for slot in self.filled.drain(..) {
            if let Some(span) = self.spans.get_mut(usize::from(slot)) {
                *span = (0, 0);
            }
        }
    }

    /// Slots that are filled, with their places.
    pub(super) fn filled(&self) -> impl Iterator<Item = (usize, usize, usize)> {
        self.filled.iter().filter_map(|&slot| {
            let (from, to) = *self.spans.get(usize::from(slot))?;
            Some((usize::from(slot), from as usize, to as usize))
        })
    }
}

/// A place in the structure of some bytes.
#[derive(Clone, Debug)]
pub(super) struct Walker<'a> {
    /// The bytes.
    pub(super) bytes: &'a [u8],
    /// Where they have structure.
    structure: &'a [u32],
    marks: &'a Marks,
    /// Bytes whose structure is known.
    known: usize,
    /// No more bytes will come.
    last: bool,
    /// Next structural position, by its number.
    pub(super) at: usize,
    escape: usize,
    /// First control character that is not allowed.
    control: usize,
}

impl<'a> Walker<'a> {
    pub(super) fn new(bytes: &'a [u8], marks: &'a Marks, known: usize, last: bool) -> Self {
        let control = marks.controls.first().map_or(usize::MAX, |place| *place as usize);
        Self { bytes, structure: marks.structure(), marks, known, last, at: 0, escape: 0, control }
    }

    /// The next structural byte and its place, without passing it.
    #[inline]
    pub(super) fn peek(&self) -> Result<(usize, u8), Stop> {
        let place = self.structure.get(self.at).map_or(usize::MAX, |place| *place as usize);
        if place > self.control {
            return Err(Stop::Wrong(self.control, "a control character that is not escaped"));
        }
        match self.bytes.get(place) {
            Some(byte) => Ok((place, *byte)),
            None => Err(Stop::Ends),
        }
    }

    #[inline]
    fn next(&mut self) -> Result<(usize, u8), Stop> {
        let token = self.peek()?;
        self.at += 1;
        Ok(token)
    }

    /// Passes a string whose opening quote was passed; the place of its closing quote.
    #[inline]
    fn string(&mut self, open: usize) -> Result<usize, Stop> {
        let (close, _) = self.next()?;
        if let Some(first) = self.marks.escapes.get(self.escape)
            && (*first as usize) < close
        {
            self.escapes(open, close)?;
        }
        Ok(close)
    }

    #[cold]
    fn escapes(&mut self, open: usize, close: usize) -> Result<(), Stop> {
        while let Some(&place) = self.marks.escapes.get(self.escape) {
            let place = place as usize;
            if place >= close {
                break;
            }
            self.escape += 1;
            let text = self.bytes.get(place..close).unwrap_or_default();
            if place > open && is_escape(text) != Some(true) {
                return Err(Stop::Wrong(place, "an escape that JSON does not have"));
            }
        }
        Ok(())
    }

    /// Checks a number or word; the place behind it.
    fn word(&self, from: usize) -> Result<usize, Stop> {
        let rest = self.bytes.get(from..self.known).unwrap_or_default();
        let stops =
            |byte: &u8| matches!(byte, b' ' | b'\t' | b'\n' | b'\r' | b',' | b':' | b'{' | b'}' | b'[' | b']' | b'"');
        let length = match rest.iter().position(stops) {
            Some(length) => length,
            None if self.last => rest.len(),
            None => return Err(Stop::Ends),
        };
        let word = rest.get(..length).unwrap_or_default();
        if matches!(word, b"true" | b"false" | b"null") || is_number(word) {
            Ok(from + length)
        } else if self.last && from + length == self.bytes.len() {
            Err(Stop::Ends)
        } else {
            Err(Stop::Wrong(from, "expected a value"))
        }
    }

    /// Passes any value whose first byte was passed; the place behind it.
    #[inline]
    pub(super) fn value(&mut self, from: usize, first: u8, depth: u32) -> Result<usize, Stop> {
        match first {
            b'"' => self.string(from).map(|close| close + 1),
            b'{' | b'[' => self.container(from, first, depth),
            b'}' | b']' | b',' | b':' => Err(Stop::Wrong(from, "expected a value")),
            _ => self.word(from),
        }
    }

    /// Passes an object or list whose opening bracket was passed; the place behind it. `depth` is
    /// how many containers are open around it.
    fn container(&mut self, from: usize, first: u8, depth: u32) -> Result<usize, Stop> {
        // Which of the open containers are objects, a bit each, the innermost lowest.
        let mut objects: u128 = u128::from(first == b'{');
        let mut open: u32 = 1;
        if depth + open > DEEPEST {
            return Err(Stop::Wrong(from, "nested too deep"));
        }
        let mut expect = if first == b'{' { Expect::FirstKey } else { Expect::FirstValue };
        loop {
            let (place, byte) = self.next()?;
            expect = match (expect, byte) {
                (Expect::FirstKey | Expect::Key, b'"') => {
                    self.string(place)?;
                    let (colon, byte) = self.next()?;
                    if byte != b':' {
                        return Err(Stop::Wrong(colon, "expected a colon"));
                    }
                    Expect::Value
                }
                (Expect::FirstValue | Expect::Value, b'"') => {
                    self.string(place)?;
                    Expect::Comma
                }
                (Expect::FirstValue | Expect::Value, b'{' | b'[') => {
                    open += 1;
                    if depth + open > DEEPEST {
                        return Err(Stop::Wrong(place, "nested too deep"));
                    }
                    objects = (objects << 1) | u128::from(byte == b'{');
                    if byte == b'{' { Expect::FirstKey } else { Expect::FirstValue }
                }
                (Expect::Comma, b',') => {
                    if objects & 1 == 1 {
                        Expect::Key
                    } else {
                        Expect::Value
                    }
                }
                (Expect::Comma | Expect::FirstKey, b'}') if objects & 1 == 1 => {
                    (open, objects) = (open - 1, objects >> 1);
                    Expect::Comma
                }
                (Expect::Comma | Expect::FirstValue, b']') if objects & 1 == 0 => {
                    (open, objects) = (open - 1, objects >> 1);
                    Expect::Comma
                }
                (Expect::Comma, _) => return Err(Stop::Wrong(place, "expected a comma or a closing bracket")),
                (Expect::FirstKey | Expect::Key, _) => return Err(Stop::Wrong(place, "expected a key")),
                (Expect::FirstValue | Expect::Value, b'}' | b']' | b',' | b':') => {
                    return Err(Stop::Wrong(place, "expected a value"));
                }
                (Expect::FirstValue | Expect::Value, _) => {
                    self.word(place)?;
                    Expect::Comma
                }
            };
            if open == 0 {
                return Ok(place + 1);
            }
        }
    }

    /// [`Walker::container`] under the key with this number. What stood there before byte for byte is
    /// passed at once: a kind of object lies at one depth, so what was valid is.
    fn container_as_before(
        &mut self,
        look: &mut Look<'_>,
        node: u16,
        key: u16,
        from: usize,
        first: u8,
        depth: u32,
    ) -> Result<usize, Stop> {
        let Some(memory) = look.memory.get_mut(usize::from(node)) else { return self.container(from, first, depth) };
        for checked in memory.checked(key) {
            let end = from + checked.bytes.len();
            // The place of the closing bracket tells most others apart.
            let last = (self.at + checked.marks).checked_sub(1).and_then(|last| self.structure.get(last));
            if last.is_some_and(|last| *last as usize + 1 == end)
                && self.bytes.get(from..end).is_some_and(|bytes| same(bytes, &checked.bytes))
            {
                self.at += checked.marks;
                return Ok(end);
            }
        }
        let at = self.at;
        let end = self.container(from, first, depth)?;
        memory.keep(key, self.bytes.get(from..end).unwrap_or_default(), self.at - at);
        Ok(end)
    }

    /// Passes an object whose brace was passed, and keeps the places of the values that are looked
    /// for. Where it `can_be_envelope`, a list
    /// under a key that holds records ends the walk.
    pub(super) fn object(
        &mut self,
        look: &mut Look<'_>,
        node: u16,
        depth: u32,
        can_be_envelope: bool,
    ) -> Result<Shape, Stop> {
        let mut before = Memory::BEFORE_FIRST;
        let mut is_first = true;
        loop {
            let (place, byte) = self.next()?;
            match byte {
                b'"' => {}
                b'}' if is_first => return Ok(Shape::Object(place + 1)),
                _ => return Err(Stop::Wrong(place, "expected a key")),
            }
            is_first = false;
            let close = self.string(place)?;
            let key = self.bytes.get(place + 1..close).unwrap_or_default();
            let (colon, byte) = self.next()?;
            if byte != b':' {
                return Err(Stop::Wrong(colon, "expected a colon"));
            }
            let (from, first) = self.next()?;
            if can_be_envelope && first == b'[' && holds_records(key) {
                return Ok(Shape::Envelope { list: from + 1, is_inner: false });
            }
            if can_be_envelope
                && first == b'{'
                && key.eq_ignore_ascii_case(b"hits")
                && let Some(list) = self.hits()?
            {
                return Ok(Shape::Envelope { list, is_inner: true });
            }
            let memory = look.memory.get_mut(usize::from(node));
            let target = memory.map(|memory| memory.target(look.keys, key, &mut before)).unwrap_or_default();
            let to = match target.node {
                Some(child) if first == b'{' => match self.object(look, child, depth + 1, false)? {
                    Shape::Object(to) => to,
                    Shape::Envelope { list, .. } => list,
                },
                _ if matches!(first, b'{' | b'[') => {
                    self.container_as_before(look, node, before, from, first, depth + 1)?
                }
                _ => self.value(from, first, depth + 1)?,
            };
            if let Some(slot) = target.slot {
                look.spans.set(slot, from, to);
            }
            match self.next()? {
                (_, b',') => {}
                (place, b'}') => return Ok(Shape::Object(place + 1)),
                (place, _) => return Err(Stop::Wrong(place, "expected a comma or a closing brace")),
            }
        }
    }
}

impl Walker<'_> {
    /// The list of the hits of a search, inside the object whose brace was passed; nothing, and nothing
    /// passed, where it has none.
    fn hits(&mut self) -> Result<Option<usize>, Stop> {
        let mut ahead = self.clone();
        loop {
            let (place, byte) = ahead.next()?;
            if byte != b'"' {
                return Ok(None);
            }
            let close = ahead.string(place)?;
            let key = self.bytes.get(place + 1..close).unwrap_or_default();
            let (_, colon) = ahead.next()?;
            let (from, first) = ahead.next()?;
            if colon == b':' && first == b'[' && key.eq_ignore_ascii_case(b"hits") {
                *self = ahead;
                return Ok(Some(from + 1));
            }
            ahead.value(from, first, 2)?;
            if ahead.next()?.1 != b',' {
                return Ok(None);
            }
        }
    }
}

/// What is looked for, and where it was found.
#[derive(Debug)]
pub(super) struct Look<'a> {
    pub(super) keys: &'a Keys,
    pub(super) memory: &'a mut [Memory],
    pub(super) spans: &'a mut Spans,
}

/// What may come next in a container.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Expect {
    FirstKey,
    Key,
    FirstValue,
    Value,
    Comma,
}

/// Whether a list under this key holds records: Graph's pages, bodies of an Event Hub, answers of hunting
/// and of PowerShell, Splunk's results.
pub(super) fn holds_records(key: &[u8]) -> bool {
    let known: [&[u8]; 3] = [b"value", b"records", b"results"];
    known.iter().any(|known| key.eq_ignore_ascii_case(known))
}

/// Whether a word is a number as JSON writes it.
fn is_number(word: &[u8]) -> bool {
    let digits = |rest: &[u8]| rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let rest = word.strip_prefix(b"-").unwrap_or(word);
    let whole = digits(rest);
    if whole == 0 || (whole > 1 && rest.first() == Some(&b'0')) {
        return false;
    }
    let mut rest = rest.get(whole..).unwrap_or_default();
    if let Some(fraction) = rest.strip_prefix(b".") {
        let length = digits(fraction);
        if length == 0 {
            return false;
        }
        rest = fraction.get(length..).unwrap_or_default();
    }
    if let Some(exponent) = rest.strip_prefix(b"e").or_else(|| rest.strip_prefix(b"E")) {
        let exponent = exponent.strip_prefix(b"+").or_else(|| exponent.strip_prefix(b"-")).unwrap_or(exponent);
        let length = digits(exponent);
        return length > 0 && length == exponent.len();
    }
    rest.is_empty()
}
