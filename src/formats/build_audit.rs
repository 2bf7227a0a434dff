//! Builds audit events and activity records from a record, whatever its format.

use serde::Serialize;
use serde_json::Value;

use crate::events::dictionary::TextId;
use crate::events::tuples::{Principal, Tenants, Tuple, User};
use crate::events::vocabulary::{Protocol, UserType};
use crate::events::{Activity, Audit, Id};

use super::nested::{self, Nested};
use super::reader::{Reader, Refusal};
use super::{Column, Row};

/// What an audit event was done to, as it is kept.
#[derive(Serialize)]
struct Target {
    kind: String,
    id: String,
    name: String,
    user: String,
    changes: Vec<[String; 3]>,
}

impl Reader {
    /// Builds the row of an audit event.
    pub(super) fn audit(&mut self, row: &Row<'_>, record: u32, offset: u64) -> Result<Audit, Refusal> {
        let time = self.event_time(row)?;
        let operation = row.text(Column::Operation);
        // Graph and the tables say `Consent to application`, other logs add a final dot.
        let operation = operation.strip_suffix('.').unwrap_or(&operation).trim_end();
        if operation.is_empty() {
            return Err(Refusal::NoOperation);
        }
        let operation = self.store.texts.intern(operation);
        let (user, principal, address, home) = self.initiator(row);
        let log = self.id(row.cell(Column::LogTenant));
        Ok(Audit {
            time,
            offset,
            id: self.id(row.cell(Column::Id)),
            correlation: self.id(row.cell(Column::Correlation)),
            record,
            input: 0,
            operation,
            category: self.plain(row.cell(Column::Category)),
            service: self.plain(row.cell(Column::Service)),
            result: self.lower(row.cell(Column::AuditResult)),
            reason: self.plain(row.cell(Column::AuditReason)),
            user,
            principal,
            address,
            targets: self.targets(row),
            details: self.details(row),
            agent: self.agent_of_audit(row),
            tenants: self.store.tenants.intern(Tenants { log, home, resource: Id::ABSENT }),
        })
    }

    /// Who did it. The side that did not is written as null.
    fn initiator(&mut self, row: &Row<'_>) -> (u32, u32, TextId, Id) {
        let mut user = User::ABSENT;
        let mut principal = Principal::ABSENT;
        let mut address = TextId::ABSENT;
        let mut home = Id::ABSENT;
        match nested::decode(&row.cell(Column::InitiatedBy)) {
            Nested::Value(value) => {
                if let Some(who) = nested::member(&value, "user").filter(|who| who.is_object()) {
                    user.id = self.optional_id(nested::text(who, "id"));
                    let name = nested::text(who, "userPrincipalName").map(|name| name.to_lowercase());
                    user.name = self.optional(name);
                    user.display = self.optional(nested::text(who, "displayName"));
                    user.kind = nested::text(who, "userType").map_or(UserType::ABSENT, |text| UserType::parse(&text));
                    home = self.optional_id(nested::text(who, "homeTenantId"));
                    address = nested::text(who, "ipAddress").map_or(TextId::ABSENT, |text| self.address_text(&text));
                }
                if let Some(app) = nested::member(&value, "app").filter(|app| app.is_object()) {
                    principal.id = self.optional_id(nested::text(app, "servicePrincipalId"));
                    principal.name = self.optional(nested::text(app, "displayName"));
                }
            }
            Nested::Damaged => self.damaged(Column::InitiatedBy),
            Nested::Text(_) | Nested::Empty | Nested::Absent => {}
        }
        (self.store.users.intern(user), self.store.principals.intern(principal), address, home)
    }

    fn targets(&mut self, row: &Row<'_>) -> TextId {
        self.canonical(Column::Targets, row, |value| {
            let single = std::slice::from_ref(value);
            let list = value.as_array().map_or(single, Vec::as_slice);
            let targets: Vec<Target> = list
                .iter()
                .map(|target| Target {
                    kind: nested::text(target, "type").unwrap_or_default(),
                    id: nested::text(target, "id").unwrap_or_default(),
                    name: nested::text(target, "displayName").unwrap_or_default(),
                    user: nested::text(target, "userPrincipalName").unwrap_or_default().to_lowercase(),
                    changes: changes(target),
                })
                .collect();
            serde_json::to_string(&targets).ok()
        })
    }

    fn details(&mut self, row: &Row<'_>) -> TextId {
        self.canonical(Column::Details, row, |value| {
            let pairs: Vec<[String; 2]> = value
                .as_array()?
                .iter()
                .map(|pair| {
                    [nested::text(pair, "key").unwrap_or_default(), nested::text(pair, "value").unwrap_or_default()]
                })
                .collect();
            serde_json::to_string(&pairs).ok()
        })
    }

    /// The user agent, which device registrations carry among the additional details.
    fn agent_of_audit(&mut self, row: &Row<'_>) -> TextId {
        let own = self.plain(row.cell(Column::Agent));
        if own.has_value() {
            return own;
        }
        let Nested::Value(Value::Array(pairs)) = nested::decode(&row.cell(Column::Details)) else {
            return own;
        };
        let named = pairs
            .iter()
            .find(|pair| nested::text(pair, "key").is_some_and(|key| key.eq_ignore_ascii_case("User-Agent")));
        let text = named.and_then(|pair| nested::text(pair, "value"));
        text.map_or(own, |text| self.store.texts.intern(&text))
    }

    /// Builds the row of an activity record.
    pub(super) fn activity(&mut self, row: &Row<'_>, record: u32, offset: u64) -> Result<Activity, Refusal> {
        let session = self.plain(row.cell(Column::Session));
        Ok(Activity {
            time: self.event_time(row)?,
            offset,
            id: self.id(row.cell(Column::Id)),
            record,
            input: 0,
            user: self.user(row),
            app: self.app(row, Column::AppId, Column::AppName),
            tenants: self.tenants(row),
            category: self.plain(row.cell(Column::Category)),
            address: self.address(row.cell(Column::Address)),
            session,
            protocol: self.word(Column::Protocol, row, Protocol::ABSENT, Protocol::parse),
            pad: [0; 7],
        })
    }
}

/// Modified properties as name, old and new value. Values are JSON in a string and are decoded once;
/// one that is no JSON is kept as it stands.
fn changes(target: &Value) -> Vec<[String; 3]> {
    let list = nested::member(target, "modifiedProperties").and_then(Value::as_array);
    let value = |change: &Value, name: &str| {
        let text = nested::text(change, name).unwrap_or_default();
        serde_json::from_str::<String>(&text).unwrap_or(text)
    };
    list.into_iter()
        .flatten()
        .map(|change| {
            [
                nested::text(change, "displayName").unwrap_or_default(),
                value(change, "oldValue"),
                value(change, "newValue"),
            ]
        })
        .collect()
}
