//! *Detect*: one person at a time, so that people can be shared out among workers.

use crate::detections::{ALL, Finding, Severity, Subject, Tuning};
use crate::sessions::{Familiar, Settings, View};

use super::{Bucket, Case};

/// What was found about one person.
#[derive(Clone, Debug)]
pub struct PersonFindings {
    /// Number of their bucket in the case.
    pub bucket: usize,
    /// The findings, their sessions numbered as in the person's view.
    pub findings: Vec<Finding>,
    /// How many sessions the person has.
    pub sessions: usize,
    /// Sessions flagged high before familiarity was asked for: they make nothing familiar.
    pub distrusted: Vec<usize>,
}

/// Runs all detections on the people of a slice of the case's buckets.
#[must_use]
pub fn detect(case: &Case, buckets: std::ops::Range<usize>, tuning: &Tuning) -> Vec<PersonFindings> {
    let slice = case.buckets.get(buckets.clone()).unwrap_or_default();
    slice.iter().enumerate().map(|(offset, bucket)| person(case, buckets.start + offset, bucket, tuning)).collect()
}

/// Two passes, so that nothing is circular: the first knows nothing familiar, and what it flags
/// high is left out of the familiarity that the second asks for.
fn person(case: &Case, number: usize, bucket: &Bucket, tuning: &Tuning) -> PersonFindings {
    let view = case.view(bucket);
    let nothing = Familiar::nothing(&view);
    let mut distrusted: Vec<usize> = run(&view, &nothing, tuning)
        .iter()
        .filter(|finding| finding.severity >= Severity::High)
        .filter_map(|finding| finding.session)
        .collect();
    distrusted.sort_unstable();
    distrusted.dedup();
    let familiar = Familiar::new(&view, distrusted.clone(), Settings::default());
    let findings = run(&view, &familiar, tuning);
    PersonFindings { bucket: number, findings, sessions: view.sessions.len(), distrusted }
}

fn run(view: &View<'_>, familiar: &Familiar<'_>, tuning: &Tuning) -> Vec<Finding> {
    let subject = Subject { view, familiar };
    let mut found = Vec::new();
    for detection in ALL {
        (detection.run)(&subject, tuning, &mut found);
    }
    found
}
