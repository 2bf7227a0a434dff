//! The whole way of an input's bytes: gzip, encoding, kind of text, records.

use std::io::Write as _;
use std::sync::Arc;

use flate2::write::MultiGzDecoder;

use super::binary::{self, Binary};
use super::broken_off::BrokenOff;
use super::decode::{Encoding, Position, Utf16};
use super::json::{Json, Rows};
use super::sniff::{self, Kind};
use super::table::Table;
use super::workbook;
use super::zip::is_zip;
use super::{Keys, Problem, Sink};

/// Compressed bytes that are unpacked at a time: at most a thousand times as many come out.
const PACKED_PIECE: usize = 16 << 10;

/// Reads an input, fed any chunk sizes.
#[derive(Debug)]
pub struct Intake {
    keys: Arc<Keys>,
    seed: u64,
    stage: Stage,
}

#[derive(Debug)]
enum Stage {
    /// Too few bytes yet to tell what it is.
    Start(Vec<u8>),
    /// Text.
    Text(Text),
    /// Text, compressed.
    Packed(Box<Packed>),
    /// A workbook, as far as it came.
    Workbook(Vec<u8>),
    /// It is not read.
    Closed,
}

impl Intake {
    /// Reads an input from its first byte. The seed keys hashes of what the input holds.
    #[must_use]
    pub fn new(keys: Arc<Keys>, seed: u64) -> Self {
        Self { keys, seed, stage: Stage::Start(Vec::new()) }
    }

    /// Reads an input of one JSON value a line from a line's first byte, at this offset.
    #[must_use]
    pub fn from_line(keys: Arc<Keys>, offset: u64, seed: u64) -> Self {
        let json = Json::new(Arc::clone(&keys), Position::new(Encoding::Utf8, offset), seed);
        Self { keys, seed, stage: Stage::Text(Text { decoder: None, reader: Reader::Json(Box::new(json)) }) }
    }

    /// Takes the next bytes.
    pub fn feed(&mut self, bytes: &[u8], sink: &mut dyn Sink) {
        match &mut self.stage {
            Stage::Closed => {}
            Stage::Text(text) => text.feed(bytes, sink),
            Stage::Packed(packed) => {
                if !packed.feed(bytes, sink) {
                    self.stage = Stage::Closed;
                }
            }
            Stage::Workbook(held) => {
                if held.len() + bytes.len() > workbook::LARGEST {
                    sink.fail(Problem::Unreadable(
                        "a workbook of more than 256 MiB: save its sheets as CSV (UTF-8), and choose those",
                    ));
                    self.stage = Stage::Closed;
                } else {
                    held.extend_from_slice(bytes);
                }
            }
            Stage::Start(held) => {
                held.extend_from_slice(bytes);
                if held.len() >= sniff::ENOUGH {
                    let held = std::mem::take(held);
                    self.begin(&held, sink);
                }
            }
        }
    }

    fn begin(&mut self, first: &[u8], sink: &mut dyn Sink) {
        if let Some(reason) = sniff::unreadable(first) {
            sink.fail(Problem::Unreadable(reason));
            self.stage = Stage::Closed;
            return;
        }
        if is_zip(first) {
            self.stage = Stage::Workbook(first.to_vec());
            return;
        }
        let text = |bytes: &[u8]| Text::new(Arc::clone(&self.keys), self.seed, bytes);
        self.stage = if sniff::is_gzip(first) {
            Stage::Packed(Box::new(Packed {
                decoder: MultiGzDecoder::new(Vec::new()),
                text: None,
                held: Vec::new(),
                keys: Arc::clone(&self.keys),
                seed: self.seed,
                piece: Vec::with_capacity(PACKED_PIECE),
                taken: 0,
                given: 0,
                is_closed: false,
            }))
        } else {
            Stage::Text(text(first))
        };
        let mark = if sniff::is_gzip(first) { 0 } else { Encoding::of(first).1 };
        self.feed(first.get(mark..).unwrap_or_default(), sink);
    }

    /// Ends the input where no more of it can be had, at this byte. What came before is kept, and the
    /// record that is cut is rejected for this reason.
    pub fn break_off(self, at: u64, problem: Problem, sink: &mut dyn Sink) {
        let mut broken_off = BrokenOff::new(sink);
        self.finish(&mut broken_off);
        broken_off.reject(at, problem);
    }

    /// Ends the input. Whether it ended between records and outside of any list.
    pub fn finish(mut self, sink: &mut dyn Sink) -> bool {
        if let Stage::Start(held) = &mut self.stage {
            let held = std::mem::take(held);
            if held.trim_ascii().is_empty() {
                sink.fail(Problem::Unreadable("it is empty"));
                return true;
            }
            self.begin(&held, sink);
        }
        match self.stage {
            Stage::Start(_) | Stage::Closed => true,
            Stage::Text(text) => text.finish(sink),
            Stage::Packed(packed) => packed.finish(sink),
            Stage::Workbook(bytes) => {
                workbook::read(&bytes, sink);
                true
            }
        }
    }
}

/// Text whose encoding is known.
#[derive(Debug)]
struct Text {
    decoder: Option<(Utf16, Vec<u8>)>,
    reader: Reader,
}

#[derive(Debug)]
enum Reader {
    /// Too few letters yet to tell the kind.
    Unknown {
        held: Vec<u8>,
        keys: Arc<Keys>,
        position: Position,
        seed: u64,
    },
    Json(Box<Json>),
    Rows(Box<Rows>),
    Table(Box<Table>),
    /// No text at all.
    Binary(Binary),
}

impl Text {
    /// For the text whose first bytes are these, byte order mark included.
    fn new(keys: Arc<Keys>, seed: u64, first: &[u8]) -> Self {
        let (encoding, mark) = Encoding::of(first);
        let decoder = match encoding {
            Encoding::Utf8 => None,
            Encoding::Utf16Le => Some((Utf16::new(false), Vec::new())),
            Encoding::Utf16Be => Some((Utf16::new(true), Vec::new())),
        };
        let position = Position::new(encoding, mark as u64);
        if binary::may_be(first) {
            return Self { decoder: None, reader: Reader::Binary(Binary::default()) };
        }
        Self { decoder, reader: Reader::Unknown { held: Vec::new(), keys, position, seed } }
    }

    fn feed(&mut self, bytes: &[u8], sink: &mut dyn Sink) {
        match &mut self.decoder {
            None => self.reader.feed(bytes, sink),
            Some((decoder, decoded)) => {
                for piece in bytes.chunks(64 << 10) {
                    decoded.clear();
                    decoder.feed(piece, decoded);
                    self.reader.feed(decoded, sink);
                }
            }
        }
    }

    fn finish(mut self, sink: &mut dyn Sink) -> bool {
        if let Some((decoder, decoded)) = &mut self.decoder {
            decoded.clear();
            decoder.finish(decoded);
            self.reader.feed(decoded, sink);
        }
        self.reader.finish(sink)
    }
}

impl Reader {
    fn feed(&mut self, text: &[u8], sink: &mut dyn Sink) {
        match self {
            Self::Json(json) => json.feed(text, sink),
            Self::Rows(rows) => rows.feed(text, sink),
            Self::Table(table) => table.feed(text, sink),
            Self::Binary(binary) => binary.feed(text, sink),
            Self::Unknown { held, .. } => {
                held.extend_from_slice(text);
                self.decide(false, sink);
            }
        }
    }

    fn decide(&mut self, last: bool, sink: &mut dyn Sink) {
        let Self::Unknown { held, keys, position, seed } = self else { return };
        let Some(kind) = sniff::kind(held, last) else { return };
        let held = std::mem::take(held);
        *self = match kind {
            Kind::Json => Self::Json(Box::new(Json::new(Arc::clone(keys), position.clone(), *seed))),
            Kind::Rows => Self::Rows(Box::new(Rows::new(position.clone()))),
            Kind::Table(separator) => Self::Table(Box::new(Table::new(position.clone(), separator))),
        };
        self.feed(&held, sink);
    }

    fn finish(mut self, sink: &mut dyn Sink) -> bool {
        self.decide(true, sink);
        match self {
            Self::Json(mut json) => json.finish(sink),
            Self::Rows(rows) => rows.finish(sink),
            Self::Table(table) => table.finish(sink),
            Self::Binary(binary) => binary.finish(sink),
            Self::Unknown { .. } => {
                sink.fail(Problem::Unreadable("it is empty"));
                true
            }
        }
    }
}

/// A gzip stream of one or more members.
#[derive(Debug)]
struct Packed {
    decoder: MultiGzDecoder<Vec<u8>>,
    text: Option<Text>,
    held: Vec<u8>,
    keys: Arc<Keys>,
    seed: u64,
    /// Compressed bytes of the piece under way.
    piece: Vec<u8>,
    /// Compressed bytes unpacked.
    taken: u64,
    /// Bytes that came out.
    given: u64,
    /// What came out is not read.
    is_closed: bool,
}

impl Packed {
    /// Takes compressed bytes; whether more can be taken. They are unpacked in pieces that begin at
    /// multiples of their size: what a damaged piece still gives, and where the damage is said to
    /// be, does not depend on how the bytes come.
    fn feed(&mut self, mut bytes: &[u8], sink: &mut dyn Sink) -> bool {
        while !bytes.is_empty() {
            let (head, rest) = bytes.split_at(bytes.len().min(PACKED_PIECE - self.piece.len()));
            self.piece.extend_from_slice(head);
            bytes = rest;
            if self.piece.len() == PACKED_PIECE && !self.unpack(sink) {
                return false;
            }
        }
        true
    }

    /// Unpacks the piece under way; whether more can be taken.
    fn unpack(&mut self, sink: &mut dyn Sink) -> bool {
        let piece = std::mem::take(&mut self.piece);
        let result = self.decoder.write_all(&piece);
        self.pour(sink);
        if self.is_closed {
            return false;
        }
        if let Err(error) = result {
            self.damaged(&error, sink);
            return false;
        }
        self.taken += piece.len() as u64;
        self.piece = piece;
        self.piece.clear();
        true
    }

    /// Hands on what came out.
    fn pour(&mut self, sink: &mut dyn Sink) {
        let out = std::mem::take(self.decoder.get_mut());
        self.given += out.len() as u64;
        match &mut self.text {
            Some(text) => text.feed(&out, sink),
            None => {
                self.held.extend_from_slice(&out);
                if self.held.len() >= sniff::ENOUGH {
                    self.begin(sink);
                }
            }
        }
    }

    fn begin(&mut self, sink: &mut dyn Sink) {
        let held = std::mem::take(&mut self.held);
        if held.is_empty() || self.is_closed {
            return;
        }
        if let Some(reason) = sniff::unreadable_within(&held) {
            sink.fail(Problem::Unreadable(reason));
            self.is_closed = true;
            return;
        }
        let mut text = Text::new(Arc::clone(&self.keys), self.seed, &held);
        text.feed(held.get(Encoding::of(&held).1..).unwrap_or_default(), sink);
        self.text = Some(text);
    }

    fn damaged(&mut self, error: &std::io::Error, sink: &mut dyn Sink) {
        self.begin(sink);
        let problem = Problem::Packed { at: self.taken, why: error.to_string() };
        // What came out before the damage is kept; the record that it cuts is the damaged one.
        let mut broken_off = BrokenOff::new(sink);
        if let Some(text) = self.text.take() {
            text.finish(&mut broken_off);
        }
        if self.given == 0 { broken_off.fail(problem) } else { broken_off.reject(self.given, problem) }
    }

    fn finish(mut self, sink: &mut dyn Sink) -> bool {
        if !self.unpack(sink) {
            return false;
        }
        let result = self.decoder.try_finish();
        self.pour(sink);
        if let Err(error) = result {
            self.damaged(&error, sink);
            return false;
        }
        self.begin(sink);
        match self.text {
            Some(text) => text.finish(sink),
            None if self.is_closed => true,
            None => {
                sink.fail(Problem::Unreadable("it is empty"));
                true
            }
        }
    }
}
