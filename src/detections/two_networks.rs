//! The part of *a sign-in through somebody else's proxy* that tells of one session in two networks at once: the
//! sign-in comes from the proxy, and the cookie goes on elsewhere.

use crate::events::vocabulary::Stream;
use crate::events::{Id, SignIn};
use crate::knowledge::apps;
use crate::sessions::{Familiarity, Session, View};
use crate::tenant::same_network;

use super::adversary_in_the_middle::{HOUR, Rule, STEPS, Trace};
use super::evidence::{duration, moment, place, who};
use super::places::is_rented;
use super::{Confidence, Severity, Subject};

/// OfficeHome without device from an unfamiliar network, and then another network.
pub(super) fn office_home(
    rule: &Rule,
    subject: &Subject<'_>,
    session: &Session,
    (first, row): (u32, &SignIn),
    next: &[(u32, &SignIn)],
) -> Option<Trace> {
    let view = subject.view;
    let without_device = view.device(row).is_some_and(|id| !id.has_value());
    let candidate = view.app(row) == Some(apps::OFFICE_HOME) && without_device;
    if !candidate || subject.familiar.network(view, row) != Familiarity::Unfamiliar || !is_foreign(view, row) {
        return None;
    }
    let here = view.network(row);
    let in_session = next
        .iter()
        .copied()
        .take(STEPS)
        .filter(|(_, other)| session.id.has_value() && other.time - row.time <= rule.window);
    let numbers: Vec<u32> = view.correlated(row.correlation).take(STEPS).collect();
    let correlated = view.rows(&numbers).filter(|(_, other)| (0..=HOUR).contains(&(other.time - row.time)));
    let (second, other) = in_session.chain(correlated).find(|(_, other)| {
        view.succeeded(other) && same_network(view.network(other), here) == Some(false) && !view.by_server(other)
    })?;
    let why = format!(
        "{} signed in to OfficeHome from {} at {}, without device and in a network that is not theirs; {} later the same session went on from {}.",
        who(view),
        place(here),
        moment(row.time),
        duration(other.time - row.time),
        place(view.network(other)),
    );
    let (severity, confidence) = (Severity::High, Confidence::Medium);
    Some(Trace { variant: "office-home", severity, confidence, first, second, why })
}

/// Two networks within so short a time that nobody goes from one to the other.
pub(super) fn at_once(
    rule: &Rule,
    subject: &Subject<'_>,
    session: &Session,
    (first, row): (u32, &SignIn),
    next: &[(u32, &SignIn)],
) -> Option<Trace> {
    let view = subject.view;
    if !session.id.has_value() {
        return None;
    }
    let near = next.iter().copied().take(STEPS).take_while(|(_, other)| other.time - row.time <= rule.window);
    // Most that follow each other come from one address.
    let mut near = near.filter(|(_, other)| other.address != row.address).peekable();
    if near.peek().is_none() || view.by_server(row) {
        return None;
    }
    let mut later = near.filter(|(_, other)| view.succeeded(other) && !view.by_server(other));
    let (second, other) = later.find(|(_, other)| are_apart(rule, subject, row, other))?;
    let hosting = is_rented(subject, row) != is_rented(subject, other);
    let ending =
        if hosting { " One of them is a hosting or VPN network." } else { " One of them is new for the user." };
    let why = format!(
        "One session of {} was used from {} at {} and from {} {} later.{ending}",
        who(view),
        place(view.network(row)),
        moment(row.time),
        place(view.network(other)),
        duration(other.time - row.time),
    );
    let severity = if hosting { Severity::High } else { Severity::Medium };
    Some(Trace { variant: "two-networks", severity, confidence: Confidence::Medium, first, second, why })
}

/// Whether two successes of one session, from two addresses, are soon after each other in two networks, of which one is hosting, or one
/// is familiar for the user and the other is not.
fn are_apart(rule: &Rule, subject: &Subject<'_>, row: &SignIn, other: &SignIn) -> bool {
    let view = subject.view;
    let goes_on = row.stream() == Stream::Interactive && other.stream() == Stream::NonInteractive;
    let soon = goes_on || other.time - row.time <= rule.burst;
    let apart = || same_network(view.network(row), view.network(other)) == Some(false);
    if !soon || !apart() {
        return false;
    }
    let device = view.device(row).and_then(Id::value);
    let one_device = device.is_some() && device == view.device(other).and_then(Id::value);
    let seen = || [row, other].map(|row| subject.familiar.network(view, row));
    let one_familiar = || [Familiarity::Familiar, Familiarity::Unfamiliar].iter().all(|kind| seen().contains(kind));
    let foreign = is_foreign(view, row) && is_foreign(view, other);
    foreign && !one_device && (is_rented(subject, row) != is_rented(subject, other) || one_familiar())
}

/// Neither Microsoft's nor an unknown network.
fn is_foreign(view: &View<'_>, row: &SignIn) -> bool {
    view.network(row).is_some_and(|network| !network.is_microsoft())
}
