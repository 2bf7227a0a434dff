//! Comparing runs of bytes: `memcmp` in WebAssembly is a loop over single bytes.

/// Whether two runs of bytes are equal.
#[inline]
pub fn same(left: &[u8], right: &[u8]) -> bool {
    if left.len() != right.len() {
        return false;
    }
    let (left_words, left_rest) = left.as_chunks::<16>();
    let (right_words, right_rest) = right.as_chunks::<16>();
    let words = left_words
        .iter()
        .zip(right_words)
        .all(|(left, right)| u128::from_le_bytes(*left) == u128::from_le_bytes(*right));
    words && same_short(left_rest, right_rest)
}

/// [`same`] for fewer than sixteen bytes each: the first and the last eight of them, or four, which
/// may overlap.
#[inline]
fn same_short(left: &[u8], right: &[u8]) -> bool {
    if let (Some(a), Some(b), Some(c), Some(d)) =
        (left.first_chunk::<8>(), right.first_chunk::<8>(), left.last_chunk::<8>(), right.last_chunk::<8>())
    {
        return a == b && c == d;
    }
    if let (Some(a), Some(b), Some(c), Some(d)) =
        (left.first_chunk::<4>(), right.first_chunk::<4>(), left.last_chunk::<4>(), right.last_chunk::<4>())
    {
        return a == b && c == d;
    }
    left.iter().zip(right).all(|(left, right)| left == right)
}

#[cfg(test)]
mod tests {
    use super::same;

    #[test]
    fn agrees_with_the_language() {
        let text = b"userPrincipalName, userDisplayName";
        for length in 0..text.len() {
            let left = &text[..length];
            assert!(same(left, left));
            for place in 0..length {
                let mut right = left.to_vec();
                right[place] ^= 1;
                assert!(!same(left, &right), "{length} {place}");
            }
            assert!(!same(left, &text[..=length]));
        }
    }
}
