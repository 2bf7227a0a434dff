//! What a user may do, and by which methods it signs in: roles, who says so, and changes of methods.

use serde::Serialize;

use crate::analysis::{Bucket, Case, role_changes};
use crate::events::change::targets;
use crate::events::processing::Processing;
use crate::events::{Audit, Guid, TextId};
use crate::knowledge::operations;
use crate::knowledge::roles::{privileged_role, privileged_role_by_name};
use crate::order::{Arrange, Map};
use crate::report::page::column::{Column, Named, Record, first};
use crate::report::page::describe;
use crate::report::page::within::Within;
use crate::report::page::words::{figure, list, millis, plural};

use super::Act;

/// Changes of methods shown at most, the last ones.
const CHANGES: usize = 60;

/// A directory role of a user, and who says so.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct RoleSaid {
    /// The role.
    pub role: String,
    /// Whether it has power over others.
    pub privileged: bool,
    /// Who says so, and how.
    pub text: String,
    /// When, milliseconds UTC; null where a file says it of no time.
    pub time: Option<i64>,
}

/// Roles by name; of each what files say, then what the audit log and tokens say in order of time.
pub(super) fn roles(case: &Case, buckets: &[&Bucket]) -> Vec<RoleSaid> {
    let mut said: Vec<RoleSaid> = Vec::new();
    let mut say = |role: &str, text: String, time: Option<i64>| {
        let privileged = privileged_role_by_name(role).is_some();
        said.push(RoleSaid { role: role.to_owned(), privileged, text, time });
    };
    for bucket in buckets {
        let changes = role_changes(case, bucket);
        if let Some(told) = case.told.get(&bucket.person).filter(|told| !told.by.is_empty()) {
            let name = |input: &u32| case.inputs.get(*input as usize).map(|input| input.name.as_str());
            let files: Vec<&str> = told.by.iter().filter_map(name).collect();
            // What the audit log gave is told as its own.
            let given = |role: &String| changes.iter().any(|change| change.role == *role && change.gives);
            for role in told.roles.iter().filter(|role| !given(role)) {
                say(role, format!("as {} says", list(&files)), None);
            }
        }
        for change in &changes {
            let Some(row) = case.store.audit(change.audit) else { continue };
            let by = doer(case, row).label;
            let by = if by.is_empty() { String::new() } else { format!(" by {by}") };
            let operation = case.store.texts.get(row.operation);
            let how = if change.gives { "given" } else { "taken away" };
            say(&change.role, format!("{how}{by}: {operation}"), Some(millis(row.time)));
        }
        for (role, (tokens, first)) in in_tokens(case, bucket) {
            let text = format!("in the tokens of {} sign-in{}", figure(tokens), plural(tokens));
            say(role, text, Some(millis(first)));
        }
    }
    said.arrange_by(|left, right| (&left.role, left.time).cmp(&(&right.role, right.time)));
    said
}

/// Roles with power over others that tokens carried: how many sign-ins, and since when.
fn in_tokens(case: &Case, bucket: &Bucket) -> Map<&'static str, (u64, i64)> {
    let mut roles: Map<&'static str, (u64, i64)> = Map::new();
    let mut known: Map<TextId, Vec<&'static str>> = Map::new();
    for row in bucket.sign_ins.iter().filter_map(|&number| case.store.sign_in(number)) {
        if !row.processing.has_value() {
            continue;
        }
        let names = known.entry(row.processing).or_insert_with(|| {
            let details = Processing::read(case.store.texts.get(row.processing));
            details.roles().iter().filter_map(|id| Some(privileged_role(Guid::parse(id)?)?.name)).collect()
        });
        for name in names {
            roles.entry(*name).or_insert((0, row.time)).0 += 1;
        }
    }
    roles
}

/// Methods that were registered, changed and removed, by the user and by others.
pub(super) fn method_changes(case: &Case, buckets: &[&Bucket], within: Within) -> Vec<Act> {
    let times = within.times();
    let mut found: Vec<&Audit> = Vec::new();
    for bucket in buckets {
        let rows = bucket.audits.iter().filter_map(|&number| case.store.audit(number));
        found.extend(rows.filter(|row| times.contains(&row.time) && is_about(case, row, bucket)));
    }
    found.arrange_by_key(|row| (std::cmp::Reverse(row.time), row.input, row.record));
    found.truncate(CHANGES);
    let act = |row: &&Audit| {
        let reason = case.store.texts.get(row.reason);
        let what = describe::audit(case, row);
        Act {
            time: millis(row.time),
            user: doer(case, row),
            text: if reason.is_empty() { what } else { format!("{what}: {reason}") },
            refused: case.store.texts.get(row.result) == "failure",
        }
    };
    found.iter().map(act).collect()
}

/// Whether an act changes methods of this person: its targets name them, or nobody.
fn is_about(case: &Case, row: &Audit, bucket: &Bucket) -> bool {
    if !operations::is_about_methods(case.store.texts.get(row.operation)) {
        return false;
    }
    let Some(person) = case.people.get(bucket.person) else { return false };
    let name = case.store.texts.get(person.name).to_lowercase();
    let targets = targets(case.store.texts.get(row.targets));
    let mut named = targets.iter().filter(|target| !target.user.is_empty() || !target.id.is_empty()).peekable();
    named.peek().is_none()
        || named.any(|target| {
            let id = target.object(&case.store);
            (id.has_value() && id == person.id) || (!name.is_empty() && target.user == name)
        })
}

fn doer(case: &Case, row: &Audit) -> Named {
    first(case, Column::User, Record::Audit(row)).unwrap_or_default()
}
