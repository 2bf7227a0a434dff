//! Mail that was read, how much, by what and in whose session.
//!
//! # What it looks for
//! *exposed*: mails that were read in a session with another finding: the list of what must count as known to others.
//! *volume*: `mails` or more in an hour, more than `percent` of what the whole tenant reads in it, and more than three
//! times what the user reads in any hour of other days. *tool*: mail that a script or an attacker's tool read.
//! *many-mailboxes*: `mailboxes` or more of others read by one user or application within `minutes`; somewhat milder
//! where it happens on three days or more, as backups and journals do.
//!
//! # Why it matters
//! What was read decides what must be done: which partners are told, which passwords are changed, what the law asks for.
//!
//! # Evidence it needs
//! `MailItemsAccessed` of the unified audit log. Records of whole folders (`Sync`) name no mail: all that was in the folder
//! counts as read. After 1,000 records of a mailbox in a day Exchange stops writing them down (`IsThrottled`), and says so.
//!
//! # Benign causes
//! * A new phone or a new profile of Outlook that fetches the whole mailbox.
//! * Backup, archive and discovery software.
//! * A user's own script.
//!
//! # Tuning
//! `mails` and `percent` of *volume*; `mailboxes` and `minutes` of *many-mailboxes*.
//!
//! # What to ask
//! * Which software reads mailboxes here, and under which name?
//!
//! # What to do
//! * Search the message ids in the message trace, and list senders and subjects.
//! * Where records were throttled or are of whole folders, take everything in these folders as read.
//!
//! # References
//! * ATT&CK T1114.002
//! * Microsoft, Use MailItemsAccessed to investigate compromised accounts
//! * Splunk, Multiple mailboxes accessed by one application

use crate::order::{Map, Set};

use serde_json::json;

use crate::events::{Activity, Store};
use crate::order::Gather;
use crate::words::figure;

use super::acts::{
    Act, Exposed, REGULAR, Told, acts, days_of, expose, finding, groups, in_hours, is_one, many, peaks, regularly,
    tool, usual_beside,
};
use super::exposure::READS;
use super::windows::runs;
use super::{Ask, Confidence, Detection, Finding, Group, Records, Severity, Subject, Tunable, Tuning, exposure};

const ID: &str = "mail-access";

pub(super) static DETECTION: Detection = Detection {
    id: ID,
    title: "Mail read",
    group: Group::Mailbox,
    records: &[Records::Mail],
    helped_by: &[(Records::UserSignIns, "they show in whose session mail was read")],
    needs: &[],
    wants: super::TIES,
    history_days: 0,
    tunables: &[
        Tunable::number("mails", "100", "mails read in an hour, from which on it is much"),
        Tunable::number("percent", "50", "share of the tenant's mails of that hour that it must exceed"),
        Tunable::number("mailboxes", "6", "mailboxes of others read close together"),
        Tunable::number("minutes", "10", "minutes within which they are, inclusive"),
    ],
    prepare,
    kql: include_str!("mail_access.kql"),
    file: "mail_access",
};

struct Limits {
    mails: u64,
    percent: u64,
    mailboxes: usize,
    window: i64,
}

fn prepare<'a>(_: &'a Store, tuning: &'a Tuning) -> Ask<'a> {
    let number = |name: &str, otherwise: i64| tuning.number(ID, name).unwrap_or(otherwise);
    let limits = Limits {
        mails: number("mails", 100).unsigned_abs(),
        percent: number("percent", 50).unsigned_abs(),
        mailboxes: number("mailboxes", 6).unsigned_abs() as usize,
        window: number("minutes", 10).saturating_mul(60_000_000),
    };
    Box::new(move |subject, found| look(&limits, subject, found))
}

fn look(limits: &Limits, subject: &Subject<'_>, found: &mut Vec<Finding>) {
    let all = acts(subject.view, &READS);
    if !all.is_empty() {
        volume(limits, subject, &all, found);
        tools(subject, &all, found);
        mailboxes(limits, subject, &all, found);
    }
}

/// Facts of all variants: `exposure`, see [`exposure::mails`]. Of *volume*: `usual`, most mails in an hour of other days.
fn volume(limits: &Limits, subject: &Subject<'_>, all: &[Act<'_>], found: &mut Vec<Finding>) {
    let done = all.iter().map(|act| (act.row.time, u64::from(act.row.items.max(1))));
    let mut peaks = peaks(done, limits.mails, 3);
    peaks.retain(|peak| {
        let tenant = subject.view.tenant.mailboxes.read_in(peak.hour);
        peak.done.saturating_mul(100) > tenant.saturating_mul(limits.percent)
    });
    let usual = usual_beside(&peaks);
    for acts in groups(in_hours(all, &peaks)) {
        let mails: u64 = acts.iter().map(|act| u64::from(act.row.items.max(1))).sum();
        let more = match usual {
            Some(usual) => format!("In an hour of other days the user reads {} at most.", figure(usual)),
            None => "There are no other days to compare with.".to_owned(),
        };
        found.extend(finding(
            subject,
            Told {
                detection: &DETECTION,
                variant: "volume",
                strand: "volume",
                severity: Severity::Medium,
                confidence: if usual.is_some() { Confidence::Medium } else { Confidence::Low },
                role: "read",
                acts: &acts,
                did: format!("read {}, most of what the tenant read in the hour,", many(mails as usize, "mail")),
                more,
                what: "Much mail read",
                facts: json!({"exposure": exposure::mails(subject.view, &acts), "usual": usual}),
            },
        ));
    }
}

fn tools(subject: &Subject<'_>, all: &[Act<'_>], found: &mut Vec<Finding>) {
    let by: Vec<Act<'_>> = all.iter().filter(|act| tool(subject, act).is_some()).copied().collect();
    let days = days_of(&by);
    for acts in groups(by) {
        let names: Set<&str> = acts.iter().filter_map(|act| tool(subject, act)).gather();
        let named = names.iter().copied().collect::<Vec<_>>().join(", ");
        found.extend(finding(
            subject,
            Told {
                detection: &DETECTION,
                variant: "tool",
                strand: "tool",
                severity: if days >= REGULAR { Severity::Low } else { Severity::Medium },
                confidence: Confidence::Medium,
                role: "read",
                acts: &acts,
                did: format!("read mail with {named}"),
                more: regularly(days),
                what: "Mail read by a script",
                facts: json!({"exposure": exposure::mails(subject.view, &acts), "tools": names, "days": days}),
            },
        ));
    }
}

/// Facts of *many-mailboxes* and *tool*: `days`, on how many days it happened.
fn mailboxes(limits: &Limits, subject: &Subject<'_>, all: &[Act<'_>], found: &mut Vec<Finding>) {
    let view = subject.view;
    let texts = &view.store.texts;
    let others = all.iter().filter(|act| {
        let (owner, own) = (texts.get(act.row.owner), texts.get(view.store.user(act.row.user).name));
        !owner.is_empty() && owner != own
    });
    let others: Vec<Act<'_>> = others.copied().collect();
    // A mailbox counts with its first record, and again only when the window has passed.
    let mut last: Map<&str, i64> = Map::new();
    let mut firsts: Vec<i64> = Vec::new();
    for act in &others {
        let owner = texts.get(act.row.owner);
        if last.get(owner).is_none_or(|time| act.row.time - time > limits.window) {
            last.insert(owner, act.row.time);
            firsts.push(act.row.time);
        }
    }
    let spans: Vec<(i64, i64)> = runs(&firsts, limits.mailboxes, limits.window)
        .into_iter()
        .filter_map(|run| Some((*firsts.get(run.start)?, *firsts.get(run.end.checked_sub(1)?)?)))
        .collect();
    let close = others.iter().filter(|act| spans.iter().any(|(from, to)| (*from..=*to).contains(&act.row.time)));
    let close: Vec<Act<'_>> = close.copied().collect();
    let days = days_of(&close);
    for acts in groups(close) {
        let owners: Set<&str> = acts.iter().map(|act| texts.get(act.row.owner)).gather();
        found.extend(finding(
            subject,
            Told {
                detection: &DETECTION,
                variant: "many-mailboxes",
                strand: "many-mailboxes",
                severity: if days >= REGULAR { Severity::Medium } else { Severity::High },
                confidence: Confidence::Medium,
                role: "read",
                acts: &acts,
                did: format!("read in {} mailboxes of others", owners.len()),
                more: regularly(days),
                what: "Many mailboxes read",
                facts: json!({"exposure": exposure::mails(view, &acts), "days": days}),
            },
        ));
    }
}

/// The list of what was read in sessions with another finding of medium severity or worse.
pub(super) fn exposed(subject: &Subject<'_>, found: &mut Vec<Finding>) {
    let fits = |operation: &str, _: &Activity| is_one(operation, &READS);
    expose(&DETECTION, subject, found, fits, |acts| {
        let exposure = exposure::mails(subject.view, acts);
        let throttled = "Exchange stopped writing down: more was read than is listed.";
        Exposed {
            variant: "exposed",
            role: "read",
            did: format!("read {} in this session, first", many(exposure.mails as usize, "mail")),
            more: if exposure.throttled { throttled } else { "" },
            what: "Mail read in the session",
            facts: json!({"exposure": exposure}),
        }
    });
}
