//! Inputs on their way into a case: parts that were just read, and inputs that a case was made of before.

use crate::enrichment::{Database, Enrichment, Entry, Lists, UserEntry};
use crate::events::Store;
use crate::events::time::{DayOrder, DayOrderEvidence};
use crate::formats::Tally;
use crate::order::{Arrange, Map, Set};

use super::enrich::Filled;
use super::{Input, Part, Refused, clock};

/// What was read, beside the rows, and as it was before inputs said anything of each other.
#[derive(Debug, Default)]
pub(super) struct ReadInputs {
    /// Each with a hash of its content, in the order of the report.
    inputs: Vec<(u64, Input)>,
    /// Networks of lists, each with the number of its input.
    pub(super) networks: Vec<(u32, Entry)>,
    /// Databases of addresses, each with the number of its input.
    pub(super) databases: Vec<(u32, Database)>,
    /// Users, each with the number of the input that says something of them.
    pub(super) users: Vec<(u32, UserEntry)>,
    /// Where databases changed the location of rows.
    pub(super) filled: Filled,
}

impl ReadInputs {
    /// The inputs, none of them joined with another.
    pub(super) fn inputs(&self) -> Vec<Input> {
        self.inputs.iter().map(|(_, input)| input.clone()).collect()
    }

    /// What keys the hashes of what is in them.
    pub(super) fn seed(&self) -> u64 {
        self.inputs.iter().fold(0_u64, |seed, (content, _)| seed.rotate_left(7) ^ content)
    }

    /// Takes back what a case did with them: the locations of rows, and the networks it knows.
    pub(super) fn restore(&mut self, store: &mut Store, lists: Lists) {
        self.filled.undo(store);
        self.networks = lists.into_entries();
        // What databases say of addresses is asked anew.
        self.networks.retain(|(input, _)| !self.databases.iter().any(|(database, _)| database == input));
    }

    fn renumber(&mut self, numbers: &[u32]) {
        let new = |old: &mut u32| *old = numbers.get(*old as usize).copied().unwrap_or(u32::MAX);
        self.networks.iter_mut().for_each(|(input, _)| new(input));
        self.databases.iter_mut().for_each(|(input, _)| new(input));
        self.users.iter_mut().for_each(|(input, _)| new(input));
    }
}

/// Where the rows of an input are.
enum Rows {
    /// In the store, under this number.
    Held(u32, Box<Input>),
    /// In parts, in order.
    Read(Vec<Part>),
}

/// Puts the parts of each input together, and all inputs in order: by name, content, and the conductor's number.
/// `store` and `read` are what a case was made of before, every row as it was read.
pub(super) fn assemble(mut store: Store, mut read: ReadInputs, parts: Vec<Part>) -> (Store, ReadInputs) {
    let held = std::mem::take(&mut read.inputs).into_iter().zip(0..);
    let mut all: Vec<(Vec<u8>, u64, Rows)> = held
        .map(|((content, input), number)| {
            (input.name.clone().into_bytes(), content, Rows::Held(number, Box::new(input)))
        })
        .collect();
    let mut numbers = vec![0; all.len()];
    let mut by_input: Map<(Vec<u8>, u32), Vec<Part>> = Map::new();
    for part in parts {
        by_input.entry((part.name.clone().into_bytes(), part.input)).or_default().push(part);
    }
    all.extend(by_input.into_iter().map(|((name, _), mut parts)| {
        parts.arrange_by_key(|part| part.from);
        let content = parts.iter().fold(0_u64, |sum, part| sum.wrapping_add(part.fingerprint));
        (name, content, Rows::Read(parts))
    }));
    all.arrange_by(|left, right| (&left.0, left.1).cmp(&(&right.0, right.1)));
    if numbers.is_empty() {
        store = Store::new(all.iter().fold(0_u64, |seed, (_, content, _)| seed.rotate_left(7) ^ content));
    }
    for ((_, _, rows), new) in all.iter().zip(0..) {
        if let Rows::Held(old, _) = rows
            && let Some(number) = numbers.get_mut(*old as usize)
        {
            *number = new;
        }
    }
    read.renumber(&numbers);
    let mut rows = store.take_rows();
    for ((_, content, from), number) in all.into_iter().zip(0..) {
        let input = match from {
            Rows::Held(old, input) => {
                store.put_back(&mut rows, old, number);
                *input
            }
            Rows::Read(parts) => take_in(&mut store, &mut read, number, parts),
        };
        read.inputs.push((content, input));
    }
    (store, read)
}

/// Takes in an input that was just read, and what it says of others.
fn take_in(store: &mut Store, read: &mut ReadInputs, number: u32, mut parts: Vec<Part>) -> Input {
    let before = (read.networks.len(), read.users.len());
    let mut trusted = Vec::new();
    for part in &mut parts {
        let Enrichment { networks, trusted: own, users, databases } = std::mem::take(&mut part.enrichment);
        trusted.extend(own);
        read.networks.extend(networks.into_iter().map(|entry| (number, entry)));
        read.users.extend(users.into_iter().map(|entry| (number, entry)));
        read.databases.extend(databases.into_iter().map(|database| (number, database)));
    }
    let mut input = input(store, number, parts);
    input.gave.networks = (read.networks.len() - before.0) as u64;
    // Each part says it of the same addresses again.
    trusted.arrange();
    trusted.dedup();
    input.gave.trusted = trusted.len() as u64;
    read.networks.extend(trusted.into_iter().map(|entry| (number, entry)));
    input.gave.users = (read.users.len() - before.1) as u64;
    input
}

fn input(store: &mut Store, index: u32, parts: Vec<Part>) -> Input {
    let mut input = Input::default();
    let mut tally = Tally::default();
    let mut known = 0;
    let days = parts.iter().fold(DayOrderEvidence::default(), |days, part| days.merge(part.tally.days));
    for mut part in parts {
        let base = input.records;
        input.name = std::mem::take(&mut part.name);
        input.source = part.input;
        input.bytes += part.bytes;
        input.records += part.records;
        input.refused_total += part.refused_total;
        input
            .refused
            .extend(part.refused.into_iter().map(|refused| Refused { record: refused.record + base, ..refused }));
        known += part.known;
        input.enrichment += part.enriching;
        input.failure = input.failure.take().or(part.failure);
        if part.tally.ambiguous_days > 0 && days.decide() != DayOrder::Unknown {
            clock::settle_days(&mut part.store, days.decide() == DayOrder::DayFirst);
        }
        tally.merge(part.tally);
        store.absorb(part.store, |_, record, offset| {
            (index, record.saturating_add(u32::try_from(base).unwrap_or(u32::MAX)), offset)
        });
    }
    input.refused.truncate(100);
    let Tally {
        formats,
        marks,
        other,
        damaged,
        flattened,
        days,
        ambiguous_days,
        without_zone,
        local_times,
        pages,
        previews,
        languages,
        sheets,
    } = tally;
    let input = named(input, known, &formats, marks);
    let input = Input { pages, previews, ..input };
    Input { other, damaged, flattened, days, ambiguous_days, without_zone, local_times, languages, sheets, ..input }
}

/// Gives an input its format. One of which nothing was recognised has no records, and one reason.
fn named(mut input: Input, known: u64, formats: &Set<&str>, marks: Set<String>) -> Input {
    if known == 0 {
        let reason = input.refused.first().map(|refused| refused.reason.clone());
        input.failure = input.failure.take().or(reason).or_else(|| Some("it holds no records".to_owned()));
        input.format = "unknown".to_owned();
        (input.records, input.refused_total) = (0, 0);
        input.refused.clear();
        return input;
    }
    input.format = if formats.is_empty() {
        "other-tables".to_owned()
    } else {
        formats.iter().copied().collect::<Vec<_>>().join("+")
    };
    input.marks = marks.into_iter().collect();
    input
}
