//! Exports that are a part of what there is: what gives them away.

use serde_json::{Value, json};
use signin_sleuth::generate::{Format, Settings, tenant};
use signin_sleuth::report::notices;

use crate::same_tenant::{report, whole};
use crate::support::{graph, read, with};

fn told(report: &Value, kind: &str) -> Option<String> {
    let all = report["notices"].as_array().unwrap();
    all.iter().find(|notice| notice["kind"] == kind).map(|notice| notice["text"].as_str().unwrap().to_owned())
}

/// Days of sign-ins of one user: each begins with a request that is interrupted and ends with a token that is
/// refreshed, in a session of its own.
fn days(keep: impl Fn(u32) -> bool) -> String {
    let record = |number: u32, first: u32, time: String, changes: Value| {
        let id = |number: u32| format!("0f94f5fb-3583-4c46-9bfa-{number:012}");
        let session = format!("008b57fa-8d12-7c5c-a000-{first:012}");
        let own =
            json!({"id": id(number), "createdDateTime": time, "originalRequestId": id(first), "sessionId": session});
        with(graph(own), changes)
    };
    let interactive = json!({"signInEventTypes": ["interactiveUser"], "status": {"errorCode": 50074}});
    let mut lines = String::new();
    for number in 0..60_u32 {
        let (day, hour, first) = (1 + number / 12, 8 + number % 12, number * 3);
        let time = |minute: u32| format!("2026-09-{day:02}T{hour:02}:{minute:02}:00Z");
        for (step, changes) in
            [&interactive, &json!({"signInEventTypes": ["interactiveUser"]}), &json!({})].into_iter().enumerate()
        {
            let own = first + step as u32;
            if keep(own) {
                lines += &format!(
                    "{}\n",
                    record(own, if step == 2 { own } else { first }, time(step as u32), changes.clone())
                );
            }
        }
    }
    lines
}

/// What was done in these sessions: the session of a refreshed token is that of its own first request.
fn acts() -> String {
    let act = |number: u32| {
        let (day, hour) = (1 + number / 12, 8 + number % 12);
        json!({"CreationTime": format!("2026-09-{day:02}T{hour:02}:30:00"), "Id": format!("a{number}"), "Operation": "FileAccessed",
            "RecordType": 6, "Workload": "OneDrive", "UserId": "ada@contoso.example", "ObjectId": "x",
            "UserKey": "11111111-0000-0000-0000-000000000001",
            "AppAccessContext": {"AADSessionId": format!("008b57fa-8d12-7c5c-a000-{:012}", number * 3 + 2)}})
    };
    (0..60).map(|number| format!("{}\n", act(number))).collect()
}

fn sampled(files: &[(&str, &str)]) -> Option<String> {
    let files: Vec<(&str, &[u8])> = files.iter().map(|(name, text)| (*name, text.as_bytes())).collect();
    let case = read(&files);
    notices(&case).into_iter().find(|notice| notice.kind == "sampled").map(|notice| notice.text)
}

#[test]
fn sign_ins_that_were_left_out_are_missed_by_records_that_name_them() {
    let (all, acts) = (days(|_| true), acts());
    assert_eq!(sampled(&[("a.ndjson", &all), ("b.json", &acts)]), None, "all are here");
    // One of two, by chance: of steps that are left the first is missing, of acts their session.
    let chance = |number: u32| (number.wrapping_mul(2_654_435_761) >> 16).is_multiple_of(2);
    let half = days(chance);
    let text = sampled(&[("a.ndjson", &half)]).unwrap_or_default();
    assert!(text.contains("first requests of sign-ins in several steps"), "{text}");
    let few = days(|number| number.is_multiple_of(7));
    let text = sampled(&[("a.ndjson", &few), ("b.json", &acts)]).unwrap_or_default();
    assert!(text.contains("sessions in which mail, files"), "{text}");
    // Those of somebody else's sessions say nothing: perhaps one user's sign-ins were asked for.
    let others = acts.replace("ada@contoso", "bob@contoso").replace("0000-0000-000000000001", "0000-0000-000000000002");
    assert_eq!(sampled(&[("a.ndjson", &all), ("b.json", &others)]), None);
    // A filter by result takes the interrupted steps.
    let filtered = days(|number| number % 3 > 0);
    assert!(sampled(&[("a.ndjson", &filtered)]).is_some());
}

#[test]
fn exports_of_a_whole_tenant_are_no_sample() {
    for seed in 1..4 {
        let settings = Settings { seed, users: 6, days: 3, near_misses: true, ..Settings::default() };
        for format in [Format::GraphNdjson, Format::LogAnalyticsCsv] {
            let all = report(whole(&tenant(&settings).write(format), usize::MAX));
            for kind in ["sampled", "partial"] {
                assert_eq!(told(&all, kind), None, "seed {seed}, {}", format.name());
            }
        }
    }
}

#[test]
fn pages_that_all_name_a_next_one_are_not_the_last() {
    let page = |number: u32, next: bool| {
        let record = graph(json!({"id": format!("0f94f5fb-3583-4c46-9bfa-{number:012}")}));
        let mut page = json!({"@odata.context": "https://graph.microsoft.com/beta/$metadata#auditLogs/signIns"});
        if next {
            page["@odata.nextLink"] = json!("https://graph.microsoft.com/beta/auditLogs/signIns?$skiptoken=x");
        }
        page["value"] = json!([record]);
        page.to_string()
    };
    let is_told = |files: &[String]| {
        let names: Vec<String> = (0..files.len()).map(|number| format!("{number}.json")).collect();
        let files: Vec<(&str, &[u8])> =
            names.iter().zip(files).map(|(name, file)| (name.as_str(), file.as_bytes())).collect();
        notices(&read(&files)).iter().any(|notice| notice.kind == "partial" && notice.text.contains("next one"))
    };
    assert!(is_told(&[page(1, true)]));
    assert!(is_told(&[page(1, true), page(2, true)]), "page by page");
    assert!(is_told(&[format!("{}\n{}\n", page(1, true), page(2, true))]), "all in one file");
    assert!(!is_told(&[page(1, true), page(2, false)]));
    assert!(!is_told(&[format!("{}\n{}\n", page(1, true), page(2, false))]));
    assert!(!is_told(&[page(1, false)]));
}

#[test]
fn a_search_of_splunk_that_is_not_done_is_a_preview() {
    let line = |number: u32, preview: bool| {
        let record = graph(json!({"id": format!("0f94f5fb-3583-4c46-9bfa-{number:012}")}));
        format!("{}\n", json!({"preview": preview, "result": {"_raw": record.to_string()}}))
    };
    let is_told = |text: String| {
        let case = read(&[("a.json", text.as_bytes())]);
        assert!(case.inputs[0].events > 0);
        notices(&case).iter().any(|notice| notice.kind == "partial" && notice.text.contains("preview"))
    };
    assert!(is_told(line(1, true) + &line(2, true)));
    assert!(!is_told(line(1, true) + &line(2, false)), "the results came, too");
    assert!(!is_told(line(1, false)));
}
