//! Answers of a query service: tables whose columns are named once and whose rows are lists.
//!
//! `{"tables":[{"name":…,"columns":[{"name":…,"type":…}],"rows":[[…],…]}]}` as Log Analytics answers,
//! and the frames of Kusto, `[{"FrameType":"DataTable","TableKind":"PrimaryResult","Columns":[
//! {"ColumnName":…}],"Rows":[[…],…]},…]`. A row is a record; a table none of whose columns is looked
//! for, and one that only tells of the query, holds none.

use serde::de::IgnoredAny;
use serde_json::Value;

use super::end_of_value;
use crate::decode::Position;
use crate::{Cell, LONGEST_RECORD, Problem, Record, Sink};

/// Objects and lists that may be open around a table's rows.
const DEEPEST: usize = 16;
/// Bytes that are read once more, in all.
const MOST_AGAIN: usize = 256 << 20;

/// Reads the tables of an answer, fed any chunk sizes.
#[derive(Debug)]
pub(crate) struct Rows {
    /// How many slots the columns fill.
    slots: usize,
    position: Position,
    /// What is open around the byte at hand: of an object, the key whose value comes.
    open: Vec<Option<Key>>,
    string: Option<Text>,
    /// The last string of an object, until a colon makes it a key.
    said: Option<Key>,
    /// The byte before belongs to a value that is neither object nor list.
    is_scalar: bool,
    /// The value that is kept, and how many objects and lists are open in it.
    kept: Option<Kept>,
    /// The next row is looked for: where the one before ended cannot be told.
    seek: Option<Seek>,
    buffer: Vec<u8>,
    columns: Option<Vec<Option<usize>>>,
    /// The table under way only tells of the query.
    is_beside: bool,
    has_known_column: bool,
    is_broken: bool,
    /// Bytes to read again, behind a row that was damaged.
    again: Option<Vec<u8>>,
    /// How many bytes were read again: hostile input could ask for it without end.
    read_again: usize,
}

/// Keys that matter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Key {
    Tables,
    Columns,
    Rows,
    Kind,
    Other,
}

/// A string that is passed.
#[derive(Clone, Debug, Default)]
struct Text {
    bytes: Vec<u8>,
    is_escaped: bool,
}

/// A value that is kept whole.
#[derive(Clone, Copy, Debug)]
struct Kept {
    depth: usize,
    is_row: bool,
    is_text: bool,
    is_escaped: bool,
}

/// What was met of `],[` while the next row is looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Seek {
    Nothing,
    End,
    Comma,
    List,
}

impl Rows {
    pub(crate) fn new(position: Position) -> Self {
        Self {
            slots: 0,
            position,
            open: Vec::new(),
            string: None,
            said: None,
            is_scalar: false,
            kept: None,
            seek: None,
            buffer: Vec::new(),
            columns: None,
            is_beside: false,
            has_known_column: false,
            is_broken: false,
            again: None,
            read_again: 0,
        }
    }

    /// Takes the next bytes.
    pub(crate) fn feed(&mut self, bytes: &[u8], sink: &mut dyn Sink) {
        self.take(bytes, sink);
        while let Some(again) = self.again.take() {
            self.take(&again, sink);
        }
    }

    fn take(&mut self, mut bytes: &[u8], sink: &mut dyn Sink) {
        while let Some((&byte, rest)) = bytes.split_first() {
            if self.is_broken {
                return;
            }
            if let Some(seek) = self.seek {
                self.look(seek, byte);
                bytes = rest;
            } else if self.kept.is_some() {
                bytes = self.keep(bytes, sink);
            } else {
                self.pass(byte, sink);
                bytes = rest;
            }
            if let Some(again) = &mut self.again {
                again.extend_from_slice(bytes);
                return;
            }
        }
    }

    /// Passes one byte outside of what is kept.
    fn pass(&mut self, byte: u8, sink: &mut dyn Sink) {
        if self.begins(byte) {
            let is_row = self.is_in_rows();
            self.buffer.push(byte);
            self.kept = Some(Kept { depth: 1, is_row, is_text: false, is_escaped: false });
            return;
        }
        self.element(byte, sink);
        self.position.pass(&[byte]);
        if let Some(mut text) = self.string.take() {
            if std::mem::take(&mut text.is_escaped) || !matches!(byte, b'"' | b'\\') {
                // No key that matters is longer.
                if text.bytes.len() < 64 {
                    text.bytes.push(byte);
                }
            } else if byte == b'\\' {
                text.is_escaped = true;
            } else {
                self.end_text(&text.bytes);
                return;
            }
            self.string = Some(text);
            return;
        }
        match byte {
            b'"' => self.string = Some(Text::default()),
            b':' => {
                let key = self.said.take();
                if let Some(key) = key {
                    if key == Key::Rows || key == Key::Tables {
                        sink.mark(if key == Key::Rows { "rows" } else { "tables" });
                    }
                    if let Some(level) = self.open.last_mut() {
                        *level = Some(key);
                    }
                }
            }
            b'{' | b'[' => {
                if byte == b'{' && self.open.len() <= 2 {
                    (self.columns, self.is_beside) = (None, false);
                }
                self.open.push((byte == b'{').then_some(Key::Other));
                self.is_broken = self.open.len() > DEEPEST;
            }
            b'}' | b']' => {
                self.open.pop();
            }
            _ => {}
        }
    }

    /// Rejects a text, number or word that stands among rows.
    fn element(&mut self, byte: u8, sink: &mut dyn Sink) {
        if self.string.is_some() {
            return;
        }
        let is_between = matches!(byte, b',' | b']') || byte.is_ascii_whitespace();
        if !is_between && !self.is_scalar && self.is_in_rows() && self.is_wanted() {
            sink.reject(self.position.offset(&[], 0), Problem::NoObject);
        }
        self.is_scalar = !is_between;
    }

    fn end_text(&mut self, text: &[u8]) {
        let is = |name: &str| text.eq_ignore_ascii_case(name.as_bytes());
        // A value, where the key of its object came before it.
        if self.open.last() == Some(&Some(Key::Kind)) {
            self.is_beside = !is("PrimaryResult");
            if let Some(level) = self.open.last_mut() {
                *level = Some(Key::Other);
            }
            return;
        }
        self.said = Some(match () {
            () if is("tables") => Key::Tables,
            () if is("columns") => Key::Columns,
            () if is("rows") => Key::Rows,
            () if is("TableKind") => Key::Kind,
            () => Key::Other,
        });
    }

    fn is_in_rows(&self) -> bool {
        matches!(self.open.as_slice(), [.., Some(Key::Rows), None])
    }

    /// Whether what begins with this byte is kept: the list of columns, and each row.
    fn begins(&self, byte: u8) -> bool {
        let is_value = self.string.is_none() && matches!(byte, b'[' | b'{');
        let is_columns = byte == b'[' && self.open.last() == Some(&Some(Key::Columns));
        is_value && (is_columns || self.is_in_rows())
    }

    /// Takes bytes of what is kept; the rest behind its end.
    fn keep<'a>(&mut self, bytes: &'a [u8], sink: &mut dyn Sink) -> &'a [u8] {
        let Some(mut kept) = self.kept.take() else { return bytes };
        let mut length = bytes.len().min(LONGEST_RECORD + 1 - self.buffer.len());
        for (place, &byte) in bytes.iter().take(length).enumerate() {
            if std::mem::take(&mut kept.is_escaped) {
                continue;
            }
            match byte {
                b'\\' => kept.is_escaped = kept.is_text,
                b'"' => kept.is_text = !kept.is_text,
                b'[' | b'{' if !kept.is_text => kept.depth += 1,
                b']' | b'}' if !kept.is_text => kept.depth -= 1,
                _ => {}
            }
            if kept.depth == 0 {
                length = place + 1;
                break;
            }
        }
        let (own, rest) = bytes.split_at(length);
        self.buffer.extend_from_slice(own);
        if kept.depth > 0 {
            self.kept = Some(kept);
            if self.buffer.len() > LONGEST_RECORD {
                self.give_up(sink, Problem::TooLong);
            }
            return rest;
        }
        let buffer = std::mem::take(&mut self.buffer);
        if !kept.is_row {
            self.names(&buffer, sink);
        } else if !self.is_wanted() {
        } else if self.is_row(&buffer) {
            self.row(&buffer, sink);
        } else {
            // A quote too many turns texts inside out: what looks like the end of this row may be far
            // behind it, or in it.
            let at = self.position.offset(&buffer, buffer.len());
            self.resume(&buffer, Problem::BrokenOff { at }, sink);
            return rest;
        }
        self.position.pass(&buffer);
        self.buffer = buffer;
        self.buffer.clear();
        rest
    }

    /// Whether the rows of the table under way are looked at.
    fn is_wanted(&self) -> bool {
        !self.is_beside && self.columns.as_ref().is_some_and(|columns| columns.iter().any(Option::is_some))
    }

    /// What is kept has no end that can be found.
    fn give_up(&mut self, sink: &mut dyn Sink, problem: Problem) {
        if self.kept.take().is_some() {
            let held = std::mem::take(&mut self.buffer);
            self.resume(&held, problem, sink);
        }
    }

    /// Rejects a damaged row and reads on where the next one begins: in these bytes, or behind them.
    fn resume(&mut self, held: &[u8], problem: Problem, sink: &mut dyn Sink) {
        let offset = self.position.offset(held, 0);
        let next = next_row(held).and_then(|next| held.split_at_checked(next));
        if let Some((damaged, rest)) = next.filter(|(_, rest)| self.read_again + rest.len() <= MOST_AGAIN) {
            self.read_again += rest.len();
            self.position.pass(damaged);
            sink.reject(offset, Problem::BrokenOff { at: self.position.offset(&[], 0) });
            self.again = Some(rest.to_vec());
        } else {
            sink.reject(offset, problem);
            self.position.pass(held);
            self.seek = Some(if held.ends_with(b"]") { Seek::End } else { Seek::Nothing });
        }
    }

    /// Looks for the next row: a list behind a list's end, whose first value is none.
    fn look(&mut self, seek: Seek, byte: u8) {
        let next = match (seek, byte) {
            (_, b']') => Seek::End,
            (seek, b' ' | b'\t' | b'\r' | b'\n') => seek,
            (Seek::End, b',') => Seek::Comma,
            (Seek::Comma, b'[') => Seek::List,
            (Seek::List, byte) if begins_value(byte) => {
                self.seek = None;
                let is_text = byte == b'"';
                self.kept = Some(Kept { depth: 1, is_row: true, is_text, is_escaped: false });
                self.buffer.push(byte);
                return;
            }
            _ => Seek::Nothing,
        };
        // From the list's bracket on it may be a row.
        self.buffer.push(byte);
        if next != Seek::List {
            let passed = std::mem::take(&mut self.buffer);
            self.position.pass(&passed);
        } else if seek != Seek::List {
            let (before, _) = self.buffer.split_at(self.buffer.len() - 1);
            self.position.pass(before);
            self.buffer.drain(..self.buffer.len() - 1);
        }
        self.seek = Some(next);
    }

    /// Takes the names of the columns.
    fn names(&mut self, list: &[u8], sink: &mut dyn Sink) {
        let names: Vec<Value> = serde_json::from_slice(list).unwrap_or_default();
        let name = |column: &Value| {
            let name = ["name", "ColumnName", "Name"].iter().find_map(|key| column.get(key)?.as_str());
            name.map(str::to_owned)
        };
        let columns: Vec<Option<usize>> =
            names.iter().map(|column| name(column).and_then(|name| sink.column(&name))).collect();
        self.slots = columns.iter().flatten().max().map_or(0, |last| last + 1);
        self.has_known_column |= columns.iter().any(Option::is_some);
        self.columns = Some(columns);
    }

    /// Whether it is valid, and a list as long as that of the columns: a bracket too many takes the
    /// next rows for its own values.
    fn is_row(&self, raw: &[u8]) -> bool {
        let is_long = || self.columns.as_ref().is_some_and(|columns| values(raw).count() == columns.len());
        serde_json::from_slice::<IgnoredAny>(raw).is_ok() && (!is_filled(raw) || is_long())
    }

    /// Takes one row.
    fn row(&mut self, raw: &[u8], sink: &mut dyn Sink) {
        let Some(columns) = &self.columns else { return };
        let offset = self.position.offset(raw, 0);
        if !is_filled(raw) {
            sink.reject(offset, Problem::NoObject);
            return;
        }
        let mut cells = vec![Cell::Absent; self.slots];
        for (column, value) in columns.iter().zip(values(raw)) {
            if let Some(cell) = column.and_then(|slot| cells.get_mut(slot))
                && cell.is_empty()
            {
                *cell = Cell::Json(value);
            }
        }
        sink.record(
            &cells,
            &Record { offset, bytes: raw, is_damaged: std::str::from_utf8(raw).is_err(), damaged: &[] },
        );
    }

    /// Ends the input. Whether it ended between rows.
    pub(crate) fn finish(mut self, sink: &mut dyn Sink) -> bool {
        while self.kept.is_some() {
            let at = self.position.offset(&self.buffer, self.buffer.len());
            self.give_up(sink, Problem::BrokenOff { at });
            self.feed(&[], sink);
        }
        if !self.has_known_column {
            sink.fail(Problem::Unreadable("its tables have no column of a known export"));
        }
        let is_whole = self.seek.is_none() && self.open.is_empty() && !self.is_broken;
        if !is_whole && self.seek.is_none() {
            let at = self.position.offset(&[], 0);
            sink.reject(at, Problem::ListBrokenOff { at });
        }
        is_whole
    }
}

/// Whether it is a list that holds anything.
fn is_filled(raw: &[u8]) -> bool {
    raw.starts_with(b"[") && values(raw).next().is_some()
}

/// Whether a scalar may begin with this byte. Inside a text a row's first quote would be escaped.
fn begins_value(byte: u8) -> bool {
    matches!(byte, b'"' | b'n' | b't' | b'f' | b'-' | b'0'..=b'9')
}

/// Where the next row begins behind a damaged one: at a list behind a list's end.
fn next_row(raw: &[u8]) -> Option<usize> {
    let mut from = 1;
    while let Some(found) = memchr::memchr(b']', raw.get(from..)?) {
        from += found + 1;
        let rest = raw.get(from..)?;
        let blanks = |bytes: &[u8]| bytes.iter().take_while(|byte| byte.is_ascii_whitespace()).count();
        let comma = blanks(rest);
        if rest.get(comma) != Some(&b',') {
            continue;
        }
        let list = comma + 1 + blanks(rest.get(comma + 1..)?);
        let value = rest.get(list + 1..).and_then(|inside| inside.get(blanks(inside)));
        if rest.get(list) == Some(&b'[') && value.is_some_and(|byte| begins_value(*byte)) {
            return Some(from + list);
        }
    }
    None
}

/// The values of a list.
fn values(list: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut rest = list.get(1..).unwrap_or_default();
    std::iter::from_fn(move || {
        let blanks = rest.iter().take_while(|byte| byte.is_ascii_whitespace() || **byte == b',').count();
        let value = rest.get(blanks..)?;
        let (value, behind) = value.split_at_checked(length(value)?)?;
        rest = behind;
        Some(value)
    })
}

/// The length of the valid value at the start of these bytes.
fn length(value: &[u8]) -> Option<usize> {
    match value.first()? {
        b']' => None,
        b'{' | b'[' | b'"' => end_of_value(value),
        _ => value.iter().position(|byte| matches!(byte, b',' | b']') || byte.is_ascii_whitespace()),
    }
}
