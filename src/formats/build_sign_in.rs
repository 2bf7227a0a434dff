//! Builds a sign-in from a record, whatever its format.

use std::borrow::Cow;

use serde_json::Value;

use crate::events::dictionary::TextId;
use crate::events::tuples::{
    App, Device, Location, NO_COORDINATE, Outcome, Principal, Risk, Stated, Tenants, Tuple, User,
};
use crate::events::vocabulary::{
    Doubts, Flag, IncomingToken, PolicyStatus, Protection, Protocol, Requirement, Stream, Transfer, UserType,
};
use crate::events::{Id, SignIn};
use crate::intake::Cell;

use super::nested::{self, Nested};
use super::reader::{Reader, Refusal};
use super::scalar::{self, Scalar, has_value, scalar};
use super::{Column, Row, build_nested};

macro_rules! word {
    ($reader:ident, $row:ident, $column:ident, $type:ident) => {
        $type($reader.word(Column::$column, $row.cell(Column::$column), $type::ABSENT.0, |text| $type::parse(text).0))
    };
}
pub(super) use word;

impl Reader {
    /// Builds the row of a sign-in.
    pub(super) fn sign_in(&mut self, row: &Row<'_>, record: u32, offset: u64) -> Result<SignIn, Refusal> {
        let (time, doubts) = self.event_time(row)?;
        let id = self.id(row.cell(Column::Id));
        let (stream, stream_known) = self.stream(row);
        // The tables of service principals have no application name: the principal's is it.
        let name =
            if stream.is_user() || row.has_value(Column::AppName) { Column::AppName } else { Column::PrincipalName };
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
            app: self.app(row, Column::AppId, name),
            resource: self.app(row, Column::ResourceId, Column::ResourceName),
            tenants: self.tenants(row),
            address: self.address(row),
            location: self.location(row),
            agent: self.text(Column::Agent, row),
            device: self.device(row),
            client: self.text(Column::ClientApp, row),
            outcome: self.outcome(row),
            policies: self.canonical(Column::Policies, row, build_nested::policies),
            audiences: self.canonical(Column::Audiences, row, build_nested::audiences),
            steps: self.canonical_steps(row, build_nested::steps),
            processing: self.canonical(Column::Processing, row, build_nested::processing),
            risk: self.risk(row),
            principal: self.principal(row),
            latency: self.latency(row),
            stream: stream as u8,
            incoming: word!(self, row, Incoming, IncomingToken),
            protocol: word!(self, row, Protocol, Protocol),
            transfer: word!(self, row, Transfer, Transfer),
            protection: self.protection(row),
            policy_status: word!(self, row, PolicyStatus, PolicyStatus),
            requirement: word!(self, row, Requirement, Requirement),
            doubts: if stream_known { doubts } else { doubts.with(Doubts::STREAM) },
        })
    }

    /// The stream, and whether the record or the name of its file says so.
    fn stream(&mut self, row: &Row<'_>) -> (Stream, bool) {
        for column in [Column::Category, Column::Table] {
            if let Some(stream) = self.said(column, row, stream_of_table) {
                let is_microsofts = || row.one_of(column, &[super::MICROSOFT_PRINCIPALS]).is_some();
                if stream == Stream::ServicePrincipal && is_microsofts() {
                    self.tally.marks.insert(super::MICROSOFT_PRINCIPALS.to_owned());
                }
                return (stream, true);
            }
        }
        if let Some(stream) = self.said(Column::EventTypes, row, stream_of_types) {
            return (stream, true);
        }
        let person =
            [Column::UserId, Column::UserName, Column::UserDisplay].iter().any(|column| row.has_value(*column));
        let interactive = scalar::flag(row.cell(Column::IsInteractive), &mut self.scratch);
        match (interactive, person) {
            (Flag::TRUE, _) => return (Stream::Interactive, true),
            (Flag::FALSE, true) => return (Stream::NonInteractive, true),
            (_, true) => {
                let named = self.named_stream.filter(|stream| stream.is_user());
                return (named.unwrap_or(Stream::Interactive), named.is_some());
            }
            (_, false) => {}
        }
        // Defender's table of both kinds says it in a flag.
        match scalar::flag(row.cell(Column::ManagedIdentity), &mut self.scratch) {
            Flag::TRUE => return (Stream::ManagedIdentity, true),
            Flag::FALSE => return (Stream::ServicePrincipal, true),
            _ => {}
        }
        // Only the table of managed identities has the column and none for users.
        if row.has_value(Column::ManagedIdentity) || (row.has(Column::ManagedIdentity) && !row.has(Column::UserName)) {
            return (Stream::ManagedIdentity, true);
        }
        if let Some(named) = self.named_stream.filter(|stream| !stream.is_user()) {
            return (named, true);
        }
        let principal = row.has_value(Column::PrincipalId) || row.has_value(Column::PrincipalName);
        if principal || interactive == Flag::FALSE {
            return (Stream::ServicePrincipal, true);
        }
        (Stream::Interactive, false)
    }

    /// The stream that a column names, its spelling remembered.
    fn said(&mut self, column: Column, row: &Row<'_>, read: fn(&str) -> Option<Stream>) -> Option<Stream> {
        const NONE: u8 = 4;
        let cell = row.cell(column);
        let word = self.spelled(column, cell, |text| read(text).map_or(NONE, |stream| stream as u8));
        word.filter(|word| *word < NONE).map(Stream::from_number)
    }

    pub(super) fn user(&mut self, row: &Row<'_>) -> u32 {
        let cells = [Column::UserId, Column::UserName, Column::UserDisplay, Column::UserType, Column::CrossTenant]
            .map(|column| row.cell(column));
        let [id, name, display, _, across] = cells;
        self.tuple(Column::UserId, &cells, |reader| {
            let is_partner = reader.word(Column::CrossTenant, across, 0, |text| {
                u8::from(text.replace(' ', "").eq_ignore_ascii_case("serviceProvider"))
            });
            let kind = word!(reader, row, UserType, UserType);
            let user = User {
                id: reader.id(id),
                name: reader.lower(name),
                display: reader.plain(display),
                kind: if is_partner == 1 { UserType::PARTNER } else { kind },
                pad: [0; 7],
            };
            reader.store.users.intern(user)
        })
    }

    pub(super) fn app(&mut self, row: &Row<'_>, id: Column, name: Column) -> u32 {
        let owner = if id == Column::AppId { row.cell(Column::AppOwner) } else { Cell::Absent };
        let cells = [row.cell(id), row.cell(name), owner];
        self.tuple(id, &cells, |reader| {
            let [id, name, owner] = cells;
            let app = App { id: reader.id(id), name: reader.plain(name), owner: reader.id(owner) };
            reader.store.apps.intern(app)
        })
    }

    pub(super) fn tenants(&mut self, row: &Row<'_>) -> u32 {
        let columns = [Column::LogTenant, Column::HomeTenant, Column::ResourceTenant, Column::IssuerName];
        let cells = columns.map(|column| row.cell(column));
        self.tuple(Column::LogTenant, &cells, |reader| {
            let [log, home, resource, issuer] = cells;
            let [log, home, resource] = [log, home, resource].map(|cell| reader.id(cell));
            let issuer = reader.plain(issuer);
            reader.store.tenants.intern(Tenants { log, home, resource, issuer })
        })
    }

    pub(super) fn principal(&mut self, row: &Row<'_>) -> u32 {
        let cells = [Column::PrincipalId, Column::PrincipalName, Column::CredentialKey].map(|column| row.cell(column));
        self.tuple(Column::PrincipalId, &cells, |reader| {
            let [id, name, key] = cells;
            let principal = Principal { id: reader.id(id), name: reader.plain(name), credential: reader.plain(key) };
            reader.store.principals.intern(principal)
        })
    }

    pub(super) fn location(&mut self, row: &Row<'_>) -> u32 {
        let cells = [
            Column::Location,
            Column::Country,
            Column::Asn,
            Column::Place,
            Column::State,
            Column::City,
            Column::Latitude,
            Column::Longitude,
            Column::ProviderAddress,
        ]
        .map(|column| row.cell(column));
        self.tuple(Column::Location, &cells, |reader| {
            let [place, country, asn, .., provider] = cells;
            let mut location = Location::ABSENT;
            if !provider.is_absent() {
                let text = scalar(provider, &mut reader.scratch).value().map(String::from_utf8_lossy);
                let text = text.map(Cow::into_owned);
                location.provider = reader.address_text(&text.unwrap_or_default());
            }
            if !asn.is_absent() {
                location.stated = Stated::ASN;
                location.asn = scalar(asn, &mut reader.scratch).value().and_then(system).unwrap_or(0);
            }
            match reader.decoded(Column::Location, place) {
                Nested::Value(value) => {
                    location.country = reader.member(&value, "countryOrRegion");
                    location.state = reader.member(&value, "state");
                    location.city = reader.member(&value, "city");
                    let at = nested::member(&value, "geoCoordinates").unwrap_or(&Value::Null);
                    location.latitude = coordinate(nested::member(at, "latitude"));
                    location.longitude = coordinate(nested::member(at, "longitude"));
                    // Zero degrees by zero degrees, and no country: there is no place.
                    if (location.latitude, location.longitude) == (0, 0) && !location.country.has_value() {
                        (location.latitude, location.longitude) = (NO_COORDINATE, NO_COORDINATE);
                    }
                    location.stated = Stated(location.stated.0 | Stated::COORDINATES.0);
                }
                Nested::Text(text) => reader.place(&text, &mut location),
                Nested::Empty => {
                    (location.country, location.state, location.city) = (TextId::EMPTY, TextId::EMPTY, TextId::EMPTY);
                    location.stated = Stated(location.stated.0 | Stated::COORDINATES.0);
                }
                Nested::Absent | Nested::Damaged | Nested::Flattened => {}
            }
            if !location.country.has_value() && !country.is_absent() {
                match scalar(country, &mut reader.scratch) {
                    Scalar::Value(text) => {
                        let text = String::from_utf8_lossy(text).into_owned();
                        reader.place(&text, &mut location);
                    }
                    Scalar::Absent | Scalar::Empty => location.country = TextId::EMPTY,
                }
            }
            reader.flat_place(row, &mut location);
            reader.store.locations.intern(location)
        })
    }

    /// A place in words: a country, or `City, State, CC` as the admin center writes it. A city may
    /// have commas in its name.
    pub(super) fn place(&mut self, text: &str, location: &mut Location) {
        let mut parts: Vec<&str> = text.rsplitn(3, ',').map(str::trim).collect();
        parts.reverse();
        let texts = &mut self.store.texts;
        let (city, state, country) = match parts.as_slice() {
            [country] => (None, None, *country),
            [city, country] => (Some(*city), None, *country),
            [city, state, country, ..] => (Some(*city), Some(*state), *country),
            [] => return,
        };
        location.country = texts.intern(country);
        location.state = state.map_or(location.state, |state| texts.intern(state));
        location.city = city.map_or(location.city, |city| texts.intern(city));
    }

    fn device(&mut self, row: &Row<'_>) -> u32 {
        let cell = row.cell(Column::Device);
        if cell.is_absent() {
            return self.flat_device(row);
        }
        self.once(Column::Device, cell, |reader| {
            // Where the object is there, what it does not name is empty: diagnostic records leave
            // out what is unknown.
            let nothing = Device {
                id: Id::EMPTY,
                name: TextId::EMPTY,
                system: TextId::EMPTY,
                browser: TextId::EMPTY,
                trust: TextId::EMPTY,
                compliant: Flag::EMPTY,
                managed: Flag::EMPTY,
                pad: [0; 6],
            };
            let device = match reader.decoded(Column::Device, cell) {
                Nested::Value(value) => {
                    let flag = |name| Flag::parse(&nested::text(&value, name).unwrap_or_default());
                    Device {
                        id: reader.member_id(&value, "deviceId"),
                        name: reader.member(&value, "displayName"),
                        system: reader.member(&value, "operatingSystem"),
                        browser: reader.member(&value, "browser"),
                        trust: reader.trust(&nested::text(&value, "trustType").unwrap_or_default()),
                        compliant: flag("isCompliant"),
                        managed: flag("isManaged"),
                        pad: [0; 6],
                    }
                }
                Nested::Empty => nothing,
                Nested::Text(_) | Nested::Absent | Nested::Damaged | Nested::Flattened => Device::ABSENT,
            };
            reader.store.devices.intern(device)
        })
    }

    /// The trust type in one spelling: Azure AD was renamed, Defender has words of its own, and the unified
    /// audit log numbers.
    pub(super) fn trust(&mut self, text: &str) -> TextId {
        const SPELLINGS: [(&str, &[&str]); 3] = [
            ("Azure AD registered", &["azureadregistered", "microsoftentraregistered", "workplace", "0"]),
            ("Azure AD joined", &["azureadjoined", "microsoftentrajoined", "azuread", "1"]),
            (
                "Hybrid Azure AD joined",
                &["hybridazureadjoined", "microsoftentrahybridjoined", "hybridmicrosoftentrajoined", "serverad", "2"],
            ),
        ];
        let plain: String = text.chars().filter(|letter| *letter != ' ').collect::<String>().to_ascii_lowercase();
        let known = SPELLINGS.iter().find(|(_, spellings)| spellings.contains(&plain.as_str()));
        self.store.texts.intern(known.map_or(text, |(name, _)| name))
    }

    fn outcome(&mut self, row: &Row<'_>) -> u32 {
        let cells =
            [Column::Status, Column::ResultCode, Column::ResultReason, Column::StatusWord, Column::StatusDetails]
                .map(|column| row.cell(column));
        self.tuple(Column::Status, &cells, |reader| {
            let [status, code, reason, ..] = cells;
            let mut outcome = Outcome { reason: reader.plain(reason), ..Outcome::ABSENT };
            if !code.is_absent() {
                outcome.known = Outcome::EMPTY_CODE;
            }
            let alone = scalar(code, &mut reader.scratch).value().and_then(scalar::whole);
            let mut inner = None;
            match reader.decoded(Column::Status, status) {
                Nested::Value(value) => {
                    outcome.known = Outcome::EMPTY_CODE;
                    inner = nested::text(&value, "errorCode").and_then(|text| scalar::whole(text.as_bytes()));
                    let reason = reader.member(&value, "failureReason");
                    if reason.has_value() || !outcome.reason.is_present() {
                        outcome.reason = reason;
                    }
                    outcome.details = reader.member(&value, "additionalDetails");
                }
                Nested::Empty => {
                    outcome.known = Outcome::EMPTY_CODE;
                    outcome.details = TextId::EMPTY;
                }
                Nested::Text(_) | Nested::Absent | Nested::Damaged | Nested::Flattened => {}
            }
            if let Some(code) = inner.or(alone) {
                (outcome.code, outcome.known) = (code, Outcome::CODE);
            }
            reader.flat_outcome(row, &mut outcome);
            // A success has no reason to fail, whatever fills the field.
            if outcome.code() == Some(0) && reader.store.texts.get(outcome.reason).trim_end_matches('.') == "Other" {
                outcome.reason = TextId::EMPTY;
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
            let events = match reader.decoded(Column::RiskEvents, events) {
                Nested::Value(Value::Array(list)) => {
                    let words: Vec<String> = list.iter().map(nested::scalar_text).collect();
                    reader.store.texts.intern(words.join(" ").trim())
                }
                Nested::Text(text) => {
                    let words = text.replace(',', " ").split_whitespace().collect::<Vec<_>>().join(" ");
                    reader.store.texts.intern(&words)
                }
                Nested::Absent => TextId::ABSENT,
                _ => TextId::EMPTY,
            };
            let aggregated = reader.text_as(aggregated, |text| in_words(text, RISK_LEVELS));
            let state = reader.text_as(state, |text| in_words(text, RISK_STATES));
            let [during, detail] = [during, detail].map(|cell| reader.plain(cell));
            reader.store.risks.intern(Risk { during, aggregated, state, detail, events })
        })
    }

    /// Token protection: the status inside the details, else the column of its own.
    fn protection(&mut self, row: &Row<'_>) -> Protection {
        let details = row.cell(Column::ProtectionDetails);
        let inside = if has_value(details) {
            let inside = self.once(Column::ProtectionDetails, details, |reader| {
                let value = reader.decoded(Column::ProtectionDetails, details);
                let status = match &value {
                    Nested::Value(value) => nested::text(value, "signInSessionStatus"),
                    _ => None,
                };
                u32::from(Protection::parse(&status.unwrap_or_default()).0)
            });
            Protection(inside as u8)
        } else if details.is_absent() {
            Protection::ABSENT
        } else {
            Protection::EMPTY
        };
        let alone = word!(self, row, Protection, Protection);
        if inside.has_value() || !alone.is_present() { inside } else { alone }
    }

    fn latency(&mut self, row: &Row<'_>) -> u32 {
        match scalar(row.cell(Column::Latency), &mut self.scratch) {
            Scalar::Absent => SignIn::LATENCY_ABSENT,
            Scalar::Empty => SignIn::LATENCY_EMPTY,
            Scalar::Value(text) => {
                scalar::whole(text).map_or(SignIn::LATENCY_EMPTY, |ms| ms.min(SignIn::LATENCY_EMPTY - 1))
            }
        }
    }
}

/// The stream of a table or a category, by its whole name.
pub(super) fn stream_of_table(name: &str) -> Option<Stream> {
    const NAMES: [(&str, Stream); 8] = [
        ("SignInLogs", Stream::Interactive),
        ("NonInteractiveUserSignInLogs", Stream::NonInteractive),
        ("ServicePrincipalSignInLogs", Stream::ServicePrincipal),
        ("ManagedIdentitySignInLogs", Stream::ManagedIdentity),
        ("AADNonInteractiveUserSignInLogs", Stream::NonInteractive),
        ("AADServicePrincipalSignInLogs", Stream::ServicePrincipal),
        ("AADManagedIdentitySignInLogs", Stream::ManagedIdentity),
        (super::MICROSOFT_PRINCIPALS, Stream::ServicePrincipal),
    ];
    NAMES.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, stream)| *stream)
}

/// The stream that a list of event types names, in whatever form the list is written.
fn stream_of_types(list: &str) -> Option<Stream> {
    let words = list.split(|letter: char| !letter.is_ascii_alphanumeric());
    let streams = words.filter_map(|word| {
        Some(match word.to_ascii_lowercase().as_str() {
            "interactiveuser" => Stream::Interactive,
            "noninteractiveuser" => Stream::NonInteractive,
            "serviceprincipal" => Stream::ServicePrincipal,
            "managedidentity" => Stream::ManagedIdentity,
            _ => return None,
        })
    });
    streams.max()
}

/// The number of an autonomous system: `3320`, `AS3320`.
fn system(text: &[u8]) -> Option<u32> {
    scalar::whole(text.strip_prefix(b"AS").unwrap_or(text))
}

fn coordinate(value: Option<&Value>) -> i32 {
    let degrees = match value {
        Some(Value::Number(number)) => number.as_f64(),
        Some(Value::String(text)) => text.trim().parse().ok(),
        _ => None,
    };
    degrees
        .filter(|degrees: &f64| degrees.abs() <= 360.0)
        .map_or(NO_COORDINATE, |degrees| (degrees * 10_000.0).round() as i32)
}

/// Levels of risk as Defender numbers them.
const RISK_LEVELS: &[(&str, &str)] = &[("0", ""), ("1", "none"), ("10", "low"), ("50", "medium"), ("100", "high")];

/// States of risk as Defender numbers them.
const RISK_STATES: &[(&str, &str)] = &[
    ("0", "none"),
    ("1", "confirmedSafe"),
    ("2", "remediated"),
    ("3", "dismissed"),
    ("4", "atRisk"),
    ("5", "confirmedCompromised"),
];

/// The word for a number; a text that is no known number stays as it is.
fn in_words<'a>(text: Cow<'a, str>, words: &'static [(&'static str, &'static str)]) -> Cow<'a, str> {
    words.iter().find(|(number, _)| *number == text).map_or(text, |(_, word)| Cow::Borrowed(*word))
}
