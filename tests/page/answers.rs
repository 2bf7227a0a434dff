//! Answers agree with each other, and say what they know and what not.

use signin_sleuth::order::Map;

use serde_json::{Value, json};

use crate::exports::{
    HOSTING, OPENED, OSLO, OWN, STOLEN, ask, desk, history, key_of, ndjson, own, session, sessions, sign_in, stolen,
    whole,
};

const MINUTE: i64 = 60_000;

pub(crate) fn number(value: &Value) -> i64 {
    value.as_i64().unwrap_or_else(|| panic!("{value} is no number"))
}

pub(crate) fn sum(values: &Value) -> i64 {
    values.as_array().expect("a list").iter().map(number).sum()
}

fn diff<'a>(view: &'a Value, label: &str) -> &'a Value {
    let rows = view["diff"].as_array().expect("rows");
    rows.iter().find(|row| row["label"] == label).unwrap_or_else(|| panic!("no row {label}"))
}

#[test]
fn counts_agree_with_each_other() {
    let desk = whole();
    let overview = ask(&desk, json!({"ask": "overview", "bins": 300}));
    let page = sessions(&desk, json!({}));
    assert_eq!((number(&overview["above"]), number(&overview["below"])), (2, 1));
    assert_eq!(overview["above"], page["above"]);
    assert_eq!(number(&page["total"]), number(&overview["above"]) + number(&overview["below"]));
    assert_eq!(number(&overview["events"]), 19);
    let strip = &overview["strip"];
    for row in strip["rows"].as_array().expect("rows") {
        assert_eq!(sum(&row["counts"]), number(&row["total"]), "{}", row["kind"]);
    }
    let total = |kind: &str| {
        let rows = strip["rows"].as_array().expect("rows");
        rows.iter().find(|row| row["kind"] == kind).map_or(0, |row| number(&row["total"]))
    };
    assert_eq!(total("interactive") + total("non-interactive") + total("directory"), 19);
    assert_eq!(strip["marks"].as_array().expect("marks").len(), 3);
}

#[test]
fn what_is_asked_first_is_answered_beforehand() {
    let sample = signin_sleuth::generate::sample();
    let files: Vec<(&str, String)> = sample
        .iter()
        .map(|file| (file.name.as_str(), String::from_utf8(file.bytes.clone()).expect("an export is UTF-8")))
        .collect();
    assert_eq!(desk(&files).rehearse(), Ok(()));
}

#[test]
fn the_verdict_on_the_whole_is_a_sentence_with_its_base() {
    let overview = ask(&whole(), json!({"ask": "overview", "bins": 300}));
    assert_eq!(overview["headline"][0], "Two of 13 sessions were very likely stolen.");
    assert_eq!(overview["headline"][1], "The first changed hands on 12 November at 15:52.");
    assert_eq!(overview["lead"], "One user is affected. One more shows weaker signs.");
}

#[test]
fn without_a_session_above_the_line_it_says_what_could_not_be_seen() {
    let overview =
        ask(&desk(&[("own.ndjson", ndjson(&[history(), own()].concat()))]), json!({"ask": "overview", "bins": 9}));
    assert_eq!(overview["headline"], json!(["No session is above the line."]));
    assert_eq!((&overview["caution"], &overview["notices"]), (&Value::Null, &json!(0)));
    let lead = overview["lead"].as_str().expect("a text");
    assert!(lead.starts_with("One of 11 sessions shows a weak sign. That is not proof"), "{lead}");
}

#[test]
fn interactive_sign_ins_alone_are_a_caution_beside_the_verdict() {
    let overview = ask(&desk(&[("a.ndjson", ndjson(&history()))]), json!({"ask": "overview", "bins": 9}));
    assert_eq!(overview["caution"]["kind"], "interactive-only");
    assert_eq!(number(&overview["notices"]), 1);
}

#[test]
fn a_session_that_changed_hands_tells_from_whom_to_whom_and_when() {
    let view = session(&whole(), STOLEN);
    assert_eq!(view["verdict"]["lead"], "Stolen.");
    let text = view["verdict"]["text"].as_str().expect("a text");
    assert_eq!(
        text,
        "On 12 November at 15:52 the session of nora.lind passed from the managed device NB-0412 in Oslo to a script \
         (python-requests) at a hosting network in Amsterdam, 11 minutes after sign-in. It got a token for Microsoft \
         Azure CLI. How it was stolen is not in the exports."
    );
    let row = &view["row"];
    assert_eq!((&row["owner"]["place"], &row["other"]["place"]), (&json!("Oslo"), &json!("Amsterdam")));
    assert_eq!(row["other"]["rented"], "hosting");
    assert_eq!(number(&row["changed"]) - number(&row["first"]), 11 * MINUTE + 23_000);
    assert_eq!(view["owner_is"], "owner");
}

#[test]
fn a_session_opened_by_another_is_compared_with_the_users_other_sessions() {
    let view = session(&whole(), OPENED);
    let lead = view["verdict"]["lead"].as_str().expect("a text");
    assert_eq!(lead, "Opened by someone else: device-code phishing.");
    let text = view["verdict"]["text"].as_str().expect("a text");
    assert!(text.contains("signed in as nora.lind. It registered a sign-in method."), "{text}");
    assert_eq!((&view["owner_is"], &view["row"]["opened"]), (&json!("usual"), &json!(true)));
    assert_eq!(diff(&view, "Place")["owner"], "Oslo, Norway");
}

#[test]
fn weak_signs_are_counted_and_the_strongest_is_named() {
    let view = session(&whole(), OWN);
    assert_eq!(view["row"]["above"], false);
    let lead = view["verdict"]["lead"].as_str().expect("a text");
    assert_eq!(lead, "Two weak signs, the strongest: Microsoft Azure CLI redeemed a family refresh token.");
}

#[test]
fn sides_are_compared_property_by_property() {
    let view = session(&whole(), STOLEN);
    for (label, agreement) in [
        ("Address", "differ"),
        ("Network", "differ"),
        ("Place", "differ"),
        ("Device", "differ"),
        ("Agent", "differ"),
        ("Policies", "same"),
        ("Token protection", "unknown"),
        ("Network seen before", "differ"),
        ("Events", "beside"),
    ] {
        assert_eq!(diff(&view, label)["agreement"], agreement, "{label}");
    }
    assert_eq!(diff(&view, "Address")["other"], "203.0.113.77");
    assert_eq!(diff(&view, "Device")["owner"], "NB-0412, Windows 11, compliant");
    assert_eq!(diff(&view, "Device")["other"], "none");
    assert_eq!(diff(&view, "Network seen before")["other"], "never, by this user");
    assert_eq!(diff(&view, "Token protection")["owner"], Value::Null);
    let compared = view["diff"].as_array().expect("rows").iter().filter(|row| row["agreement"] != "beside").count();
    assert_eq!(number(&view["compared"]), i64::try_from(compared).expect("few"));
    assert_eq!(number(&view["unknown"]), 1);
}

#[test]
fn the_story_tells_every_event_once_and_folds_what_is_alike() {
    let desk = whole();
    let view = session(&desk, STOLEN);
    let steps = view["story"].as_array().expect("steps");
    assert_eq!(steps.iter().map(|step| number(&step["count"])).sum::<i64>(), 5);
    assert_eq!(steps.len(), usize::try_from(number(&view["steps"])).expect("few"));
    assert!(steps.iter().all(|step| number(&step["time"]) <= number(&step["until"])));
    let opened = session(&desk, OPENED);
    let texts: Vec<&str> =
        opened["story"].as_array().expect("steps").iter().filter_map(|step| step["text"].as_str()).collect();
    assert_eq!(texts.last(), Some(&"User registered security info"));
    assert!(texts[0].starts_with("Device code, Microsoft Authentication Broker"), "{texts:?}");
}

#[test]
fn refreshes_that_follow_each_other_are_one_step() {
    let mut records = stolen();
    for minute in 0..9 {
        let time = format!("2026-11-12T16:{:02}:00Z", 20 + minute);
        let app = if minute % 2 == 0 {
            ("Outlook Mobile", "27922004-5251-4030-b22d-91ecd9a37ea4")
        } else {
            ("Microsoft Teams", "1fec8e78-bce4-4aaf-ab1b-5451cc387264")
        };
        records.push(sign_in(500 + minute, &time, OSLO, app, "refreshToken", STOLEN));
    }
    let mut desk = desk(&[("a.ndjson", ndjson(&[history(), records].concat()))]);
    // Evidence is never folded, and the agent of these is.
    let ignored = ("tool-user-agent.ignored".to_owned(), "python,aiohttp,axios,curl".to_owned());
    desk.tune(&[ignored].into()).expect("a tuning that is taken");
    let view = session(&desk, STOLEN);
    let folded =
        view["story"].as_array().expect("steps").iter().find(|step| number(&step["count"]) > 5).expect("a folded step");
    assert_eq!(number(&folded["count"]), 9);
    assert_eq!(folded["text"], "Refresh token, Outlook Mobile and Microsoft Teams");
}

#[test]
fn lanes_hold_every_event_one_by_one_or_counted() {
    let desk = whole();
    let key = key_of(&desk, STOLEN);
    let lanes = |from: Value, to: Value, most: usize| {
        ask(&desk, json!({"ask": "lanes", "key": key, "from": from, "to": to, "most": most}))
    };
    let counted = |lanes: &Value| {
        let marks = lanes["marks"].as_array().expect("marks").len();
        let volumes: i64 =
            lanes["volumes"].as_array().expect("volumes").iter().map(|volume| number(&volume["count"])).sum();
        i64::try_from(marks).expect("few") + volumes
    };
    let all = lanes(Value::Null, Value::Null, 1_000);
    assert_eq!((counted(&all), number(&all["events"])), (5, 5));
    assert!(all["volumes"].as_array().expect("volumes").is_empty());
    let few = lanes(Value::Null, Value::Null, 2);
    assert_eq!(counted(&few), 5);
    assert!(!few["volumes"].as_array().expect("volumes").is_empty());
    let part = lanes(json!(number(&all["from"]) + 5 * MINUTE), json!(number(&all["from"]) + 40 * MINUTE), 1_000);
    assert_eq!(counted(&part), 2);
}

#[test]
fn filters_and_facets_say_the_same() {
    let desk = whole();
    let page = sessions(&desk, json!({}));
    for facet in page["facets"].as_array().expect("facets") {
        for value in facet["values"].as_array().expect("values") {
            let picked = json!([{"field": facet["field"], "value": value["value"]}]);
            let only = sessions(&desk, json!({"only": picked}));
            assert_eq!(only["total"], value["count"], "{facet}");
            let not = sessions(&desk, json!({"not": picked}));
            assert_eq!(number(&not["total"]), 3 - number(&value["count"]), "{facet}");
        }
    }
    let text = |text: &str| number(&sessions(&desk, json!({"text": text}))["total"]);
    assert_eq!(text("203.0.113.77"), 2);
    assert_eq!(text("azure cli NORA"), 2);
    assert_eq!(text(STOLEN), 1);
    assert_eq!(text("nobody"), 0);
    let changed = number(&session(&desk, STOLEN)["row"]["changed"]);
    assert_eq!(number(&sessions(&desk, json!({"from": changed, "to": changed + 1}))["total"]), 1);
    assert_eq!(number(&sessions(&desk, json!({"from": changed + 1}))["total"]), 2);
}

#[test]
fn filters_that_leave_nothing_name_the_one_to_leave_out() {
    let page = sessions(&whole(), json!({"text": "nora", "only": [{"field": "country", "value": "Norway"}]}));
    assert_eq!(number(&page["total"]), 0);
    assert_eq!(page["loosen"], json!({"what": "value", "picked": {"field": "country", "value": "Norway"}, "back": 3}));
}

#[test]
fn rows_come_in_pages_and_in_any_order_with_those_above_the_line_first() {
    let desk = whole();
    let keys = |question: Value| ask(&desk, question).as_array().expect("keys").clone();
    for sort in ["severity", "score", "user", "what", "owner", "other", "changed", "findings"] {
        let all = keys(json!({"ask": "keys", "filter": {}, "sort": sort, "descending": true}));
        let mut paged = Vec::new();
        for offset in 0..3 {
            let page = ask(
                &desk,
                json!({"ask": "sessions", "filter": {}, "sort": sort, "descending": true, "offset": offset, "limit": 1}),
            );
            paged.extend(page["rows"].as_array().expect("rows").iter().map(|row| row["key"].clone()));
        }
        assert_eq!(paged, all, "{sort}");
        assert_eq!(all.last(), Some(&json!(key_of(&desk, OWN))), "{sort}");
    }
}

#[test]
fn rows_of_one_incident_stand_together_under_its_head() {
    let desk = whole();
    let incident = session(&desk, STOLEN)["incident"].clone();
    assert_eq!((number(&incident["sessions"]), number(&incident["users"])), (2, 1), "{incident}");
    let page = sessions(&desk, json!({}));
    let row =
        |key: &str| page["rows"].as_array().expect("rows").iter().map(|row| number(&row[key])).collect::<Vec<_>>();
    let (first, last) = (row("first"), row("last"));
    let head = json!({
        "key": incident["id"],
        "title": incident["title"],
        "first": 0,
        "rows": 2,
        "users": 1,
        "severity": page["rows"][0]["severity"],
        "from": first[..2].iter().min(),
        "to": last[..2].iter().max(),
    });
    assert_eq!(page["groups"], json!([head]));
    // One session alone needs no head, and an order by something else tears incidents apart.
    let alone = sessions(&desk, json!({"only": [{"field": "detection", "value": "foci-pivot"}]}));
    assert_eq!((number(&alone["above"]), &alone["groups"]), (1, &json!([])));
    let by_user =
        json!({"ask": "sessions", "filter": {}, "sort": "user", "descending": false, "offset": 0, "limit": 9});
    assert_eq!(ask(&desk, by_user)["groups"], json!([]));
}

#[test]
fn tuning_looks_again_and_a_wrong_value_changes_nothing() {
    let mut desk = whole();
    let before = sessions(&desk, json!({}));
    let gap = |minutes: &str| Map::from([("foci-pivot.max-gap-minutes".to_owned(), minutes.to_owned())]);
    let signs = |desk: &signin_sleuth::report::page::Desk| {
        let view = session(desk, OWN);
        let findings = view["findings"].as_array().expect("findings").iter();
        findings.map(|finding| finding["detection"].as_str().expect("an id").to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(signs(&desk), ["foci-pivot", "rare-app-user-resource-scope"]);
    desk.tune(&gap("15")).expect("a number");
    assert_eq!(signs(&desk), ["rare-app-user-resource-scope"]);
    let setting = |desk: &signin_sleuth::report::page::Desk| {
        let all = ask(desk, json!({"ask": "tuning"}));
        let found =
            all.as_array().expect("settings").iter().find(|setting| setting["key"] == "foci-pivot.max-gap-minutes");
        found.expect("the setting").clone()
    };
    assert_eq!((&setting(&desk)["value"], &setting(&desk)["default"]), (&json!("15"), &json!("none")));
    let error = desk.tune(&gap("soon")).expect_err("no number");
    assert!(error.to_string().contains("a whole number"), "{error}");
    assert_eq!(setting(&desk)["value"], "15");
    assert_eq!(signs(&desk), ["rare-app-user-resource-scope"]);
    let kql = session(&desk, STOLEN)["findings"][0]["kql"].clone();
    assert!(kql.as_str().expect("a query").contains("let max_gap_minutes = 15;"));
    desk.tune(&Map::new()).expect("the defaults");
    assert_eq!(sessions(&desk, json!({})), before);
}

#[test]
fn a_finding_stands_with_its_evidence_and_all_that_can_be_done() {
    let view = session(&whole(), STOLEN);
    let finding = &view["findings"][0];
    assert_eq!(finding["detection"], "foci-pivot");
    assert_eq!(number(&finding["records"]), 3);
    let hands: Vec<&Value> = finding["evidence"].as_array().expect("rows").iter().map(|row| &row["hand"]).collect();
    assert_eq!(hands[0], &json!(0));
    assert_eq!(hands.last(), Some(&&json!(1)));
    for list in ["benign", "ask", "next", "techniques"] {
        assert!(!finding[list].as_array().expect("a list").is_empty(), "{list}");
    }
}

#[test]
fn a_record_is_known_by_its_place_whichever_copy_it_is() {
    let text = ndjson(&[history(), stolen()].concat());
    let desk = desk(&[("a.ndjson", text.clone()), ("b.ndjson", text)]);
    let evidence = session(&desk, STOLEN)["findings"][0]["evidence"][0].clone();
    let also = &evidence["also"][0];
    assert_eq!((&evidence["place"]["input"], &also["input"]), (&json!(0), &json!(1)));
    let record = |place: &Value| {
        ask(
            &desk,
            json!({"ask": "record", "input": place["input"], "record": place["record"], "offset": place["offset"]}),
        )
    };
    let (first, copy) = (record(&evidence["place"]), record(also));
    assert_eq!((&first["name"], &copy["name"]), (&json!("a.ndjson"), &json!("b.ndjson")));
    assert_eq!((&first["id"], &first["findings"]), (&copy["id"], &copy["findings"]));
    assert!(first["fields"].as_array().expect("fields").contains(&json!("sessionid")));
    let overview = ask(&desk, json!({"ask": "overview", "bins": 50}));
    assert_eq!(number(&overview["events"]), 15);
    let interactive =
        overview["strip"]["rows"].as_array().expect("rows").iter().find(|row| row["kind"] == "interactive");
    assert_eq!(number(&interactive.expect("a row")["total"]), 11);
}

#[test]
fn coverage_says_what_is_missing_and_every_record_is_accounted_for() {
    let mut text = ndjson(&[history(), stolen()].concat());
    text.push_str("{\"id\": \"broken\n");
    let desk = desk(&[("signins.ndjson", text), ("letter.txt", "Dear customer,\n".to_owned())]);
    let view = ask(&desk, json!({"ask": "coverage"}));
    let behaviours = view["behaviours"].as_array().expect("behaviours");
    let credential = behaviours.iter().find(|one| one["detection"] == "device-code-then-credential").expect("a row");
    assert_eq!(credential["status"], "blind");
    assert!(view["open"].as_array().expect("questions").iter().any(|open| open["export"]["holds"][0] == "directory"));
    let holds = view["holds"].as_array().expect("kinds");
    let directory = holds.iter().find(|row| row["kind"] == "directory").expect("a row");
    assert_eq!((number(&directory["total"]), directory["gaps"].as_array().expect("gaps").len()), (0, 1));
    for input in view["inputs"].as_array().expect("inputs") {
        let summary = &input["summary"];
        let other: i64 = summary["other"].as_object().expect("a map").values().map(number).sum();
        let parts =
            ["events", "merged", "duplicates", "rejected_total", "enrichment"].map(|part| number(&summary[part]));
        assert_eq!(number(&summary["records"]), parts.iter().sum::<i64>() + other, "{summary}");
    }
    assert!(view["inputs"].as_array().expect("inputs").iter().any(|input| input["failure"].is_string()));
    let sums = &view["sums"];
    let all = number(&sums["ran"]) + number(&sums["partial"]) + number(&sums["blind"]);
    assert_eq!(all, i64::try_from(behaviours.len()).expect("few"));
}

#[test]
fn each_input_says_how_well_it_is_filled_and_what_it_would_do_for_alone() {
    let desk = desk(&[("a.ndjson", ndjson(&history())), ("letter.txt", "Dear customer,\n".to_owned())]);
    let view = ask(&desk, json!({"ask": "coverage"}));
    let [read, letter] = view["inputs"].as_array().expect("inputs").as_slice() else { panic!("{}", view["inputs"]) };
    let field = |name: &str| {
        let mut fields = read["fields"].as_array().expect("fields").iter();
        fields.find(|field| field["field"] == name).unwrap_or_else(|| panic!("no field {name}")).clone()
    };
    let of = number(&field("session id")["of"]);
    assert!(of > 0 && number(&field("session id")["filled"]) == of);
    assert_eq!(number(&field("authentication details")["filled"]), 0, "this export has no such field");
    let good: Vec<&Value> =
        ["good_for", "in_part"].iter().flat_map(|part| read[part].as_array().expect("names")).collect();
    assert!(good.contains(&&json!("foci-pivot")) && !good.contains(&&json!("device-code-then-credential")), "{good:?}");
    assert_eq!((&letter["fields"], &letter["good_for"]), (&json!([]), &json!([])));
}

#[test]
fn exports_are_files() {
    let desk = whole();
    let file = |what: Value| {
        let bytes = desk.answer(json!({"ask": "export", "what": what}).to_string().as_bytes()).expect("a file");
        String::from_utf8(bytes).expect("a text")
    };
    let report: Value = serde_json::from_str(&file(json!("report"))).expect("JSON");
    assert_eq!((&report["schema"], report["sessions"].as_array().map(Vec::len)), (&json!(1), Some(3)));
    assert!(file(json!("findings")).contains("foci-pivot"));
    assert!(file(json!("evidence")).lines().count() > 4);
    assert_eq!(file(json!("tuning")).trim(), "{}");
    assert!(file(json!({"kql": "foci-pivot"})).contains("let max_gap_minutes = -1;"));
}

#[test]
fn hidden_characters_of_a_log_are_spelled_out_and_can_still_be_searched() {
    let mut records = [history(), stolen()].concat();
    for record in &mut records {
        record["userPrincipalName"] = json!("nora\u{202e}dnil\u{7}@example.com");
        if record["autonomousSystemNumber"] == HOSTING.asn {
            record["userAgent"] = json!("<script>\u{200b}alert(1)</script>");
        }
    }
    let desk = desk(&[("a.ndjson", ndjson(&records))]);
    let key = key_of(&desk, STOLEN);
    for question in [
        json!({"ask": "overview", "bins": 50}),
        json!({"ask": "session", "key": key}),
        json!({"ask": "lanes", "key": key, "from": null, "to": null, "most": 100}),
        json!({"ask": "coverage"}),
    ] {
        let answer =
            String::from_utf8(desk.answer(question.to_string().as_bytes()).expect("an answer")).expect("a text");
        let hidden = |letter: char| matches!(letter, '\u{202e}' | '\u{200b}' | '\0'..='\u{1f}');
        assert!(!answer.contains(hidden), "{question}");
        assert!(!answer.contains("\\u00"), "{question}");
    }
    let view = session(&desk, STOLEN);
    assert_eq!(view["row"]["user"], "noraU+202EdnilU+0007@example.com");
    assert_eq!(diff(&view, "Agent")["other"], "<script>U+200Balert(1)</script>");
    assert_eq!(number(&sessions(&desk, json!({"text": "U+202E"}))["total"]), 1);
}

#[test]
fn what_is_no_question_is_refused_without_a_word_of_the_logs() {
    let desk = whole();
    let error = desk.answer(b"{\"ask\":\"everything\"}").expect_err("no such question");
    assert!(error.starts_with("not a question: "), "{error}");
    assert!(!error.contains("nora"));
    assert_eq!(ask(&desk, json!({"ask": "session", "key": "none"})), Value::Null);
    let empty = signin_sleuth::report::page::Desk::new(
        signin_sleuth::analysis::Case::gather(Vec::new()),
        signin_sleuth::detections::Tuning::default(),
    );
    let overview = ask(&empty, json!({"ask": "overview", "bins": 300}));
    assert_eq!((&overview["strip"], &overview["sessions"]), (&Value::Null, &json!(0)));
}
