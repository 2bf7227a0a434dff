//! An administrator's or developer's client that hardly anybody here uses, or scopes that hardly anybody asks for.
//!
//! # What it looks for
//! *client*: a success of Visual Studio Code, Azure CLI, Azure PowerShell, Microsoft Graph Command Line
//! Tools, Azure AD PowerShell or Graph Explorer for Microsoft Graph or Azure AD Graph, or of any client
//! of the family for Azure AD Graph, where at most `users` people and less than `percent` of all use it
//! for that resource; of the six also where this user never used it before. *scopes*: a single-factor success of another
//! client, from an unmanaged device in a network that is not familiar, whose scopes reach mail, files,
//! the directory, roles or applications, or everything (`.default`, `user_impersonation`), beyond what
//! Microsoft's clients have in every tenant, and that so few people ask for. One finding of each kind a session.
//! Of the client it says whether it belongs to Microsoft, to this tenant or to another organisation.
//!
//! # Why it matters
//! Whoever has a token of the family, a phished code or a password asks for what the user never needed:
//! the whole directory, by a client that is public and allowed everywhere. The log shows an ordinary
//! success; only the combination of client, resource and scopes is out of place.
//!
//! # Evidence it needs
//! User sign-ins with ids of application and resource; address, autonomous system and scopes make it
//! surer. Rarity is learned from the exports: with fewer than five people in them nothing is called rare.
//!
//! # Benign causes
//! * An administrator or developer who uses the client for the first time.
//! * A new program that was rolled out to a few people first.
//!
//! # Tuning
//! `users` and `percent` that are few.
//!
//! # What to ask
//! * Does the user administer anything, or write programs?
//! * Did the user start this program at that time?
//!
//! # What to do
//! * Look at what the token read: Microsoft Graph activity, the audit log.
//! * Require assignment for these clients, or a compliant device.
//!
//! # References
//! * ATT&CK T1550.001
//! * Elastic, Entra ID OAuth user impersonation scope, and rare application of a principal
//! * Microsoft Sentinel, Rare user agent and application
//! * Microsoft, OAuth abuse of public clients

use serde_json::json;

use crate::events::field::Field;
use crate::events::processing::Processing;
use crate::events::vocabulary::{Protection, Requirement};
use crate::events::{Guid, SignIn, Store};
use crate::knowledge::public_clients::public_client;
use crate::knowledge::{apps, foci};
use crate::sessions::{Familiarity, HISTORY_DAYS, Session, View};
use crate::tenant::rarity::Rarity;

use super::evidence::{facts, in_order, moment, place, sign_ins, who};
use super::{Ask, Confidence, Detection, Finding, Group, Records, Severity, Subject, Tunable, Tuning};

const ID: &str = "rare-app-user-resource-scope";
/// Sign-ins that a finding shows; all are counted.
const LISTED: usize = 200;
/// People without which nothing is called rare.
const PEOPLE: usize = 5;
/// A session that began so long before is a fresh one.
const FRESH: i64 = 3_600_000_000;

pub(super) static DETECTION: Detection = Detection {
    id: ID,
    title: "Client, resource or scopes that are rare here",
    group: Group::Token,
    records: &[Records::UserSignIns],
    helped_by: &[(Records::NonInteractive, "a stolen token asks for other resources there")],
    needs: &[&[Field::AppId], &[Field::ResourceId], &[Field::Result]],
    wants: &[Field::Address, Field::Asn, Field::Processing, Field::SessionId],
    history_days: HISTORY_DAYS,
    tunables: &[
        Tunable::number("users", "3", "people who are few"),
        Tunable::number("percent", "1", "percent of all people below which they are few"),
    ],
    prepare,
    kql: include_str!("rare_app_user_resource_scope.kql"),
    file: "rare_app_user_resource_scope",
};

/// Public clients by which a tenant is administered or programmed.
const CLIENTS: [Guid; 6] = [
    apps::VISUAL_STUDIO_CODE,
    apps::AZURE_CLI,
    apps::AZURE_POWERSHELL,
    apps::GRAPH_COMMAND_LINE,
    apps::AZURE_AD_POWERSHELL,
    apps::GRAPH_EXPLORER,
];

/// How scopes begin that reach far, in lower case.
const FAR: [&str; 6] = ["mail.", "files.", "sites.", "directory.", "rolemanagement.", "application."];
/// Scopes for whatever the user may do, in lower case; they stand alone or behind the resource's address.
const WHOLE: [&str; 2] = ["user_impersonation", ".default"];

struct Rule {
    users: usize,
    percent: usize,
}

impl Rule {
    /// Whether so many people are few of all that the exports hold.
    fn are_few(&self, rarity: &Rarity, people: usize) -> bool {
        rarity.all_users() >= PEOPLE && rarity.are_few(people, self.users, self.percent)
    }
}

fn prepare<'a>(_: &'a Store, tuning: &'a Tuning) -> Ask<'a> {
    let number = |name: &str, otherwise: usize| {
        let set = tuning.number(ID, name).unwrap_or(0);
        usize::try_from(set).unwrap_or(otherwise)
    };
    let rule = Rule { users: number("users", 3), percent: number("percent", 1) };
    Box::new(move |subject, found| {
        for (index, session) in subject.view.sessions.iter().enumerate() {
            found.extend(clients(&rule, subject, index, session));
            found.extend(scopes(&rule, subject, index, session));
        }
    })
}

/// A sign-in that is out of place, and how much.
struct Odd<'a> {
    number: u32,
    row: &'a SignIn,
    severity: Severity,
    because: &'static str,
}

/// The network decides how bad it is.
fn weigh(subject: &Subject<'_>, session: &Session, row: &SignIn) -> (Severity, &'static str) {
    let view = subject.view;
    let Some(network) = view.network(row).filter(|network| !network.is_microsoft() && !view.tenant.is_own(network)) else {
        return (Severity::Low, "");
    };
    let familiarity = subject.familiar.network(view, row);
    let first = session.sign_ins.first().and_then(|number| view.store.sign_in(*number));
    let fresh = session.starts_in_export && first.is_some_and(|first| row.time - first.time <= FRESH);
    match familiarity {
        Familiarity::Familiar => (Severity::Low, ""),
        _ if network.is_hosting() => (Severity::High, " That is a hosting or VPN network, where people seldom sit."),
        Familiarity::Unfamiliar if fresh => {
            (Severity::High, " The session began there within the hour, and the user had never been there.")
        }
        Familiarity::Unfamiliar => (Severity::Medium, " The user had never been there."),
        Familiarity::Unknown => (Severity::Low, ""),
    }
}

/// A client by which a tenant is administered.
fn is_for_administrators(view: &View<'_>, row: &SignIn) -> bool {
    view.app(row).is_some_and(|app| CLIENTS.contains(&app))
}

/// Such a client, or any of the family, for a resource that tells of the whole directory.
fn reaches_directory(view: &View<'_>, row: &SignIn) -> bool {
    let of_family = || view.app(row).is_some_and(|app| foci::family_client(app).is_some());
    match view.store.app(row.resource).id.as_guid() {
        Some(apps::MICROSOFT_GRAPH) => is_for_administrators(view, row),
        Some(apps::AZURE_AD_GRAPH) => is_for_administrators(view, row) || of_family(),
        _ => false,
    }
}

/// Facts: `sign_ins`, how many; `people`, how many use this client for this resource; `of`, how many people there
/// are; `new_for_user`, whether the user never used the client before.
fn clients(rule: &Rule, subject: &Subject<'_>, index: usize, session: &Session) -> Option<Finding> {
    let (view, rarity) = (subject.view, &subject.view.tenant.rarity);
    let odd: Vec<Odd<'_>> = view
        .rows(&session.sign_ins)
        .filter(|(_, row)| row.stream().is_user() && view.succeeded(row) && reaches_directory(view, row))
        .filter(|(_, row)| match subject.familiar.app(view, row) {
            Familiarity::Familiar => false,
            // Everybody's phone asks for Azure AD Graph once: of the family only rare clients count.
            Familiarity::Unfamiliar if is_for_administrators(view, row) => true,
            _ => rarity.users(row, view.store).is_some_and(|people| rule.are_few(rarity, people)),
        })
        .map(|(number, row)| {
            let (severity, because) = weigh(subject, session, row);
            Odd { number, row, severity, because }
        })
        .collect();
    let told = odd.iter().rev().max_by_key(|odd| odd.severity)?;
    let people = rarity.users(told.row, view.store).unwrap_or(0);
    let new = subject.familiar.app(view, told.row) == Familiarity::Unfamiliar;
    let few = match rule.are_few(rarity, people) {
        true => format!(" {people} of {} people here use this client for it.", rarity.all_users()),
        false => String::new(),
    };
    let before = if new { " The user had not used the client before." } else { "" };
    Some(Finding {
        detection: ID,
        variant: "client",
        strand: "client",
        severity: told.severity,
        confidence: Confidence::Medium,
        session: Some(index),
        anchor: session.anchor,
        title: format!("{} is rarely used here", view.app_name(told.row.app)),
        why: format!(
            "{} signed in to {} by {} from {} at {}.{few}{before}{}",
            who(view),
            view.app_name(told.row.resource),
            view.app_name(told.row.app),
            place(view.network(told.row)),
            moment(told.row.time),
            told.because,
        ),
        what: "Client that is rare here",
        evidence: in_order(view, sign_ins("rare", odd.iter().take(LISTED).map(|odd| odd.number)).collect()),
        facts: facts(json!({
            "sign_ins": odd.len(),
            "people": people,
            "of": rarity.all_users(),
            "new_for_user": new,
        })),
    })
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

/// Facts: `sign_ins`, how many; `scopes`, those that reach far; `people`, how many ask for these very scopes;
/// `owner`, whose the client is (`microsoft`, `this-tenant`, `another-tenant`), where the record says so.
fn scopes(rule: &Rule, subject: &Subject<'_>, index: usize, session: &Session) -> Option<Finding> {
    let (view, rarity) = (subject.view, &subject.view.tenant.rarity);
    let odd: Vec<Odd<'_>> = view
        .rows(&session.sign_ins)
        .filter(|(_, row)| row.processing.has_value() && row.stream().is_user() && view.succeeded(row))
        .filter(|(_, row)| is_loose(view, row) && !reaches_directory(view, row))
        .map(|(number, row)| {
            let (severity, because) = weigh(subject, session, row);
            Odd { number, row, severity, because }
        })
        .filter(|odd| odd.severity > Severity::Low)
        .filter(|odd| {
            let people = rarity.users_of_scopes(odd.row, view.store);
            people.is_some_and(|people| rule.are_few(rarity, people))
        })
        .filter(|odd| !far(view, odd.row).is_empty())
        .collect();
    let told = odd.iter().rev().max_by_key(|odd| odd.severity)?;
    let scopes = far(view, told.row);
    let people = rarity.users_of_scopes(told.row, view.store).unwrap_or(0);
    let owner = owner(view, told.row);
    let foreign = match owner {
        Some("another-tenant") => " The application belongs to another organisation, and not to Microsoft.",
        _ => "",
    };
    Some(Finding {
        detection: ID,
        variant: "scopes",
        strand: "scopes",
        severity: told.severity,
        confidence: Confidence::Medium,
        session: Some(index),
        anchor: session.anchor,
        title: format!("Scopes that are rare here, of {}", view.app_name(told.row.resource)),
        why: format!(
            "{} by a single factor let {} ask {} for {} from {} at {}. {people} of {} people here ask for these scopes.{foreign}{}",
            who(view),
            view.app_name(told.row.app),
            view.app_name(told.row.resource),
            scopes.join(", "),
            place(view.network(told.row)),
            moment(told.row.time),
            rarity.all_users(),
            told.because,
        ),
        what: "Scopes that are rare here",
        evidence: in_order(view, sign_ins("rare", odd.iter().take(LISTED).map(|odd| odd.number)).collect()),
        facts: facts(json!({"sign_ins": odd.len(), "scopes": scopes, "people": people, "owner": owner})),
    })
}
