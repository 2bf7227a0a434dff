//! Builds audit events from a record, whatever its format.

use crate::events::change::{self, TargetKind};
use crate::events::dictionary::TextId;
use crate::events::tuples::{Principal, Tenants, Tuple, User};
use crate::events::vocabulary::UserType;
use crate::events::{Audit, Guid, Id};

use super::nested::{self, Nested};
use super::reader::{Reader, Refusal};
use super::{Column, Row, build_nested};

/// Who did it, and from where.
struct Initiator {
    user: u32,
    principal: u32,
    address: TextId,
    home: Id,
}

impl Reader {
    /// Builds the row of an audit event.
    pub(super) fn audit(&mut self, row: &Row<'_>, record: u32, offset: u64) -> Result<Audit, Refusal> {
        let (time, doubts) = self.event_time(row)?;
        let operation = self.operation(row);
        if !operation.has_value() {
            return Err(Refusal::NoOperation);
        }
        let by = self.initiator(row);
        let log = self.id(row.cell(Column::LogTenant));
        // Azure Monitor also names the caller's address beside the record.
        let address = if by.address.has_value() { by.address } else { self.address(row).max(by.address) };
        let known = self.store.texts.len();
        let targets = self.canonical(Column::Targets, row, build_nested::targets);
        self.keep_users(targets, known);
        Ok(Audit {
            time,
            offset,
            id: self.id(row.cell(Column::Id)),
            correlation: self.id(row.cell(Column::Correlation)),
            record,
            input: 0,
            operation,
            category: self.text(Column::AuditCategory, row),
            service: self.text(Column::Service, row),
            result: self.result(row),
            reason: self.text(Column::AuditReason, row),
            user: by.user,
            principal: by.principal,
            address,
            targets,
            details: self.canonical(Column::Details, row, build_nested::pairs),
            agent: self.agent_of_audit(row),
            tenants: self.store.tenants.intern(Tenants { log, home: by.home, ..Tenants::ABSENT }),
            doubts,
            pad: [0; 7],
        })
    }

    /// Makes texts of the store of what users among new targets are called: an act leads to a user who did
    /// nothing, though nothing else names them. `known` is how many texts there were before.
    pub(super) fn keep_users(&mut self, targets: TextId, known: usize) {
        if self.store.texts.len() == known {
            return;
        }
        let targets = change::targets(self.store.texts.get(targets));
        let users = targets.iter().filter(|target| target.kind() == TargetKind::User);
        let called = users.flat_map(|target| [&target.user, &target.id]).filter(|text| !text.is_empty());
        let called: Vec<String> =
            called.filter(|text| Guid::parse(text).is_none()).map(|text| text.to_string()).collect();
        for text in called {
            self.store.texts.intern(&text);
        }
    }

    /// Graph and the tables say `Consent to application`, other logs add a final dot.
    pub(super) fn operation(&mut self, row: &Row<'_>) -> TextId {
        let cell = row.cell(Column::Operation);
        if cell.is_absent() {
            return TextId::ABSENT;
        }
        TextId(self.once(Column::Operation, cell, |reader| {
            let text = row.text(Column::Operation).unwrap_or_default();
            reader.store.texts.intern(text.strip_suffix('.').unwrap_or(&text).trim_end()).0
        }))
    }

    pub(super) fn result(&mut self, row: &Row<'_>) -> TextId {
        let cell = row.cell(Column::AuditResult);
        if cell.is_absent() {
            return TextId::ABSENT;
        }
        TextId(self.once(Column::AuditResult, cell, |reader| reader.lower(cell).0))
    }

    /// Who did it. The side that did not is written as null.
    fn initiator(&mut self, row: &Row<'_>) -> Initiator {
        let mut user = User::ABSENT;
        let mut principal = Principal::ABSENT;
        let mut address = TextId::ABSENT;
        let mut home = Id::ABSENT;
        match self.decoded(Column::InitiatedBy, row.cell(Column::InitiatedBy)) {
            Nested::Value(value) => {
                if let Some(who) = nested::member(&value, "user").filter(|who| who.is_object()) {
                    let name = nested::text(who, "userPrincipalName").map(|name| name.to_lowercase());
                    user = User {
                        id: self.member_id(who, "id"),
                        name: self.optional(name),
                        display: self.optional(nested::text(who, "displayName")),
                        kind: nested::text(who, "userType").map_or(UserType::ABSENT, |text| UserType::parse(&text)),
                        pad: [0; 7],
                    };
                    home =
                        nested::text(who, "homeTenantId").map_or(Id::ABSENT, |_| self.member_id(who, "homeTenantId"));
                    address = nested::text(who, "ipAddress").map_or(TextId::ABSENT, |text| self.address_text(&text));
                }
                if let Some(app) = nested::member(&value, "app").filter(|app| app.is_object()) {
                    let id = self.member_id(app, "servicePrincipalId");
                    principal.id = id.value().unwrap_or_else(|| self.member_id(app, "appId"));
                    let name = nested::text(app, "displayName").filter(|name| !name.is_empty());
                    principal.name = self.optional(name.or_else(|| nested::text(app, "servicePrincipalName")));
                }
            }
            Nested::Empty => (user.id, address) = (Id::EMPTY, TextId::EMPTY),
            Nested::Text(_) | Nested::Absent | Nested::Damaged | Nested::Flattened => {}
        }
        let (user, principal) = (self.store.users.intern(user), self.store.principals.intern(principal));
        Initiator { user, principal, address, home }
    }

    /// The user agent, which device registrations carry among the additional details.
    fn agent_of_audit(&mut self, row: &Row<'_>) -> TextId {
        let own = self.text(Column::Agent, row);
        let details = row.cell(Column::Details);
        if own.has_value() || details.is_empty() {
            return own;
        }
        let number = self.once(Column::AuditAgent, details, |reader| {
            let Nested::Value(value) = nested::decode(details) else { return TextId::ABSENT.0 };
            let pairs = value.as_array().into_iter().flatten();
            let named = |pair: &&serde_json::Value| {
                nested::text(pair, "key").is_some_and(|key| key.eq_ignore_ascii_case("User-Agent"))
            };
            let text = pairs.into_iter().find(named).and_then(|pair| nested::text(pair, "value"));
            reader.optional(text).0
        });
        TextId(number).max(own)
    }
}
