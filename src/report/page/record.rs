//! What is known of one record, beside its text.

use crate::order::Set;

use serde::Serialize;

use crate::analysis::{Case, Merged};
use crate::detections::find;
use crate::events::Place;
use crate::events::field::Field;
use crate::sessions::EventRef;

use super::trace::RecordRef;
use super::words::millis;
use super::{describe, rows};
use crate::report::schema::Spot;

/// What is known of one record.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct RecordView {
    /// Name of its input.
    pub name: String,
    /// What the input was recognised as.
    pub format: String,
    /// Where it begins, in words: at a byte, or in a row of a sheet.
    pub spot: String,
    /// When, milliseconds UTC; nothing where the record is no event.
    pub time: Option<i64>,
    /// Whose.
    pub user: String,
    /// In words.
    pub text: String,
    /// The record's own id.
    pub id: String,
    /// Correlation id.
    pub correlation: String,
    /// Findings that rest on it, as role and title.
    pub findings: Vec<(String, String)>,
    /// Names of the fields those rest on, lower-case letters only.
    pub fields: Vec<String>,
}

/// Looks up a record by its place.
pub(super) fn view(case: &Case, merged: &Merged, place: RecordRef) -> RecordView {
    let RecordRef { input, record, offset } = place;
    let named = case.inputs.get(input as usize);
    let event = find_event(case, input, record);
    let resting = || {
        let all = merged.findings.iter();
        all.flat_map(|flagged| flagged.finding.evidence.iter().map(move |item| (flagged, item)))
            .filter(|(_, item)| Some(item.event) == event)
    };
    let mut fields: Set<&'static str> = Set::new();
    for (flagged, item) in resting() {
        fields.extend(names(flagged.finding.detection, item.event));
    }
    let texts = &case.store.texts;
    let head = event.and_then(|event| event.head(&case.store));
    let (time, id, correlation) = head.map_or((None, String::new(), String::new()), |head| {
        (Some(millis(head.time)), head.id.display(texts), head.correlation.display(texts))
    });
    RecordView {
        name: named.map(|input| input.name.clone()).unwrap_or_default(),
        format: named.map(|input| input.format.clone()).unwrap_or_default(),
        spot: Spot::new(named, offset).words(),
        time,
        user: resting().next().map(|(flagged, _)| rows::user_name(case, flagged.bucket)).unwrap_or_default(),
        text: event.map(|event| describe::event(case, event)).unwrap_or_default(),
        id,
        correlation,
        findings: resting().map(|(flagged, item)| (item.role.to_owned(), flagged.finding.title.clone())).collect(),
        fields: fields.into_iter().map(str::to_owned).collect(),
    }
}

/// The event that a record is a source of, be it the first or another.
fn find_event(case: &Case, input: u32, record: u64) -> Option<EventRef> {
    let here = |at: u32, number: u32| at == input && u64::from(number) == record;
    let also = case
        .also
        .iter()
        .find(|(_, places)| places.iter().any(|place: &Place| place.input == input && place.record == record));
    if let Some((event, _)) = also {
        return Some(*event);
    }
    let store = &case.store;
    let sign_in = store.sign_ins.iter().position(|row| here(row.input, row.record));
    let audit = || store.audits.iter().position(|row| here(row.input, row.record));
    let activity = || store.activities.iter().position(|row| here(row.input, row.record));
    let risk = || store.risk_events.iter().position(|row| here(row.input, row.record));
    let number = |place: usize| u32::try_from(place).ok();
    sign_in
        .and_then(number)
        .map(EventRef::SignIn)
        .or_else(|| audit().and_then(number).map(EventRef::Audit))
        .or_else(|| activity().and_then(number).map(EventRef::Activity))
        .or_else(|| risk().and_then(number).map(EventRef::Risk))
}

/// Names that exports give to the fields a detection looks at.
fn names(detection: &str, event: EventRef) -> Vec<&'static str> {
    match event {
        EventRef::SignIn(_) | EventRef::Audit(_) => {}
        EventRef::Activity(_) => {
            return vec![
                "creationtime",
                "timegenerated",
                "operation",
                "workload",
                "objectid",
                "clientip",
                "userid",
                "aadsessionid",
                "sessionid",
                "uniquetokenid",
                "parameters",
                "requesturi",
            ];
        }
        EventRef::Risk(_) => {
            return vec![
                "activitydatetime",
                "detecteddatetime",
                "riskeventtype",
                "risklevel",
                "riskstate",
                "ipaddress",
            ];
        }
    }
    if !matches!(event, EventRef::SignIn(_)) {
        return vec![
            "activitydatetime",
            "timegenerated",
            "time",
            "activitydisplayname",
            "operationname",
            "result",
            "initiatedby",
            "ipaddress",
            "targetresources",
        ];
    }
    let mut names = vec!["createddatetime", "userprincipalname", "userid", "appdisplayname", "ipaddress"];
    if let Some(found) = find(detection) {
        let fields = found.needs.iter().copied().flatten().chain(found.wants);
        names.extend(fields.flat_map(|field| spelled(*field).iter().copied()));
    }
    names
}

fn spelled(field: Field) -> &'static [&'static str] {
    match field {
        Field::AppId => &["appid"],
        Field::ResourceId => &["resourceid", "resourceidentity"],
        Field::HomeTenant => &["hometenantid"],
        Field::ResourceTenant => &["resourcetenantid"],
        Field::Address => &["ipaddress"],
        Field::Asn => &["autonomoussystemnumber"],
        Field::Country => &["countryorregion"],
        Field::Agent => &["useragent"],
        Field::DeviceId => &["deviceid"],
        Field::DeviceCompliant => &["iscompliant"],
        Field::SessionId => &["sessionid"],
        Field::TokenId => &["uniquetokenidentifier"],
        Field::IncomingToken => &["incomingtokentype"],
        Field::Protocol => &["authenticationprotocol"],
        Field::Transfer => &["originaltransfermethod"],
        Field::Protection => &["signinsessionstatuscode", "signinsessionstatus", "tokenprotectionstatusdetails"],
        Field::Result => &["errorcode", "resulttype"],
        Field::Audiences => &["conditionalaccessaudiences"],
        Field::Policies => &["appliedconditionalaccesspolicies", "conditionalaccesspolicies"],
        Field::Processing => &["authenticationprocessingdetails"],
        _ => &[],
    }
}
