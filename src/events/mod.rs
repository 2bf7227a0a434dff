//! The canonical event: what every export is turned into.
//!
//! Rows are small and fixed in size: whatever repeats (texts, users, devices, places, policies…)
//! lives once in a dictionary and the row holds its number. The file itself stays the store of
//! records: a row keeps input, record number and byte offset, so that the record can be read again.

pub mod activity;
pub mod address;
pub mod audit;
pub mod change;
pub mod chunked;
pub mod dictionary;
pub mod field;
pub mod guid;
pub mod id;
pub mod mail_rule;
pub mod offsets;
pub mod parameters;
pub mod processing;
pub mod risk_event;
pub mod sign_in;
pub mod step;
pub mod store;
pub mod time;
pub mod tuples;
pub mod vocabulary;

pub use activity::Activity;
pub use audit::Audit;
pub use change::{Change, Target, TargetKind};
pub use dictionary::TextId;
pub use guid::Guid;
pub use id::Id;
pub use risk_event::RiskEvent;
pub use sign_in::SignIn;
pub use step::Step;
pub use store::Store;

/// Where a record stands: which input, which record of it (from zero), and the byte offset of its
/// first byte in the unpacked, undecoded input.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    /// Number of the input, in the order of the report.
    pub input: u32,
    /// Number of the record in its input, from zero.
    pub record: u64,
    /// Byte offset of the record's first byte.
    pub offset: u64,
}
