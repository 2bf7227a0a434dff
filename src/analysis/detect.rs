//! *Detect*: one person at a time, so that people can be shared out among workers.

use crate::detections::{
    AFTER, ALL, Ask, Detection, Finding, MILD_AT_FIRST, OF_THE_WHOLE, Records, Severity, Subject, Taints, Tuning, Whole,
};
use crate::order::{Arrange, Set};
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
    let of = |kind: When| questions(case, kind, tuning);
    let asks = Asks { strict: of(When::Twice), mild: of(When::Once), tainted: of(When::After) };
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

/// When a detection is asked.
#[derive(Clone, Copy, PartialEq, Eq)]
enum When {
    /// Before anything is familiar, and after.
    Twice,
    /// When it is known what is familiar.
    Once,
    /// When it is known which sessions are in other hands.
    After,
}

impl When {
    fn of(detection: &Detection) -> Self {
        match detection.group.taints() {
            true if MILD_AT_FIRST.contains(&detection.id) => Self::Once,
            true => Self::Twice,
            false => Self::After,
        }
    }
}

/// A detection, ready to be asked.
type Question<'a> = (&'static Detection, Ask<'a>);

/// The detections that are asked at a time, their tuning read.
fn questions<'a>(case: &'a Case, when: When, tuning: &'a Tuning) -> Vec<Question<'a>> {
    let asked = ALL.iter().copied().filter(|detection| When::of(detection) == when);
    asked.map(|detection| (detection, (detection.prepare)(&case.store, tuning))).collect()
}

/// Which records a person has: a detection that looks at none of them need not be asked.
#[derive(Clone, Copy)]
struct Has {
    sign_ins: bool,
    acts: bool,
    /// In the directory, or in mailboxes and files: what follows a risk may be either.
    any_acts: bool,
    risks: bool,
}

impl Has {
    fn of(view: &View<'_>) -> Self {
        let (sign_ins, acts) = (!view.sign_ins.is_empty(), !view.activities.is_empty());
        let risks = sign_ins || !view.risk_events.is_empty();
        Self { sign_ins, acts, any_acts: acts || !view.audits.is_empty(), risks }
    }

    fn has(self, kind: Records) -> bool {
        match kind {
            // Some find in acts alone what mostly stands in sign-ins.
            Records::UserSignIns | Records::NonInteractive | Records::Workloads => self.sign_ins || self.acts,
            Records::Audits => self.any_acts,
            Records::Risks => self.risks,
            Records::Activities | Records::Calls | Records::Acts | Records::Mail | Records::Files => self.acts,
            // Each of these asks for one kind or another.
            Records::RiskRecords | Records::WorkloadRisks | Records::RisksOrSignIns | Records::AuditsOrActs => true,
        }
    }
}

/// Sign-ins of the sessions of some people that are flagged high before anything is familiar.
pub(super) fn flagged_at_first(case: &Case, buckets: &[usize]) -> Set<u32> {
    let tuning = Tuning::default();
    let asks = questions(case, When::Twice, &tuning);
    let mut flagged = Set::new();
    for bucket in buckets.iter().filter_map(|&number| case.buckets.get(number)) {
        let view = case.view(bucket);
        let sessions = at_first(&view, &asks).into_iter().filter_map(|index| view.sessions.get(index));
        sessions.for_each(|session| flagged.extend(session.sign_ins.iter().copied()));
    }
    flagged
}

/// Numbers of the sessions that are flagged high while nothing is familiar, in order.
fn at_first(view: &View<'_>, asks: &[Question<'_>]) -> Vec<usize> {
    let nothing = Familiar::nothing(view);
    let mut sessions: Vec<usize> = run(view, &nothing, &Taints::default(), asks)
        .iter()
        .filter(|finding| finding.severity >= Severity::High)
        .filter_map(|finding| finding.session)
        .collect();
    sessions.arrange();
    sessions.dedup();
    sessions
}

/// The questions, by when they are asked.
struct Asks<'a> {
    /// Those whose answers say that a session is in other hands.
    strict: Vec<Question<'a>>,
    /// Those of them that call nothing high while nothing is familiar: they are not asked at first.
    mild: Vec<Question<'a>>,
    /// Those that may ask what descends from such a session.
    tainted: Vec<Question<'a>>,
}

/// Two passes, so that nothing is circular: the first knows nothing familiar, and what it flags
/// high is left out of the familiarity that the second asks for. Within the second, what was done out of
/// a session is asked after whose hands it is in.
fn person(case: &Case, number: usize, bucket: &Bucket, asks: &Asks<'_>) -> PersonFindings {
    let view = case.view(bucket);
    let distrusted = at_first(&view, &asks.strict);
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

fn run(view: &View<'_>, familiar: &Familiar<'_>, taints: &Taints, asks: &[Question<'_>]) -> Vec<Finding> {
    let subject = Subject { view, familiar, taints };
    let mut found = Vec::new();
    let has = Has::of(view);
    for (detection, ask) in asks {
        let mut kinds = detection.records.iter().chain(detection.helped_by.iter().map(|(kind, _)| kind));
        if kinds.any(|kind| has.has(*kind)) {
            ask(&subject, &mut found);
        }
    }
    found
}
