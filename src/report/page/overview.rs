//! What the Sessions place says and draws above its table.

use crate::order::{Map, Set};
use std::cmp::Reverse;

use serde::Serialize;

use crate::analysis::{Bucket, Case, Coverage, Merged, Status};
use crate::detections::Severity;
use crate::order::Gather;
use crate::report::from_case::{COMMIT, VERSION};
use crate::report::schema::Notice;
use crate::report::{NoticeKind, visible};

use super::allow::AllowedCount;
use super::filter::{FacetField, Picked};
use super::hand::{network, network_name};
use super::rows::Indexed;
use super::timeline::{Bins, Counts, RecordKind, Timeline};
use super::words::{capital, count, day_and_minute, figure, plural};

/// Marks drawn one by one; more are counted per bin.
const MARKS: usize = 60;
/// From how many flagged sessions on, and from which share of all, there are too many to be true.
const MANY: usize = 50;
const SHARE: usize = 50;
/// Kinds of notices without which a verdict misleads.
const CAUTIONS: [NoticeKind; 6] = [
    NoticeKind::InteractiveOnly,
    NoticeKind::RowLimit,
    NoticeKind::Gap,
    NoticeKind::LocalTime,
    NoticeKind::NoZone,
    NoticeKind::DayOrder,
];

/// The whole at a glance.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Overview {
    /// Version of the crate.
    pub version: String,
    /// Commit it was built from.
    pub commit: String,
    /// Day of the facts it carries.
    pub knowledge: String,
    /// The verdict, one sentence a line.
    pub headline: Vec<String>,
    /// What to know beside it.
    pub lead: String,
    /// What weakens the verdict most, of what is to know of the exports.
    pub caution: Option<Notice>,
    /// How much there is to know of them in all.
    pub notices: usize,
    /// Where far too many sessions are flagged: what most of them share.
    pub common: Option<Common>,
    /// Sessions of all users.
    pub sessions: usize,
    /// Sessions above the line.
    pub above: usize,
    /// Sessions below the line that show a sign.
    pub below: usize,
    /// The allow list, and what each entry hides: in no other number here.
    pub allowed: Vec<AllowedCount>,
    /// What could be looked for.
    pub coverage: CoverageSums,
    /// Files that were read.
    pub files: usize,
    /// Events of all kinds.
    pub events: u64,
    /// Records that became no event.
    pub rejected: u64,
    /// The strip, where there is any event.
    pub strip: Option<Strip>,
}

/// How many behaviours could be looked for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct CoverageSums {
    /// In full.
    pub ran: usize,
    /// In part.
    pub partial: usize,
    /// Not at all.
    pub blind: usize,
    /// The weightiest reason why not.
    pub reason: String,
}

/// What most of too many flagged sessions share.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Common {
    /// As a filter.
    pub picked: Picked,
    /// As a person reads it.
    pub label: String,
    /// How many of them share it.
    pub count: usize,
    /// How many do not.
    pub rest: usize,
}

/// Records and flagged sessions over time.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Strip {
    /// How time is cut.
    pub bins: Bins,
    /// Records of each kind.
    pub rows: Vec<Counts>,
    /// Flagged sessions, those above the line first; none of a side of the line that has too many.
    pub marks: Vec<Mark>,
    /// Flagged sessions above the line per bin, where there are too many to mark.
    pub flagged: Option<Vec<u32>>,
    /// The same below the line.
    pub weak: Option<Vec<u32>>,
}

/// A flagged session on the strip.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Mark {
    /// Key of its row.
    pub key: String,
    /// Where it stands, milliseconds UTC.
    pub time: i64,
    /// When the session began.
    pub first: i64,
    /// When it ended.
    pub last: i64,
    /// Whether it changed hands at its mark.
    pub changed: bool,
    /// Severity.
    pub severity: Severity,
    /// Above the line.
    pub above: bool,
    /// Whose.
    pub user: String,
    /// What happened.
    pub what: String,
}

/// Sums up what was found and read.
pub(super) fn overview(
    case: &Case,
    merged: &Merged,
    rows: &[Indexed],
    timeline: &Timeline,
    (coverage, notices): (&[Coverage], &[Notice]),
    allowed: &[AllowedCount],
    most_bins: usize,
) -> Overview {
    let above: Vec<&Indexed> = rows.iter().filter(|indexed| indexed.row.above).collect();
    let hidden: usize = allowed.iter().map(|count| count.hidden).sum();
    let below = rows.len() - above.len() - hidden;
    let sums = sums(coverage);
    let too_many = above.len() > MANY && above.len() * SHARE > merged.sessions_total;
    let common = if too_many { common(&above) } else { None };
    let (headline, mut lead) = match (&above[..], too_many) {
        ([], _) => none(merged.sessions_total, below, &sums),
        (_, true) => many(case, merged.sessions_total, &above, common.as_ref()),
        _ => some(merged.sessions_total, &above, below),
    };
    if hidden > 0 {
        let would: usize = allowed.iter().map(|count| count.above).sum();
        let sessions = format!("{} session{}", capital(&count(hidden)), plural(hidden as u64));
        let are = if hidden == 1 { "is" } else { "are" };
        let line = match (hidden, would) {
            (_, 0) => String::new(),
            (1, _) => ", above the line otherwise".to_owned(),
            (_, would) => format!(", {} of them above the line otherwise", count(would)),
        };
        lead.push_str(&format!(" {sessions} {are} put aside by your allow list{line}."));
    }
    Overview {
        version: VERSION.to_owned(),
        commit: COMMIT.to_owned(),
        knowledge: crate::knowledge::DATE.to_owned(),
        headline,
        lead,
        caution: notices.iter().find(|notice| CAUTIONS.contains(&notice.kind)).cloned(),
        notices: notices.len(),
        common,
        sessions: merged.sessions_total,
        above: above.len(),
        below,
        allowed: allowed.to_vec(),
        coverage: sums,
        files: case.inputs.len(),
        events: case.inputs.iter().map(|input| input.events).sum(),
        rejected: case.inputs.iter().map(|input| input.refused_total).sum(),
        strip: strip(rows, timeline, most_bins),
    }
}

/// How many behaviours were looked for, and the weightiest reason why not all.
pub(super) fn sums(coverage: &[Coverage]) -> CoverageSums {
    let of = |status: Status| coverage.iter().filter(|item| item.status == status).count();
    // Of the behaviours that could be looked for least, the reason that most of them share.
    let least = coverage.iter().map(|item| item.status).max().filter(|status| *status != Status::Ran);
    let mut reasons: Map<&str, usize> = Map::new();
    for item in coverage.iter().filter(|item| Some(item.status) == least) {
        *reasons.entry(first_sentence(&item.note)).or_default() += 1;
    }
    let shared = reasons.iter().max_by_key(|(text, count)| (**count, Reverse(**text))).map(|(text, _)| *text);
    CoverageSums {
        ran: of(Status::Ran),
        partial: of(Status::Partial),
        blind: of(Status::Blind),
        reason: shared.unwrap_or_default().to_owned(),
    }
}

fn first_sentence(text: &str) -> &str {
    text.find(". ").and_then(|end| text.get(..=end)).unwrap_or(text)
}

fn some(total: usize, above: &[&Indexed], below: usize) -> (Vec<String>, String) {
    let number = above.len();
    let were = if number == 1 { "was" } else { "were" };
    let of = format!("{} of {} session{}", capital(&count(number)), figure(total as u64), plural(total as u64));
    let mut lines = vec![format!("{of} {were} very likely stolen.")];
    if let Some(first) = above.iter().min_by_key(|indexed| indexed.row.marked) {
        let when = day_and_minute(first.row.marked.saturating_mul(1_000));
        lines.push(match (number, first.row.changed) {
            (1, Some(_)) => format!("It changed hands on {when}."),
            (1, None) => format!("The first sign of it dates from {when}."),
            (_, Some(_)) => format!("The first changed hands on {when}."),
            (_, None) => format!("The first sign dates from {when}."),
        });
    }
    let users: Set<&str> = above.iter().map(|indexed| indexed.row.user.as_str()).gather();
    let mut lead = match users.len() {
        1 => "One user is affected.".to_owned(),
        many => format!("{} users are affected.", capital(&count(many))),
    };
    if below > 0 {
        lead.push_str(&format!(
            " {} more {} weaker signs.",
            capital(&count(below)),
            if below == 1 { "shows" } else { "show" }
        ));
    }
    (lines, lead)
}

fn none(total: usize, below: usize, sums: &CoverageSums) -> (Vec<String>, String) {
    let mut lead = match below {
        0 => format!("None of {} sessions shows a sign.", figure(total as u64)),
        1 => format!("One of {} sessions shows a weak sign.", figure(total as u64)),
        many => format!("{} of {} sessions show weak signs.", capital(&count(many)), figure(total as u64)),
    };
    let looked = match (sums.partial, sums.blind) {
        (0, 0) => format!(
            " All {} behaviours could be looked for; what Sleuth does not know of it cannot find.",
            count(sums.ran)
        ),
        (partial, 0) => format!(
            " That is not proof that nothing was stolen: {} could be looked for only in part.",
            behaviours(partial)
        ),
        (0, blind) => {
            format!(" That is not proof that nothing was stolen: {} could not be looked for.", behaviours(blind))
        }
        (partial, blind) => format!(
            " That is not proof that nothing was stolen: {} could be looked for only in part and {} not at all.",
            behaviours(partial),
            count(blind)
        ),
    };
    lead.push_str(&looked);
    (vec!["No session is above the line.".to_owned()], lead)
}

fn behaviours(number: usize) -> String {
    format!("{} behaviour{}", count(number), plural(number as u64))
}

fn many(case: &Case, total: usize, above: &[&Indexed], common: Option<&Common>) -> (Vec<String>, String) {
    let line = format!(
        "{} of {} sessions look stolen. That many rarely are.",
        figure(above.len() as u64),
        figure(total as u64)
    );
    let lead = common.map_or_else(String::new, |common| {
        let number = if common.count == above.len() { "All".to_owned() } else { figure(common.count as u64) };
        match common.picked.field {
            FacetField::Network => {
                let (users, all) = users_of(case, &common.picked.value);
                format!(
                    "{number} of them change hands to {}, where {} of {} users sign in. If it is the organisation's own network, they are no thefts.",
                    common.label, figure(users as u64), figure(all as u64)
                )
            }
            FacetField::Country => format!("{number} of them change hands to {}.", common.label),
            FacetField::Detection => format!("{number} of them share one finding: {}.", common.label),
            FacetField::Severity
            | FacetField::User
            | FacetField::Agent
            | FacetField::App
            | FacetField::Device
            | FacetField::Address => String::new(),
        }
    });
    (vec![line], lead)
}

/// The property that most of the rows share: a network if it covers half of them, else a country, else
/// a detection.
fn common(above: &[&Indexed]) -> Option<Common> {
    let share = |field: FacetField| {
        let mut counted: Map<&(String, String), usize> = Map::new();
        for value in above.iter().flat_map(|indexed| indexed.values.get(field)) {
            *counted.entry(value).or_default() += 1;
        }
        let most = counted.into_iter().max_by_key(|(value, count)| (*count, std::cmp::Reverse(*value)));
        let ((value, label), count) = most.filter(|(_, count)| count * 2 >= above.len())?;
        let picked = Picked { field, value: value.clone() };
        Some(Common { picked, label: label.clone(), count, rest: above.len() - count })
    };
    [FacetField::Network, FacetField::Country, FacetField::Detection].into_iter().find_map(share)
}

/// How many people sign in from a network, and how many people there are.
fn users_of(case: &Case, wanted: &str) -> (usize, usize) {
    let from = |number: &u32| {
        let found = case.store.sign_in(*number).and_then(|row| network(case, row));
        found.is_some_and(|network| visible(&network_name(network)) == wanted)
    };
    let people = |which: &dyn Fn(&Bucket) -> bool| {
        let own = case.buckets.iter().filter(|bucket| which(bucket));
        own.map(|bucket| bucket.person).gather::<Set<u32>>().len()
    };
    (people(&|bucket| bucket.sign_ins.iter().any(from)), people(&|bucket| !bucket.sign_ins.is_empty()))
}

fn strip(rows: &[Indexed], timeline: &Timeline, most_bins: usize) -> Option<Strip> {
    let bins = timeline.bins(most_bins.clamp(1, 4_000), 60_000)?;
    let kinds = [RecordKind::Interactive, RecordKind::NonInteractive, RecordKind::Failed, RecordKind::Directory];
    let mut kinds: Vec<RecordKind> = kinds.to_vec();
    let beside = [RecordKind::ServicePrincipal, RecordKind::ManagedIdentity, RecordKind::Activity, RecordKind::Risk];
    kinds.extend(beside.into_iter().filter(|kind| timeline.total(*kind) > 0));
    let mut marks = Vec::new();
    let mut side = |above: bool| {
        let own = || rows.iter().filter(move |row| row.row.above == above && row.row.allowed.is_none());
        if own().count() > MARKS {
            return Some(crowd(own(), bins));
        }
        marks.extend(own().map(mark));
        None
    };
    let (flagged, weak) = (side(true), side(false));
    let rows = kinds.into_iter().map(|kind| timeline.counts(kind, bins)).collect();
    Some(Strip { bins, rows, marks, flagged, weak })
}

/// How many stand in each bin.
fn crowd<'a>(rows: impl Iterator<Item = &'a Indexed>, bins: Bins) -> Vec<u32> {
    let mut counts = vec![0; bins.bins];
    for indexed in rows {
        let bin = (indexed.row.marked - bins.from).div_euclid(bins.step);
        if let Some(count) = usize::try_from(bin).ok().and_then(|bin| counts.get_mut(bin)) {
            *count += 1;
        }
    }
    counts
}

fn mark(indexed: &Indexed) -> Mark {
    let row = &indexed.row;
    Mark {
        key: row.key.clone(),
        time: row.marked,
        first: row.first,
        last: row.last,
        changed: row.changed.is_some(),
        severity: row.severity,
        above: row.above,
        user: row.user.clone(),
        what: row.what.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_a_session_above_the_line_it_says_what_could_not_be_looked_for() {
        let sums = CoverageSums { ran: 67, partial: 21, blind: 5, reason: String::new() };
        let (lines, lead) = none(61_204, 23, &sums);
        assert_eq!(lines, ["No session is above the line."]);
        assert_eq!(
            lead,
            "23 of 61,204 sessions show weak signs. That is not proof that nothing was stolen: \
             21 behaviours could be looked for only in part and five not at all."
        );
        let full = CoverageSums { ran: 3, ..CoverageSums::default() };
        assert!(none(10, 0, &full).1.starts_with("None of 10 sessions shows a sign. All three behaviours"));
    }
}
