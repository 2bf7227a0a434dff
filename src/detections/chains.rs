//! Chains over the events of one person: different steps that follow each other, in their order, within a window.

use crate::order::{Gather, Map, Set};
use crate::sessions::EventRef;

/// Events of one step that a chain lists.
const LISTED: usize = 50;

/// An event that is a step. Steps ascend in the order in which they follow each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Link<S> {
    pub(super) time: i64,
    pub(super) step: S,
    pub(super) event: EventRef,
}

/// Steps in order within a window, at least two kinds of them.
#[derive(Debug)]
pub(super) struct Chain<S> {
    pub(super) links: Vec<Link<S>>,
}

impl<S: Copy + Ord> Chain<S> {
    /// Which steps there are.
    pub(super) fn steps(&self) -> Set<S> {
        self.links.iter().map(|link| link.step).gather()
    }

    /// Numbers of its sign-ins.
    pub(super) fn sign_ins(&self) -> impl Iterator<Item = u32> {
        self.links.iter().filter_map(|link| match link.event {
            EventRef::SignIn(number) => Some(number),
            EventRef::Audit(_) | EventRef::Activity(_) | EventRef::Risk(_) => None,
        })
    }

    /// From when to when.
    pub(super) fn span(&self) -> (i64, i64) {
        let times = self.links.iter().map(|link| link.time);
        times.fold((i64::MAX, i64::MIN), |(first, last), time| (first.min(time), last.max(time)))
    }
}

/// Chains, none of which begins inside another. The window is in microseconds, inclusive; `links` ascend by time
/// and step.
pub(super) fn chains<S: Copy + Ord>(links: &[Link<S>], window: i64) -> Vec<Chain<S>> {
    let later = later(links);
    let mut chains = Vec::new();
    let mut from = 0;
    while let Some(first) = links.get(from) {
        let end = first.time.saturating_add(window);
        let follows = later.get(from).copied().flatten().and_then(|place| links.get(place));
        if follows.is_none_or(|link| link.time > end) {
            from += 1;
            continue;
        }
        let rest = links.get(from..).unwrap_or_default();
        let within = rest.get(..rest.partition_point(|link| link.time <= end)).unwrap_or_default();
        from += within.len();
        chains.push(Chain { links: in_steps(within, first.step) });
    }
    chains
}

/// A step that comes before the one that should follow it belongs to another chain.
fn in_steps<S: Copy + Ord>(within: &[Link<S>], first: S) -> Vec<Link<S>> {
    let mut reached = first;
    let mut taken: Map<S, usize> = Map::new();
    let mut own = Vec::new();
    for link in within {
        if link.step >= reached {
            reached = link.step;
            let count = taken.entry(link.step).or_default();
            *count += 1;
            if *count <= LISTED {
                own.push(*link);
            }
        }
    }
    own
}

/// Of each link, the place of the next that is a later step.
fn later<S: Copy + Ord>(links: &[Link<S>]) -> Vec<Option<usize>> {
    let mut found = vec![None; links.len()];
    let mut next: Map<S, usize> = Map::new();
    for (place, link) in links.iter().enumerate().rev() {
        let after = next.iter().filter(|(step, _)| **step > link.step).map(|(_, place)| *place).min();
        if let Some(slot) = found.get_mut(place) {
            *slot = after;
        }
        next.insert(link.step, place);
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn links(steps: &[(i64, u8)]) -> Vec<Link<u8>> {
        let number = |place: usize| EventRef::SignIn(place as u32);
        steps.iter().enumerate().map(|(place, &(time, step))| Link { time, step, event: number(place) }).collect()
    }

    /// The numbers of each chain's links, with a window of 10.
    fn found(steps: &[(i64, u8)]) -> Vec<Vec<u32>> {
        chains(&links(steps), 10).iter().map(|chain| chain.sign_ins().collect()).collect()
    }

    #[test]
    fn a_chain_has_two_steps_in_order_within_the_window() {
        assert_eq!(found(&[(0, 1), (10, 2)]), [[0, 1]]);
        assert_eq!(found(&[(0, 1), (5, 3)]), [[0, 1]]);
        assert!(found(&[(0, 1), (11, 2)]).is_empty());
        assert!(found(&[(0, 2), (5, 1)]).is_empty());
        assert!(found(&[(0, 1), (5, 1)]).is_empty());
        assert!(found(&[]).is_empty());
    }

    #[test]
    fn an_earlier_step_is_left_out_and_begins_no_chain_inside() {
        assert_eq!(found(&[(0, 1), (2, 2), (3, 1), (4, 3), (5, 2)]), [vec![0, 1, 3]]);
        assert_eq!(found(&[(0, 1), (2, 2), (11, 1), (12, 2)]), [[0, 1], [2, 3]]);
        // What comes first may be too early for the window, and the next not.
        assert_eq!(found(&[(0, 1), (5, 1), (15, 2)]), [[1, 2]]);
    }

    #[test]
    fn many_events_of_one_step_are_not_all_listed() {
        let mut steps = vec![(0, 1); LISTED + 5];
        steps.push((1, 2));
        let found = chains(&links(&steps), 10);
        assert_eq!(found.iter().map(|chain| chain.links.len()).collect::<Vec<_>>(), [LISTED + 1]);
        assert_eq!(found.first().map(|chain| (chain.steps().len(), chain.span())), Some((2, (0, 1))));
    }
}
