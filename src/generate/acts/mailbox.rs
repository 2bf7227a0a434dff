//! Mailboxes: reading, writing, tidying up, and now and then a rule.

use super::{Deed, Habit, mail, setting};
use crate::generate::record::SignIn;

const SYNC: Deed =
    mail("MailItemsAccessed", "\\Inbox").count(1).with(&[("MailAccessType", "Sync"), ("IsThrottled", "False")]);
const BIND: Deed =
    mail("MailItemsAccessed", "\\Inbox").count(3).with(&[("MailAccessType", "Bind"), ("IsThrottled", "False")]);
const SENT: Deed = mail("Send", "Re: {topic} {n}");

/// What Outlook does on a desk, which keeps a copy of the mailbox.
const DESK: &[Habit] = &[
    (560, 2, SYNC),
    (90, 2, BIND),
    (160, 1, SENT),
    (70, 3, mail("SoftDelete", "{topic} {n}").count(1)),
    (90, 4, mail("MoveToDeletedItems", "{topic} {n}").count(1)),
    (
        8,
        1,
        mail("UpdateInboxRules", "").with(&[
            ("RuleOperation", "AddMailboxRule"),
            ("RuleName", "{folder}"),
            ("RuleActions", "[{\"ActionType\":\"Move\",\"Folder\":\"{folder}\"}]"),
            ("RuleCondition", "(SenderEmailAddress Equal {sender})"),
        ]),
    ),
    (22, 2, BIND.of("{shared}")),
];

/// What is done with it in a browser or on a phone, which fetch message by message.
const AWAY: &[Habit] = &[
    (620, 3, BIND),
    (170, 1, SENT),
    (60, 2, mail("SoftDelete", "{topic} {n}").count(1)),
    (90, 3, mail("MoveToDeletedItems", "{topic} {n}").count(1)),
    (
        9,
        1,
        setting("New-InboxRule", "{me}\\{folder}").with(&[
            ("Name", "{folder}"),
            ("From", "{sender}"),
            ("MoveToFolder", ":\\{folder}"),
            ("StopProcessingRules", "False"),
        ]),
    ),
    (
        8,
        1,
        setting("Set-MailboxAutoReplyConfiguration", "{me}").with(&[
            ("Identity", "{me}"),
            ("AutoReplyState", "Scheduled"),
            ("ExternalAudience", "Known"),
        ]),
    ),
    (
        4,
        1,
        setting("Add-MailboxFolderPermission", "{me}:\\Calendar").with(&[
            ("Identity", "{me}:\\Calendar"),
            ("User", "{colleague}"),
            ("AccessRights", "Editor"),
        ]),
    ),
    (39, 2, BIND.of("{shared}")),
];

pub(super) fn habits(row: &SignIn) -> &'static [Habit] {
    if row.client.kind == "Browser" || row.app == crate::generate::apps::OUTLOOK_MOBILE { AWAY } else { DESK }
}
