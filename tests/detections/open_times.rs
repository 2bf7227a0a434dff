//! Times whose zone or order of day and month a file leaves open join nothing across files until they
//! are told by a person or found by records that stand in another file, too.

use serde_json::{Value, json};
use signin_sleuth::analysis::clock::{Times, Told};
use signin_sleuth::analysis::{Case, Part, Reading};
use signin_sleuth::detections::Tuning;
use signin_sleuth::events::offsets::Offsets;

use crate::support::{by_tuning, fixture, lines, report, sign_in, with};

const HOUR: i64 = 3_600_000_000;

/// A table row of Log Analytics that says the same as a record of Graph, its time as given.
fn row(record: &Value, time: &str) -> Value {
    let mut row = json!({"Type": "SigninLogs"});
    for (key, value) in record.as_object().expect("an object") {
        let name = match key.as_str() {
            "ipAddress" => "IPAddress".to_owned(),
            "location" => "LocationDetails".to_owned(),
            "resourceId" => "ResourceIdentity".to_owned(),
            key => key[..1].to_uppercase() + &key[1..],
        };
        row[name] = value.clone();
    }
    row["CreatedDateTime"] = json!(time);
    row
}

/// Rows as the portal exports them: under the header of the time as given, one table.
fn csv(header: &str, rows: &[Value]) -> String {
    let names: Vec<&String> = rows[0].as_object().expect("an object").keys().collect();
    let mut writer = csv::Writer::from_writer(Vec::new());
    let heads = names.iter().map(|name| if *name == "CreatedDateTime" { header } else { name.as_str() });
    writer.write_record(heads).expect("memory");
    for row in rows {
        let cell = |name: &&String| match &row[name.as_str()] {
            Value::String(text) => text.clone(),
            Value::Null => String::new(),
            other => other.to_string(),
        };
        writer.write_record(names.iter().map(cell)).expect("memory");
    }
    String::from_utf8(writer.into_inner().expect("memory")).expect("text")
}

fn gather(files: &[(&str, &str)], times: &Times) -> Case {
    let part = |(number, (name, text)): (usize, &(&str, &str))| -> Part {
        let mut reading = Reading::new(name, number as u32, 0);
        reading.feed(text.as_bytes());
        reading.finish()
    };
    Case::gather_told(files.iter().enumerate().map(part).collect(), times)
}

fn told(zone: Option<Offsets>, day_first: Option<bool>) -> Times {
    Times { all: Told { zone, day_first }, ..Times::default() }
}

fn count(report: &Value, detection: &str) -> usize {
    let all = report["findings"].as_array().expect("a list").iter();
    all.filter(|finding| finding["detection"] == detection).count()
}

fn notice<'a>(report: &'a Value, kind: &str) -> Option<&'a Value> {
    report["notices"].as_array().expect("a list").iter().find(|notice| notice["kind"] == kind)
}

fn coverage<'a>(report: &'a Value, detection: &str) -> &'a Value {
    let mut all = report["coverage"].as_array().expect("a list").iter();
    all.find(|item| item["detection"] == detection).expect("each detection is told of")
}

/// A session signed in to by its owner, and eleven minutes later redeemed by a tool.
fn pair() -> [Value; 2] {
    let all = by_tuning(fixture("foci_pivot", "fires"));
    let all = &all[""];
    let of = |id: &str| all.iter().find(|record| record["id"] == id).expect("a record of the fixture").clone();
    [of("handover-first"), of("handover-second")]
}

/// Sign-ins of somebody else, at ten o'clock UTC of these days, as Graph has them.
fn anchors(days: &[u32], month: u32) -> Vec<Value> {
    let at = |day: &u32| {
        sign_in("bob", &format!("bob-{month}-{day}"), &format!("2026-{month:02}-{day:02}T10:00:00Z"), json!({}))
    };
    days.iter().map(at).collect()
}

/// The second half of the pair in a table whose clock was one hour ahead of UTC, with these others.
fn an_hour_ahead(second: &Value, others: &[Value]) -> String {
    let mut rows = vec![row(second, "2026-11-12T11:11:23")];
    rows.extend(others.iter().map(|record| {
        let utc = record["createdDateTime"].as_str().expect("a time");
        row(record, &utc.replace("T10:", "T11:").replace('Z', ""))
    }));
    lines(&rows)
}

#[test]
fn a_pair_across_a_file_of_unknown_zone_is_not_joined_until_it_is_told() {
    let [first, second] = pair();
    let graph = lines(std::slice::from_ref(&first));
    let open = an_hour_ahead(&second, &[]);
    let files = [("a.ndjson", graph.as_str()), ("b.ndjson", open.as_str())];
    let unknown = report(&gather(&files, &Times::default()), &Tuning::default());
    assert_eq!(count(&unknown, "foci-pivot"), 0, "{}", unknown["findings"]);
    let said = notice(&unknown, "no-zone").expect("it is said");
    assert_eq!(said["input"], 1);
    assert!(said["next"].as_str().expect("a text").contains("--zone"), "{said}");
    assert_eq!(coverage(&unknown, "foci-pivot")["status"], "partial");
    assert!(coverage(&unknown, "foci-pivot")["note"].as_str().expect("a text").contains("file by file"));
    // The same files, and what a person knows of the second.
    for times in [
        told(Offsets::fixed("+1"), None),
        Times {
            by_name: [("b.ndjson".to_owned(), Told { zone: Offsets::fixed("+01:00"), day_first: None })].into(),
            ..told(Offsets::fixed("-8"), None)
        },
    ] {
        let known = report(&gather(&files, &times), &Tuning::default());
        assert_eq!(count(&known, "foci-pivot"), 1);
        let evidence = known["findings"][0]["evidence"].to_string();
        assert!(evidence.contains("2026-11-12T10:11:23.000000Z"), "{evidence}");
        assert!(notice(&known, "no-zone").is_none());
        assert!(notice(&known, "times-told").expect("it is said")["text"].as_str().expect("a text").contains('1'));
        assert!(!coverage(&known, "foci-pivot")["note"].as_str().expect("a text").contains("file by file"));
    }
    // A zone in which the redemption came first: told is told.
    let wrong = report(&gather(&files, &told(Offsets::fixed("+3"), None)), &Tuning::default());
    assert_eq!(count(&wrong, "foci-pivot"), 0);
}

#[test]
fn within_one_file_of_unknown_zone_everything_is_joined() {
    let [first, second] = pair();
    let both = lines(&[row(&first, "2026-11-12T11:00:00"), row(&second, "2026-11-12T11:11:23")]);
    let alone = report(&gather(&[("b.ndjson", &both)], &Times::default()), &Tuning::default());
    assert_eq!(count(&alone, "foci-pivot"), 1);
    assert!(!coverage(&alone, "foci-pivot")["note"].as_str().expect("a text").contains("file by file"));
    // Beside a file of certain time it is still joined in itself, under a key of its own.
    let graph = lines(&[with(first, json!({"id": "another", "createdDateTime": "2026-11-12T10:05:00Z"}))]);
    let beside = report(&gather(&[("a.ndjson", &graph), ("b.ndjson", &both)], &Times::default()), &Tuning::default());
    assert_eq!(count(&beside, "foci-pivot"), 1);
    assert_eq!(beside["sessions"].as_array().expect("a list").len(), 1);
    assert_ne!(beside["sessions"][0]["key"], alone["sessions"][0]["key"]);
    assert_eq!(beside["sessions_total"], 2, "the session is there once in each");
}

#[test]
fn the_zone_is_found_by_three_records_that_stand_in_both_files() {
    let [first, second] = pair();
    for (days, joined) in [(&[2, 3, 4][..], 1), (&[2, 3][..], 0)] {
        let others = anchors(days, 12);
        let mut graph = others.clone();
        graph.push(first.clone());
        let files = [("a.ndjson", lines(&graph)), ("b.ndjson", an_hour_ahead(&second, &others))];
        let files = [(files[0].0, files[0].1.as_str()), (files[1].0, files[1].1.as_str())];
        // December and November are parted by weekends on which clocks are changed somewhere.
        let parted = report(&gather(&files, &Times::default()), &Tuning::default());
        assert_eq!(count(&parted, "foci-pivot"), 0, "nobody knows whether the clock was changed in between");
        let near = anchors(days, 11).into_iter().map(|record| {
            let time = record["createdDateTime"].as_str().expect("a time").replace("-11-0", "-11-1");
            with(record, json!({"createdDateTime": time}))
        });
        let near: Vec<Value> = near.collect();
        let graph = lines(&[near.clone(), vec![first.clone()]].concat());
        let open = an_hour_ahead(&second, &near);
        let found =
            report(&gather(&[("a.ndjson", &graph), ("b.ndjson", &open)], &Times::default()), &Tuning::default());
        assert_eq!(count(&found, "foci-pivot"), joined, "{days:?}");
        let said = notice(&found, "times-found").map(|notice| notice["text"].as_str().expect("a text").to_owned());
        assert_eq!(said.is_some_and(|text| text.contains("UTC+1;")), joined == 1, "{:?}", found["notices"]);
        // Whichever file comes first.
        let turned =
            report(&gather(&[("a.ndjson", &open), ("b.ndjson", &graph)], &Times::default()), &Tuning::default());
        assert_eq!(count(&turned, "foci-pivot"), joined);
    }
}

#[test]
fn clocks_that_are_changed_are_followed() {
    let [first, second] = pair();
    // Two hours ahead until 25 October 2026, 01:00 UTC, then one.
    let change = signin_sleuth::events::time::parse_iso(b"2026-10-25T01:00:00Z").expect("a time").micros;
    let zone = Offsets::new("Europe/Berlin", vec![(change - 200 * 24 * HOUR, 2 * HOUR), (change, HOUR)]);
    for (utc, local) in [
        ("2026-10-24T10:", "2026-10-24T12:"),
        ("2026-10-25T10:", "2026-10-25T11:"),
        ("2026-11-12T10:", "2026-11-12T11:"),
    ] {
        let moved =
            |record: &Value, minute: &str| with(record.clone(), json!({"createdDateTime": format!("{utc}{minute}Z")}));
        let graph = lines(&[moved(&first, "00:00")]);
        let open = lines(&[row(&second, &format!("{local}11:23"))]);
        let files = [("a.ndjson", graph.as_str()), ("b.ndjson", open.as_str())];
        assert_eq!(
            count(&report(&gather(&files, &told(zone.clone(), None)), &Tuning::default()), "foci-pivot"),
            1,
            "{utc}"
        );
    }
    // In the hour that comes twice nobody knows which it was: it stays open, and that is said.
    let graph = lines(&[with(first, json!({"createdDateTime": "2026-10-25T00:20:00Z"}))]);
    let open = lines(&[row(&second, "2026-10-25T02:31:23")]);
    let files = [("a.ndjson", graph.as_str()), ("b.ndjson", open.as_str())];
    let twice = report(&gather(&files, &told(zone, None)), &Tuning::default());
    assert_eq!(count(&twice, "foci-pivot"), 0);
    assert!(notice(&twice, "no-zone").is_some() && notice(&twice, "times-told").is_none());
}

#[test]
fn days_and_months_that_cannot_be_told_apart_join_nothing_until_they_are() {
    let [first, second] = pair();
    let move_to = |record: &Value, time: &str| with(record.clone(), json!({"createdDateTime": time}));
    let graph_first = move_to(&first, "2026-03-02T10:00:00Z");
    // The second of March, day first, under a header that says UTC.
    let table = |rows: &[Value]| csv("CreatedDateTime [UTC]", rows);
    let open = table(&[row(&second, "2/3/2026 10:11:23")]);
    let graph = lines(std::slice::from_ref(&graph_first));
    let files = [("a.ndjson", graph.as_str()), ("b.csv", open.as_str())];
    let unknown = report(&gather(&files, &Times::default()), &Tuning::default());
    assert_eq!(count(&unknown, "foci-pivot"), 0);
    assert_eq!(notice(&unknown, "day-order").expect("it is said")["input"], 1);
    assert!(notice(&unknown, "no-zone").is_none(), "the header says UTC");
    for (day_first, joined) in [(true, 1), (false, 0)] {
        let known = report(&gather(&files, &told(None, Some(day_first))), &Tuning::default());
        assert_eq!(count(&known, "foci-pivot"), joined);
        assert!(notice(&known, "day-order").is_none());
        let said = notice(&known, "times-told").expect("it is said")["text"].as_str().expect("a text").to_owned();
        assert!(said.contains(if day_first { "day first" } else { "month first" }), "{said}");
    }
    // Three records of the same file that Graph has, too.
    let others: Vec<Value> = [4, 5, 6]
        .map(|day| sign_in("bob", &format!("bob-{day}"), &format!("2026-03-0{day}T10:00:00Z"), json!({})))
        .to_vec();
    let mut rows = vec![row(&second, "2/3/2026 10:11:23")];
    for (record, day) in others.iter().zip(4..) {
        // The same columns in every row.
        let like = with(second.clone(), record.clone());
        rows.push(row(&like, &format!("{day}/3/2026 10:00:00")));
    }
    let graph = lines(&[others, vec![graph_first]].concat());
    let open = table(&rows);
    let found = report(&gather(&[("a.ndjson", &graph), ("b.csv", &open)], &Times::default()), &Tuning::default());
    assert_eq!(count(&found, "foci-pivot"), 1, "{}", found["notices"]);
    assert!(notice(&found, "times-found").expect("it is said")["text"].as_str().expect("a text").contains("day first"));
    // As the portal writes it for the United States, the month comes first; no other English writes it so.
    let graph = lines(&[move_to(&first, "2026-02-03T10:00:00Z")]);
    for (time, joined) in
        [("2/3/2026, 10:11:23.391 AM", 1), ("2/3/2026, 10:11:23.391 am", 0), ("2/3/2026, 10:11:23", 0)]
    {
        let table = table(&[row(&second, time)]);
        let told = report(&gather(&[("a.ndjson", &graph), ("b.csv", &table)], &Times::default()), &Tuning::default());
        assert_eq!(count(&told, "foci-pivot"), joined, "{time}");
    }
    // A single date that can only be day first settles all of its file.
    let settled = table(&[
        row(&second, "2/3/2026 10:11:23"),
        row(&with(second.clone(), json!({"id": "late"})), "13/3/2026 1:00:00"),
    ]);
    let graph = lines(&[move_to(&first, "2026-03-02T10:00:00Z")]);
    let settled = report(&gather(&[("a.ndjson", &graph), ("b.csv", &settled)], &Times::default()), &Tuning::default());
    assert_eq!(count(&settled, "foci-pivot"), 1);
}

#[test]
fn a_header_that_says_utc_is_certain_and_one_that_says_local_time_is_open() {
    let [first, second] = pair();
    let graph = lines(&[first]);
    for (header, time, joined, kind) in [
        ("CreatedDateTime [UTC]", "11/12/2026, 10:11:23.000 AM", 1, None),
        ("CreatedDateTime [UTC+01:00]", "11/12/2026, 11:11:23.000 AM", 1, None),
        ("CreatedDateTime [Local Time]", "11/12/2026, 11:11:23.000 AM", 0, Some("local-time")),
        ("CreatedDateTime", "2026-11-12T10:11:23", 0, Some("no-zone")),
    ] {
        let day = row(&with(second.clone(), json!({"id": "late"})), &time.replace("/12/", "/23/"));
        let table = csv(header, &[row(&second, time), day]);
        let told = report(&gather(&[("a.ndjson", &graph), ("b.csv", &table)], &Times::default()), &Tuning::default());
        assert_eq!(count(&told, "foci-pivot"), joined, "{header}");
        for other in ["local-time", "no-zone"] {
            assert_eq!(notice(&told, other).is_some(), kind == Some(other), "{header} {other}");
        }
    }
}

#[test]
fn a_burst_of_many_users_is_not_put_together_across_an_open_file() {
    let tries: Vec<Value> = (0..12)
        .map(|user| {
            let changes =
                json!({"status": {"errorCode": 50126}, "ipAddress": "198.51.100.66", "autonomousSystemNumber": 64666});
            sign_in(&format!("user{user}"), &format!("try-{user}"), &format!("2026-11-12T10:{user:02}:00Z"), changes)
        })
        .collect();
    let rows = |zone: &str| -> Vec<Value> {
        let local = |record: &Value| record["createdDateTime"].as_str().expect("a time").replace('Z', zone);
        tries[6..].iter().map(|record| row(record, &local(record))).collect()
    };
    let graph = lines(&tries[..6]);
    for (zone, sprays) in [("Z", 1), ("", 0)] {
        let table = lines(&rows(zone));
        let told =
            report(&gather(&[("a.ndjson", &graph), ("b.ndjson", &table)], &Times::default()), &Tuning::default());
        assert_eq!(count(&told, "password-spray"), sprays, "{zone:?}");
    }
}
