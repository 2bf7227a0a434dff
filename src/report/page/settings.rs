//! What can be tuned, and where it stands.

use serde::Serialize;

use crate::analysis::Merged;
use crate::detections::{ALL, Kind, Tuned, Tuning, tuned};
use crate::order::Map;

use super::filter::FacetField;
use super::rows::Indexed;

/// A tunable and where it stands.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Setting {
    /// `detection.tunable`.
    pub key: String,
    /// The detection, or what many of them ask.
    pub detection: String,
    /// Its title.
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
    /// Networks, or `none`.
    Networks,
}

/// What a detection found.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Hits {
    /// The detection.
    pub detection: &'static str,
    /// Findings.
    pub findings: usize,
    /// Flagged sessions, and findings that belong to none, that it has a part in; those put aside too.
    pub sessions: usize,
    /// Of them above the line.
    pub above: usize,
}

/// What each detection found that can be tuned.
pub(super) fn hits(merged: &Merged, rows: &[Indexed]) -> Vec<Hits> {
    let mut all: Map<&str, Hits> = Map::new();
    for detection in ALL.iter().filter(|detection| !detection.tunables.is_empty()) {
        all.insert(detection.id, Hits { detection: detection.id, findings: 0, sessions: 0, above: 0 });
    }
    for flagged in &merged.findings {
        if let Some(hits) = all.get_mut(flagged.finding.detection) {
            hits.findings += 1;
        }
    }
    for indexed in rows {
        for (id, _) in indexed.values.get(FacetField::Detection) {
            if let Some(hits) = all.get_mut(id.as_str()) {
                hits.sessions += 1;
                hits.above += usize::from(indexed.row.above);
            }
        }
    }
    all.into_values().collect()
}

/// All tunables in the order of the registry.
pub(super) fn settings(tuning: &Tuning) -> Vec<Setting> {
    let of = |tuned: Tuned| {
        tuned.tunables.iter().map(move |tunable| {
            let key = format!("{}.{}", tuned.id, tunable.name);
            let (kind, choices) = match tunable.kind {
                Kind::Number => (SettingKind::Number, Vec::new()),
                Kind::Flag => (SettingKind::Flag, Vec::new()),
                Kind::Choice(words) => (SettingKind::Choice, words.iter().map(|word| (*word).to_owned()).collect()),
                Kind::List => (SettingKind::List, Vec::new()),
                Kind::Words => (SettingKind::Words, Vec::new()),
                Kind::Networks => (SettingKind::Networks, Vec::new()),
            };
            Setting {
                value: tuning.changes().get(&key).cloned().unwrap_or_else(|| tunable.default.to_owned()),
                key,
                detection: tuned.id.to_owned(),
                title: tuned.title.to_owned(),
                name: tunable.name.to_owned(),
                kind,
                choices,
                default: tunable.default.to_owned(),
                what: tunable.what.to_owned(),
            }
        })
    };
    tuned().flat_map(of).collect()
}
