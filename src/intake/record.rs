//! One record as its reader hands it on, and the place that takes it.

use std::borrow::Cow;

use super::text;

/// A value of a record, not yet decoded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cell<'a> {
    /// The record has no such key or column.
    Absent,
    /// A JSON value as the file has it: a string with its quotes and escapes, a number, an object…
    Json(&'a [u8]),
    /// A CSV cell, quotes removed.
    Text(&'a [u8]),
}

impl<'a> Cell<'a> {
    /// Whether the record has no such key or column.
    #[must_use]
    pub fn is_absent(&self) -> bool {
        matches!(self, Self::Absent)
    }

    /// Whether it holds nothing: absent, `null`, `""`, `[]`, `{}`, blanks between or around them included.
    #[must_use]
    #[inline]
    pub fn is_empty(&self) -> bool {
        match self {
            Self::Absent => true,
            // Almost all values are told by their second byte.
            Self::Json([b'"' | b'[' | b'{', next, _, ..]) if next.is_ascii_graphic() => false,
            Self::Json(raw) => holds_nothing(raw),
            Self::Text([first, ..]) if first.is_ascii_alphanumeric() => false,
            Self::Text(text) => matches!(text.trim_ascii(), b"" | b"[]" | b"{}"),
        }
    }

    /// A scalar as text: a string unescaped, a number or truth value as written. Nothing for null,
    /// objects and lists. Bytes that are no UTF-8, and halves of surrogate pairs, become U+FFFD.
    /// `scratch` lends its memory where an escape must be undone.
    #[must_use]
    pub fn text<'s>(&self, scratch: &'s mut String) -> Option<Cow<'s, str>>
    where
        'a: 's,
    {
        match *self {
            Self::Absent => None,
            Self::Text(text) => Some(String::from_utf8_lossy(text)),
            Self::Json(raw) => match raw.first()? {
                b'{' | b'[' => None,
                b'"' => {
                    let inner = raw.get(1..raw.len().saturating_sub(1))?;
                    if memchr::memchr(b'\\', inner).is_none() {
                        return Some(String::from_utf8_lossy(inner));
                    }
                    scratch.clear();
                    text::unescape(inner, scratch);
                    Some(Cow::Borrowed(scratch))
                }
                _ if raw == b"null" => None,
                _ => Some(String::from_utf8_lossy(raw)),
            },
        }
    }
}

/// Whether a JSON value is null, or opens and closes around nothing but blanks.
fn holds_nothing(raw: &[u8]) -> bool {
    match raw {
        [b'"', inner @ .., b'"'] | [b'[', inner @ .., b']'] | [b'{', inner @ .., b'}'] => inner.trim_ascii().is_empty(),
        other => *other == *b"null",
    }
}

/// A record that was read.
#[derive(Clone, Copy, Debug)]
pub struct Record<'a> {
    /// Byte offset of its first byte in the unpacked but undecoded input; of a body carried as a
    /// string, that of the string.
    pub offset: u64,
    /// Its bytes as UTF-8.
    pub bytes: &'a [u8],
    /// Whether some of its bytes are no UTF-8: they show as U+FFFD.
    pub is_damaged: bool,
    /// Slots of cells that do not hold what they should.
    pub damaged: &'a [usize],
}

/// Why a record or an input could not be read. Positions are byte offsets in the unpacked input.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Problem {
    /// Not JSON from here on.
    #[error("not valid JSON at byte {at}: {what}")]
    Syntax {
        /// Byte offset of the first byte that does not fit.
        at: u64,
        /// What would have fitted.
        what: &'static str,
    },
    /// A record is cut: by the end of the input, or by the next record.
    #[error("it breaks off at byte {at}; what follows is missing, not empty")]
    BrokenOff {
        /// Byte offset of what comes behind the cut.
        at: u64,
    },
    /// The input ends between records, inside a list.
    #[error("the file ends at byte {at} before its list does; what follows is missing, not empty")]
    ListBrokenOff {
        /// Byte offset of the end.
        at: u64,
    },
    /// Whoever had it read stopped that.
    #[error("reading was stopped here; what follows is missing, not empty")]
    Stopped,
    /// An element that is no object.
    #[error("a value that is no object")]
    NoObject,
    /// Longer than anything that is read.
    #[error("longer than {} MiB", super::LONGEST_RECORD >> 20)]
    TooLong,
    /// A row with more columns than a workbook can have.
    #[error("more than 16,384 columns")]
    TooWide,
    /// A workbook, or a sheet of one, does not follow its own rules.
    #[error("the workbook is damaged at byte {at} of one of its files: {what}")]
    Workbook {
        /// Byte offset in the unpacked file.
        at: u64,
        /// What is wrong there.
        what: &'static str,
    },
    /// A row whose cells do not stand under their columns.
    #[error("its cells do not fit the columns: there are more than columns, or quotes in them are not escaped")]
    Shifted,
    /// The whole input is of a kind that is not read.
    #[error("{0}")]
    Unreadable(&'static str),
    /// An archive, or a file in one, that is not read.
    #[error(transparent)]
    Refused(#[from] super::zip::Refusal),
    /// A gzip stream, or a file of an archive, that cannot be unpacked.
    #[error("cannot be unpacked from byte {at} of the compressed file on: {why}")]
    Packed {
        /// Byte offset in the compressed file, at most 64 KiB before the damage.
        at: u64,
        /// What the decoder says.
        why: String,
    },
}

/// Takes what is read.
pub trait Sink {
    /// A record, with its values by the slots of the keys that are looked for.
    fn record(&mut self, cells: &[Cell<'_>], record: &Record<'_>);
    /// A record that could not be read; `offset` is its first byte.
    fn reject(&mut self, offset: u64, problem: Problem);
    /// The input as a whole cannot be read, from here on.
    fn fail(&mut self, problem: Problem);
    /// The whole input is a database of addresses.
    fn database(&mut self, bytes: Vec<u8>) {
        let _ = bytes;
    }
    /// A key beside the list of records, such as `@odata.context`.
    fn mark(&mut self, key: &str);
    /// The slot of a CSV column, if it is looked for.
    fn column(&mut self, name: &str) -> Option<usize>;
    /// The slots of all columns of a CSV, told by its header and its first row; a table without rows
    /// has an empty one.
    fn columns(&mut self, names: &[String], first: &[&[u8]]) -> Vec<Option<usize>> {
        let _ = first;
        names.iter().map(|name| self.column(name)).collect()
    }
    /// Whether this row of a sheet, before that one, names the columns of an export.
    fn is_header(&mut self, names: &[String], first: &[&[u8]]) -> bool {
        let _ = first;
        names.iter().any(|name| self.column(name).is_some())
    }
    /// A sheet whose rows were records: its number and name.
    fn sheet(&mut self, number: u16, name: &str) {
        let _ = (number, name);
    }
    /// Rows of a sheet that is no table of an export.
    fn other(&mut self, sheet: &str, rows: u64) {
        let _ = (sheet, rows);
    }
}
