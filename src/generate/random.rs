//! Numbers that look random and follow from the seed alone: the same on every machine.
//!
//! The generator is SplitMix64 (Steele, Lea and Flood, 2014). No fractions are used anywhere, so that
//! no rounding can differ.

use crate::events::guid::Guid;

/// A stream of numbers.
#[derive(Clone, Debug)]
pub(super) struct Random {
    seed: u64,
    state: u64,
}

impl Random {
    pub(super) const fn new(seed: u64) -> Self {
        Self { seed, state: seed }
    }

    /// A stream of its own for a named purpose. It depends on the seed, not on what was drawn before:
    /// what is added in one place moves nothing in another.
    pub(super) fn child(&self, purpose: &str, number: u64) -> Self {
        let mut hash = self.seed ^ 0x51_7c_c1_b7_27_22_0a_95;
        for byte in purpose.bytes() {
            hash = mix(hash ^ u64::from(byte));
        }
        Self::new(mix(hash ^ mix(number)))
    }

    pub(super) fn next(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        mix(self.state)
    }

    /// A number below `limit`; 0 where that is 0.
    pub(super) fn below(&mut self, limit: u64) -> u64 {
        ((u128::from(self.next()) * u128::from(limit)) >> 64) as u64
    }

    /// A number from `low` to `high`, both included.
    pub(super) fn between(&mut self, low: i64, high: i64) -> i64 {
        low + self.below((high - low + 1).max(1).unsigned_abs()) as i64
    }

    /// Whether something happens that happens so many times in a hundred.
    pub(super) fn chance(&mut self, percent: u64) -> bool {
        self.below(100) < percent
    }

    /// One of these; the default where there is none.
    pub(super) fn pick<T: Clone + Default>(&mut self, items: &[T]) -> T {
        items.get(self.below(items.len() as u64) as usize).cloned().unwrap_or_default()
    }

    /// A version 4 GUID.
    pub(super) fn guid(&mut self) -> Guid {
        let wide = (u128::from(self.next()) << 64) | u128::from(self.next());
        Guid::from_u128(wide & !(0xf000 << 64) & !(0xc << 60) | (0x4000 << 64) | (0x8 << 60))
    }

    /// A request id: Entra's end in a zero byte.
    pub(super) fn request_id(&mut self) -> Guid {
        Guid::from_u128(self.guid().to_u128() & !0xff)
    }
}

const fn mix(value: u64) -> u64 {
    let value = (value ^ (value >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let value = (value ^ (value >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    value ^ (value >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn follows_from_the_seed_and_nothing_else() {
        let mut left = Random::new(7);
        let mut right = Random::new(7);
        right.next();
        left.next();
        assert_eq!(left.next(), right.next());
        // First values of SplitMix64 for the seed 1234567, as its authors publish them.
        let mut known = Random::new(1_234_567);
        assert_eq!([known.next(), known.next()], [6_457_827_717_110_365_317, 3_203_168_211_198_807_973]);
        let mut used = Random::new(7);
        used.next();
        assert_eq!(used.child("people", 3).next(), Random::new(7).child("people", 3).next());
        assert_ne!(used.child("people", 4).next(), Random::new(7).child("people", 3).next());
        assert_ne!(used.child("places", 3).next(), Random::new(7).child("people", 3).next());
    }

    #[test]
    fn stays_within_bounds_and_reaches_them() {
        let mut random = Random::new(1);
        let drawn: crate::order::Set<i64> = (0..1000).map(|_| random.between(-2, 3)).collect();
        assert_eq!(drawn.into_iter().collect::<Vec<_>>(), [-2, -1, 0, 1, 2, 3]);
        assert_eq!(random.below(0), 0);
        assert_eq!(random.pick::<u8>(&[]), 0);
        let text = random.guid().to_string();
        assert_eq!(text.as_bytes()[14], b'4');
        assert!(matches!(text.as_bytes()[19], b'8' | b'9' | b'a' | b'b'), "{text}");
        assert!(random.request_id().to_string().ends_with("00"));
    }
}
