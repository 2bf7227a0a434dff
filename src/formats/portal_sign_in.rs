//! The admin center's sign-ins as CSV: the four tabs, by the header of 2025 and all that came before.
//!
//! Both user tabs have the same header, so that the file's name tells the stream. Header names end in
//! blanks, double them, and one occurs twice; times are UTC. There are no policies, no processing
//! details, no coordinates, no risk, no name of the device; steps are in a file of their own.

use crate::events::field::Field;

use super::{Column, Export, Format, Holds, Kind, Row, Way};

pub(super) static FORMAT: Format = Format {
    name: "portal-sign-in-csv",
    export: Export {
        what: "Sign-ins",
        from: "admin center CSV",
        holds: Holds::SIGN_INS,
        ways: &[Way {
            by: "Entra admin center", how: "Monitoring & health › Sign-in logs › {tab} › Download › CSV"
        }],
        lacks: &[
            Field::Coordinates,
            Field::Audiences,
            Field::Policies,
            Field::Steps,
            Field::Processing,
            Field::Risk,
            Field::RiskTypes,
        ],
        worth: Some(50),
        note: "both user tabs have the same columns, so that the file's name tells the stream: keep it. In Spanish too, in part in French and Italian; other languages by the place of the columns.",
    },
    marks: &["Application"],
    any: &["Date (UTC)", "Date"],
    rows_only: true,
    is_utc: true,
    kind,
    table: &[
        (Column::Created, &["Date (UTC)", "Date"]),
        (Column::Id, &["Request ID"]),
        (Column::Correlation, &["Correlation ID"]),
        (Column::Session, &["Session ID"]),
        (Column::Token, &["Unique token identifier"]),
        (Column::UserId, &["User ID"]),
        (Column::UserName, &["Username"]),
        (Column::UserDisplay, &["User"]),
        (Column::UserType, &["User type"]),
        (Column::CrossTenant, &["Cross tenant access type"]),
        (Column::AppId, &["Application ID"]),
        (Column::AppName, &["Application"]),
        (Column::AppOwner, &["App owner tenant ID"]),
        (Column::IssuerName, &["Token issuer name"]),
        (Column::ResourceId, &["Resource ID"]),
        (Column::ResourceName, &["Resource"]),
        (Column::HomeTenant, &["Home tenant ID"]),
        (Column::ResourceTenant, &["Resource tenant ID"]),
        (Column::Address, &["IP address"]),
        (Column::ProviderAddress, &["IP address (seen by resource)"]),
        (Column::Asn, &["Autonomous system number"]),
        (Column::Place, &["Location"]),
        (Column::ClientApp, &["Client app"]),
        (Column::Agent, &["User agent"]),
        (Column::DeviceId, &["Device ID"]),
        (Column::DeviceSystem, &["Operating System"]),
        (Column::DeviceBrowser, &["Browser"]),
        (Column::DeviceTrust, &["Join Type"]),
        (Column::DeviceCompliant, &["Compliant"]),
        (Column::DeviceManaged, &["Managed"]),
        (Column::Incoming, &["Incoming token type"]),
        (Column::Protocol, &["Authentication Protocol"]),
        (Column::Transfer, &["Original transfer method"]),
        (Column::Protection, &["Token Protection - Sign In Session"]),
        (Column::StatusWord, &["Status"]),
        (Column::ResultCode, &["Sign-in error code"]),
        (Column::ResultReason, &["Failure reason"]),
        (Column::StatusDetails, &["Multifactor authentication result"]),
        (Column::PolicyStatus, &["Conditional Access"]),
        (Column::Requirement, &["Authentication requirement"]),
        (Column::Latency, &["Latency"]),
        (Column::PrincipalId, &["Service principal ID"]),
        (Column::PrincipalName, &["Service principal name"]),
        (Column::CredentialKey, &["Credential key ID"]),
        (Column::ManagedIdentity, &["Managed Identity type"]),
    ],
    limits: super::PORTAL,
    ..Format::PLAIN
};

fn kind(row: &Row<'_>) -> Option<Kind> {
    let who = [Column::UserName, Column::UserId, Column::PrincipalId, Column::PrincipalName];
    // In a language that is known in part, the request id may have a name that is not.
    let known = row.has(Column::Id) || (row.has(Column::Address) && row.has(Column::StatusWord));
    (known && who.iter().any(|column| row.has(*column))).then_some(Kind::SignIn)
}
