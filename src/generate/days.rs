//! What people do all day: sign in with laptop, browser and phone, and stay signed in.

use super::apps::{self, Use};
use super::people::{Machine, Person, Role};
use super::random::Random;
use super::record::SignIn;
use super::rhythm::{Day, about};
use super::session::{Hands, Session};
use super::time::{DAY, HOUR, MINUTE, SECOND};
use super::{Settings, TenantIds};

/// The sessions that go on from day to day.
struct Open {
    desk: Session,
    pocket: Session,
}

/// Writes a person's days.
pub(super) fn live(person: &Person, settings: &Settings, ids: &TenantIds, random: &Random, out: &mut Vec<SignIn>) {
    // Another week of the same people has other events.
    let week = settings.start.div_euclid(DAY).unsigned_abs() << 32;
    let random = &mut random.child("days", week | u64::from(person.number));
    // Most sessions began before the export does.
    let before = settings.start - DAY;
    let mut open = Open {
        desk: Session::new(random, &ids.tenant, person, before),
        pocket: Session::new(random, &ids.tenant, person, before),
    };
    let mut begun = random.chance(40);
    for number in 0..settings.days {
        let day = Day::plan(person, settings.start, number, random);
        if let Some((begins, _)) = day.work {
            let renews = !begun || random.chance(22);
            if renews && number > 0 || !begun && random.chance(50) {
                open.desk = sign_in_anew(person, ids, &day, begins, random, out);
            }
            begun = true;
            desk(person, settings, &day, &open.desk, random, out);
            if random.chance(u64::from(10 + settings.pace * 8).min(55)) {
                browse(person, ids, &day, random, out);
            }
            technical(person, &day, &open.desk, random, out);
        }
        if let Some(phone) = &person.phone {
            pocket(person, phone, settings, ids, &day, &mut open.pocket, random, out);
        }
    }
}

/// The morning's sign-in, with what goes wrong on the way: a mistyped password, a refused request.
fn sign_in_anew(
    person: &Person,
    ids: &TenantIds,
    day: &Day,
    begins: i64,
    random: &mut Random,
    out: &mut Vec<SignIn>,
) -> Session {
    let mut session = Session::new(random, &ids.tenant, person, begins);
    let hands = Hands::native(&person.laptop, day.laptop_place(person, random));
    // A laptop's broker binds the session to the device on the newer machines.
    if person.laptop.joined && random.chance(50) {
        session.protection = "bound";
    }
    let mut time = begins;
    let using = random.pick(&[apps::DESK[0], apps::DESK[2], apps::DESK[4]]);
    let first = session.interactive(random, time, using, &hands);
    for (percent, code) in [(9, 50126), (3, 500_121), (6, 50140)] {
        if random.chance(percent) {
            out.push(session.interactive(random, time, using, &hands).continuing(&first).with_code(code));
            time += random.between(9, 70) * SECOND;
        }
    }
    let mut done = first;
    done.time = (time + random.between(4, 40) * SECOND).div_euclid(SECOND) * SECOND;
    out.push(done);
    session
}

/// Native applications ask for tokens all day.
fn desk(
    person: &Person,
    settings: &Settings,
    day: &Day,
    session: &Session,
    random: &mut Random,
    out: &mut Vec<SignIn>,
) {
    if person.role == Role::Room {
        return;
    }
    let hands = Hands::native(&person.laptop, day.laptop_place(person, random));
    let incoming = if person.laptop.joined { "primaryRefreshToken" } else { "refreshToken" };
    let count = if person.role == Role::Guest { settings.pace / 4 } else { settings.pace };
    for time in day.at_work(about(count, random), random) {
        let using = random.pick(&apps::DESK);
        let incoming = if random.chance(70) { "refreshToken" } else { incoming };
        let sign_in = session.refresh(random, time, using, &hands, incoming);
        out.push(match random.below(400) {
            0 => sign_in.with_code(50173),
            1 | 2 => sign_in.with_code(70043),
            3..=5 => sign_in.with_code(65001),
            _ => sign_in,
        });
    }
}

/// A browser session of its own: signed in by the machine's token, or anew where there is none.
fn browse(person: &Person, ids: &TenantIds, day: &Day, random: &mut Random, out: &mut Vec<SignIn>) {
    if person.role == Role::Room {
        return;
    }
    let Some(begins) = day.at_work(1, random).first().copied() else { return };
    let session = Session::new(random, &ids.tenant, person, begins);
    let hands = Hands::browser(&person.laptop, day.laptop_place(person, random));
    let using = random.pick(&apps::WEB);
    let first = if person.laptop.joined {
        session.single_sign_on(random, begins, using, &hands)
    } else {
        session.interactive(random, begins, using, &hands)
    };
    if random.chance(12) {
        // Several accounts are signed in: one is chosen, and it goes on.
        out.push(
            session.single_sign_on(random, begins - 8 * SECOND, using, &hands).continuing(&first).with_code(16000),
        );
    }
    out.push(first);
    for _ in 0..random.below(3) {
        let time = begins + random.between(5, 150) * MINUTE;
        let using = random.pick(&apps::WEB);
        out.push(session.refresh(random, time, using, &hands, "none"));
    }
}

/// Administrators and developers work with tools, whose token comes from their own machine's.
fn technical(person: &Person, day: &Day, session: &Session, random: &mut Random, out: &mut Vec<SignIn>) {
    let (portal, tools, roles): (u64, u64, &[&str]) = match person.role {
        Role::Administrator => (70, 60, &[apps::GLOBAL_ADMINISTRATOR]),
        Role::Developer => (60, 25, &[]),
        Role::Office | Role::Room | Role::Guest => return,
    };
    let place = day.laptop_place(person, random);
    let hands = Hands::native(&person.laptop, place);
    let incoming = if person.laptop.joined { "primaryRefreshToken" } else { "refreshToken" };
    if random.chance(portal) {
        let browser = Hands::browser(&person.laptop, hands.place.clone());
        for time in day.at_work(2, random) {
            let using: Use = random.pick(&apps::TECHNICAL);
            out.push(session.refresh(random, time, using, &browser, incoming).with_roles(roles));
        }
    }
    if random.chance(tools) {
        let powershell = (apps::AZURE_POWERSHELL, apps::AZURE_MANAGEMENT, "user_impersonation");
        let count = 1 + random.below(4) as u32;
        for time in day.at_work(count, random) {
            let using = if random.chance(25) { powershell } else { random.pick(&apps::COMMAND_LINE) };
            let mut sign_in = session.refresh(random, time, using, &hands, incoming).with_roles(roles);
            sign_in.library = "Family: MSAL Library: MSAL.Python 1.31.0 Platform: Python";
            out.push(sign_in);
        }
    }
}

/// The phone fetches mail from morning to night, weekends too, wherever it is.
#[expect(clippy::too_many_arguments, reason = "a day of a phone is all of these")]
fn pocket(
    person: &Person,
    phone: &Machine,
    settings: &Settings,
    ids: &TenantIds,
    day: &Day,
    session: &mut Session,
    random: &mut Random,
    out: &mut Vec<SignIn>,
) {
    let share = if day.work.is_some() { settings.pace / 3 } else { settings.pace / 6 };
    if share == 0 && !random.chance(u64::from(settings.pace) * 12) {
        return;
    }
    if random.chance(7) {
        let time = day.midnight + 18 * HOUR + random.between(0, 120) * MINUTE;
        *session = Session::new(random, &ids.tenant, person, time);
        let hands = Hands::native(phone, day.phone_place(person, time, random));
        out.push(session.interactive(random, time, apps::PHONE[0], &hands));
        return;
    }
    for time in day.awake(person, about(share, random), random) {
        let hands = Hands::native(phone, day.phone_place(person, time, random));
        let using = random.pick(&apps::PHONE);
        let sign_in = session.refresh(random, time, using, &hands, "refreshToken");
        out.push(if random.below(300) == 0 { sign_in.with_code(50097) } else { sign_in });
    }
}
