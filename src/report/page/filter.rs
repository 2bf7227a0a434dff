//! Which rows are shown, in which order, and how many each further filter would leave.

use crate::order::Map;

use serde::{Deserialize, Serialize};

use crate::analysis::Incident;
use crate::detections::Severity;
use crate::order::Arrange;
use crate::report::visible;

use super::groups::{GroupBy, RowGroup, groups, together};
use super::rows::{Indexed, Row};

/// A property that rows are filtered by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "kebab-case")]
pub enum FacetField {
    /// Severity of the session.
    Severity,
    /// Detections that found something.
    Detection,
    /// Network of the other side.
    Network,
    /// Country of the other side.
    Country,
    /// User name.
    User,
    /// Agent of the other side.
    Agent,
    /// Applications on the other side; in a session without one, all.
    App,
    /// Devices there.
    Device,
    /// Addresses there.
    Address,
}

/// What a row's other side used, or a session without one; names, each once.
#[derive(Debug, Default)]
pub(super) struct Used {
    pub(super) apps: Vec<String>,
    pub(super) devices: Vec<String>,
    pub(super) addresses: Vec<String>,
}

impl FacetField {
    /// All, in the order of the enumeration.
    const ALL: [Self; 9] = [
        Self::Severity,
        Self::Detection,
        Self::Network,
        Self::Country,
        Self::User,
        Self::Agent,
        Self::App,
        Self::Device,
        Self::Address,
    ];
    /// Those that are offered beside the rows; users, devices and addresses are searched for.
    const OFFERED: [Self; 6] = [Self::Severity, Self::Detection, Self::Network, Self::Country, Self::Agent, Self::App];

    /// As the command's texts name it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Severity => "severity",
            Self::Detection => "finding",
            Self::Network => "network",
            Self::Country => "country",
            Self::User => "user",
            Self::Agent => "agent",
            Self::App => "application",
            Self::Device => "device",
            Self::Address => "address",
        }
    }

    /// Values of a row, each with its label. What is not known has none.
    fn find(self, row: &Row, detections: &Map<&'static str, &'static str>, used: &Used) -> Vec<(String, String)> {
        let other = row.other.as_ref();
        let text = |value: &str| if value.is_empty() { vec![] } else { vec![(visible(value), visible(value))] };
        match self {
            Self::Severity => vec![value_of(row.severity)],
            Self::Detection => detections.iter().map(|(id, what)| ((*id).to_owned(), (*what).to_owned())).collect(),
            Self::Network => other.map(|hand| text(&hand.network)).unwrap_or_default(),
            Self::Country => other.map(|hand| text(&hand.country)).unwrap_or_default(),
            Self::User => text(&row.user),
            Self::Agent => other.map(|hand| text(&hand.agent)).unwrap_or_default(),
            Self::App => used.apps.iter().flat_map(|name| text(name)).collect(),
            Self::Device => used.devices.iter().flat_map(|name| text(name)).collect(),
            Self::Address => used.addresses.iter().flat_map(|name| text(name)).collect(),
        }
    }
}

fn value_of(severity: Severity) -> (String, String) {
    let name = severity.name();
    (name.to_owned(), super::words::capital(name))
}

/// The values of a row in every field, found once.
#[derive(Debug)]
pub(super) struct Values([Vec<(String, String)>; 9]);

impl Values {
    pub(super) fn of(row: &Row, detections: &Map<&'static str, &'static str>, used: &Used) -> Self {
        Self(FacetField::ALL.map(|field| field.find(row, detections, used)))
    }

    /// Values of a field, each with its label.
    pub(super) fn get(&self, field: FacetField) -> &[(String, String)] {
        let [severity, detection, network, country, user, agent, app, device, address] = &self.0;
        match field {
            FacetField::Severity => severity,
            FacetField::Detection => detection,
            FacetField::Network => network,
            FacetField::Country => country,
            FacetField::User => user,
            FacetField::Agent => agent,
            FacetField::App => app,
            FacetField::Device => device,
            FacetField::Address => address,
        }
    }
}

/// Which rows are wanted. Values of one field are alternatives; fields, text and time all hold.
#[derive(Clone, Debug, Default, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(default)]
pub struct Filter {
    /// Text in user name, session id, address, application, device or place; each word must be there.
    pub text: String,
    /// Only marks from here on, milliseconds UTC.
    pub from: Option<i64>,
    /// Only marks before this.
    pub to: Option<i64>,
    /// Only these values.
    pub only: Vec<Picked>,
    /// Not these values.
    pub not: Vec<Picked>,
}

/// A value of a field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Picked {
    /// The field.
    pub field: FacetField,
    /// The value.
    pub value: String,
}

/// What rows are ordered by. Rows above the line always come first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "kebab-case")]
pub enum SortBy {
    /// Severity, then score.
    #[default]
    Severity,
    /// Score alone.
    Score,
    /// User name.
    User,
    /// What happened.
    What,
    /// Place of the owner's side.
    Owner,
    /// Place of the other side.
    Other,
    /// When it changed hands, else its first finding.
    Changed,
    /// How many findings.
    Findings,
}

/// A field and its values.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Facet {
    /// The field.
    pub field: FacetField,
    /// Values, the most frequent of all rows first; severities by rank.
    pub values: Vec<FacetValue>,
}

/// A value and how many rows have it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct FacetValue {
    /// The value, as a filter names it.
    pub value: String,
    /// As a person reads it.
    pub label: String,
    /// Rows with it that all filters of other fields leave.
    pub count: usize,
    /// Rows with it in all.
    pub all: usize,
}

/// A filter that stands in the way.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Loosen {
    /// `text`, `time`, or a value of a field.
    pub what: String,
    /// The value, where it is one of a field.
    pub picked: Option<Picked>,
    /// Rows that would come back without it.
    pub back: usize,
}

/// A page of rows with the facets of all.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct SessionsPage {
    /// Rows that the filter leaves.
    pub total: usize,
    /// Of them above the line; they come first.
    pub above: usize,
    /// Of them put aside by the allow list; they come last.
    pub allowed: usize,
    /// Rows in all.
    pub all: usize,
    /// Number of the first row given.
    pub offset: usize,
    /// The rows.
    pub rows: Vec<Row>,
    /// Heads over rows that stand together; given with the first page.
    pub groups: Vec<RowGroup>,
    /// What to filter by; given with the first page.
    pub facets: Vec<Facet>,
    /// Where the filter leaves nothing: what to leave out.
    pub loosen: Option<Loosen>,
}

/// A filter, ready to be held against rows.
struct Sieve<'a> {
    filter: &'a Filter,
    words: Vec<String>,
}

impl<'a> Sieve<'a> {
    fn new(filter: &'a Filter) -> Self {
        Self { filter, words: filter.text.split_whitespace().map(str::to_lowercase).collect() }
    }

    fn takes(&self, indexed: &Indexed, except: Option<FacetField>) -> bool {
        let (from, to, marked) = (self.filter.from, self.filter.to, indexed.row.marked);
        from.is_none_or(|from| marked >= from)
            && to.is_none_or(|to| marked < to)
            && self.in_fields(indexed, except)
            && self.words.iter().all(|word| indexed.text.contains(word.as_str()))
    }

    fn in_fields(&self, indexed: &Indexed, except: Option<FacetField>) -> bool {
        let wanted = |picked: &&Picked| Some(picked.field) != except;
        let has = |picked: &Picked| indexed.values.get(picked.field).iter().any(|(value, _)| *value == picked.value);
        let mut only = self.filter.only.iter().filter(wanted);
        let alternative = |picked: &Picked| {
            let same_field = self.filter.only.iter().filter(|other| other.field == picked.field);
            same_field.into_iter().any(has)
        };
        !self.filter.not.iter().filter(wanted).any(has) && only.all(alternative)
    }
}

impl Filter {
    /// The parts of the filter, each with the filter that lacks it.
    fn without_one(&self) -> Vec<(String, Option<Picked>, Self)> {
        let mut parts = Vec::new();
        if !self.text.trim().is_empty() {
            parts.push(("text".to_owned(), None, Self { text: String::new(), ..self.clone() }));
        }
        if self.from.is_some() || self.to.is_some() {
            parts.push(("time".to_owned(), None, Self { from: None, to: None, ..self.clone() }));
        }
        for (list, picked) in [&self.only, &self.not]
            .into_iter()
            .enumerate()
            .flat_map(|(list, picked)| picked.iter().map(move |picked| (list, picked)))
        {
            let mut rest = self.clone();
            let from = if list == 0 { &mut rest.only } else { &mut rest.not };
            from.retain(|other| other != picked);
            parts.push(("value".to_owned(), Some(picked.clone()), rest));
        }
        parts
    }
}

/// The rows that a filter leaves, from `offset` on.
pub(super) fn page(
    rows: &[Indexed],
    incidents: &[Incident],
    filter: &Filter,
    (group, by, descending): Order,
    offset: usize,
    limit: usize,
) -> SessionsPage {
    let sieve = Sieve::new(filter);
    let mut taken: Vec<&Indexed> = rows.iter().filter(|indexed| sieve.takes(indexed, None)).collect();
    sort(&mut taken, (group, by, descending));
    // Of thousands of rows they are long, and the same on every page.
    let is_first = offset == 0;
    let offered = if is_first { FacetField::OFFERED.as_slice() } else { &[] };
    SessionsPage {
        total: taken.len(),
        above: taken.iter().filter(|indexed| indexed.row.above).count(),
        allowed: taken.iter().filter(|indexed| indexed.row.allowed.is_some()).count(),
        all: rows.len(),
        offset,
        rows: taken.iter().skip(offset).take(limit).map(|indexed| indexed.row.clone()).collect(),
        groups: if is_first { groups(&taken, incidents, group, by) } else { Vec::new() },
        facets: offered.iter().map(|field| facet(rows, &sieve, *field)).collect(),
        loosen: if taken.is_empty() { loosen(rows, filter) } else { None },
    }
}

/// The keys of all rows that a filter leaves, in order.
pub(super) fn keys(rows: &[Indexed], filter: &Filter, order: Order) -> Vec<String> {
    let sieve = Sieve::new(filter);
    let mut taken: Vec<&Indexed> = rows.iter().filter(|indexed| sieve.takes(indexed, None)).collect();
    sort(&mut taken, order);
    taken.iter().map(|indexed| indexed.row.key.clone()).collect()
}

/// What rows stand together by, what they are ordered by, and whether the largest comes first.
pub(super) type Order = (GroupBy, SortBy, bool);

fn sort(rows: &mut [&Indexed], (group, by, descending): Order) {
    // Rows come by severity, score and time; the sort keeps that order among equals.
    let place = |hand: &Option<super::hand::Hand>| hand.as_ref().map(|hand| hand.place.clone()).unwrap_or_default();
    rows.arrange_by(|left, right| {
        let (a, b) = (&left.row, &right.row);
        let order = match by {
            SortBy::Severity => (a.severity, a.score).cmp(&(b.severity, b.score)),
            SortBy::Score => a.score.cmp(&b.score),
            SortBy::User => a.user.cmp(&b.user),
            SortBy::What => a.what.cmp(&b.what),
            SortBy::Owner => place(&a.owner).cmp(&place(&b.owner)),
            SortBy::Other => place(&a.other).cmp(&place(&b.other)),
            SortBy::Changed => a.marked.cmp(&b.marked),
            SortBy::Findings => a.findings.cmp(&b.findings),
        };
        let aside = a.allowed.is_some().cmp(&b.allowed.is_some());
        b.above.cmp(&a.above).then(aside).then(if descending { order.reverse() } else { order })
    });
    together(rows, group, by);
}

fn facet(rows: &[Indexed], sieve: &Sieve<'_>, field: FacetField) -> Facet {
    let mut counted: Map<String, FacetValue> = Map::new();
    if field == FacetField::Severity {
        for severity in Severity::ALL {
            let (value, label) = value_of(severity);
            counted.insert(value.clone(), FacetValue { value, label, count: 0, all: 0 });
        }
    }
    for indexed in rows {
        let values = indexed.values.get(field);
        let taken = !values.is_empty() && sieve.takes(indexed, Some(field));
        for (value, label) in values {
            if !counted.contains_key(value) {
                let new = FacetValue { value: value.clone(), label: label.clone(), count: 0, all: 0 };
                counted.insert(value.clone(), new);
            }
            let Some(counts) = counted.get_mut(value) else { continue };
            counts.all += 1;
            counts.count += usize::from(taken);
        }
    }
    let mut values: Vec<FacetValue> = counted.into_values().collect();
    if field == FacetField::Severity {
        values.arrange_by_key(|value| std::cmp::Reverse(Severity::parse(&value.value)));
        // Info is rare; it stands only where there is some.
        values.retain(|value| value.all > 0 || value.value != Severity::Info.name());
    } else {
        values.arrange_by(|left, right| right.all.cmp(&left.all).then_with(|| left.label.cmp(&right.label)));
    }
    Facet { field, values }
}

fn loosen(rows: &[Indexed], filter: &Filter) -> Option<Loosen> {
    let count = |filter: &Filter| {
        let sieve = Sieve::new(filter);
        rows.iter().filter(|indexed| sieve.takes(indexed, None)).count()
    };
    let mut best: Option<Loosen> = None;
    for (what, picked, rest) in filter.without_one() {
        let back = count(&rest);
        if back > best.as_ref().map_or(0, |best| best.back) {
            best = Some(Loosen { what, picked, back });
        }
    }
    best
}
