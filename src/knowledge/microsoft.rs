//! Microsoft's own address ranges.
//!
//! Source: general knowledge, unchecked and not complete. An address in them is never evidence of
//! an intruder by itself, but one warning belongs here: machines that customers rent in Azure, an
//! intruder's included, lie in the same network ([`Range::Cloud`]). Only [`Range::Service`] is used
//! by Microsoft alone.

use std::net::{IpAddr, Ipv4Addr};
use std::sync::LazyLock;

/// Whose an address within Microsoft's network may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Range {
    /// Microsoft's services: sign-in, Exchange, SharePoint, Teams.
    Service,
    /// Microsoft's network at large, in which customers rent machines too.
    Cloud,
}

/// Microsoft's autonomous systems: 8068 and 8069 (corporate), 8075 (cloud), 12076 (ExpressRoute).
const AUTONOMOUS_SYSTEMS: [u32; 4] = [8068, 8069, 8075, 12076];

/// Ranges that Microsoft documents for its services, first address and prefix length.
const SERVICE_V4: [([u8; 4], u32); 13] = [
    ([13, 107, 6, 0], 23),
    ([13, 107, 18, 0], 23),
    ([13, 107, 64, 0], 18),
    ([13, 107, 128, 0], 22),
    ([13, 107, 136, 0], 22),
    ([20, 190, 128, 0], 18),
    ([40, 92, 0, 0], 15),
    ([40, 107, 0, 0], 16),
    ([40, 126, 0, 0], 18),
    ([52, 96, 0, 0], 13),
    ([52, 104, 0, 0], 14),
    ([52, 112, 0, 0], 14),
    ([104, 47, 0, 0], 17),
];

/// Allocations to Microsoft, first address and prefix length.
const CLOUD_V4: [([u8; 4], u32); 46] = [
    ([13, 64, 0, 0], 11),
    ([13, 96, 0, 0], 13),
    ([13, 104, 0, 0], 14),
    ([20, 33, 0, 0], 16),
    ([20, 34, 0, 0], 15),
    ([20, 36, 0, 0], 14),
    ([20, 40, 0, 0], 13),
    ([20, 48, 0, 0], 12),
    ([20, 64, 0, 0], 10),
    ([20, 150, 0, 0], 15),
    ([20, 160, 0, 0], 12),
    ([20, 176, 0, 0], 14),
    ([20, 180, 0, 0], 14),
    ([20, 184, 0, 0], 13),
    ([20, 192, 0, 0], 10),
    ([23, 96, 0, 0], 13),
    ([40, 64, 0, 0], 13),
    ([40, 74, 0, 0], 15),
    ([40, 76, 0, 0], 14),
    ([40, 80, 0, 0], 12),
    ([40, 96, 0, 0], 12),
    ([40, 112, 0, 0], 13),
    ([40, 120, 0, 0], 14),
    ([40, 124, 0, 0], 16),
    ([40, 125, 0, 0], 17),
    ([40, 126, 0, 0], 18),
    ([52, 96, 0, 0], 12),
    ([52, 112, 0, 0], 14),
    ([52, 145, 0, 0], 16),
    ([52, 146, 0, 0], 15),
    ([52, 148, 0, 0], 14),
    ([52, 152, 0, 0], 13),
    ([52, 160, 0, 0], 11),
    ([52, 224, 0, 0], 11),
    ([65, 52, 0, 0], 14),
    ([104, 40, 0, 0], 13),
    ([104, 146, 0, 0], 15),
    ([104, 208, 0, 0], 13),
    ([132, 245, 0, 0], 16),
    ([137, 116, 0, 0], 15),
    ([138, 91, 0, 0], 16),
    ([150, 171, 0, 0], 16),
    ([157, 55, 0, 0], 16),
    ([168, 61, 0, 0], 16),
    ([168, 62, 0, 0], 15),
    ([191, 232, 0, 0], 13),
];

/// IPv6 ranges that Microsoft documents for its services: leading bits and their number.
const SERVICE_V6: [(u128, u32); 6] = [
    (0x2603_1006 << 96, 40),
    (0x2603_1016 << 96, 36),
    (0x2603_1026 << 96, 36),
    (0x2603_1036 << 96, 36),
    (0x2603_1046 << 96, 36),
    (0x2603_1056 << 96, 36),
];

/// IPv6 allocations to Microsoft.
const CLOUD_V6: [(u128, u32); 3] = [(0x2603_1000 << 96, 24), (0x2620_01ec << 96, 36), (0x2a01_0111 << 96, 32)];

/// Whether the address is Microsoft's, by its range or by the autonomous system that the record
/// gives for it. Customers' machines in Azure are included: see [`range`].
#[must_use]
pub fn is_microsoft(address: IpAddr, asn: Option<u32>) -> bool {
    range(address, asn).is_some()
}

/// Which part of Microsoft's network the address lies in; `None` where it is not Microsoft's as
/// far as these lists know.
#[must_use]
pub fn range(address: IpAddr, asn: Option<u32>) -> Option<Range> {
    let (service, cloud) = match address {
        IpAddr::V4(address) if !begins_a_range(address) => (false, false),
        IpAddr::V4(address) => {
            let within = |list: &[([u8; 4], u32)]| {
                list.iter()
                    .any(|&(first, length)| (u32::from(address) ^ u32::from_be_bytes(first)) >> (32 - length) == 0)
            };
            (within(&SERVICE_V4), within(&CLOUD_V4))
        }
        IpAddr::V6(address) => {
            let within = |list: &[(u128, u32)]| {
                list.iter().any(|&(first, length)| (u128::from(address) ^ first) >> (128 - length) == 0)
            };
            (within(&SERVICE_V6), within(&CLOUD_V6))
        }
    };
    if service {
        Some(Range::Service)
    } else if cloud || asn.is_some_and(|asn| AUTONOMOUS_SYSTEMS.contains(&asn)) {
        Some(Range::Cloud)
    } else {
        None
    }
}

/// Whether the first byte of an address is that of a range: most addresses begin with another. No range is wider.
fn begins_a_range(address: Ipv4Addr) -> bool {
    /// A bit for each first byte.
    static FIRST_BYTES: LazyLock<[u64; 4]> = LazyLock::new(|| {
        let mut bits = [0; 4];
        for ([first, ..], _) in SERVICE_V4.iter().chain(&CLOUD_V4) {
            bits.iter_mut().skip(usize::from(first / 64)).take(1).for_each(|bits| *bits |= 1 << (first % 64));
        }
        bits
    });
    let [first, ..] = address.octets();
    FIRST_BYTES.get(usize::from(first / 64)).is_some_and(|bits| bits >> (first % 64) & 1 == 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(address: &str, asn: Option<u32>) -> Option<Range> {
        range(address.parse().expect("an address"), asn)
    }

    #[test]
    fn no_range_is_wider_than_one_first_byte() {
        for (first, length) in SERVICE_V4.iter().chain(&CLOUD_V4) {
            assert!(*length >= 8);
            assert!(begins_a_range((*first).into()));
        }
        assert!(!begins_a_range(Ipv4Addr::new(192, 0, 2, 1)));
    }

    #[test]
    fn knows_its_ranges_and_their_ends() {
        for (address, expected) in [
            ("52.96.0.1", Some(Range::Service)),
            ("52.107.255.255", Some(Range::Service)),
            ("40.126.63.255", Some(Range::Service)),
            ("40.126.64.0", None),
            ("20.190.159.1", Some(Range::Service)),
            ("20.32.255.255", None),
            ("20.33.0.0", Some(Range::Cloud)),
            ("13.64.0.0", Some(Range::Cloud)),
            ("13.63.255.255", None),
            ("13.107.6.171", Some(Range::Service)),
            ("13.108.0.0", None),
            ("104.39.255.255", None),
            ("104.40.0.0", Some(Range::Cloud)),
            ("203.0.113.9", None),
            ("2603:1026::1", Some(Range::Service)),
            ("2603:1061::1", Some(Range::Cloud)),
            ("2603:1100::1", None),
            ("2a01:111:f400::1", Some(Range::Cloud)),
            ("2a01:112::1", None),
        ] {
            assert_eq!(of(address, None), expected, "{address}");
        }
    }

    #[test]
    fn the_record_may_name_the_network() {
        assert_eq!(of("203.0.113.9", Some(8075)), Some(Range::Cloud));
        assert_eq!(of("203.0.113.9", Some(3320)), None);
        assert_eq!(of("52.96.0.1", Some(8075)), Some(Range::Service));
        assert!(is_microsoft("203.0.113.9".parse().expect("an address"), Some(12076)));
    }

    #[test]
    fn every_range_starts_where_it_says() {
        for (first, length) in SERVICE_V4.into_iter().chain(CLOUD_V4) {
            assert_eq!(u32::from_be_bytes(first) << length, 0, "{first:?}/{length}");
        }
        for (first, length) in SERVICE_V6.into_iter().chain(CLOUD_V6) {
            assert_eq!(first << length, 0, "{first:x}/{length}");
        }
    }
}
