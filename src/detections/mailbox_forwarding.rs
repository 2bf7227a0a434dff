//! Mail is sent on to an address outside.
//!
//! # What it looks for
//! A mailbox that was set to forward, or a rule of an inbox that forwards or redirects, to an address that is in
//! none of the tenant's domains. The domains are learned from the names of those who sign in and own mailboxes; what
//! lies below one is own, what only looks like one is not, and nobody owns a provider's domain that anybody can have an
//! address of. An address that mailboxes of `people` or more forward to is worse.
//!
//! # Why it matters
//! Forwarding outlives the session, the password and the token: whoever set it goes on reading.
//!
//! # Evidence it needs
//! Unified audit log or OfficeActivity of Exchange.
//!
//! # Benign causes
//! * People who send their mail on to a private address, and systems of tickets or archives outside.
//! * A second domain of the organisation that nobody signs in with.
//!
//! # Tuning
//! `people`: mailboxes that forward to one address, from which on it is worse.
//!
//! # What to ask
//! * Whose address is it, and did the owner set it up?
//!
//! # What to do
//! * Take the forwarding out, and keep what it said.
//! * Forbid automatic forwarding to the outside in the outbound spam policy.
//!
//! # References
//! * ATT&CK T1114.003
//! * Microsoft, Suspicious email forwarding activity
//! * Elastic, Inbox forwarding rule created

use crate::order::Map;

use serde_json::json;

use crate::events::Store;
use crate::knowledge::mail::is_consumer;
use crate::order::Arrange;
use crate::tenant::mailboxes::{forwards, mailbox};

use super::acts::{Act, Told, acts, finding, groups, quoted, some_of};
use super::{Ask, Confidence, Detection, Finding, Group, Records, Severity, Subject, Tunable, Tuning};

const ID: &str = "mailbox-forwarding";
const OPERATIONS: [&str; 5] = ["Set-Mailbox", "New-Mailbox", "New-InboxRule", "Set-InboxRule", "UpdateInboxRules"];

pub(super) static DETECTION: Detection = Detection {
    id: ID,
    title: "Mail forwarded to the outside",
    group: Group::Mailbox,
    records: &[Records::Mail],
    helped_by: &[(Records::UserSignIns, "they show in whose session it was set up, and more of the tenant's domains")],
    needs: &[],
    wants: super::TIES,
    history_days: 0,
    tunables: &[Tunable::number("people", "2", "mailboxes that forward to one address, from which on it is worse")],
    prepare,
    kql: include_str!("mailbox_forwarding.kql"),
    file: "mailbox_forwarding",
};

fn prepare<'a>(_: &'a Store, tuning: &'a Tuning) -> Ask<'a> {
    let people = tuning.number(ID, "people").unwrap_or(2).unsigned_abs() as usize;
    Box::new(move |subject, found| look(people, subject, found))
}

/// Facts: `targets`, the addresses; `mailboxes` that forward; `sharing`, mailboxes that forward to the address
/// that most do; `consumer`, whether anybody can have such an address; `keeps_copy`, whether the mailbox keeps one.
fn look(people: usize, subject: &Subject<'_>, found: &mut Vec<Finding>) {
    let view = subject.view;
    let known = &view.tenant.mailboxes;
    let domain = |name: &str| name.rsplit_once('@').map(|(_, domain)| domain.to_lowercase());
    for group in groups(acts(view, &OPERATIONS)) {
        let mut by_target: Map<String, Vec<Act<'_>>> = Map::new();
        for act in group {
            // Where nothing was learned, the domains of the actor and of the mailbox are own all the same.
            let near =
                [view.store.user(act.row.user).name, act.row.owner].map(|name| domain(view.store.texts.get(name)));
            for target in forwards(view.store, act.row) {
                let own = domain(&target);
                let beside = own.is_some() && near.contains(&own) && !own.as_deref().is_some_and(is_consumer);
                if !known.is_own(&target) && !beside {
                    by_target.entry(target).or_default().push(act);
                }
            }
        }
        let Some(sharing) = by_target.keys().map(|target| known.forwarding_to(target)).max() else { continue };
        let consumer = by_target.keys().any(|target| domain(target).as_deref().is_some_and(is_consumer));
        let mut all: Vec<Act<'_>> = by_target.values().flatten().copied().collect();
        all.arrange_by_key(|act| (act.row.time, act.row.input, act.row.record));
        all.dedup_by_key(|act| act.number);
        let mailboxes: Vec<String> = all.iter().map(|act| mailbox(view.store, act.row)).collect();
        let keeps = all.iter().filter_map(|act| act.parameters(view).switch("DeliverToMailboxAndForward")).min();
        let shared = sharing >= people.max(1);
        let named = by_target.keys().next().map_or_else(String::new, |target| quoted(target));
        let more = match (shared, keeps) {
            (true, _) => format!("{sharing} mailboxes forward there."),
            (false, Some(false)) => "The mailbox keeps no copy.".to_owned(),
            _ => String::new(),
        };
        found.extend(finding(
            subject,
            Told {
                detection: &DETECTION,
                variant: if shared { "shared" } else { "outside" },
                strand: "outside",
                severity: if shared { Severity::High } else { Severity::Medium },
                confidence: Confidence::High,
                role: "forwarding",
                acts: &all,
                did: format!("set mail to be sent on to {named}"),
                more,
                what: "Mail forwarded to the outside",
                facts: json!({
                    "targets": some_of(by_target.keys().map(String::as_str), 50),
                    "mailboxes": some_of(mailboxes.iter().map(String::as_str), 50),
                    "sharing": sharing,
                    "consumer": consumer,
                    "keeps_copy": keeps,
                }),
            },
        ));
    }
}
