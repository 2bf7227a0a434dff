//! Each detection is documented, tested and has its twin; the catalogue and the README follow from it.

use std::fs;
use std::path::Path;

use signin_sleuth::detections::{ALL, MILD_AT_FIRST, Severity, Subject, Taints, Tuning, catalogue, find, table};
use signin_sleuth::formats::{exports_table, formats_list};
use signin_sleuth::report::ask::questions_list;

use signin_sleuth::generate::{Detail, Format, Kind, Settings, tenant};
use signin_sleuth::sessions::Familiar;

use crate::support::{case, fixture, folder, groups, lines, tuning};

#[test]
fn every_detection_has_sections_twin_and_fixtures() {
    let mut ids: Vec<&str> = ALL.iter().map(|detection| detection.id).collect();
    for detection in ALL {
        let id = detection.id;
        let doc = detection.doc();
        for text in [&doc.looks_for, &doc.why, &doc.evidence, &doc.tuning] {
            assert!(!text.is_empty(), "{id}: an empty section");
        }
        for list in [&doc.benign, &doc.ask, &doc.next, &doc.references] {
            assert!(!list.is_empty(), "{id}: an empty list");
        }
        assert!(doc.references.iter().any(|line| line.starts_with("ATT&CK T")), "{id}: no ATT&CK technique");
        assert_eq!(id, detection.file.replace('_', "-"));
        assert!(detection.title.chars().count() <= 60 && !detection.title.ends_with('.'), "{id}: the title");
        assert!(detection.kql.contains("| where"), "{id}: no twin");
        for kind in ["fires", "quiet"] {
            assert!(!fixture(detection.file, kind).is_empty(), "{id}: no {kind}");
        }
        assert!(!detection.records.is_empty());
    }
    ids.sort_unstable();
    assert!(ids.windows(2).all(|pair| pair[0] != pair[1]), "an id is there twice");
}

#[test]
fn every_folder_of_fixtures_is_of_a_detection() {
    for entry in fs::read_dir(folder("")).expect("the folder of the tests") {
        let entry = entry.expect("an entry");
        if entry.file_type().expect("a type").is_dir() {
            let name = entry.file_name().to_string_lossy().replace('_', "-");
            assert!(find(&name).is_some(), "{name} is no detection");
        }
    }
}

#[test]
fn every_tunable_is_a_let_of_the_twin_and_filled_in() {
    for detection in ALL {
        for tunable in detection.tunables {
            let name = tunable.name.replace('-', "_");
            let says = format!("let {name} = ");
            assert!(detection.kql.contains(&says), "{}: {says}", detection.id);
            let other = match tunable.default {
                "true" => "false",
                "false" => "true",
                "all" => "non-interactive",
                "any" => "global-admin",
                "built-in" => "1b730954-1685-4b74-9bfd-dac224a7b894",
                _ => "7",
            };
            let mut tuning = Tuning::default();
            tuning.set(&format!("{}.{}", detection.id, tunable.name), other).expect("a value it takes");
            let filled = detection.kql(&tuning);
            let line = filled.lines().find(|line| line.starts_with(&says)).expect("the statement stays");
            assert!(line.contains(other), "{line}");
            assert_eq!(filled.matches("let ").count(), detection.kql.matches("let ").count(), "{}", detection.id);
        }
        assert_eq!(detection.kql(&Tuning::default()).trim_end(), detection.kql.trim_end());
    }
}

#[test]
fn the_catalogue_tells_of_each() {
    let text = catalogue();
    assert!(text.starts_with(&table()));
    for detection in ALL {
        assert!(text.contains(&format!("\n## `{}`\n", detection.id)));
        for tunable in detection.tunables {
            assert!(text.contains(&format!("* `{}.{}` (", detection.id, tunable.name)), "{}", tunable.name);
        }
        let columns = table().lines().map(|line| line.replace("\\|", "").matches('|').count()).collect::<Vec<_>>();
        assert!(columns.iter().all(|count| *count == 6), "{columns:?}");
    }
}

#[test]
fn the_tables_of_the_readme_are_fresh() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md");
    let mut text = fs::read_to_string(&path).expect("README.md is there");
    let written = text.clone();
    for (name, table) in [
        ("detections", table()),
        ("exports", exports_table()),
        ("formats", formats_list()),
        ("questions", questions_list()),
    ] {
        let (begins, ends) = (format!("<!-- {name} begin -->"), format!("<!-- {name} end -->"));
        let (before, rest) = text.split_once(&begins).unwrap_or_else(|| panic!("README.md has no line {begins}"));
        let (_, after) = rest.split_once(&ends).unwrap_or_else(|| panic!("README.md has no line {ends}"));
        text = format!("{before}{begins}\n{table}{ends}{after}");
    }
    if std::env::var_os("WRITE_README").is_some() {
        fs::write(&path, &text).expect("README.md can be written");
        return;
    }
    assert!(text == written, "README.md is stale: run `WRITE_README=1 cargo test --test detections readme`");
}

#[test]
fn what_is_not_asked_at_first_finds_nothing_high_while_nothing_is_familiar() {
    for id in MILD_AT_FIRST {
        assert!(find(id).is_some_and(|detection| detection.group.taints()), "{id} is no detection of hands");
    }
    let holds = |files: &[(&str, String)], tune: &str| {
        let (case, tuning, taints) = (case(files), tuning(tune), Taints::default());
        let mut found = Vec::new();
        for bucket in &case.buckets {
            let view = case.view(bucket);
            let subject = Subject { view: &view, familiar: &Familiar::nothing(&view), taints: &taints };
            for detection in MILD_AT_FIRST.iter().filter_map(|id| find(id)) {
                (detection.prepare)(&case.store, &tuning)(&subject, &mut found);
            }
        }
        for finding in &found {
            let high = finding.severity >= Severity::High && finding.session.is_some();
            assert!(!high, "{} {}: {}", finding.detection, finding.variant, finding.why);
        }
        found.len()
    };
    let mut found = 0;
    for detection in ALL {
        for (tune, records) in groups(detection.file, "fires") {
            found += holds(&[("fires.ndjson", lines(&records))], &tune);
        }
    }
    for seed in 1..=2 {
        let incidents = Kind::ALL.to_vec();
        let settings =
            Settings { seed, users: 60, days: 10, pace: 3, detail: Detail::Brief, incidents, ..Settings::default() };
        let files = tenant(&settings).write(Format::Collection);
        let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).expect("UTF-8");
        let files: Vec<_> = files.iter().map(|file| (file.name.as_str(), text(&file.bytes))).collect();
        found += holds(&files, "");
    }
    assert!(found > 100, "{found} findings prove little");
}

/// Defaults that were chosen from public sources: who changes one says so here, too.
#[test]
fn tunables_have_the_defaults_that_their_sources_give() {
    let mut reader = csv::Reader::from_path(folder("tunables.csv")).expect("the table");
    let mut count = 0;
    for row in reader.records() {
        let row = row.expect("a row");
        let [id, name, default] = [0, 1, 2].map(|place| row.get(place).expect("a cell"));
        let detection = find(id).unwrap_or_else(|| panic!("there is no {id}"));
        let tunable = detection.tunables.iter().find(|tunable| tunable.name == name);
        let tunable = tunable.unwrap_or_else(|| panic!("{id} has no {name}"));
        assert_eq!(tunable.default, default, "{id}.{name}");
        count += 1;
    }
    assert!(count > 60, "{count}");
}
