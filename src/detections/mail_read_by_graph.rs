//! Mail was read through Microsoft Graph by a program that the user had not used.
//!
//! # What it looks for
//! Calls that read messages or mail folders, made for a user by one of Microsoft's public clients with which
//! the user had read no mail before from that network; of each such client the first calls. It weighs more
//! from a network that is not familiar for the user. Needs `history-days` of the user's events before.
//!
//! # Why it matters
//! A stolen refresh token of any client of Microsoft's family reads mail through Graph. Command lines and
//! brokers that people use for other work do not read mail by themselves.
//!
//! # Evidence it needs
//! The log of calls of Microsoft Graph, and sign-ins to know the user's networks.
//!
//! # Benign causes
//! * A developer tries Graph; a new client of Microsoft's that reads mail.
//!
//! # Tuning
//! `history-days` of events that the user must have before.
//!
//! # What to ask
//! * Did the user use this program for mail?
//!
//! # What to do
//! * Revoke the sessions, and see which messages were read.
//!
//! # References
//! * ATT&CK T1114.002, T1550.001
//! * Elastic, Microsoft Graph mail accessed by unusual client; Panther, Mail read by Graph

use crate::order::Map;

use serde_json::json;

use crate::events::{Activity, Id, Store};
use crate::knowledge::public_clients::public_client;
use crate::sessions::{EventRef, Familiarity, View};

use super::acts::{Exposed, called, expose, many};
use super::evidence::{facts, in_order, moment, place, who};
use super::{Ask, Confidence, Detection, Evidence, Finding, Group, Records, Severity, Subject, Tunable, Tuning};

const ID: &str = "mail-read-by-graph";
const DAY: i64 = 86_400_000_000;
/// Calls that a finding shows; all of the first hour are counted.
const LISTED: usize = 100;

pub(super) static DETECTION: Detection = Detection {
    id: ID,
    title: "Mail read by an unusual program",
    group: Group::Mailbox,
    records: &[Records::Calls],
    helped_by: &[(Records::UserSignIns, "whether the network is familiar for the user shows only there")],
    needs: &[],
    wants: super::TIES,
    history_days: 0,
    tunables: &[Tunable::number("history-days", "3", "days of events that the user must have before")],
    prepare,
    kql: include_str!("mail_read_by_graph.kql"),
    file: "mail_read_by_graph",
};

/// A call and its number.
type Call<'a> = (u32, &'a Activity);

fn prepare<'a>(_: &'a Store, tuning: &'a Tuning) -> Ask<'a> {
    let history = tuning.number(ID, "history-days").unwrap_or(3).saturating_mul(DAY);
    Box::new(move |subject, found| {
        let view = subject.view;
        let mut programs: Map<(Id, Option<std::net::IpAddr>), Vec<Call<'_>>> = Map::new();
        for (number, row) in view.activities_of(&is_get).filter(|(_, row)| reads_mail(view.store, row)) {
            let app = view.store.app(row.app).id;
            let network = view.network_of(EventRef::Activity(number)).map(|network| network.address);
            if app.as_guid().and_then(public_client).is_some() {
                programs.entry((app, network)).or_default().push((number, row));
            }
        }
        let sign_in = view.sign_ins().next().map(|(_, row)| row.time);
        let call = view.activities().next().map(|(_, row)| row.time);
        let Some(begins) = sign_in.into_iter().chain(call).min() else { return };
        for calls in programs.values() {
            found.extend(
                calls.first().filter(|(_, first)| first.time - begins >= history).and_then(|_| finding(subject, calls)),
            );
        }
    })
}

fn is_get(operation: &str) -> bool {
    operation.eq_ignore_ascii_case("GET")
}

/// Whether a call reads messages or mail folders, of the user themselves or of another mailbox.
pub(super) fn reads_mail(store: &Store, row: &Activity) -> bool {
    let texts = &store.texts;
    if !is_get(texts.get(row.operation)) {
        return false;
    }
    let address = texts.get(row.object).to_ascii_lowercase();
    let path = address.split(['?', '#']).next().unwrap_or_default();
    (path.contains("/me/") || path.contains("/users/"))
        && ["/messages", "/mailfolders", "/inbox"].iter().any(|part| path.contains(part))
        && !path.contains("/chats/")
        && texts.get(row.result).starts_with('2')
}

/// Facts: `app`, its id; `calls`, how many in the first hour; `agent`.
fn finding(subject: &Subject<'_>, calls: &[(u32, &Activity)]) -> Option<Finding> {
    let view: &View<'_> = subject.view;
    let (number, first) = calls.first()?;
    let network = view.network_of(EventRef::Activity(*number));
    let strange = subject.familiar.place(network, first.time) == Familiarity::Unfamiliar;
    let hour: Vec<u32> =
        calls.iter().filter(|(_, row)| row.time - first.time <= DAY / 24).map(|(number, _)| *number).collect();
    let evidence = hour.iter().take(LISTED).map(|number| Evidence { role: "read", event: EventRef::Activity(*number) });
    let words = if strange { " The network is not familiar for the user." } else { "" };
    Some(Finding {
        detection: ID,
        variant: "first",
        strand: "first",
        severity: if strange { Severity::Medium } else { Severity::Low },
        confidence: Confidence::Medium,
        session: None,
        anchor: first.id,
        title: DETECTION.title.to_owned(),
        why: format!(
            "Mail of {} was read with {} from {} at {}, by {} calls within the hour; the user had read none with it from there before.{words}",
            who(view),
            view.app_name(first.app),
            place(network),
            moment(first.time),
            hour.len(),
        ),
        what: "Mail read by an unusual program",
        evidence: in_order(view, evidence.collect()),
        facts: facts(json!({
            "app": view.store.app(first.app).id.display(&view.store.texts),
            "calls": hour.len(),
            "agent": view.store.texts.get(first.agent),
        })),
    })
}

/// The mail that was read over Graph in sessions with another finding of medium severity or worse. Facts:
/// `addresses`, some of those that were asked for; `calls`, how many.
pub(super) fn exposed(subject: &Subject<'_>, found: &mut Vec<Finding>) {
    let fits = |_: &str, row: &Activity| reads_mail(subject.view.store, row);
    expose(&DETECTION, subject, found, fits, |acts| Exposed {
        variant: "exposed",
        role: "read",
        did: format!("read mail over Microsoft Graph in this session by {}, first", many(acts.len(), "call")),
        more: "",
        what: "Mail read in the session",
        facts: called(subject.view, acts),
    });
}
