//! Acts in the directory that several logs tell under ids of their own: the directory's audit log, the
//! unified audit log, and the admin center's CSV, which has no ids.
//!
//! Two records of different logs are one act where tenant, correlation id and operation are the same, the
//! times are close, and target and result do not speak against it. Each log tells an act once. A time that
//! its file leaves open is close to none of another file's; one that is told to the minute is close to those of
//! that minute, and is of an act only where no other lies there.

use crate::order::{Map, Set};

use crate::events::change;
use crate::events::dictionary::TextId;
use crate::events::vocabulary::Doubts;
use crate::events::{Audit, Id, Store};
use crate::order::{Arrange, Gather};
use crate::sessions::EventRef;

use super::Input;
use super::clock::OPEN;
use super::source::{Joins, Source as _};
use super::tenancy::Tenancy;

/// How far the times of one act are apart at most, in microseconds: logs write their own, and some cut it
/// to the second.
const CLOSE: i64 = 2_000_000;
/// Microseconds in a minute.
const MINUTE: i64 = 60_000_000;
/// Acts of one key that a record is compared with.
const COMPARED: usize = 64;

/// The log that a record is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Log {
    /// The directory's own, with ids.
    Directory,
    /// The unified audit log.
    Unified,
    /// The admin center's CSV.
    Portal,
}

fn log(store: &Store, row: &Audit) -> Log {
    if store.texts.get(row.service).eq_ignore_ascii_case("AzureActiveDirectory") {
        Log::Unified
    } else if row.id.has_value() {
        Log::Directory
    } else {
        Log::Portal
    }
}

/// Makes one event of the acts that several logs tell; the numbers of their primary rows in order.
pub(super) fn unite(
    store: &mut Store,
    tenancy: &Tenancy,
    inputs: &mut [Input],
    mut live: Vec<u32>,
    joins: &mut Joins,
) -> Vec<u32> {
    let logs: Set<Log> = live.iter().filter_map(|&number| Some(log(store, store.audit(number)?))).gather();
    if logs.len() < 2 && !logs.contains(&Log::Portal) {
        return live;
    }
    let mut names: Map<String, u32> = Map::new();
    let mut numbers: Map<TextId, u32> = Map::new();
    let mut alike: Vec<(Id, Id, u32, u32)> = Vec::new();
    for &number in &live {
        if let Some(row) = store.audit(number)
            && row.correlation.has_value()
            && row.operation.has_value()
        {
            let operation = *numbers.entry(row.operation).or_insert_with(|| {
                let next = names.len() as u32;
                *names.entry(letters(store.texts.get(row.operation))).or_insert(next)
            });
            alike.push((tenancy.of_audit(store, row), row.correlation, operation, number));
        }
    }
    alike.sort_unstable();
    let mut taken: Map<u32, u32> = Map::new();
    let key = |row: &(Id, Id, u32, u32)| (row.0, row.1, row.2);
    for rows in alike.chunk_by(|left, right| key(left) == key(right)).filter(|rows| rows.len() > 1) {
        for act in acts(store, rows.iter().map(|row| row.3).collect()) {
            let Some(primary) = joins.settle::<Audit>(store, &act, inputs) else { continue };
            taken.extend(act.into_iter().filter(|number| *number != primary).map(|number| (number, primary)));
        }
    }
    for conflict in &mut joins.conflicts {
        if let EventRef::Audit(number) = conflict.event {
            conflict.event = EventRef::Audit(taken.get(&number).copied().unwrap_or(number));
        }
    }
    live.retain(|number| !taken.contains_key(number));
    live
}

/// Operations differ in dashes, dots and blanks.
fn letters(operation: &str) -> String {
    operation.chars().filter(|letter| letter.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// Rows of one key by the act they tell, of those acts that more than one row tells.
fn acts(store: &Store, mut rows: Vec<u32>) -> Vec<Vec<u32>> {
    let coarse = |number: u32| store.audit(number).is_some_and(|row| row.doubts.has(Doubts::MINUTE));
    rows.arrange_by_key(|&number| (coarse(number), store.audit(number).map(|row| row.time), number));
    let mut acts: Vec<Vec<u32>> = Vec::new();
    for number in rows {
        let mut known = acts.iter_mut().rev().take(COMPARED).rev().filter(|act| tells(store, act, number));
        let (first, is_only) = (known.next(), !coarse(number) || known.next().is_none());
        match first.filter(|_| is_only) {
            Some(act) => act.push(number),
            None => acts.push(vec![number]),
        }
    }
    acts.retain(|act| act.len() > 1);
    acts
}

/// Whether a row tells the act that these rows tell.
fn tells(store: &Store, act: &[u32], number: u32) -> bool {
    let Some(row) = store.audit(number) else { return false };
    act.iter().filter_map(|&other| store.audit(other)).all(|other| {
        let (mine, theirs) = (log(store, row), log(store, other));
        // Two downloads of the admin center that overlap say the same.
        let again = mine == Log::Portal && row.input != other.input && other.at(row) == *row;
        let apart = row.input != other.input;
        let [open, written] = [OPEN, Doubts::WRITTEN].map(|doubts| apart && row.doubts.with(other.doubts).has(doubts));
        let minute = row.doubts.with(other.doubts).has(Doubts::MINUTE)
            && row.time.div_euclid(MINUTE) == other.time.div_euclid(MINUTE);
        let close = !open && (written || minute || row.time.abs_diff(other.time) <= CLOSE.unsigned_abs());
        let result = !row.result.has_value() || !other.result.has_value() || row.result == other.result;
        (mine != theirs || again) && close && result && may_be_same(store, row.targets, other.targets)
    })
}

/// Whether what one record names as target can be what the other does: ids are compared, else users, else
/// names.
fn may_be_same(store: &Store, mine: TextId, theirs: TextId) -> bool {
    if mine == theirs {
        return true;
    }
    let [mine, theirs] = [mine, theirs].map(|text| -> [Set<String>; 3] {
        let targets = change::targets(store.texts.get(text));
        [0, 1, 2].map(|field| {
            let texts = targets.iter().map(|target| match field {
                0 => &target.id,
                1 => &target.user,
                _ => &target.name,
            });
            texts.filter(|text| !text.is_empty()).map(|text| text.to_lowercase()).gather()
        })
    });
    let said = mine.iter().zip(&theirs).find(|(mine, theirs)| !mine.is_empty() && !theirs.is_empty());
    said.is_none_or(|(mine, theirs)| !mine.is_disjoint(theirs))
}
