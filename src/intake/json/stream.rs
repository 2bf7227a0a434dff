//! Which values of a stream are records, and where they stand.
//!
//! A stream is any sequence of values, as files are found in practice: one document, one value a
//! line, documents one behind the other, with stray commas, brackets and byte order marks between
//! them. Records are the objects of the stream, of its lists, of the list of an envelope
//! (`{"value": […]}`, `{"records": […]}`), and of bodies that are carried as strings or in messages.

use std::sync::Arc;

use super::mend::{Mended, Outline, Outlines, end_of_damage, lead as lead_of};
use super::message;
use super::scan::{BLOCK, Marks, Scanner};
use super::skim::Skim;
use super::walk::{Look, Shape, Spans, Stop, Walker, holds_records};
use crate::decode::Position;
use crate::keys::Memory;
use crate::{Cell, Keys, LONGEST_RECORD, Problem, Record, Sink};

/// Bytes that are scanned and walked at a time: they stay in the processor's cache.
const PIECE: usize = 128 << 10;
/// Lists that may lie in lists around a record.
const MOST_LEVELS: usize = 16;
/// Bodies that may stand in bodies around a record: a message of an Event Hub, the text of a record in it.
const DEEPEST_BODY: u8 = 3;
const BYTE_ORDER_MARK: &[u8] = b"\xEF\xBB\xBF";

/// What is open around the records.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Level {
    /// A list whose elements are records.
    Array,
    /// An object whose list of records is or was read.
    Envelope,
    /// That list.
    Records,
}

/// A record that is not valid, until its end is found.
#[derive(Clone, Copy, Debug)]
struct Damage {
    from: usize,
    wrong: usize,
    what: &'static str,
}

/// Reads JSON, fed any chunk sizes.
#[derive(Debug)]
pub(crate) struct Json {
    keys: Arc<Keys>,
    memory: Vec<Memory>,
    spans: Spans,
    scanner: Scanner,
    marks: Marks,
    /// Bytes from the first that is not done with.
    buffer: Vec<u8>,
    /// Bytes of the buffer whose structure is known.
    scanned: usize,
    /// Length of the buffer at which walking is worth another try.
    retry: usize,
    position: Position,
    levels: Vec<Level>,
    /// A list was closed that was never opened: brackets in this file prove nothing.
    has_stray_bracket: bool,
    outlines: Outlines,
    /// Blanks before the buffer on its line, where there is nothing else on it.
    lead: Option<Vec<u8>>,
    damage: Option<Damage>,
    /// Passing over bytes between records that are part of none.
    in_junk: bool,
    skim: Option<Skim>,
    /// How many bodies it stands in.
    depth: u8,
    is_broken_off: bool,
}

/// Why a round of walking ended.
enum Round {
    /// More bytes are needed; those before this place are done with.
    Rest(usize),
    /// Go on at this place, as if nothing stood before it.
    Anew(usize),
    /// A record from this place on is too long.
    TooLong(usize),
}

impl Json {
    pub(crate) fn new(keys: Arc<Keys>, position: Position, seed: u64) -> Self {
        Self {
            memory: Memory::all(&keys, seed),
            spans: Spans::new(keys.len()),
            keys,
            scanner: Scanner::default(),
            marks: Marks::default(),
            buffer: Vec::new(),
            scanned: 0,
            retry: 0,
            position,
            levels: Vec::new(),
            has_stray_bracket: false,
            outlines: Outlines::default(),
            lead: Some(Vec::new()),
            damage: None,
            in_junk: false,
            skim: None,
            depth: 0,
            is_broken_off: false,
        }
    }

    /// Takes the next bytes.
    pub(crate) fn feed(&mut self, bytes: &[u8], sink: &mut dyn Sink) {
        for piece in bytes.chunks(PIECE) {
            let piece = self.skim(piece);
            self.buffer.extend_from_slice(piece);
            if self.buffer.len() >= self.retry {
                self.scan(false);
                self.walk(sink, false);
            }
        }
    }

    /// Ends the input. Whether it ended between records and outside of any list.
    pub(crate) fn finish(&mut self, sink: &mut dyn Sink) -> bool {
        self.scan(true);
        self.walk(sink, true);
        let unclosed = !self.levels.is_empty() && !self.has_stray_bracket;
        if unclosed && !self.is_broken_off {
            let at = self.position.offset(&self.buffer, self.buffer.len());
            sink.reject(at, Problem::ListBrokenOff { at });
        }
        self.skim.is_none() && !self.is_broken_off && self.levels.is_empty()
    }

    fn scan(&mut self, last: bool) {
        let fresh = self.buffer.get(self.scanned..).unwrap_or_default();
        let (blocks, rest) = fresh.as_chunks::<BLOCK>();
        let mut base = self.scanned;
        for block in blocks {
            self.scanner.block(block, base as u32, &mut self.marks);
            base += BLOCK;
        }
        if last && !rest.is_empty() {
            let mut block = [b' '; BLOCK];
            block.iter_mut().zip(rest).for_each(|(to, from)| *to = *from);
            self.scanner.block(&block, base as u32, &mut self.marks);
            base += rest.len();
        }
        self.scanned = base;
    }

    fn walk(&mut self, sink: &mut dyn Sink, last: bool) {
        loop {
            match self.round(sink, last) {
                Round::Rest(done) => {
                    self.drop_before(done);
                    self.retry = if self.buffer.is_empty() { 0 } else { self.buffer.len() * 2 };
                    return;
                }
                Round::Anew(place) => {
                    self.drop_before(place);
                    self.scanner = Scanner::default();
                    self.marks.clear();
                    self.scanned = 0;
                    self.scan(last);
                }
                Round::TooLong(from) => {
                    let offset = self.position.offset(&self.buffer, from);
                    sink.reject(offset, Problem::TooLong);
                    let held = std::mem::take(&mut self.buffer);
                    let all = self.position.offset(&held, held.len());
                    let mut skim = Skim::default();
                    let passed = skim.pass(held.get(from..).unwrap_or_default());
                    let rest = passed.map(|length| held.get(from + length..).unwrap_or_default()).unwrap_or_default();
                    let offset = passed.map_or(all, |length| self.position.offset(&held, from + length));
                    self.skim = passed.is_none().then_some(skim);
                    self.position.begin(offset);
                    self.lead = None;
                    self.buffer.extend_from_slice(rest);
                    self.scanner = Scanner::default();
                    self.marks.clear();
                    self.scanned = 0;
                    self.scan(last);
                }
            }
        }
    }

    /// Leaves the bytes before `place` behind.
    fn drop_before(&mut self, place: usize) {
        if place == 0 {
            return;
        }
        let offset = self.position.offset(&self.buffer, place);
        self.position.begin(offset);
        self.lead = lead_of(self.lead.as_deref(), self.buffer.get(..place).unwrap_or_default());
        self.buffer.drain(..place.min(self.buffer.len()));
        self.marks.shift(place as u32);
        self.scanned = self.scanned.saturating_sub(place);
    }

    /// Passes over what belongs to a record that is too long; what comes behind it.
    fn skim<'a>(&mut self, piece: &'a [u8]) -> &'a [u8] {
        let Some(skim) = &mut self.skim else { return piece };
        match skim.pass(piece) {
            None => {
                self.position.pass(piece);
                &[]
            }
            Some(length) => {
                self.skim = None;
                let (passed, rest) = piece.split_at(length.min(piece.len()));
                self.position.pass(passed);
                rest
            }
        }
    }

    /// Walks through the records in the buffer.
    fn round(&mut self, sink: &mut dyn Sink, last: bool) -> Round {
        if self.in_junk {
            return self.pass_junk();
        }
        if let Some(damage) = self.damage {
            return self.mend(damage, sink, last);
        }
        let slots = self.keys.len();
        let Self { buffer, marks, position, levels, keys, memory, spans, outlines, lead, .. } = self;
        let bytes = buffer.as_slice();
        let mut walker = Walker::new(bytes, marks, self.scanned, last);
        let mut cells: Vec<Cell<'_>> = vec![Cell::Absent; slots];
        let mut done = 0;
        let mut found = loop {
            let (place, byte) = match walker.peek() {
                Ok(token) => token,
                Err(Stop::Ends) => return Round::Rest(self.scanned.max(done)),
                Err(Stop::Wrong(wrong, what)) => break Damage { from: wrong, wrong, what },
            };
            if levels.is_empty()
                && outlines.stream.is_none()
                && outlines.record.head.is_empty()
                && matches!(byte, b'{' | b'[')
            {
                outlines.stream = lead_of(lead.as_deref(), bytes.get(..place).unwrap_or_default());
            }
            let mut ahead = walker.clone();
            ahead.at += 1;
            let step = match (byte, levels.last()) {
                (b',', _) => Ok(place + 1),
                (b'{', level) if level != Some(&Level::Envelope) => {
                    spans.clear();
                    let can_be_envelope = level != Some(&Level::Records) && levels.len() < MOST_LEVELS;
                    let mut look = Look { keys, memory, spans };
                    match ahead.object(&mut look, 0, 0, can_be_envelope) {
                        Ok(Shape::Object(end)) if end - place > LONGEST_RECORD => {
                            sink.reject(position.offset(bytes, place), Problem::TooLong);
                            Ok(end)
                        }
                        Ok(Shape::Object(end)) => {
                            let raw = bytes.get(place..end).unwrap_or_default();
                            for (slot, from, to) in spans.filled() {
                                if let (Some(cell), Some(value)) = (cells.get_mut(slot), bytes.get(from..to)) {
                                    *cell = Cell::Json(value);
                                }
                            }
                            let record = Record {
                                offset: position.offset(bytes, place),
                                bytes: raw,
                                is_damaged: marks.has_wide(place, end) && std::str::from_utf8(raw).is_err(),
                                damaged: &[],
                            };
                            let message = keys.body().filter(|_| self.depth < DEEPEST_BODY);
                            let cell = message.and_then(|slot| cells.get(slot)).copied().unwrap_or(Cell::Absent);
                            match message::body(cell) {
                                Some(text) => nested(keys, &text, record.offset, self.depth, sink),
                                None => sink.record(&cells, &record),
                            }
                            for (slot, ..) in spans.filled() {
                                if let Some(cell) = cells.get_mut(slot) {
                                    *cell = Cell::Absent;
                                }
                            }
                            if outlines.record.head.is_empty() {
                                outlines.record = Outline::of(bytes, place, end, lead.as_deref());
                            }
                            Ok(end)
                        }
                        Ok(Shape::Envelope { list, is_inner }) => {
                            mark_keys(&walker, list, sink);
                            levels.extend(is_inner.then_some(Level::Envelope));
                            levels.extend([Level::Envelope, Level::Records]);
                            outlines.record = Outline::default();
                            Ok(list)
                        }
                        Err(stop) => Err(stop),
                    }
                }
                (b'[', level) if matches!(level, None | Some(Level::Array)) && levels.len() < MOST_LEVELS => {
                    match (level, ahead.peek()) {
                        // Among records an empty list is an element that is none; a page without any is not.
                        (Some(Level::Array), Ok((end, b']'))) => {
                            ahead.at += 1;
                            sink.reject(position.offset(bytes, place), Problem::NoObject);
                            Ok(end + 1)
                        }
                        (Some(Level::Array), Err(Stop::Ends)) if !last => Err(Stop::Ends),
                        _ => {
                            levels.push(Level::Array);
                            outlines.record = Outline::default();
                            Ok(place + 1)
                        }
                    }
                }
                (b']', Some(Level::Array | Level::Records)) | (b'}', Some(Level::Envelope)) => {
                    levels.pop();
                    Ok(place + 1)
                }
                (b']', None) => {
                    self.has_stray_bracket = true;
                    Ok(place + 1)
                }
                (b'"', Some(Level::Envelope)) => member(&mut ahead, place).map(|(end, key, list)| {
                    sink.mark(&String::from_utf8_lossy(key));
                    if list {
                        levels.push(Level::Records);
                    }
                    end
                }),
                (b'"', _) => ahead.value(place, byte, 0).inspect(|&end| {
                    let inner = bytes.get(place + 1..end.saturating_sub(1)).unwrap_or_default();
                    let offset = position.offset(bytes, place);
                    body(keys, inner, offset, self.depth, sink);
                }),
                _ if bytes.get(place..).is_some_and(|rest| rest.starts_with(BYTE_ORDER_MARK)) => {
                    Ok(place + BYTE_ORDER_MARK.len())
                }
                _ => ahead.value(place, byte, 0).inspect(|_| {
                    sink.reject(position.offset(bytes, place), Problem::NoObject);
                }),
            };
            match step {
                Ok(end) => {
                    done = end;
                    walker = ahead;
                }
                Err(Stop::Ends) if last || bytes.len() - place > LONGEST_RECORD => {
                    // A record that was cut takes the next ones for its own parts.
                    let reach = bytes.get(..bytes.len().min(place + LONGEST_RECORD)).unwrap_or_default();
                    if outlines.record.indent.is_none() && outlines.record.head.is_empty() {
                        outlines.record.indent = lead_of(lead.as_deref(), bytes.get(..place).unwrap_or_default());
                    }
                    let end = match end_of_damage(reach, place, reach.len(), outlines, true) {
                        Mended::At(end) if end < reach.len() => end,
                        Mended::AtLine(end) if end < reach.len() => {
                            levels.clear();
                            self.has_stray_bracket = true;
                            end
                        }
                        _ if !last || reach.len() < bytes.len() => return Round::TooLong(place),
                        _ => {
                            self.is_broken_off = true;
                            bytes.len()
                        }
                    };
                    let at = position.offset(bytes, end);
                    sink.reject(position.offset(bytes, place), Problem::BrokenOff { at });
                    return Round::Anew(end);
                }
                Err(Stop::Ends) => return Round::Rest(place),
                Err(Stop::Wrong(wrong, what)) => break Damage { from: place, wrong, what },
            }
        };
        if outlines.record.head.is_empty() && outlines.record.indent.is_none() {
            outlines.record.indent = lead_of(lead.as_deref(), bytes.get(..found.from).unwrap_or_default());
        }
        // The buffer keeps what is damaged and what follows; places count from there.
        let from = std::mem::take(&mut found.from);
        found.wrong -= from;
        self.drop_before(from);
        if !matches!(self.buffer.first(), Some(b'{' | b'[' | b'"')) {
            let at = self.position.offset(&self.buffer, found.wrong);
            sink.reject(self.position.offset(&self.buffer, 0), Problem::Syntax { at, what: found.what });
            self.in_junk = true;
            return Round::Anew(1);
        }
        self.damage = Some(found);
        self.mend(found, sink, last)
    }

    /// Passes over bytes that are part of no record; they were reported as one.
    fn pass_junk(&mut self) -> Round {
        let begins = |byte: &u8| matches!(byte, b'{' | b'[' | b']' | b'"' | b',' | b'\n');
        match self.buffer.iter().position(begins) {
            Some(place) => {
                self.in_junk = false;
                Round::Anew(place)
            }
            None if self.buffer.is_empty() => Round::Rest(0),
            None => Round::Anew(self.buffer.len()),
        }
    }

    /// Looks for the end of a damaged record.
    fn mend(&mut self, damage: Damage, sink: &mut dyn Sink, last: bool) -> Round {
        let mended = end_of_damage(&self.buffer, damage.from, damage.wrong, &self.outlines, last);
        match mended {
            Mended::NeedsMore if self.buffer.len() - damage.from > LONGEST_RECORD => {
                self.damage = None;
                Round::TooLong(damage.from)
            }
            Mended::NeedsMore => Round::Rest(0),
            Mended::At(place) | Mended::AtLine(place) => {
                self.damage = None;
                let offset = self.position.offset(&self.buffer, damage.from);
                let at = self.position.offset(&self.buffer, damage.wrong);
                sink.reject(offset, Problem::Syntax { at, what: damage.what });
                if self.levels.last() == Some(&Level::Envelope) || matches!(mended, Mended::AtLine(_)) {
                    self.levels.clear();
                    self.has_stray_bracket = true;
                }
                Round::Anew(place.max(1))
            }
        }
    }
}

/// Passes a member of an envelope behind its list; the place to go on, its key, and whether that
/// place is inside another list of records.
fn member<'a>(walker: &mut Walker<'a>, open: usize) -> Result<(usize, &'a [u8], bool), Stop> {
    let bytes = walker.bytes;
    let key_end = walker.value(open, b'"', 0)?;
    let key = bytes.get(open + 1..key_end.saturating_sub(1)).unwrap_or_default();
    let (colon, byte) = walker.peek()?;
    if byte != b':' {
        return Err(Stop::Wrong(colon, "expected a colon"));
    }
    walker.at += 1;
    let (from, first) = walker.peek()?;
    walker.at += 1;
    if first == b'[' && holds_records(key) {
        return Ok((from + 1, key, true));
    }
    Ok((walker.value(from, first, 1)?, key, false))
}

/// Tells the sink the keys of an envelope up to its list.
fn mark_keys(walker: &Walker<'_>, list: usize, sink: &mut dyn Sink) {
    let mut walker = walker.clone();
    walker.at += 1;
    while let Ok((open, b'"')) = walker.peek() {
        walker.at += 1;
        let Ok((end, key, is_list)) = member(&mut walker, open) else { return };
        sink.mark(&String::from_utf8_lossy(key));
        if is_list || end >= list {
            return;
        }
        // The comma behind the member.
        walker.at += 1;
    }
}

/// Reads a body that is carried as a string.
fn body(keys: &Arc<Keys>, inner: &[u8], offset: u64, depth: u8, sink: &mut dyn Sink) {
    match message::carried(inner).or_else(|text| message::packed(&text).ok_or(())) {
        Ok(text) if depth < DEEPEST_BODY => nested(keys, &text, offset, depth, sink),
        _ => sink.reject(offset, Problem::NoObject),
    }
}

/// Reads the text of a body, all of whose records stand where the body does.
fn nested(keys: &Arc<Keys>, text: &[u8], offset: u64, depth: u8, sink: &mut dyn Sink) {
    let mut reader = Json::new(Arc::clone(keys), Position::fixed(offset), 0);
    reader.depth = depth + 1;
    reader.feed(text, sink);
    reader.finish(sink);
}
