//! A program sent the user's password itself: the resource owner password credentials grant.
//!
//! # What it looks for
//! A successful sign-in whose protocol is ROPC, or whose agent is the one that Entra writes for a mail
//! server that trades a password for a token (BAV2ROPC and its kin). One finding a session. And passwords
//! that a program sent in the name of an application that is not in the tenant and has no name
//! (*unknown-app*, 700016). One finding a user. All other failures count in `password-spray` and
//! `brute-force-success`.
//!
//! # Why it matters
//! The program knows the password, and no page asks for a second factor. It is how tools try and use
//! passwords in bulk. With an id that somebody made up, a guess at a password leaves no name of an
//! application in the log.
//!
//! # Evidence it needs
//! Sign-ins with authentication protocol or agent, and result code. It is high without second factor
//! from a network that the user does not know, medium the first time, low where the user often signs in
//! like this with the application. An unknown application is low, and medium where several ids were tried or
//! the network is one that the user does not know.
//!
//! # Benign causes
//! * A script or test account of the organisation's own that was written years ago.
//! * A mail client or device with basic authentication, which Exchange trades for a token.
//! * A script goes on with the id of an application that was removed: always the same one.
//!
//! # Tuning
//! Nothing can be tuned: the protocol says it or does not.
//!
//! # What to ask
//! * Which program signs in like this, and who wrote it?
//! * Is the network one of the user's or of a server of the organisation's?
//!
//! # What to do
//! * Reset the password where nobody knows the program, and revoke the sessions.
//! * Demand a second factor for every application: the grant then fails.
//!
//! # References
//! * ATT&CK T1078.004, T1110
//! * Elastic, Entra ID unusual ROPC login attempt by user principal, and ROPC with unknown client id
//! * Panther, Azure ROPC login without MFA

use crate::order::{Map, Set};

use serde_json::json;

use crate::events::field::Field;
use crate::events::vocabulary::{Protocol, Requirement};
use crate::events::{Id, SignIn, Store, TextId};
use crate::knowledge::agents::{Class, ToolKind};
use crate::order::Gather;
use crate::sessions::{Familiarity, Session, View};

use super::evidence::{facts, in_order, moment, place, sign_ins, who};
use super::places::strange;
use super::{Ask, Confidence, Detection, Finding, Group, Records, Severity, Subject, Tuning};

const ID: &str = "ropc";
const DAY: i64 = 86_400_000_000;
/// The application is not in the tenant.
const UNKNOWN_APP: u32 = 700_016;
/// Sign-ins that a finding shows; all are counted.
const LISTED: usize = 200;

pub(super) static DETECTION: Detection = Detection {
    id: ID,
    title: "A program sent the user's password itself",
    group: Group::Password,
    records: &[Records::UserSignIns],
    helped_by: &[(Records::NonInteractive, "programs that send the password themselves show there")],
    needs: &[&[Field::Protocol, Field::Agent], &[Field::Result]],
    wants: &[Field::Requirement, Field::Address, Field::Asn],
    history_days: 0,
    tunables: &[],
    prepare,
    kql: include_str!("ropc.kql"),
    file: "ropc",
};

fn prepare<'a>(_: &'a Store, _: &'a Tuning) -> Ask<'a> {
    Box::new(move |subject, found| {
        let view = subject.view;
        // How often, and on which days, the user signed in like this with each application before.
        let mut before: Map<u32, (usize, Set<i64>)> = Map::new();
        for (index, session) in view.sessions.iter().enumerate() {
            let own: Vec<(u32, &SignIn)> = view.rows(&session.sign_ins).filter(|(_, row)| is_ropc(view, row)).collect();
            found.extend(finding(subject, index, session, &own, &before));
            for (_, row) in own {
                let (count, days) = before.entry(row.app).or_default();
                *count += 1;
                days.insert(row.time.div_euclid(DAY));
            }
        }
        found.extend(unknown_app(subject));
    })
}

fn is_ropc(view: &View<'_>, row: &SignIn) -> bool {
    view.succeeded(row)
        && row.stream().is_user()
        && (row.protocol == Protocol::ROPC || view.agent(row).class == Class::Tool(ToolKind::LegacyMail))
}

/// Facts: `sign_ins`, how many; `reason`, what decided; `single_factor`, whether no second factor stood
/// behind the one that decided.
fn finding(
    subject: &Subject<'_>,
    index: usize,
    session: &Session,
    own: &[(u32, &SignIn)],
    before: &Map<u32, (usize, Set<i64>)>,
) -> Option<Finding> {
    let view = subject.view;
    let judged = own.iter().rev().map(|(_, row)| {
        let single = row.requirement != Requirement::MULTI_FACTOR;
        let usual = before.get(&row.app).is_some_and(|(count, days)| *count >= 3 && days.len() >= 2);
        let hosting = view.network(row).is_some_and(|network| network.is_hosting());
        let network = subject.familiar.network(view, row);
        let (severity, confidence, reason) = match (usual, single, network) {
            (true, ..) if network != Familiarity::Unfamiliar => (Severity::Low, Confidence::High, "usual"),
            (_, true, Familiarity::Unfamiliar) if hosting => (Severity::High, Confidence::High, "hosting"),
            (_, true, Familiarity::Unfamiliar) => (Severity::High, Confidence::Medium, "unfamiliar network"),
            (_, false, _) => (Severity::Low, Confidence::High, "second factor"),
            (_, true, Familiarity::Familiar) => (Severity::Medium, Confidence::Medium, "first time"),
            (_, true, Familiarity::Unknown) => (Severity::Medium, Confidence::Low, "first time"),
        };
        (severity, confidence, reason, single, *row)
    });
    let (severity, confidence, reason, single, told) =
        judged.max_by_key(|(severity, confidence, ..)| (*severity, *confidence))?;
    let because = match reason {
        "usual" => " The user often signs in like this with the application.",
        "hosting" => " That is a hosting or VPN network that the user does not know.",
        "unfamiliar network" => " The user had never been there.",
        "second factor" => " A second factor stood behind it.",
        _ => " The user had not signed in like this often before.",
    };
    Some(Finding {
        detection: ID,
        variant: "success",
        strand: "success",
        severity,
        confidence,
        session: Some(index),
        anchor: session.anchor,
        title: format!("{} sent the user's password itself", view.app_name(told.app)),
        why: format!(
            "A program sent the password of {} itself, as {}, from {} at {}.{because}",
            who(view),
            view.app_name(told.app),
            place(view.network(told)),
            moment(told.time),
        ),
        what: "A program sent the password",
        evidence: in_order(view, sign_ins("ropc", own.iter().take(LISTED).map(|(number, _)| *number)).collect()),
        facts: facts(json!({"sign_ins": own.len(), "reason": reason, "single_factor": single})),
    })
}

/// Passwords that were sent in the name of applications that are not there.
///
/// Facts: `attempts`, how many; `apps`, how many ids; `addresses`, from how many.
fn unknown_app(subject: &Subject<'_>) -> Option<Finding> {
    let view = subject.view;
    let is_it = |row: &SignIn| {
        row.stream().is_user()
            && row.protocol == Protocol::ROPC
            && view.code(row) == Some(UNKNOWN_APP)
            && !view.store.app(row.app).name.has_value()
    };
    let tried: Vec<(u32, &SignIn)> = view.sign_ins().filter(|(_, row)| is_it(row)).collect();
    let apps: Set<u32> = tried.iter().map(|(_, row)| row.app).gather();
    let addresses: Set<TextId> = tried.iter().map(|(_, row)| row.address).gather();
    let told = tried.iter().find(|(_, row)| strange(subject, row).is_some());
    let (_, first) = told.or_else(|| tried.first())?;
    let because = match (told.is_some(), apps.len()) {
        (true, _) => " The user had never been there.",
        (false, 1) => "",
        (false, _) => " Somebody makes ids up.",
    };
    let bad = !because.is_empty();
    Some(Finding {
        detection: ID,
        variant: "unknown-app",
        strand: "unknown-app",
        severity: if bad { Severity::Medium } else { Severity::Low },
        confidence: Confidence::Medium,
        session: None,
        anchor: Id::EMPTY,
        title: "Passwords sent for an application that is not there".to_owned(),
        why: format!(
            "A program sent a password of {} itself {} times, in the name of {} applications that the tenant does not have, \
             first from {} at {}.{because}",
            who(view),
            tried.len(),
            apps.len(),
            place(view.network(first)),
            moment(first.time),
        ),
        what: "Password for an unknown app",
        evidence: in_order(
            view,
            sign_ins("unknown app", tried.iter().take(LISTED).map(|(number, _)| *number)).collect(),
        ),
        facts: facts(json!({"attempts": tried.len(), "apps": apps.len(), "addresses": addresses.len()})),
    })
}
