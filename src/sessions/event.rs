//! An event of any kind, and what all kinds have.

use crate::events::dictionary::TextId;
use crate::events::{Id, Place, Store};

/// An event by its kind and number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum EventRef {
    /// A sign-in.
    SignIn(u32),
    /// An audit event.
    Audit(u32),
    /// An activity record.
    Activity(u32),
    /// A risk detection, or a state of risk.
    Risk(u32),
}

/// What every event has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Head {
    /// When it happened, in microseconds UTC.
    pub time: i64,
    /// The record's own id.
    pub id: Id,
    /// Correlation id; empty for the kinds that have none.
    pub correlation: Id,
    /// Address, canonical text.
    pub address: TextId,
    /// Where its record stands.
    pub place: Place,
}

impl EventRef {
    /// What every event has, of this one.
    #[must_use]
    pub fn head(self, store: &Store) -> Option<Head> {
        macro_rules! head {
            ($row:expr, $correlation:expr) => {
                $row.map(|row| Head {
                    time: row.time,
                    id: row.id,
                    correlation: ($correlation)(row),
                    address: row.address,
                    place: Place { input: row.input, record: u64::from(row.record), offset: row.offset },
                })
            };
        }
        use crate::events::{Activity, Audit, RiskEvent, SignIn};
        match self {
            Self::SignIn(number) => head!(store.sign_in(number), |row: &SignIn| row.correlation),
            Self::Audit(number) => head!(store.audit(number), |row: &Audit| row.correlation),
            Self::Activity(number) => head!(store.activity(number), |_: &Activity| Id::EMPTY),
            Self::Risk(number) => head!(store.risk_event(number), |row: &RiskEvent| row.correlation),
        }
    }
}
