//! The same tenant in formats that lack something: what is found differs only where coverage says that a
//! detection could not look in full, and only for fields that the format lacks.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;
use signin_sleuth::detections::Records;
use signin_sleuth::formats::ALL;
use signin_sleuth::generate::Format as Written;

use crate::same_tenant::{TENANT, files, report, whole};

/// Formats that lack fields, records of some kind, or both; and the file that lacks nothing.
const IN_PART: [Written; 8] = [
    Written::PortalCsv,
    Written::GraphV1,
    Written::PowershellV1,
    Written::DefenderCsv,
    Written::DefenderApi,
    Written::UalPurview,
    Written::UalManagement,
    Written::CloudAppEvents,
];

/// Formats of the same fields under other names, or carried by others.
const IN_FULL: [Written; 6] = [
    Written::PortalJson,
    Written::PowershellJson,
    Written::DataExport,
    Written::Elastic,
    Written::Splunk,
    Written::SplunkCsv,
];

/// Findings of each detection: what they are of, and how much they weigh.
type Found = BTreeMap<String, BTreeSet<String>>;

fn found(report: &Value) -> Found {
    let mut found = Found::new();
    for finding in report["findings"].as_array().unwrap() {
        let text = |name: &str| finding[name].as_str().unwrap_or("none").to_owned();
        // By their times: the admin center's CSV gives audit events no ids.
        let event =
            |item: &Value| format!("{} {}", item["role"].as_str().unwrap(), &item["time"].as_str().unwrap()[..19]);
        let events: Vec<String> = finding["evidence"].as_array().unwrap().iter().map(event).collect();
        let is = format!(
            "{} {} {} of {} in {}: {}",
            text("id"),
            text("severity"),
            text("confidence"),
            finding["user"]["name"],
            text("session"),
            events.join(", ")
        );
        found.entry(text("detection")).or_default().insert(is);
    }
    found
}

fn of(written: Written) -> Value {
    report(whole(&files(&TENANT, written), usize::MAX))
}

/// Whether a detection finds by other records and only weighs by sign-ins: what an export's sign-ins lack makes
/// it less sure, and neither more nor less is found.
fn judges_by_sign_ins(detection: &str) -> bool {
    let found = signin_sleuth::detections::find(detection).unwrap();
    !found.records.iter().any(|kind| matches!(kind, Records::UserSignIns | Records::NonInteractive))
}

/// Whether a detection asks about acts in mailboxes and files.
fn is_of_acts(detection: &str) -> bool {
    let found = signin_sleuth::detections::find(detection).unwrap();
    found.records.iter().any(|kind| matches!(kind, Records::Acts | Records::Mail | Records::Files))
}

/// Of whom a finding is, and on what it rests.
fn of_whom(finding: &str) -> String {
    let (_, rest) = finding.split_once(" of ").unwrap();
    let (who, rest) = rest.split_once(" in ").unwrap();
    format!("{who}: {}", rest.split_once(": ").unwrap().1)
}

/// Version 1.0 of Graph gives the level of a sign-in's risk and not its types, for which coverage has one field.
/// CloudAppEvents gives neither, and what follows a risk is then asked of flagged sessions only.
const NO_RISK_TYPES: [Written; 3] = [Written::GraphV1, Written::PowershellV1, Written::CloudAppEvents];
const OF_RISK_TYPES: [&str; 3] = ["identity-protection", "risk-ignored", "risk-then-action"];

#[test]
fn formats_of_all_fields_give_the_same_findings() {
    let expected = found(&of(Written::GraphNdjson));
    assert!(expected.len() > 5, "{:?}", expected.keys());
    for written in IN_FULL {
        assert_eq!(found(&of(written)), expected, "{}", written.name());
    }
}

#[test]
fn findings_differ_only_where_coverage_says_why() {
    let expected = found(&of(Written::GraphNdjson));
    let mut wrong: Vec<String> = Vec::new();
    let mut blind = 0;
    for written in IN_PART {
        let report = of(written);
        let is = found(&report);
        let formats = report["inputs"].as_array().unwrap().iter().flat_map(|input| input["format"].as_str());
        let formats: BTreeSet<&str> = formats.flat_map(|names| names.split('+')).collect();
        let lacks: BTreeSet<&str> = ALL
            .iter()
            .filter(|format| formats.contains(format.name))
            .flat_map(|format| format.export.lacks.iter().map(|field| field.name()))
            .collect();
        for item in report["coverage"].as_array().unwrap() {
            let detection = item["detection"].as_str().unwrap();
            // The unified audit log holds acts that the others do not.
            if is_of_acts(detection) {
                continue;
            }
            let none = BTreeSet::new();
            let (mut is, mut expected) =
                (is.get(detection).unwrap_or(&none).clone(), expected.get(detection).unwrap_or(&none).clone());
            if judges_by_sign_ins(detection) {
                (is, expected) =
                    (is.iter().map(|own| of_whom(own)).collect(), expected.iter().map(|own| of_whom(own)).collect());
            }
            if NO_RISK_TYPES.contains(&written) && OF_RISK_TYPES.contains(&detection) {
                expected.retain(|finding| is.contains(finding));
            }
            match item["status"].as_str().unwrap() {
                "ran" if is != expected => {
                    let more = is.difference(&expected).next();
                    let less = expected.difference(&is).next();
                    wrong.push(format!("{}, {detection} ran: {more:?} for {less:?}", written.name()));
                }
                "blind" if !is.is_empty() => {
                    wrong.push(format!("{}, {detection} is blind and found {is:?}", written.name()))
                }
                "ran" => {}
                _ => blind += 1,
            }
            // A field that no record has is one that the format lacks: anything else was lost on the way.
            for missing in item["missing"].as_array().unwrap().iter().filter(|field| field["records"] == field["of"]) {
                let field = missing["field"].as_str().unwrap();
                if !lacks.contains(field) && !formats.contains("cloud-app-events") {
                    wrong.push(format!("{}, {detection}: {field} is missing and not lacked", written.name()));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(blind > 20, "these formats leave much unseen: {blind}");
}
