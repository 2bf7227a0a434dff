//! Rows above the line that share something stand together, under one head.

use crate::order::Map;

use serde::{Deserialize, Serialize};

use crate::analysis::Incident;
use crate::order::Arrange;
use crate::report::incident::summary;

use super::filter::{FacetField, SortBy};
use super::rows::Indexed;

/// What rows stand together by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "kebab-case")]
pub enum GroupBy {
    /// The incident, where they are ordered by severity.
    #[default]
    Incident,
    /// The user.
    User,
    /// The network of the other side.
    Network,
    /// The detection of the first of their findings.
    Detection,
    /// Nothing.
    None,
}

impl GroupBy {
    /// What a row has of it: the value, and as a person reads it.
    fn of(self, indexed: &Indexed) -> Option<(String, String)> {
        let first = |field| indexed.values.get(field).first().cloned();
        match self {
            Self::Incident => indexed.row.incident.clone().map(|id| (id, String::new())),
            Self::User => first(FacetField::User),
            Self::Network => first(FacetField::Network),
            Self::Detection => first(FacetField::Detection),
            Self::None => None,
        }
    }

    /// Whether rows of this order stand together at all: those of one incident only by severity.
    fn holds(self, by: SortBy) -> bool {
        self != Self::None && (self != Self::Incident || by == SortBy::Severity)
    }

    /// Rows that one head needs at least.
    fn least(self) -> usize {
        if self == Self::Incident { 2 } else { 1 }
    }
}

/// Rows that follow each other under one head.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct RowGroup {
    /// What they share; nothing for those on their own, which come last.
    pub key: Option<String>,
    /// `A phished device code: two sessions of two users.`, or the value.
    pub title: String,
    /// Number of the first row.
    pub first: usize,
    /// How many rows.
    pub rows: usize,
}

/// Brings rows above the line together, groups in the order of their first row, then those on their own.
/// Rows above the line stand first and keep their order otherwise.
pub(super) fn together(rows: &mut [&Indexed], group: GroupBy, by: SortBy) {
    let above = rows.iter().take_while(|indexed| indexed.row.above).count();
    let Some(above) = rows.get_mut(..above).filter(|_| group.holds(by)) else { return };
    let keys: Vec<Option<String>> = above.iter().map(|indexed| group.of(indexed).map(|(key, _)| key)).collect();
    let mut counts: Map<&str, (usize, usize)> = Map::new();
    for (place, key) in keys.iter().enumerate() {
        if let Some(key) = key {
            counts.entry(key.as_str()).or_insert((place, 0)).1 += 1;
        }
    }
    let place = |key: &Option<String>| match key.as_deref().and_then(|key| counts.get(key)) {
        Some(&(place, several)) if several >= group.least() => place,
        _ => usize::MAX,
    };
    let mut order: Vec<(usize, &Indexed)> = keys.iter().map(place).zip(above.iter().copied()).collect();
    order.arrange_by_key(|(place, _)| *place);
    for (slot, (_, indexed)) in above.iter_mut().zip(order) {
        *slot = indexed;
    }
}

/// The heads over rows that stand together. None where nothing is shared by as many as a head needs.
pub(super) fn groups(rows: &[&Indexed], incidents: &[Incident], group: GroupBy, by: SortBy) -> Vec<RowGroup> {
    let above = rows.iter().take_while(|indexed| indexed.row.above).count();
    let mut groups: Vec<RowGroup> = Vec::new();
    for (place, indexed) in rows.iter().take(above).enumerate().filter(|_| group.holds(by)) {
        let (key, title) = group.of(indexed).unzip();
        match groups.last_mut() {
            Some(last) if last.key == key && key.is_some() => last.rows += 1,
            _ => groups.push(RowGroup { key, title: title.unwrap_or_default(), first: place, rows: 1 }),
        }
    }
    let alone = groups.iter().position(|one| one.key.is_none() || one.rows < group.least()).unwrap_or(groups.len());
    let own = groups.split_off(alone);
    if groups.is_empty() {
        return groups;
    }
    if group == GroupBy::Incident {
        for one in &mut groups {
            let incident = incidents.iter().find(|incident| Some(&incident.id) == one.key.as_ref());
            one.title = incident.map(summary).unwrap_or_default();
        }
    }
    if let Some(first) = own.first() {
        let rows = own.iter().map(|one| one.rows).sum();
        groups.push(RowGroup { key: None, title: String::new(), first: first.first, rows });
    }
    groups
}
