//! What records are counted and filtered by.

use serde::{Deserialize, Serialize};

/// A property that records are counted by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "kebab-case")]
pub enum Column {
    /// Who it is of: a user, a service principal, a managed identity.
    User,
    /// The application that asked.
    App,
    /// What it asked for.
    Resource,
    /// A scope it asked for. A sign-in can have several.
    Scope,
    /// Country.
    Country,
    /// City.
    City,
    /// Autonomous system, else the address.
    Network,
    /// Address.
    Address,
    /// Device.
    Device,
    /// Program, in words.
    Agent,
    /// Result code.
    Result,
    /// `success`, `interrupted` or `refused`.
    Ended,
    /// Stream.
    Stream,
    /// Client app.
    Client,
    /// `legacy` where the client app cannot ask for a second factor, else `modern`.
    Legacy,
    /// Authentication protocol.
    Protocol,
    /// How the session was handed over at its start.
    Transfer,
    /// What conditional access as a whole came to.
    Access,
    /// A conditional-access policy and what it did. A sign-in can have several.
    Policy,
    /// One factor or several.
    Requirement,
    /// Token protection.
    Protection,
    /// Token that came in.
    Token,
    /// A method of authentication. A sign-in can have several.
    Method,
    /// Level of risk during the sign-in.
    Risk,
    /// Session.
    Session,
    /// Hour of the day, UTC.
    Hour,
    /// Key id of a service principal's credential.
    Credential,
    /// What was done.
    Operation,
    /// Workload or category of what was done.
    Category,
}
