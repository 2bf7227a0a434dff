//! What a tenant logs, before any format spells it.
//!
//! Ids that belong to records are texts: a near miss may write one in odd case, as zeros, or not at all.

use std::sync::Arc;

use crate::events::guid::Guid;
use crate::events::vocabulary::Stream;

use super::apps::App;
use super::policies::Policy;

/// A person's account as a record names it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct User {
    /// Object id.
    pub id: String,
    /// User principal name.
    pub name: String,
    /// Display name.
    pub display: String,
    /// Whether the account is of another tenant.
    pub guest: bool,
}

/// Where a request came from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Place {
    /// Address.
    pub address: String,
    /// Autonomous system.
    pub asn: u32,
    /// Where Entra believes that to be.
    pub city: City,
}

/// A city.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct City {
    /// Name.
    pub name: &'static str,
    /// State or region.
    pub state: &'static str,
    /// Country, two letters.
    pub country: &'static str,
    /// Latitude in ten-thousandths of a degree.
    pub latitude: i32,
    /// Longitude in ten-thousandths of a degree.
    pub longitude: i32,
    /// Hours that its clocks are ahead of UTC in winter.
    pub zone: i64,
}

/// The program that asked.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Client {
    /// User agent.
    pub agent: String,
    /// Operating system as `deviceDetail` has it.
    pub system: &'static str,
    /// Browser as `deviceDetail` has it.
    pub browser: String,
    /// `clientAppUsed`.
    pub kind: &'static str,
}

/// A device that the directory knows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Device {
    /// Device id.
    pub id: String,
    /// Name.
    pub name: String,
    /// `trustType`.
    pub trust: &'static str,
    /// Whether it complies; nothing where Entra does not say.
    pub compliant: Option<bool>,
    /// Whether it is managed; nothing where Entra does not say.
    pub managed: Option<bool>,
}

/// A step of authentication.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Step {
    /// `authenticationMethod`.
    pub method: &'static str,
    /// `authenticationMethodDetail`.
    pub detail: &'static str,
    /// Whether it succeeded.
    pub succeeded: bool,
    /// `authenticationStepResultDetail`.
    pub result: &'static str,
    /// `authenticationStepRequirement`.
    pub requirement: &'static str,
}

/// An application's or managed identity's own identity.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Principal {
    /// Object id of the service principal.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Application id.
    pub app: String,
    /// Key id of its credential; empty for a managed identity.
    pub key: String,
    /// `clientCredentialType`.
    pub credential: &'static str,
}

/// A record of the sign-in log.
#[derive(Clone, Debug)]
pub struct SignIn {
    /// Stream.
    pub stream: Stream,
    /// When, in microseconds UTC.
    pub time: i64,
    /// Request id, which is the record's own.
    pub id: Guid,
    /// Correlation id.
    pub correlation: Guid,
    /// First request of the sequence.
    pub original: Guid,
    /// Session id; empty for none.
    pub session: String,
    /// Who; nobody where an application acts for itself.
    pub user: Arc<User>,
    /// As which application.
    pub principal: Option<Arc<Principal>>,
    /// With which client application.
    pub app: App,
    /// For which resource.
    pub resource: App,
    /// The user's tenant; empty where the record does not say.
    pub home_tenant: String,
    /// The resource's tenant; empty where the record does not say.
    pub resource_tenant: String,
    /// From where.
    pub place: Place,
    /// With which program.
    pub client: Arc<Client>,
    /// On which device.
    pub device: Option<Arc<Device>>,
    /// `incomingTokenType`.
    pub incoming: &'static str,
    /// `authenticationProtocol`.
    pub protocol: &'static str,
    /// `originalTransferMethod`.
    pub transfer: &'static str,
    /// Token protection of the session.
    pub protection: &'static str,
    /// Result code.
    pub code: u32,
    /// What the second factor came to, as `status.additionalDetails` says it.
    pub details: &'static str,
    /// Policies and what became of each.
    pub policies: Vec<(&'static Policy, &'static str)>,
    /// Conditional-access audiences, application ids as the record spells them.
    pub audiences: Vec<&'static str>,
    /// `authenticationRequirement`.
    pub multi_factor: bool,
    /// Steps, in order, a few seconds apart.
    pub steps: Vec<Step>,
    /// OAuth scopes, joined by blanks.
    pub scopes: &'static str,
    /// Roles in the token: template ids.
    pub roles: Vec<String>,
    /// `Azure AD App Authentication Library`.
    pub library: &'static str,
    /// Level of risk during the sign-in.
    pub risk: &'static str,
    /// What Entra saw in it.
    pub risk_events: Vec<&'static str>,
    /// Milliseconds Entra took.
    pub latency: u32,
}

impl SignIn {
    /// The tenant that the application belongs to: a principal's is the one it signs in to.
    #[must_use]
    pub fn owner(&self) -> &str {
        if self.principal.is_some() { &self.resource_tenant } else { self.app.owner() }
    }

    /// The address that the resource's provider saw; empty where it tells none. Exchange tells it of people.
    #[must_use]
    pub fn provider_address(&self) -> &str {
        let told = self.stream == Stream::Interactive && self.code == 0 && self.resource.name.contains("Exchange");
        if told { &self.place.address } else { "" }
    }
}

/// Who did what an audit event tells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Initiator {
    /// A person, from an address; empty where the log does not say.
    User(Arc<User>, String),
    /// An application, by name and object id.
    App(&'static str, String),
}

/// What it was done to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    /// `User`, `Device`, `Policy` …
    pub kind: &'static str,
    /// Object id.
    pub id: String,
    /// Display name.
    pub name: String,
    /// User principal name, of users.
    pub user: String,
    /// Property, old value, new value.
    pub changes: Vec<(&'static str, String, String)>,
}

/// A record of the directory's audit log.
#[derive(Clone, Debug)]
pub struct Audit {
    /// When, in microseconds UTC.
    pub time: i64,
    /// Its own id.
    pub id: String,
    /// Correlation id.
    pub correlation: Guid,
    /// `activityDisplayName`.
    pub operation: &'static str,
    /// `category`.
    pub category: &'static str,
    /// `loggedByService`.
    pub service: &'static str,
    /// `operationType`.
    pub kind: &'static str,
    /// `success` or `failure`.
    pub result: &'static str,
    /// `resultReason`.
    pub reason: &'static str,
    /// Who.
    pub initiator: Initiator,
    /// To what.
    pub targets: Vec<Target>,
    /// Keys and values beside.
    pub details: Vec<(&'static str, String)>,
}

/// What somebody did with what they had signed in to: an act in a mailbox, with a file or in Teams, or a
/// call of Microsoft Graph.
#[derive(Clone, Debug)]
pub struct Act {
    /// When, in microseconds UTC: of a call to the microsecond, else in whole seconds.
    pub time: i64,
    /// Its own id.
    pub id: Guid,
    /// `Exchange`, `SharePoint`, `OneDrive`, `MicrosoftTeams`, or `Graph`.
    pub workload: &'static str,
    /// Operation; of a call its method.
    pub operation: &'static str,
    /// What it was done to: a folder, subject, mailbox, file address or request address; empty for nothing.
    pub object: String,
    /// Whose mailbox; empty where none is named.
    pub owner: String,
    /// How many messages it touched, or the status of a call; 0 where the record does not say.
    pub count: u32,
    /// Parameters or properties of the operation; of files and Teams fields of their own.
    pub parameters: Vec<(&'static str, String)>,
    /// Request id of the sign-in that issued the token; nothing where the record names neither token nor session.
    pub token: Option<Guid>,
    /// Session of the token; empty for none.
    pub session: String,
    /// Who; nobody where an application acts for itself.
    pub user: Arc<User>,
    /// As which application.
    pub principal: Option<Arc<Principal>>,
    /// With which client application.
    pub app: App,
    /// From where.
    pub place: Place,
    /// With which program.
    pub client: Arc<Client>,
    /// On which device.
    pub device: Option<Arc<Device>>,
    /// Scopes of the token, joined by blanks.
    pub scopes: &'static str,
}

impl Act {
    /// Whether it is a call of Graph.
    #[must_use]
    pub fn is_call(&self) -> bool {
        self.workload == super::acts::CALLS
    }

    /// The user agent as the service logs it; empty where it logs none. Clients name themselves otherwise
    /// there than when they sign in.
    #[must_use]
    pub fn agent(&self) -> &str {
        let is_browser = self.client.kind == "Browser";
        match self.workload {
            "Exchange" if !is_browser || self.owner.is_empty() => "",
            "MicrosoftTeams" => "",
            "OneDrive" | "SharePoint" if self.app == super::apps::ONEDRIVE => {
                "Microsoft SkyDriveSync 25.199.1012.0002 ship; Windows NT 10.0 (26100)"
            }
            "OneDrive" | "SharePoint" if self.app == super::apps::OFFICE && self.device.is_some() => {
                "Microsoft Office/16.0 (Windows NT 10.0; Microsoft Word 16.0.19328; Pro)"
            }
            _ => &self.client.agent,
        }
    }
}

/// A risk detection of Identity Protection: about a sign-in.
#[derive(Clone, Debug)]
pub struct Risk {
    /// When what is risky happened, in microseconds UTC.
    pub time: i64,
    /// When it was detected.
    pub detected: i64,
    /// Its own id.
    pub id: Guid,
    /// `riskEventType`.
    pub kind: &'static str,
    /// `riskLevel`.
    pub level: &'static str,
    /// `riskState`.
    pub state: &'static str,
    /// `riskDetail`.
    pub detail: &'static str,
    /// Request id of the sign-in.
    pub request: Guid,
    /// Correlation id of the sign-in.
    pub correlation: Guid,
    /// Whose.
    pub user: Arc<User>,
    /// From where.
    pub place: Place,
    /// User agent.
    pub agent: String,
}

/// The 22 characters by which Entra names the token that a request was answered with: the
/// request's id in base64, its bytes in the order of .NET.
pub(super) fn token_id(request: Guid) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let [d, c, b, a, f, e, h, g, rest @ ..] = request.to_bytes();
    let [i, j, k, l, m, n, o, p] = rest;
    let memory = [a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p];
    let mut text = String::with_capacity(22);
    for group in memory.chunks(3) {
        let held = group.iter().fold(0_u32, |held, byte| (held << 8) | u32::from(*byte)) << (8 * (3 - group.len()));
        for place in 0..=group.len() {
            let digit = (held >> (18 - 6 * place)) & 63;
            text.push(char::from(DIGITS.get(digit as usize).copied().unwrap_or(b'A')));
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::generate::random::Random;

    #[test]
    fn a_token_id_is_the_request_id_in_another_spelling() {
        let known = Guid::parse("0f94f5fb-3583-4c46-9bfa-0390c1988800").expect("a GUID");
        assert_eq!(token_id(known), "-_WUD4M1Rkyb-gOQwZiIAA");
        let mut random = Random::new(3);
        for _ in 0..200 {
            let id = random.request_id();
            assert_eq!(Guid::from_token_id(&token_id(id)), Some(id));
        }
    }
}
