//! What came of a session: tokens, their uses, devices, the end.

use serde_json::{Value, json};
use signin_sleuth::analysis::Case;
use signin_sleuth::sessions::{EventRef, Familiar, Lineage, Link, Parent, Settings, UseKind, View, hands, lineage};

use crate::support::{audit, guid, with};
use crate::taint::{act, story, thief};

const ANN: &str = "ann";
const AWAY: &str = "192.0.2.30";

/// Asks about the session that the thief went on with.
fn ask<T>(case: &Case, question: impl FnOnce(&View<'_>, &Lineage) -> T) -> T {
    let view = case.view(&case.buckets[0]);
    let number = view.sessions.iter().position(|session| session.anchor.display(&case.store.texts) == guid("stolen"));
    let number = number.expect("the session");
    let familiar = Familiar::new(&view, vec![number], Settings::default());
    let hands = hands(&view, &view.sessions[number], &familiar);
    question(&view, &lineage(&view, number, &hands.holdings))
}

fn id(view: &View<'_>, event: EventRef) -> String {
    event.head(view.store).expect("a row").id.display(&view.store.texts)
}

fn ids(view: &View<'_>, rows: &[u32]) -> Vec<String> {
    rows.iter().map(|&row| id(view, EventRef::SignIn(row))).collect()
}

#[test]
fn tokens_of_one_application_and_holder_are_one_grant_with_the_request_it_descends_from() {
    let mut more: Vec<Value> = (0..40)
        .map(|number| {
            let token =
                json!({"uniqueTokenIdentifier": guid(&format!("token {number}")), "originalRequestId": "stolen"});
            thief(
                &format!("more-{number:02}"),
                &format!("2026-11-12T11:{number:02}:00Z"),
                with(json!({"appDisplayName": "Azure CLI", "appId": "04b07795-8ddb-461a-bbee-02f9e1bf7b46"}), token),
            )
        })
        .collect();
    more.push(thief("orphan", "2026-11-12T12:00:00Z", json!({"appId": "1950a258-227b-4e31-a9cf-717495945fc2", "appDisplayName": "PowerShell", "originalRequestId": guid("nowhere")})));
    more.push(thief("of-day-9", "2026-11-12T12:01:00Z", json!({"appId": "00b41c95-dab0-4487-9791-b9d2c32c80f2", "appDisplayName": "Management", "originalRequestId": "day-9"})));
    ask(&story(&more), |view, lineage| {
        let told: Vec<(String, Option<usize>, usize, usize, Parent)> = lineage
            .grants
            .iter()
            .map(|grant| (view.app_name(grant.app), grant.hand, grant.sign_ins.len(), grant.tokens, grant.parent))
            .collect();
        let day_9 = view.sessions.iter().position(|session| ids(view, &session.sign_ins) == ["day-9"]).expect("day 9");
        let teams = || "Microsoft Teams".to_owned();
        assert_eq!(
            told,
            [
                (teams(), Some(0), 1, 1, Parent::Nothing),
                (teams(), Some(1), 1, 1, Parent::Held),
                ("Azure CLI".to_owned(), Some(1), 40, 40, Parent::Grant(1)),
                ("PowerShell".to_owned(), Some(1), 1, 0, Parent::NotInExports),
                ("Management".to_owned(), Some(1), 1, 0, Parent::Session(day_9)),
            ]
        );
        assert_eq!(lineage.root.map(|row| id(view, EventRef::SignIn(row))).as_deref(), Some("start"));
    });
}

#[test]
fn uses_say_by_which_token_and_from_whose_place() {
    let case = story(&[
        act("a", "2026-11-12T10:05:00", AWAY, None, Some("thief's token")),
        act("b", "2026-11-12T10:06:00", AWAY, None, Some("thief's token")),
        act("elsewhere", "2026-11-12T10:07:00", "198.51.100.200", None, Some("own token")),
        act("home", "2026-11-12T10:08:00", "203.0.113.10", Some("stolen"), None),
        act("near", "2026-11-12T10:20:00", AWAY, None, None),
        act("other", "2026-11-09T08:01:00", "203.0.113.10", Some("day 9"), None),
    ]);
    ask(&case, |_, lineage| {
        let told: Vec<_> =
            lineage.uses.iter().map(|item| (item.grant, item.link, item.hand, item.count, item.addresses)).collect();
        assert_eq!(
            told,
            [
                (Some(1), Link::Token, Some(1), 2, 1),
                (Some(0), Link::Token, None, 1, 1),
                (None, Link::Session, Some(0), 1, 1),
                (None, Link::Place, Some(1), 1, 1),
            ]
        );
        assert!(lineage.uses.iter().all(|item| item.kind == UseKind::Act));
        // The guess at 10:20 is not taken for a sign of life.
        assert_eq!(lineage.last_seen, Some(1_794_478_080_000_000));
    });
}

#[test]
fn a_device_registered_in_the_session_leads_to_its_primary_tokens_and_sessions() {
    let device = guid("thief's device");
    let registered = audit(
        ANN,
        "device",
        "2026-11-12T10:10:00Z",
        json!({
            "activityDisplayName": "Register device", "additionalDetails": [{"key": "Device Id", "value": device}],
            "initiatedBy": {"user": {"id": guid(ANN), "userPrincipalName": "ann@contoso.example", "ipAddress": AWAY}},
        }),
    );
    let primary = |id: &str, time: &str, session: &str| {
        thief(
            id,
            time,
            json!({"sessionId": guid(session), "incomingTokenType": "primaryRefreshToken", "deviceDetail": {"deviceId": device}}),
        )
    };
    let case = story(&[
        registered,
        primary("one", "2026-11-12T10:20:00Z", "new"),
        primary("two", "2026-11-13T10:20:00Z", "newer"),
    ]);
    ask(&case, |view, lineage| {
        let line = lineage.devices.iter().find(|line| line.here).expect("the device");
        assert_eq!(line.id.display(&view.store.texts), device);
        assert_eq!(line.registered.map(|audit| id(view, EventRef::Audit(audit))).as_deref(), Some("device"));
        assert_eq!(ids(view, &line.primary), ["one", "two"]);
        assert_eq!(line.sessions.len(), 2);
        assert_eq!(line.span.1 - line.span.0, (24 * 60 + 10) * 60_000_000);
        // The owner's laptop is there too, and was not registered here.
        assert_eq!(lineage.devices.iter().filter(|line| !line.here).count(), 1);
    });
}

#[test]
fn what_ended_a_session_says_what_came_after_all_the_same() {
    let admin = json!({"id": guid("admin"), "userPrincipalName": "admin@contoso.example", "ipAddress": "203.0.113.99"});
    let target = json!([{"type": "User", "id": guid(ANN), "userPrincipalName": "ann@contoso.example"}]);
    let act = |operation: &str| json!({"activityDisplayName": operation, "initiatedBy": {"user": admin}, "targetResources": target});
    let refused = |code: u32| json!({"status": {"errorCode": code}});
    let case = story(&[
        audit(ANN, "revoked", "2026-11-12T10:30:00Z", act("Update StsRefreshTokenValidFrom Timestamp")),
        audit(ANN, "before", "2026-11-10T10:30:00Z", act("Reset user password")),
        thief("still", "2026-11-12T10:40:00Z", json!({})),
        thief("dead", "2026-11-12T11:40:00Z", refused(50173)),
        thief("dead-again", "2026-11-12T11:41:00Z", refused(50173)),
        thief("blocked", "2026-11-12T11:50:00Z", refused(53003)),
        thief("typo", "2026-11-12T11:55:00Z", refused(50126)),
    ]);
    ask(&case, |view, lineage| {
        let told: Vec<_> =
            lineage.ends.iter().map(|end| (id(view, end.event), end.code, end.act.is_some(), end.after)).collect();
        assert_eq!(
            told,
            [
                ("revoked".to_owned(), None, true, 1),
                ("dead".to_owned(), Some(50173), false, 0),
                ("blocked".to_owned(), Some(53003), false, 0),
            ]
        );
    });
}
