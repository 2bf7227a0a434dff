//! The user signs in to Visual Studio Code by a link that came by mail and sends back the address with
//! the authorization code in it. The intruder redeems the code.

use std::sync::Arc;

use crate::generate::apps::{self, Use};
use crate::generate::networks;
use crate::generate::record::Client;
use crate::generate::session::{Hands, Session};
use crate::generate::time::{MINUTE, SECOND};

use super::Scene;

const CODE: Use = (apps::VS_CODE, apps::GRAPH, "openid profile offline_access .default");

pub(super) fn happen(scene: &mut Scene<'_>) {
    let (person, begins) = (scene.person, scene.morning);
    let random = &mut scene.random;
    let session = Session::new(random, &scene.tenant.ids.tenant, person, begins);
    let own = Hands::browser(&person.laptop, person.site().egress(random));
    let client = Client {
        agent: "python-requests/2.32.3".to_owned(),
        system: "",
        browser: "Python Requests 2.32".to_owned(),
        kind: "Mobile Apps and Desktop clients",
    };
    let thief = Hands { client: Arc::new(client), device: None, place: networks::rented(12, 8) };
    let authorized = session.interactive(random, begins, CODE, &own);
    let mut redeemed = session.refresh(random, begins + 4 * MINUTE, CODE, &thief, "none").continuing(&authorized);
    redeemed.protocol = "oAuth2";
    let reading: Vec<_> = (1..7)
        .map(|step| {
            let time = begins + 4 * MINUTE + step * 22 * MINUTE + random.between(0, 60) * SECOND;
            session.refresh(random, time, CODE, &thief, "refreshToken")
        })
        .collect();
    scene.sign_in("code-authorized", authorized);
    scene.sign_in("code-redeemed", redeemed);
    for sign_in in reading {
        scene.sign_in("graph-read", sign_in);
    }
}
