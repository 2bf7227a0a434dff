//! An application with a name as intruders give it signs in by itself.
//!
//! # What it looks for
//! Successes of a service principal whose name has neither letter nor digit, is the name of a user, or is that of a trial
//! (*test app*). One finding an identity.
//!
//! # Why it matters
//! Whoever registers an application in a stolen account gives it the first name that comes to mind, or one that nobody can
//! search for. The application outlives the account.
//!
//! # Evidence it needs
//! Sign-ins of service principals with the name of the application. It is low, and medium where the application belongs to
//! another organisation or signs in from a hosting network.
//!
//! # Benign causes
//! * A developer's trial that is still in use.
//! * Products that make an application for each user, and name it after them.
//!
//! # Tuning
//! `apps` are ids of applications that are known here.
//!
//! # What to ask
//! * Who registered the application, when, and what may it do?
//!
//! # What to do
//! * Look up its owners, its credentials and its permissions, and disable it until its owner answers.
//!
//! # References
//! * ATT&CK T1036.005, T1098.001
//! * Microsoft-Analyzer-Suite, Names of service principals

use serde_json::json;

use crate::events::field::Field;
use crate::events::{Id, SignIn, Store};
use crate::knowledge::permissions;
use crate::sessions::{EventRef, View};
use crate::tenant::PersonKind;

use super::evidence::{moment, place, sign_ins};
use super::single::{LISTED, Told, finding};
use super::workload::{named, network, successes};
use super::{Ask, Confidence, Detection, Finding, Group, Records, Severity, Tunable, Tuning};

const ID: &str = "workload-odd-name";

pub(super) static DETECTION: Detection = Detection {
    id: ID,
    title: "Application with an odd name signs in",
    group: Group::Workload,
    records: &[Records::Workloads],
    helped_by: &[],
    needs: &[],
    wants: &[Field::Address, Field::Asn],
    history_days: 0,
    tunables: &[Tunable::list("apps", "applications that are known here")],
    prepare,
    kql: include_str!("workload_odd_name.kql"),
    file: "workload_odd_name",
};

fn prepare<'a>(_: &'a Store, tuning: &'a Tuning) -> Ask<'a> {
    let known = tuning.list(ID, "apps");
    Box::new(move |subject, found| {
        let view = subject.view;
        // A managed identity has the name of its machine.
        if view.person.kind != PersonKind::ServicePrincipal {
            return;
        }
        let odd: Vec<(u32, &SignIn, &'static str)> = successes(view)
            .filter(|(_, row)| !known.contains(&view.store.app(row.app).id))
            .filter_map(|(number, row)| Some((number, row, permissions::odd_name(name(view, row))?)))
            .collect();
        found.extend(told(view, &odd));
    })
}

/// The name of the identity, or else of its application.
fn name<'a>(view: &View<'a>, row: &SignIn) -> &'a str {
    let texts = &view.store.texts;
    let own = texts.value(view.store.principal(row.principal).name);
    own.or_else(|| texts.value(view.store.app(row.app).name)).unwrap_or_default()
}

/// Facts: `name`; `sign_ins`, how many; `foreign`, whether it belongs to another organisation.
fn told(view: &View<'_>, odd: &[(u32, &SignIn, &'static str)]) -> Option<Finding> {
    let &(first, row, why) = odd.first()?;
    let ids = [view.store.principal(row.principal).id, view.store.app(row.app).id];
    let ids: Vec<String> = ids.into_iter().filter_map(Id::value).map(|id| id.display(&view.store.texts)).collect();
    let foreign = view.tenant.programs.is_foreign(ids.iter().map(String::as_str));
    let hosted = odd.iter().find(|(_, row, _)| network(view, row).is_some_and(|network| network.is_hosting()));
    let because = match (foreign, hosted) {
        (true, _) => " It belongs to another organisation.".to_owned(),
        (false, Some((_, row, _))) => format!(" It came from {}.", place(view.network(row))),
        (false, None) => String::new(),
    };
    Some(finding(
        &DETECTION,
        view,
        Told {
            variant: "name",
            severity: if because.is_empty() { Severity::Low } else { Severity::Medium },
            confidence: Confidence::Medium,
            event: EventRef::SignIn(first),
            role: "application",
            beside: sign_ins("application", odd.iter().take(LISTED).map(|(number, ..)| *number)).collect(),
            why: format!(
                "{} signed in {} times, first from {} at {}: it {why}.{because}",
                named(view),
                odd.len(),
                place(view.network(row)),
                moment(row.time),
            ),
            what: "Application with an odd name",
            facts: json!({"name": name(view, row), "sign_ins": odd.len(), "foreign": foreign}),
        },
    ))
}
