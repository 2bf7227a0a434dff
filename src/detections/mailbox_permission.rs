//! Somebody is let into a mailbox.
//!
//! # What it looks for
//! Full access, or the right to change permissions or the owner of a mailbox; the right to send as somebody or on their
//! behalf; rights to read a folder, but calendar and contacts, worse where everybody has them; the role to act as any
//! mailbox (`ApplicationImpersonation`). Services are left out. Who does so on three days or more does it as a
//! routine: one step milder.
//!
//! # Why it matters
//! A right in a mailbox works from any account that has it, and stays when the password of the owner is changed.
//!
//! # Evidence it needs
//! Unified audit log or OfficeActivity of Exchange.
//!
//! # Benign causes
//! * Administrators who set up shared mailboxes, deputies and leavers.
//! * Migration and archive software that is given its role.
//!
//! # Tuning
//! None.
//!
//! # What to ask
//! * Who asked for the right, and is there a ticket?
//!
//! # What to do
//! * Take the right away, and look what was read with it (`MailItemsAccessed` of that mailbox by others).
//!
//! # References
//! * ATT&CK T1098.002
//! * Elastic, Suspicious mailbox permission delegation
//! * Splunk, Elevated mailbox permission assigned

use crate::events::Store;

use super::act_rules::{self, Rule, When, look};
use super::{Ask, Detection, Records, Severity, Tuning};

pub(super) static DETECTION: Detection = Detection {
    prepare,
    ..act_rules::detection(
        "mailbox-permission",
        "Right in a mailbox given",
        "mailbox_permission",
        &[Records::Mail],
        include_str!("mailbox_permission.kql"),
    )
};

const RIGHTS: &[&str] = &["AccessRights", "MemberRights"];
const WHOM: &[&str] = &["User", "MemberUpn", "Trustee"];
const EVERYBODY: &[&str] = &["everyone", "default", "anonymous"];
const READ: &[&str] = &["readany", "readitems", "reviewer", "author", "editor", "owner", "fullaccess"];
const FOLDERS: &[&str] =
    &["Add-MailboxFolderPermission", "Set-MailboxFolderPermission", "ModifyFolderPermissions", "AddFolderPermissions"];
/// Folders that people open to each other.
const OPEN: &[&str] = &["calendar", "contacts", "kalender", "calendrier", "calendario", "kontakte", "personmetadata"];

static TABLE: &[Rule] = &[
    Rule {
        operations: &["New-ManagementRoleAssignment"],
        when: &[When::Says(&["Role"], &["applicationimpersonation"])],
        severity: Severity::High,
        variant: "impersonation",
        did: "gave the role to act as any mailbox",
        what: "Role to act as any mailbox given",
        routine: true,
    },
    Rule {
        operations: &["Add-MailboxPermission"],
        when: &[When::Says(RIGHTS, &["fullaccess", "changepermission", "changeowner"])],
        severity: Severity::Medium,
        variant: "full-access",
        did: "gave full access to a mailbox",
        what: "Full access to a mailbox given",
        routine: true,
    },
    Rule {
        operations: &["Add-RecipientPermission"],
        when: &[When::Says(RIGHTS, &["sendas"])],
        severity: Severity::Medium,
        variant: "send-as",
        did: "gave the right to send as somebody",
        what: "Right to send as somebody given",
        routine: true,
    },
    Rule {
        operations: &["Set-Mailbox"],
        when: &[When::Has(&["GrantSendOnBehalfTo"])],
        severity: Severity::Low,
        variant: "on-behalf",
        did: "gave the right to send on somebody's behalf",
        what: "Right to send on behalf given",
        routine: true,
    },
    Rule {
        operations: FOLDERS,
        when: &[When::Says(RIGHTS, READ), When::Says(WHOM, EVERYBODY), When::NotTo(OPEN)],
        severity: Severity::Medium,
        variant: "everybody",
        did: "opened a folder to everybody",
        what: "Mail folder opened to everybody",
        routine: false,
    },
    Rule {
        operations: FOLDERS,
        when: &[When::Says(RIGHTS, READ), When::NotTo(OPEN)],
        severity: Severity::Low,
        variant: "folder",
        did: "gave the right to read a folder",
        what: "Right to read a folder given",
        routine: true,
    },
];

fn prepare<'a>(_: &'a Store, _: &'a Tuning) -> Ask<'a> {
    Box::new(|subject, found| look(&DETECTION, TABLE, subject, found))
}
