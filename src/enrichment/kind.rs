//! What a list says of the networks in it.

use serde::{Deserialize, Serialize};

/// What a network is. Of several the first counts: the organisation's own word above all others.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum NetworkKind {
    /// The organisation's own: an office, the exit of its VPN, a trusted named location.
    KnownGood,
    /// An exit of Tor.
    Tor,
    /// An exit of a VPN service.
    Vpn,
    /// A proxy open to anybody, or one that hides in households.
    Proxy,
    /// Rented servers.
    Hosting,
    /// A relay in front of ordinary users, such as iCloud Private Relay. Weighs little.
    Relay,
}

/// Words by which files name the kinds, lower-case and without blanks, hyphens and underscores.
const WORDS: &[(&str, NetworkKind)] = &[
    ("knowngood", NetworkKind::KnownGood),
    ("trusted", NetworkKind::KnownGood),
    ("trustedlocation", NetworkKind::KnownGood),
    ("namedlocation", NetworkKind::KnownGood),
    ("namedlocations", NetworkKind::KnownGood),
    ("offices", NetworkKind::KnownGood),
    ("vpnegress", NetworkKind::KnownGood),
    ("tor", NetworkKind::Tor),
    ("torexit", NetworkKind::Tor),
    ("torexits", NetworkKind::Tor),
    ("torexitnode", NetworkKind::Tor),
    ("torexitnodes", NetworkKind::Tor),
    ("torbulkexitlist", NetworkKind::Tor),
    ("exitaddresses", NetworkKind::Tor),
    ("proxy", NetworkKind::Proxy),
    ("proxies", NetworkKind::Proxy),
    ("hosting", NetworkKind::Hosting),
    ("datacenter", NetworkKind::Hosting),
    ("datacentre", NetworkKind::Hosting),
    ("relay", NetworkKind::Relay),
    ("relays", NetworkKind::Relay),
    ("privaterelay", NetworkKind::Relay),
    ("icloudprivaterelay", NetworkKind::Relay),
    // As Apple names the list of its relay's exits.
    ("egressipranges", NetworkKind::Relay),
];

impl NetworkKind {
    /// All kinds, in the order in which they count.
    pub const ALL: [Self; 6] = [Self::KnownGood, Self::Tor, Self::Vpn, Self::Proxy, Self::Hosting, Self::Relay];

    /// As the command's `--list` and a column name it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::KnownGood => "known-good",
            Self::Tor => "tor",
            Self::Vpn => "vpn",
            Self::Proxy => "proxy",
            Self::Hosting => "hosting",
            Self::Relay => "relay",
        }
    }

    /// Name of the format of a list of one kind.
    #[must_use]
    pub const fn format(self) -> &'static str {
        match self {
            Self::KnownGood => "known-good-list",
            Self::Tor => "tor-list",
            Self::Vpn => "vpn-list",
            Self::Proxy => "proxy-list",
            Self::Hosting => "hosting-list",
            Self::Relay => "relay-list",
        }
    }

    /// For a sentence: what a network of this kind is.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::KnownGood => "known good",
            Self::Tor => "Tor",
            Self::Vpn => "VPN",
            Self::Proxy => "proxy",
            Self::Hosting => "hosting",
            Self::Relay => "relay",
        }
    }

    /// Whether a sign-in from there says much: people do not sit there.
    #[must_use]
    pub const fn weighs(self) -> bool {
        matches!(self, Self::Tor | Self::Vpn | Self::Proxy | Self::Hosting)
    }

    /// The kind that a word names; in any case, with or without blanks, hyphens and underscores.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        let plain: String = word.chars().filter(char::is_ascii_alphanumeric).collect();
        let named = Self::ALL.into_iter().find(|kind| kind.name() == word.trim());
        let known = || WORDS.iter().find(|(known, _)| known.eq_ignore_ascii_case(&plain)).map(|(_, kind)| *kind);
        named.or_else(known)
    }

    /// The kind that a file's name or a comment tells: one, two or three of its words side by side
    /// name it, and no other.
    #[must_use]
    pub fn of_text(text: &str) -> Option<Self> {
        let words: Vec<&str> =
            text.split(|letter: char| !letter.is_ascii_alphanumeric()).filter(|word| !word.is_empty()).collect();
        // The longest name wins over a word in it: the VPN's own exit is no exit of Tor.
        (1..=3).rev().find_map(|length| {
            let mut found = words.windows(length).filter_map(|some| Self::parse(&some.concat()));
            let first = found.next()?;
            found.all(|other| other == first).then_some(first)
        })
    }
}

/// A set of kinds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Kinds(u8);

impl Kinds {
    /// No kind.
    pub const NONE: Self = Self(0);

    /// The set with this kind in it.
    #[must_use]
    pub const fn with(self, kind: NetworkKind) -> Self {
        Self(self.0 | 1 << kind as u8)
    }

    /// Whether a kind is in it.
    #[must_use]
    pub const fn has(self, kind: NetworkKind) -> bool {
        self.0 & 1 << kind as u8 != 0
    }

    /// The kinds of both.
    #[must_use]
    pub const fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// The kind that counts.
    #[must_use]
    pub fn first(self) -> Option<NetworkKind> {
        NetworkKind::ALL.into_iter().find(|kind| self.has(*kind))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_files_and_comments_tell_the_kind() {
        use NetworkKind::{Hosting, KnownGood, Relay, Tor};
        for (text, kind) in [
            ("known-good.txt", Some(KnownGood)),
            ("lists/Known_Good 2026.csv", Some(KnownGood)),
            ("tor-exit-nodes.csv", Some(Tor)),
            ("torbulkexitlist", Some(Tor)),
            ("exit-addresses", Some(Tor)),
            ("# Exits of Tor, 3 November", Some(Tor)),
            ("hosting.txt", Some(Hosting)),
            ("egress-ip-ranges.csv", Some(Relay)),
            ("iCloud private relay.csv", Some(Relay)),
            ("vpn-egress.txt", Some(KnownGood)),
            ("vpn.txt", Some(NetworkKind::Vpn)),
            ("ips.txt", None),
            ("monitor.txt", None),
            ("tor-and-hosting.txt", None),
            ("", None),
        ] {
            assert_eq!(NetworkKind::of_text(text), kind, "{text}");
        }
        for kind in NetworkKind::ALL {
            assert_eq!(NetworkKind::parse(kind.name()), Some(kind));
        }
    }

    #[test]
    fn the_organisations_own_word_counts_first() {
        let both = Kinds::NONE.with(NetworkKind::Hosting).and(Kinds::NONE.with(NetworkKind::KnownGood));
        assert_eq!(both.first(), Some(NetworkKind::KnownGood));
        assert!(both.has(NetworkKind::Hosting) && !both.has(NetworkKind::Tor));
        assert_eq!(Kinds::NONE.first(), None);
    }
}
