//! *Read*: a slice of an input becomes a part, which holds events and what was learned of the input.

use twox_hash::XxHash3_64;

use crate::enrichment::{Database, Enrichment, NetworkKind};
use crate::events::Store;
use crate::formats::{self, Outcome, Reader, Tally};
use crate::intake::{Cell, Intake, Problem, Record, Sink};

/// Rejected records kept with their place; more are only counted.
const KEPT: usize = 100;

/// A record that became no event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused {
    /// Number of the record in its part.
    pub record: u64,
    /// Byte offset.
    pub offset: u64,
    /// Why, in words without any of its content.
    pub reason: String,
}

/// What one slice of an input became.
#[derive(Clone, Debug)]
pub struct Part {
    /// Name of the input.
    pub name: String,
    /// Number of the input as the conductor counts, to tell inputs of one name apart.
    pub input: u32,
    /// First byte of the slice in the input.
    pub from: u64,
    /// Bytes fed.
    pub bytes: u64,
    /// Events.
    pub store: Store,
    /// What was learned beside.
    pub tally: Tally,
    /// What says more about events of other inputs.
    pub enrichment: Enrichment,
    /// Records of any kind.
    pub records: u64,
    /// Records of a known format.
    pub known: u64,
    /// Records that say more about events of other inputs.
    pub enriching: u64,
    /// The first rejected records.
    pub refused: Vec<Refused>,
    /// How many were rejected.
    pub refused_total: u64,
    /// A sum over the records' own hashes: the same however the input was cut.
    pub fingerprint: u64,
    /// Why nothing could be read, where that is so.
    pub failure: Option<String>,
    /// Whether the slice began and ended between records.
    pub whole: bool,
}

impl Default for Part {
    fn default() -> Self {
        Self {
            name: String::new(),
            input: 0,
            from: 0,
            bytes: 0,
            store: Store::new(0),
            tally: Tally::default(),
            enrichment: Enrichment::default(),
            records: 0,
            known: 0,
            enriching: 0,
            refused: Vec::new(),
            refused_total: 0,
            fingerprint: 0,
            failure: None,
            whole: true,
        }
    }
}

/// Reads a slice of an input, fed any chunk sizes.
#[derive(Debug)]
pub struct Reading {
    intake: Intake,
    taker: Taker,
}

impl Reading {
    /// Begins a slice: `input` is the number by which the conductor knows the input, `from` the
    /// slice's first byte in it. A slice from the middle begins at a line of an input that has one
    /// JSON value a line.
    #[must_use]
    pub fn new(name: &str, input: u32, from: u64) -> Self {
        // Texts are chosen by whoever wrote the log; what keys their hash must not be the same in
        // every run over every file.
        let seed = XxHash3_64::oneshot_with_seed(from.wrapping_add(0x5EED), name.as_bytes());
        let reader = Reader::new(seed).named(name);
        let keys = reader.layout().keys();
        let intake = if from == 0 { Intake::new(keys, seed) } else { Intake::from_line(keys, from, seed) };
        let part = Part { name: name.to_owned(), input, from, ..Part::default() };
        Self { intake, taker: Taker { reader, part } }
    }

    /// Takes a person's word for it: the input is a list of networks of this kind, if it is no export.
    #[must_use]
    pub fn listing(mut self, kind: NetworkKind) -> Self {
        self.taker.reader = self.taker.reader.listing(kind);
        self
    }

    /// Takes the next bytes of the file.
    pub fn feed(&mut self, bytes: &[u8]) {
        self.taker.part.bytes += bytes.len() as u64;
        self.intake.feed(bytes, &mut self.taker);
    }

    /// Records read so far.
    #[must_use]
    pub fn records(&self) -> u64 {
        self.taker.part.records
    }

    /// Records rejected so far.
    #[must_use]
    pub fn rejected(&self) -> u64 {
        self.taker.part.refused_total
    }

    /// Ends the slice where no more of it can be had: what came before is kept, and that something
    /// is missing is said.
    #[must_use]
    pub fn break_off(mut self, problem: Problem) -> Part {
        let at = self.taker.part.from + self.taker.part.bytes;
        if at == 0 {
            self.taker.fail(problem);
            return self.taker.end();
        }
        self.intake.break_off(at, problem, &mut self.taker);
        self.taker.end()
    }

    /// Ends the slice.
    #[must_use]
    pub fn finish(mut self) -> Part {
        self.taker.part.whole = self.intake.finish(&mut self.taker);
        self.taker.end()
    }
}

/// Takes the records of a slice.
#[derive(Debug)]
struct Taker {
    reader: Reader,
    part: Part,
}

impl Taker {
    fn end(self) -> Part {
        let Self { reader, mut part } = self;
        part.store = reader.store;
        part.tally = reader.tally;
        part.enrichment = reader.enrichment;
        part
    }

    fn count(&mut self, outcome: Outcome, bytes: &[u8], offset: u64) {
        let number = self.part.records;
        self.part.fingerprint = self.part.fingerprint.wrapping_add(XxHash3_64::oneshot(bytes));
        self.part.records += u64::from(outcome != Outcome::Remark);
        match outcome {
            Outcome::Event | Outcome::Other => self.part.known += 1,
            Outcome::Enrichment => {
                self.part.known += 1;
                self.part.enriching += 1;
            }
            Outcome::Remark => {}
            Outcome::Refused(refusal) => self.refuse(number, offset, || refusal.to_string()),
        }
    }

    fn refuse(&mut self, record: u64, offset: u64, reason: impl FnOnce() -> String) {
        self.part.refused_total += 1;
        if self.part.refused.len() < KEPT {
            self.part.refused.push(Refused { record, offset, reason: reason() });
        }
    }
}

impl Sink for Taker {
    fn record(&mut self, cells: &[Cell<'_>], record: &Record<'_>) {
        let number = self.part.records;
        if record.is_damaged {
            *self.reader.tally.damaged.entry(Tally::TEXT).or_default() += 1;
        }
        let outcome = self.reader.take(cells, number, record.offset);
        if matches!(outcome, Outcome::Event | Outcome::Other) {
            self.reader.note_damage(record.damaged);
        }
        self.count(outcome, record.bytes, record.offset);
    }

    fn reject(&mut self, offset: u64, problem: Problem) {
        let number = self.part.records;
        self.part.records += 1;
        self.refuse(number, offset, || problem.to_string());
    }

    fn fail(&mut self, problem: Problem) {
        self.part.failure.get_or_insert_with(|| problem.to_string());
    }

    fn database(&mut self, bytes: Vec<u8>) {
        let sum = XxHash3_64::oneshot(&bytes);
        let Some(database) = Database::open(bytes) else {
            return self
                .fail(Problem::Unreadable("a database of addresses that is damaged, or of another version than 2"));
        };
        self.part.fingerprint = self.part.fingerprint.wrapping_add(sum);
        (self.part.records, self.part.known, self.part.enriching) = (1, 1, 1);
        self.reader.tally.formats.insert(formats::DATABASE);
        self.mark(database.kind());
        self.reader.enrichment.databases.push(database);
    }

    fn mark(&mut self, key: &str) {
        let pages = &mut self.reader.tally.pages;
        match key {
            "@odata.context" => pages.0 += 1,
            "@odata.nextLink" => pages.1 += 1,
            _ => {}
        }
        // A hostile file can have any number of keys beside its list.
        if self.reader.tally.marks.len() < 64 && key.len() <= 64 {
            self.reader.tally.marks.insert(key.to_owned());
        }
    }

    fn column(&mut self, name: &str) -> Option<usize> {
        self.reader.column(name)
    }

    fn columns(&mut self, names: &[String], first: &[&[u8]]) -> Vec<Option<usize>> {
        let slots = self.reader.columns(names, first);
        if let Some(outcome) = self.reader.first_row() {
            self.count(outcome, names.join(",").as_bytes(), 0);
        }
        slots
    }

    fn is_header(&mut self, names: &[String], first: &[&[u8]]) -> bool {
        self.reader.is_header(names, first)
    }

    fn sheet(&mut self, number: u16, name: &str) {
        self.reader.sheet(number, name);
    }

    fn other(&mut self, sheet: &str, rows: u64) {
        self.part.records += rows;
        self.part.known += rows;
        self.reader.other_sheet(sheet, rows);
    }
}
