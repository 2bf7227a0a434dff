//! A risk that Microsoft detected, and soon after an act by which intruders stay or take.
//!
//! # What it looks for
//! A risk event of a user that is at least medium (as `identity-protection` weighs them), and within
//! `window-hours` by the same user: a sign-in method or device registered, an application consented to, a
//! directory role given, an inbox rule made, or `files` files or more read in three minutes. One finding
//! a session of the risk, or of the user where the risk has none. The same within `window-hours` after a
//! session is flagged high as being in other hands, by an act that descends from it (*tainted*).
//!
//! # Why it matters
//! A risk alone is often a traveller. A risk and then a new sign-in method, a rule or a download is how an
//! intruder goes on: the strongest chain there is in these logs.
//!
//! # Evidence it needs
//! Risk detections, or sign-ins with types or levels of risk; the directory audit log, or the log of acts in
//! mailboxes and files. One level worse than the risk, or than what flags the session. From the address of the risk it is sure; from a
//! network that the user often uses it is as bad as the risk and hardly sure.
//!
//! # Benign causes
//! * Microsoft asked a risky user to register a method, and the user did.
//! * A traveller who sets up a new phone.
//!
//! # Tuning
//! `window-hours` from the risk to the act, `files` that are many.
//!
//! # What to ask
//! * Did the user do this, and from where?
//!
//! # What to do
//! * Undo the act: remove the method, device, consent, role or rule.
//! * Revoke the user's sessions and reset the password.
//!
//! # References
//! * ATT&CK T1078.004, T1098.005, T1556.006
//! * Microsoft Sentinel, Risky sign-in followed by a new method or device
//! * Elastic, Identity Protection alert followed by device registration

use crate::order::{Map, Set};

use serde_json::json;

use crate::events::dictionary::TextId;
use crate::events::field::Field;
use crate::events::{Audit, Id, Store};
use crate::knowledge::operations;
use crate::knowledge::risks::OF_USERS;
use crate::order::{Arrange, Gather};
use crate::sessions::{EventRef, Familiarity, Link, View};
use crate::words::list;

use super::evidence::{duration, facts, in_order, moment, who};
use super::risk::{Told, is_application, told};
use super::windows::runs;
use super::{Ask, Confidence, Detection, Evidence, Finding, Group, Records, Severity, Subject, Taint, Tunable, Tuning};

const ID: &str = "risk-then-action";
const MINUTE: i64 = 60_000_000;
/// Records that a finding shows; all are counted.
const LISTED: usize = 100;

pub(super) static DETECTION: Detection = Detection {
    id: ID,
    title: "Risk, then an act that keeps or takes",
    group: Group::Directory,
    records: &[Records::RisksOrSignIns, Records::AuditsOrActs],
    helped_by: &[
        (Records::Audits, "methods, devices, consents and roles show there"),
        (Records::Risks, "what Microsoft marked as a risk shows there"),
        (Records::Acts, "inbox rules and downloads show there"),
    ],
    needs: &[],
    wants: &[Field::Risk, Field::RiskTypes],
    history_days: 0,
    tunables: &[
        Tunable::number("window-hours", "24", "hours from the risk to the act, inclusive"),
        Tunable::number("files", "25", "files read in three minutes that are many"),
    ],
    prepare,
    kql: include_str!("risk_then_action.kql"),
    file: "risk_then_action",
};

fn prepare<'a>(_: &'a Store, tuning: &'a Tuning) -> Ask<'a> {
    let window = tuning.number(ID, "window-hours").unwrap_or(24).saturating_mul(60 * MINUTE);
    let files = tuning.number(ID, "files").unwrap_or(25).max(1) as usize;
    Box::new(move |subject, found| {
        let view = subject.view;
        if is_application(view) || view.audits.is_empty() && view.activities.is_empty() {
            return;
        }
        let mut risks: Map<Option<usize>, Vec<Told>> = Map::new();
        for item in told(view, OF_USERS).into_iter().filter(|item| item.severity >= Severity::Medium) {
            risks.entry(item.session).or_default().push(item);
        }
        if risks.is_empty() && subject.taints.is_empty() {
            return;
        }
        let acts = acts(view, files);
        let from = found.len();
        found.extend(risks.values().filter_map(|risks| look(subject, risks, &acts, window)));
        let told: Set<Option<usize>> = found.get(from..).unwrap_or_default().iter().map(|finding| finding.session).gather();
        found.extend(descended(subject, &acts, window).into_iter().filter(|finding| !told.contains(&finding.session)));
    })
}

/// An act by which intruders stay or take.
struct Act {
    time: i64,
    what: &'static str,
    event: EventRef,
    address: TextId,
}

/// All such acts of a person, in order of time.
fn acts(view: &View<'_>, files: usize) -> Vec<Act> {
    let texts = &view.store.texts;
    let mut acts: Vec<Act> = Vec::new();
    for (number, row) in view.audits().filter(|(_, row)| texts.get(row.result) == "success") {
        let label = operations::registration(texts.get(row.operation)).map(|what| what.label);
        let own = || is_by(view, row).then(|| of_directory(texts.get(row.operation))).flatten();
        if let Some(what) = label.or_else(own) {
            acts.push(Act { time: row.time, what, event: EventRef::Audit(number), address: row.address });
        }
    }
    let mut read: Vec<(i64, u32, TextId)> = Vec::new();
    let mut seen: Set<TextId> = Set::new();
    for (number, row) in view.activities() {
        let operation = texts.get(row.operation);
        let is = |names: &[&str]| names.iter().any(|name| name.eq_ignore_ascii_case(operation));
        if is(&["New-InboxRule", "Set-InboxRule", "Enable-InboxRule", "UpdateInboxRules"]) {
            acts.push(Act { time: row.time, what: "an inbox rule", event: EventRef::Activity(number), address: row.address });
        } else if is(&["FileDownloaded", "FileSyncDownloadedFull", "FileAccessed"]) && seen.insert(row.object) {
            read.push((row.time, number, row.address));
        }
    }
    let times: Vec<i64> = read.iter().map(|(time, ..)| *time).collect();
    for run in runs(&times, files, 3 * MINUTE) {
        if let Some((time, number, address)) = read.get(run.start).copied() {
            acts.push(Act { time, what: "many files read", event: EventRef::Activity(number), address });
        }
    }
    acts.arrange_by_key(|act| (act.time, act.event.head(view.store).map(|head| head.id), act.event));
    acts
}

/// An act in the directory that an operation stands for.
fn of_directory(operation: &str) -> Option<&'static str> {
    let operation = operation.to_ascii_lowercase();
    let starts = |names: &[&str]| names.iter().any(|name| operation.starts_with(name));
    if starts(&["consent to application"]) {
        Some("a consent to an application")
    } else if starts(&["add member to role", "add eligible member to role"]) {
        Some("a directory role given")
    } else {
        None
    }
}

/// Whether the person did it.
fn is_by(view: &View<'_>, row: &Audit) -> bool {
    let (by, person) = (view.store.user(row.user), &view.person);
    by.id.has_value() && by.id == person.id || by.name.has_value() && by.name == person.name
}

/// What descends from sessions in other hands. Facts: `acts`, what; `path`, by what the first descends.
fn descended(subject: &Subject<'_>, acts: &[Act], window: i64) -> Vec<Finding> {
    let view = subject.view;
    let mut by_session: Map<usize, Vec<(&Act, Taint)>> = Map::new();
    for act in acts {
        // Of what is only suspect, registrations are no surprise: other detections weigh those.
        let Some(taint) = subject.tainted(act.event).filter(|taint| taint.severity >= Severity::High) else {
            continue;
        };
        let rows = view.sessions.get(taint.session).map(|session| session.sign_ins.as_slice()).unwrap_or_default();
        let first = rows.first().and_then(|&number| view.store.sign_in(number)).map(|row| row.time);
        if first.is_some_and(|first| (first..=first.saturating_add(window)).contains(&act.time)) {
            by_session.entry(taint.session).or_default().push((act, taint));
        }
    }
    let told = by_session.into_iter().filter_map(|(index, own)| {
        let (first, taint) = own.first()?;
        let whats: Set<&str> = own.iter().map(|(act, _)| act.what).gather();
        let guess = taint.link == Link::Place;
        let evidence = own.iter().take(LISTED).map(|(act, _)| Evidence { role: "act", event: act.event });
        Some(Finding {
            detection: ID,
            variant: "tainted",
            strand: "followed",
            severity: taint.severity.raised(),
            confidence: if guess { Confidence::Medium } else { Confidence::High },
            session: Some(index),
            anchor: view.sessions.get(index)?.anchor,
            title: format!("A session in other hands, then {}", first.what),
            why: format!(
                "For {} there was at {}: {}.{}",
                who(view),
                moment(first.time),
                list(&whats.iter().copied().collect::<Vec<_>>()),
                taint.words(),
            ),
            what: "Act out of a flagged session",
            evidence: in_order(view, evidence.collect()),
            facts: facts(json!({"acts": whats, "path": taint.fact(view)})),
        })
    });
    told.collect()
}

/// Facts: `risks`, the types; `acts`, what followed; `minutes`, from the risk to the first act; `same_address`,
/// whether an act came from the address of a risk.
fn look(subject: &Subject<'_>, risks: &[Told], acts: &[Act], window: i64) -> Option<Finding> {
    let view = subject.view;
    let after = |risk: &Told| {
        let (from, to) = (risk.time, risk.time.saturating_add(window));
        let from = acts.partition_point(|act| act.time < from);
        acts.get(from..acts.partition_point(|act| act.time <= to)).unwrap_or_default()
    };
    let followed: Vec<&Told> = risks.iter().filter(|risk| !after(risk).is_empty()).collect();
    // The earliest of the worst is told.
    let worst = *followed.iter().rev().max_by_key(|risk| risk.severity)?;
    let own = after(worst);
    let first = own.first()?;
    let same = |act: &Act| act.address.has_value() && followed.iter().any(|risk| risk.address == act.address);
    let familiar = |act: &Act| {
        let near = view.nearest(act.address, act.time).and_then(|number| view.store.sign_in(number));
        near.is_some_and(|row| subject.familiar.network(view, row) == Familiarity::Familiar)
    };
    let same_address = own.iter().any(|act| same(act) && !familiar(act));
    let (severity, confidence) = if same_address {
        (worst.severity.raised(), Confidence::High)
    } else if own.iter().all(familiar) {
        (worst.severity, Confidence::Low)
    } else {
        (worst.severity.raised(), Confidence::Medium)
    };
    let whats: Set<&str> = own.iter().map(|act| act.what).gather();
    let kinds: Set<&str> = followed.iter().map(|risk| risk.kind.name).gather();
    let evidence = followed.iter().take(LISTED).map(|risk| Evidence { role: "risk", event: risk.event });
    let evidence = evidence.chain(own.iter().take(LISTED).map(|act| Evidence { role: "act", event: act.event }));
    Some(Finding {
        detection: ID,
        variant: "followed",
        strand: "followed",
        severity,
        confidence,
        session: worst.session,
        anchor: worst.session.and_then(|index| view.sessions.get(index)).map_or(Id::EMPTY, |session| session.anchor),
        title: format!("Microsoft detected a risk, then {}", first.what),
        why: format!(
            "Microsoft marked {} as a risk at {}: {}. {} later came {}.{}",
            who(view),
            moment(worst.time),
            worst.kind.words,
            duration(first.time - worst.time),
            list(&whats.iter().copied().collect::<Vec<_>>()),
            if same_address { " It came from the same address." } else { "" },
        ),
        what: "Risk, then an act",
        evidence: in_order(view, evidence.collect()),
        facts: facts(json!({
            "risks": kinds,
            "acts": whats,
            "minutes": (first.time - worst.time) / MINUTE,
            "same_address": same_address,
        })),
    })
}
