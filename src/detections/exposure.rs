//! What was exposed: the list of mails and files that somebody must now count as known to others.

use crate::order::{Map, Set};

use serde_json::{Value, json};

use crate::knowledge::mail::Words;
use crate::order::{Arrange, Gather};
use crate::sessions::View;

use super::acts::{Act, some_of};

/// Names and ids that a list holds; all are counted.
const MOST: usize = 200;

/// The mails that acts touched: `mails`, how many; `folders` with how many in each; `messages`, ids of some;
/// `messages_listed` of how many the ids are here; `mailboxes`; `bind` and `sync`, how many records of
/// single mails and of whole folders; `throttled`, whether Exchange stopped writing down: then the list is
/// not complete.
pub(super) fn mails(view: &View<'_>, acts: &[Act<'_>]) -> Value {
    let texts = &view.store.texts;
    let (mut mails, mut bind, mut sync, mut throttled) = (0_u64, 0_u64, 0_u64, false);
    let mut folders: Map<&str, u64> = Map::new();
    for act in acts {
        let parameters = act.parameters(view);
        let is_sync = parameters.get("MailAccessType").is_some_and(|kind| kind.eq_ignore_ascii_case("Sync"));
        throttled |= parameters.switch("IsThrottled") == Some(true);
        bind += u64::from(!is_sync);
        sync += u64::from(is_sync);
        mails += u64::from(act.row.items);
        for folder in texts.get(act.row.object).split("; ").filter(|folder| !folder.is_empty()) {
            *folders.entry(folder).or_default() += u64::from(act.row.items.max(1));
        }
    }
    let ids: Set<&str> = acts.iter().flat_map(|act| texts.get(act.row.messages).split_whitespace()).gather();
    let owners = acts.iter().map(|act| texts.get(act.row.owner));
    json!({
        "mails": mails,
        "bind": bind,
        "sync": sync,
        "throttled": throttled,
        "mailboxes": some_of(owners, MOST),
        "folders_total": folders.len(),
        "folders": largest(folders, "folder", "mails"),
        "messages_listed": ids.len(),
        "messages": some_of(ids.iter().copied(), MOST),
    })
}

/// The files that acts touched: `files`, how many different ones; `sites` with how many on each; `names` of
/// some; `sensitive`, names that speak of secrets, money or people, with the words.
pub(super) fn files(view: &View<'_>, acts: &[Act<'_>]) -> Value {
    let files: Set<&str> = acts.iter().map(|act| act.object(view)).filter(|file| !file.is_empty()).gather();
    let mut sites: Map<&str, u64> = Map::new();
    let mut sensitive: Vec<Value> = Vec::new();
    let mut sensitive_total = 0_u64;
    for file in &files {
        *sites.entry(site(file)).or_default() += 1;
        let name = name(file);
        let words: Vec<&str> = [Words::Secret, Words::Private].into_iter().filter_map(|kind| kind.find(name)).collect();
        if !words.is_empty() {
            sensitive_total += 1;
            if sensitive.len() < MOST / 4 {
                sensitive.push(json!({"name": name.chars().take(200).collect::<String>(), "words": words}));
            }
        }
    }
    json!({
        "files": files.len(),
        "sites_total": sites.len(),
        "sites": largest(sites, "site", "files"),
        "names": some_of(files.iter().map(|file| name(file)), MOST),
        "sensitive_total": sensitive_total,
        "sensitive": sensitive,
    })
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

/// The largest first; equals by name.
fn largest(counts: Map<&str, u64>, key: &str, count: &str) -> Vec<Value> {
    const SHOWN: usize = 50;
    let mut all: Vec<(&str, u64)> = counts.into_iter().collect();
    all.arrange_by(|left, right| right.1.cmp(&left.1).then(left.0.cmp(right.0)));
    all.truncate(SHOWN);
    all.into_iter()
        .map(|(name, number)| json!({key: name.chars().take(300).collect::<String>(), count: number}))
        .collect()
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
}
