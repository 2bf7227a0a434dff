//! A sorted map.

use std::borrow::Borrow;
use std::cmp::Ordering;
use std::fmt;
use std::marker::PhantomData;
use std::ops::{Bound, RangeBounds};

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde::{Serialize, Serializer};

use super::index::{At, Index, Places};

/// A sorted map with the face of the standard library's `BTreeMap`, at a tenth of its weight in the page.
/// Finding takes as many comparisons; adding moves at most some kilobytes.
#[derive(Clone)]
pub struct Map<K, V> {
    /// As they came.
    entries: Vec<(K, V)>,
    index: Index,
}

/// Entries of a map in order.
#[derive(Debug)]
pub struct Iter<'a, K, V> {
    entries: &'a [(K, V)],
    places: Places<'a>,
    left: usize,
}

impl<K, V> Clone for Iter<'_, K, V> {
    fn clone(&self) -> Self {
        Self { entries: self.entries, places: self.places.clone(), left: self.left }
    }
}

/// A key with its place in a map.
pub struct Entry<'a, K, V> {
    map: &'a mut Map<K, V>,
    key: K,
    at: Result<At, At>,
}

impl<K, V> Default for Map<K, V> {
    fn default() -> Self {
        Self::new()
    }
}

impl<K, V> Map<K, V> {
    /// An empty map.
    #[must_use]
    pub const fn new() -> Self {
        Self { entries: Vec::new(), index: Index::new() }
    }

    /// How many entries it has.
    #[must_use]
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether it has none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Its entries in order of their keys.
    #[must_use]
    pub fn iter(&self) -> Iter<'_, K, V> {
        Iter { entries: &self.entries, places: self.index.places(), left: self.entries.len() }
    }

    /// Its keys in order.
    pub fn keys(&self) -> impl DoubleEndedIterator<Item = &K> + ExactSizeIterator + Clone {
        self.iter().map(|(key, _)| key)
    }

    /// Its values in order of their keys.
    pub fn values(&self) -> impl DoubleEndedIterator<Item = &V> + ExactSizeIterator + Clone {
        self.iter().map(|(_, value)| value)
    }

    /// Its entries in order of their keys, the values to be changed.
    pub fn iter_mut(&mut self) -> impl DoubleEndedIterator<Item = (&K, &mut V)> + ExactSizeIterator {
        self.settle();
        self.entries.iter_mut().map(|(key, value)| (&*key, value))
    }

    /// Its values in order of their keys, to be changed.
    pub fn values_mut(&mut self) -> impl DoubleEndedIterator<Item = &mut V> + ExactSizeIterator {
        self.settle();
        self.entries.iter_mut().map(|(_, value)| value)
    }

    /// Its keys, taken out in order.
    pub fn into_keys(self) -> impl DoubleEndedIterator<Item = K> + ExactSizeIterator {
        self.into_iter().map(|(key, _)| key)
    }

    /// Its values, taken out in order of their keys.
    pub fn into_values(self) -> impl DoubleEndedIterator<Item = V> + ExactSizeIterator {
        self.into_iter().map(|(_, value)| value)
    }

    /// The entry with the least key.
    #[must_use]
    pub fn first_key_value(&self) -> Option<(&K, &V)> {
        self.iter().next()
    }

    /// The entry with the greatest key.
    #[must_use]
    pub fn last_key_value(&self) -> Option<(&K, &V)> {
        self.iter().next_back()
    }

    /// Keeps only entries of which `keep` says so.
    pub fn retain(&mut self, mut keep: impl FnMut(&K, &mut V) -> bool) {
        self.settle();
        self.entries.retain_mut(|(key, value)| keep(key, value));
        self.index = Index::straight(self.entries.len());
    }

    /// Empties it.
    pub fn clear(&mut self) {
        self.entries.clear();
        self.index = Index::default();
    }

    fn settle(&mut self) {
        let entries = &mut self.entries;
        self.index.settle(entries.len(), &mut |left, right| entries.swap(left, right));
    }

    fn value_at(&mut self, at: At) -> Option<&mut V> {
        let place = self.index.at(at)?;
        self.entries.get_mut(place).map(|(_, value)| value)
    }
}

impl<K: Ord, V> Map<K, V> {
    /// The value of a key.
    pub fn get<Q: Ord + ?Sized>(&self, key: &Q) -> Option<&V>
    where
        K: Borrow<Q>,
    {
        self.get_key_value(key).map(|(_, value)| value)
    }

    /// A key as the map holds it, and its value.
    pub fn get_key_value<Q: Ord + ?Sized>(&self, key: &Q) -> Option<(&K, &V)>
    where
        K: Borrow<Q>,
    {
        let place = self.index.at(self.find(key).ok()?)?;
        self.entries.get(place).map(|(key, value)| (key, value))
    }

    /// The value of a key, to be changed.
    pub fn get_mut<Q: Ord + ?Sized>(&mut self, key: &Q) -> Option<&mut V>
    where
        K: Borrow<Q>,
    {
        let at = self.find(key).ok()?;
        self.value_at(at)
    }

    /// Whether it has the key.
    pub fn contains_key<Q: Ord + ?Sized>(&self, key: &Q) -> bool
    where
        K: Borrow<Q>,
    {
        self.find(key).is_ok()
    }

    /// The entries of keys within bounds, in order.
    pub fn range<'a, R: RangeBounds<K> + 'a>(&'a self, bounds: R) -> impl Iterator<Item = (&'a K, &'a V)> {
        let from = match bounds.start_bound() {
            Bound::Included(key) | Bound::Excluded(key) => self.find(key).unwrap_or_else(|at| at),
            Bound::Unbounded => self.index.first(),
        };
        let entries = self.index.places_from(from).filter_map(|place| self.entries.get(place));
        let entries = entries.map(|(key, value)| (key, value));
        // An excluded least key, if it is there, is the first.
        let skipped = usize::from(matches!(bounds.start_bound(), Bound::Excluded(key) if self.contains_key(key)));
        entries.skip(skipped).take_while(move |(key, _)| bounds.contains(*key))
    }

    /// Gives a key a value; answers with the one it had.
    pub fn insert(&mut self, key: K, value: V) -> Option<V> {
        match self.find(&key) {
            Ok(at) => self.value_at(at).map(|old| std::mem::replace(old, value)),
            Err(at) => {
                self.add(at, key, value);
                None
            }
        }
    }

    /// Takes an entry out.
    pub fn remove<Q: Ord + ?Sized>(&mut self, key: &Q) -> Option<V>
    where
        K: Borrow<Q>,
    {
        let at = self.find(key).ok()?;
        self.take(at).map(|(_, value)| value)
    }

    /// Takes the entry with the least key out.
    pub fn pop_first(&mut self) -> Option<(K, V)> {
        self.take(self.index.first())
    }

    /// Takes the entry with the greatest key out.
    pub fn pop_last(&mut self) -> Option<(K, V)> {
        self.take(self.index.last())
    }

    /// A key's place, whether it is taken or not.
    pub fn entry(&mut self, key: K) -> Entry<'_, K, V> {
        let at = self.find(&key);
        Entry { map: self, key, at }
    }

    fn find<Q: Ord + ?Sized>(&self, key: &Q) -> Result<At, At>
    where
        K: Borrow<Q>,
    {
        let entries = &self.entries;
        self.index.find(&mut |place| entries.get(place).map_or(Ordering::Equal, |(other, _)| other.borrow().cmp(key)))
    }

    fn add(&mut self, at: At, key: K, value: V) {
        self.index.insert(at, self.entries.len());
        self.entries.push((key, value));
    }

    fn take(&mut self, at: At) -> Option<(K, V)> {
        let place = self.index.at(at)?;
        self.index.remove(at);
        // The last entry moves into the gap, and its place with it.
        let last = self.entries.len().checked_sub(1)?;
        if let Some((key, _)) = self.entries.get(last).filter(|_| place != last)
            && let Ok(moved) = self.find(key)
        {
            self.index.set(moved, place);
        }
        Some(self.entries.swap_remove(place))
    }
}

impl<'a, K: Ord, V> Entry<'a, K, V> {
    /// The value, made where there is none.
    pub fn or_insert_with(self, make: impl FnOnce() -> V) -> &'a mut V {
        let Self { map, key, at } = self;
        let place = match at {
            Ok(at) => map.index.at(at).unwrap_or_default(),
            Err(at) => {
                map.add(at, key, make());
                map.entries.len() - 1
            }
        };
        #[expect(clippy::indexing_slicing, reason = "it was found or added there")]
        &mut map.entries[place].1
    }

    /// The value, this where there is none.
    pub fn or_insert(self, value: V) -> &'a mut V {
        self.or_insert_with(|| value)
    }

    /// The value, an empty one where there is none.
    pub fn or_default(self) -> &'a mut V
    where
        V: Default,
    {
        self.or_insert_with(V::default)
    }

    /// Changes the value if there is one.
    #[allow(clippy::return_self_not_must_use, reason = "a change is enough")]
    pub fn and_modify(self, change: impl FnOnce(&mut V)) -> Self {
        if let Some(value) = self.at.ok().and_then(|at| self.map.value_at(at)) {
            change(value);
        }
        self
    }
}

impl<'a, K, V> Iterator for Iter<'a, K, V> {
    type Item = (&'a K, &'a V);

    fn next(&mut self) -> Option<Self::Item> {
        let place = self.places.next()?;
        self.left -= 1;
        self.entries.get(place as usize).map(|(key, value)| (key, value))
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (self.left, Some(self.left))
    }
}

impl<K, V> DoubleEndedIterator for Iter<'_, K, V> {
    fn next_back(&mut self) -> Option<Self::Item> {
        let place = self.places.next_back()?;
        self.left -= 1;
        self.entries.get(place as usize).map(|(key, value)| (key, value))
    }
}

impl<K, V> ExactSizeIterator for Iter<'_, K, V> {}

impl<K, V> IntoIterator for Map<K, V> {
    type Item = (K, V);
    type IntoIter = std::vec::IntoIter<(K, V)>;

    fn into_iter(mut self) -> Self::IntoIter {
        self.settle();
        self.entries.into_iter()
    }
}

impl<'a, K, V> IntoIterator for &'a Map<K, V> {
    type Item = (&'a K, &'a V);
    type IntoIter = Iter<'a, K, V>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl<K: Ord, V> Extend<(K, V)> for Map<K, V> {
    fn extend<I: IntoIterator<Item = (K, V)>>(&mut self, items: I) {
        for (key, value) in items {
            self.insert(key, value);
        }
    }
}

impl<K: Ord, V> FromIterator<(K, V)> for Map<K, V> {
    fn from_iter<I: IntoIterator<Item = (K, V)>>(items: I) -> Self {
        let mut all = Self::new();
        all.extend(items);
        all
    }
}

impl<K: Ord, V, const N: usize> From<[(K, V); N]> for Map<K, V> {
    fn from(items: [(K, V); N]) -> Self {
        items.into_iter().collect()
    }
}

impl<K: fmt::Debug, V: fmt::Debug> fmt::Debug for Map<K, V> {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.debug_map().entries(self.iter()).finish()
    }
}

impl<K: PartialEq, V: PartialEq> PartialEq for Map<K, V> {
    fn eq(&self, other: &Self) -> bool {
        self.len() == other.len() && self.iter().eq(other.iter())
    }
}

impl<K: Eq, V: Eq> Eq for Map<K, V> {}

impl<K: PartialOrd, V: PartialOrd> PartialOrd for Map<K, V> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        self.iter().partial_cmp(other.iter())
    }
}

impl<K: Ord, V: Ord> Ord for Map<K, V> {
    fn cmp(&self, other: &Self) -> Ordering {
        self.iter().cmp(other.iter())
    }
}

impl<K: Serialize, V: Serialize> Serialize for Map<K, V> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_map(self.iter())
    }
}

impl<'de, K: Deserialize<'de> + Ord, V: Deserialize<'de>> Deserialize<'de> for Map<K, V> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Entries<K, V>(PhantomData<(K, V)>);

        impl<'de, K: Deserialize<'de> + Ord, V: Deserialize<'de>> Visitor<'de> for Entries<K, V> {
            type Value = Map<K, V>;

            fn expecting(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
                to.write_str("a map")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Self::Value, A::Error> {
                let mut all = Map::new();
                while let Some((key, value)) = entries.next_entry()? {
                    all.insert(key, value);
                }
                Ok(all)
            }
        }

        from.deserialize_map(Entries(PhantomData))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::collection::vec;
    use proptest::prelude::*;

    use super::*;

    /// What is done to a map: to which key, and what.
    fn acts() -> impl Strategy<Value = Vec<(u16, u8)>> {
        vec((0..900_u16, 0..8_u8), 0..3_000)
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(40))]
        #[test]
        fn whatever_is_done_it_holds_what_the_standard_map_holds(acts in acts()) {
            let (mut ours, mut theirs) = (Map::new(), BTreeMap::new());
            for (step, (key, what)) in acts.into_iter().enumerate() {
                match what {
                    0..3 => prop_assert_eq!(ours.insert(key, step), theirs.insert(key, step)),
                    3 => prop_assert_eq!(ours.remove(&key), theirs.remove(&key)),
                    4 => prop_assert_eq!(ours.entry(key).or_insert(step), theirs.entry(key).or_insert(step)),
                    5 => prop_assert_eq!(ours.get(&key), theirs.get(&key)),
                    6 if key % 50 == 0 => {
                        ours.retain(|key, _| key % 3 > 0);
                        theirs.retain(|key, _| key % 3 > 0);
                    }
                    6 => prop_assert_eq!(ours.pop_first(), theirs.pop_first()),
                    _ => prop_assert_eq!(ours.pop_last(), theirs.pop_last()),
                }
                prop_assert_eq!(ours.len(), theirs.len());
            }
            prop_assert!(ours.iter().eq(theirs.iter()));
            prop_assert!(ours.iter().rev().eq(theirs.iter().rev()));
            prop_assert!(ours.range(100..=300).eq(theirs.range(100..=300)));
            let after = (Bound::Excluded(100), Bound::Unbounded);
            prop_assert!(ours.range(after).eq(theirs.range(after)));
            prop_assert!(ours.values_mut().eq(theirs.values_mut()));
            prop_assert!(ours.into_iter().eq(theirs));
        }

        #[test]
        fn what_comes_in_order_and_what_comes_in_any_fills_it_alike(mut keys in vec(any::<u16>(), 0..5_000)) {
            let mixed: Map<u16, ()> = keys.iter().map(|key| (*key, ())).collect();
            keys.sort_unstable();
            let straight: Map<u16, ()> = keys.iter().map(|key| (*key, ())).collect();
            prop_assert_eq!(mixed, straight);
        }
    }

    #[test]
    fn it_goes_through_json() {
        let all: Map<String, u8> = Map::from([("b".to_owned(), 2), ("a".to_owned(), 1)]);
        let text = serde_json::to_string(&all).expect("a map is written");
        assert_eq!(text, r#"{"a":1,"b":2}"#);
        assert_eq!(serde_json::from_str::<Map<String, u8>>(&text).expect("and read"), all);
    }
}
