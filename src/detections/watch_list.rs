//! An account or address of the analyst's watch list was seen.
//!
//! # What it looks for
//! Sign-ins from `addresses` that are known to be an intruder's (*address*), one finding a session; acts in the
//! directory, in mailboxes, files and Microsoft Graph from there (*act*), one finding a person; and sign-ins of `accounts`
//! that alerts or a report name (*account*), one finding a person. Nothing is on the list until somebody puts it there.
//!
//! # Why it matters
//! Who comes to a case brings addresses and names: of the phish, of the provider's notice, of another customer. Where they
//! show up, and what else was done there, is the first question.
//!
//! # Evidence it needs
//! The list, and user sign-ins with address. A success is high, for the list says whose the address is; a refused sign-in is
//! low. An account of the list is low by itself.
//!
//! # Benign causes
//! * An address that somebody else has by now, or that many share: an exit of a VPN or of a carrier.
//! * A list of an outside feed, which names what was bad for others.
//!
//! # Tuning
//! `addresses` are addresses, networks (`203.0.113.0/24`) and systems (`AS64500`), `accounts` user names, separated by commas.
//!
//! # What to ask
//! * Where does the entry come from, and for which days does it hold?
//!
//! # What to do
//! * Revoke the sessions that were opened or used there, and look at what they did.
//! * Block the addresses by a named location.
//!
//! # References
//! * ATT&CK T1078.004
//! * Microsoft Sentinel, Threat intelligence maps of address and e-mail entities to sign-ins

use serde_json::json;

use crate::enrichment::{Entry, Lists, NetworkKind, Span};
use crate::events::field::Field;
use crate::events::{Id, SignIn, Store};
use crate::sessions::{EventRef, Session, View};
use crate::tenant::Network;

use super::evidence::{facts, in_order, moment, place, sign_ins, who};
use super::single::{LISTED, did};
use super::{Ask, Confidence, Detection, Evidence, Finding, Group, Records, Severity, Tunable, Tuning};

const ID: &str = "watch-list";

pub(super) static DETECTION: Detection = Detection {
    id: ID,
    title: "Account or address of the watch list",
    group: Group::Network,
    records: &[Records::UserSignIns],
    helped_by: &[
        (Records::Audits, "what was done in the directory from such an address shows only there"),
        (Records::Activities, "what was done in mailboxes and files from such an address shows only there"),
    ],
    needs: &[],
    wants: &[Field::Address, Field::Result],
    history_days: 0,
    tunables: &[
        Tunable::words("addresses", "addresses, networks and systems that are known to be an intruder's"),
        Tunable::words("accounts", "user names that alerts or a report name"),
    ],
    prepare,
    kql: include_str!("watch_list.kql"),
    file: "watch_list",
};

fn prepare<'a>(_: &'a Store, tuning: &'a Tuning) -> Ask<'a> {
    let (addresses, accounts) = (tuning.words(ID, "addresses"), tuning.words(ID, "accounts"));
    // What kind of network they are does not matter here.
    let entry = |text: &String| {
        let span = Span::parse(text).ok()?;
        Some((0, Entry { span, kind: NetworkKind::Proxy, name: text.as_str().into() }))
    };
    let lists = Lists::new(addresses.iter().filter_map(entry).collect());
    Box::new(move |subject, found| {
        let view = subject.view;
        if !lists.is_empty() {
            for (index, session) in view.sessions.iter().enumerate() {
                found.extend(there(&lists, view, index, session));
            }
            found.extend(acts(&lists, view));
        }
        let name = view.store.texts.get(view.person.name).to_ascii_lowercase();
        if accounts.contains(&name) {
            found.extend(account(view));
        }
    })
}

/// The entry of the list that a network lies in.
fn listed(lists: &Lists, network: Option<Network>) -> Option<&str> {
    let network = network?;
    let found = lists.find(network.address, network.asn, &mut |_| {});
    lists.entry(found).map(|(_, entry)| &*entry.name)
}

/// Facts: `entry`, of the list; `sign_ins`, how many; `entered`, how many of them succeeded.
fn there(lists: &Lists, view: &View<'_>, index: usize, session: &Session) -> Option<Finding> {
    let rows = view.rows(&session.sign_ins).filter(|(_, row)| row.stream().is_user());
    let own: Vec<(u32, &SignIn)> = rows.filter(|(_, row)| listed(lists, view.network(row)).is_some()).collect();
    let entered = own.iter().filter(|(_, row)| view.succeeded(row)).count();
    let (_, told) = own.iter().find(|(_, row)| view.succeeded(row)).or_else(|| own.first())?;
    let entry = listed(lists, view.network(told)).unwrap_or_default();
    Some(Finding {
        detection: ID,
        variant: "address",
        strand: "address",
        severity: if entered > 0 { Severity::High } else { Severity::Low },
        confidence: Confidence::High,
        session: Some(index),
        anchor: session.anchor,
        title: "Sign-in from an address of the watch list".to_owned(),
        why: format!(
            "{} {} from {} at {}: your watch list names {entry}.",
            who(view),
            if entered > 0 { "signed in" } else { "was tried" },
            place(view.network(told)),
            moment(told.time),
        ),
        what: "Address of the watch list",
        evidence: in_order(view, sign_ins("address", own.iter().take(LISTED).map(|(number, _)| *number)).collect()),
        facts: facts(json!({"entry": entry, "sign_ins": own.len(), "entered": entered})),
    })
}

/// Facts: `entry`, of the list; `acts`, how many.
fn acts(lists: &Lists, view: &View<'_>) -> Option<Finding> {
    let audits = view.audits().filter(|(_, row)| did(view, row)).map(|(number, _)| EventRef::Audit(number));
    let all = audits.chain(view.activities().map(|(number, _)| EventRef::Activity(number)));
    let own: Vec<EventRef> = all.filter(|event| listed(lists, view.network_of(*event)).is_some()).collect();
    let first = *own.iter().min_by_key(|event| view.time_of(**event))?;
    let entry = listed(lists, view.network_of(first)).unwrap_or_default();
    let evidence = own.iter().take(LISTED).map(|event| Evidence { role: "act", event: *event });
    Some(Finding {
        detection: ID,
        variant: "act",
        strand: "act",
        severity: Severity::High,
        confidence: Confidence::High,
        session: None,
        anchor: Id::EMPTY,
        title: "Acts from an address of the watch list".to_owned(),
        why: format!(
            "{} acts of {} came from {} and others of your watch list, the first at {}.",
            own.len(),
            who(view),
            entry,
            view.time_of(first).map(moment).unwrap_or_default(),
        ),
        what: "Acts from the watch list",
        evidence: in_order(view, evidence.collect()),
        facts: facts(json!({"entry": entry, "acts": own.len()})),
    })
}

/// Facts: `sign_ins`, how many; `entered`, how many of them succeeded.
fn account(view: &View<'_>) -> Option<Finding> {
    let own: Vec<(u32, &SignIn)> = view.sign_ins().filter(|(_, row)| row.stream().is_user()).collect();
    let entered = own.iter().filter(|(_, row)| view.succeeded(row)).count();
    let ((_, first), (_, last)) = own.first().zip(own.last())?;
    Some(Finding {
        detection: ID,
        variant: "account",
        strand: "account",
        severity: Severity::Low,
        confidence: Confidence::High,
        session: None,
        anchor: Id::EMPTY,
        title: "Account of the watch list".to_owned(),
        why: format!(
            "Your watch list names {}: {} sign-ins from {} to {}, of which {entered} succeeded.",
            who(view),
            own.len(),
            moment(first.time),
            moment(last.time),
        ),
        what: "Account of the watch list",
        evidence: in_order(view, sign_ins("account", own.iter().take(LISTED).map(|(number, _)| *number)).collect()),
        facts: facts(json!({"sign_ins": own.len(), "entered": entered})),
    })
}
