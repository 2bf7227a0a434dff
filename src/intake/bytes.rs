//! Comparing short runs of bytes: `memcmp` in WebAssembly is a loop over single bytes.

/// Whether two runs of bytes are equal.
#[inline]
pub(crate) fn same(left: &[u8], right: &[u8]) -> bool {
    if left.len() != right.len() {
        return false;
    }
    let (left_words, left_rest) = left.as_chunks::<8>();
    let (right_words, right_rest) = right.as_chunks::<8>();
    let words =
        left_words.iter().zip(right_words).all(|(left, right)| u64::from_le_bytes(*left) == u64::from_le_bytes(*right));
    words && left_rest.iter().zip(right_rest).all(|(left, right)| left == right)
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
