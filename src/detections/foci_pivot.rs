//! A refresh token of the client family, redeemed by a tool.
//!
//! # What it looks for
//! A user signs in with one application of Microsoft's family of client ids, without a token coming
//! in. Later, in the same session of the same user, another application of the family, a tool for
//! administration (Azure CLI, Azure PowerShell, Office 365 Management), presents a token.
//!
//! # Why it matters
//! Refresh tokens of the family are interchangeable: whoever steals one from a mail or chat client
//! can ask for tokens of every other client of the family with it, without a password and without a
//! second factor.
//!
//! # Evidence it needs
//! Interactive and non-interactive sign-ins with session id, incoming token type, application id,
//! and the home and resource tenant. Network, device and agent decide how bad it is.
//!
//! # Benign causes
//! * A developer or administrator uses Azure CLI on their own joined laptop: its token comes from
//!   the primary refresh token of the same session.
//! * A script of the user's own runs in a cloud shell or build machine with their token.
//!
//! # Tuning
//! `max-gap-minutes` limits the time between the two, `azure-cli` asks for an administrator's token
//! where the tool is Azure CLI, `streams` leaves out interactive sign-ins.
//!
//! # What to ask
//! * Does the user work with Azure CLI or PowerShell, and did they at this time?
//! * Whose is the network that the tool came from?
//!
//! # What to do
//! * Revoke the user's sessions, then reset the password.
//! * Look through what the tool's tokens reached: Azure activity, Microsoft Graph activity, the
//!   audit log of the following hours.
//! * Require token protection or a compliant device for Azure management.
//!
//! # References
//! * ATT&CK T1528, T1550.001, T1606
//! * Secureworks, Family of client IDs: which applications share refresh tokens

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, json};

use crate::events::field::Field;
use crate::events::time::datetime_diff_minutes;
use crate::events::vocabulary::Stream;
use crate::events::{Id, SignIn};
use crate::knowledge::{apps, foci};
use crate::sessions::{Familiarity, Holder, View};
use crate::tenant::same_network;

use super::evidence::{duration, failure, in_order, moment, sign_ins};
use super::{Confidence, Detection, Finding, Group, Kind, Records, Severity, Subject, Tunable, Tuning};

const ID: &str = "foci-pivot";

pub(super) static DETECTION: Detection = Detection {
    id: ID,
    title: "Family refresh token redeemed by a tool",
    group: Group::Token,
    records: &[Records::UserSignIns],
    needs: &[&[Field::SessionId], &[Field::IncomingToken]],
    wants: &[Field::HomeTenant, Field::ResourceTenant, Field::Address, Field::Asn, Field::DeviceId, Field::Agent, Field::Processing],
    tunables: &[
        Tunable { name: "streams", kind: Kind::Choice(&["all", "non-interactive"]), default: "all", what: "which sign-ins take part" },
        Tunable { name: "max-gap-minutes", kind: Kind::Number, default: "none", what: "longest time between the two, inclusive" },
        Tunable {
            name: "azure-cli",
            kind: Kind::Choice(&["any", "global-admin", "global-admin-noncompliant"]),
            default: "any",
            what: "when Azure CLI counts as the second",
        },
        Tunable { name: "targets", kind: Kind::List, default: "built-in", what: "applications that count as the second" },
        Tunable { name: "home-tenant-only", kind: Kind::Flag, default: "true", what: "only resources of the user's own tenant" },
        Tunable { name: "family-clients", kind: Kind::List, default: "built-in", what: "applications of the family" },
    ],
    run,
    note: |tenant| {
        let silent = tenant.streams.get(&Stream::NonInteractive).is_none();
        silent.then(|| "No non-interactive sign-ins: a redeemed refresh token does not show in the interactive log.".to_owned())
    },
    kql: include_str!("foci_pivot.kql"),
    file: "foci_pivot",
};

/// What the tuning says, read once.
struct Rule {
    family: BTreeSet<Id>,
    targets: BTreeSet<Id>,
    non_interactive_only: bool,
    max_gap: Option<i64>,
    azure_cli: AzureCli,
    home_only: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum AzureCli {
    Any,
    GlobalAdmin,
    GlobalAdminNoncompliant,
}

impl Rule {
    fn new(tuning: &Tuning) -> Self {
        let family = tuning.list(ID, "family-clients");
        let targets = tuning.list(ID, "targets");
        Self {
            family: if family.is_empty() { foci::family_clients().map(|client| Id::guid(client.id)).collect() } else { family.into_iter().collect() },
            targets: if targets.is_empty() {
                [apps::AZURE_CLI, apps::AZURE_POWERSHELL, apps::OFFICE_365_MANAGEMENT].map(Id::guid).into()
            } else {
                targets.into_iter().collect()
            },
            non_interactive_only: tuning.choice(ID, "streams") == "non-interactive",
            max_gap: tuning.number(ID, "max-gap-minutes"),
            azure_cli: match tuning.choice(ID, "azure-cli") {
                "global-admin" => AzureCli::GlobalAdmin,
                "global-admin-noncompliant" => AzureCli::GlobalAdminNoncompliant,
                _ => AzureCli::Any,
            },
            home_only: tuning.flag(ID, "home-tenant-only"),
        }
    }

    /// Whether a sign-in takes part at all.
    fn concerns(&self, view: &View<'_>, row: &SignIn) -> bool {
        let stream = match row.stream() {
            Stream::NonInteractive => true,
            Stream::Interactive => !self.non_interactive_only,
            Stream::ServicePrincipal | Stream::ManagedIdentity => false,
        };
        // Family by id; where an export has names only, by the name of a client of the family.
        let app = view.store.app(row.app);
        let family = match app.id.value() {
            Some(id) => self.family.contains(&id),
            None => view.store.texts.value(app.name).is_some_and(foci::is_family_name),
        };
        let tenants = view.store.tenants_of(row.tenants);
        let at_home = match (tenants.home.value(), tenants.resource.value()) {
            (Some(home), Some(resource)) => home == resource,
            _ => true,
        };
        stream && family && (at_home || !self.home_only)
    }

    /// Whether a sign-in can be the second.
    fn is_second(&self, view: &View<'_>, row: &SignIn) -> bool {
        let app = app_key(view, row);
        let is = |target: Id| app == Some(App::Id(target)) || (app.is_some() && app == named(target));
        if !row.incoming.is_token() || !self.targets.iter().any(|target| is(*target)) {
            return false;
        }
        if !is(Id::guid(apps::AZURE_CLI)) {
            return true;
        }
        let admin = is_global_administrator(view, row);
        let compliant = view.store.device(row.device).compliant == crate::events::vocabulary::Flag::TRUE;
        match self.azure_cli {
            AzureCli::Any => true,
            AzureCli::GlobalAdmin => admin,
            AzureCli::GlobalAdminNoncompliant => admin && !compliant,
        }
    }
}

/// An application as its record names it.
#[derive(Clone, PartialEq, Eq)]
enum App {
    Id(Id),
    /// Where the export has no ids: the name in lower case.
    Name(String),
}

fn app_key(view: &View<'_>, row: &SignIn) -> Option<App> {
    let app = view.store.app(row.app);
    app.id.value().map(App::Id).or_else(|| view.store.texts.value(app.name).map(|name| App::Name(name.to_lowercase())))
}

/// An application as an export without ids would name it.
fn named(id: Id) -> Option<App> {
    id.as_guid().and_then(apps::app_name).map(|name| App::Name(name.to_lowercase()))
}

fn is_global_administrator(view: &View<'_>, row: &SignIn) -> bool {
    view.processing_contains(row, &apps::GLOBAL_ADMINISTRATOR.to_string())
}

/// A first and a second that belong together.
struct Pair {
    first: u32,
    second: u32,
    gap: i64,
}

fn run(subject: &Subject<'_>, tuning: &Tuning, found: &mut Vec<Finding>) {
    let view = subject.view;
    let rule = Rule::new(tuning);
    for (index, session) in view.sessions.iter().enumerate().filter(|(_, session)| session.id.has_value()) {
        let members: Vec<(u32, &SignIn)> = view.rows(&session.sign_ins).filter(|(_, row)| rule.concerns(view, row)).collect();
        let pairs = pairs(view, &rule, &members);
        if !pairs.is_empty() {
            found.push(finding(subject, index, &pairs));
        }
    }
}

fn pairs(view: &View<'_>, rule: &Rule, members: &[(u32, &SignIn)]) -> Vec<Pair> {
    let mut pairs = Vec::new();
    let seconds: Vec<&(u32, &SignIn)> = members.iter().filter(|(_, row)| rule.is_second(view, row)).collect();
    for (second, second_row) in seconds {
        for (first, first_row) in members.iter().filter(|(_, row)| row.incoming.is_none()) {
            let gap = datetime_diff_minutes(first_row.time, second_row.time);
            let in_time = gap >= 0 && rule.max_gap.is_none_or(|most| gap <= most);
            if in_time && app_key(view, first_row) != app_key(view, second_row) {
                pairs.push(Pair { first: *first, second: *second, gap });
            }
        }
    }
    pairs
}

/// How bad a pair is, and how sure that is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Weight {
    severity: Severity,
    confidence: Confidence,
}

fn weigh(subject: &Subject<'_>, first: &SignIn, second: &SignIn) -> (Weight, Option<&'static str>) {
    let view = subject.view;
    let (owner, tool) = (Holder::of(view, first), Holder::of(view, second));
    let hosting = tool.network.is_some_and(|network| network.is_hosting()) && same_network(owner.network, tool.network) != Some(true);
    let handover = tool.is_other_hand(&owner);
    let same_place = same_network(owner.network, tool.network) == Some(true);
    let same_device = matches!((owner.device, tool.device), (Some(left), Some(right)) if left == right);
    let (mut severity, confidence, reason) = if hosting {
        (Severity::High, if tool.differences(&owner) > 0 { Confidence::High } else { Confidence::Medium }, Some("hosting"))
    } else if handover {
        (Severity::High, if tool.differences(&owner) >= 2 { Confidence::High } else { Confidence::Medium }, Some("handover"))
    } else if same_place && same_device {
        (Severity::Low, Confidence::Medium, Some("same network and device"))
    } else if subject.familiar.app(second) == Familiarity::Familiar {
        (Severity::Low, Confidence::Medium, Some("familiar application"))
    } else {
        (Severity::Medium, Confidence::Medium, None)
    };
    // An administrator's role raises only together with another sign: every administrator's
    // command line carries one.
    if severity == Severity::High && is_global_administrator(view, second) {
        severity = Severity::Critical;
    }
    if !view.succeeded(second) {
        severity = severity.lower();
    }
    let tenants = view.store.tenants_of(second.tenants);
    let complete = tenants.home.has_value() && tenants.resource.has_value();
    (Weight { severity, confidence: if complete { confidence } else { Confidence::Low } }, reason)
}

fn finding(subject: &Subject<'_>, session: usize, pairs: &[Pair]) -> Finding {
    let view = subject.view;
    let row = |number: u32| view.store.sign_in(number);
    let mut worst: Option<(Weight, &Pair, Option<&'static str>)> = None;
    for pair in pairs {
        let (Some(first), Some(second)) = (row(pair.first), row(pair.second)) else { continue };
        let (weight, reason) = weigh(subject, first, second);
        let better = worst.as_ref().is_none_or(|(known, other, _)| weight > *known || (weight == *known && pair.gap < other.gap));
        if better {
            worst = Some((weight, pair, reason));
        }
    }
    let firsts: BTreeSet<u32> = pairs.iter().map(|pair| pair.first).collect();
    let seconds: BTreeSet<u32> = pairs.iter().map(|pair| pair.second).collect();
    let evidence = in_order(view, sign_ins("first", firsts.iter().copied()).chain(sign_ins("second", seconds.iter().copied())).collect());
    let (weight, shown, reason) = match &worst {
        Some((weight, pair, reason)) => (*weight, *pair, *reason),
        None => (Weight { severity: Severity::Medium, confidence: Confidence::Low }, &pairs[0], None),
    };
    let why = row(shown.first).zip(row(shown.second)).map(|(first, second)| explain(view, first, second, reason)).unwrap_or_default();
    let anchor = view.sessions.get(session).map_or(Id::EMPTY, |session| session.anchor);
    Finding {
        detection: ID,
        variant: "exact",
        severity: weight.severity,
        confidence: weight.confidence,
        session: Some(session),
        anchor,
        title: row(shown.second).map_or_else(String::new, |second| format!("{} redeemed a family refresh token", view.app_name(second.app))),
        why,
        what: "Token redeemed by a tool",
        evidence,
        facts: facts(view, pairs, shown, reason),
    }
}

fn explain(view: &View<'_>, first: &SignIn, second: &SignIn, reason: Option<&'static str>) -> String {
    let (owner, tool) = (Holder::of(view, first), Holder::of(view, second));
    let place = |holder: &Holder| holder.network.map_or_else(|| "an unknown address".to_owned(), |network| network.label());
    let mut text = format!(
        "{} signed in to {} from {} at {}. {} later {} presented a {} in the same session, from {} with {}{}.",
        view.store.texts.get(view.person.name),
        view.app_name(first.app),
        place(&owner),
        moment(first.time),
        duration(second.time - first.time),
        view.app_name(second.app),
        second.incoming.text().replace("primaryRefreshToken", "primary refresh token").replace("refreshToken", "refresh token"),
        place(&tool),
        tool.agent.label(),
        failure(view.code(second)),
    );
    text.push_str(match reason {
        Some("hosting") => " That is a hosting or VPN network, where people seldom sit.",
        Some("handover") => " Network and machine both differ from those of the sign-in.",
        Some("same network and device") => " Network and device are those of the sign-in.",
        Some("familiar application") => " The user has used this tool before.",
        _ => " Whether the two machines are the same cannot be told from these exports.",
    });
    if is_global_administrator(view, second) {
        text.push_str(" The token carries the role Global Administrator.");
    }
    text
}

/// `pair_count`, `smallest_gap_minutes`, `pairs` (ids of first and second), `changed` (what differs
/// between the two of the pair that is shown), `reason` (what decided the severity).
fn facts(view: &View<'_>, pairs: &[Pair], shown: &Pair, reason: Option<&'static str>) -> Map<String, serde_json::Value> {
    let id = |number: u32| view.store.sign_in(number).map(|row| row.id.display(&view.store.texts)).unwrap_or_default();
    let mut ids: Vec<(String, String)> = pairs.iter().map(|pair| (id(pair.first), id(pair.second))).collect();
    ids.sort();
    let mut changed = Vec::new();
    if let Some((first, second)) = view.store.sign_in(shown.first).zip(view.store.sign_in(shown.second)) {
        let (owner, tool) = (Holder::of(view, first), Holder::of(view, second));
        let differs: BTreeMap<&str, bool> = [
            ("agent", crate::knowledge::agents::same_family(owner.agent, tool.agent) == Some(false)),
            ("country", owner.country.is_some() && tool.country.is_some() && owner.country != tool.country),
            ("device", owner.device.is_some() && tool.device.is_some() && owner.device != tool.device),
            ("network", same_network(owner.network, tool.network) == Some(false)),
        ]
        .into();
        changed = differs.into_iter().filter(|(_, differs)| *differs).map(|(name, _)| name).collect();
    }
    let facts = json!({
        "pair_count": pairs.len(),
        "smallest_gap_minutes": pairs.iter().map(|pair| pair.gap).min(),
        "pairs": ids,
        "changed": changed,
        "reason": reason,
    });
    match facts {
        serde_json::Value::Object(map) => map,
        _ => Map::new(),
    }
}
