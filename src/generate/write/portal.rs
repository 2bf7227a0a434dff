//! The admin center's downloads as CSV: a file a tab, a file of steps beside each user tab, the audit log.

use crate::events::vocabulary::Stream;
use crate::generate::record::{Audit, Initiator, SignIn, token_id};
use crate::generate::time::{seconds, with_offset};
use crate::generate::{File, Tenant};
use crate::knowledge::results::{self, ResultClass};

use super::json::Json;
use super::{csv, file, graph, nested};

/// Columns of both user tabs, in order; two names end in a blank, one has two, one is there twice.
const USERS: [&str; 57] = [
    "Date (UTC)",
    "Request ID",
    "User agent",
    "Correlation ID",
    "User ID",
    "User",
    "Username",
    "User type",
    "Cross tenant access type",
    "Incoming token type",
    "Authentication Protocol",
    "Unique token identifier",
    "Original transfer method",
    "Client credential type",
    "Token Protection - Sign In Session",
    "Token Protection - Sign In Session StatusCode",
    "Application",
    "Application ID ",
    "App owner tenant ID",
    "Resource",
    "Resource ID ",
    "Resource tenant ID",
    "Resource owner tenant ID",
    "Home tenant ID",
    "Home tenant name",
    "IP address",
    "Location",
    "Status",
    "Sign-in error code",
    "Failure reason",
    "Client app",
    "Device ID",
    "Browser",
    "Operating System",
    "Compliant",
    "Managed",
    "Join Type",
    "Multifactor authentication result",
    "Multifactor authentication auth method",
    "Multifactor authentication auth detail",
    "Authentication requirement",
    "Sign-in identifier",
    "Session ID",
    "IP address (seen by resource)",
    "Through Global Secure Access",
    "Global Secure Access IP address",
    "Autonomous system  number",
    "Flagged for review",
    "Token issuer type",
    "Incoming token type",
    "Token issuer name",
    "Latency",
    "Conditional Access",
    "Managed Identity type",
    "Associated Resource Id",
    "Federated Token Id",
    "Federated Token Issuer",
];

/// Columns of the tabs of applications.
const APPLICATIONS: [&str; 22] = [
    "Date (UTC)",
    "Request ID",
    "Correlation ID",
    "Service principal ID",
    "Service principal name",
    "Credential key ID",
    "Credential thumbprint",
    "Application",
    "Application ID ",
    "App owner tenant ID",
    "Resource",
    "Resource ID ",
    "Resource tenant ID",
    "Resource owner tenant ID",
    "Home tenant ID",
    "Home tenant name",
    "IP address",
    "Location",
    "Status",
    "Sign-in error code",
    "Failure reason",
    "Conditional Access",
];

const STEPS: [&str; 7] = [
    "Request ID",
    "Date (UTC)",
    "Authentication method",
    "Authentication method detail",
    "Succeeded",
    "Result detail",
    "Requirement",
];

/// All files, named as the admin center names them.
pub(super) fn files(tenant: &Tenant) -> Vec<File> {
    let tab = |name: &str, columns: &[&'static str], stream: Stream| {
        let rows = tenant.sign_ins.iter().filter(|row| row.stream == stream);
        let text = csv::table(&owned(columns), rows.map(|row| columns.iter().map(|name| cell(row, name)).collect()));
        file(&format!("{name}_2026-11-02_2026-11-16.csv"), text)
    };
    let steps = |name: &str, stream: Stream| {
        let rows = tenant.sign_ins.iter().filter(move |row| row.stream == stream);
        let text = csv::table(&owned(&STEPS), rows.flat_map(step_rows));
        file(&format!("{name}_AuthDetails_2026-11-02_2026-11-16.csv"), text)
    };
    vec![
        tab("InteractiveSignIns", &USERS, Stream::Interactive),
        steps("InteractiveSignIns", Stream::Interactive),
        tab("NonInteractiveSignIns", &USERS, Stream::NonInteractive),
        steps("NonInteractiveSignIns", Stream::NonInteractive),
        tab("ApplicationSignIns", &APPLICATIONS, Stream::ServicePrincipal),
        tab("MSISignIns", &APPLICATIONS, Stream::ManagedIdentity),
        file("AuditLogs_2026-11-16.csv", csv::table(&audit_columns(), tenant.audits.iter().map(audit_row))),
    ]
}

fn owned(columns: &[&str]) -> Vec<String> {
    columns.iter().map(|name| (*name).to_owned()).collect()
}

fn cell(row: &SignIn, column: &str) -> Json {
    let (principal, device) = (row.principal.as_deref(), row.device.as_deref());
    let flag = |flag: Option<bool>| flag.map_or("", |flag| if flag { "true" } else { "false" });
    let person = graph::is_person(row);
    let text = match column {
        "Date (UTC)" => seconds(row.time),
        "Request ID" => row.id.to_string(),
        "User agent" => row.client.agent.clone(),
        "Correlation ID" => row.correlation.to_string(),
        "User ID" => row.user.id.clone(),
        "User" => row.user.display.clone(),
        "Username" | "Sign-in identifier" => row.user.name.clone(),
        "User type" => if row.user.guest { "Guest" } else { "Member" }.to_owned(),
        "Cross tenant access type" => "none".to_owned(),
        "Incoming token type" => row.incoming.to_owned(),
        "Authentication Protocol" => row.protocol.to_owned(),
        "Unique token identifier" => guarded(token_id(row.id)),
        "Original transfer method" => row.transfer.to_owned(),
        "Client credential type" => "none".to_owned(),
        "Token Protection - Sign In Session" => row.protection.to_owned(),
        "Application" => principal.map_or_else(|| row.app.name.to_owned(), |principal| principal.name.clone()),
        "Application ID " => principal.map_or_else(|| row.app.id.to_owned(), |principal| principal.app.clone()),
        "App owner tenant ID" => row.owner().to_owned(),
        "Resource" => row.resource.name.to_owned(),
        "Resource ID " => row.resource.id.to_owned(),
        "Resource tenant ID" => row.resource_tenant.clone(),
        "Home tenant ID" => row.home_tenant.clone(),
        "IP address" => row.place.address.clone(),
        "IP address (seen by resource)" => row.provider_address().to_owned(),
        "Location" => location(row),
        "Status" => status(row.code).to_owned(),
        "Sign-in error code" => row.code.to_string(),
        "Failure reason" => nested::reason(row.code),
        "Client app" => row.client.kind.to_owned(),
        "Device ID" => device.map_or_else(String::new, |device| device.id.clone()),
        "Browser" => row.client.browser.clone(),
        "Operating System" => row.client.system.to_owned(),
        "Compliant" => flag(device.and_then(|device| device.compliant)).to_owned(),
        "Managed" => flag(device.and_then(|device| device.managed)).to_owned(),
        "Join Type" => device.map_or("", |device| device.trust).to_owned(),
        "Multifactor authentication result" => row.details.to_owned(),
        "Authentication requirement" if row.multi_factor => "Multifactor authentication".to_owned(),
        "Authentication requirement" => "Single-factor authentication".to_owned(),
        "Session ID" => row.session.clone(),
        "Through Global Secure Access" | "Flagged for review" => "No".to_owned(),
        "Autonomous system  number" if person && row.place.asn != 0 => row.place.asn.to_string(),
        "Token issuer type" => nested::issuer_type().to_owned(),
        "Latency" => row.latency.to_string(),
        "Conditional Access" => match nested::policy_status(row) {
            "success" => "Success",
            "failure" => "Failure",
            _ => "Not Applied",
        }
        .to_owned(),
        "Service principal ID" => principal.map_or_else(String::new, |principal| principal.id.clone()),
        "Service principal name" => principal.map_or_else(String::new, |principal| principal.name.clone()),
        "Credential key ID" => principal.map_or_else(String::new, |principal| principal.key.clone()),
        _ => String::new(),
    };
    Json::Text(text)
}

/// A spreadsheet must not compute a cell: an apostrophe stands before what looks like a formula.
fn guarded(text: String) -> String {
    if text.starts_with(['-', '+', '=', '@']) { format!("'{text}") } else { text }
}

/// City, state, country; those that are known.
fn location(row: &SignIn) -> String {
    let city = &row.place.city;
    let parts = [city.name, city.state, city.country];
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", ")
}

fn status(code: u32) -> &'static str {
    match results::class(code) {
        ResultClass::Success => "Success",
        ResultClass::Interrupt => "Interrupted",
        _ => "Failure",
    }
}

fn step_rows(row: &SignIn) -> impl Iterator<Item = Vec<Json>> {
    row.steps.iter().map(|step| {
        let (id, time) = (row.id.to_string(), seconds(row.time));
        let succeeded = if step.succeeded { "true" } else { "false" };
        [id.as_str(), &time, step.method, step.detail, succeeded, step.result, step.requirement]
            .map(Json::from)
            .to_vec()
    })
}

/// Targets, changes of each, and details that a row has room for.
const ROOM: (usize, usize, usize) = (3, 5, 6);

fn audit_columns() -> Vec<String> {
    let mut columns = owned(&[
        "Date (UTC)",
        "CorrelationId",
        "Service",
        "Category",
        "Activity",
        "Result",
        "ResultReason",
        "User Agent",
        "ActorType",
        "ActorDisplayName",
        "ActorObjectId",
        "ActorUserPrincipalName",
        "IPAddress",
        "ActorHomeTenantId",
        "ActorHomeTenantName",
        "ActorServicePrincipalId",
        "ActorServicePrincipalName",
    ]);
    for target in 1..=ROOM.0 {
        columns.extend(
            ["Type", "DisplayName", "ObjectId", "UserPrincipalName"].map(|name| format!("Target{target}{name}")),
        );
        for change in 1..=ROOM.1 {
            columns.extend(
                ["Name", "OldValue", "NewValue"].map(|name| format!("Target{target}ModifiedProperty{change}{name}")),
            );
        }
    }
    for detail in 1..=ROOM.2 {
        columns.extend(["Key", "Value"].map(|name| format!("AdditionalDetail{detail}{name}")));
    }
    columns
}

fn audit_row(row: &Audit) -> Vec<Json> {
    let mut cells = vec![
        with_offset(row.time),
        row.correlation.to_string(),
        row.service.to_owned(),
        row.category.to_owned(),
        row.operation.to_owned(),
        row.result.to_owned(),
        row.reason.to_owned(),
        String::new(),
    ];
    cells.extend(match &row.initiator {
        Initiator::User(user, address) => {
            ["User", &user.display, &user.id, &user.name, address, "", "", "", ""].map(str::to_owned)
        }
        Initiator::App(name, id) => ["Application", name, "", "", "", "", "", id, ""].map(str::to_owned),
    });
    let blank = |count: usize| std::iter::repeat_n(String::new(), count);
    for place in 0..ROOM.0 {
        let Some(target) = row.targets.get(place) else {
            cells.extend(blank(4 + 3 * ROOM.1));
            continue;
        };
        cells.extend([target.kind.to_owned(), target.name.clone(), target.id.clone(), target.user.clone()]);
        let changes = target.changes.iter().take(ROOM.1);
        let shown = changes.len();
        let quoted = |text: &String| serde_json::to_string(text).unwrap_or_default();
        cells.extend(changes.flat_map(|(name, old, new)| [(*name).to_owned(), quoted(old), quoted(new)]));
        cells.extend(blank(3 * (ROOM.1 - shown)));
    }
    let details = row.details.iter().take(ROOM.2);
    let shown = details.len();
    cells.extend(details.flat_map(|(key, value)| [(*key).to_owned(), value.clone()]));
    cells.extend(blank(2 * (ROOM.2 - shown)));
    cells.into_iter().map(Json::Text).collect()
}
