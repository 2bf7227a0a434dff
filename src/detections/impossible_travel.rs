//! Two sign-ins too far apart for the time between them.
//!
//! # What it looks for
//! Two successes of one user in different sessions, more than 1,000 km apart and faster than 900 km/h,
//! neither from Microsoft's own servers, and not both from networks that the user often uses. Within
//! one session it is a change of hands, which another detection tells. One finding a session.
//!
//! # Why it matters
//! Nobody is at two places. Most of what looks like it is a VPN or a carrier whose addresses are placed
//! wrong: it is a weak sign that strengthens others.
//!
//! # Evidence it needs
//! Sign-ins with coordinates; where the record has none, the middle of its country with a wide margin.
//! It is medium where both were interactive, high where the program is of another kind too and the
//! device is not managed at a network, known by its number, that is new for the user. Where records have no
//! session id, two parts of one session may be the two.
//!
//! # Benign causes
//! * A VPN or proxy, of the organisation's or the user's own.
//! * A phone's carrier whose traffic leaves in another country.
//! * A cloud desktop or a colleague with a shared account.
//!
//! # Tuning
//! `kilometres` and `speed` are what must be exceeded.
//!
//! # What to ask
//! * Does the user work with a VPN or a machine in the cloud?
//! * Where was the user at the time?
//!
//! # What to do
//! * Look at what the later session did, and at its device.
//! * Revoke the sessions where nobody knows the place.
//!
//! # References
//! * ATT&CK T1078.004
//! * Elastic, Entra ID sign-in impossible travel
//! * Microsoft, impossible travel risk detection

use crate::order::Map;

use serde_json::json;

use crate::events::field::Field;
use crate::events::vocabulary::Stream;
use crate::events::{SignIn, Store};
use crate::knowledge::agents;
use crate::sessions::{Familiarity, View};
use crate::words::figure;

use super::evidence::{duration, facts, in_order, moment, place, sign_ins, who};
use super::travel::Spot;
use super::{Ask, Confidence, Detection, Finding, Group, Records, Severity, Subject, Tunable, Tuning};

const ID: &str = "impossible-travel";
const HOUR: f64 = 3_600_000_000.0;
/// Places that an arrival is compared with; more are none of a real user.
const PLACES: usize = 64;
/// Arrivals that a finding shows; all are counted.
const LISTED: usize = 100;

pub(super) static DETECTION: Detection = Detection {
    id: ID,
    title: "Two sign-ins too far apart for their time",
    group: Group::Network,
    records: &[Records::UserSignIns],
    helped_by: &[(Records::NonInteractive, "a stolen token is used there and hardly ever in the interactive log")],
    needs: &[&[Field::Coordinates, Field::Country], &[Field::Result]],
    wants: &[Field::SessionId, Field::Address, Field::Asn, Field::Agent, Field::DeviceId],
    history_days: 0,
    tunables: &[
        Tunable::number("kilometres", "1000", "distance that must be exceeded"),
        Tunable::number("speed", "900", "kilometres an hour that must be exceeded"),
    ],
    prepare,
    kql: include_str!("impossible_travel.kql"),
    file: "impossible_travel",
};

/// A sign-in far from an earlier one.
struct Trip<'a> {
    from: (u32, &'a SignIn),
    to: (u32, &'a SignIn),
    kilometres: f64,
    severity: Severity,
    confidence: Confidence,
}

/// The latest events at a place: the last, and the last of another session than that.
#[derive(Clone, Copy)]
struct Latest<'a> {
    spot: Spot,
    last: (u32, &'a SignIn, Option<usize>),
    other: Option<(u32, &'a SignIn, Option<usize>)>,
}

fn prepare<'a>(_: &'a Store, tuning: &'a Tuning) -> Ask<'a> {
    let least = tuning.number(ID, "kilometres").unwrap_or(1_000) as f64;
    let speed = tuning.number(ID, "speed").unwrap_or(900) as f64;
    Box::new(move |subject, found| {
        let view = subject.view;
        let mut places: Map<u32, Latest<'_>> = Map::new();
        let mut trips: Map<Option<usize>, Vec<Trip<'_>>> = Map::new();
        for (number, row) in view.sign_ins() {
            if !view.succeeded(row)
                || !row.stream().is_user()
                || view.network(row).is_some_and(|net| net.is_microsoft())
            {
                continue;
            }
            let Some(spot) = Spot::of(view, row) else { continue };
            let session = view.session_of(number);
            let others = places
                .iter()
                .filter(|(place, latest)| **place != row.location && latest.spot.kilometres_at_most(spot) > least);
            let nearest = others.filter_map(|(_, latest)| {
                let kilometres = latest.spot.kilometres_to(spot);
                let (earlier, before, _) = Some(latest.last).filter(|last| last.2 != session).or(latest.other)?;
                let hours = (row.time - before.time) as f64 / HOUR;
                (kilometres > least && kilometres > speed * hours).then_some(((earlier, before), kilometres))
            });
            // The latest departure decides; of one moment, that whose record's id is the last in order.
            let id = |row: &SignIn| row.id.display(&view.store.texts);
            let departure =
                nearest.max_by(|((_, a), _), ((_, b), _)| a.time.cmp(&b.time).then_with(|| id(a).cmp(&id(b))));
            if let Some((from, kilometres)) = departure {
                trips.entry(session).or_default().extend(trip(
                    subject,
                    from,
                    (number, row),
                    kilometres,
                    spot.margin > 0.0,
                ));
            }
            let here = (number, row, session);
            let room = places.len() < PLACES;
            match places.get_mut(&row.location) {
                Some(latest) => {
                    if latest.last.2 != session {
                        latest.other = Some(latest.last);
                    }
                    latest.last = here;
                }
                None if room => {
                    places.insert(row.location, Latest { spot, last: here, other: None });
                }
                None => {}
            }
        }
        found.extend(trips.into_iter().filter_map(|(session, trips)| finding(view, session, &trips)));
    })
}

fn trip<'a>(
    subject: &Subject<'_>,
    from: (u32, &'a SignIn),
    to: (u32, &'a SignIn),
    kilometres: f64,
    rough: bool,
) -> Option<Trip<'a>> {
    let view = subject.view;
    let seen = |row: &SignIn| subject.familiar.network(view, row);
    let (left, arrived) = (seen(from.1), seen(to.1));
    if left == Familiarity::Familiar && arrived == Familiarity::Familiar {
        return None;
    }
    let interactive = [from.1, to.1].iter().all(|row| row.stream() == Stream::Interactive);
    let other = agents::same_family(view.agent(from.1), view.agent(to.1)) == Some(false);
    // A device that the export does not tell of may be a managed one.
    let unmanaged = view.device(to.1).is_some() && !view.store.device(to.1.device).is_managed(&view.store.texts);
    // An address more is hardly a new network: exits of carriers and VPNs change by the hour.
    let numbered = view.network(to.1).is_some_and(|network| network.asn.is_some());
    let severity = if other && unmanaged && numbered && arrived == Familiarity::Unfamiliar {
        Severity::High
    } else if interactive && arrived != Familiarity::Familiar {
        Severity::Medium
    } else {
        Severity::Low
    };
    let confidence = if rough || arrived == Familiarity::Unknown { Confidence::Low } else { Confidence::Medium };
    Some(Trip { from, to, kilometres, severity, confidence })
}

/// Facts: `kilometres` and `minutes` of the trip that decided; `trips`, how many arrivals.
fn finding(view: &View<'_>, session: Option<usize>, trips: &[Trip<'_>]) -> Option<Finding> {
    let told = trips.iter().rev().max_by_key(|trip| (trip.severity, trip.confidence))?;
    let texts = &view.store.texts;
    let country = |row: &SignIn| {
        let code = view.country(row).map_or("", |country| texts.get(country));
        crate::knowledge::countries::name(code).map_or_else(|| "an unknown country".to_owned(), str::to_owned)
    };
    let ((_, left), (number, arrived)) = (told.from, told.to);
    let gap = arrived.time - left.time;
    let departures = trips.iter().take(LISTED).map(|trip| trip.from.0);
    let arrivals = trips.iter().take(LISTED).map(|trip| trip.to.0);
    Some(Finding {
        detection: ID,
        variant: "two-sessions",
        strand: "two-sessions",
        severity: told.severity,
        confidence: told.confidence,
        session,
        anchor: session
            .and_then(|index| view.sessions.get(index))
            .map_or_else(|| view.store.sign_in(number).map_or(arrived.id, |row| row.id), |session| session.anchor),
        title: format!("{} km in {}", figure(told.kilometres.round() as u64), duration(gap)),
        why: format!(
            "{} was signed in from {} in {} at {} and {} later from {} in {}, {} km away.",
            who(view),
            place(view.network(left)),
            country(left),
            moment(left.time),
            duration(gap),
            place(view.network(arrived)),
            country(arrived),
            figure(told.kilometres.round() as u64),
        ),
        what: "Too far for the time",
        evidence: in_order(view, sign_ins("arrival", arrivals).chain(sign_ins("departure", departures)).collect()),
        facts: facts(json!({
            "kilometres": told.kilometres.round() as i64,
            "minutes": gap / 60_000_000,
            "trips": trips.len(),
        })),
    })
}
