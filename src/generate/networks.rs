//! Places: cities, access providers, carriers, offices, homes, and the networks that intruders rent.
//!
//! Addresses are of the ranges reserved for documentation, and each belongs to one network only.
//! Offices have 192.0.2.0/24, homes and carriers 198.51.100.0/24 and prefixes of 2001:db8::/32,
//! rented machines 203.0.113.0/24. Numbers of access networks are those of large providers of the
//! country; numbers of rented ones come from the project's own list.

use std::sync::OnceLock;

use super::random::Random;
use super::record::{City, Place};

const fn city(
    name: &'static str,
    state: &'static str,
    country: &'static str,
    latitude: i32,
    longitude: i32,
    zone: i64,
) -> City {
    City { name, state, country, latitude, longitude, zone }
}

/// A site of the organisation: its own egress and the cities where its people live.
pub(super) struct Site {
    pub(super) office: City,
    egress: [&'static str; 2],
    asn: u32,
    homes: [City; 4],
    /// Access networks of the country, and after them the carriers of mobile phones.
    access: [u32; 3],
    carriers: [u32; 2],
    slot: u16,
}

pub(super) static SITES: [Site; 3] = [
    Site {
        office: city("Hamburg", "Hamburg", "DE", 535_511, 99_937, 1),
        egress: ["192.0.2.10", "192.0.2.11"],
        asn: 8220,
        homes: [
            city("Hamburg", "Hamburg", "DE", 535_690, 100_120, 1),
            city("Norderstedt", "Schleswig-Holstein", "DE", 537_059, 100_100, 1),
            city("Luneburg", "Niedersachsen", "DE", 532_464, 104_115, 1),
            city("Ahrensburg", "Schleswig-Holstein", "DE", 536_737, 102_362, 1),
        ],
        access: [3320, 8881, 31334],
        carriers: [6805, 3209],
        slot: 0,
    },
    Site {
        office: city("Lyon", "Auvergne-Rhone-Alpes", "FR", 457_640, 48_357, 1),
        egress: ["192.0.2.74", "192.0.2.75"],
        asn: 16_347,
        homes: [
            city("Lyon", "Auvergne-Rhone-Alpes", "FR", 457_700, 48_600, 1),
            city("Villeurbanne", "Auvergne-Rhone-Alpes", "FR", 457_719, 48_902, 1),
            city("Vienne", "Auvergne-Rhone-Alpes", "FR", 455_255, 48_748, 1),
            city("Grenoble", "Auvergne-Rhone-Alpes", "FR", 451_885, 57_245, 1),
        ],
        access: [3215, 12_322, 15_557],
        carriers: [51_207, 5410],
        slot: 1,
    },
    Site {
        office: city("Leeds", "England", "GB", 538_008, -15_491, 0),
        egress: ["192.0.2.138", "192.0.2.139"],
        asn: 5400,
        homes: [
            city("Leeds", "England", "GB", 538_100, -15_300, 0),
            city("Bradford", "England", "GB", 537_960, -17_594, 0),
            city("York", "England", "GB", 539_590, -10_815, 0),
            city("Harrogate", "England", "GB", 539_921, -15_418, 0),
        ],
        access: [2856, 5089, 5607],
        carriers: [12_576, 25_135],
        slot: 2,
    },
];

/// Where people travel to, with a network of the country.
static AWAY: [(City, u32); 5] = [
    (city("Madrid", "Madrid", "ES", 404_168, -37_038, 1), 3352),
    (city("Chicago", "Illinois", "US", 418_781, -876_298, -6), 7922),
    (city("Milano", "Lombardia", "IT", 454_642, 91_900, 1), 3269),
    (city("Singapore", "Singapore", "SG", 13_521, 1_038_198, 8), 4657),
    (city("Warszawa", "Mazowieckie", "PL", 522_297, 210_122, 1), 5617),
];

/// Where rented machines stand.
static RENTED: [City; 5] = [
    city("Amsterdam", "Noord-Holland", "NL", 523_740, 48_897, 1),
    city("Ashburn", "Virginia", "US", 390_438, -774_874, -5),
    city("Bucuresti", "Bucuresti", "RO", 444_268, 261_025, 2),
    city("Los Angeles", "California", "US", 340_522, -1_182_437, -8),
    city("Frankfurt am Main", "Hessen", "DE", 501_109, 86_821, 1),
];

impl Site {
    /// The site's own egress.
    pub(super) fn egress(&self, random: &mut Random) -> Place {
        Place { address: random.pick(&self.egress).to_owned(), asn: self.asn, city: self.office }
    }

    /// Everybody's home is a household of its own.
    pub(super) fn home(&self, person: u32, random: &mut Random) -> Home {
        let network = random.below(3);
        let asn = self.access.get(network as usize).copied().unwrap_or(3320);
        // Providers share one address of the old kind among several households.
        let shared = u64::from(self.slot) * 80 + network * 16 + random.below(16);
        Home {
            city: random.pick(&self.homes),
            asn,
            old: format!("198.51.100.{shared}"),
            // One household in four has only the old kind.
            prefix: (!random.chance(25)).then(|| format!("2001:db8:{:x}", 0x1000 + person)),
        }
    }

    /// The carrier of a phone: which of its exits one gets changes by the hour.
    pub(super) fn carrier(&self, person: u32, hour: u64) -> Place {
        let which = person % 2;
        let asn = self.carriers.get(which as usize).copied().unwrap_or(6805);
        let mut random = Random::new(u64::from(person)).child("carrier", hour);
        let exit = random.below(16);
        let address = if random.chance(60) {
            let net = 0xc000 + u64::from(self.slot) * 0x100 + u64::from(which) * 0x20 + exit;
            format!("2001:db8:{net:x}:{:x}::{:x}", random.below(0xffff) + 1, random.below(0xffff) + 1)
        } else {
            format!("198.51.100.{}", u64::from(self.slot) * 80 + 48 + u64::from(which) * 16 + exit)
        };
        Place { address, asn, city: self.office }
    }

    /// Another household's network in the same country: what hides best.
    pub(super) fn stranger(&self, number: u32, not: u32) -> Place {
        let asn = self.access.iter().copied().find(|asn| *asn != not).unwrap_or(3320);
        let city = self.homes.last().copied().unwrap_or_default();
        Place { address: format!("2001:db8:{:x}:1::2f", 0xe000 + number), asn, city }
    }
}

/// A household's access.
#[derive(Clone, Debug)]
pub(super) struct Home {
    city: City,
    pub(super) asn: u32,
    old: String,
    prefix: Option<String>,
}

impl Home {
    /// The address on a day: mostly of the new kind, where a machine changes its last half daily.
    pub(super) fn place(&self, machine: u64, day: u64, random: &mut Random) -> Place {
        let address = match &self.prefix {
            Some(prefix) if random.chance(80) => {
                let mut host = Random::new(machine).child("host", day);
                let groups: Vec<String> = (0..4).map(|_| format!("{:x}", host.below(0xffff) + 1)).collect();
                format!("{prefix}:1:{}", groups.join(":"))
            }
            _ => self.old.clone(),
        };
        Place { address, asn: self.asn, city: self.city }
    }
}

/// A hotel's or host's network abroad.
pub(super) fn away(trip: u32, random: &mut Random) -> Place {
    let (city, asn) = AWAY.get(trip as usize % AWAY.len()).copied().unwrap_or_default();
    Place { address: format!("2001:db8:{:x}:1::{:x}", 0xa000 + trip, random.below(0xffff) + 1), asn, city }
}

/// Whether a place is one that people travel to.
pub(super) fn is_away(place: &Place) -> bool {
    AWAY.iter().any(|(city, asn)| (city.name, *asn) == (place.city.name, place.asn))
}

/// A machine rented in a hosting network: those that public rules name in token theft. Not more than
/// 16 addresses each.
pub(super) fn rented(number: u32, machine: u64) -> Place {
    static NETWORKS: OnceLock<Vec<u32>> = OnceLock::new();
    let networks = NETWORKS.get_or_init(|| {
        let listed = include_str!("../knowledge/hosting-asn.tsv").lines().filter(|line| !line.starts_with('#'));
        listed
            .filter_map(|line| {
                let columns: Vec<&str> = line.split('\t').collect();
                let weighs = columns.get(1).is_some_and(|kind| matches!(*kind, "hosting" | "vpn"));
                let named = columns.get(3).is_some_and(|mark| *mark == "x");
                (weighs && named).then(|| columns.first()?.parse().ok()).flatten()
            })
            .take(16)
            .collect()
    });
    let which = number as usize % networks.len().max(1);
    let asn = networks.get(which).copied().unwrap_or(14_061);
    let city = RENTED.get(which % RENTED.len()).copied().unwrap_or_default();
    Place { address: format!("203.0.113.{}", which as u64 * 16 + machine % 16), asn, city }
}

/// A public cloud in which the organisation's own programs run.
pub(super) fn cloud(number: u64) -> Place {
    let city = city("Dublin", "Leinster", "IE", 533_498, -62_603, 0);
    Place { address: format!("2001:db8:f100::{:x}", number + 0x10), asn: 16_509, city }
}

/// An exit of a VPN that people buy: those near by most of the time, and one overseas.
#[cfg(not(target_arch = "wasm32"))]
pub(super) fn private_vpn(number: u64) -> Place {
    let city = RENTED.get(if number == 0 { 3 } else { number as usize % 2 * 4 }).copied().unwrap_or_default();
    Place { address: format!("2001:db8:f300::{:x}", number + 0x20), asn: PRIVATE_VPN, city }
}

/// Packethub, whose addresses NordVPN and others sell.
#[cfg(not(target_arch = "wasm32"))]
const PRIVATE_VPN: u32 = 136_787;

/// Whether a place is such an exit.
#[cfg(test)]
pub(super) fn is_private_vpn(place: &Place) -> bool {
    place.asn == PRIVATE_VPN
}

/// Microsoft's own servers, which ask on behalf of people.
#[cfg(not(target_arch = "wasm32"))]
pub(super) fn microsoft(number: u64) -> Place {
    let city = city("Amsterdam", "Noord-Holland", "NL", 523_740, 48_897, 1);
    // One in three stands in the cloud at large, the others in ranges that Microsoft names for its services.
    let prefix = if number.is_multiple_of(3) { "2001:db8:f200::" } else { "2603:1026:c03::" };
    Place { address: format!("{prefix}{:x}", number + 0x10), asn: 8075, city }
}

#[cfg(test)]
mod tests {
    use crate::order::Map;

    use super::*;
    use crate::knowledge::hosting;

    #[test]
    fn an_address_belongs_to_one_network_and_is_reserved_for_documentation() {
        let mut random = Random::new(5);
        let mut networks: Map<String, u32> = Map::new();
        let mut see = |place: Place| {
            let known = *networks.entry(place.address.clone()).or_insert(place.asn);
            assert_eq!(known, place.asn, "{}", place.address);
            // And those of Microsoft's services, which are known by their range.
            let reserved = ["192.0.2.", "198.51.100.", "203.0.113.", "2001:db8:", "2603:1026:"];
            assert!(reserved.iter().any(|range| place.address.starts_with(range)), "{}", place.address);
            assert!(crate::events::address::parse_address(&place.address).is_some(), "{}", place.address);
        };
        for person in 0..2_000 {
            let site = &SITES[person as usize % 3];
            see(site.egress(&mut random));
            let home = site.home(person, &mut random);
            (0..5).for_each(|day| see(home.place(u64::from(person), day, &mut random)));
            (0..5).for_each(|hour| see(site.carrier(person, hour)));
            see(site.stranger(person, home.asn));
            see(rented(person, u64::from(person)));
            see(away(person, &mut random));
            see(private_vpn(u64::from(person % 12)));
            see(microsoft(u64::from(person % 40)));
            see(cloud(u64::from(person % 80)));
        }
    }

    #[test]
    fn rented_machines_stand_where_detections_look_and_homes_do_not() {
        for number in 0..16 {
            assert!(hosting::hosting(rented(number, 0).asn).is_some_and(|network| network.kind.weighs()));
        }
        for site in &SITES {
            for asn in site.access.iter().chain(&site.carriers).chain([&site.asn]) {
                assert_eq!(hosting::hosting(*asn), None, "{asn}");
            }
        }
    }
}
