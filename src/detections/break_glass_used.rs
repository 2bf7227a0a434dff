//! An account that is kept for emergencies was used.
//!
//! # What it looks for
//! Sign-ins that succeeded, one finding a session, and acts in the directory, of accounts that are listed as
//! break-glass: by a list of users beside the exports, or by `accounts`. Acts that follow each other within an
//! hour are one finding; so is what others do to such an account.
//!
//! # Why it matters
//! These accounts are left out of the policies that stop intruders, so that somebody can always get in. They
//! are used in an emergency and in a yearly test; everything else is an alarm.
//!
//! # Evidence it needs
//! A list of the accounts, and sign-ins or the directory audit log.
//!
//! # Benign causes
//! * An emergency, or the test that proves the account still works.
//!
//! # Tuning
//! `accounts` are object ids of such accounts, beside those that a list of users names.
//!
//! # What to ask
//! * Was there an emergency or a test, and who had the key?
//!
//! # What to do
//! * Change the password and keys of the account, and look at everything it did.
//!
//! # References
//! * ATT&CK T1078.004
//! * Bert-JanP, Break-glass account sign-in; Microsoft Sentinel, Break-glass account credentials modified

use serde_json::json;

use crate::enrichment::UserClass;
use crate::events::Store;

use super::act::Act;
use super::asked::{self, Asked, Question, Spec, Told, Whose};
use super::evidence::{facts, in_order, moment, place, sign_ins, who};
use super::{Ask, Confidence, Detection, Finding, Records, Severity, Subject, Tunable, Tuning};

const ID: &str = "break-glass-used";
/// Sign-ins that a finding shows.
const LISTED: usize = 100;

pub(super) static DETECTION: Detection = Detection {
    records: &[Records::UserSignIns],
    helped_by: &[(Records::Audits, "what the accounts did in the directory shows only there")],
    tunables: &[Tunable::list("accounts", "object ids of break-glass accounts, beside those that a list names")],
    prepare,
    ..asked::detection(
        "break-glass-used",
        "Break-glass account used",
        "break_glass_used",
        include_str!("break_glass_used.kql"),
    )
};

static SPEC: Spec = Spec {
    detection: &DETECTION,
    whose: Whose::Doer,
    questions: &[Question { variant: "act", what: "Break-glass account did something", is: |_| true, ask: acted }],
};

fn prepare<'a>(_: &'a Store, tuning: &'a Tuning) -> Ask<'a> {
    let accounts = tuning.list(ID, "accounts");
    let acts = asked::ask(&SPEC, tuning);
    Box::new(move |subject, found| {
        let person = subject.view.person;
        if person.classes.has(UserClass::BreakGlass) || accounts.contains(&person.id) {
            sessions(subject, found);
            acts(subject, found);
        }
    })
}

fn acted(_: &Asked<'_, '_>, act: &Act<'_>) -> Option<Told> {
    if !act.succeeded() {
        return None;
    }
    Some(Told::new(Severity::High, format!("did {} to {}", act.operation(), act.on()))?.placed())
}

/// One finding for each session with a success. Facts: `sign_ins`, how many succeeded.
fn sessions(subject: &Subject<'_>, found: &mut Vec<Finding>) {
    let view = subject.view;
    for (index, session) in view.sessions.iter().enumerate() {
        let succeeded: Vec<u32> = view
            .rows(&session.sign_ins)
            .filter(|(_, row)| row.stream().is_user() && view.succeeded(row))
            .map(|(number, _)| number)
            .collect();
        let Some(first) = succeeded.first().and_then(|number| view.store.sign_in(*number)) else { continue };
        found.push(Finding {
            detection: ID,
            variant: "sign-in",
            strand: "sign-in",
            severity: Severity::High,
            confidence: Confidence::High,
            session: Some(index),
            anchor: session.anchor,
            title: DETECTION.title.to_owned(),
            why: format!(
                "{} signed in to {} from {} at {}. The account is kept for emergencies.",
                who(view),
                view.app_name(first.app),
                place(view.network(first)),
                moment(first.time)
            ),
            what: "Break-glass account signed in",
            evidence: in_order(view, sign_ins("sign-in", succeeded.iter().copied().take(LISTED)).collect()),
            facts: facts(json!({"sign_ins": succeeded.len()})),
        });
    }
}
