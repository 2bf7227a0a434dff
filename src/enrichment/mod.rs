//! What people put beside the exports: lists of networks that say what an address is, databases of
//! addresses, and what users are.
//!
//! These files hold no events. Each part of the input keeps what it read of them, and where the parts
//! are gathered it is put together and applied once, so that neither the order of the files nor the
//! number of parts shows in the result.

mod answer;
mod database;
mod kind;
mod lists;
mod span;
mod users;
mod value;

use serde::{Deserialize, Serialize};

pub use answer::Answer;
pub use database::{Database, Record};
pub use kind::{Kinds, NetworkKind};
pub use lists::{Entry, Listed, Lists};
pub use span::{NoSpan, Span};
pub use users::{Classes, Told, UserClass, UserEntry, Users};

/// What one part of an input holds that says more about events of others.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Enrichment {
    /// Networks, in the order of the file.
    pub networks: Vec<Entry>,
    /// Addresses from which somebody signed in within a named location that is trusted, as the sign-ins say.
    pub trusted: Vec<Entry>,
    /// Users, in the order of the file.
    pub users: Vec<UserEntry>,
    /// Databases of addresses. They travel as they are.
    #[serde(skip)]
    pub databases: Vec<Database>,
}

impl Enrichment {
    /// Whether there is nothing.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.networks.is_empty() && self.trusted.is_empty() && self.users.is_empty() && self.databases.is_empty()
    }

    /// Takes in what the next part of the same input holds.
    pub fn merge(&mut self, other: Self) {
        self.networks.extend(other.networks);
        self.trusted.extend(other.trusted);
        self.users.extend(other.users);
        self.databases.extend(other.databases);
    }
}
