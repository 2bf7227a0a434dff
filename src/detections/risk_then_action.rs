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

use serde_json::json;

use crate::events::field::Field;
use crate::events::{Id, Store};
use crate::knowledge::risks::OF_USERS;
use crate::order::{Gather, Map, Set};
use crate::sessions::{Familiarity, Link};
use crate::words::list;

use super::evidence::{duration, moment, who};
use super::keeping_acts::{KeepingAct, keeping_acts};
use super::risk::{Told as Risk, is_application, told};
use super::told::{Told, of, of_session};
use super::windows::within;
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
        (Records::UserSignIns, "whose hands a session is in shows there"),
        (Records::Acts, "inbox rules and downloads show there"),
    ],
    needs: &[],
    wants: &[Field::Risk, Field::RiskTypes, Field::Result],
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
        let mut risks: Map<Option<usize>, Vec<Risk>> = Map::new();
        for item in told(view, OF_USERS).into_iter().filter(|item| item.severity >= Severity::Medium) {
            risks.entry(item.session).or_default().push(item);
        }
        if risks.is_empty() && subject.taints.is_empty() {
            return;
        }
        let acts = keeping_acts(view, files);
        let from = found.len();
        found.extend(risks.values().filter_map(|risks| look(subject, risks, &acts, window)));
        let told: Set<Option<usize>> =
            found.get(from..).unwrap_or_default().iter().map(|finding| finding.session).gather();
        found.extend(descended(subject, &acts, window).into_iter().filter(|finding| !told.contains(&finding.session)));
    })
}

/// What descends from sessions in other hands. Facts: `acts`, what; `path`, by what the first descends.
fn descended(subject: &Subject<'_>, acts: &[KeepingAct], window: i64) -> Vec<Finding> {
    let view = subject.view;
    let mut by_session: Map<usize, Vec<(&KeepingAct, Taint)>> = Map::new();
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
        let told = Told {
            variant: "tainted",
            weight: (taint.severity.raised(), if guess { Confidence::Medium } else { Confidence::High }),
            why: format!("For {} there was at {}: {}.{}", who(view), moment(first.time), all_of(&whats), taint.words()),
            what: "Act out of a flagged session",
            evidence: evidence.collect(),
            facts: json!({"acts": whats, "path": taint.fact(view)}),
        };
        let title = format!("A session in other hands, then {}", first.what);
        Some(Finding { strand: "followed", title, ..of_session(&DETECTION, view, index, told) })
    });
    told.collect()
}

/// Facts: `risks`, the types; `acts`, what followed; `minutes`, from the risk to the first act; `same_address`,
/// whether an act came from the address of a risk.
fn look(subject: &Subject<'_>, risks: &[Risk], acts: &[KeepingAct], window: i64) -> Option<Finding> {
    let view = subject.view;
    let after = |risk: &Risk| within(acts, risk.time..=risk.time.saturating_add(window), |act| act.time);
    let followed: Vec<&Risk> = risks.iter().filter(|risk| !after(risk).is_empty()).collect();
    // The earliest of the worst is told.
    let worst = *followed.iter().rev().max_by_key(|risk| risk.severity)?;
    let own = after(worst);
    let first = own.first()?;
    let same = |act: &KeepingAct| act.address.has_value() && followed.iter().any(|risk| risk.address == act.address);
    let familiar = |act: &KeepingAct| {
        let near = view.nearest(act.address, act.time).and_then(|number| view.store.sign_in(number));
        near.is_some_and(|row| subject.familiar.network(view, row) == Familiarity::Familiar)
    };
    let same_address = own.iter().any(|act| same(act) && !familiar(act));
    let weight = if same_address {
        (worst.severity.raised(), Confidence::High)
    } else if own.iter().all(familiar) {
        (worst.severity, Confidence::Low)
    } else {
        (worst.severity.raised(), Confidence::Medium)
    };
    let whats: Set<&str> = own.iter().map(|act| act.what).gather();
    let kinds: Set<&str> = followed.iter().map(|risk| risk.kind.name).gather();
    let evidence = followed.iter().take(LISTED).map(|risk| Evidence { role: "risk", event: risk.event });
    let told = Told {
        variant: "followed",
        weight,
        why: format!(
            "Microsoft marked {} as a risk at {}: {}. {} later came {}.{}",
            who(view),
            moment(worst.time),
            worst.kind.words,
            duration(first.time - worst.time),
            all_of(&whats),
            if same_address { " It came from the same address." } else { "" },
        ),
        what: "Risk, then an act",
        evidence: evidence
            .chain(own.iter().take(LISTED).map(|act| Evidence { role: "act", event: act.event }))
            .collect(),
        facts: json!({
            "risks": kinds,
            "acts": whats,
            "minutes": (first.time - worst.time) / MINUTE,
            "same_address": same_address,
        }),
    };
    let title = format!("Microsoft detected a risk, then {}", first.what);
    Some(Finding { title, ..of(&DETECTION, view, worst.session, Id::EMPTY, told) })
}

/// What acts gave, in words.
fn all_of(whats: &Set<&str>) -> String {
    list(&whats.iter().copied().collect::<Vec<_>>())
}
