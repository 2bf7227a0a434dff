//! `--zone` and `--day-order`.

use serde_json::{Value, json};

use super::fixtures::{folder, lines, pivots, redeemed, sign_in, write};
use super::running::run;

/// The redemption as a row of a workspace, an hour ahead of UTC and without a zone.
fn row() -> Value {
    let record = redeemed(2, 1, 1, "2026-11-12T16:52:31");
    let mut row = json!({"Type": "AADNonInteractiveUserSignInLogs", "IPAddress": record["ipAddress"],
        "LocationDetails": record["location"], "ResourceIdentity": record["resourceId"]});
    for (key, value) in record.as_object().unwrap() {
        row[key[..1].to_uppercase() + &key[1..]] = value.clone();
    }
    row
}

#[test]
fn a_zone_is_told_of_one_file_or_of_all_that_leave_it_open() {
    let folder = folder();
    write(folder.path(), "a.ndjson", lines(&[sign_in(1, 1, 1, "2026-11-12T15:41:08Z")]));
    write(folder.path(), "case/b.ndjson", lines(&[row()]));
    let found = |arguments: &[&str]| {
        let ran = run(folder.path(), &[&["analyze", ".", "--output", "json"], arguments].concat());
        (pivots(&ran.json()).len(), ran.err)
    };
    assert_eq!(found(&[]).0, 0);
    for zone in ["Europe/Berlin", "+01:00", "b.ndjson=Europe/Berlin", "case/b.ndjson=+1"] {
        assert_eq!(found(&["--zone", zone]).0, 1, "{zone}");
    }
    assert_eq!(found(&["--zone", "+03:00"]).0, 0, "another order of events");
    let (pairs, said) = found(&["--zone", "c.ndjson=Europe/Berlin"]);
    assert_eq!(pairs, 0);
    assert!(said.contains("c.ndjson: no such input"), "{said}");
}

#[test]
fn what_is_no_zone_or_order_is_told_with_what_would_be() {
    let folder = folder();
    write(folder.path(), "a.ndjson", lines(&[row()]));
    for (option, value, told) in [
        ("--zone", "Mars/Phobos", "Europe/Berlin"),
        ("--zone", "a.ndjson=+25:00", "+02:00"),
        ("--day-order", "first", "day-first or month-first"),
    ] {
        let ran = run(folder.path(), &["analyze", "a.ndjson", option, value]);
        assert_eq!(ran.code, 2, "{ran:?}");
        assert!(ran.err.contains(told), "{}", ran.err);
    }
    let inspected = run(folder.path(), &["inspect", "a.ndjson", "--zone", "Europe/Berlin", "--output", "json"]);
    assert_eq!(inspected.json()[0]["first"], "2026-11-12T15:52:31.000000Z");
}
