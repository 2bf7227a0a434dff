//! Tuples that repeat from event to event, each kept once.

use bytemuck::{Pod, Zeroable};

use super::dictionary::{TextId, Texts};
use super::id::Id;
use super::vocabulary::{Flag, UserType};

/// A tuple whose texts are numbers of a dictionary.
pub trait Tuple: Copy + Eq + std::hash::Hash + Pod {
    /// The tuple of an export that has none of its fields.
    const ABSENT: Self;
    /// The same tuple under the numbers of another dictionary.
    #[must_use]
    fn translate(self, map: &dyn Fn(TextId) -> TextId) -> Self;
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
    }
}

tuple! {
    /// The tenants of a sign-in.
    Tenants {
        /// The tenant whose log this is, where the record says so.
        log: Id = Id::ABSENT, id;
        /// The user's home tenant.
        home: Id = Id::ABSENT, id;
        /// The resource's tenant.
        resource: Id = Id::ABSENT, id;
    }
}

/// What `latitude` and `longitude` hold where there are none.
pub const NO_COORDINATE: i32 = i32::MIN;

tuple! {
    /// Where an address is, as Entra says it.
    Location {
        /// Number of the autonomous system; 0 where absent.
        asn: u32 = 0, plain;
        /// Two letters.
        country: TextId = TextId::ABSENT, text;
        /// State or region.
        state: TextId = TextId::ABSENT, text;
        /// City.
        city: TextId = TextId::ABSENT, text;
        /// Degrees north times 10,000; [`NO_COORDINATE`] where absent.
        latitude: i32 = NO_COORDINATE, plain;
        /// Degrees east times 10,000; [`NO_COORDINATE`] where absent.
        longitude: i32 = NO_COORDINATE, plain;
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
        /// 1 where the record has a code.
        known: u32 = 0, plain;
        /// Failure reason.
        reason: TextId = TextId::ABSENT, text;
        /// Additional details.
        details: TextId = TextId::ABSENT, text;
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
