//! The answer to a question: one table, as JSON.

use serde::ser::{SerializeMap as _, SerializeStruct as _};
use serde::{Serialize, Serializer};

use crate::events::time::format_rfc3339;

use super::Question;

/// A value in a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cell {
    /// A text of the records, or of ours; empty where a record has none.
    Text(String),
    /// How many.
    Number(u64),
    /// Microseconds UTC.
    Time(i64),
}

impl From<&str> for Cell {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl Cell {
    /// For a program: plain numbers, times of RFC 3339.
    pub(super) fn text(&self) -> String {
        match self {
            Self::Text(text) => text.clone(),
            Self::Number(number) => number.to_string(),
            Self::Time(time) => format_rfc3339(*time),
        }
    }
}

impl Serialize for Cell {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Number(number) => serializer.serialize_u64(*number),
            other => serializer.serialize_str(&other.text()),
        }
    }
}

/// Columns and rows.
#[derive(Clone, Debug, Default)]
pub(super) struct Table {
    pub(super) columns: Vec<&'static str>,
    pub(super) rows: Vec<Vec<Cell>>,
}

/// The answer to a question.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The question.
    pub question: &'static Question,
    /// What it is about, where it is about something.
    pub subject: Option<String>,
    /// From when on, microseconds UTC.
    pub from: Option<i64>,
    /// Before when.
    pub to: Option<i64>,
    /// Kinds of records that it looks at and that the exports lack: of these it says nothing.
    pub lacks: Vec<&'static str>,
    /// Rows in all.
    pub total: usize,
    /// Names of the columns.
    pub columns: Vec<&'static str>,
    /// The first rows.
    pub rows: Vec<Vec<Cell>>,
}

/// A row as an object, its keys in the order of the columns.
struct Keyed<'a>(&'a [&'static str], &'a [Cell]);

impl Serialize for Keyed<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for (column, cell) in self.0.iter().zip(self.1) {
            map.serialize_entry(column, cell)?;
        }
        map.end()
    }
}

impl Serialize for Answer {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut answer = serializer.serialize_struct("Answer", 9)?;
        answer.serialize_field("question", self.question.name)?;
        answer.serialize_field("about", self.question.about)?;
        answer.serialize_field("subject", &self.subject)?;
        answer.serialize_field("from", &self.from.map(format_rfc3339))?;
        answer.serialize_field("to", &self.to.map(format_rfc3339))?;
        answer.serialize_field("lacks", &self.lacks)?;
        answer.serialize_field("total", &self.total)?;
        answer.serialize_field("columns", &self.columns)?;
        let rows: Vec<Keyed<'_>> = self.rows.iter().map(|row| Keyed(&self.columns, row)).collect();
        answer.serialize_field("rows", &rows)?;
        answer.end()
    }
}
