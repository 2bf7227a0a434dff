//! Two traces of *a sign-in through somebody else's proxy* that other logs hold: a method registered after
//! a second factor that a risk asked for was refused, and a mailbox opened in the way of such proxies.

use crate::order::Map;

use serde_json::json;

use crate::events::{Activity, Audit, Id};
use crate::sessions::{EventRef, Familiarity, Link, Session, View};
use crate::tenant::{Network, same_network};

use super::adversary_in_the_middle::DETECTION;
use super::evidence::{activities, audits, duration, facts, in_order, moment, place, sign_ins, who};
use super::registrations::registered;
use super::{Confidence, Finding, Severity, Subject};

const HOUR: i64 = 3_600_000_000;
/// Records that a finding shows; all are counted.
const LISTED: usize = 200;
/// How Exchange calls an act of Outlook on the web that was passed on, in lower case.
const VIA_PROXY: &str = "client=owa;action=viaproxy";
/// Systems of mail gateways, which pass people on by their trade.
const GATEWAYS: [u32; 16] =
    [13916, 16417, 22616, 22843, 26211, 30031, 30215, 30238, 33538, 37235, 39588, 42427, 52129, 53813, 60492, 62044];

/// Methods that were registered, with the session that each is tied to.
pub(super) fn registrations<'a>(view: &View<'a>) -> Vec<(u32, &'a Audit, usize, Link)> {
    let linked = registered(view).filter(|item| !item.is_device()).filter_map(|item| {
        let linked = view.linked(EventRef::Audit(item.number))?;
        Some((item.number, item.row, linked.session, linked.link))
    });
    linked.collect()
}

/// Facts: `refused`, how many times; `registered`, how many methods.
pub(super) fn registered_after_risk(
    subject: &Subject<'_>,
    index: usize,
    session: &Session,
    registered: &[(u32, &Audit, usize, Link)],
) -> Option<Finding> {
    let view = subject.view;
    let own: Vec<_> = registered.iter().filter(|(_, _, of, _)| *of == index).collect();
    own.first()?;
    let risky = |level: &str| ["medium", "high"].iter().any(|name| level.eq_ignore_ascii_case(name));
    let refused: Vec<(u32, i64)> = view
        .rows(&session.sign_ins)
        .filter(|(_, row)| risky(view.store.texts.get(view.store.risk(row.risk).during)) && view.refused_factor(row))
        .map(|(number, row)| (number, row.time))
        .collect();
    let after = |time: i64| refused.iter().rev().find(|(_, at)| (*at..=at.saturating_add(HOUR)).contains(&time));
    let then: Vec<_> = own.into_iter().filter(|(_, row, ..)| after(row.time).is_some()).collect();
    let (_, first, ..) = then.first()?;
    let (asked, at) = after(first.time)?;
    let sure = then.iter().any(|(_, _, _, link)| *link < Link::Place);
    let from = view.store.sign_in(*asked).and_then(|row| view.network(row));
    let evidence = sign_ins("refused", refused.iter().take(LISTED).map(|(number, _)| *number))
        .chain(audits("registration", then.iter().take(LISTED).map(|(number, ..)| *number)));
    Some(Finding {
        detection: DETECTION.id,
        variant: "risk-registration",
        strand: "risk-registration",
        severity: Severity::High,
        confidence: if sure { Confidence::High } else { Confidence::Medium },
        session: Some(index),
        anchor: session.anchor,
        title: "Method registered after a risky sign-in failed its second factor".to_owned(),
        why: format!(
            "A sign-in of {} from {} at {} was called risky and its second factor was refused; {} later, in the same session, a sign-in method was registered.",
            who(view),
            place(from),
            moment(*at),
            duration(first.time - at),
        ),
        what: "Method registered after refusal",
        evidence: in_order(view, evidence.collect()),
        facts: facts(json!({"refused": refused.len(), "registered": then.len()})),
    })
}

fn begins_with(text: &str, begin: &str) -> bool {
    text.get(..begin.len()).is_some_and(|start| start.eq_ignore_ascii_case(begin))
}

/// An act that was passed on, and the network it came from.
type Passed<'a> = (u32, &'a Activity, Network);

/// Facts: `acts`, how many; `link`, what ties them to the session.
pub(super) fn via_proxy(subject: &Subject<'_>, found: &mut Vec<Finding>) {
    let view = subject.view;
    let mut by_session: Map<Option<usize>, (Link, Vec<Passed<'_>>)> = Map::new();
    for (number, row) in view.activities() {
        let texts = &view.store.texts;
        let says = [row.client, row.agent].iter().any(|text| begins_with(texts.get(*text), VIA_PROXY));
        if !says {
            continue;
        }
        let linked = view.linked(EventRef::Activity(number));
        let session = linked.map(|linked| linked.session);
        let Some(network) = view
            .network_of(EventRef::Activity(number))
            .filter(|network| !view.own.has(network) && !network.asn.is_some_and(|asn| GATEWAYS.contains(&asn)))
        else {
            continue;
        };
        if is_strange(subject, session, row, network) {
            let link = linked.map_or(Link::Place, |linked| linked.link);
            let known = by_session.entry(session).or_insert((link, Vec::new()));
            known.0 = known.0.min(link);
            known.1.push((number, row, network));
        }
    }
    for (session, (link, acts)) in by_session {
        let Some((_, row, network)) = acts.iter().find(|(_, _, network)| network.is_hosting()).or(acts.first()) else {
            continue;
        };
        let hosting = network.is_hosting();
        let listed = activities("passed on", acts.iter().take(LISTED).map(|(number, ..)| *number));
        let session_of = session.and_then(|index| view.sessions.get(index));
        found.push(Finding {
            detection: DETECTION.id,
            variant: "via-proxy",
            strand: "via-proxy",
            severity: if hosting { Severity::High } else { Severity::Medium },
            confidence: if link < Link::Place { Confidence::Medium } else { Confidence::Low },
            session,
            anchor: session_of.map_or_else(|| acts.first().map_or(Id::EMPTY, |(_, row, _)| row.id), |session| session.anchor),
            title: "Mailbox opened through a proxy".to_owned(),
            why: format!(
                "The mailbox of {} was opened at {} from {} by Outlook on the web, passed on by another server (Action=ViaProxy). The user does not sign in from there.{}",
                who(view),
                moment(row.time),
                place(Some(*network)),
                if hosting { " That is a hosting or VPN network, where phishing proxies stand." } else { "" },
            ),
            what: "Mailbox opened through a proxy",
            evidence: in_order(view, listed.collect()),
            facts: facts(json!({"acts": acts.len(), "link": link.name()})),
        });
    }
}

/// Whether the user is not known to be there: a hosting network or one that history calls unfamiliar, or
/// one that the session's sign-ins, which are there, are all apart from.
fn is_strange(subject: &Subject<'_>, session: Option<usize>, row: &Activity, network: Network) -> bool {
    let view = subject.view;
    let near = view.nearest(row.address, row.time).and_then(|number| view.store.sign_in(number));
    let seen = near.map_or(Familiarity::Unknown, |near| subject.familiar.network(view, near));
    let apart = || {
        let session = session.and_then(|index| view.sessions.get(index));
        session.is_some_and(|session| {
            let mut networks = view.rows(&session.sign_ins).filter_map(|(_, row)| view.network(row));
            networks.all(|other| same_network(Some(other), Some(network)) == Some(false))
        })
    };
    seen != Familiarity::Familiar && (network.is_hosting() || seen == Familiarity::Unfamiliar || apart())
}
