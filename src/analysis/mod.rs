//! The way as a whole, in four steps that are the same at every size: *read* (bytes to a part),
//! *exchange by user* (parts to people), *detect* (one person at a time), *merge* (one report).
//!
//! A worker of the page and a thread of the command run the same steps; the result does not depend
//! on how many there are, nor on the order in which files come.

mod acts;
mod assemble;
mod classify;
pub mod clock;
mod complete;
mod coverage;
mod detect;
mod enrich;
mod exchange;
mod gather;
mod gave;
mod held;
mod hint;
mod identity;
mod impersonated;
mod incidents;
mod merge;
mod noted;
mod own;
mod questions;
mod read;
mod realms;
mod richness;
mod score;
mod source;
mod steps;
mod tenancy;
pub mod transfer;

pub use classify::{RoleChange, role_changes};
pub use coverage::{Coverage, History, Lack, Missing, Status, coverage, good_for};
pub use detect::{PersonFindings, detect};
pub(crate) use detect::{Shared, detect_under};
pub use gather::{Also, Bucket, Case, Conflict, Input};
pub use gave::Gave;
pub use held::{Held, held};
pub use hint::{ExportHint, OtherExport};
pub use incidents::{Access, AccessKind, Incident, Link, Step, StepKind, TieKind};
pub(crate) use merge::Merging;
pub use merge::{Flagged, FlaggedSession, Merged, merge, session_key};
pub use own::Own;
pub use questions::{asked, unanswered};
pub use read::{Part, Reading, Refused};
pub use realms::{Known, Realm};
pub use score::{score, severity};
