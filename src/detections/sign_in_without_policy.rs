//! A sign-in that a policy should have stopped, and did not.
//!
//! # What it looks for
//! *single-factor*: a success by password alone to Microsoft Graph or Azure management, from a network that
//! is not familiar, where the record shows a conditional-access policy that demands a second factor or a
//! compliant device as not applied, failed, or failed in report-only mode. *company-portal*: a success or
//! device-code prompt of the Intune Company Portal for Microsoft Graph or Azure AD Graph on a device that
//! is not compliant, where a policy that demands compliance failed or one that blocks was not applied. One
//! finding of each kind a session.
//!
//! # Why it matters
//! Intruders look for the hole: an application, a platform or a location that a policy leaves out. The
//! Company Portal is exempt so that devices can be enrolled, and its tokens are good for the directory.
//!
//! # Evidence it needs
//! User sign-ins with applied conditional-access policies; portal CSV and Defender's tables have none.
//!
//! # Benign causes
//! * A policy that is being introduced, in report-only mode.
//! * A person who enrols a new device: to other resources, mostly.
//!
//! # Tuning
//! None.
//!
//! # What to ask
//! * Which condition of the policy was not met, and is it meant to be so?
//!
//! # What to do
//! * Close the gap: all applications, all platforms, unknown ones too.
//! * Look at what the session reached.
//!
//! # References
//! * ATT&CK T1556
//! * Elastic, Entra ID conditional access bypass by a first-party application
//! * Microsoft Sentinel, Sign-ins that bypass conditional access
//! * Microsoft-Analyzer-Suite, LETHAL-006

use serde_json::json;

use crate::events::field::Field;
use crate::events::vocabulary::{Flag, Requirement};
use crate::events::{SignIn, Store};
use crate::knowledge::apps;
use crate::sessions::{Familiarity, HISTORY_DAYS, Session, View};

use super::evidence::{facts, in_order, moment, place, sign_ins, who};
use super::places::outside;
use super::policies::{Policy, policies};
use super::{Ask, Confidence, Detection, Finding, Group, Records, Severity, Subject, Tuning};

const ID: &str = "sign-in-without-policy";
/// Sign-ins that a finding shows; all are counted.
const LISTED: usize = 200;

pub(super) static DETECTION: Detection = Detection {
    id: ID,
    title: "Sign-in that a policy did not stop",
    group: Group::Token,
    records: &[Records::UserSignIns],
    helped_by: &[],
    needs: &[&[Field::Policies], &[Field::ResourceId], &[Field::Result]],
    wants: &[Field::Requirement, Field::Address, Field::Asn, Field::Steps],
    history_days: HISTORY_DAYS,
    tunables: &[],
    prepare,
    kql: include_str!("sign_in_without_policy.kql"),
    file: "sign_in_without_policy",
};

fn prepare<'a>(_: &'a Store, _: &'a Tuning) -> Ask<'a> {
    Box::new(|subject, found| {
        for (index, session) in subject.view.sessions.iter().enumerate() {
            for kind in [single_factor, company_portal] {
                found.extend(kind(subject, index, session));
            }
        }
    })
}

/// A sign-in and the policies that should have stopped it.
struct Missed<'a> {
    number: u32,
    row: &'a SignIn,
    policies: Vec<String>,
    severity: Severity,
}

fn missed(view: &View<'_>, row: &SignIn, is_it: impl Fn(&Policy) -> bool) -> Vec<String> {
    policies(view, row, "").into_iter().filter(is_it).map(|policy| policy.name).collect()
}

/// A password and nothing else: the steps say so, or no token came in.
fn by_password_alone(view: &View<'_>, row: &SignIn) -> bool {
    let steps = view.store.texts.get(row.steps);
    let password = if row.steps.has_value() { steps.contains("\"method\":\"Password\"") } else { view.is_primary(row) };
    row.requirement == Requirement::SINGLE_FACTOR && password
}

fn single_factor(subject: &Subject<'_>, index: usize, session: &Session) -> Option<Finding> {
    let view = subject.view;
    let found = view.rows(&session.sign_ins).filter_map(|(number, row)| {
        let resource = view.store.app(row.resource).id.as_guid();
        let reached = matches!(resource, Some(apps::MICROSOFT_GRAPH | apps::AZURE_MANAGEMENT));
        if !reached || !row.stream().is_user() || !view.succeeded(row) || !by_password_alone(view, row) {
            return None;
        }
        let network = outside(view, row)?;
        if subject.familiar.network(view, row) != Familiarity::Unfamiliar {
            return None;
        }
        let policies = missed(view, row, |policy| {
            policy.demands(&["mfa", "multifactor", "compliant", "domainjoined"])
                && policy.ended(&["notApplied", "failure", "reportOnlyFailure", "reportOnlyInterrupted"])
        });
        let severity = if network.is_hosting() { Severity::High } else { Severity::Medium };
        (!policies.is_empty()).then_some(Missed { number, row, policies, severity })
    });
    finding(view, index, session, &found.collect::<Vec<_>>(), "single-factor")
}

fn company_portal(subject: &Subject<'_>, index: usize, session: &Session) -> Option<Finding> {
    let view = subject.view;
    let found = view.rows(&session.sign_ins).filter_map(|(number, row)| {
        let resource = view.store.app(row.resource).id.as_guid();
        let reached = matches!(resource, Some(apps::MICROSOFT_GRAPH | apps::AZURE_AD_GRAPH));
        let compliant = view.store.device(row.device).compliant == Flag::TRUE;
        let through = matches!(view.code(row), Some(0 | 50_199));
        if view.app(row) != Some(apps::COMPANY_PORTAL) || !reached || compliant || !through || !row.stream().is_user() {
            return None;
        }
        let policies = missed(view, row, |policy| {
            policy.demands(&["compliantdevice"]) && policy.ended(&["failure", "reportOnlyFailure"])
                || policy.demands(&["block"]) && policy.ended(&["notApplied"])
        });
        let strange = subject.familiar.network(view, row) == Familiarity::Unfamiliar;
        let severity = if strange { Severity::Medium } else { Severity::Low };
        (!policies.is_empty()).then_some(Missed { number, row, policies, severity })
    });
    finding(view, index, session, &found.collect::<Vec<_>>(), "company-portal")
}

/// Facts: `sign_ins`, how many; `policies`, the names of those that did not stop the one that is told.
fn finding(
    view: &View<'_>,
    index: usize,
    session: &Session,
    missed: &[Missed<'_>],
    variant: &'static str,
) -> Option<Finding> {
    let told = missed.iter().rev().max_by_key(|missed| missed.severity)?;
    let policy = told.policies.first().map(String::as_str).filter(|name| !name.is_empty()).unwrap_or("without a name");
    let more = match told.policies.len() {
        0 | 1 => String::new(),
        count => format!(" and {} more", count - 1),
    };
    let how = if variant == "single-factor" { "by password alone" } else { "on a device that is not compliant" };
    Some(Finding {
        detection: ID,
        variant,
        strand: variant,
        severity: told.severity,
        confidence: Confidence::Medium,
        session: Some(index),
        anchor: session.anchor,
        title: DETECTION.title.to_owned(),
        why: format!(
            "{} signed in to {} by {} {how}, from {} at {}. The policy {policy}{more} did not stop it.",
            who(view),
            view.app_name(told.row.resource),
            view.app_name(told.row.app),
            place(view.network(told.row)),
            moment(told.row.time),
        ),
        what: "Policy did not stop it",
        evidence: in_order(view, sign_ins("not stopped", missed.iter().take(LISTED).map(|item| item.number)).collect()),
        facts: facts(json!({"sign_ins": missed.len(), "policies": told.policies})),
    })
}
