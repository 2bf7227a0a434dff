//! Azure Monitor: the streams of sign-ins beside the four, risk, calls of Graph, and the ways its records
//! are dumped.

use serde_json::{Value, json};
use signin_sleuth::events::Id;
use signin_sleuth::events::vocabulary::Doubts;

use crate::support::{ABSENT, assert_told, csv, monitor, read, read_csv, read_json, sign_in, sign_ins, with};

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
        ("base64 in a list", json!([base64(text.as_bytes())]).to_string()),
        ("base64 in records", json!({"records": [base64(text.as_bytes())]}).to_string()),
        (
            "base64 in a list in records",
            json!({"value": [message("Body", json!(base64(format!("[{text}]").as_bytes())))]}).to_string(),
        ),
        (
            "texts of records in base64",
            json!([message(
                "body",
                json!(base64(json!({"records": [one.to_string(), two.to_string()]}).to_string().as_bytes()))
            )])
            .to_string(),
        ),
        (
            "a message in the body of another",
            json!([message("body", json!({"records": [message("Body", json!(base64(text.as_bytes())))]}))]).to_string(),
        ),
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

#[test]
fn properties_that_are_a_text_are_read_as_if_they_were_an_object() {
    let record = full();
    let expected = sign_in(&read_json(std::slice::from_ref(&record)));
    let text = record["properties"].to_string();
    let of = |name: &str| record[name].as_str().unwrap();
    let names = ["time", "resourceId", "operationName", "category", "tenantId", "resultType"];
    for wide in [false, true] {
        let name = |name: &str| if wide { name[..1].to_uppercase() + &name[1..] } else { name.to_owned() };
        let mut cells: Vec<(String, &str)> = names.iter().map(|own| (name(own), of(own))).collect();
        cells.push((name("properties"), &text));
        let cells: Vec<(&str, &str)> = cells.iter().map(|(name, cell)| (name.as_str(), *cell)).collect();
        let case = read_csv(&csv(&cells));
        assert_eq!(case.inputs[0].format, "azure-monitor");
        assert_eq!(sign_in(&case), expected, "as a CSV");
    }
    let case = read_json(&[with(record.clone(), json!({"properties": text}))]);
    assert_eq!(sign_in(&case), expected, "as a text in JSON");
    // What is cut off is told; what stands before the cut is read.
    let cut = read_json(&[with(record.clone(), json!({"properties": text[..text.len() - 1]}))]);
    assert_eq!(cut.inputs[0].damaged.get("record"), Some(&1));
    assert_eq!(sign_in(&cut)["id"], expected["id"]);
    // A text that is none leaves the record what it was: without a user, at the time when it was written.
    let case = read_json(&[with(record, json!({"properties": "none"}))]);
    let row = case.store.sign_in(0).unwrap();
    assert_eq!((case.inputs[0].events, row.id, row.doubts), (1, Id::ABSENT, Doubts::WRITTEN));
}

#[test]
fn resource_logs_of_a_workspace_have_columns_that_end_in_their_type() {
    let case = read_csv(&csv(&[
        ("TimeGenerated [UTC]", "9/13/2026, 1:34:40.123 AM"),
        ("Category", "NonInteractiveUserSignInLogs"),
        ("OperationName", "Sign-in activity"),
        ("ResultType", "50126"),
        ("properties_id_g", "0f94f5fb-3583-4c46-9bfa-0390c1988800"),
        ("properties_createdDateTime_t [UTC]", "9/13/2026, 1:22:28.000 AM"),
        ("properties_userPrincipalName_s", "Ada@contoso.example"),
        ("properties_userId_g", "11111111-0000-0000-0000-000000000001"),
        ("properties_appId_g", "22222222-0000-0000-0000-000000000002"),
        ("properties_ipAddress_s", "203.0.113.7"),
        ("properties_incomingTokenType_s", "refreshToken"),
        ("properties_sessionId_g", "008b57fa-8d12-7c5c-a000-000000000001"),
        ("properties_status_errorCode_d", "50126"),
        ("properties_deviceDetail_operatingSystem_s", "Windows10"),
        ("properties_deviceDetail_isCompliant_b", "true"),
        ("properties_location_countryOrRegion_s", "DE"),
        ("Type", "AzureDiagnostics"),
    ]));
    assert_eq!(case.inputs[0].format, "splunk-azure-monitor", "{:?}", case.inputs[0]);
    assert_told(
        &sign_in(&case),
        &[
            ("time", "2026-09-13T01:22:28.000000Z"),
            ("doubts", "0"),
            ("stream", "non-interactive"),
            ("user", "ada@contoso.example"),
            ("session", "008b57fa-8d12-7c5c-a000-000000000001"),
            ("incoming", "refreshToken"),
            ("code", "50126"),
            ("system", "Windows10"),
            ("compliant", "true"),
            ("country", "DE"),
            ("ip", "203.0.113.7"),
        ],
    );
    // A table of one's own holds Graph's records without anything around them.
    let case = read_csv(&csv(&[
        ("TimeGenerated [UTC]", "9/13/2026, 1:34:40.123 AM"),
        ("id_g", "0f94f5fb-3583-4c46-9bfa-0390c1988800"),
        ("createdDateTime_t [UTC]", "9/13/2026, 1:22:28.000 AM"),
        ("userPrincipalName_s", "ada@contoso.example"),
        ("appId_g", "22222222-0000-0000-0000-000000000002"),
        ("isInteractive_b", "false"),
        ("status_errorCode_d", "0"),
        ("deviceDetail_operatingSystem_s", "Windows10"),
        ("appliedConditionalAccessPolicies_s", r#"[{"id":"a","displayName":"P","result":"success"}]"#),
        ("Type", "EntraSignIns_CL"),
    ]));
    let told = sign_in(&case);
    assert_told(
        &told,
        &[
            ("time", "2026-09-13T01:22:28.000000Z"),
            ("stream", "non-interactive"),
            ("code", "0"),
            ("system", "Windows10"),
        ],
    );
    assert!(told["policies"].contains("\"P\""), "{told:?}");
}
