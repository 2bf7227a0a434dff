//! Malware on the laptop uses its tokens on the spot: the network is the user's own, the program is not.

use std::sync::Arc;

use crate::generate::apps::{self, Use};
use crate::generate::record::Client;
use crate::generate::session::{Hands, Session};
use crate::generate::time::{DAY, MINUTE, SECOND};

use super::Scene;

const READ: [Use; 2] = [
    (apps::OFFICE, apps::GRAPH, "Mail.Read Files.Read.All"),
    (apps::AZURE_CLI, apps::GRAPH, "Directory.AccessAsUser.All"),
];

pub(super) fn happen(scene: &mut Scene<'_>) {
    let (person, begins) = (scene.person, scene.morning);
    let random = &mut scene.random;
    let session = Session::new(random, &scene.tenant.ids.tenant, person, begins);
    let home = person.home.place(person.laptop.number, begins.unsigned_abs() / DAY.unsigned_abs(), random);
    let own = Hands::native(&person.laptop, home.clone());
    let client = Client {
        agent: "Go-http-client/2.0".to_owned(),
        system: "",
        browser: "Rich Client".to_owned(),
        kind: "Mobile Apps and Desktop clients",
    };
    let malware = Hands { client: Arc::new(client), device: None, place: home };
    let signed_in = session.interactive(random, begins, apps::DESK[0], &own);
    let used: Vec<_> = (0..6)
        .map(|step| {
            let using = random.pick(&READ);
            let time = begins + 31 * MINUTE + step * 37 * MINUTE + random.between(0, 60) * SECOND;
            session.refresh(random, time, using, &malware, "refreshToken")
        })
        .collect();
    scene.sign_in("owner-sign-in", signed_in);
    for sign_in in used {
        scene.sign_in("used-by-malware", sign_in);
    }
}
