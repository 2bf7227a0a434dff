//! What the admin center's CSV calls its columns and values in other languages than English.

use std::sync::OnceLock;

use super::table;

/// A name in another language.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Name {
    /// The name, apostrophes straight.
    pub local: &'static str,
    /// The languages it is of, in English, with commas.
    languages: &'static str,
    /// What the English file says.
    pub english: &'static str,
}

/// The English column that a header in another language stands for. Case, the shape of apostrophes
/// and blanks do not matter.
#[must_use]
pub fn header(local: &str) -> Option<&'static Name> {
    find(&names().headers, local)
}

/// A value word in English: itself, where it is none of another language that is known.
#[must_use]
pub fn canonical(word: &str) -> &str {
    find(&names().words, word).map_or(word, |name| name.english)
}

impl Name {
    /// The languages it is of, in English.
    pub fn languages(&self) -> impl Iterator<Item = &'static str> + use<> {
        self.languages.split(", ")
    }
}

#[derive(Debug, Default)]
struct Names {
    headers: Vec<Name>,
    words: Vec<Name>,
}

fn find<'a>(names: &'a [Name], local: &str) -> Option<&'a Name> {
    let plain = plain(local);
    names.iter().find(|name| self::plain(name.local) == plain)
}

/// Lower-case, apostrophes straight, one blank at a time.
fn plain(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    words.join(" ").replace(['\u{2019}', '\u{2bc}', '\u{b4}', '`'], "'").to_lowercase()
}

fn names() -> &'static Names {
    static NAMES: OnceLock<Names> = OnceLock::new();
    NAMES.get_or_init(|| {
        let mut names = Names::default();
        for row in table::rows(include_str!("portal.tsv")) {
            let mut columns = row.split('\t');
            let [local, languages, kind, english] = [(); 4].map(|()| table::column(&mut columns));
            let name = Name { local, languages, english };
            if kind == "header" { names.headers.push(name) } else { names.words.push(name) }
        }
        names
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_is_whole_and_said_once() {
        let names = names();
        assert_eq!(names.headers.len() + names.words.len(), table::rows(include_str!("portal.tsv")).count());
        for list in [&names.headers, &names.words] {
            assert!(list.iter().all(|name| !name.local.is_empty() && !name.english.is_empty()));
            let plain: crate::order::Set<String> = list.iter().map(|name| plain(name.local)).collect();
            assert_eq!(plain.len(), list.len());
        }
    }

    #[test]
    fn a_header_is_found_whatever_its_apostrophes_and_blanks() {
        for local in ["Nom d'utilisateur", "nom d\u{2019}utilisateur ", "Nom\u{a0}d'utilisateur"] {
            assert_eq!(header(local).map(|name| name.english), Some("Username"), "{local}");
        }
        assert_eq!(header("Id. de solicitud").map(|name| name.english), Some("Request ID"));
        let languages = |local| header(local).map(|name| name.languages().collect::<Vec<_>>());
        assert_eq!(languages("Conforme"), Some(vec!["Italian", "Spanish"]));
        assert_eq!(header("Username"), None);
        assert_eq!(canonical("Op\u{e9}ration r\u{e9}ussie"), "Success");
        assert_eq!(canonical("Failure"), "Failure");
    }
}
