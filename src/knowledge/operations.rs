//! Audit operations that register a credential or a device.
//!
//! Source: Microsoft's list of audit activities and public detection rules, 2026-11-01; facts.

/// What was registered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum RegistrationKind {
    /// A sign-in method of the combined security-info page; the record's reason names it.
    SecurityInfo,
    /// A Windows Hello for Business key.
    WindowsHello,
    /// A FIDO2 security key or passkey.
    Passkey,
    /// Passwordless sign-in with the phone's authenticator.
    PhoneSignIn,
    /// A key kept by the platform (macOS).
    PlatformCredential,
    /// A Temporary Access Pass.
    TemporaryAccessPass,
    /// A device, or a person's tie to one.
    Device,
}

impl RegistrationKind {
    /// What an authentication step calls the method, in lower case.
    #[must_use]
    pub const fn step(self) -> Option<&'static str> {
        match self {
            Self::WindowsHello => Some("windows hello for business"),
            Self::Passkey => Some("passkey"),
            Self::PhoneSignIn => Some("phone sign-in"),
            Self::PlatformCredential => Some("platform credential"),
            Self::TemporaryAccessPass => Some("temporary access pass"),
            Self::SecurityInfo | Self::Device => None,
        }
    }
}

/// A registration that an operation stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Registration {
    /// What was registered.
    pub kind: RegistrationKind,
    /// It in a few words, for a sentence such as *registered a passkey*.
    pub label: &'static str,
}

use RegistrationKind::{
    Device, Passkey, PhoneSignIn, PlatformCredential, SecurityInfo, TemporaryAccessPass, WindowsHello,
};

/// Whether an operation, with or without final dot, is a user's report that a request for a second
/// factor was not theirs.
#[must_use]
pub fn reports_fraud(operation: &str) -> bool {
    let operation = operation.trim().to_ascii_lowercase();
    ["fraud reported", "user reported fraud", "suspicious activity reported"]
        .iter()
        .any(|words| operation.starts_with(words))
}

/// What an operation does to the tokens that a user already has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum TokensEnded {
    /// All refresh tokens are revoked.
    Revoked,
    /// The password was reset by somebody else: tokens that came from it end.
    PasswordReset,
}

/// Whether an operation, with or without final dot, ends the tokens of the user it is done to.
#[must_use]
pub fn ends_tokens(operation: &str) -> Option<TokensEnded> {
    let operation = operation.trim();
    let operation = operation.strip_suffix('.').unwrap_or(operation);
    let is = |names: &[&str]| names.iter().any(|name| name.eq_ignore_ascii_case(operation));
    if is(&["update stsrefreshtokenvalidfrom timestamp"]) {
        Some(TokensEnded::Revoked)
    } else if is(&["reset user password", "reset password (by admin)"]) {
        Some(TokensEnded::PasswordReset)
    } else {
        None
    }
}

/// Operations in lower case, without the final dot.
const OPERATIONS: [(&str, RegistrationKind, &str); 20] = [
    ("user registered security info", SecurityInfo, "a sign-in method"),
    ("user registered all required security info", SecurityInfo, "all required sign-in methods"),
    ("user changed default security info", SecurityInfo, "another default sign-in method"),
    ("user updated security info", SecurityInfo, "a changed sign-in method"),
    ("admin registered security info", SecurityInfo, "a sign-in method, by an administrator"),
    ("admin updated security info", SecurityInfo, "a changed sign-in method, by an administrator"),
    ("add windows hello for business credential", WindowsHello, "a Windows Hello for Business key"),
    ("add fido2 security key", Passkey, "a FIDO2 security key"),
    ("add passkey (device-bound)", Passkey, "a device-bound passkey"),
    ("add passkey (synced)", Passkey, "a synced passkey"),
    ("add passkey", Passkey, "a passkey"),
    ("add passwordless phone sign-in credential", PhoneSignIn, "passwordless phone sign-in"),
    ("add platform credential", PlatformCredential, "a platform credential"),
    ("create temporary access pass method for user", TemporaryAccessPass, "a Temporary Access Pass"),
    ("add temporary access pass", TemporaryAccessPass, "a Temporary Access Pass"),
    ("register device", Device, "a device"),
    ("add device", Device, "a device"),
    ("add registered owner to device", Device, "an owner of a device"),
    ("add registered users to device", Device, "a user of a device"),
    ("add registered user to device", Device, "a user of a device"),
];

/// What the operation registers, if it does. Case does not matter, nor blanks around it, nor the
/// one dot that the unified audit log puts behind the name.
///
/// The name alone does not say whether the operation succeeded. A Temporary Access Pass that an
/// administrator adds may also come as *Admin registered security info*.
#[must_use]
pub fn registration(operation: &str) -> Option<Registration> {
    let operation = operation.trim();
    let operation = operation.strip_suffix('.').unwrap_or(operation);
    OPERATIONS
        .iter()
        .find(|(name, _, _)| name.eq_ignore_ascii_case(operation))
        .map(|&(_, kind, label)| Registration { kind, label })
}

/// All operations that register something, in lower case, without the final dot.
pub fn names() -> impl Iterator<Item = &'static str> {
    OPERATIONS.iter().map(|(name, _, _)| *name)
}

/// Words of operations on sign-in methods, in lower case.
const METHODS: [&str; 9] = [
    "security info",
    "strong authentication",
    "temporary access pass",
    "windows hello",
    "fido2",
    "passkey",
    "passwordless phone",
    "platform credential",
    "per-user multifactor authentication",
];

/// Whether an operation registers, changes or removes a sign-in method, or begins to.
#[must_use]
pub fn is_about_methods(operation: &str) -> bool {
    let operation = operation.to_lowercase();
    METHODS.iter().any(|words| operation.contains(words))
}

/// Whether two names stand for one operation: case, blanks, dots and the different dashes do not matter.
#[must_use]
pub fn alike(operation: &str, name: &str) -> bool {
    fn plain(text: &str) -> impl Iterator<Item = char> + '_ {
        text.chars().filter(|letter| letter.is_alphanumeric()).map(|letter| letter.to_ascii_lowercase())
    }
    plain(operation).eq(plain(name))
}

/// Services of Microsoft's that write to the directory by themselves, as the audit log names them.
const SERVICES: [&str; 14] = [
    "Azure MFA StrongAuthenticationService",
    "Azure Credential Configuration Endpoint Service",
    "MS-PIM",
    "MS-PIM-Fairfax",
    "Microsoft Azure AD Internal - Jit Provisioning",
    "Managed Service Identity",
    "Windows Azure Service Management API",
    "AAD App Management",
    "Power Virtual Agents Service",
    "Device Registration Service",
    "Microsoft.Azure.SyncFabric",
    "Microsoft Substrate Management",
    "Microsoft Approval Management",
    "Azure AD Identity Governance - Entitlement Management",
];

/// Whether an initiator's name is that of a service of Microsoft's that writes to the directory by itself.
/// Anybody can give an application this name: it only ever makes an act milder by a step.
#[must_use]
pub fn is_service(name: &str) -> bool {
    SERVICES.iter().any(|service| service.eq_ignore_ascii_case(name.trim()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_every_way_to_write_an_operation() {
        for name in [
            "Add registered owner to device",
            "Add registered owner to device.",
            "add registered owner to DEVICE",
            " Add registered owner to device. ",
        ] {
            assert_eq!(registration(name).map(|found| found.kind), Some(Device), "{name}");
        }
        assert_eq!(registration("Add registered owner to device.."), None);
    }

    #[test]
    fn knows_what_ends_tokens() {
        for (name, ended) in [
            ("Update StsRefreshTokenValidFrom Timestamp", Some(TokensEnded::Revoked)),
            ("Update StsRefreshTokenValidFrom Timestamp.", Some(TokensEnded::Revoked)),
            ("Reset user password.", Some(TokensEnded::PasswordReset)),
            ("reset password (by admin)", Some(TokensEnded::PasswordReset)),
            ("Change user password", None),
            ("Reset password (self-service)", None),
            ("", None),
        ] {
            assert_eq!(ends_tokens(name), ended, "{name}");
        }
    }

    #[test]
    fn operations_are_alike_whatever_their_dashes() {
        let name = "Update application - Certificates and secrets management";
        for other in [
            "Update application \u{2013} Certificates and secrets management ",
            "update application certificates and secrets management.",
        ] {
            assert!(alike(other, name), "{other}");
        }
        assert!(!alike("Update application", name) && !alike(name, "Update application"));
        assert!(is_service("ms-pim") && !is_service("MS-PIM Helper"));
    }

    #[test]
    fn knows_what_each_registers() {
        for (name, kind) in [
            ("User registered security info", SecurityInfo),
            ("User registered all required security info", SecurityInfo),
            ("User changed default security info", SecurityInfo),
            ("Admin registered security info", SecurityInfo),
            ("Add Windows Hello for Business credential", WindowsHello),
            ("Add FIDO2 security key", Passkey),
            ("Add Passkey (device-bound)", Passkey),
            ("Add passwordless phone sign-in credential", PhoneSignIn),
            ("Add platform credential", PlatformCredential),
            ("Create Temporary Access Pass method for user", TemporaryAccessPass),
            ("Register device", Device),
            ("Add device", Device),
            ("Add registered users to device", Device),
        ] {
            assert_eq!(registration(name).map(|found| found.kind), Some(kind), "{name}");
        }
        for name in [
            "",
            ".",
            "User started security info registration",
            "User deleted security info",
            "Delete Windows Hello for Business credential",
            "Update device",
            "Consent to application",
        ] {
            assert_eq!(registration(name), None, "{name}");
        }
    }

    #[test]
    fn no_operation_is_listed_twice() {
        let mut names = OPERATIONS.map(|(name, _, _)| name);
        names.sort_unstable();
        assert!(names.is_sorted_by(|a, b| a < b));
        assert!(names.iter().all(|name| *name == name.to_ascii_lowercase() && !name.ends_with('.')));
    }
}
