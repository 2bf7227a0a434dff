//! How far a session was from where its user usually is, over time.

use serde::Serialize;

use crate::analysis::{Case, Merged};
use crate::detections::travel::Spot;
use crate::events::SignIn;
use crate::order::{Gather, Map, Set};
use crate::sessions::{EventRef, View};

use super::hand;
use super::trace::{RecordRef, Trace};
use super::words::millis;

/// Points told of the session, and of the user's other sessions beside it.
const MOST: usize = 300;
/// Kilometres below which two places are one: coordinates of addresses are no better.
const NEAR: f64 = 50.0;
const HOUR: f64 = 3_600_000_000.0;

/// How far a session was from the user's usual place.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct DistanceView {
    /// Where the user usually is.
    pub home: String,
    /// Whether that is where most of the user's other sign-ins are; else where this session was seen first.
    pub usual: bool,
    /// Successes of the session, in order of time. Of those that stay at a place in one hand only the first and
    /// the last are told.
    pub points: Vec<DistancePoint>,
    /// Successes of the user's other sessions in the same time.
    pub beside: Vec<DistancePoint>,
    /// Where it would have had to travel fastest.
    pub leap: Option<Leap>,
    /// Successes of the session whose place is not known.
    pub unplaced: usize,
}

/// A success and its distance.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct DistancePoint {
    /// When, milliseconds UTC.
    pub time: i64,
    /// Kilometres from the usual place.
    pub km: f64,
    /// Kilometres by which that may be wrong: without coordinates a country stands for any place in it.
    pub margin: f64,
    /// Where.
    pub at: String,
    /// Number of the holder.
    pub hand: Option<usize>,
    /// Its record.
    pub place: RecordRef,
}

/// The fastest way from one success to the next.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Leap {
    /// When it left, milliseconds UTC.
    pub from: i64,
    /// When it arrived.
    pub to: i64,
    /// Kilometres between the places, margins taken off.
    pub km: f64,
    /// Kilometres an hour; nothing where it took no time.
    pub speed: Option<f64>,
}

#[derive(Clone, Copy)]
struct Seen<'a> {
    number: u32,
    row: &'a SignIn,
    spot: Spot,
}

/// Makes the view; nothing where no success of the session has a place.
pub(super) fn view(
    case: &Case,
    merged: &Merged,
    view: &View<'_>,
    trace: &Trace<'_>,
    bucket: usize,
    sign_ins: &[u32],
) -> Option<DistanceView> {
    let own: Set<u32> = sign_ins.iter().copied().gather();
    let succeeded = |row: &SignIn| {
        let microsoft = view.network(row).is_some_and(|network| network.is_microsoft());
        view.succeeded(row) && row.stream().is_user() && !microsoft
    };
    let seen = |(number, row)| Spot::of(view, row).map(|spot| Seen { number, row, spot });
    let here = || view.rows(sign_ins).filter(|(_, row)| succeeded(row));
    let points: Vec<Seen<'_>> = here().filter_map(seen).collect();
    let (first, last) = (points.first()?, points.last()?);
    let signs = flagged(merged, bucket);
    let home =
        usual(case, view.sign_ins().filter(|(number, row)| !signs.contains(number) && succeeded(row)).filter_map(seen));
    let start = home.as_ref().map_or(first.spot, |(_, spot)| *spot);
    let air = (last.row.time - first.row.time).max(3_600_000_000) / 2;
    let within = |row: &SignIn| row.time >= first.row.time - air && row.time <= last.row.time + air;
    let others = view.sign_ins().filter(|(number, row)| !own.contains(number) && within(row) && succeeded(row));
    let beside: Vec<Seen<'_>> = others.filter_map(seen).collect();
    let point = |seen: &Seen<'_>, hand: Option<usize>| DistancePoint {
        time: millis(seen.row.time),
        km: start.kilometres_between(seen.spot).round(),
        margin: (seen.spot.margin + home.as_ref().map_or(0.0, |(_, spot)| spot.margin)).round(),
        at: label(case, seen.row),
        hand,
        place: trace.record(EventRef::SignIn(seen.number)),
    };
    let step = beside.len().div_ceil(MOST).max(1);
    Some(DistanceView {
        home: home.as_ref().map_or_else(|| label(case, first.row), |(label, _)| label.clone()),
        usual: home.is_some(),
        leap: leap(&points),
        unplaced: here().count() - points.len(),
        points: stays(points.iter().map(|seen| point(seen, trace.hand(EventRef::SignIn(seen.number))))),
        beside: beside.iter().step_by(step).map(|seen| point(seen, None)).collect(),
    })
}

/// City, else country.
fn label(case: &Case, row: &SignIn) -> String {
    let (city, country) = hand::place(case, row);
    if city.is_empty() { country } else { city }
}

/// Sign-ins of the user's sessions that show a sign.
fn flagged(merged: &Merged, bucket: usize) -> Set<u32> {
    let mut signs: Set<u32> = Set::new();
    for session in merged.sessions.iter().filter(|session| session.bucket == bucket) {
        signs.extend(session.session.sign_ins.iter().copied());
    }
    signs
}

/// The place of most of these.
fn usual<'a>(case: &Case, seen: impl Iterator<Item = Seen<'a>>) -> Option<(String, Spot)> {
    let mut places: Map<String, (usize, Spot)> = Map::new();
    for one in seen {
        places.entry(label(case, one.row)).or_insert((0, one.spot)).0 += 1;
    }
    let most = places.values().map(|(count, _)| *count).max()?;
    places.iter().find(|(_, (count, _))| *count == most).map(|(label, (_, spot))| (label.clone(), *spot))
}

/// The first and the last of each stay at a place in one hand; of too many the first.
fn stays(points: impl Iterator<Item = DistancePoint>) -> Vec<DistancePoint> {
    let mut kept: Vec<DistancePoint> = Vec::new();
    for point in points {
        let same = |other: &DistancePoint| (&other.at, other.hand) == (&point.at, point.hand);
        if let [.., before, last] = kept.as_slice()
            && same(before)
            && same(last)
        {
            kept.pop();
        }
        if kept.len() < MOST {
            kept.push(point);
        }
    }
    kept
}

/// The fastest way between two successes that follow each other.
fn leap(points: &[Seen<'_>]) -> Option<Leap> {
    let mut fastest: Option<(f64, Leap)> = None;
    for (from, to) in points.iter().zip(points.iter().skip(1)) {
        let km = from.spot.kilometres_to(to.spot);
        if km < NEAR {
            continue;
        }
        let hours = (to.row.time - from.row.time) as f64 / HOUR;
        let speed = if hours > 0.0 { km / hours } else { f64::INFINITY };
        if fastest.as_ref().is_none_or(|(known, _)| speed > *known) {
            let told = speed.is_finite().then(|| speed.round());
            let leap = Leap { from: millis(from.row.time), to: millis(to.row.time), km: km.round(), speed: told };
            fastest = Some((speed, leap));
        }
    }
    fastest.map(|(_, leap)| leap)
}
