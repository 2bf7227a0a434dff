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

use serde_json::json;

use crate::events::field::Field;
use crate::events::vocabulary::{Protocol, Stream, Transfer};
use crate::events::{Id, SignIn, Store};
use crate::knowledge::apps;
use crate::knowledge::results::ResultClass;
use crate::order::{Gather, Set};
use crate::sessions::{Session, View};

use super::device::resource;
use super::evidence::{activities, moment, place, sign_ins, who};
use super::places::{is_rented, is_unfamiliar};
use super::told::{Told, Weight, of_session};
use super::{Ask, Confidence, Detection, Finding, Group, Records, Severity, Subject, Tunable, Tuning, broker_acts};

const ID: &str = "device-code-broker";

pub(super) static DETECTION: Detection = Detection {
    id: ID,
    title: "Device code signed in to the authentication broker",
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

/// What happened, for a row.
pub(super) const WHAT: &str = "Device code to the broker";
/// Steps that a finding shows as context.
const STEPS: usize = 100;
/// Interrupts of a session count as steps of the flow from an hour before its first redemption on.
const HOUR: i64 = 3_600_000_000;

/// Which part of the question a sign-in answers.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Part {
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
        }
    }
}

/// A sign-in that answers a part of the question.
struct Matched<'a> {
    number: u32,
    row: &'a SignIn,
    part: Part,
}

fn prepare<'a>(_: &'a Store, tuning: &'a Tuning) -> Ask<'a> {
    let strict = tuning.flag(ID, "strict");
    Box::new(move |subject, found| {
        let view = subject.view;
        let mut acts_of = broker_acts::by_session(view);
        for (index, session) in view.sessions.iter().enumerate() {
            let rows = view.rows(&session.sign_ins);
            let matched =
                rows.filter_map(|(number, row)| Some(Matched { number, row, part: part(view, row, strict)? }));
            let matched: Vec<Matched<'_>> = matched.collect();
            let acts = session.id.value().and_then(|id| acts_of.remove(&id)).unwrap_or_default();
            if !matched.is_empty() {
                found.extend(of_sign_ins(subject, index, session, &matched, &acts));
            } else if !acts.is_empty() {
                let told = broker_acts::finding(view, Some(index), session.anchor, &acts);
                found.push(Finding { strand: "session", ..told });
            }
        }
        found.extend(acts_of.into_iter().map(|(anchor, acts)| broker_acts::finding(view, None, anchor, &acts)));
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

fn weigh(subject: &Subject<'_>, row: &SignIn, part: Part) -> (Weight, &'static str) {
    // A later token of such a session is a weaker sign than the redemption itself.
    let redemption = part == Part::Exact || !row.incoming.is_token();
    let sure = if redemption { Confidence::High } else { Confidence::Medium };
    let sensitive = [apps::EXCHANGE_ONLINE, apps::SHAREPOINT_ONLINE, apps::MICROSOFT_GRAPH];
    if is_rented(subject, row) {
        ((Severity::High, sure), "hosting")
    } else if row.stream() == Stream::Interactive
        && resource(subject.view, row).is_some_and(|id| sensitive.contains(&id))
    {
        ((Severity::High, sure), "sensitive resource")
    } else if is_unfamiliar(subject, row) {
        ((Severity::High, Confidence::Medium), "unfamiliar network")
    } else {
        ((Severity::Medium, sure), "device code")
    }
}

/// Facts: `part`, the strongest that matched; `exact`, `wider` and `activity`, how many records of each; `reason`,
/// what decided the severity.
fn of_sign_ins(
    subject: &Subject<'_>,
    index: usize,
    session: &Session,
    matched: &[Matched<'_>],
    acts: &[u32],
) -> Option<Finding> {
    let view = subject.view;
    // The earliest of the worst is told.
    let weighed = matched.iter().rev().map(|item| (weigh(subject, item.row, item.part), item));
    let ((weight, reason), worst) = weighed.max_by_key(|((weight, _), _)| *weight)?;
    let part = matched.iter().map(|item| item.part).max()?;
    let count = |wanted: Part| matched.iter().filter(|item| item.part == wanted).count();
    let is_later = |item: &&Matched<'_>| item.part == Part::Wider && item.row.incoming.is_token();
    let (later, redemptions): (Vec<_>, Vec<_>) = matched.iter().partition(is_later);
    let told = Told {
        variant: part.name(),
        weight,
        why: explain(view, worst.row, worst.part, reason),
        what: WHAT,
        evidence: sign_ins("later token", later.iter().map(|item| item.number))
            .chain(sign_ins("redemption", redemptions.iter().map(|item| item.number)))
            .chain(activities("activity", acts.iter().copied()))
            .chain(sign_ins("interrupt", interrupts(view, session, matched)))
            .collect(),
        facts: json!({
            "part": part.name(),
            "exact": count(Part::Exact),
            "wider": count(Part::Wider),
            "activity": acts.len(),
            "reason": reason,
        }),
    };
    Some(Finding { strand: "session", ..of_session(&DETECTION, view, index, told) })
}

/// Interrupted steps of the same flow: with a correlation id of a redemption, or in the session from
/// an hour before the first redemption to the last.
fn interrupts(view: &View<'_>, session: &Session, matched: &[Matched<'_>]) -> Vec<u32> {
    let from = matched.first().map_or(i64::MAX, |item| item.row.time.saturating_sub(HOUR));
    let to = matched.last().map_or(i64::MIN, |item| item.row.time);
    let correlations: Set<Id> = matched.iter().map(|item| item.row.correlation).gather();
    let correlated = correlations.iter().flat_map(|id| view.correlated(*id).take(STEPS));
    let numbers: Vec<u32> = session.sign_ins.iter().copied().chain(correlated).collect();
    let steps = view
        .rows(&numbers)
        .filter(|(_, row)| row.stream().is_user() && view.class(row) == ResultClass::Interrupt)
        .filter(|(_, row)| row.time <= to && (row.time >= from || correlations.contains(&row.correlation)));
    steps.map(|(number, _)| number).take(STEPS).collect()
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
