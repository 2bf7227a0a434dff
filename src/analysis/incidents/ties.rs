//! What ties flagged sessions and findings to each other.
//!
//! Ties rest on what the intruder's side did, never on the owner's: a home, an office or a carrier
//! that two users share ties nothing. A network that others use unflagged is no intruder's.

use crate::order::{Map, Set};
use std::net::IpAddr;

use serde::Serialize;

use crate::events::address::{self, Block};
use crate::events::{Id, SignIn};
use crate::knowledge::agents::{Agent, Family};
use crate::sessions::{EventRef, Side};
use crate::tenant::{Network, OwnNetworks};

use super::super::{Case, Own};
use super::{Member, left_behind, registered};

/// What kind of thing ties.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "kebab-case")]
pub enum TieKind {
    /// A block of addresses, with programs of one family; or one address.
    Network,
    /// The address that polled for device codes.
    PollingAddress,
    /// A device that the intruder's side had.
    Device,
    /// A device that was registered in one and used in the other.
    RegisteredDevice,
    /// A method that was registered in one and used in the other.
    RegisteredMethod,
    /// An address outside that rules or forwarding of both send mail to.
    RuleTarget,
    /// An application that both consented to.
    ConsentedApp,
    /// A token of the one, or the request it came from, in the other.
    Token,
    /// One user, within a day.
    User,
}

/// A tie and the numbers of the members that it ties, in order.
#[derive(Debug)]
pub(super) struct Tied {
    pub(super) kind: TieKind,
    pub(super) on: String,
    pub(super) members: Vec<usize>,
}

/// What members can have in common.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Key {
    Block(Block, Family),
    Address(IpAddr),
    Hosting(u32, &'static str),
    Polling(IpAddr),
    Device(Id),
}

/// Different keys of one member; more are none of a real session.
const KEYS: usize = 64;
/// Rows of evidence whose tokens are looked for elsewhere.
const REFERENCES: usize = 1_000;
/// Findings of one user that lie within it are one story.
const DAY: i64 = 86_400_000_000;
/// A network or device that as many unflagged users succeed from is no intruder's.
const OTHERS: usize = 3;
/// Roles that say who polled for a device code.
const POLLERS: [&str; 3] = ["redemption", "device-code", "later token"];
/// Roles of records that are shown and not the intruder's.
const OWNERS: [&str; 2] = ["interrupt", "first"];

/// Members of one realm: nothing ties those of two.
type Here<'a, 'b> = [(usize, &'b Member<'a>)];

/// All ties among members.
pub(super) fn find(case: &Case, networks: &Own, members: &[Member<'_>]) -> Vec<Tied> {
    let mut by_realm: Map<u32, Vec<(usize, &Member<'_>)>> = Map::new();
    for (number, member) in members.iter().enumerate() {
        let event = member.findings.iter().find_map(|flagged| flagged.finding.evidence.first());
        let realm = case.realm_of(member.bucket, event.map(|item| item.event));
        by_realm.entry(realm).or_default().push((number, member));
    }
    by_realm.into_iter().flat_map(|(realm, own)| within((case, networks.of(realm)), members, realm, &own)).collect()
}

fn within(
    (case, networks): (&Case, &OwnNetworks),
    members: &[Member<'_>],
    realm: u32,
    own: &Here<'_, '_>,
) -> Vec<Tied> {
    let mut by_key: Map<Key, Set<usize>> = Map::new();
    let mut references: Map<Id, Set<usize>> = Map::new();
    for &(number, member) in own {
        let mut keys = Set::new();
        for (role, row) in suspects(case, member) {
            if keys.len() < KEYS {
                keys.extend(keys_of((case, networks), realm, role, row));
            }
            if references.len() < REFERENCES * own.len().min(REFERENCES) {
                let ids = [row.token_id(&case.store), case.store.id_of(row, row.original)];
                for id in ids.into_iter().filter_map(Id::value) {
                    references.entry(id).or_default().insert(number);
                }
            }
        }
        for key in keys {
            by_key.entry(key).or_default().insert(number);
        }
    }
    by_key.retain(|_, tied| tied.len() > 1);
    let others = others(case, members, realm, &by_key);
    let mut ties: Vec<Tied> = Vec::new();
    for (key, tied) in by_key {
        ties.extend(shared(case, members, key, tied, others.get(&thing(key)).copied().unwrap_or(0)));
    }
    ties.extend(tokens(case, own, references));
    ties.extend(registered::find(case, own));
    ties.extend(left_behind::find(case, own));
    ties.extend(same_user(own));
    ties
}

/// Sign-ins that a member's strong findings rest on and that are not the owner's, with their role.
/// Of a session that nobody is known to have taken over, these count where it is above the line.
fn suspects<'a>(case: &'a Case, member: &Member<'_>) -> Vec<(&'static str, &'a SignIn)> {
    let holdings = member.session.map(|session| session.holders.as_slice()).unwrap_or_default();
    let taken = holdings.iter().any(|holding| matches!(holding.side, Side::Other | Side::Later));
    let mut not: Set<u32> = Set::new();
    for holding in holdings {
        if holding.side == Side::Owner || (holding.side == Side::First && (taken || !member.is_above())) {
            not.extend(&holding.sign_ins);
        }
    }
    let mut found: Map<u32, &'static str> = Map::new();
    for item in member.strong().flat_map(|flagged| &flagged.finding.evidence) {
        if let EventRef::SignIn(number) = item.event
            && !OWNERS.contains(&item.role)
            && !not.contains(&number)
        {
            let role = found.entry(number).or_insert(item.role);
            if POLLERS.contains(&item.role) {
                *role = item.role;
            }
        }
    }
    found.into_iter().filter_map(|(number, role)| Some((role, case.store.sign_in(number)?))).collect()
}

fn keys_of((case, networks): (&Case, &OwnNetworks), realm: u32, role: &str, row: &SignIn) -> Vec<Key> {
    let mut keys = Vec::new();
    if let Some(network) = network((case, networks), realm, row) {
        let device = case.store.device(row.device);
        let texts = &case.store.texts;
        let agent = Agent::read(texts.get(row.agent), texts.get(device.system), texts.get(device.browser));
        keys.push(Key::Address(network.address));
        match agent.family() {
            Family::Unknown => {}
            family => keys.push(Key::Block(address::block(network.address), family)),
        }
        if let (Family::Tool(name), Some(asn), true) = (agent.family(), network.asn, network.is_hosting()) {
            keys.push(Key::Hosting(asn, name));
        }
        if POLLERS.contains(&role) {
            keys.push(Key::Polling(network.address));
        }
    }
    keys.extend(case.store.device(row.device).id.value().map(Key::Device));
    keys
}

/// The network of a row where it can be an intruder's: neither Microsoft's, nor the tenant's own, nor a
/// private address.
fn network((case, networks): (&Case, &OwnNetworks), realm: u32, row: &SignIn) -> Option<Network> {
    let asn = case.store.location(row.location).asn;
    let network = case.summary_of(realm).network(&case.store, row.address, asn)?;
    let known = network.is_microsoft() || networks.has(&network) || address::is_private(network.address);
    (!known).then_some(network)
}

/// What is asked of others: whether they use it, too.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Thing {
    Block(Block),
    Device(Id),
    Asn(u32),
}

fn thing(key: Key) -> Thing {
    match key {
        Key::Block(block, _) => Thing::Block(block),
        Key::Address(address) | Key::Polling(address) => Thing::Block(address::block(address)),
        Key::Hosting(asn, _) => Thing::Asn(asn),
        Key::Device(id) => Thing::Device(id),
    }
}

/// How many users who have no part in it succeed from each block or device.
fn others(case: &Case, members: &[Member<'_>], realm: u32, by_key: &Map<Key, Set<usize>>) -> Map<Thing, usize> {
    let mut own: Map<Thing, Set<usize>> = Map::new();
    for (key, tied) in by_key {
        let buckets = tied.iter().filter_map(|&number| members.get(number)).map(|member| member.bucket);
        own.entry(thing(*key)).or_default().extend(buckets);
    }
    let mut counts: Map<Thing, usize> = Map::new();
    let several = own.values().any(|buckets| buckets.len() > 1);
    let buckets = case.buckets.iter().enumerate().filter(|(_, bucket)| several && bucket.realm == realm);
    for (place, bucket) in buckets {
        let mut seen: Set<Thing> = Set::new();
        let mut asked = Set::new();
        for row in bucket.sign_ins.iter().filter_map(|&number| case.store.sign_in(number)) {
            if case.store.outcome(row.outcome).code() != Some(0) || !asked.insert((row.address, row.device)) {
                continue;
            }
            let ip = case.store.texts.value(row.address).and_then(address::parse_address);
            let device = case.store.device(row.device).id.value();
            seen.extend(ip.map(|ip| Thing::Block(address::block(ip))));
            seen.extend(device.map(Thing::Device));
        }
        for thing in seen {
            if own.get(&thing).is_some_and(|buckets| !buckets.contains(&place)) {
                *counts.entry(thing).or_default() += 1;
            }
        }
    }
    counts
}

/// A tie on a key. It ties users with each other only where the thing is an intruder's: few others
/// use it, and one of them is above the line or the program and network speak for it.
fn shared(case: &Case, members: &[Member<'_>], key: Key, tied: Set<usize>, others: usize) -> Vec<Tied> {
    let mut by_bucket: Map<usize, Vec<usize>> = Map::new();
    for &number in &tied {
        if let Some(member) = members.get(number) {
            by_bucket.entry(member.bucket).or_default().push(number);
        }
    }
    let is_above = tied.iter().filter_map(|&number| members.get(number)).any(Member::is_above);
    let is_strong = matches!(key, Key::Block(_, Family::Tool(_)) | Key::Hosting(..) | Key::Polling(_));
    let crowded = others >= OTHERS && others >= by_bucket.len();
    let (kind, on) = name(case, key);
    let tie = |members: Vec<usize>| Tied { kind, on: on.clone(), members };
    if by_bucket.len() > 1 && !crowded && (is_above || is_strong) {
        return vec![tie(tied.into_iter().collect())];
    }
    by_bucket.into_values().filter(|own| own.len() > 1).map(tie).collect()
}

fn name(case: &Case, key: Key) -> (TieKind, String) {
    let family = |family: Family| match family {
        Family::Tool(name) => name.to_owned(),
        Family::System(os) => os.name().to_owned(),
        Family::Unknown => String::new(),
    };
    match key {
        Key::Block(block, agent) => (TieKind::Network, format!("{block}, {}", family(agent))),
        Key::Address(address) => (TieKind::Network, address.to_string()),
        Key::Hosting(asn, tool) => (TieKind::Network, format!("AS{asn}, {tool}")),
        Key::Polling(address) => (TieKind::PollingAddress, address.to_string()),
        Key::Device(id) => (TieKind::Device, id.display(&case.store.texts)),
    }
}

/// Ties by tokens that a member's suspects carry: another member has the token, or the request it came
/// from.
fn tokens(case: &Case, own: &Here<'_, '_>, mut references: Map<Id, Set<usize>>) -> Vec<Tied> {
    for &(number, member) in own {
        let rows = member.session.map(|session| session.session.sign_ins.as_slice()).unwrap_or_default();
        for row in rows.iter().filter_map(|&row| case.store.sign_in(row)) {
            for id in [row.id, row.token_id(&case.store), case.store.id_of(row, row.original)] {
                if let Some(tied) = references.get_mut(&id) {
                    tied.insert(number);
                }
            }
        }
    }
    let mut groups: Map<Vec<usize>, Id> = Map::new();
    for (id, tied) in references.into_iter().filter(|(_, tied)| tied.len() > 1) {
        // Many tokens of the same sessions are one tie.
        groups.entry(tied.into_iter().collect()).or_insert(id);
    }
    let name = |id: Id| id.display(&case.store.texts);
    groups.into_iter().map(|(members, id)| Tied { kind: TieKind::Token, on: name(id), members }).collect()
}

/// What happened to one user within a day, a part of it above the line. Members come in order of time.
fn same_user(own: &Here<'_, '_>) -> Vec<Tied> {
    let mut by_bucket: Map<usize, Vec<(usize, &Member<'_>)>> = Map::new();
    for &(number, member) in own {
        by_bucket.entry(member.bucket).or_default().push((number, member));
    }
    let mut ties = Vec::new();
    for own in by_bucket.into_values() {
        for pair in own.windows(2) {
            if let [(left, earlier), (right, later)] = pair
                && later.first <= earlier.last.saturating_add(DAY)
                && (earlier.is_above() || later.is_above())
            {
                ties.push(Tied { kind: TieKind::User, on: "within a day".to_owned(), members: vec![*left, *right] });
            }
        }
    }
    ties
}
