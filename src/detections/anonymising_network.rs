//! A sign-in from a network that rents out machines or hides its users.
//!
//! # What it looks for
//! A success from a hosting or VPN network that the user does not often use: of the built-in list, or
//! of a list of hosting networks, exits of Tor or relays that was put beside the exports; or one that
//! Microsoft marked as from an anonymous address. One finding a session.
//! What failed from there is counted in one quiet finding a user.
//!
//! # Why it matters
//! People seldom sit in data centres: intruders rent machines there, and hide behind VPN exits in the
//! user's own country. By itself it is a sign and no more; it strengthens others.
//!
//! # Evidence it needs
//! Sign-ins with the number of the network, or types of risk, or a list of such networks beside the exports:
//! without any of them it is blind, and with one of them it sees what that one tells. The built-in list of
//! hosting networks is short: silence says nothing. Exits of Tor show only through Microsoft's risk event, or
//! through a list of them.
//!
//! # Benign causes
//! * A private VPN of the user's own, or a company's cloud proxy.
//! * A virtual desktop or build machine in a data centre.
//!
//! # Tuning
//! Nothing can be tuned: the short list is part of the program. Files such as `tor.txt` or
//! `hosting.csv` beside the exports add to it; what `known-good.txt` holds is left out.
//!
//! # What to ask
//! * Does the user work through a VPN, and through which?
//!
//! # What to do
//! * Look at what else speaks about the session.
//! * Put the organisation's own exits into a file `known-good.txt`, or give its named locations.
//!
//! # References
//! * ATT&CK T1090.003, T1078.004
//! * Elastic, Entra ID sign-in from networks seen in token theft
//! * Sigma, sign-ins from anonymous addresses

use serde_json::json;

use crate::enrichment::NetworkKind;
use crate::events::field::Field;
use crate::events::{Id, SignIn, Store};
use crate::knowledge::results::ResultClass;
use crate::sessions::{Familiarity, Session, View};

use super::evidence::{facts, in_order, moment, place, sign_ins, who};
use super::{Ask, Confidence, Detection, Finding, Group, Records, Severity, Subject, Tuning};

const ID: &str = "anonymising-network";
/// Sign-ins that a finding shows; all are counted.
const LISTED: usize = 200;

pub(super) static DETECTION: Detection = Detection {
    id: ID,
    title: "Sign-in from a hosting or VPN network",
    group: Group::Network,
    records: &[Records::UserSignIns],
    helped_by: &[(Records::NonInteractive, "a stolen token is used there and hardly ever in the interactive log")],
    needs: &[&[Field::Asn, Field::RiskTypes], &[Field::Result]],
    wants: &[Field::Address],
    history_days: 0,
    tunables: &[],
    prepare,
    kql: include_str!("anonymising_network.kql"),
    file: "anonymising_network",
};

fn prepare<'a>(_: &'a Store, _: &'a Tuning) -> Ask<'a> {
    Box::new(|subject, found| {
        let view = subject.view;
        for (index, session) in view.sessions.iter().enumerate() {
            let hidden: Vec<(u32, &SignIn, Familiarity)> = view
                .rows(&session.sign_ins)
                .filter(|(_, row)| view.succeeded(row) && row.stream().is_user() && is_hidden(view, row))
                .map(|(number, row)| (number, row, subject.familiar.network(view, row)))
                .filter(|(_, _, familiarity)| *familiarity != Familiarity::Familiar)
                .collect();
            found.extend(finding(view, index, session, &hidden));
        }
        found.extend(failures(subject));
    })
}

fn is_hidden(view: &View<'_>, row: &SignIn) -> bool {
    let network = view.network(row);
    let listed = network.and_then(|network| network.listed.kind());
    match listed {
        Some(NetworkKind::KnownGood) => false,
        Some(_) => true,
        None => network.is_some_and(|network| network.is_hosting()) || is_anonymous(view, row),
    }
}

/// Microsoft's own word that the address is one of Tor or of an anonymising proxy.
fn is_anonymous(view: &View<'_>, row: &SignIn) -> bool {
    let events = view.store.texts.get(view.store.risk(row.risk).events);
    events.split(' ').any(|event| event.eq_ignore_ascii_case("anonymizedIPAddress"))
}

/// Facts: `sign_ins`, how many; `network`, whose it is; `seen_in_token_theft`, whether public rules name
/// it; `anonymous`, whether Microsoft said so; `listed`, as what a list names it.
fn finding(
    view: &View<'_>,
    index: usize,
    session: &Session,
    hidden: &[(u32, &SignIn, Familiarity)],
) -> Option<Finding> {
    let surest = |(_, row, familiarity): &&(u32, &SignIn, Familiarity)| {
        (*familiarity == Familiarity::Unfamiliar, is_anonymous(view, row))
    };
    let (_, told, familiarity) = hidden.iter().rev().max_by_key(surest)?;
    let anonymous = is_anonymous(view, told);
    let network = view.network(told);
    let listed = network.and_then(|network| network.listed.kind());
    let sure = anonymous || listed.is_some_and(NetworkKind::weighs);
    let (severity, confidence) = match (familiarity, sure) {
        // People use these in their own country, and do not know it.
        _ if listed == Some(NetworkKind::Relay) => (Severity::Low, Confidence::Low),
        (Familiarity::Unfamiliar, _) => (Severity::Medium, Confidence::Medium),
        (_, true) => (Severity::Medium, Confidence::Medium),
        _ => (Severity::Low, Confidence::Low),
    };
    let hosting = network.and_then(|network| network.hosting());
    let seen = hosting.is_some_and(|network| network.seen_in_token_theft);
    let mut why = format!("{} signed in from {} at {}.", who(view), place(network), moment(told.time));
    why.push_str(match familiarity {
        Familiarity::Unfamiliar => " The user had never been there.",
        _ => " Whether the user often is there cannot be told.",
    });
    if seen {
        why.push_str(" Public rules name this network in token theft.");
    }
    if anonymous {
        why.push_str(" Microsoft marked the address as anonymous.");
    }
    Some(Finding {
        detection: ID,
        variant: "success",
        strand: "success",
        severity,
        confidence,
        session: Some(index),
        anchor: session.anchor,
        title: match (listed, hosting) {
            (Some(kind), _) => format!("Sign-in from a network listed as {}", kind.words()),
            (None, Some(network)) => format!("Sign-in from {}, which hosts machines or hides its users", network.name),
            (None, None) => "Sign-in from an anonymous address".to_owned(),
        },
        why,
        what: "Sign-in from hosting or VPN",
        evidence: in_order(view, sign_ins("success", hidden.iter().take(LISTED).map(|item| item.0)).collect()),
        facts: facts(json!({
            "sign_ins": hidden.len(),
            "network": hosting.map(|network| network.name),
            "seen_in_token_theft": seen,
            "anonymous": anonymous,
            "listed": listed.map(NetworkKind::name),
        })),
    })
}

/// Facts: `failures`, how many.
fn failures(subject: &Subject<'_>) -> Option<Finding> {
    let view = subject.view;
    let failed: Vec<u32> = view
        .sign_ins()
        .filter(|(_, row)| row.stream().is_user() && view.code(row).is_some() && !view.succeeded(row))
        .filter(|(_, row)| is_hidden(view, row))
        .filter(|(_, row)| !matches!(view.class(row), ResultClass::Success | ResultClass::Interrupt))
        .filter(|(_, row)| subject.familiar.network(view, row) != Familiarity::Familiar)
        .map(|(number, _)| number)
        .collect();
    let first = view.store.sign_in(*failed.first()?)?;
    Some(Finding {
        detection: ID,
        variant: "failure",
        strand: "failure",
        severity: Severity::Info,
        confidence: Confidence::Medium,
        session: None,
        anchor: Id::EMPTY,
        title: format!("{} sign-ins from hosting or VPN networks failed", failed.len()),
        why: format!(
            "{} sign-ins as {} failed from hosting or VPN networks, the first from {} at {}.",
            failed.len(),
            who(view),
            place(view.network(first)),
            moment(first.time),
        ),
        what: "Failed from hosting or VPN",
        evidence: in_order(view, sign_ins("failure", failed.iter().copied().take(LISTED)).collect()),
        facts: facts(json!({"failures": failed.len()})),
    })
}
