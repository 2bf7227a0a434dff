//! Numbers given anew, in the order in which things come: what is told apart by large numbers or by two is then
//! looked up in a list.

/// The number of nothing.
pub const NONE: u32 = u32::MAX;

/// Pairs of numbers, each with a number of its own: the first has 0.
#[derive(Clone, Debug)]
pub struct Pairs {
    pairs: Vec<u64>,
    /// Numbers of pairs, each at the first free slot from where its hash points to.
    slots: Vec<u32>,
    seed: u64,
}

impl Pairs {
    /// None yet. The seed keys the hash: numbers may stand in a log as they are.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self { pairs: Vec::new(), slots: vec![NONE; 1 << 10], seed }
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.pairs.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.pairs.is_empty()
    }

    /// The number of a pair. A new one has the next, while there are fewer than `most`; else it has none.
    #[inline(never)]
    pub fn number(&mut self, one: u32, two: u32, most: u32) -> u32 {
        let pair = u64::from(one) << 32 | u64::from(two);
        let mut slot = self.slot(pair);
        loop {
            let known = self.slots.get(slot).copied().unwrap_or(NONE);
            if known == NONE {
                break;
            }
            if self.pairs.get(known as usize) == Some(&pair) {
                return known;
            }
            slot = (slot + 1) & (self.slots.len() - 1);
        }
        let next = self.pairs.len() as u32;
        if next >= most {
            return NONE;
        }
        self.pairs.push(pair);
        if let Some(free) = self.slots.get_mut(slot) {
            *free = next;
        }
        if self.pairs.len() * 2 > self.slots.len() {
            self.grow();
        }
        next
    }

    fn slot(&self, pair: u64) -> usize {
        let mut hash = pair ^ self.seed;
        hash = (hash ^ hash >> 33).wrapping_mul(0xff51_afd7_ed55_8ccd);
        hash = (hash ^ hash >> 33).wrapping_mul(0xc4ce_b9fe_1a85_ec53);
        (hash ^ hash >> 33) as usize & (self.slots.len() - 1)
    }

    fn grow(&mut self) {
        self.slots = vec![NONE; self.slots.len() * 4];
        for (pair, number) in self.pairs.iter().zip(0..) {
            let mut slot = self.slot(*pair);
            while self.slots.get(slot).is_some_and(|other| *other != NONE) {
                slot = (slot + 1) & (self.slots.len() - 1);
            }
            if let Some(free) = self.slots.get_mut(slot) {
                *free = number;
            }
        }
    }
}

/// Gives numbers anew to what rows have, in place of `ones`: what they have is told apart by that alone, or by `twos`
/// too, where there are any. Of rows that stand at no place nothing is taken. Answers of each number which row has it
/// first.
#[must_use]
pub fn anew(ones: &mut [u32], twos: &[u32], places: &[u32], seed: u64) -> Vec<u32> {
    let mut firsts: Vec<u32> = Vec::new();
    let mut meet = |number: u32, row: usize| {
        if number as usize == firsts.len() {
            firsts.push(row as u32);
        }
        number
    };
    if twos.is_empty() {
        let mut table: Vec<u32> = Vec::new();
        let mut next = 0;
        for (row, (one, place)) in ones.iter_mut().zip(places).enumerate() {
            if *place == NONE {
                continue;
            }
            let at = *one as usize;
            if table.len() <= at {
                table.resize(at + 1, NONE);
            }
            let Some(known) = table.get_mut(at) else { continue };
            if *known == NONE {
                *known = next;
                next += 1;
            }
            *one = meet(*known, row);
        }
    } else {
        let mut pairs = Pairs::new(seed);
        let mut last = (0, 0, NONE);
        for (row, ((one, two), place)) in ones.iter_mut().zip(twos).zip(places).enumerate() {
            if *place == NONE {
                continue;
            }
            if last.2 == NONE || (last.0, last.1) != (*one, *two) {
                last = (*one, *two, pairs.number(*one, *two, NONE));
            }
            *one = meet(last.2, row);
        }
    }
    firsts
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    #[test]
    fn pairs_have_the_numbers_in_which_they_come() {
        let mut pairs = Pairs::new(7);
        let mut known: BTreeMap<(u32, u32), u32> = BTreeMap::new();
        for step in 0..40_000_u32 {
            let pair = (step.wrapping_mul(2_654_435_761) % 5_000, step % 3);
            let next = known.len() as u32;
            let expected = *known.entry(pair).or_insert(next);
            assert_eq!(pairs.number(pair.0, pair.1, NONE), expected);
        }
        let all = known.len() as u32;
        assert_eq!(pairs.number(9_999, 9, all), NONE);
        assert_eq!(pairs.number(9_999, 9, all + 1), all);
        assert_eq!(pairs.number(0, 0, 0), known[&(0, 0)]);
    }

    #[test]
    fn rows_are_numbered_by_what_they_have() {
        let (ones, twos, places) = ([70, 5, 70, 5, 9, 70], [1, 1, 1, 2, 1, 1], [3, 0, NONE, 2, 1, 4]);
        let mut alone = ones;
        assert_eq!(anew(&mut alone, &[], &places, 3), [0, 1, 4]);
        let mut both = ones;
        assert_eq!(anew(&mut both, &twos, &places, 3), [0, 1, 3, 4]);
    }
}
