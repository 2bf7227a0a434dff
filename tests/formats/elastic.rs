//! What Elastic makes of a record where it did not keep the record itself, in all shapes in which it is
//! taken out: the same event as the record alone.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};
use signin_sleuth::analysis::Case;

use crate::support::{Told, assert_told, audit, csv, monitor, read_csv, read_json, sign_in, with};

/// The record as Azure Monitor writes it.
fn record() -> Value {
    with(
        monitor(json!({
            "userDisplayName": "Ada Lovelace",
            "userType": "Member",
            "appDisplayName": "Office 365",
            "resourceId": "00000003-0000-0000-c000-000000000000",
            "ipAddress": "203.0.113.7",
            "sessionId": "008b57fa-8d12-7c5c-8d3a-000000000001",
            "uniqueTokenIdentifier": "-_WUD4M1Rkyb-gOQwZiIAA",
            "incomingTokenType": "refreshToken",
            "authenticationProtocol": "deviceCode",
            "originalTransferMethod": "deviceCodeFlow",
            "autonomousSystemNumber": 64500,
            "userAgent": "Mozilla/5.0",
            "clientAppUsed": "Browser",
            "isInteractive": false,
            "location": {"city": "Lyon", "state": "Rhone", "countryOrRegion": "FR",
                "geoCoordinates": {"latitude": 45.75, "longitude": 4.85}},
            "status": {"errorCode": 50140, "failureReason": "Keep me signed in."},
            "deviceDetail": {"deviceId": "33333333-0000-0000-0000-000000000003", "displayName": "LAPTOP",
                "operatingSystem": "Windows10", "browser": "Edge 146", "trustType": "Azure AD joined",
                "isCompliant": true, "isManaged": false},
            "tokenProtectionStatusDetails": {"signInSessionStatus": "unbound", "signInSessionStatusCode": 1002},
            "authenticationDetails": [
                {"authenticationMethod": "Password", "succeeded": true, "authenticationStepResultDetail": "Correct password"},
                {"authenticationMethod": "Text message", "succeeded": false, "authenticationStepResultDetail": "MFA denied"}],
            "authenticationProcessingDetails": [
                {"key": "Legacy TLS (TLS 1.0, 1.1, 3DES)", "value": "False"},
                {"key": "Oauth Scope Info", "value": "[\"User.Read\"]"}],
            "appliedConditionalAccessPolicies": [{"id": "p1", "displayName": "Block legacy", "result": "notApplied",
                "enforcedGrantControls": ["Block"], "conditionsSatisfied": 19, "conditionsNotSatisfied": 0}],
            "riskEventTypes_v2": ["anonymizedIPAddress", "unfamiliarFeatures"],
            "riskLevelDuringSignIn": "high",
            "processingTimeInMilliseconds": 239,
        })),
        json!({"resultType": "50140", "resultDescription": "Keep me signed in."}),
    )
}

/// The same as a document of Elastic.
fn document() -> Value {
    json!({
        "@timestamp": "2026-09-13T01:34:40.123Z",
        "azure": {
            "tenant_id": "99999999-0000-0000-0000-000000000009",
            "signinlogs": {
                "category": "NonInteractiveUserSignInLogs",
                "result_type": "50140",
                "result_description": "Keep me signed in.",
                "properties": {
                    "id": "0f94f5fb-3583-4c46-9bfa-0390c1988800",
                    "created_at": "2026-09-13T01:22:28.1234567+00:00",
                    "user_id": "11111111-0000-0000-0000-000000000001",
                    "user_principal_name": "ada@contoso.example",
                    "user_display_name": "Ada Lovelace",
                    "user_type": "Member",
                    "app_id": "22222222-0000-0000-0000-000000000002",
                    "app_display_name": "Office 365",
                    "resource_id": "00000003-0000-0000-c000-000000000000",
                    "session_id": "008b57fa-8d12-7c5c-8d3a-000000000001",
                    "unique_token_identifier": "-_WUD4M1Rkyb-gOQwZiIAA",
                    "incoming_token_type": "refreshToken",
                    "authentication_protocol": "deviceCode",
                    "original_transfer_method": "deviceCodeFlow",
                    "autonomous_system_number": 64500,
                    "client_app_used": "Browser",
                    "is_interactive": false,
                    "status": {"error_code": 50140},
                    "device_detail": {"device_id": "33333333-0000-0000-0000-000000000003", "display_name": "LAPTOP",
                        "operating_system": "Windows10", "browser": "Edge 146", "trust_type": "Azure AD joined",
                        "is_compliant": true, "is_managed": false},
                    "token_protection_status_details": {"sign_in_session_status": "unbound"},
                    "authentication_details": [
                        {"authentication_method": "Password", "succeeded": true,
                            "authentication_step_result_detail": "Correct password"},
                        {"authentication_method": "Text message", "succeeded": false,
                            "authentication_step_result_detail": "MFA denied"}],
                    "authentication_processing_details": {
                        "Legacy TLS (TLS 1": {"0, 1": {"1, 3DES)": "False"}},
                        "Oauth Scope Info": "[\"User.Read\"]"},
                    "applied_conditional_access_policies": [{"id": "p1", "display_name": "Block legacy",
                        "result": "notApplied", "enforced_grant_controls": ["Block"], "conditions_satisfied": 19,
                        "conditions_not_satisfied": 0}],
                    "risk_event_types_v2": ["anonymizedIPAddress", "unfamiliarFeatures"],
                    "risk_level_during_signin": "high",
                    "processing_time_ms": 239,
                },
            },
        },
        "geo": {"country_iso_code": "FR", "country_name": "Rhone", "city_name": "Lyon",
            "location": {"lat": 45.75, "lon": 4.85}},
        "source": {"ip": "203.0.113.7", "as": {"number": 64999}, "geo": {"country_iso_code": "AU"}},
        "client": {"ip": "203.0.113.7"},
        "user": {"id": "11111111-0000-0000-0000-000000000001", "full_name": "Ada Lovelace", "name": "ada"},
        "user_agent": {"original": "Mozilla/5.0", "name": "Other"},
        "event": {"id": "0f94f5fb-3583-4c46-9bfa-0390c1988800", "kind": "event", "category": ["authentication"]},
        "tags": ["forwarded"],
    })
}

/// The leaves of a document by their dotted names; lists stay whole.
fn leaves(value: &Value, name: &str, found: &mut BTreeMap<String, Value>) {
    match value {
        Value::Object(map) => {
            for (key, inner) in map {
                let name = if name.is_empty() { key.clone() } else { format!("{name}.{key}") };
                leaves(inner, &name, found);
            }
        }
        leaf => {
            found.insert(name.to_owned(), leaf.clone());
        }
    }
}

fn dotted(value: &Value) -> BTreeMap<String, Value> {
    let mut found = BTreeMap::new();
    leaves(value, "", &mut found);
    found
}

/// What Elastic drops or names otherwise: what a record says that a document does not.
fn less(told: &Told) -> Told {
    let mut told = told.clone();
    for name in [
        "home_tenant",
        "resource_tenant",
        "audiences",
        "principal_id",
        "principal",
        "credential",
        "original",
        "details",
    ] {
        told.remove(name);
    }
    told
}

#[test]
fn a_document_says_what_the_record_said() {
    let alone = less(&sign_in(&read_json(&[record()])));
    let flat: Map<String, Value> = dotted(&document()).into_iter().collect();
    let mixed = {
        let mut mixed = document();
        let logs = mixed["azure"].as_object_mut().unwrap().remove("signinlogs").unwrap();
        let map = mixed.as_object_mut().unwrap();
        map.insert(
            "azure.signinlogs".to_owned(),
            json!({"category": logs["category"], "result_type": "50140",
            "result_description": "Keep me signed in."}),
        );
        map.insert("azure.signinlogs.properties".to_owned(), logs["properties"].clone());
        mixed
    };
    for document in [document(), Value::Object(flat), mixed] {
        for wrapped in [
            document.clone(),
            json!({"_index": "logs-azure", "_id": "1", "_score": 1, "_source": document.clone()}),
            json!({"took": 1, "hits": {"total": 1, "hits": [{"_source": document.clone()}]}}),
        ] {
            let case = read_json(std::slice::from_ref(&wrapped));
            assert_eq!(case.inputs[0].format, "elastic-sign-in");
            assert_eq!(less(&sign_in(&case)), alone, "{wrapped}");
        }
    }
}

#[test]
fn the_original_record_is_preferred() {
    let mut document = document();
    document["event"]["original"] = record().to_string().into();
    document["azure"]["signinlogs"]["properties"]["session_id"] = "another".into();
    let case = read_json(&[document]);
    assert_eq!((case.inputs[0].format.as_str(), sign_in(&case)), ("azure-monitor", sign_in(&read_json(&[record()]))));
}

#[test]
fn kibana_gives_every_field_as_a_list() {
    let mut fields: Map<String, Value> = dotted(&document())
        .into_iter()
        .map(|(name, value)| (name, if value.is_array() { value } else { json!([value]) }))
        .collect();
    let prefix = "azure.signinlogs.properties.";
    for list in ["authentication_details", "applied_conditional_access_policies"] {
        let objects = fields.remove(&format!("{prefix}{list}")).unwrap();
        for object in objects.as_array().unwrap() {
            for (key, value) in object.as_object().unwrap() {
                let values = fields.entry(format!("{prefix}{list}.{key}")).or_insert_with(|| json!([]));
                values.as_array_mut().unwrap().push(value.clone());
            }
        }
    }
    fields.remove("geo.location.lat");
    fields.remove("geo.location.lon");
    fields.insert("geo.location".to_owned(), json!([{"coordinates": [4.85, 45.75], "type": "Point"}]));
    let case = read_json(&[json!({"_index": "logs-azure", "_id": "1", "_score": null, "fields": fields})]);
    let mut alone = less(&sign_in(&read_json(&[record()])));
    let mut told = less(&sign_in(&case));
    // The controls of a policy are lists in a list.
    assert!(told.remove("policies").unwrap().contains("Block legacy"));
    alone.remove("policies");
    assert_eq!(told, alone);
}

#[test]
fn a_table_of_kibana_is_read_and_its_times_name_no_zone() {
    let mut cells: Vec<(String, String)> = dotted(&document())
        .into_iter()
        .filter(|(_, value)| !value.is_array())
        .map(|(name, value)| (name, value.as_str().map_or_else(|| value.to_string(), str::to_owned)))
        .collect();
    let prefix = "azure.signinlogs.properties.";
    for (name, cell) in &mut cells {
        if name.ends_with("created_at") {
            *cell = "Sep 13, 2026 @ 01:22:28.123".to_owned();
        }
    }
    for (name, cell) in [
        ("authentication_details.authentication_method", "Password, Text message"),
        ("authentication_details.succeeded", "true, false"),
        ("risk_event_types_v2", "anonymizedIPAddress, unfamiliarFeatures"),
    ] {
        cells.push((format!("{prefix}{name}"), cell.to_owned()));
    }
    let pairs: Vec<(&str, &str)> = cells.iter().map(|(name, cell)| (name.as_str(), cell.as_str())).collect();
    let case = read_csv(&csv(&pairs));
    let told = sign_in(&case);
    assert_told(
        &told,
        &[
            ("time", "2026-09-13T01:22:28.123000Z"),
            ("session", "008b57fa-8d12-7c5c-8d3a-000000000001"),
            ("transfer", "deviceCodeFlow"),
            ("code", "50140"),
            ("asn", "64500"),
            ("country", "FR"),
            ("latitude", "45.75"),
            ("device", "LAPTOP"),
            ("risk_events", "anonymizedIPAddress unfamiliarFeatures"),
            (
                "steps",
                r#"[{"method":"Password","detail":"","succeeded":"true","result":"","requirement":""},{"method":"Text message","detail":"","succeeded":"false","result":"","requirement":""}]"#,
            ),
        ],
    );
    assert_ne!(told["doubts"], "0", "the zone is that of whoever exported");
}

#[test]
fn sign_ins_of_other_categories_and_older_shapes_are_read() {
    let mut adfs = document();
    adfs["azure"]["signinlogs"]["category"] = "ADFSSignInLogs".into();
    assert_eq!(read_json(&[adfs]).inputs[0].events, 1);
    let old = json!({"@timestamp": "2021-05-01T10:00:00.000Z", "azure": {"signinlogs": {"category": "SignInLogs",
        "properties": {"user_id": "11111111-0000-0000-0000-000000000001", "incomingTokenType": "none",
            "sessionId": "008b57fa-8d12-7c5c-8d3a-000000000001"}}}, "source": {"as": {"number": 64999}}});
    let told = sign_in(&read_json(&[old]));
    assert_told(
        &told,
        &[
            ("incoming", "none"),
            ("session", "008b57fa-8d12-7c5c-8d3a-000000000001"),
            ("asn", "64999"),
            ("stream", "interactive"),
        ],
    );
}

#[test]
fn an_audit_document_says_what_the_record_said() {
    let target = json!({"type": "User", "id": "44444444-0000-0000-0000-000000000004", "displayName": "Bob",
        "userPrincipalName": "bob@contoso.example", "modifiedProperties": [
            {"displayName": "StrongAuthenticationMethod", "oldValue": "[]", "newValue": "[{\"MethodType\":6}]"}]});
    let by = json!({"user": {"id": "11111111-0000-0000-0000-000000000001", "displayName": "Ada",
        "userPrincipalName": "ada@contoso.example", "ipAddress": "203.0.113.7"}});
    let record = json!({"time": "2026-09-13T02:00:00Z", "category": "AuditLogs", "operationName": "Update user",
        "tenantId": "99999999-0000-0000-0000-000000000009", "properties": {
            "id": "Directory_1", "activityDateTime": "2026-09-13T01:59:00.5Z", "activityDisplayName": "Update user",
            "category": "UserManagement", "correlationId": "55555555-0000-0000-0000-000000000005",
            "loggedByService": "Core Directory", "result": "success", "resultReason": "", "initiatedBy": by,
            "targetResources": [target], "additionalDetails": [{"key": "User-Agent", "value": "curl/8"}]}});
    let document = json!({"@timestamp": "2026-09-13T02:00:00.000Z", "azure": {
        "tenant_id": "99999999-0000-0000-0000-000000000009",
        "auditlogs": {"category": "AuditLogs", "operation_name": "Update user", "properties": {
            "id": "Directory_1", "activity_datetime": "2026-09-13T01:59:00.5Z", "activity_display_name": "Update user",
            "category": "UserManagement", "correlation_id": "55555555-0000-0000-0000-000000000005",
            "logged_by_service": "Core Directory", "result": "success", "result_reason": "", "initiated_by": by,
            "target_resources": {"0": {"type": "User", "id": "44444444-0000-0000-0000-000000000004",
                "display_name": "Bob", "user_principal_name": "bob@contoso.example", "modified_properties": {
                    "0": {"display_name": "StrongAuthenticationMethod", "old_value": "[]",
                        "new_value": "[{\"MethodType\":6}]"}}}},
            "additional_details": [{"key": "User-Agent", "value": "curl/8"}]}}}});
    let alone = audit(&read_json(&[record]));
    assert!(alone["targets"].contains("MethodType"), "{alone:?}");
    let flat: Map<String, Value> = dotted(&document).into_iter().collect();
    for document in [document, Value::Object(flat)] {
        let case = read_json(&[document]);
        assert_eq!(case.inputs[0].format, "elastic-audit");
        assert_eq!(audit(&case), alone);
    }
}

#[test]
fn risks_and_calls_of_graph_are_read() {
    let risk = json!({"@timestamp": "2026-09-13T02:00:00.000Z", "azure": {"identityprotection": {
        "category": "UserRiskEvents", "properties": {"id": "r1", "activity_datetime": "2026-09-13T01:00:00Z",
            "risk_event_type": "anomalousToken", "risk_level": "high", "risk_state": "atRisk",
            "user_id": "11111111-0000-0000-0000-000000000001", "ip_address": "203.0.113.7",
            "request_id": "0f94f5fb-3583-4c46-9bfa-0390c1988800",
            "location": {"city": "Lyon", "countryOrRegion": "FR"}}}}});
    let call = json!({"@timestamp": "2026-09-13T02:00:00.000Z", "azure": {"graphactivitylogs": {
        "category": "MicrosoftGraphActivityLogs", "properties": {"app_id": "22222222-0000-0000-0000-000000000002",
            "user_id": "11111111-0000-0000-0000-000000000001", "roles": ["User.Read.All", "Mail.Read"],
            "sign_in_activity_id": "-_WUD4M1Rkyb-gOQwZiIAA"}}},
        "http": {"request": {"id": "66666666-0000-0000-0000-000000000006", "method": "GET"}, "response": {"status_code": 200}},
        "source": {"ip": "203.0.113.7"}, "url": {"original": "https://graph.microsoft.com/v1.0/me/messages"}});
    let case = read_json(&[risk, call]);
    let store = &case.store;
    let text = |id| store.texts.get(id);
    assert_eq!((store.risk_events.len(), store.activities.len()), (1, 1), "{:?}", case.inputs);
    let risk = store.risk_event(0).unwrap();
    assert_eq!((text(risk.kind), text(risk.level)), ("anomalousToken", "high"));
    let call = store.activity(0).unwrap();
    assert_eq!(
        [call.operation, call.object, call.scopes, call.result, call.address].map(text),
        ["GET", "https://graph.microsoft.com/v1.0/me/messages", "User.Read.All Mail.Read", "200", "203.0.113.7"],
    );
}

#[test]
fn the_unified_audit_log_is_read_in_the_form_of_elastic() {
    let id = "0f94f5fb-3583-4c46-9bfa-0390c1988800";
    let signed_in = json!({"@timestamp": "2026-09-13T01:22:28.000Z", "o365": {"audit": {
            "CreationTime": "2026-09-13T01:22:28", "RecordType": "15", "ResultStatus": "Success",
            "UserId": "Ada@contoso.example", "UserKey": "11111111-0000-0000-0000-000000000001", "UserType": "0",
            "IntraSystemId": id, "InterSystemsId": "55555555-0000-0000-0000-000000000005", "ErrorNumber": "0",
            "ApplicationId": "22222222-0000-0000-0000-000000000002", "ObjectId": "00000003-0000-0000-c000-000000000000",
            "Actor": [{"ID": "11111111-0000-0000-0000-000000000001", "Type": 0}], "ModifiedProperties": {},
            "ExtendedProperties": {"RequestType": "Cmsi:Cmsi", "ResultStatusDetail": "Success"},
            "DeviceProperties": {"OS": "Windows10", "SessionId": "008b57fa-8d12-7c5c-8d3a-000000000001",
                "DisplayName": "LAPTOP", "IsCompliant": "True"}}},
        "event": {"action": "UserLoggedIn", "provider": "AzureActiveDirectory", "code": "AzureActiveDirectoryStsLogon",
            "id": "77777777-0000-0000-0000-000000000007"},
        "client": {"ip": "203.0.113.7"}, "organization": {"id": "99999999-0000-0000-0000-000000000009"},
        "user_agent": {"original": "Mozilla/5.0"}});
    let updated = json!({"@timestamp": "2026-09-13T01:23:00.000Z", "o365.audit.CreationTime": "2026-09-13T01:23:00",
        "o365.audit.RecordType": "8", "o365.audit.UserId": "ada@contoso.example",
        "o365.audit.ObjectId": "bob@contoso.example",
        "o365.audit.ModifiedProperties": {"Strong_Authentication_Method": {"NewValue": "[6]", "OldValue": "[]"}},
        "event.action": "Update user.", "event.provider": "AzureActiveDirectory",
        "event.id": "77777777-0000-0000-0000-000000000008"});
    let rule = json!({"@timestamp": "2026-09-13T01:24:00.000Z", "o365": {"audit": {
            "CreationTime": "2026-09-13T01:24:00",
            "RecordType": "1", "UserId": "ada@contoso.example", "ObjectId": "ada\\rule", "ResultStatus": "True",
            "Parameters": {"ForwardTo": "eve@example.com", "Name": "."},
            "AppAccessContext": {"AADSessionId": "008b57fa-8d12-7c5c-8d3a-000000000001"}}},
        "event": {"action": "New-InboxRule", "provider": "Exchange", "id": "77777777-0000-0000-0000-000000000009"},
        "source": {"ip": "203.0.113.7"}});
    let documents = [signed_in, updated, rule];
    assert_is_office(&read_json(&documents), id);
    // As Kibana has them: dots in the names, a list for each value.
    let fields = |document: &Value| -> Value {
        let listed = |value: Value| if value.is_array() { value } else { json!([value]) };
        dotted(document).into_iter().map(|(name, value)| (name, listed(value))).collect::<Map<_, _>>().into()
    };
    let documents = documents.map(|document| {
        let own = fields(&document);
        // A property that was changed is an object of its own there too.
        match document.get("o365.audit.ModifiedProperties") {
            None => json!({"_index": "logs-o365", "fields": own}),
            Some(_) => document,
        }
    });
    assert_is_office(&read_json(&documents), id);
}

fn assert_is_office(case: &Case, id: &str) {
    assert_eq!(case.inputs[0].format, "elastic-unified-audit-log", "{:?}", case.inputs);
    assert_told(
        &sign_in(case),
        &[
            ("id", id),
            ("user", "ada@contoso.example"),
            ("user_id", "11111111-0000-0000-0000-000000000001"),
            ("session", "008b57fa-8d12-7c5c-8d3a-000000000001"),
            ("protocol", "deviceCode"),
            ("device", "LAPTOP"),
            ("compliant", "true"),
            ("agent", "Mozilla/5.0"),
            ("ip", "203.0.113.7"),
            ("log_tenant", "99999999-0000-0000-0000-000000000009"),
            ("code", "0"),
        ],
    );
    let told = audit(case);
    assert_told(&told, &[("operation", "Update user"), ("id", "77777777-0000-0000-0000-000000000008")]);
    assert!(told["targets"].contains(r#"["Strong Authentication Method","[]","[6]"]"#), "{told:?}");
    let store = &case.store;
    let rule = store.activity(0).unwrap();
    assert_eq!(
        [rule.operation, rule.category, rule.parameters, rule.result].map(|id| store.texts.get(id)),
        ["New-InboxRule", "Exchange", r#"[["ForwardTo","eve@example.com"],["Name","."]]"#, "success"],
    );
    assert!(rule.session_id(store).has_value());
}
