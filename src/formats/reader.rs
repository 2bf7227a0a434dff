//! Turns records into rows of a store, remembering spellings it has decoded before.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use crate::events::address;
use crate::events::dictionary::TextId;
use crate::events::guid::Guid;
use crate::events::time::{self, DayOrder, DayOrderEvidence};
use crate::events::{Id, Store};
use crate::intake::Cell;

use super::nested::{self, Nested};
use super::row::Layout;
use super::seen::Seen;
use super::{Column, Kind, Row, other_tables};

/// Why a record became no event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, thiserror::Error)]
pub enum Refusal {
    /// None of the formats knows it.
    #[error("not a sign-in or audit record of a known format")]
    Unknown,
    /// Without a time it cannot be placed.
    #[error("it has no time that can be read")]
    NoTime,
    /// An audit record that does not say what was done.
    #[error("it does not say what was done")]
    NoOperation,
}

/// What became of a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It is an event now.
    Event,
    /// It belongs to a table that is known and not used.
    Other,
    /// It is none that could be used.
    Refused(Refusal),
}

/// What was learned of an input beside its events.
#[derive(Clone, Debug, Default)]
pub struct Tally {
    /// Names of the formats its records had.
    pub formats: BTreeSet<&'static str>,
    /// Keys by which they were recognised.
    pub marks: BTreeSet<String>,
    /// Records of known tables that are not used, by name.
    pub other: BTreeMap<String, u64>,
    /// Fields that begin like JSON and are none, by column.
    pub damaged: BTreeMap<&'static str, u64>,
    /// What its times prove of the order of day and month.
    pub days: DayOrderEvidence,
    /// Times whose day and month could be either way round.
    pub ambiguous_days: u64,
    /// Times without a zone.
    pub without_zone: u64,
}

/// Turns records into rows.
#[derive(Debug)]
pub struct Reader {
    /// What was read so far.
    pub store: Store,
    /// What was learned of the input.
    pub tally: Tally,
    layout: Layout,
    last: usize,
    tuples: Vec<Seen<u32>>,
    words: Vec<Seen<u8>>,
    spelling: Vec<u8>,
}

impl Reader {
    /// A reader whose hashes are keyed by a seed from the input.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self {
            store: Store::new(seed),
            tally: Tally::default(),
            layout: Layout::new(),
            last: 0,
            tuples: (0..Column::COUNT).map(|_| Seen::new(seed)).collect(),
            words: (0..Column::COUNT).map(|_| Seen::new(seed)).collect(),
            spelling: Vec::new(),
        }
    }

    /// The layout that records must follow.
    #[must_use]
    pub fn layout(&self) -> &Layout {
        &self.layout
    }

    /// Takes one record: its cells by the slots of the layout.
    pub fn take(&mut self, cells: &[Cell<'_>], record: u64, offset: u64) -> Outcome {
        let layout = std::mem::take(&mut self.layout);
        let outcome = self.take_with(&layout, cells, record, offset);
        self.layout = layout;
        match outcome {
            Ok(outcome) => outcome,
            Err(refusal) => Outcome::Refused(refusal),
        }
    }

    fn take_with(&mut self, layout: &Layout, cells: &[Cell<'_>], record: u64, offset: u64) -> Result<Outcome, Refusal> {
        let Some((index, kind)) = layout.recognise(cells, self.last) else {
            return match other_tables::name(layout, cells) {
                Some(name) => {
                    *self.tally.other.entry(name.to_owned()).or_default() += 1;
                    Ok(Outcome::Other)
                }
                None => Err(Refusal::Unknown),
            };
        };
        self.last = index;
        let record = u32::try_from(record).unwrap_or(u32::MAX);
        let row = layout.row(cells, index);
        match kind {
            Kind::SignIn => {
                let sign_in = self.sign_in(&row, record, offset)?;
                self.store.sign_ins.push(sign_in);
            }
            Kind::Audit => {
                let audit = self.audit(&row, record, offset)?;
                self.store.audits.push(audit);
            }
            Kind::Activity => {
                let activity = self.activity(&row, record, offset)?;
                self.store.activities.push(activity);
            }
            Kind::Other => {
                let mut name = row.text(Column::Category);
                if name.is_empty() {
                    name = row.text(Column::Table);
                }
                *self.tally.other.entry(name).or_default() += 1;
            }
        }
        if let Some(format) = layout.format(index)
            && self.tally.formats.insert(format.name)
        {
            self.tally.marks.extend(format.marks.iter().map(|mark| (*mark).to_owned()));
        }
        Ok(if kind == Kind::Other { Outcome::Other } else { Outcome::Event })
    }

    /// The time of the event itself; when it was written stands in where that is missing.
    pub(super) fn event_time(&mut self, row: &Row<'_>) -> Result<i64, Refusal> {
        for column in [Column::Created, Column::Emitted] {
            let mut scratch = String::new();
            let Some(text) = plain_text(&row.cell(column), &mut scratch) else { continue };
            let Some(parsed) = time::parse(&text, DayOrder::Unknown) else { continue };
            if !parsed.zone_known {
                self.tally.without_zone += 1;
            }
            self.tally.days.observe(&text);
            if !parsed.order_known {
                self.tally.ambiguous_days += 1;
            }
            return Ok(parsed.micros);
        }
        Err(Refusal::NoTime)
    }

    pub(super) fn damaged(&mut self, column: Column) {
        *self.tally.damaged.entry(column.name()).or_default() += 1;
    }

    /// The identifier in a cell.
    pub(super) fn id(&mut self, cell: Cell<'_>) -> Id {
        if cell.is_absent() {
            return Id::ABSENT;
        }
        let mut scratch = String::new();
        match plain_text(&cell, &mut scratch) {
            Some(text) => Id::parse(&text, &mut self.store.texts),
            None => Id::EMPTY,
        }
    }

    /// The unique token id in a cell, whatever its encoding, as the GUID it stands for.
    pub(super) fn token(&mut self, cell: Cell<'_>) -> Id {
        if cell.is_absent() {
            return Id::ABSENT;
        }
        let mut scratch = String::new();
        match plain_text(&cell, &mut scratch) {
            Some(text) => match Guid::from_token_id(text.trim()) {
                Some(guid) => Id::guid(guid),
                None => Id::parse(&text, &mut self.store.texts),
            },
            None => Id::EMPTY,
        }
    }

    /// A text as it stands.
    pub(super) fn plain(&mut self, cell: Cell<'_>) -> TextId {
        if cell.is_absent() {
            return TextId::ABSENT;
        }
        let mut scratch = String::new();
        match plain_text(&cell, &mut scratch) {
            Some(text) => self.store.texts.intern(text.trim()),
            None => TextId::EMPTY,
        }
    }

    /// A text in lower case.
    pub(super) fn lower(&mut self, cell: Cell<'_>) -> TextId {
        if cell.is_absent() {
            return TextId::ABSENT;
        }
        let mut scratch = String::new();
        match plain_text(&cell, &mut scratch) {
            Some(text) => self.store.texts.intern(&text.trim().to_lowercase()),
            None => TextId::EMPTY,
        }
    }

    /// A text whose spelling is remembered.
    pub(super) fn text(&mut self, column: Column, row: &Row<'_>) -> TextId {
        let cell = row.cell(column);
        TextId(self.tuple(column, &[cell], |reader| reader.plain(cell).0))
    }

    /// An address: port, brackets and zone removed.
    pub(super) fn address(&mut self, cell: Cell<'_>) -> TextId {
        TextId(self.tuple(Column::Address, &[cell], |reader| {
            if cell.is_absent() {
                return TextId::ABSENT.0;
            }
            let mut scratch = String::new();
            match plain_text(&cell, &mut scratch) {
                Some(text) => reader.address_text(&text).0,
                None => TextId::EMPTY.0,
            }
        }))
    }

    pub(super) fn address_text(&mut self, text: &str) -> TextId {
        match address::parse_address(text) {
            Some(ip) => self.store.texts.intern(&ip.to_string()),
            None => TextId::EMPTY,
        }
    }

    pub(super) fn optional(&mut self, text: Option<String>) -> TextId {
        text.map_or(TextId::ABSENT, |text| self.store.texts.intern(&text))
    }

    pub(super) fn optional_id(&mut self, text: Option<String>) -> Id {
        text.map_or(Id::ABSENT, |text| Id::parse(&text, &mut self.store.texts))
    }

    /// A word of a closed vocabulary, its spelling remembered.
    pub(super) fn word<W: Copy + bytemuck::Pod>(
        &mut self,
        column: Column,
        row: &Row<'_>,
        absent: W,
        parse: fn(&str) -> W,
    ) -> W {
        let cell = row.cell(column);
        if cell.is_absent() {
            return absent;
        }
        if let Some(seen) = self.seen_byte(column, &cell) {
            return bytemuck::try_pod_read_unaligned(&[seen]).unwrap_or(absent);
        }
        let mut scratch = String::new();
        let parsed = parse(&plain_text(&cell, &mut scratch).unwrap_or_default());
        if let Some(byte) = bytemuck::bytes_of(&parsed).first() {
            self.keep_byte(column, &cell, *byte);
        }
        parsed
    }

    pub(super) fn seen_byte(&self, column: Column, cell: &Cell<'_>) -> Option<u8> {
        self.words.get(column as usize)?.find(raw(cell))
    }

    pub(super) fn keep_byte(&mut self, column: Column, cell: &Cell<'_>, byte: u8) {
        if let Some(seen) = self.words.get_mut(column as usize) {
            seen.keep(raw(cell), byte);
        }
    }

    /// The number of a tuple that these cells spell, decoded once a spelling.
    pub(super) fn tuple(&mut self, column: Column, cells: &[Cell<'_>], make: impl FnOnce(&mut Self) -> u32) -> u32 {
        let mut spelling = std::mem::take(&mut self.spelling);
        spelling.clear();
        for cell in cells {
            // 0xFF and 0xFE are never part of UTF-8.
            spelling.push(if cell.is_absent() { 0xFE } else { 0xFF });
            spelling.extend_from_slice(raw(cell));
        }
        let seen = self.tuples.get(column as usize).and_then(|seen| seen.find(&spelling));
        let number = seen.unwrap_or_else(|| {
            let number = make(self);
            if let Some(seen) = self.tuples.get_mut(column as usize) {
                seen.keep(&spelling, number);
            }
            number
        });
        self.spelling = spelling;
        number
    }

    /// A nested value in its canonical text, decoded once a spelling.
    pub(super) fn canonical(
        &mut self,
        column: Column,
        row: &Row<'_>,
        make: impl FnOnce(&serde_json::Value) -> Option<String>,
    ) -> TextId {
        let cell = row.cell(column);
        TextId(self.tuple(column, &[cell], |reader| reader.canonical_text(column, &cell, make).0))
    }

    /// Authentication steps differ in their times only: those are cut out before spellings are compared.
    pub(super) fn canonical_steps(
        &mut self,
        row: &Row<'_>,
        make: impl FnOnce(&serde_json::Value) -> Option<String>,
    ) -> TextId {
        let cell = row.cell(Column::Steps);
        let timeless = without_times(raw(&cell));
        let plain = match cell {
            Cell::Json(_) => Cell::Json(&timeless),
            Cell::Text(_) => Cell::Text(&timeless),
            Cell::Absent => Cell::Absent,
        };
        TextId(self.tuple(Column::Steps, &[plain], |reader| reader.canonical_text(Column::Steps, &cell, make).0))
    }

    fn canonical_text(
        &mut self,
        column: Column,
        cell: &Cell<'_>,
        make: impl FnOnce(&serde_json::Value) -> Option<String>,
    ) -> TextId {
        match nested::decode(cell) {
            Nested::Absent => TextId::ABSENT,
            Nested::Empty => TextId::EMPTY,
            Nested::Value(value) => match make(&value) {
                Some(text) => self.store.texts.intern(&text),
                None => TextId::EMPTY,
            },
            Nested::Text(text) => self.store.texts.intern(&text),
            Nested::Damaged => {
                self.damaged(column);
                TextId::ABSENT
            }
        }
    }
}

/// The bytes of a cell as the file has them.
fn raw<'a>(cell: &Cell<'a>) -> &'a [u8] {
    match cell {
        Cell::Json(raw) | Cell::Text(raw) => raw,
        Cell::Absent => &[],
    }
}

/// The text of a cell; a leading apostrophe that guards a formula in a CSV is dropped.
fn plain_text<'a>(cell: &Cell<'a>, scratch: &'a mut String) -> Option<Cow<'a, str>> {
    let text = cell.text(scratch)?;
    Some(match cell {
        Cell::Text(_)
            if text.starts_with("'-") || text.starts_with("'+") || text.starts_with("'=") || text.starts_with("'@") =>
        {
            Cow::Owned(text.get(1..).unwrap_or_default().to_owned())
        }
        _ => Cow::Owned(text.to_string()),
    })
}

/// The list of steps with the value of every `authenticationStepDateTime` cut out.
fn without_times(raw: &[u8]) -> Vec<u8> {
    const NAME: &[u8] = b"tepDateTime";
    let mut kept = Vec::with_capacity(raw.len());
    let mut rest = raw;
    while let Some(at) = memchr::memmem::find(rest, NAME) {
        let (head, tail) = rest.split_at(at + NAME.len());
        kept.extend_from_slice(head);
        // What follows is `":"2026-…Z"` with or without escapes: up to the comma or brace after it.
        let end = memchr::memchr2(b',', b'}', tail).unwrap_or(tail.len());
        rest = tail.get(end..).unwrap_or_default();
    }
    kept.extend_from_slice(rest);
    kept
}
