//! The tenant's own networks: shown with who uses them, told otherwise by a person, tried before they are taken.

use serde_json::{Value, json};
use signin_sleuth::analysis::{Case, Reading};
use signin_sleuth::detections::Tuning;
use signin_sleuth::generate::{Format, Settings, tenant};
use signin_sleuth::report::page::Desk;

use crate::exports::ask;

/// A made-up tenant, where people work in offices.
fn made_up() -> Desk {
    let files = tenant(&Settings { users: 40, days: 8, ..Settings::default() }).write(Format::Collection);
    let parts = files.iter().enumerate().map(|(number, file)| {
        let mut reading = Reading::new(&file.name, number as u32, 0);
        reading.feed(&file.bytes);
        reading.finish()
    });
    Desk::new(Case::gather(parts.collect()), Tuning::default())
}

fn networks(desk: &Desk) -> Vec<Value> {
    ask(desk, json!({"ask": "own-networks"})).as_array().expect("networks").clone()
}

/// Whose a network is said to be.
fn whose(desk: &Desk, network: &str) -> Value {
    networks(desk).iter().find(|one| one["network"] == network).map_or(Value::Null, |one| one["whose"].clone())
}

#[test]
fn what_many_use_is_shown_and_can_be_told_otherwise() {
    let mut desk = made_up();
    let shown = networks(&desk);
    let own = shown.iter().find(|one| one["whose"] == "own").expect("an office");
    let network = own["network"].as_str().expect("a text");
    assert!(own["users"].as_u64() >= Some(5) && own["days"].as_u64() >= Some(3), "{own}");
    assert!(own["active"].as_u64() >= own["users"].as_u64(), "{own}");
    let told = |key: &str, text: &str| [(key.to_owned(), text.to_owned())].into_iter().collect();
    desk.tune(&told("own-networks.not-ours", network)).expect("a tuning");
    assert_eq!(whose(&desk, network), "not-ours");
    desk.tune(&told("own-networks.ours", &format!("{network}, AS64999"))).expect("a tuning");
    assert_eq!(whose(&desk, network), "ours");
    assert_eq!(whose(&desk, "AS64999"), "ours", "told, though nobody signs in from there");
    desk.tune(&told("own-networks.users", "4000")).expect("a tuning");
    assert_ne!(whose(&desk, network), "own");
    desk.tune(&told("own-networks.users", "5")).expect("a tuning");
    assert_eq!(networks(&desk), shown);
}

#[test]
fn another_rule_is_tried_before_it_is_taken() {
    let desk = made_up();
    let before = ask(&desk, json!({"ask": "hits"}));
    let changes = json!({"own-networks.days": "65"});
    let mut tried = json!({"done": 0.0});
    while tried["done"] != 1.0 {
        tried = ask(&desk, json!({"ask": "preview", "changes": changes}));
    }
    assert_ne!(tried["hits"], before, "without own networks more is found");
    assert_eq!(ask(&desk, json!({"ask": "hits"})), before);
    let mut taken = desk;
    let wanted = [("own-networks.days".to_owned(), "65".to_owned())].into_iter().collect();
    taken.tune(&wanted).expect("a tuning");
    assert_eq!(ask(&taken, json!({"ask": "hits"})), tried["hits"]);
    let mut anew = made_up();
    anew.tune(&wanted).expect("a tuning");
    assert_eq!(ask(&anew, json!({"ask": "hits"})), tried["hits"], "as if it had not been tried");
    assert!(networks(&taken).iter().all(|one| one["whose"] != "own"));
}
