//! Dictionaries: whatever repeats is kept once and has a number.

use std::hash::{BuildHasher, Hash};

use bytemuck::{Pod, Zeroable};
use foldhash::quality::FixedState;
use hashbrown::HashTable;

/// The number of a text in [`Texts`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Pod, Zeroable)]
#[repr(transparent)]
pub struct TextId(pub u32);

impl TextId {
    /// The export has no such field.
    pub const ABSENT: Self = Self(0);
    /// The field is there, and empty.
    pub const EMPTY: Self = Self(1);

    /// Whether the field is there at all.
    #[must_use]
    pub const fn is_present(self) -> bool {
        self.0 != 0
    }

    /// Whether the field holds a value.
    #[must_use]
    pub const fn has_value(self) -> bool {
        self.0 > 1
    }
}

/// Texts, each once. Number 0 stands for *absent*, 1 for *empty*.
#[derive(Clone, Debug)]
pub struct Texts {
    bytes: String,
    ends: Vec<u32>,
    table: HashTable<u32>,
    hasher: FixedState,
}

impl Texts {
    /// What keys its hash, for maps of what a log holds: nobody can prepare keys that collide.
    #[must_use]
    pub fn hasher(&self) -> FixedState {
        self.hasher.clone()
    }

    /// An empty dictionary. The seed keys the hash: it comes from the input, so that nobody can
    /// prepare texts that collide.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self { bytes: String::new(), ends: vec![0, 0], table: HashTable::new(), hasher: FixedState::with_seed(seed) }
    }

    /// An empty dictionary whose hash has the same key.
    #[must_use]
    pub fn kin(&self) -> Self {
        Self { hasher: self.hasher.clone(), ..Self::new(0) }
    }

    /// A number to key other hashes with.
    #[must_use]
    pub fn seed(&self) -> u64 {
        self.hasher.hash_one(0_u8)
    }

    /// The number of a text; a new one gets the next number.
    pub fn intern(&mut self, text: &str) -> TextId {
        if text.is_empty() {
            return TextId::EMPTY;
        }
        let hash = self.hasher.hash_one(text.as_bytes());
        let (bytes, ends) = (&self.bytes, &self.ends);
        if let Some(found) = self.table.find(hash, |&index| slice(bytes, ends, index) == text) {
            return TextId(*found);
        }
        let Ok(end) = u32::try_from(self.bytes.len() + text.len()) else {
            return TextId::EMPTY;
        };
        let index = self.ends.len() as u32;
        self.bytes.push_str(text);
        self.ends.push(end);
        let (bytes, ends, hasher) = (&self.bytes, &self.ends, &self.hasher);
        self.table.insert_unique(hash, index, |&other| hasher.hash_one(slice(bytes, ends, other).as_bytes()));
        TextId(index)
    }

    /// The number of a text that is already here.
    #[must_use]
    pub fn find(&self, text: &str) -> Option<TextId> {
        let hash = self.hasher.hash_one(text.as_bytes());
        self.table.find(hash, |&index| slice(&self.bytes, &self.ends, index) == text).map(|&index| TextId(index))
    }

    /// The text with this number; empty for *absent* and *empty*.
    #[must_use]
    pub fn get(&self, id: TextId) -> &str {
        slice(&self.bytes, &self.ends, id.0)
    }

    /// The text, or nothing where it is absent or empty.
    #[must_use]
    pub fn value(&self, id: TextId) -> Option<&str> {
        id.has_value().then(|| self.get(id))
    }

    /// How many numbers are given out, *absent* and *empty* included.
    #[must_use]
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether no text was kept.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.ends.len() <= 2
    }

    /// All texts with their numbers, in the order they came.
    pub fn iter(&self) -> impl Iterator<Item = (TextId, &str)> {
        (2..self.ends.len() as u32).map(|index| (TextId(index), slice(&self.bytes, &self.ends, index)))
    }

    /// All texts one behind the other, and where each ends: what [`Texts::restore`] takes.
    #[must_use]
    pub fn raw(&self) -> (&str, &[u32]) {
        (&self.bytes, &self.ends)
    }

    /// The dictionary with these texts; nothing where a text is empty, is there twice, or is cut
    /// inside a character.
    #[must_use]
    pub fn restore(seed: u64, bytes: String, ends: Vec<u32>) -> Option<Self> {
        let hasher = FixedState::with_seed(seed);
        let mut table = HashTable::with_capacity(ends.len());
        if !ends.starts_with(&[0, 0]) || ends.last().map(|&end| end as usize) != Some(bytes.len()) {
            return None;
        }
        for index in 2..u32::try_from(ends.len()).ok()? {
            let text = slice(&bytes, &ends, index);
            let hash = hasher.hash_one(text.as_bytes());
            if text.is_empty() || table.find(hash, |&other| slice(&bytes, &ends, other) == text).is_some() {
                return None;
            }
            table.insert_unique(hash, index, |&other| hasher.hash_one(slice(&bytes, &ends, other).as_bytes()));
        }
        Some(Self { bytes, ends, table, hasher })
    }

    /// Bytes held.
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.bytes.capacity() + self.ends.capacity() * 4 + self.table.capacity() * 5
    }
}

fn slice<'a>(bytes: &'a str, ends: &[u32], index: u32) -> &'a str {
    let index = index as usize;
    let start = index.checked_sub(1).and_then(|before| ends.get(before)).copied().unwrap_or(0);
    let end = ends.get(index).copied().unwrap_or(0);
    bytes.get(start as usize..end as usize).unwrap_or("")
}

/// Tuples of a fixed shape, each once. Number 0 is the tuple of all *absent*.
#[derive(Clone, Debug)]
pub struct Tuples<T> {
    rows: Vec<T>,
    table: HashTable<u32>,
    hasher: FixedState,
}

impl<T: Copy + Eq + Hash> Tuples<T> {
    /// A dictionary that holds only the tuple of all *absent*.
    pub fn new(seed: u64, absent: T) -> Self {
        let mut tuples = Self { rows: Vec::new(), table: HashTable::new(), hasher: FixedState::with_seed(seed) };
        tuples.intern(absent);
        tuples
    }

    /// The number of a tuple; a new one gets the next number.
    pub fn intern(&mut self, tuple: T) -> u32 {
        let hash = self.hasher.hash_one(tuple);
        let rows = &self.rows;
        if let Some(found) = self.table.find(hash, |&index| rows.get(index as usize) == Some(&tuple)) {
            return *found;
        }
        let index = self.rows.len() as u32;
        self.rows.push(tuple);
        let (rows, hasher) = (&self.rows, &self.hasher);
        self.table.insert_unique(hash, index, |&other| rows.get(other as usize).map_or(0, |row| hasher.hash_one(row)));
        index
    }

    /// The dictionary with these tuples; nothing where one is there twice.
    #[must_use]
    pub fn restore(seed: u64, rows: Vec<T>) -> Option<Self> {
        let hasher = FixedState::with_seed(seed);
        let mut table = HashTable::with_capacity(rows.len());
        for (index, row) in rows.iter().enumerate() {
            let hash = hasher.hash_one(row);
            if table.find(hash, |&other: &u32| rows.get(other as usize) == Some(row)).is_some() {
                return None;
            }
            let rehash = |&other: &u32| rows.get(other as usize).map_or(0, |row| hasher.hash_one(row));
            table.insert_unique(hash, u32::try_from(index).ok()?, rehash);
        }
        Some(Self { rows, table, hasher })
    }

    /// The tuple with this number, or nothing for a number that was never given out.
    #[must_use]
    pub fn find(&self, index: u32) -> Option<&T> {
        self.rows.get(index as usize)
    }

    /// All tuples in the order they came, the absent one first.
    #[must_use]
    pub fn rows(&self) -> &[T] {
        &self.rows
    }

    /// Bytes held.
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.rows.capacity() * size_of::<T>() + self.table.capacity() * 5
    }
}

#[cfg(test)]
#[path = "dictionary_tests.rs"]
mod tests;
