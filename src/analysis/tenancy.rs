//! Which tenant an event is of.

use std::collections::{BTreeMap, BTreeSet};

use crate::events::tuples::Tenants;
use crate::events::{Activity, Audit, Id, RiskEvent, SignIn, Store};

/// Which tenant the log of an event is of: the record says so, or its input's other records do.
#[derive(Debug, Default)]
pub struct Tenancy {
    by_input: Vec<Id>,
    count: usize,
}

impl Tenancy {
    /// Learns the tenant of each input: the one that most of its sign-ins name. An input that names
    /// none (version 1.0, audit pages) is of the one tenant that the others name, if they name just one.
    #[must_use]
    pub fn learn(store: &Store, inputs: usize) -> Self {
        let mut votes: Vec<BTreeMap<Id, u64>> = vec![BTreeMap::new(); inputs];
        for row in store.sign_ins.iter() {
            let named = named(&store.tenants_of(row.tenants));
            if let (Some(tenant), Some(votes)) = (named, votes.get_mut(row.input as usize)) {
                *votes.entry(tenant).or_default() += 1;
            }
        }
        let strongest = |votes: &BTreeMap<Id, u64>| {
            votes.iter().max_by_key(|(id, count)| (**count, std::cmp::Reverse(**id))).map(|(id, _)| *id)
        };
        let mut by_input: Vec<Id> = votes.iter().map(|votes| strongest(votes).unwrap_or(Id::EMPTY)).collect();
        let all: BTreeSet<Id> = store.tenants.rows().iter().filter_map(named).collect();
        if let (Some(only), 1) = (all.first(), all.len()) {
            by_input.fill(*only);
        }
        Self { by_input, count: all.len() }
    }

    fn of(&self, store: &Store, tenants: u32, input: u32) -> Id {
        named(&store.tenants_of(tenants))
            .unwrap_or_else(|| self.by_input.get(input as usize).copied().unwrap_or(Id::EMPTY))
    }

    /// The tenant whose log a sign-in is of.
    #[must_use]
    pub fn of_sign_in(&self, store: &Store, row: &SignIn) -> Id {
        self.of(store, row.tenants, row.input)
    }

    /// The tenant whose log an audit event is of.
    #[must_use]
    pub fn of_audit(&self, store: &Store, row: &Audit) -> Id {
        self.of(store, row.tenants, row.input)
    }

    /// The tenant whose log an activity record is of.
    #[must_use]
    pub fn of_activity(&self, store: &Store, row: &Activity) -> Id {
        self.of(store, row.tenants, row.input)
    }

    /// The tenant whose log a risk detection is of.
    #[must_use]
    pub fn of_risk_event(&self, store: &Store, row: &RiskEvent) -> Id {
        self.of(store, row.tenants, row.input)
    }

    /// How many tenants the records name.
    #[must_use]
    pub fn count(&self) -> usize {
        self.count
    }
}

/// The tenant whose log a record is of, where it says so: a user who signs in at home does so in
/// the log of that tenant.
fn named(tenants: &Tenants) -> Option<Id> {
    tenants.log.value().or_else(|| tenants.home.value().filter(|home| *home == tenants.resource))
}
