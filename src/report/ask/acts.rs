//! Questions about acts outside the directory, and about risk.

use crate::events::{Activity, RiskEvent, TextId};
use crate::order::{Arrange, Map, Set};
use crate::report::page::column::{Column, Record, first, who};
use crate::report::page::describe::app;
use crate::report::page::tally;
use crate::sessions::EventRef;

use super::Asking;
use super::answer::{Cell, Table};
use super::subject::{Places, Whom};

const COLUMNS: [&str; 14] = [
    "time",
    "user",
    "workload",
    "operation",
    "object",
    "mailbox",
    "address",
    "app",
    "agent",
    "result",
    "items",
    "session",
    "input",
    "record",
];

pub(super) fn of_user(asking: &Asking<'_>) -> Table {
    let whom = Whom::new(asking.case, asking.subject);
    listed(asking, |row| whom.did(row.user, row.principal))
}

pub(super) fn of_address(asking: &Asking<'_>) -> Table {
    let places = Places::new(asking.case, asking.subject);
    listed(asking, |row| places.has(row.address))
}

/// The acts that are asked for, in order of time.
fn found<'a>(asking: &Asking<'a>, is: impl Fn(&Activity) -> bool) -> Vec<&'a Activity> {
    let store = &asking.case.store;
    let workload = asking.wanted.workload.as_ref().map(|name| name.trim().to_lowercase());
    let of_workload =
        |row: &Activity| workload.as_ref().is_none_or(|name| store.texts.get(row.category).to_lowercase() == *name);
    let acts = tally::acts(asking.case.buckets.iter()).into_iter().filter_map(|event| match event {
        EventRef::Activity(number) => store.activity(number),
        _ => None,
    });
    let mut found: Vec<&Activity> = acts.filter(|row| asking.at(row.time) && of_workload(row) && is(row)).collect();
    found.arrange_by_key(|row| (row.time, row.input, row.record));
    found
}

fn listed(asking: &Asking<'_>, is: impl Fn(&Activity) -> bool) -> Table {
    let rows = found(asking, is).into_iter().map(|row| cells(asking, row));
    Table { columns: COLUMNS.to_vec(), rows: rows.collect() }
}

fn cells(asking: &Asking<'_>, row: &Activity) -> Vec<Cell> {
    let (case, store) = (asking.case, &asking.case.store);
    let texts = &store.texts;
    let user = first(case, Column::User, Record::Activity(row)).map(|named| named.label).unwrap_or_default();
    let known = store.app(row.app).id.has_value() || store.app(row.app).name.has_value();
    let agent = texts.value(row.agent).unwrap_or_else(|| texts.get(row.client));
    let input = case.inputs.get(row.input as usize).map_or("", |input| input.name.as_str());
    vec![
        Cell::Time(row.time),
        Cell::Text(user),
        Cell::from(texts.get(row.category)),
        Cell::from(texts.get(row.operation)),
        Cell::from(texts.get(row.object)),
        Cell::from(texts.get(row.owner)),
        Cell::from(texts.get(row.address)),
        Cell::Text(if known { app(case, row.app) } else { String::new() }),
        Cell::from(agent),
        Cell::from(texts.get(row.result)),
        Cell::Number(u64::from(row.items)),
        Cell::Text(row.session_id(store).value().map(|id| id.display(texts)).unwrap_or_default()),
        Cell::from(input),
        Cell::Number(u64::from(row.record)),
    ]
}

/// What was done to one object.
#[derive(Default)]
struct Touched<'a> {
    operations: Set<&'a str>,
    users: Set<String>,
    records: u64,
    span: Option<(i64, i64)>,
}

/// Whether an object is named by its address on the web.
fn is_address(object: &str) -> bool {
    object.split_once("://").is_some_and(|(scheme, _)| scheme == "https")
}

pub(super) fn objects_of_address(asking: &Asking<'_>) -> Table {
    let case = asking.case;
    let texts = &case.store.texts;
    let places = Places::new(case, asking.subject);
    let mut objects: Map<&str, Touched<'_>> = Map::new();
    for row in found(asking, |row| places.has(row.address) && !row.is_call(&case.store)) {
        let object = texts.get(row.object);
        let category = texts.get(row.category).to_lowercase();
        let is_file = category.contains("sharepoint") || category.contains("onedrive") || is_address(object);
        if object.is_empty() || !is_file {
            continue;
        }
        let touched = objects.entry(object).or_default();
        touched.operations.insert(texts.get(row.operation));
        touched.users.extend(first(case, Column::User, Record::Activity(row)).map(|named| named.label));
        touched.records += 1;
        let (from, to) = touched.span.unwrap_or((row.time, row.time));
        touched.span = Some((from.min(row.time), to.max(row.time)));
    }
    let mut objects: Vec<(&str, Touched<'_>)> = objects.into_iter().collect();
    objects.arrange_by_key(|(object, touched)| (std::cmp::Reverse(touched.records), *object));
    let rows = objects.into_iter().map(|(object, touched)| {
        let (from, to) = touched.span.unwrap_or_default();
        let operations: Vec<&str> = touched.operations.into_iter().collect();
        let users: Vec<String> = touched.users.into_iter().collect();
        vec![
            Cell::from(object),
            Cell::Text(operations.join(", ")),
            Cell::Text(users.join(", ")),
            Cell::Number(touched.records),
            Cell::Time(from),
            Cell::Time(to),
        ]
    });
    Table { columns: vec!["object", "operations", "users", "records", "first", "last"], rows: rows.collect() }
}

/// Risk detections and states of risk that are asked for, with their person, in order of time.
fn risks<'a>(asking: &Asking<'a>) -> Vec<(u32, &'a RiskEvent)> {
    let case = asking.case;
    let mut risks: Vec<(u32, &RiskEvent)> = Vec::new();
    for bucket in &case.buckets {
        let rows = bucket.risk_events.iter().filter_map(|&number| case.store.risk_event(number));
        risks.extend(rows.filter(|row| asking.at(row.time)).map(|row| (bucket.person, row)));
    }
    risks.arrange_by_key(|(_, row)| (row.time, row.input, row.record));
    risks
}

fn label(asking: &Asking<'_>, person: u32) -> String {
    who(asking.case, person).into_iter().next().map(|named| named.label).unwrap_or_default()
}

pub(super) fn risks_of_address(asking: &Asking<'_>) -> Table {
    let case = asking.case;
    let texts = &case.store.texts;
    let places = Places::new(case, asking.subject);
    let rows = risks(asking).into_iter().filter(|(_, row)| places.has(row.address)).map(|(person, row)| {
        let input = case.inputs.get(row.input as usize).map_or("", |input| input.name.as_str());
        vec![
            Cell::Time(row.time),
            Cell::Text(label(asking, person)),
            Cell::from(if row.is_state() { "state of risk" } else { texts.get(row.kind) }),
            Cell::from(texts.get(row.level)),
            Cell::from(texts.get(row.state)),
            Cell::from(texts.get(row.detail)),
            Cell::from(texts.get(row.timing)),
            Cell::from(texts.get(row.activity)),
            Cell::from(texts.get(row.address)),
            Cell::Text(row.request.value().map(|id| id.display(texts)).unwrap_or_default()),
            Cell::from(input),
            Cell::Number(u64::from(row.record)),
        ]
    });
    let columns = vec![
        "time",
        "user",
        "detection",
        "level",
        "state",
        "detail",
        "timing",
        "activity",
        "address",
        "request",
        "input",
        "record",
    ];
    Table { columns, rows: rows.collect() }
}

/// Levels of risk, the worst first; what is not among them comes last.
const LEVELS: [&str; 3] = ["high", "medium", "low"];

pub(super) fn risky_users(asking: &Asking<'_>) -> Table {
    let texts = &asking.case.store.texts;
    let mut people: Map<u32, Vec<&RiskEvent>> = Map::new();
    for (person, row) in risks(asking) {
        people.entry(person).or_default().push(row);
    }
    let rank = |row: &RiskEvent| {
        let level = texts.get(row.level);
        LEVELS.iter().position(|known| known.eq_ignore_ascii_case(level)).unwrap_or(LEVELS.len())
    };
    let mut users: Vec<(usize, String, Vec<Cell>)> = Vec::new();
    for (person, rows) in people {
        let worst = rows.iter().map(|row| rank(row)).min().unwrap_or(LEVELS.len());
        let set = |of: fn(&RiskEvent) -> TextId| {
            let mut set: Set<&str> = Set::new();
            set.extend(rows.iter().filter_map(|row| texts.value(of(row))));
            set.into_iter().collect::<Vec<_>>().join(", ")
        };
        // How it stands is what the last record says that says anything.
        let state = rows.iter().rev().find_map(|row| texts.value(row.state)).unwrap_or_default();
        let detail = rows.iter().rev().find_map(|row| texts.value(row.detail)).unwrap_or_default();
        let detections = rows.iter().filter(|row| !row.is_state()).count() as u64;
        let label = label(asking, person);
        let cells = vec![
            Cell::Text(label.clone()),
            Cell::from(LEVELS.get(worst).copied().unwrap_or("none")),
            Cell::from(state),
            Cell::from(detail),
            Cell::Number(detections),
            Cell::Text(set(|row| row.kind)),
            Cell::Text(set(|row| row.address)),
            Cell::Time(rows.first().map_or(0, |row| row.time)),
            Cell::Time(rows.last().map_or(0, |row| row.time)),
        ];
        users.push((worst, label, cells));
    }
    users.arrange_by(|left, right| (left.0, &left.1).cmp(&(right.0, &right.1)));
    let columns = vec!["user", "level", "state", "detail", "detections", "kinds", "addresses", "first", "last"];
    Table { columns, rows: users.into_iter().map(|(_, _, cells)| cells).collect() }
}
