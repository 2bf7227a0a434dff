//! One tenant written in every format and read back, event by event and field by field: what a format's
//! table carries is what the generator wrote, and what it does not carry is absent.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use signin_sleuth::analysis::Case;
use signin_sleuth::events::field::Field;
use signin_sleuth::events::vocabulary::{Doubts, Stream};
use signin_sleuth::formats::{ALL, Column, Format, Holds};
use signin_sleuth::generate::{Format as Written, Settings, SignIn, Tenant, tenant};
use signin_sleuth::knowledge::results::{ResultClass, class};

use crate::support::{ABSENT, EMPTY, Told, read, tell, tell_audit};

pub(crate) static TENANT: LazyLock<Tenant> =
    LazyLock::new(|| tenant(&Settings { users: 4, days: 3, pace: 4, near_misses: true, ..Settings::default() }));

/// What a file was read to, alone.
struct Back {
    written: Written,
    file: String,
    /// As the report names it, joined.
    format: String,
    /// By their ids.
    sign_ins: BTreeMap<String, Told>,
    audits: Vec<Told>,
}

/// All files of all formats, read back.
static BACK: LazyLock<Vec<Back>> = LazyLock::new(|| {
    let written = Written::ALL.iter().copied().filter(|written| !SAME_RECORDS.contains(written));
    let files = written.flat_map(|written| TENANT.write(written).into_iter().map(move |file| (written, file)));
    let back = files.map(|(written, file)| {
        let case = read(&[(&file.name, &file.bytes)]);
        let audits = case.store.audits.iter().map(|row| tell_audit(&case.store, row)).collect();
        let format = case.inputs[0].format.clone();
        Back { written, file: file.name, format, sign_ins: sign_ins(&case), audits }
    });
    back.collect()
});

/// What diagnostic records say, which have every field: the measure for all others.
pub(crate) static MEASURE: LazyLock<BTreeMap<String, Told>> = LazyLock::new(|| of(Written::AzureMonitor));

/// The sign-ins of a format, by their ids.
fn of(written: Written) -> BTreeMap<String, Told> {
    BACK.iter().filter(|back| back.written == written).flat_map(|back| back.sign_ins.clone()).collect()
}

impl Back {
    /// The format of sign-ins that it is.
    fn format(&self) -> Option<&'static Format> {
        ALL.iter().copied().find(|format| self.format.split('+').any(|name| name == format.name))
    }

    fn place(&self) -> String {
        format!("{} {} ({})", self.written.name(), self.file, self.format)
    }
}

/// Packed formats, and one that mixes two: their records are those of another.
const SAME_RECORDS: [Written; 5] =
    [Written::GraphTabs, Written::AzureMonitorGzip, Written::GraphGzip, Written::LogAnalyticsUtf16, Written::Zip];

/// Fields of a sign-in, and the columns of which any fills it.
pub(crate) const FIELDS: &[(&str, &[Column])] = &[
    ("correlation", &[Column::Correlation]),
    ("session", &[Column::Session]),
    ("token", &[Column::Token]),
    ("original", &[Column::OriginalRequest]),
    ("user_id", &[Column::UserId]),
    ("user", &[Column::UserName]),
    ("user_display", &[Column::UserDisplay]),
    ("user_type", &[Column::UserType]),
    ("app_id", &[Column::AppId]),
    ("app", &[Column::AppName]),
    ("app_owner", &[Column::AppOwner]),
    ("issuer", &[Column::IssuerName]),
    ("resource_id", &[Column::ResourceId]),
    ("resource", &[Column::ResourceName]),
    ("log_tenant", &[Column::LogTenant]),
    ("home_tenant", &[Column::HomeTenant]),
    ("resource_tenant", &[Column::ResourceTenant]),
    ("ip", &[Column::Address]),
    ("provider_ip", &[Column::ProviderAddress]),
    ("asn", &[Column::Asn]),
    ("country", &[Column::Location, Column::Country, Column::Place]),
    ("state", &[Column::Location, Column::State, Column::Place]),
    ("city", &[Column::Location, Column::City, Column::Place]),
    ("latitude", &[Column::Location, Column::Latitude]),
    ("longitude", &[Column::Location, Column::Longitude]),
    ("client", &[Column::ClientApp]),
    ("agent", &[Column::Agent]),
    ("device_id", &[Column::Device, Column::DeviceId]),
    ("device", &[Column::Device, Column::DeviceName]),
    ("system", &[Column::Device, Column::DeviceSystem]),
    ("browser", &[Column::Device, Column::DeviceBrowser]),
    ("trust", &[Column::Device, Column::DeviceTrust]),
    ("compliant", &[Column::Device, Column::DeviceCompliant]),
    ("managed", &[Column::Device, Column::DeviceManaged]),
    ("code", &[Column::Status, Column::ResultCode]),
    ("reason", &[Column::Status, Column::ResultReason]),
    ("details", &[Column::Status, Column::StatusDetails]),
    ("policies", &[Column::Policies]),
    ("audiences", &[Column::Audiences]),
    ("steps", &[Column::Steps]),
    ("processing", &[Column::Processing]),
    ("risk", &[Column::RiskDuring]),
    ("risk_aggregated", &[Column::RiskAggregated]),
    ("risk_state", &[Column::RiskState]),
    ("risk_detail", &[Column::RiskDetail]),
    ("risk_events", &[Column::RiskEvents]),
    ("latency", &[Column::Latency]),
    ("incoming", &[Column::Incoming]),
    ("protocol", &[Column::Protocol]),
    ("transfer", &[Column::Transfer]),
    ("protection", &[Column::Protection, Column::ProtectionDetails]),
    ("policy_status", &[Column::PolicyStatus]),
    ("requirement", &[Column::Requirement]),
];

/// The unified audit log keeps these in lists of names and values, and acts' own in other columns.
const UNIFIED: &[(&str, bool)] = &[
    ("session", true),
    ("token", false),
    ("user_id", true),
    ("agent", true),
    ("resource_id", true),
    ("protocol", true),
    ("app", false),
    ("user_display", false),
    ("details", true),
];

/// Fields that a format's table has and this one's records do not, and why.
const UNWRITTEN: &[(&str, &str, &str)] = &[
    ("graph-sign-in", "log_tenant", "Graph answers for one tenant and leaves its id out"),
    ("graph-sign-in-v1", "log_tenant", "as beta"),
    ("powershell-sign-in", "log_tenant", "as Graph"),
    ("powershell-sign-in-v1", "log_tenant", "as Graph"),
    ("graph-sign-in-v1", "provider_ip", "version 1.0 has no such field"),
    ("powershell-sign-in-v1", "provider_ip", "as Graph"),
    ("graph-sign-in-v1", "app_owner", "version 1.0 has no such field"),
    ("powershell-sign-in-v1", "app_owner", "as Graph"),
    ("graph-sign-in-v1", "issuer", "version 1.0 has no such field"),
    ("powershell-sign-in-v1", "issuer", "as Graph"),
];

/// What `Export-Csv` writes a type's name for.
const NESTED: &[&str] = &[
    "country",
    "state",
    "city",
    "latitude",
    "longitude",
    "device_id",
    "device",
    "system",
    "browser",
    "trust",
    "compliant",
    "managed",
    "code",
    "reason",
    "details",
    "policies",
    "audiences",
    "steps",
    "processing",
    "risk_events",
];

/// Sign-ins in words, by their ids.
fn sign_ins(case: &Case) -> BTreeMap<String, Told> {
    case.store.sign_ins.iter().map(|row| tell(&case.store, row)).map(|told| (told["id"].clone(), told)).collect()
}

/// Whether records of a format carry a field.
fn carries(format: &Format, written: Written, field: &str, columns: &[Column]) -> bool {
    if UNWRITTEN.iter().any(|(name, lacking, _)| (*name, *lacking) == (format.name, field)) {
        return false;
    }
    if format.name == "unified-audit-log"
        && let Some((_, carried)) = UNIFIED.iter().find(|(name, _)| *name == field)
    {
        return *carried;
    }
    let is_lost = written == Written::PowershellCsv && NESTED.contains(&field);
    !is_lost && columns.iter().any(|column| format.fills(*column))
}

/// Whether a field that a format carries is what the measure says, as far as the format says it.
pub(crate) fn is_the_same(format: &Format, field: &str, is: &str, measure: &Told) -> bool {
    let expected = match (format.name, field) {
        // Which flow it was is told of device codes alone; Defender names the call, whatever the flow.
        ("defender-sign-in", "protocol") if measure[field] != "deviceCode" => "unknown",
        ("unified-audit-log", "protocol") if measure[field] != "deviceCode" => EMPTY,
        ("unified-audit-log", "details") => "Success",
        // A sign-in that goes on has no error.
        ("unified-audit-log", "reason") if is == ABSENT => {
            return matches!(class(measure["code"].parse().unwrap()), ResultClass::Success | ResultClass::Interrupt);
        }
        // Version 1.0 does not name the conditions.
        (_, "policies") if format.name.ends_with("-v1") => return is == without_conditions(&measure[field]),
        _ => &measure[field],
    };
    let nothing = |text: &str| text == EMPTY || text == ABSENT;
    is == expected || (nothing(is) && nothing(expected))
}

/// Policies with their results and without their conditions.
fn without_conditions(policies: &str) -> String {
    let mut parts = policies.split(r#""satisfied":"#);
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |text, part| {
        let rest = part.split_once('}').map_or("", |(_, rest)| rest);
        text + r#""satisfied":[],"missed":[]}"# + rest
    })
}

#[test]
fn each_format_gives_back_what_it_carries_and_nothing_else() {
    let people: BTreeSet<String> =
        TENANT.sign_ins.iter().filter(|row| row.stream.is_user()).map(|row| row.id.to_string()).collect();
    let mut formats: BTreeSet<&str> = BTreeSet::new();
    let mut wrong: Vec<String> = Vec::new();
    for back in BACK.iter().filter(|back| !back.sign_ins.is_empty()) {
        let format = back.format().unwrap_or_else(|| panic!("{}: no format", back.place()));
        formats.insert(format.name);
        for (field, columns) in FIELDS {
            let is_carried = carries(format, back.written, field, columns);
            let lost = back.sign_ins.iter().filter(|(id, _)| people.contains(*id)).find(|(id, told)| {
                let is = &told[field];
                // The name of a type in place of a nested value is a field that is there and empty.
                let is_absent = is == ABSENT || (back.written == Written::PowershellCsv && is == EMPTY);
                if is_carried { !is_the_same(format, field, is, &MEASURE[*id]) } else { !is_absent }
            });
            if let Some((id, told)) = lost {
                let carried = if is_carried { "carried" } else { "not carried" };
                wrong.push(format!(
                    "{}, {field} is {carried}: {} for {}",
                    back.place(),
                    told[field],
                    MEASURE[id][field]
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let worth = ALL.iter().filter(|format| format.export.worth.is_some());
    let expected: BTreeSet<&str> =
        worth.filter(|format| format.export.holds.contains(&Holds::Interactive)).map(|format| format.name).collect();
    assert_eq!(formats, expected, "every format of sign-ins that is worth making is written");
}

#[test]
fn the_measure_is_what_the_generator_wrote() {
    let flag = |flag: Option<bool>| flag.map(|flag| flag.to_string()).unwrap_or_default();
    for row in &TENANT.sign_ins {
        let told = &MEASURE[&row.id.to_string()];
        let device = row.device.as_deref();
        let of_user = |text: &str| if row.stream.is_user() { text.to_owned() } else { String::new() };
        for (field, wrote) in [
            ("correlation", row.correlation.to_string()),
            ("original", row.original.to_string()),
            ("token", row.id.to_string()),
            ("user", of_user(&row.user.name).to_lowercase()),
            ("user_display", of_user(&row.user.display)),
            ("resource_id", row.resource.id.to_owned()),
            ("resource", row.resource.name.to_owned()),
            ("asn", if row.place.asn == 0 { String::new() } else { row.place.asn.to_string() }),
            ("provider_ip", row.provider_address().to_owned()),
            ("country", row.place.city.country.to_owned()),
            ("city", row.place.city.name.to_owned()),
            ("agent", row.client.agent.clone()),
            ("client", of_user(row.client.kind)),
            ("system", row.client.system.to_owned()),
            ("browser", row.client.browser.clone()),
            ("device", device.map(|device| device.name.clone()).unwrap_or_default()),
            ("trust", device.map(|device| device.trust.to_owned()).unwrap_or_default()),
            ("compliant", flag(device.and_then(|device| device.compliant))),
            ("managed", flag(device.and_then(|device| device.managed))),
            ("incoming", row.incoming.to_owned()),
            ("protocol", row.protocol.to_owned()),
            ("transfer", row.transfer.to_owned()),
            ("protection", row.protection.to_owned()),
            ("code", row.code.to_string()),
            ("details", row.details.to_owned()),
            ("risk", row.risk.to_owned()),
            ("latency", row.latency.to_string()),
            ("stream", stream(row).to_owned()),
        ] {
            let is = told[field].as_str();
            let is = if is == EMPTY || is == ABSENT { "" } else { is };
            // Near misses write words in odd case,
            // and ones that nobody knows, which are told as that.
            let unknown = is == "unknown" && wrote == "unknownFutureValue";
            assert!(unknown || is.eq_ignore_ascii_case(&wrote), "{field} of {}: {is} for {wrote}", row.id);
        }
    }
}

fn stream(row: &SignIn) -> &'static str {
    match row.stream {
        Stream::Interactive => "interactive",
        Stream::NonInteractive => "non-interactive",
        Stream::ServicePrincipal => "service-principal",
        Stream::ManagedIdentity => "managed-identity",
    }
}

#[test]
fn each_format_tells_when_and_in_which_stream() {
    for back in BACK.iter() {
        for (id, told) in &back.sign_ins {
            let (measure, place) = (&MEASURE[id], format!("{}: {id}", back.place()));
            // Graph writes whole seconds, Log Analytics' portal milliseconds.
            assert_eq!(told["time"][..19], measure["time"][..19], "{place}");
            // Of formats that do not say so, the unified audit log has interactive ones alone.
            assert_eq!(told["stream"], measure["stream"], "{place}");
            let in_doubt = told["doubts"].parse::<u8>().unwrap() & Doubts::STREAM.0 != 0;
            let lacks = back.format().is_some_and(|format| !format.carries(Field::Stream));
            assert_eq!(in_doubt, lacks, "{place}: doubt of the stream");
        }
    }
}

#[test]
fn programs_are_told_apart_by_every_format_that_has_them() {
    let programs: Vec<&SignIn> = TENANT.sign_ins.iter().filter(|row| !row.stream.is_user()).collect();
    assert!(programs.len() > 4);
    for written in [
        Written::GraphNdjson,
        Written::PortalJson,
        Written::PortalCsv,
        Written::PowershellJson,
        Written::AzureMonitor,
        Written::Splunk,
        Written::LogAnalyticsCsv,
        Written::DataExport,
        Written::DefenderCsv,
        Written::DefenderApi,
    ] {
        let told = of(written);
        for row in &programs {
            let id = row.id.to_string();
            let is = told.get(&id).unwrap_or_else(|| panic!("{}: {id} is lost", written.name()));
            for field in ["principal_id", "principal", "app_id", "resource_id", "ip", "code", "country"] {
                assert_eq!(is[field], MEASURE[&id][field], "{}: {field}", written.name());
            }
        }
    }
}

/// By what an audit event is known: the admin center's CSV has no ids.
fn key(told: &Told) -> (String, String, String) {
    (told["time"][..19].to_owned(), told["correlation"].clone(), told["operation"].clone())
}

/// Fields of an audit event that formats lack or write in part.
const AUDITS: &[(&str, &[&str])] = &[
    ("graph-directory-audit", &["log_tenant"]),
    ("powershell-directory-audit", &["log_tenant"]),
    ("azure-monitor", &[]),
    ("log-analytics-audit", &[]),
    ("portal-audit-csv", &["id", "log_tenant"]),
    // The object and what was changed are written as lists of their own, one object an event.
    ("unified-audit-log", &["service", "reason", "ip", "targets", "details", "principal_id", "principal"]),
];

#[test]
fn each_format_gives_back_the_audit_log() {
    let measured = BACK.iter().filter(|back| back.written == Written::AzureMonitor).flat_map(|back| &back.audits);
    let measure: BTreeMap<_, &Told> = measured.map(|told| (key(told), told)).collect();
    assert!(measure.len() > 10);
    let mut formats: BTreeSet<&str> = BTreeSet::new();
    let mut wrong: BTreeSet<String> = BTreeSet::new();
    for back in BACK.iter().filter(|back| !back.audits.is_empty()) {
        let (name, lacks) = AUDITS
            .iter()
            .find(|(name, _)| back.format.split('+').any(|one| one == *name))
            .unwrap_or_else(|| panic!("{}: no format of audits", back.place()));
        formats.insert(name);
        let mut found: BTreeSet<_> = BTreeSet::new();
        for told in &back.audits {
            let Some(measure) = measure.get(&key(told)) else {
                wrong.insert(format!("{}: an event that was not written: {:?}", back.place(), key(told)));
                continue;
            };
            found.insert(key(told));
            for (field, is) in told.iter().filter(|(field, _)| **field != "time" && !lacks.contains(field)) {
                let nothing = |text: &str| text == EMPTY || text == ABSENT;
                if *is != measure[field] && !(nothing(is) && nothing(&measure[field])) {
                    wrong.insert(format!("{} {field}: {is} for {}", back.place(), measure[field]));
                }
            }
            for field in lacks.iter().filter(|_| *name != "unified-audit-log") {
                assert_eq!(told[field], ABSENT, "{}: {field} is carried after all", back.place());
            }
        }
        assert_eq!(found.len(), measure.len(), "{}", back.place());
    }
    assert!(wrong.is_empty(), "{}", wrong.into_iter().collect::<Vec<_>>().join("\n"));
    assert_eq!(formats.len(), AUDITS.len(), "every format of audits is written: {formats:?}");
}

#[test]
fn steps_of_the_admin_centers_csv_complete_its_sign_ins() {
    let files = TENANT.write(Written::PortalCsv);
    let inputs: Vec<(&str, &[u8])> = files.iter().map(|file| (file.name.as_str(), file.bytes.as_slice())).collect();
    let told = sign_ins(&read(&inputs));
    let with_steps: Vec<&SignIn> = TENANT.sign_ins.iter().filter(|row| !row.steps.is_empty()).collect();
    assert!(with_steps.len() > 10);
    for row in with_steps {
        let id = row.id.to_string();
        assert_eq!(told[&id]["steps"], MEASURE[&id]["steps"], "{id}");
    }
}
