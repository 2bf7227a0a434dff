//! What the paths on the command line stand for: files, the files of folders, standard input.

use std::collections::BTreeSet;
use std::fs;
use std::io::{self, ErrorKind};
use std::path::{Component, Path, PathBuf};

use signin_sleuth::enrichment::NetworkKind;
use signin_sleuth::intake::zip::{Entry, Refusal};
use walkdir::{DirEntry, WalkDir};

use super::archives::Archive;

/// Something to read.
#[derive(Clone, Debug)]
pub(crate) struct Source {
    /// As the report names it: the path with forward slashes.
    pub(crate) name: String,
    /// Where its bytes are.
    pub(crate) place: Place,
    /// What networks it lists, by the word of whoever called.
    pub(crate) list: Option<NetworkKind>,
}

/// Where the bytes of a source are.
#[derive(Clone, Debug)]
pub(crate) enum Place {
    /// In a file of this many bytes, which can be read from anywhere.
    File(PathBuf, u64),
    /// In a pipe or device, which can be read once from its beginning.
    Pipe(PathBuf),
    /// On standard input.
    Stdin,
    /// In an archive.
    Entry(Archive, Box<Entry>),
    /// It is not read: an archive, or a file in one, that is refused.
    Refused(Refusal),
    /// Nowhere, and why.
    Nowhere(String),
}

impl Place {
    /// Whether its bytes can be read only once.
    pub(crate) fn is_pipe(&self) -> bool {
        matches!(self, Self::Stdin | Self::Pipe(_))
    }
}

/// The sources that paths stand for, in the order of the paths; those of a folder in the order of
/// their names. What is named twice is read once.
pub(crate) fn sources(paths: &[PathBuf]) -> Vec<Source> {
    let mut found = Vec::new();
    let mut known: BTreeSet<PathBuf> = BTreeSet::new();
    for path in paths {
        if path.as_os_str() == "-" {
            if known.insert(path.clone()) {
                found.push(Source { name: "-".to_owned(), place: Place::Stdin, list: None });
            }
        } else if path.is_dir() {
            walk(path, &mut known, &mut found);
        } else {
            let place = match fs::metadata(path) {
                Ok(metadata) if metadata.is_file() => Place::File(path.clone(), metadata.len()),
                Ok(_) => Place::Pipe(path.clone()),
                Err(error) => Place::Nowhere(reason(&error)),
            };
            add(path, place, &mut known, &mut found);
        }
    }
    found
}

/// The sources of lists of networks whose kind was said. What stands among the others too counts as
/// what it was said to be, and once.
pub(crate) fn lists(lists: &[(NetworkKind, PathBuf)], found: &mut Vec<Source>) {
    for (kind, path) in lists {
        let mut list = sources(std::slice::from_ref(path));
        list.iter_mut().for_each(|source| source.list = Some(*kind));
        found.retain(|source| list.iter().all(|list| list.name != source.name));
        found.extend(list);
    }
}

/// The files of a folder and its folders. Hidden ones are left out, and what is no file, such as a
/// socket.
fn walk(folder: &Path, known: &mut BTreeSet<PathBuf>, found: &mut Vec<Source>) {
    let hidden = |entry: &DirEntry| entry.depth() > 0 && entry.file_name().as_encoded_bytes().starts_with(b".");
    let entries = WalkDir::new(folder).follow_links(true).sort_by_file_name();
    for entry in entries.into_iter().filter_entry(|entry| !hidden(entry)) {
        match entry {
            Ok(entry) if entry.file_type().is_file() => {
                let size = entry.metadata().map_or(0, |metadata| metadata.len());
                add(entry.path(), Place::File(entry.path().to_owned(), size), known, found);
            }
            Ok(_) => {}
            // A link that leads back up has been walked already.
            Err(error) if error.loop_ancestor().is_some() => {}
            Err(error) => {
                let path = error.path().unwrap_or(folder).to_owned();
                let why = error.io_error().map_or_else(|| "it cannot be read".to_owned(), reason);
                add(&path, Place::Nowhere(why), known, found);
            }
        }
    }
}

fn add(path: &Path, place: Place, known: &mut BTreeSet<PathBuf>, found: &mut Vec<Source>) {
    let real = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    if known.insert(real) {
        found.push(Source { name: name(path), place, list: None });
    }
}

/// The path as the report says it: the same on every system, without `./` before it.
fn name(path: &Path) -> String {
    let mut name = String::new();
    for part in path.components() {
        if matches!(part, Component::CurDir) {
            continue;
        }
        if !name.is_empty() && !name.ends_with('/') {
            name.push('/');
        }
        match part {
            Component::RootDir => name.push('/'),
            other => name.push_str(&other.as_os_str().to_string_lossy()),
        }
    }
    name
}

/// Why a file could not be read, and what to do.
pub(crate) fn reason(error: &io::Error) -> String {
    match error.kind() {
        ErrorKind::NotFound => "there is no such file or folder".to_owned(),
        ErrorKind::PermissionDenied => "it may not be read by this user".to_owned(),
        ErrorKind::InvalidData => "it is not text in UTF-8".to_owned(),
        _ => format!("it cannot be read: {error}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_the_paths_as_given_with_forward_slashes() {
        assert_eq!(name(Path::new("./exports//a.json")), "exports/a.json");
        assert_eq!(name(Path::new("/mnt/a.json")), "/mnt/a.json");
        assert_eq!(name(Path::new("../a.json")), "../a.json");
    }
}
