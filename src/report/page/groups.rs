//! Rows above the line that are one incident stand together, under one head.

use crate::order::Map;

use serde::Serialize;

use crate::analysis::Incident;
use crate::order::Arrange;
use crate::report::incident::summary;

use super::rows::Indexed;

/// Rows that follow each other under one head.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct RowGroup {
    /// Id of their incident; nothing for those on their own, which come last.
    pub incident: Option<String>,
    /// `A phished device code: two sessions of two users.`
    pub title: String,
    /// Number of the first row.
    pub first: usize,
    /// How many rows.
    pub rows: usize,
}

/// Brings rows of one incident together: incidents of several rows above the line in the order of their
/// first, then those on their own. Rows above the line stand first and keep their order otherwise.
pub(super) fn together(rows: &mut [&Indexed]) {
    let above = rows.iter().take_while(|indexed| indexed.row.above).count();
    let Some(above) = rows.get_mut(..above) else { return };
    let mut counts: Map<String, (usize, usize)> = Map::new();
    for (place, indexed) in above.iter().enumerate() {
        if let Some(incident) = &indexed.row.incident {
            counts.entry(incident.clone()).or_insert((place, 0)).1 += 1;
        }
    }
    above.arrange_by_key(|indexed| match indexed.row.incident.as_ref().and_then(|incident| counts.get(incident)) {
        Some(&(place, several)) if several > 1 => place,
        _ => usize::MAX,
    });
}

/// The heads over rows that stand together. None where no incident has several.
pub(super) fn groups(rows: &[&Indexed], incidents: &[Incident]) -> Vec<RowGroup> {
    let above = rows.iter().take_while(|indexed| indexed.row.above).count();
    let mut groups: Vec<RowGroup> = Vec::new();
    for (place, indexed) in rows.iter().take(above).enumerate() {
        match groups.last_mut() {
            Some(group) if group.incident == indexed.row.incident && group.incident.is_some() => group.rows += 1,
            _ => groups.push(RowGroup {
                incident: indexed.row.incident.clone(),
                title: String::new(),
                first: place,
                rows: 1,
            }),
        }
    }
    let alone = groups.iter().position(|group| group.rows == 1).unwrap_or(groups.len());
    let own = groups.split_off(alone);
    if groups.is_empty() {
        return groups;
    }
    for group in &mut groups {
        let incident = incidents.iter().find(|incident| Some(&incident.id) == group.incident.as_ref());
        group.title = incident.map(summary).unwrap_or_default();
    }
    if let Some(first) = own.first() {
        groups.push(RowGroup { incident: None, title: String::new(), first: first.first, rows: own.len() });
    }
    groups
}
