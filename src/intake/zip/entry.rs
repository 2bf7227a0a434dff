//! A file in an archive, and what is said of one that is not read.

use serde::{Deserialize, Serialize};

/// What an archive turned out to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Listing {
    /// Files: those that are read, and those that are refused, each with its reason.
    Files(Vec<Entry>),
    /// The files of one document of Office, which is read as a whole.
    Office(Vec<Entry>),
}

/// A file in an archive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Its path inside, with forward slashes.
    pub name: String,
    /// Where its bytes begin in the archive: its own header, then what is packed.
    pub from: u64,
    /// Where they end at the latest.
    pub to: u64,
    /// How it is packed: 0 not at all, 8 by deflate.
    pub method: u16,
    /// Bytes as they are packed.
    pub packed: u64,
    /// Bytes unpacked.
    pub size: u64,
    /// Checksum of the unpacked bytes.
    pub crc: u32,
    /// Why it is not read, where it is not.
    pub refusal: Option<Refusal>,
}

impl Entry {
    /// Whether it is an archive itself, by its name.
    #[must_use]
    pub fn is_archive(&self) -> bool {
        let ending = self.name.len().checked_sub(4).and_then(|at| self.name.get(at..));
        ending.is_some_and(|ending| ending.eq_ignore_ascii_case(".zip"))
    }
}

/// The name of a file in an archive, as a report has it.
#[must_use]
pub fn join(archive: &str, entry: &str) -> String {
    format!("{archive}!/{entry}")
}

/// Why an archive, or a file in one, is not read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "kebab-case")]
pub enum Refusal {
    /// No end of a directory.
    #[error("a zip archive without the directory at its end: it was cut; copy or download it again")]
    NoDirectory,
    /// It ends before its directory does; files before the cut were found.
    #[error("the archive was cut: the files before the cut are read, the rest is missing; copy or download it again")]
    Cut,
    /// The directory does not follow its own rules.
    #[error("a zip archive whose directory is damaged: unpack it, then choose the files in it")]
    Damaged,
    /// In several files.
    #[error("one part of a zip archive of several: unpack them together, then choose the files")]
    Split,
    /// Longer than is read.
    #[error("a zip archive with more than {} files: unpack it, then choose the folder", super::MOST_ENTRIES)]
    TooMany,
    /// No files but junk.
    #[error("a zip archive that holds no files")]
    Nothing,
    /// It asks for a password.
    #[error("it is encrypted: unpack the archive with its password, then choose the files")]
    Encrypted,
    /// Neither stored nor deflated.
    #[error("it is packed by {}: unpack the archive, then choose the files", method(*.0))]
    Method(u16),
    /// It reaches into another file of the archive.
    #[error("its bytes are those of another file of the archive too, as in a zip bomb: it is not unpacked")]
    Overlap,
    /// More would come out than of any log.
    #[error("it would unpack to {0} times its size, as a zip bomb does: it is not unpacked")]
    Bomb(u64),
    /// The directory points beyond the archive.
    #[error("its bytes are not in the archive: it was cut or damaged; copy or download it again")]
    Outside,
    /// An archive in an archive in an archive.
    #[error("an archive in an archive in an archive: unpack the outer one, then choose this")]
    TooDeep,
    /// An inner archive that would have to be held.
    #[error("an archive in an archive, longer than {} MiB: unpack the outer one, then choose this", super::LARGEST_INNER >> 20)]
    TooLarge,
}

/// What a method of packing is called.
fn method(number: u16) -> String {
    match number {
        9 => "Deflate64".to_owned(),
        12 => "bzip2".to_owned(),
        14 => "LZMA".to_owned(),
        93 => "Zstandard".to_owned(),
        95 => "xz".to_owned(),
        99 => "AES encryption".to_owned(),
        other => format!("method {other}"),
    }
}
