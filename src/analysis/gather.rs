//! *Exchange by user*: parts become one case, whose events are shared out to the people they are of.

use std::rc::Rc;

use crate::order::{Map, Set};

use twox_hash::XxHash3_128;

use crate::detections::Tuning;
use crate::enrichment::{Classes, Lists, Told, Users};
use crate::events::dictionary::TextId;
use crate::events::field::Field;
use crate::events::time::DayOrderEvidence;
use crate::events::vocabulary::{Doubts, Stream};
use crate::events::{Guid, Id, Place, Store};
use crate::sessions::{EventRef, Memo, View};
use crate::tenant::{OwnNetworks, People, Person, PersonKind, Summary};

use super::assemble::{ReadInputs, assemble};
use super::classify::classify;
use super::clock::{self, Clock, Times};
use super::enrich;
use super::exchange::exchange;
use super::gave::Gave;
use super::identity::{self, United};
use super::realms::{self, Known, Realm};
use super::tenancy::Tenancy;
use super::{Own, Part, Refused, steps};

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
    pub other: Map<String, u64>,
    /// Records that only say more about an event or a person.
    pub enrichment: u64,
    /// What they gave.
    pub gave: Gave,
    /// Time of the first event.
    pub first: Option<i64>,
    /// Time of the last event.
    pub last: Option<i64>,
    /// Fields that begin like JSON and are none.
    pub damaged: Map<&'static str, u64>,
    /// Fields in whose place PowerShell wrote the name of a type.
    pub flattened: Map<&'static str, u64>,
    /// What its times prove of the order of day and month.
    pub days: DayOrderEvidence,
    /// Times whose day and month could be either way round.
    pub ambiguous_days: u64,
    /// Times without a zone.
    pub without_zone: u64,
    /// Those of them whose header says that they are in a local time, and not in which.
    pub local_times: u64,
    /// Pages of Microsoft Graph, and those of them that name a next one.
    pub pages: (u64, u64),
    /// Records that are the preview of a search.
    pub previews: u64,
    /// Its interactive sign-ins.
    pub interactive: u64,
    /// Those of them whose session id is there and empty.
    pub blank_sessions: u64,
    /// How its open times were settled.
    pub clock: Clock,
    /// Languages of its header, where that is not English; see [`crate::formats::Tally::languages`].
    pub languages: Set<String>,
    /// Names of its sheets whose rows are records, by number, where it is a workbook.
    pub sheets: Map<u16, String>,
    /// Records that say more of an event that is in no input.
    pub unjoined: u64,
    /// Why nothing was read.
    pub failure: Option<String>,
}

/// A person's share of the events of one realm.
#[derive(Clone, Debug, Default)]
pub struct Bucket {
    /// Number of the person.
    pub person: u32,
    /// Number of the realm.
    pub realm: u32,
    /// Sign-ins in order of time.
    pub sign_ins: Vec<u32>,
    /// Audit events in order of time.
    pub audits: Vec<u32>,
    /// Activity records in order of time.
    pub activities: Vec<u32>,
    /// Risk detections and states of risk in order of time.
    pub risk_events: Vec<u32>,
}

/// Other places where the record of an event stands.
pub type Also = Map<EventRef, Vec<Place>>;

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
    /// People's shares, by tenant, id and realm.
    pub buckets: Vec<Bucket>,
    /// The tenant's own share, which holds no events: what is found in the summary alone is its.
    pub own: Bucket,
    /// What is known of all realms together: for counts, not for joining.
    pub summary: Summary,
    /// The realms, and what is known in each.
    pub realms: Vec<Known>,
    /// Which networks are the tenant's own, in each.
    pub own_networks: Own,
    /// Other places of an event.
    pub also: Also,
    /// Where sources of one event disagree.
    pub conflicts: Vec<Conflict>,
    /// Which tenant each row is of.
    pub tenancy: Tenancy,
    /// Lists of networks that came with the exports.
    pub lists: Lists,
    /// What people are, by their number: those of whom anything is said.
    pub told: Map<u32, Told>,
    /// What it takes to gather it again with more.
    read: ReadInputs,
}

impl Case {
    /// Gathers parts in any order.
    #[must_use]
    pub fn gather(parts: Vec<Part>) -> Self {
        Self::gather_told(parts, &Times::default())
    }

    /// Gathers parts in any order, with what a person told of their times.
    #[must_use]
    pub fn gather_told(parts: Vec<Part>, times: &Times) -> Self {
        let (store, read) = assemble(Store::new(0), ReadInputs::default(), parts);
        Self::of(store, read, times)
    }

    /// The case that gathering would have made had these parts been among its own; of the times of all inputs this is
    /// told. Nothing is read again, and rows are moved, not copied.
    #[must_use]
    pub fn add(self, parts: Vec<Part>, times: &Times) -> Self {
        let (store, read) = self.apart();
        let (store, read) = assemble(store, read, parts);
        Self::of(store, read, times)
    }

    /// What was read, as it was read; all that was made of it is gone before anything is made anew.
    fn apart(self) -> (Store, ReadInputs) {
        let Self { mut store, lists, mut read, .. } = self;
        read.restore(&mut store, lists);
        store.restore();
        (store, read)
    }

    fn of(mut store: Store, mut read: ReadInputs, times: &Times) -> Self {
        let (mut inputs, mut networks, seed) = (read.inputs(), std::mem::take(&mut read.networks), read.seed());
        clock::settle(&mut store, &mut inputs, times, seed);
        let tenancy = Tenancy::learn(&store, inputs.len());
        let United { also, conflicts, live } = identity::unite(&mut store, &tenancy, &mut inputs, seed);
        steps::join(&mut store, &live.sign_ins, &mut inputs);
        let answers = enrich::ask(&store, &read.databases, &mut inputs, &mut networks);
        read.filled = enrich::fill(&mut store, &live, &answers, &mut inputs);
        count_times(&store, &live, &mut inputs);
        let split = realms::split(&store, &tenancy, &live);
        let (mut summary, mut realms) = realms::summaries(&store, &split);
        answers.learn(&mut summary);
        let lists = Lists::new(networks);
        enrich::look_up(&store, &lists, &mut summary, &mut inputs);
        for own in realms.iter_mut().filter_map(|known| known.summary.as_mut()) {
            answers.learn(own);
            own.listed.clone_from(&summary.listed);
        }
        let users = Users::new(std::mem::take(&mut read.users));
        let mut case = Self {
            store,
            inputs,
            people: People::default(),
            buckets: Vec::new(),
            own: Bucket { person: u32::MAX, ..Bucket::default() },
            summary,
            realms,
            own_networks: Own::default(),
            also,
            conflicts,
            tenancy,
            lists,
            told: Map::new(),
            read,
        };
        exchange(&mut case, &split);
        classify(&mut case, &users);
        case.read.users = users.into_entries();
        case.note_attempts();
        case.own_networks = Own::learn(&case, &Tuning::default());
        case
    }

    /// Learns the own networks as a tuning asks for; to be done before anything is looked for with it.
    pub fn tune(&mut self, tuning: &Tuning) {
        if !self.own_networks.is_by(tuning) {
            self.own_networks = Own::learn(self, tuning);
        }
    }

    /// What is known in a realm.
    #[must_use]
    pub fn summary_of(&self, realm: u32) -> &Summary {
        let known = self.realms.get(realm as usize).and_then(|known| known.summary.as_ref());
        known.unwrap_or(&self.summary)
    }

    /// Number of the realm of a finding's or session's share; of the tenant's own share, that of an event.
    #[must_use]
    pub fn realm_of(&self, bucket: usize, event: Option<EventRef>) -> u32 {
        match self.buckets.get(bucket) {
            Some(bucket) => bucket.realm,
            None => event.and_then(|event| self.realm_of_event(event)).unwrap_or(0),
        }
    }

    fn realm_of_event(&self, event: EventRef) -> Option<u32> {
        let store = &self.store;
        let realm = match event {
            EventRef::SignIn(number) => {
                let row = store.sign_in(number)?;
                Realm::of(self.tenancy.of_sign_in(store, row), row.input, row.doubts)
            }
            EventRef::Audit(number) => {
                let row = store.audit(number)?;
                Realm::of(self.tenancy.of_audit(store, row), row.input, row.doubts)
            }
            EventRef::Activity(number) => {
                let row = store.activity(number)?;
                Realm::of(self.tenancy.of_activity(store, row), row.input, row.doubts)
            }
            EventRef::Risk(number) => {
                let row = store.risk_event(number)?;
                Realm::of(self.tenancy.of_risk_event(store, row), row.input, row.doubts)
            }
        };
        let place = self.realms.binary_search_by(|known| known.realm.cmp(&realm)).ok()?;
        u32::try_from(place).ok()
    }

    /// What tells the events of a realm from those of the same person in another, in names that stay: the
    /// tenant whose log they are in where that is not the person's, and the input where its times are open.
    pub(super) fn realm_name(&self, realm: u32, person: &Person) -> Vec<String> {
        let Some(Known { realm, .. }) = self.realms.get(realm as usize) else { return Vec::new() };
        let foreign = realm.tenant.value().filter(|tenant| *tenant != person.tenant && person.id.has_value());
        let several = self.realms.iter().filter(|known| known.realm.tenant == realm.tenant).count() > 1;
        let open = realm.open.filter(|_| several).and_then(|input| self.inputs.get(input as usize));
        let tenant = foreign.map(|tenant| tenant.display(&self.store.texts));
        tenant.into_iter().chain(open.map(|input| format!("times of {}", input.name))).collect()
    }

    /// An id that stands for a realm in the ids of findings about it: its tenant's, changed by the name of the
    /// input where its times are open.
    pub(super) fn scope(&self, realm: u32) -> Id {
        let Some(Known { realm, .. }) = self.realms.get(realm as usize) else { return Id::EMPTY };
        let several = self.realms.iter().filter(|known| known.realm.tenant == realm.tenant).count() > 1;
        match realm.open.filter(|_| several).and_then(|input| self.inputs.get(input as usize)) {
            Some(input) => {
                let tenant = realm.tenant.as_guid().map_or(0, Guid::to_u128);
                Id::guid(Guid::from_u128(tenant ^ XxHash3_128::oneshot(input.name.as_bytes())))
            }
            None => realm.tenant,
        }
    }

    /// A share by its number; the one after the last person's is the tenant's own.
    #[must_use]
    pub fn bucket(&self, number: usize) -> Option<&Bucket> {
        if number == self.buckets.len() { Some(&self.own) } else { self.buckets.get(number) }
    }

    /// A person's events.
    #[must_use]
    pub fn view<'a>(&'a self, bucket: &'a Bucket) -> View<'a> {
        self.view_under(bucket, self.own_networks.of(bucket.realm))
    }

    /// A person's events, where other networks are the tenant's own.
    pub(super) fn view_under<'a>(&'a self, bucket: &'a Bucket, own: &'a OwnNetworks) -> View<'a> {
        let nobody = Person {
            tenant: Id::EMPTY,
            id: Id::EMPTY,
            name: TextId::EMPTY,
            kind: PersonKind::Unknown,
            classes: Classes::NONE,
        };
        let person = self.people.get(bucket.person).copied().unwrap_or(nobody);
        let Bucket { sign_ins, audits, activities, risk_events, realm, .. } = bucket;
        let summary = self.summary_of(*realm);
        let mut view = View::new(&self.store, (summary, own), person, sign_ins, audits, activities, risk_events);
        view.realm = *realm;
        view
    }

    /// A memo for each realm, for views of it.
    pub(super) fn memos(&self) -> Vec<Rc<Memo>> {
        self.realms.iter().map(|_| Rc::default()).collect()
    }

    /// A person's events; what many people's records share is taken from the memo of their realm.
    pub(super) fn view_with<'a>(&'a self, bucket: &'a Bucket, own: &'a OwnNetworks, memos: &[Rc<Memo>]) -> View<'a> {
        let view = self.view_under(bucket, own);
        match memos.get(bucket.realm as usize) {
            Some(memo) => view.sharing(memo),
            None => view,
        }
    }
}

/// Numbers of the rows that are events of their own.
#[derive(Debug, Default)]
pub(super) struct Live {
    pub(super) sign_ins: Vec<u32>,
    pub(super) audits: Vec<u32>,
    pub(super) activities: Vec<u32>,
    pub(super) risk_events: Vec<u32>,
}

fn count_times(store: &Store, live: &Live, inputs: &mut [Input]) {
    let note = |inputs: &mut [Input], input: u32, time: i64, doubts: Doubts| {
        if let Some(input) = inputs.get_mut(input as usize) {
            input.events += 1;
            input.first = Some(input.first.map_or(time, |first| first.min(time)));
            input.last = Some(input.last.map_or(time, |last| last.max(time)));
            input.clock.open_zone += u64::from(doubts.has(Doubts::ZONE));
            input.clock.open_order += u64::from(doubts.has(Doubts::ORDER));
            input.clock.to_the_minute += u64::from(doubts.has(Doubts::MINUTE));
        }
    };
    for row in live.sign_ins.iter().filter_map(|&number| store.sign_in(number)) {
        note(inputs, row.input, row.time, row.doubts);
        if let Some(input) = inputs.get_mut(row.input as usize).filter(|_| row.stream() == Stream::Interactive) {
            input.interactive += 1;
            input.blank_sessions += u64::from(Field::SessionId.is_empty(row, store));
        }
    }
    for row in live.audits.iter().filter_map(|&number| store.audit(number)) {
        note(inputs, row.input, row.time, row.doubts);
    }
    for row in live.activities.iter().filter_map(|&number| store.activity(number)) {
        note(inputs, row.input, row.time, row.doubts);
    }
    for row in live.risk_events.iter().filter_map(|&number| store.risk_event(number)) {
        note(inputs, row.input, row.time, row.doubts);
    }
}
