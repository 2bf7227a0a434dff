//! Zip archives on the command line.

use std::io::{Cursor, Write as _};

use serde_json::Value;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use super::fixtures::{folder, gzip, lines, stolen, write};
use super::running::{run, run_with};

fn archive(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in files {
        writer.start_file(*name, SimpleFileOptions::default()).expect("memory");
        writer.write_all(bytes).expect("memory");
    }
    writer.finish().expect("memory").into_inner()
}

/// Name, format and events of each input.
fn inputs(report: &Value) -> Vec<(&str, &str, u64)> {
    let inputs = report["inputs"].as_array().unwrap().iter();
    inputs
        .map(|input| {
            (input["name"].as_str().unwrap(), input["format"].as_str().unwrap(), input["events"].as_u64().unwrap())
        })
        .collect()
}

#[test]
fn each_file_of_an_archive_is_an_input_and_archives_are_opened_once_more() {
    let folder = folder();
    let text = lines(&stolen());
    let packed = gzip(text.as_bytes());
    let inner = archive(&[("b.ndjson.gz", &packed), ("broken.zip", b"PK\x03\x04 no archive")]);
    let outer = archive(&[("x/a.ndjson", text.as_bytes()), ("inner.zip", &inner), ("readme.txt", b"hello")]);
    let outermost = archive(&[("outer.zip", &outer)]);
    write(folder.path(), "x.zip", &outer);
    let report = run(folder.path(), &["analyze", "x.zip", "--output", "json"]).json();
    assert_eq!(
        inputs(&report),
        [
            ("x.zip!/inner.zip!/b.ndjson.gz", "graph-sign-in", 4),
            ("x.zip!/inner.zip!/broken.zip", "unknown", 0),
            ("x.zip!/readme.txt", "unknown", 0),
            ("x.zip!/x/a.ndjson", "graph-sign-in", 0),
        ]
    );
    assert_eq!(report["inputs"][3]["duplicates"], 4);
    // The same through a pipe, and with a hash of what was packed.
    let piped = run_with(folder.path(), &["analyze", "-", "--output", "json", "--hash"], &outer).json();
    assert_eq!(inputs(&piped)[0], ("-!/inner.zip!/b.ndjson.gz", "graph-sign-in", 4));
    write(folder.path(), "a.ndjson", &text);
    let plain = run(folder.path(), &["analyze", "a.ndjson", "--output", "json", "--hash"]).json();
    assert_eq!(piped["inputs"][3]["sha256"], plain["inputs"][0]["sha256"]);
    // An archive in an archive in an archive stays closed, and says so.
    write(folder.path(), "y.zip", &outermost);
    let report = run(folder.path(), &["analyze", "y.zip", "--output", "json"]).json();
    assert_eq!(
        inputs(&report),
        [
            ("y.zip!/outer.zip!/inner.zip", "unknown", 0),
            ("y.zip!/outer.zip!/readme.txt", "unknown", 0),
            ("y.zip!/outer.zip!/x/a.ndjson", "graph-sign-in", 4),
        ]
    );
    let notices = report["notices"].as_array().unwrap();
    let closed = notices.iter().find(|notice| notice["input"] == 0).unwrap();
    assert!(closed["text"].as_str().unwrap().contains("an archive in an archive in an archive"), "{closed}");
}

#[test]
fn raw_records_are_read_again_out_of_archives() {
    let folder = folder();
    let records = stolen();
    let text = lines(&records);
    let packed = gzip(text.as_bytes());
    write(folder.path(), "plain.zip", archive(&[("a.ndjson", text.as_bytes())]));
    write(folder.path(), "gz.zip", archive(&[("a.ndjson.gz", &packed)]));
    write(folder.path(), "nested.zip", archive(&[("i.zip", &archive(&[("a.ndjson", text.as_bytes())]))]));
    let report = run(folder.path(), &["analyze", "plain.zip", "--output", "json"]).json();
    let finding = report["findings"][0]["id"].as_str().unwrap();
    for path in ["plain.zip", "gz.zip", "nested.zip"] {
        let ran = run(folder.path(), &["analyze", path, "--raw", finding, "--output", "json"]);
        assert_eq!(ran.code, 0, "{path}: {ran:?}");
        let shown: Vec<Value> = ran.out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        assert_eq!(shown.len(), 2, "{path}");
        let raw: Value = serde_json::from_str(shown[1]["raw"].as_str().unwrap()).unwrap();
        assert_eq!(raw, records[1], "{path}");
    }
}

#[test]
fn an_archive_that_is_cut_stops_no_other_file() {
    let folder = folder();
    let text = lines(&stolen());
    let whole = archive(&[("a.ndjson", text.as_bytes())]);
    write(folder.path(), "a.zip", &whole[..whole.len() - 30]);
    write(folder.path(), "b.ndjson", &text);
    let ran = run(folder.path(), &["analyze", ".", "--output", "json"]);
    let report = ran.json();
    assert_eq!(
        (ran.code, inputs(&report)),
        (
            0,
            vec![
                ("a.zip!/a.ndjson", "graph-sign-in", 4),
                ("a.zip!/what was cut off", "unknown", 0),
                ("b.ndjson", "graph-sign-in", 0),
            ]
        )
    );
    let notice = report["notices"].as_array().unwrap().iter().find(|notice| notice["input"] == 1).unwrap();
    assert!(notice["text"].as_str().unwrap().contains("was cut"), "{notice}");
}
