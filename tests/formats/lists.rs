//! Lists of networks and named locations: how they are recognised, and what becomes of their rows.

use serde_json::json;
use signin_sleuth::analysis::{Case, Reading};
use signin_sleuth::enrichment::NetworkKind;

use crate::support::{assert_accounted, csv, graph, read};

/// A sign-in from this address.
fn signed_in(address: &str) -> String {
    format!("{}\n", graph(json!({"ipAddress": address})))
}

/// What a list says of an address: the kind and the name of the network.
fn said(list: (&str, &str), address: &str) -> Option<(NetworkKind, String)> {
    let case = read(&[("a.json", signed_in(address).as_bytes()), (list.0, list.1.as_bytes())]);
    told(&case)
}

fn told(case: &Case) -> Option<(NetworkKind, String)> {
    let (_, entry) = case.lists.entry(*case.summary.listed.values().next()?)?;
    Some((entry.kind, entry.name.to_string()))
}

#[test]
fn a_list_is_recognised_whatever_it_looks_like() {
    use NetworkKind::{Hosting, KnownGood, Relay, Tor};
    for (name, text, kind, network) in [
        ("known-good.txt", "203.0.113.0/24\n", KnownGood, ""),
        ("known-good.txt", "203.0.113.7", KnownGood, ""),
        ("known-good.txt", "\u{feff}203.0.113.0/24 Berlin, 2nd floor\r\n", KnownGood, "Berlin, 2nd floor"),
        ("x/tor-exit-nodes.csv", "198.51.100.1\n203.0.113.7\n", Tor, ""),
        ("list.txt", "# Hosting, by hand\n\n203.0.113.0-203.0.113.31 ; a; b\n", Hosting, "a, b"),
        ("list.txt", "# by hand\n# hosting\n203.0.113.0/24 # rented\n", Hosting, "rented"),
        ("list.csv", "network,name,kind\n203.0.113.0/24,Berlin,known-good\n", KnownGood, "Berlin"),
        ("list.csv", "kind;network;label\r\ntor;203.0.113.0/24;\r\n", Tor, ""),
        ("hosting.csv", "start_ip,end_ip,as_name\n203.0.113.0,203.0.113.255,Polder\n", Hosting, "Polder"),
        ("list.csv", "tor,comment\n203.0.113.7,an exit\n", Tor, "an exit"),
        (
            "exit-addresses",
            "ExitNode 0011BD2485AD45D984EC4159C88FC066E5E3300E\nPublished 2026-11-03 01:02:03\n\
             LastStatus 2026-11-03 02:00:00\nExitAddress 203.0.113.7 2026-11-03 02:03:04\n",
            Tor,
            "2026-11-03 02:03:04",
        ),
        ("egress-ip-ranges.csv", "203.0.113.6/31,DE,DE-BE,Berlin,\n203.0.113.8/31,DE,,,\n", Relay, "DE, DE-BE, Berlin"),
    ] {
        assert_eq!(said((name, text), "203.0.113.7"), Some((kind, network.to_owned())), "{name}: {text}");
        assert_eq!(said((name, text), "192.0.2.1"), None, "{name}: {text}");
    }
    // The file's name counts more than a remark, and a remark between the rows is about none.
    let list = ("known-good.txt", "# rented from a hosting provider\n203.0.113.0/24\n# Tor\n198.51.100.0/24\n");
    assert_eq!(said(list, "203.0.113.7"), Some((KnownGood, String::new())));
    assert_eq!(said(list, "198.51.100.7"), Some((KnownGood, String::new())));
    let list = ("known-good.txt", "2001:db8:1::/48\n");
    assert_eq!(said(list, "2001:db8:1:2::9"), Some((KnownGood, String::new())));
}

#[test]
fn rows_are_counted_and_remarks_are_none() {
    let text = "# known good\n203.0.113.0/24\n// more\n\noffice\nAS64500\n0.0.0.0/0\n";
    let case = read(&[("list.txt", text.as_bytes())]);
    let input = &case.inputs[0];
    assert_eq!(input.format, "known-good-list");
    assert_eq!((input.records, input.enrichment, input.refused_total), (4, 2, 2));
    assert_eq!(input.gave.networks, 2);
    let reasons: Vec<(u64, &str)> =
        input.refused.iter().map(|refused| (refused.record, refused.reason.as_str())).collect();
    assert_eq!(reasons[0].0, 1);
    assert!(reasons[0].1.contains("not an address") && reasons[1].1.contains("wider than"), "{reasons:?}");
}

#[test]
fn a_list_that_does_not_say_of_what_is_not_guessed_at() {
    let case = read(&[("ips.txt", b"203.0.113.0/24\n203.0.113.9\n")]);
    let input = &case.inputs[0];
    assert_eq!((input.format.as_str(), input.records, input.gave.networks), ("unknown", 0, 0));
    assert!(input.failure.as_deref().is_some_and(|reason| reason.contains("known-good, hosting")), "{input:?}");
    // A person's word does, and counts more than what the file says.
    for (name, text) in [("ips.txt", "203.0.113.0/24\n"), ("hosting.txt", "# hosting\n203.0.113.0/24\n")] {
        let mut list = Reading::new(name, 0, 0).listing(NetworkKind::Tor);
        list.feed(text.as_bytes());
        let mut sign_in = Reading::new("a.json", 1, 0);
        sign_in.feed(signed_in("203.0.113.7").as_bytes());
        let case = Case::gather(vec![list.finish(), sign_in.finish()]);
        case.inputs.iter().for_each(assert_accounted);
        assert_eq!(told(&case), Some((NetworkKind::Tor, String::new())), "{name}");
    }
}

#[test]
fn tables_of_other_things_are_no_lists() {
    let unknown = "Time,User,IP\n2026-11-01T10:00:00Z,ann,203.0.113.7\n";
    for name in ["known-good.csv", "a.csv"] {
        let case = read(&[(name, unknown.as_bytes())]);
        assert_eq!((case.inputs[0].format.as_str(), case.lists.is_empty()), ("unknown", true), "{name}");
    }
    // Exports stay exports, whatever their file is called.
    let export = csv(&[("CreatedDateTime", "2026-11-01T10:00:00Z"), ("IPAddress", "203.0.113.7"), ("Id", "a")]);
    let before = read(&[("a.csv", export.as_bytes())]);
    let after = read(&[("tor.csv", export.as_bytes())]);
    assert_eq!(before.inputs[0].format, after.inputs[0].format);
    assert!(after.lists.is_empty());
}

#[test]
fn trusted_named_locations_are_known_good_and_others_say_nothing() {
    let location = |name: &str, trusted: bool, range: &str| {
        json!({"@odata.type": "#microsoft.graph.ipNamedLocation", "id": name, "displayName": name, "isTrusted": trusted,
            "ipRanges": [{"@odata.type": "#microsoft.graph.iPv4CidrRange", "cidrAddress": range},
                {"@odata.type": "#microsoft.graph.iPv6CidrRange", "cidrAddress": "2001:db8:7::/48"}]})
    };
    let country = json!({"@odata.type": "#microsoft.graph.countryNamedLocation", "displayName": "Home",
        "countriesAndRegions": ["DE"], "includeUnknownCountriesAndRegions": false});
    let page = json!({"@odata.context": "https://graph.microsoft.com/v1.0/$metadata#identity/conditionalAccess/namedLocations",
        "value": [location("Offices", true, "203.0.113.0/24"), location("Guests", false, "198.51.100.0/24"), country]});
    let case = read(&[
        ("a.json", signed_in("203.0.113.7").as_bytes()),
        ("named.json", page.to_string().as_bytes()),
        ("z.json", signed_in("198.51.100.7").as_bytes()),
    ]);
    let input = &case.inputs[1];
    assert_eq!((input.records, input.enrichment, input.gave.networks, input.gave.addresses), (3, 1, 2, 1));
    assert_eq!(input.other.get("namedLocation"), Some(&2));
    assert!(input.format.contains("named-location"), "{}", input.format);
    assert_eq!(told(&case), Some((NetworkKind::KnownGood, "Offices".to_owned())));
}

#[test]
fn neither_order_nor_chunks_show_in_what_lists_say() {
    let files: [(&str, String); 4] = [
        ("a.json", signed_in("203.0.113.7")),
        ("known-good.txt", "203.0.113.0/24 Berlin\n".to_owned()),
        ("hosting.csv", "network,name\n203.0.113.0/25,Polder\n203.0.113.7,one\n".to_owned()),
        ("tor.txt", "203.0.113.7\n".to_owned()),
    ];
    let gather = |order: &[usize], chunk: usize| {
        let parts = order.iter().map(|&index| {
            let (name, text) = &files[index];
            let mut reading = Reading::new(name, index as u32, 0);
            text.as_bytes().chunks(chunk).for_each(|bytes| reading.feed(bytes));
            reading.finish()
        });
        let case = Case::gather(parts.collect());
        let inputs: Vec<_> =
            case.inputs.iter().map(|input| (input.name.clone(), input.format.clone(), input.gave)).collect();
        (told(&case), case.summary.listed.values().next().map(|listed| listed.kinds), inputs)
    };
    let whole = gather(&[0, 1, 2, 3], usize::MAX);
    assert_eq!(whole.0, Some((NetworkKind::KnownGood, "Berlin".to_owned())));
    assert_eq!(gather(&[3, 2, 1, 0], 1), whole);
    assert_eq!(gather(&[2, 0, 3, 1], 7), whole);
}
