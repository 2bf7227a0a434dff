//! Builds sign-ins and acts in the directory from records of the unified audit log.
//!
//! Lists of names and values take the place of what other logs keep in fields of their own: who did
//! it (`Actor`), to what (`Target`, `ModifiedProperties`), from which device (`DeviceProperties`).

use serde::Serialize;
use serde_json::{Value, json};

use crate::events::dictionary::TextId;
use crate::events::guid::Guid;
use crate::events::sign_in::IdRef;
use crate::events::tuples::{App, Device, Outcome, Principal, Risk, Tenants, Tuple, User};
use crate::events::vocabulary::{
    Doubts, Flag, IncomingToken, PolicyStatus, Protection, Protocol, Requirement, Stream, Transfer, UserType,
};
use crate::events::{Audit, Id, SignIn};

use super::nested::{self, Nested};
use super::reader::{Reader, Refusal};
use super::scalar::{self, scalar};
use super::{Column, Row, build_nested, unified_methods};

/// The name under which a service principal acts as a user.
const PRINCIPAL: &str = "ServicePrincipal_";

/// Errors of a sign-in by their names, as Microsoft's list of result codes gives them.
const NAMED: [(&str, u32); 6] = [
    ("InvalidUserNameOrPassword", 50126),
    ("UserAccountNotFound", 50034),
    ("IdsLocked", 50053),
    ("InvalidPasswordExpiredPassword", 50055),
    ("UserDisabled", 50057),
    ("BlockedByConditionalAccess", 53003),
];

impl Reader {
    /// Builds the row of a sign-in. The log does not say whether a person or a client signed in.
    pub(super) fn unified_sign_in(&mut self, row: &Row<'_>, record: u32, offset: u64) -> Result<SignIn, Refusal> {
        let (time, doubts) = self.event_time(row)?;
        let request = self.id(row.cell(Column::Request));
        let id = if request.has_value() { request } else { self.id(row.cell(Column::Id)) };
        let extended = self.list(Column::ExtendedProperties, row);
        let (device, session) = self.device_of_list(row);
        let agent = named(&extended, "UserAgent");
        let agent = match agent {
            Some(text) => self.store.texts.intern(&text),
            None => self.text(Column::Agent, row),
        };
        let resource = self.id(row.cell(Column::Object));
        // `Unknown` stands for a resource that was not told.
        let resource = App { id: if resource.as_guid().is_some() { resource } else { Id::EMPTY }, ..App::ABSENT };
        let request_type = named(&extended, "RequestType").or_else(|| row.text(Column::Protocol));
        let protocol = request_type.filter(|kind| kind.eq_ignore_ascii_case("Cmsi:Cmsi"));
        Ok(SignIn {
            time,
            offset,
            id,
            correlation: self.id(row.cell(Column::Correlation)),
            record,
            input: 0,
            session: if session.is_present() { self.store.id_ref(session, Id::ABSENT) } else { IdRef::EMPTY },
            token: IdRef::ABSENT,
            original: IdRef::ABSENT,
            user: self.actor(row).0,
            app: self.app(row, Column::AppId, Column::AppName),
            resource: self.store.apps.intern(resource),
            tenants: self.tenants(row),
            address: self.address(row),
            location: 0,
            agent,
            device,
            client: TextId::ABSENT,
            outcome: self.outcome_of_unified(row, &extended),
            policies: TextId::ABSENT,
            audiences: TextId::ABSENT,
            steps: TextId::ABSENT,
            processing: TextId::ABSENT,
            risk: self.store.risks.intern(Risk::ABSENT),
            principal: 0,
            latency: SignIn::LATENCY_ABSENT,
            stream: Stream::Interactive as u8,
            incoming: IncomingToken::ABSENT,
            protocol: protocol.map_or(Protocol::ABSENT, |_| Protocol::DEVICE_CODE),
            transfer: Transfer::ABSENT,
            protection: Protection::ABSENT,
            policy_status: PolicyStatus::ABSENT,
            requirement: Requirement::ABSENT,
            doubts: doubts.with(Doubts::STREAM),
        })
    }

    /// Builds the row of an act in the directory.
    pub(super) fn unified_audit(&mut self, row: &Row<'_>, record: u32, offset: u64) -> Result<Audit, Refusal> {
        let (time, doubts) = self.event_time(row)?;
        let operation = self.operation(row);
        if !operation.has_value() {
            return Err(Refusal::NoOperation);
        }
        let (user, principal) = self.actor(row);
        let extended = self.list(Column::ExtendedProperties, row);
        let mut correlation = self.id(row.cell(Column::Correlation));
        if !correlation.has_value()
            && let Some(text) = named(&extended, "correlationId")
        {
            correlation = Id::parse(&text, &mut self.store.texts);
        }
        let category = named(&extended, "extendedAuditEventCategory").unwrap_or_default();
        let details = named(&extended, "additionalDetails").and_then(|text| serde_json::from_str(&text).ok());
        let details = details.unwrap_or(Value::Null);
        let agent = nested::text(&details, "User-Agent").filter(|text| !text.is_empty());
        let details = build_nested::pairs(&details).filter(|_| !details.is_null()).unwrap_or_default();
        let tenants = Tenants { log: self.id(row.cell(Column::LogTenant)), ..Tenants::ABSENT };
        let known = self.store.texts.len();
        let targets = self.targets_of_unified(row);
        self.keep_users(targets, known);
        Ok(Audit {
            time,
            offset,
            id: self.id(row.cell(Column::Id)),
            correlation,
            record,
            input: 0,
            operation,
            category: self.store.texts.intern(&category),
            service: self.text(Column::Service, row),
            result: self.result_word(row),
            reason: TextId::ABSENT,
            user,
            principal,
            address: self.address(row),
            targets,
            details: self.store.texts.intern(&details),
            agent: self.optional(agent),
            tenants: self.store.tenants.intern(tenants),
            doubts,
            pad: [0; 7],
        })
    }

    /// Who acted: a user, or a service principal that acts under its own name. A key that is no
    /// object id (Exchange's own numbers, SharePoint's claims) names nobody.
    pub(super) fn actor(&mut self, row: &Row<'_>) -> (u32, u32) {
        let name = row.text(Column::UserName).unwrap_or_default();
        let mut principal = Principal::ABSENT;
        let id = self.id(row.cell(Column::UserId));
        let key = row.text(Column::UserKey).as_deref().and_then(|text| Guid::parse(text.trim()));
        let actors = self.list(Column::InitiatedBy, row);
        let listed = object_id(&actors);
        let id = id.value().or_else(|| key.or(listed).map(|guid| Id::of(guid, &mut self.store.texts)));
        let ids = || actors.iter().filter_map(|entry| nested::text(entry, "ID"));
        let is_principal =
            !name.contains('@') && ids().any(|id| id == "ServicePrincipal") && !ids().any(|id| id == "User");
        if is_principal || name.starts_with(PRINCIPAL) {
            let mut named = std::iter::once(name.clone()).chain(ids());
            let own = named.find_map(|id| Guid::parse(id.strip_prefix(PRINCIPAL)?));
            let own = own.map(|guid| Id::of(guid, &mut self.store.texts));
            principal.id = own.or(id).unwrap_or(Id::EMPTY);
            let told = actors.iter().find(|entry| nested::text(entry, "Type").as_deref() == Some("1"));
            principal.name = self.optional(told.and_then(|entry| nested::text(entry, "ID")));
            return (0, self.store.principals.intern(principal));
        }
        // Some logs have the object id in place of the name.
        let own = Guid::parse(name.trim()).map(|guid| Id::of(guid, &mut self.store.texts));
        let is_name = own.is_none() && name.contains('@');
        let user = User {
            id: id.or(own).unwrap_or(Id::ABSENT),
            name: if is_name { self.store.texts.intern(&name.to_lowercase()) } else { TextId::ABSENT },
            display: if is_name || name.is_empty() { TextId::ABSENT } else { self.store.texts.intern(&name) },
            kind: UserType::ABSENT,
            pad: [0; 7],
        };
        (self.store.users.intern(user), self.store.principals.intern(principal))
    }

    /// The device that a list of names and values describes, and the session id in it.
    fn device_of_list(&mut self, row: &Row<'_>) -> (u32, Id) {
        let list = self.list(Column::Device, row);
        if list.is_empty() {
            return (self.flat_device(row), self.id(row.cell(Column::Session)));
        }
        let find = |names: &[&str]| names.iter().find_map(|name| named(&list, name)).unwrap_or_default();
        let flag = |text: &str| if text.is_empty() { Flag::EMPTY } else { Flag::parse(text) };
        let (id, session) = (find(&["Id", "DeviceId"]), find(&["SessionId"]));
        let trust = self.trust(&find(&["TrustType", "DeviceTrustType"]));
        let device = Device {
            id: Id::parse(&id, &mut self.store.texts),
            name: self.store.texts.intern(&find(&["DisplayName", "DeviceName"])),
            system: self.store.texts.intern(&find(&["OS"])),
            browser: self.store.texts.intern(&find(&["BrowserType"])),
            trust,
            compliant: flag(&find(&["IsCompliant"])),
            managed: flag(&find(&["IsCompliantAndManaged"])),
            pad: [0; 6],
        };
        (self.store.devices.intern(device), Id::parse(&session, &mut self.store.texts))
    }

    fn outcome_of_unified(&mut self, row: &Row<'_>, extended: &[Value]) -> u32 {
        let code = scalar(row.cell(Column::ResultCode), &mut self.scratch).value().and_then(scalar::whole);
        let went_well = row.one_of(Column::Operation, &["UserLoggedIn"]).is_some();
        // Old records name the error and do not number it.
        let by_name = || {
            NAMED.iter().find(|(name, _)| row.one_of(Column::ResultReason, &[name]).is_some()).map(|(_, code)| *code)
        };
        let said = code.or(went_well.then_some(0)).or_else(by_name);
        let status = named(extended, "ResultStatusDetail");
        let details = unified_methods::details(status, named(extended, "UserAuthenticationMethod"));
        let outcome = Outcome {
            code: said.unwrap_or(0),
            known: if said.is_some() { Outcome::CODE } else { Outcome::EMPTY_CODE },
            reason: self.text(Column::ResultReason, row),
            details: self.optional(details),
        };
        self.store.outcomes.intern(outcome)
    }

    /// How it ended, as the directory's own log says it.
    pub(super) fn result_word(&mut self, row: &Row<'_>) -> TextId {
        let word = match row.one_of(Column::AuditResult, &["Success", "Succeeded", "True"]) {
            Some(_) => Some("success"),
            None => row.one_of(Column::AuditResult, &["Failure", "Failed", "False"]).map(|_| "failure"),
        };
        match word {
            Some(word) => self.store.texts.intern(word),
            None => self.result(row),
        }
    }

    /// What it was done to, in the form in which other logs' targets are kept: the object that is
    /// named, with all properties that were changed.
    fn targets_of_unified(&mut self, row: &Row<'_>) -> TextId {
        let cells = [Column::Targets, Column::Modified, Column::Object].map(|column| row.cell(column));
        let number = self.tuple(Column::Targets, &cells, |reader| {
            let (list, changed) = (reader.list(Column::Targets, row), reader.list(Column::Modified, row));
            let object = row.text(Column::Object).filter(|text| text != "Not Available").unwrap_or_default();
            let target = Target::of(&list, &changed, &object);
            let text = serde_json::to_string(&[target]).unwrap_or_default();
            reader.store.texts.intern(&text).0
        });
        TextId(number)
    }

    /// The objects of a list; none where the cell holds no list. Elastic keys the values by their names:
    /// of a property that was changed the value is an object of the old and the new one.
    fn list(&mut self, column: Column, row: &Row<'_>) -> Vec<Value> {
        match self.decoded(column, row.cell(column)) {
            Nested::Value(Value::Array(list)) => list,
            Nested::Text(text) => typed(&text),
            Nested::Value(Value::Object(map)) if map.contains_key("ID") || map.contains_key("Name") => {
                vec![Value::Object(map)]
            }
            Nested::Value(Value::Object(map)) => map
                .into_iter()
                .map(|(name, value)| match value {
                    Value::Object(mut change) => {
                        change.insert("Name".to_owned(), name.replace('_', " ").into());
                        Value::Object(change)
                    }
                    value => json!({"Name": name, "Value": value}),
                })
                .collect(),
            _ => Vec::new(),
        }
    }
}

/// What an act was done to, as [`build_nested::targets`] keeps it.
#[derive(Serialize)]
struct Target {
    kind: String,
    id: String,
    name: String,
    user: String,
    changes: Vec<[String; 3]>,
}

impl Target {
    fn of(list: &[Value], changed: &[Value], object: &str) -> Self {
        let typed = |kind: &str| {
            let found = list.iter().filter(|entry| nested::text(entry, "Type").as_deref() == Some(kind));
            found.filter_map(|entry| nested::text(entry, "ID")).collect::<Vec<_>>()
        };
        let words = typed("2");
        let guid = |text: &String| Guid::parse(text).is_some();
        let user = typed("5").into_iter().next().filter(|text| text.contains('@'));
        let user = user.or_else(|| object.contains('@').then(|| object.to_owned()));
        let kind = words.iter().rfind(|word| !guid(word) && !word.contains('_')).cloned();
        let kind = kind.or_else(|| user.is_some().then(|| "User".to_owned()));
        let id = words.iter().find(|word| guid(word)).cloned().or_else(|| Some(object.to_owned()).filter(guid));
        let changes = changed.iter().map(|change| {
            let text = |name: &str| nested::member(change, name).map(build_nested::decoded_once).unwrap_or_default();
            [nested::text(change, "Name").unwrap_or_default(), text("OldValue"), text("NewValue")]
        });
        Self {
            kind: kind.unwrap_or_default(),
            id: id.unwrap_or_default(),
            name: typed("1").into_iter().next().unwrap_or_default(),
            user: user.unwrap_or_default().to_lowercase(),
            changes: changes.collect(),
        }
    }
}

/// Hawk writes who acted as `id:type, id:type`.
fn typed(text: &str) -> Vec<Value> {
    let entries = text.split(',').filter_map(|entry| entry.trim().rsplit_once(':'));
    let typed = entries.filter(|(_, kind)| !kind.is_empty() && kind.bytes().all(|byte| byte.is_ascii_digit()));
    typed.map(|(id, kind)| json!({"ID": id, "Type": kind})).collect()
}

/// The value of a name in a list of names and values.
fn named(list: &[Value], name: &str) -> Option<String> {
    let is = |entry: &&Value| nested::text(entry, "Name").is_some_and(|own| own.eq_ignore_ascii_case(name));
    list.iter().find(is).map(|entry| nested::text(entry, "Value").unwrap_or_default())
}

/// The object id among those who acted.
fn object_id(actors: &[Value]) -> Option<Guid> {
    let of = |kind: &'static str| {
        let found = actors.iter().filter(move |entry| nested::text(entry, "Type").as_deref() == Some(kind));
        found.filter_map(|entry| nested::text(entry, "ID"))
    };
    // Among those of type 2 stands the application too: the user's own is told by the word before it.
    let own = |id: String| Guid::parse(id.trim().strip_prefix("User_")?);
    of("0").find_map(|id| Guid::parse(id.trim())).or_else(|| of("2").find_map(own))
}
