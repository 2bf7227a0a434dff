//! Order without weight. The standard library compiles a sort of its own (some ten kilobytes of the page) for
//! each type and each comparison; these put one sort of numbers to use for all. What is sorted by the
//! million sorts with the standard library still; everything else sorts here.

pub mod cells;
pub mod count;
mod index;
mod map;
pub mod number;
mod set;

use std::cmp::Ordering;

pub use map::Map;
pub use set::Set;

/// Slices that sort stably through one shared sort of places.
pub trait Arrange<T> {
    /// As `sort_by`: equals keep their order.
    fn arrange_by(&mut self, compare: impl FnMut(&T, &T) -> Ordering);

    /// As `sort_by_key`: equals keep their order; the key is made anew for each comparison.
    fn arrange_by_key<K: Ord>(&mut self, mut key: impl FnMut(&T) -> K) {
        self.arrange_by(|left, right| key(left).cmp(&key(right)));
    }

    /// As `sort_by_cached_key`: the key is made once for each.
    fn arrange_by_cached_key<K: Ord>(&mut self, key: impl FnMut(&T) -> K);

    /// As `sort`: equals keep their order.
    fn arrange(&mut self)
    where
        T: Ord,
    {
        self.arrange_by(T::cmp);
    }
}

impl<T> Arrange<T> for [T] {
    fn arrange_by(&mut self, mut compare: impl FnMut(&T, &T) -> Ordering) {
        // Many are asked to stand in order, and most are alone.
        if self.len() < 2 {
            return;
        }
        let mut places = sorted(self.len(), &mut |left, right| match (self.get(left), self.get(right)) {
            (Some(left), Some(right)) => compare(left, right),
            _ => Ordering::Equal,
        });
        follow(&mut places, &mut |left, right| self.swap(left, right));
    }

    fn arrange_by_cached_key<K: Ord>(&mut self, key: impl FnMut(&T) -> K) {
        if self.len() < 2 {
            return;
        }
        let keys: Vec<K> = self.iter().map(key).collect();
        let mut places = sorted(self.len(), &mut |left, right| keys.get(left).cmp(&keys.get(right)));
        follow(&mut places, &mut |left, right| self.swap(left, right));
    }
}

/// The places `0..len` in the order that `compare` gives the things that stand there.
fn sorted(len: usize, compare: &mut dyn FnMut(usize, usize) -> Ordering) -> Vec<usize> {
    let mut places: Vec<usize> = (0..len).collect();
    #[expect(clippy::disallowed_methods, reason = "the one sort that all others share")]
    places.sort_by(|left, right| compare(*left, *right));
    places
}

/// Brings to each place what `places` says belongs there, cycle by cycle.
fn follow(places: &mut [usize], swap: &mut dyn FnMut(usize, usize)) {
    for start in 0..places.len() {
        let mut here = start;
        while let Some(next) = places.get_mut(here).map(|from| std::mem::replace(from, here)) {
            if next == start || next == here {
                break;
            }
            swap(here, next);
            here = next;
        }
    }
}

/// Iterators that fill a collection item by item: `collect` into a map or a set of the standard library sorts
/// everything first, with a sort of its own.
pub trait Gather: Iterator + Sized {
    /// As `collect`.
    fn gather<C: Default + Extend<Self::Item>>(self) -> C {
        let mut all = C::default();
        all.extend(self);
        all
    }
}

impl<I: Iterator> Gather for I {}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    #[test]
    fn arranged_is_what_the_standard_library_sorts() {
        for len in 0..40_u64 {
            for seed in 1..20_u64 {
                let made = (0..len).scan(seed, |state, place| {
                    *state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                    Some(((*state >> 33) % 7, place))
                });
                let mut ours: Vec<(u64, u64)> = made.collect();
                let mut theirs = ours.clone();
                ours.arrange_by_key(|(key, _)| *key);
                #[expect(clippy::disallowed_methods, reason = "what is compared with")]
                theirs.sort_by_key(|(key, _)| *key);
                assert_eq!(ours, theirs, "{len} of seed {seed}");
                ours.arrange_by(|left, right| right.cmp(left));
                #[expect(clippy::disallowed_methods, reason = "what is compared with")]
                theirs.sort_by(|left, right| right.cmp(left));
                assert_eq!(ours, theirs, "{len} of seed {seed}, backwards");
            }
        }
    }

    #[test]
    fn the_last_of_one_key_stays_in_a_gathered_map() {
        let all: BTreeMap<u8, &str> = [(2, "b"), (1, "a"), (2, "c")].into_iter().gather();
        assert_eq!(all.into_iter().collect::<Vec<_>>(), [(1, "a"), (2, "c")]);
    }
}
