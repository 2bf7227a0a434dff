//! What several detections ask of the place that a sign-in came from.

use crate::events::SignIn;
use crate::sessions::{Familiarity, View};
use crate::tenant::Network;

use super::Subject;

/// What a hosting network says, for the end of an explanation.
pub(super) const RENTED: &str = " That is a hosting or VPN network, where people seldom sit.";

/// The network of a sign-in where it can speak against the user: neither Microsoft's nor the organisation's own.
pub(super) fn outside(view: &View<'_>, row: &SignIn) -> Option<Network> {
    view.network(row).filter(|network| !network.is_microsoft() && !view.own.has(network))
}

/// The same, where it is unfamiliar for the user.
pub(super) fn strange(subject: &Subject<'_>, row: &SignIn) -> Option<Network> {
    let network = outside(subject.view, row)?;
    (subject.familiar.network(subject.view, row) == Familiarity::Unfamiliar).then_some(network)
}

/// Whether a sign-in came from a hosting or VPN network.
pub(super) fn is_hosting(view: &View<'_>, row: &SignIn) -> bool {
    view.network(row).is_some_and(|network| network.is_hosting())
}

/// Whether it came from a hosting or VPN network that is not familiar for the user.
pub(super) fn is_rented(subject: &Subject<'_>, row: &SignIn) -> bool {
    is_hosting(subject.view, row) && subject.familiar.network(subject.view, row) != Familiarity::Familiar
}

/// Whether it came from a network that is unfamiliar for the user, and not from Microsoft's.
pub(super) fn is_unfamiliar(subject: &Subject<'_>, row: &SignIn) -> bool {
    subject.familiar.network(subject.view, row) == Familiarity::Unfamiliar
        && !subject.view.network(row).is_some_and(|network| network.is_microsoft())
}

/// Whether it came from a country that is unfamiliar for the user.
pub(super) fn is_abroad(subject: &Subject<'_>, row: &SignIn) -> bool {
    subject.familiar.country(subject.view, row) == Familiarity::Unfamiliar
}
