//! Zip archives among the sources: each file of one becomes a source of its own.

use std::fs::File;
use std::io::{self, Cursor, Read, Seek, SeekFrom};
use std::path::PathBuf;
use std::sync::Arc;

use signin_sleuth::intake::Problem;
use signin_sleuth::intake::zip::{Directory, Entry, LARGEST_INNER, Listing, Refusal, Unpacker, is_zip, join};

use super::sources::{Place, Source};

/// Packed bytes read at once.
const CHUNK: usize = 256 << 10;

/// The bytes of an archive.
#[derive(Clone, Debug)]
pub(crate) enum Archive {
    /// In a file.
    File(PathBuf),
    /// In memory: from a pipe, or out of another archive.
    Memory(Arc<Vec<u8>>),
}

trait ReadSeek: Read + Seek {}
impl<T: Read + Seek> ReadSeek for T {}

impl Archive {
    fn open(&self) -> io::Result<Box<dyn ReadSeek>> {
        Ok(match self {
            Self::File(path) => Box::new(File::open(path)?),
            Self::Memory(bytes) => Box::new(Cursor::new(Shared(Arc::clone(bytes)))),
        })
    }
}

/// Bytes that several readers hold.
struct Shared(Arc<Vec<u8>>);

impl AsRef<[u8]> for Shared {
    fn as_ref(&self) -> &[u8] {
        &self.0
    }
}

/// Puts the files of archives in the place of the archives.
pub(crate) fn expand(sources: Vec<Source>) -> Vec<Source> {
    let mut expanded = Vec::with_capacity(sources.len());
    for source in sources {
        let archive = match &source.place {
            Place::File(path, _) => Archive::File(path.clone()),
            _ => {
                expanded.push(source);
                continue;
            }
        };
        match files(&source.name, &archive, true) {
            Some(files) => expanded.extend(files),
            None => expanded.push(source),
        }
    }
    expanded
}

/// The files of an archive that came out of a pipe; nothing where it is none.
pub(crate) fn of_memory(name: &str, bytes: &[u8]) -> Option<Vec<Source>> {
    if !is_zip(bytes) {
        return None;
    }
    files(name, &Archive::Memory(Arc::new(bytes.to_vec())), true)
}

/// The files of an archive as sources; nothing where it is no archive, cannot be read at all, or is a
/// document of Office. Archives in it are opened where this one is the outermost.
fn files(name: &str, archive: &Archive, is_outer: bool) -> Option<Vec<Source>> {
    let refused = |refusal: Refusal| vec![Source { name: name.to_owned(), place: Place::Refused(refusal), list: None }];
    let entries = match list(archive).ok()?? {
        Ok(Listing::Office(_)) => return None,
        Ok(Listing::Files(entries)) => entries,
        Err(refusal) => return Some(refused(refusal)),
    };
    let mut sources = Vec::with_capacity(entries.len());
    for mut entry in entries {
        let name = join(name, &entry.name);
        if entry.is_archive() && entry.refusal.is_none() {
            if is_outer && entry.size <= LARGEST_INNER {
                if let Some(files) = inner(&name, archive, &entry) {
                    sources.extend(files);
                    continue;
                }
            } else {
                entry.refusal = Some(if is_outer { Refusal::TooLarge } else { Refusal::TooDeep });
            }
        }
        let place = match entry.refusal {
            Some(refusal) => Place::Refused(refusal),
            None => Place::Entry(archive.clone(), Box::new(entry)),
        };
        sources.push(Source { name, place, list: None });
    }
    Some(sources)
}

/// The files of an archive in an archive, which is held in memory. One that is damaged is read like
/// any other file, so that the damage is said where it is.
fn inner(name: &str, archive: &Archive, entry: &Entry) -> Option<Vec<Source>> {
    let mut bytes = Vec::new();
    let mut reader = Unpacked::open(archive, entry).ok()?;
    reader.read_to_end(&mut bytes).ok()?;
    if reader.problem.is_some() {
        return None;
    }
    files(name, &Archive::Memory(Arc::new(bytes)), false)
}

/// What an archive holds; nothing where the bytes are no archive.
fn list(archive: &Archive) -> io::Result<Option<Result<Listing, Refusal>>> {
    let mut bytes = archive.open()?;
    let mut first = Vec::with_capacity(4);
    bytes.by_ref().take(4).read_to_end(&mut first)?;
    if !is_zip(&first) {
        return Ok(None);
    }
    let mut directory = Directory::new(bytes.seek(SeekFrom::End(0))?);
    while let Some(range) = directory.wants() {
        let mut wanted = Vec::new();
        bytes.seek(SeekFrom::Start(range.start))?;
        bytes.by_ref().take(range.end - range.start).read_to_end(&mut wanted)?;
        directory.give(&wanted);
    }
    Ok(Some(directory.finish()))
}

/// The unpacked bytes of a file in an archive. Where they are damaged they end, and why is told
/// afterwards.
pub(crate) struct Unpacked {
    packed: io::Take<Box<dyn ReadSeek>>,
    unpacker: Option<Unpacker>,
    buffer: Vec<u8>,
    out: Vec<u8>,
    given: usize,
    problem: Option<Problem>,
}

impl Unpacked {
    /// From the first byte.
    pub(crate) fn open(archive: &Archive, entry: &Entry) -> io::Result<Self> {
        let mut bytes = archive.open()?;
        bytes.seek(SeekFrom::Start(entry.from))?;
        Ok(Self {
            packed: bytes.take(entry.to - entry.from),
            unpacker: Some(Unpacker::new(entry)),
            buffer: vec![0; CHUNK],
            out: Vec::new(),
            given: 0,
            problem: None,
        })
    }

    /// What was wrong with the bytes.
    pub(crate) fn problem(self) -> Option<Problem> {
        self.problem
    }
}

impl Read for Unpacked {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        while self.given == self.out.len() {
            let Some(mut unpacker) = self.unpacker.take() else { return Ok(0) };
            self.out.clear();
            self.given = 0;
            let count = if unpacker.is_done() { 0 } else { self.packed.read(&mut self.buffer)? };
            let chunk = self.buffer.get(..count).unwrap_or_default();
            let out = &mut self.out;
            let mut take = |bytes: &[u8]| out.extend_from_slice(bytes);
            let result = if chunk.is_empty() {
                unpacker.finish(&mut take)
            } else {
                unpacker.feed(chunk, &mut take).map(|()| self.unpacker = Some(unpacker))
            };
            self.problem = result.err();
        }
        let mut rest = self.out.get(self.given..).unwrap_or_default();
        let count = rest.read(into)?;
        self.given += count;
        Ok(count)
    }
}
