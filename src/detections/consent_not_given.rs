//! Somebody was asked to consent to an application, and the consent was not given.
//!
//! # What it looks for
//! Sign-ins to an application that ended because the user declined to consent (65004) or because only an administrator may
//! consent (90094, 90095, 90096). One finding a user and application.
//!
//! # Why it matters
//! A phish for consent that failed leaves no act in the audit log, only this: it shows that the phish was sent, to whom, and
//! by which application. Somebody else may have said yes.
//!
//! # Evidence it needs
//! User sign-ins with application and result code. It is information; low where the application belongs to another
//! organisation, and medium where `users` or more were asked by it.
//!
//! # Benign causes
//! * A user tries a product that the organisation has not approved.
//! * A new product is rolled out before an administrator consented for all.
//!
//! # Tuning
//! `apps` are ids of applications that are approved here; `users` make a campaign.
//!
//! # What to ask
//! * How did the user come to the page of consent: by a link in a message?
//! * Does anybody know the application and who makes it?
//!
//! # What to do
//! * Look for other users of the application, and for consents to it in the audit log.
//! * Deny the administrator's request that may wait for an answer.
//!
//! # References
//! * ATT&CK T1528, T1566.002
//! * Splunk, Azure AD user consent denied for OAuth application
//! * Microsoft-Analyzer-Suite, Admin consent required

use serde_json::json;

use crate::events::field::Field;
use crate::events::{Id, SignIn, Store};
use crate::knowledge::results;
use crate::order::Map;
use crate::sessions::{EventRef, View};

use super::evidence::{failure, moment, place, sign_ins, who};
use super::single::{LISTED, Told, finding};
use super::{Ask, Confidence, Detection, Finding, Group, Records, Severity, Tunable, Tuning};

const ID: &str = "consent-not-given";

pub(super) static DETECTION: Detection = Detection {
    id: ID,
    title: "Application asked for access and did not get it",
    group: Group::Directory,
    records: &[Records::UserSignIns],
    helped_by: &[(Records::Audits, "whether the consent was given after all shows there")],
    needs: &[&[Field::AppId], &[Field::Result]],
    wants: &[],
    history_days: 0,
    tunables: &[
        Tunable::list("apps", "applications that are approved here"),
        Tunable::number("users", "3", "users whom an application of others asked in vain"),
    ],
    prepare,
    kql: include_str!("consent_not_given.kql"),
    file: "consent_not_given",
};

fn prepare<'a>(_: &'a Store, tuning: &'a Tuning) -> Ask<'a> {
    let approved = tuning.list(ID, "apps");
    let many = usize::try_from(tuning.number(ID, "users").unwrap_or(3)).unwrap_or(usize::MAX).max(1);
    Box::new(move |subject, found| {
        let view = subject.view;
        let mut asked: Map<Id, Vec<(u32, &SignIn)>> = Map::new();
        for (number, row) in view.sign_ins().filter(|(_, row)| row.stream().is_user()) {
            let app = view.store.app(row.app).id;
            if view.code(row).is_some_and(results::lacks_consent) && app.has_value() && !approved.contains(&app) {
                asked.entry(app).or_default().push((number, row));
            }
        }
        found.extend(asked.iter().filter_map(|(app, rows)| told(view, *app, rows, many)));
    })
}

/// Facts: `app`; `times`, how often; `users`, how many of the tenant it asked in vain; `foreign`, whether it belongs to
/// another organisation; `later`, whether the user got in to it afterwards.
fn told(view: &View<'_>, app: Id, rows: &[(u32, &SignIn)], many: usize) -> Option<Finding> {
    let (&(number, first), (_, last)) = rows.first().zip(rows.last())?;
    let id = app.display(&view.store.texts);
    let programs = &view.tenant.programs;
    let foreign = programs.is_foreign(std::iter::once(id.as_str()));
    let users = programs.asking(&id).max(1);
    let later = view
        .sign_ins()
        .any(|(_, row)| row.time > last.time && view.succeeded(row) && view.store.app(row.app).id == app);
    let severity = match (foreign, users >= many) {
        (true, true) => Severity::Medium,
        (true, false) => Severity::Low,
        (false, _) => Severity::Info,
    };
    let mut because = if foreign { " It belongs to another organisation." } else { "" }.to_owned();
    if users > 1 {
        because.push_str(&format!(" It asked {users} users in vain."));
    }
    if later {
        because.push_str(" Later it let the user in: the consent was given after all.");
    }
    let told = Told {
        variant: "not-given",
        severity,
        confidence: Confidence::High,
        event: EventRef::SignIn(number),
        role: "asked",
        beside: sign_ins("asked", rows.iter().take(LISTED).map(|(number, _)| *number)).collect(),
        why: format!(
            "{} was to consent to {} at {}, from {}{}.{because}",
            who(view),
            view.app_name(first.app),
            moment(first.time),
            place(view.network(first)),
            failure(view.code(first)),
        ),
        what: "Consent asked for and not given",
        facts: json!({
            "app": view.app_name(first.app),
            "times": rows.len(),
            "users": users,
            "foreign": foreign,
            "later": later,
        }),
    };
    // One a user and application, whichever sessions it was in.
    Some(Finding { session: None, anchor: app, ..finding(&DETECTION, view, told) })
}
