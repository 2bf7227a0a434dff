//! A user, an address, a device or an application: who it is, and which flagged sessions it is part of.

mod facts;
mod power;
mod risk;
mod user;

use serde::Serialize;

use crate::analysis::{Case, Merged};
use crate::order::{Arrange, Gather, Set};
use crate::sessions::{EventRef, Side};

use super::column::{Column, Named, Record, is_called};
use super::dense::Index;
use super::describe;
use super::picked::{Picked, filters};
use super::reader::Names as _;
use super::rows::{Indexed, Row, RowKind};
use super::tally::{self, Match, Tallied, Tally};
use super::ticks;
use super::within::Within;
use super::words::{count, figure, plural};

pub use power::RoleSaid;
pub use risk::{RiskSaid, RiskSource};
pub use user::{UserView, Usual};

/// Acts shown at most, the last ones.
const ACTS: usize = 100;
/// Flagged sessions shown at most.
const SESSIONS: usize = 100;
/// Values that it is drawn against at most.
const AGAINST: usize = 30;
/// All sessions of a user shown at most.
const ALL_SESSIONS: usize = 100;

/// A user, an address, a device, an application.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct EntityView {
    /// What it is.
    pub column: Column,
    /// Itself.
    pub named: Named,
    /// The verdict on it, in a sentence.
    pub headline: String,
    /// What is usual of it, in sentences.
    pub lead: String,
    /// Its sign-ins, in all.
    pub sums: Tallied,
    /// What is known of it, in pairs of name and value.
    pub facts: Vec<(String, String)>,
    /// Of a user: from where the sign-ins came that succeeded, those in other hands apart.
    pub places: Vec<EntityPlace>,
    /// What is known of a user alone.
    pub user: Option<UserView>,
    /// Flagged sessions that it is part of, as the table of sessions orders them.
    pub sessions: Vec<Row>,
    /// How many there are.
    pub sessions_total: usize,
    /// Acts in and outside the directory, the last first.
    pub acts: Vec<Act>,
    /// How many there are.
    pub acts_total: usize,
    /// Its sign-ins by who made them, those of a user by where they came from, and when: between the first and the last.
    pub against: Option<Tallied>,
    /// Of a user: its sign-ins by session.
    pub all_sessions: Option<Tallied>,
}

/// A place that a user's sign-ins came from.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct EntityPlace {
    /// City, else country.
    pub label: String,
    /// Degrees north.
    pub latitude: f64,
    /// Degrees east.
    pub longitude: f64,
    /// Kilometres by which that may be wrong.
    pub margin: f64,
    /// Sign-ins.
    pub records: usize,
    /// Whether they were in other hands.
    pub other: bool,
}

/// An act in or outside the directory.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Act {
    /// When, milliseconds UTC.
    pub time: i64,
    /// Who did it.
    pub user: Named,
    /// What.
    pub text: String,
    /// Whether it was refused or failed.
    pub refused: bool,
}

/// A way to an entity.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct EntityLink {
    /// What it is.
    pub column: Column,
    /// Itself.
    pub named: Named,
}

/// Values of one kind that a session links to, at most.
const LINKS: usize = 8;

/// Addresses, devices and applications of these sign-ins, in order of their first one.
pub(super) fn links(case: &Case, person: u32, sign_ins: &[u32]) -> Vec<EntityLink> {
    let mut links: Vec<EntityLink> = Vec::new();
    for column in [Column::Address, Column::Device, Column::App] {
        let mut own: Vec<EntityLink> = Vec::new();
        for row in sign_ins.iter().filter_map(|&number| case.store.sign_in(number)) {
            let named = super::column::first(case, column, Record::SignIn(row, person)).unwrap_or_default();
            let link = EntityLink { column, named };
            if link.named.value.as_ref().is_some_and(|value| !value.is_empty()) && !own.contains(&link) {
                own.push(link);
            }
            if own.len() >= LINKS {
                break;
            }
        }
        links.append(&mut own);
    }
    links
}

/// Makes the view of a time; nothing where no record has this value at all.
pub(super) fn view(
    case: &Case,
    merged: &Merged,
    (rows, index): (&[Indexed], &Index),
    (column, value): (Column, Option<String>),
    within: Within,
) -> Option<EntityView> {
    let only = vec![Match { column, value: value.clone(), not: false }];
    let count_by = |column: Column, limit: usize, ticks: Option<[i64; 2]>| {
        let asked = Tally { by: vec![column], only: only.clone(), within, limit, ticks, ..Tally::default() };
        tally::tally(case, index, &asked)
    };
    let count = |within: Within| {
        let asked = Tally { by: vec![column], only: only.clone(), within, limit: 10, ..Tally::default() };
        tally::tally(case, index, &asked)
    };
    let name =
        |sums: &Tallied| sums.rows.iter().flat_map(|row| &row.values).find(|named| named.value == value).cloned();
    // All that is of a user has it; of the rest it is known where it stands in the column that is counted.
    let picked = (column != Column::User).then(|| Picked::of(case, index, &only));
    // What it is drawn against: who used it, or from where a user came. What it is called is known at any time.
    let (sums, against, named) = match &picked {
        None => {
            let sums = count(within);
            let named = name(&sums).or_else(|| name(&count(Within::default())));
            let against = sums.span.map(|span| count_by(Column::Address, AGAINST, Some(span)));
            (sums, against, named)
        }
        Some(picked) => {
            let (own, users) = (index.column(case, column), index.column(case, Column::User));
            let mut against = count_by(Column::User, AGAINST, None);
            if let Some(span) = against.span {
                ticks::tell((index, &users), picked, within, span, &mut against.rows);
            }
            let number = own.values.number(value.as_deref());
            let sums = Tallied { rows: Vec::new(), groups: 0, most: 0, ..against.clone() };
            (sums, against.span.map(|_| against), number.map(|number| own.named(case, number)))
        }
    };
    let all_sessions = (column == Column::User).then(|| count_by(Column::Session, ALL_SESSIONS, None));
    let acts = acts(case, column, &only, value.as_deref());
    let named = match named {
        Some(named) => named,
        None if acts.is_empty() => return None,
        None => Named { label: value.clone().unwrap_or_default(), value, more: String::new() },
    };
    let acts: Vec<Act> = acts.into_iter().filter(|act| within.has(act.time)).collect();
    let place = |number: u32| index.places.get(number as usize).copied();
    let takes = |number: u32| {
        let is = |picked: &Picked| place(number).is_some_and(|place| picked.takes(place as usize));
        picked.as_ref().is_none_or(is)
    };
    let all: Vec<(&Indexed, bool)> = rows
        .iter()
        .filter(|indexed| column != Column::User || is_of(case, merged, indexed, named.value.as_deref()))
        .filter_map(|indexed| part(merged, indexed, &takes).map(|other| (indexed, other)))
        .collect();
    let touched: Vec<(&Indexed, bool)> =
        all.iter().filter(|(indexed, _)| within.has(indexed.row.marked)).copied().collect();
    let (headline, lead, user) = match column {
        Column::User => {
            let (headline, lead, user) = user::user((case, index), &named, [&all, &touched], within);
            (headline, lead, Some(user))
        }
        Column::Address => address(&named, &sums, &touched),
        _ => used(&named, &sums, &touched),
    };
    Some(EntityView {
        headline,
        lead,
        places: if column == Column::User {
            user::places(case, merged, index, named.value.as_deref(), &touched, within)
        } else {
            Vec::new()
        },
        user,
        facts: facts::facts(case, index, column, picked.as_ref(), &named),
        sessions: touched.iter().take(SESSIONS).map(|(indexed, _)| indexed.row.clone()).collect(),
        sessions_total: touched.len(),
        acts_total: acts.len(),
        acts: acts.into_iter().take(ACTS).collect(),
        column,
        named,
        sums,
        against,
        all_sessions,
    })
}

/// Whether a row is of this user.
fn is_of(case: &Case, merged: &Merged, indexed: &Indexed, user: Option<&str>) -> bool {
    let bucket = match indexed.row.kind {
        RowKind::Finding => merged.findings.get(indexed.place).map(|flagged| flagged.bucket),
        _ => merged.sessions.get(indexed.place).map(|flagged| flagged.bucket),
    };
    let bucket = bucket.and_then(|bucket| case.bucket(bucket));
    bucket.is_some_and(|bucket| is_called(case, bucket.person, user))
}

/// Whether a row has to do with it, and whether it was on the other side there.
fn part(merged: &Merged, indexed: &Indexed, takes: &dyn Fn(u32) -> bool) -> Option<bool> {
    if indexed.row.kind == RowKind::Finding {
        let flagged = merged.findings.get(indexed.place)?;
        let mut sign_ins = flagged.finding.evidence.iter().filter_map(|item| match item.event {
            EventRef::SignIn(number) => Some(number),
            _ => None,
        });
        return sign_ins.any(takes).then_some(false);
    }
    let flagged = merged.sessions.get(indexed.place)?;
    let strange = flagged.holders.iter().filter(|holding| matches!(holding.side, Side::Other | Side::Later));
    if strange.flat_map(|holding| &holding.sign_ins).any(|number| takes(*number)) {
        return Some(true);
    }
    flagged.session.sign_ins.iter().any(|number| takes(*number)).then_some(false)
}

fn stolen(touched: &[(&Indexed, bool)]) -> usize {
    touched.iter().filter(|(indexed, _)| indexed.row.above).count()
}

fn users(touched: &[&Indexed]) -> usize {
    touched.iter().map(|indexed| indexed.row.user.as_str()).gather::<Set<_>>().len()
}

fn address(named: &Named, sums: &Tallied, touched: &[(&Indexed, bool)]) -> (String, String, Option<UserView>) {
    let taken: Vec<&Indexed> =
        touched.iter().filter(|(indexed, other)| *other && indexed.row.above).map(|(indexed, _)| *indexed).collect();
    let headline = if taken.is_empty() {
        format!("No session above the line was in other hands at {}.", named.label)
    } else {
        let (sessions, people) = (taken.len(), users(&taken));
        let of = format!("{} session{} of {}", count(sessions), plural(sessions as u64), count(people));
        format!("{} held {of} user{}.", named.label, plural(people as u64))
    };
    (headline, came(sums, "from"), None)
}

fn used(named: &Named, sums: &Tallied, touched: &[(&Indexed, bool)]) -> (String, String, Option<UserView>) {
    let above = stolen(touched);
    let part = match above {
        0 => "none of its sessions is above the line".to_owned(),
        one => format!("{} of its sessions {} above the line", count(one), if one == 1 { "is" } else { "are" }),
    };
    (format!("{}: {part}.", named.label), came(sums, "with"), None)
}

/// How many used it, of how many.
fn came(sums: &Tallied, how: &str) -> String {
    let mut text = format!(
        "{} of {} users signed in {how} it, {} time{}",
        figure(sums.users),
        figure(sums.all_users),
        figure(sums.records),
        plural(sums.records)
    );
    if sums.refused > 0 {
        text.push_str(&format!(", {} of them refused", figure(sums.refused)));
    }
    text + "."
}

/// Acts of a user, those done to them included; of anything else those whose records name it.
fn acts(case: &Case, column: Column, only: &[Match], value: Option<&str>) -> Vec<Act> {
    let own = |bucket: &&crate::analysis::Bucket| column != Column::User || is_called(case, bucket.person, value);
    let record = |event: &EventRef| match event {
        EventRef::Audit(number) => case.store.audit(*number).map(|row| (row.time, Record::Audit(row))),
        EventRef::Activity(number) => case.store.activity(*number).map(|row| (row.time, Record::Activity(row))),
        EventRef::SignIn(_) | EventRef::Risk(_) => None,
    };
    let mut filters = filters(case, only);
    let mut found: Vec<(i64, EventRef)> = Vec::new();
    for event in tally::acts(case.buckets.iter().filter(own)) {
        if let Some((time, record)) = record(&event)
            && (column == Column::User || filters.iter_mut().all(|filter| filter.takes(record)))
        {
            found.push((time, event));
        }
    }
    found.arrange_by_key(|(time, event)| (std::cmp::Reverse(*time), *event));
    let act = |(time, event): &(i64, EventRef)| {
        let user = record(event).and_then(|(_, record)| super::column::first(case, Column::User, record));
        Act {
            time: super::words::millis(*time),
            user: user.unwrap_or_default(),
            text: describe::event(case, *event),
            refused: describe::refused(case, *event),
        }
    };
    found.iter().map(act).collect()
}
