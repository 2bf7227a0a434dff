//! Facts: the twins say the same as the program, and both what their sources say.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use signin_sleuth::detections::find;
use signin_sleuth::events::Guid;
use signin_sleuth::knowledge::public_clients::public_client;
use signin_sleuth::knowledge::{apps, foci, hosting, operations, results};

/// The texts between quotes of a `let` statement of a twin.
fn list(detection: &str, name: &str) -> BTreeSet<String> {
    let kql = find(detection).expect("a detection").kql;
    let (_, rest) = kql.split_once(&format!("let {name} = ")).expect("the statement");
    let (statement, _) = rest.split_once(");").expect("its end");
    statement.split('\'').skip(1).step_by(2).map(str::to_ascii_lowercase).collect()
}

#[test]
fn the_twins_lists_are_ours() {
    let family: BTreeSet<String> = foci::family_clients().map(|client| client.id.to_string()).collect();
    assert_eq!(list("foci-pivot", "family_clients"), family);
    let targets = [apps::AZURE_CLI, apps::AZURE_POWERSHELL, apps::OFFICE_365_MANAGEMENT];
    assert_eq!(list("foci-pivot", "targets"), targets.map(|id| id.to_string()).into());
    let ours: BTreeSet<String> = operations::names().map(str::to_owned).collect();
    assert_eq!(list("device-code-then-credential", "operations"), ours);
    assert!(find("device-code-broker").expect("a detection").kql.contains(&apps::AUTHENTICATION_BROKER.to_string()));
}

#[test]
fn every_table_names_its_source_and_is_sorted() {
    let mut tables = 0;
    for entry in fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("src/knowledge")).expect("the folder") {
        let path = entry.expect("an entry").path();
        if path.extension().is_none_or(|ending| ending != "tsv") {
            continue;
        }
        tables += 1;
        let name = path.display();
        let text = fs::read_to_string(&path).expect("a text");
        let (head, rows): (Vec<&str>, Vec<&str>) = text.lines().partition(|line| line.starts_with('#'));
        for word in ["Source: ", "Date: 2026-", "Licence: "] {
            assert!(head.iter().any(|line| line.contains(word)), "{name} does not say its {word}");
        }
        let columns = head.last().expect("names of the columns").split('\t').count();
        for row in &rows {
            assert_eq!(row.split('\t').count(), columns, "{name}: {row}");
        }
        // Numbers ascend by value, texts by their letters.
        let keys: Vec<(u64, &str)> = rows
            .iter()
            .map(|row| row.split('\t').next().unwrap_or_default())
            .map(|key| (key.parse().unwrap_or(0), key))
            .collect();
        assert!(keys.is_sorted_by(|left, right| left < right), "{name} is not sorted, or has a row twice");
    }
    assert!(tables >= 5, "{tables}");
}

/// Where the real samples are: `SLEUTH_SAMPLES`, or beside the project. Nothing where they are absent by default.
fn samples() -> Option<PathBuf> {
    let given = std::env::var_os("SLEUTH_SAMPLES");
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data");
    let folder = given.clone().map_or(root, PathBuf::from).join("knowledge");
    if !folder.is_dir() {
        assert!(given.is_none(), "SLEUTH_SAMPLES is set, and {} is not there", folder.display());
        println!("skipped: no samples");
        return None;
    }
    Some(folder)
}

/// The first columns of a CSV whose cells hold neither commas nor line breaks there.
fn rows(path: &Path) -> Vec<Vec<String>> {
    let text = fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    text.lines().skip(1).map(|line| line.split(',').map(|cell| cell.trim_matches('"').to_owned()).collect()).collect()
}

#[test]
fn the_family_is_the_union_of_both_lists() {
    let Some(folder) = samples() else { return };
    let source = rows(&folder.join("foci-clients.csv"));
    assert_eq!(source.len(), foci::family_clients().count());
    for row in source {
        let client = foci::family_client(Guid::parse(&row[0]).expect("an id")).unwrap_or_else(|| panic!("{row:?}"));
        assert_eq!(
            (client.name, client.in_secureworks, client.in_roadtools),
            (row[1].as_str(), row[2] == "1", row[3] == "1")
        );
    }
}

#[test]
fn hosting_networks_are_those_of_the_list() {
    let Some(folder) = samples() else { return };
    for row in rows(&folder.join("hosting-asn.csv")) {
        let found = hosting::hosting(row[0].parse().expect("a number")).unwrap_or_else(|| panic!("{row:?}"));
        let kind = format!("{:?}", found.kind).to_ascii_lowercase();
        assert_eq!((found.name, kind.as_str()), (row[1].as_str(), row[2].as_str()));
    }
}

#[test]
fn codes_that_speak_of_tokens_devices_and_factors_have_a_meaning() {
    let Some(folder) = samples() else { return };
    let codes: BTreeSet<u32> =
        rows(&folder.join("entra-error-codes.csv")).iter().filter_map(|row| row[0].parse().ok()).collect();
    assert!(codes.len() > 700, "{}", codes.len());
    let ours = results::codes_with_meaning().filter(|code| codes.contains(code)).count();
    assert!(ours > 190, "{ours}");
    // Each code that the catalogue puts in a class.
    for code in [
        50055, 50058, 50072, 50074, 50076, 50078, 50079, 50097, 50125, 50127, 50129, 50140, 50144, 50158, 50199, 50203,
        51006, 65001, 16000, 16001, 9_002_341, 50126, 50056, 50034, 50053, 50057, 50020, 53000, 53001, 53002, 53003,
        53004, 530_031, 530_032, 530_033, 530_034, 530_035, 530_036, 50105, 90095, 65004, 50173, 50133, 70008, 700_082,
        700_084, 70043, 70044, 500_121,
    ] {
        assert!(results::meaning(code).is_some(), "{code}");
        assert_ne!(results::class(code), results::ResultClass::Other, "{code}");
    }
}

/// Cells of a line of CSV, quoted or not.
fn cells(line: &str) -> Vec<String> {
    let mut cells = vec![String::new()];
    let mut quoted = false;
    let mut letters = line.trim_start_matches('\u{feff}').chars().peekable();
    while let Some(letter) = letters.next() {
        let cell = cells.last_mut().expect("a cell");
        match letter {
            '"' if quoted && letters.peek() == Some(&'"') => cell.extend(letters.next()),
            '"' => quoted = !quoted,
            ',' if !quoted => cells.push(String::new()),
            other => cell.push(other),
        }
    }
    cells
}

#[test]
fn names_of_applications_are_those_of_their_list() {
    let Some(folder) = samples() else { return };
    let text = fs::read_to_string(folder.join("microsoft-apps.csv")).expect("the list");
    let (mut known, mut others) = (0, Vec::new());
    for row in text.lines().skip(1).map(cells) {
        let Some(ours) = Guid::parse(&row[0]).and_then(apps::app_name) else { continue };
        known += 1;
        let name = row[1].trim_end_matches("[Community Contributed]").trim();
        if name != ours {
            others.push(format!("{}: {ours}, not {name}", row[0]));
        }
    }
    // The list names some applications twice, or by an older name.
    assert_eq!((text.lines().count() - 1, known), (4_428, 591), "applications of the list, and those known here");
    assert!(others.len() <= 12, "{}", others.join("\n"));
}

#[test]
fn public_clients_and_their_scopes_are_those_of_their_list() {
    let Some(folder) = samples() else { return };
    let text = fs::read_to_string(folder.join("first-party-scopes.json")).expect("the list");
    let list: serde_json::Value = serde_json::from_str(&text).expect("JSON");
    let all = list["apps"].as_object().expect("applications");
    let graph = apps::MICROSOFT_GRAPH.to_string();
    let mut public = 0;
    for (id, told) in all {
        let ours = public_client(Guid::parse(id).expect("an id"));
        assert_eq!(ours.is_some(), told["public_client"] == true, "{id}");
        let Some(ours) = ours else { continue };
        public += 1;
        let scopes = told["scopes"][graph.as_str()].as_array();
        let scopes: BTreeSet<&str> = scopes.into_iter().flatten().filter_map(serde_json::Value::as_str).collect();
        assert_eq!(ours.usual_scopes().collect::<BTreeSet<_>>(), scopes, "{id}");
    }
    assert_eq!((all.len(), public), (504, 188), "applications of the list, and public ones");
}
