//! What inputs give that are no exports.

/// What an input gave that says more about events and people of others.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Gave {
    /// Networks.
    pub networks: u64,
    /// Addresses of its sign-ins that lie in trusted named locations.
    pub trusted: u64,
    /// Users.
    pub users: u64,
    /// People of the records among them.
    pub named: u64,
    /// Addresses of the records of which it says something.
    pub addresses: u64,
    /// Whether it is a database of addresses, and when that was made, in seconds since 1970.
    pub database: Option<u64>,
    /// Records whose autonomous system it filled in.
    pub systems: u64,
    /// Records whose country it filled in.
    pub countries: u64,
    /// Records whose city or state it filled in.
    pub cities: u64,
    /// Records whose coordinates it filled in.
    pub coordinates: u64,
    /// Addresses of which both it and the exports name a country, and those of which they name others.
    pub compared: (u64, u64),
}
