//! What was done with mailboxes, files and Graph, and what Identity Protection says: the same event
//! from whatever wrapper.

use serde_json::{Value, json};
use signin_sleuth::analysis::Case;
use signin_sleuth::events::{Activity, Audit, RiskEvent, SignIn};

use crate::support::{csv, graph, read, read_csv, read_json, with};

const SESSION: &str = "008b57fa-8d12-7c5c-9e1f-aa0000000001";
const TOKEN: &str = "0f94f5fb-3583-4c46-9bfa-0390c1988800";

/// `AuditData` of a mailbox that was read.
fn mail() -> Value {
    json!({"CreationTime": "2026-09-13T01:30:00", "Id": "aaaaaaaa-0000-4000-8000-000000000001",
        "Operation": "MailItemsAccessed", "OrganizationId": "22222222-0000-0000-0000-000000000002", "RecordType": 50,
        "ResultStatus": "Succeeded", "UserKey": "10032000AAAA", "UserType": 0, "Version": 1, "Workload": "Exchange",
        "UserId": "Ada@Contoso.example", "TokenObjectId": "11111111-0000-0000-0000-000000000001",
        "ClientIPAddress": "[2001:db8::5]:50123", "ClientAppId": "27922004-5251-4030-b22d-91ecd9a37ea4",
        "ClientInfoString": "Client=OWA;Mozilla/5.0 (X11; Linux)", "MailboxOwnerUPN": "Boss@Contoso.example",
        "OperationCount": 7, "OperationProperties": [{"Name": "MailAccessType", "Value": "Bind"}],
        "Folders": [{"Path": "\\Inbox", "FolderItems": [{"InternetMessageId": "<1@x>"}]}],
        "AppAccessContext": {"AADSessionId": SESSION, "UniqueTokenId": "-_WUD4M1Rkyb-gOQwZiIAA"}})
}

/// A sign-in as the unified audit log tells it: the same request as [`graph`]'s.
fn logged_in() -> Value {
    json!({"CreationTime": "2026-09-13T01:22:28", "Id": TOKEN, "Operation": "UserLoggedIn", "RecordType": 15,
        "OrganizationId": "22222222-0000-0000-0000-000000000002", "ResultStatus": "Success",
        "Workload": "AzureActiveDirectory", "UserKey": "11111111-0000-0000-0000-000000000001",
        "UserId": "ada@contoso.example", "ClientIP": "192.0.2.9", "ObjectId": "00000003-0000-0000-c000-000000000000",
        "ExtendedProperties": [{"Name": "UserAgent", "Value": "Mozilla/5.0"}, {"Name": "RequestType", "Value": "Cmsi:Cmsi"}],
        "Actor": [{"ID": "11111111-0000-0000-0000-000000000001", "Type": 0}, {"ID": "ada@contoso.example", "Type": 5}],
        "ActorContextId": "22222222-0000-0000-0000-000000000002", "InterSystemsId": "33333333-0000-4000-8000-000000000003",
        "IntraSystemId": TOKEN, "ApplicationId": "29d9ed98-a469-4536-ade2-f981bc1d605e",
        "DeviceProperties": [{"Name": "OS", "Value": "Windows10"}, {"Name": "SessionId", "Value": SESSION}],
        "ErrorNumber": "0"})
}

/// The record in each of the wrappers in which the unified audit log is handed over.
fn wrappers(record: &Value) -> Vec<(&'static str, String, String)> {
    let text = record.to_string();
    let at = "2026-09-13T01:30:00.0000000Z ";
    let operation = record["Operation"].as_str().unwrap();
    let kind = record["RecordType"].to_string();
    let by = record["UserId"].as_str().unwrap();
    let id = record["Id"].as_str().unwrap();
    let json = |value: Value| value.to_string();
    vec![
        ("management API", "a.json".into(), json(json!([record]))),
        ("a line", "a.ndjson".into(), json(record.clone())),
        ("numbers as text", "a.json".into(), json(with(record.clone(), json!({"RecordType": kind.clone()})))),
        (
            "Purview",
            "a.csv".into(),
            csv(&[
                ("RecordId", id),
                ("CreationDate", at),
                ("RecordType", &kind),
                ("Operation", operation),
                ("UserId", by),
                ("AuditData", &text),
                ("AssociatedAdminUnits", ""),
            ]),
        ),
        (
            "Search-UnifiedAuditLog",
            "a.csv".into(),
            csv(&[
                ("RecordType", "ExchangeItemAggregated"),
                ("CreationDate", "9/13/2026 1:30:00 AM"),
                ("UserIds", by),
                ("Operations", operation),
                ("AuditData", &text),
                ("ResultIndex", "1"),
                ("Identity", id),
            ]),
        ),
        ("text in JSON", "a.json".into(), json(json!({"RecordType": 50, "Operations": operation, "AuditData": text}))),
        ("object in JSON", "a.json".into(), json(json!({"CreationDate": at, "UserIds": by, "AuditData": record}))),
        (
            "Graph query",
            "a.json".into(),
            json(json!({"value": [{"id": id, "createdDateTime": "2026-09-13T01:30:00Z", "operation": operation,
                "auditLogRecordType": "exchangeItemAggregated", "userPrincipalName": by, "auditData": record}]})),
        ),
        (
            "Defender",
            "a.csv".into(),
            csv(&[
                ("Timestamp", "2026-09-13T01:30:00Z"),
                ("ActionType", operation),
                ("ApplicationId", "20893"),
                ("AccountObjectId", ""),
                ("RawEventData", &text),
            ]),
        ),
    ]
}

fn activity(case: &Case) -> &Activity {
    assert_eq!(case.inputs[0].events, 1, "{:?}", case.inputs);
    case.store.activity(0).expect("an activity")
}

#[test]
fn a_record_is_the_same_in_every_wrapper_of_the_unified_audit_log() {
    for (wrapper, name, text) in wrappers(&mail()) {
        let case = read(&[(&name, text.as_bytes())]);
        let (row, store) = (activity(&case), &case.store);
        let text = |id| store.texts.get(id).to_owned();
        assert_eq!(case.inputs[0].format, "unified-audit-log", "{wrapper}");
        assert_eq!(row.session_id(store).display(&store.texts), SESSION, "{wrapper}");
        assert_eq!(row.token_id(store).display(&store.texts), TOKEN, "{wrapper}");
        assert_eq!(row.time, 1_789_263_000_000_000, "{wrapper}");
        assert!(row.doubts.time_is_certain(), "{wrapper}");
        let user = store.user(row.user);
        assert_eq!(user.id.display(&store.texts), "11111111-0000-0000-0000-000000000001", "{wrapper}");
        let told = [user.name, row.operation, row.category, row.object, row.owner, row.address, row.agent, row.result];
        let expected = [
            "ada@contoso.example",
            "MailItemsAccessed",
            "Exchange",
            "\\Inbox",
            "boss@contoso.example",
            "2001:db8::5",
            "Mozilla/5.0 (X11; Linux)",
            "success",
        ];
        assert_eq!(told.map(text), expected, "{wrapper}");
        assert_eq!(text(row.parameters), r#"[["MailAccessType","Bind"]]"#, "{wrapper}");
        assert_eq!(row.items, 7, "{wrapper}");
        assert_eq!(case.buckets.len(), 1, "{wrapper}");
    }
}

#[test]
fn a_cell_that_was_cut_keeps_its_event_and_is_marked() {
    let text = mail().to_string();
    let cut = &text[..text.find("\"OperationCount\"").unwrap()];
    let case = read_csv(&csv(&[
        ("CreationDate", "2026-09-13T01:30:00Z"),
        ("RecordType", "50"),
        ("Operation", "MailItemsAccessed"),
        ("UserId", "ada@contoso.example"),
        ("AuditData", cut),
    ]));
    let row = activity(&case);
    assert_eq!(case.store.texts.get(row.operation), "MailItemsAccessed");
    assert_eq!(case.inputs[0].damaged.get("record"), Some(&1));
    // Of one that was cut before it says anything only the row is left, and that is said.
    let event = |raw: &str| {
        let case = read_csv(&csv(&[
            ("Timestamp", "2026-09-13T01:30:00Z"),
            ("ActionType", "FileDownloaded"),
            ("Application", "Microsoft SharePoint Online"),
            ("RawEventData", raw),
        ]));
        (case.inputs[0].other.values().sum::<u64>(), case.inputs[0].damaged.get("record").copied())
    };
    assert_eq!(event("{\"CreationTime\":\"2026-09"), (1, Some(1)));
    assert_eq!(event("{}"), (1, None));
    assert_eq!(event(""), (1, None));
}

#[test]
fn a_sign_in_of_the_unified_audit_log_completes_that_of_graph() {
    let alone = read_json(&[logged_in()]);
    let row: &SignIn = alone.store.sign_in(0).expect("a sign-in");
    assert_eq!(row.session_id(&alone.store).display(&alone.store.texts), SESSION);
    assert_eq!(alone.store.outcome(row.outcome).code(), Some(0));
    assert_eq!(row.protocol, signin_sleuth::events::vocabulary::Protocol::DEVICE_CODE);
    let members = json!({"id": TOKEN, "createdDateTime": "2026-09-13T01:22:28Z", "sessionId": SESSION,
        "homeTenantId": "22222222-0000-0000-0000-000000000002", "resourceTenantId": "22222222-0000-0000-0000-000000000002"});
    let (beta, unified) = (graph(members).to_string(), logged_in().to_string());
    let case = read(&[("graph.json", beta.as_bytes()), ("ual.json", unified.as_bytes())]);
    let told: Vec<(u64, u64)> = case.inputs.iter().map(|input| (input.events, input.merged)).collect();
    assert_eq!(told, [(0, 1), (1, 0)], "the log says more than so short a record of Graph: {:?}", case.inputs);
    assert_eq!(case.also.len(), 1);
}

#[test]
fn an_act_in_the_directory_is_an_audit_event_with_its_target() {
    let record = json!({"CreationTime": "2026-09-13T02:00:00", "Id": "aaaaaaaa-0000-4000-8000-000000000002",
        "Operation": "Add member to role.", "RecordType": 8, "ResultStatus": "Success",
        "Workload": "AzureActiveDirectory", "UserKey": "1003@contoso.example", "UserId": "ada@contoso.example",
        "ObjectId": "bob@contoso.example",
        "ExtendedProperties": [{"Name": "additionalDetails", "Value": "{\"User-Agent\":\"Mozilla/5.0\"}"},
            {"Name": "extendedAuditEventCategory", "Value": "Role"}],
        "ModifiedProperties": [{"Name": "Role.DisplayName", "NewValue": "\"Company Administrator\"", "OldValue": ""}],
        "Actor": [{"ID": "Portal", "Type": 1}, {"ID": "00000006-0000-0ff1-ce00-000000000000", "Type": 2},
            {"ID": "User_11111111-0000-0000-0000-000000000001", "Type": 2}, {"ID": "User", "Type": 2}],
        "Target": [{"ID": "User_11111111-0000-0000-0000-000000000009", "Type": 2},
            {"ID": "11111111-0000-0000-0000-000000000009", "Type": 2}, {"ID": "User", "Type": 2},
            {"ID": "Bob@contoso.example", "Type": 5}]});
    let case = read_json(&[record]);
    let row: &Audit = case.store.audit(0).expect("an audit event");
    let texts = &case.store.texts;
    let told = [row.operation, row.category, row.result, row.agent].map(|id| texts.get(id).to_owned());
    assert_eq!(told, ["Add member to role", "Role", "success", "Mozilla/5.0"]);
    assert_eq!(case.store.user(row.user).id.display(texts), "11111111-0000-0000-0000-000000000001");
    let target: Value = serde_json::from_str(texts.get(row.targets)).unwrap();
    assert_eq!(
        target,
        json!([{"kind": "User", "id": "11111111-0000-0000-0000-000000000009", "name": "",
            "user": "bob@contoso.example", "changes": [["Role.DisplayName", "", "Company Administrator"]]}])
    );
    // Who did it and to whom it was done.
    assert_eq!(case.buckets.len(), 2);
}

#[test]
fn office_activity_says_what_its_audit_data_would() {
    let case = read_csv(&csv(&[
        ("TimeGenerated [UTC]", "9/13/2026, 1:30:00.000 AM"),
        ("Operation", "FileDownloaded"),
        ("OfficeWorkload", "SharePoint"),
        ("RecordType", "SharePointFileOperation"),
        ("OfficeId", "aaaaaaaa-0000-4000-8000-000000000003"),
        ("OfficeObjectId", "https://contoso.example/a.docx"),
        ("UserId", "ada@contoso.example"),
        ("UserKey", "i:0h.f|membership|1003@live.com"),
        ("ClientIP", "192.0.2.9:50123"),
        ("AppAccessContext", &json!({"AADSessionId": SESSION, "UniqueTokenId": TOKEN}).to_string()),
        ("Type", "OfficeActivity"),
    ]));
    let (row, store) = (activity(&case), &case.store);
    assert_eq!(row.session_id(store).display(&store.texts), SESSION);
    assert_eq!(row.token_id(store).display(&store.texts), TOKEN);
    assert!(!store.user(row.user).id.has_value());
    let told = [row.operation, row.category, row.object, row.address].map(|id| store.texts.get(id));
    assert_eq!(told, ["FileDownloaded", "SharePoint", "https://contoso.example/a.docx", "192.0.2.9"]);
}

#[test]
fn a_call_of_graph_is_the_same_from_azure_monitor_log_analytics_and_defender() {
    let monitor = json!({"time": "2026-09-13T01:30:00Z", "category": "MicrosoftGraphActivityLogs",
        "tenantId": "22222222-0000-0000-0000-000000000002", "callerIpAddress": "192.0.2.9",
        "properties": {"requestId": "aaaaaaaa-0000-4000-8000-000000000004", "requestMethod": "GET",
            "requestUri": "https://graph.microsoft.com/v1.0/me/messages", "responseStatusCode": 200,
            "signInActivityId": "-_WUD4M1Rkyb-gOQwZiIAA", "scopes": "Mail.Read",
            "userId": "11111111-0000-0000-0000-000000000001", "appId": "29d9ed98-a469-4536-ade2-f981bc1d605e"}});
    let row = |time: &str, user: &str, app: &str, token: &str| {
        csv(&[
            (time, "2026-09-13T01:30:00Z"),
            ("RequestId", "aaaaaaaa-0000-4000-8000-000000000004"),
            ("RequestMethod", "GET"),
            ("RequestUri", "https://graph.microsoft.com/v1.0/me/messages"),
            ("ResponseStatusCode", "200"),
            (token, "-_WUD4M1Rkyb-gOQwZiIAA"),
            ("Scopes", "Mail.Read"),
            ("IPAddress", "192.0.2.9"),
            (user, "11111111-0000-0000-0000-000000000001"),
            (app, "29d9ed98-a469-4536-ade2-f981bc1d605e"),
        ])
    };
    for (name, text) in [
        ("a.json", monitor.to_string()),
        ("la.csv", row("TimeGenerated", "UserId", "AppId", "SignInActivityId")),
        ("xdr.csv", row("Timestamp", "AccountObjectId", "ApplicationId", "UniqueTokenIdentifier")),
    ] {
        let case = read(&[(name, text.as_bytes())]);
        let (row, store) = (activity(&case), &case.store);
        assert_eq!(row.token_id(store).display(&store.texts), TOKEN, "{name}");
        let told = [row.operation, row.object, row.result, row.scopes, row.address].map(|id| store.texts.get(id));
        let expected = ["GET", "https://graph.microsoft.com/v1.0/me/messages", "200", "Mail.Read", "192.0.2.9"];
        assert_eq!(told, expected, "{name}");
        assert!(store.user(row.user).id.has_value() && store.app(row.app).id.has_value(), "{name}");
    }
}

#[test]
fn a_risk_detection_is_the_same_from_graph_azure_monitor_and_log_analytics() {
    let detection = json!({"id": "r-1", "requestId": TOKEN, "correlationId": "33333333-0000-4000-8000-000000000003",
        "riskEventType": "anomalousToken", "riskLevel": "high", "riskState": "atRisk", "riskDetail": "none",
        "source": "IdentityProtection", "detectionTimingType": "offline", "activity": "signin",
        "tokenIssuerType": "AzureAD", "ipAddress": "192.0.2.9", "location": {"countryOrRegion": "DE"},
        "activityDateTime": "2026-09-13T01:22:28Z", "detectedDateTime": "2026-09-13T05:00:00Z",
        "userId": "11111111-0000-0000-0000-000000000001", "userPrincipalName": "Ada@contoso.example",
        "additionalInfo": "[{\"Key\":\"userAgent\",\"Value\":\"Mozilla/5.0\"}]"});
    let monitor = json!({"time": "2026-09-13T05:00:09Z", "category": "UserRiskEvents",
        "tenantId": "22222222-0000-0000-0000-000000000002", "properties": detection});
    let mut row = serde_json::Map::new();
    for (key, value) in detection.as_object().unwrap() {
        let (first, rest) = key.split_at(1);
        row.insert(format!("{}{rest}", first.to_uppercase()), value.clone());
    }
    row.insert("TimeGenerated".to_owned(), json!("2026-09-13T05:00:09Z"));
    row.insert("Type".to_owned(), json!("AADUserRiskEvents"));
    for (name, record) in [("Graph", detection.clone()), ("Azure Monitor", monitor), ("table", Value::Object(row))] {
        let case = read_json(&[record]);
        let row: &RiskEvent = case.store.risk_event(0).unwrap_or_else(|| panic!("{name}: {:?}", case.inputs));
        let texts = &case.store.texts;
        let told =
            [row.kind, row.level, row.state, row.source, row.timing, row.activity, row.issuer, row.address, row.agent];
        let expected = [
            "anomalousToken",
            "high",
            "atRisk",
            "IdentityProtection",
            "offline",
            "signin",
            "AzureAD",
            "192.0.2.9",
            "Mozilla/5.0",
        ];
        assert_eq!(told.map(|id| texts.get(id)), expected, "{name}");
        assert_eq!(row.request.display(texts), TOKEN, "{name}");
        assert_eq!(row.time, 1_789_262_548_000_000, "{name}");
        assert_eq!(row.detected(), Some(1_789_275_600_000_000), "{name}");
        assert_eq!(case.buckets.len(), 1, "{name}");
        assert_eq!(case.buckets[0].risk_events, [0], "{name}");
    }
}

#[test]
fn a_state_of_risk_is_that_of_the_user_whose_id_it_bears() {
    let state = json!({"id": "11111111-0000-0000-0000-000000000001", "userPrincipalName": "ada@contoso.example",
        "riskLevel": "high", "riskState": "confirmedCompromised", "riskDetail": "adminConfirmedUserCompromised",
        "riskLastUpdatedDateTime": "2026-09-13T06:00:00Z", "isDeleted": false});
    let sign_in =
        graph(json!({"userId": "11111111-0000-0000-0000-000000000001", "userPrincipalName": "ada@contoso.example"}));
    let case = read_json(&[sign_in, state]);
    assert!(case.store.risk_event(0).is_some_and(RiskEvent::is_state));
    assert_eq!(case.buckets.len(), 1, "the sign-in and the state are of one person");
}

#[test]
fn a_sign_in_of_defender_has_all_that_its_table_has() {
    let case = read_csv(&csv(&[
        ("Timestamp", "2026-09-13T01:22:28Z"),
        ("Application", "Microsoft Authentication Broker"),
        ("ApplicationId", "29d9ed98-a469-4536-ade2-f981bc1d605e"),
        ("LogonType", "[\"nonInteractiveUser\"]"),
        ("ErrorCode", "0"),
        ("SessionId", SESSION),
        ("AccountObjectId", "11111111-0000-0000-0000-000000000001"),
        ("AccountUpn", "ada@contoso.example"),
        ("EntraIdDeviceId", ""),
        ("IsManaged", "0"),
        ("IsCompliant", "-1"),
        ("ConditionalAccessStatus", "2"),
        ("IPAddress", "192.0.2.9"),
        ("Country", "DE"),
        ("RequestId", TOKEN),
        ("EndpointCall", "Cmsi:Cmsi"),
        ("UniqueTokenId", "-_WUD4M1Rkyb-gOQwZiIAA"),
    ]));
    use signin_sleuth::events::vocabulary::{IncomingToken, PolicyStatus, Protocol, Stream};
    let store = &case.store;
    let row = store.sign_in(0).unwrap_or_else(|| panic!("{:?}", case.inputs));
    assert_eq!(case.inputs[0].format, "defender-sign-in");
    assert_eq!(row.session_id(store).display(&store.texts), SESSION);
    assert_eq!(row.token_id(store).display(&store.texts), TOKEN);
    assert_eq!(
        (row.stream(), row.protocol, row.policy_status),
        (Stream::NonInteractive, Protocol::DEVICE_CODE, PolicyStatus::NOT_APPLIED)
    );
    assert_eq!(row.incoming, IncomingToken::ABSENT);
    assert_eq!(store.texts.get(store.location(row.location).country), "DE");
    assert_eq!(store.outcome(row.outcome).code(), Some(0));
}
