//! What Microsoft's Identity Protection says of a user or a sign-in.
//!
//! # What it looks for
//! Each risk detection of Identity Protection, and each successful sign-in that carries a type of risk or
//! a medium or high level. One finding for each type in a session; a record belongs to the session of the
//! sign-in that it names by request id, else by correlation id, else of the user's sign-in from its
//! address within ten minutes. A record that leads to no sign-in stays a finding of the user. What it
//! says of how a user stands counts only where an administrator confirmed that the user is compromised.
//!
//! # Why it matters
//! Microsoft sees more than the logs hold: tokens read from devices, addresses of attackers, passwords for
//! sale. Its detections of stolen tokens often have no sign-in record at all.
//!
//! # Evidence it needs
//! Risk detections (riskDetections of Graph, `AADUserRiskEvents`, diagnostic settings), or sign-ins with their
//! level and types of risk; where a tenant has no licence for them, these are hidden. Types that speak of a stolen token or password, or are somebody's word, are
//! high; addresses, unfamiliar properties, spraying and mailbox rules medium, and unfamiliar properties of
//! a client's sign-in high; travel, browsers and what is not named low. A low level, or a risk that was
//! remediated or dismissed, is one milder; a confirmed one is one worse, and one that was found safe is told
//! and no more. Sure where an id leads to the sign-in.
//!
//! # Benign causes
//! * A traveller, a new phone, a private VPN.
//! * A browser or program that renews its token in a way that is new.
//!
//! # Tuning
//! Nothing to tune: what counts is Microsoft's own verdict.
//!
//! # What to ask
//! * Was it the user, and from where?
//!
//! # What to do
//! * Look at what else speaks about the session, then confirm or dismiss the risk in the portal.
//! * Revoke the user's sessions and reset the password where it was not the user.
//!
//! # References
//! * ATT&CK T1078.004, T1550.001
//! * Microsoft, Token theft playbook; risk types of Entra ID Protection
//! * Elastic, Sigma, Microsoft Sentinel, Panther: alerts of Identity Protection

use crate::order::{Map, Set};

use serde_json::json;

use crate::events::field::Field;
use crate::events::{Id, Store};
use crate::knowledge::risks::OF_USERS;
use crate::order::Gather;
use crate::sessions::{EventRef, Link, View};

use super::evidence::{facts, in_order, moment, place, who};
use super::risk::{Told, is_application, told};
use super::{Ask, Confidence, Detection, Evidence, Finding, Group, Records, Severity, Tuning};

const ID: &str = "identity-protection";
/// Records that a finding shows; all are counted.
const LISTED: usize = 200;

pub(super) static DETECTION: Detection = Detection {
    id: ID,
    title: "Microsoft detected a risk",
    group: Group::Risk,
    records: &[Records::Risks],
    helped_by: &[(
        Records::RiskRecords,
        "most detections come hours after the sign-in or belong to none, and show there only",
    )],
    needs: &[],
    wants: &[Field::Risk, Field::RiskTypes],
    history_days: 0,
    tunables: &[],
    prepare,
    kql: include_str!("identity_protection.kql"),
    file: "identity_protection",
};

fn prepare<'a>(_: &'a Store, _: &'a Tuning) -> Ask<'a> {
    Box::new(|subject, found| {
        let view = subject.view;
        if is_application(view) {
            return;
        }
        let mut by_kind: Map<(Option<usize>, &'static str), Vec<Told>> = Map::new();
        for item in told(view, OF_USERS) {
            by_kind.entry((item.session, item.kind.name)).or_default().push(item);
        }
        found.extend(by_kind.values().filter_map(|items| finding(view, ID, "sign-in", items)));
    })
}

/// Facts: `records`, how many; `levels` and `states` they have; `link`, by which the surest leads to a sign-in.
pub(super) fn finding(view: &View<'_>, id: &'static str, of: &str, items: &[Told]) -> Option<Finding> {
    let texts = &view.store.texts;
    // The earliest of the worst is told.
    let worst = items.iter().rev().max_by_key(|item| (item.severity, item.confidence))?;
    let link = items.iter().filter_map(|item| item.link).min();
    let session = worst.session.and_then(|index| view.sessions.get(index));
    let values = |text: fn(&Told) -> crate::events::TextId| -> Set<&str> {
        items.iter().filter_map(|item| texts.value(text(item))).gather()
    };
    let (levels, states) = (values(|item| item.level), values(|item| item.state));
    let records = items.iter().take(LISTED).map(|item| Evidence { role: "risk", event: item.event });
    let named = items.iter().take(LISTED).filter_map(|item| item.sign_in);
    let named = named.map(|number| Evidence { role: "sign-in", event: EventRef::SignIn(number) });
    let loose = match (link, of) {
        (None, "sign-in") => " No sign-in of these exports belongs to it, as is often so.",
        _ => "",
    };
    let settled = match worst.severity {
        Severity::Info => " It was found safe.",
        _ if super::risk::is_settled(view.store, worst.state) => " The risk was remediated or dismissed since.",
        _ => "",
    };
    Some(Finding {
        detection: id,
        variant: worst.kind.name,
        strand: worst.kind.name,
        severity: worst.severity,
        confidence: items
            .iter()
            .filter(|item| item.severity == worst.severity)
            .map(|item| item.confidence)
            .max()
            .unwrap_or(Confidence::Medium),
        session: worst.session,
        anchor: session.map_or(Id::EMPTY, |session| session.anchor),
        title: format!("Microsoft: {}", worst.kind.words),
        why: format!(
            "Microsoft marked {} from {} at {} as a risk: {} ({}).{loose}{settled}",
            if of == "sign-in" { format!("a sign-in of {}", who(view)) } else { who(view) },
            place(view.network_of(worst.event).or_else(|| view.network(view.store.sign_in(worst.sign_in?)?))),
            moment(worst.time),
            worst.kind.words,
            if levels.is_empty() {
                "its level is not told".to_owned()
            } else {
                format!("level {}", texts.get(worst.level))
            },
        ),
        what: "Microsoft detected a risk",
        evidence: in_order(view, records.chain(named).collect()),
        facts: facts(json!({
            "records": items.len(),
            "levels": levels,
            "states": states,
            "link": link.map(Link::name),
        })),
    })
}
