//! A device-code sign-in to the authentication broker, which yields a primary refresh token.
//!
//! # What it looks for
//! Exact: a successful sign-in by device code whose conditional-access audiences name the Microsoft
//! Authentication Broker, or an Azure Monitor record that is no sign-in, with the broker as
//! application and device code as protocol. Wider, because real redemptions often carry the protocol
//! *none*: a success whose original transfer method is the device-code flow, with the broker as
//! application or audience. The facts say which part matched.
//!
//! # Why it matters
//! The broker's refresh token can register a device and be turned into a primary refresh token:
//! the thief then holds a key to everything the user can reach, for as long as the device stands.
//! A phished code is enough; the second factor was given by the user.
//!
//! # Evidence it needs
//! Sign-ins with authentication protocol, original transfer method and conditional-access
//! audiences. Interrupted steps of the same flow, by correlation id or shortly before in the session,
//! are shown as context. It is high from a hosting network or one that is unfamiliar for the user,
//! and where a person signed in for mail, files or Microsoft Graph, as phishing kits do.
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
//! * Elastic, Entra ID device code authentication with the broker client: the exact part
//! * Dirk-jan Mollema, Phishing for primary refresh tokens and Windows Hello keys

use crate::order::Map;

use serde_json::json;

use crate::order::Gather;
use crate::events::field::Field;
use crate::events::vocabulary::{Protocol, Stream, Transfer};
use crate::events::{Id, SignIn, Store};
use crate::knowledge::apps;
use crate::knowledge::results::ResultClass;
use crate::sessions::{EventRef, Familiarity, Session, View};

use super::evidence::{facts, in_order, moment, place, sign_ins, who};
use super::{Ask, Confidence, Detection, Evidence, Finding, Group, Records, Severity, Subject, Tunable, Tuning};

const ID: &str = "device-code-broker";
const TITLE: &str = "Device code signed in to the authentication broker";
const WHAT: &str = "Device code to the broker";

pub(super) static DETECTION: Detection = Detection {
    id: ID,
    title: TITLE,
    group: Group::Token,
    records: &[Records::UserSignIns],
    helped_by: &[(
        Records::NonInteractive,
        "the machine that polls for the code and its later tokens may show only there",
    )],
    needs: &[&[Field::Protocol, Field::Transfer], &[Field::Result]],
    wants: &[Field::Audiences, Field::AppId, Field::Address, Field::Asn, Field::SessionId],
    history_days: 0,
    tunables: &[Tunable::flag("strict", "false", "only the exact part, by protocol and audience")],
    prepare,
    kql: include_str!("device_code_broker.kql"),
    file: "device_code_broker",
};

/// Steps that a finding shows as context.
const STEPS: usize = 100;
/// Interrupts of a session count as steps of the flow from an hour before its first redemption on.
const HOUR: i64 = 3_600_000_000;

/// Which part of the question a record answers.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Part {
    /// A record that is no sign-in.
    Activity,
    /// Transfer method and broker.
    Wider,
    /// Protocol and audience.
    Exact,
}

impl Part {
    const fn name(self) -> &'static str {
        match self {
            Self::Exact => "exact",
            Self::Wider => "wider",
            Self::Activity => "activity",
        }
    }
}

fn prepare<'a>(_: &'a Store, tuning: &'a Tuning) -> Ask<'a> {
    let strict = tuning.flag(ID, "strict");
    Box::new(move |subject, found| {
        let mut activities = activities(subject.view);
        for (index, session) in subject.view.sessions.iter().enumerate() {
            let matched: Vec<(u32, &SignIn, Part)> = subject
                .view
                .rows(&session.sign_ins)
                .filter_map(|(number, row)| Some((number, row, part(subject.view, row, strict)?)))
                .collect();
            let acts = session.id.value().and_then(|id| activities.remove(&id)).unwrap_or_default();
            if !matched.is_empty() || !acts.is_empty() {
                found.push(of_session(subject, index, session, &matched, &acts));
            }
        }
        found.extend(activities.into_iter().map(|(anchor, acts)| of_activities(subject.view, None, anchor, &acts)));
    })
}

fn part(view: &View<'_>, row: &SignIn, strict: bool) -> Option<Part> {
    let by_protocol = row.protocol == Protocol::DEVICE_CODE;
    let by_transfer = !strict && row.transfer == Transfer::DEVICE_CODE_FLOW;
    if !(by_protocol || by_transfer) || !row.stream().is_user() || !view.succeeded(row) {
        return None;
    }
    let audience = view.has_audience(row, apps::AUTHENTICATION_BROKER);
    if by_protocol && audience {
        return Some(Part::Exact);
    }
    (by_transfer && (audience || view.app(row) == Some(apps::AUTHENTICATION_BROKER))).then_some(Part::Wider)
}

/// Records that are no sign-ins, of the broker, with the protocol: by session id, or by their own
/// id where they have none.
fn activities(view: &View<'_>) -> Map<Id, Vec<u32>> {
    let mut by_session: Map<Id, Vec<u32>> = Map::new();
    for (number, row) in view.activities() {
        let broker = view.store.app(row.app).id.as_guid() == Some(apps::AUTHENTICATION_BROKER);
        if broker && row.protocol == Protocol::DEVICE_CODE {
            by_session.entry(row.session_id(view.store).value().unwrap_or(row.id)).or_default().push(number);
        }
    }
    by_session
}

fn weigh(subject: &Subject<'_>, row: &SignIn, part: Part) -> (Severity, Confidence, &'static str) {
    let view = subject.view;
    // A later token of such a session is a weaker sign than the redemption itself.
    let redemption = part == Part::Exact || !row.incoming.is_token();
    let sure = if redemption { Confidence::High } else { Confidence::Medium };
    let network = view.network(row);
    let familiar = subject.familiar.network(view, row);
    let resource = view.store.app(row.resource).id.as_guid();
    let sensitive = [apps::EXCHANGE_ONLINE, apps::SHAREPOINT_ONLINE, apps::MICROSOFT_GRAPH];
    if network.is_some_and(|network| network.is_hosting()) && familiar != Familiarity::Familiar {
        (Severity::High, sure, "hosting")
    } else if row.stream() == Stream::Interactive && resource.is_some_and(|id| sensitive.contains(&id)) {
        (Severity::High, sure, "sensitive resource")
    } else if familiar == Familiarity::Unfamiliar && !network.is_some_and(|network| network.is_microsoft()) {
        (Severity::High, Confidence::Medium, "unfamiliar network")
    } else {
        (Severity::Medium, sure, "device code")
    }
}

/// Facts: `part`, the strongest that matched; `exact` and `wider`, how many sign-ins of each;
/// `reason`, what decided the severity.
fn of_session(
    subject: &Subject<'_>,
    index: usize,
    session: &Session,
    matched: &[(u32, &SignIn, Part)],
    acts: &[u32],
) -> Finding {
    let view = subject.view;
    // The earliest of the worst is told.
    let weighed = matched.iter().rev().map(|(_, row, part)| (weigh(subject, row, *part), *row, *part));
    let worst = weighed.max_by_key(|((severity, confidence, _), _, _)| (*severity, *confidence));
    let Some(((severity, confidence, reason), row, shown)) = worst else {
        return of_activities(view, Some(index), session.anchor, acts);
    };
    let part = matched.iter().map(|(_, _, part)| *part).max().unwrap_or(shown);
    let count = |wanted: Part| matched.iter().filter(|(_, _, part)| *part == wanted).count();
    let role = |row: &SignIn, part: Part| match part {
        Part::Wider if row.incoming.is_token() => "later token",
        _ => "redemption",
    };
    let mut evidence: Vec<Evidence> = matched
        .iter()
        .map(|(number, row, part)| Evidence { role: role(row, *part), event: EventRef::SignIn(*number) })
        .collect();
    evidence.extend(acts.iter().map(|&number| Evidence { role: "activity", event: EventRef::Activity(number) }));
    evidence.extend(interrupts(view, session, matched));
    Finding {
        detection: ID,
        variant: part.name(),
        strand: "session",
        severity,
        confidence,
        session: Some(index),
        anchor: session.anchor,
        title: TITLE.to_owned(),
        why: explain(view, row, shown, reason),
        what: WHAT,
        evidence: in_order(view, evidence),
        facts: facts(json!({
            "part": part.name(),
            "exact": count(Part::Exact),
            "wider": count(Part::Wider),
            "activity": acts.len(),
            "reason": reason,
        })),
    }
}

/// Interrupted steps of the same flow: with a correlation id of a redemption, or in the session from
/// an hour before the first redemption to the last.
fn interrupts(view: &View<'_>, session: &Session, matched: &[(u32, &SignIn, Part)]) -> Vec<Evidence> {
    let from = matched.first().map_or(i64::MAX, |(_, row, _)| row.time.saturating_sub(HOUR));
    let to = matched.last().map_or(i64::MIN, |(_, row, _)| row.time);
    let correlations: crate::order::Set<Id> = matched.iter().map(|(_, row, _)| row.correlation).gather();
    let correlated = correlations.iter().flat_map(|id| view.correlated(*id).take(STEPS));
    let numbers: Vec<u32> = session.sign_ins.iter().copied().chain(correlated).collect();
    let steps = view
        .rows(&numbers)
        .filter(|(_, row)| row.stream().is_user() && view.class(row) == ResultClass::Interrupt)
        .filter(|(_, row)| row.time <= to && (row.time >= from || correlations.contains(&row.correlation)));
    sign_ins("interrupt", steps.map(|(number, _)| number).take(STEPS)).collect()
}

fn explain(view: &View<'_>, row: &SignIn, part: Part, reason: &str) -> String {
    let how = match part {
        Part::Exact => "The record names the device-code protocol and the broker as its audience.",
        _ => {
            "The record's protocol does not say device code; its original transfer method does, and the broker takes part."
        }
    };
    let because = match reason {
        "hosting" => " The code was redeemed from a hosting or VPN network, where people seldom sit.",
        "sensitive resource" => {
            " The token is for mail, files or Microsoft Graph, as kits for device-code phishing ask for."
        }
        "unfamiliar network" => " The user has not signed in from this network before.",
        _ => "",
    };
    format!(
        "{} signed in by device code to {} from {} at {}. {how}{because}",
        who(view),
        view.app_name(row.app),
        place(view.network(row)),
        moment(row.time),
    )
}

fn of_activities(view: &View<'_>, session: Option<usize>, anchor: Id, acts: &[u32]) -> Finding {
    let evidence = acts.iter().map(|&number| Evidence { role: "activity", event: EventRef::Activity(number) });
    Finding {
        detection: ID,
        variant: Part::Activity.name(),
        strand: if session.is_some() { "session" } else { "activity" },
        severity: Severity::Medium,
        confidence: Confidence::High,
        session,
        anchor,
        title: "The authentication broker acted with a device-code token".to_owned(),
        why:
            "A record that is no sign-in names the authentication broker as the caller and device code as its protocol."
                .to_owned(),
        what: WHAT,
        evidence: in_order(view, evidence.collect()),
        facts: facts(
            json!({"part": "activity", "exact": 0, "wider": 0, "activity": acts.len(), "reason": "device code"}),
        ),
    }
}
