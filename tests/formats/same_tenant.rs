//! One tenant in every export: the same findings, the same counts, however it is read.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use serde_json::Value;
use signin_sleuth::analysis::{Case, Part, Reading, detect, merge};
use signin_sleuth::detections::Tuning;
use signin_sleuth::generate::{File, Format, Settings, Tenant, tenant};
use signin_sleuth::intake::zip::{Directory, Entry, Listing, Unpacker, is_zip, join};
use signin_sleuth::report::Reporter;

/// The exports that say all of a tenant's log.
const WHOLE: [Format; 13] = [
    Format::GraphNdjson,
    Format::GraphPages,
    Format::GraphArray,
    Format::AzureMonitor,
    Format::EventHub,
    Format::EventHubStrings,
    Format::LogAnalyticsCsv,
    Format::LogAnalyticsUtf16,
    Format::LogAnalyticsJson,
    Format::LogAnalyticsRest,
    Format::KustoFrames,
    Format::AzureMonitorGzip,
    Format::Zip,
];

pub(crate) static TENANT: LazyLock<Tenant> =
    LazyLock::new(|| tenant(&Settings { users: 4, days: 3, near_misses: true, ..Settings::default() }));

/// An export's files; those of an archive in its place.
pub(crate) fn files(tenant: &Tenant, format: Format) -> Vec<File> {
    tenant.write(format).into_iter().flat_map(opened).collect()
}

fn opened(file: File) -> Vec<File> {
    let bytes = &file.bytes;
    if !is_zip(bytes) {
        return vec![file];
    }
    let mut directory = Directory::new(bytes.len() as u64);
    while let Some(range) = directory.wants() {
        directory.give(&bytes[range.start as usize..range.end as usize]);
    }
    let Ok(Listing::Files(entries)) = directory.finish() else { panic!("{} is no archive", file.name) };
    let unpack = |entry: &Entry| {
        let mut unpacked = Vec::new();
        let mut unpacker = Unpacker::new(entry);
        unpacker.feed(&bytes[entry.from as usize..entry.to as usize], &mut |out| unpacked.extend(out)).unwrap();
        unpacker.finish(&mut |out| unpacked.extend(out)).unwrap();
        File { name: join(&file.name, &entry.name), bytes: unpacked }
    };
    entries.iter().flat_map(|entry| opened(unpack(entry))).collect()
}

/// The report on parts.
pub(crate) fn report(parts: Vec<Part>) -> Value {
    let case = Case::gather(parts);
    case.inputs.iter().for_each(crate::support::assert_accounted);
    let tuning = Tuning::default();
    let people = detect(&case, 0..case.buckets.len(), &tuning);
    let merged = merge(&case, people);
    serde_json::to_value(Reporter { case: &case, merged: &merged, tuning: &tuning }.report()).unwrap()
}

/// A file in slices that each begin at this share of it, at the end of a line, fed in chunks of this size.
fn parts(file: &File, input: u32, slices: usize, chunk: usize) -> Vec<Part> {
    let mut from = 0;
    let mut parts = Vec::new();
    for number in 1..=slices {
        let goal = file.bytes.len() * number / slices;
        let rest = file.bytes.get(goal..).unwrap_or_default();
        let to = if number == slices {
            file.bytes.len()
        } else {
            rest.iter().position(|byte| *byte == b'\n').map_or(file.bytes.len(), |line| goal + line + 1).max(from)
        };
        let mut reading = Reading::new(&file.name, input, from as u64);
        file.bytes[from..to].chunks(chunk).for_each(|bytes| reading.feed(bytes));
        parts.push(reading.finish());
        from = to;
    }
    assert!(parts.iter().all(|part| part.whole), "{}: cut between lines", file.name);
    parts
}

pub(crate) fn whole(files: &[File], chunk: usize) -> Vec<Part> {
    files.iter().zip(0..).flat_map(|(file, input)| parts(file, input, 1, chunk)).collect()
}

/// What does not depend on the export: findings and sessions without the places of their records, and how many
/// events there are.
fn essence(report: &Value) -> (Value, Value, u64) {
    let mut findings = report["findings"].clone();
    for finding in findings.as_array_mut().unwrap() {
        for item in finding["evidence"].as_array_mut().unwrap() {
            let item = item.as_object_mut().unwrap();
            ["input", "record", "offset", "also"].iter().for_each(|name| {
                item.remove(*name);
            });
        }
    }
    let events = report["inputs"].as_array().unwrap().iter().map(|input| input["events"].as_u64().unwrap()).sum();
    (findings, report["sessions"].clone(), events)
}

#[test]
fn every_export_of_a_tenant_gives_the_same_findings_and_counts() {
    let first = report(whole(&files(&TENANT, WHOLE[0]), usize::MAX));
    let expected = essence(&first);
    assert!(expected.0.as_array().unwrap().len() >= 3, "the tenant has incidents of all three detections");
    // The generator writes one record twice, on purpose.
    let sign_ins: BTreeSet<_> = TENANT.sign_ins.iter().map(|row| (row.id, row.stream, row.time)).collect();
    let audits: BTreeSet<_> = TENANT.audits.iter().map(|row| &row.id).collect();
    assert_eq!(expected.2, (sign_ins.len() + audits.len()) as u64);
    for format in WHOLE {
        let report = report(whole(&files(&TENANT, format), usize::MAX));
        let is = essence(&report);
        assert_eq!(is.2, expected.2, "{}", format.name());
        let (is_findings, expected_findings) = (is.0.as_array().unwrap(), expected.0.as_array().unwrap());
        for (is, expected) in is_findings.iter().zip(expected_findings) {
            assert_eq!(is, expected, "{}", format.name());
        }
        assert_eq!(is_findings.len(), expected_findings.len(), "{}", format.name());
        assert_eq!(is.1, expected.1, "{}", format.name());
        assert_eq!(report["sessions_total"], first["sessions_total"], "{}", format.name());
    }
}

#[test]
fn all_exports_at_once_are_one_tenant() {
    let mut all = Vec::new();
    for format in WHOLE {
        for mut file in files(&TENANT, format) {
            file.name = format!("{}/{}", format.name(), file.name);
            all.push(file);
        }
    }
    let expected = essence(&report(whole(&files(&TENANT, Format::AzureMonitor), usize::MAX)));
    let report = report(whole(&all, usize::MAX));
    let is = essence(&report);
    assert_eq!(is.2, expected.2, "each event counts once");
    let ids = |findings: &Value| -> Vec<String> {
        findings.as_array().unwrap().iter().map(|finding| finding["id"].to_string()).collect()
    };
    assert_eq!(ids(&is.0), ids(&expected.0));
    let records: u64 =
        report["inputs"].as_array().unwrap().iter().map(|input| input["records"].as_u64().unwrap()).sum();
    assert!(records >= 9 * expected.2, "{records}");
    let kinds: Vec<&Value> = report["notices"].as_array().unwrap().iter().map(|notice| &notice["kind"]).collect();
    assert!(!kinds.iter().any(|kind| *kind == "conflict"), "exports of one tenant agree: {}", report["notices"]);
}

#[test]
fn chunks_of_any_size_give_the_same_report() {
    for &format in Format::ALL {
        let files = files(&TENANT, format);
        let expected = report(whole(&files, usize::MAX)).to_string();
        for chunk in [4_096, 65_537] {
            assert_eq!(report(whole(&files, chunk)).to_string(), expected, "{} in chunks of {chunk}", format.name());
        }
    }
    // Few bytes at a time are slow to feed: of a smaller tenant.
    let small = tenant(&Settings { users: 2, days: 1, pace: 3, ..Settings::default() });
    for &format in Format::ALL {
        let files = files(&small, format);
        let expected = report(whole(&files, usize::MAX)).to_string();
        for chunk in [1, 7] {
            assert_eq!(report(whole(&files, chunk)).to_string(), expected, "{} in chunks of {chunk}", format.name());
        }
    }
}

#[test]
fn parts_of_any_number_give_the_same_report() {
    for format in [Format::GraphNdjson, Format::AzureMonitor, Format::EventHub] {
        let files = files(&TENANT, format);
        let expected = report(whole(&files, usize::MAX)).to_string();
        for slices in [2, 7] {
            let mut all: Vec<Part> =
                files.iter().zip(0..).flat_map(|(file, input)| parts(file, input, slices, 1 << 20)).collect();
            // Workers finish in any order.
            all.reverse();
            assert_eq!(report(all).to_string(), expected, "{} in {slices} parts", format.name());
        }
    }
}

#[test]
fn parts_that_moved_between_memories_give_the_same_report() {
    use signin_sleuth::analysis::transfer;
    let files = files(&TENANT, Format::GraphNdjson);
    let expected = report(whole(&files, usize::MAX)).to_string();
    let moved = files.iter().zip(0..).flat_map(|(file, input)| parts(file, input, 3, 1 << 20)).map(|part| {
        let mut buffers: Vec<Vec<u8>> = Vec::new();
        transfer::send(part, &mut |bytes| buffers.push(bytes.to_vec()));
        transfer::receive(buffers).unwrap()
    });
    assert_eq!(report(moved.collect()).to_string(), expected);
}

#[test]
fn the_order_of_the_files_does_not_count() {
    let files = files(&TENANT, Format::AzureMonitor);
    let expected = report(whole(&files, usize::MAX)).to_string();
    let mut turned = files;
    turned.reverse();
    assert_eq!(report(whole(&turned, usize::MAX)).to_string(), expected);
}
