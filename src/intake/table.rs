//! Rows of cells: CSV with any separator, quoted line breaks included.

mod mend;

use csv_core::{ReadRecordResult, Reader, ReaderBuilder};

use super::columns::Columns;
use super::decode::Position;
use super::sniff::is_before_header;
use super::{LONGEST_RECORD, Problem, Record, Sink};

/// Rows in rows that are read again: a row that seemed to go on gives back what follows it.
const DEEPEST: usize = 8;

/// Reads a table, fed any chunk sizes.
#[derive(Debug)]
pub(super) struct Table {
    csv: Reader,
    separator: u8,
    position: Position,
    /// Names of the columns, once the header was read.
    header: Option<Vec<String>>,
    /// Slots of the columns; nothing before the first row was read.
    columns: Option<Columns>,
    /// Text of the row under way, as far as it was decoded.
    cells: Vec<u8>,
    cells_end: usize,
    ends: Vec<usize>,
    ends_end: usize,
    /// Bytes of the row under way.
    row: Vec<u8>,
    is_too_long: bool,
    is_closed: bool,
    /// Bytes behind a row that had seemed to go on: to be read as rows of their own from these places on,
    /// the last first.
    again: Vec<(Vec<u8>, usize)>,
}

impl Table {
    pub(super) fn new(position: Position, separator: u8) -> Self {
        Self {
            csv: ReaderBuilder::new().delimiter(separator).build(),
            separator,
            position,
            header: None,
            columns: None,
            cells: vec![0; 16 << 10],
            cells_end: 0,
            ends: vec![0; 256],
            ends_end: 0,
            row: Vec::new(),
            is_too_long: false,
            is_closed: false,
            again: Vec::new(),
        }
    }

    /// Takes the next bytes.
    pub(super) fn feed(&mut self, text: &[u8], sink: &mut dyn Sink) {
        let mut rest = text;
        while !rest.is_empty() && !self.is_closed {
            rest = self.step(rest, sink);
            self.read_again(sink);
        }
    }

    /// Reads what is to be read again, as far as it goes.
    fn read_again(&mut self, sink: &mut dyn Sink) {
        while let Some((bytes, from)) = self.again.pop() {
            let below = self.again.len();
            let left = self.step(bytes.get(from..).unwrap_or_default(), sink).len();
            if left > 0 && !self.is_closed {
                // What a row of it gives back comes before what follows that row.
                let from = bytes.len() - left;
                self.again.insert(below, (bytes, from));
            }
        }
    }

    /// Reads up to the end of a row, of the bytes, or of the room for them; what is left.
    fn step<'a>(&mut self, text: &'a [u8], sink: &mut dyn Sink) -> &'a [u8] {
        let cells = self.cells.get_mut(self.cells_end..).unwrap_or_default();
        let ends = self.ends.get_mut(self.ends_end..).unwrap_or_default();
        let (result, taken, written, ended) = self.csv.read_record(text, cells, ends);
        let (taken, rest) = text.split_at(taken.min(text.len()));
        self.cells_end += written;
        self.ends_end += ended;
        if self.is_too_long {
            (self.cells_end, self.ends_end) = (0, 0);
            self.position.pass(taken);
        } else {
            self.row.extend_from_slice(taken);
        }
        match result {
            ReadRecordResult::InputEmpty => {}
            ReadRecordResult::OutputFull => self.cells.resize(self.cells.len() * 2, 0),
            ReadRecordResult::OutputEndsFull => self.ends.resize(self.ends.len() * 2, 0),
            ReadRecordResult::Record | ReadRecordResult::End => self.end_row(text.is_empty(), sink),
        }
        if self.row.len() > LONGEST_RECORD && !self.is_too_long {
            self.is_too_long = true;
            sink.reject(self.start(), Problem::TooLong);
            let row = std::mem::take(&mut self.row);
            self.position.pass(&row);
            (self.cells_end, self.ends_end) = (0, 0);
        }
        rest
    }

    /// Offset of the first byte of the row under way: line breaks of empty lines before it are not
    /// part of it.
    fn start(&mut self) -> u64 {
        let blank = self.row.iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
        self.position.offset(&self.row, blank)
    }

    fn end_row(&mut self, at_end: bool, sink: &mut dyn Sink) {
        // How many of the row's bytes are its own, where those behind are to be read again.
        let mut own = None;
        if self.ends_end > 0 && !self.is_too_long {
            match self.header.take() {
                None => {
                    let ends = self.ends.get(..self.ends_end).unwrap_or_default();
                    if !is_before_header(&self.cells) {
                        let names = texts(&self.cells, ends).map(|name| String::from_utf8_lossy(name).into_owned());
                        self.header = Some(names.collect());
                    }
                }
                Some(names) => {
                    if self.columns.is_none() {
                        self.place(&names, sink);
                    }
                    self.header = Some(names);
                    if let Some(columns) = self.columns.take().filter(|_| !self.is_closed) {
                        own = self.record(&columns, at_end, sink);
                        self.columns = Some(columns);
                    }
                }
            }
        }
        self.is_too_long = false;
        let mut row = std::mem::take(&mut self.row);
        if let Some(own) = own.filter(|own| *own < row.len()) {
            self.again.push((row.split_off(own), 0));
            self.csv.reset();
        }
        self.position.pass(&row);
        self.row = row;
        self.row.clear();
        (self.cells_end, self.ends_end) = (0, 0);
    }

    /// Finds the slots of the columns, now that the first row is there, or that there is none.
    fn place(&mut self, names: &[String], sink: &mut dyn Sink) {
        let ends = self.ends.get(..self.ends_end).unwrap_or_default();
        let first: Vec<&[u8]> = texts(&self.cells, ends).collect();
        let columns = Columns::new(sink.columns(names, &first), names.len());
        if columns.is_unknown() {
            sink.fail(Problem::Unreadable("its first row names no column of a known export, and it is no JSON"));
            self.is_closed = true;
        }
        self.columns = Some(columns);
    }

    /// Hands a row on; how many of its bytes are its own, where that is not all.
    fn record(&mut self, columns: &Columns, at_end: bool, sink: &mut dyn Sink) -> Option<usize> {
        let offset = self.start();
        let ends = self.ends.get(..self.ends_end).unwrap_or_default();
        let mut row = texts(&self.cells, ends);
        let is_odd = ends.len() != columns.len() || texts(&self.cells, ends).any(mend::is_torn);
        let blank = self.row.len() - self.row.trim_ascii_start().len();
        let bytes = self.row.trim_ascii_start();
        if is_odd {
            let mended = mend::mend(bytes, self.separator);
            if mended.is_sure && !mended.mended.is_empty() && mended.cells.len() == columns.len() {
                let cells = columns.cells(mended.cells.iter().map(AsRef::as_ref));
                let damaged: Vec<usize> = mended.mended.iter().filter_map(|column| columns.slot(*column)).collect();
                let bytes = bytes.get(..mended.used).unwrap_or_default();
                let is_damaged = std::str::from_utf8(bytes).is_err();
                sink.record(&cells, &Record { offset, bytes, is_damaged, damaged: &damaged });
                return self.own(blank + mended.used);
            }
            let has_more =
                !columns.is_list() && row.by_ref().skip(columns.len()).any(|cell| !cell.trim_ascii().is_empty());
            let is_torn = texts(&self.cells, ends).any(mend::is_torn);
            let is_shifted = ends.len() != columns.len() && is_torn && mend::has_stray_quotes(bytes, self.separator);
            if has_more || is_shifted {
                sink.reject(offset, Problem::Shifted);
                let line = memchr::memchr2(b'\n', b'\r', bytes).filter(|_| is_shifted);
                return line.and_then(|line| self.own(blank + line));
            }
        }
        let is_quote_open = || memchr::memchr_iter(b'"', &self.row).count() % 2 == 1;
        if at_end && (ends.len() < columns.len() || is_quote_open()) {
            let at = self.position.offset(&self.row, self.row.len());
            sink.reject(offset, Problem::BrokenOff { at });
            return None;
        }
        let cells = columns.cells(texts(&self.cells, ends));
        let text = self.cells.get(..self.cells_end).unwrap_or_default();
        sink.record(&cells, &Record { offset, bytes, is_damaged: std::str::from_utf8(text).is_err(), damaged: &[] });
        None
    }

    /// So many bytes are a row's own, unless nothing but the end of its line follows, or rows have given
    /// back too much already.
    fn own(&self, bytes: usize) -> Option<usize> {
        let has_more = !self.row.get(bytes..).unwrap_or_default().trim_ascii().is_empty();
        (has_more && self.again.len() < DEEPEST).then_some(bytes)
    }

    /// Ends the input. Whether it ended between rows.
    pub(super) fn finish(mut self, sink: &mut dyn Sink) -> bool {
        while !self.is_closed && (!self.row.is_empty() || self.cells_end > 0 || self.ends_end > 0) {
            self.step(&[], sink);
            self.read_again(sink);
        }
        if let Some(names) = self.header.take().filter(|_| self.columns.is_none() && !self.is_closed) {
            self.place(&names, sink);
        }
        true
    }
}

/// The texts of a row, from where each ends.
fn texts<'a>(cells: &'a [u8], ends: &[usize]) -> impl Iterator<Item = &'a [u8]> {
    let mut from = 0;
    ends.iter().map(move |&end| {
        let text = cells.get(from..end).unwrap_or_default();
        from = end;
        text
    })
}
