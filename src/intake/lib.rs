//! Bytes in, records out: unwrap, decode, cut, read.
//!
//! Everything here is a push parser without I/O, fed any chunk sizes: what comes out depends on the
//! bytes alone. Files of an archive come out of [`zip`]; bytes pass [`unpack`] (gzip), [`decode`]
//! (UTF-16), then [`json`] or [`table`] (CSV). The sheets of a [`workbook`] are tables too.

mod again;
mod binary;
mod broken_off;
mod bytes;
mod columns;
mod decode;
mod json;
mod keys;
mod record;
mod sniff;
mod table;
mod text;
mod unpack;
mod workbook;
pub mod zip;

pub use again::Excerpt;
pub use binary::may_be as may_be_database;
pub use bytes::same;
pub use json::{Embed, Embedded};
pub use keys::Keys;
pub use record::{Cell, Problem, Record, Sink};
pub use unpack::Intake;
pub use workbook::SheetRow;

/// The longest record that is read, in bytes; a longer one is rejected and passed over.
pub const LONGEST_RECORD: usize = 16 << 20;
