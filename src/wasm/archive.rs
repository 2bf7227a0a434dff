//! Archives of the page: which files are in one, and each of them unpacked while it is read.

use std::ops::Range;

use gloo::file::Blob;
use js_sys::{Array, Uint8Array};

use crate::intake::zip::{Directory, Entry, Listing, Unpacker, is_zip};
use crate::intake::{Excerpt, Problem};

use super::file::{self, Gone};
use super::messages::{Inside, News, Reason};
use super::{post, refuse};

/// Bytes to read: of a file, or of a file in an archive.
pub(super) struct Bytes {
    /// The file, or the archive.
    pub(super) file: Blob,
    /// Which of its bytes.
    pub(super) range: Range<u64>,
    /// The file in the archive.
    pub(super) entry: Option<Entry>,
}

impl Bytes {
    /// Feeds all to `take`, unpacked, beside how many were taken of the range. Why they broke off,
    /// where they did.
    pub(super) async fn read(&self, take: &mut dyn FnMut(u64, &[u8])) -> Result<Option<Problem>, Gone> {
        self.read_until(&|| false, take).await
    }

    /// The same, until it is to stop; that is asked before each chunk.
    pub(super) async fn read_until(
        &self,
        is_stopped: &dyn Fn() -> bool,
        take: &mut dyn FnMut(u64, &[u8]),
    ) -> Result<Option<Problem>, Gone> {
        let mut taken = 0;
        let mut problem = None;
        let Some(entry) = &self.entry else {
            let feed = &mut |chunk: &[u8]| {
                if is_stopped() {
                    problem = Some(Problem::Stopped);
                    return true;
                }
                taken += chunk.len() as u64;
                take(taken, chunk);
                false
            };
            file::read(&self.file, self.range.clone(), feed).await?;
            return Ok(problem);
        };
        if let Some(refusal) = entry.refusal {
            return Ok(Some(refusal.into()));
        }
        let mut unpacker = Unpacker::new(entry);
        let feed = &mut |chunk: &[u8]| {
            if is_stopped() {
                problem = Some(Problem::Stopped);
                return true;
            }
            taken += chunk.len() as u64;
            problem = unpacker.feed(chunk, &mut |bytes| take(taken, bytes)).err();
            problem.is_some() || unpacker.is_done()
        };
        file::read(&self.file, self.range.clone(), feed).await?;
        Ok(problem.or_else(|| unpacker.finish(&mut |bytes| take(taken, bytes)).err()))
    }

    /// A file of an archive.
    fn of(archive: &Blob, entry: &Entry) -> Self {
        Self { file: archive.clone(), range: entry.from..entry.to, entry: Some(entry.clone()) }
    }
}

/// Tells the page which files are in an archive.
pub(super) async fn list(id: u32, name: &str, is_outer: bool, file: &Blob) {
    match directory(file).await {
        Ok(None) | Ok(Some(Ok(Listing::Office(_)))) => post(&News::Listed { id, files: None }, &[]),
        Ok(Some(Ok(Listing::Files(entries)))) => {
            let files = entries.into_iter().map(|entry| Inside::new(name, entry, is_outer)).collect();
            post(&News::Listed { id, files: Some(files) }, &[]);
        }
        Ok(Some(Err(refusal))) => {
            post(&News::Listed { id, files: Some(vec![Inside::refused(name, refusal)]) }, &[]);
        }
        Err(Gone) => refuse(id, Reason::File, "the file was moved or changed"),
    }
}

type Listed = Option<Result<Listing, crate::intake::zip::Refusal>>;

/// What an archive holds; nothing where the file is none.
async fn directory(file: &Blob) -> Result<Listed, Gone> {
    if !is_zip(&bytes(file, 0..file.size().min(4)).await?) {
        return Ok(None);
    }
    let mut directory = Directory::new(file.size());
    while let Some(range) = directory.wants() {
        directory.give(&bytes(file, range).await?);
    }
    Ok(Some(directory.finish()))
}

async fn bytes(file: &Blob, range: Range<u64>) -> Result<Vec<u8>, Gone> {
    let mut all = Vec::new();
    file::read(file, range, &mut |chunk| {
        all.extend_from_slice(chunk);
        false
    })
    .await?;
    Ok(all)
}

/// Hands the page a file of an archive, unpacked: the browser holds it, not this worker.
pub(super) async fn unpack(id: u32, entry: &Entry, archive: &Blob) {
    let pieces = Array::new();
    let unpacked = Bytes::of(archive, entry)
        .read(&mut |_, chunk| {
            pieces.push(&Uint8Array::from(chunk));
        })
        .await;
    match (unpacked, web_sys::Blob::new_with_u8_array_sequence(&pieces)) {
        (Ok(None), Ok(blob)) => post(&News::Unpacked { id }, &[("file", &blob)]),
        _ => refuse(id, Reason::File, "it cannot be unpacked"),
    }
}

/// A record of a file in an archive, which is unpacked up to there.
pub(super) async fn look(archive: &Blob, entry: &Entry, offset: u64) -> Result<Option<String>, Gone> {
    let mut excerpt = Excerpt::new(offset);
    let mut is_done = false;
    let bytes = Bytes::of(archive, entry);
    bytes
        .read(&mut |_, chunk| {
            is_done = is_done || excerpt.feed(chunk);
        })
        .await?;
    Ok(excerpt.finish())
}
