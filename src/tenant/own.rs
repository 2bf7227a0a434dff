//! Which networks are the tenant's own: the rule, and what follows from it.

use crate::order::{Gather, Map};

use crate::enrichment::{Listed, Span};
use crate::events::address::{self, Block};

use super::Network;
use super::egress::UsedBlock;

/// When a block is the tenant's own, and what a person told of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnRule {
    /// Different days on which people must have signed in from a block, up to 64.
    pub days: u64,
    /// People who must have.
    pub users: u64,
    /// How many of the people who sign in at all that must be, in per cent.
    pub percent: u64,
    /// Networks that are the tenant's own, whoever signs in from there.
    pub ours: Vec<Span>,
    /// Networks that are not.
    pub not_ours: Vec<Span>,
}

impl Default for OwnRule {
    fn default() -> Self {
        Self { days: 3, users: 5, percent: 20, ours: Vec::new(), not_ours: Vec::new() }
    }
}

impl OwnRule {
    pub(super) fn ownership(&self, users: u64, days: u64, active: u64) -> Option<Ownership> {
        if days < self.days || users == 0 {
            None
        } else if users >= self.users && users * 100 >= active * self.percent {
            Some(Ownership::Own)
        } else {
            (users >= 10 && users * 100 >= active * 3).then_some(Ownership::Proposed)
        }
    }
}

/// How much a block is the tenant's own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Ownership {
    /// A good part of the people work from there, for days.
    Own,
    /// Quite some do: at least ten and three in a hundred. To be confirmed by a person.
    Proposed,
}

/// The tenant's own networks: learned from [`Egress`] by a rule, or told by a person.
#[derive(Clone, Debug, Default)]
pub struct OwnNetworks {
    rule: OwnRule,
    /// What was learned, by block.
    blocks: Map<Block, UsedBlock>,
}

impl OwnNetworks {
    /// Those that a rule makes of what is used.
    #[must_use]
    pub fn new(rule: OwnRule, used: Vec<UsedBlock>) -> Self {
        Self { rule, blocks: used.into_iter().map(|used| (used.block, used)).gather() }
    }

    /// The rule they were learned by.
    #[must_use]
    pub const fn rule(&self) -> &OwnRule {
        &self.rule
    }

    /// The blocks that are the tenant's own or proposed by how many use them, in order.
    pub fn blocks(&self) -> impl Iterator<Item = &UsedBlock> {
        self.blocks.values()
    }

    /// Whether a network is the tenant's own. A hosting network never is by how many use it; one that a list or
    /// a person says to be own always is, one that a person says not to be never.
    #[must_use]
    pub fn has(&self, network: &Network) -> bool {
        if is_in(network, &self.rule.not_ours) {
            return false;
        }
        if network.listed.is_known_good() || is_in(network, &self.rule.ours) {
            return true;
        }
        let used = self.blocks.get(&address::block(network.address));
        !network.is_hosting() && used.is_some_and(|used| used.ownership == Ownership::Own)
    }

    /// A network with what a person told of it: one that is the tenant's own is no hosting one, wherever it stands.
    #[must_use]
    pub fn told(&self, network: Network) -> Network {
        if self.rule.ours.is_empty() || !is_in(&network, &self.rule.ours) || !self.has(&network) {
            return network;
        }
        Network { listed: Listed::own(), ..network }
    }
}

/// Whether a network lies in one of these, by its address or its system.
fn is_in(network: &Network, spans: &[Span]) -> bool {
    spans.iter().any(|span| match span {
        Span::System(system) => network.asn == Some(*system),
        Span::Addresses { .. } => span.has(network.address),
    })
}

#[cfg(test)]
mod tests {
    use super::super::egress::tests::{BLOCK, egress, mark_of};
    use super::*;
    use crate::order::Set;

    fn network(address: &str, asn: u32) -> Network {
        Network { address: address.parse().expect("an address"), asn: Some(asn), listed: Listed::default() }
    }

    /// The own networks where so many people sign in from the block.
    fn own((users, days, elsewhere): (u64, i64, u64), rule: OwnRule) -> OwnNetworks {
        let used = egress(users, days, elsewhere).blocks(&rule, &Map::new());
        OwnNetworks::new(rule, used)
    }

    #[test]
    fn own_is_where_a_good_part_of_the_people_sign_in_for_days() {
        use Ownership::{Own, Proposed};
        for (users, days, elsewhere, expected) in [
            (5, 3, 20, Some(Own)),
            (4, 3, 0, None),
            (5, 2, 0, None),
            (5, 3, 21, None),
            (10, 3, 41, Some(Proposed)),
            (10, 3, 323, Some(Proposed)),
            (10, 3, 324, None),
            (9, 3, 40, None),
        ] {
            let found = own((users, days, elsewhere), OwnRule::default());
            assert_eq!(found.blocks().next().map(|used| used.ownership), expected, "{users} {days} {elsewhere}");
            assert_eq!(found.has(&network("192.0.2.77", 64_500)), expected == Some(Own));
            assert!(!found.has(&network("192.0.2.77", 14_061)), "hosting");
            assert!(!found.has(&network("192.0.3.77", 64_500)), "another block");
        }
    }

    #[test]
    fn the_rule_is_what_it_is_tuned_to() {
        let rule = |days, users, percent| OwnRule { days, users, percent, ..OwnRule::default() };
        let has = |counts, rule| own(counts, rule).has(&network("192.0.2.77", 64_500));
        assert!(has((5, 2, 0), rule(2, 5, 20)));
        assert!(has((2, 3, 0), rule(3, 2, 20)));
        assert!(has((5, 3, 95), rule(3, 5, 5)));
        assert!(!has((5, 3, 96), rule(3, 5, 5)));
        assert!(!has((5, 3, 0), rule(4, 5, 20)));
        assert!(!has((60, 64, 0), rule(65, 5, 20)), "more days are not counted");
    }

    #[test]
    fn what_a_person_tells_comes_first() {
        let span = |text| Span::parse(text).expect("a network");
        let rule = OwnRule {
            ours: vec![span("198.51.100.0/25"), span("AS14061")],
            not_ours: vec![span("192.0.2.64/26"), span("198.51.100.9")],
            ..OwnRule::default()
        };
        let known = own((5, 3, 0), rule);
        for (address, asn, is_own) in [
            ("192.0.2.7", 64_500, true),
            ("192.0.2.77", 64_500, false),
            ("198.51.100.7", 64_500, true),
            ("198.51.100.9", 64_500, false),
            ("198.51.100.200", 64_500, false),
            ("203.0.113.7", 14_061, true),
        ] {
            let network = network(address, asn);
            assert_eq!(known.has(&network), is_own, "{address}");
        }
        let hosted = network("203.0.113.7", 14_061);
        assert!(hosted.is_hosting() && !known.told(hosted).is_hosting(), "the organisation's own exit is none");
        let learned = network("192.0.2.7", 64_500);
        assert_eq!(known.told(learned), learned);
        assert_eq!(known.told(network("198.51.100.9", 64_500)), network("198.51.100.9", 64_500));
    }

    #[test]
    fn people_of_flagged_sessions_do_not_count() {
        let rule = OwnRule::default();
        let flagged: Map<Block, Set<u64>> = [(BLOCK, [mark_of(0)].into_iter().collect())].into_iter().collect();
        assert!(egress(5, 3, 0).blocks(&rule, &flagged).is_empty());
        assert_eq!(egress(6, 3, 0).blocks(&rule, &flagged).len(), 1);
    }
}
