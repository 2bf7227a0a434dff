//! A user: which of its sessions were stolen, what is usual of it, from where it signed in.

use serde::Serialize;

use crate::analysis::{Bucket, Case, Merged};
use crate::detections::travel::Spot;
use crate::order::{Arrange, Map, Set};
use crate::report::page::column::{Column, Named, is_called};
use crate::report::page::dense::Index;
use crate::report::page::describe;
use crate::report::page::hand::place_of;
use crate::report::page::rows::{Indexed, RowKind};
use crate::report::page::tally::{Match, Tallied, TalliedRow, Tally, TallyOrder, tally};
use crate::report::page::within::Within;
use crate::report::page::words::{capital, count, figure, list, millis, plural};
use crate::report::visible;
use crate::sessions::Side;

use super::power::{RoleSaid, method_changes, roles};
use super::risk::{RiskSaid, risks};
use super::{Act, EntityPlace};

/// Places shown at most.
const PLACES: usize = 60;
/// Values of a kind that are told as usual, at most.
const USUAL: usize = 5;
/// What is told as usual, in this order.
const TOLD: [Column; 5] = [Column::Network, Column::City, Column::Device, Column::Agent, Column::App];

/// What is known of a user alone.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct UserView {
    /// What is usual, whatever the time that is looked at.
    pub usual: Vec<Usual>,
    /// Hours of the day with a good part of the sign-ins, the first and the last.
    pub hours: Option<[u32; 2]>,
    /// Sign-ins that tell what is usual: those that succeeded, without sessions above the line.
    pub usual_of: u64,
    /// What was said of its risk, the last first.
    pub risks: Vec<RiskSaid>,
    /// How much there is in all.
    pub risks_total: usize,
    /// Whether any export holds risk detections or states of risk.
    pub risk_exports: bool,
    /// Whether any of its sign-ins say how risky they were.
    pub risk_in_sign_ins: bool,
    /// Directory roles, and who says so.
    pub roles: Vec<RoleSaid>,
    /// Changes of its methods of authentication, the last first.
    pub methods: Vec<Act>,
}

/// Values of one kind that are usual of a user.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Usual {
    /// The kind.
    pub column: Column,
    /// The most frequent.
    pub rows: Vec<TalliedRow>,
    /// How many values there are.
    pub values: usize,
}

/// Two sentences and the view: the verdict, what is usual. Of all flagged sessions, and those of the time.
pub(super) fn user(
    (case, index): (&Case, &Index),
    named: &Named,
    [all, touched]: [&[(&Indexed, bool)]; 2],
    within: Within,
) -> (String, String, UserView) {
    let value = named.value.as_deref();
    let own = |bucket: &&Bucket| is_called(case, bucket.person, value);
    let buckets: Vec<&Bucket> = case.buckets.iter().filter(own).collect();
    let sessions: usize = buckets.iter().map(|bucket| sessions(case, bucket, within)).sum();
    let stolen =
        touched.iter().filter(|(indexed, _)| indexed.row.above && indexed.row.kind != RowKind::Finding).count();
    let of = format!("{} session{}", figure(sessions as u64), plural(sessions as u64));
    let headline = match stolen {
        0 => format!("None of {of} of {} is above the line.", named.label),
        1 => format!("One of {of} of {} was very likely stolen.", named.label),
        many => format!("{} of {of} of {} were very likely stolen.", capital(&count(many)), named.label),
    };
    let usually = Usually::new(case, index, named, all);
    let usual: Vec<Usual> = TOLD.into_iter().map(|column| usually.of(column)).collect();
    let hours = usually.hours();
    let often = |column: Column| {
        let known = usual.iter().find(|usual| usual.column == column);
        let rows = known.map(|usual| usual.rows.as_slice()).unwrap_or_default();
        let all = usually.records();
        let often = rows.iter().filter(|row| row.records * 10 >= all).flat_map(|row| &row.values);
        let labels: Vec<&str> = often.map(|named| named.label.as_str()).filter(|label| !label.is_empty()).collect();
        list(labels.get(..labels.len().min(2)).unwrap_or_default())
    };
    let mut parts: Vec<String> = [("in", Column::City), ("with", Column::Agent), ("for", Column::App)]
        .into_iter()
        .map(|(how, column)| (how, often(column)))
        .filter(|(_, names)| !names.is_empty())
        .map(|(how, names)| format!("{how} {names}"))
        .collect();
    parts.extend(hours.map(|[first, last]| format!("from {first:02}:00 to {last:02}:59")));
    let lead = if parts.is_empty() { String::new() } else { format!("Usually {}.", parts.join(", ")) };
    let (risks, risks_total, risk_in_sign_ins) = risks(case, &buckets, within);
    let view = UserView {
        usual_of: usually.records(),
        usual,
        hours,
        risks,
        risks_total,
        risk_exports: case.summary.risk_events > 0,
        risk_in_sign_ins,
        roles: roles(case, &buckets),
        methods: method_changes(case, &buckets, within),
    };
    (headline, lead, view)
}

/// How many sessions a person has that meet a time.
fn sessions(case: &Case, bucket: &Bucket, within: Within) -> usize {
    let view = case.view(bucket);
    if within == Within::default() {
        return view.sessions.len();
    }
    let time = |number: Option<&u32>| number.and_then(|number| case.store.sign_in(*number)).map(|row| millis(row.time));
    let ends = view.sessions.iter().filter_map(|one| time(one.sign_ins.first()).zip(time(one.sign_ins.last())));
    ends.filter(|(first, last)| within.meets(*first, *last)).count()
}

/// What a user's sign-ins have that succeeded, without those of sessions above the line.
struct Usually<'a> {
    case: &'a Case,
    index: &'a Index,
    only: Vec<Match>,
}

impl<'a> Usually<'a> {
    fn new(case: &'a Case, index: &'a Index, named: &Named, flagged: &[(&Indexed, bool)]) -> Self {
        let is = |column, value: Option<&str>, not| Match { column, value: value.map(str::to_owned), not };
        let user = is(Column::User, named.value.as_deref(), false);
        let mut only = vec![user, is(Column::Ended, Some("success"), false)];
        // What another did in the user's name is not usual.
        let others = flagged.iter().filter(|(indexed, _)| indexed.row.above);
        let ids = others.filter_map(|(indexed, _)| indexed.row.session.as_deref());
        only.extend(ids.map(|id| is(Column::Session, Some(&visible(id)), true)));
        Self { case, index, only }
    }

    fn count(&self, by: &[Column], order: TallyOrder, limit: usize) -> Tallied {
        let only = self.only.clone();
        tally(self.case, self.index, &Tally { by: by.to_vec(), only, order, limit, ..Tally::default() })
    }

    fn of(&self, column: Column) -> Usual {
        let counted = self.count(&[column], TallyOrder::Most, USUAL);
        Usual { column, values: counted.groups, rows: counted.rows }
    }

    fn records(&self) -> u64 {
        self.count(&[], TallyOrder::Most, 1).records
    }

    /// The first and the last hour with at least one in fifty of the sign-ins.
    fn hours(&self) -> Option<[u32; 2]> {
        let counted = self.count(&[Column::Hour], TallyOrder::Value, 24);
        let busy = counted.rows.iter().filter(|row| row.records * 50 >= counted.records);
        let hours: Vec<u32> =
            busy.flat_map(|row| &row.values).filter_map(|named| named.value.as_deref()?.parse().ok()).collect();
        hours.first().zip(hours.last()).map(|(first, last)| [*first, *last])
    }
}

/// From where, and in whose hands; the most frequent first.
pub(super) fn places(
    case: &Case,
    merged: &Merged,
    index: &Index,
    value: Option<&str>,
    touched: &[(&Indexed, bool)],
    within: Within,
) -> Vec<EntityPlace> {
    let times = within.times();
    let mut strange: Set<u32> = Set::new();
    let flagged = touched.iter().filter(|(indexed, _)| indexed.row.kind != RowKind::Finding);
    for session in flagged.filter_map(|(indexed, _)| merged.sessions.get(indexed.place)) {
        let others = session.holders.iter().filter(|holding| matches!(holding.side, Side::Other | Side::Later));
        strange.extend(others.flat_map(|holding| holding.sign_ins.iter().copied()));
    }
    let own = index.of_user(case, value).into_iter().flatten().filter_map(|place| index.order.get(place));
    let mut counts: Map<(u32, bool), usize> = Map::new();
    for number in own {
        let row = case.store.sign_in(*number).filter(|row| times.contains(&row.time) && describe::succeeded(case, row));
        if let Some(row) = row {
            *counts.entry((row.location, strange.contains(number))).or_default() += 1;
        }
    }
    let mut places: Vec<EntityPlace> = Vec::new();
    for ((location, other), records) in counts {
        let Some(spot) = Spot::at(&case.store, location) else { continue };
        let (city, country) = place_of(case, location);
        let label = if city.is_empty() { country } else { city };
        match places.iter_mut().find(|known| known.label == label && known.other == other) {
            Some(known) => known.records += records,
            None => places.push(EntityPlace {
                label,
                latitude: spot.latitude,
                longitude: spot.longitude,
                margin: spot.margin,
                records,
                other,
            }),
        }
    }
    places.arrange_by_key(|place| std::cmp::Reverse(place.records));
    places.truncate(PLACES);
    places
}
