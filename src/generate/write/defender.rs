//! Defender's advanced hunting: `EntraIdSignInEvents` and `EntraIdSpnSignInEvents`, as CSV and as both
//! APIs answer. Truth, conditional access and risk are numbers there.

use serde_json::Value;

use crate::events::vocabulary::Stream;
use crate::generate::record::{SignIn, token_id};
use crate::generate::time::digits;
use crate::generate::{File, Tenant};

use super::json::{Json, Object, object};
use super::nested::{self, Spelling};
use super::{csv, file, graph};

/// Sign-ins of people.
const PEOPLE: (&str, &[&str]) = (
    "EntraIdSignInEvents",
    &[
        "Timestamp",
        "Application",
        "ApplicationId",
        "LogonType",
        "ErrorCode",
        "CorrelationId",
        "SessionId",
        "AccountDisplayName",
        "AccountObjectId",
        "AccountUpn",
        "IsExternalUser",
        "IsGuestUser",
        "AlternateSignInName",
        "LastPasswordChangeTimestamp",
        "ResourceDisplayName",
        "ResourceId",
        "ResourceTenantId",
        "DeviceName",
        "EntraIdDeviceId",
        "OSPlatform",
        "DeviceTrustType",
        "IsManaged",
        "IsCompliant",
        "AuthenticationProcessingDetails",
        "AuthenticationRequirement",
        "TokenIssuerType",
        "RiskLevelAggregated",
        "RiskDetails",
        "RiskState",
        "UserAgent",
        "ClientAppUsed",
        "Browser",
        "ConditionalAccessPolicies",
        "ConditionalAccessStatus",
        "IPAddress",
        "Country",
        "State",
        "City",
        "Latitude",
        "Longitude",
        "NetworkLocationDetails",
        "RequestId",
        "ReportId",
        "EndpointCall",
        "IsThroughGlobalSecureAccess",
        "UniqueTokenId",
    ],
);

/// Sign-ins of applications and managed identities.
const PROGRAMS: (&str, &[&str]) = (
    "EntraIdSpnSignInEvents",
    &[
        "Timestamp",
        "Application",
        "ApplicationId",
        "IsManagedIdentity",
        "ErrorCode",
        "CorrelationId",
        "ServicePrincipalName",
        "ServicePrincipalId",
        "ResourceDisplayName",
        "ResourceId",
        "ResourceTenantId",
        "IPAddress",
        "Country",
        "State",
        "City",
        "Latitude",
        "Longitude",
        "RequestId",
        "ReportId",
    ],
);

/// A CSV a table, as the portal exports it.
pub(super) fn csv_files(tenant: &Tenant) -> Vec<File> {
    let written = |(name, columns): (&'static str, &'static [&'static str])| {
        let header: Vec<String> = columns.iter().map(|column| (*column).to_owned()).collect();
        let cells = rows(tenant, name).map(|row| columns.iter().map(|column| cell(row, column)).collect());
        file(&format!("{name}.csv"), csv::table(&header, cells))
    };
    [PEOPLE, PROGRAMS].into_iter().map(written).collect()
}

/// Answers: the older API's for people, Graph's `runHuntingQuery` for programs.
pub(super) fn answers(tenant: &Tenant) -> Vec<File> {
    let results = |(name, columns): (&'static str, &'static [&'static str])| -> Vec<Object> {
        let result = |row| Object(columns.iter().map(|column| (*column, cell(row, column))).collect());
        rows(tenant, name).map(result).collect()
    };
    let older = object! { "Stats": Object::default(), "Schema": Json::List(Vec::new()), "Results": results(PEOPLE) };
    let graph = object! { "schema": Json::List(Vec::new()), "results": results(PROGRAMS) };
    [(PEOPLE.0, older), (PROGRAMS.0, graph)]
        .into_iter()
        .map(|(name, answer)| file(&format!("{name}.json"), Json::from(answer).line()))
        .collect()
}

fn rows<'a>(tenant: &'a Tenant, table: &'static str) -> impl Iterator<Item = &'a SignIn> {
    tenant.sign_ins.iter().filter(move |row| graph::is_person(row) == (table == PEOPLE.0))
}

fn cell(row: &SignIn, column: &'static str) -> Json {
    let (principal, device, city) = (row.principal.as_deref(), row.device.as_deref(), &row.place.city);
    let number = |flag: Option<bool>| flag.map_or(Json::Null, |flag| Json::Number(i64::from(flag)));
    let text = |text: &str| Json::from(text);
    match column {
        "Timestamp" => text(&digits(row.time)),
        "Application" => text(principal.map_or(row.app.name, |principal| &principal.name)),
        "ApplicationId" => text(principal.map_or(row.app.id, |principal| &principal.app)),
        "LogonType" if row.stream == Stream::Interactive => text("[\"interactiveUser\"]"),
        "LogonType" => text("[\"nonInteractiveUser\"]"),
        "ErrorCode" => Json::from(row.code),
        "CorrelationId" => text(&row.correlation.to_string()),
        "SessionId" => text(&row.session),
        "AccountDisplayName" => text(&row.user.display),
        "AccountObjectId" => text(&row.user.id),
        "AccountUpn" => text(&row.user.name),
        "IsExternalUser" => Json::from(u32::from(row.user.guest)),
        "IsGuestUser" => Json::from(row.user.guest),
        "ResourceDisplayName" => text(row.resource.name),
        "ResourceId" => text(row.resource.id),
        "ResourceTenantId" => text(&row.resource_tenant),
        "DeviceName" => text(device.map_or("", |device| &device.name)),
        "EntraIdDeviceId" => text(device.map_or("", |device| &device.id)),
        "OSPlatform" => text(row.client.system),
        "DeviceTrustType" => text(device.map_or("", |device| device.trust)),
        "IsManaged" => number(device.and_then(|device| device.managed)),
        "IsCompliant" => number(device.and_then(|device| device.compliant)),
        "AuthenticationProcessingDetails" => {
            Json::from(Json::from(nested::processing(row, crate::generate::Detail::Full)).line())
        }
        "AuthenticationRequirement" => text(nested::requirement(row)),
        "TokenIssuerType" => Json::Number(0),
        "RiskLevelAggregated" => Json::Number(match row.risk {
            "low" => 10,
            "medium" => 50,
            "high" => 100,
            _ => 1,
        }),
        "RiskState" => Json::Number(if row.risk == "none" { 0 } else { 4 }),
        "RiskDetails" => Json::Number(0),
        "UserAgent" => text(&row.client.agent),
        "ClientAppUsed" => text(row.client.kind),
        "Browser" => text(&row.client.browser),
        "ConditionalAccessPolicies" => {
            Json::from(Json::from(nested::policies(row, crate::generate::Detail::Full, Spelling::Monitor)).line())
        }
        "ConditionalAccessStatus" => Json::Number(match nested::policy_status(row) {
            "success" => 0,
            "failure" => 1,
            _ => 2,
        }),
        "IPAddress" => text(&row.place.address),
        "Country" => text(city.country),
        "State" => text(city.state),
        "City" => text(city.name),
        "Latitude" => text(&degrees(city.latitude)),
        "Longitude" => text(&degrees(city.longitude)),
        "RequestId" => text(&row.id.to_string()),
        "ReportId" => text(&format!("{}_report", row.id)),
        // Of the flows only that by device code has a call of its own.
        "EndpointCall" => text(match (row.protocol, row.stream) {
            ("deviceCode", _) => "Cmsi:Cmsi",
            (_, Stream::Interactive) => "Login:login",
            _ => "OAuth2:Token",
        }),
        "IsThroughGlobalSecureAccess" => Json::from(false),
        "UniqueTokenId" => text(&token_id(row.id)),
        "IsManagedIdentity" => Json::from(row.stream == Stream::ManagedIdentity),
        "ServicePrincipalName" => text(principal.map_or("", |principal| &principal.name)),
        "ServicePrincipalId" => text(principal.map_or("", |principal| &principal.id)),
        _ => text(""),
    }
}

/// Degrees as text, as the tables have them.
fn degrees(number: i32) -> String {
    Value::from(f64::from(number) / 10_000.0).to_string()
}
