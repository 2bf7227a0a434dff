//! Zip archives: which files one holds, and each of them unpacked.
//!
//! An archive's directory stands at its end. Whoever has the file can read any part of it: it is
//! asked for the ranges that [`Directory`] wants, and each entry is then fed through an [`Unpacker`]
//! of its own. So entries are read like files, one independent of the other, and nothing is held but
//! the directory and one block of text.

mod cut;
mod directory;
mod entry;
mod names;
mod unpacker;

pub use directory::Directory;
pub use entry::{Entry, Listing, Refusal, join};
pub use unpacker::Unpacker;

/// The longest directory that is read, in bytes.
const LONGEST_DIRECTORY: u64 = 64 << 20;
/// The most files of an archive that are read.
const MOST_ENTRIES: usize = 100_000;
/// Archives in an archive that are unpacked, in bytes.
pub const LARGEST_INNER: u64 = 512 << 20;

/// Whether a zip archive begins with these bytes; one without files begins with its end.
#[must_use]
pub fn is_zip(first: &[u8]) -> bool {
    first.starts_with(b"PK\x03\x04") || first.starts_with(b"PK\x05\x06")
}

/// Two bytes, low first; nothing where there are fewer.
fn two(bytes: &[u8], at: usize) -> Option<u16> {
    bytes.get(at..)?.first_chunk().copied().map(u16::from_le_bytes)
}

/// Four bytes.
fn four(bytes: &[u8], at: usize) -> Option<u32> {
    bytes.get(at..)?.first_chunk().copied().map(u32::from_le_bytes)
}

/// Eight bytes.
fn eight(bytes: &[u8], at: usize) -> Option<u64> {
    bytes.get(at..)?.first_chunk().copied().map(u64::from_le_bytes)
}
