//! What is familiar for a user: networks, devices and applications they succeeded with before,
//! often enough.

use crate::order::Set;
use std::cell::{Cell, OnceCell};
use std::net::IpAddr;

use foldhash::quality::FixedState;
use hashbrown::HashMap;

use crate::events::dictionary::TextId;
use crate::events::{Id, SignIn};
use crate::order::Gather;
use crate::tenant::Network;

use super::View;

const DAY: i64 = 86_400_000_000;

/// Days of history without which nothing can be called unfamiliar.
pub const HISTORY_DAYS: i64 = 3;

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
        Self { successes: 3, days: 2, history_days: HISTORY_DAYS }
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

/// What a success makes familiar.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Property {
    Address(IpAddr),
    System(u32),
    Country(TextId),
    Device(Id),
    App(Id),
}

impl Property {
    /// Those of a success, as far as its record tells them.
    fn all(view: &View<'_>, row: &SignIn) -> [Option<Self>; 5] {
        let network = view.network(row);
        [
            network.map(|network| Self::Address(network.address)),
            network.and_then(|network| network.asn).map(Self::System),
            view.country(row).map(Self::Country),
            view.device(row).and_then(Id::value).map(Self::Device),
            app(view, row).map(Self::App),
        ]
    }
}

/// The successes of a user, and what they make familiar. They are gathered when first asked for.
#[derive(Debug)]
pub struct Familiar<'a> {
    view: &'a View<'a>,
    without: Vec<usize>,
    settings: Settings,
    history: OnceCell<History>,
    /// Whether anybody asked since [`Familiar::forget`].
    asked: Cell<bool>,
}

#[derive(Debug, Default)]
struct History {
    /// Time of the first success.
    begins: Option<i64>,
    /// Properties of successes, each with the place of its count.
    places: HashMap<Property, usize, FixedState>,
    counts: Vec<Count>,
}

impl History {
    /// The time of the success that made a property familiar.
    fn since(&self, property: Property) -> Option<i64> {
        self.counts.get(*self.places.get(&property)?)?.since
    }
}

impl<'a> Familiar<'a> {
    /// From a user's successes, those of the `without` sessions left out: a thief's own
    /// successes must not make the thief familiar.
    #[must_use]
    pub fn new(view: &'a View<'a>, without: Vec<usize>, settings: Settings) -> Self {
        Self { view, without, settings, history: OnceCell::new(), asked: Cell::new(false) }
    }

    /// Knows nothing: every answer is *unknown*. For the first pass, so that nothing is circular.
    #[must_use]
    pub fn nothing(view: &'a View<'a>) -> Self {
        let history = OnceCell::from(History::default());
        Self { view, without: Vec::new(), settings: Settings::default(), history, asked: Cell::new(false) }
    }

    /// Forgets that anybody asked.
    pub fn forget(&self) {
        self.asked.set(false);
    }

    /// Whether anybody asked what is familiar: if not, nothing that was found rests on it.
    #[must_use]
    pub fn was_asked(&self) -> bool {
        self.asked.get()
    }

    /// Whether the network of this event, by address or by system, is familiar for the user. One that
    /// the organisation lists as its own is for everybody.
    #[must_use]
    pub fn network(&self, view: &View<'_>, row: &SignIn) -> Familiarity {
        self.place(view.network(row), row.time)
    }

    /// Whether a network is familiar for the user at a moment: as [`Familiar::network`].
    #[must_use]
    pub fn place(&self, network: Option<Network>, time: i64) -> Familiarity {
        let Some(network) = network else { return Familiarity::Unknown };
        if network.listed.is_known_good() {
            return Familiarity::Familiar;
        }
        let system = network.asn.map(Property::System);
        self.judge(time, [Some(Property::Address(network.address)), system].into_iter().flatten())
    }

    /// Whether the country of this event is familiar for the user.
    #[must_use]
    pub fn country(&self, view: &View<'_>, row: &SignIn) -> Familiarity {
        let country = view.country(row).map(Property::Country);
        country.map_or(Familiarity::Unknown, |country| self.judge(row.time, [country].into_iter()))
    }

    /// Whether the device of this event is familiar; *unknown* without device id.
    #[must_use]
    pub fn device(&self, view: &View<'_>, row: &SignIn) -> Familiarity {
        let device = view.device(row).and_then(Id::value);
        device.map_or(Familiarity::Unknown, |id| self.judge(row.time, [Property::Device(id)].into_iter()))
    }

    /// Whether the application of this event is familiar for the user.
    #[must_use]
    pub fn app(&self, view: &View<'_>, row: &SignIn) -> Familiarity {
        app(view, row).map_or(Familiarity::Unknown, |id| self.judge(row.time, [Property::App(id)].into_iter()))
    }

    fn judge(&self, before: i64, mut properties: impl Iterator<Item = Property>) -> Familiarity {
        self.asked.set(true);
        let history = self.history.get_or_init(|| self.gather());
        if properties.any(|property| history.since(property).is_some_and(|since| since < before)) {
            return Familiarity::Familiar;
        }
        let long = history.begins.is_some_and(|begins| before - begins >= self.settings.history_days * DAY);
        if long { Familiarity::Unfamiliar } else { Familiarity::Unknown }
    }

    fn gather(&self) -> History {
        let view = self.view;
        let skipped: Set<u32> = self
            .without
            .iter()
            .filter_map(|&index| view.sessions.get(index))
            .flat_map(|session| session.sign_ins.iter().copied())
            .gather();
        let mut begins = None;
        let mut places: HashMap<Property, usize, FixedState> = HashMap::with_hasher(view.store.texts.hasher());
        let mut counts: Vec<Count> = Vec::new();
        // Most sign-ins are of places, devices and applications that others were of. Their numbers are given out by
        // this program.
        let mut profiles: HashMap<[u32; 4], [Option<usize>; 5], FixedState> = HashMap::default();
        for (number, row) in view.sign_ins() {
            if !view.succeeded(row) || skipped.contains(&number) {
                continue;
            }
            begins.get_or_insert(row.time);
            let profile = [row.address.0, row.location, row.device, row.app];
            let own = profiles.entry(profile).or_insert_with(|| {
                let mut place = |property: Property| {
                    *places.entry(property).or_insert_with(|| {
                        counts.push(Count::default());
                        counts.len() - 1
                    })
                };
                Property::all(view, row).map(|property| property.map(&mut place))
            });
            for place in own.iter().flatten() {
                if let Some(count) = counts.get_mut(*place) {
                    count.add(row.time, self.settings);
                }
            }
        }
        History { begins, places, counts }
    }
}

#[derive(Debug, Default)]
struct Count {
    /// The time of the success that made it familiar.
    since: Option<i64>,
    successes: usize,
    days: usize,
    last_day: Option<i64>,
}

impl Count {
    /// Successes come in order of time.
    fn add(&mut self, time: i64, enough: Settings) {
        if self.since.is_some() {
            return;
        }
        let day = time.div_euclid(DAY);
        self.successes += 1;
        self.days += usize::from(self.last_day != Some(day));
        self.last_day = Some(day);
        if self.successes >= enough.successes && self.days >= enough.days {
            self.since = Some(time);
        }
    }
}

/// The application by its id, or by its name where there is none.
fn app(view: &View<'_>, row: &SignIn) -> Option<Id> {
    let app = view.store.app(row.app);
    app.id.value().or_else(|| Id::text(app.name).value())
}
