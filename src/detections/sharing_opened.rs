//! Files are opened to people outside.
//!
//! # What it looks for
//! *links*: `links` or more anonymous links within an hour, or one to a file whose name speaks of secrets, money or
//! people. *private-address*: something shared with an address that anybody can have. *outside*: something shared with an
//! address of another organisation; told, and worse where the name speaks of such. *site-opened*: a site whose
//! sharing was widened. *site-admin*: a site that got another administrator. Who does so on three days or more
//! does it as a routine: one step milder.
//!
//! # Why it matters
//! A link needs no session: what was shared stays open when the account has long been cleaned.
//!
//! # Evidence it needs
//! Unified audit log or OfficeActivity of SharePoint and OneDrive.
//!
//! # Benign causes
//! * Work with people who have no account, and people who send files to themselves.
//! * Administrators who set sites up.
//!
//! # Tuning
//! `links` of *links*; `partners` are domains that files may be shared with.
//!
//! # What to ask
//! * For whom were the links, and are they still needed?
//!
//! # What to do
//! * Remove the links, and see who opened them (`AnonymousLinkUsed`).
//!
//! # References
//! * ATT&CK T1567.002, T1098
//! * Elastic, SharePoint site sharing policy weakened
//! * Panther, External document sharing

use serde_json::json;

use crate::events::Store;
use crate::events::parameters::addresses;
use crate::knowledge::mail::{Words, is_consumer};

use super::act_rules::{self, Rule, When, look};
use super::acts::{Act, REGULAR, Told, acts, days_of, finding, groups, many, regularly, some_of};
use super::windows::runs;
use super::{Ask, Confidence, Detection, Finding, Records, Severity, Subject, Tunable, Tuning, exposure};

const ID: &str = "sharing-opened";
const HOUR: i64 = 3_600_000_000;

pub(super) static DETECTION: Detection = Detection {
    tunables: &[
        Tunable::number("links", "5", "anonymous links made within an hour"),
        Tunable::words("partners", "domains that files may be shared with"),
    ],
    prepare,
    ..act_rules::detection(
        ID,
        "Files opened to the outside",
        "sharing_opened",
        &[Records::Files],
        include_str!("sharing_opened.kql"),
    )
};

static TABLE: &[Rule] = &[
    Rule {
        operations: &["SharingPolicyChanged"],
        when: &[When::On(&[
            "ShareWithGuests",
            "ShareUsingAnonymousLinks",
            "IsPublic",
            "AllowGuestUser",
            "AllowFederatedUsers",
            "AllowTeamsConsumer",
        ])],
        severity: Severity::Medium,
        variant: "site-opened",
        did: "widened the sharing of a site",
        what: "Sharing of a site widened",
        routine: true,
    },
    Rule {
        operations: &["SiteCollectionAdminAdded"],
        when: &[],
        severity: Severity::Medium,
        variant: "site-admin",
        did: "added an administrator to a site",
        what: "Administrator of a site added",
        routine: true,
    },
];

fn prepare<'a>(_: &'a Store, tuning: &'a Tuning) -> Ask<'a> {
    let links = tuning.number(ID, "links").unwrap_or(5).unsigned_abs() as usize;
    let partners: Vec<String> = tuning.words(ID, "partners").iter().map(|domain| domain.to_lowercase()).collect();
    Box::new(move |subject, found| {
        look(&DETECTION, TABLE, subject, found);
        linked(links, subject, found);
        shared(&partners, subject, found);
    })
}

/// Facts of *links* and *private-address*: `exposure`, see [`exposure::files`]; `with`, the addresses.
fn linked(least: usize, subject: &Subject<'_>, found: &mut Vec<Finding>) {
    let view = subject.view;
    for group in groups(acts(view, &["AnonymousLinkCreated"])) {
        let times: Vec<i64> = group.iter().map(|act| act.row.time).collect();
        let crowds = runs(&times, least, HOUR);
        let crowd: Vec<Act<'_>> = crowds.iter().filter_map(|run| group.get(run.clone())).flatten().copied().collect();
        tell(subject, "links", Severity::Medium, "", &crowd, String::new(), found);
        let few: Vec<Act<'_>> = group.iter().filter(|act| is_telling(subject, act)).copied().collect();
        if crowds.is_empty() && !few.is_empty() {
            let more = "The name speaks of secrets, money or people.".to_owned();
            tell(subject, "links", Severity::Low, "", &few, more, found);
        }
    }
}

/// Facts of *outside* too: `exposure`, see [`exposure::files`]; `with`, the addresses.
fn shared(partners: &[String], subject: &Subject<'_>, found: &mut Vec<Finding>) {
    let view = subject.view;
    let (mut private, mut outside) = (Vec::new(), Vec::new());
    for act in acts(view, &["AddedToSecureLink", "SharingInvitationCreated", "SharingSet"]) {
        let whose = domain(view.store.texts.get(view.store.user(act.row.user).name));
        let foreign = |address: &String| {
            let domain = domain(address);
            // Where nothing was learned, the domain of who shares is own all the same.
            domain != whose
                && !view.tenant.mailboxes.is_own(address)
                && !partners.iter().any(|partner| domain.as_ref() == Some(partner))
        };
        let foreign: Vec<String> = with(subject, &act).into_iter().filter(foreign).collect();
        if foreign.iter().any(|address| domain(address).is_some_and(|domain| is_consumer(&domain))) {
            private.push(act);
        } else if !foreign.is_empty() {
            outside.push(act);
        }
    }
    let days = days_of(&private);
    for acts in groups(private) {
        let severity = if days >= REGULAR { Severity::Info } else { Severity::Low };
        tell(subject, "private-address", severity, "a private address", &acts, regularly(days), found);
    }
    let days = days_of(&outside);
    for acts in groups(outside) {
        let telling = acts.iter().any(|act| is_telling(subject, act));
        let severity = if telling && days < REGULAR { Severity::Low } else { Severity::Info };
        tell(subject, "outside", severity, "another organisation", &acts, regularly(days), found);
    }
}

fn domain(address: &str) -> Option<String> {
    address.rsplit_once('@').map(|(_, domain)| domain.to_lowercase())
}

/// Whether the name of a file speaks of secrets, money or people.
fn is_telling(subject: &Subject<'_>, act: &Act<'_>) -> bool {
    let name = exposure::name(act.object(subject.view));
    Words::Secret.find(name).or_else(|| Words::Private.find(name)).is_some()
}

fn with(subject: &Subject<'_>, act: &Act<'_>) -> Vec<String> {
    act.parameters(subject.view).get("SharedWith").map(addresses).unwrap_or_default()
}

fn tell(
    subject: &Subject<'_>,
    variant: &'static str,
    severity: Severity,
    whom: &str,
    acts: &[Act<'_>],
    more: String,
    found: &mut Vec<Finding>,
) {
    let addresses: Vec<String> = acts.iter().flat_map(|act| with(subject, act)).collect();
    let (did, what) = match variant {
        "links" => (format!("made {}", many(acts.len(), "anonymous link")), "Anonymous links made"),
        _ => {
            let what = if variant == "outside" { "Shared with the outside" } else { "Shared with a private address" };
            (format!("shared with {whom} ({})", many(acts.len(), "time")), what)
        }
    };
    found.extend(finding(
        subject,
        Told {
            detection: &DETECTION,
            variant,
            strand: variant,
            severity,
            confidence: Confidence::Medium,
            role: "act",
            acts,
            did,
            more,
            what,
            facts: json!({
                "exposure": exposure::files(subject.view, acts),
                "with": some_of(addresses.iter().map(String::as_str), 50),
            }),
        },
    ));
}
