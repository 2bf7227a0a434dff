//! Builds risk detections and states of risk from a record, whatever its format.

use crate::events::RiskEvent;
use crate::events::dictionary::TextId;
use crate::events::tuples::{Principal, Tenants, Tuple, User};

use super::nested::{self, Nested};
use super::reader::{Reader, Refusal};
use super::{Column, Row, build_nested};

impl Reader {
    /// Builds the row of a risk detection or a state of risk.
    pub(super) fn risk_event(&mut self, row: &Row<'_>, record: u32, offset: u64) -> Result<RiskEvent, Refusal> {
        let (time, doubts) = self.event_time(row)?;
        let detected = row.candidates(Column::Detected).find_map(|(cell, slot)| self.time(cell, slot));
        let id = self.id(row.cell(Column::Id));
        let kind = self.text(Column::RiskType, row);
        let mut user = self.user(row);
        // The record of a user's state is the user: its id is theirs.
        if !kind.has_value() && !row.has_value(Column::UserId) && row.has_value(Column::UserName) {
            let named = User { id, ..self.store.user(user) };
            user = self.store.users.intern(named);
        }
        let mut principal = self.principal(row);
        if !kind.has_value() && !row.has_value(Column::PrincipalId) && !row.has_value(Column::UserName) {
            let app = self.app(row, Column::AppId, Column::AppName);
            let named = Principal { id, name: self.store.app(app).name, credential: TextId::ABSENT };
            principal = self.store.principals.intern(named);
        }
        let tenants = Tenants { log: self.id(row.cell(Column::LogTenant)), ..Tenants::ABSENT };
        Ok(RiskEvent {
            time,
            detected: detected.map_or(RiskEvent::NEVER, |(micros, _)| micros),
            offset,
            id,
            request: self.id(row.cell(Column::Request)),
            correlation: self.id(row.cell(Column::Correlation)),
            record,
            input: 0,
            user,
            principal,
            app: self.app(row, Column::AppId, Column::AppName),
            tenants: self.store.tenants.intern(tenants),
            location: self.location(row),
            address: self.address(row),
            kind,
            level: self.text(Column::RiskLevel, row),
            state: self.text(Column::RiskState, row),
            detail: self.text(Column::RiskDetail, row),
            source: self.text(Column::RiskSource, row),
            timing: self.text(Column::RiskTiming, row),
            activity: self.text(Column::RiskActivity, row),
            issuer: self.text(Column::Issuer, row),
            more: self.canonical(Column::Details, row, build_nested::pairs),
            agent: self.agent_of_risk(row),
            doubts,
            pad: [0; 7],
        })
    }

    /// The user agent among the additional information.
    fn agent_of_risk(&mut self, row: &Row<'_>) -> TextId {
        let details = row.cell(Column::Details);
        if details.is_empty() {
            return TextId::ABSENT;
        }
        let number = self.once(Column::AuditAgent, details, |reader| {
            let Nested::Value(value) = nested::decode(details) else { return TextId::ABSENT.0 };
            let pairs = value.as_array().into_iter().flatten();
            let named = |pair: &&serde_json::Value| {
                nested::text(pair, "key").is_some_and(|key| key.eq_ignore_ascii_case("userAgent"))
            };
            let text = pairs.into_iter().find(named).and_then(|pair| nested::text(pair, "value"));
            reader.optional(text).0
        });
        TextId(number)
    }
}
