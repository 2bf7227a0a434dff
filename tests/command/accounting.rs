//! Every record is accounted for, wherever the files lie.

use std::io::{Cursor, Write as _};

use serde_json::Value;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use super::fixtures::{folder, gzip, lines, stolen, write};
use super::running::run;

#[test]
fn a_file_that_lies_in_a_folder_and_in_an_archive_is_read_twice_and_counts_once() {
    let folder = folder();
    let text = lines(&stolen());
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    writer.start_file("export/a.ndjson", SimpleFileOptions::default()).expect("memory");
    writer.write_all(text.as_bytes()).expect("memory");
    write(folder.path(), "z.zip", writer.finish().expect("memory").into_inner());
    write(folder.path(), "a/a.ndjson", &text);
    write(folder.path(), "a/a.ndjson.gz", gzip(text.as_bytes()));
    let report = run(folder.path(), &["analyze", ".", "--output", "json"]).json();
    let inputs = report["inputs"].as_array().unwrap();
    assert_eq!(inputs.len(), 3);
    let total = |key: &str| -> u64 { inputs.iter().map(|input| input[key].as_u64().unwrap()).sum() };
    assert_eq!((total("records"), total("events"), total("duplicates")), (12, 4, 8));
    for input in inputs {
        let count = |key: &str| input[key].as_u64().unwrap();
        let other: u64 = input["other"].as_object().unwrap().values().filter_map(Value::as_u64).sum();
        let parts = ["events", "merged", "duplicates", "rejected_total", "enrichment"].map(count);
        assert_eq!(count("records"), parts.iter().sum::<u64>() + other, "{input}");
    }
}
