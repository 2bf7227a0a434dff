//! The rules of peers, and what answers each: a detection by name, a view of the page, or nothing because
//! it is about other logs. `tests/peers.csv` lists them; `peers.md` counts them.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use signin_sleuth::detections::find;

use crate::support::folder;

/// Detections that are named as an answer and do not exist yet. One that exists must not stand here.
const AWAITED: &[&str] = &[];

/// A rule of a peer.
#[derive(Deserialize)]
struct Rule {
    peer: String,
    rule: String,
    table: String,
    ours: String,
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
    fn answer(&self) -> Answer<'_> {
        match self.ours.as_str() {
            "view" => Answer::View,
            "open" => Answer::Open,
            ours if ours.starts_with("out of scope: ") => Answer::OutOfScope,
            ours => Answer::Detection(ours),
        }
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
