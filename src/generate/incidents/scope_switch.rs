//! A family token, stolen from a laptop, is redeemed for Azure AD Graph by a tool that copies the
//! directory: the application may be one that the user has, the scope is not.

use std::sync::Arc;

use crate::generate::apps::{self, App, Use};
use crate::generate::networks;
use crate::generate::record::Client;
use crate::generate::session::{Hands, Session};
use crate::generate::time::{MINUTE, SECOND};

use super::Scene;

const VISUAL_STUDIO: App = App { id: "872cd9fa-d31f-45e0-9eab-6e460a02d1f1", name: "Visual Studio - Legacy" };
const DIRECTORY: Use = (VISUAL_STUDIO, apps::AAD_GRAPH, "user_impersonation .default");

pub(super) fn happen(scene: &mut Scene<'_>) {
    let (person, begins) = (scene.person, scene.morning);
    let random = &mut scene.random;
    let session = Session::new(random, &scene.tenant.ids.tenant, person, begins);
    let own = Hands::native(&person.laptop, person.site().egress(random));
    let client = Client {
        agent: "Python/3.12 aiohttp/3.10.5".to_owned(),
        system: "",
        browser: "Python aiohttp".to_owned(),
        kind: "Mobile Apps and Desktop clients",
    };
    let thief = Hands { client: Arc::new(client), device: None, place: networks::rented(5, 11) };
    let signed_in = session.interactive(random, begins, apps::DESK[0], &own);
    let refreshed = session.refresh(random, begins + 20 * MINUTE, apps::DESK[2], &own, "refreshToken");
    let gathered: Vec<_> = (0..4)
        .map(|step| {
            let time = begins + 26 * MINUTE + step * 31 * MINUTE + random.between(0, 50) * SECOND;
            session.refresh(random, time, DIRECTORY, &thief, "refreshToken")
        })
        .collect();
    scene.sign_in("owner-sign-in", signed_in);
    scene.beside(refreshed);
    for sign_in in gathered {
        scene.sign_in("directory-read", sign_in);
    }
}
