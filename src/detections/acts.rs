//! What the detections of acts in mailboxes, with files and in Teams share.

use crate::order::{Gather, Map, Set};

use serde_json::{Value, json};

use crate::events::parameters::Parameters;
use crate::events::{Activity, Id};
use crate::knowledge::agents::Agent;
use crate::sessions::{EventRef, Link, Linked, View};
use crate::words::figure;

use super::evidence::{facts, in_order, moment, whence, who};
use super::{Confidence, Detection, Evidence, Finding, Role, Severity, Subject};

/// Records that a finding shows; all are counted.
pub(super) const LISTED: usize = 200;
const HOUR: i64 = 3_600_000_000;
const DAY: i64 = 24 * HOUR;

/// Beginnings of names under which services act on their own.
const SERVICES: [&str; 9] = [
    "nt authority\\",
    "nt service\\",
    "app@sharepoint",
    "sharepoint\\system",
    "serviceoperator",
    "spo-grid",
    "microsoft",
    "system",
    "s-1-5-18",
];

/// An act of one person, and the session that it leads to.
#[derive(Clone, Copy, Debug)]
pub(super) struct Act<'a> {
    pub number: u32,
    pub row: &'a Activity,
    pub operation: &'a str,
    pub link: Option<Linked>,
}

impl Act<'_> {
    /// Its parameters.
    pub(super) fn parameters(&self, view: &View<'_>) -> Parameters {
        Parameters::read(view.store.texts.get(self.row.parameters))
    }

    /// What it was done to.
    pub(super) fn object<'b>(&self, view: &'b View<'_>) -> &'b str {
        view.store.texts.get(self.row.object)
    }

    /// The session that it leads to.
    pub(super) fn session(&self) -> Option<usize> {
        self.link.map(|linked| linked.session)
    }
}

/// Whether an operation is one of these, in any case.
pub(super) fn is_one(operation: &str, names: &[&str]) -> bool {
    names.iter().any(|name| operation.eq_ignore_ascii_case(name))
}

/// A person's acts of these operations that did not fail, in order of time. Services have none.
pub(super) fn acts<'a>(view: &View<'a>, operations: &[&str]) -> Vec<Act<'a>> {
    acts_that(view, |operation| is_one(operation, operations))
}

/// A person's acts of operations that fit, that did not fail, in order of time. Services have none.
pub(super) fn acts_that<'a>(view: &View<'a>, fits: impl Fn(&str) -> bool) -> Vec<Act<'a>> {
    view.activities_of(&fits).filter_map(|(number, row)| act(view, number, row)).collect()
}

/// An act, unless it failed or a service did it.
fn act<'a>(view: &View<'a>, number: u32, row: &'a Activity) -> Option<Act<'a>> {
    let texts = &view.store.texts;
    let failed = matches!(texts.get(row.result), "failure" | "failed" | "false" | "error");
    if failed || is_service(view, row) {
        return None;
    }
    // What carries the id of a session that is not here was done in no other, however near.
    let other = row.session_id(view.store).has_value();
    let link = view.linked(EventRef::Activity(number)).filter(|link| !other || link.link != Link::Place);
    Some(Act { number, row, operation: texts.get(row.operation), link })
}

fn is_service(view: &View<'_>, row: &Activity) -> bool {
    let user = view.store.user(row.user);
    let name = if user.name.has_value() { user.name } else { user.display };
    let name = view.store.texts.get(name);
    // A person may be called what services are called; a person has a mail address.
    let mut services = SERVICES.iter().filter(|start| !name.contains('@') || start.contains('@'));
    services.any(|start| name.get(..start.len()).is_some_and(|head| head.eq_ignore_ascii_case(start)))
}

/// Acts by session. Those that lead to none are together while they follow each other within a day.
pub(super) fn groups<'a>(acts: Vec<Act<'a>>) -> Vec<Vec<Act<'a>>> {
    let mut by_session: Map<usize, Vec<Act<'a>>> = Map::new();
    let mut loose: Vec<Vec<Act<'a>>> = Vec::new();
    for act in acts {
        match act.session() {
            Some(session) => by_session.entry(session).or_default().push(act),
            None => match loose.last_mut() {
                Some(group) if group.last().is_some_and(|last| act.row.time - last.row.time <= DAY) => group.push(act),
                _ => loose.push(vec![act]),
            },
        }
    }
    by_session.into_values().chain(loose).collect()
}

/// A person's acts that fit and that did not fail, in sessions with a finding of medium severity or worse but one of
/// the detection that asks; by session. Where some of a session's acts descend from other hands, only those.
fn in_flagged<'a>(
    subject: &Subject<'a>,
    asks: &str,
    found: &[Finding],
    fits: impl Fn(&str, &Activity) -> bool,
) -> Vec<Vec<Act<'a>>> {
    let view = subject.view;
    if view.activities.is_empty() {
        return Vec::new();
    }
    let flagged = found.iter().filter(|finding| finding.severity >= Severity::Medium && finding.detection != asks);
    let attached = |finding: &Finding| {
        let events = finding.evidence.iter().map(|item| item.event);
        finding.session.or_else(|| view.linked_by_any(events).map(|linked| linked.session))
    };
    let sessions: Set<usize> = flagged.filter_map(attached).gather();
    if sessions.is_empty() {
        return Vec::new();
    }
    let texts = &view.store.texts;
    let fitting = view.activities().filter(|(_, row)| fits(texts.get(row.operation), row));
    let own = fitting.filter_map(|(number, row)| act(view, number, row));
    let own = own.filter(|act| act.session().is_some_and(|own| sessions.contains(&own)));
    let mut groups = groups(own.collect());
    for acts in &mut groups {
        if acts.iter().any(|act| is_tainted(subject, act)) {
            acts.retain(|act| is_tainted(subject, act));
        }
    }
    groups
}

/// What a detection says of the acts in a session with other findings: the list of what must count as known to
/// others.
pub(super) struct Exposed {
    pub variant: &'static str,
    pub role: Role,
    /// What was done, behind the user's name.
    pub did: String,
    /// Further sentences.
    pub more: &'static str,
    /// For a row: at most 34 characters.
    pub what: &'static str,
    pub facts: Value,
}

/// Adds what was exposed in sessions with another finding of medium severity or worse: information, and sure. Which
/// acts count is told by operation and row.
pub(super) fn expose<'a>(
    detection: &'static Detection,
    subject: &Subject<'a>,
    found: &mut Vec<Finding>,
    fits: impl Fn(&str, &Activity) -> bool,
    say: impl Fn(&[Act<'a>]) -> Exposed,
) {
    for acts in in_flagged(subject, detection.id, found, fits) {
        let Exposed { variant, role, did, more, what, facts } = say(&acts);
        let (severity, confidence, more) = (Severity::Info, Confidence::High, more.to_owned());
        let (strand, acts) = (variant, &acts);
        let told = Told { detection, variant, strand, severity, confidence, role, acts, did, more, what, facts };
        found.extend(finding(subject, told));
    }
}

/// Whether an act descends from a session, token, device or method that was taken over.
pub(super) fn is_tainted(subject: &Subject<'_>, act: &Act<'_>) -> bool {
    subject.tainted(EventRef::Activity(act.number)).is_some()
}

/// The tool that acted, as its agent names it.
pub(super) fn tool(subject: &Subject<'_>, act: &Act<'_>) -> Option<&'static str> {
    let texts = [act.row.agent, act.row.client];
    subject.view.tool_of_act(texts, || read_tool(texts.map(|text| subject.view.store.texts.get(text))))
}

fn read_tool(texts: [&str; 2]) -> Option<&'static str> {
    // Behind `Client=WebServices;` stands what the program calls itself.
    texts.into_iter().flat_map(|text| text.split([';', '['])).find_map(|part| {
        let name = part.rsplit('/').nth(1).unwrap_or(part);
        let mut agents = [part, name].into_iter().map(|text| Agent::read(text.trim(), "", ""));
        agents.find(|agent| agent.tool().is_some()).map(|agent| agent.product)
    })
}

/// What a detection says of some acts.
pub(super) struct Told<'a> {
    pub detection: &'static Detection,
    pub variant: &'static str,
    pub strand: &'static str,
    pub severity: Severity,
    pub confidence: Confidence,
    pub role: Role,
    pub acts: &'a [Act<'a>],
    /// What was done, behind the user's name.
    pub did: String,
    /// Further sentences.
    pub more: String,
    /// For a row: at most 34 characters.
    pub what: &'static str,
    pub facts: Value,
}

/// The finding of acts of one group. Acts of a session that was taken over are one step worse.
///
/// Every such finding has the facts `acts`, how many; `linked_by`, what ties them to their session, or null;
/// `tainted`, the path by which they descend from a session in other hands, or null.
pub(super) fn finding(subject: &Subject<'_>, told: Told<'_>) -> Option<Finding> {
    let view = subject.view;
    let first = told.acts.first()?;
    let link = told.acts.iter().filter_map(|act| act.link).map(|linked| linked.link).min();
    let session = first.session();
    let anchor = session.and_then(|index| view.sessions.get(index)).map_or(first.row.id, |session| session.anchor);
    let taint = told.acts.iter().find_map(|act| subject.tainted(EventRef::Activity(act.number)));
    let mut known = facts(told.facts);
    known.insert("acts".to_owned(), json!(told.acts.len()));
    known.insert("linked_by".to_owned(), json!(link.map(Link::name)));
    known.insert("tainted".to_owned(), json!(taint.map(|taint| taint.fact(view))));
    let from = whence(view, EventRef::Activity(first.number));
    let mut why = format!("{} {} from {from} at {}.", who(view), told.did, moment(first.row.time));
    if !told.more.is_empty() {
        why.push(' ');
        why.push_str(&told.more);
    }
    why.push_str(taint.map_or("", |taint| taint.words()));
    let shown = told.acts.iter().take(LISTED);
    let evidence = shown.map(|act| Evidence { role: told.role, event: EventRef::Activity(act.number) }).collect();
    Some(Finding {
        detection: told.detection.id,
        variant: told.variant,
        strand: told.strand,
        severity: if taint.is_some() { told.severity.raised() } else { told.severity },
        confidence: told.confidence,
        session,
        anchor: anchor.value().unwrap_or(Id::EMPTY),
        title: told.detection.title.to_owned(),
        why,
        what: told.what,
        evidence: in_order(view, evidence),
        facts: known,
    })
}

/// A text of a record in a sentence: so long at most.
pub(super) fn quoted(text: &str) -> String {
    const LONGEST: usize = 60;
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("“{}…”", text.get(..end).unwrap_or_default()),
        None => format!("“{text}”"),
    }
}

/// Texts of records as facts: each once, sorted, so many and so long at most.
pub(super) fn some_of<'a>(texts: impl Iterator<Item = &'a str>, most: usize) -> Vec<String> {
    const LONGEST: usize = 300;
    let mut all = Set::new();
    for text in texts.filter(|text| !text.is_empty()) {
        all.insert(text);
        if all.len() > most {
            all.pop_last();
        }
    }
    all.into_iter().map(|text| text.chars().take(LONGEST).collect()).collect()
}

/// Days on which something happens from which on it is somebody's routine.
pub(super) const REGULAR: usize = 3;

/// On how many days acts were done.
pub(super) fn days_of(acts: &[Act<'_>]) -> usize {
    acts.iter().map(|act| act.row.time.div_euclid(DAY)).gather::<Set<i64>>().len()
}

/// A sentence on what is somebody's routine.
pub(super) fn regularly(days: usize) -> String {
    if days >= REGULAR { format!("It happens on {days} of the days in these exports.") } else { String::new() }
}

/// A number of things: `1 mail`, `2,000 mails`.
pub(super) fn many(number: usize, thing: &str) -> String {
    let ending = if number == 1 { "" } else { "s" };
    format!("{} {thing}{ending}", figure(number as u64))
}

/// Calls as facts: `addresses`, some of those that were asked for; `calls`, how many.
pub(super) fn called(view: &View<'_>, calls: &[Act<'_>]) -> Value {
    json!({"addresses": some_of(calls.iter().map(|call| call.object(view)), 50), "calls": calls.len()})
}

/// An hour in which a person did much more than in any hour of other days.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Peak {
    /// Counted from 1970.
    pub hour: i64,
    pub done: u64,
    /// Most in an hour of any other day; nothing where there is no other day.
    pub usual: Option<u64>,
}

/// Hours with at least `least`, and more than `factor` times as much as any hour of other days. `done` is
/// time and amount.
pub(super) fn peaks(done: impl Iterator<Item = (i64, u64)>, least: u64, factor: u64) -> Vec<Peak> {
    let mut hours: Map<i64, u64> = Map::new();
    for (time, amount) in done {
        *hours.entry(time.div_euclid(HOUR)).or_default() += amount;
    }
    let mut days: Map<i64, u64> = Map::new();
    for (hour, amount) in &hours {
        let most = days.entry(hour.div_euclid(24)).or_default();
        *most = (*most).max(*amount);
    }
    let usual = |hour: i64| days.iter().filter(|(day, _)| **day != hour.div_euclid(24)).map(|(_, most)| *most).max();
    let peaks = hours.iter().filter(|(_, done)| **done >= least);
    let peaks = peaks.map(|(hour, done)| Peak { hour: *hour, done: *done, usual: usual(*hour) });
    peaks.filter(|peak| peak.usual.is_none_or(|usual| peak.done > usual.saturating_mul(factor))).collect()
}

/// The acts of these hours.
pub(super) fn in_hours<'a>(acts: &[Act<'a>], peaks: &[Peak]) -> Vec<Act<'a>> {
    let hour = |act: &Act<'_>| act.row.time.div_euclid(HOUR);
    acts.iter().filter(|act| peaks.iter().any(|peak| peak.hour == hour(act))).copied().collect()
}

/// The most that is usual beside peaks.
pub(super) fn usual_beside(peaks: &[Peak]) -> Option<u64> {
    peaks.iter().filter_map(|peak| peak.usual).max()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_peak_stands_out_from_other_days() {
        let day = 24 * HOUR;
        let at = |days: i64, hours: i64, amount: u64| (days * day + hours * HOUR, amount);
        assert_eq!(peaks([at(1, 9, 99)].into_iter(), 100, 5), []);
        let alone = peaks([at(1, 9, 60), at(1, 9, 40)].into_iter(), 100, 5);
        assert_eq!(alone, [Peak { hour: 33, done: 100, usual: None }]);
        let usual = [at(1, 9, 20), at(1, 10, 30), at(2, 9, 200), at(3, 9, 150)];
        assert_eq!(peaks(usual.into_iter(), 100, 5), []);
        let usual = [at(1, 9, 20), at(1, 10, 30), at(2, 9, 200)];
        assert_eq!(peaks(usual.into_iter(), 100, 5), [Peak { hour: 57, done: 200, usual: Some(30) }]);
    }

    #[test]
    fn long_texts_are_cut_where_a_letter_ends() {
        assert_eq!(quoted("."), "“.”");
        assert_eq!(quoted(&"ä".repeat(61)), format!("“{}…”", "ä".repeat(60)));
        assert_eq!(some_of(["b", "", "a", "b", "c"].into_iter(), 2), ["a", "b"]);
    }
}
