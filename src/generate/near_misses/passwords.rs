//! Near misses of the detections of passwords and second factors: offices, old phones, broken scripts.

use std::sync::Arc;

use crate::events::vocabulary::Stream;
use crate::generate::apps::{self, Use};
use crate::generate::networks::{self, SITES};
use crate::generate::record::{Client, Place, SignIn, User};
use crate::generate::session::Hands;
use crate::generate::time::{MINUTE, SECOND};

use super::Bench;

const MAIL: Use = (apps::OUTLOOK_MOBILE, apps::EXCHANGE, "Mail.ReadWrite Mail.Send");
const OFFICE: Use = (apps::OFFICE, apps::GRAPH, "openid profile User.Read");

/// Many people at one place: how many are refused with a code and how many succeed, so many seconds
/// apart.
struct Crowd {
    reason: &'static str,
    from: fn(&mut Bench<'_>) -> Place,
    code: u32,
    refused: usize,
    tries: usize,
    succeed: usize,
    apart: i64,
}

fn office(bench: &mut Bench<'_>) -> Place {
    let [_, site, _] = &SITES;
    site.egress(&mut bench.random)
}

const CROWDS: &[Crowd] = &[
    crowd("password-spray, ten users of one address", |_| networks::rented(2, 1), 50126, 10, 1, 0, 60),
    crowd("password-spray, three tries a user", |_| networks::rented(3, 2), 50126, 10, 3, 0, 20),
    crowd("password-spray, unknown and locked users count", |_| networks::rented(4, 3), 50053, 11, 1, 0, 60),
    crowd("password-spray, a few sign in there", |_| networks::rented(5, 4), 50126, 12, 1, 6, 60),
    crowd("password-spray, no match: nine users", |_| networks::rented(6, 5), 50126, 9, 1, 0, 60),
    crowd("password-spray, no match: too slow", |_| networks::rented(7, 6), 50126, 10, 1, 0, 300),
    crowd("password-spray, no match: a storm of tries", |_| networks::rented(8, 7), 50126, 10, 5, 0, 10),
    crowd("password-spray, no match: an office on a Monday, asked for the second factor", office, 50074, 14, 1, 14, 30),
    crowd("password-spray, no match: an office where some mistype", office, 50126, 11, 1, 10, 20),
    crowd(
        "password-spray, no match: a VPN egress shared by a company",
        |_| networks::rented(9, 9),
        50126,
        10,
        1,
        9,
        30,
    ),
    crowd("user-enumeration, fifteen names", |_| networks::rented(10, 1), 50034, 15, 1, 0, 60),
    crowd("user-enumeration, no match: fourteen names", |_| networks::rented(11, 2), 50034, 14, 1, 0, 60),
    crowd("user-enumeration, no match: too slow", |_| networks::rented(12, 3), 50034, 15, 1, 0, 200),
    crowd("user-enumeration, no match: they exist", |_| networks::rented(13, 4), 50057, 15, 1, 0, 60),
];

const fn crowd(
    reason: &'static str,
    from: fn(&mut Bench<'_>) -> Place,
    code: u32,
    refused: usize,
    tries: usize,
    succeed: usize,
    apart: i64,
) -> Crowd {
    Crowd { reason, from, code, refused, tries, succeed, apart }
}

/// One person, again and again: the code, how often, seconds apart, and what is changed in each.
type Storm = (&'static str, u32, i64, i64, fn(&mut SignIn));

const STORMS: &[Storm] = &[
    ("brute-force-success, eight in twenty minutes", 50126, 8, 171, |_| {}),
    ("brute-force-success, a phone that retries an old password", 50126, 60, 55, |_| {}),
    ("brute-force-success, a broken script of the user's own, for hours", 50126, 150, 140, |row| {
        row.protocol = "ropc";
        row.stream = Stream::NonInteractive;
    }),
    ("brute-force-success, no match: seven", 50126, 7, 60, |_| {}),
    ("brute-force-success, no match: too slow", 50126, 20, 172, |_| {}),
    ("brute-force-success, no match: asked for the second factor", 50074, 30, 30, |_| {}),
    ("mfa-fatigue, four in half an hour", 500_121, 4, 600, |_| {}),
    ("mfa-fatigue, a step was denied", 500_121, 4, 60, |row| row.code = 50074),
    ("mfa-fatigue, no match: three", 500_121, 3, 60, |_| {}),
    ("mfa-fatigue, no match: too slow", 500_121, 8, 601, |_| {}),
    ("mfa-fatigue, no match: asked for and not refused", 50074, 9, 60, |_| {}),
    ("legacy-auth, IMAP", 0, 1, 1, |row| row.client = client("IMAP4", "")),
    ("legacy-auth, SMTP", 0, 1, 1, |row| row.client = client("Authenticated SMTP", "")),
    ("legacy-auth, no match: it failed", 50126, 1, 1, |row| row.client = client("IMAP4", "")),
    ("legacy-auth, no match: a browser", 0, 1, 1, |row| row.client = client("Browser", "")),
    ("ropc, the protocol", 0, 1, 1, |row| row.protocol = "ropc"),
    ("ropc, the agent of a mail server", 0, 1, 1, |row| row.client = client("Browser", "BAV2ROPC")),
    ("ropc, non-interactive", 0, 1, 1, |row| {
        row.protocol = "ropc";
        row.stream = Stream::NonInteractive;
    }),
    ("ropc, no match: it failed", 50126, 1, 1, |row| row.protocol = "ropc"),
    ("anonymising-network, a rented machine", 0, 1, 1, |row| row.place = networks::rented(15, 3)),
    ("anonymising-network, a token from a rented machine", 0, 1, 1, |row| {
        row.place = networks::rented(15, 4);
        (row.stream, row.incoming) = (Stream::NonInteractive, "refreshToken");
    }),
    ("anonymising-network, no match: it failed", 50126, 1, 1, |row| row.place = networks::rented(15, 5)),
    ("anonymising-network, no match: a public cloud", 0, 1, 1, |row| row.place = networks::cloud(77)),
    ("ropc, no match: another grant", 0, 1, 1, |row| row.protocol = "oAuth2"),
];

/// The office, then a place overseas: minutes later, whether in one session, and with which code.
const TRIPS: [(&str, i64, bool, u32); 4] = [
    ("impossible-travel, an hour to Chicago", 60, false, 0),
    ("impossible-travel, no match: one session", 60, true, 0),
    ("impossible-travel, no match: a traveller, a day later", 1_440, false, 0),
    ("impossible-travel, no match: it failed", 60, false, 50126),
];

fn client(kind: &'static str, agent: &str) -> Arc<Client> {
    Arc::new(Client { agent: agent.to_owned(), system: "", browser: String::new(), kind })
}

pub(super) fn add(bench: &mut Bench<'_>) {
    for crowd in CROWDS {
        let start = bench.minute();
        let place = (crowd.from)(bench);
        let users: Vec<Arc<User>> = (0..crowd.refused.max(crowd.succeed)).map(|_| bench.user()).collect();
        let others: Vec<Arc<User>> = (0..crowd.succeed).map(|_| bench.user()).collect();
        // Each user's tries follow each other: at no moment have many been tried a few times only.
        let tried = users.iter().take(crowd.refused).flat_map(|user| std::iter::repeat_n(user, crowd.tries));
        for (number, user) in tried.enumerate() {
            let time = start + number as i64 * crowd.apart * SECOND;
            put(bench, (crowd.reason, "refused"), user, &place, time, |row| row.with_code(crowd.code));
        }
        // Who is only asked for more goes on himself; else others succeed at the same place.
        let succeeding = if crowd.code == 50074 { &users } else { &others };
        for (number, user) in succeeding.iter().take(crowd.succeed).enumerate() {
            let time = start + number as i64 * crowd.apart * SECOND + 9 * SECOND;
            put(bench, (crowd.reason, "beside"), user, &place, time, |row| row);
        }
    }
    for (reason, code, count, apart, change) in STORMS {
        let (user, start) = (bench.user(), bench.minute());
        let place = bench.hands().place;
        for number in 0..*count {
            put(bench, (reason, "attempt"), &user, &place, start + number * apart * SECOND, |row| {
                let mut row = row.with_code(*code);
                change(&mut row);
                row
            });
        }
    }
    travel(bench);
}

fn travel(bench: &mut Bench<'_>) {
    for (reason, minutes, one, code) in TRIPS {
        let (user, start) = (bench.user(), bench.minute());
        let here = bench.hands();
        let there = Hands { place: networks::away(1, &mut bench.random), ..here.clone() };
        let session = bench.session(&user, start);
        let later = if one { session.clone() } else { bench.session(&user, start + minutes * MINUTE) };
        let left = session.interactive(&mut bench.random, start, OFFICE, &here);
        let arrived = later.interactive(&mut bench.random, start + minutes * MINUTE, OFFICE, &there).with_code(code);
        bench.sign_in(reason, "departure", left);
        bench.sign_in(reason, "arrival", arrived);
    }
}

fn put(
    bench: &mut Bench<'_>,
    (reason, step): (&str, &str),
    user: &Arc<User>,
    place: &Place,
    time: i64,
    change: impl FnOnce(SignIn) -> SignIn,
) {
    let session = bench.session(user, time);
    let client = Client {
        agent: "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/143.0.0.0 Safari/537.36"
            .to_owned(),
        system: "Windows 11",
        browser: "Chrome 143.0.0".to_owned(),
        kind: "Browser",
    };
    let hands = Hands { client: Arc::new(client), device: None, place: place.clone() };
    let using = if step == "attempt" { MAIL } else { OFFICE };
    let sign_in = change(session.interactive(&mut bench.random, time, using, &hands));
    bench.sign_in(reason, step, sign_in);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::generate::time::HOUR;

    #[test]
    fn every_crowd_and_storm_ends_on_the_day_it_begins() {
        for crowd in CROWDS {
            assert!((crowd.refused * crowd.tries) as i64 * crowd.apart * SECOND < 12 * HOUR, "{}", crowd.reason);
        }
        assert!(STORMS.iter().all(|(_, _, count, apart, _)| count * apart * SECOND < 12 * HOUR));
    }
}
