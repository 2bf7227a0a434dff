//! Columns of small numbers, as narrow as the numbers allow.

use crate::number::NONE;

/// A number for each place: in one byte, two or four.
#[derive(Clone, Debug)]
pub enum Cells {
    /// Below 256.
    One(Vec<u8>),
    /// Below 65,536.
    Two(Vec<u16>),
    /// All others.
    Four(Vec<u32>),
}

/// Numbers that are wanted.
#[derive(Clone, Debug)]
pub struct Wanted {
    is: Vec<bool>,
    /// The only one that is, where no other is.
    alone: Option<u32>,
}

impl Wanted {
    /// From what is said of each number.
    #[must_use]
    pub fn new(is: Vec<bool>) -> Self {
        let mut wanted = is.iter().zip(0..).filter(|(is, _)| **is).map(|(_, number)| number);
        let alone = wanted.next().filter(|_| wanted.next().is_none());
        Self { is, alone }
    }

    /// Whether a number is.
    #[inline]
    #[must_use]
    pub fn has(&self, number: u32) -> bool {
        self.is.get(number as usize).copied().unwrap_or(false)
    }
}

impl Cells {
    /// So many zeros, with room for numbers below `width`.
    #[must_use]
    pub fn new(len: usize, width: usize) -> Self {
        match width {
            0..=0x100 => Self::One(vec![0; len]),
            0x101..=0x1_0000 => Self::Two(vec![0; len]),
            _ => Self::Four(vec![0; len]),
        }
    }

    /// Puts to each place what `values` have for the number of the row that stands there.
    pub fn put(&mut self, numbers: &[u32], places: &[u32], values: &[u32]) {
        match self {
            Self::One(cells) => put(numbers, places, values, cells, |value| value as u8),
            Self::Two(cells) => put(numbers, places, values, cells, |value| value as u16),
            Self::Four(cells) => put(numbers, places, values, cells, |value| value),
        }
    }

    /// The number at a place.
    #[must_use]
    pub fn get(&self, place: usize) -> Option<u32> {
        match self {
            Self::One(cells) => cells.get(place).copied().map(u32::from),
            Self::Two(cells) => cells.get(place).copied().map(u32::from),
            Self::Four(cells) => cells.get(place).copied(),
        }
    }

    /// The numbers from a place on, as many as there is room for.
    pub fn read(&self, from: usize, into: &mut [u32]) {
        match self {
            Self::One(cells) => read(cells, from, into),
            Self::Two(cells) => read(cells, from, into),
            Self::Four(cells) => read(cells, from, into),
        }
    }

    /// Leaves of places from one on those that have a number that is wanted.
    pub fn keep(&self, from: usize, wanted: &Wanted, taken: &mut [bool]) {
        match wanted.alone {
            Some(number) => match self {
                Self::One(cells) => same(cells, from, number, taken),
                Self::Two(cells) => same(cells, from, number, taken),
                Self::Four(cells) => same(cells, from, number, taken),
            },
            None => {
                let mut cells = [0; 256];
                for (part, taken) in taken.chunks_mut(cells.len()).enumerate() {
                    self.read(from + part * cells.len(), &mut cells);
                    taken.iter_mut().zip(cells).for_each(|(taken, cell)| *taken = *taken && wanted.has(cell));
                }
            }
        }
    }

    /// Bytes held.
    #[must_use]
    pub fn bytes(&self) -> usize {
        match self {
            Self::One(cells) => cells.len(),
            Self::Two(cells) => cells.len() * 2,
            Self::Four(cells) => cells.len() * 4,
        }
    }
}

fn put<T>(numbers: &[u32], places: &[u32], values: &[u32], into: &mut [T], narrow: impl Fn(u32) -> T) {
    for (number, place) in numbers.iter().zip(places) {
        if *place != NONE
            && let Some(slot) = into.get_mut(*place as usize)
        {
            *slot = narrow(values.get(*number as usize).copied().unwrap_or(0));
        }
    }
}

fn read<T: Copy + Into<u32>>(cells: &[T], from: usize, into: &mut [u32]) {
    for (slot, cell) in into.iter_mut().zip(cells.get(from..).unwrap_or_default()) {
        *slot = (*cell).into();
    }
}

fn same<T: Copy + Into<u32>>(cells: &[T], from: usize, number: u32, taken: &mut [bool]) {
    for (taken, cell) in taken.iter_mut().zip(cells.get(from..).unwrap_or_default()) {
        *taken &= (*cell).into() == number;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_of_every_width_hold_what_is_put() {
        for width in [2, 256, 257, 65_536, 65_537] {
            let most = width as u32 - 1;
            let mut cells = Cells::new(4, width);
            cells.put(&[0, 1, 0], &[3, NONE, 1], &[most, 9]);
            let mut read = [7; 3];
            cells.read(1, &mut read);
            assert_eq!((read, cells.get(3), cells.get(4)), ([most, 0, most], Some(most), None));
            let kept = |wanted: &[u32]| {
                let mut is = vec![false; width];
                wanted.iter().for_each(|number| is[*number as usize] = true);
                let mut taken = [true, false, true];
                cells.keep(1, &Wanted::new(is), &mut taken);
                taken
            };
            assert_eq!(kept(&[most]), [true, false, true]);
            assert_eq!(kept(&[0]), [false; 3]);
            assert_eq!(kept(&[0, most]), [true, false, true]);
            assert_eq!(kept(&[]), [false; 3]);
        }
        assert_eq!(Cells::new(3, 256).bytes() * 4, Cells::new(3, 65_537).bytes());
    }
}
