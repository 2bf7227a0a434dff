//! What ties two flagged sessions into one incident, each kind end to end, and a near miss of each: all that
//! differs is the thing itself.

use serde_json::{Value, json};

use crate::support::{audit, guid, report_of, sign_in, with};

const HETZNER: u32 = 24_940;

/// Where another hand holds a session of a user: a block of that user and day alone.
fn block(user: &str, day: u32) -> u32 {
    (user.bytes().map(u32::from).sum::<u32>() + day) % 100
}

/// A session of a user that another hand goes on with: by a program from a place that no other user here has.
fn taken(user: &str, day: u32, changes: Value) -> Vec<Value> {
    let session = guid(&format!("session of {user} on day {day}"));
    let number = block(user, day);
    let place = json!({"ipAddress": format!("192.0.{number}.30"), "autonomousSystemNumber": 64_600 + number, "location": {"countryOrRegion": "NL"},
        "userAgent": format!("Mozilla/5.0 (X11; Linux x86_64) {user}{day}"), "deviceDetail": {"deviceId": ""}, "isInteractive": false,
        "incomingTokenType": "refreshToken", "sessionId": session, "uniqueTokenIdentifier": guid(&format!("token of {user} on {day}"))});
    vec![
        sign_in(
            user,
            &format!("{user}-{day}-first"),
            &format!("2026-11-{day:02}T09:11:23Z"),
            json!({"sessionId": session}),
        ),
        sign_in(
            user,
            &guid(&format!("{user}-{day}-second")),
            &format!("2026-11-{day:02}T10:11:23Z"),
            with(place, changes),
        ),
    ]
}

/// A rule of a user's mailbox that sends to an address, made in the session of the day.
fn rule(user: &str, day: u32, target: &str) -> Value {
    json!({"Id": format!("rule-{user}"), "CreationTime": format!("2026-11-{day:02}T10:20:00"), "Operation": "New-InboxRule",
        "OrganizationId": "11111111-1111-4111-8111-111111111111", "RecordType": 1, "ResultStatus": "True", "UserKey": "k",
        "Workload": "Exchange", "UserId": format!("{user}@contoso.example"),
        "AppAccessContext": {"AADSessionId": guid(&format!("session of {user} on day {day}"))},
        "Parameters": [{"Name": "Name", "Value": "."}, {"Name": "ForwardTo", "Value": target}, {"Name": "DeleteMessage", "Value": "True"}]})
}

/// A consent to an application by a user, in the session of the day.
fn consent(user: &str, day: u32, app: &str) -> Value {
    let number = block(user, day);
    let who = json!({"id": guid(user), "userPrincipalName": format!("{user}@contoso.example"), "ipAddress": format!("192.0.{number}.30")});
    let granted = "\"[] => [[Id: abc, ClientId: 1, PrincipalId: 2, ResourceId: 3, ConsentType: Principal, Scope:  User.Read offline_access Mail.Read, CreatedDateTime: , LastModifiedDateTime ]]; \"";
    let target = json!({"type": "ServicePrincipal", "id": app, "displayName": "App", "modifiedProperties": [
        {"displayName": "ConsentContext.IsAdminConsent", "oldValue": null, "newValue": "\"False\""},
        {"displayName": "ConsentAction.Permissions", "oldValue": null, "newValue": granted}]});
    let changes = json!({"activityDisplayName": "Consent to application", "category": "ApplicationManagement",
        "initiatedBy": {"user": who}, "targetResources": [target]});
    audit(user, &format!("consent-{user}"), &format!("2026-11-{day:02}T10:20:00Z"), changes)
}

/// A method registered by a user from the other hand's place.
fn method(user: &str, day: u32, operation: &str) -> Value {
    let number = block(user, day);
    let who = json!({"id": guid(user), "userPrincipalName": format!("{user}@contoso.example"), "ipAddress": format!("192.0.{number}.30")});
    let target = json!({"type": "User", "id": guid(user), "userPrincipalName": format!("{user}@contoso.example")});
    let changes = json!({"activityDisplayName": operation, "initiatedBy": {"user": who}, "targetResources": [target]});
    audit(user, &format!("method-{user}"), &format!("2026-11-{day:02}T10:20:00Z"), changes)
}

/// Sessions of each incident, and the kinds of the ties of all.
fn told(records: &[Value]) -> (Vec<usize>, Vec<String>) {
    let report = report_of(records);
    let incidents = report["incidents"].as_array().expect("incidents");
    let sessions = |incident: &Value| incident["sessions"].as_array().map(Vec::len).unwrap_or_default();
    let links = incidents.iter().flat_map(|incident| incident["links"].as_array().expect("links"));
    let mut kinds: Vec<String> = links.map(|link| link["kind"].as_str().expect("a kind").to_owned()).collect();
    kinds.sort();
    kinds.dedup();
    (incidents.iter().map(sessions).collect(), kinds)
}

fn all(parts: &[Vec<Value>]) -> Vec<Value> {
    parts.concat()
}

#[test]
fn each_tie_joins_and_its_near_miss_does_not() {
    let two = |ann: Value, bob: Value| all(&[taken("ann", 4, json!({})), taken("bob", 12, json!({})), vec![ann, bob]]);
    let app = guid("an application");
    let device = |id: &str| json!({"deviceDetail": {"deviceId": id}});
    let (stolen, other) = ("d0000000-0000-4000-8000-0000000000ff", "d0000000-0000-4000-8000-0000000000fe");
    let devices = |left: &str, right: &str| all(&[taken("ann", 4, device(left)), taken("bob", 12, device(right))]);
    let first = guid("ann-4-second");
    let token = guid("token of ann on 4");
    let rented = |user: &str, day: u32, block: u8, asn: u32, agent: &str| {
        let address = format!("198.51.{block}.7");
        taken(user, day, json!({"ipAddress": address, "autonomousSystemNumber": asn, "userAgent": agent}))
    };
    let python = "python-requests/2.32.3";
    let passkey = |text: &str| json!([{"authenticationMethod": text, "succeeded": true}]);
    let methods = |operation: &str, used: &str| {
        let by = json!({"authenticationDetails": passkey(used)});
        all(&[taken("ann", 4, json!({})), vec![method("ann", 4, operation)], taken("ann", 12, by)])
    };
    let cases: Vec<(&str, Vec<Value>, Vec<Value>)> = vec![
        (
            "rule-target",
            two(rule("ann", 4, "box@evil.example"), rule("bob", 12, "BOX@evil.example")),
            two(rule("ann", 4, "box@evil.example"), rule("bob", 12, "box@other.example")),
        ),
        (
            "rule-target",
            two(rule("ann", 4, "smtp:box@evil.example"), rule("bob", 12, "box@evil.example")),
            // Within the organisation many rules send to one address.
            two(rule("ann", 4, "box@contoso.example"), rule("bob", 12, "box@contoso.example")),
        ),
        (
            "consented-app",
            two(consent("ann", 4, &app), consent("bob", 12, &app)),
            two(consent("ann", 4, &app), consent("bob", 12, &guid("another application"))),
        ),
        ("device", devices(stolen, stolen), devices(stolen, other)),
        (
            "token",
            all(&[taken("ann", 4, json!({})), taken("ann", 12, json!({"originalRequestId": first}))]),
            all(&[
                taken("ann", 4, json!({})),
                taken("ann", 12, json!({"originalRequestId": guid("a request of others")})),
            ]),
        ),
        (
            "token",
            all(&[taken("ann", 4, json!({})), taken("bob", 12, json!({"uniqueTokenIdentifier": token}))]),
            all(&[
                taken("ann", 4, json!({})),
                taken("bob", 12, json!({"uniqueTokenIdentifier": guid("a token of bob's own")})),
            ]),
        ),
        (
            "network",
            all(&[rented("ann", 4, 100, HETZNER, python), rented("bob", 12, 101, HETZNER, python)]),
            // Another program from the same provider, or the same program from a provider of access.
            all(&[rented("ann", 4, 100, HETZNER, python), rented("bob", 12, 101, HETZNER, "curl/8.5")]),
        ),
        (
            "network",
            all(&[rented("ann", 4, 100, 64_999, python), rented("bob", 12, 100, 64_999, python)]),
            all(&[rented("ann", 4, 100, 64_999, python), rented("bob", 12, 101, 64_999, python)]),
        ),
        (
            "registered-method",
            methods("Add Passkey (device-bound)", "Passkey (device-bound)"),
            methods("Add Passkey (device-bound)", "Windows Hello for Business"),
        ),
    ];
    for (kind, joined, apart) in cases {
        let (sessions, kinds) = told(&joined);
        assert_eq!(sessions, [2], "{kind} joins: {kinds:?}");
        assert!(kinds.iter().any(|other| other == kind), "{kind}: {kinds:?}");
        let (sessions, kinds) = told(&apart);
        assert!(sessions == [1, 1] && !kinds.iter().any(|other| other == kind), "{kind} apart: {sessions:?} {kinds:?}");
    }
}
