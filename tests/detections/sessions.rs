//! Which events are one session, who held it, and what is familiar for the user.

use serde_json::{Value, json};
use signin_sleuth::analysis::Case;
use signin_sleuth::sessions::{Familiar, Familiarity, Hands, SessionKind, Settings, Side, View, hands};

use crate::support::{case, guid, lines, sign_in, with};

const ANN: &str = "ann";

fn of(records: &[Value]) -> Case {
    case(&[("records.ndjson", lines(records))])
}

/// Runs a question on the view of the only user of these records.
fn ask<T>(records: &[Value], question: impl FnOnce(&View<'_>) -> T) -> T {
    let case = of(records);
    assert_eq!(case.buckets.len(), 1, "one user");
    question(&case.view(&case.buckets[0]))
}

/// A session with its holders: side and ids of each, and the ids at which it changed hands.
fn told(view: &View<'_>, index: usize, familiar: &Familiar<'_>) -> (Vec<(Side, Vec<String>)>, Vec<String>) {
    let changes_hands = view.changes_hands(&view.sessions[index]);
    let Hands { holdings, changes } = hands(view, &view.sessions[index], familiar);
    assert_eq!(changes_hands, !changes.is_empty());
    let id = |number: &u32| view.store.sign_in(*number).expect("a row").id.display(&view.store.texts);
    let holders = holdings.iter().map(|holding| (holding.side, holding.sign_ins.iter().map(id).collect())).collect();
    (holders, changes.iter().map(id).collect())
}

fn told_of(records: &[Value]) -> (Vec<(Side, Vec<String>)>, Vec<String>) {
    ask(records, |view| told(view, 0, &Familiar::new(view, Vec::new(), Settings::default())))
}

fn texts(ids: &[&str]) -> Vec<String> {
    ids.iter().map(|id| (*id).to_owned()).collect()
}

fn away() -> Value {
    json!({"ipAddress": "192.0.2.30", "autonomousSystemNumber": 64502, "location": {"countryOrRegion": "NL"},
           "userAgent": "python-requests/2.32.3", "deviceDetail": {"deviceId": ""}, "isInteractive": false, "incomingTokenType": "refreshToken"})
}

#[test]
fn a_session_changes_hands_where_network_and_machine_both_differ() {
    let office = json!({"ipAddress": "198.51.100.20", "autonomousSystemNumber": 64501});
    let elsewhere = with(
        away(),
        json!({"ipAddress": "192.0.2.77", "autonomousSystemNumber": 64503, "location": {"countryOrRegion": "US"}}),
    );
    let (holders, changes) = told_of(&[
        sign_in(ANN, "start", "2026-11-12T08:00:00Z", json!({})),
        sign_in(ANN, "roams", "2026-11-12T09:00:00Z", office),
        sign_in(ANN, "thief", "2026-11-12T10:00:00Z", away()),
        sign_in(ANN, "owner-again", "2026-11-12T10:05:00Z", json!({})),
        sign_in(ANN, "thief-again", "2026-11-12T10:06:00Z", away()),
        sign_in(ANN, "accomplice", "2026-11-12T11:00:00Z", elsewhere),
    ]);
    assert_eq!(
        holders,
        [
            (Side::First, texts(&["start", "roams", "owner-again"])),
            (Side::Later, texts(&["thief", "thief-again"])),
            (Side::Later, texts(&["accomplice"])),
        ]
    );
    assert_eq!(changes, ["thief", "accomplice"]);
}

#[test]
fn a_machine_or_a_network_alone_is_no_change_of_hands() {
    for (change, holders) in [
        (json!({"ipAddress": "192.0.2.30", "autonomousSystemNumber": 64502}), 1),
        (json!({"deviceDetail": {"deviceId": ""}}), 2),
        (json!({"userAgent": "python-requests/2.32.3"}), 2),
        (json!({"location": {"countryOrRegion": "NL"}}), 2),
        // What a record does not say is never different.
        (
            json!({"ipAddress": "192.0.2.30", "autonomousSystemNumber": 64502, "deviceDetail": null, "userAgent": "", "location": null}),
            1,
        ),
        (json!({"ipAddress": "192.0.2.30", "autonomousSystemNumber": null, "userAgent": "python-requests/2.32.3"}), 2),
        (json!({"ipAddress": null, "userAgent": "python-requests/2.32.3"}), 2),
        // Microsoft's servers and the applications that call from them act for the user.
        (with(away(), json!({"ipAddress": "20.190.160.1", "autonomousSystemNumber": 8075})), 1),
        (with(away(), json!({"appId": "4354e225-50c9-4423-9ece-2d5afd904870"})), 1),
    ] {
        let records = [
            sign_in(ANN, "start", "2026-11-12T08:00:00Z", json!({})),
            sign_in(ANN, "then", "2026-11-12T09:00:00Z", change.clone()),
        ];
        let (found, changes) = told_of(&records);
        assert_eq!((found.len(), changes.len()), (holders, 0), "{change}");
    }
}

#[test]
fn a_network_seen_before_in_the_session_is_no_other_hand() {
    let office = json!({"ipAddress": "192.0.2.30", "autonomousSystemNumber": 64502});
    let (holders, changes) = told_of(&[
        sign_in(ANN, "start", "2026-11-12T08:00:00Z", json!({})),
        sign_in(ANN, "office", "2026-11-12T09:00:00Z", office),
        sign_in(ANN, "tool", "2026-11-12T10:00:00Z", away()),
    ]);
    assert_eq!((holders.len(), changes.len()), (2, 0));
}

#[test]
fn the_side_of_a_holder_follows_from_history() {
    let history = (3..=7).map(|day| {
        let session = guid(&format!("day {day}"));
        sign_in(ANN, &format!("day-{day}"), &format!("2026-11-{day:02}T08:00:00Z"), json!({"sessionId": session}))
    });
    let records: Vec<Value> = history
        .chain([
            sign_in(ANN, "start", "2026-11-12T08:00:00Z", json!({})),
            sign_in(ANN, "thief", "2026-11-12T10:00:00Z", away()),
        ])
        .collect();
    ask(&records, |view| {
        let last = view.sessions.len() - 1;
        let sides = |familiar: &Familiar<'_>| {
            told(view, last, familiar).0.into_iter().map(|(side, _)| side).collect::<Vec<_>>()
        };
        let familiar = Familiar::new(view, Vec::new(), Settings::default());
        assert_eq!(sides(&familiar), [Side::Owner, Side::Other]);
        assert_eq!(sides(&Familiar::nothing(view)), [Side::First, Side::Later]);
    });
}

#[test]
fn a_session_that_a_token_opens_began_before_the_export() {
    for (change, starts) in [
        (json!({}), true),
        (json!({"isInteractive": false}), false),
        (json!({"incomingTokenType": "refreshToken"}), false),
        (json!({"incomingTokenType": ""}), false),
        (json!({"incomingTokenType": null}), false),
    ] {
        let records = [sign_in(ANN, "start", "2026-11-12T08:00:00Z", change.clone())];
        assert_eq!(ask(&records, |view| view.sessions[0].starts_in_export), starts, "{change}");
    }
    // Of two at one time the interactive one comes first.
    let records = [
        sign_in(ANN, "a", "2026-11-12T08:00:00Z", json!({"isInteractive": false, "incomingTokenType": "refreshToken"})),
        sign_in(ANN, "b", "2026-11-12T08:00:00Z", json!({})),
    ];
    assert!(ask(&records, |view| view.sessions[0].starts_in_export));
}

/// Ids of the members of each session, in order.
fn groups(records: &[Value]) -> Vec<(SessionKind, Vec<String>)> {
    ask(records, |view| {
        let id = |number: &u32| view.store.sign_in(*number).expect("a row").id.display(&view.store.texts);
        view.sessions.iter().map(|session| (session.kind, session.sign_ins.iter().map(id).collect())).collect()
    })
}

#[test]
fn events_without_session_id_are_grouped_by_correlation_id_however_far_apart() {
    let mut records = Vec::new();
    for round in 0..2 {
        for flow in 0..50 {
            let time = format!("2026-11-12T{:02}:{:02}:00Z", 8 + 3 * round, flow);
            let change = json!({"sessionId": "", "correlationId": guid(&format!("flow {flow}"))});
            records.push(sign_in(ANN, &format!("r{round}-f{flow:02}"), &time, change));
        }
    }
    let groups = groups(&records);
    assert_eq!(groups.len(), 50);
    for (flow, (kind, members)) in groups.iter().enumerate() {
        assert_eq!(*kind, SessionKind::Inferred);
        assert_eq!(*members, [format!("r0-f{flow:02}"), format!("r1-f{flow:02}")]);
    }
}

#[test]
fn events_without_either_id_are_grouped_by_network_and_agent_family_within_an_hour() {
    let at = |id: &str, time: &str, change: Value| {
        sign_in(
            ANN,
            id,
            &format!("2026-11-12T{time}Z"),
            with(change, json!({"sessionId": "00000000-0000-0000-0000-000000000000"})),
        )
    };
    let groups = groups(&[
        at("first", "08:00:00", json!({})),
        at("same-system", "09:00:00", json!({"ipAddress": "203.0.113.200"})),
        at("other-network", "09:10:00", json!({"ipAddress": "192.0.2.30", "autonomousSystemNumber": 64502})),
        at("other-agent", "09:20:00", json!({"userAgent": "python-requests/2.32.3"})),
        at(
            "other-browser",
            "09:30:00",
            json!({"userAgent": "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:121.0) Gecko/20100101 Firefox/121.0"}),
        ),
        at("too-late", "10:30:01", json!({})),
    ]);
    assert_eq!(
        groups,
        [
            (SessionKind::Inferred, texts(&["first", "same-system", "other-browser"])),
            (SessionKind::Inferred, texts(&["other-network"])),
            (SessionKind::Inferred, texts(&["other-agent"])),
            (SessionKind::Inferred, texts(&["too-late"])),
        ]
    );
}

#[test]
fn an_inferred_session_never_changes_hands() {
    let flow = json!({"sessionId": "", "correlationId": guid("flow")});
    let (holders, changes) = told_of(&[
        sign_in(ANN, "start", "2026-11-12T08:00:00Z", flow.clone()),
        sign_in(ANN, "then", "2026-11-12T09:00:00Z", with(away(), flow)),
    ]);
    assert_eq!((holders.len(), changes.len()), (2, 0));
}

/// What is familiar at a last event after earlier ones, given as (day, changes).
fn familiar_at(last_day: u32, earlier: &[(u32, Value)]) -> [Familiarity; 3] {
    let mut records: Vec<Value> = earlier
        .iter()
        .enumerate()
        .map(|(number, (day, change))| {
            let session = json!({"sessionId": guid(&format!("earlier {number}"))});
            sign_in(
                ANN,
                &format!("earlier-{number}"),
                &format!("2026-11-{day:02}T08:{number:02}:00Z"),
                with(session, change.clone()),
            )
        })
        .collect();
    records.push(sign_in(ANN, "now", &format!("2026-11-{last_day:02}T12:00:00Z"), json!({})));
    ask(&records, |view| {
        let familiar = Familiar::new(view, Vec::new(), Settings::default());
        let (_, row) = view.sign_ins().last().expect("a row");
        [familiar.network(view, row), familiar.device(view, row), familiar.app(view, row)]
    })
}

#[test]
fn familiar_is_what_was_seen_three_times_on_two_days_before() {
    use Familiarity::{Familiar, Unfamiliar, Unknown};
    let elsewhere = json!({"ipAddress": "192.0.2.30", "autonomousSystemNumber": 64502, "deviceDetail": {"deviceId": ""}, "appId": guid("app")});
    let days = |days: &[u32]| days.iter().map(|day| (*day, json!({}))).collect::<Vec<_>>();
    let all = |familiarity| [familiarity; 3];
    assert_eq!(familiar_at(12, &days(&[3, 3, 4])), all(Familiar), "three on two days");
    assert_eq!(familiar_at(12, &days(&[3, 4])), all(Unfamiliar), "two only");
    assert_eq!(familiar_at(12, &days(&[3, 3, 3])), all(Unfamiliar), "on one day");
    assert_eq!(familiar_at(4, &days(&[3, 3, 4])), all(Familiar), "in little time");
    assert_eq!(familiar_at(4, &days(&[3, 4])), all(Unknown), "too little history");
    assert_eq!(familiar_at(12, &[]), all(Unknown), "no history");
    assert_eq!(familiar_at(12, &[(3, elsewhere.clone())]), all(Unfamiliar), "always elsewhere");
    let refused = json!({"status": {"errorCode": 50126}});
    assert_eq!(
        familiar_at(12, &[(3, json!({})), (3, json!({})), (4, refused)]),
        all(Unfamiliar),
        "a refusal is no success"
    );
    let same_system = json!({"ipAddress": "203.0.113.250"});
    assert_eq!(
        familiar_at(12, &[(3, same_system.clone()), (4, same_system.clone()), (5, same_system)])[0],
        Familiar,
        "by system"
    );
}

#[test]
fn a_session_that_is_not_trusted_makes_nothing_familiar() {
    let records: Vec<Value> = (3..=8)
        .map(|day| sign_in(ANN, &format!("day-{day}"), &format!("2026-11-{day:02}T08:00:00Z"), json!({})))
        .chain([sign_in(ANN, "now", "2026-11-12T08:00:00Z", json!({"sessionId": guid("other")}))])
        .collect();
    ask(&records, |view| {
        let (_, row) = view.sign_ins().last().expect("a row");
        let trusting = Familiar::new(view, Vec::new(), Settings::default());
        let wary = Familiar::new(view, vec![0], Settings::default());
        assert_eq!(trusting.device(view, row), Familiarity::Familiar);
        assert_eq!(wary.device(view, row), Familiarity::Unknown);
    });
}

#[test]
fn a_session_with_thousands_of_holders_loses_no_event() {
    let records: Vec<Value> = (0..3_000_u32)
        .map(|number| {
            let time = format!("2026-11-12T{:02}:{:02}:{:02}Z", number / 3600, number / 60 % 60, number % 60);
            let place = json!({"ipAddress": format!("192.0.{}.{}", number / 250, number % 250), "autonomousSystemNumber": 70_000 + number,
                "deviceDetail": {"deviceId": guid(&number.to_string())}});
            sign_in(ANN, &format!("event-{number}"), &time, place)
        })
        .collect();
    ask(&records, |view| {
        let hands = hands(view, &view.sessions[0], &Familiar::nothing(view));
        assert!(hands.holdings.len() <= 64);
        assert_eq!(hands.holdings.iter().map(|holding| holding.sign_ins.len()).sum::<usize>(), 3_000);
        assert_eq!(view.session_of(view.sign_ins[2_999]), Some(0));
        let (number, row) = view.sign_ins().nth(7).expect("a row");
        assert_eq!(view.nearest(row.address, row.time + 5), Some(number));
    });
}

#[test]
fn an_interrupt_leads_to_the_success_of_its_flow_or_session() {
    let code = |code: u32, changes: Value| with(json!({"status": {"errorCode": code}}), changes);
    let flow = |name: &str| json!({"correlationId": guid(name), "sessionId": guid(name)});
    let records = [
        sign_in(ANN, "asked", "2026-11-12T08:00:00Z", code(50074, flow("one"))),
        sign_in(ANN, "given", "2026-11-12T09:00:00Z", code(0, flow("one"))),
        sign_in(
            ANN,
            "late",
            "2026-11-12T07:59:59Z",
            code(50074, json!({"correlationId": guid("one"), "sessionId": guid("z")})),
        ),
        sign_in(ANN, "in-session", "2026-11-12T08:30:00Z", code(50076, json!({"sessionId": guid("one")}))),
        sign_in(ANN, "after", "2026-11-12T09:10:00Z", code(50076, flow("one"))),
        sign_in(ANN, "alone", "2026-11-12T08:00:00Z", code(50076, flow("two"))),
        sign_in(ANN, "refused", "2026-11-12T08:00:00Z", code(500_121, flow("one"))),
        sign_in(ANN, "refresh", "2026-11-12T08:00:00Z", code(50076, json!({"incomingTokenType": "refreshToken"}))),
        sign_in(ANN, "wrong", "2026-11-12T08:00:00Z", code(50126, flow("one"))),
    ];
    let told: Vec<(String, bool, bool, bool)> = ask(&records, |view| {
        let mut told: Vec<_> = view
            .sign_ins()
            .map(|(_, row)| {
                let id = row.id.display(&view.store.texts);
                (id, view.outcome_of(row).is_some(), view.refused_factor(row), view.proves_secret(row))
            })
            .collect();
        told.sort();
        told
    });
    // Whether it led to a success; whether the second factor was refused; whether the password is proven.
    for (id, led, refused, proven) in [
        ("after", false, true, true),
        ("alone", false, true, true),
        ("asked", true, false, true),
        ("given", true, false, false),
        ("in-session", true, false, true),
        ("late", false, true, true),
        ("refresh", false, true, false),
        ("refused", true, true, true),
        ("wrong", true, false, false),
    ] {
        assert!(told.contains(&(id.to_owned(), led, refused, proven)), "{id}: {told:?}");
    }
}
