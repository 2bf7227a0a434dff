//! An administrator's or developer's client that hardly anybody here uses, or scopes that hardly anybody asks for.
//!
//! # What it looks for
//! *client*: a success of Visual Studio Code, Azure CLI, Azure PowerShell, Microsoft Graph Command Line
//! Tools, Azure AD PowerShell or Graph Explorer for Microsoft Graph or Azure AD Graph, or of any client
//! of the family for Azure AD Graph, where at most `users` people and less than `percent` of all use it
//! for that resource; of the six also where this user never used it before; and Azure AD PowerShell for any other
//! resource, which it has no use for. *scopes*: a single-factor success of another
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
//! * Microsoft Sentinel, Rare user agent and application; Entra ID PowerShell accessing other resources
//! * Microsoft, OAuth abuse of public clients

use serde_json::json;

use crate::events::field::Field;
use crate::events::{Guid, SignIn, Store};
use crate::knowledge::{apps, foci};
use crate::sessions::{Familiarity, HISTORY_DAYS, Session, View};
use crate::tenant::rarity::Rarity;

use super::evidence::{moment, place, sign_ins, who};
use super::places::{RENTED, outside};
use super::single::LISTED;
use super::told::{Told, of_session};
use super::{Ask, Confidence, Detection, Finding, Group, Records, Severity, Subject, Tunable, Tuning, rare_scopes};

const ID: &str = "rare-app-user-resource-scope";
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

/// What is few.
pub(super) struct Rule {
    users: usize,
    percent: usize,
}

impl Rule {
    /// Whether so many people are few of all that the exports hold.
    pub(super) fn are_few(&self, rarity: &Rarity, people: usize) -> bool {
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
            found.extend(rare_scopes::look(&rule, subject, index, session));
        }
    })
}

/// A sign-in that is out of place, and how much.
pub(super) struct Odd<'a> {
    pub(super) number: u32,
    pub(super) row: &'a SignIn,
    pub(super) severity: Severity,
    pub(super) because: &'static str,
}

impl<'a> Odd<'a> {
    /// The network decides how bad it is.
    pub(super) fn weigh(subject: &Subject<'_>, session: &Session, number: u32, row: &'a SignIn) -> Self {
        let view = subject.view;
        let first = session.sign_ins.first().and_then(|number| view.store.sign_in(*number));
        let fresh = session.starts_in_export && first.is_some_and(|first| row.time - first.time <= FRESH);
        let (severity, because) = match (outside(view, row), subject.familiar.network(view, row)) {
            (None, _) | (_, Familiarity::Familiar) => (Severity::Low, ""),
            (Some(network), _) if network.is_hosting() => (Severity::High, RENTED),
            (_, Familiarity::Unfamiliar) if fresh => {
                (Severity::High, " The session began there within the hour, and the user had never been there.")
            }
            (_, Familiarity::Unfamiliar) => (Severity::Medium, " The user had never been there."),
            (_, Familiarity::Unknown) => (Severity::Low, ""),
        };
        Self { number, row, severity, because }
    }
}

/// Successes of the user in a session.
pub(super) fn users_successes<'a>(view: &View<'a>, session: &Session) -> impl Iterator<Item = (u32, &'a SignIn)> {
    view.rows(&session.sign_ins).filter(|(_, row)| row.stream().is_user() && view.succeeded(row))
}

/// A client by which a tenant is administered.
fn is_for_administrators(view: &View<'_>, row: &SignIn) -> bool {
    view.app(row).is_some_and(|app| CLIENTS.contains(&app))
}

/// Such a client, or any of the family, for a resource that tells of the whole directory.
pub(super) fn reaches_directory(view: &View<'_>, row: &SignIn) -> bool {
    let of_family = || view.app(row).is_some_and(|app| foci::family_client(app).is_some());
    match view.store.app(row.resource).id.as_guid() {
        Some(apps::MICROSOFT_GRAPH) => is_for_administrators(view, row),
        Some(apps::AZURE_AD_GRAPH) => is_for_administrators(view, row) || of_family(),
        _ => is_misused(view, row),
    }
}

/// Azure AD PowerShell, which speaks to Azure AD Graph and Microsoft Graph alone, for something else.
fn is_misused(view: &View<'_>, row: &SignIn) -> bool {
    let resource = view.store.app(row.resource).id.as_guid();
    view.app(row) == Some(apps::AZURE_AD_POWERSHELL)
        && resource.is_some_and(|resource| ![apps::MICROSOFT_GRAPH, apps::AZURE_AD_GRAPH].contains(&resource))
}

/// Facts: `sign_ins`, how many; `people`, how many use this client for this resource; `of`, how many people there
/// are; `new_for_user`, whether the user never used the client before.
fn clients(rule: &Rule, subject: &Subject<'_>, index: usize, session: &Session) -> Option<Finding> {
    let (view, rarity) = (subject.view, &subject.view.tenant.rarity);
    let odd: Vec<Odd<'_>> = users_successes(view, session)
        .filter(|(_, row)| reaches_directory(view, row))
        .filter(|(_, row)| match subject.familiar.app(view, row) {
            _ if is_misused(view, row) => true,
            Familiarity::Familiar => false,
            // Everybody's phone asks for Azure AD Graph once: of the family only rare clients count.
            Familiarity::Unfamiliar if is_for_administrators(view, row) => true,
            _ => rarity.users(row, view.store).is_some_and(|people| rule.are_few(rarity, people)),
        })
        .map(|(number, row)| Odd::weigh(subject, session, number, row))
        .collect();
    let worst = odd.iter().rev().max_by_key(|odd| odd.severity)?;
    let people = rarity.users(worst.row, view.store).unwrap_or(0);
    let new = subject.familiar.app(view, worst.row) == Familiarity::Unfamiliar;
    let few = match rule.are_few(rarity, people) {
        true => format!(" {people} of {} people here use this client for it.", rarity.all_users()),
        false => String::new(),
    };
    let before = if new { " The user had not used the client before." } else { "" };
    let told = Told {
        variant: "client",
        weight: (worst.severity, Confidence::Medium),
        why: format!(
            "{} signed in to {} by {} from {} at {}.{few}{before}{}",
            who(view),
            view.app_name(worst.row.resource),
            view.app_name(worst.row.app),
            place(view.network(worst.row)),
            moment(worst.row.time),
            worst.because,
        ),
        what: "Client that is rare here",
        evidence: sign_ins("rare", odd.iter().take(LISTED).map(|odd| odd.number)).collect(),
        facts: json!({"sign_ins": odd.len(), "people": people, "of": rarity.all_users(), "new_for_user": new}),
    };
    let title = format!("{} is rarely used here", view.app_name(worst.row.app));
    Some(Finding { title, ..of_session(&DETECTION, view, index, told) })
}
