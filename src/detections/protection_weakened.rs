//! Protection of mail, or the log itself, is switched off.
//!
//! # What it looks for
//! Policies and rules against phishing, malware, unsafe links, unsafe attachments and loss of data that were removed or
//! switched off; DKIM signing switched off; the log of administrators, the unified audit log or the auditing of
//! mailboxes switched off; an account taken out of auditing; rules for keeping the log removed or changed. Services are left
//! out.
//!
//! # Why it matters
//! Whoever switches a log off does not want to be seen afterwards, and whoever switches a filter off has something to send.
//!
//! # Evidence it needs
//! Unified audit log or OfficeActivity of Exchange.
//!
//! # Benign causes
//! * Planned work on policies, a move to another filter.
//! * Backup software whose account is taken out of auditing.
//!
//! # Tuning
//! None.
//!
//! # What to ask
//! * Which change was this part of?
//!
//! # What to do
//! * Switch it on again, and look for what happened while it was off in other logs.
//!
//! # References
//! * ATT&CK T1562.008, T1562.001
//! * Elastic, Exchange anti-phish policy deletion, mailbox audit bypass
//! * Microsoft Sentinel, Exchange audit log disabled

use crate::events::Store;

use super::act_rules::{self, Rule, When, look};
use super::{Ask, Detection, Records, Severity, Tuning};

pub(super) static DETECTION: Detection = Detection {
    prepare,
    ..act_rules::detection(
        "protection-weakened",
        "Protection or log switched off",
        "protection_weakened",
        &[Records::Acts],
        include_str!("protection_weakened.kql"),
    )
};

static TABLE: &[Rule] = &[
    Rule {
        operations: &["Set-AdminAuditLogConfig"],
        when: &[When::Off(&["UnifiedAuditLogIngestionEnabled", "AdminAuditLogEnabled"])],
        severity: Severity::High,
        variant: "log-off",
        did: "switched the audit log off",
        what: "Audit log switched off",
        routine: false,
    },
    Rule {
        operations: &["Set-MailboxAuditBypassAssociation"],
        when: &[When::On(&["AuditBypassEnabled"])],
        severity: Severity::High,
        variant: "audit-bypass",
        did: "took an account out of mailbox auditing",
        what: "Account taken out of auditing",
        routine: false,
    },
    Rule {
        operations: &["Set-Mailbox", "Set-OrganizationConfig"],
        when: &[When::Off(&["AuditEnabled"])],
        severity: Severity::High,
        variant: "audit-off",
        did: "switched the auditing of a mailbox off",
        what: "Mailbox auditing switched off",
        routine: false,
    },
    Rule {
        operations: &["Set-OrganizationConfig"],
        when: &[When::On(&["AuditDisabled"])],
        severity: Severity::High,
        variant: "audit-off",
        did: "switched the auditing of all mailboxes off",
        what: "Mailbox auditing switched off",
        routine: false,
    },
    Rule {
        operations: &["Remove-UnifiedAuditLogRetentionPolicy", "Set-UnifiedAuditLogRetentionPolicy"],
        when: &[],
        severity: Severity::Medium,
        variant: "log-kept-shorter",
        did: "changed how long the audit log is kept",
        what: "Keeping of the log changed",
        routine: false,
    },
    Rule {
        operations: &[
            "Remove-AntiPhishPolicy",
            "Remove-AntiPhishRule",
            "Disable-AntiPhishRule",
            "Remove-SafeLinksPolicy",
            "Remove-SafeLinksRule",
            "Disable-SafeLinksRule",
            "Remove-SafeAttachmentPolicy",
            "Remove-SafeAttachmentRule",
            "Disable-SafeAttachmentRule",
            "Remove-MalwareFilterPolicy",
            "Remove-MalwareFilterRule",
            "Disable-MalwareFilterRule",
            "Remove-HostedContentFilterPolicy",
            "Remove-HostedContentFilterRule",
            "Disable-HostedContentFilterRule",
            "Remove-DlpPolicy",
            "Remove-DlpCompliancePolicy",
            "Remove-DlpComplianceRule",
        ],
        when: &[],
        severity: Severity::High,
        variant: "filter-off",
        did: "removed or switched off protection of mail",
        what: "Protection of mail switched off",
        routine: false,
    },
    Rule {
        operations: &["Set-DkimSigningConfig", "Set-AtpPolicyForO365"],
        when: &[When::Off(&["Enabled", "EnableATPForSPOTeamsODB"])],
        severity: Severity::Medium,
        variant: "signing-off",
        did: "switched off the signing of mail or the check of files",
        what: "Signing of mail switched off",
        routine: false,
    },
];

fn prepare<'a>(_: &'a Store, _: &'a Tuning) -> Ask<'a> {
    Box::new(|subject, found| look(&DETECTION, TABLE, subject, found))
}
