//! The kinds of notices.

use serde::{Serialize, Serializer};

macro_rules! kinds {
    ($($(#[$doc:meta])* $kind:ident = $name:literal,)*) => {
        /// What a notice is about.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum NoticeKind { $($(#[$doc])* $kind,)* }

        impl NoticeKind {
            /// All kinds.
            pub const ALL: &'static [Self] = &[$(Self::$kind,)*];

            /// As the report names it.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Self::$kind => $name,)* }
            }
        }
    };
}

kinds! {
    /// Nothing of the input could be read.
    Unrecognised = "unrecognised",
    /// It could be read in part.
    Incomplete = "incomplete",
    /// Its sign-ins are those of version 1.0 of Microsoft Graph.
    Version1 = "version-1",
    /// It holds bytes that are no UTF-8.
    Encoding = "encoding",
    /// It holds fields that begin like JSON and break off.
    Damaged = "damaged",
    /// PowerShell wrote names of types in place of values.
    Flattened = "flattened",
    /// It has just so many records as its export can have at most.
    RowLimit = "row-limit",
    /// It says itself that there is more, or has a round number of records.
    Partial = "partial",
    /// It begins where nothing older is kept.
    Retention = "retention",
    /// Most of its interactive sign-ins have an empty session id.
    BlankSessions = "blank-sessions",
    /// Its times are in a local time, and nothing tells in which.
    LocalTime = "local-time",
    /// Its times name no zone.
    NoZone = "no-zone",
    /// Its days and months cannot be told apart.
    DayOrder = "day-order",
    /// Its times are told to the minute.
    ToTheMinute = "to-the-minute",
    /// Its zone or order of day and month was told by a person.
    TimesTold = "times-told",
    /// Its zone or order of day and month was found by records that stand in another input, too.
    TimesFound = "times-found",
    /// Its header is in a language that is not, or not wholly, known.
    Language = "language",
    /// It holds steps of authentication of sign-ins that are in no input.
    Unjoined = "unjoined",
    /// It is a list of networks.
    List = "list",
    /// It says what users are.
    Users = "users",
    /// It is a database of addresses.
    IpDatabase = "ip-database",
    /// It is a database of addresses that names other countries than the exports.
    DatabaseContradicts = "database-contradicts",
    /// It holds records of tables that are known and not used.
    NotUsed = "not-used",
    /// Some of its records were rejected.
    Rejected = "rejected",
    /// There are interactive sign-ins only.
    InteractiveOnly = "interactive-only",
    /// Sign-ins succeeded in a way that conditional access can close.
    PolicyGap = "policy-gap",
    /// There is a time without any record in a log that is busy otherwise.
    Gap = "gap",
    /// Sign-ins that other records name are not there.
    Sampled = "sampled",
    /// The records are much newer than the facts of this program.
    OldKnowledge = "old-knowledge",
    /// There are several tenants.
    MixedTenants = "mixed-tenants",
    /// Two sources of one event disagree.
    Conflict = "conflict",
}

impl Serialize for NoticeKind {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

impl PartialEq<&str> for NoticeKind {
    fn eq(&self, other: &&str) -> bool {
        self.name() == *other
    }
}
