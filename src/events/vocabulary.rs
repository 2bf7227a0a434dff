//! Closed vocabularies of Entra's fields, as Graph spells them.
//!
//! Each has the two states that an empty answer can mean: *absent* (the export has no such field)
//! and *empty* (the field is there and holds nothing).

use bytemuck::{Pod, Zeroable};
use serde::Serialize;

/// Compares as the exports differ: ignoring case, blanks, dashes, underscores and dots. A dash in
/// front is a sign: `-1` is not `1`.
fn same_word(left: &str, right: &str) -> bool {
    fn plain(text: &str) -> impl Iterator<Item = u8> {
        text.bytes().filter(|byte| !matches!(byte, b' ' | b'-' | b'_' | b'.')).map(|byte| byte.to_ascii_lowercase())
    }
    left == right || (!left.starts_with('-') && plain(left).eq(plain(right)))
}

macro_rules! vocabulary {
    ($(#[$doc:meta])* $name:ident {
        $($(#[$item_doc:meta])* $item:ident = $number:literal, $text:literal $(| $synonym:literal)*;)*
    }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Pod, Zeroable)]
        #[repr(transparent)]
        pub struct $name(pub u8);

        impl $name {
            /// The export has no such field.
            pub const ABSENT: Self = Self(0);
            /// The field is there and empty.
            pub const EMPTY: Self = Self(1);
            /// A value that this program does not know.
            pub const OTHER: Self = Self(255);
            $(#[doc = concat!("`", $text, "`")] $(#[$item_doc])* pub const $item: Self = Self($number);)*

            /// From the text of a record.
            #[must_use]
            pub fn parse(text: &str) -> Self {
                let text = text.trim();
                if text.is_empty() {
                    return Self::EMPTY;
                }
                $(if same_word(text, $text) $(|| same_word(text, $synonym))* { return Self::$item; })*
                Self::OTHER
            }

            /// As Graph spells it; empty where absent or empty.
            #[must_use]
            pub const fn text(self) -> &'static str {
                match self {
                    $(Self::$item => $text,)*
                    Self::OTHER => "unknown",
                    _ => "",
                }
            }

            /// Whether the field is there at all.
            #[must_use]
            pub const fn is_present(self) -> bool {
                self.0 != 0
            }

            /// Whether the field holds a value, known or not.
            #[must_use]
            pub const fn has_value(self) -> bool {
                self.0 > 1
            }

            /// Whether the field holds a value that this program knows.
            #[must_use]
            pub const fn is_known(self) -> bool {
                self.has_value() && self.0 != Self::OTHER.0
            }
        }
    };
}

vocabulary! {
    /// `authenticationProtocol`.
    Protocol {
        NONE = 2, "none";
        OAUTH2 = 3, "oAuth2" | "oAuth 2.0";
        ROPC = 4, "ropc";
        WS_FEDERATION = 5, "wsFederation";
        SAML20 = 6, "saml20";
        DEVICE_CODE = 7, "deviceCode" | "Cmsi:Cmsi";
        AUTHENTICATION_TRANSFER = 8, "authenticationTransfer";
        NATIVE_AUTH = 9, "nativeAuth";
    }
}

vocabulary! {
    /// `originalTransferMethod`; sticky for the whole session.
    Transfer {
        NONE = 2, "none";
        DEVICE_CODE_FLOW = 3, "deviceCodeFlow";
        AUTHENTICATION_TRANSFER = 4, "authenticationTransfer";
    }
}

vocabulary! {
    /// Token protection of the sign-in session.
    Protection {
        NONE = 2, "none";
        BOUND = 3, "bound";
        UNBOUND = 4, "unbound";
    }
}

vocabulary! {
    /// `conditionalAccessStatus`.
    PolicyStatus {
        SUCCESS = 2, "success" | "0";
        FAILURE = 3, "failure" | "1";
        NOT_APPLIED = 4, "notApplied" | "2";
    }
}

vocabulary! {
    /// `authenticationRequirement`.
    Requirement {
        SINGLE_FACTOR = 2, "singleFactorAuthentication";
        MULTI_FACTOR = 3, "multiFactorAuthentication";
    }
}

vocabulary! {
    /// `userType`; of Defender `IsGuestUser`.
    UserType {
        MEMBER = 2, "member" | "false" | "0";
        GUEST = 3, "guest" | "true" | "1";
        PARTNER = 4, "serviceprovider";
    }
}

vocabulary! {
    /// A yes or no that an export may lack, in any spelling: `true`, `True`, `Yes`, `1`, and in the
    /// languages of the admin center.
    Flag {
        FALSE = 2, "false" | "no" | "0" | "non" | "nein" | "nee" | "n\u{e3}o" | "\u{3044}\u{3044}\u{3048}";
        TRUE = 3, "true" | "yes" | "1" | "oui" | "ja" | "s\u{ed}" | "s\u{ec}" | "sim" | "\u{306f}\u{3044}";
    }
}

/// The stream a sign-in belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[repr(u8)]
#[serde(rename_all = "kebab-case")]
pub enum Stream {
    /// A person signed in.
    Interactive = 0,
    /// A client signed in for a person, most often with a refresh token.
    NonInteractive = 1,
    /// An application signed in with its own credential.
    ServicePrincipal = 2,
    /// A managed identity signed in.
    ManagedIdentity = 3,
}

impl Stream {
    /// From its number in a row.
    #[must_use]
    pub const fn from_number(number: u8) -> Self {
        match number {
            0 => Self::Interactive,
            1 => Self::NonInteractive,
            2 => Self::ServicePrincipal,
            _ => Self::ManagedIdentity,
        }
    }

    /// Whether a person stands behind it.
    #[must_use]
    pub const fn is_user(self) -> bool {
        matches!(self, Self::Interactive | Self::NonInteractive)
    }
}

/// `incomingTokenType`: a list of flags, because Entra writes `primaryRefreshToken,saml11`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Pod, Zeroable)]
#[repr(transparent)]
pub struct IncomingToken(pub u8);

impl IncomingToken {
    /// The export has no such field.
    pub const ABSENT: Self = Self(0x80);
    /// The field is there and empty.
    pub const EMPTY: Self = Self(0);
    /// No token came in: the user or client proved itself anew.
    pub const NONE: Self = Self(1);
    /// A primary refresh token.
    pub const PRIMARY_REFRESH_TOKEN: Self = Self(2);
    /// A refresh token; written by Entra only since 2024, before that such records say *none*.
    pub const REFRESH_TOKEN: Self = Self(32);

    const WORDS: [(&'static str, u8); 6] = [
        ("none", 1),
        ("primaryRefreshToken", 2),
        ("saml11", 4),
        ("saml20", 8),
        ("remoteDesktopToken", 16),
        ("refreshToken", 32),
    ];

    /// From the text of a record, a list with commas included.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        let mut bits = 0;
        for word in text.split(',').map(str::trim).filter(|word| !word.is_empty()) {
            bits |= Self::WORDS.iter().find(|(known, _)| same_word(word, known)).map_or(64, |(_, bit)| *bit);
        }
        Self(bits)
    }

    /// Whether the field is there at all.
    #[must_use]
    pub const fn is_present(self) -> bool {
        self.0 != Self::ABSENT.0
    }

    /// Whether the field holds a value, known or not.
    #[must_use]
    pub const fn has_value(self) -> bool {
        self.is_present() && self.0 != Self::EMPTY.0
    }

    /// Whether the field holds values that this program knows, and no other.
    #[must_use]
    pub const fn is_known(self) -> bool {
        self.has_value() && self.0 & 64 == 0
    }

    /// Whether it says exactly *none*.
    #[must_use]
    pub const fn is_none(self) -> bool {
        self.0 == Self::NONE.0
    }

    /// Whether it names a token that came in.
    #[must_use]
    pub const fn is_token(self) -> bool {
        self.0 & 0x7E != 0
    }

    /// As Graph spells it.
    #[must_use]
    pub fn text(self) -> String {
        if !self.is_present() {
            return String::new();
        }
        let mut words: Vec<&str> =
            Self::WORDS.iter().filter(|(_, bit)| self.0 & bit != 0).map(|(word, _)| *word).collect();
        if self.0 & 64 != 0 {
            words.push("unknown");
        }
        words.join(",")
    }
}

/// What a record leaves open: bits, none set where it leaves nothing open.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Pod, Zeroable)]
#[repr(transparent)]
pub struct Doubts(pub u8);

impl Doubts {
    /// It does not say which stream it is of; interactive is assumed.
    pub const STREAM: Self = Self(1);
    /// Its time names no zone; UTC is assumed.
    pub const ZONE: Self = Self(2);
    /// Its time could be day first or month first; month first is assumed.
    pub const ORDER: Self = Self(4);
    /// It does not say when the event happened; the time is when the record was written.
    pub const WRITTEN: Self = Self(8);

    /// Its time is told to the minute: it happened then or up to a minute later.
    pub const MINUTE: Self = Self(16);

    /// Whether one of these is in doubt.
    #[must_use]
    pub const fn has(self, doubts: Self) -> bool {
        self.0 & doubts.0 != 0
    }

    /// These and those.
    #[must_use]
    pub const fn with(self, doubts: Self) -> Self {
        Self(self.0 | doubts.0)
    }

    /// These without those.
    #[must_use]
    pub const fn without(self, doubts: Self) -> Self {
        Self(self.0 & !doubts.0)
    }

    /// What concerns the time alone.
    #[must_use]
    pub const fn of_time(self) -> Self {
        Self(self.0 & (Self::ZONE.0 | Self::ORDER.0 | Self::WRITTEN.0 | Self::MINUTE.0))
    }

    /// Whether the time is that of the event, in a known zone and order: one that is not joins
    /// nothing across files.
    #[must_use]
    pub const fn time_is_certain(self) -> bool {
        self.of_time().without(Self::MINUTE).0 == 0
    }
}

#[cfg(test)]
#[path = "vocabulary_tests.rs"]
mod tests;
