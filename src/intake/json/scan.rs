//! Finds where JSON text has structure, 64 bytes at a time.
//!
//! For each block, bitmaps say where quotes, backslashes, brackets, commas, colons and blanks are. A
//! running exclusive-or over the quotes that no backslash escapes tells inside from outside of
//! strings; what is outside and is structure is written down by its position.
//!
//! The idea of bitmaps over blocks is that of *Parsing Gigabytes of JSON per Second* (Langdale and
//! Lemire, 2019).

use wide::u8x16;

/// Bytes looked at in one step.
pub(super) const BLOCK: usize = 64;

/// Positions that matter, in order, as offsets in a buffer.
#[derive(Debug, Default)]
pub(super) struct Marks {
    /// See [`Marks::structure`]; there is always room for the positions of one block more.
    room: Vec<u32>,
    count: usize,
    /// Backslashes that begin an escape.
    pub(super) escapes: Vec<u32>,
    /// Control characters that JSON does not allow where they stand.
    pub(super) controls: Vec<u32>,
    /// Blocks with bytes outside of ASCII, by their first byte.
    pub(super) wide: Vec<u32>,
}

impl Marks {
    /// Brackets, braces, commas and colons outside of strings; both quotes of each string; the first
    /// byte of each number or word.
    #[inline]
    pub(super) fn structure(&self) -> &[u32] {
        self.room.get(..self.count).unwrap_or_default()
    }

    /// Writes down the positions of the bits that are set: eight at a time, because a loop that ends
    /// at the last bit is hard to foresee for a processor. What is written too much is overwritten.
    #[inline]
    fn push_structure(&mut self, mut bits: u64, base: u32) {
        if self.room.len() < self.count + BLOCK {
            self.room.resize((self.count + BLOCK) * 2, 0);
        }
        let count = bits.count_ones() as usize;
        let (groups, _) = self.room.get_mut(self.count..).unwrap_or_default().as_chunks_mut::<8>();
        for group in groups.iter_mut().take(count.div_ceil(8)) {
            for place in group {
                *place = base + bits.trailing_zeros();
                bits &= bits.wrapping_sub(1);
            }
        }
        self.count += count;
    }

    /// Forgets all.
    pub(super) fn clear(&mut self) {
        self.count = 0;
        for list in [&mut self.escapes, &mut self.controls, &mut self.wide] {
            list.clear();
        }
    }

    /// Whether some byte between two places is outside of ASCII. Blocks are looked at whole, so the
    /// answer may be yes where only a neighbour is.
    pub(super) fn has_wide(&self, from: usize, to: usize) -> bool {
        let next = self.wide.partition_point(|block| *block as usize + BLOCK <= from);
        self.wide.get(next).is_some_and(|block| (*block as usize) < to)
    }

    /// Forgets what lies before `from`, which becomes position 0.
    pub(super) fn shift(&mut self, from: u32) {
        let gone = self.structure().partition_point(|position| *position < from);
        self.room.copy_within(gone..self.count, 0);
        self.count -= gone;
        self.room.iter_mut().take(self.count).for_each(|position| *position -= from);
        for list in [&mut self.escapes, &mut self.controls] {
            let gone = list.partition_point(|position| *position < from);
            list.drain(..gone);
            list.iter_mut().for_each(|position| *position -= from);
        }
        let gone = self.wide.partition_point(|position| position + (BLOCK as u32) <= from);
        self.wide.drain(..gone);
        self.wide.iter_mut().for_each(|position| *position = position.saturating_sub(from));
    }
}

/// What one block leaves for the next.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Scanner {
    /// All ones inside a string.
    in_string: u64,
    /// One where the block ended with a backslash that escapes the next byte.
    escape: u64,
    /// One where the block ended within a number or word.
    in_word: u64,
}

/// Bitmaps of one block, a bit a byte, the lowest first.
struct Bits {
    quote: u64,
    backslash: u64,
    operator: u64,
    /// Blanks and control characters.
    blank: u64,
    control: u64,
    wide: u64,
}

#[inline]
fn bits(block: &[u8; BLOCK]) -> Bits {
    let mut bits = Bits { quote: 0, backslash: 0, operator: 0, blank: 0, control: 0, wide: 0 };
    let (lanes, _) = block.as_chunks::<16>();
    for (lane, bytes) in lanes.iter().enumerate() {
        let bytes = u8x16::new(*bytes);
        let shift = 16 * lane;
        let is = |letter: u8| bytes.simd_eq(u8x16::splat(letter));
        // Brackets and braces differ in this one bit.
        let folded = bytes | u8x16::splat(0x20);
        let bracket = folded.simd_eq(u8x16::splat(b'{')) | folded.simd_eq(u8x16::splat(b'}'));
        let mask = |lane: u8x16| u64::from(lane.to_bitmask()) << shift;
        bits.quote |= mask(is(b'"'));
        bits.backslash |= mask(is(b'\\'));
        bits.operator |= mask(bracket | is(b',') | is(b':'));
        bits.blank |= mask(bytes.min(u8x16::splat(b' ')).simd_eq(bytes));
        bits.control |= mask(bytes.min(u8x16::splat(0x1F)).simd_eq(bytes));
        bits.wide |= mask(bytes);
    }
    bits
}

impl Scanner {
    /// Looks at a block that begins at `base`.
    #[inline]
    pub(super) fn block(&mut self, block: &[u8; BLOCK], base: u32, marks: &mut Marks) {
        let bits = bits(block);
        let escaped = self.escaped(bits.backslash);
        let quote = bits.quote & !escaped;
        let in_string = prefix_xor(quote) ^ self.in_string;
        self.in_string = ((in_string as i64) >> 63) as u64;
        let operator = bits.operator & !in_string;
        let word = !(in_string | quote | operator | bits.blank);
        let first = word & !((word << 1) | self.in_word);
        self.in_word = word >> 63;
        marks.push_structure(operator | quote | first, base);
        if bits.backslash != 0 {
            push(&mut marks.escapes, bits.backslash & !escaped & in_string, base);
        }
        if bits.control != 0 {
            let allowed = blanks(block) & !in_string;
            push(&mut marks.controls, bits.control & !allowed, base);
        }
        if bits.wide != 0 {
            marks.wide.push(base);
        }
    }

    /// Bytes that a backslash before them escapes.
    #[inline]
    fn escaped(&mut self, backslash: u64) -> u64 {
        if backslash == 0 {
            return std::mem::take(&mut self.escape);
        }
        const EVEN: u64 = 0x5555_5555_5555_5555;
        let backslash = backslash & !self.escape;
        let follows = (backslash << 1) | self.escape;
        // Runs of backslashes that begin at an odd place turn even and odd round.
        let odd = backslash & !EVEN & !follows;
        let (sequences, overflow) = odd.overflowing_add(backslash);
        self.escape = u64::from(overflow);
        (EVEN ^ (sequences << 1)) & follows
    }
}

/// Each bit becomes the exclusive-or of itself and all below it.
#[inline]
fn prefix_xor(bits: u64) -> u64 {
    let mut sum = bits;
    for shift in [1, 2, 4, 8, 16, 32] {
        sum ^= sum << shift;
    }
    sum
}

/// Tabs and line breaks.
fn blanks(block: &[u8; BLOCK]) -> u64 {
    let mut bits = 0;
    for (place, byte) in block.iter().enumerate() {
        bits |= u64::from(matches!(byte, b'\t' | b'\n' | b'\r')) << place;
    }
    bits
}

/// Writes down the positions of the bits that are set.
#[inline]
fn push(list: &mut Vec<u32>, mut bits: u64, base: u32) {
    while bits != 0 {
        list.push(base + bits.trailing_zeros());
        bits &= bits - 1;
    }
}
