//! Identifiers of records, sessions, tokens, users and devices: 16 bytes each.
//!
//! Almost all are GUIDs. One that is not (a test log, an anonymised export) keeps its text in the
//! dictionary and is carried here by its number.

use std::cmp::Ordering;
use std::hash::{Hash, Hasher};

use bytemuck::{Pod, Zeroable};

use super::dictionary::{TextId, Texts};
use super::guid::Guid;

/// How the number of a text begins, as the upper twelve bytes.
const TEXT: u128 = 0xFEFE_FEFE_FEFE_FEFE_FEFE_FEFE;

/// An identifier: absent, empty, a GUID, or another text.
#[derive(Clone, Copy, Debug, Eq, Pod, Zeroable)]
#[repr(transparent)]
pub struct Id([u8; 16]);

impl PartialEq for Id {
    /// As numbers: in WebAssembly bytes are compared one by one.
    #[inline]
    fn eq(&self, other: &Self) -> bool {
        u128::from_ne_bytes(self.0) == u128::from_ne_bytes(other.0)
    }
}

impl Ord for Id {
    #[inline]
    fn cmp(&self, other: &Self) -> Ordering {
        self.number().cmp(&other.number())
    }
}

impl PartialOrd for Id {
    #[inline]
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Hash for Id {
    #[inline]
    fn hash<H: Hasher>(&self, hasher: &mut H) {
        self.number().hash(hasher);
    }
}

impl Id {
    /// The export has no such field.
    pub const ABSENT: Self = Self([0xFF; 16]);
    /// The field is there and empty, or the GUID of all zeros that Entra writes for *none*.
    pub const EMPTY: Self = Self([0; 16]);

    /// From a GUID that this program knows; for one of a record see [`Id::of`].
    #[must_use]
    pub const fn guid(guid: Guid) -> Self {
        Self(guid.to_bytes())
    }

    /// From the text of a record.
    pub fn parse(text: &str, texts: &mut Texts) -> Self {
        let text = text.trim();
        if text.is_empty() {
            return Self::EMPTY;
        }
        match Guid::parse(text) {
            Some(guid) => Self::of(guid, texts),
            None => Self::text(texts.intern(text)),
        }
    }

    /// From a GUID of a record. The few that mean something else here (all bits set; those that look
    /// like the number of a text) are kept as texts, so that no record can forge a state.
    pub fn of(guid: Guid, texts: &mut Texts) -> Self {
        let id = Self(guid.to_bytes());
        if id.is_present() && id.as_text().is_none() { id } else { Self::text(texts.intern(&guid.to_string())) }
    }

    /// From a text that is a GUID; *empty* where it is none, or one that [`Id::of`] keeps as a text.
    #[must_use]
    pub fn parse_known(text: &str) -> Self {
        let id = Guid::parse(text.trim()).map_or(Self::EMPTY, |guid| Self(guid.to_bytes()));
        if id.is_present() && id.as_text().is_none() { id } else { Self::EMPTY }
    }

    /// An identifier that is no GUID, by the number of its text.
    #[must_use]
    pub const fn text(id: TextId) -> Self {
        if !id.has_value() {
            return Self::EMPTY;
        }
        Self((TEXT << 32 | id.0 as u128).to_be_bytes())
    }

    fn number(self) -> u128 {
        u128::from_be_bytes(self.0)
    }

    /// Whether the field is there at all.
    #[must_use]
    pub fn is_present(self) -> bool {
        self != Self::ABSENT
    }

    /// Whether it names something.
    #[must_use]
    pub fn has_value(self) -> bool {
        self != Self::ABSENT && self != Self::EMPTY
    }

    /// Itself where it names something.
    #[must_use]
    pub fn value(self) -> Option<Self> {
        self.has_value().then_some(self)
    }

    /// The GUID, where it is one.
    #[must_use]
    pub fn as_guid(self) -> Option<Guid> {
        (self.has_value() && self.as_text().is_none()).then_some(Guid::from_bytes(self.0))
    }

    /// The number of its text, where it is no GUID.
    #[must_use]
    pub fn as_text(self) -> Option<TextId> {
        let number = self.number();
        (number >> 32 == TEXT).then_some(TextId(number as u32))
    }

    /// As a person reads it; empty for absent and empty.
    #[must_use]
    pub fn display(self, texts: &Texts) -> String {
        match (self.as_guid(), self.as_text()) {
            (Some(guid), _) => guid.to_string(),
            (_, Some(text)) => texts.get(text).to_owned(),
            _ => String::new(),
        }
    }

    /// An order that is the same under the numbers of another dictionary.
    #[must_use]
    pub fn compare(self, other: Self, texts: &Texts) -> Ordering {
        match (self.as_text(), other.as_text()) {
            (Some(mine), Some(theirs)) => texts.get(mine).cmp(texts.get(theirs)),
            _ => self.cmp(&other),
        }
    }

    /// The same identifier under the numbers of another dictionary.
    pub fn translate(self, map: impl FnOnce(TextId) -> TextId) -> Self {
        self.as_text().map_or(self, |text| Self::text(map(text)))
    }

    /// The sixteen bytes.
    #[must_use]
    pub const fn bytes(self) -> [u8; 16] {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tells_absent_empty_and_value_apart() {
        let mut texts = Texts::new(1);
        let empty = ["", "  ", "00000000-0000-0000-0000-000000000000"].map(|text| Id::parse(text, &mut texts));
        assert!(empty.iter().all(|id| *id == Id::EMPTY && id.is_present() && !id.has_value()));
        assert!(!Id::ABSENT.is_present() && !Id::ABSENT.has_value());
        let id = Id::parse(" {0F94F5FB-3583-4C46-9BFA-0390C1988800} ", &mut texts);
        assert_eq!(id.display(&texts), "0f94f5fb-3583-4c46-9bfa-0390c1988800");
        assert_eq!(id, Id::parse_known("0f94f5fb-3583-4c46-9bfa-0390c1988800"));
        assert_eq!((Id::ABSENT.display(&texts), Id::EMPTY.display(&texts)), (String::new(), String::new()));
    }

    #[test]
    fn keeps_an_id_that_is_no_guid_by_its_text() {
        let mut texts = Texts::new(1);
        let id = Id::parse("Directory_87979703_ULAYA_144938566", &mut texts);
        assert!(id.has_value() && id.as_guid().is_none());
        assert_eq!(id.display(&texts), "Directory_87979703_ULAYA_144938566");
        assert_ne!(id, Id::parse("directory_87979703_ULAYA_144938566", &mut texts));
        let mut other = Texts::new(2);
        other.intern("before");
        let first = Id::parse("a", &mut texts);
        let moved = id.translate(|text| other.intern(texts.get(text)));
        assert_eq!((id.compare(first, &texts), id.cmp(&first)), (Ordering::Less, Ordering::Less));
        assert_eq!((first.compare(id, &texts), first.compare(first, &texts)), (Ordering::Greater, Ordering::Equal));
        assert_eq!(Id::EMPTY.compare(first, &texts), Ordering::Less);
        assert_eq!(moved.display(&other), "Directory_87979703_ULAYA_144938566");
    }

    #[test]
    fn no_guid_of_a_record_forges_a_state() {
        let mut texts = Texts::new(1);
        texts.intern("secret");
        for text in ["ffffffff-ffff-ffff-ffff-ffffffffffff", "fefefefe-fefe-fefe-fefe-fefe00000002"] {
            let id = Id::parse(text, &mut texts);
            assert!(id.has_value(), "{text}");
            assert_eq!(Id::parse_known(text), Id::EMPTY);
            assert_eq!(id.display(&texts), text);
        }
    }
}
