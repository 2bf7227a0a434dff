//! Many files taken at once.
//!
//! # What it looks for
//! *burst*: `files` or more different files downloaded or opened within `minutes` in one session; what the client for
//! synchronising fetches is left out. *volume*: `hourly` files or more in an hour, and more than five times what the user
//! takes in any hour of other days; milder where the client for synchronising fetches them in a network that the user
//! often uses. *flood*: 5,000 files or 500 folders within a quarter of an hour. *tool*: files taken by a script
//! (PowerShell, PnP, rclone, Python and the like); milder where the user does so on three days or more. *exposed*: files
//! that were opened or taken in a session with another finding: what must count as known to others. Each finding lists
//! the files by site and says which names speak of secrets, money or people.
//!
//! # Why it matters
//! Files are copied out in the first minutes of a stolen session: by browser as archives, by script one by one.
//!
//! # Evidence it needs
//! Unified audit log or OfficeActivity of SharePoint and OneDrive.
//!
//! # Benign causes
//! * A new computer that fetches a library, a project that is closed and archived.
//! * Migration and backup software.
//!
//! # Tuning
//! `files` and `minutes` of *burst*; `hourly` of *volume*.
//!
//! # What to ask
//! * Did the user mean to take these files, and where are they now?
//!
//! # What to do
//! * List the files with their owners, and ask what their loss means.
//! * Revoke the sessions, and allow downloads from managed devices only.
//!
//! # References
//! * ATT&CK T1530, T1213.002
//! * Elastic, Excessive file downloads
//! * Microsoft Sentinel, SharePoint file transfer above threshold

use serde_json::json;

use crate::events::guid::Guid;
use crate::events::{Activity, Id, Store, TextId};
use crate::order::{Gather, Map, Set};
use crate::sessions::{EventRef, Familiarity};
use crate::words::figure;

use super::acts::{
    Act, Exposed, REGULAR, Told, acts, days_of, expose, finding, groups, in_hours, is_one, is_tainted, many, peaks,
    regularly, tool, usual_beside,
};
use super::exposure::{SYNC, TAKES};
use super::windows::runs;
use super::{Ask, Confidence, Detection, Finding, Group, Records, Severity, Subject, Tunable, Tuning, exposure};

const ID: &str = "mass-download";
const TAKEN: [&str; 4] = ["FileDownloaded", SYNC, "FileAccessed", "FileAccessedExtended"];
const QUARTER: i64 = 15 * 60_000_000;
/// Clients that fetch files on their own: synchronising, Office, SharePoint's own back end and its web client.
const CLIENTS: [Guid; 4] = [
    Guid::from_u128(0x08e18876_6177_487e_b8b5_cf950c1e598c),
    Guid::from_u128(0xfb8d773d_7ef8_4ec0_a117_179f88add510),
    Guid::from_u128(0xd3590ed6_52b3_4102_aeff_aad2292ab01c),
    Guid::from_u128(0x7ab7862c_4c57_491e_8a45_d52a7e023983),
];

pub(super) static DETECTION: Detection = Detection {
    id: ID,
    title: "Many files taken",
    group: Group::Mailbox,
    records: &[Records::Files],
    helped_by: &[(Records::UserSignIns, "they show in whose session files were taken")],
    needs: &[],
    wants: super::TIES,
    history_days: 0,
    tunables: &[
        Tunable::number("files", "25", "different files taken close together"),
        Tunable::number("minutes", "3", "minutes within which they are, inclusive"),
        Tunable::number("hourly", "100", "files in an hour, from which on it is much"),
    ],
    prepare,
    kql: include_str!("mass_download.kql"),
    file: "mass_download",
};

struct Limits {
    files: usize,
    window: i64,
    hourly: u64,
}

fn prepare<'a>(_: &'a Store, tuning: &'a Tuning) -> Ask<'a> {
    let number = |name: &str, otherwise: i64| tuning.number(ID, name).unwrap_or(otherwise);
    let limits = Limits {
        files: number("files", 25).unsigned_abs() as usize,
        window: number("minutes", 3).saturating_mul(60_000_000),
        hourly: number("hourly", 100).unsigned_abs(),
    };
    Box::new(move |subject, found| look(&limits, subject, found))
}

fn look(limits: &Limits, subject: &Subject<'_>, found: &mut Vec<Finding>) {
    let all = acts(subject.view, &TAKEN);
    if all.is_empty() {
        return;
    }
    let own_client = |act: &Act<'_>| {
        let app = subject.view.store.app(act.row.app).id;
        let client = is_one(act.operation, &[SYNC]) || CLIENTS.iter().any(|client| app == Id::guid(*client));
        // In other hands no client works on its own.
        client && !is_tainted(subject, act)
    };
    let (_, by_hand): (Vec<Act<'_>>, Vec<Act<'_>>) = all.iter().copied().partition(own_client);
    for group in groups(by_hand) {
        let acts: Vec<Act<'_>> = bursts(subject, group, limits.files, limits.window).concat();
        let sure = acts.iter().any(|act| is_one(act.operation, &["FileDownloaded"]));
        let severity = if sure { Severity::Medium } else { Severity::Low };
        tell(subject, "burst", severity, Confidence::Medium, &acts, String::new(), found);
    }
    let taken = all.iter().filter(|act| !is_one(act.operation, &["FileAccessed", "FileAccessedExtended"]));
    let peaks = peaks(taken.map(|act| (act.row.time, 1)), limits.hourly, 5);
    // Of somebody without other days nothing can be called unusual.
    if let Some(usual) = usual_beside(&peaks) {
        let more = format!("In an hour of other days the user takes {} at most.", figure(usual));
        for acts in groups(in_hours(&all, &peaks)) {
            // A new computer that fetches a library does so where the user works.
            let severity =
                if acts.iter().all(|act| fetches_at_home(subject, act)) { Severity::Low } else { Severity::Medium };
            tell(subject, "volume", severity, Confidence::Medium, &acts, more.clone(), found);
        }
    }
    for group in groups(all.clone()) {
        let mut floods = bursts(subject, group, 500, QUARTER);
        floods.retain(|acts| {
            let files: Set<&str> = acts.iter().map(|act| act.object(subject.view)).gather();
            let folders: Set<&str> = files.iter().map(|file| exposure::folder(file)).gather();
            files.len() >= 5_000 || folders.len() >= 500
        });
        tell(subject, "flood", Severity::Medium, Confidence::High, &floods.concat(), String::new(), found);
    }
    // The same few agents do most.
    let mut scripts: Map<[TextId; 2], bool> = Map::new();
    let mut is_script = |act: &Act<'_>| {
        *scripts.entry([act.row.agent, act.row.client]).or_insert_with(|| script(subject, act).is_some())
    };
    let scripted: Vec<Act<'_>> = all.into_iter().filter(|act| is_script(act)).collect();
    let days = days_of(&scripted);
    for acts in groups(scripted) {
        let names: Set<&str> = acts.iter().filter_map(|act| script(subject, act)).gather();
        let more = format!("By {}. {}", names.into_iter().collect::<Vec<_>>().join(", "), regularly(days));
        let severity = if days >= REGULAR { Severity::Low } else { Severity::Medium };
        tell(subject, "tool", severity, Confidence::Medium, &acts, more.trim_end().to_owned(), found);
    }
}

/// Whether the client for synchronising fetched a file, in a network of the tenant or one that the user often uses.
fn fetches_at_home(subject: &Subject<'_>, act: &Act<'_>) -> bool {
    let network = subject.view.network_of(EventRef::Activity(act.number));
    is_one(act.operation, &[SYNC])
        && (network.is_some_and(|network| subject.view.own.has(&network))
            || subject.familiar.place(network, act.row.time) == Familiarity::Familiar)
}

/// Names of scripts in agents that other logs do not have.
const SCRIPTS: [&str; 5] = ["PnPPS", "PnPCoreSDK", "SharePointPnP", "rclone", "PowerShell"];

fn script(subject: &Subject<'_>, act: &Act<'_>) -> Option<&'static str> {
    let agent = subject.view.store.texts.get(act.row.agent);
    let named = |name: &&str| memchr::memmem::find(agent.as_bytes(), name.as_bytes()).is_some();
    SCRIPTS.into_iter().find(named).or_else(|| tool(subject, act))
}

/// Acts of a group of which so many are of different files within a window. A file counts again only when
/// the window has passed.
fn bursts<'a>(subject: &Subject<'_>, group: Vec<Act<'a>>, least: usize, window: i64) -> Vec<Vec<Act<'a>>> {
    if group.len() < least {
        return Vec::new();
    }
    let mut last: Map<u32, i64> = Map::new();
    let mut firsts = group;
    firsts.retain(|act| {
        let time = act.row.time;
        let named = !act.object(subject.view).is_empty();
        let new = named && last.get(&act.row.object.0).is_none_or(|seen| time.saturating_sub(*seen) > window);
        if new {
            last.insert(act.row.object.0, time);
        }
        new
    });
    let times: Vec<i64> = firsts.iter().map(|act| act.row.time).collect();
    let runs = runs(&times, least, window).into_iter();
    runs.filter_map(|run| firsts.get(run)).map(<[Act<'a>]>::to_vec).collect()
}

/// Facts: `exposure`, see [`exposure::files`].
fn tell(
    subject: &Subject<'_>,
    variant: &'static str,
    severity: Severity,
    confidence: Confidence,
    acts: &[Act<'_>],
    more: String,
    found: &mut Vec<Finding>,
) {
    let exposure = exposure::files(subject.view, acts);
    let tainted = acts.iter().any(|act| is_tainted(subject, act));
    found.extend(finding(
        subject,
        Told {
            detection: &DETECTION,
            variant,
            strand: variant,
            severity,
            confidence: if tainted { Confidence::High } else { confidence },
            role: "file",
            acts,
            did: format!("took {}", many(exposure.files, "file")),
            more,
            what: "Many files taken",
            facts: json!({"exposure": exposure}),
        },
    ));
}

/// The list of files that were opened or taken in sessions with another finding of medium severity or worse.
pub(super) fn exposed(subject: &Subject<'_>, found: &mut Vec<Finding>) {
    let fits = |operation: &str, _: &Activity| is_one(operation, &TAKES);
    expose(&DETECTION, subject, found, fits, |acts| {
        let exposure = exposure::files(subject.view, acts);
        Exposed {
            variant: "exposed",
            role: "file",
            did: format!("opened or took {} in this session, first", many(exposure.files, "file")),
            more: "",
            what: "Files opened in the session",
            facts: json!({"exposure": exposure}),
        }
    });
}
