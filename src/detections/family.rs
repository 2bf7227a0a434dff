//! The family of client ids as a case has it: which of its applications are clients of the family.

use crate::order::{Map, Set};

use crate::events::{Guid, Id, Store};
use crate::knowledge::{apps, foci};
use crate::order::Gather;

/// Tools for administration that are of the family: what a stolen refresh token is redeemed with.
const TARGETS: [Guid; 3] = [apps::AZURE_CLI, apps::AZURE_POWERSHELL, apps::OFFICE_365_MANAGEMENT];

/// A client of the family.
#[derive(Clone, Copy, Debug)]
pub(super) struct Client {
    /// The same number for the same application.
    pub(super) kind: u32,
    /// It counts as a tool.
    pub(super) is_target: bool,
    /// It is Azure CLI.
    pub(super) is_azure_cli: bool,
}

/// Which applications of the store are of the family. Where a record has no application id, its name
/// stands for it.
/// An empty list stands for the built-in one.
pub(super) fn clients(store: &Store, family: &[Id], targets: &[Id]) -> Vec<Option<Client>> {
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
