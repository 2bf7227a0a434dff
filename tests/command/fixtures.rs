//! Sign-ins to analyze, as Microsoft Graph beta writes them.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::{Value, json};
use tempfile::TempDir;

/// A folder of its own for one test.
pub(crate) fn folder() -> TempDir {
    tempfile::tempdir().expect("a folder")
}

/// Writes a file, its folders too.
pub(crate) fn write(folder: &Path, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
    let path = folder.join(name);
    fs::create_dir_all(path.parent().expect("a folder")).expect("folders");
    fs::write(&path, bytes).expect("a file");
    path
}

/// Records, one a line.
pub(crate) fn lines(records: &[Value]) -> String {
    records.iter().map(|record| format!("{record}\n")).collect()
}

/// The findings of a report that say that a tool redeemed a family token.
pub(crate) fn pivots(report: &Value) -> Vec<&Value> {
    let all = report["findings"].as_array().expect("findings").iter();
    all.filter(|finding| finding["detection"] == "foci-pivot").collect()
}

/// Bytes as gzip.
pub(crate) fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).expect("memory");
    encoder.finish().expect("memory")
}

/// A GUID that ends in this number.
pub(crate) fn guid(kind: u16, number: u64) -> String {
    format!("00000000-0000-4000-{kind:04x}-{number:012x}")
}

/// An interactive sign-in of user `user` to Teams from their own laptop in Oslo, in session
/// `session`, on this day and minute of November 2026.
pub(crate) fn sign_in(number: u64, user: u64, session: u64, time: &str) -> Value {
    json!({
        "id": guid(0x8000, number),
        "createdDateTime": time,
        "userPrincipalName": format!("user{user}@example.com"),
        "userId": guid(0x8001, user),
        "appId": "1fec8e78-bce4-4aaf-ab1b-5451cc387264",
        "appDisplayName": "Microsoft Teams",
        "resourceId": "00000003-0000-0000-c000-000000000000",
        "resourceDisplayName": "Microsoft Graph",
        "ipAddress": "198.51.100.24",
        "autonomousSystemNumber": 64497,
        "location": {"city": "Oslo", "countryOrRegion": "NO"},
        "status": {"errorCode": 0},
        "deviceDetail": {
            "deviceId": guid(0x8002, user),
            "displayName": format!("NB-{user:04}"),
            "operatingSystem": "Windows 11",
            "browser": "Edge 130.0",
            "isCompliant": true
        },
        "userAgent": "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/130.0 Safari/537.36 Edg/130.0",
        "isInteractive": true,
        "signInEventTypes": ["interactiveUser"],
        "incomingTokenType": "none",
        "authenticationProtocol": "none",
        "originalTransferMethod": "none",
        "sessionId": guid(0x8003, session),
        "homeTenantId": guid(0x8004, 1),
        "resourceTenantId": guid(0x8004, 1),
        "correlationId": guid(0x8005, number),
        "conditionalAccessAudiences": [],
        "authenticationProcessingDetails": [],
    })
}

/// A refresh token of the session redeemed by Azure CLI, run by a script at a hosting network.
pub(crate) fn redeemed(number: u64, user: u64, session: u64, time: &str) -> Value {
    let mut record = sign_in(number, user, session, time);
    let changes = json!({
        "appId": "04b07795-8ddb-461a-bbee-02f9e1bf7b46",
        "appDisplayName": "Microsoft Azure CLI",
        "ipAddress": "203.0.113.77",
        "autonomousSystemNumber": 14061,
        "location": {"city": "Amsterdam", "countryOrRegion": "NL"},
        "deviceDetail": {"deviceId": "", "displayName": "", "operatingSystem": "Linux"},
        "userAgent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
        "isInteractive": false,
        "signInEventTypes": ["nonInteractiveUser"],
        "incomingTokenType": "refreshToken",
    });
    for (key, value) in changes.as_object().expect("an object") {
        record[key] = value.clone();
    }
    record
}

/// A stolen session, 11 minutes and 23 seconds after its sign-in, and two quiet ones.
pub(crate) fn stolen() -> Vec<Value> {
    vec![
        sign_in(1, 1, 1, "2026-11-12T15:41:08Z"),
        redeemed(2, 1, 1, "2026-11-12T15:52:31Z"),
        sign_in(3, 1, 2, "2026-11-10T08:00:00Z"),
        sign_in(4, 2, 3, "2026-11-11T09:00:00Z"),
    ]
}

/// Many users with many sessions, every seventh user's last one stolen: more than 1 MiB, which is
/// cut into slices where there is more than one thread.
pub(crate) fn many() -> Vec<Value> {
    let mut records = Vec::new();
    let mut number = 0;
    for user in 0..70 {
        for session in 0..14 {
            number += 1;
            let time = format!("2026-11-{:02}T{:02}:{:02}:08Z", 1 + session, 8 + session % 2, user % 60);
            records.push(sign_in(number, user, user * 100 + session, &time));
        }
        if user % 7 == 0 {
            number += 1;
            let time = format!("2026-11-26T{:02}:{:02}:31Z", 8 + user % 12, user % 60);
            records.push(redeemed(number, user, user * 100 + 13, &time));
        }
    }
    records
}
