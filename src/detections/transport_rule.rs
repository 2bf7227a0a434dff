//! A rule for all mail of the tenant sends mail elsewhere, or lets mail pass.
//!
//! # What it looks for
//! Mail flow rules that were made, changed or switched on and copy or redirect mail; connectors that were made or changed;
//! mail flow rules that were removed or switched off; and any other that was made. Who does so on three days or more does
//! it as a routine: one step milder, but for copies and redirections.
//!
//! # Why it matters
//! One rule reads along in every mailbox, and nobody sees it in their own. A connector lets mail in past the filter.
//!
//! # Evidence it needs
//! Unified audit log or OfficeActivity of Exchange.
//!
//! # Benign causes
//! * Mail administrators: journals, signatures, a change of the filter in front.
//!
//! # Tuning
//! None.
//!
//! # What to ask
//! * Which change was this part of, and where does the mail go?
//!
//! # What to do
//! * Switch the rule or the connector off and keep what it said.
//! * Search the message trace for what it sent on.
//!
//! # References
//! * ATT&CK T1114.003, T1562.001
//! * Elastic, Exchange transport rule creation
//! * Microsoft Sentinel, Mail redirected by a transport rule

use crate::events::Store;

use super::act_rules::{self, Rule, When, look};
use super::{Ask, Detection, Records, Severity, Tuning};

pub(super) static DETECTION: Detection = Detection {
    prepare,
    ..act_rules::detection(
        "transport-rule",
        "Mail flow of the tenant changed",
        "transport_rule",
        &[Records::Mail],
        include_str!("transport_rule.kql"),
    )
};

static TABLE: &[Rule] = &[
    Rule {
        operations: &["New-TransportRule", "Set-TransportRule", "Enable-TransportRule"],
        when: &[When::Has(&["BlindCopyTo", "CopyTo", "RedirectMessageTo", "AddToRecipients"])],
        severity: Severity::High,
        variant: "copies",
        did: "made a rule that copies or redirects the tenant's mail",
        what: "Mail of the tenant redirected",
        routine: false,
    },
    Rule {
        operations: &["New-InboundConnector", "Set-InboundConnector", "New-OutboundConnector", "Set-OutboundConnector"],
        when: &[],
        severity: Severity::Medium,
        variant: "connector",
        did: "made or changed a connector for mail",
        what: "Mail connector changed",
        routine: true,
    },
    Rule {
        operations: &["Remove-TransportRule", "Disable-TransportRule"],
        when: &[],
        severity: Severity::Medium,
        variant: "removed",
        did: "removed or switched off a mail flow rule",
        what: "Mail flow rule removed",
        routine: true,
    },
    Rule {
        operations: &["New-TransportRule"],
        when: &[],
        severity: Severity::Low,
        variant: "made",
        did: "made a mail flow rule",
        what: "Mail flow rule made",
        routine: true,
    },
];

fn prepare<'a>(_: &'a Store, _: &'a Tuning) -> Ask<'a> {
    Box::new(|subject, found| look(&DETECTION, TABLE, subject, found))
}
