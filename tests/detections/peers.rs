//! The rules of peers, and what answers each: a detection by name, a view of the page, or nothing because
//! it is about other logs. `tests/peers.csv` lists them; `peers.md` counts them.
//!
//! For each rule about sign-ins and risks that a detection answers, `fixture` names a record of that detection's
//! fixture on which a finding rests and whose case meets the rule's condition. Lists that the rule leaves to its
//! users (own accounts, indicators, countries) hold what the case has; baselines of months are not built. `holds` are
//! values that the rule names, of which the record, or another of the same user in that file, must hold one: as a
//! part of a text, digits as the whole of a value, `field=value` as the whole of that field.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use serde_json::Value;
use signin_sleuth::detections::find;

use crate::fixtures::found;
use crate::support::{folder, groups, id_of};

/// Detections that are named as an answer and do not exist yet. One that exists must not stand here.
const AWAITED: &[&str] = &[];

/// A rule of a peer.
#[derive(Deserialize)]
struct Rule {
    peer: String,
    rule: String,
    table: String,
    ours: String,
    fixture: String,
    holds: String,
}

/// What answers a rule.
#[derive(PartialEq, Eq)]
enum Answer<'a> {
    Detection(&'a str),
    View,
    OutOfScope,
    Open,
}

impl Rule {
    /// Whether it must name a record of a fixture.
    fn is_shown(&self) -> bool {
        matches!(self.table.as_str(), "signin" | "risk") && matches!(self.answer(), Answer::Detection(_))
    }

    fn answer(&self) -> Answer<'_> {
        match self.ours.as_str() {
            "view" => Answer::View,
            ours if ours.starts_with("open: ") => Answer::Open,
            ours if ours.starts_with("out of scope: ") => Answer::OutOfScope,
            ours => Answer::Detection(ours),
        }
    }
}

/// What a fixture tells: its records, and of those on which findings of its detection rest, the ids.
struct Shown {
    records: Vec<Value>,
    evidence: BTreeSet<String>,
}

impl Shown {
    fn of(id: &str) -> Shown {
        let detection = find(id).expect("a detection");
        let (mut records, mut evidence) = (Vec::new(), BTreeSet::new());
        for (tune, group) in groups(detection.file, "fires") {
            evidence.extend(found(detection, &group, &tune).into_keys());
            records.extend(group);
        }
        Shown { records, evidence }
    }

    /// The record, then the others of its users.
    fn case(&self, id: &str) -> Vec<&Value> {
        let Some(named) = self.records.iter().find(|record| id_of(record) == id) else { return Vec::new() };
        let users = users(named);
        let others =
            self.records.iter().filter(|record| id_of(record) != id && !users.is_disjoint(&self::users(record)));
        std::iter::once(named).chain(others).collect()
    }
}

/// Whom a record is about: who signs in, who acts and on whom.
fn users(record: &Value) -> BTreeSet<&str> {
    let own = ["userPrincipalName", "UserId", "AccountUpn", "servicePrincipalName"].iter().map(|field| &record[*field]);
    let targets = record["targetResources"].as_array().into_iter().flatten().map(|target| &target["userPrincipalName"]);
    own.chain([&record["initiatedBy"]["user"]["userPrincipalName"]]).chain(targets).filter_map(Value::as_str).collect()
}

/// Whether a part of a record holds a value that a rule names.
fn holds(field: &str, part: &Value, value: &str) -> bool {
    let text = match part {
        Value::Object(fields) => {
            return fields.iter().any(|(key, part)| !key.starts_with('_') && holds(key, part, value));
        }
        Value::Array(parts) => return parts.iter().any(|part| holds(field, part, value)),
        Value::String(text) => text.clone(),
        Value::Number(_) | Value::Bool(_) => part.to_string(),
        Value::Null => return false,
    };
    match value.split_once('=') {
        Some((of, whole)) => field.eq_ignore_ascii_case(of) && text.eq_ignore_ascii_case(whole),
        None if value.bytes().all(|byte| byte.is_ascii_digit()) => text == value,
        None => text.to_ascii_lowercase().contains(&value.to_ascii_lowercase()),
    }
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).to_path_buf()
}

fn rules() -> Vec<Rule> {
    let mut reader = csv::Reader::from_path(root().join("tests/peers.csv")).expect("the list");
    reader.deserialize().map(|row| row.expect("a rule")).collect()
}

#[test]
fn every_rule_of_a_peer_has_an_answer_or_a_reason() {
    let rules = rules();
    assert!(rules.len() > 1_000, "{}", rules.len());
    let mut seen = BTreeSet::new();
    for rule in &rules {
        assert!(seen.insert((&rule.peer, &rule.rule, &rule.table)), "{} {} is there twice", rule.peer, rule.rule);
        let Answer::Detection(ours) = rule.answer() else { continue };
        match find(ours) {
            Some(detection) => {
                assert!(!AWAITED.contains(&ours), "{ours} exists: take it off the list");
                assert!(folder(detection.file).join("fires.ndjson").exists(), "{ours} has a fixture that fires");
            }
            None => assert!(AWAITED.contains(&ours), "{} {}: there is no {ours}", rule.peer, rule.rule),
        }
    }
    for awaited in AWAITED {
        assert!(rules.iter().any(|rule| rule.ours == *awaited), "nothing awaits {awaited}");
    }
}

#[test]
fn each_rule_about_sign_ins_and_risks_is_met_by_a_record_that_fires() {
    let mut fixtures: BTreeMap<String, Shown> = BTreeMap::new();
    let (mut shown, mut held, mut wrong) = (0, 0, Vec::new());
    for rule in rules() {
        let name = format!("{} {} ({})", rule.peer, rule.rule, rule.ours);
        if rule.fixture.is_empty() {
            if rule.is_shown() || !rule.holds.is_empty() {
                wrong.push(format!("{name} names no record"));
            }
            continue;
        }
        let Answer::Detection(ours) = rule.answer() else {
            wrong.push(format!("{name} names a record and no detection"));
            continue;
        };
        shown += 1;
        let fixture = fixtures.entry(ours.to_owned()).or_insert_with(|| Shown::of(ours));
        let case = fixture.case(&rule.fixture);
        if case.is_empty() {
            wrong.push(format!("{name}: there is no record {}", rule.fixture));
        } else if !fixture.evidence.contains(&rule.fixture) {
            wrong.push(format!("{name}: no finding rests on {}", rule.fixture));
        }
        if !rule.holds.is_empty() {
            held += 1;
            if !rule.holds.split('|').any(|value| case.iter().any(|record| holds("", record, value))) {
                wrong.push(format!("{name}: the case of {} holds none of {}", rule.fixture, rule.holds));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(shown > 300 && held > 200, "{shown} rules name a record, {held} of them values");
}

#[test]
fn a_value_is_held_whole_or_in_part() {
    let record: Value = serde_json::from_str(
        r#"{"id":"a-50126","status":{"errorCode":50074},"userAgent":"Axios/1.7","deviceDetail":{"isCompliant":false},"_why":"axiom"}"#,
    )
    .expect("a record");
    for value in ["50074", "axios/", "isCompliant=false", "errorCode=50074"] {
        assert!(holds("", &record, value), "{value}");
    }
    for value in ["50126", "5007", "axiom", "isCompliant=true", "userAgent=axios"] {
        assert!(!holds("", &record, value), "{value}");
    }
}

#[test]
fn the_count_of_answered_rules_is_up_to_date() {
    let mut peers: BTreeMap<String, [u32; 5]> = BTreeMap::new();
    for rule in rules() {
        let place = match rule.answer() {
            Answer::Detection(ours) if find(ours).is_some() => 0,
            Answer::View => 1,
            Answer::Detection(_) => 2,
            Answer::Open => 3,
            Answer::OutOfScope => 4,
        };
        for name in [rule.peer.as_str(), "all"] {
            peers.entry(name.to_owned()).or_default()[place] += 1;
        }
    }
    let mut text = "# Rules of peers, and ours\n\nWritten by `WRITE_PEERS=1 cargo test --test detections peers` from `tests/peers.csv`, which names for each rule what\nanswers it. *Awaited*: the detection is named and not built yet. *Out of scope*: about logs that this program does not read.\n\n| peer | by a detection | by a view | awaited | open | out of scope | answered of those in scope |\n|---|---|---|---|---|---|---|\n".to_owned();
    for (peer, [detection, view, awaited, open, out]) in &peers {
        let scope = detection + view + awaited + open;
        let share = 100.0 * f64::from(detection + view) / f64::from(scope.max(1));
        let _ = writeln!(text, "| {peer} | {detection} | {view} | {awaited} | {open} | {out} | {share:.0} % |");
    }
    let path = root().join("tests/detections/peers.md");
    if std::env::var_os("WRITE_PEERS").is_some() {
        fs::write(&path, &text).expect("the table can be written");
    }
    let written = fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(written, text, "stale: WRITE_PEERS=1 cargo test --test detections peers");
}
