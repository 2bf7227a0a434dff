//! What people and programs do with what they signed in to: mailboxes, files, Teams, calls of Graph,
//! and what Identity Protection makes of their sign-ins.
//!
//! Acts follow from sign-ins: each carries the session, token, address and client of the sign-in before
//! it. One matter a file, as a table of deeds and how often each is done.

mod calls;
mod files;
mod mailbox;
pub(super) mod risk;
mod teams;

use crate::order::{Map, Set};

use super::Tenant;
use super::apps::{EXCHANGE, GRAPH, ONEDRIVE, SHAREPOINT, TEAMS_SERVICE};
use super::random::Random;
use super::record::{Act, SignIn, User};
use super::time::SECOND;
use crate::order::Gather;

/// Workload of calls of Graph.
pub(super) const CALLS: &str = "Graph";

/// Something that can be done. Words in braces are filled in: `{me}` is who does it, `{drive}` their
/// OneDrive, all others are drawn from lists.
#[derive(Clone, Copy)]
pub(super) struct Deed {
    pub(super) workload: &'static str,
    operation: &'static str,
    object: &'static str,
    owner: &'static str,
    count: u32,
    parameters: &'static [(&'static str, &'static str)],
}

/// A deed of a service.
pub(super) const fn deed(workload: &'static str, operation: &'static str, object: &'static str) -> Deed {
    Deed { workload, operation, object, owner: "", count: 0, parameters: &[] }
}

/// A call of Graph that is answered with 200.
pub(super) const fn call(method: &'static str, address: &'static str) -> Deed {
    deed(CALLS, method, address).count(200)
}

/// A deed in one's own mailbox.
pub(super) const fn mail(operation: &'static str, object: &'static str) -> Deed {
    Deed { owner: "{me}", ..deed("Exchange", operation, object) }
}

/// A change of one's own mailbox's settings.
pub(super) const fn setting(operation: &'static str, object: &'static str) -> Deed {
    deed("Exchange", operation, object)
}

impl Deed {
    pub(super) const fn count(self, count: u32) -> Self {
        Self { count, ..self }
    }

    pub(super) const fn with(self, parameters: &'static [(&'static str, &'static str)]) -> Self {
        Self { parameters, ..self }
    }

    const fn of(self, owner: &'static str) -> Self {
        Self { owner, ..self }
    }
}

/// What an act is done with: a sign-in's token.
pub(super) fn act(random: &mut Random, sign_in: &SignIn, time: i64, deed: &Deed) -> Act {
    let id = random.guid();
    let fill = |text| fill(text, id.to_u128() as u64, &sign_in.user);
    Act {
        time: if deed.workload == CALLS { time } else { time.div_euclid(SECOND) * SECOND },
        id,
        workload: deed.workload,
        operation: deed.operation,
        object: fill(deed.object),
        owner: fill(deed.owner),
        count: deed.count,
        parameters: deed.parameters.iter().map(|(name, value)| (*name, fill(value))).collect(),
        token: Some(sign_in.id),
        session: sign_in.session.clone(),
        user: sign_in.user.clone(),
        principal: sign_in.principal.clone(),
        app: sign_in.app,
        place: sign_in.place.clone(),
        client: sign_in.client.clone(),
        device: sign_in.device.clone(),
        scopes: sign_in.scopes,
    }
}

/// How often something is done: its share in a thousand, and how many times at most in a row.
type Habit = (u64, u64, Deed);

/// Lets people and programs live on what they signed in to. `settings.acts` is how many acts there are for
/// a hundred sign-ins, about.
pub(super) fn follow(per_hundred: u32, random: &Random, tenant: &mut Tenant) {
    let labelled: Set<&str> = tenant.labels.iter().map(|label| label.event.as_str()).gather();
    let mut resets: Map<&str, Vec<i64>> = Map::new();
    for row in tenant.audits.iter().filter(|row| row.operation == "Reset user password") {
        let person = row.targets.first().map_or("", |target| target.id.as_str());
        resets.entry(person).or_default().push(row.time);
    }
    let (mut acts, mut risks) = (Vec::new(), Vec::new());
    for row in tenant.sign_ins.iter().filter(|row| !labelled.contains(row.id.to_string().as_str())) {
        let mut random = random.child("acts", row.id.to_u128() as u64);
        risks.extend(risk::noise(&mut random, row, per_hundred));
        let habits = if row.code == 0 { habits(row) } else { &[] };
        if habits.is_empty() || !random.chance(u64::from(per_hundred.min(100)) / 2) {
            continue;
        }
        let mut drawn = random.below(1_000);
        let chosen = habits.iter().find(|(share, ..)| {
            let here = drawn < *share;
            drawn = drawn.saturating_sub(*share);
            here
        });
        let Some((_, most, deed)) = chosen else { continue };
        let mut time = row.time + random.between(4, 40 * 60) * SECOND;
        for _ in 0..=random.below(*most) {
            let moment = time + random.between(0, SECOND - 1);
            let reset = resets
                .get(row.user.id.as_str())
                .is_some_and(|all| all.iter().any(|at| (row.time..moment).contains(at)));
            if reset {
                // The services are told at once, and refuse the token.
                break;
            }
            let mut done = act(&mut random, row, moment, deed);
            if random.chance(4) {
                // Records of what runs in the background name no token.
                done.session.clear();
                done.token = None;
            }
            if deed.workload == CALLS && random.chance(3) {
                done.count = random.pick(&[404, 429, 403]);
            }
            acts.push(done);
            time += random.between(1, 9) * SECOND;
        }
    }
    tenant.acts.append(&mut acts);
    tenant.risks.append(&mut risks);
}

fn habits(row: &SignIn) -> &'static [Habit] {
    match row.resource {
        GRAPH => calls::habits(row),
        _ if row.principal.is_some() || row.user.name.starts_with("room-") => &[],
        EXCHANGE => mailbox::habits(row),
        SHAREPOINT if row.app == ONEDRIVE => files::SYNC,
        SHAREPOINT => files::SITES,
        TEAMS_SERVICE => teams::HABITS,
        _ => &[],
    }
}

/// Lists that words in braces are drawn from.
const WORDS: [(&str, &[&str]); 8] = [
    (
        "topic",
        &["Budget", "Offer", "Minutes", "Roadmap", "Price list", "Draft", "Travel report", "Inventory", "Forecast"],
    ),
    ("type", &["docx", "xlsx", "pptx", "pdf"]),
    ("folder", &["Projects", "Newsletters", "Customers", "Travel", "Suppliers"]),
    ("sender", &["news@example.com", "tickets@example.com", "offers@example.org", "calendar@example.net"]),
    ("shared", &["info@contoso.example", "orders@contoso.example", "reception@contoso.example"]),
    ("colleague", &["a.assistant@contoso.example", "deputy@contoso.example", "office@contoso.example"]),
    ("team", &["Sales", "Engineering", "Marketing", "Facilities", "Company news"]),
    ("site", &["Sales", "Engineering", "Marketing", "Facilities"]),
];

/// A text with the words in braces filled in: within an act the same word gives the same text.
fn fill(text: &str, seed: u64, user: &User) -> String {
    let mut filled = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        filled.push_str(before);
        let word = after.split_once('}').filter(|(name, _)| name.bytes().all(|byte| byte.is_ascii_lowercase()));
        let Some((name, after)) = word else {
            filled.push('{');
            rest = after;
            continue;
        };
        let mut random = Random::new(seed).child(name, 0);
        match WORDS.iter().find(|(known, _)| *known == name) {
            Some((_, words)) => filled.push_str(random.pick(words)),
            None if name == "me" => filled.push_str(&user.name),
            None if name == "drive" => {
                filled.extend(user.name.chars().map(|c| if c.is_alphanumeric() { c } else { '_' }))
            }
            None => filled.push_str(&random.below(900).to_string()),
        }
        rest = after;
    }
    filled + rest
}
