use super::*;
use crate::events::guid::Guid;
use bytemuck::Zeroable as _;

fn guid(number: u128) -> Id {
    Id::guid(Guid::from_u128(number))
}

/// A store with a sign-in and an audit event for each number, as a part of the input makes them.
fn part(seed: u64, numbers: std::ops::Range<u32>) -> Store {
    let mut store = Store::new(seed);
    for (record, number) in numbers.enumerate() {
        let record = record as u32;
        let name = store.texts.intern(&format!("user {}", number % 3));
        let user = store.users.intern(User { id: guid(u128::from(number % 3)), name, ..User::ABSENT });
        let id = if number % 2 == 0 {
            guid(u128::from(number))
        } else {
            Id::parse(&format!("id {number}"), &mut store.texts)
        };
        let session = Id::parse(&format!("session {}", number % 2), &mut store.texts);
        let country = store.texts.intern("DE");
        let location = store.locations.intern(Location { asn: number % 5, country, ..Location::ABSENT });
        let agent = store.texts.intern(&format!("agent {}", number % 4));
        let [session, token, original] =
            [(session, Id::ABSENT), (id, id), (Id::EMPTY, id)].map(|(id, own)| store.id_ref(id, own));
        store.sign_ins.push(SignIn {
            time: i64::from(number),
            id,
            record,
            session,
            token,
            original,
            user,
            location,
            agent,
            ..SignIn::zeroed()
        });
        let operation = store.texts.intern(&format!("operation {number}"));
        store.audits.push(Audit { time: i64::from(number), id, record, user, operation, ..Audit::zeroed() });
    }
    store
}

/// What the sign-ins and audit events say, and where they stand.
fn told(store: &Store) -> Vec<String> {
    let sign_ins = store.sign_ins.iter().map(|row| {
        let (user, place) = (store.user(row.user), store.location(row.location));
        format!(
            "{} {} {} {} {} {} {} {} {} {} {}",
            row.input,
            row.record,
            row.id.display(&store.texts),
            row.session_id(store).display(&store.texts),
            row.token_id(store).display(&store.texts),
            store.id_of(row, row.original).is_present(),
            user.id.display(&store.texts),
            store.texts.get(user.name),
            place.asn,
            store.texts.get(place.country),
            store.texts.get(row.agent),
        )
    });
    let audits = store.audits.iter().map(|row| {
        let user = store.user(row.user);
        format!("{} {} {} {}", row.input, row.record, store.texts.get(row.operation), store.texts.get(user.name))
    });
    sign_ins.chain(audits).collect()
}

#[test]
fn parts_gathered_are_the_whole_however_it_was_cut() {
    let mut whole = Store::new(9);
    whole.absorb(part(1, 0..40), |_, record, offset| (3, record, offset));
    for cuts in [vec![0, 40], vec![0, 1, 40], vec![0, 13, 14, 39, 40]] {
        let mut gathered = Store::new(5);
        for pair in cuts.windows(2) {
            let (from, to) = (pair[0], pair[1]);
            gathered.absorb(part(u64::from(from), from..to), |_, record, offset| (3, record + from, offset));
        }
        assert_eq!(told(&gathered), told(&whole), "{cuts:?}");
        // Numbers too are given out alike: what is ordered by them is ordered alike.
        assert!(gathered.texts.iter().eq(whole.texts.iter()), "{cuts:?}");
        assert_eq!(gathered.users.rows(), whole.users.rows());
        assert_eq!(gathered.ids.rows(), whole.ids.rows());
        assert!(gathered.sign_ins.iter().eq(whole.sign_ins.iter()));
        assert_eq!(gathered.events(), 80);
    }
}

#[test]
fn an_id_is_kept_by_reference_and_own_ones_by_none() {
    let mut store = Store::new(1);
    let own = guid(7);
    assert_eq!(store.id_ref(own, own), IdRef::OWN);
    assert_eq!(store.id_ref(Id::ABSENT, own), IdRef::ABSENT);
    assert_eq!(store.id_ref(Id::EMPTY, own), IdRef::EMPTY);
    assert_eq!(store.id_ref(Id::EMPTY, Id::EMPTY), IdRef::EMPTY);
    let other = store.id_ref(guid(8), own);
    assert!(other.0 >= IdRef::FIRST);
    assert_eq!(store.id_ref(guid(8), guid(9)), other);
    let row = SignIn { id: own, token: IdRef::OWN, session: other, original: IdRef::ABSENT, ..SignIn::zeroed() };
    assert_eq!((row.token_id(&store), row.session_id(&store)), (own, guid(8)));
    assert_eq!(store.id_of(&row, row.original), Id::ABSENT);
    assert_eq!(store.id_of(&row, IdRef(999)), Id::ABSENT);
}

#[test]
fn numbers_that_were_never_given_out_stand_for_absent() {
    let store = Store::new(1);
    assert_eq!(store.user(99), User::ABSENT);
    assert_eq!(store.app(99), App::ABSENT);
    assert_eq!(store.device(99), Device::ABSENT);
    assert_eq!(store.outcome(99).code(), None);
    assert!(store.sign_in(0).is_none() && store.audit(0).is_none());
    assert!(store.bytes() < 1 << 20);
}
