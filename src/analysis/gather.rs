//! *Exchange by user*: parts become one case, whose events are shared out to the people they are of.

use std::collections::{BTreeMap, BTreeSet};

use crate::events::dictionary::TextId;
use crate::events::time::{DayOrder, DayOrderEvidence};
use crate::events::tuples::User;
use crate::events::vocabulary::{Stream, UserType};
use crate::events::{Id, Place, Store};
use crate::formats::Tally;
use crate::sessions::{EventRef, View};
use crate::tenant::{People, Person, PersonKind, Summary};

use super::identity::{self, United};
use super::tenancy::Tenancy;
use super::{Part, Refused};

/// An input, whole again.
#[derive(Clone, Debug, Default)]
pub struct Input {
    /// Its name.
    pub name: String,
    /// The number by which the conductor knows it: that of its parts.
    pub source: u32,
    /// Bytes.
    pub bytes: u64,
    /// Names of the formats its records had, joined; `unknown` where none was recognised.
    pub format: String,
    /// Keys by which they were recognised.
    pub marks: Vec<String>,
    /// Records of any kind.
    pub records: u64,
    /// Records that are the primary source of an event.
    pub events: u64,
    /// Records that completed an event begun by another.
    pub merged: u64,
    /// Records equal to one before.
    pub duplicates: u64,
    /// The first rejected records.
    pub refused: Vec<Refused>,
    /// How many were rejected.
    pub refused_total: u64,
    /// Records of known tables that are not used.
    pub other: BTreeMap<String, u64>,
    /// Records that only say more about an event or a person.
    pub enrichment: u64,
    /// Time of the first event.
    pub first: Option<i64>,
    /// Time of the last event.
    pub last: Option<i64>,
    /// Fields that begin like JSON and are none.
    pub damaged: BTreeMap<&'static str, u64>,
    /// Fields in whose place PowerShell wrote the name of a type.
    pub flattened: BTreeMap<&'static str, u64>,
    /// What its times prove of the order of day and month.
    pub days: DayOrderEvidence,
    /// Times whose day and month could be either way round.
    pub ambiguous_days: u64,
    /// Times without a zone.
    pub without_zone: u64,
    /// Why nothing was read.
    pub failure: Option<String>,
}

/// A person's share of the events.
#[derive(Clone, Debug, Default)]
pub struct Bucket {
    /// Number of the person.
    pub person: u32,
    /// Sign-ins in order of time.
    pub sign_ins: Vec<u32>,
    /// Audit events in order of time.
    pub audits: Vec<u32>,
    /// Activity records in order of time.
    pub activities: Vec<u32>,
}

/// Other places where the record of an event stands.
pub type Also = BTreeMap<EventRef, Vec<Place>>;

/// A column on which two sources of one event disagree.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Conflict {
    /// The event.
    pub event: EventRef,
    /// The column.
    pub column: &'static str,
}

/// Everything read, ready to be asked.
#[derive(Debug)]
pub struct Case {
    /// Rows and dictionaries.
    pub store: Store,
    /// Inputs in the order of the report.
    pub inputs: Vec<Input>,
    /// Who is who.
    pub people: People,
    /// People's shares, by tenant and id.
    pub buckets: Vec<Bucket>,
    /// What is known of the tenant.
    pub summary: Summary,
    /// Other places of an event.
    pub also: Also,
    /// Where sources of one event disagree.
    pub conflicts: Vec<Conflict>,
    /// Which tenant each row is of.
    pub tenancy: Tenancy,
}

impl Case {
    /// Gathers parts in any order.
    #[must_use]
    pub fn gather(parts: Vec<Part>) -> Self {
        let (mut store, mut inputs, seed) = assemble(parts);
        let tenancy = Tenancy::learn(&store, inputs.len());
        let United { also, conflicts, live } = identity::unite(&mut store, &tenancy, &mut inputs, seed);
        let summary = Summary::of(&store, &live.sign_ins, &live.audits, &live.activities);
        count_times(&store, &live, &mut inputs);
        let mut case =
            Self { store, inputs, people: People::default(), buckets: Vec::new(), summary, also, conflicts, tenancy };
        case.exchange(&live);
        case
    }

    /// A person's events.
    #[must_use]
    pub fn view<'a>(&'a self, bucket: &'a Bucket) -> View<'a> {
        let nobody = Person { tenant: Id::EMPTY, id: Id::EMPTY, name: TextId::EMPTY, kind: PersonKind::Unknown };
        let person = self.people.get(bucket.person).copied().unwrap_or(nobody);
        View::new(&self.store, &self.summary, person, &bucket.sign_ins, &bucket.audits, &bucket.activities)
    }

    /// Shares the events out to people. Audit events go to who did them and to the users they were
    /// done to, and count once.
    fn exchange(&mut self, live: &Live) {
        let homes = self.learn_people(live);
        // Guests are keyed by their home tenant wherever any record names it.
        let enter = |people: &mut People, store: &Store, tenant: Id, user: &User| {
            let id = people.resolve(tenant, user.id, user.name, store);
            let home = homes.get(&(tenant, id)).copied().unwrap_or(tenant);
            people.enter(home, &User { id, ..*user }, store)
        };
        let mut buckets: BTreeMap<u32, Bucket> = BTreeMap::new();
        let share = |buckets: &mut BTreeMap<u32, Bucket>, person: u32, event: EventRef| {
            let bucket = buckets.entry(person).or_insert_with(|| Bucket { person, ..Bucket::default() });
            match event {
                EventRef::SignIn(number) => bucket.sign_ins.push(number),
                EventRef::Audit(number) => bucket.audits.push(number),
                EventRef::Activity(number) => bucket.activities.push(number),
            }
        };
        for &number in &live.sign_ins {
            let Some(row) = self.store.sign_in(number).copied() else { continue };
            let tenant = self.tenancy.of_sign_in(&self.store, &row);
            let person = if row.stream().is_user() {
                let user = self.store.user(row.user);
                enter(&mut self.people, &self.store, tenant, &user)
            } else {
                self.enter_principal(&row, tenant)
            };
            if let Some(person) = person {
                share(&mut buckets, person, EventRef::SignIn(number));
            }
        }
        let mut parsed: BTreeMap<u32, Vec<User>> = BTreeMap::new();
        for &number in &live.audits {
            let Some(row) = self.store.audit(number).copied() else { continue };
            let tenant = self.tenancy.of_audit(&self.store, &row);
            let mut persons = BTreeSet::new();
            let user = self.store.user(row.user);
            persons.extend(enter(&mut self.people, &self.store, tenant, &user));
            let by = self.store.principal(row.principal);
            let kind = PersonKind::ServicePrincipal;
            persons.extend(self.people.enter_as(Person { tenant, id: by.id, name: by.name, kind }, &self.store));
            let targets =
                parsed.entry(row.targets.0).or_insert_with(|| identity::target_users(&self.store, row.targets));
            for target in targets.iter() {
                persons.extend(enter(&mut self.people, &self.store, tenant, target));
            }
            for person in persons {
                share(&mut buckets, person, EventRef::Audit(number));
            }
        }
        for &number in &live.activities {
            let Some(row) = self.store.activities.get(number as usize).copied() else { continue };
            let user = self.store.user(row.user);
            let tenant = self.tenancy.of_activity(&self.store, &row);
            let person = enter(&mut self.people, &self.store, tenant, &user).or_else(|| {
                // A record that names nobody still stands for the application that called.
                let app = self.store.app(row.app);
                let kind = PersonKind::Unknown;
                self.people.enter_as(Person { tenant, id: app.id, name: app.name, kind }, &self.store)
            });
            if let Some(person) = person {
                share(&mut buckets, person, EventRef::Activity(number));
            }
        }
        let mut buckets: Vec<Bucket> = buckets.into_values().collect();
        for bucket in &mut buckets {
            let store = &self.store;
            bucket.sign_ins.sort_by_key(|&number| store.sign_in(number).map(crate::events::SignIn::order));
            bucket
                .audits
                .sort_by_key(|&number| store.audit(number).map(|row| (row.time, row.id, row.input, row.record)));
            bucket.activities.sort_by_key(|&number| {
                store.activities.get(number as usize).map(|row| (row.time, row.id, row.input, row.record))
            });
        }
        buckets.sort_by_key(|bucket| self.people.get(bucket.person).map(|person| (person.tenant, person.id)));
        self.buckets = buckets;
    }

    /// Learns which name stands for which id, and the home tenants of guests by tenant and id.
    fn learn_people(&mut self, live: &Live) -> BTreeMap<(Id, Id), Id> {
        let mut homes: BTreeMap<(Id, Id), Id> = BTreeMap::new();
        for row in live.sign_ins.iter().filter_map(|&number| self.store.sign_in(number)) {
            if !row.stream().is_user() {
                continue;
            }
            let (tenant, user) = (self.tenancy.of_sign_in(&self.store, row), self.store.user(row.user));
            self.people.learn(tenant, &user);
            let home = self.store.tenants_of(row.tenants).home;
            if user.id.has_value() && home.has_value() && home != tenant && is_guest(&user, &self.store) {
                homes.entry((tenant, user.id)).and_modify(|known| *known = home.min(*known)).or_insert(home);
            }
        }
        let mut seen = BTreeSet::new();
        for row in live.audits.iter().filter_map(|&number| self.store.audit(number)) {
            let tenant = self.tenancy.of_audit(&self.store, row);
            self.people.learn(tenant, &self.store.user(row.user));
            if seen.insert((tenant, row.targets)) {
                for user in identity::target_users(&self.store, row.targets) {
                    self.people.learn(tenant, &user);
                }
            }
        }
        homes
    }

    fn enter_principal(&mut self, row: &crate::events::SignIn, tenant: Id) -> Option<u32> {
        let principal = self.store.principal(row.principal);
        let app = self.store.app(row.app);
        let kind = if row.stream() == Stream::ManagedIdentity {
            PersonKind::ManagedIdentity
        } else {
            PersonKind::ServicePrincipal
        };
        let id = principal.id.value().unwrap_or(app.id);
        let name = if principal.name.has_value() { principal.name } else { app.name };
        self.people.enter_as(Person { tenant, id, name, kind }, &self.store)
    }
}

/// Numbers of the rows that are events of their own.
#[derive(Debug, Default)]
pub(super) struct Live {
    pub(super) sign_ins: Vec<u32>,
    pub(super) audits: Vec<u32>,
    pub(super) activities: Vec<u32>,
}

/// Puts the parts of each input together, inputs by name and content.
fn assemble(parts: Vec<Part>) -> (Store, Vec<Input>, u64) {
    let mut by_input: BTreeMap<(Vec<u8>, u32), Vec<Part>> = BTreeMap::new();
    for part in parts {
        by_input.entry((part.name.clone().into_bytes(), part.input)).or_default().push(part);
    }
    let mut whole: Vec<(Vec<u8>, u64, Vec<Part>)> = by_input
        .into_iter()
        .map(|((name, _), mut parts)| {
            parts.sort_by_key(|part| part.from);
            let content = parts.iter().fold(0_u64, |sum, part| sum.wrapping_add(part.fingerprint));
            (name, content, parts)
        })
        .collect();
    whole.sort_by(|left, right| (&left.0, left.1).cmp(&(&right.0, right.1)));
    let seed = whole.iter().fold(0_u64, |seed, (_, content, _)| seed.rotate_left(7) ^ content);
    let mut store = Store::new(seed);
    let mut inputs = Vec::new();
    for (index, (_, _, parts)) in whole.into_iter().enumerate() {
        inputs.push(input(&mut store, index as u32, parts));
    }
    (store, inputs, seed)
}

fn input(store: &mut Store, index: u32, parts: Vec<Part>) -> Input {
    let mut input = Input::default();
    let mut tally = Tally::default();
    let mut known = 0;
    let days = parts.iter().fold(DayOrderEvidence::default(), |days, part| days.merge(part.tally.days));
    for mut part in parts {
        let base = input.records;
        input.name = std::mem::take(&mut part.name);
        input.source = part.input;
        input.bytes += part.bytes;
        input.records += part.records;
        input.refused_total += part.refused_total;
        input
            .refused
            .extend(part.refused.into_iter().map(|refused| Refused { record: refused.record + base, ..refused }));
        known += part.known;
        input.failure = input.failure.take().or(part.failure);
        if part.tally.ambiguous_days > 0 && days.decide() != DayOrder::Unknown {
            identity::settle_days(&mut part.store, days.decide() == DayOrder::DayFirst);
        }
        tally.merge(part.tally);
        store.absorb(part.store, |_, record, offset| {
            (index, record.saturating_add(u32::try_from(base).unwrap_or(u32::MAX)), offset)
        });
    }
    input.refused.truncate(100);
    let Tally { formats, marks, other, damaged, flattened, days, ambiguous_days, without_zone } = tally;
    Input { other, damaged, flattened, days, ambiguous_days, without_zone, ..named(input, known, &formats, marks) }
}

/// Gives an input its format. One of which nothing was recognised has no records, and one reason.
fn named(mut input: Input, known: u64, formats: &BTreeSet<&str>, marks: BTreeSet<String>) -> Input {
    if known == 0 {
        let reason = input.refused.first().map(|refused| refused.reason.clone());
        input.failure = input.failure.take().or(reason).or_else(|| Some("it holds no records".to_owned()));
        input.format = "unknown".to_owned();
        (input.records, input.refused_total) = (0, 0);
        input.refused.clear();
        return input;
    }
    input.format = if formats.is_empty() {
        "other-tables".to_owned()
    } else {
        formats.iter().copied().collect::<Vec<_>>().join("+")
    };
    input.marks = marks.into_iter().collect();
    input
}

fn count_times(store: &Store, live: &Live, inputs: &mut [Input]) {
    let mut note = |input: u32, time: i64| {
        if let Some(input) = inputs.get_mut(input as usize) {
            input.events += 1;
            input.first = Some(input.first.map_or(time, |first| first.min(time)));
            input.last = Some(input.last.map_or(time, |last| last.max(time)));
        }
    };
    for row in live.sign_ins.iter().filter_map(|&number| store.sign_in(number)) {
        note(row.input, row.time);
    }
    for row in live.audits.iter().filter_map(|&number| store.audit(number)) {
        note(row.input, row.time);
    }
    for row in live.activities.iter().filter_map(|&number| store.activities.get(number as usize)) {
        note(row.input, row.time);
    }
}

/// Whether a user is a guest: the record says so, or the name is made as those of guests are.
fn is_guest(user: &User, store: &Store) -> bool {
    user.kind == UserType::GUEST || (!user.kind.has_value() && store.texts.get(user.name).contains("#ext#"))
}
