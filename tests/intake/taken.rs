//! What a reader hands on, kept to be compared.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::Value;
use signin_sleuth::intake::{Cell, Intake, Keys, Problem, Record, Sink};

/// Paths that the tests look for.
pub(crate) const PATHS: &[&str] =
    &["id", "time", "name", "properties", "properties.id", "properties.status", "list", "User Name"];

/// One thing that was handed on.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Taken {
    /// A record: its offset and values by path.
    Record(u64, BTreeMap<&'static str, Value>),
    /// A rejected record: its offset.
    Rejected(u64, Problem),
    /// The input as a whole.
    Failed(Problem),
}

/// Everything that was handed on.
#[derive(Debug, Default)]
pub(crate) struct All {
    /// Records and rejections in order.
    pub(crate) taken: Vec<Taken>,
    /// Keys beside the list.
    pub(crate) marks: Vec<String>,
    /// Records some of whose bytes were no UTF-8.
    pub(crate) damaged: usize,
    /// Whether the input ended between records.
    pub(crate) is_whole: bool,
}

impl All {
    /// Values of the records, offsets left out.
    pub(crate) fn records(&self) -> Vec<&BTreeMap<&'static str, Value>> {
        self.taken
            .iter()
            .filter_map(|taken| if let Taken::Record(_, values) = taken { Some(values) } else { None })
            .collect()
    }

    /// Offsets of the records.
    pub(crate) fn offsets(&self) -> Vec<u64> {
        self.taken
            .iter()
            .filter_map(|taken| if let Taken::Record(offset, _) = taken { Some(*offset) } else { None })
            .collect()
    }

    /// What was rejected.
    pub(crate) fn rejected(&self) -> Vec<(u64, &Problem)> {
        let rejected =
            |taken| if let &Taken::Rejected(offset, ref problem) = taken { Some((offset, problem)) } else { None };
        self.taken.iter().filter_map(rejected).collect()
    }
}

impl Sink for All {
    fn record(&mut self, cells: &[Cell<'_>], record: &Record<'_>) {
        let mut values = BTreeMap::new();
        for (path, cell) in PATHS.iter().zip(cells) {
            let value = match cell {
                Cell::Absent => continue,
                // Values are compared as what they mean; one that is no UTF-8 as what it shows.
                Cell::Json(raw) => serde_json::from_slice(raw)
                    .unwrap_or_else(|_| Value::String(cell.text(&mut String::new()).unwrap_or_default().into_owned())),
                Cell::Text(text) => Value::String(String::from_utf8_lossy(text).into_owned()),
            };
            values.insert(*path, value);
        }
        self.damaged += usize::from(record.is_damaged);
        self.taken.push(Taken::Record(record.offset, values));
    }

    fn reject(&mut self, offset: u64, problem: Problem) {
        self.taken.push(Taken::Rejected(offset, problem));
    }

    fn fail(&mut self, problem: Problem) {
        self.taken.push(Taken::Failed(problem));
    }

    fn mark(&mut self, key: &str) {
        self.marks.push(key.to_owned());
    }

    fn column(&mut self, name: &str) -> Option<usize> {
        PATHS.iter().position(|path| path.eq_ignore_ascii_case(name.trim()))
    }
}

/// Reads bytes in chunks of these sizes, over and over.
pub(crate) fn read(bytes: &[u8], sizes: &[usize]) -> All {
    let mut all = All::default();
    let mut intake = Intake::new(Arc::new(Keys::new(PATHS)), 7);
    let mut rest = bytes;
    for size in sizes.iter().cycle() {
        if rest.is_empty() {
            break;
        }
        let (piece, after) = rest.split_at((*size).clamp(1, rest.len()));
        intake.feed(piece, &mut all);
        rest = after;
    }
    all.is_whole = intake.finish(&mut all);
    all
}

/// Reads bytes whole, and makes sure that every way of cutting them gives the same.
pub(crate) fn read_every_way(bytes: &[u8]) -> All {
    let whole = read(bytes, &[usize::MAX]);
    let step = bytes.len().div_ceil(200).max(1);
    for at in (1..bytes.len()).step_by(step) {
        let cut = read(bytes, &[at, usize::MAX]);
        assert_eq!(cut.taken, whole.taken, "cut at {at}");
        assert_eq!(cut.is_whole, whole.is_whole, "cut at {at}");
    }
    for sizes in [&[1][..], &[7], &[64], &[3, 1, 200], &[4_096]] {
        assert_eq!(read(bytes, sizes).taken, whole.taken, "chunks of {sizes:?}");
    }
    whole
}
