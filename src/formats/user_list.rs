//! Files about users: tables with a column of users and what they are, the table IdentityInfo of Log
//! Analytics and Defender, and directory roles with their holders as Graph and the admin center give
//! them.

use serde_json::Value;

use crate::enrichment::{UserClass, UserEntry};
use crate::events::guid::Guid;
use crate::intake::Cell;

use super::{Column, Export, Format, Holds, Kind, Refusal, Row};

/// A table of users while it is read.
#[derive(Clone, Debug)]
pub(super) struct UserList {
    columns: Columns,
    /// What the file's name or a remark says that all of them are.
    class: Option<UserClass>,
}

/// Places of the columns.
#[derive(Clone, Debug, Default)]
struct Columns {
    name: Option<usize>,
    id: Option<usize>,
    tenant: Option<usize>,
    roles: Vec<usize>,
    tags: Vec<usize>,
    flags: Vec<(usize, UserClass)>,
}

/// Names of columns, lower-case and without blanks, hyphens and underscores.
const NAME: &[&str] = &[
    "upn",
    "userprincipalname",
    "accountupn",
    "user",
    "username",
    "account",
    "accountname",
    "email",
    "mail",
    "emailaddress",
    "principalname",
    "userprincipal",
    "usergroupname",
    "signinname",
];
const ID: &[&str] = &["id", "userid", "objectid", "accountobjectid", "userobjectid", "principalid", "entraid"];
const TENANT: &[&str] = &["tenant", "tenantid", "accounttenantid"];
const ROLES: &[&str] = &[
    "role",
    "roles",
    "rolename",
    "assignedrole",
    "assignedroles",
    "directoryrole",
    "directoryroles",
    "roletemplateid",
    "roledefinitionname",
    "roledisplayname",
];
const TAGS: &[&str] = &["tag", "tags", "class", "classes"];
/// Columns of logs: a table with one of them is no list of users.
const LOG: &[&str] = &[
    "ip",
    "ipaddress",
    "clientip",
    "useragent",
    "activity",
    "operation",
    "operations",
    "timestamp",
    "time",
    "date",
    "createddatetime",
    "timegenerated",
    "creationtime",
    "creationdate",
    "auditdata",
    "correlationid",
    "appid",
    "application",
    "resultcode",
    "status",
    "recordtype",
];

impl UserList {
    /// Recognises a table of users by its header: it has users, says what they are or is in a file whose
    /// name does, and is no log.
    pub(super) fn recognise(names: &[String], first: &[&[u8]], class: Option<UserClass>) -> Option<(Self, bool)> {
        let mut columns = Columns::default();
        // A text with a user a line, and perhaps a remark before them.
        let line = names.first()?.trim();
        let row = first.first().map(|cell| String::from_utf8_lossy(cell).into_owned()).unwrap_or_default();
        let told = is_remark(line).then(|| UserClass::of_text(line)).flatten().or(class);
        if told.is_some() && (is_user(line) || (is_remark(line) && is_user(&row))) {
            columns.name = Some(0);
            return Some((Self { columns, class: told }, true));
        }
        for (place, name) in names.iter().enumerate() {
            let plain: String =
                name.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_ascii_lowercase();
            let is = |known: &[&str]| known.contains(&plain.as_str());
            if is(LOG) {
                return None;
            } else if is(NAME) {
                columns.name.get_or_insert(place);
            } else if is(ID) {
                columns.id.get_or_insert(place);
            } else if is(TENANT) {
                columns.tenant = Some(place);
            } else if is(ROLES) {
                columns.roles.push(place);
            } else if is(TAGS) {
                columns.tags.push(place);
            } else if let Some(class) = UserClass::parse(name) {
                columns.flags.push((place, class));
            }
        }
        let says = !columns.roles.is_empty() || !columns.tags.is_empty() || !columns.flags.is_empty();
        let users = columns.name.is_some() || columns.id.is_some();
        (users && (says || class.is_some())).then_some((Self { columns, class }, false))
    }

    /// Takes a row: a user, or nothing where it is a remark.
    pub(super) fn row(&self, cells: &[Cell<'_>]) -> Result<Option<UserEntry>, Refusal> {
        let text = |place: usize| match cells.get(place) {
            Some(Cell::Text(text)) => String::from_utf8_lossy(text).trim().to_owned(),
            _ => String::new(),
        };
        let of = |place: Option<usize>| place.map(text).unwrap_or_default();
        if is_remark(&text(0)) || cells.iter().all(Cell::is_empty) {
            return Ok(None);
        }
        let columns = &self.columns;
        let mut entry = user(&of(columns.id), &of(columns.name), &of(columns.tenant))?;
        for role in columns.roles.iter().flat_map(|place| several(&text(*place))) {
            entry.add_role(&role);
        }
        let tags: Vec<String> = columns.tags.iter().flat_map(|place| several(&text(*place))).collect();
        let flags = columns.flags.iter().filter(|(place, _)| is_yes(&text(*place))).map(|(_, class)| *class);
        for class in flags.chain(tags.iter().filter_map(|tag| UserClass::parse(tag))).chain(self.class) {
            entry.classes = entry.classes.with(class);
        }
        Ok(Some(entry))
    }
}

fn is_remark(line: &str) -> bool {
    line.starts_with('#') && !line.starts_with("#TYPE")
}

/// Whether a line is a user principal name or an object id, and nothing else.
fn is_user(line: &str) -> bool {
    let line = line.trim();
    let (name, domain) = line.split_once('@').unwrap_or_default();
    let is_name = !name.is_empty() && domain.contains('.') && !line.contains([' ', ',', ';', '/']);
    is_name || Guid::parse(line).is_some()
}

/// A user of whom nothing is said yet. An id in place of a name, or a name in place of an id, is taken
/// for what it is.
fn user(id: &str, name: &str, tenant: &str) -> Result<UserEntry, Refusal> {
    let guid = |text: &str| Guid::parse(text).map(|guid| guid.to_string());
    let named = [name, id].into_iter().find(|text| !text.is_empty() && guid(text).is_none());
    let entry = UserEntry {
        id: guid(id).or_else(|| guid(name)).unwrap_or_default(),
        name: named.unwrap_or_default().to_lowercase(),
        tenant: guid(tenant).unwrap_or_default(),
        ..UserEntry::default()
    };
    if entry.id.is_empty() && entry.name.is_empty() { Err(Refusal::NoUser) } else { Ok(entry) }
}

/// The values of a cell that holds one, a JSON list, or several with `;`, `,` or `|` between them.
fn several(text: &str) -> Vec<String> {
    match serde_json::from_str::<Vec<String>>(text) {
        Ok(list) => list,
        Err(_) => text.split([';', ',', '|', '\n']).map(|part| part.trim().to_owned()).collect(),
    }
}

fn is_yes(text: &str) -> bool {
    ["true", "yes", "1", "x", "y"].iter().any(|yes| text.eq_ignore_ascii_case(yes))
}

/// The table IdentityInfo.
pub(super) static IDENTITY_INFO: Format = Format {
    name: "identity-info",
    export: Export {
        what: "Users",
        from: "IdentityInfo of Log Analytics, Sentinel or Defender",
        holds: &[Holds::Beside],
        note: "roles and tags of users.",
        ..Export::UNTOLD
    },
    marks: &["AccountObjectId"],
    any: &["AssignedRoles", "IsServiceAccount", "PrivilegedEntraPimRoles"],
    kind: |_| Some(Kind::Identity),
    table: &[
        (Column::UserId, &["AccountObjectId"]),
        (Column::UserName, &["AccountUPN", "AccountUpn"]),
        (Column::HomeTenant, &["AccountTenantId", "TenantId"]),
        (Column::Roles, &["AssignedRoles"]),
        (Column::EligibleRoles, &["PrivilegedEntraPimRoles"]),
        (Column::Tags, &["Tags"]),
        (Column::ServiceAccount, &["IsServiceAccount"]),
    ],
    ..Format::PLAIN
};

/// Role assignments of Graph (`roleManagement/directory/roleAssignments`, principal and role expanded).
pub(super) static ROLE_ASSIGNMENT: Format = Format {
    name: "role-assignment",
    export: Export {
        what: "Role assignments",
        from: "Graph",
        holds: &[Holds::Beside],
        note: "who holds a directory role; expand principal and roleDefinition.",
        ..Export::UNTOLD
    },
    marks: &["roleDefinitionId", "principalId"],
    kind: |_| Some(Kind::RoleAssignment),
    table: &[
        (Column::UserId, &["principalId"]),
        (Column::UserName, &["principal.userPrincipalName"]),
        (Column::Roles, &["roleDefinition.templateId", "roleDefinition.displayName", "roleDefinitionId"]),
    ],
    ..Format::PLAIN
};

/// Directory roles of Graph (`directoryRoles`, members expanded).
pub(super) static DIRECTORY_ROLE: Format = Format {
    name: "directory-role",
    export: Export {
        what: "Directory roles",
        from: "Graph",
        holds: &[Holds::Beside],
        note: "who holds them; expand members.",
        ..Export::UNTOLD
    },
    marks: &["roleTemplateId", "members"],
    kind: |_| Some(Kind::DirectoryRole),
    table: &[(Column::Roles, &["roleTemplateId", "displayName"]), (Column::Members, &["members"])],
    ..Format::PLAIN
};

/// What a row of IdentityInfo says.
pub(super) fn identity(row: &Row<'_>) -> Result<UserEntry, Refusal> {
    let text = |column| row.text(column).unwrap_or_default();
    let mut entry = user(&text(Column::UserId), &text(Column::UserName), &text(Column::HomeTenant))?;
    for role in [Column::Roles, Column::EligibleRoles].into_iter().flat_map(|column| values(row, column)) {
        entry.add_role(&role);
    }
    for class in values(row, Column::Tags).iter().filter_map(|tag| UserClass::parse(tag)) {
        entry.classes = entry.classes.with(class);
    }
    if is_yes(&text(Column::ServiceAccount)) {
        entry.classes = entry.classes.with(UserClass::ServiceAccount);
    }
    Ok(entry)
}

/// The values of a list, be it JSON or its text.
fn values(row: &Row<'_>, column: Column) -> Vec<String> {
    match row.cell(column) {
        Cell::Json(list @ [b'[', ..]) => serde_json::from_slice(list).unwrap_or_default(),
        _ => several(&row.text(column).unwrap_or_default()),
    }
}

/// Who holds the role of an assignment.
pub(super) fn role_assignment(row: &Row<'_>) -> Result<UserEntry, Refusal> {
    let text = |column| row.text(column).unwrap_or_default();
    let mut entry = user(&text(Column::UserId), &text(Column::UserName), "")?;
    entry.add_role(&text(Column::Roles));
    Ok(entry)
}

/// Who holds a directory role: an entry for each of its members.
pub(super) fn directory_role(row: &Row<'_>) -> Result<Vec<UserEntry>, Refusal> {
    let Cell::Json(list) = row.cell(Column::Members) else { return Ok(Vec::new()) };
    let members: Vec<Value> = serde_json::from_slice(list).map_err(|_| Refusal::NoUser)?;
    let role = row.text(Column::Roles).unwrap_or_default();
    let member = |member: &Value| {
        let text = |key: &str| member.get(key).and_then(Value::as_str).unwrap_or_default();
        let mut entry = user(text("id"), text("userPrincipalName"), "").ok()?;
        entry.add_role(&role);
        Some(entry)
    };
    Ok(members.iter().filter_map(member).collect())
}
