//! Many flagged sessions: what stands together, where each stands in time, and counts where marks are too many.

use serde_json::{Value, json};
use signin_sleuth::report::page::Desk;

use crate::answers::{number, sum};
use crate::exports::{
    From, HOSTING, OFFICE, OPENED, OSLO, ask, desk, history, ndjson, opened, session, sign_in, whole,
};

#[test]
fn rows_on_both_sides_of_the_line_stand_together_by_user() {
    let desk = whole();
    let asked = |group: &str, offset: usize| {
        let question = json!({"ask": "sessions", "filter": {}, "group": group, "sort": "severity", "descending": true,
            "offset": offset, "limit": 100});
        ask(&desk, question)
    };
    let page = asked("user", 0);
    let (total, above) = (number(&page["total"]), number(&page["above"]));
    assert!(above > 0 && above < total, "{above} of {total}");
    let heads = page["groups"].as_array().expect("heads");
    let mut next = 0;
    for head in heads {
        let (first, rows) = (number(&head["first"]), number(&head["rows"]));
        assert_eq!(first, next);
        assert!(first >= above || first + rows <= above, "no head reaches over the line");
        for row in &page["rows"].as_array().expect("rows")[first as usize..(first + rows) as usize] {
            assert_eq!(row["user"], head["key"]);
        }
        next = first + rows;
    }
    assert_eq!(next, total);
    let later = asked("user", 1);
    assert_eq!((&later["groups"], &later["facets"]), (&json!([]), &json!([])), "they come with the first page");
    let incidents = asked("incident", 0);
    assert!(incidents["groups"].as_array().expect("heads").iter().all(|head| number(&head["first"]) < above));
}

#[test]
fn the_mark_of_a_session_lies_in_it_though_a_finding_begins_before() {
    let mut records = history();
    for day in 1..=10 {
        let session = format!("aaaaaaaa-0000-4000-8000-0000000001{day:02}");
        records.push(sign_in(
            400 + day,
            &format!("2026-11-{day:02}T09:00:00Z"),
            OSLO,
            OFFICE,
            "refreshToken",
            &session,
        ));
    }
    records.extend(opened().into_iter().take(1));
    records.push(sign_in(201, "2026-11-13T10:00:00Z", HOSTING, OFFICE, "refreshToken", OPENED));
    let desk = desk(&[("a.ndjson", ndjson(&records))]);
    let view = session(&desk, OPENED);
    let row = &view["row"];
    let [first, marked, last] = ["first", "marked", "last"].map(|key| number(&row[key]));
    let evidence = view["findings"]
        .as_array()
        .expect("findings")
        .iter()
        .flat_map(|finding| finding["evidence"].as_array().expect("evidence"));
    let earliest = evidence.map(|item| number(&item["time"])).min().expect("evidence");
    assert!(earliest < first, "a token of the application was bound to a device before");
    assert!(first <= marked && marked <= last, "{row}");
    let story = view["incident"]["story"].as_array().expect("a story");
    let told = story.iter().map(|step| number(&step["time"])).min().expect("steps");
    assert!(told >= first, "what a finding only compares with is no part of what happened: {story:?}");
}

/// 120 sessions of the office that a command line goes on with from a place.
fn pivots(place: From) -> Desk {
    let mut records = history();
    for number in 0..120_u32 {
        let session = format!("aaaaaaaa-0000-4000-8000-00000001{number:04}");
        let time = |minute: u32| format!("2026-11-12T{:02}:{minute:02}:00Z", number / 10 + 2);
        records.push(sign_in(
            1_000 + number * 2,
            &time(number % 10),
            OSLO,
            ("Microsoft Office", "d3590ed6-52b3-4102-aeff-aad2292ab01c"),
            "none",
            &session,
        ));
        records.push(sign_in(
            1_001 + number * 2,
            &time(30 + number % 10),
            place,
            ("Microsoft Azure CLI", "04b07795-8ddb-461a-bbee-02f9e1bf7b46"),
            "refreshToken",
            &session,
        ));
    }
    desk(&[("a.ndjson", ndjson(&records))])
}

#[test]
fn thousands_of_flagged_sessions_become_counts_and_name_what_they_share() {
    let overview = ask(&pivots(HOSTING), json!({"ask": "overview", "bins": 300}));
    assert_eq!(overview["headline"][0], "120 of 130 sessions look stolen. That many rarely are.");
    assert_eq!(overview["common"]["picked"]["field"], "network");
    assert_eq!((number(&overview["common"]["count"]), number(&overview["common"]["rest"])), (120, 0));
    assert!(overview["strip"]["marks"].as_array().expect("marks").is_empty());
    assert_eq!((sum(&overview["strip"]["flagged"]), &overview["strip"]["weak"]), (120, &Value::Null));
}

#[test]
fn many_weak_signs_become_counts_too_and_none_is_left_out() {
    let overview = ask(&pivots(OSLO), json!({"ask": "overview", "bins": 300}));
    assert_eq!((number(&overview["above"]), number(&overview["below"])), (0, 120));
    assert!(overview["strip"]["marks"].as_array().expect("marks").is_empty());
    assert_eq!((sum(&overview["strip"]["weak"]), &overview["strip"]["flagged"]), (120, &Value::Null));
}
