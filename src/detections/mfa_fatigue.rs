//! Second factors refused again and again, and perhaps approved in the end.
//!
//! # What it looks for
//! At least four requests for a second factor within half an hour that one user denied or did not
//! answer; then a sign-in of that user with a second factor, up to half an hour after. Twenty within
//! the window are guesses at codes. A user who reports fraud is enough by itself. Where another vendor's second factor
//! is asked for, as many requests within the window that no sign-in came of (*unfinished*, 50158).
//!
//! # Why it matters
//! Whoever holds the password asks until the user taps *approve* to have peace. Each refusal says that
//! the password is known.
//!
//! # Evidence it needs
//! Sign-ins with result code; the steps of authentication tell a denial from a time-out. The directory
//! audit log carries reports of fraud. What another vendor's second factor answered is not in these logs: whether it was
//! refused or the user went away cannot be told, and it is low, or medium from a network that the user does not know. Of
//! Microsoft's own it is medium without approval, high with one, and critical where
//! the approved sign-in came from a network that the user does not know.
//!
//! # Benign causes
//! * A new phone, or one without reception: requests run out one after the other.
//! * An application that asks again by itself while the user is away.
//!
//! # Tuning
//! `refusals` and `window-minutes` make a run, `guesses` turns it into guessing of codes.
//!
//! # What to ask
//! * Did the user get requests that they had not caused, and did they approve one?
//! * Did they have trouble with their phone at the time?
//!
//! # What to do
//! * Reset the password; it is known.
//! * Where a request was approved, revoke the sessions and look for methods registered since.
//! * Demand number matching, and phishing-resistant methods for administrators.
//!
//! # References
//! * ATT&CK T1621, T1110
//! * Elastic, Entra ID excessive MFA denials and TOTP guessing
//! * Microsoft Sentinel, MFA fatigue and MFA rejected by user; reprise99, Third-party MFA failures

use serde_json::json;

use crate::events::field::Field;
use crate::events::vocabulary::Requirement;
use crate::events::{Id, SignIn, Store};
use crate::knowledge::operations;
use crate::knowledge::results::ResultClass;
use crate::sessions::{EventRef, Familiarity, View};

use super::evidence::{duration, facts, in_order, moment, place, sign_ins, who};
use super::told::one_a_session;
use super::unfinished_factors::unfinished;
use super::windows::runs;
use super::{Ask, Confidence, Detection, Evidence, Finding, Group, Records, Severity, Subject, Tunable, Tuning};

pub(super) const ID: &str = "mfa-fatigue";
const MINUTE: i64 = 60_000_000;
/// How long after the last refusal an approval counts.
const AFTER: i64 = 30 * MINUTE;
/// Refusals that a finding shows; all are counted.
const LISTED: usize = 200;

pub(super) static DETECTION: Detection = Detection {
    id: ID,
    title: "Second factors refused again and again",
    group: Group::Password,
    records: &[Records::UserSignIns],
    helped_by: &[(Records::Audits, "a user's report of fraud shows only there")],
    needs: &[&[Field::Result]],
    wants: &[Field::Steps, Field::Address, Field::Asn],
    history_days: 0,
    tunables: &[
        Tunable::number("refusals", "4", "least refusals within the window"),
        Tunable::number("window-minutes", "30", "length of the window, inclusive"),
        Tunable::number("guesses", "20", "least refusals within the window that are guesses at codes"),
    ],
    prepare,
    kql: include_str!("mfa_fatigue.kql"),
    file: "mfa_fatigue",
};

fn prepare<'a>(_: &'a Store, tuning: &'a Tuning) -> Ask<'a> {
    let number = |name, default| usize::try_from(tuning.number(ID, name).unwrap_or(default)).unwrap_or(usize::MAX);
    let (least, guesses) = (number("refusals", 4), number("guesses", 20));
    let window = tuning.number(ID, "window-minutes").unwrap_or(30).saturating_mul(MINUTE);
    Box::new(move |subject, found| {
        let view = subject.view;
        found.extend(reported(view));
        if view.sign_ins.is_empty() {
            return;
        }
        found.extend(unfinished(subject, least, window));
        let refused: Vec<(u32, &SignIn)> =
            view.sign_ins().filter(|(_, row)| row.stream().is_user() && refused(view, row)).collect();
        let times: Vec<i64> = refused.iter().map(|(_, row)| row.time).collect();
        let mut all: Vec<Finding> = Vec::new();
        for run in runs(&times, least, window) {
            let many = !runs(times.get(run.clone()).unwrap_or_default(), guesses, window).is_empty();
            let refusals = refused.get(run).unwrap_or_default();
            all.extend(finding(subject, refusals, many));
        }
        found.extend(one_a_session(all));
    })
}

/// The code says so, or a step of a sign-in that did not succeed.
fn refused(view: &View<'_>, row: &SignIn) -> bool {
    view.class(row) == ResultClass::MfaRefused || (!view.succeeded(row) && refused_step(view, row))
}

fn refused_step(view: &View<'_>, row: &SignIn) -> bool {
    let steps = view.store.texts.get(row.steps);
    !steps.is_empty() && {
        let steps = steps.to_ascii_lowercase();
        ["mfa denied", "mfa timed out", "no response"].iter().any(|words| steps.contains(words))
    }
}

fn finding(subject: &Subject<'_>, refusals: &[(u32, &SignIn)], many: bool) -> Option<Finding> {
    let view = subject.view;
    let ((_, first), (_, last)) = refusals.first().zip(refusals.last())?;
    let own = view.sign_ins;
    let from = own.partition_point(|&number| view.store.sign_in(number).is_some_and(|row| row.time < first.time));
    let later = view.rows(own.get(from..).unwrap_or_default());
    let approved: Vec<(u32, &SignIn)> = later
        .take_while(|(_, row)| row.time <= last.time.saturating_add(AFTER))
        .filter(|(_, row)| view.is_primary(row) && view.succeeded(row) && row.stream().is_user())
        .filter(|(_, row)| row.requirement != Requirement::SINGLE_FACTOR)
        .collect();
    let strange = |row: &SignIn| subject.familiar.network(view, row) == Familiarity::Unfamiliar;
    let told = approved.iter().find(|(_, row)| strange(row)).or_else(|| approved.first());
    let (severity, confidence) = match told {
        Some((_, row)) if strange(row) => (Severity::Critical, Confidence::High),
        Some(_) => (Severity::High, Confidence::Medium),
        None if many => (Severity::High, Confidence::Medium),
        None => (Severity::Medium, Confidence::High),
    };
    let session = told.and_then(|(number, _)| view.session_of(*number));
    let anchor = session.and_then(|index| view.sessions.get(index)).map_or(Id::EMPTY, |session| session.anchor);
    let outcome = match told {
        Some((_, row)) => format!(
            "Then a sign-in from {} at {} was approved{}.",
            place(view.network(row)),
            moment(row.time),
            if strange(row) { ", from where the user had never been" } else { "" }
        ),
        None => "None was approved.".to_owned(),
    };
    let listed = refusals.iter().take(LISTED).map(|(number, _)| *number);
    Some(Finding {
        detection: ID,
        variant: match told {
            Some(_) => "approved",
            None if many => "guessing",
            None => "refused",
        },
        strand: if told.is_some() { "approved" } else { "refused" },
        severity,
        confidence,
        session,
        anchor,
        title: format!("The second factor was refused {} times", refusals.len()),
        why: format!(
            "{} refused or did not answer {} requests for a second factor within {}, the last from {}: whoever asked knows \
             the password. {outcome}",
            who(view),
            refusals.len(),
            duration(last.time - first.time),
            place(view.network(last)),
        ),
        what: if told.is_some() { "Second factor worn down" } else { "Second factor refused repeatedly" },
        evidence: in_order(
            view,
            sign_ins("refusal", listed).chain(sign_ins("approval", told.map(|(number, _)| *number))).collect(),
        ),
        facts: facts(json!({"refusals": refusals.len(), "approved": approved.len()})),
    })
}

/// The user said that a request was not theirs.
fn reported(view: &View<'_>) -> Option<Finding> {
    let texts = &view.store.texts;
    let audits = view.audits_of(&operations::reports_fraud);
    let risks = view.sign_ins().filter(|(_, row)| {
        let events = texts.get(view.store.risk(row.risk).events);
        events.split(' ').any(|event| event.eq_ignore_ascii_case("userReportedSuspiciousActivity"))
    });
    let audits = audits.map(|(number, _)| Evidence { role: "report", event: EventRef::Audit(number) });
    let evidence: Vec<Evidence> =
        audits.chain(sign_ins("report", risks.map(|(number, _)| number))).take(LISTED).collect();
    let count = evidence.len();
    (count > 0).then(|| Finding {
        detection: ID,
        variant: "reported",
        strand: "reported",
        severity: Severity::Critical,
        confidence: Confidence::High,
        session: None,
        anchor: Id::EMPTY,
        title: "The user reported a request that was not theirs".to_owned(),
        why: format!(
            "{} reported a request for a second factor as fraud: somebody else holds the password.",
            who(view)
        ),
        what: "User reported fraud",
        evidence: in_order(view, evidence),
        facts: facts(json!({"reports": count})),
    })
}
