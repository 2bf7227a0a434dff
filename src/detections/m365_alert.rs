//! Microsoft 365 raised an alert about the user.
//!
//! # What it looks for
//! Alerts of the compliance centre and of Defender in the unified audit log, and files or mails found to be
//! malicious: users restricted from sending, suspicious forwarding or sending, ransomware, unusual deletion, impossible travel, activity
//! of leavers, links that were opened, malware in files. The alert is told about the user whom it names.
//!
//! # Why it matters
//! An alert alone says little. Beside a session in other hands it says when Microsoft noticed, and what.
//!
//! # Evidence it needs
//! Unified audit log with records of the compliance centre (`AlertTriggered`, `AlertEntityGenerated`) and of threats.
//!
//! # Benign causes
//! * Most alerts about mail that was delivered and taken out again.
//! * Users who report a newsletter as phishing.
//!
//! # Tuning
//! None.
//!
//! # What to ask
//! * Did anybody look into the alert, and what came of it?
//!
//! # What to do
//! * Open the alert in the portal: it has more than its record.
//!
//! # References
//! * ATT&CK T1078.004
//! * Sigma, Microsoft 365 alerts of the compliance centre
//! * Splunk, Security and compliance alert triggered

use crate::events::Store;

use super::act_rules::{self, Rule, When, look};
use super::{Ask, Detection, Group, Records, Severity, Tuning};

pub(super) static DETECTION: Detection = Detection {
    group: Group::Risk,
    helped_by: &[(Records::UserSignIns, "they show in which session it fell")],
    prepare,
    ..act_rules::detection(
        "m365-alert",
        "Alert of Microsoft 365",
        "m365_alert",
        &[Records::Acts],
        include_str!("m365_alert.kql"),
    )
};

const ALERTS: &[&str] = &["AlertTriggered", "AlertEntityGenerated"];

static TABLE: &[Rule] = &[
    Rule {
        operations: ALERTS,
        when: &[When::Says(
            &["Setting"],
            &[
                "restricted from sending",
                "ransomware",
                "suspicious inbox",
                "suspicious email forwarding",
                "suspicious email sending",
                "sending limit",
                "creation of forwarding",
                "infrequent country",
                "impossible travel",
                "terminated user",
                "unusual volume",
                "unsanctioned app",
                "oauth app",
                "ediscovery search started or exported",
                "token",
                "anonymous ip",
            ],
        )],
        severity: Severity::Medium,
        variant: "account",
        did: "is named by an alert that an account was misused",
        what: "Alert about the account",
        routine: false,
    },
    Rule {
        operations: &["FileMalwareDetected", "AtpDetection"],
        when: &[],
        severity: Severity::Medium,
        variant: "malware",
        did: "has a file that was found to be malicious",
        what: "Malware in a file",
        routine: false,
    },
    Rule {
        operations: &["AdminSubmission", "UserSubmission"],
        when: &[When::Says(&["Verdict"], &["phish", "malware"])],
        severity: Severity::Low,
        variant: "mail",
        did: "reported a mail that was found to be malicious",
        what: "Malicious mail reported",
        routine: false,
    },
    Rule {
        operations: &["TIMailData"],
        when: &[When::Says(&["Verdict"], &["deliver", "replaced"])],
        severity: Severity::Info,
        variant: "mail-delivered",
        did: "got a mail that was found to be malicious",
        what: "Malicious mail delivered",
        routine: false,
    },
    Rule {
        operations: ALERTS,
        when: &[],
        severity: Severity::Low,
        variant: "other",
        did: "is named by an alert",
        what: "Alert of Microsoft 365",
        routine: false,
    },
];

fn prepare<'a>(_: &'a Store, _: &'a Tuning) -> Ask<'a> {
    Box::new(|subject, found| look(&DETECTION, TABLE, subject, found))
}
