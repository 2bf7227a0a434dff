//! Who is who: users by tenant and object id, whatever a record calls them.
//!
//! A record may name a user by object id, by user principal name, or both. Names are resolved to
//! ids through the records that have both; guests are keyed by their home tenant.

use crate::order::Map;

use serde::Serialize;

use crate::enrichment::Classes;
use crate::events::dictionary::TextId;
use crate::events::guid::Guid;
use crate::events::tuples::User;
use crate::events::vocabulary::UserType;
use crate::events::{Id, Store};

/// What kind of identity it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "kebab-case")]
pub enum PersonKind {
    /// Somebody of a partner who looks after the tenant (a service provider): neither member nor guest.
    Partner,
    /// A member of the tenant.
    Member,
    /// A guest.
    Guest,
    /// An application's identity.
    ServicePrincipal,
    /// A managed identity.
    ManagedIdentity,
    /// The records do not say.
    Unknown,
}

/// A user or an application's identity.
#[derive(Clone, Copy, Debug)]
pub struct Person {
    /// The tenant they are known in: a guest's is their home tenant.
    pub tenant: Id,
    /// Object id; the name's number where no record has the id.
    pub id: Id,
    /// User principal name, lower-case, or the application's name.
    pub name: TextId,
    /// What kind.
    pub kind: PersonKind,
    /// What they are besides, as far as that is known.
    pub classes: Classes,
}

/// All people, each with a number.
#[derive(Clone, Debug, Default)]
pub struct People {
    people: Vec<Person>,
    by_key: Map<(Id, Id), u32>,
    ids_by_name: Map<(Id, TextId), Option<Id>>,
}

impl People {
    /// Learns that a name stands for an id. A name that stands for two stands for neither.
    pub fn learn(&mut self, tenant: Id, user: &User) {
        if !user.id.has_value() || !user.name.has_value() {
            return;
        }
        self.ids_by_name
            .entry((tenant, user.name))
            .and_modify(|known| {
                if *known != Some(user.id) {
                    *known = None;
                }
            })
            .or_insert(Some(user.id));
    }

    /// The object id that a record's user stands for.
    #[must_use]
    pub fn resolve(&self, tenant: Id, id: Id, name: TextId, store: &Store) -> Id {
        if id.has_value() {
            return id;
        }
        if !name.has_value() {
            return Id::EMPTY;
        }
        if let Some(Some(id)) = self.ids_by_name.get(&(tenant, name)) {
            return *id;
        }
        // Entra writes the object id in place of a name it hides.
        Guid::parse(store.texts.get(name)).map_or(Id::text(name), Id::guid)
    }

    /// The number of the person that a record's user stands for, a new one if need be.
    pub fn enter(&mut self, tenant: Id, user: &User, store: &Store) -> Option<u32> {
        let id = self.resolve(tenant, user.id, user.name, store);
        let kind = match user.kind {
            UserType::MEMBER => PersonKind::Member,
            UserType::GUEST => PersonKind::Guest,
            UserType::PARTNER => PersonKind::Partner,
            _ => PersonKind::Unknown,
        };
        self.enter_as(Person { tenant, id, name: user.name, kind, classes: Classes::NONE }, store)
    }

    /// The number of a person by tenant and id.
    pub fn enter_as(&mut self, person: Person, store: &Store) -> Option<u32> {
        if !person.id.has_value() {
            return None;
        }
        let next = self.people.len() as u32;
        let number = *self.by_key.entry((person.tenant, person.id)).or_insert(next);
        match self.people.get_mut(number as usize) {
            None => self.people.push(person),
            Some(known) => {
                // Which record comes first must not matter: the name that sorts first wins.
                let better = !known.name.has_value()
                    || (person.name.has_value() && store.texts.get(person.name) < store.texts.get(known.name));
                if person.name.has_value() && better {
                    known.name = person.name;
                }
                known.kind = known.kind.min(person.kind);
            }
        }
        Some(number)
    }

    /// Says what a person is.
    pub fn classify(&mut self, number: u32, classes: Classes) {
        if let Some(person) = self.people.get_mut(number as usize) {
            person.classes = classes;
        }
    }

    /// The number of a person that is already known.
    #[must_use]
    pub fn find(&self, tenant: Id, id: Id) -> Option<u32> {
        self.by_key.get(&(tenant, id)).copied()
    }

    /// A person by number.
    #[must_use]
    pub fn get(&self, number: u32) -> Option<&Person> {
        self.people.get(number as usize)
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.people.len()
    }

    /// Whether there is nobody.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.people.is_empty()
    }
}
