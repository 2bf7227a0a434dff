//! What descends from a session that is in other hands.

use serde_json::{Value, json};
use signin_sleuth::analysis::{Case, detect};
use signin_sleuth::detections::{Taint, Taints, Tuning};
use signin_sleuth::sessions::{EventRef, Familiar, Link, Settings};

use crate::support::{audit, case, guid, lines, sign_in, with};

const ANN: &str = "ann";

pub(crate) fn thief(id: &str, time: &str, changes: Value) -> Value {
    let away = json!({
        "ipAddress": "192.0.2.30", "autonomousSystemNumber": 64502, "location": {"countryOrRegion": "NL"},
        "userAgent": "python-requests/2.32.3", "deviceDetail": {"deviceId": ""}, "isInteractive": false,
        "incomingTokenType": "refreshToken", "sessionId": guid("stolen"),
    });
    sign_in(ANN, id, time, with(away, changes))
}

/// Five days of the user at home, a session of the sixth day that a thief goes on with, and more records.
pub(crate) fn story(more: &[Value]) -> Case {
    let mut records: Vec<Value> = (6..11)
        .map(|day| {
            let session = json!({"sessionId": guid(&format!("day {day}"))});
            sign_in(ANN, &format!("day-{day}"), &format!("2026-11-{day:02}T08:00:00Z"), session)
        })
        .collect();
    let token = |name: &str| json!({"sessionId": guid("stolen"), "uniqueTokenIdentifier": guid(name)});
    records.push(sign_in(ANN, "start", "2026-11-12T08:00:00Z", token("own token")));
    records.push(thief("stolen", "2026-11-12T10:00:00Z", json!({"uniqueTokenIdentifier": guid("thief's token")})));
    records.extend_from_slice(more);
    case(&[("records.ndjson", lines(&records))])
}

/// A mailbox act of the unified audit log.
pub(crate) fn act(id: &str, time: &str, address: &str, session: Option<&str>, token: Option<&str>) -> Value {
    json!({
        "Id": guid(id), "CreationTime": time, "RecordType": 1, "Operation": "New-InboxRule", "Workload": "Exchange",
        "UserId": "ann@contoso.example", "UserKey": guid(ANN), "OrganizationId": "11111111-1111-4111-8111-111111111111",
        "UserType": 0, "ClientIP": address, "ResultStatus": "True",
        "AppAccessContext": {"AADSessionId": session.map(guid), "UniqueTokenId": token.map(guid)},
    })
}

/// How the event with this id descends from a tainted session.
fn taint(case: &Case, id: &str) -> Option<Taint> {
    let store = &case.store;
    let bucket = case.buckets.iter().find(|bucket| !bucket.sign_ins.is_empty()).expect("the user's");
    let view = case.view(bucket);
    let found = detect(case, 0..case.buckets.len(), &Tuning::default());
    let found = found.iter().find(|found| case.buckets[found.bucket].sign_ins == bucket.sign_ins).expect("findings");
    let familiar = Familiar::new(&view, found.distrusted.clone(), Settings::default());
    let taints = Taints::new(&view, &familiar, &found.findings);
    let events = (view.sign_ins().map(|(number, _)| EventRef::SignIn(number)))
        .chain(view.audits().map(|(number, _)| EventRef::Audit(number)))
        .chain(view.activities().map(|(number, _)| EventRef::Activity(number)));
    let is = |event: &EventRef| {
        let name = event.head(store).expect("a row").id.display(&store.texts);
        name == id || name == guid(id)
    };
    let event = events.into_iter().find(is).unwrap_or_else(|| panic!("no event {id}"));
    taints.of_event(&view, event)
}

fn link(case: &Case, id: &str) -> Option<Link> {
    taint(case, id).map(|taint| taint.link)
}

#[test]
fn what_the_thief_did_is_tainted_and_what_the_owner_did_is_not() {
    let address = |address: &str| json!({"initiatedBy": {"user": {"id": guid(ANN), "userPrincipalName": "ann@contoso.example", "ipAddress": address}}});
    let (home, away) = ("203.0.113.10", "192.0.2.30");
    let case = story(&[
        act("by-token", "2026-11-12T10:05:00", away, None, Some("thief's token")),
        act("by-session", "2026-11-12T19:00:00", away, Some("stolen"), None),
        act("by-session-unplaced", "2026-11-12T19:00:00", "", Some("stolen"), None),
        act("by-both", "2026-11-12T19:00:00", away, Some("stolen"), Some("own token")),
        act("owner", "2026-11-12T10:05:00", home, Some("stolen"), Some("own token")),
        act("by-place", "2026-11-12T10:30:00", away, None, None),
        act("too-late", "2026-11-12T10:30:01", away, None, None),
        act("other-session", "2026-11-12T10:05:00", away, Some("day 9"), None),
        audit(ANN, "audit-near", "2026-11-12T09:30:00Z", address(away)),
        audit(ANN, "audit-early", "2026-11-12T09:29:59Z", address(away)),
        audit(ANN, "audit-home", "2026-11-12T10:05:00Z", address(home)),
    ]);
    for (id, expected) in [
        ("stolen", Some(Link::Own)),
        ("start", None),
        ("day-9", None),
        ("by-token", Some(Link::Token)),
        ("by-session", Some(Link::Session)),
        ("by-session-unplaced", Some(Link::Session)),
        ("by-both", Some(Link::Token)),
        ("owner", None),
        ("by-place", Some(Link::Place)),
        ("too-late", None),
        ("audit-near", Some(Link::Place)),
        ("audit-early", None),
        ("audit-home", None),
    ] {
        assert_eq!(link(&case, id), expected, "{id}");
    }
    // It says that it is of another session, and came from the thief's address all the same.
    assert_eq!(link(&case, "other-session"), Some(Link::Place));
    let path = taint(&case, "by-token").expect("a taint");
    assert_eq!((path.detection, path.through), ("session-handover", None));
    let bucket = &case.buckets[0];
    assert_eq!(
        path.fact(&case.view(bucket)),
        json!({"session": guid("stolen"), "link": "token id", "detection": "session-handover"})
    );
}

#[test]
fn devices_and_methods_registered_by_the_thief_carry_it_on() {
    let device = guid("thief's device");
    let registered = |id: &str, operation: &str, target: &str, kind: &str| {
        let who = json!({"id": guid(ANN), "userPrincipalName": "ann@contoso.example", "ipAddress": "192.0.2.30"});
        audit(
            ANN,
            id,
            "2026-11-12T10:10:00Z",
            json!({"activityDisplayName": operation, "initiatedBy": {"user": who},
                   "additionalDetails": [{"key": "Device Id", "value": target}],
                   "targetResources": [{"type": kind, "id": target, "displayName": "x"}, {"type": "User", "id": guid(ANN), "userPrincipalName": "ann@contoso.example"}]}),
        )
    };
    let elsewhere = |id: &str, time: &str, session: &str, changes: Value| {
        let place = json!({"ipAddress": "198.51.100.99", "autonomousSystemNumber": 64503, "location": {"countryOrRegion": "DE"},
                           "sessionId": guid(session)});
        sign_in(ANN, id, time, with(place, changes))
    };
    let case = story(&[
        registered("device", "Register device", &device, "Device"),
        registered("passkey", "Add FIDO2 security key", "", "Other"),
        elsewhere("by-device", "2026-11-14T10:00:00Z", "later", json!({"deviceDetail": {"deviceId": device}})),
        elsewhere("device-before", "2026-11-11T10:00:00Z", "before", json!({"deviceDetail": {"deviceId": device}})),
        elsewhere(
            "by-method",
            "2026-11-15T10:00:00Z",
            "keyed",
            json!({"authenticationDetails": [{"authenticationMethod": "Passkey (device-bound)", "succeeded": true}]}),
        ),
        elsewhere("neither", "2026-11-16T10:00:00Z", "plain", json!({})),
        act("done-later", "2026-11-14T18:00:00", "198.51.100.99", Some("later"), None),
    ]);
    for (id, expected) in [
        ("by-device", Some(Link::Own)),
        ("device-before", None),
        ("by-method", Some(Link::Own)),
        ("neither", None),
        ("done-later", Some(Link::Session)),
    ] {
        assert_eq!(link(&case, id), expected, "{id}");
    }
    let through = |id: &str| taint(&case, id).and_then(|taint| taint.through);
    assert_eq!(through("done-later"), Some(Link::Device));
    assert_eq!(through("by-method"), Some(Link::Method));
}

#[test]
fn nothing_is_tainted_where_nothing_says_that_a_session_is_in_other_hands() {
    let quiet = [
        sign_in(ANN, "home", "2026-11-12T08:00:00Z", json!({"sessionId": guid("quiet")})),
        act("rule", "2026-11-12T08:05:00", "203.0.113.10", Some("quiet"), None),
    ];
    let case = case(&[("records.ndjson", lines(&quiet))]);
    assert_eq!(link(&case, "rule"), None);
    assert_eq!(link(&case, "home"), None);
}
