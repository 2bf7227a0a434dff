//! What came of a session: the tokens it got, from which request each descends, what used them and from
//! where, the devices that came about in it, and what ended it.

use crate::order::{Map, Set};

use serde::Serialize;

use crate::events::dictionary::TextId;
use crate::events::vocabulary::IncomingToken;
use crate::events::{Id, SignIn};
use crate::knowledge::operations::{self, RegistrationKind, TokensEnded};
use crate::knowledge::results::ResultClass;
use crate::order::{Arrange, Gather};
use crate::tenant::Network;

use super::{DeviceRecord, EventRef, Grounds, Holding, Link, Session, View};

/// What came of a session.
#[derive(Clone, Debug, Default)]
pub struct Lineage {
    /// The sign-in that opened it without a token; nothing where it began before the export.
    pub root: Option<u32>,
    /// Its tokens, those of one application, holder and incoming token together, in order of time.
    pub grants: Vec<Grant>,
    /// What was done with them or in the session, in order of time.
    pub uses: Vec<Use>,
    /// Devices that were seen or registered in it, in order of time.
    pub devices: Vec<DeviceLine>,
    /// What ended it, or should have, in order of time.
    pub ends: Vec<End>,
    /// When it was last used with success, in microseconds; by a sign-in or an act.
    pub last_seen: Option<i64>,
}

/// Tokens that one application got in one holder's hand for one kind of incoming token.
#[derive(Clone, Debug)]
pub struct Grant {
    /// [`crate::events::tuples::App`] of the client.
    pub app: u32,
    /// Number of the holder.
    pub hand: Option<usize>,
    /// The token that was presented.
    pub incoming: IncomingToken,
    /// The successes, in order of time.
    pub sign_ins: Vec<u32>,
    /// How many different token ids they carry.
    pub tokens: usize,
    /// What the first descends from.
    pub parent: Parent,
}

/// What a token descends from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Parent {
    /// Nothing: no token came in.
    Nothing,
    /// Another grant of the session, by its number: a request id says so.
    Grant(usize),
    /// Another session of the user, by its number: a request id says so.
    Session(usize),
    /// A request that the exports do not hold.
    NotInExports,
    /// A token came in, and no id says from which request: the session held it.
    Held,
}

/// What kind of record a use is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "kebab-case")]
pub enum UseKind {
    /// A call of Microsoft Graph.
    Call,
    /// An act in mailbox, files or another service.
    Act,
    /// An act in the directory.
    Directory,
}

/// Records that used one grant alike.
#[derive(Clone, Debug)]
pub struct Use {
    /// What kind of records.
    pub kind: UseKind,
    /// Their service or category.
    pub category: TextId,
    /// Number of the grant whose token it was; nothing where only the session is known.
    pub grant: Option<usize>,
    /// By what they are tied to the session.
    pub link: Link,
    /// Number of the holder who was there; nothing for a place where none was.
    pub hand: Option<usize>,
    /// Where the first came from; nothing where that is unknown or Microsoft's.
    pub network: Option<Network>,
    /// Different addresses.
    pub addresses: usize,
    /// How many.
    pub count: usize,
    /// The first.
    pub event: EventRef,
    /// Its time, in microseconds.
    pub first: i64,
    /// That of the last.
    pub last: i64,
}

/// A device in the story of a session.
#[derive(Clone, Debug)]
pub struct DeviceLine {
    /// Its id.
    pub id: Id,
    /// The event that registered it, where the exports hold it.
    pub registered: Option<u32>,
    /// Whether it was registered in this session.
    pub here: bool,
    /// Successes of the user that brought a primary refresh token of it, in order of time.
    pub primary: Vec<u32>,
    /// Numbers of the user's sessions that it has a part in, in order of time.
    pub sessions: Vec<usize>,
    /// Time of its first and last record, in microseconds.
    pub span: (i64, i64),
}

/// What ended a session, or should have.
#[derive(Clone, Copy, Debug)]
pub struct End {
    /// The refusal, or the act that revoked.
    pub event: EventRef,
    /// When, in microseconds.
    pub time: i64,
    /// Result code of a refusal.
    pub code: Option<u32>,
    /// What an administrator did.
    pub act: Option<TokensEnded>,
    /// How many successes of the session followed all the same.
    pub after: usize,
}

/// Follows what came of a session of the view, in the hands of these holders.
#[must_use]
pub fn lineage(view: &View<'_>, number: usize, holdings: &[Holding]) -> Lineage {
    let Some(session) = view.sessions.get(number) else { return Lineage::default() };
    let grants = grants(view, number, session, holdings);
    let root = session.sign_ins.first().copied().filter(|_| session.starts_in_export);
    let mut lineage = Lineage { root, grants, ..Lineage::default() };
    lineage.learn_uses(view, number, holdings);
    lineage.devices = devices(view, number, session);
    let issued = lineage.grants.iter().flat_map(|grant| &grant.sign_ins);
    let mut seen: Vec<i64> = issued.filter_map(|&row| view.time_of(EventRef::SignIn(row))).collect();
    seen.sort_unstable();
    let used = lineage.uses.iter().filter(|item| item.link < Link::Place).map(|item| item.last);
    lineage.last_seen = used.chain(seen.last().copied()).max();
    lineage.ends = ends(view, session, &seen);
    lineage
}

fn grants(view: &View<'_>, number: usize, session: &Session, holdings: &[Holding]) -> Vec<Grant> {
    let mut hands: Map<u32, usize> = Map::new();
    for (hand, holding) in holdings.iter().enumerate() {
        hands.extend(holding.sign_ins.iter().map(|&row| (row, hand)));
    }
    let mut grants: Vec<Grant> = Vec::new();
    let mut places: Map<(u32, Option<usize>, u8), usize> = Map::new();
    let mut of: Map<u32, usize> = Map::new();
    for (row, sign_in) in view.rows(&session.sign_ins).filter(|(_, row)| view.succeeded(row)) {
        let (app, hand, incoming) = (sign_in.app, hands.get(&row).copied(), sign_in.incoming);
        let place = *places.entry((app, hand, incoming.0)).or_insert_with(|| {
            let parent = Parent::Nothing;
            grants.push(Grant { app, hand, incoming, sign_ins: Vec::new(), tokens: 0, parent });
            grants.len() - 1
        });
        of.insert(row, place);
        grants.iter_mut().skip(place).take(1).for_each(|grant| grant.sign_ins.push(row));
    }
    for (place, grant) in grants.iter_mut().enumerate() {
        let tokens: Set<Id> =
            view.rows(&grant.sign_ins).filter_map(|(_, row)| row.token_id(view.store).value()).gather();
        grant.tokens = tokens.len();
        let mut parents = view.rows(&grant.sign_ins).map(|(_, row)| parent(view, number, place, row, &of));
        grant.parent = parents.next().unwrap_or(Parent::Nothing);
    }
    grants
}

/// What a success descends from, by its original request id.
fn parent(view: &View<'_>, number: usize, place: usize, row: &SignIn, of: &Map<u32, usize>) -> Parent {
    let without = if row.incoming.is_token() { Parent::Held } else { Parent::Nothing };
    let Some(original) = view.store.id_of(row, row.original).value().filter(|id| *id != row.id) else {
        return without;
    };
    let Some(request) = view.request(original) else { return Parent::NotInExports };
    // A request that was interrupted got its token in the step that ended it.
    let got = view.store.sign_in(request).and_then(|row| view.outcome_of(row)).unwrap_or(request);
    match of.get(&got) {
        Some(grant) if *grant == place => without,
        Some(grant) => Parent::Grant(*grant),
        None => match view.session_of(got) {
            Some(session) if session != number => Parent::Session(session),
            _ => without,
        },
    }
}

impl Lineage {
    fn learn_uses(&mut self, view: &View<'_>, number: usize, holdings: &[Holding]) {
        let grounds = Grounds::of(view, holdings);
        let mut of: Map<u32, usize> = Map::new();
        for (place, grant) in self.grants.iter().enumerate() {
            of.extend(grant.sign_ins.iter().map(|&row| (row, place)));
        }
        let mut places: Map<_, usize> = Map::new();
        let mut addresses: Set<(usize, TextId)> = Set::new();
        let acts = view.activities().map(|(row, act)| {
            let kind = if act.is_call(view.store) { UseKind::Call } else { UseKind::Act };
            (EventRef::Activity(row), kind, act.category)
        });
        let audits = view.audits().map(|(row, act)| (EventRef::Audit(row), UseKind::Directory, act.category));
        for (event, kind, category) in acts.chain(audits) {
            let Some(linked) = view.linked(event).filter(|linked| linked.session == number) else { continue };
            let Some(head) = event.head(view.store) else { continue };
            let network = view.network_of(event);
            let grant = linked.sign_in.filter(|_| linked.link == Link::Token).and_then(|row| of.get(&row).copied());
            let hand = grounds.hand(network);
            let place =
                *places.entry((kind, category, grant, linked.link, hand, network.is_some())).or_insert_with(|| {
                    let (link, first, last) = (linked.link, head.time, head.time);
                    self.uses.push(Use {
                        kind,
                        category,
                        grant,
                        link,
                        hand,
                        network,
                        addresses: 0,
                        count: 0,
                        event,
                        first,
                        last,
                    });
                    self.uses.len() - 1
                });
            if let Some(known) = self.uses.get_mut(place) {
                known.count += 1;
                known.last = known.last.max(head.time);
                known.addresses += usize::from(head.address.has_value() && addresses.insert((place, head.address)));
            }
        }
        self.uses.arrange_by_key(|item| (item.first, item.event));
    }
}

fn devices(view: &View<'_>, number: usize, session: &Session) -> Vec<DeviceLine> {
    let mut lines: Map<Id, DeviceLine> = Map::new();
    let mut learn = |id: Id, time: i64| {
        let new = || DeviceLine {
            id,
            registered: None,
            here: false,
            primary: Vec::new(),
            sessions: Vec::new(),
            span: (time, time),
        };
        lines.entry(id).or_insert_with(new);
    };
    for (_, row) in view.rows(&session.sign_ins) {
        if let Some(id) = view.device(row).and_then(Id::value) {
            learn(id, row.time);
        }
    }
    let registers = |(audit, row): (u32, &crate::events::Audit)| {
        let what = operations::registration(view.store.texts.get(row.operation))?;
        let is = what.kind == RegistrationKind::Device && view.store.texts.get(row.result) == "success";
        is.then(|| (audit, row.time, DeviceRecord::read(view.store, row).ids))
    };
    let registered: Vec<(u32, i64, Set<Id>, bool)> = view
        .audits()
        .filter_map(registers)
        .map(|(audit, time, ids)| {
            let linked = view.linked(EventRef::Audit(audit));
            (audit, time, ids, linked.is_some_and(|linked| linked.session == number))
        })
        .collect();
    for (_, time, ids, here) in &registered {
        ids.iter().filter(|_| *here).for_each(|id| learn(*id, *time));
    }
    for (audit, time, ids, here) in registered {
        for id in ids {
            let Some(line) = lines.get_mut(&id) else { continue };
            line.registered.get_or_insert(audit);
            line.here |= here;
            line.span = (line.span.0.min(time), line.span.1.max(time));
        }
    }
    let none = lines.is_empty();
    for (row, sign_in) in view.sign_ins().filter(|_| !none) {
        let Some(line) = view.device(sign_in).and_then(|id| lines.get_mut(&id)) else { continue };
        line.span = (line.span.0.min(sign_in.time), line.span.1.max(sign_in.time));
        let primary = sign_in.incoming.is_token() && sign_in.incoming.0 & IncomingToken::PRIMARY_REFRESH_TOKEN.0 != 0;
        if primary && view.succeeded(sign_in) {
            line.primary.push(row);
        }
        line.sessions.extend(view.session_of(row).filter(|session| !line.sessions.contains(session)));
    }
    let mut lines: Vec<DeviceLine> = lines.into_values().collect();
    lines.arrange_by_key(|line| (line.span.0, line.id));
    lines
}

/// Refusals for a dead token or a policy, the last of a row of equal codes, and acts that end a user's
/// tokens, each with the successes that followed. `seen` are the times of the session's successes.
fn ends(view: &View<'_>, session: &Session, seen: &[i64]) -> Vec<End> {
    let first = view.rows(&session.sign_ins).map(|(_, row)| row.time).min().unwrap_or(i64::MAX);
    let after = |time: i64| seen.len() - seen.partition_point(|other| *other <= time);
    let mut ends: Vec<End> = Vec::new();
    for (number, row) in view.rows(&session.sign_ins) {
        if matches!(view.class(row), ResultClass::TokenDead | ResultClass::Policy) {
            let (event, code) = (EventRef::SignIn(number), view.code(row));
            if ends.last().is_some_and(|last| last.code == code && last.after == after(row.time)) {
                continue;
            }
            ends.push(End { event, time: row.time, code, act: None, after: after(row.time) });
        }
    }
    for (number, time, act) in tokens_ended(view).into_iter().filter(|(_, time, _)| *time >= first) {
        ends.push(End { event: EventRef::Audit(number), time, code: None, act: Some(act), after: after(time) });
    }
    ends.arrange_by_key(|end| (end.time, end.event));
    ends
}

/// When the user's tokens were ended by somebody else, and how: numbers of audit events.
#[must_use]
pub fn tokens_ended(view: &View<'_>) -> Vec<(u32, i64, TokensEnded)> {
    let texts = &view.store.texts;
    let mut ended = view.audits_of(&|operation| operations::ends_tokens(operation).is_some()).peekable();
    // Hardly anybody's tokens are ended.
    if ended.peek().is_none() {
        return Vec::new();
    }
    let (id, name) = (view.person.id.display(texts), texts.get(view.person.name));
    let quoted = [id.as_str(), name].map(|word| if word.is_empty() { String::new() } else { format!("\"{word}\"") });
    let is_of_user = |targets: &str| quoted.iter().any(|word| !word.is_empty() && targets.contains(word));
    ended
        .filter(|(_, row)| texts.get(row.result) == "success" && is_of_user(texts.get(row.targets)))
        .filter_map(|(number, row)| {
            let ended = operations::ends_tokens(texts.get(row.operation))?;
            let by = view.store.user(row.user);
            let own = by.id.has_value() && by.id == view.person.id || by.name.has_value() && texts.get(by.name) == name;
            // A service may only pass on that the user changed the password.
            let ended = if by.id.has_value() || by.name.has_value() { ended } else { TokensEnded::PasswordReset };
            (!own).then_some((number, row.time, ended))
        })
        .collect()
}
