//! With an administrator's stolen session the intruder makes an account of their own Global Administrator and takes the demand
//! for a second factor out of force.

use std::sync::Arc;

use super::Scene;
use crate::generate::apps::{self, GLOBAL_ADMINISTRATOR, Use};
use crate::generate::directory::{audit, user_target};
use crate::generate::networks;
use crate::generate::people::DOMAIN;
use crate::generate::record::{Client, Initiator, Target, User};
use crate::generate::session::{Hands, Session};
use crate::generate::time::{MINUTE, SECOND};

const PORTAL: Use = (apps::AZURE_PORTAL, apps::GRAPH, "Directory.AccessAsUser.All openid profile User.Read");

pub(super) fn happen(scene: &mut Scene<'_>) {
    let (person, begins) = (scene.person, scene.morning);
    let random = &mut scene.random;
    let session = Session::new(random, &scene.tenant.ids.tenant, person, begins);
    let own = Hands::browser(&person.laptop, person.site().egress(random));
    let thief = Hands {
        client: Arc::new(Client {
            agent:
                "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36"
                    .to_owned(),
            system: "Linux",
            browser: "Chrome 141.0.0".to_owned(),
            kind: "Browser",
        }),
        device: None,
        place: networks::rented(15, 5),
    };
    let opened = session.single_sign_on(random, begins, PORTAL, &own).with_roles(&[GLOBAL_ADMINISTRATOR]);
    let mut stolen = Vec::new();
    for step in 0..4_i64 {
        let time = begins + 25 * MINUTE + step * 9 * MINUTE + random.between(0, 60) * SECOND;
        let mut row = session.refresh(random, time, PORTAL, &thief, "refreshToken").with_roles(&[GLOBAL_ADMINISTRATOR]);
        row.risk = "medium";
        row.risk_events = vec!["anomalousToken"];
        stolen.push(row);
    }
    let by = || Initiator::User(Arc::clone(&person.user), thief.place.address.clone());
    let account = User {
        id: random.guid().to_string(),
        name: format!("svc-backup2@{DOMAIN}"),
        display: "Backup".to_owned(),
        guest: false,
    };
    let created = audit(random, begins + 31 * MINUTE, "Add user", by(), vec![user_target(&account)]);
    let mut member = user_target(&account);
    member.changes = vec![
        ("Role.ObjectID", String::new(), random.guid().to_string()),
        ("Role.DisplayName", String::new(), "Global Administrator".to_owned()),
        ("Role.TemplateId", String::new(), GLOBAL_ADMINISTRATOR.to_owned()),
    ];
    let assigned = audit(random, begins + 33 * MINUTE, "Add member to role", by(), vec![member]);
    let policy = |state: &str| {
        format!(
            "{{\"displayName\":\"Require multifactor authentication for all users\",\"state\":\"{state}\",\"conditions\":{{\"users\":{{\"includeUsers\":[\"All\"]}},\"applications\":{{\"includeApplications\":[\"All\"]}}}},\"grantControls\":{{\"operator\":\"OR\",\"builtInControls\":[\"mfa\"]}}}}"
        )
    };
    let target = Target {
        kind: "Policy",
        id: random.guid().to_string(),
        name: "Require multifactor authentication for all users".to_owned(),
        user: String::new(),
        changes: vec![("ConditionalAccessPolicy", policy("enabled"), policy("enabledForReportingButNotEnforced"))],
    };
    let weakened = audit(random, begins + 41 * MINUTE, "Update conditional access policy", by(), vec![target]);
    scene.beside(opened);
    for row in stolen {
        scene.sign_in("portal", row);
    }
    scene.audit("account-added", created);
    scene.audit("role-assigned", assigned);
    scene.audit("policy-weakened", weakened);
}
