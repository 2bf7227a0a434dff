//! The first step on threads: sources become parts. Large files of one record a line are cut, so
//! that no thread waits while another reads; what was cut wrongly is read again in one piece.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::{self, Read as _, Seek as _, SeekFrom};
use std::sync::Mutex;
use std::thread;

use sha2::{Digest as _, Sha256};
use signin_sleuth::analysis::{Part, Reading};

use super::cut;
use super::progress::Progress;
use super::sources::{Place, Source, reason};

/// Bytes read at once.
const CHUNK: usize = 1 << 20;
/// Bytes of a pipe that are kept, so that a raw record can be shown again.
const SPOOL: usize = 64 << 20;

/// What is wanted beside the parts.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Wanted {
    /// SHA-256 of each source.
    pub(crate) hashes: bool,
    /// The bytes of pipes, because nothing else can read them again.
    pub(crate) spool: bool,
}

/// All sources, read.
#[derive(Debug, Default)]
pub(crate) struct ReadAll {
    /// The parts, their `input` the number of the source.
    pub(crate) parts: Vec<Part>,
    /// SHA-256 by number of the source.
    pub(crate) hashes: BTreeMap<u32, String>,
    /// Bytes of pipes by number of the source; none of one that was too long.
    pub(crate) spooled: BTreeMap<u32, Vec<u8>>,
    /// Sources that could not be read to their end, and why.
    pub(crate) troubles: Vec<(String, String)>,
}

/// A slice of a source.
#[derive(Clone, Copy, Debug)]
struct Job {
    source: u32,
    from: u64,
    /// End of the slice; nothing for a pipe.
    to: Option<u64>,
}

/// What one slice became.
struct Done {
    part: Part,
    /// Whether it is the end of its source.
    is_last: bool,
    hash: Option<String>,
    spooled: Option<Vec<u8>>,
    trouble: Option<String>,
}

/// Reads all sources on this many threads.
pub(crate) fn read(sources: &[Source], threads: usize, wanted: Wanted, progress: &Progress) -> ReadAll {
    let jobs = jobs(sources, threads, wanted);
    let mut done = work(&jobs, threads, |job| one(sources, *job, wanted, progress));
    // A last slice that ends inside a record is a file that does: reading it in one piece would end
    // there too. All other slices must end where a record does.
    let cut_wrongly: BTreeSet<u32> =
        done.iter().filter(|done| !done.part.whole && !done.is_last).map(|done| done.part.input).collect();
    if !cut_wrongly.is_empty() {
        done.retain(|done| !cut_wrongly.contains(&done.part.input));
        let again: Vec<Job> = cut_wrongly.iter().filter_map(|&source| whole(source, sources)).collect();
        progress.again(again.iter().filter_map(|job| job.to).sum());
        done.extend(work(&again, threads, |job| one(sources, *job, wanted, progress)));
    }
    let mut all = ReadAll::default();
    for done in done {
        let source = done.part.input;
        all.troubles.extend(done.trouble.map(|why| (done.part.name.clone(), why)));
        all.hashes.extend(done.hash.map(|hash| (source, hash)));
        all.spooled.extend(done.spooled.map(|bytes| (source, bytes)));
        all.parts.push(done.part);
    }
    all.troubles.sort();
    all.troubles.dedup();
    all
}

/// Does the jobs on threads, each taking the next when it is free.
pub(crate) fn work<J: Sync, R: Send>(jobs: &[J], threads: usize, act: impl Fn(&J) -> R + Sync) -> Vec<R> {
    if threads <= 1 || jobs.len() <= 1 {
        return jobs.iter().map(act).collect();
    }
    let next = Mutex::new(jobs.iter());
    let results = Mutex::new(Vec::with_capacity(jobs.len()));
    thread::scope(|scope| {
        for _ in 0..threads.min(jobs.len()) {
            scope.spawn(|| {
                loop {
                    let job = next.lock().map_or(None, |mut jobs| jobs.next());
                    let Some(job) = job else { return };
                    let result = act(job);
                    if let Ok(mut results) = results.lock() {
                        results.push(result);
                    }
                }
            });
        }
    });
    results.into_inner().unwrap_or_default()
}

/// The slices of all sources, the longest first, so that the last to be done are short.
fn jobs(sources: &[Source], threads: usize, wanted: Wanted) -> Vec<Job> {
    let total: u64 = sources.iter().map(size).sum();
    let share = (total / threads.max(1) as u64).max(1);
    let mut jobs = Vec::new();
    for (source, place) in (0..).zip(sources) {
        match &place.place {
            // A hash needs the bytes in their order.
            Place::File(path, size) if threads > 1 && !wanted.hashes => {
                for (from, to) in cut::slices(path, *size, size.div_ceil(share)) {
                    jobs.push(Job { source, from, to: Some(to) });
                }
            }
            _ => jobs.extend(whole(source, sources)),
        }
    }
    jobs.sort_by_key(|job| std::cmp::Reverse(job.to.map_or(u64::MAX, |to| to - job.from)));
    jobs
}

fn whole(source: u32, sources: &[Source]) -> Option<Job> {
    let place = sources.get(source as usize)?;
    let to = if let Place::File(_, size) = place.place { Some(size) } else { None };
    Some(Job { source, from: 0, to })
}

/// Bytes of a source, as far as they are known before it is read.
pub(crate) fn size(source: &Source) -> u64 {
    if let Place::File(_, size) = source.place { size } else { 0 }
}

fn one(sources: &[Source], job: Job, wanted: Wanted, progress: &Progress) -> Done {
    let Some(source) = sources.get(job.source as usize) else {
        return Done { part: Part::default(), is_last: true, hash: None, spooled: None, trouble: None };
    };
    let mut reading = Reading::new(&source.name, job.source, job.from);
    let mut hasher = wanted.hashes.then(Sha256::new);
    let mut spooled = (wanted.spool && matches!(source.place, Place::Stdin | Place::Pipe(_))).then(Vec::new);
    let fed = open(source, job).and_then(|mut bytes| {
        let mut buffer = vec![0; CHUNK];
        loop {
            let count = match bytes.read(&mut buffer) {
                Ok(count) => count,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(reason(&error)),
            };
            let chunk = buffer.get(..count).unwrap_or_default();
            if chunk.is_empty() {
                return Ok(());
            }
            let before = reading.records();
            reading.feed(chunk);
            progress.add(chunk.len() as u64, reading.records() - before);
            if let Some(hasher) = &mut hasher {
                hasher.update(chunk);
            }
            spooled = spooled.take().filter(|kept: &Vec<u8>| kept.len() + chunk.len() <= SPOOL);
            if let Some(kept) = &mut spooled {
                kept.extend_from_slice(chunk);
            }
        }
    });
    let mut part = reading.finish();
    let trouble = fed.err();
    if let Some(why) = &trouble {
        part.failure = Some(why.clone());
    }
    let hash = hasher.filter(|_| trouble.is_none()).map(|hasher| hex(&hasher.finalize()));
    let is_last = job.to.is_none_or(|to| to == size(source));
    Done { part, is_last, hash, spooled, trouble }
}

fn open(source: &Source, job: Job) -> Result<Box<dyn io::Read>, String> {
    match &source.place {
        Place::File(path, size) => {
            let open = || {
                let mut file = File::open(path)?;
                file.seek(SeekFrom::Start(job.from))?;
                Ok(file.take(job.to.unwrap_or(*size) - job.from))
            };
            open().map(|file| Box::new(file) as Box<dyn io::Read>).map_err(|error: io::Error| reason(&error))
        }
        Place::Pipe(path) => {
            File::open(path).map(|file| Box::new(file) as Box<dyn io::Read>).map_err(|error| reason(&error))
        }
        Place::Stdin => Ok(Box::new(io::stdin().lock())),
        Place::Nowhere(why) => Err(why.clone()),
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
