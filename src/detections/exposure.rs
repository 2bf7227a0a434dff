//! What was exposed: the list of mails and files that somebody must now count as known to others.

use serde::Serialize;

use crate::events::parameters::Parameters;
use crate::events::{Activity, Store};
use crate::knowledge::mail::Words;
use crate::order::{Arrange, Map, Set};
use crate::sessions::View;

use super::acts::{Act, is_one, some_of};

/// Names and ids that a list holds; all are counted.
const MOST: usize = 200;
/// Folders and sites that a list holds.
const LARGEST: usize = 50;

/// Operations by which mail is read.
pub(super) const READS: [&str; 1] = ["MailItemsAccessed"];
/// Operations by which files are fetched in whole by a client that keeps copies.
pub(super) const SYNC: &str = "FileSyncDownloadedFull";
/// Operations by which files are read.
pub(super) const TAKES: [&str; 5] = ["FileDownloaded", SYNC, "FileAccessed", "FileAccessedExtended", "FilePreviewed"];

/// Mails that were read.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct MailExposure {
    /// How many mails, as far as records say; one mail read twice counts twice.
    pub mails: u64,
    /// Records of single mails.
    pub bind: u64,
    /// Records of whole folders: all that was in them counts as read.
    pub sync: u64,
    /// Whether Exchange stopped writing down: then the list is not complete.
    pub throttled: bool,
    /// Whose mailboxes.
    pub mailboxes: Vec<String>,
    /// How many folders.
    pub folders_total: usize,
    /// Folders, the most read first.
    pub folders: Vec<FolderExposure>,
    /// Of how many different mails the ids are in the records.
    pub messages_listed: usize,
    /// Some of the ids: what a message trace finds them by.
    pub messages: Vec<String>,
}

/// A folder that mails were read in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct FolderExposure {
    /// Its path.
    pub folder: String,
    /// How many mails.
    pub mails: u64,
}

/// Files that were read.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct FileExposure {
    /// How many different files.
    pub files: usize,
    /// How many sites.
    pub sites_total: usize,
    /// Sites, those with the most files first.
    pub sites: Vec<SiteExposure>,
    /// Names of some of the files.
    pub names: Vec<String>,
    /// How many names speak of secrets, money or people.
    pub sensitive_total: u64,
    /// Some of them.
    pub sensitive: Vec<SensitiveFile>,
}

/// A site that files were read on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct SiteExposure {
    /// Its address.
    pub site: String,
    /// How many different files.
    pub files: u64,
}

/// A file whose name speaks of secrets, money or people.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct SensitiveFile {
    /// Its name.
    pub name: String,
    /// The words in it.
    pub words: Vec<String>,
}

/// What was exposed by acts: nothing of what none of them touched.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Exposure {
    /// Mails.
    pub mail: Option<MailExposure>,
    /// Files.
    pub files: Option<FileExposure>,
}

impl Exposure {
    /// Of these acts, those that read mails or files.
    #[must_use]
    pub fn of(store: &Store, acts: &[&Activity]) -> Self {
        let of = |operations: &[&str]| -> Vec<&Activity> {
            acts.iter().copied().filter(|row| is_one(store.texts.get(row.operation), operations)).collect()
        };
        let (read, taken) = (of(&READS), of(&TAKES));
        Self {
            mail: (!read.is_empty()).then(|| mails_of(store, &read)),
            files: (!taken.is_empty()).then(|| files_of(store, &taken)),
        }
    }

    /// Whether nothing is known to be exposed.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.mail.is_none() && self.files.is_none()
    }
}

/// Whether an operation reads mails or files.
#[must_use]
pub fn exposes(operation: &str) -> bool {
    is_one(operation, &READS) || is_one(operation, &TAKES)
}

/// The mails that acts touched.
pub(super) fn mails(view: &View<'_>, acts: &[Act<'_>]) -> MailExposure {
    mails_of(view.store, &acts.iter().map(|act| act.row).collect::<Vec<_>>())
}

/// The files that acts touched.
pub(super) fn files(view: &View<'_>, acts: &[Act<'_>]) -> FileExposure {
    files_of(view.store, &acts.iter().map(|act| act.row).collect::<Vec<_>>())
}

fn mails_of(store: &Store, rows: &[&Activity]) -> MailExposure {
    let texts = &store.texts;
    let mut told = MailExposure::default();
    let mut folders: Map<&str, u64> = Map::new();
    let mut ids: Set<&str> = Set::new();
    for row in rows {
        let parameters = Parameters::read(texts.get(row.parameters));
        let is_sync = parameters.get("MailAccessType").is_some_and(|kind| kind.eq_ignore_ascii_case("Sync"));
        told.throttled |= parameters.switch("IsThrottled") == Some(true);
        told.bind += u64::from(!is_sync);
        told.sync += u64::from(is_sync);
        told.mails += u64::from(row.items);
        for folder in texts.get(row.object).split("; ").filter(|folder| !folder.is_empty()) {
            *folders.entry(folder).or_default() += u64::from(row.items.max(1));
        }
        ids.extend(texts.get(row.messages).split_whitespace());
    }
    told.mailboxes = some_of(rows.iter().map(|row| texts.get(row.owner)), MOST);
    told.folders_total = folders.len();
    let folder = |(folder, mails): (&str, u64)| FolderExposure { folder: cut(folder), mails };
    told.folders = largest(folders).into_iter().map(folder).collect();
    told.messages_listed = ids.len();
    told.messages = some_of(ids.iter().copied(), MOST);
    told
}

fn files_of(store: &Store, rows: &[&Activity]) -> FileExposure {
    let mut files: Set<&str> = Set::new();
    files.extend(rows.iter().map(|row| store.texts.get(row.object)).filter(|file| !file.is_empty()));
    let mut told = FileExposure { files: files.len(), ..FileExposure::default() };
    let mut sites: Map<&str, u64> = Map::new();
    for file in &files {
        *sites.entry(site(file)).or_default() += 1;
        let name = name(file);
        let kinds = [Words::Secret, Words::Private];
        let words: Vec<String> = kinds.into_iter().filter_map(|kind| kind.find(name)).map(str::to_owned).collect();
        if !words.is_empty() {
            told.sensitive_total += 1;
            if told.sensitive.len() < MOST / 4 {
                told.sensitive.push(SensitiveFile { name: name.chars().take(200).collect(), words });
            }
        }
    }
    told.sites_total = sites.len();
    let site = |(site, files): (&str, u64)| SiteExposure { site: cut(site), files };
    told.sites = largest(sites).into_iter().map(site).collect();
    told.names = some_of(files.iter().map(|file| name(file)), MOST);
    told
}

/// A text of a record, so long at most.
fn cut(text: &str) -> String {
    text.chars().take(300).collect()
}

/// The site that a file's address lies in: `https://contoso.sharepoint.com/sites/sales`.
pub(super) fn site(address: &str) -> &str {
    let from = address.find("://").map_or(0, |at| at + 3);
    let mut slashes = address.match_indices('/').map(|(at, _)| at).filter(|at| *at >= from);
    let end = match slashes.clone().nth(2) {
        Some(end) => Some(end),
        None => slashes.nth(1),
    };
    end.and_then(|end| address.get(..end)).unwrap_or(address)
}

/// The folder that a file's address lies in.
pub(super) fn folder(address: &str) -> &str {
    address.rsplit_once('/').map_or("", |(folder, _)| folder)
}

/// The name of a file.
pub(super) fn name(address: &str) -> &str {
    address.rsplit(['/', '\\']).next().unwrap_or(address)
}

/// The largest first, so many at most; equals by name.
fn largest(counts: Map<&str, u64>) -> Vec<(&str, u64)> {
    let mut all: Vec<(&str, u64)> = counts.into_iter().collect();
    all.arrange_by(|left, right| right.1.cmp(&left.1).then(left.0.cmp(right.0)));
    all.truncate(LARGEST);
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_has_site_folder_and_name() {
        let file = "https://contoso.sharepoint.com/sites/sales/Shared Documents/2026/Payroll.xlsx";
        assert_eq!(site(file), "https://contoso.sharepoint.com/sites/sales");
        assert_eq!(folder(file), "https://contoso.sharepoint.com/sites/sales/Shared Documents/2026");
        assert_eq!(name(file), "Payroll.xlsx");
        assert_eq!(site("https://contoso.sharepoint.com/a.txt"), "https://contoso.sharepoint.com/a.txt");
        assert_eq!(site("https://contoso.sharepoint.com/docs/a.txt"), "https://contoso.sharepoint.com/docs");
        assert_eq!((site(""), folder(""), name("")), ("", "", ""));
    }

    #[test]
    fn nothing_is_exposed_by_acts_that_read_nothing() {
        let store = Store::new(1);
        assert!(Exposure::of(&store, &[]).is_empty());
        assert!(exposes("mailitemsaccessed") && exposes("FileDownloaded") && !exposes("FileModified"));
    }
}
