//! A finding as the inspector shows it.

use serde::Serialize;
use serde_json::Value;

use crate::analysis::{Case, Flagged};
use crate::detections::{Confidence, Detection, Group, Severity, Tuning, find};

use super::describe;
use super::trace::{RecordRef, Trace};
use super::words::{capital, figure, millis};

/// Records of evidence shown; more are counted.
const MOST: usize = 500;

/// A finding with all that the inspector says of it.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct FindingView {
    /// Stable id.
    pub id: String,
    /// The detection.
    pub detection: String,
    /// Which of its questions.
    pub variant: String,
    /// How bad.
    pub severity: Severity,
    /// How sure.
    pub confidence: Confidence,
    /// Kind of evidence.
    pub group: Group,
    /// One line.
    pub title: String,
    /// Why.
    pub why: String,
    /// ATT&CK techniques.
    pub techniques: Vec<String>,
    /// Records it rests on, in order of time.
    pub evidence: Vec<EvidenceRow>,
    /// How many there are in all.
    pub records: usize,
    /// Benign causes; each has to be asked.
    pub benign: Vec<String>,
    /// What to ask.
    pub ask: Vec<String>,
    /// What to do.
    pub next: Vec<String>,
    /// The query with the tuning filled in.
    pub kql: String,
    /// What the detection knows beside, as name and value.
    pub facts: Vec<(String, String)>,
}

/// A record of evidence.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct EvidenceRow {
    /// When, milliseconds UTC.
    pub time: i64,
    /// The part it plays.
    pub role: String,
    /// Number of the holder; nothing where it cannot be told.
    pub hand: Option<usize>,
    /// In words.
    pub text: String,
    /// Whether it was refused.
    pub refused: bool,
    /// Where the record stands.
    pub place: RecordRef,
    /// Other records of the same event.
    pub also: Vec<RecordRef>,
}

/// Makes the view of a finding.
pub(super) fn view(case: &Case, trace: &Trace<'_>, flagged: &Flagged, tuning: &Tuning) -> FindingView {
    let finding = &flagged.finding;
    let detection = find(finding.detection);
    let doc = detection.map(Detection::doc).unwrap_or_default();
    let evidence = finding.evidence.iter().take(MOST).map(|item| {
        let also = case.also.get(&item.event).map(Vec::as_slice).unwrap_or_default();
        EvidenceRow {
            time: millis(trace.time(item.event).unwrap_or(0)),
            role: item.role.to_owned(),
            hand: trace.hand(item.event),
            text: describe::event(case, item.event),
            refused: describe::refused(case, item.event),
            place: trace.record(item.event),
            also: also
                .iter()
                .map(|place| RecordRef { input: place.input, record: place.record, offset: place.offset })
                .collect(),
        }
    });
    FindingView {
        id: flagged.id.clone(),
        detection: finding.detection.to_owned(),
        variant: finding.variant.to_owned(),
        severity: finding.severity,
        confidence: finding.confidence,
        group: detection.map_or(Group::Token, |detection| detection.group),
        title: finding.title.clone(),
        why: finding.why.clone(),
        techniques: techniques(&doc.references),
        evidence: evidence.collect(),
        records: finding.evidence.len(),
        benign: doc.benign,
        ask: doc.ask,
        next: doc.next,
        kql: detection.map(|detection| detection.kql(tuning)).unwrap_or_default(),
        facts: facts(&finding.facts),
    }
}

/// `T1098.005` and the like from the references.
fn techniques(references: &[String]) -> Vec<String> {
    let attack = references.iter().find_map(|reference| reference.strip_prefix("ATT&CK "));
    attack.map(|list| list.split(", ").map(str::to_owned).collect()).unwrap_or_default()
}

/// Facts in words. Lists of pairs are counted: their records stand under the evidence.
fn facts(facts: &serde_json::Map<String, Value>) -> Vec<(String, String)> {
    facts
        .iter()
        .filter_map(|(name, value)| {
            let text = match value {
                Value::Null => return None,
                Value::Bool(flag) => if *flag { "yes" } else { "no" }.to_owned(),
                Value::Number(number) => number.as_u64().map_or_else(|| number.to_string(), figure),
                Value::String(text) => text.clone(),
                Value::Array(items) if items.iter().all(Value::is_string) => {
                    let words: Vec<&str> = items.iter().filter_map(Value::as_str).take(20).collect();
                    words.join(", ")
                }
                Value::Array(items) => figure(items.len() as u64),
                Value::Object(_) => return None,
            };
            (!text.is_empty()).then(|| (capital(&name.replace('_', " ")), text))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn facts_are_words() {
        let Value::Object(map) = json!({
            "pair_count": 1204, "changed": ["agent", "network"], "pairs": [["a", "b"]], "reason": null, "sure": true
        }) else {
            panic!("an object")
        };
        let mut told = facts(&map);
        told.sort();
        let told: Vec<(&str, &str)> = told.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        assert_eq!(told, [("Changed", "agent, network"), ("Pair count", "1,204"), ("Pairs", "1"), ("Sure", "yes")]);
    }

    #[test]
    fn techniques_are_taken_from_the_references() {
        let references = ["Microsoft, a blog".to_owned(), "ATT&CK T1528, T1550.001".to_owned()];
        assert_eq!(techniques(&references), ["T1528", "T1550.001"]);
    }
}
