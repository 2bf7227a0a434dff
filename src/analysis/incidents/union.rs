//! Which of some numbers hang together.

/// Numbers from zero, joined in pairs. The root of a group is its smallest number, so that the order
/// in which pairs come does not matter.
#[derive(Debug)]
pub(super) struct Union {
    parents: Vec<usize>,
}

impl Union {
    /// So many numbers, each on its own.
    pub(super) fn new(count: usize) -> Self {
        Self { parents: (0..count).collect() }
    }

    /// The smallest number of the group.
    pub(super) fn root(&mut self, number: usize) -> usize {
        let parent = |parents: &[usize], number: usize| parents.get(number).copied().unwrap_or(number);
        let mut root = number;
        while parent(&self.parents, root) != root {
            root = parent(&self.parents, root);
        }
        // The way is shortened for those who come after.
        let mut at = number;
        while at != root {
            let next = parent(&self.parents, at);
            if let Some(slot) = self.parents.get_mut(at) {
                *slot = root;
            }
            at = next;
        }
        root
    }

    /// Joins the groups of two numbers.
    pub(super) fn join(&mut self, left: usize, right: usize) {
        let (left, right) = (self.root(left), self.root(right));
        if let Some(slot) = self.parents.get_mut(left.max(right)) {
            *slot = left.min(right);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Union;

    #[test]
    fn groups_do_not_depend_on_the_order_of_pairs() {
        let pairs = [(4, 2), (7, 4), (1, 8), (9, 8), (5, 5)];
        for turn in 0..pairs.len() {
            let mut union = Union::new(10);
            let mut turned = pairs;
            turned.rotate_left(turn);
            turned.iter().for_each(|(left, right)| union.join(*right, *left));
            let roots: Vec<usize> = (0..10).map(|number| union.root(number)).collect();
            assert_eq!(roots, [0, 1, 2, 3, 2, 5, 6, 2, 1, 1]);
        }
    }

    #[test]
    fn a_long_chain_is_one_group() {
        let mut union = Union::new(100_000);
        (1..100_000).rev().for_each(|number| union.join(number, number - 1));
        assert_eq!((union.root(99_999), union.root(50_000)), (0, 0));
    }
}
