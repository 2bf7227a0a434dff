//! Flagged sessions as rows.

use crate::order::Set;

use serde::Serialize;
use sha2::{Digest, Sha256};

use crate::analysis::{Case, Flagged, FlaggedSession, Merged, score, severity};
use crate::detections::{Confidence, Severity};
use crate::enrichment::{Classes, UserClass};
use crate::order::{Arrange, Gather};
use crate::report::from_case::SEVERAL;
use crate::report::visible;
use crate::sessions::{EventRef, Holding, SessionKind, Side};

use super::filter::{Used, Values};
use super::hand::{Hand, Sides, hand, holdings};
use super::words::millis;

/// Names of one kind in a row, at most.
const FEW: usize = 4;

/// What a row stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "kebab-case")]
pub enum RowKind {
    /// A session that carries an id.
    Session,
    /// A session put together from events without id.
    Inferred,
    /// A finding that belongs to no session.
    Finding,
}

/// A flagged session, or a finding that belongs to none.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Row {
    /// Key of the session, or id of the finding.
    pub key: String,
    /// What stands for it in an address: the first 64 bits of the SHA-256 of its key, in hexadecimal.
    pub link: String,
    /// What it stands for.
    pub kind: RowKind,
    /// Severity.
    pub severity: Severity,
    /// Whether it is above the line.
    pub above: bool,
    /// Number of the entry of the allow list that puts it aside; it is never above the line then.
    pub allowed: Option<usize>,
    /// Score, 0 to 100.
    pub score: u32,
    /// Of its surest strong finding.
    pub confidence: Confidence,
    /// User name.
    pub user: String,
    /// What the user is besides, as far as that is known.
    pub classes: Vec<UserClass>,
    /// What happened, in a few words.
    pub what: String,
    /// The owner's side, or who was seen first.
    pub owner: Option<Hand>,
    /// The other side, or who came later.
    pub other: Option<Hand>,
    /// Whether the other side opened the session.
    pub opened: bool,
    /// Session id.
    pub session: Option<String>,
    /// Id of the incident it is part of.
    pub incident: Option<String>,
    /// Whether the sign-in that began it is in the exports.
    pub starts: bool,
    /// First event, milliseconds UTC.
    pub first: i64,
    /// When it changed hands.
    pub changed: Option<i64>,
    /// Last event.
    pub last: i64,
    /// Where its mark stands in time: the change of hands, else the first record of its findings that lies in it.
    pub marked: i64,
    /// Applications on the other side, or of all where there is none; a few.
    pub apps: Vec<String>,
    /// Devices there.
    pub devices: Vec<String>,
    /// Addresses there.
    pub addresses: Vec<String>,
    /// How many findings.
    pub findings: usize,
    /// How many events.
    pub events: usize,
}

/// A row and what it is found by.
#[derive(Debug)]
pub(super) struct Indexed {
    pub(super) row: Row,
    /// Lower-case text that a search looks in.
    pub(super) text: String,
    /// What it can be filtered by.
    pub(super) values: Values,
    /// Id of its session; of a finding that belongs to none that of the first sign-in it rests on.
    pub(super) session: Option<String>,
    /// Number of the session among the merged ones, or of the finding.
    pub(super) place: usize,
}

/// All rows: those above the line first, each part by severity, score and time.
pub(super) fn rows(case: &Case, merged: &Merged) -> Vec<Indexed> {
    let mut by_id: Vec<(&str, &Flagged)> =
        merged.findings.iter().map(|flagged| (flagged.id.as_str(), flagged)).collect();
    by_id.arrange_by_key(|(id, _)| *id);
    let sessions = merged.sessions.iter().enumerate().map(|(place, flagged)| {
        let findings: Vec<&Flagged> = flagged.findings.iter().filter_map(|id| lookup(&by_id, id)).collect();
        of_session(case, flagged, &findings, place)
    });
    let loose = merged.findings.iter().enumerate().filter(|(_, flagged)| flagged.session.is_none());
    let loose = loose.map(|(place, flagged)| of_finding(case, flagged, place));
    let mut rows: Vec<Indexed> = sessions.chain(loose).collect();
    rows.arrange_by(|left, right| {
        let rank = |indexed: &Indexed| (indexed.row.severity, indexed.row.score);
        rank(right)
            .cmp(&rank(left))
            .then_with(|| (left.row.marked, left.row.key.as_str()).cmp(&(right.row.marked, right.row.key.as_str())))
    });
    rows
}

fn lookup<'a>(by_id: &[(&str, &'a Flagged)], id: &str) -> Option<&'a Flagged> {
    let place = by_id.binary_search_by_key(&id, |(id, _)| *id).ok()?;
    by_id.get(place).map(|(_, flagged)| *flagged)
}

fn of_session(case: &Case, flagged: &FlaggedSession, findings: &[&Flagged], place: usize) -> Indexed {
    let sides = Sides::of(flagged);
    let show =
        |number: Option<usize>| number.and_then(|number| holdings(flagged).get(number)).map(|held| hand(case, held));
    let changed = sides.changed.and_then(|number| case.store.sign_in(number)).map(|row| millis(row.time));
    // A finding may begin with what was before the session: a token that was bound then, a burst of failures.
    let first_evidence = findings.iter().map(|finding| millis(finding.first)).min();
    let within = first_evidence.map(|time| time.min(millis(flagged.last)).max(millis(flagged.first)));
    let user = user_name(case, flagged.bucket);
    let id = flagged.session.id.value().map(|id| id.display(&case.store.texts));
    let mut text = Haystack::new(&[&user, id.as_deref().unwrap_or_default()]);
    for &number in &flagged.session.sign_ins {
        text.sign_in(case, number);
    }
    let there = sides.other.and_then(|number| holdings(flagged).get(number));
    let mut used = used(case, there.map_or(flagged.session.sign_ins.as_slice(), |held| held.sign_ins.as_slice()));
    // Of several other holders each has addresses of its own.
    let is_other = |holding: &&Holding| matches!(holding.side, Side::Other | Side::Later);
    let others = holdings(flagged).iter().filter(is_other).flat_map(|holding| holding.sign_ins.iter().copied());
    for address in addresses(case, &others.collect::<Vec<_>>()) {
        if !used.addresses.contains(&address) {
            used.addresses.push(address);
        }
    }
    let row = Row {
        key: flagged.key.clone(),
        link: link(&flagged.key),
        apps: used.apps.iter().take(FEW).cloned().collect(),
        devices: used.devices.iter().take(FEW).cloned().collect(),
        addresses: used.addresses.iter().take(FEW).cloned().collect(),
        kind: match flagged.session.kind {
            SessionKind::Session => RowKind::Session,
            SessionKind::Inferred => RowKind::Inferred,
        },
        severity: flagged.severity,
        above: flagged.severity >= Severity::High,
        allowed: None,
        score: flagged.score,
        classes: classes(case, flagged.bucket).iter().collect(),
        confidence: confidence(findings),
        user,
        what: flagged.what.to_owned(),
        owner: show(sides.owner),
        other: show(sides.other),
        opened: sides.opened,
        session: id,
        incident: flagged.incident.clone(),
        starts: flagged.session.starts_in_export,
        first: millis(flagged.first),
        changed,
        last: millis(flagged.last),
        marked: changed.or(within).unwrap_or_else(|| millis(flagged.first)),
        findings: findings.len(),
        events: flagged.session.sign_ins.len(),
    };
    let detections = findings.iter().map(|finding| (finding.finding.detection, finding.finding.what)).gather();
    let values = Values::of(&row, &detections, &used);
    Indexed { session: row.session.clone(), row, text: text.text, values, place }
}

fn of_finding(case: &Case, flagged: &Flagged, place: usize) -> Indexed {
    let user = user_name(case, flagged.bucket);
    let mut text = Haystack::new(&[&user]);
    for item in &flagged.finding.evidence {
        if let EventRef::SignIn(number) = item.event {
            text.sign_in(case, number);
        }
    }
    let severity = severity(&[&flagged.finding]);
    let rows = flagged.finding.evidence.iter().filter_map(|item| match item.event {
        EventRef::SignIn(number) => Some(number),
        EventRef::Audit(_) | EventRef::Activity(_) | EventRef::Risk(_) => None,
    });
    let sign_ins: Vec<u32> = rows.collect();
    let used = used(case, &sign_ins);
    let mut ids = sign_ins.iter().filter_map(|&number| case.store.sign_in(number)?.session_id(&case.store).value());
    let session = ids.next().map(|id| id.display(&case.store.texts));
    let row = Row {
        key: flagged.id.clone(),
        link: link(&flagged.id),
        apps: used.apps.iter().take(FEW).cloned().collect(),
        devices: used.devices.iter().take(FEW).cloned().collect(),
        addresses: used.addresses.iter().take(FEW).cloned().collect(),
        kind: RowKind::Finding,
        severity,
        above: severity >= Severity::High,
        allowed: None,
        score: score(&[&flagged.finding], classes(case, flagged.bucket)),
        classes: classes(case, flagged.bucket).iter().collect(),
        confidence: flagged.finding.confidence,
        user,
        what: flagged.finding.what.to_owned(),
        owner: None,
        other: None,
        opened: false,
        session: None,
        incident: flagged.incident.clone(),
        starts: false,
        first: millis(flagged.first),
        changed: None,
        last: millis(flagged.last),
        marked: millis(flagged.first),
        findings: 1,
        events: flagged.finding.evidence.len(),
    };
    let values = Values::of(&row, &[(flagged.finding.detection, flagged.finding.what)].into(), &used);
    Indexed { row, text: text.text, values, session, place }
}

/// The first 64 bits of the SHA-256 of a key.
fn link(key: &str) -> String {
    let digest = Sha256::digest(key.as_bytes());
    digest.iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}

/// Addresses of these sign-ins, each once.
fn addresses(case: &Case, sign_ins: &[u32]) -> Vec<String> {
    let mut known: Set<u32> = Set::new();
    let rows = sign_ins.iter().filter_map(|&number| case.store.sign_in(number));
    let new = rows.filter(|row| known.insert(row.address.0));
    new.filter_map(|row| case.store.texts.value(row.address).map(str::to_owned)).collect()
}

/// Names of the applications, devices and addresses of these sign-ins.
fn used(case: &Case, sign_ins: &[u32]) -> Used {
    let (mut apps, mut devices): (Set<u32>, Set<u32>) = (Set::new(), Set::new());
    for row in sign_ins.iter().filter_map(|&number| case.store.sign_in(number)) {
        apps.insert(row.app);
        devices.insert(row.device);
    }
    let texts = &case.store.texts;
    let device = |number: u32| {
        let device = case.store.device(number);
        texts
            .value(device.name)
            .map_or_else(|| device.id.value().map(|id| id.display(texts)), |name| Some(name.to_owned()))
    };
    Used {
        apps: apps.into_iter().map(|number| super::describe::app(case, number)).collect(),
        devices: devices.into_iter().filter_map(device).collect(),
        addresses: addresses(case, sign_ins),
    }
}

/// The confidence of the surest of the findings that are as severe as the most severe one.
fn confidence(findings: &[&Flagged]) -> Confidence {
    let most = findings.iter().map(|flagged| flagged.finding.severity).max();
    let strongest = findings.iter().filter(|flagged| Some(flagged.finding.severity) == most);
    strongest.map(|flagged| flagged.finding.confidence).max().unwrap_or(Confidence::Low)
}

/// What the person is whose events a bucket holds.
fn classes(case: &Case, bucket: usize) -> Classes {
    let person = case.bucket(bucket).and_then(|bucket| case.people.get(bucket.person));
    person.map_or(Classes::NONE, |person| person.classes)
}

/// The name of the person whose events a bucket holds.
pub(in crate::report) fn user_name(case: &Case, bucket: usize) -> String {
    let person = case.bucket(bucket).and_then(|bucket| case.people.get(bucket.person));
    person.map_or_else(
        || SEVERAL.to_owned(),
        |person| {
            let texts = &case.store.texts;
            texts.value(person.name).map_or_else(|| person.id.display(texts), str::to_owned)
        },
    )
}

/// Texts that a search looks in, each once.
struct Haystack {
    text: String,
    seen: Set<(u8, u32)>,
}

impl Haystack {
    fn new(texts: &[&str]) -> Self {
        let mut haystack = Self { text: String::new(), seen: Set::new() };
        for text in texts {
            haystack.push(text);
        }
        haystack
    }

    fn push(&mut self, text: &str) {
        self.text.push_str(&visible(text).to_lowercase());
        self.text.push('\n');
    }

    fn sign_in(&mut self, case: &Case, number: u32) {
        let Some(row) = case.store.sign_in(number) else { return };
        let texts = &case.store.texts;
        if self.seen.insert((0, row.address.0)) {
            self.push(texts.get(row.address));
        }
        for app in [row.app, row.resource] {
            if self.seen.insert((1, app)) {
                self.push(texts.get(case.store.app(app).name));
            }
        }
        if self.seen.insert((2, row.device)) {
            self.push(texts.get(case.store.device(row.device).name));
        }
        if self.seen.insert((3, row.location)) {
            let (city, country) = super::hand::place(case, row);
            self.push(&city);
            self.push(&country);
        }
    }
}
