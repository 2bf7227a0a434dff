//! An application got another owner, address or name, or was opened to other tenants.
//!
//! # What it looks for
//! An owner who was added by somebody else; addresses to which codes and tokens are sent that lie on hosts
//! which the application did not have; another identifier; and an application that other tenants may use
//! now. What its own maker does within `new-app-hours` of registering it is left out.
//!
//! # Why it matters
//! An owner gives the application keys; who has one of its addresses gets the tokens of its users.
//!
//! # Evidence it needs
//! The directory audit log with modified properties.
//!
//! # Benign causes
//! * Developers at work: a new colleague, a new test address, a product that is sold to others.
//!
//! # Tuning
//! `new-app-hours` in which an application's maker sets it up.
//!
//! # What to ask
//! * Whose is the host or the owner, and does the team know?
//!
//! # What to do
//! * Take owner or address away, then look for keys and sign-ins of the application since.
//!
//! # References
//! * ATT&CK T1098, T1528
//! * Elastic, Entra ID OAuth application redirect URI modified; Sigma, Added owner to application

use crate::events::{Store, TargetKind};
use crate::words::list;

use super::act::{Act, any, distinct};
use super::asked::{self, Asked, Question, Spec, Told, Whose};
use super::{Ask, Detection, Severity, Tunable, Tuning};

const HOUR: i64 = 3_600_000_000;

pub(super) static DETECTION: Detection = Detection {
    tunables: &[Tunable::number(
        "new-app-hours",
        "24",
        "hours after its registration in which an application is set up",
    )],
    prepare,
    ..asked::detection(
        "app-takeover",
        "Application changed hands or address",
        "app_takeover",
        include_str!("app_takeover.kql"),
    )
};

static SPEC: Spec = Spec {
    detection: &DETECTION,
    whose: Whose::Doer,
    questions: &[
        Question { variant: "owner", what: "Owner added to an application", is: owns, ask: owner },
        Question { variant: "address", what: "Address of an application changed", is: updates, ask: address },
        Question { variant: "opened", what: "App opened to other tenants", is: updates, ask: opened },
    ],
};

fn prepare<'a>(_: &'a Store, tuning: &'a Tuning) -> Ask<'a> {
    asked::ask(&SPEC, tuning)
}

fn owns(operation: &str) -> bool {
    any(operation, &["Add owner to application", "Add owner to service principal"])
}

fn updates(operation: &str) -> bool {
    any(operation, &["Update application", "Update service principal"])
}

fn creates(operation: &str) -> bool {
    any(operation, &["Add application", "Add service principal"])
}

/// Whether the person had registered the application themselves, shortly before.
fn is_own(asked: &Asked<'_, '_>, act: &Act<'_>) -> bool {
    let since = act.row.time.saturating_sub(asked.number("new-app-hours").saturating_mul(HOUR));
    asked.acts(creates, since, act.row.time).iter().filter(|made| asked.did(made)).any(|made| {
        made.targets.iter().any(|one| {
            act.targets.iter().any(|other| {
                (!one.id.is_empty() && one.id == other.id) || (!one.name.is_empty() && one.name == other.name)
            })
        })
    })
}

fn owner(asked: &Asked<'_, '_>, act: &Act<'_>) -> Option<Told> {
    let owner = act.target(TargetKind::User)?;
    if !act.succeeded() || is_own(asked, act) {
        return None;
    }
    let app = act.app();
    if asked.is_person(owner) {
        return Told::new(Severity::Low, format!("became an owner of {app}"));
    }
    Told::new(Severity::Medium, format!("made {} an owner of {app}", owner.label()))
}

/// The hosts of addresses in a value, in lower case; those of one's own machine send nothing away.
fn hosts(value: &str) -> Vec<&str> {
    let starts = value.match_indices("://").filter_map(|(place, mark)| value.get(place + mark.len()..));
    let hosts = starts.filter_map(|rest| {
        rest.split(|letter: char| !(letter.is_ascii_alphanumeric() || ".-*_".contains(letter))).next()
    });
    distinct(hosts.filter(|host| !["localhost", "127.0.0.1"].contains(host)))
}

fn address(asked: &Asked<'_, '_>, act: &Act<'_>) -> Option<Told> {
    let names = ["AppAddress", "ReplyUrls", "AppIdentifierUri", "LogoutUrl"];
    let change = names.iter().find_map(|name| act.change(name).filter(|change| change.old != change.new))?;
    let before = hosts(&change.old);
    let new: Vec<&str> = hosts(&change.new).into_iter().filter(|host| !before.contains(host)).collect();
    if !act.succeeded() || new.is_empty() || is_own(asked, act) {
        return None;
    }
    let texts = &act.store.texts;
    let domain = texts.get(act.store.user(act.row.user).name).rsplit_once('@').map_or("", |(_, domain)| domain);
    let own = |host: &&str| {
        let host = host.to_ascii_lowercase();
        !domain.is_empty() && (host == domain || host.strip_suffix(domain).is_some_and(|rest| rest.ends_with('.')))
    };
    let severity = if new.iter().all(own) { Severity::Info } else { Severity::Medium };
    let told = Told::new(severity, format!("gave {} an address on {}", act.app(), list(new.get(..4).unwrap_or(&new))))?;
    Some(told.because("Codes and tokens of its users go there."))
}

fn opened(asked: &Asked<'_, '_>, act: &Act<'_>) -> Option<Told> {
    let change = act.change("AvailableToOtherTenants")?;
    let yes = |value: &str| crate::events::change::plain(value).eq_ignore_ascii_case("true");
    if !act.succeeded() || !yes(&change.new) || yes(&change.old) || is_own(asked, act) {
        return None;
    }
    Told::new(Severity::Medium, format!("opened {} to other tenants", act.app()))
}
