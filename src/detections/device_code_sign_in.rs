//! A sign-in by device code.
//!
//! # What it looks for
//! A successful sign-in by device code (protocol, or original transfer method without an incoming
//! token), for whatever application; one finding a session. Where no code succeeded in a session but a
//! policy refused one, that is told as *blocked*: somebody was sent a code.
//!
//! # Why it matters
//! The machine that asked for the code gets the tokens, the person who types it gives password and
//! second factor. Whoever sends a code in a message and has it typed is signed in as that person.
//!
//! # Evidence it needs
//! Sign-ins with authentication protocol or original transfer method. Low where the user has often
//! signed in to this application by device code from this network; medium otherwise; high from a
//! hosting network or one that is unfamiliar for the user and not that of the person who typed the
//! code, where several people redeemed codes in one network within a day, or where an administrator's
//! role came along on a machine that is not managed.
//!
//! # Benign causes
//! * A machine without browser: a meeting-room display, a server reached by a terminal.
//! * An administrator who signs a command line in by code, from a known place.
//!
//! # Tuning
//! `users` people who redeem codes in one network within `window-hours` make a campaign. The tenant's
//! own networks make none, and a code redeemed there is low.
//!
//! # What to ask
//! * Did the user type a code at this time, who had sent it, and for which machine?
//! * Do others of the organisation have the same message?
//!
//! # What to do
//! * Revoke the sessions of everybody who redeemed a code in that network.
//! * Look for devices and methods registered since.
//! * Block the device-code flow by conditional access where nobody needs it.
//!
//! # References
//! * ATT&CK T1528
//! * Elastic, Entra ID device code sign-ins
//! * Microsoft, Storm-2372 conducts device code phishing

use crate::order::Set;

use serde_json::json;

use crate::enrichment::UserClass;
use crate::events::field::Field;
use crate::events::vocabulary::Protocol;
use crate::events::{SignIn, Store};
use crate::order::Gather;
use crate::sessions::{Familiarity, Session, View};
use crate::tenant::device_code::is_redemption;
use crate::tenant::same_network;

use super::evidence::{facts, failure, in_order, moment, place, roles_in_token, sign_ins, who};
use super::places::outside;
use super::{Ask, Confidence, Detection, Evidence, Finding, Group, Records, Severity, Subject, Tunable, Tuning};

const ID: &str = "device-code-sign-in";

pub(super) static DETECTION: Detection = Detection {
    id: ID,
    title: "Signed in by device code",
    group: Group::Token,
    records: &[Records::UserSignIns],
    helped_by: &[(Records::NonInteractive, "the machine that polls for the code may show only there")],
    needs: &[&[Field::Protocol, Field::Transfer], &[Field::Result]],
    wants: &[Field::AppId, Field::Address, Field::Asn, Field::SessionId, Field::Correlation],
    history_days: 0,
    tunables: &[
        Tunable::number("users", "3", "people whose codes are redeemed in one network that make a campaign"),
        Tunable::number("window-hours", "24", "hours within which they are counted"),
    ],
    prepare,
    kql: include_str!("device_code_sign_in.kql"),
    file: "device_code_sign_in",
};

const DAY: i64 = 86_400_000_000;
/// Steps of one flow that are looked at.
const STEPS: usize = 100;

struct Rule {
    users: usize,
    hours: i64,
}

fn prepare<'a>(_: &'a Store, tuning: &'a Tuning) -> Ask<'a> {
    let number = |name: &str, otherwise: i64| tuning.number(ID, name).unwrap_or(otherwise);
    let rule =
        Rule { users: usize::try_from(number("users", 3)).unwrap_or(usize::MAX), hours: number("window-hours", 24) };
    Box::new(move |subject, found| {
        let mut history = History::default();
        for (index, session) in subject.view.sessions.iter().enumerate() {
            found.extend(look(&rule, subject, index, session, &mut history));
        }
    })
}

/// Earlier redemptions of the user: application, network and day.
#[derive(Default)]
struct History(Vec<(u32, crate::events::dictionary::TextId, i64)>);

impl History {
    /// Whether the user has often signed in to this application by device code from this address.
    fn knows(&self, row: &SignIn) -> bool {
        let same = self.0.iter().filter(|(app, address, time)| {
            (*app, *address) == (row.app, row.address) && *time < row.time && row.address.has_value()
        });
        let days: Vec<i64> = same.map(|(_, _, time)| time.div_euclid(DAY)).collect();
        days.len() >= 3 && days.iter().gather::<Set<&i64>>().len() >= 2
    }
}

fn look(rule: &Rule, subject: &Subject<'_>, index: usize, session: &Session, history: &mut History) -> Option<Finding> {
    let view = subject.view;
    let codes = |wanted: fn(&View<'_>, &SignIn) -> bool| {
        let rows = view.rows(&session.sign_ins).filter(|(_, row)| wanted(view, row));
        rows.collect::<Vec<(u32, &SignIn)>>()
    };
    let redeemed = codes(|view, row| is_redemption(view.store, row));
    if redeemed.is_empty() {
        return blocked(view, index, session, &codes(is_blocked));
    }
    let weighed = redeemed.iter().rev().map(|(_, row)| (weigh(rule, subject, row, history), *row));
    let ((severity, confidence, reason), row) =
        weighed.max_by_key(|((severity, confidence, _), _)| (*severity, *confidence))?;
    // A forged log must not make each look as long as the log.
    history.0.extend(redeemed.iter().map(|(_, row)| (row.app, row.address, row.time)).take(STEPS));
    let keep = history.0.len().saturating_sub(STEPS);
    history.0.drain(..keep);
    let campaign = people(rule, view, row);
    let because = match reason {
        "campaign" => format!(" {campaign} people redeemed codes in this network within {} h.", rule.hours),
        "hosting" => " That is a hosting or VPN network, where people seldom sit.".to_owned(),
        "unfamiliar network" => " The user was never seen in this network, and typed the code elsewhere.".to_owned(),
        "privileged" => match roles_in_token(view, row).first() {
            Some(role) => format!(" The token carries the role {role}, and the machine is not managed."),
            None => " The user has power over others, and the machine is not managed.".to_owned(),
        },
        "usual" => " The user has often done so from this address.".to_owned(),
        "own network" => {
            " The machine stands in the organisation's own network, as those of meeting rooms do.".to_owned()
        }
        _ => String::new(),
    };
    let evidence = sign_ins("redemption", redeemed.iter().map(|(number, _)| *number));
    Some(Finding {
        detection: ID,
        variant: "signed-in",
        strand: "signed-in",
        severity,
        confidence,
        session: Some(index),
        anchor: session.anchor,
        title: DETECTION.title.to_owned(),
        why: format!(
            "{} signed in by device code to {} from {} at {}.{because}",
            who(view),
            view.app_name(row.app),
            place(view.network(row)),
            moment(row.time),
        ),
        what: "Signed in by device code",
        evidence: in_order(view, evidence.collect::<Vec<Evidence>>()),
        facts: facts(json!({"reason": reason, "redemptions": redeemed.len(), "people": campaign})),
    })
}

/// People who redeemed codes around this one in its network, unless that is the tenant's own.
fn people(rule: &Rule, view: &View<'_>, row: &SignIn) -> usize {
    let network = outside(view, row);
    network.map_or(0, |network| view.tenant.device_codes.people(&network, row.time, rule.hours))
}

fn weigh(rule: &Rule, subject: &Subject<'_>, row: &SignIn, history: &History) -> (Severity, Confidence, &'static str) {
    let view = subject.view;
    let network = view.network(row).filter(|network| !network.is_microsoft());
    let familiar = subject.familiar.network(view, row);
    // Two machines are the nature of the flow: the other one counts only where it is a stranger's.
    let typed_elsewhere = || {
        let steps: Vec<u32> = view.correlated(row.correlation).take(STEPS).collect();
        let here = view.network(row);
        view.rows(&steps).any(|(_, step)| same_network(view.network(step), here) == Some(false))
    };
    let managed = || view.store.device(row.device).is_managed(&view.store.texts);
    if network.is_some_and(|network| network.is_hosting()) && familiar != Familiarity::Familiar {
        (Severity::High, Confidence::High, "hosting")
    } else if people(rule, view, row) >= rule.users.max(1) {
        (Severity::High, Confidence::High, "campaign")
    } else if familiar == Familiarity::Unfamiliar && network.is_some() && typed_elsewhere() {
        (Severity::High, Confidence::Medium, "unfamiliar network")
    } else if history.knows(row) {
        (Severity::Low, Confidence::Medium, "usual")
    } else if !managed() && is_privileged(view, row) {
        (Severity::High, Confidence::Medium, "privileged")
    } else if network.is_some_and(|network| view.own.has(&network)) {
        (Severity::Low, Confidence::Medium, "own network")
    } else {
        (Severity::Medium, Confidence::Medium, "device code")
    }
}

/// Whether the token carries a role with power over others, or the user is known to hold one.
fn is_privileged(view: &View<'_>, row: &SignIn) -> bool {
    view.person.classes.has(UserClass::Privileged) || !roles_in_token(view, row).is_empty()
}

/// A code that a policy refused.
fn is_blocked(view: &View<'_>, row: &SignIn) -> bool {
    row.protocol == Protocol::DEVICE_CODE && row.stream().is_user() && matches!(view.code(row), Some(53003 | 530_033))
}

/// Facts: `attempts`, how many.
fn blocked(view: &View<'_>, index: usize, session: &Session, attempts: &[(u32, &SignIn)]) -> Option<Finding> {
    let (_, row) = attempts.first()?;
    Some(Finding {
        detection: ID,
        variant: "blocked",
        strand: "blocked",
        severity: Severity::Low,
        confidence: Confidence::High,
        session: Some(index),
        anchor: session.anchor,
        title: "A policy refused a device code".to_owned(),
        why: format!(
            "A device code that {} typed for {} was not redeemed from {} at {}{}. Somebody had sent or shown it.",
            who(view),
            view.app_name(row.app),
            place(view.network(row)),
            moment(row.time),
            failure(view.code(row)),
        ),
        what: "Device code refused by policy",
        evidence: in_order(view, sign_ins("refused", attempts.iter().map(|(number, _)| *number)).collect()),
        facts: facts(json!({"attempts": attempts.len()})),
    })
}
