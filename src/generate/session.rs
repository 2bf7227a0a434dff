//! A session, and the sign-ins that belong to it.

use std::sync::Arc;

use crate::events::vocabulary::Stream;

use super::apps::Use;
use super::people::{Machine, Person};
use super::random::Random;
use super::record::{Client, Device, Place, SignIn, Step, User};
use super::time::{DAY, SECOND};

pub(super) const PASSWORD: Step = Step {
    method: "Password",
    detail: "Password in the cloud",
    succeeded: true,
    result: "Correct password",
    requirement: "Primary authentication",
};
pub(super) const APP_APPROVED: Step = Step {
    method: "Mobile app notification",
    detail: "",
    succeeded: true,
    result: "MFA completed in Azure AD",
    requirement: "Multi-factor authentication",
};
pub(super) const APP_DENIED: Step = Step {
    method: "Mobile app notification",
    detail: "",
    succeeded: false,
    result: "MFA denied; user declined the authentication",
    requirement: "Multi-factor authentication",
};
pub(super) const WRONG_PASSWORD: Step = Step {
    succeeded: false,
    result: "Invalid username or password or Invalid on-premise username or password.",
    ..PASSWORD
};
/// What the sign-ins of a session share.
#[derive(Clone, Debug)]
pub(super) struct Session {
    pub(super) id: String,
    pub(super) user: Arc<User>,
    pub(super) home_tenant: String,
    pub(super) tenant: String,
    pub(super) transfer: &'static str,
    pub(super) protection: &'static str,
}

/// With which program, on which device, from where.
#[derive(Clone, Debug)]
pub(super) struct Hands {
    pub(super) client: Arc<Client>,
    pub(super) device: Option<Arc<Device>>,
    pub(super) place: Place,
}

impl Hands {
    pub(super) fn browser(machine: &Machine, place: Place) -> Self {
        Self { client: Arc::clone(&machine.browser), device: machine.device.clone(), place }
    }

    pub(super) fn native(machine: &Machine, place: Place) -> Self {
        Self { client: Arc::clone(&machine.native), device: machine.device.clone(), place }
    }
}

impl Session {
    /// A new session of a person in the tenant. Its id begins with digits that grow with time, as
    /// Entra's do.
    pub(super) fn new(random: &mut Random, tenant: &str, person: &Person, time: i64) -> Self {
        Self::of(random, tenant, &person.user, person.foreign_tenant.as_deref(), time)
    }

    pub(super) fn of(random: &mut Random, tenant: &str, user: &Arc<User>, foreign: Option<&str>, time: i64) -> Self {
        let days = (time.div_euclid(DAY) & 0xff_ffff).unsigned_abs();
        let text = random.guid().to_string();
        Self {
            id: format!("{:08x}{}", days, text.get(8..).unwrap_or_default()),
            user: Arc::clone(user),
            home_tenant: foreign.unwrap_or(tenant).to_owned(),
            tenant: tenant.to_owned(),
            transfer: "none",
            protection: "none",
        }
    }

    /// The person signs in with password and second factor: no token comes in.
    pub(super) fn interactive(&self, random: &mut Random, time: i64, using: Use, hands: &Hands) -> SignIn {
        let mut sign_in = self.record(random, Stream::Interactive, time, using, hands);
        sign_in.steps = vec![PASSWORD, APP_APPROVED];
        sign_in.details = "MFA completed in Azure AD";
        sign_in
    }

    /// A page opens with the token that machine or browser already holds.
    pub(super) fn single_sign_on(&self, random: &mut Random, time: i64, using: Use, hands: &Hands) -> SignIn {
        let mut sign_in = self.record(random, Stream::Interactive, time, using, hands);
        sign_in.incoming = "primaryRefreshToken";
        sign_in
    }

    /// A client presents a token for the person.
    pub(super) fn refresh(
        &self,
        random: &mut Random,
        time: i64,
        using: Use,
        hands: &Hands,
        incoming: &'static str,
    ) -> SignIn {
        let mut sign_in = self.record(random, Stream::NonInteractive, time, using, hands);
        sign_in.incoming = incoming;
        sign_in
    }

    fn record(&self, random: &mut Random, stream: Stream, time: i64, using: Use, hands: &Hands) -> SignIn {
        let (app, resource, scopes) = using;
        let id = random.request_id();
        let latency = match stream {
            Stream::Interactive => 90 + random.below(900),
            _ => 40 + random.below(220),
        };
        SignIn {
            stream,
            time: time.div_euclid(SECOND) * SECOND,
            id,
            correlation: random.guid(),
            original: id,
            session: self.id.clone(),
            user: Arc::clone(&self.user),
            principal: None,
            app,
            resource,
            home_tenant: self.home_tenant.clone(),
            resource_tenant: self.tenant.clone(),
            place: hands.place.clone(),
            client: Arc::clone(&hands.client),
            device: hands.device.clone(),
            incoming: "none",
            protocol: "none",
            transfer: self.transfer,
            protection: self.protection,
            code: 0,
            details: "MFA requirement satisfied by claim in the token",
            policies: Vec::new(),
            audiences: vec![resource.id],
            multi_factor: true,
            // A token that came in stands for the steps.
            steps: Vec::new(),
            scopes,
            roles: Vec::new(),
            library: if hands.client.kind == "Browser" {
                ""
            } else {
                "Family: MSAL Library: MSAL.Xplat 1.1.0.0 Platform: C++"
            },
            risk: "none",
            risk_events: Vec::new(),
            latency: latency as u32,
        }
    }
}

impl SignIn {
    /// It did not go through, or not yet.
    pub(super) fn with_code(mut self, code: u32) -> Self {
        self.code = code;
        match code {
            50126 => {
                self.steps = vec![WRONG_PASSWORD];
                self.details = "";
                self.multi_factor = false;
            }
            500_121 => {
                self.steps = vec![PASSWORD, APP_DENIED];
                self.details = "MFA denied; user declined the authentication";
            }
            50074 | 50076 => {
                self.steps = vec![PASSWORD];
                self.details = "MFA required in Azure AD";
            }
            0 => {}
            _ => self.details = "",
        }
        self
    }

    /// Roles that stand in the token.
    pub(super) fn with_roles(mut self, roles: &[&str]) -> Self {
        self.roles.extend(roles.iter().map(|role| (*role).to_owned()));
        self
    }

    /// Another attempt of the same flow: it shares the correlation id.
    pub(super) fn continuing(mut self, other: &Self) -> Self {
        self.correlation = other.correlation;
        self.original = other.original;
        self
    }
}
