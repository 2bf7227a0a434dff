//! Somebody searches for secrets or payments, or takes mailboxes out by discovery.
//!
//! # What it looks for
//! *words*: searches in SharePoint, OneDrive or mail for `words` or more different words for secrets, money or people;
//! in a session that was taken over one is enough. *discovery*: a content or eDiscovery search that was made or
//! started. *export*: its results, or a mailbox, exported. Who does discovery on three days or more does it as a
//! routine: one step milder.
//!
//! # Why it matters
//! The search box is the quickest way to passwords in documents. Discovery reads all mailboxes at once and leaves no trace in
//! any of them.
//!
//! # Evidence it needs
//! Unified audit log; the words of searches are only logged with some licences.
//!
//! # Benign causes
//! * Finance, legal and personnel departments, and those who work there.
//! * Legal holds and requests of people for their data.
//!
//! # Tuning
//! `words` of *words*.
//!
//! # What to ask
//! * Which case was the discovery for, and who may export?
//!
//! # What to do
//! * Read what was searched for and exported, and stop exports that nobody asked for.
//!
//! # References
//! * ATT&CK T1213.002, T1114.002
//! * Elastic, SharePoint sensitive term search
//! * Splunk, Compliance content search exported

use crate::order::Set;

use serde_json::json;

use crate::events::Store;
use crate::knowledge::mail::Words;
use crate::order::Gather;

use super::act_rules::{self, Rule, When, look};
use super::acts::{Act, Told, acts, finding, groups, is_tainted, some_of};
use super::{Ask, Confidence, Detection, Finding, Records, Severity, Subject, Tunable, Tuning};

const ID: &str = "sensitive-search";
const SEARCHES: [&str; 5] = [
    "SearchQueryPerformed",
    "SearchQueryInitiatedSharePoint",
    "SearchQueryInitiatedExchange",
    "SearchQueryInitiated",
    "SearchViewed",
];

pub(super) static DETECTION: Detection = Detection {
    helped_by: &[(Records::UserSignIns, "they show in whose session it was searched")],
    tunables: &[Tunable::number("words", "3", "different sensitive words that a person searches for")],
    prepare,
    ..act_rules::detection(
        ID,
        "Search for secrets, or discovery",
        "sensitive_search",
        &[Records::Acts],
        include_str!("sensitive_search.kql"),
    )
};

static TABLE: &[Rule] = &[
    Rule {
        operations: &["New-MailboxExportRequest", "SearchExported", "SearchExportDownloaded", "ViewedSearchExported"],
        when: &[],
        severity: Severity::High,
        variant: "export",
        did: "exported mailboxes or the results of a search",
        what: "Mailboxes exported",
        routine: true,
    },
    Rule {
        operations: &["New-ComplianceSearchAction"],
        when: &[When::Says(&["Export", "Format", "ActionName", "Action"], &["true", "export", "pst", "fxstream"])],
        severity: Severity::High,
        variant: "export",
        did: "exported mailboxes or the results of a search",
        what: "Mailboxes exported",
        routine: true,
    },
    Rule {
        operations: &[
            "New-ComplianceSearch",
            "Start-ComplianceSearch",
            "SearchCreated",
            "SearchStarted",
            "New-MailboxSearch",
        ],
        when: &[],
        severity: Severity::Medium,
        variant: "discovery",
        did: "searched mailboxes and sites by discovery",
        what: "Discovery search",
        routine: true,
    },
];

fn prepare<'a>(_: &'a Store, tuning: &'a Tuning) -> Ask<'a> {
    let words = tuning.number(ID, "words").unwrap_or(3).unsigned_abs() as usize;
    Box::new(move |subject, found| {
        look(&DETECTION, TABLE, subject, found);
        searches(words, subject, found);
    })
}

fn asked(subject: &Subject<'_>, act: &Act<'_>) -> Set<&'static str> {
    let parameters = act.parameters(subject.view);
    let query = parameters.get("Query").unwrap_or_else(|| act.object(subject.view));
    [Words::Secret, Words::Private].into_iter().flat_map(|kind| kind.all(query)).gather()
}

/// Facts of *words*: `words`, which of the words; `queries`, some of the searches.
fn searches(least: usize, subject: &Subject<'_>, found: &mut Vec<Finding>) {
    let view = subject.view;
    for group in groups(acts(view, &SEARCHES)) {
        let hits: Vec<Act<'_>> = group.into_iter().filter(|act| !asked(subject, act).is_empty()).collect();
        let words: Set<&str> = hits.iter().flat_map(|act| asked(subject, act)).gather();
        let tainted = hits.iter().any(|act| is_tainted(subject, act));
        if words.len() < least.max(1) && !tainted {
            continue;
        }
        let queries: Vec<String> =
            hits.iter().filter_map(|act| act.parameters(view).get("Query").map(str::to_owned)).collect();
        found.extend(finding(
            subject,
            Told {
                detection: &DETECTION,
                variant: "words",
                strand: "words",
                severity: Severity::Low,
                confidence: Confidence::Medium,
                role: "search",
                acts: &hits,
                did: format!("searched for {}", words.iter().take(8).copied().collect::<Vec<_>>().join(", ")),
                more: String::new(),
                what: "Search for secrets",
                facts: json!({"words": words, "queries": some_of(queries.iter().map(String::as_str), 50)}),
            },
        ));
    }
}
