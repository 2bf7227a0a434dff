//! How much a record says: the number of our columns that it fills. Of several records of one event the
//! richest is the primary one.

use crate::events::sign_in::IdRef;
use crate::events::tuples::{Fill as _, Tuple as _};
use crate::events::vocabulary::Doubts;
use crate::events::{Activity, Audit, RiskEvent, SignIn, Store};

/// How many of these fields have a value.
macro_rules! filled {
    ($row:ident $($field:ident)*) => { [$($row.$field.is_filled()),*].into_iter().map(u32::from).sum::<u32>() };
}

/// How many of these references name something.
fn named(references: &[IdRef]) -> u32 {
    references.iter().map(|reference| u32::from(reference.0 >= IdRef::OWN.0)).sum()
}

pub(super) fn of_sign_in(store: &Store, row: &SignIn) -> u32 {
    filled!(row correlation address agent client policies audiences steps processing)
        + filled!(row incoming protocol transfer protection policy_status requirement)
        + named(&[row.session, row.token, row.original])
        + u32::from(row.latency().is_some())
        + u32::from(!row.doubts.has(Doubts::STREAM))
        + store.user(row.user).filled()
        + store.app(row.app).filled()
        + store.app(row.resource).filled()
        + store.tenants_of(row.tenants).filled()
        + store.location(row.location).filled()
        + store.device(row.device).filled()
        + store.outcome(row.outcome).filled()
        + store.risk(row.risk).filled()
        + store.principal(row.principal).filled()
}

pub(super) fn of_audit(store: &Store, row: &Audit) -> u32 {
    filled!(row id correlation operation category service result reason address targets details agent)
        + store.user(row.user).filled()
        + store.principal(row.principal).filled()
        + store.tenants_of(row.tenants).filled()
}

pub(super) fn of_activity(store: &Store, row: &Activity) -> u32 {
    filled!(row category operation object owner address agent client result scopes parameters items messages protocol)
        + named(&[row.session, row.token])
        + store.user(row.user).filled()
        + store.app(row.app).filled()
        + store.principal(row.principal).filled()
        + store.tenants_of(row.tenants).filled()
        + store.device(row.device).filled()
}

pub(super) fn of_risk_event(store: &Store, row: &RiskEvent) -> u32 {
    filled!(row request correlation address kind level state detail source timing activity issuer more agent)
        + u32::from(row.detected().is_some())
        + store.user(row.user).filled()
        + store.principal(row.principal).filled()
        + store.app(row.app).filled()
        + store.tenants_of(row.tenants).filled()
        + store.location(row.location).filled()
}
