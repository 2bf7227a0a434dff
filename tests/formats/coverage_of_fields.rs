//! Coverage rests on what an export lacks: each format lacks exactly what it lacks.

use std::collections::BTreeSet;

use serde_json::json;
use signin_sleuth::analysis::Case;
use signin_sleuth::events::field::Field;

use crate::formats::{as_monitor, as_row, whole};
use crate::support::{ABSENT, read_json, with};

fn lacking(case: &Case) -> BTreeSet<&'static str> {
    let row = case.store.sign_in(0).unwrap();
    Field::ALL.iter().filter(|field| field.is_absent(row, &case.store)).map(|field| field.name()).collect()
}

#[test]
fn beta_diagnostic_records_and_rows_lack_nothing() {
    for record in [whole(), as_monitor(), as_row()] {
        assert_eq!(lacking(&read_json(&[record])), BTreeSet::new());
    }
}

#[test]
fn an_empty_field_is_not_a_lacking_one() {
    let mut record = whole();
    for (key, value) in record.as_object_mut().unwrap() {
        if !["id", "createdDateTime", "signInEventTypes", "userPrincipalName", "status"].contains(&key.as_str()) {
            *value = json!(null);
        }
    }
    assert_eq!(lacking(&read_json(&[record])), BTreeSet::new());
}

#[test]
fn a_key_that_is_not_there_is_one_lacking_field() {
    for (key, field) in [
        ("sessionId", "session_id"),
        ("uniqueTokenIdentifier", "unique_token_id"),
        ("incomingTokenType", "incoming_token_type"),
        ("authenticationProtocol", "authentication_protocol"),
        ("originalTransferMethod", "original_transfer_method"),
        ("userAgent", "user_agent"),
        ("autonomousSystemNumber", "asn"),
        ("homeTenantId", "home_tenant_id"),
        ("resourceTenantId", "resource_tenant_id"),
        ("ipAddress", "ip_address"),
        ("userId", "user_id"),
        ("appId", "app_id"),
        ("resourceId", "resource_id"),
        ("conditionalAccessAudiences", "conditional_access_audiences"),
        ("appliedConditionalAccessPolicies", "conditional_access_policies"),
        ("authenticationDetails", "authentication_details"),
        ("authenticationProcessingDetails", "authentication_processing_details"),
        ("clientAppUsed", "client_app_used"),
        ("conditionalAccessStatus", "conditional_access_status"),
        ("authenticationRequirement", "authentication_requirement"),
        ("riskLevelDuringSignIn", "risk_level_during_signin"),
        ("correlationId", "correlation_id"),
        ("id", "id"),
    ] {
        let case = read_json(&[with(whole(), json!({key: ABSENT}))]);
        assert_eq!(lacking(&case), BTreeSet::from([field]), "{key}");
    }
    let case = read_json(&[with(whole(), json!({"deviceDetail": ABSENT}))]);
    assert_eq!(lacking(&case), BTreeSet::from(["device_id", "device_is_compliant"]));
    let case = read_json(&[with(whole(), json!({"location": ABSENT}))]);
    assert_eq!(lacking(&case), BTreeSet::from(["coordinates", "country"]));
    let case = read_json(&[with(whole(), json!({"signInEventTypes": ABSENT, "isInteractive": ABSENT}))]);
    assert_eq!(lacking(&case), BTreeSet::from(["stream"]));
    let details = json!({"tokenProtectionStatusDetails": ABSENT, "signInTokenProtectionStatus": ABSENT});
    assert_eq!(lacking(&read_json(&[with(whole(), details)])), BTreeSet::from(["token_protection_status"]));
}
