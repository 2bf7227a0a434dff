use crate::analysis::{Case, Reading};
use crate::generate;
use crate::report::page::column::values;
use crate::report::page::dense::Index;

use super::*;

const COLUMNS: [Column; 29] = [
    Column::User,
    Column::App,
    Column::Resource,
    Column::Scope,
    Column::Country,
    Column::City,
    Column::Network,
    Column::Address,
    Column::Device,
    Column::Agent,
    Column::Result,
    Column::Ended,
    Column::Stream,
    Column::Client,
    Column::Legacy,
    Column::Protocol,
    Column::Transfer,
    Column::Access,
    Column::Policy,
    Column::Requirement,
    Column::Protection,
    Column::Token,
    Column::Method,
    Column::Risk,
    Column::Session,
    Column::Hour,
    Column::Credential,
    Column::Operation,
    Column::Category,
];

fn case() -> Case {
    let read = |(number, file): (usize, generate::File)| {
        let mut reading = Reading::new(&file.name, number as u32, 0);
        reading.feed(&file.bytes);
        reading.finish()
    };
    Case::gather(generate::sample().into_iter().enumerate().map(read).collect())
}

/// As a record's values are named one by one.
fn expected(case: &Case, column: Column, record: Record<'_>) -> Vec<Option<String>> {
    let mut all: Vec<Option<String>> = Vec::new();
    for named in values(case, column, record) {
        if !all.contains(&named.value) {
            all.push(named.value);
        }
    }
    if all.is_empty() { vec![Some(String::new())] } else { all }
}

#[test]
fn readers_and_columns_have_the_values_that_records_have() {
    let case = case();
    let index = Index::of(&case);
    for column in COLUMNS {
        let mut reader = Reader::new(&case, column);
        let dense = index.column(&case, column);
        for (place, (number, person)) in index.order.iter().zip(&index.person).enumerate() {
            let record = Record::SignIn(case.store.sign_in(*number).expect("a sign-in"), *person);
            let expected = expected(&case, column, record);
            let read = reader.read(record).to_vec();
            let named: Vec<Named> = read.iter().map(|number| reader.named(*number)).collect();
            assert!(named.iter().map(|named| &named.value).eq(&expected), "{column:?}");
            let at = dense.at(place, &mut 0).to_vec();
            assert_eq!(at.iter().map(|number| dense.named(&case, *number)).collect::<Vec<_>>(), named);
            for (number, value) in at.iter().zip(&expected) {
                assert_eq!(dense.values.number(value.as_deref()), Some(*number));
                assert_eq!(dense.label(&case, *number), dense.named(&case, *number).label);
            }
        }
        // No reader reads sign-ins and acts.
        let mut reader = Reader::new(&case, column);
        let audits = case.store.audits.iter().map(Record::Audit);
        for record in audits.chain(case.store.activities.iter().map(Record::Activity)) {
            let read = reader.read(record).to_vec();
            let named: Vec<Option<String>> = read.iter().map(|number| reader.named(*number).value).collect();
            assert_eq!(named, expected(&case, column, record), "{column:?}");
        }
    }
}
