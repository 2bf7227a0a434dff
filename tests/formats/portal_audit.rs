//! The admin center's audit CSV: three targets, five changes of each, six details.

use crate::support::{ABSENT, assert_told, audit, csv, read};

/// A row of the admin center's audit log.
pub(crate) fn audit_row(cells: &[(&str, &str)]) -> String {
    let mut row: Vec<(String, String)> = [
        ("Date (UTC)", "2025-12-04T08:19:41.1234567+00:00"),
        ("CorrelationId", "c0ffee00-0000-0000-0000-00000000c0de"),
        ("Service", "Core Directory"),
        ("Category", "UserManagement"),
        ("Activity", "Update user"),
        ("Result", "success"),
        ("ResultReason", ""),
        ("User Agent", "Mozilla/5.0"),
        ("ActorType", "User"),
        ("ActorDisplayName", "Ada Lovelace"),
        ("ActorObjectId", "11111111-0000-0000-0000-000000000001"),
        ("ActorUserPrincipalName", "Ada@contoso.example"),
        ("IPAddress", "203.0.113.7"),
        ("ActorHomeTenantId", ""),
        ("ActorHomeTenantName", ""),
        ("ActorServicePrincipalId", ""),
        ("ActorServicePrincipalName", ""),
    ]
    .map(|(name, cell)| (name.to_owned(), cell.to_owned()))
    .to_vec();
    for target in 1..=3 {
        for part in ["Type", "DisplayName", "ObjectId", "UserPrincipalName"] {
            row.push((format!("Target{target}{part}"), String::new()));
        }
        for change in 1..=5 {
            for part in ["Name", "OldValue", "NewValue"] {
                row.push((format!("Target{target}ModifiedProperty{change}{part}"), String::new()));
            }
        }
    }
    for detail in 1..=6 {
        row.push((format!("AdditionalDetail{detail}Key"), String::new()));
        row.push((format!("AdditionalDetail{detail}Value"), String::new()));
    }
    for (name, cell) in cells {
        row.iter_mut().find(|(known, _)| known == name).expect("a column of the header").1 = (*cell).to_owned();
    }
    csv(&row.iter().map(|(name, cell)| (name.as_str(), cell.as_str())).collect::<Vec<_>>())
}

#[test]
fn the_audit_log_keeps_three_targets_five_changes_and_six_details() {
    let text = audit_row(&[
        ("Target1Type", "User"),
        ("Target1DisplayName", "Grace"),
        ("Target1ObjectId", "11111111-0000-0000-0000-000000000002"),
        ("Target1UserPrincipalName", "Grace@contoso.example"),
        ("Target1ModifiedProperty1Name", "StrongAuthenticationMethod"),
        ("Target1ModifiedProperty1OldValue", "[]"),
        ("Target1ModifiedProperty1NewValue", r#"[{"MethodType":6}]"#),
        ("Target1ModifiedProperty5Name", "Included Updated Properties"),
        ("Target1ModifiedProperty5NewValue", r#""StrongAuthenticationMethod""#),
        ("Target3Type", "Policy"),
        ("Target3DisplayName", "P"),
        ("AdditionalDetail1Key", "UserType"),
        ("AdditionalDetail1Value", "Member"),
        ("AdditionalDetail6Key", "Device OS"),
        ("AdditionalDetail6Value", "Windows"),
    ]);
    let case = read(&[("AuditLogs_2025-12-04.csv", text.as_bytes())]);
    assert_eq!((case.inputs[0].format.as_str(), case.inputs[0].events), ("portal-audit-csv", 1));
    let targets = r#"[{"kind":"User","id":"11111111-0000-0000-0000-000000000002","name":"Grace","user":"grace@contoso.example","changes":[["StrongAuthenticationMethod","[]","[{\"MethodType\":6}]"],["Included Updated Properties","","StrongAuthenticationMethod"]]},{"kind":"Policy","id":"","name":"P","user":"","changes":[]}]"#;
    let expected = [
        ("time", "2025-12-04T08:19:41.123456Z"),
        ("id", ABSENT),
        ("operation", "Update user"),
        ("category", "UserManagement"),
        ("service", "Core Directory"),
        ("result", "success"),
        ("user_id", "11111111-0000-0000-0000-000000000001"),
        ("user", "ada@contoso.example"),
        ("ip", "203.0.113.7"),
        ("agent", "Mozilla/5.0"),
        ("principal_id", ABSENT),
        ("targets", targets),
        ("details", r#"[["UserType","Member"],["Device OS","Windows"]]"#),
    ];
    assert_told(&audit(&case), &expected);
}

#[test]
fn an_application_that_acted_is_no_user() {
    let text = audit_row(&[
        ("ActorType", "Application"),
        ("ActorDisplayName", "Device Registration Service"),
        ("ActorUserPrincipalName", ""),
        ("ActorObjectId", ""),
        ("ActorServicePrincipalId", "55555555-0000-0000-0000-000000000005"),
    ]);
    let expected = [
        ("principal_id", "55555555-0000-0000-0000-000000000005"),
        ("principal", "Device Registration Service"),
        ("user", ABSENT),
    ];
    assert_told(&audit(&read(&[("a.csv", text.as_bytes())])), &expected);
}

#[test]
fn older_and_italian_audit_logs_differ_in_two_names() {
    let text = audit_row(&[]).replace("Date (UTC)", "Data (UTC)").replace("User Agent", "UserAgent");
    let told = audit(&read(&[("a.csv", text.as_bytes())]));
    assert_told(&told, &[("time", "2025-12-04T08:19:41.123456Z"), ("agent", "Mozilla/5.0")]);
}

#[test]
fn an_audit_log_whose_first_name_is_of_an_unknown_language_is_read() {
    let text = audit_row(&[]).replace("Date (UTC)", "Datum (UTC)");
    let case = read(&[("a.csv", text.as_bytes())]);
    assert_eq!((case.inputs[0].format.as_str(), case.inputs[0].events), ("portal-audit-csv", 1));
    assert_told(&audit(&case), &[("time", "2025-12-04T08:19:41.123456Z"), ("user", "ada@contoso.example")]);
    assert!(case.inputs[0].languages.contains("unknown"));
    // Where no time stands under it, it is none.
    let other = text.replace("2025-12-04T08:19:41.1234567+00:00", "soon");
    assert_eq!(read(&[("a.csv", other.as_bytes())]).inputs[0].events, 0);
}
