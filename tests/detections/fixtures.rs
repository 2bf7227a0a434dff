//! Each detection on its fixtures.
//!
//! In `fires.ndjson` each user is a case. A record that a finding must rest on says so in its last
//! field, `_expect`: variant, severity, confidence and its role. Every other record must be in no
//! finding's evidence. `fires-defender.ndjson` and its quiet twin, where they are, hold rows of Defender's
//! tables, read apart from the others. A user who is only there so that an address has a system is a `_witness`. In
//! `quiet.ndjson` each record's `_why` names the one reason for which nothing is found. Records with
//! `_tune` are read on their own, under that tuning.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;
use signin_sleuth::detections::{ALL, Detection};

use crate::support::{case, fixture, groups, id_of, lines, report, tuning};

/// Of each record in evidence: what its findings are and its role in them.
pub(crate) fn found(detection: &Detection, records: &[Value], tune: &str) -> BTreeMap<String, BTreeSet<String>> {
    let case = case(&[("fixture.ndjson", lines(records))]);
    let report = report(&case, &tuning(tune));
    let mut found: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for finding in report["findings"].as_array().expect("findings") {
        if finding["detection"] != detection.id {
            continue;
        }
        for item in finding["evidence"].as_array().expect("evidence") {
            let word = |value: &Value| value.as_str().expect("a word").to_owned();
            let [variant, severity, confidence] = ["variant", "severity", "confidence"].map(|key| word(&finding[key]));
            let told = format!("{variant} {severity} {confidence} {}", word(&item["role"]));
            found.entry(word(&item["event"])).or_default().insert(told);
        }
    }
    found
}

#[test]
fn every_detection_fires_exactly_as_its_fixture_says() {
    for detection in ALL {
        let records = fixture(detection.file, "fires");
        let cases = records.iter().filter(|record| record["_expect"].is_string()).count();
        assert!(cases > 0, "{}: nothing is expected", detection.id);
        for (tune, records) in groups(detection.file, "fires") {
            let found = found(detection, &records, &tune);
            let mut expected: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
            for record in &records {
                if let Some(told) = record["_expect"].as_str() {
                    expected.entry(id_of(record)).or_default().insert(told.to_owned());
                }
            }
            for id in expected.keys().chain(found.keys()).collect::<BTreeSet<_>>() {
                assert_eq!(
                    found.get(id),
                    expected.get(id),
                    "{}: record {id}, found left, expected right",
                    detection.id
                );
            }
        }
    }
}

#[test]
fn no_detection_fires_on_its_near_misses() {
    for detection in ALL {
        for (tune, records) in groups(detection.file, "quiet") {
            let found = found(detection, &records, &tune);
            for record in &records {
                let why = record["_why"].as_str().unwrap_or_default();
                assert!(!why.is_empty(), "{}: {} does not say why", detection.id, id_of(record));
                assert_eq!(found.get(&id_of(record)), None, "{}: {why}", detection.id);
            }
        }
    }
}

/// A near miss is near only if what it misses would have made it fire: the fixture that fires has
/// a tuning or a default for each tunable, and the quiet one a reason of its own for each user.
#[test]
fn every_case_is_there_for_one_reason() {
    let name = |record: &Value| {
        let user = ["userPrincipalName", "servicePrincipalName", "AccountUpn", "userId", "UserId"]
            .iter()
            .find_map(|key| record[*key].as_str());
        let by = record["initiatedBy"]["user"]["userPrincipalName"].as_str();
        user.or(by)
            .or_else(|| record["targetResources"][0]["userPrincipalName"].as_str())
            .unwrap_or_default()
            .to_owned()
    };
    for detection in ALL {
        let all = |kind: &str| groups(detection.file, kind).into_iter().flat_map(|(_, records)| records);
        let fires: Vec<Value> = all("fires").collect();
        let expecting: BTreeSet<String> =
            fires.iter().filter(|record| record["_expect"].is_string()).map(name).collect();
        for record in &fires {
            let who = name(record);
            let told = expecting.contains(&who) || record["_witness"] == true;
            assert!(told || who.is_empty(), "{}: {who} expects nothing", detection.id);
        }
        let mut reasons: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for record in all("quiet") {
            let why = record["_why"].as_str().unwrap_or_default().to_owned();
            // A risky user's id is the user's.
            let risky = record["riskLastUpdatedDateTime"].as_str().and(record["userDisplayName"].as_str());
            let id = risky.map_or_else(|| id_of(&record), |name| format!("{name}-user"));
            let stem = id.rsplit_once('-').map_or(id.as_str(), |(stem, _)| stem);
            reasons.entry(why).or_default().insert(stem.trim_end_matches("-2").to_owned());
        }
        for (why, cases) in reasons {
            assert_eq!(cases.len(), 1, "{}: {why}: {cases:?}", detection.id);
        }
        for tunable in detection.tunables {
            let key = format!("{}.{}=", detection.id, tunable.name);
            let tuned = |kind: &str| {
                let records = fixture(detection.file, kind);
                records.iter().any(|record| record["_tune"].as_str().is_some_and(|tune| tune.contains(&key)))
            };
            assert!(tuned("fires") || tuned("quiet"), "no case is tuned by {key}");
        }
    }
}
