//! One password is tried for many people through the password grant, which asks for no second factor;
//! for one of them it is right.

use std::sync::Arc;

use crate::generate::apps::{self, App, Use};
use crate::generate::networks;
use crate::generate::people::Role;
use crate::generate::record::{Client, SignIn};
use crate::generate::session::{Hands, PASSWORD, Session};
use crate::generate::time::{MINUTE, SECOND};

use super::Scene;

const POWERSHELL: App = App { id: "1b730954-1685-4b74-9bfd-dac224a7b894", name: "Azure Active Directory PowerShell" };
const GUESS: Use = (POWERSHELL, apps::AAD_GRAPH, "user_impersonation");
const MAIL: Use = (apps::OFFICE, apps::EXCHANGE, "Mail.ReadWrite");

pub(super) fn happen(scene: &mut Scene<'_>) {
    let (person, begins) = (scene.person, scene.morning);
    let random = &mut scene.random;
    let tenant = scene.tenant.ids.tenant.clone();
    let client = Client {
        agent: "BAV2ROPC".to_owned(),
        system: "",
        browser: "Rich Client 4.39.0.0".to_owned(),
        kind: "Other clients",
    };
    let rented = Hands { client: Arc::new(client), device: None, place: networks::rented(14, 4) };
    let guess = |random: &mut _, session: &Session, time: i64| {
        let mut sign_in = session.interactive(random, time, GUESS, &rented);
        sign_in.protocol = "ropc";
        sign_in.multi_factor = false;
        sign_in.steps = vec![PASSWORD];
        sign_in.details = "";
        sign_in
    };
    let others: Vec<_> = scene
        .people
        .iter()
        .filter(|other| other.number != person.number && !matches!(other.role, Role::Room | Role::Guest))
        .take(24)
        .collect();
    let mut wrong: Vec<SignIn> = Vec::new();
    for (place, other) in others.iter().enumerate() {
        let time = begins + place as i64 * 40 * SECOND + random.between(0, 20) * SECOND;
        let mut session = Session::new(random, &tenant, other, time);
        session.id.clear();
        wrong.push(guess(random, &session, time).with_code(50126));
    }
    let session = Session::new(random, &tenant, person, begins + 17 * MINUTE);
    let right = guess(random, &session, begins + 17 * MINUTE);
    let read: Vec<_> = (0..6)
        .map(|step| {
            let time = begins + 19 * MINUTE + step * 23 * MINUTE + random.between(0, 60) * SECOND;
            session.refresh(random, time, MAIL, &rented, "refreshToken")
        })
        .collect();
    for sign_in in wrong {
        scene.sign_in("guessed-wrong", sign_in);
    }
    scene.sign_in("guessed-right", right);
    for sign_in in read {
        scene.sign_in("mail", sign_in);
    }
}
