//! The end of an input that breaks off: the record that is cut is rejected once, for what cut it.

use super::{Cell, Problem, Record, Sink};

/// Passes on what is read, but holds back the last record that is rejected.
pub(super) struct BrokenOff<'s> {
    sink: &'s mut dyn Sink,
    held: Option<(u64, Problem)>,
}

impl<'s> BrokenOff<'s> {
    /// Before the rest of an input is read.
    pub(super) fn new(sink: &'s mut dyn Sink) -> Self {
        Self { sink, held: None }
    }

    /// The rest was read: what was rejected last was cut, for this reason. `at` is the place of the cut,
    /// where it cuts no record.
    pub(super) fn reject(self, at: u64, problem: Problem) {
        let offset = self.held.map_or(at, |(offset, _)| offset);
        self.sink.reject(offset, problem);
    }
}

impl Sink for BrokenOff<'_> {
    fn record(&mut self, cells: &[Cell<'_>], record: &Record<'_>) {
        self.release();
        self.sink.record(cells, record);
    }

    fn reject(&mut self, offset: u64, problem: Problem) {
        self.release();
        self.held = Some((offset, problem));
    }

    fn fail(&mut self, problem: Problem) {
        self.sink.fail(problem);
    }

    fn database(&mut self, bytes: Vec<u8>) {
        self.sink.database(bytes);
    }

    fn mark(&mut self, key: &str) {
        self.sink.mark(key);
    }

    fn column(&mut self, name: &str) -> Option<usize> {
        self.sink.column(name)
    }

    fn columns(&mut self, names: &[String], first: &[&[u8]]) -> Vec<Option<usize>> {
        self.sink.columns(names, first)
    }

    fn is_header(&mut self, names: &[String], first: &[&[u8]]) -> bool {
        self.sink.is_header(names, first)
    }

    fn sheet(&mut self, number: u16, name: &str) {
        self.sink.sheet(number, name);
    }

    fn other(&mut self, sheet: &str, rows: u64) {
        self.sink.other(sheet, rows);
    }
}

impl BrokenOff<'_> {
    /// What was rejected before something else was read was not cut.
    fn release(&mut self) {
        if let Some((offset, problem)) = self.held.take() {
            self.sink.reject(offset, problem);
        }
    }
}
