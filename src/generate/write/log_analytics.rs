//! Log Analytics tables: `SigninLogs`, the three other sign-in tables, `AuditLogs`.
//!
//! Names and order of columns are those of the tables' schemas. Columns that hold JSON are dynamic in
//! `SigninLogs` where the non-interactive table has text; in CSV both are text.

use crate::events::vocabulary::Stream;
use crate::generate::record::{Audit, Initiator, SignIn, token_id};
use crate::generate::time::{american, digits};
use crate::generate::{File, Tenant};

use super::json::{Json, Object, object};
use super::nested::{self, Spelling};
use super::tables::{self, Rows, Table, Times};
use super::{azure_monitor, csv, file, graph};

/// A CSV a table, as the portal exports it.
pub(super) fn csv_files(tenant: &Tenant, tables: &'static [Table]) -> Vec<File> {
    let file = |table: &Table| {
        let columns = table
            .columns
            .iter()
            .map(|column| if tables::is_time(column) { format!("{column} [UTC]") } else { (*column).to_owned() });
        let text = csv::table(&columns.collect::<Vec<_>>(), rows(tenant, table, Times::American));
        file(&format!("{}.csv", table.name), text)
    };
    tables.iter().map(file).collect()
}

/// An array a table, one row a line.
pub(super) fn json_files(tenant: &Tenant) -> Vec<File> {
    let file = |table: &Table| {
        let rows = row_lines(tenant, table);
        file(&format!("{}.json", table.name), format!("[\n{}\n]\n", rows.collect::<Vec<_>>().join(",\n")))
    };
    tables::ALL.iter().map(file).collect()
}

/// Rows of a table, each on a line, as a rule of data export writes them into a storage account.
#[cfg(not(target_arch = "wasm32"))]
pub(super) fn data_export(tenant: &Tenant) -> Vec<File> {
    let file = |table: &Table| {
        let text: String = row_lines(tenant, table).map(|row| row + "\n").collect();
        file(&format!("am-{}/PT05M.json", table.name), text)
    };
    tables::ALL.iter().map(file).collect()
}

fn row_lines<'a>(tenant: &'a Tenant, table: &'a Table) -> impl Iterator<Item = String> {
    rows(tenant, table, Times::Iso)
        .map(|cells| Json::from(Object(table.columns.iter().copied().zip(cells).collect())).line())
}

/// A table as the query service answers it.
pub(super) fn answers(tenant: &Tenant, tables: &'static [Table]) -> Vec<File> {
    let file = |table: &'static Table| {
        let columns: Vec<Json> = table
            .columns
            .iter()
            .map(|column| object! { "name": *column, "type": tables::kind(table, column) }.into())
            .collect();
        let answer = object! {
            "tables": vec![object! { "name": "PrimaryResult", "columns": columns, "rows": lists(tenant, table) }],
        };
        file(&format!("{}.json", table.name), Json::from(answer).line())
    };
    tables.iter().map(file).collect()
}

/// A table as Kusto's frames, with those that tell of the query.
pub(super) fn frames(tenant: &Tenant) -> Vec<File> {
    let columns = |columns: &[(&'static str, &'static str)]| -> Vec<Json> {
        let column =
            |(name, kind): &(&'static str, &'static str)| object! { "ColumnName": *name, "ColumnType": *kind }.into();
        columns.iter().map(column).collect()
    };
    let file = |table: &'static Table| {
        let own: Vec<(&str, &str)> =
            table.columns.iter().map(|column| (*column, tables::kind(table, column))).collect();
        let beside = [("Timestamp", "datetime"), ("ClientRequestId", "string"), ("Payload", "string")];
        let said = Json::List(vec!["2026-11-20T08:00:00Z".into(), "KE.RunQuery".into(), "{\"Count\":1}".into()]);
        let frames = vec![
            object! { "FrameType": "DataSetHeader", "IsProgressive": false, "Version": "v2.0" },
            object! {
                "FrameType": "DataTable", "TableId": 1_i64, "TableKind": "PrimaryResult", "TableName": table.name,
                "Columns": columns(&own), "Rows": lists(tenant, table),
            },
            object! {
                "FrameType": "DataTable", "TableId": 2_i64, "TableKind": "QueryCompletionInformation",
                "TableName": "QueryCompletionInformation", "Columns": columns(&beside), "Rows": Json::List(vec![said]),
            },
            object! { "FrameType": "DataSetCompletion", "HasErrors": false, "Cancelled": false },
        ];
        file(&format!("{}.json", table.name), Json::from(frames).line())
    };
    tables::ALL.iter().map(file).collect()
}

/// The rows as lists, nested values as text.
fn lists(tenant: &Tenant, table: &Table) -> Json {
    let text = |cell: Json| match cell {
        Json::List(_) | Json::Object(_) => Json::Text(cell.line()),
        other => other,
    };
    Json::List(rows(tenant, table, Times::Iso).map(|cells| Json::List(cells.into_iter().map(text).collect())).collect())
}

fn rows<'a>(tenant: &'a Tenant, table: &'a Table, times: Times) -> Box<dyn Iterator<Item = Vec<Json>> + 'a> {
    match table.rows {
        Rows::SignIns(stream) => {
            Box::new(tenant.sign_ins.iter().filter(move |row| row.stream == stream).map(move |row| {
                table.columns.iter().map(|column| sign_in_cell(row, tenant, table, column, times)).collect()
            }))
        }
        Rows::Audits => Box::new(tenant.audits.iter().map(move |row| {
            table.columns.iter().map(|column| audit_cell(row, tenant, table, column, times)).collect()
        })),
        #[cfg(not(target_arch = "wasm32"))]
        Rows::Beside(rows) => Box::new(rows(tenant, table, times).into_iter()),
    }
}

pub(super) fn moment(time: i64, times: Times) -> Json {
    Json::Text(if times == Times::Iso { digits(time) } else { american(time) })
}

/// A nested value: as it is where the column is dynamic, as JSON text where it is not.
pub(super) fn nested_cell(table: &Table, column: &str, value: impl Into<Json>) -> Json {
    let value = value.into();
    if table.dynamic.contains(&column) { value } else { Json::Text(value.line()) }
}

fn sign_in_cell(row: &SignIn, tenant: &Tenant, table: &Table, column: &'static str, times: Times) -> Json {
    let principal = row.principal.as_deref();
    let text = |text: &str| Json::from(text);
    match column {
        "TimeGenerated" => moment(azure_monitor::emitted(row.time, row.id), times),
        "CreatedDateTime" => moment(row.time, times),
        "AADTenantId" => text(&tenant.ids.tenant),
        "TenantId" => text(&tenant.ids.workspace),
        "Id" => text(&row.id.to_string()),
        "CorrelationId" => text(&row.correlation.to_string()),
        "OriginalRequestId" => text(&row.original.to_string()),
        "SessionId" => text(&row.session),
        "UniqueTokenIdentifier" => text(&token_id(row.id)),
        "UserId" => text(&row.user.id),
        "UserPrincipalName" | "SignInIdentifier" => text(&row.user.name),
        "UserDisplayName" => text(&row.user.display),
        "Identity" => text(principal.map_or(&row.user.display, |principal| &principal.name)),
        "UserType" => text(if row.user.guest { "Guest" } else { "Member" }),
        "SignInIdentifierType" => text("userPrincipalName"),
        "AppId" => text(principal.map_or(row.app.id, |principal| &principal.app)),
        "AppDisplayName" => text(row.app.name),
        "ResourceIdentity" => text(row.resource.id),
        "ResourceDisplayName" => text(row.resource.name),
        "HomeTenantId" => text(&row.home_tenant),
        "ResourceTenantId" => text(&row.resource_tenant),
        "IPAddress" => text(&row.place.address),
        "IPAddressFromResourceProvider" => text(row.provider_address()),
        "AutonomousSystemNumber" if row.place.asn == 0 => text(""),
        "AutonomousSystemNumber" => text(&row.place.asn.to_string()),
        "Location" => text(row.place.city.country),
        "LocationDetails" => nested_cell(table, column, nested::location(row)),
        "ClientAppUsed" => text(row.client.kind),
        "UserAgent" => text(&row.client.agent),
        "DeviceDetail" => nested_cell(table, column, nested::device(row, Spelling::Monitor)),
        "IncomingTokenType" => text(row.incoming),
        "AuthenticationProtocol" => text(row.protocol),
        "OriginalTransferMethod" => text(row.transfer),
        "TokenProtectionStatusDetails" => nested_cell(
            table,
            column,
            object! { "signInSessionStatus": row.protection, "signInSessionStatusCode": 0_i64 },
        ),
        "Status" => nested_cell(table, column, nested::status(row)),
        "ResultType" => text(&row.code.to_string()),
        "ResultDescription" if row.code == 0 => text(""),
        "ResultDescription" => text(&nested::reason(row.code)),
        "ResultSignature" => text("None"),
        "ConditionalAccessStatus" => text(nested::policy_status(row)),
        "ConditionalAccessAudiences" => nested_cell(table, column, nested::audiences(row)),
        "ConditionalAccessPolicies" => {
            nested_cell(table, column, nested::policies(row, tenant.detail, Spelling::Monitor))
        }
        "AuthenticationRequirement" => text(nested::requirement(row)),
        "AuthenticationRequirementPolicies" => nested_cell(table, column, nested::requirement_policies(row)),
        "AuthenticationDetails" => nested_cell(table, column, nested::steps(row, Spelling::Monitor)),
        "AuthenticationProcessingDetails" => nested_cell(table, column, nested::processing(row, tenant.detail)),
        "RiskLevelDuringSignIn" | "RiskLevelAggregated" => text(row.risk),
        "RiskState" => text(if row.risk == "none" { "none" } else { "atRisk" }),
        "RiskDetail" => text("none"),
        "RiskEventTypes" | "RiskEventTypes_V2" => nested_cell(table, column, row.risk_events.clone()),
        "ProcessingTimeInMilliseconds" | "ProcessingTimeInMs" => text(&row.latency.to_string()),
        "ServicePrincipalId" => text(principal.map_or("", |principal| &principal.id)),
        "ServicePrincipalName" => text(principal.map_or("", |principal| &principal.name)),
        "ServicePrincipalCredentialKeyId" => text(principal.map_or("", |principal| &principal.key)),
        "AppOwnerTenantId" => text(row.owner()),
        "ClientCredentialType" => text(principal.map_or("none", |principal| principal.credential)),
        "IsInteractive" => Json::Bool(row.stream == Stream::Interactive),
        "SignInEventTypes" => text("[\"nonInteractiveUser\"]"),
        "TokenIssuerType" => text(nested::issuer_type()),
        "OperationName" => text("Sign-in activity"),
        "OperationVersion" => text("1.0"),
        "Category" => text(azure_monitor::category(row.stream)),
        "Type" => text(table.name),
        "Level" => text("4"),
        "DurationMs" => Json::Number(0),
        "SourceSystem" => text("Azure AD"),
        "ResourceGroup" => text("Microsoft.aadiam"),
        "ResourceId" => text(&format!("/tenants/{}/providers/Microsoft.aadiam", tenant.ids.tenant)),
        "FlaggedForReview" | "IsRisky" | "IsTenantRestricted" | "IsThroughGlobalSecureAccess" => Json::Bool(false),
        _ => tables::nothing(table, column),
    }
}

fn audit_cell(row: &Audit, tenant: &Tenant, table: &Table, column: &'static str, times: Times) -> Json {
    let text = |text: &str| Json::from(text);
    match column {
        "TimeGenerated" => moment(azure_monitor::emitted(row.time, row.correlation), times),
        "ActivityDateTime" => moment(row.time, times),
        "AADTenantId" => text(&tenant.ids.tenant),
        "TenantId" => text(&tenant.ids.workspace),
        "Id" => text(&row.id),
        "CorrelationId" => text(&row.correlation.to_string()),
        "OperationName" | "ActivityDisplayName" => text(row.operation),
        "AADOperationType" => text(row.kind),
        "Category" => text(row.category),
        "LoggedByService" => text(row.service),
        "Result" => text(row.result),
        "ResultReason" | "ResultDescription" => text(row.reason),
        "ResultSignature" => text("None"),
        "Identity" => text(match &row.initiator {
            Initiator::User(user, _) => &user.display,
            Initiator::App(name, _) => name,
        }),
        "InitiatedBy" => nested_cell(table, column, graph::initiated_by(row)),
        "TargetResources" => nested_cell(table, column, row.targets.iter().map(graph::target).collect::<Vec<_>>()),
        "AdditionalDetails" => nested_cell(table, column, graph::details(row)),
        "OperationVersion" => text("1.0"),
        "Resource" | "ResourceGroup" => text("Microsoft.aadiam"),
        "ResourceId" => text(&format!("/tenants/{}/providers/Microsoft.aadiam", tenant.ids.tenant)),
        "Level" => text("4"),
        "DurationMs" => Json::Number(0),
        "SourceSystem" => text("Azure AD"),
        "Type" => text(table.name),
        _ => tables::nothing(table, column),
    }
}
