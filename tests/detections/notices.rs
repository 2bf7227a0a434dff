//! What is to know of the exports: each notice with a case that has it and one that has it not.

use serde_json::{Value, json};
use signin_sleuth::report::NoticeKind;

use crate::support::{audit, case, lines, report, report_of, sign_in, with};

fn kinds(report: &Value) -> Vec<String> {
    let all = report["notices"].as_array().expect("a list").iter();
    all.map(|notice| {
        for part in ["text", "next"] {
            assert!(notice[part].as_str().is_some_and(|text| !text.is_empty()), "{notice}");
        }
        notice["kind"].as_str().expect("a kind").to_owned()
    })
    .collect()
}

fn has(records: &[Value], kind: NoticeKind) -> bool {
    kinds(&report_of(records)).iter().any(|known| known == kind.name())
}

/// Non-interactive sign-ins of an office: twelve an hour from eight to four, Monday to Friday, for two weeks
/// from Monday, 2 November 2026; but for the hours left out, as `(day, hour)`.
fn office(without: &[(u32, u32)]) -> Vec<Value> {
    let change = json!({"isInteractive": false, "incomingTokenType": "refreshToken"});
    let mut records = Vec::new();
    for day in (2..=6).chain(9..=13) {
        for hour in (8..16).filter(|hour| !without.contains(&(day, *hour))) {
            for minute in 0..12 {
                let time = format!("2026-11-{day:02}T{hour:02}:{minute:02}:00Z");
                records.push(sign_in("ann", &format!("{day}-{hour}-{minute}"), &time, change.clone()));
            }
        }
    }
    records
}

#[test]
fn a_busy_hour_without_any_record_is_a_gap_and_nights_and_weekends_are_none() {
    let whole = report_of(&office(&[]));
    assert!(!kinds(&whole).contains(&"gap".to_owned()), "{}", whole["notices"]);
    let report = report_of(&office(&[(5, 10), (5, 11)]));
    let notices = report["notices"].as_array().expect("a list");
    let gap = notices.iter().find(|notice| notice["kind"] == "gap").expect("a gap");
    let text = gap["text"].as_str().expect("a text");
    assert!(text.contains("no non-interactive sign-in on 5 Nov 2026 between 10:00 and 12:00 UTC"), "{text}");
}

#[test]
fn many_records_at_a_limit_of_their_export_are_told_and_one_more_is_not() {
    let row = |number: u32| {
        let record = sign_in("ann", &format!("r{number}"), "2026-11-12T09:00:00Z", json!({}));
        json!({"Type": "SigninLogs", "CreatedDateTime": record["createdDateTime"], "Id": record["id"],
            "UserPrincipalName": record["userPrincipalName"], "AppDisplayName": "Teams", "ResultType": "0"})
    };
    let rows: Vec<Value> = (0..30_001).map(row).collect();
    assert!(has(&rows[..30_000], NoticeKind::RowLimit));
    assert!(!has(&rows, NoticeKind::RowLimit));
}

#[test]
fn a_log_that_begins_thirty_days_before_its_end_is_told() {
    let span = |last: &str| -> Vec<Value> {
        let mut records: Vec<Value> =
            (0..100).map(|number| sign_in("ann", &format!("n{number}"), "2026-11-05T09:00:00Z", json!({}))).collect();
        records.push(sign_in("ann", "first", "2026-10-12T09:00:00Z", json!({})));
        records.push(sign_in("ann", "last", last, json!({})));
        records
    };
    assert!(has(&span("2026-11-11T09:30:00Z"), NoticeKind::Retention));
    assert!(!has(&span("2026-11-11T11:00:00Z"), NoticeKind::Retention));
}

#[test]
fn session_ids_that_are_blank_are_told_where_they_are_the_most() {
    let blank = |number: u32| {
        sign_in("ann", &format!("b{number}"), &format!("2026-11-12T09:{number:02}:00Z"), json!({"sessionId": ""}))
    };
    let filled =
        |number: u32| sign_in("ann", &format!("f{number}"), &format!("2026-11-12T10:{number:02}:00Z"), json!({}));
    assert!(has(&[blank(1), blank(2), filled(1), filled(2)], NoticeKind::BlankSessions));
    assert!(!has(&[blank(1), filled(1), filled(2)], NoticeKind::BlankSessions));
    // An export without the column is another matter, and coverage says so.
    assert!(!has(&[with(filled(1), json!({"sessionId": null}))], NoticeKind::BlankSessions));
}

#[test]
fn records_much_newer_than_the_facts_of_this_program_are_told() {
    let of = |time: &str| [sign_in("ann", "a", time, json!({})), audit("ann", "b", time, json!({}))];
    assert!(has(&of("2031-01-01T09:00:00Z"), NoticeKind::OldKnowledge));
    assert!(!has(&of("2026-11-12T09:00:00Z"), NoticeKind::OldKnowledge));
}

#[test]
fn interactive_sign_ins_alone_and_several_tenants_are_told() {
    let other = "22222222-2222-4222-8222-222222222222";
    let interactive = sign_in("ann", "a", "2026-11-12T09:00:00Z", json!({}));
    let silent = sign_in("ann", "b", "2026-11-12T09:10:00Z", json!({"isInteractive": false}));
    let elsewhere =
        sign_in("bob", "c", "2026-11-12T09:20:00Z", json!({"homeTenantId": other, "resourceTenantId": other}));
    assert!(has(std::slice::from_ref(&interactive), NoticeKind::InteractiveOnly));
    assert!(!has(&[interactive.clone(), silent.clone()], NoticeKind::InteractiveOnly));
    assert!(has(&[interactive.clone(), elsewhere], NoticeKind::MixedTenants));
    assert!(!has(&[interactive, silent], NoticeKind::MixedTenants));
}

#[test]
fn ways_to_sign_in_that_no_policy_closed_are_told_with_their_applications() {
    let cli = json!({"appId": "04b07795-8ddb-461a-bbee-02f9e1bf7b46", "appDisplayName": "Microsoft Azure CLI"});
    let by = |changes: Value| with(with(sign_in("ann", "a", "2026-11-12T09:00:00Z", json!({})), cli.clone()), changes);
    let told = |record: Value| {
        let report = report(&case(&[("a.ndjson", lines(&[record]))]), &signin_sleuth::detections::Tuning::default());
        let notices = report["notices"].as_array().expect("a list").clone();
        let own = notices.into_iter().find(|notice| notice["kind"] == "policy-gap");
        own.map(|notice| notice["text"].as_str().expect("a text").to_owned())
    };
    for (changes, text) in [
        (json!({"authenticationProtocol": "deviceCode"}), "1 sign-in by device code succeeded (Microsoft Azure CLI 1)"),
        (
            json!({"originalTransferMethod": "deviceCodeFlow"}),
            "1 sign-in by device code succeeded (Microsoft Azure CLI 1)",
        ),
        (json!({"authenticationProtocol": "ropc"}), "1 sign-in by a program that sent the password itself"),
        (json!({"authenticationProtocol": "authenticationTransfer"}), "1 sign-in by authentication transfer"),
        (json!({"clientAppUsed": "IMAP4"}), "1 sign-in by protocols that know no second factor"),
    ] {
        let found = told(by(changes.clone())).unwrap_or_default();
        assert!(found.starts_with(text), "{changes}: {found}");
    }
    for changes in [
        json!({}),
        json!({"authenticationProtocol": "deviceCode", "status": {"errorCode": 53003}}),
        json!({"originalTransferMethod": "deviceCodeFlow", "incomingTokenType": "refreshToken"}),
        json!({"clientAppUsed": "Browser"}),
    ] {
        assert_eq!(told(by(changes.clone())), None, "{changes}");
    }
}

#[test]
fn version_1_of_graph_is_told_of_the_input_that_has_it() {
    let v1 = json!({"id": "a", "createdDateTime": "2026-11-12T09:00:00Z", "userPrincipalName": "ann@contoso.example",
        "userId": "u", "appId": "1fec8e78-bce4-4aaf-ab1b-5451cc387264", "status": {"errorCode": 0}});
    let beta = sign_in("ann", "b", "2026-11-12T09:10:00Z", json!({}));
    let case = case(&[("a.ndjson", lines(&[beta])), ("b.ndjson", lines(&[v1]))]);
    let report = report(&case, &signin_sleuth::detections::Tuning::default());
    let told: Vec<&Value> =
        report["notices"].as_array().expect("a list").iter().filter(|notice| notice["kind"] == "version-1").collect();
    assert_eq!(told.len(), 1);
    assert_eq!(told[0]["input"], 1);
}

#[test]
fn names_of_kinds_are_told_apart() {
    let mut names: Vec<&str> = NoticeKind::ALL.iter().map(|kind| kind.name()).collect();
    names.sort_unstable();
    let count = names.len();
    names.dedup();
    assert_eq!(names.len(), count);
}
