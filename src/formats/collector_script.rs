//! A table of sign-ins that scripts make of version 1.0 of Microsoft Graph and hand about as *the*
//! export: a place in two columns, dates in the culture of whoever ran it, no ids at all.

use crate::events::field::Field;

use super::{Column, Export, Format, Holds, Kind, Row};

pub(super) static FORMAT: Format = Format {
    name: "script-sign-in-csv",
    export: Export {
        what: "Sign-ins",
        from: "CSV of scripts that go about",
        holds: &[Holds::Interactive],
        ways: &[],
        lacks: &[
            Field::Id,
            Field::Stream,
            Field::UserId,
            Field::AppId,
            Field::ResourceId,
            Field::HomeTenant,
            Field::ResourceTenant,
            Field::Asn,
            Field::Coordinates,
            Field::Agent,
            Field::DeviceId,
            Field::DeviceCompliant,
            Field::SessionId,
            Field::TokenId,
            Field::IncomingToken,
            Field::Protocol,
            Field::Transfer,
            Field::Protection,
            Field::Audiences,
            Field::Policies,
            Field::Steps,
            Field::Processing,
            Field::RiskTypes,
            Field::Client,
            Field::Requirement,
            Field::Correlation,
        ],
        worth: None,
        note: "almost nothing can be looked for in it.",
    },
    marks: &["CreatedDateTime", "UserPrincipalName", "AppDisplayName", "Status", "OS"],
    any: &["City", "Country"],
    rows_only: true,
    kind,
    table: &[
        (Column::Created, &["CreatedDateTime"]),
        (Column::UserName, &["UserPrincipalName"]),
        (Column::UserDisplay, &["UserDisplayName"]),
        (Column::AppName, &["AppDisplayName"]),
        (Column::Address, &["IPAddress"]),
        (Column::Country, &["Country"]),
        (Column::City, &["City"]),
        (Column::DeviceName, &["Device"]),
        (Column::DeviceBrowser, &["Browser"]),
        (Column::DeviceSystem, &["OS"]),
        (Column::StatusWord, &["Status"]),
        (Column::PolicyStatus, &["ConditionalAccessStatus"]),
        (Column::RiskState, &["RiskState"]),
        (Column::RiskDuring, &["RiskLevelDuringSignIn"]),
        (Column::RiskAggregated, &["RiskLevelAggregated"]),
    ],
    ..Format::PLAIN
};

fn kind(_row: &Row<'_>) -> Option<Kind> {
    Some(Kind::SignIn)
}
