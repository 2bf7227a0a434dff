//! The allow list: what the analyst knows to be harmless. What it hides is counted, and shown apart.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::analysis::{Case, Merged};
use crate::order::Map;
use crate::report::json as text_of;

use super::filter::Picked;
use super::rows::{self, Indexed};

/// What a file with an allow list says it is.
const KIND: &str = "signin-sleuth-allow-list";

/// An entry: rows that have all of this are put aside.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Allowed {
    /// What they have; an entry of nothing puts nothing aside.
    pub all: Vec<Picked>,
    /// Why it is harmless, in the analyst's words.
    #[serde(default)]
    pub note: String,
}

impl Allowed {
    /// `network AS64502 Polder Hosting and user ann@example.com: our own test`.
    #[must_use]
    pub fn words(&self) -> String {
        let all: Vec<String> = self.all.iter().map(|one| format!("{} {}", one.field.name(), one.value)).collect();
        let note = if self.note.is_empty() { String::new() } else { format!(": {}", self.note) };
        all.join(" and ") + &note
    }
}

/// The entries as a file that the page and the command read.
pub(super) fn written(list: &[Allowed]) -> String {
    text_of(&json!({"kind": KIND, "schema": 1, "allowed": list}))
}

/// The entries of such a file, of a case file of the page, or of a bare list.
///
/// # Errors
/// When it is none of these, or an entry names nothing; the text says what is wrong.
pub fn read(text: &str) -> Result<Vec<Allowed>, String> {
    let file: Value = serde_json::from_str(text).map_err(|error| format!("not JSON ({error})"))?;
    let list = match &file {
        Value::Array(_) => &file,
        _ => file.get("allowed").ok_or_else(|| "it holds no list \"allowed\"".to_owned())?,
    };
    let list: Vec<Allowed> = serde_json::from_value(list.clone()).map_err(|error| error.to_string())?;
    match list.iter().position(|entry| entry.all.is_empty()) {
        Some(place) => Err(format!("entry {} names nothing that sessions must have", place + 1)),
        None => Ok(list),
    }
}

/// Which sessions and loose findings these entries put aside: number of the entry by the session's key or the
/// finding's id.
#[must_use]
pub fn aside(case: &Case, merged: &Merged, list: &[Allowed]) -> Map<String, usize> {
    if list.is_empty() {
        return Map::new();
    }
    let mut rows = rows::rows(case, merged);
    apply(&mut rows, list);
    hidden(&rows)
}

/// Rows that are put aside, by their key.
pub(super) fn hidden(rows: &[Indexed]) -> Map<String, usize> {
    let mut hidden = Map::new();
    for Indexed { row, .. } in rows {
        if let Some(entry) = row.allowed {
            hidden.insert(row.key.clone(), entry);
        }
    }
    hidden
}

/// An entry and what it hides.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct AllowedCount {
    /// The entry.
    pub entry: Allowed,
    /// Rows it puts aside that no entry before it does.
    pub hidden: usize,
    /// Of them those that would stand above the line.
    pub above: usize,
}

/// Puts rows aside, each by the first entry that fits; says what each entry hides.
pub(super) fn apply(rows: &mut [Indexed], list: &[Allowed]) -> Vec<AllowedCount> {
    let mut counts: Vec<AllowedCount> =
        list.iter().map(|entry| AllowedCount { entry: entry.clone(), hidden: 0, above: 0 }).collect();
    for indexed in rows {
        let has = |picked: &Picked| indexed.values.get(picked.field).iter().any(|(value, _)| *value == picked.value);
        let fits = |entry: &Allowed| !entry.all.is_empty() && entry.all.iter().all(has);
        let Some(place) = list.iter().position(fits) else { continue };
        if let Some(count) = counts.get_mut(place) {
            count.hidden += 1;
            count.above += usize::from(indexed.row.above);
        }
        indexed.row.allowed = Some(place);
        indexed.row.above = false;
    }
    counts
}
