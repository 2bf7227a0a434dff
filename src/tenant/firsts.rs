//! What was seen in the tenant: since when, and of how many users. Countries, tenants of others, places of
//! administrators, second factors.

use std::sync::LazyLock;

use crate::order::{Map, Set};

use foldhash::quality::FixedState;
use hashbrown::HashMap;
use memchr::memmem::Finder;
use serde_json::Value;
use twox_hash::XxHash3_128;

use crate::events::change;
use crate::events::dictionary::TextId;
use crate::events::{Id, SignIn, Store};
use crate::knowledge::results::{self, ResultClass};

use super::rarity;

/// Users told apart of one thing.
const USERS: usize = 1_024;
/// Things that are kept; more are none of a real tenant.
const THINGS: usize = 100_000;

/// What kind of thing was seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Thing {
    /// A country that a user succeeded from.
    Country,
    /// The tenant itself: where users are at home and sign in to.
    Own,
    /// A tenant of others that a user who succeeded is at home in.
    HomeTenant,
    /// A tenant of others that a user signed in to.
    ResourceTenant,
    /// An autonomous system, a device or a country of an administrator's success.
    OfAdmins,
    /// A phone number, or the app that answers for a user.
    Factor,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct First {
    time: i64,
    /// The smallest numbers of its users: the same in any order.
    users: Set<u128>,
}

/// Since when each thing is seen, in microseconds UTC, and of whom. Users are numbers that stand for their ids.
#[derive(Clone, Debug, Default)]
pub struct Firsts {
    things: Map<(Thing, String), First>,
}

impl Firsts {
    /// Of these sign-ins and audit events.
    #[must_use]
    pub fn of(store: &Store, sign_ins: &[u32], audits: &[u32]) -> Self {
        let mut firsts = Self::default();
        // Numbers of tuples are given out by this program: nobody can prepare ones that collide.
        let mut countries: HashMap<(TextId, u32), u64, FixedState> = HashMap::default();
        let mut tenants: HashMap<(TextId, u32), u64, FixedState> = HashMap::default();
        for row in sign_ins.iter().filter_map(|&number| store.sign_in(number)).filter(|row| row.stream().is_user()) {
            let time = row.time.unsigned_abs();
            let code = store.outcome(row.outcome).code();
            let success = code == Some(0);
            let country = store.location(row.location).country;
            let note = |known: &mut HashMap<(TextId, u32), u64, FixedState>, key| {
                let first = known.entry((key, row.user)).or_insert(u64::MAX);
                *first = time.min(*first);
            };
            if success && country.has_value() {
                note(&mut countries, country);
            }
            if success || code.map(results::class) == Some(ResultClass::Policy) {
                note(&mut tenants, TextId(row.tenants));
            }
        }
        let user = |number: u32| rarity::user_number(&store.user(number), store);
        for ((country, number), time) in countries {
            if let Some(user) = user(number) {
                firsts.enter(Thing::Country, &country_key(store, country), user, time as i64);
            }
        }
        for ((tenants, number), time) in tenants {
            let Some(user) = user(number) else { continue };
            let tenants = store.tenants_of(tenants.0);
            if tenants.home.has_value() && tenants.resource.has_value() {
                let [home, resource] = [tenants.home, tenants.resource].map(|tenant| tenant.display(&store.texts));
                let things: &[(Thing, &str)] = match home == resource {
                    true => &[(Thing::Own, &home)],
                    false => &[(Thing::HomeTenant, &home), (Thing::ResourceTenant, &resource)],
                };
                things.iter().for_each(|(thing, key)| firsts.enter(*thing, key, user, time as i64));
            }
        }
        for row in audits.iter().filter_map(|&number| store.audit(number)) {
            for (user, factor) in factors(store, row.targets) {
                firsts.enter(Thing::Factor, &factor, XxHash3_128::oneshot(user.as_bytes()), row.time);
            }
        }
        firsts
    }

    /// Takes in that a thing was seen of a user at a time.
    pub fn enter(&mut self, thing: Thing, key: &str, user: u128, time: i64) {
        let new = || First { time, users: Set::new() };
        let first = self.things.entry((thing, key.to_owned())).or_insert_with(new);
        first.time = first.time.min(time);
        first.users.insert(user);
        if first.users.len() > USERS {
            first.users.pop_last();
        }
        // Which ones are left out must not depend on the order in which they came.
        if self.things.len() > THINGS {
            self.things.pop_last();
        }
    }

    /// Takes others in.
    pub fn merge(&mut self, other: Self) {
        for ((thing, key), first) in other.things {
            first.users.into_iter().for_each(|user| self.enter(thing, &key, user, first.time));
        }
    }

    /// Users of a thing, 1,024 at most.
    #[must_use]
    pub fn users(&self, thing: Thing, key: &str) -> usize {
        self.get(thing, key).map_or(0, |first| first.users.len())
    }

    /// Since when it is seen, in microseconds UTC.
    #[must_use]
    pub fn since(&self, thing: Thing, key: &str) -> Option<i64> {
        self.get(thing, key).map(|first| first.time)
    }

    /// The tenant of others on the other side of a sign-in, where home and resource differ and one of them is this
    /// tenant: whether the user came in from there, and its key.
    #[must_use]
    pub fn foreign(&self, store: &Store, row: &SignIn) -> Option<(bool, String)> {
        let tenants = store.tenants_of(row.tenants);
        if tenants.home == tenants.resource {
            return None;
        }
        let key = |tenant: Id| tenant.value().map(|tenant| tenant.display(&store.texts));
        let (home, resource) = (key(tenants.home)?, key(tenants.resource)?);
        match [&home, &resource].map(|key| self.get(Thing::Own, key).is_some()) {
            [true, false] => Some((false, resource)),
            [false, true] => Some((true, home)),
            _ => None,
        }
    }

    fn get(&self, thing: Thing, key: &str) -> Option<&First> {
        self.things.get(&(thing, key.to_owned()))
    }
}

/// The key of a country.
#[must_use]
pub fn country_key(store: &Store, country: TextId) -> String {
    store.texts.get(country).to_ascii_uppercase()
}

/// The keys of what names an administrator's place.
#[must_use]
pub fn admin_keys(store: &Store, asn: Option<u32>, device: Option<Id>, country: Option<TextId>) -> [Option<String>; 3] {
    [
        asn.map(|asn| format!("AS{asn}")),
        device.map(|id| id.display(&store.texts)),
        country.map(|country| country_key(store, country)),
    ]
}

/// Phone numbers and authenticator apps that targets of an audit event have after it, with the id or name of
/// the user whose they are. A number begins with `+` or a digit, an app with `app:`.
#[must_use]
pub fn factors(store: &Store, targets: TextId) -> Vec<(String, String)> {
    static NAMED: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new("StrongAuthentication"));
    let text = store.texts.get(targets);
    if NAMED.find(text.as_bytes()).is_none() {
        return Vec::new();
    }
    let mut found = Vec::new();
    for target in change::targets(text) {
        let user = if target.id.is_empty() { target.user.to_lowercase() } else { target.id.to_lowercase() };
        for change in &target.changes {
            let (keys, mark): (&[&str], &str) = match change.name.as_ref() {
                "StrongAuthenticationUserDetails" => {
                    (&["PhoneNumber", "AlternativePhoneNumber", "VoiceOnlyPhoneNumber"], "")
                }
                "StrongAuthenticationPhoneAppDetail" => (&["DeviceToken"], "app:"),
                _ => continue,
            };
            let Ok(Value::Array(items)) = serde_json::from_str::<Value>(&change.new) else { continue };
            for value in items.iter().flat_map(|item| keys.iter().filter_map(|key| item.get(*key)?.as_str())) {
                let plain: String = value.chars().filter(|mark| !mark.is_whitespace()).take(300).collect();
                if plain.len() >= 6 && plain != "NO_DEVICE_TOKEN" {
                    found.push((user.clone(), format!("{mark}{plain}")));
                }
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn merges_in_any_order_and_stays_bounded() {
        let of = |from: u128, to: u128| {
            let mut firsts = Firsts::default();
            for number in from..to {
                firsts.enter(Thing::Country, &(number % 3).to_string(), number, 9_000 - number as i64);
            }
            firsts
        };
        let (mut left, mut right) = (of(0, 4_000), of(3_000, 6_000));
        left.merge(of(3_000, 6_000));
        right.merge(of(0, 4_000));
        assert_eq!(left.things, right.things);
        assert_eq!(left.users(Thing::Country, "1"), USERS);
        assert_eq!(left.since(Thing::Country, "0"), Some(3_003));
        assert_eq!(left.since(Thing::Factor, "0"), None);
    }
}
