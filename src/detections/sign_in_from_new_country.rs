//! A sign-in from a country where neither the user nor hardly anybody else of the tenant had been.
//!
//! # What it looks for
//! The first success of a user from a country, or the first time that the right password is given there,
//! when at most `percent` of the tenant's users succeed from that country. One finding a session.
//!
//! # Why it matters
//! Whoever buys a password or token is seldom in the country of its owner. Alone it is weak: people travel.
//! A change of roles, consents or policies by the user within `follow-minutes` makes it stronger.
//!
//! # Evidence it needs
//! User sign-ins with country and result, and at least three days of the user's history.
//!
//! # Benign causes
//! * Travel.
//! * A private VPN, or a phone that roams and is routed through its home country.
//!
//! # Tuning
//! `percent` of the tenant's users, beside this one, who may succeed from the country; `follow-minutes` for an act in the directory after it.
//!
//! # What to ask
//! * Was the user in that country at that time?
//!
//! # What to do
//! * Compare with the user's other sessions of the same hours: nobody is in two countries.
//! * Look at what the session did, first of all at rules, methods and consents.
//!
//! # References
//! * ATT&CK T1078.004
//! * Microsoft Sentinel, Authentication attempt from new country
//! * Bert-JanP, Successful sign-in from new country

use crate::order::Set;

use serde_json::json;

use crate::events::field::Field;
use crate::events::{SignIn, Store};
use crate::sessions::{EventRef, HISTORY_DAYS, View};
use crate::tenant::Thing;
use crate::tenant::firsts::country_key;

use super::evidence::{duration, moment, place, who};
use super::places::outside;
use super::single::{DAY, Told, did, finding, worst};
use super::{Ask, Confidence, Detection, Evidence, Finding, Group, Records, Severity, Tunable, Tuning};

const ID: &str = "sign-in-from-new-country";

pub(super) static DETECTION: Detection = Detection {
    id: ID,
    title: "Sign-in from a country new to user and tenant",
    group: Group::Network,
    records: &[Records::UserSignIns],
    helped_by: &[(Records::Audits, "an act in the directory right after the sign-in makes it stronger")],
    needs: &[&[Field::Country], &[Field::Result]],
    wants: &[Field::Address, Field::Asn],
    history_days: HISTORY_DAYS,
    tunables: &[
        Tunable::number("percent", "1", "per cent of the tenant's other users who may succeed from the country"),
        Tunable::number("follow-minutes", "60", "minutes within which an act in the directory counts, inclusive"),
    ],
    prepare,
    kql: include_str!("sign_in_from_new_country.kql"),
    file: "sign_in_from_new_country",
};

/// How operations begin that change what others can do, in lower case.
const ACTS: [&str; 10] = [
    "add member to role",
    "add eligible member to role",
    "consent to application",
    "add application",
    "add service principal",
    "update application",
    "add owner to",
    "delete conditional access policy",
    "update conditional access policy",
    "set domain authentication",
];

fn prepare<'a>(_: &'a Store, tuning: &'a Tuning) -> Ask<'a> {
    let number = |name: &str, otherwise: i64| tuning.number(ID, name).unwrap_or(otherwise);
    let percent = usize::try_from(number("percent", 1)).unwrap_or(0);
    let follow = number("follow-minutes", 60).saturating_mul(60_000_000);
    Box::new(move |subject, found| {
        let view = subject.view;
        let (mut been, mut tried) = (Set::new(), Set::new());
        let mut begins: Option<i64> = None;
        let mut new: Vec<Finding> = Vec::new();
        for (number, row) in view.sign_ins().filter(|(_, row)| row.stream().is_user()) {
            let entered = view.succeeded(row);
            let Some(country) = view.country(row).filter(|country| !been.contains(country)) else {
                if entered {
                    begins.get_or_insert(row.time);
                }
                continue;
            };
            let counts = entered || (view.proves_secret(row) && tried.insert(country));
            let long = begins.is_some_and(|begins| row.time - begins >= HISTORY_DAYS * DAY);
            let users = view.tenant.firsts.users(Thing::Country, &country_key(view.store, country));
            let others = if entered { users.saturating_sub(1) } else { users };
            let few = others * 100 <= percent * view.tenant.rarity.all_users();
            if counts && long && few && outside(view, row).is_some() {
                new.push(told(view, number, row, others, follow));
            }
            if entered {
                begins.get_or_insert(row.time);
                been.insert(country);
            }
        }
        found.extend(worst(new));
    })
}

/// Facts: `country`; `others`, how many other users succeed from there; `entered`, or only the password was right;
/// `acts`, how many in the directory followed.
fn told(view: &View<'_>, number: u32, row: &SignIn, others: usize, follow: i64) -> Finding {
    let texts = &view.store.texts;
    let entered = view.succeeded(row);
    let until = row.time.saturating_add(follow);
    let acts: Vec<(u32, i64, &str)> = view
        .audits()
        .filter(|(_, act)| entered && act.time >= row.time && act.time <= until && did(view, act))
        .map(|(number, act)| (number, act.time, texts.get(act.operation)))
        .filter(|(_, _, name)| ACTS.iter().any(|begin| name.to_ascii_lowercase().starts_with(begin)))
        .collect();
    let country = view.country(row).map(|country| texts.get(country)).unwrap_or_default();
    let then = acts.first().map_or_else(String::new, |(_, time, name)| {
        format!(" {} later the user did this in the directory: {name}.", duration(time - row.time))
    });
    let others_too = match others {
        0 => "nobody else of the tenant does".to_owned(),
        1 => "one other user of the tenant does".to_owned(),
        more => format!("{more} other users of the tenant do"),
    };
    let verb = if entered { "signed in" } else { "gave the right password, and was stopped" };
    finding(
        &DETECTION,
        view,
        Told {
            variant: if entered { "entered" } else { "proven" },
            severity: if acts.is_empty() { Severity::Low } else { Severity::Medium },
            confidence: Confidence::Medium,
            event: EventRef::SignIn(number),
            role: "new country",
            beside: acts.iter().map(|(act, ..)| Evidence { role: "act", event: EventRef::Audit(*act) }).collect(),
            why: format!(
                "{} {verb} from {country}, {}, at {}: for the first time, and {others_too}.{then}",
                who(view),
                place(view.network(row)),
                moment(row.time),
            ),
            what: "Sign-in from a new country",
            facts: json!({"country": country, "others": others, "entered": entered, "acts": acts.len()}),
        },
    )
}
