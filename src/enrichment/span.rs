//! A network as lists write it: a prefix, an address, two ends, or an autonomous system.

use std::fmt;
use std::net::{IpAddr, Ipv6Addr};

use serde::{Deserialize, Serialize};

use crate::events::address::parse_address;

/// A network of a list. Addresses are numbers of IPv6; those of IPv4 lie in `::ffff:0:0/96`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Span {
    /// All addresses from the first to the last.
    Addresses {
        /// The first.
        first: u128,
        /// The last.
        last: u128,
    },
    /// All addresses of an autonomous system.
    System(u32),
}

/// Why a text is no network that is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, thiserror::Error)]
pub enum NoSpan {
    /// It is none.
    #[error("not an address, a range of addresses or an AS number")]
    Unreadable,
    /// A list that said so would hide everything.
    #[error("a range wider than /8 (IPv4) or /16 (IPv6) says nothing of an address")]
    TooWide,
}

/// An address as a number.
#[must_use]
pub(super) fn number(address: IpAddr) -> u128 {
    match address {
        IpAddr::V4(address) => address.to_ipv6_mapped().to_bits(),
        IpAddr::V6(address) => address.to_bits(),
    }
}

/// Bits of the prefix of all IPv4 addresses.
const V4: u32 = 96;

impl fmt::Display for Span {
    /// As [`Span::parse`] reads it: a prefix or an address where it is one, else its two ends.
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (first, last) = match *self {
            Self::Addresses { first, last } => (first, last),
            Self::System(system) => return write!(out, "AS{system}"),
        };
        let mut prefixes = Vec::new();
        self.prefixes(&mut |first, length| prefixes.push((first, length)));
        match *prefixes {
            [(first, 128)] => write!(out, "{}", address(first)),
            [(first, length)] => {
                let address = address(first);
                let length = if address.is_ipv4() { length.saturating_sub(V4) } else { length };
                write!(out, "{address}/{length}")
            }
            _ => write!(out, "{}-{}", address(first), address(last)),
        }
    }
}

/// The address of a number.
fn address(number: u128) -> IpAddr {
    let address = Ipv6Addr::from_bits(number);
    address.to_ipv4_mapped().map_or(IpAddr::V6(address), IpAddr::V4)
}

impl Span {
    /// One address.
    #[must_use]
    pub fn of(address: IpAddr) -> Self {
        let address = number(address);
        Self::Addresses { first: address, last: address }
    }

    /// Reads `203.0.113.0/24`, `2001:db8::/32`, `203.0.113.7`, `203.0.113.0-203.0.113.31` or `AS64500`.
    ///
    /// # Errors
    /// When it is none of these, or wider than a list can mean.
    pub fn parse(text: &str) -> Result<Self, NoSpan> {
        let text = text.trim();
        if let Some(system) = system(text) {
            return Ok(Self::System(system));
        }
        if let Some((address, length)) = text.split_once('/') {
            let address = parse_address(address).ok_or(NoSpan::Unreadable)?;
            return prefix(address, length.trim().parse().map_err(|_| NoSpan::Unreadable)?);
        }
        if let Some((first, last)) = text.split_once('-') {
            return Self::between(first, last);
        }
        let address = parse_address(text).map(number).ok_or(NoSpan::Unreadable)?;
        Ok(Self::Addresses { first: address, last: address })
    }

    /// All addresses between two, both included.
    ///
    /// # Errors
    /// When one of them is none, they are of two families, the first is behind the last, or there are
    /// more between them than a list can mean.
    pub fn between(first: &str, last: &str) -> Result<Self, NoSpan> {
        let (first, last) = parse_address(first).zip(parse_address(last)).ok_or(NoSpan::Unreadable)?;
        let most: u128 = match (first, last) {
            (IpAddr::V4(_), IpAddr::V4(_)) => 1 << 24,
            (IpAddr::V6(_), IpAddr::V6(_)) => 1 << 112,
            _ => return Err(NoSpan::Unreadable),
        };
        let (first, last) = (number(first), number(last));
        match last.checked_sub(first) {
            None => Err(NoSpan::Unreadable),
            Some(width) if width >= most => Err(NoSpan::TooWide),
            Some(_) => Ok(Self::Addresses { first, last }),
        }
    }

    /// Whether an address lies in it; of an autonomous system that cannot be told.
    #[must_use]
    pub fn has(self, address: IpAddr) -> bool {
        match self {
            Self::Addresses { first, last } => (first..=last).contains(&number(address)),
            Self::System(_) => false,
        }
    }

    /// The prefixes that together are this span: their first addresses and lengths in bits.
    pub(super) fn prefixes(self, take: &mut dyn FnMut(u128, u32)) {
        let Self::Addresses { mut first, last } = self else { return };
        while first <= last {
            // The largest prefix that begins here and does not reach beyond the last address.
            let mut bits = first.trailing_zeros().min(127);
            while bits > 0 && last - first < (1 << bits) - 1 {
                bits -= 1;
            }
            take(first, 128 - bits);
            match first.checked_add(1 << bits) {
                Some(next) if next <= last => first = next,
                _ => return,
            }
        }
    }
}

/// `AS64500` or `ASN64500`; a bare number is none, for it could be anything.
fn system(text: &str) -> Option<u32> {
    let (head, rest) = text.split_at_checked(2)?;
    let rest = rest.strip_prefix(['n', 'N']).unwrap_or(rest).trim_start();
    let digits = !rest.is_empty() && rest.bytes().all(|byte| byte.is_ascii_digit());
    let number = rest.parse().ok().filter(|number| *number != 0);
    (head.eq_ignore_ascii_case("as") && digits).then_some(number).flatten()
}

fn prefix(address: IpAddr, length: u32) -> Result<Span, NoSpan> {
    let (most, least, before) = match address {
        IpAddr::V4(_) => (32, 8, V4),
        IpAddr::V6(_) => (128, 16, 0),
    };
    if length > most {
        return Err(NoSpan::Unreadable);
    }
    if length < least {
        return Err(NoSpan::TooWide);
    }
    let host = u128::MAX.checked_shr(before + length).unwrap_or(0);
    let first = number(address) & !host;
    Ok(Span::Addresses { first, last: first | host })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> u128 {
        number(text.parse().expect("an address"))
    }

    #[test]
    fn reads_what_lists_write() {
        let from_to = |first: &str, last: &str| Ok(Span::Addresses { first: at(first), last: at(last) });
        for (text, expected) in [
            ("203.0.113.0/24", from_to("203.0.113.0", "203.0.113.255")),
            (" 203.0.113.77/24 ", from_to("203.0.113.0", "203.0.113.255")),
            ("203.0.113.7", from_to("203.0.113.7", "203.0.113.7")),
            ("203.0.113.7/32", from_to("203.0.113.7", "203.0.113.7")),
            ("203.0.113.9-203.0.113.21", from_to("203.0.113.9", "203.0.113.21")),
            ("203.0.113.9 - 203.0.113.21", from_to("203.0.113.9", "203.0.113.21")),
            ("2001:db8::/32", from_to("2001:db8::", "2001:db8:ffff:ffff:ffff:ffff:ffff:ffff")),
            ("2001:db8::1", from_to("2001:db8::1", "2001:db8::1")),
            ("2001:db8::1/128", from_to("2001:db8::1", "2001:db8::1")),
            ("AS64500", Ok(Span::System(64500))),
            ("asn64500", Ok(Span::System(64500))),
            ("AS 64500", Ok(Span::System(64500))),
        ] {
            assert_eq!(Span::parse(text), expected, "{text}");
            let written = expected.map_or(String::new(), |span: Span| span.to_string());
            assert_eq!(Span::parse(&written), expected, "{written}");
        }
        let same = ["203.0.113.0/24", "203.0.113.9-203.0.113.21", "2001:db8::/32", "2001:db8::1", "AS64500"];
        assert_eq!(same.map(|text| Span::parse(text).expect("a network").to_string()), same);
    }

    #[test]
    fn what_is_no_network_or_nearly_all_is_refused() {
        for text in [
            "",
            "AS",
            "AS0",
            "AS-1",
            "AS99999999999",
            "64500",
            "203.0.113.0/33",
            "203.0.113.0/",
            "203.0.113.0/x",
            "203.0.113",
            "2001:db8::/129",
            "203.0.113.9-203.0.113.8",
            "203.0.113.9-2001:db8::1",
            "office",
            "-",
            "é1",
        ] {
            assert_eq!(Span::parse(text), Err(NoSpan::Unreadable), "{text}");
        }
        for text in ["0.0.0.0/0", "10.0.0.0/7", "::/0", "2000::/3", "1.0.0.0-9.0.0.0", "2000::-3000::"] {
            assert_eq!(Span::parse(text), Err(NoSpan::TooWide), "{text}");
        }
    }

    #[test]
    fn prefixes_cover_a_span_and_nothing_else() {
        let prefixes = |text: &str| {
            let mut found = Vec::new();
            Span::parse(text).expect("a span").prefixes(&mut |first, length| found.push((first, length)));
            found
        };
        assert_eq!(prefixes("203.0.113.0/24"), [(at("203.0.113.0"), 120)]);
        assert_eq!(prefixes("203.0.113.7"), [(at("203.0.113.7"), 128)]);
        assert_eq!(
            prefixes("203.0.113.9-203.0.113.16"),
            [(at("203.0.113.9"), 128), (at("203.0.113.10"), 127), (at("203.0.113.12"), 126), (at("203.0.113.16"), 128)]
        );
        assert!(prefixes("AS64500").is_empty());
        // However the ends lie, the prefixes stand side by side and end where the span does.
        for (first, last) in [(1_u128, 1_000), (7, 7), (0, 255), (3, 4), (u128::MAX - 5, u128::MAX)] {
            let mut next = first;
            Span::Addresses { first, last }.prefixes(&mut |from, length| {
                assert_eq!(from, next);
                next = next.wrapping_add(1 << (128 - length));
            });
            assert_eq!(next, last.wrapping_add(1));
        }
    }
}
