//! What Elastic's Microsoft 365 integration makes of the unified audit log, where `event.original` was not
//! kept. Names stay in Pascal case under `o365.audit`; lists of names and values become objects keyed by the
//! names. Operation, workload, address and user agent stand in fields of ECS.

use super::flattened::{self, Nest, object};
use super::{Column, Export, Format, Holds, unified_audit};

/// A field of the record.
macro_rules! o {
    ($name:literal) => {
        concat!("o365.audit.", $name)
    };
}

pub(super) static FORMAT: Format = Format {
    name: "elastic-unified-audit-log",
    export: Export {
        what: "Unified audit log",
        from: "Elastic",
        holds: &[Holds::Interactive, Holds::Directory, Holds::Activity],
        lacks: unified_audit::LACKS,
        note: "where `event.original` was not kept.",
        ..Export::UNTOLD
    },
    any: &[o!("CreationTime"), o!("RecordType"), o!("UserId")],
    kind: unified_audit::kind,
    table: &[
        (Column::Created, &[o!("CreationTime"), "@timestamp"]),
        (Column::Id, &["event.id", o!("Id")]),
        (Column::Operation, &["event.action", o!("Operation")]),
        (Column::Service, &["event.provider", o!("Workload")]),
        (Column::Category, &[o!("RecordType"), "event.code"]),
        (Column::AuditResult, &[o!("ResultStatus"), "event.outcome"]),
        (Column::UserName, &[o!("UserId"), "user.id"]),
        (Column::UserId, &[o!("TokenObjectId")]),
        (Column::UserKey, &[o!("UserKey")]),
        (Column::LogTenant, &["organization.id", o!("OrganizationId")]),
        (Column::HomeTenant, &[o!("ActorContextId")]),
        (Column::ResourceTenant, &[o!("TargetContextId")]),
        (Column::Address, &["client.ip", "source.ip", o!("ClientIP"), o!("ActorIpAddress")]),
        (Column::Agent, &["user_agent.original", o!("UserAgent")]),
        (Column::AppId, &[o!("ClientAppId"), o!("ApplicationId"), o!("AppAccessContext.ClientAppId"), o!("AppId")]),
        (Column::AppName, &[o!("ApplicationDisplayName"), o!("AppAccessContext.ClientAppName")]),
        (Column::Session, &[o!("SessionId"), o!("AppAccessContext.AADSessionId")]),
        (Column::Token, &[o!("AppAccessContext.UniqueTokenId"), o!("UniqueTokenId")]),
        (Column::Object, &[o!("ObjectId"), o!("Folders"), o!("Item"), o!("AffectedItems")]),
        (Column::Owner, &[o!("MailboxOwnerUPN")]),
        (Column::ClientInfo, &[o!("ClientInfoString")]),
        (Column::DeviceId, &[o!("DeviceId"), o!("AppAccessContext.DeviceId")]),
        (Column::Parameters, &[o!("Parameters")]),
        (Column::Modified, &[o!("ModifiedProperties")]),
        (Column::OperationProperties, &[o!("OperationProperties")]),
        (Column::ExtendedProperties, &[o!("ExtendedProperties")]),
        (Column::Items, &[o!("OperationCount")]),
        (Column::Contents, &[o!("AffectedItems"), o!("Folders")]),
        (Column::Item, &[o!("Item")]),
        (Column::Query, &[o!("SearchQueryText"), o!("QueryText"), o!("Query")]),
        (Column::SharedWith, &[o!("TargetUserOrGroupName")]),
        (Column::Setting, &[o!("Name")]),
        (Column::NewValue, &[o!("NewValue")]),
        (Column::Verdict, &[o!("DeliveryAction"), o!("RescanVerdict"), o!("Verdict")]),
        (Column::AlertLevel, &[o!("Severity")]),
        (Column::AlertEntity, &[o!("AlertEntityId")]),
        (Column::Request, &[o!("IntraSystemId")]),
        (Column::Correlation, &[o!("InterSystemsId")]),
        (Column::ResultCode, &[o!("ErrorNumber")]),
        (Column::ResultReason, &[o!("LogonError")]),
        (Column::Device, &[o!("DeviceProperties")]),
        (Column::InitiatedBy, &[o!("Actor")]),
        (Column::Targets, &[o!("Target")]),
    ],
    is_utc: true,
    flat: COLUMNS,
    compose: Some(|flat| flattened::texts(flattened::compose(flat, NESTS))),
    limits: super::SEARCH,
    ..Format::PLAIN
};

/// Names of values that Kibana keeps as columns of their own: those that are looked at.
macro_rules! nests {
    ($($column:ident $field:literal [$($member:literal)*])*) => {
        static NESTS: &[Nest] = &[$(object(Column::$column, &[$($member),*])),*];
        const COLUMNS: &[&[&str]] = &[$(&[$(concat!("o365.audit.", $field, ".", $member)),*]),*];
    };
}

nests! {
    Device "DeviceProperties"
        ["Id" "DisplayName" "OS" "BrowserType" "TrustType" "IsCompliant" "IsCompliantAndManaged" "SessionId"]
    ExtendedProperties "ExtendedProperties"
        ["UserAgent" "RequestType" "ResultStatusDetail" "additionalDetails" "extendedAuditEventCategory"
         "correlationId"]
    Parameters "Parameters"
        ["Name" "Identity" "ForwardTo" "RedirectTo" "ForwardAsAttachmentTo" "DeleteMessage" "MoveToFolder" "MarkAsRead"
         "SubjectContainsWords" "BodyContainsWords" "From" "StopProcessingRules" "ForwardingSmtpAddress"
         "ForwardingAddress" "DeliverToMailboxAndForward" "User" "AccessRights" "Trustee" "SoftDeleteMessage"
         "SubjectOrBodyContainsWords" "FromAddressContainsWords" "CopyToFolder" "RedirectMessageTo" "BlindCopyTo"
         "CopyTo" "Role" "GrantSendOnBehalfTo" "Enabled" "State" "AuditEnabled" "UnifiedAuditLogIngestionEnabled"
         "AdminAuditLogEnabled" "AuditBypassEnabled" "Mailbox"]
    OperationProperties "OperationProperties"
        ["MailAccessType" "IsThrottled" "RuleOperation" "RuleName" "RuleActions" "RuleCondition"]
}
