//! Records that Splunk and Elastic carry as they came in: the same event as the record alone.

use serde_json::{Value, json};

use crate::support::{csv, monitor, read, read_csv, read_json, sign_in};

fn record() -> Value {
    monitor(json!({"sessionId": "008b57fa-8d12-7c5c-8d3a-000000000001", "incomingTokenType": "refreshToken"}))
}

#[test]
fn a_record_that_splunk_or_elastic_carries_is_read_as_it_came_in() {
    let alone = sign_in(&read_json(&[record()]));
    let text = record().to_string();
    for wrapped in [
        json!({"preview": false, "offset": 0, "lastrow": true, "result": {"_raw": text, "_time": "x", "user": "other"}}),
        json!({"result": record()}),
        json!({"preview": false, "results": [{"_raw": text, "sourcetype": "azure:monitor:aad"}]}),
        json!({"_index": "logs-azure", "_id": "1", "_source": {"@timestamp": "2026-09-13T02:00:00Z",
            "event": {"original": text}, "azure": {"signinlogs": {"category": "SignInLogs"}}}}),
        json!({"_index": "logs-azure", "_source": {"event.original": text}}),
        json!({"@timestamp": "2026-09-13T02:00:00Z", "message": text}),
        json!({"took": 3, "hits": {"total": {"value": 1}, "max_score": null,
            "hits": [{"_source": {"event": {"original": text}}}]}, "timed_out": false}),
    ] {
        let case = read_json(std::slice::from_ref(&wrapped));
        assert_eq!(sign_in(&case), alone, "{wrapped}");
        let pretty = serde_json::to_string_pretty(&wrapped).unwrap();
        assert_eq!(sign_in(&read(&[("a.json", pretty.as_bytes())])), alone, "{wrapped}");
    }
    for table in [
        csv(&[("_time", "2026-09-13"), ("sourcetype", "azure:monitor:aad"), ("_raw", &text)]),
        csv(&[("@timestamp", "Sep 13, 2026 @ 01:22:28.123"), ("event.original", &text)]),
    ] {
        assert_eq!(sign_in(&read_csv(&table)), alone, "{table}");
    }
}

#[test]
fn a_search_without_hits_and_a_key_of_that_name_are_no_envelopes() {
    let case = read_json(&[json!({"hits": {"total": 0, "hits": []}}), json!({"hits": {"a": [1]}}), record()]);
    assert_eq!((case.inputs[0].events, case.inputs[0].records), (1, 2));
}
