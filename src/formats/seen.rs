//! Spellings seen before: the raw bytes of a value and what it was turned into.
//!
//! A device or a policy list is spelled the same in thousands of records; it is decoded once.

use std::hash::BuildHasher;

use foldhash::quality::FixedState;
use hashbrown::HashTable;

use crate::intake::same;

/// Bytes of spellings kept before starting anew, so that hostile input cannot fill the memory.
const ROOM: usize = 8 << 20;
/// A longer spelling is not kept.
const LONGEST: usize = ROOM / 8;

/// Spellings and their values.
#[derive(Debug)]
pub(super) struct Seen {
    bytes: Vec<u8>,
    entries: Vec<(u32, u32)>,
    table: HashTable<u32>,
    hasher: FixedState,
    /// The entry that was found or kept last: many records repeat the one before.
    last: u32,
}

/// What is known of a spelling.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Known {
    /// Its value.
    Value(u32),
    /// Nothing yet; its hash, for [`Seen::keep`].
    Hash(u64),
}

impl Seen {
    pub(super) fn new(seed: u64) -> Self {
        let hasher = FixedState::with_seed(seed);
        Self { bytes: Vec::new(), entries: Vec::new(), table: HashTable::new(), hasher, last: 0 }
    }

    /// The value of a spelling that was seen before.
    #[inline]
    pub(super) fn find(&mut self, spelling: &[u8]) -> Known {
        if let Some(entry) = self.entries.get(self.last as usize)
            && same(at(&self.bytes, &self.entries, self.last), spelling)
        {
            return Known::Value(entry.1);
        }
        let hash = self.hasher.hash_one(spelling);
        let found = self.table.find(hash, |&index| same(at(&self.bytes, &self.entries, index), spelling)).copied();
        match found.and_then(|index| Some((index, self.entries.get(index as usize)?))) {
            Some((index, entry)) => {
                self.last = index;
                Known::Value(entry.1)
            }
            None => Known::Hash(hash),
        }
    }

    /// Keeps the value of a spelling that was not found, with the hash that [`Seen::find`] gave.
    pub(super) fn keep(&mut self, spelling: &[u8], hash: u64, value: u32) {
        if spelling.len() > LONGEST {
            return;
        }
        if self.bytes.len() + spelling.len() > ROOM {
            self.bytes.clear();
            self.entries.clear();
            self.table.clear();
        }
        let index = self.entries.len() as u32;
        self.last = index;
        self.bytes.extend_from_slice(spelling);
        // At most ROOM, which fits.
        self.entries.push((self.bytes.len() as u32, value));
        let (bytes, entries, hasher) = (&self.bytes, &self.entries, &self.hasher);
        self.table.insert_unique(hash, index, |&other| hasher.hash_one(at(bytes, entries, other)));
    }
}

fn at<'a>(bytes: &'a [u8], entries: &[(u32, u32)], index: u32) -> &'a [u8] {
    let index = index as usize;
    let start = index.checked_sub(1).and_then(|before| entries.get(before)).map_or(0, |entry| entry.0);
    let end = entries.get(index).map_or(0, |entry| entry.0);
    bytes.get(start as usize..end as usize).unwrap_or_default()
}

/// The few spellings of a word; a closed vocabulary has hardly more than ten.
#[derive(Debug, Default)]
pub(super) struct Words {
    entries: Vec<(Box<[u8]>, u8)>,
}

impl Words {
    /// The value of a spelling that was seen before.
    pub(super) fn find(&self, spelling: &[u8]) -> Option<u8> {
        self.entries.iter().find(|(known, _)| same(known, spelling)).map(|(_, value)| *value)
    }

    /// Keeps the value of a spelling, while there are few.
    pub(super) fn keep(&mut self, spelling: &[u8], value: u8) {
        if self.entries.len() < 24 && spelling.len() <= 256 {
            self.entries.push((spelling.into(), value));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keep(seen: &mut Seen, spelling: &[u8], value: u32) {
        match seen.find(spelling) {
            Known::Hash(hash) => seen.keep(spelling, hash, value),
            Known::Value(known) => panic!("{known} is known for {spelling:?}"),
        }
    }

    #[test]
    fn a_spelling_is_found_again() {
        let mut seen = Seen::new(7);
        for number in 0..10_000_u32 {
            keep(&mut seen, number.to_string().as_bytes(), number);
        }
        for number in 0..10_000_u32 {
            let spelling = number.to_string();
            // Once by its hash, once because it was the last.
            assert_eq!(seen.find(spelling.as_bytes()), Known::Value(number));
            assert_eq!(seen.find(spelling.as_bytes()), Known::Value(number));
        }
        assert!(matches!(seen.find(b"10000"), Known::Hash(_)));
        assert!(matches!(Seen::new(7).find(b""), Known::Hash(_)));
    }

    #[test]
    fn what_is_kept_is_bounded() {
        let mut seen = Seen::new(7);
        let long = vec![b'x'; LONGEST + 1];
        keep(&mut seen, &long, 1);
        assert!(matches!(seen.find(&long), Known::Hash(_)));
        for number in 0..40_u32 {
            let mut spelling = vec![b'x'; LONGEST - 8];
            spelling.extend_from_slice(&number.to_le_bytes());
            keep(&mut seen, &spelling, number);
            assert!(seen.bytes.len() <= ROOM);
            assert_eq!(seen.find(&spelling), Known::Value(number));
        }
        let mut words = Words::default();
        for number in 0..=255_u8 {
            words.keep(&[number], number);
        }
        assert!(words.entries.len() <= 24);
        assert_eq!(words.find(&[3]), Some(3));
    }
}
