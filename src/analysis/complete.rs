//! Completes an event from another source of it.

use crate::events::dictionary::TextId;
use crate::events::sign_in::IdRef;
use crate::events::tuples::{Fill as _, Outcome, Tuple as _};
use crate::events::vocabulary::Doubts;
use crate::events::{Activity, Audit, Id, RiskEvent, SignIn, Store};
use crate::order::Arrange;

/// Microseconds in a second.
const SECOND: i64 = 1_000_000;
const MILLISECOND: i64 = SECOND / 1_000;
/// Microseconds in a minute.
const MINUTE: i64 = 60 * SECOND;

/// Whether two times of one event may be the same moment: Graph gives whole seconds where other
/// exports give more digits, some tell only the minute, and a time in doubt says nothing against
/// another input's. Times of one input are in doubt alike.
pub(super) fn same_moment(left: (i64, Doubts, u32), right: (i64, Doubts, u32)) -> bool {
    let (left, left_doubts, left_input) = left;
    let (right, right_doubts, right_input) = right;
    // The portal of Log Analytics cuts to milliseconds, other exports to seconds.
    let cut = |unit: i64| (left % unit == 0 || right % unit == 0) && left.div_euclid(unit) == right.div_euclid(unit);
    let coarse = left_doubts.has(Doubts::MINUTE) || right_doubts.has(Doubts::MINUTE);
    let within = |unit: i64| left.div_euclid(unit) == right.div_euclid(unit);
    let in_doubt = !left_doubts.time_is_certain() || !right_doubts.time_is_certain();
    left == right
        || cut(SECOND)
        || cut(MILLISECOND)
        || (coarse && within(MINUTE))
        || (in_doubt && left_input != right_input)
}

/// The better of two times of one event: one without doubt, then one that tells the second, then the one with
/// more digits.
fn better_time(mine: (i64, Doubts), theirs: (i64, Doubts)) -> (i64, Doubts) {
    let more_digits = [SECOND, MILLISECOND].iter().any(|unit| {
        mine.0 % unit == 0 && theirs.0 % unit != 0 && mine.0.div_euclid(*unit) == theirs.0.div_euclid(*unit)
    });
    let (certain, other) = (mine.1.time_is_certain(), theirs.1.time_is_certain());
    let coarse = |time: (i64, Doubts)| time.1.has(Doubts::MINUTE);
    let finer = more_digits || (coarse(mine) && !coarse(theirs));
    let take = (!certain && other) || (certain == other && finer);
    if take { (theirs.0, mine.1.without(mine.1.of_time()).with(theirs.1.of_time())) } else { mine }
}

/// Fills columns that have nothing from the same columns of another row.
macro_rules! fill {
    ($known:ident $other:ident $($field:ident)*) => { $($known.$field = $known.$field.fill($other.$field);)* };
}

/// Completes tuples of a row from those of another: the column, and how the store gives and keeps them.
macro_rules! tuples {
    ($store:ident $known:ident $other:ident: $($field:ident, $get:ident, $all:ident;)*) => {$(
        if $known.$field != $other.$field {
            let whole = $store.$get($known.$field).complete($store.$get($other.$field));
            $known.$field = $store.$all.intern(whole);
        }
    )*};
}

/// Fills what a sign-in lacks from another source; names the columns on which the two disagree.
/// What the source at hand says stands.
pub(super) fn complete(store: &mut Store, known: &mut SignIn, other: &SignIn) -> Vec<&'static str> {
    let mut conflicts = conflicts(store, known, other);
    (known.time, known.doubts) = better_time((known.time, known.doubts), (other.time, other.doubts));
    if known.doubts.has(Doubts::STREAM) && !other.doubts.has(Doubts::STREAM) {
        known.stream = other.stream;
        known.doubts = known.doubts.without(Doubts::STREAM);
    }
    fill!(known other correlation address agent client policies audiences steps processing);
    fill!(known other incoming protocol transfer protection policy_status requirement);
    for (mine, theirs) in
        [(&mut known.session, other.session), (&mut known.token, other.token), (&mut known.original, other.original)]
    {
        // Own or numbered ids have values; below them are *empty* and *absent*.
        if mine.0 < IdRef::OWN.0 {
            mine.0 = mine.0.max(theirs.0);
        }
    }
    tuples! { store known other:
        user, user, users;
        app, app, apps;
        resource, app, apps;
        tenants, tenants_of, tenants;
        location, location, locations;
        device, device, devices;
        risk, risk, risks;
        principal, principal, principals;
    }
    if known.outcome != other.outcome {
        let (mine, theirs) = (store.outcome(known.outcome), store.outcome(other.outcome));
        let said = if mine.code().is_none() && theirs.known != Outcome::ABSENT_CODE { theirs } else { mine };
        let whole = Outcome { code: said.code, known: said.known, ..mine.complete(theirs) };
        known.outcome = store.outcomes.intern(whole);
    }
    if known.latency().is_none() && other.latency != SignIn::LATENCY_ABSENT {
        known.latency = other.latency;
    }
    conflicts.arrange();
    conflicts
}

/// Columns on which both sources have a value, and not the same. Lists of policies, steps and
/// details are left out: exports differ in what they write of them. So are names that people change.
fn conflicts(store: &Store, known: &SignIn, other: &SignIn) -> Vec<&'static str> {
    let mut conflicts = Vec::new();
    let mut note = |differ: bool, name: &'static str| {
        if differ {
            conflicts.push(name);
        }
    };
    let texts = |mine: TextId, theirs: TextId| mine.has_value() && theirs.has_value() && mine != theirs;
    let ids = |mine: Id, theirs: Id| mine.has_value() && theirs.has_value() && mine != theirs;
    let refs = |mine: IdRef, theirs: IdRef| mine != theirs && ids(store.id_of(known, mine), store.id_of(other, theirs));
    note(texts(known.address, other.address), "ip_address");
    note(texts(known.agent, other.agent), "user_agent");
    note(texts(known.client, other.client), "client_app_used");
    note(texts(known.audiences, other.audiences), "conditional_access_audiences");
    note(refs(known.session, other.session), "session_id");
    note(refs(known.token, other.token), "unique_token_id");
    note(refs(known.original, other.original), "original_request_id");
    note(ids(known.correlation, other.correlation), "correlation_id");
    macro_rules! words {
        ($($field:ident $name:literal)*) => {$(
            note(known.$field.is_known() && other.$field.is_known() && known.$field != other.$field, $name);
        )*};
    }
    words! {
        incoming "incoming_token_type"
        protocol "authentication_protocol"
        transfer "original_transfer_method"
        protection "token_protection_status"
        policy_status "conditional_access_status"
        requirement "authentication_requirement"
    }
    let (mine, theirs) = (store.user(known.user), store.user(other.user));
    note(ids(mine.id, theirs.id), "user_id");
    note(texts(mine.name, theirs.name), "user_principal_name");
    note(ids(store.app(known.app).id, store.app(other.app).id), "app_id");
    note(ids(store.app(known.resource).id, store.app(other.resource).id), "resource_id");
    let (mine, theirs) = (store.tenants_of(known.tenants), store.tenants_of(other.tenants));
    note(ids(mine.home, theirs.home), "home_tenant_id");
    note(ids(mine.resource, theirs.resource), "resource_tenant_id");
    let (mine, theirs) = (store.location(known.location), store.location(other.location));
    note(mine.asn != 0 && theirs.asn != 0 && mine.asn != theirs.asn, "asn");
    note(texts(mine.country, theirs.country), "country");
    let (mine, theirs) = (store.device(known.device), store.device(other.device));
    note(ids(mine.id, theirs.id), "device_id");
    let flags = mine.compliant.is_known() && theirs.compliant.is_known() && mine.compliant != theirs.compliant;
    note(flags, "device_is_compliant");
    conflicts
}

/// Fills what an audit event lacks from another source; names the columns on which the two disagree.
pub(super) fn complete_audit(store: &mut Store, known: &mut Audit, other: &Audit) -> Vec<&'static str> {
    let texts = |mine: TextId, theirs: TextId| mine.has_value() && theirs.has_value() && mine != theirs;
    let by = |row: &Audit| store.user(row.user).id;
    let mut conflicts = Vec::new();
    if texts(known.operation, other.operation) {
        conflicts.push("activity");
    }
    if by(known).has_value() && by(other).has_value() && by(known) != by(other) {
        conflicts.push("initiated_by");
    }
    if texts(known.address, other.address) {
        conflicts.push("ip_address");
    }
    (known.time, known.doubts) = better_time((known.time, known.doubts), (other.time, other.doubts));
    fill!(known other correlation category service result reason address targets details agent);
    tuples! { store known other:
        user, user, users;
        principal, principal, principals;
        tenants, tenants_of, tenants;
    }
    conflicts
}

/// Fills what an activity record lacks from another source; names the columns on which the two disagree.
pub(super) fn complete_activity(store: &mut Store, known: &mut Activity, other: &Activity) -> Vec<&'static str> {
    let mut conflicts = Vec::new();
    if known.address.has_value() && other.address.has_value() && known.address != other.address {
        conflicts.push("ip_address");
    }
    (known.time, known.doubts) = better_time((known.time, known.doubts), (other.time, other.doubts));
    fill!(known other category operation object owner address agent client result scopes parameters items messages protocol);
    for (mine, theirs, name) in
        [(&mut known.session, other.session, "session_id"), (&mut known.token, other.token, "unique_token_id")]
    {
        if mine.0 < IdRef::OWN.0 {
            mine.0 = mine.0.max(theirs.0);
        } else if theirs.0 > IdRef::OWN.0 && *mine != theirs {
            conflicts.push(name);
        }
    }
    tuples! { store known other:
        user, user, users;
        app, app, apps;
        principal, principal, principals;
        tenants, tenants_of, tenants;
        device, device, devices;
    }
    conflicts
}

/// Fills what a risk event lacks from another source; names the columns on which the two disagree.
pub(super) fn complete_risk_event(store: &mut Store, known: &mut RiskEvent, other: &RiskEvent) -> Vec<&'static str> {
    let mut conflicts = Vec::new();
    if known.address.has_value() && other.address.has_value() && known.address != other.address {
        conflicts.push("ip_address");
    }
    (known.time, known.doubts) = better_time((known.time, known.doubts), (other.time, other.doubts));
    known.detected = if known.detected().is_some() { known.detected } else { other.detected };
    fill!(known other request correlation address kind level state detail source timing activity issuer more agent);
    tuples! { store known other:
        user, user, users;
        principal, principal, principals;
        app, app, apps;
        tenants, tenants_of, tenants;
        location, location, locations;
    }
    conflicts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_seconds_meet_more_digits_and_digits_meet_only_themselves() {
        let at = |micros| (micros, Doubts::default(), 0);
        assert!(same_moment(at(5_000_000), at(5_374_770)));
        assert!(same_moment(at(5_374_770), at(5_000_000)));
        assert!(same_moment(at(5_374_770), at(5_374_770)));
        assert!(!same_moment(at(5_374_770), at(5_374_771)));
        assert!(!same_moment(at(5_000_000), at(6_374_770)));
        assert!(!same_moment(at(5_000_000), at(6_000_000)));
        assert!(same_moment(at(-1_000_000), at(-625_230)));
    }

    #[test]
    fn a_time_that_is_told_to_the_minute_meets_any_of_that_minute() {
        let coarse = |micros| (micros, Doubts::MINUTE, 0);
        let at = |micros| (micros, Doubts::default(), 1);
        assert!(same_moment(coarse(60_000_000), at(119_999_999)));
        assert!(same_moment(at(60_000_000), coarse(60_000_000)));
        assert!(!same_moment(coarse(60_000_000), at(120_000_000)));
        assert!(!same_moment(coarse(60_000_000), at(59_999_999)));
        let none = Doubts::default();
        assert_eq!(better_time((60_000_000, Doubts::MINUTE), (88_000_000, none)), (88_000_000, none));
        assert_eq!(better_time((88_000_000, none), (60_000_000, Doubts::MINUTE)), (88_000_000, none));
    }

    #[test]
    fn a_time_in_doubt_says_nothing_against_another_input() {
        let (hour, doubt) = (3_600_000_000, Doubts::ZONE);
        assert!(same_moment((0, doubt, 0), (hour, Doubts::default(), 1)));
        assert!(!same_moment((0, doubt, 0), (hour, doubt, 0)));
        assert_eq!(better_time((0, doubt), (hour, Doubts::default())), (hour, Doubts::default()));
        assert_eq!(better_time((hour, Doubts::default()), (0, doubt)), (hour, Doubts::default()));
    }

    #[test]
    fn the_time_with_more_digits_is_the_better_one() {
        let none = Doubts::default();
        assert_eq!(better_time((5_000_000, none), (5_374_770, none)).0, 5_374_770);
        assert_eq!(better_time((5_374_770, none), (5_000_000, none)).0, 5_374_770);
        assert_eq!(better_time((5_000_000, Doubts::STREAM), (5_374_770, none)).1, Doubts::STREAM);
    }
}
