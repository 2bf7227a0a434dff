//! What users are: privileged, worth most, for emergencies, or no people at all.
//!
//! Who is privileged, the changes of roles in the audit log say first, then the files beside the
//! exports, and only of those whom neither names the roles in their own tokens.

use crate::order::{Map, Set};

use foldhash::quality::FixedState;
use hashbrown::HashSet;
use serde_json::Value;

use crate::detections::{Finding, Severity};
use crate::enrichment::{Classes, Told, UserClass, UserEntry, Users};
use crate::events::change::{self, Target, TargetKind};
use crate::events::guid::Guid;
use crate::events::processing::Processing;
use crate::events::{Store, TextId};
use crate::knowledge::roles::privileged_role;
use crate::order::{Arrange, Gather};
use crate::sessions::View;
use crate::tenant::Person;
use crate::words::list;

use super::{Bucket, Case};

/// Says of every person what they are. Each file's input is told how many it named.
pub(super) fn classify(case: &mut Case, users: &Users) {
    let known = Known { users, tokens: roles_in_tokens(&case.store), operations: role_operations(&case.store) };
    let mut told: Map<u32, Told> = Map::new();
    let mut named: Map<u32, u64> = Map::new();
    for bucket in &case.buckets {
        let Some(person) = case.people.get(bucket.person) else { continue };
        let found = known.of_person(&case.store, person, bucket);
        found.by.iter().for_each(|input| *named.entry(*input).or_default() += 1);
        if found.classes != Classes::NONE {
            told.insert(bucket.person, found);
        }
    }
    for (input, count) in named {
        if let Some(input) = case.inputs.get_mut(input as usize) {
            input.gave.named = count;
        }
    }
    for (person, told) in &told {
        case.people.classify(*person, told.classes);
    }
    case.told = told;
}

/// What is known before any person is looked at.
struct Known<'a> {
    users: &'a Users,
    /// Roles with power over others, by the text of processing details that name them.
    tokens: Map<TextId, Vec<&'static str>>,
    /// Operations of the audit log that give a role, or take one.
    operations: Map<TextId, bool>,
}

impl Known<'_> {
    fn of_person(&self, store: &Store, person: &Person, bucket: &Bucket) -> Told {
        let Self { users, tokens, operations } = self;
        let id = person.id.as_guid().map(|id| id.to_string()).unwrap_or_default();
        let name = store.texts.get(person.name).to_lowercase();
        let tenant = person.tenant.as_guid().map(|id| id.to_string()).unwrap_or_default();
        let mut told = users.find(&tenant, &id, &name);
        let mut entry = UserEntry::default();
        let is_flagged = told.classes.has(UserClass::Privileged) && !told.roles.iter().any(|role| is_privileged(role));
        let changes = changes(store, bucket, operations, &id, &name);
        told.roles.retain(|role| changes.get(role) != Some(&false));
        told.roles.extend(changes.iter().filter(|(_, holds)| **holds).map(|(role, _)| role.clone()));
        if told.by.is_empty() && changes.is_empty() && !tokens.is_empty() {
            let rows = bucket.sign_ins.iter().filter_map(|&number| store.sign_in(number));
            let succeeded = rows.filter(|row| store.outcome(row.outcome).code() == Some(0) && row.stream().is_user());
            let texts: Set<TextId> =
                succeeded.map(|row| row.processing).filter(|text| tokens.contains_key(text)).gather();
            told.roles
                .extend(texts.iter().filter_map(|text| tokens.get(text)).flatten().map(|role| (*role).to_owned()));
        }
        told.roles.iter().for_each(|role| {
            entry.add_role(role);
        });
        told.roles = entry.roles;
        told.roles.arrange();
        told.classes = told.classes.without(UserClass::Privileged).and(entry.classes);
        if is_flagged {
            told.classes = told.classes.with(UserClass::Privileged);
        }
        told
    }
}

fn is_privileged(role: &str) -> bool {
    UserEntry::default().add_role(role)
}

/// Roles that the audit log gave to a user or took from them: whether they held each at the end.
fn changes(store: &Store, bucket: &Bucket, operations: &Map<TextId, bool>, id: &str, name: &str) -> Map<String, bool> {
    each_change(store, bucket, (id, name), |operation| operations.get(&operation).copied())
        .into_iter()
        .map(|change| (change.role, change.gives))
        .gather()
}

/// A role that was given to a user or taken away.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RoleChange {
    /// Number of the act in the directory.
    pub audit: u32,
    /// The role, by its name here.
    pub role: String,
    /// Whether it was given, to hold or to be eligible for.
    pub gives: bool,
}

/// Roles that the audit log gave to the person of a share or took from them, in order of time.
#[must_use]
pub fn role_changes(case: &Case, bucket: &Bucket) -> Vec<RoleChange> {
    let Some(person) = case.people.get(bucket.person) else { return Vec::new() };
    let id = person.id.as_guid().map(|id| id.to_string()).unwrap_or_default();
    let name = case.store.texts.get(person.name).to_lowercase();
    each_change(&case.store, bucket, (&id, &name), |operation| changes_role(case.store.texts.get(operation)))
}

fn each_change(
    store: &Store,
    bucket: &Bucket,
    (id, name): (&str, &str),
    gives: impl Fn(TextId) -> Option<bool>,
) -> Vec<RoleChange> {
    let mut found = Vec::new();
    for &audit in &bucket.audits {
        // What failed is none.
        let row = store.audit(audit).filter(|row| store.texts.get(row.result) != "failure");
        let Some((row, gives)) = row.and_then(|row| Some((row, gives(row.operation)?))) else { continue };
        let roles = roles_of(store.texts.get(row.targets), id, name);
        found.extend(roles.into_iter().map(|role| RoleChange { audit, role, gives }));
    }
    found
}

/// Operations of the audit log that change who holds a role: whether they give it.
fn role_operations(store: &Store) -> Map<TextId, bool> {
    let all: Set<TextId> = store.audits.iter().map(|row| row.operation).gather();
    all.into_iter().filter_map(|text| Some((text, changes_role(store.texts.get(text))?))).gather()
}

/// Whether an operation gives a role; nothing where it neither gives nor takes one.
fn changes_role(operation: &str) -> Option<bool> {
    let operation = operation.to_ascii_lowercase();
    let begins = |list: &[&str]| list.iter().any(|begin| operation.starts_with(begin));
    // A request is none yet.
    let done = (begins(&GIVES) || begins(&TAKES)) && !operation.contains("request");
    done.then(|| begins(&GIVES))
}

/// How operations begin that give a role, to hold or to be eligible for.
const GIVES: [&str; 3] = ["add member to role", "add eligible member to role", "add scoped member to role"];
/// How operations begin that take one.
const TAKES: [&str; 3] =
    ["remove member from role", "remove eligible member from role", "remove scoped member from role"];

/// The roles that targets of an audit record name, if the user is one of the targets.
fn roles_of(targets: &str, id: &str, name: &str) -> Vec<String> {
    let targets = change::targets(targets);
    let is_user = |target: &Target<'_>| {
        (!id.is_empty() && target.id.eq_ignore_ascii_case(id)) || (!name.is_empty() && target.user == name)
    };
    if !targets.iter().any(is_user) {
        return Vec::new();
    }
    let named = |property: &str| {
        let changes = targets.iter().flat_map(|target| &target.changes).filter(|change| change.name == property);
        changes.flat_map(|change| [&change.old, &change.new]).find(|value| !value.is_empty()).map(|value| plain(value))
    };
    let as_target = || {
        targets.iter().find(|target| target.kind() == TargetKind::Role).map(|target| target.name.clone().into_owned())
    };
    let role = named("Role.TemplateId").or_else(|| named("Role.DisplayName")).or_else(as_target);
    // By its name here, under which files have it too.
    let mut entry = UserEntry::default();
    if let Some(role) = role {
        entry.add_role(&role);
    }
    entry.roles
}

/// A value that may be JSON in a text.
fn plain(value: &str) -> String {
    match serde_json::from_str(value) {
        Ok(Value::String(inner)) => inner,
        _ => value.to_owned(),
    }
}

/// Roles with power over others in the tokens of sign-ins, by the text of their processing details.
fn roles_in_tokens(store: &Store) -> Map<TextId, Vec<&'static str>> {
    // Numbers of texts are given out by this program: nobody can prepare ones that collide.
    let texts: HashSet<TextId, FixedState> =
        store.sign_ins.iter().map(|row| row.processing).filter(|text| text.has_value()).collect();
    let mut texts: Vec<TextId> = texts.into_iter().collect();
    texts.arrange();
    let finder = memchr::memmem::Finder::new(b"wids");
    let mut found = Map::new();
    for text in texts {
        let processing = store.texts.get(text);
        if finder.find(processing.as_bytes()).is_none() {
            continue;
        }
        let ids = Processing::read(processing).roles();
        let roles = ids.iter().filter_map(|id| privileged_role(Guid::parse(id)?)).map(|role| role.name);
        let roles: Vec<&'static str> = roles.filter(|role| is_privileged(role)).collect();
        if !roles.is_empty() {
            found.insert(text, roles);
        }
    }
    found
}

/// Says in a finding what its user is: a sentence at the end of *why*, and the fact `user_classes`.
pub(super) fn say(case: &Case, person: u32, view: &View<'_>, finding: &mut Finding) {
    let Some(told) = case.told.get(&person).filter(|_| finding.severity >= Severity::Low) else { return };
    let words: Vec<String> = told
        .classes
        .iter()
        .map(|class| match class {
            UserClass::Privileged if !told.roles.is_empty() => {
                let privileged = told.roles.iter().filter(|role| is_privileged(role)).take(3);
                let roles: Vec<&str> = privileged.map(String::as_str).collect();
                if roles.is_empty() { class.words().to_owned() } else { format!("privileged ({})", roles.join(", ")) }
            }
            class => class.words().to_owned(),
        })
        .collect();
    let texts = &view.store.texts;
    let who = texts.value(view.person.name).map_or_else(|| "The user".to_owned(), str::to_owned);
    finding.why.push_str(&format!(" {who} is {}.", list(&words)));
    let classes: Vec<Value> = told.classes.iter().filter_map(|class| serde_json::to_value(class).ok()).collect();
    finding.facts.insert("user_classes".to_owned(), classes.into());
}
