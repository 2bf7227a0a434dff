//! Records of others, kept outside the project: each file is accounted for, and each sign-in is read
//! as an independent reading of the same bytes reads it.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

use chrono::{DateTime, NaiveDateTime};
use serde_json::Value;
use signin_sleuth::events::address::parse_address;
use signin_sleuth::events::guid::Guid;

use crate::support::{ABSENT, EMPTY, Told, read, sign_ins};

/// The folder of samples. Where it is not said and not there, the tests are skipped with a word.
fn folder() -> Option<PathBuf> {
    let said = std::env::var_os("SLEUTH_SAMPLES");
    let path = said.clone().map_or_else(|| PathBuf::from("../shared/data"), PathBuf::from);
    if path.is_dir() {
        return Some(path);
    }
    assert!(said.is_none(), "SLEUTH_SAMPLES is not a folder: {}", path.display());
    println!("skipped: there are no samples at {}", path.display());
    None
}

/// Format, records, events, merged, duplicates, rejected, other.
type Account = (&'static str, u64, u64, u64, u64, u64, &'static [(&'static str, u64)]);

const UNKNOWN: Account = ("unknown", 0, 0, 0, 0, 0, &[]);

const fn events(format: &'static str, count: u64) -> Account {
    (format, count, count, 0, 0, 0, &[])
}

/// Every file of the samples that may be a log.
const FILES: &[(&str, Account)] = &[
    ("bsol/AuditLogs.csv", UNKNOWN),
    ("bsol/OfficeActivity.csv", UNKNOWN),
    ("bsol/SigninLogs.csv", events("log-analytics-sign-in", 1_200)),
    ("docs-sample/entra_docs_sample_malformed.json.txt", UNKNOWN),
    ("elastic/test-adfs-signin.log", events("azure-monitor", 1)),
    // Two records of one id, the second with other targets.
    ("elastic/test-audit-logs-edgecases.log", ("azure-monitor", 2, 1, 1, 0, 0, &[])),
    ("elastic/test-created-datetime-timestamp.log", events("azure-monitor", 2)),
    ("elastic/test-managed-identity-sample.FIRST3.log", events("azure-monitor", 3)),
    ("elastic/test-non-interactive-user-sample.FIRST6.PSEUDONYMISED.log", events("azure-monitor", 6)),
    ("elastic/test-non-interactive-user-signin.PSEUDONYMISED.log", events("azure-monitor", 1)),
    ("elastic/test-non-interactive-user.log", events("azure-monitor", 1)),
    ("elastic/test-service-principal.log", events("azure-monitor", 1)),
    // A sign-in of a service principal twice: in the log of all and in that of Microsoft's own.
    ("elastic/test-signinlogs-raw.log", ("azure-monitor", 5, 4, 0, 1, 0, &[])),
    ("elastic/test-signinlogs-sample.PSEUDONYMISED.log", events("azure-monitor", 2)),
    // Times and categories without the rest of a record.
    ("elastic/test-time-formats-corner-cases.log", UNKNOWN),
    ("elastic/test-userriskevents-raw.PSEUDONYMISED.log", events("azure-monitor-risk", 2)),
    // The same sign-ins twice, with and without their risk events: once as a row, once merged into it.
    ("msticpy/msticpy_aad_logons.csv", ("log-analytics-sign-in", 86, 45, 41, 0, 0, &[])),
    ("otrf/AADAuditEvents.json", ("log-analytics-audit", 4, 3, 0, 1, 0, &[])),
    (
        "otrf/Microsoft365DefenderEvents.json",
        ("cloud-app-events+unified-audit-log", 9, 2, 0, 0, 0, &[("DefenderHunting", 7)]),
    ),
    ("otrf/OfficeActivityEvents.json", events("office-activity", 1)),
    // One test a line, the log inside; see below.
    ("panther/tests.ndjson", UNKNOWN),
    ("portal-csv/portal_headers.json", UNKNOWN),
    // Without any time.
    ("sentinel-training-lab/AuditLogs_Hunting.csv", UNKNOWN),
    ("sentinel-training-lab/HighRiskApps.csv", UNKNOWN),
    ("sentinel-training-lab/PenTestsIPaddresses.csv", UNKNOWN),
    ("sentinel-training-lab/azureActivity_adele.csv", ("other-tables", 23, 0, 0, 0, 0, &[("AzureActivity", 23)])),
    ("sentinel-training-lab/disable_accounts.csv", UNKNOWN),
    ("sentinel-training-lab/office_activity.csv", events("office-activity", 266)),
    ("sentinel-training-lab/office_activity_inbox_rule.csv", events("office-activity", 2)),
    ("sentinel-training-lab/sign-in_adelete.csv", events("log-analytics-sign-in", 56)),
    // Results of a query, not rows of the table.
    ("sentinel-training-lab/signinLogs.csv", UNKNOWN),
    ("splunk/data_sources_example_logs.ndjson", UNKNOWN),
    ("tenzir/directory-audits.ndjson", events("graph-directory-audit", 4)),
    ("tenzir/risk-detections.ndjson", events("graph-risk", 2)),
    ("tenzir/risky-users.ndjson", events("graph-risk", 2)),
    ("tenzir/sign-ins.ndjson", events("graph-sign-in-v1", 1)),
];

#[test]
fn every_file_is_accounted_for() {
    let Some(folder) = folder() else { return };
    for (name, expected) in FILES {
        let bytes = fs::read(folder.join(name)).unwrap_or_else(|error| panic!("{name}: {error}"));
        let case = read(&[(name, &bytes)]);
        let input = &case.inputs[0];
        let other: Vec<(&str, u64)> = input.other.iter().map(|(name, count)| (name.as_str(), *count)).collect();
        let is = (
            input.format.as_str(),
            input.records,
            input.events,
            input.merged,
            input.duplicates,
            input.refused_total,
            other.as_slice(),
        );
        assert_eq!(is, *expected, "{name}");
        assert_eq!(input.failure.is_some(), input.format == "unknown", "{name}: an unknown file has a reason");
        assert!(input.damaged.is_empty() && input.flattened.is_empty(), "{name}");
    }
}

/// The files of knowledge, which are no logs: dropped by mistake they are told to be none, but for the list of
/// networks, which is one.
const KNOWLEDGE: &[(&str, (&str, u64, u64))] = &[
    ("knowledge/entra-error-codes.csv", ("unknown", 0, 0)),
    ("knowledge/first-party-scopes.json", ("unknown", 0, 0)),
    ("knowledge/foci-clients.csv", ("unknown", 0, 0)),
    ("knowledge/foci-scope-map.txt", ("unknown", 0, 0)),
    ("knowledge/hosting-asn.csv", ("hosting-list+proxy-list+vpn-list", 44, 44)),
    ("knowledge/microsoft-apps.csv", ("unknown", 0, 0)),
];

#[test]
fn files_of_knowledge_are_no_logs_and_one_is_a_list_of_networks() {
    let Some(folder) = folder() else { return };
    for (name, expected) in KNOWLEDGE {
        let bytes = fs::read(folder.join(name)).unwrap_or_else(|error| panic!("{name}: {error}"));
        let case = read(&[(name, &bytes)]);
        let input = &case.inputs[0];
        assert_eq!((input.format.as_str(), input.records, input.enrichment), *expected, "{name}");
        assert_eq!(input.failure.is_some(), input.format == "unknown", "{name}: an unknown file has a reason");
        assert_eq!(input.events + input.merged + input.duplicates + input.refused_total, 0, "{name}");
    }
}

#[test]
fn no_file_of_the_samples_is_forgotten() {
    let Some(folder) = folder() else { return };
    let mut found: Vec<String> = Vec::new();
    for place in fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).filter(|path| path.is_dir()) {
        let of = place.file_name().unwrap().to_string_lossy().into_owned();
        for file in fs::read_dir(&place).unwrap() {
            found.push(format!("{of}/{}", file.unwrap().file_name().to_string_lossy()));
        }
    }
    found.sort();
    let mut known: Vec<&str> = FILES.iter().map(|(name, _)| *name).collect();
    known.extend(KNOWLEDGE.iter().map(|(name, _)| *name));
    known.sort_unstable();
    assert_eq!(found, known);
}

#[test]
fn all_files_at_once_are_accounted_for_and_do_not_mix() {
    let Some(folder) = folder() else { return };
    let files: Vec<(&str, Vec<u8>)> =
        FILES.iter().map(|(name, _)| (*name, fs::read(folder.join(name)).unwrap())).collect();
    let case = read(&files.iter().map(|(name, bytes)| (*name, bytes.as_slice())).collect::<Vec<_>>());
    assert_eq!(case.inputs.len(), FILES.len());
    for (input, (name, expected)) in case.inputs.iter().zip(FILES) {
        assert_eq!((input.name.as_str(), input.records), (*name, expected.1));
        assert_eq!(input.events + input.merged + input.duplicates, expected.2 + expected.3 + expected.4, "{name}");
    }
}

/// What an independent reading finds in a record: the columns that are compared.
fn expected(record: &BTreeMap<String, Value>) -> Told {
    let get = |name: &str| record.get(&name.to_lowercase());
    let text = |value: Option<&Value>| match value {
        None => ABSENT.to_owned(),
        Some(Value::String(text)) if !text.trim().is_empty() => text.trim().to_owned(),
        Some(Value::Number(number)) => number.to_string(),
        Some(_) => EMPTY.to_owned(),
    };
    let guid = |value: Option<&Value>| {
        let text = text(value);
        text.parse::<Guid>().map_or(text, |guid| guid.to_string())
    };
    let time = text(get("createdDateTime").or_else(|| get("time")).or_else(|| get("TimeGenerated")));
    let naive = |pattern: &str| NaiveDateTime::parse_from_str(&time, pattern).ok().map(|time| time.and_utc());
    let moment = DateTime::parse_from_rfc3339(&time)
        .ok()
        .map(|time| time.to_utc())
        .or_else(|| naive("%Y-%m-%d %H:%M:%S%.f"))
        .or_else(|| naive("%Y-%m-%dT%H:%M:%S%.f"))
        .or_else(|| naive("%m/%d/%Y, %I:%M:%S%.f %p"))
        .unwrap_or_else(|| panic!("no time: {time}"));
    let micros = moment.timestamp_micros();
    let status: Option<Value> = match get("status") {
        Some(Value::String(text)) => serde_json::from_str(text).ok(),
        other => other.cloned(),
    };
    let code = status.as_ref().and_then(|status| status.get("errorCode")).or_else(|| get("resultType"));
    let address = match text(
        get("ipAddress").filter(|value| **value != "").or_else(|| get("callerIpAddress")).or_else(|| get("ipAddress")),
    ) {
        text if text == ABSENT || text == EMPTY => text,
        text => parse_address(&text).map_or(EMPTY.to_owned(), |ip| ip.to_string()),
    };
    let token = text(get("uniqueTokenIdentifier"));
    BTreeMap::from([
        ("time", signin_sleuth::events::time::format_rfc3339(micros)),
        ("id", guid(get("id"))),
        ("user", text(get("userPrincipalName")).to_lowercase()),
        ("user_id", guid(get("userId"))),
        ("app_id", guid(get("appId"))),
        ("session", guid(get("sessionId"))),
        ("token", Guid::from_token_id(&token).map_or(token, |guid| guid.to_string())),
        ("incoming", text(get("incomingTokenType"))),
        ("protocol", text(get("authenticationProtocol"))),
        ("code", text(code)),
        ("ip", address),
    ])
}

/// Keys in lower case; of a diagnostic record those of its properties stand over those beside them.
fn flat(record: &Value) -> BTreeMap<String, Value> {
    let lower = |object: &Value| -> Vec<(String, Value)> {
        let members = object.as_object().into_iter().flatten();
        members.map(|(key, value)| (key.to_lowercase(), value.clone())).collect()
    };
    let mut all: BTreeMap<String, Value> = lower(record).into_iter().collect();
    if let Some(properties) = all.remove("properties") {
        // Beside the properties these mean something else.
        all.remove("resourceid");
        all.extend(lower(&properties));
    }
    all
}

/// A CSV by the rules of RFC 4180, in the plainest way.
fn rows(text: &str) -> Vec<BTreeMap<String, Value>> {
    let mut rows: Vec<Vec<String>> = vec![vec![String::new()]];
    let mut quoted = false;
    let mut letters = text.trim_start_matches('\u{feff}').chars().peekable();
    while let Some(letter) = letters.next() {
        let cell = rows.last_mut().unwrap().last_mut().unwrap();
        match letter {
            '"' if quoted && letters.peek() == Some(&'"') => cell.push(letters.next().unwrap()),
            '"' => quoted = !quoted,
            ',' if !quoted => rows.last_mut().unwrap().push(String::new()),
            '\r' if !quoted => {}
            '\n' if !quoted => rows.push(vec![String::new()]),
            other => cell.push(other),
        }
    }
    rows.retain(|row| row.len() > 1);
    let header: Vec<String> = rows.remove(0).iter().map(|name| name.replace(" [UTC]", "").to_lowercase()).collect();
    rows.iter()
        .map(|row| {
            let mut record: BTreeMap<String, Value> =
                header.iter().cloned().zip(row.iter().map(|cell| Value::String(cell.clone()))).collect();
            for name in ["status"] {
                if let Some(dynamic) = record.get(&format!("{name}_dynamic")).cloned() {
                    record.insert(name.to_owned(), dynamic);
                }
            }
            record
        })
        .collect()
}

/// Compares each event with the independent readings of the records that have its id.
fn assert_read_alike(name: &str, told: &[Told], records: &[BTreeMap<String, Value>]) {
    let all: Vec<Told> = records.iter().map(expected).collect();
    for event in told {
        let mut same: Vec<&Told> =
            all.iter().filter(|record| record["id"] == event["id"] && record["time"] == event["time"]).collect();
        if event["id"] == ABSENT {
            same.retain(|record| record.iter().all(|(column, value)| event[column] == *value));
        }
        let first = same.first().unwrap_or_else(|| panic!("{name}: nobody else reads {event:#?}"));
        // Anonymised records may share id and time: one of them must be the same throughout.
        let is_same = |record: &&&Told| record.iter().all(|(column, value)| event[column] == *value);
        for (column, value) in *same.iter().find(is_same).unwrap_or(first) {
            assert_eq!(&event[column], value, "{name}: {column} of {}", event["id"]);
        }
    }
}

/// Diagnostic records and Graph objects of four sign-in streams.
fn is_sign_in(record: &Value) -> bool {
    let category = record["category"].as_str().map(str::to_lowercase);
    match category.as_deref() {
        Some(
            "signinlogs"
            | "noninteractiveusersigninlogs"
            | "serviceprincipalsigninlogs"
            | "managedidentitysigninlogs"
            | "adfssigninlogs",
        ) => true,
        Some(_) => false,
        None => record.get("createdDateTime").is_some() && record.get("status").is_some(),
    }
}

#[test]
fn every_sign_in_is_read_as_others_read_it() {
    let Some(folder) = folder() else { return };
    let mut compared = 0;
    for (name, (_, _, events, ..)) in FILES.iter().filter(|(_, account)| account.2 > 0) {
        let bytes = fs::read(folder.join(name)).unwrap();
        let text = String::from_utf8(bytes.clone()).unwrap();
        if name.contains("office_activity") {
            assert!(sign_ins(&read(&[(name, &bytes)])).is_empty(), "{name}");
            continue;
        }
        let records: Vec<BTreeMap<String, Value>> = if name.ends_with(".csv") {
            rows(&text)
        } else {
            let lines = text.lines().filter(|line| !line.trim().is_empty());
            let values = lines.map(|line| serde_json::from_str::<Value>(line).unwrap());
            values.filter(is_sign_in).map(|record| flat(&record)).collect()
        };
        let told = sign_ins(&read(&[(name, &bytes)]));
        if records.is_empty() {
            assert!(told.is_empty(), "{name}");
            continue;
        }
        assert_eq!(told.len() as u64, *events, "{name}");
        assert_read_alike(name, &told, &records);
        compared += told.len();
    }
    assert_eq!(compared, 1_200 + 1 + 2 + 3 + 6 + 1 + 1 + 1 + 4 + 2 + 45 + 56 + 1);
}

/// The logs inside lines of `{"…", "log": {…}}`, each a line.
fn logs(text: &str) -> Vec<Value> {
    text.lines().map(|line| serde_json::from_str::<Value>(line).unwrap()["log"].clone()).collect()
}

#[test]
fn the_logs_inside_the_lines_of_others_are_accounted_for() {
    let Some(folder) = folder() else { return };
    for (name, expected, sign_ins_of_their_own) in [
        // Sixteen records of Entra, eighteen of the unified audit log, three of Automation. One of the
        // unified audit log has a time with 65 seconds.
        ("splunk/data_sources_example_logs.ndjson", (37, 33, 0, 4), 2),
        // Six are of other products; six of fourteen sign-ins of Entra are the same one, told differently. Of the two of
        // the unified audit log, which have one id, one failed by a wrong password and one did not.
        ("panther/tests.ndjson", (47, 39, 2, 6), 11),
    ] {
        let records = logs(&fs::read_to_string(folder.join(name)).unwrap());
        let text: String = records.iter().map(|record| format!("{record}\n")).collect();
        let case = read(&[(name, text.as_bytes())]);
        let input = &case.inputs[0];
        let other: u64 = input.other.values().sum();
        let is = (input.records, input.events + input.duplicates + input.merged, other, input.refused_total);
        assert_eq!(is, expected, "{name}");
        let mut told = sign_ins(&case);
        assert_eq!(told.len(), sign_ins_of_their_own, "{name}");
        // Those of the unified audit log have a shape of their own.
        let unified: Vec<&str> = records.iter().filter_map(|record| record["IntraSystemId"].as_str()).collect();
        told.retain(|event| !unified.contains(&event["id"].as_str()));
        let readings: Vec<_> = records.iter().filter(|record| is_sign_in(record)).map(flat).collect();
        assert_read_alike(name, &told, &readings);
    }
}

#[test]
fn the_real_headers_of_the_admin_center_are_those_that_are_read() {
    let Some(folder) = folder() else { return };
    let bytes = fs::read(folder.join("portal-csv/portal_headers.json")).unwrap();
    let headers: Value = serde_json::from_slice(&bytes).unwrap();
    let ours: Vec<&str> = crate::portal::ROW.iter().map(|(name, _)| *name).collect();
    let header = headers["InteractiveSignIns_and_NonInteractiveSignIns"].as_str().unwrap();
    assert_eq!(header.split(',').collect::<Vec<_>>(), ours);
    for (key, name, format) in [
        ("InteractiveSignIns_and_NonInteractiveSignIns", "InteractiveSignIns.csv", "portal-sign-in-csv"),
        ("ApplicationSignIns", "ApplicationSignIns.csv", "portal-sign-in-csv"),
        ("legacy_or_tool", "SignInLogs.csv", "script-sign-in-csv"),
    ] {
        let header = headers[key].as_str().unwrap();
        let cell = |name: &str| match name.trim() {
            "Date (UTC)" | "CreatedDateTime" => "2025-12-04T08:19:41Z",
            "Status" => "Success",
            _ => "",
        };
        let text = format!("{header}\r\n{}\r\n", header.split(',').map(cell).collect::<Vec<_>>().join(","));
        let case = read(&[(name, text.as_bytes())]);
        let input = &case.inputs[0];
        assert_eq!((input.format.as_str(), input.records, input.events), (format, 1, 1), "{key}");
    }
}
