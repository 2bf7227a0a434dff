//! Which networks are the tenant's own, by how many sign in from there or as a person told.

use serde::Serialize;

use crate::analysis::Case;
use crate::order::{Arrange, Set};
use crate::tenant::{OwnNetworks, Ownership, UsedBlock};

use super::hand::network_name;

/// A network that is the tenant's own, or may be.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct OwnNetwork {
    /// As it is tuned: `192.0.2.0/24`, `AS64500`.
    pub network: String,
    /// Who runs it, where records say so.
    pub name: String,
    /// People who sign in from there, those of flagged sessions left out; 0 where few do.
    pub users: u64,
    /// People who sign in at all.
    pub active: u64,
    /// Days on which they did, up to 64.
    pub days: u64,
    /// Whose it is.
    pub whose: Whose,
}

/// Whose a network is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "kebab-case")]
pub enum Whose {
    /// The tenant's own, by how many sign in from there.
    Own,
    /// A few too many to be nobody's, not enough to be the tenant's own.
    Proposed,
    /// A hosting network: own only where a person says so, however many use it.
    Rented,
    /// The tenant's own, as a person told.
    Ours,
    /// Not the tenant's own, as a person told.
    NotOurs,
}

/// Those of all realms, what a person told first, then by how many sign in from there.
pub(super) fn networks(case: &Case) -> Vec<OwnNetwork> {
    let mut all: Vec<OwnNetwork> = Vec::new();
    for (realm, own) in (0..).zip(case.own_networks.realms()) {
        let active = case.summary_of(realm).egress.active();
        all.extend(own.blocks().map(|used| of_block(case, realm, own, used, active)));
    }
    let known: Set<String> = all.iter().map(|one| one.network.clone()).collect();
    let rule = case.own_networks.of(0).rule();
    let told = [(&rule.ours, Whose::Ours), (&rule.not_ours, Whose::NotOurs)];
    for (spans, whose) in told {
        for network in spans.iter().map(ToString::to_string).filter(|text| !known.contains(text)) {
            all.push(OwnNetwork { network, name: String::new(), users: 0, active: 0, days: 0, whose });
        }
    }
    let rank = |one: &OwnNetwork| (!matches!(one.whose, Whose::Ours | Whose::NotOurs), u64::MAX - one.users);
    all.arrange_by(|left, right| rank(left).cmp(&rank(right)).then_with(|| left.network.cmp(&right.network)));
    all
}

fn of_block(case: &Case, realm: u32, own: &OwnNetworks, used: &UsedBlock, active: u64) -> OwnNetwork {
    let network = case.summary_of(realm).network_of_block(used.block);
    let text = used.block.to_string();
    let tells = |spans: &[crate::enrichment::Span]| spans.iter().any(|span| span.to_string() == text);
    let whose = if tells(&own.rule().not_ours) {
        Whose::NotOurs
    } else if tells(&own.rule().ours) || network.listed.is_known_good() {
        Whose::Ours
    } else if network.is_hosting() {
        Whose::Rented
    } else if used.ownership == Ownership::Own {
        Whose::Own
    } else {
        Whose::Proposed
    };
    let name = if network.asn.is_some() { network_name(network) } else { String::new() };
    OwnNetwork { network: text, name, users: used.users, active, days: used.days, whose }
}
