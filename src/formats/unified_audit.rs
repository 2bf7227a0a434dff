//! Records of the unified audit log: as the Management API and collectors write them, and as
//! `AuditData` in the rows of every other export (see [`super::wrapper`]).
//!
//! Times are UTC and do not say so. `ObjectId` is the resource of a sign-in, the target of an act in
//! the directory, a mailbox or a file of the rest. Which client acted stands in a different key for
//! each workload.

use crate::events::field::Field;

use super::{Column, Export, Format, Holds, Kind, Row, Table, Way};

pub(super) static FORMAT: Format = Format {
    name: "unified-audit-log",
    export: Export {
        what: "Unified audit log",
        from: "Purview, Search-UnifiedAuditLog, Graph query, Management API or CloudAppEvents",
        holds: &[Holds::Interactive, Holds::Directory, Holds::Activity],
        ways: &[
            Way { by: "Purview portal", how: "Audit › Search › Export" },
            Way { by: "PowerShell", how: "Search-UnifiedAuditLog -SessionCommand ReturnLargeSet -ResultSize 5000" },
        ],
        lacks: LACKS,
        worth: Some(70),
        note: "of sign-ins it has little, and does not tell a person from a client. Whose session an act in a mailbox was done in is told by token id, session id, or address and time.",
    },
    marks: &[],
    any: &["CreationTime", "CreationDate"],
    kind,
    table: TABLE,
    is_utc: true,
    limits: super::AUDIT_SEARCH,
    ..Format::PLAIN
};

/// Fields that no sign-in of this log has.
pub(super) static LACKS: &[Field] = &[
    Field::Stream,
    Field::Asn,
    Field::Country,
    Field::Coordinates,
    Field::TokenId,
    Field::IncomingToken,
    Field::Transfer,
    Field::Protection,
    Field::Audiences,
    Field::Policies,
    Field::Steps,
    Field::Processing,
    Field::Client,
    Field::PolicyStatus,
    Field::Requirement,
    Field::Risk,
    Field::RiskTypes,
];

/// Where a record keeps its fields.
pub(super) static TABLE: Table = &[
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
    (Column::DeviceName, &["DeviceDisplayName", "DeviceName"]),
    // Columns that Microsoft-Analyzer-Suite makes of the device's properties.
    (Column::DeviceSystem, &["OS"]),
    (Column::DeviceBrowser, &["BrowserType"]),
    (Column::DeviceTrust, &["TrustType"]),
    (Column::DeviceCompliant, &["IsCompliant"]),
    (Column::DeviceManaged, &["IsManagedDevice"]),
    (Column::Parameters, &["Parameters"]),
    (Column::Modified, &["ModifiedProperties"]),
    (Column::OperationProperties, &["OperationProperties"]),
    (Column::ExtendedProperties, &["ExtendedProperties"]),
    (Column::Items, &["OperationCount"]),
    (Column::Contents, &["AffectedItems", "Folders"]),
    (Column::Item, &["Item"]),
    (Column::Query, &["SearchQueryText", "QueryText", "Query"]),
    (Column::SharedWith, &["TargetUserOrGroupName"]),
    (Column::Setting, &["Name"]),
    (Column::NewValue, &["NewValue"]),
    (Column::Members, &["Members"]),
    (Column::Participants, &["ParticipantInfo"]),
    (Column::Verdict, &["DeliveryAction", "RescanVerdict", "Verdict"]),
    (Column::AlertLevel, &["Severity"]),
    (Column::AlertEntity, &["AlertEntityId"]),
    (Column::Protocol, &["RequestType"]),
    (Column::Request, &["IntraSystemId"]),
    (Column::Correlation, &["InterSystemsId"]),
    (Column::ResultCode, &["ErrorNumber"]),
    (Column::ResultReason, &["LogonError"]),
    (Column::Device, &["DeviceProperties"]),
    (Column::InitiatedBy, &["Actor"]),
    (Column::Targets, &["Target"]),
];

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
