//! What a tuning would find, before it is taken: worked out a part at a time, so that whoever types on is not
//! waited for, and other questions are answered in between.

use serde::Serialize;

use crate::analysis::{Case, Merged, Merging, Own, PersonFindings, Shared, detect_under};
use crate::detections::{Tuning, TuningError};
use crate::order::Map;

use super::allow::{self, Allowed};
use super::settings::{Hits, hits};
use super::{Desk, rows};

/// Sign-ins looked at in one part, about; in a smaller case all is done at once.
const PART: usize = 5_000;
/// Sign-ins of people who are added to the whole in one part, about.
const ADDED: usize = 60_000;

/// What a tuning would find.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Preview {
    /// How much of it is worked out: 1 is all. Until then nothing else is known, and the question is put again.
    pub done: f64,
    /// What each detection would find.
    pub hits: Vec<Hits>,
    /// Rows that would be above the line.
    pub above: usize,
    /// Rows that would be below it.
    pub below: usize,
    /// Rows that the allow list would put aside.
    pub aside: usize,
}

/// A tuning, and what it found so far.
#[derive(Debug)]
pub(super) struct Tried {
    changes: Map<String, String>,
    tuning: Tuning,
    /// The own networks with it, where they are not those of the case.
    own: Option<Own>,
    /// Buckets looked at.
    looked: usize,
    found: Vec<PersonFindings>,
    shared: Shared,
    merging: Option<Merging>,
    merged: Option<Merged>,
    whole: Option<(Merged, Preview)>,
}

impl Tried {
    fn new(case: &Case, changes: &Map<String, String>) -> Result<Self, TuningError> {
        let mut tuning = Tuning::default();
        for (key, value) in changes {
            tuning.set(key, value)?;
        }
        let own = (!case.own_networks.is_by(&tuning)).then(|| Own::learn(case, &tuning));
        Ok(Self {
            changes: changes.clone(),
            tuning,
            own,
            looked: 0,
            found: Vec::new(),
            shared: Shared::new(case),
            merging: None,
            merged: None,
            whole: None,
        })
    }

    /// All that was found, where it was found with this tuning and nothing is left to look at; with the own networks
    /// where they are not those of the case.
    pub(super) fn finished(self, tuning: &Tuning) -> Option<(Option<Own>, Merged)> {
        let is_same = self.tuning.changes() == tuning.changes();
        self.whole.filter(|_| is_same).map(|(merged, _)| (self.own, merged))
    }

    /// Does some more; what is known then.
    fn go_on(&mut self, case: &Case, allowed: &[Allowed]) -> Preview {
        loop {
            if let Some((_, known)) = &self.whole {
                return known.clone();
            }
            self.step(case, allowed);
            if self.whole.is_none() && case.store.sign_ins.len() > PART {
                // Adding takes less than looking.
                let done = self.looked as f64 / (case.buckets.len() + 1) as f64;
                return Preview { done, hits: Vec::new(), above: 0, below: 0, aside: 0 };
            }
        }
    }

    fn step(&mut self, case: &Case, allowed: &[Allowed]) {
        let own = self.own.as_ref().unwrap_or(&case.own_networks);
        if let Some(merged) = self.merged.take() {
            self.whole = Some(whole(case, merged, allowed));
        } else if let Some(mut merging) = self.merging.take() {
            if merging.go_on(case, own, ADDED) {
                self.merged = Some(merging.finish(case, own));
            } else {
                self.merging = Some(merging);
            }
        } else {
            self.look(case);
            if self.looked == case.buckets.len() {
                let own = self.own.as_ref().unwrap_or(&case.own_networks);
                self.merging = Some(Merging::new(case, own, std::mem::take(&mut self.found)));
            }
        }
    }

    /// Looks at some more people.
    fn look(&mut self, case: &Case) {
        let from = self.looked;
        let mut sign_ins = 0;
        for bucket in case.buckets.get(from..).unwrap_or_default() {
            self.looked += 1;
            sign_ins += bucket.sign_ins.len() + bucket.audits.len() + bucket.activities.len();
            if sign_ins >= PART {
                break;
            }
        }
        let own = self.own.as_ref().unwrap_or(&case.own_networks);
        self.found.extend(detect_under(case, own, from..self.looked, &self.tuning, &self.shared));
    }
}

fn whole(case: &Case, merged: Merged, allowed: &[Allowed]) -> (Merged, Preview) {
    let mut rows = rows::rows(case, &merged);
    allow::apply(&mut rows, allowed);
    let above = rows.iter().filter(|indexed| indexed.row.above).count();
    let aside = rows.iter().filter(|indexed| indexed.row.allowed.is_some()).count();
    let below = rows.len() - above - aside;
    let preview = Preview { done: 1.0, hits: hits(&merged, &rows), above, below, aside };
    (merged, preview)
}

impl Desk {
    /// Works out some more of what a tuning would find.
    pub(super) fn preview(&self, changes: &Map<String, String>) -> Result<Preview, TuningError> {
        let mut tried = self.tried.borrow_mut();
        let known = tried.take().filter(|known| known.changes == *changes);
        let mut now = match known {
            Some(known) => known,
            None => Tried::new(&self.case, changes)?,
        };
        let preview = now.go_on(&self.case, &self.allowed);
        *tried = Some(now);
        Ok(preview)
    }
}
