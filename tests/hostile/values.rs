//! Records that are valid JSON and meant to do harm.

use serde_json::{Value, json};

use crate::support::{ids, lines, read, way};

/// The second line is replaced; the others must be as they were.
fn among_others(record: &str) -> signin_sleuth::analysis::Case {
    let mut all = lines();
    let expected = {
        let mut others = all.clone();
        others.remove(1);
        ids(&read(others.join("\n").as_bytes()))
    };
    all[1] = record.to_owned();
    let text = all.join("\n");
    let case = way(&[("input", text.as_bytes())], usize::MAX).case;
    assert_eq!(case.inputs[0].records, lines().len() as u64);
    assert!(expected.is_subset(&ids(&case)), "the others are unaffected");
    case
}

fn with(member: &str, value: Value) -> String {
    let mut record: Value = serde_json::from_str(&lines()[1]).expect("an export is JSON");
    record[member] = value;
    record.to_string()
}

#[test]
fn a_huge_field_is_kept_or_its_record_rejected() {
    let long = "x".repeat(2 << 20);
    let case = among_others(&with("userAgent", json!(long)));
    assert_eq!(case.inputs[0].events, lines().len() as u64);
    let longest = case.store.sign_ins.iter().map(|row| case.store.texts.get(row.agent).len()).max();
    assert_eq!(longest, Some(2 << 20));
    let too_long = "x".repeat(17 << 20);
    let case = among_others(&with("userAgent", json!(too_long)));
    assert_eq!(case.inputs[0].refused_total, 1);
    assert_eq!(case.inputs[0].refused[0].record, 1);
    assert!(!case.inputs[0].refused[0].reason.contains("xxx"), "a reason holds nothing of a record");
}

#[test]
fn deep_nesting_does_not_exhaust_the_stack() {
    for depth in [10, 127, 128, 129, 10_000, 1_000_000] {
        let (open, close) = ("[".repeat(depth), "]".repeat(depth));
        for member in ["deviceDetail", "appliedConditionalAccessPolicies", "nobodyAsks", "status"] {
            let record = lines()[1].replacen('{', &format!("{{\"{member}\":{open}1{close},"), 1);
            let case = among_others(&record);
            assert_eq!(case.inputs[0].events + case.inputs[0].refused_total, lines().len() as u64);
        }
        let objects = format!("{}1{}", "{\"a\":".repeat(depth), "}".repeat(depth));
        let record = lines()[1].replacen('{', &format!("{{\"properties\":{objects},"), 1);
        among_others(&record);
        let text = format!("{open}{close}");
        assert_eq!(read(text.as_bytes()).inputs[0].events, 0);
    }
}

#[test]
fn of_a_key_that_is_there_twice_the_last_counts() {
    let id = "0f94f5fb-3583-4c46-9bfa-0390c1988800";
    let record = lines()[1].replacen('{', "{\"id\":\"first\",", 1);
    let record = format!("{},\"id\":\"{id}\"}}", record.strip_suffix('}').expect("an object"));
    let parsed: Value = serde_json::from_str(&record).expect("valid");
    assert_eq!(parsed["id"], id);
    assert!(ids(&among_others(&record)).contains(id));
}

#[test]
fn control_characters_and_halves_of_pairs_are_only_ever_text() {
    for text in [
        "\\u0000",
        "a\\u0000b",
        "\\ud800",
        "\\udc00\\ud800",
        "\\ud83d\\ude00",
        "\\u202e\\u2066",
        "\\u001b[31m",
        "=cmd|' /C calc'!A0",
        "<script>alert(1)</script>",
        "${jndi:ldap://x}",
        "%00%0a",
        "../../../etc/passwd",
        "\\r\\nX: y",
        "';DROP TABLE users;--",
    ] {
        for member in
            ["userAgent", "userDisplayName", "appDisplayName", "userPrincipalName", "clientAppUsed", "id", "sessionId"]
        {
            let mut record: Value = serde_json::from_str(&lines()[1]).expect("an export is JSON");
            record[member] = json!("HERE");
            let case = among_others(&record.to_string().replace("HERE", text));
            assert_eq!(case.inputs[0].events, lines().len() as u64, "{member} {text}");
        }
    }
}

#[test]
fn members_of_wrong_types_cost_only_themselves() {
    let values = [
        json!(null),
        json!(true),
        json!(0),
        json!(-1),
        json!(1e300),
        json!(18_446_744_073_709_551_615_u64),
        json!(""),
        json!("x"),
        json!([]),
        json!([1, "a", null, {}]),
        json!({}),
        json!({"a": {"b": []}}),
        json!([[[]]]),
        json!("[{"),
        json!("{\"a\":1}"),
        json!("\"\\\"{}\\\"\""),
    ];
    let record: Value = serde_json::from_str(&lines()[1]).expect("an export is JSON");
    let members: Vec<String> = record.as_object().expect("an object").keys().cloned().collect();
    for member in &members {
        for value in &values {
            let case = among_others(&with(member, value.clone()));
            let allowed = if member == "createdDateTime" { 1 } else { 0 };
            assert!(case.inputs[0].refused_total <= allowed, "{member} {value}: {:?}", case.inputs[0].refused);
        }
    }
}

#[test]
fn numbers_out_of_every_range_are_no_value() {
    for text in ["1e999", "-0", "0.0000001", "99999999999999999999999999999999", "-1", "4294967296", "1E+2"] {
        for member in ["autonomousSystemNumber", "processingTimeInMilliseconds", "id"] {
            let mut record: Value = serde_json::from_str(&lines()[1]).expect("an export is JSON");
            record[member] = json!("HERE");
            among_others(&record.to_string().replace("\"HERE\"", text));
        }
        let mut record: Value = serde_json::from_str(&lines()[1]).expect("an export is JSON");
        record["status"] = json!({"errorCode": "HERE"});
        among_others(&record.to_string().replace("\"HERE\"", text));
    }
}

#[test]
fn thousands_of_members_and_of_elements_are_gone_through_once() {
    let mut record: Value = serde_json::from_str(&lines()[1]).expect("an export is JSON");
    for number in 0..20_000 {
        record[format!("member{number}")] = json!(number);
    }
    record["appliedConditionalAccessPolicies"] =
        (0..20_000).map(|number| json!({"id": number.to_string(), "result": "success"})).collect();
    record["authenticationProcessingDetails"] =
        (0..20_000).map(|number| json!({"key": number, "value": [number]})).collect();
    assert_eq!(among_others(&record.to_string()).inputs[0].events, lines().len() as u64);
}

#[test]
fn times_that_nobody_lived_through_are_refused_or_placed() {
    for (text, events) in [
        ("9999-12-31T23:59:59.9999999Z", 1),
        ("0000-01-01T00:00:00Z", 1),
        ("10000-01-01T00:00:00Z", 0),
        ("-2026-01-01T00:00:00Z", 0),
        ("2026-02-30T00:00:00Z", 0),
        ("/Date(-9223372036854775808)/", 0),
        ("/Date(99999999999999999999)/", 0),
        ("2026-09-13T01:22:28+99:99", 0),
    ] {
        let case = among_others(&with("createdDateTime", json!(text)));
        assert_eq!(case.inputs[0].refused_total, 1 - events, "{text}");
    }
}

#[test]
fn ids_made_to_collide_or_to_forge_a_state_do_neither() {
    for id in [
        "ffffffff-ffff-ffff-ffff-ffffffffffff",
        "fefefefe-fefe-fefe-fefe-fefe00000002",
        "00000000-0000-0000-0000-000000000000",
    ] {
        for member in ["id", "sessionId", "uniqueTokenIdentifier", "userId", "correlationId", "originalRequestId"] {
            let case = among_others(&with(member, json!(id)));
            assert_eq!(case.inputs[0].events, lines().len() as u64, "{member} {id}");
        }
    }
    let forged = with("sessionId", json!("ffffffff-ffff-ffff-ffff-ffffffffffff"));
    let case = read(forged.as_bytes());
    let row = case.store.sign_in(0).expect("one event");
    assert!(row.session_id(&case.store).has_value());
}
