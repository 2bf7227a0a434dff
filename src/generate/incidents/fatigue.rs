//! The password is known; the second factor is asked for again and again, until the user approves.

use std::sync::Arc;

use crate::generate::apps::{self, Use};
use crate::generate::directory::{audit, user_target};
use crate::generate::networks;
use crate::generate::record::{Client, Initiator};
use crate::generate::session::{Hands, Session};
use crate::generate::time::{MINUTE, SECOND};

use super::Scene;

const MAIL: Use = (apps::OUTLOOK_WEB, apps::EXCHANGE, "Mail.ReadWrite Mail.Send");

pub(super) fn happen(scene: &mut Scene<'_>) {
    let (person, begins) = (scene.person, scene.morning);
    let random = &mut scene.random;
    let client = Client {
        agent: "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/139.0.0.0 Safari/537.36".to_owned(),
        system: "Windows 10",
        browser: "Chrome 139.0.0".to_owned(),
        kind: "Browser",
    };
    let thief = Hands { client: Arc::new(client), device: None, place: networks::rented(10, 6) };
    let session = Session::new(random, &scene.tenant.ids.tenant, person, begins);
    let refused: Vec<_> = (0..9)
        .map(|step| {
            let time = begins + step * 150 * SECOND + random.between(0, 40) * SECOND;
            session.interactive(random, time, MAIL, &thief).with_code(500_121)
        })
        .collect();
    let approved = session.interactive(random, begins + 25 * MINUTE, MAIL, &thief);
    let read: Vec<_> = (1..6)
        .map(|step| session.refresh(random, begins + 25 * MINUTE + step * 18 * MINUTE, MAIL, &thief, "refreshToken"))
        .collect();
    let by = Initiator::User(Arc::clone(&person.user), thief.place.address.clone());
    let mut added =
        audit(random, begins + 33 * MINUTE, "User registered security info", by, vec![user_target(&person.user)]);
    added.reason = "User registered Authenticator App with Notification and Code";
    for sign_in in refused {
        scene.sign_in("second-factor-refused", sign_in);
    }
    scene.sign_in("second-factor-approved", approved);
    for sign_in in read {
        scene.sign_in("mail", sign_in);
    }
    scene.audit("registration", added);
}
