//! Databases of addresses in MaxMind's format: a tree of the bits of an address, whose leaves point
//! into a section of typed values.
//!
//! An own reader of the few values that are asked for, because a file that somebody drops can hold
//! anything: every step is within bounds and counted, nothing is trusted, nothing is copied.
//! Format: MaxMind DB File Format Specification, version 2.0 (CC BY-SA 3.0).

use std::net::IpAddr;
use std::sync::Arc;

use super::value::{Section, Value};

/// What stands before the metadata at the end of such a file.
const MARKER: &[u8] = b"\xAB\xCD\xEFMaxMind.com";
/// The metadata stands in the last bytes, so many at most.
const TAIL: usize = 128 << 10;
/// Zeros between the tree and the values.
const GAP: usize = 16;

/// A database of addresses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Database {
    bytes: Arc<Vec<u8>>,
    /// What it calls itself: `GeoLite2-ASN`.
    kind: String,
    /// When it was made, in seconds since 1970.
    built: u64,
    nodes: usize,
    /// Bits of one of the two records of a node: 24, 28 or 32.
    bits: usize,
    /// Bits of the addresses that the tree is of: 32 or 128.
    width: u32,
}

impl Database {
    /// Takes over the bytes of a file; nothing where they are no database that can be asked.
    #[must_use]
    pub fn open(bytes: Vec<u8>) -> Option<Self> {
        let section = Section(bytes.get(metadata(&bytes)?..)?);
        let number = |name: &str| section.find(0, &[name]).and_then(|value| value.number());
        let (nodes, bits) = (usize::try_from(number("node_count")?).ok()?, number("record_size")? as usize);
        let width = match number("ip_version")? {
            4 => 32,
            6 => 128,
            _ => return None,
        };
        let tree = nodes.checked_mul(bits)?.checked_mul(2)? / 8;
        let fits = matches!(bits, 24 | 28 | 32) && tree.checked_add(GAP).is_some_and(|end| end <= bytes.len());
        if number("binary_format_major_version") != Some(2) || nodes == 0 || !fits {
            return None;
        }
        let kind = section.find(0, &["database_type"]).and_then(|value| value.text().map(str::to_owned))?;
        let built = number("build_epoch").unwrap_or(0);
        Some(Self { kind, built, nodes, bits, width, bytes: Arc::new(bytes) })
    }

    /// What it calls itself.
    #[must_use]
    pub fn kind(&self) -> &str {
        &self.kind
    }

    /// When it was made, in seconds since 1970.
    #[must_use]
    pub fn built(&self) -> u64 {
        self.built
    }

    /// Its bytes, as the file has them.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// What it holds of an address.
    #[must_use]
    pub fn find(&self, address: IpAddr) -> Option<Record<'_>> {
        // Addresses of IPv4 lie below `::/96` in a tree of IPv6.
        let (address, skipped) = match (address, self.width) {
            (IpAddr::V4(address), 32) => (u128::from(address.to_bits()) << 96, 32),
            (IpAddr::V4(address), _) => (u128::from(address.to_bits()), 128),
            (IpAddr::V6(_), 32) => return None,
            (IpAddr::V6(address), _) => (address.to_bits(), 128),
        };
        let mut node = 0;
        for depth in 0..skipped {
            let right = address >> (127 - depth) & 1 == 1;
            node = self.record(node, right)?;
            if node >= self.nodes {
                break;
            }
        }
        let offset = node.checked_sub(self.nodes)?.checked_sub(GAP)?;
        let values = self.nodes * self.bits * 2 / 8 + GAP;
        let section = Section(self.bytes.get(values..)?);
        Some(Record { section, offset })
    }

    /// The left or right record of a node.
    fn record(&self, node: usize, right: bool) -> Option<usize> {
        let size = self.bits / 4;
        let node = self.bytes.get(node.checked_mul(size)?..)?.get(..size)?;
        let whole = |bytes: &[u8]| bytes.iter().fold(0_usize, |sum, byte| sum << 8 | usize::from(*byte));
        Some(match (node, right) {
            // The middle byte holds the highest four bits of both.
            ([left @ .., middle, _, _, _], false) if self.bits == 28 => usize::from(middle >> 4) << 24 | whole(left),
            ([_, _, _, middle, right @ ..], true) if self.bits == 28 => usize::from(middle & 15) << 24 | whole(right),
            (node, right) => {
                let (left, other) = node.split_at(size / 2);
                whole(if right { other } else { left })
            }
        })
    }
}

/// What a database holds of an address.
#[derive(Clone, Copy, Debug)]
pub struct Record<'a> {
    section: Section<'a>,
    offset: usize,
}

impl<'a> Record<'a> {
    /// The value at the end of a path of keys; of a list the first element is meant.
    #[must_use]
    pub(super) fn get(&self, path: &[&str]) -> Option<Value<'a>> {
        self.section.find(self.offset, path)
    }
}

/// Where the metadata begins: behind the last marker.
fn metadata(bytes: &[u8]) -> Option<usize> {
    let from = bytes.len().saturating_sub(TAIL);
    let at = memchr::memmem::rfind(bytes.get(from..)?, MARKER)?;
    Some(from + at + MARKER.len())
}
