//! Network addresses as logs write them, and the blocks they lie in.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Reads an address with or without a port, brackets, or interface zone. An IPv4 address in an
/// IPv6 coat (`::ffff:192.0.2.1`) comes out as IPv4, so one machine has one address.
///
/// `None` for empty text, placeholders such as `<null>`, and whatever else is no address.
#[must_use]
pub fn parse_address(text: &str) -> Option<IpAddr> {
    let text = text.trim();
    if let Some(address) = bare(text) {
        return Some(address);
    }
    if let Some(opened) = text.strip_prefix('[') {
        let (inner, rest) = opened.split_once(']')?;
        let port = rest.strip_prefix(':');
        return (rest.is_empty() || port.is_some_and(is_port)).then(|| bare(inner)).flatten();
    }
    // Not an address as it stands, so a last group can only be a port.
    let (address, port) = text.rsplit_once(':')?;
    is_port(port).then(|| bare(address)).flatten()
}

/// An address without port or brackets; a zone is dropped.
fn bare(text: &str) -> Option<IpAddr> {
    if let Ok(address) = text.parse::<Ipv4Addr>() {
        return Some(IpAddr::V4(address));
    }
    let address = match text.split_once('%') {
        Some((address, zone)) if !zone.is_empty() => address,
        Some(_) => return None,
        None => text,
    };
    let address = address.parse::<Ipv6Addr>().ok()?;
    Some(address.to_ipv4_mapped().map_or(IpAddr::V6(address), IpAddr::V4))
}

fn is_port(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) && text.parse::<u16>().is_ok()
}

/// The neighbourhood of an address: its /24 (IPv4) or /48 (IPv6).
///
/// Two addresses of one block are usually one site or one carrier; blocks of different families
/// say nothing about each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Block {
    /// The first three bytes of an IPv4 address.
    V4([u8; 3]),
    /// The first six bytes of an IPv6 address.
    V6([u8; 6]),
}

/// The block that `address` lies in.
#[must_use]
pub const fn block(address: IpAddr) -> Block {
    match address {
        IpAddr::V4(address) => {
            let [a, b, c, _] = address.octets();
            Block::V4([a, b, c])
        }
        IpAddr::V6(address) => {
            let [a, b, c, d, e, f, ..] = address.octets();
            Block::V6([a, b, c, d, e, f])
        }
    }
}

impl Block {
    /// The lowest of its addresses.
    #[must_use]
    pub const fn first(self) -> IpAddr {
        match self {
            Self::V4([a, b, c]) => IpAddr::V4(Ipv4Addr::new(a, b, c, 0)),
            Self::V6([a, b, c, d, e, f]) => {
                IpAddr::V6(Ipv6Addr::from_bits(u128::from_be_bytes([a, b, c, d, e, f, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0])))
            }
        }
    }
}

impl fmt::Display for Block {
    /// In prefix notation: `192.0.2.0/24`, `2001:db8:1::/48`.
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let length = if matches!(self, Self::V4(_)) { 24 } else { 48 };
        write!(out, "{}/{length}", self.first())
    }
}

/// Whether the address has no meaning outside its own network: private, carrier-grade NAT,
/// loopback, link-local, unspecified. Such an address says nothing about where somebody was.
#[must_use]
pub fn is_private(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => {
            let [a, b, ..] = address.octets();
            address.is_private()
                || address.is_loopback()
                || address.is_link_local()
                || address.is_broadcast()
                || a == 0
                || (a == 100 && b & 0xc0 == 64)
        }
        IpAddr::V6(address) => {
            address.is_loopback()
                || address.is_unspecified()
                || address.is_unique_local()
                || address.is_unicast_link_local()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Option<String> {
        parse_address(text).map(|address| address.to_string())
    }

    #[test]
    fn reads_every_coat_an_address_comes_in() {
        for (text, expected) in [
            ("192.0.2.4", "192.0.2.4"),
            (" 192.0.2.4 ", "192.0.2.4"),
            ("1.2.3.4:50123", "1.2.3.4"),
            ("[1.2.3.4]:50123", "1.2.3.4"),
            ("[2001:db8::1]:443", "2001:db8::1"),
            ("[2001:db8::1]", "2001:db8::1"),
            ("2001:DB8::1", "2001:db8::1"),
            ("2001:0db8:0:0:0:0:0:1", "2001:db8::1"),
            ("2001:db8:0:0:0:0:0:1:443", "2001:db8::1"),
            ("::ffff:1.2.3.4", "1.2.3.4"),
            ("::ffff:1.2.3.4:50123", "1.2.3.4"),
            ("[::ffff:1.2.3.4]:443", "1.2.3.4"),
            ("fe80::1%eth0", "fe80::1"),
            ("[fe80::1%12]:443", "fe80::1"),
            ("::1", "::1"),
        ] {
            assert_eq!(read(text).as_deref(), Some(expected), "{text}");
        }
    }

    #[test]
    fn what_is_no_address_is_none() {
        for text in [
            "",
            " ",
            "<null>",
            "null",
            "-",
            "Not Available",
            "1.2.3",
            "1.2.3.256",
            "1.2.3.4:",
            "1.2.3.4:65536",
            "1.2.3.4:+80",
            "1.2.3.4/24",
            "[2001:db8::1",
            "[2001:db8::1]443",
            "fe80::1%",
            "example.com:443",
            ":443",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
    }

    #[test]
    fn a_group_that_may_be_a_port_stays_part_of_an_ipv6_address() {
        assert_eq!(read("2001:db8::1:443").as_deref(), Some("2001:db8::1:443"));
    }

    #[test]
    fn blocks_hold_neighbours() {
        let of = |text| block(parse_address(text).expect("an address"));
        assert_eq!(of("192.0.2.1"), of("192.0.2.254"));
        assert_ne!(of("192.0.2.1"), of("192.0.3.1"));
        assert_eq!(of("192.0.2.77").to_string(), "192.0.2.0/24");
        assert_eq!(of("2001:db8:1:2::3").to_string(), "2001:db8:1::/48");
        assert_eq!(of("2001:db8:1:ffff::3"), of("2001:db8:1::"));
        assert_ne!(of("2001:db8:2::"), of("2001:db8:1::"));
        assert_eq!(of("::ffff:192.0.2.1"), of("192.0.2.9"));
    }

    #[test]
    fn private_is_told_from_public() {
        for text in [
            "10.0.0.1",
            "172.16.0.1",
            "172.31.255.255",
            "192.168.1.1",
            "127.0.0.1",
            "169.254.1.1",
            "100.64.0.1",
            "100.127.255.255",
            "0.0.0.0",
            "::1",
            "::",
            "fd00::1",
            "fe80::1",
        ] {
            assert!(is_private(parse_address(text).expect("an address")), "{text}");
        }
        for text in
            ["172.32.0.1", "100.63.255.255", "100.128.0.1", "8.8.8.8", "203.0.113.9", "2001:db8::1", "2603:1000::1"]
        {
            assert!(!is_private(parse_address(text).expect("an address")), "{text}");
        }
    }
}
