//! Acts in mailboxes, with files and in Teams: the record of the unified audit log, `AuditData`, which all
//! its exports wrap.

use crate::generate::record::{Act, token_id};
use crate::generate::time::seconds;
use crate::generate::{File, Tenant};

use super::json::{Json, Object, object};
use super::lines;

/// A record, with what its wrappers say of it once more.
pub(super) struct Entry {
    pub(super) time: i64,
    pub(super) id: String,
    pub(super) operation: String,
    /// As number and as name.
    pub(super) kind: (i64, &'static str),
    pub(super) service: &'static str,
    pub(super) user: String,
    pub(super) address: String,
    pub(super) agent: String,
    pub(super) data: Object,
}

/// Records of a query of Graph, one a line.
pub(super) fn query(tenant: &Tenant, entries: impl Iterator<Item = Entry>) -> File {
    let records = entries.map(|entry| {
        object! {
            "id": entry.id,
            "createdDateTime": seconds(entry.time),
            "auditLogRecordType": entry.kind.1,
            "operation": entry.operation,
            "organizationId": &tenant.ids.tenant,
            "userType": "Regular",
            "userId": entry.user,
            "service": entry.service,
            "clientIp": Json::text_or_null(&entry.address),
            "administrativeUnits": Json::List(Vec::new()),
            "auditData": entry.data,
        }
    });
    lines("UnifiedAuditLog.jsonl", records)
}

/// The time as the log writes it: whole seconds of UTC, without saying so.
pub(super) fn creation(time: i64) -> String {
    seconds(time).trim_end_matches('Z').to_owned()
}

pub(super) fn pair(name: &'static str, value: &str) -> Json {
    object! { "Name": name, "Value": value }.into()
}

/// Acts outside the directory; calls of Graph are none of this log.
pub(super) fn entries(tenant: &Tenant) -> impl Iterator<Item = Entry> {
    tenant.acts.iter().filter(|row| !row.is_call()).map(|row| entry(row, tenant))
}

/// Record types as numbers and names.
fn kind(row: &Act) -> (i64, &'static str) {
    match (row.workload, row.operation) {
        ("MicrosoftTeams", _) => (25, "MicrosoftTeams"),
        ("Exchange", "MailItemsAccessed") => (50, "ExchangeItemAggregated"),
        ("Exchange", "Send" | "SendAs" | "UpdateInboxRules") => (2, "ExchangeItem"),
        ("Exchange", operation) if operation.contains('-') => (1, "ExchangeAdmin"),
        ("Exchange", _) => (3, "ExchangeItemGroup"),
        (_, "SearchQueryPerformed") => (4, "SharePoint"),
        (_, operation) if operation.starts_with("File") => (6, "SharePointFileOperation"),
        _ => (14, "SharePointSharingOperation"),
    }
}

fn entry(row: &Act, tenant: &Tenant) -> Entry {
    let kind = kind(row);
    let (mail, user) = (row.workload == "Exchange", &row.user);
    let number = user.id.get(..8).unwrap_or_default().to_uppercase();
    let mut data = object! {
        "CreationTime": creation(row.time),
        "Id": row.id.to_string(),
        "Operation": row.operation,
        "OrganizationId": &tenant.ids.tenant,
        "RecordType": kind.0,
        // Exchange has a number of its own for a person.
        "UserKey": if mail { format!("10032000{number}") } else { user.id.clone() },
        "UserType": 0_i64,
        "Version": 1_i64,
        "Workload": row.workload,
        "UserId": &user.name,
    };
    let mut access = object! { "ClientAppId": row.app.id, "ClientAppName": row.app.name };
    if let Some(token) = row.token {
        access.put("AADSessionId", row.session.as_str());
        access.put("UniqueTokenId", token_id(token));
    }
    data.put("AppAccessContext", access);
    if mail {
        data.put("ClientAppId", row.app.id);
        data.put("ExternalAccess", false);
        data.put("OrganizationName", "contoso.example");
        data.put("TokenObjectId", &user.id);
        data.put("TokenTenantId", &tenant.ids.tenant);
        if row.token.is_some() {
            data.put("SessionId", row.session.as_str());
        }
        if let Some(device) = &row.device {
            data.put("DeviceId", &device.id);
        }
        mailbox(row, kind.0, &mut data);
    } else {
        data.put("ClientIP", row.place.address.as_str());
        data.put("ApplicationId", row.app.id);
        data.put("ApplicationDisplayName", row.app.name);
        if row.workload != "MicrosoftTeams" {
            file(row, &mut data);
        }
        row.parameters.iter().for_each(|(name, value)| data.put(name, value.as_str()));
    }
    Entry {
        time: row.time,
        id: row.id.to_string(),
        operation: row.operation.to_owned(),
        kind,
        service: row.workload,
        user: user.name.clone(),
        address: row.place.address.clone(),
        agent: row.agent().to_owned(),
        data,
    }
}

/// What Exchange says beside. Commands have parameters, and an address with a port.
fn mailbox(row: &Act, kind: i64, data: &mut Object) {
    let address = &row.place.address;
    let parameters: Vec<Json> = row.parameters.iter().map(|(name, value)| pair(name, value)).collect();
    if kind == 1 {
        data.put("ResultStatus", "True");
        data.put(
            "ClientIP",
            if address.contains(':') { format!("[{address}]:51734") } else { format!("{address}:51734") },
        );
        data.put("ObjectId", &row.object);
        data.put("Parameters", parameters);
        return;
    }
    let agent = row.agent();
    let client = if !agent.is_empty() {
        format!("Client=OWA;{agent};")
    } else if row.app == crate::generate::apps::OUTLOOK_MOBILE {
        "Client=OutlookService;Outlook-iOS/2.0;".to_owned()
    } else if row.device.is_some() {
        "Client=MSExchangeRPC".to_owned()
    } else {
        "Client=REST;Client=RESTSystem;;".to_owned()
    };
    data.put("ResultStatus", "Succeeded");
    data.put("ClientIPAddress", address);
    data.put("ClientInfoString", client);
    data.put("MailboxOwnerUPN", &row.owner);
    data.put("LogonType", if row.owner == row.user.name { 0_i64 } else { 2 });
    if !parameters.is_empty() {
        data.put("OperationProperties", parameters);
    }
    let message = |number: u32| -> Object {
        object! { "InternetMessageId": format!("<{}.{number}@contoso.example>", row.id), "SizeInBytes": 18_211_i64 }
    };
    let is_sync = row.parameters.iter().any(|(_, value)| value == "Sync");
    let folder = |path: &str| object! { "Path": path };
    match row.operation {
        "MailItemsAccessed" if is_sync => {
            data.put("Item", object! { "ParentFolder": folder(&row.object) });
            data.put("OperationCount", row.count);
        }
        "MailItemsAccessed" => {
            let mut folder = folder(&row.object);
            folder.put("FolderItems", (0..row.count).map(message).collect::<Vec<_>>());
            data.put("Folders", vec![folder]);
            data.put("OperationCount", row.count);
        }
        "UpdateInboxRules" => {}
        operation => {
            let mut item = message(0);
            item.put("Subject", &row.object);
            item.put("ParentFolder", folder(if operation == "Send" { "\\Drafts" } else { "\\Inbox" }));
            if operation == "Send" {
                data.put("Item", item);
            } else {
                data.put("AffectedItems", vec![item]);
                data.put("Folder", folder("\\Inbox"));
            }
        }
    }
}

/// What SharePoint says beside: the parts of the address, and the device.
fn file(row: &Act, data: &mut Object) {
    let managed = row.device.as_deref().and_then(|device| device.managed).unwrap_or(false);
    data.put("ObjectId", &row.object);
    data.put("EventSource", "SharePoint");
    data.put("ItemType", "File");
    data.put("UserAgent", row.agent());
    data.put("IsManagedDevice", managed);
    if let Some(device) = &row.device {
        data.put("DeviceDisplayName", &device.name);
    }
    // Host, collection, site and the rest.
    if let Some((place, _)) = row.object.match_indices('/').nth(4)
        && let Some((site, rest)) = row.object.split_at_checked(place + 1)
    {
        let (folder, name) = rest.rsplit_once('/').unwrap_or(("", rest));
        data.put("SiteUrl", site);
        data.put("SourceRelativeUrl", folder);
        data.put("SourceFileName", name);
        data.put("SourceFileExtension", name.rsplit_once('.').map_or("", |(_, ending)| ending));
    }
}
