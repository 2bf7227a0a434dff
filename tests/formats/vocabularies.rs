//! What exports write for one value: each word of each field, in every spelling, and what it is read as.
//!
//! To add a spelling, add it to its line here.

use serde_json::{Value, json};

use crate::portal::ROW;
use crate::support::{ABSENT, EMPTY, assert_told, csv, graph, read, read_json, sign_in};

/// A field: what it is called here, in Graph, and in the admin center's CSV (blank where that has none);
/// then each value, and the spellings of it.
type Field = (&'static str, &'static str, &'static str, &'static [(&'static str, &'static [&'static str])]);

const FIELDS: &[Field] = &[
    (
        "incoming",
        "incomingTokenType",
        "Incoming token type",
        &[
            ("none", &["none", "None"]),
            ("primaryRefreshToken", &["primaryRefreshToken", "Primary refresh token", "PrimaryRefreshToken"]),
            ("refreshToken", &["refreshToken", "Refresh token"]),
            ("saml11", &["saml11", "SAML 1.1"]),
            ("saml20", &["saml20", "SAML 2.0"]),
            ("remoteDesktopToken", &["remoteDesktopToken", "Remote desktop token"]),
            ("primaryRefreshToken,saml11", &["primaryRefreshToken,saml11", "saml11, primaryRefreshToken"]),
            // A header kept the newer word back: some token, and not none.
            ("unknown", &["unknownFutureValue"]),
        ],
    ),
    (
        "protocol",
        "authenticationProtocol",
        "Authentication Protocol",
        &[
            ("none", &["none", "None"]),
            ("oAuth2", &["oAuth2", "OAuth 2.0", "oauth2"]),
            ("ropc", &["ropc", "ROPC"]),
            ("wsFederation", &["wsFederation", "WS-Federation", "WS Federation"]),
            ("saml20", &["saml20", "SAML 2.0"]),
            ("deviceCode", &["deviceCode", "Device code", "Cmsi:Cmsi", "Cmsi:cmsi"]),
            ("authenticationTransfer", &["authenticationTransfer", "Authentication transfer"]),
            ("nativeAuth", &["nativeAuth", "Native auth"]),
            ("unknown", &["unknownFutureValue"]),
        ],
    ),
    (
        "transfer",
        "originalTransferMethod",
        "Original transfer method",
        &[
            ("none", &["none", "None"]),
            ("deviceCodeFlow", &["deviceCodeFlow", "Device code flow"]),
            ("authenticationTransfer", &["authenticationTransfer", "Authentication transfer"]),
            ("unknown", &["unknownFutureValue"]),
        ],
    ),
    (
        "protection",
        "signInTokenProtectionStatus",
        "Token Protection - Sign In Session",
        &[("none", &["none", "None"]), ("bound", &["bound", "Bound"]), ("unbound", &["unbound", "Unbound"])],
    ),
    (
        "policy_status",
        "conditionalAccessStatus",
        "Conditional Access",
        &[
            ("success", &["success", "Success"]),
            ("failure", &["failure", "Failure"]),
            ("notApplied", &["notApplied", "Not applied", "Not Applied"]),
            ("unknown", &["unknownFutureValue"]),
        ],
    ),
    (
        "requirement",
        "authenticationRequirement",
        "Authentication requirement",
        &[
            (
                "singleFactorAuthentication",
                &["singleFactorAuthentication", "Single-factor authentication", "Single factor authentication"],
            ),
            (
                "multiFactorAuthentication",
                &["multiFactorAuthentication", "Multifactor authentication", "Multi-factor authentication"],
            ),
        ],
    ),
    ("user_type", "userType", "User type", &[("member", &["member", "Member"]), ("guest", &["guest", "Guest"])]),
    (
        "trust",
        "deviceDetail.trustType",
        "Join Type",
        &[
            ("Azure AD registered", &["Azure AD registered", "Microsoft Entra registered"]),
            ("Azure AD joined", &["Azure AD joined", "Microsoft Entra joined"]),
            ("Hybrid Azure AD joined", &["Hybrid Azure AD joined", "Microsoft Entra hybrid joined"]),
        ],
    ),
    (
        "compliant",
        "deviceDetail.isCompliant",
        "Compliant",
        &[("true", &["true", "True", "TRUE", "Yes", "1"]), ("false", &["false", "False", "FALSE", "No", "0"])],
    ),
    (
        "client",
        "clientAppUsed",
        "Client app",
        &[
            ("Browser", &["Browser"]),
            ("Mobile Apps and Desktop clients", &["Mobile Apps and Desktop clients"]),
            ("Exchange ActiveSync", &["Exchange ActiveSync"]),
            ("Authenticated SMTP", &["Authenticated SMTP"]),
            ("IMAP4", &["IMAP4"]),
        ],
    ),
    (
        "risk",
        "riskLevelDuringSignIn",
        "",
        &[
            ("none", &["none"]),
            ("low", &["low"]),
            ("medium", &["medium"]),
            ("high", &["high"]),
            ("hidden", &["hidden"]),
            ("unknownFutureValue", &["unknownFutureValue"]),
        ],
    ),
    (
        "risk_state",
        "riskState",
        "",
        &[
            ("none", &["none"]),
            ("confirmedSafe", &["confirmedSafe"]),
            ("remediated", &["remediated"]),
            ("dismissed", &["dismissed"]),
            ("atRisk", &["atRisk"]),
            ("confirmedCompromised", &["confirmedCompromised"]),
        ],
    ),
    (
        "risk_detail",
        "riskDetail",
        "",
        &[
            ("userPassedMFADrivenByRiskBasedPolicy", &["userPassedMFADrivenByRiskBasedPolicy"]),
            ("adminConfirmedUserCompromised", &["adminConfirmedUserCompromised"]),
            ("aiConfirmedSigninSafe", &["aiConfirmedSigninSafe"]),
        ],
    ),
];

/// A column of ours, the field of the export, and what each of its values is read as.
type Words = (&'static str, &'static str, &'static [(&'static str, &'static str)]);

/// Columns of Defender whose values are numbers or words of its own: what each is called here, and what
/// its values are read as.
const OF_DEFENDER: &[Words] = &[
    ("policy_status", "ConditionalAccessStatus", &[("0", "success"), ("1", "failure"), ("2", "notApplied")]),
    (
        "risk_aggregated",
        "RiskLevelAggregated",
        &[("0", EMPTY), ("1", "none"), ("10", "low"), ("50", "medium"), ("100", "high"), ("", EMPTY)],
    ),
    (
        "risk_state",
        "RiskState",
        &[
            ("0", "none"),
            ("1", "confirmedSafe"),
            ("2", "remediated"),
            ("3", "dismissed"),
            ("4", "atRisk"),
            ("5", "confirmedCompromised"),
        ],
    ),
    ("managed", "IsManaged", &[("1", "true"), ("0", "false"), ("-1", EMPTY), ("", EMPTY)]),
    ("compliant", "IsCompliant", &[("1", "true"), ("0", "false"), ("-1", EMPTY), ("", EMPTY)]),
    (
        "trust",
        "DeviceTrustType",
        &[
            ("Workplace", "Azure AD registered"),
            ("AzureAd", "Azure AD joined"),
            ("ServerAd", "Hybrid Azure AD joined"),
            ("", EMPTY),
        ],
    ),
    (
        "stream",
        "LogonType",
        &[
            ("[\"interactiveUser\"]", "interactive"),
            ("[\"nonInteractiveUser\"]", "non-interactive"),
            ("interactiveUser", "interactive"),
            ("nonInteractiveUser", "non-interactive"),
        ],
    ),
    (
        "protocol",
        "EndpointCall",
        &[
            ("Cmsi:Cmsi", "deviceCode"),
            ("Cmsi:cmsi", "deviceCode"),
            ("OAuth2:Token", "unknown"),
            ("Login:login", "unknown"),
        ],
    ),
];

/// A sign-in of Defender's table with one column of its own.
fn in_defender(column: &str, cell: &str) -> crate::support::Told {
    let mut row = vec![
        ("Timestamp", "2026-09-13T01:22:28Z"),
        ("RequestId", "r"),
        ("ErrorCode", "0"),
        ("AccountUpn", "ada@contoso.example"),
        ("ApplicationId", "04b07795-8ddb-461a-bbee-02f9e1bf7b46"),
        ("LogonType", "[\"interactiveUser\"]"),
    ];
    row.retain(|(name, _)| *name != column);
    row.push((column, cell));
    sign_in(&read(&[("EntraIdSignInEvents.csv", csv(&row).as_bytes())]))
}

#[test]
fn numbers_of_defender_are_read_as_words() {
    for (name, column, values) in OF_DEFENDER {
        for (cell, value) in *values {
            assert_eq!(in_defender(column, cell)[name], *value, "{column}: {cell:?}");
        }
    }
}

/// Words that are stored as something else: the member of a Graph record, what it is called here, and what
/// its values are told as.
const STORED_OTHERWISE: &[Words] = &[
    (
        "signInEventTypes",
        "stream",
        &[
            ("interactiveUser", "interactive"),
            ("nonInteractiveUser", "non-interactive"),
            ("servicePrincipal", "service-principal"),
            ("managedIdentity", "managed-identity"),
        ],
    ),
    (
        "crossTenantAccessType",
        "user_type",
        &[
            ("serviceProvider", "serviceprovider"),
            ("none", "member"),
            ("b2bCollaboration", "member"),
            ("b2bDirectConnect", "member"),
            ("microsoftSupport", "member"),
            ("passthrough", "member"),
            ("unknownFutureValue", "member"),
        ],
    ),
];

#[test]
fn words_that_are_stored_otherwise_are_known() {
    for (member, name, values) in STORED_OTHERWISE {
        for (word, value) in *values {
            let of = if *member == "signInEventTypes" { json!([word]) } else { json!(word) };
            let told = sign_in(&read_json(&[graph(json!({*member: of, "userType": "member"}))]));
            assert_eq!(told[name], *value, "{member}: {word}");
        }
    }
}

/// A Graph record with one member, which may lie in an object.
fn with_member(path: &str, value: &Value) -> Value {
    match path.split_once('.') {
        None => graph(json!({path: value})),
        Some((object, member)) => graph(json!({object: {member: value}})),
    }
}

/// What a row of the admin center with one cell of its own says. Where a header occurs twice, the other
/// cell is empty.
fn in_portal(header: &str, cell: &str) -> crate::support::Told {
    let mut row = ROW;
    let places = row.iter_mut().filter(|(name, _)| *name == header);
    places.enumerate().for_each(|(index, place)| place.1 = if index == 0 { cell } else { "" });
    sign_in(&read(&[("InteractiveSignIns.csv", csv(&row).as_bytes())]))
}

#[test]
fn every_word_of_every_field_is_known_in_every_spelling() {
    for (name, path, header, words) in FIELDS {
        for (value, spelling) in words.iter().flat_map(|(value, all)| all.iter().map(move |one| (value, one))) {
            let told = sign_in(&read_json(&[with_member(path, &json!(spelling))]));
            assert_eq!(told[name], *value, "{path} in Graph: {spelling}");
            if !header.is_empty() {
                assert_eq!(in_portal(header, spelling)[name], *value, "{header} in the admin center: {spelling}");
            }
        }
    }
}

#[test]
fn nothing_is_written_in_many_ways() {
    for (name, path, header, _) in FIELDS {
        for nothing in [json!(null), json!(""), json!("  ")] {
            let told = sign_in(&read_json(&[with_member(path, &nothing)]));
            assert_eq!(told[name], EMPTY, "{path}: {nothing}");
        }
        if !path.contains('.') {
            assert_eq!(sign_in(&read_json(&[graph(json!({}))]))[name], ABSENT, "{path}");
        }
        for nothing in ["", " ", "null", "NULL", "N/A", "Unknown", "-", "<null>"] {
            if !header.is_empty() {
                assert_eq!(in_portal(header, nothing)[name], EMPTY, "{header}: {nothing:?}");
            }
        }
    }
    // Objects and lists that hold nothing.
    for nothing in [json!(null), json!({}), json!(""), json!([])] {
        let told =
            sign_in(&read_json(&[graph(json!({"location": nothing, "appliedConditionalAccessPolicies": nothing,
            "authenticationDetails": nothing, "riskEventTypes_v2": nothing}))]));
        assert_told(&told, &[("city", EMPTY), ("policies", EMPTY), ("steps", EMPTY), ("risk_events", EMPTY)]);
    }
}

#[test]
fn a_result_is_told_by_its_code_in_any_type() {
    for (status, code, reason) in [
        (json!({"errorCode": 0, "failureReason": "Other."}), "0", EMPTY),
        (json!({"errorCode": 50126, "failureReason": "Wrong."}), "50126", "Wrong."),
        (json!({"errorCode": "50076", "failureReason": "Needs more."}), "50076", "Needs more."),
        (json!({"errorCode": 0}), "0", EMPTY),
    ] {
        let told = sign_in(&read_json(&[graph(json!({"status": status}))]));
        assert_told(&told, &[("code", code), ("reason", reason)]);
    }
    for (cell, code) in [("", "0"), ("0", "0")] {
        assert_eq!(in_portal("Sign-in error code", cell)["code"], code, "a success: {cell:?}");
    }
}

#[test]
fn conditions_and_results_of_policies_are_the_same_as_words_and_as_bits() {
    const BITS: [(u32, &str); 12] = [
        (1, "application"),
        (2, "users"),
        (4, "devicePlatform"),
        (8, "location"),
        (16, "clientType"),
        (32, "signInRisk"),
        (64, "userRisk"),
        (128, "time"),
        (256, "deviceState"),
        (512, "client"),
        (1_024, "ipAddressSeenByAzureAD"),
        (2_048, "ipAddressSeenByResourceProvider"),
    ];
    let told = |conditions: Value, result: &str| {
        let policy = json!({"id": "a", "displayName": "P", "result": result, "conditionsSatisfied": conditions,
            "conditionsNotSatisfied": conditions, "enforcedGrantControls": ["Mfa"]});
        sign_in(&read_json(&[graph(json!({"appliedConditionalAccessPolicies": [policy]}))]))["policies"].clone()
    };
    for (bit, word) in BITS {
        let expected = told(json!(word), "success");
        assert!(expected.contains(&format!("\"{word}\"")), "{expected}");
        assert_eq!(told(json!(bit), "success"), expected, "{bit}");
        assert_eq!(told(json!(bit.to_string()), "success"), expected, "{bit}");
    }
    assert_eq!(
        told(json!(1_035), "success"),
        told(json!("application,users,location,ipAddressSeenByAzureAD"), "success")
    );
    for result in [
        "success",
        "failure",
        "notApplied",
        "notEnabled",
        "unknown",
        "reportOnlySuccess",
        "reportOnlyFailure",
        "reportOnlyNotApplied",
        "reportOnlyInterrupted",
    ] {
        assert!(told(json!(19), result).contains(&format!("\"{result}\"")), "{result}");
    }
}

#[test]
fn processing_details_are_pairs_in_any_shape() {
    let told = |value: Value| {
        sign_in(&read_json(&[graph(json!({"authenticationProcessingDetails": value}))]))["processing"].clone()
    };
    let expected = told(json!([{"key": "Oauth Scope Info", "value": "[\"User.Read\",\"openid\"]"},
        {"key": "Is CAE Token", "value": "True"}]));
    for same in [
        json!([{"key": "Oauth Scope Info", "value": "[User.Read,openid]"}, {"key": "Is CAE Token", "value": "True"}]),
        json!(
            "[{\"key\":\"Oauth Scope Info\",\"value\":\"[User.Read,openid]\"},{\"key\":\"Is CAE Token\",\"value\":\"True\"}]"
        ),
    ] {
        assert_eq!(told(same), expected);
    }
    for key in [
        "Legacy TLS (TLS 1.0, 1.1, 3DES)",
        "Azure AD App Authentication Library",
        "Root Key Type",
        "Domain Hint Present",
        "wids",
        "Is Client Capable",
    ] {
        assert!(told(json!([{"key": key, "value": "x"}])).contains(key), "{key}");
    }
}

/// A time as exports write it, in a record of Graph, which is in UTC whether or not it says so; when it was,
/// to the microsecond; whether its order of day and month is in doubt (4).
const TIMES: &[(&str, &str, &str)] = &[
    ("2026-09-13T01:22:28Z", "2026-09-13T01:22:28.000000Z", "0"),
    ("2026-09-13T01:07:39.3747702Z", "2026-09-13T01:07:39.374770Z", "0"),
    ("2022-03-17T09:44:46.3097429+00:00", "2022-03-17T09:44:46.309742Z", "0"),
    ("2019-10-18T04:45:48.0729893-05:00", "2019-10-18T09:45:48.072989Z", "0"),
    ("2026-09-13T01:22:28.123456789Z", "2026-09-13T01:22:28.123456Z", "0"),
    ("2007-01-09T09:41:00", "2007-01-09T09:41:00.000000Z", "0"),
    ("1/9/2007 9:41:00 AM", "2007-01-09T09:41:00.000000Z", "4"),
    ("01/09/2007 09:41:00", "2007-01-09T09:41:00.000000Z", "4"),
    ("1/9/2007 10:41:00 AM +01:00", "2007-01-09T09:41:00.000000Z", "4"),
    ("2/25/2025, 9:19:25.391 AM", "2025-02-25T09:19:25.391000Z", "0"),
    ("2026-08-31T10:18:39.0000000Z ", "2026-08-31T10:18:39.000000Z", "0"),
    ("9/20/2023 4:05:03 AM", "2023-09-20T04:05:03.000000Z", "0"),
    ("6/18/2023 12:26:59 PM", "2023-06-18T12:26:59.000000Z", "0"),
    ("2023-06-18T12:26:59", "2023-06-18T12:26:59.000000Z", "0"),
    ("/Date(1700000000000)/", "2023-11-14T22:13:20.000000Z", "0"),
    ("Feb 25, 2025 @ 09:19:25.391", "2025-02-25T09:19:25.391000Z", "0"),
    ("Feb 5, 2025 9:19:25 AM", "2025-02-05T09:19:25.000000Z", "0"),
    ("Feb 5, 2025, 9:19:25.391 PM", "2025-02-05T21:19:25.391000Z", "0"),
    ("5 Feb 2025 09:19:25", "2025-02-05T09:19:25.000000Z", "0"),
    // The day comes first where it cannot be a month.
    ("25/2/2025 9:19:25", "2025-02-25T09:19:25.000000Z", "0"),
];

#[test]
fn every_form_of_a_time_is_read() {
    for (text, time, doubts) in TIMES {
        let told = sign_in(&read_json(&[graph(json!({"createdDateTime": text}))]));
        assert_told(&told, &[("time", time), ("doubts", doubts)]);
    }
}
