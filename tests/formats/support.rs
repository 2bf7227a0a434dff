//! Reads inputs as the product does, and tells events in words.

use std::collections::BTreeMap;

use serde_json::Value;
use signin_sleuth::analysis::clock::Times;
use signin_sleuth::analysis::{Case, Part, Reading, detect, merge};
use signin_sleuth::detections::Tuning;
use signin_sleuth::events::dictionary::TextId;
use signin_sleuth::events::time::format_rfc3339;
use signin_sleuth::events::vocabulary::Stream;
use signin_sleuth::events::{Audit, Id, SignIn, Store};
use signin_sleuth::report::{Reporter, json};

/// The export has no such field.
pub(crate) const ABSENT: &str = "<absent>";
/// The field is there and holds nothing.
pub(crate) const EMPTY: &str = "<empty>";

/// Reads inputs, each in one piece. It makes no difference which of them are added later.
pub(crate) fn read(inputs: &[(&str, &[u8])]) -> Case {
    let parts = parts(inputs);
    let case = Case::gather(parts.clone());
    for input in &case.inputs {
        assert_accounted(input);
    }
    for from in 1..parts.len().min(4) {
        let (first, later) = parts.split_at(from);
        let times = Times::default();
        assert_same(&case, &Case::gather(first.to_vec()).add(later.to_vec(), &times));
        assert_same(&case, &Case::gather(later.to_vec()).add(first.to_vec(), &times));
    }
    case
}

/// Inputs as parts, each in one piece.
pub(crate) fn parts(inputs: &[(&str, &[u8])]) -> Vec<Part> {
    let part = |((name, bytes), input): (&(&str, &[u8]), u32)| {
        let mut reading = Reading::new(name, input, 0);
        reading.feed(bytes);
        reading.finish()
    };
    inputs.iter().zip(0..).map(part).collect()
}

/// Two cases hold the same: their inputs, and all that is found in them.
pub(crate) fn assert_same(one: &Case, other: &Case) {
    let told = |case: &Case| {
        let tuning = Tuning::default();
        let merged = merge(case, detect(case, 0..case.buckets.len(), &tuning));
        format!("{:#?}\n{}", case.inputs, json(&Reporter { case, merged: &merged, tuning: &tuning }.report()))
    };
    let (one, other) = (told(one), told(other));
    assert_eq!(one.lines().zip(other.lines()).find(|(one, other)| one != other), None);
    assert_eq!(one.len(), other.len());
}

/// Every record of an input is accounted for.
pub(crate) fn assert_accounted(input: &signin_sleuth::analysis::Input) {
    let other: u64 = input.other.values().sum();
    let sum = input.events + input.merged + input.duplicates + input.refused_total + other + input.enrichment;
    assert_eq!(input.records, sum, "{}: records are not accounted for: {input:?}", input.name);
}

/// Reads one input of JSON values, one a line.
pub(crate) fn read_json(records: &[Value]) -> Case {
    let lines: String = records.iter().map(|record| format!("{record}\n")).collect();
    read(&[("input.json", lines.as_bytes())])
}

/// Reads one CSV.
pub(crate) fn read_csv(text: &str) -> Case {
    read(&[("input.csv", text.as_bytes())])
}

/// A CSV of one row from pairs of header and cell.
pub(crate) fn csv(cells: &[(&str, &str)]) -> String {
    let quoted = |text: &str| format!("\"{}\"", text.replace('"', "\"\""));
    let header: Vec<String> = cells.iter().map(|(name, _)| quoted(name)).collect();
    let row: Vec<String> = cells.iter().map(|(_, cell)| quoted(cell)).collect();
    format!("{}\r\n{}\r\n", header.join(","), row.join(","))
}

/// Names and values of an event; [`ABSENT`] and [`EMPTY`] stand for themselves.
pub(crate) type Told = BTreeMap<&'static str, String>;

/// All sign-ins of a case that are events of their own, in the order of their buckets' times.
pub(crate) fn sign_ins(case: &Case) -> Vec<Told> {
    let mut numbers: Vec<u32> = case.buckets.iter().flat_map(|bucket| bucket.sign_ins.iter().copied()).collect();
    numbers.sort_unstable();
    numbers.iter().filter_map(|&number| case.store.sign_in(number)).map(|row| tell(&case.store, row)).collect()
}

/// The only sign-in of a case.
pub(crate) fn sign_in(case: &Case) -> Told {
    let all = sign_ins(case);
    assert_eq!(all.len(), 1, "one sign-in was expected: {:#?}", case.inputs);
    all.into_iter().next().unwrap()
}

/// A graph record with these members set in a plain one.
pub(crate) fn graph(members: Value) -> Value {
    with(
        serde_json::json!({
            "id": "0f94f5fb-3583-4c46-9bfa-0390c1988800",
            "createdDateTime": "2026-09-13T01:22:28Z",
            "userId": "11111111-0000-0000-0000-000000000001",
            "userPrincipalName": "ada@contoso.example",
            "appId": "22222222-0000-0000-0000-000000000002",
            "signInEventTypes": ["nonInteractiveUser"],
            "status": {"errorCode": 0},
        }),
        members,
    )
}

/// An Azure Monitor record with these members set in the properties of a plain one.
pub(crate) fn monitor(members: Value) -> Value {
    let properties = with(
        serde_json::json!({
            "id": "0f94f5fb-3583-4c46-9bfa-0390c1988800",
            "createdDateTime": "2026-09-13T01:22:28.1234567+00:00",
            "userId": "11111111-0000-0000-0000-000000000001",
            "userPrincipalName": "ada@contoso.example",
            "appId": "22222222-0000-0000-0000-000000000002",
            "status": {"errorCode": 0},
        }),
        members,
    );
    serde_json::json!({
        "time": "2026-09-13T01:34:40.1234567Z",
        "resourceId": "/tenants/99999999-0000-0000-0000-000000000009/providers/Microsoft.aadiam",
        "operationName": "Sign-in activity",
        "category": "NonInteractiveUserSignInLogs",
        "tenantId": "99999999-0000-0000-0000-000000000009",
        "resultType": "0",
        "properties": properties,
    })
}

/// An object with members set; a member of `"<absent>"` is taken out.
pub(crate) fn with(mut object: Value, members: Value) -> Value {
    let (Some(map), Value::Object(members)) = (object.as_object_mut(), members) else { panic!("objects") };
    for (name, value) in members {
        if value == ABSENT {
            map.remove(&name);
        } else {
            map.insert(name, value);
        }
    }
    object
}

/// A sign-in in words.
pub(crate) fn tell(store: &Store, row: &SignIn) -> Told {
    let text = |id: TextId| match id {
        TextId::ABSENT => ABSENT.to_owned(),
        TextId::EMPTY => EMPTY.to_owned(),
        id => store.texts.get(id).to_owned(),
    };
    let id = |id: Id| match id {
        id if id == Id::ABSENT => ABSENT.to_owned(),
        id if id == Id::EMPTY => EMPTY.to_owned(),
        id => id.display(&store.texts),
    };
    let word = |present: bool, said: &str| match (present, said) {
        (false, _) => ABSENT.to_owned(),
        (true, "") => EMPTY.to_owned(),
        (true, said) => said.to_owned(),
    };
    let degrees = |value: i32| if value == i32::MIN { EMPTY.to_owned() } else { (f64::from(value) / 1e4).to_string() };
    let (user, app, resource) = (store.user(row.user), store.app(row.app), store.app(row.resource));
    let (tenants, place, device) =
        (store.tenants_of(row.tenants), store.location(row.location), store.device(row.device));
    let (outcome, risk, principal) = (store.outcome(row.outcome), store.risk(row.risk), store.principal(row.principal));
    use signin_sleuth::events::tuples::{Outcome, Stated};
    let coordinates = place.stated.has(Stated::COORDINATES);
    let stream = match row.stream() {
        Stream::Interactive => "interactive",
        Stream::NonInteractive => "non-interactive",
        Stream::ServicePrincipal => "service-principal",
        Stream::ManagedIdentity => "managed-identity",
    };
    BTreeMap::from([
        ("time", format_rfc3339(row.time)),
        ("doubts", row.doubts.0.to_string()),
        ("id", id(row.id)),
        ("correlation", id(row.correlation)),
        ("session", id(row.session_id(store))),
        ("token", id(row.token_id(store))),
        ("original", id(store.id_of(row, row.original))),
        ("user_id", id(user.id)),
        ("user", text(user.name)),
        ("user_display", text(user.display)),
        ("user_type", word(user.kind.is_present(), user.kind.text())),
        ("app_id", id(app.id)),
        ("app", text(app.name)),
        ("app_owner", id(app.owner)),
        ("resource_id", id(resource.id)),
        ("resource", text(resource.name)),
        ("log_tenant", id(tenants.log)),
        ("home_tenant", id(tenants.home)),
        ("resource_tenant", id(tenants.resource)),
        ("issuer", text(tenants.issuer)),
        ("ip", text(row.address)),
        ("provider_ip", text(place.provider)),
        (
            "asn",
            match (place.stated.has(Stated::ASN), place.asn) {
                (false, _) => ABSENT.to_owned(),
                (true, 0) => EMPTY.to_owned(),
                (true, asn) => asn.to_string(),
            },
        ),
        ("country", text(place.country)),
        ("state", text(place.state)),
        ("city", text(place.city)),
        ("latitude", if coordinates { degrees(place.latitude) } else { ABSENT.to_owned() }),
        ("longitude", if coordinates { degrees(place.longitude) } else { ABSENT.to_owned() }),
        ("client", text(row.client)),
        ("agent", text(row.agent)),
        ("device_id", id(device.id)),
        ("device", text(device.name)),
        ("system", text(device.system)),
        ("browser", text(device.browser)),
        ("trust", text(device.trust)),
        ("compliant", word(device.compliant.is_present(), device.compliant.text())),
        ("managed", word(device.managed.is_present(), device.managed.text())),
        (
            "code",
            match outcome.known {
                Outcome::ABSENT_CODE => ABSENT.to_owned(),
                Outcome::CODE => outcome.code.to_string(),
                _ => EMPTY.to_owned(),
            },
        ),
        ("reason", text(outcome.reason)),
        ("details", text(outcome.details)),
        ("policies", text(row.policies)),
        ("audiences", text(row.audiences)),
        ("steps", text(row.steps)),
        ("processing", text(row.processing)),
        ("risk", text(risk.during)),
        ("risk_aggregated", text(risk.aggregated)),
        ("risk_state", text(risk.state)),
        ("risk_detail", text(risk.detail)),
        ("risk_events", text(risk.events)),
        ("principal_id", id(principal.id)),
        ("principal", text(principal.name)),
        ("credential", text(principal.credential)),
        (
            "latency",
            match row.latency {
                SignIn::LATENCY_ABSENT => ABSENT.to_owned(),
                SignIn::LATENCY_EMPTY => EMPTY.to_owned(),
                latency => latency.to_string(),
            },
        ),
        ("stream", stream.to_owned()),
        ("incoming", word(row.incoming.is_present(), &row.incoming.text())),
        ("protocol", word(row.protocol.is_present(), row.protocol.text())),
        ("transfer", word(row.transfer.is_present(), row.transfer.text())),
        ("protection", word(row.protection.is_present(), row.protection.text())),
        ("policy_status", word(row.policy_status.is_present(), row.policy_status.text())),
        ("requirement", word(row.requirement.is_present(), row.requirement.text())),
    ])
}

/// All audit events of a case that are events of their own, in the order of their rows.
pub(crate) fn audits(case: &Case) -> Vec<Told> {
    let mut numbers: Vec<u32> = case.buckets.iter().flat_map(|bucket| bucket.audits.iter().copied()).collect();
    numbers.sort_unstable();
    numbers.dedup();
    numbers.iter().filter_map(|&number| case.store.audit(number)).map(|row| tell_audit(&case.store, row)).collect()
}

/// The only audit event of a case, shared out to somebody or not.
pub(crate) fn audit(case: &Case) -> Told {
    let all: Vec<&Audit> = case.store.audits.iter().collect();
    assert_eq!(all.len(), 1, "one audit event was expected: {:#?}", case.inputs);
    tell_audit(&case.store, all[0])
}

/// An audit event in words.
pub(crate) fn tell_audit(store: &Store, row: &Audit) -> Told {
    let text = |id: TextId| match id {
        TextId::ABSENT => ABSENT.to_owned(),
        TextId::EMPTY => EMPTY.to_owned(),
        id => store.texts.get(id).to_owned(),
    };
    let id = |id: Id| match id {
        id if id == Id::ABSENT => ABSENT.to_owned(),
        id if id == Id::EMPTY => EMPTY.to_owned(),
        id => id.display(&store.texts),
    };
    let (user, principal, tenants) =
        (store.user(row.user), store.principal(row.principal), store.tenants_of(row.tenants));
    BTreeMap::from([
        ("time", format_rfc3339(row.time)),
        ("id", id(row.id)),
        ("correlation", id(row.correlation)),
        ("operation", text(row.operation)),
        ("category", text(row.category)),
        ("service", text(row.service)),
        ("result", text(row.result)),
        ("reason", text(row.reason)),
        ("user_id", id(user.id)),
        ("user", text(user.name)),
        ("principal_id", id(principal.id)),
        ("principal", text(principal.name)),
        ("ip", text(row.address)),
        ("targets", text(row.targets)),
        ("details", text(row.details)),
        ("agent", text(row.agent)),
        ("log_tenant", id(tenants.log)),
        ("home_tenant", id(tenants.home)),
    ])
}

/// Asserts some of an event's values.
#[track_caller]
pub(crate) fn assert_told(told: &Told, expected: &[(&str, &str)]) {
    for (name, value) in expected {
        let is = told.get(name).unwrap_or_else(|| panic!("no value is called {name}"));
        assert_eq!(is, value, "{name}");
    }
}
