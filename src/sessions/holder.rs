//! Who held a session: from which network, country, device and agent, and on whose side.

use serde::Serialize;

use crate::events::dictionary::TextId;
use crate::events::{Id, SignIn};
use crate::knowledge::agents::{self, Agent};
use crate::tenant::{Network, same_network};

use super::{Familiar, Familiarity, Session, View};

/// Whose hands a session is in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Side {
    /// The device or the network is familiar for the user.
    Owner,
    /// Neither is.
    Other,
    /// History cannot tell; this one was seen first.
    First,
    /// History cannot tell; this one came later.
    Later,
}

/// The properties that tell holders apart.
#[derive(Clone, Copy, Debug)]
pub struct Holder {
    /// Network.
    pub network: Option<Network>,
    /// Country.
    pub country: Option<TextId>,
    /// Device.
    pub device: Option<Id>,
    /// Agent.
    pub agent: Agent,
}

impl Holder {
    /// The holder at an event.
    #[must_use]
    pub fn of(view: &View<'_>, row: &SignIn) -> Self {
        Self {
            network: view.network(row),
            country: view.country(row),
            device: view.device(row),
            agent: view.agent(row),
        }
    }

    /// How many of country, device and agent family are known on both sides and differ.
    #[must_use]
    pub fn differences(&self, other: &Self) -> u32 {
        let country = matches!((self.country, other.country), (Some(left), Some(right)) if left != right);
        let device = matches!((self.device, other.device), (Some(left), Some(right)) if left != right);
        let agent = agents::same_family(self.agent, other.agent) == Some(false);
        u32::from(country) + u32::from(device) + u32::from(agent)
    }

    /// Whether what came from here changed hands from there: another network, and a known part of
    /// country, device and agent family differs.
    #[must_use]
    pub fn is_other_hand(&self, earlier: &Self) -> bool {
        same_network(self.network, earlier.network) == Some(false) && self.differences(earlier) > 0
    }

    /// Whether the two are one holder: nothing known tells them apart, or only the network does.
    #[must_use]
    fn is_same(&self, other: &Self) -> bool {
        self.differences(other) == 0
    }
}

/// A holder of a session, from when to when.
#[derive(Clone, Debug)]
pub struct Holding {
    /// The holder at the first of these events.
    pub holder: Holder,
    /// Whose side.
    pub side: Side,
    /// Numbers of the sign-ins, in order of time.
    pub sign_ins: Vec<u32>,
}

/// The holders of a session, in order of their first event, and the first event that is a change of
/// hands: one whose network differs from every earlier one and whose country, device or agent
/// family differs in a known part.
#[must_use]
pub fn holders(view: &View<'_>, session: &Session, familiar: &Familiar<'_>) -> (Vec<Holding>, Option<u32>) {
    let mut holdings: Vec<Holding> = Vec::new();
    let mut handover = None;
    let mut networks: Vec<Option<Network>> = Vec::new();
    for (number, row) in view.rows(&session.sign_ins) {
        let holder = Holder::of(view, row);
        if handover.is_none() && !holdings.is_empty() && changes_hands(&holdings, &networks, &holder) {
            handover = Some(number);
        }
        if !networks.contains(&holder.network) {
            networks.push(holder.network);
        }
        match holdings.iter_mut().find(|known| known.holder.is_same(&holder)) {
            Some(known) => known.sign_ins.push(number),
            None => {
                let side = side(view, row, familiar, holdings.is_empty());
                holdings.push(Holding { holder, side, sign_ins: vec![number] });
            }
        }
    }
    (holdings, handover)
}

fn changes_hands(earlier: &[Holding], networks: &[Option<Network>], holder: &Holder) -> bool {
    networks.iter().all(|network| same_network(*network, holder.network) == Some(false))
        && earlier.iter().all(|known| known.holder.differences(holder) > 0)
}

fn side(view: &View<'_>, row: &SignIn, familiar: &Familiar<'_>, is_first: bool) -> Side {
    match (familiar.network(view, row), familiar.device(view, row)) {
        (Familiarity::Familiar, _) | (_, Familiarity::Familiar) => Side::Owner,
        (Familiarity::Unfamiliar, _) => Side::Other,
        (Familiarity::Unknown, _) if is_first => Side::First,
        (Familiarity::Unknown, _) => Side::Later,
    }
}
