//! Microsoft Graph: `auditLogs/signIns`, beta and version 1.0, and `auditLogs/directoryAudits`.

use crate::events::vocabulary::Stream;
use crate::generate::record::{Audit, Initiator, SignIn, Target, token_id};
use crate::generate::time::{digits, seconds};
use crate::generate::{Detail, Tenant};

use super::json::{Json, Object, object};
use super::nested::{self, Spelling};

/// Fields that brief records do without: they say the same in every record here, or say it twice.
pub(super) const NEEDLESS: &[&str] = &[
    "originalRequestId",
    "tokenIssuerType",
    "clientCredentialType",
    "riskDetail",
    "riskLevelAggregated",
    "riskState",
    "signInIdentifier",
    "signInIdentifierType",
    "flaggedForReview",
    "isTenantRestricted",
    "crossTenantAccessType",
    "tokenProtectionStatusDetails",
    "isThroughGlobalSecureAccess",
    "authenticationRequirementPolicies",
];

/// A sign-in of beta.
pub(super) fn beta(row: &SignIn, detail: Detail) -> Object {
    let mut object = object! { "id": row.id.to_string(), "createdDateTime": seconds(row.time) };
    properties(row, detail, Spelling::Graph, &mut object);
    if detail == Detail::Brief { object.only_needed(NEEDLESS) } else { object }
}

/// What a beta record and the `properties` of a diagnostic record have in common.
pub(super) fn properties(row: &SignIn, detail: Detail, spelling: Spelling, object: &mut Object) {
    let user = &row.user;
    let person = is_person(row);
    let principal = row.principal.as_deref();
    object.put("userDisplayName", if person { Json::from(&user.display) } else { Json::Null });
    object.put("userPrincipalName", if person { Json::from(&user.name) } else { Json::Null });
    object.put("userId", if person { Json::from(&user.id) } else { Json::Null });
    object.put("appId", principal.map_or(row.app.id, |principal| &principal.app));
    object.put("appDisplayName", principal.map_or(Json::from(row.app.name), |principal| Json::from(&principal.name)));
    object.put("appOwnerTenantId", row.owner());
    object.put("ipAddress", row.place.address.as_str());
    object.put("ipAddressFromResourceProvider", Json::text_or_null(row.provider_address()));
    object.put("clientAppUsed", if person { row.client.kind } else { "" });
    object.put("userAgent", Json::text_or_null(&row.client.agent));
    object.put("correlationId", row.correlation.to_string());
    object.put("conditionalAccessStatus", nested::policy_status(row));
    object.put("originalRequestId", row.original.to_string());
    object.put("isInteractive", row.stream == Stream::Interactive);
    object.put("tokenIssuerName", "");
    object.put("tokenIssuerType", nested::issuer_type());
    object.put("clientCredentialType", principal.map_or("none", |principal| principal.credential));
    object.put("processingTimeInMilliseconds", row.latency);
    risks(row, object);
    object.put("resourceDisplayName", row.resource.name);
    object.put("resourceId", row.resource.id);
    object.put("resourceTenantId", Json::text_or_null(&row.resource_tenant));
    object.put("homeTenantId", Json::text_or_null(&row.home_tenant));
    object.put("homeTenantName", Json::Null);
    object.put("authenticationMethodsUsed", Json::List(Vec::new()));
    object.put("authenticationRequirement", nested::requirement(row));
    if person {
        object.put("signInIdentifier", Json::from(&user.name));
        object.put("signInIdentifierType", "userPrincipalName");
        object.put("userType", user_type(row, spelling));
    }
    object.put("servicePrincipalId", principal.map_or("", |principal| &principal.id));
    object.put("servicePrincipalName", principal.map_or(Json::Null, |principal| Json::from(&principal.name)));
    let key = principal.map_or("", |principal| principal.key.as_str());
    object.put("servicePrincipalCredentialKeyId", Json::text_or_null(key));
    object.put("flaggedForReview", false);
    object.put("isTenantRestricted", false);
    object.put("autonomousSystemNumber", row.place.asn);
    object.put("crossTenantAccessType", cross_tenant(row));
    object.put("uniqueTokenIdentifier", token_id(row.id));
    object.put("incomingTokenType", row.incoming);
    object.put("authenticationProtocol", row.protocol);
    object.put("originalTransferMethod", row.transfer);
    object.put("signInTokenProtectionStatus", row.protection);
    object.put(
        "tokenProtectionStatusDetails",
        object! {
            "signInSessionStatus": row.protection,
            "signInSessionStatusCode": protection_code(row.protection),
        },
    );
    object.put("isThroughGlobalSecureAccess", false);
    object.put("globalSecureAccessIpAddress", Json::Null);
    object.put("sessionId", Json::text_or_null(&row.session));
    object.put("signInEventTypes", vec![event_type(row.stream)]);
    object.put("status", nested::status(row));
    object.put("deviceDetail", nested::device(row, spelling));
    object.put("location", nested::location(row));
    object.put("appliedConditionalAccessPolicies", nested::policies(row, detail, spelling));
    object.put("conditionalAccessAudiences", nested::audiences(row));
    object.put("authenticationContextClassReferences", Json::List(Vec::new()));
    object.put("authenticationProcessingDetails", nested::processing(row, detail));
    object.put("networkLocationDetails", Json::List(Vec::new()));
    object.put("authenticationDetails", nested::steps(row, spelling));
    object.put("authenticationRequirementPolicies", nested::requirement_policies(row));
    object.put("sessionLifetimePolicies", Json::List(Vec::new()));
    object.put("appliedEventListeners", Json::List(Vec::new()));
    if let Some(principal) = principal.filter(|_| row.stream == Stream::ManagedIdentity) {
        object.put("managedServiceIdentity", object! {
            "msiType": "systemAssigned",
            "associatedResourceId": format!("/subscriptions/0/resourcegroups/prod/providers/microsoft.compute/{}", principal.name),
            "federatedTokenId": Json::Null,
            "federatedTokenIssuer": Json::Null,
        });
    }
}

fn risks(row: &SignIn, object: &mut Object) {
    object.put("riskDetail", "none");
    object.put("riskLevelAggregated", row.risk);
    object.put("riskLevelDuringSignIn", row.risk);
    object.put("riskState", if row.risk == "none" { "none" } else { "atRisk" });
    object.put("riskEventTypes_v2", row.risk_events.clone());
}

/// A sign-in of version 1.0, which has interactive ones only.
pub(super) fn v1(row: &SignIn) -> Object {
    let mut object = object! {
        "id": row.id.to_string(),
        "createdDateTime": seconds(row.time),
        "userDisplayName": &row.user.display,
        "userPrincipalName": &row.user.name,
        "userId": &row.user.id,
        "appId": row.app.id,
        "appDisplayName": row.app.name,
        "ipAddress": row.place.address.as_str(),
        "clientAppUsed": row.client.kind,
        "correlationId": row.correlation.to_string(),
        "conditionalAccessStatus": nested::policy_status(row),
        "isInteractive": true,
    };
    object.put("riskDetail", "none");
    object.put("riskLevelAggregated", row.risk);
    object.put("riskLevelDuringSignIn", row.risk);
    object.put("riskState", if row.risk == "none" { "none" } else { "atRisk" });
    object.put("riskEventTypes", Json::List(Vec::new()));
    object.put("riskEventTypes_v2", row.risk_events.clone());
    object.put("resourceDisplayName", row.resource.name);
    object.put("resourceId", row.resource.id);
    object.put("status", nested::status(row));
    object.put("deviceDetail", nested::device(row, Spelling::Graph));
    object.put("location", nested::location(row));
    // Version 1.0 does not name conditions.
    let policies = row.policies.iter().map(|(policy, result)| {
        object! {
            "id": policy.id,
            "displayName": policy.name,
            "enforcedGrantControls": policy.grants.to_vec(),
            "enforcedSessionControls": policy.sessions.to_vec(),
            "result": *result,
        }
    });
    object.put("appliedConditionalAccessPolicies", policies.collect::<Vec<_>>());
    object
}

/// A directory audit event; the same in both versions.
pub(super) fn audit(row: &Audit) -> Object {
    object! {
        "id": &row.id,
        "category": row.category,
        "correlationId": row.correlation.to_string(),
        "result": row.result,
        "resultReason": row.reason,
        "activityDisplayName": row.operation,
        "activityDateTime": digits(row.time),
        "loggedByService": row.service,
        "operationType": row.kind,
        "userAgent": Json::Null,
        "initiatedBy": initiated_by(row),
        "targetResources": row.targets.iter().map(target).collect::<Vec<_>>(),
        "additionalDetails": details(row),
    }
}

/// The side that did not do it is null.
pub(super) fn initiated_by(row: &Audit) -> Object {
    match &row.initiator {
        Initiator::User(user, address) => object! {
            "user": object! {
                "id": &user.id,
                "displayName": Json::text_or_null(&user.display),
                "userPrincipalName": &user.name,
                "ipAddress": Json::text_or_null(address),
                "userType": Json::Null,
                "homeTenantId": Json::Null,
                "homeTenantName": Json::Null,
            },
            "app": Json::Null,
        },
        Initiator::App(name, principal) => object! {
            "user": Json::Null,
            "app": object! {
                "appId": Json::Null,
                "displayName": *name,
                "servicePrincipalId": Json::text_or_null(principal),
                "servicePrincipalName": Json::Null,
            },
        },
    }
}

pub(super) fn target(target: &Target) -> Object {
    let changes = target.changes.iter().map(|(name, old, new)| {
        // Values are JSON once more, inside a string.
        object! {
            "displayName": *name,
            "oldValue": serde_json::to_string(old).unwrap_or_default(),
            "newValue": serde_json::to_string(new).unwrap_or_default(),
        }
    });
    object! {
        "id": &target.id,
        "displayName": Json::text_or_null(&target.name),
        "type": target.kind,
        "userPrincipalName": Json::text_or_null(&target.user),
        "groupType": Json::Null,
        "modifiedProperties": changes.collect::<Vec<_>>(),
    }
}

pub(super) fn details(row: &Audit) -> Vec<Object> {
    row.details.iter().map(|(key, value)| object! { "key": *key, "value": value.as_str() }).collect()
}

/// Sign-ins that the two user tabs hold.
pub(super) fn is_person(row: &SignIn) -> bool {
    row.stream.is_user()
}

fn user_type(row: &SignIn, spelling: Spelling) -> &'static str {
    match (row.user.guest, spelling) {
        (false, Spelling::Graph) => "member",
        (true, Spelling::Graph) => "guest",
        (false, Spelling::Monitor) => "Member",
        (true, Spelling::Monitor) => "Guest",
    }
}

fn cross_tenant(row: &SignIn) -> &'static str {
    let both = !row.home_tenant.is_empty() && !row.resource_tenant.is_empty();
    if both && !row.home_tenant.eq_ignore_ascii_case(&row.resource_tenant) { "b2bCollaboration" } else { "none" }
}

fn protection_code(status: &str) -> Json {
    match status {
        "bound" => Json::Number(0),
        "unbound" => Json::Number(1002),
        _ => Json::Null,
    }
}

fn event_type(stream: Stream) -> &'static str {
    match stream {
        Stream::Interactive => "interactiveUser",
        Stream::NonInteractive => "nonInteractiveUser",
        Stream::ServicePrincipal => "servicePrincipal",
        Stream::ManagedIdentity => "managedIdentity",
    }
}

/// The address of a page, as Graph puts it into `@odata.context`.
pub(super) fn page(entity: &'static str, version: &str, rows: Vec<Object>) -> Json {
    let context = format!("https://graph.microsoft.com/{version}/$metadata#{entity}");
    object! { "@odata.context": context, "value": rows }.into()
}

/// All sign-ins of the user tabs, beta.
pub(super) fn user_sign_ins(tenant: &Tenant) -> impl Iterator<Item = Object> {
    tenant.sign_ins.iter().filter(|row| is_person(row)).map(|row| beta(row, tenant.detail))
}
