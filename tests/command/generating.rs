//! `generate`: a tenant to try things out with.

use std::fs;

use super::fixtures::{folder, write};
use super::running::run;

const SMALL: [&str; 6] = ["generate", "--users", "6", "--days", "10", "--out"];

#[test]
fn the_same_seed_gives_the_same_bytes_and_another_gives_others() {
    let folder = folder();
    let make = |out: &str, seed: &str| {
        let ran = run(folder.path(), &[&SMALL, &[out, "--seed", seed] as &[&str]].concat());
        assert_eq!((ran.code, ran.err.as_str()), (0, ""), "{ran:?}");
        assert_eq!(ran.out.lines().count(), 6, "{ran:?}");
        fs::read(folder.path().join(out).join("SignIns.ndjson")).unwrap()
    };
    let first = make("a", "7");
    assert!(first.len() > 10_000);
    assert!(make("b", "7") == first);
    assert!(make("c", "8") != first);
}

#[test]
fn what_is_generated_is_read_whole_and_its_incidents_are_found() {
    let folder = folder();
    for (format, out) in [("collection", "a"), ("log-analytics-csv", "b"), ("azure-monitor-gzip", "c")] {
        let incidents = ["--incidents", "foci-pivot,device-code-method"];
        let ran = run(folder.path(), &[&SMALL, &[out, "--format", format] as &[&str], &incidents].concat());
        assert_eq!(ran.code, 0, "{ran:?}");
        let ran = run(folder.path(), &["analyze", out, "--output", "json", "--fail-on", "high"]);
        assert_eq!(ran.code, 1, "{format}");
        let report = ran.json();
        for input in report["inputs"].as_array().unwrap() {
            assert_eq!(
                (&input["rejected_total"], &input["events"]),
                (&0.into(), &input["records"]),
                "{format}: {input}"
            );
        }
        for detection in ["foci-pivot", "device-code-then-credential"] {
            let high = report["findings"]
                .as_array()
                .unwrap()
                .iter()
                .any(|finding| finding["detection"] == detection && finding["severity"] == "high");
            assert!(high, "{format}: {detection}");
        }
    }
}

#[test]
fn nothing_is_overwritten() {
    let folder = folder();
    write(folder.path(), "x/DirectoryAudits.ndjson", "evidence");
    let ran = run(folder.path(), &[&SMALL, &["x"] as &[&str]].concat());
    assert_eq!(ran.code, 2);
    assert!(ran.err.contains("DirectoryAudits.ndjson") && ran.err.contains("not overwritten"), "{ran:?}");
    assert_eq!(fs::read_dir(folder.path().join("x")).unwrap().count(), 1, "none is written where one is in the way");
    let large = run(folder.path(), &["generate", "--large", "1kB", "--out", "x/DirectoryAudits.ndjson"]);
    assert_eq!(large.code, 2, "{large:?}");
    assert_eq!(fs::read_to_string(folder.path().join("x/DirectoryAudits.ndjson")).unwrap(), "evidence");
}

#[test]
fn a_large_file_is_as_long_as_asked_for() {
    let folder = folder();
    let ran = run(folder.path(), &["generate", "--large", "500kB", "--out", "large.ndjson"]);
    assert_eq!(ran.code, 0, "{ran:?}");
    let size = fs::metadata(folder.path().join("large.ndjson")).unwrap().len();
    assert!((500_000..510_000).contains(&size), "{size}");
    let events = run(folder.path(), &["generate", "--large", "50events", "--out", "-"]).out;
    assert_eq!(events.lines().count(), 50);
    for wrong in [&["--large", "many"] as &[&str], &["--large", "1MB", "--users", "3"], &["--format", "xml"]] {
        assert_eq!(run(folder.path(), &[&["generate", "--out", "y"], wrong].concat()).code, 2, "{wrong:?}");
    }
}
