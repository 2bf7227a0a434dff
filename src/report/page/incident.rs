//! The incident that a session or finding is part of, with its story.

use serde::Serialize;

use crate::analysis::{AccessKind, Case, Incident, Merged, StepKind, TieKind};
use crate::detections::{Confidence, Exposure, Severity};
use crate::order::Arrange;
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
    /// Names of those it happened to.
    pub users: Vec<String>,
    /// Its sessions, in order of time.
    pub sessions: Vec<IncidentPart>,
    /// What ties its parts together.
    pub links: Vec<IncidentLink>,
    /// What happened, in order of time.
    pub story: Vec<IncidentStep>,
    /// Mails and files that must count as known to the intruder.
    pub exposure: Exposure,
    /// The same in sentences, one a kind.
    pub exposed: Vec<String>,
}

/// A session of an incident.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct IncidentPart {
    /// Key of its row.
    pub key: String,
    /// User name.
    pub user: String,
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
    /// Id of the finding that rests on it.
    pub finding: String,
}

/// The incident of this id.
pub(super) fn view(case: &Case, merged: &Merged, id: Option<&str>) -> Option<IncidentView> {
    let incident = merged.incidents.iter().find(|incident| Some(incident.id.as_str()) == id)?;
    Some(IncidentView {
        id: incident.id.clone(),
        severity: incident.severity,
        title: summary(incident),
        access: incident.access.kind,
        confidence: incident.access.confidence,
        users: incident.buckets.iter().map(|&bucket| user_name(case, bucket)).collect(),
        sessions: parts(case, merged, incident),
        links: incident
            .links
            .iter()
            .map(|tie| IncidentLink { kind: tie.kind, text: link(tie.kind, &tie.on) })
            .collect(),
        story: incident
            .story
            .iter()
            .map(|told| IncidentStep {
                time: millis(told.time),
                until: millis(told.until),
                kind: told.kind,
                text: step(case, told),
                side: told.side,
                session: told.session.clone(),
                finding: told.finding.clone(),
            })
            .collect(),
        exposure: incident.exposure.clone(),
        exposed: exposed(&incident.exposure),
    })
}

fn parts(case: &Case, merged: &Merged, incident: &Incident) -> Vec<IncidentPart> {
    let own = merged.sessions.iter().filter(|session| session.incident.as_ref() == Some(&incident.id));
    let mut parts: Vec<IncidentPart> =
        own.map(|session| IncidentPart { key: session.key.clone(), user: user_name(case, session.bucket) }).collect();
    parts.arrange_by_key(|part| incident.sessions.iter().position(|key| *key == part.key));
    parts
}
