//! With a session of somebody who owns an application, the intruder adds a secret to it. Nobody has used the
//! application for long, and it may read every mailbox: that was granted before the log begins.

use std::sync::Arc;

use super::Scene;
use crate::events::vocabulary::Stream;
use crate::generate::apps::{self, App, Use};
use crate::generate::directory::{audit, principal_target};
use crate::generate::networks;
use crate::generate::record::{Client, Initiator, Principal, User};
use crate::generate::session::{Hands, Session};
use crate::generate::time::{HOUR, MINUTE, SECOND};

const PORTAL: Use = (apps::AZURE_PORTAL, apps::GRAPH, "Application.ReadWrite.All openid profile User.Read");
const NAME: &str = "legacy-reporting";

pub(super) fn happen(scene: &mut Scene<'_>) {
    let (person, begins) = (scene.person, scene.morning);
    let random = &mut scene.random;
    let tenant = scene.tenant.ids.tenant.clone();
    let session = Session::new(random, &tenant, person, begins);
    let own = Hands::browser(&person.laptop, person.site().egress(random));
    let thief = Hands {
        client: Arc::new(Client {
            agent: "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:144.0) Gecko/20100101 Firefox/144.0".to_owned(),
            system: "Windows 10",
            browser: "Firefox 144.0".to_owned(),
            kind: "Browser",
        }),
        device: None,
        place: networks::rented(13, 2),
    };
    let opened = session.single_sign_on(random, begins, apps::WEB[0], &own);
    let portal: Vec<_> = (0..3)
        .map(|step| session.refresh(random, begins + 20 * MINUTE + step * 4 * MINUTE, PORTAL, &thief, "refreshToken"))
        .collect();

    let (principal, app, key) = (random.guid().to_string(), random.guid().to_string(), random.guid().to_string());
    let by = || Initiator::User(Arc::clone(&person.user), thief.place.address.clone());
    let mut added = Vec::new();
    for operation in
        ["Update application \u{2013} Certificates and secrets management ", "Add service principal credentials"]
    {
        let mut target = principal_target(&principal, NAME);
        target.changes = vec![(
            "KeyDescription",
            "[]".to_owned(),
            format!("[\"[KeyIdentifier={key},KeyType=Password,KeyUsage=Verify,DisplayName=backup]\"]"),
        )];
        added.push(audit(random, begins + 26 * MINUTE, operation, by(), vec![target]));
    }
    let identity = Arc::new(Principal { id: principal, name: NAME.to_owned(), app, key, credential: "clientSecret" });
    let nobody = Arc::new(User::default());
    let machine = Hands {
        client: Arc::new(Client { agent: "python-requests/2.32.3".to_owned(), ..Client::default() }),
        device: None,
        place: networks::rented(13, 3),
    };
    let signed_in: Vec<_> = (0..6)
        .map(|step| {
            let time = begins + 31 * MINUTE + step * 3 * HOUR + random.between(0, 200) * SECOND;
            let session = Session::of(random, &tenant, &nobody, None, time);
            let mut row = session.refresh(random, time, (App::default(), apps::GRAPH, ""), &machine, "none");
            row.stream = Stream::ServicePrincipal;
            row.session = String::new();
            row.principal = Some(Arc::clone(&identity));
            row.multi_factor = false;
            row.details = "";
            row.audiences = Vec::new();
            row
        })
        .collect();
    scene.beside(opened);
    for sign_in in portal {
        scene.sign_in("portal", sign_in);
    }
    for event in added {
        scene.audit("credential-added", event);
    }
    for row in signed_in {
        scene.sign_in("app-sign-in", row);
    }
}
