//! Issuers of tokens that the tenant was made to trust: one user changes a domain, and others sign in by it.

use crate::events::change::{self, Change};
use crate::events::{Store, TextId};
use crate::knowledge::operations::alike;
use crate::order::Map;

/// Issuers kept: more are none of a real tenant.
const MOST: usize = 1_000;

/// Since when each issuer is trusted that a change of a domain named. Merges in any order.
#[derive(Clone, Debug, Default)]
pub struct Issuers {
    trusted: Map<String, i64>,
}

/// The issuer that a change makes a domain trust, if it does.
#[must_use]
pub fn named_by<'a>(change: &'a Change<'_>) -> Option<&'a str> {
    let names = ["IssuerUri", "Issuer"].into_iter().any(|name| change.is(name));
    let issuer = change::plain(&change.new);
    (names && change.old != change.new && !issuer.is_empty()).then_some(issuer)
}

/// Whether an operation can change whom a domain trusts.
#[must_use]
pub fn federates(operation: &str) -> bool {
    ["Set domain authentication", "Set federation settings on domain"].into_iter().any(|name| alike(operation, name))
}

impl Issuers {
    /// Of these acts.
    #[must_use]
    pub fn of(store: &Store, audits: &[u32]) -> Self {
        let mut issuers = Self::default();
        let mut operations: Map<TextId, bool> = Map::new();
        for row in audits.iter().filter_map(|&number| store.audit(number)) {
            let operation = store.texts.get(row.operation);
            let wanted = *operations.entry(row.operation).or_insert_with(|| federates(operation));
            if !wanted || matches!(store.texts.get(row.result), "failure" | "timeout") {
                continue;
            }
            let targets = change::targets(store.texts.get(row.targets));
            for issuer in targets.iter().flat_map(|target| &target.changes).filter_map(named_by) {
                issuers.enter(key(issuer), row.time);
            }
        }
        issuers
    }

    fn enter(&mut self, issuer: String, time: i64) {
        let since = self.trusted.entry(issuer).or_insert(time);
        *since = (*since).min(time);
        while self.trusted.len() > MOST {
            self.trusted.pop_last();
        }
    }

    /// Takes another's knowledge in.
    pub fn merge(&mut self, other: Self) {
        for (issuer, time) in other.trusted {
            self.enter(issuer, time);
        }
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.trusted.is_empty()
    }

    /// Since when a change of the log made the tenant trust an issuer, in microseconds UTC.
    #[must_use]
    pub fn since(&self, issuer: &str) -> Option<i64> {
        self.trusted.get(&key(issuer)).copied()
    }
}

/// An issuer as it is compared: in small letters, without a slash at the end.
fn key(issuer: &str) -> String {
    issuer.trim().trim_end_matches('/').to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_change_counts_in_any_order() {
        let part = |issuer: &str, time: i64| {
            let mut issuers = Issuers::default();
            issuers.enter(key(issuer), time);
            issuers
        };
        for order in [[5, 9], [9, 5]] {
            let mut all = Issuers::default();
            order.into_iter().for_each(|time| all.merge(part("http://Any.sts/1A/", time)));
            assert_eq!((all.since("http://any.sts/1a"), all.since("http://other.sts")), (Some(5), None));
        }
    }
}
