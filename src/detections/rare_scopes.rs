//! The part of *client, resource or scopes that are rare here* that tells of scopes: a client other than those of
//! administrators was let ask for what reaches far, by a single factor, as hardly anybody lets it.

use serde_json::json;

use crate::events::SignIn;
use crate::events::processing::Processing;
use crate::events::vocabulary::{Protection, Requirement};
use crate::knowledge::apps;
use crate::knowledge::public_clients::public_client;
use crate::sessions::{Session, View};

use super::evidence::{moment, place, sign_ins, who};
use super::rare_app_user_resource_scope::{DETECTION, Odd, Rule, reaches_directory, users_successes};
use super::single::LISTED;
use super::told::{Told, of_session};
use super::{Confidence, Finding, Severity, Subject};

/// How scopes begin that reach far, in lower case.
const FAR: [&str; 6] = ["mail.", "files.", "sites.", "directory.", "rolemanagement.", "application."];
/// Scopes for whatever the user may do, in lower case; they stand alone or behind the resource's address.
const WHOLE: [&str; 2] = ["user_impersonation", ".default"];

/// Facts: `sign_ins`, how many; `scopes`, those that reach far; `people`, how many ask for these very scopes;
/// `owner`, whose the client is (`microsoft`, `this-tenant`, `another-tenant`), where the record says so.
pub(super) fn look(rule: &Rule, subject: &Subject<'_>, index: usize, session: &Session) -> Option<Finding> {
    let (view, rarity) = (subject.view, &subject.view.tenant.rarity);
    let people = |row: &SignIn| rarity.users_of_scopes(row, view.store);
    let odd: Vec<Odd<'_>> = users_successes(view, session)
        .filter(|(_, row)| row.processing.has_value() && is_loose(view, row) && !reaches_directory(view, row))
        .map(|(number, row)| Odd::weigh(subject, session, number, row))
        .filter(|odd| odd.severity > Severity::Low)
        .filter(|odd| people(odd.row).is_some_and(|people| rule.are_few(rarity, people)))
        .filter(|odd| !far(view, odd.row).is_empty())
        .collect();
    let worst = odd.iter().rev().max_by_key(|odd| odd.severity)?;
    let scopes = far(view, worst.row);
    let people = people(worst.row).unwrap_or(0);
    let owner = owner(view, worst.row);
    let foreign = match owner {
        Some("another-tenant") => " The application belongs to another organisation, and not to Microsoft.",
        _ => "",
    };
    let told = Told {
        variant: "scopes",
        weight: (worst.severity, Confidence::Medium),
        why: format!(
            "{} by a single factor let {} ask {} for {} from {} at {}. {people} of {} people here ask for these scopes.{foreign}{}",
            who(view),
            view.app_name(worst.row.app),
            view.app_name(worst.row.resource),
            scopes.join(", "),
            place(view.network(worst.row)),
            moment(worst.row.time),
            rarity.all_users(),
            worst.because,
        ),
        what: "Scopes that are rare here",
        evidence: sign_ins("rare", odd.iter().take(LISTED).map(|odd| odd.number)).collect(),
        facts: json!({"sign_ins": odd.len(), "scopes": scopes, "people": people, "owner": owner}),
    };
    let title = format!("Scopes that are rare here, of {}", view.app_name(worst.row.resource));
    Some(Finding { title, ..of_session(&DETECTION, view, index, told) })
}

/// Scopes of a sign-in that reach far, and that Microsoft's client does not have in every tenant.
fn far(view: &View<'_>, row: &SignIn) -> Vec<String> {
    let mut scopes = Processing::read(view.store.texts.get(row.processing)).scopes();
    let client = view.app(row).and_then(public_client);
    scopes.retain(|scope| {
        let usual = client.is_some_and(|client| client.usual_scopes().any(|usual| usual == scope));
        let scope = scope.to_ascii_lowercase();
        let name = scope.rsplit('/').next().unwrap_or_default();
        !usual && (FAR.iter().any(|start| name.starts_with(start)) || WHOLE.contains(&name))
    });
    scopes
}

/// A single factor, from a machine that nobody manages, with a token that is not bound to it.
fn is_loose(view: &View<'_>, row: &SignIn) -> bool {
    row.requirement == Requirement::SINGLE_FACTOR
        && row.protection != Protection::BOUND
        && !view.store.device(row.device).is_managed(&view.store.texts)
}

/// Whose a client is, as the record says: `microsoft`, `this-tenant` or `another-tenant`.
fn owner(view: &View<'_>, row: &SignIn) -> Option<&'static str> {
    let owner = view.store.app(row.app).owner;
    let tenants = view.store.tenants_of(row.tenants);
    Some(match owner.as_guid()? {
        guid if apps::is_microsoft_first_party(guid) => "microsoft",
        _ if [tenants.log, tenants.resource].contains(&owner) => "this-tenant",
        _ => "another-tenant",
    })
}
