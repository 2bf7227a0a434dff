//! Calls of Microsoft Graph: diagnostic records, and Defender's table.

use crate::generate::record::{Act, token_id};
use crate::generate::time::digits;
use crate::generate::{File, Tenant};

use super::json::{Json, Object, object};
use super::{csv, file};

/// The calls of a tenant.
pub(super) fn all(tenant: &Tenant) -> impl Iterator<Item = &Act> {
    tenant.acts.iter().filter(|row| row.is_call())
}

/// Who called: a user, and of a program its service principal.
pub(super) fn principal(row: &Act) -> &str {
    row.principal.as_deref().map_or("", |principal| &principal.id)
}

/// The application that called.
pub(super) fn application(row: &Act) -> &str {
    row.principal.as_deref().map_or(row.app.id, |principal| &principal.app)
}

/// The token's id; none where the record names no token.
pub(super) fn token(row: &Act) -> String {
    row.token.map(token_id).unwrap_or_default()
}

/// Records of Azure Monitor, one a line.
pub(super) fn monitor(tenant: &Tenant) -> File {
    let records = all(tenant).map(|row| {
        object! {
            "time": digits(row.time),
            "resourceId": format!("/TENANTS/{}/PROVIDERS/MICROSOFT.AADIAM", tenant.ids.tenant.to_uppercase()),
            "operationName": "Microsoft Graph Activity",
            "operationVersion": "v1.0",
            "category": "MicrosoftGraphActivityLogs",
            "resultSignature": row.count.to_string(),
            "durationMs": 61_403_i64,
            "callerIpAddress": row.place.address.as_str(),
            "correlationId": row.id.to_string(),
            "level": "Informational",
            "location": "West Europe",
            "properties": properties(row, tenant),
            "tenantId": &tenant.ids.tenant,
        }
    });
    super::lines("insights-logs-microsoftgraphactivitylogs.json", records)
}

fn properties(row: &Act, tenant: &Tenant) -> Object {
    object! {
        "timeGenerated": digits(row.time),
        "location": "West Europe",
        "requestId": row.id.to_string(),
        "operationId": row.id.to_string(),
        "clientRequestId": row.id.to_string(),
        "apiVersion": if row.object.contains("/beta/") { "beta" } else { "v1.0" },
        "requestMethod": row.operation,
        "responseStatusCode": row.count,
        "tenantId": &tenant.ids.tenant,
        "ipAddress": row.place.address.as_str(),
        "userAgent": row.agent(),
        "requestUri": row.object.as_str(),
        "durationMs": 61_403_i64,
        "responseSizeBytes": 814_i64,
        "signInActivityId": token(row),
        "sessionId": row.session.as_str(),
        "roles": "",
        "appId": application(row),
        "userId": row.user.id.as_str(),
        "servicePrincipalId": principal(row),
        "scopes": row.scopes,
        "identityProvider": "https://sts.windows.net/",
        "clientAuthMethod": if row.principal.is_some() { "2" } else { "0" },
        "deviceId": row.device.as_deref().map_or("", |device| &device.id),
        "wids": "",
    }
}

/// Rows of Defender's `GraphAPIAuditEvents`, which has neither session nor user agent.
pub(super) fn defender(tenant: &Tenant) -> File {
    let columns = [
        "IdentityProvider",
        "ApiVersion",
        "ApplicationId",
        "ClientRequestId",
        "OperationId",
        "AccountObjectId",
        "Location",
        "RequestDuration",
        "RequestMethod",
        "Timestamp",
        "ResponseStatusCode",
        "Scopes",
        "EntityType",
        "ReportId",
        "RequestUri",
        "UniqueTokenIdentifier",
        "RequestId",
        "IpAddress",
        "ServicePrincipalId",
        "TargetWorkload",
        "ResponseSize",
    ];
    let cell = |row: &Act, column: &str| -> Json {
        let text = match column {
            "ApplicationId" => application(row),
            "AccountObjectId" => &row.user.id,
            "RequestMethod" => row.operation,
            "Scopes" => row.scopes,
            "RequestUri" => &row.object,
            "IpAddress" => &row.place.address,
            "ServicePrincipalId" => principal(row),
            "EntityType" if row.principal.is_some() => "app",
            "EntityType" => "user",
            "Timestamp" => return Json::from(digits(row.time)),
            "ResponseStatusCode" => return Json::from(row.count),
            "UniqueTokenIdentifier" => return Json::from(token(row)),
            "RequestId" | "OperationId" | "ClientRequestId" | "ReportId" => return Json::from(row.id.to_string()),
            _ => "",
        };
        Json::from(text)
    };
    let rows = all(tenant).map(|row| columns.iter().map(|column| cell(row, column)).collect());
    file("GraphAPIAuditEvents.csv", csv::table(&columns.map(str::to_owned), rows))
}
