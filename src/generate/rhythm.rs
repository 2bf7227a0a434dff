//! When somebody works, and where they are then.

use super::networks;
use super::people::{Person, Role};
use super::random::Random;
use super::record::Place;
use super::time::{DAY, HOUR, MINUTE, weekday};
use crate::order::Arrange;

/// A person's day.
#[derive(Clone, Debug)]
pub(super) struct Day {
    /// Number since the tenant's first day.
    pub(super) number: u32,
    /// Midnight UTC.
    pub(super) midnight: i64,
    /// Beginning and end of work, UTC; nothing on a day off.
    pub(super) work: Option<(i64, i64)>,
    at_office: bool,
    away: bool,
}

impl Day {
    /// The day's plan. Weekends are free, and now and then another day is too.
    pub(super) fn plan(person: &Person, start: i64, number: u32, random: &mut Random) -> Self {
        let midnight = start + i64::from(number) * DAY;
        let weekday = weekday(midnight) as usize;
        let away = person.trip.is_some_and(|(first, last)| (first..=last).contains(&number));
        let works = weekday < 5 && !random.chance(6);
        let work = works.then(|| {
            let zone = if away { 0 } else { person.site().office.zone };
            let begins = midnight + (person.begins + random.between(-18, 25)) * MINUTE - zone * HOUR;
            (begins, begins + 8 * HOUR + random.between(0, 75) * MINUTE)
        });
        let at_office = person.at_office.get(weekday).copied().unwrap_or(false);
        Self { number, midnight, work, at_office: at_office || person.role == Role::Room, away }
    }

    /// Where the laptop is.
    pub(super) fn laptop_place(&self, person: &Person, random: &mut Random) -> Place {
        if self.away {
            networks::away(person.number, random)
        } else if self.at_office {
            person.site().egress(random)
        } else {
            person.home.place(person.laptop.number, u64::from(self.number), random)
        }
    }

    /// Where the phone is: it changes between the carrier and the wireless network at hand.
    pub(super) fn phone_place(&self, person: &Person, time: i64, random: &mut Random) -> Place {
        let machine = person.phone.as_ref().map_or(0, |phone| phone.number);
        let working = self.work.is_some_and(|(begins, ends)| (begins..ends).contains(&time));
        if self.away {
            networks::away(person.number, random)
        } else if random.chance(45) {
            person.site().carrier(person.number, time.div_euclid(2 * HOUR).unsigned_abs())
        } else if working && self.at_office {
            person.site().egress(random)
        } else {
            person.home.place(machine, u64::from(self.number), random)
        }
    }

    /// So many moments of the working day, in order.
    pub(super) fn at_work(&self, count: u32, random: &mut Random) -> Vec<i64> {
        self.work.map_or_else(Vec::new, |(begins, ends)| spread(begins, ends, count, random))
    }

    /// So many moments from early morning to late evening, in order.
    pub(super) fn awake(&self, person: &Person, count: u32, random: &mut Random) -> Vec<i64> {
        let morning = self.midnight + 6 * HOUR - person.site().office.zone * HOUR;
        spread(morning, morning + 17 * HOUR, count, random)
    }
}

fn spread(from: i64, to: i64, count: u32, random: &mut Random) -> Vec<i64> {
    let mut moments: Vec<i64> = (0..count).map(|_| random.between(from, to)).collect();
    moments.arrange();
    moments
}

/// About so many: between two thirds and four thirds, at least one.
pub(super) fn about(count: u32, random: &mut Random) -> u32 {
    let third = i64::from(count / 3);
    (i64::from(count) + random.between(-third, third)).max(1) as u32
}
