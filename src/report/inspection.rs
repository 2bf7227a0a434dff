//! What one input is: its format, its time, who is in it, how well it is filled, what it is good for.

use crate::order::{Map, Set};

use serde::Serialize;

use crate::analysis::{Case, Status, coverage};
use crate::events::Id;
use crate::events::field::Field;
use crate::events::time::format_rfc3339;
use crate::events::vocabulary::Stream;
use crate::order::{Arrange, Gather};
use crate::tenant::PersonKind;

use super::notices;
use super::schema::Notice;

/// What one input is.
#[derive(Clone, Debug, Serialize)]
pub struct Inspection {
    /// Its name.
    pub name: String,
    /// Bytes that were looked at, unpacked.
    pub bytes: u64,
    /// Whether only its beginning and end were looked at: all counts are of those.
    pub is_sample: bool,
    /// Names of the formats of its records, joined; `unknown` where none was recognised.
    pub format: String,
    /// Records of any kind.
    pub records: u64,
    /// Records that could not be read. Of a sample not known: where it ends it cuts one.
    pub rejected: Option<u64>,
    /// Sign-ins by stream, and the other kinds of events.
    pub events: Map<&'static str, u64>,
    /// Records of known tables that are not used.
    pub other: Map<String, u64>,
    /// Time of the first event.
    pub first: Option<String>,
    /// Time of the last event.
    pub last: Option<String>,
    /// People who signed in or acted.
    pub users: u64,
    /// Applications and identities without a person.
    pub programs: u64,
    /// Sessions that are told by their id.
    pub sessions: u64,
    /// Fields of its sign-ins, best filled first.
    pub fields: Vec<Filled>,
    /// Detections, and whether they could look with this input alone.
    pub good_for: Vec<GoodFor>,
    /// What to know of it.
    pub notices: Vec<Notice>,
}

/// How well a field is filled.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Filled {
    /// The field.
    pub field: &'static str,
    /// Sign-ins in which it says something.
    pub filled: u64,
    /// Sign-ins whose export has no such field.
    pub absent: u64,
    /// All sign-ins.
    pub of: u64,
}

/// Whether a detection could look with this input alone.
#[derive(Clone, Debug, Serialize)]
pub struct GoodFor {
    /// The detection.
    pub detection: &'static str,
    /// Whether it could.
    pub status: Status,
    /// Why not, or not in full.
    pub note: String,
}

impl Inspection {
    /// Looks at a case of one input.
    #[must_use]
    pub fn of(case: &Case, is_sample: bool) -> Self {
        let store = &case.store;
        let input = case.inputs.first().cloned().unwrap_or_default();
        let mut events: Map<&'static str, u64> = Map::new();
        let mut sessions: Vec<Id> = Vec::new();
        let mut fields: Vec<Filled> =
            Field::ALL.iter().map(|field| Filled { field: field.name(), filled: 0, absent: 0, of: 0 }).collect();
        for &number in case.buckets.iter().flat_map(|bucket| &bucket.sign_ins) {
            let Some(row) = store.sign_in(number) else { continue };
            *events.entry(stream(row.stream())).or_default() += 1;
            sessions.extend(row.session_id(store).value());
            for (field, counted) in Field::ALL.iter().zip(&mut fields) {
                let is_absent = field.is_absent(row, store);
                counted.of += 1;
                counted.absent += u64::from(is_absent);
                counted.filled += u64::from(!is_absent && !field.is_empty(row, store));
            }
        }
        fields.retain(|field| field.of > 0);
        fields.arrange_by_key(|field| (std::cmp::Reverse(field.filled), field.field));
        sessions.arrange();
        sessions.dedup();
        for (name, count) in [
            ("audit events", store.audits.len()),
            ("activities", store.activities.len()),
            ("risk events", store.risk_events.len()),
        ] {
            if count > 0 {
                events.insert(name, count as u64);
            }
        }
        let people: Set<u32> = case.buckets.iter().map(|bucket| bucket.person).gather();
        let kinds = people.iter().filter_map(|person| case.people.get(*person)).map(|person| person.kind);
        let programs = kinds.filter(|kind| is_program(*kind)).count() as u64;
        let good_for = coverage(case)
            .into_iter()
            .map(|coverage| GoodFor { detection: coverage.detection, status: coverage.status, note: coverage.note })
            .collect();
        Self {
            bytes: input.bytes,
            is_sample,
            records: input.records,
            rejected: (!is_sample).then_some(input.refused_total),
            events,
            other: input.other,
            first: input.first.map(format_rfc3339),
            last: input.last.map(format_rfc3339),
            users: people.len() as u64 - programs,
            programs,
            sessions: sessions.len() as u64,
            fields,
            good_for,
            notices: notices(case).into_iter().filter(|notice| notice.input.is_some()).collect(),
            name: input.name,
            format: input.format,
        }
    }
}

/// Whether it is an identity without a person.
pub(super) fn is_program(kind: PersonKind) -> bool {
    matches!(kind, PersonKind::ServicePrincipal | PersonKind::ManagedIdentity)
}

/// Sign-ins of a stream, in words.
pub(super) fn stream(stream: Stream) -> &'static str {
    match stream {
        Stream::Interactive => "interactive sign-ins",
        Stream::NonInteractive => "non-interactive sign-ins",
        Stream::ServicePrincipal => "service-principal sign-ins",
        Stream::ManagedIdentity => "managed-identity sign-ins",
    }
}
