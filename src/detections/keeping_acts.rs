//! Acts by which intruders stay or take: methods, devices, consents, roles, inbox rules, and many files read.

use crate::events::{Store, TextId};
use crate::knowledge::operations;
use crate::order::{Arrange, Set};
use crate::sessions::{EventRef, View};

use super::acts::is_one;
use super::single::did;
use super::windows::runs;

/// Within how long files that are many are read, in microseconds.
const CLOSE: i64 = 3 * 60_000_000;

/// Operations that make or change an inbox rule.
const RULES: [&str; 4] = ["New-InboxRule", "Set-InboxRule", "Enable-InboxRule", "UpdateInboxRules"];
/// Operations by which a file is read.
const READS: [&str; 3] = ["FileDownloaded", "FileSyncDownloadedFull", "FileAccessed"];

/// Such an act.
#[derive(Clone, Copy, Debug)]
pub(super) struct KeepingAct {
    pub(super) time: i64,
    /// What it gave, for a sentence.
    pub(super) what: &'static str,
    pub(super) event: EventRef,
    pub(super) address: TextId,
}

impl KeepingAct {
    fn of(store: &Store, event: EventRef, what: &'static str) -> Option<Self> {
        let head = event.head(store)?;
        Some(Self { time: head.time, what, event, address: head.address })
    }
}

/// All such acts of a person, in order of time; `files` is how many files are many.
pub(super) fn keeping_acts(view: &View<'_>, files: usize) -> Vec<KeepingAct> {
    let store = view.store;
    let mut acts: Vec<KeepingAct> = in_directory(view).chain(outside_directory(view, files)).collect();
    acts.arrange_by_key(|act| (act.time, act.event.head(store).map(|head| head.id), act.event));
    acts
}

/// Registrations by or for the person, and what they did themselves.
fn in_directory(view: &View<'_>) -> impl Iterator<Item = KeepingAct> {
    let texts = &view.store.texts;
    let keeps = |operation: &str| operations::registration(operation).is_some() || given(operation).is_some();
    let succeeded = view.audits_of(&keeps).filter(|(_, row)| texts.get(row.result) == "success");
    succeeded.filter_map(|(number, row)| {
        let operation = texts.get(row.operation);
        let label = operations::registration(operation).map(|what| what.label);
        let own = || did(view, row).then(|| given(operation)).flatten();
        KeepingAct::of(view.store, EventRef::Audit(number), label.or_else(own)?)
    })
}

/// What an operation of the directory gives.
fn given(operation: &str) -> Option<&'static str> {
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

/// Inbox rules, and the first of each run of files; a file counts once.
fn outside_directory(view: &View<'_>, files: usize) -> Vec<KeepingAct> {
    let store = view.store;
    let (mut acts, mut read) = (Vec::new(), Vec::new());
    let mut seen: Set<TextId> = Set::new();
    for (number, row) in view.activities_of(&|operation| is_one(operation, &RULES) || is_one(operation, &READS)) {
        if is_one(store.texts.get(row.operation), &RULES) {
            acts.extend(KeepingAct::of(store, EventRef::Activity(number), "an inbox rule"));
        } else if seen.insert(row.object) {
            read.extend(KeepingAct::of(store, EventRef::Activity(number), "many files read"));
        }
    }
    let times: Vec<i64> = read.iter().map(|act| act.time).collect();
    acts.extend(runs(&times, files, CLOSE).into_iter().filter_map(|run| read.get(run.start).copied()));
    acts
}
