//! Exports that would show more.

use serde::Serialize;

use crate::events::field::Field;
use crate::formats::{Format, Holds, Way, best};

/// An export that would show more.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct ExportHint {
    /// What it is: its records, and where they come from.
    pub kind: String,
    /// Kinds of records to make it of.
    pub holds: &'static [Holds],
    /// What it would show.
    pub why: String,
    /// How to make it.
    pub how: String,
    /// Other ways to get the same, the better first.
    pub also: Vec<OtherExport>,
}

/// Another way to get what an export would show.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct OtherExport {
    /// Where the records come from.
    pub kind: &'static str,
    /// How to make it.
    pub how: String,
}

impl ExportHint {
    /// The best export of these kinds of records that carries these fields, or as many as any does.
    pub(super) fn of(holds: &'static [Holds], fields: &[Field], why: String) -> Option<Self> {
        let formats = best(holds, fields);
        let lacking = |format: &Format| fields.iter().any(|field| !format.carries(*field));
        let (first, others) = formats.split_first()?;
        let other = |format: &'static Format, way: &Way| OtherExport {
            kind: format.export.from,
            how: format!("{}: {}", way.by, way.how(holds)),
        };
        let (way, further) = first.export.ways.split_first()?;
        let further = further.iter().map(|way| other(first, way));
        let others = others.iter().filter(|format| !lacking(format));
        let others = others.filter_map(|format| Some(other(format, format.export.ways.first()?)));
        Some(Self {
            kind: format!("{}, {}", Holds::list(holds), first.export.from),
            holds,
            why,
            how: format!("{}: {}", way.by, way.how(holds)),
            also: further.chain(others).collect(),
        })
    }
}
