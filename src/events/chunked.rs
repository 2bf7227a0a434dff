//! A growing list in chunks.
//!
//! A doubling vector of two million rows peaks at two to three times its payload while it grows;
//! chunks of a fixed number of rows never move.

use crate::order::Map;

/// Rows a chunk holds.
const ROWS: usize = 1 << 14;

/// A list that grows by chunks of 16,384 rows.
#[derive(Clone, Debug)]
pub struct Chunked<T> {
    chunks: Vec<Vec<T>>,
    len: usize,
    /// By number, what rows were that may have been changed since.
    before: Map<usize, T>,
}

/// Rows one after the other; a chunk is freed when its last one is taken.
pub type IntoRows<T> = std::iter::Peekable<std::iter::Flatten<std::vec::IntoIter<Vec<T>>>>;

impl<T> Default for Chunked<T> {
    fn default() -> Self {
        Self { chunks: Vec::new(), len: 0, before: Map::new() }
    }
}

impl<T> Chunked<T> {
    /// Number of rows.
    #[must_use]
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether there are no rows.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Adds a row at the end.
    pub fn push(&mut self, row: T) {
        match self.chunks.last_mut() {
            Some(last) if last.len() < ROWS => last.push(row),
            _ => {
                let mut chunk = Vec::with_capacity(if self.chunks.is_empty() { 64 } else { ROWS });
                chunk.push(row);
                self.chunks.push(chunk);
            }
        }
        self.len += 1;
    }

    /// The row with this number.
    #[must_use]
    #[inline(always)]
    pub fn get(&self, index: usize) -> Option<&T> {
        self.chunks.get(index / ROWS)?.get(index % ROWS)
    }

    /// The row with this number, to change it for good; for a time see [`Chunked::change`].
    pub fn get_mut(&mut self, index: usize) -> Option<&mut T> {
        self.chunks.get_mut(index / ROWS)?.get_mut(index % ROWS)
    }

    /// All rows in order.
    pub fn iter(&self) -> impl Iterator<Item = &T> {
        self.chunks.iter().flatten()
    }

    /// All rows in order, to change them for good or, those of [`Chunked::remember`], until [`Chunked::restore`].
    pub fn iter_mut(&mut self) -> impl Iterator<Item = &mut T> {
        self.chunks.iter_mut().flatten()
    }

    /// The chunks, each full but the last.
    pub fn chunks(&self) -> impl Iterator<Item = &[T]> {
        self.chunks.iter().map(Vec::as_slice)
    }

    /// Takes the chunks out one by one, so that each can be freed before the next is copied.
    pub fn drain_chunks(&mut self) -> impl Iterator<Item = Vec<T>> + '_ {
        self.len = 0;
        self.chunks.drain(..)
    }

    /// All rows in order, freed as they are taken.
    pub fn into_rows(self) -> IntoRows<T> {
        self.chunks.into_iter().flatten().peekable()
    }

    /// Bytes held for rows, spare room included.
    #[must_use]
    pub fn bytes(&self) -> usize {
        let rows = self.chunks.iter().map(Vec::capacity).sum::<usize>() + self.before.len();
        rows * size_of::<T>()
    }
}

impl<T: Copy> Chunked<T> {
    /// The row with this number, to change it until [`Chunked::restore`].
    pub fn change(&mut self, index: usize) -> Option<&mut T> {
        let row = *self.get(index)?;
        self.before.entry(index).or_insert(row);
        self.get_mut(index)
    }

    /// Keeps what these rows are for [`Chunked::restore`].
    pub fn remember(&mut self, is_meant: impl Fn(&T) -> bool) {
        for (index, row) in self.chunks.iter().flatten().enumerate().filter(|(_, row)| is_meant(row)) {
            self.before.entry(index).or_insert(*row);
        }
    }

    /// Makes the rows that were remembered or changed what they were.
    pub fn restore(&mut self) {
        for (index, before) in std::mem::take(&mut self.before) {
            if let Some(row) = self.get_mut(index) {
                *row = before;
            }
        }
    }
}

impl<T> FromIterator<T> for Chunked<T> {
    fn from_iter<I: IntoIterator<Item = T>>(rows: I) -> Self {
        let mut list = Self::default();
        for row in rows {
            list.push(row);
        }
        list
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_found_across_chunks() {
        let count = ROWS * 2 + 7;
        let mut list: Chunked<usize> = (0..count).collect();
        assert_eq!((list.len(), list.chunks().count()), (count, 3));
        for index in [0, ROWS - 1, ROWS, ROWS * 2, count - 1] {
            assert_eq!(list.get(index), Some(&index));
        }
        assert_eq!(list.get(count), None);
        list.iter_mut().for_each(|row| *row += 1);
        if let Some(row) = list.change(ROWS) {
            *row = 0;
        }
        assert_eq!(list.iter().sum::<usize>(), count * (count + 1) / 2 - (ROWS + 1));
        assert!(list.chunks().take(2).all(|chunk| chunk.len() == ROWS));
        let rows: Vec<usize> = list.clone().into_rows().collect();
        assert_eq!((rows.len(), rows.get(ROWS), rows.last()), (count, Some(&0), Some(&count)));
        let drained: Vec<usize> = list.drain_chunks().flatten().collect();
        assert_eq!((drained.len(), list.len()), (count, 0));
        assert!(list.is_empty() && Chunked::<u8>::default().is_empty());
    }

    #[test]
    fn what_was_changed_is_restored_to_what_it_was_first() {
        let mut list: Chunked<usize> = (0..ROWS + 9).collect();
        list.remember(|row| *row == 3);
        for value in [70, 71] {
            [5, ROWS + 8].iter().for_each(|&index| *list.change(index).expect("it is there") = value);
        }
        list.iter_mut().filter(|row| **row == 3).for_each(|row| *row = 72);
        assert!(list.change(ROWS + 9).is_none());
        assert_eq!([3, 5, ROWS + 8].map(|index| list.get(index).copied()), [Some(72), Some(71), Some(71)]);
        list.restore();
        assert!(list.iter().copied().eq(0..ROWS + 9));
        *list.change(0).expect("it is there") = 9;
        list.restore();
        assert_eq!(list.get(0), Some(&0), "it can be changed and restored once more");
    }
}
