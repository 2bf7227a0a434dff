//! What intruders do with what they got into: read, hide, forward, take along. A table, one row a step.

use super::{Kind, Scene};
use crate::generate::acts::{Deed, act, call, deed, mail, risk, setting};
use crate::generate::apps::{EXCHANGE, GRAPH, SHAREPOINT};
use crate::generate::record::SignIn;
use crate::generate::time::{MINUTE, SECOND};

/// With the token of which step of the incident, how many minutes after it, how many times, under which label,
/// and what.
type Next = (Kind, &'static str, i64, i64, &'static str, Deed);

const READ: Deed =
    mail("MailItemsAccessed", "\\Inbox").count(12).with(&[("MailAccessType", "Bind"), ("IsThrottled", "False")]);
const COPY: Deed =
    mail("MailItemsAccessed", "\\Inbox").count(1).with(&[("MailAccessType", "Sync"), ("IsThrottled", "False")]);
const MESSAGES: Deed = call("GET", "https://graph.microsoft.com/v1.0/me/mailFolders/inbox/messages?$top=50&$skip={n}");

/// Answers to a swindle vanish before the user sees them.
const HIDE_MONEY: Deed = setting("New-InboxRule", "{me}\\.").with(&[
    ("Name", "."),
    ("SubjectOrBodyContainsWords", "invoice;payment;IBAN"),
    ("MoveToFolder", ":\\RSS Feeds"),
    ("MarkAsRead", "True"),
    ("StopProcessingRules", "True"),
]);
/// What would warn the user vanishes.
const HIDE_WARNINGS: Deed = setting("New-InboxRule", "{me}\\..").with(&[
    ("Name", ".."),
    ("SubjectContainsWords", "security info;unusual sign-in;password;helpdesk"),
    ("DeleteMessage", "True"),
    ("StopProcessingRules", "True"),
]);
const FORWARD: Deed = setting("Set-Mailbox", "{me}").with(&[
    ("Identity", "{me}"),
    ("ForwardingSmtpAddress", "smtp:archive.box@example.net"),
    ("DeliverToMailboxAndForward", "True"),
]);

const NEXT: &[Next] = &[
    (Kind::DeviceCodeDevice, "primary-refresh-token", 2, 8, "mailbox-read", READ),
    (Kind::DeviceCodeDevice, "primary-refresh-token", 9, 1, "inbox-rule", HIDE_MONEY),
    (Kind::DeviceCodeDevice, "primary-refresh-token", 14, 1, "forwarding", FORWARD),
    (Kind::DeviceCodeDeviceQuiet, "primary-refresh-token", 4, 3, "mailbox-read", COPY),
    (Kind::DeviceCodeDeviceQuiet, "primary-refresh-token", 11, 1, "inbox-rule", HIDE_MONEY),
    (Kind::DeviceCodeMethod, "mail", 3, 6, "mailbox-read", READ),
    (Kind::DeviceCodeMethod, "mail", 8, 4, "mail-sent", mail("Send", "Invoice {n}: new bank details")),
    (Kind::ProxyReplay, "replayed", 3, 6, "mailbox-read", READ),
    (Kind::ProxyReplay, "replayed", 5, 1, "inbox-rule", HIDE_WARNINGS),
    (
        Kind::ProxyReplay,
        "replayed",
        13,
        2,
        "traces-removed",
        mail("HardDelete", "Security info was added to your account").count(1),
    ),
    (
        Kind::ProxyReplay,
        "replayed",
        22,
        60,
        "mass-download",
        deed(
            "SharePoint",
            "FileDownloaded",
            "https://contoso.sharepoint.com/sites/{site}/Shared Documents/{folder}/{topic} {n}.{type}",
        ),
    ),
    (
        Kind::ProxyReplay,
        "replayed",
        28,
        1,
        "sharing-link",
        deed(
            "SharePoint",
            "AnonymousLinkCreated",
            "https://contoso.sharepoint.com/sites/{site}/Shared Documents/{folder}/all.zip",
        )
        .with(&[("EventData", "<Type>View</Type>")]),
    ),
    (Kind::ProxyReplaySameCountry, "replayed", 6, 2, "mailbox-read", READ),
    (Kind::PromptFatigue, "mail", 2, 5, "mailbox-read", READ),
    (Kind::PromptFatigue, "mail", 7, 1, "inbox-rule", HIDE_MONEY),
    (Kind::SprayThenRopc, "mail", 1, 4, "mailbox-read", COPY),
    (Kind::SlowRefresh, "refreshed-abroad", 2, 3, "mailbox-read", COPY),
    (
        Kind::CodePhish,
        "graph-read",
        1,
        1,
        "directory-enumerated",
        call("GET", "https://graph.microsoft.com/v1.0/users?$top=999"),
    ),
    (
        Kind::CodePhish,
        "graph-read",
        1,
        1,
        "directory-enumerated",
        call("GET", "https://graph.microsoft.com/v1.0/groups?$top=999"),
    ),
    (
        Kind::CodePhish,
        "graph-read",
        1,
        1,
        "directory-enumerated",
        call("GET", "https://graph.microsoft.com/v1.0/servicePrincipals?$top=999"),
    ),
    (
        Kind::CodePhish,
        "graph-read",
        1,
        1,
        "directory-enumerated",
        call("GET", "https://graph.microsoft.com/v1.0/applications?$top=999"),
    ),
    (
        Kind::CodePhish,
        "graph-read",
        1,
        1,
        "directory-enumerated",
        call("GET", "https://graph.microsoft.com/v1.0/devices?$top=999"),
    ),
    (
        Kind::CodePhish,
        "graph-read",
        1,
        1,
        "directory-enumerated",
        call("GET", "https://graph.microsoft.com/v1.0/directoryRoles"),
    ),
    (
        Kind::CodePhish,
        "graph-read",
        1,
        1,
        "directory-enumerated",
        call("GET", "https://graph.microsoft.com/v1.0/identity/conditionalAccess/policies").count(403),
    ),
    (Kind::CodePhish, "graph-read", 6, 5, "mailbox-read", MESSAGES),
    (
        Kind::FociPivot,
        "redeemed-by-tool",
        3,
        1,
        "directory-enumerated",
        call("GET", "https://graph.microsoft.com/v1.0/users?$top=999"),
    ),
    (
        Kind::FociPivot,
        "redeemed-by-tool",
        3,
        1,
        "directory-enumerated",
        call("GET", "https://graph.microsoft.com/v1.0/directoryRoles?$expand=members"),
    ),
    (Kind::OwnNetwork, "used-by-malware", 2, 4, "mailbox-read", MESSAGES),
    (Kind::ConsentPhish, "app-token", 1, 9, "mailbox-read", MESSAGES),
    (
        Kind::AppCredential,
        "app-sign-in",
        1,
        2,
        "directory-read",
        call("GET", "https://graph.microsoft.com/v1.0/users?$top=999"),
    ),
    (
        Kind::AppCredential,
        "app-sign-in",
        4,
        6,
        "mailbox-read",
        call("GET", "https://graph.microsoft.com/v1.0/users/manager-{n}/messages?$top=100"),
    ),
];

/// Lets the intruder go on, and Identity Protection tell what it saw.
pub(super) fn follow(scene: &mut Scene<'_>) {
    let kind = scene.kind;
    let labels = scene.tenant.labels.iter().filter(|label| label.incident == kind.name());
    let sign_ins = &scene.tenant.sign_ins;
    let own: Vec<(String, SignIn)> = labels
        .filter_map(|label| {
            let row = sign_ins.iter().rev().find(|row| row.id.to_string() == label.event)?;
            Some((label.step.clone(), row.clone()))
        })
        .collect();
    let mut random = scene.random.child("aftermath", 0);
    for (_, of, minutes, times, step, deed) in NEXT.iter().filter(|(of_kind, ..)| *of_kind == kind) {
        let by_step = || own.iter().filter(|(step, _)| step == of).map(|(_, row)| row);
        let resource = match deed.workload {
            "Exchange" => EXCHANGE,
            "SharePoint" => SHAREPOINT,
            _ => GRAPH,
        };
        let Some(token) = by_step().find(|row| row.resource == resource).or_else(|| by_step().next()).cloned() else {
            continue;
        };
        for number in 0..*times {
            let time = token.time + minutes * MINUTE + number * 2 * SECOND + random.between(0, SECOND - 1);
            let done = act(&mut random, &token, time, deed);
            scene.act(step, done);
        }
    }
    let mut told = crate::order::Set::new();
    for (_, row) in &own {
        for seen in row.risk_events.iter().copied().chain(beside(kind)) {
            if row.risk != "none" && told.insert(seen) {
                scene.risk(risk::detection(&mut random, row, seen, row.risk, ("atRisk", "none")));
            }
        }
    }
}

/// What Microsoft adds that no sign-in carries.
fn beside(kind: Kind) -> Option<&'static str> {
    (kind == Kind::ProxyReplay).then_some("attackerinTheMiddle")
}
