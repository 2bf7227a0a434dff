//! Records of the unified audit log: as the Management API and collectors write them, and as
//! `AuditData` in the rows of every other export (see [`super::wrapper`]).
//!
//! Times are UTC and do not say so. `ObjectId` is the resource of a sign-in, the target of an act in
//! the directory, a mailbox or a file of the rest. Which client acted stands in a different key for
//! each workload.

use super::{Column, Format, Kind, Row};

pub(super) static FORMAT: Format = Format {
    name: "unified-audit-log",
    marks: &[],
    any: &["CreationTime", "CreationDate"],
    kind,
    table: &[
        (Column::Created, &["CreationTime"]),
        (Column::Emitted, &["CreationDate", "Timestamp"]),
        (Column::Id, &["Id", "RecordId"]),
        (Column::Operation, &["Operation", "Operations"]),
        (Column::Service, &["Workload"]),
        (Column::Category, &["RecordType"]),
        (Column::AuditResult, &["ResultStatus"]),
        (Column::UserName, &["UserId", "UserIds"]),
        (Column::UserId, &["TokenObjectId"]),
        (Column::UserKey, &["UserKey"]),
        (Column::LogTenant, &["OrganizationId"]),
        (Column::HomeTenant, &["ActorContextId"]),
        (Column::ResourceTenant, &["TargetContextId"]),
        (Column::Address, &["ClientIP", "ClientIPAddress", "ActorIpAddress", "IPAddress"]),
        (Column::Agent, &["UserAgent"]),
        (Column::AppId, &["ClientAppId", "ApplicationId", "AppAccessContext.ClientAppId", "AppId"]),
        (Column::AppName, &["ApplicationDisplayName", "AppAccessContext.ClientAppName"]),
        (Column::Session, &["SessionId", "AppAccessContext.AADSessionId"]),
        (Column::Token, &["AppAccessContext.UniqueTokenId", "UniqueTokenId"]),
        (Column::AppAccess, &["AppAccessContext"]),
        (Column::Object, &["ObjectId", "Folders", "Item", "AffectedItems"]),
        (Column::Owner, &["MailboxOwnerUPN"]),
        (Column::ClientInfo, &["ClientInfoString"]),
        (Column::DeviceId, &["DeviceId", "AppAccessContext.DeviceId"]),
        (Column::DeviceName, &["DeviceDisplayName"]),
        (Column::DeviceManaged, &["IsManagedDevice"]),
        (Column::Parameters, &["Parameters"]),
        (Column::Modified, &["ModifiedProperties"]),
        (Column::OperationProperties, &["OperationProperties"]),
        (Column::ExtendedProperties, &["ExtendedProperties"]),
        (Column::Items, &["OperationCount"]),
        (Column::Request, &["IntraSystemId"]),
        (Column::Correlation, &["InterSystemsId"]),
        (Column::ResultCode, &["ErrorNumber"]),
        (Column::ResultReason, &["LogonError"]),
        (Column::Device, &["DeviceProperties"]),
        (Column::InitiatedBy, &["Actor"]),
        (Column::Targets, &["Target"]),
    ],
    is_utc: true,
    ..Format::PLAIN
};

/// Sign-ins, by their operation.
const SIGN_INS: [&str; 2] = ["UserLoggedIn", "UserLoginFailed"];
/// Record types of the directory, as number and as name.
const DIRECTORY: [&str; 4] = ["8", "15", "AzureActiveDirectory", "AzureActiveDirectoryStsLogon"];

pub(super) fn kind(row: &Row<'_>) -> Option<Kind> {
    if !row.has_value(Column::Operation) || !(row.has_value(Column::Category) || row.has_value(Column::Service)) {
        return None;
    }
    let directory = row.one_of(Column::Category, &DIRECTORY).is_some()
        || row.one_of(Column::Service, &["AzureActiveDirectory"]).is_some();
    Some(if row.one_of(Column::Operation, &SIGN_INS).is_some() {
        Kind::UnifiedSignIn
    } else if directory {
        Kind::UnifiedAudit
    } else {
        Kind::Activity
    })
}
