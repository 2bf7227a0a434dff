//! Incidents: what intruders do to people of the tenant, step by step and labelled.
//!
//! One attack a file, each in a plain form and in one that hides. Adding one is a file, a [`Kind`] and
//! a line in [`happen`].

mod device_code_device;
mod device_code_method;
mod foci_pivot;

use super::label::{Incident, Label};
use super::networks::SITES;
use super::people::{Person, Role};
use super::random::Random;
use super::record::{Audit, SignIn};
use super::time::{DAY, HOUR, MINUTE, on_a_working_day};
use super::{Settings, Tenant};

/// An incident by name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// A refresh token of the client family, stolen from a laptop and redeemed by tools on a rented machine.
    FociPivot,
    /// The same from a household in the user's own country, days later, by something that looks like the user's browser.
    FociPivotSameCountry,
    /// A phished device code for the broker, then a device, a Windows Hello key and its primary refresh token.
    DeviceCodeDevice,
    /// The same from the user's own country, without the protocol in the record and without addresses in the audit log.
    DeviceCodeDeviceQuiet,
    /// A phished device code for Office, then a sign-in method of the intruder's own from another network.
    DeviceCodeMethod,
    /// The same almost two days later and from the user's own country.
    DeviceCodeMethodLate,
}

impl Kind {
    /// All of them.
    pub const ALL: [Self; 6] = [
        Self::FociPivot,
        Self::FociPivotSameCountry,
        Self::DeviceCodeDevice,
        Self::DeviceCodeDeviceQuiet,
        Self::DeviceCodeMethod,
        Self::DeviceCodeMethodLate,
    ];

    /// Its name, as labels and the command line have it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::FociPivot => "foci-pivot",
            Self::FociPivotSameCountry => "foci-pivot-same-country",
            Self::DeviceCodeDevice => "device-code-device",
            Self::DeviceCodeDeviceQuiet => "device-code-device-quiet",
            Self::DeviceCodeMethod => "device-code-method",
            Self::DeviceCodeMethodLate => "device-code-method-late",
        }
    }

    /// The incident of this name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }

    const fn is_hard(self) -> bool {
        matches!(self, Self::FociPivotSameCountry | Self::DeviceCodeDeviceQuiet | Self::DeviceCodeMethodLate)
    }

    const fn initial_access(self) -> &'static str {
        match self {
            Self::FociPivot | Self::FociPivotSameCountry => "token",
            _ => "device-code",
        }
    }

    fn detections(self) -> Vec<&'static str> {
        match self {
            Self::FociPivot | Self::FociPivotSameCountry => vec!["foci-pivot"],
            Self::DeviceCodeDevice | Self::DeviceCodeDeviceQuiet => {
                vec!["device-code-broker", "device-code-then-credential"]
            }
            Self::DeviceCodeMethod | Self::DeviceCodeMethodLate => vec!["device-code-then-credential"],
        }
    }
}

/// Where an incident takes place: whose day it is, and where its events go.
struct Scene<'a> {
    kind: Kind,
    person: &'a Person,
    /// The morning it begins, UTC.
    morning: i64,
    random: Random,
    tenant: &'a mut Tenant,
}

impl Scene<'_> {
    /// An event of the user's own, that belongs to the day and not to the incident.
    fn beside(&mut self, sign_in: SignIn) {
        self.tenant.sign_ins.push(sign_in);
    }

    fn sign_in(&mut self, step: &str, sign_in: SignIn) {
        self.tenant.labels.push(Label::new(self.kind.name(), step, sign_in.id));
        self.tenant.sign_ins.push(sign_in);
    }

    fn audit(&mut self, step: &str, audit: Audit) {
        self.tenant.labels.push(Label::new(self.kind.name(), step, &audit.id));
        self.tenant.audits.push(audit);
    }
}

/// Lets the incidents of the settings happen, each to somebody else, on working days and not in the
/// first days: what is usual for the user must be known by then.
pub(super) fn happen(people: &[Person], settings: &Settings, random: &Random, tenant: &mut Tenant) {
    let mut victims = people.iter().filter(|person| person.role == Role::Office && person.trip.is_none());
    for (number, kind) in settings.incidents.iter().copied().enumerate() {
        let mut random = random.child(kind.name(), number as u64);
        let Some(person) = victims.next() else { break };
        let [first, ..] = &SITES;
        let zone = SITES.get(person.site).unwrap_or(first).office.zone;
        let day = workday(settings, number as i64);
        let morning =
            settings.start + day * DAY + person.begins * MINUTE - zone * HOUR + random.between(20, 90) * MINUTE;
        tenant.incidents.push(Incident {
            name: kind.name().to_owned(),
            hard: kind.is_hard(),
            user: person.user.name.clone(),
            initial_access: kind.initial_access(),
            detections: kind.detections(),
        });
        let mut scene = Scene { kind, person, morning, random, tenant };
        match kind {
            Kind::FociPivot | Kind::FociPivotSameCountry => foci_pivot::happen(&mut scene),
            Kind::DeviceCodeDevice | Kind::DeviceCodeDeviceQuiet => device_code_device::happen(&mut scene),
            Kind::DeviceCodeMethod | Kind::DeviceCodeMethodLate => device_code_method::happen(&mut scene),
        }
    }
}

/// A working day past the middle of the log, a few before its end.
fn workday(settings: &Settings, number: i64) -> i64 {
    let days = i64::from(settings.days.max(1));
    let from = days / 2;
    let room = (days - 3 - from).max(1);
    let midnight = on_a_working_day(settings.start + (from + number % room) * DAY);
    ((midnight - settings.start) / DAY).max(0)
}
