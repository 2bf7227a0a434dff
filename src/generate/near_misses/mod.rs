//! What detections must not match although it is nearly what they look for, and odd forms of what they
//! must. Each is of a user of its own and is labelled with its one reason.

mod device_code;
mod foci;
mod passwords;

use std::sync::Arc;

use super::label::Label;
use super::networks::SITES;
use super::people::DOMAIN;
use super::random::Random;
use super::record::{Audit, Client, Device, SignIn, User};
use super::session::{Hands, Session};
use super::time::{DAY, HOUR, MINUTE};
use super::{Settings, Tenant};

pub(super) fn add(settings: &Settings, random: &Random, tenant: &mut Tenant) {
    let mut bench = Bench { settings, random: random.child("near-misses", 0), tenant, users: 0 };
    foci::add(&mut bench);
    device_code::add(&mut bench);
    passwords::add(&mut bench);
}

/// Where near misses are put together.
struct Bench<'a> {
    settings: &'a Settings,
    random: Random,
    tenant: &'a mut Tenant,
    users: u32,
}

impl Bench<'_> {
    /// Somebody to whom nothing else happens.
    fn user(&mut self) -> Arc<User> {
        self.users += 1;
        let number = self.users;
        Arc::new(User {
            id: self.random.guid().to_string(),
            name: format!("near.miss.{number:03}@{DOMAIN}"),
            display: format!("Near Miss {number:03}"),
            guest: false,
        })
    }

    /// A full minute of the log's days, two days before its end at the latest.
    fn minute(&mut self) -> i64 {
        let days = i64::from(self.settings.days);
        let day = self.random.between(0, (days - 4).max(0));
        self.settings.start + day * DAY + 6 * HOUR + self.random.between(0, 12 * 60) * MINUTE
    }

    fn session(&mut self, user: &Arc<User>, time: i64) -> Session {
        Session::of(&mut self.random, &self.tenant.ids.tenant, user, None, time)
    }

    /// An office laptop that is registered and does not comply.
    fn hands(&mut self) -> Hands {
        let [site, ..] = &SITES;
        let device = Device {
            id: self.random.guid().to_string(),
            name: format!("NB-{:05}", 90_000 + self.users),
            trust: "Azure AD joined",
            compliant: Some(false),
            managed: Some(false),
        };
        let client = Client {
            agent: "Windows-AzureAD-Authentication-Provider/1.0".to_owned(),
            system: "Windows 11",
            browser: "Rich Client 4.66.1.0".to_owned(),
            kind: "Mobile Apps and Desktop clients",
        };
        Hands { client: Arc::new(client), device: Some(Arc::new(device)), place: site.egress(&mut self.random) }
    }

    fn sign_in(&mut self, reason: &str, step: &str, sign_in: SignIn) {
        self.tenant.labels.push(Label::new(&format!("near-miss: {reason}"), step, sign_in.id));
        self.tenant.sign_ins.push(sign_in);
    }

    fn audit(&mut self, reason: &str, audit: Audit) {
        self.tenant.labels.push(Label::new(&format!("near-miss: {reason}"), "registration", &audit.id));
        self.tenant.audits.push(audit);
    }
}

/// Every second letter as a capital.
fn mixed_case(text: &str) -> String {
    let letters = text.chars().enumerate();
    letters.map(|(place, letter)| if place % 2 == 0 { letter.to_ascii_uppercase() } else { letter }).collect()
}

/// How Entra writes an id that is not there.
const ZERO: &str = "00000000-0000-0000-0000-000000000000";
