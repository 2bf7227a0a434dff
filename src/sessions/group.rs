//! Groups a person's sign-ins into sessions.

use std::net::IpAddr;

use foldhash::quality::FixedState;
use hashbrown::HashMap;
use serde::Serialize;

use crate::events::vocabulary::Stream;
use crate::events::{Id, SignIn};
use crate::knowledge::agents::Family;
use crate::order::Arrange;

use super::View;

/// How events came to be one session.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum SessionKind {
    /// They carry the same session id.
    Session,
    /// They carry none, and share a correlation id; or have none of either, and follow each other
    /// from one network with one family of agents. A guess: shown as such, never asked whether it
    /// changed hands.
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
    /// What names it for good: the session id, else the correlation id, else the first event's id.
    pub anchor: Id,
    /// Whether its first event is an interactive sign-in without incoming token. If not, it began
    /// before the export.
    pub starts_in_export: bool,
}

/// Events without session and correlation id are one group while they follow each other within an hour.
const GAP: i64 = 3_600_000_000;

/// What holds a group together.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Bond {
    Session(Id),
    Correlation(Id),
    Place(Place, Family),
}

/// A network as far as it is known: its system, else the address.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Place {
    System(u32),
    Address(IpAddr),
    Unknown,
}

/// Sessions by time of their first event.
pub(super) fn group(view: &View<'_>) -> Vec<Session> {
    let mut sessions: Vec<Session> = Vec::new();
    let mut open: HashMap<Bond, (usize, i64), FixedState> = HashMap::with_hasher(view.store.texts.hasher());
    // Those that follow each other are mostly of one session.
    let mut last: Option<(Bond, usize)> = None;
    for (number, row) in view.sign_ins() {
        let bond = bond(view, row);
        let same = last.filter(|(last, _)| *last == bond && !matches!(bond, Bond::Place(..)));
        if let Some(session) = same.and_then(|(_, index)| sessions.get_mut(index)) {
            session.sign_ins.push(number);
            continue;
        }
        let known = open.get(&bond).filter(|(_, last)| !matches!(bond, Bond::Place(..)) || row.time - last <= GAP);
        let index = known.map_or(sessions.len(), |(index, _)| *index);
        open.insert(bond, (index, row.time));
        last = Some((bond, index));
        match sessions.get_mut(index) {
            Some(session) => session.sign_ins.push(number),
            None => sessions.push(begin(bond, number, row)),
        }
    }
    sessions.arrange_by_key(|session| {
        let first = session.sign_ins.first().and_then(|&number| view.store.sign_in(number));
        (first.map_or(i64::MAX, |row| row.time), session.anchor)
    });
    sessions
}

fn bond(view: &View<'_>, row: &SignIn) -> Bond {
    let session = row.session_id(view.store);
    if session.has_value() {
        return Bond::Session(session);
    }
    if row.correlation.has_value() {
        return Bond::Correlation(row.correlation);
    }
    let place = view
        .network(row)
        .map_or(Place::Unknown, |network| network.asn.map_or(Place::Address(network.address), Place::System));
    Bond::Place(place, view.agent(row).family())
}

fn begin(bond: Bond, number: u32, row: &SignIn) -> Session {
    let (id, kind, anchor) = match bond {
        Bond::Session(id) => (id, SessionKind::Session, id),
        Bond::Correlation(id) => (Id::EMPTY, SessionKind::Inferred, id),
        Bond::Place(..) => (Id::EMPTY, SessionKind::Inferred, row.id),
    };
    let starts_in_export = row.stream() == Stream::Interactive && row.incoming.is_none();
    Session { id, kind, sign_ins: vec![number], anchor, starts_in_export }
}
