//! Records of Azure Monitor and Graph whose fields Splunk extracted, in exports without `_raw`: every
//! field of the record is a column (`properties.status.errorCode`), of lists one for each member
//! (`properties.authenticationDetails{}.succeeded`), several values a line each or as a list.
//!
//! Where `_raw` is there the record is read from it. `_time` is in the zone of whoever searched.

use serde_json::Value;

use super::flattened::{self, Nest, list, object};
use super::{
    Column, Export, Flat, Format, Holds, Kind, Row, azure_monitor, graph_activity, graph_audit, graph_sign_in,
    unified_audit,
};

/// Nested values and their members, as columns of records of Azure Monitor and of Graph.
macro_rules! nests {
    ($($shape:ident $column:ident $head:literal [$($member:literal)*])*) => {
        static NESTS: &[Nest] = &[$($shape(Column::$column, &[$($member),*])),*];
        const IN_PROPERTIES: &[&[&str]] = &[$(&[$(concat!("properties.", $head, $member)),*]),*];
        const ALONE: &[&[&str]] = &[$(&[$(concat!($head, $member)),*]),*];
    };
}

nests! {
    object Device "deviceDetail."
        ["deviceId" "displayName" "operatingSystem" "browser" "isCompliant" "isManaged" "trustType"]
    object Location "location."
        ["city" "state" "countryOrRegion" "geoCoordinates.latitude" "geoCoordinates.longitude"]
    object Status "status." ["errorCode" "failureReason" "additionalDetails"]
    object ProtectionDetails "tokenProtectionStatusDetails." ["signInSessionStatus" "signInSessionStatusCode"]
    list Steps "authenticationDetails{}."
        ["authenticationMethod" "authenticationMethodDetail" "succeeded" "authenticationStepResultDetail"
         "authenticationStepRequirement"]
    list Processing "authenticationProcessingDetails{}." ["key" "value"]
    list Policies "appliedConditionalAccessPolicies{}."
        ["id" "displayName" "result" "conditionsSatisfied" "conditionsNotSatisfied"]
    list Audiences "conditionalAccessAudiences{}." ["applicationId"]
    list NamedLocations "networkLocationDetails{}." ["networkType"]
    list RiskEvents "riskEventTypes_v2{}" [""]
    list EventTypes "signInEventTypes{}" [""]
    object InitiatedBy "initiatedBy."
        ["user.id" "user.displayName" "user.userPrincipalName" "user.ipAddress"
         "app.appId" "app.displayName" "app.servicePrincipalId" "app.servicePrincipalName"]
    list Targets "targetResources{}." ["id" "displayName" "type" "userPrincipalName"]
    list Modified "targetResources{}.modifiedProperties{}." ["displayName" "oldValue" "newValue"]
    list Details "additionalDetails{}." ["key" "value"]
}

pub(super) static MONITOR: Format = Format {
    name: "splunk-azure-monitor",
    export: Export {
        what: "Sign-ins and audit log",
        from: "fields of Splunk",
        holds: azure_monitor::HOLDS,
        lacks: &[],
        note: "where the search left out `_raw`.",
        ..Export::UNTOLD
    },
    any: &[
        "properties.createdDateTime",
        "properties.activityDateTime",
        "properties.id",
        "properties.userPrincipalName",
    ],
    kind: of_monitor,
    table: azure_monitor::TABLE,
    flat: IN_PROPERTIES,
    compose: Some(compose),
    ..Format::PLAIN
};

/// What it is. A record that has its `properties` as one value is none of Splunk's.
fn of_monitor(row: &Row<'_>) -> Option<Kind> {
    if row.has(Column::Record) {
        return None;
    }
    let signed_in = row.has_value(Column::UserName) || row.has_value(Column::AppId);
    match azure_monitor::kind(row) {
        Some(kind) => Some(kind),
        None if row.has_value(Column::Category) => None,
        None if row.has_value(Column::Operation) && row.has_value(Column::Service) => Some(Kind::Audit),
        None => signed_in.then_some(Kind::SignIn),
    }
}

pub(super) static CALLS: Format = Format {
    name: "splunk-graph-activity",
    export: Export {
        what: "Calls of Microsoft Graph",
        from: "fields of Splunk",
        holds: &[Holds::Calls],
        lacks: &[],
        note: "where the search left out `_raw`.",
        ..Export::UNTOLD
    },
    marks: &["properties.requestUri"],
    table: graph_activity::IN_PROPERTIES,
    kind: |row| row.has_value(Column::Object).then_some(Kind::Activity),
    ..Format::PLAIN
};

pub(super) static SIGN_IN: Format = Format {
    name: "splunk-graph-sign-in",
    export: Export {
        what: "Sign-ins of Graph",
        from: "fields of Splunk",
        holds: Holds::SIGN_INS,
        lacks: &[],
        note: "where the search left out `_raw`.",
        ..Export::UNTOLD
    },
    marks: &["createdDateTime"],
    any: &["status.errorCode", "deviceDetail.operatingSystem", "location.countryOrRegion", "signInEventTypes{}"],
    kind: graph_sign_in::kind,
    table: graph_sign_in::TABLE,
    flat: ALONE,
    compose: Some(compose),
    ..Format::PLAIN
};

pub(super) static AUDIT: Format = Format {
    name: "splunk-directory-audit",
    export: Export {
        what: "Audit log of Graph",
        from: "fields of Splunk",
        holds: &[Holds::Directory],
        lacks: &[],
        note: "where the search left out `_raw`.",
        ..Export::UNTOLD
    },
    marks: &["activityDateTime", "activityDisplayName"],
    any: &[
        "initiatedBy.user.id",
        "initiatedBy.app.displayName",
        "targetResources{}.id",
        "targetResources{}.displayName",
    ],
    kind: |_| Some(Kind::Audit),
    table: graph_audit::TABLE,
    flat: ALONE,
    compose: Some(compose),
    ..Format::PLAIN
};

/// Composes the nested values. Whose the changed properties are is known where there is one target.
fn compose(flat: &Flat<'_>) -> Vec<(Column, String)> {
    let mut values = flattened::compose(flat, NESTS);
    let changes = values.iter().position(|(column, _)| *column == Column::Modified);
    let changes = changes.map(|place| values.remove(place).1);
    let targets = values.iter_mut().find(|(column, _)| *column == Column::Targets);
    if let (Some(changes), Some((_, Value::Array(targets)))) = (changes, targets)
        && let [Value::Object(target)] = targets.as_mut_slice()
    {
        target.insert("modifiedProperties".to_owned(), changes);
    }
    flattened::texts(values)
}

/// The same of the unified audit log, whose lists are of names and values.
pub(super) static OFFICE: Format = Format {
    name: "splunk-unified-audit-log",
    export: Export {
        what: "Unified audit log",
        from: "fields of Splunk",
        holds: &[Holds::Interactive, Holds::Directory, Holds::Activity],
        lacks: unified_audit::LACKS,
        note: "where the search left out `_raw`.",
        ..Export::UNTOLD
    },
    marks: &["CreationTime", "Operation"],
    any: &[
        "ExtendedProperties{}.Name",
        "DeviceProperties{}.Name",
        "Parameters{}.Name",
        "OperationProperties{}.Name",
        "ModifiedProperties{}.Name",
        "Actor{}.ID",
        "Target{}.ID",
        "Folders{}.Path",
        "AffectedItems{}.Subject",
    ],
    kind: unified_audit::kind,
    table: unified_audit::TABLE,
    is_utc: true,
    flat: &[
        &["ExtendedProperties{}.Name", "ExtendedProperties{}.Value"],
        &["DeviceProperties{}.Name", "DeviceProperties{}.Value"],
        &["Parameters{}.Name", "Parameters{}.Value"],
        &["OperationProperties{}.Name", "OperationProperties{}.Value"],
        &["ModifiedProperties{}.Name", "ModifiedProperties{}.OldValue", "ModifiedProperties{}.NewValue"],
        &["Actor{}.ID", "Actor{}.Type"],
        &["Target{}.ID", "Target{}.Type"],
        &["Folders{}.Path"],
        &["AffectedItems{}.Subject"],
        &["AffectedItems{}.Subject"],
    ],
    compose: Some(|flat| flattened::texts(flattened::compose(flat, OFFICE_NESTS))),
    ..Format::PLAIN
};

static OFFICE_NESTS: &[Nest] = &[
    list(Column::ExtendedProperties, &["Name", "Value"]),
    list(Column::Device, &["Name", "Value"]),
    list(Column::Parameters, &["Name", "Value"]),
    list(Column::OperationProperties, &["Name", "Value"]),
    list(Column::Modified, &["Name", "OldValue", "NewValue"]),
    list(Column::InitiatedBy, &["ID", "Type"]),
    list(Column::Targets, &["ID", "Type"]),
    list(Column::Object, &["Path"]),
    list(Column::Object, &["Subject"]),
    list(Column::Contents, &["Subject"]),
];
