//! Weak forms of detections, in Defender's tables without types of tokens: they raise no more noise in tenants
//! in which nothing happens than the strong ones do in Graph's records of the same sign-ins.

use std::collections::BTreeMap;

use serde_json::Value;
use signin_sleuth::detections::Tuning;
use signin_sleuth::generate::{Detail, Format, Settings, tenant};

use crate::support::{case, report};

const SEEDS: u64 = 6;
const USERS: u32 = 120;
const DAYS: u32 = 14;

/// What was raised where nothing happened.
#[derive(Debug, Default)]
struct Noise {
    /// Sessions above the line.
    above: usize,
    /// Findings of medium severity and worse, by detection.
    findings: BTreeMap<String, usize>,
}

impl Noise {
    fn measure(&mut self, seed: u64, format: Format) {
        let settings = Settings {
            seed,
            users: USERS,
            days: DAYS,
            pace: 4,
            acts: 0,
            detail: Detail::Brief,
            incidents: Vec::new(),
            ..Settings::default()
        };
        let files = tenant(&settings).write(format);
        let sign_ins = files.iter().filter(|file| !file.name.contains("Audit"));
        let named: Vec<(&str, String)> =
            sign_ins.map(|file| (file.name.as_str(), String::from_utf8(file.bytes.clone()).expect("UTF-8"))).collect();
        let report = report(&case(&named), &Tuning::default());
        let list = |key: &str| report[key].as_array().expect("a list").iter();
        let bad = |value: &Value, words: &[&str]| value["severity"].as_str().is_some_and(|word| words.contains(&word));
        self.above += list("sessions").filter(|session| bad(session, &["high", "critical"])).count();
        for finding in list("findings").filter(|finding| bad(finding, &["medium", "high", "critical"])) {
            let name = finding["detection"].as_str().expect("a detection");
            *self.findings.entry(name.to_owned()).or_default() += 1;
        }
    }

    /// Sessions above the line for 1,000 people and week.
    fn rate(&self) -> f64 {
        self.above as f64 / (SEEDS as f64 * f64::from(USERS) / 1_000.0 * f64::from(DAYS) / 7.0)
    }
}

#[test]
fn the_weak_forms_of_defender_raise_no_more_than_the_strong_ones_of_graph() {
    let (mut graph, mut defender) = (Noise::default(), Noise::default());
    for seed in 1..=SEEDS {
        graph.measure(seed, Format::GraphNdjson);
        defender.measure(seed, Format::DefenderCsv);
    }
    println!("above the line, for 1,000 people and week: Graph {:.2}, Defender {:.2}", graph.rate(), defender.rate());
    println!("medium and worse, Graph: {:?}\nDefender: {:?}", graph.findings, defender.findings);
    assert!(defender.above <= graph.above, "{graph:?}\n{defender:?}");
    // Beneath the line a weak form may say more, but not much.
    let all = |noise: &Noise| noise.findings.values().sum::<usize>();
    assert!(all(&defender) * 10 <= all(&graph) * 11 + 10, "{graph:?}\n{defender:?}");
}
