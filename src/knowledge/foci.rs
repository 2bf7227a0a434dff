//! The family of client ids: Microsoft clients whose refresh tokens are good for each other.
//!
//! Whoever holds the refresh token of one of them can ask for tokens as any other, which is what
//! makes a change of client inside a session worth a look.

use std::sync::OnceLock;

use super::table;
use crate::events::guid::Guid;

/// A client of the family.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FamilyClient {
    /// Its application id.
    pub id: Guid,
    /// The name it has in sign-in logs. Several clients share one name.
    pub name: &'static str,
    /// Whether the Secureworks research lists it.
    pub in_secureworks: bool,
    /// Whether ROADtools lists it.
    pub in_roadtools: bool,
}

/// All clients of the family, by ascending id.
pub fn family_clients() -> impl Iterator<Item = FamilyClient> {
    clients().iter().map(|(_, client)| *client)
}

/// The family's client with this application id.
#[must_use]
pub fn family_client(id: Guid) -> Option<FamilyClient> {
    table::find(clients(), &id)
}

/// Whether the application belongs to the family; `id` in the order in which a GUID is written.
#[must_use]
pub fn is_family_client(id: &[u8; 16]) -> bool {
    family_client(Guid::from_bytes(*id)).is_some()
}

/// [`is_family_client`] on the text of an id, in any spelling that [`Guid::parse`] reads.
#[must_use]
pub fn is_family_client_text(id: &str) -> bool {
    Guid::parse(id).is_some_and(|id| family_client(id).is_some())
}

/// Whether a client of the family has this name, compared without regard to case. For exports
/// that carry no application ids: weaker than an id, since anyone can name an application so.
#[must_use]
pub fn is_family_name(name: &str) -> bool {
    let name = name.trim();
    family_clients().any(|client| client.name.eq_ignore_ascii_case(name))
}

fn clients() -> &'static [(Guid, FamilyClient)] {
    static CLIENTS: OnceLock<Vec<(Guid, FamilyClient)>> = OnceLock::new();
    CLIENTS.get_or_init(|| {
        table::rows(include_str!("foci-clients.tsv"))
            .filter_map(|row| {
                let mut columns = row.split('\t');
                let id = Guid::parse(table::column(&mut columns))?;
                let sources = table::column(&mut columns);
                let client = FamilyClient {
                    id,
                    name: table::column(&mut columns),
                    in_secureworks: sources.contains('S'),
                    in_roadtools: sources.contains('R'),
                };
                Some((id, client))
            })
            .collect()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_whole_and_sorted() {
        let ids: Vec<Guid> = family_clients().map(|client| client.id).collect();
        assert_eq!(ids.len(), 53);
        assert_eq!(table::rows(include_str!("foci-clients.tsv")).count(), 53);
        assert!(ids.is_sorted_by(|a, b| a < b));
        assert!(
            family_clients().all(|client| !client.name.is_empty() && (client.in_secureworks || client.in_roadtools))
        );
    }

    #[test]
    fn knows_members_and_strangers() {
        assert!(is_family_client_text("04B07795-8DDB-461A-BBEE-02F9E1BF7B46"));
        assert!(is_family_client_text("1950a258-227b-4e31-a9cf-717495945fc2"));
        // The broker and Visual Studio Code are public clients, but not of the family.
        assert!(!is_family_client_text("29d9ed98-a469-4536-ade2-f981bc1d605e"));
        assert!(!is_family_client_text("aebc6443-996d-45c2-90f0-388ff96faa56"));
        assert!(!is_family_client_text("Microsoft Teams"));
        assert!(!is_family_client(&[0; 16]));
        let teams = family_client(Guid::from_u128(0x1fec8e78_bce4_4aaf_ab1b_5451cc387264));
        assert_eq!(teams.map(|client| client.name), Some("Microsoft Teams"));
        assert!(is_family_name(" microsoft azure cli"));
        assert!(!is_family_name("OfficeHome"));
    }
}
