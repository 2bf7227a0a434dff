//! The user follows a link and consents to an application of the intruder's, which then reads the mailbox from
//! its own machines: no password was needed, and a new one ends nothing.

use std::sync::Arc;

use super::Scene;
use crate::generate::apps::{self, App, Use};
use crate::generate::directory::{audit, principal_target};
use crate::generate::networks;
use crate::generate::record::{Client, Initiator};
use crate::generate::session::{Hands, Session};
use crate::generate::time::{HOUR, MINUTE, SECOND};

const APP: App = apps::MAIL_UPGRADE;
const MAIL: Use = (APP, apps::GRAPH, "Mail.ReadWrite Mail.Send offline_access openid profile User.Read");

pub(super) fn happen(scene: &mut Scene<'_>) {
    let (person, begins) = (scene.person, scene.morning);
    let random = &mut scene.random;
    let session = Session::new(random, &scene.tenant.ids.tenant, person, begins);
    let place = person.site().egress(random);
    let own = Hands::browser(&person.laptop, place.clone());
    let client = Client {
        agent: "okhttp/4.12.0".to_owned(),
        system: "",
        browser: "Rich Client".to_owned(),
        kind: "Mobile Apps and Desktop clients",
    };
    let backend = Hands { client: Arc::new(client), device: None, place: networks::rented(8, 12) };
    let asked = session.single_sign_on(random, begins, MAIL, &own).with_code(65001);
    let agreed = session.single_sign_on(random, begins + 50 * SECOND, MAIL, &own).continuing(&asked);

    let principal = random.guid().to_string();
    let correlation = random.guid();
    let mut acts = Vec::new();
    for (operation, later) in
        [("Add service principal", 31), ("Add delegated permission grant", 32), ("Consent to application", 32)]
    {
        let by = Initiator::User(Arc::clone(&person.user), place.address.clone());
        let mut target = principal_target(&principal, APP.name);
        target.changes = match operation {
            "Add service principal" => vec![("AppId", String::new(), APP.id.to_owned())],
            "Add delegated permission grant" => vec![
                ("DelegatedPermissionGrant.Scope", String::new(), MAIL.2.to_owned()),
                ("DelegatedPermissionGrant.ConsentType", String::new(), "Principal".to_owned()),
            ],
            _ => vec![
                ("ConsentContext.IsAdminConsent", String::new(), "False".to_owned()),
                ("ConsentContext.OnBehalfOfAll", String::new(), "False".to_owned()),
                (
                    "ConsentAction.Permissions",
                    String::new(),
                    format!(
                        "[] => [[Id: , ClientId: {principal}, PrincipalId: {}, ResourceId: {}, ConsentType: Principal, Scope: {}, CreatedDateTime: , LastModifiedDateTime ]]; ",
                        person.user.id,
                        apps::GRAPH.id,
                        MAIL.2
                    ),
                ),
            ],
        };
        let mut event = audit(random, begins + later * SECOND, operation, by, vec![target]);
        event.correlation = correlation;
        event.details = vec![("User-Agent", person.laptop.browser.agent.clone()), ("AppId", APP.id.to_owned())];
        acts.push(event);
    }
    let tokens: Vec<_> = (0..9)
        .map(|step| {
            let time = begins + 3 * MINUTE + step * 5 * HOUR + random.between(0, 300) * SECOND;
            session.refresh(random, time, MAIL, &backend, "refreshToken")
        })
        .collect();
    scene.sign_in("consent-asked", asked);
    scene.sign_in("consent-given", agreed);
    for event in acts {
        scene.audit("consent", event);
    }
    for token in tokens {
        scene.sign_in("app-token", token);
    }
}
