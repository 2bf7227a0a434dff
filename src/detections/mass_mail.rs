//! Far more mail is sent than the user ever sends.
//!
//! # What it looks for
//! `mails` or more sent within an hour, and more than three times what the user sends in any hour of other days.
//! Users without other days in the exports are told with low confidence. *in-session*: what was sent in a session with
//! another finding: whoever got it must be told.
//!
//! # Why it matters
//! A mailbox that was taken over soon sends phishing to all who know it.
//!
//! # Evidence it needs
//! Unified audit log of Exchange with `Send` and `SendAs`. The records do not name recipients.
//!
//! # Benign causes
//! * Newsletters and serial letters out of a mailbox.
//!
//! # Tuning
//! `mails` in an hour.
//!
//! # What to ask
//! * Did the user send these mails?
//!
//! # What to do
//! * Look at subjects and recipients in the message trace, and warn the recipients.
//!
//! # References
//! * ATT&CK T1534, T1586.002
//! * Splunk, Suspicious email behaviour
//! * Microsoft-Analyzer-Suite, Mass SendAs

use serde_json::json;

use crate::events::{Activity, Store};
use crate::words::figure;

use super::acts::{Exposed, Told, acts, expose, finding, groups, in_hours, is_one, many, peaks, some_of, usual_beside};
use super::{Ask, Confidence, Detection, Finding, Group, Records, Severity, Subject, Tunable, Tuning};

const ID: &str = "mass-mail";
const SENT: [&str; 3] = ["Send", "SendAs", "SendOnBehalf"];

pub(super) static DETECTION: Detection = Detection {
    id: ID,
    title: "Much mail sent",
    group: Group::Mailbox,
    records: &[Records::Mail],
    helped_by: &[(Records::UserSignIns, "they show in whose session mail was sent")],
    needs: &[],
    wants: super::TIES,
    history_days: 0,
    tunables: &[Tunable::number("mails", "50", "mails sent in an hour, from which on it is much")],
    prepare,
    kql: include_str!("mass_mail.kql"),
    file: "mass_mail",
};

fn prepare<'a>(_: &'a Store, tuning: &'a Tuning) -> Ask<'a> {
    let mails = tuning.number(ID, "mails").unwrap_or(50).unsigned_abs();
    Box::new(move |subject, found| look(mails, subject, found))
}

/// Facts: `subjects`; `usual`, most mails in an hour of other days.
fn look(least: u64, subject: &Subject<'_>, found: &mut Vec<Finding>) {
    let view = subject.view;
    let all = acts(view, &SENT);
    let peaks = peaks(all.iter().map(|act| (act.row.time, 1)), least, 3);
    let usual = usual_beside(&peaks);
    for acts in groups(in_hours(&all, &peaks)) {
        let more = match usual {
            Some(usual) => format!("In an hour of other days the user sends {} at most.", figure(usual)),
            None => "There are no other days to compare with.".to_owned(),
        };
        let subjects = some_of(acts.iter().map(|act| act.object(view)), 50);
        found.extend(finding(
            subject,
            Told {
                detection: &DETECTION,
                variant: "burst",
                strand: "burst",
                severity: Severity::Medium,
                confidence: if usual.is_some() { Confidence::Medium } else { Confidence::Low },
                role: "mail",
                acts: &acts,
                did: format!("sent {}, first", many(acts.len(), "mail")),
                more,
                what: "Much mail sent",
                facts: json!({"subjects": subjects, "usual": usual}),
            },
        ));
    }
}

/// The mails that were sent in sessions with another finding of medium severity or worse. Facts: `subjects`.
pub(super) fn exposed(subject: &Subject<'_>, found: &mut Vec<Finding>) {
    let fits = |operation: &str, _: &Activity| is_one(operation, &SENT);
    expose(&DETECTION, subject, found, fits, |acts| Exposed {
        variant: "in-session",
        role: "mail",
        did: format!("sent {} in this session, first", many(acts.len(), "mail")),
        more: "",
        what: "Mail sent in the session",
        facts: json!({"subjects": some_of(acts.iter().map(|act| act.object(subject.view)), 50)}),
    });
}
