//! The keys that are looked for, and a memory of those that were met.

use sleuth_order::Map;
use std::hash::BuildHasher as _;

use foldhash::quality::FixedState;
use hashbrown::HashTable;

use super::bytes::same;
use super::json::BODY;
use super::text::unescape;

/// Keys kept of one object; a record with more looks each of the others up by name.
const REMEMBERED: usize = 1_024;
/// Lists and objects kept of each key, and the bytes of all that are kept in one kind of object.
const CHECKED: usize = 32;
const ROOM: usize = 1 << 20;

/// The paths that are looked for, such as `id` or `properties.id`; keys compare ignoring ASCII case.
#[derive(Debug)]
pub struct Keys {
    paths: Vec<String>,
    nodes: Vec<Node>,
    /// The slot of a message's body.
    body: Option<usize>,
}

/// Keys of one object, in lower case.
#[derive(Debug, Default)]
struct Node {
    names: Map<String, Target>,
}

/// What a key leads to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Target {
    /// The slot of its value.
    pub(super) slot: Option<u16>,
    /// The node of keys to look for inside its value.
    pub(super) node: Option<u16>,
}

impl Keys {
    /// The paths, in the order of the slots of a record.
    #[must_use]
    pub fn new(paths: &[&str]) -> Self {
        let body = paths.iter().position(|path| path.eq_ignore_ascii_case(BODY));
        let paths = paths.iter().map(|path| path.to_ascii_lowercase()).collect();
        let mut keys = Self { paths, nodes: vec![Node::default()], body };
        for slot in 0..keys.paths.len() {
            keys.place(slot);
        }
        keys
    }

    /// The slot of a message's body, where it is looked for.
    pub(super) fn body(&self) -> Option<usize> {
        self.body
    }

    fn place(&mut self, slot: usize) {
        let Some(path) = self.paths.get(slot).cloned() else { return };
        let steps: Vec<&str> = path.split('.').collect();
        let mut nodes = vec![0_u16];
        for step in steps.iter().take(steps.len().saturating_sub(1)) {
            let next = self.nodes.len() as u16;
            let Some(node) = nodes.last().and_then(|last| self.nodes.get_mut(usize::from(*last))) else { return };
            let child = *node.names.entry((*step).to_owned()).or_default().node.get_or_insert(next);
            if child == next {
                self.nodes.push(Node::default());
            }
            nodes.push(child);
        }
        // Search services also write any number of steps as one key with dots in it.
        for (from, &at) in nodes.iter().enumerate() {
            let Some(node) = self.nodes.get_mut(usize::from(at)) else { return };
            for to in from + 1..=steps.len() {
                let name = steps.get(from..to).unwrap_or_default().join(".");
                let target = node.names.entry(name).or_default();
                match nodes.get(to) {
                    Some(&child) => target.node = target.node.or(Some(child)),
                    None => target.slot = u16::try_from(slot).ok(),
                }
            }
        }
    }

    /// The same with columns: keys of the record itself, dots and all, that are never looked for inside
    /// an object.
    #[must_use]
    pub fn with_columns(mut self, columns: &[&str]) -> Self {
        for column in columns {
            let slot = u16::try_from(self.paths.len()).ok();
            self.paths.push(column.to_ascii_lowercase());
            if let Some(root) = self.nodes.first_mut() {
                root.names.entry(column.to_ascii_lowercase()).or_default().slot = slot;
            }
        }
        self
    }

    /// How many slots a record has.
    #[must_use]
    pub fn len(&self) -> usize {
        self.paths.len()
    }

    /// Whether nothing is looked for.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.paths.is_empty()
    }

    /// What a key leads to; `raw` is as the file has it, without its quotes.
    fn target(&self, node: u16, raw: &[u8]) -> Target {
        let mut name = String::new();
        unescape(raw, &mut name);
        name.make_ascii_lowercase();
        self.nodes.get(usize::from(node)).and_then(|node| node.names.get(&name)).copied().unwrap_or_default()
    }
}

/// The keys met so far in one kind of object, and which followed which: a record's keys come in
/// the order of the record before.
#[derive(Debug)]
pub(super) struct Memory {
    node: u16,
    met: Vec<Met>,
    table: HashTable<u16>,
    hasher: FixedState,
    /// Bytes of values that may still be kept.
    room: usize,
}

#[derive(Debug, Default)]
struct Met {
    raw: Box<[u8]>,
    target: Target,
    next: u16,
    /// Lists and objects that stood under the key and were found valid.
    checked: Vec<Checked>,
    /// How many were kept so far.
    kept: usize,
}

/// A list or object that is valid: the same bytes need not be followed again.
#[derive(Debug, Default)]
pub(super) struct Checked {
    pub(super) bytes: Vec<u8>,
    /// Its structural positions behind the opening bracket.
    pub(super) marks: usize,
}

impl Memory {
    /// One memory for each kind of object that is looked into.
    pub(super) fn all(keys: &Keys, seed: u64) -> Vec<Self> {
        (0..keys.nodes.len() as u16)
            .map(|node| Self {
                node,
                met: vec![Met::default()],
                table: HashTable::new(),
                hasher: FixedState::with_seed(seed),
                room: ROOM,
            })
            .collect()
    }

    /// The first key of the last object of this kind.
    pub(super) const BEFORE_FIRST: u16 = 0;

    /// What a key leads to. `before` is the number of the key before it, and becomes that of this one.
    #[inline]
    pub(super) fn target(&mut self, keys: &Keys, raw: &[u8], before: &mut u16) -> Target {
        let guess = self.met.get(usize::from(*before)).map_or(0, |met| met.next);
        if guess != 0
            && let Some(met) = self.met.get(usize::from(guess))
            && same(&met.raw, raw)
        {
            *before = guess;
            return met.target;
        }
        self.look_up(keys, raw, before)
    }

    #[cold]
    fn look_up(&mut self, keys: &Keys, raw: &[u8], before: &mut u16) -> Target {
        let hash = self.hasher.hash_one(raw);
        let met = &self.met;
        let known =
            self.table.find(hash, |&number| met.get(usize::from(number)).is_some_and(|met| same(&met.raw, raw)));
        let number = match known {
            Some(number) => *number,
            None if self.met.len() >= REMEMBERED => return keys.target(self.node, raw),
            None => {
                let number = self.met.len() as u16;
                self.met.push(Met { raw: raw.into(), target: keys.target(self.node, raw), ..Met::default() });
                let (met, hasher) = (&self.met, &self.hasher);
                self.table.insert_unique(hash, number, |&other| {
                    met.get(usize::from(other)).map_or(0, |met| hasher.hash_one(&*met.raw))
                });
                number
            }
        };
        if let Some(previous) = self.met.get_mut(usize::from(*before)) {
            previous.next = number;
        }
        *before = number;
        self.met.get(usize::from(number)).map(|met| met.target).unwrap_or_default()
    }

    /// Valid lists and objects that stood under the key with this number.
    #[inline]
    pub(super) fn checked(&self, number: u16) -> &[Checked] {
        self.met.get(usize::from(number)).map_or(&[], |met| &met.checked)
    }

    /// Keeps a valid list or object of the key with this number, in place of the oldest.
    pub(super) fn keep(&mut self, number: u16, bytes: &[u8], marks: usize) {
        let Some(met) = self.met.get_mut(usize::from(number)) else { return };
        let place = met.kept % CHECKED;
        let held = met.checked.get(place).map_or(0, |checked| checked.bytes.len());
        if bytes.len() > self.room + held {
            return;
        }
        if met.checked.len() <= place {
            met.checked.push(Checked::default());
        }
        let Some(checked) = met.checked.get_mut(place) else { return };
        checked.bytes.clear();
        checked.bytes.extend_from_slice(bytes);
        checked.marks = marks;
        self.room = self.room + held - bytes.len();
        met.kept += 1;
    }
}
