//! The unified audit log: one record, `AuditData`, as five exports wrap it. Of sign-ins it holds those
//! in which a person took part; acts in mailboxes and files are in [`super::acts`].

use crate::events::vocabulary::Stream;
use crate::generate::record::{Audit, Initiator, SignIn, Target};
use crate::generate::time::{american_seconds, digits};
use crate::generate::{File, Tenant};
use crate::knowledge::results::{self, ResultClass};

use super::acts::{self, Entry, creation, pair};
use super::json::{Json, Object, object};
use super::{csv, file, nested};

/// Rows of the Purview portal's export.
pub(super) fn purview(tenant: &Tenant) -> Vec<File> {
    let columns = [
        "RecordId",
        "CreationDate",
        "RecordType",
        "Operation",
        "UserId",
        "AuditData",
        "AssociatedAdminUnits",
        "AssociatedAdminUnitsNames",
    ];
    let row = |entry: Entry| {
        vec![
            Json::from(entry.id),
            // A blank ends the time there.
            Json::from(format!("{} ", digits(entry.time))),
            Json::Number(entry.kind.0),
            Json::from(entry.operation),
            Json::from(entry.user),
            Json::from(Json::from(entry.data).line()),
            Json::Null,
            Json::Null,
        ]
    };
    vec![file("AuditLog.csv", csv::table(&columns.map(str::to_owned), entries(tenant).map(row)))]
}

/// Rows of `Search-UnifiedAuditLog | Export-Csv`: a line of the type before the header.
pub(super) fn search(tenant: &Tenant) -> Vec<File> {
    let columns = [
        "RecordType",
        "CreationDate",
        "UserIds",
        "Operations",
        "AuditData",
        "ResultIndex",
        "ResultCount",
        "Identity",
        "IsValid",
        "ObjectState",
    ];
    let row = |(entry, number): (Entry, i64)| {
        vec![
            Json::from(entry.kind.1),
            Json::from(american_seconds(entry.time)),
            Json::from(entry.user),
            Json::from(entry.operation),
            Json::from(Json::from(entry.data).line()),
            Json::Number(number),
            Json::Number(5_000),
            Json::from(entry.id),
            Json::from("True"),
            Json::from("Unchanged"),
        ]
    };
    let table = csv::table(&columns.map(str::to_owned), entries(tenant).zip(1..).map(row));
    let table = table.trim_start_matches('\u{feff}');
    vec![file("UAL.csv", format!("#TYPE Selected.System.Management.Automation.PSObject\r\n{table}"))]
}

/// Bare records in an array, as the Management API answers.
pub(super) fn management(tenant: &Tenant) -> Vec<File> {
    let records: Vec<Object> = entries(tenant).map(|entry| entry.data).collect();
    vec![file("ManagementActivity.json", Json::from(records).line())]
}

/// Records of a query of Graph, one a line.
pub(super) fn query(tenant: &Tenant) -> Vec<File> {
    vec![acts::query(tenant, entries(tenant))]
}

/// Rows of Defender's `CloudAppEvents`: acts, in the directory and outside it.
pub(super) fn cloud_app_events(tenant: &Tenant) -> Vec<File> {
    let columns =
        ["Timestamp", "ActionType", "Application", "AccountId", "IPAddress", "UserAgent", "ReportId", "RawEventData"];
    let row = |entry: Entry| {
        vec![
            Json::from(digits(entry.time)),
            Json::from(entry.operation),
            Json::from(application(entry.service)),
            Json::from(entry.user),
            Json::from(entry.address),
            Json::from(entry.agent),
            Json::from(format!("{}_report", entry.id)),
            Json::from(Json::from(entry.data).line()),
        ]
    };
    let acts = tenant.audits.iter().map(|row| audit(row, tenant)).chain(acts::entries(tenant));
    vec![file("CloudAppEvents.csv", csv::table(&columns.map(str::to_owned), acts.map(row)))]
}

/// A service as Defender calls it.
fn application(service: &str) -> &'static str {
    match service {
        "Exchange" => "Microsoft Exchange Online",
        "SharePoint" => "Microsoft SharePoint Online",
        "OneDrive" => "Microsoft OneDrive for Business",
        "MicrosoftTeams" => "Microsoft Teams",
        _ => "Microsoft Entra ID",
    }
}

fn entries(tenant: &Tenant) -> impl Iterator<Item = Entry> {
    let sign_ins = tenant.sign_ins.iter().filter(|row| row.stream == Stream::Interactive);
    sign_ins
        .map(|row| sign_in(row, tenant))
        .chain(tenant.audits.iter().map(|row| audit(row, tenant)))
        .chain(acts::entries(tenant))
}

fn typed(id: &str, kind: i64) -> Json {
    object! { "ID": id, "Type": kind }.into()
}

fn sign_in(row: &SignIn, tenant: &Tenant) -> Entry {
    let went_on = matches!(results::class(row.code), ResultClass::Success | ResultClass::Interrupt);
    let operation = if went_on { "UserLoggedIn" } else { "UserLoginFailed" };
    let call = if row.protocol == "deviceCode" { "Cmsi:Cmsi" } else { "OAuth2:Authorize" };
    let device = row.device.as_deref().map_or_else(Vec::new, |device| {
        let flag = |flag: Option<bool>| if flag == Some(true) { "True" } else { "False" };
        vec![
            pair("Id", &device.id),
            pair("DisplayName", &device.name),
            pair("TrustType", device.trust),
            pair("IsCompliant", flag(device.compliant)),
            pair("IsCompliantAndManaged", flag(device.managed)),
        ]
    });
    let client =
        [pair("OS", row.client.system), pair("BrowserType", &row.client.browser), pair("SessionId", &row.session)];
    let mut data = object! {
        "CreationTime": creation(row.time),
        "Id": row.id.to_string(),
        "Operation": operation,
        "OrganizationId": &tenant.ids.tenant,
        "RecordType": 15_i64,
        "ResultStatus": if went_on { "Success" } else { "Failed" },
        "UserKey": &row.user.id,
        "UserType": 0_i64,
        "Version": 1_i64,
        "Workload": "AzureActiveDirectory",
        "ClientIP": &row.place.address,
        "ObjectId": row.resource.id,
        "UserId": &row.user.name,
        "AzureActiveDirectoryEventType": 1_i64,
        "ExtendedProperties": vec![
            pair("ResultStatusDetail", "Success"), pair("UserAgent", &row.client.agent), pair("RequestType", call),
        ],
        "ModifiedProperties": Json::List(Vec::new()),
        "Actor": vec![typed(&row.user.id, 0), typed(&row.user.name, 5)],
        "ActorContextId": &row.home_tenant,
        "ActorIpAddress": &row.place.address,
        "InterSystemsId": row.correlation.to_string(),
        "IntraSystemId": row.id.to_string(),
        "SupportTicketId": "",
        "Target": vec![typed(row.resource.id, 0)],
        "TargetContextId": &row.resource_tenant,
        "ApplicationId": row.app.id,
        "DeviceProperties": device.into_iter().chain(client).collect::<Vec<_>>(),
        "ErrorNumber": row.code.to_string(),
    };
    if !went_on {
        data.put("LogonError", nested::reason(row.code));
    }
    Entry {
        time: row.time,
        id: row.id.to_string(),
        operation: operation.to_owned(),
        kind: (15, "AzureActiveDirectoryStsLogon"),
        service: "AzureActiveDirectory",
        user: row.user.name.clone(),
        address: row.place.address.clone(),
        agent: row.client.agent.clone(),
        data,
    }
}

fn audit(row: &Audit, tenant: &Tenant) -> Entry {
    let (user, actors, address) = match &row.initiator {
        Initiator::User(user, address) => {
            let actors = vec![
                typed(&user.name, 5),
                typed(&user.id, 0),
                typed(&format!("User_{}", user.id), 2),
                typed("User", 2),
            ];
            (user.name.clone(), actors, address.clone())
        }
        Initiator::App(name, id) => {
            let own = format!("ServicePrincipal_{id}");
            (own.clone(), vec![typed(name, 1), typed(&own, 2), typed("ServicePrincipal", 2)], String::new())
        }
    };
    // A final dot stands behind each operation.
    let operation = format!("{}.", row.operation.trim_end_matches('.'));
    let first = row.targets.first();
    let changed = first.map_or(&[][..], |target| &target.changes).iter().map(|(name, old, new)| {
        object! {
            "Name": *name,
            "NewValue": serde_json::to_string(new).unwrap_or_default(),
            "OldValue": serde_json::to_string(old).unwrap_or_default(),
        }
    });
    let mut details = Object::default();
    row.details.iter().for_each(|(key, value)| details.put(key, value.as_str()));
    let data = object! {
        "CreationTime": creation(row.time),
        "Id": &row.id,
        "Operation": &operation,
        "OrganizationId": &tenant.ids.tenant,
        "RecordType": 8_i64,
        "ResultStatus": if row.result.eq_ignore_ascii_case("success") { "Success" } else { "Failure" },
        "UserKey": user_key(row),
        "UserType": 0_i64,
        "Version": 1_i64,
        "Workload": "AzureActiveDirectory",
        "ObjectId": first.map_or("Not Available", |target| if target.user.is_empty() { &target.id } else { &target.user }),
        "UserId": &user,
        "AzureActiveDirectoryEventType": 1_i64,
        "ExtendedProperties": vec![
            pair("additionalDetails", &Json::from(details).line()), pair("extendedAuditEventCategory", row.category),
        ],
        "ModifiedProperties": changed.collect::<Vec<_>>(),
        "Actor": actors,
        "ActorContextId": &tenant.ids.tenant,
        "InterSystemsId": row.correlation.to_string(),
        "IntraSystemId": row.correlation.to_string(),
        "SupportTicketId": "",
        "Target": first.map(targets).unwrap_or_default(),
        "TargetContextId": &tenant.ids.tenant,
    };
    Entry {
        time: row.time,
        id: row.id.clone(),
        operation,
        kind: (8, "AzureActiveDirectory"),
        service: "AzureActiveDirectory",
        user,
        address,
        agent: String::new(),
        data,
    }
}

fn user_key(row: &Audit) -> String {
    match &row.initiator {
        Initiator::User(user, _) => user.id.clone(),
        Initiator::App(_, id) => id.clone(),
    }
}

fn targets(target: &Target) -> Vec<Json> {
    let mut list =
        vec![typed(&format!("{}_{}", target.kind, target.id), 2), typed(&target.id, 2), typed(target.kind, 2)];
    if !target.user.is_empty() {
        list.push(typed(&target.user, 5));
    }
    if !target.name.is_empty() {
        list.push(typed(&target.name, 1));
    }
    list
}
