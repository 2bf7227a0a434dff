//! Traps that lie in the values of a record, whatever file it is in.

use serde_json::json;

use crate::support::{
    ABSENT, EMPTY, assert_told, audit, csv, graph, monitor, read, read_csv, read_json, sign_in, sign_ins, with,
};

#[test]
fn trap_01_version_1_0_is_told_from_beta_and_lacks_what_it_lacks() {
    let v1 = with(graph(json!({"isInteractive": true})), json!({"signInEventTypes": ABSENT}));
    let case = read_json(&[v1]);
    assert_eq!(case.inputs[0].format, "graph-sign-in-v1");
    assert_told(
        &sign_in(&case),
        &[
            ("session", ABSENT),
            ("incoming", ABSENT),
            ("protocol", ABSENT),
            ("transfer", ABSENT),
            ("token", ABSENT),
            ("agent", ABSENT),
            ("asn", ABSENT),
            ("home_tenant", ABSENT),
            ("steps", ABSENT),
            ("processing", ABSENT),
            ("stream", "interactive"),
        ],
    );
    let beta = read_json(&[graph(json!({"sessionId": null}))]);
    assert_eq!(beta.inputs[0].format, "graph-sign-in");
    assert_told(&sign_in(&beta), &[("session", EMPTY), ("incoming", ABSENT)]);
}

#[test]
fn trap_02_a_device_code_sign_in_whose_protocol_says_none() {
    let case = read_json(&[graph(json!({
        "authenticationProtocol": "none", "originalTransferMethod": "deviceCodeFlow", "incomingTokenType": "none",
    }))]);
    assert_told(&sign_in(&case), &[("protocol", "none"), ("transfer", "deviceCodeFlow"), ("incoming", "none")]);
    let case = read_json(&[monitor(json!({"authenticationProtocol": "ropc"}))]);
    assert_told(&sign_in(&case), &[("protocol", "ropc")]);
}

#[test]
fn trap_03_absent_empty_and_value_are_three_states() {
    let state = |members| sign_in(&read_json(&[graph(members)]));
    for (name, key, value, said) in [
        ("session", "sessionId", json!("008b57fa-8d12-7c5c-a000-000000000001"), "008b57fa-8d12-7c5c-a000-000000000001"),
        ("incoming", "incomingTokenType", json!("refreshToken"), "refreshToken"),
        ("protocol", "authenticationProtocol", json!("oAuth2"), "oAuth2"),
        ("transfer", "originalTransferMethod", json!("none"), "none"),
        ("token", "uniqueTokenIdentifier", json!("-_WUD4M1Rkyb-gOQwZiIAA"), "0f94f5fb-3583-4c46-9bfa-0390c1988800"),
        ("protection", "signInTokenProtectionStatus", json!("bound"), "bound"),
        ("agent", "userAgent", json!("curl/8.5"), "curl/8.5"),
        ("asn", "autonomousSystemNumber", json!(3320), "3320"),
        ("policy_status", "conditionalAccessStatus", json!("notApplied"), "notApplied"),
        ("requirement", "authenticationRequirement", json!("multiFactorAuthentication"), "multiFactorAuthentication"),
        ("client", "clientAppUsed", json!("Browser"), "Browser"),
        ("latency", "processingTimeInMilliseconds", json!(72), "72"),
        ("audiences", "conditionalAccessAudiences", json!(["a"]), "a"),
        ("risk", "riskLevelDuringSignIn", json!("none"), "none"),
        ("risk_events", "riskEventTypes_v2", json!(["anomalousToken"]), "anomalousToken"),
        ("user_type", "userType", json!("member"), "member"),
        (
            "home_tenant",
            "homeTenantId",
            json!("99999999-0000-0000-0000-000000000009"),
            "99999999-0000-0000-0000-000000000009",
        ),
    ] {
        assert_eq!(state(json!({}))[name], ABSENT, "{key} absent");
        assert_eq!(state(json!({key: null}))[name], EMPTY, "{key} null");
        assert_eq!(state(json!({key: ""}))[name], EMPTY, "{key} blank");
        assert_eq!(state(json!({key: value}))[name], said, "{key}");
    }
}

#[test]
fn trap_03_a_refresh_token_that_a_header_kept_back_is_a_token_of_unknown_kind() {
    let case = read_json(&[graph(json!({"incomingTokenType": "unknownFutureValue"}))]);
    assert_told(&sign_in(&case), &[("incoming", "unknown")]);
    let (store, row) = (&case.store, case.store.sign_in(0).unwrap());
    assert!(row.incoming.is_token() && !row.incoming.is_none());
    assert_eq!(store.sign_ins.len(), 1);
}

#[test]
fn trap_03_incoming_token_types_come_as_a_list_of_flags() {
    let case = read_json(&[graph(json!({"incomingTokenType": "primaryRefreshToken,saml11"}))]);
    assert_told(&sign_in(&case), &[("incoming", "primaryRefreshToken,saml11")]);
}

#[test]
fn trap_10_the_time_is_that_of_the_event_not_of_its_writing() {
    assert_told(
        &sign_in(&read_json(&[monitor(json!({}))])),
        &[("time", "2026-09-13T01:22:28.123456Z"), ("doubts", "0")],
    );
    let written = monitor(json!({"createdDateTime": ABSENT}));
    // Written time stands in, and is a doubt.
    assert_told(&sign_in(&read_json(&[written])), &[("time", "2026-09-13T01:34:40.123456Z"), ("doubts", "8")]);
}

#[test]
fn trap_11_conditions_come_as_words_and_as_bits() {
    let policy = |satisfied: serde_json::Value, missed: serde_json::Value| {
        json!([{"id": "p", "displayName": "MFA", "result": "success", "enforcedGrantControls": ["Mfa"],
                "enforcedSessionControls": [], "conditionsSatisfied": satisfied, "conditionsNotSatisfied": missed}])
    };
    let words = json!({"appliedConditionalAccessPolicies": policy(json!("application,users"), json!("none"))});
    let bits = json!({"appliedConditionalAccessPolicies": policy(json!(3), json!(0))});
    let words = sign_in(&read_json(&[graph(words)]));
    let bits = sign_in(&read_json(&[monitor(bits)]));
    assert_eq!(words["policies"], bits["policies"]);
    assert!(words["policies"].contains(r#""satisfied":["application","users"],"missed":[]"#), "{}", words["policies"]);
}

#[test]
fn trap_12_a_token_id_is_the_same_guid_in_every_encoding() {
    for text in [
        "-_WUD4M1Rkyb-gOQwZiIAA",
        "+/WUD4M1Rkyb+gOQwZiIAA==",
        "MGY5NGY1ZmItMzU4My00YzQ2LTliZmEtMDM5MGMxOTg4ODAw",
        "0F94F5FB-3583-4C46-9BFA-0390C1988800",
    ] {
        let case = read_json(&[graph(json!({"uniqueTokenIdentifier": text}))]);
        assert_told(&sign_in(&case), &[("token", "0f94f5fb-3583-4c46-9bfa-0390c1988800")]);
    }
    // Case counts, and what is no encoding of a GUID is kept as it stands.
    let other = sign_in(&read_json(&[graph(json!({"uniqueTokenIdentifier": "-_wUD4M1Rkyb-gOQwZiIAA"}))]));
    assert_ne!(other["token"], "0f94f5fb-3583-4c46-9bfa-0390c1988800");
    let text = sign_in(&read_json(&[graph(json!({"uniqueTokenIdentifier": "Token-17"}))]));
    assert_eq!(text["token"], "Token-17");
}

#[test]
fn trap_14_a_value_that_powershell_flattened_is_absent_and_counted() {
    let flat = graph(json!({
        "deviceDetail": "@{deviceId=; displayName=; operatingSystem=Windows}",
        "location": "Microsoft.Graph.PowerShell.Models.MicrosoftGraphSignInLocation",
        "appliedConditionalAccessPolicies": "System.Object[]",
    }));
    let case = read_json(&[flat.clone(), with(flat, json!({"id": "0f94f5fb-3583-4c46-9bfa-0390c1988801"}))]);
    for told in sign_ins(&case) {
        assert_told(&told, &[("device_id", ABSENT), ("country", ABSENT), ("policies", ABSENT), ("code", "0")]);
    }
    let counts: Vec<(&str, u64)> = case.inputs[0].flattened.iter().map(|(name, count)| (*name, *count)).collect();
    assert_eq!(counts, [("conditional_access_policies", 2), ("device_detail", 2), ("location", 2)]);
    assert!(case.inputs[0].damaged.is_empty());
}

#[test]
fn trap_14_powershell_objects_have_names_in_pascal_case() {
    let case = read_json(&[json!({
        "Id": "0f94f5fb-3583-4c46-9bfa-0390c1988800", "CreatedDateTime": "/Date(1789262548000)/",
        "UserId": "11111111-0000-0000-0000-000000000001", "UserPrincipalName": "Ada@Contoso.example",
        "AppId": "22222222-0000-0000-0000-000000000002", "IpAddress": "192.0.2.1", "IsInteractive": true,
        "Status": {"ErrorCode": 50126, "FailureReason": "Bad password"},
        "Location": {"City": "Berlin", "CountryOrRegion": "DE", "GeoCoordinates": {"Latitude": 52.5, "Longitude": 13.4}},
        "DeviceDetail": {"Browser": "Edge", "IsCompliant": false},
    })]);
    assert_eq!(case.inputs[0].format, "graph-sign-in-v1");
    assert_told(
        &sign_in(&case),
        &[
            ("time", "2026-09-13T01:22:28.000000Z"),
            ("user", "ada@contoso.example"),
            ("code", "50126"),
            ("reason", "Bad password"),
            ("country", "DE"),
            ("latitude", "52.5"),
            ("browser", "Edge"),
            ("compliant", "false"),
        ],
    );
}

#[test]
fn trap_15_a_name_in_any_case_or_that_is_an_id_is_one_user() {
    let by = |id: &str, members| with(graph(json!({"id": id})), members);
    let case = read_json(&[
        by("00000000-0000-0000-0000-000000000001", json!({})),
        by("00000000-0000-0000-0000-000000000002", json!({"userPrincipalName": "ADA@Contoso.Example"})),
        by(
            "00000000-0000-0000-0000-000000000003",
            json!({"userId": ABSENT, "userPrincipalName": "Ada@contoso.example"}),
        ),
        by(
            "00000000-0000-0000-0000-000000000004",
            json!({"userId": "", "userPrincipalName": "11111111-0000-0000-0000-000000000001"}),
        ),
    ]);
    assert_eq!(case.buckets.len(), 1);
    assert_eq!(case.buckets[0].sign_ins.len(), 4);
    let person = case.people.get(case.buckets[0].person).unwrap();
    assert_eq!(person.id.display(&case.store.texts), "11111111-0000-0000-0000-000000000001");
}

#[test]
fn trap_15_an_id_of_zeros_names_nobody() {
    let zeros = "00000000-0000-0000-0000-000000000000";
    let case = read_json(&[graph(json!({
        "userId": zeros, "sessionId": zeros, "uniqueTokenIdentifier": zeros, "resourceId": zeros, "homeTenantId": zeros,
    }))]);
    let told = sign_in(&case);
    for name in ["user_id", "session", "token", "resource_id", "home_tenant"] {
        assert_eq!(told[name], EMPTY, "{name}");
    }
}

#[test]
fn trap_16_an_address_comes_with_port_brackets_zone_or_coat() {
    for (text, expected) in [
        ("1.2.3.4:50123", "1.2.3.4"),
        ("[2001:db8::1]:443", "2001:db8::1"),
        ("2001:0DB8:0::0001", "2001:db8::1"),
        ("::ffff:1.2.3.4", "1.2.3.4"),
        ("fe80::1%eth0", "fe80::1"),
        ("2001:db8::1:443", "2001:db8::1:443"),
        ("", EMPTY),
        ("<null>", EMPTY),
        ("Not Available", EMPTY),
    ] {
        assert_eq!(sign_in(&read_json(&[graph(json!({"ipAddress": text}))]))["ip"], expected, "{text}");
    }
    let caller = with(monitor(json!({})), json!({"callerIpAddress": "203.0.113.9:1024"}));
    assert_eq!(sign_in(&read_json(&[caller]))["ip"], "203.0.113.9");
}

fn directory_audit(members: serde_json::Value) -> serde_json::Value {
    with(
        json!({
            "id": "Directory_11111111_ABCDE_1", "activityDateTime": "2026-09-13T01:07:39.3747702Z",
            "activityDisplayName": "Consent to application", "category": "ApplicationManagement",
            "loggedByService": "Core Directory", "result": "success", "resultReason": "",
            "initiatedBy": {"user": {"id": "11111111-0000-0000-0000-000000000001",
                "userPrincipalName": "Ada@contoso.example", "ipAddress": "192.0.2.1"}, "app": null},
            "targetResources": [],
        }),
        members,
    )
}

#[test]
fn trap_17_one_final_dot_of_an_operation_does_not_count() {
    for (text, expected) in [
        ("Consent to application.", "Consent to application"),
        ("Consent to application", "Consent to application"),
        ("Add registered owner to device. ", "Add registered owner to device"),
        (
            "Update application \u{2013} Certificates and secrets management ",
            "Update application \u{2013} Certificates and secrets management",
        ),
        ("And so on..", "And so on."),
    ] {
        let case = read_json(&[directory_audit(json!({"activityDisplayName": text}))]);
        assert_eq!(audit(&case)["operation"], expected, "{text}");
    }
}

#[test]
fn trap_18_modified_properties_are_encoded_twice() {
    let case = read_json(&[directory_audit(json!({"targetResources": [{
    "id": "t", "type": "User", "displayName": null, "userPrincipalName": "Bob@contoso.example",
    "modifiedProperties": [
        {"displayName": "Included Updated Properties", "oldValue": null, "newValue": "\"StrongAuthenticationMethod\""},
        {"displayName": "DelegatedPermissionGrant.Scope", "oldValue": "", "newValue": "\" User.Read Mail.Read\""},
        {"displayName": "StrongAuthenticationMethod", "oldValue": "[]", "newValue": "[{\"MethodType\":6,\"Default\":true}]"},
    ]}]}))]);
    assert_eq!(
        audit(&case)["targets"],
        r#"[{"kind":"User","id":"t","name":"","user":"bob@contoso.example","changes":[["Included Updated Properties","","StrongAuthenticationMethod"],["DelegatedPermissionGrant.Scope","","User.Read Mail.Read"],["StrongAuthenticationMethod","[]","[{\"MethodType\":6,\"Default\":true}]"]]}]"#
    );
}

#[test]
fn trap_19_the_side_of_an_initiator_that_did_nothing_is_null() {
    let case = read_json(&[directory_audit(json!({"initiatedBy": {"user": null, "app": {
        "appId": null, "displayName": "Device Registration Service",
        "servicePrincipalId": "33333333-0000-0000-0000-000000000003", "servicePrincipalName": null}}}))]);
    assert_told(
        &audit(&case),
        &[
            ("user_id", ABSENT),
            ("ip", ABSENT),
            ("principal", "Device Registration Service"),
            ("principal_id", "33333333-0000-0000-0000-000000000003"),
        ],
    );
    let case = read_json(&[directory_audit(json!({}))]);
    assert_told(&audit(&case), &[("user", "ada@contoso.example"), ("ip", "192.0.2.1"), ("principal_id", ABSENT)]);
    for nobody in [json!({"user": null, "app": null}), json!({}), json!(null)] {
        let case = read_json(&[directory_audit(json!({"initiatedBy": nobody}))]);
        assert_eq!(case.inputs[0].events, 1, "{nobody}");
    }
}

#[test]
fn trap_19_an_initiators_address_may_be_empty() {
    let by = |ip: serde_json::Value| directory_audit(json!({"initiatedBy": {"user": {"id": "u", "ipAddress": ip}}}));
    for nothing in [json!(null), json!(""), json!("<null>")] {
        assert_eq!(audit(&read_json(&[by(nothing.clone())]))["ip"], EMPTY, "{nothing}");
    }
    assert_eq!(audit(&read_json(&[by(json!("203.0.113.7:4711"))]))["ip"], "203.0.113.7");
}

#[test]
fn trap_21_codes_come_as_numbers_and_as_text_and_other_is_no_reason_of_a_success() {
    for code in [json!(50076), json!("50076"), json!(" 50076 "), json!(50076.0)] {
        let case = read_json(&[graph(json!({"status": {"errorCode": code, "failureReason": "Other."}}))]);
        assert_told(&sign_in(&case), &[("code", "50076"), ("reason", "Other.")]);
    }
    for reason in ["Other.", "Other"] {
        let case = read_json(&[graph(json!({"status": {"errorCode": 0, "failureReason": reason,
            "additionalDetails": "MFA requirement satisfied by claim in the token"}}))]);
        let told = [("code", "0"), ("reason", EMPTY), ("details", "MFA requirement satisfied by claim in the token")];
        assert_told(&sign_in(&case), &told);
    }
    for result in [json!("50140"), json!(50140)] {
        let record =
            with(monitor(json!({"status": ABSENT})), json!({"resultType": result, "resultDescription": "KMSI"}));
        assert_told(&sign_in(&read_json(&[record])), &[("code", "50140"), ("reason", "KMSI")]);
    }
    let none = with(monitor(json!({"status": {"errorCode": null}})), json!({"resultType": ""}));
    assert_told(&sign_in(&read_json(&[none])), &[("code", EMPTY)]);
    assert_told(&sign_in(&read_json(&[graph(json!({"status": {}}))])), &[("code", EMPTY), ("reason", ABSENT)]);
}

#[test]
fn trap_22_a_cell_that_a_spreadsheet_cut_marks_its_field_and_keeps_the_row() {
    let cut = csv(&[
        ("CreatedDateTime", "2026-09-13T01:22:28Z"),
        ("ResultType", "5.0126E+04"),
        ("AppDisplayName", "Azure Portal"),
        ("UserPrincipalName", "ada@contoso.example"),
        ("DeviceDetail", "{\"deviceId\":\"44444444-0000-0000-0000-000000000004\",\"displ"),
        ("ConditionalAccessPolicies", "[{\"id\":\"a\",\"result\":\"success\"},{\"id"),
        ("LocationDetails", "{\"city\":\"Berlin\",\"countryOrRegion\":\"DE\"}"),
    ]);
    let case = read_csv(&cut);
    assert_told(&sign_in(&case), &[("device_id", ABSENT), ("policies", ABSENT), ("city", "Berlin"), ("code", "50126")]);
    let counts: Vec<(&str, u64)> = case.inputs[0].damaged.iter().map(|(name, count)| (*name, *count)).collect();
    assert_eq!(counts, [("conditional_access_policies", 1), ("device_detail", 1)]);
}

#[test]
fn trap_22_each_damaged_row_is_counted_however_the_file_is_cut() {
    let header = "CreatedDateTime,ResultType,AppDisplayName,UserPrincipalName,DeviceDetail";
    let row = "2026-09-13T01:22:28Z,0,Azure Portal,ada@contoso.example,\"{\"\"deviceId\"\":\"";
    let text = format!("{header}\n{row}\n{row}\n{row}\n");
    let case = read(&[("a.csv", text.as_bytes())]);
    assert_eq!(case.inputs[0].damaged.get("device_detail"), Some(&3));
}

#[test]
fn booleans_come_in_every_spelling() {
    for (value, expected) in [
        (json!(true), "true"),
        (json!("True"), "true"),
        (json!("TRUE"), "true"),
        (json!("Yes"), "true"),
        (json!(1), "true"),
        (json!(false), "false"),
        (json!("False"), "false"),
        (json!("No"), "false"),
        (json!("0"), "false"),
        (json!(null), EMPTY),
        (json!("perhaps"), "unknown"),
    ] {
        let case = read_json(&[graph(json!({"deviceDetail": {"isCompliant": value, "isManaged": value}}))]);
        assert_told(&sign_in(&case), &[("compliant", expected), ("managed", expected)]);
    }
}

#[test]
fn a_device_that_is_there_has_no_absent_members_and_one_that_is_not_has_nothing_else() {
    let members = ["device_id", "device", "system", "browser", "trust", "compliant", "managed"];
    let told =
        sign_in(&read_json(&[monitor(json!({"deviceDetail": {"operatingSystem": "Windows 10", "deviceId": ""}}))]));
    for name in members {
        assert_eq!(told[name], if name == "system" { "Windows 10" } else { EMPTY }, "{name}");
    }
    for nothing in [json!({}), json!(null), json!("")] {
        let told = sign_in(&read_json(&[monitor(json!({"deviceDetail": nothing}))]));
        assert!(members.iter().all(|name| told[name] == EMPTY), "{nothing}");
    }
    let told = sign_in(&read_json(&[monitor(json!({}))]));
    assert!(members.iter().all(|name| told[name] == ABSENT));
}

#[test]
fn trust_has_one_spelling_whatever_the_product_was_called() {
    for (text, expected) in [
        ("Azure AD joined", "Azure AD joined"),
        ("Microsoft Entra joined", "Azure AD joined"),
        ("AzureAd", "Azure AD joined"),
        ("Azure AD registered", "Azure AD registered"),
        ("Microsoft Entra registered", "Azure AD registered"),
        ("Workplace", "Azure AD registered"),
        ("Hybrid Azure AD joined", "Hybrid Azure AD joined"),
        ("Microsoft Entra hybrid joined", "Hybrid Azure AD joined"),
        ("ServerAd", "Hybrid Azure AD joined"),
        ("Something new", "Something new"),
        ("", EMPTY),
    ] {
        let case = read_json(&[graph(json!({"deviceDetail": {"trustType": text}}))]);
        assert_told(&sign_in(&case), &[("trust", expected)]);
    }
}

#[test]
fn scopes_are_the_same_in_both_forms_and_older_keys_stay() {
    for value in [r#"["User.Read","adrs_access"]"#, "[User.Read,adrs_access]"] {
        let case = read_json(&[graph(json!({"authenticationProcessingDetails": [
            {"key": "Oauth Scope Info", "value": value}, {"key": "IsCAEToken", "value": "False"}]}))]);
        let text = sign_in(&case)["processing"].clone();
        assert_eq!(text, r#"[["Oauth Scope Info","[\"User.Read\",\"adrs_access\"]"],["IsCAEToken","False"]]"#);
        let details = signin_sleuth::events::processing::Processing::read(&text);
        assert_eq!(details.scopes(), ["User.Read", "adrs_access"]);
        assert_eq!(details.is_evaluated(), Some(false));
    }
}

#[test]
fn risk_events_of_the_newer_field_come_first() {
    let both = json!({"riskEventTypes": ["old"], "riskEventTypes_v2": ["anomalousToken", "unlikelyTravel"]});
    assert_told(&sign_in(&read_json(&[graph(both)])), &[("risk_events", "anomalousToken unlikelyTravel")]);
    let old = json!({"riskEventTypes": ["old"], "riskEventTypes_v2": []});
    assert_told(&sign_in(&read_json(&[graph(old)])), &[("risk_events", "old")]);
    let none = json!({"riskEventTypes": [], "riskEventTypes_v2": []});
    assert_told(&sign_in(&read_json(&[graph(none)])), &[("risk_events", EMPTY)]);
}

#[test]
fn steps_differ_by_more_than_their_times() {
    let steps = |time: &str, result: &str| {
        json!({"authenticationDetails": [{"authenticationStepDateTime": time, "authenticationMethod": "Password",
            "authenticationMethodDetail": "Password in the cloud", "succeeded": true,
            "authenticationStepResultDetail": result, "authenticationStepRequirement": "Primary authentication"}]})
    };
    let record =
        |number: u32, members| with(graph(members), json!({"id": format!("0f94f5fb-0000-0000-0000-{number:012}")}));
    let case = read_json(&[
        record(1, steps("2026-09-13T01:22:28Z", "Correct password")),
        record(2, steps("2026-09-13T02:22:28.1234567Z", "Correct password")),
        record(3, steps("2026-09-13T03:22:28Z", "tepDateTime\":\"1 wrong")),
        record(4, steps("2026-09-13T03:22:28Z", "tepDateTime\":\"2 wrong")),
    ]);
    let told: Vec<String> = sign_ins(&case).into_iter().map(|told| told["steps"].clone()).collect();
    assert_eq!(told[0], told[1]);
    assert!(told[0].contains("Correct password") && !told[0].contains("2026"));
    assert!(told[2].contains("1 wrong") && told[3].contains("2 wrong"));
}

#[test]
fn token_protection_is_read_from_its_details_first() {
    let details = json!({"tokenProtectionStatusDetails": {"signInSessionStatus": "unbound", "signInSessionStatusCode": 1002},
        "signInTokenProtectionStatus": "none"});
    assert_told(&sign_in(&read_json(&[graph(details)])), &[("protection", "unbound")]);
    let alone = json!({"tokenProtectionStatusDetails": null, "signInTokenProtectionStatus": "bound"});
    assert_told(&sign_in(&read_json(&[graph(alone)])), &[("protection", "bound")]);
    let none = json!({"tokenProtectionStatusDetails": {}});
    assert_told(&sign_in(&read_json(&[graph(none)])), &[("protection", EMPTY)]);
    assert_told(&sign_in(&read_json(&[graph(json!({}))])), &[("protection", ABSENT)]);
}
