//! What files beside the exports change in what is found.

use serde_json::{Value, json};
use signin_sleuth::detections::Tuning;

use crate::support::{case, lines, report, sign_in};

const ANN: &str = "ann";

/// Findings of a detection.
fn found<'a>(report: &'a Value, detection: &str) -> Vec<&'a Value> {
    let all = report["findings"].as_array().expect("findings");
    all.iter().filter(|finding| finding["detection"] == detection).collect()
}

/// The report of records with files beside them.
fn with_files(records: &[Value], files: &[(&str, &str)]) -> Value {
    let mut all = vec![("records.ndjson", lines(records))];
    all.extend(files.iter().map(|(name, text)| (*name, (*text).to_owned())));
    report(&case(&all), &Tuning::default())
}

/// Ann at home for five days, and once from elsewhere.
fn elsewhere(address: &str) -> Vec<Value> {
    let mut records: Vec<Value> = (1..=5)
        .map(|day| sign_in(ANN, &format!("home-{day}"), &format!("2026-11-{day:02}T08:00:00Z"), json!({})))
        .collect();
    let place = json!({"ipAddress": address, "autonomousSystemNumber": 64502, "location": {"countryOrRegion": "NL"},
        "sessionId": "99999999-0000-4000-8000-000000000001", "deviceDetail": {"deviceId": ""}});
    records.push(sign_in(ANN, "elsewhere", "2026-11-06T08:00:00Z", place));
    records
}

#[test]
fn a_list_of_tor_exits_makes_an_anonymous_network_and_is_named() {
    let records = elsewhere("198.51.100.7");
    assert!(found(&with_files(&records, &[]), "anonymising-network").is_empty());
    let report = with_files(&records, &[("tor.txt", "198.51.100.7 middle\n")]);
    let findings = found(&report, "anonymising-network");
    assert_eq!(findings.len(), 1);
    let finding = findings[0];
    assert_eq!((&finding["severity"], &finding["facts"]["listed"]), (&json!("medium"), &json!("tor")));
    assert!(finding["title"].as_str().is_some_and(|title| title.contains("listed as Tor")), "{finding}");
    assert!(finding["why"].as_str().is_some_and(|why| why.contains("AS64502, listed as Tor")), "{finding}");
    let lists = &finding["facts"]["lists"][0];
    assert_eq!(lists["by"], "tor.txt");
    assert_eq!(
        (&lists["as"], &lists["name"], &lists["address"]),
        (&json!("tor"), &json!("middle"), &json!("198.51.100.7"))
    );
    let notice = report["notices"].as_array().expect("notices").iter().find(|notice| notice["kind"] == "list");
    let text = notice.and_then(|notice| notice["text"].as_str()).expect("a notice");
    assert_eq!(text, "Networks that it lists: 1; addresses of the records that lie in them: 1.");
}

#[test]
fn a_relay_weighs_little() {
    let report = with_files(&elsewhere("198.51.100.7"), &[("egress-ip-ranges.csv", "198.51.100.0/24,NL,,,\n")]);
    let findings = found(&report, "anonymising-network");
    assert_eq!(
        (findings.len(), &findings[0]["severity"], &findings[0]["confidence"]),
        (1, &json!("low"), &json!("low"))
    );
}

/// A session of Ann's in two hands: the second at another place without the device.
fn two_hands() -> Vec<Value> {
    let mut records = elsewhere("203.0.113.10");
    records.pop();
    for (id, minute, change) in [
        ("here", 0, json!({"sessionId": "99999999-0000-4000-8000-000000000002"})),
        (
            "there",
            20,
            json!({"sessionId": "99999999-0000-4000-8000-000000000002", "isInteractive": false,
                "incomingTokenType": "refreshToken", "ipAddress": "198.51.100.7", "autonomousSystemNumber": 64502,
                "location": {"countryOrRegion": "NL"}, "deviceDetail": {"deviceId": ""}, "userAgent": "axios/1.7"}),
        ),
    ] {
        records.push(sign_in(ANN, id, &format!("2026-11-06T08:{minute:02}:00Z"), change));
    }
    records
}

#[test]
fn a_trusted_named_location_of_a_sign_in_is_the_organisations_own() {
    let handovers = |location: Value| {
        let mut records = two_hands();
        let there = records.last_mut().expect("the second hand");
        if !location.is_null() {
            there["networkLocationDetails"] = location;
        }
        let report = with_files(&records, &[]);
        let notices = report["notices"].as_array().expect("notices");
        let told = notices.iter().any(|notice| notice["text"].to_string().contains("in trusted named locations: 1."));
        (found(&report, "session-handover").len(), told)
    };
    let located = |kind: &str| json!([{"networkType": kind, "networkNames": ["VPN"]}]);
    assert_eq!(handovers(located("trustedNamedLocation")), (0, true));
    // As tables write it.
    assert_eq!(handovers(json!(located("trustedNamedLocation").to_string())), (0, true));
    assert_eq!(handovers(located("namedNetwork")), (1, false), "named, and not trusted");
    assert_eq!(handovers(json!([])), (1, false));
    assert_eq!(handovers(Value::Null), (1, false), "an export without the column");
}

#[test]
fn what_the_organisation_lists_as_its_own_is_the_owners_side() {
    let records = two_hands();
    let before = with_files(&records, &[]);
    assert_eq!(found(&before, "session-handover").len(), 1);
    let sides = |report: &Value| {
        let sessions = report["sessions"].as_array().expect("sessions");
        let holders = sessions.iter().flat_map(|session| session["holders"].as_array().expect("holders"));
        holders.map(|holder| holder["side"].as_str().expect("a side").to_owned()).collect::<Vec<_>>()
    };
    assert!(sides(&before).contains(&"other".to_owned()), "{before}");
    for list in [("known-good.txt", "198.51.100.0/24 exit of the VPN\n"), ("known-good.csv", "asn,name\n64502,VPN\n")] {
        let after = with_files(&records, &[list]);
        assert!(found(&after, "session-handover").is_empty(), "{after}");
        assert!(!sides(&after).contains(&"other".to_owned()), "{after}");
    }
    // Its own word stands above that of others.
    let both = [("known-good.txt", "198.51.100.0/24\n"), ("tor.txt", "198.51.100.7\n")];
    let report = with_files(&records, &both);
    assert!(found(&report, "session-handover").is_empty() && found(&report, "anonymising-network").is_empty());
}

#[test]
fn a_privileged_users_session_says_so_and_comes_first() {
    let records = elsewhere("198.51.100.7");
    let tor = ("tor.txt", "198.51.100.7\n");
    let users = ("users.csv", "upn,role,vip\nann@contoso.example,Global Administrator,yes\n");
    let (before, after) = (with_files(&records, &[tor]), with_files(&records, &[tor, users]));
    let (plain, told) = (&before["sessions"][0], &after["sessions"][0]);
    assert_eq!((&plain["user"]["classes"], &told["user"]["classes"]), (&json!([]), &json!(["privileged", "vip"])));
    // 100 × (1 - 0.7375 × 0.94), the network's and the new country's, and with a quarter more 100 × (1 - 0.69325^1.25).
    assert_eq!((&plain["score"], &told["score"]), (&json!(31), &json!(37)));
    assert_eq!(plain["severity"], told["severity"]);
    let finding = found(&after, "anonymising-network")[0];
    let why = finding["why"].as_str().expect("why");
    assert!(why.ends_with(" ann@contoso.example is privileged (Global Administrator) and a VIP."), "{why}");
    assert_eq!(finding["facts"]["user_classes"], json!(["privileged", "vip"]));
    assert_eq!(finding["id"], found(&before, "anonymising-network")[0]["id"]);
}

#[test]
fn a_privileged_user_who_types_a_device_code_elsewhere_than_on_a_managed_machine_is_high() {
    let code = json!({"authenticationProtocol": "deviceCode", "deviceDetail": {"deviceId": ""}});
    let records = [sign_in(ANN, "code", "2026-11-06T08:00:00Z", code)];
    let severity =
        |files: &[(&str, &str)]| found(&with_files(&records, files), "device-code-sign-in")[0]["severity"].clone();
    assert_eq!(severity(&[]), "medium");
    assert_eq!(severity(&[("admins.txt", "ann@contoso.example\n")]), "high");
}

#[test]
fn what_a_service_account_does_has_that_as_benign_cause() {
    let records = elsewhere("198.51.100.7");
    let files = [("tor.txt", "198.51.100.7\n"), ("service-accounts.txt", "ann@contoso.example\n")];
    let report = with_files(&records, &files);
    let benign = &found(&report, "anonymising-network")[0]["benign"];
    assert!(benign[0].as_str().is_some_and(|cause| cause.contains("service account")), "{benign}");
}
