//! Which events may be joined with which.
//!
//! A tenant's events of certain time are one realm. Events whose zone or order of day and month is open
//! make a realm of their own with those of the same input: what happened before or after them in other
//! inputs is not known. Everything that joins (a person's share, bursts, own networks, incidents) stays
//! inside one realm; nothing else has to ask.

use crate::order::Map;

use crate::events::vocabulary::Doubts;
use crate::events::{Id, Store};
use crate::tenant::Summary;

use super::clock::OPEN;
use super::gather::Live;
use super::tenancy::Tenancy;

/// A tenant's events of certain time, or those of one input whose times are open.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Realm {
    /// The tenant whose log they are in.
    pub tenant: Id,
    /// The input, where its times are open.
    pub open: Option<u32>,
}

impl Realm {
    pub(super) const fn of(tenant: Id, input: u32, doubts: Doubts) -> Self {
        Self { tenant, open: if doubts.has(OPEN) { Some(input) } else { None } }
    }
}

/// A realm and what is known in it.
#[derive(Debug)]
pub struct Known {
    /// The realm.
    pub realm: Realm,
    /// What is known in it; nothing where it is the only one, and knows what the whole does.
    pub(super) summary: Option<Summary>,
}

/// Shares events out to their realms, in the order of tenants, certain times first.
pub(super) fn split(store: &Store, tenancy: &Tenancy, live: &Live) -> Map<Realm, Live> {
    let mut realms: Map<Realm, Live> = Map::new();
    macro_rules! share {
        ($($list:ident $get:ident $tenant:ident;)*) => {$(
            for &number in &live.$list {
                let Some(row) = store.$get(number) else { continue };
                let realm = Realm::of(tenancy.$tenant(store, row), row.input, row.doubts);
                realms.entry(realm).or_default().$list.push(number);
            }
        )*};
    }
    share! {
        sign_ins sign_in of_sign_in;
        audits audit of_audit;
        activities activity of_activity;
        risk_events risk_event of_risk_event;
    }
    realms
}

/// What is known of all, and in each realm.
pub(super) fn summaries(store: &Store, realms: &Map<Realm, Live>) -> (Summary, Vec<Known>) {
    let of = |live: &Live| Summary::of(store, &live.sign_ins, &live.audits, &live.activities, &live.risk_events);
    if let (Some((realm, live)), true) = (realms.first_key_value(), realms.len() == 1) {
        return (of(live), vec![Known { realm: *realm, summary: None }]);
    }
    let mut whole = Summary::default();
    let mut known: Vec<Known> = Vec::new();
    let mut certain: Map<Id, usize> = Map::new();
    for (realm, live) in realms {
        let mut summary = of(live);
        whole.merge(summary.clone());
        match realm.open {
            None => {
                certain.insert(realm.tenant, known.len());
            }
            Some(_) => {
                let tenant = certain.get(&realm.tenant).and_then(|place| known.get(*place)?.summary.as_ref());
                if let Some(tenant) = tenant {
                    summary.learn_from(tenant);
                }
            }
        }
        known.push(Known { realm: *realm, summary: Some(summary) });
    }
    (whole, known)
}
