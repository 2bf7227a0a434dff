//! Builds a sign-in from a record, whatever its format.

use serde::Serialize;
use serde_json::Value;

use crate::events::dictionary::TextId;
use crate::events::guid::Guid;
use crate::events::tuples::{App, Device, Location, NO_COORDINATE, Outcome, Principal, Risk, Tenants, User};
use crate::events::vocabulary::{
    Flag, IncomingToken, PolicyStatus, Protection, Protocol, Requirement, Stream, Transfer, UserType,
};
use crate::events::{Id, SignIn};
use crate::intake::Cell;

use super::nested::{self, Nested};
use super::reader::{Reader, Refusal};
use super::{Column, Row};

/// A conditional-access policy as it is kept.
#[derive(Serialize)]
struct Policy {
    id: String,
    name: String,
    result: String,
    grants: Vec<String>,
    sessions: Vec<String>,
}

/// An authentication step as it is kept: without its time, which is read again on demand.
#[derive(Serialize)]
struct Step {
    method: String,
    detail: String,
    succeeded: String,
    result: String,
    requirement: String,
}

impl Reader {
    /// Builds the row of a sign-in.
    pub(super) fn sign_in(&mut self, row: &Row<'_>, record: u32, offset: u64) -> Result<SignIn, Refusal> {
        let time = self.event_time(row)?;
        let id = self.id(row.cell(Column::Id));
        let (stream, stream_known) = self.stream(row);
        let app = if stream == Stream::Interactive || stream == Stream::NonInteractive || row.has(Column::AppName) {
            self.app(row, Column::AppId, Column::AppName)
        } else {
            self.app(row, Column::AppId, Column::PrincipalName)
        };
        let session = self.id(row.cell(Column::Session));
        let token = self.token(row.cell(Column::Token));
        let original = self.id(row.cell(Column::OriginalRequest));
        Ok(SignIn {
            time,
            offset,
            id,
            correlation: self.id(row.cell(Column::Correlation)),
            record,
            input: 0,
            session: self.store.id_ref(session, Id::ABSENT),
            token: self.store.id_ref(token, id),
            original: self.store.id_ref(original, id),
            user: self.user(row),
            app,
            resource: self.app(row, Column::ResourceId, Column::ResourceName),
            tenants: self.tenants(row),
            address: self.address(row.cell(Column::Address)),
            location: self.location(row),
            agent: self.text(Column::Agent, row),
            device: self.device(row),
            client: self.text(Column::ClientApp, row),
            outcome: self.outcome(row),
            policies: self.policies(row),
            audiences: self.audiences(row),
            steps: self.steps(row),
            processing: self.processing(row),
            risk: self.risk(row),
            principal: self.principal(row),
            latency: number(row.cell(Column::Latency)).and_then(|value| u32::try_from(value).ok()).unwrap_or(u32::MAX),
            stream: stream as u8,
            incoming: self.word(Column::Incoming, row, IncomingToken::ABSENT, IncomingToken::parse),
            protocol: self.word(Column::Protocol, row, Protocol::ABSENT, Protocol::parse),
            transfer: self.word(Column::Transfer, row, Transfer::ABSENT, Transfer::parse),
            protection: self.protection(row),
            policy_status: self.word(Column::PolicyStatus, row, PolicyStatus::ABSENT, PolicyStatus::parse),
            requirement: self.word(Column::Requirement, row, Requirement::ABSENT, Requirement::parse),
            stream_known: if stream_known { Flag::TRUE } else { Flag::FALSE },
        })
    }

    fn stream(&mut self, row: &Row<'_>) -> (Stream, bool) {
        let mut named = row.text(Column::Category);
        if named.is_empty() {
            named = row.text(Column::Table);
        }
        if !named.is_empty() {
            let named = named.to_ascii_lowercase();
            let stream = if named.contains("managedidentity") {
                Some(Stream::ManagedIdentity)
            } else if named.contains("serviceprincipal") {
                Some(Stream::ServicePrincipal)
            } else if named.contains("noninteractive") {
                Some(Stream::NonInteractive)
            } else if named.contains("signinlogs") {
                Some(Stream::Interactive)
            } else {
                None
            };
            if let Some(stream) = stream {
                return (stream, true);
            }
        }
        let types = row.cell(Column::EventTypes);
        if !types.is_absent() && !types.is_empty() {
            let raw = match types {
                Cell::Json(raw) | Cell::Text(raw) => raw.to_ascii_lowercase(),
                Cell::Absent => Vec::new(),
            };
            let says = |word: &[u8]| memchr::memmem::find(&raw, word).is_some();
            if says(b"managedidentity") {
                return (Stream::ManagedIdentity, true);
            } else if says(b"serviceprincipal") {
                return (Stream::ServicePrincipal, true);
            } else if says(b"noninteractiveuser") {
                return (Stream::NonInteractive, true);
            } else if says(b"interactiveuser") {
                return (Stream::Interactive, true);
            }
        }
        match flag(row.cell(Column::IsInteractive)) {
            Flag::TRUE => return (Stream::Interactive, true),
            Flag::FALSE => {
                let person = has_value(row.cell(Column::UserId)) || has_value(row.cell(Column::UserName));
                return if person { (Stream::NonInteractive, true) } else { (Stream::ServicePrincipal, true) };
            }
            _ => {}
        }
        if row.has(Column::ManagedIdentity) && !row.has(Column::UserName) {
            return (Stream::ManagedIdentity, true);
        }
        if row.has(Column::PrincipalId) && !row.has(Column::UserName) && !row.has(Column::UserId) {
            return (Stream::ServicePrincipal, true);
        }
        (Stream::Interactive, false)
    }

    pub(super) fn user(&mut self, row: &Row<'_>) -> u32 {
        let cells =
            [Column::UserId, Column::UserName, Column::UserDisplay, Column::UserType].map(|column| row.cell(column));
        self.tuple(Column::UserId, &cells, |reader| {
            let user = User {
                id: reader.id(row.cell(Column::UserId)),
                name: reader.lower(row.cell(Column::UserName)),
                display: reader.plain(row.cell(Column::UserDisplay)),
                kind: reader.word(Column::UserType, row, UserType::ABSENT, UserType::parse),
                pad: [0; 7],
            };
            reader.store.users.intern(user)
        })
    }

    pub(super) fn app(&mut self, row: &Row<'_>, id: Column, name: Column) -> u32 {
        let cells = [row.cell(id), row.cell(name)];
        self.tuple(id, &cells, |reader| {
            let app = App { id: reader.id(row.cell(id)), name: reader.plain(row.cell(name)) };
            reader.store.apps.intern(app)
        })
    }

    pub(super) fn tenants(&mut self, row: &Row<'_>) -> u32 {
        let cells = [Column::LogTenant, Column::HomeTenant, Column::ResourceTenant].map(|column| row.cell(column));
        self.tuple(Column::LogTenant, &cells, |reader| {
            let [log, home, resource] = cells.map(|cell| reader.id(cell));
            reader.store.tenants.intern(Tenants { log, home, resource })
        })
    }

    fn principal(&mut self, row: &Row<'_>) -> u32 {
        let cells = [Column::PrincipalId, Column::PrincipalName, Column::CredentialKey].map(|column| row.cell(column));
        self.tuple(Column::PrincipalId, &cells, |reader| {
            let [id, name, key] = cells;
            let principal = Principal { id: reader.id(id), name: reader.plain(name), credential: reader.plain(key) };
            reader.store.principals.intern(principal)
        })
    }

    fn location(&mut self, row: &Row<'_>) -> u32 {
        let cells = [Column::Location, Column::Country, Column::Asn].map(|column| row.cell(column));
        self.tuple(Column::Location, &cells, |reader| {
            let [place, country, asn] = cells;
            let asn = number(asn).and_then(|value| u32::try_from(value).ok()).unwrap_or(0);
            let mut location = Location {
                asn,
                country: reader.plain(country),
                state: TextId::ABSENT,
                city: TextId::ABSENT,
                latitude: NO_COORDINATE,
                longitude: NO_COORDINATE,
            };
            match nested::decode(&place) {
                Nested::Value(value) => {
                    if let Some(text) = nested::text(&value, "countryOrRegion") {
                        location.country = reader.store.texts.intern(&text);
                    }
                    location.state = reader.optional(nested::text(&value, "state"));
                    location.city = reader.optional(nested::text(&value, "city"));
                    if let Some(at) = nested::member(&value, "geoCoordinates") {
                        location.latitude = coordinate(nested::member(at, "latitude"));
                        location.longitude = coordinate(nested::member(at, "longitude"));
                    }
                }
                Nested::Text(text) => {
                    // A country, or `City, State, CC` as the admin center writes it.
                    let mut parts = text.rsplitn(3, ", ");
                    if let Some(country) = parts.next() {
                        location.country = reader.store.texts.intern(country.trim());
                    }
                    let state = parts.next();
                    let city = parts.next();
                    location.state = reader.optional(state.map(str::to_owned));
                    location.city = reader.optional(city.map(str::to_owned));
                }
                Nested::Empty if !location.country.is_present() => location.country = TextId::EMPTY,
                Nested::Damaged => reader.damaged(Column::Location),
                Nested::Empty | Nested::Absent => {}
            }
            reader.store.locations.intern(location)
        })
    }

    fn device(&mut self, row: &Row<'_>) -> u32 {
        let cell = row.cell(Column::Device);
        self.tuple(Column::Device, &[cell], |reader| {
            let mut device = <Device as crate::events::tuples::Tuple>::ABSENT;
            match nested::decode(&cell) {
                Nested::Value(value) => {
                    // The object is there: what it does not name is empty, not absent, but for
                    // compliance, which diagnostic records leave out when it is unknown.
                    let id = nested::text(&value, "deviceId").unwrap_or_default();
                    device.id = Id::parse(&id, &mut reader.store.texts);
                    device.name = reader.optional(nested::text(&value, "displayName"));
                    device.system = reader.optional(nested::text(&value, "operatingSystem"));
                    device.browser = reader.optional(nested::text(&value, "browser"));
                    device.trust = reader.optional(nested::text(&value, "trustType"));
                    device.compliant =
                        nested::text(&value, "isCompliant").map_or(Flag::ABSENT, |text| Flag::parse(&text));
                    device.managed = nested::text(&value, "isManaged").map_or(Flag::ABSENT, |text| Flag::parse(&text));
                }
                Nested::Empty => device.id = Id::EMPTY,
                Nested::Damaged => reader.damaged(Column::Device),
                Nested::Text(_) | Nested::Absent => {}
            }
            reader.store.devices.intern(device)
        })
    }

    fn outcome(&mut self, row: &Row<'_>) -> u32 {
        let cells = [Column::Status, Column::ResultCode, Column::ResultReason].map(|column| row.cell(column));
        self.tuple(Column::Status, &cells, |reader| {
            let [status, code, reason] = cells;
            let mut outcome = Outcome { code: 0, known: 0, reason: reader.plain(reason), details: TextId::ABSENT };
            let mut set = |text: &str| {
                if let Ok(code) = text.trim().parse() {
                    (outcome.code, outcome.known) = (code, 1);
                }
            };
            let mut scratch = String::new();
            if let Some(text) = code.text(&mut scratch) {
                set(&text);
            }
            match nested::decode(&status) {
                Nested::Value(value) => {
                    if let Some(text) = nested::text(&value, "errorCode") {
                        set(&text);
                    }
                    if let Some(text) = nested::text(&value, "failureReason") {
                        outcome.reason = reader.store.texts.intern(&text);
                    }
                    outcome.details = reader.optional(nested::text(&value, "additionalDetails"));
                }
                Nested::Damaged => reader.damaged(Column::Status),
                Nested::Text(_) | Nested::Empty | Nested::Absent => {}
            }
            reader.store.outcomes.intern(outcome)
        })
    }

    fn risk(&mut self, row: &Row<'_>) -> u32 {
        let cells =
            [Column::RiskDuring, Column::RiskAggregated, Column::RiskState, Column::RiskDetail, Column::RiskEvents]
                .map(|column| row.cell(column));
        self.tuple(Column::RiskDuring, &cells, |reader| {
            let [during, aggregated, state, detail, events] = cells;
            let events = match nested::decode(&events) {
                Nested::Value(Value::Array(list)) => {
                    let words: Vec<&str> = list.iter().filter_map(Value::as_str).collect();
                    reader.store.texts.intern(&words.join(" "))
                }
                Nested::Text(text) => reader.store.texts.intern(&text),
                Nested::Absent => TextId::ABSENT,
                _ => TextId::EMPTY,
            };
            let [during, aggregated, state, detail] =
                [during, aggregated, state, detail].map(|cell| reader.plain(cell));
            reader.store.risks.intern(Risk { during, aggregated, state, detail, events })
        })
    }

    fn protection(&mut self, row: &Row<'_>) -> Protection {
        let details = row.cell(Column::ProtectionDetails);
        if has_value(details) {
            if let Some(seen) = self.seen_byte(Column::ProtectionDetails, &details) {
                return Protection(seen);
            }
            if let Nested::Value(value) = nested::decode(&details)
                && let Some(text) = nested::text(&value, "signInSessionStatus")
            {
                let parsed = Protection::parse(&text);
                self.keep_byte(Column::ProtectionDetails, &details, parsed.0);
                return parsed;
            }
        }
        let parsed = self.word(Column::Protection, row, Protection::ABSENT, Protection::parse);
        if parsed == Protection::ABSENT && !details.is_absent() { Protection::EMPTY } else { parsed }
    }

    fn policies(&mut self, row: &Row<'_>) -> TextId {
        self.canonical(Column::Policies, row, |value| {
            let list = value.as_array()?;
            let policies: Vec<Policy> = list
                .iter()
                .map(|policy| Policy {
                    id: nested::text(policy, "id").unwrap_or_default(),
                    name: nested::text(policy, "displayName").unwrap_or_default(),
                    result: nested::text(policy, "result").unwrap_or_default(),
                    grants: nested::texts(policy, "enforcedGrantControls"),
                    sessions: nested::texts(policy, "enforcedSessionControls"),
                })
                .collect();
            serde_json::to_string(&policies).ok()
        })
    }

    fn audiences(&mut self, row: &Row<'_>) -> TextId {
        self.canonical(Column::Audiences, row, |value| {
            let mut ids: Vec<String> = value
                .as_array()?
                .iter()
                .filter_map(|entry| entry.as_str().map(str::to_owned).or_else(|| nested::text(entry, "applicationId")))
                .map(|id| Guid::parse(&id).map_or(id, |guid| guid.to_string()))
                .collect();
            ids.sort();
            ids.dedup();
            Some(ids.join(" "))
        })
    }

    fn steps(&mut self, row: &Row<'_>) -> TextId {
        self.canonical_steps(row, |value| {
            let steps: Vec<Step> = value
                .as_array()?
                .iter()
                .map(|step| Step {
                    method: nested::text(step, "authenticationMethod").unwrap_or_default(),
                    detail: nested::text(step, "authenticationMethodDetail").unwrap_or_default(),
                    succeeded: nested::text(step, "succeeded").unwrap_or_default(),
                    result: nested::text(step, "authenticationStepResultDetail").unwrap_or_default(),
                    requirement: nested::text(step, "authenticationStepRequirement").unwrap_or_default(),
                })
                .collect();
            serde_json::to_string(&steps).ok()
        })
    }

    fn processing(&mut self, row: &Row<'_>) -> TextId {
        self.canonical(Column::Processing, row, |value| {
            let pairs: Vec<[String; 2]> = match value {
                Value::Array(list) => list
                    .iter()
                    .map(|pair| {
                        [nested::text(pair, "key").unwrap_or_default(), nested::text(pair, "value").unwrap_or_default()]
                    })
                    .collect(),
                Value::Object(map) => map
                    .iter()
                    .map(|(key, value)| [key.clone(), value.as_str().map_or_else(|| value.to_string(), str::to_owned)])
                    .collect(),
                _ => return None,
            };
            serde_json::to_string(&pairs).ok()
        })
    }
}

/// Whether a cell holds something.
pub(super) fn has_value(cell: Cell<'_>) -> bool {
    !cell.is_absent() && !cell.is_empty()
}

/// A yes or no in any spelling.
pub(super) fn flag(cell: Cell<'_>) -> Flag {
    let mut scratch = String::new();
    match cell.text(&mut scratch) {
        None if cell.is_absent() => Flag::ABSENT,
        None => Flag::EMPTY,
        Some(text) => match text.trim().to_ascii_lowercase().as_str() {
            "" => Flag::EMPTY,
            "true" | "yes" | "1" => Flag::TRUE,
            "false" | "no" | "0" => Flag::FALSE,
            _ => Flag::OTHER,
        },
    }
}

fn number(cell: Cell<'_>) -> Option<i64> {
    let mut scratch = String::new();
    cell.text(&mut scratch)?.trim().parse().ok()
}

fn coordinate(value: Option<&Value>) -> i32 {
    let degrees = match value {
        Some(Value::Number(number)) => number.as_f64(),
        Some(Value::String(text)) => text.trim().parse().ok(),
        _ => None,
    };
    degrees
        .filter(|degrees| degrees.abs() <= 360.0)
        .map_or(NO_COORDINATE, |degrees| (degrees * 10_000.0).round() as i32)
}
