//! Bytes in, records out: unwrap, decode, cut, read. Push parsers without I/O, fed any chunk sizes.

mod record;

pub use record::{Cell, Keys};
