//! Which session a finding belongs to that names none.

use crate::detections::Finding;
use crate::events::Id;
use crate::events::dictionary::TextId;
use crate::sessions::{EventRef, View};

/// How far from an event its session's sign-ins from the same address may lie.
const NEAR: u64 = 30 * 60_000_000;

/// The session that a finding's evidence leads to: its sign-ins' own, else the one whose id
/// it carries, else that of a sign-in with the
/// same correlation id, else that of the nearest sign-in from the same address within half an
/// hour. Nothing where none of these leads anywhere: then the finding is loose.
pub(super) fn attach(view: &View<'_>, finding: &Finding) -> Option<usize> {
    let events = || finding.evidence.iter().map(|item| item.event);
    let own = events().find_map(|event| match event {
        EventRef::SignIn(number) => view.session_of(number),
        EventRef::Audit(_) | EventRef::Activity(_) | EventRef::Risk(_) => None,
    });
    let correlated = || {
        events().find_map(|event| {
            let number = view.correlated(correlation(view, event)).next()?;
            view.session_of(number)
        })
    };
    let near = || events().find_map(|event| view.session_of(nearest(view, event)?));
    own.or_else(|| events().find_map(|event| carried(view, event))).or_else(correlated).or_else(near)
}

/// The session whose id an activity record carries, or that of the sign-in a risk detection is about.
fn carried(view: &View<'_>, event: EventRef) -> Option<usize> {
    match event {
        EventRef::Activity(number) => {
            let id = view.store.activity(number)?.session_id(view.store).value()?;
            view.sessions.iter().position(|session| session.id == id)
        }
        EventRef::Risk(number) => {
            let request = view.store.risk_event(number)?.request.value()?;
            view.session_of(view.sign_ins().find(|(_, row)| row.id == request)?.0)
        }
        EventRef::SignIn(_) | EventRef::Audit(_) => None,
    }
}

fn correlation(view: &View<'_>, event: EventRef) -> Id {
    match event {
        EventRef::Audit(_) | EventRef::Risk(_) => event.head(view.store).map_or(Id::EMPTY, |head| head.correlation),
        EventRef::SignIn(_) | EventRef::Activity(_) => Id::EMPTY,
    }
}

fn nearest(view: &View<'_>, event: EventRef) -> Option<u32> {
    let time = view.time_of(event)?;
    let number = view.nearest(address(view, event), time)?;
    let distance = view.store.sign_in(number)?.time.abs_diff(time);
    (distance <= NEAR).then_some(number)
}

fn address(view: &View<'_>, event: EventRef) -> TextId {
    event.head(view.store).map_or(TextId::EMPTY, |head| head.address)
}
