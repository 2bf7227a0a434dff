//! Runs records through the way as a whole.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use signin_sleuth::analysis::clock::Times;
use signin_sleuth::analysis::{Case, Merged, Part, Reading, detect, merge};
use signin_sleuth::detections::Tuning;
use signin_sleuth::report::Reporter;

/// A case from files of lines. It makes no difference whether the first of them is added later.
pub(crate) fn case(files: &[(&str, String)]) -> Case {
    let part = |(number, (name, text)): (usize, &(&str, String))| {
        let mut reading = Reading::new(name, number as u32, 0);
        reading.feed(text.as_bytes());
        reading.finish()
    };
    let parts: Vec<Part> = files.iter().enumerate().map(part).collect();
    let case = Case::gather(parts.clone());
    if let [first, others @ ..] = parts.as_slice()
        && !others.is_empty()
    {
        let later = Case::gather(others.to_vec()).add(vec![first.clone()], &Times::default());
        let lines = |case: &Case| format!("{:#}", report(case, &Tuning::default()));
        let (whole, later) = (lines(&case), lines(&later));
        let differing = whole.lines().zip(later.lines()).find(|(whole, later)| whole != later);
        assert_eq!(differing, None, "the first is added later");
        assert_eq!(whole.len(), later.len());
    }
    case
}

/// What was found in a case, in one go.
pub(crate) fn merged(case: &Case, tuning: &Tuning) -> Merged {
    merge(case, detect(case, 0..case.buckets.len(), tuning))
}

/// The report of a case.
pub(crate) fn report(case: &Case, tuning: &Tuning) -> Value {
    let merged = merged(case, tuning);
    serde_json::to_value(Reporter { case, merged: &merged, tuning }.report()).expect("a report is JSON")
}

/// The report of some records under the default tuning.
pub(crate) fn report_of(records: &[Value]) -> Value {
    report(&case(&[("records.ndjson", lines(records))]), &Tuning::default())
}

/// A tuning from `key=value` settings separated by blanks.
pub(crate) fn tuning(text: &str) -> Tuning {
    let mut tuning = Tuning::default();
    for setting in text.split_whitespace() {
        let (key, value) = setting.split_once('=').expect("key=value");
        tuning.set(key, value).expect("a tuning that is taken");
    }
    tuning
}

/// One record a line, without the fields that are notes of the fixture.
pub(crate) fn lines(records: &[Value]) -> String {
    let mut text = String::new();
    for record in records {
        let mut record = record.clone();
        if let Some(map) = record.as_object_mut() {
            map.retain(|key, _| !key.starts_with('_'));
        }
        text.push_str(&record.to_string());
        text.push('\n');
    }
    text
}

/// Where the fixtures of a detection stand.
pub(crate) fn folder(file: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/detections").join(file)
}

/// The records of a fixture.
pub(crate) fn fixture(file: &str, kind: &str) -> Vec<Value> {
    let path = folder(file).join(format!("{kind}.ndjson"));
    let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    text.lines().map(|line| serde_json::from_str(line).unwrap_or_else(|error| panic!("{line}: {error}"))).collect()
}

/// The records of a fixture by the tuning that they are meant for.
pub(crate) fn by_tuning(records: Vec<Value>) -> BTreeMap<String, Vec<Value>> {
    let mut groups: BTreeMap<String, Vec<Value>> = BTreeMap::new();
    for record in records {
        let tuning = record["_tune"].as_str().unwrap_or_default().to_owned();
        groups.entry(tuning).or_default().push(record);
    }
    groups
}

/// The records of all fixtures of a kind that are read together: by tuning, and those of Defender's tables
/// (`fires-defender.ndjson`) apart from the others.
pub(crate) fn groups(file: &str, kind: &str) -> Vec<(String, Vec<Value>)> {
    let defender = format!("{kind}-defender");
    let more = folder(file).join(format!("{defender}.ndjson")).exists().then(|| fixture(file, &defender));
    by_tuning(fixture(file, kind)).into_iter().chain(more.into_iter().flat_map(by_tuning)).collect()
}

/// The id that evidence names a record by.
pub(crate) fn id_of(record: &Value) -> String {
    let id = record["id"].as_str().or_else(|| record["properties"]["id"].as_str());
    let id = id.or_else(|| record["RequestId"].as_str()).or_else(|| record["Id"].as_str());
    id.unwrap_or_else(|| panic!("a record without id: {record}")).to_owned()
}

/// Numbers that look random and are the same each time.
pub(crate) struct Random(pub(crate) u64);

impl Random {
    pub(crate) fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 33) % bound.max(1) as u64) as usize
    }

    pub(crate) fn shuffle<T>(&mut self, items: &mut [T]) {
        for index in (1..items.len()).rev() {
            items.swap(index, self.below(index + 1));
        }
    }
}

const TENANT: &str = "11111111-1111-4111-8111-111111111111";
const LAPTOP: &str = "d0000000-0000-4000-8000-000000000001";
const EDGE: &str = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Safari/537.36 Edg/130.0.0.0";

/// A sign-in of Graph beta to Microsoft Teams: from home, on the user's laptop, in a session of the user.
pub(crate) fn sign_in(user: &str, id: &str, time: &str, changes: Value) -> Value {
    with(
        json!({
            "id": id,
            "createdDateTime": time,
            "userPrincipalName": format!("{user}@contoso.example"),
            "userId": guid(user),
            "appId": "1fec8e78-bce4-4aaf-ab1b-5451cc387264",
            "appDisplayName": "Microsoft Teams",
            "homeTenantId": TENANT,
            "resourceTenantId": TENANT,
            "sessionId": guid(&format!("session of {user}")),
            "isInteractive": true,
            "incomingTokenType": "none",
            "authenticationProtocol": "none",
            "originalTransferMethod": "none",
            "ipAddress": "203.0.113.10",
            "autonomousSystemNumber": 64500,
            "location": {"countryOrRegion": "DE"},
            "userAgent": EDGE,
            "deviceDetail": {"deviceId": LAPTOP, "isCompliant": true},
            "conditionalAccessAudiences": [],
            "status": {"errorCode": 0},
        }),
        changes,
    )
}

/// An event of the directory audit log, by and for the user.
pub(crate) fn audit(user: &str, id: &str, time: &str, changes: Value) -> Value {
    let who =
        json!({"id": guid(user), "userPrincipalName": format!("{user}@contoso.example"), "ipAddress": "203.0.113.10"});
    with(
        json!({
            "id": id,
            "activityDateTime": time,
            "activityDisplayName": "User registered security info",
            "category": "UserManagement",
            "result": "success",
            "initiatedBy": {"user": who},
            "targetResources": [],
        }),
        changes,
    )
}

/// A record with some fields changed; a change to null takes the field away.
pub(crate) fn with(mut record: Value, changes: Value) -> Value {
    let fields = record.as_object_mut().expect("an object");
    for (key, value) in changes.as_object().expect("an object") {
        if value.is_null() {
            fields.remove(key);
        } else {
            fields.insert(key.clone(), value.clone());
        }
    }
    record
}

/// A GUID that stands for a text.
pub(crate) fn guid(text: &str) -> String {
    let mut value = 0xcbf2_9ce4_8422_2325_u64;
    let mut half = |salt: u8| {
        for byte in text.bytes().chain([salt]) {
            value = (value ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
        value
    };
    let (left, right) = (half(1), half(2));
    let digits = format!("{left:016x}{right:016x}");
    format!("{}-{}-{}-{}-{}", &digits[..8], &digits[8..12], &digits[12..16], &digits[16..20], &digits[20..])
}
