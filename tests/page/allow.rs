//! The allow list: what it hides is in no number but its own, and nothing is lost.

use serde_json::{Value, json};
use signin_sleuth::report::page::Desk;
use signin_sleuth::report::page::allow::{self, Allowed};
use signin_sleuth::report::page::filter::{FacetField, Picked};

use crate::exports::{ask, sessions, whole};

fn picked(field: FacetField, value: &str) -> Picked {
    Picked { field, value: value.to_owned() }
}

/// The network of the other side that most sessions share.
fn network(desk: &Desk) -> String {
    let page = sessions(desk, json!({}));
    let facets = page["facets"].as_array().expect("facets").clone();
    let networks = facets.into_iter().find(|facet| facet["field"] == "network").expect("networks");
    networks["values"][0]["value"].as_str().expect("a value").to_owned()
}

#[test]
fn what_is_put_aside_is_counted_and_stands_last() {
    let mut desk = whole();
    let network = network(&desk);
    let before = sessions(&desk, json!({}));
    let entry = Allowed { all: vec![picked(FacetField::Network, &network)], note: "our test machine".to_owned() };
    desk.allow(vec![entry]);
    let overview = ask(&desk, json!({"ask": "overview", "bins": 300}));
    assert_eq!(overview["headline"][0], "No session is above the line.");
    assert_eq!((&overview["above"], &overview["below"]), (&json!(0), &json!(1)));
    let count = &overview["allowed"][0];
    assert_eq!(
        (&count["hidden"], &count["above"], &count["entry"]["note"]),
        (&json!(2), &json!(2), &json!("our test machine"))
    );
    let lead = overview["lead"].as_str().expect("a text");
    assert!(
        lead.ends_with("Two sessions are put aside by your allow list, two of them above the line otherwise."),
        "{lead}"
    );
    assert_eq!(overview["strip"]["marks"].as_array().map(Vec::len), Some(1));
    let page = sessions(&desk, json!({}));
    assert_eq!((&page["total"], &page["above"], &page["allowed"]), (&before["total"], &json!(0), &json!(2)));
    let aside: Vec<&Value> = page["rows"].as_array().expect("rows").iter().map(|row| &row["allowed"]).collect();
    assert_eq!(aside, [&Value::Null, &json!(0), &json!(0)]);
    desk.allow(Vec::new());
    assert_eq!(sessions(&desk, json!({})), before);
}

#[test]
fn no_answer_from_before_is_given_afterwards() {
    let mut desk = whole();
    let key = sessions(&desk, json!({}))["rows"][0]["key"].clone();
    let aside = |desk: &Desk| ask(desk, json!({"ask": "session", "key": key}))["row"]["allowed"].clone();
    assert_eq!([aside(&desk), aside(&desk)], [Value::Null, Value::Null]);
    let entry = Allowed { all: vec![picked(FacetField::Network, &network(&desk))], note: String::new() };
    desk.allow(vec![entry]);
    assert_eq!([aside(&desk), aside(&desk)], [json!(0), json!(0)]);
    desk.allow(Vec::new());
    assert_eq!([aside(&desk), aside(&desk)], [Value::Null, Value::Null]);
}

#[test]
fn an_entry_needs_all_it_names_and_nothing_is_no_entry() {
    let mut desk = whole();
    let network = network(&desk);
    let both = vec![picked(FacetField::Network, &network), picked(FacetField::User, "somebody.else@example.com")];
    desk.allow(vec![Allowed::default(), Allowed { all: both, note: String::new() }]);
    let hidden = ask(&desk, json!({"ask": "overview", "bins": 9}))["allowed"].clone();
    assert_eq!((&hidden[0]["hidden"], &hidden[1]["hidden"]), (&json!(0), &json!(0)));
    assert_eq!(sessions(&desk, json!({}))["above"], 2);
}

#[test]
fn tuning_keeps_the_allow_list() {
    let mut desk = whole();
    let entry = Allowed { all: vec![picked(FacetField::User, "nora.lind@example.com")], note: String::new() };
    desk.allow(vec![entry]);
    desk.tune(&[("foci-pivot.max-gap-minutes".to_owned(), "90".to_owned())].into()).expect("it takes the value");
    let page = sessions(&desk, json!({}));
    assert_eq!((&page["above"], &page["allowed"]), (&json!(0), &page["total"]));
}

#[test]
fn coverage_asks_first_what_concerns_the_sessions_above_the_line() {
    let view = ask(&whole(), json!({"ask": "coverage"}));
    let open = view["open"].as_array().expect("questions");
    assert_eq!(open[0]["sessions"], 2);
    let first = open[0]["question"].as_str().expect("a question");
    assert!(first.ends_with(" after 12 November at 15:52?"), "{first}");
    let about: Vec<u64> = open.iter().map(|question| question["sessions"].as_u64().expect("a count")).collect();
    assert!(about.is_sorted_by(|left, right| left >= right), "{about:?}");
    assert!(
        open.iter().all(|question| question["question"].as_str().is_some_and(|text| text.ends_with('?'))),
        "{open:?}"
    );
    assert_eq!((&view["inputs"][0]["users"], &view["inputs"][0]["programs"]), (&json!(1), &json!(0)));
}

#[test]
fn the_report_names_what_is_put_aside_and_by_which_entry() {
    let mut desk = whole();
    let export = |desk: &Desk, what: &str| {
        let question = json!({"ask": "export", "what": what});
        desk.answer(question.to_string().as_bytes()).expect("a file")
    };
    let report = |desk: &Desk| serde_json::from_slice::<Value>(&export(desk, "report")).expect("JSON");
    let findings = |report: &Value, key: &str| report[key].as_array().map_or(0, Vec::len);
    let before = report(&desk);
    let network = network(&desk);
    desk.allow(vec![Allowed { all: vec![picked(FacetField::Network, &network)], note: "our test machine".to_owned() }]);
    let after = report(&desk);
    assert_eq!(after["sessions"], before["sessions"]);
    assert!(findings(&after, "findings") < findings(&before, "findings"));
    assert_eq!(findings(&after, "findings") + findings(&after, "suppressed"), findings(&before, "findings"));
    assert_eq!(after["suppressed"][0]["entry"], format!("network {network}: our test machine"));
    // The file that the page saves is one that can be read again.
    let file = String::from_utf8(export(&desk, "allow")).expect("text");
    let read = allow::read(&file).expect("an allow list");
    assert_eq!(
        read,
        [Allowed { all: vec![picked(FacetField::Network, &network)], note: "our test machine".to_owned() }]
    );
    for (file, says) in [
        ("[1]", "invalid type"),
        ("{}", "no list"),
        (r#"[{"all": []}]"#, "entry 1 names nothing"),
        (r#"[{"all": [{"field": "moon", "value": "x"}]}]"#, "unknown variant `moon`"),
        ("a,b", "not JSON"),
    ] {
        let wrong = allow::read(file).expect_err("no allow list");
        assert!(wrong.contains(says), "{file}: {wrong}");
    }
}

#[test]
fn sessions_can_be_put_aside_by_what_the_other_side_used() {
    for (field, value) in [(FacetField::Agent, "python-requests"), (FacetField::App, "Microsoft Azure CLI")] {
        let mut desk = whole();
        desk.allow(vec![Allowed { all: vec![picked(field, value)], note: String::new() }]);
        let hidden = ask(&desk, json!({"ask": "overview", "bins": 9}))["allowed"][0]["hidden"].clone();
        assert_ne!(hidden, json!(0), "{value}");
        desk.allow(vec![Allowed { all: vec![picked(field, "nothing of that name")], note: String::new() }]);
        assert_eq!(ask(&desk, json!({"ask": "overview", "bins": 9}))["allowed"][0]["hidden"], json!(0));
    }
}

#[test]
fn rows_stand_together_by_what_is_asked_for() {
    let desk = whole();
    let page = |group: &str| {
        ask(
            &desk,
            json!({"ask": "sessions", "filter": {}, "group": group, "sort": "severity", "descending": true, "offset": 0, "limit": 50}),
        )
    };
    let by_user = page("user");
    assert_eq!(by_user["groups"].as_array().map(Vec::len), Some(2), "one above the line, one below");
    assert_eq!(
        (&by_user["groups"][0]["title"], &by_user["groups"][0]["rows"]),
        (&json!("nora.lind@example.com"), &json!(2))
    );
    let by_network = page("network");
    assert_eq!(by_network["groups"][0]["title"], json!(network(&desk)));
    let by_address = page("address");
    let titles = |page: &Value| {
        let above = page["groups"]
            .as_array()
            .expect("groups")
            .iter()
            .filter(|head| head["first"].as_u64() < page["above"].as_u64());
        above.map(|head| head["title"].clone()).collect::<Vec<_>>()
    };
    assert_eq!((titles(&by_address), &by_address["groups"][0]["rows"]), (vec![json!("203.0.113.77")], &json!(2)));
    let by_session = page("session");
    assert_eq!(titles(&by_session).len(), 2);
    assert!(titles(&by_session).contains(&json!("aaaaaaaa of nora.lind")), "{by_session}");
    assert_eq!(page("none")["groups"], json!([]));
    let rows = |page: &Value| page["rows"].as_array().map_or(0, Vec::len);
    assert_eq!(rows(&by_user), rows(&page("none")));
}

#[test]
fn a_link_stands_for_one_row_and_says_nothing_of_it() {
    let desk = whole();
    let page = sessions(&desk, json!({}));
    for row in page["rows"].as_array().expect("rows") {
        let link = row["link"].as_str().expect("a link");
        assert!(link.len() == 16 && link.bytes().all(|byte| byte.is_ascii_hexdigit()), "{link}");
        assert_eq!(ask(&desk, json!({"ask": "linked", "link": link})), row["key"]);
    }
    assert_eq!(ask(&desk, json!({"ask": "linked", "link": "0000000000000000"})), Value::Null);
}
