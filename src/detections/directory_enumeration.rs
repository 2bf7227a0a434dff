//! Somebody went through the directory list by list.
//!
//! # What it looks for
//! Calls of Microsoft Graph or Azure AD Graph by which one application lists `families` or more kinds of
//! objects for one user within `window-minutes`: users, groups, roles, applications, devices, policies. Calls by
//! a tool that is made for this weigh more, whatever it lists; the portal's own pages weigh less.
//!
//! # Why it matters
//! Before an intruder moves on they look who rules, which policies leave out whom, and which application has
//! what: tools fetch it all within seconds.
//!
//! # Evidence it needs
//! The log of calls of Microsoft Graph, which has to be switched on.
//!
//! # Benign causes
//! * An inventory, a backup of the configuration, a security product, or an administrator's script.
//!
//! # Tuning
//! `families` and `window-minutes` say how many kinds within how long are many; `apps` are ids of
//! applications that do it by trade.
//!
//! # What to ask
//! * Did the user run an inventory, and with which program?
//!
//! # What to do
//! * Find out how the token was got: look at the session's sign-ins. Assume that what was read is known.
//!
//! # References
//! * ATT&CK T1087.004, T1069.003, T1526
//! * Elastic, Entra ID directory enumeration burst; Bert-JanP, AzureHound by user agent

use crate::order::{Map, Set};

use serde_json::json;

use crate::events::dictionary::TextId;
use crate::events::{Activity, Guid, Id, Store};
use crate::knowledge::agents::{Agent, ToolKind};
use crate::order::Gather;
use crate::sessions::{EventRef, View};

use super::acts::{Exposed, called, expose, many};
use super::evidence::{duration, facts, in_order, moment, whence, who};
use super::mail_read_by_graph::reads_mail;
use super::{Ask, Confidence, Detection, Evidence, Finding, Group, Records, Severity, Subject, Tunable, Tuning};

const ID: &str = "directory-enumeration";
const MINUTE: i64 = 60_000_000;
/// Calls that a finding shows; all are counted.
const LISTED: usize = 100;

pub(super) static DETECTION: Detection = Detection {
    id: ID,
    title: "Directory read list by list",
    group: Group::Directory,
    records: &[Records::Calls],
    helped_by: &[],
    needs: &[],
    wants: super::TIES,
    history_days: 0,
    tunables: &[
        Tunable::number("families", "5", "so many kinds of objects are many"),
        Tunable::number("window-minutes", "1", "minutes within which they are many, inclusive"),
        Tunable::list("apps", "applications that list the directory by trade"),
    ],
    prepare,
    kql: include_str!("directory_enumeration.kql"),
    file: "directory_enumeration",
};

/// Kinds of objects, in lower case, as parts of an address.
const FAMILIES: [&str; 16] = [
    "administrativeunits",
    "applications",
    "conditionalaccess",
    "devices",
    "directoryroles",
    "domains",
    "groups",
    "namedlocations",
    "oauth2permissiongrants",
    "organization",
    "policies",
    "roleassignments",
    "roledefinitions",
    "serviceprincipals",
    "tenantdetails",
    "users",
];

/// The portal's own programs: their pages ask for many kinds at once.
const PORTALS: [Guid; 2] =
    [Guid::from_u128(0xc44b4083_3bb0_49c1_b47d_974e53cbdf3c), Guid::from_u128(0x74658136_14ec_4630_ad9b_26e160ff0fc6)];

/// A call that lists a kind of objects.
#[derive(Clone, Copy)]
struct Call<'a> {
    number: u32,
    row: &'a Activity,
    family: &'static str,
}

fn prepare<'a>(_: &'a Store, tuning: &'a Tuning) -> Ask<'a> {
    let number = |name: &str, otherwise: i64| tuning.number(ID, name).unwrap_or(otherwise);
    let least = usize::try_from(number("families", 5)).unwrap_or(usize::MAX).max(1);
    let window = number("window-minutes", 1).saturating_mul(MINUTE);
    let apps = tuning.list(ID, "apps");
    Box::new(move |subject, found| {
        let view = subject.view;
        let mut programs: Map<(Id, TextId), Vec<Call<'_>>> = Map::new();
        for (number, row) in view.activities_of(&|operation| operation.eq_ignore_ascii_case("GET")) {
            let app = view.store.app(row.app).id;
            if let Some(family) = family(view.store, row).filter(|_| !apps.contains(&app)) {
                programs.entry((app, row.agent)).or_default().push(Call { number, row, family });
            }
        }
        for ((app, agent), calls) in programs {
            let tool = Agent::read(view.store.texts.get(agent), "", "").tool() == Some(ToolKind::Offensive);
            let within = if tool { calls } else { windows(&calls, least, window) };
            found.extend(finding(view, app, tool, &within));
        }
    })
}

/// The kind of objects that a call lists: the last part of its address that names one.
fn family(store: &Store, row: &Activity) -> Option<&'static str> {
    if !store.texts.get(row.operation).eq_ignore_ascii_case("GET") {
        return None;
    }
    let address = store.texts.get(row.object);
    let path = address.split(['?', '#']).next().unwrap_or_default();
    let last = path.trim_end_matches('/').rsplit('/').next().unwrap_or_default();
    FAMILIES.iter().copied().find(|name| last.eq_ignore_ascii_case(name))
}

/// Calls that lie in a window with so many kinds.
fn windows<'a>(calls: &[Call<'a>], least: usize, window: i64) -> Vec<Call<'a>> {
    let mut kept: Vec<Call<'a>> = Vec::new();
    let mut from = 0;
    for (place, call) in calls.iter().enumerate() {
        while calls.get(from).is_some_and(|first| call.row.time - first.row.time > window) {
            from += 1;
        }
        let inside = calls.get(from..=place).unwrap_or_default();
        let kinds: Set<&str> = inside.iter().map(|call| call.family).gather();
        if kinds.len() >= least {
            let last = kept.last().map_or(i64::MIN, |last| last.row.time);
            let seen: Set<u32> =
                kept.iter().rev().take_while(|call| last - call.row.time <= window).map(|call| call.number).gather();
            kept.extend(inside.iter().filter(|call| !seen.contains(&call.number)));
        }
    }
    kept
}

/// Facts: `families`, which; `calls`, how many; `app`, its id; `agent`; `tool`, whether the agent is a tool's.
fn finding(view: &View<'_>, app: Id, tool: bool, calls: &[Call<'_>]) -> Option<Finding> {
    let (first, last) = (calls.first()?, calls.last()?);
    let families: Set<&str> = calls.iter().map(|call| call.family).gather();
    let portal = app.as_guid().is_some_and(|app| PORTALS.contains(&app));
    let severity = match (tool, portal) {
        (true, _) => Severity::High,
        (false, true) => Severity::Low,
        (false, false) => Severity::Medium,
    };
    let agent = view.store.texts.get(first.row.agent);
    let named: Vec<&str> = families.iter().copied().take(6).collect();
    let by = if tool { format!(" The agent {agent} is of a tool that is made for this.") } else { String::new() };
    let listed = calls.iter().take(LISTED);
    Some(Finding {
        detection: ID,
        variant: if tool { "tool" } else { "burst" },
        strand: "enumeration",
        severity,
        confidence: if tool { Confidence::High } else { Confidence::Medium },
        session: None,
        anchor: first.row.id,
        title: DETECTION.title.to_owned(),
        why: format!(
            "{} listed {} with {} from {} at {}, by {} calls within {}.{by}",
            who(view),
            named.join(", "),
            view.app_name(first.row.app),
            whence(view, EventRef::Activity(first.number)),
            moment(first.row.time),
            calls.len(),
            duration(last.row.time - first.row.time),
        ),
        what: "Directory read list by list",
        evidence: in_order(
            view,
            listed.map(|call| Evidence { role: "read", event: EventRef::Activity(call.number) }).collect(),
        ),
        facts: facts(json!({
            "families": families,
            "calls": calls.len(),
            "app": app.display(&view.store.texts),
            "agent": agent,
            "tool": tool,
        })),
    })
}

/// What was asked of Microsoft Graph in sessions with another finding of medium severity or worse, but mail.
/// Facts: `addresses`, some of those that were asked for; `calls`, how many.
pub(super) fn exposed(subject: &Subject<'_>, found: &mut Vec<Finding>) {
    let store = subject.view.store;
    let fits = |_: &str, row: &Activity| row.is_call(store) && !reads_mail(store, row);
    expose(&DETECTION, subject, found, fits, |acts| Exposed {
        variant: "in-session",
        role: "call",
        did: format!("made {} of Microsoft Graph in this session, first", many(acts.len(), "call")),
        more: "",
        what: "Calls of Graph in the session",
        facts: called(subject.view, acts),
    });
}
