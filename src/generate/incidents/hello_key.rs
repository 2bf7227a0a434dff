//! A Windows Hello key leaves the laptop it was made on. Whoever has it asks for primary refresh tokens
//! of that device, while the user works with the same device.

use std::sync::Arc;

use crate::generate::apps::{self, Use};
use crate::generate::networks;
use crate::generate::record::{Client, SignIn, Step};
use crate::generate::session::{Hands, Session};
use crate::generate::time::{HOUR, MINUTE, SECOND};

use super::Scene;

const HELLO: Step = Step {
    method: "Windows Hello for Business",
    detail: "",
    succeeded: true,
    result: "MFA requirement satisfied by strong authentication",
    requirement: "Primary authentication",
};
const READ: [Use; 3] = [
    (apps::OFFICE, apps::GRAPH, "Mail.Read Files.Read.All"),
    (apps::TEAMS, apps::GRAPH, "Chat.Read User.Read"),
    (apps::OFFICE, apps::EXCHANGE, "Mail.ReadWrite"),
];

pub(super) fn happen(scene: &mut Scene<'_>) {
    let (person, begins) = (scene.person, scene.morning);
    let random = &mut scene.random;
    let tenant = &scene.tenant.ids.tenant;
    let (mine, theirs) =
        (Session::new(random, tenant, person, begins), Session::new(random, tenant, person, begins + HOUR));
    let own = Hands::native(&person.laptop, person.site().egress(random));
    let client = Client {
        agent: "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0".to_owned(),
        system: "Windows 10",
        browser: "Edge 140.0.0".to_owned(),
        kind: "Mobile Apps and Desktop clients",
    };
    let thief = Hands { client: Arc::new(client), device: person.laptop.device.clone(), place: networks::rented(6, 1) };
    let by_hello = |mut sign_in: SignIn| {
        sign_in.steps = vec![HELLO];
        sign_in
    };
    let mut at_desk = vec![by_hello(mine.single_sign_on(random, begins, READ[0], &own))];
    let mut abroad = vec![by_hello(theirs.single_sign_on(random, begins + HOUR, READ[0], &thief))];
    for step in 1..8_i64 {
        let mut time = |first: i64| first + step * 35 * MINUTE + random.between(0, 300) * SECOND;
        let times = (time(begins), time(begins + HOUR));
        let (left, right) = (random.pick(&apps::DESK), random.pick(&READ));
        at_desk.push(mine.refresh(random, times.0, left, &own, "primaryRefreshToken"));
        if step % 3 == 0 {
            // A page that is opened shows the key, too.
            at_desk.push(by_hello(mine.single_sign_on(random, times.0 + 5 * MINUTE, left, &own)));
            let mut sign_in = by_hello(theirs.single_sign_on(random, times.1 + 5 * MINUTE, right, &thief));
            sign_in.protection = "unbound";
            abroad.push(sign_in);
        }
        let mut sign_in = theirs.refresh(random, times.1, right, &thief, "primaryRefreshToken");
        sign_in.protection = "unbound";
        abroad.push(sign_in);
    }
    for sign_in in at_desk {
        scene.beside(sign_in);
    }
    for sign_in in abroad {
        scene.sign_in("key-used", sign_in);
    }
}
