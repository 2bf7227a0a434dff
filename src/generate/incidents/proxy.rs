//! A reverse proxy stands between the user and Entra, passes password and second factor on, and keeps
//! the session cookie. The cookie is then replayed from another network.

use std::sync::Arc;

use crate::generate::apps::{self, Use};
use crate::generate::directory::{audit, user_target};
use crate::generate::networks;
use crate::generate::record::{Client, Initiator};
use crate::generate::session::{Hands, Session};
use crate::generate::time::{HOUR, MINUTE, SECOND};

use super::{Kind, Scene};

const HOME: Use = (apps::OFFICE_HOME, apps::GRAPH, "openid profile User.Read");
const METHODS: Use = (apps::MY_SIGNINS, apps::GRAPH, "UserAuthenticationMethod.ReadWrite");
const READ: [Use; 3] = [
    (apps::OUTLOOK_WEB, apps::EXCHANGE, "Mail.ReadWrite Mail.Send"),
    (apps::SHAREPOINT_WEB, apps::SHAREPOINT, "AllSites.Read"),
    (apps::OUTLOOK_WEB, apps::GRAPH, "Mail.Read"),
];

pub(super) fn happen(scene: &mut Scene<'_>) {
    let hides = scene.kind == Kind::ProxyReplaySameCountry;
    let (person, begins) = (scene.person, scene.morning);
    let random = &mut scene.random;
    let session = Session::new(random, &scene.tenant.ids.tenant, person, begins);
    let stranger = person.site().stranger(person.number, person.home.asn);
    let (front, elsewhere) =
        if hides { (stranger.clone(), stranger) } else { (networks::rented(3, 5), networks::away(3, random)) };
    // The proxy speaks for the user's browser, but the device does not come through.
    let proxy = Hands { client: Arc::clone(&person.laptop.browser), device: None, place: front };
    let client = if hides { Client::clone(&person.laptop.browser) } else { firefox() };
    let thief = Hands { client: Arc::new(client), device: None, place: elsewhere };

    let signed_in = session.interactive(random, begins + 50 * SECOND, HOME, &proxy);
    let asked = session.interactive(random, begins, HOME, &proxy).continuing(&signed_in).with_code(50074);
    let stays = session.interactive(random, begins + 30 * SECOND, HOME, &proxy).continuing(&signed_in).with_code(50140);

    let replays = begins + if hides { 3 * HOUR } else { 6 * MINUTE };
    let mut replayed = vec![session.interactive(random, replays, HOME, &thief)];
    for step in 0..7_i64 {
        let time =
            replays + MINUTE + step * if hides { 5 * HOUR } else { 17 * MINUTE } + random.between(0, 90) * SECOND;
        let using = random.pick(&READ);
        let mut sign_in = session.refresh(random, time, using, &thief, "refreshToken");
        if !hides {
            sign_in.risk = "high";
            sign_in.risk_events = vec!["anomalousToken", "unfamiliarFeatures"];
        }
        replayed.push(sign_in);
    }
    let page = session.refresh(random, replays + 9 * MINUTE, METHODS, &thief, "refreshToken");
    let by = Initiator::User(Arc::clone(&person.user), thief.place.address.clone());
    let mut added =
        audit(random, replays + 11 * MINUTE, "User registered security info", by, vec![user_target(&person.user)]);
    added.reason = "User registered Authenticator App with Notification and Code";

    for sign_in in [asked, stays] {
        scene.sign_in("asked-by-proxy", sign_in);
    }
    scene.sign_in("signed-in-through-proxy", signed_in);
    for sign_in in replayed {
        scene.sign_in("replayed", sign_in);
    }
    scene.sign_in("methods-page", page);
    scene.audit("registration", added);
}

fn firefox() -> Client {
    Client {
        agent: "Mozilla/5.0 (X11; Linux x86_64; rv:143.0) Gecko/20100101 Firefox/143.0".to_owned(),
        system: "Linux",
        browser: "Firefox 143.0".to_owned(),
        kind: "Browser",
    }
}
