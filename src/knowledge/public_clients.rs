//! Microsoft's own public clients, and what they may ask of Microsoft Graph without anybody's consent.

use std::sync::OnceLock;

use super::table;
use crate::events::guid::Guid;

/// A public client: it keeps no secret, so that anybody can ask for tokens in its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PublicClient {
    /// Its application id.
    pub id: Guid,
    /// Its name; empty where the source has none.
    pub name: &'static str,
    /// Scopes, one blank between them.
    scopes: &'static str,
}

impl PublicClient {
    /// Scopes of Microsoft Graph that it has in every tenant, sorted by their letters.
    pub fn usual_scopes(&self) -> impl Iterator<Item = &'static str> {
        self.scopes.split(' ').filter(|scope| !scope.is_empty())
    }
}

/// The public client with this application id; `None` for one that keeps a secret, is not
/// Microsoft's or is not known.
#[must_use]
pub fn public_client(app: Guid) -> Option<PublicClient> {
    table::find(clients(), &app)
}

fn clients() -> &'static [(Guid, PublicClient)] {
    static CLIENTS: OnceLock<Vec<(Guid, PublicClient)>> = OnceLock::new();
    CLIENTS.get_or_init(|| {
        table::rows(include_str!("public-clients.tsv"))
            .filter_map(|row| {
                let mut columns = row.split('\t');
                let id = Guid::parse(table::column(&mut columns))?;
                let name = table::column(&mut columns);
                let scopes = table::column(&mut columns);
                Some((id, PublicClient { id, name, scopes }))
            })
            .collect()
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::knowledge::{apps, foci};

    #[test]
    fn the_table_is_whole_and_sorted() {
        assert_eq!(clients().len(), table::rows(include_str!("public-clients.tsv")).count());
        assert!(clients().is_sorted_by(|(a, _), (b, _)| a < b));
        assert!(clients().iter().all(|(_, client)| client.usual_scopes().is_sorted_by(|a, b| a < b)));
    }

    #[test]
    fn tools_that_intruders_borrow_are_public_and_services_are_not() {
        for app in [apps::AZURE_CLI, apps::AZURE_POWERSHELL, apps::OFFICE_365_MANAGEMENT, apps::AUTHENTICATION_BROKER] {
            assert!(public_client(app).is_some(), "{app}");
        }
        for app in [apps::MICROSOFT_GRAPH, apps::EXCHANGE_ONLINE, apps::OFFICE_HOME, Guid::ZERO] {
            assert_eq!(public_client(app), None, "{app}");
        }
        let management = public_client(apps::OFFICE_365_MANAGEMENT).expect("a public client");
        assert!(management.usual_scopes().any(|scope| scope == "Directory.AccessAsUser.All"));
    }

    #[test]
    fn clients_that_share_a_family_token_are_public() {
        let family: Vec<_> = foci::family_clients().map(|client| client.id).collect();
        let public = family.iter().filter(|id| public_client(**id).is_some()).count();
        assert!(public * 2 > family.len(), "{public} of {}", family.len());
    }
}
