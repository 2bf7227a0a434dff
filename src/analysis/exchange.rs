//! Shares the events of a case out to the people they are of.

use crate::order::{Map, Set};

use crate::enrichment::Classes;
use crate::events::tuples::User;
use crate::events::vocabulary::{Stream, UserType};
use crate::events::{Id, SignIn, Store};
use crate::order::{Arrange, Gather};
use crate::sessions::{EventRef, Head};
use crate::tenant::{People, Person, PersonKind};

use super::gather::Live;
use super::realms::Realm;
use super::{Bucket, Case, identity};

/// Shares the events of each realm out. Audit events go to who did them and to the users they were done
/// to, and count once. Guests are keyed by their home tenant wherever any record names it.
pub(super) fn exchange(case: &mut Case, realms: &Map<Realm, Live>) {
    let users = case.store.users.rows().len();
    let mut homes = Map::new();
    let mut learned = vec![None; users];
    for (realm, live) in realms {
        learn(&case.store, &mut case.people, realm.tenant, live, &mut learned, &mut homes);
    }
    let mut buckets = Vec::new();
    // What a user stands for in a realm is found out once, not for each of their events.
    let mut known = vec![None; users];
    for (number, (realm, live)) in (0..).zip(realms) {
        let people = &mut case.people;
        let mut sharing = Sharing { people, homes: &homes, buckets: Vec::new(), realm: number };
        share(&case.store, &mut sharing, realm.tenant, live, &mut known);
        buckets.extend(sharing.in_order(&case.store));
    }
    let (people, texts) = (&case.people, &case.store.texts);
    buckets.arrange_by(|left, right| match (people.get(left.person), people.get(right.person)) {
        (Some(mine), Some(theirs)) => (mine.tenant.compare(theirs.tenant, texts))
            .then_with(|| mine.id.compare(theirs.id, texts))
            .then(left.realm.cmp(&right.realm)),
        (mine, theirs) => mine.is_some().cmp(&theirs.is_some()),
    });
    case.buckets = buckets;
}

/// By the number of a user, the realm it was asked in last and the person it stands for there.
type Asked = Vec<Option<(u32, Option<u32>)>>;

fn share(store: &Store, sharing: &mut Sharing<'_>, tenant: Id, live: &Live, known: &mut Asked) {
    // Identities by their application: some audit events name only that.
    let mut apps: Map<Id, Id> = Map::new();
    for (number, row) in live.sign_ins.iter().filter_map(|&number| Some((number, store.sign_in(number)?))) {
        let person = if row.stream().is_user() {
            match known.get_mut(row.user as usize) {
                Some(Some((realm, person))) if *realm == sharing.realm => *person,
                Some(slot) => {
                    let person = sharing.enter(store, tenant, &store.user(row.user));
                    *slot = Some((sharing.realm, person));
                    person
                }
                None => None,
            }
        } else {
            let person = sharing.enter_principal(store, row, tenant);
            let id = person.and_then(|person| Some(sharing.people.get(person)?.id));
            if let Some((app, id)) = store.app(row.app).id.value().zip(id) {
                let known = apps.entry(app).or_insert(id);
                *known = id.min(*known);
            }
            person
        };
        if let Some(bucket) = sharing.bucket(person) {
            bucket.sign_ins.push(number);
        }
    }
    let mut targets: Map<u32, Vec<User>> = Map::new();
    let mut identities: Map<(u32, u32), Vec<Id>> = Map::new();
    for (number, row) in live.audits.iter().filter_map(|&number| Some((number, store.audit(number)?))) {
        let mut persons = Set::new();
        persons.extend(sharing.enter(store, tenant, &store.user(row.user)));
        let by = store.principal(row.principal);
        let kind = PersonKind::ServicePrincipal;
        persons.extend(
            sharing
                .people
                .enter_as(Person { tenant, id: by.key(), name: by.name, kind, classes: Classes::NONE }, store),
        );
        let to = targets.entry(row.targets.0).or_insert_with(|| identity::target_users(store, row.targets));
        for user in to.iter() {
            persons.extend(sharing.enter(store, tenant, user));
        }
        let programs = identities.entry((row.targets.0, row.details.0));
        let programs = programs.or_insert_with(|| identity::target_identities(store, row));
        for id in programs.iter() {
            let id = apps.get(id).copied().unwrap_or(*id);
            persons.extend(sharing.people.find(tenant, id));
        }
        for person in persons {
            if let Some(bucket) = sharing.bucket(Some(person)) {
                bucket.audits.push(number);
            }
        }
    }
    for (number, row) in live.activities.iter().filter_map(|&number| Some((number, store.activity(number)?))) {
        let person = sharing.enter(store, tenant, &store.user(row.user)).or_else(|| {
            let by = store.principal(row.principal);
            if by.id.has_value() || by.name.has_value() {
                let kind = PersonKind::ServicePrincipal;
                return sharing
                    .people
                    .enter_as(Person { tenant, id: by.id, name: by.name, kind, classes: Classes::NONE }, store);
            }
            // A record that names nobody still stands for the application that called.
            let (app, kind) = (store.app(row.app), PersonKind::Unknown);
            sharing.people.enter_as(Person { tenant, id: app.id, name: app.name, kind, classes: Classes::NONE }, store)
        });
        if let Some(bucket) = sharing.bucket(person) {
            bucket.activities.push(number);
        }
    }
    for (number, row) in live.risk_events.iter().filter_map(|&number| Some((number, store.risk_event(number)?))) {
        let person = sharing.enter(store, tenant, &store.user(row.user)).or_else(|| {
            let by = store.principal(row.principal);
            let kind = PersonKind::ServicePrincipal;
            sharing.people.enter_as(Person { tenant, id: by.id, name: by.name, kind, classes: Classes::NONE }, store)
        });
        if let Some(bucket) = sharing.bucket(person) {
            bucket.risk_events.push(number);
        }
    }
}

/// Home tenants of guests, by the tenant of the log and the id.
type Homes = Map<(Id, Id), Id>;

/// People and their shares of one realm while they are made.
struct Sharing<'a> {
    people: &'a mut People,
    homes: &'a Homes,
    /// By the number of the person.
    buckets: Vec<Bucket>,
    realm: u32,
}

impl Sharing<'_> {
    fn enter(&mut self, store: &Store, tenant: Id, user: &User) -> Option<u32> {
        let id = self.people.resolve(tenant, user.id, user.name, store);
        let home = self.homes.get(&(tenant, id)).copied().unwrap_or(tenant);
        self.people.enter(home, &User { id, ..*user }, store)
    }

    fn enter_principal(&mut self, store: &Store, row: &SignIn, tenant: Id) -> Option<u32> {
        let principal = store.principal(row.principal);
        let app = store.app(row.app);
        let kind = if row.stream() == Stream::ManagedIdentity {
            PersonKind::ManagedIdentity
        } else {
            PersonKind::ServicePrincipal
        };
        let id = principal.id.value().unwrap_or(app.id);
        let name = if principal.name.has_value() { principal.name } else { app.name };
        self.people.enter_as(Person { tenant, id, name, kind, classes: Classes::NONE }, store)
    }

    fn bucket(&mut self, person: Option<u32>) -> Option<&mut Bucket> {
        let person = person?;
        let next = self.buckets.len() as u32;
        let realm = self.realm;
        self.buckets.extend((next..=person).map(|person| Bucket { person, realm, ..Bucket::default() }));
        self.buckets.get_mut(person as usize)
    }

    /// The shares, each in order of time; people without events have none.
    fn in_order(self, store: &Store) -> Vec<Bucket> {
        let mut buckets = self.buckets;
        buckets.retain(|bucket| {
            let lists = [&bucket.sign_ins, &bucket.audits, &bucket.activities, &bucket.risk_events];
            lists.iter().any(|list| !list.is_empty())
        });
        for bucket in &mut buckets {
            #[expect(clippy::disallowed_methods, reason = "sign-ins come by the million")]
            bucket.sign_ins.sort_by_key(|&number| store.sign_in(number).map(SignIn::order));
            in_order(store, &mut bucket.audits, EventRef::Audit);
            in_order(store, &mut bucket.activities, EventRef::Activity);
            in_order(store, &mut bucket.risk_events, EventRef::Risk);
        }
        buckets
    }
}

/// Puts events in order of time and then of their ids as texts: the numbers of texts depend on the order of files.
fn in_order(store: &Store, numbers: &mut [u32], event: fn(u32) -> EventRef) {
    let head = |number: &u32| event(*number).head(store);
    numbers.arrange_by(|left, right| match (head(left), head(right)) {
        (Some(left), Some(right)) => {
            let id = |head: &Head| head.id.display(&store.texts);
            let place = |head: &Head| (head.place.input, head.place.record);
            left.time.cmp(&right.time).then_with(|| match left.id == right.id {
                true => place(&left).cmp(&place(&right)),
                false => id(&left).cmp(&id(&right)),
            })
        }
        (left, right) => left.is_some().cmp(&right.is_some()),
    });
}

/// Learns which name stands for which id in a tenant, and the home tenants of its guests.
fn learn(
    store: &Store,
    people: &mut People,
    tenant: Id,
    live: &Live,
    learned: &mut [Option<(Id, u32)>],
    homes: &mut Homes,
) {
    for row in live.sign_ins.iter().filter_map(|&number| store.sign_in(number)) {
        if !row.stream().is_user() {
            continue;
        }
        let before = learned.get_mut(row.user as usize);
        if before.is_some_and(|before| before.replace((tenant, row.tenants)) == Some((tenant, row.tenants))) {
            continue;
        }
        let user = store.user(row.user);
        people.learn(tenant, &user);
        let home = store.tenants_of(row.tenants).home;
        if user.id.has_value() && home.has_value() && home != tenant && is_guest(&user, store) {
            homes.entry((tenant, user.id)).and_modify(|known| *known = home.min(*known)).or_insert(home);
        }
    }
    let mut seen = Set::new();
    for row in live.audits.iter().filter_map(|&number| store.audit(number)) {
        people.learn(tenant, &store.user(row.user));
        if seen.insert(row.targets) {
            for user in identity::target_users(store, row.targets) {
                people.learn(tenant, &user);
            }
        }
    }
    let users = live.activities.iter().filter_map(|&number| Some(store.activity(number)?.user));
    let risky = live.risk_events.iter().filter_map(|&number| Some(store.risk_event(number)?.user));
    let named: Set<u32> = users.chain(risky).gather();
    for user in named {
        people.learn(tenant, &store.user(user));
    }
}

/// Whether a user is at home elsewhere, a guest or of a partner: the record says so, or the name is made as
/// those of guests are.
fn is_guest(user: &User, store: &Store) -> bool {
    matches!(user.kind, UserType::GUEST | UserType::PARTNER)
        || (!user.kind.has_value() && store.texts.get(user.name).contains("#ext#"))
}
