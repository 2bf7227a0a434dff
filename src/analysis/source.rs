//! Rows of which several can tell one event, whatever kind of event it is.

use std::cmp::Reverse;

use crate::events::dictionary::TextId;
use crate::events::vocabulary::Doubts;
use crate::events::{Activity, Audit, Id, Place, RiskEvent, SignIn, Store};
use crate::sessions::EventRef;

use super::complete::{complete, complete_activity, complete_audit, complete_risk_event, same_moment};
use super::tenancy::Tenancy;
use super::{Also, Conflict, Input, richness};

/// A row that is one of the sources of an event.
pub(super) trait Source: Copy + PartialEq {
    /// The row with this number.
    fn get(store: &Store, number: u32) -> Option<Self>;
    /// Puts a row in the place of the one with this number.
    fn set(self, store: &mut Store, number: u32);
    /// The event whose primary source is the row with this number.
    fn event(number: u32) -> EventRef;
    /// The record's own id.
    fn id(&self) -> Id;
    /// Whether its time is told to the minute.
    fn is_coarse(&self) -> bool;
    /// The tenant whose log it is of.
    fn tenant(&self, store: &Store, tenancy: &Tenancy) -> Id;
    /// Where the record stands.
    fn place(&self) -> Place;
    /// The same row, if it stood where the other does.
    fn at(self, other: &Self) -> Self;
    /// Whether two rows of one tenant and id are one event.
    fn is_same(&self, store: &Store, other: &Self) -> bool;
    /// How many of our columns it fills.
    fn richness(&self, store: &Store) -> u32;
    /// Fills what it lacks from another; names the columns on which the two disagree.
    fn complete(&mut self, store: &mut Store, other: &Self) -> Vec<&'static str>;
}

macro_rules! source {
    ($type:ident: $get:ident $rows:ident $event:ident $tenant:ident $richness:path, $complete:path, $same:path) => {
        impl Source for $type {
            fn get(store: &Store, number: u32) -> Option<Self> {
                store.$get(number).copied()
            }

            fn set(self, store: &mut Store, number: u32) {
                if let Some(row) = store.$rows.change(number as usize) {
                    *row = self;
                }
            }

            fn event(number: u32) -> EventRef {
                EventRef::$event(number)
            }

            fn id(&self) -> Id {
                self.id
            }

            fn is_coarse(&self) -> bool {
                self.doubts.has(Doubts::MINUTE)
            }

            fn tenant(&self, store: &Store, tenancy: &Tenancy) -> Id {
                tenancy.$tenant(store, self)
            }

            fn place(&self) -> Place {
                Place { input: self.input, record: u64::from(self.record), offset: self.offset }
            }

            fn at(self, other: &Self) -> Self {
                Self { input: other.input, record: other.record, offset: other.offset, ..self }
            }

            fn is_same(&self, store: &Store, other: &Self) -> bool {
                let moment = |row: &Self| (row.time, row.doubts, row.input);
                same_moment(moment(self), moment(other)) && $same(store, self, other)
            }

            fn richness(&self, store: &Store) -> u32 {
                $richness(store, self)
            }

            fn complete(&mut self, store: &mut Store, other: &Self) -> Vec<&'static str> {
                $complete(store, self, other)
            }
        }
    };
}

source!(SignIn: sign_in sign_ins SignIn of_sign_in richness::of_sign_in, complete, same_sign_in);
source!(Audit: audit audits Audit of_audit richness::of_audit, complete_audit, same_audit);
source!(Activity: activity activities Activity of_activity richness::of_activity, complete_activity, same_activity);
source!(RiskEvent: risk_event risk_events Risk of_risk_event richness::of_risk_event, complete_risk_event, same_risk);

/// A stream or a result that a record does not say says nothing against it.
fn same_sign_in(store: &Store, known: &SignIn, row: &SignIn) -> bool {
    let stream = known.stream == row.stream || known.doubts.has(Doubts::STREAM) || row.doubts.has(Doubts::STREAM);
    let result = match (store.outcome(known.outcome).code(), store.outcome(row.outcome).code()) {
        (Some(known), Some(row)) => known == row,
        _ => true,
    };
    stream && result
}

/// Whether one of two texts is not there, or both are the same.
fn agree(mine: TextId, theirs: TextId) -> bool {
    !mine.has_value() || !theirs.has_value() || mine == theirs
}

fn same_audit(_store: &Store, known: &Audit, row: &Audit) -> bool {
    agree(known.result, row.result)
}

fn same_activity(_store: &Store, known: &Activity, row: &Activity) -> bool {
    agree(known.operation, row.operation) && agree(known.result, row.result)
}

/// A detection whose state changed later is told again: that is another event.
fn same_risk(_store: &Store, known: &RiskEvent, row: &RiskEvent) -> bool {
    known.is_state() == row.is_state() && known.state == row.state && known.level == row.level
}

/// What came of putting records together.
#[derive(Debug, Default)]
pub(super) struct Joins {
    /// Other places where the record of an event stands.
    pub(super) also: Also,
    /// Columns on which sources disagree.
    pub(super) conflicts: Vec<Conflict>,
}

impl Joins {
    /// Makes one event of rows: the richest of them, completed by the others in the order of their
    /// richness; of equals the first in order of input and record. The number of that row.
    pub(super) fn settle<S: Source>(&mut self, store: &mut Store, rows: &[u32], inputs: &mut [Input]) -> Option<u32> {
        let mut ranked: Vec<(Reverse<u32>, u32)> =
            rows.iter().filter_map(|&row| Some((Reverse(S::get(store, row)?.richness(store)), row))).collect();
        ranked.sort_unstable();
        let (_, primary) = *ranked.first()?;
        let mut known = S::get(store, primary)?;
        for &(_, number) in ranked.iter().skip(1) {
            let Some(row) = S::get(store, number) else { continue };
            let is_duplicate = known.at(&row) == row;
            if !is_duplicate {
                let columns = known.complete(store, &row);
                let event = S::event(primary);
                self.conflicts.extend(columns.into_iter().map(|column| Conflict { event, column }));
            }
            self.take(S::event(primary), S::event(number), row.place());
            if let Some(input) = inputs.get_mut(row.place().input as usize) {
                if is_duplicate { input.duplicates += 1 } else { input.merged += 1 }
            }
        }
        known.set(store, primary);
        Some(primary)
    }

    /// Notes the place of a record that an event took in, and what was noted of it before.
    fn take(&mut self, event: EventRef, taken: EventRef, place: Place) {
        let before = self.also.remove(&taken).unwrap_or_default();
        let places = self.also.entry(event).or_default();
        places.push(place);
        places.extend(before);
    }

    /// Notes a duplicate of one of the sources of an event.
    pub(super) fn duplicate(&mut self, event: EventRef, place: Place, inputs: &mut [Input]) {
        self.also.entry(event).or_default().push(place);
        if let Some(input) = inputs.get_mut(place.input as usize) {
            input.duplicates += 1;
        }
    }
}
