//! The account that keeps the directory in step with the one on premises signs in from elsewhere.
//!
//! # What it looks for
//! Successes of an account named `Sync_*`, or of the applications of Entra Connect, from a network that is neither
//! familiar for that account nor the organisation's own (`elsewhere`); and changes of what is kept in step
//! (`settings`).
//!
//! # Why it matters
//! That account can write users and, in many tenants, reset passwords. Its password lies on one server, in reach of whoever
//! holds the domain, and no second factor guards it.
//!
//! # Evidence it needs
//! User sign-ins with address and result, and at least three days of the account's history; the directory audit log for
//! the second.
//!
//! # Benign causes
//! * The server moved, or its exit to the internet changed.
//! * A new server is being set up beside the old one.
//!
//! # Tuning
//! None.
//!
//! # What to ask
//! * From which addresses do the servers of Entra Connect reach the internet?
//! * Was anything changed on them at that time?
//!
//! # What to do
//! * Reset the password of the account, and look at the server as at a domain controller.
//! * Let conditional access admit the account from the server's addresses only.
//!
//! # References
//! * ATT&CK T1078.004, T1556.007
//! * Cloud-Architekt, AADConnect sign-ins outside server IP
//! * Cloud-Architekt, AADConnect changed DirSync settings

use crate::order::Set;

use serde_json::json;

use crate::events::field::Field;
use crate::events::{Guid, SignIn, Store};
use crate::sessions::{EventRef, HISTORY_DAYS, View};

use super::evidence::{moment, place, sign_ins, who};
use super::places::strange;
use super::single::{LISTED, Told, did, finding, successes};
use super::{Ask, Confidence, Detection, Finding, Group, Records, Severity, Subject, Tuning};

const ID: &str = "entra-connect-account";
/// The applications of Entra Connect.
const APPS: [Guid; 2] =
    [Guid::from_u128(0xcb1056e2_e479_49de_ae31_7812af012ed8), Guid::from_u128(0x6eb59a73_39b2_4c23_a70f_e2e3ce8965b1)];

pub(super) static DETECTION: Detection = Detection {
    id: ID,
    title: "Entra Connect's account in another place",
    group: Group::Network,
    records: &[Records::UserSignIns],
    helped_by: &[(Records::Audits, "changes of what is kept in step show there")],
    needs: &[&[Field::Address], &[Field::Result]],
    wants: &[Field::Asn, Field::AppId],
    history_days: HISTORY_DAYS,
    tunables: &[],
    prepare,
    kql: include_str!("entra_connect_account.kql"),
    file: "entra_connect_account",
};

fn prepare<'a>(_: &'a Store, _: &'a Tuning) -> Ask<'a> {
    Box::new(|subject, found| {
        let named = subject.view.store.texts.get(subject.view.person.name).to_ascii_lowercase().starts_with("sync_");
        elsewhere(subject, named, found);
        settings(subject.view, named, found);
    })
}

/// One finding an address. Facts: `sign_ins`, how many from there.
fn elsewhere(subject: &Subject<'_>, named: bool, found: &mut Vec<Finding>) {
    let view = subject.view;
    let its_own = |row: &SignIn| named || view.app(row).is_some_and(|app| APPS.contains(&app));
    let rows: Vec<(u32, &SignIn)> = successes(view).filter(|(_, row)| its_own(row)).collect();
    let mut told = Set::new();
    for (number, row) in &rows {
        let Some(network) = strange(subject, row).filter(|network| told.insert(network.address)) else { continue };
        let from_there: Vec<u32> =
            rows.iter().filter(|(_, other)| other.address == row.address).map(|(number, _)| *number).collect();
        found.push(finding(
            &DETECTION,
            view,
            Told {
                variant: "elsewhere",
                severity: Severity::High,
                confidence: if network.is_hosting() { Confidence::High } else { Confidence::Medium },
                event: EventRef::SignIn(*number),
                role: "elsewhere",
                beside: sign_ins("elsewhere", from_there.iter().take(LISTED).copied()).collect(),
                why: format!(
                    "{} signed in from {} at {}, where it had never been. It lives on one server.",
                    who(view),
                    place(Some(network)),
                    moment(row.time)
                ),
                what: "Entra Connect from elsewhere",
                facts: json!({"sign_ins": from_there.len()}),
            },
        ));
    }
}

/// Facts: `operation`.
fn settings(view: &View<'_>, named: bool, found: &mut Vec<Finding>) {
    let sets = |operation: &str| {
        let lower = operation.to_ascii_lowercase();
        lower.starts_with("set dirsync") || lower.starts_with("set company dirsync")
    };
    for (number, row) in view.audits_of(&sets).filter(|(_, row)| did(view, row)) {
        let operation = view.store.texts.get(row.operation);
        found.push(finding(
            &DETECTION,
            view,
            Told {
                variant: "settings",
                severity: if named { Severity::Low } else { Severity::Medium },
                confidence: Confidence::High,
                event: EventRef::Audit(number),
                role: "change",
                beside: Vec::new(),
                why: format!(
                    "{} changed what is kept in step with the directory on premises ({operation}) at {}.",
                    who(view),
                    moment(row.time)
                ),
                what: "Directory sync changed",
                facts: json!({"operation": operation}),
            },
        ));
    }
}
