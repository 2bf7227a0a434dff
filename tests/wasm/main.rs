//! What the page and its workers say to each other, in a real browser.

#![cfg(target_arch = "wasm32")]
#![allow(clippy::unwrap_used, reason = "a test fails by it")]

use signin_sleuth::order::Map;

use serde::Serialize as _;
use serde::de::DeserializeOwned;
use signin_sleuth::intake::zip::Refusal;
use signin_sleuth::wasm::as_the_page_reads;
use signin_sleuth::wasm::messages::{Inside, News, Order, Reason, TimesTold, ZoneStep, ZoneTold, typescript};
use wasm_bindgen::JsValue;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_dedicated_worker);

const FILE: &str = include_str!("../../www/worker/messages.ts");

#[wasm_bindgen_test]
fn the_types_of_the_page_are_those_of_the_core() {
    let wanted =
        format!("// Made from src/wasm/messages.rs; a test in tests/wasm says how it must read.\n\n{}", typescript());
    assert!(FILE == wanted, "www/worker/messages.ts must read:\n{wanted}");
}

/// The largest whole number that JavaScript holds exactly.
const LARGE: u64 = (1 << 53) - 1;

/// Reads a message as the page would write it, and writes it as the page would read it.
fn goes_both_ways<T: DeserializeOwned + serde::Serialize + PartialEq + std::fmt::Debug>(message: &T, json: &str) {
    let written = message.serialize(&as_the_page_reads()).unwrap();
    assert_eq!(js_sys::JSON::stringify(&written).unwrap(), json);
    let read: T = serde_wasm_bindgen::from_value(js_sys::JSON::parse(json).unwrap()).unwrap();
    assert_eq!(&read, message);
}

#[wasm_bindgen_test]
fn every_order_goes_both_ways() {
    let tuning = Map::from([("foci-pivot.max-gap-minutes".to_owned(), "90".to_owned())]);
    let read = Order::Read { job: 1, input: 2, name: "ä b.ndjson".to_owned(), from: 0, to: LARGE, inside: None };
    let json = r#"{"order":"read","job":1,"input":2,"name":"ä b.ndjson","from":0,"to":9007199254740991,"inside":null}"#;
    goes_both_ways(&read, json);
    goes_both_ways(&Order::Halt, r#"{"order":"halt"}"#);
    goes_both_ways(&Order::Deliver, r#"{"order":"deliver"}"#);
    goes_both_ways(&Order::Collect, r#"{"order":"collect"}"#);
    let zone = ZoneTold { name: "Europe/Berlin".to_owned(), steps: vec![ZoneStep { from: -1, east: -60 }] };
    let told = |zone, day_first| Map::from([("a.csv".to_owned(), TimesTold { zone, day_first })]);
    let times = told(Some(zone), Some(true));
    goes_both_ways(
        &Order::Gather { id: 3, jobs: vec![0, 2], add: true, tuning: tuning.clone(), times },
        r#"{"order":"gather","id":3,"jobs":[0,2],"add":true,"tuning":{"foci-pivot.max-gap-minutes":"90"},"times":{"a.csv":{"zone":{"name":"Europe/Berlin","steps":[{"from":-1,"east":-60}]},"dayFirst":true}}}"#,
    );
    goes_both_ways(&Order::Forget { below: 3 }, r#"{"order":"forget","below":3}"#);
    let times = told(None, None);
    goes_both_ways(
        &Order::Preview { id: 9, tuning: tuning.clone(), times, question: r#"{"ask":"coverage"}"#.to_owned() },
        r#"{"order":"preview","id":9,"tuning":{"foci-pivot.max-gap-minutes":"90"},"times":{"a.csv":{"zone":null,"dayFirst":null}},"question":"{\"ask\":\"coverage\"}"}"#,
    );
    goes_both_ways(
        &Order::Tune { id: 4, changes: tuning },
        r#"{"order":"tune","id":4,"changes":{"foci-pivot.max-gap-minutes":"90"}}"#,
    );
    goes_both_ways(
        &Order::Ask { id: 5, question: r#"{"ask":"report"}"#.to_owned() },
        r#"{"order":"ask","id":5,"question":"{\"ask\":\"report\"}"}"#,
    );
    goes_both_ways(
        &Order::Excerpt { id: 6, offset: LARGE, inside: None },
        r#"{"order":"excerpt","id":6,"offset":9007199254740991,"inside":null}"#,
    );
    let inside = Inside {
        name: "a.zip!/b.json".to_owned(),
        archive: false,
        from: 1,
        to: LARGE,
        method: 8,
        packed: 2,
        size: 3,
        crc: u32::MAX,
        refusal: Some(Refusal::Method(9)),
    };
    goes_both_ways(
        &Order::Unpack { id: 6, inside },
        r#"{"order":"unpack","id":6,"inside":{"name":"a.zip!/b.json","archive":false,"from":1,"to":9007199254740991,"method":8,"packed":2,"size":3,"crc":4294967295,"refusal":{"method":9}}}"#,
    );
    goes_both_ways(
        &Order::List { id: 6, name: "a.zip".to_owned(), outer: true },
        r#"{"order":"list","id":6,"name":"a.zip","outer":true}"#,
    );
    goes_both_ways(&Order::Prepare { id: 7 }, r#"{"order":"prepare","id":7}"#);
    goes_both_ways(&Order::Digest { id: 7, inside: None }, r#"{"order":"digest","id":7,"inside":null}"#);
    goes_both_ways(&Order::Sample { id: 7 }, r#"{"order":"sample","id":7}"#);
    goes_both_ways(&Order::Hash { id: 8 }, r#"{"order":"hash","id":8}"#);
}

#[wasm_bindgen_test]
fn every_piece_of_news_goes_both_ways() {
    goes_both_ways(&News::Listed { id: 1, files: None }, r#"{"news":"listed","id":1,"files":null}"#);
    goes_both_ways(&News::Unpacked { id: 1 }, r#"{"news":"unpacked","id":1}"#);
    goes_both_ways(&News::Ready, r#"{"news":"ready"}"#);
    goes_both_ways(
        &News::Progress { job: 1, bytes: LARGE, records: 2, rejected: 3 },
        r#"{"news":"progress","job":1,"bytes":9007199254740991,"records":2,"rejected":3}"#,
    );
    let read = News::Read {
        job: 1,
        bytes: 2,
        records: 3,
        rejected: 4,
        format: Some("graph-sign-in".to_owned()),
        failure: Some("why".to_owned()),
        whole: false,
    };
    let json = r#"{"news":"read","job":1,"bytes":2,"records":3,"rejected":4,"format":"graph-sign-in","failure":"why","whole":false}"#;
    goes_both_ways(&read, json);
    goes_both_ways(
        &News::Gathered { id: 1, sources: vec![1, 0], events: 2, memory: LARGE },
        r#"{"news":"gathered","id":1,"sources":[1,0],"events":2,"memory":9007199254740991}"#,
    );
    goes_both_ways(&News::Answer { id: 1 }, r#"{"news":"answer","id":1}"#);
    goes_both_ways(&News::Sample { id: 1, names: vec!["a".to_owned()] }, r#"{"news":"sample","id":1,"names":["a"]}"#);
    for (reason, word) in
        [(Reason::Question, "question"), (Reason::Tuning, "tuning"), (Reason::File, "file"), (Reason::Record, "record")]
    {
        goes_both_ways(
            &News::Refused { id: 1, reason, message: "why".to_owned() },
            &format!(r#"{{"news":"refused","id":1,"reason":"{word}","message":"why"}}"#),
        );
    }
    goes_both_ways(
        &News::Broken { place: "src/a.rs:1:2".to_owned(), message: Some("why".to_owned()) },
        r#"{"news":"broken","place":"src/a.rs:1:2","message":"why"}"#,
    );
}

#[wasm_bindgen_test]
fn what_is_not_known_is_null_and_not_left_out() {
    let news = News::Broken { place: String::new(), message: None };
    let written = news.serialize(&as_the_page_reads()).unwrap();
    let message = js_sys::Reflect::get(&written, &"message".into()).unwrap();
    assert_eq!(message, JsValue::NULL);
}

#[wasm_bindgen_test]
fn an_order_with_too_much_or_too_little_is_refused() {
    for json in [
        r#"{"order":"sample"}"#,
        r#"{"order":"sample","id":1,"more":1}"#,
        r#"{"order":"sample","id":-1}"#,
        r#"{"order":"unheard-of","id":1}"#,
        r#"{"order":"excerpt","id":1,"offset":1.5}"#,
        "null",
        "[]",
    ] {
        let order = serde_wasm_bindgen::from_value::<Order>(js_sys::JSON::parse(json).unwrap());
        assert!(order.is_err(), "{json}: {order:?}");
    }
}
