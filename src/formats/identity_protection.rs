//! Risk detections and states of risk: Microsoft Graph, Azure Monitor, Log Analytics.
//!
//! The time of a detection is that of what was risky; it can be detected days later. A state of a
//! user has no time but that of its last change, and the user's id as its own.

use super::{Column, Export, Format, Holds, Kind, Row, Way, export};

pub(super) static GRAPH: Format = Format {
    name: "graph-risk",
    export: Export {
        what: "Risk",
        from: "Graph, Log Analytics or Sentinel",
        holds: &[Holds::Risk],
        ways: &[
            Way {
                by: "Graph",
                how: "GET /v1.0/identityProtection/riskDetections, and of applications \
                    GET /v1.0/identityProtection/servicePrincipalRiskDetections",
            },
            export::LOG_ANALYTICS,
        ],
        lacks: &[],
        worth: Some(77),
        note: "detections of risk, and how users and applications stand.",
    },
    marks: &[],
    any: &["riskEventType", "riskLastUpdatedDateTime"],
    kind,
    table: &[
        (Column::Created, &["activityDateTime", "detectedDateTime", "riskLastUpdatedDateTime"]),
        (Column::Emitted, &["lastUpdatedDateTime", "TimeGenerated"]),
        (Column::Detected, &["detectedDateTime"]),
        (Column::Id, &["id"]),
        (Column::Request, &["requestId"]),
        (Column::Correlation, &["correlationId"]),
        (Column::UserId, &["userId"]),
        (Column::UserName, &["userPrincipalName"]),
        (Column::UserDisplay, &["userDisplayName"]),
        (Column::PrincipalId, &["servicePrincipalId"]),
        (Column::PrincipalName, &["servicePrincipalDisplayName"]),
        (Column::AppId, &["appId"]),
        (Column::AppName, &["displayName"]),
        (Column::Address, &["ipAddress"]),
        (Column::Location, &["location"]),
        // Collectors write the place as columns.
        (Column::Country, &["CountryOrRegion", "Country"]),
        (Column::State, &["State"]),
        (Column::City, &["City"]),
        (Column::RiskType, &["riskEventType", "riskType"]),
        (Column::RiskLevel, &["riskLevel"]),
        (Column::RiskState, &["riskState"]),
        (Column::RiskDetail, &["riskDetail"]),
        (Column::RiskSource, &["source"]),
        (Column::RiskTiming, &["detectionTimingType"]),
        (Column::RiskActivity, &["activity"]),
        (Column::Issuer, &["tokenIssuerType"]),
        (Column::Details, &["additionalInfo"]),
        (Column::Table, &["Type"]),
    ],
    is_utc: true,
    ..Format::PLAIN
};

fn kind(row: &Row<'_>) -> Option<Kind> {
    let says = [Column::RiskType, Column::RiskLevel, Column::RiskState];
    says.iter().any(|column| row.has_value(*column)).then_some(Kind::Risk)
}

pub(super) static MONITOR: Format = Format {
    name: "azure-monitor-risk",
    export: Export {
        what: "Risk",
        from: "diagnostic setting",
        holds: &[Holds::Risk],
        ways: &[export::DIAGNOSTIC],
        lacks: &[],
        worth: Some(78),
        note: "detections of risk, and how users and applications stand.",
    },
    marks: &["category", "properties"],
    any: &["properties.riskLevel", "properties.riskState", "properties.riskEventType"],
    kind: of_category,
    table: &[
        (
            Column::Created,
            &["properties.activityDateTime", "properties.detectedDateTime", "properties.riskLastUpdatedDateTime"],
        ),
        (Column::Emitted, &["properties.lastUpdatedDateTime", "time"]),
        (Column::Detected, &["properties.detectedDateTime"]),
        (Column::Id, &["properties.id"]),
        (Column::Request, &["properties.requestId"]),
        (Column::Correlation, &["properties.correlationId"]),
        (Column::UserId, &["properties.userId"]),
        (Column::UserName, &["properties.userPrincipalName"]),
        (Column::UserDisplay, &["properties.userDisplayName"]),
        (Column::UserType, &["properties.userType"]),
        (Column::PrincipalId, &["properties.servicePrincipalId"]),
        (Column::PrincipalName, &["properties.servicePrincipalDisplayName"]),
        (Column::AppId, &["properties.appId"]),
        (Column::AppName, &["properties.displayName"]),
        (Column::LogTenant, &["tenantId"]),
        (Column::Address, &["properties.ipAddress", "callerIpAddress"]),
        (Column::Location, &["properties.location"]),
        (Column::RiskType, &["properties.riskEventType", "properties.riskType"]),
        (Column::RiskLevel, &["properties.riskLevel"]),
        (Column::RiskState, &["properties.riskState"]),
        (Column::RiskDetail, &["properties.riskDetail"]),
        (Column::RiskSource, &["properties.source"]),
        (Column::RiskTiming, &["properties.detectionTimingType"]),
        (Column::RiskActivity, &["properties.activity"]),
        (Column::Issuer, &["properties.tokenIssuerType"]),
        (Column::Details, &["properties.additionalInfo"]),
        (Column::Category, &["category"]),
    ],
    is_utc: true,
    ..Format::PLAIN
};

/// Categories of risk.
pub(super) const CATEGORIES: [&str; 4] =
    ["UserRiskEvents", "RiskyUsers", "ServicePrincipalRiskEvents", "RiskyServicePrincipals"];

fn of_category(row: &Row<'_>) -> Option<Kind> {
    row.one_of(Column::Category, &CATEGORIES).map(|_| Kind::Risk)
}
