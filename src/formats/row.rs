//! A record seen through a format's table.

use serde_json::Value;

use crate::intake::Cell;

use super::nested::{self, Nested};
use super::{Column, build_nested};

/// No slot.
pub(super) const NOWHERE: u16 = u16::MAX;

/// The slots where a format keeps a column, the preferred one first, the rest [`NOWHERE`].
pub(super) type Sources = [u16; 4];

/// A record seen through a format's table.
#[derive(Clone, Copy, Debug)]
pub struct Row<'a> {
    pub(super) cells: &'a [Cell<'a>],
    pub(super) columns: &'a [Sources],
    /// Nested values composed of several columns.
    pub(super) composed: &'a [(Column, String)],
}

/// The columns of which a format composes nested values.
#[derive(Clone, Copy, Debug)]
pub struct Flat<'a> {
    pub(super) cells: &'a [Cell<'a>],
    /// The slots of each group.
    pub(super) groups: &'a [Vec<usize>],
}

impl Flat<'_> {
    /// Whether the export has this column of a group.
    #[must_use]
    pub fn has(&self, group: usize, column: usize) -> bool {
        !self.cell(group, column).is_absent()
    }

    /// The text of a column of a group without blanks around it; empty where there is none.
    #[must_use]
    pub fn text(&self, group: usize, column: usize) -> String {
        let mut scratch = String::new();
        let text = super::scalar::scalar(self.cell(group, column), &mut scratch).value().unwrap_or_default();
        String::from_utf8_lossy(text).into_owned()
    }

    /// The object or list of a column of a group, as JSON or as its text.
    pub(super) fn value(&self, group: usize, column: usize) -> Option<Value> {
        match nested::decode(self.cell(group, column)) {
            Nested::Value(value) => Some(value),
            _ => None,
        }
    }

    /// The texts of a column of a group that holds a list: one of JSON, or a text with a line for each; a
    /// scalar is a list of one.
    pub(super) fn texts(&self, group: usize, column: usize) -> Vec<String> {
        if matches!(self.cell(group, column), Cell::Json([b'[', ..]))
            && let Some(Value::Array(list)) = self.value(group, column)
        {
            return list.iter().map(build_nested::as_text).collect();
        }
        let text = self.text(group, column);
        text.lines().map(|line| line.trim().to_owned()).filter(|line| !line.is_empty()).collect()
    }

    fn cell(&self, group: usize, column: usize) -> Cell<'_> {
        let slot = self.groups.get(group).and_then(|slots| slots.get(column));
        slot.and_then(|slot| self.cells.get(*slot)).copied().unwrap_or(Cell::Absent)
    }
}

impl<'a> Row<'a> {
    /// The first cell of a column that holds something; else an empty one; else absent.
    #[must_use]
    #[inline]
    pub fn cell(&self, column: Column) -> Cell<'a> {
        let Some([first, second, ..]) = self.columns.get(column as usize) else { return Cell::Absent };
        // Most columns are kept in one place.
        let cell = if *second == NOWHERE {
            self.cells.get(usize::from(*first)).copied().unwrap_or(Cell::Absent)
        } else {
            self.best(column)
        };
        if cell.is_absent() && !self.composed.is_empty() { self.composed(column) } else { cell }
    }

    fn composed(&self, column: Column) -> Cell<'a> {
        let found = self.composed.iter().find(|(known, _)| *known == column);
        found.map_or(Cell::Absent, |(_, text)| Cell::Text(text.as_bytes()))
    }

    #[inline(never)]
    fn best(&self, column: Column) -> Cell<'a> {
        let mut best = Cell::Absent;
        for (cell, _) in self.candidates(column) {
            if !cell.is_empty() {
                return cell;
            }
            best = cell;
        }
        best
    }

    /// The cells of a column that are there, the preferred first, with their slots.
    pub(super) fn candidates(&self, column: Column) -> impl Iterator<Item = (Cell<'a>, usize)> + use<'a> {
        let cells = self.cells;
        let sources = self.columns.get(column as usize).copied().unwrap_or([NOWHERE; 4]);
        sources
            .into_iter()
            .map(usize::from)
            .filter_map(move |slot| Some((*cells.get(slot)?, slot)))
            .filter(|(cell, _)| !cell.is_absent())
    }

    /// Whether the export has the column at all.
    #[must_use]
    pub fn has(&self, column: Column) -> bool {
        !self.cell(column).is_absent()
    }

    /// Whether the column holds something.
    #[must_use]
    pub fn has_value(&self, column: Column) -> bool {
        super::scalar::has_value(self.cell(column))
    }

    /// The text of a column without blanks around it; nothing where absent or empty.
    #[must_use]
    pub fn text(&self, column: Column) -> Option<String> {
        let mut scratch = String::new();
        let text = super::scalar::scalar(self.cell(column), &mut scratch).value()?;
        Some(String::from_utf8_lossy(text).into_owned())
    }

    /// Whether the column's text is one of these, ignoring ASCII case; its place among them.
    #[must_use]
    pub fn one_of(&self, column: Column, words: &[&str]) -> Option<usize> {
        let mut scratch = String::new();
        let text = super::scalar::scalar(self.cell(column), &mut scratch).value()?;
        words.iter().position(|word| text.eq_ignore_ascii_case(word.as_bytes()))
    }
}
