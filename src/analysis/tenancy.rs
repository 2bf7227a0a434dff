//! Which tenant an event is of.

use crate::order::{Map, Set};

use crate::events::dictionary::TextId;
use crate::events::tuples::Tenants;
use crate::events::{Activity, Audit, Id, RiskEvent, SignIn, Store};
use crate::order::Gather;

/// Which tenant the log of an event is of: the record says so, or its input's other records do.
#[derive(Debug, Default)]
pub struct Tenancy {
    by_input: Vec<Id>,
    count: usize,
}

impl Tenancy {
    /// Learns the tenant of each input: the one that most of its sign-ins name. An input that names
    /// none (version 1.0, audit pages) is of the one tenant that the others name, if they name just one;
    /// else of the one whose sign-ins know most of its users.
    #[must_use]
    pub fn learn(store: &Store, inputs: usize) -> Self {
        let mut votes: Vec<Map<Id, u64>> = vec![Map::new(); inputs];
        for row in store.sign_ins.iter() {
            let named = named(&store.tenants_of(row.tenants));
            if let (Some(tenant), Some(votes)) = (named, votes.get_mut(row.input as usize)) {
                *votes.entry(tenant).or_default() += 1;
            }
        }
        let mut by_input: Vec<Id> = votes.iter().map(|votes| strongest(votes).unwrap_or(Id::EMPTY)).collect();
        let all: Set<Id> = store.tenants.rows().iter().filter_map(named).gather();
        match (all.first(), all.len()) {
            (Some(only), 1) => by_input.fill(*only),
            (Some(_), _) if by_input.contains(&Id::EMPTY) => by_users(store, &mut by_input),
            _ => {}
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

/// Gives inputs that name no tenant (audit pages, version 1.0) the one in whose sign-ins most of their
/// users are known. Object ids are of one tenant, names too; who is known in two says nothing.
fn by_users(store: &Store, by_input: &mut [Id]) {
    #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
    enum Key {
        Id(Id),
        Name(TextId),
    }
    let keys = |number: u32| {
        let user = store.user(number);
        [user.id.value().map(Key::Id), Some(user.name).filter(|name| name.has_value()).map(Key::Name)]
    };
    let mut known: Map<Key, Option<Id>> = Map::new();
    let mut seen = Set::new();
    for row in store.sign_ins.iter().filter(|row| row.stream().is_user()) {
        let own = by_input.get(row.input as usize).copied().unwrap_or(Id::EMPTY);
        let Some(tenant) = named(&store.tenants_of(row.tenants)).or_else(|| own.value()) else { continue };
        if seen.insert((row.user, tenant)) {
            for key in keys(row.user).into_iter().flatten() {
                let tenants = known.entry(key).or_insert(Some(tenant));
                if *tenants != Some(tenant) {
                    *tenants = None;
                }
            }
        }
    }
    let mut votes: Map<u32, Map<Id, u64>> = Map::new();
    let mut vote = |input: u32, user: u32| {
        let unnamed = by_input.get(input as usize) == Some(&Id::EMPTY);
        let tenant = keys(user).into_iter().flatten().find_map(|key| *known.get(&key).filter(|_| unnamed)?);
        if let Some(tenant) = tenant {
            *votes.entry(input).or_default().entry(tenant).or_default() += 1;
        }
    };
    store.sign_ins.iter().for_each(|row| vote(row.input, row.user));
    store.audits.iter().for_each(|row| vote(row.input, row.user));
    store.activities.iter().for_each(|row| vote(row.input, row.user));
    store.risk_events.iter().for_each(|row| vote(row.input, row.user));
    for (input, votes) in votes {
        if let (Some(tenant), Some(slot)) = (strongest(&votes), by_input.get_mut(input as usize)) {
            *slot = tenant;
        }
    }
}

fn strongest(votes: &Map<Id, u64>) -> Option<Id> {
    votes.iter().max_by_key(|(id, count)| (**count, std::cmp::Reverse(**id))).map(|(id, _)| *id)
}

/// The tenant whose log a record is of, where it says so: a user who signs in at home does so in
/// the log of that tenant.
fn named(tenants: &Tenants) -> Option<Id> {
    tenants.log.value().or_else(|| tenants.home.value().filter(|home| *home == tenants.resource))
}
