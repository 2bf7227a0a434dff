//! Permissions of applications that reach mail, files or the directory itself, and applications that are
//! tools of thieves as often as of owners.
//!
//! Source: Microsoft's permissions reference; public detection rules and reports on consent phishing,
//! 2026-11-01; facts.

use crate::events::guid::Guid;

/// Delegated permissions that read or send what people write, by how they begin, in lower case.
const READING: [&str; 13] = [
    "mail.",
    "mailboxsettings.",
    "files.",
    "sites.",
    "contacts.",
    "notes.",
    "chat.",
    "channelmessage.",
    "calendars.readwrite",
    "ews.accessasuser.all",
    "eas.accessasuser.all",
    "imap.accessasuser.all",
    "user_impersonation",
];

/// Permissions by which whoever has them can become more: delegated or of the application itself.
const RULING: [&str; 14] = [
    "rolemanagement.readwrite.directory",
    "approleassignment.readwrite.all",
    "application.readwrite.all",
    "directory.readwrite.all",
    "directory.accessasuser.all",
    "group.readwrite.all",
    "user.readwrite.all",
    "userauthenticationmethod.readwrite.all",
    "policy.readwrite.conditionalaccess",
    "policy.readwrite.authenticationmethod",
    "privilegedaccess.readwrite.azuread",
    "domain.readwrite.all",
    "full_access_as_app",
    "adsynchronization.readwrite.all",
];

/// Permissions of applications by their ids, which records of requests have in place of names.
const ROLES: [(Guid, &str); 13] = [
    (Guid::from_u128(0x06b708a9_e830_4db3_a914_8e69da51d44f), "AppRoleAssignment.ReadWrite.All"),
    (Guid::from_u128(0x19dbc75e_c2e2_444c_a770_ec69d8559fc7), "Directory.ReadWrite.All"),
    (Guid::from_u128(0x1bfefb4e_e0b5_418b_a88f_73c46d2cc8e9), "Application.ReadWrite.All"),
    (Guid::from_u128(0x01d4889c_1287_42c6_ac1f_5d1e02578ef6), "Files.Read.All"),
    (Guid::from_u128(0x332a536c_c7ef_4017_ab91_336970924f0d), "Sites.Read.All"),
    (Guid::from_u128(0x62a82d76_70ea_41e2_9197_370581804d09), "Group.ReadWrite.All"),
    (Guid::from_u128(0x741f803b_c850_494e_b5df_cde7c675a1ca), "User.ReadWrite.All"),
    (Guid::from_u128(0x75359482_378d_4052_8f01_80520e7db3cd), "Files.ReadWrite.All"),
    (Guid::from_u128(0x810c84a8_4a9e_49e6_bf7d_12d183f40d01), "Mail.Read"),
    (Guid::from_u128(0x9e3f62cf_ca93_4989_b6ce_bf83c28f9fe8), "RoleManagement.ReadWrite.Directory"),
    (Guid::from_u128(0xb633e1c5_b582_4048_a93e_9f11b44c7e96), "Mail.Send"),
    (Guid::from_u128(0xdc890d15_9560_4a4c_9b7f_a736ec74ec40), "full_access_as_app"),
    (Guid::from_u128(0xe2a3a72e_5f79_4c64_b1b1_878b674786c9), "Mail.ReadWrite"),
];

/// Clients of mail and files that thieves of mailboxes use, by application id.
const TOOLS: [(Guid, &str); 12] = [
    (Guid::from_u128(0xe9a7fea1_1cc0_4cd9_a31b_9137ca5deedd), "eM Client"),
    (Guid::from_u128(0xff8d92dc_3d82_41d6_bcbd_b9174d163620), "PERFECTDATA SOFTWARE"),
    (Guid::from_u128(0xa245e8c0_b53c_4b67_9b45_751d1dff8e6b), "Newsletter Software Supermailer"),
    (Guid::from_u128(0xcaffae8c_0882_4c81_9a27_d1803af53a40), "SigParser"),
    (Guid::from_u128(0x4761b959_9780_4c2d_87a3_512b4638f767), "rclone"),
    (Guid::from_u128(0xa43e5392_f48b_46a4_a0f1_098b5eeb4757), "CloudSponge"),
    (Guid::from_u128(0x2ef68ccc_8a4d_42ff_ae88_2d7bb89ad139), "Mail_Backup"),
    (Guid::from_u128(0x179d5108_412b_4c95_8e34_06786784ab39), "PostBox"),
    (Guid::from_u128(0x77468577_4f6e_40e7_b745_11d3d0c28095), "Fastmail"),
    (Guid::from_u128(0x946c777c_bc85_489e_b034_392389ae23d6), "Spike"),
    (Guid::from_u128(0x497ac034_5120_4c1a_929a_0351f5c09918), "ZoomInfo"),
    (Guid::from_u128(0x858d7e42_35f0_44b7_9033_df309239a47f), "ZoomInfo"),
];

/// The scopes that a public phishing toolkit asks for, all of them.
const ALL_OF: [&str; 5] = ["user.read", "offline_access", "mail.readwrite", "mail.send", "files.read.all"];
/// The scopes of another, of which it asks for at least [`AT_LEAST`].
const SOME_OF: [&str; 9] = [
    "contacts.read",
    "user.read",
    "mail.read",
    "notes.read.all",
    "mailboxsettings.readwrite",
    "files.readwrite.all",
    "mail.send",
    "files.read",
    "files.read.all",
];
const AT_LEAST: usize = 6;

fn is_among(list: &[&str], scope: &str) -> bool {
    list.iter().any(|known| known.eq_ignore_ascii_case(scope))
}

/// Whether a delegated permission reads or sends what people write, or rules the directory.
#[must_use]
pub fn is_risky(scope: &str) -> bool {
    let scope = scope.trim().to_ascii_lowercase();
    READING.iter().any(|begin| scope.starts_with(begin)) || is_ruling(&scope)
}

/// Whether a permission lets its holder become more.
#[must_use]
pub fn is_ruling(permission: &str) -> bool {
    is_among(&RULING, permission.trim())
}

/// Whether a permission of an application itself, without a user, reaches mail, files, sites or the directory.
#[must_use]
pub fn is_strong(permission: &str) -> bool {
    let permission = permission.trim().to_ascii_lowercase();
    ["mail.", "mailboxsettings.", "files.", "sites."].iter().any(|begin| permission.starts_with(begin))
        || is_ruling(&permission)
}

/// The name of a strong permission of an application by its id.
#[must_use]
pub fn role(id: Guid) -> Option<&'static str> {
    ROLES.iter().find(|(known, _)| *known == id).map(|(_, name)| *name)
}

/// The name of a tool that thieves of mailboxes use, by its application id.
#[must_use]
pub fn tool(app: Guid) -> Option<&'static str> {
    TOOLS.iter().find(|(known, _)| *known == app).map(|(_, name)| *name)
}

/// Whether these scopes together are what a public phishing toolkit asks for.
#[must_use]
pub fn is_of_a_toolkit(scopes: &[String]) -> bool {
    let has = |wanted: &&&str| scopes.iter().any(|scope| scope.eq_ignore_ascii_case(wanted));
    ALL_OF.iter().all(|wanted| has(&wanted)) || SOME_OF.iter().filter(has).count() >= AT_LEAST
}

/// Names that are given to an application to try something out, without blanks, digits and marks.
const TRIALS: [&str; 6] = ["test", "testapp", "apptest", "testing", "mytest", "mytestapp"];

/// What is odd about the name of an application, as intruders give it; ends a sentence that begins with *it*.
#[must_use]
pub fn odd_name(name: &str) -> Option<&'static str> {
    let name = name.trim();
    let letters: String = name.chars().filter(|letter| letter.is_alphabetic()).collect::<String>().to_lowercase();
    let is_address = name.split_once('@').is_some_and(|(user, domain)| {
        let known = |part: &str| !part.is_empty() && !part.contains(char::is_whitespace);
        known(user) && known(domain) && domain.contains('.')
    });
    if name.is_empty() {
        None
    } else if !name.chars().any(char::is_alphanumeric) {
        Some("has neither letter nor digit in its name")
    } else if is_address {
        Some("has the name of a user")
    } else if TRIALS.contains(&letters.as_str()) {
        Some("has the name of a trial")
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scopes_are_told_apart() {
        for risky in ["Mail.Read", "mail.send", "EWS.AccessAsUser.All", "user_impersonation", "Directory.ReadWrite.All"]
        {
            assert!(is_risky(risky), "{risky}");
        }
        for mild in ["User.Read", "openid", "profile", "offline_access", "Calendars.Read", "email", ""] {
            assert!(!is_risky(mild), "{mild}");
        }
        assert!(is_strong("Sites.FullControl.All") && !is_strong("User.Read.All"));
    }

    #[test]
    fn toolkits_are_known_by_their_set() {
        let scopes = |text: &str| text.split(' ').map(str::to_owned).collect::<Vec<_>>();
        assert!(is_of_a_toolkit(&scopes("User.Read offline_access Mail.ReadWrite Mail.Send Files.Read.All")));
        assert!(!is_of_a_toolkit(&scopes("User.Read offline_access Mail.ReadWrite Mail.Send")));
        assert!(is_of_a_toolkit(&scopes("contacts.read user.read mail.read notes.read.all mail.send files.read")));
        assert!(!is_of_a_toolkit(&scopes("contacts.read user.read mail.read notes.read.all mail.send")));
    }

    #[test]
    fn nothing_is_listed_twice() {
        let ids: crate::order::Set<_> = ROLES.iter().chain(&TOOLS).map(|(id, _)| id.to_string()).collect();
        assert_eq!(ids.len(), ROLES.len() + TOOLS.len());
        assert_eq!(role(ROLES[0].0), Some("AppRoleAssignment.ReadWrite.All"));
        assert_eq!(tool(TOOLS[4].0), Some("rclone"));
    }

    #[test]
    fn odd_names_have_no_letters_or_those_of_users_and_trials() {
        for (name, odd) in [
            ("..", true),
            ("- -", true),
            ("ann@contoso.example", true),
            ("Test App 2", true),
            ("test", true),
            ("", false),
            ("365", false),
            ("Latest", false),
            ("Test results portal", false),
            ("Mail @ work", false),
            ("\u{66f4}\u{65b0}", false),
        ] {
            assert_eq!(odd_name(name).is_some(), odd, "{name}");
        }
    }
}
