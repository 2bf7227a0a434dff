//! The fields of a sign-in that a detection can need and an export can lack.

use serde::Serialize;

use super::dictionary::TextId;
use super::id::Id;
use super::sign_in::{IdRef, SignIn};
use super::store::Store;
use super::tuples::{Outcome, Stated};
use super::vocabulary::{Doubts, IncomingToken, PolicyStatus, Protection, Protocol, Requirement, Transfer};

/// What stands in place of a level of risk that the tenant has no licence to see.
const HIDDEN: &str = "hidden";

macro_rules! fields {
    ($($(#[$doc:meta])* $name:ident = $text:literal, |$row:ident, $store:ident| $absent:expr;)*) => {
        /// A field of the canonical sign-in.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
        #[serde(rename_all = "snake_case")]
        pub enum Field { $($(#[$doc])* $name,)* }

        impl Field {
            /// All fields.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// As the report names it.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Self::$name => $text,)* }
            }

            /// Whether the export that this sign-in came from has no such field (an empty field is there).
            #[must_use]
            pub fn is_absent(self, row: &SignIn, store: &Store) -> bool {
                match self { $(Self::$name => { let ($row, $store) = (row, store); let _ = $store; $absent })* }
            }
        }
    };
}

fields! {
    /// Request id.
    Id = "id", |row, store| !row.id.is_present();
    /// Which stream.
    Stream = "stream", |row, store| row.doubts.has(Doubts::STREAM);
    /// User's object id.
    UserId = "user_id", |row, store| !store.user(row.user).id.is_present();
    /// User principal name.
    UserName = "user_principal_name", |row, store| !store.user(row.user).name.is_present();
    /// Application id.
    AppId = "app_id", |row, store| !store.app(row.app).id.is_present();
    /// Resource's application id.
    ResourceId = "resource_id", |row, store| !store.app(row.resource).id.is_present();
    /// Home tenant.
    HomeTenant = "home_tenant_id", |row, store| !store.tenants_of(row.tenants).home.is_present();
    /// Resource's tenant.
    ResourceTenant = "resource_tenant_id", |row, store| !store.tenants_of(row.tenants).resource.is_present();
    /// Address.
    Address = "ip_address", |row, store| !row.address.is_present();
    /// Autonomous system.
    Asn = "asn", |row, store| !store.location(row.location).stated.has(Stated::ASN);
    /// Country.
    Country = "country", |row, store| !store.location(row.location).country.is_present();
    /// Coordinates.
    Coordinates = "coordinates", |row, store| !store.location(row.location).stated.has(Stated::COORDINATES);
    /// User agent.
    Agent = "user_agent", |row, store| !row.agent.is_present();
    /// Device id.
    DeviceId = "device_id", |row, store| !store.device(row.device).id.is_present();
    /// Compliance of the device.
    DeviceCompliant = "device_is_compliant", |row, store| !store.device(row.device).compliant.is_present();
    /// Session id.
    SessionId = "session_id", |row, store| row.session == IdRef::ABSENT;
    /// Unique token id.
    TokenId = "unique_token_id", |row, store| row.token == IdRef::ABSENT;
    /// Incoming token type.
    IncomingToken = "incoming_token_type", |row, store| row.incoming == IncomingToken::ABSENT;
    /// Authentication protocol.
    Protocol = "authentication_protocol", |row, store| row.protocol == Protocol::ABSENT;
    /// Original transfer method.
    Transfer = "original_transfer_method", |row, store| row.transfer == Transfer::ABSENT;
    /// Token protection.
    Protection = "token_protection_status", |row, store| row.protection == Protection::ABSENT;
    /// Result code.
    Result = "result_code", |row, store| store.outcome(row.outcome).known == Outcome::ABSENT_CODE;
    /// Conditional-access audiences.
    Audiences = "conditional_access_audiences", |row, store| !row.audiences.is_present();
    /// Applied policies.
    Policies = "conditional_access_policies", |row, store| !row.policies.is_present();
    /// Authentication steps.
    Steps = "authentication_details", |row, store| !row.steps.is_present();
    /// Processing details.
    Processing = "authentication_processing_details", |row, store| !row.processing.is_present();
    /// Client app.
    Client = "client_app_used", |row, store| !row.client.is_present();
    /// Conditional-access status.
    PolicyStatus = "conditional_access_status", |row, store| row.policy_status == PolicyStatus::ABSENT;
    /// Authentication requirement.
    Requirement = "authentication_requirement", |row, store| row.requirement == Requirement::ABSENT;
    /// Risk level during sign-in.
    Risk = "risk_level_during_signin", |row, store| !store.risk(row.risk).during.is_present();
    /// Types of risk of the sign-in.
    RiskTypes = "risk_event_types", |row, store| !store.risk(row.risk).events.is_present();
    /// Correlation id.
    Correlation = "correlation_id", |row, store| !row.correlation.is_present();
}

impl Field {
    /// Whether the field is there and says nothing, for the fields that detections join or tell
    /// events apart by. Of the others, *empty* is an answer too; but where a tenant has no licence for
    /// Identity Protection, its risk is *hidden*, and that is none.
    #[must_use]
    pub fn is_empty(self, row: &SignIn, store: &Store) -> bool {
        let id = |id: Id| id == Id::EMPTY;
        match self {
            Self::Id => id(row.id),
            Self::UserId => id(store.user(row.user).id),
            Self::AppId => id(store.app(row.app).id),
            Self::ResourceId => id(store.app(row.resource).id),
            Self::HomeTenant => id(store.tenants_of(row.tenants).home),
            Self::ResourceTenant => id(store.tenants_of(row.tenants).resource),
            Self::SessionId => row.session != IdRef::ABSENT && id(row.session_id(store)),
            Self::TokenId => row.token != IdRef::ABSENT && id(row.token_id(store)),
            Self::Address => row.address == TextId::EMPTY,
            Self::IncomingToken => row.incoming == IncomingToken::EMPTY,
            Self::Protocol => row.protocol == Protocol::EMPTY,
            Self::Transfer => row.transfer == Transfer::EMPTY,
            Self::Protection => row.protection == Protection::EMPTY,
            Self::Risk | Self::RiskTypes => store.texts.get(store.risk(row.risk).during).eq_ignore_ascii_case(HIDDEN),
            _ => false,
        }
    }

    /// As sentences name it.
    #[must_use]
    pub fn words(self) -> String {
        match self {
            Self::Asn => "network number (ASN)".to_owned(),
            Self::Address => "IP address".to_owned(),
            Self::AppId => "application id".to_owned(),
            _ => self.name().replace('_', " "),
        }
    }
}
