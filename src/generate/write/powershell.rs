//! Objects of the Microsoft Graph PowerShell SDK: as `ConvertTo-Json` and as `Export-Csv` write them.

use serde_json::{Map, Value};

use crate::events::vocabulary::Stream;
use crate::generate::{File, Tenant};

use super::json::{Json, Object};
use super::{audits, csv, file, graph};

/// Beta sign-ins and the audit log, each an array.
pub(super) fn beta(tenant: &Tenant) -> Vec<File> {
    let rows = tenant.sign_ins.iter().map(|row| graph::beta(row, tenant.detail));
    vec![array("SignIns-beta.json", rows), array("DirectoryAudits.json", audits(tenant))]
}

/// Interactive sign-ins of version 1.0.
pub(super) fn v1(tenant: &Tenant) -> Vec<File> {
    let rows = tenant.sign_ins.iter().filter(|row| row.stream == Stream::Interactive).map(graph::v1);
    vec![array("SignIns-v1.json", rows)]
}

/// Beta sign-ins of people, their nested values lost.
pub(super) fn flattened(tenant: &Tenant) -> Vec<File> {
    let rows: Vec<Map<String, Value>> = graph::user_sign_ins(tenant).map(object).collect();
    // Of objects that differ, the first says which columns there are.
    let columns: Vec<String> = rows.first().map(|row| row.keys().cloned().collect()).unwrap_or_default();
    let cells = rows.iter().map(|row| columns.iter().map(|name| flat(name, row.get(name))).collect());
    vec![file("SignIns-beta.csv", csv::table(&columns, cells))]
}

fn array(name: &str, rows: impl Iterator<Item = Object>) -> File {
    let rows: Vec<Value> = rows.map(|row| Value::Object(object(row))).collect();
    file(name, serde_json::to_string_pretty(&rows).unwrap_or_default())
}

/// A record as the SDK hands it out.
fn object(row: Object) -> Map<String, Value> {
    match serde_json::to_value(Json::from(row)).map(pascal) {
        Ok(Value::Object(map)) => map,
        _ => Map::new(),
    }
}

/// Keys in Pascal case, and what the module does not know beside them: nothing.
fn pascal(value: Value) -> Value {
    match value {
        Value::Array(items) => items.into_iter().map(pascal).collect(),
        Value::Object(map) => {
            let keyed = map.into_iter().map(|(key, value)| (pascal_key(&key), pascal(value)));
            let beside = ("AdditionalProperties".to_owned(), Value::Object(Map::new()));
            Value::Object(keyed.chain(std::iter::once(beside)).collect())
        }
        other => other,
    }
}

fn pascal_key(key: &str) -> String {
    crate::words::capital(&key.replace("_v2", "V2"))
}

/// What `Export-Csv` makes of a value.
fn flat(name: &str, value: Option<&Value>) -> Json {
    match value {
        Some(Value::Bool(flag)) => Json::from(if *flag { "True" } else { "False" }),
        Some(Value::Number(number)) => Json::from(number.to_string()),
        Some(Value::String(text)) => Json::from(text),
        Some(Value::Array(_)) => Json::from("System.Object[]"),
        Some(Value::Object(_)) => Json::from(format!("Microsoft.Graph.Beta.PowerShell.Models.MicrosoftGraph{name}")),
        Some(Value::Null) | None => Json::Null,
    }
}
