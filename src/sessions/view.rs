//! A person's events, and what can be asked of them without looking at anybody else's.

use std::rc::Rc;

use crate::events::dictionary::TextId;
use crate::events::guid::Guid;
use crate::events::{Activity, Audit, Id, RiskEvent, SignIn, Store};
use crate::knowledge::agents::Agent;
use crate::knowledge::microsoft::Range;
use crate::knowledge::public_clients::public_client;
use crate::knowledge::results::{self, ResultClass};
use crate::knowledge::{apps, foci};
use crate::tenant::{Network, OwnNetworks, Person, Summary};

use super::event::EventRef;
use super::group::group;
use super::index::Index;
use super::{Hands, Memo, Session};

/// A person's events in order of time.
#[derive(Debug)]
pub struct View<'a> {
    /// Rows and dictionaries.
    pub store: &'a Store,
    /// What is known of the tenant.
    pub tenant: &'a Summary,
    /// Which networks are the tenant's own.
    pub own: &'a OwnNetworks,
    /// Whose events they are.
    pub person: Person,
    /// Number of the realm that they are of.
    pub realm: u32,
    /// Numbers of the sign-ins.
    pub sign_ins: &'a [u32],
    /// Numbers of the audit events they did or were the target of.
    pub audits: &'a [u32],
    /// Numbers of the activity records.
    pub activities: &'a [u32],
    /// Numbers of the risk detections and states of risk.
    pub risk_events: &'a [u32],
    /// The sessions, by time of their first event.
    pub sessions: Vec<Session>,
    index: Index,
}

impl<'a> View<'a> {
    /// Groups a person's events.
    #[must_use]
    pub fn new(
        store: &'a Store,
        (tenant, own): (&'a Summary, &'a OwnNetworks),
        person: Person,
        sign_ins: &'a [u32],
        audits: &'a [u32],
        activities: &'a [u32],
        risk_events: &'a [u32],
    ) -> Self {
        let mut view = Self {
            store,
            tenant,
            own,
            person,
            realm: 0,
            sign_ins,
            audits,
            activities,
            risk_events,
            sessions: Vec::new(),
            index: Index::default(),
        };
        view.sessions = group(&view);
        view
    }

    /// Takes what many people's records share from here, and leaves it here for others of the realm.
    #[must_use]
    pub fn sharing(mut self, memo: &Rc<Memo>) -> Self {
        self.index.share(memo);
        self
    }

    /// Sign-ins with their numbers.
    pub fn sign_ins(&self) -> impl Iterator<Item = (u32, &'a SignIn)> {
        self.rows(self.sign_ins)
    }

    /// The sign-ins of these numbers.
    pub fn rows<'b>(&self, numbers: &'b [u32]) -> impl Iterator<Item = (u32, &'a SignIn)> + use<'a, 'b> {
        let store = self.store;
        numbers.iter().filter_map(move |&number| Some((number, store.sign_in(number)?)))
    }

    /// Audit events with their numbers.
    pub fn audits(&self) -> impl Iterator<Item = (u32, &'a Audit)> {
        let store = self.store;
        self.audits.iter().filter_map(move |&number| Some((number, store.audit(number)?)))
    }

    /// Activity records with their numbers.
    pub fn activities(&self) -> impl Iterator<Item = (u32, &'a Activity)> {
        let store = self.store;
        self.activities.iter().filter_map(move |&number| Some((number, store.activity(number)?)))
    }

    /// Audit events of operations that fit, with their numbers, in order of time.
    pub fn audits_of(&self, fits: &dyn Fn(&str) -> bool) -> impl Iterator<Item = (u32, &'a Audit)> + use<'a> {
        let (store, numbers) = (self.store, self.audits);
        let places = self.index.audits(self).that(|operation| fits(store.texts.get(operation)));
        places.into_iter().filter_map(move |place| {
            let number = *numbers.get(place as usize)?;
            Some((number, store.audit(number)?))
        })
    }

    /// Each operation of the audit events, and at which places of [`View::audits`] its events stand.
    pub fn audits_by_operation(&self) -> impl Iterator<Item = (TextId, &[u32])> {
        self.index.audits(self).iter()
    }

    /// Activity records of operations that fit, with their numbers, in order of time.
    pub fn activities_of(&self, fits: &dyn Fn(&str) -> bool) -> impl Iterator<Item = (u32, &'a Activity)> + use<'a> {
        let (store, numbers) = (self.store, self.activities);
        let places = self.index.activities(self).that(|operation| fits(store.texts.get(operation)));
        places.into_iter().filter_map(move |place| {
            let number = *numbers.get(place as usize)?;
            Some((number, store.activity(number)?))
        })
    }

    /// Risk detections and states of risk with their numbers.
    pub fn risk_events(&self) -> impl Iterator<Item = (u32, &'a RiskEvent)> {
        let store = self.store;
        self.risk_events.iter().filter_map(move |&number| Some((number, store.risk_event(number)?)))
    }

    /// The application's id.
    #[must_use]
    pub fn app(&self, row: &SignIn) -> Option<Guid> {
        self.store.app(row.app).id.as_guid()
    }

    /// The application as a person reads it.
    #[must_use]
    pub fn app_name(&self, number: u32) -> String {
        let app = self.store.app(number);
        match self.store.texts.value(app.name) {
            Some(name) => name.to_owned(),
            None => match app.id.as_guid() {
                Some(guid) => crate::knowledge::apps::app_name(guid).map_or_else(|| guid.to_string(), str::to_owned),
                None => app.id.display(&self.store.texts),
            },
        }
    }

    /// The network of an address and the system that its record names, with what a person told of it.
    fn network_at(&self, key: (TextId, u32)) -> Option<Network> {
        let known = || self.tenant.network(self.store, key.0, key.1).map(|network| self.own.told(network));
        self.index.network(key, known)
    }

    /// The network a sign-in came from.
    #[must_use]
    pub fn network(&self, row: &SignIn) -> Option<Network> {
        let key = (row.address, self.store.location(row.location).asn);
        self.network_at(key)
    }

    /// Whether a server of Microsoft's asked on the user's behalf: an application known for it, an address of
    /// Microsoft's services, or a web application within Microsoft's cloud that tells neither program nor device.
    /// Customers rent machines in that cloud, too: a public client, which runs on somebody's machine, is a hand
    /// like any other there; where the record names no application, it is nobody's hand.
    #[must_use]
    pub fn by_server(&self, row: &SignIn) -> bool {
        let cloud = || {
            let nothing_told = self.agent(row) == Agent::UNKNOWN && !self.device(row).is_some_and(Id::has_value);
            nothing_told
                && self.app(row).is_none_or(|app| public_client(app).is_none() && foci::family_client(app).is_none())
        };
        self.app(row).is_some_and(apps::is_server_side)
            || self.network(row).and_then(|network| network.microsoft()).is_some_and(|range| match range {
                Range::Service => true,
                Range::Cloud => cloud(),
            })
    }

    /// The network an audit event came from: nothing where the address is missing or Microsoft's
    /// own, for its servers write many of these records on behalf of the user.
    #[must_use]
    pub fn network_of_audit(&self, row: &Audit) -> Option<Network> {
        let network = self.network_at((row.address, 0))?;
        network.microsoft().is_none().then_some(network)
    }

    /// The network an event of another kind came from: as [`View::network_of_audit`].
    #[must_use]
    pub fn network_of(&self, event: EventRef) -> Option<Network> {
        let address = event.head(self.store)?.address;
        let network = self.network_at((address, 0))?;
        network.microsoft().is_none().then_some(network)
    }

    /// The agent that a sign-in came from.
    #[must_use]
    pub fn agent(&self, row: &SignIn) -> Agent {
        self.index.agent((row.agent, row.device), || {
            let device = self.store.device(row.device);
            let texts = &self.store.texts;
            Agent::read(texts.get(row.agent), texts.get(device.system), texts.get(device.browser))
        })
    }

    /// The agent of an act: its user agent, or else what the client says of itself.
    #[must_use]
    pub fn agent_of_act(&self, row: &Activity) -> Agent {
        let text = if row.agent.has_value() { row.agent } else { row.client };
        self.index.memo().agent_of_act(text, || Agent::read(self.store.texts.get(text), "", ""))
    }

    /// The tool that texts of an act name, read once of each pair.
    pub(crate) fn tool_of_act(
        &self,
        texts: [TextId; 2],
        read: impl FnOnce() -> Option<&'static str>,
    ) -> Option<&'static str> {
        self.index.memo().tool_of_act(texts, read)
    }

    /// The country, where the record has one.
    #[must_use]
    pub fn country(&self, row: &SignIn) -> Option<TextId> {
        Some(self.store.location(row.location).country).filter(|country| country.has_value())
    }

    /// The device: its id, or *none* where the field is there and empty; nothing where the export
    /// has no such field.
    #[must_use]
    pub fn device(&self, row: &SignIn) -> Option<Id> {
        Some(self.store.device(row.device).id).filter(|id| id.is_present())
    }

    /// The result code, where the record has one.
    #[must_use]
    pub fn code(&self, row: &SignIn) -> Option<u32> {
        let outcome = self.store.outcome(row.outcome);
        (outcome.known == 1).then_some(outcome.code)
    }

    /// The class of the result.
    #[must_use]
    pub fn class(&self, row: &SignIn) -> ResultClass {
        self.code(row).map_or(ResultClass::Other, results::class)
    }

    /// Whether a sign-in succeeded.
    #[must_use]
    pub fn succeeded(&self, row: &SignIn) -> bool {
        self.code(row) == Some(0)
    }

    /// Whether an audience of the sign-in is this application.
    #[must_use]
    pub fn has_audience(&self, row: &SignIn, app: Guid) -> bool {
        let wanted = app.to_string();
        self.store.texts.get(row.audiences).split(' ').any(|id| id == wanted)
    }

    /// Whether the processing details contain this id, in any case.
    #[must_use]
    pub fn processing_contains(&self, row: &SignIn, id: Guid) -> bool {
        let wanted = id.to_string();
        let text = self.store.texts.get(row.processing).as_bytes();
        text.windows(wanted.len()).any(|part| part.eq_ignore_ascii_case(wanted.as_bytes()))
    }

    /// The session that a sign-in belongs to.
    #[must_use]
    pub fn session_of(&self, sign_in: u32) -> Option<usize> {
        self.index.session(self, sign_in)
    }

    /// The hands that a session went through, as [`super::hands::outline`] follows them.
    pub(super) fn outline(&self, session: &Session) -> Hands {
        let first = session.sign_ins.first().copied();
        self.index.outline(first, || super::hands::outline(self, session))
    }

    /// Whether a session changed hands: see [`Hands::changes`]. Whose hands they are is not asked.
    #[must_use]
    pub fn changes_hands(&self, session: &Session) -> bool {
        let mut addresses = self.rows(&session.sign_ins).map(|(_, row)| row.address);
        let one = addresses.next();
        // A session at one address is in one network.
        if addresses.all(|address| Some(address) == one) {
            return false;
        }
        let first = session.sign_ins.first().copied();
        self.index.changes(first, || super::hands::outline(self, session))
    }

    /// What its events are looked up by.
    pub(super) fn index(&self) -> &Index {
        &self.index
    }

    /// Successes by what joins them to the steps before.
    pub(super) fn outcomes(&self) -> &super::flow::Outcomes {
        self.index.outcomes(self)
    }

    /// Numbers of the sign-ins with this correlation id, in order of time; none for an empty one.
    pub fn correlated(&self, correlation: Id) -> impl Iterator<Item = u32> {
        self.index.correlated(self, correlation).iter().map(|(_, number)| *number)
    }

    /// Number of the sign-in from this address that is nearest to a moment; none for an empty address.
    #[must_use]
    pub fn nearest(&self, address: TextId, time: i64) -> Option<u32> {
        self.index.nearest(self, address, time)
    }

    /// When an event happened, in microseconds UTC.
    #[must_use]
    pub fn time_of(&self, event: EventRef) -> Option<i64> {
        event.head(self.store).map(|head| head.time)
    }
}
