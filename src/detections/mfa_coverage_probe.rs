//! Somebody tries with one password where no second factor is asked for.
//!
//! # What it looks for
//! More than `attempts` sign-ins of a user from one address within `window-minutes`, to more than `apps`
//! applications and with more than `agents` user agents. One finding a run of such sign-ins.
//!
//! # Why it matters
//! Tools go through the applications and protocols of a tenant with a password that they have, and note
//! where it is enough. A person has one or two programs open at a time.
//!
//! # Evidence it needs
//! User sign-ins with address, application, agent and result.
//!
//! # Benign causes
//! * A test of one's own defence.
//! * A gateway that signs people in and passes their agents on.
//!
//! # Tuning
//! `attempts`, `apps` and `agents` that must be exceeded within `window-minutes`.
//!
//! # What to ask
//! * Was a test announced for that time?
//!
//! # What to do
//! * Reset the password: it is known.
//! * Close the application that let the password in alone.
//!
//! # References
//! * ATT&CK T1078.004
//! * Splunk, Azure AD multiple application ids and user agents authentication spike

use crate::order::{Map, Set};

use serde_json::json;

use crate::events::dictionary::TextId;
use crate::events::field::Field;
use crate::events::vocabulary::Requirement;
use crate::events::{SignIn, Store};
use crate::order::Gather;
use crate::sessions::View;

use super::evidence::{duration, facts, in_order, moment, place, sign_ins, who};
use super::windows::runs;
use super::{Ask, Confidence, Detection, Finding, Group, Records, Severity, Tunable, Tuning};

const ID: &str = "mfa-coverage-probe";
/// Sign-ins that a finding shows; all are counted.
const LISTED: usize = 200;

pub(super) static DETECTION: Detection = Detection {
    id: ID,
    title: "One password tried at many applications",
    group: Group::Password,
    records: &[Records::UserSignIns],
    helped_by: &[],
    needs: &[&[Field::Address], &[Field::AppId], &[Field::Agent], &[Field::Result]],
    wants: &[Field::Requirement],
    history_days: 0,
    tunables: &[
        Tunable::number("attempts", "5", "sign-ins that must be exceeded"),
        Tunable::number("apps", "2", "applications that must be exceeded"),
        Tunable::number("agents", "5", "user agents that must be exceeded"),
        Tunable::number("window-minutes", "5", "minutes within which they come, inclusive"),
    ],
    prepare,
    kql: include_str!("mfa_coverage_probe.kql"),
    file: "mfa_coverage_probe",
};

struct Rule {
    attempts: usize,
    apps: usize,
    agents: usize,
    window: i64,
}

fn prepare<'a>(_: &'a Store, tuning: &'a Tuning) -> Ask<'a> {
    let number = |name: &str, otherwise: i64| tuning.number(ID, name).unwrap_or(otherwise);
    let size = |name: &str, otherwise: i64| usize::try_from(number(name, otherwise)).unwrap_or(usize::MAX);
    let rule = Rule {
        attempts: size("attempts", 5),
        apps: size("apps", 2),
        agents: size("agents", 5),
        window: number("window-minutes", 5).saturating_mul(60_000_000),
    };
    Box::new(move |subject, found| {
        let view = subject.view;
        if !has_more_agents(view, rule.agents) {
            return;
        }
        let mut by_address: Map<TextId, Vec<(u32, &SignIn)>> = Map::new();
        for (number, row) in view.sign_ins().filter(|(_, row)| row.stream().is_user() && row.address.has_value()) {
            if row.agent.has_value() && view.code(row).is_some() {
                by_address.entry(row.address).or_default().push((number, row));
            }
        }
        for tried in by_address.values().filter(|tried| tried.len() > rule.attempts) {
            let times: Vec<i64> = tried.iter().map(|(_, row)| row.time).collect();
            for run in runs(&times, rule.attempts.saturating_add(1), rule.window) {
                found.extend(finding(&rule, view, tried.get(run).unwrap_or_default()));
            }
        }
    })
}

/// Whether a person's sign-ins came by more agents than so many: hardly anybody's do.
fn has_more_agents(view: &View<'_>, most: usize) -> bool {
    let mut last = TextId::ABSENT;
    let new = view.sign_ins().filter(|(_, row)| std::mem::replace(&mut last, row.agent) != row.agent);
    let mut agents: Set<TextId> = Set::new();
    new.into_iter().any(|(_, row)| agents.insert(row.agent) && agents.len() > most)
}

/// Facts: `attempts`, `apps` and `agents`, how many; `let_in`, how many succeeded with a single factor.
fn finding(rule: &Rule, view: &View<'_>, run: &[(u32, &SignIn)]) -> Option<Finding> {
    let apps: Set<u32> = run.iter().map(|(_, row)| row.app).gather();
    let agents: Set<TextId> = run.iter().map(|(_, row)| row.agent).gather();
    if apps.len() <= rule.apps || agents.len() <= rule.agents {
        return None;
    }
    let (&(number, first), (_, last)) = run.first().zip(run.last())?;
    let let_in = run.iter().filter(|(_, row)| view.succeeded(row) && row.requirement == Requirement::SINGLE_FACTOR);
    let let_in: Vec<&(u32, &SignIn)> = let_in.collect();
    let session = let_in.first().and_then(|(number, _)| view.session_of(*number)).or_else(|| view.session_of(number));
    let ending = match let_in.first() {
        Some((_, row)) => format!(" {} let the password in alone.", view.app_name(row.app)),
        None => String::new(),
    };
    let roles = |number: &u32| if let_in.iter().any(|(other, _)| other == number) { "let in" } else { "attempt" };
    let evidence = run.iter().take(LISTED).flat_map(|(number, _)| sign_ins(roles(number), [*number]));
    Some(Finding {
        detection: ID,
        variant: "probe",
        strand: "probe",
        severity: if let_in.is_empty() { Severity::Medium } else { Severity::High },
        confidence: Confidence::Medium,
        session,
        anchor: session.and_then(|index| view.sessions.get(index)).map_or(first.id, |session| session.anchor),
        title: DETECTION.title.to_owned(),
        why: format!(
            "{} was signed in, or nearly, {} times within {} from {}: to {} applications, by {} user agents, from {} on.{ending}",
            who(view),
            run.len(),
            duration(last.time - first.time),
            place(view.network(first)),
            apps.len(),
            agents.len(),
            moment(first.time),
        ),
        what: "Password tried at many apps",
        evidence: in_order(view, evidence.collect()),
        facts: facts(json!({
            "attempts": run.len(),
            "apps": apps.len(),
            "agents": agents.len(),
            "let_in": let_in.len(),
        })),
    })
}
