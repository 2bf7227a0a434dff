//! *Detect*: one person at a time, so that people can be shared out among workers.

use std::rc::Rc;

use crate::detections::{
    AFTER, ALL, Ask, Detection, Finding, MILD_AT_FIRST, OF_THE_WHOLE, Records, Severity, Subject, Taints, Tuning, Whole,
};
use crate::order::{Arrange, Set};
use crate::sessions::{Familiar, Memo, Settings, View};
use crate::tenant::{OwnNetworks, PersonKind};

use super::{Bucket, Case, Own};

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
    debug_assert!(case.own_networks.is_by(tuning), "the case is tuned first");
    detect_under(case, &case.own_networks, buckets, tuning, &Shared::new(case))
}

/// What many people's records share where the same networks are the tenant's own: worked out once for all slices.
#[derive(Clone, Debug)]
pub(crate) struct Shared(Vec<Rc<Memo>>);

impl Shared {
    /// Nothing yet.
    pub(crate) fn new(case: &Case) -> Self {
        Self(case.memos())
    }
}

/// As [`detect`], where other networks are the tenant's own than the case has learned.
pub(crate) fn detect_under(
    case: &Case,
    own: &Own,
    buckets: std::ops::Range<usize>,
    tuning: &Tuning,
    Shared(memos): &Shared,
) -> Vec<PersonFindings> {
    let of = |kind: When| questions(case, kind, tuning);
    let asks = Asks { strict: of(When::Twice), mild: of(When::Once), tainted: of(When::After), memos };
    let slice = case.buckets.get(buckets.clone()).unwrap_or_default();
    let mut found: Vec<PersonFindings> = slice
        .iter()
        .enumerate()
        .map(|(offset, bucket)| person((case, own), buckets.start + offset, bucket, &asks))
        .collect();
    // Whoever has the last person asks about the tenant as a whole, once.
    if buckets.end == case.buckets.len() {
        found.push(whole(case, own, tuning));
    }
    found
}

/// What the summary of each realm shows alone. It belongs to nobody's session.
fn whole(case: &Case, own: &Own, tuning: &Tuning) -> PersonFindings {
    let mut findings = Vec::new();
    for realm in 0..case.realms.len() {
        let tenant = case.summary_of(realm as u32);
        let own = own.of(realm as u32);
        let whole = Whole { store: &case.store, tenant, own, people: &case.people, tuning };
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

/// A detection, ready to be asked, and which records it looks at.
type Question<'a> = (u8, Ask<'a>);

/// The detections that are asked at a time, their tuning read.
fn questions<'a>(case: &'a Case, when: When, tuning: &'a Tuning) -> Vec<Question<'a>> {
    let asked = ALL.iter().copied().filter(|detection| When::of(detection) == when);
    asked.map(|detection| (looks_at(detection), (detection.prepare)(&case.store, tuning))).collect()
}

/// Kinds of records, as bits: a detection that looks at none of a person's need not be asked.
const SIGN_INS: u8 = 1;
const ACTS: u8 = 1 << 1;
const AUDITS: u8 = 1 << 2;
const RISKS: u8 = 1 << 3;
const ANY: u8 = 1 << 7;

/// Which kinds a person has.
fn has(view: &View<'_>) -> u8 {
    let bit = |rows: &[u32], bit: u8| if rows.is_empty() { 0 } else { bit };
    let acts = bit(view.activities, ACTS) | bit(view.audits, AUDITS);
    ANY | acts | bit(view.sign_ins, SIGN_INS) | bit(view.risk_events, RISKS)
}

/// Which kinds a detection looks at.
fn looks_at(detection: &Detection) -> u8 {
    let kinds = detection.records.iter().chain(detection.helped_by.iter().map(|(kind, _)| kind));
    kinds.fold(0, |bits, kind| {
        bits | match kind {
            // Some find in acts alone what mostly stands in sign-ins.
            Records::UserSignIns | Records::NonInteractive | Records::Workloads => SIGN_INS | ACTS,
            // In the directory, or in mailboxes and files: what follows a risk may be either.
            Records::Audits => AUDITS | ACTS,
            Records::Risks => RISKS | SIGN_INS,
            Records::Activities | Records::Calls | Records::Acts | Records::Mail | Records::Files => ACTS,
            // Each of these asks for one kind or another.
            Records::RiskRecords | Records::WorkloadRisks | Records::RisksOrSignIns | Records::AuditsOrActs => ANY,
        }
    })
}

/// Sign-ins of the sessions of some people that are flagged high before anything is familiar.
pub(super) fn flagged_at_first(case: &Case, buckets: &[usize], own: &OwnNetworks) -> Set<u32> {
    let tuning = Tuning::default();
    let asks = questions(case, When::Twice, &tuning);
    let memos = case.memos();
    let mut flagged = Set::new();
    for bucket in buckets.iter().filter_map(|&number| case.buckets.get(number)) {
        let view = case.view_with(bucket, own, &memos);
        let sessions = distrusted(&at_first(&view, &asks)).into_iter().filter_map(|index| view.sessions.get(index));
        sessions.for_each(|session| flagged.extend(session.sign_ins.iter().copied()));
    }
    flagged
}

/// What a question found while nothing was familiar.
struct Answer<'q, 'a> {
    ask: &'q Ask<'a>,
    findings: Vec<Finding>,
    /// Nobody asked what is familiar: asked again, it would find the same.
    is_final: bool,
}

/// What is found while nothing is familiar, question by question: those left out found nothing, and would again.
fn at_first<'q, 'a>(view: &View<'_>, asks: &'q [Question<'a>]) -> Vec<Answer<'q, 'a>> {
    let nothing = Familiar::nothing(view);
    let subject = Subject { view, familiar: &nothing, taints: &Taints::default() };
    let answer = |ask: &'q Ask<'a>| {
        let mut findings = Vec::new();
        nothing.forget();
        ask(&subject, &mut findings);
        let is_final = !nothing.was_asked();
        (!findings.is_empty() || !is_final).then_some(Answer { ask, findings, is_final })
    };
    of_kinds(has(view), asks).filter_map(answer).collect()
}

/// The questions that look at some of these kinds.
fn of_kinds<'q, 'a>(has: u8, asks: &'q [Question<'a>]) -> impl Iterator<Item = &'q Ask<'a>> {
    asks.iter().filter(move |(kinds, _)| kinds & has != 0).map(|(_, ask)| ask)
}

/// Numbers of the sessions that are flagged high while nothing is familiar, in order.
fn distrusted(answers: &[Answer<'_, '_>]) -> Vec<usize> {
    let mut sessions: Vec<usize> = answers
        .iter()
        .flat_map(|answer| &answer.findings)
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
    /// What many people's records share, by realm.
    memos: &'a [Rc<Memo>],
}

/// Two passes, so that nothing is circular: the first knows nothing familiar, and what it flags
/// high is left out of the familiarity that the second asks for. What did not ask for it in the first is not
/// asked again. Within the second, what was done out of
/// a session is asked after whose hands it is in.
fn person((case, own): (&Case, &Own), number: usize, bucket: &Bucket, asks: &Asks<'_>) -> PersonFindings {
    let view = case.view_with(bucket, own.of(bucket.realm), asks.memos);
    let answers = at_first(&view, &asks.strict);
    let distrusted = distrusted(&answers);
    let familiar = Familiar::new(&view, distrusted.clone(), Settings::default());
    let mut findings = Vec::new();
    let has = has(&view);
    let subject = Subject { view: &view, familiar: &familiar, taints: &Taints::default() };
    for answer in answers {
        match answer.is_final {
            true => findings.extend(answer.findings),
            false => (answer.ask)(&subject, &mut findings),
        }
    }
    of_kinds(has, &asks.mild).for_each(|ask| ask(&subject, &mut findings));
    let taints = Taints::new(&view, &familiar, &findings);
    let subject = Subject { view: &view, familiar: &familiar, taints: &taints };
    of_kinds(has, &asks.tainted).for_each(|ask| ask(&subject, &mut findings));
    for ask in AFTER {
        ask(&subject, &mut findings);
    }
    let people = !matches!(view.person.kind, PersonKind::ServicePrincipal | PersonKind::ManagedIdentity);
    let sessions = if people { view.sessions.len() } else { 0 };
    PersonFindings { bucket: number, findings, sessions, distrusted }
}
