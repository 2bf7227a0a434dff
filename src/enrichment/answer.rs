//! What databases say of an address, whoever made them.
//!
//! Spellings: MaxMind (GeoLite2 and GeoIP2: ASN, ISP, City, Country, Enterprise, Anonymous IP), DB-IP,
//! which follows it, and IPinfo, whose values are texts on one level.

use super::database::Record;
use super::value::Value;
use super::{Kinds, NetworkKind};

/// What a database says of an address.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Answer {
    /// Number of the autonomous system.
    pub system: Option<u32>,
    /// Country, two letters in capitals.
    pub country: Option<String>,
    /// State or region.
    pub state: Option<String>,
    /// City.
    pub city: Option<String>,
    /// Degrees north and east, times 10,000.
    pub coordinates: Option<(i32, i32)>,
    /// What hides behind it.
    pub kinds: Kinds,
}

/// Keys under which a flag says that an address hides its users, and what it is then.
const HIDING: &[(&str, NetworkKind)] = &[
    ("is_tor_exit_node", NetworkKind::Tor),
    ("is_tor", NetworkKind::Tor),
    ("tor", NetworkKind::Tor),
    ("is_anonymous_vpn", NetworkKind::Vpn),
    ("is_vpn", NetworkKind::Vpn),
    ("vpn", NetworkKind::Vpn),
    ("is_public_proxy", NetworkKind::Proxy),
    ("is_residential_proxy", NetworkKind::Proxy),
    ("is_proxy", NetworkKind::Proxy),
    ("proxy", NetworkKind::Proxy),
    ("is_hosting_provider", NetworkKind::Hosting),
    ("is_hosting", NetworkKind::Hosting),
    ("hosting", NetworkKind::Hosting),
    ("is_relay", NetworkKind::Relay),
    ("relay", NetworkKind::Relay),
];

impl Answer {
    /// Reads what a record says.
    #[must_use]
    pub fn of(record: &Record<'_>) -> Self {
        let first = |paths: &[&[&str]]| paths.iter().find_map(|path| record.get(path));
        let text = |paths: &[&[&str]]| {
            let texts = paths.iter().filter_map(|path| record.get(path).and_then(Value::text));
            let text = texts.map(str::trim).find(|text| !text.is_empty())?;
            Some(text.chars().take(LONGEST).collect::<String>())
        };
        let mut countries = [&["country", "iso_code"][..], &["country_code"], &["country"]].into_iter();
        let country = countries.find_map(|path| text(&[path]).filter(|code| is_code(code)));
        let degrees = |paths: &[&[&str]]| first(paths).and_then(Value::fraction);
        let loc = || {
            let (north, east) = text(&[&["loc"]])?.split_once(',').map(|(a, b)| (a.parse().ok(), b.parse().ok()))?;
            north.zip(east)
        };
        let north = degrees(&[&["location", "latitude"], &["latitude"], &["lat"]]);
        let east = degrees(&[&["location", "longitude"], &["longitude"], &["lng"]]);
        let system = first(&[&["autonomous_system_number"], &["traits", "autonomous_system_number"], &["asn"]]);
        Self {
            system: system.and_then(system_number),
            country: country.map(|code| code.to_ascii_uppercase()),
            state: text(&[&["subdivisions", "names", "en"], &["region"]]),
            city: text(&[&["city", "names", "en"], &["city"]]),
            coordinates: north.zip(east).or_else(loc).and_then(coordinates),
            kinds: kinds(record),
        }
    }
}

/// A longer name is cut.
const LONGEST: usize = 100;

fn is_code(text: &str) -> bool {
    text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_alphabetic())
}

fn system_number(value: Value<'_>) -> Option<u32> {
    let number = match value {
        Value::Number(number) => u32::try_from(number).ok()?,
        Value::Text(text) => text.trim().trim_start_matches(['A', 'S', 'a', 's']).parse().ok()?,
        Value::Fraction(_) | Value::Flag(_) => return None,
    };
    (number != 0).then_some(number)
}

fn coordinates((north, east): (f64, f64)) -> Option<(i32, i32)> {
    let fits = (-90.0..=90.0).contains(&north) && (-180.0..=180.0).contains(&east);
    #[expect(clippy::cast_possible_truncation, reason = "degrees times 10,000 fit")]
    fits.then(|| ((north * 10_000.0).round() as i32, (east * 10_000.0).round() as i32))
}

fn kinds(record: &Record<'_>) -> Kinds {
    let yes =
        |key: &str| [&[key][..], &["traits", key]].iter().any(|path| record.get(path).is_some_and(Value::says_yes));
    let mut kinds = HIDING.iter().filter(|(key, _)| yes(key)).fold(Kinds::NONE, |kinds, (_, kind)| kinds.with(*kind));
    if kinds == Kinds::NONE && yes("is_anonymous") {
        kinds = kinds.with(NetworkKind::Proxy);
    }
    kinds
}
