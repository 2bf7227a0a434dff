//! Tuning: thresholds, windows and lists that an analyst can change.

use crate::order::Map;

use serde::Serialize;

use crate::enrichment::Span;
use crate::events::{Guid, Id};

use super::{ALL, Detection, OWN_NETWORKS};

/// What a tunable takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase", tag = "kind", content = "choices")]
pub enum Kind {
    /// A whole number from 0, or `none` where the default is `none`.
    Number,
    /// `true` or `false`.
    Flag,
    /// One of these words.
    Choice(&'static [&'static str]),
    /// GUIDs, separated by commas.
    List,
    /// Texts of letters, digits and a few marks, separated by commas; or `none`.
    Words,
    /// Addresses, networks and autonomous systems, separated by commas; or `none`.
    Networks,
}

impl Kind {
    /// What it takes, in words.
    #[must_use]
    pub fn takes(self, default: &str) -> String {
        match self {
            Self::Number if default == "none" => "a whole number or none".to_owned(),
            Self::Number => "a whole number".to_owned(),
            Self::Flag => "true or false".to_owned(),
            Self::Choice(choices) => format!("one of {}", choices.join(", ")),
            Self::List => "application ids separated by commas".to_owned(),
            Self::Words => {
                "texts of letters, digits, blanks and marks without quotes, separated by commas, or none".to_owned()
            }
            Self::Networks => {
                "addresses, networks such as 192.0.2.0/24 and systems such as AS64500, separated by commas, or none"
                    .to_owned()
            }
        }
    }

    fn accepts(self, value: &str, default: &str) -> bool {
        value == default
            || match self {
                Self::Number => value.parse::<u32>().is_ok(),
                Self::Flag => matches!(value, "true" | "false"),
                Self::Choice(choices) => choices.contains(&value),
                Self::List => value.split(',').all(|item| Guid::parse(item.trim()).is_some()),
                Self::Words => value.split(',').all(is_plain),
                Self::Networks => value.split(',').all(|item| Span::parse(item).is_ok()),
            }
    }
}

/// Something that can be tuned.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Tunable {
    /// Its name, kebab-case.
    pub name: &'static str,
    /// What it takes.
    #[serde(flatten)]
    pub kind: Kind,
    /// What it is when nobody says otherwise.
    pub default: &'static str,
    /// What it does.
    pub what: &'static str,
}

impl Tunable {
    /// A whole number from 0, or `none` where that is the default.
    pub(super) const fn number(name: &'static str, default: &'static str, what: &'static str) -> Self {
        Self { name, kind: Kind::Number, default, what }
    }

    /// A yes or no.
    pub(super) const fn flag(name: &'static str, default: &'static str, what: &'static str) -> Self {
        Self { name, kind: Kind::Flag, default, what }
    }

    /// One of some words, the first by default.
    pub(super) const fn choice(name: &'static str, choices: &'static [&'static str], what: &'static str) -> Self {
        let default = match choices {
            [first, ..] => first,
            [] => "",
        };
        Self { name, kind: Kind::Choice(choices), default, what }
    }

    /// Application ids; a list that the program has by default.
    pub(super) const fn list(name: &'static str, what: &'static str) -> Self {
        Self { name, kind: Kind::List, default: "built-in", what }
    }

    /// Texts, none by default.
    pub(super) const fn words(name: &'static str, what: &'static str) -> Self {
        Self { name, kind: Kind::Words, default: "none", what }
    }

    /// Networks, none by default.
    pub(super) const fn networks(name: &'static str, what: &'static str) -> Self {
        Self { name, kind: Kind::Networks, default: "none", what }
    }
}

/// What can be tuned under one name: a detection, or something that many of them ask.
#[derive(Clone, Copy, Debug)]
pub struct Tuned {
    /// Its name everywhere, kebab-case.
    pub id: &'static str,
    /// What it is.
    pub title: &'static str,
    /// What can be tuned of it.
    pub tunables: &'static [Tunable],
}

impl Tuned {
    fn tunable(&self, name: &str) -> Option<&'static Tunable> {
        self.tunables.iter().find(|tunable| tunable.name == name)
    }
}

/// All that can be tuned: what many detections ask, then the detections in their order.
pub fn tuned() -> impl Iterator<Item = Tuned> {
    let of = |detection: &&Detection| Tuned { id: detection.id, title: detection.title, tunables: detection.tunables };
    std::iter::once(OWN_NETWORKS).chain(ALL.iter().map(of)).filter(|tuned| !tuned.tunables.is_empty())
}

/// Whether a text can stand in a list and in a query: no quotes, no escapes, no line ends.
fn is_plain(text: &str) -> bool {
    let text = text.trim();
    !text.is_empty() && text.chars().all(|letter| letter.is_ascii_alphanumeric() || " ./_-$()[]{}:;+@".contains(letter))
}

/// Why a tuning was not taken.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TuningError {
    /// Not of the form `detection.tunable`.
    #[error("{0}: a tuning names a detection and a tunable, as in foci-pivot.max-gap-minutes")]
    Form(String),
    /// No such detection.
    #[error("{0}: there is no such detection; `signin-sleuth detections` lists them")]
    Detection(String),
    /// No such tunable.
    #[error("{detection} has no tunable {name}; it has: {known}")]
    Tunable {
        /// The detection.
        detection: String,
        /// The name that was asked for.
        name: String,
        /// Those it has.
        known: String,
    },
    /// A value that the tunable does not take.
    #[error("{key} takes {wanted}, not {value:?}")]
    Value {
        /// Detection and tunable.
        key: String,
        /// What it takes.
        wanted: String,
        /// What was given.
        value: String,
    },
}

/// Values that differ from the defaults, by `detection.tunable`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tuning {
    values: Map<String, String>,
}

impl Tuning {
    /// Sets `detection.tunable` to a value.
    ///
    /// # Errors
    /// When there is no such tunable or it does not take the value.
    pub fn set(&mut self, key: &str, value: &str) -> Result<(), TuningError> {
        let (id, name) = key.split_once('.').ok_or_else(|| TuningError::Form(key.to_owned()))?;
        let tuned = tuned().find(|tuned| tuned.id == id).ok_or_else(|| TuningError::Detection(id.to_owned()))?;
        let tunable = tuned.tunable(name).ok_or_else(|| TuningError::Tunable {
            detection: id.to_owned(),
            name: name.to_owned(),
            known: tuned.tunables.iter().map(|tunable| tunable.name).collect::<Vec<_>>().join(", "),
        })?;
        let value = value.trim();
        if !tunable.kind.accepts(value, tunable.default) {
            let wanted = tunable.kind.takes(tunable.default);
            return Err(TuningError::Value { key: key.to_owned(), wanted, value: value.to_owned() });
        }
        if value == tunable.default {
            self.values.remove(key);
        } else {
            self.values.insert(key.to_owned(), value.to_owned());
        }
        Ok(())
    }

    /// What differs from the defaults.
    #[must_use]
    pub fn changes(&self) -> &Map<String, String> {
        &self.values
    }

    fn text(&self, detection: &str, name: &str) -> &str {
        let changed = self.values.get(&format!("{detection}.{name}")).map(String::as_str);
        changed.unwrap_or_else(|| {
            let found = tuned().find(|tuned| tuned.id == detection).and_then(|tuned| tuned.tunable(name));
            found.map_or("", |tunable| tunable.default)
        })
    }

    /// A number; nothing for `none`.
    #[must_use]
    pub fn number(&self, detection: &str, name: &str) -> Option<i64> {
        self.text(detection, name).parse().ok()
    }

    /// A yes or no.
    #[must_use]
    pub fn flag(&self, detection: &str, name: &str) -> bool {
        self.text(detection, name) == "true"
    }

    /// A word.
    #[must_use]
    pub fn choice(&self, detection: &str, name: &str) -> &str {
        self.text(detection, name)
    }

    /// A list of application ids; nothing where it stands at its default, which the detection knows.
    #[must_use]
    pub fn list(&self, detection: &str, name: &str) -> Vec<Id> {
        self.text(detection, name).split(',').filter_map(|item| Guid::parse(item.trim())).map(Id::guid).collect()
    }

    /// A list of texts in lower case; nothing for `none`.
    #[must_use]
    pub fn words(&self, detection: &str, name: &str) -> Vec<String> {
        let text = self.text(detection, name);
        let items = text.split(',').map(|item| item.trim().to_ascii_lowercase());
        items.filter(|item| text != "none" && !item.is_empty()).collect()
    }

    /// The KQL twin of a detection with these values in its `let` statements.
    pub(super) fn fill_in(&self, detection: &Detection) -> String {
        let mut filled = String::new();
        let mut skipping = false;
        for line in detection.kql.lines() {
            let code = line.split_once(" //").map_or(line, |(code, _)| code).trim_end();
            if !skipping {
                match self.statement(detection, line) {
                    // A statement may go on over several lines: all of them are replaced.
                    Some(statement) => {
                        filled.push_str(&statement);
                        skipping = true;
                    }
                    None => filled.push_str(line),
                }
                filled.push('\n');
            }
            skipping = skipping && !code.ends_with(';');
        }
        filled
    }

    /// The `let` statement that takes the place of the one beginning on this line, if it is tuned.
    fn statement(&self, detection: &Detection, line: &str) -> Option<String> {
        let (name, rest) = line.strip_prefix("let ")?.split_once(" = ")?;
        let tunable = detection.tunables.iter().find(|tunable| tunable.name.replace('-', "_") == name)?;
        let value = self.values.get(&format!("{}.{}", detection.id, tunable.name))?;
        let comment = rest.split_once(" // ").map_or(String::new(), |(_, comment)| format!(" // {comment}"));
        Some(format!("let {name} = {};{comment}", literal(tunable, value)))
    }
}

/// A value as KQL writes it. Values were checked when they were set: they hold no quotes.
fn literal(tunable: &Tunable, value: &str) -> String {
    match tunable.kind {
        Kind::Number if value == "none" => "-1".to_owned(),
        Kind::Number | Kind::Flag => value.to_owned(),
        Kind::Choice(_) => format!("'{value}'"),
        Kind::Words | Kind::Networks if value == "none" => "dynamic([])".to_owned(),
        Kind::List | Kind::Words | Kind::Networks => {
            let items: Vec<String> =
                value.split(',').map(|item| format!("'{}'", item.trim().to_ascii_lowercase())).collect();
            format!("dynamic([{}])", items.join(", "))
        }
    }
}
