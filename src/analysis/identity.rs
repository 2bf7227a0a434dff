//! Which records are one event, and which tenant an event is of.

use std::collections::BTreeMap;

use chrono::{DateTime, Datelike as _};
use serde::Deserialize;

use crate::events::dictionary::TextId;
use crate::events::sign_in::IdRef;
use crate::events::tuples::{Tuple, User};
use crate::events::vocabulary::{IncomingToken, PolicyStatus, Protection, Protocol, Requirement, Transfer};
use crate::events::{Activity, Audit, Id, Place, SignIn, Store};
use crate::sessions::EventRef;

use super::gather::{Live, is_guest};
use super::{Also, Conflict, Input};

/// Which tenant the log of an event is of: the record says so, or its input's other records do.
#[derive(Debug, Default)]
pub struct Tenancy {
    by_input: Vec<Id>,
}

impl Tenancy {
    /// Learns the tenant of each input: the one that most of its sign-ins have as home and resource
    /// tenant. An input that names none (version 1.0, audit pages) is of the one tenant that the
    /// others name, if they name just one.
    #[must_use]
    pub fn learn(store: &Store, inputs: usize) -> Self {
        let mut votes: Vec<BTreeMap<Id, u64>> = vec![BTreeMap::new(); inputs];
        for row in store.sign_ins.iter() {
            let tenants = store.tenants_of(row.tenants);
            let named = tenants.log.value().or_else(|| tenants.home.value().filter(|home| *home == tenants.resource));
            if let (Some(tenant), Some(votes)) = (named, votes.get_mut(row.input as usize)) {
                *votes.entry(tenant).or_default() += 1;
            }
        }
        let mut by_input: Vec<Id> = votes
            .iter()
            .map(|votes| {
                votes
                    .iter()
                    .max_by_key(|(id, count)| (**count, std::cmp::Reverse(**id)))
                    .map_or(Id::EMPTY, |(id, _)| *id)
            })
            .collect();
        let mut named: Vec<Id> = by_input.iter().copied().filter(|id| id.has_value()).collect();
        named.sort_unstable();
        named.dedup();
        if let [only] = named.as_slice() {
            by_input.iter_mut().for_each(|id| *id = *only);
        }
        Self { by_input }
    }

    fn of(&self, store: &Store, tenants: u32, input: u32) -> Id {
        let log = store.tenants_of(tenants).log;
        log.value().unwrap_or_else(|| self.by_input.get(input as usize).copied().unwrap_or(Id::EMPTY))
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

    /// The tenant a user is keyed by: the log's, but a guest's home tenant where the record has it.
    #[must_use]
    pub fn home_of(&self, store: &Store, row: &SignIn, user: &User) -> Id {
        let home = store.tenants_of(row.tenants).home;
        if is_guest(user) {
            home.value().unwrap_or_else(|| self.of_sign_in(store, row))
        } else {
            self.of_sign_in(store, row)
        }
    }

    /// How many tenants the inputs are of.
    #[must_use]
    pub fn count(&self) -> usize {
        let mut named: Vec<Id> = self.by_input.iter().copied().filter(|id| id.has_value()).collect();
        named.sort_unstable();
        named.dedup();
        named.len()
    }
}

/// Finds records of one event: same tenant, stream and id. Equal ones are duplicates; another
/// source's record completes the event; where time or result differ they are two events.
pub(super) fn unite(store: &mut Store, tenancy: &Tenancy, inputs: &mut [Input]) -> (Also, Vec<Conflict>, Live) {
    let mut also = Also::new();
    let mut conflicts = Vec::new();
    let mut live = Live::default();

    let mut order: Vec<u32> = (0..store.sign_ins.len() as u32).collect();
    let key = |store: &Store, number: u32| {
        store.sign_in(number).map(|row| (tenancy.of_sign_in(store, row), row.stream, row.id, row.input, row.record))
    };
    order.sort_by_cached_key(|&number| key(store, number));
    let mut primary: Option<u32> = None;
    for number in order {
        let (Some(row), first) =
            (store.sign_in(number).copied(), primary.and_then(|first| Some((first, *store.sign_in(first)?))))
        else {
            continue;
        };
        let same = first.filter(|(_, known)| {
            row.id.has_value()
                && known.id == row.id
                && known.stream == row.stream
                && tenancy.of_sign_in(store, known) == tenancy.of_sign_in(store, &row)
                && same_moment(known.time, row.time)
                && store.outcome(known.outcome).code == store.outcome(row.outcome).code
        });
        let Some((first, mut known)) = same else {
            primary = Some(number);
            live.sign_ins.push(number);
            continue;
        };
        let place = Place { input: row.input, record: u64::from(row.record), offset: row.offset };
        also.entry(EventRef::SignIn(first)).or_default().push(place);
        let equal = SignIn { input: known.input, record: known.record, offset: known.offset, ..row } == known;
        if equal {
            if let Some(input) = inputs.get_mut(row.input as usize) {
                input.duplicates += 1;
            }
        } else {
            conflicts.extend(
                complete(store, &mut known, &row)
                    .into_iter()
                    .map(|column| Conflict { event: EventRef::SignIn(first), column }),
            );
            if let Some(kept) = store.sign_ins.get_mut(first as usize) {
                *kept = known;
            }
            if let Some(input) = inputs.get_mut(row.input as usize) {
                input.merged += 1;
            }
        }
    }
    live.sign_ins.sort_unstable();

    let mut order: Vec<u32> = (0..store.audits.len() as u32).collect();
    order.sort_by_cached_key(|&number| {
        store.audit(number).map(|row| (tenancy.of_audit(store, row), row.id, row.input, row.record))
    });
    let mut primary: Option<(u32, Audit)> = None;
    for number in order {
        let Some(row) = store.audit(number).copied() else { continue };
        let same = primary.filter(|(_, known)| {
            row.id.has_value()
                && known.id == row.id
                && tenancy.of_audit(store, known) == tenancy.of_audit(store, &row)
                && same_moment(known.time, row.time)
                && known.result == row.result
        });
        let Some((first, known)) = same else {
            primary = Some((number, row));
            live.audits.push(number);
            continue;
        };
        let place = Place { input: row.input, record: u64::from(row.record), offset: row.offset };
        also.entry(EventRef::Audit(first)).or_default().push(place);
        let equal = Audit { input: known.input, record: known.record, offset: known.offset, ..row } == known;
        if let Some(input) = inputs.get_mut(row.input as usize) {
            if equal { input.duplicates += 1 } else { input.merged += 1 }
        }
    }
    live.audits.sort_unstable();
    live.activities = (0..store.activities.len() as u32).collect();
    for places in also.values_mut() {
        places.sort_unstable();
    }
    conflicts.sort();
    conflicts.dedup();
    (also, conflicts, live)
}

/// Graph gives whole seconds where other exports give more digits.
fn same_moment(left: i64, right: i64) -> bool {
    const SECOND: i64 = 1_000_000;
    let whole = left % SECOND == 0 || right % SECOND == 0;
    left == right || (whole && left.div_euclid(SECOND) == right.div_euclid(SECOND))
}

/// Fills what an event lacks from another source; names the columns on which the two disagree.
fn complete(store: &Store, known: &mut SignIn, other: &SignIn) -> Vec<&'static str> {
    let mut conflicts = Vec::new();
    // More digits order events better.
    if known.time % 1_000_000 == 0 {
        known.time = other.time;
    }
    let mut text = |mine: &mut TextId, theirs: TextId, name: &'static str, counts: bool| {
        if !mine.has_value() && theirs > *mine {
            *mine = theirs;
        } else if counts && mine.has_value() && theirs.has_value() && *mine != theirs {
            conflicts.push(name);
        }
    };
    text(&mut known.address, other.address, "ip_address", true);
    text(&mut known.agent, other.agent, "user_agent", true);
    text(&mut known.client, other.client, "client_app_used", true);
    text(&mut known.audiences, other.audiences, "conditional_access_audiences", true);
    // Lists of policies and steps differ in what each export writes of them.
    text(&mut known.policies, other.policies, "conditional_access_policies", false);
    text(&mut known.steps, other.steps, "authentication_details", false);
    text(&mut known.processing, other.processing, "authentication_processing_details", false);
    let mut id = |mine: &mut IdRef, theirs: IdRef, name: &'static str| {
        if mine.0 < IdRef::OWN.0 {
            mine.0 = mine.0.max(theirs.0);
        } else if theirs.0 >= IdRef::OWN.0 && *mine != theirs {
            conflicts.push(name);
        }
    };
    id(&mut known.session, other.session, "session_id");
    id(&mut known.token, other.token, "unique_token_id");
    id(&mut known.original, other.original, "original_request_id");
    if !known.correlation.has_value() {
        known.correlation = other.correlation;
    }
    macro_rules! word {
        ($field:ident, $type:ident, $name:literal) => {
            if known.$field == $type::ABSENT || known.$field == $type::EMPTY {
                if other.$field != $type::ABSENT {
                    known.$field = other.$field;
                }
            } else if other.$field != $type::ABSENT && other.$field != $type::EMPTY && known.$field != other.$field {
                conflicts.push($name);
            }
        };
    }
    word!(incoming, IncomingToken, "incoming_token_type");
    word!(protocol, Protocol, "authentication_protocol");
    word!(transfer, Transfer, "original_transfer_method");
    word!(protection, Protection, "token_protection_status");
    word!(policy_status, PolicyStatus, "conditional_access_status");
    word!(requirement, Requirement, "authentication_requirement");
    // Tuples: the one of the source that has it; a tuple of all *absent* has number 0.
    for (mine, theirs) in [
        (&mut known.user, other.user),
        (&mut known.app, other.app),
        (&mut known.resource, other.resource),
        (&mut known.tenants, other.tenants),
        (&mut known.location, other.location),
        (&mut known.device, other.device),
        (&mut known.outcome, other.outcome),
        (&mut known.risk, other.risk),
        (&mut known.principal, other.principal),
    ] {
        if *mine == 0 {
            *mine = theirs;
        }
    }
    if store.device(known.device).id != store.device(other.device).id
        && store.device(known.device).id.has_value()
        && store.device(other.device).id.has_value()
    {
        conflicts.push("device_id");
    }
    if known.latency == u32::MAX {
        known.latency = other.latency;
    }
    conflicts
}

/// The users an audit event was done to.
pub(super) fn target_users(store: &Store, targets: TextId) -> Vec<User> {
    #[derive(Deserialize)]
    struct Target {
        kind: String,
        id: String,
        user: String,
    }
    let targets: Vec<Target> = serde_json::from_str(store.texts.get(targets)).unwrap_or_default();
    targets
        .into_iter()
        .filter(|target| target.kind.eq_ignore_ascii_case("user"))
        .map(|target| User {
            id: Id::parse_known(&target.id),
            name: store.texts.find(&target.user).unwrap_or(TextId::ABSENT),
            ..User::ABSENT
        })
        .collect()
}

/// Turns day and month round in every time whose day could be a month: other times of the input
/// prove that the day comes first.
pub(super) fn swap_days(store: &mut Store) {
    for row in store.sign_ins.iter_mut() {
        row.time = swap_day_and_month(row.time);
    }
    for row in store.audits.iter_mut() {
        row.time = swap_day_and_month(row.time);
    }
}

fn swap_day_and_month(micros: i64) -> i64 {
    let Some(time) = DateTime::from_timestamp_micros(micros) else { return micros };
    // A date that does not exist the other way round was never ambiguous.
    let swapped =
        time.with_day(1).and_then(|first| first.with_month(time.day())).and_then(|first| first.with_day(time.month()));
    swapped.map_or(micros, |time| time.timestamp_micros())
}
