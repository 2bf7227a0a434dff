//! Scores and severities of sessions.

use std::collections::BTreeSet;

use crate::detections::{Confidence, Finding, Group, Severity, find};
use crate::sessions::EventRef;

/// How much a finding counts, from 0 to 1.
fn weight(finding: &Finding) -> f64 {
    let severity = match finding.severity {
        Severity::Info => 0.03,
        Severity::Low => 0.12,
        Severity::Medium => 0.35,
        Severity::High => 0.65,
        Severity::Critical => 0.9,
    };
    let confidence = match finding.confidence {
        Confidence::Low => 0.5,
        Confidence::Medium => 0.75,
        Confidence::High => 1.0,
    };
    severity * confidence
}

/// Context, which a finding does not rest on.
const CONTEXT: &str = "interrupt";

/// The score of a session, from 0 to 100: what is left of doubt after its independent findings. Of
/// one detection only the strongest counts, and of detections of one group that rest on the same
/// records; groups are independent of each other.
#[must_use]
pub fn score(findings: &[&Finding]) -> u32 {
    let mut ranked: Vec<&&Finding> = findings.iter().collect();
    ranked.sort_by(|left, right| {
        weight(right).total_cmp(&weight(left)).then_with(|| left.detection.cmp(right.detection))
    });
    let mut counted: Vec<(&str, Option<Group>, BTreeSet<EventRef>)> = Vec::new();
    let mut doubt = 1.0;
    for finding in ranked {
        let group = find(finding.detection).map(|detection| detection.group);
        let records: BTreeSet<EventRef> =
            finding.evidence.iter().filter(|item| item.role != CONTEXT).map(|item| item.event).collect();
        let known = counted.iter().any(|(detection, other, known)| {
            *detection == finding.detection || (*other == group && records.is_subset(known))
        });
        if !known {
            doubt *= 1.0 - weight(finding);
            counted.push((finding.detection, group, records));
        }
    }
    (100.0 * (1.0 - doubt)).round() as u32
}

/// The severity of a session: that of its strongest finding, at most medium unless one finding is
/// high or worse with high confidence, or findings of two independent groups are each at least
/// medium with at least medium confidence.
#[must_use]
pub fn severity(findings: &[&Finding]) -> Severity {
    let strongest = findings.iter().map(|finding| finding.severity).max().unwrap_or(Severity::Info);
    let certain =
        findings.iter().any(|finding| finding.severity >= Severity::High && finding.confidence == Confidence::High);
    let groups: BTreeSet<Group> = findings
        .iter()
        .filter(|finding| finding.severity >= Severity::Medium && finding.confidence >= Confidence::Medium)
        .filter_map(|finding| find(finding.detection).map(|detection| detection.group))
        .collect();
    if certain || groups.len() >= 2 { strongest } else { strongest.min(Severity::Medium) }
}

#[cfg(test)]
mod tests {
    use serde_json::Map;

    use crate::detections::Evidence;
    use crate::events::Id;

    use super::*;

    fn finding(detection: &'static str, severity: Severity, confidence: Confidence, events: &[u32]) -> Finding {
        Finding {
            detection,
            variant: "exact",
            strand: "exact",
            severity,
            confidence,
            session: Some(0),
            anchor: Id::EMPTY,
            title: String::new(),
            why: String::new(),
            what: "",
            evidence: events.iter().map(|&event| Evidence { role: "first", event: EventRef::SignIn(event) }).collect(),
            facts: Map::new(),
        }
    }

    #[test]
    fn one_finding_counts_its_weight() {
        assert_eq!(score(&[&finding("foci-pivot", Severity::High, Confidence::High, &[1])]), 65);
        assert_eq!(score(&[&finding("foci-pivot", Severity::Low, Confidence::Medium, &[1])]), 9);
    }

    #[test]
    fn independent_findings_add_up_and_the_same_evidence_does_not() {
        let pivot = finding("foci-pivot", Severity::High, Confidence::High, &[1, 2]);
        let broker = finding("device-code-broker", Severity::Medium, Confidence::High, &[3]);
        let again = finding("device-code-broker", Severity::Medium, Confidence::High, &[2]);
        assert_eq!(score(&[&pivot, &broker]), 77);
        assert_eq!(score(&[&pivot, &again]), 65);
    }

    #[test]
    fn above_medium_only_by_certainty_or_by_two_groups() {
        let sure = finding("foci-pivot", Severity::High, Confidence::High, &[1]);
        let unsure = finding("foci-pivot", Severity::Critical, Confidence::Medium, &[1]);
        let same_group = finding("device-code-broker", Severity::High, Confidence::Medium, &[2]);
        assert_eq!(severity(&[&sure]), Severity::High);
        assert_eq!(severity(&[&unsure]), Severity::Medium);
        assert_eq!(severity(&[&unsure, &same_group]), Severity::Medium);
    }
}
