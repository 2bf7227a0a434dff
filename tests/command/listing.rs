//! `--list`: networks whose kind the caller says.

use super::fixtures::{folder, lines, stolen, write};
use super::running::run;

#[test]
fn a_list_counts_as_what_it_is_said_to_be() {
    let folder = folder();
    write(folder.path(), "x/a.ndjson", lines(&stolen()));
    write(folder.path(), "x/ips.txt", "203.0.113.0/24\n198.51.100.0/24\n192.0.2.0/24\n2001:db8::/32\n");
    write(folder.path(), "x/known-good.txt", "203.0.113.0/24\n");
    let format = |arguments: &[&str]| {
        let ran = run(folder.path(), &[&["analyze", "--output", "json"], arguments].concat());
        assert_eq!(ran.code, 0, "{ran:?}");
        let inputs = ran.json()["inputs"].as_array().unwrap().clone();
        let list = inputs.iter().find(|input| input["name"] == "x/ips.txt").unwrap().clone();
        (inputs.len(), list["format"].as_str().unwrap().to_owned(), list["enrichment"].as_u64().unwrap())
    };
    assert_eq!(format(&["x"]), (3, "unknown".to_owned(), 0));
    assert_eq!(format(&["x", "--list", "tor=x/ips.txt"]), (3, "tor-list".to_owned(), 4));
    assert_eq!(format(&["x/a.ndjson", "--list", "known-good=x/ips.txt"]), (2, "known-good-list".to_owned(), 4));
    let told = run(folder.path(), &["inspect", "x/known-good.txt"]);
    assert!(told.out.contains("known-good-list") && told.out.contains("Networks that it lists: 1;"), "{told:?}");
    assert!(!told.out.contains("blind for"), "{told:?}");
    for (value, says) in [("x/ips.txt", "KIND=FILE"), ("good=x/ips.txt", "known-good, tor")] {
        let ran = run(folder.path(), &["analyze", "x", "--list", value]);
        assert_eq!(ran.code, 2, "{ran:?}");
        assert!(ran.err.contains(says), "{ran:?}");
    }
}
