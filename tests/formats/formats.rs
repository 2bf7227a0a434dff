//! One sign-in and one audit event in every format: recognised by its marks, the same in every column.

use serde_json::{Value, json};

use crate::support::{ABSENT, EMPTY, Told, assert_told, audit, csv, read, read_csv, read_json, sign_in, with};

/// Everything that a sign-in can say, as Graph beta names it.
pub(crate) fn whole() -> Value {
    json!({
        "id": "0f94f5fb-3583-4c46-9bfa-0390c1988800",
        "createdDateTime": "2026-09-13T01:22:28Z",
        "correlationId": "66666666-0000-0000-0000-000000000006",
        "originalRequestId": "0f94f5fb-3583-4c46-9bfa-0390c1988800",
        "sessionId": "008b57fa-8d12-7c5c-a000-000000000001",
        "uniqueTokenIdentifier": "-_WUD4M1Rkyb-gOQwZiIAA",
        "userId": "11111111-0000-0000-0000-000000000001",
        "userPrincipalName": "ada@contoso.example",
        "userDisplayName": "Ada",
        "userType": "member",
        "appId": "22222222-0000-0000-0000-000000000002",
        "appDisplayName": "Azure Portal",
        "appOwnerTenantId": "f8cdef31-a31e-4b4a-93e4-5f571e91255a",
        "tokenIssuerName": "http://contoso.example/adfs/services/trust/",
        "resourceId": "00000003-0000-0000-c000-000000000000",
        "resourceDisplayName": "Microsoft Graph",
        "tenantId": "99999999-0000-0000-0000-000000000009",
        "homeTenantId": "99999999-0000-0000-0000-000000000009",
        "resourceTenantId": "99999999-0000-0000-0000-000000000009",
        "ipAddress": "192.0.2.1",
        "autonomousSystemNumber": 3320,
        "location": {"city": "Berlin", "state": "Berlin", "countryOrRegion": "DE",
            "geoCoordinates": {"altitude": null, "latitude": 52.51604, "longitude": 13.37691}},
        "clientAppUsed": "Browser",
        "userAgent": "Mozilla/5.0",
        "deviceDetail": {"deviceId": "44444444-0000-0000-0000-000000000004", "displayName": "ADA-PC",
            "operatingSystem": "Windows10", "browser": "Edge 146.0.0", "isCompliant": true, "isManaged": false,
            "trustType": "Azure AD joined"},
        "incomingTokenType": "primaryRefreshToken",
        "authenticationProtocol": "oAuth2",
        "originalTransferMethod": "none",
        "signInTokenProtectionStatus": "bound",
        "tokenProtectionStatusDetails": {"signInSessionStatus": "bound", "signInSessionStatusCode": 0},
        "status": {"errorCode": 50076, "failureReason": "MFA required", "additionalDetails": "MFA required in Azure AD"},
        "conditionalAccessStatus": "failure",
        "conditionalAccessAudiences": ["00000003-0000-0000-c000-000000000000"],
        "appliedConditionalAccessPolicies": [{"id": "p", "displayName": "MFA", "result": "failure",
            "enforcedGrantControls": ["Mfa"], "enforcedSessionControls": [],
            "conditionsSatisfied": "application,users", "conditionsNotSatisfied": "none"}],
        "authenticationRequirement": "multiFactorAuthentication",
        "authenticationDetails": [{"authenticationStepDateTime": "2026-09-13T01:22:28Z", "authenticationMethod": "Password",
            "authenticationMethodDetail": "Password in the cloud", "succeeded": true,
            "authenticationStepResultDetail": "Correct password", "authenticationStepRequirement": "Primary authentication"}],
        "authenticationProcessingDetails": [{"key": "Oauth Scope Info", "value": "[\"User.Read\"]"}],
        "riskLevelDuringSignIn": "low",
        "riskLevelAggregated": "medium",
        "riskState": "atRisk",
        "riskDetail": "none",
        "riskEventTypes_v2": ["anomalousToken"],
        "processingTimeInMilliseconds": 239,
        "servicePrincipalId": "",
        "servicePrincipalName": null,
        "servicePrincipalCredentialKeyId": "",
        "isInteractive": true,
        "signInEventTypes": ["interactiveUser"],
    })
}

/// What [`whole`] says.
pub(crate) const TOLD: &[(&str, &str)] = &[
    ("time", "2026-09-13T01:22:28.000000Z"),
    ("doubts", "0"),
    ("id", "0f94f5fb-3583-4c46-9bfa-0390c1988800"),
    ("correlation", "66666666-0000-0000-0000-000000000006"),
    ("original", "0f94f5fb-3583-4c46-9bfa-0390c1988800"),
    ("session", "008b57fa-8d12-7c5c-a000-000000000001"),
    ("token", "0f94f5fb-3583-4c46-9bfa-0390c1988800"),
    ("user_id", "11111111-0000-0000-0000-000000000001"),
    ("user", "ada@contoso.example"),
    ("user_display", "Ada"),
    ("user_type", "member"),
    ("app_id", "22222222-0000-0000-0000-000000000002"),
    ("app", "Azure Portal"),
    ("app_owner", "f8cdef31-a31e-4b4a-93e4-5f571e91255a"),
    ("issuer", "http://contoso.example/adfs/services/trust/"),
    ("resource_id", "00000003-0000-0000-c000-000000000000"),
    ("resource", "Microsoft Graph"),
    ("log_tenant", "99999999-0000-0000-0000-000000000009"),
    ("home_tenant", "99999999-0000-0000-0000-000000000009"),
    ("resource_tenant", "99999999-0000-0000-0000-000000000009"),
    ("ip", "192.0.2.1"),
    ("asn", "3320"),
    ("country", "DE"),
    ("state", "Berlin"),
    ("city", "Berlin"),
    ("latitude", "52.516"),
    ("longitude", "13.3769"),
    ("client", "Browser"),
    ("agent", "Mozilla/5.0"),
    ("device_id", "44444444-0000-0000-0000-000000000004"),
    ("device", "ADA-PC"),
    ("system", "Windows10"),
    ("browser", "Edge 146.0.0"),
    ("compliant", "true"),
    ("managed", "false"),
    ("trust", "Azure AD joined"),
    ("incoming", "primaryRefreshToken"),
    ("protocol", "oAuth2"),
    ("transfer", "none"),
    ("protection", "bound"),
    ("code", "50076"),
    ("reason", "MFA required"),
    ("details", "MFA required in Azure AD"),
    ("policy_status", "failure"),
    ("audiences", "00000003-0000-0000-c000-000000000000"),
    (
        "policies",
        r#"[{"id":"p","name":"MFA","result":"failure","grants":["Mfa"],"sessions":[],"satisfied":["application","users"],"missed":[]}]"#,
    ),
    ("requirement", "multiFactorAuthentication"),
    (
        "steps",
        r#"[{"method":"Password","detail":"Password in the cloud","succeeded":"true","result":"Correct password","requirement":"Primary authentication"}]"#,
    ),
    ("processing", r#"[["Oauth Scope Info","[\"User.Read\"]"]]"#),
    ("risk", "low"),
    ("risk_aggregated", "medium"),
    ("risk_state", "atRisk"),
    ("risk_detail", "none"),
    ("risk_events", "anomalousToken"),
    ("latency", "239"),
    ("principal_id", EMPTY),
    ("principal", EMPTY),
    ("credential", EMPTY),
    ("stream", "interactive"),
];

/// [`whole`] as a diagnostic record: types and spellings as Azure Monitor writes them.
pub(crate) fn as_monitor() -> Value {
    let properties = with(
        whole(),
        json!({
            "createdDateTime": "2026-09-13T01:22:28.0000000+00:00", "userType": "Member",
            "appliedConditionalAccessPolicies": [{"id": "p", "displayName": "MFA", "result": "failure",
                "enforcedGrantControls": ["Mfa"], "enforcedSessionControls": [], "conditionsSatisfied": 3,
                "conditionsNotSatisfied": 0}],
            "riskEventTypes": [], "signInEventTypes": ABSENT,
        }),
    );
    json!({
        "time": "2026-09-13T01:30:00.1234567Z", "category": "SignInLogs", "operationName": "Sign-in activity",
        "resourceId": "/tenants/99999999-0000-0000-0000-000000000009/providers/Microsoft.aadiam",
        "tenantId": "99999999-0000-0000-0000-000000000009", "resultType": "50076", "resultDescription": "MFA required",
        "callerIpAddress": "192.0.2.1", "Level": "4", "durationMs": "0", "location": "DE", "properties": properties,
    })
}

/// [`whole`] as a row of SigninLogs; nested columns as objects.
pub(crate) fn as_row() -> Value {
    let graph = whole();
    let mut row = json!({
        "TimeGenerated": "2026-09-13T01:30:00.1234567Z", "Type": "SigninLogs", "Category": "SignInLogs",
        "TenantId": "aaaaaaaa-0000-0000-0000-00000000000a", "SourceSystem": "Azure AD",
        "ResourceId": "/tenants/99999999-0000-0000-0000-000000000009/providers/Microsoft.aadiam",
        "ResultType": "50076", "ResultDescription": "MFA required", "Location": "DE", "DurationMs": "0",
    });
    let renamed = [
        ("resourceId", "ResourceIdentity"),
        ("tenantId", "AADTenantId"),
        ("location", "LocationDetails"),
        ("appliedConditionalAccessPolicies", "ConditionalAccessPolicies"),
        ("riskEventTypes_v2", "RiskEventTypes_V2"),
        ("ipAddress", "IPAddress"),
    ];
    for (key, value) in graph.as_object().unwrap() {
        let name = renamed
            .iter()
            .find(|(known, _)| known == key)
            .map_or_else(|| format!("{}{}", &key[..1].to_uppercase(), &key[1..]), |(_, name)| (*name).to_owned());
        row[name] = value.clone();
    }
    row
}

/// A row as a CSV: nested columns as JSON text, the rest as text.
pub(crate) fn as_csv(row: &Value) -> String {
    let cells: Vec<(String, String)> = row
        .as_object()
        .unwrap()
        .iter()
        .map(|(name, value)| {
            let text = match value {
                Value::String(text) => text.clone(),
                Value::Null => String::new(),
                Value::Bool(truth) => if *truth { "True" } else { "False" }.to_owned(),
                other => other.to_string(),
            };
            (name.clone(), text)
        })
        .collect();
    csv(&cells.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect::<Vec<_>>())
}

#[test]
fn graph_beta_says_everything() {
    for text in [
        whole().to_string(),
        json!([whole()]).to_string(),
        serde_json::to_string_pretty(&json!([whole()])).unwrap(),
        json!({"@odata.context": "https://graph.microsoft.com/beta/$metadata#auditLogs/signIns", "value": [whole()]})
            .to_string(),
    ] {
        let case = read(&[("graph.json", text.as_bytes())]);
        assert_eq!(case.inputs[0].format, "graph-sign-in");
        assert_told(&sign_in(&case), TOLD);
        for mark in ["createdDateTime", "status", "signInEventTypes", "sessionId"] {
            assert!(case.inputs[0].marks.iter().any(|known| known == mark), "{mark}: {:?}", case.inputs[0].marks);
        }
        let is_page = text.starts_with("{\"@odata");
        assert_eq!(case.inputs[0].marks.iter().any(|mark| mark == "@odata.context"), is_page);
    }
}

#[test]
fn graph_v1_says_what_it_has_and_no_more() {
    const KEYS: [&str; 24] = [
        "id",
        "createdDateTime",
        "userDisplayName",
        "userPrincipalName",
        "userId",
        "appId",
        "appDisplayName",
        "ipAddress",
        "clientAppUsed",
        "correlationId",
        "conditionalAccessStatus",
        "appliedConditionalAccessPolicies",
        "isInteractive",
        "riskDetail",
        "riskLevelAggregated",
        "riskLevelDuringSignIn",
        "riskState",
        "riskEventTypes",
        "riskEventTypes_v2",
        "resourceDisplayName",
        "resourceId",
        "status",
        "deviceDetail",
        "location",
    ];
    let mut record = whole();
    record.as_object_mut().unwrap().retain(|key, _| KEYS.contains(&key.as_str()));
    let case = read_json(&[record]);
    assert_eq!(case.inputs[0].format, "graph-sign-in-v1");
    let lacks = [
        "app_owner",
        "issuer",
        "original",
        "session",
        "token",
        "user_type",
        "log_tenant",
        "home_tenant",
        "resource_tenant",
        "asn",
        "agent",
        "incoming",
        "protocol",
        "transfer",
        "protection",
        "audiences",
        "requirement",
        "steps",
        "processing",
        "latency",
        "principal_id",
        "principal",
        "credential",
    ];
    let expected: Vec<(&str, &str)> =
        TOLD.iter().map(|(name, value)| (*name, if lacks.contains(name) { ABSENT } else { *value })).collect();
    assert_told(&sign_in(&case), &expected);
}

#[test]
fn azure_monitor_says_everything() {
    for text in [as_monitor().to_string(), json!({"records": [as_monitor()]}).to_string()] {
        let case = read(&[("PT1H.json", text.as_bytes())]);
        assert_eq!(case.inputs[0].format, "azure-monitor");
        assert_told(&sign_in(&case), TOLD);
        assert!(case.inputs[0].marks.iter().any(|mark| mark == "properties"));
    }
}

#[test]
fn log_analytics_says_everything_as_objects_as_text_and_as_csv() {
    let row = as_row();
    let mut text = row.clone();
    for value in text.as_object_mut().unwrap().values_mut() {
        if !value.is_string() && !value.is_null() {
            *value = json!(value.to_string());
        }
    }
    for case in [read_json(std::slice::from_ref(&row)), read_json(&[text]), read_csv(&as_csv(&row))] {
        assert_eq!(case.inputs[0].format, "log-analytics-sign-in");
        assert_told(&sign_in(&case), TOLD);
    }
}

#[test]
fn a_csv_is_read_with_a_mark_in_utf_16_and_with_other_separators() {
    let text = as_csv(&as_row());
    let utf16 = |order: fn(u16) -> [u8; 2]| -> Vec<u8> {
        std::iter::once(0xFEFF).chain(text.encode_utf16()).flat_map(order).collect()
    };
    let marked = format!("\u{feff}{text}");
    for bytes in [marked.as_bytes(), &utf16(u16::to_le_bytes), &utf16(u16::to_be_bytes)] {
        let case = read(&[("query_data.csv", bytes)]);
        assert_eq!(case.inputs[0].format, "log-analytics-sign-in");
        assert_told(&sign_in(&case), TOLD);
    }
    let semicolons = "CreatedDateTime;Id;ResultType;UserPrincipalName;AppDisplayName\n2026-09-13T01:22:28Z;a;0;ada@contoso.example;Portal\n";
    assert_told(&sign_in(&read_csv(semicolons)), &[("app", "Portal")]);
    // A line for Excel before the header, and PowerShell's.
    for line in ["sep=;\r\n", "SEP=;\n", "#TYPE System.Object\r\n"] {
        let case = read_csv(&format!("{line}{semicolons}"));
        assert_eq!(case.inputs[0].records, 1, "{line}");
        assert_told(&sign_in(&case), &[("app", "Portal")]);
    }
}

fn whole_audit() -> Value {
    json!({
        "id": "Directory_66666666-0000-0000-0000-000000000006_ABCDE_1",
        "activityDateTime": "2026-09-13T01:07:39.3747702Z", "activityDisplayName": "Register device", "category": "Device",
        "correlationId": "66666666-0000-0000-0000-000000000006", "loggedByService": "Device Registration Service",
        "operationType": "Add", "result": "success", "resultReason": "", "userAgent": null,
        "initiatedBy": {"user": {"id": "11111111-0000-0000-0000-000000000001", "displayName": null,
            "userPrincipalName": "ada@contoso.example", "ipAddress": "192.0.2.1"}, "app": null},
        "targetResources": [{"id": "77777777-0000-0000-0000-000000000007", "displayName": "ADA-PC", "type": "Device",
            "userPrincipalName": null, "modifiedProperties": []}],
        "additionalDetails": [{"key": "Device Id", "value": "44444444-0000-0000-0000-000000000004"},
            {"key": "User-Agent", "value": "Dsreg/10.0"}],
    })
}

const AUDIT_TOLD: &[(&str, &str)] = &[
    ("time", "2026-09-13T01:07:39.374770Z"),
    ("id", "Directory_66666666-0000-0000-0000-000000000006_ABCDE_1"),
    ("correlation", "66666666-0000-0000-0000-000000000006"),
    ("operation", "Register device"),
    ("category", "Device"),
    ("service", "Device Registration Service"),
    ("result", "success"),
    ("reason", EMPTY),
    ("user_id", "11111111-0000-0000-0000-000000000001"),
    ("user", "ada@contoso.example"),
    ("principal_id", ABSENT),
    ("ip", "192.0.2.1"),
    (
        "targets",
        r#"[{"kind":"Device","id":"77777777-0000-0000-0000-000000000007","name":"ADA-PC","user":"","changes":[]}]"#,
    ),
    ("details", r#"[["Device Id","44444444-0000-0000-0000-000000000004"],["User-Agent","Dsreg/10.0"]]"#),
    ("agent", "Dsreg/10.0"),
];

fn assert_audit(told: &Told) {
    assert_told(told, AUDIT_TOLD);
}

#[test]
fn a_directory_audit_is_the_same_in_every_format() {
    let graph = whole_audit();
    for text in [graph.to_string(), json!({"value": [graph]}).to_string()] {
        let case = read(&[("audits.json", text.as_bytes())]);
        assert_eq!(case.inputs[0].format, "graph-directory-audit");
        assert_audit(&audit(&case));
    }
    let monitor = json!({
        "time": "2026-09-13T01:15:00.0000000Z", "category": "AuditLogs", "operationName": "Register device",
        "resourceId": "/tenants/9/providers/Microsoft.aadiam", "tenantId": "99999999-0000-0000-0000-000000000009",
        "resultSignature": "None", "durationMs": 0, "level": "Informational",
        "properties": with(graph.clone(), json!({"activityDateTime": "2026-09-13T01:07:39.3747702+00:00"})),
    });
    let case = read_json(&[monitor]);
    assert_eq!(case.inputs[0].format, "azure-monitor");
    assert_audit(&audit(&case));
    assert_eq!(audit(&case)["log_tenant"], "99999999-0000-0000-0000-000000000009");
    let row = json!({
        "TimeGenerated": "2026-09-13T01:15:00Z", "ActivityDateTime": "2026-09-13T01:07:39.3747702Z", "Type": "AuditLogs",
        "TenantId": "aaaaaaaa-0000-0000-0000-00000000000a", "AADTenantId": "99999999-0000-0000-0000-000000000009",
        "Id": graph["id"], "OperationName": "Register device", "Category": "Device",
        "CorrelationId": graph["correlationId"], "LoggedByService": graph["loggedByService"], "Result": "success",
        "ResultReason": "", "InitiatedBy": graph["initiatedBy"], "TargetResources": graph["targetResources"],
        "AdditionalDetails": graph["additionalDetails"], "Identity": "ada@contoso.example",
    });
    for case in [read_json(std::slice::from_ref(&row)), read_csv(&as_csv(&row))] {
        assert_eq!(case.inputs[0].format, "log-analytics-audit");
        assert_audit(&audit(&case));
        assert_eq!(audit(&case)["log_tenant"], "99999999-0000-0000-0000-000000000009");
    }
}

#[test]
fn what_is_no_log_of_ours_is_unknown_with_one_reason() {
    for text in [
        "{\"a\":1}\n{\"b\":2}\n",
        "[1,2,3]",
        "name;age\nAda;36\n",
        "just text",
        "",
        "[]",
        "{\"createdDateTime\":\"2026-09-13T01:22:28Z\"}",
    ] {
        let case = read(&[("a", text.as_bytes())]);
        let input = &case.inputs[0];
        assert_eq!((input.format.as_str(), input.records, input.events), ("unknown", 0, 0), "{text}");
        assert!(input.failure.is_some(), "{text}");
    }
}

#[test]
fn records_of_other_categories_are_counted_by_name() {
    let record = |category: &str| with(as_monitor(), json!({"category": category, "properties": {"id": "a"}}));
    let case = read_json(&[
        record("ProvisioningLogs"),
        record("provisioninglogs"),
        record("B2CRequestLogs"),
        record("=cmd|' /C calc'!A0"),
        record("B2CRequestLogs"),
        as_monitor(),
    ]);
    let other: Vec<(&str, u64)> = case.inputs[0].other.iter().map(|(name, count)| (name.as_str(), *count)).collect();
    assert_eq!(other, [("B2CRequestLogs", 2), ("ProvisioningLogs", 1), ("provisioninglogs", 1), ("unnamed", 1)]);
    assert_eq!(case.inputs[0].events, 1);
    let graph = json!({"id": "r", "riskEventType": "unlikelyTravel", "detectedDateTime": "2026-05-01T10:20:00Z"});
    let case = read_json(&[graph]);
    assert_eq!((case.inputs[0].format.as_str(), case.inputs[0].events), ("graph-risk", 1));
}

#[test]
fn a_call_that_says_how_its_caller_signed_in_is_an_activity() {
    let record = with(
        as_monitor(),
        json!({"category": "MicrosoftGraphActivityLogs", "properties": {"requestId": "req-1", "C_Sid": "S-1",
            "appId": "29d9ed98-a469-4536-ade2-f981bc1d605e", "authenticationProtocol": "deviceCode",
            "userId": "11111111-0000-0000-0000-000000000001"}}),
    );
    let case = read_json(&[record.clone(), record]);
    assert_eq!((case.inputs[0].events, case.inputs[0].duplicates), (1, 1));
    let row = *case.store.activities.get(0).unwrap();
    assert_eq!(row.protocol, signin_sleuth::events::vocabulary::Protocol::DEVICE_CODE);
    assert_eq!(row.id.display(&case.store.texts), "req-1");
    assert_eq!(row.session_id(&case.store).display(&case.store.texts), "S-1");
    assert_eq!(case.store.texts.get(row.category), "MicrosoftGraphActivityLogs");
}
