//! Rows of the OfficeActivity table of Log Analytics and Sentinel: CSV and JSON.
//!
//! The same records as the unified audit log of Exchange, SharePoint and Teams, under other names:
//! `OfficeId` is the record's id, `OfficeObjectId` its object. `TenantId` is the workspace.

use super::{Column, Export, Format, Holds, Kind, Row, export};

pub(super) static FORMAT: Format = Format {
    name: "office-activity",
    export: Export {
        what: "Acts in mailboxes and files",
        from: "OfficeActivity of Log Analytics or Sentinel",
        holds: &[Holds::Activity],
        ways: &[export::LOG_ANALYTICS],
        lacks: &[],
        worth: Some(75),
        note: export::ACTS,
    },
    marks: &["OfficeWorkload", "Operation"],
    any: &["RecordType", "OfficeId", "TimeGenerated"],
    kind,
    table: &[
        (Column::Created, &["TimeGenerated"]),
        (Column::Emitted, &["Start_Time"]),
        (Column::Id, &["OfficeId", "SourceRecordId"]),
        (Column::Operation, &["Operation"]),
        (Column::Service, &["OfficeWorkload"]),
        (Column::Category, &["RecordType"]),
        (Column::AuditResult, &["ResultStatus"]),
        (Column::UserName, &["UserId", "UserId_"]),
        (Column::UserKey, &["UserKey"]),
        (Column::LogTenant, &["OrganizationId", "OrganizationId_"]),
        (Column::Address, &["ClientIP", "Client_IPAddress", "ActorIpAddress", "ClientIP_"]),
        (Column::Agent, &["UserAgent"]),
        (Column::AppId, &["ClientAppId", "ApplicationId", "AppId", "AzureADAppId"]),
        (Column::AppName, &["Application"]),
        (Column::AppAccess, &["AppAccessContext"]),
        (Column::Object, &["OfficeObjectId", "Folders", "Item", "AffectedItems"]),
        (Column::Owner, &["MailboxOwnerUPN"]),
        (Column::ClientInfo, &["ClientInfoString"]),
        (Column::DeviceManaged, &["IsManagedDevice"]),
        (Column::Parameters, &["Parameters"]),
        (Column::Modified, &["ModifiedProperties"]),
        (Column::OperationProperties, &["OperationProperties"]),
        (Column::ExtendedProperties, &["ExtendedProperties"]),
        (Column::Contents, &["AffectedItems", "Folders"]),
        (Column::Item, &["Item"]),
        (Column::SharedWith, &["TargetUserOrGroupName", "UserSharedWith"]),
        (Column::Setting, &["Name"]),
        (Column::NewValue, &["NewValue"]),
        (Column::Members, &["Members"]),
    ],
    limits: super::WORKSPACE,
    ..Format::PLAIN
};

fn kind(row: &Row<'_>) -> Option<Kind> {
    row.has_value(Column::Operation).then_some(Kind::Activity)
}
