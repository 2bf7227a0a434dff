//! A growing list in chunks.
//!
//! A doubling vector of two million rows peaks at two to three times its payload while it grows;
//! chunks of a fixed number of rows never move.

/// Rows a chunk holds.
const ROWS: usize = 1 << 14;

/// A list that grows by chunks of 16,384 rows.
#[derive(Clone, Debug)]
pub struct Chunked<T> {
    chunks: Vec<Vec<T>>,
    len: usize,
}

impl<T> Default for Chunked<T> {
    fn default() -> Self {
        Self { chunks: Vec::new(), len: 0 }
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

    /// The row with this number, to change it.
    pub fn get_mut(&mut self, index: usize) -> Option<&mut T> {
        self.chunks.get_mut(index / ROWS)?.get_mut(index % ROWS)
    }

    /// All rows in order.
    pub fn iter(&self) -> impl Iterator<Item = &T> {
        self.chunks.iter().flatten()
    }

    /// All rows in order, to change them.
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

    /// Bytes held for rows, spare room included.
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.chunks.iter().map(|chunk| chunk.capacity() * size_of::<T>()).sum()
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
        if let Some(row) = list.get_mut(ROWS) {
            *row = 0;
        }
        assert_eq!(list.iter().sum::<usize>(), count * (count + 1) / 2 - (ROWS + 1));
        assert!(list.chunks().take(2).all(|chunk| chunk.len() == ROWS));
        let drained: Vec<usize> = list.drain_chunks().flatten().collect();
        assert_eq!((drained.len(), list.len()), (count, 0));
        assert!(list.is_empty() && Chunked::<u8>::default().is_empty());
    }
}
