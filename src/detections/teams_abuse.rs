//! Teams is used to deceive people, or opened to the outside.
//!
//! # What it looks for
//! *helpdesk-chat*: a chat with somebody of another tenant whose name poses as support. *brief-member*: somebody from
//! outside who was added to a team and removed within an hour. *access-opened*: access from outside, guests,
//! or custom apps switched on. *teams-deleted*: `teams` or more teams deleted within a day.
//!
//! # Why it matters
//! A call from *IT support* in Teams is how many intrusions begin: the victim starts remote help, or reads a code out.
//!
//! # Evidence it needs
//! Unified audit log of Teams, with the participants of chats.
//!
//! # Benign causes
//! * A supplier whose support writes by Teams.
//! * Teams that are cleared away at the end of a term.
//!
//! # Tuning
//! `teams` of *teams-deleted*.
//!
//! # What to ask
//! * Who wrote or called, and what did they ask the user to do?
//!
//! # What to do
//! * Block the other tenant, and look for remote help and downloads on the device.
//! * Let only known tenants write to your users.
//!
//! # References
//! * ATT&CK T1566.003, T1531
//! * Elastic, Teams chat by a rogue help desk
//! * Microsoft Sentinel, External user added and removed in Teams

use serde_json::json;

use crate::events::Store;
use crate::knowledge::mail::Words;

use super::act_rules::{self, Rule, When, look};
use super::acts::{Act, Told, acts, finding, groups, many, quoted, some_of};
use super::windows::runs;
use super::{Ask, Confidence, Detection, Finding, Records, Severity, Subject, Tunable, Tuning};

const ID: &str = "teams-abuse";
const HOUR: i64 = 3_600_000_000;

pub(super) static DETECTION: Detection = Detection {
    tunables: &[Tunable::number("teams", "4", "teams deleted within a day")],
    prepare,
    ..act_rules::detection(
        ID,
        "Teams abused or opened",
        "teams_abuse",
        &[Records::Acts],
        include_str!("teams_abuse.kql"),
    )
};

static TABLE: &[Rule] = &[
    Rule {
        operations: &["Set-CsTenantFederationConfiguration"],
        when: &[When::On(&["AllowFederatedUsers", "AllowTeamsConsumer", "AllowPublicUsers"])],
        severity: Severity::Medium,
        variant: "access-opened",
        did: "opened Teams to other tenants",
        what: "Teams opened to the outside",
        routine: true,
    },
    Rule {
        operations: &["Set-CsTeamsClientConfiguration"],
        when: &[When::On(&["AllowGuestUser"])],
        severity: Severity::Medium,
        variant: "access-opened",
        did: "opened Teams to guests",
        what: "Teams opened to the outside",
        routine: true,
    },
    Rule {
        operations: &["TeamsTenantSettingChanged"],
        when: &[
            When::Says(&["Setting"], &["custom app", "guest access", "external", "federat"]),
            When::On(&["NewValue"]),
        ],
        severity: Severity::Medium,
        variant: "access-opened",
        did: "switched on a setting that opens Teams",
        what: "Teams opened to the outside",
        routine: true,
    },
];

fn prepare<'a>(_: &'a Store, tuning: &'a Tuning) -> Ask<'a> {
    let teams = tuning.number(ID, "teams").unwrap_or(4).unsigned_abs() as usize;
    Box::new(move |subject, found| {
        look(&DETECTION, TABLE, subject, found);
        chats(subject, found);
        brief(subject, found);
        deleted(teams, subject, found);
    })
}

fn members(subject: &Subject<'_>, act: &Act<'_>) -> Vec<String> {
    act.parameters(subject.view).all("Member").map(str::to_owned).collect()
}

fn chats(subject: &Subject<'_>, found: &mut Vec<Finding>) {
    let foreign = |act: &Act<'_>| act.parameters(subject.view).switch("HasForeignTenantUsers") == Some(true);
    let posing = |act: &Act<'_>| members(subject, act).iter().any(|name| Words::Helpdesk.find(name).is_some());
    let chats = acts(subject.view, &["ChatCreated", "MessageSent"]).into_iter();
    for acts in groups(chats.filter(|act| foreign(act) && posing(act)).collect()) {
        let names: Vec<String> = acts.iter().flat_map(|act| members(subject, act)).collect();
        let name = names
            .iter()
            .find(|name| Words::Helpdesk.find(name).is_some())
            .map_or_else(String::new, |name| quoted(name));
        tell(
            subject,
            "helpdesk-chat",
            Severity::Medium,
            &acts,
            format!("was in a chat with {name} of another tenant"),
            found,
        );
    }
}

fn brief(subject: &Subject<'_>, found: &mut Vec<Finding>) {
    let all = acts(subject.view, &["MemberAdded", "MemberRemoved"]);
    let outside = |act: &Act<'_>| -> Vec<String> {
        let external = |name: &String| name.to_lowercase().contains("#ext#");
        members(subject, act).into_iter().filter(external).collect()
    };
    let mut pairs: Vec<Act<'_>> = Vec::new();
    for (place, added) in all.iter().enumerate().filter(|(_, act)| act.operation.eq_ignore_ascii_case("MemberAdded")) {
        let names = outside(added);
        let after = all.get(place + 1..).unwrap_or_default().iter();
        let mut after = after.take_while(|act| act.row.time - added.row.time <= HOUR);
        let removed = after.find(|act| {
            act.operation.eq_ignore_ascii_case("MemberRemoved") && outside(act).iter().any(|name| names.contains(name))
        });
        if let Some(removed) = removed {
            pairs.extend([*added, *removed]);
        }
    }
    for acts in groups(pairs) {
        let did = "added somebody from outside to a team and removed them within an hour,".to_owned();
        tell(subject, "brief-member", Severity::Low, &acts, did, found);
    }
}

fn deleted(least: usize, subject: &Subject<'_>, found: &mut Vec<Finding>) {
    let all = acts(subject.view, &["TeamDeleted"]);
    let times: Vec<i64> = all.iter().map(|act| act.row.time).collect();
    let crowds = runs(&times, least, 24 * HOUR).into_iter().filter_map(|run| all.get(run));
    for acts in groups(crowds.flatten().copied().collect()) {
        let did = format!("deleted {}", many(acts.len(), "team"));
        tell(subject, "teams-deleted", Severity::Medium, &acts, did, found);
    }
}

/// Facts: `members`, who took part.
fn tell(
    subject: &Subject<'_>,
    variant: &'static str,
    severity: Severity,
    acts: &[Act<'_>],
    did: String,
    found: &mut Vec<Finding>,
) {
    let names: Vec<String> = acts.iter().flat_map(|act| members(subject, act)).collect();
    let what = match variant {
        "helpdesk-chat" => "Chat with a false help desk",
        "brief-member" => "Outsider in a team for a short time",
        _ => "Teams deleted",
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
            more: String::new(),
            what,
            facts: json!({"members": some_of(names.iter().map(String::as_str), 50)}),
        },
    ));
}
