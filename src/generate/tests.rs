//! The generator's own promises: the same seed gives the same bytes, ids agree with each other, and
//! every export is read by the real way to the same events and findings.

use crate::order::{Map, Set};

use crate::analysis::{Case, Merged, Reading, detect, merge};
use crate::detections::Tuning;
use crate::events::guid::Guid;
use crate::knowledge::foci;
use crate::order::Gather;
use crate::report::{Report, Reporter};

use super::*;

fn small(near_misses: bool) -> Settings {
    Settings { seed: 4, users: 32, pace: 1, near_misses, ..Settings::default() }
}

struct Read {
    case: Case,
    merged: Merged,
    tuning: Tuning,
}

fn read(files: &[File]) -> Read {
    let parts = files.iter().enumerate().map(|(number, file)| {
        let mut reading = Reading::new(&file.name, number as u32, 0);
        reading.feed(&file.bytes);
        reading.finish()
    });
    let case = Case::gather(parts.collect());
    let tuning = Tuning::default();
    let people = detect(&case, 0..case.buckets.len(), &tuning);
    let merged = merge(&case, people);
    Read { case, merged, tuning }
}

/// Detection, severity and confidence, evidence by role and id, facts.
type Told = (String, String, Set<(String, String)>, String);

impl Read {
    fn report(&self) -> Report {
        Reporter { case: &self.case, merged: &self.merged, tuning: &self.tuning }.report()
    }

    /// What a finding says, but for where its records stand and how finely their times are told.
    fn findings(&self) -> Map<String, Told> {
        let report = self.report();
        let told = report.findings.into_iter().map(|finding| {
            let evidence = finding.evidence.iter().map(|item| (item.role.to_owned(), item.event.clone())).collect();
            let weight = format!("{:?} {:?}", finding.severity, finding.confidence);
            let facts = serde_json::to_string(&finding.facts).expect("facts");
            (finding.id, (finding.detection.to_owned(), weight, evidence, facts))
        });
        told.gather()
    }
}

#[test]
fn the_same_seed_gives_the_same_bytes() {
    let [left, right, other] = [4, 4, 5].map(|seed| tenant(&Settings { seed, ..small(true) }));
    for &format in Format::ALL {
        assert!(!left.write(format).is_empty(), "{}", format.name());
        assert_eq!(left.write(format), right.write(format), "{}", format.name());
    }
    assert_ne!(left.write(Format::GraphNdjson), other.write(Format::GraphNdjson));
    assert_eq!(left.labels_file(), right.labels_file());
}

#[test]
fn ids_agree_with_each_other() {
    let made = tenant(&Settings { near_misses: false, ..small(false) });
    let ids: Set<Guid> = made.sign_ins.iter().map(|row| row.id).gather();
    assert_eq!(ids.len(), made.sign_ins.len(), "request ids are unique");
    let mut users: Map<&str, &User> = Map::new();
    let mut sessions: Map<&str, &str> = Map::new();
    let mut devices: Map<&str, &Device> = Map::new();
    for row in made.sign_ins.iter().filter(|row| row.stream.is_user()) {
        assert_eq!(**users.entry(&row.user.id).or_insert(&row.user), *row.user);
        // A guess that was wrong begins no session.
        if row.code == 50126 && row.session.is_empty() {
            continue;
        }
        assert_eq!(*sessions.entry(&row.session).or_insert(&row.user.id), row.user.id, "a session is of one user");
        if let Some(device) = &row.device {
            assert_eq!(**devices.entry(&device.id).or_insert(device), **device);
        }
        assert!(Guid::parse(&row.session).is_some());
    }
    // Registered devices and people of the audit log are those of the sign-ins, or nobody's yet.
    for audit in &made.audits {
        for target in audit.targets.iter().filter(|target| target.kind == "User") {
            assert!(users.get(target.id.as_str()).is_none_or(|user| user.name == target.user));
        }
    }
    assert!(made.sign_ins.is_sorted_by_key(|row| row.time));
    assert!(made.audits.is_sorted_by_key(|row| row.time));
}

#[test]
fn every_label_names_an_event_and_every_incident_has_some() {
    let made = tenant(&small(true));
    let mut ids: Set<String> = made.sign_ins.iter().map(|row| row.id.to_string()).gather();
    ids.extend(made.audits.iter().map(|row| row.id.clone()));
    ids.extend(made.acts.iter().map(|row| row.id.to_string()));
    ids.extend(made.risks.iter().map(|row| row.id.to_string()));
    for label in &made.labels {
        assert!(ids.contains(&label.event), "{label:?}");
    }
    let names: Set<&str> = made.incidents.iter().map(|incident| incident.name.as_str()).gather();
    assert_eq!(names, Kind::ALL.iter().map(|kind| kind.name()).collect());
    let users: Set<&str> = made.incidents.iter().map(|incident| incident.user.as_str()).gather();
    assert_eq!(users.len(), Kind::ALL.len(), "each happens to somebody else");
    for name in names {
        assert!(made.labels.iter().filter(|label| label.incident == name).count() >= 3, "{name}");
        assert_eq!(Kind::parse(name).map(Kind::name), Some(name));
    }
}

#[test]
fn every_incident_is_found_by_the_detections_made_for_it() {
    let made = tenant(&Settings { users: 40, pace: 5, ..Settings::default() });
    let report = read(&made.write(Format::GraphNdjson)).report();
    for incident in &made.incidents {
        let built = |name: &&&str| crate::detections::find(name).is_some();
        for detection in incident.detections.iter().filter(built) {
            let found = report
                .findings
                .iter()
                .find(|finding| finding.detection == *detection && finding.user.name == incident.user.to_lowercase());
            let found = found.unwrap_or_else(|| panic!("{detection} misses {}", incident.name));
            let labels: Set<&str> = made
                .labels
                .iter()
                .filter(|label| label.incident == incident.name)
                .map(|label| label.event.as_str())
                .gather();
            let own = found.evidence.iter().filter(|item| labels.contains(item.event.as_str())).count();
            assert!(own >= 2 || own == found.evidence.len(), "{detection} of {}", incident.name);
        }
    }
    // Administrators work with Azure CLI on their own laptops, rooms sign in by device code: both
    // are there, and neither is above the line.
    let benign: Vec<_> = report
        .findings
        .iter()
        .filter(|finding| made.incidents.iter().all(|incident| incident.user.to_lowercase() != finding.user.name))
        // What is found of a source and not of a user, or of the application that an incident takes over.
        .filter(|finding| finding.session.is_some())
        .filter(|finding| {
            let told = |event: &String| made.labels.iter().any(|label| label.event == *event);
            !finding.evidence.iter().any(|item| told(&item.event))
        })
        .collect();
    assert!(benign.iter().any(|finding| finding.detection == "foci-pivot"));
    assert!(benign.iter().any(|finding| finding.detection.starts_with("device-code")));
    let loud: Vec<_> = benign
        .iter()
        .filter(|finding| finding.severity >= crate::detections::Severity::High)
        .map(|f| &f.title)
        .collect();
    assert!(loud.is_empty(), "{loud:?}");
}

/// Exports that do not say all, or more: version 1.0 has no session, the sample some of it and no programs,
/// others hold acts outside the directory.
const PARTIAL: [Format; 18] = [
    Format::GraphV1,
    Format::GraphTabs,
    Format::PortalCsv,
    Format::PowershellV1,
    Format::PowershellCsv,
    Format::DefenderCsv,
    Format::DefenderApi,
    Format::UalPurview,
    Format::UalSearch,
    Format::UalManagement,
    Format::UalQuery,
    Format::CloudAppEvents,
    Format::Collection,
    Format::ActsCsv,
    Format::ActsRest,
    Format::ActsMonitor,
    Format::CallsDefender,
    Format::RiskGraph,
];

#[test]
fn every_export_is_read_to_the_same_events_and_findings() {
    let made = tenant(&small(true));
    let reference = read(&made.write(Format::GraphNdjson));
    let events = |read: &Read| read.case.inputs.iter().map(|input| input.events).sum::<u64>();
    assert_eq!(events(&reference) as usize, distinct(&made), "each record is one event");
    assert!(reference.findings().len() > 20);
    // Archives are opened by those who read files, and tested there.
    for format in Format::ALL.iter().copied().filter(|format| *format != Format::Zip) {
        let files = made.write(format);
        let got = read(&files);
        for input in &got.case.inputs {
            assert_eq!((input.refused_total, &input.failure), (0, &None), "{} {}", format.name(), input.name);
            assert!(input.other.is_empty() && input.damaged.is_empty(), "{} {}", format.name(), input.name);
        }
        if !PARTIAL.contains(&format) {
            assert_eq!(events(&got), events(&reference), "{}", format.name());
            same(&got.findings(), &reference.findings(), format.name());
        }
    }
}

fn same<V: PartialEq + std::fmt::Debug>(got: &Map<String, V>, wanted: &Map<String, V>, name: &str) {
    for key in got.keys().chain(wanted.keys()) {
        assert_eq!(got.get(key), wanted.get(key), "{name}");
    }
}

/// Records without those that are there twice.
fn distinct(made: &Tenant) -> usize {
    let sign_ins: Set<Guid> = made.sign_ins.iter().map(|row| row.id).gather();
    let audits: Set<&str> = made.audits.iter().map(|row| row.id.as_str()).gather();
    sign_ins.len() + audits.len()
}

#[test]
fn graph_and_log_analytics_of_one_tenant_are_one() {
    let made = tenant(&small(false));
    let mut files = made.write(Format::GraphNdjson);
    let alone = read(&files);
    files.extend(made.write(Format::LogAnalyticsJson));
    files.extend(made.write(Format::AzureMonitor));
    let both = read(&files);
    let events = |read: &Read| read.case.inputs.iter().map(|input| input.events).sum::<u64>();
    assert_eq!(events(&both), events(&alone));
    let keys = |read: &Read| read.findings().into_keys().gather::<Set<_>>();
    assert_eq!(keys(&both), keys(&alone));
}

#[test]
fn the_sample_is_small_and_tells_its_incidents() {
    let files = sample();
    let bytes: usize = files.iter().map(|file| file.bytes.len()).sum();
    assert!((600_000..1_700_000).contains(&bytes), "{bytes} bytes");
    let report = read(&files).report();
    let above: Vec<_> =
        report.sessions.iter().filter(|session| session.severity >= crate::detections::Severity::High).collect();
    assert!((2..=3).contains(&above.len()), "{} sessions above the line", above.len());
    assert!(report.sessions.len() > above.len(), "some signs are weak");
    let people: Set<&str> = report.findings.iter().map(|finding| finding.user.name.as_str()).gather();
    let made = tenant(&super::sample::settings());
    assert!(made.incidents.iter().all(|incident| people.contains(incident.user.as_str())));
}

#[test]
fn acts_follow_from_sign_ins() {
    let made = tenant(&small(false));
    let signed: Map<Guid, &SignIn> = made.sign_ins.iter().map(|row| (row.id, row)).gather();
    let ids: Set<Guid> = made.acts.iter().map(|row| row.id).gather();
    assert_eq!(ids.len(), made.acts.len(), "ids are unique");
    for row in &made.acts {
        let Some(token) = row.token else {
            assert!(row.session.is_empty(), "{row:?}");
            continue;
        };
        let sign_in = signed.get(&token).unwrap_or_else(|| panic!("no sign-in issued the token of {row:?}"));
        assert_eq!((&row.session, &row.user, row.app), (&sign_in.session, &sign_in.user, sign_in.app));
        assert!((0..=2 * time::HOUR).contains(&(row.time - sign_in.time)), "{row:?}");
        assert!(!row.object.contains(['{', '}']) && !row.owner.contains('{'), "{row:?}");
        assert!(row.parameters.iter().all(|(_, value)| !value.contains("{}")), "{row:?}");
    }
    for row in &made.risks {
        assert!(signed.contains_key(&row.request));
    }
    for workload in ["Exchange", "SharePoint", "OneDrive", "MicrosoftTeams", "Graph"] {
        assert!(made.acts.iter().filter(|row| row.workload == workload).count() > 9, "{workload}");
    }
    let many = tenant(&Settings { pace: 12, ..small(false) });
    let share = 100 * many.acts.len() / many.sign_ins.len();
    assert!((50..=110).contains(&share), "{share} acts for a hundred sign-ins");
    assert!((1..many.sign_ins.len() / 100).contains(&many.risks.len()), "{} risks", many.risks.len());
    let none = tenant(&Settings { acts: 0, insiders: false, incidents: Vec::new(), ..small(false) });
    assert!(none.acts.is_empty() && none.risks.is_empty());
    let some = tenant(&Settings { insiders: false, incidents: Vec::new(), ..small(false) });
    assert_eq!(none.sign_ins.len(), some.sign_ins.len());
}

#[test]
fn intruders_go_on_after_they_got_in() {
    let made = tenant(&Settings { users: 60, pace: 3, ..Settings::default() });
    let steps = |kind: Kind| -> Set<&str> {
        let own = made.labels.iter().filter(|label| label.incident == kind.name());
        own.map(|label| label.step.as_str()).gather()
    };
    for (kind, wanted) in [
        (Kind::DeviceCodeDevice, &["mailbox-read", "inbox-rule", "forwarding", "risk-detected"][..]),
        (Kind::ProxyReplay, &["inbox-rule", "traces-removed", "mass-download", "sharing-link", "risk-detected"]),
        (Kind::CodePhish, &["directory-enumerated", "mailbox-read"]),
        (Kind::ConsentPhish, &["consent", "app-token", "mailbox-read"]),
        (Kind::AppCredential, &["portal", "credential-added", "app-sign-in", "directory-read", "mailbox-read"]),
        (Kind::PolicyWeakened, &["portal", "role-assigned", "policy-weakened", "risk-detected"]),
    ] {
        let got = steps(kind);
        assert!(wanted.iter().all(|step| got.contains(step)), "{}: {got:?}", kind.name());
    }
    for insider in ["insider: a leaver takes own files along", "insider: a new machine fetches a library"] {
        assert!(made.labels.iter().filter(|label| label.incident == insider).count() >= 80, "{insider}");
    }
    let kinds: Set<&str> = made.risks.iter().map(|row| row.kind).gather();
    assert!(["anomalousToken", "attackerinTheMiddle", "unfamiliarFeatures"].iter().all(|kind| kinds.contains(kind)));
    assert_eq!(made.audits.iter().filter(|row| row.operation == "Consent to application").count(), 4);
}

#[test]
fn days_have_a_rhythm() {
    let made = tenant(&small(false));
    let hour = |row: &SignIn| row.time.div_euclid(time::HOUR).rem_euclid(24);
    let desk = made.sign_ins.iter().filter(|row| row.app.id == apps::ONEDRIVE.id).collect::<Vec<_>>();
    assert!(desk.iter().all(|row| (5..20).contains(&hour(row))), "laptops rest at night");
    let weekend = |row: &&SignIn| time::weekday(row.time) > 4;
    let phones = made.sign_ins.iter().filter(|row| row.app.id == apps::OUTLOOK_MOBILE.id);
    assert!(phones.clone().any(|row| weekend(&row)), "phones do not");
    let places: Set<u32> = phones.map(|row| row.place.asn).gather();
    assert!(places.len() > 5, "phones roam");
    assert!(made.sign_ins.iter().any(|row| row.place.address.contains(':')));
    for stream in [Stream::Interactive, Stream::NonInteractive, Stream::ServicePrincipal, Stream::ManagedIdentity] {
        assert!(made.sign_ins.iter().any(|row| row.stream == stream), "{stream:?}");
    }
    assert!(made.sign_ins.iter().any(|row| row.code == 50126), "people mistype");
    let family = |row: &&SignIn| foci::is_family_client_text(row.app.id);
    assert!(made.sign_ins.iter().filter(family).count() * 2 > made.sign_ins.len());
}

/// Prints what a tenant weighs, for whoever tunes it: `cargo test generate -- --ignored --nocapture weights`.
#[test]
#[ignore = "prints figures"]
#[allow(clippy::print_stdout)]
fn weights() {
    for (name, settings) in
        [("sample", super::sample::settings()), ("default", Settings { users: 60, ..Settings::default() })]
    {
        let made = tenant(&settings);
        let files = made.write(Format::GraphTabs);
        let read = read(&files);
        let report = read.report();
        println!("{name}: {} sign-ins, {} audits", made.sign_ins.len(), made.audits.len());
        for file in &files {
            println!("  {} {}", file.name, file.bytes.len());
        }
        for session in &report.sessions {
            println!("  {:?} {} {} {} events", session.severity, session.score, session.user.name, session.events);
        }
        for finding in &report.findings {
            println!(
                "  {:?}/{:?} {} {} | {}",
                finding.severity, finding.confidence, finding.detection, finding.title, finding.why
            );
        }
        for coverage in &report.coverage {
            println!("  {coverage:?}");
        }
    }
}
