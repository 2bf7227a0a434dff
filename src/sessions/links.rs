//! By what an event is tied to a session.

use serde::Serialize;

use crate::events::Id;

use super::{EventRef, View};

/// How far from an event a session's sign-ins from the same address may lie, in microseconds.
pub const NEAR: u64 = 30 * 60_000_000;
/// The same of a risk event, whose time is that of its sign-in.
const NEAR_RISK: u64 = 10 * 60_000_000;

/// What ties an event to a session, the surest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Link {
    /// It is a sign-in of the session.
    Own,
    /// It was done with a token that a sign-in of the session got.
    Token,
    /// It carries the session's id.
    Session,
    /// It names a request of the session.
    Request,
    /// It shares a correlation id with a sign-in of the session.
    Correlation,
    /// It was done from a device of the session, or from one registered in it.
    Device,
    /// It used a method that was registered in the session.
    Method,
    /// It came from the address of a sign-in of the session, within half an hour; of a risk event
    /// within ten minutes. A guess.
    Place,
}

impl Link {
    /// As sentences and facts name it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Own => "the session itself",
            Self::Token => "token id",
            Self::Session => "session id",
            Self::Request => "request id",
            Self::Correlation => "correlation id",
            Self::Device => "device",
            Self::Method => "method",
            Self::Place => "address and time",
        }
    }
}

/// A session that an event is tied to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Linked {
    /// Number of the session in the view.
    pub session: usize,
    /// By what.
    pub link: Link,
    /// The sign-in that ties them, where one does.
    pub sign_in: Option<u32>,
}

impl View<'_> {
    /// The session that an event is tied to, by the surest link that leads to one.
    #[must_use]
    pub fn linked(&self, event: EventRef) -> Option<Linked> {
        let by = |link: Link, sign_in: u32| {
            Some(Linked { session: self.session_of(sign_in)?, link, sign_in: Some(sign_in) })
        };
        let sure = match event {
            EventRef::SignIn(number) => return by(Link::Own, number),
            EventRef::Activity(number) => {
                let row = self.store.activity(number)?;
                let token = || by(Link::Token, self.issue_of(row.token_id(self.store))?);
                let session = || {
                    let session = self.session_named(row.session_id(self.store))?;
                    Some(Linked { session, link: Link::Session, sign_in: None })
                };
                token().or_else(session)
            }
            EventRef::Risk(number) => by_request(self, number).and_then(|number| by(Link::Request, number)),
            EventRef::Audit(_) => None,
        };
        let head = event.head(self.store)?;
        let correlated = || by(Link::Correlation, self.correlated(head.correlation).next()?);
        let near = || {
            let number = self.nearest(head.address, head.time)?;
            let distance = self.store.sign_in(number)?.time.abs_diff(head.time);
            let near = if matches!(event, EventRef::Risk(_)) { NEAR_RISK } else { NEAR };
            (distance <= near).then(|| by(Link::Place, number)).flatten()
        };
        sure.or_else(correlated).or_else(near)
    }

    /// The session that a whole of events is tied to: by the surest link of any, the first of equals.
    #[must_use]
    pub fn linked_by_any(&self, events: impl Iterator<Item = EventRef>) -> Option<Linked> {
        events.filter_map(|event| self.linked(event)).min_by_key(|linked| linked.link)
    }

    /// The first success that got the token with this id.
    #[must_use]
    pub fn issue_of(&self, token: Id) -> Option<u32> {
        self.index().issue_of(self, token)
    }

    /// The session with this id.
    #[must_use]
    pub fn session_named(&self, id: Id) -> Option<usize> {
        self.index().session_named(self, id)
    }

    /// The sign-in with this request id.
    #[must_use]
    pub fn request(&self, id: Id) -> Option<u32> {
        self.index().request(self, id)
    }
}

fn by_request(view: &View<'_>, risk: u32) -> Option<u32> {
    view.request(view.store.risk_event(risk)?.request)
}
