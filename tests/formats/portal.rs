//! The admin center's sign-in CSV: four tabs, the header of 2025 and older ones.

use serde_json::json;
use signin_sleuth::analysis::Case;
use signin_sleuth::report::notices;

use crate::support::{ABSENT, EMPTY, assert_told, audit, csv, graph, read, sign_in, sign_ins, with};

pub(crate) const ID: &str = "0f94f5fb-3583-4c46-9bfa-0390c1988800";
pub(crate) const SESSION: &str = "008b57fa-8d12-7c5c-a000-000000000001";

/// A row of the user tabs by the header of 2025, its oddities included: in this order.
pub(crate) const ROW: [(&str, &str); 57] = [
    ("Date (UTC)", "2025-12-04T08:19:41Z"),
    ("Request ID", ID),
    ("User agent", "Mozilla/5.0"),
    ("Correlation ID", "c0ffee00-0000-0000-0000-00000000c0de"),
    ("User ID", "11111111-0000-0000-0000-000000000001"),
    ("User", "Ada Lovelace"),
    ("Username", "Ada@contoso.example"),
    ("User type", "Member"),
    ("Cross tenant access type", "none"),
    ("Incoming token type", "Primary refresh token"),
    ("Authentication Protocol", "Device code"),
    ("Unique token identifier", "'-_WUD4M1Rkyb-gOQwZiIAA"),
    ("Original transfer method", "Device code flow"),
    ("Client credential type", "none"),
    ("Token Protection - Sign In Session", "Unbound"),
    ("Token Protection - Sign In Session StatusCode", "1002"),
    ("Application", "Microsoft Authentication Broker"),
    ("Application ID ", "29d9ed98-a469-4536-ade2-f981bc1d605e"),
    ("App owner tenant ID", "f8cdef31-a31e-4b4a-93e4-5f571e91255a"),
    ("Resource", "Device Registration Service"),
    ("Resource ID ", "01cb2876-7ebd-4aa4-9cc9-d28bd4d359a9"),
    ("Resource tenant ID", "99999999-0000-0000-0000-000000000009"),
    ("Resource owner tenant ID", "f8cdef31-a31e-4b4a-93e4-5f571e91255a"),
    ("Home tenant ID", "99999999-0000-0000-0000-000000000009"),
    ("Home tenant name", ""),
    ("IP address", "203.0.113.7"),
    ("Location", "Frankfurt, am Main, Hesse, DE"),
    ("Status", "Success"),
    ("Sign-in error code", ""),
    ("Failure reason", "Other."),
    ("Client app", "Mobile Apps and Desktop clients"),
    ("Device ID", "44444444-0000-0000-0000-000000000004"),
    ("Browser", "Edge 146.0.0"),
    ("Operating System", "Windows10"),
    ("Compliant", "Yes"),
    ("Managed", "No"),
    ("Join Type", "Microsoft Entra joined"),
    ("Multifactor authentication result", "MFA requirement satisfied by claim in the token"),
    ("Multifactor authentication auth method", ""),
    ("Multifactor authentication auth detail", ""),
    ("Authentication requirement", "Multifactor authentication"),
    ("Sign-in identifier", "ada@contoso.example"),
    ("Session ID", SESSION),
    ("IP address (seen by resource)", ""),
    ("Through Global Secure Access", "false"),
    ("Global Secure Access IP address", ""),
    ("Autonomous system  number", "3320"),
    ("Flagged for review", "No"),
    ("Token issuer type", "Azure AD"),
    ("Incoming token type", ""),
    ("Token issuer name", "http://contoso.example/adfs"),
    ("Latency", "87"),
    ("Conditional Access", "Success"),
    ("Managed Identity type", ""),
    ("Associated Resource Id", ""),
    ("Federated Token Id", ""),
    ("Federated Token Issuer", ""),
];

/// What every export of [`ROW`] says, whatever the language of its header.
pub(crate) const TOLD: [(&str, &str); 46] = [
    ("time", "2025-12-04T08:19:41.000000Z"),
    ("id", ID),
    ("correlation", "c0ffee00-0000-0000-0000-00000000c0de"),
    ("session", SESSION),
    ("token", ID),
    ("user_id", "11111111-0000-0000-0000-000000000001"),
    ("user", "ada@contoso.example"),
    ("user_display", "Ada Lovelace"),
    ("user_type", "member"),
    ("app_id", "29d9ed98-a469-4536-ade2-f981bc1d605e"),
    ("app", "Microsoft Authentication Broker"),
    ("app_owner", "f8cdef31-a31e-4b4a-93e4-5f571e91255a"),
    ("issuer", "http://contoso.example/adfs"),
    ("resource_id", "01cb2876-7ebd-4aa4-9cc9-d28bd4d359a9"),
    ("resource", "Device Registration Service"),
    ("home_tenant", "99999999-0000-0000-0000-000000000009"),
    ("resource_tenant", "99999999-0000-0000-0000-000000000009"),
    ("ip", "203.0.113.7"),
    ("asn", "3320"),
    ("country", "DE"),
    ("state", "Hesse"),
    ("city", "Frankfurt, am Main"),
    ("client", "Mobile Apps and Desktop clients"),
    ("agent", "Mozilla/5.0"),
    ("device_id", "44444444-0000-0000-0000-000000000004"),
    ("system", "Windows10"),
    ("browser", "Edge 146.0.0"),
    ("trust", "Azure AD joined"),
    ("compliant", "true"),
    ("managed", "false"),
    ("code", "0"),
    ("reason", EMPTY),
    ("details", "MFA requirement satisfied by claim in the token"),
    ("latency", "87"),
    ("incoming", "primaryRefreshToken"),
    ("protocol", "deviceCode"),
    ("transfer", "deviceCodeFlow"),
    ("protection", "unbound"),
    ("policy_status", "success"),
    ("requirement", "multiFactorAuthentication"),
    // What this export never has.
    ("original", ABSENT),
    ("device", ABSENT),
    ("latitude", ABSENT),
    ("policies", ABSENT),
    ("processing", ABSENT),
    ("steps", ABSENT),
];

/// [`ROW`] with other cells.
fn row(cells: &[(&str, &str)]) -> String {
    let mut row = ROW.to_vec();
    for (name, cell) in cells {
        row.iter_mut().find(|(known, _)| known == name).expect("a column of the header").1 = cell;
    }
    csv(&row)
}

pub(crate) fn told(name: &str, text: &str) -> crate::support::Told {
    sign_in(&read(&[(name, text.as_bytes())]))
}

#[test]
fn trap_04_the_header_of_2025_is_read_with_its_blanks_and_its_doublet() {
    let text = format!("\u{feff}{}", csv(&ROW));
    let case = read(&[("InteractiveSignIns_2025-12-01_2025-12-08.csv", text.as_bytes())]);
    assert_eq!(case.inputs[0].format, "portal-sign-in-csv");
    assert_told(&sign_in(&case), &TOLD);
    assert_told(&sign_in(&case), &[("stream", "interactive"), ("doubts", "0")]);
}

#[test]
fn trap_04_of_the_two_columns_of_the_token_type_the_first_that_holds_something_counts() {
    for (first, second, expected) in [
        ("primaryRefreshToken", "Primary refresh token", "primaryRefreshToken"),
        ("", "Refresh token", "refreshToken"),
        ("none", "SAML 1.1", "none"),
        ("primaryRefreshToken,saml11", "", "primaryRefreshToken,saml11"),
        ("", "", EMPTY),
    ] {
        let mut cells = ROW;
        cells[9].1 = first;
        cells[49].1 = second;
        assert_told(&told("a.csv", &csv(&cells)), &[("incoming", expected)]);
    }
}

#[test]
fn the_name_of_the_file_tells_the_stream_that_nothing_in_it_tells() {
    for (name, stream, doubts) in [
        ("InteractiveSignIns_2025-12-01_2025-12-08.csv", "interactive", "0"),
        ("NonInteractiveSignIns_2025-12-01_2025-12-08.csv", "non-interactive", "0"),
        ("case.zip!/x/NonInteractiveSignIns (1).csv", "non-interactive", "0"),
        ("renamed.csv", "interactive", "1"),
        // A person signed in, whatever the name says.
        ("MSISignIns_2025.csv", "interactive", "1"),
    ] {
        assert_told(&told(name, &csv(&ROW)), &[("stream", stream), ("doubts", doubts)]);
    }
}

#[test]
fn sign_ins_of_applications_and_managed_identities() {
    let cells = [
        ("Date (UTC)", "2025-12-04T08:19:41Z"),
        ("Request ID", ID),
        ("Correlation ID", "c0ffee00-0000-0000-0000-00000000c0de"),
        ("Service principal ID", "55555555-0000-0000-0000-000000000005"),
        ("Service principal name", "Backup"),
        ("Credential key ID", "66666666-0000-0000-0000-000000000006"),
        ("Credential thumbprint", ""),
        ("Application", ""),
        ("Application ID ", "22222222-0000-0000-0000-000000000002"),
        ("App owner tenant ID", ""),
        ("Resource", "Microsoft Graph"),
        ("Resource ID ", "00000003-0000-0000-c000-000000000000"),
        ("Resource tenant ID", ""),
        ("Resource owner tenant ID", ""),
        ("Home tenant ID", ""),
        ("Home tenant name", ""),
        ("IP address", "203.0.113.7"),
        ("Location", ", , "),
        ("Status", "Failure"),
        ("Sign-in error code", "7000215"),
        ("Failure reason", "Invalid client secret provided."),
        ("Conditional Access", "Not Applied"),
    ];
    for (name, stream) in [
        ("ApplicationSignIns_2025.csv", "service-principal"),
        ("MSISignIns_2025.csv", "managed-identity"),
        ("renamed.csv", "service-principal"),
        ("InteractiveSignIns_2025.csv", "service-principal"),
    ] {
        assert_told(
            &told(name, &csv(&cells)),
            &[
                ("stream", stream),
                ("principal_id", "55555555-0000-0000-0000-000000000005"),
                ("principal", "Backup"),
                ("credential", "66666666-0000-0000-0000-000000000006"),
                ("app", "Backup"),
                ("code", "7000215"),
                ("country", EMPTY),
                ("city", EMPTY),
                ("policy_status", "notApplied"),
                ("session", ABSENT),
                ("user", ABSENT),
                ("device_id", ABSENT),
            ],
        );
    }
}

#[test]
fn trap_03_an_older_header_lacks_columns_and_does_not_have_them_empty() {
    let lacking = ["User agent", "Session ID", "Original transfer method", "Token Protection - Sign In Session"];
    let old: Vec<(&str, &str)> = ROW.into_iter().filter(|(name, _)| !lacking.contains(name)).collect();
    let is = told("a.csv", &csv(&old));
    assert_told(
        &is,
        &[("agent", ABSENT), ("session", ABSENT), ("transfer", ABSENT), ("protection", ABSENT), ("token", ID)],
    );
    let empty = row(&[("User agent", ""), ("Session ID", ""), ("Original transfer method", "")]);
    assert_told(&told("a.csv", &empty), &[("agent", EMPTY), ("session", EMPTY), ("transfer", EMPTY)]);
}

#[test]
fn each_column_may_be_missing_and_costs_its_own_field_alone() {
    let whole = told("a.csv", &csv(&ROW));
    // Without these it is no sign-in of the admin center.
    let needed = ["Date (UTC)", "Application"];
    for (number, (name, _)) in ROW.iter().enumerate().filter(|(_, (name, _))| !needed.contains(name)) {
        let cells: Vec<(&str, &str)> =
            ROW.into_iter().enumerate().filter(|(at, _)| *at != number).map(|(_, cell)| cell).collect();
        let is = told("a.csv", &csv(&cells));
        let lost: Vec<&&str> = whole.keys().filter(|field| is[**field] != whole[**field]).collect();
        // A place is three fields, a result a code and its reason.
        assert!(lost.len() <= 3, "{name}: {lost:?}");
    }
    // A download of 2021 has none of these.
    const LATER: [&str; 13] = [
        "User agent",
        "Session ID",
        "Original transfer method",
        "Client credential type",
        "Token Protection - Sign In Session",
        "Token Protection - Sign In Session StatusCode",
        "App owner tenant ID",
        "Resource owner tenant ID",
        "Through Global Secure Access",
        "Global Secure Access IP address",
        "Associated Resource Id",
        "Federated Token Id",
        "Federated Token Issuer",
    ];
    let old: Vec<(&str, &str)> = ROW.into_iter().filter(|(name, _)| !LATER.contains(name)).collect();
    assert_eq!(old.len(), 44);
    let is = told("a.csv", &csv(&old));
    for (field, value) in TOLD {
        let later = ["agent", "session", "transfer", "protection", "app_owner"];
        let expected = if later.contains(&field) { ABSENT } else { value };
        assert_eq!(is[field], expected, "{field}");
    }
}

#[test]
fn a_download_as_json_is_a_list_and_the_name_of_its_file_tells_what_it_does_not() {
    let sign_in_of = |name: &str, record: serde_json::Value| {
        let text = format!("\u{feff}{:#}", json!([record]));
        sign_in(&read(&[(name, text.as_bytes())]))
    };
    let record =
        with(graph(json!({"sessionId": SESSION, "isInteractive": ABSENT})), json!({"signInEventTypes": ABSENT}));
    for (name, stream) in [
        ("InteractiveSignIns_2025-12-01_2025-12-08.json", "interactive"),
        ("NonInteractiveSignIns_2025-12-01_2025-12-08.json", "non-interactive"),
    ] {
        assert_told(&sign_in_of(name, record.clone()), &[("stream", stream), ("doubts", "0"), ("session", SESSION)]);
    }
    // What the record says counts more than the name of its file.
    let said = sign_in_of("InteractiveSignIns_2025.json", graph(json!({"isInteractive": false})));
    assert_told(&said, &[("stream", "non-interactive")]);
    let audit = json!([{"id": "Directory_1", "activityDateTime": "2025-12-04T08:20:00Z", "activityDisplayName": "Update user",
        "category": "UserManagement", "loggedByService": "Core Directory", "result": "success",
        "initiatedBy": {"app": null, "user": {"id": "11111111-0000-0000-0000-000000000001", "userPrincipalName": "ada@contoso.example"}},
        "targetResources": []}]);
    let case = read(&[("AuditLogs_2025-12-04.json", format!("\u{feff}{audit:#}").as_bytes())]);
    assert_eq!((case.inputs[0].format.as_str(), case.inputs[0].events), ("graph-directory-audit", 1));
}

#[test]
fn a_success_without_code_is_one_and_a_failure_without_code_is_unknown() {
    for (status, code, expected) in [
        ("Success", "", "0"),
        ("Success", "0", "0"),
        ("Failure", "50126", "50126"),
        ("Interrupted", "50140", "50140"),
        ("Failure", "", EMPTY),
        ("Interrupted", "", EMPTY),
        ("", "", EMPTY),
        ("Success", "5.0126E+04", "50126"),
    ] {
        let text = row(&[("Status", status), ("Sign-in error code", code)]);
        assert_told(&told("a.csv", &text), &[("code", expected)]);
    }
}

#[test]
fn places_are_split_from_the_right() {
    for (place, city, state, country) in [
        ("Berlin, Berlin, DE", "Berlin", "Berlin", "DE"),
        ("Frankfurt, am Main, Hesse, DE", "Frankfurt, am Main", "Hesse", "DE"),
        (", , DE", EMPTY, EMPTY, "DE"),
        ("DE", EMPTY, EMPTY, "DE"),
        ("", EMPTY, EMPTY, EMPTY),
    ] {
        let is = told("a.csv", &row(&[("Location", place)]));
        assert_told(&is, &[("city", city), ("state", state), ("country", country), ("latitude", ABSENT)]);
    }
}

#[test]
fn trap_22_a_spreadsheets_separator_and_dates_are_read() {
    let header: Vec<&str> = ROW.iter().map(|(name, _)| *name).collect();
    let cells: Vec<&str> = ROW.iter().map(|(_, cell)| *cell).collect();
    let text = format!("{}\r\n{}\r\n", header.join(";"), cells.join(";"));
    assert_told(&told("a.csv", &text), &TOLD);
    // The header says that times are UTC; the order of day and month is open, and then the second, too.
    let text = text.replace("2025-12-04T08:19:41Z", "04.12.2025 08:19:41");
    assert_told(&told("a.csv", &text), &[("time", "2025-12-04T08:19:41.000000Z"), ("doubts", "1")]);
    let text = text.replace("04.12.2025 08:19:41", "04/12/2025 08:19");
    assert_told(&told("a.csv", &text), &[("time", "2025-04-12T08:19:00.000000Z"), ("doubts", "21")]);
}

#[test]
fn interactive_files_say_date_without_zone_and_mean_utc() {
    let text = csv(&ROW).replace("Date (UTC)", "Date");
    assert_told(&told("InteractiveSignIns.csv", &text), &TOLD);
}

/// Kinds of the notices on a case.
pub(crate) fn kinds(case: &Case) -> Vec<&'static str> {
    notices(case).into_iter().map(|notice| notice.kind.name()).collect()
}

/// Steps of sign-ins as the admin center writes them to a file of their own.
const STEPS: &str = "\
Request ID,Date,Authentication method,Authentication method detail,Succeeded,Result detail,Requirement\r\n\
0f94f5fb-3583-4c46-9bfa-0390c1988800,2025-12-04T08:19:40Z,Password,Password in the cloud,true,Correct password,Primary authentication\r\n\
0f94f5fb-3583-4c46-9bfa-0390c1988800,2025-12-04T08:19:41Z,Mobile app notification,,false,MFA denied,Multi-factor authentication\r\n\
0f94f5fb-3583-4c46-9bfa-0390c1988801,2025-12-04T08:19:41Z,Password,,true,Correct password,Primary authentication\r\n";

#[test]
fn authentication_details_complete_the_sign_ins_of_their_request_ids() {
    let text = csv(&ROW);
    for [signed, steps] in [["a.csv", "b.csv"], ["b.csv", "a.csv"]] {
        let case = read(&[(signed, text.as_bytes()), (steps, STEPS.as_bytes())]);
        let whole = r#"[{"method":"Password","detail":"Password in the cloud","succeeded":"true","result":"Correct password","requirement":"Primary authentication"},{"method":"Mobile app notification","detail":"","succeeded":"false","result":"MFA denied","requirement":"Multi-factor authentication"}]"#;
        assert_told(&sign_in(&case), &[("steps", whole), ("id", ID)]);
        let input = case.inputs.iter().find(|input| input.name == steps).unwrap();
        assert_eq!(input.format, "portal-authentication-details-csv");
        assert_eq!((input.records, input.events, input.enrichment, input.unjoined), (3, 0, 3, 1));
        assert!(kinds(&case).contains(&"unjoined"));
    }
    // Alone they are no sign-ins.
    let case = read(&[("InteractiveSignIns_AuthDetails_2025.csv", STEPS.as_bytes())]);
    assert!(sign_ins(&case).is_empty());
    assert_eq!((case.inputs[0].enrichment, case.inputs[0].unjoined), (3, 3));
    // Twice dropped, once counted.
    let case = read(&[("a.csv", text.as_bytes()), ("b.csv", STEPS.as_bytes()), ("c.csv", STEPS.as_bytes())]);
    assert_eq!(sign_in(&case)["steps"].matches("Mobile app").count(), 1);
}

#[test]
fn steps_that_a_sign_in_has_are_not_written_over() {
    let steps = serde_json::json!({"authenticationDetails": [{"authenticationMethod": "FIDO2 security key"}]});
    let text = format!("{}\n", crate::support::graph(steps));
    let case = read(&[("a.json", text.as_bytes()), ("b.csv", STEPS.as_bytes())]);
    assert!(sign_in(&case)["steps"].contains("FIDO2") && !sign_in(&case)["steps"].contains("Mobile app"));
    assert_eq!(case.inputs[1].enrichment, 3);
}

#[test]
fn trap_22_a_cell_that_a_spreadsheet_cut_costs_the_field_and_not_the_row() {
    let text = crate::portal_audit::audit_row(&[
        ("Target1Type", "User"),
        ("Target1ModifiedProperty1Name", "KeyDescription"),
        ("Target1ModifiedProperty1NewValue", r#"[{"KeyIdentifier":"abc","#),
    ]);
    let told = audit(&read(&[("a.csv", text.as_bytes())]));
    assert!(told["targets"].contains("KeyIdentifier"), "{}", told["targets"]);
}

#[test]
fn a_file_with_a_header_alone_and_one_cut_in_it_hold_no_records() {
    let whole = csv(&ROW);
    let header = whole.lines().next().unwrap();
    for text in [header, &header[..40]] {
        let case = read(&[("InteractiveSignIns.csv", text.as_bytes())]);
        assert_eq!((case.inputs[0].records, case.inputs[0].format.as_str()), (0, "unknown"), "{text}");
        assert!(case.inputs[0].failure.is_some());
    }
}
