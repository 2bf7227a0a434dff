//! What can be tuned, and where it stands.

use serde::Serialize;

use crate::detections::{ALL, Kind, Tuning};

/// A tunable and where it stands.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Setting {
    /// `detection.tunable`.
    pub key: String,
    /// The detection.
    pub detection: String,
    /// The detection's title.
    pub title: String,
    /// The tunable.
    pub name: String,
    /// What it takes.
    pub kind: SettingKind,
    /// Words it takes, where it takes one of a few.
    pub choices: Vec<String>,
    /// What it is when nobody says otherwise.
    pub default: String,
    /// What it is now.
    pub value: String,
    /// What it does.
    pub what: String,
}

/// What a tunable takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "kebab-case")]
pub enum SettingKind {
    /// A whole number, or `none` where that is the default.
    Number,
    /// Yes or no.
    Flag,
    /// One of a few words.
    Choice,
    /// Application ids.
    List,
    /// Texts, or `none`.
    Words,
}

/// All tunables in the order of the registry.
pub(super) fn settings(tuning: &Tuning) -> Vec<Setting> {
    let of = |detection: &'static crate::detections::Detection| {
        detection.tunables.iter().map(move |tunable| {
            let key = format!("{}.{}", detection.id, tunable.name);
            let (kind, choices) = match tunable.kind {
                Kind::Number => (SettingKind::Number, Vec::new()),
                Kind::Flag => (SettingKind::Flag, Vec::new()),
                Kind::Choice(words) => (SettingKind::Choice, words.iter().map(|word| (*word).to_owned()).collect()),
                Kind::List => (SettingKind::List, Vec::new()),
                Kind::Words => (SettingKind::Words, Vec::new()),
            };
            Setting {
                value: tuning.changes().get(&key).cloned().unwrap_or_else(|| tunable.default.to_owned()),
                key,
                detection: detection.id.to_owned(),
                title: detection.title.to_owned(),
                name: tunable.name.to_owned(),
                kind,
                choices,
                default: tunable.default.to_owned(),
                what: tunable.what.to_owned(),
            }
        })
    };
    ALL.iter().copied().flat_map(of).collect()
}
