//! A person's acts by their operation: most questions are about a few of them.

use std::ops::Range;

use crate::events::dictionary::TextId;

/// Places of acts in the order of time, those of one operation together.
#[derive(Debug, Default)]
pub(super) struct ByOperation {
    places: Vec<u32>,
    operations: Vec<(TextId, Range<usize>)>,
}

impl ByOperation {
    /// Of the operations of acts, in the order of the acts.
    pub(super) fn of(operations: impl Iterator<Item = TextId>) -> Self {
        let mut all: Vec<(TextId, u32)> = operations.zip(0..).collect();
        all.sort_unstable();
        let mut from = 0;
        let ranges = all.chunk_by(|one, next| one.0 == next.0).filter_map(|own| {
            let range = from..from + own.len();
            from = range.end;
            Some((own.first()?.0, range))
        });
        let operations = ranges.collect();
        Self { places: all.into_iter().map(|(_, place)| place).collect(), operations }
    }

    /// Each operation, and the places of its acts.
    pub(super) fn iter(&self) -> impl Iterator<Item = (TextId, &[u32])> {
        self.operations.iter().map(|(operation, own)| (*operation, self.places.get(own.clone()).unwrap_or_default()))
    }

    /// Places of the acts whose operation fits, in order.
    pub(super) fn that(&self, fits: impl Fn(TextId) -> bool) -> Vec<u32> {
        let mut found: Vec<u32> = Vec::new();
        let mut several = false;
        for (_, own) in self.iter().filter(|(operation, _)| fits(*operation)) {
            several |= !found.is_empty();
            found.extend_from_slice(own);
        }
        if several {
            found.sort_unstable();
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn acts_of_operations_keep_their_order() {
        let [read, write, none] = [TextId(7), TextId(5), TextId::ABSENT];
        let acts = ByOperation::of([read, write, none, read, read, write].into_iter());
        assert_eq!(acts.that(|operation| operation == read), [0, 3, 4]);
        assert_eq!(acts.that(|operation| operation != none), [0, 1, 3, 4, 5]);
        assert_eq!(acts.that(|operation| operation == none), [2]);
        assert!(acts.that(|_| false).is_empty());
        let all: Vec<(TextId, &[u32])> = acts.iter().collect();
        assert_eq!(all, [(none, &[2][..]), (write, &[1, 5]), (read, &[0, 3, 4])]);
        assert!(ByOperation::of(std::iter::empty()).that(|_| true).is_empty());
    }
}
