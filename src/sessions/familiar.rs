//! What is familiar for a user: networks and devices they succeeded from before, often enough.

use std::cell::OnceCell;
use std::collections::BTreeSet;

use crate::events::{Id, SignIn};
use crate::tenant::{Network, same_network};

use super::View;

const DAY: i64 = 86_400_000_000;

/// How much history makes a thing familiar.
#[derive(Clone, Copy, Debug)]
pub struct Settings {
    /// Successes needed before the event.
    pub successes: usize,
    /// Different days they must fall on.
    pub days: usize,
    /// Days of history without which nothing can be called unfamiliar.
    pub history_days: i64,
}

impl Default for Settings {
    fn default() -> Self {
        Self { successes: 3, days: 2, history_days: 3 }
    }
}

/// Whether a property is familiar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Familiarity {
    /// Seen often enough before.
    Familiar,
    /// Not, though there was history enough to see it.
    Unfamiliar,
    /// Too little history, or the property itself is unknown.
    Unknown,
}

/// The successes of a user, and what they make familiar. They are gathered when first asked for.
#[derive(Debug)]
pub struct Familiar<'a> {
    view: &'a View<'a>,
    without: Vec<usize>,
    settings: Settings,
    successes: OnceCell<Vec<Success>>,
}

#[derive(Debug)]
struct Success {
    time: i64,
    network: Option<Network>,
    device: Option<Id>,
    app: u32,
}

impl<'a> Familiar<'a> {
    /// From a user's successes, those of the `without` sessions left out: a thief's own
    /// successes must not make the thief familiar.
    #[must_use]
    pub fn new(view: &'a View<'a>, without: Vec<usize>, settings: Settings) -> Self {
        Self { view, without, settings, successes: OnceCell::new() }
    }

    /// Knows nothing: every answer is *unknown*. For the first pass, so that nothing is circular.
    #[must_use]
    pub fn nothing(view: &'a View<'a>) -> Self {
        Self { view, without: Vec::new(), settings: Settings::default(), successes: OnceCell::from(Vec::new()) }
    }

    fn successes(&self) -> &[Success] {
        self.successes.get_or_init(|| {
            let view = self.view;
            let skipped: BTreeSet<u32> = self
                .without
                .iter()
                .filter_map(|&index| view.sessions.get(index))
                .flat_map(|session| session.sign_ins.iter().copied())
                .collect();
            view.sign_ins()
                .filter(|(number, row)| view.succeeded(row) && !skipped.contains(number))
                .map(|(_, row)| Success {
                    time: row.time,
                    network: view.network(row),
                    device: view.device(row).filter(|id| id.has_value()),
                    app: row.app,
                })
                .collect()
        })
    }

    /// Whether the user's network at this event is familiar.
    #[must_use]
    pub fn network(&self, view: &View<'_>, row: &SignIn) -> Familiarity {
        let here = view.network(row);
        if here.is_none() {
            return Familiarity::Unknown;
        }
        self.judge(row.time, |success| same_network(success.network, here) == Some(true))
    }

    /// Whether the user's device at this event is familiar; *unknown* without device id.
    #[must_use]
    pub fn device(&self, view: &View<'_>, row: &SignIn) -> Familiarity {
        match view.device(row).filter(|id| id.has_value()) {
            None => Familiarity::Unknown,
            Some(id) => self.judge(row.time, |success| success.device == Some(id)),
        }
    }

    /// Whether the application is familiar for the user.
    #[must_use]
    pub fn app(&self, row: &SignIn) -> Familiarity {
        self.judge(row.time, |success| success.app == row.app)
    }

    fn judge(&self, before: i64, same: impl Fn(&Success) -> bool) -> Familiarity {
        let successes = self.successes();
        let past = || successes.iter().take_while(|success| success.time < before);
        let mut days: Vec<i64> = Vec::new();
        let mut count = 0;
        for success in past().filter(|success| same(success)) {
            count += 1;
            let day = success.time.div_euclid(DAY);
            if days.last() != Some(&day) {
                days.push(day);
            }
            if count >= self.settings.successes && days.len() >= self.settings.days {
                return Familiarity::Familiar;
            }
        }
        let enough = successes.first().is_some_and(|first| before - first.time >= self.settings.history_days * DAY);
        if enough { Familiarity::Unfamiliar } else { Familiarity::Unknown }
    }
}
