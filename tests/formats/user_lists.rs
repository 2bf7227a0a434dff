//! Files about users: how they are recognised, and whose classes they give.

use serde_json::{Value, json};
use signin_sleuth::analysis::Case;
use signin_sleuth::enrichment::UserClass::{self, BreakGlass, Privileged, ServiceAccount, Vip};

use crate::support::{graph, read};

const ADA: &str = "11111111-0000-0000-0000-000000000001";
const ADMINISTRATOR: &str = "62e90394-69f5-4237-9190-012177145e10";

/// A sign-in of `ada@contoso.example`.
fn ada() -> String {
    format!("{}\n", graph(json!({})))
}

/// The classes and roles of the only person of a case.
fn told(case: &Case) -> (Vec<UserClass>, Vec<String>) {
    let people: Vec<_> = case.buckets.iter().filter_map(|bucket| case.people.get(bucket.person)).collect();
    assert_eq!(people.len(), 1);
    let roles = case.told.values().next().map(|told| told.roles.clone()).unwrap_or_default();
    (people[0].classes.iter().collect(), roles)
}

fn with_file(name: &str, text: &str) -> (Vec<UserClass>, Vec<String>, Case) {
    let case = read(&[("a.json", ada().as_bytes()), (name, text.as_bytes())]);
    let (classes, roles) = told(&case);
    (classes, roles, case)
}

#[test]
fn tables_of_users_are_recognised_by_their_header() {
    for (name, text, classes) in [
        ("u.csv", "UserPrincipalName,Role\nADA@contoso.example,Global Administrator\n", vec![Privileged]),
        ("u.csv", "upn;vip;break-glass\r\nada@contoso.example;yes;no\r\n", vec![Vip]),
        ("u.csv", &format!("id,tags\n{ADA},\"VIP; Service Account\"\n"), vec![Vip, ServiceAccount]),
        ("u.csv", "user,isServiceAccount\nada@contoso.example,TRUE\n", vec![ServiceAccount]),
        ("break-glass.txt", "ada@contoso.example\nbob@contoso.example\n", vec![BreakGlass]),
        ("u.txt", &format!("# our VIPs\n{ADA}\n"), vec![Vip]),
        ("admins.csv", "mail,department\nada@contoso.example,IT\n", vec![Privileged]),
        ("u.csv", &format!("Role,Principal Name\n{ADMINISTRATOR},ada@contoso.example\n"), vec![Privileged]),
        ("u.csv", "upn,role\nada@contoso.example,Message Center Reader\n", vec![]),
        ("u.csv", "upn,role\nbob@contoso.example,Global Administrator\n", vec![]),
    ] {
        let (found, _, case) = with_file(name, text);
        assert_eq!(found, classes, "{name}: {text}");
        let input = &case.inputs[1];
        assert_eq!((input.format.as_str(), input.enrichment), ("user-list", input.records), "{name}: {text}");
        let named = u64::from(!text.contains("bob") || name == "break-glass.txt");
        assert_eq!((input.gave.users, input.gave.named), (input.records, named), "{name}: {text}");
    }
}

#[test]
fn tables_without_users_or_of_logs_are_none() {
    for text in [
        "upn,department\nada@contoso.example,IT\n",
        "upn,role,ipAddress\nada@contoso.example,Global Administrator,203.0.113.7\n",
        "role,description\nGlobal Administrator,all\n",
    ] {
        let (classes, _, case) = with_file("u.csv", text);
        assert!(classes.is_empty() && case.inputs[1].format == "unknown", "{text}");
    }
    let (_, _, case) = with_file("u.csv", "upn,role\n,Global Administrator\nada@contoso.example,x\n");
    assert_eq!((case.inputs[1].records, case.inputs[1].enrichment, case.inputs[1].refused_total), (2, 1, 1));
    assert!(case.inputs[1].refused[0].reason.contains("no user"));
}

#[test]
fn identity_info_is_read_as_json_and_as_a_table() {
    let row = json!({"TimeGenerated": "2026-11-01T00:00:00Z", "AccountObjectId": ADA, "AccountUPN": "Ada@contoso.example",
        "AssignedRoles": ["Exchange Administrator"], "Tags": ["VIP"], "IsServiceAccount": false, "Type": "IdentityInfo"});
    let table = "TimeGenerated,AccountObjectId,AccountUPN,AssignedRoles,Tags,IsServiceAccount,Type\n\
        2026-11-01T00:00:00Z,11111111-0000-0000-0000-000000000001,ada@contoso.example,\"[\"\"Exchange Administrator\"\"]\",\"[\"\"VIP\"\"]\",false,IdentityInfo\n";
    for text in [format!("{row}\n"), table.to_owned()] {
        let (classes, roles, case) = with_file("identities", &text);
        assert_eq!((classes, roles), (vec![Privileged, Vip], vec!["Exchange Administrator".to_owned()]), "{text}");
        assert_eq!((case.inputs[1].format.as_str(), case.inputs[1].enrichment), ("identity-info", 1));
    }
}

#[test]
fn roles_of_graph_name_who_holds_them() {
    let assignment = json!({"id": "x", "principalId": ADA, "roleDefinitionId": ADMINISTRATOR, "directoryScopeId": "/"});
    let expanded = json!({"id": "x", "principalId": ADA, "roleDefinitionId": "custom", "directoryScopeId": "/",
        "principal": {"@odata.type": "#microsoft.graph.user", "userPrincipalName": "ada@contoso.example"},
        "roleDefinition": {"displayName": "Global Administrator"}});
    let role = json!({"id": "y", "displayName": "Global Administrator", "roleTemplateId": ADMINISTRATOR,
        "members": [{"@odata.type": "#microsoft.graph.user", "id": ADA, "userPrincipalName": "ada@contoso.example"}]});
    for record in [&assignment, &expanded, &role] {
        let (classes, roles, case) = with_file("roles.json", &json!({"value": [record]}).to_string());
        assert_eq!((classes, roles), (vec![Privileged], vec!["Global Administrator".to_owned()]), "{record}");
        assert_eq!((case.inputs[1].records, case.inputs[1].enrichment), (1, 1), "{record}");
    }
    let empty =
        json!({"id": "y", "displayName": "Global Administrator", "roleTemplateId": ADMINISTRATOR, "members": []});
    let (classes, _, case) = with_file("roles.json", &json!({"value": [empty]}).to_string());
    assert!(classes.is_empty() && case.inputs[1].other.get("directoryRole") == Some(&1));
}

/// An audit record that gives Ada a role or takes it.
fn change(operation: &str, time: &str, role: &str) -> Value {
    let gives = operation.starts_with("Add");
    let (old, new) =
        if gives { (json!(null), json!(format!("\"{role}\""))) } else { (json!(format!("\"{role}\"")), json!(null)) };
    json!({"id": format!("{operation}{time}"), "activityDateTime": time, "activityDisplayName": operation,
        "category": "RoleManagement", "result": "success", "operationType": "Assign",
        "initiatedBy": {"user": {"id": ADA, "userPrincipalName": "ada@contoso.example"}},
        "targetResources": [{"type": "User", "id": ADA, "userPrincipalName": "ada@contoso.example",
            "modifiedProperties": [{"displayName": "Role.DisplayName", "oldValue": old, "newValue": new}]}]})
}

#[test]
fn changes_of_roles_count_more_than_files_and_tokens_least() {
    const GLOBAL: &str = "Global Administrator";
    let wids = json!([{"key": "wids", "value": format!("[\"{ADMINISTRATOR}\"]")}]);
    let token = format!("{}\n", graph(json!({"authenticationProcessingDetails": wids})));
    let classes = |signed: &str, audit: &[Value], file: &str| {
        let audit: String = audit.iter().map(|record| format!("{record}\n")).collect();
        let mut inputs: Vec<(&str, &[u8])> = vec![("a.json", signed.as_bytes())];
        if !audit.is_empty() {
            inputs.push(("b.json", audit.as_bytes()));
        }
        if !file.is_empty() {
            inputs.push(("c.csv", file.as_bytes()));
        }
        told(&read(&inputs)).0
    };
    let add = change("Add member to role", "2026-09-12T00:00:00Z", GLOBAL);
    let remove = change("Remove member from role", "2026-09-12T01:00:00Z", GLOBAL);
    let file = format!("upn,role\nada@contoso.example,{GLOBAL}\n");
    assert_eq!(classes(&ada(), &[], ""), []);
    assert_eq!(classes(&token, &[], ""), [Privileged], "its token");
    assert_eq!(classes(&token, &[], "upn,role\nada@contoso.example,Message Center Reader\n"), [], "a file says no");
    assert_eq!(classes(&ada(), std::slice::from_ref(&add), ""), [Privileged], "given in the log");
    assert_eq!(classes(&ada(), &[remove.clone(), add.clone()], &file), [], "taken in the log, whatever the file says");
    assert_eq!(classes(&token, &[remove], ""), [], "taken in the log, whatever the token carries");
    let request = change("Add member to role in PIM requested (timebound)", "2026-09-12T00:00:00Z", GLOBAL);
    assert_eq!(classes(&ada(), &[request], ""), [], "a request is none yet");
    let mut failed = add;
    failed["result"] = json!("failure");
    assert_eq!(classes(&ada(), &[failed], ""), []);
}
