//! Labels: which events are part of which incident, and what each is in it.

use serde::Serialize;

use super::{File, Tenant};

/// Something that happened to somebody.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Incident {
    /// Its name.
    pub name: String,
    /// Whether it hides so well that not finding it is forgiven.
    pub hard: bool,
    /// User principal name of whom it happened to.
    pub user: String,
    /// How the intruder got in: `token`, `device-code`.
    pub initial_access: &'static str,
    /// Detections that are made for it.
    pub detections: Vec<&'static str>,
}

/// An event that is part of an incident, or of a near miss.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Label {
    /// Name of the incident, or `near-miss: ` and the reason why a detection must not match it (or,
    /// where the reason says so, must).
    pub incident: String,
    /// What the event is in it.
    pub step: String,
    /// The record's own id.
    pub event: String,
}

impl Label {
    pub(super) fn new(incident: &str, step: &str, event: impl ToString) -> Self {
        Self { incident: incident.to_owned(), step: step.to_owned(), event: event.to_string() }
    }
}

#[derive(Serialize)]
struct Labels<'a> {
    incidents: &'a [Incident],
    labels: &'a [Label],
}

pub(super) fn file(tenant: &Tenant) -> File {
    let labels = Labels { incidents: &tenant.incidents, labels: &tenant.labels };
    let mut bytes = serde_json::to_vec_pretty(&labels).unwrap_or_default();
    bytes.push(b'\n');
    File { name: "labels.json".to_owned(), bytes }
}
