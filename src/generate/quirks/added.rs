//! Quirks that add to what a day has logged.

use std::sync::Arc;

use crate::events::vocabulary::Stream;
use crate::generate::directory::{audit, register_device, user_target};
use crate::generate::people::{Machine, Person};
use crate::generate::random::Random;
use crate::generate::record::{Audit, Client, Device, Initiator, SignIn};
use crate::generate::rhythm::Day;
use crate::generate::session::{Hands, Session};
use crate::generate::time::{HOUR, MINUTE, SECOND};
use crate::generate::{Settings, TenantIds, apps};

/// The first of the person's working days from this one on, and when it begins.
fn workday(person: &Person, settings: &Settings, from: u32, random: &mut Random) -> Option<(Day, i64)> {
    (from..settings.days).find_map(|number| {
        let day = Day::plan(person, settings.start, number, random);
        day.work.map(|(begins, _)| (day, begins))
    })
}

/// A machine in a hall of the site, where people sign in for an hour and out again.
pub(super) fn kiosk(person: &Person, settings: &Settings, ids: &TenantIds, random: &Random, rows: &mut Vec<SignIn>) {
    let mut random = random.child("kiosk", 0);
    let agent = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36 Edg/142.0.0.0";
    // The machine is the site's: the same for everybody.
    let id = Random::new(settings.seed).child("kiosk", person.site as u64).guid().to_string();
    let hands = Hands {
        client: Arc::new(Client {
            agent: agent.to_owned(),
            system: "Windows 10",
            browser: "Edge 142.0.0".to_owned(),
            kind: "Browser",
        }),
        device: Some(Arc::new(Device {
            id,
            name: format!("KIOSK-{:02}", person.site + 1),
            trust: "Azure AD joined",
            compliant: Some(true),
            managed: Some(true),
        })),
        place: person.site().egress(&mut random),
    };
    for number in (person.number % 3..settings.days).step_by(3) {
        let day = Day::plan(person, settings.start, number, &mut random);
        let Some(&time) = day.at_work(1, &mut random).first() else { continue };
        let session = Session::new(&mut random, &ids.tenant, person, time);
        rows.push(session.interactive(&mut random, time, apps::WEB[0], &hands));
        for later in 1..=random.between(1, 3) {
            let using = random.pick(&apps::WEB[..4]);
            rows.push(session.refresh(&mut random, time + later * 14 * MINUTE, using, &hands, "none"));
        }
    }
}

/// The person changes the password at the desk; the phone's mail program sends the old one every few minutes
/// until the person types the new one in.
pub(super) fn old_password(
    person: &Person,
    settings: &Settings,
    ids: &TenantIds,
    random: &Random,
    rows: &mut Vec<SignIn>,
    audits: &mut Vec<Audit>,
) {
    let mut random = random.child("password", 0);
    let (Some(phone), Some((day, begins))) = (&person.phone, workday(person, settings, settings.days / 3, &mut random))
    else {
        return;
    };
    let changed = begins + random.between(30, 120) * MINUTE;
    let place = day.laptop_place(person, &mut random);
    let by = Initiator::User(Arc::clone(&person.user), place.address);
    audits.push(audit(&mut random, changed, "Change user password", by, vec![user_target(&person.user)]));
    let mail = Client {
        agent: "Apple-iPhone14C5/2202.86".to_owned(),
        system: "Ios 18.1",
        browser: String::new(),
        kind: "Exchange ActiveSync",
    };
    let mut time = changed + 3 * MINUTE;
    let session = Session::new(&mut random, &ids.tenant, person, time);
    let until = changed + random.between(2, 5) * HOUR;
    while time < until {
        let place = day.phone_place(person, time, &mut random);
        let hands = Hands { client: Arc::new(mail.clone()), device: None, place };
        let mut row = session.interactive(&mut random, time, apps::PHONE[0], &hands).with_code(50126);
        (row.stream, row.protocol) = (Stream::NonInteractive, "ropc");
        row.session = String::new();
        rows.push(row);
        time += random.between(90, 900) * SECOND;
    }
    let hands = Hands::native(phone, day.phone_place(person, time, &mut random));
    rows.push(session.interactive(&mut random, time, apps::PHONE[0], &hands));
}

/// A new phone in the evening, at home: mail is set up with the old one's help, the phone registers, the
/// Authenticator moves, and all is done within half an hour.
pub(super) fn new_phone(
    person: &Person,
    settings: &Settings,
    ids: &TenantIds,
    random: &Random,
    rows: &mut Vec<SignIn>,
    audits: &mut Vec<Audit>,
) {
    let mut random = random.child("phone", 0);
    let Some(old) = &person.phone else { return };
    let Some((day, begins)) = workday(person, settings, settings.days / 2, &mut random) else { return };
    let time = begins + 10 * HOUR + random.between(0, 90) * MINUTE;
    let device = Arc::new(Device {
        id: random.guid().to_string(),
        name: format!("iPhone-{:05}", 60_000 + person.number),
        trust: "Azure AD registered",
        compliant: Some(true),
        managed: Some(true),
    });
    let client = |agent: &str, kind| {
        let browser = if kind == "Browser" { "Mobile Safari 18.2" } else { "Rich Client 5.8.0" };
        Arc::new(Client { agent: agent.to_owned(), system: "Ios 18.2", browser: browser.to_owned(), kind })
    };
    let new = Machine {
        number: old.number,
        device: Some(Arc::clone(&device)),
        browser: client(
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_2 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.2 Mobile/15E148 Safari/604.1",
            "Browser",
        ),
        native: client("Outlook-iOS/2.0 (iPhone; iOS 18.2)", "Mobile Apps and Desktop clients"),
        joined: false,
    };
    // At home in the evening, in the household's network.
    let place = person.home.place(old.number, u64::from(day.number), &mut random);
    let session = Session::new(&mut random, &ids.tenant, person, time);
    let bare = Hands { device: None, ..Hands::native(&new, place.clone()) };
    rows.push(session.interactive(&mut random, time, apps::PHONE[0], &bare));
    let using = (apps::AUTHENTICATOR, apps::DEVICE_REGISTRATION, "openid profile");
    rows.push(session.interactive(&mut random, time + 4 * MINUTE, using, &bare));
    let registered = time + 5 * MINUTE;
    let agent = "Dsreg/10.0 (iOS 18.2)";
    audits.extend(register_device(&mut random, registered, &person.user, &place.address, &device, agent));
    let by = Initiator::User(Arc::clone(&person.user), place.address.clone());
    let when = time + 11 * MINUTE;
    let mut method = audit(&mut random, when, "User registered security info", by, vec![user_target(&person.user)]);
    method.reason = "User registered Authenticator App with Notification and Code";
    audits.push(method);
    // From then on it is the phone that the person carries.
    for row in rows.iter_mut().filter(|row| row.time > time && Arc::ptr_eq(&row.client, &old.native)) {
        row.client = Arc::clone(&new.native);
        row.device = new.device.clone();
        row.session.clone_from(&session.id);
    }
}

/// Once a week an administrator signs a command line on a server in, by a code that is typed at the desk.
pub(super) fn device_code(
    person: &Person,
    settings: &Settings,
    ids: &TenantIds,
    random: &Random,
    rows: &mut Vec<SignIn>,
) {
    let mut random = random.child("code", 0);
    for week in 0..settings.days.div_ceil(7) {
        let from = week * 7 + random.below(4) as u32;
        let Some((day, _)) = workday(person, settings, from, &mut random) else { continue };
        let Some(&time) = day.at_work(1, &mut random).first() else { continue };
        let mut session = Session::new(&mut random, &ids.tenant, person, time);
        session.transfer = "deviceCodeFlow";
        let desk = Hands::browser(&person.laptop, person.site().egress(&mut random));
        // What runs on the server has neither browser nor device.
        let server = Hands {
            client: Arc::new(Client {
                agent: "python-requests/2.32.3".to_owned(),
                system: "Linux",
                browser: "Python Requests 2.32".to_owned(),
                kind: "Mobile Apps and Desktop clients",
            }),
            device: None,
            place: person.site().egress(&mut random),
        };
        let mut code = session.interactive(&mut random, time, apps::COMMAND_LINE[0], &desk);
        code.protocol = "deviceCode";
        let mut confirm = session
            .interactive(&mut random, time - 15 * SECOND, apps::COMMAND_LINE[0], &desk)
            .continuing(&code)
            .with_code(50199);
        confirm.protocol = "deviceCode";
        rows.extend([confirm, code]);
        for later in 1..=random.between(2, 5) {
            let using = random.pick(&apps::COMMAND_LINE[..2]);
            let mut row = session.refresh(&mut random, time + later * 9 * MINUTE, using, &server, "refreshToken");
            row.roles = vec![apps::GLOBAL_ADMINISTRATOR.to_owned()];
            row.library = "Family: MSAL Library: MSAL.Python 1.31.0 Platform: Python";
            rows.push(row);
        }
    }
}
