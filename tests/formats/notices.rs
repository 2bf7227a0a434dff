//! Each kind of notice: exports that have it, and ones that nearly do.

use std::collections::BTreeSet;
use std::io::Write as _;

use serde_json::{Value, json};
use signin_sleuth::analysis::clock::{Times, Told};
use signin_sleuth::analysis::{Case, Reading};
use signin_sleuth::events::offsets::Offsets;
use signin_sleuth::report::{NoticeKind, notices};

use crate::mmdb::database;
use crate::support::{ABSENT, csv, graph, monitor, with};

type File = (&'static str, Vec<u8>);

fn text(name: &'static str, text: impl Into<String>) -> File {
    (name, text.into().into_bytes())
}

/// Records, one a line.
fn lines(records: impl IntoIterator<Item = Value>) -> File {
    let lines: String = records.into_iter().map(|record| format!("{record}\n")).collect();
    text("a.json", lines)
}

fn case(files: &[File], times: &Times) -> Case {
    let parts = files.iter().zip(0..).map(|((name, bytes), input)| {
        let mut reading = Reading::new(name, input, 0);
        reading.feed(bytes);
        reading.finish()
    });
    Case::gather_told(parts.collect(), times)
}

/// Kinds of notices on these files.
fn kinds_told(files: &[File], times: &Times) -> BTreeSet<&'static str> {
    let all = notices(&case(files, times));
    assert!(all.iter().all(|notice| !notice.text.is_empty() && !notice.next.is_empty()));
    all.into_iter().map(|notice| notice.kind.name()).collect()
}

/// A sign-in of Graph, numbered.
fn numbered(number: u32, members: Value) -> Value {
    with(graph(json!({"id": format!("0f94f5fb-0000-0000-0000-{number:012}")})), members)
}

/// One interactive and one non-interactive sign-in: nothing is to be said of them.
fn plain() -> Vec<Value> {
    vec![numbered(1, json!({"signInEventTypes": ["interactiveUser"]})), numbered(2, json!({}))]
}

/// Rows of SigninLogs, their times under this header.
fn table(header: &str, times: &[&str]) -> File {
    let rows = times.iter().enumerate().map(|(number, time)| {
        format!("\"{time}\",00000000-0000-0000-0000-00000000010{number},0,ada@contoso.example,Portal,s,SigninLogs\n")
    });
    text(
        "query.csv",
        format!("{header},Id,ResultType,UserPrincipalName,AppDisplayName,SessionId,Type\n{}", rows.collect::<String>()),
    )
}

/// A row of a PowerShell table.
fn powershell(time: &str) -> File {
    text(
        "b.csv",
        csv(&[
            ("AdditionalProperties", "System.Collections.Generic.Dictionary`2[System.String,System.Object]"),
            ("AppDisplayName", "Portal"),
            ("CreatedDateTime", time),
            ("Id", "x"),
            ("IPAddress", "203.0.113.7"),
            ("Status", "Microsoft.Graph.PowerShell.Models.MicrosoftGraphSignInStatus"),
            ("UserPrincipalName", "ada@contoso.example"),
        ]),
    )
}

/// A logon as Hawk writes it.
fn logon(time: &str) -> File {
    text(
        "h.csv",
        csv(&[
            ("CreationTime", time),
            ("Id", "x"),
            ("Operation", "UserLoggedIn"),
            ("RecordType", "15"),
            ("Workload", "AzureActiveDirectory"),
            ("UserId", "ada@contoso.example"),
            ("ErrorNumber", "0"),
        ]),
    )
}

/// Acts of the unified audit log.
fn acts(count: u32) -> File {
    let act = |number: u32| {
        json!({"CreationTime": "2026-09-13T01:30:00", "Id": format!("a{number}"), "Operation": "FileAccessed", "RecordType": 6,
            "Workload": "OneDrive", "UserId": "ada@contoso.example", "ObjectId": "x"})
    };
    lines((0..count).map(act))
}

/// Rows of a query.
fn rows(count: u32) -> File {
    let row = |number: u32| {
        json!({"Type": "SigninLogs", "CreatedDateTime": "2026-09-13T01:22:28Z", "Id": format!("r{number}"),
            "UserPrincipalName": "ada@contoso.example", "AppDisplayName": "Portal", "ResultType": "0"})
    };
    lines((0..count).map(row))
}

/// A hundred sign-ins on the last day, one so many days and hours before.
fn since(days: u32, hours: u32) -> File {
    let last = (0..100).map(|number| numbered(number, json!({"createdDateTime": "2026-09-30T12:00:00Z"})));
    let first = format!(
        "2026-{:02}-{:02}T{:02}:00:00Z",
        if days < 30 { 9 } else { 8 },
        if days < 30 { 30 - days } else { 61 - days },
        12 - hours
    );
    lines(last.chain([numbered(200, json!({"createdDateTime": first}))]))
}

/// Sixteen sign-ins an hour of a working day's hours, two weeks long, but for these of the first Thursday.
fn office(without: &[u32]) -> File {
    let mut records = Vec::new();
    for day in (2..=6).chain(9..=13) {
        for hour in (8..16).filter(|hour| day != 5 || !without.contains(hour)) {
            for minute in 0..16 {
                let time = format!("2026-11-{day:02}T{hour:02}:{minute:02}:00Z");
                records.push(numbered(day * 10_000 + hour * 100 + minute, json!({"createdDateTime": time})));
            }
        }
    }
    lines(records)
}

/// Sign-ins in two steps, of which the second names the first; every other first one is left out where asked.
fn steps(sampled: bool) -> File {
    let pairs = (0..60_u32).flat_map(|number| {
        let time = |minute: u32| format!("2026-09-{:02}T{:02}:{minute:02}:00Z", 1 + number / 12, 8 + number % 12);
        let id = |step: u32| format!("0f94f5fb-0000-0000-0000-{:012}", number * 2 + step);
        let first = json!({"id": id(0), "originalRequestId": id(0), "createdDateTime": time(0)});
        let second = json!({"id": id(1), "originalRequestId": id(0), "createdDateTime": time(1)});
        let kept = [(!sampled || number % 2 == 0).then_some(first), Some(second)];
        kept.into_iter().flatten().map(|own| graph(with(own, json!({"signInEventTypes": ["interactiveUser"]}))))
    });
    lines(pairs.collect::<Vec<_>>())
}

/// Sign-ins from ten addresses of one country, and a database that says where they are.
fn places(country: &str) -> [File; 2] {
    let record = |number: u32| {
        numbered(number, json!({"ipAddress": format!("198.51.100.{number}"), "location": {"countryOrRegion": "DE"}}))
    };
    let networks = [("198.51.100.0/24", json!({"country": {"iso_code": country}}))];
    [lines((1..=10).map(record)), ("b.mmdb", database("Test-Country", 24, 6, &networks))]
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// Three records that stand in a file in UTC and in one in local time.
fn twice(local: bool) -> [File; 2] {
    let hours = [1, 5, 9];
    let utc = hours.map(|hour| numbered(hour, json!({"createdDateTime": format!("2026-09-13T0{hour}:22:28Z")})));
    let rows: String = hours
        .iter()
        .map(|hour| {
            let shown = hour + if local { 2 } else { 0 };
            format!("\"9/13/2026, {shown}:22:28.000 {}\",0f94f5fb-0000-0000-0000-{hour:012},0,ada@contoso.example,Portal,SigninLogs\n", if shown < 12 { "AM" } else { "PM" })
        })
        .collect();
    let header = if local { "CreatedDateTime [Local Time]" } else { "CreatedDateTime [UTC]" };
    [lines(utc), text("local.csv", format!("{header},Id,ResultType,UserPrincipalName,AppDisplayName,Type\n{rows}"))]
}

/// Files that have a notice, and files that nearly do.
fn examples(kind: NoticeKind) -> (Vec<File>, Vec<File>) {
    use NoticeKind as K;
    let one = |file: File| vec![file];
    let graphs = |members: Value| one(lines([numbered(1, members)]));
    let steps_of = |id: &str| {
        text(
            "s.csv",
            format!(
                "Request ID,Date,Authentication method,Authentication method detail,Succeeded,Result detail,Requirement\n{id},2026-09-13T01:22:28Z,Password,,true,Correct password,Primary authentication\n"
            ),
        )
    };
    match kind {
        K::Unrecognised => (one(text("a.txt", "just text")), one(lines(plain()))),
        K::Incomplete => {
            let whole = gzip(&lines((0..400).map(|number| numbered(number, json!({})))).1);
            (one(("a.gz", whole[..whole.len() / 2].to_vec())), one(("a.gz", whole)))
        }
        K::Version1 => {
            let v1 = json!({"signInEventTypes": ABSENT, "isInteractive": true});
            (graphs(v1.clone()), graphs(with(v1, json!({"sessionId": null}))))
        }
        K::Encoding => {
            let (name, bytes) = lines([numbered(1, json!({"userDisplayName": "Ad\u{e9}le"}))]);
            let broken = bytes.iter().copied().filter(|byte| *byte != 0xA9).collect();
            (one((name, broken)), one((name, bytes)))
        }
        K::Damaged => (
            graphs(json!({"deviceDetail": "{\"browser\":\"Edge\",\"devi"})),
            graphs(json!({"deviceDetail": "{\"browser\":\"Edge\"}"})),
        ),
        K::Flattened => (graphs(json!({"deviceDetail": "System.Object[]"})), graphs(json!({"deviceDetail": []}))),
        K::RowLimit => (one(acts(5_000)), one(acts(5_001))),
        K::Partial => (one(rows(1_000)), one(rows(1_001))),
        K::Retention => (one(since(7, 1)), one(since(7, 2))),
        K::BlankSessions => {
            let row = |session: &str| json!({"signInEventTypes": ["interactiveUser"], "sessionId": session});
            (graphs(row("")), graphs(row("008b57fa-8d12-7c5c-a000-000000000001")))
        }
        K::LocalTime => (
            one(table("CreatedDateTime [Local Time]", &["9/13/2026, 3:22:28.000 AM"])),
            one(table("CreatedDateTime [UTC]", &["9/13/2026, 3:22:28.000 AM"])),
        ),
        K::NoZone => (one(powershell("6/18/2023 12:26:59 PM")), one(powershell("2023-06-18T12:26:59Z"))),
        K::DayOrder => (
            one(table("CreatedDateTime [UTC]", &["2/3/2026, 1:00:00"])),
            one(table("CreatedDateTime [UTC]", &["2/3/2026, 1:00:00", "25/3/2026, 1:00:00"])),
        ),
        K::ToTheMinute => (one(logon("9/13/2026 1:22 AM")), one(logon("9/13/2026 1:22:00 AM"))),
        // Each with a word of the person that reads them: see the test.
        K::TimesTold => (
            one(table("CreatedDateTime [Local Time]", &["9/13/2026, 3:22:28.000 AM"])),
            one(table("CreatedDateTime [UTC]", &["9/13/2026, 3:22:28.000 AM"])),
        ),
        K::TimesFound => (twice(true).into(), twice(false).into()),
        K::Language => {
            let row = |names: [&'static str; 7]| {
                let cells =
                    ["2025-12-04T08:19:41Z", "x", "ada@contoso.example", "203.0.113.7", "DE", "Success", "Portal"];
                one(text("InteractiveSignIns.csv", csv(&names.into_iter().zip(cells).collect::<Vec<_>>())))
            };
            (
                row([
                    "Fecha (UTC)",
                    "Id. de solicitud",
                    "Nombre de usuario",
                    "Dirección IP",
                    "Ubicación",
                    "Estado",
                    "Aplicación",
                ]),
                row(["Date (UTC)", "Request ID", "Username", "IP address", "Location", "Status", "Application"]),
            )
        }
        K::Unjoined => (
            vec![lines(plain()), steps_of("0f94f5fb-0000-0000-0000-000000000099")],
            vec![lines(plain()), steps_of("0f94f5fb-0000-0000-0000-000000000001")],
        ),
        K::List => (one(text("tor.txt", "203.0.113.7\n")), one(text("some.txt", "203.0.113.7\n"))),
        K::Users => (one(text("admins.txt", "ada@contoso.example\n")), one(text("notes.txt", "ada@contoso.example\n"))),
        K::IpDatabase => (vec![places("DE")[1].clone()], one(("b.mmdb", places("DE")[1].1[..200].to_vec()))),
        K::DatabaseContradicts => (places("FR").into(), places("DE").into()),
        K::NotUsed => (
            one(lines([with(monitor(json!({})), json!({"category": "ProvisioningLogs"}))])),
            one(lines([monitor(json!({}))])),
        ),
        K::Rejected => {
            let with_time =
                |time: Value| one(lines([numbered(1, json!({})), numbered(2, json!({"createdDateTime": time}))]));
            (with_time(json!("soon")), with_time(json!("2026-09-13T01:22:29")))
        }
        K::InteractiveOnly => (graphs(json!({"signInEventTypes": ["interactiveUser"]})), one(lines(plain()))),
        K::PolicyGap => {
            let row =
                |code: u32| graphs(json!({"authenticationProtocol": "deviceCode", "status": {"errorCode": code}}));
            (row(0), row(53_003))
        }
        K::Gap => (one(office(&[10, 11])), one(office(&[]))),
        K::Sampled => (one(steps(true)), one(steps(false))),
        K::OldKnowledge => (
            graphs(json!({"createdDateTime": "2031-01-01T09:00:00Z"})),
            graphs(json!({"createdDateTime": "2026-09-13T01:22:28Z"})),
        ),
        K::MixedTenants => {
            let of = |tenant: &str| {
                let tenants = json!({"tenantId": tenant, "homeTenantId": tenant, "resourceTenantId": tenant});
                numbered(if tenant.starts_with('9') { 3 } else { 4 }, tenants)
            };
            let (own, other) = ("99999999-0000-0000-0000-000000000009", "bbbbbbbb-0000-0000-0000-00000000000b");
            (one(lines([of(own), of(other)])), one(lines([of(own), with(of(own), json!({"id": "x"}))])))
        }
        K::Conflict => {
            let twice = |address: &str| {
                let other = numbered(1, json!({"ipAddress": address, "userAgent": "x"}));
                vec![
                    lines([numbered(1, json!({"ipAddress": "192.0.2.1"}))]),
                    ("b.json", format!("{other}\n").into_bytes()),
                ]
            };
            (twice("198.51.100.7"), twice("::ffff:192.0.2.1"))
        }
    }
}

#[test]
fn each_kind_of_notice_has_exports_that_have_it_and_ones_that_nearly_do() {
    let told = Times { all: Told { zone: Offsets::fixed("+02:00"), day_first: None }, ..Times::default() };
    let mut wrong = Vec::new();
    for kind in NoticeKind::ALL {
        let times = if *kind == NoticeKind::TimesTold { told.clone() } else { Times::default() };
        let (has, has_not) = examples(*kind);
        let found = kinds_told(&has, &times);
        if !found.contains(kind.name()) {
            wrong.push(format!("{} is not told: {found:?}", kind.name()));
        }
        if kinds_told(&has_not, &times).contains(kind.name()) {
            wrong.push(format!("{} is told of what has it not", kind.name()));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(kinds_told(&[lines(plain())], &Times::default()).is_empty(), "of plain exports there is nothing to say");
}

#[test]
fn a_file_whose_end_is_missing_is_told_from_one_with_a_broken_record() {
    let [one, two] = [1, 2].map(|number| numbered(number, json!({})).to_string());
    for (file, is_cut) in [
        (format!("[{one},{two}"), true),
        (format!("[{one},{}", &two[..60]), true),
        (format!("{one}\n{}", &two[..60]), true),
        (format!("[{one},{two}]"), false),
        (format!("[{one},7,{two}]"), false),
        (format!("{}\n{one}\n", &two[..60]), false),
    ] {
        let found = kinds_told(&[text("a.json", file.clone())], &Times::default());
        assert_eq!(found.contains("incomplete"), is_cut, "{file}: {found:?}");
    }
}
