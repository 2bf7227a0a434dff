//! What to do next for some rows together.

use crate::analysis::Flagged;
use crate::detections::{Detection, Doc, find};
use crate::order::{Gather, Set};
use crate::report::{Advice, NextStep, next_steps};

use super::{Desk, rows};

impl Desk {
    pub(super) fn steps(&self, keys: &[String]) -> Vec<NextStep> {
        let wanted: Set<&str> = keys.iter().map(String::as_str).gather();
        let key = |flagged: &Flagged| flagged.session.clone().unwrap_or_else(|| flagged.id.clone());
        let findings: Vec<&Flagged> =
            self.merged.findings.iter().filter(|flagged| wanted.contains(key(flagged).as_str())).collect();
        let doc = |flagged: &&Flagged| find(flagged.finding.detection).map(Detection::doc).unwrap_or_default();
        let said: Vec<(String, String, Doc)> = findings
            .iter()
            .map(|flagged| (key(flagged), rows::user_name(&self.case, flagged.bucket), doc(flagged)))
            .collect();
        let advice = findings.iter().zip(&said).map(|(flagged, (session, user, doc))| Advice {
            session,
            user,
            severity: flagged.finding.severity,
            next: &doc.next,
            ask: &doc.ask,
        });
        next_steps(&advice.collect::<Vec<_>>())
    }
}
