//! What came of a session, for the page's graph: nodes by number, each with the record that shows it.

use serde::Serialize;

use crate::analysis::Case;
use crate::events::{Place, SignIn};
use crate::knowledge::operations::TokensEnded;
use crate::knowledge::{apps, results};
use crate::sessions::{
    DeviceLine, DeviceRecord, EventRef, Grant, Holding, Lineage, Link, Parent, UseKind, View, lineage,
};

use super::describe;
use super::hand::network_name;
use super::trace::{RecordRef, Trace};
use super::words::millis;

/// Nodes of one kind that are told; all are counted.
const MOST: usize = 200;

/// What came of a session.
#[derive(Clone, Debug, Default, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct LineageView {
    /// Record of the sign-in that opened it; nothing where it began before the export.
    pub root: Option<RecordRef>,
    /// Tokens, those of one application, holder and incoming token together, in order of time.
    pub grants: Vec<GrantNode>,
    /// How many grants there are in all.
    pub grants_total: usize,
    /// What was done with them or in the session.
    pub uses: Vec<UseNode>,
    /// How many uses there are in all.
    pub uses_total: usize,
    /// Devices seen or registered in it.
    pub devices: Vec<DeviceNode>,
    /// What ended it, or should have.
    pub ends: Vec<EndNode>,
    /// When it was last used with success, milliseconds UTC.
    pub last_seen: Option<i64>,
}

/// Tokens that one application got in one holder's hand.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct GrantNode {
    /// The application.
    pub app: String,
    /// What it asked for, each once; more are counted in the last.
    pub resources: Vec<String>,
    /// How it was asked for: `Signed in`, `Refresh token`, `Primary refresh token`.
    pub how: &'static str,
    /// Number of the holder.
    pub hand: Option<usize>,
    /// Successes.
    pub count: usize,
    /// Different token ids; 0 where the exports have none.
    pub tokens: usize,
    /// What it descends from.
    pub parent: ParentKind,
    /// Number of the grant it descends from, where it is one of this session.
    pub of: Option<usize>,
    /// First success, milliseconds UTC.
    pub first: i64,
    /// Last.
    pub last: i64,
    /// Number of the device whose primary refresh token was presented first, where it is one of this session's.
    pub device: Option<usize>,
    /// Numbers of the findings that rest on one of its records, from one.
    pub findings: Vec<usize>,
    /// The record of the first.
    pub place: RecordRef,
}

/// What a token descends from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "kebab-case")]
pub enum ParentKind {
    /// Nothing: no token came in.
    Nothing,
    /// Another grant of the session.
    Grant,
    /// Another session of the user.
    OtherSession,
    /// A request that the exports do not hold.
    NotInExports,
    /// The session held a token; no id says from which request.
    Held,
}

/// Records that used one grant alike.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct UseNode {
    /// What kind of records.
    pub kind: UseKind,
    /// The first in words.
    pub text: String,
    /// Service or category.
    pub category: String,
    /// Number of the grant whose token it was; nothing where only the session is known.
    pub of: Option<usize>,
    /// By what they are tied: `token id`, `session id`, `address and time`.
    pub link: &'static str,
    /// Number of the holder who was there.
    pub hand: Option<usize>,
    /// Where the first came from; empty where unknown or Microsoft's.
    pub network: String,
    /// Different addresses.
    pub addresses: usize,
    /// How many.
    pub count: usize,
    /// First, milliseconds UTC.
    pub first: i64,
    /// Last.
    pub last: i64,
    /// Numbers of the findings that rest on the first, from one.
    pub findings: Vec<usize>,
    /// The record of the first.
    pub place: RecordRef,
}

/// A device in the story of a session.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct DeviceNode {
    /// Its id.
    pub id: String,
    /// Its name; empty where no record has one.
    pub name: String,
    /// Number of the grant whose token registered it; nothing where only the session is known.
    pub of: Option<usize>,
    /// Whether a token id says so; else it is the last token for registering devices before it.
    pub sure: bool,
    /// Number of the holder who registered it, else who used it first.
    pub hand: Option<usize>,
    /// Record that registered it, where the exports hold it.
    pub registered: Option<RecordRef>,
    /// Whether it was registered in this session.
    pub here: bool,
    /// Successes with a primary refresh token of it.
    pub primary: usize,
    /// How many of the user's sessions it has a part in.
    pub sessions: usize,
    /// First record, milliseconds UTC.
    pub first: i64,
    /// Last.
    pub last: i64,
    /// Numbers of the findings that rest on its registration, from one.
    pub findings: Vec<usize>,
}

/// What ended a session, or should have.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct EndNode {
    /// When, milliseconds UTC.
    pub time: i64,
    /// In words.
    pub text: String,
    /// How many successes of the session followed all the same.
    pub after: usize,
    /// Its record.
    pub place: RecordRef,
}

/// Makes the view of what came of the session that these sign-ins are of.
pub(super) fn view(
    case: &Case,
    view: &View<'_>,
    trace: &Trace<'_>,
    sign_ins: &[u32],
    holdings: &[Holding],
) -> LineageView {
    let Some(number) = sign_ins.first().and_then(|&row| view.session_of(row)) else { return LineageView::default() };
    let Lineage { root, grants, uses, devices, ends, last_seen } = lineage(view, number, holdings);
    let devices = once_each(devices);
    let record = |event: EventRef| reference(event.head(&case.store).map(|head| head.place));
    let time = |row: Option<&u32>| millis(row.and_then(|&row| view.time_of(EventRef::SignIn(row))).unwrap_or(0));
    let told = grants.iter().take(MOST).map(|grant| {
        let (parent, of) = match grant.parent {
            Parent::Nothing => (ParentKind::Nothing, None),
            Parent::Grant(place) => (ParentKind::Grant, Some(place)),
            Parent::Session(_) => (ParentKind::OtherSession, None),
            Parent::NotInExports => (ParentKind::NotInExports, None),
            Parent::Held => (ParentKind::Held, None),
        };
        let mut resources: Vec<String> = Vec::new();
        let mut findings: Vec<usize> = Vec::new();
        for (row, sign_in) in view.rows(&grant.sign_ins) {
            let resource = describe::app(case, sign_in.resource);
            if resources.len() < 6 && !resources.contains(&resource) {
                resources.push(resource);
            }
            findings.extend(
                trace
                    .findings_of(EventRef::SignIn(row))
                    .filter(|number| !findings.contains(number))
                    .collect::<Vec<_>>(),
            );
        }
        findings.sort_unstable();
        let first = view.rows(&grant.sign_ins).next();
        GrantNode {
            app: describe::app(case, grant.app),
            resources,
            how: first.map_or("", |(_, row)| describe::how(row)),
            hand: grant.hand,
            count: grant.sign_ins.len(),
            tokens: grant.tokens,
            parent,
            of,
            first: time(grant.sign_ins.first()),
            last: time(grant.sign_ins.last()),
            findings,
            device: primary_of(&devices, &grant.sign_ins),
            place: first.map_or_else(|| reference(None), |(row, _)| record(EventRef::SignIn(row))),
        }
    });
    LineageView {
        root: root.map(|row| record(EventRef::SignIn(row))),
        grants: told.collect(),
        grants_total: grants.len(),
        uses_total: uses.len(),
        uses: uses
            .iter()
            .take(MOST)
            .map(|item| UseNode {
                kind: item.kind,
                text: describe::event(case, item.event),
                category: case.store.texts.get(item.category).to_owned(),
                of: item.grant,
                link: item.link.name(),
                hand: item.hand,
                network: item.network.map(network_name).unwrap_or_default(),
                addresses: item.addresses,
                count: item.count,
                first: millis(item.first),
                last: millis(item.last),
                findings: trace.findings_of(item.event).collect(),
                place: record(item.event),
            })
            .collect(),
        devices: devices.iter().take(MOST).map(|line| device(case, view, trace, &grants, line)).collect(),
        ends: ends
            .iter()
            .take(MOST)
            .map(|end| EndNode {
                time: millis(end.time),
                text: ended(end.code, end.act),
                after: end.after,
                place: record(end.event),
            })
            .collect(),
        last_seen: last_seen.map(millis),
    }
}

/// Of the ids of one registration, which are the directory's object and the device itself, the one that signed in.
fn once_each(lines: Vec<DeviceLine>) -> Vec<DeviceLine> {
    let rank = |line: &DeviceLine| (line.primary.len(), line.sessions.len());
    let mut kept: Vec<DeviceLine> = Vec::new();
    for line in lines {
        let same = kept.iter_mut().find(|known| known.registered.is_some() && known.registered == line.registered);
        match same {
            Some(known) if rank(&line) > rank(known) => *known = line,
            Some(_) => {}
            None => kept.push(line),
        }
    }
    kept
}

/// The device of which the first of these sign-ins that brought a primary refresh token brought it.
fn primary_of(devices: &[DeviceLine], sign_ins: &[u32]) -> Option<usize> {
    sign_ins.iter().find_map(|row| devices.iter().take(MOST).position(|line| line.primary.contains(row)))
}

fn device(case: &Case, view: &View<'_>, trace: &Trace<'_>, grants: &[Grant], line: &DeviceLine) -> DeviceNode {
    let registered = line.registered.map(EventRef::Audit);
    let linked = registered.and_then(|event| view.linked(event)).filter(|linked| linked.link == Link::Token);
    let token = linked.and_then(|linked| linked.sign_in);
    let by_token = token.and_then(|row| grants.iter().take(MOST).position(|grant| grant.sign_ins.contains(&row)));
    let registers = |grant: &&Grant| {
        let before = |row: &SignIn| registered.and_then(|event| trace.time(event)).is_some_and(|time| row.time <= time);
        let resource = |row: &SignIn| case.store.app(row.resource).id.as_guid();
        let service = Some(apps::DEVICE_REGISTRATION_SERVICE);
        view.rows(&grant.sign_ins).any(|(_, row)| resource(row) == service && before(row))
    };
    let by_time = || grants.iter().take(MOST).rposition(|grant| line.here && registers(&grant));
    let of_device = |row: &&SignIn| view.device(row) == Some(line.id);
    let rows = || view.sign_ins().map(|(_, row)| row).filter(of_device);
    let named = rows().find_map(|row| case.store.texts.value(case.store.device(row.device).name));
    let audit = line.registered.and_then(|audit| case.store.audit(audit));
    let told = || audit.and_then(|row| DeviceRecord::read(&case.store, row).names.into_iter().next());
    let first = line.primary.first().map(|row| EventRef::SignIn(*row));
    DeviceNode {
        id: line.id.display(&case.store.texts),
        name: named.map(str::to_owned).or_else(told).unwrap_or_default(),
        sure: by_token.is_some(),
        of: by_token.or_else(by_time),
        hand: registered.and_then(|event| trace.hand(event)).or_else(|| first.and_then(|event| trace.hand(event))),
        registered: registered.map(|event| trace.record(event)),
        here: line.here,
        primary: line.primary.len(),
        sessions: line.sessions.len(),
        first: millis(line.span.0),
        last: millis(line.span.1),
        findings: registered.map(|event| trace.findings_of(event).collect()).unwrap_or_default(),
    }
}

fn ended(code: Option<u32>, act: Option<TokensEnded>) -> String {
    match (code, act) {
        (_, Some(TokensEnded::Revoked)) => "All refresh tokens revoked".to_owned(),
        (_, Some(TokensEnded::PasswordReset)) => "Password reset".to_owned(),
        (Some(code), None) => match results::meaning(code) {
            Some(meaning) => format!("Refused: {code} {meaning}"),
            None => format!("Refused: {code}"),
        },
        (None, None) => String::new(),
    }
}

fn reference(place: Option<Place>) -> RecordRef {
    let place = place.unwrap_or_default();
    RecordRef { input: place.input, record: place.record, offset: place.offset }
}
