//! A directory role with power over others was given.
//!
//! # What it looks for
//! Members added to a privileged role, to hold now or to be eligible for, with or without Privileged
//! Identity Management. Roles that reach everything weigh most; one given to an application, a guest or an
//! account less than `new-account-hours` old weighs more. An activation is mild: that is how such roles are
//! meant to be used.
//!
//! # Why it matters
//! A role is how an intruder keeps what one administrator's session gave, and opens the next door.
//!
//! # Evidence it needs
//! The directory audit log with modified properties.
//!
//! # Benign causes
//! * A new administrator, a change of duties, a project; activations as people do them daily.
//!
//! # Tuning
//! `new-account-hours`: how old an account is at most to be new.
//!
//! # What to ask
//! * Who asked for the role, and does the account's owner know of it?
//!
//! # What to do
//! * Take the role away, then look at what the account did since.
//! * Give such roles only for a time and with approval.
//!
//! # References
//! * ATT&CK T1098.003
//! * Elastic, Entra ID Global Administrator role assigned; Microsoft Sentinel, Privileged role assigned outside PIM

use crate::events::guid::Guid;
use crate::events::{Store, TargetKind};
use crate::knowledge::roles::{Role, Tier, privileged_role, privileged_role_by_name};

use super::act::{Act, any};
use super::asked::{self, Asked, Question, Spec, Told, Whose};
use super::{Ask, Detection, Severity, Tunable, Tuning};

const HOUR: i64 = 3_600_000_000;

pub(super) static DETECTION: Detection = Detection {
    tunables: &[Tunable::number("new-account-hours", "24", "how old an account is at most to be new")],
    prepare,
    ..asked::detection("role-assigned", "Privileged role given", "role_assigned", include_str!("role_assigned.kql"))
};

static SPEC: Spec = Spec {
    detection: &DETECTION,
    whose: Whose::Doer,
    questions: &[
        Question { variant: "assigned", what: "Privileged role given", is: gives, ask: assigned },
        Question { variant: "activated", what: "Privileged role activated", is: activates, ask: activated },
    ],
};

fn prepare<'a>(_: &'a Store, tuning: &'a Tuning) -> Ask<'a> {
    asked::ask(&SPEC, tuning)
}

/// Whether an operation activates a role that its holder was eligible for.
pub(super) fn activates(operation: &str) -> bool {
    any(operation, &["Add member to role completed (PIM activation)"])
}

/// Whether an operation gives a role, and not only asks for it.
pub(super) fn gives(operation: &str) -> bool {
    const BEGINS: [&str; 4] =
        ["add member to role", "add eligible member", "add scoped member to role", "add role assignment"];
    let operation = operation.trim().to_ascii_lowercase();
    BEGINS.iter().any(|begin| operation.starts_with(begin))
        && !["request", "activation", "renew", "denied"].iter().any(|word| operation.contains(word))
}

/// The privileged role that an act is about, if it is one: by template, by name, or by the name that the
/// directory has had for it from the start.
pub(super) fn role(act: &Act<'_>) -> Option<Role> {
    const WELL_KNOWN: [(&str, &str); 8] = [
        ("TenantAdmins", "Global Administrator"),
        ("PrivilegedRoleAdmins", "Privileged Role Administrator"),
        ("PrivilegedAuthenticationAdmins", "Privileged Authentication Administrator"),
        ("UserAccountAdmins", "User Administrator"),
        ("ApplicationAdministrators", "Application Administrator"),
        ("CloudApplicationAdministrators", "Cloud Application Administrator"),
        ("ExchangeServiceAdmins", "Exchange Administrator"),
        ("HelpdeskAdmins", "Helpdesk Administrator"),
    ];
    let template = Guid::parse(act.value(&["Role.TemplateId", "TemplateId"])).and_then(privileged_role);
    let named = || {
        let target = act.target(TargetKind::Role).map_or("", |target| &*target.name);
        [act.value(&["Role.DisplayName"]), target].into_iter().find_map(privileged_role_by_name)
    };
    let known = || {
        let name = act.value(&["Role.WellKnownObjectName"]);
        let found = WELL_KNOWN.iter().find(|(word, _)| word.eq_ignore_ascii_case(name));
        found.and_then(|(_, name)| privileged_role_by_name(name))
    };
    template.or_else(named).or_else(known)
}

/// Roles of the second tier by which one comes to the first.
const STEPS: [&str; 3] =
    ["Application Administrator", "Cloud Application Administrator", "Hybrid Identity Administrator"];

fn severity(role: Role) -> Severity {
    match role.tier {
        Tier::Total => Severity::High,
        Tier::High if STEPS.contains(&role.name) => Severity::High,
        Tier::High => Severity::Medium,
        Tier::Moderate => Severity::Low,
    }
}

fn creates(operation: &str) -> bool {
    any(operation, &["Add user", "Invite external user"])
}

fn assigned(asked: &Asked<'_, '_>, act: &Act<'_>) -> Option<Told> {
    let role = role(act)?;
    // What the service writes when a role is activated is told by the activation.
    if !act.succeeded() || asked.is_by_service(act) {
        return None;
    }
    let since = act.row.time.saturating_sub(asked.number("new-account-hours").saturating_mul(HOUR));
    let user = act.target(TargetKind::User);
    let made = asked.acts(creates, since, act.row.time).into_iter().find(|made| {
        user.is_some_and(|user| made.targets.iter().any(|target| !target.id.is_empty() && target.id == user.id))
    });
    let to_app = user.is_none() && act.target(TargetKind::ServicePrincipal).is_some();
    let guest = user.is_some_and(|user| user.user.contains("#ext#"));
    let because = if to_app {
        "It was given to an application."
    } else if guest {
        "It was given to a guest."
    } else if made.is_some() {
        "The account had only just been made."
    } else if asked.did(act) && user.is_some_and(|user| asked.is_person(user)) {
        "They gave it to themselves."
    } else {
        ""
    };
    let base = severity(role);
    let raised = to_app || guest || made.is_some();
    let whom = if to_app { act.app() } else { act.on() };
    let eligible = act.operation().to_ascii_lowercase().contains("eligible");
    let said = match eligible {
        true => format!("made {whom} eligible for the role {}", role.name),
        false => format!("gave {whom} the role {}", role.name),
    };
    let severity = if raised { base.raised().min(Severity::High) } else { base };
    Some(Told::new(severity, said)?.because(because).beside(made.map(|made| made.number)))
}

fn activated(_: &Asked<'_, '_>, act: &Act<'_>) -> Option<Told> {
    let role = role(act).filter(|role| role.tier < Tier::Moderate)?;
    if act.succeeded() { Told::new(Severity::Info, format!("activated the role {}", role.name)) } else { None }
}
