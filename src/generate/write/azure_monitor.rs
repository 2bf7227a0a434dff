//! Azure Monitor diagnostic records: lines of a blob, and bodies of an Event Hub.

use crate::events::guid::Guid;
use crate::events::vocabulary::Stream;
use crate::generate::record::{Audit, Initiator, SignIn};
use crate::generate::time::{SECOND, digits, with_offset};
use crate::generate::{Detail, File, Tenant};
use crate::order::Arrange;

use super::graph;
use super::json::{Json, Object, object};
use super::nested::{self, Spelling};

/// Records of an Event Hub body.
const BODY: usize = 25;

/// A file a category, as `insights-logs-<category>/…/PT1H.json` would be put together.
pub(super) fn lines(tenant: &Tenant) -> Vec<File> {
    let streams = [Stream::Interactive, Stream::NonInteractive, Stream::ServicePrincipal, Stream::ManagedIdentity];
    let mut files: Vec<File> = streams
        .into_iter()
        .map(|stream| {
            let rows = tenant.sign_ins.iter().filter(|row| row.stream == stream);
            file(category(stream), rows.map(|row| sign_in(row, tenant)))
        })
        .collect();
    files.push(file("AuditLogs", tenant.audits.iter().map(|row| audit(row, tenant))));
    files
}

fn file(category: &str, rows: impl Iterator<Item = Object>) -> File {
    super::lines(&format!("insights-logs-{}.json", category.to_lowercase()), rows)
}

/// One body a line, categories mixed as they come.
pub(super) fn bodies(tenant: &Tenant) -> File {
    let bodies =
        records(tenant).chunks(BODY).map(|records| object! { "records": records.to_vec() }).collect::<Vec<_>>();
    super::lines("event-hub.ndjson", bodies.into_iter())
}

/// An array of bodies, each carried as a string.
pub(super) fn body_strings(tenant: &Tenant) -> File {
    let bodies: Vec<Json> = records(tenant)
        .chunks(BODY)
        .map(|records| Json::Text(Json::from(object! { "records": records.to_vec() }).line()))
        .collect();
    super::file("event-hub-strings.json", Json::List(bodies).line())
}

pub(super) fn records(tenant: &Tenant) -> Vec<Object> {
    let mut records: Vec<(i64, Object)> = tenant.sign_ins.iter().map(|row| (row.time, sign_in(row, tenant))).collect();
    records.extend(tenant.audits.iter().map(|row| (row.time, audit(row, tenant))));
    records.arrange_by_key(|(time, _)| *time);
    records.into_iter().map(|(_, record)| record).collect()
}

pub(super) const fn category(stream: Stream) -> &'static str {
    match stream {
        Stream::Interactive => "SignInLogs",
        Stream::NonInteractive => "NonInteractiveUserSignInLogs",
        Stream::ServicePrincipal => "ServicePrincipalSignInLogs",
        Stream::ManagedIdentity => "ManagedIdentitySignInLogs",
    }
}

/// When the record was written: up to five minutes after the event.
pub(super) fn emitted(time: i64, id: Guid) -> i64 {
    let [.., low, high, _, _] = id.to_bytes();
    time + (20 + i64::from(high) + i64::from(low) / 8) * SECOND + i64::from(low) * 3_917
}

fn sign_in(row: &SignIn, tenant: &Tenant) -> Object {
    let mut record = object! {
        "time": digits(emitted(row.time, row.id)),
        "resourceId": format!("/tenants/{}/providers/Microsoft.aadiam", tenant.ids.tenant),
        "operationName": "Sign-in activity",
        "operationVersion": "1.0",
        "category": category(row.stream),
        "tenantId": &tenant.ids.tenant,
        "resultType": row.code.to_string(),
        "resultSignature": "None",
    };
    if row.code != 0 {
        record.put("resultDescription", nested::reason(row.code));
    }
    record.put("durationMs", 0_i64);
    record.put("callerIpAddress", row.place.address.as_str());
    record.put("correlationId", row.correlation.to_string());
    if graph::is_person(row) {
        record.put("identity", &row.user.display);
    }
    record.put("Level", 4_i64);
    record.put("location", row.place.city.country);
    let mut properties = object! {
        "id": row.id.to_string(),
        "createdDateTime": with_offset(row.time),
    };
    graph::properties(row, tenant.detail, Spelling::Monitor, &mut properties);
    properties.put("riskEventTypes", row.risk_events.clone());
    properties.put("tenantId", &tenant.ids.tenant);
    properties.put("ssoExtensionVersion", "");
    properties.put("rngcStatus", 0_i64);
    let properties = if tenant.detail == Detail::Brief { properties.only_needed(graph::NEEDLESS) } else { properties };
    record.put("properties", properties);
    record
}

fn audit(row: &Audit, tenant: &Tenant) -> Object {
    let (identity, address) = match &row.initiator {
        Initiator::User(user, address) => (user.display.as_str(), address.as_str()),
        Initiator::App(name, _) => (*name, ""),
    };
    let mut properties = graph::audit(row);
    for (key, value) in &mut properties.0 {
        if *key == "activityDateTime" {
            *value = Json::Text(with_offset(row.time));
        }
    }
    let mut record = object! {
        "time": digits(emitted(row.time, row.correlation)),
        "resourceId": format!("/tenants/{}/providers/Microsoft.aadiam", tenant.ids.tenant),
        "operationName": row.operation,
        "operationVersion": "1.0",
        "category": "AuditLogs",
        "tenantId": &tenant.ids.tenant,
        "resultSignature": "None",
        "durationMs": 0_i64,
    };
    if !address.is_empty() {
        record.put("callerIpAddress", address);
    }
    record.put("correlationId", row.correlation.to_string());
    record.put("identity", identity);
    record.put("Level", 4_i64);
    record.put("properties", properties);
    record
}
