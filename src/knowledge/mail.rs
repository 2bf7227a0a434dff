//! Names and words of mailboxes and files: folders where nobody looks, and words that an intruder's rules,
//! searches and deletions ask for.

use std::sync::LazyLock;

use memchr::memmem::Finder;

use super::table;

/// Words of one kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Words {
    /// Warnings of an intrusion.
    Security,
    /// Payments.
    Money,
    /// Notices of a new method, device or password.
    Notice,
    /// Secrets that open something else.
    Secret,
    /// What is worth stealing or selling.
    Private,
    /// Names that pose as support.
    Helpdesk,
}

impl Words {
    /// In the order of their declaration.
    const ALL: [Self; 6] = [Self::Security, Self::Money, Self::Notice, Self::Secret, Self::Private, Self::Helpdesk];

    const fn name(self) -> &'static str {
        match self {
            Self::Security => "security",
            Self::Money => "money",
            Self::Notice => "notice",
            Self::Secret => "secret",
            Self::Private => "private",
            Self::Helpdesk => "helpdesk",
        }
    }

    /// The first word of this kind in a text.
    #[must_use]
    pub fn find(self, text: &str) -> Option<&'static str> {
        let text = text.to_lowercase();
        self.words().iter().find(|word| word.is_in(&text)).map(|word| word.text)
    }

    /// All words of this kind in a text.
    #[must_use]
    pub fn all(self, text: &str) -> Vec<&'static str> {
        let text = text.to_lowercase();
        self.words().iter().filter(|word| word.is_in(&text)).map(|word| word.text).collect()
    }

    /// Its words, in the order of the file.
    fn words(self) -> &'static [Word] {
        static WORDS: LazyLock<[Vec<Word>; 6]> =
            LazyLock::new(|| Words::ALL.map(|kind| row(kind.name()).map(Word::new).collect()));
        WORDS.get(self as usize).map_or(&[], Vec::as_slice)
    }
}

/// A folder where mail is out of sight.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HiddenFolder {
    /// Hardly anybody looks there.
    Hidden,
    /// The archive: people move mail there, too.
    Archive,
}

/// Whether mail is out of sight in a folder of this name, in any of fourteen languages.
#[must_use]
pub fn hidden_folder(name: &str) -> Option<HiddenFolder> {
    let name = name.trim().to_lowercase();
    let is = |kind: &str| row(kind).any(|folder| folder == name);
    if ["folder-deleted", "folder-junk", "folder-rss", "folder-history"].into_iter().any(is) {
        Some(HiddenFolder::Hidden)
    } else {
        is("folder-archive").then_some(HiddenFolder::Archive)
    }
}

/// Whether anybody can have an address of this domain, lower-case.
#[must_use]
pub fn is_consumer(domain: &str) -> bool {
    row("consumer").any(|known| known == domain)
}

fn row(kind: &str) -> impl Iterator<Item = &'static str> {
    let found = table::rows(include_str!("mail.tsv")).find_map(|row| row.strip_prefix(kind)?.strip_prefix('\t'));
    found.unwrap_or_default().split('|').filter(|word| !word.is_empty())
}

/// A word, with what finds it in a text.
#[derive(Debug)]
struct Word {
    text: &'static str,
    finder: Finder<'static>,
}

impl Word {
    fn new(text: &'static str) -> Self {
        Self { text, finder: Finder::new(text) }
    }

    /// Whether a text, in lower case, has a word that begins so; short words must also end so.
    fn is_in(&self, text: &str) -> bool {
        const SHORT: usize = 4;
        self.finder.find_iter(text.as_bytes()).any(|at| {
            let before = text.get(..at).and_then(|text| text.chars().next_back());
            let after = text.get(at + self.text.len()..).and_then(|text| text.chars().next());
            let free = |letter: Option<char>| letter.is_none_or(|letter| !letter.is_alphanumeric());
            free(before) && (self.text.len() > SHORT || free(after))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_are_known_in_their_languages() {
        for name in
            ["RSS Feeds", "Gelöschte Elemente", "Courrier indésirable", " junk email ", "Historial de conversaciones"]
        {
            assert_eq!(hidden_folder(name), Some(HiddenFolder::Hidden), "{name}");
        }
        assert_eq!(hidden_folder("Arkiv"), Some(HiddenFolder::Archive));
        for name in ["Newsletters", "RSS of the team", "", "Projects"] {
            assert_eq!(hidden_folder(name), None, "{name}");
        }
    }

    #[test]
    fn words_begin_where_a_word_begins() {
        assert_eq!(Words::Security.find("Phishing report"), Some("phish"));
        assert_eq!(Words::Money.find("your IBAN please"), Some("iban"));
        assert_eq!(Words::Money.find("teach the machine"), None);
        assert_eq!(Words::Secret.all("VPN password list"), ["password", "vpn"]);
        assert_eq!(Words::Notice.find("Security info was added"), Some("security info"));
        assert_eq!(Words::Helpdesk.find("Contoso IT Support"), Some("it support"));
        assert!(is_consumer("gmail.com") && !is_consumer("contoso.example"));
    }

    #[test]
    fn every_kind_has_words_of_its_own_in_lower_case() {
        for line in table::rows(include_str!("mail.tsv")) {
            let words: Vec<&str> = line.split_once('\t').map_or("", |(_, words)| words).split('|').collect();
            assert!(words.len() > 10, "{line}");
            assert_eq!(line, line.to_lowercase());
            let once: crate::order::Set<&&str> = words.iter().collect();
            assert_eq!(once.len(), words.len(), "{line}");
        }
    }
}
