//! Names of countries, for sentences: exports carry two letters.

use std::sync::OnceLock;

use super::table;

/// The country's everyday English name; nothing for letters that are no country.
#[must_use]
pub fn name(code: &str) -> Option<&'static str> {
    table::find(countries(), &code.trim().to_ascii_uppercase().as_str())
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
    fn names() {
        assert_eq!(name("NO"), Some("Norway"));
        assert_eq!(name(" nl "), Some("Netherlands"));
        assert_eq!(name("Norway"), None);
        assert_eq!(name(""), None);
    }
}
