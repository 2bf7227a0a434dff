//! Names of countries, for sentences: exports carry two letters. And their middles, for distances.

use std::sync::OnceLock;

use super::table;

/// The country's everyday English name; nothing for letters that are no country.
#[must_use]
pub fn name(code: &str) -> Option<&'static str> {
    table::find(countries(), &code.trim().to_ascii_uppercase().as_str())
}

/// The middle of a country.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Middle {
    /// Whole degrees north.
    pub latitude: i16,
    /// Whole degrees east.
    pub longitude: i16,
    /// Kilometres that reach every place of the country.
    pub radius: u16,
}

/// The middle of a country by its two letters, for records that have no coordinates; nothing for
/// countries that the table lacks.
#[must_use]
pub fn middle(code: &str) -> Option<Middle> {
    table::find(middles(), &code.trim().to_ascii_uppercase().as_str())
}

fn middles() -> &'static [(&'static str, Middle)] {
    static MIDDLES: OnceLock<Vec<(&'static str, Middle)>> = OnceLock::new();
    MIDDLES.get_or_init(|| {
        table::rows(include_str!("country-middles.tsv"))
            .filter_map(|row| {
                let mut columns = row.split('\t');
                let code = table::column(&mut columns);
                let latitude = table::column(&mut columns).parse().ok()?;
                let longitude = table::column(&mut columns).parse().ok()?;
                let radius = table::column(&mut columns).parse().ok()?;
                Some((code, Middle { latitude, longitude, radius }))
            })
            .collect()
    })
}

fn countries() -> &'static [(&'static str, &'static str)] {
    static COUNTRIES: OnceLock<Vec<(&'static str, &'static str)>> = OnceLock::new();
    COUNTRIES
        .get_or_init(|| table::rows(include_str!("countries.tsv")).filter_map(|row| row.split_once('\t')).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_whole_and_sorted() {
        assert_eq!(countries().len(), table::rows(include_str!("countries.tsv")).count());
        assert!(countries().is_sorted_by(|(a, _), (b, _)| a < b));
        assert!(countries().iter().all(|(code, name)| code.len() == 2 && !name.is_empty()));
    }

    #[test]
    fn the_middles_are_whole_sorted_and_of_known_countries() {
        assert_eq!(middles().len(), table::rows(include_str!("country-middles.tsv")).count());
        assert!(middles().is_sorted_by(|(a, _), (b, _)| a < b));
        for (code, middle) in middles() {
            assert!(name(code).is_some() && (-90..=90).contains(&middle.latitude), "{code}");
            assert!((-180..=180).contains(&middle.longitude) && (10..=5_000).contains(&middle.radius), "{code}");
        }
        assert_eq!(super::middle(" de "), Some(Middle { latitude: 51, longitude: 10, radius: 500 }));
        assert_eq!(super::middle(""), None);
    }

    #[test]
    fn names() {
        assert_eq!(name("NO"), Some("Norway"));
        assert_eq!(name(" nl "), Some("Netherlands"));
        assert_eq!(name("Norway"), None);
        assert_eq!(name(""), None);
    }
}
