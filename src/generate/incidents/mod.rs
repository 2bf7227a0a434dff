//! Incidents: what intruders do to people of the tenant, step by step and labelled.
//!
//! One attack a file, some in a plain form and in one that hides. Adding one is a file and an entry of
//! the list below.

mod aftermath;
mod app_credential;
mod code_phish;
mod consent_phish;
mod device_code_device;
mod device_code_method;
mod fatigue;
mod foci_pivot;
mod hello_key;
mod own_network;
mod policy_weakened;
mod proxy;
mod scope_switch;
mod slow_refresh;
mod spray;

use super::label::{Incident, Label};
use super::networks::SITES;
use super::people::{Person, Role};
use super::random::Random;
use super::record::{Act, Audit, Risk, SignIn};
use super::time::{DAY, HOUR, MINUTE, on_a_working_day};
use super::{Settings, Tenant};

macro_rules! incidents {
    ($($(#[$doc:meta])* $kind:ident = $name:literal, $hard:literal, $access:literal, [$($detection:literal),*], $file:ident;)*) => {
        /// An incident by name.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Kind { $($(#[$doc])* $kind,)* }

        impl Kind {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$kind),*];

            /// Its name, as labels and the command line have it.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Self::$kind => $name,)* }
            }

            const fn is_hard(self) -> bool {
                match self { $(Self::$kind => $hard,)* }
            }

            const fn initial_access(self) -> &'static str {
                match self { $(Self::$kind => $access,)* }
            }

            /// Detections that are made for it.
            const fn detections(self) -> &'static [&'static str] {
                match self { $(Self::$kind => &[$($detection),*],)* }
            }

            #[cfg(not(target_arch = "wasm32"))]
            fn happen(self, scene: &mut Scene<'_>) {
                match self { $(Self::$kind => $file::happen(scene),)* }
            }
        }
    };
}

// Its name, whether it hides, how the intruder got in, detections made for it, its file.
incidents! {
    /// A refresh token of the client family, stolen from a laptop and redeemed by tools on a rented machine.
    FociPivot = "foci-pivot", false, "token", ["foci-pivot"], foci_pivot;
    /// The same from a household in the user's own country, days later, by something that looks like the user's browser.
    FociPivotSameCountry = "foci-pivot-same-country", true, "token", ["foci-pivot"], foci_pivot;
    /// A phished device code for the broker, then a device, a Windows Hello key and its primary refresh token.
    DeviceCodeDevice = "device-code-device", false, "device-code",
        ["device-code-broker", "device-code-then-credential"], device_code_device;
    /// The same from the user's own country, without the protocol in the record and without addresses in the audit log.
    DeviceCodeDeviceQuiet = "device-code-device-quiet", true, "device-code",
        ["device-code-broker", "device-code-then-credential"], device_code_device;
    /// A phished device code for Office, then a sign-in method of the intruder's own from another network.
    DeviceCodeMethod = "device-code-method", false, "device-code", ["device-code-then-credential"], device_code_method;
    /// The same almost two days later and from the user's own country.
    DeviceCodeMethodLate = "device-code-method-late", true, "device-code",
        ["device-code-then-credential"], device_code_method;
    /// A reverse proxy between user and Entra takes the session cookie, which is replayed minutes later
    /// from another network, where a sign-in method is added.
    ProxyReplay = "proxy-replay", false, "proxy", [], proxy;
    /// The same through a household of the user's own country, and the cookie used by what looks like the user's browser.
    ProxyReplaySameCountry = "proxy-replay-same-country", true, "proxy", [], proxy;
    /// A family token redeemed for Azure AD Graph by a directory tool, with another scope.
    ScopeSwitch = "scope-switch", false, "token", [], scope_switch;
    /// A Windows Hello key, exported from a laptop and used beside it.
    HelloKey = "hello-key", false, "token", [], hello_key;
    /// A password guessed for many people, and one of them gets in without a second factor.
    SprayThenRopc = "spray-then-ropc", false, "password", [], spray;
    /// A known password, and requests until the user approves one.
    PromptFatigue = "prompt-fatigue", false, "password", [], fatigue;
    /// An authorization code of Visual Studio Code, mailed to the intruder and redeemed elsewhere.
    CodePhish = "code-phish", false, "token", [], code_phish;
    /// A stolen refresh token, redeemed every six hours from abroad for days, by what looks like the user's laptop.
    SlowRefresh = "slow-refresh", false, "token", [], slow_refresh;
    /// Malware on the laptop uses its tokens from the user's own network.
    OwnNetwork = "own-network", true, "token", [], own_network;
    /// Consent to an application of the intruder's, which reads the mailbox through Graph.
    ConsentPhish = "consent-phish", false, "consent", ["application-consent"], consent_phish;
    /// A stolen portal session adds a secret to a forgotten application that may read every mailbox.
    AppCredential = "app-credential", false, "token", ["service-principal-credential"], app_credential;
    /// An administrator's stolen session makes a new account Global Administrator and takes a conditional-access policy out of force.
    PolicyWeakened = "policy-weakened", false, "token", ["role-assigned", "conditional-access-weakened"], policy_weakened;
}

impl Kind {
    /// Those of the page's sample: no other is part of the page.
    #[cfg(target_arch = "wasm32")]
    fn happen(self, scene: &mut Scene<'_>) {
        match self {
            Self::FociPivot => foci_pivot::happen(scene),
            Self::DeviceCodeDevice => device_code_device::happen(scene),
            Self::DeviceCodeMethod => device_code_method::happen(scene),
            _ => {}
        }
    }

    /// The incident of this name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|kind| kind.name() == name)
    }
}

/// Where an incident takes place: whose day it is, and where its events go.
struct Scene<'a> {
    kind: Kind,
    person: &'a Person,
    /// Everybody of the tenant.
    people: &'a [Person],
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

    fn act(&mut self, step: &str, act: Act) {
        self.tenant.labels.push(Label::new(self.kind.name(), step, act.id));
        self.tenant.acts.push(act);
    }

    fn risk(&mut self, risk: Risk) {
        self.tenant.labels.push(Label::new(self.kind.name(), "risk-detected", risk.id));
        self.tenant.risks.push(risk);
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
        let administrator = || people.iter().find(|person| person.is_administrator());
        let victim = if kind == Kind::PolicyWeakened { administrator() } else { victims.next() };
        let Some(person) = victim else { continue };
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
            detections: kind.detections().to_vec(),
        });
        let mut scene = Scene { kind, person, people, morning, random, tenant };
        kind.happen(&mut scene);
        aftermath::follow(&mut scene);
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
