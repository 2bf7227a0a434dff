//! Which slot of a record holds which path, for all formats together.

use std::sync::{Arc, LazyLock};

use crate::intake::{Cell, Keys};
use crate::knowledge::portal;

use super::row::{Flat, NOWHERE, Row, Sources};
use super::{ALL, Column, Format, Kind, other_tables, portal_header, wrapper};

/// Which slot of a record holds which path.
#[derive(Debug)]
pub struct Layout {
    keys: Arc<Keys>,
    paths: Vec<&'static str>,
    formats: Vec<Compiled>,
    others: Vec<(&'static str, Vec<usize>)>,
    kind_of_row: usize,
    preview: usize,
    wrappers: Vec<(usize, Vec<usize>, &'static str)>,
}

/// A format whose paths are resolved to slots.
#[derive(Debug)]
struct Compiled {
    format: &'static Format,
    marks: Vec<usize>,
    any: Vec<usize>,
    columns: Vec<Sources>,
    flat: Vec<Vec<usize>>,
}

impl Default for Layout {
    fn default() -> Self {
        Self::new()
    }
}

/// The layout never changes: all readers share it.
static SHARED: LazyLock<Arc<Layout>> = LazyLock::new(|| Arc::new(Layout::new()));

impl Layout {
    /// The layout of all formats, made once.
    #[must_use]
    pub fn shared() -> Arc<Self> {
        Arc::clone(&SHARED)
    }

    /// The layout of all formats.
    #[must_use]
    pub fn new() -> Self {
        let mut paths: Vec<&'static str> = Vec::new();
        // What is looked for in JSON comes first, so that columns of tables cost JSON nothing.
        for format in ALL.iter().filter(|format| !format.rows_only) {
            let sources = format.table.iter().flat_map(|(_, sources)| *sources);
            let columns: Vec<&str> = format.flat.iter().copied().flatten().copied().collect();
            for path in sources.chain(format.marks).chain(format.any).filter(|path| !columns.contains(path)) {
                place(&mut paths, path);
            }
        }
        let others = other_tables::ALL
            .iter()
            .map(|(name, marks)| (*name, marks.iter().map(|path| place(&mut paths, path)).collect()))
            .collect();
        place(&mut paths, wrapper::BODY);
        let kind_of_row = place(&mut paths, other_tables::NAME_OF_TABLE);
        let preview = place(&mut paths, wrapper::PREVIEW);
        let wrappers = wrapper::ALL
            .iter()
            .map(|wrapper| {
                let keeps = wrapper.keeps.iter().map(|path| place(&mut paths, path)).collect();
                (place(&mut paths, wrapper.cell), keeps, wrapper.cell)
            })
            .collect();
        // Columns of which something is composed are keys of the record itself: to look inside the objects
        // of other formats for them would cost those.
        let (inside, mut columns) = (paths.clone(), Vec::new());
        for path in
            ALL.iter().filter(|format| !format.rows_only).flat_map(|format| format.flat.iter().copied().flatten())
        {
            if !paths.iter().any(|known| known.eq_ignore_ascii_case(path)) {
                paths.push(path);
                columns.push(*path);
            }
        }
        let keys = Arc::new(Keys::new(&inside).with_columns(&columns));
        let formats = ALL
            .iter()
            .map(|format| {
                let mut columns = vec![[NOWHERE; 4]; Column::COUNT];
                for (column, sources) in format.table {
                    if let Some(places) = columns.get_mut(*column as usize) {
                        let slots = sources.iter().map(|path| place(&mut paths, path) as u16);
                        places.iter_mut().zip(slots).for_each(|(place, slot)| *place = slot);
                    }
                }
                Compiled {
                    format,
                    marks: format.marks.iter().map(|path| place(&mut paths, path)).collect(),
                    any: format.any.iter().map(|path| place(&mut paths, path)).collect(),
                    flat: format
                        .flat
                        .iter()
                        .map(|group| group.iter().map(|path| place(&mut paths, path)).collect())
                        .collect(),
                    columns,
                }
            })
            .collect();
        Self { keys, paths, formats, others, kind_of_row, preview, wrappers }
    }

    /// The paths to look for.
    #[must_use]
    pub fn keys(&self) -> Arc<Keys> {
        Arc::clone(&self.keys)
    }

    /// The paths, in the order of their slots.
    #[must_use]
    pub fn paths(&self) -> &[&'static str] {
        &self.paths
    }

    /// How many slots a record has.
    #[must_use]
    pub fn slots(&self) -> usize {
        self.paths.len()
    }

    /// The slot of a CSV column, if any format asks for it. Blanks at the ends, doubled blanks and a
    /// suffix that names the zone of display (` [UTC]`) do not count.
    #[must_use]
    pub fn slot_of_header(&self, name: &str) -> Option<usize> {
        let name = super::zone::without_suffix(name);
        let english = || self.slot(portal::header(&name)?.english);
        self.slot(&name).or_else(english).or_else(|| self.slot_of_typed(&name))
    }

    /// The slot of a column of `AzureDiagnostics` or of a table of one's own, which end in a letter for their
    /// type and lead into objects by underscores: `properties_status_errorCode_d`.
    fn slot_of_typed(&self, name: &str) -> Option<usize> {
        let bare = ["_s", "_g", "_d", "_b", "_t"].iter().find_map(|letter| name.strip_suffix(letter))?;
        self.slot(bare).or_else(|| self.slot(&bare.replace('_', ".")))
    }

    /// The slot of a path.
    #[must_use]
    pub fn slot(&self, path: &str) -> Option<usize> {
        self.paths.iter().position(|known| known.eq_ignore_ascii_case(path))
    }

    /// The header of a download of the admin center in another language than English, read.
    pub(super) fn portal_header(&self, names: &[String], first: &[&[u8]]) -> Option<portal_header::Header> {
        portal_header::read(names, first, &|name| self.slot(name).is_some())
    }

    /// The first format whose marks this record bears, by its number, and what the record is.
    pub(super) fn recognise(&self, cells: &[Cell<'_>]) -> Option<(usize, Kind)> {
        let has = |slot: &usize| cells.get(*slot).is_some_and(|cell| !cell.is_absent());
        self.formats.iter().enumerate().find_map(|(index, compiled)| {
            let bears = compiled.marks.iter().all(has) && (compiled.any.is_empty() || compiled.any.iter().any(has));
            let kind = bears
                .then(|| (compiled.format.kind)(&Row { cells, columns: &compiled.columns, composed: &[] }))
                .flatten()?;
            Some((index, kind))
        })
    }

    /// The known table that a record of no format is of, if any, by its number.
    pub(super) fn other_table(&self, cells: &[Cell<'_>]) -> Option<usize> {
        let has = |slot: &usize| cells.get(*slot).is_some_and(|cell| !cell.is_absent());
        self.others.iter().position(|(_, marks)| marks.iter().all(has))
    }

    /// The cells of this record that may hold another record, by their slots: with the slots that are
    /// kept beside it, and the name of the cell.
    pub(super) fn wrappers<'a>(
        &'a self,
        cells: &'a [Cell<'_>],
    ) -> impl Iterator<Item = (usize, &'a [usize], &'static str)> {
        let there = |slot: usize| cells.get(slot).is_some_and(|cell| !cell.is_empty());
        let found = self.wrappers.iter().filter(move |(slot, ..)| there(*slot));
        found.map(|(slot, keeps, name)| (*slot, keeps.as_slice(), *name))
    }

    /// The cell in which a Log Analytics row names its table.
    pub(super) fn name_of_table<'a>(&self, cells: &[Cell<'a>]) -> Cell<'a> {
        cells.get(self.kind_of_row).copied().unwrap_or(Cell::Absent)
    }

    /// Whether Splunk marks a line of an export as the preview of a search.
    pub(super) fn is_preview(&self, cells: &[Cell<'_>]) -> bool {
        matches!(cells.get(self.preview), Some(Cell::Json(b"true")))
    }

    /// The format with this number.
    pub(super) fn format(&self, index: usize) -> Option<&'static Format> {
        self.formats.get(index).map(|compiled| compiled.format)
    }

    /// The keys, each with its slot, by which a format may be told.
    pub(super) fn tells(&self, index: usize) -> Vec<(usize, &'static str)> {
        let Some(compiled) = self.formats.get(index) else { return Vec::new() };
        let names = compiled.format.marks.iter().chain(compiled.format.any);
        compiled.marks.iter().chain(&compiled.any).copied().zip(names.copied()).collect()
    }

    /// The nested values that a format composes of several columns of a record.
    pub(super) fn compose(&self, cells: &[Cell<'_>], format: usize) -> Vec<(Column, String)> {
        let Some(compiled) = self.formats.get(format) else { return Vec::new() };
        compiled.format.compose.map_or_else(Vec::new, |compose| compose(&Flat { cells, groups: &compiled.flat }))
    }

    /// The columns of a format that are kept in one of these slots.
    pub(super) fn columns_of(&self, format: usize, slots: &[usize]) -> Vec<Column> {
        let Some(compiled) = self.formats.get(format) else { return Vec::new() };
        let is_kept = |sources: &Sources| sources.iter().any(|slot| slots.contains(&usize::from(*slot)));
        let columns = Column::ALL.iter().zip(&compiled.columns);
        columns.filter(|(_, sources)| is_kept(sources)).map(|(column, _)| *column).collect()
    }

    pub(super) fn row<'a>(&'a self, cells: &'a [Cell<'a>], format: usize, composed: &'a [(Column, String)]) -> Row<'a> {
        let columns = self.formats.get(format).map(|compiled| compiled.columns.as_slice()).unwrap_or_default();
        Row { cells, columns, composed }
    }

    /// Whether these may be the columns of an export: of a format, or of one whose records stand in a cell.
    pub(super) fn is_header(&self, slots: &[Option<usize>]) -> bool {
        let wraps = |(slot, ..): &(usize, Vec<usize>, &str)| slots.contains(&Some(*slot));
        self.is_told(slots) || self.wrappers.iter().any(wraps)
    }

    /// Whether a table with these columns may be of a format.
    pub(super) fn is_told(&self, slots: &[Option<usize>]) -> bool {
        let has = |slot: &usize| slots.contains(&Some(*slot));
        let told = |marks: &[usize], any: &[usize]| marks.iter().all(has) && (any.is_empty() || any.iter().any(has));
        let formats = self.formats.iter().any(|compiled| told(&compiled.marks, &compiled.any));
        formats || self.others.iter().any(|(_, marks)| told(marks, &[]))
    }
}

/// The slot of a path; a new one where it has none.
fn place(paths: &mut Vec<&'static str>, path: &'static str) -> usize {
    paths.iter().position(|known| known.eq_ignore_ascii_case(path)).unwrap_or_else(|| {
        paths.push(path);
        paths.len() - 1
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formats::zone;

    #[test]
    fn no_table_has_more_sources_than_a_row_looks_at() {
        for format in ALL {
            for (column, sources) in format.table {
                assert!((1..=4).contains(&sources.len()), "{} {column:?}", format.name);
            }
            let mut columns: Vec<Column> = format.table.iter().map(|(column, _)| *column).collect();
            columns.sort();
            columns.dedup();
            assert_eq!(columns.len(), format.table.len(), "{}: a column is there twice", format.name);
        }
        assert!(Layout::new().slots() < usize::from(NOWHERE));
    }

    #[test]
    fn headers_are_found_whatever_blanks_case_and_zone_they_carry() {
        let layout = Layout::new();
        let created = layout.slot("CreatedDateTime");
        assert!(created.is_some());
        for name in [
            "CreatedDateTime",
            "createddatetime",
            " CreatedDateTime ",
            "CreatedDateTime [UTC]",
            "CreatedDateTime [Local Time]",
            "CreatedDateTime [UTC+01:00]",
        ] {
            assert_eq!(layout.slot_of_header(name), created, "{name}");
        }
        assert_eq!(layout.slot_of_header("Created"), None);
        assert_eq!(zone::without_suffix("Autonomous system  number"), "Autonomous system number");
    }
}
