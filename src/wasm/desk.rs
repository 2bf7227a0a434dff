//! The first worker's part: waits for the parts, makes the case, answers.

use crate::order::Map;

use crate::analysis::clock::Times;
use crate::analysis::{Case, Part, Reading};
use crate::detections::{Tuning, TuningError};
use crate::generate;
use crate::report::page::Desk;

use super::messages::{News, Reason, TimesTold};
use super::{answer, post, refuse};

/// The case that questions are about, and the parts of one to come.
#[derive(Default)]
pub(super) struct Desks {
    parts: Map<u32, Part>,
    wanted: Option<Wanted>,
    /// Jobs below this number are gathered or forgotten: what arrives of them later was cut wrongly and has been read
    /// again, or nobody waits for it any more.
    first: u32,
    desk: Option<Desk>,
}

struct Wanted {
    id: u32,
    jobs: Vec<u32>,
    tuning: Map<String, String>,
    times: Times,
    /// Whether they are added to the case that is there.
    add: bool,
}

impl Desks {
    /// A part is here; it may be the last that was waited for.
    pub(super) fn arrive(&mut self, job: u32, part: Part) {
        if job >= self.first {
            self.parts.insert(job, part);
            self.gather_if_all_are_here();
        }
    }

    /// Parts of jobs below this number are not wanted any more.
    pub(super) fn forget(&mut self, below: u32) {
        self.first = self.first.max(below);
        self.parts.retain(|job, _| *job >= below);
        self.wanted = None;
    }

    pub(super) fn gather(
        &mut self,
        id: u32,
        jobs: Vec<u32>,
        add: bool,
        tuning: Map<String, String>,
        times: &Map<String, TimesTold>,
    ) {
        self.wanted = Some(Wanted { id, jobs, tuning, times: told(times), add });
        self.gather_if_all_are_here();
    }

    fn gather_if_all_are_here(&mut self) {
        let all_here = |wanted: &mut Wanted| wanted.jobs.iter().all(|job| self.parts.contains_key(job));
        let Some(Wanted { id, jobs, tuning, times, add }) = self.wanted.take_if(all_here) else { return };
        let tuning = match tuned(&tuning) {
            Ok(tuning) => tuning,
            Err(error) => return refuse(id, Reason::Tuning, &error.to_string()),
        };
        self.first = jobs.iter().max().map_or(self.first, |last| last + 1);
        let mut parts = std::mem::take(&mut self.parts);
        let parts = jobs.iter().filter_map(|job| parts.remove(job)).collect();
        let case = match self.desk.take().filter(|_| add) {
            Some(desk) => desk.into_case().add(parts, &times),
            None => Case::gather_told(parts, &times),
        };
        let sources = case.inputs.iter().map(|input| input.source).collect();
        let events = case.store.events() as u64;
        self.desk.insert(Desk::new(case, tuning)).prepare();
        post(&News::Gathered { id, sources, events, memory: memory() }, &[]);
    }

    /// What would be answered if no part came any more. It costs a copy of the parts for as long as it
    /// takes; those that were cut wrongly are left out, for they will be read again.
    pub(super) fn preview(
        &self,
        id: u32,
        tuning: &Map<String, String>,
        times: &Map<String, TimesTold>,
        question: &str,
    ) {
        let tuning = match tuned(tuning) {
            Ok(tuning) => tuning,
            Err(error) => return refuse(id, Reason::Tuning, &error.to_string()),
        };
        let parts = self.parts.values().filter(|part| part.whole).cloned().collect();
        match Desk::new(Case::gather_told(parts, &told(times)), tuning).answer(question.as_bytes()) {
            Ok(bytes) => answer(id, &bytes),
            Err(message) => refuse(id, Reason::Question, &message),
        }
    }

    pub(super) fn tune(&mut self, id: u32, changes: &Map<String, String>) {
        match self.desk().tune(changes) {
            Ok(()) => answer(id, b"null"),
            Err(error) => refuse(id, Reason::Tuning, &error.to_string()),
        }
    }

    pub(super) fn allow(&mut self, id: u32, entries: &str) {
        match serde_json::from_str(entries) {
            Ok(entries) => {
                self.desk().allow(entries);
                answer(id, b"null");
            }
            Err(_) => refuse(id, Reason::Question, "it is no allow list"),
        }
    }

    pub(super) fn ask(&mut self, id: u32, question: &str) {
        match self.desk().answer(question.as_bytes()) {
            Ok(bytes) => answer(id, &bytes),
            Err(message) => refuse(id, Reason::Question, &message),
        }
    }

    /// Before anything is read, questions are about a case of nothing.
    fn desk(&mut self) -> &mut Desk {
        self.desk.get_or_insert_with(|| Desk::new(Case::gather(Vec::new()), Tuning::default()))
    }
}

/// Goes the whole way once with the sample tenant.
pub(super) fn prepare() {
    let read = |(number, file): (usize, generate::File)| {
        let mut reading = Reading::new(&file.name, number as u32, 0);
        reading.feed(&file.bytes);
        reading.finish()
    };
    let parts = generate::sample().into_iter().enumerate().map(read).collect();
    // What is said is of no interest, nor that nothing is: nobody waits for it.
    let _answered = Desk::new(Case::gather(parts), Tuning::default()).rehearse();
}

fn told(times: &Map<String, TimesTold>) -> Times {
    let by_name = times.iter().map(|(name, told)| (name.clone(), told.told())).collect();
    Times { by_name, whole_names: true, ..Times::default() }
}

fn tuned(changes: &Map<String, String>) -> Result<Tuning, TuningError> {
    let mut tuning = Tuning::default();
    for (key, value) in changes {
        tuning.set(key, value)?;
    }
    Ok(tuning)
}

/// Bytes of this worker's memory. It never shrinks.
fn memory() -> u64 {
    (core::arch::wasm32::memory_size::<0>() as u64) << 16
}
