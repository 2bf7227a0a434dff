//! *Detect*: one person at a time, so that people can be shared out among workers.

use crate::detections::{
    AFTER, ALL, Ask, Finding, MILD_AT_FIRST, OF_THE_WHOLE, Severity, Subject, Taints, Tuning, Whole,
};
use crate::order::Arrange;
use crate::sessions::{Familiar, Settings, View};
use crate::tenant::PersonKind;

use super::{Bucket, Case};

/// What was found about one person.
#[derive(Clone, Debug)]
pub struct PersonFindings {
    /// Number of their bucket in the case; that of the tenant's own is one more than the last person's.
    pub bucket: usize,
    /// The findings, their sessions numbered as in the person's view.
    pub findings: Vec<Finding>,
    /// How many sessions the person has; applications' identities have none.
    pub sessions: usize,
    /// Sessions flagged high before familiarity was asked for: they make nothing familiar.
    pub distrusted: Vec<usize>,
}

/// Runs all detections on the people of a slice of the case's buckets; the slice that ends with the
/// last also asks about the tenant as a whole.
#[must_use]
pub fn detect(case: &Case, buckets: std::ops::Range<usize>, tuning: &Tuning) -> Vec<PersonFindings> {
    let mut asks = Asks { strict: Vec::new(), mild: Vec::new(), tainted: Vec::new() };
    for detection in ALL {
        let part = match detection.group.taints() {
            true if MILD_AT_FIRST.contains(&detection.id) => &mut asks.mild,
            true => &mut asks.strict,
            false => &mut asks.tainted,
        };
        part.push((detection.prepare)(&case.store, tuning));
    }
    let slice = case.buckets.get(buckets.clone()).unwrap_or_default();
    let mut found: Vec<PersonFindings> =
        slice.iter().enumerate().map(|(offset, bucket)| person(case, buckets.start + offset, bucket, &asks)).collect();
    // Whoever has the last person asks about the tenant as a whole, once.
    if buckets.end == case.buckets.len() {
        found.push(whole(case, tuning));
    }
    found
}

/// What the summary of each realm shows alone. It belongs to nobody's session.
fn whole(case: &Case, tuning: &Tuning) -> PersonFindings {
    let mut findings = Vec::new();
    for realm in 0..case.realms.len() {
        let tenant = case.summary_of(realm as u32);
        let whole = Whole { store: &case.store, tenant, people: &case.people, tuning };
        for ask in OF_THE_WHOLE {
            ask(&whole, &mut findings);
        }
    }
    PersonFindings { bucket: case.buckets.len(), findings, sessions: 0, distrusted: Vec::new() }
}

/// The questions, by when they are asked.
struct Asks<'a> {
    /// Those whose answers say that a session is in other hands.
    strict: Vec<Ask<'a>>,
    /// Those of them that call nothing high while nothing is familiar: they are not asked at first.
    mild: Vec<Ask<'a>>,
    /// Those that may ask what descends from such a session.
    tainted: Vec<Ask<'a>>,
}

/// Two passes, so that nothing is circular: the first knows nothing familiar, and what it flags
/// high is left out of the familiarity that the second asks for. Within the second, what was done out of
/// a session is asked after whose hands it is in.
fn person(case: &Case, number: usize, bucket: &Bucket, asks: &Asks<'_>) -> PersonFindings {
    let view = case.view(bucket);
    let nothing = Familiar::nothing(&view);
    let mut distrusted: Vec<usize> = run(&view, &nothing, &Taints::default(), &asks.strict)
        .iter()
        .filter(|finding| finding.severity >= Severity::High)
        .filter_map(|finding| finding.session)
        .collect();
    distrusted.arrange();
    distrusted.dedup();
    let familiar = Familiar::new(&view, distrusted.clone(), Settings::default());
    let mut findings = run(&view, &familiar, &Taints::default(), &asks.strict);
    findings.extend(run(&view, &familiar, &Taints::default(), &asks.mild));
    let taints = Taints::new(&view, &familiar, &findings);
    findings.extend(run(&view, &familiar, &taints, &asks.tainted));
    for ask in AFTER {
        ask(&Subject { view: &view, familiar: &familiar, taints: &taints }, &mut findings);
    }
    let people = !matches!(view.person.kind, PersonKind::ServicePrincipal | PersonKind::ManagedIdentity);
    let sessions = if people { view.sessions.len() } else { 0 };
    PersonFindings { bucket: number, findings, sessions, distrusted }
}

fn run(view: &View<'_>, familiar: &Familiar<'_>, taints: &Taints, asks: &[Ask<'_>]) -> Vec<Finding> {
    let subject = Subject { view, familiar, taints };
    let mut found = Vec::new();
    for ask in asks {
        ask(&subject, &mut found);
    }
    found
}
