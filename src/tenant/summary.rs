//! The summary of a tenant: counts, first and last times, and what its sign-ins say of addresses.

use std::collections::BTreeMap;
use std::net::IpAddr;

use crate::events::address;
use crate::events::dictionary::TextId;
use crate::events::field::Field;
use crate::events::vocabulary::Stream;
use crate::events::{SignIn, Store};

use super::Network;

/// Autonomous systems counted for one address or block; the most frequent one counts.
type Votes = BTreeMap<u32, u64>;

/// What is known of the tenant as a whole. All of it merges in any order.
#[derive(Clone, Debug, Default)]
pub struct Summary {
    by_address: BTreeMap<IpAddr, Votes>,
    by_block: BTreeMap<address::Block, Votes>,
    /// Sign-ins by stream.
    pub streams: BTreeMap<Stream, u64>,
    /// Sign-ins of users whose record did not say which stream they are of.
    pub stream_unknown: u64,
    /// User sign-ins that lack a field, by field.
    pub absent: BTreeMap<Field, u64>,
    /// Audit events.
    pub audits: u64,
    /// Activity records.
    pub activities: u64,
}

impl Summary {
    /// User sign-ins of both streams.
    #[must_use]
    pub fn user_sign_ins(&self) -> u64 {
        [Stream::Interactive, Stream::NonInteractive].iter().filter_map(|stream| self.streams.get(stream)).sum()
    }

    /// Takes a sign-in in.
    pub fn add(&mut self, row: &SignIn, store: &Store) {
        *self.streams.entry(row.stream()).or_default() += 1;
        if row.stream().is_user() {
            for field in Field::ALL {
                if field.is_absent(row, store) {
                    *self.absent.entry(*field).or_default() += 1;
                }
            }
            if Field::Stream.is_absent(row, store) {
                self.stream_unknown += 1;
            }
        }
        let asn = store.location(row.location).asn;
        if asn == 0 {
            return;
        }
        if let Some(ip) = store.texts.value(row.address).and_then(address::parse_address) {
            *self.by_address.entry(ip).or_default().entry(asn).or_default() += 1;
            *self.by_block.entry(address::block(ip)).or_default().entry(asn).or_default() += 1;
        }
    }

    /// Takes another summary of the same tenant in.
    pub fn merge(&mut self, other: Self) {
        for (ip, votes) in other.by_address {
            add_votes(self.by_address.entry(ip).or_default(), votes);
        }
        for (block, votes) in other.by_block {
            add_votes(self.by_block.entry(block).or_default(), votes);
        }
        for (stream, count) in other.streams {
            *self.streams.entry(stream).or_default() += count;
        }
        for (field, count) in other.absent {
            *self.absent.entry(field).or_default() += count;
        }
        self.stream_unknown += other.stream_unknown;
        self.audits += other.audits;
        self.activities += other.activities;
    }

    /// The network of an address, its autonomous system taken from the record, else from what the
    /// sign-ins say of that address, else of its block (/24 or /48).
    #[must_use]
    pub fn network(&self, store: &Store, text: TextId, asn: u32) -> Option<Network> {
        let ip = store.texts.value(text).and_then(address::parse_address)?;
        let known = (asn != 0).then_some(asn);
        let learned = || strongest(self.by_address.get(&ip)?);
        let of_block = || strongest(self.by_block.get(&address::block(ip))?);
        Some(Network { address: ip, asn: known.or_else(learned).or_else(of_block) })
    }
}

fn add_votes(into: &mut Votes, from: Votes) {
    for (asn, count) in from {
        *into.entry(asn).or_default() += count;
    }
}

fn strongest(votes: &Votes) -> Option<u32> {
    votes.iter().max_by_key(|(asn, count)| (**count, std::cmp::Reverse(**asn))).map(|(asn, _)| *asn)
}
