//! A rule of an inbox that hides mail from its owner.
//!
//! # What it looks for
//! Rules that were made, changed or switched on, by cmdlet or by Outlook, and what they do. Hiding is to delete
//! mail, or to move it to a folder where nobody looks (deleted items, junk, RSS feeds, conversation history, in
//! fourteen languages). Signs beside are: a name of marks only, of digits only or of `name-characters` at most; words
//! that speak of an intrusion or of payments; a condition of one character; no condition at all; mail that is sent
//! on to an address outside. Hiding with a sign is *hides*. To mark mail as read or to archive it hides less:
//! with a sign it is one step milder. A rule that only moves mail is told as *moves*. A rule that was
//! removed is told too, and counts for more if it had hidden mail.
//!
//! # Why it matters
//! Whoever sits in a mailbox to divert payments, or sends phishing from it, keeps its owner from seeing the
//! answers and the warnings: with a rule, within the first hour.
//!
//! # Evidence it needs
//! Unified audit log or OfficeActivity of Exchange. What a rule that was only changed in Outlook does is often not in
//! the log: it is left out.
//!
//! # Benign causes
//! * People who delete the mails of a monitoring system or a newsletter by a word in the subject.
//! * Rules with short names that somebody made in a hurry.
//!
//! # Tuning
//! `name-characters`: names as short as that are odd.
//!
//! # What to ask
//! * Does the owner know the rule, and who asked for it?
//!
//! # What to do
//! * Look at the rule in the mailbox, keep a copy, remove it.
//! * Look through the folder it moved mail to, and at what was sent from the mailbox since.
//! * Revoke the sessions of the user and reset the password.
//!
//! # References
//! * ATT&CK T1564.008, T1137.005
//! * Microsoft, Responding to a compromised email account
//! * Elastic, Inbox phishing evasion rule created

use crate::order::{Map, Set};

use serde_json::json;

use crate::events::Store;
use crate::events::mail_rule::{Change, MailRule};
use crate::knowledge::mail::{HiddenFolder, Words, hidden_folder};
use crate::order::Gather;

use super::acts::{Act, Told, acts_that, finding, groups, is_one, is_tainted, quoted, some_of};
use super::{Ask, Confidence, Detection, Finding, Group, Records, Severity, Subject, Tunable, Tuning};

const ID: &str = "inbox-rule";

pub(super) static DETECTION: Detection = Detection {
    id: ID,
    title: "Inbox rule that hides mail",
    group: Group::Mailbox,
    records: &[Records::Mail],
    helped_by: &[(Records::UserSignIns, "they show in whose session a rule was made")],
    needs: &[],
    wants: super::TIES,
    history_days: 0,
    tunables: &[Tunable::number("name-characters", "2", "longest name of a rule that is odd")],
    prepare,
    kql: include_str!("inbox_rule.kql"),
    file: "inbox_rule",
};

fn prepare<'a>(_: &'a Store, tuning: &'a Tuning) -> Ask<'a> {
    let short = tuning.number(ID, "name-characters").unwrap_or(2).unsigned_abs() as usize;
    Box::new(move |subject, found| look(short, subject, found))
}

/// A rule and what speaks against it.
struct Judged<'a> {
    act: Act<'a>,
    rule: MailRule,
    variant: &'static str,
    severity: Severity,
    confidence: Confidence,
    signs: Set<&'static str>,
}

fn look(short: usize, subject: &Subject<'_>, found: &mut Vec<Finding>) {
    let view = subject.view;
    let acts =
        acts_that(view, |operation| operation.ends_with("InboxRule") || is_one(operation, &["UpdateInboxRules"]));
    let read = |act: &Act<'_>| MailRule::read(act.operation, act.object(view), &act.parameters(view));
    // Names of rules that hide mail, and since when.
    let mut hiding: Map<String, i64> = Map::new();
    for act in &acts {
        let judged = read(act).and_then(|rule| judge(short, subject, *act, rule, &hiding));
        if let Some(judged) = judged.filter(|judged| judged.variant == "hides" && !judged.rule.name.is_empty()) {
            hiding.entry(judged.rule.name.to_lowercase()).or_insert(act.row.time);
        }
    }
    for acts in groups(acts) {
        let judged = acts.into_iter().filter_map(|act| judge(short, subject, act, read(&act)?, &hiding));
        let judged: Vec<Judged<'_>> = judged.collect();
        for variant in ["hides", "moves", "removed"] {
            found.extend(tell(subject, variant, judged.iter().filter(|judged| judged.variant == variant)));
        }
    }
}

fn is_odd(name: &str, short: usize) -> bool {
    let count = name.chars().count();
    count > 0 && (count <= short || !name.chars().any(char::is_alphabetic))
}

/// What a rule is; nothing where it neither hides nor moves mail.
fn judge<'a>(
    short: usize,
    subject: &Subject<'_>,
    act: Act<'a>,
    rule: MailRule,
    hiding: &Map<String, i64>,
) -> Option<Judged<'a>> {
    let mut signs = Set::new();
    if rule.change == Change::Removed {
        let known = hiding.get(&rule.name.to_lowercase()).is_some_and(|since| *since <= act.row.time);
        let severity = if known { Severity::High } else { Severity::Info };
        return Some(Judged { act, rule, variant: "removed", severity, confidence: Confidence::High, signs });
    }
    let folder = rule.folder.as_deref().and_then(hidden_folder);
    let hides = rule.deletes || folder == Some(HiddenFolder::Hidden);
    let dims = rule.marks_read || folder == Some(HiddenFolder::Archive);
    let own = |address: &String| subject.view.tenant.mailboxes.is_own(address);
    let told = [
        ("odd name", is_odd(&rule.name, short)),
        ("words of warnings", rule.words.iter().any(|word| Words::Security.find(word).is_some())),
        ("words of payments", rule.words.iter().any(|word| Words::Money.find(word).is_some())),
        ("condition of one character", rule.words.iter().any(|word| word.chars().count() == 1)),
        ("all mail", rule.is_whole && rule.is_told && !rule.has_condition),
        ("sends outside", !rule.targets.is_empty() && !rule.targets.iter().all(own)),
    ];
    signs.extend(told.into_iter().filter(|(_, is)| *is).map(|(sign, _)| sign));
    let tainted = is_tainted(subject, &act);
    let (variant, severity) = match (hides, dims, signs.is_empty() && !tainted) {
        (true, _, false) => ("hides", Severity::High),
        (false, true, false) => ("hides", Severity::Medium),
        (true, _, true) | (_, true, _) => ("moves", Severity::Info),
        (false, false, _) if rule.folder.is_some() => ("moves", Severity::Info),
        _ => return None,
    };
    // A word in the subject alone is what benign rules have, too.
    let words_only = signs.len() == 1 && signs.iter().all(|sign| sign.starts_with("words"));
    let confidence = if words_only && !tainted { Confidence::Medium } else { Confidence::High };
    Some(Judged { act, rule, variant, severity, confidence, signs })
}

/// Facts: `rules`, their names; `signs`; `folders`, where mail goes; `words` of the conditions; `targets`, where mail
/// is sent on to; `deletes`, whether any deletes.
fn tell<'a, 'b: 'a>(
    subject: &Subject<'_>,
    variant: &'static str,
    judged: impl Iterator<Item = &'a Judged<'b>>,
) -> Option<Finding> {
    let judged: Vec<&Judged<'b>> = judged.collect();
    let worst = judged.iter().copied().max_by_key(|judged| (judged.severity, judged.confidence))?;
    let rules = || judged.iter().map(|judged| &judged.rule);
    let acts: Vec<Act<'_>> = judged.iter().map(|judged| judged.act).collect();
    let signs: Set<&str> = judged.iter().flat_map(|judged| judged.signs.iter().copied()).gather();
    let name = if worst.rule.name.is_empty() { "without name".to_owned() } else { quoted(&worst.rule.name) };
    let does = match (&worst.rule.folder, worst.rule.deletes) {
        (_, true) => "that deletes mail".to_owned(),
        (Some(folder), _) => format!("that moves mail to {}", quoted(folder)),
        (None, false) => "that marks mail as read".to_owned(),
    };
    let (strand, did, what) = match variant {
        "removed" => ("removal", format!("removed the inbox rule {name}"), "Inbox rule removed"),
        "hides" => ("rule", format!("made the inbox rule {name} {does}"), "Inbox rule that hides mail"),
        _ => ("rule", format!("made the inbox rule {name} {does}"), "Inbox rule"),
    };
    let more = match (signs.is_empty(), variant, worst.severity) {
        (_, "removed", Severity::High) => "The rule had hidden mail.".to_owned(),
        (false, ..) => format!("It stands out: {}.", signs.iter().copied().collect::<Vec<_>>().join(", ")),
        _ => String::new(),
    };
    finding(
        subject,
        Told {
            detection: &DETECTION,
            variant,
            strand,
            severity: worst.severity,
            confidence: worst.confidence,
            role: if variant == "removed" { "removal" } else { "rule" },
            acts: &acts,
            did,
            more,
            what,
            facts: json!({
                "rules": some_of(rules().map(|rule| rule.name.as_str()), 50),
                "signs": signs,
                "folders": some_of(rules().filter_map(|rule| rule.folder.as_deref()), 20),
                "words": some_of(rules().flat_map(|rule| rule.words.iter().map(String::as_str)), 50),
                "targets": some_of(rules().flat_map(|rule| rule.targets.iter().map(String::as_str)), 50),
                "deletes": rules().any(|rule| rule.deletes),
            }),
        },
    )
}
