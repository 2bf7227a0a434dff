//! Rows that share something stand together, under one head: those above the line, then those below it.

use crate::order::Map;

use serde::{Deserialize, Serialize};

use crate::analysis::Incident;
use crate::detections::Severity;
use crate::order::{Arrange, Gather, Set};
use crate::report::incident::summary;

use super::filter::{FacetField, SortBy};
use super::rows::Indexed;
use super::words::short_name;

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
    /// The session: with what was found in none, but rests on its sign-ins.
    Session,
    /// The network of the other side.
    Network,
    /// An address of the other side: of several the one that most rows have.
    Address,
    /// The detection of the first of their findings.
    Detection,
    /// Nothing.
    None,
}

/// What a row is told by: the value, and as a person reads it.
type Key = Option<(String, String)>;

impl GroupBy {
    /// What each row has of it.
    fn keys(self, rows: &[&Indexed]) -> Vec<Key> {
        let mut often: Map<&str, usize> = Map::new();
        if self == Self::Address {
            for (address, _) in rows.iter().flat_map(|indexed| indexed.values.get(FacetField::Address)) {
                *often.entry(address.as_str()).or_default() += 1;
            }
        }
        let most = |indexed: &Indexed| {
            let own = indexed.values.get(FacetField::Address).iter();
            let count = |(address, _): &&(String, String)| often.get(address.as_str()).copied().unwrap_or(0);
            // Of those that equally many have the first: `max_by_key` would take the last.
            own.rev().max_by_key(count).cloned()
        };
        let first = |indexed: &Indexed, field| indexed.values.get(field).first().cloned();
        let of = |indexed: &&Indexed| match self {
            Self::Incident => indexed.row.incident.clone().map(|id| (id, String::new())),
            Self::User => first(indexed, FacetField::User),
            Self::Session => indexed.session.clone().map(|id| {
                let short: String = id.chars().take(8).collect();
                let title = format!("{short} of {}", short_name(&indexed.row.user));
                (id, title)
            }),
            Self::Network => first(indexed, FacetField::Network),
            Self::Address => most(indexed),
            Self::Detection => first(indexed, FacetField::Detection),
            Self::None => None,
        };
        rows.iter().map(of).collect()
    }

    /// Whether rows of this order stand together at all: those of one incident only by severity.
    fn holds(self, by: SortBy) -> bool {
        self != Self::None && (self != Self::Incident || by == SortBy::Severity)
    }

    /// Whether rows below the line stand together, too: an incident is about those above it.
    fn reaches_below(self) -> bool {
        self != Self::Incident
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
    /// Of how many users.
    pub users: usize,
    /// The worst of them.
    pub severity: Severity,
    /// Their first event, milliseconds UTC.
    pub from: i64,
    /// Their last.
    pub to: i64,
}

impl RowGroup {
    fn of((key, title): (Option<String>, String), first: usize, rows: &[&Indexed]) -> Self {
        let users: Set<&str> = rows.iter().map(|indexed| indexed.row.user.as_str()).gather();
        Self {
            key,
            title,
            first,
            rows: rows.len(),
            users: users.len(),
            severity: rows.iter().map(|indexed| indexed.row.severity).max().unwrap_or(Severity::Info),
            from: rows.iter().map(|indexed| indexed.row.first).min().unwrap_or(0),
            to: rows.iter().map(|indexed| indexed.row.last).max().unwrap_or(0),
        }
    }
}

/// Where rows above the line end, and where those below it do that nobody put aside.
fn ends(rows: &[&Indexed]) -> (usize, usize) {
    let above = rows.iter().take_while(|indexed| indexed.row.above).count();
    let below = rows.iter().skip(above).take_while(|indexed| indexed.row.allowed.is_none()).count();
    (above, above + below)
}

/// Brings rows together, groups in the order of their first row, then those on their own. Rows above the line
/// stand first and keep their order otherwise.
pub(super) fn together(rows: &mut [&Indexed], group: GroupBy, by: SortBy) {
    if !group.holds(by) {
        return;
    }
    let (above, below) = ends(rows);
    let (first, rest) = rows.split_at_mut(above);
    bring_together(first, group);
    if group.reaches_below() {
        bring_together(rest.get_mut(..below - above).unwrap_or_default(), group);
    }
}

fn bring_together(rows: &mut [&Indexed], group: GroupBy) {
    let keys: Vec<Option<String>> = group.keys(rows).into_iter().map(|key| key.map(|(key, _)| key)).collect();
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
    let mut order: Vec<(usize, &Indexed)> = keys.iter().map(place).zip(rows.iter().copied()).collect();
    order.arrange_by_key(|(place, _)| *place);
    for (slot, (_, indexed)) in rows.iter_mut().zip(order) {
        *slot = indexed;
    }
}

/// The heads over rows that stand together. None where nothing is shared by as many as a head needs.
pub(super) fn groups(rows: &[&Indexed], incidents: &[Incident], group: GroupBy, by: SortBy) -> Vec<RowGroup> {
    if !group.holds(by) {
        return Vec::new();
    }
    let (above, below) = ends(rows);
    let of = |from: usize, to: usize| heads(from, rows.get(from..to).unwrap_or_default(), incidents, group);
    let mut groups = of(0, above);
    if group.reaches_below() {
        groups.extend(of(above, below));
    }
    groups
}

/// The heads over rows on one side of the line, the first of them of this number.
fn heads(from: usize, all: &[&Indexed], incidents: &[Incident], group: GroupBy) -> Vec<RowGroup> {
    let mut groups: Vec<RowGroup> = Vec::new();
    let mut first = 0;
    for same in group.keys(all).chunk_by(|left, right| left.is_some() && left == right) {
        let rows = all.get(first..first + same.len()).unwrap_or_default();
        let (key, title) = same.first().cloned().flatten().unzip();
        if key.is_none() || rows.len() < group.least() {
            break;
        }
        let title = match (group, &key) {
            (GroupBy::Incident, Some(key)) => {
                incidents.iter().find(|incident| incident.id == *key).map(summary).unwrap_or_default()
            }
            _ => title.unwrap_or_default(),
        };
        groups.push(RowGroup::of((key, title), from + first, rows));
        first += rows.len();
    }
    let alone = all.get(first..).unwrap_or_default();
    if !groups.is_empty() && !alone.is_empty() {
        groups.push(RowGroup::of((None, String::new()), from + first, alone));
    }
    groups
}
