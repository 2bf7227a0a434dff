//! Somebody is refused by policies again and again, and then finds the way in.
//!
//! # What it looks for
//! A user whom conditional access or a missing assignment refused at `apps` applications or by `policies`
//! policies within `window-minutes`, and then a success at another application within the same time. One
//! finding a success, of a session the first.
//!
//! # Why it matters
//! Whoever holds a password or token tries one application after the other until one is exempt. A
//! person who is refused calls the help desk.
//!
//! # Evidence it needs
//! User sign-ins with application and result code; applied policies and addresses make it surer.
//!
//! # Benign causes
//! * A device that fell out of compliance: all its programs are refused at once, and the portal that mends
//!   it is not. From a network that is familiar for the user this is low.
//!
//! # Tuning
//! `apps` and `policies` that are many; `window-minutes` from the first refusal to the success.
//!
//! # What to ask
//! * Did the user have trouble to sign in at that time, and from where?
//!
//! # What to do
//! * Look at the application that let the session in, and at what it reached.
//! * Close the gap: all applications, all platforms.
//!
//! # References
//! * ATT&CK T1078.004
//! * Microsoft Sentinel, Success then fail of one user at different applications
//! * Bert-JanP, Conditional access failures by user and application

use crate::order::Set;

use serde_json::json;

use crate::events::field::Field;
use crate::events::{SignIn, Store};
use crate::order::Gather;
use crate::sessions::{Familiarity, HISTORY_DAYS, View};

use super::evidence::{duration, facts, in_order, moment, place, sign_ins, who};
use super::places::outside;
use super::policies::policies;
use super::{Ask, Confidence, Detection, Finding, Group, Records, Severity, Subject, Tunable, Tuning};

const ID: &str = "policy-probe";
/// Refusals that are looked at before one success, and shown.
const LISTED: usize = 200;

pub(super) static DETECTION: Detection = Detection {
    id: ID,
    title: "Refused by policies, then a way in",
    group: Group::Password,
    records: &[Records::UserSignIns],
    helped_by: &[],
    needs: &[&[Field::AppId], &[Field::Result]],
    wants: &[Field::Policies, Field::Address, Field::Asn],
    history_days: HISTORY_DAYS,
    tunables: &[
        Tunable::number("apps", "3", "applications that refused"),
        Tunable::number("policies", "3", "policies that refused"),
        Tunable::number("window-minutes", "60", "minutes from the first refusal to the success, inclusive"),
    ],
    prepare,
    kql: include_str!("policy_probe.kql"),
    file: "policy_probe",
};

struct Rule {
    apps: usize,
    policies: usize,
    window: i64,
}

fn prepare<'a>(_: &'a Store, tuning: &'a Tuning) -> Ask<'a> {
    let number = |name: &str, otherwise: i64| tuning.number(ID, name).unwrap_or(otherwise).max(1);
    let size = |name: &str, otherwise: i64| usize::try_from(number(name, otherwise)).unwrap_or(usize::MAX);
    let rule = Rule {
        apps: size("apps", 3),
        policies: size("policies", 3),
        window: number("window-minutes", 60).saturating_mul(60_000_000),
    };
    Box::new(move |subject, found| look(&rule, subject, found))
}

/// Refused for a policy's sake: conditional access, or no assignment to the application.
fn is_refused(view: &View<'_>, row: &SignIn) -> bool {
    row.stream().is_user() && matches!(view.code(row), Some(53_000..=53_003 | 50_105))
}

/// Names of the policies that a sign-in failed.
fn failed(view: &View<'_>, row: &SignIn) -> Vec<String> {
    policies(view, row, "").into_iter().filter(|policy| policy.ended(&["failure"])).map(|policy| policy.name).collect()
}

fn look(rule: &Rule, subject: &Subject<'_>, found: &mut Vec<Finding>) {
    let view = subject.view;
    let refused: Vec<(u32, &SignIn)> = view.sign_ins().filter(|(_, row)| is_refused(view, row)).collect();
    if refused.is_empty() {
        return;
    }
    let mut told: Set<Option<usize>> = Set::new();
    let successes = view.sign_ins().filter(|(_, row)| row.stream().is_user() && view.succeeded(row));
    for (number, row) in successes {
        let from = refused.partition_point(|(_, other)| other.time < row.time.saturating_sub(rule.window));
        let to = refused.partition_point(|(_, other)| other.order() < row.order());
        let before = refused.get(from.max(to.saturating_sub(LISTED))..to).unwrap_or_default();
        let apps: Set<u32> = before.iter().map(|(_, other)| other.app).gather();
        if apps.is_empty() || apps.contains(&row.app) {
            continue;
        }
        let policies = || before.iter().flat_map(|(_, other)| failed(view, other)).gather::<Set<String>>();
        let session = view.session_of(number);
        if (apps.len() >= rule.apps || policies().len() >= rule.policies) && told.insert(session) {
            found.extend(finding(subject, (number, row), before, apps.len(), policies().len(), session));
        }
    }
}

/// Facts: `refusals`, how many; `apps`, how many refused; `policies`, how many; `app`, which let in; `networks`, from
/// how many the refusals came.
fn finding(
    subject: &Subject<'_>,
    (number, row): (u32, &SignIn),
    before: &[(u32, &SignIn)],
    apps: usize,
    policies: usize,
    session: Option<usize>,
) -> Option<Finding> {
    let view = subject.view;
    let (_, first) = before.first()?;
    let network = outside(view, row);
    let strange = network.is_some() && subject.familiar.network(view, row) == Familiarity::Unfamiliar;
    let networks: Set<_> =
        before.iter().filter_map(|(_, row)| view.network(row)).map(|network| network.address).gather();
    let evidence = sign_ins("refused", before.iter().map(|(number, _)| *number)).chain(sign_ins("let in", [number]));
    Some(Finding {
        detection: ID,
        variant: "way-in",
        strand: "way-in",
        severity: if strange { Severity::Medium } else { Severity::Low },
        confidence: Confidence::Medium,
        session,
        anchor: session.and_then(|index| view.sessions.get(index)).map_or(row.id, |session| session.anchor),
        title: DETECTION.title.to_owned(),
        why: format!(
            "{} was refused {} times at {apps} applications from {} on; {} later {} let the user in from {}.{}",
            who(view),
            before.len(),
            moment(first.time),
            duration(row.time - first.time),
            view.app_name(row.app),
            place(view.network(row)),
            if strange { " The user had never been there." } else { "" },
        ),
        what: "Refused, then a way in",
        evidence: in_order(view, evidence.collect()),
        facts: facts(json!({
            "refusals": before.len(),
            "apps": apps,
            "policies": policies,
            "app": view.app_name(row.app),
            "networks": networks.len(),
        })),
    })
}
