//! Questions that count records by what they have.

use crate::order::{Arrange, Gather, Map};
use crate::report::page::column::{Column, Named, Reader, Record};
use crate::report::page::tally::{Counted, Match, Tallied, Tally, counted};

use super::Asking;
use super::answer::{Cell, Table};
use super::subject::{Places, Subject, Whom};

/// What each row of counts ends with.
const COUNTS: [&str; 5] = ["records", "refused", "users", "first", "last"];

/// A value as a cell: its label, and what there is to say besides.
fn cell(named: &Named) -> Cell {
    match named.value.as_deref() {
        None => Cell::from("not in the export"),
        Some("") => Cell::from("none"),
        Some(_) if named.more.is_empty() => Cell::Text(named.label.clone()),
        Some(_) => Cell::Text(format!("{} ({})", named.label, named.more)),
    }
}

fn counts(
    asking: &Asking<'_>,
    of: Counted,
    by: &[Column],
    only: &[(Column, &str)],
    keep: &dyn Fn(Record<'_>) -> bool,
) -> Tallied {
    let only =
        only.iter().map(|(column, value)| Match { column: *column, value: Some((*value).to_owned()), not: false });
    let tally = Tally { of, by: by.to_vec(), only: only.collect(), ..Tally::default() };
    counted(asking.case, asking.index(), &tally, usize::MAX, &|record| asking.at(record.time()) && keep(record))
}

fn table(asking: &Asking<'_>, by: &[(&'static str, Column)], only: &[(Column, &str)]) -> Table {
    let columns: Vec<Column> = by.iter().map(|(_, column)| *column).collect();
    let tallied = counts(asking, Counted::SignIns, &columns, only, &|_| true);
    of_counts(by.iter().map(|(name, _)| *name).collect(), &tallied)
}

fn of_counts(mut columns: Vec<&'static str>, tallied: &Tallied) -> Table {
    columns.extend(COUNTS);
    let rows = tallied.rows.iter().map(|row| {
        let mut cells: Vec<Cell> = row.values.iter().map(cell).collect();
        cells.extend([row.records, row.refused, row.users].map(Cell::Number));
        cells.extend([row.first, row.last].map(|millis| Cell::Time(millis * 1_000)));
        cells
    });
    Table { columns, rows: rows.collect() }
}

/// Sign-ins, acts, and first and last of both.
#[derive(Default)]
struct Presence {
    named: Named,
    counts: [u64; 3],
    span: Option<(i64, i64)>,
}

pub(super) fn users_of_address(asking: &Asking<'_>) -> Table {
    let places = Places::new(asking.case, asking.subject);
    let mut users: Map<Option<String>, Presence> = Map::new();
    for of in [Counted::SignIns, Counted::Acts] {
        let tallied = counts(asking, of, &[Column::User], &[], &|record| places.has(record.address()));
        for row in tallied.rows {
            let Some(named) = row.values.into_iter().next() else { continue };
            let user = users.entry(named.value.clone()).or_default();
            user.named = named;
            let (from, to) = user.span.unwrap_or((row.first, row.last));
            user.span = Some((from.min(row.first), to.max(row.last)));
            match of {
                Counted::SignIns => (user.counts[0], user.counts[1]) = (row.records, row.refused),
                Counted::Acts => user.counts[2] = row.records,
            }
        }
    }
    let mut users: Vec<Presence> = users.into_values().collect();
    users.arrange_by(|left, right| {
        let sum = |user: &Presence| user.counts[0] + user.counts[2];
        sum(right).cmp(&sum(left)).then_with(|| left.named.label.cmp(&right.named.label))
    });
    let rows = users.iter().map(|user| {
        let (first, last) = user.span.unwrap_or_default();
        let mut cells = vec![cell(&user.named)];
        cells.extend(user.counts.map(Cell::Number));
        cells.extend([first, last].map(|millis| Cell::Time(millis * 1_000)));
        cells
    });
    Table { columns: vec!["user", "sign-ins", "refused", "acts", "first", "last"], rows: rows.collect() }
}

pub(super) fn users_of_agent(asking: &Asking<'_>) -> Table {
    let Subject::Agent(wanted) = asking.subject else { return Table::default() };
    let texts = &asking.case.store.texts;
    let has = |record: Record<'_>| {
        let Record::SignIn(row, _) = record else { return false };
        texts.get(row.agent).to_lowercase().contains(wanted.as_str())
    };
    let tallied = counts(asking, Counted::SignIns, &[Column::User, Column::Agent, Column::Address], &[], &has);
    of_counts(vec!["user", "program", "address"], &tallied)
}

/// What a user's sign-ins are told apart by.
const APART: [(&str, Column); 7] = [
    ("address", Column::Address),
    ("result", Column::Result),
    ("device", Column::Device),
    ("country", Column::Country),
    ("city", Column::City),
    ("app", Column::App),
    ("agent", Column::Agent),
];

pub(super) fn sign_ins_of_user(asking: &Asking<'_>) -> Table {
    let case = asking.case;
    let whom = Whom::new(case, asking.subject);
    let mut readers: Vec<Reader<'_>> = APART.iter().map(|(_, column)| Reader::new(case, *column)).collect();
    let mut groups: Map<Vec<u32>, (u64, i64, i64)> = Map::new();
    for bucket in case.buckets.iter().filter(|bucket| whom.is(bucket.person)) {
        for row in bucket.sign_ins.iter().filter_map(|&number| case.store.sign_in(number)) {
            if !asking.at(row.time) {
                continue;
            }
            // Each of these columns has one value a record.
            let record = Record::SignIn(row, bucket.person);
            let key = readers.iter_mut().map(|reader| reader.read(record).first().copied().unwrap_or(0)).collect();
            let (count, first, last) = groups.entry(key).or_insert((0, row.time, row.time));
            *count += 1;
            (*first, *last) = ((*first).min(row.time), (*last).max(row.time));
        }
    }
    let mut groups: Vec<(Vec<u32>, (u64, i64, i64))> = groups.into_iter().collect();
    groups.arrange_by_key(|(_, (count, first, _))| (std::cmp::Reverse(*count), *first));
    let rows = groups.iter().map(|(key, (count, first, last))| {
        let cells = readers.iter().zip(key).map(|(reader, number)| cell(&reader.named(*number)));
        cells.chain([Cell::Number(*count), Cell::Time(*first), Cell::Time(*last)]).collect()
    });
    let columns = APART.iter().map(|(name, _)| *name).chain(["records", "first", "last"]).collect();
    Table { columns, rows: rows.gather() }
}

pub(super) fn cloud_app_events(asking: &Asking<'_>) -> Table {
    let whom = Whom::new(asking.case, asking.subject);
    let did = |record: Record<'_>| match record {
        Record::SignIn(..) => false,
        Record::Audit(row) => whom.did(row.user, row.principal),
        Record::Activity(row) => whom.did(row.user, row.principal),
    };
    let by = [Column::Category, Column::Operation, Column::Address];
    let tallied = counts(asking, Counted::Acts, &by, &[], &did);
    of_counts(vec!["workload", "operation", "address"], &tallied)
}

pub(super) fn by_app(asking: &Asking<'_>) -> Table {
    table(asking, &[("app", Column::App)], &[])
}

pub(super) fn by_place(asking: &Asking<'_>) -> Table {
    table(asking, &[("country", Column::Country), ("city", Column::City), ("ended", Column::Ended)], &[])
}

pub(super) fn by_device(asking: &Asking<'_>) -> Table {
    table(asking, &[("device", Column::Device), ("program", Column::Agent), ("ended", Column::Ended)], &[])
}

pub(super) fn by_result(asking: &Asking<'_>) -> Table {
    table(asking, &[("ended", Column::Ended), ("result", Column::Result)], &[])
}

pub(super) fn by_stream(asking: &Asking<'_>) -> Table {
    table(asking, &[("stream", Column::Stream), ("ended", Column::Ended)], &[])
}

/// Sign-ins whose client app cannot ask for a second factor.
const LEGACY: [(Column, &str); 1] = [(Column::Legacy, "legacy")];

pub(super) fn legacy_by_app(asking: &Asking<'_>) -> Table {
    table(asking, &[("app", Column::App), ("protocol", Column::Client), ("ended", Column::Ended)], &LEGACY)
}

pub(super) fn legacy_by_protocol(asking: &Asking<'_>) -> Table {
    table(asking, &[("protocol", Column::Client), ("user", Column::User), ("ended", Column::Ended)], &LEGACY)
}

pub(super) fn legacy_by_address(asking: &Asking<'_>) -> Table {
    table(asking, &[("address", Column::Address), ("protocol", Column::Client), ("country", Column::Country)], &LEGACY)
}

pub(super) fn conditional_access(asking: &Asking<'_>) -> Table {
    table(asking, &[("outcome", Column::Access), ("factors", Column::Requirement), ("ended", Column::Ended)], &[])
}

pub(super) fn policies(asking: &Asking<'_>) -> Table {
    table(asking, &[("policy", Column::Policy)], &[])
}

pub(super) fn service_principals(asking: &Asking<'_>) -> Table {
    let by = [("identity", Column::User), ("address", Column::Address), ("result", Column::Result)];
    table(asking, &by, &[(Column::Stream, "service principal")])
}

pub(super) fn managed_identities(asking: &Asking<'_>) -> Table {
    let by = [("identity", Column::User), ("resource", Column::Resource), ("result", Column::Result)];
    table(asking, &by, &[(Column::Stream, "managed identity")])
}

pub(super) fn by_hour(asking: &Asking<'_>) -> Table {
    table(asking, &[("user", Column::User), ("hour", Column::Hour), ("ended", Column::Ended)], &[])
}
