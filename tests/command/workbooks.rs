//! Workbooks on the command line.

use std::io::{Cursor, Write as _};

use serde_json::Value;
use signin_sleuth::generate::{Format, Settings, tenant};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use super::fixtures::{folder, write};
use super::running::run;
use super::workbook::{Workbook, text};

/// A tenant's tables as CSV, and all of them as the sheets of one workbook.
fn exports() -> (Vec<(String, Vec<u8>)>, Vec<u8>) {
    let tenant = tenant(&Settings { users: 6, days: 4, pace: 3, ..Settings::default() });
    let files =
        tenant.write(Format::LogAnalyticsCsv).into_iter().map(|file| (file.name, file.bytes)).collect::<Vec<_>>();
    let mut workbook = Workbook::default();
    for (name, bytes) in &files {
        let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
        let mut csv = csv::ReaderBuilder::new().has_headers(false).from_reader(bytes);
        let rows: Vec<_> = csv.records().map(|row| row.unwrap().iter().map(text).collect()).collect();
        workbook = workbook.sheet(name, 1, &rows);
    }
    (files, workbook.bytes())
}

/// What was found, on which events.
fn found(report: &Value) -> Vec<(String, Vec<String>)> {
    let findings = report["findings"].as_array().unwrap().iter();
    let events = |finding: &Value| {
        let evidence = finding["evidence"].as_array().unwrap().iter();
        evidence.map(|item| item["event"].as_str().unwrap().to_owned()).collect()
    };
    let mut found: Vec<_> =
        findings.map(|finding| (finding["detection"].as_str().unwrap().to_owned(), events(finding))).collect();
    found.sort();
    found
}

#[test]
fn tables_in_a_workbook_give_the_findings_of_their_csv_and_their_rows_are_shown() {
    let folder = folder();
    let (files, workbook) = exports();
    for (name, bytes) in &files {
        write(&folder.path().join("csv"), name, bytes);
    }
    write(folder.path(), "tables.xlsx", &workbook);
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    writer.start_file("tables.xlsx", SimpleFileOptions::default()).unwrap();
    writer.write_all(&workbook).unwrap();
    write(folder.path(), "tables.zip", writer.finish().unwrap().into_inner());
    let expected = run(folder.path(), &["analyze", "csv", "--output", "json"]).json();
    assert!(found(&expected).len() > 3);
    for path in ["tables.xlsx", "tables.zip"] {
        let report = run(folder.path(), &["analyze", path, "--output", "json"]).json();
        assert_eq!(found(&report), found(&expected), "{path}");
        let finding = &report["findings"][0];
        let evidence = &finding["evidence"][0];
        assert_eq!((&evidence["offset"], evidence["row"].as_u64() > Some(1)), (&Value::Null, true), "{evidence}");
        let sheet = evidence["sheet"].as_str().expect("the name of a sheet");
        assert!(files.iter().any(|(name, _)| name == sheet), "{sheet}");
        let ran = run(folder.path(), &["analyze", path, "--raw", finding["id"].as_str().unwrap(), "--output", "json"]);
        let shown: Vec<Value> = ran.out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        assert!(shown.len() >= finding["evidence"].as_array().unwrap().len(), "{ran:?}");
        for record in &shown {
            let row: Value = serde_json::from_str(record["raw"].as_str().unwrap()).unwrap();
            assert!(row["Id"] == record["event"] || row["CorrelationId"].is_string(), "{record}");
            assert!(record["row"].is_u64() && record["offset"].is_null(), "{record}");
        }
    }
    let text = run(folder.path(), &["analyze", "tables.xlsx"]).out;
    assert!(text.contains(" of sheet "), "{text}");
    let inspected = run(folder.path(), &["inspect", "tables.xlsx", "--output", "json"]).json();
    assert_eq!(inspected[0]["format"], "log-analytics-audit+log-analytics-sign-in", "{}", inspected[0]);
}
