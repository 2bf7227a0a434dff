//! One record seen through a format's table.

use std::sync::Arc;

use crate::intake::{Cell, Keys};

use super::{ALL, Column, Format};

/// Which slot of a record holds which path, for all formats together.
#[derive(Debug)]
pub struct Layout {
    keys: Arc<Keys>,
    paths: Vec<&'static str>,
    formats: Vec<Compiled>,
}

/// A format whose paths are resolved to slots.
#[derive(Debug)]
pub(super) struct Compiled {
    pub(super) format: &'static Format,
    marks: Vec<usize>,
    any: Vec<usize>,
    columns: Vec<Vec<usize>>,
}

impl Default for Layout {
    fn default() -> Self {
        Self::new()
    }
}

impl Layout {
    /// The layout of all formats.
    #[must_use]
    pub fn new() -> Self {
        let mut paths: Vec<&'static str> = Vec::new();
        let mut slot = |path: &'static str| {
            paths.iter().position(|known| known.eq_ignore_ascii_case(path)).unwrap_or_else(|| {
                paths.push(path);
                paths.len() - 1
            })
        };
        let formats = ALL
            .iter()
            .map(|format| {
                let mut columns = vec![Vec::new(); Column::COUNT];
                for (column, sources) in format.table {
                    if let Some(list) = columns.get_mut(*column as usize) {
                        list.extend(sources.iter().map(|path| slot(path)));
                    }
                }
                Compiled {
                    format,
                    marks: format.marks.iter().map(|path| slot(path)).collect(),
                    any: format.any.iter().map(|path| slot(path)).collect(),
                    columns,
                }
            })
            .collect();
        for path in super::other_tables::PATHS {
            slot(path);
        }
        Self { keys: Arc::new(Keys::new(&paths)), paths, formats }
    }

    /// What the JSON reader must look for.
    #[must_use]
    pub fn keys(&self) -> Arc<Keys> {
        Arc::clone(&self.keys)
    }

    /// How many slots a record has.
    #[must_use]
    pub fn slots(&self) -> usize {
        self.paths.len()
    }

    /// The slot of a CSV column, if any format asks for it. Blanks at the ends and a display-zone
    /// suffix such as ` [UTC]` do not count.
    #[must_use]
    pub fn slot_of_header(&self, name: &str) -> Option<usize> {
        let name = name.trim();
        let name = name.rfind(" [").filter(|_| name.ends_with(']')).and_then(|at| name.get(..at)).unwrap_or(name);
        self.slot(name)
    }

    /// The slot of a path.
    #[must_use]
    pub fn slot(&self, path: &str) -> Option<usize> {
        self.paths.iter().position(|known| known.eq_ignore_ascii_case(path))
    }

    /// The format whose marks this record bears, trying first the one of the record before.
    pub(super) fn recognise(&self, cells: &[Cell<'_>], before: usize) -> Option<(usize, super::Kind)> {
        let fits = |index: usize| {
            let format = self.formats.get(index)?;
            let has = |slot: &usize| cells.get(*slot).is_some_and(|cell| !cell.is_absent());
            let bears = format.marks.iter().all(has) && (format.any.is_empty() || format.any.iter().any(has));
            let kind = bears.then(|| (format.format.kind)(&Row { cells, layout: self, format: index })).flatten()?;
            Some((index, kind))
        };
        // The order of `ALL` decides where a record bears the marks of two formats; the format of
        // the record before is only a shortcut where none of those ahead of it fits.
        let _ = before;
        (0..self.formats.len()).find_map(fits)
    }

    /// The format with this number.
    pub(super) fn format(&self, index: usize) -> Option<&'static Format> {
        self.formats.get(index).map(|compiled| compiled.format)
    }

    pub(super) fn row<'a>(&'a self, cells: &'a [Cell<'a>], format: usize) -> Row<'a> {
        Row { cells, layout: self, format }
    }
}

/// A record seen through a format's table.
#[derive(Clone, Copy, Debug)]
pub struct Row<'a> {
    cells: &'a [Cell<'a>],
    layout: &'a Layout,
    format: usize,
}

impl<'a> Row<'a> {
    /// The first cell of a column that holds something; else an empty one; else absent.
    #[must_use]
    pub fn cell(&self, column: Column) -> Cell<'a> {
        let mut best = Cell::Absent;
        let slots = self.layout.formats.get(self.format).and_then(|format| format.columns.get(column as usize));
        for slot in slots.into_iter().flatten() {
            match self.cells.get(*slot) {
                Some(cell) if cell.is_absent() => {}
                Some(cell) if cell.is_empty() => best = *cell,
                Some(cell) => return *cell,
                None => {}
            }
        }
        best
    }

    /// Whether the export has the column at all.
    #[must_use]
    pub fn has(&self, column: Column) -> bool {
        !self.cell(column).is_absent()
    }

    /// The text of a column, trimmed; empty where absent or empty.
    #[must_use]
    pub fn text(&self, column: Column) -> String {
        let mut scratch = String::new();
        self.cell(column).text(&mut scratch).map(|text| text.trim().to_owned()).unwrap_or_default()
    }
}
