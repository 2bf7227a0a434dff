//! The same tenant in the forms that no service writes: the fields that Splunk extracted, Elastic's documents
//! without the original, the tables of Microsoft-Analyzer-Suite and of scripts. Each gives back what its table
//! carries, and nothing else.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};
use signin_sleuth::formats::{ALL, Format};
use signin_sleuth::generate::Format as Written;

use crate::loss::{FIELDS, MEASURE, TENANT, is_the_same};
use crate::splunk::extracted;
use crate::support::{ABSENT, EMPTY, Told, read, tell, with};

/// The sign-ins of people as records of Azure Monitor or of Graph.
fn records(written: Written) -> Vec<Value> {
    let files = TENANT.write(written);
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    let lines: Vec<Value> = files
        .iter()
        .flat_map(|file| {
            text(&file.bytes).lines().map(|line| serde_json::from_str(line).unwrap()).collect::<Vec<Value>>()
        })
        .collect();
    let of =
        |record: &Value| if record["properties"].is_object() { record["properties"].clone() } else { record.clone() };
    lines
        .into_iter()
        .filter(|record| of(record)["createdDateTime"].is_string() && of(record)["userId"].is_string())
        .collect()
}

/// Without members that are null: engines keep none of them.
fn without_nulls(value: &Value) -> Value {
    match value {
        Value::Object(map) => Value::Object(
            map.iter()
                .filter(|(_, inner)| !inner.is_null())
                .map(|(key, inner)| (key.clone(), without_nulls(inner)))
                .collect(),
        ),
        Value::Array(list) => list.iter().map(without_nulls).collect(),
        other => other.clone(),
    }
}

fn in_splunk(record: &Value) -> String {
    format!("{}\n", json!({"preview": false, "result": extracted(&without_nulls(record))}))
}

/// `createdDateTime` as `created_date_time`.
fn snake(name: &str) -> String {
    let mut snake = String::new();
    let mut before = ' ';
    for letter in name.chars() {
        if letter.is_ascii_uppercase() && before.is_ascii_lowercase() {
            snake.push('_');
        }
        snake.push(letter.to_ascii_lowercase());
        before = letter;
    }
    snake
}

fn in_snake(value: &Value) -> Value {
    match value {
        Value::Object(map) => Value::Object(map.iter().map(|(key, inner)| (snake(key), in_snake(inner))).collect()),
        Value::Array(list) => list.iter().map(in_snake).collect(),
        other => other.clone(),
    }
}

/// A document of Elastic, by the renames of its pipeline.
fn in_elastic(record: &Value) -> String {
    let properties = record["properties"].as_object().unwrap();
    let mut kept = Map::new();
    for (name, value) in properties {
        let name = match name.as_str() {
            "ipAddress" | "location" | "userAgent" | "tenantId" => continue,
            "createdDateTime" => "created_at".to_owned(),
            "processingTimeInMilliseconds" => "processing_time_ms".to_owned(),
            "riskLevelDuringSignIn" => "risk_level_during_signin".to_owned(),
            name => snake(name),
        };
        let value = match name.as_str() {
            "status" => json!({"error_code": value["errorCode"]}),
            "authentication_processing_details" => {
                let pairs = value.as_array().into_iter().flatten();
                pairs
                    .map(|pair| (pair["key"].as_str().unwrap().to_owned(), pair["value"].clone()))
                    .collect::<Map<_, _>>()
                    .into()
            }
            _ => in_snake(value),
        };
        kept.insert(name, value);
    }
    let place = &properties["location"];
    let document = json!({
        "@timestamp": record["time"],
        "azure": {"tenant_id": record["tenantId"], "correlation_id": properties["correlationId"],
            "signinlogs": {"category": record["category"], "result_type": record["resultType"],
                "result_description": record["resultDescription"], "properties": kept}},
        "geo": {"country_iso_code": place["countryOrRegion"], "country_name": place["state"], "city_name": place["city"],
            "location": {"lat": place["geoCoordinates"]["latitude"], "lon": place["geoCoordinates"]["longitude"]}},
        "source": {"ip": properties["ipAddress"]},
        "user_agent": {"original": properties["userAgent"]},
        "event": {"id": properties["id"]},
    });
    format!("{}\n", without_nulls(&document))
}

/// The name of a column, and its cell of a record.
type Column = (&'static str, fn(&Value) -> Value);

/// A table of these columns, a row a record.
fn table(columns: &[Column], records: &[Value]) -> String {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(columns.iter().map(|(name, _)| *name)).unwrap();
    for record in records {
        let cells = columns.iter().map(|(_, cell)| match cell(record) {
            Value::String(text) => text,
            Value::Null => String::new(),
            Value::Bool(flag) => if flag { "True" } else { "False" }.to_owned(),
            Value::Array(list) => list.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(", "),
            other => other.to_string(),
        });
        writer.write_record(cells).unwrap();
    }
    String::from_utf8(writer.into_inner().unwrap()).unwrap()
}

/// The value of a processing detail.
fn detail(record: &Value, key: &str) -> Value {
    let mut pairs = record["authenticationProcessingDetails"].as_array().into_iter().flatten();
    pairs.find(|pair| pair["key"] == key).map_or(Value::Null, |pair| pair["value"].clone())
}

/// The columns of Microsoft-Analyzer-Suite.
const SUITE: &[Column] = &[
    ("Id", |row| row["id"].clone()),
    ("CreatedDateTime", |row| row["createdDateTime"].as_str().unwrap().replace('T', " ").replace('Z', "").into()),
    ("CorrelationId", |row| row["correlationId"].clone()),
    ("OriginalRequestId", |row| row["originalRequestId"].clone()),
    ("SessionId", |row| row["sessionId"].clone()),
    ("UniqueTokenIdentifier", |row| row["uniqueTokenIdentifier"].clone()),
    ("UserId", |row| row["userId"].clone()),
    ("UserPrincipalName", |row| row["userPrincipalName"].clone()),
    ("UserDisplayName", |row| row["userDisplayName"].clone()),
    ("UserType", |row| row["userType"].clone()),
    ("AppId", |row| row["appId"].clone()),
    ("AppDisplayName", |row| row["appDisplayName"].clone()),
    ("ResourceId", |row| row["resourceId"].clone()),
    ("ResourceDisplayName", |row| row["resourceDisplayName"].clone()),
    ("HomeTenantId", |row| row["homeTenantId"].clone()),
    ("ResourceTenantId", |row| row["resourceTenantId"].clone()),
    ("IpAddress", |row| row["ipAddress"].clone()),
    ("ASN", |row| row["autonomousSystemNumber"].clone()),
    ("CountryOrRegion", |row| row["location"]["countryOrRegion"].clone()),
    ("State", |row| row["location"]["state"].clone()),
    ("City", |row| row["location"]["city"].clone()),
    ("Latitude", |row| row["location"]["geoCoordinates"]["latitude"].clone()),
    ("Longitude", |row| row["location"]["geoCoordinates"]["longitude"].clone()),
    ("ClientAppUsed", |row| row["clientAppUsed"].clone()),
    ("UserAgent", |row| row["userAgent"].clone()),
    ("DeviceId", |row| row["deviceDetail"]["deviceId"].clone()),
    ("DisplayName", |row| row["deviceDetail"]["displayName"].clone()),
    ("OperatingSystem", |row| row["deviceDetail"]["operatingSystem"].clone()),
    ("Browser", |row| row["deviceDetail"]["browser"].clone()),
    ("TrustType", |row| row["deviceDetail"]["trustType"].clone()),
    ("IsCompliant", |row| row["deviceDetail"]["isCompliant"].clone()),
    ("IsManaged", |row| row["deviceDetail"]["isManaged"].clone()),
    ("IncomingTokenType", |row| row["incomingTokenType"].clone()),
    ("AuthenticationProtocol", |row| row["authenticationProtocol"].clone()),
    ("OriginalTransferMethod", |row| row["originalTransferMethod"].clone()),
    ("SignInTokenProtectionStatus", |row| row["tokenProtectionStatusDetails"]["signInSessionStatus"].clone()),
    ("ErrorCode", |row| row["status"]["errorCode"].clone()),
    ("FailureReason", |row| row["status"]["failureReason"].clone()),
    ("AdditionalDetails", |row| row["status"]["additionalDetails"].clone()),
    ("ConditionalAccessStatus", |row| row["conditionalAccessStatus"].clone()),
    ("AuthenticationRequirement", |row| row["authenticationRequirement"].clone()),
    ("RiskLevelDuringSignIn", |row| row["riskLevelDuringSignIn"].clone()),
    ("RiskLevelAggregated", |row| row["riskLevelAggregated"].clone()),
    ("RiskState", |row| row["riskState"].clone()),
    ("RiskDetail", |row| row["riskDetail"].clone()),
    ("RiskEventTypesV2", |row| row["riskEventTypes_v2"].clone()),
    ("IsInteractive", |row| row["isInteractive"].clone()),
    ("SignInEventTypes", |row| row["signInEventTypes"].clone()),
    ("Is CAE Token", |row| detail(row, "Is CAE Token")),
    ("Oauth Scope Info", |row| detail(row, "Oauth Scope Info")),
    ("Root Key Type", |row| detail(row, "Root Key Type")),
];

/// The columns of a script.
const SCRIPT: &[Column] = &[
    ("CreatedDateTime", |row| row["createdDateTime"].clone()),
    ("UserPrincipalName", |row| row["userPrincipalName"].clone()),
    ("UserDisplayName", |row| row["userDisplayName"].clone()),
    ("AppDisplayName", |row| row["appDisplayName"].clone()),
    ("IPAddress", |row| row["ipAddress"].clone()),
    ("City", |row| row["location"]["city"].clone()),
    ("Country", |row| row["location"]["countryOrRegion"].clone()),
    ("Device", |row| row["deviceDetail"]["displayName"].clone()),
    ("Browser", |row| row["deviceDetail"]["browser"].clone()),
    ("OS", |row| row["deviceDetail"]["operatingSystem"].clone()),
    (
        "Status",
        |row| if row["status"]["errorCode"] == 0 { json!("Success") } else { row["status"]["errorCode"].clone() },
    ),
    ("RiskState", |row| row["riskState"].clone()),
    ("RiskLevelDuringSignIn", |row| row["riskLevelDuringSignIn"].clone()),
    ("RiskLevelAggregated", |row| row["riskLevelAggregated"].clone()),
    ("ConditionalAccessStatus", |row| row["conditionalAccessStatus"].clone()),
];

/// Fields that are not as the measure says, and why.
const OTHERWISE: &[(&str, &[&str], &str)] = &[
    ("splunk-azure-monitor", &["policies", "log_tenant"], "controls are lists in lists, which have no columns"),
    ("splunk-graph-sign-in", &["policies", "log_tenant"], "as records of Azure Monitor; Graph names no tenant"),
    ("elastic-sign-in", &["details", "reason"], "reason and details are one message"),
    ("analyzer-suite-sign-in-csv", &["processing"], "it has the details that it has columns for"),
    ("script-sign-in-csv", &["code"], "a word where it succeeded"),
];

#[test]
fn forms_that_engines_and_tools_make_give_back_what_they_carry_and_nothing_else() {
    let (monitor, graph) = (records(Written::AzureMonitor), records(Written::GraphNdjson));
    let lines = |records: &[Value], write: fn(&Value) -> String| records.iter().map(write).collect::<String>();
    let mut wrong: BTreeMap<String, String> = BTreeMap::new();
    for (name, records, file, text) in [
        ("splunk-azure-monitor", &monitor, "a.json", lines(&monitor, in_splunk)),
        ("splunk-graph-sign-in", &graph, "a.json", lines(&graph, in_splunk)),
        ("elastic-sign-in", &monitor, "a.ndjson", lines(&monitor, in_elastic)),
        ("analyzer-suite-sign-in-csv", &graph, "Untouched.csv", table(SUITE, &graph)),
        ("script-sign-in-csv", &graph, "SignIns.csv", table(SCRIPT, &graph)),
    ] {
        let case = read(&[(file, text.as_bytes())]);
        let format: &Format = ALL.iter().find(|format| format.name == name).unwrap();
        assert_eq!((case.inputs[0].format.as_str(), case.inputs[0].records), (name, records.len() as u64));
        assert!(case.inputs[0].damaged.is_empty() && case.inputs[0].refused_total == 0, "{:?}", case.inputs[0]);
        let told: Vec<(usize, Told)> =
            case.store.sign_ins.iter().map(|row| (row.record as usize, tell(&case.store, row))).collect();
        assert!(told.len() > 50, "{name}: {}", told.len());
        for (record, told) in &told {
            let record = &records[*record];
            let id = record["properties"]["id"].as_str().or_else(|| record["id"].as_str()).unwrap();
            let measure = &MEASURE[id];
            for (field, columns) in FIELDS {
                if OTHERWISE.iter().any(|(of, fields, _)| *of == name && fields.contains(field)) {
                    continue;
                }
                let is_carried = columns.iter().any(|column| format.fills(*column)) || composes(format, field);
                let is = &told[field];
                let nothing = is == ABSENT || is == EMPTY;
                // Engines keep nothing of what is null: it is absent where it was empty.
                let right = if is_carried { is_alike(format, field, is, measure) } else { nothing };
                if !right {
                    let carried = if is_carried { "carried" } else { "not carried" };
                    wrong
                        .entry(format!("{name}, {field} is {carried}"))
                        .or_insert_with(|| format!("{is} for {}", measure[field]));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// Nested values that a format composes of columns of their own.
fn composes(format: &Format, field: &str) -> bool {
    !format.flat.is_empty() && field == "processing"
}

/// Whether a field is what the measure says, as far as the form keeps it.
fn is_alike(format: &Format, field: &str, is: &str, measure: &Told) -> bool {
    let list = |text: &str| serde_json::from_str::<Vec<Value>>(text).unwrap_or_default();
    let expected = &measure[field];
    match (format.name, field) {
        // An object has no order of its keys.
        ("elastic-sign-in", "processing") => {
            let sorted = |text: &str| list(text).iter().map(Value::to_string).collect::<BTreeSet<_>>();
            sorted(is) == sorted(expected)
        }
        // A member that one step lacks cannot be shared out among the others.
        ("splunk-azure-monitor" | "splunk-graph-sign-in", "steps") => {
            let without = |text: &str| -> Vec<Value> {
                list(text).into_iter().map(|step| with(step, json!({"detail": ABSENT}))).collect()
            };
            without(is) == without(expected)
        }
        _ => is_the_same(format, field, is, measure),
    }
}
