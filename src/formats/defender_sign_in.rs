//! Sign-ins of Defender's advanced hunting: `EntraIdSignInEvents`, the older `AADSignInEventsBeta`,
//! and both tables of service principals.
//!
//! They have no type of the incoming token, no protocol and no transfer method: which flow it was is
//! told by `EndpointCall` (`Cmsi:Cmsi` is a device code). Conditional access, risk and truth are
//! written as numbers.

use crate::events::field::Field;

use super::{Column, Export, Format, Holds, Kind, Row, Way};

pub(super) static FORMAT: Format = Format {
    name: "defender-sign-in",
    export: Export {
        what: "Sign-ins",
        from: "Defender advanced hunting",
        holds: Holds::SIGN_INS,
        ways: &[Way {
            by: "Defender portal",
            how: "Hunting › Advanced hunting › EntraIdSignInEvents, then EntraIdSpnSignInEvents › Export",
        }],
        lacks: &[
            Field::HomeTenant,
            Field::Asn,
            Field::IncomingToken,
            Field::Transfer,
            Field::Protection,
            Field::Audiences,
            Field::Steps,
            Field::Risk,
            Field::RiskTypes,
        ],
        worth: Some(60),
        note: "CSV and both APIs; device codes are told by EndpointCall.",
    },
    marks: &["Timestamp", "ErrorCode"],
    any: &["AccountUpn", "AccountObjectId", "ServicePrincipalId"],
    kind,
    table: &[
        (Column::Created, &["Timestamp"]),
        (Column::Id, &["RequestId", "ReportId"]),
        (Column::Correlation, &["CorrelationId"]),
        (Column::Session, &["SessionId"]),
        (Column::Token, &["UniqueTokenId"]),
        (Column::UserId, &["AccountObjectId"]),
        (Column::UserName, &["AccountUpn"]),
        (Column::UserDisplay, &["AccountDisplayName"]),
        (Column::UserType, &["IsGuestUser"]),
        (Column::AppId, &["ApplicationId"]),
        (Column::AppName, &["Application"]),
        (Column::ResourceId, &["ResourceId"]),
        (Column::ResourceName, &["ResourceDisplayName"]),
        (Column::ResourceTenant, &["ResourceTenantId"]),
        (Column::Address, &["IPAddress"]),
        (Column::Country, &["Country"]),
        (Column::State, &["State"]),
        (Column::City, &["City"]),
        (Column::Latitude, &["Latitude"]),
        (Column::Longitude, &["Longitude"]),
        (Column::ClientApp, &["ClientAppUsed"]),
        (Column::Agent, &["UserAgent"]),
        (Column::DeviceId, &["EntraIdDeviceId", "AadDeviceId"]),
        (Column::DeviceName, &["DeviceName"]),
        (Column::DeviceSystem, &["OSPlatform"]),
        (Column::DeviceBrowser, &["Browser"]),
        (Column::DeviceTrust, &["DeviceTrustType"]),
        (Column::DeviceCompliant, &["IsCompliant"]),
        (Column::DeviceManaged, &["IsManaged"]),
        (Column::ResultCode, &["ErrorCode"]),
        (Column::Policies, &["ConditionalAccessPolicies"]),
        (Column::PolicyStatus, &["ConditionalAccessStatus"]),
        (Column::Requirement, &["AuthenticationRequirement"]),
        (Column::RiskAggregated, &["RiskLevelAggregated"]),
        (Column::RiskState, &["RiskState"]),
        (Column::Processing, &["AuthenticationProcessingDetails"]),
        (Column::PrincipalId, &["ServicePrincipalId"]),
        (Column::PrincipalName, &["ServicePrincipalName"]),
        (Column::ManagedIdentity, &["IsManagedIdentity"]),
        (Column::EventTypes, &["LogonType"]),
        (Column::Protocol, &["EndpointCall"]),
    ],
    limits: super::HUNTING,
    ..Format::PLAIN
};

fn kind(row: &Row<'_>) -> Option<Kind> {
    let who = [Column::UserId, Column::UserName, Column::PrincipalId];
    let what = [Column::AppId, Column::AppName, Column::ResourceId];
    let any = |columns: &[Column]| columns.iter().any(|column| row.has_value(*column));
    (any(&who) && any(&what)).then_some(Kind::SignIn)
}
