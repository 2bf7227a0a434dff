//! Real exports, where they are at hand: every record is accounted for.

use std::env;
use std::path::PathBuf;

use super::running::run;

/// The folder of real exports: `SLEUTH_SAMPLES`, by default beside the project. Nothing where there
/// is none by default.
fn samples() -> Option<PathBuf> {
    match env::var_os("SLEUTH_SAMPLES") {
        Some(folder) => {
            let folder = PathBuf::from(folder);
            assert!(folder.is_dir(), "SLEUTH_SAMPLES is set, and {} is no folder", folder.display());
            Some(folder)
        }
        None => {
            let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared/data");
            if !folder.is_dir() {
                eprintln!("skipped: there are no samples in ../shared/data; SLEUTH_SAMPLES names another folder");
                return None;
            }
            Some(folder)
        }
    }
}

#[test]
fn every_record_is_accounted_for() {
    let Some(folder) = samples() else { return };
    let ran = run(&folder, &["analyze", ".", "--output", "json"]);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
    let report = ran.json();
    let inputs = report["inputs"].as_array().unwrap();
    assert!(inputs.len() >= 30, "{} inputs", inputs.len());
    let mut events = 0;
    for (index, input) in inputs.iter().enumerate() {
        let count = |key: &str| input[key].as_u64().unwrap();
        let other: u64 = input["other"].as_object().unwrap().values().map(|count| count.as_u64().unwrap()).sum();
        let sum = count("events")
            + count("merged")
            + count("duplicates")
            + count("rejected_total")
            + other
            + count("enrichment");
        assert_eq!(count("records"), sum, "{input}");
        events += count("events");
        let reasons: Vec<&str> = report["notices"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|notice| notice["input"] == index)
            .filter_map(|notice| notice["text"].as_str())
            .collect();
        if input["format"] == "unknown" {
            assert_eq!(count("records"), 0, "{input}");
            assert!(reasons.iter().any(|reason| reason.len() > 12), "{input} has no reason");
        }
        if count("rejected_total") > 0 {
            assert!(!input["rejected"].as_array().unwrap().is_empty(), "{input}");
        }
    }
    assert!(events > 1_000, "{events} events");
}

#[test]
fn each_sample_is_read_the_same_on_any_number_of_threads_and_in_every_form() {
    let Some(folder) = samples() else { return };
    let one = run(&folder, &["analyze", ".", "--output", "json", "--threads", "1"]).out;
    for threads in ["2", "7"] {
        assert!(
            run(&folder, &["analyze", ".", "--output", "json", "--threads", threads]).out == one,
            "{threads} threads"
        );
    }
    for form in [&["--output", "csv"] as &[&str], &["--output", "csv", "--evidence"], &["--all"]] {
        let ran = run(&folder, &[&["analyze", "."], form].concat());
        assert_eq!((ran.code, ran.err.as_str()), (0, ""));
        assert!(!ran.out.contains('\u{1b}') && ran.out.contains(if form == ["--all"] { "Inputs" } else { "," }));
    }
}
