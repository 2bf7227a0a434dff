//! Which slot each column of a table fills.

use super::Cell;

/// The slots of a table's columns.
#[derive(Debug, Default)]
pub(super) struct Columns {
    columns: Vec<Option<usize>>,
    slots: usize,
    /// How many there are; those behind the last that has a slot are looked for by nobody.
    count: usize,
}

impl Columns {
    /// For so many columns, the first of which have these slots.
    pub(super) fn new(columns: Vec<Option<usize>>, count: usize) -> Self {
        let slots = columns.iter().flatten().max().map_or(0, |last| last + 1);
        Self { columns, slots, count }
    }

    /// How many columns there are.
    pub(super) fn len(&self) -> usize {
        self.count
    }

    /// Whether each column is taken as it stands: a list of somebody's own, whose rows may be of any
    /// length.
    pub(super) fn is_list(&self) -> bool {
        self.columns.iter().enumerate().all(|(place, slot)| *slot == Some(place))
    }

    /// Whether no column is looked for.
    pub(super) fn is_unknown(&self) -> bool {
        self.columns.iter().all(Option::is_none)
    }

    /// The slot of a column, if it is looked for.
    pub(super) fn slot(&self, column: usize) -> Option<usize> {
        self.columns.get(column).copied().flatten()
    }

    /// The cells of a row by their slots.
    pub(super) fn cells<'a>(&self, mut row: impl Iterator<Item = &'a [u8]>) -> Vec<Cell<'a>> {
        let mut cells = vec![Cell::Absent; self.slots];
        for column in &self.columns {
            // A row that is too short has nothing in its last columns.
            let text = row.next().unwrap_or_default();
            let Some(cell) = column.and_then(|slot| cells.get_mut(slot)) else { continue };
            // Some exports name a column twice: the first that holds something counts.
            if cell.is_empty() {
                *cell = Cell::Text(text);
            }
        }
        cells
    }
}
