//! Traps of times and durations: every spelling of a moment, with and without a zone.

use serde_json::json;

use crate::support::{ABSENT, assert_told, graph, monitor, read_json, sign_in, with};

#[test]
fn times_in_every_spelling_are_one_moment() {
    for text in [
        "2026-09-13T01:22:28Z",
        "2026-09-13T01:22:28.0000000Z",
        "2026-09-13T01:22:28.0000000+00:00",
        "2026-09-12T20:22:28-05:00",
        "2026-09-13 01:22:28Z",
        "2026-09-13T01:22:28Z ",
        "9/13/2026 1:22:28 AM +00:00",
        "/Date(1789262548000)/",
    ] {
        let case = read_json(&[graph(json!({"createdDateTime": text}))]);
        assert_told(&sign_in(&case), &[("time", "2026-09-13T01:22:28.000000Z"), ("doubts", "0")]);
    }
    // Graph writes UTC, and says so in its reference; a PowerShell table has the times of its machine.
    let unzoned = read_json(&[graph(json!({"createdDateTime": "2026-09-13T01:22:28"}))]);
    assert_told(&sign_in(&unzoned), &[("time", "2026-09-13T01:22:28.000000Z"), ("doubts", "0")]);
    let refused = read_json(&[graph(json!({"createdDateTime": "soon"})), graph(json!({}))]);
    assert_eq!((refused.inputs[0].refused_total, refused.inputs[0].events), (1, 1));
    assert_eq!(refused.inputs[0].refused[0].reason, "it has no time that can be read");
}

#[test]
fn latency_is_read_as_number_and_as_text() {
    for value in [json!(239), json!("239"), json!(239.0)] {
        let case = read_json(&[monitor(json!({"processingTimeInMilliseconds": value}))]);
        assert_told(&sign_in(&case), &[("latency", "239")]);
    }
    // `durationMs` beside the record is that of its writing, in either type.
    for value in [json!(0), json!("0")] {
        let case = read_json(&[with(monitor(json!({})), json!({"durationMs": value}))]);
        assert_told(&sign_in(&case), &[("latency", ABSENT)]);
    }
}
