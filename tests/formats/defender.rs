//! Tables of Defender's advanced hunting: as CSV, and in both shapes of its answers.

use serde_json::{Map, Value, json};
use signin_sleuth::analysis::{Case, Coverage, Status, coverage, detect, merge};
use signin_sleuth::detections::{Confidence, Tuning};
use signin_sleuth::events::vocabulary::Stream;

use crate::support::{ABSENT, EMPTY, assert_told, csv, read_csv, read_json, sign_in, with};

const SESSION: &str = "008b57fa-8d12-7c5c-9e1f-aa0000000001";
const REQUEST: &str = "0f94f5fb-3583-4c46-9bfa-0390c1988800";

/// The row as a CSV and in an answer of either interface.
fn in_all_shapes(row: &Value) -> Vec<(&'static str, Case)> {
    let map: &Map<String, Value> = row.as_object().unwrap();
    let texts: Vec<(&str, String)> = map
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str().map_or_else(|| value.to_string(), str::to_owned)))
        .collect();
    let cells: Vec<(&str, &str)> = texts.iter().map(|(name, text)| (*name, text.as_str())).collect();
    let schema: Vec<Value> = map.keys().map(|name| json!({"Name": name, "Type": "String"})).collect();
    vec![
        ("CSV", read_csv(&csv(&cells))),
        ("hunting API", read_json(&[json!({"Stats": {"ExecutionTime": 0.1}, "Schema": schema, "Results": [row]})])),
        ("Graph", read_json(&[json!({"@odata.context": "x", "schema": schema, "results": [row]})])),
    ]
}

fn user_row() -> Value {
    json!({"Timestamp": "2026-09-13T01:22:28.5Z", "Application": "Azure CLI",
        "ApplicationId": "04b07795-8ddb-461a-bbee-02f9e1bf7b46", "LogonType": "[\"interactiveUser\"]", "ErrorCode": 0,
        "CorrelationId": "33333333-0000-4000-8000-000000000003", "SessionId": SESSION, "AccountDisplayName": "Ada",
        "AccountObjectId": "11111111-0000-0000-0000-000000000001", "AccountUpn": "Ada@contoso.example",
        "IsExternalUser": 0, "IsGuestUser": false, "ResourceDisplayName": "Microsoft Graph",
        "ResourceId": "00000003-0000-0000-c000-000000000000", "DeviceName": "LAPTOP",
        "EntraIdDeviceId": "44444444-0000-0000-0000-000000000004", "OSPlatform": "Windows10",
        "DeviceTrustType": "AzureAd", "IsManaged": 1, "IsCompliant": 0, "UserAgent": "Mozilla/5.0",
        "ConditionalAccessStatus": 0, "IPAddress": "192.0.2.9", "Country": "DE", "State": "Berlin", "City": "Berlin",
        "Latitude": "52.5", "Longitude": "13.4", "RequestId": REQUEST, "EndpointCall": "Cmsi:Cmsi",
        "UniqueTokenId": "-_WUD4M1Rkyb-gOQwZiIAA"})
}

#[test]
fn sign_ins_of_users_are_read_from_the_new_table_and_the_old_one() {
    let old = with(
        user_row(),
        json!({"EntraIdDeviceId": ABSENT, "UniqueTokenId": ABSENT, "AadDeviceId": "44444444-0000-0000-0000-000000000004"}),
    );
    for (row, token) in [(user_row(), REQUEST), (old, ABSENT)] {
        for (shape, case) in in_all_shapes(&row) {
            assert_eq!((case.inputs[0].format.as_str(), case.inputs[0].events), ("defender-sign-in", 1), "{shape}");
            assert_told(
                &sign_in(&case),
                &[
                    ("id", REQUEST),
                    ("session", SESSION),
                    ("token", token),
                    ("user", "ada@contoso.example"),
                    ("user_type", "member"),
                    ("stream", "interactive"),
                    ("protocol", "deviceCode"),
                    ("incoming", ABSENT),
                    ("transfer", ABSENT),
                    ("device_id", "44444444-0000-0000-0000-000000000004"),
                    ("trust", "Azure AD joined"),
                    ("managed", "true"),
                    ("compliant", "false"),
                    ("policy_status", "success"),
                    ("country", "DE"),
                    ("latitude", "52.5"),
                    ("code", "0"),
                ],
            );
        }
    }
}

#[test]
fn guests_are_told_by_their_flag() {
    for (flag, kind) in [(json!(true), "guest"), (json!("1"), "guest"), (json!(0), "member"), (json!(null), EMPTY)] {
        for (shape, case) in in_all_shapes(&with(user_row(), json!({"IsGuestUser": flag}))) {
            assert_eq!(sign_in(&case)["user_type"], kind, "{shape}: {flag}");
        }
    }
}

#[test]
fn a_flag_that_says_neither_takes_nothing_from_another_export() {
    let unsaid = with(user_row(), json!({"IsManaged": -1, "IsCompliant": -1}));
    let graph = crate::support::graph(json!({"id": REQUEST, "createdDateTime": "2026-09-13T01:22:28Z",
        "signInEventTypes": ["interactiveUser"],
        "deviceDetail": {"deviceId": "44444444-0000-0000-0000-000000000004", "isManaged": true, "isCompliant": false}}));
    let case = read_json(&[unsaid, graph]);
    assert_told(&sign_in(&case), &[("managed", "true"), ("compliant", "false")]);
    assert!(!case.conflicts.iter().any(|conflict| conflict.column.starts_with("device_is")), "{:?}", case.conflicts);
}

#[test]
fn a_call_that_tells_no_flow_takes_nothing_from_another_export() {
    let call = with(user_row(), json!({"EndpointCall": "OAuth2:Token"}));
    assert_eq!(sign_in(&read_json(std::slice::from_ref(&call)))["protocol"], "unknown");
    let graph = crate::support::graph(json!({"id": REQUEST, "createdDateTime": "2026-09-13T01:22:28Z",
        "signInEventTypes": ["interactiveUser"], "authenticationProtocol": "ropc"}));
    for records in [[call.clone(), graph.clone()], [graph.clone(), call.clone()]] {
        let case = read_json(&records);
        assert_eq!(sign_in(&case)["protocol"], "ropc");
        assert!(!case.conflicts.iter().any(|known| known.column == "authentication_protocol"), "{:?}", case.conflicts);
    }
    // Two words that are known and differ are a conflict.
    let case = read_json(&[with(call, json!({"EndpointCall": "Cmsi:Cmsi"})), graph]);
    assert!(case.conflicts.iter().any(|known| known.column == "authentication_protocol"));
}

#[test]
fn sign_ins_of_service_principals_are_read() {
    let row = json!({"Timestamp": "2026-09-13T01:22:28Z", "Application": "Backup",
        "ApplicationId": "22222222-0000-0000-0000-000000000002", "IsManagedIdentity": false, "ErrorCode": 7000215,
        "CorrelationId": "33333333-0000-4000-8000-000000000003", "ServicePrincipalName": "Backup",
        "ServicePrincipalId": "55555555-0000-0000-0000-000000000005", "ResourceDisplayName": "Microsoft Graph",
        "ResourceId": "00000003-0000-0000-c000-000000000000", "IPAddress": "192.0.2.9", "Country": "DE",
        "RequestId": REQUEST, "ReportId": "r"});
    for (shape, case) in in_all_shapes(&row) {
        assert_told(
            &sign_in(&case),
            &[
                ("id", REQUEST),
                ("principal_id", "55555555-0000-0000-0000-000000000005"),
                ("principal", "Backup"),
                ("code", "7000215"),
                ("ip", "192.0.2.9"),
            ],
        );
        let row = case.store.sign_in(0).unwrap();
        assert_eq!(row.stream(), Stream::ServicePrincipal, "{shape}");
    }
}

#[test]
fn what_asks_for_the_type_of_the_incoming_token_says_that_it_sees_in_part() {
    let users: Vec<Value> =
        (0..3).map(|number| with(user_row(), json!({"RequestId": format!("r-{number}")}))).collect();
    let case = read_json(&users);
    let all = coverage(&case);
    let told = |detection: &str| {
        let item = all.iter().find(|item| item.detection == detection).unwrap();
        (item.status, item.missing.iter().map(|missing| missing.field).collect::<Vec<_>>())
    };
    for (detection, field) in [
        ("broker-device-prt", "incoming_token_type"),
        ("foci-pivot", "incoming_token_type"),
        ("token-protection-lost", "token_protection_status"),
        ("unusual-prt", "incoming_token_type"),
    ] {
        let item = all.iter().find(|item| item.detection == detection).unwrap();
        let missing = item.missing.iter().find(|missing| missing.field == field).unwrap();
        assert_eq!((item.status, missing.records, missing.of), (Status::Partial, 3, 3), "{detection}");
    }
    // These ask for what a client does for the user, and there is none of it.
    for detection in ["refresh-from-new-place", "code-redeemed-elsewhere"] {
        assert_eq!(told(detection).0, Status::Blind, "{detection}");
    }
    let client = with(user_row(), json!({"RequestId": "r-4", "LogonType": "[\"nonInteractiveUser\"]"}));
    let both = coverage(&read_json(&[user_row(), client]));
    for detection in ["refresh-from-new-place", "code-redeemed-elsewhere"] {
        let item = both.iter().find(|item| item.detection == detection).unwrap();
        let missing = item.missing.iter().find(|missing| missing.field == "incoming_token_type").unwrap();
        assert_eq!((item.status, missing.records, missing.of), (Status::Partial, 2, 2), "{detection}");
    }
    // What looks at it where it is there looks without it, and says so.
    let (status, missing) = told("brute-force-success");
    assert!(status == Status::Partial && missing.contains(&"incoming_token_type"), "{missing:?}");
    assert_eq!(told("session-handover").0, Status::Partial);
    let silent = |item: &&Coverage| item.missing.iter().any(|missing| missing.field == "incoming_token_type");
    assert!(all.iter().filter(silent).all(|item| item.status != Status::Ran));
}

#[test]
fn a_pivot_inside_the_family_is_seen_by_the_streams_where_no_token_types_are() {
    let session = |changes: Value| with(user_row(), changes);
    let first = session(json!({"RequestId": "aaaaaaaa-0000-4000-8000-000000000001", "Application": "Microsoft Teams",
        "ApplicationId": "1fec8e78-bce4-4aaf-ab1b-5451cc387264", "EndpointCall": "OAuth2:Authorize"}));
    let second = |stream: &str| {
        session(json!({"RequestId": "aaaaaaaa-0000-4000-8000-000000000002", "Timestamp": "2026-09-13T01:33:28Z",
            "LogonType": format!("[\"{stream}\"]"), "IPAddress": "198.51.100.7", "Country": "NL",
            "UserAgent": "python-requests/2.32.3", "EntraIdDeviceId": "", "EndpointCall": "OAuth2:Token"}))
    };
    let found = |records: &[Value]| {
        let case = read_json(records);
        let tuning = Tuning::default();
        let merged = merge(&case, detect(&case, 0..case.buckets.len(), &tuning));
        let pivots = merged.findings.into_iter().filter(|flagged| flagged.finding.detection == "foci-pivot");
        pivots.map(|flagged| (flagged.finding.variant, flagged.finding.confidence)).collect::<Vec<_>>()
    };
    assert_eq!(found(&[first.clone(), second("nonInteractiveUser")]), [("by-stream", Confidence::Low)]);
    assert!(found(&[first.clone(), second("interactiveUser")]).is_empty(), "a person who signs in brings no token");
    let (status, missing) = {
        let case = read_json(&[first, second("nonInteractiveUser")]);
        let item = coverage(&case).into_iter().find(|item| item.detection == "foci-pivot").unwrap();
        (item.status, item.missing.iter().map(|missing| missing.field).collect::<Vec<_>>())
    };
    assert_eq!(status, Status::Partial);
    assert!(missing.contains(&"incoming_token_type") && !missing.contains(&"stream"), "{missing:?}");
}

#[test]
fn an_event_of_a_cloud_app_is_read_from_its_record_or_from_its_own_columns() {
    let own = json!({"Timestamp": "2026-09-13T01:30:00Z", "ActionType": "FileDownloaded",
        "Application": "Microsoft SharePoint Online", "ApplicationId": 20892, "AppInstanceId": 0,
        "AccountObjectId": "11111111-0000-0000-0000-000000000001", "AccountId": "ada", "AccountDisplayName": "Ada",
        "IsAdminOperation": false, "IPAddress": "192.0.2.9", "CountryCode": "DE", "UserAgent": "Mozilla/5.0",
        "ActivityType": "Download", "ObjectName": "https://contoso.example/a.docx", "ObjectType": "File",
        "ReportId": "106830890_20892_aaaaaaaa-0000-4000-8000-000000000001"});
    for (shape, case) in in_all_shapes(&own) {
        assert_eq!(case.inputs[0].format, "cloud-app-events", "{shape}");
        let (row, store) = (case.store.activity(0).unwrap(), &case.store);
        let told = [row.operation, row.object, row.address, row.agent, row.category].map(|id| store.texts.get(id));
        assert_eq!(
            told,
            [
                "FileDownloaded",
                "https://contoso.example/a.docx",
                "192.0.2.9",
                "Mozilla/5.0",
                "Microsoft SharePoint Online"
            ],
        );
        assert_eq!(row.id.display(&store.texts), "aaaaaaaa-0000-4000-8000-000000000001", "that of the audit log");
        assert_eq!(store.user(row.user).id.display(&store.texts), "11111111-0000-0000-0000-000000000001");
        assert!(!row.session_id(store).is_present(), "the table has no session");
    }
    let act = with(
        own.clone(),
        json!({"ActionType": "Consent to application.", "ObjectName": "Mail reader", "ActivityType": "Run"}),
    );
    let case = read_json(&[act]);
    let row = case.store.audit(0).unwrap_or_else(|| panic!("{:?}", case.inputs));
    assert_eq!(case.store.texts.get(row.operation), "Consent to application");
    let record = json!({"CreationTime": "2026-09-13T01:30:00", "Id": "aaaaaaaa-0000-4000-8000-000000000001",
        "Operation": "FileDownloaded", "RecordType": 6, "Workload": "SharePoint", "UserId": "ada@contoso.example",
        "UserKey": "i:0h.f|membership|1003@live.com", "ObjectId": "https://contoso.example/a.docx",
        "ClientIP": "192.0.2.9", "AppAccessContext": {"AADSessionId": SESSION}});
    for raw in [record.clone(), Value::String(record.to_string())] {
        let (shape, case) = in_all_shapes(&with(own.clone(), json!({"RawEventData": raw}))).remove(0);
        assert_eq!(case.inputs[0].format, "unified-audit-log", "{shape}");
        let row = case.store.activity(0).unwrap();
        assert_eq!(row.session_id(&case.store).display(&case.store.texts), SESSION);
    }
    // Both exports of the act are one event, by the id that the report id ends in.
    let case = read_json(&[own, record]);
    assert_eq!((case.inputs[0].events, case.inputs[0].merged), (1, 1));
}

#[test]
fn calls_of_graph_and_logons_of_the_other_directory_are_told_apart() {
    let call = json!({"Timestamp": "2026-09-13T01:30:00Z", "IdentityProvider": "x", "ApiVersion": "v1.0",
        "ApplicationId": "22222222-0000-0000-0000-000000000002", "RequestMethod": "GET", "ResponseStatusCode": "200",
        "AccountObjectId": "11111111-0000-0000-0000-000000000001", "Scopes": "Mail.Read", "ReportId": "r",
        "RequestUri": "https://graph.microsoft.com/v1.0/me/messages", "IpAddress": "192.0.2.9",
        "UniqueTokenIdentifier": "-_WUD4M1Rkyb-gOQwZiIAA", "RequestId": "aaaaaaaa-0000-4000-8000-000000000004"});
    for (shape, case) in in_all_shapes(&call) {
        assert_eq!(case.inputs[0].format, "graph-activity", "{shape}");
        let (row, store) = (case.store.activity(0).unwrap(), &case.store);
        assert_eq!(row.token_id(store).display(&store.texts), REQUEST, "{shape}");
        assert_eq!(store.texts.get(row.address), "192.0.2.9", "{shape}");
    }
    let logon = json!({"Timestamp": "2026-09-13T01:30:00Z", "ActionType": "LogonSuccess", "Application": "Active Directory",
        "LogonType": "Resource access", "Protocol": "Kerberos", "FailureReason": "", "AccountName": "ada",
        "AccountDomain": "contoso", "AccountUpn": "ada@contoso.example", "DeviceName": "pc", "IPAddress": "192.0.2.9"});
    for (shape, case) in in_all_shapes(&logon) {
        let other: Vec<(&String, &u64)> = case.inputs[0].other.iter().collect();
        assert_eq!(other, [(&"IdentityLogonEvents".to_owned(), &1)], "{shape}");
    }
}
