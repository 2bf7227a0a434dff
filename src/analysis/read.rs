//! *Read*: a slice of an input becomes a part, which holds events and what was learned of the input.

use twox_hash::XxHash3_64;

use crate::events::Store;
use crate::formats::{Outcome, Reader, Tally};
use crate::intake::Cell;

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
#[derive(Debug)]
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
    /// Records of any kind.
    pub records: u64,
    /// Records of a known format.
    pub known: u64,
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
            records: 0,
            known: 0,
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
    part: Part,
    held: Vec<u8>,
}

impl Reading {
    /// Begins a slice: `input` is the number by which the conductor knows the input, `from` the
    /// slice's first byte in it.
    #[must_use]
    pub fn new(name: &str, input: u32, from: u64) -> Self {
        Self { part: Part { name: name.to_owned(), input, from, ..Part::default() }, held: Vec::new() }
    }

    /// Takes the next bytes.
    pub fn feed(&mut self, bytes: &[u8]) {
        self.part.bytes += bytes.len() as u64;
        self.held.extend_from_slice(bytes);
    }

    /// Records read so far.
    #[must_use]
    pub fn records(&self) -> u64 {
        self.part.records
    }

    /// Ends the slice.
    #[must_use]
    pub fn finish(mut self) -> Part {
        // placeholder: NDJSON by serde_json
        let mut reader = Reader::new(0);
        let keys = reader.layout().keys();
        let mut offset = self.part.from;
        for line in self.held.split_inclusive(|byte| *byte == b'\n') {
            let at = offset;
            offset += line.len() as u64;
            if line.trim_ascii().is_empty() {
                continue;
            }
            let record = self.part.records;
            self.part.records += 1;
            self.part.fingerprint = self.part.fingerprint.wrapping_add(XxHash3_64::oneshot(line));
            let Ok(value) = serde_json::from_slice::<serde_json::Value>(line) else { continue };
            let find = |path: &str| {
                let mut value = &value;
                for step in path.split('.') {
                    value = value.as_object()?.iter().find(|(key, _)| key.eq_ignore_ascii_case(step))?.1;
                }
                Some(value.to_string().into_bytes())
            };
            let raws: Vec<Option<Vec<u8>>> = keys.paths().map(find).collect();
            let cells: Vec<Cell<'_>> =
                raws.iter().map(|raw| raw.as_ref().map_or(Cell::Absent, |raw| Cell::Json(raw))).collect();
            match reader.take(&cells, record, at) {
                Outcome::Event | Outcome::Other => self.part.known += 1,
                Outcome::Refused(refusal) => {
                    self.part.refused_total += 1;
                    if self.part.refused.len() < KEPT {
                        self.part.refused.push(Refused { record, offset: at, reason: refusal.to_string() });
                    }
                }
            }
        }
        self.part.store = reader.store;
        self.part.tally = reader.tally;
        self.part
    }
}
