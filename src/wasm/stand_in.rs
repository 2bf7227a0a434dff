//! Stands in for what other rooms are about to offer.

use std::collections::BTreeMap;

use crate::analysis::{Case, detect, merge};
use crate::detections::{Tuning, TuningError};
use crate::report::Reporter;

pub(super) struct Desk {
    case: Case,
    tuning: Tuning,
}

impl Desk {
    pub(super) fn new(case: Case, tuning: Tuning) -> Self {
        Self { case, tuning }
    }

    pub(super) fn tune(&mut self, changes: &BTreeMap<String, String>) -> Result<(), TuningError> {
        changes.iter().try_for_each(|(key, value)| self.tuning.set(key, value))
    }

    pub(super) fn answer(&self, _question: &[u8]) -> Result<Vec<u8>, String> {
        let people = detect(&self.case, 0..self.case.buckets.len(), &self.tuning);
        let merged = merge(&self.case, people);
        let report = Reporter { case: &self.case, merged: &merged, tuning: &self.tuning }.report();
        serde_json::to_vec(&report).map_err(|error| error.to_string())
    }
}

pub(super) struct Excerpt {
    skip: u64,
    held: Vec<u8>,
}

impl Excerpt {
    pub(super) fn new(offset: u64) -> Self {
        Self::starting_at(offset, 0)
    }

    pub(super) fn starting_at(offset: u64, first: u64) -> Self {
        Self { skip: offset - first, held: Vec::new() }
    }

    pub(super) fn feed(&mut self, bytes: &[u8]) -> bool {
        let skipped = self.skip.min(bytes.len() as u64);
        self.skip -= skipped;
        self.held.extend(bytes.iter().skip(skipped as usize).take_while(|byte| **byte != b'\n'));
        bytes.iter().skip(skipped as usize).any(|byte| *byte == b'\n')
    }

    pub(super) fn finish(self) -> Option<String> {
        String::from_utf8(self.held).ok().filter(|text| !text.is_empty())
    }
}

pub(super) struct File {
    pub(super) name: String,
    pub(super) bytes: Vec<u8>,
}

pub(super) fn sample() -> Vec<File> {
    Vec::new()
}
