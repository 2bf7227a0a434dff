//! Text as a person reads it.

/// The words of a text on one line, wherever it was wrapped.
fn unwrapped(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

use super::fixtures::{folder, lines, many, redeemed, sign_in, stolen, write};
use super::running::run;

#[test]
fn the_verdict_comes_first_and_the_rest_follows_in_its_order() {
    let folder = folder();
    write(folder.path(), "a.ndjson", lines(&stolen()));
    let out = run(folder.path(), &["analyze", "a.ndjson"]).out;
    assert!(out.starts_with("One of 3 sessions was very likely stolen.\n"), "{out}");
    let parts = [
        "all times are UTC",
        "HIGH",
        "user1@example.com",
        "Stolen. On 12 November at 15:52 the session of user1 passed from",
        "11 minutes after sign-in",
        "Held by",
        "What happened",
        "12 Nov 15:41:08",
        "12 Nov 15:52:31",
        "Could it be harmless?",
        "Ask the customer",
        "Do now",
        "--raw",
        "Open questions",
        "Needs the",
        "Exports that would answer them",
        "Inputs",
        "4 records = 4 events",
    ];
    let out = unwrapped(&out);
    let mut from = 0;
    for part in parts {
        from += out[from..].find(part).unwrap_or_else(|| panic!("{part} is missing or too early: {out}"));
    }
}

#[test]
fn the_place_of_a_record_is_where_it_stands() {
    let folder = folder();
    let text = lines(&stolen());
    write(folder.path(), "a.ndjson", &text);
    let out = run(folder.path(), &["analyze", "a.ndjson"]).out;
    let second = text.lines().next().unwrap().len() + 1;
    let place = format!("a.ndjson, record 1, byte {},{:03}", second / 1_000, second % 1_000);
    assert!(out.contains(&place), "{place}: {out}");
    assert!(text[second..].starts_with('{'));
}

#[test]
fn nothing_found_is_no_proof() {
    let folder = folder();
    write(folder.path(), "a.ndjson", lines(&stolen()[2..]));
    let out = run(folder.path(), &["analyze", "a.ndjson"]).out;
    assert!(out.starts_with("No session of 2 is above the line.\n"), "{out}");
    assert!(unwrapped(&out).contains("This is not proof that nothing was stolen."), "{out}");
    assert!(out.contains("directory audit log"), "{out}");
}

#[test]
fn a_long_story_is_told_in_part_and_says_so() {
    let folder = folder();
    let mut records = vec![sign_in(1, 1, 1, "2026-11-12T15:00:00Z")];
    records.extend((0..40).map(|minute| redeemed(100 + minute, 1, 1, &format!("2026-11-12T16:{minute:02}:00Z"))));
    write(folder.path(), "a.ndjson", lines(&records));
    let out = run(folder.path(), &["analyze", "a.ndjson"]).out;
    let told = out.lines().filter(|line| line.contains("a.ndjson, record ")).count();
    assert_eq!(told, 12, "{out}");
    assert!(out.contains("29 records between are left out here"), "{out}");
    assert!(out.contains("12 Nov 16:39:00"), "the end is told: {out}");
    let rows = run(folder.path(), &["analyze", "a.ndjson", "--output", "csv", "--evidence"]).out;
    assert_eq!(rows.lines().filter(|row| row.contains("foci-pivot")).count(), 41);
}

#[test]
fn many_sessions_are_told_in_short_unless_all_are_asked_for() {
    let folder = folder();
    let records: Vec<_> = (0..25)
        .flat_map(|user| {
            [
                sign_in(user * 2, user, user, &format!("2026-11-12T15:{user:02}:00Z")),
                redeemed(user * 2 + 1, user, user, &format!("2026-11-12T16:{user:02}:00Z")),
            ]
        })
        .collect();
    write(folder.path(), "a.ndjson", lines(&records));
    let heads = |out: &str| out.lines().filter(|line| line.trim() == "Held by").count();
    let some = run(folder.path(), &["analyze", "a.ndjson"]).out;
    assert_eq!(heads(&some), 20);
    assert!(some.contains("5 sessions in short"), "{some}");
    for user in 0..25 {
        assert!(some.contains(&format!("user{user}@example.com")));
    }
    assert_eq!(heads(&run(folder.path(), &["analyze", "a.ndjson", "--all"]).out), 25);
}

#[test]
fn lines_are_wrapped() {
    let folder = folder();
    write(folder.path(), "a.ndjson", lines(&many()));
    let out = run(folder.path(), &["analyze", "a.ndjson"]).out;
    for line in out.lines() {
        assert!(line.chars().count() <= 100, "{line}");
        assert_eq!(line, line.trim_end());
    }
}

#[test]
fn weak_signs_are_told_in_short() {
    let folder = folder();
    let mut second = redeemed(2, 1, 1, "2026-11-12T15:52:31Z");
    let first = sign_in(1, 1, 1, "2026-11-12T15:41:08Z");
    // The same laptop on the same network: an administrator at work.
    for key in ["ipAddress", "autonomousSystemNumber", "location", "deviceDetail", "userAgent"] {
        second[key] = first[key].clone();
    }
    write(folder.path(), "a.ndjson", lines(&[first, second]));
    let out = run(folder.path(), &["analyze", "a.ndjson"]).out;
    assert!(out.starts_with("No session of 1 is above the line. One shows weaker signs.\n"), "{out}");
    assert!(out.contains("1 session in short") && !out.contains("Held by"), "{out}");
    let line = unwrapped(&out);
    assert!(line.contains("LOW score") && line.contains("user1@example.com: token redeemed by a tool"), "{out}");
    let all = run(folder.path(), &["analyze", "a.ndjson", "--all"]).out;
    assert!(
        all.contains("One weak sign: Microsoft Azure CLI redeemed a family refresh token.") && all.contains("Held by"),
        "{all}"
    );
}

#[test]
fn some_behaviour_waits_for_each_kind_of_records_that_is_missing() {
    let folder = folder();
    write(folder.path(), "a.ndjson", lines(&stolen()));
    let out = unwrapped(&run(folder.path(), &["analyze", "a.ndjson"]).out);
    assert!(!out.contains("no behaviour waits for them"), "{out}");
    for kind in ["risk detections", "directory audit log", "acts in mailboxes"] {
        assert!(out.contains(kind), "{kind}: {out}");
    }
    write(folder.path(), "notes.txt", "hello");
    assert!(!run(folder.path(), &["analyze", "notes.txt"]).out.contains("Not in these exports"));
}

#[test]
fn what_belongs_to_no_session_is_in_the_verdict() {
    let folder = folder();
    let records = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/detections/federation_changed/fires.ndjson");
    let records = std::fs::read_to_string(records).expect("it is there");
    let acts: Vec<&str> = records.lines().filter(|line| line.contains("\"activityDisplayName\"")).collect();
    write(folder.path(), "a.ndjson", acts.join("\n"));
    let out = unwrapped(&run(folder.path(), &["analyze", "a.ndjson"]).out);
    let verdict = "There are no sign-ins here, so no session to look at. Four findings of high severity or worse \
                   belong to no session.";
    assert!(out.starts_with(verdict), "{}", &out[..200]);
}
