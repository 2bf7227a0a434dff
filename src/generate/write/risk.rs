//! Risk as Microsoft Graph answers it: detections, and how users stand.

use crate::order::Map;

use crate::generate::record::Risk;
use crate::generate::time::digits;
use crate::generate::{File, Tenant};

use super::json::{Json, Object, object};
use super::{file, graph};

/// `riskDetections` and `riskyUsers`, a page each.
pub(super) fn files(tenant: &Tenant) -> Vec<File> {
    let page =
        |entity: &'static str, name: &str, rows: Vec<Object>| file(name, graph::page(entity, "v1.0", rows).line());
    vec![
        page("identityProtection/riskDetections", "RiskDetections.json", tenant.risks.iter().map(detection).collect()),
        page("identityProtection/riskyUsers", "RiskyUsers.json", states(tenant).into_iter().map(state).collect()),
    ]
}

/// A risk detection.
pub(super) fn detection(row: &Risk) -> Object {
    let more = vec![object! { "Key": "userAgent", "Value": row.agent.as_str() }];
    object! {
        "id": row.id.to_string(),
        "requestId": row.request.to_string(),
        "correlationId": row.correlation.to_string(),
        "riskEventType": row.kind,
        "riskState": row.state,
        "riskLevel": row.level,
        "riskDetail": row.detail,
        "source": "IdentityProtection",
        "detectionTimingType": "offline",
        "activity": "signin",
        "tokenIssuerType": "AzureAD",
        "ipAddress": row.place.address.as_str(),
        "activityDateTime": digits(row.time),
        "detectedDateTime": digits(row.detected),
        "lastUpdatedDateTime": digits(row.detected),
        "userId": &row.user.id,
        "userDisplayName": &row.user.display,
        "userPrincipalName": &row.user.name,
        "additionalInfo": Json::from(more).line(),
        "location": place(row),
    }
}

fn place(row: &Risk) -> Object {
    let city = row.place.city;
    object! {
        "city": city.name,
        "state": city.state,
        "countryOrRegion": city.country,
        "geoCoordinates": object! { "latitude": Json::Fraction(city.latitude), "longitude": Json::Fraction(city.longitude) },
    }
}

/// How each user with a detection stands: as the last one says.
pub(super) fn states(tenant: &Tenant) -> Vec<&Risk> {
    let mut last: Map<&str, &Risk> = Map::new();
    for row in &tenant.risks {
        last.insert(&row.user.id, row);
    }
    last.into_values().collect()
}

/// A risky user.
pub(super) fn state(row: &Risk) -> Object {
    object! {
        "id": &row.user.id,
        "isDeleted": false,
        "isProcessing": false,
        "riskLevel": if row.state == "atRisk" { row.level } else { "none" },
        "riskState": row.state,
        "riskDetail": row.detail,
        "riskLastUpdatedDateTime": digits(row.detected),
        "userDisplayName": &row.user.display,
        "userPrincipalName": &row.user.name,
    }
}
