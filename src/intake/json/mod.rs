//! JSON on demand: only the keys that are looked for are kept, everything else is checked and
//! passed over without building anything.
//!
//! [`scan`] finds the structure, [`walk`] follows it through one record, [`stream`] knows which
//! values are records, [`mend`] finds the next record after a damaged one, and [`rows`] reads
//! answers whose records are lists.

mod embedded;
mod mend;
mod message;
mod rows;
mod scan;
mod skim;
mod stream;
mod walk;

pub use embedded::{Embed, Embedded};
pub(super) use mend::end_of_value;
pub(super) use message::BODY;
pub(super) use rows::Rows;
pub(super) use stream::Json;
