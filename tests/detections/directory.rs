//! One act in the directory, as the logs of different exports tell it: found in each, and once in all.

use serde_json::{Value, json};

use crate::support::{case, guid, report};
use signin_sleuth::detections::Tuning;

const ROLE: &str = "62e90394-69f5-4237-9190-012177145e10";
const CORRELATION: &str = "c0ffee00-0000-4000-8000-000000000001";

fn graph() -> String {
    json!({
        "id": "Directory_1_role", "activityDateTime": "2026-11-12T10:00:00Z", "activityDisplayName": "Add member to role",
        "category": "RoleManagement", "loggedByService": "Core Directory", "result": "success", "correlationId": CORRELATION,
        "initiatedBy": {"user": {"id": guid("ann"), "userPrincipalName": "ann@contoso.example", "ipAddress": "198.51.100.7"}, "app": null},
        "targetResources": [{"id": guid("bob"), "type": "User", "userPrincipalName": "bob@contoso.example", "modifiedProperties": [
            {"displayName": "Role.DisplayName", "oldValue": null, "newValue": "\"Global Administrator\""},
            {"displayName": "Role.TemplateId", "oldValue": null, "newValue": format!("\"{ROLE}\"")},
        ]}],
        "additionalDetails": [],
    })
    .to_string()
}

fn unified() -> String {
    json!({
        "CreationTime": "2026-11-12T10:00:00", "Id": "0a0a0a0a-0000-4000-8000-000000000001", "Operation": "Add member to role.",
        "OrganizationId": "11111111-1111-4111-8111-111111111111", "RecordType": 8, "ResultStatus": "Success",
        "UserKey": "10032000AAAA@contoso.example", "UserType": 0, "Version": 1, "Workload": "AzureActiveDirectory",
        "ObjectId": "bob@contoso.example", "UserId": "ann@contoso.example", "AzureActiveDirectoryEventType": 1,
        "Actor": [{"ID": "ann@contoso.example", "Type": 5}, {"ID": format!("User_{}", guid("ann")), "Type": 2}],
        "InterSystemsId": CORRELATION, "ExtendedProperties": [],
        "Target": [{"ID": format!("User_{}", guid("bob")), "Type": 2}, {"ID": guid("bob"), "Type": 2},
                   {"ID": "User", "Type": 2}, {"ID": "bob@contoso.example", "Type": 5}],
        "ModifiedProperties": [
            {"Name": "Role.DisplayName", "NewValue": "Global Administrator", "OldValue": ""},
            {"Name": "Role.TemplateId", "NewValue": ROLE, "OldValue": ""},
        ],
    })
    .to_string()
}

fn portal() -> String {
    let columns = [
        ("Date (UTC)", "2026-11-12T10:00:00.0000000+00:00"),
        ("CorrelationId", CORRELATION),
        ("Service", "Core Directory"),
        ("Category", "RoleManagement"),
        ("Activity", "Add member to role"),
        ("Result", "success"),
        ("ResultReason", ""),
        ("User Agent", ""),
        ("ActorType", "User"),
        ("ActorDisplayName", "Ann"),
        ("ActorObjectId", ""),
        ("ActorUserPrincipalName", "ann@contoso.example"),
        ("IPAddress", "198.51.100.7"),
        ("Target1Type", "User"),
        ("Target1DisplayName", ""),
        ("Target1ObjectId", ""),
        ("Target1UserPrincipalName", "bob@contoso.example"),
        ("Target2Type", "Role"),
        ("Target2DisplayName", "Global Administrator"),
        ("Target2ObjectId", ""),
        ("Target2UserPrincipalName", ""),
        ("Target3Type", "Directory"),
        ("Target3DisplayName", "Contoso"),
        ("Target3ObjectId", ""),
        ("Target3UserPrincipalName", ""),
    ];
    let line = |pick: fn(&(&str, &str)) -> String| columns.iter().map(pick).collect::<Vec<_>>().join(",");
    format!("{}\n{}\n", line(|(name, _)| (*name).to_owned()), line(|(_, value)| (*value).to_owned()))
}

/// Severities of what was found about the role.
fn found(files: &[(&str, String)]) -> Vec<Value> {
    let report = report(&case(files), &Tuning::default());
    let findings = report["findings"].as_array().expect("findings").iter();
    findings.filter(|finding| finding["detection"] == "role-assigned").cloned().collect()
}

#[test]
fn a_role_is_found_in_each_log_and_once_in_all() {
    let files = [("graph.ndjson", graph()), ("unified.json", unified()), ("portal.csv", portal())];
    for file in &files {
        let found = found(std::slice::from_ref(file));
        assert_eq!(found.len(), 1, "{}: {found:#?}", file.0);
        assert_eq!(found[0]["severity"], "high", "{}", file.0);
        let why = found[0]["why"].as_str().expect("a text");
        assert!(
            why.contains("ann@contoso.example gave bob@contoso.example the role Global Administrator"),
            "{}: {why}",
            file.0
        );
    }
    let all = found(&files);
    assert_eq!(all.len(), 1, "{all:#?}");
    assert_eq!(all[0]["facts"]["count"], 1);
}

#[test]
fn an_application_without_id_is_asked_about_too() {
    let mut record: Value = serde_json::from_str(&graph()).expect("JSON");
    record["initiatedBy"] =
        json!({"user": null, "app": {"displayName": "Deploy", "servicePrincipalId": null, "appId": null}});
    record["targetResources"] = json!([{"id": guid("app"), "type": "ServicePrincipal", "displayName": "App",
        "modifiedProperties": [{"displayName": "Role.TemplateId", "oldValue": null, "newValue": format!("\"{ROLE}\"")}]}]);
    let found = found(&[("graph.ndjson", record.to_string())]);
    assert_eq!(found.len(), 1);
    assert!(
        found[0]["why"].as_str().is_some_and(|why| why.starts_with("Deploy gave App the role")),
        "{}",
        found[0]["why"]
    );
}

#[test]
fn the_facts_of_an_act_show_old_and_new_value() {
    let found = found(&[("graph.ndjson", graph())]);
    let act = &found[0]["facts"]["acts"][0];
    assert_eq!(act["on"], json!(["bob@contoso.example"]));
    assert_eq!(act["address"], "198.51.100.7");
    assert_eq!(act["changes"][0], json!(["Role.DisplayName", "", "Global Administrator"]));
}

#[test]
fn an_act_leads_to_a_user_whom_nothing_else_names() {
    let mut record: Value = serde_json::from_str(&unified()).expect("JSON");
    record["Operation"] = json!("Update user.");
    record["ObjectId"] = json!("carol@contoso.example");
    record["Actor"] =
        json!([{"ID": "Azure MFA StrongAuthenticationService", "Type": 1}, {"ID": "ServicePrincipal", "Type": 2}]);
    record["UserId"] = json!("ServicePrincipal_0a0a0a0a-0000-4000-8000-00000000000b");
    record["Target"] =
        json!([{"ID": "User_carol", "Type": 2}, {"ID": "User", "Type": 2}, {"ID": "carol@contoso.example", "Type": 5}]);
    record["ModifiedProperties"] =
        json!([{"Name": "StrongAuthenticationMethod", "OldValue": "[{\"MethodType\": 7}]", "NewValue": "[]"}]);
    let report = report(&case(&[("unified.json", record.to_string())]), &Tuning::default());
    let findings = report["findings"].as_array().expect("findings");
    let [found] = findings.as_slice() else { panic!("{findings:#?}") };
    assert_eq!((&found["detection"], &found["variant"]), (&json!("method-removed"), &json!("disabled")));
    assert_eq!(found["user"]["name"], "carol@contoso.example");
}
