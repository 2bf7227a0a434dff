//! Exports of a search in Splunk without `_raw`: the fields of the record as columns.

use serde_json::{Map, Value, json};

use crate::support::{ABSENT, EMPTY, assert_told, audit, csv, graph, monitor, read_csv, read_json, sign_in};

/// The members of a record as columns of Splunk: steps by dots, lists by `{}`.
fn columns(value: &Value, name: &str, found: &mut Map<String, Value>) {
    match value {
        Value::Object(map) => {
            for (key, inner) in map {
                let name = if name.is_empty() { key.clone() } else { format!("{name}.{key}") };
                columns(inner, &name, found);
            }
        }
        Value::Array(list) => list.iter().for_each(|entry| columns(entry, &format!("{name}{{}}"), found)),
        leaf => {
            let text = leaf.as_str().map_or_else(|| leaf.to_string(), str::to_owned);
            let held = match found.remove(name) {
                None => json!(text),
                Some(Value::Array(mut list)) => {
                    list.push(json!(text));
                    Value::Array(list)
                }
                Some(one) => json!([one, text]),
            };
            found.insert(name.to_owned(), held);
        }
    }
}

pub(crate) fn extracted(record: &Value) -> Map<String, Value> {
    let mut found = Map::new();
    columns(record, "", &mut found);
    found
}

/// The same as a row of a CSV: several values stand in lines.
fn table(fields: &Map<String, Value>) -> String {
    let cells: Vec<(&str, String)> = fields
        .iter()
        .map(|(name, value)| match value {
            Value::Array(list) => {
                let lines: Vec<&str> = list.iter().filter_map(Value::as_str).collect();
                (name.as_str(), lines.join("\n"))
            }
            value => (name.as_str(), value.as_str().unwrap_or_default().to_owned()),
        })
        .collect();
    csv(&cells.iter().map(|(name, cell)| (*name, cell.as_str())).collect::<Vec<_>>())
}

fn details() -> Value {
    json!({
        "sessionId": "008b57fa-8d12-7c5c-8d3a-000000000001",
        "incomingTokenType": "primaryRefreshToken",
        "ipAddress": "203.0.113.7",
        "userAgent": "Mozilla/5.0",
        "location": {"city": "Lyon", "state": "Rhone", "countryOrRegion": "FR",
            "geoCoordinates": {"latitude": 45.75, "longitude": 4.85}},
        "status": {"errorCode": 50126, "failureReason": "Invalid password", "additionalDetails": "none at all"},
        "deviceDetail": {"deviceId": "33333333-0000-0000-0000-000000000003", "displayName": "LAPTOP",
            "operatingSystem": "Windows10", "browser": "Edge 146", "trustType": "Azure AD joined",
            "isCompliant": true, "isManaged": false},
        "tokenProtectionStatusDetails": {"signInSessionStatus": "bound", "signInSessionStatusCode": 0},
        "authenticationDetails": [
            {"authenticationMethod": "Password", "succeeded": true, "authenticationStepResultDetail": "Correct password"},
            {"authenticationMethod": "Text message", "succeeded": false, "authenticationStepResultDetail": "MFA denied"}],
        "authenticationProcessingDetails": [{"key": "Is CAE Token", "value": "False"},
            {"key": "Oauth Scope Info", "value": "[\"User.Read\"]"}],
        "appliedConditionalAccessPolicies": [
            {"id": "p1", "displayName": "Block legacy", "result": "notApplied", "conditionsSatisfied": 19},
            {"id": "p2", "displayName": "MFA", "result": "success", "conditionsSatisfied": 3}],
        "riskEventTypes_v2": ["anonymizedIPAddress", "unfamiliarFeatures"],
    })
}

#[test]
fn a_record_of_azure_monitor_is_put_together_again() {
    let record = monitor(details());
    let alone = sign_in(&read_json(std::slice::from_ref(&record)));
    let fields = extracted(&record);
    assert!(fields.contains_key("properties.authenticationDetails{}.succeeded"), "{fields:?}");
    for case in [
        read_json(&[json!({"preview": false, "offset": 0, "result": fields})]),
        read_json(&[json!({"preview": false, "results": [fields]})]),
        read_json(&[Value::Object(fields.clone())]),
        read_csv(&table(&fields)),
    ] {
        assert_eq!(case.inputs[0].format, "splunk-azure-monitor");
        assert_eq!(sign_in(&case), alone);
    }
}

#[test]
fn the_raw_record_is_preferred() {
    let record = monitor(details());
    let mut fields = extracted(&record);
    fields.insert("properties.sessionId".to_owned(), json!("another"));
    fields.insert("_raw".to_owned(), json!(record.to_string()));
    let case = read_csv(&table(&fields));
    assert_eq!((case.inputs[0].format.as_str(), sign_in(&case)), ("azure-monitor", sign_in(&read_json(&[record]))));
}

#[test]
fn a_table_of_chosen_fields_is_read_with_the_time_of_the_search() {
    for (time, expected, doubts) in [
        ("2026-09-13T03:22:28.123+0200", "2026-09-13T01:22:28.123000Z", true),
        ("1789262548.123", "2026-09-13T01:22:28.123000Z", true),
        ("2026-09-13 03:22:28.123 CEST", "", false),
    ] {
        let text = csv(&[
            ("_time", time),
            ("category", "SignInLogs"),
            ("properties.userPrincipalName", "ada@contoso.example"),
            ("properties.ipAddress", "203.0.113.7"),
            ("properties.status.errorCode", "0"),
        ]);
        let case = read_csv(&text);
        if doubts {
            let told = sign_in(&case);
            assert_eq!((told["time"].as_str(), told["code"].as_str()), (expected, "0"), "{time}");
        } else {
            let failure = case.inputs[0].failure.as_deref();
            assert_eq!(failure, Some("it has no time that can be read"), "a zone by its name is not known");
        }
    }
}

#[test]
fn records_of_graph_are_put_together_again() {
    let record = graph(details());
    let alone = sign_in(&read_json(std::slice::from_ref(&record)));
    let fields = extracted(&record);
    for case in [read_json(&[json!({"result": fields})]), read_csv(&table(&fields))] {
        assert_eq!(case.inputs[0].format, "splunk-graph-sign-in");
        assert_eq!(sign_in(&case), alone);
    }
}

#[test]
fn audit_events_are_put_together_again() {
    let properties = json!({
        "id": "Directory_1", "activityDateTime": "2026-09-13T01:59:00.5Z", "activityDisplayName": "Add device",
        "category": "Device", "correlationId": "55555555-0000-0000-0000-000000000005",
        "loggedByService": "Core Directory", "result": "success",
        "initiatedBy": {"user": {"id": "11111111-0000-0000-0000-000000000001", "displayName": "Ada",
            "userPrincipalName": "ada@contoso.example", "ipAddress": "203.0.113.7"}},
        "targetResources": [{"id": "44444444-0000-0000-0000-000000000004", "displayName": "LAPTOP", "type": "Device",
            "modifiedProperties": [{"displayName": "DeviceOSType", "oldValue": "[]", "newValue": "[\"Windows\"]"},
                {"displayName": "DeviceTrustType", "oldValue": "[]", "newValue": "[\"Workplace\"]"}]}],
        "additionalDetails": [{"key": "Device Id", "value": "d1"}, {"key": "User-Agent", "value": "Dsreg/10.0"}],
    });
    let monitored = json!({"time": "2026-09-13T02:00:00Z", "category": "AuditLogs", "operationName": "Add device",
        "tenantId": "99999999-0000-0000-0000-000000000009", "properties": properties});
    for (record, format) in [(monitored, "splunk-azure-monitor"), (properties.clone(), "splunk-directory-audit")] {
        let alone = audit(&read_json(std::slice::from_ref(&record)));
        assert!(alone["targets"].contains("Workplace") && alone["agent"] == "Dsreg/10.0", "{alone:?}");
        let fields = extracted(&record);
        for case in [read_json(&[json!({"result": fields})]), read_csv(&table(&fields))] {
            assert_eq!(case.inputs[0].format, format);
            assert_eq!(audit(&case), alone);
        }
    }
}

#[test]
fn the_first_source_types_of_sign_ins_and_audits_are_read() {
    let signed_in = json!({"id": "0f94f5fb-3583-4c46-9bfa-0390c1988800", "signinDateTime": "2018-08-20T11:32:53.1234567Z",
        "signinDateTimeInMillis": 1_534_764_773_123_u64, "userId": "11111111-0000-0000-0000-000000000001",
        "userPrincipalName": "Ada@contoso.example", "userDisplayName": "Ada", "appId": "22222222-0000-0000-0000-000000000002",
        "appDisplayName": "Azure Portal", "ipAddress": "203.0.113.7", "loginStatus": "Failure", "signinErrorCode": 50126,
        "failureReason": "Wrong.", "mfaRequired": false, "mfaAuthMethod": null, "mfaAuthDetail": null, "mfaResult": null,
        "geoCoordinates": {"city": "Lyon", "state": "Rhone", "country": "FR"},
        "deviceInformation": "PC-1;Windows 10;Chrome 68.0.3440;", "tenantId": "99999999-0000-0000-0000-000000000009"});
    let went_well = json!({"id": "0f94f5fb-3583-4c46-9bfa-0390c1988801", "signinDateTime": "2018-08-20T11:33:53Z",
        "userPrincipalName": "ada@contoso.example", "loginStatus": "Success", "deviceInformation": ";Ios;;"});
    // As Splunk exports it: the record as it came in, beside what Splunk made of it.
    let raw = json!({"preview": false, "result": {"_raw": signed_in.to_string(), "sourcetype": "ms:aad:signin"}});
    let case = read_json(&[raw]);
    assert_eq!(case.inputs[0].format, "azure-ad-graph-sign-in");
    assert_told(
        &sign_in(&case),
        &[
            ("time", "2018-08-20T11:32:53.123456Z"),
            ("user", "ada@contoso.example"),
            ("app", "Azure Portal"),
            ("ip", "203.0.113.7"),
            ("code", "50126"),
            ("reason", "Wrong."),
            ("country", "FR"),
            ("city", "Lyon"),
            ("device", "PC-1"),
            ("system", "Windows 10"),
            ("browser", "Chrome 68.0.3440"),
            ("log_tenant", "99999999-0000-0000-0000-000000000009"),
            ("session", ABSENT),
            ("doubts", "1"),
        ],
    );
    let told = sign_in(&read_json(&[went_well]));
    assert_told(&told, &[("code", "0"), ("system", "Ios"), ("device", EMPTY), ("browser", EMPTY)]);
    let acted = json!({"id": "Directory_1", "activityDate": "2018-08-20T11:35:00Z", "activity": "Add member to role",
        "activityType": "Role", "category": "Core Directory", "activityOperationType": "Assign",
        "activityResultStatus": "Success", "activityResultDescription": "None", "correlationId": "c0ffee00-0000-0000-0000-00000000c0de",
        "actorType": "User", "actor": {"objectId": "11111111-0000-0000-0000-000000000001", "name": "Ada",
            "userPrincipalName": "ada@contoso.example", "ipAddress": "203.0.113.7", "servicePrincipalName": null},
        "additionalDetails": [], "targets": [{"objectId": "44444444-0000-0000-0000-000000000004", "name": "Bob",
            "targetResourceType": "User", "userPrincipalName": "bob@contoso.example",
            "modifiedProperties": [{"name": "Role.DisplayName", "oldValue": null, "newValue": "\"Global Administrator\""}]}]});
    let case = read_json(&[acted]);
    assert_eq!(case.inputs[0].format, "azure-ad-graph-audit");
    let targets = r#"[{"kind":"User","id":"44444444-0000-0000-0000-000000000004","name":"Bob","user":"bob@contoso.example","changes":[["Role.DisplayName","","Global Administrator"]]}]"#;
    assert_told(
        &audit(&case),
        &[
            ("operation", "Add member to role"),
            ("result", "success"),
            ("user", "ada@contoso.example"),
            ("user_id", "11111111-0000-0000-0000-000000000001"),
            ("ip", "203.0.113.7"),
            ("targets", targets),
        ],
    );
}
