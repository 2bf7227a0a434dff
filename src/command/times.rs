//! `--zone` and `--day-order`: what a person knows of times that a file leaves open.

use chrono::{DateTime, Offset as _, TimeZone as _};
use chrono_tz::Tz;
use clap::Args;
use signin_sleuth::analysis::clock::{Times, Told};
use signin_sleuth::events::offsets::Offsets;

use super::Trouble;

/// Microseconds in a day.
const DAY: i64 = 86_400_000_000;
/// 1 January 1995 and 2060, between which logs may lie, in days since 1970.
const DAYS: std::ops::Range<i64> = 9_131..32_872;

/// The options as the subcommands share them.
#[derive(Debug, Args)]
pub(crate) struct TimesTold {
    /// The zone of times that name none: a name such as Europe/Berlin, or +02:00. Of one file, or of all
    /// whose times name none. May be given again
    #[arg(long = "zone", value_name = "[FILE=]ZONE")]
    zones: Vec<String>,

    /// Which comes first in dates that leave it open: day-first or month-first. Of one file, or of all.
    /// May be given again
    #[arg(long = "day-order", value_name = "[FILE=]ORDER")]
    orders: Vec<String>,
}

impl TimesTold {
    /// What they say together.
    ///
    /// # Errors
    /// When a zone or an order is none.
    pub(crate) fn read(&self) -> Result<Times, Trouble> {
        let mut times = Times::default();
        for value in &self.zones {
            let (told, zone) = entry(&mut times, value);
            let known = Offsets::fixed(zone).or_else(|| named(zone));
            told.zone = Some(known.ok_or_else(|| {
                Trouble(format!("--zone {value}: no such zone; give a name such as Europe/Berlin, or +02:00"))
            })?);
        }
        for value in &self.orders {
            let (told, order) = entry(&mut times, value);
            told.day_first = Some(match order {
                "day-first" => true,
                "month-first" => false,
                _ => return Err(Trouble(format!("--day-order {value}: give day-first or month-first"))),
            });
        }
        Ok(times)
    }
}

/// What is told of the file that the value names, or of all, and what is said of it.
fn entry<'a, 'b>(times: &'a mut Times, value: &'b str) -> (&'a mut Told, &'b str) {
    match value.rsplit_once('=') {
        Some((file, said)) => (times.by_name.entry(file.to_owned()).or_default(), said.trim()),
        None => (&mut times.all, value.trim()),
    }
}

/// A zone of the time zone database, by its name.
fn named(name: &str) -> Option<Offsets> {
    let zone: Tz = name.parse().ok()?;
    let east = |utc: i64| {
        let moment = DateTime::from_timestamp_micros(utc)?.naive_utc();
        Some(i64::from(zone.offset_from_utc_datetime(&moment).fix().local_minus_utc()) * 1_000_000)
    };
    let mut last = east(DAYS.start * DAY)?;
    let mut steps = vec![(DAYS.start * DAY, last)];
    for day in DAYS {
        let (mut from, mut to) = (day * DAY, (day + 1) * DAY);
        let next = east(to)?;
        if next == last {
            continue;
        }
        // Clocks are changed at a whole second.
        while to - from > 1_000_000 {
            let middle = from + (to - from) / 2_000_000 * 1_000_000;
            if east(middle)? == last { from = middle } else { to = middle }
        }
        steps.push((to, next));
        last = next;
    }
    Offsets::new(name, steps)
}

#[cfg(test)]
mod tests {
    use super::*;
    use signin_sleuth::events::time::{format_rfc3339, parse_iso};

    #[test]
    fn zones_by_name_have_their_changes() {
        let berlin = named("Europe/Berlin").unwrap();
        let utc = |local: &str| berlin.utc(parse_iso(local.as_bytes()).unwrap().micros).map(format_rfc3339);
        for (local, expected) in [
            ("2026-10-25T01:59:59Z", Some("2026-10-24T23:59:59.000000Z")),
            ("2026-10-25T02:30:00Z", None),
            ("2026-10-25T03:00:00Z", Some("2026-10-25T02:00:00.000000Z")),
            ("2026-03-29T02:30:00Z", None),
            ("2026-03-29T03:00:00Z", Some("2026-03-29T01:00:00.000000Z")),
        ] {
            assert_eq!(utc(local).as_deref(), expected, "{local}");
        }
        assert!(named("Europe/Nowhere").is_none());
    }

    #[test]
    fn the_last_mark_parts_file_and_zone() {
        let told = TimesTold { zones: vec!["a=b.csv=+1".to_owned(), "UTC".to_owned()], orders: vec![] };
        let times = told.read().unwrap();
        assert_eq!((times.of("a=b.csv").zone, times.of("c.csv").zone), (Offsets::fixed("+1"), Offsets::fixed("UTC")));
        let wrong = TimesTold { zones: vec![], orders: vec!["a.csv=first".to_owned()] };
        assert!(wrong.read().is_err());
    }
}
