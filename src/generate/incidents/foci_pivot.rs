//! A refresh token of the client family is stolen from a laptop and redeemed for Azure.

use std::sync::Arc;

use crate::generate::apps::{self, Use};
use crate::generate::networks;
use crate::generate::record::Client;
use crate::generate::session::{Hands, Session};
use crate::generate::time::{DAY, HOUR, MINUTE, SECOND};

use super::{Kind, Scene};

const CLI: Use = (apps::AZURE_CLI, apps::AZURE_MANAGEMENT, "user_impersonation");
const CLI_GRAPH: Use = (apps::AZURE_CLI, apps::GRAPH, "AuditLog.Read.All Directory.AccessAsUser.All");
const POWERSHELL: Use = (apps::AZURE_POWERSHELL, apps::AZURE_MANAGEMENT, "user_impersonation");
const MANAGEMENT: Use = (apps::OFFICE_MANAGEMENT, apps::EXCHANGE, "full_access_as_user");

pub(super) fn happen(scene: &mut Scene<'_>) {
    let hides = scene.kind == Kind::FociPivotSameCountry;
    let (person, morning) = (scene.person, scene.morning);
    let random = &mut scene.random;
    let session = Session::new(random, &scene.tenant.ids.tenant, person, morning);
    let at_home = person.home.place(person.laptop.number, morning.unsigned_abs() / DAY.unsigned_abs(), random);
    let own = Hands::native(&person.laptop, at_home);
    let signed_in = session.interactive(random, morning, apps::DESK[0], &own);
    let refreshes: Vec<_> = (1..6)
        .map(|part| {
            let using = random.pick(&apps::DESK);
            let time = morning + part * 47 * MINUTE + random.between(0, 600) * SECOND;
            session.refresh(random, time, using, &own, "refreshToken")
        })
        .collect();
    // Malware on the laptop took the token; whoever bought it redeems it elsewhere.
    let thief = if hides {
        Hands {
            client: Arc::clone(&person.laptop.browser),
            device: None,
            place: person.site().stranger(person.number, person.home.asn),
        }
    } else {
        let client = Client {
            agent: "python-requests/2.31.0".to_owned(),
            system: "",
            browser: "Python Requests 2.31".to_owned(),
            kind: "Mobile Apps and Desktop clients",
        };
        Hands { client: Arc::new(client), device: None, place: networks::rented(1, 4) }
    };
    let begins = if hides { morning + 2 * DAY + 5 * HOUR } else { morning + 11 * MINUTE + 23 * SECOND };
    let mut stolen = Vec::new();
    let plan: &[(i64, Use, u32)] = if hides {
        &[(0, CLI, 65001), (3, CLI, 0)]
    } else {
        &[
            (0, CLI, 0),
            (2, CLI_GRAPH, 0),
            (9, POWERSHELL, 0),
            (24, MANAGEMENT, 0),
            (71, CLI, 0),
            (140, CLI_GRAPH, 0),
            (190, CLI, 50173),
        ]
    };
    for (minutes, using, code) in plan {
        let mut sign_in =
            session.refresh(random, begins + minutes * MINUTE, *using, &thief, "refreshToken").with_code(*code);
        if !hides {
            sign_in.risk = "medium";
            sign_in.risk_events = vec!["anomalousToken"];
            sign_in.library = "Family: MSAL Library: MSAL.Python 1.20.0 Platform: Python";
        }
        stolen.push(sign_in);
    }
    scene.sign_in("owner-sign-in", signed_in);
    for refresh in refreshes {
        scene.beside(refresh);
    }
    for sign_in in stolen {
        scene.sign_in(if sign_in.code == 0 { "redeemed-by-tool" } else { "refused" }, sign_in);
    }
}
