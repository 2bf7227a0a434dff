//! A device code, and at once the directory was read with it.
//!
//! # What it looks for
//! A success by device code for Azure AD Graph or Microsoft Graph from an unmanaged device, and within
//! `window-minutes` calls that list what the directory holds: users, groups, applications, roles,
//! devices, policies. One such list of Azure AD Graph is enough, of Microsoft Graph it takes `lists`
//! different ones. The calls carry the session or token id of the sign-in, or are the same user's by
//! the same application where they carry neither.
//!
//! # Why it matters
//! Tools that phish device codes begin with a copy of the directory. Azure AD Graph has no use left that
//! is not old or hostile.
//!
//! # Evidence it needs
//! User sign-ins with authentication protocol or original transfer method, and Microsoft Graph or Azure AD
//! Graph activity.
//!
//! # Benign causes
//! * An administrator's inventory script that signs in by device code.
//!
//! # Tuning
//! `window-minutes` after the sign-in; `lists` of Microsoft Graph that are many.
//!
//! # What to ask
//! * Did the user type a code at that time, and run an inventory?
//!
//! # What to do
//! * Revoke the user's sessions, and block device code flow by conditional access.
//! * Block Azure AD Graph for applications that do not need it.
//!
//! # References
//! * ATT&CK T1087.004
//! * Elastic, Entra ID device code sign-in followed by enumeration through Azure AD Graph

use crate::order::Set;

use serde_json::json;

use crate::events::field::Field;
use crate::events::{Activity, SignIn, Store};
use crate::knowledge::apps;
use crate::order::Gather;
use crate::sessions::{EventRef, Session, View};

use super::device::is_by_device_code;
use super::evidence::{duration, facts, in_order, moment, place, sign_ins, who};
use super::{Ask, Confidence, Detection, Evidence, Finding, Group, Records, Severity, Tunable, Tuning};

const ID: &str = "device-code-then-enumeration";
/// Calls that a finding shows; all are counted.
const LISTED: usize = 200;

pub(super) static DETECTION: Detection = Detection {
    id: ID,
    title: "Directory read right after a device code",
    group: Group::Token,
    records: &[Records::UserSignIns, Records::Calls],
    helped_by: &[],
    needs: &[&[Field::Protocol, Field::Transfer], &[Field::ResourceId], &[Field::Result]],
    wants: &[Field::SessionId, Field::TokenId, Field::DeviceCompliant],
    history_days: 0,
    tunables: &[
        Tunable::number("window-minutes", "5", "minutes after the sign-in, inclusive"),
        Tunable::number("lists", "3", "different lists of Microsoft Graph that are many"),
    ],
    prepare,
    kql: include_str!("device_code_then_enumeration.kql"),
    file: "device_code_then_enumeration",
};

/// Collections of the directory, in lower case, as the last part of an address.
const LISTS: [&str; 17] = [
    "administrativeunits",
    "applications",
    "contacts",
    "devices",
    "directoryobjects",
    "directoryroles",
    "domains",
    "eligibleroleassignments",
    "groups",
    "oauth2permissiongrants",
    "organization",
    "policies",
    "roleassignments",
    "roledefinitions",
    "serviceprincipals",
    "tenantdetails",
    "users",
];

struct Rule {
    window: i64,
    lists: usize,
}

fn prepare<'a>(_: &'a Store, tuning: &'a Tuning) -> Ask<'a> {
    let number = |name: &str, otherwise: i64| tuning.number(ID, name).unwrap_or(otherwise);
    let rule = Rule {
        window: number("window-minutes", 5).saturating_mul(60_000_000),
        lists: usize::try_from(number("lists", 3)).unwrap_or(usize::MAX),
    };
    Box::new(move |subject, found| {
        let view = subject.view;
        let gets = view.activities_of(&|operation| operation.eq_ignore_ascii_case("GET"));
        let read: Vec<(u32, &Activity, &'static str)> =
            gets.filter_map(|(number, row)| Some((number, row, list(view, row)?))).collect();
        if !read.is_empty() {
            for (index, session) in view.sessions.iter().enumerate() {
                found.extend(look(&rule, view, index, session, &read));
            }
        }
    })
}

/// The collection that a call lists, if it does.
fn list(view: &View<'_>, row: &Activity) -> Option<&'static str> {
    let texts = &view.store.texts;
    if !texts.get(row.operation).eq_ignore_ascii_case("GET") {
        return None;
    }
    let address = texts.get(row.object);
    let path = address.split(['?', '#']).next().unwrap_or_default().trim_end_matches('/');
    let last = path.rsplit('/').next().unwrap_or_default();
    LISTS.iter().copied().find(|name| last.eq_ignore_ascii_case(name))
}

fn is_origin(view: &View<'_>, row: &SignIn) -> bool {
    is_by_device_code(row)
        && row.stream().is_user()
        && view.succeeded(row)
        && matches!(view.store.app(row.resource).id.as_guid(), Some(apps::AZURE_AD_GRAPH | apps::MICROSOFT_GRAPH))
        && !view.store.device(row.device).is_managed(&view.store.texts)
}

/// Whether a call was made with what this sign-in gave: sure by session or token id; by user and application where it has neither.
fn belongs(view: &View<'_>, row: &SignIn, call: &Activity) -> Option<bool> {
    let same = |left: crate::events::Id, right: crate::events::Id| {
        left.value().zip(right.value()).map(|(left, right)| left == right)
    };
    let store = view.store;
    let token = same(call.token_id(store), row.token_id(store));
    let session = same(call.session_id(store), row.session_id(store));
    match (token, session) {
        (Some(true), _) | (_, Some(true)) => Some(true),
        (None, None) => same(store.app(call.app).id, store.app(row.app).id).filter(|same| *same).map(|_| false),
        _ => None,
    }
}

/// Facts: `lists`, which; `calls`, how many; `seconds`, from the sign-in to the first call; `resource`, which Graph.
fn look(
    rule: &Rule,
    view: &View<'_>,
    index: usize,
    session: &Session,
    read: &[(u32, &Activity, &'static str)],
) -> Option<Finding> {
    for (number, row) in view.rows(&session.sign_ins).filter(|(_, row)| is_origin(view, row)) {
        let window = row.time..=row.time.saturating_add(rule.window);
        let calls: Vec<(u32, &Activity, &'static str, bool)> = read
            .iter()
            .filter(|(_, call, _)| window.contains(&call.time))
            .filter_map(|&(number, call, list)| Some((number, call, list, belongs(view, row, call)?)))
            .collect();
        let lists: Set<&str> = calls.iter().map(|(_, _, list, _)| *list).gather();
        let old = view.store.app(row.resource).id.as_guid() == Some(apps::AZURE_AD_GRAPH);
        let (Some(first), true) = (calls.first(), old || lists.len() >= rule.lists.max(1)) else { continue };
        let sure = calls.iter().any(|(_, _, _, sure)| *sure);
        let named: Vec<&str> = lists.iter().copied().take(6).collect();
        let evidence = sign_ins("device-code", [number]).chain(
            calls.iter().take(LISTED).map(|(number, ..)| Evidence { role: "read", event: EventRef::Activity(*number) }),
        );
        return Some(Finding {
            detection: ID,
            variant: if old { "azure-ad-graph" } else { "microsoft-graph" },
            strand: "enumeration",
            severity: Severity::High,
            confidence: if sure { Confidence::High } else { Confidence::Medium },
            session: Some(index),
            anchor: session.anchor,
            title: DETECTION.title.to_owned(),
            why: format!(
                "{} signed in by device code to {} from {} at {}; {} later the directory was listed with it: {}.",
                who(view),
                view.app_name(row.resource),
                place(view.network(row)),
                moment(row.time),
                duration(first.1.time - row.time),
                named.join(", "),
            ),
            what: "Directory read after a device code",
            evidence: in_order(view, evidence.collect()),
            facts: facts(json!({
                "lists": lists,
                "calls": calls.len(),
                "seconds": (first.1.time - row.time) / 1_000_000,
                "resource": view.app_name(row.resource),
            })),
        });
    }
    None
}
