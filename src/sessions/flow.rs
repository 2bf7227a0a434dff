//! Steps of a sign-in that belong together: an interrupt is no failure, its outcome stands in
//! another record of the same correlation id or session.

use crate::events::vocabulary::Protocol;
use crate::events::{Id, SignIn};
use crate::knowledge::results::{self, ResultClass};

use super::View;

/// How long after a step its outcome may come. A person looks for the phone, or goes for a coffee.
const PATIENCE: i64 = 3_600_000_000;

/// Successes of a person by what joins them to the steps before: correlation id or session id.
#[derive(Debug)]
pub(super) struct Outcomes(Vec<(Id, i64, u32)>);

impl Outcomes {
    pub(super) fn of(view: &View<'_>) -> Self {
        let mut all: Vec<(Id, i64, u32)> = Vec::new();
        for (number, row) in view.sign_ins().filter(|(_, row)| view.succeeded(row)) {
            all.extend(joins(view, row).map(|id| (id, row.time, number)));
        }
        #[expect(clippy::disallowed_methods, reason = "one a sign-in")]
        all.sort_by_key(|(id, time, _)| (*id, *time));
        Self(all)
    }

    fn first(&self, id: Id, from: i64) -> Option<(i64, u32)> {
        let place = self.0.partition_point(|(other, time, _)| (*other, *time) < (id, from));
        let (found, time, number) = self.0.get(place).copied()?;
        (found == id && time <= from.saturating_add(PATIENCE)).then_some((time, number))
    }
}

fn joins(view: &View<'_>, row: &SignIn) -> impl Iterator<Item = Id> + use<> {
    [row.correlation.value(), row.session_id(view.store).value()].into_iter().flatten()
}

impl View<'_> {
    /// The success that a step led to: the first with its correlation id or session id, at its time or
    /// up to an hour later. A success leads to itself.
    #[must_use]
    pub fn outcome_of(&self, row: &SignIn) -> Option<u32> {
        let outcomes = self.outcomes();
        joins(self, row).filter_map(|id| outcomes.first(id, row.time)).min().map(|(_, number)| number)
    }

    /// Whether a person or client proved themselves in this step: no token came in, and it was
    /// interactive or carried the password itself. A refresh proves nothing of the password.
    #[must_use]
    pub fn is_primary(&self, row: &SignIn) -> bool {
        let anew = row.incoming.is_none() || !row.incoming.has_value();
        anew && (row.stream() == crate::events::vocabulary::Stream::Interactive || row.protocol == Protocol::ROPC)
    }

    /// Whether whoever was there knew the password although this step did not let them in.
    #[must_use]
    pub fn proves_secret(&self, row: &SignIn) -> bool {
        self.is_primary(row) && self.code(row).is_some_and(results::secret_proven)
    }

    /// Whether the second factor was refused: the code says so, or it was asked for and no success
    /// followed.
    #[must_use]
    pub fn refused_factor(&self, row: &SignIn) -> bool {
        match self.class(row) {
            ResultClass::MfaRefused => true,
            _ => self.code(row).is_some_and(results::asks_for_factor) && self.outcome_of(row).is_none(),
        }
    }
}
