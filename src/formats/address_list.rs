//! Lists of networks: a text of one network a line, or a table with a column of them.
//!
//! What kind of networks they are, a column says, a comment before them, or the file's name. Beside
//! them stand names, the lists that Tor (`ExitAddress …`) and Apple (`egress-ip-ranges.csv`) publish
//! included. Named locations of Entra are read too, where they are trusted.

use crate::enrichment::{Entry, NetworkKind, NoSpan, Span};
use crate::intake::Cell;

use super::{Column, Export, Format, Holds, Kind, Refusal, Row};

/// A list while it is read.
#[derive(Clone, Debug)]
pub(super) struct AddressList {
    columns: Columns,
    /// What the file's name or a comment says that all networks are.
    kind: Option<NetworkKind>,
    /// Whether that counts more than what a row says.
    is_certain: bool,
    /// Whether no network came yet: remarks before the first are about all of them.
    is_open: bool,
}

/// Places of the columns.
#[derive(Clone, Debug, Default)]
struct Columns {
    network: Option<usize>,
    last: Option<usize>,
    system: Option<usize>,
    kind: Option<usize>,
    names: Vec<usize>,
}

/// Names of columns, lower-case and without blanks, hyphens and underscores.
const NETWORK: &[&str] = &[
    "network",
    "networks",
    "cidr",
    "cidraddress",
    "range",
    "ranges",
    "iprange",
    "ipranges",
    "prefix",
    "ipprefix",
    "ip",
    "ipaddress",
    "address",
    "subnet",
    "startip",
    "start",
    "first",
    "from",
    "ipstart",
    "ipfrom",
];
const LAST: &[&str] = &["endip", "end", "last", "to", "ipend", "ipto"];
const SYSTEM: &[&str] = &["asn", "as", "asnumber", "autonomoussystem", "autonomoussystemnumber"];
const KIND: &[&str] = &["kind", "type", "category", "list"];
const NAME: &[&str] = &[
    "name",
    "label",
    "description",
    "comment",
    "note",
    "notes",
    "location",
    "site",
    "country",
    "countrycode",
    "region",
    "city",
    "asname",
    "organisation",
    "organization",
    "owner",
    "source",
    "provider",
];

/// How lines begin that tell of the list and are no part of it; the rest is what Tor's list of exits has.
const REMARKS: &[&str] = &["#", ";", "//", "ExitNode ", "Published ", "LastStatus "];
/// How a line of Tor's list of exits begins.
const EXIT: &str = "ExitAddress ";

impl AddressList {
    /// Recognises a list by the first line of a table and the line behind it. `told` is what the file's
    /// name says; with `is_certain` a person said so. Also whether the first line is a row itself.
    pub(super) fn recognise(
        names: &[String],
        first: &[&[u8]],
        told: Option<NetworkKind>,
        is_certain: bool,
    ) -> Option<(Self, bool)> {
        let line = names.first()?.trim();
        let row = first.first().map(|cell| String::from_utf8_lossy(cell).into_owned()).unwrap_or_default();
        let is_network = |text: &str| Span::parse(network_of(text).0).is_ok();
        let lines = || {
            let columns = Columns { network: Some(0), ..Columns::default() };
            (Self { columns, kind: told, is_certain, is_open: true }, true)
        };
        if is_network(line) || (is_remark(line) && (is_network(&row) || is_remark_or_empty(&row))) {
            return Some(lines());
        }
        if let Some((columns, kind)) = columns(names) {
            let span = columns.network.and_then(|column| first.get(column));
            let fits = span.is_none_or(|cell| is_network(&String::from_utf8_lossy(cell))) || is_remark_or_empty(&row);
            let kind = told.filter(|_| is_certain).or(kind).or(told);
            return fits.then_some((Self { columns, kind, is_certain, is_open: true }, false));
        }
        is_certain.then(lines)
    }

    /// Takes a row: a network, or nothing where it is a remark.
    pub(super) fn row(&mut self, cells: &[Cell<'_>]) -> Result<Option<Entry>, Refusal> {
        let text = |place: Option<usize>| match place.and_then(|place| cells.get(place)) {
            Some(Cell::Text(text)) => String::from_utf8_lossy(text).trim().to_owned(),
            _ => String::new(),
        };
        let line = text(Some(0));
        if is_remark(&line) || cells.iter().all(Cell::is_empty) {
            if self.is_open {
                self.kind = self.kind.or_else(|| NetworkKind::of_text(&line));
            }
            return Ok(None);
        }
        self.is_open = false;
        let (network, last, system) = (text(self.columns.network), text(self.columns.last), text(self.columns.system));
        let (network, behind) = network_of(&network);
        let span = match (network, last.as_str()) {
            ("", _) => system.parse().map_or_else(|_| Span::parse(&system), |number| Ok(Span::System(number))),
            (_, "") => Span::parse(network),
            (first, last) => Span::between(first, last),
        };
        let span = span.map_err(Refusal::NoNetwork)?;
        let beside: Vec<String> = self.columns.names.iter().map(|place| text(Some(*place))).collect();
        let beside: Vec<&str> = behind.split(SEPARATORS).chain(beside.iter().map(String::as_str)).collect();
        let beside: Vec<&str> =
            beside.into_iter().map(|name| name.trim_matches([' ', '"'])).filter(|name| !name.is_empty()).collect();
        let said = NetworkKind::parse(&text(self.columns.kind));
        let said = said.or_else(|| beside.iter().find_map(|word| NetworkKind::parse(word)));
        let kind = if self.is_certain { self.kind.or(said) } else { said.or(self.kind) };
        let kind = kind.ok_or(Refusal::NoNetworkKind)?;
        let name: String = beside.join(", ").chars().take(LONGEST_NAME).collect();
        Ok(Some(Entry { span, kind, name: name.into() }))
    }
}

/// A longer name is cut: these are labels, and there can be many.
pub(super) const LONGEST_NAME: usize = 80;

fn is_remark(line: &str) -> bool {
    REMARKS.iter().any(|begin| line.starts_with(begin))
}

fn is_remark_or_empty(line: &str) -> bool {
    line.trim().is_empty() || is_remark(line)
}

/// What separates a network from what stands behind it, beside blanks.
const SEPARATORS: [char; 5] = ['#', ';', ',', '|', '\t'];

/// The network at the beginning of a line, and what stands behind it.
fn network_of(line: &str) -> (&str, &str) {
    let line = line.strip_prefix(EXIT).unwrap_or(line).trim_matches([' ', '"']);
    // Two ends may have blanks around their hyphen, and `AS 64500` has one in it.
    if Span::parse(line).is_ok() {
        return (line, "");
    }
    let end = line.find(|letter: char| letter == ' ' || SEPARATORS.contains(&letter));
    let (network, rest) = line.split_at(end.unwrap_or(line.len()));
    (network.trim_end_matches('"'), rest)
}

/// Columns of a header in which every name is one of a list, and what kind it names.
fn columns(names: &[String]) -> Option<(Columns, Option<NetworkKind>)> {
    let (mut columns, mut kind) = (Columns::default(), None);
    for (place, name) in names.iter().enumerate() {
        let plain: String = name.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_ascii_lowercase();
        let is = |known: &[&str]| known.contains(&plain.as_str());
        if is(NETWORK) {
            columns.network.get_or_insert(place);
        } else if is(LAST) {
            columns.last = Some(place);
        } else if is(SYSTEM) {
            columns.system = Some(place);
        } else if is(KIND) {
            columns.kind = Some(place);
        } else if is(NAME) {
            columns.names.push(place);
        } else {
            kind = Some(NetworkKind::parse(name)?);
            columns.network.get_or_insert(place);
        }
    }
    (columns.network.is_some() || columns.system.is_some()).then_some((columns, kind))
}

/// Named locations of Entra, as Graph has them (`identity/conditionalAccess/namedLocations`).
pub(super) static NAMED_LOCATION: Format = Format {
    name: "named-location",
    export: Export {
        what: "Named locations",
        from: "Graph",
        holds: &[Holds::Beside],
        note: "the networks of those that are trusted count as the organisation's own.",
        ..Export::UNTOLD
    },
    marks: &["ipRanges"],
    any: &["isTrusted"],
    kind: |_| Some(Kind::NamedLocation),
    table: &[(Column::Object, &["displayName"]), (Column::Ranges, &["ipRanges"]), (Column::Trusted, &["isTrusted"])],
    ..Format::PLAIN
};

/// The networks of a named location, if it is trusted: a location that is not says nothing of whose
/// its networks are.
pub(super) fn named_location(row: &Row<'_>) -> Result<Vec<Entry>, Refusal> {
    if row.one_of(Column::Trusted, &["true"]).is_none() {
        return Ok(Vec::new());
    }
    let (Cell::Json(list) | Cell::Text(list)) = row.cell(Column::Ranges) else { return Ok(Vec::new()) };
    let unreadable = Refusal::NoNetwork(NoSpan::Unreadable);
    let ranges: Vec<serde_json::Value> = serde_json::from_slice(list).map_err(|_| unreadable)?;
    let name: Box<str> = row.text(Column::Object).unwrap_or_default().chars().take(LONGEST_NAME).collect();
    let entry = |range: &serde_json::Value| {
        let text = range.get("cidrAddress").and_then(serde_json::Value::as_str).ok_or(unreadable)?;
        let span = Span::parse(text).map_err(Refusal::NoNetwork)?;
        Ok(Entry { span, kind: NetworkKind::KnownGood, name: name.clone() })
    };
    ranges.iter().map(entry).collect()
}
