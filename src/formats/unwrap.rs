//! Takes the record out of a cell of another one.

use serde::de::IgnoredAny;

use crate::intake::{Cell, Embed};

use super::reader::{Outcome, Reader, Refusal};
use super::{Column, Layout, wrapper};

impl Reader {
    /// What became of the record that a cell of this one holds; nothing where none does, or where it
    /// is of no known format: then the record at hand counts as it stands.
    pub(super) fn take_inner(
        &mut self,
        layout: &Layout,
        cells: &[Cell<'_>],
        place: (u64, u64),
        depth: u32,
    ) -> Option<Outcome> {
        if depth >= wrapper::DEEPEST {
            return None;
        }
        self.tally.previews += u64::from(depth == 0 && layout.is_preview(cells));
        layout.wrappers(cells).find_map(|(slot, keeps, name)| self.take_from(cells, slot, keeps, name, place, depth))
    }

    fn take_from(
        &mut self,
        cells: &[Cell<'_>],
        slot: usize,
        keeps: &[usize],
        name: &'static str,
        place: (u64, u64),
        depth: u32,
    ) -> Option<Outcome> {
        let cell = *cells.get(slot)?;
        let is_part = name == wrapper::PROPERTIES;
        let mut scratch = String::new();
        let (unescaped, whole);
        let text: &[u8] = match cell {
            Cell::Json([b'{', ..]) if is_part => return None,
            Cell::Json(object @ [b'{', ..]) => object,
            _ => {
                unescaped = cell.text(&mut scratch)?;
                if is_part {
                    let part = unescaped.trim();
                    whole = part.starts_with('{').then(|| format!("{{\"{name}\":{part}}}"))?;
                    whole.as_bytes()
                } else {
                    unescaped.as_bytes()
                }
            }
        };
        let mut inner = vec![Cell::Absent; cells.len()];
        let how = self.embedded.read(text, &mut inner);
        if how == Embed::NoObject {
            return None;
        }
        if name == wrapper::LISTS {
            inner.iter_mut().for_each(only_entry);
        }
        if is_part {
            inner.iter_mut().zip(cells).filter(|(to, _)| to.is_absent()).for_each(|(to, from)| *to = *from);
        }
        for &kept in keeps {
            if let (Some(to @ Cell::Absent), Some(from)) = (inner.get_mut(kept), cells.get(kept)) {
                *to = *from;
            }
        }
        // The record must not be found in itself again.
        if let Some(own) = inner.get_mut(slot)
            && *own == cell
        {
            *own = Cell::Absent;
        }
        let outcome = self.take_nested(&inner, place.0, place.1, depth + 1);
        let is_unknown = outcome == Outcome::Refused(Refusal::Unknown);
        // What is left of a record that was cut may tell nothing: that it was cut is said all the same.
        if how == Embed::Broken && (!is_unknown || WHOLE.contains(&name)) {
            self.damaged(Column::Record);
        }
        if is_unknown {
            return None;
        }
        if !self.tally.marks.contains(name) {
            self.tally.marks.insert(name.to_owned());
        }
        Some(outcome)
    }
}

/// Cells that hold nothing but a record.
const WHOLE: [&str; 3] = ["AuditData", "AuditData_Raw", "RawEventData"];

/// Puts the entry of a list of one in the place of the list.
fn only_entry(cell: &mut Cell<'_>) {
    if let Cell::Json(list @ [b'[', within @ .., b']']) = *cell
        && serde_json::from_slice::<Vec<IgnoredAny>>(list).is_ok_and(|list| list.len() == 1)
    {
        *cell = Cell::Json(within.trim_ascii());
    }
}
