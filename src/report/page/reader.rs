//! Reads columns: what many records share is worked out once, and a value is named only where it is shown.

use crate::analysis::Case;
use crate::enrichment::NetworkKind;
use crate::events::TextId;
use crate::events::dictionary::Texts;
use crate::order::Map;
use crate::order::number::{NONE, Pairs};
use crate::report::shown;

use super::column::{Column, Named, Record, named, raw, tell};
use super::hand::network_name;

/// Values of a column by number, and which of the lessons gave each first.
#[derive(Debug)]
pub(super) struct Values {
    texts: Texts,
    lessons: Vec<u32>,
}

impl Values {
    fn new(case: &Case) -> Self {
        Self { texts: case.store.texts.kin(), lessons: vec![NONE; 2] }
    }

    fn enter(&mut self, value: Option<&str>, lesson: u32) -> u32 {
        let number = value.map_or(TextId::ABSENT, |value| self.texts.intern(value)).0;
        if self.lessons.len() <= number as usize {
            self.lessons.push(NONE);
        }
        if let Some(slot) = self.lessons.get_mut(number as usize).filter(|slot| **slot == NONE) {
            *slot = lesson;
        }
        number
    }

    /// The number of a value, where a record has it.
    pub(super) fn number(&self, value: Option<&str>) -> Option<u32> {
        match value {
            None => Some(TextId::ABSENT.0),
            Some("") => Some(TextId::EMPTY.0),
            Some(value) => self.texts.find(value).map(|number| number.0),
        }
    }

    /// The value of a number.
    pub(super) fn value(&self, number: u32) -> Option<&str> {
        let number = TextId(number);
        number.is_present().then(|| self.texts.get(number))
    }

    /// Of what was learnt from, what had the value first.
    pub(super) fn first<W: Copy>(&self, number: u32, lessons: &[W]) -> Option<W> {
        lessons.get(*self.lessons.get(number as usize)? as usize).copied()
    }

    /// Below which all numbers are.
    pub(super) fn width(&self) -> usize {
        self.lessons.len()
    }
}

/// Numbers that have a name.
pub(super) trait Names {
    /// Of which column they are.
    fn column(&self) -> Column;

    /// What one is found by.
    fn value(&self, number: u32) -> Option<&str>;

    /// One, as a person reads it.
    fn named(&self, case: &Case, number: u32) -> Named;

    /// [`Named::label`] alone.
    fn label(&self, case: &Case, number: u32) -> String {
        match (self.column(), self.value(number)) {
            // What there are many of is found by its label.
            (Column::Address | Column::Session | Column::Credential | Column::Network, Some(value)) => value.to_owned(),
            _ => self.named(case, number).label,
        }
    }
}

/// Lists of values, one after the other.
#[derive(Debug)]
pub(super) struct Learnt {
    column: Column,
    /// Numbers of the values.
    pub(super) lists: Vec<u32>,
    /// Where the values that begin at a place of `lists` end; where none begin, the place after it.
    pub(super) ends: Vec<u32>,
    /// All values met.
    pub(super) values: Values,
    /// How many records were learnt from.
    lessons: u32,
    /// Values of networks whose system is known.
    systems: Map<(u32, Option<NetworkKind>), u32>,
}

impl Learnt {
    pub(super) fn new(case: &Case, column: Column) -> Self {
        let (lists, ends, systems) = (Vec::new(), Vec::new(), Map::new());
        Self { column, lists, ends, values: Values::new(case), lessons: 0, systems }
    }

    /// Adds the list of a record: where it begins and ends. It has at least one value.
    pub(super) fn learn(&mut self, case: &Case, record: Record<'_>) -> (u32, u32) {
        let (from, lesson) = (self.lists.len(), self.lessons);
        self.lessons += 1;
        if let Some(number) = self.system(case, record, lesson) {
            self.lists.push(number);
        } else {
            let (lists, values) = (&mut self.lists, &mut self.values);
            tell(case, self.column, record, &mut |value| {
                let number = values.enter(value, lesson);
                if !lists.get(from..).unwrap_or_default().contains(&number) {
                    lists.push(number);
                }
            });
            if lists.len() == from {
                lists.push(values.enter(Some(""), lesson));
            }
        }
        let (from, to) = (from as u32, self.lists.len() as u32);
        self.ends.extend((from..to).map(|place| if place == from { to } else { place + 1 }));
        (from, to)
    }

    /// The value of a network whose system is known: its name does not depend on the address.
    fn system(&mut self, case: &Case, record: Record<'_>, lesson: u32) -> Option<u32> {
        let Record::SignIn(row, _) = record else { return None };
        if self.column != Column::Network {
            return None;
        }
        let network = case.summary.network(&case.store, row.address, case.store.location(row.location).asn)?;
        let key = (network.asn?, network.listed.kind());
        if let Some(known) = self.systems.get(&key) {
            return Some(*known);
        }
        let number = self.values.enter(Some(&shown(&network_name(network))), lesson);
        self.systems.insert(key, number);
        Some(number)
    }
}

/// Reads a column of one record after the other.
pub(in crate::report) struct Reader<'a> {
    case: &'a Case,
    column: Column,
    /// Where the values of a raw number stand, by the first number where there is no second.
    single: Vec<(u32, u32)>,
    /// The same by both, and the numbers of those.
    double: Vec<(u32, u32)>,
    pairs: Pairs,
    learnt: Learnt,
    /// What was learnt from.
    lessons: Vec<Record<'a>>,
}

impl Names for Reader<'_> {
    fn column(&self) -> Column {
        self.column
    }

    fn value(&self, number: u32) -> Option<&str> {
        self.learnt.values.value(number)
    }

    fn named(&self, _: &Case, number: u32) -> Named {
        Self::named(self, number)
    }
}

/// Not worked out yet.
const UNKNOWN: (u32, u32) = (u32::MAX, u32::MAX);

impl<'a> Reader<'a> {
    pub(in crate::report) fn new(case: &'a Case, column: Column) -> Self {
        let (learnt, pairs) = (Learnt::new(case, column), Pairs::new(case.store.texts.seed()));
        Self { case, column, single: Vec::new(), double: Vec::new(), pairs, learnt, lessons: Vec::new() }
    }

    /// Numbers of the values of a record. At least one.
    pub(in crate::report) fn read(&mut self, record: Record<'a>) -> &[u32] {
        let (from, to) = self.range(record);
        self.learnt.lists.get(from as usize..to as usize).unwrap_or_default()
    }

    /// A value met.
    pub(in crate::report) fn named(&self, number: u32) -> Named {
        let values = &self.learnt.values;
        named(self.case, self.column, values.first(number, &self.lessons), values.value(number))
    }

    /// The values met.
    pub(super) fn values(&self) -> &Values {
        &self.learnt.values
    }

    fn range(&mut self, record: Record<'a>) -> (u32, u32) {
        let (one, two) = raw(self.case, self.column, record);
        let (known, place) = match two {
            0 => (&mut self.single, one),
            _ => (&mut self.double, self.pairs.number(one, two, NONE)),
        };
        let place = place as usize;
        if known.len() <= place {
            known.resize(place + 1, UNKNOWN);
        }
        let Some(slot) = known.get_mut(place) else { return UNKNOWN };
        if *slot == UNKNOWN {
            *slot = self.learnt.learn(self.case, record);
            self.lessons.push(record);
        }
        *slot
    }
}

#[cfg(test)]
#[path = "reader_tests.rs"]
mod tests;
