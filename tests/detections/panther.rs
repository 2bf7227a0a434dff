//! Panther's rules on records of its own tests, which are not part of this project: where they are not beside it,
//! this is skipped with a word. Every rule of theirs is named here: what answers it, or why nothing can.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::PathBuf;

use serde_json::{Value, json};

use crate::support::report_of;

/// What answers a rule of theirs.
enum Answer {
    /// This detection, on the one record.
    Record(&'static str),
    /// This detection, on so many copies of the record: of one user, or of one each.
    Copies(&'static str, usize, Users),
    /// A detection of the directory or of sharing, which `samples.rs` holds to their records.
    OfDirectory,
    /// Nothing: the records are of no log that is read.
    OutOfScope,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Users {
    One,
    Each,
}

use Answer::{Copies, OfDirectory, OutOfScope, Record};

/// Every rule, with its answer.
const RULES: &[(&str, Answer)] = &[
    ("Azure.Audit.OIDC.Changed", OfDirectory),
    ("Azure.Audit.DomainSettingsModified", OfDirectory),
    ("Azure.Audit.ElevateUserAccessAdministrator", OfDirectory),
    // Theirs counts lockouts of one user; of many users, from one address, it is a spray. One user who is locked out
    // again and again is nothing without a success.
    ("Azure.Audit.ExcessiveAccountLockouts", Copies("password-spray", 20, Users::Each)),
    // Theirs counts refused secrets of an application; ours waits for the one that fitted.
    ("Azure.Audit.ManyFailedSignIns", Copies("workload-failures-then-success", 10, Users::One)),
    ("Azure.Audit.HighRiskSignIn", Record("identity-protection")),
    ("Azure.Audit.InviteExternalUsers", OfDirectory),
    ("Azure.Audit.MultipleProtectionAlerts", Copies("identity-protection", 3, Users::One)),
    ("Azure.Audit.PolicyChanged", OfDirectory),
    ("Azure.Audit.RiskLevelPassthrough", Record("workload-identity-risk")),
    ("Azure.Audit.RoleChangedPIM", OfDirectory),
    ("Microsoft365.Brute.Force.Login.by.User", Copies("brute-force-success", 10, Users::One)),
    ("Microsoft365.External.Document.Sharing", OfDirectory),
    ("Microsoft365.MFA.Disabled", OfDirectory),
    // Alerts of other products, and of Windows' own log.
    ("Defender.Detection.passthrough", OutOfScope),
    ("Microsoft.Graph.Passthrough", OutOfScope),
    ("Windows.Credential.Dumping.Tool", OutOfScope),
];

/// Records that theirs is quiet on and ours is not, with the reason.
const MORE: &[(&str, &str)] = &[
    ("Different Error Code", "wrong passwords of many users are a spray as lockouts are"),
    ("Microsoft Corporate ASN Excluded", "it is Microsoft's cloud, where anybody can rent a machine"),
    ("High Risk Dismissed", "a risk that was dismissed stays to be seen, one level milder"),
    ("Failed Sign-In with riskLevelDuringSignIn and dismissed", "for information: it was dismissed"),
];

/// Records that theirs fires on and ours does not, with the reason.
const LESS: &[(&str, &str)] =
    &[("Failed Sign-In with riskLevelAggregated", "a low level says little of an application that was refused")];

/// The records of their tests, by rule: what is expected, its name, the record.
type Tests = BTreeMap<String, Vec<(bool, String, Value)>>;

fn records() -> Option<Tests> {
    let said = std::env::var_os("SLEUTH_SAMPLES");
    let path = said.map_or_else(|| PathBuf::from("../shared/data"), PathBuf::from).join("panther/tests.ndjson");
    let Ok(text) = fs::read_to_string(&path) else {
        println!("skipped: there is no {}", path.display());
        return None;
    };
    let mut rules = Tests::new();
    for line in text.lines() {
        let test: Value = serde_json::from_str(line).expect("JSON");
        let named = |key: &str| test[key].as_str().expect("a text").to_owned();
        let expected = test["expected"].as_bool().expect("a flag");
        rules.entry(named("rule_id")).or_default().push((expected, named("test_name"), test["log"].clone()));
    }
    Some(rules)
}

/// A copy under an id and a time of its own; of another user where each has one.
fn copy(record: &Value, number: usize, users: Users) -> Value {
    let mut record = record.clone();
    let (minute, second) = (number / 6, number % 6 * 10);
    let stamp = |text: &Value| {
        let text = text.as_str().expect("a time");
        format!("{}:{minute:02}:{second:02}{}", &text[..13], if text.ends_with('Z') { "Z" } else { "" })
    };
    for key in ["time", "CreationTime"] {
        if record.get(key).is_some() {
            record[key] = json!(stamp(&record[key]));
        }
    }
    if record.get("Id").is_some() {
        record["Id"] = json!(format!("copy-{number}"));
    }
    if let Some(properties) = record.get_mut("properties") {
        properties["id"] = json!(format!("copy-{number}"));
        properties["uniqueTokenIdentifier"] = json!(format!("token-of-copy-{number}"));
        if properties.get("createdDateTime").is_some() {
            properties["createdDateTime"] = json!(stamp(&properties["createdDateTime"]));
        }
        if users == Users::Each {
            properties["userId"] = json!(format!("user-{number}"));
            properties["userPrincipalName"] = json!(format!("user-{number}@lotr.com"));
        }
    }
    record
}

/// Severities of what a detection found in these records.
fn found(records: &[Value], detection: &str) -> Vec<String> {
    let report = report_of(records);
    let findings = report["findings"].as_array().expect("findings").iter();
    let own = findings.filter(|finding| finding["detection"] == detection);
    own.map(|finding| finding["severity"].as_str().expect("a severity").to_owned()).collect()
}

#[test]
fn panthers_rules_are_answered_on_panthers_own_records() {
    let Some(rules) = records() else { return };
    let known: BTreeSet<&str> = RULES.iter().map(|(rule, _)| *rule).collect();
    assert_eq!(rules.keys().map(String::as_str).collect::<BTreeSet<_>>(), known, "every rule is named, and no other");
    let (mut excused, mut wrong): (BTreeSet<&str>, Vec<String>) = (BTreeSet::new(), Vec::new());
    for (rule, answer) in RULES {
        for (expected, name, record) in &rules[*rule] {
            let found = match answer {
                OfDirectory => continue,
                Record(detection) => found(std::slice::from_ref(record), detection),
                Copies(detection, count, users) => {
                    let mut copies: Vec<Value> = (0..*count).map(|number| copy(record, number, *users)).collect();
                    if *rule == "Azure.Audit.ManyFailedSignIns" {
                        // Theirs have no number of the network; ours tells networks apart by it.
                        let mut last = copy(record, *count, Users::One);
                        last["properties"]["ipAddress"] = json!("198.51.100.7");
                        last["properties"]["status"]["errorCode"] = json!(0);
                        last["resulttype"] = json!(0);
                        copies.push(last);
                        for (number, copy) in copies.iter_mut().enumerate() {
                            let asn = if number == *count { 64_510 } else { 64_500 };
                            copy["properties"]["autonomousSystemNumber"] = json!(asn);
                        }
                    }
                    found(&copies, detection)
                }
                OutOfScope => {
                    let report = report_of(std::slice::from_ref(record));
                    assert_eq!(report["inputs"][0]["events"], 0, "{rule}, {name}: it is read after all");
                    continue;
                }
            };
            let list = if *expected { LESS } else { MORE };
            match list.iter().find(|(other, _)| other == name) {
                Some((other, _)) if found.is_empty() != *expected => {
                    wrong.push(format!("{rule}, {name} needs no excuse"));
                    excused.insert(other);
                }
                Some((other, _)) => {
                    excused.insert(other);
                }
                None if found.is_empty() == *expected => wrong.push(format!("{rule}, {name}: {found:?}")),
                None => {}
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    let named: BTreeSet<&str> = LESS.iter().chain(MORE).map(|(name, _)| *name).collect();
    assert_eq!(excused, named, "an excuse that excuses nothing");
}
