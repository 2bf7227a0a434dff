//! Tuning: thresholds, windows and lists that an analyst can change.

use crate::order::Map;

use serde::Serialize;

use crate::events::{Guid, Id};

use super::{Detection, find};

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
        let detection = find(id).ok_or_else(|| TuningError::Detection(id.to_owned()))?;
        let tunable =
            detection.tunables.iter().find(|tunable| tunable.name == name).ok_or_else(|| TuningError::Tunable {
                detection: id.to_owned(),
                name: name.to_owned(),
                known: detection.tunables.iter().map(|tunable| tunable.name).collect::<Vec<_>>().join(", "),
            })?;
        let value = value.trim();
        let wanted = match tunable.kind {
            Kind::Number if value.parse::<u32>().is_ok() || value == tunable.default => None,
            Kind::Number if tunable.default == "none" => Some("a whole number or none".to_owned()),
            Kind::Number => Some("a whole number".to_owned()),
            Kind::Flag if matches!(value, "true" | "false") => None,
            Kind::Flag => Some("true or false".to_owned()),
            Kind::Choice(choices) if choices.contains(&value) => None,
            Kind::Choice(choices) => Some(format!("one of {}", choices.join(", "))),
            Kind::List if value == tunable.default => None,
            Kind::List if value.split(',').all(|item| Guid::parse(item.trim()).is_some()) => None,
            Kind::List => Some("application ids separated by commas".to_owned()),
            Kind::Words if value.split(',').all(is_plain) => None,
            Kind::Words => {
                Some("texts of letters, digits, blanks and marks without quotes, separated by commas".to_owned())
            }
        };
        if let Some(wanted) = wanted {
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
            find(detection)
                .and_then(|found| found.tunables.iter().find(|tunable| tunable.name == name))
                .map_or("", |tunable| tunable.default)
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
        Kind::Words if value == "none" => "dynamic([])".to_owned(),
        Kind::List | Kind::Words => {
            let items: Vec<String> =
                value.split(',').map(|item| format!("'{}'", item.trim().to_ascii_lowercase())).collect();
            format!("dynamic([{}])", items.join(", "))
        }
    }
}
