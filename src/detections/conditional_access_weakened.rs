//! A conditional-access policy was deleted, switched off or given an exception.
//!
//! # What it looks for
//! A policy that was deleted, or went from on to off or report-only; one that leaves out more users, groups,
//! roles, applications, places or platforms than before, or no longer covers all; one that asks for less,
//! such as no second factor any more; and a member, or another rule, for a group that a policy leaves out. A
//! new policy and every other change are told as information.
//!
//! # Why it matters
//! These policies are what stands between a stolen password or token and the data. An exception for one
//! account is all that an intruder needs, and nobody notices it.
//!
//! # Evidence it needs
//! The directory audit log with modified properties. Which groups policies leave out is known from changes
//! of policies by the same person.
//!
//! # Benign causes
//! * Policies are reworked, tested or replaced; a person who locked themselves out gets an exception.
//!
//! # Tuning
//! Nothing.
//!
//! # What to ask
//! * Is there a change request, and who is left out now?
//!
//! # What to do
//! * Put the policy back as it was, then look for sign-ins that it would have stopped.
//!
//! # References
//! * ATT&CK T1556.009, T1562.001
//! * Microsoft Sentinel, Conditional Access policy was disabled; HybridBrothers, Suspicious changes of conditional access

use serde_json::Value;

use crate::events::Store;
use crate::events::{Change, TargetKind};
use crate::words::list;

use super::act::{Act, any};
use super::asked::{self, Asked, Question, Spec, Told, Whose};
use super::{Ask, Detection, Severity, Tuning};

const MINUTE: i64 = 60_000_000;

pub(super) static DETECTION: Detection = Detection {
    prepare,
    ..asked::detection(
        "conditional-access-weakened",
        "Conditional-access policy weakened",
        "conditional_access_weakened",
        include_str!("conditional_access_weakened.kql"),
    )
};

static SPEC: Spec = Spec {
    detection: &DETECTION,
    whose: Whose::Doer,
    questions: &[
        Question { variant: "deleted", what: "Conditional-access policy deleted", is: deletes, ask: deleted },
        Question { variant: "weakened", what: "Conditional-access policy weakened", is: updates, ask: weakened },
        Question { variant: "changed", what: "Conditional-access policy changed", is: changes, ask: changed },
        Question { variant: "exempted", what: "Let out of conditional access", is: fills, ask: exempted },
    ],
};

fn prepare<'a>(_: &'a Store, tuning: &'a Tuning) -> Ask<'a> {
    asked::ask(&SPEC, tuning)
}

fn deletes(operation: &str) -> bool {
    any(operation, &["Delete conditional access policy", "Delete policy"])
}

fn updates(operation: &str) -> bool {
    any(operation, &["Update conditional access policy", "Update policy"])
}

fn changes(operation: &str) -> bool {
    updates(operation) || any(operation, &["Add conditional access policy"])
}

fn own(operation: &str) -> bool {
    let operation = operation.to_ascii_lowercase();
    operation.contains("conditional access policy")
}

fn fills(operation: &str) -> bool {
    any(operation, &["Add member to group", "Update group"])
}

/// The directory's core writes a record of its own of the same act, with another name and less in it.
fn is_told_better(asked: &Asked<'_, '_>, act: &Act<'_>) -> bool {
    let (from, to) = (act.row.time - 2 * MINUTE, act.row.time + 2 * MINUTE);
    !own(act.operation()) && !asked.acts(own, from, to).is_empty()
}

/// The change that holds the whole policy.
fn policy<'c>(act: &'c Act<'_>) -> Option<&'c Change<'c>> {
    act.change("ConditionalAccessPolicy").or_else(|| act.change("PolicyDetail"))
}

fn named(act: &Act<'_>) -> String {
    let [old, new] = policy(act).map(Change::json).unwrap_or_default();
    let own = [new, old].iter().find_map(|policy| policy.get("displayName")?.as_str().map(str::to_owned));
    own.unwrap_or_else(|| act.on().to_owned())
}

fn deleted(asked: &Asked<'_, '_>, act: &Act<'_>) -> Option<Told> {
    if !act.succeeded() || is_told_better(asked, act) {
        return None;
    }
    // `Delete policy` is written for policies of all kinds.
    let severity = if own(act.operation()) || policy(act).is_some() { Severity::High } else { Severity::Medium };
    Told::new(severity, format!("deleted the policy {}", named(act)))
}

fn texts<'p>(policy: &'p Value, path: &str) -> Vec<&'p str> {
    policy.pointer(path).and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str).collect()
}

/// Lists of a policy whose growth lets somebody or something out.
const EXCLUDED: [(&str, &str); 6] = [
    ("/conditions/users/excludeUsers", "users"),
    ("/conditions/users/excludeGroups", "groups"),
    ("/conditions/users/excludeRoles", "roles"),
    ("/conditions/applications/excludeApplications", "applications"),
    ("/conditions/locations/excludeLocations", "places"),
    ("/conditions/platforms/excludePlatforms", "platforms"),
];

/// Lists that cover all where they hold the word *All*.
const INCLUDED: [(&str, &str); 3] = [
    ("/conditions/users/includeUsers", "all users"),
    ("/conditions/applications/includeApplications", "all applications"),
    ("/conditions/clientAppTypes", "all kinds of clients"),
];

/// What a policy does less than before, in words.
fn losses(old: &Value, new: &Value) -> Vec<String> {
    let mut lost = Vec::new();
    let state = |policy: &Value| policy.get("state").and_then(Value::as_str).unwrap_or_default().to_owned();
    if state(old) == "enabled" && !state(new).is_empty() && state(new) != "enabled" {
        lost.push(if state(new) == "disabled" { "it is off" } else { "it only reports" }.to_owned());
    }
    for (path, what) in EXCLUDED {
        let before = texts(old, path);
        let more = texts(new, path).into_iter().filter(|item| !before.contains(item)).count();
        if more > 0 {
            lost.push(format!("it leaves out more {what}"));
        }
    }
    for (path, what) in INCLUDED {
        let all = |policy: &Value| texts(policy, path).iter().any(|item| item.eq_ignore_ascii_case("all"));
        if all(old) && !all(new) {
            lost.push(format!("it no longer covers {what}"));
        }
    }
    let after = texts(new, "/grantControls/builtInControls");
    let gone = texts(old, "/grantControls/builtInControls").into_iter().filter(|control| !after.contains(control));
    lost.extend(gone.map(|control| format!("it no longer asks for {control}")));
    let strength = |policy: &Value| policy.pointer("/grantControls/authenticationStrength/id").is_some();
    if strength(old) && !strength(new) {
        lost.push("it no longer asks for a strength of authentication".to_owned());
    }
    lost
}

fn is_on(policy: &Value) -> bool {
    policy.get("state").and_then(Value::as_str) == Some("enabled")
}

fn lost(act: &Act<'_>) -> (Vec<String>, bool) {
    let [old, new] = policy(act).map(Change::json).unwrap_or_default();
    (losses(&old, &new), is_on(&old))
}

fn weakened(_: &Asked<'_, '_>, act: &Act<'_>) -> Option<Told> {
    let (lost, on) = lost(act);
    if !act.succeeded() || lost.is_empty() {
        return None;
    }
    let told = Told::new(
        if on { Severity::High } else { Severity::Low },
        format!("changed the policy {}: {}", named(act), list(&lost)),
    )?;
    Some(told.because(if on { "" } else { "The policy was not on." }))
}

fn changed(asked: &Asked<'_, '_>, act: &Act<'_>) -> Option<Told> {
    if !act.succeeded()
        || !lost(act).0.is_empty()
        || is_told_better(asked, act)
        || (!own(act.operation()) && policy(act).is_none())
    {
        return None;
    }
    let verb = if updates(act.operation()) { "changed" } else { "made" };
    Told::new(Severity::Info, format!("{verb} the policy {}", named(act)))
}

/// A member of a group that a policy leaves out, or another rule for such a group.
fn exempted(asked: &Asked<'_, '_>, act: &Act<'_>) -> Option<Told> {
    let group = act.change("Group.ObjectID").map(|change| crate::events::change::plain(&change.new));
    let group = group.or_else(|| act.target(TargetKind::Group).map(|group| &*group.id)).filter(|id| !id.is_empty())?;
    let ruled = any(act.operation(), &["Add member to group"])
        || ["DynamicMembership", "MembershipRule"].iter().any(|name| act.change(name).is_some());
    if !act.succeeded() || !ruled {
        return None;
    }
    let policies = asked.acts(own, i64::MIN, i64::MAX);
    let leaving = policies.iter().find(|other| {
        let [old, new] = policy(other).map(Change::json).unwrap_or_default();
        [old, new].iter().any(|policy| texts(policy, "/conditions/users/excludeGroups").contains(&group))
    })?;
    Told::new(
        Severity::High,
        format!("changed who is in a group that the policy {} leaves out: {}", named(leaving), act.on()),
    )
}
