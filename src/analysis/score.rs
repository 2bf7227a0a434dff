//! Scores and severities of sessions.

use crate::order::Set;

use crate::detections::{Confidence, Finding, Group, Severity, find};
use crate::enrichment::{Classes, UserClass};
use crate::order::{Arrange, Gather};
use crate::sessions::EventRef;

/// The role of records that a finding shows and does not rest on.
const CONTEXT: &str = "interrupt";

/// What of a finding counts for its session.
#[derive(Clone, Debug)]
struct Weighed<'a> {
    detection: &'a str,
    group: Option<Group>,
    severity: Severity,
    confidence: Confidence,
    records: Set<EventRef>,
}

impl<'a> Weighed<'a> {
    fn new(finding: &'a Finding) -> Self {
        let rests_on = finding.evidence.iter().filter(|item| item.role != CONTEXT);
        Self {
            detection: finding.detection,
            group: find(finding.detection).map(|detection| detection.group),
            severity: finding.severity,
            confidence: finding.confidence,
            records: rests_on.map(|item| item.event).gather(),
        }
    }

    /// How much it counts, from 0 to 1.
    fn weight(&self) -> f64 {
        let severity = match self.severity {
            Severity::Info => 0.03,
            Severity::Low => 0.12,
            Severity::Medium => 0.35,
            Severity::High => 0.65,
            Severity::Critical => 0.9,
        };
        let confidence = match self.confidence {
            Confidence::Low => 0.5,
            Confidence::Medium => 0.75,
            Confidence::High => 1.0,
        };
        severity * confidence
    }

    /// Whether it adds nothing to a stronger one: of one detection only the strongest counts, and of
    /// detections of one group that rest on the same records. Groups are independent of each other.
    fn adds_nothing_to(&self, stronger: &Self) -> bool {
        self.detection == stronger.detection
            || (self.group == stronger.group && self.records.is_subset(&stronger.records))
    }
}

/// The score of a session, from 0 to 100: what is left of doubt after its independent findings. Of a
/// user with power over others, worth most or kept for emergencies, a quarter more counts: their
/// sessions come first among those of like findings. Severity does not change by it.
#[must_use]
pub fn score(findings: &[&Finding], of: Classes) -> u32 {
    let raising = [UserClass::Privileged, UserClass::Vip, UserClass::BreakGlass];
    let counts_more = raising.iter().any(|class| of.has(*class));
    score_of(findings.iter().map(|finding| Weighed::new(finding)).collect(), counts_more)
}

fn score_of(mut findings: Vec<Weighed<'_>>, counts_more: bool) -> u32 {
    findings.arrange_by(|left, right| {
        right.weight().total_cmp(&left.weight()).then_with(|| left.detection.cmp(right.detection))
    });
    let mut counted: Vec<Weighed<'_>> = Vec::new();
    for finding in findings {
        if !counted.iter().any(|stronger| finding.adds_nothing_to(stronger)) {
            counted.push(finding);
        }
    }
    let doubt: f64 = counted.iter().map(|finding| 1.0 - finding.weight()).product();
    // What is exactly a half in tens goes up: the sum of two parts in binary may lie just below it.
    let doubt = if counts_more { doubt * doubt.sqrt().sqrt() } else { doubt };
    (100.0 * (1.0 - doubt) + 1e-9).round() as u32
}

/// The severity of a session: that of its strongest finding, at most medium unless one finding is
/// high or worse with high confidence, or findings of two groups are each at least medium with at
/// least medium confidence.
#[must_use]
pub fn severity(findings: &[&Finding]) -> Severity {
    severity_of(&findings.iter().map(|finding| Weighed::new(finding)).collect::<Vec<_>>())
}

fn severity_of(findings: &[Weighed<'_>]) -> Severity {
    let strongest = findings.iter().map(|finding| finding.severity).max().unwrap_or(Severity::Info);
    let certain =
        findings.iter().any(|finding| finding.severity >= Severity::High && finding.confidence == Confidence::High);
    let groups: Set<Group> = findings
        .iter()
        .filter(|finding| finding.severity >= Severity::Medium && finding.confidence >= Confidence::Medium)
        .filter_map(|finding| finding.group)
        .gather();
    if certain || groups.len() >= 2 { strongest } else { strongest.min(Severity::Medium) }
}

#[cfg(test)]
mod tests {
    use super::*;

    use Confidence as C;
    use Group::{Device, Network, Password, Token};
    use Severity::{Critical, High, Info, Low, Medium};

    type Case<'a> = (&'a str, Group, Severity, Confidence, &'a [u32]);

    fn weighed<'a>(cases: &[Case<'a>]) -> Vec<Weighed<'a>> {
        cases
            .iter()
            .map(|(detection, group, severity, confidence, events)| Weighed {
                detection,
                group: Some(*group),
                severity: *severity,
                confidence: *confidence,
                records: events.iter().map(|&event| EventRef::SignIn(event)).gather(),
            })
            .collect()
    }

    #[test]
    fn scores_are_what_is_left_of_doubt() {
        let table: &[(&[Case<'_>], u32)] = &[
            (&[], 0),
            (&[("a", Token, Critical, C::High, &[1])], 90),
            (&[("a", Token, High, C::High, &[1])], 65),
            (&[("a", Token, High, C::Medium, &[1])], 49),
            (&[("a", Token, High, C::Low, &[1])], 33),
            (&[("a", Token, Medium, C::High, &[1])], 35),
            (&[("a", Token, Low, C::Medium, &[1])], 9),
            (&[("a", Token, Info, C::Low, &[1])], 2),
            // Other records: both count.
            (&[("a", Token, High, C::High, &[1, 2]), ("b", Token, Medium, C::High, &[3])], 77),
            (&[("a", Token, High, C::High, &[1, 2]), ("b", Token, Medium, C::High, &[2, 3])], 77),
            // The same records of one group: only the stronger.
            (&[("a", Token, High, C::High, &[1, 2]), ("b", Token, Medium, C::High, &[2])], 65),
            (&[("b", Token, Medium, C::High, &[2]), ("a", Token, High, C::High, &[1, 2])], 65),
            // The same records of two groups: independent.
            (&[("a", Token, High, C::High, &[1, 2]), ("b", Network, Medium, C::High, &[2])], 77),
            // One detection twice: only the stronger.
            (&[("a", Token, High, C::High, &[1]), ("a", Token, High, C::High, &[2])], 65),
            // Three.
            (
                &[
                    ("a", Token, High, C::High, &[1]),
                    ("b", Network, High, C::High, &[1]),
                    ("c", Device, High, C::High, &[1]),
                ],
                96,
            ),
        ];
        for (findings, score) in table {
            assert_eq!(score_of(weighed(findings), false), *score, "{findings:?}");
        }
    }

    #[test]
    fn above_medium_only_by_certainty_or_by_two_groups() {
        let table: &[(&[Case<'_>], Severity)] = &[
            (&[], Info),
            (&[("a", Token, Low, C::High, &[1])], Low),
            (&[("a", Token, Medium, C::Low, &[1])], Medium),
            (&[("a", Token, High, C::High, &[1])], High),
            (&[("a", Token, Critical, C::High, &[1])], Critical),
            (&[("a", Token, High, C::Medium, &[1])], Medium),
            (&[("a", Token, Critical, C::Medium, &[1])], Medium),
            // Of one group: together no more.
            (&[("a", Token, Critical, C::Medium, &[1]), ("b", Token, High, C::Medium, &[2])], Medium),
            // Of two groups.
            (&[("a", Token, High, C::Medium, &[1]), ("b", Network, Medium, C::Medium, &[1])], High),
            (&[("a", Token, Critical, C::Medium, &[1]), ("b", Password, High, C::High, &[2])], Critical),
            (&[("a", Token, Medium, C::Medium, &[1]), ("b", Network, Medium, C::Medium, &[2])], Medium),
            // The other group is too mild or too unsure.
            (&[("a", Token, High, C::Medium, &[1]), ("b", Network, Low, C::High, &[2])], Medium),
            (&[("a", Token, High, C::Medium, &[1]), ("b", Network, Medium, C::Low, &[2])], Medium),
            (&[("a", Token, High, C::Low, &[1]), ("b", Network, Medium, C::Medium, &[2])], Medium),
        ];
        for (findings, severity) in table {
            assert_eq!(severity_of(&weighed(findings)), *severity, "{findings:?}");
        }
    }
}
