//! The graph of tokens and the way in kilometres.

use serde_json::{Value, json};

use crate::exports::{HOSTING, OPENED, OSLO, STOLEN, desk, history, ndjson, opened, own, session, sign_in, stolen};

const OFFICE: (&str, &str) = ("Microsoft Office", "d3590ed6-52b3-4102-aeff-aad2292ab01c");
const DEVICE: &str = "ffffffff-0000-4000-8000-000000000999";

/// The record with the coordinates of Amsterdam where it comes from there.
fn placed(mut record: Value) -> Value {
    if record["location"]["city"] == "Amsterdam" {
        record["location"]["geoCoordinates"] = json!({"latitude": 52.37, "longitude": 4.9});
    }
    record
}

fn told(records: Vec<Value>, id: &str) -> Value {
    let records: Vec<Value> = records.into_iter().map(placed).collect();
    session(&desk(&[("all.ndjson", ndjson(&records))]), id)
}

#[test]
fn a_session_tells_how_far_and_how_fast_it_went() {
    let view = told([history(), stolen()].concat(), STOLEN);
    let distance = &view["distance"];
    assert_eq!(
        (&distance["home"], &distance["usual"], &distance["unplaced"]),
        (&json!("Oslo"), &json!(true), &json!(0))
    );
    // Two of the owner at home, then the first and the last of three in Amsterdam, 910 km away.
    let points: Vec<(i64, &str)> = distance["points"]
        .as_array()
        .expect("points")
        .iter()
        .map(|point| (point["km"].as_f64().expect("a number").round() as i64, point["at"].as_str().expect("a place")))
        .collect();
    assert_eq!(points, [(0, "Oslo"), (0, "Oslo"), (910, "Amsterdam"), (910, "Amsterdam")]);
    // 910 km in 9 minutes and 11 seconds.
    let leap = &distance["leap"];
    assert_eq!(
        (&leap["km"], leap["to"].as_i64().zip(leap["from"].as_i64()).map(|(to, from)| to - from)),
        (&json!(910.0), Some(551_000))
    );
    let speed = leap["speed"].as_f64().expect("a speed");
    assert!((5_935.0..5_955.0).contains(&speed), "{speed}");
}

#[test]
fn without_coordinates_a_country_stands_and_says_how_wrong_it_may_be() {
    let bare = |mut record: Value| {
        record["location"]["geoCoordinates"] = Value::Null;
        record
    };
    let records: Vec<Value> = [history(), stolen()].concat().into_iter().map(bare).collect();
    let view = session(&desk(&[("all.ndjson", ndjson(&records))]), STOLEN);
    let points = view["distance"]["points"].as_array().expect("points");
    assert!(points.iter().all(|point| point["margin"].as_f64().is_some_and(|margin| margin > 0.0)), "{points:?}");
    let nowhere = |mut record: Value| {
        record["location"] = json!({"city": "", "state": "", "countryOrRegion": "", "geoCoordinates": null});
        record
    };
    let records: Vec<Value> = [history(), stolen()].concat().into_iter().map(nowhere).collect();
    assert_eq!(session(&desk(&[("all.ndjson", ndjson(&records))]), STOLEN)["distance"], Value::Null);
}

/// A phished device code that registers a device, whose primary refresh token opens mail.
fn device_made() -> Vec<Value> {
    let mut registers = sign_in(201, "2026-11-13T09:20:00Z", HOSTING, OFFICE, "refreshToken", OPENED);
    registers["resourceDisplayName"] = json!("Device Registration Service");
    registers["resourceId"] = json!("01cb2876-7ebd-4aa4-9cc9-d28bd4d359a9");
    let mut registration = crate::exports::registration("2026-11-13T09:21:00Z");
    registration["id"] = json!("99999999-0000-4000-8000-000000000002");
    registration["category"] = json!("Device");
    registration["activityDisplayName"] = json!("Register device");
    registration["loggedByService"] = json!("Device Registration Service");
    registration["targetResources"] = json!([{"id": "99999999-0000-4000-8000-00000000000d", "displayName": "DESKTOP-7QK2M1", "type": "Device",
        "modifiedProperties": []}]);
    // Its own id stands beside the id of the directory's object.
    registration["additionalDetails"] = json!([{"key": "Device Id", "value": DEVICE}]);
    let mut mail = sign_in(202, "2026-11-13T09:40:00Z", HOSTING, OFFICE, "primaryRefreshToken", OPENED);
    mail["deviceDetail"]["deviceId"] = json!(DEVICE);
    mail["deviceDetail"]["displayName"] = json!("DESKTOP-7QK2M1");
    vec![registers, registration, mail]
}

#[test]
fn a_device_that_was_registered_hangs_on_its_token_and_its_own_tokens_on_it() {
    let view = told([history(), opened(), device_made()].concat(), OPENED);
    let lineage = &view["lineage"];
    assert_eq!(lineage["devices"].as_array().map(Vec::len), Some(1), "{lineage}");
    let device = &lineage["devices"][0];
    assert_eq!(
        (&device["name"], &device["here"], &device["primary"]),
        (&json!("DESKTOP-7QK2M1"), &json!(true), &json!(1)),
        "{lineage}"
    );
    let grant = |number: &Value| number.as_u64().map(|number| lineage["grants"][number as usize].clone());
    let of = grant(&device["of"]).expect("the token that registered it");
    assert_eq!((&of["resources"], &device["sure"]), (&json!(["Device Registration Service"]), &json!(false)));
    let own: Vec<&Value> =
        lineage["grants"].as_array().expect("grants").iter().filter(|grant| !grant["device"].is_null()).collect();
    assert_eq!(own.len(), 1, "{lineage}");
    assert_eq!((&own[0]["how"], &own[0]["device"]), (&json!("Primary refresh token"), &json!(0)));
}

#[test]
fn a_user_has_places_and_others_have_theirs() {
    let records: Vec<Value> = [history(), stolen(), own()].concat().into_iter().map(placed).collect();
    let desk = desk(&[("all.ndjson", ndjson(&records))]);
    let view = crate::exports::ask(&desk, json!({"ask": "entity", "column": "user", "value": "nora.lind@example.com"}));
    let places: Vec<(&str, i64, bool)> = view["places"]
        .as_array()
        .expect("places")
        .iter()
        .map(|place| {
            (place["label"].as_str().unwrap_or(""), place["records"].as_i64().unwrap_or(0), place["other"] == true)
        })
        .collect();
    assert_eq!(places, [("Oslo", 14, false), ("Amsterdam", 3, true)]);
    let address = crate::exports::ask(&desk, json!({"ask": "entity", "column": "address", "value": OSLO.address}));
    assert_eq!(address["places"], json!([]));
}
