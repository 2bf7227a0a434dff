//! What people's own machines do that looks like other hands: a VPN turned on at noon, a browser that updates
//! within a session, a broker that leaves the device's id out, a phone that keeps trying an old password.
//!
//! A quirk changes or adds to what a person's days have logged, and touches nobody else's. Who has which is told
//! by the person's number, so that a tenant of 120 people has every one of them.

mod added;
mod bent;

use super::people::{Person, Role};
use super::random::Random;
use super::record::{Audit, SignIn};
use super::{Settings, TenantIds};

/// A peculiarity of somebody's machines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Quirk {
    /// The laptop at home goes through the company's own VPN for part of the day.
    CompanyVpn,
    /// Laptop and phone go through a bought VPN some evenings and on trips.
    PrivateVpn,
    /// Some of what a browser asks for is asked by Microsoft's servers on the person's behalf.
    ServerSide,
    /// Signs in at a machine that others of the site use, too.
    Kiosk,
    /// Changes the password, which a phone does not learn for hours.
    OldPassword,
    /// Gets a new phone: a device and a method within minutes, at home.
    NewPhone,
    /// Works by device code on a machine without a browser, from the office.
    DeviceCode,
}

impl Quirk {
    pub(super) const ALL: [Self; 7] = [
        Self::CompanyVpn,
        Self::PrivateVpn,
        Self::ServerSide,
        Self::Kiosk,
        Self::OldPassword,
        Self::NewPhone,
        Self::DeviceCode,
    ];

    /// Whether a person has it.
    pub(super) fn is_of(self, person: &Person) -> bool {
        let (every, which) = match self {
            Self::CompanyVpn => (9, 4),
            Self::PrivateVpn => (29, 14),
            Self::ServerSide => (5, 2),
            Self::Kiosk => (12, 5),
            Self::OldPassword => (23, 11),
            Self::NewPhone => (19, 8),
            Self::DeviceCode => return person.is_administrator(),
        };
        person.number % every == which && matches!(person.role, Role::Office | Role::Developer)
    }
}

/// Changes and completes what a person's days have logged.
pub(super) fn follow(
    person: &Person,
    settings: &Settings,
    ids: &TenantIds,
    random: &Random,
    rows: &mut Vec<SignIn>,
    audits: &mut Vec<Audit>,
) {
    let random = random.child("quirks", u64::from(person.number));
    bent::browser_updates(person, settings, rows);
    bent::devices_unnamed(person, &random, rows);
    for quirk in Quirk::ALL.into_iter().filter(|quirk| quirk.is_of(person)) {
        match quirk {
            Quirk::CompanyVpn => bent::company_vpn(person, settings, &random, rows),
            Quirk::PrivateVpn => bent::private_vpn(person, settings, &random, rows),
            Quirk::ServerSide => bent::server_side(&random, rows),
            Quirk::Kiosk => added::kiosk(person, settings, ids, &random, rows),
            Quirk::OldPassword => added::old_password(person, settings, ids, &random, rows, audits),
            Quirk::NewPhone => added::new_phone(person, settings, ids, &random, rows, audits),
            Quirk::DeviceCode => added::device_code(person, settings, ids, &random, rows),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::generate::{networks, tenant};
    use crate::order::{Gather, Map, Set};

    #[test]
    fn a_tenant_of_120_has_every_one() {
        let people = super::super::people::people(&Random::new(1), 120, 14);
        for quirk in Quirk::ALL {
            let count = people.iter().filter(|person| quirk.is_of(person)).count();
            assert!((2..=24).contains(&count), "{quirk:?}: {count}");
        }
    }

    #[test]
    fn each_leaves_its_mark_in_the_log() {
        let made = tenant(&Settings { users: 120, pace: 6, incidents: Vec::new(), ..Settings::default() });
        let user = |test: &dyn Fn(&SignIn) -> bool| made.sign_ins.iter().filter(|row| test(row)).count();
        // One device of several people.
        let mut of: Map<&str, Set<&str>> = Map::new();
        for row in &made.sign_ins {
            if let Some(device) = &row.device {
                of.entry(&device.id).or_default().insert(&row.user.id);
            }
        }
        assert!(of.values().any(|people| people.len() > 2), "nobody shares a machine");
        // One session with two versions of a browser, and one from a home, then the office's egress, on one day.
        let mut agents: Map<&str, Set<&str>> = Map::new();
        let mut places: Map<(&str, i64, &str), Set<u32>> = Map::new();
        for row in made.sign_ins.iter().filter(|row| !row.session.is_empty() && row.client.kind == "Browser") {
            agents.entry(&row.session).or_default().insert(&row.client.agent);
        }
        for row in made.sign_ins.iter().filter(|row| row.device.is_some()) {
            let day = row.time.div_euclid(super::super::time::DAY);
            let device = row.device.as_ref().map_or("", |device| device.id.as_str());
            places.entry((&row.session, day, device)).or_default().insert(row.place.asn);
        }
        assert!(places.values().any(|asns| asns.len() > 1 && asns.contains(&8220)), "no VPN is turned on");
        assert!(user(&|row| networks::is_private_vpn(&row.place)) > 10, "nobody buys a VPN");
        assert!(user(&|row| row.place.asn == 8075) > 10, "Microsoft asks for nobody");
        assert!(user(&|row| row.protocol == "deviceCode" && row.app.name.contains("CLI")) > 0, "no tool by code");
        assert!(user(&|row| row.code == 50126 && row.protocol == "ropc") > 10, "no phone keeps trying");
        assert!(agents.values().any(|seen| seen.len() > 1), "no browser updates within a session");
        let bare = user(&|row| row.device.is_none() && row.incoming == "primaryRefreshToken");
        assert!(bare > 10, "{bare} without a device");
        let operations: Vec<&str> = made.audits.iter().map(|row| row.operation).gather();
        assert!(operations.contains(&"Change user password") && operations.contains(&"Register device"));
    }
}
