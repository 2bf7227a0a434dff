//! Bytes in, records out: unwrap, decode, cut records, read JSON and CSV.
//!
//! Push parsers without I/O: they are fed chunks of any size and hand over whole records.
