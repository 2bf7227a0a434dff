//! The store: rows of events and the dictionaries behind them.
//!
//! A part of the input fills one store; stores are then gathered into one, whose numbers are given
//! out anew. What a store holds does not depend on how the input was cut.

use super::activity::Activity;
use super::audit::Audit;
use super::chunked::{Chunked, IntoRows};
use super::dictionary::{TextId, Texts, Tuples};
use super::id::Id;
use super::risk_event::RiskEvent;
use super::sign_in::{IdRef, SignIn};
use super::step::Step;
use super::tuples::{App, Device, Location, Outcome, Principal, Risk, Tenants, Tuple, User};

/// Events and their dictionaries.
#[derive(Clone, Debug)]
pub struct Store {
    /// Texts.
    pub texts: Texts,
    /// Users.
    pub users: Tuples<User>,
    /// Applications and resources.
    pub apps: Tuples<App>,
    /// Tenants of a record.
    pub tenants: Tuples<Tenants>,
    /// Locations.
    pub locations: Tuples<Location>,
    /// Devices.
    pub devices: Tuples<Device>,
    /// Outcomes.
    pub outcomes: Tuples<Outcome>,
    /// Risks.
    pub risks: Tuples<Risk>,
    /// Service principals.
    pub principals: Tuples<Principal>,
    /// Session ids, unique token ids, original request ids.
    pub ids: Tuples<Id>,
    /// Sign-ins of all streams.
    pub sign_ins: Chunked<SignIn>,
    /// Directory audit events.
    pub audits: Chunked<Audit>,
    /// Activity records.
    pub activities: Chunked<Activity>,
    /// Risk detections and states of risk.
    pub risk_events: Chunked<RiskEvent>,
    /// Steps of sign-ins that stand in files of their own.
    pub steps: Chunked<Step>,
}

/// The rows of a store on their way into another order of inputs; see [`Store::take_rows`].
#[derive(Debug)]
pub struct Rows {
    sign_ins: IntoRows<SignIn>,
    audits: IntoRows<Audit>,
    activities: IntoRows<Activity>,
    risk_events: IntoRows<RiskEvent>,
    steps: IntoRows<Step>,
}

/// Stands for [`IdRef::OWN`] among the ids, so that numbers and references are the same thing.
const OWN: Id = Id::text(TextId(u32::MAX));

impl Store {
    /// An empty store; the seed keys its hashes and comes from the input.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        let mut ids = Tuples::new(seed, Id::ABSENT);
        ids.intern(Id::EMPTY);
        ids.intern(OWN);
        Self {
            texts: Texts::new(seed),
            users: Tuples::new(seed, User::ABSENT),
            apps: Tuples::new(seed, App::ABSENT),
            tenants: Tuples::new(seed, Tenants::ABSENT),
            locations: Tuples::new(seed, Location::ABSENT),
            devices: Tuples::new(seed, Device::ABSENT),
            outcomes: Tuples::new(seed, Outcome::ABSENT),
            risks: Tuples::new(seed, Risk::ABSENT),
            principals: Tuples::new(seed, Principal::ABSENT),
            ids,
            sign_ins: Chunked::default(),
            audits: Chunked::default(),
            activities: Chunked::default(),
            risk_events: Chunked::default(),
            steps: Chunked::default(),
        }
    }

    /// The reference to an id; `own` is the id of the row that will hold it.
    pub fn id_ref(&mut self, id: Id, own: Id) -> IdRef {
        if id.has_value() && id == own { IdRef::OWN } else { IdRef(self.ids.intern(id)) }
    }

    /// The id that a reference of a sign-in stands for.
    #[must_use]
    pub fn id_of(&self, sign_in: &SignIn, reference: IdRef) -> Id {
        if reference == IdRef::OWN { sign_in.id } else { self.ids.find(reference.0).copied().unwrap_or(Id::ABSENT) }
    }

    /// The user of a row.
    #[must_use]
    pub fn user(&self, number: u32) -> User {
        self.users.find(number).copied().unwrap_or(User::ABSENT)
    }

    /// The application or resource of a row.
    #[must_use]
    pub fn app(&self, number: u32) -> App {
        self.apps.find(number).copied().unwrap_or(App::ABSENT)
    }

    /// The tenants of a row.
    #[must_use]
    pub fn tenants_of(&self, number: u32) -> Tenants {
        self.tenants.find(number).copied().unwrap_or(Tenants::ABSENT)
    }

    /// The location of a row.
    #[must_use]
    pub fn location(&self, number: u32) -> Location {
        self.locations.find(number).copied().unwrap_or(Location::ABSENT)
    }

    /// The device of a row.
    #[must_use]
    pub fn device(&self, number: u32) -> Device {
        self.devices.find(number).copied().unwrap_or(Device::ABSENT)
    }

    /// The outcome of a row.
    #[must_use]
    pub fn outcome(&self, number: u32) -> Outcome {
        self.outcomes.find(number).copied().unwrap_or(Outcome::ABSENT)
    }

    /// The risk of a row.
    #[must_use]
    pub fn risk(&self, number: u32) -> Risk {
        self.risks.find(number).copied().unwrap_or(Risk::ABSENT)
    }

    /// The service principal of a row.
    #[must_use]
    pub fn principal(&self, number: u32) -> Principal {
        self.principals.find(number).copied().unwrap_or(Principal::ABSENT)
    }

    /// A sign-in by its number.
    #[must_use]
    pub fn sign_in(&self, index: u32) -> Option<&SignIn> {
        self.sign_ins.get(index as usize)
    }

    /// An audit event by its number.
    #[must_use]
    pub fn audit(&self, index: u32) -> Option<&Audit> {
        self.audits.get(index as usize)
    }

    /// An activity record by its number.
    #[must_use]
    pub fn activity(&self, index: u32) -> Option<&Activity> {
        self.activities.get(index as usize)
    }

    /// A risk detection or a state of risk by its number.
    #[must_use]
    pub fn risk_event(&self, index: u32) -> Option<&RiskEvent> {
        self.risk_events.get(index as usize)
    }

    /// How many events of any kind.
    #[must_use]
    pub fn events(&self) -> usize {
        self.sign_ins.len() + self.audits.len() + self.activities.len() + self.risk_events.len()
    }

    /// Bytes held for rows and dictionaries.
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.texts.bytes()
            + self.users.bytes()
            + self.apps.bytes()
            + self.tenants.bytes()
            + self.locations.bytes()
            + self.devices.bytes()
            + self.outcomes.bytes()
            + self.risks.bytes()
            + self.principals.bytes()
            + self.ids.bytes()
            + self.sign_ins.bytes()
            + self.audits.bytes()
            + self.activities.bytes()
            + self.risk_events.bytes()
            + self.steps.bytes()
    }

    /// Makes all rows what they were before [`Chunked::change`].
    pub fn restore(&mut self) {
        self.sign_ins.restore();
        self.audits.restore();
        self.activities.restore();
        self.risk_events.restore();
    }

    /// Takes all rows out; the dictionaries stay, so that [`Store::put_back`] only moves them.
    pub fn take_rows(&mut self) -> Rows {
        Rows {
            sign_ins: std::mem::take(&mut self.sign_ins).into_rows(),
            audits: std::mem::take(&mut self.audits).into_rows(),
            activities: std::mem::take(&mut self.activities).into_rows(),
            risk_events: std::mem::take(&mut self.risk_events).into_rows(),
            steps: std::mem::take(&mut self.steps).into_rows(),
        }
    }

    /// Puts the next rows of an input back, under another number of it. Inputs come in the order of their old numbers.
    pub fn put_back(&mut self, rows: &mut Rows, old: u32, new: u32) {
        put_back(&mut self.sign_ins, &mut rows.sign_ins, |row| &mut row.input, old, new);
        put_back(&mut self.audits, &mut rows.audits, |row| &mut row.input, old, new);
        put_back(&mut self.activities, &mut rows.activities, |row| &mut row.input, old, new);
        put_back(&mut self.risk_events, &mut rows.risk_events, |row| &mut row.input, old, new);
        put_back(&mut self.steps, &mut rows.steps, |row| &mut row.input, old, new);
    }

    /// Takes over the events of another store. `place` gives each row its input and record number
    /// among all, from the numbers it had in the part.
    pub fn absorb(&mut self, mut part: Self, place: impl Fn(u32, u32, u64) -> (u32, u32, u64)) {
        let mut texts = vec![TextId::ABSENT, TextId::EMPTY];
        for (_, text) in part.texts.iter() {
            texts.push(self.texts.intern(text));
        }
        let text = |id: TextId| texts.get(id.0 as usize).copied().unwrap_or(TextId::ABSENT);
        let users = renumber(&mut self.users, &part.users, &text);
        let apps = renumber(&mut self.apps, &part.apps, &text);
        let tenants = renumber(&mut self.tenants, &part.tenants, &text);
        let locations = renumber(&mut self.locations, &part.locations, &text);
        let devices = renumber(&mut self.devices, &part.devices, &text);
        let outcomes = renumber(&mut self.outcomes, &part.outcomes, &text);
        let risks = renumber(&mut self.risks, &part.risks, &text);
        let principals = renumber(&mut self.principals, &part.principals, &text);
        let ids: Vec<u32> = part
            .ids
            .rows()
            .iter()
            .map(|&id| self.ids.intern(if id == OWN { OWN } else { id.translate(text) }))
            .collect();
        let number = |map: &[u32], old: u32| map.get(old as usize).copied().unwrap_or(0);
        for chunk in part.sign_ins.drain_chunks() {
            for mut row in chunk {
                (row.input, row.record, row.offset) = place(row.input, row.record, row.offset);
                row.id = row.id.translate(text);
                row.correlation = row.correlation.translate(text);
                row.session = IdRef(number(&ids, row.session.0));
                row.token = IdRef(number(&ids, row.token.0));
                row.original = IdRef(number(&ids, row.original.0));
                row.user = number(&users, row.user);
                row.app = number(&apps, row.app);
                row.resource = number(&apps, row.resource);
                row.tenants = number(&tenants, row.tenants);
                row.location = number(&locations, row.location);
                row.device = number(&devices, row.device);
                row.outcome = number(&outcomes, row.outcome);
                row.risk = number(&risks, row.risk);
                row.principal = number(&principals, row.principal);
                for id in [
                    &mut row.address,
                    &mut row.agent,
                    &mut row.client,
                    &mut row.policies,
                    &mut row.audiences,
                    &mut row.steps,
                    &mut row.processing,
                ] {
                    *id = text(*id);
                }
                self.sign_ins.push(row);
            }
        }
        for chunk in part.audits.drain_chunks() {
            for mut row in chunk {
                (row.input, row.record, row.offset) = place(row.input, row.record, row.offset);
                row.id = row.id.translate(text);
                row.correlation = row.correlation.translate(text);
                row.user = number(&users, row.user);
                row.principal = number(&principals, row.principal);
                row.tenants = number(&tenants, row.tenants);
                for id in [
                    &mut row.operation,
                    &mut row.category,
                    &mut row.service,
                    &mut row.result,
                    &mut row.reason,
                    &mut row.address,
                    &mut row.targets,
                    &mut row.details,
                    &mut row.agent,
                ] {
                    *id = text(*id);
                }
                self.audits.push(row);
            }
        }
        for chunk in part.activities.drain_chunks() {
            for mut row in chunk {
                (row.input, row.record, row.offset) = place(row.input, row.record, row.offset);
                row.id = row.id.translate(text);
                row.user = number(&users, row.user);
                row.app = number(&apps, row.app);
                row.principal = number(&principals, row.principal);
                row.tenants = number(&tenants, row.tenants);
                row.device = number(&devices, row.device);
                row.session = IdRef(number(&ids, row.session.0));
                row.token = IdRef(number(&ids, row.token.0));
                for id in [
                    &mut row.category,
                    &mut row.operation,
                    &mut row.object,
                    &mut row.owner,
                    &mut row.address,
                    &mut row.agent,
                    &mut row.client,
                    &mut row.result,
                    &mut row.scopes,
                    &mut row.parameters,
                    &mut row.messages,
                ] {
                    *id = text(*id);
                }
                self.activities.push(row);
            }
        }
        for chunk in part.risk_events.drain_chunks() {
            for mut row in chunk {
                (row.input, row.record, row.offset) = place(row.input, row.record, row.offset);
                row.id = row.id.translate(text);
                row.request = row.request.translate(text);
                row.correlation = row.correlation.translate(text);
                row.user = number(&users, row.user);
                row.principal = number(&principals, row.principal);
                row.app = number(&apps, row.app);
                row.tenants = number(&tenants, row.tenants);
                row.location = number(&locations, row.location);
                for id in [
                    &mut row.address,
                    &mut row.kind,
                    &mut row.level,
                    &mut row.state,
                    &mut row.detail,
                    &mut row.source,
                    &mut row.timing,
                    &mut row.activity,
                    &mut row.issuer,
                    &mut row.more,
                    &mut row.agent,
                ] {
                    *id = text(*id);
                }
                self.risk_events.push(row);
            }
        }
        for chunk in part.steps.drain_chunks() {
            for mut row in chunk {
                (row.input, row.record, row.offset) = place(row.input, row.record, row.offset);
                row.sign_in = row.sign_in.translate(text);
                row.step = text(row.step);
                self.steps.push(row);
            }
        }
    }
}

fn put_back<T>(into: &mut Chunked<T>, rows: &mut IntoRows<T>, input: fn(&mut T) -> &mut u32, old: u32, new: u32) {
    while rows.peek_mut().is_some_and(|row| *input(row) == old) {
        let Some(mut row) = rows.next() else { return };
        *input(&mut row) = new;
        into.push(row);
    }
}

fn renumber<T: Tuple>(into: &mut Tuples<T>, from: &Tuples<T>, text: &dyn Fn(TextId) -> TextId) -> Vec<u32> {
    from.rows().iter().map(|row| into.intern(row.translate(text))).collect()
}

#[cfg(test)]
#[path = "store_tests.rs"]
mod tests;
