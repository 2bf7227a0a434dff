//! The family of client ids as a case has it: which of its applications are clients of the family, and which of
//! their sign-ins take part.

use crate::order::{Map, Set};

use crate::events::vocabulary::{Flag, Stream};
use crate::events::{Guid, Id, SignIn, Store};
use crate::knowledge::{apps, foci};
use crate::order::Gather;
use crate::sessions::View;

use super::Tuning;

/// Tools for administration that are of the family: what a stolen refresh token is redeemed with.
const TARGETS: [Guid; 3] = [apps::AZURE_CLI, apps::AZURE_POWERSHELL, apps::OFFICE_365_MANAGEMENT];

/// A client of the family.
#[derive(Clone, Copy, Debug)]
pub(super) struct Client {
    /// The same number for the same application.
    pub(super) kind: u32,
    /// It counts as a tool.
    is_target: bool,
    is_azure_cli: bool,
}

/// When Azure CLI counts as a tool.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum AzureCli {
    Any,
    GlobalAdmin,
    GlobalAdminNoncompliant,
}

/// The clients of the family, as a detection's tuning says.
#[derive(Debug)]
pub(super) struct Family {
    /// By the number of the application; nothing for those outside the family.
    clients: Vec<Option<Client>>,
    non_interactive_only: bool,
    azure_cli: AzureCli,
    home_only: bool,
}

impl Family {
    /// Tuned by `family-clients`, `targets`, `streams`, `azure-cli` and `home-tenant-only`.
    pub(super) fn new(store: &Store, tuning: &Tuning, detection: &str) -> Self {
        Self {
            clients: clients(store, &tuning.list(detection, "family-clients"), &tuning.list(detection, "targets")),
            non_interactive_only: tuning.choice(detection, "streams") == "non-interactive",
            azure_cli: match tuning.choice(detection, "azure-cli") {
                "global-admin" => AzureCli::GlobalAdmin,
                "global-admin-noncompliant" => AzureCli::GlobalAdminNoncompliant,
                _ => AzureCli::Any,
            },
            home_only: tuning.flag(detection, "home-tenant-only"),
        }
    }

    /// The client that a sign-in is of, if it takes part at all.
    pub(super) fn client(&self, view: &View<'_>, row: &SignIn) -> Option<Client> {
        let client = self.clients.get(row.app as usize).copied().flatten()?;
        let stream = match row.stream() {
            Stream::NonInteractive => true,
            Stream::Interactive => !self.non_interactive_only,
            Stream::ServicePrincipal | Stream::ManagedIdentity => false,
        };
        let tenants = view.store.tenants_of(row.tenants);
        let at_home =
            tenants.home.value().zip(tenants.resource.value()).is_none_or(|(home, resource)| home == resource);
        (stream && (at_home || !self.home_only)).then_some(client)
    }

    /// Whether a sign-in of a client is one of a tool, as far as the tuning lets Azure CLI count.
    pub(super) fn is_tool(&self, view: &View<'_>, row: &SignIn, client: Client) -> bool {
        let admin = || view.processing_contains(row, apps::GLOBAL_ADMINISTRATOR);
        let compliant = || view.store.device(row.device).compliant == Flag::TRUE;
        let counts = || match self.azure_cli {
            AzureCli::Any => true,
            AzureCli::GlobalAdmin => admin(),
            AzureCli::GlobalAdminNoncompliant => admin() && !compliant(),
        };
        client.is_target && (!client.is_azure_cli || counts())
    }
}

/// Which applications of the store are of the family. Where a record has no application id, its name
/// stands for it.
/// An empty list stands for the built-in one.
fn clients(store: &Store, family: &[Id], targets: &[Id]) -> Vec<Option<Client>> {
    let or = |given: &[Id], own: Vec<Id>| if given.is_empty() { own } else { given.to_vec() };
    let family: Set<Id> =
        or(family, foci::family_clients().map(|client| Id::guid(client.id)).collect()).into_iter().gather();
    let targets = or(targets, TARGETS.map(Id::guid).to_vec());
    let named = |name: &str| -> Vec<Id> {
        let same =
            |id: &&Id| id.as_guid().and_then(apps::app_name).is_some_and(|known| known.eq_ignore_ascii_case(name));
        family.iter().filter(same).copied().collect()
    };
    let mut kinds: Map<Vec<Id>, u32> = Map::new();
    store
        .apps
        .rows()
        .iter()
        .map(|app| {
            let ids = match app.id.value() {
                Some(id) if family.contains(&id) => vec![id],
                Some(_) => return None,
                None => named(store.texts.value(app.name)?.trim()),
            };
            if ids.is_empty() {
                return None;
            }
            let next = kinds.len() as u32;
            Some(Client {
                is_target: ids.iter().any(|id| targets.contains(id)),
                is_azure_cli: ids.contains(&Id::guid(apps::AZURE_CLI)),
                kind: *kinds.entry(ids).or_insert(next),
            })
        })
        .collect()
}
