//! Rows of the tables of Log Analytics that hold neither sign-ins nor acts in the directory: acts in mailboxes
//! and files, calls of Graph, risk. And risk as diagnostic records.

use crate::generate::record::{Act, Risk};
use crate::generate::time::digits;
use crate::generate::{File, Tenant};

use super::acts::Entry;
use super::json::{Json, Object, object};
use super::log_analytics::{moment, nested_cell};
use super::tables::{Table, Times, nothing};
use super::{acts as unified, calls as graph, risk};

fn cells<T>(table: &Table, rows: impl Iterator<Item = T>, cell: impl Fn(&T, &'static str) -> Json) -> Vec<Vec<Json>> {
    rows.map(|row| table.columns.iter().map(|column| cell(&row, column)).collect()).collect()
}

/// `OfficeActivity`: what the unified audit log says, under other names.
pub(super) fn acts(tenant: &Tenant, table: &Table, times: Times) -> Vec<Vec<Json>> {
    cells(table, unified::entries(tenant), |entry: &Entry, column| {
        let key = match column {
            "TimeGenerated" | "Start_Time" => return moment(entry.time, times),
            "RecordType" => return Json::from(entry.kind.1),
            "TenantId" => return Json::from(&tenant.ids.workspace),
            "Type" => return Json::from(table.name),
            "SourceSystem" => return Json::from("OfficeActivityManager"),
            "UserType" => return Json::from("Regular"),
            "OfficeId" | "SourceRecordId" => "Id",
            "OfficeObjectId" => "ObjectId",
            "OfficeWorkload" => "Workload",
            "Client_IPAddress" => "ClientIPAddress",
            "Site_Url" => "SiteUrl",
            "Event_Data" => "EventData",
            "Logon_Type" => "LogonType",
            other => other,
        };
        match entry.data.0.iter().find(|(name, _)| *name == key) {
            Some((_, value @ (Json::List(_) | Json::Object(_)))) => nested_cell(table, column, value.clone()),
            Some((_, value)) => value.clone(),
            None => nothing(table, column),
        }
    })
}

/// `MicrosoftGraphActivityLogs`.
pub(super) fn calls(tenant: &Tenant, table: &Table, times: Times) -> Vec<Vec<Json>> {
    cells(table, graph::all(tenant), |row: &&Act, column| {
        let text = match column {
            "TimeGenerated" => return moment(row.time, times),
            "RequestId" | "OperationId" | "ClientRequestId" => return Json::from(row.id.to_string()),
            "SignInActivityId" | "UniqueTokenId" => return Json::from(graph::token(row)),
            "ResponseStatusCode" => return Json::from(row.count),
            "DurationMs" => return Json::Number(61_403),
            "ResponseSizeBytes" => return Json::Number(814),
            "ClientAuthMethod" => return Json::Number(if row.principal.is_some() { 2 } else { 0 }),
            "AadTenantId" => &tenant.ids.tenant,
            "TenantId" => &tenant.ids.workspace,
            "ApiVersion" if row.object.contains("/beta/") => "beta",
            "ApiVersion" => "v1.0",
            "AppId" => graph::application(row),
            "DeviceId" => row.device.as_deref().map_or("", |device| &device.id),
            "IdentityProvider" => "https://sts.windows.net/",
            "IPAddress" => &row.place.address,
            "Location" => "West Europe",
            "RequestMethod" => row.operation,
            "RequestUri" => &row.object,
            "Scopes" => row.scopes,
            "ServicePrincipalId" => graph::principal(row),
            "SessionId" => &row.session,
            "SourceSystem" => "Microsoft Graph",
            "Type" => table.name,
            "UserAgent" => row.agent(),
            "UserId" => &row.user.id,
            _ => return nothing(table, column),
        };
        Json::from(text)
    })
}

/// `AADUserRiskEvents`: what Graph says, under names with a capital.
pub(super) fn risks(tenant: &Tenant, table: &Table, times: Times) -> Vec<Vec<Json>> {
    cells(table, tenant.risks.iter(), |row: &&Risk, column| {
        let time = match column {
            "ActivityDateTime" => row.time,
            _ => row.detected,
        };
        of_graph(&risk::detection(row), time, (tenant, table, times), column)
    })
}

/// `AADRiskyUsers`.
pub(super) fn states(tenant: &Tenant, table: &Table, times: Times) -> Vec<Vec<Json>> {
    cells(table, risk::states(tenant).into_iter(), |row: &&Risk, column| {
        of_graph(&risk::state(row), row.detected, (tenant, table, times), column)
    })
}

fn of_graph(
    object: &Object,
    time: i64,
    (tenant, table, times): (&Tenant, &Table, Times),
    column: &'static str,
) -> Json {
    match column {
        _ if super::tables::is_time(column) => moment(time, times),
        "TenantId" => Json::from(&tenant.ids.workspace),
        "Type" => Json::from(table.name),
        "SourceSystem" => Json::from("Azure AD"),
        "OperationName" => Json::from(if table.name == "AADRiskyUsers" { "Risky user" } else { "User Risk Detection" }),
        _ => match object.0.iter().find(|(name, _)| name.eq_ignore_ascii_case(column)) {
            Some((_, value @ (Json::List(_) | Json::Object(_)))) => nested_cell(table, column, value.clone()),
            Some((_, value)) => value.clone(),
            None => nothing(table, column),
        },
    }
}

/// Risk as diagnostic records, a file a category.
pub(super) fn monitor(tenant: &Tenant) -> [File; 2] {
    let record = |category: &'static str, time: i64, properties: Object| {
        object! {
            "time": digits(time),
            "resourceId": format!("/tenants/{}/providers/microsoft.aadiam", tenant.ids.tenant),
            "operationName": category,
            "operationVersion": "1.0",
            "category": category,
            "tenantId": &tenant.ids.tenant,
            "resultSignature": "None",
            "durationMs": 0_i64,
            "Level": 4_i64,
            "properties": properties,
        }
    };
    let events = tenant.risks.iter().map(|row| record("UserRiskEvents", row.detected, risk::detection(row)));
    let users = risk::states(tenant).into_iter().map(|row| record("RiskyUsers", row.detected, risk::state(row)));
    [super::lines("insights-logs-userriskevents.json", events), super::lines("insights-logs-riskyusers.json", users)]
}
