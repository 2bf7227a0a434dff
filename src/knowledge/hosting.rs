//! Networks that rent out machines or hide where their users are.

use std::sync::OnceLock;

use super::table;

/// What a network sells.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum HostingKind {
    /// A large public cloud; ordinary software calls from there too. Weighs little.
    Cloud,
    /// A proxy in front of ordinary users and sites. Weighs little.
    Proxy,
    /// Rented servers.
    Hosting,
    /// Exits of VPN services.
    Vpn,
}

impl HostingKind {
    /// Whether a sign-in from there says much: people do not sit in data centres.
    #[must_use]
    pub const fn weighs(self) -> bool {
        matches!(self, Self::Hosting | Self::Vpn)
    }
}

/// A hosting network.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hosting {
    /// Its autonomous system number.
    pub asn: u32,
    /// Who runs it.
    pub name: &'static str,
    /// What it sells.
    pub kind: HostingKind,
    /// Whether public detection rules name it in token theft.
    pub seen_in_token_theft: bool,
}

/// The hosting network with this autonomous system number. From general knowledge, unchecked and
/// far from complete: `None` does not say that a network houses people.
#[must_use]
pub fn hosting(asn: u32) -> Option<Hosting> {
    table::find(networks(), &asn)
}

fn networks() -> &'static [(u32, Hosting)] {
    static NETWORKS: OnceLock<Vec<(u32, Hosting)>> = OnceLock::new();
    NETWORKS.get_or_init(|| {
        table::rows(include_str!("hosting-asn.tsv"))
            .filter_map(|row| {
                let mut columns = row.split('\t');
                let asn = table::column(&mut columns).parse().ok()?;
                let kind = match table::column(&mut columns) {
                    "cloud" => HostingKind::Cloud,
                    "proxy" => HostingKind::Proxy,
                    "hosting" => HostingKind::Hosting,
                    "vpn" => HostingKind::Vpn,
                    _ => return None,
                };
                let name = table::column(&mut columns);
                let seen_in_token_theft = table::column(&mut columns) == "x";
                Some((asn, Hosting { asn, name, kind, seen_in_token_theft }))
            })
            .collect()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_whole_and_sorted() {
        assert_eq!(networks().len(), table::rows(include_str!("hosting-asn.tsv")).count());
        assert!(networks().is_sorted_by(|(a, _), (b, _)| a < b));
    }

    #[test]
    fn knows_networks_and_their_weight() {
        let network = hosting(14061).expect("a hosting network");
        assert_eq!((network.name, network.kind), ("DigitalOcean", HostingKind::Hosting));
        assert!(network.seen_in_token_theft && network.kind.weighs());
        let amazon = hosting(16509).expect("a cloud");
        assert!(!amazon.kind.weighs() && !amazon.seen_in_token_theft);
        assert_eq!(hosting(9009).map(|network| network.kind), Some(HostingKind::Vpn));
        assert_eq!(hosting(13335).map(|network| network.kind), Some(HostingKind::Proxy));
        // Access providers (Deutsche Telekom, Comcast) are not listed, nor is Microsoft.
        for asn in [0, 3320, 7922, 8075] {
            assert_eq!(hosting(asn), None);
        }
    }
}
