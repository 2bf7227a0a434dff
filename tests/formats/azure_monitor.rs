//! Azure Monitor: the streams of sign-ins beside the four, risk, calls of Graph, and the ways its records
//! are dumped.

use serde_json::{Value, json};

use crate::support::{ABSENT, assert_told, monitor, read, read_json, sign_in, sign_ins, with};

#[test]
fn sign_ins_of_a_federation_server_are_interactive_or_not_as_they_say() {
    for (flag, stream, doubts) in
        [(json!(true), "interactive", "0"), (json!(false), "non-interactive", "0"), (json!(ABSENT), "interactive", "1")]
    {
        let record = with(monitor(json!({"isInteractive": flag})), json!({"category": "ADFSSignInLogs"}));
        let told = sign_in(&read_json(&[record]));
        assert_told(&told, &[("stream", stream), ("doubts", doubts), ("user", "ada@contoso.example")]);
    }
    let row = json!({"TimeGenerated": "2026-09-13T01:22:30Z", "CreatedDateTime": "2026-09-13T01:22:28Z",
        "Type": "ADFSSignInLogs", "IsInteractive": true, "UserPrincipalName": "ada@contoso.example",
        "AppId": "22222222-0000-0000-0000-000000000002", "ResultType": "0", "TokenIssuerType": "ADFederationServices"});
    assert_told(&sign_in(&read_json(&[row])), &[("stream", "interactive"), ("code", "0")]);
}

#[test]
fn microsofts_own_principals_are_marked() {
    let properties = json!({"id": "0f94f5fb-3583-4c46-9bfa-0390c1988801", "createdDateTime": "2026-09-13T01:22:28Z",
        "appId": "22222222-0000-0000-0000-000000000002", "servicePrincipalId": "55555555-0000-0000-0000-000000000005",
        "servicePrincipalName": "Microsoft Backup", "resourceDisplayName": "Microsoft Graph"});
    let record = |category: &str| {
        json!({"time": "2026-09-13T01:30:00Z", "category": category, "operationName": "Sign-in activity",
            "tenantId": "99999999-0000-0000-0000-000000000009", "resultSignature": "SUCCESS", "properties": properties})
    };
    let row = json!({"Type": "MicrosoftServicePrincipalSignInLogs", "TimeGenerated": "2026-09-13T01:22:30Z",
        "CreatedDateTime": "2026-09-13T01:22:28Z", "AppId": "22222222-0000-0000-0000-000000000002",
        "ServicePrincipalName": "Microsoft Backup", "ServicePrincipalId": "55555555-0000-0000-0000-000000000005"});
    for (records, is_marked) in [
        (vec![record("MicrosoftServicePrincipalSignInLogs")], true),
        (vec![row], true),
        (vec![record("ServicePrincipalSignInLogs")], false),
    ] {
        let case = read_json(&records);
        assert_told(&sign_in(&case), &[("stream", "service-principal"), ("principal", "Microsoft Backup")]);
        let mark = "MicrosoftServicePrincipalSignInLogs".to_owned();
        assert_eq!(case.inputs[0].marks.contains(&mark), is_marked, "{:?}", case.inputs[0].marks);
    }
}

/// One record of each category of risk, of the calls, and of what is not read.
fn beside() -> Vec<Value> {
    let record = |category: &str, properties: Value| {
        json!({"time": "2026-09-13T01:34:40.1234567Z", "category": category, "operationName": category,
            "tenantId": "99999999-0000-0000-0000-000000000009", "properties": properties})
    };
    vec![
        record(
            "RiskyUsers",
            json!({"id": "11111111-0000-0000-0000-000000000001", "riskLevel": "high",
            "riskState": "atRisk", "riskLastUpdatedDateTime": "2026-09-13T01:20:00Z", "userPrincipalName": "ada@contoso.example"}),
        ),
        record(
            "UserRiskEvents",
            json!({"id": "e1", "requestId": "r1", "riskEventType": "anomalousToken", "riskLevel": "high",
            "activityDateTime": "2026-09-13T01:20:00Z", "userId": "11111111-0000-0000-0000-000000000001"}),
        ),
        record(
            "RiskyServicePrincipals",
            json!({"id": "55555555-0000-0000-0000-000000000005", "riskLevel": "low",
            "riskState": "atRisk", "riskLastUpdatedDateTime": "2026-09-13T01:20:00Z", "displayName": "Backup"}),
        ),
        record(
            "ServicePrincipalRiskEvents",
            json!({"id": "e2", "riskEventType": "suspiciousSignins", "riskLevel": "medium",
            "activityDateTime": "2026-09-13T01:20:00Z", "servicePrincipalId": "55555555-0000-0000-0000-000000000005"}),
        ),
        record(
            "MicrosoftGraphActivityLogs",
            json!({"requestId": "q1", "requestMethod": "GET", "requestUri": "https://graph.example/me",
            "userId": "11111111-0000-0000-0000-000000000001", "signInActivityId": "-_WUD4M1Rkyb-gOQwZiIAA", "responseStatusCode": 200}),
        ),
        record("ProvisioningLogs", json!({"id": "p1"})),
        record("NetworkAccessTrafficLogs", json!({"id": "n1"})),
    ]
}

#[test]
fn risk_and_calls_are_read_and_the_rest_is_named() {
    let case = read_json(&beside());
    let input = &case.inputs[0];
    assert_eq!(
        (case.store.risk_events.len(), case.store.activities.len(), input.refused_total),
        (4, 1, 0),
        "{input:?}"
    );
    let other: Vec<(&str, u64)> = input.other.iter().map(|(name, count)| (name.as_str(), *count)).collect();
    assert_eq!(other, [("NetworkAccessTrafficLogs", 1), ("ProvisioningLogs", 1)]);
}

/// The same with the keys of all objects in lower case.
fn lower(value: Value) -> Value {
    match value {
        Value::Object(map) => map.into_iter().map(|(key, value)| (key.to_lowercase(), lower(value))).collect(),
        Value::Array(list) => list.into_iter().map(lower).collect(),
        other => other,
    }
}

/// A sign-in with everything that is nested.
fn full() -> Value {
    monitor(json!({
        "sessionId": "008b57fa-8d12-7c5c-a000-000000000001", "incomingTokenType": "refreshToken",
        "autonomousSystemNumber": 64500, "ipAddress": "203.0.113.7",
        "location": {"city": "Berlin", "state": "Berlin", "countryOrRegion": "DE", "geoCoordinates": {"latitude": 52.5, "longitude": 13.4}},
        "deviceDetail": {"deviceId": "44444444-0000-0000-0000-000000000004", "displayName": "PC", "operatingSystem": "Windows10",
            "browser": "Edge 146.0.0", "isCompliant": true, "isManaged": false, "trustType": "Azure AD joined"},
        "status": {"errorCode": 50126, "failureReason": "Wrong.", "additionalDetails": "more"},
        "appliedConditionalAccessPolicies": [{"id": "a", "displayName": "P", "result": "success", "conditionsSatisfied": 19,
            "enforcedGrantControls": ["Mfa"], "enforcedSessionControls": []}],
        "authenticationDetails": [{"authenticationMethod": "Password", "authenticationStepDateTime": "2026-09-13T01:22:28Z",
            "succeeded": true, "authenticationStepResultDetail": "Correct password"}],
        "authenticationProcessingDetails": [{"key": "Is CAE Token", "value": "True"}],
        "tokenProtectionStatusDetails": {"signInSessionStatus": "unbound", "signInSessionStatusCode": 1002},
        "conditionalAccessAudiences": [{"applicationId": "22222222-0000-0000-0000-000000000002", "audienceReasons": "none"}],
    }))
}

#[test]
fn keys_may_come_in_lower_case_everywhere() {
    let expected = sign_ins(&read_json(&[full()]));
    assert_eq!(expected.len(), 1);
    assert_eq!(sign_ins(&read_json(&[lower(full())])), expected);
    let audit = json!({"time": "2026-09-13T01:34:40Z", "category": "AuditLogs", "operationName": "Add member to role",
        "tenantId": "99999999-0000-0000-0000-000000000009", "properties": {"id": "d1", "activityDateTime": "2026-09-13T01:30:00Z",
        "activityDisplayName": "Add member to role", "loggedByService": "Core Directory", "result": "success",
        "initiatedBy": {"user": {"id": "11111111-0000-0000-0000-000000000001", "userPrincipalName": "ada@contoso.example", "ipAddress": "203.0.113.7"}},
        "targetResources": [{"id": "t", "displayName": "Role", "type": "Role", "modifiedProperties": [{"displayName": "Role.DisplayName", "oldValue": null, "newValue": "\"Global Administrator\""}]}],
        "additionalDetails": [{"key": "User-Agent", "value": "curl/8.5"}]}});
    let told = |record: Value| crate::support::audits(&read_json(&[record]));
    assert_eq!(told(lower(audit.clone())), told(audit));
    let case = read_json(&beside().into_iter().map(lower).collect::<Vec<_>>());
    assert_eq!((case.store.risk_events.len(), case.store.activities.len()), (4, 1));
}

/// Base64, as a dump of messages writes bytes.
fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for chunk in bytes.chunks(3) {
        let held = chunk.iter().fold(0_u32, |held, byte| held << 8 | u32::from(*byte)) << (8 * (3 - chunk.len()));
        for place in 0..4 {
            let digit = DIGITS[(held >> (18 - 6 * place) & 63) as usize];
            text.push(if place <= chunk.len() { char::from(digit) } else { '=' });
        }
    }
    text
}

#[test]
fn messages_of_an_event_hub_are_read_however_they_are_dumped() {
    let one = full();
    let two = with(
        one.clone(),
        json!({"category": "SignInLogs", "properties": with(one["properties"].clone(), json!({"id": "0f94f5fb-3583-4c46-9bfa-0390c1988801"}))}),
    );
    let expected = sign_ins(&read_json(&[one.clone(), two.clone()]));
    assert_eq!(expected.len(), 2);
    let body = json!({"records": [one, two]});
    let text = body.to_string();
    let message = |name: &str, value: Value| json!({"SequenceNumber": 7, "EnqueuedTimeUtc": "2026-09-13T01:35:00Z", "Offset": "1", name: value});
    for (how, dump) in [
        ("bodies", json!([body]).to_string()),
        ("bodies as strings", json!([text]).to_string()),
        ("bodies in lines", format!("{body}\n")),
        ("messages with an object", json!([message("Body", body.clone())]).to_string()),
        ("messages with a list", json!([message("body", body["records"].clone())]).to_string()),
        ("messages with text", json!([message("body", json!(text))]).to_string()),
        ("messages with base64", json!([message("Body", json!(base64(text.as_bytes())))]).to_string()),
        ("messages in lines", format!("{}\n", message("Body", json!(text)))),
    ] {
        let case = read(&[("dump.json", dump.as_bytes())]);
        assert_eq!(sign_ins(&case), expected, "{how}");
        assert_eq!((case.inputs[0].records, case.inputs[0].refused_total), (2, 0), "{how}");
    }
    // A body that is no log leaves its record alone.
    let case = read_json(&[with(full(), json!({"Body": "{\"a\":1}"})), json!({"Body": "hello"})]);
    assert_eq!((case.inputs[0].events, case.inputs[0].refused_total), (1, 1));
}
