//! Mail that tells of the intrusion is deleted.
//!
//! # What it looks for
//! *notices*: mails deleted whose subject speaks of a second factor, a new device or method, security info or a changed
//! password; purged ones count for more than those that went to the deleted items. *purge*: `mails` or more
//! purged within ten minutes, in a session that was taken over.
//!
//! # Why it matters
//! Entra tells the user by mail when a method is added. Whoever adds one deletes the mail.
//!
//! # Evidence it needs
//! Unified audit log of Exchange with `HardDelete`, `SoftDelete` and `MoveToDeletedItems`, and subjects in it.
//!
//! # Benign causes
//! * People who tidy up: most of those who set up a phone delete the notice. Alone it says little.
//!
//! # Tuning
//! `mails` of *purge*.
//!
//! # What to ask
//! * Did the user set up a method or device that day, and delete the notice?
//!
//! # What to do
//! * Recover the mails, and check the methods and devices of the user.
//!
//! # References
//! * ATT&CK T1070.008
//! * Elastic, MFA notification email deleted or moved

use serde_json::json;

use crate::events::Store;
use crate::knowledge::mail::Words;

use super::acts::{Act, Told, acts, finding, groups, is_one, is_tainted, many, quoted, some_of};
use super::windows::runs;
use super::{Ask, Confidence, Detection, Finding, Group, Records, Severity, Subject, Tunable, Tuning};

const ID: &str = "traces-removed";
const WINDOW: i64 = 10 * 60_000_000;
const PURGED: [&str; 1] = ["HardDelete"];
const DELETED: [&str; 3] = ["HardDelete", "SoftDelete", "MoveToDeletedItems"];

pub(super) static DETECTION: Detection = Detection {
    id: ID,
    title: "Mail that warns was deleted",
    group: Group::Mailbox,
    records: &[Records::Mail],
    helped_by: &[(Records::UserSignIns, "they show in whose session mail was deleted")],
    needs: &[],
    wants: super::TIES,
    history_days: 0,
    tunables: &[Tunable::number("mails", "30", "mails purged within ten minutes in a session that was taken over")],
    prepare,
    kql: include_str!("traces_removed.kql"),
    file: "traces_removed",
};

fn prepare<'a>(_: &'a Store, tuning: &'a Tuning) -> Ask<'a> {
    let mails = tuning.number(ID, "mails").unwrap_or(30).unsigned_abs() as usize;
    Box::new(move |subject, found| look(mails, subject, found))
}

/// Facts: `subjects`; `purged`, how many acts purged.
fn look(least: usize, subject: &Subject<'_>, found: &mut Vec<Finding>) {
    let view = subject.view;
    for group in groups(acts(view, &DELETED)) {
        let notices = group.iter().filter(|act| Words::Notice.find(act.object(view)).is_some());
        let notices: Vec<Act<'_>> = notices.copied().collect();
        let purged = |act: &&Act<'_>| is_one(act.operation, &PURGED);
        let hard = notices.iter().filter(purged).count();
        let named = notices.first().map_or_else(String::new, |act| quoted(act.object(view)));
        let told = (if hard > 0 { Severity::Medium } else { Severity::Low }, format!("deleted {named}"));
        tell(subject, "notices", told, &notices, found);
        let purges: Vec<Act<'_>> =
            group.iter().filter(purged).filter(|act| is_tainted(subject, act)).copied().collect();
        let times: Vec<i64> = purges.iter().map(|act| act.row.time).collect();
        let crowds = runs(&times, least, WINDOW).into_iter().filter_map(|run| purges.get(run));
        let crowd: Vec<Act<'_>> = crowds.flatten().copied().collect();
        let told = (Severity::Medium, format!("purged {}", many(crowd.len(), "mail")));
        tell(subject, "purge", told, &crowd, found);
    }
}

fn tell(
    subject: &Subject<'_>,
    variant: &'static str,
    (severity, did): (Severity, String),
    acts: &[Act<'_>],
    found: &mut Vec<Finding>,
) {
    let view = subject.view;
    let purged = acts.iter().filter(|act| is_one(act.operation, &PURGED)).count();
    found.extend(finding(
        subject,
        Told {
            detection: &DETECTION,
            variant,
            strand: variant,
            severity,
            confidence: Confidence::Medium,
            role: "deletion",
            acts,
            did,
            more: String::new(),
            what: "Mail that warns deleted",
            facts: json!({"subjects": some_of(acts.iter().map(|act| act.object(view)), 50), "purged": purged}),
        },
    ));
}
