//! *Incidents*: flagged sessions and findings that are one intruder's work.
//!
//! What takes part is at least of medium severity: a session, or a finding that belongs to none. Two
//! belong together by what [`ties`] names, and by nothing else. An incident has a part above the
//! line, or parts of more than one user; what is alone and below the line is none. Findings without a session are
//! one part where, of one user and within a day, they are above the line together as those of a session would be.

mod access;
mod exposed;
mod left_behind;
mod registered;
mod story;
mod ties;
mod union;

use crate::order::{Map, Set};

use crate::detections::{Exposure, Severity};
use crate::order::{Arrange, Gather};

use super::merge::stable;
use super::{Case, Flagged, FlaggedSession, Merged, Own, severity};

pub use access::{Access, AccessKind};
pub use story::{Step, StepKind};
pub use ties::TieKind;

use ties::Tied;
use union::Union;

/// A day, in microseconds.
const DAY: i64 = 86_400_000_000;

/// Sessions and findings that belong together.
#[derive(Clone, Debug)]
pub struct Incident {
    /// Stable id: of the part that comes first in time. More evidence of its parts does not change it.
    pub id: String,
    /// That of its most severe part.
    pub severity: Severity,
    /// Numbers of the buckets of those it happened to, each once.
    pub buckets: Vec<usize>,
    /// Keys of its sessions, in order of their first evidence.
    pub sessions: Vec<String>,
    /// Ids of its findings, in order of time.
    pub findings: Vec<String>,
    /// How the intruder got in.
    pub access: Access,
    /// What ties its parts together.
    pub links: Vec<Link>,
    /// What happened, in order of time.
    pub story: Vec<Step>,
    /// Mails and files that must count as known to the intruder.
    pub exposure: Exposure,
    /// Time of the first record that its findings rest on.
    pub first: i64,
    /// Time of the last.
    pub last: i64,
}

/// What ties parts of an incident together.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Link {
    /// What kind of thing.
    pub kind: TieKind,
    /// The thing: a network and a program, a device, an id.
    pub on: String,
    /// Keys of the sessions and ids of the findings that it ties, sorted.
    pub parts: Vec<String>,
}

/// A flagged session, or a finding that belongs to none, that can be part of an incident.
#[derive(Debug)]
struct Member<'a> {
    /// Key of the session or id of the first finding.
    key: &'a str,
    bucket: usize,
    session: Option<&'a FlaggedSession>,
    /// The strongest first.
    findings: Vec<&'a Flagged>,
    severity: Severity,
    /// Of the findings that are at least medium.
    first: i64,
    last: i64,
}

impl Member<'_> {
    fn is_above(&self) -> bool {
        self.severity >= Severity::High
    }

    /// The findings that count.
    fn strong(&self) -> impl Iterator<Item = &Flagged> {
        self.findings.iter().copied().filter(|flagged| flagged.finding.severity >= Severity::Medium)
    }
}

/// The incidents of a case, by severity, time and id, and of each session key and finding id the
/// incident it is part of.
pub(super) fn incidents(case: &Case, networks: &Own, merged: &Merged) -> (Vec<Incident>, Map<String, String>) {
    let members = members(merged);
    let tied = ties::find(case, networks, &members);
    let mut union = Union::new(members.len());
    for tie in &tied {
        for pair in tie.members.windows(2) {
            if let [left, right] = *pair {
                union.join(left, right);
            }
        }
    }
    let mut groups: Map<usize, Vec<usize>> = Map::new();
    for number in 0..members.len() {
        groups.entry(union.root(number)).or_default().push(number);
    }
    let mut found: Vec<Incident> = groups
        .into_values()
        .filter_map(|numbers| {
            let own: Set<usize> = numbers.iter().copied().gather();
            let parts: Vec<&Member<'_>> = numbers.iter().filter_map(|&number| members.get(number)).collect();
            let users: Set<usize> = parts.iter().map(|member| member.bucket).gather();
            let is_one = users.len() > 1 || parts.iter().any(|member| member.is_above());
            is_one.then(|| incident(case, parts, links(&tied, &members, &own))).flatten()
        })
        .collect();
    found.arrange_by(|left, right| {
        right.severity.cmp(&left.severity).then(left.first.cmp(&right.first)).then_with(|| left.id.cmp(&right.id))
    });
    let of = found.iter().flat_map(|incident| {
        incident.sessions.iter().chain(&incident.findings).map(|part| (part.clone(), incident.id.clone()))
    });
    let of = of.gather();
    (found, of)
}

fn members(merged: &Merged) -> Vec<Member<'_>> {
    let mut by_session: Map<&str, Vec<&Flagged>> = Map::new();
    let mut loose = Vec::new();
    for flagged in &merged.findings {
        match &flagged.session {
            Some(key) => by_session.entry(key).or_default().push(flagged),
            None => loose.push(flagged),
        }
    }
    let sessions = merged.sessions.iter().filter(|session| session.severity >= Severity::Medium).map(|session| {
        let findings = by_session.remove(session.key.as_str()).unwrap_or_default();
        member(&session.key, session.bucket, Some(session), findings, session.severity)
    });
    let mut members: Vec<Member<'_>> = sessions.collect();
    members.extend(together(loose).into_iter().filter_map(|findings| {
        let severity = severity_of(&findings);
        let first = findings.first().filter(|_| severity >= Severity::Medium)?;
        Some(member(&first.id, first.bucket, None, findings, severity))
    }));
    members.arrange_by(|left, right| left.first.cmp(&right.first).then_with(|| left.key.cmp(right.key)));
    members
}

fn severity_of(findings: &[&Flagged]) -> Severity {
    severity(&findings.iter().map(|flagged| &flagged.finding).collect::<Vec<_>>())
}

/// Findings without a session, each alone, but for those of one user within a day that are above the line only
/// together.
fn together(mut loose: Vec<&Flagged>) -> Vec<Vec<&Flagged>> {
    loose.arrange_by(|left, right| {
        (left.bucket, left.first).cmp(&(right.bucket, right.first)).then_with(|| left.id.cmp(&right.id))
    });
    let counts = |flagged: &Flagged| (Severity::Medium..Severity::High).contains(&severity(&[&flagged.finding]));
    let mut found: Vec<Vec<&Flagged>> = Vec::new();
    let mut rest = loose.as_slice();
    while let Some((first, more)) = rest.split_first() {
        let near = |other: &&&Flagged| other.bucket == first.bucket && other.first.saturating_sub(first.first) <= DAY;
        let day: Vec<&Flagged> = rest.iter().take_while(near).copied().filter(|flagged| counts(flagged)).collect();
        if counts(first) && severity_of(&day) >= Severity::High {
            // What lies between them and does not count stays alone.
            let between = rest.iter().take_while(near).copied().filter(|flagged| !counts(flagged));
            found.extend(between.map(|flagged| vec![flagged]));
            rest = rest.get(rest.iter().take_while(near).count()..).unwrap_or_default();
            found.push(day);
        } else {
            found.push(vec![first]);
            rest = more;
        }
    }
    found
}

fn member<'a>(
    key: &'a str,
    bucket: usize,
    session: Option<&'a FlaggedSession>,
    findings: Vec<&'a Flagged>,
    severity: Severity,
) -> Member<'a> {
    let mut member = Member { key, bucket, session, findings, severity, first: i64::MAX, last: i64::MIN };
    let (first, last) =
        member.strong().fold((i64::MAX, i64::MIN), |(first, last), item| (first.min(item.first), last.max(item.last)));
    (member.first, member.last) = (first, last);
    member
}

/// Parts in order of time become an incident.
fn incident(case: &Case, parts: Vec<&Member<'_>>, links: Vec<Link>) -> Option<Incident> {
    let first = parts.first()?;
    let mut buckets: Vec<usize> = parts.iter().map(|member| member.bucket).collect();
    buckets.arrange();
    buckets.dedup();
    let mut findings: Vec<&Flagged> = parts.iter().flat_map(|member| member.findings.iter().copied()).collect();
    findings.arrange_by(|left, right| left.first.cmp(&right.first).then_with(|| left.id.cmp(&right.id)));
    Some(Incident {
        id: stable(&["incident", first.key]),
        severity: parts.iter().map(|member| member.severity).max()?,
        buckets,
        sessions: parts.iter().filter(|member| member.session.is_some()).map(|member| member.key.to_owned()).collect(),
        findings: findings.iter().map(|flagged| flagged.id.clone()).collect(),
        access: access::of(case, &parts),
        links,
        story: story::tell(case, &parts),
        exposure: exposed::of(case, &parts),
        first: findings.iter().map(|flagged| flagged.first).min()?,
        last: findings.iter().map(|flagged| flagged.last).max()?,
    })
}

/// The ties among these members, each with its parts.
fn links(tied: &[Tied], members: &[Member<'_>], own: &Set<usize>) -> Vec<Link> {
    let mut links: Vec<Link> = tied
        .iter()
        .filter(|tie| tie.members.first().is_some_and(|number| own.contains(number)))
        .map(|tie| {
            let parts = tie.members.iter().filter_map(|&number| members.get(number));
            let mut parts: Vec<String> = parts.map(|member| member.key.to_owned()).collect();
            parts.arrange();
            Link { kind: tie.kind, on: tie.on.clone(), parts }
        })
        .collect();
    links.arrange();
    links.dedup();
    links
}
