//! Acts in mailboxes and files, calls of Graph, and risk, written in every format and read back: what a format
//! carries is what the generator wrote, and what it does not carry is absent.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use signin_sleuth::analysis::Case;
use signin_sleuth::events::dictionary::TextId;
use signin_sleuth::events::time::format_rfc3339;
use signin_sleuth::events::{Activity, Id, RiskEvent, Store};
use signin_sleuth::generate::{Act, File, Format, Risk, Settings, Tenant, tenant};

use crate::same_tenant::{report, whole};
use crate::support::read;

static TENANT: LazyLock<Tenant> = LazyLock::new(|| tenant(&Settings { users: 18, days: 6, ..Settings::default() }));

/// Values by their names; what is absent or empty is empty.
type Told = BTreeMap<&'static str, String>;

/// A format, the file in it that is looked at, and what it lacks.
const ACTS: [(Format, &str, &[&str]); 7] = [
    (Format::UalPurview, "unified-audit-log", &[]),
    (Format::UalSearch, "unified-audit-log", &[]),
    (Format::UalManagement, "unified-audit-log", &[]),
    (Format::UalQuery, "unified-audit-log", &[]),
    (Format::CloudAppEvents, "unified-audit-log", &[]),
    (Format::ActsCsv, "office-activity", OFFICE),
    (Format::ActsRest, "office-activity", OFFICE),
];

/// OfficeActivity names applications and devices by their ids at most, and has no object id of a mailbox's user.
const OFFICE: &[&str] = &["app", "device_id", "device", "user_id", "count"];

const CALLS: [(Format, &str, &[&str]); 5] = [
    (Format::ActsMonitor, "azure-monitor-graph-activity", &[]),
    (Format::Collection, "azure-monitor-graph-activity", &[]),
    (Format::ActsCsv, "graph-activity", &[]),
    (Format::ActsRest, "graph-activity", &[]),
    (Format::CallsDefender, "graph-activity", &["session", "agent", "device_id", "tenant"]),
];

const RISKS: [(Format, &str, &[&str]); 4] = [
    (Format::RiskGraph, "graph-risk", &["tenant"]),
    (Format::ActsMonitor, "azure-monitor-risk", &[]),
    (Format::ActsCsv, "graph-risk", &["tenant"]),
    (Format::ActsRest, "graph-risk", &["tenant"]),
];

fn text(store: &Store, id: TextId) -> String {
    store.texts.value(id).unwrap_or_default().to_owned()
}

fn id(store: &Store, id: Id) -> String {
    if id.has_value() { id.display(&store.texts) } else { String::new() }
}

fn tell_act(store: &Store, row: &Activity) -> Told {
    let (user, app, device) = (store.user(row.user), store.app(row.app), store.device(row.device));
    BTreeMap::from([
        ("time", format_rfc3339(row.time)),
        ("session", id(store, row.session_id(store))),
        ("token", id(store, row.token_id(store))),
        ("user_id", id(store, user.id)),
        ("user", text(store, user.name)),
        ("principal", id(store, store.principal(row.principal).id)),
        ("app_id", id(store, app.id)),
        ("app", text(store, app.name)),
        ("device_id", id(store, device.id)),
        ("device", text(store, device.name)),
        ("operation", text(store, row.operation)),
        ("object", text(store, row.object)),
        ("owner", text(store, row.owner)),
        ("ip", text(store, row.address)),
        ("agent", text(store, row.agent)),
        ("result", text(store, row.result)),
        ("scopes", text(store, row.scopes)),
        ("parameters", text(store, row.parameters)),
        ("count", row.items.to_string()),
        ("tenant", id(store, store.tenants_of(row.tenants).log)),
    ])
}

fn expected_act(row: &Act) -> Told {
    let of_file = matches!(row.workload, "SharePoint" | "OneDrive");
    let of_mail = row.workload == "Exchange";
    let device = row.device.as_deref();
    let is_command = of_mail && row.owner.is_empty();
    // Fields of their own are not read; Exchange's pairs are.
    let pairs: Vec<[&str; 2]> = row.parameters.iter().map(|(name, value)| [*name, value.as_str()]).collect();
    let said = |text: &str, carried: bool| if carried { text.to_owned() } else { String::new() };
    let call = row.is_call();
    BTreeMap::from([
        ("time", format_rfc3339(row.time)),
        ("session", row.session.clone()),
        ("token", row.token.map(|token| token.to_string()).unwrap_or_default()),
        ("user_id", row.user.id.clone()),
        ("user", said(&row.user.name.to_lowercase(), !call)),
        ("principal", row.principal.as_deref().map(|principal| principal.id.clone()).unwrap_or_default()),
        ("app_id", row.principal.as_deref().map_or(row.app.id, |principal| &principal.app).to_owned()),
        ("app", said(row.app.name, !call)),
        ("device_id", said(device.map_or("", |device| &device.id), of_mail || call)),
        ("device", said(device.map_or("", |device| &device.name), of_file)),
        ("operation", row.operation.to_owned()),
        ("object", row.object.clone()),
        ("owner", row.owner.to_lowercase()),
        ("ip", row.place.address.clone()),
        ("agent", row.agent().to_owned()),
        ("result", if call { row.count.to_string() } else { said("success", of_mail) }),
        ("scopes", said(row.scopes, call)),
        (
            "parameters",
            match row.parameters.iter().find(|(name, _)| *name == "TargetUserOrGroupName") {
                Some((_, with)) => serde_json::to_string(&[["SharedWith", with]]).unwrap(),
                None => {
                    said(&serde_json::to_string(&pairs).unwrap(), of_mail && !pairs.is_empty() && (is_command || !call))
                }
            },
        ),
        ("count", if call { "0".to_owned() } else { row.count.to_string() }),
        ("tenant", TENANT.ids.tenant.clone()),
    ])
}

fn tell_risk(store: &Store, row: &RiskEvent) -> Told {
    let (user, place) = (store.user(row.user), store.location(row.location));
    BTreeMap::from([
        ("time", format_rfc3339(row.time)),
        ("detected", row.detected().map(format_rfc3339).unwrap_or_default()),
        ("request", id(store, row.request)),
        ("correlation", id(store, row.correlation)),
        ("user_id", id(store, user.id)),
        ("user", text(store, user.name)),
        ("user_display", text(store, user.display)),
        ("kind", text(store, row.kind)),
        ("level", text(store, row.level)),
        ("state", text(store, row.state)),
        ("detail", text(store, row.detail)),
        ("source", text(store, row.source)),
        ("timing", text(store, row.timing)),
        ("activity", text(store, row.activity)),
        ("ip", text(store, row.address)),
        ("country", text(store, place.country)),
        ("city", text(store, place.city)),
        ("agent", text(store, row.agent)),
        ("tenant", id(store, store.tenants_of(row.tenants).log)),
    ])
}

fn expected_risk(row: &Risk) -> Told {
    let fixed = |text: &str| text.to_owned();
    BTreeMap::from([
        ("time", format_rfc3339(row.time)),
        ("detected", format_rfc3339(row.detected)),
        ("request", row.request.to_string()),
        ("correlation", row.correlation.to_string()),
        ("user_id", row.user.id.clone()),
        ("user", row.user.name.to_lowercase()),
        ("user_display", row.user.display.clone()),
        ("kind", fixed(row.kind)),
        ("level", fixed(row.level)),
        ("state", fixed(row.state)),
        ("detail", fixed(row.detail)),
        ("source", fixed("IdentityProtection")),
        ("timing", fixed("offline")),
        ("activity", fixed("signin")),
        ("ip", row.place.address.clone()),
        ("country", fixed(row.place.city.country)),
        ("city", fixed(row.place.city.name)),
        ("agent", row.agent.clone()),
        ("tenant", TENANT.ids.tenant.clone()),
    ])
}

/// Reads the files of a format, each alone, and gives those of the reader's format to `look`.
fn each(written: Format, name: &str, mut look: impl FnMut(&Case)) {
    let mut found = false;
    for file in TENANT.write(written) {
        let case = read(&[(&file.name, &file.bytes)]);
        let input = &case.inputs[0];
        assert_eq!((input.refused_total, input.damaged.len()), (0, 0), "{} {input:?}", written.name());
        if input.format.split('+').any(|one| one == name) {
            found = true;
            look(&case);
        }
    }
    assert!(found, "{}: no file is {name}", written.name());
}

fn compare(place: &str, is: &Told, expected: &Told, lacks: &[&str], wrong: &mut BTreeSet<String>) {
    for (field, is) in is {
        let wanted = &expected[field];
        let fits = match *field {
            // The portal of Log Analytics cuts to milliseconds, the unified audit log to seconds.
            "time" | "detected" => is[..19] == wanted[..19],
            field if lacks.contains(&field) => is.is_empty() || is == "0" || is == wanted,
            _ => is == wanted,
        };
        if !fits {
            wrong.insert(format!("{place}, {field}: {is:?} for {wanted:?}"));
        }
    }
}

fn told(wrong: &BTreeSet<String>) -> String {
    wrong.iter().take(40).cloned().collect::<Vec<_>>().join("\n")
}

#[test]
fn acts_and_calls_come_back_from_every_format() {
    let acts: BTreeMap<String, &Act> = TENANT.acts.iter().map(|row| (row.id.to_string(), row)).collect();
    let mut wrong = BTreeSet::new();
    for (calls, list) in [(false, &ACTS[..]), (true, &CALLS[..])] {
        let all: BTreeSet<&String> = acts.iter().filter(|(_, row)| row.is_call() == calls).map(|(id, _)| id).collect();
        assert!(all.len() > 200, "{}", all.len());
        for (written, name, lacks) in list {
            each(*written, name, |case| {
                let mut seen = BTreeSet::new();
                for row in case.store.activities.iter() {
                    let own = row.id.display(&case.store.texts);
                    let act = acts.get(&own).unwrap_or_else(|| panic!("{own} was not written"));
                    let is = tell_act(&case.store, row);
                    assert_eq!(row.is_call(&case.store), calls);
                    compare(written.name(), &is, &expected_act(act), lacks, &mut wrong);
                    seen.insert(own);
                }
                assert_eq!(seen.len(), all.len(), "{} {name}", written.name());
            });
        }
    }
    assert!(wrong.is_empty(), "{}", told(&wrong));
}

#[test]
fn risk_comes_back_from_every_format() {
    let risks: BTreeMap<String, &Risk> = TENANT.risks.iter().map(|row| (row.id.to_string(), row)).collect();
    assert!(risks.len() > 3);
    let mut wrong = BTreeSet::new();
    for (written, name, lacks) in RISKS {
        let (mut seen, mut users) = (BTreeSet::new(), BTreeSet::new());
        each(written, name, |case| {
            for row in case.store.risk_events.iter() {
                let own = row.id.display(&case.store.texts);
                let is = tell_risk(&case.store, row);
                if row.is_state() {
                    assert_eq!(is["user_id"], own, "a state is of the user whose id it has");
                    users.insert(is["user"].clone());
                    continue;
                }
                compare(written.name(), &is, &expected_risk(risks[&own]), lacks, &mut wrong);
                seen.insert(own);
            }
        });
        let all: BTreeSet<String> = TENANT.risks.iter().map(|row| row.user.name.clone()).collect();
        assert_eq!((seen.len(), users), (risks.len(), all), "{}", written.name());
    }
    assert!(wrong.is_empty(), "{}", told(&wrong));
}

/// All of a tenant's acts in several ways at once.
fn files(formats: &[Format]) -> Vec<File> {
    formats.iter().flat_map(|format| TENANT.write(*format)).collect()
}

#[test]
fn an_act_told_by_several_exports_is_one_event() {
    let formats =
        [Format::Collection, Format::ActsCsv, Format::ActsMonitor, Format::CallsDefender, Format::CloudAppEvents];
    let files: Vec<(String, Vec<u8>)> = files(&formats)
        .into_iter()
        .zip(0..)
        .map(|(file, number)| (format!("{number}-{}", file.name), file.bytes))
        .collect();
    let inputs: Vec<(&str, &[u8])> = files.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice())).collect();
    let case = read(&inputs);
    let live: BTreeSet<u32> = case.buckets.iter().flat_map(|bucket| bucket.activities.iter().copied()).collect();
    assert_eq!(live.len(), TENANT.acts.len());
    let detections = |number: &&u32| case.store.risk_event(**number).is_some_and(|row| !row.is_state());
    let risks: BTreeSet<u32> = case.buckets.iter().flat_map(|bucket| bucket.risk_events.iter().copied()).collect();
    assert_eq!(risks.iter().filter(detections).count(), TENANT.risks.len());
}

#[test]
fn the_tables_of_a_workspace_give_the_findings_of_a_collection() {
    let found = |formats: &[Format]| -> BTreeSet<String> {
        let report = report(whole(&files(formats), usize::MAX));
        let told = |finding: &serde_json::Value| {
            let events = finding["evidence"].as_array().unwrap().iter();
            let events: BTreeSet<&str> = events.filter_map(|item| item["event"].as_str()).collect();
            format!("{} {} {} {events:?}", finding["detection"], finding["severity"], finding["user"]["name"])
        };
        report["findings"].as_array().unwrap().iter().map(told).collect()
    };
    let expected = found(&[Format::Collection]);
    assert!(expected.len() > 10);
    for tables in [Format::ActsCsv, Format::ActsRest] {
        assert_eq!(found(&[Format::GraphNdjson, tables]), expected, "{}", tables.name());
    }
}
