//! Quirks that change what a day has logged.

use std::sync::Arc;

use crate::events::vocabulary::Stream;
use crate::generate::Settings;
use crate::generate::apps::{self, App};
use crate::generate::networks;
use crate::generate::people::{Machine, Person};
use crate::generate::random::Random;
use crate::generate::record::{Client, SignIn};
use crate::generate::time::{DAY, HOUR, MINUTE};

fn of_machine(row: &SignIn, machine: &Machine) -> bool {
    Arc::ptr_eq(&row.client, &machine.native) || Arc::ptr_eq(&row.client, &machine.browser)
}

/// The day a moment is in.
fn day(time: i64) -> u64 {
    time.div_euclid(DAY).unsigned_abs()
}

/// A browser brings its next version in the middle of the log, in whatever session it is.
pub(super) fn browser_updates(person: &Person, settings: &Settings, rows: &mut [SignIn]) {
    let old = &person.laptop.browser;
    let Some(version) = old.agent.split("Chrome/").nth(1).and_then(|rest| rest.split('.').next()) else { return };
    let Ok(number) = version.parse::<u32>() else { return };
    let next = (number + 1).to_string();
    let new = Arc::new(Client {
        agent: old.agent.replace(version, &next),
        browser: old.browser.replace(version, &next),
        ..Client::clone(old)
    });
    // Everybody's within three days, at an hour of the working day.
    let hour = i64::from(person.number % 7) + 8;
    let from = settings.start + i64::from(settings.days / 3 + person.number % 3) * DAY + hour * HOUR;
    for row in rows.iter_mut().filter(|row| row.time >= from && Arc::ptr_eq(&row.client, old)) {
        row.client = Arc::clone(&new);
    }
}

/// Of the tokens that a broker asks for, the log names no device now and then.
pub(super) fn devices_unnamed(person: &Person, random: &Random, rows: &mut [SignIn]) {
    let mut random = random.child("unnamed", 0);
    let broker = |row: &SignIn| row.incoming != "none" && Arc::ptr_eq(&row.client, &person.laptop.native);
    for row in rows.iter_mut().filter(|row| broker(row)) {
        if random.chance(8) {
            row.device = None;
        }
    }
}

/// At home, the laptop is in the company's VPN for some hours of most days: its traffic leaves at the office.
pub(super) fn company_vpn(person: &Person, settings: &Settings, random: &Random, rows: &mut [SignIn]) {
    let at_home = |row: &SignIn| row.place.asn == person.home.asn && of_machine(row, &person.laptop);
    for row in rows.iter_mut().filter(|row| at_home(row)) {
        let mut random = random.child("company", day(row.time));
        if !random.chance(75) {
            continue;
        }
        let midnight = row.time.div_euclid(DAY) * DAY;
        let from = midnight + random.between(8 * 60, 11 * 60) * MINUTE;
        let until = from + random.between(90, 300) * MINUTE;
        if (from..until).contains(&row.time) && row.time >= settings.start {
            row.place = person.site().egress(&mut random);
        }
    }
}

/// Two evenings of three, laptop and phone leave through a VPN that the person pays for, and through the day
/// on a trip; which exit changes by the evening.
pub(super) fn private_vpn(person: &Person, settings: &Settings, random: &Random, rows: &mut [SignIn]) {
    let offices = person.site().egress(&mut random.child("office", 0)).asn;
    for row in rows.iter_mut().filter(|row| row.place.asn != offices) {
        let mut random = random.child("private", day(row.time));
        if !random.chance(67) {
            continue;
        }
        let hour = row.time.div_euclid(HOUR).rem_euclid(24);
        let number = (row.time - settings.start).div_euclid(DAY) as u32;
        let away = person.trip.is_some_and(|(first, last)| (first..=last).contains(&number));
        if hour >= 16 || away {
            row.place = networks::private_vpn(random.below(12));
        }
    }
}

/// Web applications whose servers ask for tokens on the person's behalf.
const ON_BEHALF: [App; 4] = [apps::OFFICE_HOME, apps::SHAREPOINT_WEB, apps::TEAMS_WEB, apps::POWER_BI];

/// A token in a web application is renewed by Microsoft's servers: their address, no agent and no device.
pub(super) fn server_side(random: &Random, rows: &mut [SignIn]) {
    let mut random = random.child("servers", 0);
    let of_server = |row: &SignIn| row.stream == Stream::NonInteractive && ON_BEHALF.contains(&row.app);
    for row in rows.iter_mut().filter(|row| row.client.kind == "Browser" && of_server(row)) {
        if random.chance(40) {
            row.place = networks::microsoft(random.below(40));
            row.client = Arc::new(Client { kind: "Browser", ..Client::default() });
            row.device = None;
            row.incoming = "refreshToken";
        }
    }
}
