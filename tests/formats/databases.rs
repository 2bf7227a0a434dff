//! Databases of addresses: how they are recognised, what they answer, and that nothing makes them fail.

use std::io::Write as _;

use serde_json::{Value, json};
use signin_sleuth::analysis::{Case, Reading};
use signin_sleuth::enrichment::{Answer, Database, Kinds, NetworkKind};

use crate::mmdb::database;
use crate::support::{ABSENT, graph, read, sign_in};

fn city() -> Value {
    json!({"city": {"names": {"de": "Amsterdam (Stadt)", "en": "Amsterdam"}}, "country": {"iso_code": "NL"},
        "location": {"latitude": 52.3785, "longitude": 4.9}, "subdivisions": [{"names": {"en": "North Holland"}}],
        "x".repeat(40): ["y".repeat(300)]})
}

fn networks() -> Vec<(&'static str, Value)> {
    vec![
        ("198.51.100.0/24", city()),
        ("203.0.113.128/25", json!({"country_code": "de", "asn": "AS64500", "city": "Berlin", "loc": "52.52,13.405"})),
        ("203.0.113.7/32", json!({"autonomous_system_number": 64501, "autonomous_system_organization": "Polder"})),
        ("192.0.2.0/24", json!({"is_anonymous": true, "is_tor_exit_node": true, "is_hosting_provider": true})),
        ("192.0.3.0/24", json!({"vpn": "true", "relay": "", "hosting": "false"})),
    ]
}

fn answer(database: &Database, address: &str) -> Option<Answer> {
    database.find(address.parse().unwrap()).map(|record| Answer::of(&record))
}

#[test]
fn every_size_of_record_and_every_spelling_is_read() {
    for bits in [24, 28, 32] {
        for version in [4, 6] {
            let mut all = networks();
            if version == 6 {
                all.push(("2001:db8::/32", json!({"country": "FR", "lat": "48.85", "lng": "2.35", "region": "Paris"})));
            }
            let bytes = database("Test-City", bits, version, &all);
            let database = Database::open(bytes).expect("a database");
            assert_eq!((database.kind(), database.built()), ("Test-City", 1_793_577_600));
            let found = answer(&database, "198.51.100.9").expect("an answer");
            assert_eq!((found.country.as_deref(), found.city.as_deref()), (Some("NL"), Some("Amsterdam")));
            assert_eq!((found.state.as_deref(), found.coordinates), (Some("North Holland"), Some((523_785, 49_000))));
            let found = answer(&database, "203.0.113.200").expect("an answer");
            assert_eq!((found.country.as_deref(), found.system), (Some("DE"), Some(64500)));
            assert_eq!((found.city.as_deref(), found.coordinates), (Some("Berlin"), Some((525_200, 134_050))));
            assert_eq!(answer(&database, "203.0.113.7").map(|found| found.system), Some(Some(64501)));
            let kinds = Kinds::NONE.with(NetworkKind::Tor).with(NetworkKind::Hosting);
            assert_eq!(answer(&database, "192.0.2.9").map(|found| found.kinds), Some(kinds));
            let kinds = Kinds::NONE.with(NetworkKind::Vpn);
            assert_eq!(answer(&database, "192.0.3.9").map(|found| found.kinds), Some(kinds));
            for nowhere in ["203.0.113.8", "198.51.101.0", "8.8.8.8"] {
                assert_eq!(answer(&database, nowhere), None, "{nowhere}");
            }
            let of_six = answer(&database, "2001:db8::1").map(|found| (found.country, found.coordinates));
            assert_eq!(of_six, (version == 6).then(|| (Some("FR".to_owned()), Some((488_500, 23_500)))));
        }
    }
}

#[test]
fn whatever_is_done_to_a_database_nothing_fails() {
    let whole = database("Test", 28, 6, &networks());
    let addresses = ["198.51.100.9", "203.0.113.200", "192.0.2.9", "2001:db8::1", "0.0.0.0"];
    let mut opened = 0;
    for at in 0..whole.len() {
        for change in [0x00, 0x20, 0x3F, 0xE0, 0xFF] {
            let mut bytes = whole.clone();
            bytes[at] = change;
            if let Some(database) = Database::open(bytes) {
                opened += 1;
                addresses.iter().for_each(|address| drop(answer(&database, address)));
            }
        }
        assert_eq!(Database::open(whole[..at].to_vec()), None, "cut at {at}");
    }
    assert!(opened > whole.len(), "most changes leave it readable");
    // A value that holds itself ends.
    let mut forged = database("Test", 24, 4, &[("192.0.2.0/24", json!({"country": "NL"}))]);
    let at = forged.windows(7).position(|some| some == b"country").unwrap();
    forged[at + 7..at + 10].copy_from_slice(&[0x20, 0x00, 0x00]);
    let database = Database::open(forged).unwrap();
    assert_eq!(answer(&database, "192.0.2.1"), Some(Answer::default()));
}

/// A sign-in without any place.
fn nowhere(id: &str, address: &str) -> Value {
    let nothing = json!({"id": id, "ipAddress": address, "location": ABSENT, "autonomousSystemNumber": ABSENT});
    graph(nothing)
}

#[test]
fn a_database_fills_in_what_the_export_does_not_say() {
    let bytes = database("Test-City", 24, 6, &networks());
    let gzip = {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
        encoder.write_all(&bytes).unwrap();
        encoder.finish().unwrap()
    };
    let record = format!("{}\n", nowhere("a", "198.51.100.9"));
    for database in [&bytes, &gzip] {
        for names in [["a.json", "b.mmdb"], ["b.json", "a.bin"]] {
            let case = read(&[(names[0], record.as_bytes()), (names[1], database)]);
            let told = sign_in(&case);
            assert_eq!((told["country"].as_str(), told["city"].as_str()), ("NL", "Amsterdam"));
            let input = case.inputs.iter().find(|input| input.name == names[1]).unwrap();
            assert_eq!((input.format.as_str(), input.records, input.enrichment), ("ip-database", 1, 1));
            assert_eq!(input.marks, ["Test-City"]);
            let gave = input.gave;
            assert_eq!((gave.addresses, gave.systems, gave.countries, gave.cities, gave.coordinates), (1, 0, 1, 1, 1));
        }
    }
    // What the export says stands, and a city of another country is not taken over.
    let mut record = nowhere("a", "198.51.100.9");
    record["location"] = json!({"countryOrRegion": "DE"});
    let case = read(&[("a.json", format!("{record}\n").as_bytes()), ("b.mmdb", &bytes)]);
    let told = sign_in(&case);
    assert_eq!(
        (told["country"].as_str(), told.get("city").map(String::as_str)),
        ("DE", sign_in(&read_alone(&record)).get("city").map(String::as_str))
    );
    assert_eq!(case.inputs[1].gave.compared, (1, 1));
}

fn read_alone(record: &Value) -> Case {
    read(&[("a.json", format!("{record}\n").as_bytes())])
}

#[test]
fn what_hides_behind_an_address_joins_the_lists() {
    let bytes = database("Test-Anonymous-IP", 24, 6, &networks());
    let record = format!("{}\n", nowhere("a", "192.0.2.9"));
    let case = read(&[("a.json", record.as_bytes()), ("b.mmdb", &bytes)]);
    let listed = case.summary.listed.values().next().copied().expect("it is listed");
    assert_eq!(listed.kind(), Some(NetworkKind::Tor));
    assert_eq!(case.lists.entry(listed).map(|(input, _)| input), Some(1));
    // The organisation's own word stands above it.
    let case = read(&[("a.json", record.as_bytes()), ("b.mmdb", &bytes), ("known-good.txt", b"192.0.2.0/24\n")]);
    assert!(case.summary.listed.values().all(|listed| listed.is_known_good()));
}

#[test]
fn neither_chunks_nor_order_show_in_what_is_filled_in() {
    let (first, second) = (database("A", 24, 6, &networks()), database("B", 32, 4, &networks()[1..]));
    let records: String =
        ["198.51.100.9", "203.0.113.200", "203.0.113.7"].iter().map(|at| format!("{}\n", nowhere(at, at))).collect();
    let files: [(&str, &[u8]); 3] = [("a.json", records.as_bytes()), ("b.mmdb", &first), ("c.mmdb", &second)];
    let gather = |order: [usize; 3], chunk: usize| {
        let parts = order.map(|index| {
            let (name, bytes) = files[index];
            let mut reading = Reading::new(name, index as u32, 0);
            bytes.chunks(chunk).for_each(|bytes| reading.feed(bytes));
            reading.finish()
        });
        let case = Case::gather(parts.into());
        let gave: Vec<_> = case.inputs.iter().map(|input| (input.name.clone(), input.gave)).collect();
        (crate::support::sign_ins(&case), gave)
    };
    let whole = gather([0, 1, 2], usize::MAX);
    assert_eq!(gather([2, 1, 0], 1), whole);
    assert_eq!(gather([1, 0, 2], 13), whole);
    // The first input that knows fills in.
    assert_eq!((whole.1[1].1.systems, whole.1[2].1.systems), (2, 0));
}

#[test]
fn other_bytes_that_begin_like_a_database_are_none() {
    for (bytes, says) in [
        ([0, 0, 1, 9].repeat(50), "no database"),
        ([&[0, 0, 1][..], &[0; 40], b"\xAB\xCD\xEFMaxMind.com"].concat(), "damaged"),
    ] {
        let case = read(&[("a.mmdb", &bytes)]);
        let failure = case.inputs[0].failure.clone().unwrap_or_default();
        assert!(case.inputs[0].format == "unknown" && failure.contains(says), "{failure}");
    }
}
