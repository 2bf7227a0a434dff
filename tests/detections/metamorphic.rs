//! What must not change what is found: the order of records, how they are shared out among files and
//! parts, people who have nothing to do with it, and records that are there twice.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use signin_sleuth::analysis::{Case, Reading, detect, merge};
use signin_sleuth::detections::{ALL, Tuning};

use crate::support::{Random, case, fixture, lines, merged, report, sign_in};

fn records() -> Vec<Value> {
    let all = ALL.iter().flat_map(|detection| ["fires", "quiet"].map(|kind| fixture(detection.file, kind)));
    // One user of several fixtures would be one user: the names are kept apart by the fixture.
    all.enumerate()
        .flat_map(|(number, records)| records.into_iter().map(move |record| renamed(record, number)))
        .collect()
}

/// The record under ids and names that no other fixture has.
fn renamed(mut record: Value, number: usize) -> Value {
    fn walk(value: &mut Value, number: usize) {
        match value {
            Value::Object(map) => map.iter_mut().for_each(|(key, value)| match value {
                Value::String(text) if ["userPrincipalName", "UserId", "MailboxOwnerUPN"].contains(&key.as_str()) => {
                    *text = format!("{number}.{text}");
                }
                Value::String(text) if ["id", "Id", "userId", "requestId"].contains(&key.as_str()) => {
                    let same_length = text.len() == 36 && text.as_bytes()[8] == b'-';
                    *text = if same_length { format!("{number:08}{}", &text[8..]) } else { format!("{number}.{text}") };
                }
                other => walk(other, number),
            }),
            Value::Array(list) => list.iter_mut().for_each(|value| walk(value, number)),
            _ => {}
        }
    }
    // Audiences and processing details hold ids of applications, not of records.
    let kept = ["conditionalAccessAudiences", "authenticationProcessingDetails"].map(|key| (key, record[key].clone()));
    walk(&mut record, number);
    for (key, value) in kept {
        if !value.is_null() {
            record[key] = value;
        }
    }
    record
}

/// What was found, without where it was read.
fn told(case: &Case) -> Vec<Value> {
    let report = report(case, &Tuning::default());
    let mut findings = report["findings"].as_array().expect("findings").clone();
    for finding in &mut findings {
        for item in finding["evidence"].as_array_mut().expect("evidence") {
            let item = item.as_object_mut().expect("an object");
            item.retain(|key, _| matches!(key.as_str(), "role" | "event" | "time"));
        }
    }
    let mut sessions = report["sessions"].as_array().expect("sessions").clone();
    findings.append(&mut sessions);
    findings
}

/// The same was told; where it was not, only what is not on both sides is shown.
fn same(found: &[Value], expected: &[Value], of: &str) {
    let beside = |left: &[Value], right: &[Value]| -> Vec<String> {
        left.iter().filter(|item| !right.contains(item)).map(Value::to_string).collect()
    };
    let (more, less) = (beside(found, expected), beside(expected, found));
    assert!(more.is_empty() && less.is_empty(), "{of}\nfound: {more:#?}\nexpected: {less:#?}");
    assert!(found == expected, "{of}: in another order");
}

fn whole(records: &[Value]) -> Vec<Value> {
    told(&case(&[("all.ndjson", lines(records))]))
}

#[test]
fn the_order_of_records_does_not_matter() {
    let mut records = records();
    let expected = whole(&records);
    assert!(expected.len() > 100, "{}", expected.len());
    for seed in 1..=5 {
        Random(seed).shuffle(&mut records);
        same(&whole(&records), &expected, &format!("seed {seed}"));
    }
}

#[test]
fn how_records_are_shared_out_among_files_does_not_matter() {
    let records = records();
    let expected = whole(&records);
    let mut random = Random(11);
    for files in [2, 3, 7] {
        let mut shares: BTreeMap<usize, Vec<Value>> = BTreeMap::new();
        for record in &records {
            shares.entry(random.below(files)).or_default().push(record.clone());
        }
        let named: Vec<(String, String)> =
            shares.into_iter().map(|(file, records)| (format!("file-{file}.ndjson"), lines(&records))).collect();
        let borrowed: Vec<(&str, String)> = named.iter().map(|(name, text)| (name.as_str(), text.clone())).collect();
        same(&told(&case(&borrowed)), &expected, &format!("{files} files"));
    }
}

#[test]
fn how_a_file_is_cut_and_people_are_shared_out_does_not_matter() {
    let text = lines(&records());
    let tuning = Tuning::default();
    let expected = serde_json::to_string(&report(&case(&[("all.ndjson", text.clone())]), &tuning)).expect("JSON");
    for parts in [2, 5] {
        let lines: Vec<&str> = text.split_inclusive('\n').collect();
        let mut from = 0;
        let read = lines.chunks(lines.len().div_ceil(parts)).map(|chunk| {
            let mut reading = Reading::new("all.ndjson", 0, from);
            for line in chunk {
                reading.feed(line.as_bytes());
                from += line.len() as u64;
            }
            reading.finish()
        });
        let case = Case::gather(read.collect());
        assert_eq!(serde_json::to_string(&report(&case, &tuning)).expect("JSON"), expected, "{parts} parts");
        // Shares of people, asked in any order.
        let middle = case.buckets.len() / parts;
        let mut people = detect(&case, middle..case.buckets.len(), &tuning);
        people.extend(detect(&case, 0..middle, &tuning));
        let (shared, one) = (merge(&case, people), merged(&case, &tuning));
        let ids = |merged: &signin_sleuth::analysis::Merged| {
            merged.findings.iter().map(|finding| finding.id.clone()).collect::<Vec<_>>()
        };
        assert_eq!(ids(&shared), ids(&one));
        assert_eq!(shared.sessions_total, one.sessions_total);
    }
}

#[test]
fn somebody_else_does_not_matter() {
    let mut records = records();
    let expected = whole(&records);
    for number in 0..50 {
        let user = format!("zoe-{}", number % 5);
        let time = format!("2026-11-{:02}T{:02}:15:00Z", 1 + number % 28, number % 24);
        records.push(sign_in(&user, &format!("zoe-{number}"), &time, json!({})));
    }
    // How many people there are is told where something is rare among them.
    let plain = |told: Vec<Value>| -> Vec<Value> {
        let mut told = told;
        for item in told.iter_mut().filter(|item| item["detection"] == "rare-app-user-resource-scope") {
            item["why"] = Value::Null;
            item["facts"]["of"] = Value::Null;
        }
        told
    };
    same(&plain(whole(&records)), &plain(expected), "with others");
}

#[test]
fn records_that_are_there_twice_do_not_matter() {
    let records = records();
    let expected = whole(&records);
    let twice: Vec<Value> = records.iter().flat_map(|record| [record.clone(), record.clone()]).collect();
    same(&whole(&twice), &expected, "twice");
    let files = [("a.ndjson", lines(&records)), ("b.ndjson", lines(&records))];
    same(&told(&case(&files)), &expected, "in two files");
}
