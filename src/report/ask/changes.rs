//! Questions about changes in the directory.

use crate::enrichment::UserClass;
use crate::events::Audit;
use crate::events::change::{Target, targets};
use crate::knowledge::operations;
use crate::order::Arrange;
use crate::report::page::tally;
use crate::sessions::EventRef;

use super::Asking;
use super::answer::{Cell, Table};
use super::subject::Whom;

/// Changes of one act that a row tells, and letters of each value.
const TOLD: (usize, usize) = (20, 200);

const COLUMNS: [&str; 12] = [
    "time",
    "operation",
    "result",
    "reason",
    "by",
    "on",
    "changes",
    "address",
    "agent",
    "correlation",
    "input",
    "record",
];

pub(super) fn by(asking: &Asking<'_>) -> Table {
    let whom = Whom::new(asking.case, asking.subject);
    rows(asking, all(asking), |row, _| whom.did(row.user, row.principal))
}

pub(super) fn on(asking: &Asking<'_>) -> Table {
    let whom = Whom::new(asking.case, asking.subject);
    rows(asking, all(asking), |_, targets| targets.iter().any(|target| whom.is_target(target)))
}

pub(super) fn registrations(asking: &Asking<'_>) -> Table {
    let case = asking.case;
    let is_privileged =
        |person: u32| case.people.get(person).is_some_and(|person| person.classes.has(UserClass::Privileged));
    let buckets = case.buckets.iter().filter(|bucket| !asking.wanted.privileged || is_privileged(bucket.person));
    let numbers = buckets.flat_map(|bucket| bucket.audits.iter().copied()).collect();
    rows(asking, numbers, |row, targets| {
        // What users change on their page is told by a property of the user, too.
        let mut changes = targets.iter().flat_map(|target| &target.changes);
        operations::is_about_methods(case.store.texts.get(row.operation))
            || changes
                .any(|change| change.is("StrongAuthenticationMethod") || change.is("StrongAuthenticationRequirement"))
    })
}

/// Numbers of all acts in the directory.
fn all(asking: &Asking<'_>) -> Vec<u32> {
    let acts = tally::acts(asking.case.buckets.iter()).into_iter();
    let number = |event: EventRef| match event {
        EventRef::Audit(number) => Some(number),
        _ => None,
    };
    acts.filter_map(number).collect()
}

/// The acts that are asked for, in order of time.
fn rows(asking: &Asking<'_>, mut numbers: Vec<u32>, is: impl Fn(&Audit, &[Target<'_>]) -> bool) -> Table {
    let store = &asking.case.store;
    numbers.arrange();
    numbers.dedup();
    let mut found: Vec<(&Audit, Vec<Target<'_>>)> = Vec::new();
    for row in numbers.into_iter().filter_map(|number| store.audit(number)).filter(|row| asking.at(row.time)) {
        let targets = targets(store.texts.get(row.targets));
        if is(row, &targets) {
            found.push((row, targets));
        }
    }
    found.arrange_by_key(|(row, _)| (row.time, row.input, row.record));
    Table { columns: COLUMNS.to_vec(), rows: found.iter().map(|(row, targets)| cells(asking, row, targets)).collect() }
}

fn cells(asking: &Asking<'_>, row: &Audit, targets: &[Target<'_>]) -> Vec<Cell> {
    let store = &asking.case.store;
    let texts = &store.texts;
    let (user, app) = (store.user(row.user), store.principal(row.principal));
    let named = [user.name, user.display, app.name].into_iter().find_map(|name| texts.value(name));
    let id = || user.id.value().or(app.id.value()).map(|id| id.display(texts));
    let by = named.map(str::to_owned).or_else(id).unwrap_or_default();
    let on: Vec<&str> = targets.iter().map(Target::label).filter(|label| !label.is_empty()).collect();
    let short = |text: &str| text.chars().take(TOLD.1).collect::<String>();
    let changes = targets.iter().flat_map(|target| &target.changes).filter(|change| change.old != change.new);
    let changes = changes
        .take(TOLD.0)
        .map(|change| format!("{}: {} → {}", short(change.name.trim()), short(&change.old), short(&change.new)));
    let input = asking.case.inputs.get(row.input as usize).map_or("", |input| input.name.as_str());
    vec![
        Cell::Time(row.time),
        Cell::from(texts.get(row.operation)),
        Cell::from(texts.get(row.result)),
        Cell::from(texts.get(row.reason)),
        Cell::Text(by),
        Cell::Text(on.join(", ")),
        Cell::Text(changes.collect::<Vec<_>>().join("; ")),
        Cell::from(texts.get(row.address)),
        Cell::from(texts.get(row.agent)),
        Cell::Text(row.correlation.value().map(|id| id.display(texts)).unwrap_or_default()),
        Cell::from(input),
        Cell::Number(u64::from(row.record)),
    ]
}
