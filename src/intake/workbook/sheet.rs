//! The rows of a sheet.

use super::book::Book;
use super::dates;
use super::strings::unescape;
use super::xml::{Tag, Token};
use crate::LONGEST_RECORD;

/// The most columns of a row; Excel has no more.
const MOST_COLUMNS: usize = 16_384;
/// The most rows of a sheet; Excel has no more.
const MOST_ROWS: u32 = 1 << 20;

/// A row of a sheet.
#[derive(Debug, Default)]
pub(super) struct Row {
    /// Its number, from one.
    pub(super) number: u32,
    /// Texts of its cells, each with a byte behind it that no text has.
    pub(super) text: Vec<u8>,
    /// Where each text ends.
    pub(super) ends: Vec<usize>,
    /// Columns that hold an error of a formula, such as `#N/A`, in place of a value.
    pub(super) errors: Vec<usize>,
    /// Why it is not read, where it is not.
    pub(super) wrong: Option<Wrong>,
}

/// Why a row is not read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Wrong {
    /// Longer than any record.
    TooLong,
    /// More columns than a workbook can have.
    TooWide,
}

/// Stands behind the text of each cell: no letter of XML.
const END: u8 = 0x1F;

impl Row {
    /// The texts of its cells, by their columns.
    pub(super) fn texts(&self) -> impl Iterator<Item = &[u8]> {
        let mut from = 0;
        self.ends.iter().map(move |&end| {
            let text = self.text.get(from..end).unwrap_or_default();
            from = end + 1;
            text
        })
    }

    /// Whether none of its cells holds anything.
    pub(super) fn is_blank(&self) -> bool {
        self.wrong.is_none() && self.texts().all(|text| text.trim_ascii().is_empty())
    }

    fn push(&mut self, text: &[u8]) {
        self.text.extend_from_slice(text);
        self.ends.push(self.text.len());
        self.text.push(END);
    }
}

/// Takes the rows of a sheet.
pub(super) trait TakeRow {
    /// The next row; says why no more is wanted.
    fn row(&mut self, row: &mut Row) -> Result<(), &'static str>;
}

/// Reads the rows of a sheet.
pub(super) struct Sheet<'a> {
    book: &'a Book,
    rows: &'a mut dyn TakeRow,
    row: Row,
    is_row: bool,
    /// Column of the cell under way.
    column: usize,
    kind: Kind,
    is_date: bool,
    value: Vec<u8>,
    is_value: bool,
    is_phonetic: bool,
    text_left: u64,
}

/// What a cell holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Number,
    /// The number of a text that cells share.
    Shared,
    /// Text of its own, or of a formula.
    Text,
    Truth,
    Error,
    /// A date in ISO 8601.
    Date,
}

impl<'a> Sheet<'a> {
    /// Hands on at most so much text.
    pub(super) fn new(book: &'a Book, rows: &'a mut dyn TakeRow, text_left: u64) -> Self {
        Self {
            book,
            rows,
            row: Row::default(),
            is_row: false,
            column: 0,
            kind: Kind::Number,
            is_date: false,
            value: Vec::new(),
            is_value: false,
            is_phonetic: false,
            text_left,
        }
    }

    /// How much more text may be handed on.
    pub(super) fn text_left(&self) -> u64 {
        self.text_left
    }

    /// Takes a piece of the sheet's XML.
    pub(super) fn take(&mut self, token: Token<'_>) -> Result<(), &'static str> {
        match token {
            Token::Open(tag) => match tag.name {
                b"row" => self.begin_row(&tag)?,
                b"c" if self.is_row => self.begin_cell(&tag)?,
                b"rPh" => self.is_phonetic = true,
                b"v" | b"t" => self.is_value = self.is_row && !self.is_phonetic,
                _ => {}
            },
            Token::Text(text) if self.is_value => {
                // What is longer is told when the cell ends; it need not be held.
                if self.value.len() <= LONGEST_RECORD {
                    self.value.extend_from_slice(text);
                }
            }
            Token::Text(_) => {}
            Token::Close(name) => match name {
                b"v" | b"t" => self.is_value = false,
                b"rPh" => self.is_phonetic = false,
                b"c" if self.is_row => self.end_cell()?,
                b"row" if self.is_row => {
                    self.is_row = false;
                    let row_text = self.row.text.len() as u64;
                    self.text_left = self.text_left.checked_sub(row_text).ok_or("more text than is read")?;
                    self.rows.row(&mut self.row)?;
                }
                _ => {}
            },
        }
        Ok(())
    }

    fn begin_row(&mut self, tag: &Tag<'_>) -> Result<(), &'static str> {
        let number = if tag.attribute(b"r").is_some() { tag.number(b"r") } else { Some(self.row.number + 1) };
        let number = number.filter(|number| (1..=MOST_ROWS).contains(number)).ok_or("a row that no sheet has")?;
        if number <= self.row.number || self.is_row {
            return Err("rows out of their order");
        }
        self.is_row = true;
        self.row.number = number;
        self.row.text.clear();
        self.row.ends.clear();
        self.row.errors.clear();
        self.row.wrong = None;
        Ok(())
    }

    fn begin_cell(&mut self, tag: &Tag<'_>) -> Result<(), &'static str> {
        self.column = match tag.attribute(b"r") {
            Some(place) => column(&place).ok_or("a cell that no sheet has")?,
            None => self.row.ends.len(),
        };
        self.kind = match tag.attribute(b"t").as_deref().unwrap_or(b"n") {
            b"s" => Kind::Shared,
            b"str" | b"inlineStr" => Kind::Text,
            b"b" => Kind::Truth,
            b"e" => Kind::Error,
            b"d" => Kind::Date,
            _ => Kind::Number,
        };
        let style = tag.number(b"s").and_then(|style| usize::try_from(style).ok());
        self.is_date = style.and_then(|style| self.book.dates.get(style)).is_some_and(|is_date| *is_date);
        self.value.clear();
        Ok(())
    }

    fn end_cell(&mut self) -> Result<(), &'static str> {
        if self.row.wrong.is_some() {
            return Ok(());
        }
        if self.column >= MOST_COLUMNS {
            self.row.wrong = Some(Wrong::TooWide);
            return Ok(());
        }
        if self.column < self.row.ends.len() {
            return Err("cells out of their order");
        }
        while self.row.ends.len() < self.column {
            self.row.push(b"");
        }
        let value = std::mem::take(&mut self.value);
        let written = self.write(&value);
        self.value = value;
        written
    }

    /// Puts a text into the row, where there is room for it.
    fn put(&mut self, text: &[u8]) {
        if self.row.text.len() + text.len() > LONGEST_RECORD {
            self.row.wrong = Some(Wrong::TooLong);
        } else {
            self.row.push(text);
        }
    }

    /// Writes the text of a cell into its row.
    fn write(&mut self, value: &[u8]) -> Result<(), &'static str> {
        match self.kind {
            Kind::Number => {
                let date = std::str::from_utf8(value).ok().filter(|_| self.is_date);
                let date = date.and_then(|days| dates::text(days, self.book.from_1904));
                self.put(date.as_deref().map_or(value, str::as_bytes));
            }
            Kind::Shared if value.is_empty() => self.row.push(b""),
            Kind::Shared => {
                let number = std::str::from_utf8(value).ok().and_then(|value| value.trim().parse().ok());
                let text = number.and_then(|number| self.book.strings.get(number));
                self.put(text.ok_or("a text that the workbook does not have")?);
            }
            Kind::Text => {
                let mut text = Vec::with_capacity(value.len());
                unescape(value, &mut text);
                self.put(&text);
            }
            Kind::Truth => self.row.push(if value == b"1" { b"TRUE" } else { b"FALSE" }),
            Kind::Error => {
                self.row.errors.push(self.row.ends.len());
                self.row.push(b"");
            }
            Kind::Date => self.put(value),
        }
        Ok(())
    }
}

/// The column of a place such as `AB12`, from zero.
fn column(place: &[u8]) -> Option<usize> {
    let letters = place.iter().take_while(|byte| byte.is_ascii_alphabetic());
    let mut column = 0_usize;
    for letter in letters {
        column = column.checked_mul(26)?.checked_add(usize::from(letter.to_ascii_uppercase() - b'A') + 1)?;
    }
    column.checked_sub(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_told_by_their_letters() {
        let places = [("A1", Some(0)), ("Z9", Some(25)), ("aa3", Some(26)), ("XFD1", Some(16_383)), ("1", None)];
        for (place, expected) in places {
            assert_eq!(column(place.as_bytes()), expected, "{place}");
        }
        assert_eq!(column("ZZZZZZZZZZZZZZZZZZ".as_bytes()), None);
    }
}
