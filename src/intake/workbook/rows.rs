//! What a sheet's rows are: the one that names the columns, and records below it.

use sleuth_order::Set;

use super::SheetRow;
use super::sheet::{Row, TakeRow, Wrong};
use crate::columns::Columns;
use crate::{Problem, Record, Sink};

/// Columns may be named in one of so many first rows.
const HEADER_WITHIN: u32 = 10;

/// What a sheet turned out to be.
pub(super) enum Found {
    /// A table of an export.
    Table,
    /// Something else, with so many rows.
    Other(u64),
    /// It was damaged before that could be told.
    Damaged(Problem),
}

/// Hands the rows of a sheet on.
pub(super) struct Rows<'s> {
    sheet: u16,
    sink: &'s mut dyn Sink,
    /// The first rows, before it is known which names the columns.
    waiting: Vec<Row>,
    state: State,
    count: u64,
    damage: Option<Problem>,
    last: u32,
}

enum State {
    Waiting,
    Table { columns: Columns, header: u8 },
    Other,
}

impl<'s> Rows<'s> {
    /// For the sheet of this number.
    pub(super) fn new(sheet: u16, sink: &'s mut dyn Sink) -> Self {
        Self { sheet, sink, waiting: Vec::new(), state: State::Waiting, count: 0, damage: None, last: 0 }
    }

    /// The sheet ends here, because it is damaged.
    pub(super) fn damaged(&mut self, problem: Problem) {
        self.damage = Some(problem);
    }

    /// Ends the sheet.
    pub(super) fn finish(mut self) -> Found {
        self.decide();
        match (self.state, self.damage) {
            (State::Table { header, .. }, damage) => {
                if let Some(problem) = damage {
                    let row = SheetRow { sheet: self.sheet, header, row: self.last + 1 };
                    self.sink.reject(row.offset(), problem);
                }
                Found::Table
            }
            (_, Some(problem)) => Found::Damaged(problem),
            (_, None) => Found::Other(self.count.saturating_sub(1)),
        }
    }

    /// Finds the row that names the columns, and hands on the rows below it.
    fn decide(&mut self) {
        if !matches!(self.state, State::Waiting) {
            return;
        }
        self.state = State::Other;
        let waiting = std::mem::take(&mut self.waiting);
        for (index, row) in waiting.iter().enumerate().filter(|(_, row)| row.number <= HEADER_WITHIN) {
            let names: Vec<String> = row.texts().map(|name| String::from_utf8_lossy(name).into_owned()).collect();
            let first: Vec<&[u8]> = waiting.get(index + 1).map(|row| row.texts().collect()).unwrap_or_default();
            if self.sink.is_header(&names, &first) {
                let columns = Columns::new(self.sink.columns(&names, &first), names.len());
                self.state = State::Table { columns, header: row.number as u8 };
                waiting.iter().skip(index + 1).for_each(|row| self.record(row));
                return;
            }
        }
    }

    fn record(&mut self, row: &Row) {
        self.last = row.number;
        let State::Table { columns, header } = &self.state else { return };
        let offset = SheetRow { sheet: self.sheet, header: *header, row: row.number }.offset();
        match row.wrong {
            Some(Wrong::TooLong) => return self.sink.reject(offset, Problem::TooLong),
            Some(Wrong::TooWide) => return self.sink.reject(offset, Problem::TooWide),
            None => {}
        }
        let cells = columns.cells(row.texts());
        let damaged: Vec<usize> = row.errors.iter().filter_map(|column| columns.slot(*column)).collect();
        let is_damaged = std::str::from_utf8(&row.text).is_err();
        self.sink.record(&cells, &Record { offset, bytes: &row.text, is_damaged, damaged: &damaged });
    }
}

impl TakeRow for Rows<'_> {
    fn row(&mut self, row: &mut Row) -> Result<(), &'static str> {
        if row.is_blank() {
            return Ok(());
        }
        self.count += 1;
        if matches!(self.state, State::Waiting) {
            let number = row.number;
            self.waiting.push(std::mem::take(row));
            row.number = number;
            // The first row behind belongs to them: it may be the first record below the last of them.
            if number > HEADER_WITHIN {
                self.decide();
            }
        } else {
            self.record(row);
        }
        Ok(())
    }
}

/// Finds one row again, with the names of its columns.
pub(super) struct Finder {
    wanted: SheetRow,
    names: Vec<String>,
    found: Option<String>,
}

impl Finder {
    /// For this row.
    pub(super) fn new(wanted: SheetRow) -> Self {
        Self { wanted, names: Vec::new(), found: None }
    }

    /// The row as JSON, where it was there.
    pub(super) fn finish(self) -> Option<String> {
        self.found
    }
}

impl TakeRow for Finder {
    fn row(&mut self, row: &mut Row) -> Result<(), &'static str> {
        let text = |text: &[u8]| String::from_utf8_lossy(text).into_owned();
        if row.number == u32::from(self.wanted.header) {
            self.names = row.texts().map(text).collect();
        }
        if row.number < self.wanted.row {
            return Ok(());
        }
        if row.number == self.wanted.row {
            self.found = Some(written(&self.names, row));
        }
        Err("no more is wanted")
    }
}

/// The cells of a row that hold something, as a JSON object in the order of their columns.
fn written(names: &[String], row: &Row) -> String {
    let mut json = String::from("{");
    let quoted = |text: &str| serde_json::Value::from(text).to_string();
    let mut used: Set<String> = Set::new();
    for (column, text) in row.texts().enumerate().filter(|(_, text)| !text.is_empty()) {
        let name = names.get(column).map(|name| name.trim()).filter(|name| !name.is_empty());
        let mut name = name.map_or_else(|| format!("column {}", column + 1), str::to_owned);
        if !used.insert(name.clone()) {
            // Some exports name a column twice.
            name = format!("{name} (column {})", column + 1);
        }
        if json.len() > 1 {
            json.push_str(", ");
        }
        json.push_str(&format!("{}: {}", quoted(&name), quoted(&String::from_utf8_lossy(text))));
    }
    json.push('}');
    json
}
