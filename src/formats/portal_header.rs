//! Headers of the admin center's sign-in CSV in other languages than English.
//!
//! What is known of a language is read by name. The file of 2025 and that of applications have their
//! columns in a fixed order, so that a header in any language is read by place, if the first row has
//! a time, ids and an address where they belong, and the names are not those of another export.

use crate::events::address;
use crate::events::guid::Guid;
use crate::events::time::{self, DayOrder};
use crate::knowledge::portal;

use super::{Tally, zone};

/// The two user tabs, 2025.
const USERS: [&str; 57] = [
    "Date (UTC)",
    "Request ID",
    "User agent",
    "Correlation ID",
    "User ID",
    "User",
    "Username",
    "User type",
    "Cross tenant access type",
    "Incoming token type",
    "Authentication Protocol",
    "Unique token identifier",
    "Original transfer method",
    "Client credential type",
    "Token Protection - Sign In Session",
    "Token Protection - Sign In Session StatusCode",
    "Application",
    "Application ID",
    "App owner tenant ID",
    "Resource",
    "Resource ID",
    "Resource tenant ID",
    "Resource owner tenant ID",
    "Home tenant ID",
    "Home tenant name",
    "IP address",
    "Location",
    "Status",
    "Sign-in error code",
    "Failure reason",
    "Client app",
    "Device ID",
    "Browser",
    "Operating System",
    "Compliant",
    "Managed",
    "Join Type",
    "Multifactor authentication result",
    "Multifactor authentication auth method",
    "Multifactor authentication auth detail",
    "Authentication requirement",
    "Sign-in identifier",
    "Session ID",
    "IP address (seen by resource)",
    "Through Global Secure Access",
    "Global Secure Access IP address",
    "Autonomous system number",
    "Flagged for review",
    "Token issuer type",
    "Incoming token type",
    "Token issuer name",
    "Latency",
    "Conditional Access",
    "Managed Identity type",
    "Associated Resource Id",
    "Federated Token Id",
    "Federated Token Issuer",
];

/// Sign-ins of applications.
const APPLICATIONS: [&str; 22] = [
    "Date (UTC)",
    "Request ID",
    "Correlation ID",
    "Service principal ID",
    "Service principal name",
    "Credential key ID",
    "Credential thumbprint",
    "Application",
    "Application ID",
    "App owner tenant ID",
    "Resource",
    "Resource ID",
    "Resource tenant ID",
    "Resource owner tenant ID",
    "Home tenant ID",
    "Home tenant name",
    "IP address",
    "Location",
    "Status",
    "Sign-in error code",
    "Failure reason",
    "Conditional Access",
];

/// A header in another language, read.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Header {
    /// The language; [`Tally::BY_PLACE`] where it is not known.
    pub(super) language: &'static str,
    /// The English names, in the order of the columns; as they stand where nothing is known of them.
    pub(super) names: Vec<String>,
}

/// Columns of ids in both orders: in each row one of these has an id.
const IDS: [&str; 3] = ["Correlation ID", "Application ID", "Resource ID"];
/// Names of another export that a header must have to be of it: one may be the same in some language.
const OF_ANOTHER: usize = 3;

/// Reads a header in another language; nothing where it is English, or none of this kind. `is_known` says
/// whether some export has a column of this name.
pub(super) fn read(names: &[String], first: &[&[u8]], is_known: &dyn Fn(&str) -> bool) -> Option<Header> {
    let plain: Vec<String> = names.iter().map(|name| zone::without_suffix(name)).collect();
    let is = |english: &str| plain.iter().any(|name| name.eq_ignore_ascii_case(english));
    if is("Request ID") || is("Username") {
        return None;
    }
    if let Some(names) = audit(&plain, first) {
        return Some(Header { language: Tally::BY_PLACE, names });
    }
    let known: Vec<Option<&portal::Name>> = plain.iter().map(|name| portal::header(name)).collect();
    let language = language(&known);
    let ours = |name: &str| USERS.iter().chain(&APPLICATIONS).any(|own| own.eq_ignore_ascii_case(name));
    let of_another = plain.iter().filter(|name| is_known(name) && !ours(name)).count();
    if of_another < OF_ANOTHER
        && let Some(by_place) = by_place(&plain, &known, first)
    {
        return Some(Header { language: language.unwrap_or(Tally::BY_PLACE), names: by_place });
    }
    let language = language.filter(|_| known.iter().flatten().count() >= 4)?;
    let names = plain.into_iter().zip(&known).map(|(name, known)| known.map_or(name, |known| known.english.to_owned()));
    Some(Header { language, names: names.collect() })
}

/// The names of an audit log of which only the first is of another language, one that is not known: all others
/// are the same in every language.
fn audit(plain: &[String], first: &[&[u8]]) -> Option<Vec<String>> {
    let is = |english: &str| plain.iter().any(|name| name.eq_ignore_ascii_case(english));
    let is_audit = ["Activity", "CorrelationId", "ActorType", "Target1Type"].into_iter().all(is);
    let begins = plain.first().is_some_and(|name| !name.starts_with("Date") && portal::header(name).is_none());
    if !is_audit || !begins || !first.first().is_some_and(|cell| is_time(cell)) {
        return None;
    }
    let mut names = plain.to_vec();
    "Date (UTC)".clone_into(names.first_mut()?);
    Some(names)
}

/// Whether the first row of a table looks like that of a download of the admin center: a time first,
/// and an id.
pub(super) fn may_be(first: &[&[u8]]) -> bool {
    first.first().is_some_and(|cell| is_time(cell)) && first.iter().any(|cell| is_guid(cell)) && first.len() >= 15
}

/// The names of the known header that this one is, by its length, what is known of its names, and its
/// first row.
fn by_place(plain: &[String], known: &[Option<&portal::Name>], first: &[&[u8]]) -> Option<Vec<String>> {
    let header: &[&str] = match plain.len() {
        57 => &USERS,
        22 => &APPLICATIONS,
        _ => return None,
    };
    let contradicts = |(english, known): (&&str, &Option<&portal::Name>)| {
        known.is_some_and(|known| !known.english.eq_ignore_ascii_case(english))
    };
    let fits = first.len() == header.len()
        && first.first().is_some_and(|cell| is_time(cell))
        && first.get(1).is_some_and(|cell| is_guid(cell))
        && looks_right(header, first);
    let holds = fits && !header.iter().zip(known).any(contradicts);
    holds.then(|| header.iter().map(|name| (*name).to_owned()).collect())
}

/// Whether a row has ids where this header has columns of ids, at least one, and an address or nothing in
/// that of the address.
fn looks_right(header: &[&str], row: &[&[u8]]) -> bool {
    let nothing = |cell: &[u8]| cell.len() <= 1 || cell.eq_ignore_ascii_case(b"null");
    let of = |name: &str| {
        header.iter().zip(row).find(|(own, _)| **own == name).map_or(&b""[..], |(_, cell)| cell.trim_ascii())
    };
    let ids = IDS.map(of);
    let address = of("IP address");
    let is_address = || std::str::from_utf8(address).is_ok_and(|text| address::parse_address(text).is_some());
    ids.iter().all(|cell| nothing(cell) || is_guid(cell))
        && ids.iter().any(|cell| is_guid(cell))
        && (nothing(address) || is_address())
}

/// The language that most of the names are of.
fn language(known: &[Option<&'static portal::Name>]) -> Option<&'static str> {
    let languages: Vec<&str> = known.iter().flatten().flat_map(|name| name.languages()).collect();
    let count = |language: &str| languages.iter().filter(|other| **other == language).count();
    languages.iter().copied().max_by_key(|language| (count(language), *language))
}

fn is_time(cell: &[u8]) -> bool {
    std::str::from_utf8(cell).is_ok_and(|text| time::parse(text, DayOrder::Unknown).is_some())
}

fn is_guid(cell: &[u8]) -> bool {
    Guid::parse_bytes(cell.trim_ascii()).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: &[u8] = b"0f94f5fb-3583-4c46-9bfa-0390c1988800";

    fn header(names: &[&str]) -> Vec<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    #[test]
    fn english_and_other_tables_are_left_alone() {
        let row: Vec<&[u8]> = USERS.iter().map(|_| ID).collect();
        assert_eq!(read(&header(&USERS), &row, &|_| false), None);
        assert_eq!(read(&header(&APPLICATIONS), &row, &|_| false), None);
        assert_eq!(read(&header(&["TimeGenerated", "Type"]), &[], &|_| false), None);
        assert_eq!(read(&header(&["Stato", "Utente"]), &[], &|_| false), None, "two names are no header");
    }

    /// A row of applications: a time, ids, an address, words.
    fn row() -> Vec<&'static [u8]> {
        let mut row: Vec<&[u8]> = vec![b"x"; 22];
        row[0] = b"2025-12-04T08:19:41Z";
        for place in [1, 2, 8, 11] {
            row[place] = ID;
        }
        row[16] = b"203.0.113.7";
        row
    }

    #[test]
    fn an_unknown_language_is_read_by_place_where_time_ids_and_address_stand_in_theirs() {
        let names: Vec<String> = (0..22).map(|number| format!("Spalte {number}")).collect();
        let no = |_: &str| false;
        let found = read(&names, &row(), &no).unwrap();
        assert_eq!((found.language, found.names.as_slice()), (Tally::BY_PLACE, header(&APPLICATIONS).as_slice()));
        assert!(may_be(&row()));
        for (place, cell, is_read) in [
            (0, &b"x"[..], false),
            (1, b"x1", false),
            (2, b"not an id", false),
            (2, b"", true),
            (8, b"-", true),
            (16, b"Berlin", false),
            (16, b"", true),
            (16, b"2001:db8::1", true),
        ] {
            let mut other = row();
            other[place] = cell;
            assert_eq!(read(&names, &other, &no).is_some(), is_read, "{place}: {}", String::from_utf8_lossy(cell));
        }
        // A name that is known, in another's place.
        let mut moved = names.clone();
        moved[4] = "Indirizzo IP".to_owned();
        assert_eq!(read(&moved, &row(), &no), None);
        // Names of another export: two may be words of the language, three are that export's.
        for (known, is_read) in [(2, true), (3, false)] {
            let is_known = |name: &str| (0..known).any(|number| name == format!("Spalte {number}"));
            assert_eq!(read(&names, &row(), &is_known).is_some(), is_read, "{known}");
        }
    }
}
