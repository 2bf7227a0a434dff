//! How far apart two sign-ins were, and how fast one would have had to travel.

use crate::events::tuples::NO_COORDINATE;
use crate::events::{SignIn, Store};
use crate::knowledge::countries;
use crate::sessions::View;

/// Of the earth, in kilometres.
const RADIUS: f64 = 6_371.0;

/// A place on earth, and how far off it may be.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Spot {
    /// Degrees north.
    pub(crate) latitude: f64,
    /// Degrees east.
    pub(crate) longitude: f64,
    /// Kilometres by which the true place may differ: a country stands for any place in it.
    pub(crate) margin: f64,
}

impl Spot {
    /// Where a sign-in was: by its coordinates, else by the middle of its country.
    pub(crate) fn of(view: &View<'_>, row: &SignIn) -> Option<Self> {
        Self::at(view.store, row.location)
    }

    /// Where a [`crate::events::tuples::Location`] is.
    pub(crate) fn at(store: &Store, location: u32) -> Option<Self> {
        let location = store.location(location);
        let degrees = |value: i32| f64::from(value) / 10_000.0;
        if location.latitude != NO_COORDINATE && location.longitude != NO_COORDINATE {
            let (latitude, longitude) = (degrees(location.latitude), degrees(location.longitude));
            // Entra writes the middle of the ocean where it does not know.
            return ((latitude, longitude) != (0.0, 0.0)).then_some(Self { latitude, longitude, margin: 0.0 });
        }
        let middle = countries::middle(store.texts.get(location.country))?;
        Some(Self {
            latitude: f64::from(middle.latitude),
            longitude: f64::from(middle.longitude),
            margin: f64::from(middle.radius),
        })
    }

    /// Kilometres along the great circle, the margins of both taken off; never less than none.
    pub(crate) fn kilometres_to(self, other: Self) -> f64 {
        (self.kilometres_between(other) - self.margin - other.margin).max(0.0)
    }

    /// Kilometres that the way is at most, quickly: first along a meridian, then along the equator.
    pub(crate) fn kilometres_at_most(self, other: Self) -> f64 {
        let east = (self.longitude - other.longitude).abs();
        let degrees = (self.latitude - other.latitude).abs() + east.min((360.0 - east).abs());
        RADIUS * degrees.to_radians()
    }

    /// Kilometres along the great circle, from middle to middle.
    pub(crate) fn kilometres_between(self, other: Self) -> f64 {
        let (north, south) = (self.latitude.to_radians(), other.latitude.to_radians());
        let half = |from: f64, to: f64| ((to - from).to_radians() / 2.0).sin().powi(2);
        let part =
            half(self.latitude, other.latitude) + north.cos() * south.cos() * half(self.longitude, other.longitude);
        2.0 * RADIUS * part.clamp(0.0, 1.0).sqrt().asin()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spot(latitude: f64, longitude: f64, margin: f64) -> Spot {
        Spot { latitude, longitude, margin }
    }

    #[test]
    fn no_way_is_longer_than_it_is_at_most() {
        let places = || {
            (-9..=9).flat_map(|north| {
                (-18..=18).map(move |east| spot(f64::from(north) * 10.0, f64::from(east) * 10.0, 0.0))
            })
        };
        for (from, to) in places().flat_map(|from| places().step_by(7).map(move |to| (from, to))) {
            assert!(from.kilometres_between(to) <= from.kilometres_at_most(to) + 1e-6, "{from:?} to {to:?}");
        }
        assert!(spot(0.0, 179.0, 0.0).kilometres_at_most(spot(1.0, -179.0, 0.0)) < 400.0);
    }

    #[test]
    fn distances_are_those_of_the_atlas() {
        let hamburg = spot(53.55, 9.99, 0.0);
        for (place, other, kilometres) in [
            ("itself", hamburg, 0.0),
            ("Lyon", spot(45.76, 4.84, 0.0), 944.0),
            ("Singapore", spot(1.35, 103.82, 0.0), 10_140.0),
            ("across the date line", spot(0.0, -179.0, 0.0), 14_050.0),
            ("somewhere in a country", spot(45.76, 4.84, 500.0), 444.0),
            ("next door", spot(53.6, 9.9, 500.0), 0.0),
        ] {
            let found = hamburg.kilometres_to(other);
            assert!((found - kilometres).abs() <= kilometres * 0.01, "{place}: {found}");
            assert!((other.kilometres_to(hamburg) - found).abs() < 1e-6);
        }
        assert!((spot(0.0, 179.5, 0.0).kilometres_to(spot(0.0, -179.5, 0.0)) - 111.2).abs() < 0.5);
        assert!(spot(90.0, 0.0, 0.0).kilometres_to(spot(-90.0, 0.0, 0.0)) > 20_000.0);
    }
}
