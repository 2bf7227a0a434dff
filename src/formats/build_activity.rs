//! Builds acts outside the directory from a record, whatever its format.

use serde_json::Value;

use crate::events::dictionary::TextId;
use crate::events::guid::Guid;
use crate::events::tuples::{Tuple, User};
use crate::events::vocabulary::Protocol;
use crate::events::{Activity, Id};
use crate::intake::Cell;

use super::build_sign_in::word;
use super::nested::{self, Nested};
use super::reader::{Reader, Refusal};
use super::scalar::{self, scalar};
use super::{Column, Row, build_nested};

/// Folders or messages of one act that are named.
const NAMED: usize = 8;
/// Message ids of one act that are kept.
const MESSAGES: usize = 32;

/// Single values that are kept among the parameters, under the name that the unified audit log gives them.
const VALUES: [(Column, &str); 7] = [
    (Column::Query, "Query"),
    (Column::SharedWith, "SharedWith"),
    (Column::Setting, "Setting"),
    (Column::NewValue, "NewValue"),
    (Column::Verdict, "Verdict"),
    (Column::AlertLevel, "Severity"),
    (Column::AlertEntity, "Entity"),
];

impl Reader {
    /// Builds the row of an activity record.
    pub(super) fn activity(&mut self, row: &Row<'_>, record: u32, offset: u64) -> Result<Activity, Refusal> {
        let (time, doubts) = self.event_time(row)?;
        let (session, token) = self.access(row);
        let category = if row.has_value(Column::Service) { Column::Service } else { Column::Category };
        let client = self.text(Column::ClientInfo, row);
        let (user, principal) = match self.named_by_alert(row) {
            Some(user) => (user, 0),
            None if row.has(Column::UserKey) => self.actor(row),
            None => (self.user(row), self.principal(row)),
        };
        let agent = self.text(Column::Agent, row);
        let scopes = if row.has_value(Column::Scopes) { Column::Scopes } else { Column::Roles };
        Ok(Activity {
            time,
            offset,
            id: self.id(row.cell(Column::Id)),
            record,
            input: 0,
            user,
            app: self.app(row, Column::AppId, Column::AppName),
            principal,
            tenants: self.tenants(row),
            device: self.flat_device(row),
            session: self.store.id_ref(session, Id::ABSENT),
            token: self.store.id_ref(token, Id::ABSENT),
            category: self.text(category, row),
            operation: self.operation(row),
            object: self.object(row),
            owner: self.lower(row.cell(Column::Owner)),
            address: self.address(row),
            agent: if agent.has_value() { agent } else { self.agent_of_client(client).unwrap_or(agent) },
            client,
            result: self.result_word(row),
            scopes: self.canonical(scopes, row, build_nested::words),
            parameters: self.parameters(row),
            items: self.items(row),
            messages: self.messages(row),
            protocol: word!(self, row, Protocol, Protocol),
            doubts,
            pad: [0; 2],
        })
    }

    /// The user whom an alert is about: the compliance centre raises it under its own name.
    fn named_by_alert(&mut self, row: &Row<'_>) -> Option<u32> {
        let name = row.text(Column::AlertEntity)?.to_lowercase();
        let is_user =
            name.contains('@') && !name.contains(|letter: char| letter.is_whitespace() || "<>,;".contains(letter));
        let user = User { name: self.store.texts.intern(&name), ..User::ABSENT };
        is_user.then(|| self.store.users.intern(user))
    }

    /// Session id and unique token id: columns of their own, else those of the access context.
    fn access(&mut self, row: &Row<'_>) -> (Id, Id) {
        let (mut session, mut token) = (self.id(row.cell(Column::Session)), self.token(row.cell(Column::Token)));
        let context = row.cell(Column::AppAccess);
        if (session.has_value() && token.has_value()) || context.is_absent() {
            return (session, token);
        }
        if let Nested::Value(value) = self.decoded(Column::AppAccess, context) {
            if !session.has_value() && nested::member(&value, "AADSessionId").is_some() {
                session = self.member_id(&value, "AADSessionId");
            }
            if !token.has_value()
                && let Some(text) = nested::text(&value, "UniqueTokenId")
            {
                token = match Guid::from_token_id(&text) {
                    Some(guid) => Id::of(guid, &mut self.store.texts),
                    None => Id::parse(&text, &mut self.store.texts),
                };
            }
        }
        (session, token)
    }

    /// How many items it touched: as it says, else as many as it lists.
    fn items(&mut self, row: &Row<'_>) -> u32 {
        let said = scalar(row.cell(Column::Items), &mut self.scratch).value().and_then(scalar::whole).unwrap_or(0);
        let listed = row.cell(Column::Contents);
        if said > 0 || listed.is_empty() {
            return said;
        }
        let Nested::Value(value) = self.decoded(Column::Contents, listed) else { return 0 };
        let count =
            |entry: &Value| nested::member(entry, "FolderItems").map_or(1, |items| nested::entries(items).len());
        u32::try_from(nested::entries(&value).into_iter().map(count).sum::<usize>()).unwrap_or(u32::MAX)
    }

    /// Message ids of the mails that it lists, in the order of the record.
    fn messages(&mut self, row: &Row<'_>) -> TextId {
        let mut lists = [Column::Contents, Column::Item].into_iter().map(|column| row.cell(column));
        let Some(cell) = lists.find(|cell| !cell.is_empty()) else { return TextId::ABSENT };
        // Damage is noted where the items are counted.
        let Nested::Value(value) = nested::decode(cell) else { return TextId::ABSENT };
        let mut ids: Vec<String> = Vec::new();
        for entry in nested::entries(&value) {
            let items = nested::member(entry, "FolderItems").map(nested::entries).unwrap_or_default();
            let all = std::iter::once(entry).chain(items);
            ids.extend(all.filter_map(|item| nested::text(item, "InternetMessageId")).filter(|id| !id.is_empty()));
        }
        ids.truncate(MESSAGES);
        if ids.is_empty() { TextId::ABSENT } else { self.store.texts.intern(&ids.join(" ")) }
    }

    /// What it was done to: a name or address; of mail the paths of the folders, or the subject. An item
    /// without a subject stands for the folder it is in.
    fn object(&mut self, row: &Row<'_>) -> TextId {
        match self.decoded(Column::Object, row.cell(Column::Object)) {
            Nested::Absent | Nested::Damaged | Nested::Flattened => TextId::ABSENT,
            Nested::Empty => TextId::EMPTY,
            Nested::Text(text) => self.store.texts.intern(&text),
            Nested::Value(value) => {
                let single = std::slice::from_ref(&value);
                let list = value.as_array().map_or(single, Vec::as_slice);
                let names: Vec<String> = list
                    .iter()
                    .filter_map(|entry| {
                        let folder = || nested::text(nested::member(entry, "ParentFolder")?, "Path");
                        let name = nested::text(entry, "Path").or_else(|| nested::text(entry, "Subject"));
                        name.filter(|name| !name.is_empty()).or_else(folder)
                    })
                    .filter(|name| !name.is_empty())
                    .take(NAMED)
                    .collect();
                self.store.texts.intern(&names.join("; "))
            }
        }
    }

    /// Outlook and REST clients put their user agent behind the name of the client:
    /// `Client=OWA;Mozilla/5.0 …`.
    fn agent_of_client(&mut self, client: TextId) -> Option<TextId> {
        let text = self.store.texts.value(client)?;
        let agent = text.get(text.find("Mozilla/")?..)?.trim_end_matches([';', ']', ' ']).to_owned();
        Some(self.store.texts.intern(&agent))
    }

    /// Parameters, changed properties and properties of the operation as one list of pairs.
    fn parameters(&mut self, row: &Row<'_>) -> TextId {
        const COLUMNS: [Column; 6] = [
            Column::Parameters,
            Column::Modified,
            Column::OperationProperties,
            Column::ExtendedProperties,
            Column::Participants,
            Column::Members,
        ];
        let columns = COLUMNS.into_iter().chain(VALUES.map(|(column, _)| column)).chain([Column::Item]);
        let cells: Vec<Cell<'_>> = columns.map(|column| row.cell(column)).collect();
        if cells.iter().all(crate::intake::Cell::is_absent) {
            return TextId::ABSENT;
        }
        let number = self.tuple(Column::Parameters, &cells, |reader| {
            let mut pairs: Vec<[String; 2]> = Vec::new();
            for (column, name) in VALUES {
                if let Some(text) = row.text(column).filter(|text| !text.is_empty()) {
                    pairs.push([name.to_owned(), text]);
                }
            }
            if let Nested::Value(item) = nested::decode(row.cell(Column::Item)) {
                pairs.extend(rights(&item));
            }
            for column in COLUMNS {
                match reader.decoded(column, row.cell(column)) {
                    Nested::Value(value) => match column {
                        Column::Members => pairs.extend(nested::entries(&value).into_iter().map(member)),
                        _ => pairs.extend(named_pairs(&value)),
                    },
                    Nested::Text(text) => pairs.push([String::new(), text]),
                    Nested::Absent | Nested::Empty | Nested::Damaged | Nested::Flattened => {}
                }
            }
            if pairs.is_empty() {
                return TextId::EMPTY.0;
            }
            let text = serde_json::to_string(&pairs).unwrap_or_default();
            reader.store.texts.intern(&text).0
        });
        TextId(number)
    }
}

/// A member of a chat or team: `Member` with address and name.
fn member(entry: &Value) -> [String; 2] {
    let text = |name: &str| nested::text(entry, name).filter(|text| !text.is_empty());
    let parts = [text("UPN"), text("DisplayName")];
    ["Member".to_owned(), parts.into_iter().flatten().collect::<Vec<_>>().join(" ")]
}

/// Rights in a folder that somebody was given.
fn rights(item: &Value) -> Vec<[String; 2]> {
    let Some(folder) = nested::member(item, "ParentFolder") else { return Vec::new() };
    let names = ["MemberRights", "MemberUpn"];
    names.iter().filter_map(|name| Some([(*name).to_owned(), nested::text(folder, name)?])).collect()
}

/// Pairs of name and value. A property that was changed counts with its new value.
fn named_pairs(value: &Value) -> Vec<[String; 2]> {
    let pair = |entry: &Value| {
        let name = nested::text(entry, "Name").or_else(|| nested::text(entry, "Key")).unwrap_or_default();
        let value = nested::member(entry, "Value").or_else(|| nested::member(entry, "NewValue"));
        [name, value.map(build_nested::as_text).unwrap_or_default()]
    };
    match value {
        Value::Array(list) => list
            .iter()
            .map(|entry| if entry.is_object() { pair(entry) } else { [nested::scalar_text(entry), String::new()] })
            .collect(),
        Value::Object(map) => map
            .iter()
            .map(|(key, value)| {
                [key.clone(), build_nested::as_text(nested::member(value, "NewValue").unwrap_or(value))]
            })
            .collect(),
        _ => Vec::new(),
    }
}
