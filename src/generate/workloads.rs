//! Programs that sign in for themselves: service principals with a secret or certificate, and managed
//! identities.

use std::sync::Arc;

use crate::events::vocabulary::Stream;

use super::apps::{self, App};
use super::networks;
use super::random::Random;
use super::record::{Client, Principal, SignIn, User};
use super::session::{Hands, Session};
use super::time::{DAY, MINUTE};
use super::{Settings, TenantIds};

const PROGRAMS: [(&str, &str, App, i64); 6] = [
    ("backup-vault", "certificate", apps::STORAGE, 180),
    ("payroll-sync", "clientSecret", apps::GRAPH, 240),
    ("build-agent", "federatedIdentityCredential", apps::AZURE_MANAGEMENT, 95),
    ("vm-orders-prod", "managedIdentity", apps::KEY_VAULT, 120),
    ("func-invoices", "managedIdentity", apps::STORAGE, 150),
    ("mail-archive", "clientSecret", apps::EXCHANGE, 360),
];

/// Writes what the tenant's programs do. `every` stretches the time between two sign-ins.
pub(super) fn run(settings: &Settings, ids: &TenantIds, random: &Random, out: &mut Vec<SignIn>) {
    let every = (48 / i64::from(settings.pace.max(1))).max(1);
    for (number, (name, credential, resource, minutes)) in PROGRAMS.into_iter().enumerate() {
        let mut random = random.child("program", number as u64);
        let managed = credential == "managedIdentity";
        let principal = Arc::new(Principal {
            id: random.guid().to_string(),
            name: name.to_owned(),
            app: random.guid().to_string(),
            key: if managed { String::new() } else { random.guid().to_string() },
            credential,
        });
        let client = Client { agent: agent(credential).to_owned(), ..Client::default() };
        let hands = Hands { client: Arc::new(client), device: None, place: networks::cloud(number as u64) };
        let week = settings.start.div_euclid(DAY).unsigned_abs() << 32;
        let mut random = random.child("runs", week);
        let mut time = settings.start + random.between(1, minutes) * MINUTE;
        while time < settings.start + i64::from(settings.days) * DAY {
            out.push(sign_in(&mut random, ids, &principal, managed, resource, time, &hands));
            time += (minutes * every + random.between(-3, 3)) * MINUTE;
        }
    }
}

fn agent(credential: &str) -> &'static str {
    match credential {
        "clientSecret" => "python-requests/2.32.3",
        "certificate" => "azsdk-net-Identity/1.13.0 (.NET 8.0.10; Ubuntu 22.04)",
        "federatedIdentityCredential" => "azsdk-go-azidentity/v1.8.0 (go1.23.2; linux)",
        _ => "",
    }
}

fn sign_in(
    random: &mut Random,
    ids: &TenantIds,
    principal: &Arc<Principal>,
    managed: bool,
    resource: App,
    time: i64,
    hands: &Hands,
) -> SignIn {
    let nobody = Arc::new(User::default());
    let session = Session::of(random, &ids.tenant, &nobody, None, time);
    let mut sign_in = session.refresh(random, time, (App::default(), resource, ""), hands, "none");
    sign_in.stream = if managed { Stream::ManagedIdentity } else { Stream::ServicePrincipal };
    sign_in.session = String::new();
    sign_in.principal = Some(Arc::clone(principal));
    sign_in.multi_factor = false;
    sign_in.steps = Vec::new();
    sign_in.details = "";
    sign_in.roles = Vec::new();
    sign_in.audiences = Vec::new();
    if managed {
        // Entra does not say where a managed identity calls from.
        sign_in.place = super::record::Place::default();
    }
    if principal.credential == "clientSecret" && random.chance(1) {
        sign_in.code = 7_000_222;
    }
    sign_in
}
