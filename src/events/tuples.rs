//! Tuples that repeat from event to event, each kept once.

use bytemuck::{Pod, Zeroable};

use super::dictionary::{TextId, Texts};
use super::id::Id;
use super::vocabulary::{Flag, IncomingToken, PolicyStatus, Protection, Protocol, Requirement, Transfer, UserType};

/// A tuple whose texts are numbers of a dictionary.
pub trait Tuple: Copy + Eq + std::hash::Hash + Pod {
    /// The tuple of an export that has none of its fields.
    const ABSENT: Self;
    /// The same tuple under the numbers of another dictionary.
    #[must_use]
    fn translate(self, map: &dyn Fn(TextId) -> TextId) -> Self;
    /// The same tuple, with the other's value for each field that has none.
    #[must_use]
    fn complete(self, other: Self) -> Self;
    /// How many fields have a value.
    #[must_use]
    fn filled(self) -> u32;
}

/// A field of a tuple that another source of the event may fill.
pub(crate) trait Fill: Copy {
    /// Itself where it has a value; else the other, if that says more.
    fn fill(self, other: Self) -> Self;

    /// Whether it has a value.
    fn is_filled(self) -> bool;
}

macro_rules! fill {
    ($($type:ty: |$mine:ident, $theirs:ident| $filled:expr, else $keep:expr;)*) => {$(
        impl Fill for $type {
            fn fill(self, other: Self) -> Self {
                let ($mine, $theirs) = (self, other);
                if $filled || $keep { $mine } else { $theirs }
            }

            fn is_filled(self) -> bool {
                let $mine = self;
                $filled
            }
        }
    )*};
}

/// Words: one that is not known gives way to one that is.
macro_rules! fill_words {
    ($($type:ty)*) => {
        fill! {
            $($type: |mine, theirs| mine.is_known(),
                else !theirs.is_known() && (mine.has_value() || !theirs.is_present());)*
        }
    };
}

fill_words! { UserType Flag Protocol Transfer Protection PolicyStatus Requirement IncomingToken }

fill! {
    TextId: |mine, theirs| mine.has_value(), else theirs <= mine;
    Id: |mine, theirs| mine.has_value(), else !theirs.is_present();
    u32: |mine, _theirs| mine != 0, else false;
    i32: |mine, _theirs| mine != NO_COORDINATE, else false;
    [u8; 6]: |_mine, _theirs| false, else true;
    [u8; 7]: |_mine, _theirs| false, else true;
}

macro_rules! tuple {
    ($(#[$doc:meta])* $name:ident { $($(#[$field_doc:meta])* $field:ident: $type:ty = $absent:expr, $how:ident;)* }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Pod, Zeroable)]
        #[repr(C)]
        pub struct $name { $($(#[$field_doc])* pub $field: $type,)* }

        impl Tuple for $name {
            const ABSENT: Self = Self { $($field: $absent,)* };
            fn translate(self, map: &dyn Fn(TextId) -> TextId) -> Self {
                Self { $($field: tuple!(@$how self.$field, map),)* }
            }
            fn complete(self, other: Self) -> Self {
                Self { $($field: self.$field.fill(other.$field),)* }
            }
            fn filled(self) -> u32 {
                [$(self.$field.is_filled()),*].into_iter().map(u32::from).sum()
            }
        }
    };
    (@text $value:expr, $map:ident) => { $map($value) };
    (@id $value:expr, $map:ident) => { $value.translate($map) };
    (@plain $value:expr, $map:ident) => { $value };
}

tuple! {
    /// A user as one record names them.
    User {
        /// Object id.
        id: Id = Id::ABSENT, id;
        /// User principal name, lower-case.
        name: TextId = TextId::ABSENT, text;
        /// Display name.
        display: TextId = TextId::ABSENT, text;
        /// Member or guest.
        kind: UserType = UserType::ABSENT, plain;
        /// Always zero.
        pad: [u8; 7] = [0; 7], plain;
    }
}

tuple! {
    /// A client application or the resource it asked for.
    App {
        /// Application id.
        id: Id = Id::ABSENT, id;
        /// Display name.
        name: TextId = TextId::ABSENT, text;
        /// The tenant that the application belongs to; told of clients only.
        owner: Id = Id::ABSENT, id;
    }
}

tuple! {
    /// The tenants of a sign-in, and who spoke for its user.
    Tenants {
        /// The tenant whose log this is, where the record says so.
        log: Id = Id::ABSENT, id;
        /// The user's home tenant.
        home: Id = Id::ABSENT, id;
        /// The resource's tenant.
        resource: Id = Id::ABSENT, id;
        /// Name of who issued the token that was presented: of a domain's own provider its issuer.
        issuer: TextId = TextId::ABSENT, text;
    }
}

/// What `latitude` and `longitude` hold where there are none.
pub const NO_COORDINATE: i32 = i32::MIN;

tuple! {
    /// Where an address is, as Entra says it.
    Location {
        /// Number of the autonomous system; 0 where there is none.
        asn: u32 = 0, plain;
        /// Two letters.
        country: TextId = TextId::ABSENT, text;
        /// State or region.
        state: TextId = TextId::ABSENT, text;
        /// City.
        city: TextId = TextId::ABSENT, text;
        /// Degrees north times 10,000; [`NO_COORDINATE`] where there is none.
        latitude: i32 = NO_COORDINATE, plain;
        /// Degrees east times 10,000; [`NO_COORDINATE`] where there is none.
        longitude: i32 = NO_COORDINATE, plain;
        /// Which of the numbers the export has at all.
        stated: Stated = Stated(0), plain;
        /// The address that the resource's provider saw, canonical text. Exports leave it out where there is none.
        provider: TextId = TextId::ABSENT, text;
    }
}

/// Which numbers of a location an export has at all, filled or not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Pod, Zeroable)]
#[repr(transparent)]
pub struct Stated(pub u32);

impl Stated {
    /// The autonomous system.
    pub const ASN: Self = Self(1);
    /// The coordinates.
    pub const COORDINATES: Self = Self(2);

    /// A database of addresses gave the autonomous system, not the export.
    pub const FILLED_ASN: Self = Self(4);
    /// A database gave the country.
    pub const FILLED_COUNTRY: Self = Self(8);
    /// A database gave the city or the state.
    pub const FILLED_CITY: Self = Self(16);
    /// A database gave the coordinates.
    pub const FILLED_COORDINATES: Self = Self(32);

    /// Both.
    #[must_use]
    pub const fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Whether the export has this number.
    #[must_use]
    pub const fn has(self, number: Self) -> bool {
        self.0 & number.0 != 0
    }
}

impl Fill for Stated {
    fn fill(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    fn is_filled(self) -> bool {
        false
    }
}

tuple! {
    /// The device of a sign-in.
    Device {
        /// Device id; empty where the device is unknown to Entra.
        id: Id = Id::ABSENT, id;
        /// Display name.
        name: TextId = TextId::ABSENT, text;
        /// Operating system.
        system: TextId = TextId::ABSENT, text;
        /// Browser or rich client.
        browser: TextId = TextId::ABSENT, text;
        /// Trust type.
        trust: TextId = TextId::ABSENT, text;
        /// Meets the compliance policies.
        compliant: Flag = Flag::ABSENT, plain;
        /// Is managed.
        managed: Flag = Flag::ABSENT, plain;
        /// Always zero.
        pad: [u8; 6] = [0; 6], plain;
    }
}

impl Device {
    /// Compliant or managed, or joined with a device id.
    #[must_use]
    pub fn is_managed(&self, texts: &Texts) -> bool {
        let trust = texts.get(self.trust).to_ascii_lowercase();
        self.compliant == Flag::TRUE
            || self.managed == Flag::TRUE
            || (self.id.has_value() && trust.ends_with(" joined"))
    }
}

tuple! {
    /// How a sign-in ended.
    Outcome {
        /// Result code; 0 is success.
        code: u32 = 0, plain;
        /// [`Outcome::ABSENT_CODE`], [`Outcome::CODE`] or [`Outcome::EMPTY_CODE`].
        known: u32 = 0, plain;
        /// Failure reason.
        reason: TextId = TextId::ABSENT, text;
        /// Additional details.
        details: TextId = TextId::ABSENT, text;
    }
}

impl Outcome {
    /// The export has no result code.
    pub const ABSENT_CODE: u32 = 0;
    /// The record has a result code.
    pub const CODE: u32 = 1;
    /// The export has result codes, this record has none that can be read.
    pub const EMPTY_CODE: u32 = 2;

    /// The result code, where the record has one.
    #[must_use]
    pub fn code(&self) -> Option<u32> {
        (self.known == Self::CODE).then_some(self.code)
    }
}

tuple! {
    /// Identity Protection's view of a sign-in.
    Risk {
        /// Level during sign-in.
        during: TextId = TextId::ABSENT, text;
        /// Aggregated level.
        aggregated: TextId = TextId::ABSENT, text;
        /// State.
        state: TextId = TextId::ABSENT, text;
        /// Detail.
        detail: TextId = TextId::ABSENT, text;
        /// Event types, joined by blanks.
        events: TextId = TextId::ABSENT, text;
    }
}

tuple! {
    /// A service principal as one record names it.
    Principal {
        /// Object id of the service principal.
        id: Id = Id::ABSENT, id;
        /// Display name.
        name: TextId = TextId::ABSENT, text;
        /// Key id of the credential used.
        credential: TextId = TextId::ABSENT, text;
    }
}

impl Principal {
    /// What it is known by: its id, or its name where the record has no id.
    #[must_use]
    pub fn key(&self) -> Id {
        self.id.value().unwrap_or(Id::text(self.name))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn completes_field_by_field_and_never_overwrites() {
        let text = TextId;
        let mine = Device { name: text(7), system: TextId::EMPTY, compliant: Flag::EMPTY, ..Device::ABSENT };
        let theirs = Device {
            id: Id::EMPTY,
            name: text(8),
            system: text(9),
            browser: TextId::EMPTY,
            compliant: Flag::TRUE,
            managed: Flag::FALSE,
            ..Device::ABSENT
        };
        let whole = mine.complete(theirs);
        assert_eq!((whole.id, whole.name, whole.system, whole.browser), (Id::EMPTY, text(7), text(9), TextId::EMPTY));
        assert_eq!((whole.compliant, whole.managed, whole.trust), (Flag::TRUE, Flag::FALSE, TextId::ABSENT));
        assert_eq!(whole.complete(mine), whole);
        assert_eq!(Device::ABSENT.complete(theirs), theirs);
        assert_eq!([Device::ABSENT, mine, theirs, whole].map(Device::filled), [0, 1, 4, 4]);
    }

    #[test]
    fn a_number_that_one_source_states_is_stated() {
        let bare = Location { asn: 3320, stated: Stated::ASN, ..Location::ABSENT };
        let placed = Location { latitude: 505_000, longitude: 90_000, stated: Stated::COORDINATES, ..Location::ABSENT };
        let whole = bare.complete(placed);
        assert_eq!((whole.asn, whole.latitude, whole.longitude), (3320, 505_000, 90_000));
        assert!(whole.stated.has(Stated::ASN) && whole.stated.has(Stated::COORDINATES));
    }
}
