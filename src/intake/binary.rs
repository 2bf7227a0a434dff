//! Bytes that are no text: held until the end shows whether they are a database of addresses.

use super::{Problem, Sink};

/// More bytes than any database of addresses has that is of use here.
const MOST: usize = 512 << 20;
/// What stands before the metadata of a database in MaxMind's format, in its last bytes.
const MARKER: &[u8] = b"\xAB\xCD\xEFMaxMind.com";
const TAIL: usize = 128 << 10;

/// Whether a file may be such a database: its tree begins with a node whose left record is the node
/// after it, in three or four bytes.
#[must_use]
pub fn may_be(first: &[u8]) -> bool {
    matches!(first, [0, 0, 1, ..] | [0, 0, 0, 1, ..])
}

/// A file that may be a database.
#[derive(Debug, Default)]
pub(super) struct Binary {
    bytes: Vec<u8>,
    is_closed: bool,
}

impl Binary {
    /// Takes the next bytes.
    pub(super) fn feed(&mut self, bytes: &[u8], sink: &mut dyn Sink) {
        if self.is_closed {
            return;
        }
        if self.bytes.len() + bytes.len() > MOST {
            (self.bytes, self.is_closed) = (Vec::new(), true);
            sink.fail(Problem::Unreadable("a file that is no text and larger than 512 MiB"));
            return;
        }
        self.bytes.extend_from_slice(bytes);
    }

    /// Ends the file.
    pub(super) fn finish(self, sink: &mut dyn Sink) -> bool {
        let tail = self.bytes.get(self.bytes.len().saturating_sub(TAIL)..).unwrap_or_default();
        if self.is_closed {
            return true;
        }
        if memchr::memmem::rfind(tail, MARKER).is_some() {
            sink.database(self.bytes);
        } else {
            sink.fail(Problem::Unreadable("it is no text, and no database of addresses in MaxMind's format"));
        }
        true
    }
}
