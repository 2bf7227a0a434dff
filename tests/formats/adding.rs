//! Files that are added to a case, and times that are told of it later, give what reading all at once gives.

use serde_json::json;
use signin_sleuth::analysis::clock::{Times, Told};
use signin_sleuth::analysis::{Case, Gave, Part};
use signin_sleuth::events::offsets::Offsets;
use signin_sleuth::generate::{File, Format, Settings, sample, tenant};

use crate::mmdb::database;
use crate::support::{ABSENT, assert_same, csv, graph, parts};

/// Every kind of input there is: exports, a list of networks, users, a database, times without zone.
fn everything() -> Vec<Part> {
    let mut files = sample();
    let other = Settings { seed: 8, users: 12, days: 3, ..Settings::default() };
    let other = tenant(&other);
    for format in Format::ALL {
        let named = |file: File| File { name: format!("{}/{}", format.name(), file.name), ..file };
        files.extend(other.write(*format).into_iter().map(named));
    }
    let place = |tor: bool| {
        json!({"country": {"iso_code": "NL"}, "city": {"names": {"en": "Amsterdam"}},
            "autonomous_system_number": 64500, "is_tor_exit_node": tor})
    };
    let names: Vec<String> = (1..224).map(|first| format!("{first}.0.0.0/8")).collect();
    let all: Vec<_> = names.iter().map(|name| (name.as_str(), place(name.starts_with("198.")))).collect();
    files.push(File { name: "places.mmdb".to_owned(), bytes: database("Test-City", 24, 4, &all) });
    files.push(File { name: "a-known-good.txt".to_owned(), bytes: b"198.51.100.0/24\n203.0.113.7\n".to_vec() });
    let nowhere = graph(json!({"ipAddress": "192.0.2.9", "location": ABSENT, "autonomousSystemNumber": ABSENT}));
    files.push(File { name: "nowhere.json".to_owned(), bytes: nowhere.to_string().into_bytes() });
    let named: Vec<(&str, &[u8])> = files.iter().map(|file| (file.name.as_str(), file.bytes.as_slice())).collect();
    parts(&named)
}

/// Numbers below `count` in an order of their own for each seed.
fn shuffled(count: usize, seed: u64) -> Vec<usize> {
    let mut state = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
    let mut places: Vec<usize> = (0..count).collect();
    for last in (1..count).rev() {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        places.swap(last, (state >> 33) as usize % (last + 1));
    }
    places
}

#[test]
fn in_whatever_steps_and_order_files_come_the_case_is_the_same() {
    let all = everything();
    let whole = Case::gather(all.clone());
    let filled = |gave: &Gave| gave.systems.min(gave.countries).min(gave.cities);
    assert!(whole.inputs.iter().any(|input| filled(&input.gave) > 0), "the database fills locations in");
    assert!(whole.inputs.iter().any(|input| input.gave.networks > 0), "a list names networks");
    assert!(whole.inputs.iter().any(|input| input.merged + input.duplicates > 0), "records are joined");
    for seed in 0..6 {
        let mut left: Vec<Part> = shuffled(all.len(), seed).into_iter().map(|place| all[place].clone()).collect();
        // In two steps, in more, and one by one.
        let step = [all.len().div_ceil(2), 3, 1][seed as usize % 3];
        let mut case = Case::gather(Vec::new());
        while !left.is_empty() {
            let rest = left.split_off(step.min(left.len()));
            case = case.add(std::mem::replace(&mut left, rest), &Times::default());
        }
        assert_same(&whole, &case);
    }
}

#[test]
fn the_same_file_once_more_says_nothing_new() {
    let bytes: &[u8] = &sample().swap_remove(0).bytes;
    let both = parts(&[("a.json", bytes), ("a.json", bytes)]);
    let case = Case::gather(both[..1].to_vec());
    let events = case.inputs[0].events;
    let case = case.add(both[1..].to_vec(), &Times::default());
    assert_eq!(case.inputs.iter().map(|input| (input.source, input.events)).collect::<Vec<_>>(), [(0, events), (1, 0)]);
    assert_eq!(case.inputs[1].duplicates, case.inputs[1].records);
    assert_same(&Case::gather(both), &case);
}

#[test]
fn what_is_told_of_times_later_can_be_told_otherwise() {
    // A script's CSV of PowerShell's objects: its times name no zone.
    let row = |id: &str| {
        csv(&[
            ("AdditionalProperties", ""),
            ("ActivityDateTime", "3/4/2026 5:06:07 AM"),
            ("ActivityDisplayName", "Update user"),
            ("Category", "UserManagement"),
            ("CorrelationId", "0f94f5fb-3583-4c46-9bfa-0390c1988800"),
            ("Id", id),
            ("InitiatedBy", &json!({"User": {"UserPrincipalName": "ada@contoso.example"}}).to_string()),
            ("LoggedByService", "Core Directory"),
            ("Result", "success"),
            ("TargetResources", &json!([{"Type": "User", "UserPrincipalName": "bob@contoso.example"}]).to_string()),
        ])
    };
    let texts = ["Directory_1", "Directory_2"].map(row);
    let parts = parts(&[("a.csv", texts[0].as_bytes()), ("b.csv", texts[1].as_bytes())]);
    let times = |zone: Option<&str>, day_first| {
        let all = Told { zone: zone.and_then(Offsets::fixed), day_first };
        Times { all, ..Times::default() }
    };
    let of = |case: &Case| case.inputs.iter().map(|input| input.first).collect::<Vec<_>>();
    let mut case = Case::gather(parts.clone());
    let mut seen = vec![of(&case)];
    for told in [times(Some("+2"), Some(true)), times(Some("-5"), Some(false)), times(None, None)] {
        case = case.add(Vec::new(), &told);
        assert_same(&Case::gather_told(parts.clone(), &told), &case);
        seen.push(of(&case));
    }
    assert_eq!(seen.first(), seen.last(), "nothing is told any more");
    assert!(seen[0] != seen[1] && seen[1] != seen[2] && seen[0] != seen[2], "{seen:?}");
    let first = Case::gather_told(parts[1..].to_vec(), &times(Some("+2"), Some(true)));
    let told = times(Some("+2"), Some(true));
    assert_same(&Case::gather_told(parts.clone(), &told), &first.add(parts[..1].to_vec(), &told));
}
