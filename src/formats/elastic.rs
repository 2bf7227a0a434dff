//! What Elastic's Azure integration makes of Azure Monitor records, where `event.original` was not kept:
//! documents, hits of a search, Kibana's CSV and its `fields` with a list for every value.
//!
//! Names are in snake case under `azure.<log>.properties`. The address, the place and the user agent stand
//! in fields of ECS; what Microsoft calls the state is in `geo.country_name`. `source.as` is of MaxMind: it
//! counts only where Microsoft names no network. Packages before mid-2022 left unknown names in camel case.

use serde_json::{Value, json};

use super::flattened::{self, Nest, list, object};
use super::portal_audit::target;
use super::{Column, Export, Flat, Format, Holds, Kind, Row, nested};

/// A field of a sign-in.
macro_rules! p {
    ($name:literal) => {
        concat!("azure.signinlogs.properties.", $name)
    };
}

/// A field of an audit event.
macro_rules! a {
    ($name:literal) => {
        concat!("azure.auditlogs.properties.", $name)
    };
}

/// A field of a risk detection.
macro_rules! r {
    ($name:literal) => {
        concat!("azure.identityprotection.properties.", $name)
    };
}

/// A field of a call of Graph.
macro_rules! g {
    ($name:literal) => {
        concat!("azure.graphactivitylogs.properties.", $name)
    };
}

pub(super) static SIGN_IN: Format = Format {
    name: "elastic-sign-in",
    export: Export {
        what: "Sign-ins",
        from: "Elastic",
        holds: Holds::SIGN_INS,
        lacks: &[],
        note: "where `event.original` was not kept.",
        ..Export::UNTOLD
    },
    any: &["azure.signinlogs.category", p!("id"), p!("created_at"), p!("user_principal_name"), p!("app_id")],
    kind: of_sign_in,
    table: &[
        (Column::Created, &[p!("created_at")]),
        (Column::Emitted, &["@timestamp"]),
        (Column::Id, &[p!("id"), "event.id"]),
        (Column::Correlation, &[p!("correlation_id"), "azure.correlation_id"]),
        (Column::OriginalRequest, &[p!("original_request_id")]),
        (Column::Session, &[p!("session_id"), p!("sessionId")]),
        (Column::Token, &[p!("unique_token_identifier"), p!("uniqueTokenIdentifier")]),
        (Column::UserId, &[p!("user_id"), "user.id"]),
        (Column::UserName, &[p!("user_principal_name")]),
        (Column::UserDisplay, &[p!("user_display_name"), "user.full_name"]),
        (Column::UserType, &[p!("user_type"), p!("userType")]),
        (Column::AppId, &[p!("app_id")]),
        (Column::AppName, &[p!("app_display_name")]),
        (Column::AppOwner, &[p!("app_owner_tenant_id"), p!("appOwnerTenantId")]),
        (Column::IssuerName, &[p!("token_issuer_name"), p!("tokenIssuerName")]),
        (Column::ResourceId, &[p!("resource_id")]),
        (Column::ResourceName, &[p!("resource_display_name")]),
        (Column::LogTenant, &["azure.tenant_id"]),
        (Column::HomeTenant, &[p!("home_tenant_id"), p!("homeTenantId")]),
        (Column::ResourceTenant, &[p!("resource_tenant_id"), p!("resourceTenantId")]),
        (Column::Address, &[p!("ip_address"), "source.ip", "client.ip", "source.address"]),
        (Column::ProviderAddress, &[p!("ip_address_from_resource_provider"), p!("ipAddressFromResourceProvider")]),
        (Column::Asn, &[p!("autonomous_system_number"), p!("autonomousSystemNumber"), "source.as.number"]),
        (Column::Country, &["geo.country_iso_code"]),
        (Column::State, &["geo.region_name", "geo.country_name"]),
        (Column::City, &["geo.city_name"]),
        (Column::Latitude, &["geo.location.lat"]),
        (Column::Longitude, &["geo.location.lon"]),
        (Column::ClientApp, &[p!("client_app_used")]),
        (Column::Agent, &["user_agent.original", p!("user_agent"), p!("userAgent")]),
        (Column::DeviceId, &[p!("device_detail.device_id")]),
        (Column::DeviceName, &[p!("device_detail.display_name")]),
        (Column::DeviceSystem, &[p!("device_detail.operating_system")]),
        (Column::DeviceBrowser, &[p!("device_detail.browser")]),
        (Column::DeviceTrust, &[p!("device_detail.trust_type")]),
        (Column::DeviceCompliant, &[p!("device_detail.is_compliant"), p!("device_detail.isCompliant")]),
        (Column::DeviceManaged, &[p!("device_detail.is_managed"), p!("device_detail.isManaged")]),
        (Column::Incoming, &[p!("incoming_token_type"), p!("incomingTokenType")]),
        (Column::Protocol, &[p!("authentication_protocol"), p!("authenticationProtocol")]),
        (Column::Transfer, &[p!("original_transfer_method"), p!("originalTransferMethod")]),
        (
            Column::Protection,
            &[p!("token_protection_status_details.sign_in_session_status"), p!("sign_in_token_protection_status")],
        ),
        (Column::ResultCode, &[p!("status.error_code"), "azure.signinlogs.result_type"]),
        (Column::ResultReason, &["azure.signinlogs.result_description"]),
        (Column::StatusDetails, &[p!("status.additional_details"), "message"]),
        (Column::PolicyStatus, &[p!("conditional_access_status")]),
        (Column::Audiences, &[p!("conditional_access_audiences")]),
        (Column::NamedLocations, &[p!("network_location_details")]),
        (Column::Policies, &[p!("applied_conditional_access_policies")]),
        (Column::Requirement, &[p!("authentication_requirement"), p!("authenticationRequirement")]),
        (Column::Steps, &[p!("authentication_details")]),
        (Column::Processing, &[p!("authentication_processing_details")]),
        (Column::RiskDuring, &[p!("risk_level_during_signin")]),
        (Column::RiskAggregated, &[p!("risk_level_aggregated")]),
        (Column::RiskState, &[p!("risk_state")]),
        (Column::RiskDetail, &[p!("risk_detail")]),
        (Column::RiskEvents, &[p!("risk_event_types_v2"), p!("risk_event_types"), p!("riskEventTypes_v2")]),
        (Column::Latency, &[p!("processing_time_ms")]),
        (Column::PrincipalId, &[p!("service_principal_id")]),
        (Column::PrincipalName, &[p!("service_principal_name"), p!("servicePrincipalName")]),
        (Column::CredentialKey, &[p!("service_principal_credential_key_id")]),
        (Column::ManagedIdentity, &[p!("managed_service_identity")]),
        (Column::IsInteractive, &[p!("is_interactive")]),
        (Column::EventTypes, &[p!("sign_in_event_types")]),
        (Column::Category, &["azure.signinlogs.category"]),
    ],
    flat: &[
        &[
            p!("authentication_details.authentication_method"),
            p!("authentication_details.authentication_method_detail"),
            p!("authentication_details.succeeded"),
            p!("authentication_details.authentication_step_result_detail"),
            p!("authentication_details.authentication_step_requirement"),
        ],
        &[
            p!("applied_conditional_access_policies.id"),
            p!("applied_conditional_access_policies.display_name"),
            p!("applied_conditional_access_policies.result"),
            p!("applied_conditional_access_policies.conditions_satisfied"),
            p!("applied_conditional_access_policies.conditions_not_satisfied"),
        ],
        &[p!("conditional_access_audiences.application_id")],
        // Of the details by their own names those that detections look at.
        &[
            p!("authentication_processing_details.Oauth Scope Info"),
            p!("authentication_processing_details.Is CAE Token"),
            p!("authentication_processing_details.Azure AD App Authentication Library"),
            p!("authentication_processing_details.Root Key Type"),
            p!("authentication_processing_details.wids"),
            p!("authentication_processing_details.Legacy TLS (TLS 1.0, 1.1, 3DES)"),
        ],
        &["geo.location"],
    ],
    compose: Some(compose_sign_in),
    limits: super::SEARCH,
    ..Format::PLAIN
};

static SIGN_IN_NESTS: &[Nest] = &[
    list(
        Column::Steps,
        &[
            "authenticationMethod",
            "authenticationMethodDetail",
            "succeeded",
            "authenticationStepResultDetail",
            "authenticationStepRequirement",
        ],
    ),
    list(Column::Policies, &["id", "displayName", "result", "conditionsSatisfied", "conditionsNotSatisfied"]),
    list(Column::Audiences, &["applicationId"]),
    object(
        Column::Processing,
        &[
            "Oauth Scope Info",
            "Is CAE Token",
            "Azure AD App Authentication Library",
            "Root Key Type",
            "wids",
            "Legacy TLS (TLS 1.0, 1.1, 3DES)",
        ],
    ),
];

fn compose_sign_in(flat: &Flat<'_>) -> Vec<(Column, String)> {
    let mut values = flattened::texts(flattened::compose(flat, SIGN_IN_NESTS));
    // A point as Kibana gives it: degrees east, then north.
    let point = flat.value(SIGN_IN_NESTS.len(), 0);
    let degrees = point.as_ref().and_then(|point| nested::member(point, "coordinates")?.as_array());
    if let Some([east, north]) = degrees.map(Vec::as_slice) {
        values.extend([(Column::Longitude, east.to_string()), (Column::Latitude, north.to_string())]);
    }
    values
}

fn of_sign_in(row: &Row<'_>) -> Option<Kind> {
    let who = [Column::UserId, Column::UserName, Column::AppId, Column::PrincipalId];
    who.iter().any(|column| row.has_value(*column)).then_some(Kind::SignIn)
}

pub(super) static AUDIT: Format = Format {
    name: "elastic-audit",
    export: Export {
        what: "Audit log",
        from: "Elastic",
        holds: &[Holds::Directory],
        lacks: &[],
        note: "where `event.original` was not kept.",
        ..Export::UNTOLD
    },
    any: &["azure.auditlogs.category", a!("activity_display_name"), "azure.auditlogs.operation_name"],
    kind: of_audit,
    table: &[
        (Column::Created, &[a!("activity_datetime"), a!("activity_date_time")]),
        (Column::Emitted, &["@timestamp"]),
        (Column::Id, &[a!("id")]),
        (Column::Correlation, &[a!("correlation_id"), "azure.correlation_id"]),
        (Column::LogTenant, &["azure.tenant_id"]),
        (Column::Operation, &[a!("activity_display_name"), "azure.auditlogs.operation_name"]),
        (Column::AuditCategory, &[a!("category")]),
        (Column::Service, &[a!("logged_by_service")]),
        (Column::AuditResult, &[a!("result"), "event.outcome"]),
        (Column::AuditReason, &[a!("result_reason")]),
        (Column::InitiatedBy, &[a!("initiated_by")]),
        (Column::Targets, &[a!("target_resources")]),
        (Column::Details, &[a!("additional_details")]),
        (Column::Agent, &["user_agent.original"]),
        (Column::Address, &["source.ip", "client.ip"]),
    ],
    flat: &[ACTOR, &FIRST, &SECOND, &THIRD, &[a!("additional_details.key"), a!("additional_details.value")]],
    compose: Some(compose_audit),
    limits: super::SEARCH,
    ..Format::PLAIN
};

/// Who did it, as keys with dots: below `initiated_by` the names stay as they were.
const ACTOR: &[&str] = &[
    a!("initiated_by.user.id"),
    a!("initiated_by.user.displayName"),
    a!("initiated_by.user.userPrincipalName"),
    a!("initiated_by.user.ipAddress"),
    a!("initiated_by.app.appId"),
    a!("initiated_by.app.displayName"),
    a!("initiated_by.app.servicePrincipalId"),
    a!("initiated_by.app.servicePrincipalName"),
];

/// A target as keys with dots: its number stands in the place of the list.
macro_rules! target {
    ($number:literal) => {
        target!(
            $number, "type" "display_name" "id" "user_principal_name"
            "modified_properties.0.display_name" "modified_properties.0.old_value" "modified_properties.0.new_value"
            "modified_properties.1.display_name" "modified_properties.1.old_value" "modified_properties.1.new_value"
            "modified_properties.2.display_name" "modified_properties.2.old_value" "modified_properties.2.new_value"
            "modified_properties.3.display_name" "modified_properties.3.old_value" "modified_properties.3.new_value"
            "modified_properties.4.display_name" "modified_properties.4.old_value" "modified_properties.4.new_value"
        )
    };
    ($number:literal, $($name:literal)*) => {
        [$(concat!("azure.auditlogs.properties.target_resources.", $number, ".", $name)),*]
    };
}

const FIRST: [&str; 19] = target!("0");
const SECOND: [&str; 19] = target!("1");
const THIRD: [&str; 19] = target!("2");

fn compose_audit(flat: &Flat<'_>) -> Vec<(Column, String)> {
    let [user_id, display, user, address, app_id, app, principal, principal_name] =
        [0, 1, 2, 3, 4, 5, 6, 7].map(|column| flat.text(0, column));
    let mut composed = Vec::new();
    if !user_id.is_empty() || !user.is_empty() {
        let user = json!({"id": user_id, "displayName": display, "userPrincipalName": user, "ipAddress": address});
        composed.push((Column::InitiatedBy, json!({"user": user}).to_string()));
    } else if !app.is_empty() || !principal.is_empty() {
        let app = json!({
            "appId": app_id, "displayName": app, "servicePrincipalId": principal,
            "servicePrincipalName": principal_name,
        });
        composed.push((Column::InitiatedBy, json!({"app": app}).to_string()));
    }
    let targets: Vec<Value> = (1..=3).filter_map(|group| target(flat, group)).collect();
    if !targets.is_empty() {
        composed.push((Column::Targets, Value::from(targets).to_string()));
    }
    let details = flattened::list_of(flat, 4, &["key", "value"]);
    composed.extend(details.map(|details| (Column::Details, details.to_string())));
    composed
}

fn of_audit(row: &Row<'_>) -> Option<Kind> {
    row.has_value(Column::Operation).then_some(Kind::Audit)
}

pub(super) static RISK: Format = Format {
    name: "elastic-risk",
    export: Export {
        what: "Risk",
        from: "Elastic",
        holds: &[Holds::Risk],
        lacks: &[],
        note: "where `event.original` was not kept.",
        ..Export::UNTOLD
    },
    any: &[r!("risk_event_type"), r!("risk_level"), r!("risk_state")],
    kind: |_| Some(Kind::Risk),
    table: &[
        (Column::Created, &[r!("activity_datetime"), r!("detected_datetime"), r!("risk_last_updated_datetime")]),
        (Column::Emitted, &[r!("last_updated_datetime"), "@timestamp"]),
        (Column::Detected, &[r!("detected_datetime")]),
        (Column::Id, &[r!("id")]),
        (Column::Request, &[r!("request_id")]),
        (Column::Correlation, &[r!("correlation_id")]),
        (Column::UserId, &[r!("user_id"), "user.id"]),
        (Column::UserName, &[r!("user_principal_name")]),
        (Column::UserDisplay, &[r!("user_display_name")]),
        (Column::UserType, &[r!("user_type")]),
        (Column::LogTenant, &["azure.tenant_id"]),
        (Column::Address, &[r!("ip_address"), "source.ip"]),
        (Column::Location, &[r!("location")]),
        (Column::RiskType, &[r!("risk_event_type"), r!("risk_type")]),
        (Column::RiskLevel, &[r!("risk_level")]),
        (Column::RiskState, &[r!("risk_state")]),
        (Column::RiskDetail, &[r!("risk_detail")]),
        (Column::RiskSource, &[r!("source")]),
        (Column::RiskTiming, &[r!("detection_timing_type")]),
        (Column::RiskActivity, &[r!("activity")]),
        (Column::Issuer, &[r!("token_issuer_type")]),
        (Column::Details, &[r!("additional_info")]),
        (Column::Category, &["azure.identityprotection.category"]),
    ],
    limits: super::SEARCH,
    ..Format::PLAIN
};

pub(super) static CALLS: Format = Format {
    name: "elastic-graph-activity",
    export: Export {
        what: "Calls of Microsoft Graph",
        from: "Elastic",
        holds: &[Holds::Calls],
        lacks: &[],
        note: "where `event.original` was not kept.",
        ..Export::UNTOLD
    },
    any: &["azure.graphactivitylogs.category", g!("app_id"), g!("sign_in_activity_id")],
    kind: |row| (row.has_value(Column::Object) || row.has_value(Column::AppId)).then_some(Kind::Activity),
    table: &[
        (Column::Created, &[g!("time_generated"), "@timestamp"]),
        (Column::Id, &["http.request.id", "event.id"]),
        (Column::Session, &[g!("session_id"), g!("c_sid")]),
        (Column::Token, &[g!("sign_in_activity_id")]),
        (Column::UserId, &[g!("user_id"), "user.id", g!("user_principal_object_id")]),
        (Column::AppId, &[g!("app_id")]),
        (Column::PrincipalId, &[g!("service_principal_id")]),
        (Column::LogTenant, &["azure.tenant_id"]),
        (Column::Address, &["source.ip", "client.ip"]),
        (Column::Agent, &["user_agent.original"]),
        (Column::Operation, &["http.request.method"]),
        (Column::Object, &["url.original"]),
        (Column::AuditResult, &["http.response.status_code", "azure.graphactivitylogs.result_signature"]),
        (Column::Scopes, &[g!("scopes")]),
        (Column::Roles, &[g!("roles"), g!("wids")]),
        (Column::DeviceId, &[g!("device_id")]),
        (Column::Category, &["azure.graphactivitylogs.category"]),
    ],
    limits: super::SEARCH,
    ..Format::PLAIN
};
