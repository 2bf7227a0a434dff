//! Small exports: a user with a history, a session that changes hands, one opened by somebody else, and
//! one weak sign.

use serde_json::{Value, json};
use signin_sleuth::analysis::{Case, Reading};
use signin_sleuth::detections::Tuning;
use signin_sleuth::report::page::Desk;

const EDGE: &str = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0 Safari/537.36 Edg/130.0";
const TENANT: &str = "11111111-1111-4111-8111-111111111111";
pub(crate) const OFFICE: (&str, &str) = ("Microsoft Office", "d3590ed6-52b3-4102-aeff-aad2292ab01c");
const CLI: (&str, &str) = ("Microsoft Azure CLI", "04b07795-8ddb-461a-bbee-02f9e1bf7b46");
const BROKER: (&str, &str) = ("Microsoft Authentication Broker", "29d9ed98-a469-4536-ade2-f981bc1d605e");

/// Session that passes from Oslo to a hosting network.
pub(crate) const STOLEN: &str = "aaaaaaaa-0000-4000-8000-000000000001";
/// Session that a script opens by device code.
pub(crate) const OPENED: &str = "aaaaaaaa-0000-4000-8000-000000000002";
/// Session in which the user's own machine uses Azure CLI.
pub(crate) const OWN: &str = "aaaaaaaa-0000-4000-8000-000000000003";

/// Who signs in, from where.
#[derive(Clone, Copy)]
pub(crate) struct From {
    pub(crate) address: &'static str,
    pub(crate) asn: u32,
    pub(crate) city: &'static str,
    pub(crate) country: &'static str,
    pub(crate) device: &'static str,
    pub(crate) agent: &'static str,
}

pub(crate) const OSLO: From =
    From { address: "198.51.100.24", asn: 64497, city: "Oslo", country: "NO", device: "NB-0412", agent: EDGE };
pub(crate) const HOSTING: From = From {
    address: "203.0.113.77",
    asn: 14061,
    city: "Amsterdam",
    country: "NL",
    device: "",
    agent: "python-requests/2.31.0",
};

/// A sign-in of `nora.lind`, as Graph beta writes it.
pub(crate) fn sign_in(number: u32, time: &str, from: From, app: (&str, &str), token: &str, session: &str) -> Value {
    let interactive = token == "none";
    json!({
        "id": format!("bbbbbbbb-0000-4000-8000-{number:012}"),
        "createdDateTime": time,
        "userPrincipalName": "Nora.Lind@example.com",
        "userDisplayName": "Nora Lind",
        "userId": "cccccccc-0000-4000-8000-000000000001",
        "userType": "member",
        "appId": app.1,
        "appDisplayName": app.0,
        "resourceDisplayName": "Microsoft Graph",
        "resourceId": "00000003-0000-0000-c000-000000000000",
        "homeTenantId": TENANT,
        "resourceTenantId": TENANT,
        "isInteractive": interactive,
        "signInEventTypes": [if interactive { "interactiveUser" } else { "nonInteractiveUser" }],
        "ipAddress": from.address,
        "autonomousSystemNumber": from.asn,
        "userAgent": from.agent,
        "incomingTokenType": token,
        "authenticationProtocol": "none",
        "originalTransferMethod": "none",
        "sessionId": session,
        "uniqueTokenIdentifier": format!("dddddddd-0000-4000-8000-{number:012}"),
        "correlationId": format!("eeeeeeee-0000-4000-8000-{number:012}"),
        "authenticationRequirement": "multiFactorAuthentication",
        "conditionalAccessStatus": "success",
        "conditionalAccessAudiences": [],
        "authenticationProcessingDetails": [],
        "status": {"errorCode": 0, "failureReason": "", "additionalDetails": ""},
        "location": {"city": from.city, "state": "", "countryOrRegion": from.country,
                     "geoCoordinates": {"latitude": 59.9, "longitude": 10.7}},
        "deviceDetail": {
            "deviceId": if from.device.is_empty() { "" } else { "ffffffff-0000-4000-8000-000000000412" },
            "displayName": from.device,
            "operatingSystem": "Windows 11",
            "browser": "Edge 130.0",
            "isCompliant": !from.device.is_empty(),
            "isManaged": !from.device.is_empty(),
            "trustType": ""
        }
    })
}

/// An audit event of `nora.lind` from the hosting network.
pub(crate) fn registration(time: &str) -> Value {
    json!({
        "id": "99999999-0000-4000-8000-000000000001",
        "category": "UserManagement",
        "correlationId": "99999999-0000-4000-8000-00000000000c",
        "result": "success",
        "activityDisplayName": "User registered security info",
        "activityDateTime": time,
        "loggedByService": "Authentication Methods",
        "initiatedBy": {"user": {"id": "cccccccc-0000-4000-8000-000000000001",
                                 "userPrincipalName": "nora.lind@example.com", "ipAddress": "203.0.113.77"}},
        "targetResources": [{"id": "cccccccc-0000-4000-8000-000000000001", "displayName": null, "type": "User",
                             "userPrincipalName": "nora.lind@example.com", "modifiedProperties": []}],
        "additionalDetails": []
    })
}

/// Ten days of a user's own sign-ins from Oslo.
pub(crate) fn history() -> Vec<Value> {
    (1..=10)
        .map(|day| {
            let session = format!("aaaaaaaa-0000-4000-8000-0000000001{day:02}");
            sign_in(day, &format!("2026-11-{day:02}T08:00:00Z"), OSLO, OFFICE, "none", &session)
        })
        .collect()
}

/// The session that changes hands eleven minutes after sign-in.
pub(crate) fn stolen() -> Vec<Value> {
    vec![
        sign_in(100, "2026-11-12T15:41:08Z", OSLO, OFFICE, "none", STOLEN),
        sign_in(101, "2026-11-12T15:43:20Z", OSLO, OFFICE, "refreshToken", STOLEN),
        sign_in(102, "2026-11-12T15:52:31Z", HOSTING, CLI, "refreshToken", STOLEN),
        sign_in(103, "2026-11-12T16:10:00Z", HOSTING, OFFICE, "refreshToken", STOLEN),
        sign_in(104, "2026-11-12T17:12:06Z", HOSTING, CLI, "refreshToken", STOLEN),
    ]
}

/// The session that a script opens, and what it registers.
pub(crate) fn opened() -> Vec<Value> {
    let mut first = sign_in(200, "2026-11-13T09:14:00Z", HOSTING, BROKER, "none", OPENED);
    first["authenticationProtocol"] = json!("deviceCode");
    first["originalTransferMethod"] = json!("deviceCodeFlow");
    first["conditionalAccessAudiences"] = json!([BROKER.1]);
    vec![first, registration("2026-11-13T09:31:00Z")]
}

/// The user's own machine uses Azure CLI: one weak sign.
pub(crate) fn own() -> Vec<Value> {
    vec![
        sign_in(300, "2026-11-14T10:00:00Z", OSLO, OFFICE, "none", OWN),
        sign_in(301, "2026-11-14T10:20:00Z", OSLO, CLI, "refreshToken", OWN),
    ]
}

pub(crate) fn ndjson(records: &[Value]) -> String {
    records.iter().map(|record| format!("{record}\n")).collect()
}

/// A desk over these files.
pub(crate) fn desk(files: &[(&str, String)]) -> Desk {
    let parts = files.iter().enumerate().map(|(number, (name, text))| {
        let mut reading = Reading::new(name, u32::try_from(number).expect("few files"), 0);
        reading.feed(text.as_bytes());
        reading.finish()
    });
    Desk::new(Case::gather(parts.collect()), Tuning::default())
}

/// All of it in one file.
pub(crate) fn whole() -> Desk {
    let records: Vec<Value> = [history(), stolen(), opened(), own()].concat();
    desk(&[("all.ndjson", ndjson(&records))])
}

/// Asks and takes the JSON answer.
pub(crate) fn ask(desk: &Desk, question: Value) -> Value {
    let answer = desk.answer(question.to_string().as_bytes()).expect("an answer");
    serde_json::from_slice(&answer).expect("JSON")
}

/// The rows that a filter leaves.
pub(crate) fn sessions(desk: &Desk, filter: Value) -> Value {
    ask(
        desk,
        json!({"ask": "sessions", "filter": filter, "sort": "severity", "descending": true, "offset": 0, "limit": 100}),
    )
}

/// The key of a session by its id.
pub(crate) fn key_of(desk: &Desk, session: &str) -> String {
    let page = sessions(desk, json!({}));
    let rows = page["rows"].as_array().expect("rows").iter();
    let found = rows.clone().find(|row| row["session"] == session);
    found.unwrap_or_else(|| panic!("{session} is not flagged: {page}"))["key"].as_str().expect("a key").to_owned()
}

/// One session, whole.
pub(crate) fn session(desk: &Desk, id: &str) -> Value {
    ask(desk, json!({"ask": "session", "key": key_of(desk, id)}))
}
