//! Reads the values of a row: times, identifiers, texts, words, nested lists.

use std::borrow::Cow;

use serde_json::Value;

use crate::events::Id;
use crate::events::address;
use crate::events::dictionary::TextId;
use crate::events::guid::Guid;
use crate::events::time::{self, DayOrder, Stamp};
use crate::events::vocabulary::Doubts;
use crate::intake::Cell;

use super::nested::{self, Nested};
use super::reader::{Reader, Refusal, raw};
use super::scalar::{Scalar, is_python_none, scalar};
use super::zone::Zone;
use super::{Column, Row};

impl Reader {
    /// The time of the event itself; when it was written stands in where that is missing.
    pub(super) fn event_time(&mut self, row: &Row<'_>) -> Result<(i64, Doubts), Refusal> {
        for (column, doubts) in [(Column::Created, Doubts::default()), (Column::Emitted, Doubts::WRITTEN)] {
            for (cell, slot) in row.candidates(column) {
                if let Some((micros, more)) = self.time(cell, slot) {
                    return Ok((micros, doubts.with(more)));
                }
            }
        }
        Err(Refusal::NoTime)
    }

    pub(super) fn time(&mut self, cell: Cell<'_>, slot: usize) -> Option<(i64, Doubts)> {
        // The usual case: an ISO time with its zone.
        if let Cell::Json([b'"', iso @ .., b'"']) = cell
            && let Some(Stamp { micros, zone_known: true, .. }) = time::parse_iso(iso)
        {
            return Some((micros, Doubts::default()));
        }
        let zone = self.zone(slot);
        let text = scalar(cell, &mut self.scratch).value()?;
        let text = String::from_utf8_lossy(text);
        let stamp = time::parse(&text, DayOrder::Unknown)?;
        let (mut micros, mut doubts) = (stamp.micros, Doubts::default());
        if !stamp.zone_known {
            match zone {
                Zone::Ahead(east) => micros = micros.checked_sub(east)?,
                Zone::Unnamed if self.is_utc => {}
                Zone::Unnamed | Zone::Other => {
                    doubts = doubts.with(Doubts::ZONE);
                    self.tally.without_zone += 1;
                    self.tally.local_times += u64::from(zone == Zone::Other);
                }
            }
        }
        if !stamp.order_known {
            doubts = doubts.with(Doubts::ORDER);
            self.tally.ambiguous_days += 1;
        }
        self.tally.days.observe(&text);
        if time::is_to_the_minute(&text) {
            doubts = doubts.with(Doubts::MINUTE);
        }
        Some((micros, doubts))
    }

    /// The identifier in a cell.
    pub(super) fn id(&mut self, cell: Cell<'_>) -> Id {
        // The usual case: a GUID.
        if let Cell::Json([b'"', guid @ .., b'"']) | Cell::Text(guid) = cell
            && let Some(guid) = Guid::parse_bytes(guid)
        {
            return Id::of(guid, &mut self.store.texts);
        }
        match scalar(cell, &mut self.scratch) {
            Scalar::Absent => Id::ABSENT,
            Scalar::Value(text) if !is_python_none(text) => {
                Id::parse(&String::from_utf8_lossy(text), &mut self.store.texts)
            }
            Scalar::Empty | Scalar::Value(_) => Id::EMPTY,
        }
    }

    /// The unique token id in a cell, whatever its encoding, as the GUID it stands for.
    pub(super) fn token(&mut self, cell: Cell<'_>) -> Id {
        match scalar(cell, &mut self.scratch) {
            Scalar::Absent => Id::ABSENT,
            Scalar::Value(text) if !is_python_none(text) => match Guid::from_token_bytes(text) {
                Some(guid) => Id::of(guid, &mut self.store.texts),
                None => Id::parse(&String::from_utf8_lossy(text), &mut self.store.texts),
            },
            Scalar::Empty | Scalar::Value(_) => Id::EMPTY,
        }
    }

    /// A text as it stands.
    pub(super) fn plain(&mut self, cell: Cell<'_>) -> TextId {
        self.text_as(cell, |text| text)
    }

    /// A text in lower case.
    pub(super) fn lower(&mut self, cell: Cell<'_>) -> TextId {
        self.text_as(cell, |text| Cow::Owned(text.to_lowercase()))
    }

    pub(super) fn text_as(&mut self, cell: Cell<'_>, change: impl FnOnce(Cow<'_, str>) -> Cow<'_, str>) -> TextId {
        match scalar(cell, &mut self.scratch) {
            Scalar::Absent => TextId::ABSENT,
            Scalar::Value(text) if !is_python_none(text) => {
                self.store.texts.intern(&change(String::from_utf8_lossy(text)))
            }
            Scalar::Empty | Scalar::Value(_) => TextId::EMPTY,
        }
    }

    /// A text whose spelling is remembered.
    pub(super) fn text(&mut self, column: Column, row: &Row<'_>) -> TextId {
        let cell = row.cell(column);
        if cell.is_absent() {
            return TextId::ABSENT;
        }
        TextId(self.once(column, cell, |reader| reader.plain(cell).0))
    }

    /// An address: port, brackets and zone removed.
    pub(super) fn address(&mut self, row: &Row<'_>) -> TextId {
        let cell = row.cell(Column::Address);
        if cell.is_absent() {
            return TextId::ABSENT;
        }
        TextId(self.once(Column::Address, cell, |reader| {
            let text = scalar(cell, &mut reader.scratch).value();
            let address = text.and_then(|text| address::parse_address(&String::from_utf8_lossy(text)));
            address.map_or(TextId::EMPTY, |ip| reader.store.texts.intern(&ip.to_string())).0
        }))
    }

    pub(super) fn address_text(&mut self, text: &str) -> TextId {
        match address::parse_address(text) {
            Some(ip) => self.store.texts.intern(&ip.to_string()),
            None => TextId::EMPTY,
        }
    }

    /// A member of an object that may not be there.
    pub(super) fn optional(&mut self, text: Option<String>) -> TextId {
        text.map_or(TextId::ABSENT, |text| self.store.texts.intern(&text))
    }

    /// A member of an object whose absence says as much as its emptiness: forwarders leave out
    /// what is null.
    pub(super) fn member(&mut self, value: &Value, name: &str) -> TextId {
        self.store.texts.intern(&nested::text(value, name).unwrap_or_default())
    }

    /// [`Reader::member`] for an identifier.
    pub(super) fn member_id(&mut self, value: &Value, name: &str) -> Id {
        Id::parse(&nested::text(value, name).unwrap_or_default(), &mut self.store.texts)
    }

    /// Decodes a nested cell; what cannot be decoded is counted and counts as absent.
    pub(super) fn decoded(&mut self, column: Column, cell: Cell<'_>) -> Nested {
        match nested::decode(cell) {
            Nested::Damaged => {
                self.damaged(column);
                Nested::Absent
            }
            Nested::Flattened => {
                self.flattened(column);
                Nested::Absent
            }
            readable => readable,
        }
    }

    /// A nested value in its canonical text, made once a spelling.
    pub(super) fn canonical(&mut self, column: Column, row: &Row<'_>, make: fn(&Value) -> Option<String>) -> TextId {
        let cell = row.cell(column);
        if cell.is_absent() {
            return TextId::ABSENT;
        }
        TextId(self.once(column, cell, |reader| reader.canonical_text(column, cell, make).0))
    }

    /// Authentication steps differ in their times only: those are left out before spellings are compared.
    pub(super) fn canonical_steps(&mut self, row: &Row<'_>, make: fn(&Value) -> Option<String>) -> TextId {
        let cell = row.cell(Column::Steps);
        if cell.is_absent() {
            return TextId::ABSENT;
        }
        let mut timeless = std::mem::take(&mut self.timeless);
        let known = if self.without_times(cell, &mut timeless) { Cell::Text(&timeless) } else { cell };
        let text = self.once(Column::Steps, known, |reader| reader.canonical_text(Column::Steps, cell, make).0);
        self.timeless = timeless;
        TextId(text)
    }

    fn canonical_text(&mut self, column: Column, cell: Cell<'_>, make: fn(&Value) -> Option<String>) -> TextId {
        match self.decoded(column, cell) {
            Nested::Value(value) => match make(&value) {
                Some(text) => self.store.texts.intern(&text),
                None => TextId::EMPTY,
            },
            Nested::Text(text) => self.store.texts.intern(&text),
            Nested::Empty => TextId::EMPTY,
            Nested::Absent | Nested::Damaged | Nested::Flattened => TextId::ABSENT,
        }
    }

    /// Copies the list of steps without the value of every `authenticationStepDateTime`. Whether
    /// there was one.
    fn without_times(&self, cell: Cell<'_>, kept: &mut Vec<u8>) -> bool {
        kept.clear();
        let raw = raw(cell);
        // Inside a JSON string the quotes of the list are escaped once.
        let quote: &[u8] = if matches!(cell, Cell::Json([b'"', ..])) { b"\\\"" } else { b"\"" };
        let mut copied = 0;
        for at in self.step_times.find_iter(raw) {
            let value = at + self.step_times.needle().len();
            let length = raw.get(value..).and_then(|rest| length_of_time(rest, quote));
            if let (Some(length), Some(before)) = (length, raw.get(copied..value)) {
                kept.extend_from_slice(before);
                copied = value + length;
            }
        }
        kept.extend_from_slice(raw.get(copied..).unwrap_or_default());
        copied > 0
    }
}

/// The length of `":"2026-09-13T01:22:28Z"` at the start of these bytes: nothing but a time counts.
fn length_of_time(bytes: &[u8], quote: &[u8]) -> Option<usize> {
    let rest = bytes.strip_prefix(quote)?.trim_ascii_start().strip_prefix(b":")?;
    let rest = rest.trim_ascii_start().strip_prefix(quote)?;
    let is_time = |byte: &&u8| byte.is_ascii_digit() || matches!(byte, b'-' | b':' | b'T' | b'Z' | b'.' | b'+');
    let rest = rest.get(rest.iter().take_while(is_time).count()..)?.strip_prefix(quote)?;
    Some(bytes.len() - rest.len())
}
