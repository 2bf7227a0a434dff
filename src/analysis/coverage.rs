//! What could be looked for with these exports, and what not.

use serde::Serialize;

use crate::detections::{ALL, Detection, Records};
use crate::events::field::Field;
use crate::events::vocabulary::Stream;
use crate::tenant::Summary;

/// Whether a detection could look.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// In full.
    Ran,
    /// In part: some records lack a field, or a kind of record is missing.
    Partial,
    /// Not at all.
    Blind,
}

/// A field that records lack.
#[derive(Clone, Debug, Serialize)]
pub struct Missing {
    /// The field.
    pub field: &'static str,
    /// Records that lack it.
    pub records: u64,
    /// Records that should have it.
    pub of: u64,
}

/// An export that would show more.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ExportHint {
    /// What it is.
    pub kind: &'static str,
    /// What it would show.
    pub why: &'static str,
    /// How to make it.
    pub how: &'static str,
}

/// Whether a detection could look, and what it lacked.
#[derive(Clone, Debug, Serialize)]
pub struct Coverage {
    /// The detection.
    pub detection: &'static str,
    /// Whether it could look.
    pub status: Status,
    /// Fields it lacked.
    pub missing: Vec<Missing>,
    /// In words.
    pub note: String,
    /// Exports that would show more.
    pub exports: Vec<ExportHint>,
}

const SIGN_INS: ExportHint = ExportHint {
    kind: "sign-ins, interactive and non-interactive",
    why: "shows who signed in, with which token and in which session",
    how: "Entra admin center › Monitoring & health › Sign-in logs › Download › JSON, on both user tabs",
};
const NON_INTERACTIVE: ExportHint = ExportHint {
    kind: "non-interactive sign-ins",
    why: "a stolen refresh token is redeemed there and nowhere else",
    how: "Entra admin center › Monitoring & health › Sign-in logs › User sign-ins (non-interactive) › Download › JSON",
};
const BETA: ExportHint = ExportHint {
    kind: "sign-ins by Microsoft Graph beta",
    why: "carries session id, token types, protocol and user agent, which version 1.0 lacks",
    how: "Get-MgBetaAuditLogSignIn -All | ConvertTo-Json -Depth 10, or the JSON download of the admin center",
};
const AUDITS: ExportHint = ExportHint {
    kind: "directory audit log",
    why: "shows which methods and devices were registered",
    how: "Entra admin center › Monitoring & health › Audit logs › Download › JSON",
};

/// Whether each detection could look with what the summary counts.
#[must_use]
pub fn coverage(tenant: &Summary) -> Vec<Coverage> {
    ALL.iter().map(|detection| of(detection, tenant)).collect()
}

fn of(detection: &'static Detection, tenant: &Summary) -> Coverage {
    let total = tenant.user_sign_ins();
    let absent = |field: Field| tenant.absent.get(&field).copied().unwrap_or(0);
    let mut exports = Vec::new();
    let mut notes: Vec<String> = Vec::new();
    let mut blind = false;
    for records in detection.records {
        let (there, hint, words) = match records {
            Records::UserSignIns => (total > 0, SIGN_INS, "There are no sign-ins of users."),
            Records::NonInteractive => (
                tenant.streams.contains_key(&Stream::NonInteractive),
                NON_INTERACTIVE,
                "There are no non-interactive sign-ins.",
            ),
            Records::Audits => (tenant.audits > 0, AUDITS, "There is no directory audit log."),
        };
        if !there {
            blind = true;
            exports.push(hint);
            notes.push(words.to_owned());
        }
    }
    let mut missing = Vec::new();
    if total > 0 {
        for group in detection.needs {
            if group.iter().all(|field| absent(*field) == total) {
                blind = true;
                let names: Vec<&str> = group.iter().map(|field| field.name()).collect();
                notes.push(format!("No record has {}.", names.join(" or ")));
                exports.push(BETA);
            }
        }
        let fields = detection.needs.iter().copied().flatten().chain(detection.wants);
        missing = fields
            .filter(|field| absent(**field) > 0)
            .map(|field| Missing { field: field.name(), records: absent(*field), of: total })
            .collect();
        if let Some(note) = (detection.note)(tenant) {
            notes.push(note);
            exports.push(NON_INTERACTIVE);
        }
    }
    let status = match (blind, missing.is_empty() && notes.is_empty()) {
        (true, _) => Status::Blind,
        (false, false) => Status::Partial,
        (false, true) => Status::Ran,
    };
    if status == Status::Partial && notes.is_empty() {
        notes.push("Some records lack fields that this looks at.".to_owned());
        if !exports.contains(&BETA) {
            exports.push(BETA);
        }
    }
    exports.dedup();
    Coverage { detection: detection.id, status, missing, note: notes.join(" "), exports }
}
