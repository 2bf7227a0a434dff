//! *Merge*: what was found about each person becomes one ranked whole.

use crate::order::{Map, Set};

use twox_hash::XxHash3_64;

use crate::detections::{Finding, Severity};
use crate::order::{Arrange, Gather};
use crate::sessions::{Familiar, Holding, Session, SessionKind, Settings, View, hands};

use super::impersonated::link;
use super::incidents::incidents;
use super::{Case, Incident, Own, PersonFindings, score, severity};
use super::{classify, enrich};

/// A finding with its place among all.
#[derive(Clone, Debug)]
pub struct Flagged {
    /// Stable id: more evidence does not change it.
    pub id: String,
    /// What was found.
    pub finding: Finding,
    /// Number of the person's bucket.
    pub bucket: usize,
    /// Key of the session it belongs to.
    pub session: Option<String>,
    /// Time of its first record.
    pub first: i64,
    /// Time of its last record.
    pub last: i64,
    /// Id of the incident it is part of.
    pub incident: Option<String>,
}

/// A session with findings.
#[derive(Clone, Debug)]
pub struct FlaggedSession {
    /// Stable key: of tenant, user and session id.
    pub key: String,
    /// Number of the person's bucket.
    pub bucket: usize,
    /// The session.
    pub session: Session,
    /// Who held it.
    pub holders: Vec<Holding>,
    /// The sign-in at which it first changed hands.
    pub handover: Option<u32>,
    /// All sign-ins at which it changed hands, in order of time.
    pub changes: Vec<u32>,
    /// Score, 0 to 100.
    pub score: u32,
    /// Severity under the high rule.
    pub severity: Severity,
    /// Ids of its findings, the strongest first.
    pub findings: Vec<String>,
    /// Time of its first event.
    pub first: i64,
    /// Time of its last event.
    pub last: i64,
    /// What happened, in at most 34 characters.
    pub what: &'static str,
    /// Id of the incident it is part of.
    pub incident: Option<String>,
}

/// All that was found.
#[derive(Clone, Debug, Default)]
pub struct Merged {
    /// Findings by severity, time and id.
    pub findings: Vec<Flagged>,
    /// Flagged sessions by severity, score, time and key.
    pub sessions: Vec<FlaggedSession>,
    /// Sessions and findings that belong together, by severity, time and id.
    pub incidents: Vec<Incident>,
    /// Sessions of all people, flagged or not.
    pub sessions_total: usize,
}

impl Merged {
    /// The same without what is put aside: sessions by their keys, findings that belong to none by their ids, and
    /// incidents of which nothing else is left.
    #[must_use]
    pub fn without(&self, is_aside: impl Fn(&str) -> bool) -> Self {
        let of_session = |flagged: &&Flagged| !is_aside(flagged.session.as_ref().unwrap_or(&flagged.id));
        let findings: Vec<Flagged> = self.findings.iter().filter(of_session).cloned().collect();
        let left: Set<&str> = findings.iter().map(|flagged| flagged.id.as_str()).gather();
        let whole = |incident: &&Incident| incident.findings.iter().any(|id| left.contains(id.as_str()));
        let incidents = self.incidents.iter().filter(whole).cloned().collect();
        let sessions = self.sessions.iter().filter(|session| !is_aside(&session.key)).cloned().collect();
        Self { sessions, incidents, sessions_total: self.sessions_total, findings }
    }
}

/// The findings of all people on their way to one whole, some people after the other; which networks are the tenant's
/// own is the same all the way.
#[derive(Debug)]
pub(crate) struct Merging {
    left: std::vec::IntoIter<PersonFindings>,
    merged: Merged,
}

impl Merging {
    /// Of these people, none of them added yet.
    pub(crate) fn new(case: &Case, own: &Own, mut people: Vec<PersonFindings>) -> Self {
        people.arrange_by_key(|person| person.bucket);
        link(case, own, &mut people);
        Self { left: people.into_iter(), merged: Merged::default() }
    }

    /// Adds people until they have so many sign-ins; whether all are added.
    pub(crate) fn go_on(&mut self, case: &Case, own: &Own, sign_ins: usize) -> bool {
        let mut added = 0;
        while added < sign_ins {
            let Some(person) = self.left.next() else { return true };
            self.merged.sessions_total += person.sessions;
            if !person.findings.is_empty() {
                added += case.bucket(person.bucket).map_or(0, |bucket| bucket.sign_ins.len());
                add(case, own, person, &mut self.merged);
            }
        }
        self.left.len() == 0
    }

    /// The whole.
    pub(crate) fn finish(mut self, case: &Case, own: &Own) -> Merged {
        self.go_on(case, own, usize::MAX);
        let mut merged = self.merged;
        merged.findings.arrange_by(|left, right| {
            right
                .finding
                .severity
                .cmp(&left.finding.severity)
                .then(left.first.cmp(&right.first))
                .then_with(|| left.id.cmp(&right.id))
        });
        merged.sessions.arrange_by(|left, right| {
            (right.severity, right.score)
                .cmp(&(left.severity, left.score))
                .then(left.first.cmp(&right.first))
                .then_with(|| left.key.cmp(&right.key))
        });
        let (found, of) = incidents(case, own, &merged);
        merged.findings.iter_mut().for_each(|flagged| flagged.incident = of.get(&flagged.id).cloned());
        merged.sessions.iter_mut().for_each(|session| session.incident = of.get(&session.key).cloned());
        merged.incidents = found;
        merged
    }
}

/// Puts the findings of all people together. The order in which they come does not matter.
#[must_use]
pub fn merge(case: &Case, people: Vec<PersonFindings>) -> Merged {
    Merging::new(case, &case.own_networks, people).finish(case, &case.own_networks)
}

fn add(case: &Case, networks: &Own, person: PersonFindings, merged: &mut Merged) {
    let own = person.bucket == case.buckets.len();
    let Some(bucket) = case.bucket(person.bucket) else { return };
    let view = case.view_under(bucket, networks.of(bucket.realm));
    let familiar = Familiar::new(&view, person.distrusted.clone(), Settings::default());
    let mut by_session: Map<usize, Vec<Flagged>> = Map::new();
    for mut finding in person.findings {
        enrich::say(case, &view, &mut finding);
        classify::say(case, bucket.person, &view, &mut finding);
        let events = || finding.evidence.iter().map(|item| item.event);
        let attached = || if own { None } else { view.linked_by_any(events()).map(|linked| linked.session) };
        let session = finding.session.or_else(attached);
        let key = session.and_then(|index| view.sessions.get(index)).map(|session| session_key(case, &view, session));
        let times = finding.evidence.iter().filter_map(|item| view.time_of(item.event));
        let (first, last) = times.fold((i64::MAX, i64::MIN), |(first, last), time| (first.min(time), last.max(time)));
        let id = finding_id(case, &view, &finding);
        let flagged = Flagged { id, finding, bucket: person.bucket, session: key, first, last, incident: None };
        match session {
            Some(index) => by_session.entry(index).or_default().push(flagged),
            None => merged.findings.push(flagged),
        }
    }
    for (index, mut findings) in by_session {
        let Some(session) = view.sessions.get(index) else { continue };
        findings.arrange_by(|left, right| {
            let rank = |flagged: &Flagged| (flagged.finding.severity, flagged.finding.confidence);
            rank(right).cmp(&rank(left)).then(left.first.cmp(&right.first)).then_with(|| left.id.cmp(&right.id))
        });
        let weighed: Vec<&Finding> = findings.iter().map(|flagged| &flagged.finding).collect();
        let hands = hands(&view, session, &familiar);
        let times: Vec<i64> = view.rows(&session.sign_ins).map(|(_, row)| row.time).collect();
        merged.sessions.push(FlaggedSession {
            key: session_key(case, &view, session),
            bucket: person.bucket,
            session: session.clone(),
            holders: hands.holdings,
            handover: hands.changes.first().copied(),
            changes: hands.changes,
            score: score(&weighed, view.person.classes),
            severity: severity(&weighed),
            findings: findings.iter().map(|flagged| flagged.id.clone()).collect(),
            first: times.first().copied().unwrap_or(0),
            last: times.last().copied().unwrap_or(0),
            what: findings.first().map_or("", |flagged| flagged.finding.what),
            incident: None,
        });
        merged.findings.extend(findings);
    }
}

/// The stable key of a session: of tenant, user and session, and of what else tells it apart
/// ([`Case::realm_name`]).
#[must_use]
pub fn session_key(case: &Case, view: &View<'_>, session: &Session) -> String {
    stable_of(case, view, &[], &session.anchor.display(&case.store.texts))
}

/// The stable id of a finding: of detection, strand, tenant, user, and session or anchor. Which session
/// it was attached to does not count, nor does an inferred one: more evidence could change them.
fn finding_id(case: &Case, view: &View<'_>, finding: &Finding) -> String {
    let session = finding.session.and_then(|index| view.sessions.get(index));
    let anchor = match session.filter(|session| session.kind == SessionKind::Session) {
        Some(session) => session_key(case, view, session),
        None => finding.anchor.display(&case.store.texts),
    };
    stable_of(case, view, &[finding.detection, finding.strand], &anchor)
}

fn stable_of(case: &Case, view: &View<'_>, before: &[&str], anchor: &str) -> String {
    let (texts, person) = (&case.store.texts, &view.person);
    let (tenant, user, realm) =
        (person.tenant.display(texts), person.id.display(texts), case.realm_name(view.realm, person));
    let parts = before.iter().copied().chain([tenant.as_str(), user.as_str(), anchor]);
    stable(&parts.chain(realm.iter().map(String::as_str)).collect::<Vec<_>>())
}

/// Sixteen hexadecimal digits that stand for these texts.
pub(super) fn stable(texts: &[&str]) -> String {
    let joined = texts.join("\u{1f}");
    format!("{:016x}", XxHash3_64::oneshot(joined.as_bytes()))
}
