//! Objects of PowerShell, and what collectors make of Graph's records.

use serde_json::{Value, json};
use signin_sleuth::report::notices;

use crate::support::{ABSENT, EMPTY, assert_told, audit, csv, graph, read, read_csv, read_json, sign_in, with};

/// What `Get-MgBetaAuditLogSignIn | ConvertTo-Json -Depth 10` writes.
fn powershell(members: Value) -> Value {
    with(
        json!({
            "AppDisplayName": "Azure Portal",
            "AppId": "c44b4083-3bb0-49c1-b47d-974e53cbdf3c",
            "AppliedConditionalAccessPolicies": [],
            "AuthenticationProtocol": "none",
            "CorrelationId": "c0ffee00-0000-0000-0000-00000000c0de",
            "CreatedDateTime": "2026-09-13T01:22:28Z",
            "DeviceDetail": {"Browser": "Edge 146.0.0", "DeviceId": "", "IsCompliant": false, "AdditionalProperties": {}},
            "IPAddress": "203.0.113.7",
            "Id": "0f94f5fb-3583-4c46-9bfa-0390c1988800",
            "IncomingTokenType": "refreshToken",
            "Location": {"City": "Berlin", "CountryOrRegion": "DE", "State": "Berlin",
                         "GeoCoordinates": {"Altitude": null, "Latitude": 52.5, "Longitude": 13.4}},
            "RiskEventTypesV2": ["unfamiliarFeatures"],
            "SessionId": "008b57fa-8d12-7c5c-a000-000000000001",
            "SignInEventTypes": ["nonInteractiveUser"],
            "Status": {"AdditionalDetails": null, "ErrorCode": 50126, "FailureReason": "Wrong", "AdditionalProperties": {}},
            "UserId": "11111111-0000-0000-0000-000000000001",
            "UserPrincipalName": "ada@contoso.example",
            "AdditionalProperties": {},
        }),
        members,
    )
}

#[test]
fn trap_14_objects_of_powershell_in_pascal_case() {
    let case = read_json(&[powershell(json!({}))]);
    assert_eq!(case.inputs[0].format, "powershell-sign-in");
    let expected = [
        ("session", "008b57fa-8d12-7c5c-a000-000000000001"),
        ("incoming", "refreshToken"),
        ("stream", "non-interactive"),
        ("code", "50126"),
        ("city", "Berlin"),
        ("latitude", "52.5"),
        ("browser", "Edge 146.0.0"),
        ("device_id", EMPTY),
        ("compliant", "false"),
        ("ip", "203.0.113.7"),
        ("risk_events", "unfamiliarFeatures"),
    ];
    assert_told(&sign_in(&case), &expected);
}

#[test]
fn trap_14_what_the_module_does_not_know_is_under_additional_properties() {
    let case = read_json(&[powershell(json!({
        "SessionId": ABSENT, "IncomingTokenType": null, "AuthenticationProtocol": ABSENT,
        "AdditionalProperties": {
            "sessionId": "008b57fa-8d12-7c5c-a000-000000000001",
            "incomingTokenType": "primaryRefreshToken",
            "authenticationProtocol": "deviceCode",
            "originalTransferMethod": "deviceCodeFlow",
        },
    }))]);
    let expected = [
        ("session", "008b57fa-8d12-7c5c-a000-000000000001"),
        ("incoming", "primaryRefreshToken"),
        ("protocol", "deviceCode"),
        ("transfer", "deviceCodeFlow"),
    ];
    assert_told(&sign_in(&case), &expected);
}

#[test]
fn trap_01_and_14_the_module_without_beta_is_version_1() {
    let case = read_json(&[powershell(json!({
        "SessionId": ABSENT, "IncomingTokenType": ABSENT, "AuthenticationProtocol": ABSENT, "SignInEventTypes": ABSENT,
        "IsInteractive": true,
    }))]);
    assert_eq!(case.inputs[0].format, "powershell-sign-in-v1");
    assert!(notices(&case).iter().any(|notice| notice.kind == "version-1"));
    assert_told(&sign_in(&case), &[("session", ABSENT), ("incoming", ABSENT), ("stream", "interactive")]);
}

#[test]
fn trap_14_export_csv_writes_types_in_place_of_values() {
    let text = csv(&[
        ("AdditionalProperties", "System.Collections.Generic.Dictionary`2[System.String,System.Object]"),
        ("AppDisplayName", "Azure Portal"),
        ("AppliedConditionalAccessPolicies", "System.Object[]"),
        ("CreatedDateTime", "6/18/2023 12:26:59 PM"),
        ("DeviceDetail", "Microsoft.Graph.PowerShell.Models.MicrosoftGraphDeviceDetail"),
        ("IPAddress", "203.0.113.7"),
        ("Id", "0f94f5fb-3583-4c46-9bfa-0390c1988800"),
        ("Location", "Microsoft.Graph.PowerShell.Models.MicrosoftGraphSignInLocation"),
        ("RiskEventTypesV2", "System.String[]"),
        ("Status", "Microsoft.Graph.PowerShell.Models.MicrosoftGraphSignInStatus"),
        ("UserPrincipalName", "ada@contoso.example"),
    ]);
    let case = read_csv(&text);
    assert_eq!(case.inputs[0].format, "powershell-sign-in-v1");
    let lost: Vec<&str> = case.inputs[0].flattened.keys().copied().collect();
    assert_eq!(lost, ["conditional_access_policies", "device_detail", "location", "risk_event_types", "status"]);
    assert!(notices(&case).iter().any(|notice| notice.kind == "flattened"));
    let expected = [
        ("user", "ada@contoso.example"),
        ("ip", "203.0.113.7"),
        ("time", "2023-06-18T12:26:59.000000Z"),
        ("code", ABSENT),
        ("browser", ABSENT),
        ("country", ABSENT),
        ("policies", ABSENT),
        // The zone is not said, nor the stream.
        ("doubts", "3"),
    ];
    assert_told(&sign_in(&case), &expected);
}

#[test]
fn trap_14_values_beyond_the_depth_of_convert_to_json() {
    let case = read_json(&[powershell(json!({
        "CreatedDateTime": "/Date(1789262548000)/",
        "DeviceDetail": "@{Browser=Edge; DeviceId=}",
        "AppliedConditionalAccessPolicies": "System.Object[]",
    }))]);
    assert_eq!(case.inputs[0].flattened.len(), 2);
    assert_told(&sign_in(&case), &[("time", "2026-09-13T01:22:28.000000Z"), ("browser", ABSENT), ("code", "50126")]);
}

#[test]
fn directory_audits_of_powershell() {
    let record = json!({
        "ActivityDateTime": "2026-09-13T01:22:28Z", "ActivityDisplayName": "Consent to application",
        "AdditionalDetails": [{"Key": "User-Agent", "Value": "EvoSTS"}], "Category": "ApplicationManagement",
        "CorrelationId": "c0ffee00-0000-0000-0000-00000000c0de", "Id": "Directory_1_A",
        "InitiatedBy": {"App": {"AppId": null, "DisplayName": null},
                        "User": {"Id": "11111111-0000-0000-0000-000000000001", "IPAddress": "203.0.113.7",
                                 "UserPrincipalName": "Ada@contoso.example"}},
        "LoggedByService": "Core Directory", "Result": "success",
        "TargetResources": [{"DisplayName": "App", "Id": "22222222-0000-0000-0000-000000000002", "Type": "ServicePrincipal",
            "ModifiedProperties": [{"DisplayName": "ConsentContext.IsAdminConsent", "NewValue": "\"False\"", "OldValue": null}]}],
        "AdditionalProperties": {},
    });
    let case = read_json(&[record]);
    assert_eq!(case.inputs[0].format, "powershell-directory-audit");
    let targets = r#"[{"kind":"ServicePrincipal","id":"22222222-0000-0000-0000-000000000002","name":"App","user":"","changes":[["ConsentContext.IsAdminConsent","","False"]]}]"#;
    let expected = [("user", "ada@contoso.example"), ("ip", "203.0.113.7"), ("agent", "EvoSTS"), ("targets", targets)];
    assert_told(&audit(&case), &expected);
}

#[test]
fn provisioning_is_known_and_not_used_and_says_so() {
    let case =
        read_json(&[json!({"id": "1", "provisioningAction": "create", "activityDateTime": "2026-09-13T01:22:28Z"})]);
    assert_eq!(case.inputs[0].other.get("provisioning"), Some(&1));
    let notice = notices(&case).into_iter().find(|notice| notice.kind == "not-used").expect("a notice");
    assert!(notice.text.contains("1 of provisioning"), "{}", notice.text);
}

#[test]
fn trap_13_files_of_collectors_that_append_page_to_page() {
    let record = |number: u32| graph(json!({"id": format!("0f94f5fb-0000-0000-0000-{number:012}")}));
    let pretty = |number: u32| serde_json::to_string_pretty(&record(number)).unwrap();
    let [one, two, three] = [1, 2, 3].map(|number| record(number).to_string());
    for (tool, text) in [
        // Microsoft-Extractor-Suite: pages of one second in one file, a page of one record, a merge.
        ("two pages in one file", format!("[{one},{two}]\r\n[{three}]\r\n")),
        ("a page of one record", format!("\u{feff}[\r\n{one},\r\n{two}\r\n]\r\n{three}\r\n")),
        ("merged without its brackets", format!("[\n{one}\n]\n[\n{two},\n{three}\n]")),
        ("merged, a mark in the middle", format!("[{one},\n{two}\n]\n\u{feff}[\n{three}\n]\n")),
        ("for SOF-ELK", format!("{one}\n{two}\n{three}\n")),
        // Untitled Goose Tool: one a line, whatever the name says; DFIR-O365RC: arrays, indented.
        ("goose", format!("{one}\n{two}\n\n{three}")),
        ("dfir-o365rc", format!("\u{feff}[\r\n{},\r\n{}\r\n][\r\n{}\r\n]", pretty(1), pretty(2), pretty(3))),
    ] {
        let case = read(&[("SignInLogs-Combined.json", text.as_bytes())]);
        let input = &case.inputs[0];
        assert_eq!((input.format.as_str(), input.records, input.events), ("graph-sign-in", 3, 3), "{tool}: {input:?}");
        let wide: Vec<u8> = [0xff, 0xfe].into_iter().chain(text.encode_utf16().flat_map(u16::to_le_bytes)).collect();
        assert_eq!(read(&[("a.json", &wide)]).inputs[0].events, 3, "{tool}, as UTF-16");
    }
}

#[test]
fn hawks_xml_is_told_by_its_first_bytes_in_any_encoding() {
    let text = "<Objs Version=\"1.1.0.1\"><Obj RefId=\"0\"></Obj></Objs>";
    let wide: Vec<u8> = [0xff, 0xfe].into_iter().chain(text.encode_utf16().flat_map(u16::to_le_bytes)).collect();
    for bytes in [text.as_bytes().to_vec(), format!("\u{feff}{text}").into_bytes(), wide] {
        let case = read(&[("Entra_Sign_In_Log_ada.xml", &bytes)]);
        let input = &case.inputs[0];
        let reason = input.failure.clone().unwrap_or_default();
        assert!(input.format == "unknown" && reason.contains("Export-Clixml"), "{reason}");
    }
}

#[test]
fn risk_as_microsoft_extractor_suite_writes_it() {
    let detection = csv(&[
        ("Activity", "signin"),
        ("ActivityDateTime", "2026-09-13T01:22:28Z"),
        ("AdditionalInfo", r#"[{"Key":"userAgent","Value":"axios/1.7"}]"#),
        ("CorrelationId", "c0ffee00-0000-0000-0000-00000000c0de"),
        ("DetectedDateTime", "2026-09-13T01:25:00Z"),
        ("IPAddress", "203.0.113.7"),
        ("Id", "0f94f5fb-3583-4c46-9bfa-0390c1988899"),
        ("LastUpdatedDateTime", "2026-09-13T01:26:00Z"),
        ("City", "Berlin"),
        ("CountryOrRegion", "DE"),
        ("State", "Berlin"),
        ("RequestId", "0f94f5fb-3583-4c46-9bfa-0390c1988800"),
        ("RiskDetail", "none"),
        ("RiskEventType", "anomalousToken"),
        ("RiskLevel", "high"),
        ("RiskState", "atRisk"),
        ("DetectionTimingType", "offline"),
        ("Source", "IdentityProtection"),
        ("TokenIssuerType", "AzureAD"),
        ("UserDisplayName", "Ada"),
        ("UserId", "11111111-0000-0000-0000-000000000001"),
        ("UserPrincipalName", "ada@contoso.example"),
        ("AdditionalProperties", ""),
    ]);
    let state = csv(&[
        ("Id", "11111111-0000-0000-0000-000000000001"),
        ("IsDeleted", "False"),
        ("IsProcessing", "False"),
        ("RiskDetail", "none"),
        ("RiskLastUpdatedDateTime", "2026-09-13T01:26:00Z"),
        ("RiskLevel", "high"),
        ("RiskState", "atRisk"),
        ("UserDisplayName", "Ada"),
        ("UserPrincipalName", "ada@contoso.example"),
        ("AdditionalProperties", ""),
    ]);
    let case = read(&[("a-RiskyDetections.csv", detection.as_bytes()), ("b-RiskyUsers.csv", state.as_bytes())]);
    assert_eq!(case.inputs.iter().map(|input| input.format.as_str()).collect::<Vec<_>>(), ["graph-risk", "graph-risk"]);
    assert_eq!(case.store.risk_events.len(), 2);
    let (store, row) = (&case.store, case.store.risk_event(0).unwrap());
    assert_eq!(store.texts.get(row.kind), "anomalousToken");
    assert_eq!(row.request.display(&store.texts), "0f94f5fb-3583-4c46-9bfa-0390c1988800");
    assert_eq!(store.texts.get(store.location(row.location).city), "Berlin");
    assert!(store.risk_event(1).unwrap().is_state());
}

#[test]
fn the_analyzer_suites_own_sign_ins() {
    let text = csv(&[
        ("Id", "0f94f5fb-3583-4c46-9bfa-0390c1988800"),
        ("CreatedDateTime", "2026-09-13 01:22:28"),
        ("UserPrincipalName", "ada@contoso.example"),
        ("AppDisplayName", "Azure Portal"),
        ("AppId", "c44b4083-3bb0-49c1-b47d-974e53cbdf3c"),
        ("IsInteractive", "False"),
        ("IpAddress", "203.0.113.7"),
        ("ASN", "AS3320"),
        ("City", "Berlin"),
        ("State", "Berlin"),
        ("CountryOrRegion", "DE"),
        ("Latitude", "52,5"),
        ("Longitude", "13.4"),
        ("ErrorCode", "50199"),
        ("FailureReason", "Confirm"),
        ("AdditionalDetails", ""),
        ("Is CAE Token", "False"),
        ("Oauth Scope Info", r#"["User.Read","adrs_access"]"#),
        ("IncomingTokenType", "primaryRefreshToken"),
        ("OriginalTransferMethod", "deviceCodeFlow"),
        ("SessionId", "008b57fa-8d12-7c5c-a000-000000000001"),
        ("SignInEventTypes", "nonInteractiveUser"),
        ("DeviceId", ""),
        ("DisplayName", "PC-1"),
        ("TrustType", "Azure AD joined"),
        ("IsCompliant", "True"),
    ]);
    let case = read_csv(&text);
    assert_eq!(case.inputs[0].format, "analyzer-suite-sign-in-csv");
    let expected = [
        ("time", "2026-09-13T01:22:28.000000Z"),
        ("doubts", "0"),
        ("stream", "non-interactive"),
        ("asn", "3320"),
        ("city", "Berlin"),
        ("latitude", "52.5"),
        ("longitude", "13.4"),
        ("code", "50199"),
        ("device", "PC-1"),
        ("compliant", "true"),
        ("managed", ABSENT),
        ("transfer", "deviceCodeFlow"),
        ("processing", r#"[["Is CAE Token","False"],["Oauth Scope Info","[\"User.Read\",\"adrs_access\"]"]]"#),
        ("policies", ABSENT),
    ];
    assert_told(&sign_in(&case), &expected);
}

#[test]
fn the_analyzer_suites_own_audit_events() {
    let text = csv(&[
        ("ActivityDateTime", "2026-09-13 01:22:28"),
        ("InitiatedBy", "Ada@contoso.example"),
        ("TargetResources", "grace@contoso.example"),
        ("UserId", "11111111-0000-0000-0000-000000000001"),
        ("LoggedByService", "Core Directory"),
        ("Category", "UserManagement"),
        ("ActivityDisplayName", "Update user"),
        ("OperationType", "Update"),
        ("Result", "success"),
        ("IPAddress", "203.0.113.7"),
        ("Target1DisplayName", "Grace"),
        ("Target1Id", "11111111-0000-0000-0000-000000000002"),
        ("Target1Type", "User"),
        ("Target1ModifiedProperty1Name", "AccountEnabled"),
        ("Target1ModifiedProperty1OldValue", "true"),
        ("Target1ModifiedProperty1NewValue", "false"),
        ("Target1UserPrincipalName", "grace@contoso.example"),
        ("DeviceId", "44444444-0000-0000-0000-000000000004"),
        ("CorrelationId", "c0ffee00-0000-0000-0000-00000000c0de"),
        ("Id", "Directory_1_A"),
    ]);
    let case = read_csv(&text);
    assert_eq!(case.inputs[0].format, "analyzer-suite-audit-csv");
    let targets = r#"[{"kind":"User","id":"11111111-0000-0000-0000-000000000002","name":"Grace","user":"grace@contoso.example","changes":[["AccountEnabled","true","false"]]}]"#;
    let expected = [
        ("id", "Directory_1_A"),
        ("user", "ada@contoso.example"),
        ("ip", "203.0.113.7"),
        ("targets", targets),
        ("details", r#"[["DeviceId","44444444-0000-0000-0000-000000000004"]]"#),
    ];
    assert_told(&audit(&case), &expected);
}

#[test]
fn the_table_that_scripts_make_degrades_and_says_what_is_in_doubt() {
    let row = |status: &str, time: &str| {
        csv(&[
            ("CreatedDateTime", time),
            ("UserPrincipalName", "ada@contoso.example"),
            ("UserDisplayName", "Ada"),
            ("AppDisplayName", "Office"),
            ("IPAddress", "203.0.113.7"),
            ("City", "Berlin"),
            ("Country", "DE"),
            ("Device", "PC-1"),
            ("Browser", "Edge"),
            ("OS", "Windows"),
            ("Status", status),
            ("ConditionalAccessStatus", "notApplied"),
        ])
    };
    for (status, code) in [
        ("Success", "0"),
        ("50126", "50126"),
        ("0", "0"),
        ("Failure", EMPTY),
        ("Microsoft.Graph.PowerShell.Models.MicrosoftGraphSignInStatus", ABSENT),
    ] {
        let case = read_csv(&row(status, "3/12/2025 7:22:01 AM"));
        assert_eq!(case.inputs[0].format, "script-sign-in-csv");
        // Neither zone, nor order of day and month, nor stream is said.
        let expected = [("code", code), ("doubts", "7"), ("city", "Berlin"), ("country", "DE"), ("session", ABSENT)];
        assert_told(&sign_in(&case), &expected);
        let kinds: Vec<&str> = notices(&case).into_iter().map(|notice| notice.kind.name()).collect();
        assert!(kinds.contains(&"day-order") && kinds.contains(&"no-zone"), "{kinds:?}");
    }
    assert_told(&sign_in(&read_csv(&row("Success", "13/12/2025 7:22:01"))), &[("doubts", "3")]);
}
