//! The first step on threads: sources become parts. Large files of one record a line are cut, so
//! that no thread waits while another reads; what was cut wrongly is read again in one piece.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::{self, Read as _, Seek as _, SeekFrom};
use std::path::Path;
use std::sync::Mutex;
use std::thread;

use sha2::{Digest as _, Sha256};
use signin_sleuth::analysis::{Part, Reading};
use signin_sleuth::intake::Problem;
use signin_sleuth::intake::zip::{LARGEST_INNER, is_zip};
use signin_sleuth::order::{Arrange, Gather};

use super::archives::{self, Unpacked};
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
    /// A pipe's bytes, where they are an archive.
    archive: Option<Vec<u8>>,
    /// The files of the archive stand for it.
    is_replaced: bool,
}

/// Reads all sources on this many threads.
///
/// An archive that comes out of a pipe is held; its files are put behind the sources.
pub(crate) fn read(sources: &mut Vec<Source>, threads: usize, wanted: Wanted, progress: &Progress) -> ReadAll {
    let mut done = work(&jobs(sources, threads, wanted), threads, |job| one(sources, *job, wanted, progress));
    let mut found = Vec::new();
    for done in &mut done {
        if let Some(bytes) = done.archive.take()
            && let Some(files) = archives::of_memory(&done.part.name, &bytes)
        {
            done.is_replaced = true;
            found.extend(files);
        }
    }
    if !found.is_empty() {
        done.retain(|done| !done.is_replaced);
        let first = sources.len() as u32;
        sources.extend(found);
        let files: Vec<Job> = (first..sources.len() as u32).filter_map(|source| whole(source, sources)).collect();
        done.extend(work(&files, threads, |job| one(sources, *job, wanted, progress)));
    }
    let sources = sources.as_slice();
    // A last slice that ends inside a record is a file that does: reading it in one piece would end
    // there too. All other slices must end where a record does.
    let cut_wrongly: BTreeSet<u32> =
        done.iter().filter(|done| !done.part.whole && !done.is_last).map(|done| done.part.input).gather();
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
    jobs.arrange_by_key(|job| std::cmp::Reverse(job.to.map_or(u64::MAX, |to| to - job.from)));
    jobs
}

fn whole(source: u32, sources: &[Source]) -> Option<Job> {
    let place = sources.get(source as usize)?;
    let to = match place.place {
        Place::Stdin | Place::Pipe(_) => None,
        _ => Some(size(place)),
    };
    Some(Job { source, from: 0, to })
}

/// Bytes of a source, as far as they are known before it is read.
pub(crate) fn size(source: &Source) -> u64 {
    match &source.place {
        Place::File(_, size) => *size,
        Place::Entry(_, entry) => entry.size,
        Place::Stdin | Place::Pipe(_) | Place::Refused(_) | Place::Nowhere(_) => 0,
    }
}

fn one(sources: &[Source], job: Job, wanted: Wanted, progress: &Progress) -> Done {
    let mut done = Done {
        part: Part::default(),
        is_last: true,
        hash: None,
        spooled: None,
        trouble: None,
        archive: None,
        is_replaced: false,
    };
    let Some(source) = sources.get(job.source as usize) else { return done };
    let mut feeding = Feeding {
        reading: match source.list {
            Some(kind) => Reading::new(&source.name, job.source, job.from).listing(kind),
            None => Reading::new(&source.name, job.source, job.from),
        },
        hasher: wanted.hashes.then(Sha256::new),
        spooled: (wanted.spool && source.place.is_pipe()).then(Vec::new),
        archive: source.place.is_pipe().then(Vec::new),
        progress,
    };
    let mut problem = None;
    let fed = match &source.place {
        Place::File(path, size) => file(path, job.from, job.to.unwrap_or(*size)).and_then(|file| feeding.feed(file)),
        Place::Pipe(path) => File::open(path).and_then(|pipe| feeding.feed(pipe)),
        Place::Stdin => feeding.feed(io::stdin().lock()),
        Place::Entry(archive, entry) => Unpacked::open(archive, entry).and_then(|mut unpacked| {
            feeding.feed(&mut unpacked)?;
            problem = unpacked.problem();
            Ok(())
        }),
        Place::Refused(refusal) => {
            problem = Some(Problem::Refused(*refusal));
            Ok(())
        }
        Place::Nowhere(why) => {
            done.trouble = Some(why.clone());
            Ok(())
        }
    };
    let Feeding { reading, hasher, spooled, archive, .. } = feeding;
    let is_whole = problem.is_none();
    done.part = match problem {
        None => reading.finish(),
        Some(problem) => reading.break_off(problem),
    };
    done.trouble = done.trouble.or(fed.err().map(|error| reason(&error)));
    if let Some(why) = &done.trouble {
        done.part.failure = Some(why.clone());
    }
    done.hash = hasher.filter(|_| done.trouble.is_none() && is_whole).map(|hasher| hex(&hasher.finalize()));
    done.is_last = job.to.is_none_or(|to| to == size(source));
    (done.spooled, done.archive) = (spooled, archive.filter(|bytes| is_zip(bytes)));
    done
}

fn file(path: &Path, from: u64, to: u64) -> io::Result<io::Take<File>> {
    let mut file = File::open(path)?;
    file.seek(SeekFrom::Start(from))?;
    Ok(file.take(to - from))
}

/// A slice while it is read.
struct Feeding<'a> {
    reading: Reading,
    hasher: Option<Sha256>,
    spooled: Option<Vec<u8>>,
    /// What came out of a pipe, while it may be an archive that can be held.
    archive: Option<Vec<u8>>,
    progress: &'a Progress,
}

impl Feeding<'_> {
    fn feed(&mut self, mut bytes: impl io::Read) -> io::Result<()> {
        let mut buffer = vec![0; CHUNK];
        loop {
            let count = match bytes.read(&mut buffer) {
                Ok(count) => count,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(error),
            };
            let chunk = buffer.get(..count).unwrap_or_default();
            if chunk.is_empty() {
                return Ok(());
            }
            let before = self.reading.records();
            self.reading.feed(chunk);
            self.progress.add(chunk.len() as u64, self.reading.records() - before);
            if let Some(hasher) = &mut self.hasher {
                hasher.update(chunk);
            }
            self.spooled = keep(self.spooled.take(), chunk, SPOOL);
            self.archive = keep(self.archive.take(), chunk, LARGEST_INNER as usize)
                .filter(|bytes| bytes.len() < 4 || is_zip(bytes));
        }
    }
}

/// Keeps bytes while they are not too many.
fn keep(kept: Option<Vec<u8>>, chunk: &[u8], most: usize) -> Option<Vec<u8>> {
    let mut kept = kept.filter(|kept| kept.len() + chunk.len() <= most)?;
    kept.extend_from_slice(chunk);
    Some(kept)
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
