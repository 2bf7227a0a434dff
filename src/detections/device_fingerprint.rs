//! A device registered as tools register it.
//!
//! # What it looks for
//! Three things, each a finding of its own. A device whose build of Windows and name are the defaults
//! of a tool: 10.0.19041.928 (ROADtools) or 10.0.19045.2006 (a phishing kit) with a name that begins
//! with `DESKTOP-`. A successful *Register device* that joins the device to the directory by an agent
//! that no operating system uses for it. Several devices of one user within minutes.
//!
//! # Why it matters
//! A device of the intruder's own gives a primary refresh token and outlives the password reset. Tools
//! make the device up, and most people leave the tool's defaults as they are.
//!
//! # Evidence it needs
//! The directory audit log, with modified properties for the build and additional details for join and
//! agent. The service adds the device; who it was for is found by the correlation id.
//!
//! # Benign causes
//! * A virtual machine or test bench with an old image of Windows joins the directory.
//! * A deployment tool or technician registers several devices under one account.
//!
//! # Tuning
//! `devices` and `window-minutes` say how many devices within how long are several.
//!
//! # What to ask
//! * Does the user know the device, and is its build one that the organisation has?
//! * Is the account one that enrols devices for others?
//!
//! # What to do
//! * Disable the device, revoke the user's sessions, then delete the device.
//! * Look for sign-ins with this device id, and for what registered it.
//!
//! # References
//! * ATT&CK T1098.005
//! * Elastic, Entra ID device registration with ROADtools or phishing-kit defaults
//! * Microsoft-Analyzer-Suite, device registrations by correlation id

use crate::order::Map;

use serde_json::{Value, json};

use crate::events::{Audit, Id, Store};
use crate::sessions::{DeviceRecord, View};
use crate::tenant::PersonKind;
use crate::tenant::devices::MadeUp;

use super::evidence::{audits, duration, facts, in_order, moment, who};
use super::registrations::registered;
use super::{Ask, Confidence, Detection, Finding, Group, Records, Severity, Tunable, Tuning};

const ID: &str = "device-fingerprint";
const MINUTE: i64 = 60_000_000;
/// Agents that operating systems register devices by, in lower case.
const AGENTS: [&str; 3] = ["dsreg", "deviceregistrationclient", "dalvik"];
/// Events that a finding lists.
const LISTED: usize = 50;

pub(super) static DETECTION: Detection = Detection {
    id: ID,
    title: "Device registered as tools do it",
    group: Group::Device,
    records: &[Records::Audits],
    helped_by: &[],
    needs: &[],
    wants: &[],
    history_days: 0,
    tunables: &[
        Tunable::number("devices", "3", "so many devices of one user are several"),
        Tunable::number("window-minutes", "30", "within how long they are several, inclusive"),
    ],
    prepare,
    kql: include_str!("device_fingerprint.kql"),
    file: "device_fingerprint",
};

/// A registration of a device that succeeded.
struct Registered<'a> {
    number: u32,
    row: &'a Audit,
    device: DeviceRecord,
}

fn prepare<'a>(_: &'a Store, tuning: &'a Tuning) -> Ask<'a> {
    let devices = usize::try_from(tuning.number(ID, "devices").unwrap_or(3)).unwrap_or(usize::MAX);
    let window = tuning.number(ID, "window-minutes").unwrap_or(30).saturating_mul(MINUTE);
    Box::new(move |subject, found| {
        let view = subject.view;
        let registered = registered_devices(view);
        found.extend(made_up(view, &registered));
        found.extend(joined(view, &registered));
        found.extend(several(view, &registered, devices.max(2), window));
    })
}

fn registered_devices<'a>(view: &View<'a>) -> Vec<Registered<'a>> {
    let devices = registered(view).filter(|item| item.is_device());
    let read = |row: &'a Audit| DeviceRecord::read(view.store, row);
    devices.map(|item| Registered { number: item.number, row: item.row, device: read(item.row) }).collect()
}

fn is_operation(view: &View<'_>, row: &Audit, name: &str) -> bool {
    view.store.texts.get(row.operation).trim().trim_end_matches('.').eq_ignore_ascii_case(name)
}

/// Whether the person is one, and not the service that registers devices for all.
fn is_person(view: &View<'_>) -> bool {
    !matches!(view.person.kind, PersonKind::ServicePrincipal | PersonKind::ManagedIdentity)
}

/// One finding for each registration of a device that a tool made up. The service's own event tells
/// of it only where nobody else's does.
fn made_up(view: &View<'_>, registered: &[Registered<'_>]) -> Vec<Finding> {
    let mut found: Map<Id, (&MadeUp, Vec<&Registered<'_>>)> = Map::new();
    for item in registered {
        let Some(correlation) = item.row.correlation.as_guid() else { continue };
        let Some(device) = view.tenant.made_up_devices.get(correlation) else { continue };
        if is_person(view) || !view.tenant.made_up_devices.has_person(correlation) {
            found.entry(item.row.correlation).or_insert((device, Vec::new())).1.push(item);
        }
    }
    let told = found.into_values().map(|(device, items)| {
        let why = format!(
            "The device {} was registered for {} with build {} of Windows, which {} gives devices that it makes up.",
            device.name,
            who(view),
            device.build,
            device.tool
        );
        let facts = json!({"build": device.build, "tool": device.tool, "device": device.name});
        finding(view, "default-build", (Severity::High, Confidence::High), &items, why, facts)
    });
    told.flatten().collect()
}

/// One finding for each join by an agent that no operating system uses.
fn joined(view: &View<'_>, registered: &[Registered<'_>]) -> Vec<Finding> {
    let strange = |agent: &str| {
        let agent = agent.trim().to_ascii_lowercase();
        !agent.is_empty() && !AGENTS.iter().any(|known| agent.starts_with(known))
    };
    let joins = registered.iter().filter(|item| {
        is_operation(view, item.row, "Register device")
            && item.device.join.eq_ignore_ascii_case("Azure AD join")
            && strange(&item.device.agent)
    });
    let told = joins.map(|item| {
        let why = format!(
            "{} was joined to the directory for {} at {} by the agent {}. Operating systems join by others.",
            name(&item.device),
            who(view),
            moment(item.row.time),
            item.device.agent
        );
        let facts = json!({"agent": item.device.agent, "device": item.device.names.first()});
        finding(view, "join-agent", (Severity::Medium, Confidence::High), &[item], why, facts)
    });
    told.flatten().collect()
}

/// One finding for each run of several devices.
fn several(view: &View<'_>, registered: &[Registered<'_>], devices: usize, window: i64) -> Vec<Finding> {
    let mut found = Vec::new();
    if !is_person(view) {
        return found;
    }
    let own: Vec<&Registered<'_>> =
        registered.iter().filter(|item| is_operation(view, item.row, "Register device")).collect();
    let mut counts: Map<String, usize> = Map::new();
    let mut from = 0;
    for (place, item) in own.iter().enumerate() {
        *counts.entry(name(&item.device)).or_default() += 1;
        while let Some(first) = own.get(from).filter(|first| item.row.time - first.row.time > window) {
            forget(&mut counts, &name(&first.device));
            from += 1;
        }
        let ends = own.get(place + 1).is_none_or(|next| next.row.time - item.row.time > window);
        let Some(within) = own.get(from..=place).filter(|_| ends && counts.len() >= devices) else { continue };
        let Some(first) = within.first() else { continue };
        let why = format!(
            "{} devices were registered for {} within {}, the first at {} from {}.",
            counts.len(),
            who(view),
            duration(item.row.time - first.row.time),
            moment(first.row.time),
            place_of(view, first.row),
        );
        let told = json!({"devices": counts.len(), "names": counts.keys().take(LISTED).collect::<Vec<_>>()});
        found.extend(finding(view, "several-devices", (Severity::Medium, Confidence::Medium), within, why, told));
    }
    found
}

fn forget(counts: &mut Map<String, usize>, name: &str) {
    if let Some(count) = counts.get_mut(name) {
        *count -= 1;
        if *count == 0 {
            counts.remove(name);
        }
    }
}

fn place_of(view: &View<'_>, row: &Audit) -> String {
    view.network_of_audit(row).map_or_else(|| "an address that the audit log does not tell".to_owned(), |at| at.label())
}

fn name(device: &DeviceRecord) -> String {
    device.names.first().cloned().unwrap_or_else(|| "A device without name".to_owned())
}

/// Facts: of a made-up device `build`, `tool` and `device`, its name; of a join `agent` and `device`; of
/// several `devices`, how many, and `names`, up to 50.
fn finding(
    view: &View<'_>,
    variant: &'static str,
    (severity, confidence): (Severity, Confidence),
    items: &[&Registered<'_>],
    why: String,
    told: Value,
) -> Option<Finding> {
    let listed = items.iter().take(LISTED);
    let evidence = audits("registration", listed.map(|item| item.number));
    Some(Finding {
        detection: ID,
        variant,
        strand: variant,
        severity,
        confidence,
        session: None,
        // Events of one registration share it: which of them an export has does not matter.
        anchor: items.first().map(|item| item.row.correlation.value().unwrap_or(item.row.id))?,
        title: DETECTION.title.to_owned(),
        why,
        what: "Device registered by a tool",
        evidence: in_order(view, evidence.collect()),
        facts: facts(told),
    })
}
