//! The same inputs give the same bytes, however they are read.

use super::fixtures::{folder, gzip, lines, many, pivots, stolen, write};
use super::running::{run, run_with};

#[test]
fn any_number_of_threads_gives_the_same_report() {
    let folder = folder();
    let records = many();
    let text = lines(&records);
    assert!(text.len() > 1 << 20, "long enough to be cut into four");
    write(folder.path(), "many.ndjson", &text);
    write(folder.path(), "few.ndjson", lines(&stolen()));
    for form in [&["json"] as &[&str], &["csv"], &["csv", "--evidence"], &["text"]] {
        let with = |threads: &str| {
            run(
                folder.path(),
                &[&["analyze", "many.ndjson", "few.ndjson", "--threads", threads, "--output"], form].concat(),
            )
        };
        let one = with("1");
        assert_eq!(one.code, 0);
        for threads in ["2", "7"] {
            assert_eq!(with(threads).out, one.out, "{form:?} on {threads} threads");
        }
    }
    let report = run(folder.path(), &["analyze", "many.ndjson", "--output", "json"]).json();
    assert_eq!(report["inputs"][0]["records"], records.len());
    assert_eq!(pivots(&report).len(), 10);
}

#[test]
fn damage_is_told_the_same_however_the_file_was_cut() {
    let folder = folder();
    let whole = lines(&many());
    let mut torn: Vec<String> = whole.lines().map(|line| format!("{line}\n")).collect();
    let half = torn.len() / 2;
    for line in [3, half - 1, half, half + 1, torn.len() - 5] {
        let keep = torn[line].len() / 3;
        torn[line].truncate(keep);
        torn[line].push('\n');
    }
    torn[half + 20] = "{\"a\":\"an open quote\n".to_owned();
    torn[half + 30] = "]}{[\n".to_owned();
    write(folder.path(), "torn.ndjson", torn.concat());
    write(folder.path(), "cut.ndjson", &whole[..whole.len() - 300]);
    for name in ["torn.ndjson", "cut.ndjson"] {
        let with = |threads: &str| run(folder.path(), &["analyze", name, "--threads", threads, "--output", "json"]);
        let one = with("1");
        let input = &one.json()["inputs"][0];
        assert!(input["rejected_total"].as_u64() >= Some(1), "{input}");
        assert!(input["events"].as_u64() > Some(800), "{input}");
        for threads in ["2", "3", "7"] {
            assert!(with(threads).out == one.out, "{name} on {threads} threads");
        }
    }
}

#[test]
fn the_order_of_the_paths_does_not_matter_and_a_folder_is_its_files() {
    let folder = folder();
    let records = stolen();
    write(folder.path(), "in/a.ndjson", lines(&records[..1]));
    write(folder.path(), "in/b/c.ndjson", lines(&records[1..]));
    let report = |paths: &[&str]| run(folder.path(), &[&["analyze", "--output", "json"], paths].concat()).out;
    let whole = report(&["in"]);
    assert!(whole.contains("foci-pivot"));
    for paths in [
        &["in/a.ndjson", "in/b/c.ndjson"] as &[&str],
        &["in/b/c.ndjson", "in/a.ndjson"],
        &["./in/"],
        &["in/b", "in/a.ndjson", "in"],
    ] {
        assert_eq!(report(paths), whole, "{paths:?}");
    }
}

#[test]
fn packed_or_piped_records_give_the_same_findings() {
    let folder = folder();
    let text = lines(&stolen());
    write(folder.path(), "a.ndjson", &text);
    write(folder.path(), "a.ndjson.gz", gzip(text.as_bytes()));
    let plain = run(folder.path(), &["analyze", "a.ndjson", "--output", "json"]).json();
    let packed = run(folder.path(), &["analyze", "a.ndjson.gz", "--output", "json"]).json();
    let piped = run_with(folder.path(), &["analyze", "-", "--output", "json"], text.as_bytes()).json();
    let piped_and_packed =
        run_with(folder.path(), &["analyze", "-", "--output", "json"], &gzip(text.as_bytes())).json();
    assert_eq!(pivots(&plain).len(), 1);
    for other in [&packed, &piped, &piped_and_packed] {
        for part in ["findings", "sessions", "coverage", "notices"] {
            assert_eq!(other[part], plain[part]);
        }
        assert_eq!(other["inputs"][0]["events"], plain["inputs"][0]["events"]);
    }
    assert_eq!(piped["inputs"][0]["name"], "-");
}

#[test]
fn the_report_is_schema_1_with_its_keys_in_order() {
    let folder = folder();
    write(folder.path(), "a.ndjson", lines(&stolen()));
    let ran = run(folder.path(), &["analyze", "a.ndjson", "--output", "json"]);
    assert!(ran.out.ends_with("}\n"));
    let keys: Vec<&str> =
        ran.out.lines().filter_map(|line| line.strip_prefix("  \"")?.split_once('"')).map(|(key, _)| key).collect();
    let order = [
        "schema",
        "tool",
        "tuning",
        "inputs",
        "notices",
        "coverage",
        "holds",
        "incidents",
        "sessions_total",
        "sessions",
        "findings",
        "next",
        "suppressed",
    ];
    assert_eq!(keys, order);
    let report = ran.json();
    assert_eq!((&report["schema"], &report["sessions_total"]), (&1.into(), &3.into()));
    let session = &report["sessions"][0];
    assert_eq!(session["user"]["name"], "user1@example.com");
    assert_eq!(session["first"], "2026-11-12T15:41:08.000000Z");
    assert_eq!(session["findings"][0], report["findings"][0]["id"]);
}

#[test]
fn the_hash_is_that_of_the_file() {
    let folder = folder();
    write(folder.path(), "a.ndjson", lines(&stolen()[..1]));
    write(folder.path(), "b.json", "[]");
    let report = run(folder.path(), &["analyze", "a.ndjson", "b.json", "--hash", "--output", "json"]).json();
    // Of the two bytes of b.json, as sha256sum says.
    let expected = "4f53cda18c2baa0c0354bb5f9a3ecbe5ed12ab4d8e11ba873c2f11161202b945";
    assert_eq!(report["inputs"][1]["sha256"], expected);
    assert_eq!(report["inputs"][0]["sha256"].as_str().unwrap().len(), 64);
    let without = run(folder.path(), &["analyze", "a.ndjson", "--output", "json"]).json();
    assert!(without["inputs"][0]["sha256"].is_null());
}
