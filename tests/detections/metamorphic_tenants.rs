//! What must not change what is found, in whole tenants with every incident: the calendar, names, the order of
//! records and files, other tenants, copies. And what may: without a column less is claimed, never something else.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Days, NaiveDate};
use serde_json::Value;
use signin_sleuth::detections::{Records, Tuning, find};
use signin_sleuth::generate::{Detail, Format, Kind, Settings, tenant};

use crate::support::{Random, case, report};

const SEEDS: [u64; 2] = [3, 8];

/// Names and contents of the files of a tenant.
type Files = Vec<(String, String)>;

fn files(seed: u64) -> Files {
    let settings = Settings {
        seed,
        users: 48,
        days: 14,
        pace: 3,
        detail: Detail::Brief,
        incidents: Kind::ALL.to_vec(),
        ..Settings::default()
    };
    let made = tenant(&settings).write(Format::Collection);
    made.into_iter().map(|file| (file.name, String::from_utf8(file.bytes).expect("UTF-8"))).collect()
}

fn run(files: &[(String, String)]) -> Value {
    let borrowed: Vec<(&str, String)> = files.iter().map(|(name, text)| (name.as_str(), text.clone())).collect();
    report(&case(&borrowed), &Tuning::default())
}

/// A finding without its id, its words, its times and where its records stand: what is claimed, of whom, on which
/// records. Words hold times and names; ids hold names.
fn claims(report: &Value) -> BTreeMap<String, u32> {
    let mut claims = BTreeMap::new();
    for finding in report["findings"].as_array().expect("findings") {
        let word = |key: &str| finding[key].as_str().unwrap_or("").to_owned();
        let evidence = finding["evidence"].as_array().expect("evidence").iter();
        let records: Vec<String> = evidence.map(|item| format!("{}={}", item["role"], item["event"])).collect();
        let [detection, variant, severity, confidence] = ["detection", "variant", "severity", "confidence"].map(word);
        let claim = format!("{detection} {variant} {severity} {confidence} {}", records.join(" "));
        *claims.entry(claim).or_default() += 1;
    }
    claims
}

fn lines_of_sessions(report: &Value) -> Vec<String> {
    let sessions = report["sessions"].as_array().expect("sessions").iter();
    let mut lines: Vec<String> = sessions
        .map(|session| format!("{} {} {}", session["session"], session["severity"], session["score"]))
        .collect();
    lines.sort();
    lines
}

fn same(found: &Value, expected: &Value, of: &str) {
    let (found_claims, expected_claims) = (claims(found), claims(expected));
    let beside = |left: &BTreeMap<String, u32>, right: &BTreeMap<String, u32>| -> Vec<String> {
        let missing = left.iter().filter(|(claim, count)| right.get(*claim) != Some(count));
        missing.map(|(claim, _)| claim.chars().take(300).collect()).collect()
    };
    let (more, less) = (beside(&found_claims, &expected_claims), beside(&expected_claims, &found_claims));
    assert!(more.is_empty() && less.is_empty(), "{of}\nmore: {more:#?}\nless: {less:#?}");
    assert_eq!(lines_of_sessions(found), lines_of_sessions(expected), "{of}");
}

/// All dates of a text, moved by so many days.
fn moved(text: &str, days: u64) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(place) = rest.find("20") {
        let (before, at) = rest.split_at(place);
        out.push_str(before);
        let date = at.get(..10).and_then(|date| NaiveDate::parse_from_str(date, "%Y-%m-%d").ok());
        match date.and_then(|date| date.checked_add_days(Days::new(days))) {
            Some(date) => {
                out.push_str(&date.format("%Y-%m-%d").to_string());
                rest = &at[10..];
            }
            None => {
                out.push_str("20");
                rest = &at[2..];
            }
        }
    }
    out + rest
}

#[test]
fn moved_dates_are_found_where_they_are() {
    assert_eq!(moved("a 2026-11-02T10:00Z, 2020 and 2026-12-31.", 91), "a 2027-02-01T10:00Z, 2020 and 2027-04-01.");
}

#[test]
fn thirteen_weeks_later_the_same_is_found() {
    for seed in SEEDS {
        let files = files(seed);
        let later: Files = files.iter().map(|(name, text)| (name.clone(), moved(text, 91))).collect();
        same(&run(&later), &run(&files), &format!("seed {seed}"));
    }
}

#[test]
fn by_another_name_the_same_is_found() {
    for seed in SEEDS {
        let files = files(seed);
        let renamed: Files = files
            .iter()
            .map(|(name, text)| (name.clone(), text.replace("@contoso.example", ".renamed@fabrikam.example")))
            .collect();
        assert_ne!(renamed, files);
        same(&run(&renamed), &run(&files), &format!("seed {seed}"));
    }
}

#[test]
fn in_any_order_cut_anywhere_and_twice_the_same_is_found() {
    for seed in SEEDS {
        let files = files(seed);
        let expected = run(&files);
        let mut random = Random(seed);
        let mut mixed: Files = Vec::new();
        for (name, text) in &files {
            // Only what is one record a line can be cut between any two.
            if !name.ends_with(".ndjson") {
                mixed.push((format!("b-{name}"), text.clone()));
                continue;
            }
            let mut lines: Vec<&str> = text.split_inclusive('\n').collect();
            random.shuffle(&mut lines);
            let middle = random.below(lines.len());
            let (left, right) = lines.split_at(middle);
            mixed.push((format!("z-{name}"), left.concat()));
            mixed.push((format!("a-{name}"), right.concat()));
        }
        random.shuffle(&mut mixed);
        same(&run(&mixed), &expected, &format!("seed {seed}, mixed"));
        let copies = files.iter().map(|(name, text)| (format!("copy-of-{name}"), text.clone()));
        let twice: Files = files.iter().cloned().chain(copies).collect();
        same(&run(&twice), &expected, &format!("seed {seed}, twice"));
    }
}

#[test]
fn beside_another_tenant_the_same_is_found_in_both() {
    let [left, right] = SEEDS.map(files);
    let both: Files = [(&left, "left"), (&right, "right")]
        .into_iter()
        .flat_map(|(files, of)| files.iter().map(move |(name, text)| (format!("{of}-{name}"), text.clone())))
        .collect();
    let mut expected = claims(&run(&left));
    for (claim, count) in claims(&run(&right)) {
        *expected.entry(claim).or_default() += count;
    }
    let found = claims(&run(&both));
    let beside = |left: &BTreeMap<String, u32>, right: &BTreeMap<String, u32>| -> Vec<String> {
        let missing = left.iter().filter(|(claim, count)| right.get(*claim) != Some(count));
        missing.map(|(claim, _)| claim.chars().take(300).collect()).collect()
    };
    let (more, less) = (beside(&found, &expected), beside(&expected, &found));
    assert!(more.is_empty() && less.is_empty(), "more: {more:#?}\nless: {less:#?}");
}

/// By detection and user the worst severity, and the variants.
type Claims = BTreeMap<(String, String), (usize, BTreeSet<String>)>;

/// Of each user the worst that is claimed.
fn worst_of(claims: &Claims) -> BTreeMap<&str, usize> {
    let mut worst = BTreeMap::new();
    for ((_, user), (severity, _)) in claims {
        let known = worst.entry(user.as_str()).or_default();
        *known = *severity.max(known);
    }
    worst
}

/// Of whom a detection claims something, and at most how bad. What was exposed in flagged sessions follows from
/// what flags them, and is no claim of its own.
fn of_whom(report: &Value) -> Claims {
    const SEVERITIES: [&str; 5] = ["info", "low", "medium", "high", "critical"];
    let mut claims = Claims::new();
    for finding in report["findings"].as_array().expect("findings") {
        if finding["variant"] == "exposed" || finding["variant"] == "in-session" {
            continue;
        }
        let detection = finding["detection"].as_str().expect("a name").to_owned();
        let user = finding["user"]["id"].as_str().or(finding["user"]["name"].as_str()).unwrap_or("").to_owned();
        let severity = SEVERITIES.iter().position(|word| finding["severity"] == *word).expect("a severity");
        let known = claims.entry((detection, user)).or_default();
        known.0 = known.0.max(severity);
        known.1.insert(finding["variant"].as_str().expect("a variant").to_owned());
    }
    claims
}

#[test]
fn without_a_column_less_is_claimed_and_nothing_else() {
    let mut wrong: Vec<String> = Vec::new();
    for seed in [3, 8, 21, 34] {
        let files = files(seed);
        let whole = run(&files);
        let expected = of_whom(&whole);
        let worst = worst_of(&expected);
        for column in &columns(&files) {
            let dropped: Files = files.iter().map(|(name, text)| (name.clone(), without(name, text, column))).collect();
            let report = run(&dropped);
            let found = of_whom(&report);
            let status = |detection: &str| {
                let mut all = report["coverage"].as_array().expect("coverage").iter();
                let own = all.find(|item| item["detection"] == detection).expect("each detection is covered");
                own["status"].as_str().expect("a word").to_owned()
            };
            for ((detection, user), (severity, variants)) in &found {
                let of = format!("seed {seed} without {column}, {detection} of {user}");
                let known = expected.get(&(detection.clone(), user.clone()));
                match status(detection).as_str() {
                    "blind" => wrong.push(format!("{of}: blind, and claims {variants:?}")),
                    "ran" if known.is_none() && rests_on_sign_ins(detection) => {
                        wrong.push(format!("{of}: claims {variants:?} at {severity}"))
                    }
                    // Above the line nobody may stand whom the whole does not put there.
                    _ if *severity >= 3 && known.is_none() && worst.get(user.as_str()) < Some(&3) => {
                        wrong.push(format!("{of}: claims {variants:?} at {severity}, in part"))
                    }
                    _ => {}
                }
            }
            // What is found in other logs is weighed by sign-ins: what they change in it, they must be missed for.
            for key in expected.keys().chain(found.keys()).collect::<BTreeSet<_>>() {
                let (detection, user) = key;
                let worst = |claims: &Claims| claims.get(key).map(|(severity, _)| *severity);
                let (before, after) = (worst(&expected), worst(&found));
                if before != after && !rests_on_sign_ins(detection) && status(detection) == "ran" {
                    wrong.push(format!(
                        "seed {seed} without {column}, {detection} of {user}: from {before:?} to {after:?}, and it says it ran"
                    ));
                }
            }
            for ((detection, user), (severity, variants)) in &expected {
                let lost = !found.contains_key(&(detection.clone(), user.clone()));
                if lost && *severity >= 3 && rests_on_sign_ins(detection) && status(detection) == "ran" {
                    wrong.push(format!(
                        "seed {seed} without {column}, {detection} of {user}: {variants:?} is lost, and it says it ran"
                    ));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{} of\n{wrong:#?}", wrong.len());
}

/// The columns of all sign-ins, but for those that say which record it is, and of whom or what: without them it is
/// another record.
fn columns(files: &[(String, String)]) -> BTreeSet<String> {
    let sign_ins = files.iter().filter(|(name, _)| name.starts_with("SignIns")).flat_map(|(_, text)| text.lines());
    let records = sign_ins.map(|line| serde_json::from_str::<Value>(line).expect("a record a line"));
    let names = records.flat_map(|record| record.as_object().expect("an object").keys().cloned().collect::<Vec<_>>());
    names.filter(|name| !["id", "userId", "servicePrincipalId"].contains(&name.as_str())).collect()
}

/// Whether a detection looks at sign-ins, from which the column is taken. What others find they only weigh by
/// them, or tie to sessions.
fn rests_on_sign_ins(detection: &str) -> bool {
    let found = find(detection).expect("a detection");
    found.records.iter().any(|kind| matches!(kind, Records::UserSignIns | Records::NonInteractive))
}

/// The sign-ins of a file without a column.
fn without(name: &str, text: &str, column: &str) -> String {
    if !name.starts_with("SignIns") {
        return text.to_owned();
    }
    let mut out = String::new();
    for line in text.lines() {
        let mut record: Value = serde_json::from_str(line).expect("a record a line");
        record.as_object_mut().expect("an object").remove(column);
        out.push_str(&record.to_string());
        out.push('\n');
    }
    out
}
