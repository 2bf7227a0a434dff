//! Traps that lie in the file: tables, headers, keys, concatenated documents.

use serde_json::json;

use crate::support::{
    ABSENT, EMPTY, assert_told, audit, audits, csv, graph, monitor, read, read_csv, read_json, sign_in, sign_ins, with,
};

/// A row of SigninLogs as pairs of header and cell.
const ROW: &[(&str, &str)] = &[
    ("TimeGenerated [UTC]", "9/13/2026, 1:34:40.391 AM"),
    ("CreatedDateTime [UTC]", "9/13/2026, 1:22:28.123 AM"),
    ("Id", "0f94f5fb-3583-4c46-9bfa-0390c1988800"),
    ("ResultType", "0"),
    ("UserPrincipalName", "ada@contoso.example"),
    ("AppDisplayName", "Azure Portal"),
    ("Type", "SigninLogs"),
];

/// [`ROW`] with more cells; a header that is there already gets the new cell.
fn row(more: &[(&str, &str)]) -> String {
    let mut cells: Vec<(&str, &str)> = ROW.to_vec();
    for (name, cell) in more {
        match cells.iter_mut().find(|(known, _)| known == name) {
            Some(known) => known.1 = cell,
            None => cells.push((name, cell)),
        }
    }
    csv(&cells)
}

#[test]
fn trap_03_a_column_that_a_table_lacks_is_absent_and_an_empty_cell_is_empty() {
    let told = sign_in(&read_csv(&row(&[("SessionId", ""), ("UserAgent", "-"), ("HomeTenantId", "null")])));
    assert_told(&told, &[("session", EMPTY), ("agent", EMPTY), ("home_tenant", EMPTY), ("incoming", ABSENT)]);
}

#[test]
fn trap_04_header_quirks_of_blanks_case_and_zone() {
    for (session, device) in [
        ("SessionId", "DeviceDetail"),
        (" SessionId ", "DeviceDetail  "),
        ("sessionid", "DEVICEDETAIL"),
        ("SessionId [UTC]", "DeviceDetail"),
    ] {
        let id = "008b57fa-8d12-7c5c-a000-000000000001";
        let told = sign_in(&read_csv(&row(&[(session, id), (device, "{\"browser\":\"Edge\"}")])));
        assert_told(&told, &[("session", id), ("browser", "Edge")]);
    }
}

#[test]
fn trap_04_of_a_column_that_occurs_twice_the_first_that_holds_something_counts() {
    let header = "CreatedDateTime,Id,ResultType,UserPrincipalName,AppDisplayName,IncomingTokenType,IncomingTokenType";
    for (first, second) in [("refreshToken", ""), ("", "Refresh token"), ("refreshToken", "none")] {
        let text = format!("{header}\n2026-09-13T01:22:28Z,a,0,ada@contoso.example,Portal,{first},{second}\n");
        assert_told(&sign_in(&read_csv(&text)), &[("incoming", "refreshToken")]);
    }
}

#[test]
fn trap_05_an_apostrophe_guards_a_token_id_against_formulas() {
    let told = sign_in(&read_csv(&row(&[("UniqueTokenIdentifier", "'-_WUD4M1Rkyb-gOQwZiIAA")])));
    assert_told(&told, &[("token", "0f94f5fb-3583-4c46-9bfa-0390c1988800")]);
}

#[test]
fn trap_07_nested_columns_are_text_objects_or_text_of_text() {
    let device = r#"{"deviceId":"44444444-0000-0000-0000-000000000004","browser":"Edge","isCompliant":true}"#;
    let twice = serde_json::to_string(device).unwrap();
    let base = json!({"CreatedDateTime": "2026-09-13T01:22:28Z", "ResultType": "0", "AppDisplayName": "Portal",
        "UserPrincipalName": "ada@contoso.example", "Type": "AADNonInteractiveUserSignInLogs"});
    let object: serde_json::Value = serde_json::from_str(device).unwrap();
    for value in [object, json!(device), json!(twice)] {
        let told = sign_in(&read_json(&[with(base.clone(), json!({"DeviceDetail": value}))]));
        assert_told(&told, &[("browser", "Edge"), ("compliant", "true"), ("stream", "non-interactive")]);
        assert_eq!(told["device_id"], "44444444-0000-0000-0000-000000000004");
    }
    assert_told(&sign_in(&read_csv(&row(&[("DeviceDetail", device)]))), &[("browser", "Edge")]);
}

#[test]
fn trap_07_a_union_of_tables_splits_columns_by_their_type() {
    let device = r#"{"browser":"Edge"}"#;
    for (dynamic, string) in [(device, ""), ("", device), ("{}", device), (device, "{}")] {
        let told = sign_in(&read_csv(&row(&[
            ("DeviceDetail_dynamic", dynamic),
            ("DeviceDetail_string", string),
            ("Status_dynamic", r#"{"errorCode":50140,"failureReason":"KMSI"}"#),
            ("Status_string", ""),
            ("LocationDetails_string", r#"{"city":"Berlin","countryOrRegion":"DE"}"#),
            ("ConditionalAccessPolicies_dynamic", "[]"),
            ("TokenProtectionStatusDetails_string", r#"{"signInSessionStatus":"bound"}"#),
        ])));
        let expected =
            [("browser", "Edge"), ("code", "50140"), ("city", "Berlin"), ("policies", EMPTY), ("protection", "bound")];
        assert_told(&told, &expected);
    }
}

#[test]
fn trap_08_tenant_id_is_the_workspace_and_not_the_tenant() {
    let workspace = "aaaaaaaa-0000-0000-0000-00000000000a";
    let tenant = "99999999-0000-0000-0000-000000000009";
    let told = sign_in(&read_csv(&row(&[("TenantId", workspace), ("AADTenantId", tenant)])));
    assert_told(&told, &[("log_tenant", tenant)]);
    assert_told(&sign_in(&read_csv(&row(&[("TenantId", workspace)]))), &[("log_tenant", ABSENT)]);
    // In a diagnostic record it is the tenant.
    assert_told(&sign_in(&read_json(&[monitor(json!({}))])), &[("log_tenant", tenant)]);
}

#[test]
fn trap_09_resource_id_is_a_path_in_tables_and_beside_diagnostic_records() {
    let (path, app) = ("/tenants/9/providers/Microsoft.aadiam", "00000003-0000-0000-c000-000000000000");
    let told = sign_in(&read_csv(&row(&[("ResourceId", path), ("ResourceIdentity", app)])));
    assert_told(&told, &[("resource_id", app)]);
    assert_told(&sign_in(&read_csv(&row(&[("ResourceId", path)]))), &[("resource_id", ABSENT)]);
    assert_told(&sign_in(&read_json(&[monitor(json!({"resourceId": app}))])), &[("resource_id", app)]);
    assert_told(&sign_in(&read_json(&[monitor(json!({}))])), &[("resource_id", ABSENT)]);
    assert_told(&sign_in(&read_json(&[graph(json!({"resourceId": app}))])), &[("resource_id", app)]);
}

#[test]
fn trap_10_the_time_of_a_row_is_that_of_its_event_in_the_zone_of_its_header() {
    assert_told(&sign_in(&read_csv(&row(&[]))), &[("time", "2026-09-13T01:22:28.123000Z"), ("doubts", "0")]);
    let case = read_csv(&row(&[]));
    assert_eq!((case.inputs[0].without_zone, case.inputs[0].ambiguous_days), (0, 0));
    let written: Vec<_> = ROW.iter().filter(|(name, _)| !name.starts_with("Created")).copied().collect();
    assert_told(&sign_in(&read_csv(&csv(&written))), &[("time", "2026-09-13T01:34:40.391000Z"), ("doubts", "8")]);
    let ahead = csv(&ROW
        .iter()
        .map(|(name, cell)| (name.replace("[UTC]", "[UTC+02:00]"), *cell))
        .collect::<Vec<_>>()
        .iter()
        .map(|(name, cell)| (name.as_str(), *cell))
        .collect::<Vec<_>>());
    assert_told(&sign_in(&read_csv(&ahead)), &[("time", "2026-09-12T23:22:28.123000Z"), ("doubts", "0")]);
    let local = read_csv(&row(&[]).replace("[UTC]", "[Local Time]"));
    assert_told(&sign_in(&local), &[("time", "2026-09-13T01:22:28.123000Z"), ("doubts", "2")]);
    assert_eq!(local.inputs[0].without_zone, 1);
}

#[test]
fn the_order_of_day_and_month_is_that_of_the_whole_file() {
    let header = "CreatedDateTime [UTC],Id,ResultType,UserPrincipalName,AppDisplayName,Type";
    let rows = |times: &[&str]| {
        let lines = times.iter().enumerate().map(|(number, time)| {
            format!("\"{time}\",00000000-0000-0000-0000-00000000010{number},0,ada@contoso.example,Portal,SigninLogs")
        });
        format!("{header}\n{}\n", lines.collect::<Vec<_>>().join("\n"))
    };
    let times = |text: &str| -> Vec<(String, String)> {
        sign_ins(&read_csv(text)).into_iter().map(|told| (told["time"].clone(), told["doubts"].clone())).collect()
    };
    let said = |pairs: &[(&str, &str)]| -> Vec<(String, String)> {
        pairs.iter().map(|(time, doubts)| ((*time).to_owned(), (*doubts).to_owned())).collect()
    };
    assert_eq!(
        times(&rows(&["2/3/2026, 1:00:00 AM", "25/3/2026, 1:00:00 AM"])),
        said(&[("2026-03-02T01:00:00.000000Z", "0"), ("2026-03-25T01:00:00.000000Z", "0")]),
    );
    assert_eq!(
        times(&rows(&["2/3/2026, 1:00:00 AM", "3/25/2026, 1:00:00 AM"])),
        said(&[("2026-02-03T01:00:00.000000Z", "0"), ("2026-03-25T01:00:00.000000Z", "0")]),
    );
    // Nothing tells: month first, and said so.
    let unclear = rows(&["2/3/2026, 1:00:00", "4/4/2026, 1:00:00"]);
    assert_eq!(times(&unclear), said(&[("2026-02-03T01:00:00.000000Z", "4"), ("2026-04-04T01:00:00.000000Z", "0")]));
    assert_eq!(read_csv(&unclear).inputs[0].ambiguous_days, 1);
    // Browsers write a comma and a large AM for the United States alone.
    assert_eq!(
        times(&rows(&["2/3/2026, 1:00:00 AM", "4/4/2026, 1:00:00 AM"])),
        said(&[("2026-02-03T01:00:00.000000Z", "0"), ("2026-04-04T01:00:00.000000Z", "0")]),
    );
}

#[test]
fn times_that_are_clear_are_not_turned_round_with_those_that_are_not() {
    let header = "CreatedDateTime,Id,ResultType,UserPrincipalName,AppDisplayName";
    let row =
        |time: &str, id: u32| format!("{time},00000000-0000-0000-0000-00000000010{id},0,ada@contoso.example,Portal");
    let text = format!(
        "{header}\n{}\n{}\n{}\n",
        row("2026-02-03T01:00:00Z", 1),
        row("2/3/2026 1:00:00 AM", 2),
        row("25/3/2026 1:00:00 AM", 3),
    );
    let times: Vec<String> = sign_ins(&read_csv(&text)).into_iter().map(|told| told["time"].clone()).collect();
    assert_eq!(times, ["2026-02-03T01:00:00.000000Z", "2026-03-02T01:00:00.000000Z", "2026-03-25T01:00:00.000000Z"]);
}

#[test]
fn trap_13_documents_that_were_pasted_one_behind_the_other() {
    let record = |number: u32| graph(json!({"id": format!("0f94f5fb-0000-0000-0000-{number:012}")})).to_string();
    let [a, b, c] = [1, 2, 3].map(record);
    for text in [
        format!("[{a},{b}]\r\n[{c}]"),
        format!("[{a},{b}][{c}]"),
        format!("[{a}\n]\n[\n{b},{c}]"),
        format!("[{a}]\n{b}\n[{c}]"),
        format!("{a},\n{b},\n{c}"),
        format!("{a}\n\n\n{b}\r\n{c}\n"),
        format!("\u{feff}[{a},{b}]\u{feff}[{c}]"),
        format!("{{\"@odata.context\":\"x\",\"value\":[{a},{b}]}}{{\"value\":[{c}]}}"),
    ] {
        let case = read(&[("a.json", text.as_bytes())]);
        assert_eq!((case.inputs[0].records, case.inputs[0].events), (3, 3), "{text}");
    }
}

#[test]
fn trap_20_rows_that_an_export_wrote_twice_are_duplicates() {
    let record = graph(json!({}));
    let case = read_json(&[record.clone(), record.clone(), record]);
    let input = &case.inputs[0];
    assert_eq!((input.records, input.events, input.duplicates, input.merged), (3, 1, 2, 0));
    assert_eq!(case.also.values().map(Vec::len).sum::<usize>(), 2);
}

#[test]
fn keys_that_a_forwarder_lower_cased_are_the_same_keys() {
    let lower = monitor(json!({"incomingTokenType": "refreshToken"})).to_string();
    let lower = [
        "callerIpAddress",
        "operationName",
        "resultType",
        "createdDateTime",
        "userPrincipalName",
        "incomingTokenType",
        "errorCode",
        "appId",
        "userId",
        "tenantId",
    ]
    .iter()
    .fold(lower, |text, key| text.replace(&format!("\"{key}\""), &format!("\"{}\"", key.to_lowercase())));
    let told = sign_in(&read(&[("a.json", lower.as_bytes())]));
    assert_told(&told, &[("incoming", "refreshToken"), ("code", "0"), ("user", "ada@contoso.example")]);
}

#[test]
fn event_hub_bodies_are_lists_of_records_in_any_wrapping() {
    let record = |number: u32| monitor(json!({"id": format!("0f94f5fb-0000-0000-0000-{number:012}")}));
    let body = |numbers: &[u32]| json!({"records": numbers.iter().map(|number| record(*number)).collect::<Vec<_>>()});
    for text in [
        format!("{}\n{}\n", body(&[1, 2]), body(&[3])),
        format!("[{},{}]", body(&[1, 2]), body(&[3])),
        json!([body(&[1, 2]).to_string(), body(&[3]).to_string()]).to_string(),
    ] {
        let case = read(&[("hub.json", text.as_bytes())]);
        assert_eq!((case.inputs[0].records, case.inputs[0].events), (3, 3), "{text}");
        assert_eq!(case.inputs[0].format, "azure-monitor");
    }
}

#[test]
fn the_table_of_a_row_names_its_stream() {
    let base = json!({"TimeGenerated": "2026-09-13T01:34:40Z", "CreatedDateTime": "2026-09-13T01:22:28Z", "ResultType": "0",
        "ServicePrincipalId": "55555555-0000-0000-0000-000000000005", "ServicePrincipalName": "Backup",
        "AppId": "22222222-0000-0000-0000-000000000002", "SourceSystem": "Azure AD"});
    for (table, stream) in [
        ("SigninLogs", "interactive"),
        ("AADNonInteractiveUserSignInLogs", "non-interactive"),
        ("AADServicePrincipalSignInLogs", "service-principal"),
        ("AADManagedIdentitySignInLogs", "managed-identity"),
    ] {
        let user = json!({"Type": table, "UserId": "11111111-0000-0000-0000-000000000001"});
        let told = sign_in(&read_json(&[with(base.clone(), user)]));
        assert_told(&told, &[("stream", stream), ("doubts", "0")]);
    }
    let told = sign_in(&read_json(&[with(base.clone(), json!({"Type": "AADServicePrincipalSignInLogs"}))]));
    assert_told(&told, &[("app", "Backup"), ("principal", "Backup"), ("user_id", ABSENT)]);
    for table in ["AADProvisioningLogs", "OfficeActivity", "AADRiskyUsers"] {
        let case =
            read_json(&[with(base.clone(), json!({"Type": table})), with(base.clone(), json!({"Type": "SigninLogs"}))]);
        assert_eq!((case.inputs[0].events, case.inputs[0].other.get(table)), (1, Some(&1)), "{table}");
    }
}

#[test]
fn a_row_without_its_tables_name_tells_its_stream_by_what_it_has() {
    let base = json!({"CreatedDateTime": "2026-09-13T01:22:28Z", "ResultType": "0", "AppId": "22222222-0000-0000-0000-000000000002"});
    let user = json!({"UserId": "11111111-0000-0000-0000-000000000001", "UserPrincipalName": "ada@contoso.example"});
    let principal =
        json!({"ServicePrincipalId": "55555555-0000-0000-0000-000000000005", "ServicePrincipalName": "Backup"});
    let identity =
        json!({"ServicePrincipalId": "55555555-0000-0000-0000-000000000005", "ManagedServiceIdentity": "{}"});
    let stream = |members: serde_json::Value, more: serde_json::Value| {
        let told = sign_in(&read_json(&[with(with(base.clone(), members), more)]));
        (told["stream"].clone(), told["doubts"].clone())
    };
    let is = |stream: &str, doubts: &str| (stream.to_owned(), doubts.to_owned());
    assert_eq!(stream(user.clone(), json!({"IsInteractive": "True"})), is("interactive", "0"));
    assert_eq!(stream(user.clone(), json!({"IsInteractive": "False"})), is("non-interactive", "0"));
    assert_eq!(
        stream(user.clone(), json!({"SignInEventTypes": "[\"nonInteractiveUser\"]"})),
        is("non-interactive", "0")
    );
    assert_eq!(stream(user.clone(), json!({"Category": "NonInteractiveUserSignInLogs"})), is("non-interactive", "0"));
    assert_eq!(stream(user, json!({})), is("interactive", "1"));
    assert_eq!(stream(principal.clone(), json!({})), is("service-principal", "0"));
    // In a union of tables the columns of users are there, and empty.
    let union = json!({"UserId": "", "UserPrincipalName": "", "IsInteractive": "", "ManagedServiceIdentity": ""});
    assert_eq!(stream(principal, union), is("service-principal", "0"));
    assert_eq!(stream(identity, json!({})), is("managed-identity", "0"));
}

#[test]
fn a_union_of_sign_ins_and_audits_is_told_row_by_row() {
    let header = "TimeGenerated,CreatedDateTime,Id,ResultType,UserPrincipalName,AppDisplayName,OperationName,InitiatedBy,TargetResources,Result";
    let by = "\"{\"\"user\"\":{\"\"id\"\":\"\"11111111-0000-0000-0000-000000000001\"\"}}\"";
    let text = format!(
        "{header}\n\
         2026-09-13T01:34:40Z,2026-09-13T01:22:28Z,00000000-0000-0000-0000-000000000101,0,ada@contoso.example,Portal,Sign-in activity,,,\n\
         2026-09-13T01:34:41Z,,Directory_1,,,,Add user,{by},[],success\n"
    );
    let case = read_csv(&text);
    assert_eq!(case.inputs[0].format, "log-analytics-audit+log-analytics-sign-in");
    assert_told(&sign_in(&case), &[("app", "Portal")]);
    assert_told(&audits(&case)[0], &[("operation", "Add user"), ("result", "success"), ("targets", EMPTY)]);
    let typed = format!("{header},Type\n2026-09-13T01:34:41Z,,Directory_1,,,,Add user,,,success,AuditLogs\n");
    assert_told(&audit(&read_csv(&typed)), &[("operation", "Add user"), ("targets", EMPTY)]);
}

#[test]
fn a_log_analytics_answer_is_a_list_of_rows_under_its_columns() {
    let text = json!({"tables": [{"name": "PrimaryResult",
        "columns": [{"name": "CreatedDateTime", "type": "datetime"}, {"name": "Id", "type": "string"},
            {"name": "ResultType", "type": "string"}, {"name": "UserPrincipalName", "type": "string"},
            {"name": "AppDisplayName", "type": "string"}, {"name": "DeviceDetail", "type": "dynamic"}],
        "rows": [["2026-09-13T01:22:28.1234567Z", "0f94f5fb-3583-4c46-9bfa-0390c1988800", "0", "ada@contoso.example",
            "Portal", "{\"browser\":\"Edge\"}"]]}]})
    .to_string();
    let case = read(&[("query.json", text.as_bytes())]);
    // Read, or said not to be: never taken for an empty log.
    match case.inputs[0].format.as_str() {
        "unknown" => assert!(case.inputs[0].failure.is_some()),
        _ => assert_told(&sign_in(&case), &[("browser", "Edge"), ("time", "2026-09-13T01:22:28.123456Z")]),
    }
}

#[test]
fn nothing_words_of_tables_and_of_the_command_line_are_empty() {
    for nothing in ["null", "N/A", "Unknown", "-", "", "None"] {
        let told = sign_in(&read_csv(&row(&[("UserAgent", nothing), ("SessionId", nothing), ("UserId", nothing)])));
        assert_told(&told, &[("agent", EMPTY), ("session", EMPTY), ("user_id", EMPTY)]);
    }
    // *None* is a value of these.
    let told = sign_in(&read_csv(&row(&[("IncomingTokenType", "None"), ("RiskLevelDuringSignIn", "none")])));
    assert_told(&told, &[("incoming", "none"), ("risk", "none")]);
}

#[test]
fn the_place_of_a_row_is_in_its_details_or_in_its_country() {
    let details = r#"{"city":"Frankfurt am Main","state":"Hessen","countryOrRegion":"DE","geoCoordinates":{"latitude":50.1109,"longitude":8.6821}}"#;
    let told = sign_in(&read_csv(&row(&[("Location", "US"), ("LocationDetails", details)])));
    let place = [("country", "DE"), ("state", "Hessen"), ("city", "Frankfurt am Main"), ("latitude", "50.1109")];
    assert_told(&told, &place);
    let told = sign_in(&read_csv(&row(&[("Location", "US"), ("LocationDetails", "")])));
    assert_told(&told, &[("country", "US"), ("city", EMPTY)]);
    assert_told(&sign_in(&read_csv(&row(&[("Location", "US")]))), &[("country", "US"), ("city", ABSENT)]);
    let told = sign_in(&read_csv(&row(&[("Location", "Washington, D.C., District of Columbia, US")])));
    assert_told(&told, &[("country", "US"), ("state", "District of Columbia"), ("city", "Washington, D.C.")]);
    // Zero by zero degrees and no country is no place in the Atlantic.
    let nowhere = r#"{"city":"","state":"","countryOrRegion":"","geoCoordinates":{"latitude":0.0,"longitude":0.0}}"#;
    let told = sign_in(&read_csv(&row(&[("LocationDetails", nowhere)])));
    assert_told(&told, &[("country", EMPTY), ("latitude", EMPTY), ("longitude", EMPTY)]);
}

/// Kinds of the notices on an input.
fn notices(bytes: &[u8]) -> Vec<&'static str> {
    signin_sleuth::report::notices(&read(&[("input", bytes)])).into_iter().map(|notice| notice.kind.name()).collect()
}

#[test]
fn what_an_export_lost_is_told() {
    let line = |members| format!("{}\n", graph(members));
    let whole = line(json!({}));
    assert!(!notices(whole.as_bytes()).contains(&"version-1"));
    let v1 = line(json!({"signInEventTypes": ABSENT, "isInteractive": true}));
    assert!(notices(v1.as_bytes()).contains(&"version-1"));
    assert!(notices(line(json!({"deviceDetail": "System.Object[]"})).as_bytes()).contains(&"flattened"));
    assert!(notices(line(json!({"deviceDetail": "{\"a\":"})).as_bytes()).contains(&"damaged"));
    let latin: Vec<u8> = line(json!({"userDisplayName": "caf\u{e9}"})).chars().map(|letter| letter as u8).collect();
    assert_eq!(notices(&latin), ["encoding"]);
    assert!(notices(b"a;b\n").contains(&"unrecognised"));
}

/// A sign-in's row of Log Analytics whose nested cells hold JSON.
const NESTED: [(&str, &str); 9] = [
    ("DeviceDetail", r#"{"deviceId":"44444444-0000-0000-0000-000000000004","displayName":"PC, 1","isCompliant":true}"#),
    ("LocationDetails", r#"{"city":"Berlin","state":"Berlin","countryOrRegion":"DE"}"#),
    ("Status", r#"{"errorCode":50126,"failureReason":"Invalid username, or password."}"#),
    ("ConditionalAccessPolicies", r#"[{"id":"a","result":"success"},{"id":"b","result":"notApplied"}]"#),
    (
        "AuthenticationDetails",
        r#"[{"authenticationMethod":"Password","succeeded":false,"authenticationStepDateTime":"2026-09-13T01:22:28Z"}]"#,
    ),
    ("AuthenticationProcessingDetails", r#"[{"key":"Is CAE Token","value":"False"},{"key":"Legacy TLS","value":"x"}]"#),
    ("RiskEventTypes_V2", r#"["unfamiliarFeatures","passwordSpray"]"#),
    ("TokenProtectionStatusDetails", r#"{"signInSessionStatus":"unbound","signInSessionStatusCode":1002}"#),
    (
        "ConditionalAccessAudiences",
        r#"["00000002-0000-0ff1-ce00-000000000000","00000003-0000-0000-c000-000000000000"]"#,
    ),
];

/// A CSV of one row, its nested cells written by this.
fn nested_row(write: impl Fn(usize, &str) -> String) -> String {
    let names: Vec<&str> = NESTED.iter().map(|(name, _)| *name).collect();
    let cells: Vec<String> = NESTED.iter().enumerate().map(|(index, (_, cell))| write(index, cell)).collect();
    format!(
        "CreatedDateTime,ResultType,AppDisplayName,UserPrincipalName,{},Id\r\n\
         2026-09-13T01:22:28Z,50126,Azure Portal,ada@contoso.example,{},99999999-0000-4000-8000-000000000001\r\n",
        names.join(","),
        cells.join(",")
    )
}

fn doubled(cell: &str) -> String {
    format!("\"{}\"", cell.replace('"', "\"\""))
}

#[test]
fn json_whose_quotes_nobody_escaped_shifts_no_column_whatever_the_cell() {
    let expected = sign_ins(&read_csv(&nested_row(|_, cell| doubled(cell))));
    assert_eq!(expected.len(), 1);
    for (number, (name, _)) in NESTED.iter().enumerate() {
        for bare in [|cell: &str| format!("\"{cell}\""), |cell: &str| cell.to_owned()] {
            let text = nested_row(|index, cell| if index == number { bare(cell) } else { doubled(cell) });
            let case = read_csv(&text);
            assert_eq!(sign_ins(&case), expected, "{name}: {text}");
            assert_eq!(case.inputs[0].damaged.values().sum::<u64>(), 1, "{name}: {:?}", case.inputs[0].damaged);
        }
    }
    let all = read_csv(&nested_row(|_, cell| format!("\"{cell}\"")));
    assert_eq!(sign_ins(&all), expected);
}

#[test]
fn a_cell_cut_by_a_spreadsheet_costs_its_field_and_no_other_whatever_the_cell() {
    let expected = sign_ins(&read_csv(&nested_row(|_, cell| doubled(cell)))).remove(0);
    for (number, (name, _)) in NESTED.iter().enumerate() {
        // As long as a spreadsheet's cell, then cut.
        let long = |cell: &str| {
            let padded = cell.replacen(
                [':', ','],
                &format!("{}{}", &cell[cell.find([':', ',']).unwrap()..][..1], " ".repeat(32_767)),
                1,
            );
            doubled(&padded[..32_767])
        };
        let case = read_csv(&nested_row(|index, cell| if index == number { long(cell) } else { doubled(cell) }));
        let told = sign_ins(&case).remove(0);
        assert_eq!(case.inputs[0].damaged.values().sum::<u64>(), 1, "{name}: {:?}", case.inputs[0].damaged);
        for kept in ["time", "id", "user", "app", "code"] {
            assert_eq!(told[kept], expected[kept], "{name}");
        }
    }
}

#[test]
fn a_row_that_cannot_be_put_right_is_rejected_alone_with_its_place() {
    let good = nested_row(|_, cell| doubled(cell));
    let (header, row) = good.split_once("\r\n").unwrap();
    // Neither the rules of CSV nor the brackets of JSON tell where the cell ends.
    let bad = nested_row(
        |index, cell| if index == 0 { format!("\"{}\"", cell.replace("PC", "P\"C")) } else { doubled(cell) },
    );
    let bad = bad.split_once("\r\n").unwrap().1;
    let text = format!("{header}\r\n{row}{bad}{}", row.replace("000000000001", "000000000002"));
    let case = read_csv(&text);
    let input = &case.inputs[0];
    assert_eq!((input.records, input.events, input.refused_total), (3, 2, 1), "{:?}", input.refused);
    let refused = &input.refused[0];
    assert_eq!((refused.record, refused.offset), (1, (header.len() + 2 + row.len()) as u64));
    assert!(refused.reason.contains("do not fit the columns"), "{}", refused.reason);
}
