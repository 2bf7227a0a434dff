//! A device-code sign-in to the authentication broker, which yields a primary refresh token.
//!
//! # What it looks for
//! A successful sign-in by device code whose conditional-access audience is the Microsoft
//! Authentication Broker, or an activity record of the broker that names the protocol. Because real
//! redemptions often carry the protocol *none*, a sign-in whose original transfer method is the
//! device-code flow counts too, with the broker as application or audience.
//!
//! # Why it matters
//! The broker's refresh token can register a device and be turned into a primary refresh token:
//! the thief then holds a key to everything the user can reach, for as long as the device stands.
//! A phished code is enough; the second factor was given by the user.
//!
//! # Evidence it needs
//! Sign-ins with authentication protocol, original transfer method and conditional-access
//! audiences. Interrupted steps of the same flow are shown as context.
//!
//! # Benign causes
//! * A person signs a device without keyboard in to the organisation: a meeting-room display, a
//!   phone, a headset.
//! * A technician enrols a machine by device code.
//!
//! # Tuning
//! `strict` leaves out the part that rests on the transfer method.
//!
//! # What to ask
//! * Did the user type a code at microsoft.com/devicelogin at this time, and who had sent it?
//! * Which device did they mean to sign in?
//!
//! # What to do
//! * Revoke the user's sessions and disable devices registered since.
//! * Look for devices and methods registered in the hours after.
//! * Block the device-code flow by conditional access where nobody needs it.
//!
//! # References
//! * ATT&CK T1528
//! * Dirk-jan Mollema, Phishing for primary refresh tokens and Windows Hello keys

use std::collections::BTreeMap;

use serde_json::{Map, json};

use crate::events::field::Field;
use crate::events::vocabulary::{Protocol, Stream, Transfer};
use crate::events::{Id, SignIn};
use crate::knowledge::apps;
use crate::knowledge::results::ResultClass;
use crate::sessions::{EventRef, Familiarity, View};

use super::evidence::{in_order, moment, sign_ins};
use super::{Confidence, Detection, Evidence, Finding, Group, Kind, Records, Severity, Subject, Tunable, Tuning};

const ID: &str = "device-code-broker";

pub(super) static DETECTION: Detection = Detection {
    id: ID,
    title: "Device code signed in to the authentication broker",
    group: Group::Token,
    records: &[Records::UserSignIns],
    needs: &[&[Field::Protocol, Field::Transfer], &[Field::Result]],
    wants: &[Field::Audiences, Field::Address, Field::Asn, Field::SessionId],
    tunables: &[Tunable { name: "strict", kind: Kind::Flag, default: "false", what: "only the exact part, by protocol and audience" }],
    run,
    note: |_| None,
    kql: include_str!("device_code_broker.kql"),
    file: "device_code_broker",
};

/// Which part of the question a record answers.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Part {
    /// Protocol and audience.
    Exact,
    /// Transfer method and broker.
    Wider,
}

fn run(subject: &Subject<'_>, tuning: &Tuning, found: &mut Vec<Finding>) {
    let view = subject.view;
    let strict = tuning.flag(ID, "strict");
    for (index, session) in view.sessions.iter().enumerate() {
        let matched: Vec<(u32, &SignIn, Part)> = view
            .rows(&session.sign_ins)
            .filter(|(_, row)| row.stream().is_user())
            .filter_map(|(number, row)| part(view, row, strict).map(|part| (number, row, part)))
            .collect();
        if !matched.is_empty() {
            found.push(finding(subject, index, &matched));
        }
    }
    activities(view, found);
}

fn part(view: &View<'_>, row: &SignIn, strict: bool) -> Option<Part> {
    if !view.succeeded(row) {
        return None;
    }
    let audience = view.has_audience(row, apps::AUTHENTICATION_BROKER);
    if row.protocol == Protocol::DEVICE_CODE && audience {
        return Some(Part::Exact);
    }
    let broker = audience || view.app(row) == Some(apps::AUTHENTICATION_BROKER);
    (!strict && row.transfer == Transfer::DEVICE_CODE_FLOW && broker).then_some(Part::Wider)
}

fn weigh(subject: &Subject<'_>, row: &SignIn, part: Part) -> (Severity, Confidence, &'static str) {
    let view = subject.view;
    let sure = if part == Part::Exact { Confidence::High } else { Confidence::Medium };
    let resource = view.store.app(row.resource).id.as_guid();
    let sensitive = [apps::EXCHANGE_ONLINE, apps::SHAREPOINT_ONLINE, apps::MICROSOFT_GRAPH];
    if view.network(row).is_some_and(|network| network.is_hosting()) {
        (Severity::High, sure, "hosting")
    } else if row.stream() == Stream::Interactive && resource.is_some_and(|id| sensitive.contains(&id)) {
        (Severity::High, sure.min(Confidence::Medium), "sensitive resource")
    } else if subject.familiar.network(view, row) == Familiarity::Unfamiliar {
        (Severity::High, Confidence::Medium, "unfamiliar network")
    } else {
        (Severity::Medium, sure, "device code")
    }
}

fn finding(subject: &Subject<'_>, session: usize, matched: &[(u32, &SignIn, Part)]) -> Finding {
    let view = subject.view;
    let exact = matched.iter().any(|(_, _, part)| *part == Part::Exact);
    let worst = matched.iter().map(|(number, row, part)| (weigh(subject, row, *part), *number, *row));
    // The earliest of the worst is shown.
    let worst = worst.rev().max_by_key(|((severity, confidence, _), _, _)| (*severity, *confidence));
    let mut evidence: Vec<Evidence> = sign_ins("redemption", matched.iter().map(|(number, _, _)| *number)).collect();
    evidence.extend(interrupts(view, session, matched));
    let (severity, confidence, reason, why) = match worst {
        Some(((severity, confidence, reason), _, row)) => (severity, confidence, reason, explain(view, row, exact, reason)),
        None => (Severity::Medium, Confidence::Low, "device code", String::new()),
    };
    let found = view.sessions.get(session);
    let mut facts = Map::new();
    facts.insert("part".to_owned(), json!(if exact { "exact" } else { "wider" }));
    facts.insert("reason".to_owned(), json!(reason));
    facts.insert("redemptions".to_owned(), json!(matched.len()));
    Finding {
        detection: ID,
        variant: if exact { "exact" } else { "wider" },
        severity,
        confidence,
        session: Some(session),
        anchor: found.map_or(Id::EMPTY, |session| session.anchor),
        title: "Device code signed in to the authentication broker".to_owned(),
        why,
        what: "Device code to the broker",
        evidence: in_order(view, evidence),
        facts,
    }
}

/// Interrupted steps of the same flow: of the session, or with a correlation id of a redemption.
fn interrupts(view: &View<'_>, session: usize, matched: &[(u32, &SignIn, Part)]) -> Vec<Evidence> {
    let of_session = view.sessions.get(session).map(|session| session.sign_ins.clone()).unwrap_or_default();
    let correlated = |row: &SignIn| row.correlation.has_value() && matched.iter().any(|(_, other, _)| other.correlation == row.correlation);
    let last = matched.last().map_or(i64::MIN, |(_, row, _)| row.time);
    let steps = view
        .sign_ins()
        .filter(|(_, row)| row.stream().is_user() && row.time <= last && view.class(row) == ResultClass::Interrupt)
        .filter(|(number, row)| correlated(row) || of_session.contains(number))
        .map(|(number, _)| number);
    sign_ins("interrupt", steps).collect()
}

fn explain(view: &View<'_>, row: &SignIn, exact: bool, reason: &str) -> String {
    let place = view.network(row).map_or_else(|| "an unknown address".to_owned(), |network| network.label());
    let how = if exact {
        "The record names the device-code protocol and the broker as its audience."
    } else {
        "The record's protocol does not say device code; its original transfer method does, and the broker takes part."
    };
    let because = match reason {
        "hosting" => " The code was redeemed from a hosting or VPN network, where people seldom sit.",
        "sensitive resource" => " The token is for mail, files or Microsoft Graph, as kits for device-code phishing ask for.",
        "unfamiliar network" => " The user has not signed in from this network before.",
        _ => "",
    };
    format!(
        "{} signed in by device code to {} from {} at {}. {how}{because}",
        view.store.texts.get(view.person.name),
        view.app_name(row.app),
        place,
        moment(row.time),
    )
}

/// The source's second clause stands alone: a record that is no sign-in, of the broker, with the
/// protocol. One finding a session id, or a record where there is none.
fn activities(view: &View<'_>, found: &mut Vec<Finding>) {
    let mut groups: BTreeMap<Id, Vec<u32>> = BTreeMap::new();
    for (number, row) in view.activities() {
        let broker = view.store.app(row.app).id.as_guid() == Some(apps::AUTHENTICATION_BROKER);
        if broker && row.protocol == Protocol::DEVICE_CODE {
            let session = Id::parse_known(view.store.texts.get(row.session));
            groups.entry(if session.has_value() { session } else { row.id }).or_default().push(number);
        }
    }
    for (anchor, members) in groups {
        let session = view.sessions.iter().position(|session| session.id.has_value() && session.id == anchor);
        let mut facts = Map::new();
        facts.insert("part".to_owned(), json!("activity"));
        facts.insert("redemptions".to_owned(), json!(members.len()));
        let evidence = members.iter().map(|&number| Evidence { role: "activity", event: EventRef::Activity(number) }).collect();
        found.push(Finding {
            detection: ID,
            variant: "activity",
            severity: Severity::Medium,
            confidence: Confidence::High,
            session,
            anchor,
            title: "The authentication broker acted with a device-code token".to_owned(),
            why: "An activity record that is no sign-in names the authentication broker as the caller and device code as its protocol.".to_owned(),
            what: "Device code to the broker",
            evidence: in_order(view, evidence),
            facts,
        });
    }
}
