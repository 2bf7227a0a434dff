//! The part of *a primary refresh token in unusual use* that tells of two sessions of one machine, each opened
//! with a key of Windows Hello for Business: a machine has one such session at a time.

use crate::order::{Arrange, Gather, Map, Set};

use serde_json::json;

use crate::events::vocabulary::Stream;
use crate::events::{Id, SignIn, TextId};
use crate::knowledge::apps;
use crate::knowledge::operations::RegistrationKind;
use crate::sessions::{Grounds, SessionKind, View};
use crate::tenant::same_network;

use super::device::{brings_primary_token, used_method};
use super::evidence::{moment, who};
use super::single::successes;
use super::told::Strands;
use super::{Confidence, Severity};

/// Changes between two sessions that make it *in turn*: there, back and there again.
const TURNS: usize = 3;

/// A session that was opened with a key, on one device.
struct Use {
    first: i64,
    last: i64,
    sign_ins: Vec<u32>,
    /// Windows signed the person in to the machine with it.
    windows: bool,
}

impl Use {
    /// Whether it begins while another goes on. Windows' own sign-in comes beside any.
    fn overlaps(&self, other: &Self) -> bool {
        self.first < other.last && self.first > other.first && !self.windows
    }
}

/// Facts: `device`; `in_turn`, whether the two were used in turn in two countries.
pub(super) fn look(view: &View<'_>, strands: &mut Strands<'_>) {
    for (device, mut own) in uses(view) {
        // One that begins before the latest end so far overlaps.
        own.arrange_by_key(|item| (item.first, item.last));
        let mut open: Option<&Use> = None;
        for item in &own {
            if let Some(other) = open.filter(|other| item.overlaps(other)) {
                tell(view, strands, device, other, item);
            }
            if open.is_none_or(|other| item.last > other.last) {
                open = Some(item);
            }
        }
    }
}

/// Of each device the sessions that were opened on it with a key.
fn uses(view: &View<'_>) -> Map<Id, Vec<Use>> {
    let mut uses: Map<(Id, usize), Use> = Map::new();
    for (number, row) in successes(view).filter(|(_, row)| opens_with_key(view, row)) {
        let session = view.session_of(number);
        let own = |&session: &usize| view.sessions.get(session).is_some_and(|found| found.kind == SessionKind::Session);
        let Some(key) = view.device(row).and_then(Id::value).zip(session.filter(own)) else { continue };
        let windows = view.app(row) == Some(apps::WINDOWS_SIGN_IN);
        let fresh = Use { first: row.time, last: row.time, sign_ins: Vec::new(), windows };
        let known = uses.entry(key).or_insert(fresh);
        known.last = row.time;
        known.sign_ins.push(number);
    }
    let mut by_device: Map<Id, Vec<Use>> = Map::new();
    for ((device, _), own) in uses {
        by_device.entry(device).or_default().push(own);
    }
    by_device
}

fn opens_with_key(view: &View<'_>, row: &SignIn) -> bool {
    row.stream() == Stream::Interactive
        && brings_primary_token(row)
        && used_method(view, row, RegistrationKind::WindowsHello)
}

fn tell(view: &View<'_>, strands: &mut Strands<'_>, device: Id, other: &Use, item: &Use) {
    let half = |item: &Use| item.sign_ins.iter().copied().take(Strands::LISTED / 2).collect::<Vec<u32>>();
    let turns = in_turn(view, &other.sign_ins, &item.sign_ins);
    let severity = if turns { Severity::High } else { Severity::Medium };
    strands.add("two-keys", &[half(other), half(item)].concat(), (severity, Confidence::Medium), || {
        let id = device.display(&view.store.texts);
        let why = format!(
            "Two sessions of {} were opened with Windows Hello for Business on the device {id}, and the second began at {} while the first went on until {}. A machine has one such session at a time; a copied key makes another.{}",
            who(view),
            moment(item.first),
            moment(other.last),
            if turns { " The two were used in turn, each in a country of its own: no machine is in both." } else { "" },
        );
        (why, json!({"device": id, "in_turn": turns}))
    });
}

/// Whether two sessions of one device were used in turn, more than once, and from networks and countries that the
/// other never was in: a machine that changes places takes all its sessions along.
fn in_turn(view: &View<'_>, left: &[u32], right: &[u32]) -> bool {
    let networks = [left, right].map(|rows| Grounds::all(view, rows));
    let [lefts, rights] = &networks;
    let mut pairs = lefts.iter().flat_map(|left| rights.iter().map(move |right| (left, right)));
    let apart = pairs.all(|(left, right)| same_network(Some(*left), Some(*right)) == Some(false));
    let [here, there] =
        [left, right].map(|rows| -> Set<TextId> { view.rows(rows).filter_map(|(_, row)| view.country(row)).gather() });
    let abroad = !here.is_empty() && !there.is_empty() && here.is_disjoint(&there);
    let mut all: Vec<(i64, bool)> = view.rows(left).map(|(_, row)| (row.time, false)).collect();
    all.extend(view.rows(right).map(|(_, row)| (row.time, true)));
    all.arrange();
    let turns = all.windows(2).filter(|pair| matches!(pair, [(_, one), (_, other)] if one != other)).count();
    apart && abroad && !lefts.is_empty() && !rights.is_empty() && turns >= TURNS
}
