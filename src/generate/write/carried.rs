//! Azure Monitor records as Splunk and Elastic carry them: the record as it came in, as text in a cell.

use crate::generate::{File, Tenant};

use super::json::{Json, Object, object};
use super::{azure_monitor, csv, lines};

/// Lines of a dump of an index: `{"_index":…,"_source":{…}}`, the record under `event.original`.
pub(super) fn elastic(tenant: &Tenant) -> Vec<File> {
    let hits = azure_monitor::records(tenant).into_iter().zip(0_i64..).map(|(record, number)| {
        object! {
            "_index": ".ds-logs-azure.signinlogs-default-2026.11.02-000001",
            "_id": format!("hit-{number}"),
            "_score": Json::Null,
            "_source": object! {
                "@timestamp": "2026-11-20T08:00:00.000Z",
                "tags": vec!["preserve_original_event"],
                "event": object! { "original": Json::from(record).line(), "kind": "event" },
            },
        }
    });
    vec![lines("elastic.ndjson", hits)]
}

/// Lines of a search's export: `{"preview":false,"offset":…,"result":{…}}`, the record under `_raw`.
pub(super) fn splunk(tenant: &Tenant) -> Vec<File> {
    let results = azure_monitor::records(tenant).into_iter().zip(0_i64..).map(|(record, number)| {
        object! { "preview": false, "offset": number, "result": result(record) }
    });
    vec![lines("splunk.json", results)]
}

/// The same as a table, with the columns that a search gives.
pub(super) fn splunk_csv(tenant: &Tenant) -> Vec<File> {
    let rows: Vec<Object> = azure_monitor::records(tenant).into_iter().map(result).collect();
    let columns = ["_raw", "_time", "host", "source", "sourcetype", "index"].map(str::to_owned);
    let cells = rows.into_iter().map(|row| row.0.into_iter().map(|(_, value)| value).collect());
    vec![super::file("splunk.csv", csv::table(&columns, cells))]
}

fn result(record: Object) -> Object {
    object! {
        "_raw": Json::from(record).line(),
        "_time": "2026-11-20T09:00:00.000+0100",
        "host": "forwarder.contoso.example",
        "source": "eventhub://insights-logs",
        "sourcetype": "azure:monitor:aad",
        "index": "main",
    }
}
