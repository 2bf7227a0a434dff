//! What a path may be, and what becomes of it.

use signin_sleuth::generate::{Format, Settings, tenant};

use super::fixtures::{folder, gzip, lines, many, pivots, stolen, write};
use super::running::{run, run_with};

#[test]
fn a_folder_is_walked_in_order_and_hidden_files_are_left_out() {
    let folder = folder();
    for name in ["x/b.ndjson", "x/a/z.ndjson", "x/.hidden.ndjson", "x/.git/c.ndjson", "x/B.ndjson"] {
        write(folder.path(), name, lines(&stolen()));
    }
    let report = run(folder.path(), &["analyze", "x", "--output", "json"]).json();
    let names: Vec<&str> =
        report["inputs"].as_array().unwrap().iter().map(|input| input["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["x/B.ndjson", "x/a/z.ndjson", "x/b.ndjson"]);
    // The same four records three times are four events.
    let sum =
        |key: &str| report["inputs"].as_array().unwrap().iter().map(|input| input[key].as_u64().unwrap()).sum::<u64>();
    assert_eq!((sum("records"), sum("events"), sum("duplicates")), (12, 4, 8));
}

#[test]
fn a_hidden_file_that_is_named_is_read_and_nothing_is_read_twice() {
    let folder = folder();
    write(folder.path(), ".a.ndjson", lines(&stolen()));
    let report = run(folder.path(), &["analyze", ".a.ndjson", "./.a.ndjson", "--output", "json"]).json();
    assert_eq!(report["inputs"].as_array().unwrap().len(), 1);
    assert_eq!(report["inputs"][0]["events"], 4);
}

#[cfg(unix)]
#[test]
fn links_are_followed_once() {
    let folder = folder();
    write(folder.path(), "x/a.ndjson", lines(&stolen()));
    std::os::unix::fs::symlink(folder.path().join("x"), folder.path().join("x/loop")).unwrap();
    std::os::unix::fs::symlink("a.ndjson", folder.path().join("x/link.ndjson")).unwrap();
    std::os::unix::fs::symlink("nowhere", folder.path().join("x/dangling")).unwrap();
    let ran = run(folder.path(), &["analyze", "x", "--output", "json"]);
    assert_eq!(ran.code, 0, "{ran:?}");
    assert!(ran.err.contains("x/dangling"), "{ran:?}");
    let names: Vec<String> = ran.json()["inputs"]
        .as_array()
        .unwrap()
        .iter()
        .map(|input| input["name"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(names, ["x/a.ndjson", "x/dangling"]);
}

#[test]
fn a_file_that_only_begins_like_lines_is_read_whole() {
    let folder = folder();
    let mut records = many();
    let tail = records.split_off(10);
    // Ten records a line each, then 1 MiB of records over many lines: a cut falls inside one.
    let text = format!("{}{}", lines(&records), tail.iter().map(|record| format!("{record:#}\n")).collect::<String>());
    write(folder.path(), "a.json", &text);
    write(folder.path(), "b.json", lines(&many()));
    let findings = |name: &str, threads: &str| {
        let report = run(folder.path(), &["analyze", name, "--threads", threads, "--output", "json"]).json();
        let input = &report["inputs"][0];
        assert_eq!((&input["rejected_total"], &input["events"]), (&0.into(), &input["records"]), "{name} {threads}");
        pivots(&report).iter().map(|finding| finding["id"].to_string()).collect::<Vec<_>>()
    };
    let lines = findings("b.json", "7");
    assert_eq!(lines.len(), 10);
    assert_eq!(findings("a.json", "1"), lines);
    assert_eq!(findings("a.json", "7"), lines);
}

#[test]
fn raw_shows_the_records_as_they_stand() {
    let folder = folder();
    let records = stolen();
    let text = lines(&records);
    write(folder.path(), "a.ndjson", &text);
    write(folder.path(), "a.ndjson.gz", gzip(text.as_bytes()));
    write(folder.path(), "array.json", serde_json::to_vec_pretty(&records).unwrap());
    let utf_16: Vec<u8> = std::iter::once(0xFEFF).chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect();
    write(folder.path(), "utf16.ndjson", utf_16);
    let report = run(folder.path(), &["analyze", "a.ndjson", "--output", "json"]).json();
    let finding = pivots(&report)[0]["id"].as_str().unwrap();
    for path in ["a.ndjson", "a.ndjson.gz", "array.json", "utf16.ndjson", "-"] {
        let ran = run_with(folder.path(), &["analyze", path, "--raw", finding, "--output", "json"], text.as_bytes());
        assert_eq!(ran.code, 0, "{path}: {ran:?}");
        let shown: Vec<serde_json::Value> = ran.out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        assert_eq!(shown.len(), 2, "{path}");
        for (line, (role, record)) in shown.iter().zip([("first", &records[0]), ("second", &records[1])]) {
            assert_eq!((&line["role"], &line["input"]), (&role.into(), &path.into()));
            let raw: serde_json::Value = serde_json::from_str(line["raw"].as_str().unwrap()).unwrap();
            assert_eq!(&raw, record, "{path}");
        }
    }
    let ran = run(folder.path(), &["analyze", "a.ndjson", "--raw", &finding[..6]]);
    assert!(
        ran.out.contains("\"userAgent\": \"Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0\""),
        "{}",
        ran.out
    );
    assert!(ran.out.contains("second, 12 Nov 15:52:31, a.ndjson, record 1, byte "), "{}", ran.out);
}

#[test]
fn raw_of_no_finding_says_which_there_are() {
    let folder = folder();
    write(folder.path(), "a.ndjson", lines(&stolen()));
    let report = run(folder.path(), &["analyze", "a.ndjson", "--output", "json"]).json();
    let finding = pivots(&report)[0]["id"].as_str().unwrap();
    for id in ["ffffffffffffffffffff", ""] {
        let ran = run(folder.path(), &["analyze", "a.ndjson", "--raw", id]);
        assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{ran:?}");
        assert!(ran.err.contains(finding), "{ran:?}");
    }
}

#[test]
fn the_folders_of_a_storage_account_are_one_export() {
    let folder = folder();
    let tenant = tenant(&Settings { users: 4, days: 3, pace: 3, ..Settings::default() });
    let mut hour = 0;
    for file in tenant.write(Format::AzureMonitor) {
        write(&folder.path().join("whole"), &file.name, &file.bytes);
        let text = String::from_utf8(file.bytes).unwrap();
        let category = file.name.split('.').next().unwrap().to_lowercase();
        // A blob an hour of arrival, with either end of line; some are packed.
        for lines in text.lines().collect::<Vec<_>>().chunks(40) {
            hour += 1;
            let path = format!(
                "blobs/insights-logs-{category}/tenantId={}/y=2026/m=11/d={:02}/h={:02}/m=00/PT1H.json",
                tenant.ids.tenant,
                2 + hour / 24,
                hour % 24
            );
            let blob = lines.join(if hour % 2 == 0 { "\r\n" } else { "\n" });
            if hour % 3 == 0 {
                write(folder.path(), &format!("{path}.gz"), gzip(blob.as_bytes()));
            } else {
                write(folder.path(), &path, blob);
            }
        }
    }
    let told = |path: &str| {
        let report = run(folder.path(), &["analyze", path, "--output", "json"]).json();
        let inputs = report["inputs"].as_array().unwrap().clone();
        let sum = |key: &str| inputs.iter().map(|input| input[key].as_u64().unwrap()).sum::<u64>();
        let findings = report["findings"].as_array().unwrap().iter();
        let mut findings: Vec<String> =
            findings.map(|finding| format!("{} {}", finding["detection"], finding["evidence"][0]["event"])).collect();
        findings.sort();
        (sum("records"), sum("events"), sum("rejected_total"), findings)
    };
    assert!(hour > 5);
    assert_eq!(told("blobs"), told("whole"));
}
