//! An application's identity signs in from a network and a country where it had never been.
//!
//! # What it looks for
//! Successes of a service principal from a network and a country that are both new to it (`network`); a managed
//! identity outside Microsoft's network (`managed`); a service principal that a policy stops for the first time
//! (`blocked`). One finding a network.
//!
//! # Why it matters
//! Programs do not travel. A secret that is used from elsewhere was copied: out of a repository, a pipeline or a
//! laptop. A managed identity has no secret at all: its token left the machine.
//!
//! # Evidence it needs
//! Sign-ins of service principals and managed identities with address and result, and at least three days of the
//! identity's history. Where no country is known, the network alone counts, and it is less sure.
//!
//! # Benign causes
//! * A new region, a new pool of runners, the vendor's move. Who has been in many networks before is low.
//! * Servers on premises that Azure Arc manages have managed identities, too.
//!
//! # Tuning
//! `networks` of its history from which on an identity is one that moves about.
//!
//! # What to ask
//! * Where does the program run, and did it move?
//! * Who else knows the secret?
//!
//! # What to do
//! * Replace the credential, and remove the old one.
//! * Look at what the identity reached from there.
//! * Admit the identity from its own addresses only, by a policy for workload identities.
//!
//! # References
//! * ATT&CK T1078.004, T1552
//! * Elastic, Entra ID service principal sign-in from unusual source ASN
//! * reprise99, Service principal sign-in from a new address

use crate::order::Set;

use serde_json::json;

use crate::events::dictionary::TextId;
use crate::events::field::Field;
use crate::events::{SignIn, Store};
use crate::knowledge::results::ResultClass;
use crate::sessions::{EventRef, HISTORY_DAYS, View};
use crate::tenant::{Network, PersonKind, same_network};

use super::evidence::{failure, moment, place};
use super::single::{DAY, Told, finding};
use super::workload::{credential, named, network, rows};
use super::{Ask, Confidence, Detection, Finding, Group, Records, Severity, Tunable, Tuning};

const ID: &str = "workload-new-network";

pub(super) static DETECTION: Detection = Detection {
    id: ID,
    title: "Application identity in a new place",
    group: Group::Workload,
    records: &[Records::Workloads],
    helped_by: &[],
    needs: &[],
    wants: &[Field::Address, Field::Asn, Field::Country],
    history_days: HISTORY_DAYS,
    tunables: &[Tunable::number("networks", "4", "networks of its history that make an identity one that moves about")],
    prepare,
    kql: include_str!("workload_new_network.kql"),
    file: "workload_new_network",
};

fn prepare<'a>(_: &'a Store, tuning: &'a Tuning) -> Ask<'a> {
    let many = usize::try_from(tuning.number(ID, "networks").unwrap_or(4)).unwrap_or(usize::MAX).max(1);
    Box::new(move |subject, found| {
        let view = subject.view;
        let managed = view.person.kind == PersonKind::ManagedIdentity;
        let mut been: Vec<Network> = Vec::new();
        let mut countries: Set<TextId> = Set::new();
        let mut begins: Option<i64> = None;
        let mut stopped = false;
        for (number, row) in rows(view) {
            let long = begins.is_some_and(|begins| row.time - begins >= HISTORY_DAYS * DAY);
            if !view.succeeded(row) {
                if long && view.class(row) == ResultClass::Policy && !std::mem::replace(&mut stopped, true) {
                    found.push(told(view, number, row, ("blocked", Severity::Low, Confidence::Medium), been.len()));
                }
                continue;
            }
            begins.get_or_insert(row.time);
            let Some(here) = network(view, row) else { continue };
            let seen = been.iter().any(|there| {
                there.address == here.address || same_network(Some(*there), Some(here)).unwrap_or(there.asn != here.asn)
            });
            let country = view.country(row);
            let away = country.is_none_or(|country| !countries.contains(&country));
            if !been.iter().any(|there| there.address == here.address) {
                let outside = managed && is_public(&here) && here.microsoft().is_none();
                if long && outside {
                    found.push(told(
                        view,
                        number,
                        row,
                        ("managed", Severity::Critical, Confidence::Medium),
                        been.len(),
                    ));
                } else if long && !managed && !seen && away && !been.is_empty() {
                    let severity = if been.len() >= many { Severity::Low } else { Severity::Medium };
                    let sure = if country.is_some() { Confidence::Medium } else { Confidence::Low };
                    found.push(told(view, number, row, ("network", severity, sure), been.len()));
                }
                been.push(here);
            }
            countries.extend(country);
        }
    })
}

/// Whether the address is one of the internet.
fn is_public(network: &Network) -> bool {
    match network.address {
        std::net::IpAddr::V4(address) => !address.is_private() && !address.is_loopback() && !address.is_link_local(),
        std::net::IpAddr::V6(address) => {
            !address.is_loopback() && address.segments().first().is_some_and(|head| head & 0xfe00 != 0xfc00)
        }
    }
}

/// Facts: `networks`, how many addresses it had been at; `credential`, that was used.
fn told(
    view: &View<'_>,
    number: u32,
    row: &SignIn,
    (variant, severity, confidence): (&'static str, Severity, Confidence),
    networks: usize,
) -> Finding {
    let words = match variant {
        "managed" => "A managed identity lives in Microsoft's network",
        "blocked" => "No policy had stopped it before",
        _ => "It had never been there, nor in that country",
    };
    finding(
        &DETECTION,
        view,
        Told {
            variant,
            severity,
            confidence,
            event: EventRef::SignIn(number),
            role: "elsewhere",
            beside: Vec::new(),
            why: format!(
                "{} signed in from {} at {}{}. {words}.",
                named(view),
                place(view.network(row)),
                moment(row.time),
                failure(view.code(row)),
            ),
            what: "Application in a new place",
            facts: json!({"networks": networks, "credential": credential(view.store, row)}),
        },
    )
}
