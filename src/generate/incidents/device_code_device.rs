//! A phished device code for the broker, a device registered with it, and the primary refresh token
//! of that device.

use std::sync::Arc;

use crate::generate::apps::{self, Use};
use crate::generate::directory::{audit, register_device, user_target};
use crate::generate::networks;
use crate::generate::record::{Client, Device, Initiator};
use crate::generate::session::{Hands, Session};
use crate::generate::time::{DAY, HOUR, MINUTE, SECOND};

use super::{Kind, Scene};

const BROKER: Use = (apps::BROKER, apps::DEVICE_REGISTRATION, "adrs_access openid profile");
const READ: [Use; 4] = [
    (apps::OUTLOOK_WEB, apps::EXCHANGE, "Mail.ReadWrite"),
    (apps::OFFICE, apps::GRAPH, "Mail.Read Files.Read.All"),
    (apps::SHAREPOINT_WEB, apps::SHAREPOINT, "AllSites.Read"),
    (apps::TEAMS_WEB, apps::TEAMS_SERVICE, "user_impersonation"),
];

pub(super) fn happen(scene: &mut Scene<'_>) {
    let quiet = scene.kind == Kind::DeviceCodeDeviceQuiet;
    let (person, begins) = (scene.person, scene.morning);
    let random = &mut scene.random;
    let mut session = Session::new(random, &scene.tenant.ids.tenant, person, begins);
    session.transfer = "deviceCodeFlow";
    session.protection = "unbound";
    // The person types the code that came by mail, on their own laptop.
    let office = person.site().egress(random);
    let own = Hands::browser(&person.laptop, office);
    let (place, elsewhere) = if quiet {
        let place = person.site().stranger(person.number, person.home.asn);
        (place.clone(), place)
    } else {
        (networks::rented(4, 7), networks::rented(7, 2))
    };
    let poller = Hands { client: Arc::new(client(quiet)), device: None, place };

    let mut redeemed = session.interactive(random, begins + 40 * SECOND, BROKER, &poller);
    redeemed.protocol = if quiet { "none" } else { "deviceCode" };
    redeemed.audiences = vec![apps::BROKER.id, apps::DEVICE_REGISTRATION.id];
    let mut typed = session.interactive(random, begins, BROKER, &own).continuing(&redeemed).with_code(50199);
    typed.protocol = redeemed.protocol;
    let registering = session.refresh(random, begins + 3 * MINUTE, BROKER, &poller, "refreshToken");

    let device = Arc::new(Device {
        id: random.guid().to_string(),
        name: format!("DESKTOP-{}", random.guid().to_string().get(..7).unwrap_or_default().to_uppercase()),
        trust: "Azure AD joined",
        compliant: Some(false),
        managed: Some(false),
    });
    let joins = begins + 3 * MINUTE + 20 * SECOND;
    let address = if quiet { "" } else { &elsewhere.address };
    let mut registrations =
        register_device(random, joins, &person.user, address, &device, "Dsreg/10.0 (Windows 10.0.19041.928)");
    let key = Initiator::User(Arc::clone(&person.user), address.to_owned());
    registrations.push(audit(
        random,
        joins + 6 * MINUTE,
        "Add Windows Hello for Business credential",
        key,
        vec![user_target(&person.user)],
    ));

    let joined = Hands { client: Arc::clone(&poller.client), device: Some(device), place: elsewhere };
    let mut reading = Vec::new();
    for step in 0..9_i64 {
        let pause = if quiet { step * 7 * HOUR } else { step * 26 * MINUTE };
        let time = begins + 14 * MINUTE + pause + random.between(0, 240) * SECOND;
        let using = random.pick(&READ);
        let mut sign_in = session.refresh(random, time.min(begins + 2 * DAY), using, &joined, "primaryRefreshToken");
        if !quiet {
            sign_in.risk = "high";
            sign_in.risk_events = vec!["anomalousToken", "attemptedPrtAccess"];
        }
        reading.push(sign_in);
    }
    scene.sign_in("code-typed", typed);
    scene.sign_in("code-redeemed", redeemed);
    scene.sign_in("device-token", registering);
    for audit in registrations {
        scene.audit("registration", audit);
    }
    for sign_in in reading {
        scene.sign_in("primary-refresh-token", sign_in);
    }
}

fn client(quiet: bool) -> Client {
    if quiet {
        Client {
            agent: "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36 Edg/142.0.0.0".to_owned(),
            system: "Windows 10",
            browser: "Edge 142.0.0".to_owned(),
            kind: "Browser",
        }
    } else {
        Client {
            agent: "axios/1.7.7".to_owned(),
            system: "",
            browser: "Rich Client".to_owned(),
            kind: "Mobile Apps and Desktop clients",
        }
    }
}
