//! The summary of a tenant: counts, first and last times, and what its sign-ins say of addresses.

use crate::order::Map;
use std::net::IpAddr;

use foldhash::quality::FixedState;
use hashbrown::HashMap;

use crate::enrichment::Listed;
use crate::events::address;
use crate::events::dictionary::TextId;
use crate::events::field::Field;
use crate::events::vocabulary::Stream;
use crate::events::{SignIn, Store};

use super::device_code::DeviceCodes;
use super::devices::MadeUpDevices;
use super::firsts::Firsts;
use super::flows::Flows;
use super::inputs::InputFields;
use super::rarity::Rarity;
use super::{Attempts, Egress, Issuers, Mailboxes, Network, Programs};

/// Autonomous systems counted for one address or block; the most frequent one counts.
type Votes = Map<u32, u64>;

/// Times of the first and the last event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    /// Of the first, in microseconds UTC.
    pub first: i64,
    /// Of the last.
    pub last: i64,
}

/// What is known of the tenant as a whole. All of it merges in any order.
#[derive(Clone, Debug, Default)]
pub struct Summary {
    by_address: Map<IpAddr, Votes>,
    by_block: Map<address::Block, Votes>,
    /// Attempts at passwords, over all users.
    pub attempts: Attempts,
    /// Where people sign in from.
    pub egress: Egress,
    /// Where they redeem device codes.
    pub device_codes: DeviceCodes,
    /// Sign-ins by stream.
    pub streams: Map<Stream, u64>,
    /// Sign-ins of users whose record did not say which stream they are of.
    pub stream_unknown: u64,
    /// What each input holds of sign-ins, by the number of the input.
    pub by_input: Map<u32, InputFields>,
    /// User sign-ins whose export lacks a field, by field.
    pub absent: Map<Field, u64>,
    /// User sign-ins that have a field with nothing in it, by field.
    pub empty: Map<Field, u64>,
    /// User sign-ins by day, counted from 1970.
    pub days: Map<i64, u64>,
    /// Sign-ins by stream and hour, counted from 1970.
    pub hours: Map<(Stream, i64), u64>,
    /// When users signed in.
    pub sign_in_span: Option<Span>,
    /// Audit events.
    pub audits: u64,
    /// When they happened.
    pub audit_span: Option<Span>,
    /// Activity records.
    pub activities: u64,
    /// Those of them that are calls of Microsoft Graph.
    pub calls: u64,
    /// Risk detections and states of risk.
    pub risk_events: u64,
    /// Those of them that are of applications.
    pub workload_risks: u64,
    /// Successes in ways that conditional access can close.
    pub flows: Flows,
    /// Who succeeded in asking for what.
    pub rarity: Rarity,
    /// What mailboxes show across people.
    pub mailboxes: Mailboxes,
    /// What is known of applications.
    pub programs: Programs,
    /// Issuers of tokens that the tenant was made to trust.
    pub issuers: Issuers,
    /// Devices as tools make them up.
    pub made_up_devices: MadeUpDevices,
    /// Since when things are seen, and of how many users.
    pub firsts: Firsts,
    /// What lists say of the addresses that the records have.
    pub listed: Map<IpAddr, Listed>,
}

impl Summary {
    /// The summary of these rows of a store.
    #[must_use]
    pub fn of(store: &Store, sign_ins: &[u32], audits: &[u32], activities: &[u32], risk_events: &[u32]) -> Self {
        let mut summary = Self {
            audits: audits.len() as u64,
            activities: activities.len() as u64,
            risk_events: risk_events.len() as u64,
            ..Self::default()
        };
        let acts = activities.iter().filter_map(|&number| store.activity(number));
        let risks = risk_events.iter().filter_map(|&number| store.risk_event(number));
        summary.workload_risks = risks.filter(|row| store.principal(row.principal).id.has_value()).count() as u64;
        summary.calls = acts.filter(|row| row.is_call(store)).count() as u64;
        summary.flows = Flows::of(store, sign_ins);
        summary.mailboxes = Mailboxes::of(store, sign_ins, activities);
        summary.programs = Programs::of(store, sign_ins, audits);
        summary.issuers = Issuers::of(store, audits);
        summary.rarity = Rarity::of(store, sign_ins);
        summary.made_up_devices = MadeUpDevices::of(store, audits);
        summary.egress = Egress::of(store, sign_ins);
        summary.firsts = Firsts::of(store, sign_ins, audits);
        summary.device_codes = DeviceCodes::of(store, sign_ins);
        // An address is parsed once, however many rows have it. Numbers of texts are given out by
        // this program: nobody can prepare ones that collide.
        let mut seen: HashMap<(TextId, u32), u64, FixedState> = HashMap::default();
        let mut holds: Vec<InputFields> = Vec::new();
        // Records come more or less in order of time: an hour is looked up once a run.
        let mut run: Option<((Stream, i64), u64)> = None;
        for row in sign_ins.iter().filter_map(|&number| store.sign_in(number)) {
            summary.count(row, store);
            let input = row.input as usize;
            if holds.len() <= input {
                holds.resize(input + 1, InputFields::default());
            }
            if let Some(holds) = holds.get_mut(input) {
                holds.count(row, store);
            }
            let hour = (row.stream(), row.time.div_euclid(3_600_000_000));
            match &mut run {
                Some((known, count)) if *known == hour => *count += 1,
                _ => summary.add_hour(run.replace((hour, 1))),
            }
            *seen.entry((row.address, store.location(row.location).asn)).or_default() += 1;
        }
        summary.add_hour(run);
        for (input, holds) in (0..).zip(holds) {
            if !holds.streams.is_empty() {
                for (field, absent, empty) in holds.lacking() {
                    add_count(&mut summary.absent, field, absent);
                    add_count(&mut summary.empty, field, empty);
                }
                add_counts(&mut summary.streams, holds.streams.clone());
                summary.by_input.insert(input, holds);
            }
        }
        let mut seen: Vec<((TextId, u32), u64)> = seen.into_iter().collect();
        seen.sort_unstable();
        for ((text, asn), count) in seen {
            let ip = store.texts.value(text).and_then(address::parse_address).filter(|_| asn != 0);
            if let Some(ip) = ip {
                *summary.by_address.entry(ip).or_default().entry(asn).or_default() += count;
                *summary.by_block.entry(address::block(ip)).or_default().entry(asn).or_default() += count;
            }
        }
        for row in audits.iter().filter_map(|&number| store.audit(number)) {
            widen(&mut summary.audit_span, Some(Span { first: row.time, last: row.time }));
            summary.by_input.entry(row.input).or_default().audits += 1;
        }
        summary
    }

    fn add_hour(&mut self, run: Option<((Stream, i64), u64)>) {
        if let Some((hour, count)) = run {
            *self.hours.entry(hour).or_default() += count;
        }
    }

    /// User sign-ins of both streams.
    #[must_use]
    pub fn user_sign_ins(&self) -> u64 {
        [Stream::Interactive, Stream::NonInteractive].iter().filter_map(|stream| self.streams.get(stream)).sum()
    }

    /// Counts a row.
    fn count(&mut self, row: &SignIn, store: &Store) {
        if !row.stream().is_user() {
            return;
        }
        widen(&mut self.sign_in_span, Some(Span { first: row.time, last: row.time }));
        *self.days.entry(row.time.div_euclid(86_400_000_000)).or_default() += 1;
        self.stream_unknown += u64::from(Field::Stream.is_absent(row, store));
    }

    /// Takes another summary of the same tenant in.
    pub fn merge(&mut self, other: Self) {
        for (ip, votes) in other.by_address {
            add_counts(self.by_address.entry(ip).or_default(), votes);
        }
        for (block, votes) in other.by_block {
            add_counts(self.by_block.entry(block).or_default(), votes);
        }
        self.attempts.merge(other.attempts);
        self.attempts.settle();
        self.egress.merge(other.egress);
        self.device_codes.merge(other.device_codes);
        add_counts(&mut self.streams, other.streams);
        for (input, holds) in other.by_input {
            self.by_input.entry(input).or_default().merge(&holds);
        }
        add_counts(&mut self.absent, other.absent);
        add_counts(&mut self.empty, other.empty);
        add_counts(&mut self.days, other.days);
        add_counts(&mut self.hours, other.hours);
        widen(&mut self.sign_in_span, other.sign_in_span);
        widen(&mut self.audit_span, other.audit_span);
        self.stream_unknown += other.stream_unknown;
        self.audits += other.audits;
        self.activities += other.activities;
        self.calls += other.calls;
        self.risk_events += other.risk_events;
        self.workload_risks += other.workload_risks;
        self.flows.merge(other.flows);
        self.rarity.merge(other.rarity);
        self.firsts.merge(other.firsts);
        self.mailboxes.merge(other.mailboxes);
        self.programs.merge(other.programs);
        self.issuers.merge(other.issuers);
        self.made_up_devices.merge(other.made_up_devices);
        self.listed.extend(other.listed);
    }

    /// Takes in what another summary of the same tenant knows that needs no times: the systems of
    /// addresses, who asks for what, and own networks where it knows any people.
    pub fn learn_from(&mut self, other: &Self) {
        for (ip, votes) in &other.by_address {
            add_counts(self.by_address.entry(*ip).or_default(), votes.clone());
        }
        for (block, votes) in &other.by_block {
            add_counts(self.by_block.entry(*block).or_default(), votes.clone());
        }
        self.rarity.merge(other.rarity.clone());
        self.mailboxes.learn_from(&other.mailboxes);
        self.programs.learn_from(&other.programs);
        if !other.egress.is_empty() {
            self.egress = other.egress.clone();
        }
    }

    /// Learns the autonomous system of an address of which no sign-in says it.
    pub fn learn_system(&mut self, address: IpAddr, system: u32) {
        let votes = self.by_address.entry(address).or_default();
        if votes.is_empty() {
            votes.insert(system, 1);
        }
    }

    /// The network that a block's first address stands for, with the system that most of its sign-ins name.
    #[must_use]
    pub fn network_of_block(&self, block: address::Block) -> Network {
        let asn = self.by_block.get(&block).and_then(strongest);
        let address = block.first();
        Network { address, asn, listed: self.listed.get(&address).copied().unwrap_or_default() }
    }

    /// The network of an address, its autonomous system taken from the record, else from what the
    /// sign-ins say of that address, else of its block (/24 or /48).
    #[must_use]
    pub fn network(&self, store: &Store, text: TextId, asn: u32) -> Option<Network> {
        let ip = store.texts.value(text).and_then(address::parse_address)?;
        let known = (asn != 0).then_some(asn);
        let learned = || strongest(self.by_address.get(&ip)?);
        let of_block = || strongest(self.by_block.get(&address::block(ip))?);
        let listed = self.listed.get(&ip).copied().unwrap_or_default();
        Some(Network { address: ip, asn: known.or_else(learned).or_else(of_block), listed })
    }
}

fn add_count(into: &mut Map<Field, u64>, field: Field, count: u64) {
    if count > 0 {
        *into.entry(field).or_default() += count;
    }
}

fn add_counts<K: Ord>(into: &mut Map<K, u64>, from: Map<K, u64>) {
    for (key, count) in from {
        *into.entry(key).or_default() += count;
    }
}

fn widen(into: &mut Option<Span>, from: Option<Span>) {
    *into = match (*into, from) {
        (Some(left), Some(right)) => Some(Span { first: left.first.min(right.first), last: left.last.max(right.last) }),
        (left, right) => left.or(right),
    };
}

fn strongest(votes: &Votes) -> Option<u32> {
    votes.iter().max_by_key(|(asn, count)| (**count, std::cmp::Reverse(**asn))).map(|(asn, _)| *asn)
}
