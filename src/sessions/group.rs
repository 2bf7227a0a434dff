//! Groups a person's sign-ins into sessions.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::events::Id;
use crate::events::vocabulary::Stream;

use super::View;

/// How events came to be one session.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum SessionKind {
    /// They carry the same session id.
    Session,
    /// They carry none, and share a correlation id, or follow each other from one network and agent.
    Inferred,
}

/// Events of one person that belong together.
#[derive(Clone, Debug)]
pub struct Session {
    /// Session id; empty for an inferred one.
    pub id: Id,
    /// How its events came together.
    pub kind: SessionKind,
    /// Numbers of its sign-ins, in order of time.
    pub sign_ins: Vec<u32>,
    /// What names it for good: the session id, or of an inferred one the first event's id.
    pub anchor: Id,
    /// Whether its first event is an interactive sign-in without incoming token. If not, it began
    /// before the export.
    pub starts_in_export: bool,
}

/// Events without session id are one inferred session while they follow each other within an hour.
const GAP: i64 = 3_600_000_000;

/// Sessions by time of their first event. Events without session id are never joined by its emptiness.
#[must_use]
pub fn group(view: &View<'_>) -> Vec<Session> {
    let mut by_id: BTreeMap<Id, Vec<u32>> = BTreeMap::new();
    let mut inferred: Vec<(Inferred, Vec<u32>)> = Vec::new();
    for (number, row) in view.sign_ins() {
        let id = row.session_id(view.store);
        if id.has_value() {
            by_id.entry(id).or_default().push(number);
            continue;
        }
        let place = (row.address, view.store.location(row.location).asn, row.agent);
        // Later groups are likelier to go on; the search is bounded so that it stays linear.
        let open = inferred.iter_mut().rev().take(32).find(|(group, _)| {
            (row.correlation.has_value() && group.correlation == row.correlation)
                || (!row.correlation.has_value() && group.place == place && row.time - group.last <= GAP)
        });
        match open {
            Some((group, members)) => {
                group.last = row.time;
                members.push(number);
            }
            None => inferred.push((Inferred { correlation: row.correlation, place, last: row.time }, vec![number])),
        }
    }
    let known = by_id.into_iter().map(|(id, members)| (id, SessionKind::Session, members));
    let guessed = inferred.into_iter().map(|(_, members)| (Id::EMPTY, SessionKind::Inferred, members));
    let mut sessions: Vec<Session> =
        known.chain(guessed).map(|(id, kind, members)| session(view, id, kind, members)).collect();
    sessions.sort_by_key(|session| (first_time(view, session), session.anchor));
    sessions
}

struct Inferred {
    correlation: Id,
    place: (crate::events::TextId, u32, crate::events::TextId),
    last: i64,
}

fn session(view: &View<'_>, id: Id, kind: SessionKind, sign_ins: Vec<u32>) -> Session {
    let first = sign_ins.first().and_then(|&number| view.store.sign_in(number));
    let starts_in_export = first.is_some_and(|row| row.stream() == Stream::Interactive && row.incoming.is_none());
    let anchor = if id.has_value() { id } else { first.map_or(Id::EMPTY, |row| row.id) };
    Session { id, kind, sign_ins, anchor, starts_in_export }
}

fn first_time(view: &View<'_>, session: &Session) -> i64 {
    session.sign_ins.first().and_then(|&number| view.store.sign_in(number)).map_or(i64::MAX, |row| row.time)
}
