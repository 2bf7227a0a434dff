//! The incident that a session or finding is part of, with its story.

use serde::Serialize;

use crate::analysis::{AccessKind, Case, Merged, StepKind, TieKind};
use crate::detections::{Confidence, Exposure, Severity};
use crate::order::Set;
use crate::report::incident::{exposed, link, step, summary};
use crate::sessions::Side;

use super::rows::user_name;
use super::words::millis;

/// An incident.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct IncidentView {
    /// Stable id.
    pub id: String,
    /// How bad.
    pub severity: Severity,
    /// `A phished device code: two sessions of two users.`
    pub title: String,
    /// How the intruder got in.
    pub access: AccessKind,
    /// How sure that is.
    pub confidence: Confidence,
    /// How many it happened to.
    pub users: usize,
    /// How many sessions it has.
    pub sessions: usize,
    /// What ties its parts together, the first of it.
    pub links: Vec<IncidentLink>,
    /// How many things tie its parts together.
    pub links_total: usize,
    /// What happened, in order of time: the first steps, and those of the session it is told beside.
    pub story: Vec<IncidentStep>,
    /// How many steps there are in all.
    pub steps: usize,
    /// Mails and files that must count as known to the intruder.
    pub exposure: Exposure,
    /// The same in sentences, one a kind.
    pub exposed: Vec<String>,
}

/// What ties parts of an incident together.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct IncidentLink {
    /// What kind of thing.
    pub kind: TieKind,
    /// In words.
    pub text: String,
}

/// A step of an incident.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct IncidentStep {
    /// When it began, milliseconds UTC.
    pub time: i64,
    /// When it ended.
    pub until: i64,
    /// What it is.
    pub kind: StepKind,
    /// In a sentence.
    pub text: String,
    /// Whose hands, where known.
    pub side: Option<Side>,
    /// Key of the session.
    pub session: Option<String>,
    /// Name of whom it happened to.
    pub user: String,
    /// Id of the finding that rests on it.
    pub finding: String,
}

/// Steps of an incident that are told.
const STEPS: usize = 300;
/// Things that tie parts of an incident together that are told.
const LINKS: usize = 4;

/// The incident of this id, told beside the session of this key.
pub(super) fn view(case: &Case, merged: &Merged, id: Option<&str>, key: &str) -> Option<IncidentView> {
    let incident = merged.incidents.iter().find(|incident| Some(incident.id.as_str()) == id)?;
    let mut links: Vec<IncidentLink> =
        incident.links.iter().map(|tie| IncidentLink { kind: tie.kind, text: link(tie.kind, &tie.on) }).collect();
    let mut known: Set<String> = Set::new();
    links.retain(|link| known.insert(link.text.clone()));
    let links_total = links.len();
    links.truncate(LINKS);
    Some(IncidentView {
        id: incident.id.clone(),
        severity: incident.severity,
        title: summary(incident),
        access: incident.access.kind,
        confidence: incident.access.confidence,
        users: incident.buckets.len(),
        sessions: incident.sessions.len(),
        links,
        links_total,
        steps: incident.story.len(),
        story: incident
            .story
            .iter()
            .enumerate()
            .filter(|(at, told)| *at < STEPS || told.session.as_deref() == Some(key))
            .map(|(_, told)| IncidentStep {
                time: millis(told.time),
                until: millis(told.until),
                kind: told.kind,
                text: step(case, told),
                side: told.side,
                session: told.session.clone(),
                user: user_name(case, told.bucket),
                finding: told.finding.clone(),
            })
            .collect(),
        exposure: incident.exposure.clone(),
        exposed: exposed(&incident.exposure),
    })
}
