//! What is said of real records, kept outside the project: of each file the findings, and of each rule's tests
//! of a peer whether ours finds what theirs expects.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;
use signin_sleuth::detections::Tuning;

use crate::support::{case, report, tuning};

/// The folder of samples. Where it is not said and not there, the tests are skipped with a word.
fn folder() -> Option<PathBuf> {
    let said = std::env::var_os("SLEUTH_SAMPLES");
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data");
    let path = said.clone().map_or(root, PathBuf::from);
    if path.is_dir() {
        return Some(path);
    }
    assert!(said.is_none(), "SLEUTH_SAMPLES is not a folder: {}", path.display());
    println!("skipped: there are no samples at {}", path.display());
    None
}

fn of_folder(folder: &Path, names: &[&str]) -> Value {
    let mut files: Vec<(&str, String)> = Vec::new();
    for name in names {
        let bytes = fs::read(folder.join(name)).unwrap_or_else(|error| panic!("{name}: {error}"));
        files.push((name, String::from_utf8_lossy(&bytes).into_owned()));
    }
    report(&case(&files), &Tuning::default())
}

/// Detection, variant and severity of each finding, sorted.
fn told(report: &Value) -> Vec<String> {
    let findings = report["findings"].as_array().expect("findings").iter();
    let mut told: Vec<String> = findings
        .map(|finding| {
            let word = |key: &str| finding[key].as_str().expect("a word");
            format!("{} {} {}", word("detection"), word("variant"), word("severity"))
        })
        .collect();
    told.sort();
    told
}

/// What each file is, and what is said of it. Files that are no log of ours are accounted for among the tests of
/// formats.
const SAID: &[(&str, &str, &[&str])] = &[
    (
        "otrf/AADAuditEvents.json",
        "a lab in which somebody with a forged SAML token lets an application read all mail, and gives it a key",
        &["application-consent grant high", "service-principal-credential key high"],
    ),
    ("otrf/OfficeActivityEvents.json", "the application then reads seven mails of one mailbox: little in itself", &[]),
    ("otrf/Microsoft365DefenderEvents.json", "the same as Defender tells it, beside acts on machines", &[]),
    (
        "sentinel-training-lab/office_activity_inbox_rule.csv",
        "two inbox rules of a training lab: one moves warnings to the junk mail, one deletes by a word",
        &["inbox-rule hides high", "inbox-rule moves info"],
    ),
    (
        "sentinel-training-lab/office_activity.csv",
        "a user sets up a new OneDrive, and a browser opens the parts of many pages",
        &["mass-download burst low", "sharing-opened site-admin medium", "sharing-opened site-opened medium"],
    ),
    ("sentinel-training-lab/sign-in_adelete.csv", "56 sign-ins of one user, of whom nothing is unusual", &[]),
    (
        "tenzir/risk-detections.ndjson",
        "two detections of risk, one of them found safe",
        &["identity-protection other info", "identity-protection unlikelyTravel low"],
    ),
    (
        "tenzir/risky-users.ndjson",
        "a user whom an administrator confirmed as compromised, and one found safe",
        &["identity-protection adminConfirmedUserCompromised critical"],
    ),
    ("tenzir/directory-audits.ndjson", "four changes of groups and users by administrators", &[]),
    ("tenzir/sign-ins.ndjson", "a sign-in that lacks most fields", &[]),
    (
        "elastic/test-userriskevents-raw.PSEUDONYMISED.log",
        "two detections of risk",
        &["identity-protection anonymizedIPAddress medium", "identity-protection passwordSpray medium"],
    ),
    ("elastic/test-adfs-signin.log", "a sign-in through a federation server on the spot", &["legacy-auth success low"]),
    ("elastic/test-created-datetime-timestamp.log", "two sign-ins with times in odd places", &[]),
    ("elastic/test-non-interactive-user-sample.FIRST6.PSEUDONYMISED.log", "six refreshes of ordinary clients", &[]),
    ("elastic/test-non-interactive-user-signin.PSEUDONYMISED.log", "a refresh", &[]),
    ("elastic/test-non-interactive-user.log", "a refresh", &[]),
    ("elastic/test-signinlogs-raw.log", "five sign-ins, one of them told twice", &[]),
    ("elastic/test-signinlogs-sample.PSEUDONYMISED.log", "two sign-ins", &[]),
    (
        "msticpy/msticpy_aad_logons.csv",
        "sign-ins of a lab, of one player from two cities an hour apart",
        &["impossible-travel two-sessions medium"],
    ),
    (
        "bsol/SigninLogs.csv",
        "a home-made table of twelve hundred rows: a password known in two countries, where a policy stopped it",
        &["sign-in-from-new-country proven low", "sign-in-from-new-country proven low"],
    ),
    ("elastic/test-audit-logs-edgecases.log", "one change of a policy of tokens, told twice", &[]),
    ("elastic/test-service-principal.log", "a sign-in of a service principal", &[]),
    ("elastic/test-managed-identity-sample.FIRST3.log", "three sign-ins of managed identities", &[]),
];

#[test]
fn of_each_file_it_is_said_what_is_there() {
    let Some(folder) = folder() else { return };
    for (name, is, expected) in SAID {
        assert_eq!(told(&of_folder(&folder, &[name])), *expected, "{name}: {is}");
    }
}

/// What is said of each example of a SIEM's data sources, by its number in the file. Of those left out nothing is
/// said: acts of Azure, an account enabled, a licence, a forwarding taken away, a time that is none.
const EXAMPLES: &[(usize, &[&str])] = &[
    (0, &["app-permission-granted granted critical"]),
    (1, &["role-assigned assigned high"]),
    (2, &["app-takeover owner medium"]),
    (3, &["service-principal-created single info"]),
    (4, &["federation-changed domain low"]),
    (5, &["application-consent blocked info"]),
    (6, &["method-removed disabled medium"]),
    (8, &["guest-activity invited info"]),
    (9, &["password-reset-by-admin single info"]),
    (10, &["federation-changed domain low"]),
    (12, &["app-permission-granted requested medium"]),
    (13, &["consent-policy-weakened loosened high"]),
    (15, &["method-registered registered low"]),
    (20, &["app-permission-granted granted critical"]),
    (21, &["mailbox-permission full-access medium"]),
    (22, &["role-assigned assigned high"]),
    (23, &["app-takeover owner medium"]),
    (24, &["service-principal-created single info"]),
    (26, &["application-consent consent info"]),
    (27, &["method-removed disabled medium"]),
    (28, &["mail-access tool medium"]),
    (32, &["app-permission-granted requested medium"]),
    (33, &["consent-policy-weakened loosened high"]),
    (34, &["method-registered added low", "method-removed disabled medium"]),
];

#[test]
fn of_each_example_of_a_siem_it_is_said_what_it_is() {
    let Some(folder) = folder() else { return };
    let text = fs::read_to_string(folder.join("splunk/data_sources_example_logs.ndjson")).expect("the examples");
    let examples: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    assert_eq!(examples.len(), 37);
    for (number, example) in examples.iter().enumerate() {
        let log = example["log"].as_str().map_or_else(|| example["log"].to_string(), str::to_owned);
        let said = told(&report(&case(&[("example.json", log)]), &Tuning::default()));
        let expected = EXAMPLES.iter().find(|(at, _)| *at == number).map_or(&[][..], |(_, said)| said);
        assert_eq!(said, expected, "{number}: {}", example["name"]);
    }
}

#[test]
fn a_forged_token_is_told_by_what_was_done_with_it() {
    let Some(folder) = folder() else { return };
    let files = ["otrf/AADAuditEvents.json", "otrf/OfficeActivityEvents.json", "otrf/Microsoft365DefenderEvents.json"];
    let report = of_folder(&folder, &files);
    assert_eq!(told(&report), ["application-consent grant high", "service-principal-credential key high"]);
    let findings = report["findings"].as_array().expect("findings");
    assert!(findings.iter().all(|finding| finding["user"]["name"] == "pgustavo@simulandlabs.com"), "{findings:#?}");
    // One mail in two logs counts once.
    let acts: u64 =
        report["inputs"].as_array().expect("inputs").iter().map(|input| input["events"].as_u64().unwrap_or(0)).sum();
    let merged: u64 =
        report["inputs"].as_array().expect("inputs").iter().map(|input| input["merged"].as_u64().unwrap_or(0)).sum();
    assert_eq!((acts, merged), (5, 1), "{}", report["inputs"]);
    let blind: BTreeSet<&str> = report["coverage"]
        .as_array()
        .expect("coverage")
        .iter()
        .filter(|entry| entry["status"] == "blind")
        .filter_map(|entry| entry["detection"].as_str())
        .collect();
    assert!(blind.contains("foci-pivot") && blind.contains("session-handover"), "{blind:?}");
}

/// A test of a rule of Panther's, and what ours says.
#[derive(Debug, PartialEq)]
enum Ours {
    /// The detection finds it, at least so bad.
    Finds(&'static str, &'static str),
    /// It finds nothing.
    Quiet,
    /// It finds something all the same, and why that is right.
    Broader(&'static str, &'static str, &'static str),
}

use Ours::{Broader, Finds, Quiet};

/// The tests of rules about the directory and about sharing, in the order of the file.
const PANTHER: &[(&str, &str, Ours)] = &[
    (
        "Azure.Audit.OIDC.Changed",
        "Authentication Methods Policy OIDC Discovery URL Changed",
        Finds("authentication-policy-changed", "high"),
    ),
    (
        "Azure.Audit.OIDC.Changed",
        "Non-OIDC Policy Change",
        Broader(
            "authentication-policy-changed",
            "medium",
            "each change of how users prove who they are is told, one step milder",
        ),
    ),
    ("Azure.Audit.DomainSettingsModified", "Set Federation Settings", Finds("federation-changed", "critical")),
    ("Azure.Audit.DomainSettingsModified", "Different Values Changed", Quiet),
    (
        "Azure.Audit.ElevateUserAccessAdministrator",
        "User Elevated to User Access Administrator",
        Finds("elevate-access", "high"),
    ),
    ("Azure.Audit.ElevateUserAccessAdministrator", "Different Operation", Quiet),
    ("Azure.Audit.InviteExternalUsers", "Successful Invite external user", Finds("guest-activity", "info")),
    ("Azure.Audit.InviteExternalUsers", "Same org successful invite", Quiet),
    ("Azure.Audit.InviteExternalUsers", "Unsuccessful invite", Quiet),
    ("Azure.Audit.InviteExternalUsers", "Not external invite", Quiet),
    ("Azure.Audit.PolicyChanged", "Policy Changed", Finds("conditional-access-weakened", "high")),
    ("Azure.Audit.PolicyChanged", "Policy Updated", Finds("conditional-access-weakened", "medium")),
    ("Azure.Audit.PolicyChanged", "Policy Added", Quiet),
    ("Azure.Audit.RoleChangedPIM", "Successfully added PIM role", Finds("role-assigned", "high")),
    ("Azure.Audit.RoleChangedPIM", "requested adding PIM role", Quiet),
    (
        "Azure.Audit.RoleChangedPIM",
        "Add member to role (Non PIM)",
        Broader("role-assigned", "high", "a role that is given past PIM is told too, and is worse"),
    ),
    ("Microsoft365.External.Document.Sharing", "Allowed Domain", Quiet),
    (
        "Microsoft365.External.Document.Sharing",
        "Allowed Folder",
        Broader("sharing-opened", "info", "no folder is known to be for sharing: an analyst allows it"),
    ),
    (
        "Microsoft365.External.Document.Sharing",
        "Allowed User",
        Broader("sharing-opened", "info", "no single address is known to be allowed: an analyst allows it"),
    ),
    ("Microsoft365.External.Document.Sharing", "External user", Finds("sharing-opened", "info")),
    ("Microsoft365.External.Document.Sharing", "Internal Share", Quiet),
    ("Microsoft365.MFA.Disabled", "MFA Add Event", Quiet),
    ("Microsoft365.MFA.Disabled", "MFA Remove event", Finds("method-removed", "low")),
];

#[test]
fn a_peers_tests_of_the_directory_and_of_sharing_come_out() {
    let Some(folder) = folder() else { return };
    let text = fs::read_to_string(folder.join("panther/tests.ndjson")).expect("the tests");
    let tests: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    // Theirs knows which domains are partners; these are of it.
    let tuning = tuning("sharing-opened.partners=alloweddomain.com,mycompany.com");
    let mut seen = 0;
    for test in &tests {
        let (rule, name) =
            (test["rule_id"].as_str().unwrap_or_default(), test["test_name"].as_str().unwrap_or_default());
        let ours = PANTHER.iter().find(|(known, test, _)| *known == rule && *test == name);
        let Some((_, _, ours)) = ours else {
            assert!(!PANTHER.iter().any(|(known, ..)| *known == rule), "{rule}: {name} has no answer");
            continue;
        };
        seen += 1;
        let detection = match ours {
            Finds(detection, _) | Broader(detection, ..) => detection,
            Quiet => PANTHER
                .iter()
                .find_map(|(known, _, ours)| match ours {
                    Finds(detection, _) if *known == rule => Some(detection),
                    _ => None,
                })
                .expect("each rule has a test that fires"),
        };
        let report = report(&case(&[("test.ndjson", format!("{}\n", test["log"]))]), &tuning);
        let found = report["findings"].as_array().expect("findings").iter();
        let found: Vec<&str> = found
            .filter(|finding| finding["detection"] == *detection)
            .filter_map(|finding| finding["severity"].as_str())
            .collect();
        match ours {
            Finds(_, severity) | Broader(_, severity, _) => assert_eq!(found, [*severity], "{rule}: {name}"),
            Quiet => assert!(found.is_empty(), "{rule}: {name}: {found:?}"),
        }
        let expected = test["expected"].as_bool().expect("an expectation");
        assert_eq!(expected, matches!(ours, Finds(..)), "{rule}: {name}");
    }
    assert_eq!(seen, PANTHER.len(), "every test of the list is in the file");
}
