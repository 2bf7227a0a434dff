//! What each input holds: its sign-ins by stream, and how well their fields are filled.

use crate::order::Map;

use crate::events::field::Field;
use crate::events::vocabulary::Stream;
use crate::events::{SignIn, Store};

/// Fields that a sign-in can lack.
const FIELDS: usize = Field::ALL.len();

/// What one input holds of sign-ins. Merges in any order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InputFields {
    /// Sign-ins by stream.
    pub streams: Map<Stream, u64>,
    /// Directory audit events.
    pub audits: u64,
    /// Of each field, in the order of [`Field::ALL`], how many user sign-ins have no such field, and how
    /// many have nothing in it.
    lacking: [[u64; 2]; FIELDS],
}

impl Default for InputFields {
    fn default() -> Self {
        Self { streams: Map::new(), audits: 0, lacking: [[0; 2]; FIELDS] }
    }
}

impl InputFields {
    /// Counts a row.
    pub(super) fn count(&mut self, row: &SignIn, store: &Store) {
        *self.streams.entry(row.stream()).or_default() += 1;
        if !row.stream().is_user() {
            return;
        }
        for (field, [absent, empty]) in Field::ALL.iter().zip(&mut self.lacking) {
            if field.is_absent(row, store) {
                *absent += 1;
            } else if field.is_empty(row, store) {
                *empty += 1;
            }
        }
    }

    /// Takes the counts of another part of the same input in.
    pub(super) fn merge(&mut self, other: &Self) {
        self.audits += other.audits;
        for (stream, count) in &other.streams {
            *self.streams.entry(*stream).or_default() += count;
        }
        for (own, other) in self.lacking.iter_mut().zip(&other.lacking) {
            own.iter_mut().zip(other).for_each(|(own, other)| *own += other);
        }
    }

    /// User sign-ins of both streams.
    #[must_use]
    pub fn user_sign_ins(&self) -> u64 {
        self.streams.iter().filter(|(stream, _)| stream.is_user()).map(|(_, count)| count).sum()
    }

    /// Each field with how many user sign-ins have no such field, and how many have nothing in it.
    pub fn lacking(&self) -> impl Iterator<Item = (Field, u64, u64)> {
        Field::ALL.iter().zip(&self.lacking).map(|(field, [absent, empty])| (*field, *absent, *empty))
    }
}
