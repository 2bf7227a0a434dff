//! Devices whose registration carries what tools give by default, by the correlation id of the
//! registration: the service adds the device, and only that id tells for whom.

use crate::order::{Map, Set};

use crate::events::change;
use crate::events::guid::Guid;
use crate::events::{Audit, Store};
use crate::knowledge::operations::{self, RegistrationKind};

/// Builds that tools give a device, and which tool does.
pub const BUILDS: [(&str, &str); 2] = [("10.0.19041.928", "ROADtools"), ("10.0.19045.2006", "a phishing kit")];

/// The start of the name that goes with them.
const NAME: &str = "DESKTOP-";

/// A device as a tool made it up.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct MadeUp {
    /// The build of its operating system.
    pub build: String,
    /// The tool that gives it.
    pub tool: &'static str,
    /// Its name.
    pub name: String,
}

/// Registrations that are kept; more are none of a real tenant.
const MOST: usize = 10_000;

/// Devices as tools make them up, by correlation id.
#[derive(Clone, Debug, Default)]
pub struct MadeUpDevices {
    by_correlation: Map<Guid, MadeUp>,
    /// Correlation ids of registrations that name a person.
    of_persons: Set<Guid>,
}

impl MadeUpDevices {
    /// Those of these audit events.
    #[must_use]
    pub fn of(store: &Store, audits: &[u32]) -> Self {
        let mut found = Self::default();
        for row in audits.iter().filter_map(|&number| store.audit(number)) {
            let Some(correlation) = row.correlation.as_guid() else { continue };
            if let Some(device) = made_up(store, row) {
                found.enter(correlation, device);
            }
            let kind = operations::registration(store.texts.get(row.operation)).map(|found| found.kind);
            if kind == Some(RegistrationKind::Device) && names_person(store, row) {
                found.of_persons.insert(correlation);
            }
        }
        found
    }

    fn enter(&mut self, correlation: Guid, device: MadeUp) {
        let known = self.by_correlation.entry(correlation).or_insert_with(|| device.clone());
        if device < *known {
            *known = device;
        }
        // Which ones are left out must not depend on the order in which they came.
        if self.by_correlation.len() > MOST {
            self.by_correlation.pop_last();
        }
    }

    /// Takes others in.
    pub fn merge(&mut self, other: Self) {
        for (correlation, device) in other.by_correlation {
            self.enter(correlation, device);
        }
        self.of_persons.extend(other.of_persons);
        while self.of_persons.len() > MOST * 10 {
            self.of_persons.pop_last();
        }
    }

    /// Whether an event of this registration names a person.
    #[must_use]
    pub fn has_person(&self, correlation: Guid) -> bool {
        self.of_persons.contains(&correlation)
    }

    /// The device that a registration with this correlation id added, if a tool made it up.
    #[must_use]
    pub fn get(&self, correlation: Guid) -> Option<&MadeUp> {
        self.by_correlation.get(&correlation)
    }
}

fn names_person(store: &Store, row: &Audit) -> bool {
    let by = store.user(row.user);
    by.id.has_value() || by.name.has_value() || store.texts.get(row.targets).contains("\"kind\":\"User\"")
}

/// The device of an event, if a tool made it up: by build and name together, found by their names.
fn made_up(store: &Store, row: &Audit) -> Option<MadeUp> {
    let text = store.texts.get(row.targets);
    // Nearly all events have neither build: they are not read any further.
    let (build, tool) = BUILDS.into_iter().find(|(build, _)| text.contains(build))?;
    let is_name = |name: &str| name.get(..NAME.len()).is_some_and(|start| start.eq_ignore_ascii_case(NAME));
    change::targets(text).into_iter().find_map(|target| {
        let news = || target.changes.iter().map(|change| change::plain(&change.new));
        let has_build = news().any(|new| new == build);
        let named = news().chain([&*target.name]).find(|name| is_name(name));
        named.filter(|_| has_build).map(|name| MadeUp { build: build.to_owned(), tool, name: name.to_owned() })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn device(name: &str) -> MadeUp {
        MadeUp { build: "10.0.19041.928".to_owned(), tool: "ROADtools", name: name.to_owned() }
    }

    #[test]
    fn merges_in_any_order_and_keeps_a_bounded_share() {
        let of = |numbers: std::ops::Range<u128>| {
            let mut found = MadeUpDevices::default();
            numbers.for_each(|number| found.enter(Guid::from_u128(number), device("DESKTOP-A")));
            found
        };
        let (mut left, mut right) = (of(0..8_000), of(6_000..14_000));
        left.merge(of(6_000..14_000));
        right.merge(of(0..8_000));
        assert_eq!(left.by_correlation, right.by_correlation);
        assert_eq!(left.by_correlation.len(), MOST);
        let mut twice = of(1..2);
        twice.enter(Guid::from_u128(1), device("DESKTOP-0"));
        assert_eq!(twice.get(Guid::from_u128(1)).map(|device| device.name.as_str()), Some("DESKTOP-0"));
    }
}
