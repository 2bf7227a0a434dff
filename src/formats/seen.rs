//! Spellings seen before: the raw bytes of a value and what it was turned into.
//!
//! A device or a policy list is spelled the same in thousands of records; it is decoded once.

use foldhash::quality::FixedState;
use hashbrown::HashTable;
use std::hash::BuildHasher;

/// Bytes of spellings kept before starting anew, so that hostile input cannot fill the memory.
const ROOM: usize = 24 << 20;

/// Spellings and their values.
#[derive(Debug)]
pub(super) struct Seen<V> {
    bytes: Vec<u8>,
    entries: Vec<(usize, V)>,
    table: HashTable<u32>,
    hasher: FixedState,
}

impl<V: Copy> Seen<V> {
    pub(super) fn new(seed: u64) -> Self {
        Self { bytes: Vec::new(), entries: Vec::new(), table: HashTable::new(), hasher: FixedState::with_seed(seed) }
    }

    /// The value of a spelling that was seen before.
    pub(super) fn find(&self, spelling: &[u8]) -> Option<V> {
        let hash = self.hasher.hash_one(spelling);
        let index = self.table.find(hash, |&index| self.spelling(index) == spelling)?;
        self.entries.get(*index as usize).map(|entry| entry.1)
    }

    /// Keeps the value of a spelling.
    pub(super) fn keep(&mut self, spelling: &[u8], value: V) {
        if self.bytes.len() + spelling.len() > ROOM {
            self.bytes.clear();
            self.entries.clear();
            self.table.clear();
        }
        let hash = self.hasher.hash_one(spelling);
        let index = self.entries.len() as u32;
        self.bytes.extend_from_slice(spelling);
        self.entries.push((self.bytes.len(), value));
        let (bytes, entries, hasher) = (&self.bytes, &self.entries, &self.hasher);
        self.table.insert_unique(hash, index, |&other| hasher.hash_one(at(bytes, entries, other)));
    }

    fn spelling(&self, index: u32) -> &[u8] {
        at(&self.bytes, &self.entries, index)
    }
}

fn at<'a, V>(bytes: &'a [u8], entries: &[(usize, V)], index: u32) -> &'a [u8] {
    let index = index as usize;
    let start = index.checked_sub(1).and_then(|before| entries.get(before)).map_or(0, |entry| entry.0);
    let end = entries.get(index).map_or(0, |entry| entry.0);
    bytes.get(start..end).unwrap_or_default()
}
