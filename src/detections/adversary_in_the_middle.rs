//! A sign-in through somebody else's proxy.
//!
//! # What it looks for
//! Six traces of a phishing proxy. *kit-agent*: an agent of the libraries that such kits are made of, on
//! OfficeHome, the authentication broker or Exchange. *office-home*: a success on OfficeHome without
//! device from an unfamiliar network, and within `window-minutes` a success of the same session, or
//! within an hour of the same correlation id, from another network. *two-networks*: successes of one session from two networks
//! within `burst-seconds`, or an interactive one and then a non-interactive one within
//! `window-minutes`, where one network is hosting, or one is familiar for the user and the other is
//! not. *chain*: steps that ask for the second factor from an unfamiliar hosting network, and then a
//! success from it. *risk-registration*: a second factor that was refused in a sign-in of medium or high
//! risk, and within an hour a sign-in method registered in the same session. *via-proxy*: acts of Outlook on
//! the web that say `Action=ViaProxy`, from where the user does not sign in, mail gateways left out. Never
//! across sessions: a phone and a laptop do that daily.
//!
//! # Why it matters
//! The proxy stands between the user and the real sign-in page: password and second factor are right,
//! and the session cookie stays with the intruder.
//!
//! # Evidence it needs
//! Both streams of user sign-ins with session id or correlation id, address, network number, user
//! agent and device. For the last two traces the directory audit log, and acts in mailboxes.
//!
//! # Benign causes
//! * A private VPN that is switched on in the middle of a sign-in.
//! * A web gateway that sends some requests of a browser another way.
//! * A test or monitoring script that signs in to OfficeHome.
//!
//! # Tuning
//! `window-minutes` and `burst-seconds` are the times within which one session is in two places.
//!
//! # What to ask
//! * Did the user follow a link to a sign-in page before, and from whom?
//! * Does the user's traffic go through a VPN or web gateway?
//!
//! # What to do
//! * Revoke the sessions and reset the password: both are known.
//! * Look for methods registered and inbox rules made in the hours after.
//! * Ask for phishing-resistant methods or a compliant device.
//!
//! # References
//! * ATT&CK T1557
//! * Elastic, Entra ID sign-ins through phishing kits
//! * Microsoft, From cookie theft to BEC

use serde_json::json;

use crate::events::field::Field;
use crate::events::{SignIn, Store};
use crate::knowledge::agents::ToolKind;
use crate::knowledge::apps;
use crate::knowledge::results::ResultClass;
use crate::sessions::{HISTORY_DAYS, View};
use crate::tenant::same_network;

use super::evidence::{duration, failure, moment, place, sign_ins, who};
use super::places::is_rented;
use super::told::{Told, of_session};
use super::{Ask, Confidence, Detection, Finding, Group, Records, Severity, Subject, Tunable, Tuning};
use super::{proxy_traces, two_networks};

const ID: &str = "adversary-in-the-middle";

pub(super) static DETECTION: Detection = Detection {
    id: ID,
    title: "Sign-in through somebody else's proxy",
    group: Group::Token,
    records: &[Records::UserSignIns],
    helped_by: &[
        (Records::NonInteractive, "the stolen cookie goes on there"),
        (Records::Audits, "a method that the intruder registers shows there"),
        (Records::Activities, "a mailbox that is opened through the proxy shows there"),
    ],
    needs: &[&[Field::Address, Field::Agent], &[Field::Result]],
    wants: &[Field::SessionId, Field::Asn, Field::Agent, Field::DeviceId, Field::AppId],
    history_days: HISTORY_DAYS,
    tunables: &[
        Tunable::number("window-minutes", "10", "minutes within which a session is in two places"),
        Tunable::number("burst-seconds", "30", "seconds within which any two successes are"),
    ],
    prepare,
    kql: include_str!("adversary_in_the_middle.kql"),
    file: "adversary_in_the_middle",
};

const SECOND: i64 = 1_000_000;
pub(super) const HOUR: i64 = 3_600 * SECOND;
/// Followers of one sign-in that are looked at.
pub(super) const STEPS: usize = 50;

/// Within how long one session is in two places, in microseconds.
pub(super) struct Rule {
    pub(super) window: i64,
    pub(super) burst: i64,
}

/// A trace: which, how bad, the sign-ins with their parts, and what decided.
pub(super) struct Trace {
    pub(super) variant: &'static str,
    pub(super) severity: Severity,
    pub(super) confidence: Confidence,
    pub(super) first: u32,
    pub(super) second: u32,
    pub(super) why: String,
}

fn prepare<'a>(_: &'a Store, tuning: &'a Tuning) -> Ask<'a> {
    let rule = Rule {
        window: tuning.number(ID, "window-minutes").unwrap_or(10).saturating_mul(60 * SECOND),
        burst: tuning.number(ID, "burst-seconds").unwrap_or(30).saturating_mul(SECOND),
    };
    Box::new(move |subject, found| {
        proxy_traces::via_proxy(subject, found);
        if subject.view.sessions.is_empty() {
            return;
        }
        let registered = proxy_traces::registrations(subject.view);
        for (index, session) in subject.view.sessions.iter().enumerate() {
            let rows: Vec<(u32, &SignIn)> =
                subject.view.rows(&session.sign_ins).filter(|(_, row)| row.stream().is_user()).collect();
            let mut traces = Vec::new();
            for (place, (number, row)) in rows.iter().enumerate() {
                traces.extend(kit_agent(subject.view, *number, row));
                if subject.view.succeeded(row) {
                    let next = rows.get(place + 1..).unwrap_or_default();
                    traces.extend(two_networks::office_home(&rule, subject, session, (*number, row), next));
                    traces.extend(two_networks::at_once(&rule, subject, session, (*number, row), next));
                } else {
                    traces.extend(chain(&rule, subject, *number, row, rows.get(place + 1..).unwrap_or_default()));
                }
            }
            for variant in ["kit-agent", "office-home", "two-networks", "chain"] {
                let own: Vec<&Trace> = traces.iter().filter(|trace| trace.variant == variant).collect();
                found.extend(finding(subject.view, index, &own));
            }
            found.extend(proxy_traces::registered_after_risk(subject, index, session, &registered));
        }
    })
}

/// Facts: `traces`, how many of this kind in the session.
fn finding(view: &View<'_>, index: usize, traces: &[&Trace]) -> Option<Finding> {
    let worst = traces.iter().rev().max_by_key(|trace| (trace.severity, trace.confidence))?;
    let [title, what] = match worst.variant {
        "kit-agent" => ["Agent of a phishing kit at the sign-in", "Agent of a phishing kit"],
        "chain" => ["Second factor given through a rented machine", "Second factor through a proxy"],
        _ => ["One session in two networks at once", "Session in two networks at once"],
    };
    let told = Told {
        variant: worst.variant,
        weight: (worst.severity, worst.confidence),
        why: worst.why.clone(),
        what,
        evidence: sign_ins("proxy", traces.iter().map(|trace| trace.first))
            .chain(sign_ins("then", traces.iter().map(|trace| trace.second)))
            .collect(),
        facts: json!({"traces": traces.len()}),
    };
    Some(Finding { title: title.to_owned(), ..of_session(&DETECTION, view, index, told) })
}

fn kit_agent(view: &View<'_>, number: u32, row: &SignIn) -> Option<Trace> {
    let agent = view.agent(row);
    let kit = agent.tool() == Some(ToolKind::Kit) || agent.product.contains("kali365");
    let wanted = [apps::OFFICE_HOME, apps::AUTHENTICATION_BROKER, apps::EXCHANGE_ONLINE];
    let asked = [view.app(row), view.store.app(row.resource).id.as_guid()];
    if !kit || !asked.into_iter().flatten().any(|id| wanted.contains(&id)) {
        return None;
    }
    let severity = if view.succeeded(row) { Severity::Critical } else { Severity::Medium };
    let why = format!(
        "{} signed in to {} with the agent {} from {} at {}{}. No person's browser calls itself so; phishing proxies do.",
        who(view),
        view.app_name(row.app),
        agent.label(),
        place(view.network(row)),
        moment(row.time),
        failure(view.code(row)),
    );
    Some(Trace { variant: "kit-agent", severity, confidence: Confidence::High, first: number, second: number, why })
}

fn chain(rule: &Rule, subject: &Subject<'_>, number: u32, row: &SignIn, next: &[(u32, &SignIn)]) -> Option<Trace> {
    let view = subject.view;
    let asks = matches!(view.code(row), Some(50074 | 50140 | 50199)) && view.class(row) == ResultClass::Interrupt;
    if !asks || !is_rented(subject, row) {
        return None;
    }
    let near = next.iter().copied().take(STEPS).take_while(|(_, other)| other.time - row.time <= rule.window);
    let (second, other) = near.into_iter().find(|(_, other)| {
        view.succeeded(other) && same_network(view.network(row), view.network(other)) == Some(true)
    })?;
    let why = format!(
        "{} was asked for the second factor at {}, a hosting or VPN network that is not theirs, and was signed in from it {} later.",
        who(view),
        place(view.network(row)),
        duration(other.time - row.time),
    );
    Some(Trace {
        variant: "chain",
        severity: Severity::Medium,
        confidence: Confidence::Medium,
        first: number,
        second,
        why,
    })
}
