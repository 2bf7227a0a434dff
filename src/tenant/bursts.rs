//! Attempts at passwords over all users: what a source tried on whom, and when.
//!
//! A guess at one account says little; the same source at many accounts is a spray. That shows only
//! across users, so it is kept here: a row for each attempt that failed (some 80 bytes; real tenants
//! have one in a hundred sign-ins), and for each success where many failed. Both are sets: however
//! events are shared out, and in whichever order the shares are merged, the same remains.

use crate::order::{Map, Set};
use std::net::IpAddr;

use crate::enrichment::Listed;
use crate::events::vocabulary::{Protocol, Stream};
use crate::events::{Id, SignIn, Store};
use crate::knowledge::agents::{Agent, Family};
use crate::knowledge::results::{self, ResultClass};
use crate::order::Gather;

use super::{Network, Summary};

const HOUR: i64 = 3_600_000_000;

/// How an attempt ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Ended {
    /// The password was wrong.
    Wrong,
    /// There is no such user.
    Unknown,
    /// The account was locked, or the address refused as malicious.
    Locked,
    /// Seamless single sign-on refused a password, and does not say whether it was right.
    Unsaid,
    /// The account is disabled.
    Disabled,
    /// The password was right, and nobody got in.
    Proven,
    /// Somebody got in with the password.
    Entered,
    /// A token was used: somebody had got in before.
    Present,
}

impl Ended {
    /// Whether it counts as a guess that failed.
    #[must_use]
    pub const fn is_guess(self) -> bool {
        matches!(self, Self::Wrong | Self::Unknown | Self::Locked)
    }

    /// Whether it counts as an attempt at a password that failed, wrong or not.
    #[must_use]
    pub const fn is_try(self) -> bool {
        self.is_guess() || matches!(self, Self::Unsaid)
    }

    /// Whether it counts as a success of any kind.
    #[must_use]
    pub const fn is_success(self) -> bool {
        matches!(self, Self::Entered | Self::Present)
    }
}

/// An attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Attempt {
    /// When, in microseconds UTC.
    pub time: i64,
    /// Number of the sign-in.
    pub row: u32,
    /// Number of the person.
    pub person: u32,
    /// How it ended.
    pub ended: Ended,
    /// The tenant whose log it is in.
    pub tenant: Id,
    /// Application id.
    pub app: Id,
    /// Address.
    pub address: Option<IpAddr>,
    /// Autonomous system.
    pub asn: Option<u32>,
    /// What lists say of the address.
    pub listed: Listed,
    /// Family of agents.
    pub family: Family,
}

impl Attempt {
    /// Where it came from.
    #[must_use]
    pub fn network(&self) -> Option<Network> {
        self.address.map(|address| Network { address, asn: self.asn, listed: self.listed })
    }
}

/// Where many failed at one time: there it matters who succeeded.
#[derive(Clone, Debug, Default)]
pub struct Crowded {
    addresses: Set<(Id, IpAddr)>,
    systems: Set<(Id, u32, Family)>,
    families: Set<(Id, Family, i64)>,
    apps: Set<(Id, Id, i64)>,
}

/// Users at one address, or one system and family, from which on successes there are kept.
const FEW: usize = 3;
/// The same for a family of agents or an application, from wherever.
const MANY: usize = 10;

impl Crowded {
    /// Whether it is nowhere crowded.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.addresses.is_empty() && self.systems.is_empty() && self.families.is_empty() && self.apps.is_empty()
    }

    fn has(&self, attempt: &Attempt) -> bool {
        let hour = attempt.time.div_euclid(HOUR);
        let (tenant, family) = (attempt.tenant, attempt.family);
        attempt.address.is_some_and(|address| self.addresses.contains(&(tenant, address)))
            || attempt.asn.is_some_and(|asn| self.systems.contains(&(tenant, asn, family)))
            || self.families.contains(&(tenant, family, hour))
            || self.apps.contains(&(tenant, attempt.app, hour))
    }
}

/// Attempts in order of time.
#[derive(Clone, Debug, Default)]
pub struct Attempts {
    all: Vec<Attempt>,
}

/// Reads the attempts of one person.
#[derive(Debug)]
pub struct Share<'a> {
    /// Rows and dictionaries.
    pub store: &'a Store,
    /// What the tenant says of addresses.
    pub tenant: &'a Summary,
    /// Number of the person.
    pub person: u32,
    /// Numbers of their sign-ins.
    pub sign_ins: &'a [u32],
}

impl Share<'_> {
    fn rows(&self) -> impl Iterator<Item = (u32, &SignIn)> {
        let user = |row: &&SignIn| row.stream().is_user();
        self.sign_ins.iter().filter_map(move |&number| Some((number, self.store.sign_in(number).filter(user)?)))
    }

    fn attempt(&self, number: u32, row: &SignIn, ended: Ended, tenant: Id) -> Attempt {
        let store = self.store;
        let network = self.tenant.network(store, row.address, store.location(row.location).asn);
        let (texts, device) = (&store.texts, store.device(row.device));
        let agent = Agent::read(texts.get(row.agent), texts.get(device.system), texts.get(device.browser));
        Attempt {
            time: row.time,
            row: number,
            person: self.person,
            ended,
            tenant,
            app: store.app(row.app).id,
            address: network.map(|network| network.address),
            asn: network.and_then(|network| network.asn),
            listed: network.map(|network| network.listed).unwrap_or_default(),
            family: agent.family(),
        }
    }
}

impl Attempts {
    /// A person's attempts that failed. `tenant` says whose log a row is in.
    #[must_use]
    pub fn failed(share: &Share<'_>, tenant: &dyn Fn(&SignIn) -> Id) -> Self {
        let failed = share.rows().filter_map(|(number, row)| {
            let code = share.store.outcome(row.outcome).code()?;
            let ended = match results::class(code) {
                ResultClass::WrongSecret => Ended::Wrong,
                ResultClass::UnknownUser => Ended::Unknown,
                _ if results::is_locked(code) => Ended::Locked,
                _ if results::is_unsaid(code) => Ended::Unsaid,
                _ if results::is_disabled(code) => Ended::Disabled,
                _ => return None,
            };
            Some(share.attempt(number, row, ended, tenant(row)))
        });
        Self { all: failed.collect() }
    }

    /// A person's successes, and steps that prove the password, where it is crowded.
    #[must_use]
    pub fn succeeded(share: &Share<'_>, tenant: &dyn Fn(&SignIn) -> Id, crowded: &Crowded) -> Self {
        let succeeded = share.rows().filter_map(|(number, row)| {
            let code = share.store.outcome(row.outcome).code()?;
            let anew = row.incoming.is_none() || !row.incoming.has_value();
            let primary = anew && (row.stream() == Stream::Interactive || row.protocol == Protocol::ROPC);
            let ended = match (code, primary) {
                (0, true) => Ended::Entered,
                (0, false) => Ended::Present,
                (code, true) if results::secret_proven(code) => Ended::Proven,
                _ => return None,
            };
            Some(share.attempt(number, row, ended, tenant(row))).filter(|attempt| crowded.has(attempt))
        });
        Self { all: succeeded.collect() }
    }

    /// Takes others in; [`Attempts::settle`] puts them in order.
    pub fn merge(&mut self, other: Self) {
        self.all.extend(other.all);
    }

    /// Puts all in order of time, each once.
    pub fn settle(&mut self) {
        self.all.sort_unstable();
        self.all.dedup();
    }

    /// All, in order of time.
    #[must_use]
    pub fn all(&self) -> &[Attempt] {
        &self.all
    }

    /// Where so many different users failed within three hours of the clock that it matters who
    /// succeeded there.
    #[must_use]
    pub fn crowded(&self) -> Crowded {
        let mut addresses = Crowds::default();
        let (mut systems, mut families, mut apps) = (Crowds::default(), Crowds::default(), Crowds::default());
        for attempt in &self.all {
            let (tenant, hour, person) = (attempt.tenant, attempt.time.div_euclid(HOUR), attempt.person);
            if let Some(address) = attempt.address {
                addresses.add((tenant, address), hour, person);
            }
            if let Some(asn) = attempt.asn {
                systems.add((tenant, asn, attempt.family), hour, person);
            }
            families.add((tenant, attempt.family), hour, person);
            apps.add((tenant, attempt.app), hour, person);
        }
        Crowded {
            addresses: addresses.hours(FEW).map(|(key, _)| key).gather(),
            systems: systems.hours(FEW).map(|(key, _)| key).gather(),
            families: families.hours(MANY).map(|((tenant, family), hour)| (tenant, family, hour)).gather(),
            apps: apps.hours(MANY).map(|((tenant, app), hour)| (tenant, app, hour)).gather(),
        }
    }
}

/// People by source and hour.
struct Crowds<K>(Map<(K, i64), Set<u32>>);

impl<K> Default for Crowds<K> {
    fn default() -> Self {
        Self(Map::new())
    }
}

impl<K: Ord + Copy> Crowds<K> {
    fn add(&mut self, source: K, hour: i64, person: u32) {
        self.0.entry((source, hour)).or_default().insert(person);
    }

    /// Sources and hours with at least so many people in the hour and those beside it.
    fn hours(&self, least: usize) -> impl Iterator<Item = (K, i64)> {
        self.0.keys().flat_map(move |&(source, hour)| {
            let around = (hour - 1..=hour + 1).filter_map(|other| self.0.get(&(source, other)));
            let people: Set<u32> = around.flatten().copied().gather();
            let crowded = people.len() >= least;
            (hour - 1..=hour + 1).filter(move |_| crowded).map(move |hour| (source, hour))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn attempt(minute: i64, person: u32, host: u8, ended: Ended) -> Attempt {
        Attempt {
            time: minute * 60_000_000,
            row: person,
            person,
            ended,
            tenant: Id::EMPTY,
            app: Id::EMPTY,
            address: Some(IpAddr::from([192, 0, 2, host])),
            asn: None,
            listed: Listed::default(),
            family: Family::Unknown,
        }
    }

    #[test]
    fn however_they_are_shared_out_the_same_remains() {
        let all: Vec<Attempt> =
            (0..40).map(|number| attempt(i64::from(number * 7 % 40), number, 1, Ended::Wrong)).collect();
        let mut whole = Attempts { all: all.clone() };
        whole.settle();
        for parts in 1..6 {
            let mut merged = Attempts::default();
            for part in (0..parts).rev() {
                merged.merge(Attempts { all: all.iter().copied().skip(part).step_by(parts).collect() });
                merged.merge(Attempts { all: all.iter().copied().take(3).collect() });
            }
            merged.settle();
            assert_eq!(merged.all, whole.all);
        }
    }

    #[test]
    fn it_is_crowded_where_three_fail_in_neighbouring_hours() {
        let at = |list: &[(i64, u32, u8)]| {
            let all = list.iter().map(|&(minute, person, host)| attempt(minute, person, host, Ended::Wrong)).collect();
            Attempts { all }.crowded()
        };
        let success = attempt(9_000, 50, 1, Ended::Entered);
        assert!(at(&[(0, 1, 1), (59, 2, 1), (61, 3, 1)]).has(&success), "another day, the same address");
        assert!(at(&[(0, 1, 1), (130, 2, 1), (61, 3, 1)]).has(&success), "three hours of the clock");
        assert!(at(&[(0, 1, 1), (190, 2, 1), (61, 3, 1)]).is_empty(), "four");
        assert!(at(&[(0, 1, 1), (1, 1, 1), (2, 1, 1), (3, 2, 1)]).is_empty(), "two people");
        assert!(at(&[(0, 1, 1), (1, 2, 2), (2, 3, 3)]).is_empty(), "three addresses");
    }
}
