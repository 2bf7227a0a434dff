//! A phished device code for Office, then a sign-in method of the intruder's own.

use std::sync::Arc;

use crate::generate::apps::{self, Use};
use crate::generate::directory::{audit, user_target};
use crate::generate::networks;
use crate::generate::record::{Client, Initiator};
use crate::generate::session::{Hands, Session};
use crate::generate::time::{HOUR, MINUTE, SECOND};

use super::{Kind, Scene};

const OFFICE: Use = (apps::OFFICE, apps::GRAPH, "Files.ReadWrite.All Mail.ReadWrite openid profile User.Read");
const METHODS: Use = (apps::MY_SIGNINS, apps::GRAPH, "UserAuthenticationMethod.ReadWrite");

pub(super) fn happen(scene: &mut Scene<'_>) {
    let late = scene.kind == Kind::DeviceCodeMethodLate;
    let (person, begins) = (scene.person, scene.morning);
    let random = &mut scene.random;
    let mut session = Session::new(random, &scene.tenant.ids.tenant, person, begins);
    session.transfer = "deviceCodeFlow";
    let own = Hands::browser(&person.laptop, person.site().egress(random));
    let place = if late { person.site().stranger(person.number, person.home.asn) } else { networks::rented(2, 9) };
    let client = Client {
        agent: if late { person.laptop.browser.agent.clone() } else { "node-fetch/3.3.2".to_owned() },
        system: if late { person.laptop.browser.system } else { "" },
        browser: "Rich Client".to_owned(),
        kind: "Mobile Apps and Desktop clients",
    };
    let thief = Hands { client: Arc::new(client), device: None, place };

    let mut redeemed = session.interactive(random, begins + 65 * SECOND, OFFICE, &thief);
    redeemed.protocol = "deviceCode";
    let mut typed = session.interactive(random, begins, OFFICE, &own).continuing(&redeemed).with_code(50199);
    typed.protocol = "deviceCode";
    let mut mail = Vec::new();
    for step in 1..6_i64 {
        let time = begins + step * if late { 6 * HOUR } else { 12 * MINUTE } + random.between(0, 90) * SECOND;
        let using = (apps::OFFICE, apps::EXCHANGE, "Mail.ReadWrite Mail.Send");
        mail.push(session.refresh(random, time, using, &thief, "refreshToken"));
    }
    let registers = begins + if late { 41 * HOUR } else { 100 * MINUTE };
    let page = session.refresh(random, registers - 2 * MINUTE, METHODS, &thief, "refreshToken");
    // The page of methods is opened through yet another rented machine.
    let address = if late { thief.place.address.clone() } else { networks::rented(9, 3).address };
    let by = Initiator::User(Arc::clone(&person.user), address);
    let mut registration =
        audit(random, registers, "User registered security info", by, vec![user_target(&person.user)]);
    registration.reason = "User registered Authenticator App with Notification and Code";

    scene.sign_in("code-typed", typed);
    scene.sign_in("code-redeemed", redeemed);
    for sign_in in mail {
        scene.sign_in("mail", sign_in);
    }
    scene.sign_in("methods-page", page);
    scene.audit("registration", registration);
}
