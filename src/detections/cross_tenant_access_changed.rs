//! Another organisation was let in further.
//!
//! # What it looks for
//! Settings for access across tenants: a partner that is added or changed, collaboration or direct connect
//! that is opened, devices or second factors of the partner that are trusted, invitations that are redeemed
//! without asking, and accounts that the partner may synchronise into the tenant, which weighs most.
//!
//! # Why it matters
//! Who rules the other tenant brings its accounts, its second factors and its devices along: a way in that
//! no cleaning of one's own accounts closes.
//!
//! # Evidence it needs
//! The directory audit log with modified properties.
//!
//! # Benign causes
//! * A new partner, or tenants of one group of companies that are joined.
//!
//! # Tuning
//! Nothing.
//!
//! # What to ask
//! * Which organisation is it, and who asked for it?
//!
//! # What to do
//! * Take the setting back, then look at guests and sign-ins of that tenant.
//!
//! # References
//! * ATT&CK T1484.002, T1098
//! * Microsoft Sentinel, Cross-tenant access settings organization added; Splunk, O365 cross-tenant access change

use crate::events::Store;

use super::act::{Act, any};
use super::asked::{self, Asked, Question, Spec, Told, Whose};
use super::{Ask, Detection, Severity, Tuning};

pub(super) static DETECTION: Detection = Detection {
    prepare,
    ..asked::detection(
        "cross-tenant-access-changed",
        "Access from another tenant changed",
        "cross_tenant_access_changed",
        include_str!("cross_tenant_access_changed.kql"),
    )
};

static SPEC: Spec = Spec {
    detection: &DETECTION,
    whose: Whose::Doer,
    questions: &[Question {
        variant: "partner",
        what: "Access from another tenant changed",
        is: changes,
        ask: changed,
    }],
};

fn prepare<'a>(_: &'a Store, tuning: &'a Tuning) -> Ask<'a> {
    asked::ask(&SPEC, tuning)
}

const ADDS: &str = "Add a partner to cross-tenant access setting";
const DELETES: &str = "Delete partner specific cross-tenant access setting";

fn changes(operation: &str) -> bool {
    const OPERATIONS: [&str; 6] = [
        ADDS,
        DELETES,
        "Update a partner cross-tenant access setting",
        "Update the default cross-tenant access setting",
        "Create a partner cross-tenant identity sync setting",
        "Update a partner cross-tenant identity sync setting",
    ];
    any(operation, &OPERATIONS)
}

/// Letters and digits only, in lower case: settings are JSON within JSON.
fn letters(text: &str) -> String {
    text.chars().filter(|letter| letter.is_ascii_alphanumeric()).collect::<String>().to_ascii_lowercase()
}

/// What a setting allows now and did not before, in words.
const OPENINGS: [(&str, Severity, &str); 4] = [
    ("issyncallowedtrue", Severity::High, "it may synchronise accounts into the tenant"),
    ("inboundallowedtrue", Severity::High, "its invitations are redeemed without asking"),
    ("ismfaacceptedtrue", Severity::Medium, "its second factors are trusted"),
    ("iscompliantdeviceacceptedtrue", Severity::Medium, "its devices are trusted"),
];

fn changed(_: &Asked<'_, '_>, act: &Act<'_>) -> Option<Told> {
    if !act.succeeded() {
        return None;
    }
    let sides: Vec<[String; 2]> = act.changes().map(|change| [letters(&change.old), letters(&change.new)]).collect();
    let gained = |word: &str| sides.iter().any(|[old, new]| new.contains(word) && !old.contains(word));
    let named = if any(act.operation(), &[ADDS]) { "added a partner" } else { "changed the access of another tenant" };
    if any(act.operation(), &[DELETES]) {
        return Told::new(Severity::Low, format!("removed the partner {}", act.on()));
    }
    let said = format!("{named}: {}", act.on());
    match OPENINGS.iter().find(|(word, _, _)| gained(word)) {
        Some((_, severity, what)) => Told::new(*severity, format!("{said}, and {what}")),
        None => Told::new(Severity::Medium, said),
    }
}
